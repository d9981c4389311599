//! All running terms as a calendar file (RFC 5545) for any calendar program: an all-day entry on each last day.

use chrono::{DateTime, Days, FixedOffset, NaiveDate, Utc};

use super::{Board, Deadline, Row, day};
use crate::fs;

/// Longest line in octets, its end not counted (RFC 5545, 3.1).
const LONGEST: usize = 75;

/// The calendar file; `stamp` is when its content last changed.
#[must_use]
pub fn calendar(board: &Board, stamp: DateTime<FixedOffset>) -> String {
    let mut out = Lines::default();
    let name = format!("Hạn xử lý khiếu nại – {}", board.issuer);
    for (property, value) in [
        ("BEGIN", "VCALENDAR"),
        ("VERSION", "2.0"),
        ("PRODID", "-//hoso//han xu ly//VI"),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", "PUBLISH"),
    ] {
        out.plain(property, value);
    }
    // RFC 7986, and what programs read that do not know it.
    out.text("NAME", &name);
    out.text("X-WR-CALNAME", &name);
    out.plain("REFRESH-INTERVAL;VALUE=DURATION", "PT1H");
    out.plain("X-PUBLISHED-TTL", "PT1H");
    let office = &fs::sha256(board.issuer.as_bytes())[..8];
    let stamp = stamp.with_timezone(&Utc).format("%Y%m%dT%H%M%SZ").to_string();
    let mut entries: Vec<(NaiveDate, &Row, &Deadline)> =
        board.rows.iter().flat_map(|row| row.deadlines.iter().map(move |term| (term.due, row, term))).collect();
    entries.sort_by(|a, b| (a.0, &a.1.code, &a.2.term).cmp(&(b.0, &b.1.code, &b.2.term)));
    for (due, row, term) in entries {
        entry(&mut out, row, term, due, office, &stamp);
    }
    out.plain("END", "VCALENDAR");
    out.text
}

fn entry(out: &mut Lines, row: &Row, term: &Deadline, due: NaiveDate, office: &str, stamp: &str) {
    let date = |date: NaiveDate| date.format("%Y%m%d").to_string();
    let complainant = row.complainant.as_deref().unwrap_or("chưa ghi người khiếu nại");
    out.plain("BEGIN", "VEVENT");
    out.plain("UID", &format!("{}.{}@{office}.hoso.invalid", ascii(&row.code), term.term));
    out.plain("DTSTAMP", stamp);
    out.plain("DTSTART;VALUE=DATE", &date(due));
    out.plain("DTEND;VALUE=DATE", &date(due.checked_add_days(Days::new(1)).unwrap_or(due)));
    out.text("SUMMARY", &format!("Hạn {}: {} – {complainant}", row.code, term.label));
    out.text("DESCRIPTION", &description(row, term));
    out.text("CATEGORIES", "Khiếu nại");
    out.plain("TRANSP", "TRANSPARENT");
    out.plain("END", "VEVENT");
}

/// What a person sees on opening the entry. Nothing in it changes with the day alone.
fn description(row: &Row, term: &Deadline) -> String {
    let mut lines: Vec<String> = row.summary.iter().cloned().collect();
    lines.push(format!("Đang ở: {}", row.stage));
    lines.extend(row.tasks.iter().map(|task| format!("Việc tiếp theo: {} ({})", task.what, task.who.text())));
    if let Some(warn_by) = term.warn_by {
        lines.push(format!(
            "Nên xong trước hết ngày {}: theo hay không theo lịch hoán đổi thì hạn khác nhau.",
            day(warn_by)
        ));
    }
    lines.push(format!("Tệp hồ sơ: {}", row.file));
    lines.join("\n")
}

/// Names of files that are no case may hold anything.
fn ascii(text: &str) -> String {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if text.chars().all(fits) { text.to_owned() } else { fs::sha256(text.as_bytes())[..16].to_owned() }
}

/// Content lines, folded and ended as the standard asks.
#[derive(Default)]
struct Lines {
    text: String,
}

impl Lines {
    /// A value that needs no escaping.
    fn plain(&mut self, property: &str, value: &str) {
        fold(&mut self.text, &format!("{property}:{value}"));
    }

    /// A value of type TEXT.
    fn text(&mut self, property: &str, value: &str) {
        fold(&mut self.text, &format!("{property}:{}", escape(value)));
    }
}

/// TEXT (RFC 5545, 3.3.11): backslash, semicolon, comma, line break; other control characters may not stand in it.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push(' '),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Appends a line in pieces of at most [`LONGEST`] octets, never inside a character; those that go on begin with a space.
fn fold(out: &mut String, line: &str) {
    let mut used = 0;
    for c in line.chars() {
        if used + c.len_utf8() > LONGEST {
            out.push_str("\r\n ");
            used = 1;
        }
        out.push(c);
        used += c.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn text_is_escaped_as_in_the_standard() {
        // RFC 5545, 3.3.11.
        assert_eq!(
            escape("Project XYZ Final Review\nConference Room - 3B\nCome Prepared."),
            "Project XYZ Final Review\\nConference Room - 3B\\nCome Prepared."
        );
        assert_eq!(escape("a\\b;c,d\r\n\u{7}e\tf"), "a\\\\b\\;c\\,d\\ne f");
    }

    #[test]
    fn a_line_of_75_octets_is_not_folded() {
        let mut out = String::new();
        fold(&mut out, &"a".repeat(75));
        assert_eq!(out, format!("{}\r\n", "a".repeat(75)));
        out.clear();
        fold(&mut out, &"a".repeat(76));
        assert_eq!(out, format!("{}\r\n a\r\n", "a".repeat(75)));
        // "ế" has three octets: 25 fit, not one more.
        out.clear();
        fold(&mut out, &"ế".repeat(26));
        assert_eq!(out, format!("{}\r\n ế\r\n", "ế".repeat(25)));
    }

    proptest! {
        #[test]
        fn folded_lines_are_short_and_unfold_to_what_they_were(line in "[ -~àếữđ😀\u{300}]{0,400}") {
            let mut out = String::new();
            fold(&mut out, &line);
            prop_assert!(out.ends_with("\r\n"));
            prop_assert!(out.trim_end_matches("\r\n").split("\r\n").all(|piece| piece.len() <= 75), "{out:?}");
            prop_assert_eq!(out.trim_end_matches("\r\n").replace("\r\n ", ""), line);
        }

        #[test]
        fn escaped_text_is_one_line_and_reads_back(text in "[ -~\\n\\\\;,àđ]{0,80}") {
            let escaped = escape(&text);
            prop_assert!(!escaped.contains('\n'));
            let (mut back, mut chars) = (String::new(), escaped.chars());
            while let Some(c) = chars.next() {
                match (c, c == '\\') {
                    (_, true) => back.extend(chars.next().map(|c| if c == 'n' { '\n' } else { c })),
                    (c, false) => { prop_assert!(c != ';' && c != ','); back.push(c); }
                }
            }
            prop_assert_eq!(back, text);
        }
    }
}
