//! Whose dossier a zip of unknown origin holds: packed again by another program, under another name, inside a folder.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use zip::ZipArchive;

use super::{BAG_INFO, Error, Result};
use crate::fs;

/// Most that is read of a `bag-info.txt`.
const MOST: u64 = 1 << 16;

/// What the zip at `path` says of itself, one a line: the names of its entries and whatever stands in a `bag-info.txt`. Proves
/// nothing, and takes zips no reader of ours would.
///
/// # Errors
/// When it cannot be read as a zip.
pub fn peek(path: &Path) -> Result<String> {
    let file = fs::context(File::open(path), "mở", path)?;
    let mut archive = ZipArchive::new(file).map_err(|source| Error::of_zip("đọc", path, source))?;
    let mut said: Vec<String> = archive.file_names().filter_map(|name| Some(name.ok()?.into_owned())).collect();
    let cards: Vec<String> = said.iter().filter(|name| name.rsplit('/').next() == Some(BAG_INFO)).cloned().collect();
    for name in cards {
        // An entry that is locked or damaged says nothing; its name was taken.
        let Ok(entry) = archive.by_name(&name) else { continue };
        let mut bytes = Vec::new();
        let _ = entry.take(MOST).read_to_end(&mut bytes);
        said.push(String::from_utf8_lossy(&bytes).into_owned());
    }
    Ok(said.join("\n"))
}
