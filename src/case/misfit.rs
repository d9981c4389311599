//! What of a tree does not belong where it stands, as [`crate::yaml::mend`] asks: by that it tells a line that stands at the wrong depth.

use super::check::check;
use super::schema::Shape;
use crate::diagnostic::{Diagnostic, Span, code};
use crate::yaml::mend::Misfit;
use crate::yaml::tree::{Content, Entry, Node};

/// What of `tree` does not fit `shape`.
pub(crate) fn misfits(tree: &Node, shape: Shape, text: &str) -> Vec<Misfit> {
    let findings = check(tree, shape, "", text).findings;
    findings.iter().flat_map(|finding| of_finding(tree, finding, text)).collect()
}

fn of_finding(tree: &Node, finding: &Diagnostic, text: &str) -> Vec<Misfit> {
    let Some(span) = finding.span else { return Vec::new() };
    let last = last_line(tree, span).unwrap_or(span.line);
    let misfit = |of_place: bool| Misfit { first: span.line, last, of_place, otherwise: None };
    match finding.code {
        code::UNKNOWN_KEY | code::WRONG_KIND | code::DASH | code::MISSING_KEY => vec![misfit(true)],
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
