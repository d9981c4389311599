//! The shape of a case file as data: what the checker walks, and what templates and editor help are made from.

use super::value::Fault;

/// What may stand at a place of the file.
#[derive(Clone, Copy)]
pub enum Shape {
    /// One value; `check` says what is wrong with its text.
    Scalar {
        /// What the value is called in a message, e.g. "ngày".
        label: &'static str,
        /// An example that is right.
        example: &'static str,
        /// Whether the text is right.
        check: fn(&str) -> Result<(), Fault>,
    },
    /// One of a list of words: (word, meaning).
    Choice {
        /// What the value is called in a message.
        label: &'static str,
        /// The words allowed, each with its meaning.
        words: &'static [(&'static str, &'static str)],
    },
    /// A list of such things.
    List(fn() -> Shape),
    /// A block with named fields.
    Block(&'static [Field]),
}

/// A named field of a block.
#[derive(Clone, Copy)]
pub struct Field {
    /// Key in the file.
    pub key: &'static str,
    /// What it is, in Vietnamese.
    pub label: &'static str,
    /// What may stand there.
    pub shape: fn() -> Shape,
    /// Whether the block is nothing without it.
    pub required: bool,
}

/// Types that know their shape in the file.
pub trait Described {
    /// The shape.
    fn shape() -> Shape;
}

impl<T: Described> Described for Option<T> {
    fn shape() -> Shape {
        T::shape()
    }
}

impl<T: Described> Described for Vec<T> {
    fn shape() -> Shape {
        Shape::List(T::shape)
    }
}

/// Fields left out when written.
pub(crate) trait Absent {
    /// Whether there is nothing to write.
    fn is_absent(&self) -> bool;
}

impl<T> Absent for Option<T> {
    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T> Absent for Vec<T> {
    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}
