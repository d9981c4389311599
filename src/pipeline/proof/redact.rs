//! Copies of issued letters for third parties: made again from the snapshot with every personal value replaced by a bar, so that
//! the words are not in the file. What was made is read again, and nothing is written where a value is still there.

use serde_json::Value;

use super::{Letter, Letters};
use crate::case::Case;
use crate::document::{Align, Block, Emphasis, Inline, Paragraph};
use crate::font::FontSet;
use crate::form::FormSet;
use crate::layout::{self, Style};
use crate::pdf;
use crate::persons::{self, Own, Persons};
use crate::pipeline::render::at_midnight;
use crate::settings::Settings;

/// What a copy says of itself.
const MARK: &str = "BẢN ĐÃ CHE THÔNG TIN CÁ NHÂN, không có giá trị thay bản gốc";
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
        let mut view = snapshot.view.clone();
        let said_of_itself = own_texts(&view);
        let mut own = self.workspace.map(|workspace| own_of(&workspace.settings)).unwrap_or_default();
        said_of_itself.iter().for_each(|text| own.add(text));
        // What stands in the forms is the office's as well.
        snapshot.forms.iter().filter_map(|kept| texts.get(&kept.sha256)).for_each(|text| own.add(text));
        let mut persons = Persons::new(own);
        persons.add_case(case);
        snapshot.facts.iter().for_each(|(path, value)| persons.add_fact(path, value));
        let (mut places, mut masked) = (0, Vec::new());
        if let Some(fields) = view.as_object_mut() {
            for (_, value) in fields.iter_mut().filter(|(name, _)| !OWN.contains(&name.as_str())) {
                mask(&persons, value, &mut places, &mut masked);
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
        let told = [metadata.title.as_str(), &metadata.author, &metadata.subject];
        if let Some(kind) = persons::left_in(&persons, &layout.page_texts().join("\n"), &told, &masked, &said_of_itself)
        {
            return Err(format!("Không ghi bản che: sau khi che vẫn còn {kind}. Xem lại biểu mẫu của văn bản này."));
        }
        let bytes = pdf::export(&layout, &fonts, &metadata).map_err(|error| error.to_string())?;
        Ok(Redacted { bytes, pages: layout.pages.len(), places })
    }
}

/// What a view says of the office, the longest first.
fn own_texts(view: &Value) -> Vec<String> {
    let fields = view.as_object().into_iter().flatten().filter(|(name, _)| OWN.contains(&name.as_str()));
    let mut texts: Vec<String> = fields.filter_map(|(_, value)| Some(value.as_str()?.to_owned())).collect();
    texts.sort_by_key(|text| std::cmp::Reverse(text.len()));
    texts
}

/// Phones and addresses of mail of the office, at any time.
pub(crate) fn own_of(settings: &Settings) -> Own {
    let mut own = Own::default();
    for issuer in &settings.issuers {
        own.add(&issuer.phone.to_string());
        issuer.email.iter().for_each(|email| own.add(&email.to_string()));
    }
    own
}

/// Masks every text of a value; `masked` gets what came of each.
fn mask(persons: &Persons, value: &mut Value, places: &mut usize, masked: &mut Vec<String>) {
    match value {
        Value::String(text) => {
            *text = persons.masked(text, places);
            masked.push(text.clone());
        }
        Value::Array(items) => items.iter_mut().for_each(|item| mask(persons, item, places, masked)),
        Value::Object(fields) => fields.values_mut().for_each(|field| mask(persons, field, places, masked)),
        _ => {}
    }
}
