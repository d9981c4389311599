//! One pass over the watched folder: read every case, issue what is to be issued in the order of the letters' dates, bring
//! drafts up to date, close what has ended.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use rayon::prelude::*;
use serde::Serialize;

use crate::case::CaseCode;
use crate::diagnostic::{Diagnostic, code, draw};
use crate::fs;
use crate::letter::LetterId;
use crate::procedure::Assessment;
use crate::register::Register;
use crate::workspace::Workspace;

pub mod close;
pub mod draft;
pub mod issue;
pub mod read;
pub mod render;
pub mod scan;
pub mod snapshot;
pub mod state;

use read::{Read, Reading};
use state::RenderState;

/// A file that a pass wrote, moved or removed, and what it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Change {
    /// The file, or the number concerned.
    pub path: String,
    /// What happened, in Vietnamese.
    pub what: String,
}

impl Change {
    pub(crate) fn new(path: String, what: String) -> Self {
        Self { path, what }
    }
}

/// Why a step on one case did not come to its end. Other cases go on.
#[derive(Debug)]
pub enum Failure {
    /// Something is wrong with the case; the clerk can mend it.
    Findings(Vec<Diagnostic>),
    /// The file system refused.
    Fs(fs::Error),
    /// A journal is damaged or contradicts what was asked.
    State(String),
}

impl Failure {
    /// As findings about `file`.
    #[must_use]
    pub fn findings(self, file: &str) -> Vec<Diagnostic> {
        match self {
            Self::Findings(findings) => findings,
            Self::Fs(error) => vec![
                Diagnostic::error(code::DISK, format!("{error}."))
                    .in_file(file)
                    .hint("Kiểm tra ổ đĩa còn chỗ, quyền ghi và đường mạng. Chương trình sẽ tự làm lại."),
            ],
            Self::State(message) => vec![
                Diagnostic::error(code::STATE, format!("{message}."))
                    .in_file(file)
                    .hint("Chạy “hoso register verify” và “hoso archive verify” để xem chỗ sai, báo người quản trị."),
            ],
        }
    }
}

impl From<fs::Error> for Failure {
    fn from(error: fs::Error) -> Self {
        Self::Fs(error)
    }
}

impl From<Vec<Diagnostic>> for Failure {
    fn from(findings: Vec<Diagnostic>) -> Self {
        Self::Findings(findings)
    }
}

/// State of a letter (letters.md: draft, for signature, issued).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterState {
    /// Draft.
    Draft,
    /// Clean copy for signature.
    ForSignature,
    /// Issued.
    Issued,
    /// Number withdrawn.
    Withdrawn,
}

/// One letter of a case as it lies in the folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LetterReport {
    /// Which letter, e.g. `phieu-tiep-nhan`.
    pub letter: String,
    /// What a clerk calls it.
    pub kind: String,
    /// State.
    pub state: LetterState,
    /// Number and symbol, once issued.
    pub number: Option<String>,
    /// File.
    pub file: String,
}

/// What a pass says of one case.
#[derive(Debug, Clone, Serialize)]
pub struct CaseReport {
    /// Case code, or the name of a file that is no case.
    pub code: String,
    /// The file.
    pub file: String,
    /// Who complains.
    pub complainant: Option<String>,
    /// About what.
    pub summary: Option<String>,
    /// Findings.
    pub findings: Vec<Diagnostic>,
    /// Where it stands.
    pub assessment: Option<Assessment>,
    /// Its letters.
    pub letters: Vec<LetterReport>,
    /// What waits without being wrong.
    pub waiting: Vec<String>,
    /// The dossier, when the case was closed in this pass.
    pub closed: Option<String>,
}

/// What a pass did and found.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// The day it was made for.
    pub today: NaiveDate,
    /// Cases in the folder, by code.
    pub cases: Vec<CaseReport>,
    /// Findings that belong to no single case file.
    pub findings: Vec<Diagnostic>,
    /// Files written, moved or removed.
    pub changes: Vec<Change>,
    /// The next day on which something changes by itself.
    pub changes_on: Option<NaiveDate>,
    /// Seconds until a letter's quiet time is over.
    pub quiet_over_in: Option<u64>,
}

impl Report {
    /// Whether any finding is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.cases.iter().flat_map(|case| &case.findings).chain(&self.findings).any(Diagnostic::is_error)
    }
}

/// Reads all case files in parallel, in the order of their names.
#[must_use]
pub fn read_all(workspace: &Workspace, except: &BTreeSet<PathBuf>) -> Vec<Read> {
    let mut files = scan::case_files(workspace.cases());
    files.retain(|path| !except.contains(path));
    in_pool(workspace, || files.par_iter().map(|path| read::read(workspace, path)).collect())
}

fn in_pool<T: Send>(workspace: &Workspace, work: impl FnOnce() -> T + Send) -> T {
    match rayon::ThreadPoolBuilder::new().num_threads(workspace.jobs).build() {
        Ok(pool) => pool.install(work),
        Err(_) => work(),
    }
}

/// One case on its way through a pass.
struct Work {
    reading: Box<Reading>,
    extra: Vec<Diagnostic>,
    waiting: Vec<(LetterId, issue::Wait)>,
    state: RenderState,
    changes: Vec<Change>,
    closed: Option<String>,
    /// Kept out of issue and closing in this pass.
    held: bool,
}

/// One pass over the folder. Files in `unsettled` are still being written: they are known to be there, and left alone.
///
/// # Errors
/// When the folder or a journal cannot be used at all; what concerns single cases is in the report.
pub fn build(workspace: &Workspace, unsettled: &BTreeSet<PathBuf>) -> Result<Report, Failure> {
    let mut changes = Vec::new();
    let mut findings = Vec::new();
    if !workspace.cases().is_dir() {
        return Err(Failure::Findings(vec![
            Diagnostic::error(code::NO_FOLDER, format!("Không thấy thư mục hồ sơ {}.", workspace.show(workspace.cases())))
                .hint("Kiểm tra ổ mạng đã nối chưa. Chưa có gì bị xóa; thư mục trở lại thì chương trình làm tiếp."),
        ]));
    }
    let moving: BTreeSet<String> = unsettled.iter().map(|path| stem(path)).collect();
    findings.extend(close::recover(workspace, &mut changes)?);
    let mut returned = close::take_back(workspace, unsettled, &mut changes)?;
    findings.append(&mut returned.findings);

    let mut faulty = Vec::new();
    let mut work = Vec::new();
    for read in read_all(workspace, unsettled) {
        match read {
            Read::Faulty { stem, file, findings } => faulty.push((stem, file, findings)),
            Read::Case(reading) if returned.barred.contains_key(reading.code.as_str()) => {
                let why = returned.barred.remove(reading.code.as_str()).unwrap_or_default();
                faulty.push((reading.code.to_string(), reading.file, why));
            }
            Read::Case(reading) => {
                let state = RenderState::load(workspace, reading.code.as_str());
                work.push(Work { reading, extra: Vec::new(), waiting: Vec::new(), state, changes: Vec::new(), closed: None, held: false });
            }
        }
    }

    let (register, notes) = open_register(workspace)?;
    findings.extend(notes);
    findings.extend(missing_cases(workspace, &register, &mut work, &faulty, &moving)?);
    issue_all(workspace, &register, &mut work);

    let (register, _) = open_register(workspace)?;
    in_pool(workspace, || {
        work.par_iter_mut().for_each(|work| {
            let Work { reading, extra, state, changes, .. } = work;
            state.fingerprint = reading.fingerprint();
            let done = issue::restore(workspace, &register, reading, changes)
                .and_then(|()| draft::update(workspace, reading, &register, state, changes));
            extra.extend(done.unwrap_or_else(|failure| failure.findings(&reading.file)));
            extra.extend(issue::changed_facts(workspace, &register, reading));
        });
    });

    for work in &mut work {
        if work.held || !close::is_due(&work.reading) {
            continue;
        }
        let errors = work.reading.has_errors() || work.extra.iter().any(Diagnostic::is_error) || !work.waiting.is_empty();
        if errors {
            continue;
        }
        match close::close(workspace, &work.reading, &mut work.changes) {
            Ok(closed) => work.closed = closed,
            Err(failure) => work.extra.extend(failure.findings(&work.reading.file)),
        }
    }

    let mut cases = Vec::new();
    let quiet = |waiting: &(LetterId, issue::Wait)| if let issue::Wait::Quiet(left) = waiting.1 { Some(left) } else { None };
    let quiet_over_in = work.iter().flat_map(|work| &work.waiting).filter_map(quiet).min();
    for mut work in work {
        let letters = letters(workspace, &register, &work);
        let mut findings = std::mem::take(&mut work.reading.findings);
        findings.append(&mut work.extra);
        tidy(&mut findings);
        if work.closed.is_none() {
            note(workspace, work.reading.code.as_str(), &findings, &mut work.state, &mut work.changes)?;
            work.state.save(workspace, work.reading.code.as_str())?;
        }
        changes.append(&mut work.changes);
        let Reading { code, file, case, assessment, .. } = *work.reading;
        cases.push(CaseReport {
            code: code.to_string(),
            file,
            complainant: case.complainant.and_then(|c| c.name).map(|name| name.to_string()),
            summary: case.intake.and_then(|i| i.summary).map(|summary| summary.to_string()),
            findings,
            assessment: Some(assessment),
            letters,
            waiting: work.waiting.iter().map(|(id, wait)| wait.text(id)).collect(),
            closed: work.closed,
        });
    }
    for (stem, file, mut findings) in faulty {
        tidy(&mut findings);
        let mut state = RenderState::load(workspace, &stem);
        note(workspace, &stem, &findings, &mut state, &mut changes)?;
        state.save(workspace, &stem)?;
        cases.push(CaseReport {
            code: stem,
            file,
            complainant: None,
            summary: None,
            findings,
            assessment: None,
            letters: Vec::new(),
            waiting: Vec::new(),
            closed: None,
        });
    }
    cases.sort_by(|a, b| a.code.cmp(&b.code));
    forget_notes(workspace, &cases, &moving, &mut changes)?;
    let changes_on = cases.iter().filter_map(|case| case.assessment.as_ref()?.changes_on).min();
    Ok(Report { today: workspace.clock.today(), cases, findings, changes, changes_on, quiet_over_in })
}

fn open_register(workspace: &Workspace) -> Result<(Register, Vec<Diagnostic>), Failure> {
    let _lock = workspace.lock()?;
    Ok(Register::open(&workspace.register(), Some(&workspace.mirror()))?)
}

/// Gives numbers in the order of the letters' dates, over all cases; a case with errors is left out.
fn issue_all(workspace: &Workspace, register: &Register, work: &mut [Work]) {
    let mut pending = Vec::new();
    for (index, work) in work.iter_mut().enumerate() {
        let (wanted, waiting, findings) = issue::plan(workspace, &work.reading, register);
        work.extra.extend(findings);
        work.waiting = waiting;
        let barred = work.held || work.reading.has_errors() || work.extra.iter().any(Diagnostic::is_error);
        pending.extend(wanted.into_iter().filter(|_| !barred).map(|pending| (pending, index)));
    }
    pending.sort();
    let mut stopped = BTreeSet::new();
    for (pending, index) in pending {
        // Later letters of a case cite earlier ones, so one that fails holds up those behind it.
        if stopped.contains(&index) {
            continue;
        }
        let Work { reading, extra, changes, .. } = &mut work[index];
        if let Err(failure) = issue::issue(workspace, &pending, reading, changes) {
            let findings = failure.findings(&reading.file);
            if findings.iter().any(Diagnostic::is_error) {
                stopped.insert(index);
            }
            extra.extend(findings);
        }
    }
}

/// Findings about cases with issued letters whose file is gone, and about files that look like such a case under another code.
fn missing_cases(
    workspace: &Workspace,
    register: &Register,
    work: &mut [Work],
    faulty: &[(String, String, Vec<Diagnostic>)],
    moving: &BTreeSet<String>,
) -> Result<Vec<Diagnostic>, Failure> {
    let closed = close::closed_codes(workspace)?;
    let present: BTreeSet<&str> =
        work.iter().map(|w| w.reading.code.as_str()).chain(faulty.iter().map(|(stem, ..)| stem.as_str())).collect();
    let issued: BTreeMap<&str, usize> = register.records().iter().fold(BTreeMap::new(), |mut counts, record| {
        *counts.entry(record.issued.case.as_str()).or_default() += 1;
        counts
    });
    let gone: Vec<(&str, usize)> =
        issued.into_iter().filter(|(code, _)| !present.contains(code) && !closed.contains(*code) && !moving.contains(*code)).collect();
    let gone: Vec<(String, usize, String)> = gone
        .into_iter()
        .map(|(code, count)| (code.to_owned(), count, RenderState::load(workspace, code).fingerprint))
        .collect();
    let mut findings = Vec::new();
    for (code, count, fingerprint) in gone {
        let renamed = work.iter_mut().find(|w| !fingerprint.is_empty() && w.reading.fingerprint() == fingerprint && w.state.fingerprint.is_empty());
        if let Some(work) = renamed {
            work.held = true;
            work.extra.push(work.reading.places.finding(
                code::CODE_CHANGED,
                crate::diagnostic::Severity::Error,
                "ma_ho_so",
                format!("Hồ sơ này trước mang mã {code} và đã có {count} văn bản ban hành theo mã ấy."),
                format!("Ghi lại ma_ho_so: {code} và đổi tên tệp thành {code}.yaml. Mã hồ sơ không đổi sau khi đã ban hành."),
            ));
        } else {
            findings.push(
                Diagnostic::error(code::CASE_GONE, format!("Không thấy tệp hồ sơ {code}, đã có {count} văn bản ban hành."))
                    .in_file(workspace.show(&workspace.cases().join(format!("{code}.yaml"))))
                    .hint("Đưa tệp trở lại từ thùng rác hoặc bản sao lưu. Các văn bản đã ban hành vẫn còn trong sổ và bản gốc."),
            );
        }
    }
    Ok(findings)
}

fn letters(workspace: &Workspace, register: &Register, work: &Work) -> Vec<LetterReport> {
    let folder = workspace.folder(&work.reading.code);
    let mut letters: Vec<LetterReport> = register
        .of_case(work.reading.code.as_str())
        .map(|record| {
            let void = record.void.is_some();
            let dir = if void { folder.withdrawn() } else { folder.letters() };
            LetterReport {
                letter: record.issued.letter.rsplit('/').next().unwrap_or_default().to_owned(),
                kind: record.issued.kind.clone(),
                state: if void { LetterState::Withdrawn } else { LetterState::Issued },
                number: Some(record.issued.symbol.clone()),
                file: workspace.show(&dir.join(&record.issued.file)),
            }
        })
        .collect();
    for name in work.state.drafts.keys() {
        let stem = name.trim_end_matches(".pdf").trim_end_matches(".du-thao").trim_end_matches(".trinh-ky");
        let due = work.reading.assessment.letters.iter().find(|due| due.id.stem() == stem);
        letters.push(LetterReport {
            letter: stem.to_owned(),
            kind: due.map_or(stem, |due| due.id.kind.text()).to_owned(),
            state: if name.ends_with(".trinh-ky.pdf") { LetterState::ForSignature } else { LetterState::Draft },
            number: None,
            file: workspace.show(&folder.drafts().join(name)),
        });
    }
    letters
}

/// Errors first, then by place; the same finding once.
fn tidy(findings: &mut Vec<Diagnostic>) {
    findings.sort_by(|a, b| b.severity.cmp(&a.severity).then(a.span.cmp(&b.span)).then(a.code.cmp(&b.code)));
    findings.dedup();
}

/// Writes or removes the note beside a case file.
fn note(workspace: &Workspace, code: &str, findings: &[Diagnostic], state: &mut RenderState, changes: &mut Vec<Change>) -> fs::Result<()> {
    let path = workspace.note(code);
    if findings.is_empty() {
        if let Some(digest) = state.note.take()
            && std::fs::read(&path).is_ok_and(|bytes| fs::sha256(&bytes) == digest)
        {
            fs::remove_file(&path)?;
            changes.push(Change::new(workspace.show(&path), "hết lỗi, bỏ ghi chú".to_owned()));
        }
        return Ok(());
    }
    let text = draw::note(code, findings);
    // Notepad shows UTF-8 with a byte-order mark and CRLF everywhere.
    let bytes = format!("\u{feff}{}", text.replace('\n', "\r\n")).into_bytes();
    if fs::write_if_changed(&path, &bytes)? {
        changes.push(Change::new(workspace.show(&path), "ghi chú lỗi".to_owned()));
    }
    state.note = Some(fs::sha256(&bytes));
    Ok(())
}

/// Removes notes of our own whose case file is gone.
fn forget_notes(workspace: &Workspace, cases: &[CaseReport], moving: &BTreeSet<String>, changes: &mut Vec<Change>) -> fs::Result<()> {
    let present: BTreeSet<&str> = cases.iter().filter(|c| c.closed.is_none()).map(|case| case.code.as_str()).collect();
    let states = walkdir::WalkDir::new(workspace.render_states()).min_depth(1).max_depth(1).sort_by_file_name();
    let stems: Vec<PathBuf> = states.into_iter().filter_map(Result::ok).map(walkdir::DirEntry::into_path).collect();
    for path in stems {
        let Some(code) = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()) else { continue };
        if present.contains(code.as_str()) || moving.contains(&code) {
            continue;
        }
        let mut state = RenderState::load(workspace, &code);
        if state.note.is_some() {
            note(workspace, &code, &[], &mut state, changes)?;
            state.note = None;
            state.save(workspace, &code)?;
        }
    }
    Ok(())
}

/// Codes of the case files in the folder, by their names.
#[must_use]
pub fn open_codes(workspace: &Workspace) -> BTreeSet<String> {
    let files = scan::case_files(workspace.cases());
    files.iter().map(|path| stem(path)).collect()
}

fn stem(path: &Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The next free case code of a year: one above the highest in the folder, the archive and the register.
///
/// # Errors
/// When a journal cannot be read.
pub fn next_code(workspace: &Workspace, year: i32) -> Result<CaseCode, Failure> {
    use crate::case::value::Value;
    let (register, _) = open_register(workspace)?;
    let mut codes: BTreeSet<String> = close::closed_codes(workspace)?;
    codes.extend(register.records().iter().map(|record| record.issued.case.clone()));
    let names = walkdir::WalkDir::new(workspace.cases()).min_depth(1).max_depth(1).into_iter().filter_map(Result::ok);
    codes.extend(names.map(|entry| entry.file_name().to_string_lossy().split('.').next().unwrap_or_default().to_owned()));
    let numbers = codes.iter().filter_map(|code| CaseCode::parse(code).ok()).map(|code| code.parts());
    let last = numbers.filter(|(y, _)| *y == year).map(|(_, number)| number).max().unwrap_or(0);
    Ok(CaseCode::new(year, last + 1))
}
