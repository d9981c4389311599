//! Font programs: one subset for each face a document uses.

use std::collections::{BTreeMap, BTreeSet};

use lopdf::{Dictionary, Document, Object, Stream};
use printpdf::{FontId, FontMetrics, FontType, ParsedFont, PdfFont, PdfFontMetricsStub};
use sha2::{Digest, Sha256};

use super::Error;
use crate::font::{FaceId, FontSet, Metrics, Subset};
use crate::layout::Layout;

/// One face as the document embeds it.
pub(super) struct Program {
    index: usize,
    /// PostScript name with subset tag.
    name: String,
    metrics: Metrics,
    /// Widths of letters in 1/1000 em.
    widths: BTreeMap<char, u16>,
    subset: Subset,
}

/// The faces of a document.
pub(super) struct Programs(BTreeMap<FaceId, Program>);

impl Programs {
    pub(super) fn iter(&self) -> impl Iterator<Item = &Program> {
        self.0.values()
    }

    pub(super) fn get(&self, face: FaceId) -> Option<&Program> {
        self.0.get(&face)
    }
}

/// Subsets every face to the letters the pages show.
pub(super) fn gather(layout: &Layout, fonts: &FontSet) -> Result<Programs, Error> {
    let mut letters: BTreeMap<FaceId, BTreeSet<char>> = BTreeMap::new();
    for line in layout.pages.iter().flat_map(|page| &page.lines) {
        for run in line.runs.iter().filter(|run| !run.text.is_empty()) {
            let face = fonts.face(run.face);
            let used = letters.entry(run.face).or_default();
            for letter in run.text.chars() {
                if used.insert(letter) && face.width(letter).is_none() {
                    let (face, text) = (face.name().to_owned(), run.text.clone());
                    return Err(Error::NoGlyph { letter, face, text });
                }
            }
        }
    }
    let mut programs = BTreeMap::new();
    for (id, used) in letters {
        let face = fonts.face(id);
        let subset = face.subset(&used)?;
        let widths = used.iter().filter_map(|letter| face.width(*letter).map(|width| (*letter, width))).collect();
        let name = format!("{}+{}", tag(&used), face.name());
        programs.insert(id, Program { index: id.index(), name, metrics: face.metrics(), widths, subset });
    }
    Ok(Programs(programs))
}

/// Six capital letters that name a subset (ISO 32000-1, 9.6.4), from the letters it holds.
fn tag(letters: &BTreeSet<char>) -> String {
    let digest = Sha256::digest(letters.iter().collect::<String>());
    digest.iter().take(6).map(|byte| char::from(b'A' + byte % 26)).collect()
}

impl Program {
    /// Resource name; never one of printpdf's built-in F1–F14.
    pub(super) fn id(&self) -> FontId {
        FontId(format!("T{}", self.index))
    }

    /// The font as printpdf is to describe it; the program itself is put in by `embed`.
    pub(super) fn placeholder(&self) -> PdfFont {
        let codes = &self.subset.codes;
        let width = |letter: &char| self.widths.get(letter).copied().unwrap_or(0);
        let [x_min, y_min, x_max, y_max] = self.metrics.bounds;
        PdfFont::new(ParsedFont {
            original_bytes: vec![0, 1, 0, 0],
            font_index: 0,
            font_name: Some(self.name.clone()),
            codepoint_to_glyph: codes.iter().map(|(letter, code)| (u32::from(*letter), *code)).collect(),
            glyph_widths: codes.iter().map(|(letter, code)| (*code, width(letter))).collect(),
            units_per_em: 1000,
            font_metrics: FontMetrics { ascent: self.metrics.ascent, descent: self.metrics.descent },
            font_type: FontType::TrueType,
            pdf_font_metrics: PdfFontMetricsStub {
                units_per_em: 1000,
                x_min,
                y_min,
                x_max,
                y_max,
                caret_slope_rise: self.metrics.slant.0,
                caret_slope_run: self.metrics.slant.1,
                us_weight_class: self.metrics.weight,
            },
        })
    }
}

/// Puts the font programs in place of the placeholders.
pub(super) fn embed(file: &mut Document, programs: &Programs) -> Result<(), Error> {
    let descriptors: Vec<_> = file
        .objects
        .iter()
        .filter_map(|(id, object)| {
            let dictionary = object.as_dict().ok()?;
            dictionary.has_type(b"FontDescriptor").then(|| {
                let name = dictionary.get(b"FontName").and_then(Object::as_name).unwrap_or_default().to_vec();
                (*id, name)
            })
        })
        .collect();
    let mut embedded = 0;
    for (id, name) in descriptors {
        let Some(program) = programs.iter().find(|program| program.name.as_bytes() == name.as_slice()) else {
            return Err(Error::Library(format!("phông chữ lạ {}", String::from_utf8_lossy(&name))));
        };
        let descriptor = file.get_object_mut(id).and_then(Object::as_dict_mut).map_err(library)?;
        descriptor.set("CapHeight", i64::from(program.metrics.cap_height));
        let target = descriptor.get(b"FontFile2").and_then(Object::as_reference).map_err(library)?;
        let mut dictionary = Dictionary::new();
        dictionary.set("Length1", program.subset.program.len() as i64);
        file.set_object(target, Stream::new(dictionary, program.subset.program.clone()));
        embedded += 1;
    }
    if embedded == programs.0.len() {
        Ok(())
    } else {
        Err(Error::Library("có phông chữ chưa được nhúng".to_owned()))
    }
}

/// An error of the PDF library.
pub(super) fn library(error: lopdf::Error) -> Error {
    Error::Library(error.to_string())
}
