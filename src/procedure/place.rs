//! Places of the case file as a clerk says them: rounds by their number, units by their name, lists counted from 1.

use super::round::units;
use crate::case::Case;

/// `sentence` with every path that counts from 0 put into words: `giai_quyet[0].tra_loi` becomes "lần 1, mục tra_loi",
/// `giai_quyet[1].chuyen_bo_phan[0].ban_ky` "lần 2, bộ phận Phòng Pháp chế, mục ban_ky". Paths without a place in a list
/// stay as they are.
#[must_use]
pub fn in_words(case: &Case, sentence: &str) -> String {
    let mut out = String::with_capacity(sentence.len());
    let mut rest = sentence;
    while let Some(start) = rest.find(|c: char| c.is_ascii_lowercase()) {
        let (before, from) = rest.split_at(start);
        out.push_str(before);
        let end = from.find(|c: char| !is_of_path(c)).unwrap_or(from.len());
        let (token, after) = from.split_at(end);
        let path = token.trim_end_matches(['.', '[']);
        let whole = !out.ends_with(char::is_alphanumeric);
        match Some(path).filter(|_| whole).and_then(|path| said(case, path)) {
            Some(words) => {
                // "mục giai_quyet[0].tra_loi" must not become "mục lần 1, mục tra_loi".
                if out.ends_with("Mục ") {
                    out.truncate(out.len() - "Mục ".len());
                    let mut letters = words.chars();
                    out.extend(letters.next().into_iter().flat_map(char::to_uppercase).chain(letters));
                } else {
                    if out.ends_with("mục ") {
                        out.truncate(out.len() - "mục ".len());
                    }
                    out.push_str(&words);
                }
                out.push_str(&token[path.len()..]);
            }
            None => out.push_str(token),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

fn is_of_path(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit() || "_.[]".contains(c)
}

/// One path in words; nothing when it has no place in a list.
fn said(case: &Case, path: &str) -> Option<String> {
    let mut words = Vec::new();
    let mut round = None;
    let mut plain: Vec<&str> = Vec::new();
    let mut counted = false;
    for part in path.split('.') {
        let Some((key, place)) = part.strip_suffix(']').and_then(|part| part.split_once('[')) else {
            plain.push(part);
            continue;
        };
        let place: usize = place.parse().ok()?;
        let nth = place.saturating_add(1);
        counted = true;
        match (key, round) {
            ("giai_quyet", None) if plain.is_empty() => {
                round = Some(place);
                words.push(format!("lần {}", case.round_number(place)));
            }
            ("chuyen_bo_phan", Some(index)) if plain.is_empty() => {
                let name = case.rounds.get(index).and_then(|round| units(round).into_iter().nth(place));
                let name = name.unwrap_or_else(|| format!("thứ {nth}"));
                // A unit the file does not name is called "bộ phận 2" already.
                words.push(if name.to_lowercase().starts_with("bộ phận ") {
                    name
                } else {
                    format!("bộ phận {name}")
                });
            }
            _ => {
                plain.push(key);
                words.push(format!("mục {} thứ {nth}", plain.join(".")));
                plain.clear();
            }
        }
    }
    if !plain.is_empty() {
        words.push(format!("mục {}", plain.join(".")));
    }
    counted.then(|| words.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(rounds: &str) -> Case {
        crate::yaml::read(&format!("ma_ho_so: KN-2026-0001\n{rounds}")).expect("case")
    }

    #[test]
    fn places_are_said_as_clerks_say_them() {
        let case = case(
            "giai_quyet:
- chuyen_bo_phan: [{bo_phan: Phòng Kỹ thuật}]
- chuyen_bo_phan: [{bo_phan: Phòng Pháp chế}, {noi_dung_xac_minh: [Ai?]}]
",
        );
        for (path, words) in [
            ("giai_quyet[0].tra_loi", "lần 1, mục tra_loi"),
            ("giai_quyet[0]", "lần 1"),
            ("giai_quyet[1].chuyen_bo_phan[0].ban_ky", "lần 2, bộ phận Phòng Pháp chế, mục ban_ky"),
            ("giai_quyet[1].chuyen_bo_phan[1].ket_qua.ngay", "lần 2, bộ phận 2, mục ket_qua.ngay"),
            ("giai_quyet[1].chuyen_bo_phan", "lần 2, mục chuyen_bo_phan"),
            ("giai_quyet[2].chuyen_bo_phan[0]", "lần 3, bộ phận thứ 1"),
            ("giai_quyet[0].tra_loi.gui[0].ngay_nhan", "lần 1, mục tra_loi.gui thứ 1, mục ngay_nhan"),
            ("tu_choi.gui[1].bang_chung", "mục tu_choi.gui thứ 2, mục bang_chung"),
            ("phieu_tiep_nhan.gui", "phieu_tiep_nhan.gui"),
            ("luu_ho_so", "luu_ho_so"),
        ] {
            assert_eq!(in_words(&case, path), words);
        }
    }

    #[test]
    fn the_sentence_around_a_place_stays() {
        let case = case("giai_quyet: [{lan: 2}]\n");
        for (sentence, words) in [
            ("Ghi vào mục giai_quyet[0].tra_loi.", "Ghi vào lần 2, mục tra_loi."),
            ("đổi giai_quyet[0].tra_loi.ban_hanh: co.", "đổi lần 2, mục tra_loi.ban_hanh: co."),
            ("Mục khieu_nai_lai[0] chưa có hiệu lực.", "Mục khieu_nai_lai thứ 1 chưa có hiệu lực."),
            ("(giai_quyet[0].tra_loi) chưa", "(lần 2, mục tra_loi) chưa"),
            ("Ghi vào mục phan_loai (nhom, muc_do): xong.", "Ghi vào mục phan_loai (nhom, muc_do): xong."),
            ("", ""),
        ] {
            assert_eq!(in_words(&case, sentence), words);
        }
    }

    proptest::proptest! {
        #[test]
        fn no_sentence_makes_it_panic(sentence in "[a-zđ\\[\\]0-9._ ]{0,40}") {
            let words = in_words(&case(""), &sentence);
            proptest::prop_assert!(sentence.contains('[') || words == sentence);
        }
    }
}
