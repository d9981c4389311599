//! `<code>.loi.txt`: the findings on a case file as a note for the clerk, to be read in Notepad.

use std::fmt::Write as _;

use super::Diagnostic;
use super::draw::{cut, meant, width};

/// Columns of a line of prose.
const WIDTH: usize = 92;
/// Columns of the names at the left.
const LABEL: usize = 10;

/// The note about the file called `file`: every finding, errors first.
#[must_use]
pub fn note(file: &str, findings: &[Diagnostic]) -> String {
    let errors = findings.iter().filter(|finding| finding.is_error()).count();
    let warnings = findings.len() - errors;
    let unread = findings.iter().find_map(Diagnostic::unread);
    let least = if unread.is_some() { "ít nhất " } else { "" };
    let count = match (errors, warnings) {
        (errors, 0) => format!("{least}{errors} lỗi phải sửa"),
        (0, warnings) => format!("{warnings} điều nên xem lại"),
        (errors, warnings) => format!("{least}{errors} lỗi phải sửa, {warnings} điều nên xem lại"),
    };
    let mut out = format!("{file}: {count}\n\n");
    if errors > 0 {
        out.push_str("Mở tệp hồ sơ, sửa từng chỗ dưới đây rồi lưu lại. Tệp ghi chú này do chương trình viết, đừng ghi vào đây; hết lỗi thì nó tự mất.\n");
        out.push_str("Còn lỗi thì hồ sơ này chưa được cấp số, chưa lưu được; các hồ sơ khác không bị ảnh hưởng.\n");
        if let Some(unread) = unread {
            let _ = writeln!(out, "{unread}");
        }
    } else {
        out.push_str("Những điều này không cản việc xử lý hồ sơ. Xem lại, sửa nếu sai rồi lưu lại.\nTệp ghi chú này do chương trình viết, đừng ghi vào đây; hết điều phải xem thì nó tự mất.\n");
    }
    let mut sorted: Vec<&Diagnostic> = findings.iter().collect();
    sorted.sort_by_key(|finding| (std::cmp::Reverse(finding.severity), finding.span));
    for (index, finding) in sorted.into_iter().enumerate() {
        one(index + 1, finding, &mut out);
    }
    out
}

fn one(number: usize, finding: &Diagnostic, out: &mut String) {
    let word = if finding.is_error() { "LỖI" } else { "NÊN XEM LẠI" };
    let place = match finding.span {
        Some(span) if span.column > 1 || span.length > 0 => format!(", dòng {} cột {}", span.line, span.column),
        Some(span) => format!(", dòng {}", span.line),
        None => String::new(),
    };
    let _ = write!(out, "\n\n{number}. {word}{place} (mã {})\n\n", finding.code);
    if let (Some(span), Some(excerpt)) = (finding.span, &finding.excerpt) {
        let (before, marked, after) = cut(excerpt, span.column, span.length);
        let number = format!("{:>6}", span.line);
        let _ = writeln!(out, "{number} | {before}{marked}{after}");
        let marks = "^".repeat(width(&marked).max(1));
        let _ = writeln!(out, "{:>6} | {}{marks}\n", "", " ".repeat(width(&before)));
    }
    row("Sai gì", &finding.message, out);
    if let Some(hint) = &finding.hint {
        row("Cách sửa", hint, out);
    }
    if let Some(meant) = meant(finding) {
        // As it is to be typed: never broken.
        let _ = writeln!(out, "   {:<LABEL$}{meant}", "Ý bạn là");
    }
    if let Some(unread) = finding.unread() {
        row("Lưu ý", &unread, out);
    }
}

/// A name at the left and its text beside it, broken between words.
fn row(label: &str, text: &str, out: &mut String) {
    let mut line = format!("   {label:<LABEL$}");
    let mut begun = false;
    for word in text.split_whitespace() {
        if begun && width(&line) + 1 + width(word) > WIDTH {
            let _ = writeln!(out, "{line}");
            line = " ".repeat(3 + LABEL);
            begun = false;
        }
        if begun {
            line.push(' ');
        }
        line.push_str(word);
        begun = true;
    }
    let _ = writeln!(out, "{line}");
}

#[cfg(test)]
mod tests {
    use super::super::{Span, code};
    use super::*;

    #[test]
    fn errors_come_first_each_with_its_line_and_mark() {
        let source = "ma_ho_so: KN-2026-0001\n  loai: doanh nghiep\n";
        let warning = Diagnostic::warning(code::CHECK_DIGIT, "Mã số thuế có thể sai.");
        let error = Diagnostic::error(code::BAD_CHOICE, "“doanh nghiep” không phải là loại người khiếu nại.")
            .hint("Ghi một trong các từ: doanh_nghiep (doanh nghiệp), to_chuc (tổ chức), ca_nhan (cá nhân).")
            .suggest(["doanh_nghiep".to_owned()])
            .at(Span { line: 2, column: 9, length: 12 }, source);
        assert_eq!(
            note("KN-2026-0001.yaml", &[warning, error]),
            "\
KN-2026-0001.yaml: 1 lỗi phải sửa, 1 điều nên xem lại

Mở tệp hồ sơ, sửa từng chỗ dưới đây rồi lưu lại. Tệp ghi chú này do chương trình viết, đừng ghi vào đây; hết lỗi thì nó tự mất.
Còn lỗi thì hồ sơ này chưa được cấp số, chưa lưu được; các hồ sơ khác không bị ảnh hưởng.


1. LỖI, dòng 2 cột 9 (mã HS010)

     2 |   loai: doanh nghiep
       |         ^^^^^^^^^^^^

   Sai gì    “doanh nghiep” không phải là loại người khiếu nại.
   Cách sửa  Ghi một trong các từ: doanh_nghiep (doanh nghiệp), to_chuc (tổ chức), ca_nhan
             (cá nhân).
   Ý bạn là  doanh_nghiep ?


2. NÊN XEM LẠI (mã HS112)

   Sai gì    Mã số thuế có thể sai.
"
        );
    }

    #[test]
    fn warnings_alone_do_not_alarm() {
        let text = note("KN-2026-0001.yaml", &[Diagnostic::warning(code::UNNAMED_FILE, "Thừa tệp.")]);
        assert!(text.starts_with("KN-2026-0001.yaml: 1 điều nên xem lại\n"), "{text}");
        assert!(!text.contains("LỖI") && !text.contains("chưa được cấp số"), "{text}");
    }
}
