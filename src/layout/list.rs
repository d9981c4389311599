//! Lists: label, hanging text.

use super::flow::{Flow, Frame, plain};
use super::slab::{Body, Drawing, Row, Slab, Stack};
use super::{Owner, Role};
use crate::document::{Align, Block, Counting};

/// Least room between a label and its text.
const LABEL_GAP: f64 = 4.0;

/// "1.", "a)", "i." or "-".
fn label(counting: Option<Counting>, index: usize) -> String {
    match counting {
        None => "-".to_owned(),
        Some(Counting::Decimal) => format!("{}.", index + 1),
        Some(Counting::Letter) => format!("{})", letters(index)),
        Some(Counting::Roman) => format!("{}.", roman(index + 1)),
    }
}

/// The Vietnamese order of lists: a b c d đ e g h i k l m n o p q r s t u v x y (Decree 30/2020, App. I, 6 d).
fn letters(index: usize) -> String {
    const ORDER: [char; 23] = [
        'a', 'b', 'c', 'd', 'đ', 'e', 'g', 'h', 'i', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r', 's', 't', 'u', 'v', 'x',
        'y',
    ];
    let last = ORDER[index % ORDER.len()];
    match index / ORDER.len() {
        0 => last.to_string(),
        more => format!("{}{last}", letters(more - 1)),
    }
}

fn roman(mut number: usize) -> String {
    const PARTS: [(usize, &str); 9] =
        [(100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")];
    let mut text = String::new();
    for (value, sign) in PARTS {
        while number >= value {
            text.push_str(sign);
            number -= value;
        }
    }
    text
}

impl Flow<'_> {
    /// A list; its items may hold any blocks.
    pub(super) fn list(&mut self, counting: Option<Counting>, items: &[Vec<Block>], frame: Frame) -> Vec<Slab> {
        let style = self.style.text(frame.style);
        let (label_at, text_at) = self.style.list_indents(frame.narrow);
        let labels: Vec<String> = (0..items.len()).map(|index| label(counting, index)).collect();
        let widest = labels.iter().map(|label| self.natural_width(&plain(label), style)).fold(0.0, f64::max);
        let text_at = text_at.max(label_at + widest + LABEL_GAP);
        let list = self.element(Role::List(counting), frame.parent);
        let mut slabs = Vec::new();
        for (label, blocks) in labels.iter().zip(items) {
            let item = self.element(Role::Item, list);
            let label_element = self.element(Role::Label, item);
            let body = self.element(Role::ItemBody, item);
            let inner =
                Frame { x: frame.x + text_at, width: frame.width - text_at, parent: body, narrow: true, ..frame };
            let mut new = self.blocks(blocks, inner);
            let mut drawing = Drawing::default();
            for line in self.set(&plain(label), style, frame.width, 0.0).iter() {
                line.place(frame.x + label_at, 0.0, Align::Left, style, Owner::Element(label_element), &mut drawing);
            }
            match new.first_mut() {
                Some(Slab { body: Body::Drawn(first), .. }) => {
                    drawing.lines.append(&mut first.lines);
                    first.lines = drawing.lines;
                }
                // A row: the label stands beside it.
                Some(slab) => {
                    let label = Slab { height: style.leading, body: Body::Drawn(drawing), ..Slab::default() };
                    let Slab { before, after, joined, start, head, .. } = *slab;
                    let row = std::mem::take(slab);
                    let cells = vec![
                        Stack { x: frame.x, width: text_at, slabs: vec![label] },
                        Stack { x: inner.x, width: inner.width, slabs: vec![row] },
                    ];
                    *slab = Slab { before, after, joined, start, head, ..self.side_by_side(cells) };
                }
                None => {
                    let after = style.after;
                    new.push(Slab { height: style.leading, after, body: Body::Drawn(drawing), ..Slab::default() });
                }
            }
            slabs.append(&mut new);
        }
        slabs
    }

    /// Stacks side by side without lines.
    pub(super) fn side_by_side(&self, cells: Vec<Stack>) -> Slab {
        Slab::row(Row { cells, padding: 0.0, borders: None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_count_as_vietnamese_documents_do() {
        let shown: Vec<String> = (0..6).map(|index| label(Some(Counting::Letter), index)).collect();
        assert_eq!(shown, ["a)", "b)", "c)", "d)", "đ)", "e)"]);
        assert_eq!(label(Some(Counting::Letter), 23), "aa)");
        let shown: Vec<String> = [0, 3, 8, 13].iter().map(|index| label(Some(Counting::Roman), *index)).collect();
        assert_eq!(shown, ["i.", "iv.", "ix.", "xiv."]);
        assert_eq!(label(None, 4), "-");
    }
}
