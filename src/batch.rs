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

pub mod card;
pub mod check;
pub mod declaration;
pub mod job;
pub mod merge;
pub mod output;
pub mod problem;
pub mod render;
pub mod shard;
pub mod table;

pub use card::{Card, State};
pub use check::{Checked, check};
pub use declaration::Declaration;
pub use output::{Output, Tally};
pub use problem::{Problem, Unit};
pub use render::{Misfit, render};
pub use shard::Shard;
pub use table::{Row, Table};

use crate::font::FontSet;
use crate::form::FormSet;
use crate::layout::Style;
use crate::letter::circular::{Circular, Refused};
use crate::letter::{Mode, slug};
use crate::settings::Settings;
use crate::workspace::Workspace;

/// Words longer than this are laid out in the check: the narrowest cell of a form may not hold them. Addresses and codes in
/// ASCII are divided wherever they must be.
const LONG_WORD: usize = 20;
/// Cells longer than this are laid out in the check.
const LONG_CELL: usize = 600;

/// What letters of any batch are made with.
#[derive(Debug, Clone, Copy)]
pub struct Means<'a> {
    /// Settings.
    pub settings: &'a Settings,
    /// Forms.
    pub forms: &'a FormSet,
    /// Style.
    pub style: &'a Style,
    /// Faces.
    pub fonts: &'a FontSet,
}

impl<'a> From<&'a Workspace> for Means<'a> {
    fn from(workspace: &'a Workspace) -> Self {
        let Workspace { settings, forms, style, fonts, .. } = workspace;
        Self { settings, forms, style, fonts }
    }
}

/// Everything the letters of a batch have in common.
#[derive(Debug)]
pub struct Job<'a> {
    means: Means<'a>,
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
        means: impl Into<Means<'a>>,
        name: &str,
        signer: Option<&str>,
        date: NaiveDate,
        mode: Mode,
    ) -> Option<Result<Self, Refused>> {
        let means = means.into();
        let declaration = means.forms.declaration(name)?;
        let circular = Circular::new(means.settings, &declaration.register, signer, date, mode);
        Some(circular.map(|circular| Self { means, declaration, form: format!("{name}.xml"), circular, mode }))
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
        let mut checked = check(self.declaration, table, self.means.fonts);
        let unusual = checked.rows.par_iter().filter(|row| is_unusual(row));
        let faulty = unusual.filter_map(|row| Some((row, render::lay_out(self, row, None).err()?)));
        let problems = faulty.flat_map_iter(|(row, misfits)| checked.misfits(row, misfits)).collect();
        checked.refuse(problems);
        checked
    }
}

fn is_unusual(row: &Row) -> bool {
    (0..row.len()).map(|place| row.cell(place)).any(|cell| {
        cell.len() > LONG_WORD
            && (cell.len() > LONG_CELL
                || cell.split_whitespace().any(|word| !word.is_ascii() && word.chars().count() > LONG_WORD))
    })
}

impl Job<'_> {
    /// The card of this job over a checked table read from a file with the digest `data`, in a workspace with this digest.
    #[must_use]
    pub fn card(&self, checked: &Checked, data: &str, workspace: &str) -> Card {
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
            signer: self.circular.signer_id().to_owned(),
            program: env!("CARGO_PKG_VERSION").to_owned(),
            fonts: self.means.fonts.digest(),
            workspace: workspace.to_owned(),
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
            let (mut packing, mut row) = (table::Packing::default(), table::Draft::new(2));
            row.push("x");
            row.push(cell);
            packing.push(&row);
            packing.finish().remove(0)
        };
        assert!(!is_unusual(&row("Công ty TNHH Thương mại Dịch vụ Minh Phát, số 12 ngõ 45 phố Trần Thái Tông")));
        assert!(is_unusual(&row("Nguyễn-Thị-Hường-Trần-Thái-Tông")));
        assert!(!is_unusual(&row("https://example.vn/rat-dai-rat-dai-rat-dai")));
        assert!(is_unusual(&row(&"a ".repeat(400))));
    }
}
