//! YAML text: as a tree with positions ([`tree`]), and as typed values. Sole user of `serde_yaml` and `saphyr-parser`.
//!
//! Syntax faults are told as the mistakes people make; [`mend`] reads on past them.

mod explain;
mod line;
pub mod mend;
mod outcome;
pub mod tree;
mod white;

use serde::de::DeserializeOwned;

use crate::diagnostic::Span;

/// Why a YAML text could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    /// The parser's own words.
    pub message: String,
    /// Where it stopped, when it says so.
    pub span: Option<Span>,
}

/// Reads one YAML document into `T`; a leading byte-order mark is skipped.
///
/// # Errors
/// The first fault the parser meets, with its place.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    serde_yaml::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| Error {
        message: error.to_string(),
        span: error.location().map(|at| Span { line: at.line(), column: at.column(), length: 0 }),
    })
}
