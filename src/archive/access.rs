//! The access log: who looked at what, plain lines, for fixity checks and retrievals.

use std::path::Path;

use chrono::{DateTime, FixedOffset};

use crate::fs;

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// A dossier was checked.
    Fixity,
    /// A dossier was unpacked or handed out.
    Retrieval,
}

/// Appends one line: time, kind, case code, remark, separated by tabs.
///
/// # Errors
/// When the system refuses.
pub fn record(log: &Path, time: DateTime<FixedOffset>, what: Access, code: &str, remark: &str) -> fs::Result<()> {
    let what = match what {
        Access::Fixity => "kiem_tra",
        Access::Retrieval => "khai_thac",
    };
    let plain = |text: &str| text.replace(char::is_control, " ");
    fs::append_line(log, &format!("{}\t{what}\t{}\t{}", time.to_rfc3339(), plain(code), plain(remark)))
}
