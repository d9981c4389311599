//! Where a case stands in the ten steps: letters due, terms, next action.
//!
//! [`assess`] walks the *passes* of a case: the first one (rejection, settled at once, or receipt slip and round), then one for
//! each objection and each complaint taken up again. The day enters through one door, [`clock::Clock`], which notes when its
//! answers change; [`Assessment::changes_on`] comes from there.

mod clock;
mod course;
mod ending;
mod explanation;
mod first;
mod name;
mod paper;
mod pending;
mod place;
mod round;
mod term;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::calendar::Calendar;
use crate::case::Case;
use crate::letter::LetterId;
use crate::settings::Settings;

pub use course::{Spell, spells};
pub use explanation::{Explained, ExplainedDay, explain};
pub use pending::{Coming, Pending, when};
pub use place::in_words;

/// Where a case stands (step of the source, or beyond it).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Steps 1–2: intake not yet complete.
    Intake,
    /// Step 3: scope decision to be made.
    ScopeDecision,
    /// Step 3: out of scope, rejection letter to be written, issued, sent.
    Rejection,
    /// Step 4: to be settled at once (record or answer).
    SettleAtOnce,
    /// Step 5: receipt slip to be written, issued, sent.
    ReceiptSlip,
    /// Step 6: to be classified and passed to units.
    Transfer,
    /// Step 7: units investigate.
    Investigation,
    /// Step 8 (round 1) or 10 (later rounds): answer to be written, issued, sent.
    Answer,
    /// Steps 9–10: answered, the complainant may agree, object, or stay silent.
    AwaitingReaction,
    /// Ended, not yet closed: `luu_ho_so` is the next action.
    Ended,
    /// Ended, and the file says that it closes.
    Closing,
}

/// How a case ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// The complainant agreed (step 9).
    Agreed,
    /// Rejected as out of scope (step 3).
    Rejected,
    /// Settled at once and no objection (step 4).
    SettledAtOnce,
    /// Withdrawn by the complainant (beyond the source).
    Withdrawn,
    /// No reaction within the term (beyond the source).
    NoReaction,
}

/// Who has to act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// Intake unit (Bộ phận tiếp nhận và xử lý khiếu nại).
    Intake,
    /// Whoever signs.
    Signer,
    /// A unit that investigates.
    Unit(String),
    /// The complainant.
    Complainant,
    /// The program itself.
    Program,
}

/// Which term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TermKind {
    /// Scope decision (step 3).
    ScopeDecision,
    /// Rejection letter sent (step 3).
    Rejection,
    /// Answer at once sent (step 4).
    AnswerAtOnce,
    /// Receipt slip sent (step 5).
    ReceiptSlip,
    /// Transfer to a unit (step 6).
    Transfer,
    /// Findings of a unit (step 7).
    Findings,
    /// Answer sent (step 8).
    Answer,
    /// Answer of a further round sent (step 10).
    ReAnswer,
    /// No reaction: the case ends.
    NoReaction,
}

/// One term of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Term {
    /// Which.
    pub kind: TermKind,
    /// What it is called, e.g. "gửi phiếu tiếp nhận".
    pub label: String,
    /// Round it belongs to; 0 outside the rounds.
    pub round: u32,
    /// Unit, for transfers and findings.
    pub unit: Option<String>,
    /// Day of the event it counts from (day 0), and what that was.
    pub from: NaiveDate,
    /// What day 0 was, e.g. "ngày viết phiếu tiếp nhận".
    pub from_label: String,
    /// Working days.
    pub days: u32,
    /// Last day, by the company's own attitude to swaps.
    pub due: NaiveDate,
    /// The day to warn by: the earlier of the last days following and ignoring swaps.
    pub warn_by: NaiveDate,
    /// The source leaves this term, or its start, open: shown as "theo cấu hình".
    pub by_setting: bool,
    /// The day it was met, by sending.
    pub met: Option<NaiveDate>,
    /// Not met and not awaited: the unit is not asked yet, the round went on without it, or the case ended. Never late.
    pub waived: bool,
    /// Met too late, or not met and past due.
    pub late: bool,
    /// Remarks: no notice for a year, swaps followed or not differ, above the consumer law's term.
    pub remarks: Vec<String>,
}

/// What is to be done next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Action {
    /// What, in Vietnamese, e.g. "Gửi phiếu tiếp nhận cho khách hàng và ghi vào mục gui".
    pub what: String,
    /// Who.
    pub who: Actor,
    /// By when: the earlier day where following and ignoring swaps differ.
    pub due: Option<NaiveDate>,
    /// Past due.
    pub late: bool,
    /// Where in the case file the fact belongs, e.g. `phieu_tiep_nhan.gui`.
    pub path: String,
}

/// A letter the case has or needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LetterDue {
    /// Which.
    pub id: LetterId,
    /// Where its block stands in the file, e.g. `giai_quyet[0].tra_loi`.
    pub path: String,
    /// Whether the file has a block for it (then a draft is rendered, or it is issued).
    pub present: bool,
    /// Whether staff say that it is to be issued.
    pub issue: bool,
    /// Term it must be sent by.
    pub due: Option<NaiveDate>,
}

/// Everything derived from the facts of one case on one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Assessment {
    /// Where it stands.
    pub stage: Stage,
    /// The step of the source, 1–10.
    pub step: u8,
    /// Current round; 0 outside the rounds.
    pub round: u32,
    /// How it ended, if it has.
    pub end: Option<End>,
    /// The day it ended.
    pub ended: Option<NaiveDate>,
    /// Letters present or due, in the order of the procedure.
    pub letters: Vec<LetterDue>,
    /// Terms, in the order of the procedure.
    pub terms: Vec<Term>,
    /// Next actions, the nearest date first; never empty unless the case is [`Stage::Closing`].
    pub actions: Vec<Action>,
    /// Warnings on closing and the like, Vietnamese sentences.
    pub remarks: Vec<String>,
    /// The next day on which any of this changes without a change of the facts.
    pub changes_on: Option<NaiveDate>,
}

/// Whether a case is or was late.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Lateness {
    /// No term was missed.
    OnTime,
    /// A term was met too late; none is late now.
    WasLate,
    /// A term is past due and still not met.
    LateNow,
}

impl Term {
    /// Not met, and still awaited.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.met.is_none() && !self.waived
    }

    /// Past due and still not met.
    #[must_use]
    pub fn is_late_now(&self) -> bool {
        self.late && self.met.is_none()
    }
}

impl Assessment {
    /// Whether any term is late now, or was.
    #[must_use]
    pub fn late(&self) -> Lateness {
        if self.terms.iter().any(Term::is_late_now) {
            Lateness::LateNow
        } else if self.terms.iter().any(|term| term.late) {
            Lateness::WasLate
        } else {
            Lateness::OnTime
        }
    }

    /// The term whose last day a receipt slip promises: that of the answer (step 8), or, for a slip written after a
    /// rejection or an objection to what was settled at once, that of the first answer given again (step 10).
    #[must_use]
    pub fn promised(&self) -> Option<&Term> {
        let again = || {
            let terms = self.terms.iter().filter(|term| term.kind == TermKind::ReAnswer);
            let first = terms.clone().map(|term| term.round).min();
            terms.rev().find(|term| Some(term.round) == first)
        };
        self.terms.iter().find(|term| term.kind == TermKind::Answer).or_else(again)
    }

    /// The first term of this kind in this round (0 outside the rounds).
    #[must_use]
    pub fn term(&self, kind: TermKind, round: u32) -> Option<&Term> {
        self.terms.iter().find(|term| term.kind == kind && term.round == round)
    }
}

/// Where the case stands on `today`, from its facts alone.
///
/// Pure and total: any combination of facts gives an answer, in any order of dates. A dated fact holds whatever `today` is;
/// only lateness and the end by silence depend on the day.
#[must_use]
pub fn assess(case: &Case, calendar: &Calendar, settings: &Settings, today: NaiveDate) -> Assessment {
    assess_while(&Pending::default(), case, calendar, settings, today)
}

/// The same while the program has still to come to some letters: what presupposes one of them does not count yet.
#[must_use]
pub fn assess_while(
    pending: &Pending,
    case: &Case,
    calendar: &Calendar,
    settings: &Settings,
    today: NaiveDate,
) -> Assessment {
    let (mut assessment, next) = course::run(case, calendar, settings, pending, today);
    let mut candidate = next;
    while let Some(day) = candidate {
        let (later, next) = course::run(case, calendar, settings, pending, day);
        if later != assessment {
            break;
        }
        candidate = next;
    }
    assessment.changes_on = candidate;
    assessment
}
