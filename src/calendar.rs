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
mod statute;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::diagnostic::{Diagnostic, code};
use file::{Notice, Own};
use statute::{Holidays, Statute, weekday_name};

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

/// What is known of a day beyond its weekday.
#[derive(Debug, Clone)]
enum Mark {
    Off(String),
    Work(String),
}

/// One year with all layers applied.
#[derive(Debug, Clone, Default)]
struct Year {
    marks: BTreeMap<NaiveDate, Mark>,
    remarks: Vec<String>,
}

/// Working days under the statute, the notices and the company's own choice.
#[derive(Debug, Clone)]
pub struct Calendar {
    swaps: Swaps,
    statute: Statute,
    notices: BTreeMap<i32, Notice>,
    own: Own,
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
        let mut calendar = Self {
            swaps,
            statute,
            notices,
            own: Own::default(),
            following: BTreeMap::new(),
            ignoring: BTreeMap::new(),
            warnings: found,
        };
        calendar.compute();
        calendar
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
            let year = stem.filter(|stem| stem.len() == 4).and_then(|stem| stem.parse::<u16>().ok());
            match (stem, year) {
                (_, Some(year)) if year > 0 => drop(notices.insert(i32::from(year), (name, text))),
                (Some("rieng"), _) => owns.push((name, text)),
                (Some("luat"), _) => statutes.push((name, text)),
                _ => {
                    found.push(
                        Diagnostic::error(code::CALENDAR_FILE_NAME, format!("không rõ tệp lịch “{base}” dùng để làm gì"))
                            .hint(format!(
                                "đặt tên theo năm như 2026.yaml, hoặc {OWN_FILE} (lịch riêng), {STATUTE_FILE} (luật); nếu là bản sao thừa thì xóa"
                            ))
                            .in_file(name),
                    );
                    continue;
                }
            }
            if let Some(first) = seen.insert(stem.unwrap_or(base).to_owned(), name) {
                found.push(
                    Diagnostic::error(
                        code::CALENDAR_TWICE,
                        format!("hai tệp lịch dùng cho cùng một việc: “{first}” và “{name}”"),
                    )
                    .hint("giữ một tệp, xóa tệp kia")
                    .in_file(name),
                );
            }
        }
        for (name, text) in statutes {
            self.statute = file::statute(name, text, &mut found).unwrap_or(self.statute);
        }
        for (year, (name, text)) in notices {
            if let Some(notice) = file::notice(name, text, year, &self.statute, &mut found) {
                self.notices.insert(year, notice);
            }
        }
        for (name, text) in owns {
            self.own = file::own(name, text, &mut found).unwrap_or(self.own);
        }
        if found.iter().any(Diagnostic::is_error) {
            return Err(found);
        }
        self.warnings.extend(found);
        self.compute();
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
        self.notices.get(&year).is_some_and(|notice| !notice.provisional)
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
        let content = format!("{:?}\n{:?}\n{:?}\n{:?}", self.swaps, self.statute, self.following, self.ignoring);
        crate::fs::sha256(content.as_bytes())
    }

    /// Computes every year the data speaks of.
    fn compute(&mut self) {
        let own = self.own.off.keys().chain(self.own.work.keys()).map(Datelike::year);
        let swapped = self.notices.values().flat_map(|notice| &notice.swaps).flat_map(|(a, b)| [a.year(), b.year()]);
        let years: BTreeSet<i32> =
            self.statute.lunar.keys().chain(self.notices.keys()).copied().chain(own).chain(swapped).collect();
        let mut computed = BTreeMap::new();
        self.following = years.iter().map(|year| (*year, self.year(*year, Swaps::Follow, &mut computed))).collect();
        self.ignoring = years.iter().map(|year| (*year, self.year(*year, Swaps::Ignore, &mut computed))).collect();
    }

    /// One year, all layers applied; `computed` keeps what the statute gives, which neighbouring years need too.
    fn year(&self, year: i32, swaps: Swaps, computed: &mut BTreeMap<i32, Holidays>) -> Year {
        let mut result = Year::default();
        let notice = self.notices.get(&year);
        if let Some(notice) = notice {
            result.marks.extend(notice.off.iter().map(|(date, reason)| (*date, Mark::Off(reason.clone()))));
        } else {
            // A day made up, or taken beside a holiday, may lie across New Year.
            for source in [year.saturating_sub(1), year, year.saturating_add(1)] {
                if !self.notices.contains_key(&source) {
                    let holidays = computed.entry(source).or_insert_with(|| self.statute.holidays(source));
                    let own = holidays.off.iter().filter(|(date, _)| date.year() == year);
                    result.marks.extend(own.map(|(date, reason)| (*date, Mark::Off(reason.clone()))));
                    if source == year && !holidays.unknown.is_empty() {
                        let names = holidays.unknown.join(", ");
                        result.remarks.push(format!("chưa có ngày âm lịch năm {year}, chưa tính: {names}"));
                    }
                }
            }
        }
        if !self.has_notice(year) {
            result.remarks.insert(0, format!("lịch nghỉ năm {year} chưa có thông báo"));
        }
        if swaps == Swaps::Follow {
            for (day_off, worked) in self.notices.values().flat_map(|notice| &notice.swaps) {
                if day_off.year() == year {
                    result.marks.insert(*day_off, Mark::Off(format!("nghỉ hoán đổi cho {}", named(*worked))));
                }
                if worked.year() == year {
                    result.marks.insert(*worked, Mark::Work(format!("làm bù cho {}", named(*day_off))));
                }
            }
        }
        let of_year = |(date, _): &(&NaiveDate, &String)| date.year() == year;
        result.marks.extend(self.own.off.iter().filter(of_year).map(|(date, why)| (*date, Mark::Off(why.clone()))));
        result.marks.extend(self.own.work.iter().filter(of_year).map(|(date, why)| (*date, Mark::Work(why.clone()))));
        result
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

/// A date with its weekday, for a reason.
fn named(date: NaiveDate) -> String {
    format!("{} {}", weekday_name(date), date.format("%d/%m/%Y"))
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
        years.get(&number).map_or_else(|| Cow::Owned(calendar.year(number, swaps, &mut BTreeMap::new())), Cow::Borrowed)
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
        let weekly = self.calendar.statute.is_weekly_off(date);
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
        None => builtin::provisional(&Calendar::builtin(Swaps::Follow).statute, year),
    }
}

/// The commented text that a new workspace gets as `lich/rieng.yaml`; as it stands it chooses nothing.
#[must_use]
pub fn own_template() -> &'static str {
    builtin::OWN
}
