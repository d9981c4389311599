//! Document → pages: lines, paragraphs, tables, page breaks. All lengths in points from the page's top left corner.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, code};
use crate::document::{Counting, Document};
use crate::font::{FaceId, FontSet};

mod chart;
mod closing;
mod decree;
mod division;
mod field;
mod fit;
mod flow;
mod header;
mod line;
mod list;
mod memo;
mod page;
mod slab;
mod structure;
mod style;
mod table;
#[cfg(test)]
mod tests;
mod word;

use memo::Memo;
pub use structure::StructureFault;
pub use style::{Style, StyleError};

/// A laid-out document: what stands where, and which element of its structure it belongs to.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// Width of every page.
    pub width: f64,
    /// Height of every page.
    pub height: f64,
    /// The pages.
    pub pages: Vec<Page>,
    /// The structure tree; a parent comes before its children, the first is the document.
    pub elements: Vec<Element>,
    /// BCP 47 tag of the text's language.
    pub language: String,
}

/// One page.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Page {
    /// Rules, boxes, backgrounds: all of them decoration.
    pub shapes: Vec<Shape>,
    /// Lines of text in reading order.
    pub lines: Vec<Line>,
    /// Figures, in the order of their elements.
    pub figures: Vec<Figure>,
}

/// A drawing that says something, and what it says in words.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// Its element.
    pub element: ElementId,
    /// What it shows, for those who cannot see it.
    pub alt: String,
    /// Left, top.
    pub at: (f64, f64),
    /// Width, height.
    pub size: (f64, f64),
    /// Rules and boxes.
    pub shapes: Vec<Shape>,
    /// Lines of text in it; they belong to the figure, whatever their owner.
    pub lines: Vec<Line>,
}

/// Place of an element in `Layout::elements`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ElementId(pub usize);

/// An element of the structure tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// What it is.
    pub role: Role,
    /// What it stands in; `None` for the document only.
    pub parent: Option<ElementId>,
}

/// What an element is, in terms of PDF's standard structure types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The document.
    Document,
    /// A part such as an appendix.
    Section,
    /// A grouping without meaning of its own.
    Division,
    /// A paragraph.
    Paragraph,
    /// A heading of level 1–6.
    Heading(usize),
    /// A list, and how it counts.
    List(Option<Counting>),
    /// An item of a list.
    Item,
    /// The label of an item.
    Label,
    /// The body of an item.
    ItemBody,
    /// A table.
    Table,
    /// The head of a table.
    TableHead,
    /// The body of a table.
    TableBody,
    /// A row.
    Row,
    /// A cell that heads its column; how many columns it spans.
    HeadCell(usize),
    /// A cell; how many columns it spans.
    Cell(usize),
    /// A figure.
    Figure,
}

/// To what a line of text belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// To an element of the structure tree.
    Element(ElementId),
    /// To the page, not the text: page number, watermark, repeated head.
    Artifact,
}

/// Red, green, blue, each 0–1.
pub type Color = [f32; 3];

/// Black.
pub const BLACK: Color = [0.0; 3];

/// A placed line of text.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// To what it belongs.
    pub owner: Owner,
    /// Left end.
    pub x: f64,
    /// Baseline, from the top of the page.
    pub baseline: f64,
    /// Counter-clockwise turn in degrees.
    pub angle: f64,
    /// Room added to every space, to justify.
    pub stretch: f64,
    /// Words in one face, size and colour, from left to right.
    pub runs: Arc<[Run]>,
}

/// Words of a line in one face, size and colour.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Face.
    pub face: FaceId,
    /// Size.
    pub size: f64,
    /// Colour.
    pub color: Color,
    /// The words.
    pub text: String,
    /// Empty room after the words.
    pub gap: f64,
}

/// A decoration.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shape {
    /// A straight rule.
    Rule {
        /// One end: x, y.
        from: (f64, f64),
        /// The other end.
        to: (f64, f64),
        /// Thickness.
        thickness: f64,
        /// Dotted.
        dotted: bool,
        /// Colour.
        color: Color,
    },
    /// A filled rectangle.
    Fill {
        /// Left, top.
        at: (f64, f64),
        /// Width, height.
        size: (f64, f64),
        /// Colour.
        color: Color,
    },
}

/// Why a document cannot be laid out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No face has these letters.
    #[error("Phông chữ không có ký tự {} trong “{text}”.", listed(letters))]
    MissingGlyph {
        /// The letters, each once.
        letters: Vec<char>,
        /// The word they stand in.
        text: String,
    },
    /// A word is wider than the room for it.
    #[error("Từ “{word}” dài hơn bề rộng dành cho nó ({block}: “{text}”).")]
    TooWide {
        /// The word.
        word: String,
        /// The words it stands among.
        text: String,
        /// The block these stand in, e.g. "bảng, cột 2".
        block: String,
    },
    /// A block that cannot be divided is higher than a page.
    #[error("Khối bắt đầu bằng “{text}” cao hơn một trang và không chia được.")]
    TooTall {
        /// Its first words.
        text: String,
    },
    /// A style the style file does not have.
    #[error("Tệp kiểu không có kiểu “{name}” (dùng ở “{text}”).")]
    UnknownStyle {
        /// The name asked for.
        name: String,
        /// The words to be set in it.
        text: String,
    },
}

fn listed(letters: &[char]) -> String {
    let shown: Vec<String> =
        letters.iter().map(|letter| format!("“{letter}” (U+{:04X})", u32::from(*letter))).collect();
    shown.join(", ")
}

impl Fault {
    /// The fault as a finding about a letter of this kind; its place in the case file is the caller's to add.
    #[must_use]
    pub fn diagnostic(&self, kind: &str) -> Diagnostic {
        let (code, hint) = match self {
            Self::MissingGlyph { .. } => (
                code::MISSING_GLYPH,
                "Kiểm tra lại ký tự; nếu đúng là chữ cần in, để một tệp phông chữ .ttf có chữ đó vào thư mục forms và ghi tên tệp vào phong_chu_them của hoso.yaml.",
            ),
            Self::TooWide { .. } => (code::TOO_WIDE, "Tách từ này bằng dấu cách, hoặc nới cột chứa nó trong biểu mẫu."),
            Self::TooTall { .. } => (code::TOO_TALL, "Rút ngắn nội dung, hoặc chia thành nhiều đoạn."),
            Self::UnknownStyle { .. } => {
                (code::UNKNOWN_STYLE, "Sửa tên kiểu trong biểu mẫu, hoặc thêm kiểu đó vào forms/kieu.yaml.")
            }
        };
        Diagnostic::error(code, format!("{kind}: {self}")).hint(hint)
    }

    /// The words of the document that the fault is about, as narrowly as it is known.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::TooWide { word, .. } => word,
            Self::MissingGlyph { text, .. } | Self::TooTall { text } | Self::UnknownStyle { text, .. } => text,
        }
    }
}

/// Lays out a document.
///
/// # Errors
/// Every fault found: letters no face has, words or blocks that do not fit, unknown styles.
pub fn lay_out(document: &Document, style: &Style, fonts: &FontSet) -> Result<Layout, Vec<Fault>> {
    let memo = Memo::new(fonts.serial());
    let turned = document.landscape.then(|| style.turned());
    let style = turned.as_ref().unwrap_or(style);
    let plain = set(document, style, fonts, &memo)?;
    if !(2..=MOST_TIGHTENED).contains(&plain.pages.len()) {
        return Ok(plain);
    }
    // Most letters that run over do so by little, so the least is tried first; the pages of a longer one are counted with the
    // most first, lest it be set in vain.
    let saves =
        |tight: &Style| set(document, tight, fonts, &memo).ok().filter(|layout| layout.pages.len() < plain.pages.len());
    let [quarter, half, most @ ..] = style.quarters() else { return Ok(plain) };
    if last_page_share(&plain, style) > RUNS_OVER_LITTLE && most.last().is_none_or(|most| saves(most).is_none()) {
        return Ok(plain);
    }
    Ok([quarter, half].into_iter().chain(most).find_map(saves).unwrap_or(plain))
}

/// A letter whose last page is filled to no more than this share runs over by little.
const RUNS_OVER_LITTLE: f64 = 0.35;

/// How far down the last page is filled.
fn last_page_share(layout: &Layout, style: &Style) -> f64 {
    let lines = layout.pages.last().into_iter().flat_map(|page| &page.lines).filter(|line| line.angle == 0.0);
    let lowest = lines.map(|line| line.baseline).fold(0.0, f64::max);
    (lowest - style.top()) / (style.bottom() - style.top())
}

/// Letters of more pages are not tightened: nobody minds a few lines on their last page.
const MOST_TIGHTENED: usize = 4;

fn set(document: &Document, style: &Style, fonts: &FontSet, memo: &Memo) -> Result<Layout, Vec<Fault>> {
    let mut flow = flow::Flow::new(style, fonts, memo);
    let slabs = flow.document(document);
    let foot = flow.foot(document.foot.as_deref());
    let pages = page::fill(&mut flow, slabs, foot, document.watermark.as_deref());
    if flow.faults.is_empty() {
        Ok(Layout {
            width: style.width(),
            height: style.height(),
            pages,
            elements: flow.elements,
            language: document.language.clone(),
        })
    } else {
        // A text is measured more than once; its fault is told once.
        let mut faults: Vec<Fault> = Vec::new();
        for fault in flow.faults {
            if !faults.contains(&fault) {
                faults.push(fault);
            }
        }
        Err(faults)
    }
}

impl Layout {
    /// The words of each page in reading order, one line a line; decoration left out.
    #[must_use]
    pub fn page_texts(&self) -> Vec<String> {
        let text = |page: &Page| {
            let lines: Vec<String> = page
                .lines
                .iter()
                .filter(|line| line.owner != Owner::Artifact)
                .map(|line| line.runs.iter().map(|run| run.text.as_str()).collect::<String>().trim_end().to_owned())
                .collect();
            lines.join("\n")
        };
        self.pages.iter().map(text).collect()
    }
}
