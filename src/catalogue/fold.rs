//! Words as they are searched for: without accents, and with accents but without regard to where the tone stands.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Grave, acute, tilde, hook above, dot below: huyền, sắc, ngã, hỏi, nặng.
const TONES: [char; 5] = ['\u{300}', '\u{301}', '\u{303}', '\u{309}', '\u{323}'];
/// Private characters that stand for the tones behind a word; the index takes them for letters.
const TONE_MARKS: [char; 5] = ['\u{e000}', '\u{e001}', '\u{e002}', '\u{e003}', '\u{e004}'];

/// The words of a text (NFC): runs of letters and digits, with the place each begins at in bytes.
pub(super) fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_part = |c: char| c.is_alphanumeric();
    let mut rest = 0;
    std::iter::from_fn(move || {
        let start = rest + text[rest..].find(is_part)?;
        let end = text[start..].find(|c| !is_part(c)).map_or(text.len(), |length| start + length);
        rest = end;
        Some((start, &text[start..end]))
    })
}

/// A word without accents, lower case: "Hường" → "huong". đ and ð become d (the index's own tokenizer would keep đ).
pub(super) fn folded(word: &str) -> String {
    let plain = |c: char| match c {
        'đ' | 'Đ' | 'ð' | 'Ð' => 'd',
        other => other,
    };
    word.nfd().filter(|c| !is_combining_mark(*c)).map(plain).flat_map(char::to_lowercase).collect()
}

/// A word with its accents, lower case, the tone set behind it: "hoà", "hòa" and "HOÀ" are one, "hoa" is another.
pub(super) fn exact(word: &str) -> String {
    let mut tone = None;
    let mut rest: String = String::with_capacity(word.len());
    for c in word.nfd() {
        match TONES.iter().position(|mark| *mark == c) {
            Some(place) if tone.is_none() => tone = Some(TONE_MARKS[place]),
            _ => rest.push(c),
        }
    }
    let eth = |c: char| if matches!(c, 'ð' | 'Ð') { 'đ' } else { c };
    let mut word: String = rest.nfc().map(eth).flat_map(char::to_lowercase).collect();
    word.extend(tone);
    word
}

/// All words of a text without accents, parted by blanks.
pub(super) fn folded_text(text: &str) -> String {
    joined(text, |word| Some(folded(word)))
}

/// The words of a text that carry accents, as [`exact`] gives them, parted by blanks.
pub(super) fn exact_text(text: &str) -> String {
    joined(text, |word| if word.is_ascii() { None } else { Some(exact(word)) })
}

fn joined(text: &str, form: impl Fn(&str) -> Option<String>) -> String {
    let text: String = text.nfc().collect();
    let mut out = String::with_capacity(text.len());
    for word in words(&text).filter_map(|(_, word)| form(word)) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(&word);
    }
    out
}

/// A code without what parts it, leading zeros of its first number dropped: "05/PTN-ECA" → "5ptneca".
pub(super) fn squeezed(code: &str) -> String {
    let all: String = code.nfc().filter(|c| c.is_alphanumeric()).collect();
    let all = folded(&all);
    let bare = all.trim_start_matches('0');
    // A number of nothing but digits is an id or a phone number: its zeros count.
    let only_digits = all.bytes().all(|b| b.is_ascii_digit());
    if bare.is_empty() || only_digits { all } else { bare.to_owned() }
}

/// Whether a chunk between blanks is a code: letters or digits parted by other signs, with a digit among them, and long enough
/// not to be the same as another one once the signs are gone.
pub(super) fn is_code(chunk: &str) -> bool {
    let chunk = chunk.trim_matches(|c: char| !c.is_alphanumeric());
    let count = chunk.chars().filter(|c| c.is_alphanumeric()).count();
    count >= SHORTEST_CODE
        && chunk.contains(|c: char| c.is_ascii_digit())
        && chunk.contains(|c: char| !c.is_alphanumeric())
}

/// Letters and digits of the shortest code.
const SHORTEST_CODE: usize = 5;

/// A number as people read it out: digits only, +84 as the 0 it stands for; `None` where other signs than those that part
/// digits stand in it.
pub(super) fn digits(text: &str) -> Option<String> {
    let text = text.trim();
    let (prefix, rest) = text.strip_prefix("+84").map_or(("", text), |rest| ("0", rest));
    let rest = if prefix.is_empty() { rest } else { rest.trim_start_matches([' ', '.', '-']) };
    let fine =
        rest.chars().all(|c| c.is_ascii_digit() || " .-()".contains(c)) && rest.contains(|c: char| c.is_ascii_digit());
    fine.then(|| prefix.chars().chain(rest.chars().filter(char::is_ascii_digit)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_fall_and_d_loses_its_stroke() {
        assert_eq!(
            folded_text("NGUYỄN THỊ HƯỜNG, Đặng Ðức-Đạo (đường 3/2)"),
            "nguyen thi huong dang duc dao duong 3 2"
        );
        let decomposed: String = "Nguyễn Thị Hường".nfd().collect();
        assert_eq!(folded_text(&decomposed), "nguyen thi huong");
    }

    #[test]
    fn the_tone_is_one_wherever_it_stands() {
        for (old, new) in [("hoà", "hòa"), ("thuỷ", "thủy"), ("HOẺ", "hỏe"), ("Quý", "qúy"), ("giường", "GIƯỜNG")]
        {
            assert_eq!(exact(old), exact(new), "{old}");
        }
        let decomposed: String = "hường".nfd().collect();
        assert_eq!(exact(&decomposed), exact("Hường"));
        let different = ["hường", "hương", "hướng", "hưởng", "hượng", "hưỡng", "huong", "đuờng", "duờng"];
        for (place, one) in different.iter().enumerate() {
            assert!(different[..place].iter().all(|other| exact(other) != exact(one)), "{one}");
        }
    }

    #[test]
    fn only_accented_words_are_kept_exactly() {
        assert_eq!(exact_text("Lan và An, phí 50"), exact("và") + " " + &exact("phí"));
    }

    #[test]
    fn codes_and_numbers_in_any_dress() {
        assert_eq!(squeezed("05/PTN-ECA"), "5ptneca");
        assert_eq!(squeezed("KN-2026-0042"), "kn20260042");
        assert_eq!(squeezed("0101234567-001"), "0101234567001");
        for phone in ["0912 345 678", "0912.345.678", "+84 912 345 678", "(091) 2345678", "+84912345678"] {
            assert_eq!(digits(phone).as_deref(), Some("0912345678"), "{phone}");
        }
        assert_eq!(digits("KN-2026"), None);
        assert_eq!(digits("-"), None);
    }
}
