//! A closed case as a BagIt bag inside one deterministic zip: write, open, verify. Sole user of `zip`.
//!
//! The bag is BagIt 1.0 (RFC 8493) with SHA-256 manifests. One tag file more, `zip-sha256.txt`, gives the SHA-256 of the
//! bytes of each deflated entry as they lie in the zip: different deflated bytes can unpack to the same text, so without it
//! a changed bit there could go unseen. Nothing in the zip depends on the machine, the clock or the order of the files
//! given, and no byte of it is left unaccounted for, so that [`verify()`] finds a changed bit anywhere.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::diagnostic::Diagnostic;
use crate::fs;

mod mend;
mod name;
mod peek;
mod read;
mod repacked;
mod structure;
mod verify;
mod write;

pub use mend::{Origins, mend};
pub use name::{check_name, safe_name};
pub use peek::peek;
pub use read::{Dossier, Item};
pub use verify::verify;
pub use write::{Published, write};

/// Largest dossier and largest sum of its files, in bytes: what a zip without 64-bit extensions holds.
pub const MAX_SIZE: u64 = u32::MAX as u64 - 1;
/// Most entries in a dossier, tag files included.
pub const MAX_ENTRIES: usize = 65_000;
/// Largest entry that is deflated; larger ones are stored, so that no entry can swell beyond this.
pub const MAX_DEFLATED: u64 = 16 << 20;

/// So many times its packed size an entry may unpack to; beyond it is stored, not deflated. Texts of cases reach twenty.
pub const MAX_RATIO: u64 = 200;
/// Smallest entry the ratio is asked of, in bytes: what is smaller does no harm.
const MIN_BOMB: u64 = 1 << 20;

/// Field of `bag-info.txt` that holds the case code.
pub const CODE_FIELD: &str = "External-Identifier";
/// Field of `bag-info.txt` that holds the version.
pub const VERSION_FIELD: &str = "Hoso-Dossier-Version";

const BAGIT: &str = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";
const BAG_INFO: &str = "bag-info.txt";
const BAGIT_NAME: &str = "bagit.txt";
const MANIFEST: &str = "manifest-sha256.txt";
const TAG_MANIFEST: &str = "tagmanifest-sha256.txt";
const ZIP_MANIFEST: &str = "zip-sha256.txt";
const TAG_FILES: [&str; 5] = [BAG_INFO, BAGIT_NAME, MANIFEST, TAG_MANIFEST, ZIP_MANIFEST];
/// Tag files the tag manifest lists: all but itself.
const LISTED_TAG_FILES: [&str; 4] = [BAG_INFO, BAGIT_NAME, MANIFEST, ZIP_MANIFEST];

/// Whether a deflated entry swells beyond measure when it is unpacked.
fn is_bomb(packed: u64, size: u64) -> bool {
    size > MAX_DEFLATED || (size >= MIN_BOMB && size / MAX_RATIO > packed)
}

/// Whether an entry of a dossier may have this name.
fn may_stand(name: &str) -> bool {
    name.strip_prefix("data/").map_or_else(|| TAG_FILES.contains(&name), |path| check_name(path).is_ok())
}

/// Why a dossier could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The system refused.
    #[error(transparent)]
    Io(#[from] fs::Error),
    /// The zip library refused.
    #[error("tệp nén {}: {source}", path.display())]
    Zip {
        /// The dossier.
        path: PathBuf,
        /// The library's reason.
        source: zip::result::ZipError,
    },
    /// A file's name cannot stand in a dossier.
    #[error("không lưu được tệp \"{name}\": {why}")]
    Name {
        /// The name.
        name: String,
        /// Why not, in Vietnamese.
        why: &'static str,
    },
    /// Two files would have names that some systems hold to be one.
    #[error("hai tệp trùng tên trong hồ sơ: \"{0}\"")]
    Duplicate(String),
    /// The dossier would grow beyond what it may hold.
    #[error("hồ sơ quá lớn: tổng dung lượng tối đa {} MiB, tối đa {MAX_ENTRIES} tệp", MAX_SIZE >> 20)]
    TooLarge,
    /// A file changed while it was being read.
    #[error("tệp {} thay đổi trong lúc đang lưu hồ sơ; hãy thử lại", .0.display())]
    Changed(PathBuf),
    /// The dossier is damaged.
    #[error("hồ sơ {} bị hỏng: {}", path.display(), findings.first().map(|f| f.message.as_str()).unwrap_or_default())]
    Damaged {
        /// The dossier.
        path: PathBuf,
        /// What is wrong.
        findings: Vec<Diagnostic>,
    },
    /// There is no such entry.
    #[error("hồ sơ không có tệp \"{0}\"")]
    NoSuchEntry(String),
    /// An entry is larger than the caller wants to hold in memory.
    #[error("tệp \"{0}\" quá lớn để đọc vào bộ nhớ")]
    EntryTooLarge(String),
    /// A file lies where an entry is to be written.
    #[error("tệp {} đã có", .0.display())]
    Exists(PathBuf),
    /// A folder on the way to where an entry is to be written is a link.
    #[error("{} là liên kết sang nơi khác; không ghi qua liên kết", .0.display())]
    Link(PathBuf),
    /// The folder to extract into is not empty.
    #[error("thư mục {} đã có dữ liệu; hãy chọn một thư mục mới", .0.display())]
    NotEmpty(PathBuf),
}

impl Error {
    /// What the system said to the library is the system's word.
    fn of_zip(action: &'static str, path: &Path, source: zip::result::ZipError) -> Self {
        match source {
            zip::result::ZipError::Io(source) => Self::Io(fs::Error { action, path: path.to_owned(), source }),
            source => Self::Zip { path: path.to_owned(), source },
        }
    }
}

/// Result with [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

/// Where the bytes of a file come from.
#[derive(Debug, Clone)]
pub enum Source {
    /// Held in memory.
    Bytes(Vec<u8>),
    /// Read from this file when the dossier is written.
    File(PathBuf),
}

/// What goes into a dossier.
#[derive(Debug, Clone)]
pub struct Contents {
    /// Case code; the bag's `External-Identifier`.
    pub code: String,
    /// Version of the dossier, from 1.
    pub version: u32,
    /// Further fields of `bag-info.txt` in order, e.g. `Source-Organization`, `Bagging-Date`.
    pub info: Vec<(String, String)>,
    files: BTreeMap<String, Source>,
    folded: BTreeSet<String>,
}

impl Contents {
    /// An empty dossier.
    #[must_use]
    pub fn new(code: impl Into<String>, version: u32) -> Self {
        Self { code: code.into(), version, info: Vec::new(), files: BTreeMap::new(), folded: BTreeSet::new() }
    }

    /// Adds a file at `path` under `data/` (parts separated by `/`). A name that cannot stand in a dossier on every system is
    /// changed as little as possible ([`safe_name`]), a name that is taken gets a number; the path used is returned.
    pub fn add(&mut self, path: &str, source: Source) -> String {
        let safe = safe_name(path);
        let mut used = safe.clone();
        for number in 2.. {
            if self.folded.insert(used.to_lowercase()) {
                break;
            }
            let (folder, file) = safe.rsplit_once('/').map_or(("", safe.as_str()), |(folder, file)| (folder, file));
            let (stem, ending) = file.rsplit_once('.').map_or((file, String::new()), |(s, e)| (s, format!(".{e}")));
            let slash = if folder.is_empty() { "" } else { "/" };
            used = format!("{folder}{slash}{stem} ({number}){ending}");
        }
        self.files.insert(used.clone(), source);
        used
    }

    /// The files by path under `data/`.
    #[must_use]
    pub fn files(&self) -> &BTreeMap<String, Source> {
        &self.files
    }
}

#[cfg(test)]
mod tests;
