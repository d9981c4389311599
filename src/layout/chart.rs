//! Charts: drawn by `plotters` on a canvas that keeps rules, boxes and lines of text. Sole user of `plotters`.

use std::cell::RefCell;
use std::rc::Rc;

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::flow::{Flow, Frame};
use super::slab::{Body, Drawing, Slab};
use super::{Fault, Figure, Role};
use crate::document::{Chart, ChartKind};
use canvas::{Canvas, UNITS};

mod canvas;

/// Narrower than this nothing of a chart can be read, in points.
const NARROWEST: f64 = 150.0;
/// Most of the width that labels of bars take.
const LABELS: f64 = 0.4;
/// Room between a bar and its label or value, in points.
const GAP: f64 = 4.0;
/// Share of a bar's place that is filled.
const FILLED: f64 = 0.7;
/// One for each series, told apart in print without colour as well.
const INKS: [RGBColor; 4] =
    [RGBColor(38, 84, 138), RGBColor(157, 190, 222), RGBColor(96, 96, 96), RGBColor(205, 205, 205)];

const AXIS: RGBColor = RGBColor(0, 0, 0);
const GRID: RGBColor = RGBColor(190, 190, 190);

type Area<'c> = DrawingArea<Canvas<'c>, Shift>;
type Drawn = Result<(), DrawingAreaErrorKind<canvas::Unknown>>;

fn units(points: f64) -> i32 {
    (points * UNITS).round() as i32
}

/// The end of the axis: a round number no smaller than any value.
fn top_of(chart: &Chart) -> i64 {
    let most = chart.bars.iter().flat_map(|(_, values)| values).copied().max().unwrap_or(0);
    let most = i64::from(most).max(4);
    let mut step = 1;
    while most > 10 * step {
        step *= 10;
    }
    (most + step - 1) / step * step
}

/// How a chart is set.
struct Plan<'p> {
    chart: &'p Chart,
    size: f64,
    leading: f64,
    /// Labels in lines.
    labels: Vec<Vec<String>>,
    /// Width of the widest label.
    widest: f64,
    width: f64,
}

impl Flow<'_> {
    /// A chart as one slab: a figure that says in words what it shows.
    pub(super) fn chart(&mut self, chart: &Chart, frame: Frame) -> Vec<Slab> {
        let cell = self.style.text("cell");
        let (size, leading) = (cell.size - 1.0, cell.leading - 2.0);
        if frame.width < NARROWEST {
            let (word, text) = (chart.alt.clone(), chart.alt.clone());
            self.faults.push(Fault::TooWide { word, text, block: "biểu đồ".to_owned() });
            return Vec::new();
        }
        let canvas = Canvas::new(self.fonts, super::word::plain(cell).face, frame.x, frame.width, chart.height);
        let room = match chart.kind {
            ChartKind::Columns => frame.width * 0.9 / chart.bars.len().max(1) as f64 - GAP,
            ChartKind::Bars => frame.width * LABELS,
        };
        let labels: Vec<Vec<String>> = chart.bars.iter().map(|(label, _)| canvas.wrapped(label, size, room)).collect();
        let widest = labels.iter().flatten().map(|line| canvas.width(line, size)).fold(0.0, f64::max);
        let plan = Plan { chart, size, leading, labels, widest, width: frame.width };
        let names: Vec<f64> = chart.series.iter().map(|name| canvas.width(name, size)).collect();
        let canvas = Rc::new(RefCell::new(canvas));
        let drawn = plan.draw(&Area::from(&canvas), &names);
        let mut canvas = canvas.borrow_mut();
        if !canvas.missing.is_empty() {
            let letters = std::mem::take(&mut canvas.missing);
            self.faults.push(Fault::MissingGlyph { letters, text: chart.alt.clone() });
        } else if drawn.is_err() {
            self.faults.push(Fault::TooTall { text: chart.alt.clone() });
        }
        let element = self.element(Role::Figure, frame.parent);
        let figure = Figure {
            element,
            alt: chart.alt.clone(),
            at: (frame.x, 0.0),
            size: (frame.width, chart.height),
            shapes: std::mem::take(&mut canvas.shapes),
            lines: std::mem::take(&mut canvas.lines),
        };
        let after = self.style.text("body").after;
        let drawing = Drawing { figures: vec![figure], ..Drawing::default() };
        vec![Slab { height: chart.height, before: after, after, body: Body::Drawn(drawing), ..Slab::default() }]
    }
}

impl Plan<'_> {
    fn text(&self, horizontal: HPos, vertical: VPos) -> TextStyle<'static> {
        ("serif", self.size * UNITS).into_font().color(&BLACK).pos(Pos::new(horizontal, vertical))
    }

    fn draw(&self, root: &Area<'_>, names: &[f64]) -> Drawn {
        let top = if names.len() > 1 { self.legend(root, names)? } else { 0.0 };
        let (_, below) = root.split_vertically(units(top));
        match self.chart.kind {
            ChartKind::Columns => self.columns(&below),
            ChartKind::Bars => self.bars(&below),
        }
    }

    /// The names of the series behind a sample of their ink; the room that takes.
    fn legend(&self, root: &Area<'_>, widths: &[f64]) -> Result<f64, DrawingAreaErrorKind<canvas::Unknown>> {
        let sample = 0.7 * self.size;
        let whole: f64 = widths.iter().map(|width| sample + 2.0 * GAP + width).sum::<f64>()
            + 4.0 * GAP * (widths.len() as f64 - 1.0);
        let mut x = ((self.width - whole) / 2.0).max(0.0);
        let middle = self.leading / 2.0;
        for ((name, width), ink) in self.chart.series.iter().zip(widths).zip(INKS.iter().cycle()) {
            let corners = [(x, middle - sample / 2.0), (x + sample, middle + sample / 2.0)];
            let corners = corners.map(|(x, y)| (units(x), units(y)));
            root.draw(&Rectangle::new(corners, ink.filled()))?;
            let at = (units(x + sample + 2.0 * GAP), units(middle));
            root.draw(&Text::new(name.clone(), at, self.text(HPos::Left, VPos::Center)))?;
            x += sample + 2.0 * GAP + width + 4.0 * GAP;
        }
        Ok(self.leading + GAP)
    }

    /// Where the bar of a series begins and ends, in places of bars.
    fn place(&self, bar: usize, series: usize) -> (f64, f64) {
        let share = FILLED / self.chart.series.len().max(1) as f64;
        let from = bar as f64 + (1.0 - FILLED) / 2.0 + share * series as f64;
        (from, from + share)
    }

    /// Bars that stand, their labels below.
    fn columns(&self, area: &Area<'_>) -> Drawn {
        let most = self.labels.iter().map(Vec::len).max().unwrap_or(0).max(1);
        let end = top_of(self.chart);
        let mut chart = ChartBuilder::on(area)
            .margin_top(units(self.leading))
            .x_label_area_size(units(self.leading * most as f64 + GAP))
            .y_label_area_size(units(self.size * 0.55 * end.to_string().len() as f64 + 3.0 * GAP))
            .build_cartesian_2d(0.0..self.chart.bars.len().max(1) as f64, 0..end)?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .x_labels(0)
            .y_labels(5)
            .axis_style(AXIS.stroke_width(8))
            .bold_line_style(GRID.stroke_width(6))
            .light_line_style(TRANSPARENT)
            .label_style(self.text(HPos::Left, VPos::Top))
            .draw()?;
        let plot = chart.plotting_area();
        for (bar, ((_, values), label)) in self.chart.bars.iter().zip(&self.labels).enumerate() {
            for (series, (value, ink)) in values.iter().zip(INKS.iter().cycle()).enumerate() {
                let (from, to) = self.place(bar, series);
                let value = i64::from(*value);
                plot.draw(&Rectangle::new([(from, 0), (to, value)], ink.filled()))?;
                let said = Text::new(value.to_string(), (0, -units(1.0)), self.text(HPos::Center, VPos::Bottom));
                plot.draw(&(EmptyElement::at(((from + to) / 2.0, value)) + said))?;
            }
            for (line, words) in label.iter().enumerate() {
                let below = units(GAP + self.leading * line as f64);
                let said = Text::new(words.clone(), (0, below), self.text(HPos::Center, VPos::Top));
                plot.draw(&(EmptyElement::at((bar as f64 + 0.5, 0)) + said))?;
            }
        }
        Ok(())
    }

    /// Bars that lie, the first on top, their labels on the left.
    fn bars(&self, area: &Area<'_>) -> Drawn {
        let count = self.chart.bars.len().max(1);
        let end = top_of(self.chart);
        let mut chart = ChartBuilder::on(area)
            .margin_right(units(self.size * 0.55 * end.to_string().len() as f64 + 2.0 * GAP))
            .x_label_area_size(units(self.leading + GAP))
            .y_label_area_size(units(self.widest + 2.0 * GAP))
            .build_cartesian_2d(0..end, 0.0..count as f64)?;
        chart
            .configure_mesh()
            .disable_y_mesh()
            .y_labels(0)
            .x_labels(5)
            .axis_style(AXIS.stroke_width(8))
            .bold_line_style(GRID.stroke_width(6))
            .light_line_style(TRANSPARENT)
            .label_style(self.text(HPos::Left, VPos::Top))
            .draw()?;
        let plot = chart.plotting_area();
        let up = |place: f64| count as f64 - place;
        for (bar, ((_, values), label)) in self.chart.bars.iter().zip(&self.labels).enumerate() {
            for (series, (value, ink)) in values.iter().zip(INKS.iter().cycle()).enumerate() {
                let (from, to) = self.place(bar, series);
                let value = i64::from(*value);
                plot.draw(&Rectangle::new([(0, up(to)), (value, up(from))], ink.filled()))?;
                let said = Text::new(value.to_string(), (units(GAP / 2.0), 0), self.text(HPos::Left, VPos::Center));
                plot.draw(&(EmptyElement::at((value, up((from + to) / 2.0))) + said))?;
            }
            for (line, words) in label.iter().enumerate() {
                let middle = (label.len() as f64 - 1.0) / 2.0;
                let down = units(self.leading * (line as f64 - middle));
                let said = Text::new(words.clone(), (-units(GAP), down), self.text(HPos::Right, VPos::Center));
                plot.draw(&(EmptyElement::at((0, up(bar as f64 + 0.5))) + said))?;
            }
        }
        Ok(())
    }
}
