//! The first pass: intake, scope decision, and rejection, settlement at once, or receipt slip (steps 1–5).

use super::course::{Answered, Begin, Outcome, Pass, Walk, intake};
use super::paper::{in_force, step_to_issue, step_to_send};
use super::term::Rule;
use super::{Action, End, Stage, TermKind, round};
use crate::case::{Case, Channel, Flag, LetterBlock, Round};

/// The block of the answer at once.
const ANSWER: &str = "xu_ly_ngay.tra_loi";

/// The way the first pass takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Not decided yet.
    Undecided,
    /// Out of scope.
    Rejection,
    /// Settled at once.
    AtOnce,
    /// Receipt slip and rounds.
    Slip,
}

/// The way, from the decision; where it is not recorded, or two ways are on file, from the letter in force.
pub(super) fn way(case: &Case) -> Way {
    let scope = case.scope.as_ref();
    let settled = case.settled.as_ref();
    let at_once = settled.is_some_and(|settled| in_force(settled.record.as_ref()) || in_force(settled.answer.as_ref()));
    let slip = in_force(case.slip.as_ref());
    let rounds = case.rounds.iter().any(|round| *round != Round::default());
    match scope.and_then(|scope| scope.in_scope) {
        Some(Flag::No) => return Way::Rejection,
        None if in_force(case.rejection.as_ref()) && !at_once && !slip => return Way::Rejection,
        None if !at_once && !slip && !rounds => return Way::Undecided,
        _ => {}
    }
    match (at_once, slip, scope.and_then(|scope| scope.settle_at_once)) {
        (true, false, _) => Way::AtOnce,
        (false, true, _) => Way::Slip,
        (_, _, Some(Flag::Yes)) => Way::AtOnce,
        (_, _, Some(Flag::No)) | (true, true, None) => Way::Slip,
        (false, false, None) if rounds => Way::Slip,
        (false, false, None) => Way::Undecided,
    }
}

/// The first pass along its way.
pub(super) fn pass(walk: &mut Walk<'_>, way: Way) -> Pass {
    let decision = scope_term(walk);
    let mut pass = match way {
        Way::Undecided => undecided(walk, decision),
        Way::Rejection => rejection(walk),
        Way::AtOnce => at_once(walk),
        Way::Slip => slip(walk),
    };
    if way != Way::Undecided {
        pass.actions.extend(missing_decision(walk));
    }
    pass
}

fn scope_term(walk: &mut Walk<'_>) -> Option<usize> {
    let from = walk.arrived()?;
    let scope = walk.case.scope.as_ref().filter(|scope| scope.in_scope.is_some());
    let met = scope.and_then(|scope| scope.date).map(|date| date.0);
    let days = walk.settings.terms.scope_decision;
    Some(walk.count(from_arrival(TermKind::ScopeDecision, "xem xét tiếp nhận", from, days, met)))
}

fn from_arrival(
    kind: TermKind,
    label: &str,
    from: chrono::NaiveDate,
    days: u32,
    met: Option<chrono::NaiveDate>,
) -> Rule<'static> {
    Rule {
        kind, label: label.to_owned(), round: 0, unit: None, from, from_label: "ngày nhận khiếu nại", days, met
    }
}

fn outside_rounds(stage: Stage, outcome: Outcome, actions: Vec<Action>) -> Pass {
    Pass { stage, outcome, actions, round: 0, index: None, begin: Begin::Arrival }
}

/// Steps 1–3 before a decision.
fn undecided(walk: &Walk<'_>, decision: Option<usize>) -> Pass {
    let due = walk.warn_by(decision);
    let missing = missing_intake(walk.case);
    let scope = walk.case.scope.as_ref();
    let in_scope = scope.and_then(|scope| scope.in_scope).is_some();
    let decide = if in_scope {
        intake(
            "Quyết định khiếu nại có xử lý được ngay không và ghi vào xem_xet_tiep_nhan.xu_ly_ngay_duoc (co: bước 4; khong: viết phiếu tiếp nhận).".to_owned(),
            due,
            "xem_xet_tiep_nhan.xu_ly_ngay_duoc".to_owned(),
        )
    } else {
        intake(
            format!(
                "Xem xét khiếu nại có thuộc phạm vi {} không và ghi vào mục xem_xet_tiep_nhan (ngay, thuoc_pham_vi, xu_ly_ngay_duoc).",
                service(walk)
            ),
            due,
            "xem_xet_tiep_nhan".to_owned(),
        )
    };
    if missing.is_empty() || in_scope {
        outside_rounds(Stage::ScopeDecision, Outcome::Open, [vec![decide], missing].concat())
    } else {
        outside_rounds(Stage::Intake, Outcome::Open, [missing, vec![decide]].concat())
    }
}

/// The service of the office on the day the complaint arrived.
fn service(walk: &Walk<'_>) -> String {
    let latest = || walk.settings.issuers.iter().max_by_key(|issuer| issuer.from);
    let issuer = walk.arrived().and_then(|day| walk.settings.issuer(day)).or_else(latest);
    issuer.map_or_else(|| "dịch vụ của Trung tâm".to_owned(), crate::settings::Issuer::service)
}

/// What the intake (steps 1–2) still lacks.
fn missing_intake(case: &Case) -> Vec<Action> {
    let who = case.complainant.as_ref();
    let intake_block = case.intake.as_ref();
    let lacks = [
        (intake_block.and_then(|i| i.arrived).is_none(), "ngày khiếu nại đến Trung tâm", "tiep_nhan.ngay_den"),
        (intake_block.and_then(|i| i.channel).is_none(), "hình thức khiếu nại", "tiep_nhan.hinh_thuc"),
        (who.and_then(|w| w.name.as_ref()).is_none(), "tên người khiếu nại", "nguoi_khieu_nai.ten"),
        (who.and_then(|w| w.kind).is_none(), "loại người khiếu nại", "nguoi_khieu_nai.loai"),
        (
            intake_block.is_none_or(|i| i.summary.is_none() && i.content.is_none()),
            "tóm tắt khiếu nại, một câu",
            "tiep_nhan.tom_tat",
        ),
        (
            intake_block.is_none_or(|i| i.requests.is_empty()),
            "từng yêu cầu của người khiếu nại, mỗi dòng một yêu cầu",
            "tiep_nhan.yeu_cau",
        ),
    ];
    let missing = lacks.into_iter().filter(|(lacking, ..)| *lacking);
    missing.map(|(_, label, path)| intake(format!("Ghi {label} vào {path}."), None, path.to_owned())).collect()
}

/// Facts of steps 1–3 that were passed over although the case went on.
fn missing_decision(walk: &Walk<'_>) -> Vec<Action> {
    let scope = walk.case.scope.as_ref();
    let mut actions = Vec::new();
    let mut lack = |lacking: bool, label: &str, path: &str| {
        if lacking {
            actions.push(intake(format!("Ghi {label} vào {path}."), None, path.to_owned()));
        }
    };
    lack(walk.arrived().is_none(), "ngày khiếu nại đến Trung tâm", "tiep_nhan.ngay_den");
    let decided = scope.and_then(|scope| scope.in_scope);
    lack(decided.is_none(), "quyết định khiếu nại có thuộc phạm vi dịch vụ không", "xem_xet_tiep_nhan.thuoc_pham_vi");
    lack(
        decided.is_some() && scope.and_then(|scope| scope.date).is_none(),
        "ngày xem xét tiếp nhận",
        "xem_xet_tiep_nhan.ngay",
    );
    actions
}

/// Step 3, out of scope.
fn rejection(walk: &mut Walk<'_>) -> Pass {
    let block = walk.case.rejection.as_ref();
    let paper = block.map(|block| walk.paper(block, "tu_choi")).unwrap_or_default();
    let days = walk.settings.terms.rejection;
    let term = walk
        .arrived()
        .map(|from| walk.count(from_arrival(TermKind::Rejection, "gửi thông báo từ chối", from, days, paper.met)));
    let due = walk.warn_by(term);
    let mut actions = Vec::new();
    if walk.case.scope.as_ref().is_some_and(|scope| scope.reasons.is_empty()) {
        let path = "xem_xet_tiep_nhan.ly_do_tu_choi".to_owned();
        actions.push(intake(format!("Ghi lý do từ chối vào {path}, mỗi dòng một lý do."), due, path));
    }
    actions.extend(letter_step(walk, block, "thông báo từ chối", "tu_choi", due));
    let outcome = match paper.sent {
        Some(date) => Outcome::Ended(End::Rejected, date),
        None => Outcome::Open,
    };
    outside_rounds(Stage::Rejection, outcome, actions)
}

/// The next step of a letter that must be issued and sent; notes it as wanted when it has no block.
pub(super) fn letter_step<B: LetterBlock>(
    walk: &mut Walk<'_>,
    block: Option<&B>,
    name: &str,
    path: &str,
    due: Option<chrono::NaiveDate>,
) -> Option<Action> {
    if block.is_none() {
        walk.wanted.push(path.to_owned());
    }
    let block = block.map(|block| block as &dyn LetterBlock);
    step_to_issue(block, walk.settings, walk.pending, name, path, due).or_else(|| {
        let block = block.filter(|block| walk.paper(*block, path).sent.is_none())?;
        Some(step_to_send(block, name, path, due))
    })
}

/// Step 4.
fn at_once(walk: &mut Walk<'_>) -> Pass {
    let settled = walk.case.settled.as_ref();
    let record = settled.and_then(|settled| settled.record.as_ref());
    let answer = settled.and_then(|settled| settled.answer.as_ref());
    let in_person = walk.case.intake.as_ref().and_then(|intake| intake.channel) == Some(Channel::InPerson);
    let by_record = match (record, answer) {
        (Some(_), None) => true,
        (None, Some(_)) => false,
        (None, None) => in_person,
        (Some(record), Some(answer)) => in_force(Some(record)) || !in_force(Some(answer)),
    };
    let days = walk.settings.terms.answer_at_once;
    let from = walk.arrived();
    let count = |walk: &mut Walk<'_>, label: &str, met| {
        let place = from.map(|from| walk.count(from_arrival(TermKind::AnswerAtOnce, label, from, days, met)));
        if let Some(term) = place.and_then(|place| walk.terms.get_mut(place)) {
            term.by_setting = by_record;
            term.remarks.push("mốc tính theo cấu hình: quy trình không nêu thời hạn tính từ ngày nào".to_owned());
        }
        walk.warn_by(place)
    };
    let (answered, mut actions) = if by_record {
        let path = "xu_ly_ngay.bien_ban";
        let paper = record.map(|record| walk.paper(record, path)).unwrap_or_default();
        let met = record.filter(|_| paper.issued).and_then(|record| record.date).map(|date| date.0);
        let due = count(walk, "lập biên bản xử lý", met);
        if record.is_none() {
            walk.wanted.push(path.to_owned());
        }
        let block = record.map(|record| record as &dyn LetterBlock);
        let mut step: Vec<Action> =
            step_to_issue(block, walk.settings, walk.pending, "biên bản xử lý", path, due).into_iter().collect();
        if step.is_empty() && met.is_none() {
            let path = format!("{path}.ngay");
            step.push(intake(format!("Ghi ngày lập biên bản xử lý vào {path}."), due, path));
        }
        (met, step)
    } else {
        let paper = answer.map(|answer| walk.paper(answer, ANSWER)).unwrap_or_default();
        let due = count(walk, "gửi văn bản trả lời", paper.met);
        let step = letter_step(walk, answer, "văn bản trả lời", ANSWER, due);
        let said =
            settled.and_then(|settled| settled.reaction.as_ref()).is_some_and(|reaction| reaction.agrees.is_some());
        (paper.sent.or(paper.met.filter(|_| said)), step.into_iter().collect())
    };
    let Some(date) = answered else {
        return outside_rounds(Stage::SettleAtOnce, Outcome::Open, actions);
    };
    let said = settled.and_then(|settled| settled.reaction.as_ref());
    // Agreement in the record itself needs no further word; disagreement there does (step 10: in writing).
    if by_record && said.is_none() && record.and_then(|record| record.agrees) == Some(Flag::Yes) {
        return outside_rounds(Stage::Ended, Outcome::Ended(End::Agreed, date), actions);
    }
    let paper = answer.filter(|_| !by_record).map(|answer| walk.paper(answer, ANSWER)).unwrap_or_default();
    let (outcome, more) = walk.reaction(Answered {
        received: if by_record { Some(date) } else { paper.received },
        received_label: if by_record {
            "ngày lập biên bản xử lý"
        } else {
            "ngày khách hàng nhận văn bản trả lời"
        },
        received_path: format!("xu_ly_ngay.tra_loi.gui[{}].ngay_nhan", paper.send),
        reaction: said,
        reaction_path: "xu_ly_ngay.phan_hoi".to_owned(),
        round: 0,
        silence: End::SettledAtOnce,
    });
    actions.extend(more);
    outside_rounds(Stage::AwaitingReaction, outcome, actions)
}

/// Step 5, then the first round.
fn slip(walk: &mut Walk<'_>) -> Pass {
    let slip = walk.case.slip.as_ref();
    let paper = slip.map(|slip| walk.paper(slip, "phieu_tiep_nhan")).unwrap_or_default();
    let days = walk.settings.terms.receipt_slip;
    let term = walk
        .arrived()
        .map(|from| walk.count(from_arrival(TermKind::ReceiptSlip, "gửi phiếu tiếp nhận", from, days, paper.met)));
    let due = walk.warn_by(term);
    let step = letter_step(walk, slip, "phiếu tiếp nhận", "phieu_tiep_nhan", due);
    let begun = walk.case.rounds.first().is_some_and(|round| *round != Round::default());
    // The round begins once the slip is written (step 6); before that nothing else is asked for.
    if !begun && !paper.issued {
        let answer = round::answer_term(walk, 0, Begin::Arrival, None);
        walk.terms.extend(answer);
        return outside_rounds(Stage::ReceiptSlip, Outcome::Open, step.into_iter().collect());
    }
    let mut pass = round::pass(walk, 0, Begin::Arrival);
    if let Some(step) = step {
        if begun {
            pass.actions.push(step);
        } else {
            pass.stage = Stage::ReceiptSlip;
            pass.actions.insert(0, step);
        }
    }
    pass
}
