//! Where in a form a place of the filled text comes from: the forms are filled once more with an invisible mark before
//! every piece of text and every tag.

use std::collections::BTreeMap;

use super::tag::{Part, place, scan};
use crate::diagnostic::Span;

/// Marks are letters for private use, one for each piece.
const FIRST_MARK: u32 = 0xF0000;
const MOST_MARKS: usize = 0xFFFE;

/// A piece of text of a form, from its mark on.
#[derive(Debug, PartialEq, Eq)]
struct Piece {
    form: String,
    /// Bytes of the form.
    start: usize,
    end: usize,
    /// The tag after it.
    tag: Option<Span>,
}

/// The forms with marks, and what each mark stands for.
#[derive(Debug, Default)]
pub(super) struct Marked {
    pub(super) texts: BTreeMap<String, String>,
    pieces: Vec<Piece>,
}

fn is_mark(letter: char) -> bool {
    (FIRST_MARK..FIRST_MARK + MOST_MARKS as u32).contains(&u32::from(letter))
}

impl Marked {
    /// Puts marks into forms.
    pub(super) fn of<'a>(texts: impl IntoIterator<Item = (&'a String, &'a String)>) -> Self {
        let mut marked = Self::default();
        for (form, text) in texts {
            let filled = marked.mark(form, text);
            marked.texts.insert(form.clone(), filled);
        }
        marked
    }

    fn mark(&mut self, form: &str, text: &str) -> String {
        let mut out = String::with_capacity(text.len() * 5 / 4);
        let parts = scan(text).parts;
        // A form that extends another may hold nothing outside its blocks.
        let extends = parts.iter().any(|part| matches!(part, Part::Tag(tag) if tag.keyword() == "extends"));
        let mut depth = usize::from(!extends);
        let mut done = 0;
        for (index, part) in parts.iter().enumerate() {
            let tag_at = |index: Option<usize>| match index.and_then(|index| parts.get(index)) {
                Some(Part::Tag(tag)) => Some(tag),
                _ => None,
            };
            match part {
                Part::Text(range) => {
                    out.push_str(&text[done..range.start]);
                    let words = &text[range.clone()];
                    let blank = words.len() - words.trim_start().len();
                    // White space beside "-" is dropped by the tag, which must go on seeing it.
                    let trimmed = tag_at(index.checked_sub(1)).is_some_and(|tag| ends_with_dash(text, tag.range.end))
                        || tag_at(Some(index + 1))
                            .is_some_and(|tag| text.as_bytes().get(tag.range.start + 2) == Some(&b'-'));
                    let lead = if blank < words.len() { blank } else { 0 };
                    out.push_str(&words[..lead]);
                    if depth > 0 && (blank < words.len() || !trimmed) {
                        let tag = tag_at(Some(index + 1)).map(|tag| tag.span);
                        self.push(form, range.start + lead..range.end, tag, &mut out);
                    }
                    out.push_str(&words[lead..]);
                    done = range.end;
                }
                Part::Tag(tag) => {
                    let follows =
                        tag_at(index.checked_sub(1)).is_some_and(|before| before.range.end == tag.range.start);
                    out.push_str(&text[done..tag.range.start]);
                    if depth > 0 && follows {
                        self.push(form, tag.range.start..tag.range.start, Some(tag.span), &mut out);
                    }
                    out.push_str(&text[tag.range.clone()]);
                    done = tag.range.end;
                    match tag.keyword() {
                        "block" | "component" => depth += 1,
                        "endblock" | "endcomponent" => depth = depth.saturating_sub(1),
                        _ => {}
                    }
                }
            }
        }
        out.push_str(&text[done..]);
        out
    }

    fn push(&mut self, form: &str, range: std::ops::Range<usize>, tag: Option<Span>, out: &mut String) {
        if self.pieces.len() < MOST_MARKS
            && let Some(mark) = char::from_u32(FIRST_MARK + self.pieces.len() as u32)
        {
            self.pieces.push(Piece { form: form.to_owned(), start: range.start, end: range.end, tag });
            out.push(mark);
        }
    }

    /// The form and the place in it that byte `at` of `filled` comes from; `marked` is the same filled with marks. `None`
    /// when the marks changed what was filled in.
    pub(super) fn locate(
        &self,
        texts: &BTreeMap<String, String>,
        marked: &str,
        filled: &str,
        at: usize,
    ) -> Option<(String, Span)> {
        let (mut plain, mut last) = (String::with_capacity(filled.len()), None);
        for letter in marked.chars() {
            if is_mark(letter) {
                if plain.len() <= at {
                    last = Some((self.pieces.get((u32::from(letter) - FIRST_MARK) as usize)?, plain.len()));
                }
            } else {
                plain.push(letter);
            }
        }
        if plain != filled {
            return None;
        }
        let (piece, begun) = last?;
        let text = texts.get(&piece.form)?;
        let byte = piece.start + (at - begun);
        let span =
            if byte < piece.end { place(text, byte) } else { piece.tag.unwrap_or_else(|| place(text, piece.end)) };
        Some((piece.form.clone(), span))
    }
}

fn ends_with_dash(text: &str, end: usize) -> bool {
    text[..end].ends_with("-%}") || text[..end].ends_with("-}}")
}

/// The byte of `text` at a line and column.
pub(super) fn byte_of(text: &str, span: Span) -> usize {
    let mut begin = 0;
    for line in text.split_inclusive('\n').take(span.line.saturating_sub(1)) {
        begin += line.len();
    }
    let rest = &text[begin..];
    begin + rest.char_indices().nth(span.column.saturating_sub(1)).map_or(rest.len(), |(at, _)| at)
}
