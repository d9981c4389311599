//! The bytes of the zip around the entries. As we write them deterministically, each can be derived from the entries; this
//! pass derives them and names what differs.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use flate2::Crc;
use flate2::read::DeflateDecoder;

use super::{MAX_ENTRIES, MAX_SIZE, is_bomb};
use crate::diagnostic::{Code, Diagnostic, code};

const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
const LOCAL_SIZE: usize = 30;
const CENTRAL_SIZE: usize = 46;
const END_SIZE: usize = 22;
/// 1 January 1980, the first day a zip knows.
const DATE: u16 = 0x0021;
/// A regular file, `rw-r--r--`.
const MODE: u32 = 0o100_644 << 16;
const UTF8: u16 = 0x0800;
const DEFLATED: u16 = 8;

/// One entry as its headers tell of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct EntryAt {
    raw_name: Vec<u8>,
    /// Offset of the local header.
    pub(super) offset: u64,
    pub(super) method: u16,
    pub(super) crc: u32,
    pub(super) compressed: u32,
    pub(super) size: u32,
}

struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn u16(&self, at: usize) -> u16 {
        self.0.get(at..at + 2).map_or(0, |b| u16::from_le_bytes([b[0], b[1]]))
    }

    fn u32(&self, at: usize) -> u32 {
        self.0.get(at..at + 4).map_or(0, |b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
    }
}

impl EntryAt {
    pub(super) fn name(&self) -> String {
        String::from_utf8_lossy(&self.raw_name).into_owned()
    }

    /// The name, when it is UTF-8.
    pub(super) fn exact_name(&self) -> Option<&str> {
        std::str::from_utf8(&self.raw_name).ok()
    }

    pub(super) fn deflated(&self) -> bool {
        self.method == DEFLATED
    }

    /// Offset of the entry's bytes.
    pub(super) fn data(&self) -> u64 {
        self.offset + (LOCAL_SIZE + self.raw_name.len()) as u64
    }

    /// Offset after the entry's bytes.
    pub(super) fn end(&self) -> u64 {
        self.data() + u64::from(self.compressed)
    }

    /// What both headers have in common, from "version needed" to the length of the extra fields.
    fn common(&self) -> Vec<u8> {
        let needed: u16 = if self.deflated() { 20 } else { 10 };
        let flags = if self.raw_name.is_ascii() { 0 } else { UTF8 };
        let mut bytes = Vec::with_capacity(26);
        [needed, flags, self.method, 0, DATE].iter().for_each(|v| bytes.extend(v.to_le_bytes()));
        [self.crc, self.compressed, self.size].iter().for_each(|v| bytes.extend(v.to_le_bytes()));
        bytes.extend(u16::try_from(self.raw_name.len()).unwrap_or(u16::MAX).to_le_bytes());
        bytes.extend([0, 0]);
        bytes
    }

    /// The same entry at another offset.
    pub(super) fn at(&self, offset: u64) -> Self {
        Self { offset, ..self.clone() }
    }

    pub(super) fn local_bytes(&self) -> Vec<u8> {
        [LOCAL.to_le_bytes().as_slice(), &self.common(), &self.raw_name].concat()
    }

    fn central_bytes(&self) -> Vec<u8> {
        let common = self.common();
        let made_by = [common[0], 3];
        let offset = u32::try_from(self.offset).unwrap_or(u32::MAX).to_le_bytes();
        let (mode, signature) = (MODE.to_le_bytes(), CENTRAL.to_le_bytes());
        // No comment, disk 0, no internal attributes.
        [&signature[..], &made_by, &common, &[0; 6], &mode, &offset, &self.raw_name].concat()
    }

    /// Reads a local header at `offset`; `None` when there is none or it reaches beyond the file.
    pub(super) fn local(file: &mut File, offset: u64) -> io::Result<Option<Self>> {
        let head = read_at(file, offset, LOCAL_SIZE)?;
        let fields = Fields(&head);
        if head.len() < LOCAL_SIZE || fields.u32(0) != LOCAL {
            return Ok(None);
        }
        let raw_name = read_at(file, offset + LOCAL_SIZE as u64, fields.u16(26).into())?;
        Ok((raw_name.len() == usize::from(fields.u16(26))).then(|| Self {
            raw_name,
            offset,
            method: fields.u16(8),
            crc: fields.u32(14),
            compressed: fields.u32(18),
            size: fields.u32(22),
        }))
    }

    /// Reads a header of the central directory at the beginning of `bytes`.
    fn central(bytes: &[u8]) -> Option<Self> {
        let fields = Fields(bytes);
        if bytes.len() < CENTRAL_SIZE || fields.u32(0) != CENTRAL {
            return None;
        }
        Some(Self {
            raw_name: bytes.get(CENTRAL_SIZE..CENTRAL_SIZE + usize::from(fields.u16(28)))?.to_vec(),
            offset: fields.u32(42).into(),
            method: fields.u16(10),
            crc: fields.u32(16),
            compressed: fields.u32(20),
            size: fields.u32(24),
        })
    }
}

/// Central directory and end record of a zip with these entries; `central` is the offset of the directory.
pub(super) fn directory_bytes(entries: &[EntryAt], central: u64) -> Vec<u8> {
    let mut bytes: Vec<u8> = entries.iter().flat_map(EntryAt::central_bytes).collect();
    bytes.extend(end_bytes(entries, central));
    bytes
}

fn end_bytes(entries: &[EntryAt], central: u64) -> Vec<u8> {
    let count = u16::try_from(entries.len()).unwrap_or(u16::MAX).to_le_bytes();
    let size: usize = entries.iter().map(|entry| CENTRAL_SIZE + entry.raw_name.len()).sum();
    let (size, central) = (u32::try_from(size).unwrap_or(u32::MAX), u32::try_from(central).unwrap_or(u32::MAX));
    [&END.to_le_bytes()[..], &[0; 4], &count, &count, &size.to_le_bytes(), &central.to_le_bytes(), &[0; 2]].concat()
}

fn read_at(file: &mut File, offset: u64, length: usize) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(offset))?;
    let mut bytes = Vec::with_capacity(length.min(1 << 16));
    file.take(length as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Whether an entry's bytes unpack to what its header announces: size and checksum.
pub(super) fn is_whole(file: &mut File, entry: &EntryAt) -> io::Result<bool> {
    if entry.deflated() && is_bomb(entry.compressed.into(), entry.size.into()) {
        return Ok(false);
    }
    file.seek(SeekFrom::Start(entry.data()))?;
    let raw = file.take(entry.compressed.into());
    let (mut sum, mut size) = (Crc::new(), 0_u64);
    let mut unpacked: Box<dyn Read + '_> = if entry.deflated() {
        Box::new(DeflateDecoder::new(raw).take(u64::from(entry.size) + 1))
    } else {
        Box::new(raw)
    };
    let mut piece = vec![0; 1 << 16];
    loop {
        match unpacked.read(&mut piece) {
            Ok(0) => return Ok(size == u64::from(entry.size) && sum.sum() == entry.crc),
            Ok(read) => {
                sum.update(&piece[..read]);
                size += read as u64;
            }
            // What the system says carries its number; what the unpacking finds does not.
            Err(error) if error.raw_os_error().is_some() => return Err(error),
            Err(_) => return Ok(false),
        }
    }
}

/// The first `count` entries of a zip that is still being written.
pub(super) fn leading_entries(file: &mut File, count: usize) -> io::Result<Vec<EntryAt>> {
    let (mut entries, mut offset) = (Vec::with_capacity(count), 0);
    while entries.len() < count {
        let entry = EntryAt::local(file, offset)?.ok_or_else(|| io::Error::other("zip header not found"))?;
        offset = entry.end();
        entries.push(entry);
    }
    Ok(entries)
}

/// What the structure of a zip shows.
#[derive(Debug)]
pub(super) struct Structure {
    /// The entries, as far as they could be made out.
    pub(super) entries: Vec<EntryAt>,
    /// Names of those whose headers are damaged.
    pub(super) damaged: Vec<String>,
    /// What is wrong.
    pub(super) findings: Vec<Diagnostic>,
}

impl Structure {
    fn damage(&mut self, entry: &EntryAt, what: &str) {
        if !self.damaged.contains(&entry.name()) {
            self.damaged.push(entry.name());
            self.say(code::DOSSIER_ENTRY_DAMAGED, format!("mục \"{}\" bị hỏng: {what}", entry.name()));
        }
    }

    fn say(&mut self, code: Code, message: String) {
        self.findings.push(Diagnostic::error(code, message));
    }
}

/// Judges everything in the zip but the entries' own bytes.
pub(super) fn examine(file: &mut File) -> io::Result<Structure> {
    let length = file.seek(SeekFrom::End(0))?;
    let mut found = Structure { entries: Vec::new(), damaged: Vec::new(), findings: Vec::new() };
    if length > MAX_SIZE {
        found.say(code::DOSSIER_TOO_LARGE, "tệp lớn hơn mức một hồ sơ được phép".into());
        return Ok(found);
    }
    match directory(file, length)? {
        Some((entries, central, start)) => by_directory(file, found, entries, &central, start),
        None => by_headers(file, length, found),
    }
}

/// The entries as the central directory lists them, its bytes and offset; `None` when it cannot be followed to its end.
#[allow(clippy::type_complexity)]
fn directory(file: &mut File, length: u64) -> io::Result<Option<(Vec<EntryAt>, Vec<u8>, u64)>> {
    let Some(end_at) = length.checked_sub(END_SIZE as u64) else { return Ok(None) };
    let end = read_at(file, end_at, END_SIZE)?;
    let fields = Fields(&end);
    let (count, size, start) = (usize::from(fields.u16(10)), u64::from(fields.u32(12)), u64::from(fields.u32(16)));
    if fields.u32(0) != END || start + size != end_at || count > MAX_ENTRIES {
        return Ok(None);
    }
    let bytes = read_at(file, start, usize::try_from(size).unwrap_or(usize::MAX))?;
    let (mut entries, mut at) = (Vec::with_capacity(count), 0);
    while let Some(entry) = bytes.get(at..).and_then(EntryAt::central) {
        at += CENTRAL_SIZE + entry.raw_name.len();
        entries.push(entry);
    }
    let complete = at == bytes.len() && entries.len() == count;
    Ok(complete.then(|| (entries, [bytes, end].concat(), start)))
}

fn by_directory(
    file: &mut File,
    mut found: Structure,
    entries: Vec<EntryAt>,
    central: &[u8],
    start: u64,
) -> io::Result<Structure> {
    let (mut at, mut expected) = (0, Some(0));
    for entry in &entries {
        let mine = entry.central_bytes();
        if central.get(at..at + mine.len()) != Some(mine.as_slice()) {
            found.damage(entry, "thông tin trong mục lục zip không đúng");
        }
        at += mine.len();
        let local = entry.local_bytes();
        if read_at(file, entry.offset, local.len())? != local {
            // The true name stands in the other header when it is the directory's that was hit.
            match EntryAt::local(file, expected.unwrap_or(entry.offset))? {
                Some(other) if other.raw_name != entry.raw_name => found.damage(
                    &other,
                    &format!("đầu mục và mục lục zip không khớp nhau (mục lục ghi \"{}\")", entry.name()),
                ),
                _ => found.damage(entry, "đầu mục và mục lục zip không khớp nhau"),
            }
            expected = None;
            continue;
        }
        if expected.is_some_and(|expected| expected != entry.offset) {
            found.damage(entry, "không nằm liền sau mục đứng trước");
        }
        expected = Some(entry.end());
    }
    if expected.is_some_and(|expected| expected != start) {
        found.say(code::DOSSIER_STRUCTURE, "có dữ liệu lạ giữa các mục và mục lục zip".into());
    }
    if central.get(at..) != Some(end_bytes(&entries, start).as_slice()) {
        found.say(code::DOSSIER_STRUCTURE, "bản ghi kết thúc của tệp zip bị hỏng".into());
    }
    found.entries = entries;
    Ok(found)
}

/// Without a usable directory: the entries from their own headers; the directory is then derived and compared.
fn by_headers(file: &mut File, length: u64, mut found: Structure) -> io::Result<Structure> {
    let mut offset = 0;
    while let Some(entry) = EntryAt::local(file, offset)? {
        if entry.end() > length || found.entries.len() >= MAX_ENTRIES {
            found.say(
                code::DOSSIER_TRUNCATED,
                format!("tệp bị cắt ngắn: mục \"{}\" không còn đủ dữ liệu", entry.name()),
            );
            found.damaged.push(entry.name());
            return Ok(found);
        }
        if read_at(file, entry.offset, LOCAL_SIZE + entry.raw_name.len())? != entry.local_bytes() {
            found.damage(&entry, "đầu mục không đúng");
        }
        offset = entry.end();
        found.entries.push(entry);
    }
    if found.entries.is_empty() {
        found.say(code::DOSSIER_STRUCTURE, "đây không phải tệp hồ sơ (không phải tệp zip do hoso ghi)".into());
        return Ok(found);
    }
    let actual = read_at(file, offset, usize::try_from(length - offset).unwrap_or(usize::MAX))?;
    let mut at = 0;
    if length - offset < (LOCAL_SIZE + usize::from(u16::MAX)) as u64
        && LOCAL.to_le_bytes().starts_with(&actual[..actual.len().min(4)])
    {
        let last = found.entries.last().map(EntryAt::name).unwrap_or_default();
        found.say(code::DOSSIER_TRUNCATED, format!("tệp bị cắt ngắn ngay sau mục \"{last}\""));
        return Ok(found);
    }
    for entry in found.entries.clone() {
        let mine = entry.central_bytes();
        match actual.get(at..at + mine.len()) {
            Some(theirs) if theirs == mine => at += mine.len(),
            None if mine.starts_with(&actual[at..]) => {
                found.say(
                    code::DOSSIER_TRUNCATED,
                    format!("tệp bị cắt ngắn: mục lục zip dừng ở mục \"{}\"", entry.name()),
                );
                return Ok(found);
            }
            _ => {
                found.damage(&entry, "thông tin trong mục lục zip không đúng");
                return Ok(found);
            }
        }
    }
    let (theirs, mine) = (&actual[at..], end_bytes(&found.entries, offset));
    if theirs.len() < mine.len() {
        found.say(code::DOSSIER_TRUNCATED, "tệp bị cắt ngắn: thiếu bản ghi kết thúc của tệp zip".into());
    } else if theirs.starts_with(&mine) {
        found.say(code::DOSSIER_STRUCTURE, format!("có {} byte lạ sau cuối tệp zip", theirs.len() - mine.len()));
    } else {
        found.say(code::DOSSIER_STRUCTURE, "bản ghi kết thúc của tệp zip bị hỏng".into());
    }
    Ok(found)
}
