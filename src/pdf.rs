//! Pages → PDF/A-2a and PDF/UA-1 bytes. Sole user of `printpdf` and `lopdf`.
//!
//! printpdf writes page content and font dictionaries; a second pass over its objects adds what both standards ask for and
//! printpdf lacks: structure tree, XMP, output intent, language, identifiers from the content.

use chrono::{DateTime, FixedOffset};

use crate::document::{self, Document};
use crate::font::{self, FontSet};
use crate::layout::{self, Layout, Style};
use file::{File, Id};
use tags::Tree;

pub mod bundle;
pub mod compare;
mod conformance;
mod content;
mod file;
pub mod increment;
mod outline;
mod program;
mod stream;
mod tags;
#[cfg(test)]
mod tests;
mod text;

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
    /// What would not be a valid tagged document.
    #[error(transparent)]
    Structure(#[from] layout::StructureFault),
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
    assemble(&[Letter { layout, title: &metadata.title }], fonts, metadata, false)
}

/// One letter of a merged file.
#[derive(Debug, Clone, Copy)]
pub struct Letter<'a> {
    /// Its pages.
    pub layout: &'a Layout,
    /// Its bookmark.
    pub title: &'a str,
}

/// Writes many letters as one file for the print room: faces embedded once, a bookmark and a part of the structure for each
/// letter. `metadata` is that of the whole.
///
/// # Errors
/// As [`export`].
pub fn merge(letters: &[Letter<'_>], fonts: &FontSet, metadata: &Metadata) -> Result<Vec<u8>, Error> {
    assemble(letters, fonts, metadata, true)
}

fn assemble(letters: &[Letter<'_>], fonts: &FontSet, metadata: &Metadata, merged: bool) -> Result<Vec<u8>, Error> {
    let untitled = |title: &str| title.trim().is_empty();
    if untitled(&metadata.title) || letters.iter().any(|letter| untitled(letter.title)) {
        return Err(Error::NoTitle);
    }
    let Some(first) = letters.first() else { return Err(Error::NoPages) };
    if letters.iter().any(|letter| letter.layout.pages.is_empty()) {
        return Err(Error::NoPages);
    }
    for letter in letters {
        letter.layout.check_structure()?;
    }
    let programs = program::gather(letters.iter().map(|letter| letter.layout), fonts)?;
    let mut file = File::new();
    let resources = program::resources(&mut file, &programs)?;
    let parent = file.reserve();
    let mut tree = Tree::new(&mut file);
    let whole = merged.then(|| file.reserve());
    let (mut pages, mut marked) = (Vec::new(), Vec::new());
    for letter in letters {
        let (sheets, marks) = content::write(letter.layout, &programs)?;
        let mut ids = Vec::with_capacity(sheets.len());
        for (index, sheet) in sheets.iter().enumerate() {
            let (page, contents) = (file.reserve(), file.reserve());
            let stream = text::deflated(&stream::encode(&sheet.ops, &programs)?)?;
            file.stream(contents, b"/Filter/FlateDecode", &stream);
            let entry = tree.next_page() + index;
            file.object(page, |out| write_page(out, letter.layout, parent, resources, contents, entry))?;
            ids.push(page);
        }
        tree.add(&mut file, letter.layout, &marks, &ids, whole)?;
        marked.push((letter.title, ids[0]));
        pages.extend(ids);
    }
    file.object(parent, |out| {
        out.extend_from_slice(b"<</Type/Pages/Count ");
        text::integer(out, pages.len() as i64);
        out.extend_from_slice(b"/Kids[");
        for page in &pages {
            text::reference(out, *page);
            out.push(b' ');
        }
        out.extend_from_slice(b"]>>");
    })?;
    let tree = tree.finish(&mut file, whole)?;
    let outline = if merged { Some(outline::write(&mut file, &marked)?) } else { None };
    let parts = conformance::Parts { pages: parent, tree, outline };
    let (catalog, information) = conformance::write(&mut file, metadata, &first.layout.language, &parts)?;
    file.finish(catalog, information)
}

fn write_page(out: &mut Vec<u8>, layout: &Layout, parent: Id, resources: Id, contents: Id, entry: usize) {
    out.extend_from_slice(b"<</Type/Page/MediaBox[0 0 ");
    text::number(out, layout.width as f32, 2);
    out.push(b' ');
    text::number(out, layout.height as f32, 2);
    out.extend_from_slice(b"]/Parent ");
    text::reference(out, parent);
    out.extend_from_slice(b"/Resources ");
    text::reference(out, resources);
    out.extend_from_slice(b"/Contents ");
    text::reference(out, contents);
    out.extend_from_slice(b"/Tabs/S/StructParents ");
    text::integer(out, entry as i64);
    out.extend_from_slice(b">>");
}
