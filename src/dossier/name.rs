//! Which names an entry may have, so that every system can unpack it.

use unicode_normalization::UnicodeNormalization;

const RESERVED: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1", "lpt2",
    "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];
/// Longest path under `data/`, in bytes.
const MAX_PATH: usize = 1000;
/// Longest single name, in bytes: the limit of most file systems.
const MAX_PART: usize = 255;

/// What Windows forbids, and `%`: RFC 8493 encodes it in manifests, and widespread tools do not decode it.
fn forbidden(letter: char) -> bool {
    letter.is_control() || r#"\:*?"<>|%"#.contains(letter) || matches!(letter, '\u{2028}' | '\u{2029}')
}

fn reserved(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or_default().trim_end().to_lowercase();
    RESERVED.contains(&stem.as_str())
}

/// Whether `path` may stand under `data/` of a dossier.
///
/// # Errors
/// Why not, in Vietnamese.
pub fn check_name(path: &str) -> Result<(), &'static str> {
    if path.len() > MAX_PATH {
        return Err("đường dẫn quá dài");
    }
    for part in path.split('/') {
        if part.is_empty() || part == "." || part == ".." {
            return Err("đường dẫn đi ra ngoài hồ sơ hoặc có phần rỗng");
        }
        if part.len() > MAX_PART {
            return Err("tên tệp quá dài");
        }
        if part.chars().any(forbidden) {
            return Err("tên có ký tự không dùng được trên mọi máy");
        }
        if part.ends_with(['.', ' ']) || part.starts_with(' ') || reserved(part) {
            return Err("Windows không nhận tên này");
        }
    }
    if path.nfc().ne(path.chars()) {
        return Err("tên không ở dạng Unicode dựng sẵn (NFC)");
    }
    Ok(())
}

fn shorten(part: &str) -> String {
    let ending = part.rsplit_once('.').map(|(_, ending)| format!(".{ending}")).filter(|e| e.len() < 20);
    let ending = ending.unwrap_or_default();
    let mut stem = part[..part.len() - ending.len()].to_owned();
    while stem.len() + ending.len() > MAX_PART - 10 {
        stem.pop();
    }
    stem.trim_end_matches([' ', '.']).to_owned() + &ending
}

/// The nearest name that [`check_name`] accepts: NFC, forbidden characters as `_`, no part that leads out.
#[must_use]
pub fn safe_name(path: &str) -> String {
    let parts = path.split('/').filter(|part| !part.is_empty() && *part != ".").map(|part| {
        if part == ".." {
            return "__".to_owned();
        }
        let clean: String = part.nfc().map(|letter| if forbidden(letter) { '_' } else { letter }).collect();
        let clean = clean.trim_start_matches(' ');
        let mut clean = clean.to_owned();
        while clean.ends_with(['.', ' ']) {
            clean.pop();
        }
        if clean.len() > MAX_PART - 10 {
            clean = shorten(&clean);
        }
        if clean.is_empty() || reserved(&clean) { format!("_{clean}") } else { clean }
    });
    let mut safe = parts.collect::<Vec<_>>().join("/");
    // Hopelessly deep: keep the end, which holds the file's own name.
    while safe.len() > MAX_PATH - 10 {
        match safe.split_once('/') {
            Some((_, rest)) => safe = rest.to_owned(),
            None => break,
        }
    }
    if safe.is_empty() { "_".to_owned() } else { safe }
}
