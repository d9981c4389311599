//! Fetches facts of a case by their path in the file, and records each one a letter uses.

use std::cell::RefCell;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{LetterKind, required, wording};
use crate::case::schema::{Described, Shape};
use crate::case::{Case, Date, Flag, Time};

/// A fact a letter must hold and the case file does not have yet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Missing {
    /// Where it belongs in the case file, e.g. `phieu_tiep_nhan.ngay`.
    pub path: String,
    /// What it is, e.g. "ngày viết phiếu".
    pub label: String,
}

/// One letter's view of the case file. Every value that goes out through it is recorded with its path.
pub(super) struct Reader {
    kind: LetterKind,
    file: Value,
    facts: RefCell<BTreeMap<String, String>>,
    missing: RefCell<Vec<Missing>>,
}

/// The value at `path` (`a.b[0].c`) of a case file written as a tree.
fn look_up<'a>(file: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(file, |value, step| {
        let (key, indices) = step.split_once('[').map_or((step, ""), |(key, rest)| (key, rest));
        let value = if key.is_empty() { value } else { value.get(key)? };
        indices
            .split('[')
            .filter(|index| !index.is_empty())
            .try_fold(value, |value, index| value.get(index.trim_end_matches(']').parse::<usize>().ok()?))
    })
}

/// Case as a tree of texts; every leaf is text, as in the file.
fn tree(case: &Case) -> Value {
    serde_json::to_value(case).unwrap_or_default()
}

/// The facts of `used` whose value in `case` is no longer the one used: path, value then, value now.
#[must_use]
pub fn changed_facts(case: &Case, used: &BTreeMap<String, String>) -> Vec<(String, String, Option<String>)> {
    let file = tree(case);
    used.iter()
        .filter_map(|(path, then)| {
            let now = look_up(&file, path).and_then(Value::as_str);
            (now != Some(then)).then(|| (path.clone(), then.clone(), now.map(str::to_owned)))
        })
        .collect()
}

impl Reader {
    pub(super) fn new(case: &Case, kind: LetterKind) -> Self {
        Self { kind, file: tree(case), facts: RefCell::default(), missing: RefCell::default() }
    }

    /// What was used and what was missing.
    pub(super) fn finish(self) -> (BTreeMap<String, String>, Vec<Missing>) {
        (self.facts.into_inner(), self.missing.into_inner())
    }

    /// Whether the block or value is there. Asking is not using.
    pub(super) fn has(&self, path: &str) -> bool {
        debug_assert!(shape(path).is_some(), "no such path in a case file: {path}");
        look_up(&self.file, path).is_some()
    }

    /// Entries of a list.
    pub(super) fn len(&self, path: &str) -> usize {
        debug_assert!(matches!(shape(path), Some(Shape::List(_))), "no such list in a case file: {path}");
        look_up(&self.file, path).and_then(Value::as_array).map_or(0, Vec::len)
    }

    /// Paths of the entries of a list.
    pub(super) fn entries(&self, path: &str) -> Vec<String> {
        (0..self.len(path)).map(|index| format!("{path}[{index}]")).collect()
    }

    fn raw(&self, path: &str) -> Option<&str> {
        debug_assert!(is_value(path), "no such value in a case file: {path}");
        let value = look_up(&self.file, path)?.as_str()?;
        self.facts.borrow_mut().insert(path.to_owned(), value.to_owned());
        Some(value)
    }

    /// The value as text.
    pub(super) fn text(&self, path: &str) -> Option<String> {
        self.raw(path).map(wording::plain)
    }

    /// The value without looking like it was used: for choosing a path, never for printing.
    pub(super) fn peek<T: DeserializeOwned>(&self, path: &str) -> Option<T> {
        debug_assert!(is_value(path), "no such value in a case file: {path}");
        T::deserialize(look_up(&self.file, path)?).ok()
    }

    /// The value as `T`.
    pub(super) fn value<T: DeserializeOwned>(&self, path: &str) -> Option<T> {
        self.raw(path)?;
        self.peek(path)
    }

    /// The value as a day.
    pub(super) fn date(&self, path: &str) -> Option<NaiveDate> {
        self.value::<Date>(path).map(|date| date.0)
    }

    /// The day in running text.
    pub(super) fn short_date(&self, path: &str) -> Option<String> {
        self.date(path).map(wording::short_date)
    }

    /// The hour in words.
    pub(super) fn hour(&self, path: &str) -> Option<String> {
        self.value::<Time>(path).map(wording::hour)
    }

    /// A yes or no.
    pub(super) fn flag(&self, path: &str) -> Option<bool> {
        self.value::<Flag>(path).map(|flag| flag == Flag::Yes)
    }

    /// The paragraphs of a text; none when it is absent.
    pub(super) fn paragraphs(&self, path: &str) -> Vec<String> {
        self.text(path)
            .map(|text| text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect())
            .unwrap_or_default()
    }

    /// The texts of a list of texts.
    pub(super) fn texts(&self, path: &str) -> Vec<String> {
        self.entries(path).iter().filter_map(|entry| self.text(entry)).map(|text| one_line(&text)).collect()
    }

    /// Notes that the letter must hold this and the file does not have it; the mark to print in a draft. What it is called
    /// stands in [`required`].
    pub(super) fn lack(&self, path: &str) -> String {
        let label = required::label(self.kind, path);
        debug_assert!(label.is_some(), "{path} is not declared as required for {:?}", self.kind);
        self.lack_as(path, label.unwrap_or("nội dung này"))
    }

    /// Like [`Self::lack`], in other words than the declared ones.
    pub(super) fn lack_as(&self, path: &str, label: &str) -> String {
        let missing = Missing { path: path.to_owned(), label: wording::plain(label) };
        let mark = wording::missing(&missing.label);
        let mut list = self.missing.borrow_mut();
        if !list.contains(&missing) {
            list.push(missing);
        }
        mark
    }

    /// The text on one line, or the mark that it is missing.
    pub(super) fn need(&self, path: &str) -> String {
        self.text(path).map_or_else(|| self.lack(path), |text| one_line(&text))
    }

    /// The day in running text, or the mark that it is missing.
    pub(super) fn need_date(&self, path: &str) -> String {
        self.short_date(path).unwrap_or_else(|| self.lack(path))
    }

    /// The paragraphs, or one with the mark that the text is missing.
    pub(super) fn need_paragraphs(&self, path: &str) -> Vec<String> {
        let found = self.paragraphs(path);
        if found.is_empty() { vec![self.lack(path)] } else { found }
    }

    /// The texts of a list, or one mark that there are none.
    pub(super) fn need_texts(&self, path: &str) -> Vec<String> {
        let found = self.texts(path);
        if found.is_empty() { vec![self.lack(path)] } else { found }
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a case file may hold at `path`; a slip in a path would silently leave a fact out of every letter.
fn shape(path: &str) -> Option<Shape> {
    path.split('.').try_fold(Case::shape(), |shape, step| {
        let (key, indices) = step.split_once('[').map_or((step, ""), |(key, rest)| (key, rest));
        let Shape::Block(fields) = shape else { return None };
        let field = fields.iter().find(|field| field.key == key)?;
        indices.split('[').filter(|index| !index.is_empty()).try_fold((field.shape)(), |shape, _| match shape {
            Shape::List(inner) => Some(inner()),
            _ => None,
        })
    })
}

fn is_value(path: &str) -> bool {
    matches!(shape(path), Some(Shape::Scalar { .. } | Shape::Choice { .. }))
}
