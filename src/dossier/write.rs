//! Writing a dossier.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use flate2::write::DeflateEncoder;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, System, ZipWriter};

use super::structure;
use super::{
    BAG_INFO, BAGIT, BAGIT_NAME, CODE_FIELD, Contents, Error, MANIFEST, MAX_DEFLATED, MAX_ENTRIES, MAX_RATIO, MAX_SIZE,
    MIN_BOMB, Result, Source, TAG_MANIFEST, VERSION_FIELD, ZIP_MANIFEST, check_name,
};
use crate::fs;

/// A dossier as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// SHA-256 of the whole zip.
    pub sha256: String,
    /// Its size in bytes.
    pub size: u64,
    /// Number of entries, tag files included.
    pub entries: usize,
}

/// Kinds of files that are compressed already, or that must lie in the zip byte for byte.
const STORED: [&str; 30] = [
    "pdf", "png", "jpg", "jpeg", "gif", "webp", "heic", "heif", "avif", "zip", "7z", "rar", "gz", "xz", "docx", "xlsx",
    "pptx", "odt", "ods", "mp3", "m4a", "aac", "ogg", "opus", "amr", "mp4", "mov", "webm", "p7s", "p7m",
];

fn deflated(name: &str, size: u64) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase());
    name.starts_with("data/") && size <= MAX_DEFLATED && !ending.is_some_and(|e| STORED.contains(&e.as_str()))
}

/// Whether what is to be deflated would unpack to so many times its packed size that readers refuse it. Half of what they bear: their
/// measure is taken on the packed bytes, which two packers make a little different.
fn swells(source: &Source, size: u64) -> Result<bool> {
    if size < MIN_BOMB {
        return Ok(false);
    }
    let mut packer = DeflateEncoder::new(Counter(0), flate2::Compression::new(6));
    let packed = match source {
        Source::Bytes(bytes) => packer.write_all(bytes),
        Source::File(path) => {
            let file = fs::context(File::open(path), "mở", path)?;
            let copied = io::copy(&mut file.take(size), &mut packer).map(|_| ());
            fs::context(copied, "đọc", path)?;
            Ok(())
        }
    };
    // Counting does not fail.
    let counted = packed.and_then(|()| packer.finish());
    Ok(counted.is_ok_and(|Counter(packed)| packed < size / (MAX_RATIO / 2)))
}

struct Counter(u64);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What the zip is written to. Behind the first failure it takes everything and writes nothing: the writer writes an end to its
/// archive when it goes, and would trip over a disk that has just failed.
#[derive(Debug)]
struct Gate<W> {
    inner: W,
    failed: bool,
    place: u64,
    end: u64,
}

impl<W> Gate<W> {
    fn new(inner: W) -> Self {
        Self { inner, failed: false, place: 0, end: 0 }
    }

    fn note<T>(&mut self, done: io::Result<T>) -> io::Result<T> {
        if done.as_ref().is_err_and(|error| error.kind() != io::ErrorKind::Interrupted) {
            // The writer may have been about to mend something further up.
            (self.failed, self.place) = (true, self.end);
        }
        done
    }

    fn goes_on(&mut self, by: usize) -> usize {
        self.place += by as u64;
        self.end = self.end.max(self.place);
        by
    }
}

impl<W: Write> Write for Gate<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = if self.failed { bytes.len() } else { self.inner.write(bytes).or_else(|e| self.note(Err(e)))? };
        Ok(self.goes_on(written))
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.failed { Ok(()) } else { self.inner.flush().or_else(|e| self.note(Err(e))) }
    }
}

impl<W: Seek> Seek for Gate<W> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let there = match to {
            _ if !self.failed => self.inner.seek(to).or_else(|e| self.note(Err(e)))?,
            SeekFrom::Start(at) => at,
            SeekFrom::End(by) => self.end.saturating_add_signed(by),
            SeekFrom::Current(by) => self.place.saturating_add_signed(by),
        };
        self.place = there;
        Ok(there)
    }
}

struct Bag {
    path: PathBuf,
    zip: ZipWriter<Gate<File>>,
    entries: usize,
}

impl Bag {
    fn start(&mut self, name: &str, deflate: bool) -> Result<()> {
        let method = if deflate { CompressionMethod::Deflated } else { CompressionMethod::Stored };
        let options = SimpleFileOptions::default()
            .compression_method(method)
            .compression_level(deflate.then_some(6))
            .last_modified_time(DateTime::default())
            .system(System::Unix)
            .unix_permissions(0o644);
        self.entries += 1;
        self.zip.start_file(name, options).map_err(|source| Error::of_zip("ghi", &self.path, source))
    }

    /// Copies into the entry that was started; returns SHA-256 and size.
    fn copy(&mut self, from: impl Read, place: &Path) -> Result<(String, u64)> {
        fs::attempt("chép vào hồ sơ", place, || fs::sha256_reader(from, |piece| self.zip.write_all(piece)))
            .map_err(Error::Io)
    }

    fn tag_file(&mut self, name: &str, text: &str) -> Result<String> {
        self.start(name, false)?;
        let path = self.path.clone();
        Ok(self.copy(text.as_bytes(), &path)?.0)
    }
}

fn manifest<'a>(digests: impl IntoIterator<Item = (&'a String, &'a String)>) -> String {
    digests.into_iter().fold(String::new(), |mut text, (name, digest)| {
        let _ = writeln!(text, "{digest}  {name}");
        text
    })
}

fn size_of(source: &Source) -> Result<u64> {
    match source {
        Source::Bytes(bytes) => Ok(bytes.len() as u64),
        Source::File(path) => Ok(fs::context(std::fs::metadata(path), "đọc", path)?.len()),
    }
}

fn bag_info(contents: &Contents, bytes: u64, files: usize) -> String {
    let own = [
        (CODE_FIELD, contents.code.clone()),
        (VERSION_FIELD, contents.version.to_string()),
        ("Bag-Software-Agent", format!("hoso/{}", env!("CARGO_PKG_VERSION"))),
        ("Payload-Oxum", format!("{bytes}.{files}")),
    ];
    let given = contents.info.iter().map(|(label, value)| (label.as_str(), value.clone()));
    given.chain(own).fold(String::new(), |mut text, (label, value)| {
        // A line break would begin a new field, a colon would end the label early.
        let label: String = label.chars().filter(|c| !c.is_whitespace() && *c != ':').collect();
        let _ = writeln!(text, "{label}: {}", value.split_whitespace().collect::<Vec<_>>().join(" "));
        text
    })
}

/// Writes the dossier to `path` (a name aside; publishing renames it), synced. An older file there is replaced.
///
/// # Errors
/// When a file cannot be read or changes meanwhile, a name cannot stand in a dossier, the dossier would be too large, or the
/// system refuses to write.
pub fn write(path: &Path, contents: &Contents) -> Result<Published> {
    let mut sizes = BTreeMap::new();
    for (name, source) in contents.files() {
        check_name(name).map_err(|why| Error::Name { name: name.clone(), why })?;
        sizes.insert(format!("data/{name}"), (source, size_of(source)?));
    }
    let payload = sizes.values().try_fold(0_u64, |sum, (_, size)| sum.checked_add(*size)).ok_or(Error::TooLarge)?;
    if payload > MAX_SIZE || sizes.len() + super::TAG_FILES.len() > MAX_ENTRIES {
        return Err(Error::TooLarge);
    }

    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir(folder)?;
    }
    let open = || File::options().create(true).truncate(true).read(true).write(true).open(path);
    let file = fs::attempt("tạo", path, open)?;
    let mut bag = Bag { path: path.to_owned(), zip: ZipWriter::new(Gate::new(file)), entries: 0 };
    let mut tags = BTreeMap::new();
    let info = bag_info(contents, payload, sizes.len());
    tags.insert(BAG_INFO.to_owned(), bag.tag_file(BAG_INFO, &info)?);
    tags.insert(BAGIT_NAME.to_owned(), bag.tag_file(BAGIT_NAME, BAGIT)?);

    let mut digests = BTreeMap::new();
    for (name, (source, expected)) in &sizes {
        bag.start(name, deflated(name, *expected) && !swells(source, *expected)?)?;
        let (digest, size) = match source {
            Source::Bytes(bytes) => bag.copy(bytes.as_slice(), path)?,
            Source::File(from) => {
                let file = fs::context(File::open(from), "mở", from)?;
                // One byte past what was announced shows that the file grew, without copying all it grew by.
                let copied = bag.copy(file.take(expected + 1), from)?;
                if copied.1 != *expected {
                    return Err(Error::Changed(from.clone()));
                }
                copied
            }
        };
        debug_assert_eq!(size, *expected);
        digests.insert(name.clone(), digest);
    }
    // Starting the next entry completes the header of the last one, so the deflated bytes can now be read back.
    bag.start(MANIFEST, false)?;
    let (digest, _) = bag.copy(manifest(&digests).as_bytes(), path)?;
    tags.insert(MANIFEST.to_owned(), digest);
    let zipped = zipped_digests(path, digests.len() + tags.len() - 1)?;
    let zip_manifest = manifest(&zipped);
    tags.insert(ZIP_MANIFEST.to_owned(), fs::sha256(zip_manifest.as_bytes()));
    bag.tag_file(TAG_MANIFEST, &manifest(&tags))?;
    bag.tag_file(ZIP_MANIFEST, &zip_manifest)?;

    let entries = bag.entries;
    let file = bag.zip.finish().map_err(|source| Error::of_zip("ghi", path, source))?.inner;
    fs::attempt("ghi xuống đĩa", path, || file.sync_all())?;
    drop(file);
    fs::step("dossier: written and synced");
    let (sha256, size) = fs::sha256_file(path)?;
    if size > MAX_SIZE {
        fs::remove_file(path)?;
        return Err(Error::TooLarge);
    }
    Ok(Published { sha256, size, entries })
}

/// SHA-256 of the bytes of each deflated entry among the first `count`, read back from the zip being written.
fn zipped_digests(path: &Path, count: usize) -> Result<BTreeMap<String, String>> {
    let mut file = fs::context(File::open(path), "mở", path)?;
    let entries = fs::context(structure::leading_entries(&mut file, count), "đọc lại", path)?;
    let mut digests = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry.deflated()) {
        let digest = fs::context(raw_digest(&mut file, entry), "đọc lại", path)?;
        digests.insert(entry.name(), digest);
    }
    Ok(digests)
}

/// SHA-256 of an entry's bytes as they lie in the zip.
pub(super) fn raw_digest(file: &mut File, entry: &structure::EntryAt) -> std::io::Result<String> {
    file.seek(SeekFrom::Start(entry.data()))?;
    Ok(fs::sha256_reader(file.take(entry.compressed.into()), |_| Ok(()))?.0)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    /// A disk that fails from its n-th write on, as one does that breaks away.
    struct Breaking {
        disk: Cursor<Vec<u8>>,
        left: usize,
    }

    impl Breaking {
        fn ask(&mut self) -> io::Result<()> {
            self.left = self.left.checked_sub(1).ok_or_else(|| io::Error::from_raw_os_error(5))?;
            Ok(())
        }
    }

    impl Write for Breaking {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.ask()?;
            self.disk.write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            self.ask()
        }
    }

    impl Seek for Breaking {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            // The system only notes the place.
            self.disk.seek(to)
        }
    }

    /// Writes two entries; the bytes of the zip.
    fn written(disk: Breaking) -> zip::result::ZipResult<Vec<u8>> {
        let mut zip = ZipWriter::new(Gate::new(disk));
        for (name, method) in [("a", CompressionMethod::Stored), ("b", CompressionMethod::Deflated)] {
            zip.start_file(name, SimpleFileOptions::default().compression_method(method))?;
            zip.write_all(&[7; 3000])?;
        }
        Ok(zip.finish()?.inner.disk.into_inner())
    }

    #[test]
    fn a_disk_that_breaks_away_at_any_write_is_an_error_and_no_panic() {
        let disk = |left| Breaking { disk: Cursor::default(), left };
        let whole = written(disk(usize::MAX)).unwrap();
        let needed = (0..).find(|left| written(disk(*left)).is_ok()).unwrap();
        assert!(needed > 5 && written(disk(needed)).unwrap() == whole, "{needed}");
        assert_eq!(zip::ZipArchive::new(Cursor::new(whole)).unwrap().len(), 2);
    }
}
