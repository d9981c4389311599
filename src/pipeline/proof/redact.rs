//! Copies of issued letters for third parties: made again from the snapshot with every personal value replaced by a bar, so that
//! the words are not in the file. What was made is read again, and nothing is written where a value is still there.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Letter, Letters};
use crate::case::Case;
use crate::document::{Align, Block, Emphasis, Inline, Paragraph};
use crate::font::FontSet;
use crate::form::FormSet;
use crate::layout::{self, Layout, Style};
use crate::letter::wording;
use crate::pdf;
use crate::pipeline::render::at_midnight;

/// What stands for a value; its length says nothing of it.
const BAR: &str = "█████";
/// What a copy says of itself.
const MARK: &str = "BẢN ĐÃ CHE THÔNG TIN CÁ NHÂN, không có giá trị thay bản gốc";
/// Digits from which a number is a phone, an id or a serial; sums of money and dates have fewer or other signs.
const FEWEST_DIGITS: usize = 9;

/// Keys whose values are personal wherever they stand.
const PERSONAL: [&str; 12] = [
    "ho_ten",
    "ma_so_thue",
    "so_can_cuoc",
    "dia_chi",
    "dien_thoai",
    "email",
    "so_goi_den",
    "nguoi_nhan",
    "nguoi_lam_chung",
    "so_giay_uy_quyen",
    "serial_chung_thu",
    "so_van_ban",
];
/// Blocks whose `ten` is that of a complainant.
const NAMED: [&str; 2] = ["nguoi_khieu_nai", "thay_doi"];
/// Values of a view that are the issuer's own, or the case's code and days.
const OWN: [&str; 14] = [
    "ma_ho_so",
    "ten_cong_ty",
    "ten_cong_ty_hoa",
    "ten_trung_tam",
    "ten_trung_tam_hoa",
    "so_ky_hieu",
    "dia_danh_ngay",
    "dia_chi",
    "dien_thoai",
    "email",
    "website",
    "nguoi_ky",
    "nguoi_ky_xung_ho",
    "chuc_vu_ky",
];

/// Words by which the name of a body is known.
const BODIES: [&str; 14] = [
    "công ty",
    "tnhh",
    "doanh nghiệp",
    "hợp tác xã",
    "trường",
    "trung tâm",
    "văn phòng",
    "tập đoàn",
    "ngân hàng",
    "cổ phần",
    "chi nhánh",
    "hộ kinh doanh",
    "cửa hàng",
    "phòng",
];

/// A redacted copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redacted {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its pages.
    pub pages: usize,
    /// How many places were blacked out.
    pub places: usize,
}

impl Letters<'_> {
    /// The letters that got this number and symbol in this year.
    #[must_use]
    pub fn numbered(&self, number: &str, year: i32) -> Vec<&Letter> {
        self.letters.iter().filter(|letter| letter.number == number && letter.year == year).collect()
    }

    /// Makes the redacted copy of a letter; `case` is the case file, whose values may stand in free text though the letter did not
    /// use them otherwise.
    ///
    /// # Errors
    /// Why there is none, a Vietnamese sentence.
    pub fn redact(&self, letter: &Letter, case: &Case) -> Result<Redacted, String> {
        if letter.batch.is_some() {
            return Err("Văn bản hàng loạt không thuộc hồ sơ nào, chưa làm bản che được.".to_owned());
        }
        let (snapshot, texts) = self.snapshot(letter).ok_or("Bản chụp căn cứ của văn bản không còn hoặc đã bị sửa.")?;
        let mut secrets = Secrets::default();
        secrets.gather(&serde_json::to_value(case).unwrap_or_default(), &mut Vec::new());
        for (path, value) in &snapshot.facts {
            let names: Vec<String> =
                path.split('.').map(|name| name.split('[').next().unwrap_or_default().to_owned()).collect();
            secrets.add(&names, value);
        }
        let mut view = snapshot.view.clone();
        let mut places = 0;
        if let Some(fields) = view.as_object_mut() {
            for (_, value) in fields.iter_mut().filter(|(name, _)| !OWN.contains(&name.as_str())) {
                secrets.mask(value, &mut places);
            }
        }
        let forms: Vec<(String, String)> = snapshot
            .forms
            .iter()
            .filter_map(|kept| Some((kept.name.clone(), texts.get(&kept.sha256)?.clone())))
            .collect();
        let told = |faults: Vec<crate::diagnostic::Diagnostic>| {
            faults.into_iter().map(|fault| fault.message).collect::<Vec<_>>().join(" ")
        };
        let forms = FormSet::load(&forms).map_err(told)?;
        let style = texts.get(&snapshot.style.sha256).map(String::as_str).unwrap_or_default();
        let style = Style::parse(style).map_err(|error| error.to_string())?;
        let fonts = self.workspace.map_or_else(FontSet::builtin, |workspace| workspace.fonts.clone());
        let form = snapshot.form.clone().ok_or("Bản chụp căn cứ không ghi văn bản dùng biểu mẫu nào.")?;
        let mut document = forms.document_of(&form, &view).map_err(|fault| fault.message)?;
        document.title = format!("Bản đã che của văn bản số {} năm {}", letter.number, letter.year);
        document.subject = MARK.to_owned();
        document.watermark = Some("ĐÃ CHE".to_owned());
        let emphasis = Emphasis { bold: true, ..Emphasis::default() };
        let content = vec![Inline::Text { text: MARK.to_owned(), emphasis }];
        let mark = Paragraph { content, align: Some(Align::Center), flush: true, ..Paragraph::default() };
        document.blocks.insert(0, Block::Paragraph(mark));
        let layout = layout::lay_out(&document, &style, &fonts)
            .map_err(|faults| faults.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))?;
        let metadata = pdf::Metadata::of(&document, at_midnight(snapshot.date.or(letter.date)));
        if let Some(kind) = secrets.left_in(&layout, &[&metadata.title, &metadata.author, &metadata.subject]) {
            return Err(format!("Không ghi bản che: sau khi che vẫn còn {kind}. Xem lại biểu mẫu của văn bản này."));
        }
        let bytes = pdf::export(&layout, &fonts, &metadata).map_err(|error| error.to_string())?;
        Ok(Redacted { bytes, pages: layout.pages.len(), places })
    }
}

/// Letters as they are compared: small, one kind of space.
fn small(letter: char) -> char {
    if letter.is_whitespace() { ' ' } else { letter.to_lowercase().next().unwrap_or(letter) }
}

/// Personal values of a case, each with the key it stands under.
#[derive(Debug, Default)]
struct Secrets {
    values: BTreeMap<String, String>,
}

impl Secrets {
    fn gather(&mut self, value: &Value, path: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                for (name, below) in fields {
                    path.push(name.clone());
                    self.gather(below, path);
                    path.pop();
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.gather(item, path)),
            Value::String(text) => self.add(path, text),
            Value::Number(number) => self.add(path, &number.to_string()),
            _ => {}
        }
    }

    fn add(&mut self, path: &[String], text: &str) {
        let Some(key) = path.last().map(String::as_str) else { return };
        let block = path.len().checked_sub(2).and_then(|place| path.get(place)).map(String::as_str).unwrap_or_default();
        let named = key == "ten" && NAMED.contains(&block);
        if !(named || PERSONAL.contains(&key)) {
            return;
        }
        let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut keep = |text: &str| {
            let text = text.trim_matches(|letter: char| !letter.is_alphanumeric());
            if text.chars().count() >= 2 {
                self.values.insert(text.chars().map(small).collect(), key.to_owned());
            }
        };
        keep(&folded);
        if named || matches!(key, "ho_ten" | "nguoi_lam_chung" | "nguoi_nhan") {
            // "Ông Lâm Quang Phúc, nhân viên": the name, the given name with the middle one, the given name.
            let name = wording::bare_name(&folded);
            let words: Vec<&str> = name.split(' ').collect();
            keep(name);
            if let [.., middle, given] = words[..] {
                keep(&format!("{middle} {given}"));
                // The last word of a body's name is often a common one.
                let small: String = name.chars().map(small).collect();
                if !BODIES.iter().any(|word| small.contains(word)) {
                    keep(given);
                }
            }
        }
    }

    /// The text with bars in place of every personal value, whatever its capitals; of numbers that look like phones or ids; of
    /// addresses of mail.
    fn masked(&self, text: &str, places: &mut usize) -> String {
        let letters: Vec<char> = text.chars().collect();
        let folded: Vec<char> = letters.iter().copied().map(small).collect();
        let mut hidden = vec![false; letters.len()];
        let whole = |from: usize, to: usize| {
            let word = |place: Option<&char>| place.is_some_and(|letter| letter.is_alphanumeric());
            !word(from.checked_sub(1).and_then(|before| letters.get(before))) && !word(letters.get(to))
        };
        for value in self.values.keys() {
            let value: Vec<char> = value.chars().collect();
            for from in 0..(folded.len() + 1).saturating_sub(value.len()) {
                let to = from + value.len();
                // A given name alone is one only with its capital: "An", not "an toàn".
                let capital = value.contains(&' ') || !value[0].is_alphabetic() || letters[from].is_uppercase();
                if folded[from..to] == value[..] && whole(from, to) && capital {
                    hidden[from..to].fill(true);
                }
            }
        }
        for (from, to) in numbers(&letters).into_iter().chain(mails(&letters)) {
            hidden[from..to].fill(true);
        }
        let mut out = String::new();
        for (place, letter) in letters.iter().enumerate() {
            if !hidden[place] {
                out.push(*letter);
            } else if place == 0 || !hidden[place - 1] {
                out.push_str(BAR);
                *places += 1;
            }
        }
        out
    }

    fn mask(&self, value: &mut Value, places: &mut usize) {
        match value {
            Value::String(text) => *text = self.masked(text, places),
            Value::Array(items) => items.iter_mut().for_each(|item| self.mask(item, places)),
            Value::Object(fields) => fields.values_mut().for_each(|field| self.mask(field, places)),
            _ => {}
        }
    }

    /// The key of a value that can still be read in the pages or in what the file says of itself, whatever its spaces and lines.
    fn left_in(&self, layout: &Layout, metadata: &[&str]) -> Option<&str> {
        let squeezed = |text: &str| -> String { text.chars().filter(|c| !c.is_whitespace()).map(small).collect() };
        let mut texts: BTreeSet<String> = metadata.iter().map(|text| squeezed(text)).collect();
        texts.insert(squeezed(&layout.page_texts().concat()));
        let long = |value: &&String| value.chars().filter(|c| c.is_alphanumeric()).count() >= 6;
        let found =
            self.values.keys().filter(long).find(|value| texts.iter().any(|text| text.contains(&squeezed(value))));
        found.and_then(|value| self.values.get(value)).map(String::as_str)
    }
}

/// Where numbers of many digits stand, with the spaces, dots and hyphens in them.
fn numbers(letters: &[char]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut from = 0;
    while from < letters.len() {
        if !letters[from].is_ascii_digit() {
            from += 1;
            continue;
        }
        let (mut to, mut digits, mut place) = (from, 0, from);
        while let Some(letter) = letters.get(place) {
            if letter.is_ascii_digit() {
                digits += 1;
                to = place + 1;
            } else if !(matches!(letter, ' ' | '\u{a0}' | '.' | '-') && to == place) {
                break;
            }
            place += 1;
        }
        if digits >= FEWEST_DIGITS {
            found.push((from, to));
        }
        from = to.max(from + 1);
    }
    found
}

/// Where addresses of mail stand.
fn mails(letters: &[char]) -> Vec<(usize, usize)> {
    let part = |letter: &char| letter.is_alphanumeric() || "._%+-@".contains(*letter);
    let at = letters.iter().enumerate().filter(|(_, letter)| **letter == '@');
    at.map(|(at, _)| {
        let before = letters[..at].iter().rev().take_while(|letter| part(letter)).count();
        let after = letters[at..].iter().take_while(|letter| part(letter)).count();
        (at - before, at + after)
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_masked_wherever_they_stand() {
        let case: Case = crate::yaml::read(
            "ma_ho_so: KN-2026-0042\nnguoi_khieu_nai:\n  loai: doanh_nghiep\n  ten: Công ty TNHH Thương mại Minh Phát\n  ma_so_thue: 0199456716\n  \
             nguoi_dai_dien: {xung_ho: Bà, ho_ten: Nguyễn Thị Hường}\n  dia_chi: Số 12 phố Trần Thái Tông, Hà Nội\n  dien_thoai: 0912 345 678\n",
        )
        .unwrap();
        let mut secrets = Secrets::default();
        secrets.gather(&serde_json::to_value(&case).unwrap(), &mut Vec::new());
        for (text, expected) in [
            ("Bà Nguyễn Thị Hường gọi", "Bà █████ gọi"),
            ("BÀ NGUYỄN THỊ HƯỜNG", "BÀ █████"),
            ("chị Hường nói", "chị █████ nói"),
            ("bà Thị Hường", "bà █████"),
            ("công ty Minh Phát đề nghị", "công ty █████ đề nghị"),
            ("của Công ty TNHH Thương mại Minh\u{a0}Phát.", "của █████."),
            ("gọi 0912.345.678 hoặc 0912345678", "gọi █████ hoặc █████"),
            ("gọi số khác: 024 3975 1234", "gọi số khác: █████"),
            ("MST 0199456716; thư a.b@c.vn,", "MST █████; thư █████,"),
            ("ở số 12 phố Trần Thái Tông, Hà Nội", "ở █████"),
            (
                "ngày 12/10/2026, hồ sơ KN-2026-0042, 1.826.000 đồng",
                "ngày 12/10/2026, hồ sơ KN-2026-0042, 1.826.000 đồng",
            ),
        ] {
            assert_eq!(secrets.masked(text, &mut 0), expected);
        }
    }
}
