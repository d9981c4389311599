//! The days a book or report is made for.

use chrono::NaiveDate;
use clap::Args;

use super::date;
use crate::register::Period;

/// A month, a quarter, a year, or two days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Args)]
pub struct PeriodArgs {
    /// Chỉ tháng này, ví dụ 11/2026 hoặc 2026-11
    #[arg(long, value_name = "THÁNG", value_parser = month, conflicts_with_all = ["quarter", "year", "from", "to"])]
    pub month: Option<NaiveDate>,
    /// Chỉ quý này, ví dụ IV/2026 hoặc 4/2026
    #[arg(long, value_name = "QUÝ", value_parser = quarter, conflicts_with_all = ["year", "from", "to"])]
    pub quarter: Option<Period>,
    /// Chỉ năm này
    #[arg(long, value_name = "NĂM", value_parser = year, conflicts_with_all = ["from", "to"])]
    pub year: Option<Period>,
    /// Từ ngày này
    #[arg(long, value_name = "NGÀY", value_parser = date, requires = "to")]
    pub from: Option<NaiveDate>,
    /// Đến hết ngày này
    #[arg(long, value_name = "NGÀY", value_parser = date, requires = "from")]
    pub to: Option<NaiveDate>,
}

impl PeriodArgs {
    /// The period; none where nothing was asked for. Two days count in either order.
    #[must_use]
    pub fn period(&self) -> Option<Period> {
        let stretch = || self.from.zip(self.to).map(|(from, to)| Period::between(from.min(to), from.max(to)));
        self.month.map(Period::month).or(self.quarter).or(self.year).or_else(stretch)
    }
}

fn sensible(text: &str) -> Option<i32> {
    text.trim().parse().ok().filter(|year| (1990..=9999).contains(year))
}

/// Two numbers parted by a slash, or turned round by a hyphen: 11/2026, 2026-11.
fn part_and_year(text: &str) -> Option<(&str, i32)> {
    let text = text.trim();
    let (part, year) = text.split_once('/').or_else(|| text.split_once('-').map(|(year, part)| (part, year)))?;
    Some((part.trim(), sensible(year)?))
}

/// The first day of a month written as 11/2026 or 2026-11.
pub(super) fn month(text: &str) -> Result<NaiveDate, String> {
    let found = part_and_year(text).and_then(|(month, year)| NaiveDate::from_ymd_opt(year, month.parse().ok()?, 1));
    found.ok_or_else(|| "Ghi tháng như 11/2026 hoặc 2026-11.".to_owned())
}

fn quarter(text: &str) -> Result<Period, String> {
    let found = part_and_year(text).and_then(|(quarter, year)| {
        let quarter = match quarter.to_uppercase().as_str() {
            "I" | "1" => 1,
            "II" | "2" => 2,
            "III" | "3" => 3,
            "IV" | "4" => 4,
            _ => return None,
        };
        Some(Period::quarter(year, quarter))
    });
    found.ok_or_else(|| "Ghi quý như IV/2026 hoặc 4/2026.".to_owned())
}

fn year(text: &str) -> Result<Period, String> {
    sensible(text).map(Period::year).ok_or_else(|| "Ghi năm bằng bốn chữ số, ví dụ 2026.".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn months_and_quarters_as_clerks_write_them() {
        for text in ["11/2026", "2026-11", " 11/2026 "] {
            assert_eq!(month(text), Ok(day(2026, 11, 1)), "{text}");
        }
        for text in ["IV/2026", "iv/2026", "4/2026", "2026-4", "2026-IV"] {
            assert_eq!(quarter(text), Ok(Period::between(day(2026, 10, 1), day(2026, 12, 31))), "{text}");
        }
        assert_eq!(year("2026"), Ok(Period::between(day(2026, 1, 1), day(2026, 12, 31))));
        for wrong in ["13/2026", "2026", "0/2026", "11/26", "a/b", ""] {
            assert!(month(wrong).is_err(), "{wrong}");
        }
        for wrong in ["V/2026", "0/2026", "5/2026", "IV", "IV/1"] {
            assert!(quarter(wrong).is_err(), "{wrong}");
        }
        assert!(year("26").is_err() && year("99999").is_err() && year("năm nay").is_err());
    }
}
