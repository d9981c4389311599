//! Whether two objects say the same.

use std::collections::{BTreeMap, BTreeSet};

use lopdf::{Dictionary, Object, ObjectId};

/// Compares what stood in a file with what stands there now; `0` are the objects there now.
#[derive(Clone, Copy)]
pub(super) struct Comparison<'a>(pub(super) &'a BTreeMap<ObjectId, Object>);

impl Comparison<'_> {
    /// Equal but for how numbers and strings are written. A value that stood where it is used may have got an object of its own:
    /// PDFBox writes members of arrays so.
    pub(super) fn same(self, old: &Object, new: &Object) -> bool {
        match (old, new) {
            (Object::Reference(old), Object::Reference(new)) => old == new,
            (Object::Reference(_), _) => false,
            (old, Object::Reference(id)) => {
                self.0.get(id).is_some_and(|new| !matches!(new, Object::Reference(_)) && self.same(old, new))
            }
            (Object::String(old, _), Object::String(new, _)) => old == new,
            (Object::Integer(old), Object::Integer(new)) => old == new,
            (Object::Integer(_) | Object::Real(_), Object::Integer(_) | Object::Real(_)) => {
                matches!((old.as_float(), new.as_float()), (Ok(old), Ok(new)) if (old - new).abs() < 1e-3)
            }
            (Object::Array(old), Object::Array(new)) => {
                old.len() == new.len() && old.iter().zip(new).all(|(old, new)| self.same(old, new))
            }
            (Object::Dictionary(old), Object::Dictionary(new)) => self.same_entries(old, new, |_| true),
            (Object::Stream(old), Object::Stream(new)) => {
                old.content == new.content && self.same_entries(&old.dict, &new.dict, |_| true)
            }
            _ => old == new,
        }
    }

    /// Whether two dictionaries are the same in the keys that count.
    pub(super) fn same_but(self, old: &Object, new: &Object, counts: impl Fn(&[u8]) -> bool) -> bool {
        matches!((old, new), (Object::Dictionary(old), Object::Dictionary(new)) if self.same_entries(old, new, counts))
    }

    fn same_entries(self, old: &Dictionary, new: &Dictionary, counts: impl Fn(&[u8]) -> bool) -> bool {
        let counted = |side: &Dictionary| side.iter().filter(|(key, _)| counts(key)).count();
        counted(old) == counted(new)
            && old
                .iter()
                .filter(|(key, _)| counts(key))
                .all(|(key, value)| new.get(key).is_ok_and(|other| self.same(value, other)))
    }
}

/// Everything `object` refers to itself.
pub(super) fn references(object: &Object, found: &mut BTreeSet<ObjectId>) {
    match object {
        Object::Reference(id) => {
            found.insert(*id);
        }
        Object::Array(items) => items.iter().for_each(|item| references(item, found)),
        Object::Dictionary(dictionary) => dictionary.iter().for_each(|(_, value)| references(value, found)),
        Object::Stream(stream) => stream.dict.iter().for_each(|(_, value)| references(value, found)),
        _ => {}
    }
}
