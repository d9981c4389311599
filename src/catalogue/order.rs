//! The order of names in lists. Sole user of `icu_collator`.

use std::cell::LazyCell;

use icu_collator::options::CollatorOptions;
use icu_collator::{Collator, CollatorBorrowed, CollatorPreferences};
use icu_locale_core::locale;

thread_local! {
    static VIETNAMESE: LazyCell<Option<CollatorBorrowed<'static>>> = LazyCell::new(|| {
        Collator::try_new(CollatorPreferences::from(&locale!("vi")), CollatorOptions::default()).ok()
    });
}

/// A key whose order as bytes is that of Vietnamese dictionaries: a ă â b c d đ e ê …, then the tones none, huyền, hỏi, ngã, sắc,
/// nặng. A person comes under the given name, which stands last; a body under its whole name.
pub(super) fn key(name: &str, is_person: bool) -> Vec<u8> {
    let (given, rest) = match name.trim().rsplit_once(char::is_whitespace) {
        Some((rest, given)) if is_person => (given, rest),
        _ => (name.trim(), ""),
    };
    let mut key = Vec::new();
    append(&mut key, given);
    // Below every byte of a key.
    key.push(0);
    append(&mut key, rest);
    key
}

fn append(key: &mut Vec<u8>, text: &str) {
    VIETNAMESE.with(|collator| match &**collator {
        Some(collator) => {
            let Ok(()) = collator.write_sort_key_to(text, key);
        }
        // The data is in the program; without it names would stand by code point.
        None => key.extend_from_slice(text.as_bytes()),
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted<'a>(names: &[&'a str], is_person: bool) -> Vec<&'a str> {
        let mut names = names.to_vec();
        names.sort_by_key(|name| key(name, is_person));
        names
    }

    /// Letters and tones as records.md and Vietnamese dictionaries order them.
    #[test]
    fn letters_and_tones_stand_as_in_a_dictionary() {
        let letters = ["a", "ă", "â", "b", "c", "d", "đ", "e", "ê", "g", "h", "i", "k", "l", "m", "n", "o", "ô", "ơ"];
        let letters: Vec<&str> =
            letters.into_iter().chain(["p", "q", "r", "s", "t", "u", "ư", "v", "x", "y"]).collect();
        let mut mixed = letters.clone();
        mixed.reverse();
        assert_eq!(sorted(&mixed, false), letters);
        assert_eq!(sorted(&["mạ", "má", "mã", "mả", "mà", "ma"], false), ["ma", "mà", "mả", "mã", "má", "mạ"]);
    }

    #[test]
    fn people_stand_by_given_name() {
        let names = ["Nguyễn Thị Hường", "Trần Văn An", "Lê Đức", "Phạm Thị Hương", "Bùi Dũng", "An", "Lê Văn An"];
        assert_eq!(
            sorted(&names, true),
            ["An", "Lê Văn An", "Trần Văn An", "Bùi Dũng", "Lê Đức", "Phạm Thị Hương", "Nguyễn Thị Hường"]
        );
        let bodies = ["Công ty Đại Phát", "Công ty An Bình", "Công ty Dân Phát"];
        assert_eq!(sorted(&bodies, false), ["Công ty An Bình", "Công ty Dân Phát", "Công ty Đại Phát"]);
    }
}
