//! The code pages Vietnamese was written in before Unicode: TCVN3 (ABC), VNI, Windows-1258. Which one a text is in shows by
//! which of them makes Vietnamese syllables of it.

use unicode_normalization::UnicodeNormalization;

use super::syllable::is_syllable;

/// A code page of before Unicode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charset {
    /// TCVN 5712:1993, the ABC fonts.
    Tcvn3,
    /// VNI for Windows.
    Vni,
    /// Windows-1258, “ANSI” on a Vietnamese Windows.
    Windows1258,
}

impl Charset {
    const ALL: [Self; 3] = [Self::Tcvn3, Self::Vni, Self::Windows1258];

    /// What UniKey calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Tcvn3 => "TCVN3 (ABC)",
            Self::Vni => "VNI Windows",
            Self::Windows1258 => "Windows-1258",
        }
    }

    fn decode(self, bytes: impl Iterator<Item = u8>) -> String {
        match self {
            Self::Tcvn3 => bytes.map(tcvn3).collect::<String>().nfc().collect(),
            Self::Windows1258 => bytes.map(windows_1258).collect::<String>().nfc().collect(),
            Self::Vni => vni(bytes),
        }
    }
}

/// TCVN 5712:1993 (VN1) from 0x80 on.
const TCVN3: &str = "ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ\u{a0}ĂÂÊÔƠƯĐăâêôơưđẰ\u{300}\u{309}\u{303}\u{301}\u{323}àảãáạẲằẳẵắẴẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịòỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ";

fn tcvn3(byte: u8) -> char {
    let low = [(1, 'Ú'), (2, 'Ụ'), (4, 'Ừ'), (5, 'Ử'), (6, 'Ữ'), (0x11, 'Ứ'), (0x12, 'Ự'), (0x13, 'Ỳ'), (0x14, 'Ỷ')];
    let low = low.into_iter().chain([(0x15, 'Ỹ'), (0x16, 'Ý'), (0x17, 'Ỵ')]);
    match byte {
        0x80.. => TCVN3.chars().nth(usize::from(byte - 0x80)).unwrap_or('?'),
        0x20.. => char::from(byte),
        _ => low.into_iter().find(|(code, _)| *code == byte).map_or(char::from(byte), |(_, letter)| letter),
    }
}

/// Where Windows-1258 has another character than Latin-1.
fn windows_1258(byte: u8) -> char {
    match byte {
        0xC3 => 'Ă',
        0xE3 => 'ă',
        0xD0 => 'Đ',
        0xF0 => 'đ',
        0xD5 => 'Ơ',
        0xF5 => 'ơ',
        0xDD => 'Ư',
        0xFD => 'ư',
        0xCC => '\u{300}',
        0xD2 => '\u{309}',
        0xDE => '\u{303}',
        0xEC => '\u{301}',
        0xF2 => '\u{323}',
        other => char::from(other),
    }
}

/// VNI writes a vowel, then a letter for its mark and tone; some letters stand alone.
fn vni(bytes: impl Iterator<Item = u8>) -> String {
    const CIRCUMFLEX: char = '\u{302}';
    const BREVE: char = '\u{306}';
    let tones = |mark: Option<char>, letters: [char; 6]| {
        [None, Some('\u{301}'), Some('\u{300}'), Some('\u{309}'), Some('\u{303}'), Some('\u{323}')]
            .into_iter()
            .zip(letters)
            .map(move |(tone, letter)| (letter, mark.into_iter().chain(tone).collect::<String>()))
    };
    let marks: Vec<(char, String)> = tones(None, ['\0', 'ù', 'ø', 'û', 'õ', 'ï'])
        .chain(tones(Some(CIRCUMFLEX), ['â', 'á', 'à', 'å', 'ã', 'ä']))
        .chain(tones(Some(BREVE), ['ê', 'é', 'è', 'ú', 'ü', 'ë']))
        .collect();
    let alone =
        [('í', 'í'), ('ì', 'ì'), ('æ', 'ỉ'), ('ó', 'ĩ'), ('ò', 'ị'), ('ô', 'ơ'), ('ö', 'ư'), ('ñ', 'đ'), ('î', 'ỵ')];
    let mut out = String::new();
    for letter in bytes.map(char::from) {
        let lower = letter.to_lowercase().next().unwrap_or(letter);
        let vowel = out.chars().last().is_some_and(|last| "aeouyơưAEOUYƠƯ".contains(last));
        if let Some((_, mark)) = marks.iter().find(|(of, _)| vowel && *of == lower) {
            out.push_str(mark);
        } else if let Some((_, own)) = alone.into_iter().find(|(of, _)| *of == lower) {
            if lower == letter { out.push(own) } else { out.extend(own.to_uppercase()) }
        } else {
            out.push(letter);
        }
    }
    out.nfc().collect()
}

/// Words with letters beyond ASCII.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let part = |c: char| !(c.is_alphabetic() || unicode_normalization::char::is_combining_mark(c));
    text.split(part).filter(|word| !word.is_ascii())
}

/// The code page in which these bytes are Vietnamese, and what they say; none when they are not.
pub(super) fn recognise(bytes: &[u8]) -> Option<(Charset, String)> {
    let read = |charset: Charset| {
        let text = charset.decode(bytes.iter().copied());
        let (right, all) =
            words(&text).fold((0, 0), |(right, all), word| (right + usize::from(is_syllable(word)), all + 1));
        (right, all, charset, text)
    };
    // Control characters are no text in any of them.
    let controls = bytes.iter().filter(|b| b.is_ascii_control() && !matches!(b, b'\r' | b'\n' | b'\t')).count();
    if controls * 50 > bytes.len() {
        return None;
    }
    let best = Charset::ALL.into_iter().map(read).max_by_key(|(right, all, ..)| right * 1000 / (*all).max(1))?;
    let (right, all, charset, text) = best;
    (all > 0 && right * 10 >= all * 7).then_some((charset, text))
}

/// What `text` says when it was typed in an old code page in a Unicode file, as “C«ng ty” for “Công ty”; none when it
/// is as it should be.
#[must_use]
pub fn mistyped(text: &str) -> Option<(Charset, String)> {
    if text.is_ascii() || text.chars().any(|c| u32::from(c) > 0xFF) {
        return None;
    }
    let bytes = || text.chars().filter_map(|c| u8::try_from(u32::from(c)).ok());
    // A sign right behind a letter, as no language has.
    let sign = |c: char| matches!(c, '\u{a1}'..='\u{bf}' | '×' | '÷');
    let inside = text.chars().zip(text.chars().skip(1)).any(|(before, c)| before.is_ascii_alphabetic() && sign(c));
    let as_is: Vec<&str> = words(text).collect();
    let fine = as_is.iter().filter(|word| is_syllable(word)).count();
    for charset in [Charset::Tcvn3, Charset::Vni] {
        let decoded = charset.decode(bytes());
        let all = words(&decoded).count();
        let right = words(&decoded).filter(|word| is_syllable(word)).count();
        let strange = as_is.len() - fine;
        if right > 0 && right == all && fine * 2 <= as_is.len() && (inside || strange >= 2) {
            return Some((charset, decoded));
        }
    }
    None
}

/// What `text` says when UTF-8 was once read as Windows-1252, as “CÃ´ng ty” for “Công ty”; none when it was not.
#[must_use]
pub fn garbled(text: &str) -> Option<String> {
    // Each letter of ours begins with one of these.
    let first = |c: char| matches!(c, '\u{c3}'..='\u{c6}' | '\u{e1}');
    let byte = |c: char| {
        u8::try_from(u32::from(c)).ok().or_else(|| WINDOWS_1252.iter().find(|(_, of)| *of == c).map(|(b, _)| *b))
    };
    let pairs = text.chars().zip(text.chars().skip(1));
    if !pairs.into_iter().any(|(c, next)| first(c) && byte(next).is_some_and(|byte| (0x80..0xC0).contains(&byte))) {
        return None;
    }
    let mut bytes = Vec::with_capacity(text.len());
    for c in text.chars() {
        match byte(c) {
            Some(byte) => bytes.push(byte),
            None => bytes.extend(c.to_string().into_bytes()),
        }
    }
    let meant: String = String::from_utf8(bytes).ok()?.nfc().collect();
    let (right, all) =
        words(&meant).fold((0, 0), |(right, all), word| (right + usize::from(is_syllable(word)), all + 1));
    (all > 0 && right * 10 >= all * 7).then_some(meant)
}

/// Where Windows-1252 has another character than Latin-1.
const WINDOWS_1252: [(u8, char); 27] = [
    (0x80, '€'),
    (0x82, '‚'),
    (0x83, 'ƒ'),
    (0x84, '„'),
    (0x85, '…'),
    (0x86, '†'),
    (0x87, '‡'),
    (0x88, 'ˆ'),
    (0x89, '‰'),
    (0x8A, 'Š'),
    (0x8B, '‹'),
    (0x8C, 'Œ'),
    (0x8E, 'Ž'),
    (0x91, '‘'),
    (0x92, '’'),
    (0x93, '“'),
    (0x94, '”'),
    (0x95, '•'),
    (0x96, '–'),
    (0x97, '—'),
    (0x98, '˜'),
    (0x99, '™'),
    (0x9A, 'š'),
    (0x9B, '›'),
    (0x9C, 'œ'),
    (0x9E, 'ž'),
    (0x9F, 'Ÿ'),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_typed_in_an_old_code_page_is_recognised_in_a_unicode_file() {
        for (typed, charset, meant) in [
            ("C«ng ty TNHH Minh Ph¸t", Charset::Tcvn3, "Công ty TNHH Minh Phát"),
            ("NguyÔn ThÞ H\u{ad}êng", Charset::Tcvn3, "Nguyễn Thị Hường"),
            ("§Æng Mü Linh", Charset::Tcvn3, "Đặng Mỹ Linh"),
            ("Nguyeãn Thò Höôøng", Charset::Vni, "Nguyễn Thị Hường"),
            ("Coâng ty TNHH Minh Phaùt", Charset::Vni, "Công ty TNHH Minh Phát"),
            ("Ñaëng Myõ Linh", Charset::Vni, "Đặng Mỹ Linh"),
        ] {
            assert_eq!(mistyped(typed), Some((charset, meant.to_owned())), "{typed}");
        }
    }

    #[test]
    fn utf_8_that_was_read_as_windows_1252_is_recognised() {
        // By `iconv -f CP1252 -t UTF-8` of the UTF-8 text; the last as Latin-1.
        for (shown, meant) in [
            ("CÃ´ng ty", "Công ty"),
            ("Nguyá»…n Thá»‹ HÆ°á»ng".replace("á»ng", "á»\u{9d}ng").as_str(), "Nguyễn Thị Hường"),
            ("Tráº§n VÄƒn Äá»©c".replace("Äá", "Ä\u{90}á").as_str(), "Trần Văn Đức"),
            ("Máº¥t", "Mất"),
        ] {
            assert_eq!(garbled(shown).as_deref(), Some(meant), "{shown}");
        }
        for text in ["Nguyễn Thị Hường", "SÃO PAULO", "Société Générale", "Ã", "Lò Văn Tú", ""] {
            assert_eq!(garbled(text), None, "{text}");
        }
    }

    #[test]
    fn right_text_is_left_alone() {
        for text in [
            "Nguyễn Thị Hường",
            "Lê Tú Hà",
            "Trà Cú",
            "Lò Văn Tú",
            "Hà",
            "Hòa Bình",
            "Société Générale",
            "Café Müller",
            "São Paulo",
            "Nestlé",
            "Công ty Béton Frères",
            "20 µm",
            "36 m², 5 Mµ",
            "37,5 °C",
            "© 2026",
            // One strange word without a sign in it is not enough to be sure.
            "HOAØNG THU TRANG",
            "Đà Nẵng ± 5",
            "ABC",
            "",
        ] {
            assert_eq!(mistyped(text), None, "{text}");
        }
    }
}
