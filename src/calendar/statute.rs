//! Holidays computed from the law, for years without a notice.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// The law as data: weekly days off, holidays, make-up, lunar table.
#[derive(Debug, Clone)]
pub(super) struct Statute {
    /// Weekly days off, Monday first.
    pub(super) weekly: [bool; 7],
    /// Whether a holiday on a weekly day off is made up (Labour Code 2019, Art. 111).
    pub(super) make_up: bool,
    /// The holidays (Labour Code 2019, Art. 112).
    pub(super) holidays: Vec<Holiday>,
    /// Solar dates of lunar anchors: year → anchor → date.
    pub(super) lunar: BTreeMap<i32, BTreeMap<String, NaiveDate>>,
}

/// One holiday and the days around it that belong to it.
#[derive(Debug, Clone)]
pub(super) struct Holiday {
    /// Vietnamese name.
    pub(super) name: String,
    /// The day it is counted from.
    pub(super) anchor: Anchor,
    /// Days off before the anchor.
    pub(super) before: u64,
    /// Days off after the anchor.
    pub(super) after: u64,
    /// One more day beside the anchor: the one that makes the longer rest.
    pub(super) beside: bool,
    /// First year it applies.
    pub(super) from_year: Option<i32>,
}

/// What a holiday is counted from.
#[derive(Debug, Clone)]
pub(super) enum Anchor {
    /// Month and day of the solar year.
    Solar(u32, u32),
    /// A column of the lunar table.
    Lunar(String),
}

/// The days off of one year's holidays.
#[derive(Debug, Clone, Default)]
pub(super) struct Holidays {
    /// Date → reason; a make-up day may lie in the next year.
    pub(super) off: BTreeMap<NaiveDate, String>,
    /// Names of holidays whose lunar date the table lacks.
    pub(super) unknown: Vec<String>,
}

impl Statute {
    /// Saturdays and Sundays off and nothing else.
    pub(super) fn weekends() -> Self {
        let weekly = [false, false, false, false, false, true, true];
        Self { weekly, make_up: true, holidays: Vec::new(), lunar: BTreeMap::new() }
    }

    /// Whether the date is a weekly day off.
    pub(super) fn is_weekly_off(&self, date: NaiveDate) -> bool {
        self.weekly[date.weekday().num_days_from_monday() as usize]
    }

    /// The holiday's anchor in `year`; `None` where it does not apply or the table lacks it.
    pub(super) fn anchor(&self, holiday: &Holiday, year: i32) -> Option<NaiveDate> {
        if holiday.from_year.is_some_and(|first| year < first) {
            return None;
        }
        match &holiday.anchor {
            Anchor::Solar(month, day) => NaiveDate::from_ymd_opt(year, *month, *day),
            Anchor::Lunar(column) => self.lunar.get(&year)?.get(column).copied(),
        }
    }

    /// Days off of the holidays of `year`, made up where they fall on weekly days off.
    pub(super) fn holidays(&self, year: i32) -> Holidays {
        let mut named: BTreeMap<NaiveDate, Vec<&str>> = BTreeMap::new();
        let mut unknown = Vec::new();
        let mut beside = Vec::new();
        for holiday in &self.holidays {
            let Some(anchor) = self.anchor(holiday, year) else {
                if matches!(holiday.anchor, Anchor::Lunar(_)) && holiday.from_year.is_none_or(|first| first <= year) {
                    unknown.push(holiday.name.clone());
                }
                continue;
            };
            let first = anchor.checked_sub_days(Days::new(holiday.before)).unwrap_or(anchor);
            let last = anchor.checked_add_days(Days::new(holiday.after)).unwrap_or(anchor);
            for date in first.iter_days().take_while(|date| *date <= last) {
                let names = named.entry(date).or_default();
                if !names.contains(&holiday.name.as_str()) {
                    names.push(&holiday.name);
                }
            }
            if holiday.beside {
                beside.push((anchor, holiday.name.as_str()));
            }
        }
        for (anchor, name) in beside {
            let taken: BTreeSet<NaiveDate> = named.keys().copied().collect();
            if let Some(day) = self.day_beside(anchor, &taken) {
                named.entry(day).or_default().push(name);
            }
        }
        let taken: BTreeSet<NaiveDate> = named.keys().copied().collect();
        let mut off: BTreeMap<NaiveDate, String> =
            named.iter().map(|(date, names)| (*date, names.join(" và "))).collect();
        for (holiday, day) in self.made_up(&taken) {
            let reason = format!("nghỉ bù {} ({})", off[&holiday], holiday.format("%d/%m/%Y"));
            off.insert(day, reason);
        }
        Holidays { off, unknown }
    }

    /// Of the days before and after `anchor`, the one that makes the longer rest; when equal, a working weekday goes first,
    /// then the day before. This choice agrees with the notices for 2/9 of 2021–2027.
    fn day_beside(&self, anchor: NaiveDate, taken: &BTreeSet<NaiveDate>) -> Option<NaiveDate> {
        let before = anchor.pred_opt().filter(|day| !taken.contains(day));
        let after = anchor.succ_opt().filter(|day| !taken.contains(day));
        let worth = |day: NaiveDate| {
            let mut set = taken.clone();
            set.insert(day);
            (self.rest_around(anchor, &set), !self.is_weekly_off(day))
        };
        match (before, after) {
            (Some(before), Some(after)) => Some(if worth(after) > worth(before) { after } else { before }),
            (one, other) => one.or(other),
        }
    }

    /// Length in days of the unbroken rest around `day`, make-up days included.
    fn rest_around(&self, day: NaiveDate, holidays: &BTreeSet<NaiveDate>) -> usize {
        let mut off = holidays.clone();
        off.extend(self.made_up(holidays).into_iter().map(|(_, made_up)| made_up));
        let rests = |date: &NaiveDate| off.contains(date) || self.is_weekly_off(*date);
        let forward = day.iter_days().take_while(rests).count();
        let backward = std::iter::successors(day.pred_opt(), NaiveDate::pred_opt).take_while(rests).count();
        forward + backward
    }

    /// Pairs of a holiday on a weekly day off and the working day that makes it up (Art. 111).
    fn made_up(&self, holidays: &BTreeSet<NaiveDate>) -> Vec<(NaiveDate, NaiveDate)> {
        let mut pairs: Vec<(NaiveDate, NaiveDate)> = Vec::new();
        if !self.make_up {
            return pairs;
        }
        for holiday in holidays.iter().copied().filter(|date| self.is_weekly_off(*date)) {
            let free = |day: &NaiveDate| {
                !self.is_weekly_off(*day) && !holidays.contains(day) && pairs.iter().all(|(_, made_up)| made_up != day)
            };
            if let Some(day) = holiday.iter_days().skip(1).find(free) {
                pairs.push((holiday, day));
            }
        }
        pairs
    }
}

/// Vietnamese name of a weekday as it stands inside a sentence.
pub(super) fn weekday_name(date: NaiveDate) -> &'static str {
    match date.weekday() {
        Weekday::Mon => "thứ Hai",
        Weekday::Tue => "thứ Ba",
        Weekday::Wed => "thứ Tư",
        Weekday::Thu => "thứ Năm",
        Weekday::Fri => "thứ Sáu",
        Weekday::Sat => "thứ Bảy",
        Weekday::Sun => "Chủ nhật",
    }
}
