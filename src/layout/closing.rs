//! What ends a letter: recipients and signer, or several signers side by side.

use super::flow::{Flow, Frame, plain};
use super::slab::{Body, Drawing, Slab, Stack, compose};
use super::{Owner, Role};
use crate::document::{Align, Recipients, Signer};

impl Flow<'_> {
    /// Recipients left, signer in the right half, on one level and undivided.
    pub(super) fn closing(
        &mut self,
        recipients: Option<&Recipients>,
        signer: Option<&Signer>,
        frame: Frame,
    ) -> Vec<Slab> {
        let half = frame.width / 2.0;
        let mut cells = Vec::new();
        if let Some(recipients) = recipients {
            let slabs = self.recipients(recipients, Frame { width: half - 8.0, narrow: true, ..frame });
            cells.push(Stack { x: frame.x, width: half, slabs });
        }
        if let Some(signer) = signer {
            let x = frame.x + half;
            let room = self.style.signature.sealed;
            let slabs = self.signer(signer, room, Frame { x, width: half, narrow: true, ..frame });
            cells.push(Stack { x, width: half, slabs });
        }
        self.signed(cells)
    }

    /// Signers side by side.
    pub(super) fn signatures(&mut self, signers: &[Signer], frame: Frame) -> Vec<Slab> {
        let gap = 8.0;
        let width = (frame.width - gap * (signers.len() as f64 - 1.0)) / signers.len() as f64;
        let mut cells = Vec::new();
        for (index, signer) in signers.iter().enumerate() {
            let x = frame.x + index as f64 * (width + gap);
            let room = self.style.signature.room;
            let slabs = self.signer(signer, room, Frame { x, width, narrow: true, ..frame });
            cells.push(Stack { x, width, slabs });
        }
        self.signed(cells)
    }

    fn signed(&self, cells: Vec<Stack>) -> Vec<Slab> {
        if cells.is_empty() {
            return Vec::new();
        }
        let row = compose(&[self.side_by_side(cells)]);
        vec![Slab { before: self.style.signature.before, after: self.style.signature.before, ..row }]
    }

    fn recipients(&mut self, recipients: &Recipients, frame: Frame) -> Vec<Slab> {
        let mut slabs = self.paragraph(&plain(&recipients.label), "recipients-label", frame, Role::Paragraph);
        let style = self.style.text("recipients-entry");
        let dash = plain("- ");
        let indent = self.natural_width(&plain("-"), style) + 0.25 * style.size;
        let list = self.element(Role::List(None), frame.parent);
        for entry in &recipients.entries {
            let item = self.element(Role::Item, list);
            let label = self.element(Role::Label, item);
            let body = self.element(Role::ItemBody, item);
            let inner = Frame { x: frame.x + indent, width: frame.width - indent, parent: body, ..frame };
            let mut new = self.paragraph(entry, "recipients-entry", inner, Role::Paragraph);
            let mut drawing = Drawing::default();
            for line in self.set(&dash, style, frame.width, 0.0).iter() {
                line.place(frame.x, 0.0, Align::Left, style, Owner::Element(label), &mut drawing);
            }
            if let Some(Slab { body: Body::Drawn(first), .. }) = new.first_mut() {
                drawing.lines.append(&mut first.lines);
                first.lines = drawing.lines;
            }
            slabs.append(&mut new);
        }
        slabs
    }

    fn signer(&mut self, signer: &Signer, room: f64, frame: Frame) -> Vec<Slab> {
        let parent = self.element(Role::Division, frame.parent);
        let frame = Frame { parent, ..frame };
        let mut slabs = Vec::new();
        for office in &signer.offices {
            slabs.extend(self.paragraph(office, "office", frame, Role::Paragraph));
        }
        for note in &signer.notes {
            slabs.extend(self.paragraph(note, "signer-note", frame, Role::Paragraph));
        }
        slabs.push(Slab { height: room, ..Slab::default() });
        if let Some(name) = &signer.name {
            slabs.extend(self.paragraph(name, "signer-name", frame, Role::Paragraph));
        }
        slabs
    }
}
