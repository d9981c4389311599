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

/// The file is larger than any case file can be.
pub const FILE_TOO_LARGE: Code = Code("HS001");
/// The file is not UTF-8 text.
pub const NOT_UTF8: Code = Code("HS002");
/// The file is not YAML; reading ends at the first such fault.
pub const SYNTAX: Code = Code("HS003");
/// YAML of a kind that is not allowed: anchors, aliases, tags, several documents, deep nesting.
pub const FORBIDDEN_YAML: Code = Code("HS004");
/// The file is empty, or no block of keys.
pub const NO_CASE: Code = Code("HS005");
/// A key that does not exist at this place.
pub const UNKNOWN_KEY: Code = Code("HS006");
/// The same key twice in one block.
pub const DUPLICATE_KEY: Code = Code("HS007");
/// A list, block or value where another of the three belongs.
pub const WRONG_KIND: Code = Code("HS008");
/// A value that cannot be what it should be.
pub const BAD_VALUE: Code = Code("HS009");
/// A word that is not in the list of words allowed.
pub const BAD_CHOICE: Code = Code("HS010");
/// A list item with nothing in it.
pub const EMPTY_ITEM: Code = Code("HS011");
/// `null` or `~` written by hand.
pub const NULL_VALUE: Code = Code("HS012");
/// A key that must be there is missing.
pub const MISSING_KEY: Code = Code("HS013");
/// More findings than are worth listing.
pub const TOO_MANY: Code = Code("HS014");
/// The file passed the checks but could not be read; a fault of the program.
pub const READERS_DISAGREE: Code = Code("HS015");

// --- HS1xx: meaning of the facts ---

/// Dates (or hours) out of order.
pub const DATE_ORDER: Code = Code("HS101");
/// A fact dated in the future.
pub const FUTURE_DATE: Code = Code("HS102");
/// Facts that exclude each other.
pub const EXCLUSIVE_FACTS: Code = Code("HS103");
/// A fact that needs an earlier one, which is missing.
pub const MISSING_EARLIER: Code = Code("HS104");
/// A rejection without reasons is to be issued.
pub const NO_REASONS: Code = Code("HS105");
/// Outcomes do not match the numbered requests.
pub const REQUEST_NUMBERS: Code = Code("HS106");
/// Answers of a unit do not match the numbered questions.
pub const QUESTION_NUMBERS: Code = Code("HS107");
/// Rounds are not numbered one after the other.
pub const ROUND_NUMBERS: Code = Code("HS108");
/// The same unit twice in one round.
pub const UNIT_TWICE: Code = Code("HS109");
/// A unit the settings do not list.
pub const UNKNOWN_UNIT: Code = Code("HS110");
/// A signer the settings do not know, or without authority on that day.
pub const SIGNER: Code = Code("HS111");
/// The check digit of a tax code does not fit.
pub const CHECK_DIGIT: Code = Code("HS112");
/// Facts that do not suit the kind of complainant.
pub const COMPLAINANT_KIND: Code = Code("HS113");
/// A file named in the case file is not in its folder.
pub const MISSING_FILE: Code = Code("HS114");
/// A file lies in the case's folder that nobody named.
pub const UNNAMED_FILE: Code = Code("HS115");
/// A symbolic link in the case's folder.
pub const SYMLINK: Code = Code("HS116");
/// Withdrawn numbers that do not fit together.
pub const REPLACEMENT: Code = Code("HS117");

// --- HS2xx: forms, fonts and letters ---

// --- HS3xx: issue and register ---

// --- HS4xx: dossier and archive ---

// --- HS5xx: workspace, settings, calendar ---

/// A setting with a value that cannot hold.
pub const SETTINGS_VALUE: Code = Code("HS501");
/// Two rows of the settings that claim the same.
pub const SETTINGS_TWICE: Code = Code("HS502");
/// Rows the settings must have are missing.
pub const SETTINGS_INCOMPLETE: Code = Code("HS503");
