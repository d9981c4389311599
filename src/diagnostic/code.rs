//! Stable codes of findings. A code is never reused for another meaning.
//!
//! Ranges: `HS0xx` the file and its YAML · `HS1xx` meaning of the facts · `HS2xx` forms, fonts and letters · `HS3xx` issue
//! and register · `HS4xx` dossier and archive · `HS5xx` workspace, settings, calendar.

use serde::Serialize;

/// A stable code such as `HS012`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Code(pub &'static str);

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

// --- HS0xx: the file and its YAML ---

// --- HS1xx: meaning of the facts ---

// --- HS2xx: forms, fonts and letters ---

impl Code {
    /// A form breaks the rules of Tera.
    pub const FORM_SYNTAX: Self = Self("HS221");
    /// A form uses a name its letter does not have.
    pub const FORM_NAME: Self = Self("HS222");
    /// A form uses an unknown filter, test or function.
    pub const FORM_FILTER: Self = Self("HS223");
    /// A form, or one it builds on, is not there.
    pub const FORM_MISSING: Self = Self("HS224");
    /// A form cannot be filled for another reason.
    pub const FORM_FILL: Self = Self("HS225");
}

// --- HS3xx: issue and register ---

// --- HS4xx: dossier and archive ---

// --- HS5xx: workspace, settings, calendar ---
