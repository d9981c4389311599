//! Where anything of a dossier lies in a workspace.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::strays;
use crate::case::CaseCode;
use crate::case::value::Value;
use crate::fs;
use crate::history::History;
use crate::register::{Record, Register, originals};
use crate::workspace::Workspace;

/// Files and folders that hold anything of the dossier `code`, whose versions lie at `places` in the archive: zips and what was set
/// aside of them, originals, snapshots and reasons, history, render state, notes, what came back, the folder of a batch.
///
/// # Errors
/// When a folder cannot be listed.
pub fn find(
    workspace: &Workspace,
    register: &Register,
    code: &str,
    places: &[String],
) -> fs::Result<BTreeSet<PathBuf>> {
    let mut found = BTreeSet::new();
    for place in places {
        let path = place.split('/').fold(workspace.archive().to_owned(), |dir, part| dir.join(part));
        let (Some(dir), Some(name)) = (path.parent(), path.file_name()) else { continue };
        let name = name.to_string_lossy();
        let own = |other: &str| {
            let other = other.strip_prefix('.').unwrap_or(other);
            other.strip_prefix(&*name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        found.extend(named(dir, own)?);
    }
    let snapshots = workspace.snapshots();
    for record in register.of_case(code) {
        let Record { issued, void, .. } = record;
        found.insert(originals::path(&workspace.originals(), &issued.pdf_sha256, "pdf"));
        found.insert(originals::path(&snapshots, &issued.snapshot_sha256, "json"));
        found.extend(void.iter().map(|(_, void)| originals::path(&snapshots, &void.reason_sha256, "json")));
    }
    if let Some(block) = register.block(code) {
        let reasons = block.voids.iter().map(|(_, void)| originals::path(&snapshots, &void.reason_sha256, "json"));
        found.extend(reasons);
        found.insert(workspace.job_folder(code));
        found.extend(named(&workspace.jobs_folder(), |name| belongs(name, code))?);
    }
    let history = workspace.history(code);
    for dir in history.parent().into_iter().chain([workspace.set_aside().as_path(), &workspace.render_states()]) {
        found.extend(named(dir, |name| belongs(name, code))?);
    }
    if let Some(dir) = history.parent() {
        found.extend(named(dir, |name| is_of_copy(workspace, name, code))?);
    }
    for path in named(workspace.cases(), |name| belongs(name, code))? {
        if is_idle(workspace, code, &path)? {
            found.insert(path);
        }
    }
    found.retain(|path| path.symlink_metadata().is_ok());
    Ok(found)
}

/// A file of staff that carries the code: somebody may be at work on it, so nothing is destroyed.
///
/// # Errors
/// When a folder cannot be listed.
pub fn alive(workspace: &Workspace, code: &str) -> fs::Result<Option<PathBuf>> {
    for path in named(workspace.cases(), |name| belongs(name, code))? {
        if !is_idle(workspace, code, &path)? {
            return Ok(Some(path));
        }
    }
    Ok(named(&workspace.closing(), |name| belongs(name, code))?.into_iter().next())
}

/// Whether a history is that of a copy under another name, which lay among the case files once and said it was this case.
fn is_of_copy(workspace: &Workspace, name: &str, code: &str) -> bool {
    let is_at_work = ["yaml", "yml"].iter().any(|ending| workspace.cases().join(format!("{name}.{ending}")).exists());
    if is_at_work || CaseCode::parse(name).is_ok() {
        return false;
    }
    let Ok(mut history) = History::open(workspace, name, None) else { return false };
    let versions = history.versions().to_vec();
    versions
        .iter()
        .any(|version| history.content(version).is_ok_and(|bytes| strays::names(&strays::claimed(&bytes), code)))
}

/// Whether nobody works on what lies there: a note of ours, a version laid beside, an empty folder.
fn is_idle(workspace: &Workspace, code: &str, path: &Path) -> fs::Result<bool> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let is_copy = name.strip_prefix(code).is_some_and(|rest| rest.starts_with(".ban-") && rest.ends_with(".txt"));
    let is_note = [workspace.note(code), workspace.next_steps(code)].contains(&path.to_owned());
    Ok(is_copy || is_note || (path.is_dir() && crate::pipeline::scan::everything(path)?.is_empty()))
}

/// Whether bytes mention one of the codes.
#[must_use]
pub fn mentions(bytes: &[u8], codes: &[String]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    codes.iter().any(|code| text.match_indices(code.as_str()).any(|(at, _)| belongs(&text[at..], code)))
}

/// Whether a name is the code's or begins with it: `KN-2026-0001 (2).yaml`, and not `KN-2026-00012.yaml`.
fn belongs(name: &str, code: &str) -> bool {
    let name = name.strip_prefix('.').unwrap_or(name);
    name.strip_prefix(code).is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()))
}

fn named(dir: &Path, own: impl Fn(&str) -> bool) -> fs::Result<Vec<PathBuf>> {
    let listing = match std::fs::read_dir(dir) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => fs::context(other, "đọc thư mục", dir)?,
    };
    let mut found = Vec::new();
    for entry in listing {
        let entry = fs::context(entry, "đọc thư mục", dir)?;
        if own(&entry.file_name().to_string_lossy()) {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_belongs_to_the_code_it_begins_with_and_to_no_longer_one() {
        for name in [
            "KN-2026-0001",
            "KN-2026-0001.yaml",
            "KN-2026-0001 (2).yaml",
            ".KN-2026-0001.zip.hoso-tmp",
            "KN-2026-0001_a.pdf",
        ] {
            assert!(belongs(name, "KN-2026-0001"), "{name}");
        }
        for name in ["KN-2026-00012.yaml", "KN-2026-0002.yaml", "xKN-2026-0001.yaml"] {
            assert!(!belongs(name, "KN-2026-0001"), "{name}");
        }
        assert!(mentions(b"a KN-2026-0001\x00b", &["KN-2026-0001".to_owned()]));
        assert!(!mentions(b"a KN-2026-00012", &["KN-2026-0001".to_owned()]));
    }
}
