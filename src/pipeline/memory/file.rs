//! The memory's file: records appended one after the other, the later ones hold. Each carries its length and a sum, so that
//! what a kill tore off is recognised and dropped.

use std::hash::{DefaultHasher, Hasher};
use std::io::{BufReader, Read};
use std::path::Path;

use super::{Entry, Header};
use crate::fs::{self, Stamp};

/// First bytes of the file; another version of the format begins otherwise.
const BEGINNING: &[u8] = b"hoso da-xem 1\n";
/// Longest record that is believed.
const LONGEST: usize = 1 << 22;

/// One record.
pub(super) enum Record {
    /// What the entries were made with.
    Header(Header),
    /// A file and what is known of it.
    Entry(String, Entry),
    /// A file that is gone.
    Gone(String),
}

/// Bytes of a record, with length and sum.
#[derive(Default)]
pub(super) struct Writer {
    pub(super) bytes: Vec<u8>,
}

impl Writer {
    /// A whole file begins like this.
    pub(super) fn begin(&mut self) {
        self.bytes.extend_from_slice(BEGINNING);
    }

    pub(super) fn header(&mut self, header: &Header) {
        let json = serde_json::to_vec(header).unwrap_or_default();
        self.put(0, "", |out| out.extend_from_slice(&json));
    }

    pub(super) fn entry(&mut self, name: &str, entry: &Entry) {
        self.put(1, name, |out| {
            let Stamp { size, modified, changed, id } = entry.stamp;
            let flags = u8::from(entry.fresh)
                | u8::from(entry.quiet) << 1
                | u8::from(entry.again) << 2
                | u8::from(entry.odd) << 3
                | u8::from(entry.numbered) << 4
                | u8::from(entry.stale) << 5
                | u8::from(entry.held) << 6;
            out.push(flags);
            out.extend_from_slice(&size.to_le_bytes());
            out.extend_from_slice(&modified.to_le_bytes());
            out.extend_from_slice(&changed.to_le_bytes());
            out.extend_from_slice(&id.to_le_bytes());
            out.extend_from_slice(&entry.digest.to_le_bytes());
            for number in [entry.theirs, entry.ours, entry.journals, entry.marks] {
                out.extend_from_slice(&number.to_le_bytes());
            }
            out.extend_from_slice(&entry.changes_on.to_le_bytes());
            out.extend_from_slice(&entry.told);
        });
    }

    pub(super) fn gone(&mut self, name: &str) {
        self.put(2, name, |_| {});
    }

    fn put(&mut self, kind: u8, name: &str, fill: impl FnOnce(&mut Vec<u8>)) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(&[0; 12]);
        self.bytes.push(kind);
        self.bytes.extend_from_slice(&u16::try_from(name.len()).unwrap_or(u16::MAX).to_le_bytes());
        self.bytes.extend_from_slice(name.as_bytes());
        fill(&mut self.bytes);
        let length = u32::try_from(self.bytes.len() - start - 12).unwrap_or(u32::MAX);
        let sum = sum(&self.bytes[start + 12..]);
        self.bytes[start..start + 4].copy_from_slice(&length.to_le_bytes());
        self.bytes[start + 4..start + 12].copy_from_slice(&sum.to_le_bytes());
    }
}

fn sum(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(bytes);
    hasher.finish()
}

/// What came of reading the file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum End {
    /// Whole, with its length in bytes.
    Whole(u64),
    /// Not there, of another version, torn, or unreadable from some record on.
    Broken,
}

/// Gives the records to `each`, up to the first that is not whole.
pub(super) fn read(path: &Path, mut each: impl FnMut(Record)) -> End {
    let Ok(file) = std::fs::File::open(path) else { return End::Broken };
    let mut reader = BufReader::with_capacity(1 << 18, file);
    let mut beginning = [0; BEGINNING.len()];
    if reader.read_exact(&mut beginning).is_err() || beginning != *BEGINNING {
        return End::Broken;
    }
    let (mut length, mut payload) = (BEGINNING.len() as u64, Vec::new());
    loop {
        let mut frame = [0; 12];
        match filled(&mut reader, &mut frame) {
            Some(0) => return End::Whole(length),
            Some(12) => {}
            _ => return End::Broken,
        }
        let (size, told) = frame.split_at(4);
        let size = u32::from_le_bytes(size.try_into().unwrap_or_default()) as usize;
        if size > LONGEST {
            return End::Broken;
        }
        payload.resize(size, 0);
        if reader.read_exact(&mut payload).is_err() || sum(&payload).to_le_bytes() != told {
            return End::Broken;
        }
        let Some(record) = parse(&payload) else { return End::Broken };
        each(record);
        length += 12 + size as u64;
    }
}

/// Reads until the buffer is full or the file ends; how many bytes there were.
fn filled(reader: &mut impl Read, buffer: &mut [u8]) -> Option<usize> {
    let mut at = 0;
    while at < buffer.len() {
        match reader.read(&mut buffer[at..]) {
            Ok(0) => break,
            Ok(read) => at += read,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(_) => return None,
        }
    }
    Some(at)
}

fn parse(payload: &[u8]) -> Option<Record> {
    let (kind, rest) = payload.split_first()?;
    let (length, rest) = rest.split_at_checked(2)?;
    let (name, rest) = rest.split_at_checked(u16::from_le_bytes(length.try_into().ok()?).into())?;
    let name = std::str::from_utf8(name).ok()?.to_owned();
    match kind {
        0 => serde_json::from_slice(rest).ok().map(Record::Header),
        1 => entry(rest).map(|entry| Record::Entry(name, entry)),
        2 => Some(Record::Gone(name)),
        _ => None,
    }
}

fn entry(bytes: &[u8]) -> Option<Entry> {
    let (flags, mut rest) = bytes.split_first()?;
    let mut next = |length: usize| {
        let (part, after) = rest.split_at_checked(length)?;
        rest = after;
        Some(part)
    };
    let mut word = || Some(u64::from_le_bytes(next(8)?.try_into().ok()?));
    let (size, modified, changed, id) = (word()?, word()?.cast_signed(), word()?.cast_signed(), word()?);
    let digest = u128::from(word()?) | u128::from(word()?) << 64;
    let (theirs, ours, journals, marks) = (word()?, word()?, word()?, word()?);
    let changes_on = i32::from_le_bytes(next(4)?.try_into().ok()?);
    let flag = |bit: u8| flags >> bit & 1 == 1;
    Some(Entry {
        stamp: Stamp { size, modified, changed, id },
        fresh: flag(0),
        quiet: flag(1),
        again: flag(2),
        odd: flag(3),
        numbered: flag(4),
        stale: flag(5),
        held: flag(6),
        digest,
        theirs,
        ours,
        journals,
        tops: None,
        marks,
        changes_on,
        told: rest.into(),
    })
}

/// Appends records; not synced: what is lost is read again.
pub(super) fn append(path: &Path, bytes: &[u8]) -> fs::Result<()> {
    use std::io::Write;
    let file = std::fs::OpenOptions::new().append(true).open(path);
    fs::context(file.and_then(|mut file| file.write_all(bytes)), "ghi", path)
}
