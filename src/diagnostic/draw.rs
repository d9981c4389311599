//! Findings as a clerk reads them: in the terminal, and in the note beside the case file.

use std::fmt::Write as _;

use unicode_normalization::char::is_combining_mark;

use super::{Diagnostic, Severity};

/// Columns of source shown around the place.
const WINDOW: usize = 100;

/// One finding: place, excerpt with the place marked, sentence, what to do. Ends with a line break.
#[must_use]
pub fn draw(finding: &Diagnostic, color: bool) -> String {
    let (word, style) = match finding.severity {
        Severity::Error => ("lỗi", "\u{1b}[1;31m"),
        Severity::Warning => ("cảnh báo", "\u{1b}[1;33m"),
    };
    let paint = |style: &str, text: &str| if color { format!("{style}{text}\u{1b}[0m") } else { text.to_owned() };
    let mut out = String::new();
    if let Some(place) = place(finding) {
        let _ = write!(out, "{place}: ");
    }
    let _ = writeln!(out, "{} {}: {}", paint(style, word), finding.code, finding.message);
    if let (Some(span), Some(excerpt)) = (finding.span, &finding.excerpt) {
        let (before, marked, after) = cut(excerpt, span.column, span.length);
        let number = span.line.to_string();
        let pad = " ".repeat(number.len());
        let _ = writeln!(out, "  {number} | {before}{}{after}", paint(style, &marked));
        let marks = "^".repeat(width(&marked).max(1));
        let _ = writeln!(out, "  {pad} | {}{}", " ".repeat(width(&before)), paint(style, &marks));
    }
    if let Some(hint) = &finding.hint {
        let _ = writeln!(out, "  {} {hint}", paint("\u{1b}[1;36m", "Cách sửa:"));
    }
    out
}

/// The text of `<code>.loi.txt`: every finding of a case file, errors first, in plain words.
#[must_use]
pub fn note(file: &str, findings: &[Diagnostic]) -> String {
    let errors = findings.iter().filter(|finding| finding.is_error()).count();
    let warnings = findings.len() - errors;
    let mut out = format!("{file}: ");
    out.push_str(&match (errors, warnings) {
        (0, 0) => "không có lỗi.".to_owned(),
        (errors, 0) => format!("{errors} lỗi."),
        (0, warnings) => format!("{warnings} cảnh báo."),
        (errors, warnings) => format!("{errors} lỗi, {warnings} cảnh báo."),
    });
    out.push('\n');
    if errors > 0 {
        out.push_str("Sửa các lỗi dưới đây trong tệp hồ sơ rồi lưu lại; khi hết lỗi, tệp ghi chú này tự mất đi.\n");
    } else if warnings > 0 {
        out.push_str("Cảnh báo không cản việc xử lý hồ sơ, nhưng nên xem lại.\n");
    }
    let mut sorted: Vec<&Diagnostic> = findings.iter().collect();
    sorted.sort_by_key(|finding| (std::cmp::Reverse(finding.severity), finding.span));
    for (index, finding) in sorted.into_iter().enumerate() {
        let word = if finding.is_error() { "Lỗi" } else { "Cảnh báo" };
        let _ = write!(out, "\n{}. {word}", index + 1);
        if let Some(span) = finding.span {
            let _ = write!(out, ", dòng {}", span.line);
            if span.column > 1 || span.length > 0 {
                let _ = write!(out, ", cột {}", span.column);
            }
        }
        let _ = writeln!(out, " ({}): {}", finding.code, finding.message);
        if let (Some(span), Some(excerpt)) = (finding.span, &finding.excerpt) {
            let (before, marked, after) = cut(excerpt, span.column, span.length);
            let line = format!("{before}{marked}{after}");
            let _ = writeln!(out, "   Dòng {}: {}", span.line, line.trim());
        }
        if let Some(hint) = &finding.hint {
            let _ = writeln!(out, "   Cách sửa: {hint}");
        }
    }
    out
}

fn place(finding: &Diagnostic) -> Option<String> {
    let file = finding.file.as_deref()?;
    Some(match finding.span {
        Some(span) => format!("{file}:{}:{}", span.line, span.column),
        None => file.to_owned(),
    })
}

/// The line in three parts, before, at and after the place; long lines are cut around it, tabs become spaces and
/// characters that cannot be shown become `·`, so that the mark stands under its text.
fn cut(line: &str, column: usize, length: usize) -> (String, String, String) {
    let shown: Vec<char> = line
        .trim_end()
        .chars()
        .map(|c| {
            if c == '\t' {
                ' '
            } else if c.is_control() {
                '·'
            } else {
                c
            }
        })
        .collect();
    let start = column.saturating_sub(1).min(shown.len());
    let end = (start + length).min(shown.len());
    let (mut from, mut to) = (0, shown.len());
    if shown.len() > WINDOW {
        from = start.saturating_sub(WINDOW / 3);
        to = (from + WINDOW).min(shown.len());
    }
    let end = end.min(to);
    let mut before: String = shown[from..start].iter().collect();
    if from > 0 {
        before.insert(0, '…');
    }
    let marked = shown[start..end].iter().collect();
    let mut after: String = shown[end..to].iter().collect();
    if to < shown.len() {
        after.push('…');
    }
    (before, marked, after)
}

/// Columns a terminal gives a text: combining marks none, East Asian wide characters and emoji two.
fn width(text: &str) -> usize {
    text.chars()
        .map(|c| match c {
            '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{FE00}'..='\u{FE0F}' => 0,
            c if is_combining_mark(c) => 0,
            '\u{1100}'..='\u{115F}'
            | '\u{2E80}'..='\u{303E}'
            | '\u{3041}'..='\u{A4CF}'
            | '\u{AC00}'..='\u{D7A3}'
            | '\u{F900}'..='\u{FAFF}'
            | '\u{FE30}'..='\u{FE6F}'
            | '\u{FF00}'..='\u{FF60}'
            | '\u{FFE0}'..='\u{FFE6}'
            | '\u{1F300}'..='\u{1F64F}'
            | '\u{1F680}'..='\u{1F6FF}'
            | '\u{1F900}'..='\u{1F9FF}'
            | '\u{20000}'..='\u{3FFFD}' => 2,
            _ => 1,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::super::{Span, code};
    use super::*;

    fn finding(source: &str, line: usize, column: usize, length: usize) -> Diagnostic {
        Diagnostic::error(code::BAD_VALUE, "“32/13” không phải ngày.")
            .hint("Ghi ngày như 20/11/2026.")
            .in_file("ho-so/KN-2026-0001.yaml")
            .at(Span { line, column, length }, source)
    }

    #[test]
    fn a_finding_is_drawn_with_its_place_marked() {
        assert_eq!(
            draw(&finding("a: 1\ntiếp: 32/13  # ghi\n", 2, 7, 5), false),
            "ho-so/KN-2026-0001.yaml:2:7: lỗi HS009: “32/13” không phải ngày.\n  \
             2 | tiếp: 32/13  # ghi\n    \
             |       ^^^^^\n  \
             Cách sửa: Ghi ngày như 20/11/2026.\n"
        );
        let painted = draw(&finding("a: 1\n", 1, 4, 1), true);
        assert!(painted.contains("\u{1b}[1;31mlỗi\u{1b}[0m") && painted.contains("a: \u{1b}[1;31m1\u{1b}[0m"));
        let bare = Diagnostic::warning(code::UNNAMED_FILE, "Thừa tệp.");
        assert_eq!(draw(&bare, false), "cảnh báo HS115: Thừa tệp.\n");
    }

    #[test]
    fn marks_stand_under_wide_and_combining_characters() {
        // "e" + combining circumflex + combining acute is one column, 東 is two.
        let drawn = draw(&finding("tie\u{302}\u{301}p 東: 9", 1, 11, 1), false);
        let lines: Vec<&str> = drawn.lines().collect();
        assert_eq!(lines[1], "  1 | tie\u{302}\u{301}p 東: 9");
        assert_eq!(lines[2], format!("    | {}^", " ".repeat("tiep ".len() + 2 + ": ".len())));
    }

    #[test]
    fn long_lines_are_cut_around_the_place_and_places_past_the_end_do_no_harm() {
        let long = format!("{}X{}", "a".repeat(500), "b".repeat(500));
        let drawn = draw(&finding(&long, 1, 501, 1), false);
        let lines: Vec<&str> = drawn.lines().collect();
        assert!(lines[1].chars().count() < 120 && lines[1].contains("aXb"), "{}", lines[1]);
        assert_eq!(lines[1].chars().position(|c| c == 'X'), lines[2].chars().position(|c| c == '^'));
        assert!(draw(&finding("ab", 1, 40, 90), false).contains("^"));
        assert!(draw(&finding("", 9, 1, 0), false).contains("HS009"));
    }

    #[test]
    fn the_note_lists_errors_first() {
        let warning = Diagnostic::warning(code::CHECK_DIGIT, "Mã số thuế có thể sai.");
        let text = note("KN-2026-0001.yaml", &[warning, finding("a: 1\nb: 32/13\n", 2, 4, 5)]);
        assert_eq!(
            text,
            "KN-2026-0001.yaml: 1 lỗi, 1 cảnh báo.\n\
             Sửa các lỗi dưới đây trong tệp hồ sơ rồi lưu lại; khi hết lỗi, tệp ghi chú này tự mất đi.\n\n\
             1. Lỗi, dòng 2, cột 4 (HS009): “32/13” không phải ngày.\n   \
             Dòng 2: b: 32/13\n   Cách sửa: Ghi ngày như 20/11/2026.\n\n\
             2. Cảnh báo (HS112): Mã số thuế có thể sai.\n"
        );
    }
}
