//! Lines kept from one setting of a document to the next: tightening moves lines, it does not break them anew.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::Fault;
use super::line::SetLine;
use super::style::TextStyle;
use crate::document::{Align, Inline};

/// Where the text lies, and everything besides the text that line breaking looks at. Numbers by their bits.
type Key = (usize, usize, u8, [u64; 3], [u32; 3]);

/// A text and its lines.
type Set = (Vec<Inline>, Rc<[SetLine]>);

/// Texts set in this document, with their lines.
#[derive(Debug, Default)]
pub(super) struct Memo(RefCell<HashMap<Key, Set>>);

impl Memo {
    /// The lines of a text: those kept, else what `set` makes.
    ///
    /// # Errors
    /// Those of `set`.
    pub(super) fn lines(
        &self,
        content: &[Inline],
        style: &TextStyle,
        align: Align,
        [measure, indent]: [f64; 2],
        set: impl FnOnce() -> Result<Vec<SetLine>, Vec<Fault>>,
    ) -> Result<Rc<[SetLine]>, Vec<Fault>> {
        let look =
            [style.bold, style.italic, style.upper].into_iter().fold(align as u8, |look, on| look * 2 + u8::from(on));
        let key = (
            content.as_ptr() as usize,
            content.len(),
            look,
            [measure, indent, style.size].map(f64::to_bits),
            style.color.map(f32::to_bits),
        );
        // A text made for the moment may lie where another lay before it.
        if let Some((_, lines)) = self.0.borrow().get(&key).filter(|(text, _)| text == content) {
            return Ok(Rc::clone(lines));
        }
        let lines: Rc<[SetLine]> = set()?.into();
        self.0.borrow_mut().insert(key, (content.to_vec(), Rc::clone(&lines)));
        Ok(lines)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Emphasis;
    use crate::font::FontSet;
    use crate::layout::{Style, line};

    #[test]
    fn a_text_is_set_once_unless_it_or_its_frame_changed() {
        let (memo, fonts, style) = (Memo::default(), FontSet::builtin(), Style::builtin());
        let body = style.text("body");
        let mut content =
            vec![Inline::Text { text: "Trung tâm trả lời".to_owned(), emphasis: Emphasis::default() }];
        let count = std::cell::Cell::new(0);
        let ask = |content: &[Inline], style: &TextStyle, align, frame: [f64; 2]| {
            let set = || {
                count.set(count.get() + 1);
                line::set(content, style, &fonts, align, frame[0], frame[1])
            };
            let lines = memo.lines(content, style, align, frame, set).unwrap();
            assert_eq!(lines.to_vec(), line::set(content, style, &fonts, align, frame[0], frame[1]).unwrap());
            count.get()
        };
        assert_eq!(ask(&content, body, Align::Left, [400.0, 0.0]), 1);
        assert_eq!(ask(&content, body, Align::Left, [400.0, 0.0]), 1);
        assert_eq!(ask(&content, body, Align::Justify, [400.0, 0.0]), 2);
        assert_eq!(ask(&content, body, Align::Left, [50.0, 0.0]), 3);
        assert_eq!(ask(&content, body, Align::Left, [400.0, 20.0]), 4);
        let changed = [
            TextStyle { bold: true, ..body.clone() },
            TextStyle { italic: true, ..body.clone() },
            TextStyle { upper: true, ..body.clone() },
            TextStyle { size: 9.0, ..body.clone() },
            TextStyle { color: [1.0, 0.0, 0.0], ..body.clone() },
        ];
        for (place, style) in changed.iter().enumerate() {
            assert_eq!(ask(&content, style, Align::Left, [400.0, 0.0]), 5 + place);
        }
        let tight = TextStyle { leading: 1.0, before: 0.0, ..body.clone() };
        assert_eq!(ask(&content, &tight, Align::Left, [400.0, 0.0]), 9);
        // The same place, another text.
        content[0] = Inline::Text { text: "Khách hàng hỏi".to_owned(), emphasis: Emphasis::default() };
        assert_eq!(ask(&content, body, Align::Left, [400.0, 0.0]), 10);
    }
}
