//! The history in a dossier: in at closing, out of `.hoso` once the dossier is published, back at reopening.

use std::collections::BTreeSet;

use super::list::{self, List};
use super::{Version, object};
use crate::dossier::{self, Dossier};
use crate::fs;
use crate::pipeline::scan::MAX_FILE;
use crate::workspace::Workspace;

/// Folder of the history under `data/`.
const FOLDER: &str = "lich-su";
/// Largest list that is read from a dossier, in bytes.
const MAX_LIST: u64 = 64 << 20;

/// What of a history goes into a dossier.
#[derive(Debug, Default)]
pub struct Part {
    /// Files by path under `data/`.
    pub files: Vec<(String, Vec<u8>)>,
    /// Numbers of versions whose bytes are lost.
    pub lost: Vec<u32>,
}

/// The part of the case file `name` whose archived bytes have the digest `sha256`. A version saved behind that one is not
/// the closed case's, so that a closing that was cut short finds the same part again.
///
/// # Errors
/// When the system refuses.
pub fn gather(workspace: &Workspace, name: &str, sha256: &str) -> fs::Result<Part> {
    let folder = workspace.history(name);
    let bytes = List::read(&folder)?.until(sha256).to_vec();
    let mut part = Part::default();
    if bytes.is_empty() {
        return Ok(part);
    }
    let mut taken = BTreeSet::new();
    for version in List::parse(bytes.clone()).versions {
        if !taken.insert(version.sha256.clone()) {
            continue;
        }
        match object::load(&object::path(&folder, &version.sha256), &version.sha256)? {
            Some(bytes) => part.files.push((format!("{FOLDER}/{}", version.file), bytes)),
            None => part.lost.push(version.number),
        }
    }
    part.files.push((format!("{FOLDER}/{}", list::NAME), bytes));
    Ok(part)
}

/// Clears the history of the case file `name` when a dossier with these digests holds its list; each object only when the
/// dossier holds its bytes. A list with newer versions stays, with all its objects.
///
/// # Errors
/// When the system refuses.
pub fn clear(workspace: &Workspace, name: &str, kept: &BTreeSet<String>) -> fs::Result<()> {
    let folder = workspace.history(name);
    let list = List::read(&folder)?;
    if kept.contains(&fs::sha256(&list.bytes)) && !list.bytes.is_empty() && list.torn_at.is_none() {
        let digests: BTreeSet<&str> = list.versions.iter().map(|version| version.sha256.as_str()).collect();
        for sha256 in digests.into_iter().filter(|sha256| kept.contains(*sha256)) {
            fs::remove_file(&object::path(&folder, sha256))?;
        }
        // Last: while it lies there, a run after a kill knows which objects there were.
        fs::remove_file(&list::path(&folder))?;
        fs::step("history: cleared");
    }
    if std::fs::read_dir(&folder).is_ok_and(|mut entries| entries.next().is_none()) {
        fs::remove_dir(&folder)?;
    }
    Ok(())
}

/// Brings the history of the case file `name` back from its dossier; versions kept since then follow, numbered on. Done
/// twice it changes nothing.
///
/// # Errors
/// When the dossier is damaged or the system refuses.
pub fn bring_back(workspace: &Workspace, name: &str, dossier: &mut Dossier) -> Result<(), super::Error> {
    let Some(archived) = list(dossier)? else { return Ok(()) };
    let folder = workspace.history(name);
    let mine = List::read(&folder)?;
    for version in &archived.versions {
        let path = object::path(&folder, &version.sha256);
        if object::load(&path, &version.sha256)?.is_none()
            && let Some(bytes) = content(dossier, version)?
        {
            fs::write(&path, &object::pack(&bytes))?;
            fs::step("history: object back");
        }
    }
    if mine.bytes.starts_with(&archived.bytes) {
        return Ok(());
    }
    let mut bytes = archived.bytes.clone();
    let before = archived.versions.len();
    for version in list::joined(archived, mine).into_iter().skip(before) {
        bytes.extend(list::line(&version).into_bytes());
        bytes.push(b'\n');
    }
    fs::write(&list::path(&folder), &bytes)?;
    fs::step("history: list back");
    Ok(())
}

/// Whether a path under `data/` is that of a history.
#[must_use]
pub fn is_part(name: &str) -> bool {
    let version = |name: &str| name.strip_prefix("ban-")?.strip_suffix(".yaml")?.parse::<u32>().ok();
    name.strip_prefix(FOLDER)
        .and_then(|name| name.strip_prefix('/'))
        .is_some_and(|name| name == list::NAME || version(name).is_some())
}

/// The list in a dossier; nothing in one of before there were histories.
pub(super) fn list(dossier: &mut Dossier) -> dossier::Result<Option<List>> {
    let name = format!("data/{FOLDER}/{}", list::NAME);
    if !dossier.entries().iter().any(|item| item.name == name) {
        return Ok(None);
    }
    let list = List::parse(dossier.read(&name, MAX_LIST)?);
    Ok((!list.versions.is_empty()).then_some(list))
}

/// A version's bytes from a dossier, where it holds them.
pub(super) fn content(dossier: &mut Dossier, version: &Version) -> dossier::Result<Option<Vec<u8>>> {
    let name = format!("data/{FOLDER}/{}", version.file);
    if !dossier.entries().iter().any(|item| item.name == name) {
        return Ok(None);
    }
    let bytes = dossier.read(&name, MAX_FILE)?;
    Ok(Some(bytes).filter(|bytes| fs::sha256(bytes) == version.sha256))
}
