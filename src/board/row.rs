//! One case on the board.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{NEAR, Urgency, day};
use crate::calendar::Calendar;
use crate::pipeline::{CaseReport, LetterState};
use crate::procedure::{Action, Actor, Term};

/// Something to be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// What, without a full stop.
    pub what: String,
    /// Who.
    pub who: Actor,
    /// By when.
    pub due: Option<NaiveDate>,
    /// Working days left; below zero: past due by so many.
    pub left: Option<i64>,
    /// Past due.
    pub late: bool,
}

/// A letter that can be opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// What it is, with number or state.
    pub name: String,
    /// Its file, relative to the watched folder.
    pub file: String,
}

/// A term that still runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// Kind, round, unit: the same for this term whenever it is looked at.
    pub term: String,
    /// What it is called.
    pub label: String,
    /// Last day.
    pub due: NaiveDate,
    /// The day to warn by, where it comes earlier.
    pub warn_by: Option<NaiveDate>,
}

/// One open case: what a pass found of it, and how pressing that is on a day. Without the day it can be kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Case code, or the name of a file that is no case.
    pub code: String,
    /// How pressing.
    #[serde(skip)]
    pub urgency: Urgency,
    /// Who complains.
    pub complainant: Option<String>,
    /// About what.
    pub summary: Option<String>,
    /// Where it stands.
    pub stage: String,
    /// Step of the procedure.
    pub step: Option<u8>,
    /// What is to be done, in the order of the note beside the case file.
    pub tasks: Vec<Task>,
    /// Letters that wait, and for what.
    pub waiting: Vec<String>,
    /// Remarks of the procedure.
    pub remarks: Vec<String>,
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// The first error in words.
    pub error: Option<String>,
    /// The case file as messages name it.
    pub path: String,
    /// The same, relative to the watched folder.
    pub file: String,
    /// Its folder, if there is one.
    pub folder: Option<String>,
    /// The note about what is wrong, if there is one.
    pub note: Option<String>,
    /// The note about what to do next, if there is one.
    pub next_steps: Option<String>,
    /// Letters in force and drafts.
    pub letters: Vec<Letter>,
    /// Terms that still run.
    pub deadlines: Vec<Deadline>,
}

impl Row {
    /// What a pass found, the day left aside; `folder` is the watched folder as the report names it.
    #[must_use]
    pub fn of(case: &CaseReport, folder: &str) -> Self {
        let inside = |path: &str| path.strip_prefix(folder).unwrap_or(path).trim_start_matches('/').to_owned();
        let lasting = case.findings.iter().filter(|finding| !finding.is_passing());
        let errors = lasting.clone().filter(|finding| finding.is_error()).count();
        let warnings = lasting.count() - errors;
        let tasks = case.assessment.iter().flat_map(|assessment| &assessment.actions).map(task).collect();
        let stage = case.assessment.as_ref().map_or("Tệp có lỗi, chưa đọc được", |a| a.stage.text());
        let terms = case.assessment.iter().flat_map(|assessment| &assessment.terms);
        Self {
            code: case.code.clone(),
            urgency: Urgency::default(),
            complainant: case.complainant.clone(),
            summary: case.summary.clone(),
            stage: stage.to_owned(),
            step: case.assessment.as_ref().map(|assessment| assessment.step),
            tasks,
            waiting: case.held_up.clone(),
            remarks: case.assessment.iter().flat_map(|assessment| assessment.remarks.clone()).collect(),
            errors,
            warnings,
            error: case.findings.iter().find(|finding| finding.is_error()).map(|finding| finding.message.clone()),
            path: case.file.clone(),
            file: inside(&case.file),
            folder: case.folder.as_deref().map(inside),
            note: case.note.as_deref().map(inside),
            next_steps: case.next_steps.as_deref().map(inside),
            letters: letters(case, inside),
            deadlines: terms.filter_map(deadline).collect(),
        }
    }

    /// Says how pressing it is on a day.
    pub(super) fn judge(&mut self, calendar: &Calendar, today: NaiveDate) {
        for task in &mut self.tasks {
            task.left = task.due.map(|due| calendar.working_days_between(today, due));
            task.late = task.due.is_some_and(|due| due < today);
        }
        self.urgency = urgency(&self.tasks, self.errors, !self.waiting.is_empty());
    }

    /// Whether something is past due.
    #[must_use]
    pub fn late(&self) -> bool {
        self.urgency == Urgency::Late
    }

    /// The nearest date of something to be done.
    #[must_use]
    pub fn due(&self) -> Option<NaiveDate> {
        self.pressing().and_then(|task| task.due)
    }

    /// The task with the nearest date.
    #[must_use]
    pub fn pressing(&self) -> Option<&Task> {
        self.tasks.iter().filter(|task| task.due.is_some()).min_by_key(|task| task.due)
    }

    pub(super) fn order(&self) -> (Urgency, NaiveDate, &str) {
        (self.urgency, self.due().unwrap_or(NaiveDate::MAX), &self.code)
    }
}

impl Task {
    /// How long it has, e.g. "còn 2 ngày làm việc".
    #[must_use]
    pub fn left_text(&self) -> String {
        match self.left {
            None => String::new(),
            Some(left) if self.late && left == 0 => "đã quá hạn".to_owned(),
            Some(left) if self.late => format!("quá hạn {} ngày làm việc", -left),
            Some(0) => "hết hôm nay".to_owned(),
            Some(left) => format!("còn {left} ngày làm việc"),
        }
    }

    /// "hạn 20/11/2026, hết hôm nay".
    #[must_use]
    pub fn due_text(&self) -> Option<String> {
        self.due.map(|due| format!("hạn {}, {}", day(due), self.left_text()))
    }
}

fn task(action: &Action) -> Task {
    let what = action.what.trim_end_matches('.').to_owned();
    Task { what, who: action.who.clone(), due: action.due, left: None, late: false }
}

fn urgency(tasks: &[Task], errors: usize, waits: bool) -> Urgency {
    let mut ours = tasks.iter().filter(|task| task.who != Actor::Complainant);
    if tasks.iter().any(|task| task.late) {
        Urgency::Late
    } else if ours.any(|task| task.left.is_some_and(|left| left <= NEAR)) {
        Urgency::Soon
    } else if errors > 0 {
        Urgency::Faulty
    } else if waits || (!tasks.is_empty() && tasks.iter().all(|task| task.who != Actor::Intake)) {
        Urgency::Waiting
    } else {
        Urgency::Open
    }
}

fn letters(case: &CaseReport, inside: impl Fn(&str) -> String) -> Vec<Letter> {
    let shown = case.letters.iter().filter(|letter| letter.state != LetterState::Withdrawn);
    shown
        .map(|letter| {
            let state = match (&letter.number, letter.state) {
                (Some(number), _) => format!("số {number}"),
                (None, LetterState::ForSignature) => "bản trình ký".to_owned(),
                (None, _) => "dự thảo".to_owned(),
            };
            Letter { name: format!("{} ({state})", letter.kind), file: inside(&letter.file) }
        })
        .collect()
}

/// A term that still runs; nothing when it was met or no longer counts.
fn deadline(term: &Term) -> Option<Deadline> {
    term.is_running().then(|| Deadline {
        term: term.key(),
        label: term.label.clone(),
        due: term.due,
        warn_by: (term.warn_by < term.due).then_some(term.warn_by),
    })
}
