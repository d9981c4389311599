//! Where the books stand at the end of a month: what the closing minutes (biên bản chốt sổ) state.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset};

use super::Fact;
use crate::journal::Entry;

/// How a register stood, and what was done in it in the period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Register id.
    pub register: String,
    /// Year of its numbers.
    pub year: i32,
    /// First and last number given in the period.
    pub given: Option<(u32, u32)>,
    /// Numbers given in the period.
    pub count: u32,
    /// Numbers withdrawn or given up in the period, whenever they were given.
    pub withdrawn: u32,
    /// Last number ever given in that year.
    pub last: u32,
}

/// How each register stood at `until`, with what was entered from `from` on, by register and year; registers of years without an
/// entry in the period are left out. By the time of the entries, as the chain has them.
#[must_use]
pub fn standings(entries: &[Entry<Fact>], from: DateTime<FixedOffset>, until: DateTime<FixedOffset>) -> Vec<Standing> {
    let mut books: BTreeMap<(String, i32), Standing> = BTreeMap::new();
    let mut touched = Vec::new();
    // Batches give up numbers under their own name.
    let mut jobs: BTreeMap<&str, (String, i32)> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry.time < until) {
        let within = entry.time >= from;
        let key = match &entry.fact {
            Fact::Issued(issued) => (issued.register.clone(), issued.year),
            Fact::Reserved(reserved) => {
                jobs.insert(&reserved.job, (reserved.register.clone(), reserved.year));
                (reserved.register.clone(), reserved.year)
            }
            Fact::Void(void) => (void.register.clone(), void.year),
            Fact::Dropped(dropped) => match jobs.get(dropped.job.as_str()) {
                Some(key) => key.clone(),
                None => continue,
            },
            Fact::Sealed(_) => continue,
        };
        let book = books.entry(key.clone()).or_insert_with(|| Standing {
            register: key.0.clone(),
            year: key.1,
            given: None,
            count: 0,
            withdrawn: 0,
            last: 0,
        });
        let (numbers, withdrawn) = match &entry.fact {
            Fact::Issued(issued) => (Some((issued.number, issued.number)), 0),
            Fact::Reserved(reserved) => (Some((reserved.first, reserved.last())), 0),
            Fact::Void(_) => (None, 1),
            Fact::Dropped(dropped) => {
                (None, dropped.ranges.iter().map(|(first, last)| last.saturating_add(1).saturating_sub(*first)).sum())
            }
            Fact::Sealed(_) => (None, 0),
        };
        if let Some((_, last)) = numbers {
            book.last = book.last.max(last);
        }
        if within {
            touched.push(key);
            book.withdrawn += withdrawn;
            if let Some((first, last)) = numbers {
                book.count += last.saturating_add(1).saturating_sub(first);
                book.given = Some(book.given.map_or((first, last), |(a, b)| (a.min(first), b.max(last))));
            }
        }
    }
    books.into_iter().filter(|(key, _)| touched.contains(key)).map(|(_, book)| book).collect()
}
