//! What of a tree does not belong where it stands, as [`crate::yaml::mend`] asks: by that it tells a line that stands at the wrong depth.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use super::check::check;
use super::schema::Shape;
use crate::diagnostic::{Diagnostic, Span, code};
use crate::yaml::mend::{Judge, Misfit};
use crate::yaml::tree::{Content, Entry, Node};

/// Knows what belongs where in a file of this shape.
pub(crate) struct Fitting {
    shape: Shape,
    keys: OnceCell<BTreeSet<&'static str>>,
}

impl Fitting {
    pub(crate) fn new(shape: Shape) -> Self {
        Self { shape, keys: OnceCell::new() }
    }

    fn keys(&self) -> &BTreeSet<&'static str> {
        self.keys.get_or_init(|| {
            let mut keys = BTreeSet::new();
            collect(self.shape, 0, &mut keys);
            keys
        })
    }

    /// Whether `key` belongs nowhere in such a file: it is misspelt, and stands no better elsewhere.
    pub(crate) fn is_nowhere(&self, key: &str) -> bool {
        let word = !key.is_empty() && key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        word && !self.keys().contains(key)
    }
}

impl Judge for Fitting {
    fn misfits(&self, tree: &Node, text: &str) -> Vec<Misfit> {
        let findings = check(tree, self.shape, "", text).findings;
        findings.iter().flat_map(|finding| of_finding(tree, finding, text, self)).collect()
    }

    fn key(&self, word: &str) -> Option<&'static str> {
        if let Some(key) = self.keys().get(word) {
            return Some(key);
        }
        let near = self.keys().iter().map(|key| (strsim::normalized_damerau_levenshtein(word, key), *key));
        near.max_by(|a, b| a.0.total_cmp(&b.0)).filter(|(score, _)| *score >= 0.8).map(|(_, key)| key)
    }
}

/// All keys there are.
fn collect(shape: Shape, depth: usize, keys: &mut BTreeSet<&'static str>) {
    match shape {
        Shape::List(item) => collect(item(), depth, keys),
        Shape::Block(fields) if depth < 8 => {
            for field in fields {
                keys.insert(field.key);
                collect((field.shape)(), depth + 1, keys);
            }
        }
        _ => {}
    }
}

/// The key that stands at `span`.
pub(super) fn key_at(text: &str, span: Span) -> String {
    let line = text.lines().nth(span.line - 1).unwrap_or_default();
    line.chars().skip(span.column - 1).take(span.length).collect()
}

fn of_finding(tree: &Node, finding: &Diagnostic, text: &str, known: &Fitting) -> Vec<Misfit> {
    let Some(span) = finding.span else { return Vec::new() };
    let last = last_line(tree, span).unwrap_or(span.line);
    let misfit = |of_place: bool| Misfit { first: span.line, last, of_place, otherwise: None };
    match finding.code {
        code::UNKNOWN_KEY => vec![misfit(!known.is_nowhere(&key_at(text, span)))],
        code::WRONG_KIND | code::DASH | code::MISSING_KEY => vec![misfit(true)],
        // A value that goes on below its line may have taken in the next one.
        code::BAD_VALUE | code::BAD_CHOICE => vec![misfit(last > span.line)],
        code::DUPLICATE_KEY => {
            let line = |n: usize| text.lines().nth(n - 1).unwrap_or_default().trim_start_matches([' ', '-']).trim_end();
            // A line that stands there twice was written twice. Otherwise either of the two may have come from another block.
            let of_place = line(span.line) != line(span.line.saturating_sub(1).max(1));
            let otherwise = Some(format!("{} Nếu ghi thừa thì xóa một dòng.", finding.message));
            let one = |n: usize| Misfit { first: n, last: n, of_place, otherwise: otherwise.clone() };
            [Some(span.line), first_of(tree, span)].into_iter().flatten().map(one).collect()
        }
        _ => vec![misfit(false)],
    }
}

/// Where the key stands for the first time that stands at `span` again.
fn first_of(node: &Node, span: Span) -> Option<usize> {
    match &node.content {
        Content::Scalar { .. } => None,
        Content::List(items) => items.iter().find_map(|item| first_of(item, span)),
        Content::Map(entries) => entries.iter().find_map(|entry| {
            let again = (entry.key_span == span).then(|| entries.iter().find(|first| first.key == entry.key));
            again.flatten().map(|first| first.key_span.line).or_else(|| first_of(&entry.value, span))
        }),
    }
}

/// The last line of what is told of by its key or by itself.
fn last_line(node: &Node, span: Span) -> Option<usize> {
    if node.span == span {
        return Some(node.last_line);
    }
    match &node.content {
        Content::Scalar { .. } => None,
        Content::List(items) => items.iter().find_map(|item| last_line(item, span)),
        Content::Map(entries) => {
            entries.iter().find_map(
                |Entry { key_span, value, .. }| {
                    if *key_span == span { Some(value.last_line) } else { last_line(value, span) }
                },
            )
        }
    }
}
