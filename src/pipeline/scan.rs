//! Which case files lie in the watched folder.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::fs;

/// Largest case file that is read, in bytes.
pub const MAX_FILE: u64 = 1 << 20;

/// Endings of files that are being written, or were kept by an editor.
const UNFINISHED: [&str; 13] = [
    ".tmp",
    ".temp",
    ".swp",
    ".swo",
    ".swx",
    ".bak",
    ".part",
    ".partial",
    ".filepart",
    ".crdownload",
    ".download",
    ".!sync",
    ".lock",
];

/// Files and folders that systems and servers lay down, in lower case.
const OF_SYSTEMS: [&str; 12] = [
    "thumbs.db",
    "ehthumbs.db",
    "desktop.ini",
    ".ds_store",
    "@eadir",
    "@tmp",
    "#recycle",
    "$recycle.bin",
    "lost+found",
    ".stfolder",
    ".sync",
    "system volume information",
];

/// Whether a name is nobody's case file: leftovers of editors, sync tools and systems, and our own notes.
#[must_use]
pub fn is_junk(name: &str) -> bool {
    let lower = name.to_lowercase();
    name.starts_with(['.', '~', '_', '#', '$', '@'])
        || name.ends_with(['~', '#'])
        || UNFINISHED.iter().any(|ending| lower.ends_with(ending))
        || OF_SYSTEMS.contains(&lower.as_str())
        || fs::is_aside(name)
}

/// Whether a name in a case's folder is that of a file the system, a sync tool or an office program left there; anything else
/// is evidence.
#[must_use]
pub fn is_leftover(name: &str) -> bool {
    let lower = name.to_lowercase();
    let begins =
        ["~$", "._", ".~lock.", ".syncthing.", "~syncthing~", ".fuse_hidden", ".nfs0", ".smbdelete", ".goutputstream-"];
    OF_SYSTEMS.contains(&lower.as_str()) || begins.iter().any(|begin| lower.starts_with(begin)) || fs::is_aside(name)
}

/// Whether a name is that of a case file.
#[must_use]
pub fn is_case_file(name: &str) -> bool {
    let ending = Path::new(name).extension().map(|e| e.to_string_lossy().to_lowercase());
    !is_junk(name) && matches!(ending.as_deref(), Some("yaml" | "yml"))
}

/// Case files directly in `dir`, sorted by name; none where it cannot be listed.
#[must_use]
pub fn case_files(dir: &Path) -> Vec<PathBuf> {
    let names = list_names(dir).unwrap_or_default();
    names.into_iter().filter(|name| is_case_file(&name.to_string_lossy())).map(|name| dir.join(name)).collect()
}

/// Every name directly in `dir`, sorted: all of them or none, so that a share that breaks off while it is listed does not look
/// like one from which files were removed.
///
/// # Errors
/// When the system refuses, at the beginning or half way.
pub fn list_names(dir: &Path) -> fs::Result<Vec<OsString>> {
    Ok(list_kinds(dir)?.into_iter().map(|(name, _)| name).collect())
}

/// The same, and which of them are folders.
///
/// # Errors
/// As [`list_names`].
pub fn list_kinds(dir: &Path) -> fs::Result<Vec<(OsString, bool)>> {
    let kind = |entry: &std::fs::DirEntry| entry.file_type().is_ok_and(|kind| kind.is_dir());
    let names = std::fs::read_dir(dir)
        .and_then(|entries| entries.map(|entry| entry.map(|entry| (entry.file_name(), kind(&entry)))).collect());
    let mut names: Vec<(OsString, bool)> = fs::context(names, "đọc thư mục", dir)?;
    names.sort_unstable();
    Ok(names)
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

/// Files under `dir`, sorted by name; links are listed, not followed; leftovers of systems are left out. All of them or none; a
/// folder that is not there has none.
///
/// # Errors
/// When a folder cannot be listed.
pub fn attachments(dir: &Path) -> fs::Result<Vec<Attachment>> {
    list(dir, |name| !is_leftover(name))
}

/// The file that is meant by `name` in a case file: the one of that name, else the only one whose name differs in capitals
/// alone, as file systems of Windows and macOS have it. Links are none.
#[must_use]
pub fn named<'a>(present: &'a [Attachment], name: &str) -> Option<&'a Attachment> {
    let mut files = present.iter().filter(|file| !file.is_link);
    if let Some(file) = files.clone().find(|file| file.name == name) {
        return Some(file);
    }
    let lower = name.to_lowercase();
    let alike = files.find(|file| file.name.to_lowercase() == lower)?;
    let others = present.iter().filter(|file| !file.is_link && file.name.to_lowercase() == lower).count();
    (others == 1).then_some(alike)
}

/// All files under `dir`, leftovers too.
///
/// # Errors
/// When a folder cannot be listed.
pub fn everything(dir: &Path) -> fs::Result<Vec<Attachment>> {
    list(dir, |_| true)
}

fn list(dir: &Path, wanted: impl Fn(&str) -> bool) -> fs::Result<Vec<Attachment>> {
    use unicode_normalization::UnicodeNormalization;
    fs::disturb::ask_listing(dir)?;
    let mut found = Vec::new();
    let entries = walkdir::WalkDir::new(dir).min_depth(1).follow_links(false).into_iter();
    for entry in entries.filter_entry(|entry| entry.depth() == 0 || wanted(&entry.file_name().to_string_lossy())) {
        let entry = match entry.map_err(|error| fs::unlisted(dir, error)) {
            Ok(entry) => entry,
            // What is gone by now is not there.
            Err(error) if error.source.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        if entry.file_type().is_dir() {
            fs::disturb::ask_listing(entry.path())?;
        } else if entry.file_type().is_file() || entry.path_is_symlink() {
            let relative = entry.path().strip_prefix(dir).unwrap_or(entry.path());
            let parts: Vec<String> = relative.iter().map(|part| part.to_string_lossy().nfc().collect()).collect();
            let is_link = entry.path_is_symlink();
            found.push(Attachment { name: parts.join("/"), is_link, path: entry.into_path() });
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
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
            "._KN-2026-0001.yaml",
            ".syncthing.KN-2026-0001.yaml.tmp",
            "~syncthing~KN-2026-0001.yaml.tmp",
            "KN-2026-0001.yaml.TMP",
            "KN-2026-0001.yaml.filepart",
            "KN-2026-0001.yaml.lock",
            ".DS_Store",
            "THUMBS.DB",
            "Desktop.ini",
            "@eaDir",
            ".stfolder",
            "#recycle",
            "$RECYCLE.BIN",
            "4913",
        ] {
            assert!(!is_case_file(name), "{name}");
        }
    }

    #[test]
    fn leftovers_are_no_evidence_and_evidence_is_no_leftover() {
        for name in [
            "~$don.docx",
            "._don.pdf",
            ".DS_Store",
            "thumbs.db",
            "@eaDir",
            ".stfolder",
            ".nfs0000012a",
            ".~lock.don.odt#",
        ] {
            assert!(is_leftover(name), "{name}");
        }
        for name in ["don.pdf", "ghi chú.tmp", "$1.000.pdf", "_nhap.txt", ".an", "anh (1).jpg", "nfs.pdf"] {
            assert!(!is_leftover(name), "{name}");
        }
    }

    #[test]
    fn a_file_is_found_whatever_its_accents_are_made_of_and_its_capitals() {
        let dir = tempfile::tempdir().unwrap();
        // As macOS writes it: each accent a letter of its own.
        std::fs::write(dir.path().join("a\u{309}nh chu\u{323}p.JPG"), b"x").unwrap();
        std::fs::write(dir.path().join("don.pdf"), b"x").unwrap();
        std::fs::write(dir.path().join("Bien Ban.pdf"), b"x").unwrap();
        std::fs::write(dir.path().join("BIEN BAN.PDF"), b"x").unwrap();
        let present = attachments(dir.path()).unwrap();
        for name in ["ảnh chụp.JPG", "ảnh chụp.jpg", "Don.PDF", "Bien Ban.pdf"] {
            assert!(named(&present, name).is_some(), "{name}");
        }
        // Which of the two is meant nobody knows; where the file system tells capitals apart.
        assert_eq!(named(&present, "bien ban.pdf").is_some(), present.len() == 3);
        assert!(named(&present, "anh chup.jpg").is_none());
    }

    #[test]
    fn a_folder_is_listed_whole_or_not_at_all() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("KN-2026-0001.yaml"), b"x").unwrap();
        assert_eq!(list_names(dir.path()).unwrap(), ["KN-2026-0001.yaml"]);
        assert!(list_names(&dir.path().join("nope")).is_err() && case_files(&dir.path().join("nope")).is_empty());
    }
}
