//! `hoso`: complaint case files in a shared folder become official letters, a register and a self-proving archive.
//!
//! The path of data:
//!
//! ```text
//! read → case::parse → procedure::assess → letter::prepare → form::fill → document::parse → layout::lay_out
//!      → pdf::export → persist;   at issue → register::issue;   at close → dossier::write → archive::publish
//! ```
//!
//! Between any two arrows is a plain value. `case`, `calendar`, `procedure`, `letter`, `document`, `layout` do no I/O and
//! know no clock.

pub mod archive;
pub mod batch;
pub mod board;
pub mod calendar;
pub mod case;
pub mod catalogue;
pub mod cli;
pub mod command;
pub mod diagnostic;
pub mod disposal;
pub mod document;
pub mod dossier;
pub mod encoding;
pub mod export;
pub mod font;
pub mod form;
pub mod fs;
pub mod history;
pub mod journal;
pub mod layout;
pub mod letter;
pub mod pdf;
pub mod persons;
pub mod pipeline;
pub mod procedure;
pub mod register;
pub mod report;
pub mod serve;
pub mod settings;
pub mod steps;
pub mod watch;
pub mod workspace;
pub mod yaml;
