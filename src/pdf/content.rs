//! Pages as printpdf operations, every line in marked content.

use std::collections::BTreeMap;

use printpdf::{
    Color, DictItem, Greyscale, Line as Path, LineDashPattern, LinePoint, Mm, Op, PaintMode, PdfFontHandle, PdfPage,
    Point, Polygon, PolygonRing, Pt, Rgb, TextItem, TextMatrix, WindingOrder,
};

use super::Error;
use super::program::Programs;
use crate::layout::{ElementId, Figure, Layout, Line, Owner, Page, Shape, StructureFault};

/// For each page: which element each marked-content id belongs to.
pub(super) type Marks = Vec<Vec<ElementId>>;

/// Coordinates are written with this many decimals: a hundredth of a point is a third of a printer's dot.
const DECIMALS: f64 = 100.0;

fn round(value: f64) -> f32 {
    ((value * DECIMALS).round() / DECIMALS) as f32
}

/// Translates every page.
pub(super) fn write(layout: &Layout, programs: &Programs) -> Result<(Vec<PdfPage>, Marks), Error> {
    let mut pages = Vec::with_capacity(layout.pages.len());
    let mut marks = Vec::with_capacity(layout.pages.len());
    for page in &layout.pages {
        let mut writer = Writer { height: layout.height, programs, ops: Vec::new(), marks: Vec::new(), color: None };
        writer.page(page, layout)?;
        let mut sheet = PdfPage::new(Mm(0.0), Mm(0.0), writer.ops);
        let area = printpdf::Rect::from_wh(Pt(round(layout.width)), Pt(round(layout.height)));
        sheet.media_box = area.clone();
        sheet.trim_box = area.clone();
        sheet.crop_box = area;
        pages.push(sheet);
        marks.push(writer.marks);
    }
    Ok((pages, marks))
}

struct Writer<'a> {
    height: f64,
    programs: &'a Programs,
    ops: Vec<Op>,
    marks: Vec<ElementId>,
    color: Option<[f32; 3]>,
}

fn color(color: [f32; 3]) -> Color {
    let [r, g, b] = color;
    if r == g && g == b {
        Color::Greyscale(Greyscale { percent: r, icc_profile: None })
    } else {
        Color::Rgb(Rgb { r, g, b, icc_profile: None })
    }
}

fn artifact() -> Op {
    Op::BeginMarkedContent { tag: "Artifact".to_owned() }
}

impl Writer<'_> {
    fn page(&mut self, page: &Page, layout: &Layout) -> Result<(), Error> {
        let (under, over): (Vec<&Shape>, Vec<&Shape>) =
            page.shapes.iter().partition(|shape| matches!(shape, Shape::Fill { .. }));
        let lines = page.lines.iter();
        // Slanted decoration (the watermark) lies under everything.
        for line in lines.clone().filter(|line| line.angle != 0.0) {
            self.line(line, layout)?;
        }
        self.shapes(&under);
        self.shapes(&over);
        let mut figures = page.figures.iter().peekable();
        let mut open: Option<Owner> = None;
        for line in lines.filter(|line| line.angle == 0.0) {
            if open != Some(line.owner) {
                if open.is_some() {
                    self.ops.push(Op::EndMarkedContent);
                }
                // In reading order.
                while let Some(figure) =
                    figures.next_if(|figure| matches!(line.owner, Owner::Element(element) if element > figure.element))
                {
                    self.figure(figure)?;
                }
                self.begin(line, layout)?;
                open = Some(line.owner);
            }
            self.text(line)?;
        }
        if open.is_some() {
            self.ops.push(Op::EndMarkedContent);
        }
        figures.try_for_each(|figure| self.figure(figure))
    }

    /// Boxes, rules and words of a figure, as one piece of content.
    fn figure(&mut self, figure: &Figure) -> Result<(), Error> {
        self.mark(figure.element, "Figure");
        let (under, over): (Vec<&Shape>, Vec<&Shape>) =
            figure.shapes.iter().partition(|shape| matches!(shape, Shape::Rule { .. }));
        self.draw(&under);
        self.draw(&over);
        for line in &figure.lines {
            self.text(line)?;
        }
        self.ops.push(Op::EndMarkedContent);
        Ok(())
    }

    fn begin(&mut self, line: &Line, layout: &Layout) -> Result<(), Error> {
        let Owner::Element(element) = line.owner else {
            self.ops.push(artifact());
            return Ok(());
        };
        let Some(found) = layout.elements.get(element.0).filter(|found| found.parent.is_some()) else {
            let text = line.runs.iter().map(|run| run.text.as_str()).collect();
            return Err(StructureFault::Untagged { text }.into());
        };
        self.mark(element, super::tags::name(found.role));
        Ok(())
    }

    fn mark(&mut self, element: ElementId, tag: &str) {
        let id = self.marks.len() as i64;
        self.marks.push(element);
        let map = BTreeMap::from([("MCID".to_owned(), DictItem::Int(id))]);
        self.ops.push(Op::BeginMarkedContentWithProperties { tag: tag.to_owned(), properties: DictItem::Dict { map } });
    }

    fn line(&mut self, line: &Line, layout: &Layout) -> Result<(), Error> {
        self.begin(line, layout)?;
        self.text(line)?;
        self.ops.push(Op::EndMarkedContent);
        Ok(())
    }

    fn text(&mut self, line: &Line) -> Result<(), Error> {
        self.ops.push(Op::StartTextSection);
        let (x, y) = (line.x, self.height - line.baseline);
        if line.angle == 0.0 {
            self.ops.push(Op::SetTextCursor { pos: Point { x: Pt(round(x)), y: Pt(round(y)) } });
        } else {
            let (sin, cos) = line.angle.to_radians().sin_cos();
            let matrix = [cos as f32, sin as f32, -sin as f32, cos as f32, round(x), round(y)];
            self.ops.push(Op::SetTextMatrix { matrix: TextMatrix::Raw(matrix) });
        }
        // Room after a run whose face shows no letter in this document is added before the next run.
        let mut carried = 0.0;
        for run in line.runs.iter() {
            let program = self.programs.get(run.face);
            if let Some(program) = program {
                let font = PdfFontHandle::External(program.id());
                self.ops.push(Op::SetFont { font, size: Pt(round(run.size)) });
            } else if !run.text.is_empty() {
                return Err(Error::Library("có dòng dùng phông chữ chưa được nhúng".to_owned()));
            } else {
                carried += run.gap;
                continue;
            }
            if self.color != Some(run.color) {
                self.ops.push(Op::SetFillColor { col: color(run.color) });
                self.color = Some(run.color);
            }
            let mut items = Vec::new();
            let thousandths = |points: f64| TextItem::Offset((-points * 1000.0 / run.size).round() as f32);
            if carried > 0.0 {
                items.push(thousandths(std::mem::take(&mut carried)));
            }
            if line.stretch > 0.0 {
                for part in run.text.split_inclusive(' ') {
                    items.push(TextItem::Text(part.to_owned()));
                    if part.ends_with(' ') {
                        items.push(thousandths(line.stretch));
                    }
                }
            } else if !run.text.is_empty() {
                items.push(TextItem::Text(run.text.clone()));
            }
            if run.gap > 0.0 {
                items.push(thousandths(run.gap));
            }
            if !items.is_empty() {
                self.ops.push(Op::ShowText { items });
            }
        }
        self.ops.push(Op::EndTextSection);
        Ok(())
    }

    fn shapes(&mut self, shapes: &[&Shape]) {
        if shapes.is_empty() {
            return;
        }
        self.ops.push(artifact());
        self.draw(shapes);
        self.ops.push(Op::EndMarkedContent);
    }

    fn draw(&mut self, shapes: &[&Shape]) {
        for shape in shapes {
            match **shape {
                Shape::Rule { from, to, thickness, dotted, color: ink } => {
                    self.ops.push(Op::SetOutlineColor { col: color(ink) });
                    self.ops.push(Op::SetOutlineThickness { pt: Pt(round(thickness)) });
                    let dash = LineDashPattern {
                        offset: 0.0,
                        pattern: [1.0, 2.0].into_iter().take(if dotted { 2 } else { 0 }).collect(),
                    };
                    self.ops.push(Op::SetLineDashPattern { dash });
                    let points = vec![self.point(from), self.point(to)];
                    self.ops.push(Op::DrawLine { line: Path { points, is_closed: false } });
                }
                Shape::Fill { at: (x, y), size: (width, height), color: ink } => {
                    self.ops.push(Op::SetFillColor { col: color(ink) });
                    self.color = Some(ink);
                    let corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)];
                    let points = corners.into_iter().map(|corner| self.point(corner)).collect();
                    self.ops.push(Op::DrawPolygon {
                        polygon: Polygon {
                            rings: vec![PolygonRing { points }],
                            mode: PaintMode::Fill,
                            winding_order: WindingOrder::NonZero,
                        },
                    });
                }
            }
        }
    }

    fn point(&self, (x, y): (f64, f64)) -> LinePoint {
        LinePoint { p: Point { x: Pt(round(x)), y: Pt(round(self.height - y)) }, bezier: false }
    }
}
