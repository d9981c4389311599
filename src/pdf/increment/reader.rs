//! Strict reading of the objects of a PDF.

use lopdf::{Dictionary, Object, ObjectId, Stream, StringFormat};

/// Deepest nesting of arrays and dictionaries that is read.
const DEPTH: usize = 64;

/// A place in the bytes of a PDF.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    pub(super) at: usize,
    /// Lengths of streams that stand in objects of their own: that object, and the shortest and longest it may say.
    pub(super) lengths: Vec<(ObjectId, usize, usize)>,
}

pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | 9 | 10 | 12 | 13 | 32)
}

fn is_delimiter(byte: u8) -> bool {
    b"()<>[]{}/%".contains(&byte)
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at, lengths: Vec::new() }
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Skips white space and comments; the mark at the end of a file is no comment.
    pub(super) fn skip(&mut self) {
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
    pub(super) fn word(&mut self, word: &[u8]) -> Option<()> {
        self.skip();
        let rest = self.rest();
        let whole = rest.get(word.len()).is_none_or(|next| is_space(*next) || is_delimiter(*next));
        (rest.starts_with(word) && whole).then(|| self.at += word.len())
    }

    pub(super) fn is_word(&mut self, word: &[u8]) -> bool {
        let at = self.at;
        let found = self.word(word).is_some();
        self.at = at;
        found
    }

    pub(super) fn unsigned(&mut self) -> Option<u64> {
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

    pub(super) fn dictionary(&mut self, depth: usize) -> Option<Dictionary> {
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
    pub(super) fn indirect(&mut self) -> Option<(ObjectId, Object)> {
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
}

fn hex_byte(digits: &[u8]) -> Option<u8> {
    let digit = |at: usize| char::from(*digits.get(at)?).to_digit(16);
    u8::try_from(digit(0)? * 16 + digit(1)?).ok()
}
