//! Findings as they are drawn in the terminal.

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
    if let Some(meant) = meant(finding) {
        let _ = writeln!(out, "  {} {meant}", paint("\u{1b}[1;36m", "Ý bạn là:"));
    }
    if let Some(unread) = finding.unread() {
        let _ = writeln!(out, "  {} {unread}", paint("\u{1b}[1;33m", "Lưu ý:"));
    }
    out
}

/// What may have been meant, as a question.
pub(super) fn meant(finding: &Diagnostic) -> Option<String> {
    let words: Vec<String> = finding.suggestions.iter().map(|word| word.replace('\n', " ")).collect();
    (!words.is_empty()).then(|| format!("{} ?", words.join("   hay   ")))
}

fn place(finding: &Diagnostic) -> Option<String> {
    let file = finding.file.as_deref()?;
    Some(match finding.span {
        Some(span) => format!("{file}:{}:{}", span.line, span.column),
        None => file.to_owned(),
    })
}

/// The line in three parts, before, at and after the place; long lines are cut around it, tabs become arrows, other spaces than
/// the keyboard's `␣`, and characters that cannot be shown become `·`, so that the mark stands under its text.
pub(super) fn cut(line: &str, column: usize, length: usize) -> (String, String, String) {
    let shown: Vec<char> = line
        .trim_end()
        .chars()
        .map(|c| {
            if c == '\t' {
                '→'
            } else if c != ' ' && c.is_whitespace() && !c.is_control() {
                '␣'
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
pub(super) fn width(text: &str) -> usize {
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
        let guess = finding("a: 1\n", 1, 4, 1).suggest(["b".to_owned(), "c".to_owned()]);
        assert!(draw(&guess, false).ends_with("  Ý bạn là: b   hay   c ?\n"));
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
}
