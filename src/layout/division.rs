//! Places inside a word where a line may end: after the marks of a web address, anywhere in a long code.

use super::word::{Piece, Word};
use crate::font::FontSet;

/// Shortest word with marks that may be divided after them although it would fit on a line.
const LONG_ADDRESS: usize = 25;
/// Shortest part such a word is divided into.
const LEAST_PART: usize = 3;
/// Shortest run of letters and digits (a serial number) that may be divided anywhere when it does not fit.
const LONG_CODE: usize = 12;

/// Opens long web addresses after their marks, so that they need not leave a gap before them.
pub(super) fn loosen(words: Vec<Word>, fonts: &FontSet, size: f64) -> Vec<Word> {
    let mut loose = Vec::with_capacity(words.len());
    for word in words {
        if word.pieces.iter().map(|piece| piece.text.len()).sum::<usize>() < LONG_ADDRESS {
            loose.push(word);
            continue;
        }
        let text = word.text();
        let length = text.chars().count();
        if length < LONG_ADDRESS || !text.contains(['/', '@', '?', '&', '=']) {
            loose.push(word);
            continue;
        }
        let (mut passed, mut part) = (0, 0);
        let cut = cut(&word, fonts, size, |letter| {
            passed += 1;
            part += 1;
            let ends = matches!(letter, '/' | '?' | '&' | '=' | '@' | '_')
                && part >= LEAST_PART
                && length - passed >= LEAST_PART;
            if ends {
                part = 0;
            }
            ends
        });
        match cut {
            Some(parts) => loose.extend(parts),
            None => loose.push(word),
        }
    }
    loose
}

/// Divides a word wider than `measure` after a mark, or anywhere if it is a long code; `None` when it has no such place.
pub(super) fn divide(word: &Word, measure: f64, fonts: &FontSet, size: f64) -> Option<Vec<Word>> {
    let text = word.text();
    let code = text.is_ascii() && text.chars().count() >= LONG_CODE;
    let atoms = cut(word, fonts, size, |letter| {
        code || matches!(letter, '/' | '-' | '_' | '@' | '.' | ',' | ';' | ':' | '&' | '=' | '?' | ' ')
    })?;
    let mut parts: Vec<Word> = Vec::new();
    for atom in atoms {
        match parts.last_mut() {
            Some(part) if part.width + atom.width <= measure => {
                for piece in atom.pieces {
                    part.push(piece);
                }
                part.space = atom.space;
                part.ends_line = atom.ends_line;
            }
            _ => parts.push(atom),
        }
    }
    parts.iter().all(|part| part.width <= measure).then_some(parts)
}

/// Cuts a word after every letter for which `ends` holds; `None` when a letter cannot be measured.
fn cut(word: &Word, fonts: &FontSet, size: f64, mut ends: impl FnMut(char) -> bool) -> Option<Vec<Word>> {
    let mut parts = vec![Word::default()];
    let mut fresh = false;
    for piece in &word.pieces {
        if piece.text.is_empty() {
            parts.last_mut()?.push(piece.clone());
            continue;
        }
        for letter in piece.text.chars() {
            if std::mem::take(&mut fresh) {
                parts.push(Word::default());
            }
            let (_, thousandths) = fonts.find(piece.look.face, letter)?;
            let width = f64::from(thousandths) * size / 1000.0;
            parts.last_mut()?.push(Piece { look: piece.look, text: letter.to_string(), width, gap: 0.0 });
            fresh = ends(letter);
        }
        parts.last_mut()?.add_gap(piece.gap);
    }
    let last = parts.last_mut()?;
    last.space.clone_from(&word.space);
    last.ends_line = word.ends_line;
    Some(parts)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::document::{Emphasis, Inline};
    use crate::layout::Style;
    use crate::layout::word::Measurer;

    proptest! {
        #[test]
        fn a_long_ascii_word_fits_wherever_its_widest_letter_does(text in "[!-~]{21,80}") {
            let (fonts, style) = (FontSet::builtin(), Style::builtin());
            let body = style.text("body");
            let inlines = [Inline::Text { text, emphasis: Emphasis::default() }];
            let words = Measurer::new(&fonts, body).words(&inlines).unwrap();
            prop_assert_eq!(words.len(), 1);
            // An M is 0.889 em, the widest sign of ASCII, W, 0.944 em wide.
            prop_assert!(divide(&words[0], body.size, &fonts, body.size).is_some());
        }
    }
}
