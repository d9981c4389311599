//! One form, many recipients: a table is read and checked as a whole, then each row becomes a letter of its own.
//!
//! ```text
//! declaration + table → check → rows, normalised → render, in parallel → group written → result lines
//! ```
//!
//! Nothing is written before every row is right. A letter's bytes depend on the job and its row, never on its neighbours,
//! the thread or the shard.

use chrono::NaiveDate;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

pub mod check;
pub mod declaration;
pub mod job;
pub mod merge;
pub mod output;
pub mod problem;
pub mod render;
pub mod table;

pub use check::{Checked, check};
pub use declaration::Declaration;
pub use output::{Made, Output, Shard};
pub use problem::{Problem, Unit};
pub use render::render;
pub use table::{Row, Table};

use crate::diagnostic::code;
use crate::letter::circular::{Circular, Refused};
use crate::letter::{Mode, slug};
use crate::workspace::Workspace;

/// Words longer than this are laid out in the check: the narrowest cell of a form may not hold them. Addresses and codes in
/// ASCII are divided wherever they must be.
const LONG_WORD: usize = 20;
/// Cells longer than this are laid out in the check.
const LONG_CELL: usize = 600;

/// Everything the letters of a batch have in common.
#[derive(Debug)]
pub struct Job<'a> {
    workspace: &'a Workspace,
    declaration: &'a Declaration,
    /// File name of the form.
    form: String,
    circular: Circular,
    mode: Mode,
}

impl<'a> Job<'a> {
    /// A job of the form called `name` (without ending), dated `date`, signed by `signer` or whoever signs by default;
    /// `None` when there is no such batch form.
    ///
    /// # Errors
    /// When the settings do not allow such letters.
    pub fn new(
        workspace: &'a Workspace,
        name: &str,
        signer: Option<&str>,
        date: NaiveDate,
        mode: Mode,
    ) -> Option<Result<Self, Refused>> {
        let declaration = workspace.forms.declaration(name)?;
        let circular = Circular::new(&workspace.settings, &declaration.register, signer, date, mode);
        Some(circular.map(|circular| Self { workspace, declaration, form: format!("{name}.xml"), circular, mode }))
    }

    /// What its letters share.
    #[must_use]
    pub fn circular(&self) -> &Circular {
        &self.circular
    }

    /// Its declaration.
    #[must_use]
    pub fn declaration(&self) -> &Declaration {
        self.declaration
    }

    /// Checks a table: every cell, then the layout of rows that hold unusually much.
    #[must_use]
    pub fn check(&self, table: Table) -> Checked {
        let mut checked = check(self.declaration, table, &self.workspace.fonts);
        let faults =
            checked.rows.par_iter().filter(|row| is_unusual(row)).filter_map(|row| self.try_out(row)).collect();
        checked.refuse(faults);
        checked
    }

    fn try_out(&self, row: &Row) -> Option<Problem> {
        let faults = render::lay_out(self, row, None).err()?;
        Some(faulty(row, &faults))
    }
}

/// What keeps a row from becoming a letter, as one problem of the row.
fn faulty(row: &Row, faults: &[crate::diagnostic::Diagnostic]) -> Problem {
    let message = faults.iter().map(|fault| fault.message.as_str()).collect::<Vec<_>>().join(" ");
    let hint = faults.iter().find_map(|fault| fault.hint.clone()).unwrap_or_default();
    Problem::error(row.number, code::DATA_ROW_LAYOUT, message, hint)
}

fn is_unusual(row: &Row) -> bool {
    (0..row.len()).map(|place| row.cell(place)).any(|cell| {
        cell.len() > LONG_WORD
            && (cell.len() > LONG_CELL
                || cell.split_whitespace().any(|word| !word.is_ascii() && word.chars().count() > LONG_WORD))
    })
}

/// What a batch was made from; kept beside its letters, so that a second run is known to be the same batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// Form, without ending.
    pub form: String,
    /// SHA-256 of the data file.
    pub data: String,
    /// Rows of the table.
    pub rows: usize,
    /// Rows that become letters.
    pub letters: usize,
    /// Date of the letters.
    pub date: NaiveDate,
    /// `draft` or `for_signature`.
    pub state: State,
    /// Who signs.
    pub signer: String,
    /// Digest of settings, forms, style, fonts and program version.
    pub workspace: String,
}

/// State of the letters of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Drafts.
    Draft,
    /// Copies for signature.
    ForSignature,
    /// Issued letters.
    Issued,
}

impl Job<'_> {
    /// The card of this job over a checked table read from a file with this digest.
    #[must_use]
    pub fn card(&self, checked: &Checked, data: &str) -> Card {
        Card {
            form: self.form.trim_end_matches(".xml").to_owned(),
            data: data.to_owned(),
            rows: checked.total,
            letters: checked.rows.len(),
            date: self.circular.date(),
            state: match self.mode {
                Mode::Draft => State::Draft,
                Mode::ForSignature => State::ForSignature,
                Mode::Issue { .. } => State::Issued,
            },
            signer: self.circular.signer_name().to_owned(),
            workspace: self.workspace.digest().to_owned(),
        }
    }
}

/// `000017-nguyen-thi-huong.pdf`: row and name in letters every file system takes.
fn file_name(row: u32, name: &str) -> String {
    let slug = slug(name);
    if slug.is_empty() { format!("{row:06}.pdf") } else { format!("{row:06}-{slug}.pdf") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_are_legal_everywhere() {
        assert_eq!(
            file_name(17, "Công ty TNHH \"Đại Phát\" / CN: Hà Nội?"),
            "000017-cong-ty-tnhh-dai-phat-cn-ha-noi.pdf"
        );
        assert_eq!(file_name(2, "***"), "000002.pdf");
        assert!(file_name(1_000_000, &"Nguyễn ".repeat(100)).len() < 80);
    }

    #[test]
    fn rows_with_long_words_or_texts_are_unusual() {
        let row = |cell: &str| {
            let mut row = Row::new(2);
            row.push("x");
            row.push(cell);
            row
        };
        assert!(!is_unusual(&row("Công ty TNHH Thương mại Dịch vụ Minh Phát, số 12 ngõ 45 phố Trần Thái Tông")));
        assert!(is_unusual(&row("Nguyễn-Thị-Hường-Trần-Thái-Tông")));
        assert!(!is_unusual(&row("https://example.vn/rat-dai-rat-dai-rat-dai")));
        assert!(is_unusual(&row(&"a ".repeat(400))));
    }
}
