//! One pass over the watched folder: read every case, issue what is to be issued in the order of the letters' dates, bring
//! drafts up to date, close what has ended.

use std::collections::BTreeSet;
use std::path::Path;

use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, code};
use crate::fs;
use crate::letter::wording::capitalised;
use crate::register::Register;
use crate::workspace::Workspace;

mod ahead;
pub mod blank;
pub mod close;
pub mod copies;
pub mod counted;
pub mod desk;
pub mod draft;
mod glance;
pub mod issue;
mod lost;
pub mod memory;
mod note;
mod pass;
pub mod plan;
pub mod presence;
pub mod proof;
pub mod read;
pub mod render;
mod report;
pub mod scan;
mod settling;
mod shelf;
pub mod snapshot;
mod standing;
pub mod state;
mod steps;
mod stray;
mod survey;
mod told;
pub mod twin;
pub mod unfit;
pub mod unread;

pub use blank::next_code;
pub use memory::{Depth, Memory, Scope, Sight};
pub use pass::pass;
use read::Read;
pub use report::{CaseReport, Change, LetterReport, LetterState, Report};
pub use settling::Settling;
pub use standing::Standing;
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
                Diagnostic::error(code::DISK, capitalised(&format!("{error}.")))
                    .in_file(file)
                    .hint("Kiểm tra ổ đĩa còn chỗ, quyền ghi và đường mạng. Chương trình sẽ tự làm lại."),
            ],
            Self::State(message) => vec![
                Diagnostic::error(code::STATE, capitalised(&format!("{message}.")))
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
pub fn read_all(workspace: &Workspace) -> Vec<Read> {
    let files = scan::case_files(workspace.cases());
    in_pool(workspace, || files.par_iter().map(|path| read::read(workspace, path)).collect())
}

fn in_pool<T: Send>(workspace: &Workspace, work: impl FnOnce() -> T + Send) -> T {
    match rayon::ThreadPoolBuilder::new().num_threads(workspace.jobs).build() {
        Ok(pool) => pool.install(work),
        Err(_) => work(),
    }
}

/// One pass over the whole folder that knows nothing of earlier ones: every case is read, and the board is written.
///
/// # Errors
/// See [`pass`].
pub fn build(workspace: &Workspace) -> Result<Report, Failure> {
    let mut standing = Standing::once();
    let mut report = pass(workspace, &mut standing, &Scope::Whole { depth: Depth::Contents }, &mut |sight| sight)?;
    desk::update(workspace, &mut standing, &mut report);
    Ok(report)
}

fn open_register(workspace: &Workspace) -> Result<(Register, Vec<Diagnostic>), Failure> {
    let _lock = workspace.lock()?;
    Ok(Register::open(&workspace.register(), Some(&workspace.mirror()))?)
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
