//! What was made for a case and from what: so that the same input writes nothing twice, and only own files are deleted.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::counted::Counted;
use crate::fs;
use crate::workspace::Workspace;

/// One file the program made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// Digest of all it was made from.
    pub input: String,
    /// SHA-256 of its bytes.
    pub output: String,
}

/// Render state of one case. It can always be thrown away: the next pass makes it again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RenderState {
    /// Digests of what tells this case from others: recognises it under another code.
    pub marks: BTreeSet<String>,
    /// Drafts, by file name in `du-thao/`.
    pub drafts: BTreeMap<String, Made>,
    /// SHA-256 of the note about findings.
    pub note: Option<String>,
    /// SHA-256 of the note about what to do next.
    pub steps: Option<String>,
    /// Version of the dossier this reopened case was put back from; 0 when it never was.
    pub restored: u32,
    /// Running terms as they were last counted.
    pub counted: Option<Counted>,
    /// Digests of files about to be written: known as ours before they lie there, so that one of which a kill or the disk kept
    /// us from knowing more is still ours to replace and to take away.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub announced: BTreeSet<String>,
}

impl RenderState {
    /// The state kept for `code`; empty when there is none, or it is not such a state.
    ///
    /// # Errors
    /// When it is there and the system does not give it now: whoever took it for empty and kept that would no longer know which
    /// files are ours.
    pub fn load(workspace: &Workspace, code: &str) -> fs::Result<Self> {
        let bytes = fs::read_if_there(&workspace.render_state(code))?;
        Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default())
    }

    /// The state kept for `code` for telling of it, where nothing is written: empty also when it cannot be read.
    #[must_use]
    pub fn peek(workspace: &Workspace, code: &str) -> Self {
        Self::load(workspace, code).unwrap_or_default()
    }

    /// Keeps the digest of a file that is about to be written.
    ///
    /// # Errors
    /// When the system refuses; the file must not be written then.
    pub fn announce(&mut self, workspace: &Workspace, code: &str, bytes: &[u8]) -> fs::Result<()> {
        let digest = fs::sha256(bytes);
        let known = self.drafts.values().any(|made| made.output == digest)
            || [&self.note, &self.steps].into_iter().flatten().any(|known| *known == digest);
        if known || !self.announced.insert(digest) {
            return Ok(());
        }
        self.save(workspace, code)
    }

    /// Digests of drafts of ours, and of whatever was announced.
    #[must_use]
    pub fn own_digests(&self) -> BTreeSet<&str> {
        self.drafts.values().map(|made| &made.output).chain(&self.announced).map(String::as_str).collect()
    }

    /// Whether the file at `path` has this digest or one that was announced.
    ///
    /// # Errors
    /// When the file is there and cannot be read.
    pub fn is_own(&self, known: Option<&str>, path: &Path) -> fs::Result<bool> {
        if known.is_none() && self.announced.is_empty() {
            return Ok(false);
        }
        Ok(fs::read_if_there(path)?.is_some_and(|bytes| {
            let digest = fs::sha256(&bytes);
            known == Some(digest.as_str()) || self.announced.contains(&digest)
        }))
    }

    /// Keeps the state of a case whose files are all written: nothing is announced any more.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn settle(&mut self, workspace: &Workspace, code: &str) -> fs::Result<()> {
        self.announced.clear();
        self.save(workspace, code)
    }

    /// Keeps the state; an empty one is removed.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn save(&self, workspace: &Workspace, code: &str) -> fs::Result<()> {
        let path = workspace.render_state(code);
        // What was read and written belongs together only on one share.
        workspace.still_there()?;
        if *self == Self::default() {
            return if path.exists() { fs::remove_file(&path) } else { Ok(()) };
        }
        let bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        fs::write_if_changed(&path, &bytes).map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Clock;

    fn workspace(root: &Path) -> Workspace {
        Workspace::create(root).unwrap();
        Workspace::open(root, Clock::on(chrono::NaiveDate::from_ymd_opt(2026, 11, 20).unwrap()), 1).unwrap()
    }

    #[test]
    fn what_was_announced_is_ours_until_all_is_written() {
        let dir = tempfile::tempdir().unwrap();
        let workspace = workspace(dir.path());
        let (code, path) = ("KN-2026-0001", dir.path().join("x"));
        RenderState::default().announce(&workspace, code, b"draft").unwrap();
        std::fs::write(&path, b"draft").unwrap();
        let mut state = RenderState::load(&workspace, code).unwrap();
        assert!(state.is_own(None, &path).unwrap() && state.own_digests().contains(fs::sha256(b"draft").as_str()));
        std::fs::write(&path, b"a clerk's").unwrap();
        assert!(!state.is_own(None, &path).unwrap());
        state.settle(&workspace, code).unwrap();
        assert_eq!(RenderState::load(&workspace, code).unwrap(), RenderState::default());
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_kept_of_what_was_done_on_another_share() {
        let dir = tempfile::tempdir().unwrap();
        let workspace = workspace(dir.path());
        let cases = workspace.cases().to_owned();
        std::fs::rename(&cases, dir.path().join("away")).unwrap();
        std::fs::create_dir(&cases).unwrap();
        let mut state = RenderState::default();
        let refused = state.announce(&workspace, "KN-2026-0001", b"draft").unwrap_err().to_string();
        assert!(refused.ends_with(": mất kết nối với ổ đĩa mạng"), "{refused}");
        assert!(!workspace.render_state("KN-2026-0001").exists());
        std::fs::remove_dir(&cases).unwrap();
        std::fs::rename(dir.path().join("away"), &cases).unwrap();
        RenderState { restored: 1, ..RenderState::default() }.save(&workspace, "KN-2026-0001").unwrap();
    }
}
