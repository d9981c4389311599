//! Attributes of an element: the known ones, typed; any other is an error.

use roxmltree::Node;
use unicode_normalization::UnicodeNormalization;

use super::{Align, Error, Underline};
use crate::diagnostic::Span;

/// Attributes of `node`, of which only those in `known` may occur.
pub(super) struct Attributes<'a, 'input> {
    node: Node<'a, 'input>,
}

/// The place of `node` in the markup.
pub(super) fn place(node: Node<'_, '_>) -> Span {
    place_at(node, node.range().start)
}

fn place_at(node: Node<'_, '_>, offset: usize) -> Span {
    let at = node.document().text_pos_at(offset);
    Span { line: at.row as usize, column: at.col as usize, length: 0 }
}

/// An error at `node`.
pub(super) fn fault(node: Node<'_, '_>, message: impl Into<String>) -> Error {
    Error { message: message.into(), span: place(node) }
}

/// A letter as it is kept: every kind of white space is a space, invisible marks of word processors are dropped.
pub(super) fn kept(letter: char) -> Option<char> {
    match letter {
        ' '..='~' => Some(letter),
        '\t'
        | '\n'
        | '\r'
        | '\u{85}'
        | '\u{2000}'..='\u{2006}'
        | '\u{2008}'..='\u{200a}'
        | '\u{2028}'
        | '\u{2029}'
        | '\u{205f}'
        | '\u{3000}' => Some(' '),
        '\u{2007}' | '\u{202f}' => Some('\u{a0}'),
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}' => None,
        other => Some(other),
    }
}

/// Whether NFC leaves the letter alone whatever stands around it: Latin, Vietnamese, the marks letters use. Anything else
/// goes through the tables.
pub(super) fn composed(letter: char) -> bool {
    matches!(letter, '\0'..='\u{2ff}' | 'Ḁ'..='ỿ' | '\u{2010}'..='\u{2027}' | '₫' | '€' | '≤')
}

/// Whether there is nothing to fold.
fn folded(text: &str) -> bool {
    let mut before = ' ';
    text.chars().all(|letter| {
        let fine = composed(letter) && kept(letter) == Some(letter) && !(letter == ' ' && before == ' ');
        before = letter;
        fine
    }) && before != ' '
}

/// NFC, white space folded, ends trimmed.
pub(super) fn fold(text: &str) -> String {
    if folded(text) {
        return text.to_owned();
    }
    let spaced: String = text.chars().filter_map(kept).collect();
    let mut folded = String::with_capacity(spaced.len());
    for word in spaced.split(' ').filter(|word| !word.is_empty()) {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.extend(word.nfc());
    }
    folded
}

impl<'a, 'input> Attributes<'a, 'input> {
    /// Checks that `node` has no attribute outside `known`.
    pub(super) fn of(node: Node<'a, 'input>, known: &[&str]) -> Result<Self, Error> {
        for attribute in node.attributes() {
            if !known.contains(&attribute.name()) {
                let tag = node.tag_name().name();
                let message = if known.is_empty() {
                    format!("Phần tử <{tag}> không có thuộc tính nào, nhưng gặp “{}”.", attribute.name())
                } else {
                    format!(
                        "Phần tử <{tag}> không có thuộc tính “{}”; chỉ dùng: {}.",
                        attribute.name(),
                        known.join(", ")
                    )
                };
                return Err(Error { message, span: place_at(node, attribute.range().start) });
            }
        }
        Ok(Self { node })
    }

    /// Folded text of an attribute; `None` when absent or blank.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.node.attribute(name).map(fold).filter(|text| !text.is_empty())
    }

    fn wrong(&self, name: &str, wanted: &str) -> Error {
        let value = self.node.attribute(name).unwrap_or_default();
        let at = self.node.attribute_node(name).map_or_else(|| self.node.range().start, |found| found.range().start);
        Error {
            message: format!("Thuộc tính “{name}” có giá trị “{value}”; cần {wanted}."),
            span: place_at(self.node, at),
        }
    }

    /// One of `choices`, by its name.
    pub(super) fn choice<T: Copy>(&self, name: &str, choices: &[(&str, T)]) -> Result<Option<T>, Error> {
        let Some(value) = self.node.attribute(name) else { return Ok(None) };
        match choices.iter().find(|(known, _)| *known == value) {
            Some((_, choice)) => Ok(Some(*choice)),
            None => {
                let names: Vec<&str> = choices.iter().map(|(known, _)| *known).collect();
                Err(self.wrong(name, &format!("một trong: {}", names.join(", "))))
            }
        }
    }

    /// A finite number within `min..=max`.
    pub(super) fn number(&self, name: &str, min: f64, max: f64) -> Result<Option<f64>, Error> {
        let Some(value) = self.node.attribute(name) else { return Ok(None) };
        match value.trim().parse::<f64>() {
            Ok(number) if number.is_finite() && (min..=max).contains(&number) => Ok(Some(number)),
            _ => Err(self.wrong(name, &format!("một số từ {min} đến {max}"))),
        }
    }

    /// A whole number within `min..=max`.
    pub(super) fn count(&self, name: &str, min: usize, max: usize) -> Result<Option<usize>, Error> {
        let Some(value) = self.node.attribute(name) else { return Ok(None) };
        match value.trim().parse::<usize>() {
            Ok(number) if (min..=max).contains(&number) => Ok(Some(number)),
            _ => Err(self.wrong(name, &format!("một số nguyên từ {min} đến {max}"))),
        }
    }

    /// Positive weights separated by spaces.
    pub(super) fn weights(&self, name: &str) -> Result<Option<Vec<f64>>, Error> {
        let Some(value) = self.node.attribute(name) else { return Ok(None) };
        let weights: Option<Vec<f64>> = value
            .split_whitespace()
            .map(|part| part.parse::<f64>().ok().filter(|weight| weight.is_finite() && *weight > 0.0))
            .collect();
        match weights {
            Some(weights) if !weights.is_empty() => Ok(Some(weights)),
            _ => Err(self.wrong(name, "các số dương cách nhau bằng dấu cách, ví dụ “10 60 30”")),
        }
    }

    /// The attribute `align`.
    pub(super) fn align(&self) -> Result<Option<Align>, Error> {
        self.choice(
            "align",
            &[("left", Align::Left), ("center", Align::Center), ("right", Align::Right), ("justify", Align::Justify)],
        )
    }

    /// The attribute `rule`.
    pub(super) fn rule(&self) -> Result<Option<Underline>, Error> {
        self.choice("rule", &[("half", Underline::Half), ("full", Underline::Full)])
    }
}
