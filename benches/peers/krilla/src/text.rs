//! Running text → lines, greedily, as most users of krilla would.

use krilla::text::{Font, KrillaGlyph};

use crate::face::{self, Faces};
use crate::letter::Run;

#[derive(Clone, Copy, PartialEq)]
pub enum Align {
    Left,
    Center,
    Justify,
}

/// How a paragraph is set (forms/kieu.yaml).
#[derive(Clone, Copy)]
pub struct Style {
    pub size: f32,
    pub leading: f32,
    pub after: f32,
    pub align: Align,
    pub indent: f32,
    pub bold: bool,
    pub italic: bool,
}

/// Words of one face in a line.
pub struct Piece {
    pub face: usize,
    pub text: String,
    pub glyphs: Vec<KrillaGlyph>,
    pub width: f32,
}

pub struct Line {
    pub pieces: Vec<Piece>,
    pub width: f32,
}

/// A stretch without a space that may break.
struct Word<'a> {
    parts: Vec<(usize, &'a str)>,
    width: f32,
    /// The line ends behind it.
    breaks: bool,
}

fn words<'a>(runs: &'a [Run], style: Style, faces: &Faces) -> Result<Vec<Word<'a>>, String> {
    let empty = || Word { parts: Vec::new(), width: 0.0, breaks: false };
    let mut words = Vec::new();
    let mut word = empty();
    for run in runs {
        if run.breaks {
            word.breaks = true;
            words.push(std::mem::replace(&mut word, empty()));
            continue;
        }
        let face = face::number(style.bold || run.bold, style.italic || run.italic);
        for (index, part) in run.text.split(' ').enumerate() {
            if index > 0 && !word.parts.is_empty() {
                words.push(std::mem::replace(&mut word, empty()));
            }
            if !part.is_empty() {
                word.width += width(part, face, style.size, faces)?;
                word.parts.push((face, part));
            }
        }
    }
    if !word.parts.is_empty() {
        words.push(word);
    }
    Ok(words)
}

pub fn width(text: &str, face: usize, size: f32, faces: &Faces) -> Result<f32, String> {
    let mut width = 0.0;
    for letter in text.chars() {
        width += faces.of(face).letter(letter).ok_or_else(|| format!("no glyph for {letter:?}"))?.1;
    }
    Ok(width * size)
}

/// The lines of a text in this width, the first shorter by the style's indent.
pub fn lines(runs: &[Run], style: Style, measure: f32, faces: &Faces) -> Result<Vec<Line>, String> {
    let space = width(" ", face::number(style.bold, style.italic), style.size, faces)?;
    let mut lines = Vec::new();
    let (mut from, mut taken) = (0, 0.0);
    let words = words(runs, style, faces)?;
    for (index, word) in words.iter().enumerate() {
        let room = measure - if lines.is_empty() { style.indent } else { 0.0 };
        let wider = taken + if index > from { space } else { 0.0 } + word.width;
        if wider > room && index > from {
            lines.push(set(&words[from..index], style, Some(room), faces)?);
            (from, taken) = (index, word.width);
        } else {
            taken = wider;
        }
        if word.breaks {
            lines.push(set(&words[from..=index], style, None, faces)?);
            (from, taken) = (index + 1, 0.0);
        }
    }
    if from < words.len() {
        lines.push(set(&words[from..], style, None, faces)?);
    }
    Ok(lines)
}

/// One line; stretched to `room` when it is wrapped and justified.
fn set(words: &[Word<'_>], style: Style, room: Option<f32>, faces: &Faces) -> Result<Line, String> {
    let ends_in_space = room.is_some() || words.last().is_some_and(|word| word.breaks);
    let space = width(" ", face::number(style.bold, style.italic), style.size, faces)?;
    let natural: f32 = words.iter().map(|word| word.width).sum::<f32>() + space * (words.len() - 1) as f32;
    let extra = match room {
        Some(room) if style.align == Align::Justify && words.len() > 1 => (room - natural) / (words.len() - 1) as f32,
        _ => 0.0,
    };
    let mut pieces: Vec<Piece> = Vec::new();
    for (index, word) in words.iter().enumerate() {
        for (face, part) in &word.parts {
            if pieces.last().is_none_or(|piece| piece.face != *face) {
                pieces.push(Piece { face: *face, text: String::new(), glyphs: Vec::new(), width: 0.0 });
            }
            let Some(piece) = pieces.last_mut() else { continue };
            for letter in part.chars() {
                add(piece, letter, 0.0, style.size, faces)?;
            }
        }
        if let Some(piece) = pieces.last_mut() {
            if index + 1 < words.len() {
                add(piece, ' ', extra, style.size, faces)?;
            } else if ends_in_space {
                // Those who have the text read to them hear two words.
                let width = piece.width;
                add(piece, ' ', 0.0, style.size, faces)?;
                piece.width = width;
            }
        }
    }
    let width = pieces.iter().map(|piece| piece.width).sum();
    Ok(Line { pieces, width })
}

fn add(piece: &mut Piece, letter: char, extra: f32, size: f32, faces: &Faces) -> Result<(), String> {
    let (glyph, advance) = faces.of(piece.face).letter(letter).ok_or_else(|| format!("no glyph for {letter:?}"))?;
    let advance = advance + extra / size;
    let from = piece.text.len();
    piece.text.push(letter);
    piece.glyphs.push(KrillaGlyph::new(glyph, advance, 0.0, 0.0, 0.0, from..piece.text.len(), None));
    piece.width += advance * size;
    Ok(())
}

impl Piece {
    pub fn font(&self, faces: &Faces) -> Font {
        faces.of(self.face).font.clone()
    }
}
