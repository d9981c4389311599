//! The walk through the passes of a case.

use chrono::NaiveDate;

use super::clock::Clock;
use super::first;
use super::paper::Paper;
use super::pending::Pending;
use super::term::{Rule, day};
use super::{Action, Actor, Assessment, End, Stage, Term, TermKind, ending, round};
use crate::calendar::Calendar;
use crate::case::{Case, Flag, LetterBlock, Reaction};
use crate::settings::Settings;

/// What all parts of the walk share and add to.
pub(super) struct Walk<'a> {
    pub(super) case: &'a Case,
    pub(super) calendar: &'a Calendar,
    pub(super) settings: &'a Settings,
    pub(super) pending: &'a Pending,
    pub(super) clock: Clock,
    pub(super) terms: Vec<Term>,
    pub(super) remarks: Vec<String>,
    /// Paths of letters that are due and have no block yet.
    pub(super) wanted: Vec<String>,
}

/// Where one pass stands.
pub(super) enum Outcome {
    /// Not answered.
    Open,
    /// Answered; the complainant has not said anything.
    Answered,
    /// The complainant disagrees, on this day.
    Objected(Option<NaiveDate>),
    /// Ended.
    Ended(End, NaiveDate),
}

/// One pass: from its beginning to an answer and the reaction to it.
pub(super) struct Pass {
    pub(super) stage: Stage,
    pub(super) outcome: Outcome,
    /// Main one first.
    pub(super) actions: Vec<Action>,
    /// Round number; 0 outside the rounds.
    pub(super) round: u32,
    /// The round of the file it is, if any.
    pub(super) index: Option<usize>,
    pub(super) begin: Begin,
}

/// What began a pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Begin {
    /// The complaint itself.
    Arrival,
    /// An objection to the answer before.
    Objection(Option<NaiveDate>),
    /// A complaint taken up again (`khieu_nai_lai`, its place).
    Reopening(usize, Option<NaiveDate>),
}

impl Begin {
    pub(super) fn date(self) -> Option<NaiveDate> {
        match self {
            Self::Arrival => None,
            Self::Objection(date) | Self::Reopening(_, date) => date,
        }
    }
}

/// An answer that went out: from when silence counts, and where a reaction belongs.
pub(super) struct Answered<'a> {
    pub(super) received: Option<NaiveDate>,
    pub(super) received_label: &'a str,
    /// Where the day of receipt is to be written.
    pub(super) received_path: String,
    pub(super) reaction: Option<&'a Reaction>,
    pub(super) reaction_path: String,
    pub(super) round: u32,
    /// How the case ends by silence.
    pub(super) silence: End,
}

impl Walk<'_> {
    pub(super) fn number(&self, index: usize) -> u32 {
        self.case.round_number(index)
    }

    /// What is known of the letter whose block stands at `path`.
    pub(super) fn paper(&self, block: &dyn LetterBlock, path: &str) -> Paper {
        Paper::of(block, self.settings, self.pending.get(path))
    }

    pub(super) fn arrived(&self) -> Option<NaiveDate> {
        self.case.intake.as_ref().and_then(|intake| intake.arrived).map(|date| date.0)
    }

    /// Counts a term and keeps it; gives its place.
    pub(super) fn count(&mut self, rule: Rule<'_>) -> usize {
        self.terms.push(rule.count(self.calendar));
        self.terms.len() - 1
    }

    /// The warning day of the term at `place`.
    pub(super) fn warn_by(&self, place: Option<usize>) -> Option<NaiveDate> {
        place.and_then(|place| self.terms.get(place)).map(|term| term.warn_by)
    }

    /// Terms not met so far are no longer awaited.
    pub(super) fn waive(&mut self) {
        self.terms.iter_mut().filter(|term| term.met.is_none()).for_each(|term| term.waived = true);
    }

    /// Steps 9 and 10, the same for every outcome.
    pub(super) fn reaction(&mut self, answered: Answered<'_>) -> (Outcome, Vec<Action>) {
        let at = &answered.reaction_path;
        let said = answered.reaction.and_then(|reaction| Some((reaction, reaction.agrees?)));
        let met = said.and_then(|(reaction, _)| reaction.date).map(|date| date.0);
        let term = answered.received.map(|from| {
            self.count(Rule {
                kind: TermKind::NoReaction,
                label: "chờ phản hồi của khách hàng".to_owned(),
                round: answered.round,
                unit: None,
                from,
                from_label: answered.received_label,
                days: self.settings.terms.no_reaction,
                met,
            })
        });
        match (said, met) {
            (Some((_, Flag::Yes)), Some(date)) => return (Outcome::Ended(End::Agreed, date), Vec::new()),
            (Some((_, Flag::Yes)), None) => {
                let what = format!("Khách hàng đã đồng ý: ghi ngày nhận ý kiến vào {at}.ngay.");
                return (Outcome::Answered, vec![intake(what, None, format!("{at}.ngay"))]);
            }
            (Some((reaction, Flag::No)), _) => {
                if reaction.number.is_none() && reaction.evidence.is_empty() {
                    self.remarks.push(format!(
                        "Chưa ghi văn bản không đồng ý của khách hàng (bước 10): bổ sung {at}.so_van_ban hoặc {at}.tai_lieu."
                    ));
                }
                return (Outcome::Objected(met), Vec::new());
            }
            (None, _) => {}
        }
        if answered.reaction.is_some() {
            let what = format!("Ghi khách hàng có đồng ý với kết quả trả lời không vào {at}.dong_y (co hoặc khong).");
            return (Outcome::Answered, vec![intake(what, None, format!("{at}.dong_y"))]);
        }
        let due = term.and_then(|place| self.terms.get(place)).map(|term| term.due);
        if let Some(due) = due
            && self.clock.is_past(due)
        {
            return (Outcome::Ended(answered.silence, due), Vec::new());
        }
        let mut actions = Vec::new();
        if answered.received.is_none() {
            let what = format!(
                "Ghi ngày khách hàng nhận được vào {}; thời hạn chờ phản hồi tính từ ngày đó.",
                answered.received_path
            );
            actions.push(intake(what, None, answered.received_path));
        }
        let until = due.map_or(String::new(), |due| format!(" đến hết ngày {}", day(due)));
        actions.push(Action {
            what: format!("Chờ phản hồi của khách hàng{until}; khi có, ghi ngày và dong_y vào mục {at}."),
            who: Actor::Complainant,
            due,
            late: false,
            path: answered.reaction_path,
        });
        (Outcome::Answered, actions)
    }
}

/// Something the intake unit has to do.
pub(super) fn intake(what: String, due: Option<NaiveDate>, path: String) -> Action {
    Action { what, who: Actor::Intake, due, late: false, path }
}

/// Assesses on one day; also gives the first later day on which a question about the day is answered otherwise.
pub(super) fn run(
    case: &Case,
    calendar: &Calendar,
    settings: &Settings,
    pending: &Pending,
    today: NaiveDate,
) -> (Assessment, Option<NaiveDate>) {
    let (walk, pass, _) = walk_through(case, calendar, settings, pending, today);
    ending::conclude(walk, pass)
}

/// A stretch of time a complaint was open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spell {
    /// Its arrival, or the day it was taken up again; none where the file does not say.
    pub from: Option<NaiveDate>,
    /// How and when it ended, if it has.
    pub end: Option<(End, NaiveDate)>,
}

/// The stretches a complaint was open by what is known on `today`: one, and one more for each time it was taken up again after
/// its end.
#[must_use]
pub fn spells(case: &Case, calendar: &Calendar, settings: &Settings, today: NaiveDate) -> Vec<Spell> {
    let pending = Pending::default();
    let (_, pass, mut spells) = walk_through(case, calendar, settings, &pending, today);
    if let (Outcome::Ended(end, date), Some(last)) = (pass.outcome, spells.last_mut()) {
        last.end = Some((end, date));
    }
    spells
}

/// The walk to the last pass, and the stretches that ended before it.
fn walk_through<'a>(
    case: &'a Case,
    calendar: &'a Calendar,
    settings: &'a Settings,
    pending: &'a Pending,
    today: NaiveDate,
) -> (Walk<'a>, Pass, Vec<Spell>) {
    let way = first::way(case);
    let mut walk = Walk {
        case,
        calendar,
        settings,
        pending,
        clock: Clock::new(today),
        terms: Vec::new(),
        remarks: Vec::new(),
        wanted: Vec::new(),
    };
    let mut pass = first::pass(&mut walk, way);
    let mut spells = vec![Spell { from: walk.arrived(), end: None }];
    let mut next_round = pass.index.map_or(0, |index| index + 1);
    let mut reopening = 0;
    loop {
        let withdrawn = ending::withdrawal(case, &pass);
        if let Some(date) = withdrawn {
            if let Some(index) = pass.index
                && !ending::round_began_by(case, index, date)
            {
                next_round = index;
            }
            pass.outcome = Outcome::Ended(End::Withdrawn, date);
        }
        let reopened = case.reopenings.get(reopening).map(|entry| entry.date.map(|date| date.0));
        let begin = match (&pass.outcome, reopened) {
            (Outcome::Objected(date), _) => Begin::Objection(*date),
            (Outcome::Ended(End::Withdrawn, end), Some(Some(date))) if date < *end => break,
            (Outcome::Ended(..) | Outcome::Answered, Some(date)) => {
                reopening += 1;
                Begin::Reopening(reopening - 1, date)
            }
            _ => break,
        };
        if let (Outcome::Ended(end, date), Some(last)) = (&pass.outcome, spells.last_mut()) {
            last.end = Some((*end, *date));
            spells.push(Spell { from: begin.date(), end: None });
        }
        walk.waive();
        walk.wanted.clear();
        pass = round::pass(&mut walk, next_round, begin);
        next_round += 1;
    }
    for place in reopening..case.reopenings.len() {
        walk.remarks.push(format!(
            "Mục khieu_nai_lai[{place}] chưa có hiệu lực: lần giải quyết trước chưa kết thúc vào ngày đó; nếu là ý kiến về văn bản trả lời thì ghi vào phan_hoi."
        ));
    }
    (walk, pass, spells)
}
