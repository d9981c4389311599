//! What was made for a case and from what: so that the same input writes nothing twice, and only own files are deleted.

use std::collections::{BTreeMap, BTreeSet};

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
}

impl RenderState {
    /// The state kept for `code`; empty when there is none or it cannot be read.
    #[must_use]
    pub fn load(workspace: &Workspace, code: &str) -> Self {
        fs::read(&workspace.render_state(code))
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default()
    }

    /// Keeps the state; an empty one is removed.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn save(&self, workspace: &Workspace, code: &str) -> fs::Result<()> {
        let path = workspace.render_state(code);
        if *self == Self::default() {
            return if path.exists() { fs::remove_file(&path) } else { Ok(()) };
        }
        let bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        fs::write_if_changed(&path, &bytes).map(|_| ())
    }
}
