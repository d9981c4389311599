//! One whole dossier out of several damaged copies of it, entry by entry.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;

use super::structure::{self, EntryAt};
use super::verify::sound_entries;
use super::{Error, Result};
use crate::fs;

/// Which copy gave an entry, by its place among the copies.
pub type Origins = BTreeMap<String, usize>;

/// Writes the dossier to `to` (a name aside), each entry from the first of `copies` that has it whole; what stands around the
/// entries is derived from them. `None` when an entry is whole in no copy; then nothing is left at `to`. Whether the result is the
/// dossier that was published, its digest tells: the caller compares.
///
/// # Errors
/// When a copy cannot be read or `to` not be written. A copy that is no dossier at all gives nothing.
pub fn mend(copies: &[&Path], to: &Path) -> Result<Option<Origins>> {
    let mut whole: BTreeMap<String, (usize, EntryAt)> = BTreeMap::new();
    let mut named: BTreeMap<String, ()> = BTreeMap::new();
    let mut files = Vec::new();
    for (place, copy) in copies.iter().enumerate() {
        let (entries, names) = sound_entries(copy)?;
        named.extend(names.into_iter().map(|name| (name, ())));
        for entry in entries {
            whole.entry(entry.name()).or_insert((place, entry));
        }
        files.push(fs::context(File::open(copy), "mở", copy)?);
    }
    if whole.is_empty() || named.keys().any(|name| !whole.contains_key(name)) {
        return Ok(None);
    }
    let written = fs::attempt("ghi", to, || {
        let mut out = BufWriter::new(File::create(to)?);
        let mut at = 0;
        let mut placed = Vec::with_capacity(whole.len());
        for (place, entry) in whole.values() {
            let moved = entry.at(at);
            let header = moved.local_bytes();
            out.write_all(&header)?;
            files[*place].seek(SeekFrom::Start(entry.data()))?;
            let copied = std::io::copy(&mut (&mut files[*place]).take(entry.compressed.into()), &mut out)?;
            at += header.len() as u64 + copied;
            placed.push(moved);
        }
        out.write_all(&structure::directory_bytes(&placed, at))?;
        out.into_inner()?.sync_all()
    });
    written.map_err(Error::Io)?;
    Ok(Some(whole.into_iter().map(|(name, (place, _))| (name, place)).collect()))
}
