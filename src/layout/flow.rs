//! Blocks → slabs, with the element each line belongs to.

use std::rc::Rc;

use super::line::{self, SetLine};
use super::memo::Memo;
use super::slab::{Body, Drawing, Row, Slab, Stack, Start};
use super::style::{Style, TextStyle};
use super::{Element, ElementId, Fault, Owner, Role};
use crate::document::{Align, Block, Document, Emphasis, Inline, Inlines, Paragraph, plain_text};
use crate::font::FontSet;

/// Where blocks are set: a column of the page and the element they stand in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    pub(super) x: f64,
    pub(super) width: f64,
    pub(super) parent: ElementId,
    /// In a cell or column: no first-line indents, narrow lists.
    pub(super) narrow: bool,
    /// Style of paragraphs that name none.
    pub(super) style: &'static str,
}

/// State of turning blocks into slabs.
pub(super) struct Flow<'a> {
    pub(super) style: &'a Style,
    pub(super) fonts: &'a FontSet,
    memo: &'a Memo,
    pub(super) elements: Vec<Element>,
    pub(super) faults: Vec<Fault>,
    /// The blocks that are being set, outermost first; a number where one is meant of several.
    pub(super) within: Vec<(&'static str, usize)>,
    /// Heads of tables, repeated where a table goes on.
    pub(super) heads: Vec<Vec<Slab>>,
    /// Level of the last heading: levels may not be skipped (ISO 14289-1, 7.4.2).
    last_heading: usize,
    /// Levels the body's headings stand below the title.
    title_levels: usize,
    /// Widest label of all pairs on the page: their values begin at one line, whatever stands between them.
    pub(super) widest_label: f64,
}

/// The words as running text without emphasis.
pub(super) fn plain(text: &str) -> Inlines {
    vec![Inline::Text { text: text.to_owned(), emphasis: Emphasis::default() }]
}

/// What a clerk calls a block.
fn called(block: &Block) -> &'static str {
    match block {
        Block::Header { .. } => "phần đầu văn bản",
        Block::Urgency(_) => "mức độ khẩn",
        Block::Kind(_) => "tên loại",
        Block::Subject { .. } => "trích yếu",
        Block::Addressee(_) | Block::Addressees { .. } => "kính gửi",
        Block::Basis(_) => "căn cứ",
        Block::Heading { .. } => "đề mục",
        Block::Paragraph(_) => "đoạn văn",
        Block::List { .. } => "danh sách",
        Block::Table { .. } => "bảng",
        Block::Chart(_) => "biểu đồ",
        Block::Fields(_) => "các dòng thông tin",
        Block::Columns { .. } => "cột chữ",
        Block::Rules { .. } => "dòng ghi tay",
        Block::Closing { .. } => "nơi nhận và người ký",
        Block::Signatures(_) => "chữ ký",
        Block::Appendix { .. } => "phụ lục",
        Block::PageBreak | Block::Space(_) => "khoảng trống",
    }
}

/// The fault with the block it was met in. A paragraph inside another block is not told.
fn placed(fault: Fault, within: &[(&'static str, usize)]) -> Fault {
    let Fault::TooWide { word, text, .. } = fault else { return fault };
    let shown: Vec<String> = within
        .iter()
        .enumerate()
        .filter(|(depth, (name, _))| *depth == 0 || *name != "đoạn văn")
        .map(|(_, (name, number))| if *number > 0 { format!("{name} {number}") } else { (*name).to_owned() })
        .collect();
    let block = if shown.is_empty() { "cuối trang".to_owned() } else { shown.join(", ") };
    Fault::TooWide { word, text, block }
}

impl<'a> Flow<'a> {
    pub(super) fn new(style: &'a Style, fonts: &'a FontSet, memo: &'a Memo) -> Self {
        Self {
            style,
            fonts,
            memo,
            elements: vec![Element { role: Role::Document, parent: None }],
            faults: Vec::new(),
            within: Vec::new(),
            heads: Vec::new(),
            last_heading: 0,
            title_levels: 0,
            widest_label: 0.0,
        }
    }

    fn page_frame(&self, parent: ElementId) -> Frame {
        Frame { x: self.style.left(), width: self.style.measure(), parent, narrow: false, style: "body" }
    }

    /// A new element in `parent`.
    pub(super) fn element(&mut self, role: Role, parent: ElementId) -> ElementId {
        self.elements.push(Element { role, parent: Some(parent) });
        ElementId(self.elements.len() - 1)
    }

    /// The slabs of a document.
    pub(super) fn document(&mut self, document: &Document) -> Vec<Slab> {
        let frame = self.page_frame(ElementId(0));
        for block in &document.blocks {
            if let Block::Fields(fields) = block {
                let style = self.style.text("field-label");
                self.widest_label = self.widest_label.max(self.label_width(fields, style));
            }
        }
        self.blocks(&document.blocks, frame)
    }

    /// The address line under its rule, as one slab.
    pub(super) fn foot(&mut self, foot: Option<&[Inline]>) -> Option<Slab> {
        let frame = self.page_frame(ElementId(0));
        let lines = self.paragraph(foot?, "foot", frame, Role::Paragraph);
        let mut slab = super::slab::compose(&lines);
        let Body::Drawn(drawing) = &mut slab.body else { return None };
        drawing.shapes.push(super::Shape::Rule {
            from: (frame.x, -2.0),
            to: (frame.x + frame.width, -2.0),
            thickness: self.style.rule,
            dotted: false,
            color: super::BLACK,
        });
        Some(slab)
    }

    /// The slabs of blocks in a frame.
    pub(super) fn blocks(&mut self, blocks: &[Block], frame: Frame) -> Vec<Slab> {
        let mut slabs: Vec<Slab> = Vec::new();
        let mut keep = false;
        let mut start = Start::Here;
        let mut closed = false;
        for block in blocks {
            // A line for the receiver to sign on is not left alone on the next page.
            keep |= closed && matches!(block, Block::Paragraph(_) | Block::Space(_));
            closed = matches!(block, Block::Closing { .. } | Block::Signatures(_))
                || (closed && matches!(block, Block::Space(_)));
            if matches!(block, Block::PageBreak) {
                start = Start::Page;
                continue;
            }
            let mut new = self.block(block, frame);
            if let Some(first) = new.first_mut() {
                if matches!(block, Block::Closing { .. } | Block::Signatures(_)) {
                    keep = true;
                    hold_two_lines(&mut slabs);
                }
                if start != Start::Here && first.start == Start::Here {
                    first.start = start;
                }
                start = Start::Here;
                first.joined |= keep && first.start == Start::Here;
                let only_space = new.iter().all(|slab| slab.empty);
                keep = keeps_next(block) || (keep && only_space);
            }
            slabs.append(&mut new);
        }
        slabs
    }

    fn block(&mut self, block: &Block, frame: Frame) -> Vec<Slab> {
        self.within.push((called(block), 0));
        let slabs = self.block_slabs(block, frame);
        self.within.pop();
        slabs
    }

    fn block_slabs(&mut self, block: &Block, frame: Frame) -> Vec<Slab> {
        match block {
            Block::Header { left, right } => vec![self.header(left, right, frame)],
            Block::Urgency(content) => self.urgency(content, frame),
            Block::Kind(content) => {
                self.title_levels = 1;
                let role = self.heading(1);
                self.paragraph(content, "kind", frame, role)
            }
            Block::Subject { content, rule } => self.subject(content, *rule, frame),
            Block::Addressee(content) => self.paragraph(content, "addressee", frame, Role::Paragraph),
            Block::Addressees { label, to } => self.addressees(label, to, frame),
            Block::Basis(content) => self.paragraph(content, "basis", frame, Role::Paragraph),
            Block::Heading { level, content } => {
                let style = ["heading-1", "heading-2", "heading-3"][level.saturating_sub(1).min(2)];
                let role = self.heading(level + self.title_levels);
                self.paragraph(content, style, frame, role)
            }
            Block::Paragraph(paragraph) => self.body_paragraph(paragraph, frame),
            Block::List { counting, items } => self.list(*counting, items, frame),
            Block::Table { widths, fitted, borders, head, body } => {
                self.table(widths, *fitted, *borders, head, body, frame)
            }
            Block::Chart(chart) => self.chart(chart, frame),
            Block::Fields(fields) => self.fields(fields, frame),
            Block::Columns { widths, columns } => self.columns(widths, columns, frame),
            Block::Rules { lines, label } => self.rules(*lines, label.as_deref(), frame),
            Block::Closing { recipients, signer } => self.closing(recipients.as_ref(), signer.as_ref(), frame),
            Block::Signatures(signers) => self.signatures(signers, frame),
            Block::Appendix { title, note, blocks } => self.appendix(title, note.as_deref(), blocks, frame),
            Block::PageBreak => Vec::new(),
            Block::Space(height) => vec![Slab { height: *height, empty: true, ..Slab::default() }],
        }
    }

    fn heading(&mut self, level: usize) -> Role {
        self.last_heading = level.clamp(1, 6).min(self.last_heading + 1);
        Role::Heading(self.last_heading)
    }

    /// A style by name; an unknown one is a fault.
    fn named(&mut self, name: &str, content: &[Inline]) -> &'a TextStyle {
        match self.style.find(name) {
            Some(style) => style,
            None => {
                self.faults.push(Fault::UnknownStyle { name: name.to_owned(), text: plain_text(content) });
                self.style.text("body")
            }
        }
    }

    fn body_paragraph(&mut self, paragraph: &Paragraph, frame: Frame) -> Vec<Slab> {
        let name = paragraph.style.as_deref().unwrap_or(frame.style);
        let style = self.named(name, &paragraph.content);
        let align = paragraph.align.unwrap_or(style.align);
        let centred = matches!(align, Align::Center | Align::Right);
        let indent = if paragraph.flush || frame.narrow || centred { 0.0 } else { style.indent() };
        let element = self.element(Role::Paragraph, frame.parent);
        let lines = self.set_aligned(&paragraph.content, style, align, frame.width, indent);
        stack(&lines, style, align, frame.x, element)
    }

    /// A paragraph in a named style, as its own element.
    pub(super) fn paragraph(&mut self, content: &[Inline], name: &str, frame: Frame, role: Role) -> Vec<Slab> {
        let style = self.named(name, content);
        let element = self.element(role, frame.parent);
        let indent = if frame.narrow { 0.0 } else { style.indent() };
        let lines = self.set(content, style, frame.width, indent);
        stack(&lines, style, style.align, frame.x, element)
    }

    /// Lines of running text; faults are noted and leave none.
    pub(super) fn set(&mut self, content: &[Inline], style: &TextStyle, width: f64, indent: f64) -> Rc<[SetLine]> {
        self.set_aligned(content, style, style.align, width, indent)
    }

    fn set_aligned(
        &mut self,
        content: &[Inline],
        style: &TextStyle,
        align: Align,
        width: f64,
        indent: f64,
    ) -> Rc<[SetLine]> {
        let set = || line::set(content, style, self.fonts, align, width, indent);
        match self.memo.lines(content, style, align, [width, indent], set) {
            Ok(lines) => lines,
            Err(faults) => {
                let within = self.within.clone();
                self.faults.extend(faults.into_iter().map(|fault| placed(fault, &within)));
                Rc::default()
            }
        }
    }

    /// Width of a text on one line.
    pub(super) fn natural_width(&mut self, content: &[Inline], style: &TextStyle) -> f64 {
        self.set(content, style, 1e6, 0.0).iter().map(|line| line.width).fold(0.0, f64::max)
    }

    fn columns(&mut self, widths: &[f64], columns: &[Vec<Block>], frame: Frame) -> Vec<Slab> {
        let gap = if columns.len() > 1 { 12.0 } else { 0.0 };
        let room = frame.width - gap * (columns.len() as f64 - 1.0);
        let total: f64 = widths.iter().sum();
        let mut x = frame.x;
        let mut cells = Vec::new();
        for (weight, blocks) in widths.iter().zip(columns) {
            let width = room * weight / total;
            let parent = self.element(Role::Division, frame.parent);
            let slabs = self.blocks(blocks, Frame { x, width, parent, narrow: true, style: frame.style });
            cells.push(Stack { x, width, slabs });
            x += width + gap;
        }
        let after = self.style.text("body").after;
        vec![Slab { after, ..Slab::row(Row { cells, padding: 0.0, borders: None }) }]
    }

    fn appendix(&mut self, title: &str, note: Option<&str>, blocks: &[Block], frame: Frame) -> Vec<Slab> {
        let section = self.element(Role::Section, frame.parent);
        let frame = Frame { parent: section, ..frame };
        self.title_levels = 1;
        let role = self.heading(1);
        let mut slabs = self.paragraph(&plain(title), "appendix-title", frame, role);
        if let Some(note) = note {
            slabs.extend(self.paragraph(&plain(note), "appendix-note", frame, Role::Paragraph));
        }
        for slab in slabs.iter_mut().skip(1) {
            slab.joined = true;
        }
        let mut rest = self.blocks(blocks, frame);
        if let Some(first) = rest.first_mut() {
            first.joined = first.start == Start::Here;
        }
        slabs.append(&mut rest);
        if let Some(first) = slabs.first_mut() {
            first.start = Start::Appendix;
        }
        slabs
    }
}

/// Lines one above the other, no single line of them alone at the top or bottom of a page.
pub(super) fn stack(lines: &[SetLine], style: &TextStyle, align: Align, x: f64, element: ElementId) -> Vec<Slab> {
    let count = lines.len();
    lines
        .iter()
        .enumerate()
        .map(|(index, line)| {
            let mut drawing = Drawing::default();
            line.place(x, 0.0, align, style, Owner::Element(element), &mut drawing);
            Slab {
                height: style.leading,
                before: if index == 0 { style.before } else { 0.0 },
                after: if index + 1 == count { style.after } else { 0.0 },
                joined: index == 1 || (index > 0 && index + 1 == count),
                body: Body::Drawn(drawing),
                ..Slab::default()
            }
        })
        .collect()
}

fn keeps_next(block: &Block) -> bool {
    match block {
        Block::Kind(_) | Block::Subject { .. } | Block::Heading { .. } | Block::Header { .. } | Block::Urgency(_) => {
            true
        }
        Block::Paragraph(paragraph) => paragraph.keep,
        _ => false,
    }
}

/// Makes sure that at least two lines stand with what follows.
fn hold_two_lines(slabs: &mut [Slab]) {
    let mut from = slabs.len();
    let mut shown = 0;
    while from > 0 && shown < 2 {
        from -= 1;
        shown += usize::from(!slabs[from].empty);
    }
    for slab in slabs.iter_mut().skip(from + 1) {
        slab.joined = slab.start == Start::Here;
    }
}
