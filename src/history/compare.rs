//! Two versions line by line. Sole user of `similar`.

use serde::Serialize;
use similar::{Algorithm, ChangeTag, DiffOp, capture_diff_slices};

use crate::encoding;

/// Lines shown around what differs.
const AROUND: usize = 2;

/// What became of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// In both versions.
    Same,
    /// Only in the first.
    Removed,
    /// Only in the second.
    Added,
}

/// One line of a comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// What became of it.
    pub fate: Fate,
    /// Its number in the version that has it; in the second where both do.
    pub number: usize,
    /// Its text.
    pub text: String,
}

/// Where two versions differ: groups of lines with some around them, in the order of the file.
#[must_use]
pub fn compare(first: &str, second: &str) -> Vec<Vec<Line>> {
    let (old, new): (Vec<&str>, Vec<&str>) = (first.lines().collect(), second.lines().collect());
    let ops = capture_diff_slices(Algorithm::Patience, &old, &new);
    similar::group_diff_ops(ops, AROUND)
        .iter()
        .map(|group| group.iter().flat_map(|op| lines(op, &old, &new)).collect())
        .filter(|group: &Vec<Line>| group.iter().any(|line| line.fate != Fate::Same))
        .collect()
}

fn lines(op: &DiffOp, old: &[&str], new: &[&str]) -> Vec<Line> {
    let line = |fate: Fate, index: usize, text: &str| Line { fate, number: index + 1, text: text.to_owned() };
    op.iter_changes(old, new)
        .map(|change| match (change.tag(), change.old_index(), change.new_index()) {
            (ChangeTag::Delete, Some(at), _) => line(Fate::Removed, at, change.value()),
            (ChangeTag::Insert, _, Some(at)) => line(Fate::Added, at, change.value()),
            (_, old, new) => line(Fate::Same, new.or(old).unwrap_or_default(), change.value()),
        })
        .collect()
}

/// The text of a version as a person sees it: where it is no Unicode, as Notepad would show it.
#[must_use]
pub fn text(bytes: &[u8]) -> String {
    encoding::decode(bytes).unwrap_or_else(|refused| refused.text)
}
