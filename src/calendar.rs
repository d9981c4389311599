//! Working days.
//!
//! The day of the event is day 0 and day 1 is the next working day (Civil Code 2015, Art. 147–148). Three layers of data
//! decide whether a day is worked, later ones win:
//!
//! 1. the statute (`luat.yaml`): Labour Code 2019, Art. 112 with make-up days by Art. 111, Resolution 28/2026/QH16;
//! 2. the notice of a year (`2026.yaml`), which replaces the statute's holidays for that year;
//! 3. the company's own choice (`rieng.yaml`).
//!
//! Years without a notice are computed from the statute and each count that uses one says so. Two choices the law leaves
//! to the notice are made as follows: Tết is the last day of the old lunar year and the first four of the new one (data,
//! `luat.yaml`); the day beside 2/9 is the one that makes the longer rest, then the one that is a working weekday, then
//! 1/9. Lunar dates are a table for 2000–2100, computed with Hồ Ngọc Đức's algorithm at UTC+7; outside it only the solar
//! holidays count, with a remark.

mod builtin;
mod file;
mod layers;
mod statute;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::diagnostic::{Diagnostic, code};
use file::Own;
use layers::{Layers, Mark, Year};
use statute::{Statute, weekday_name};

/// Longest term, in working days.
pub const MAX_DAYS: u32 = 10_000;

/// Years whose notice is built in.
pub const BUILTIN_YEARS: std::ops::RangeInclusive<i32> = 2024..=2027;

/// Name of the file with the company's own choice.
pub const OWN_FILE: &str = "rieng.yaml";

/// Name of the file that replaces the built-in statute.
pub const STATUTE_FILE: &str = "luat.yaml";

/// Whether swapped days (a weekday off against a worked Saturday) are followed; they bind only state bodies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Swaps {
    /// The weekday is off, the Saturday worked.
    #[default]
    #[serde(rename = "theo")]
    Follow,
    /// As if no swap had been announced.
    #[serde(rename = "khong_theo")]
    Ignore,
}

impl std::str::FromStr for Swaps {
    type Err = String;

    /// Reads the command line's `follow|ignore` and the settings' `theo|khong_theo`.
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "follow" | "theo" => Ok(Self::Follow),
            "ignore" | "khong_theo" => Ok(Self::Ignore),
            _ => Err("chọn follow (theo lịch hoán đổi) hoặc ignore (không theo)".to_owned()),
        }
    }
}

/// A term that cannot be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OutOfRange {
    /// More days than [`MAX_DAYS`].
    #[error("thời hạn {0} ngày làm việc quá dài; nhiều nhất {MAX_DAYS} ngày")]
    TooManyDays(u32),
    /// A date before year 1 or after year 9999.
    #[error("thời hạn rơi ra ngoài các năm 1–9999; xem lại ngày bắt đầu")]
    Date,
}

/// One day: worked or not, and why it is not as its weekday says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Day {
    /// Whether it counts as a working day.
    pub working: bool,
    /// Vietnamese reason; always there for a day off, and for a weekly day off that is worked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A day that was passed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Skipped {
    /// The day off.
    pub date: NaiveDate,
    /// Vietnamese reason.
    pub reason: String,
}

/// A term counted day by day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Count {
    /// Day of the event, day 0.
    pub from: NaiveDate,
    /// Working days asked for.
    pub days: u32,
    /// The day the term ends at its close.
    pub end: NaiveDate,
    /// Days 1, 2, … of the term.
    pub counted: Vec<NaiveDate>,
    /// Days passed over before the end.
    pub skipped: Vec<Skipped>,
    /// What a reader must know about this count, in Vietnamese.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
}

/// Working days under the statute, the notices and the company's own choice.
#[derive(Debug, Clone)]
pub struct Calendar {
    swaps: Swaps,
    layers: Layers,
    following: BTreeMap<i32, Year>,
    ignoring: BTreeMap<i32, Year>,
    warnings: Vec<Diagnostic>,
}

impl Calendar {
    /// The calendar of the built-in data alone.
    #[must_use]
    pub fn builtin(swaps: Swaps) -> Self {
        let mut found = Vec::new();
        let statute = file::statute(STATUTE_FILE, builtin::STATUTE, &mut found).unwrap_or_else(Statute::weekends);
        let notices = builtin::NOTICES
            .iter()
            .filter_map(|(year, text)| {
                let notice = file::notice(&format!("{year}.yaml"), text, *year, &statute, &mut found)?;
                Some((*year, notice))
            })
            .collect();
        let layers = Layers { statute, notices, own: Own::default() };
        let (following, ignoring) = layers.years();
        Self { swaps, layers, following, ignoring, warnings: found }
    }

    /// The built-in calendar with a workspace's files (name, text) over it; an absent year keeps its built-in notice.
    ///
    /// # Errors
    /// Every fault of every file, warnings included.
    pub fn load(files: &[(String, String)], swaps: Swaps) -> Result<Self, Vec<Diagnostic>> {
        let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        Self::builtin(swaps).with_files(&files)
    }

    /// This calendar with `files` (name, text) over it: `2026.yaml`, [`OWN_FILE`], [`STATUTE_FILE`], in any order.
    /// A name without `.yaml` or `.yml` is passed over, an unknown one is a warning.
    ///
    /// # Errors
    /// Every fault of every file, warnings included; nothing is applied in part.
    pub fn with_files(mut self, files: &[(&str, &str)]) -> Result<Self, Vec<Diagnostic>> {
        let mut found = Vec::new();
        let mut notices = BTreeMap::new();
        let mut seen: BTreeMap<String, &str> = BTreeMap::new();
        let mut statutes = Vec::new();
        let mut owns = Vec::new();
        for &(name, text) in files {
            let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
            let stem = base.strip_suffix(".yaml").or_else(|| base.strip_suffix(".yml"));
            let digits = stem.filter(|stem| stem.len() == 4 && stem.bytes().all(|byte| byte.is_ascii_digit()));
            let year = digits.and_then(|digits| digits.parse::<u16>().ok());
            match (stem, year) {
                (_, Some(year)) if year > 0 => drop(notices.insert(i32::from(year), (name, text))),
                (Some("rieng"), _) => owns.push((name, text)),
                (Some("luat"), _) => statutes.push((name, text)),
                // Editors and file servers leave other files about; they are no calendar.
                (None, _) => continue,
                _ if base.starts_with(['.', '~']) => continue,
                _ => {
                    let message = format!("tệp lịch “{base}” không được dùng: tên không phải là một năm");
                    let hint =
                        format!("đặt tên như 2026.yaml, {OWN_FILE} hoặc {STATUTE_FILE}; nếu là bản sao thừa thì xóa");
                    found.push(Diagnostic::warning(code::CALENDAR_FILE_NAME, message).hint(hint).in_file(name));
                    continue;
                }
            }
            if let Some(first) = seen.insert(stem.unwrap_or(base).to_owned(), name) {
                let message = format!("hai tệp lịch dùng cho cùng một việc: “{first}” và “{name}”");
                let finding = Diagnostic::error(code::CALENDAR_TWICE, message);
                found.push(finding.hint("giữ một tệp, xóa tệp kia").in_file(name));
            }
        }
        for (name, text) in statutes {
            self.layers.statute = file::statute(name, text, &mut found).unwrap_or(self.layers.statute);
        }
        for (year, (name, text)) in notices {
            if let Some(notice) = file::notice(name, text, year, &self.layers.statute, &mut found) {
                self.layers.notices.insert(year, notice);
            }
        }
        for (name, text) in owns {
            self.layers.own = file::own(name, text, &mut found).unwrap_or(self.layers.own);
        }
        if found.iter().any(Diagnostic::is_error) {
            return Err(found);
        }
        self.warnings.extend(found);
        (self.following, self.ignoring) = self.layers.years();
        Ok(self)
    }

    /// Findings that do not keep the calendar from being used, such as a notice that leaves out a public holiday.
    #[must_use]
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// The attitude to swaps.
    #[must_use]
    pub fn swaps(&self) -> Swaps {
        self.swaps
    }

    /// Whether the year has a notice, so that its days off are announced and not computed.
    #[must_use]
    pub fn has_notice(&self, year: i32) -> bool {
        self.layers.has_notice(year)
    }

    /// Whether the day is worked, and why.
    #[must_use]
    pub fn day(&self, date: NaiveDate) -> Day {
        let mut walk = Walk::new(self, self.swaps, date);
        let (working, reason) = walk.see(date);
        Day { working, reason: reason.map(Cow::into_owned) }
    }

    /// Whether the day is worked.
    #[must_use]
    pub fn is_working(&self, date: NaiveDate) -> bool {
        Walk::new(self, self.swaps, date).see(date).0
    }

    /// `date` itself when worked, else the next working day.
    #[must_use]
    pub fn next_working(&self, date: NaiveDate) -> NaiveDate {
        let mut walk = Walk::new(self, self.swaps, date);
        date.iter_days().find(|day| walk.see(*day).0).unwrap_or(date)
    }

    /// Counts `days` working days from `from` (day 0); `days` = 0 gives `from`, moved to the next working day when off.
    ///
    /// # Errors
    /// More than [`MAX_DAYS`], or a date outside the years 1–9999.
    pub fn count(&self, from: NaiveDate, days: u32) -> Result<Count, OutOfRange> {
        if days > MAX_DAYS {
            return Err(OutOfRange::TooManyDays(days));
        }
        let (count, complete) = self.run(self.swaps, from, days);
        if complete && from.year() >= 1 { Ok(count) } else { Err(OutOfRange::Date) }
    }

    /// As [`Calendar::count`], for terms from checked settings: a count that cannot be finished stops and says so in a remark.
    #[must_use]
    pub fn add_working_days(&self, from: NaiveDate, days: u32) -> Count {
        let (mut count, complete) = self.run(self.swaps, from, days.min(MAX_DAYS));
        if !complete || days > MAX_DAYS {
            count.days = days;
            count.remarks.push(format!(
                "không tính được đủ {days} ngày làm việc từ {}; dừng ở ngày {}",
                from.format("%d/%m/%Y"),
                count.end.format("%d/%m/%Y")
            ));
        }
        count
    }

    /// The ends of the same term following and ignoring swaps, whatever this calendar's own attitude.
    #[must_use]
    pub fn both(&self, from: NaiveDate, days: u32) -> (NaiveDate, NaiveDate) {
        let days = days.min(MAX_DAYS);
        (self.run(Swaps::Follow, from, days).0.end, self.run(Swaps::Ignore, from, days).0.end)
    }

    /// The `days`-th working day before `end`; `days` = 0 gives `end`, moved to the working day before when off.
    #[must_use]
    pub fn subtract_working_days(&self, end: NaiveDate, days: u32) -> NaiveDate {
        let mut walk = Walk::new(self, self.swaps, end);
        let start = if days == 0 { Some(end) } else { end.pred_opt() };
        let earlier = std::iter::successors(start, NaiveDate::pred_opt);
        let nth = days.clamp(1, MAX_DAYS) as usize - 1;
        earlier.take_while(|day| day.year() >= 1).filter(|day| walk.see(*day).0).nth(nth).unwrap_or(end)
    }

    /// Working days after `from` up to and with `to`; negative when `to` comes first.
    #[must_use]
    pub fn working_days_between(&self, from: NaiveDate, to: NaiveDate) -> i64 {
        let (first, last, sign) = if from <= to { (from, to, 1) } else { (to, from, -1) };
        let mut walk = Walk::new(self, self.swaps, first);
        let mut total = 0;
        for day in first.iter_days().skip(1).take_while(|day| *day <= last) {
            total += i64::from(walk.see(day).0);
        }
        total * sign
    }

    /// A digest of everything that decides a date; it changes when, and only when, the calendar's content does.
    #[must_use]
    pub fn digest(&self) -> String {
        let content = format!("{:?}\n{:?}\n{:?}\n{:?}", self.swaps, self.layers.statute, self.following, self.ignoring);
        crate::fs::sha256(content.as_bytes())
    }

    /// Counts; the flag says whether the term was counted to its end.
    fn run(&self, swaps: Swaps, from: NaiveDate, days: u32) -> (Count, bool) {
        let mut count = Count { from, days, end: from, counted: Vec::new(), skipped: Vec::new(), remarks: Vec::new() };
        let mut walk = Walk::new(self, swaps, from);
        let first = u64::from(days > 0);
        let mut next = from.checked_add_days(Days::new(first));
        while let Some(day) = next.filter(|day| day.year() <= 9999) {
            match walk.see(day) {
                (true, _) if days == 0 => {
                    count.end = day;
                    count.remarks = walk.remarks;
                    return (count, true);
                }
                (true, _) => {
                    count.end = day;
                    count.counted.push(day);
                    if count.counted.len() == days as usize {
                        count.remarks = walk.remarks;
                        return (count, true);
                    }
                }
                (false, reason) => {
                    count.skipped.push(Skipped { date: day, reason: reason.map(Cow::into_owned).unwrap_or_default() })
                }
            }
            next = day.succ_opt();
        }
        count.remarks = walk.remarks;
        (count, false)
    }
}

/// Looks at days one after the other, keeping the year at hand and the remarks of the years seen.
struct Walk<'a> {
    calendar: &'a Calendar,
    swaps: Swaps,
    number: i32,
    year: Cow<'a, Year>,
    noted: Option<i32>,
    remarks: Vec<String>,
}

impl<'a> Walk<'a> {
    fn new(calendar: &'a Calendar, swaps: Swaps, start: NaiveDate) -> Self {
        let year = Self::open(calendar, swaps, start.year());
        Self { calendar, swaps, number: start.year(), year, noted: None, remarks: Vec::new() }
    }

    fn open(calendar: &'a Calendar, swaps: Swaps, number: i32) -> Cow<'a, Year> {
        let years = match swaps {
            Swaps::Follow => &calendar.following,
            Swaps::Ignore => &calendar.ignoring,
        };
        years.get(&number).map_or_else(|| Cow::Owned(calendar.layers.year(number, swaps)), Cow::Borrowed)
    }

    /// Whether the day is worked, and the reason where it is off or worked against its weekday.
    fn see(&mut self, date: NaiveDate) -> (bool, Option<Cow<'_, str>>) {
        if date.year() != self.number {
            self.number = date.year();
            self.year = Self::open(self.calendar, self.swaps, self.number);
        }
        if self.noted != Some(self.number) {
            self.noted = Some(self.number);
            self.remarks.extend_from_slice(&self.year.remarks);
        }
        let weekly = self.calendar.layers.statute.is_weekly_off(date);
        match self.year.marks.get(&date) {
            Some(Mark::Off(reason)) => (false, Some(Cow::Borrowed(reason))),
            Some(Mark::Work(reason)) => (true, Some(Cow::Borrowed(reason))),
            None if weekly => (false, Some(Cow::Borrowed(weekday_name(date)))),
            None => (true, None),
        }
    }
}

/// The commented text that a new workspace gets as `lich/<year>.yaml`: the built-in notice, or, for a year without one, the
/// days computed from the statute, marked provisional.
#[must_use]
pub fn template(year: i32) -> String {
    match builtin::NOTICES.iter().find(|(known, _)| *known == year) {
        Some((_, text)) => (*text).to_owned(),
        None => builtin::provisional(&Calendar::builtin(Swaps::Follow).layers.statute, year),
    }
}

/// The commented text that a new workspace gets as `lich/rieng.yaml`; as it stands it chooses nothing.
#[must_use]
pub fn own_template() -> &'static str {
    builtin::OWN
}
