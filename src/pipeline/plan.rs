//! Which letters of a case are to be issued now, which wait, and for what.

use chrono::NaiveDate;

use crate::case::LetterBlock;
use crate::diagnostic::{Diagnostic, Severity, code};
use crate::letter::LetterId;
use crate::pipeline::issue::register_id;
use crate::pipeline::read::Reading;
use crate::pipeline::scan;
use crate::procedure::LetterDue;
use crate::register::{Record, Register};
use crate::settings::{NumberingBy, NumberingTime};
use crate::workspace::Workspace;

/// A letter staff want issued, or an issued number they want withdrawn.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pending {
    /// Date of the letter: numbers are given in this order.
    pub date: NaiveDate,
    /// Case code.
    pub code: String,
    /// Place in the case.
    pub order: usize,
    /// Which letter.
    pub id: LetterId,
}

/// Why a letter is not issued yet, without anything being wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wait {
    /// The file was saved a moment ago; seconds left.
    Quiet(u64),
    /// Numbering comes after signing and the signed copy is not there.
    SignedCopy,
    /// The registry clerk has not typed the number.
    Number,
}

impl Wait {
    /// Seconds left, where only time is lacking.
    #[must_use]
    pub fn seconds(&self) -> Option<u64> {
        if let Self::Quiet(left) = self { Some(*left) } else { None }
    }

    /// The sentence a clerk reads.
    #[must_use]
    pub fn text(&self, letter: &LetterId) -> String {
        match self {
            Self::Quiet(seconds) => {
                let letter = letter.kind.text();
                format!("{letter}: tệp vừa được lưu, sẽ cấp số sau {seconds} giây nếu không sửa gì thêm")
            }
            _ => self.reason(letter),
        }
    }

    /// The same sentence without the seconds left.
    #[must_use]
    pub fn reason(&self, letter: &LetterId) -> String {
        let letter = letter.kind.text();
        match self {
            Self::Quiet(_) => format!("{letter}: tệp vừa được lưu, sẽ cấp số khi tệp đã nằm yên"),
            Self::SignedCopy => format!("{letter}: chờ bản đã ký (ban_ky) rồi mới cấp số"),
            Self::Number => format!("{letter}: chờ văn thư ghi số vào mục so"),
        }
    }
}

/// The letters of a case that are to be issued now, those that wait, and findings about both.
#[must_use]
pub fn plan(
    workspace: &Workspace,
    reading: &Reading,
    register: &Register,
) -> (Vec<Pending>, Vec<(LetterId, Wait)>, Vec<Diagnostic>) {
    let (mut pending, mut waiting, mut findings) = (Vec::new(), Vec::new(), Vec::new());
    for (order, due) in reading.assessment.letters.iter().enumerate() {
        let Some(block) = reading.case.letter(&due.id) else { continue };
        let letter = register_id(reading.code.as_str(), &due.id);
        let history = register.history(&letter);
        findings.extend(unknown_replacements(block, &history, reading, &due.path, &due.id));
        let withdraws = history.iter().any(|record| record.void.is_none() && replaces(block, record.issued.number));
        if let Some(finding) = orphan(reading, register, due, &history, block) {
            findings.push(finding);
            continue;
        }
        if block.number().is_some() && history.is_empty() && workspace.settings.numbering.by == NumberingBy::Program {
            findings.push(reading.places.finding(
                code::NUMBER_IGNORED,
                Severity::Warning,
                &format!("{}.so", due.path),
                "Số do chương trình cấp, số ghi ở đây không được dùng.".to_owned(),
                "Xóa dòng này; hoặc để văn thư cấp số bằng danh_so.nguoi_cap: van_thu trong hoso.yaml.".to_owned(),
            ));
        }
        let wanted = block.issue()
            && (register.current(&letter).is_none() || withdraws)
            && history.len() < permitted(block, &history);
        if !wanted && !withdraws {
            if block.issue() && register.current(&letter).is_none() && !history.is_empty() {
                findings.push(reading.places.finding(
                    code::VOID_WITHOUT_REPLACEMENT,
                    Severity::Warning,
                    &due.path,
                    format!("Số đã cấp cho {} đã bị hủy trong sổ.", due.id.kind.text()),
                    "Muốn cấp số mới, ghi mục thay_the với số cũ, ngày và lý do.".to_owned(),
                ));
            }
            continue;
        }
        let Some(date) = block.date() else {
            findings.push(reading.places.finding(
                code::MISSING_AT_ISSUE,
                Severity::Error,
                &due.path,
                format!("Chưa ban hành được {}: thiếu ngày của văn bản.", due.id.kind.text()),
                "Ghi ngày vào mục ngay.".to_owned(),
            ));
            continue;
        };
        match wait(workspace, reading, block) {
            Some(reason) => waiting.push((due.id.clone(), reason)),
            None => pending.push(Pending { date: date.0, code: reading.code.to_string(), order, id: due.id.clone() }),
        }
    }
    (pending, waiting, findings)
}

/// A letter of the same kind and round is in force and its block is gone: the block was changed, it is not a second letter.
fn orphan(
    reading: &Reading,
    register: &Register,
    due: &LetterDue,
    history: &[&Record],
    block: &dyn LetterBlock,
) -> Option<Diagnostic> {
    if !block.issue() || !history.is_empty() {
        return None;
    }
    let code = reading.code.as_str();
    let known: Vec<String> = reading.assessment.letters.iter().map(|due| register_id(code, &due.id)).collect();
    let kind = LetterId { kind: due.id.kind, round: due.id.round, unit: None };
    let alike = register_id(code, &kind);
    let lost = register.of_case(code).find(|record| {
        let letter = &record.issued.letter;
        record.void.is_none()
            && !known.contains(letter)
            && (*letter == alike || letter.starts_with(&format!("{alike}-")))
    })?;
    Some(reading.places.finding(
        code::ISSUED_BLOCK_GONE,
        Severity::Error,
        &due.path,
        format!(
            "Chưa cấp số cho {} này: số {} đã ban hành cùng loại, cùng lần, nay không còn phần nào trong tệp.",
            due.id.kind.text(),
            lost.issued.symbol
        ),
        "Ghi lại phần cũ như lúc ban hành, thêm văn bản mới thành một mục riêng; văn bản cũ sai thì ghi thay_the trong phần cũ.".to_owned(),
    ))
}

fn unknown_replacements(
    block: &dyn LetterBlock,
    history: &[&Record],
    reading: &Reading,
    path: &str,
    id: &LetterId,
) -> Vec<Diagnostic> {
    let finding = |index: usize, message: String, hint: &str| {
        reading.places.finding(
            code::REPLACES_UNKNOWN,
            Severity::Error,
            &format!("{path}.thay_the[{index}]"),
            message,
            hint.to_owned(),
        )
    };
    let mut findings = Vec::new();
    for (index, replacement) in block.replacements().iter().enumerate() {
        let Some(number) = replacement.number else { continue };
        if !history.iter().any(|record| record.issued.number == number.0) {
            findings.push(finding(
                index,
                format!("Chưa có {} nào mang số {:02} trong hồ sơ này để thay.", id.kind.text(), number.0),
                "Xem lại số trên văn bản đã ban hành trong thư mục van-ban.",
            ));
        } else if replacement.reason.is_none() || replacement.date.is_none() {
            findings.push(finding(
                index,
                format!("Thay văn bản số {:02} cần có ngày và lý do.", number.0),
                "Ghi thêm mục ngay và mục ly_do.",
            ));
        }
    }
    findings
}

/// Seconds until the file has lain still for the quiet time of the settings (promise: editors save half-done work).
#[must_use]
pub fn quiet_left(workspace: &Workspace, reading: &Reading) -> Option<u64> {
    let quiet = i64::try_from(workspace.settings.quiet_seconds).unwrap_or(i64::MAX);
    let left = if quiet > 0 { quiet.saturating_sub(reading.untouched) } else { 0 };
    u64::try_from(left).ok().filter(|left| *left > 0)
}

fn wait(workspace: &Workspace, reading: &Reading, block: &dyn LetterBlock) -> Option<Wait> {
    let numbering = &workspace.settings.numbering;
    if let Some(left) = quiet_left(workspace, reading) {
        return Some(Wait::Quiet(left));
    }
    if numbering.by == NumberingBy::Clerk && block.number().is_none() {
        return Some(Wait::Number);
    }
    let signed = || {
        let file = block.signed_copy().and_then(|copy| copy.file.as_ref());
        let present = || scan::attachments(&workspace.folder(&reading.code).signed()).unwrap_or_default();
        file.is_some_and(|file| scan::named(&present(), file.as_str()).is_some())
    };
    (numbering.time == NumberingTime::AfterSigning && !signed()).then_some(Wait::SignedCopy)
}

/// How many issues the block permits: one, and one more for each number of this letter it withdraws.
pub(super) fn permitted(block: &dyn LetterBlock, history: &[&Record]) -> usize {
    1 + history.iter().filter(|record| replaces(block, record.issued.number)).count()
}

pub(super) fn replaces(block: &dyn LetterBlock, number: u32) -> bool {
    block.replacements().iter().any(|r| r.number.is_some_and(|n| n.0 == number))
}
