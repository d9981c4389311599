//! Opening a dossier: listing, reading and extracting entries.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use unicode_normalization::UnicodeNormalization;
use zip::{CompressionMethod, ZipArchive};

use super::structure::{self, Structure};
use super::verify::check_entries;
use super::{BAG_INFO, Error, MANIFEST, MAX_ENTRIES, MAX_SIZE, Result, is_bomb, may_stand};
use crate::fs;

/// One entry of a dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Full name, e.g. `data/van-ban/tra-loi-lan-1.pdf`.
    pub name: String,
    /// Size in bytes, unpacked.
    pub size: u64,
}

/// A dossier open for reading. Its structure is proved when it is opened, an entry's content when it is read.
#[derive(Debug)]
pub struct Dossier {
    path: PathBuf,
    archive: ZipArchive<File>,
    items: Vec<Item>,
    /// Where each item stands in the zip's own list.
    places: Vec<usize>,
}

impl Dossier {
    /// Opens the dossier at `path`.
    ///
    /// # Errors
    /// [`Error::Damaged`] when anything around the entries is not as we write it, [`Error::Io`] when it cannot be read.
    pub fn open(path: &Path) -> Result<Self> {
        let mut file = fs::context(File::open(path), "mở", path)?;
        let mut found = fs::context(structure::examine(&mut file), "đọc", path)?;
        check_entries(&mut found);
        let Structure { entries, findings, .. } = found;
        if !findings.is_empty() {
            return Err(Error::Damaged { path: path.to_owned(), findings });
        }
        let archive = ZipArchive::new(file).map_err(|source| Error::of_zip("đọc", path, source))?;
        let items: Vec<Item> =
            entries.iter().map(|entry| Item { name: entry.name(), size: entry.size.into() }).collect();
        let places = (0..items.len()).collect();
        Ok(Self { path: path.to_owned(), archive, items, places })
    }

    /// Opens a zip that is no dossier as we write them, for what can still be read of it: damaged, or packed by another program.
    /// Entries whose names lead elsewhere or stand there twice, and such as swell beyond measure, are left out. Nothing of it is proved.
    ///
    /// # Errors
    /// When it is no zip at all, or the system refuses.
    pub fn salvage(path: &Path) -> Result<Self> {
        let file = fs::context(File::open(path), "mở", path)?;
        let mut archive = ZipArchive::new(file).map_err(|source| Error::of_zip("đọc", path, source))?;
        let (mut found, mut folded, mut total) = (Vec::new(), BTreeSet::new(), 0_u64);
        for index in 0..archive.len().min(MAX_ENTRIES) {
            let Ok(entry) = archive.by_index_raw(index) else { continue };
            let Ok(name) = std::str::from_utf8(entry.name_raw()).map(str::to_owned) else { continue };
            let (size, packed) = (entry.size(), entry.compressed_size());
            let swells = entry.compression() != CompressionMethod::Stored && is_bomb(packed, size);
            total = total.saturating_add(size);
            if entry.is_dir() || entry.encrypted() || swells || total > MAX_SIZE || !may_stand(&name) {
                continue;
            }
            if folded.insert(name.to_lowercase()) {
                found.push((Item { name, size }, index));
            }
        }
        found.sort_by(|(a, _), (b, _)| a.name.cmp(&b.name));
        let (items, places) = found.into_iter().unzip();
        Ok(Self { path: path.to_owned(), archive, items, places })
    }

    /// The entries in the order of their names.
    #[must_use]
    pub fn entries(&self) -> &[Item] {
        &self.items
    }

    /// Reads one entry of at most `limit` bytes into memory; `name` is the full name, e.g. `data/KN-2026-0001.yaml`.
    ///
    /// # Errors
    /// When there is no such entry, it is larger than `limit`, or its content is damaged.
    pub fn read(&mut self, name: &str, limit: u64) -> Result<Vec<u8>> {
        // Opening proved that they stand in order.
        let index = self.items.binary_search_by(|item| item.name.as_str().cmp(name));
        let index = index.map_err(|_| Error::NoSuchEntry(name.to_owned()))?;
        let size = self.items[index].size;
        if size > limit {
            return Err(Error::EntryTooLarge(name.to_owned()));
        }
        let entry = self.archive.by_index(self.places[index]);
        let entry = entry.map_err(|source| Error::of_zip("đọc", &self.path, source))?;
        let mut bytes = Vec::new();
        fs::context(entry.take(size + 1).read_to_end(&mut bytes), "đọc", &self.path)?;
        Ok(bytes)
    }

    /// The full name of the entry somebody means by `name`: that, or the name below `data/`, in whatever Unicode form.
    ///
    /// # Errors
    /// When there is no such entry.
    pub fn find(&self, name: &str) -> Result<String> {
        let wanted: String = name.trim().trim_start_matches("./").replace('\\', "/").nfc().collect();
        let full = [wanted.clone(), format!("data/{wanted}")];
        let found = self.items.iter().find(|item| full.contains(&item.name));
        found.map(|item| item.name.clone()).ok_or_else(|| Error::NoSuchEntry(name.to_owned()))
    }

    /// Writes one entry, `name` in full, below `dir`, without the leading `data/`.
    ///
    /// # Errors
    /// [`Error::Exists`] when a file lies there and is not to be overwritten; when the entry is damaged, or the system refuses.
    pub fn extract_entry(&mut self, name: &str, dir: &Path, overwrite: bool) -> Result<PathBuf> {
        let index = self.items.binary_search_by(|item| item.name.as_str().cmp(name));
        let index = index.map_err(|_| Error::NoSuchEntry(name.to_owned()))?;
        let target = below(dir, name.strip_prefix("data/").unwrap_or(name))?;
        if std::fs::symlink_metadata(&target).is_ok() && !overwrite {
            return Err(Error::Exists(target));
        }
        if let Some(folder) = target.parent() {
            fs::create_dir(folder)?;
        }
        let entry = self.archive.by_index(self.places[index]);
        let entry = entry.map_err(|source| Error::of_zip("đọc", &self.path, source))?;
        // Aside first: a damaged entry must not take the place of a good file, and a link there is replaced, not followed.
        let aside = fs::aside(&target);
        let written = File::create(&aside).and_then(|mut file| {
            std::io::copy(&mut entry.take(self.items[index].size + 1), &mut file)?;
            file.sync_all()
        });
        if let Err(error) = fs::context(written, "giải nén", &target) {
            fs::remove_file(&aside)?;
            return Err(error.into());
        }
        fs::rename(&aside, &target)?;
        Ok(target)
    }

    /// The fields of `bag-info.txt`, in order.
    ///
    /// # Errors
    /// When that entry is damaged.
    pub fn info(&mut self) -> Result<Vec<(String, String)>> {
        let bytes = self.read(BAG_INFO, 1 << 20)?;
        let text = String::from_utf8_lossy(&bytes);
        let fields = text.lines().filter_map(|line| line.split_once(": "));
        Ok(fields.map(|(label, value)| (label.to_owned(), value.to_owned())).collect())
    }

    /// SHA-256 of every file under `data/` by its full name, as the manifest lists them.
    ///
    /// # Errors
    /// When the manifest is damaged.
    pub fn digests(&mut self) -> Result<BTreeMap<String, String>> {
        let bytes = self.read(MANIFEST, 64 << 20)?;
        let text = String::from_utf8_lossy(&bytes);
        let lines = text.lines().filter_map(|line| line.split_once("  "));
        Ok(lines.map(|(digest, name)| (name.to_owned(), digest.to_owned())).collect())
    }

    /// SHA-256 of every file whose full name begins with `prefix`, taken of its bytes, whatever manifests say; `None` where it cannot be read.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn content_digests(&mut self, prefix: &str) -> Result<BTreeMap<String, Option<String>>> {
        let mut digests = BTreeMap::new();
        for (item, place) in self.items.iter().zip(&self.places).filter(|(item, _)| item.name.starts_with(prefix)) {
            let read = self.archive.by_index(*place).map_err(|source| Error::of_zip("đọc", &self.path, source));
            let digest = read.and_then(|entry| {
                let (digest, size) =
                    fs::context(fs::sha256_reader(entry.take(item.size + 1), |_| Ok(())), "đọc", &self.path)?;
                Ok((size == item.size).then_some(digest))
            });
            let digest = match digest {
                Err(Error::Io(error)) if error.source.raw_os_error().is_some() => return Err(error.into()),
                other => other.ok().flatten(),
            };
            digests.insert(item.name.clone(), digest);
        }
        Ok(digests)
    }

    /// SHA-256 of every file under `data/`, as the manifest lists them.
    ///
    /// # Errors
    /// When the manifest is damaged.
    pub fn payload_digests(&mut self) -> Result<BTreeSet<String>> {
        Ok(self.digests()?.into_values().collect())
    }

    /// Unpacks everything into `dir`, which must be new or empty: a bag other tools can check. Returns the number of files.
    ///
    /// # Errors
    /// When `dir` holds something, an entry is damaged, or the system refuses.
    pub fn extract(&mut self, dir: &Path) -> Result<usize> {
        empty(dir)?;
        for index in 0..self.items.len() {
            self.unpack(index, dir)?;
        }
        fs::sync_dir(dir)?;
        Ok(self.items.len())
    }

    /// As [`Dossier::extract`], but goes on behind an entry that cannot be read. Returns the number of files, and the names of those.
    ///
    /// # Errors
    /// When `dir` holds something, or the system refuses.
    pub fn rescue(&mut self, dir: &Path) -> Result<(usize, Vec<String>)> {
        empty(dir)?;
        let mut lost = Vec::new();
        for index in 0..self.items.len() {
            match self.unpack(index, dir) {
                Ok(()) => {}
                Err(Error::Io(error)) if error.source.raw_os_error().is_some() => return Err(error.into()),
                Err(_) => {
                    fs::remove_file(&below(dir, &self.items[index].name)?)?;
                    lost.push(self.items[index].name.clone());
                }
            }
        }
        fs::sync_dir(dir)?;
        Ok((self.items.len() - lost.len(), lost))
    }

    fn unpack(&mut self, index: usize, dir: &Path) -> Result<()> {
        let item = &self.items[index];
        let target = below(dir, &item.name)?;
        if let Some(folder) = target.parent() {
            fs::create_dir(folder)?;
        }
        let entry = self.archive.by_index(self.places[index]);
        let entry = entry.map_err(|source| Error::of_zip("đọc", &self.path, source))?;
        let mut file = fs::context(File::create_new(&target), "tạo", &target)?;
        let copied = std::io::copy(&mut entry.take(item.size + 1), &mut file);
        fs::context(copied, "giải nén", &target)?;
        fs::context(file.sync_all(), "ghi xuống đĩa", &target)?;
        Ok(())
    }
}

/// The folder to unpack into, made where there is none.
fn empty(dir: &Path) -> Result<()> {
    fs::create_dir(dir)?;
    if fs::context(std::fs::read_dir(dir), "đọc thư mục", dir)?.next().is_some() {
        return Err(Error::NotEmpty(dir.to_owned()));
    }
    Ok(())
}

/// Where an entry goes. Every name was checked when the dossier was opened: none leads out of `dir`, unless a folder in it is a link.
fn below(dir: &Path, name: &str) -> Result<PathBuf> {
    let mut path = dir.to_owned();
    let mut parts = name.split('/').peekable();
    while let Some(part) = parts.next() {
        path.push(part);
        if parts.peek().is_some() && std::fs::symlink_metadata(&path).is_ok_and(|meta| meta.is_symlink()) {
            return Err(Error::Link(path));
        }
    }
    Ok(path)
}
