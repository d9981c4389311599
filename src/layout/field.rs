//! Pairs of label and value; dotted lines for filling in by hand.

use super::flow::{Flow, Frame, plain};
use super::slab::{Body, Drawing, Slab};
use super::style::TextStyle;
use super::{BLACK, Owner, Role, Shape};
use crate::document::{Align, Inlines};

/// Room between the label column and the values.
const LABEL_GAP: f64 = 6.0;
/// The label column takes no more than this share of the width.
const WIDEST_LABEL: f64 = 0.45;

/// A label as it is printed.
fn label_text(label: &str) -> Inlines {
    plain(&format!("{}:\u{a0}", label.trim_end_matches(':')))
}

impl Flow<'_> {
    /// Width of the longest label on one line.
    pub(super) fn label_width(&mut self, fields: &[(String, Inlines)], style: &TextStyle) -> f64 {
        fields.iter().map(|(label, _)| self.natural_width(&label_text(label), style)).fold(0.0, f64::max)
    }

    /// One pair a row; label and value are one paragraph for those who read the text.
    pub(super) fn fields(&mut self, fields: &[(String, Inlines)], frame: Frame) -> Vec<Slab> {
        let names = if frame.style == "cell" { ("cell", "cell") } else { ("field-label", "field-value") };
        let (label_style, value_style) = (self.style.text(names.0), self.style.text(names.1));
        let labels: Vec<Inlines> = fields.iter().map(|(label, _)| label_text(label)).collect();
        let own = self.label_width(fields, label_style);
        let widest = if frame.narrow { own } else { self.widest_label.max(own) };
        let label_width = widest.min(frame.width * WIDEST_LABEL);
        let value_x = frame.x + label_width + LABEL_GAP;
        let mut slabs = Vec::new();
        for (label, (_, value)) in labels.iter().zip(fields) {
            let element = Owner::Element(self.element(Role::Paragraph, frame.parent));
            let label_lines = self.set(label, label_style, label_width + 0.01, 0.0);
            let value_lines = self.set(value, value_style, frame.width - label_width - LABEL_GAP, 0.0);
            let count = label_lines.len().max(value_lines.len()).max(1);
            // All of the label is read before the value, so both hang on the first slab when the label wraps.
            let together = label_lines.len() > 1;
            let leading = label_style.leading.max(value_style.leading);
            let mut new: Vec<Slab> = Vec::new();
            let mut whole = Drawing::default();
            for index in 0..count {
                let mut drawing = Drawing::default();
                let (target, top) = if together { (&mut whole, index as f64 * leading) } else { (&mut drawing, 0.0) };
                if let Some(line) = label_lines.get(index) {
                    line.place(frame.x, top, Align::Left, label_style, element, target);
                }
                if !together {
                    if let Some(line) = value_lines.get(index) {
                        line.place(value_x, top, value_style.align, value_style, element, target);
                    }
                    new.push(Slab {
                        height: leading,
                        joined: index == 1 || (index > 0 && index + 1 == count),
                        body: Body::Drawn(drawing),
                        ..Slab::default()
                    });
                }
            }
            if together {
                for (index, line) in value_lines.iter().enumerate() {
                    let top = index as f64 * leading;
                    line.place(value_x, top, value_style.align, value_style, element, &mut whole);
                }
                new.push(Slab { height: leading * count as f64, body: Body::Drawn(whole), ..Slab::default() });
            }
            if let Some(last) = new.last_mut() {
                last.after = value_style.after;
            }
            slabs.append(&mut new);
        }
        if frame.style != "cell"
            && let Some(last) = slabs.last_mut()
        {
            last.after = last.after.max(self.style.text("body").after);
        }
        slabs
    }

    /// Dotted lines; a label stands before the first.
    pub(super) fn rules(&mut self, lines: usize, label: Option<&str>, frame: Frame) -> Vec<Slab> {
        let style = self.style.text("rules");
        let mut slabs = Vec::new();
        let mut label_end = frame.x;
        let mut first = Drawing::default();
        if let Some(label) = label {
            let element = Owner::Element(self.element(Role::Paragraph, frame.parent));
            let set = self.set(&plain(label), style, frame.width, 0.0);
            for (index, line) in set.iter().enumerate() {
                let mut drawing = Drawing::default();
                line.place(frame.x, 0.0, Align::Left, style, element, &mut drawing);
                if index + 1 < set.len() {
                    slabs.push(Slab { height: style.leading, body: Body::Drawn(drawing), ..Slab::default() });
                } else {
                    label_end = frame.x + line.width + 4.0;
                    first = drawing;
                }
            }
        }
        for index in 0..lines {
            let mut drawing = if index == 0 { std::mem::take(&mut first) } else { Drawing::default() };
            let left = if index == 0 { label_end } else { frame.x };
            let y = super::line::baseline(0.0, style) + 1.0;
            if left < frame.x + frame.width {
                drawing.shapes.push(Shape::Rule {
                    from: (left, y),
                    to: (frame.x + frame.width, y),
                    thickness: 0.8,
                    dotted: true,
                    color: BLACK,
                });
            }
            slabs.push(Slab { height: style.leading, body: Body::Drawn(drawing), ..Slab::default() });
        }
        if let Some(last) = slabs.last_mut() {
            last.after = self.style.text("body").after;
        }
        slabs
    }
}
