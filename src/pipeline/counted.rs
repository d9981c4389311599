//! Running terms as the last pass counted them, so that what moves with the calendar is noticed.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::board::Move;
use crate::calendar::Calendar;
use crate::procedure::{Assessment, Term};

/// The running terms of one case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// Digest of the calendar they were counted with.
    pub calendar: String,
    /// The terms, by their key.
    pub terms: BTreeMap<String, Days>,
}

/// The days of one term.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Days {
    /// Day 0.
    pub from: NaiveDate,
    /// Working days.
    pub length: u32,
    /// Last day.
    pub due: NaiveDate,
    /// The day to warn by.
    pub warn_by: NaiveDate,
}

impl Counted {
    /// The running terms of a case; nothing when there are none.
    fn of(assessment: &Assessment, calendar: &str) -> Option<Self> {
        let running = assessment.terms.iter().filter(|term| term.is_running());
        let terms: BTreeMap<String, Days> = running.map(|term| (term.key(), days(term))).collect();
        (!terms.is_empty()).then(|| Self { calendar: calendar.to_owned(), terms })
    }
}

fn days(term: &Term) -> Days {
    Days { from: term.from, length: term.days, due: term.due, warn_by: term.warn_by }
}

/// Counts anew into `counted`; gives the terms whose last day is another though day 0 and length are the same, where the
/// calendar has changed in between.
pub(super) fn recount(
    counted: &mut Option<Counted>,
    code: &str,
    assessment: &Assessment,
    calendar: &Calendar,
    today: NaiveDate,
) -> Vec<Move> {
    let now = Counted::of(assessment, &calendar.digest());
    let before = std::mem::replace(counted, now);
    let (Some(before), Some(now)) = (before, counted) else { return Vec::new() };
    if before.calendar == now.calendar {
        return Vec::new();
    }
    let mut moves = Vec::new();
    for (key, was) in &before.terms {
        let Some(is) = now.terms.get(key).filter(|is| (is.from, is.length) == (was.from, was.length)) else { continue };
        let Some(term) = assessment.terms.iter().find(|term| term.key() == *key) else { continue };
        let (label, from, to) = if was.due != is.due {
            (term.label.clone(), was.due, is.due)
        } else if was.warn_by != is.warn_by {
            (format!("{} (ngày nên xong)", term.label), was.warn_by, is.warn_by)
        } else {
            continue;
        };
        moves.push(Move { code: code.to_owned(), term: key.clone(), label, from, to, noticed: today });
    }
    moves
}
