//! One complaint and all that belongs to it: the facts staff record in a case file.
//!
//! Nothing here is a status: where a case stands is derived by [`crate::procedure`]. Almost every field may be absent,
//! because a fact that is not there yet is the next action and not a fault. Keys in the file are Vietnamese without
//! accents; the glossary maps them.

pub mod check;
pub mod parse;
pub mod places;
