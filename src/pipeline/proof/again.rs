//! Making an old letter again from its snapshot.

use serde::Serialize;

use super::{Letter, Letters};
use crate::document;
use crate::font::FontSet;
use crate::form::{FormSet, form_name};
use crate::fs;
use crate::layout::{self, Style};
use crate::letter::LetterKind;
use crate::pdf;
use crate::pipeline::render::at_midnight;
use crate::pipeline::snapshot::Snapshot;

/// What came of making a letter again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum Again {
    /// Byte for byte the issued letter.
    Same,
    /// Other bytes, though program, form, style and fonts are those of the snapshot.
    Different {
        /// Size of what came out, in bytes.
        size: usize,
    },
    /// Another program version made it; nothing was compared.
    OtherProgram {
        /// The version that made it.
        made_by: String,
        /// This version.
        this: String,
    },
    /// Made with fonts that are not at hand.
    OtherFonts,
    /// It cannot be made.
    Impossible {
        /// Why, in Vietnamese.
        reason: String,
    },
}

impl Letters<'_> {
    /// Makes the letter again from its snapshot and compares it with the issued bytes.
    #[must_use]
    pub fn make_again(&self, letter: &Letter) -> Again {
        let impossible = |reason: &str| Again::Impossible { reason: reason.to_owned() };
        if letter.snapshot.is_empty() {
            return impossible(
                "văn bản hàng loạt không thuộc hồ sơ nào không có bản chụp riêng; lập lại cả loạt từ bảng dữ liệu trong hồ sơ lưu của loạt",
            );
        }
        let Some((snapshot, texts)) = self.snapshot(letter) else {
            return impossible("bản chụp căn cứ không còn hoặc đã bị sửa");
        };
        let this = env!("CARGO_PKG_VERSION");
        if snapshot.program != this {
            return Again::OtherProgram { made_by: snapshot.program, this: this.to_owned() };
        }
        let builtin = FontSet::builtin();
        let own = self.workspace.map(|workspace| &workspace.fonts);
        let Some(fonts) = own.into_iter().chain([&builtin]).find(|fonts| fonts.digest() == snapshot.fonts) else {
            return Again::OtherFonts;
        };
        let forms: Vec<(String, String)> = snapshot
            .forms
            .iter()
            .filter_map(|kept| Some((kept.name.clone(), texts.get(&kept.sha256)?.clone())))
            .collect();
        let style = texts.get(&snapshot.style.sha256).map(String::as_str).unwrap_or_default();
        match render(&snapshot, letter, &forms, style, fonts) {
            Ok(bytes) if fs::sha256(&bytes) == letter.sha256 => Again::Same,
            Ok(bytes) => Again::Different { size: bytes.len() },
            Err(reason) => Again::Impossible { reason },
        }
    }
}

fn render(
    snapshot: &Snapshot,
    letter: &Letter,
    forms: &[(String, String)],
    style: &str,
    fonts: &FontSet,
) -> Result<Vec<u8>, String> {
    let say = |faults: Vec<crate::diagnostic::Diagnostic>| {
        faults.into_iter().map(|fault| fault.message).collect::<Vec<_>>().join(" ")
    };
    let forms = FormSet::load(forms).map_err(say)?;
    let style = Style::parse(style).map_err(|error| error.to_string())?;
    let stem = letter.letter.rsplit('/').next().unwrap_or_default();
    let guessed = || LetterKind::ALL.into_iter().find(|kind| stem.starts_with(kind.stem())).map(form_name);
    let form = snapshot.form.clone().or_else(guessed).ok_or("không rõ văn bản dùng biểu mẫu nào")?;
    let markup = forms.fill_with(&form, &snapshot.view).map_err(|fault| fault.message)?;
    let document = document::parse(&markup).map_err(|error| error.to_string())?;
    let layout = layout::lay_out(&document, &style, fonts)
        .map_err(|faults| faults.iter().map(|fault| fault.diagnostic(stem).message).collect::<Vec<_>>().join(" "))?;
    let metadata = pdf::Metadata::of(&document, at_midnight(snapshot.date.or(letter.date)));
    pdf::export(&layout, fonts, &metadata).map_err(|error| error.to_string())
}
