//! One round: transfers, findings, answer, reaction (steps 6–10).

use chrono::NaiveDate;

use super::course::{Answered, Begin, Outcome, Pass, Walk, intake};
use super::first::{self, letter_step};
use super::paper::{Paper, in_force, step_to_issue};
use super::term::{Rule, day};
use super::{Action, Actor, End, Stage, Term, TermKind};
use crate::case::{LetterBlock, NotWaiting, Round, Transfer};

/// Names of the units of a round, told apart where one is asked twice, numbered where the file names none.
pub(super) fn units(round: &Round) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (place, transfer) in round.transfers.iter().enumerate() {
        let own = transfer.unit.as_ref().map_or_else(|| format!("bộ phận {}", place + 1), ToString::to_string);
        let twin = |name: &String| names.iter().any(|other| crate::letter::slug(other) == crate::letter::slug(name));
        let name = if twin(&own) {
            (2..).map(|n: usize| format!("{own} ({n})")).find(|name| !twin(name)).unwrap_or(own)
        } else {
            own
        };
        names.push(name);
    }
    names
}

/// The block of a transfer.
fn transfer_at(round: usize, place: usize) -> String {
    format!("giai_quyet[{round}].chuyen_bo_phan[{place}]")
}

/// When a transfer was made: sent, or, as a paper that stays in the house, issued, by its own date.
fn made(transfer: &Transfer, path: &str, walk: &Walk<'_>) -> Option<NaiveDate> {
    let paper = walk.paper(transfer, path);
    paper.met.or(transfer.date.map(|date| date.0).filter(|_| paper.issued))
}

fn found(transfer: &Transfer) -> Option<NaiveDate> {
    transfer.findings.as_ref().and_then(|findings| findings.date).map(|date| date.0)
}

/// Day 0 of the round, and what it was.
fn start(walk: &Walk<'_>, begin: Begin) -> Option<(NaiveDate, &'static str)> {
    match begin {
        Begin::Arrival => {
            let slip = walk.case.slip.as_ref().and_then(|slip| slip.date)?;
            Some((slip.0, "ngày viết phiếu tiếp nhận"))
        }
        Begin::Objection(date) => Some((date?, "ngày nhận ý kiến không đồng ý của khách hàng")),
        Begin::Reopening(_, date) => Some((date?, "ngày nhận lại khiếu nại")),
    }
}

/// The term of the answer: 20 working days from the date of the slip (step 8), or by the settings for a further round.
pub(super) fn answer_term(walk: &Walk<'_>, index: usize, begin: Begin, met: Option<NaiveDate>) -> Option<Term> {
    let (from, from_label) = start(walk, begin)?;
    let terms = &walk.settings.terms;
    let (kind, label, days) = match begin {
        Begin::Arrival => (TermKind::Answer, "gửi văn bản trả lời".to_owned(), terms.answer),
        _ => (TermKind::ReAnswer, format!("gửi văn bản trả lời lần {}", walk.number(index)), terms.re_answer),
    };
    let rule = Rule { kind, label, round: walk.number(index), unit: None, from, from_label, days, met };
    let mut term = rule.count(walk.calendar);
    // A slip written in a later pass (after a rejection, or an objection to step 4) promises the answer of that pass.
    let promised = begin == Begin::Arrival || (index == 0 && first::way(walk.case) != first::Way::Slip);
    let appointed = walk.case.slip.as_ref().and_then(|slip| slip.appointed).filter(|_| promised);
    if let Some(appointed) = appointed {
        if appointed.0 > term.due {
            term.remarks.push(format!("ngày hẹn {appointed} muộn hơn thời hạn, không kéo dài thời hạn"));
        }
        term.bring_forward(appointed.0, |due| {
            format!("đã hẹn khách hàng ngày {appointed}, sớm hơn thời hạn ngày {}", day(due))
        });
    }
    Some(term)
}

/// Findings: the earlier of so many days from the transfer and so many before the answer is due; a day asked for wins.
fn findings_term(
    walk: &Walk<'_>,
    transfer: &Transfer,
    path: &str,
    unit: &str,
    round: u32,
    answer: Option<&Term>,
) -> Option<Term> {
    let from = made(transfer, path, walk).or(transfer.date.map(|date| date.0))?;
    let terms = &walk.settings.terms;
    let rule = Rule {
        kind: TermKind::Findings,
        label: format!("{unit} báo kết quả xác minh"),
        round,
        unit: Some(unit),
        from,
        from_label: "ngày chuyển bộ phận",
        days: terms.findings,
        met: found(transfer),
    };
    let mut term = rule.count(walk.calendar);
    if let Some(answer) = answer {
        let ahead = terms.findings_before_answer;
        let limit = walk.calendar.subtract_working_days(answer.due, ahead);
        let next = walk.calendar.add_working_days(from, 1).end;
        if limit < next {
            term.bring_forward(next, |_| {
                format!("còn dưới {ahead:02} ngày làm việc đến hạn trả lời khách hàng: cần kết quả ngay")
            });
        } else {
            term.bring_forward(limit, |due| {
                format!("trước hạn trả lời khách hàng {ahead:02} ngày làm việc, sớm hơn ngày {}", day(due))
            });
        }
    }
    if let Some(asked) = transfer.asked_for {
        if asked.0 > term.due {
            term.remarks.push(format!("ngày đề nghị {asked} muộn hơn thời hạn ngày {}", day(term.due)));
            term.due = asked.0;
            term.warn_by = asked.0;
        } else {
            term.bring_forward(asked.0, |due| format!("đã đề nghị ngày {asked}, sớm hơn thời hạn ngày {}", day(due)));
        }
    }
    Some(term)
}

/// Whether the decision not to wait is complete: reason and who decided.
fn decided_not_to_wait(round: &Round) -> bool {
    round.not_waiting.as_ref().is_some_and(|decision| decision.reason.is_some() && decision.decided_by.is_some())
}

/// The terms of the round, in the order of the procedure; gives the warning days of transfer, each unit's findings, answer.
struct Dues {
    transfer: Option<NaiveDate>,
    findings: Vec<Option<NaiveDate>>,
    answer: Option<NaiveDate>,
}

fn count(walk: &mut Walk<'_>, round: &Round, index: usize, begin: Begin, paper: Paper, names: &[String]) -> Dues {
    let number = walk.number(index);
    let answer = answer_term(walk, index, begin, paper.met);
    let over = paper.sent.is_some() || paper.met.is_some();
    let skip = over || decided_not_to_wait(round);
    let mut transfer_due = None;
    if let Some((from, from_label)) = start(walk, begin) {
        let rows = round.transfers.iter().zip(names).enumerate();
        let mut rows: Vec<(Option<&str>, Option<NaiveDate>)> = rows
            .map(|(place, (transfer, name))| (Some(name.as_str()), made(transfer, &transfer_at(index, place), walk)))
            .collect();
        if rows.is_empty() && !skip {
            rows.push((None, None));
        }
        for (unit, met) in rows {
            let label =
                unit.map_or("chuyển bộ phận xác minh".to_owned(), |unit| format!("chuyển {unit} xác minh"));
            let days = walk.settings.terms.transfer;
            let rule = Rule { kind: TermKind::Transfer, label, round: number, unit, from, from_label, days, met };
            let place = walk.count(rule);
            transfer_due = walk.warn_by(Some(place));
            walk.terms[place].waived = over && met.is_none();
        }
    }
    let mut findings = Vec::new();
    for (place, (transfer, name)) in round.transfers.iter().zip(names).enumerate() {
        let path = transfer_at(index, place);
        let term = findings_term(walk, transfer, &path, name, number, answer.as_ref());
        findings.push(term.as_ref().map(|term| term.warn_by));
        // A unit that has not been asked yet is not late; the draft of its slip shows the day all the same.
        let idle = skip || made(transfer, &path, walk).is_none();
        walk.terms.extend(term.map(|term| Term { waived: idle && term.met.is_none(), ..term }));
    }
    let answer_due = answer.as_ref().map(|term| term.warn_by);
    walk.terms.extend(answer);
    Dues { transfer: transfer_due, findings, answer: answer_due }
}

/// The round at `index` of the file, whether or not the file has it yet.
pub(super) fn pass(walk: &mut Walk<'_>, index: usize, begin: Begin) -> Pass {
    let empty = Round::default();
    let case = walk.case;
    let round = case.rounds.get(index).unwrap_or(&empty);
    let at = format!("giai_quyet[{index}]");
    let number = walk.number(index);
    let names = units(round);
    let path = format!("{at}.tra_loi");
    let paper = round.answer.as_ref().map(|answer| walk.paper(answer, &path)).unwrap_or_default();
    let said = round.reaction.as_ref().is_some_and(|reaction| reaction.agrees.is_some());
    let dues = count(walk, round, index, begin, paper, &names);
    let mut actions: Vec<Action> = undated(begin, index).into_iter().collect();
    let name =
        if number > 1 { format!("văn bản trả lời lần {number}") } else { "văn bản trả lời".to_owned() };
    let done = |stage, outcome, actions| Pass { stage, outcome, actions, round: number, index: Some(index), begin };

    // A letter replaced after the complainant reacted to it does not undo the reaction.
    if paper.sent.or(paper.met.filter(|_| said)).is_some() {
        let (outcome, more) = walk.reaction(Answered {
            received: paper.received,
            received_label: "ngày khách hàng nhận văn bản trả lời",
            received_path: format!("{path}.gui[{}].ngay_nhan", paper.send),
            reaction: round.reaction.as_ref(),
            reaction_path: format!("{at}.phan_hoi"),
            round: number,
            silence: End::NoReaction,
        });
        actions.extend(more);
        return done(Stage::AwaitingReaction, outcome, actions);
    }

    let all_in = !round.transfers.is_empty() && round.transfers.iter().all(|transfer| found(transfer).is_some());
    let answering = all_in || decided_not_to_wait(round) || in_force(round.answer.as_ref());
    let mut asked = Vec::new();
    let mut awaited = Vec::new();
    for (place, (transfer, unit)) in round.transfers.iter().zip(&names).enumerate() {
        let path = transfer_at(index, place);
        asked.extend(step_of_transfer(walk, transfer, unit, &path, dues.transfer));
        if !answering && found(transfer).is_none() && made(transfer, &path, walk).is_some() {
            let due = dues.findings.get(place).copied().flatten();
            let late = due.is_some_and(|due| walk.clock.is_past(due));
            let mut steps: Vec<Action> = step_to_hand_over(transfer, unit, &path).into_iter().collect();
            let findings = step_of_findings(transfer, unit, &path, &at, due, late);
            steps.insert(if late { 0 } else { steps.len() }, findings);
            awaited.extend(steps);
        }
    }
    let stage = if answering {
        actions.extend(letter_step(walk, round.answer.as_ref(), &name, &path, dues.answer));
        Stage::Answer
    } else if round.transfers.is_empty() {
        walk.wanted.push(format!("{at}.chuyen_bo_phan"));
        let path = format!("{at}.chuyen_bo_phan");
        let what = format!(
            "Chuyển khiếu nại cho bộ phận liên quan xác minh{}: ghi từng bộ phận và câu hỏi vào mục {path}.",
            if begin == Begin::Arrival { String::new() } else { format!(" lại (lần {number})") }
        );
        actions.push(intake(what, dues.transfer, path));
        Stage::Transfer
    } else if awaited.is_empty() && round.transfers.iter().all(|transfer| found(transfer).is_none()) {
        Stage::Transfer
    } else {
        Stage::Investigation
    };
    actions.extend(asked);
    actions.extend(awaited);
    actions.extend(rest_of_decision(round.not_waiting.as_ref(), &at));
    actions.extend(classification(walk, dues.transfer));
    done(stage, Outcome::Open, actions)
}

/// A round begun on a day the file does not say.
fn undated(begin: Begin, index: usize) -> Option<Action> {
    let (path, what) = match begin {
        Begin::Objection(None) if index == 0 => ("xu_ly_ngay.phan_hoi.ngay".to_owned(), "ý kiến không đồng ý"),
        Begin::Objection(None) => (format!("giai_quyet[{}].phan_hoi.ngay", index - 1), "ý kiến không đồng ý"),
        Begin::Reopening(place, None) => (format!("khieu_nai_lai[{place}].ngay"), "khiếu nại lại"),
        _ => return None,
    };
    Some(intake(
        format!("Ghi ngày nhận {what} của khách hàng vào {path}; thời hạn trả lời lại tính từ ngày đó."),
        None,
        path,
    ))
}

/// What a transfer slip needs before the unit can begin.
fn step_of_transfer(
    walk: &Walk<'_>,
    transfer: &Transfer,
    unit: &str,
    path: &str,
    due: Option<NaiveDate>,
) -> Option<Action> {
    if made(transfer, path, walk).is_some() {
        return None;
    }
    if transfer.unit.is_none() {
        let path = format!("{path}.bo_phan");
        return Some(intake(format!("Ghi tên bộ phận xác minh vào {path}."), due, path));
    }
    let block = Some(transfer as &dyn LetterBlock);
    step_to_issue(block, walk.settings, walk.pending, &format!("phiếu chuyển {unit}"), path, due).or_else(|| {
        let what = format!("Ghi ngày của phiếu chuyển {unit} vào {path}.ngay.");
        Some(intake(what, due, format!("{path}.ngay")))
    })
}

/// The way of an issued transfer slip to its unit: the transfer book has the day. The term is met by issue.
fn step_to_hand_over(transfer: &Transfer, unit: &str, path: &str) -> Option<Action> {
    let path = format!("{path}.gui");
    let what = format!(
        "Giao phiếu chuyển cho {unit} và ghi ngày giao, cách giao vào mục {path} (sổ chuyển bộ phận lấy ngày này)."
    );
    transfer.sends.is_empty().then(|| intake(what, None, path))
}

/// What is asked of a unit that has its slip.
fn step_of_findings(
    transfer: &Transfer,
    unit: &str,
    path: &str,
    at: &str,
    due: Option<NaiveDate>,
    late: bool,
) -> Action {
    if transfer.findings.is_some() {
        let path = format!("{path}.ket_qua.ngay");
        return intake(format!("Ghi ngày {unit} báo kết quả vào {path}."), due, path);
    }
    let path = format!("{path}.ket_qua");
    let mut what = format!("Xác minh và gửi kết quả về bộ phận tiếp nhận; khi có, ghi vào mục {path}.");
    if late {
        what.push_str(&format!(
            " Nếu không chờ được nữa, ghi vào {at}.khong_cho_ket_qua (ly_do, nguoi_quyet_dinh) rồi trả lời khách hàng."
        ));
    }
    Action { what, who: Actor::Unit(unit.to_owned()), due, late: false, path }
}

/// What the decision not to wait still lacks.
fn rest_of_decision(decision: Option<&NotWaiting>, at: &str) -> Vec<Action> {
    let Some(decision) = decision else { return Vec::new() };
    let lacks = [
        (decision.reason.is_none(), "lý do không chờ kết quả xác minh", "ly_do"),
        (decision.decided_by.is_none(), "người quyết định không chờ kết quả xác minh", "nguoi_quyet_dinh"),
    ];
    let missing = lacks.into_iter().filter(|(lacking, ..)| *lacking);
    missing
        .map(|(_, label, key)| {
            let path = format!("{at}.khong_cho_ket_qua.{key}");
            intake(format!("Ghi {label} vào {path}."), None, path)
        })
        .collect()
}

/// Classification (step 6), still to be recorded.
fn classification(walk: &Walk<'_>, due: Option<NaiveDate>) -> Option<Action> {
    let recorded = walk.case.classification.as_ref();
    if recorded.is_some_and(|c| c.group.is_some() && c.severity.is_some()) {
        return None;
    }
    let what = "Phân loại khiếu nại: ghi nhóm và mức độ vào phan_loai (nhom, muc_do).".to_owned();
    Some(intake(what, due, "phan_loai".to_owned()))
}
