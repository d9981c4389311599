//! Making an old letter again from its snapshot.

use serde::Serialize;

use super::{Letter, Letters};
use crate::diagnostic::Diagnostic;
use crate::font::FontSet;
use crate::form::{FormSet, form_name};
use crate::fs;
use crate::layout::{self, Style};
use crate::letter::LetterKind;
use crate::pdf;
use crate::pipeline::render::at_midnight;
use crate::pipeline::snapshot::Snapshot;

mod batch;

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
        if let Some(place) = &letter.batch {
            return match batch::again(self, letter, place) {
                Ok(bytes) => Again::compared(&bytes, letter),
                Err(again) => again,
            };
        }
        let Some((snapshot, texts)) = self.snapshot(letter) else {
            return Again::impossible("bản chụp căn cứ không còn hoặc đã bị sửa");
        };
        let fonts = match self.fonts(&snapshot.program, &snapshot.fonts) {
            Ok(fonts) => fonts,
            Err(again) => return again,
        };
        let forms: Vec<(String, String)> = snapshot
            .forms
            .iter()
            .filter_map(|kept| Some((kept.name.clone(), texts.get(&kept.sha256)?.clone())))
            .collect();
        let style = texts.get(&snapshot.style.sha256).map(String::as_str).unwrap_or_default();
        match render(&snapshot, letter, &forms, style, &fonts) {
            Ok(bytes) => Again::compared(&bytes, letter),
            Err(reason) => Again::Impossible { reason },
        }
    }

    /// The fonts a letter was made with, where this program made it.
    fn fonts(&self, program: &str, digest: &str) -> Result<FontSet, Again> {
        let this = env!("CARGO_PKG_VERSION");
        if program != this {
            return Err(Again::OtherProgram { made_by: program.to_owned(), this: this.to_owned() });
        }
        let own = self.workspace.map(|workspace| workspace.fonts.clone());
        own.into_iter().chain([FontSet::builtin()]).find(|fonts| fonts.digest() == digest).ok_or(Again::OtherFonts)
    }
}

impl Again {
    fn compared(bytes: &[u8], letter: &Letter) -> Self {
        if fs::sha256(bytes) == letter.sha256 { Self::Same } else { Self::Different { size: bytes.len() } }
    }

    fn impossible(reason: &str) -> Self {
        Self::Impossible { reason: reason.to_owned() }
    }
}

fn joined(faults: Vec<Diagnostic>) -> String {
    faults.into_iter().map(|fault| fault.message).collect::<Vec<_>>().join(" ")
}

fn render(
    snapshot: &Snapshot,
    letter: &Letter,
    forms: &[(String, String)],
    style: &str,
    fonts: &FontSet,
) -> Result<Vec<u8>, String> {
    let forms = FormSet::load(forms).map_err(joined)?;
    let style = Style::parse(style).map_err(|error| error.to_string())?;
    let stem = letter.letter.rsplit('/').next().unwrap_or_default();
    let guessed = || LetterKind::ALL.into_iter().find(|kind| stem.starts_with(kind.stem())).map(form_name);
    let form = snapshot.form.clone().or_else(guessed).ok_or("không rõ văn bản dùng biểu mẫu nào")?;
    let document = forms.document_of(&form, &snapshot.view).map_err(|fault| fault.message)?;
    let layout = layout::lay_out(&document, &style, fonts)
        .map_err(|faults| faults.iter().map(|fault| fault.diagnostic(stem).message).collect::<Vec<_>>().join(" "))?;
    let metadata = pdf::Metadata::of(&document, at_midnight(snapshot.date.or(letter.date)));
    pdf::export(&layout, fonts, &metadata).map_err(|error| error.to_string())
}
