//! The values a case file holds, each checked where it enters. All are text in the file, so leading zeros stay.

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use unicode_normalization::UnicodeNormalization;

use super::schema::{Described, Shape};

/// What is wrong with a value, and what to write instead. Vietnamese sentences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: String,
}

fn fault(message: impl Into<String>, hint: impl Into<String>) -> Fault {
    Fault { message: message.into(), hint: hint.into() }
}

/// A value made from one piece of text.
pub trait Value: Sized {
    /// Reads the text.
    ///
    /// # Errors
    /// What is wrong with it.
    fn parse(text: &str) -> Result<Self, Fault>;
}

macro_rules! value {
    ($name:ident, $label:literal, $example:literal) => {
        impl $name {
            /// What the value is called in a message.
            pub const LABEL: &'static str = $label;
        }
        impl Described for $name {
            fn shape() -> Shape {
                Shape::Scalar { label: Self::LABEL, example: $example, check: |text| $name::parse(text).map(|_| ()) }
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                $name::parse(&text).map_err(|fault| de::Error::custom(fault.message))
            }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
    };
}

macro_rules! text_value {
    ($(#[$meta:meta])* $name:ident, $label:literal, $example:literal) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);
        impl $name {
            /// The text itself.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        value!($name, $label, $example);
    };
}

/// Longest text a field may hold, in characters.
pub const MAX_TEXT: usize = 20_000;
/// Longest name, number or other one-line value, in characters.
pub const MAX_LINE: usize = 500;

/// A value as messages show it: on one line, not longer than it takes to recognise it.
pub(crate) fn shown(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= 60 { line } else { line.chars().take(57).collect::<String>() + "…" }
}

fn clean(text: &str) -> Result<String, Fault> {
    let text: String = text.trim().nfc().collect();
    if text.is_empty() {
        return Err(fault("Giá trị để trống.", "Ghi nội dung, hoặc xóa cả dòng này nếu chưa có."));
    }
    if matches!(text.as_str(), "null" | "~" | "Null" | "NULL") {
        return Err(fault(
            format!("“{text}” không phải là nội dung."),
            "Ghi nội dung thật, hoặc xóa cả dòng này nếu chưa có.",
        ));
    }
    if let Some(bad) = unprintable(&text) {
        return Err(fault(
            format!("Có ký tự điều khiển không in được (U+{:04X}).", bad as u32),
            "Gõ lại đoạn này bằng tay, không dán từ chương trình khác.",
        ));
    }
    Ok(text)
}

/// The first character of `text` that cannot be printed or does not show.
pub(crate) fn unprintable(text: &str) -> Option<char> {
    text.chars().find(|c| (c.is_control() && !matches!(c, '\n' | '\t')) || is_invisible(*c))
}

/// Characters that change how text is read without being seen: direction marks, zero-width marks, byte-order mark.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{FFFD}')
}

fn one_line(text: &str) -> Result<String, Fault> {
    let text = clean(text)?;
    if text.chars().count() > MAX_LINE {
        return Err(fault(format!("Giá trị dài quá {MAX_LINE} ký tự."), "Rút gọn giá trị này."));
    }
    Ok(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

text_value!(
    /// Free text, NFC, trimmed; line breaks kept.
    Text, "nội dung", "Nội dung"
);

impl Value for Text {
    fn parse(text: &str) -> Result<Self, Fault> {
        let text = clean(text)?;
        if text.chars().count() > MAX_TEXT {
            return Err(fault(
                format!("Nội dung dài quá {MAX_TEXT} ký tự."),
                "Rút gọn, hoặc để phần dài thành tệp trong dinh-kem.",
            ));
        }
        Ok(Self(text))
    }
}

impl Text {
    /// Its paragraphs: lines that are not empty.
    pub fn paragraphs(&self) -> impl Iterator<Item = &str> {
        self.0.lines().map(str::trim).filter(|line| !line.is_empty())
    }
}

text_value!(
    /// Case code, `KN-<year>-<number>`, e.g. `KN-2026-0042`.
    CaseCode, "mã hồ sơ", "KN-2026-0042"
);

impl CaseCode {
    /// Code number `number` of `year`.
    #[must_use]
    pub fn new(year: i32, number: u32) -> Self {
        Self(format!("KN-{year:04}-{number:04}"))
    }

    /// Year and running number.
    #[must_use]
    pub fn parts(&self) -> (i32, u32) {
        let mut parts = self.0.split('-').skip(1).map(|part| part.parse::<u32>().unwrap_or_default());
        (parts.next().unwrap_or_default().cast_signed(), parts.next().unwrap_or_default())
    }
}

impl Value for CaseCode {
    fn parse(text: &str) -> Result<Self, Fault> {
        let text = one_line(text)?;
        let mut parts = text.split('-');
        let digits = |part: Option<&str>, lengths: std::ops::RangeInclusive<usize>| {
            // One number, one code: zeros fill up to four digits and no further.
            let filled = |p: &str| p.len() <= 4 || !p.starts_with('0');
            part.is_some_and(|p| lengths.contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit()) && filled(p))
        };
        let right = parts.next() == Some("KN")
            && digits(parts.next(), 4..=4)
            && digits(parts.next(), 4..=6)
            && parts.next().is_none();
        if right {
            Ok(Self(text))
        } else {
            Err(fault(
                format!("“{}” không phải mã hồ sơ.", shown(&text)),
                "Mã hồ sơ có dạng KN-năm-số, ví dụ KN-2026-0042.",
            ))
        }
    }
}

text_value!(
    /// Phone number, digits with spaces, dots, brackets, hyphens or a leading plus.
    Phone, "số điện thoại", "0912 345 678"
);

impl Value for Phone {
    fn parse(text: &str) -> Result<Self, Fault> {
        let text = one_line(text)?;
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        let allowed =
            text.chars().enumerate().all(|(i, c)| c.is_ascii_digit() || " .-()".contains(c) || (i == 0 && c == '+'));
        if allowed && (3..=15).contains(&digits) {
            Ok(Self(text))
        } else {
            Err(fault(
                format!("“{}” không phải số điện thoại.", shown(&text)),
                "Ghi số như 0912 345 678 hoặc 024 3754 5222.",
            ))
        }
    }
}

text_value!(
    /// Email address.
    Email, "địa chỉ email", "ten@congty.vn"
);

impl Value for Email {
    fn parse(text: &str) -> Result<Self, Fault> {
        let text = one_line(text)?;
        let right = text.split_once('@').is_some_and(|(user, host)| {
            !user.is_empty()
                && host.contains('.')
                && !host.starts_with('.')
                && !host.ends_with('.')
                && !host.contains('@')
                && text.chars().all(|c| !c.is_whitespace() && !"<>()[],;:\"\\".contains(c))
        });
        if right {
            Ok(Self(text))
        } else {
            Err(fault(format!("“{}” không phải địa chỉ email.", shown(&text)), "Ghi địa chỉ như ten@congty.vn."))
        }
    }
}

text_value!(
    /// Citizen id, 12 digits, may begin with 0.
    CitizenId, "số căn cước", "001085012345"
);

impl Value for CitizenId {
    fn parse(text: &str) -> Result<Self, Fault> {
        let text: String = one_line(text)?.split(' ').collect();
        if text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(text))
        } else {
            Err(fault(
                format!("“{}” không phải số căn cước.", shown(&text)),
                "Số căn cước có 12 chữ số, ví dụ 001085012345.",
            ))
        }
    }
}

text_value!(
    /// Tax code: 10 digits, 10-3 digits, or 12 digits.
    TaxCode, "mã số thuế", "0101300842"
);

impl Value for TaxCode {
    fn parse(text: &str) -> Result<Self, Fault> {
        let text: String = one_line(text)?.split(' ').collect();
        let digits = |s: &str, n: usize| s.len() == n && s.bytes().all(|b| b.is_ascii_digit());
        let right = digits(&text, 10)
            || digits(&text, 12)
            || text.split_once('-').is_some_and(|(main, branch)| digits(main, 10) && digits(branch, 3));
        if right {
            Ok(Self(text))
        } else {
            Err(fault(
                format!("“{}” không phải mã số thuế.", shown(&text)),
                "Mã số thuế có 10 chữ số, 10 chữ số-3 chữ số, hoặc 12 chữ số.",
            ))
        }
    }
}

impl TaxCode {
    /// Whether the check digit of a ten-digit code is right (weights 31 29 23 19 17 13 7 5 3); 12-digit codes have none.
    #[must_use]
    pub fn check_digit_fits(&self) -> bool {
        const WEIGHTS: [u32; 9] = [31, 29, 23, 19, 17, 13, 7, 5, 3];
        if self.0.len() == 12 {
            return true;
        }
        let digits: Vec<u32> = self.0.bytes().take(10).map(|b| u32::from(b - b'0')).collect();
        let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
        10 - sum % 11 == digits[9]
    }
}

text_value!(
    /// Certificate serial, hexadecimal, spaces allowed.
    Serial, "số serial chứng thư", "5401 0000 0000 0a3f"
);

impl Value for Serial {
    fn parse(text: &str) -> Result<Self, Fault> {
        let text = one_line(text)?;
        let digits = text.chars().filter(char::is_ascii_hexdigit).count();
        if (4..=64).contains(&digits) && text.chars().all(|c| c.is_ascii_hexdigit() || " :-".contains(c)) {
            Ok(Self(text))
        } else {
            Err(fault(
                format!("“{}” không phải số serial.", shown(&text)),
                "Số serial gồm chữ số và chữ a–f, ví dụ 5401 0000 0000 0a3f.",
            ))
        }
    }
}

text_value!(
    /// A file in the case's own folder; no path may leave it.
    Path, "tên tệp", "don-khieu-nai.pdf"
);

impl Value for Path {
    fn parse(text: &str) -> Result<Self, Fault> {
        let text = clean(text)?;
        let leaves = text.starts_with('/')
            || text.contains(['\\', ':', '\n', '\t'])
            || text.split('/').any(|part| part.is_empty() || part == "." || part == "..");
        if leaves || text.chars().count() > 200 {
            Err(fault(
                format!("“{}” không phải tên tệp trong thư mục của hồ sơ.", shown(&text)),
                "Đặt tệp vào thư mục dinh-kem của hồ sơ và chỉ ghi tên tệp, ví dụ don-khieu-nai.pdf.",
            ))
        } else {
            Ok(Self(text))
        }
    }
}

/// A day, written `2026-11-20` or `20/11/2026`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(pub NaiveDate);

value!(Date, "ngày", "20/11/2026");

impl Value for Date {
    fn parse(text: &str) -> Result<Self, Fault> {
        let text = one_line(text)?;
        let number = |part: &str| part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse::<u32>().ok()).flatten();
        let ymd = if let Some((d, rest)) = text.split_once('/') {
            rest.split_once('/').map(|(m, y)| (y, m, d))
        } else {
            text.split_once('-').and_then(|(y, rest)| rest.split_once('-').map(|(m, d)| (y, m, d)))
        };
        let well_formed =
            ymd.filter(|(y, m, d)| y.len() == 4 && (1..=2).contains(&m.len()) && (1..=2).contains(&d.len()));
        let Some((Some(y), Some(m), Some(d))) = well_formed.map(|(y, m, d)| (number(y), number(m), number(d))) else {
            return Err(fault(
                format!("“{}” không phải ngày.", shown(&text)),
                "Ghi ngày như 20/11/2026 hoặc 2026-11-20.",
            ));
        };
        let Some(date) = NaiveDate::from_ymd_opt(y.cast_signed(), m, d) else {
            return Err(fault(
                format!("Không có ngày {text} trong lịch."),
                "Xem lại ngày và tháng; ghi ngày trước, tháng sau: 20/11/2026.",
            ));
        };
        if !(1990..=2199).contains(&y) {
            return Err(fault(format!("Năm {y} không hợp lý."), "Xem lại năm của ngày này."));
        }
        Ok(Self(date))
    }
}

impl fmt::Display for Date {
    /// `20/11/2026`, as in running text of letters.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%d/%m/%Y"))
    }
}

/// A time of day, `09:40` or `9h40`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time {
    /// 0–23.
    pub hour: u8,
    /// 0–59.
    pub minute: u8,
}

value!(Time, "giờ", "09:40");

impl Value for Time {
    fn parse(text: &str) -> Result<Self, Fault> {
        let text = one_line(text)?;
        let wrong = || fault(format!("“{}” không phải giờ.", shown(&text)), "Ghi giờ như 09:40.");
        let (hour, minute) = text.split_once([':', 'h']).ok_or_else(wrong)?;
        let digits = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        let number = |part: &str| digits(part).then(|| part.parse::<u8>().ok()).flatten();
        match (number(hour), number(if minute.is_empty() { "00" } else { minute })) {
            (Some(hour @ 0..=23), Some(minute @ 0..=59)) => Ok(Self { hour, minute }),
            _ => Err(wrong()),
        }
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.hour, self.minute)
    }
}

/// `co` or `khong`, also `có` and `không`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Flag {
    /// co
    Yes,
    /// khong
    No,
}

value!(Flag, "có hoặc không", "co");

impl Value for Flag {
    fn parse(text: &str) -> Result<Self, Fault> {
        match one_line(text)?.to_lowercase().as_str() {
            "co" | "có" => Ok(Self::Yes),
            "khong" | "không" => Ok(Self::No),
            other => Err(fault(format!("“{}” không phải là co hay khong.", shown(other)), "Ghi co hoặc khong.")),
        }
    }
}

impl fmt::Display for Flag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Yes => "co",
            Self::No => "khong",
        })
    }
}

/// A whole number from 1 to 999999: a register number, a round, a place in a list, a count of pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Numeral(pub u32);

value!(Numeral, "số", "5");

impl Value for Numeral {
    fn parse(text: &str) -> Result<Self, Fault> {
        let text = one_line(text)?;
        match text.parse::<u32>() {
            Ok(number @ 1..=999_999) if text.bytes().all(|b| b.is_ascii_digit()) => Ok(Self(number)),
            _ => {
                Err(fault(format!("“{}” không phải số đếm.", shown(&text)), "Ghi một số từ 1 trở lên, chỉ gồm chữ số."))
            }
        }
    }
}

impl fmt::Display for Numeral {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn good<V: Value + fmt::Display>(rows: &[(&str, &str)]) {
        for (text, wanted) in rows {
            let value = V::parse(text).map(|value| value.to_string());
            assert_eq!(value.as_deref(), Ok(*wanted), "{text:?}");
        }
    }

    fn bad<V: Value + fmt::Display>(texts: &[&str]) {
        for text in texts {
            match V::parse(text) {
                Ok(value) => panic!("{text:?} was read as {value}"),
                Err(fault) => assert!(fault.message.ends_with('.') && fault.hint.ends_with('.'), "{fault:?}"),
            }
        }
    }

    #[test]
    fn texts_are_nfc_and_hold_nothing_that_cannot_be_printed() {
        good::<Text>(&[
            ("  Nguyễn Thị Hường ", "Nguyễn Thị Hường"),
            ("Hươ\u{300}ng", "Hường"),
            ("hoà", "hoà"),
            ("một\n\nhai\tba", "một\n\nhai\tba"),
            ("nullable", "nullable"),
        ]);
        bad::<Text>(&[
            "",
            "  ",
            "null",
            "~",
            "NULL",
            "a\u{0}b",
            "a\u{1b}[31m",
            "a\u{202e}b",
            "a\u{200b}b",
            "a\u{fffd}",
        ]);
        bad::<Text>(&[&"a".repeat(MAX_TEXT + 1)]);
        assert!(Text::parse(&"ế".repeat(MAX_TEXT)).is_ok());
        let text = Text::parse("Một.\n\n  Hai. \n").unwrap();
        assert_eq!(text.paragraphs().collect::<Vec<_>>(), ["Một.", "Hai."]);
    }

    #[test]
    fn case_codes() {
        good::<CaseCode>(&[("KN-2026-0042", "KN-2026-0042"), (" KN-2026-123456", "KN-2026-123456")]);
        bad::<CaseCode>(&[
            "KN-26-0042",
            "KN-2026-42",
            "kn-2026-0042",
            "KN-2026-0042-1",
            "KN-2026-00a2",
            "KN-2026-1234567",
            "KN-2026-00053",
            "KN-2026-012345",
            "../KN-2026-0042",
            "KN–2026–0042",
        ]);
        assert_eq!(CaseCode::parse("KN-2026-0042").unwrap().parts(), (2026, 42));
        assert_eq!(CaseCode::new(2026, 42).as_str(), "KN-2026-0042");
        assert_eq!(CaseCode::new(2026, 12_345).parts(), (2026, 12_345));
    }

    #[test]
    fn phones_emails_and_serials() {
        good::<Phone>(&[
            ("0912 345 678", "0912 345 678"),
            ("+84 (24) 3754-5222", "+84 (24) 3754-5222"),
            ("0243.7545.222", "0243.7545.222"),
            ("113", "113"),
        ]);
        bad::<Phone>(&["12", "0912345678 máy lẻ 5", "84+912345678", "1234567890123456", "----"]);
        good::<Email>(&[("huong.nt@minhphat.example", "huong.nt@minhphat.example")]);
        bad::<Email>(&[
            "huong",
            "@a.vn",
            "a@b",
            "a@b@c.vn",
            "a b@c.vn",
            "a@.vn",
            "a@vn.",
            "Hường <a@b.vn>",
            "a@b.vn,c@d.vn",
        ]);
        good::<Serial>(&[
            ("5401 0000 0000 0a3f", "5401 0000 0000 0a3f"),
            ("54:01:AB:ff", "54:01:AB:ff"),
            ("0001", "0001"),
        ]);
        bad::<Serial>(&["xyz", "5401g", "123", &"0".repeat(65)]);
    }

    #[test]
    fn ids_and_tax_codes_keep_their_zeros() {
        good::<CitizenId>(&[("001085012345", "001085012345"), ("001 085 012 345", "001085012345")]);
        bad::<CitizenId>(&["1085012345", "00108501234a", "0010850123456"]);
        good::<TaxCode>(&[
            ("0100109106", "0100109106"),
            ("0100109106-001", "0100109106-001"),
            ("001085012345", "001085012345"),
        ]);
        bad::<TaxCode>(&["100109106", "0100109106-1", "0100109106001", "01001o9106", "0100109106-001-2"]);
    }

    #[test]
    fn check_digits_of_published_tax_codes() {
        let fits = |code: &str| TaxCode::parse(code).unwrap().check_digit_fits();
        // Viettel: 1·29 + 1·17 + 9·7 + 1·5 = 114 = 10·11 + 4, and 10 − 4 = 6.
        assert!(fits("0100109106"));
        // Vinamilk: 3·29 + 5·17 + 8·13 + 8·7 + 5·5 + 6·3 = 375 = 34·11 + 1, and 10 − 1 = 9.
        assert!(fits("0300588569"));
        assert!(fits("0100109106-001"), "a branch has its parent's digit");
        assert!(fits("001085012345"), "twelve digits have none");
        // A wrong digit and two neighbours swapped are noticed.
        for wrong in ["0100109107", "0100109116", "1100109106", "0010109106", "0300588596", "0109876543"] {
            assert!(!fits(wrong), "{wrong}");
        }
    }

    #[test]
    fn dates_times_flags_numbers() {
        good::<Date>(&[
            ("2026-11-20", "20/11/2026"),
            ("20/11/2026", "20/11/2026"),
            ("5/1/2026", "05/01/2026"),
            ("29/02/2024", "29/02/2024"),
        ]);
        bad::<Date>(&[
            "20-11-2026",
            "2026/11/20",
            "31/02/2026",
            "29/02/2026",
            "13/13/2026",
            "20/11/26",
            "20.11.2026",
            "20/11",
            "0/1/2026",
            "01/01/1066",
            "+1/1/2026",
            "20/11/2026 9h",
        ]);
        assert_eq!(Date::parse("05/03/2026").unwrap().0, NaiveDate::from_ymd_opt(2026, 3, 5).unwrap(), "day first");
        good::<Time>(&[("09:40", "09:40"), ("9h40", "09:40"), ("9h", "09:00"), ("0:05", "00:05"), ("23:59", "23:59")]);
        bad::<Time>(&["24:00", "9:60", "940", "9h40 sáng", ":30", "-1:30", "9:+5"]);
        good::<Flag>(&[("co", "co"), ("CÓ", "co"), ("Không", "khong"), ("khong", "khong"), ("co\u{301}", "co")]);
        bad::<Flag>(&["true", "yes", "no", "0", "k"]);
        good::<Numeral>(&[("1", "1"), ("007", "7"), ("999999", "999999")]);
        bad::<Numeral>(&["0", "-1", "1.5", "1e3", "1000000", "+5", "một", "٣"]);
    }

    #[test]
    fn paths_stay_in_the_folder_of_the_case() {
        good::<Path>(&[
            ("don-khieu-nai.pdf", "don-khieu-nai.pdf"),
            ("anh/màn hình.png", "anh/màn hình.png"),
            ("..a.pdf", "..a.pdf"),
        ]);
        bad::<Path>(&[
            "../a.pdf",
            "a/../../b",
            "/etc/passwd",
            "C:\\a.pdf",
            "a\\b",
            "C:a",
            "a//b",
            "./a",
            "a/.",
            "a\nb",
            "",
        ]);
    }

    proptest! {
        #[test]
        fn every_day_is_read_back_from_both_ways_of_writing(days in 0i64..76_000) {
            let day = NaiveDate::from_ymd_opt(1990, 1, 1).unwrap() + chrono::TimeDelta::days(days);
            prop_assert_eq!(Date::parse(&day.format("%Y-%m-%d").to_string()), Ok(Date(day)));
            prop_assert_eq!(Date::parse(&Date(day).to_string()), Ok(Date(day)));
        }

        #[test]
        fn no_text_makes_a_value_panic(text in any::<String>()) {
            let _ = (Text::parse(&text), CaseCode::parse(&text), Phone::parse(&text), Email::parse(&text), CitizenId::parse(&text));
            let _ = (TaxCode::parse(&text).map(|c| c.check_digit_fits()), Serial::parse(&text), Path::parse(&text));
            let _ = (Date::parse(&text), Time::parse(&text), Flag::parse(&text), Numeral::parse(&text));
        }
    }
}
