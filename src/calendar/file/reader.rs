//! Entries of a calendar file: dates and periods, and finding their lines again.

use std::collections::{BTreeMap, HashMap};

use chrono::{Datelike, NaiveDate};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::diagnostic::{Code, Diagnostic, Span, code};
use crate::yaml;

/// Longest period one entry may cover, in days.
const LONGEST_PERIOD: i64 = 60;

/// One day or several in a row, with the reason.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PeriodEntry {
    pub(super) ngay: Option<Written>,
    pub(super) tu: Option<Written>,
    den: Option<Written>,
    ly_do: String,
}

/// A date and the characters it was written with, so that its line can be found again.
#[derive(Deserialize, Clone)]
#[serde(try_from = "String")]
pub(super) struct Written {
    pub(super) date: NaiveDate,
    pub(super) text: String,
}

impl TryFrom<String> for Written {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match read_date(text.trim()) {
            Some(date) => Ok(Self { date, text }),
            None => Err(format!("“{text}” không phải là một ngày có thật; viết như 2026-11-20 hoặc 20/11/2026")),
        }
    }
}

/// `2026-11-20` or `20/11/2026`, years 1 to 9999.
pub(super) fn read_date(text: &str) -> Option<NaiveDate> {
    let parts = |separator| text.split(separator).map(number).collect::<Option<Vec<u32>>>();
    let (year, month, day) = if text.contains('-') {
        let [year, month, day] = parts('-')?[..] else { return None };
        (year, month, day)
    } else {
        let [day, month, year] = parts('/')?[..] else { return None };
        (year, month, day)
    };
    if !(1..=9999).contains(&year) {
        return None;
    }
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

/// Up to four digits and nothing else.
pub(super) fn number(digits: &str) -> Option<u32> {
    ((1..=4).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| digits.parse().ok())?
}

/// YAML → `T`, or one finding.
pub(super) fn read<T: DeserializeOwned>(name: &str, text: &str, found: &mut Vec<Diagnostic>) -> Option<T> {
    match yaml::read(text) {
        Ok(value) => Some(value),
        Err(error) => {
            // Mistakes of YAML itself have words of their own.
            if let Err(fault) = yaml::tree::parse(text) {
                let message = format!("tệp lịch {name}: {}", fault.message);
                let finding = Diagnostic::error(code::CALENDAR_UNREADABLE, message).hint(fault.hint).in_file(name);
                found.push(finding.suggest(fault.suggestion).at(fault.span, text));
                return None;
            }
            let finding = Diagnostic::error(code::CALENDAR_UNREADABLE, explain(name, &error.message))
                .hint("sửa dòng này; xem mẫu ghi chú ở đầu tệp lịch")
                .in_file(name);
            found.push(match error.span {
                Some(span) => finding.at(span, text),
                None => finding,
            });
            None
        }
    }
}

/// The parser's words in Vietnamese.
fn explain(name: &str, message: &str) -> String {
    let message = message.rsplit_once(" at line ").map_or(message, |(words, _)| words);
    let quoted = || message.split('`').nth(1).unwrap_or_default();
    if message.contains("không phải là một ngày") {
        let sentence = message.find('“').map_or(message, |at| &message[at..]);
        format!("tệp lịch {name}: {sentence}")
    } else if message.contains("unknown field") || message.contains("unknown variant") {
        let known: Vec<&str> = message.split('`').skip(3).step_by(2).collect();
        format!("tệp lịch {name}: không có mục nào tên “{}”; dùng được: {}", quoted(), known.join(", "))
    } else if message.contains("missing field") {
        format!("tệp lịch {name}: thiếu mục “{}”", quoted())
    } else if message.contains("duplicate") {
        format!("tệp lịch {name}: có một mục ghi hai lần ({message})")
    } else if message.contains("invalid type") || message.contains("invalid value") {
        format!("tệp lịch {name}: giá trị không đúng kiểu ({message})")
    } else {
        format!("tệp lịch {name}: sai cú pháp YAML ({message})")
    }
}

/// Checks entries of one file and finds their lines again.
pub(super) struct Reader<'a> {
    name: &'a str,
    text: &'a str,
    found: &'a mut Vec<Diagnostic>,
    seen: HashMap<String, usize>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(name: &'a str, text: &'a str, found: &'a mut Vec<Diagnostic>) -> Self {
        Self { name, text, found, seen: HashMap::new() }
    }

    /// Expands entries to single days; faults are reported and left out.
    pub(super) fn periods(&mut self, entries: Vec<PeriodEntry>, year: Option<i32>) -> BTreeMap<NaiveDate, String> {
        let mut days = BTreeMap::new();
        for entry in entries {
            let (first, last) = match (entry.ngay, entry.tu, entry.den) {
                (Some(day), None, None) => (day.clone(), day),
                (None, Some(first), Some(last)) => (first, last),
                (one, first, last) => {
                    let token = one.or(first).or(last).map_or_else(|| entry.ly_do.clone(), |written| written.text);
                    let message = format!("ngày nghỉ “{}” ghi không đủ ngày", entry.ly_do);
                    self.report(code::CALENDAR_PERIOD, &token, message, "ghi “ngay”, hoặc cả “tu” và “den”");
                    continue;
                }
            };
            *self.seen.entry(first.text.clone()).or_default() += 1;
            if last.date < first.date || (last.date - first.date).num_days() >= LONGEST_PERIOD {
                let message = format!("đợt nghỉ từ {} đến {} không hợp lý", first.text, last.text);
                let hint = format!("“den” không được trước “tu”; một đợt dài nhất {LONGEST_PERIOD} ngày");
                self.report_last(code::CALENDAR_PERIOD, &first.text, message, &hint);
                continue;
            }
            if let (Some(year), Some(outside)) =
                (year, [&first, &last].into_iter().find(|day| Some(day.date.year()) != year))
            {
                let message = format!("ngày {} không thuộc năm {year}", outside.text);
                self.report(code::CALENDAR_YEAR, &outside.text, message, "ghi ngày này vào tệp của đúng năm");
                continue;
            }
            for date in first.date.iter_days().take_while(|date| *date <= last.date) {
                if days.insert(date, entry.ly_do.clone()).is_some() {
                    let message = format!("ngày {} ghi hai lần", date.format("%d/%m/%Y"));
                    self.report_last(code::CALENDAR_CONFLICT, &first.text, message, "xóa một trong hai");
                }
            }
        }
        days
    }

    /// Reports at the first place `token` stands.
    pub(super) fn report(&mut self, code: Code, token: &str, message: String, hint: &str) {
        self.report_at(0, code, token, message, hint);
    }

    /// Reports at the place of `token` that was read last, or the second where it stands twice.
    pub(super) fn report_last(&mut self, code: Code, token: &str, message: String, hint: &str) {
        let read = self.seen.get(token).copied().unwrap_or(usize::MAX);
        self.report_at(read.saturating_sub(1), code, token, message, hint);
    }

    fn report_at(&mut self, nth: usize, code: Code, token: &str, message: String, hint: &str) {
        let finding = Diagnostic::error(code, message).hint(hint).in_file(self.name);
        self.found.push(match locate(self.text, token, nth) {
            Some(span) => finding.at(span, self.text),
            None => finding,
        });
    }
}

/// The place of the `nth` occurrence (from 0) of `token` as a whole word outside comments; the last one when there are fewer.
pub(super) fn locate(text: &str, token: &str, nth: usize) -> Option<Span> {
    if token.is_empty() {
        return None;
    }
    let mut places = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = if index == 0 { line.trim_start_matches('\u{feff}') } else { line };
        let code = line.find(" #").map_or(line, |at| &line[..at]);
        if code.trim_start().starts_with('#') {
            continue;
        }
        for (at, _) in code.match_indices(token) {
            let joins = |c: char| c.is_alphanumeric() || matches!(c, '-' | '/' | '_');
            let whole = !code[..at].ends_with(joins) && !code[at + token.len()..].starts_with(joins);
            if whole {
                let column = code[..at].chars().count() + 1;
                places.push(Span { line: index + 1, column, length: token.chars().count() });
            }
        }
    }
    places.get(nth).or(places.last()).copied()
}
