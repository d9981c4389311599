//! Kinds of column: how a cell is read, and how it is printed.

use serde_json::Value;

use crate::case::value::{Fault, Value as _};
use crate::case::{CaseCode, CitizenId, Date, Email, Flag, Phone, Serial, TaxCode, Time};
use crate::letter::Shape;
use crate::letter::wording;

/// What may stand in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ColumnKind {
    /// Words on one line.
    Text,
    /// Paragraphs.
    Paragraphs,
    /// A number, decimals after a comma.
    Number,
    /// An amount in whole đồng.
    Money,
    /// A day.
    Date,
    /// A time of day.
    Time,
    /// Yes or no.
    Flag,
    /// Phone number.
    Phone,
    /// Email address.
    Email,
    /// Tax code.
    TaxCode,
    /// Citizen id.
    CitizenId,
    /// Serial of a certificate.
    Serial,
    /// Code of a case.
    CaseCode,
}

impl ColumnKind {
    /// Words a declaration may use.
    pub(super) const WORDS: [&str; 12] = [
        "chu",
        "doan",
        "so",
        "tien",
        "ngay",
        "gio",
        "co_khong",
        "dien_thoai",
        "email",
        "ma_so_thue",
        "so_can_cuoc",
        "serial",
    ];

    pub(super) fn named(word: &str) -> Option<Self> {
        Some(match word {
            "chu" => Self::Text,
            "doan" => Self::Paragraphs,
            "so" => Self::Number,
            "tien" => Self::Money,
            "ngay" => Self::Date,
            "gio" => Self::Time,
            "co_khong" => Self::Flag,
            "dien_thoai" => Self::Phone,
            "email" => Self::Email,
            "ma_so_thue" => Self::TaxCode,
            "so_can_cuoc" => Self::CitizenId,
            "serial" => Self::Serial,
            _ => return None,
        })
    }

    /// Whether values are written in digits and yet are no numbers, so that a sheet which took them for numbers lost zeros.
    pub(crate) fn is_code(self) -> bool {
        matches!(self, Self::Phone | Self::TaxCode | Self::CitizenId | Self::Serial)
    }

    /// Reads a cell (NFC, trimmed, not empty) into what is printed; paragraphs stay parted by line breaks.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn read(self, text: &str) -> Result<String, Fault> {
        Ok(match self {
            Self::Text => text.split_whitespace().collect::<Vec<_>>().join(" "),
            Self::Paragraphs => {
                text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
            }
            Self::Number => number(text)?,
            Self::Money => money(text)?,
            Self::Date => Date::parse(text)?.to_string(),
            Self::Time => wording::hour(Time::parse(text)?),
            Self::Flag => Flag::parse(text)?.to_string(),
            Self::Phone => Phone::parse(text)?.to_string(),
            Self::Email => Email::parse(text)?.to_string(),
            Self::TaxCode => TaxCode::parse(text)?.to_string(),
            Self::CitizenId => CitizenId::parse(text)?.to_string(),
            Self::Serial => Serial::parse(text)?.to_string(),
            Self::CaseCode => CaseCode::parse(text)?.to_string(),
        })
    }

    /// What the form gets for a cell read before.
    pub(super) fn value(self, cell: &str) -> Value {
        match self {
            Self::Flag => Value::Bool(cell == "co"),
            Self::Paragraphs => cell.lines().collect(),
            _ if cell.is_empty() => Value::Null,
            _ => Value::String(cell.to_owned()),
        }
    }

    /// Shape of what the form gets, with an example of the kind.
    pub(super) fn shape(self, required: bool) -> Shape {
        let text = Shape::Text(self.example());
        match self {
            Self::Flag => Shape::Flag,
            Self::Paragraphs => Shape::List(Box::new(text)),
            _ if required => text,
            _ => Shape::Maybe(Box::new(text)),
        }
    }

    /// What a cell may hold, as it is printed.
    fn example(self) -> &'static str {
        match self {
            Self::Text => "nội dung mẫu của cột",
            Self::Paragraphs => "Đoạn mẫu của cột, dài chừng một dòng của văn bản.",
            Self::Number => "15",
            Self::Money => "1.200.000",
            Self::Date => "05/11/2026",
            Self::Time => "09 giờ 05 phút",
            Self::Flag => "co",
            Self::Phone => "0912 345 678",
            Self::Email => "khach.hang@example.vn",
            Self::TaxCode => "0101234567-001",
            Self::CitizenId => "001085012345",
            Self::Serial => "5404FFFEB7033FB316D672201B8B5A2C",
            Self::CaseCode => "KN-2026-0042",
        }
    }
}

/// Digits in groups of three, parted by `mark`, or without any; leading zeros dropped.
fn grouped(digits: &str, mark: char) -> Option<String> {
    let groups: Vec<&str> = digits.split(mark).collect();
    let all_digits = groups.iter().all(|group| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit()));
    let right = groups.len() == 1 || (groups[0].len() <= 3 && groups[1..].iter().all(|group| group.len() == 3));
    let joined: String = groups.concat();
    (all_digits && right && joined.len() <= 15).then(|| {
        let bare = joined.trim_start_matches('0');
        if bare.is_empty() { "0".to_owned() } else { bare.to_owned() }
    })
}

/// "1234567" → "1.234.567".
pub(in crate::batch) fn with_marks(digits: &str) -> String {
    let count = digits.len();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (count - place).is_multiple_of(3) {
            out.push('.');
        }
        out.push(digit);
    }
    out
}

fn number(text: &str) -> Result<String, Fault> {
    let wrong = || Fault {
        message: format!("“{text}” không phải số."),
        hint: "Ghi số như 15, 1.250, 12,5 hoặc 25% (dấu chấm chia hàng nghìn, dấu phẩy trước phần lẻ).".to_owned(),
    };
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (digits, percent) = digits.strip_suffix('%').map_or((digits, ""), |rest| (rest.trim_end(), "%"));
    let (whole, part) = digits.split_once(',').map_or((digits, None), |(whole, part)| (whole, Some(part)));
    let whole = with_marks(&grouped(whole, '.').ok_or_else(wrong)?);
    match part {
        None => Ok(format!("{sign}{whole}{percent}")),
        Some(part) if !part.is_empty() && part.len() <= 6 && part.bytes().all(|b| b.is_ascii_digit()) => {
            Ok(format!("{sign}{whole},{part}{percent}"))
        }
        Some(_) => Err(wrong()),
    }
}

fn money(text: &str) -> Result<String, Fault> {
    let lower = text.to_lowercase();
    let units = ["đồng", "vnđ", "vnd", "đ", "₫"];
    let amount = units.iter().find_map(|unit| lower.strip_suffix(unit)).unwrap_or(&lower).trim();
    grouped(amount, '.').or_else(|| grouped(amount, ',')).map(|digits| with_marks(&digits)).ok_or_else(|| Fault {
        message: format!("“{text}” không phải số tiền."),
        hint: "Ghi số đồng, không có phần lẻ: 1200000 hoặc 1.200.000.".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_and_money_are_printed_as_in_vietnam() {
        let read = |kind: ColumnKind, text: &str| kind.read(text).ok();
        for (text, printed) in [
            ("15", "15"),
            ("1250", "1.250"),
            ("1.250", "1.250"),
            ("12,5", "12,5"),
            ("-3", "-3"),
            ("007", "7"),
            ("7,5 %", "7,5%"),
        ] {
            assert_eq!(read(ColumnKind::Number, text).as_deref(), Some(printed), "{text}");
        }
        for text in ["12.5", "1.25.000", "1e3", "%", "5%%", "mười", "12,", "1 250", "٣"] {
            assert_eq!(read(ColumnKind::Number, text), None, "{text}");
        }
        for (text, printed) in [
            ("1200000", "1.200.000"),
            ("1.200.000 đồng", "1.200.000"),
            ("1,200,000", "1.200.000"),
            ("500 VNĐ", "500"),
            ("0", "0"),
        ] {
            assert_eq!(read(ColumnKind::Money, text).as_deref(), Some(printed), "{text}");
        }
        for text in ["1200,5", "1.2", "-5", "đ", "một triệu"] {
            assert_eq!(read(ColumnKind::Money, text), None, "{text}");
        }
    }

    #[test]
    fn other_kinds_are_read_as_in_a_case_file() {
        let read = |kind: ColumnKind, text: &str| kind.read(text).unwrap();
        assert_eq!(read(ColumnKind::Date, "2026-11-05"), "05/11/2026");
        assert_eq!(read(ColumnKind::Time, "9h5"), "09 giờ 05 phút");
        assert_eq!(read(ColumnKind::Text, "hai\n dòng "), "hai dòng");
        assert_eq!(read(ColumnKind::Paragraphs, "một \n\n hai"), "một\nhai");
        assert_eq!(ColumnKind::Paragraphs.value("một\nhai"), json!(["một", "hai"]));
        assert_eq!(ColumnKind::Paragraphs.value(""), json!([]));
        assert!(ColumnKind::CaseCode.read("KN-26-1").is_err());
    }

    #[test]
    fn an_example_is_printed_as_it_would_be_read() {
        for kind in ColumnKind::WORDS.iter().filter_map(|word| ColumnKind::named(word)) {
            // A time of day and paragraphs are printed otherwise than they are typed.
            if !matches!(kind, ColumnKind::Time | ColumnKind::Paragraphs) {
                assert_eq!(kind.read(kind.example()).ok().as_deref(), Some(kind.example()), "{kind:?}");
            }
        }
        assert_eq!(ColumnKind::Time.read("9:05").unwrap(), ColumnKind::Time.example());
    }

    #[test]
    fn every_word_of_a_declaration_names_a_kind() {
        assert!(ColumnKind::WORDS.iter().all(|word| ColumnKind::named(word).is_some()));
        assert_eq!(ColumnKind::named("ma_ho_so"), None, "always there, never declared");
    }
}
