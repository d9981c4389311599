//! What Tera says → a finding a clerk can act on.

use std::collections::{BTreeMap, BTreeSet};

use tera::{Error, ErrorKind};

use crate::diagnostic::{Diagnostic, Span, code};

/// Texts of the forms, by name.
type Texts = BTreeMap<String, String>;

/// The name in back quotes in one of Tera's messages.
fn quoted(message: &str) -> &str {
    message.split('`').nth(1).unwrap_or_default()
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
    } else if message.starts_with("Unknown ") {
        Diagnostic::error(code::FORM_FILTER, format!("Không có phép kiểm tra hay hàm “{name}”."))
            .hint("Xem lại tên này trong mẫu.")
    } else if message.contains("is not defined in any parent") {
        Diagnostic::error(code::FORM_SYNTAX, format!("Khối “{name}” không có trong mẫu gốc."))
            .hint("Xem lại tên khối (block) trong mẫu gốc.")
    } else if message.contains("is not defined") || message.contains("is undefined") {
        Diagnostic::error(code::FORM_NAME, format!("Không có tên “{name}” trong văn bản này."))
            .hint("Xem lại cách viết tên này trong mẫu.")
    } else if syntax {
        Diagnostic::error(code::FORM_SYNTAX, format!("Mẫu viết sai cú pháp ({message})."))
            .hint("Xem lại các dấu {{ }}, {% %} ở dòng này và dòng trên.")
    } else {
        Diagnostic::error(code::FORM_FILL, format!("Không điền được mẫu ở chỗ này ({message})."))
            .hint("Xem lại cách dùng giá trị này trong mẫu.")
    }
}

/// The findings for an error met in `form`, unless the error names another; never empty.
pub(super) fn diagnostics(error: &Error, form: &str, texts: &Texts) -> Vec<Diagnostic> {
    let finding = match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            let file = if report.filename().is_empty() { form } else { report.filename() };
            let at = report.span();
            let length = if at.start_line == at.end_line { at.end_col.saturating_sub(at.start_col) } else { 0 };
            let span = Span { line: at.start_line.max(1), column: at.start_col + 1, length };
            let syntax = matches!(error.kind(), ErrorKind::SyntaxError(_));
            let text = texts.get(file).map_or("", String::as_str);
            worded(report.message(), syntax).in_file(file).at(span, text)
        }
        ErrorKind::MissingParent { current, parent } => {
            Diagnostic::error(code::FORM_MISSING, format!("Mẫu này dựa trên mẫu “{parent}” không có."))
                .in_file(current.as_str())
                .hint("Xem lại tên trong dòng extends, hoặc đặt tệp đó vào thư mục forms.")
        }
        ErrorKind::TemplateNotFound(name) => {
            Diagnostic::error(code::FORM_MISSING, format!("Không có mẫu “{name}”.")).in_file(form)
        }
        ErrorKind::CircularExtend { tpl, .. } | ErrorKind::CircularInclude { tpl, .. } => {
            Diagnostic::error(code::FORM_SYNTAX, "Mẫu này gọi lại chính nó qua extends hoặc include.")
                .in_file(tpl.as_str())
                .hint("Bỏ dòng extends hoặc include gọi vòng lại.")
        }
        ErrorKind::Msg(message) => {
            let found = reports(message, texts);
            if !found.is_empty() {
                return found;
            }
            worded(message, false).in_file(form)
        }
        other => worded(&other.to_string(), false).in_file(form),
    };
    vec![finding]
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
        let (column, line, file) = (parts.next(), parts.next(), parts.next());
        let number = |part: Option<&str>| part.and_then(|part| part.parse::<usize>().ok());
        let mut finding = worded(message, false);
        if let (Some(column), Some(line), Some(file)) = (number(column), number(line), file) {
            let span = Span { line, column, length: underline.matches('^').count() };
            finding = finding.in_file(file).at(span, texts.get(file).map_or("", String::as_str));
        }
        found.push(finding);
    }
    found
}

/// The finding for a name the view does not have; the nearest known one is offered.
pub(super) fn unknown_name(
    file: &str,
    text: &str,
    name: &str,
    span: Span,
    roots: &BTreeSet<&str>,
    fields: &BTreeSet<&str>,
) -> Diagnostic {
    let nearest = roots
        .iter()
        .chain(fields)
        .map(|known| (strsim::damerau_levenshtein(known, name), *known))
        .min()
        .filter(|(distance, _)| *distance <= 1 + name.chars().count() / 4);
    let hint = match nearest {
        Some((_, known)) => format!("Có phải là “{known}” không?"),
        None => "Xem danh sách tên dùng được của văn bản này trong docs/bieu-mau.md.".to_owned(),
    };
    Diagnostic::error(code::FORM_NAME, format!("Không có tên “{name}” trong văn bản này."))
        .in_file(file)
        .at(span, text)
        .hint(hint)
}
