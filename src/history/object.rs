//! One version's bytes, packed; named by their digest, which is proved whenever they are read. Uses `flate2`.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

use crate::fs;
use crate::pipeline::scan::MAX_FILE;

/// Where the object of this digest lies.
pub(super) fn path(folder: &Path, sha256: &str) -> PathBuf {
    folder.join(format!("{sha256}.gz"))
}

/// Packs a file; the same bytes give the same object.
pub(super) fn pack(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    // Writing into memory cannot fail.
    let _ = packer.write_all(bytes);
    packer.finish().unwrap_or_default()
}

/// What the object at `path` holds; nothing when it is not there or is not what its digest says.
pub(super) fn load(path: &Path, sha256: &str) -> fs::Result<Option<Vec<u8>>> {
    let packed = match std::fs::read(path) {
        Ok(packed) => packed,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return fs::context(Err(error), "đọc", path),
    };
    let mut bytes = Vec::new();
    let read = GzDecoder::new(packed.as_slice()).take(MAX_FILE + 1).read_to_end(&mut bytes);
    Ok(read.ok().filter(|_| fs::sha256(&bytes) == sha256).map(|_| bytes))
}
