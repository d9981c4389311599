//! Lines kept: from one setting of a document to the next, since tightening moves lines and does not break them anew; and
//! from one document to the next on a thread, since the letters of a batch share most of their texts.

use std::cell::RefCell;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

use rustc_hash::{FxBuildHasher, FxHashMap, FxHasher};

use super::Fault;
use super::line::SetLine;
use super::style::TextStyle;
use crate::document::{Align, Inline};

/// Everything besides the text that line breaking looks at: fonts, look, measures by their bits, colour.
type Setting = (u64, u8, [u64; 3], [u32; 3]);

/// A text and its lines.
#[derive(Debug, Clone)]
struct Set {
    setting: Setting,
    text: Rc<[Inline]>,
    lines: Rc<[SetLine]>,
}

impl Set {
    fn is_of(&self, setting: &Setting, text: &[Inline]) -> bool {
        self.setting == *setting && *self.text == *text
    }
}

/// Texts set in this document, by where they lie.
#[derive(Debug)]
pub(super) struct Memo {
    fonts: u64,
    here: RefCell<FxHashMap<(usize, Setting), Set>>,
}

impl Memo {
    /// An empty one for documents set in the fonts with this serial number.
    pub(super) fn new(fonts: u64) -> Self {
        Self { fonts, here: RefCell::new(FxHashMap::with_capacity_and_hasher(TEXTS_OF_A_LETTER, FxBuildHasher)) }
    }

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
        let setting =
            (self.fonts, look, [measure, indent, style.size].map(f64::to_bits), style.color.map(f32::to_bits));
        let place = (content.as_ptr() as usize, setting);
        // A text made for the moment may lie where another lay before it.
        if let Some(found) = self.here.borrow().get(&place).filter(|found| found.is_of(&setting, content)) {
            return Ok(Rc::clone(&found.lines));
        }
        let found = Kept::lines(setting, content, set)?;
        let lines = Rc::clone(&found.lines);
        self.here.borrow_mut().insert(place, found);
        Ok(lines)
    }
}

/// About as many texts as a letter has.
const TEXTS_OF_A_LETTER: usize = 100;
/// Texts kept before the older half of them goes.
const TEXTS_KEPT: usize = 2_000;

thread_local! {
    static KEPT: RefCell<Kept> = RefCell::default();
}

/// Texts set in any document, by their digest: those asked for lately, and those asked for before.
#[derive(Debug, Default)]
struct Kept {
    late: FxHashMap<u64, Set>,
    early: FxHashMap<u64, Set>,
}

impl Kept {
    fn lines(
        setting: Setting,
        content: &[Inline],
        set: impl FnOnce() -> Result<Vec<SetLine>, Vec<Fault>>,
    ) -> Result<Set, Vec<Fault>> {
        let key = digest(&setting, content);
        let is_it = |found: &&Set| found.is_of(&setting, content);
        let found = KEPT.with_borrow(|kept| {
            kept.late
                .get(&key)
                .filter(is_it)
                .map(|found| (found.clone(), true))
                .or_else(|| kept.early.get(&key).filter(is_it).map(|found| (found.clone(), false)))
        });
        let fresh = match found {
            Some((found, true)) => return Ok(found),
            Some((found, false)) => found,
            None => Set { setting, text: content.into(), lines: set()?.into() },
        };
        KEPT.with_borrow_mut(|kept| {
            if kept.late.len() >= TEXTS_KEPT {
                kept.early = std::mem::take(&mut kept.late);
            }
            kept.late.insert(key, fresh.clone());
        });
        Ok(fresh)
    }
}

fn digest(setting: &Setting, content: &[Inline]) -> u64 {
    let mut digest = FxHasher::default();
    setting.hash(&mut digest);
    for inline in content {
        match inline {
            Inline::Text { text, emphasis } => {
                (text, emphasis.bold, emphasis.italic, emphasis.underline).hash(&mut digest)
            }
            Inline::Break => digest.write_u8(1),
            Inline::Missing(what) => what.hash(&mut digest),
            Inline::Blank(width) => width.to_bits().hash(&mut digest),
        }
    }
    digest.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Emphasis;
    use crate::font::FontSet;
    use crate::layout::{Style, line};

    #[test]
    fn a_text_is_set_once_unless_it_or_its_frame_changed() {
        let (fonts, style) = (FontSet::builtin(), Style::builtin());
        let body = style.text("body");
        let mut content =
            vec![Inline::Text { text: "Trung tâm trả lời".to_owned(), emphasis: Emphasis::default() }];
        let count = std::cell::Cell::new(0);
        let memo = std::cell::RefCell::new(Memo::new(fonts.serial()));
        let ask = |content: &[Inline], style: &TextStyle, align, frame: [f64; 2]| {
            let set = || {
                count.set(count.get() + 1);
                line::set(content, style, &fonts, align, frame[0], frame[1])
            };
            let lines = memo.borrow().lines(content, style, align, frame, set).unwrap();
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
        // The same text in the next document, at another place.
        memo.replace(Memo::new(fonts.serial()));
        assert_eq!(ask(&content.clone(), body, Align::Left, [400.0, 0.0]), 10);
        // Other fonts may have other widths.
        memo.replace(Memo::new(FontSet::builtin().serial()));
        assert_eq!(ask(&content, body, Align::Left, [400.0, 0.0]), 11);
    }

    #[test]
    fn many_texts_do_not_push_out_one_that_is_asked_for_again_and_again() {
        let (fonts, style) = (FontSet::builtin(), Style::builtin());
        let text = |text: String| vec![Inline::Text { text, emphasis: Emphasis::default() }];
        let mut count = 0;
        for number in 0..3 * TEXTS_KEPT {
            let memo = Memo::new(fonts.serial());
            let mut ask = |content: Vec<Inline>| {
                let body = style.text("body");
                let set = || {
                    count += 1;
                    line::set(&content, body, &fonts, Align::Left, 400.0, 0.0)
                };
                memo.lines(&content, body, Align::Left, [400.0, 0.0], set).unwrap()
            };
            assert_eq!(ask(text(format!("số {number}"))).len(), 1);
            assert_eq!(ask(text("Trân trọng".to_owned())).len(), 1);
        }
        assert_eq!(count, 3 * TEXTS_KEPT + 1);
        KEPT.with_borrow(|kept| assert!(kept.late.len() + kept.early.len() <= 2 * TEXTS_KEPT));
    }
}
