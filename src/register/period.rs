//! The stretch of days a book or a report is made for.

use chrono::{Datelike, Days, NaiveDate};

use crate::letter::wording;

/// Days from the first to the last, both counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// First day.
    pub first: NaiveDate,
    /// Last day.
    pub last: NaiveDate,
}

const QUARTERS: [&str; 4] = ["I", "II", "III", "IV"];

/// The day before the first of the month `months` after this one.
fn end_of(first: NaiveDate, months: u32) -> NaiveDate {
    first
        .checked_add_months(chrono::Months::new(months))
        .and_then(|next| next.checked_sub_days(Days::new(1)))
        .unwrap_or(first)
}

impl Period {
    /// From one day to another.
    #[must_use]
    pub fn between(first: NaiveDate, last: NaiveDate) -> Self {
        Self { first, last }
    }

    /// The month a day lies in.
    #[must_use]
    pub fn month(day: NaiveDate) -> Self {
        let first = day.with_day(1).unwrap_or(day);
        Self { first, last: end_of(first, 1) }
    }

    /// A quarter, from 1 to 4.
    #[must_use]
    pub fn quarter(year: i32, quarter: u32) -> Self {
        let first = NaiveDate::from_ymd_opt(year, 3 * quarter.clamp(1, 4) - 2, 1).unwrap_or_default();
        Self { first, last: end_of(first, 3) }
    }

    /// A year.
    #[must_use]
    pub fn year(year: i32) -> Self {
        let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default();
        Self { first, last: end_of(first, 12) }
    }

    /// Whether the day lies in it.
    #[must_use]
    pub fn holds(&self, day: NaiveDate) -> bool {
        (self.first..=self.last).contains(&day)
    }

    /// The months it touches, each as a period cut to this one.
    #[must_use]
    pub fn months(&self) -> Vec<Self> {
        let mut months = Vec::new();
        let mut first = self.first;
        while first <= self.last {
            let last = Self::month(first).last.min(self.last);
            months.push(Self { first, last });
            match last.succ_opt() {
                Some(next) => first = next,
                None => break,
            }
        }
        months
    }

    /// What it is called: "tháng 11 năm 2026", "quý IV năm 2026", "năm 2026", "từ ngày 05 tháng 10 năm 2026 đến ngày …".
    #[must_use]
    pub fn text(&self) -> String {
        let year = self.first.year();
        let quarter = self.first.month0() / 3;
        if *self == Self::month(self.first) {
            wording::month_and_year(self.first)
        } else if *self == Self::quarter(year, quarter + 1) {
            format!("quý {} năm {year}", QUARTERS.get(quarter as usize).copied().unwrap_or_default())
        } else if *self == Self::year(year) {
            format!("năm {year}")
        } else {
            format!("từ {} đến {}", wording::long_date(self.first), wording::long_date(self.last))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn periods_end_where_the_calendar_says() {
        for (period, first, last, text) in [
            (Period::month(day(2028, 2, 10)), day(2028, 2, 1), day(2028, 2, 29), "tháng 02 năm 2028"),
            (Period::month(day(2026, 12, 31)), day(2026, 12, 1), day(2026, 12, 31), "tháng 12 năm 2026"),
            (Period::quarter(2026, 4), day(2026, 10, 1), day(2026, 12, 31), "quý IV năm 2026"),
            (Period::quarter(2026, 1), day(2026, 1, 1), day(2026, 3, 31), "quý I năm 2026"),
            (Period::year(2026), day(2026, 1, 1), day(2026, 12, 31), "năm 2026"),
            (
                Period::between(day(2026, 10, 5), day(2026, 11, 20)),
                day(2026, 10, 5),
                day(2026, 11, 20),
                "từ ngày 05 tháng 10 năm 2026 đến ngày 20 tháng 11 năm 2026",
            ),
        ] {
            assert_eq!((period.first, period.last, period.text().as_str()), (first, last, text));
            assert!(period.holds(first) && period.holds(last));
            assert!(!period.holds(first.pred_opt().unwrap()) && !period.holds(last.succ_opt().unwrap()));
        }
        let months = Period::between(day(2026, 10, 5), day(2026, 12, 1)).months();
        assert_eq!(
            months,
            [
                Period::between(day(2026, 10, 5), day(2026, 10, 31)),
                Period::month(day(2026, 11, 1)),
                Period::between(day(2026, 12, 1), day(2026, 12, 1))
            ]
        );
    }
}
