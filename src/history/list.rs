//! The list of versions of one case file: one JSON object a line.

use std::path::{Path, PathBuf};

use super::Version;
use crate::fs;

/// Name of the list, in `.hoso` as in a dossier.
pub(super) const NAME: &str = "danh-sach.jsonl";

/// A list as it was read.
#[derive(Debug, Default)]
pub(super) struct List {
    /// Its whole lines.
    pub(super) bytes: Vec<u8>,
    /// The versions they tell of, oldest first.
    pub(super) versions: Vec<Version>,
    /// Whole lines that tell of none.
    pub(super) unreadable: usize,
    /// Where a torn last line begins.
    pub(super) torn_at: Option<u64>,
}

impl List {
    /// Reads the list in `folder`; an empty one where there is none.
    pub(super) fn read(folder: &Path) -> fs::Result<Self> {
        let path = path(folder);
        match std::fs::read(&path) {
            Ok(bytes) => Ok(Self::parse(bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => fs::context(Err(error), "đọc", &path),
        }
    }

    /// A list from its bytes.
    pub(super) fn parse(mut bytes: Vec<u8>) -> Self {
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let torn_at = (whole < bytes.len()).then_some(whole as u64);
        bytes.truncate(whole);
        let (mut versions, mut unreadable) = (Vec::new(), 0);
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            match serde_json::from_slice(line) {
                Ok(version) => versions.push(version),
                Err(_) => unreadable += 1,
            }
        }
        Self { bytes, versions, unreadable, torn_at }
    }

    /// The number the next version gets. A line that cannot be read any more had one as well.
    pub(super) fn next_number(&self) -> u32 {
        let lines = u32::try_from(self.versions.len() + self.unreadable).unwrap_or(u32::MAX);
        let last = self.versions.iter().map(|version| version.number).max().unwrap_or(0);
        last.max(lines).saturating_add(1)
    }

    /// The whole lines up to the last that tells of `sha256`; all of them where none does.
    pub(super) fn until(&self, sha256: &str) -> &[u8] {
        let (mut end, mut at) = (None, 0);
        for line in self.bytes.split_inclusive(|byte| *byte == b'\n') {
            at += line.len();
            if serde_json::from_slice::<Version>(line).is_ok_and(|version| version.sha256 == sha256) {
                end = Some(at);
            }
        }
        &self.bytes[..end.unwrap_or(self.bytes.len())]
    }
}

/// Where the list lies.
pub(super) fn path(folder: &Path) -> PathBuf {
    folder.join(NAME)
}

/// A version as its line, without the line break.
pub(super) fn line(version: &Version) -> String {
    serde_json::to_string(version).unwrap_or_default()
}

/// What the file of a version is called in a dossier: as that of the first version with the same bytes.
pub(super) fn file_of(versions: &[Version], number: u32, sha256: &str) -> String {
    let same = versions.iter().find(|version| version.sha256 == sha256);
    same.map_or_else(|| format!("ban-{number}.yaml"), |same| same.file.clone())
}

/// The versions of `earlier`, and behind them those of `later`, numbered on; `later` alone where it begins with `earlier`.
pub(super) fn joined(earlier: List, later: List) -> Vec<Version> {
    if later.bytes.starts_with(&earlier.bytes) {
        return later.versions;
    }
    let mut number = earlier.next_number();
    let mut versions = earlier.versions;
    for version in later.versions {
        if versions.last().is_some_and(|last| last.sha256 == version.sha256) {
            continue;
        }
        let file = file_of(&versions, number, &version.sha256);
        versions.push(Version { number, file, ..version });
        number = number.saturating_add(1);
    }
    versions
}
