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

/// "05/TB-ECA": a leading zero below 10 (Decree 30/2020, App. I, 3).
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
        Some(_) if lower.contains("hợp tác xã") => "Quý Hợp tác xã".to_owned(),
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

/// The name alone, as printed below a signature: "Ông Lâm Quang Phúc, nhân viên lễ tân" is "Lâm Quang Phúc".
#[must_use]
pub fn bare_name(text: &str) -> &str {
    let name = text.split([',', ';', '(']).next().unwrap_or_default().trim();
    let bare = ["Ông ", "Bà ", "ông ", "bà "].iter().find_map(|honorific| name.strip_prefix(honorific));
    bare.map_or(name, str::trim_start)
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
    // "Nguyễn Văn A", "Hà Nội": a name; but not "Mất USB token".
    let second_word_capital = text
        .split_whitespace()
        .nth(1)
        .is_some_and(|word| word.starts_with(char::is_uppercase) && word.chars().any(char::is_lowercase));
    if capitals != 1 || first.chars().count() == 1 || second_word_capital || !first.starts_with(char::is_uppercase) {
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

/// A number with its thousands set apart, e.g. `184.320`.
#[must_use]
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push('.');
        }
        out.push(digit);
    }
    out
}

/// A size in bytes as people read it.
#[must_use]
pub fn size(bytes: u64) -> String {
    match bytes {
        bytes @ 0..1000 => format!("{bytes} B"),
        bytes @ 1000..1_000_000 => format!("{} KB", bytes.div_ceil(1000)),
        bytes => format!("{},{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::value::Value;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    // Decree 30/2020, App. I, 4b: leading zero for days below 10 and for months 1 and 2.
    #[test]
    fn dates() {
        for (date, text) in [
            (day(2026, 1, 5), "ngày 05 tháng 01 năm 2026"),
            (day(2026, 2, 28), "ngày 28 tháng 02 năm 2026"),
            (day(2026, 3, 5), "ngày 05 tháng 3 năm 2026"),
            (day(2026, 9, 9), "ngày 09 tháng 9 năm 2026"),
            (day(2026, 10, 10), "ngày 10 tháng 10 năm 2026"),
            (day(2026, 12, 31), "ngày 31 tháng 12 năm 2026"),
        ] {
            assert_eq!(long_date(date), text);
        }
        assert_eq!(short_date(day(2026, 3, 5)), "05/03/2026");
    }

    #[test]
    fn numbers_and_hours() {
        assert_eq!(letter_number(5, "TB-ECA"), "05/TB-ECA");
        assert_eq!(letter_number(10, "TB-ECA"), "10/TB-ECA");
        assert_eq!(letter_number(123, "ECA-CSKH"), "123/ECA-CSKH");
        assert_eq!(hour(Time::parse("9h5").unwrap()), "09 giờ 05 phút");
        assert_eq!(hour(Time::parse("09:40").unwrap()), "09 giờ 40 phút");
        assert_eq!((count(2).as_str(), count(12).as_str()), ("02", "12"));
    }

    #[test]
    fn address_agrees_with_the_kind_of_complainant() {
        let enterprise = Some(Kind::Enterprise);
        assert_eq!(address(enterprise, None, "CÔNG TY TNHH Minh Phát"), "Quý Công ty");
        assert_eq!(address(enterprise, None, "Doanh nghiệp tư nhân Hòa Bình"), "Quý Doanh nghiệp");
        assert_eq!(address(enterprise, None, "Hợp tác xã Rau sạch"), "Quý Hợp tác xã");
        assert_eq!(address(enterprise, None, "Cửa hàng Rau sạch"), "Quý Đơn vị");
        assert_eq!(address(Some(Kind::Organisation), None, "Trường THCS Lê Lợi"), "Quý Đơn vị");
        assert_eq!(address(Some(Kind::Individual), Some("Bà"), "Nguyễn Thị Hường"), "Bà");
        assert_eq!(address(Some(Kind::Individual), None, "Nguyễn Thị Hường"), "Quý khách");
    }

    #[test]
    fn a_signature_shows_the_name_alone() {
        assert_eq!(bare_name("Ông Lâm Quang Phúc, nhân viên lễ tân tòa nhà"), "Lâm Quang Phúc");
        assert_eq!(bare_name("Bà Đỗ Thị Bà (bảo vệ)"), "Đỗ Thị Bà");
        assert_eq!(bare_name("Bàng Thị Ông"), "Bàng Thị Ông");
        assert_eq!(bare_name(""), "");
    }

    #[test]
    fn sentences_join() {
        assert_eq!(continued("Chứng thư bị thu hồi."), "chứng thư bị thu hồi");
        assert_eq!(continued("USB token hỏng"), "USB token hỏng");
        assert_eq!(continued("E-CA thu phí hai lần"), "E-CA thu phí hai lần");
        assert_eq!(continued("Nguyễn Văn A bị khóa"), "Nguyễn Văn A bị khóa");
        assert_eq!(continued("Mất USB token, đã nộp phí"), "mất USB token, đã nộp phí");
        assert_eq!(continued("đã nhỏ sẵn;"), "đã nhỏ sẵn");
        assert_eq!(continued(""), "");
        assert_eq!(continued("Đổi mã số thuế"), "đổi mã số thuế");
        assert_eq!(sentence("Đã xong"), "Đã xong.");
        assert_eq!(sentence("Đã xong chưa?"), "Đã xong chưa?");
        assert_eq!(sentence(""), "");
        let list = |items: &[&str]| listed(&items.iter().map(|item| (*item).to_owned()).collect::<Vec<_>>());
        assert_eq!(list(&["a"]), "a");
        assert_eq!(list(&["a", "b"]), "a và b");
        assert_eq!(list(&["a", "b", "c"]), "a, b và c");
        assert_eq!(list(&[]), "");
    }
}
