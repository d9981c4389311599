//! The desk at a glance: one plain value from what a pass found, and its writers (page, calendar file, summary).
//!
//! The value knows no clock and no folder: links are relative to the watched folder, and the times shown beside it come
//! in [`Signs`].

pub mod digest;
mod escape;
pub mod html;
pub mod ics;
mod row;
#[cfg(test)]
mod tests;

use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::calendar::Calendar;
use crate::diagnostic::Diagnostic;

pub(crate) use escape::html as escaped;
pub use row::{Deadline, Letter, Row, Task};

/// Up to so many working days ahead a date counts as near.
pub const NEAR: i64 = 3;

/// How pressing a case is; the first that holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// Something is past due.
    Late,
    /// Something is due within [`NEAR`] working days.
    Soon,
    /// The file has errors.
    Faulty,
    /// The next step is somebody else's, or a letter waits.
    Waiting,
    /// Anything else.
    #[default]
    Open,
}

impl Urgency {
    /// All, the most pressing first.
    pub const ALL: [Self; 5] = [Self::Late, Self::Soon, Self::Faulty, Self::Waiting, Self::Open];

    /// What a clerk calls it.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Late => "Trễ hạn",
            Self::Soon => "Đến hạn trong 3 ngày làm việc",
            Self::Faulty => "Có lỗi",
            Self::Waiting => "Đang chờ",
            Self::Open => "Còn lại",
        }
    }

    /// A word for it in addresses and classes of the page.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Late => "tre",
            Self::Soon => "sap",
            Self::Faulty => "loi",
            Self::Waiting => "cho",
            Self::Open => "con",
        }
    }
}

/// A term whose last day moved with the calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// Case code.
    pub code: String,
    /// The term, stable: kind, round, unit.
    pub term: String,
    /// What it is called.
    pub label: String,
    /// Last day before.
    pub from: NaiveDate,
    /// Last day now.
    pub to: NaiveDate,
    /// The day it was noticed.
    pub noticed: NaiveDate,
}

/// How many cases there are of each urgency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Open cases.
    pub open: usize,
    /// Past due.
    pub late: usize,
    /// Due within [`NEAR`] working days, nothing past due.
    pub soon: usize,
    /// With errors, whatever their urgency.
    pub faulty: usize,
    /// Waiting for somebody else.
    pub waiting: usize,
    /// Anything else.
    pub rest: usize,
    /// Closed, in the archive.
    pub closed: usize,
}

/// What a board is made of.
#[derive(Debug, Clone, Default)]
pub struct Desk {
    /// Name of the office.
    pub issuer: String,
    /// All open cases.
    pub rows: Vec<Row>,
    /// How many are closed.
    pub closed: usize,
    /// Terms that moved with the calendar.
    pub moves: Vec<Move>,
    /// Findings that belong to no case in the folder.
    pub findings: Vec<Diagnostic>,
}

/// The desk on one day.
#[derive(Debug, Clone, PartialEq)]
pub struct Board {
    /// Name of the office.
    pub issuer: String,
    /// The day.
    pub today: NaiveDate,
    /// Open cases, the most pressing first.
    pub rows: Vec<Row>,
    /// Counts.
    pub counts: Counts,
    /// Terms that moved with the calendar a short while ago.
    pub moves: Vec<Move>,
    /// Findings that belong to no case in the folder.
    pub findings: Vec<Diagnostic>,
}

/// What is known of the watcher.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watcher {
    /// When it began.
    pub since: DateTime<FixedOffset>,
    /// Its last sign of life that was shown.
    pub seen: DateTime<FixedOffset>,
    /// Seconds within which it gives the next one.
    pub within: u64,
    /// When it was stopped in good order.
    pub ended: Option<DateTime<FixedOffset>>,
    /// How often it scans, where the folder's volume tells nothing of changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub polls: Option<Polls>,
}

/// A watcher that only scans.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Polls {
    /// The kind of volume, where that is why: NFS, SMB, FUSE.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub volume: Option<String>,
    /// Seconds between two scans.
    pub seconds: u64,
}

impl Polls {
    /// Why and how often, in words.
    #[must_use]
    pub fn text(&self) -> String {
        match &self.volume {
            Some(volume) => format!("ổ {volume} không báo thay đổi từ máy khác: quét mỗi {} giây", self.seconds),
            None => format!("chỉ quét, mỗi {} giây", self.seconds),
        }
    }
}

/// Times shown beside a board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signs {
    /// When what the board says last changed.
    pub changed: DateTime<FixedOffset>,
    /// The watcher, if there ever was one.
    pub watcher: Option<Watcher>,
}

impl Board {
    /// The desk on the day `today`, of all open cases. Moved terms that run no longer, or moved some time ago, are left out.
    #[must_use]
    pub fn new(desk: Desk, calendar: &Calendar, today: NaiveDate) -> Self {
        let Desk { issuer, mut rows, closed, mut moves, findings } = desk;
        rows.iter_mut().for_each(|row| row.judge(calendar, today));
        rows.sort_by(|a, b| a.order().cmp(&b.order()));
        let of = |urgency: Urgency| rows.iter().filter(|row| row.urgency == urgency).count();
        let counts = Counts {
            open: rows.len(),
            late: of(Urgency::Late),
            soon: of(Urgency::Soon),
            faulty: rows.iter().filter(|row| row.errors > 0).count(),
            waiting: of(Urgency::Waiting),
            rest: of(Urgency::Open),
            closed,
        };
        moves.retain(|moved| {
            let runs = |row: &Row| row.deadlines.iter().any(|term| term.term == moved.term);
            calendar.working_days_between(moved.noticed, today) <= NEAR
                && rows.iter().any(|row| row.code == moved.code && runs(row))
        });
        Self { issuer, today, rows, counts, moves, findings }
    }

    /// The rows of one urgency.
    pub fn of(&self, urgency: Urgency) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(move |row| row.urgency == urgency)
    }
}

/// A day as clerks write it.
fn day(date: NaiveDate) -> String {
    date.format("%d/%m/%Y").to_string()
}

/// A moment as clerks write it.
fn moment(at: DateTime<FixedOffset>) -> String {
    at.format("%H:%M ngày %d/%m/%Y").to_string()
}

impl Signs {
    /// A sentence: since when the watcher runs, or that none does.
    #[must_use]
    pub fn watcher_text(&self) -> String {
        match &self.watcher {
            None => "Không có chương trình theo dõi; bảng lập bằng một lượt chạy riêng.".to_owned(),
            Some(Watcher { ended: Some(ended), .. }) => {
                format!("Chương trình theo dõi đã dừng lúc {}.", moment(*ended))
            }
            Some(watcher) => format!(
                "Chương trình theo dõi đang chạy, báo lần cuối lúc {} (ít nhất {} phút báo một lần{}).",
                moment(watcher.seen),
                watcher.within.div_ceil(60),
                watcher.polls.as_ref().map(|polls| format!("; {}", polls.text())).unwrap_or_default()
            ),
        }
    }
}
