//! Places in a mended text, as places in the text as it stands.

use std::collections::BTreeMap;

use super::super::tree::{Content, Node};
use crate::diagnostic::Span;

/// Lines of the mended text that differ from the text as it stands: each with what it was and what it is now.
pub(super) struct Changes(BTreeMap<usize, (Vec<char>, Vec<char>)>);

impl Changes {
    pub(super) fn between(text: &str, now: &str) -> Self {
        let pairs = text.split('\n').zip(now.split('\n')).enumerate();
        let changed = pairs.filter(|(_, (old, new))| old != new);
        Self(changed.map(|(at, (old, new))| (at + 1, (old.chars().collect(), new.chars().collect()))).collect())
    }

    /// The tree of the mended text with places of the text as it stands.
    pub(super) fn back(&self, node: &mut Node) {
        node.span = self.place(node.span);
        match &mut node.content {
            Content::List(items) => items.iter_mut().for_each(|item| self.back(item)),
            Content::Map(entries) => {
                for entry in entries {
                    entry.key_span = self.place(entry.key_span);
                    self.back(&mut entry.value);
                }
            }
            Content::Scalar { .. } => {}
        }
    }

    /// A span of the mended text in the text as it stands: what lies behind the change of its line moves with it.
    pub(super) fn place(&self, span: Span) -> Span {
        let Some((old, new)) = self.0.get(&span.line) else { return span };
        let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
        let rest = old.len().min(new.len()) - head;
        let tail = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
        let column = |column: usize| {
            if column <= head {
                column
            } else if column + tail >= new.len() {
                (old.len() + column).saturating_sub(new.len())
            } else {
                column.min(old.len() - tail).max(head)
            }
        };
        let (start, end) = (column(span.column - 1), column(span.column - 1 + span.length));
        Span { line: span.line, column: start + 1, length: end.saturating_sub(start) }
    }
}
