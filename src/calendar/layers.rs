//! The three layers, and each year as they make it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};

use super::Swaps;
use super::file::{Notice, Own};
use super::statute::{Holidays, Statute, weekday_name};

/// What is known of a day beyond its weekday.
#[derive(Debug, Clone)]
pub(super) enum Mark {
    /// Off, and why.
    Off(String),
    /// Worked, and why.
    Work(String),
}

/// One year with all layers applied.
#[derive(Debug, Clone, Default)]
pub(super) struct Year {
    /// Days that differ from their weekday, or have a better reason.
    pub(super) marks: BTreeMap<NaiveDate, Mark>,
    /// What a reader must know of this year.
    pub(super) remarks: Vec<String>,
}

/// Statute, notices and own choice; later ones win.
#[derive(Debug, Clone)]
pub(super) struct Layers {
    /// The law.
    pub(super) statute: Statute,
    /// Notices by year.
    pub(super) notices: BTreeMap<i32, Notice>,
    /// The company's own choice.
    pub(super) own: Own,
}

impl Layers {
    /// Every year the data speaks of, following and ignoring swaps.
    pub(super) fn years(&self) -> (BTreeMap<i32, Year>, BTreeMap<i32, Year>) {
        let own = self.own.off.keys().chain(self.own.work.keys()).map(Datelike::year);
        let swapped = self.notices.values().flat_map(|notice| &notice.swaps).flat_map(|(a, b)| [a.year(), b.year()]);
        let years: BTreeSet<i32> =
            self.statute.lunar.keys().chain(self.notices.keys()).copied().chain(own).chain(swapped).collect();
        let mut computed = BTreeMap::new();
        let mut under = |swaps| years.iter().map(|year| (*year, self.compute(*year, swaps, &mut computed))).collect();
        (under(Swaps::Follow), under(Swaps::Ignore))
    }

    /// Any year, also one the data does not speak of.
    pub(super) fn year(&self, year: i32, swaps: Swaps) -> Year {
        self.compute(year, swaps, &mut BTreeMap::new())
    }

    /// Whether the year has a notice that is not provisional.
    pub(super) fn has_notice(&self, year: i32) -> bool {
        self.notices.get(&year).is_some_and(|notice| !notice.provisional)
    }

    /// One year, all layers applied; `computed` keeps what the statute gives, which neighbouring years need too.
    fn compute(&self, year: i32, swaps: Swaps, computed: &mut BTreeMap<i32, Holidays>) -> Year {
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
}

/// A date with its weekday, for a reason.
fn named(date: NaiveDate) -> String {
    format!("{} {}", weekday_name(date), date.format("%d/%m/%Y"))
}
