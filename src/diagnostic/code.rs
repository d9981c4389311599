//! Stable codes of findings. A code is never reused for another meaning.
//!
//! Ranges: `HS0xx` the file and its YAML · `HS1xx` meaning of the facts · `HS2xx` forms, fonts and letters · `HS3xx` issue
//! and register · `HS4xx` dossier and archive · `HS5xx` workspace, settings, calendar · `HS6xx` batches.

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
/// The file is not YAML, and the mistake is none of those with a code of their own.
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
/// A case file cannot be read: permission, a folder or link in its place, an I/O fault.
pub const UNREADABLE: Code = Code("HS016");
/// The file name differs from `ma_ho_so`.
pub const NAME_DIFFERS: Code = Code("HS017");
/// What stands behind ` #` in a value without quotes is read as a comment.
pub const CUT_BY_COMMENT: Code = Code("HS018");
/// Text typed in an old code page in a file that is Unicode.
pub const MISTYPED_CHARSET: Code = Code("HS019");
/// A tab in the indentation.
pub const TAB: Code = Code("HS020");
/// No space after the colon of a key.
pub const NO_SPACE: Code = Code("HS021");
/// Quotes that are not closed, or closed too early.
pub const QUOTES: Code = Code("HS022");
/// A line indented otherwise than those it belongs to.
pub const INDENTATION: Code = Code("HS023");
/// The dash of a list item is missing, or has no space after it.
pub const DASH: Code = Code("HS024");
/// A colon inside a value without quotes.
pub const COLON_IN_VALUE: Code = Code("HS025");
/// A value without quotes that begins with a sign of YAML.
pub const LEADING_SIGN: Code = Code("HS026");
/// A line that is no key.
pub const NO_KEY: Code = Code("HS027");
/// A character that looks like a space, colon or dash and is none.
pub const LOOKALIKE: Code = Code("HS028");
/// A blank case file was written into without being moved up.
pub const BLANK_NOT_MOVED: Code = Code("HS029");
/// A copy of a case file, made by a sync tool or by hand.
pub const CONFLICT_COPY: Code = Code("HS030");
/// Two files with one case code.
pub const TWO_FILES: Code = Code("HS031");
/// A case file that is written again and again without ever lying still.
pub const NEVER_STILL: Code = Code("HS032");

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
/// An appointed date that cannot be kept.
pub const APPOINTED_DATE: Code = Code("HS118");

// --- HS2xx: forms, fonts and letters ---

/// The style file is wrong.
pub const STYLE: Code = Code("HS201");
/// A font file cannot be used.
pub const FONT: Code = Code("HS202");
/// A filled form is no right markup.
pub const MARKUP: Code = Code("HS203");
/// Pages cannot become a valid PDF.
pub const EXPORT: Code = Code("HS204");
/// No face has a letter.
pub const MISSING_GLYPH: Code = Code("HS205");
/// A word is wider than the room for it.
pub const TOO_WIDE: Code = Code("HS206");
/// A block that cannot be divided is higher than a page.
pub const TOO_TALL: Code = Code("HS207");
/// A form asks for a style the style file does not have.
pub const UNKNOWN_STYLE: Code = Code("HS208");
/// A style setting outside what the decree asks for.
pub const STYLE_RANGE: Code = Code("HS209");
/// A form breaks the rules of Tera.
pub const FORM_SYNTAX: Code = Code("HS221");
/// A form uses a name its letter does not have.
pub const FORM_NAME: Code = Code("HS222");
/// A form uses an unknown filter, test or function.
pub const FORM_FILTER: Code = Code("HS223");
/// A form, or one it builds on, is not there.
pub const FORM_MISSING: Code = Code("HS224");
/// A form cannot be filled for another reason.
pub const FORM_FILL: Code = Code("HS225");
/// A form uses a value that may be absent without testing for it.
pub const FORM_ABSENT: Code = Code("HS226");

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
/// A line of a journal is dated more than a day before the one it follows.
pub const JOURNAL_BACKWARDS: Code = Code("HS308");
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
/// A fact is missing that the letter needs to be issued or signed.
pub const MISSING_AT_ISSUE: Code = Code("HS330");
/// A number was withdrawn in the register and the case file says nothing of it.
pub const VOID_WITHOUT_REPLACEMENT: Code = Code("HS331");
/// `thay_the` names a number this letter never had, or lacks date or reason.
pub const REPLACES_UNKNOWN: Code = Code("HS332");
/// The settings give no register and symbol for a kind of letter.
pub const NO_SERIES: Code = Code("HS333");
/// A fact an issued letter used is different now.
pub const CHANGED_AFTER_ISSUE: Code = Code("HS334");
/// An issued letter's block is no longer in the case file.
pub const ISSUED_BLOCK_GONE: Code = Code("HS335");
/// The original of an issued letter is missing or damaged.
pub const ORIGINAL_LOST: Code = Code("HS336");
/// The code of a case with issued letters was changed.
pub const CODE_CHANGED: Code = Code("HS337");
/// The file of a case with issued letters is gone.
pub const CASE_GONE: Code = Code("HS338");
/// The number cannot be given: taken, or not the next one.
pub const NUMBER_REFUSED: Code = Code("HS339");
/// What the case file says of a letter that is not issued yet.
pub const AHEAD_OF_ISSUE: Code = Code("HS341");
/// A letter that is to be replaced still lies among those in force.
pub const REPLACEMENT_COMING: Code = Code("HS342");

/// The file of a case without issued letters is gone.
pub const CASE_LOST: Code = Code("HS343");
/// A file that is meant as a case file by its name and is not read.
pub const STRAY: Code = Code("HS344");

/// A batch has numbers that are neither letters nor given up yet.
pub const BATCH_PENDING: Code = Code("HS350");
/// The result list of a batch, or a letter of it, is missing or changed.
pub const BATCH_DAMAGED: Code = Code("HS351");
/// A row of a batch names a case that is closed or not there.
pub const BATCH_CASE: Code = Code("HS352");

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
/// A letter in a dossier is not the one of the register.
pub const DOSSIER_LETTER: Code = Code("HS412");
/// A dossier cannot be restored from the second copy.
pub const DOSSIER_NOT_RESTORED: Code = Code("HS413");
/// The destruction of a dossier was cut short.
pub const DISPOSAL_UNFINISHED: Code = Code("HS414");
/// A book or a report knows a case by its code alone, because its file or dossier cannot be read.
pub const KNOWN_BY_CODE_ALONE: Code = Code("HS415");
/// A file carries the code of a dossier that is destroyed.
pub const CODE_DESTROYED: Code = Code("HS435");
/// A dossier cannot be read, so it is not in the archive's index.
pub const DOSSIER_NOT_INDEXED: Code = Code("HS411");
/// A number typed in the case file is not used, because the program gives numbers.
pub const NUMBER_IGNORED: Code = Code("HS340");
/// A file came back unchanged after its case was closed; it was set aside.
pub const CAME_BACK_SAME: Code = Code("HS430");
/// A file of a closed case came back changed, but with no new facts.
pub const CAME_BACK_CHANGED: Code = Code("HS431");
/// A file could not be put into the dossier; closing was put off.
pub const CLOSING_PUT_OFF: Code = Code("HS432");
/// Something changed while the case was being closed; it was kept aside.
pub const CHANGED_WHILE_CLOSING: Code = Code("HS433");
/// A paper is missing at closing (signed copy, proof of delivery).
pub const CLOSING_INCOMPLETE: Code = Code("HS434");

// --- HS5xx: workspace, settings, calendar ---

/// A setting with a value that cannot hold.
pub const SETTINGS_VALUE: Code = Code("HS501");
/// Two rows of the settings that claim the same.
pub const SETTINGS_TWICE: Code = Code("HS502");
/// Rows the settings must have are missing.
pub const SETTINGS_INCOMPLETE: Code = Code("HS503");
/// The disk refused.
pub const DISK: Code = Code("HS510");
/// A journal is damaged or contradicts what was asked.
pub const STATE: Code = Code("HS511");
/// The watched folder is not there.
pub const NO_FOLDER: Code = Code("HS512");
/// The watched folder is empty where there were cases.
pub const FOLDER_EMPTIED: Code = Code("HS513");
/// The folder of journals and originals lies on a volume of another machine.
pub const STATE_ON_NETWORK: Code = Code("HS514");
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

// --- HS6xx: batches ---

/// The table of recipients cannot be read as what it claims to be.
pub const DATA_UNREADABLE: Code = Code("HS601");
/// A column of the table that its form does not declare.
pub const DATA_UNKNOWN_COLUMN: Code = Code("HS602");
/// A column the form needs is not in the table.
pub const DATA_NO_COLUMN: Code = Code("HS603");
/// The same column twice.
pub const DATA_COLUMN_TWICE: Code = Code("HS604");
/// A cell that must be filled is empty.
pub const DATA_CELL_EMPTY: Code = Code("HS605");
/// A cell whose value is not of its column's kind.
pub const DATA_CELL_VALUE: Code = Code("HS606");
/// A cell longer than its column allows.
pub const DATA_CELL_LONG: Code = Code("HS607");
/// A cell with characters or words that are no content: control characters, `null`, an error of the spreadsheet.
pub const DATA_CELL_TEXT: Code = Code("HS608");
/// A cell with a letter no face has.
pub const DATA_CELL_GLYPH: Code = Code("HS609");
/// A row with more cells than there are columns.
pub const DATA_ROW_WIDE: Code = Code("HS610");
/// Two rows for the same recipient.
pub const DATA_ROW_TWICE: Code = Code("HS611");
/// The letter of a row cannot be laid out.
pub const DATA_ROW_LAYOUT: Code = Code("HS612");
/// A code the spreadsheet keeps as a number, so that leading zeros may be lost.
pub const DATA_CELL_NUMBER: Code = Code("HS613");
/// The declaration of a batch form is wrong.
pub const DECLARATION: Code = Code("HS620");
/// The folder holds another batch.
pub const BATCH_OTHER: Code = Code("HS621");
/// A batch cannot be made with these settings.
pub const BATCH_SETTINGS: Code = Code("HS622");
/// A letter made before is not what its result line says.
pub const BATCH_RESULTS: Code = Code("HS623");
