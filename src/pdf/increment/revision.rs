//! Strict reading of what was appended to a PDF: revisions of whole objects, each with the cross-references that name them.
//!
//! Readers of PDFs differ in what they make of a file that breaks the rules, so a file that does is not judged further.

use std::collections::BTreeMap;

use lopdf::{Dictionary, Object, ObjectId, Stream};

use super::reader::{Reader, is_space};

/// Largest stream that is unpacked, in bytes.
const UNPACKED: usize = 16 << 20;

/// One revision appended to a file.
#[derive(Debug)]
pub(super) struct Revision {
    /// Objects it writes.
    pub(super) objects: BTreeMap<ObjectId, Object>,
    pub(super) trailer: Dictionary,
    /// The object its cross-references stand in, where they are a stream.
    pub(super) references: Option<ObjectId>,
    /// Offset after `%%EOF`, and after the line break behind it.
    pub(super) end: (usize, usize),
}

impl Reader<'_> {
    /// What lies between the last object and the end of a revision.
    fn revision(&mut self, before: usize) -> Option<Revision> {
        let mut placed: BTreeMap<ObjectId, (usize, Object)> = BTreeMap::new();
        loop {
            self.skip();
            let at = self.at;
            if !self.peek()?.is_ascii_digit() {
                break;
            }
            let (id, object) = self.indirect()?;
            if placed.insert(id, (at, object)).is_some() {
                return None;
            }
        }
        for (id, shortest, longest) in std::mem::take(&mut self.lengths) {
            let length = usize::try_from(placed.get(&id)?.1.as_i64().ok()?).ok()?;
            if !(shortest..=longest).contains(&length) {
                return None;
            }
        }
        let mut packed = BTreeMap::new();
        for (id, (_, object)) in &placed {
            if let Object::Stream(stream) = object
                && stream.dict.has_type(b"ObjStm")
            {
                for (index, (inner, object)) in unpack(stream)?.into_iter().enumerate() {
                    if placed.contains_key(&inner) || packed.insert(inner, (id.0, index, object)).is_some() {
                        return None;
                    }
                }
            }
        }
        let (at, table, trailer) = if self.is_word(b"xref") {
            let at = self.at;
            let table = self.table()?;
            self.word(b"trailer")?;
            (at, table, self.dictionary(0)?)
        } else {
            let is_table = |object: &Object| matches!(object, Object::Stream(s) if s.dict.has_type(b"XRef"));
            let (_, (at, object)) = placed.iter().find(|(_, (_, object))| is_table(object))?;
            let stream = object.as_stream().ok()?;
            (*at, entries(stream)?, stream.dict.clone())
        };
        self.word(b"startxref")?;
        let named = usize::try_from(self.unsigned()?).ok()?;
        self.skip();
        if named != at || !self.rest().starts_with(b"%%EOF") {
            return None;
        }
        self.at += 5;
        let mark = self.at;
        match self.rest() {
            [b'\r', b'\n', ..] => self.at += 2,
            [b'\r' | b'\n', ..] => self.at += 1,
            _ => {}
        }
        if trailer.get(b"Prev").ok()?.as_i64().ok()? != i64::try_from(before).ok()? || trailer.has(b"XRefStm") {
            return None;
        }
        let references = placed.iter().find(|(_, (offset, _))| *offset == at).map(|(id, _)| *id);
        // Exactly what the body holds, and from where it holds it.
        for (number, entry) in &table {
            let fits = match entry {
                // iText calls the stream of the cross-references free.
                Slot::Free => *number == 0 || references == Some((*number, 0)),
                Slot::At(offset, generation) => placed.get(&(*number, *generation)).is_some_and(|(at, _)| at == offset),
                Slot::In(stream, index) => {
                    packed.get(&(*number, 0)).is_some_and(|(id, at, _)| id == stream && at == index)
                }
            };
            if !fits {
                return None;
            }
        }
        let all_named = placed.keys().all(|id| table.contains_key(&id.0) || references == Some(*id))
            && packed.keys().all(|id| table.contains_key(&id.0));
        let objects =
            placed.into_iter().filter(|(id, _)| references != Some(*id)).map(|(id, (_, object))| (id, object));
        let objects = objects.chain(packed.into_iter().map(|(id, (_, _, object))| (id, object))).collect();
        all_named.then_some(Revision { objects, trailer, references, end: (mark, self.at) })
    }

    fn table(&mut self) -> Option<BTreeMap<u32, Slot>> {
        self.word(b"xref")?;
        let mut table = BTreeMap::new();
        while !self.is_word(b"trailer") {
            let (first, count) = (self.unsigned()?, self.unsigned()?);
            for number in first..first.checked_add(count)? {
                let (offset, generation) = (self.unsigned()?, self.unsigned()?);
                let slot = if self.word(b"n").is_some() {
                    Slot::At(usize::try_from(offset).ok()?, u16::try_from(generation).ok()?)
                } else {
                    self.word(b"f")?;
                    Slot::Free
                };
                if table.insert(u32::try_from(number).ok()?, slot).is_some() {
                    return None;
                }
            }
        }
        Some(table)
    }
}

/// Where cross-references say an object lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slot {
    Free,
    /// Offset and generation.
    At(usize, u16),
    /// Number of an object stream and place in it.
    In(u32, usize),
}

fn unpack(stream: &Stream) -> Option<Vec<(ObjectId, Object)>> {
    let content = stream.decompressed_content_with_limit(UNPACKED).ok()?;
    let count = usize::try_from(stream.dict.get(b"N").ok()?.as_i64().ok()?).ok()?;
    let first = usize::try_from(stream.dict.get(b"First").ok()?.as_i64().ok()?).ok()?;
    let mut head = Reader::new(content.get(..first)?, 0);
    let mut objects = Vec::new();
    for _ in 0..count {
        let (number, offset) = (head.unsigned()?, usize::try_from(head.unsigned()?).ok()?);
        let object = Reader::new(&content, first.checked_add(offset)?).object(0)?;
        objects.push(((u32::try_from(number).ok()?, 0), object));
    }
    Some(objects)
}

/// The entries of a cross-reference stream (ISO 32000-1, 7.5.8).
fn entries(stream: &Stream) -> Option<BTreeMap<u32, Slot>> {
    let content = stream.decompressed_content_with_limit(UNPACKED).ok()?;
    let integers = |key: &[u8]| -> Option<Vec<usize>> {
        let items = stream.dict.get(key).ok()?.as_array().ok()?;
        items.iter().map(|item| usize::try_from(item.as_i64().ok()?).ok()).collect()
    };
    let widths = integers(b"W").filter(|widths| widths.len() == 3 && widths.iter().all(|width| *width <= 8))?;
    let size = usize::try_from(stream.dict.get(b"Size").ok()?.as_i64().ok()?).ok()?;
    let index = if stream.dict.has(b"Index") { integers(b"Index")? } else { vec![0, size] };
    let width: usize = widths.iter().sum();
    let numbers = index.chunks(2).flat_map(|range| range[0]..range[0].saturating_add(*range.get(1).unwrap_or(&0)));
    let mut table = BTreeMap::new();
    let mut rows = content.chunks_exact(width.max(1));
    for number in numbers.take(content.len() + 1) {
        let row = rows.next()?;
        let field = |which: usize| {
            let from: usize = widths[..which].iter().sum();
            row[from..from + widths[which]].iter().fold(0_usize, |value, byte| (value << 8) | usize::from(*byte))
        };
        let slot = match if widths[0] == 0 { 1 } else { field(0) } {
            0 => Slot::Free,
            1 => Slot::At(field(1), u16::try_from(field(2)).ok()?),
            2 => Slot::In(u32::try_from(field(1)).ok()?, field(2)),
            _ => return None,
        };
        if table.insert(u32::try_from(number).ok()?, slot).is_some() {
            return None;
        }
    }
    rows.next().is_none().then_some(table)
}

/// The last `startxref` of a file.
pub(super) fn start_of_references(bytes: &[u8]) -> Option<usize> {
    let from = bytes.len().saturating_sub(2048);
    let at = bytes[from..].windows(9).rposition(|window| window == b"startxref")? + from;
    usize::try_from(Reader::new(bytes, at + 9).unsigned()?).ok()
}

/// What `bytes` holds from offset `from` on, as revisions; `None` when it is anything else.
pub(super) fn read(bytes: &[u8], from: usize) -> Option<Vec<Revision>> {
    let mut before = start_of_references(&bytes[..from])?;
    let mut reader = Reader::new(bytes, from);
    let mut revisions = Vec::new();
    loop {
        if reader.rest().iter().all(|byte| is_space(*byte)) {
            return (!revisions.is_empty()).then_some(revisions);
        }
        let start = reader.at;
        revisions.push(reader.revision(before)?);
        before = start_of_references(&bytes[..reader.at]).filter(|_| reader.at > start)?;
    }
}
