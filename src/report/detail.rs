//! What a report tells case by case.

use chrono::NaiveDate;
use serde::Serialize;

use super::Entry;
use crate::calendar::Calendar;
use crate::case::{Answer, Case, Flag, LetterBlock, Measure, Outcome, RequestOutcome, Round};
use crate::procedure::{Term, TermKind};
use crate::register::Period;

/// Answers that went out in the period.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Answers {
    /// Records drawn up at the counter, and answers given at once.
    pub at_once: u32,
    /// First answers after an investigation.
    pub first: u32,
    /// Answers of further rounds.
    pub further: u32,
}

/// Requests by what the answers of the period said to them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Outcomes {
    /// Accepted.
    pub accepted: u32,
    /// Accepted in part.
    pub in_part: u32,
    /// Not accepted.
    pub refused: u32,
}

/// A term that was missed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Late {
    /// Case code.
    pub code: String,
    /// What was to be done.
    pub term: String,
    /// Until when.
    pub due: NaiveDate,
    /// When it was done; none where it was not by the end of the period.
    pub met: Option<NaiveDate>,
    /// Working days too late.
    pub days: i64,
    /// Why, as far as the file tells.
    pub reason: Option<String>,
}

/// A further round that was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// Case code.
    pub code: String,
    /// Which round.
    pub round: u32,
    /// When it was opened.
    pub opened: NaiveDate,
    /// Whether the case had ended and was taken up again; else the complainant disagreed.
    pub taken_up_again: bool,
    /// When it was answered.
    pub answered: Option<NaiveDate>,
    /// What the answer does to the one before.
    pub stance: Option<&'static str>,
}

/// What was found and promised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Remedy {
    /// Case code.
    pub code: String,
    /// When the answer went out.
    pub answered: NaiveDate,
    /// Causes, as the units found them.
    pub causes: Vec<String>,
    /// Measures, by whom, until when, done when.
    pub measures: Vec<String>,
}

/// Something that answers a complaint.
struct Reply<'a> {
    /// When it went out: sent, or, drawn up with the complainant present, its own date.
    date: NaiveDate,
    /// Place of its round; none for step 4.
    round: Option<usize>,
    outcomes: &'a [RequestOutcome],
    measures: &'a [Measure],
}

fn sent(block: &dyn LetterBlock) -> Option<NaiveDate> {
    block.sends().iter().filter_map(|send| send.date).map(|date| date.0).min()
}

fn replies(case: &Case) -> Vec<Reply<'_>> {
    let mut replies = Vec::new();
    let settled = case.settled.as_ref();
    if let Some(record) = settled.and_then(|settled| settled.record.as_ref())
        && let Some(date) = record.date().map(|date| date.0).filter(|_| record.issue())
    {
        replies.push(Reply { date, round: None, outcomes: &record.outcomes, measures: &record.measures });
    }
    let of = |answer: &'_ Answer| sent(answer);
    if let Some(answer) = settled.and_then(|settled| settled.answer.as_ref())
        && let Some(date) = of(answer)
    {
        replies.push(Reply { date, round: None, outcomes: &answer.outcomes, measures: &answer.measures });
    }
    for (index, round) in case.rounds.iter().enumerate() {
        if let Some(answer) = &round.answer
            && let Some(date) = of(answer)
        {
            let round = Some(index);
            replies.push(Reply { date, round, outcomes: &answer.outcomes, measures: &answer.measures });
        }
    }
    replies
}

fn within<'e>(entries: &'e [Entry<'_>], period: Period) -> impl Iterator<Item = (&'e Case, Reply<'e>)> {
    let of = move |entry: &'e Entry<'_>| {
        let case: &'e Case = entry.case;
        replies(case).into_iter().filter(move |reply| period.holds(reply.date)).map(move |reply| (case, reply))
    };
    entries.iter().flat_map(of)
}

/// Whether a round comes after an answer the complainant did not take, or after the end.
fn is_further(case: &Case, round: usize) -> bool {
    case.round_number(round) > 1
}

pub(super) fn answers(entries: &[Entry<'_>], period: Period) -> Answers {
    let mut answers = Answers::default();
    for (case, reply) in within(entries, period) {
        match reply.round {
            None => answers.at_once += 1,
            Some(round) if is_further(case, round) => answers.further += 1,
            Some(_) => answers.first += 1,
        }
    }
    answers
}

pub(super) fn outcomes(entries: &[Entry<'_>], period: Period) -> Outcomes {
    let mut outcomes = Outcomes::default();
    for outcome in within(entries, period).flat_map(|(_, reply)| reply.outcomes).filter_map(|one| one.outcome) {
        match outcome {
            Outcome::Accepted => outcomes.accepted += 1,
            Outcome::InPart => outcomes.in_part += 1,
            Outcome::Refused => outcomes.refused += 1,
        }
    }
    outcomes
}

/// Terms that ran out by the end of the period and were not met before it began.
pub(super) fn late(entries: &[Entry<'_>], period: Period, calendar: &Calendar) -> Vec<Late> {
    let mut all = Vec::new();
    for entry in entries {
        let missed = entry.assessment.terms.iter().filter(|term| term.late && term.due < period.last);
        for term in missed.filter(|term| term.met.is_none_or(|met| met >= period.first)) {
            let met = term.met.filter(|met| *met <= period.last);
            all.push(Late {
                code: entry.case.code.to_string(),
                term: term.label.clone(),
                due: term.due,
                met,
                days: calendar.working_days_between(term.due, met.unwrap_or(period.last)),
                reason: reason(entry, term),
            });
        }
    }
    all
}

/// Why a term was missed, as far as the file tells: a unit's findings came late or were not waited for.
fn reason(entry: &Entry<'_>, term: &Term) -> Option<String> {
    let case = entry.case;
    let round = case.rounds.iter().enumerate().find(|(index, _)| case.round_number(*index) == term.round);
    let round: Option<&Round> = round.map(|(_, round)| round);
    let decision = round.and_then(|round| round.not_waiting.as_ref()).and_then(|decision| decision.reason.as_ref());
    match term.kind {
        TermKind::Answer | TermKind::ReAnswer => {
            let findings = entry
                .assessment
                .terms
                .iter()
                .filter(|other| other.kind == TermKind::Findings && other.round == term.round && other.late);
            let late: Vec<String> = findings
                .filter_map(|other| {
                    let unit = other.unit.as_deref()?;
                    Some(match other.met {
                        Some(met) => format!("{unit} báo kết quả ngày {}", met.format("%d/%m/%Y")),
                        None => format!("{unit} chưa báo kết quả"),
                    })
                })
                .collect();
            let late = (!late.is_empty()).then(|| late.join("; "));
            late.or_else(|| decision.map(ToString::to_string))
        }
        TermKind::Findings => decision.map(ToString::to_string),
        _ => None,
    }
}

pub(super) fn further(entries: &[Entry<'_>], period: Period) -> Vec<Step> {
    let mut steps = Vec::new();
    for entry in entries {
        let case = entry.case;
        let step = |round: usize, opened: NaiveDate, taken_up_again: bool| {
            let answer = case.rounds.get(round).and_then(|round| round.answer.as_ref());
            Step {
                code: case.code.to_string(),
                round: case.round_number(round),
                opened,
                taken_up_again,
                answered: answer.and_then(|answer| sent(answer)).filter(|date| *date <= period.last),
                stance: answer.and_then(|answer| answer.stance).map(crate::case::Stance::text),
            }
        };
        let mut own = Vec::new();
        let settled = case.settled.as_ref().and_then(|settled| settled.reaction.as_ref()).map(|said| (0, said));
        let said =
            case.rounds.iter().enumerate().filter_map(|(index, round)| Some((index + 1, round.reaction.as_ref()?)));
        for (next, reaction) in settled.into_iter().chain(said) {
            let date = reaction.date.filter(|_| reaction.agrees == Some(Flag::No));
            own.extend(date.map(|date| step(next, date.0, false)));
        }
        // Each time it is taken up again it has the round after those opened before.
        for date in case.reopenings.iter().filter_map(|reopening| reopening.date) {
            let before = case.rounds.iter().filter(|round| began(round).is_some_and(|began| began < date.0)).count();
            own.push(step(before, date.0, true));
        }
        own.sort_by_key(|step| (step.opened, step.round));
        steps.extend(own.into_iter().filter(|step| period.holds(step.opened)));
    }
    steps
}

/// The earliest day written in a round.
fn began(round: &Round) -> Option<NaiveDate> {
    let transfers = round.transfers.iter().filter_map(|transfer| transfer.date);
    transfers.chain(round.answer.as_ref().and_then(|answer| answer.date)).map(|date| date.0).min()
}

pub(super) fn remedies(entries: &[Entry<'_>], period: Period) -> Vec<Remedy> {
    let mut remedies = Vec::new();
    for (case, reply) in within(entries, period) {
        let round = reply.round.and_then(|round| case.rounds.get(round));
        let findings = round.into_iter().flat_map(|round| &round.transfers).filter_map(|one| one.findings.as_ref());
        let causes: Vec<String> =
            findings.filter_map(|findings| findings.cause.as_ref()).map(ToString::to_string).collect();
        let measures: Vec<String> = reply.measures.iter().filter_map(promised).collect();
        if !(causes.is_empty() && measures.is_empty()) {
            remedies.push(Remedy { code: case.code.to_string(), answered: reply.date, causes, measures });
        }
    }
    remedies
}

/// A measure in one sentence.
fn promised(measure: &Measure) -> Option<String> {
    let text = measure.text.as_ref()?.to_string();
    let mut beside: Vec<String> = measure.by.iter().map(ToString::to_string).collect();
    beside.extend(measure.due.map(|due| format!("hạn {due}")));
    beside.push(measure.done.map_or_else(|| "chưa ghi ngày xong".to_owned(), |done| format!("xong {done}")));
    Some(format!("{} ({})", text.trim_end_matches(['.', ';']), beside.join("; ")))
}
