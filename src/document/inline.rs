//! Running text: emphasis, breaks, blanks; white space folded across element borders.

use roxmltree::Node;
use unicode_normalization::UnicodeNormalization;

use super::attribute::{Attributes, composed, fault, fold, kept};
use super::{Emphasis, Error, Inline, Inlines};

/// Elements of running text.
pub(super) const NAMES: [&str; 7] = ["b", "i", "u", "br", "nb", "missing", "blank"];

/// Widest blank for filling in by hand, in ems.
const WIDEST_BLANK: f64 = 40.0;

/// Collects running text; a space is written only once something follows it.
#[derive(Default)]
pub(super) struct Collector {
    inlines: Inlines,
    space: Option<Emphasis>,
    open: bool,
}

/// Length of the words, one space between each two unless they stay together, that `text` begins with as they are kept.
fn plain(text: &str, together: bool) -> usize {
    let (mut end, mut space) = (0, together);
    for (at, letter) in text.char_indices() {
        if letter == ' ' {
            if space || at == 0 {
                break;
            }
            space = true;
        } else if kept(letter) == Some(letter) {
            end = at + letter.len_utf8();
            space = together;
        } else {
            break;
        }
    }
    end
}

impl Collector {
    /// Adds the children of `node`, all of which must be running text.
    pub(super) fn add_children(&mut self, node: Node<'_, '_>) -> Result<(), Error> {
        self.children(node, Emphasis::default(), false, 0)
    }

    /// Adds one node of running text.
    pub(super) fn add(&mut self, node: Node<'_, '_>) -> Result<(), Error> {
        self.node(node, Emphasis::default(), false, 0)
    }

    /// Whether nothing visible was collected.
    pub(super) fn is_empty(&self) -> bool {
        self.inlines.is_empty()
    }

    /// The text, in NFC.
    pub(super) fn finish(mut self) -> Inlines {
        for inline in &mut self.inlines {
            if let Inline::Text { text, .. } = inline
                && !text.chars().all(composed)
            {
                *text = text.nfc().collect();
            }
        }
        self.inlines
    }

    fn children(&mut self, node: Node<'_, '_>, emphasis: Emphasis, together: bool, depth: usize) -> Result<(), Error> {
        if depth > super::parse::DEEPEST {
            return Err(fault(node, "Các phần tử lồng nhau quá sâu."));
        }
        node.children().try_for_each(|child| self.node(child, emphasis, together, depth))
    }

    fn node(&mut self, node: Node<'_, '_>, emphasis: Emphasis, together: bool, depth: usize) -> Result<(), Error> {
        if node.is_text() {
            self.words(node.text().unwrap_or_default(), emphasis, together);
            return Ok(());
        }
        if !node.is_element() {
            return Ok(());
        }
        let plain = |emphasis| (emphasis, together);
        let (emphasis, together) = match node.tag_name().name() {
            "b" => plain(Emphasis { bold: true, ..emphasis }),
            "i" => plain(Emphasis { italic: true, ..emphasis }),
            "u" => plain(Emphasis { underline: true, ..emphasis }),
            "nb" => (emphasis, true),
            "br" => {
                Attributes::of(node, &[])?;
                self.inlines.push(Inline::Break);
                self.space = None;
                self.open = false;
                return Ok(());
            }
            "missing" => {
                Attributes::of(node, &[])?;
                let mut inside = String::new();
                for text in node.descendants().filter(Node::is_text) {
                    inside.push_str(text.text().unwrap_or_default());
                }
                self.visible(Inline::Missing(fold(&inside)));
                return Ok(());
            }
            "blank" => {
                let width = Attributes::of(node, &["w"])?.number("w", 0.5, WIDEST_BLANK)?.unwrap_or(2.0);
                self.visible(Inline::Blank(width));
                return Ok(());
            }
            other => {
                return Err(fault(
                    node,
                    format!("Không dùng phần tử <{other}> trong dòng chữ; chỉ dùng: {}.", NAMES.join(", ")),
                ));
            }
        };
        Attributes::of(node, &[])?;
        self.children(node, emphasis, together, depth + 1)
    }

    fn words(&mut self, text: &str, emphasis: Emphasis, together: bool) {
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let (stretch, after) = rest.split_at(plain(rest, together));
            rest = after;
            if !stretch.is_empty() {
                self.push_word(stretch, emphasis);
                continue;
            }
            rest = &rest[first.len_utf8()..];
            match kept(first) {
                None => {}
                Some(' ') if together && (!self.open || self.space.is_some()) => {}
                Some(' ') if together => {
                    self.push("\u{a0}", emphasis);
                    self.open = false;
                }
                Some(' ') => self.space = self.open.then_some(emphasis),
                Some(other) => self.push_word(other.encode_utf8(&mut [0; 4]), emphasis),
            }
        }
    }

    /// Adds words, after the space that waits for them.
    fn push_word(&mut self, letters: &str, emphasis: Emphasis) {
        if let Some(emphasis) = self.space.take() {
            self.push(" ", emphasis);
        }
        self.push(letters, emphasis);
        self.open = true;
    }

    fn visible(&mut self, inline: Inline) {
        if let Some(emphasis) = self.space.take() {
            self.push(" ", emphasis);
        }
        self.inlines.push(inline);
        self.open = true;
    }

    fn push(&mut self, letters: &str, wanted: Emphasis) {
        if let Some(Inline::Text { text, emphasis }) = self.inlines.last_mut()
            && *emphasis == wanted
        {
            text.push_str(letters);
        } else {
            self.inlines.push(Inline::Text { text: letters.to_owned(), emphasis: wanted });
        }
    }
}
