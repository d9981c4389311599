//! Pages → PDF/A-2a and PDF/UA-1 bytes. Sole user of `printpdf` and `lopdf`.
//!
//! printpdf writes page content and font dictionaries; a second pass over its objects adds what both standards ask for and
//! printpdf lacks: structure tree, XMP, output intent, language, identifiers from the content.

use chrono::{DateTime, FixedOffset};

use crate::document::{self, Document};
use crate::font::{self, FontSet};
use crate::layout::{self, Layout, Style};

pub mod compare;
mod conformance;
mod content;
pub mod increment;
mod program;
mod tags;
#[cfg(test)]
mod tests;

/// What a PDF says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata {
    /// Title; shown in the window's title bar.
    pub title: String,
    /// Author: the issuing body.
    pub author: String,
    /// Subject.
    pub subject: String,
    /// When the letter was made.
    pub created: DateTime<FixedOffset>,
    /// Name and version of the program.
    pub producer: String,
}

impl Metadata {
    /// Metadata from a document's own title, author and subject.
    #[must_use]
    pub fn of(document: &Document, created: DateTime<FixedOffset>) -> Self {
        Self {
            title: document.title.clone(),
            author: document.author.clone(),
            subject: document.subject.clone(),
            created,
            producer: PRODUCER.to_owned(),
        }
    }
}

/// Name and version of this program.
pub const PRODUCER: &str = concat!("hoso ", env!("CARGO_PKG_VERSION"));

/// Why pages cannot become a valid PDF.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// PDF/UA asks for a title.
    #[error("Văn bản thiếu tiêu đề (title).")]
    NoTitle,
    /// No pages at all.
    #[error("Văn bản không có trang nào.")]
    NoPages,
    /// A line belongs to an element that is not in the tree.
    #[error("Dòng “{text}” không thuộc phần tử nào của cấu trúc văn bản.")]
    Untagged {
        /// The words.
        text: String,
    },
    /// A letter its face does not have.
    #[error("Phông chữ {face} không có ký tự “{letter}” trong “{text}”.")]
    NoGlyph {
        /// The letter.
        letter: char,
        /// PostScript name of the face.
        face: String,
        /// The words.
        text: String,
    },
    /// A face could not be subset and embedded.
    #[error(transparent)]
    Font(#[from] font::Error),
    /// The PDF library reported a fault.
    #[error("Không ghi được PDF: {0}.")]
    Library(String),
}

/// Why markup did not become a PDF.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The markup is wrong.
    #[error(transparent)]
    Markup(#[from] document::Error),
    /// The document cannot be laid out.
    #[error("{}", listed(.0))]
    Layout(Vec<layout::Fault>),
    /// The pages cannot be written.
    #[error(transparent)]
    Pdf(#[from] Error),
}

fn listed(faults: &[layout::Fault]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// A finished PDF.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// How many pages it has.
    pub pages: usize,
}

/// Markup → PDF.
///
/// # Errors
/// The first markup fault, all layout faults, or what keeps the pages from being valid.
pub fn render(markup: &str, style: &Style, fonts: &FontSet, metadata: &Metadata) -> Result<Rendered, RenderError> {
    let document = document::parse(markup)?;
    let layout = layout::lay_out(&document, style, fonts).map_err(RenderError::Layout)?;
    let bytes = export(&layout, fonts, metadata)?;
    Ok(Rendered { bytes, pages: layout.pages.len() })
}

/// Writes pages as PDF/A-2a and PDF/UA-1. The same input gives the same bytes.
///
/// # Errors
/// Whatever would make the file invalid: no title, untagged text, a letter without glyph, a face that cannot be embedded.
pub fn export(layout: &Layout, fonts: &FontSet, metadata: &Metadata) -> Result<Vec<u8>, Error> {
    if metadata.title.trim().is_empty() {
        return Err(Error::NoTitle);
    }
    if layout.pages.is_empty() {
        return Err(Error::NoPages);
    }
    let programs = program::gather(layout, fonts)?;
    let (pages, marks) = content::write(layout, &programs)?;
    let mut source = printpdf::PdfDocument::new("");
    source.pages = pages;
    for program in programs.iter() {
        source.resources.fonts.map.insert(program.id(), program.placeholder());
    }
    let mut warnings = Vec::new();
    let mut file = source.to_lopdf_document(&printpdf::PdfSaveOptions::default(), &mut warnings);
    if let Some(warning) = warnings.iter().find(|warning| format!("{:?}", warning.severity).contains("Error")) {
        return Err(Error::Library(warning.msg.clone()));
    }
    program::embed(&mut file, &programs)?;
    tags::add(&mut file, layout, &marks)?;
    conformance::add(&mut file, layout, metadata)?;
    conformance::save(file)
}
