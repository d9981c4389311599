//! Whether a finished copy still holds a secret. Letter by letter, not word by word as the masking goes: nothing that stands between
//! letters counts, nor whether a word was cut at the end of a line.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::number::mails;
use super::{Persons, described};

/// Letters from which a value may begin and end inside of a word: shorter ones are parts of other words.
const LONG: usize = 12;
/// Least letters of a value that is looked for; a given name alone is a common word.
const SHORT: usize = 4;
/// Digits a phone or an id has at least.
const FEWEST_DIGITS: usize = 9;

/// A letter or digit of a text, small, composed.
struct Letter {
    exact: char,
    /// Without accents.
    plain: char,
    /// The place of its mark among the tones; no tone is 0.
    tone: char,
    /// Letter with its quality, without tone.
    quality: char,
    /// Whether something that is no letter stands before it.
    begins: bool,
}

fn letters(text: &str) -> Vec<Letter> {
    let mut found = Vec::new();
    let mut begins = true;
    for c in text.nfc() {
        if matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}') {
            continue;
        }
        if !c.is_alphanumeric() {
            begins = true;
            continue;
        }
        for exact in c.to_lowercase() {
            let parts: Vec<char> = std::iter::once(exact).nfd().collect();
            let is_tone = |c: &char| matches!(c, '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}');
            let tone = parts.iter().copied().find(is_tone).unwrap_or('0');
            let quality = parts.iter().copied().filter(|c| !is_tone(c)).nfc().next().unwrap_or(exact);
            let base = parts.iter().copied().find(|c| !is_combining_mark(*c)).unwrap_or(exact);
            let plain = if base == 'đ' { 'd' } else { base };
            found.push(Letter { exact, plain, tone, quality, begins });
            begins = false;
        }
    }
    found
}

/// What of a person can still be read: in `pages`, the text of the copy's pages, but for what the office says there of itself; in
/// `masked`, the masked values, where any number or address of mail that looks like somebody's counts. `metadata` is what the file
/// says of itself.
#[must_use]
pub fn left_in(
    persons: &Persons,
    pages: &str,
    metadata: &[&str],
    masked: &[String],
    own: &[String],
) -> Option<&'static str> {
    let mut text = letters(pages);
    for own in own {
        let own: Vec<char> = letters(own).into_iter().map(|letter| letter.exact).collect();
        if own.len() >= SHORT {
            without(&mut text, &own);
        }
    }
    let texts: Vec<Vec<Letter>> = std::iter::once(text).chain(metadata.iter().map(|text| letters(text))).collect();
    for (spelt, secret) in &persons.secrets {
        let secret_letters: Vec<char> = spelt.letters.chars().collect();
        if secret.is_word || secret_letters.len() < SHORT {
            continue;
        }
        let plain: Vec<char> = spelt.plain.chars().collect();
        let is_left = texts.iter().any(|text| stands_in(text, &secret_letters, &spelt.tones, &plain));
        if is_left {
            return Some(described(&secret.key));
        }
    }
    let foreign = masked.iter().any(|text| has_number(persons, text) || has_mail(persons, text));
    foreign.then_some("số điện thoại, số giấy tờ hoặc địa chỉ thư điện tử")
}

/// Takes out what the office says of itself.
fn without(text: &mut Vec<Letter>, own: &[char]) {
    let mut at = 0;
    while at + own.len() <= text.len() {
        if text[at..at + own.len()].iter().map(|letter| letter.exact).eq(own.iter().copied()) {
            text.drain(at..at + own.len());
            if let Some(next) = text.get_mut(at) {
                next.begins = true;
            }
        } else {
            at += 1;
        }
    }
}

fn stands_in(text: &[Letter], secret: &[char], tones: &str, plain: &[char]) -> bool {
    let length = secret.len();
    (0..(text.len() + 1).saturating_sub(length)).any(|from| {
        let part = &text[from..from + length];
        if !part.iter().map(|letter| letter.plain).eq(plain.iter().copied()) {
            return false;
        }
        let is_number = |letter: &Letter| letter.exact.is_ascii_digit();
        let ends = text.get(from + length).is_none_or(|next| next.begins);
        let whole = length >= LONG || part.iter().all(is_number) || (part[0].begins && ends);
        let exact = part.iter().map(|letter| letter.quality).eq(secret.iter().copied())
            && part.iter().map(|letter| letter.tone).filter(|tone| *tone != '0').eq(tones.chars());
        let bare = length >= super::FEWEST_BARE && part.iter().all(|letter| letter.exact == letter.plain);
        whole && (exact || bare)
    })
}

/// Whether a text holds a phone or an id: digits with nothing but a sign or two between, dates and sums of money aside.
fn has_number(persons: &Persons, text: &str) -> bool {
    let mut runs: Vec<Run> = Vec::new();
    let mut before = 0;
    for (at, c) in text.char_indices().filter(|(_, c)| c.is_ascii_digit()) {
        let between = &text[before..at];
        let goes_on = between.chars().count() <= 2 && between.chars().all(|c| c.is_whitespace() || ".-/".contains(c));
        match runs.last_mut().filter(|_| goes_on) {
            Some(Run { groups, .. }) => match groups.last_mut().filter(|_| between.is_empty()) {
                Some(group) => group.push(c),
                None => groups.push(c.to_string()),
            },
            None => runs.push(Run { groups: vec![c.to_string()], end: 0 }),
        }
        before = at + c.len_utf8();
        if let Some(run) = runs.last_mut() {
            run.end = before;
        }
    }
    runs.iter().any(|run| {
        let Run { groups, end } = run;
        let digits = groups.concat();
        let looks = (digits.starts_with('0') && (9..=11).contains(&digits.len()))
            || (digits.starts_with("84") && (10..=12).contains(&digits.len()))
            || (groups.len() == 1 && digits.len() >= FEWEST_DIGITS);
        let is_sum = ["đồng", "đ", "vnđ", "vnd"].iter().any(|currency| {
            let rest = text[*end..].trim_start().to_lowercase();
            rest.strip_prefix(currency).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
        });
        // Days and months with their years, one behind the other.
        let is_year = |group: &String| group.len() == 4 && (group.starts_with("19") || group.starts_with("20"));
        let is_dated = groups.len() > 2 && groups.iter().any(is_year);
        let is_harmless = (is_sum && groups.len() > 1) || is_dated || persons.own.has_number(&digits);
        looks && !is_harmless
    })
}

/// The groups of digits of one number, and where it ends in the text.
struct Run {
    groups: Vec<String>,
    end: usize,
}

fn has_mail(persons: &Persons, text: &str) -> bool {
    let letters: Vec<char> = text.chars().collect();
    mails(&letters).into_iter().any(|(from, to)| {
        let mail: String = letters[from..to].iter().collect::<String>().to_lowercase();
        to - from > 1 && !persons.own.has_mail(&mail)
    })
}
