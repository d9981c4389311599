//! The national header and what stands right below it (Decree 30/2020, App. I, 1–5).

use super::flow::{Flow, Frame, plain};
use super::slab::{Body, Drawing, Slab, compose};
use super::{BLACK, Owner, Role, Shape};
use crate::document::{Align, HeaderLine, Inline, Inlines, Underline};

/// Room between a line of text and its rule, and below the rule.
const RULE_ABOVE: f64 = 2.5;
const RULE_BELOW: f64 = 3.0;
/// Least room between number and place.
const NUMBER_GAP: f64 = 10.0;

/// One side of the header: what stands above the row of number and date, and from it on.
struct Side {
    top: Drawing,
    top_height: f64,
    low: Drawing,
    low_height: f64,
    low_baseline: Option<f64>,
}

impl Flow<'_> {
    /// Two columns; number and date stand on one baseline.
    pub(super) fn header(&mut self, left: &[HeaderLine], right: &[HeaderLine], frame: Frame) -> Slab {
        let shares = &self.style.header;
        let left_width = frame.width * shares.left / (shares.left + shares.right);
        let parent = self.element(Role::Division, frame.parent);
        let column = |x, width| Frame { x, width, parent, narrow: true, style: "body" };
        let (left_column, right_column) =
            (column(frame.x, left_width), column(frame.x + left_width, frame.width - left_width));
        let date_column = self.date_column(left, right, left_column, right_column);
        let left = self.side(left, "number", left_column, left_column);
        let right = self.side(right, "place-date", right_column, date_column);
        let mut row_top = left.top_height.max(right.top_height);
        let has_row = left.low_height > 0.0 || right.low_height > 0.0;
        if has_row {
            row_top += self.style.header.row_gap;
        }
        let lowest = left.low_baseline.unwrap_or(0.0).max(right.low_baseline.unwrap_or(0.0));
        let mut drawing = Drawing::default();
        let mut height = row_top;
        for side in [left, right] {
            let down = side.low_baseline.map_or(0.0, |baseline| lowest - baseline);
            let top = Slab { height: side.top_height, body: Body::Drawn(side.top), ..Slab::default() };
            top.draw(0.0, false, &mut drawing);
            let low = Slab { height: side.low_height, body: Body::Drawn(side.low), ..Slab::default() };
            low.draw(row_top + down, false, &mut drawing);
            if side.low_height > 0.0 {
                height = height.max(row_top + down + side.low_height);
            }
        }
        Slab { height, after: self.style.header.after, body: Body::Drawn(drawing), ..Slab::default() }
    }

    /// The column of place and date: a long place reaches to the left as far as the number leaves room.
    fn date_column(&mut self, left: &[HeaderLine], right: &[HeaderLine], left_column: Frame, column: Frame) -> Frame {
        let mut width_of = |lines: &[HeaderLine], name: &str| {
            let line = lines.iter().find(|line| line.style == name)?;
            let style = self.style.find(name)?;
            Some(self.natural_width(&line.content, style))
        };
        let Some(wanted) = width_of(right, "place-date").filter(|wanted| *wanted > column.width) else { return column };
        let number = width_of(left, "number").unwrap_or(0.0).min(left_column.width);
        let taken = left_column.x + (left_column.width + number) / 2.0 + NUMBER_GAP;
        let end = column.x + column.width;
        let x = (end - wanted - 0.1).max(taken).min(column.x);
        Frame { x, width: end - x, ..column }
    }

    fn side(&mut self, lines: &[HeaderLine], row: &str, frame: Frame, row_frame: Frame) -> Side {
        let split = lines.iter().position(|line| line.style == row).unwrap_or(lines.len());
        let (top, low) = lines.split_at(split);
        let top = self.header_lines(top, frame);
        let low = self.header_lines(low, row_frame);
        let drawing = |slab: Slab| match slab.body {
            Body::Drawn(drawing) => drawing,
            Body::Row(_) => Drawing::default(),
        };
        let (top_height, low_height) = (top.height, low.height);
        let low = drawing(low);
        let low_baseline = low.lines.first().map(|line| line.baseline);
        Side { top: drawing(top), top_height, low, low_height, low_baseline }
    }

    fn header_lines(&mut self, lines: &[HeaderLine], frame: Frame) -> Slab {
        let mut slabs = Vec::new();
        for line in lines {
            let mut set = self.paragraph(&line.content, &line.style, frame, Role::Paragraph);
            if let (Some(rule), Some(last)) = (line.rule, set.last_mut()) {
                self.rule_below(last, rule, &line.content, &line.style, frame);
            }
            slabs.append(&mut set);
        }
        compose(&slabs)
    }

    /// Draws a rule below the last line of a centred text.
    fn rule_below(&mut self, last: &mut Slab, rule: Underline, content: &[Inline], style: &str, frame: Frame) {
        let Some(style) = self.style.find(style) else { return };
        let widest = self.set(content, style, frame.width, 0.0).iter().map(|line| line.width).fold(0.0, f64::max);
        let length = match rule {
            Underline::Full => widest,
            Underline::Half => widest * self.style.header.half_rule,
        };
        let middle = frame.x + frame.width / 2.0;
        let y = last.height + RULE_ABOVE;
        if let Body::Drawn(drawing) = &mut last.body {
            drawing.shapes.push(Shape::Rule {
                from: (middle - length / 2.0, y),
                to: (middle + length / 2.0, y),
                thickness: self.style.rule,
                dotted: false,
                color: BLACK,
            });
        }
        last.height += RULE_ABOVE + RULE_BELOW;
    }

    /// Trích yếu with its rule.
    pub(super) fn subject(&mut self, content: &[Inline], rule: Option<Underline>, frame: Frame) -> Vec<Slab> {
        let mut slabs = self.paragraph(content, "subject", frame, Role::Paragraph);
        if let (Some(rule), Some(last)) = (rule, slabs.last_mut()) {
            self.rule_below(last, rule, content, "subject", frame);
        }
        for slab in slabs.iter_mut().skip(1) {
            slab.joined = true;
        }
        slabs
    }

    /// Degree of urgency: boxed, red, under the left side of the header.
    pub(super) fn urgency(&mut self, content: &[Inline], frame: Frame) -> Vec<Slab> {
        let style = self.style.text("urgency");
        let shares = &self.style.header;
        let width = frame.width * shares.left / (shares.left + shares.right);
        let text = self.natural_width(content, style).min(width);
        let slabs = self.paragraph(content, "urgency", Frame { width, narrow: true, ..frame }, Role::Paragraph);
        let after = style.after;
        let mut slab = Slab { after, ..compose(&slabs) };
        let middle = frame.x + width / 2.0;
        let (left, right) = (middle - text / 2.0 - 8.0, middle + text / 2.0 + 8.0);
        let (top, bottom) = (-2.0, slab.height + 2.0);
        let corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
        if let Body::Drawn(drawing) = &mut slab.body {
            for pair in corners.windows(2) {
                drawing.shapes.push(Shape::Rule {
                    from: pair[0],
                    to: pair[1],
                    thickness: 1.2,
                    dotted: false,
                    color: style.color,
                });
            }
        }
        vec![slab]
    }

    /// "Kính gửi:" and the addressees, "- " before each, aligned under the colon.
    pub(super) fn addressees(&mut self, label: &str, to: &[Inlines], frame: Frame) -> Vec<Slab> {
        let style = self.style.text("addressees");
        let wide = self.style.text("addressee");
        if let [only] = to {
            let mut content = plain(&format!("{label} "));
            content.extend(only.iter().cloned());
            return self.paragraph(&content, "addressee", frame, Role::Paragraph);
        }
        let label_width = self.natural_width(&plain(label), style);
        let dash = self.natural_width(&plain("- "), style) + 3.0;
        let longest = to.iter().map(|one| self.natural_width(one, style)).fold(0.0, f64::max);
        let needed = label_width + 6.0 + dash + longest;
        let label_x = frame.x + ((frame.width - needed) / 2.0).clamp(0.0, frame.width / 4.0);
        let dash_x = label_x + label_width + 6.0;
        let text_x = dash_x + dash;
        let label_element = self.element(Role::Paragraph, frame.parent);
        let list = self.element(Role::List(None), frame.parent);
        let mut slabs: Vec<Slab> = Vec::new();
        let label_lines = self.set(&plain(label), style, frame.width, 0.0);
        for (index, one) in to.iter().enumerate() {
            let item = self.element(Role::Item, list);
            let dash_element = self.element(Role::Label, item);
            let body = self.element(Role::ItemBody, item);
            let inner =
                Frame { x: text_x, width: frame.x + frame.width - text_x, parent: body, narrow: true, style: "body" };
            let mut new = self.paragraph(one, "addressees", inner, Role::Paragraph);
            let mut prefix = Drawing::default();
            if index == 0 {
                for line in label_lines.iter() {
                    line.place(label_x, 0.0, Align::Left, style, Owner::Element(label_element), &mut prefix);
                }
            }
            for line in self.set(&plain("- "), style, frame.width, 0.0).iter() {
                line.place(dash_x, 0.0, Align::Left, style, Owner::Element(dash_element), &mut prefix);
            }
            if let Some(Slab { body: Body::Drawn(drawing), .. }) = new.first_mut() {
                prefix.lines.append(&mut drawing.lines);
                drawing.lines = prefix.lines;
            }
            slabs.append(&mut new);
        }
        if let Some(first) = slabs.first_mut() {
            first.before = wide.before;
        }
        if let Some(last) = slabs.last_mut() {
            last.after = wide.after;
        }
        for slab in slabs.iter_mut().skip(1) {
            slab.joined = true;
        }
        slabs
    }
}
