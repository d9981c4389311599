//! What charts are drawn on: no pixels, only rules, boxes and lines of text, in the faces of the letter.

use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind};

use crate::font::{FaceId, FontSet};
use crate::layout::{BLACK, Color, Line, Owner, Run, Shape};

/// Units of the canvas in a point: a grid fine enough that nothing seems to stand on one.
pub(super) const UNITS: f64 = 20.0;

/// Height of capitals and figures, in ems: what is centred upright is centred by it.
const CAPITALS: f64 = 0.66;

/// Something this canvas does not draw.
#[derive(Debug, thiserror::Error)]
#[error("biểu đồ dùng nét vẽ không hỗ trợ")]
pub(super) struct Unknown;

type Done = Result<(), DrawingErrorKind<Unknown>>;

fn refused() -> Done {
    Err(DrawingErrorKind::DrawingError(Unknown))
}

/// Rules, boxes and lines of text as they are drawn; x from the page's left edge, y from the chart's top.
pub(super) struct Canvas<'a> {
    fonts: &'a FontSet,
    face: FaceId,
    left: f64,
    width: f64,
    height: f64,
    pub(super) shapes: Vec<Shape>,
    pub(super) lines: Vec<Line>,
    /// Letters no face has.
    pub(super) missing: Vec<char>,
}

fn color(color: BackendColor) -> Color {
    let (red, green, blue) = color.rgb;
    [red, green, blue].map(|part| f32::from(part) / 255.0)
}

impl<'a> Canvas<'a> {
    pub(super) fn new(fonts: &'a FontSet, face: FaceId, left: f64, width: f64, height: f64) -> Self {
        Self { fonts, face, left, width, height, shapes: Vec::new(), lines: Vec::new(), missing: Vec::new() }
    }

    fn at(&self, (x, y): BackendCoord) -> (f64, f64) {
        (self.left + f64::from(x) / UNITS, f64::from(y) / UNITS)
    }

    /// Width of a text on one line, in points.
    pub(super) fn width(&self, text: &str, size: f64) -> f64 {
        let widths = text.chars().filter_map(|letter| self.fonts.find(self.face, letter));
        widths.map(|(_, thousandths)| f64::from(thousandths) * size / 1000.0).sum()
    }

    /// The text in lines no wider than `room`, where its words allow it.
    pub(super) fn wrapped(&self, text: &str, size: f64, room: f64) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for word in text.split_whitespace() {
            match lines.last_mut() {
                Some(line) if self.width(&format!("{line} {word}"), size) <= room => {
                    line.push(' ');
                    line.push_str(word);
                }
                _ => lines.push(word.to_owned()),
            }
        }
        lines
    }

    /// The text in runs of one face each.
    fn runs(&mut self, text: &str, size: f64) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        for letter in text.chars() {
            let Some((face, _)) = self.fonts.find(self.face, letter) else {
                if !self.missing.contains(&letter) {
                    self.missing.push(letter);
                }
                continue;
            };
            match runs.last_mut() {
                Some(run) if run.face == face => run.text.push(letter),
                _ => runs.push(Run { face, size, color: BLACK, text: letter.to_string(), gap: 0.0 }),
            }
        }
        runs
    }
}

impl DrawingBackend for Canvas<'_> {
    type ErrorType = Unknown;

    fn get_size(&self) -> (u32, u32) {
        ((self.width * UNITS) as u32, (self.height * UNITS) as u32)
    }

    fn ensure_prepared(&mut self) -> Done {
        Ok(())
    }

    fn present(&mut self) -> Done {
        Ok(())
    }

    fn draw_pixel(&mut self, _: BackendCoord, _: BackendColor) -> Done {
        refused()
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Done {
        if style.color().alpha > 0.0 {
            let thickness = f64::from(style.stroke_width()) / UNITS;
            let (from, to) = (self.at(from), self.at(to));
            self.shapes.push(Shape::Rule { from, to, thickness, dotted: false, color: color(style.color()) });
        }
        Ok(())
    }

    fn draw_rect<S: BackendStyle>(&mut self, one: BackendCoord, other: BackendCoord, style: &S, fill: bool) -> Done {
        if !fill {
            let path = [one, (other.0, one.1), other, (one.0, other.1), one];
            return self.draw_path(path, style);
        }
        let (one, other) = (self.at(one), self.at(other));
        let at = (one.0.min(other.0), one.1.min(other.1));
        let size = ((other.0 - one.0).abs(), (other.1 - one.1).abs());
        if size.0 > 0.0 && size.1 > 0.0 {
            self.shapes.push(Shape::Fill { at, size, color: color(style.color()) });
        }
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Done {
        let points: Vec<BackendCoord> = path.into_iter().collect();
        points.windows(2).try_for_each(|ends| self.draw_line(ends[0], ends[1], style))
    }

    fn draw_circle<S: BackendStyle>(&mut self, _: BackendCoord, _: u32, _: &S, _: bool) -> Done {
        refused()
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, _: I, _: &S) -> Done {
        refused()
    }

    fn draw_text<T: BackendTextStyle>(&mut self, text: &str, style: &T, at: BackendCoord) -> Done {
        let size = style.size() / UNITS;
        let width = self.width(text, size);
        let (x, y) = self.at(at);
        let x = match style.anchor().h_pos {
            HPos::Left => x,
            HPos::Center => x - width / 2.0,
            HPos::Right => x - width,
        };
        let baseline = match style.anchor().v_pos {
            VPos::Top => y + size,
            VPos::Center => y + CAPITALS * size / 2.0,
            VPos::Bottom => y - size * (1.0 - CAPITALS) / 2.0,
        };
        let runs = self.runs(text, size);
        if !runs.is_empty() {
            let owner = Owner::Artifact;
            self.lines.push(Line { owner, x, baseline, angle: 0.0, stretch: 0.0, runs: runs.into() });
        }
        Ok(())
    }

    fn estimate_text_size<T: BackendTextStyle>(
        &self,
        text: &str,
        style: &T,
    ) -> Result<(u32, u32), DrawingErrorKind<Unknown>> {
        let width = self.width(text, style.size() / UNITS) * UNITS;
        Ok((width.ceil() as u32, style.size().ceil() as u32))
    }

    fn blit_bitmap(&mut self, _: BackendCoord, _: (u32, u32), _: &[u8]) -> Done {
        refused()
    }
}
