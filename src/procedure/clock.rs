//! The day, asked only through one question, so that it is known when an answer changes.

use chrono::NaiveDate;

/// Today, and the first later day on which any question asked so far would be answered otherwise.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock {
    today: NaiveDate,
    next: Option<NaiveDate>,
}

impl Clock {
    pub(super) fn new(today: NaiveDate) -> Self {
        Self { today, next: None }
    }

    /// Whether the whole of `day` has gone by.
    pub(super) fn is_past(&mut self, day: NaiveDate) -> bool {
        if self.today > day {
            return true;
        }
        self.next = [self.next, day.succ_opt()].into_iter().flatten().min();
        false
    }

    /// The first later day on which an answer changes.
    pub(super) fn next(&self) -> Option<NaiveDate> {
        self.next
    }
}
