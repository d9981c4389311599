//! Strict reading of what was appended to a PDF: revisions of whole objects, each with the cross-references that name them.
//!
//! Readers of PDFs differ in what they make of a file that breaks the rules, so a file that does is not judged further.

use std::collections::BTreeMap;

use lopdf::{Dictionary, Object, ObjectId, Stream, StringFormat};

/// Deepest nesting of arrays and dictionaries that is read.
const DEPTH: usize = 64;
/// Largest stream that is unpacked, in bytes.
const UNPACKED: usize = 16 << 20;

/// One revision appended to a file.
#[derive(Debug)]
pub(super) struct Revision {
    /// Objects it writes.
    pub(super) objects: BTreeMap<ObjectId, Object>,
    pub(super) trailer: Dictionary,
    /// Offset after `%%EOF`, and after the line break behind it.
    pub(super) end: (usize, usize),
}

/// A place in the bytes of a PDF.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Lengths of streams that stand in objects of their own: that object, and the shortest and longest it may say.
    lengths: Vec<(ObjectId, usize, usize)>,
}

fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | 9 | 10 | 12 | 13 | 32)
}

fn is_delimiter(byte: u8) -> bool {
    b"()<>[]{}/%".contains(&byte)
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at, lengths: Vec::new() }
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Skips white space and comments; the mark at the end of a file is no comment.
    fn skip(&mut self) {
        while let Some(byte) = self.peek() {
            if is_space(byte) {
                self.at += 1;
            } else if byte == b'%' && !self.rest().starts_with(b"%%EOF") {
                self.at += self.rest().iter().take_while(|byte| !matches!(byte, b'\r' | b'\n')).count();
            } else {
                break;
            }
        }
    }

    /// Takes `word` where it stands as a word of its own.
    fn word(&mut self, word: &[u8]) -> Option<()> {
        self.skip();
        let rest = self.rest();
        let whole = rest.get(word.len()).is_none_or(|next| is_space(*next) || is_delimiter(*next));
        (rest.starts_with(word) && whole).then(|| self.at += word.len())
    }

    fn is_word(&mut self, word: &[u8]) -> bool {
        let at = self.at;
        let found = self.word(word).is_some();
        self.at = at;
        found
    }

    fn unsigned(&mut self) -> Option<u64> {
        self.skip();
        let length = self.rest().iter().take_while(|byte| byte.is_ascii_digit()).count();
        let text = std::str::from_utf8(self.rest().get(..length)?).ok()?;
        let number = text.parse().ok()?;
        self.at += length;
        Some(number)
    }

    fn number(&mut self) -> Option<Object> {
        let length = self.rest().iter().take_while(|byte| !is_space(**byte) && !is_delimiter(**byte)).count();
        let text = std::str::from_utf8(self.rest().get(..length)?).ok()?;
        if !text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.".contains(&byte)) {
            return None;
        }
        self.at += length;
        text.parse().map(Object::Integer).or_else(|_| text.parse().map(Object::Real)).ok()
    }

    fn reference(&mut self) -> Option<Object> {
        let at = self.at;
        let read = |this: &mut Self| {
            let id = (u32::try_from(this.unsigned()?).ok()?, u16::try_from(this.unsigned()?).ok()?);
            this.word(b"R").map(|()| Object::Reference(id))
        };
        let found = read(self);
        if found.is_none() {
            self.at = at;
        }
        found
    }

    fn name(&mut self) -> Option<Vec<u8>> {
        if self.peek()? != b'/' {
            return None;
        }
        self.at += 1;
        let mut name = Vec::new();
        while let Some(byte) = self.peek().filter(|byte| !is_space(*byte) && !is_delimiter(*byte)) {
            self.at += 1;
            let code = (byte == b'#').then(|| hex_byte(self.rest())).flatten();
            self.at += if code.is_some() { 2 } else { 0 };
            name.push(code.unwrap_or(byte));
        }
        Some(name)
    }

    fn hex(&mut self) -> Option<Object> {
        self.at += 1;
        let length = self.rest().iter().position(|byte| *byte == b'>')?;
        let mut digits: Vec<u8> = self.rest()[..length].iter().copied().filter(|byte| !is_space(*byte)).collect();
        if digits.len() % 2 == 1 {
            digits.push(b'0');
        }
        let bytes = digits.chunks(2).map(hex_byte).collect::<Option<Vec<u8>>>()?;
        self.at += length + 1;
        Some(Object::String(bytes, StringFormat::Hexadecimal))
    }

    fn literal(&mut self) -> Option<Object> {
        self.at += 1;
        let (mut depth, mut text) = (1, Vec::new());
        loop {
            let byte = self.peek()?;
            self.at += 1;
            match byte {
                b'(' => depth += 1,
                b')' => {
                    depth -= 1;
                    if depth == 0 {
                        return Some(Object::String(text, StringFormat::Literal));
                    }
                }
                b'\\' => {
                    self.escape(&mut text)?;
                    continue;
                }
                _ => {}
            }
            text.push(byte);
        }
    }

    fn escape(&mut self, text: &mut Vec<u8>) -> Option<()> {
        let byte = self.peek()?;
        self.at += 1;
        match byte {
            b'n' => text.push(b'\n'),
            b'r' => text.push(b'\r'),
            b't' => text.push(b'\t'),
            b'b' => text.push(8),
            b'f' => text.push(12),
            b'0'..=b'7' => {
                let more = self.rest().iter().take(2).take_while(|byte| (b'0'..=b'7').contains(byte)).count();
                let digits = std::iter::once(byte).chain(self.rest()[..more].iter().copied());
                let code = digits.fold(0_u32, |code, digit| code * 8 + u32::from(digit - b'0'));
                text.push(u8::try_from(code & 0xff).unwrap_or_default());
                self.at += more;
            }
            b'\r' => self.at += usize::from(self.peek() == Some(b'\n')),
            b'\n' => {}
            other => text.push(other),
        }
        Some(())
    }

    /// An object other than a stream.
    pub(super) fn object(&mut self, depth: usize) -> Option<Object> {
        self.skip();
        if depth > DEPTH {
            return None;
        }
        match self.peek()? {
            b'<' if self.rest().starts_with(b"<<") => self.dictionary(depth).map(Object::Dictionary),
            b'<' => self.hex(),
            b'(' => self.literal(),
            b'/' => self.name().map(Object::Name),
            b'[' => {
                self.at += 1;
                let mut items = Vec::new();
                loop {
                    self.skip();
                    if self.peek()? == b']' {
                        self.at += 1;
                        return Some(Object::Array(items));
                    }
                    items.push(self.object(depth + 1)?);
                }
            }
            b'0'..=b'9' => self.reference().or_else(|| self.number()),
            b'+' | b'-' | b'.' => self.number(),
            _ => {
                let words = [(&b"true"[..], Object::Boolean(true)), (b"false", Object::Boolean(false))];
                let words = words.into_iter().chain([(&b"null"[..], Object::Null)]);
                words.into_iter().find_map(|(word, object)| self.word(word).map(|()| object))
            }
        }
    }

    fn dictionary(&mut self, depth: usize) -> Option<Dictionary> {
        self.skip();
        if !self.rest().starts_with(b"<<") {
            return None;
        }
        self.at += 2;
        let mut dictionary = Dictionary::new();
        loop {
            self.skip();
            if self.rest().starts_with(b">>") {
                self.at += 2;
                return Some(dictionary);
            }
            let key = self.name()?;
            // Which of two values counts depends on the reader.
            if dictionary.has(&key) {
                return None;
            }
            let value = self.object(depth + 1)?;
            dictionary.set(key, value);
        }
    }

    /// `<id> <generation> obj … endobj`.
    fn indirect(&mut self) -> Option<(ObjectId, Object)> {
        let id = (u32::try_from(self.unsigned()?).ok()?, u16::try_from(self.unsigned()?).ok()?);
        self.word(b"obj")?;
        let object = self.object(0)?;
        let object = match object {
            Object::Dictionary(dictionary) if self.is_word(b"stream") => self.stream(dictionary)?,
            other => other,
        };
        self.word(b"endobj")?;
        Some((id, object))
    }

    fn stream(&mut self, dictionary: Dictionary) -> Option<Object> {
        self.word(b"stream")?;
        match self.rest() {
            [b'\r', b'\n', ..] => self.at += 2,
            [b'\n', ..] => self.at += 1,
            _ => return None,
        }
        let length = match dictionary.get(b"Length").ok()? {
            Object::Reference(id) => {
                let longest = self.rest().windows(9).position(|window| window == b"endstream")?;
                let shortest = match &self.rest()[..longest] {
                    [.., b'\r', b'\n'] => longest - 2,
                    [.., b'\r' | b'\n'] => longest - 1,
                    _ => longest,
                };
                self.lengths.push((*id, shortest, longest));
                shortest
            }
            direct => usize::try_from(direct.as_i64().ok()?).ok()?,
        };
        let content = self.rest().get(..length)?.to_vec();
        self.at += length;
        self.word(b"endstream")?;
        Some(Object::Stream(Stream::new(dictionary, content)))
    }

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
        // Exactly what the body holds, and from where it holds it.
        for (number, entry) in &table {
            let fits = match entry {
                Slot::Free => *number == 0,
                Slot::At(offset, generation) => placed.get(&(*number, *generation)).is_some_and(|(at, _)| at == offset),
                Slot::In(stream, index) => {
                    packed.get(&(*number, 0)).is_some_and(|(id, at, _)| id == stream && at == index)
                }
            };
            if !fits {
                return None;
            }
        }
        let is_table = |id: &ObjectId| placed.get(id).is_some_and(|(offset, _)| *offset == at);
        let all_named = placed.keys().all(|id| table.contains_key(&id.0) || is_table(id))
            && packed.keys().all(|id| table.contains_key(&id.0));
        let objects = placed.into_iter().filter(|(_, (offset, _))| *offset != at).map(|(id, (_, object))| (id, object));
        let objects = objects.chain(packed.into_iter().map(|(id, (_, _, object))| (id, object))).collect();
        all_named.then_some(Revision { objects, trailer, end: (mark, self.at) })
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

fn hex_byte(digits: &[u8]) -> Option<u8> {
    let digit = |at: usize| char::from(*digits.get(at)?).to_digit(16);
    u8::try_from(digit(0)? * 16 + digit(1)?).ok()
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
