//! What Tera says → a finding a clerk can act on.

use std::collections::{BTreeMap, BTreeSet};

use tera::{Error, ErrorKind};

use crate::diagnostic::{Code, Diagnostic, Span};

/// Whether the error is only that this form refers to another one.
pub(super) fn is_about_others(error: &Error) -> bool {
    match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            ["Unknown template", "Unknown component", "is not defined in any parent"]
                .iter()
                .any(|word| report.message().contains(word))
        }
        _ => true,
    }
}

/// The name in back quotes in one of Tera's messages.
fn quoted(message: &str) -> &str {
    message.split('`').nth(1).unwrap_or_default()
}

/// The finding for an error met in `form`, unless the error names another.
pub(super) fn diagnostic(error: &Error, form: &str, texts: &BTreeMap<String, String>) -> Diagnostic {
    let report = match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => report,
        ErrorKind::MissingParent { current, parent } => {
            return Diagnostic::error(Code::FORM_MISSING, format!("Mẫu này dựa trên mẫu “{parent}” không có."))
                .in_file(current.as_str())
                .hint("Xem lại tên trong dòng extends, hoặc đặt tệp đó vào thư mục forms.");
        }
        ErrorKind::TemplateNotFound(name) => {
            return Diagnostic::error(Code::FORM_MISSING, format!("Không có mẫu “{name}”.")).in_file(form);
        }
        ErrorKind::CircularExtend { tpl, .. } | ErrorKind::CircularInclude { tpl, .. } => {
            return Diagnostic::error(Code::FORM_SYNTAX, "Mẫu này gọi lại chính nó qua extends hoặc include.")
                .in_file(tpl.as_str());
        }
        other => {
            return Diagnostic::error(Code::FORM_FILL, format!("Không điền được mẫu: {other}.")).in_file(form);
        }
    };
    let message = report.message();
    let name = quoted(message);
    let finding = if message.starts_with("Unknown template") {
        Diagnostic::error(Code::FORM_MISSING, format!("Mẫu này gọi mẫu “{name}” không có."))
            .hint("Xem lại tên trong dòng include, hoặc đặt tệp đó vào thư mục forms.")
    } else if message.starts_with("Unknown filter") {
        Diagnostic::error(Code::FORM_FILTER, format!("Không có bộ lọc “{name}”."))
            .hint("Xem lại tên sau dấu | trong mẫu.")
    } else if message.starts_with("Unknown test") || message.starts_with("Unknown function") {
        Diagnostic::error(Code::FORM_FILTER, format!("Không có phép kiểm tra hay hàm “{name}”."))
            .hint("Xem lại tên này trong mẫu.")
    } else if message.contains("is not defined in any parent") {
        Diagnostic::error(Code::FORM_SYNTAX, format!("Khối “{name}” không có trong mẫu gốc."))
            .hint("Xem lại tên khối (block) trong goc.xml.")
    } else if message.contains("is not defined") || message.contains("is undefined") {
        Diagnostic::error(Code::FORM_NAME, format!("Không có tên “{name}” trong văn bản này."))
            .hint("Xem lại cách viết tên này trong mẫu.")
    } else if matches!(error.kind(), ErrorKind::SyntaxError(_)) {
        Diagnostic::error(Code::FORM_SYNTAX, format!("Mẫu viết sai cú pháp ({message})."))
            .hint("Xem lại các dấu {{ }}, {% %} ở dòng này và dòng trên.")
    } else {
        Diagnostic::error(Code::FORM_FILL, format!("Không điền được mẫu ở chỗ này ({message})."))
    };
    let file = if report.filename().is_empty() { form } else { report.filename() };
    let at = report.span();
    let length = if at.start_line == at.end_line { at.end_col.saturating_sub(at.start_col) } else { 0 };
    let span = Span { line: at.start_line.max(1), column: at.start_col + 1, length };
    finding.in_file(file).at(span, texts.get(file).map_or("", String::as_str))
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
        None => "Xem danh sách tên dùng được của văn bản này trong hướng dẫn về mẫu.".to_owned(),
    };
    Diagnostic::error(Code::FORM_NAME, format!("Không có tên “{name}” trong văn bản này."))
        .in_file(file)
        .at(span, text)
        .hint(hint)
}
