//! What comes of reading a text in one way: how far it can be read, and what of it does not fit.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::line::begins;
use super::tree::{Content, Node, Stop, scan_on};

/// Lines that hold what does not belong there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// The first of them.
    pub first: usize,
    /// The last of them.
    pub last: usize,
    /// Whether a line at the wrong depth, or a missing dash, may be the cause.
    pub of_place: bool,
    /// What else may be the cause, and what to do then, in Vietnamese.
    pub otherwise: Option<String>,
}

/// Knows what belongs where.
pub trait Judge {
    /// What of a tree does not fit; the text is that of the tree.
    fn misfits(&self, tree: &Node, text: &str) -> Vec<Misfit>;

    /// The key that `word` is, or else was probably meant to be.
    fn key(&self, word: &str) -> Option<&'static str>;
}

/// What came of reading a text.
pub(super) struct Outcome {
    pub(super) stop: Option<Stop>,
    /// Lines that hold what does not belong there.
    pub(super) unfit: BTreeSet<usize>,
    /// Places where the depth steps otherwise than usual in the text.
    uneven: usize,
    /// Lines on which a key or an item begins.
    begun: BTreeSet<usize>,
    /// Of how many lines it was guessed how deep they stand.
    pub(super) guessed: usize,
}

impl Outcome {
    pub(super) fn of(text: &str, judge: Option<&dyn Judge>) -> Self {
        let (tree, stop) = scan_on(text);
        let mut outcome = Self { stop, unfit: BTreeSet::new(), uneven: 0, begun: BTreeSet::new(), guessed: 0 };
        if let Some(tree) = tree {
            outcome.unfit = judge
                .map(|judge| judge.misfits(&tree, text))
                .unwrap_or_default()
                .iter()
                .flat_map(|misfit| misfit.first..=misfit.last)
                .collect();
            let mut steps = Steps::default();
            steps.walk(&tree, &mut outcome.begun);
            outcome.uneven = steps.uneven();
        }
        outcome
    }

    /// Whether it can be read and all of it belongs where it stands.
    pub(super) fn is_fit(&self) -> bool {
        self.stop.is_none() && self.unfit.is_empty()
    }

    /// Whether nothing at all is wrong.
    pub(super) fn is_perfect(&self) -> bool {
        self.stop.is_none() && self.unfit.is_empty() && self.uneven == 0
    }

    /// Whether the line, by its looks a key or an item, became a part of the text above it.
    pub(super) fn swallows(&self, n: usize, line: &str) -> bool {
        self.stop.is_none() && begins(line) && !self.begun.contains(&n)
    }

    /// How wrong this is beside `other`, the least first: what does not fit as far as both were read, and the stop where it came first;
    /// whether the depth was guessed; how much could not be read; how uneven the depths are.
    pub(super) fn beside(&self, other: &Self) -> (usize, usize, Reverse<(usize, usize)>, usize) {
        let both = self.end().min(other.end());
        let unfit = self.unfit.iter().filter(|line| **line < both.0).count();
        let stopped = usize::from(self.stop.is_some() && self.end() == both);
        (unfit + stopped, self.guessed, Reverse(self.end()), self.uneven)
    }

    fn end(&self) -> (usize, usize) {
        self.stop.as_ref().map_or((usize::MAX, 0), Stop::place)
    }
}

/// How deep blocks and items stand below what they belong to, and how often.
#[derive(Default)]
struct Steps {
    blocks: BTreeMap<usize, usize>,
    lists: BTreeMap<usize, usize>,
    items: BTreeMap<usize, usize>,
}

impl Steps {
    fn walk(&mut self, node: &Node, begun: &mut BTreeSet<usize>) {
        match &node.content {
            Content::Scalar { .. } => {}
            Content::List(items) => {
                for item in items {
                    begun.insert(item.span.line);
                    if matches!(item.content, Content::Map(_)) && item.span.line >= node.span.line {
                        let step = item.span.column.saturating_sub(node.span.column);
                        *self.items.entry(step).or_default() += 1;
                    }
                    self.walk(item, begun);
                }
            }
            Content::Map(entries) => {
                for entry in entries {
                    begun.insert(entry.key_span.line);
                    if entry.value.span.line > entry.key_span.line {
                        let step = entry.value.span.column.saturating_sub(entry.key_span.column);
                        match entry.value.content {
                            Content::Map(_) => *self.blocks.entry(step).or_default() += 1,
                            Content::List(_) => *self.lists.entry(step).or_default() += 1,
                            Content::Scalar { .. } => {}
                        }
                    }
                    self.walk(&entry.value, begun);
                }
            }
        }
    }

    fn uneven(&self) -> usize {
        let odd = |steps: &BTreeMap<usize, usize>| {
            steps.values().sum::<usize>() - steps.values().max().copied().unwrap_or_default()
        };
        odd(&self.blocks) + odd(&self.lists) + odd(&self.items)
    }
}
