//! Slabs: the pieces a page is filled with, one above the other.

use super::{Figure, Line, Owner, Shape};

/// Lines and shapes; x from the page's left edge, y from the slab's top.
#[derive(Debug, Clone, Default)]
pub(super) struct Drawing {
    pub(super) lines: Vec<Line>,
    pub(super) shapes: Vec<Shape>,
    pub(super) figures: Vec<Figure>,
}

/// What a page must do before a slab.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Start {
    /// Nothing.
    #[default]
    Here,
    /// Begin a page.
    Page,
    /// Begin a page and count pages anew.
    Appendix,
}

/// A piece of a page that is not divided, but for rows that fit on no page.
#[derive(Debug, Clone, Default)]
pub(super) struct Slab {
    pub(super) height: f64,
    /// Least room above and below; of two neighbours the larger counts.
    pub(super) before: f64,
    pub(super) after: f64,
    /// Stays on one page with the slab above.
    pub(super) joined: bool,
    /// Vanishes at the top of a page.
    pub(super) empty: bool,
    pub(super) start: Start,
    /// Head to repeat when the slab begins a page: place in `Flow::heads`.
    pub(super) head: Option<usize>,
    pub(super) body: Body,
}

/// What a slab shows.
#[derive(Debug, Clone)]
pub(super) enum Body {
    /// Lines and shapes.
    Drawn(Drawing),
    /// Stacks of slabs side by side.
    Row(Row),
}

impl Default for Body {
    fn default() -> Self {
        Self::Drawn(Drawing::default())
    }
}

/// Stacks of slabs side by side: a row of a table, columns.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) cells: Vec<Stack>,
    pub(super) padding: f64,
    /// Thickness of the lines around every cell.
    pub(super) borders: Option<f64>,
}

/// One stack of a row.
#[derive(Debug, Clone)]
pub(super) struct Stack {
    pub(super) x: f64,
    pub(super) width: f64,
    pub(super) slabs: Vec<Slab>,
}

/// Room between two slabs.
pub(super) fn gap(above: Option<&Slab>, below: &Slab) -> f64 {
    above.map_or(0.0, |above| above.after.max(below.before))
}

/// Height of slabs one above the other.
pub(super) fn stacked_height(slabs: &[Slab]) -> f64 {
    let mut above = None;
    let mut height = 0.0;
    for slab in slabs {
        height += gap(above, slab) + slab.height;
        above = Some(slab);
    }
    height
}

impl Row {
    /// Height of the highest stack with padding.
    pub(super) fn height(&self) -> f64 {
        self.cells.iter().map(|cell| stacked_height(&cell.slabs)).fold(0.0, f64::max) + 2.0 * self.padding
    }

    /// Divides the row so that the first part is no higher than `room`; `None` when nothing fits.
    pub(super) fn split(self, room: f64) -> Option<(Self, Self)> {
        let inside = room - 2.0 * self.padding;
        let Self { cells, padding, borders } = self;
        let (mut first, mut second) = (Vec::new(), Vec::new());
        for Stack { x, width, mut slabs } in cells {
            let mut fitting = 0;
            while fitting < slabs.len() && stacked_height(&slabs[..=fitting]) <= inside {
                fitting += 1;
            }
            let rest = slabs.split_off(fitting);
            first.push(Stack { x, width, slabs });
            second.push(Stack { x, width, slabs: rest });
        }
        let progress =
            first.iter().any(|cell| !cell.slabs.is_empty()) && second.iter().any(|cell| !cell.slabs.is_empty());
        progress.then_some((Self { cells: first, padding, borders }, Self { cells: second, padding, borders }))
    }
}

impl Slab {
    /// A slab of one row.
    pub(super) fn row(row: Row) -> Self {
        Self { height: row.height(), body: Body::Row(row), ..Self::default() }
    }

    /// Draws the slab at `top` into `target`; as decoration only when `artifact`.
    pub(super) fn draw(&self, top: f64, artifact: bool, target: &mut Drawing) {
        match &self.body {
            Body::Drawn(drawing) => {
                for line in &drawing.lines {
                    let mut line = line.clone();
                    line.baseline += top;
                    if artifact {
                        line.owner = Owner::Artifact;
                    }
                    target.lines.push(line);
                }
                target.shapes.extend(drawing.shapes.iter().map(|shape| shape.moved(top)));
                for figure in drawing.figures.iter().map(|figure| figure.moved(top)) {
                    if artifact {
                        target.shapes.extend(figure.shapes);
                        target.lines.extend(figure.lines);
                    } else {
                        target.figures.push(figure);
                    }
                }
            }
            Body::Row(row) => {
                for cell in &row.cells {
                    let mut y = top + row.padding;
                    let mut above = None;
                    for slab in &cell.slabs {
                        y += gap(above, slab);
                        slab.draw(y, artifact, target);
                        y += slab.height;
                        above = Some(slab);
                    }
                }
                if let Some(thickness) = row.borders {
                    row.frame(top, self.height, thickness, target);
                }
            }
        }
    }

    /// The first words in the slab.
    pub(super) fn words(&self) -> String {
        match &self.body {
            Body::Drawn(drawing) => drawing
                .lines
                .first()
                .map(|line| line.runs.iter().map(|run| run.text.as_str()).collect())
                .unwrap_or_default(),
            Body::Row(row) => row
                .cells
                .iter()
                .flat_map(|cell| &cell.slabs)
                .map(Self::words)
                .find(|words| !words.is_empty())
                .unwrap_or_default(),
        }
    }
}

impl Row {
    fn frame(&self, top: f64, height: f64, thickness: f64, target: &mut Drawing) {
        let rule = |from, to| Shape::Rule { from, to, thickness, dotted: false, color: super::BLACK };
        let (Some(first), Some(last)) = (self.cells.first(), self.cells.last()) else { return };
        let (left, right) = (first.x, last.x + last.width);
        // Level rules reach over the upright ones, so that corners are closed.
        let over = thickness / 2.0;
        target.shapes.push(rule((left - over, top), (right + over, top)));
        target.shapes.push(rule((left - over, top + height), (right + over, top + height)));
        for x in self.cells.iter().map(|cell| cell.x).chain([right]) {
            target.shapes.push(rule((x, top), (x, top + height)));
        }
    }
}

impl Figure {
    /// The same figure lower by `by`.
    fn moved(&self, by: f64) -> Self {
        let mut figure = self.clone();
        figure.at.1 += by;
        figure.shapes.iter_mut().for_each(|shape| *shape = shape.moved(by));
        figure.lines.iter_mut().for_each(|line| line.baseline += by);
        figure
    }
}

impl Shape {
    /// The same shape lower by `by`.
    fn moved(self, by: f64) -> Self {
        match self {
            Self::Rule { from, to, thickness, dotted, color } => {
                Self::Rule { from: (from.0, from.1 + by), to: (to.0, to.1 + by), thickness, dotted, color }
            }
            Self::Fill { at, size, color } => Self::Fill { at: (at.0, at.1 + by), size, color },
        }
    }
}

/// Slabs one above the other as one that is not divided.
pub(super) fn compose(slabs: &[Slab]) -> Slab {
    let mut drawing = Drawing::default();
    let mut y = 0.0;
    let mut above = None;
    for slab in slabs {
        y += gap(above, slab);
        slab.draw(y, false, &mut drawing);
        y += slab.height;
        above = Some(slab);
    }
    Slab { height: y, body: Body::Drawn(drawing), ..Slab::default() }
}
