//! Words and numbers of a text as they are compared: whatever stands between them, whatever capitals, accents kept.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A run of letters, or of digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// Where it begins and ends, in characters.
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) is_number: bool,
    /// Whether it begins with a capital.
    pub(super) is_capital: bool,
    pub(super) spelt: Spelt,
}

/// How something is spelt: letters with their qualities, tones apart, as "hòa" and "hoà" are one; the same without accents.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Spelt {
    pub(super) letters: String,
    pub(super) tones: String,
    pub(super) plain: String,
}

impl Spelt {
    pub(super) fn of(word: &[char]) -> Self {
        let is_tone = |c: &char| matches!(c, '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}');
        let lower = word.iter().filter(|c| !is_invisible(**c)).flat_map(|c| c.to_lowercase());
        let (tones, rest): (Vec<char>, Vec<char>) = lower.nfd().partition(is_tone);
        let without = |c: char| if c == 'đ' { 'd' } else { c };
        let plain = rest.iter().copied().filter(|c| !is_combining_mark(*c)).map(without).collect();
        Self { letters: rest.into_iter().nfc().collect(), tones: tones.into_iter().collect(), plain }
    }

    pub(super) fn joined<'a>(parts: impl Iterator<Item = &'a Self>) -> Self {
        parts.fold(Self::default(), |mut all, part| {
            all.letters.push_str(&part.letters);
            all.tones.push_str(&part.tones);
            all.plain.push_str(&part.plain);
            all
        })
    }

    /// Whether it was typed without any accents.
    pub(super) fn is_bare(&self) -> bool {
        self.tones.is_empty() && self.letters == self.plain
    }
}

/// What parts no word though it stands in one: soft hyphens and blanks without width.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

/// The words and numbers of a text in their order.
pub(super) fn tokens(text: &[char]) -> Vec<Token> {
    let mut found = Vec::new();
    let mut from = 0;
    while from < text.len() {
        let is_number = text[from].is_ascii_digit();
        if !is_number && !text[from].is_alphanumeric() {
            from += 1;
            continue;
        }
        let is_part = |c: &&char| {
            is_invisible(**c) || c.is_ascii_digit() == is_number && (c.is_alphanumeric() || is_combining_mark(**c))
        };
        let to = from + text[from..].iter().take_while(is_part).count();
        let is_capital = text[from].is_uppercase();
        found.push(Token { from, to, is_number, is_capital, spelt: Spelt::of(&text[from..to]) });
        from = to;
    }
    found
}
