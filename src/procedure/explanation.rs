//! Every term of a case, day by day: counted or skipped, and why.

use chrono::NaiveDate;
use serde::Serialize;

use super::{Assessment, Term, TermKind};
use crate::calendar::Calendar;

/// One term, explained.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explained {
    /// Which.
    pub kind: TermKind,
    /// What it is called.
    pub label: String,
    /// Round; 0 outside the rounds.
    pub round: u32,
    /// Unit, for transfers and findings.
    pub unit: Option<String>,
    /// Day 0.
    pub from: NaiveDate,
    /// What day 0 was.
    pub from_label: String,
    /// Working days the rule gives.
    pub length: u32,
    /// Last day.
    pub due: NaiveDate,
    /// The day it was met.
    pub met: Option<NaiveDate>,
    /// Met too late, or not met and past due.
    pub late: bool,
    /// Where the rule stands: "bước 8" or "theo cấu hình".
    pub source: String,
    /// Each day after day 0 up to the last one.
    pub days: Vec<ExplainedDay>,
    /// Remarks of the term: brought forward and why, no notice for a year, swaps differ.
    pub remarks: Vec<String>,
}

/// One day of a term.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExplainedDay {
    /// The day.
    pub date: NaiveDate,
    /// Which working day of the term it is, from 1; absent when skipped.
    pub counted: Option<u32>,
    /// Why it was skipped, or why a Saturday or Sunday counts.
    pub reason: Option<String>,
}

/// Explains every term of the assessment, in its order.
#[must_use]
pub fn explain(assessment: &Assessment, calendar: &Calendar) -> Vec<Explained> {
    assessment.terms.iter().map(|term| explain_term(term, calendar)).collect()
}

fn explain_term(term: &Term, calendar: &Calendar) -> Explained {
    let count = calendar.add_working_days(term.from, term.days);
    let counted = count.counted.iter().zip(1..).map(|(date, place)| ExplainedDay {
        date: *date,
        counted: Some(place),
        reason: calendar.day(*date).reason,
    });
    let skipped =
        count.skipped.into_iter().map(|day| ExplainedDay { date: day.date, counted: None, reason: Some(day.reason) });
    let mut days: Vec<ExplainedDay> = counted.chain(skipped).filter(|day| day.date <= term.due).collect();
    days.sort_by_key(|day| day.date);
    Explained {
        kind: term.kind,
        label: term.label.clone(),
        round: term.round,
        unit: term.unit.clone(),
        from: term.from,
        from_label: term.from_label.clone(),
        length: term.days,
        due: term.due,
        met: term.met,
        late: term.late,
        source: term.kind.source().to_owned(),
        days,
        remarks: term.remarks.clone(),
    }
}
