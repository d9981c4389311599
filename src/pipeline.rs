//! One pass over the watched folder: read every case, issue what is to be issued in the order of the letters' dates, bring
//! drafts up to date, close what has ended.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::case::CaseCode;
use crate::diagnostic::{Diagnostic, code};
use crate::fs;
use crate::register::Register;
use crate::workspace::Workspace;

pub mod blank;
pub mod close;
pub mod copies;
pub mod counted;
pub mod desk;
pub mod draft;
pub mod issue;
mod note;
pub mod plan;
mod presence;
pub mod proof;
pub mod read;
pub mod render;
mod report;
pub mod scan;
pub mod snapshot;
pub mod state;
mod steps;
mod survey;
pub mod twin;
pub mod unfit;

use read::{Read, Reading};
pub use report::{CaseReport, Change, LetterReport, LetterState, Report};
use state::RenderState;
pub use survey::survey;
use unfit::Unfit;

/// Why a step on one case did not come to its end. Other cases go on.
#[derive(Debug)]
pub enum Failure {
    /// Something is wrong with the case; the clerk can mend it.
    Findings(Vec<Diagnostic>),
    /// A letter cannot be right; the clerk can mend it.
    Unfit(Vec<Unfit>),
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
            Self::Findings(findings) => {
                let named = |finding: Diagnostic| if finding.file.is_some() { finding } else { finding.in_file(file) };
                findings.into_iter().map(named).collect()
            }
            Self::Unfit(unfit) => Self::Findings(unfit::findings(unfit)).findings(file),
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

impl From<Vec<Unfit>> for Failure {
    fn from(unfit: Vec<Unfit>) -> Self {
        Self::Unfit(unfit)
    }
}

impl From<Vec<Diagnostic>> for Failure {
    fn from(findings: Vec<Diagnostic>) -> Self {
        Self::Findings(findings)
    }
}

/// Reads all case files in parallel, in the order of their names.
#[must_use]
pub fn read_all(workspace: &Workspace, except: &BTreeSet<PathBuf>) -> Vec<Read> {
    read_by(workspace, except, read::read)
}

fn read_by(workspace: &Workspace, except: &BTreeSet<PathBuf>, read: fn(&Workspace, &Path) -> Read) -> Vec<Read> {
    let mut files = scan::case_files(workspace.cases());
    files.retain(|path| !except.contains(path));
    in_pool(workspace, || files.par_iter().map(|path| read(workspace, path)).collect())
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
    unfit: Vec<Unfit>,
    waiting: Vec<String>,
    held_up: Vec<String>,
    /// Seconds until the file has lain still for the quiet time.
    quiet: Option<u64>,
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
            Diagnostic::error(
                code::NO_FOLDER,
                format!("Không thấy thư mục hồ sơ {}.", workspace.show(workspace.cases())),
            )
            .hint("Kiểm tra ổ mạng đã nối chưa. Chưa có gì bị xóa; thư mục trở lại thì chương trình làm tiếp."),
        ]));
    }
    // Drafts, notes and render states are written outside the transactions: two passes at once would trip over each other.
    let _pass = workspace.pass_lock()?;
    let moving: BTreeSet<String> = unsettled.iter().map(|path| stem(path)).collect();
    findings.extend(close::recover(workspace, &mut changes)?);
    let mut returned = close::take_back(workspace, unsettled, &mut changes)?;
    findings.append(&mut returned.findings);

    let mut faulty = Vec::new();
    let mut work = Vec::new();
    for read in read_by(workspace, unsettled, read::read_and_keep) {
        match read {
            Read::Faulty { stem, file, findings } => faulty.push((stem, file, findings)),
            Read::Case(reading) if returned.barred.contains_key(reading.code.as_str()) => {
                let why = returned.barred.remove(reading.code.as_str()).unwrap_or_default();
                faulty.push((reading.code.to_string(), reading.file, why));
            }
            Read::Case(reading) => {
                let state = RenderState::load(workspace, reading.code.as_str());
                work.push(Work {
                    reading,
                    extra: Vec::new(),
                    unfit: Vec::new(),
                    waiting: Vec::new(),
                    held_up: Vec::new(),
                    quiet: None,
                    state,
                    changes: Vec::new(),
                    closed: None,
                    held: false,
                });
            }
        }
    }

    close::mark_reopened(workspace, work.iter_mut().map(|work: &mut Work| work.reading.as_mut()))?;
    let (register, notes) = open_register(workspace)?;
    findings.extend(notes);
    let (lost, closed_before) = presence::examine(workspace, &register, &mut work, &faulty, &moving)?;
    findings.extend(lost);
    let moved = desk::recount(workspace, &mut work)?;
    issue_all(workspace, &register, &mut work);

    let (register, _) = open_register(workspace)?;
    in_pool(workspace, || {
        work.par_iter_mut().for_each(|work| {
            let Work { reading, extra, unfit, state, changes, held, .. } = work;
            // One held as another case's file stays recognisable as such in the next pass.
            state.marks = if *held { BTreeSet::new() } else { reading.marks() };
            let done = copies::restore(workspace, &register, reading, None, changes)
                .and_then(|()| draft::update(workspace, reading, &register, state, unfit, changes));
            extra.extend(done.unwrap_or_else(|failure| failure.findings(&reading.file)));
            extra.extend(Failure::Unfit(std::mem::take(unfit)).findings(&reading.file));
            extra.extend(copies::changed_facts(workspace, &register, reading));
            // Kept before closing: what is known to be our own draft does not go into the dossier.
            if let Err(error) = state.save(workspace, reading.code.as_str()) {
                extra.extend(Failure::from(error).findings(&reading.file));
            }
        });
    });

    for work in &mut work {
        close_one(workspace, work);
    }

    let mut cases = Vec::new();
    let quiet_over_in = work.iter().filter_map(|work| work.quiet).min();
    for mut work in work {
        let Reading { code, assessment, .. } = work.reading.as_ref();
        let letters = report::letters(workspace, &register, code, assessment, &work.state, work.closed.as_deref());
        let mut findings = std::mem::take(&mut work.reading.findings);
        findings.append(&mut work.extra);
        tidy(&mut findings);
        if work.closed.is_none() {
            let Work { reading, state, changes, .. } = &mut work;
            let noted = note::update(workspace, reading.code.as_str(), &findings, state, changes)
                .and_then(|()| steps::update(workspace, reading, &findings, &register, state, changes))
                .and_then(|()| state.save(workspace, reading.code.as_str()));
            findings.extend(noted.err().into_iter().flat_map(|error| Failure::from(error).findings(&reading.file)));
        }
        changes.append(&mut work.changes);
        cases.push(CaseReport {
            findings,
            letters,
            waiting: work.waiting,
            held_up: work.held_up,
            closed: work.closed,
            ..CaseReport::of(workspace, *work.reading, &work.state)
        });
    }
    for (stem, file, mut findings) in faulty {
        tidy(&mut findings);
        let mut state = RenderState::load(workspace, &stem);
        let noted = note::update(workspace, &stem, &findings, &mut state, &mut changes)
            .and_then(|()| steps::update_faulty(workspace, &stem, &findings, &mut state, &mut changes))
            .and_then(|()| state.save(workspace, &stem));
        findings.extend(noted.err().into_iter().flat_map(|error| Failure::from(error).findings(&file)));
        cases.push(CaseReport::faulty(workspace, stem, file, findings, &state));
    }
    cases.sort_by(|a, b| a.code.cmp(&b.code));
    if let Err(error) = note::forget(workspace, &cases, &moving, &mut changes) {
        findings.extend(Failure::from(error).findings("ho-so"));
    }
    findings.extend(blank::update(workspace, &register, &mut changes));
    let changes_on = cases.iter().filter_map(|case| case.assessment.as_ref()?.changes_on).min();
    let closed = closed_before + cases.iter().filter(|case| case.closed.is_some()).count();
    let today = workspace.clock.today();
    let mut report = Report { today, cases, findings, changes, moved, closed, changes_on, quiet_over_in };
    // A file that is being written would be missing on the board; the next pass has it.
    if unsettled.is_empty() {
        let mut changes = std::mem::take(&mut report.changes);
        let findings = desk::update(workspace, desk::rows(workspace, &report), &report, &mut changes);
        report.findings.extend(findings);
        report.changes = changes;
    }
    Ok(report)
}

fn open_register(workspace: &Workspace) -> Result<(Register, Vec<Diagnostic>), Failure> {
    let _lock = workspace.lock()?;
    Ok(Register::open(&workspace.register(), Some(&workspace.mirror()))?)
}

/// Closes a case that has ended and whose file says so, unless something is wrong with it or still waits.
fn close_one(workspace: &Workspace, work: &mut Work) {
    if work.held || !close::is_due(&work.reading) {
        return;
    }
    close::bar(workspace, &mut work.reading);
    let remark = |text: &String| Diagnostic::warning(code::CLOSING_INCOMPLETE, text).in_file(&work.reading.file);
    let remarks: Vec<Diagnostic> = work.reading.assessment.remarks.iter().map(remark).collect();
    work.extra.extend(remarks);
    if work.reading.has_errors() || work.extra.iter().any(Diagnostic::is_error) || !work.waiting.is_empty() {
        return;
    }
    if let Some(left) = plan::quiet_left(workspace, &work.reading) {
        work.quiet = Some(left);
        work.waiting.push(format!("lưu hồ sơ: tệp vừa được lưu, sẽ lưu hồ sơ sau {left} giây nếu không sửa gì thêm"));
        work.held_up.push("lưu hồ sơ: tệp vừa được lưu, sẽ lưu hồ sơ khi tệp đã nằm yên".to_owned());
        return;
    }
    match close::close(workspace, &work.reading, &mut work.changes) {
        Ok(close::Closed::Dossier(path)) => work.closed = Some(path),
        Ok(close::Closed::No) => {}
        Err(failure) => work.extra.extend(failure.findings(&work.reading.file)),
    }
}

/// Gives numbers in the order of the letters' dates, over all cases; a case with errors is left out.
fn issue_all(workspace: &Workspace, register: &Register, work: &mut [Work]) {
    let mut pending = Vec::new();
    for (index, work) in work.iter_mut().enumerate() {
        let (wanted, waiting, findings) = plan::plan(workspace, &work.reading, register);
        work.extra.extend(findings);
        work.quiet = waiting.iter().filter_map(|(_, wait)| wait.seconds()).min();
        work.waiting = waiting.iter().map(|(id, wait)| wait.text(id)).collect();
        work.held_up = waiting.iter().map(|(id, wait)| wait.reason(id)).collect();
        let barred = work.held || work.reading.has_errors() || work.extra.iter().any(Diagnostic::is_error);
        pending.extend(wanted.into_iter().filter(|_| !barred).map(|pending| (pending, index)));
    }
    pending.sort();
    let mut shelf = issue::Shelf::default();
    let mut stopped = BTreeSet::new();
    for (pending, index) in pending {
        // Later letters of a case cite earlier ones, so one that fails holds up those behind it.
        if stopped.contains(&index) {
            continue;
        }
        let Work { reading, extra, unfit, changes, .. } = &mut work[index];
        match issue::issue(workspace, &mut shelf, &pending, reading, changes) {
            Ok(()) => {}
            // Told with the drafts, to which the same may apply.
            Err(Failure::Unfit(found)) => {
                stopped.insert(index);
                unfit.extend(found);
            }
            Err(failure) => {
                let findings = failure.findings(&reading.file);
                if findings.iter().any(Diagnostic::is_error) {
                    stopped.insert(index);
                }
                extra.extend(findings);
            }
        }
    }
}

/// Errors first, then by place; the same finding once.
fn tidy(findings: &mut Vec<Diagnostic>) {
    findings.sort_by(|a, b| b.severity.cmp(&a.severity).then(a.span.cmp(&b.span)).then(a.code.cmp(&b.code)));
    findings.dedup();
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
    codes.extend(
        names.map(|entry| entry.file_name().to_string_lossy().split('.').next().unwrap_or_default().to_owned()),
    );
    codes.extend(blank::edited_codes(workspace).iter().map(ToString::to_string));
    let numbers = codes.iter().filter_map(|code| CaseCode::parse(code).ok()).map(|code| code.parts());
    let last = numbers.filter(|(y, _)| *y == year).map(|(_, number)| number).max().unwrap_or(0);
    Ok(CaseCode::new(year, last + 1))
}
