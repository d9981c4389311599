//! Who takes a step of a disposal: two names of one person, or of two.

use unicode_normalization::UnicodeNormalization;

/// A name as it is compared: letters with their qualities, and tones, which may stand on either vowel ("Hòa", "Hoà").
fn spelt(name: &str) -> (String, Vec<char>) {
    let is_tone = |c: &char| matches!(c, '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}');
    let (tones, rest): (Vec<char>, Vec<char>) = name.nfd().partition(is_tone);
    let letters = rest.into_iter().nfc().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
    (letters.collect(), tones)
}

/// The same without accents.
fn plain(name: &str) -> String {
    let plain = name.nfd().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
    plain.map(|c| if c == 'đ' { 'd' } else { c }).collect()
}

/// Whether two names are of one person, whatever capitals and blanks; one may be typed without any accents. Typed with accents that
/// differ they are two: Hương and Hường.
pub(super) fn is_same_person(one: &str, other: &str) -> bool {
    let bare = |name: &str| spelt(name) == (plain(name), Vec::new());
    spelt(one) == spelt(other) || ((bare(one) || bare(other)) && plain(one) == plain(other))
}

/// Whether a name names nobody.
pub(super) fn is_nobody(name: &str) -> bool {
    plain(name).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_part_persons_unless_one_name_was_typed_without() {
        let decomposed: String = "Vũ Thị Mai".nfd().collect();
        for (one, other) in [
            ("Vũ Thị Mai", "vu thi  MAI"),
            ("Vũ Thị Mai", "VŨ THỊ MAI"),
            ("Vũ Thị Mai", "VũThị Mai"),
            ("Vũ Thị Mai", decomposed.as_str()),
            ("Đỗ Minh Hòa", "do minh hoa"),
            ("Đỗ Minh Hòa", "Đỗ Minh Hoà"),
            ("Nguyen Thi Huong", "Nguyễn Thị Hường"),
        ] {
            assert!(is_same_person(one, other) && is_same_person(other, one), "{one}, {other}");
        }
        for (one, other) in [
            ("Nguyễn Thị Hường", "Nguyễn Thị Hương"),
            ("Nguyễn Thị Hường", "Nguyễn Thi Huong"),
            ("Đỗ Minh Hòa", "Dỗ Minh Hòa"),
            ("Vũ Thị Mai", "Vũ Thị Mơ"),
        ] {
            assert!(!is_same_person(one, other) && !is_same_person(other, one), "{one}, {other}");
        }
    }
}
