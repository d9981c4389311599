//! Which case files lie in the watched folder.

use std::path::{Path, PathBuf};

use crate::fs;

/// Largest case file that is read, in bytes.
pub const MAX_FILE: u64 = 1 << 20;

/// Whether a name is nobody's case file: leftovers of editors, sync tools and systems, and our own notes.
#[must_use]
pub fn is_junk(name: &str) -> bool {
    name.starts_with(['.', '~', '_', '#'])
        || name.ends_with(['~', '#'])
        || [".tmp", ".swp", ".swx", ".bak", ".part", ".crdownload"].iter().any(|ending| name.ends_with(ending))
        || matches!(name, "Thumbs.db" | "desktop.ini" | "@eaDir")
        || fs::is_aside(name)
}

/// Whether a name in a case's folder is that of a file the system or an office program left there; anything else is evidence.
#[must_use]
pub fn is_leftover(name: &str) -> bool {
    matches!(name, "Thumbs.db" | "desktop.ini" | ".DS_Store" | "@eaDir")
        || name.starts_with("~$")
        || name.starts_with(".~lock.")
        || fs::is_aside(name)
}

/// Whether a name is that of a case file.
#[must_use]
pub fn is_case_file(name: &str) -> bool {
    let ending = Path::new(name).extension().map(|e| e.to_string_lossy().to_lowercase());
    !is_junk(name) && matches!(ending.as_deref(), Some("yaml" | "yml"))
}

/// Case files directly in `dir`, sorted by name.
#[must_use]
pub fn case_files(dir: &Path) -> Vec<PathBuf> {
    walkdir::WalkDir::new(dir)
        .min_depth(1)
        .max_depth(1)
        .sort_by_file_name()
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| is_case_file(&entry.file_name().to_string_lossy()))
        .map(walkdir::DirEntry::into_path)
        .collect()
}

/// A file or link found under a folder of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Path relative to the folder, with forward slashes, NFC.
    pub name: String,
    /// Where it lies.
    pub path: PathBuf,
    /// A symbolic link: never followed.
    pub is_link: bool,
}

/// Files under `dir`, sorted by name; links are listed, not followed; leftovers of systems are left out.
#[must_use]
pub fn attachments(dir: &Path) -> Vec<Attachment> {
    list(dir, |name| !is_leftover(name))
}

/// All files under `dir`, leftovers too.
#[must_use]
pub fn everything(dir: &Path) -> Vec<Attachment> {
    list(dir, |_| true)
}

fn list(dir: &Path, wanted: impl Fn(&str) -> bool) -> Vec<Attachment> {
    use unicode_normalization::UnicodeNormalization;
    let mut found: Vec<Attachment> = walkdir::WalkDir::new(dir)
        .min_depth(1)
        .follow_links(false)
        .into_iter()
        .filter_entry(|entry| entry.depth() == 0 || wanted(&entry.file_name().to_string_lossy()))
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file() || entry.path_is_symlink())
        .map(|entry| {
            let relative = entry.path().strip_prefix(dir).unwrap_or(entry.path());
            let parts: Vec<String> = relative.iter().map(|part| part.to_string_lossy().nfc().collect()).collect();
            Attachment { name: parts.join("/"), is_link: entry.path_is_symlink(), path: entry.into_path() }
        })
        .collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn junk_of_editors_and_systems_is_no_case_file() {
        for name in ["KN-2026-0001.yaml", "ghi chu.yml", "KN-2026-0001 (1).YAML"] {
            assert!(is_case_file(name), "{name}");
        }
        for name in [
            ".KN-2026-0001.yaml.swp",
            "~$KN-2026-0001.yaml",
            "#KN.yaml#",
            "_moi.yaml",
            "KN.yaml.tmp",
            "KN.yaml~",
            "KN.txt",
            ".x.yaml.hoso-tmp",
        ] {
            assert!(!is_case_file(name), "{name}");
        }
    }
}
