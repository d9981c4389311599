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

/// The last line of a journal was torn by a power cut and set aside.
pub const JOURNAL_TORN: Code = Code("HS300");
/// A line of a journal was changed.
pub const JOURNAL_LINE_CHANGED: Code = Code("HS301");
/// Lines of a journal were removed.
pub const JOURNAL_LINES_REMOVED: Code = Code("HS302");
/// The end of a journal was cut off.
pub const JOURNAL_CUT: Code = Code("HS303");
/// The head of a journal (count and hash) is missing or unreadable, or was behind and is caught up.
pub const JOURNAL_HEAD: Code = Code("HS304");
/// The second copy of a journal says something else, or cannot be written.
pub const JOURNAL_MIRROR: Code = Code("HS305");
/// A line of a journal is intact but of a kind this version does not know.
pub const JOURNAL_LINE_UNKNOWN: Code = Code("HS306");
/// A journal holds more lines than its head accounts for, or a line out of place.
pub const JOURNAL_LINE_STRAY: Code = Code("HS307");
/// A number was given twice in one register and year.
pub const NUMBER_TWIN: Code = Code("HS310");
/// Numbers of a register and year leave a gap.
pub const NUMBER_GAP: Code = Code("HS311");
/// A letter's date is earlier than that of the number before it.
pub const NUMBER_DATE_ORDER: Code = Code("HS312");
/// An entry of the register contradicts an earlier one.
pub const REGISTER_CONTRADICTION: Code = Code("HS313");
/// An issued original is missing or changed.
pub const ORIGINAL_DAMAGED: Code = Code("HS320");
/// The snapshot of an issued letter is missing or changed.
pub const SNAPSHOT_DAMAGED: Code = Code("HS321");
/// The copy of an issued letter in the case's folder is missing or changed.
pub const COPY_DAMAGED: Code = Code("HS322");

// --- HS4xx: dossier and archive ---

/// The file is no dossier at all, or its structure was changed outside any entry.
pub const DOSSIER_STRUCTURE: Code = Code("HS400");
/// An entry of a dossier is damaged.
pub const DOSSIER_ENTRY_DAMAGED: Code = Code("HS401");
/// A dossier ends too early.
pub const DOSSIER_TRUNCATED: Code = Code("HS402");
/// An entry of a dossier has a name that is not allowed.
pub const DOSSIER_ENTRY_NAME: Code = Code("HS403");
/// A dossier or an entry of it is larger than allowed, or swells beyond reason.
pub const DOSSIER_TOO_LARGE: Code = Code("HS404");
/// A manifest of a dossier does not fit its entries.
pub const DOSSIER_MANIFEST: Code = Code("HS405");
/// A dossier's own SHA-256 differs from that in the archive journal.
pub const DOSSIER_DIGEST: Code = Code("HS406");
/// A dossier the archive journal knows is not there.
pub const DOSSIER_MISSING: Code = Code("HS407");
/// A zip lies in the archive that the journal does not know.
pub const DOSSIER_UNKNOWN: Code = Code("HS408");
/// The archive journal contradicts itself.
pub const ARCHIVE_CONTRADICTION: Code = Code("HS409");
/// No dossier of that code is in the archive.
pub const ARCHIVE_NO_SUCH_CODE: Code = Code("HS410");

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
