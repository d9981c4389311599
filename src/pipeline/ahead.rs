//! Letters staff want issued, or issued anew, that the program has not come to: the case waits for them, and what the file
//! says of them already comes too early.

use crate::case::{Case, LetterBlock};
use crate::diagnostic::{Diagnostic, Severity, code};
use crate::letter::{LetterId, LetterKind, wording};
use crate::pipeline::issue::register_id;
use crate::pipeline::plan::{permitted, replaces};
use crate::pipeline::read::Reading;
use crate::procedure::{self, Coming, Pending};
use crate::register::Register;
use crate::workspace::Workspace;

/// Assesses a case anew that waits for its letters; tells what its file says too early.
pub(super) fn look(workspace: &Workspace, register: &Register, reading: &mut Reading) -> Vec<Diagnostic> {
    let mut pending = Pending::default();
    let mut findings = Vec::new();
    let when = procedure::when(&workspace.settings);
    for letter in reading.case.letters() {
        if !reading.assessment.letters.iter().any(|due| due.id == letter.id) {
            continue;
        }
        let name = register_id(reading.code.as_str(), &letter.id);
        let history = register.history(&name);
        let current = register.current(&name).filter(|record| !replaces(letter.block, record.issued.number));
        if current.is_some() {
            continue;
        }
        let withdrawn = register.current(&name).map(|record| record.issued.symbol.clone());
        if let Some(symbol) = &withdrawn {
            findings.push(old_letter(reading, &letter.path, &letter.id, symbol, &when));
        }
        if letter.block.issue() && history.len() < permitted(letter.block, &history) {
            let coming = withdrawn.map_or(Coming::Issue, Coming::Replacement);
            findings.extend(too_early(reading, &letter.path, &letter.id, letter.block, &coming, &when));
            pending.put(&letter.path, coming);
        }
    }
    if !pending.is_empty() {
        findings.extend(closing_too_early(reading, &when));
        let today = workspace.clock.today();
        reading.assessment =
            procedure::assess_while(&pending, &reading.case, &workspace.calendar, &workspace.settings, today);
    }
    findings
}

/// The letter that is to be replaced still lies among those in force.
fn old_letter(reading: &Reading, path: &str, id: &LetterId, symbol: &str, when: &str) -> Diagnostic {
    let letter = wording::capitalised(id.kind.text());
    reading.places.finding(
        code::REPLACEMENT_COMING,
        Severity::Warning,
        &format!("{path}.thay_the"),
        format!("{letter} số {symbol} đang được thay: bản cũ còn nằm trong van-ban."),
        format!("Đừng gửi bản số {symbol}. Chương trình rút bản ấy và làm theo mục thay_the {when}."),
    )
}

/// What the file says of a letter that is not there yet.
fn too_early(
    reading: &Reading,
    path: &str,
    id: &LetterId,
    block: &dyn LetterBlock,
    coming: &Coming,
    when: &str,
) -> Vec<Diagnostic> {
    let replaced = block.replacements().iter().filter_map(|replacement| replacement.date).max();
    let first = *coming == Coming::Issue;
    let mut facts: Vec<(String, &str)> = Vec::new();
    // What was sent up to the day of the replacement was the letter that is replaced.
    for (place, send) in block.sends().iter().enumerate() {
        if send.date.is_some_and(|date| first || replaced.is_some_and(|replaced| date > replaced)) {
            facts.push((format!("{path}.gui[{place}]"), "lần gửi"));
        }
    }
    if first {
        let waits = block.signed_copy().is_some_and(|copy| copy.file.is_some()) && !when.contains("da-ky");
        facts.extend(waits.then(|| (format!("{path}.ban_ky"), "bản đã ký")));
        facts.extend(follows(&reading.case, path, id));
    }
    let letter = id.kind.text();
    let what = if first { "chưa ban hành" } else { "thay thế chưa ban hành" };
    facts
        .into_iter()
        .map(|(path, fact)| {
            reading.places.finding(
                code::AHEAD_OF_ISSUE,
                Severity::Warning,
                &path,
                format!("Đã ghi {fact} nhưng {letter} {what}: chưa có tệp PDF trong van-ban."),
                format!("Chờ chương trình ban hành ({when}), xem tệp trong van-ban rồi mới gửi và ghi. Việc chưa xảy ra thì xóa dòng này."),
            )
        })
        .collect()
}

/// What others did with the letter: where it is written, and what it is.
fn follows(case: &Case, path: &str, id: &LetterId) -> Option<(String, &'static str)> {
    let around = path.rsplit_once('.').map_or("", |(around, _)| around);
    let settled = case.settled.as_ref();
    match id.kind {
        LetterKind::HandlingRecord | LetterKind::Answer if around == "xu_ly_ngay" => {
            settled?.reaction.as_ref()?.date?;
            Some(("xu_ly_ngay.phan_hoi".to_owned(), "phản hồi của khách hàng"))
        }
        LetterKind::Answer => {
            let place = case.rounds.iter().enumerate().find(|(place, _)| around == format!("giai_quyet[{place}]"));
            place?.1.reaction.as_ref()?.date?;
            Some((format!("{around}.phan_hoi"), "phản hồi của khách hàng"))
        }
        LetterKind::Transfer => {
            let block = case.rounds.iter().enumerate().find_map(|(round, own)| {
                let at = |place: usize| path == format!("giai_quyet[{round}].chuyen_bo_phan[{place}]");
                own.transfers.iter().enumerate().find(|(place, _)| at(*place)).map(|(_, transfer)| transfer)
            });
            block?.findings.as_ref()?.date?;
            Some((format!("{path}.ket_qua"), "kết quả xác minh"))
        }
        _ => None,
    }
}

/// The file says that the case closes, and letters of it are not there yet.
fn closing_too_early(reading: &Reading, when: &str) -> Option<Diagnostic> {
    reading.case.closing.as_ref()?.date?;
    Some(reading.places.finding(
        code::AHEAD_OF_ISSUE,
        Severity::Warning,
        "luu_ho_so",
        "Đã ghi luu_ho_so nhưng còn văn bản chưa ban hành; hồ sơ chưa lưu.".to_owned(),
        format!("Chờ chương trình ban hành ({when}), gửi văn bản và ghi mục gui, rồi hãy lưu hồ sơ."),
    ))
}
