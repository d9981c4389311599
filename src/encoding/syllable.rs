//! Whether a word is a Vietnamese syllable.

use unicode_normalization::UnicodeNormalization;

const ONSETS: &[&str] = &[
    "", "b", "c", "ch", "d", "đ", "g", "gh", "gi", "h", "k", "kh", "l", "m", "n", "ng", "ngh", "nh", "p", "ph", "qu",
    "r", "s", "t", "th", "tr", "v", "x",
];

const RHYMES: &[&str] = &[
    "a", "ac", "ach", "ai", "am", "an", "ang", "anh", "ao", "ap", "at", "au", "ay", "ăc", "ăm", "ăn", "ăng", "ăp",
    "ăt", "âc", "âm", "ân", "âng", "âp", "ât", "âu", "ây", "e", "ec", "em", "en", "eng", "eo", "ep", "et", "ê", "êch",
    "êm", "ên", "ênh", "êp", "êt", "êu", "i", "ia", "ich", "iêc", "iêm", "iên", "iêng", "iêp", "iêt", "iêu", "im",
    "in", "inh", "ip", "it", "iu", "o", "oa", "oac", "oach", "oai", "oam", "oan", "oang", "oanh", "oao", "oap", "oat",
    "oay", "oăc", "oăm", "oăn", "oăng", "oăt", "oc", "oe", "oen", "oeo", "oet", "oi", "om", "on", "ong", "ooc", "oong",
    "op", "ot", "ô", "ôc", "ôi", "ôm", "ôn", "ông", "ôp", "ôt", "ơ", "ơi", "ơm", "ơn", "ơp", "ơt", "u", "ua", "uân",
    "uâng", "uât", "uây", "uc", "uê", "uêch", "uênh", "ui", "um", "un", "ung", "uơ", "uôc", "uôi", "uôm", "uôn",
    "uông", "uôt", "up", "ut", "uy", "uya", "uych", "uyên", "uyêt", "uynh", "uyt", "uyu", "ư", "ưa", "ưc", "ưi", "ưm",
    "ưn", "ưng", "ươc", "ươi", "ươm", "ươn", "ương", "ươp", "ươt", "ươu", "ưt", "ưu", "y", "yêm", "yên", "yêng", "yêt",
    "yêu",
];

/// Whether `word` could be one syllable of Vietnamese: an onset, a rhyme, at most one tone.
pub(super) fn is_syllable(word: &str) -> bool {
    let tone = |c: char| matches!(c, '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}');
    let lower = word.to_lowercase();
    let tones = lower.nfd().filter(|c| tone(*c)).count();
    let bare: String = lower.nfd().filter(|c| !tone(*c)).nfc().collect();
    let fits = |onset: &str| bare.strip_prefix(onset).is_some_and(|rest| RHYMES.contains(&rest));
    // "gì", "giếng": the i belongs to both.
    let shared =
        || bare == "gi" || bare.strip_prefix("giê").is_some_and(|end| RHYMES.contains(&format!("iê{end}").as_str()));
    // A syllable closed by a stop has one of two tones.
    let stopped = bare.ends_with(['c', 'p', 't']) || bare.ends_with("ch");
    let allowed = lower.nfd().filter(|c| tone(*c)).all(|c| !stopped || matches!(c, '\u{301}' | '\u{323}'));
    tones <= 1 && allowed && (ONSETS.iter().any(|onset| fits(onset)) || shared())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables() {
        for word in
            "Nguyễn Thị Hường khuỷu nghiêng quyết giếng gì giải Đặng PHỤNG ký thuế chuyển quốc Ý uống oái ngoằn xoong"
                .split(' ')
        {
            assert!(is_syllable(word), "{word}");
        }
        for word in "NguyÔn H\u{ad}êng Générale Müller Höông Nestlé Coâng hườngg ớờ mảt bcd".split(' ')
        {
            assert!(!is_syllable(word), "{word}");
        }
    }
}
