//! Counting terms.

use chrono::NaiveDate;

use super::clock::Clock;
use super::{Term, TermKind};
use crate::calendar::Calendar;

/// A term to be counted.
pub(super) struct Rule<'a> {
    pub(super) kind: TermKind,
    pub(super) label: String,
    pub(super) round: u32,
    pub(super) unit: Option<&'a str>,
    pub(super) from: NaiveDate,
    pub(super) from_label: &'a str,
    pub(super) days: u32,
    pub(super) met: Option<NaiveDate>,
}

impl Rule<'_> {
    /// Counts it; lateness is judged at the end of the walk, by [`judge`].
    pub(super) fn count(self, calendar: &Calendar) -> Term {
        let count = calendar.add_working_days(self.from, self.days);
        let (following, ignoring) = calendar.both(self.from, self.days);
        let by_setting = !matches!(self.kind, TermKind::Answer | TermKind::AnswerAtOnce);
        Term {
            kind: self.kind,
            label: self.label,
            round: self.round,
            unit: self.unit.map(str::to_owned),
            from: self.from,
            from_label: self.from_label.to_owned(),
            days: self.days,
            due: count.end,
            warn_by: count.end.min(following).min(ignoring),
            by_setting,
            met: self.met,
            waived: false,
            late: false,
            remarks: count.remarks,
        }
    }
}

impl Term {
    /// Brings the last day forward to `limit`, when that is earlier.
    pub(super) fn bring_forward(&mut self, limit: NaiveDate, remark: impl FnOnce(NaiveDate) -> String) {
        if limit < self.due {
            self.remarks.push(remark(self.due));
            self.due = limit;
        }
        self.warn_by = self.warn_by.min(limit);
    }
}

/// Says of each term whether it is late, and whether it passed the consumer law's warning (`warning` working days).
pub(super) fn judge(terms: &mut [Term], calendar: &Calendar, clock: &mut Clock, warning: u32) {
    for term in terms {
        if term.met.is_some() {
            term.waived = false;
        }
        term.late = match term.met {
            // Silence past this term ends the case; it is nobody's delay.
            _ if term.kind == TermKind::NoReaction => false,
            Some(met) => met > term.due,
            None => !term.waived && clock.is_past(term.due),
        };
        let (following, ignoring) = calendar.both(term.from, term.days);
        // A day agreed or asked for that comes before both makes the swaps irrelevant.
        if following != ignoring && term.due >= following.min(ignoring) {
            term.remarks.push(format!(
                "theo lịch hoán đổi thì hết hạn ngày {}, không theo thì ngày {}; nhắc theo ngày sớm hơn",
                day(following),
                day(ignoring)
            ));
        }
        if matches!(term.kind, TermKind::Rejection | TermKind::ReceiptSlip) {
            let limit = calendar.add_working_days(term.from, warning).end;
            let law = format!("{warning:02} ngày làm việc kể từ ngày nhận khiếu nại (Luật 19/2023/QH15, Điều 57)");
            let over = match term.met {
                Some(met) => met > limit,
                None => !term.waived && clock.is_past(limit),
            };
            if over {
                term.remarks.push(format!("đã quá {law}, tính đến ngày {}", day(limit)));
            } else if term.due > limit && term.met.is_none() {
                term.remarks
                    .push(format!("thời hạn theo cấu hình dài hơn {law}; nên gửi trước hết ngày {}", day(limit)));
            }
        }
    }
}

/// A date as clerks write it.
pub(super) fn day(date: NaiveDate) -> String {
    date.format("%d/%m/%Y").to_string()
}
