//! What Tera says → a finding a clerk can act on.

use std::collections::BTreeMap;

use tera::{Error, ErrorKind};

use super::names::{Holder, Wrong};
use super::tag;
use crate::diagnostic::{Diagnostic, Span, code};
use crate::letter::Field;

/// Texts of the forms, by name.
type Texts = BTreeMap<String, String>;

/// The name in back quotes in one of Tera's messages.
fn quoted(message: &str) -> &str {
    message.split('`').nth(1).unwrap_or_default()
}

/// A fault of syntax in Tera's words → in ours; the rarer ones keep Tera's in brackets.
fn in_vietnamese(message: &str) -> String {
    let mut quoted = message.split('`').skip(1).step_by(2);
    let mut next = || quoted.next().unwrap_or_default();
    let found = message.strip_prefix("Found ").and_then(|rest| {
        let (found, wanted) = rest.split_once(" but expected ").or_else(|| rest.split_once(" but was expecting "))?;
        Some(format!("Gặp {found}, trong khi chỗ này cần {}.", wanted.trim_end_matches('.').replace(" or ", " hoặc ")))
    });
    match message {
        _ if found.is_some() => found.unwrap_or_default(),
        "Unknown tag" => {
            "Không có thẻ {% … %} này; thường dùng: if, elif, else, for, set, block, extends, include.".to_owned()
        }
        _ if message.contains("in the opening tag") => {
            format!("Thẻ mở ghi tên “{}”, thẻ đóng lại ghi “{}”.", next(), next())
        }
        _ if message.starts_with("Template already contains a block") => format!("Khối “{}” viết hai lần.", next()),
        _ if message.starts_with("`extends` needs") => "Dòng extends phải đứng đầu mẫu.".to_owned(),
        _ if message.starts_with("This content would be ignored") => {
            "Mẫu lấy khung bằng extends thì mọi nội dung phải nằm trong các khối (block); phần này nằm ngoài."
                .to_owned()
        }
        _ if message.starts_with("Found invalid field of `loop`") => {
            "loop chỉ có index, index0, first, last, length.".to_owned()
        }
        _ => format!("Mẫu viết sai cú pháp ({message})."),
    }
}

/// The finding for one of Tera's messages, without its place.
fn worded(message: &str, syntax: bool) -> Diagnostic {
    let name = quoted(message);
    if message.starts_with("Unknown template") {
        Diagnostic::error(code::FORM_MISSING, format!("Mẫu này gọi mẫu “{name}” không có."))
            .hint("Xem lại tên trong dòng include, hoặc đặt tệp đó vào thư mục forms.")
    } else if message.starts_with("Unknown filter") {
        Diagnostic::error(code::FORM_FILTER, format!("Không có bộ lọc “{name}”."))
            .hint("Xem lại tên sau dấu | trong mẫu.")
    } else if message.starts_with("Unknown ") && !name.is_empty() {
        Diagnostic::error(code::FORM_FILTER, format!("Không có phép kiểm tra hay hàm “{name}”."))
            .hint("Xem lại tên này trong mẫu.")
    } else if message.contains("is not defined in any parent") {
        Diagnostic::error(code::FORM_SYNTAX, format!("Khối “{name}” không có trong mẫu gốc."))
            .hint("Xem lại tên khối (block) trong mẫu gốc.")
    } else if message.contains("is not defined") || message.contains("is undefined") {
        Diagnostic::error(code::FORM_NAME, format!("Không có tên “{name}” trong văn bản này."))
            .hint("Xem lại cách viết tên này trong mẫu.")
    } else if syntax {
        Diagnostic::error(code::FORM_SYNTAX, in_vietnamese(message))
            .hint("Xem lại các dấu {{ }}, {% %} ở dòng này và dòng trên.")
    } else {
        Diagnostic::error(code::FORM_FILL, format!("Không điền được mẫu ở chỗ này ({message})."))
            .hint("Xem lại cách dùng giá trị này trong mẫu.")
    }
}

/// The finding for a name that has no value where the form uses it.
fn absent(form: &str, span: Span, text: &str) -> Diagnostic {
    let line = text.lines().nth(span.line.saturating_sub(1)).unwrap_or_default();
    let name: String = line.chars().skip(span.column.saturating_sub(1)).take(span.length).collect();
    let name = name.split(['|', ' ']).next().unwrap_or_default();
    let message = if name.is_empty() {
        "Giá trị dùng ở đây có thể không có, mà mẫu không kiểm tra trước.".to_owned()
    } else {
        format!("“{name}” có thể không có, mà mẫu dùng không kiểm tra trước.")
    };
    Diagnostic::error(code::FORM_ABSENT, message).in_file(file(form)).at(span, text).hint(format!(
        "Đặt chỗ này trong {{% if … %}} … {{% endif %}}, ví dụ: {{% if {0} %}}{{{{ {0} }}}}{{% endif %}}.",
        if name.is_empty() { "ten" } else { name }
    ))
}

/// The findings for an error met in `form`, unless the error names another; never empty.
pub(super) fn diagnostics(error: &Error, form: &str, texts: &Texts) -> Vec<Diagnostic> {
    let finding = match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            let form = if report.filename().is_empty() { form } else { report.filename() };
            let at = report.span();
            let length = if at.start_line == at.end_line { at.end_col.saturating_sub(at.start_col) } else { 0 };
            let span = Span { line: at.start_line.max(1), column: at.start_col + 1, length };
            let syntax = matches!(error.kind(), ErrorKind::SyntaxError(_));
            let text = texts.get(form).map_or("", String::as_str);
            if let Some(better) = Some(report.message()).filter(|_| syntax).and_then(|_| structure(form, text)) {
                return vec![better];
            }
            let message = report.message();
            if !syntax && (message.contains("undefined") || message.contains("is not defined")) {
                return vec![absent(form, span, text)];
            }
            worded(message, syntax).in_file(file(form)).at(span, text)
        }
        ErrorKind::MissingParent { current, parent } => {
            Diagnostic::error(code::FORM_MISSING, format!("Mẫu này dựa trên mẫu “{parent}” không có."))
                .in_file(file(current))
                .at(quoted_at(parent, texts.get(current)), texts.get(current).map_or("", String::as_str))
                .hint("Xem lại tên trong dòng extends, hoặc đặt tệp đó vào thư mục forms.")
        }
        ErrorKind::TemplateNotFound(name) => {
            Diagnostic::error(code::FORM_MISSING, format!("Không có mẫu “{name}”.")).in_file(file(form))
        }
        ErrorKind::CircularExtend { tpl, .. } | ErrorKind::CircularInclude { tpl, .. } => {
            Diagnostic::error(code::FORM_SYNTAX, "Mẫu này gọi lại chính nó qua extends hoặc include.")
                .in_file(file(tpl))
                .hint("Bỏ dòng extends hoặc include gọi vòng lại.")
        }
        ErrorKind::Msg(message) => {
            let found = reports(message, texts);
            if !found.is_empty() {
                return found;
            }
            worded(message, false).in_file(file(form))
        }
        other => worded(&other.to_string(), false).in_file(file(form)),
    };
    vec![finding]
}

/// Where a form names another.
fn quoted_at(name: &str, text: Option<&String>) -> Span {
    let scan = text.map(|text| tag::scan(text)).unwrap_or_default();
    let mut tokens = scan.tags().flat_map(|tag| &tag.tokens);
    let found = tokens.find(|lexeme| lexeme.token == tag::Token::Quoted(name.to_owned()));
    found.map_or(Span { line: 1, column: 1, length: 0 }, |lexeme| lexeme.span)
}

/// The first of [`diagnostics`].
pub(super) fn diagnostic(error: &Error, form: &str, texts: &Texts) -> Diagnostic {
    diagnostics(error, form, texts).swap_remove(0)
}

/// Faults that Tera gathers over all forms come as one printed text: "error: …", " --> file:line:column", underline.
fn reports(printed: &str, texts: &Texts) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut lines = printed.lines();
    while let Some(line) = lines.next() {
        let Some(message) = line.strip_prefix("error: ") else { continue };
        let place = lines.next().and_then(|line| line.trim_start().strip_prefix("--> ")).unwrap_or_default();
        let underline = lines.by_ref().take(3).last().unwrap_or_default();
        let mut parts = place.rsplitn(3, ':');
        let (column, line, form) = (parts.next(), parts.next(), parts.next());
        let number = |part: Option<&str>| part.and_then(|part| part.parse::<usize>().ok());
        let mut finding = worded(message, false);
        if let (Some(column), Some(line), Some(form)) = (number(column), number(line), form) {
            let span = Span { line, column, length: underline.matches('^').count() };
            finding = finding.in_file(file(form)).at(span, texts.get(form).map_or("", String::as_str));
        }
        found.push(finding);
    }
    found
}

/// The file of a form, as messages name it.
pub(super) fn file(form: &str) -> String {
    format!("forms/{form}")
}

/// The finding for a name that is not there; the nearest one that is there is offered.
pub(super) fn unknown_name(form: &str, text: &str, wrong: &Wrong<'_>, letter: &[Field]) -> Diagnostic {
    let name = &wrong.name;
    let (message, hint) = match &wrong.parent {
        None => (format!("Không có tên “{name}” trong văn bản này."), nearest(name, letter)),
        Some((parent, Holder::Block(fields))) => {
            (format!("Không có tên “{name}” trong “{parent}”."), nearest(name, fields))
        }
        Some((parent, Holder::List(fields))) => (
            format!("“{parent}” là danh sách, không lấy thẳng “{name}” được."),
            if fields.is_empty() {
                format!("Viết vòng for: {{% for muc in {parent} %}}{{{{ muc }}}}{{% endfor %}}.")
            } else {
                format!(
                    "Viết vòng for rồi lấy của từng mục: {{% for muc in {parent} %}}{{{{ muc.{name} }}}}{{% endfor %}}."
                )
            },
        ),
        Some((parent, Holder::Plain)) => {
            (format!("“{parent}” không có phần nào tên “{name}”."), format!("Chỉ viết {{{{ {parent} }}}}."))
        }
        Some((parent, Holder::Unknown)) => (format!("Không có tên “{name}” trong “{parent}”."), nearest(name, letter)),
    };
    Diagnostic::error(code::FORM_NAME, message).in_file(file(form)).at(wrong.span, text).hint(hint)
}

/// The name of these that comes nearest to a wrong one, those below them included.
fn nearest(name: &str, fields: &[Field]) -> String {
    fn all<'a>(fields: &'a [Field], names: &mut Vec<&'a str>) {
        for field in fields {
            names.push(&*field.name);
            all(field.shape.fields(), names);
        }
    }
    let mut names = Vec::new();
    all(fields, &mut names);
    let nearest = names
        .into_iter()
        .map(|known| (strsim::damerau_levenshtein(known, name), known))
        .min()
        .filter(|(distance, _)| *distance <= 1 + name.chars().count() / 4);
    match nearest {
        Some((_, known)) => format!("Có phải là “{known}” không?"),
        None => "Xem danh sách tên dùng được của văn bản này trong docs/bieu-mau.md.".to_owned(),
    }
}

/// What is wrong with the structure of a form, where that can be told better than Tera does: a tag that does not end, a part
/// that is not closed.
fn structure(form: &str, text: &str) -> Option<Diagnostic> {
    let scan = tag::scan(text);
    let (span, message, hint) = if let Some((span, close)) = scan.open {
        let open = match close {
            "}}" => "{{",
            "%}" => "{%",
            _ => "{#",
        };
        let message = format!("Dấu {open} mở ở đây mà không có dấu {close} đóng lại.");
        (span, message, format!("Thêm {close} vào chỗ hết phần này."))
    } else {
        let (span, word, closes) = tag::unclosed(&scan)?;
        let message = format!("Phần {{% {word} %}} mở ở đây mà không được đóng lại.");
        (span, message, format!("Thêm {{% {closes} %}} vào chỗ hết phần này."))
    };
    Some(Diagnostic::error(code::FORM_SYNTAX, message).in_file(file(form)).at(span, text).hint(hint))
}
