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

// --- HS3xx: issue and register ---

// --- HS4xx: dossier and archive ---

// --- HS5xx: workspace, settings, calendar ---

/// A calendar file cannot be read: YAML fault, unknown or missing key, wrong kind of value.
pub const CALENDAR_UNREADABLE: Code = Code("HS550");
/// A file in the calendar folder whose name says neither a year nor one of the two known files.
pub const CALENDAR_FILE_NAME: Code = Code("HS551");
/// A calendar file's year differs from its name, or a date lies outside it.
pub const CALENDAR_YEAR: Code = Code("HS552");
/// A period in a calendar file without its dates, ending before it begins, or too long.
pub const CALENDAR_PERIOD: Code = Code("HS553");
/// A calendar file says two things about one date.
pub const CALENDAR_CONFLICT: Code = Code("HS554");
/// A swap that gives a day off which is off already, or makes up on a working day.
pub const CALENDAR_SWAP: Code = Code("HS555");
/// The statute file names an impossible rule.
pub const CALENDAR_STATUTE: Code = Code("HS556");
/// A year's notice leaves out a public holiday.
pub const CALENDAR_HOLIDAY_MISSING: Code = Code("HS557");
/// Two calendar files for the same year or purpose.
pub const CALENDAR_TWICE: Code = Code("HS558");
