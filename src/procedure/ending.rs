//! Ends, closing, and the whole put together.

use chrono::NaiveDate;

use super::course::{Begin, Outcome, Pass, Walk, intake};
use super::place::in_words;
use super::term::{day, judge};
use super::{Action, Actor, Assessment, End, LetterDue, Stage, TermKind, round};
use crate::case::{Case, LetterBlock, Round, Way};
use crate::letter::{LetterId, LetterKind};

/// The day the complainant withdrew, where that ends this pass: with the paper, and not before the pass began.
pub(super) fn withdrawal(case: &Case, pass: &Pass) -> Option<NaiveDate> {
    let withdrawn = case.withdrawn.as_ref().filter(|withdrawn| !withdrawn.evidence.is_empty())?;
    let date = withdrawn.date?.0;
    let open = match pass.outcome {
        Outcome::Open | Outcome::Answered => true,
        Outcome::Ended(end, _) => matches!(end, End::NoReaction | End::SettledAtOnce),
        Outcome::Objected(_) => false,
    };
    let in_pass = match pass.begin {
        Begin::Arrival => true,
        Begin::Objection(begun) => begun.is_none_or(|begun| date >= begun),
        // The same day: withdrawn first, then taken up again.
        Begin::Reopening(_, begun) => begun.is_some_and(|begun| date > begun),
    };
    (open && in_pass).then_some(date)
}

/// Whether the round at `index` had begun on `day`: a round that had not belongs to the pass after.
pub(super) fn round_began_by(case: &Case, index: usize, day: NaiveDate) -> bool {
    let Some(round) = case.rounds.get(index).filter(|round| **round != Round::default()) else { return false };
    let transfers = round.transfers.iter().filter_map(|transfer| transfer.date);
    let dates: Vec<NaiveDate> =
        transfers.chain(round.answer.as_ref().and_then(|answer| answer.date)).map(|date| date.0).collect();
    if dates.is_empty() { index + 1 < case.rounds.len() } else { dates.into_iter().any(|date| date <= day) }
}

/// From the last pass to the assessment.
pub(super) fn conclude(mut walk: Walk<'_>, mut pass: Pass) -> (Assessment, Option<NaiveDate>) {
    let case = walk.case;
    let mut end = None;
    if let Outcome::Ended(how, date) = pass.outcome {
        end = Some((how, date));
        walk.waive();
        walk.wanted.clear();
        (pass.stage, pass.actions) = closing(case, date);
    } else {
        order(&mut pass.actions);
        if let Some(withdrawn) = &case.withdrawn {
            let lacks = [
                (withdrawn.date.is_none(), "ngày khách hàng rút khiếu nại", "rut_khieu_nai.ngay"),
                (withdrawn.evidence.is_empty(), "văn bản rút khiếu nại của khách hàng", "rut_khieu_nai.tai_lieu"),
            ];
            for (_, label, path) in lacks.into_iter().filter(|(lacking, ..)| *lacking).rev() {
                pass.actions.insert(0, intake(format!("Ghi {label} vào {path}."), None, path.to_owned()));
            }
        }
        let earlier_version = |closed: NaiveDate| pass.begin.date().is_some_and(|begun| closed < begun);
        let closes = case.closing.as_ref().is_some_and(|c| c.date.is_none_or(|date| !earlier_version(date.0)));
        if closes && let Some(main) = pass.actions.first_mut() {
            main.what = format!("Chưa lưu hồ sơ được vì vụ việc chưa kết thúc. Trước hết: {}", main.what);
        }
    }
    judge(&mut walk.terms, walk.calendar, &mut walk.clock, walk.settings.terms.intake_warning);
    for action in &mut pass.actions {
        action.late = action.due.is_some_and(|due| walk.clock.is_past(due));
    }
    let letters = letters(&walk);
    if end.is_some() {
        let missing = missing_papers(&walk);
        walk.remarks.extend(missing);
        walk.remarks.extend(open_measures(case));
    }
    let sentences = pass.actions.iter_mut().map(|action| &mut action.what).chain(&mut walk.remarks);
    sentences.for_each(|sentence| *sentence = in_words(case, sentence));
    let further = pass.begin != Begin::Arrival;
    let step = if matches!(end, Some((End::Rejected, _))) { 3 } else { pass.stage.step(further) };
    let assessment = Assessment {
        stage: pass.stage,
        step,
        round: pass.round,
        end: end.map(|(how, _)| how),
        ended: end.map(|(_, date)| date),
        letters,
        terms: walk.terms,
        actions: pass.actions,
        remarks: walk.remarks,
        changes_on: None,
    };
    (assessment, walk.clock.next())
}

/// What the program does first, then the nearest date first. What has no date of its own belongs before what follows it.
fn order(actions: &mut Vec<Action>) {
    let mut dues: Vec<Option<NaiveDate>> = actions.iter().map(|action| action.due).collect();
    for place in (0..dues.len().saturating_sub(1)).rev() {
        dues[place] = dues[place].or(dues[place + 1]);
    }
    let mut keyed: Vec<_> = dues.into_iter().zip(std::mem::take(actions)).collect();
    keyed.sort_by_key(|(due, action)| (action.who != Actor::Program, due.is_none(), *due));
    actions.extend(keyed.into_iter().map(|(_, action)| action));
}

/// Whether an ended case closes, and what is missing if not.
fn closing(case: &Case, ended: NaiveDate) -> (Stage, Vec<super::Action>) {
    let field = "luu_ho_so.ngay".to_owned();
    if let Some(place) = case.supplements.iter().position(|supplement| supplement.date.is_none()) {
        let path = format!("bo_sung[{place}].ngay");
        return (Stage::Ended, vec![intake(format!("Ghi ngày nhận tài liệu bổ sung vào {path}."), None, path)]);
    }
    let came_back = case.reopenings.iter().filter_map(|reopening| reopening.date);
    let latest =
        came_back.chain(case.supplements.iter().filter_map(|supplement| supplement.date)).map(|date| date.0).max();
    let from = latest.map_or(ended, |latest| latest.max(ended));
    let what = match case.closing.as_ref().map(|closing| closing.date) {
        Some(Some(date)) if date.0 >= from => return (Stage::Closing, Vec::new()),
        Some(Some(date)) => format!(
            "Lưu hồ sơ: mục luu_ho_so đang ghi ngày {date}, trước ngày {} là ngày có việc mới; ghi lại {field} bằng ngày lưu lần này.",
            day(from)
        ),
        Some(None) => format!("Ghi ngày lưu hồ sơ vào {field}."),
        None => "Lưu hồ sơ: kiểm tra đủ bản đã ký và bằng chứng gửi, rồi ghi mục luu_ho_so với ngày lưu.".to_owned(),
    };
    let path = if case.closing.is_some() { field } else { "luu_ho_so".to_owned() };
    (Stage::Ended, vec![intake(what, None, path)])
}

/// Every letter block of the file with its place, in the order of the procedure.
fn blocks<'a>(walk: &Walk<'a>) -> Vec<(LetterId, String, Option<&'a dyn LetterBlock>)> {
    fn of<B: LetterBlock>(block: Option<&B>) -> Option<&dyn LetterBlock> {
        block.map(|block| block as &dyn LetterBlock)
    }
    let case: &'a Case = walk.case;
    let settled = case.settled.as_ref();
    let mut rows = vec![
        (LetterId::of(LetterKind::Rejection), "tu_choi".to_owned(), of(case.rejection.as_ref())),
        (
            LetterId::of(LetterKind::HandlingRecord),
            "xu_ly_ngay.bien_ban".to_owned(),
            of(settled.and_then(|settled| settled.record.as_ref())),
        ),
        (
            LetterId::of(LetterKind::Answer),
            "xu_ly_ngay.tra_loi".to_owned(),
            of(settled.and_then(|settled| settled.answer.as_ref())),
        ),
        (LetterId::of(LetterKind::ReceiptSlip), "phieu_tiep_nhan".to_owned(), of(case.slip.as_ref())),
    ];
    for index in 0..=case.rounds.len() {
        let own = case.rounds.get(index);
        let number = walk.number(index);
        let at = format!("giai_quyet[{index}]");
        let id = |kind, unit| LetterId { kind, round: number, unit };
        if own.is_none_or(|own| own.transfers.is_empty()) {
            rows.push((id(LetterKind::Transfer, None), format!("{at}.chuyen_bo_phan"), None));
        }
        for (place, (transfer, unit)) in
            own.into_iter().flat_map(|own| own.transfers.iter().zip(round::units(own)).enumerate())
        {
            let path = format!("{at}.chuyen_bo_phan[{place}]");
            let report = if transfer.findings.is_some() { format!("{path}.ket_qua") } else { path.clone() };
            rows.push((id(LetterKind::Transfer, Some(unit.clone())), path, of(Some(transfer))));
            rows.push((id(LetterKind::FindingsReport, Some(unit)), report, of(Some(transfer))));
        }
        rows.push((id(LetterKind::Answer, None), format!("{at}.tra_loi"), of(own.and_then(|own| own.answer.as_ref()))));
    }
    rows
}

/// Letters present, and those the next action asks for.
fn letters(walk: &Walk<'_>) -> Vec<LetterDue> {
    let due = |id: &LetterId| {
        let kinds: &[TermKind] = match id.kind {
            LetterKind::Rejection => &[TermKind::Rejection],
            LetterKind::HandlingRecord => &[TermKind::AnswerAtOnce],
            LetterKind::Answer if id.round == 0 => &[TermKind::AnswerAtOnce],
            LetterKind::Answer => &[TermKind::Answer, TermKind::ReAnswer],
            LetterKind::ReceiptSlip => &[TermKind::ReceiptSlip],
            LetterKind::Transfer => &[TermKind::Transfer],
            LetterKind::FindingsReport => &[TermKind::Findings],
            LetterKind::Cover
            | LetterKind::DocumentList
            | LetterKind::HandoverList
            | LetterKind::RegisterMinutes
            | LetterKind::DisposalList
            | LetterKind::DisposalCertificate
            | LetterKind::EnclosureSheet
            | LetterKind::LetterBook
            | LetterKind::ComplaintBook
            | LetterKind::TransferBook
            | LetterKind::Report => &[],
        };
        let fits = |term: &&super::Term| kinds.contains(&term.kind) && term.round == id.round && term.unit == id.unit;
        walk.terms.iter().find(fits).map(|term| term.due)
    };
    blocks(walk)
        .into_iter()
        .filter(|(_, path, block)| block.is_some() || walk.wanted.contains(path))
        .map(|(id, path, block)| LetterDue {
            due: due(&id),
            present: block.is_some(),
            // A findings report is a form for the unit to fill, never issued by us.
            issue: id.kind != LetterKind::FindingsReport && block.is_some_and(LetterBlock::issue),
            path,
            id,
        })
        .collect()
}

/// Papers still missing at the end: they can come in until the file says that it closes, and block nothing.
fn missing_papers(walk: &Walk<'_>) -> Vec<String> {
    let mut remarks = Vec::new();
    for (id, path, block) in blocks(walk) {
        let Some(block) = block.filter(|_| id.kind != LetterKind::FindingsReport) else { continue };
        let name = id.kind.text();
        if !block.issue() {
            remarks.push(format!("Bản thảo {name} ({path}) chưa ban hành."));
            continue;
        }
        if block.signed_copy().is_none() {
            remarks.push(format!("Thiếu bản đã ký của {name}: để tệp vào da-ky và ghi vào {path}.ban_ky."));
        }
        // A transfer stays in the house and a record is drawn up with the complainant present.
        if matches!(id.kind, LetterKind::Transfer | LetterKind::HandlingRecord) {
            continue;
        }
        if block.sends().is_empty() {
            remarks.push(format!("Chưa ghi việc gửi {name}: bổ sung {path}.gui."));
        }
        for (place, send) in block.sends().iter().enumerate() {
            if send.proof.is_none() && send.way != Some(Way::HandedOver) {
                remarks.push(format!("Thiếu bằng chứng gửi {name}: ghi vào {path}.gui[{place}].bang_chung."));
            }
        }
    }
    remarks
}

/// What the complainant was promised and is not recorded as done.
fn open_measures(case: &Case) -> Vec<String> {
    let settled = case.settled.as_ref();
    let record = settled.and_then(|settled| settled.record.as_ref());
    let mut lists = Vec::new();
    lists.extend(record.map(|record| ("xu_ly_ngay.bien_ban.viec_con_lai".to_owned(), &record.measures)));
    let answer = settled.and_then(|settled| settled.answer.as_ref());
    lists.extend(answer.map(|answer| ("xu_ly_ngay.tra_loi.bien_phap".to_owned(), &answer.measures)));
    for (index, round) in case.rounds.iter().enumerate() {
        let answer = round.answer.as_ref();
        lists.extend(answer.map(|answer| (format!("giai_quyet[{index}].tra_loi.bien_phap"), &answer.measures)));
    }
    let mut remarks = Vec::new();
    for (path, measures) in lists {
        for (place, measure) in measures.iter().enumerate().filter(|(_, measure)| measure.done.is_none()) {
            let what = measure.text.as_ref().map(|text| format!(" “{text}”")).unwrap_or_default();
            remarks.push(format!("Việc đã hẹn{what} chưa ghi ngày làm xong: {path}[{place}].ngay_xong."));
        }
    }
    remarks
}
