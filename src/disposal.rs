//! Destroying dossiers: everything that is kept of one is found and removed, and what stays says nothing of persons.
//!
//! Which steps come before, and what the archive's journal says of them, is [`crate::archive`]'s. Here an approved disposal is
//! carried out, dossier by dossier:
//!
//! | step | killed after it | who mends it |
//! |---|---|---|
//! | journal entry "destruction begins": **the commit** | nothing, or a part, is removed | the same command goes on with it |
//! | everything of it removed ([`traces`]) | entry "destroyed" is missing | the same command |
//! | index and logs forget them all, once; letters that were never issued are removed | the entry "carried out" is missing | the same command |
//!
//! A dossier is left where it is while a file of people may hold something of it: that is theirs to look at. What is said of it in
//! the journal names no file, as people write names of persons into names of files.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::archive::{Archive, Completion, Destruction, Left, Stage, access};
use crate::catalogue::Catalogue;
use crate::fs;
use crate::pipeline::close::open_archive;
use crate::pipeline::{Failure, desk};
use crate::register::{Register, job_number};
use crate::workspace::Workspace;

mod orphans;
mod strays;
pub mod traces;

use orphans::Stores;
use strays::Strays;

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Dossiers destroyed in this disposal.
    pub destroyed: Vec<String>,
    /// Dossiers of it that were left.
    pub left: Vec<Kept>,
}

/// A dossier that was left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// As the journal says it.
    pub left: Left,
    /// Files somebody must look at first, as messages name them; the journal does not.
    pub files: Vec<String>,
}

/// Carries out an approved disposal, and goes on with one that was cut short. `progress` is called with the number of dossiers
/// done and of all.
///
/// # Errors
/// [`crate::archive::Refusal`] when it is not due, or the system refuses; then the same call goes on.
pub fn carry_out(
    workspace: &Workspace,
    id: &str,
    by: &str,
    progress: &dyn Fn(usize, usize),
) -> Result<Outcome, CarryOut> {
    // No pass may copy or restore what is being removed.
    let _pass = workspace.pass_lock()?;
    let _lock = workspace.lock()?;
    let mut archive = open_archive(workspace)?;
    let register = Register::open(&workspace.register(), Some(&workspace.mirror())).map_err(Failure::from)?.0;
    let disposal = archive.disposal(id)?;
    if !matches!(disposal.stage(), Stage::Approved | Stage::Underway) {
        let refusal = crate::archive::Refusal::Stage { id: id.to_owned(), stage: disposal.stage() };
        return Err(crate::archive::Error::from(refusal).into());
    }
    let stores = Stores::bar(workspace, &register)?;
    let strays = Strays::look(workspace, &archive)?;
    let mut codes: Vec<String> = disposal.proposal.items.iter().map(|item| item.code.clone()).collect();
    // Letters of a case may lie in a batch's dossier as well: that goes first.
    codes.sort_by_key(|code| job_number(code).is_none());
    if let Some(begun) = disposal.begun.clone() {
        finish(workspace, &mut archive, &register, &strays, id, &begun)?;
    }
    let (mut left, total) = (Vec::new(), codes.len());
    for code in codes {
        progress(1, total);
        if archive.disposal(id)?.destroyed.iter().any(|(_, done)| done.code == code) {
            continue;
        }
        if let Some((reason, files)) = obstacle(workspace, &archive, &register, &strays, id, &code)? {
            let files = files.iter().map(|path| workspace.show(path)).collect();
            left.push(Kept { left: Left { code, reason }, files });
            continue;
        }
        archive.doom(id, &code, workspace.clock.now())?;
        fs::step("disposal: begun");
        finish(workspace, &mut archive, &register, &strays, id, &code)?;
    }
    let destroyed: Vec<String> = archive.disposal(id)?.destroyed.iter().map(|(_, done)| done.code.clone()).collect();
    forget(workspace, &destroyed)?;
    stores.sweep(workspace, &register)?;
    let of_journal = left.iter().map(|kept| kept.left.clone()).collect();
    archive.complete(Completion { id: id.to_owned(), by: by.to_owned(), left: of_journal }, workspace.clock.now())?;
    fs::step("disposal: carried out");
    Ok(Outcome { destroyed, left })
}

/// Why a dossier of an approved disposal is not destroyed now, if it is not, and the files that are in the way.
fn obstacle(
    workspace: &Workspace,
    archive: &Archive,
    register: &Register,
    strays: &Strays,
    id: &str,
    code: &str,
) -> Result<Option<(String, Vec<PathBuf>)>, CarryOut> {
    if let Some(why) = archive.bars(id, code)? {
        return Ok(Some((why.to_string(), Vec::new())));
    }
    if let Some(path) = traces::alive(workspace, code)? {
        return Ok(Some(("còn tệp đang dùng".to_owned(), vec![path])));
    }
    let jobs: BTreeSet<&str> = register.of_case(code).filter_map(|record| record.issued.job.as_deref()).collect();
    if let Some(job) = jobs.into_iter().find(|job| archive.tombstone(job).is_none()) {
        return Ok(Some((format!("có văn bản nằm trong loạt {job} chưa hủy"), Vec::new())));
    }
    let lots = archive.disposal(id)?.item(code).map(|item| item.lots.clone()).unwrap_or_default();
    let places: Vec<String> = lots.iter().map(|lot| lot.path.clone()).collect();
    let mut ours = traces::find(workspace, register, code, &places)?;
    ours.extend(strays.identical(&lots)?);
    let found = strays.of(code, &ours);
    let reason = format!("có {} tệp có thể là bản sao của hồ sơ này, phải có người xem", found.len());
    Ok((!found.is_empty()).then_some((reason, found)))
}

/// Removes everything of a dossier whose destruction has begun.
fn finish(
    workspace: &Workspace,
    archive: &mut Archive,
    register: &Register,
    strays: &Strays,
    id: &str,
    code: &str,
) -> Result<(), CarryOut> {
    let lots = archive.disposal(id)?.item(code).map(|item| item.lots.clone()).unwrap_or_default();
    let places: Vec<String> = archive
        .tombstone(code)
        .map(|(_, _, versions)| versions.iter().map(|version| version.path.clone()).collect())
        .unwrap_or_default();
    let mut found = traces::find(workspace, register, code, &places)?;
    found.extend(strays.identical(&lots)?);
    for path in found {
        if path.is_dir() { fs::remove_dir(&path)? } else { fs::remove_file(&path)? }
    }
    let block = register.block(code).and_then(|block| block.sealed.as_ref()).map(|(_, sealed)| sealed.made);
    let letters = block.unwrap_or_else(|| u32::try_from(register.of_case(code).count()).unwrap_or(u32::MAX));
    let done = Destruction { id: id.to_owned(), code: code.to_owned(), letters };
    archive.destroyed(done, workspace.clock.now())?;
    fs::step("disposal: destroyed");
    Ok(())
}

/// Index, caches and logs say nothing of them any more.
fn forget(workspace: &Workspace, codes: &[String]) -> Result<(), CarryOut> {
    if codes.is_empty() {
        return Ok(());
    }
    Catalogue::forget(workspace, codes)?;
    desk::forget(workspace, codes)?;
    access::forget(&workspace.access_log(), codes)?;
    // The watcher's memory is a cache; what it says of a closed case is of no use.
    if fs::read_if_there(&workspace.memory())?.is_some_and(|bytes| traces::mentions(&bytes, codes)) {
        fs::remove_file(&workspace.memory())?;
    }
    Ok(())
}

/// Why a disposal could not be carried out.
#[derive(Debug, thiserror::Error)]
pub enum CarryOut {
    /// The archive refused: not approved, a journal that cannot be read, …
    #[error(transparent)]
    Archive(#[from] crate::archive::Error),
    /// The index could not be made to forget.
    #[error(transparent)]
    Catalogue(#[from] crate::catalogue::Error),
    /// The system refused.
    #[error(transparent)]
    Fs(#[from] fs::Error),
    /// A journal is damaged.
    #[error("{}", said(.0))]
    Failure(Failure),
}

impl From<Failure> for CarryOut {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

fn said(failure: &Failure) -> String {
    match failure {
        Failure::Fs(error) => error.to_string(),
        Failure::State(message) => message.clone(),
        Failure::Findings(findings) => findings.first().map(|finding| finding.message.clone()).unwrap_or_default(),
        Failure::Unfit(_) => String::new(),
    }
}
