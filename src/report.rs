//! What was done about complaints in a period: how many came, ended and are left; late, further rounds, causes and remedies.
//!
//! A complaint counts as open from its arrival until the day it ended. Everything here follows from dated facts, so the report of a
//! past period comes out the same whenever it is made, but for facts entered later.

mod detail;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Serialize;

use crate::calendar::Calendar;
use crate::case::{Case, Channel, Kind};
use crate::procedure::{Assessment, End, Spell};
use crate::register::Period;

pub use detail::{Answers, Late, Outcomes, Remedy, Step};

/// A case, and what follows from its facts.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// Its facts.
    pub case: &'a Case,
    /// When it was open.
    pub spells: Vec<Spell>,
    /// Where it stands.
    pub assessment: Assessment,
}

/// A case whose file is gone, with what the journals still say of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bare {
    /// When it was open.
    pub stretches: Vec<Stretch>,
    /// What is said in place of each group it belonged to.
    pub group: &'static str,
}

/// How many complaints were open, came and ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Open when the period began.
    pub open_at_start: u32,
    /// Arrived in it.
    pub received: u32,
    /// Taken up again in it after their end.
    pub taken_up_again: u32,
    /// Ended in it with an answer: agreed to, or not objected to.
    pub answered: u32,
    /// Refused in it as out of scope.
    pub refused: u32,
    /// Withdrawn in it.
    pub withdrawn: u32,
    /// Open when it ended.
    pub open_at_end: u32,
}

impl Counts {
    /// All that ended in the period.
    #[must_use]
    pub fn ended(&self) -> u32 {
        self.answered + self.refused + self.withdrawn
    }

    /// All that came in the period.
    #[must_use]
    pub fn came(&self) -> u32 {
        self.received + self.taken_up_again
    }

    /// Adds what happened in one stretch a complaint was open.
    fn add(&mut self, period: Period, place: usize, from: NaiveDate, end: Option<(End, NaiveDate)>) {
        // An end written before the beginning is an end on that day.
        let end = end.map(|(how, date)| (how, date.max(from)));
        let ended_by = |day: NaiveDate| end.is_some_and(|(_, date)| date <= day);
        let began_before = from < period.first;
        let ended_before = end.is_some_and(|(_, date)| date < period.first);
        self.open_at_start += u32::from(began_before && !ended_before);
        let began = u32::from(period.holds(from));
        if place == 0 {
            self.received += began;
        } else {
            self.taken_up_again += began;
        }
        if let Some((how, _)) = end.filter(|(_, date)| period.holds(*date)) {
            match how {
                End::Rejected => self.refused += 1,
                End::Withdrawn => self.withdrawn += 1,
                End::Agreed | End::SettledAtOnce | End::NoReaction => self.answered += 1,
            }
        }
        self.open_at_end += u32::from(from <= period.last && !ended_by(period.last));
    }
}

/// The counts of complaints that have something in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Group {
    /// What they have in common.
    pub name: String,
    /// How many.
    #[serde(flatten)]
    pub counts: Counts,
}

/// A report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The days it is of, up to today at most.
    pub period: Period,
    /// All complaints.
    pub counts: Counts,
    /// The same by month, or by week within one month.
    pub course: Vec<Group>,
    /// By the way they came.
    pub by_channel: Vec<Group>,
    /// By group (step 6).
    pub by_group: Vec<Group>,
    /// By who complains.
    pub by_kind: Vec<Group>,
    /// Answers that went out.
    pub answers: Answers,
    /// What these said to the requests.
    pub outcomes: Outcomes,
    /// Terms missed.
    pub late: Vec<Late>,
    /// Further rounds opened.
    pub further: Vec<Step>,
    /// Causes found and measures promised in answers that went out.
    pub remedies: Vec<Remedy>,
    /// Cases that say neither when they arrived nor when they were entered; they are not counted.
    pub undated: Vec<String>,
}

/// Weeks of a period no longer than this are told apart, months of a longer one.
const LONGEST_BY_WEEK: i64 = 45;
/// Months of a period no longer than this are told apart, years of a longer one.
const MOST_MONTHS: usize = 24;
/// More parts than this say nothing any more, and are left out.
const MOST_PARTS: usize = 40;
/// What is not on file.
pub const NOT_TOLD: &str = "chưa ghi";
const NOT_CLASSIFIED: &str = "chưa phân loại";

/// A stretch a complaint was open whose beginning is known.
pub type Stretch = (NaiveDate, Option<(End, NaiveDate)>);

/// When each stretch began, the first by the day of entry where the arrival is not on file; nothing where neither is.
#[must_use]
pub fn dated(case: &Case, spells: &[Spell]) -> Option<Vec<Stretch>> {
    let entered = case.intake.as_ref().and_then(|intake| intake.entered).map(|date| date.0);
    let mut last = None;
    let mut all = Vec::new();
    for spell in spells {
        let from = spell.from.or(last).or(entered)?;
        last = spell.end.map(|(_, date)| date.max(from)).or(Some(from));
        all.push((from, spell.end));
    }
    Some(all)
}

/// Counts complaints, each by the stretches it was open.
fn counted(complaints: impl Iterator<Item = Vec<Stretch>>, period: Period) -> Counts {
    let mut counts = Counts::default();
    for stretches in complaints {
        for (place, (from, end)) in stretches.into_iter().enumerate() {
            counts.add(period, place, from, end);
        }
    }
    counts
}

fn stretches(entry: &Entry<'_>) -> Vec<Stretch> {
    dated(entry.case, &entry.spells).unwrap_or_default()
}

/// The counts of each group, in the order of the keys, then those whose group nobody knows any more; groups without anything in the
/// period are left out.
fn grouped<K: Ord>(
    entries: &[Entry<'_>],
    bare: &[Bare],
    period: Period,
    key: impl Fn(&Case) -> K,
    name: impl Fn(&K) -> String,
) -> Vec<Group> {
    let mut groups: BTreeMap<K, Vec<&Entry<'_>>> = BTreeMap::new();
    for entry in entries {
        groups.entry(key(entry.case)).or_default().push(entry);
    }
    let group = |(key, entries): (K, Vec<&Entry<'_>>)| Group {
        name: name(&key),
        counts: counted(entries.into_iter().map(stretches), period),
    };
    let mut groups: Vec<Group> = groups.into_iter().map(group).collect();
    // What is not told comes last, whatever it would sort to.
    groups.sort_by_key(|group| [NOT_TOLD, NOT_CLASSIFIED].contains(&group.name.as_str()));
    let names: BTreeSet<&'static str> = bare.iter().map(|one| one.group).collect();
    groups.extend(names.into_iter().map(|name| {
        let own = bare.iter().filter(|one| one.group == name);
        Group { name: name.to_owned(), counts: counted(own.map(|one| one.stretches.clone()), period) }
    }));
    groups.retain(|group| group.counts != Counts::default());
    groups
}

/// The period in parts: weeks of a short one, months, years of a long one; each with what it is called.
fn parts(period: Period) -> Vec<(String, Period)> {
    let days = (period.last - period.first).num_days() + 1;
    if days <= LONGEST_BY_WEEK {
        let mut parts = Vec::new();
        let mut first = period.first;
        while first <= period.last {
            let last = first.checked_add_days(chrono::Days::new(6)).unwrap_or(first).min(period.last);
            parts.push((format!("{}–{}", first.format("%d/%m"), last.format("%d/%m")), Period::between(first, last)));
            match last.succ_opt() {
                Some(next) => first = next,
                None => break,
            }
        }
        return parts;
    }
    let months = period.months();
    if months.len() <= MOST_MONTHS {
        return months.into_iter().map(|month| (format!("tháng {}", month.first.format("%m/%Y")), month)).collect();
    }
    let mut years: Vec<(String, Period)> = Vec::new();
    for month in months {
        let name = format!("năm {}", month.first.format("%Y"));
        match years.last_mut() {
            Some((last, year)) if *last == name => year.last = month.last,
            _ => years.push((name, month)),
        }
    }
    years
}

/// A group as clerks write it in the file, as words.
fn readable(group: &str) -> String {
    group.replace('_', " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Report {
    /// The report of a period, up to `today` where that comes before its end. Of `bare` ones only the counts are known.
    #[must_use]
    pub fn new(entries: &[Entry<'_>], bare: &[Bare], period: Period, calendar: &Calendar, today: NaiveDate) -> Self {
        let period = Period { last: period.last.min(today).max(period.first), ..period };
        let channel = |case: &Case| case.intake.as_ref().and_then(|intake| intake.channel);
        let kind = |case: &Case| case.complainant.as_ref().and_then(|complainant| complainant.kind);
        let group = |case: &Case| {
            let group = case.classification.as_ref().and_then(|found| found.group.as_ref());
            group.map(|group| readable(&group.to_string())).filter(|group| !group.is_empty())
        };
        let all = |period| {
            let bare = bare.iter().map(|one| one.stretches.clone());
            counted(entries.iter().map(stretches).chain(bare), period)
        };
        let mut course = parts(period);
        if course.len() > MOST_PARTS {
            course.clear();
        }
        let course = course.into_iter().map(|(name, part)| Group { name, counts: all(part) });
        let undated = entries
            .iter()
            .filter(|entry| dated(entry.case, &entry.spells).is_none())
            .map(|entry| entry.case.code.to_string());
        Self {
            period,
            counts: all(period),
            course: course.collect(),
            by_channel: grouped(entries, bare, period, channel, |key| key.map_or(NOT_TOLD, Channel::text).to_owned()),
            by_group: grouped(entries, bare, period, group, |key| {
                key.clone().unwrap_or_else(|| NOT_CLASSIFIED.to_owned())
            }),
            by_kind: grouped(entries, bare, period, kind, |key| key.map_or(NOT_TOLD, Kind::text).to_owned()),
            answers: detail::answers(entries, period),
            outcomes: detail::outcomes(entries, period),
            late: detail::late(entries, period, calendar),
            further: detail::further(entries, period),
            remedies: detail::remedies(entries, period),
            undated: undated.collect(),
        }
    }
}
