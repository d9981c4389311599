//! Slabs → pages: greedy, with whole groups, repeated heads, page numbers, watermark and foot.

use super::flow::{Flow, plain};
use super::slab::{Body, Drawing, Slab, Start, gap, stacked_height};
use super::{Fault, Line, Owner, Page, Run, word};
use crate::document::Align;

/// Room kept between the text and the address line.
const FOOT_GAP: f64 = 16.0;
/// A row too high for any page is begun here only if this share of the page is left.
const SPLIT_ROOM: f64 = 0.25;

struct Filler<'f, 'a> {
    flow: &'f mut Flow<'a>,
    done: Vec<(Drawing, usize)>,
    page: Drawing,
    /// Page number within the letter or its appendix.
    number: usize,
    y: f64,
    /// The last slab on this page, for the room below it.
    above: Option<Slab>,
    foot: f64,
}

/// Fills pages and adds what every page carries.
pub(super) fn fill(flow: &mut Flow<'_>, slabs: Vec<Slab>, foot: Option<Slab>, watermark: Option<&str>) -> Vec<Page> {
    let foot_top = foot.as_ref().map(|foot| flow.style.foot_bottom() - foot.height);
    let bottom = flow.style.bottom();
    let top = flow.style.top();
    let mut filler = Filler {
        done: Vec::new(),
        page: Drawing::default(),
        number: 1,
        y: top,
        above: None,
        foot: foot_top.map_or(bottom, |top| bottom.min(top - FOOT_GAP)),
        flow,
    };
    let mut groups: Vec<Vec<Slab>> = Vec::new();
    for slab in slabs {
        match groups.last_mut() {
            Some(group) if slab.joined && slab.start == Start::Here => group.push(slab),
            _ => groups.push(vec![slab]),
        }
    }
    for group in groups {
        filler.group(group);
    }
    let mut done = std::mem::take(&mut filler.done);
    done.push((std::mem::take(&mut filler.page), filler.number));
    if let (Some(foot), Some(top), Some((first, _))) = (foot, foot_top, done.first_mut()) {
        foot.draw(top, false, first);
    }
    let mut pages = Vec::with_capacity(done.len());
    for (drawing, number) in done {
        let mut extra = Drawing::default();
        if let Some(words) = watermark {
            watermark_line(flow, words, &mut extra);
        }
        if number > 1 {
            page_number(flow, number, &mut extra);
        }
        extra.lines.extend(drawing.lines);
        pages.push(Page { shapes: drawing.shapes, lines: extra.lines, figures: drawing.figures });
    }
    pages
}

impl Filler<'_, '_> {
    fn limit(&self) -> f64 {
        if self.done.is_empty() { self.foot } else { self.flow.style.bottom() }
    }

    fn at_top(&self) -> bool {
        self.above.is_none()
    }

    fn turn(&mut self, number: usize) {
        self.done.push((std::mem::take(&mut self.page), self.number));
        self.number = number;
        self.y = self.flow.style.top();
        self.above = None;
    }

    /// Height of the head that `slab` repeats.
    fn head_height(&self, slab: &Slab) -> f64 {
        slab.head.and_then(|head| self.flow.heads.get(head)).map_or(0.0, |head| stacked_height(head))
    }

    fn group(&mut self, group: Vec<Slab>) {
        let Some(first) = group.first() else { return };
        match first.start {
            Start::Here => {}
            Start::Page if self.at_top() && self.done.is_empty() => {}
            Start::Page => self.turn(self.number + 1),
            Start::Appendix => {
                if self.at_top() && self.done.is_empty() && self.page.lines.is_empty() {
                    self.number = 1;
                } else {
                    self.turn(1);
                }
            }
        }
        let height = stacked_height(&group);
        let needed = gap(self.above.as_ref(), first) + height;
        if self.y + needed <= self.limit() {
            group.into_iter().for_each(|slab| self.place(slab));
            return;
        }
        let whole_page = self.flow.style.bottom() - self.flow.style.top();
        if height + self.head_height(first) <= whole_page {
            if !self.at_top() {
                self.turn(self.number + 1);
            }
            if self.y + height + self.head_height(first) > self.limit() {
                // Only the first page is shorter than a whole one.
                self.turn(self.number + 1);
            }
            group.into_iter().for_each(|slab| self.place(slab));
            return;
        }
        for slab in group {
            self.force(slab);
        }
    }

    /// Places a slab of a group that fits on no page; divides rows where it must.
    fn force(&mut self, slab: Slab) {
        let mut slab = slab;
        loop {
            let head = if self.at_top() { self.head_height(&slab) } else { 0.0 };
            let room = self.limit() - self.y - gap(self.above.as_ref(), &slab) - head;
            if slab.height <= room {
                return self.place(slab);
            }
            let whole_page = self.flow.style.bottom() - self.flow.style.top();
            let fits_next = slab.height + self.head_height(&slab) <= whole_page;
            let worth_it = self.at_top() || (!fits_next && room > whole_page * SPLIT_ROOM);
            if worth_it
                && let Body::Row(row) = &slab.body
                && let Some((first, second)) = row.clone().split(room)
            {
                let (before, after, head) = (slab.before, slab.after, slab.head);
                self.place(Slab { before, head, ..Slab::row(first) });
                self.turn(self.number + 1);
                slab = Slab { after, head, ..Slab::row(second) };
                continue;
            }
            if self.at_top() {
                self.flow.faults.push(Fault::TooTall { text: slab.words() });
                return self.place(slab);
            }
            self.turn(self.number + 1);
        }
    }

    fn place(&mut self, slab: Slab) {
        if self.at_top() {
            if slab.empty {
                return;
            }
            if let Some(head) = slab.head.and_then(|head| self.flow.heads.get(head)) {
                for repeated in head {
                    repeated.draw(self.y, true, &mut self.page);
                    self.y += repeated.height;
                }
            }
        } else {
            self.y += gap(self.above.as_ref(), &slab);
        }
        slab.draw(self.y, false, &mut self.page);
        self.y += slab.height;
        self.above = Some(Slab { body: Body::default(), ..slab });
    }
}

fn page_number(flow: &mut Flow<'_>, number: usize, to: &mut Drawing) {
    let style = flow.style.text("page-number");
    let (left, width) = (flow.style.left(), flow.style.measure());
    let mut drawing = Drawing::default();
    for line in flow.set(&plain(&number.to_string()), style, width, 0.0).iter() {
        line.place(left, 0.0, Align::Center, style, Owner::Artifact, &mut drawing);
    }
    for mut line in drawing.lines {
        line.baseline = flow.style.number_baseline();
        to.lines.push(line);
    }
}

fn watermark_line(flow: &mut Flow<'_>, words: &str, to: &mut Drawing) {
    let settings = &flow.style.watermark;
    let look = word::plain(flow.style.text("kind"));
    let mut ems = 0.0;
    for letter in words.chars() {
        match flow.fonts.find(look.face, letter) {
            Some((face, width)) if face == look.face => ems += f64::from(width) / 1000.0,
            _ => {
                flow.faults.push(Fault::MissingGlyph { letters: vec![letter], text: words.to_owned() });
                return;
            }
        }
    }
    let (page_width, page_height) = (flow.style.width(), flow.style.height());
    let size = settings.size.min(0.8 * page_width.hypot(page_height) / ems.max(1.0));
    let angle = settings.angle.to_radians();
    // The middle of the words, a third of an em above their baseline, comes to the middle of the page.
    let (along, across) = (ems * size / 2.0, size / 3.0);
    let x = page_width / 2.0 - along * angle.cos() + across * angle.sin();
    let baseline = page_height / 2.0 + along * angle.sin() + across * angle.cos();
    let run = Run { face: look.face, size, color: [settings.grey; 3], text: words.to_owned(), gap: 0.0 };
    to.lines.push(Line {
        owner: Owner::Artifact,
        x,
        baseline,
        angle: settings.angle,
        stretch: 0.0,
        runs: [run].into(),
    });
}
