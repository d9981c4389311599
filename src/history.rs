//! Every settled version of a case file: kept when a pass reads it, listed, compared, given back. Nobody's edit is lost when
//! two clerks save over each other.
//!
//! One folder a case file in `.hoso/lich-su/`: objects named by the SHA-256 of what they hold, packed with gzip, and one
//! list to which lines are only added. The object is written and synced before the line that names it, so a kill leaves at
//! most an object nobody names; a line torn by a power cut is cut off when the next version is kept.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

use crate::case::CaseCode;
use crate::case::value::Value;
use crate::dossier::{self, Dossier};
use crate::fs;
use crate::pipeline::scan::MAX_FILE;
use crate::workspace::Workspace;

pub mod bag;
pub mod compare;
mod list;
mod object;
mod owner;

use list::List;

/// Why a version cannot be given.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The system refused.
    #[error(transparent)]
    Io(#[from] fs::Error),
    /// The dossier refused.
    #[error(transparent)]
    Dossier(#[from] dossier::Error),
    /// Its object is not there, or does not hold what the list says.
    #[error("nội dung của bản {0} đã mất hoặc bị hỏng")]
    Lost(u32),
}

/// One version of a case file, as a line of the list tells of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// Its number, from 1.
    #[serde(rename = "ban")]
    pub number: u32,
    /// When the file was saved, by the file system.
    #[serde(rename = "luc_luu")]
    pub saved: DateTime<FixedOffset>,
    /// When the pass came that kept it.
    #[serde(rename = "luc_giu")]
    pub kept: DateTime<FixedOffset>,
    /// Size in bytes.
    #[serde(rename = "co")]
    pub size: u64,
    /// SHA-256 of the file.
    #[serde(rename = "bam")]
    pub sha256: String,
    /// Account the file belonged to, where the system tells of another than the program's own.
    #[serde(rename = "chu_tep", default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Name of the file that holds it in a dossier; the same for versions with the same bytes.
    #[serde(rename = "tep")]
    pub file: String,
}

/// What the file system tells of a saved file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Origin {
    modified: Option<SystemTime>,
    account: Option<u32>,
}

impl Origin {
    /// As `meta` tells.
    #[must_use]
    pub fn of(meta: &std::fs::Metadata) -> Self {
        Self { modified: meta.modified().ok(), account: owner::account(meta) }
    }
}

/// Keeps `bytes` as a version of the case file `name` (without its ending) unless the last one kept holds the same. Returns
/// whether it was new.
///
/// # Errors
/// When the system refuses; the next pass then keeps it.
pub fn keep(workspace: &Workspace, name: &str, bytes: &[u8], origin: &Origin) -> fs::Result<bool> {
    let folder = workspace.history(name);
    let list = List::read(&folder)?;
    if let Some(whole) = list.torn_at {
        fs::truncate(&list::path(&folder), whole)?;
        fs::step("history: torn line cut");
    }
    let sha256 = fs::sha256(bytes);
    let object = object::path(&folder, &sha256);
    let known = list.versions.last().is_some_and(|last| last.sha256 == sha256);
    if known && object.exists() {
        return Ok(false);
    }
    if object::load(&object, &sha256)?.is_none() {
        fs::write(&object, &object::pack(bytes))?;
        fs::step("history: object kept");
    }
    if known {
        return Ok(false);
    }
    let number = list.next_number();
    let version = Version {
        number,
        saved: workspace.clock.saved(origin.modified),
        kept: workspace.clock.now(),
        size: bytes.len() as u64,
        owner: origin.account.filter(|account| !owner::is_own(workspace.state(), *account)).and_then(owner::name),
        file: list::file_of(&list.versions, number, &sha256),
        sha256,
    };
    fs::append_line(&list::path(&folder), &list::line(&version))?;
    fs::step("history: version kept");
    Ok(true)
}

/// Codes of the case files of which a version is kept: each was a case once, though its file be gone.
#[must_use]
pub fn codes(workspace: &Workspace) -> Vec<CaseCode> {
    let entries = std::fs::read_dir(workspace.histories()).into_iter().flatten().filter_map(Result::ok);
    entries.filter_map(|entry| CaseCode::parse(entry.file_name().to_str()?).ok()).collect()
}

/// The versions of one case file, oldest first, and where their bytes are.
#[derive(Debug)]
pub struct History {
    folder: PathBuf,
    dossier: Option<Dossier>,
    versions: Vec<Version>,
    unreadable: usize,
}

impl History {
    /// The history of the case file `name` (without its ending): what `.hoso` holds, behind what the case's latest dossier
    /// holds where there is one. Changes nothing.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn open(workspace: &Workspace, name: &str, mut dossier: Option<Dossier>) -> Result<Self, Error> {
        let folder = workspace.history(name);
        let mine = List::read(&folder)?;
        let archived = dossier.as_mut().map(bag::list).transpose()?.flatten();
        let (versions, unreadable) = match archived {
            Some(archived) => {
                let unreadable = archived.unreadable.max(mine.unreadable);
                (list::joined(archived, mine), unreadable)
            }
            None => (mine.versions, mine.unreadable),
        };
        Ok(Self { folder, dossier, versions, unreadable })
    }

    /// The versions, oldest first.
    #[must_use]
    pub fn versions(&self) -> &[Version] {
        &self.versions
    }

    /// Lines of the list that tell of no version any more.
    #[must_use]
    pub fn unreadable(&self) -> usize {
        self.unreadable
    }

    /// The version of this number.
    #[must_use]
    pub fn version(&self, number: u32) -> Option<Version> {
        self.versions.iter().find(|version| version.number == number).cloned()
    }

    /// The bytes of a version, proved by its digest.
    ///
    /// # Errors
    /// [`Error::Lost`] when they are nowhere.
    pub fn content(&mut self, version: &Version) -> Result<Vec<u8>, Error> {
        if let Some(bytes) = object::load(&object::path(&self.folder, &version.sha256), &version.sha256)? {
            return Ok(bytes);
        }
        let archived = self.dossier.as_mut().map(|dossier| bag::content(dossier, version)).transpose()?;
        archived.flatten().ok_or(Error::Lost(version.number))
    }
}

/// Writes a version beside the case file `name`, under a name that is no case file's. Never writes over anything: where that
/// name holds something else, the copy gets a further number. Returns where it lies and whether it was written now.
///
/// # Errors
/// When the system refuses.
pub fn lay_copy(workspace: &Workspace, name: &str, number: u32, bytes: &[u8]) -> fs::Result<(PathBuf, bool)> {
    let first = workspace.history_copy(name, number);
    let stem = first.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let further = (2..).map(|more| first.with_file_name(format!("{stem} ({more}).txt")));
    for path in std::iter::once(first.clone()).chain(further) {
        if path.symlink_metadata().is_err() {
            fs::write(&path, bytes)?;
            fs::step("history: copy laid");
            return Ok((path, true));
        }
        if holds(&path, bytes) {
            return Ok((path, false));
        }
    }
    unreachable!("the numbers do not end")
}

fn holds(path: &Path, bytes: &[u8]) -> bool {
    let fits = path.symlink_metadata().is_ok_and(|meta| meta.is_file() && meta.len() <= MAX_FILE);
    fits && std::fs::read(path).is_ok_and(|there| there == bytes)
}

#[cfg(test)]
mod tests;
