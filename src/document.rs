//! A filled form as blocks and inlines; parses the markup. Sole user of `roxmltree`.

use crate::diagnostic::Span;

mod attribute;
mod inline;
mod malformed;
mod parse;
#[cfg(test)]
mod tests;

pub use parse::parse;

/// Why a markup text is no document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("dòng {}, cột {}: {message}", span.line, span.column)]
pub struct Error {
    /// A Vietnamese sentence: what is wrong.
    pub message: String,
    /// Where in the markup.
    pub span: Span,
}

/// A letter before layout: all text in NFC, white space folded.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Document {
    /// Title for the metadata.
    pub title: String,
    /// Subject for the metadata.
    pub subject: String,
    /// Author for the metadata.
    pub author: String,
    /// BCP 47 tag of the text's language.
    pub language: String,
    /// Pages lie on their long side, for wide tables (Decree 30/2020, App. I, part I, 2).
    pub landscape: bool,
    /// Words across every page, such as "DỰ THẢO".
    pub watermark: Option<String>,
    /// Issuer's address line at the foot of page 1.
    pub foot: Option<Inlines>,
    /// The body in reading order.
    pub blocks: Vec<Block>,
}

/// Running text.
pub type Inlines = Vec<Inline>;

/// A piece of running text.
#[derive(Debug, Clone, PartialEq)]
pub enum Inline {
    /// Words in one emphasis; U+00A0 marks a space that may not break.
    Text {
        /// The words.
        text: String,
        /// How they stand out.
        emphasis: Emphasis,
    },
    /// A forced line break.
    Break,
    /// Something a draft still lacks, drawn as "[…]" and highlighted.
    Missing(String),
    /// Room for filling in by hand, in ems.
    Blank(f64),
}

/// How words stand out from their surroundings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Emphasis {
    /// Bold.
    pub bold: bool,
    /// Italic.
    pub italic: bool,
    /// Underlined.
    pub underline: bool,
}

/// Horizontal alignment of lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Align {
    /// Flush left.
    Left,
    /// Centred.
    Center,
    /// Flush right.
    Right,
    /// Flush on both sides but for the last line.
    Justify,
}

/// A rule below a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Underline {
    /// A third to a half of the text's length (Decree 30/2020, App. I, 2b).
    Half,
    /// As long as the text (Decree 30/2020, App. I, 1b).
    Full,
}

/// One line of the header.
#[derive(Debug, Clone, PartialEq)]
pub struct HeaderLine {
    /// Name of its style.
    pub style: String,
    /// Rule below it.
    pub rule: Option<Underline>,
    /// Its words.
    pub content: Inlines,
}

/// How the items of an ordered list are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counting {
    /// "1.", "2."
    Decimal,
    /// "a)", "b)"
    Letter,
    /// "i.", "ii."
    Roman,
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Whether it heads its column.
    pub head: bool,
    /// How many columns it spans.
    pub span: usize,
    /// Alignment of its paragraphs, where it differs from the style's.
    pub align: Option<Align>,
    /// What stands in it.
    pub blocks: Vec<Block>,
}

/// A row of a table.
pub type Row = Vec<Cell>;

/// Who signs: office lines, a note, the name.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Signer {
    /// Authority and office, one a line.
    pub offices: Vec<Inlines>,
    /// A remark such as "(Ký, ghi rõ họ tên)".
    pub notes: Vec<Inlines>,
    /// The name; absent where it is written by hand.
    pub name: Option<Inlines>,
}

/// The list "Nơi nhận".
#[derive(Debug, Clone, PartialEq)]
pub struct Recipients {
    /// "Nơi nhận:".
    pub label: String,
    /// One entry a line, without its dash.
    pub entries: Vec<Inlines>,
}

/// A paragraph and how it departs from its style.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Paragraph {
    /// Its words.
    pub content: Inlines,
    /// Name of its style; "body" when absent.
    pub style: Option<String>,
    /// Alignment, where it differs from the style's.
    pub align: Option<Align>,
    /// No first-line indent.
    pub flush: bool,
    /// Stays on one page with what follows.
    pub keep: bool,
}

/// Which way the bars of a chart go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChartKind {
    /// They stand, for what follows in time.
    Columns,
    /// They lie, for what has long names.
    Bars,
}

/// Figures as bars.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// Which way the bars go.
    pub kind: ChartKind,
    /// What it shows, for those who cannot see it.
    pub alt: String,
    /// Height in points.
    pub height: f64,
    /// Names of the series.
    pub series: Vec<String>,
    /// Labels, each with a value for each series.
    pub bars: Vec<(String, Vec<u32>)>,
}

/// A block of a document.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// The national header in two columns.
    Header {
        /// Bodies, number, subject of a letter.
        left: Vec<HeaderLine>,
        /// Quốc hiệu, Tiêu ngữ, place and date.
        right: Vec<HeaderLine>,
    },
    /// Degree of urgency, boxed.
    Urgency(Inlines),
    /// Kind of document.
    Kind(Inlines),
    /// Trích yếu, below the kind.
    Subject {
        /// Its words.
        content: Inlines,
        /// Rule below it.
        rule: Option<Underline>,
    },
    /// "Kính gửi: …" on one line.
    Addressee(Inlines),
    /// "Kính gửi:" and one addressee a line.
    Addressees {
        /// "Kính gửi:".
        label: String,
        /// The addressees.
        to: Vec<Inlines>,
    },
    /// A legal basis.
    Basis(Inlines),
    /// A heading in the body.
    Heading {
        /// 1 or 2.
        level: usize,
        /// Its words.
        content: Inlines,
    },
    /// A paragraph.
    Paragraph(Paragraph),
    /// A list with labels.
    List {
        /// How it counts; `None` for dashes.
        counting: Option<Counting>,
        /// Its items.
        items: Vec<Vec<Block>>,
    },
    /// A table.
    Table {
        /// Weights of the columns.
        widths: Vec<f64>,
        /// Whether the widths follow what stands in the columns, the weights being only a beginning.
        fitted: bool,
        /// Whether lines are drawn.
        borders: bool,
        /// Rows repeated on every page.
        head: Vec<Row>,
        /// The other rows.
        body: Vec<Row>,
    },
    /// A chart.
    Chart(Chart),
    /// Pairs of label and value, one a row.
    Fields(Vec<(String, Inlines)>),
    /// Columns side by side.
    Columns {
        /// Weights of the columns.
        widths: Vec<f64>,
        /// Their blocks.
        columns: Vec<Vec<Block>>,
    },
    /// Dotted lines for filling in by hand.
    Rules {
        /// How many.
        lines: usize,
        /// Words before the first.
        label: Option<String>,
    },
    /// Recipients on the left, signer on the right.
    Closing {
        /// The list "Nơi nhận".
        recipients: Option<Recipients>,
        /// Who signs.
        signer: Option<Signer>,
    },
    /// Two or three signers side by side.
    Signatures(Vec<Signer>),
    /// A new page with its own numbers.
    Appendix {
        /// Title.
        title: String,
        /// "(Kèm theo …)".
        note: Option<String>,
        /// What stands in it.
        blocks: Vec<Block>,
    },
    /// A new page.
    PageBreak,
    /// Empty room, in points.
    Space(f64),
}

/// The words of running text, as a person reads them.
#[must_use]
pub fn plain_text(inlines: &[Inline]) -> String {
    let mut text = String::new();
    for inline in inlines {
        match inline {
            Inline::Text { text: words, .. } => text.push_str(words),
            Inline::Break => text.push(' '),
            Inline::Missing(what) => {
                text.push('[');
                text.push_str(what);
                text.push(']');
            }
            Inline::Blank(_) => text.push('…'),
        }
    }
    text
}
