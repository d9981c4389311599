//! Finds the names a form uses, with their places. Not a parser of Tera: it looks only at what stands between the tags.

use std::collections::BTreeMap;

use crate::diagnostic::Span;

/// A name and the fields taken from it, e.g. `nguoi_khieu_nai.ten`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Name {
    /// First part.
    pub(super) root: String,
    /// Its place.
    pub(super) span: Span,
    /// The parts after dots.
    pub(super) fields: Vec<(String, Span)>,
}

/// The form, those it extends, and those they include.
pub(super) fn family(form: &str, texts: &BTreeMap<String, String>) -> Vec<String> {
    let mut family = vec![form.to_owned()];
    let mut next = 0;
    while let Some(name) = family.get(next).cloned() {
        next += 1;
        for word in ["extends", "include"] {
            for piece in texts.get(&name).map_or("", String::as_str).split("{%").skip(1) {
                let inside = piece.split("%}").next().unwrap_or_default().trim().trim_start_matches('-').trim();
                if let Some(rest) = inside.strip_prefix(word)
                    && let Some(other) = rest.split(['"', '\'']).nth(1)
                    && !family.iter().any(|known| known == other)
                {
                    family.push(other.to_owned());
                }
            }
        }
    }
    family
}

/// Every name between the tags of a form.
pub(super) fn scan(text: &str) -> Vec<Name> {
    let letters: Vec<char> = text.chars().collect();
    let mut names = Vec::new();
    let (mut at, mut line, mut column) = (0, 1, 1);
    let mut inside: Option<[char; 2]> = None;
    let mut comment = false;
    let mut quote: Option<char> = None;
    let mut first_word = false;
    while at < letters.len() {
        let pair = [letters[at], letters.get(at + 1).copied().unwrap_or(' ')];
        let mut step = 1;
        if comment {
            if pair == ['#', '}'] {
                (comment, step) = (false, 2);
            }
        } else if let Some(close) = inside {
            if let Some(open) = quote {
                if letters[at] == open {
                    quote = None;
                }
            } else if pair == close {
                (inside, step) = (None, 2);
            } else if matches!(letters[at], '"' | '\'' | '`') {
                quote = Some(letters[at]);
            } else if letters[at].is_alphabetic() || letters[at] == '_' {
                step = letters[at..].iter().take_while(|c| c.is_alphanumeric() || **c == '_').count();
                let word: String = letters[at..at + step].iter().collect();
                let span = Span { line, column, length: step };
                let before = |back: usize| at.checked_sub(back).map(|index| letters[index]);
                let after_dot = before(1) == Some('.') && before(2).is_some_and(|c| c.is_alphanumeric() || c == '_');
                if after_dot {
                    if let Some(Name { fields, .. }) = names.last_mut() {
                        fields.push((word, span));
                    }
                } else if !first_word {
                    names.push(Name { root: word, span, fields: Vec::new() });
                }
                first_word = false;
            }
        } else if pair == ['{', '#'] {
            (comment, step) = (true, 2);
        } else if pair == ['{', '{'] {
            (inside, step, first_word) = (Some(['}', '}']), 2, false);
        } else if pair == ['{', '%'] {
            (inside, step, first_word) = (Some(['%', '}']), 2, true);
        }
        for letter in &letters[at..at + step.min(letters.len() - at)] {
            if *letter == '\n' {
                line += 1;
                column = 1;
            } else {
                column += 1;
            }
        }
        at += step;
    }
    names
}
