//! Files kept under their own SHA-256: issued originals and the snapshots they were made from.

use std::path::{Path, PathBuf};

use crate::fs;

/// Why a kept file could not be stored or read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The system refused.
    #[error(transparent)]
    Io(#[from] fs::Error),
    /// The file does not hold what its name says.
    #[error("tệp gốc {} đã bị thay đổi: mã băm là {found}", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
        /// The SHA-256 of what lies there now.
        found: String,
    },
}

/// Where a file with this digest lies: `<dir>/<sha256>.<extension>`.
#[must_use]
pub fn path(dir: &Path, sha256: &str, extension: &str) -> PathBuf {
    dir.join(format!("{sha256}.{extension}"))
}

/// Keeps `bytes` under their digest, synced, and returns the digest. Storing the same bytes again writes nothing; a damaged
/// file of that name is written anew.
///
/// # Errors
/// When the system refuses.
pub fn store(dir: &Path, bytes: &[u8], extension: &str) -> fs::Result<String> {
    let sha256 = fs::sha256(bytes);
    fs::write_if_changed(&path(dir, &sha256, extension), bytes)?;
    Ok(sha256)
}

/// Reads a kept file and proves its digest.
///
/// # Errors
/// [`Error::Changed`] when it holds something else, [`Error::Io`] when it cannot be read.
pub fn load(dir: &Path, sha256: &str, extension: &str) -> Result<Vec<u8>, Error> {
    let path = path(dir, sha256, extension);
    let bytes = fs::read(&path)?;
    let found = fs::sha256(&bytes);
    if found == sha256 { Ok(bytes) } else { Err(Error::Changed { path, found }) }
}
