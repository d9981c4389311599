//! How dates, numbers, people and kinds of complainant are written in a letter (Decree 30/2020, App. I).
//!
//! Text made here may hold marks for what has no words yet: [`missing`] and [`blank`]. They are noncharacters, which no
//! case file can hold once [`plain`] has dropped them, so data can never pretend to be a mark.

use chrono::{Datelike, NaiveDate};

use crate::case::{Kind, Time, Way};

/// Begins the name of a fact that is missing.
pub(crate) const MISSING_OPEN: char = '\u{FDD0}';
/// Ends the name of a fact that is missing.
pub(crate) const MISSING_CLOSE: char = '\u{FDD1}';
/// Room for something written by hand.
pub(crate) const BLANK: char = '\u{FDD2}';

/// The mark for a missing fact, e.g. `missing("ngày viết phiếu")`.
#[must_use]
pub fn missing(label: &str) -> String {
    format!("{MISSING_OPEN}thiếu {label}{MISSING_CLOSE}")
}

/// The mark for room left blank.
#[must_use]
pub fn blank() -> String {
    BLANK.to_string()
}

/// `text` without anything that could pass for a mark.
#[must_use]
pub fn plain(text: &str) -> String {
    text.chars().filter(|c| !matches!(*c, MISSING_OPEN | MISSING_CLOSE | BLANK)).collect()
}

/// `text` with its marks written out: "[thiếu …]" and "…"; for mail and for titles.
#[must_use]
pub fn spelled(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            MISSING_OPEN => out.push('['),
            MISSING_CLOSE => out.push(']'),
            BLANK => out.push('…'),
            other => out.push(other),
        }
    }
    out
}

/// Day with a leading zero below 10, month with one for 1 and 2 only: "ngày 05 tháng 3 năm 2026".
#[must_use]
pub fn long_date(date: NaiveDate) -> String {
    format!("ngày {:02} {}", date.day(), month_and_year(date))
}

/// "tháng 01 năm 2026", "tháng 3 năm 2026".
#[must_use]
pub fn month_and_year(date: NaiveDate) -> String {
    let month = date.month();
    if month < 3 {
        format!("tháng {month:02} năm {}", date.year())
    } else {
        format!("tháng {month} năm {}", date.year())
    }
}

/// "20/11/2026", as in running text.
#[must_use]
pub fn short_date(date: NaiveDate) -> String {
    date.format("%d/%m/%Y").to_string()
}

/// "09 giờ 40 phút".
#[must_use]
pub fn hour(time: Time) -> String {
    format!("{:02} giờ {:02} phút", time.hour, time.minute)
}

/// "02", "15": counts below 10 carry a zero, so that nobody can add a digit before them.
#[must_use]
pub fn count(number: usize) -> String {
    format!("{number:02}")
}

/// "05/TB-ECA": a leading zero below 10.
#[must_use]
pub fn letter_number(number: u32, symbol: &str) -> String {
    format!("{number:02}/{symbol}")
}

/// How the complainant is spoken to: "Quý Công ty", "Quý Đơn vị", "Ông", "Bà"; "Quý khách" when nothing is known.
#[must_use]
pub fn address(kind: Option<Kind>, honorific: Option<&str>, name: &str) -> String {
    let lower = name.to_lowercase();
    match kind {
        Some(Kind::Individual) => honorific.unwrap_or("Quý khách").to_owned(),
        Some(Kind::Organisation) => "Quý Đơn vị".to_owned(),
        Some(Kind::Enterprise) if lower.contains("công ty") => "Quý Công ty".to_owned(),
        Some(Kind::Enterprise) if lower.contains("doanh nghiệp") => "Quý Doanh nghiệp".to_owned(),
        Some(Kind::Enterprise) => "Quý Đơn vị".to_owned(),
        None => "Quý khách".to_owned(),
    }
}

/// "Bà Nguyễn Thị Hường", or the name alone.
#[must_use]
pub fn person(honorific: Option<&str>, name: &str) -> String {
    match honorific {
        Some(honorific) => format!("{honorific} {name}"),
        None => name.to_owned(),
    }
}

/// How a way of sending reads after a verb: "giao trực tiếp", "qua đường bưu điện", "qua thư điện tử".
#[must_use]
pub fn way(way: Way) -> &'static str {
    match way {
        Way::HandedOver => "giao trực tiếp",
        Way::Post => "qua đường bưu điện",
        Way::Email => "qua thư điện tử",
    }
}

/// The sentence with a full stop, unless it has a closing mark already.
#[must_use]
pub fn sentence(text: &str) -> String {
    let text = text.trim_end();
    if text.is_empty() || text.ends_with(['.', '!', '?', ':', '…']) { text.to_owned() } else { format!("{text}.") }
}

/// The text without its closing full stop, for use inside a sentence.
#[must_use]
pub fn clause(text: &str) -> String {
    text.trim().trim_end_matches(['.', ';', ',']).to_owned()
}

/// The clause with a small first letter, for use after a colon or "về việc"; words in capitals and names of more than one
/// capital ("USB", "E-CA") stay as they are.
#[must_use]
pub fn continued(text: &str) -> String {
    let text = clause(text);
    let first = text.split_whitespace().next().unwrap_or_default();
    let capitals = first.chars().filter(|c| c.is_uppercase()).count();
    let second_word_capital =
        text.split_whitespace().nth(1).and_then(|word| word.chars().next()).is_some_and(char::is_uppercase);
    if capitals != 1 || second_word_capital || !first.starts_with(char::is_uppercase) {
        return text;
    }
    let mut letters = text.chars();
    letters.next().map(|c| c.to_lowercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}

/// "a", "a và b", "a, b và c".
#[must_use]
pub fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [head @ .., last] => format!("{} và {last}", head.join(", ")),
    }
}

/// The first letter in capitals.
#[must_use]
pub fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|c| c.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}
