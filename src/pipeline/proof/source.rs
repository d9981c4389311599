//! Where originals and snapshots come from: the store, the folder of a batch, dossiers.

use std::collections::BTreeMap;

use super::{Letter, Letters};
use crate::fs;
use crate::pipeline::snapshot::Snapshot;
use crate::register::originals;

impl Letters<'_> {
    /// The issued PDF, proved by its digest: from the store, or from a dossier.
    #[must_use]
    pub fn original(&self, letter: &Letter) -> Option<Vec<u8>> {
        let stored = self.workspace.and_then(|w| originals::load(&w.originals(), &letter.sha256, "pdf").ok());
        let right = |bytes: &[u8]| fs::sha256(bytes) == letter.sha256;
        let waiting = self.workspace.and_then(|w| fs::read(&w.job_folder(&letter.case).join(&letter.file)).ok());
        stored.or_else(|| waiting.filter(|bytes| right(bytes))).or_else(|| self.archived(letter, right, &letter.file))
    }

    /// Reads a file of one of the case's dossiers whose name ends in `name`.
    fn archived(&self, letter: &Letter, right: impl Fn(&[u8]) -> bool, name: &str) -> Option<Vec<u8>> {
        let paths = letter.dossier.iter().chain(self.dossiers.get(&letter.case).into_iter().flatten());
        paths.filter_map(|path| self.shelf.read(path, name)).find(|bytes| right(bytes))
    }

    /// The snapshot of a letter and the texts it names, by digest.
    pub(super) fn snapshot(&self, letter: &Letter) -> Option<(Snapshot, BTreeMap<String, String>)> {
        let text = |sha256: &str, ending: &str, name: &str| {
            let stored = self.workspace.and_then(|w| originals::load(&w.snapshots(), sha256, ending).ok());
            let right = |bytes: &[u8]| sha256.is_empty() || fs::sha256(bytes) == sha256;
            stored.or_else(|| self.archived(letter, right, name))
        };
        let stem = letter.file.trim_end_matches(".pdf");
        let snapshot: Snapshot =
            serde_json::from_slice(&text(&letter.snapshot, "json", &format!("ban-chup/{stem}.json"))?).ok()?;
        let mut texts = BTreeMap::new();
        for kept in snapshot.forms.iter().chain([&snapshot.style]) {
            let bytes = text(&kept.sha256, "txt", &format!("ban-chup/{}.txt", kept.sha256))?;
            texts.insert(kept.sha256.clone(), String::from_utf8(bytes).ok()?);
        }
        Some((snapshot, texts))
    }
}
