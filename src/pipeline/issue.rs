//! Issue: number → original → journal entry (the commit) → copy. And what follows from it: withdrawn numbers, restored
//! copies, facts that changed afterwards.

use std::path::PathBuf;

use chrono::NaiveDate;

use crate::case::{Case, LetterBlock, Withdrawal};
use crate::diagnostic::{Diagnostic, Severity, code};
use crate::fs;
use crate::letter::{self, IssuedLetter, Known, LetterId, Mode, Prepared};
use crate::pipeline::read::{self, Read, Reading};
use crate::pipeline::render;
use crate::pipeline::snapshot::{self, Email, Snapshot};
use crate::pipeline::{Change, Failure};
use crate::procedure::Assessment;
use crate::register::{self, Issued, Record, Register, Void, originals};
use crate::settings::{NumberingBy, NumberingTime};
use crate::workspace::Workspace;

/// Ending of originals.
pub(crate) const ORIGINAL: &str = "pdf";

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
    /// The sentence a clerk reads.
    #[must_use]
    pub fn text(&self, letter: &LetterId) -> String {
        let letter = letter.kind.text();
        match self {
            Self::Quiet(seconds) => {
                format!("{letter}: tệp vừa được lưu, sẽ cấp số sau {seconds} giây nếu không sửa gì thêm")
            }
            Self::SignedCopy => format!("{letter}: chờ bản đã ký (ban_ky) rồi mới cấp số"),
            Self::Number => format!("{letter}: chờ văn thư ghi số vào mục so"),
        }
    }
}

/// The register's name of a letter.
#[must_use]
pub fn register_id(code: &str, id: &LetterId) -> String {
    format!("{code}/{}", id.stem())
}

/// Number and symbol as printed: `05/TB-ECA` (Decree 30/2020, App. I, 3).
#[must_use]
pub fn number_text(number: u32, symbol: &str) -> String {
    format!("{number:02}/{symbol}")
}

/// How many issues the block permits: one, and one more for each number of this letter it withdraws.
fn permitted(block: &dyn LetterBlock, history: &[&Record]) -> usize {
    1 + history.iter().filter(|record| replaces(block, record.issued.number)).count()
}

fn replaces(block: &dyn LetterBlock, number: u32) -> bool {
    block.replacements().iter().any(|r| r.number.is_some_and(|n| n.0 == number))
}

/// What the register knows of a case's letters, for the letters that cite them.
#[must_use]
pub fn known(register: &Register, case: &Case, assessment: &Assessment) -> Known {
    let mut known = Known::default();
    for due in &assessment.letters {
        for record in register.history(&register_id(case.code.as_str(), &due.id)) {
            let letter = IssuedLetter { number_text: record.issued.symbol.clone(), date: record.issued.date };
            match &record.void {
                None => {
                    known.issued.insert(due.id.clone(), letter);
                }
                Some((_, void)) => {
                    let kind = match void.withdrawal {
                        register::Withdrawal::Voided => Withdrawal::Void,
                        register::Withdrawal::Replaced => Withdrawal::Replace,
                        register::Withdrawal::Corrected => Withdrawal::Correct,
                    };
                    known.withdrawn.insert(due.id.clone(), (letter, kind));
                }
            }
        }
    }
    known
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

fn wait(workspace: &Workspace, reading: &Reading, block: &dyn LetterBlock) -> Option<Wait> {
    let quiet = workspace.settings.quiet_seconds;
    let numbering = &workspace.settings.numbering;
    let untouched = reading.untouched.as_secs();
    if quiet > 0 && untouched < quiet {
        return Some(Wait::Quiet(quiet - untouched));
    }
    if numbering.by == NumberingBy::Clerk && block.number().is_none() {
        return Some(Wait::Number);
    }
    let signed = || {
        let file = block.signed_copy().and_then(|copy| copy.file.as_ref());
        file.is_some_and(|file| workspace.folder(&reading.code).signed().join(file.as_str()).is_file())
    };
    (numbering.time == NumberingTime::AfterSigning && !signed()).then_some(Wait::SignedCopy)
}

/// Withdraws what is to be withdrawn and issues the letter, in one transaction under the lock.
///
/// # Errors
/// Findings when the letter cannot be right; the register then holds no new number.
pub fn issue(
    workspace: &Workspace,
    pending: &Pending,
    reading: &Reading,
    changes: &mut Vec<Change>,
) -> Result<(), Failure> {
    let _lock = workspace.lock()?;
    let mut register = Register::open(&workspace.register(), Some(&workspace.mirror()))?.0;
    match read::read(workspace, &workspace.case_file(&reading.code)) {
        Read::Case(now) if now.bytes == reading.bytes => {}
        // Somebody saved in the meantime: the next pass sees it as it is then.
        _ => return Ok(()),
    }
    let id = &pending.id;
    let letter = register_id(&pending.code, id);
    let Some(block) = reading.case.letter(id) else { return Ok(()) };

    withdraw(workspace, &mut register, block, &letter, changes)?;
    let history = register.history(&letter);
    if !block.issue() || register.current(&letter).is_some() || history.len() >= permitted(block, &history) {
        return Ok(());
    }
    let series = workspace.settings.series(id.kind).ok_or_else(|| {
        vec![
            Diagnostic::error(code::NO_SERIES, format!("hoso.yaml chưa khai sổ và ký hiệu cho {}.", id.kind.text()))
                .in_file(crate::workspace::SETTINGS)
                .hint("Thêm một mục cho loại văn bản này vào danh_so.so."),
        ]
    })?;
    let year = chrono::Datelike::year(&pending.date);
    let start = series.starts.iter().find(|s| i64::from(s.year.0) == i64::from(year)).map_or(1, |s| s.number.0);
    let typed = workspace.settings.numbering.by == NumberingBy::Clerk;
    let number = match block.number() {
        Some(number) if typed => number.0,
        _ => register.next_number(series.register.as_str(), year, start),
    };

    let known = known(&register, &reading.case, &reading.assessment);
    let today = workspace.clock.today();
    let mode = Mode::Issue { number };
    let prepared = letter::prepare(&reading.case, &reading.assessment, &workspace.settings, &known, id, mode, today)
        .map_err(|reason| vec![Diagnostic::error(code::MISSING_AT_ISSUE, reason.to_string()).in_file(&reading.file)])?;
    refuse_missing(&prepared, reading)?;
    let rendered = render::render(workspace, &prepared, Some(reading))?;
    let snapshot = Snapshot {
        program: env!("CARGO_PKG_VERSION").to_owned(),
        letter: letter.clone(),
        number: number_text(number, series.symbol.as_str()),
        facts: prepared.facts.clone(),
        view: prepared.view.clone(),
        email: email_of(workspace, &prepared)?,
        forms: workspace
            .forms
            .names()
            .map(|name| snapshot::keep(workspace, name, workspace.forms.text(name)))
            .collect::<fs::Result<_>>()?,
        style: snapshot::keep(workspace, "kieu.yaml", &workspace.style_text)?,
        fonts: workspace.fonts.digest(),
    };
    let snapshot_sha256 = snapshot.store(workspace)?;
    let sha256 = originals::store(&workspace.originals(), &rendered.bytes, ORIGINAL)?;
    fs::step("issue: original stored");

    let file = file_name(&prepared, number, series.symbol.as_str(), pending.date);
    let issued = Issued {
        register: series.register.to_string(),
        year,
        number,
        symbol: number_text(number, series.symbol.as_str()),
        letter,
        kind: id.kind.text().to_owned(),
        case: pending.code.clone(),
        date: pending.date,
        subject: prepared.subject.clone(),
        addressee: prepared.addressee.clone(),
        signer: prepared.signer_name.clone(),
        kept_by: format!("VT, {}", workspace.settings.drafting_unit),
        copies: 1,
        pdf_sha256: sha256,
        pdf_size: rendered.bytes.len() as u64,
        pages: u32::try_from(rendered.pages).unwrap_or(u32::MAX),
        snapshot_sha256,
        file,
        start,
        typed_by_clerk: typed,
    };
    let warnings = register.issue(workspace.clock.now(), issued)?;
    fs::step("issue: journalled");
    restore(workspace, &register, reading, changes)?;
    if warnings.is_empty() {
        Ok(())
    } else {
        Err(Failure::Findings(warnings.into_iter().map(|w| w.in_file(&reading.file)).collect()))
    }
}

fn refuse_missing(prepared: &Prepared, reading: &Reading) -> Result<(), Failure> {
    if prepared.missing.is_empty() {
        return Ok(());
    }
    let finding = |missing: &letter::Missing| {
        reading.places.finding(
            code::MISSING_AT_ISSUE,
            Severity::Error,
            &missing.path,
            format!("Chưa ban hành được {}: thiếu {}.", prepared.id.kind.text(), missing.label),
            format!("Ghi thêm {}, rồi lưu tệp.", missing.path.rsplit('.').next().unwrap_or(&missing.path)),
        )
    };
    Err(Failure::Findings(prepared.missing.iter().map(finding).collect()))
}

fn email_of(workspace: &Workspace, prepared: &Prepared) -> Result<Option<Email>, Failure> {
    let Some(to) = &prepared.email else { return Ok(None) };
    let (subject, body) = workspace.forms.email_text(prepared).map_err(|fault| vec![fault])?;
    Ok(Some(Email {
        from_name: to.from_name.clone(),
        from: to.from_address.clone(),
        to_name: to.name.clone(),
        to: to.address.clone(),
        subject,
        body,
    }))
}

/// Voids the numbers the block withdraws.
fn withdraw(
    workspace: &Workspace,
    register: &mut Register,
    block: &dyn LetterBlock,
    letter: &str,
    changes: &mut Vec<Change>,
) -> Result<(), Failure> {
    let live: Vec<Issued> = register
        .history(letter)
        .into_iter()
        .filter(|record| record.void.is_none())
        .map(|record| record.issued.clone())
        .collect();
    for issued in live {
        let fact = block.replacements().iter().find(|r| r.number.is_some_and(|n| n.0 == issued.number));
        let Some(fact) = fact else { continue };
        let kind = fact.kind.unwrap_or(Withdrawal::Replace);
        register.void(
            workspace.clock.now(),
            Void {
                register: issued.register.clone(),
                year: issued.year,
                number: issued.number,
                reason: fact.reason.as_ref().map(ToString::to_string).unwrap_or_default(),
                by: block.signer().map(ToString::to_string).unwrap_or_default(),
                withdrawal: match kind {
                    Withdrawal::Void => register::Withdrawal::Voided,
                    Withdrawal::Replace => register::Withdrawal::Replaced,
                    Withdrawal::Correct => register::Withdrawal::Corrected,
                },
            },
        )?;
        fs::step("issue: withdrawn");
        changes.push(Change::new(issued.symbol.clone(), format!("{} văn bản", kind.text())));
    }
    Ok(())
}

/// The file name of an issued letter: ASCII, legal everywhere, in date order.
fn file_name(prepared: &Prepared, number: u32, symbol: &str, date: NaiveDate) -> String {
    let symbol: String = symbol.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '-' }).collect();
    format!("{date}_{number:02}-{symbol}_{}.pdf", prepared.id.stem())
}

/// Puts every issued letter of the case where it belongs: copies from the originals, never rendered again; withdrawn ones
/// into their own folder; the email beside an answer that goes by email.
///
/// # Errors
/// Findings when an original is missing or damaged.
pub fn restore(
    workspace: &Workspace,
    register: &Register,
    reading: &Reading,
    changes: &mut Vec<Change>,
) -> Result<(), Failure> {
    let folder = workspace.folder(&reading.code);
    for record in register.of_case(reading.code.as_str()) {
        let issued = &record.issued;
        let (home, other) = if record.void.is_some() {
            (folder.withdrawn(), folder.letters())
        } else {
            (folder.letters(), folder.withdrawn())
        };
        let path = home.join(&issued.file);
        let present = std::fs::read(&path).ok();
        let intact = present.as_ref().is_some_and(|bytes| fs::sha256(bytes) == issued.pdf_sha256);
        if !intact && !is_signed_copy(issued, present.as_deref().unwrap_or_default()) {
            let bytes = original(workspace, issued)?;
            fs::write(&path, &bytes)?;
            fs::step("issue: copied");
            let what = if present.is_some() { "khôi phục văn bản bị hỏng, số" } else { "ban hành số" };
            changes.push(Change::new(workspace.show(&path), format!("{what} {}", issued.symbol)));
        }
        remove_if(&other.join(&issued.file), |bytes| fs::sha256(bytes) == issued.pdf_sha256)?;
        let Some(email) = Snapshot::load(workspace, &issued.snapshot_sha256).and_then(|snapshot| snapshot.email) else {
            continue;
        };
        let name = PathBuf::from(&issued.file).with_extension("eml");
        let bytes = email.compose(&issued.file, &original(workspace, issued)?, record.time);
        if record.void.is_none() && !home.join(&name).exists() {
            fs::write(&home.join(&name), &bytes)?;
            changes.push(Change::new(workspace.show(&home.join(&name)), "thư điện tử để gửi".to_owned()));
        }
        if record.void.is_some() {
            remove_if(&other.join(&name), |old| old == bytes)?;
        }
    }
    Ok(())
}

/// The original of an issued letter, proved by its digest.
pub(crate) fn original(workspace: &Workspace, issued: &Issued) -> Result<Vec<u8>, Failure> {
    originals::load(&workspace.originals(), &issued.pdf_sha256, ORIGINAL).map_err(|error| {
        Failure::Findings(vec![
            Diagnostic::error(
                code::ORIGINAL_LOST,
                format!("Bản gốc của văn bản số {} không dùng được: {error}.", issued.symbol),
            )
            .hint("Lấy lại thư mục .hoso từ bản sao lưu; dùng “hoso register verify” để xem chỗ hỏng."),
        ])
    })
}

/// Removes a file whose bytes are ours.
fn remove_if(path: &std::path::Path, ours: impl Fn(&[u8]) -> bool) -> fs::Result<()> {
    if std::fs::read(path).is_ok_and(|bytes| ours(&bytes)) { fs::remove_file(path) } else { Ok(()) }
}

/// Whether `bytes` are the original with something added after it, as a digital signature is.
fn is_signed_copy(issued: &Issued, bytes: &[u8]) -> bool {
    let size = usize::try_from(issued.pdf_size).unwrap_or(usize::MAX);
    bytes.len() > size
        && fs::sha256(&bytes[..size]) == issued.pdf_sha256
        && bytes[size..].windows(10).any(|window| window == b"/ByteRange")
}

/// Warnings about facts that an issued letter used and that are different now.
#[must_use]
pub fn changed_facts(workspace: &Workspace, register: &Register, reading: &Reading) -> Vec<Diagnostic> {
    let known = known(register, &reading.case, &reading.assessment);
    let today = workspace.clock.today();
    let mut findings = Vec::new();
    for due in &reading.assessment.letters {
        let Some(Record { issued, .. }) = register.current(&register_id(reading.code.as_str(), &due.id)) else {
            continue;
        };
        let mode = Mode::Issue { number: issued.number };
        let now =
            letter::prepare(&reading.case, &reading.assessment, &workspace.settings, &known, &due.id, mode, today);
        let (Some(snapshot), Ok(now)) = (Snapshot::load(workspace, &issued.snapshot_sha256), now) else { continue };
        for (path, then, now) in snapshot.changed_facts(&now.facts) {
            let show = |text: &str| {
                if text.is_empty() { "(không có)".to_owned() } else { format!("“{}”", shorten(text)) }
            };
            findings.push(reading.places.finding(
                code::CHANGED_AFTER_ISSUE,
                Severity::Warning,
                &path,
                format!(
                    "{} số {} đã ban hành ghi {}; nay tệp ghi {}.",
                    capitalised(due.id.kind.text()),
                    issued.symbol,
                    show(&then),
                    show(&now)
                ),
                "Văn bản đã ban hành không đổi. Ghi lại như cũ; nếu văn bản sai thì thay bằng mục thay_the; nếu khách hàng đổi thông tin thì ghi vào thay_doi.".to_owned(),
            ));
        }
    }
    for Record { issued, .. } in register.of_case(reading.code.as_str()).filter(|record| record.void.is_none()) {
        let known =
            reading.assessment.letters.iter().any(|due| register_id(reading.code.as_str(), &due.id) == issued.letter);
        if !known {
            findings.push(
                Diagnostic::warning(
                    code::ISSUED_BLOCK_GONE,
                    format!(
                        "{} số {} đã ban hành nhưng phần của nó không còn trong tệp.",
                        capitalised(&issued.kind),
                        issued.symbol
                    ),
                )
                .in_file(&reading.file)
                .hint("Ghi lại phần này như cũ (bản chụp lúc ban hành còn trong sổ)."),
            );
        }
    }
    findings
}

fn shorten(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() > 60 { line.chars().take(59).chain(['…']).collect() } else { line }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

impl From<register::Error> for Failure {
    fn from(error: register::Error) -> Self {
        Self::State(error.to_string())
    }
}
