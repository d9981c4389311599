//! One row → one letter. The only call from batches to the document, its layout and the PDF.

use super::check::case_code;
use super::table::Row;
use super::{Job, file_name};
use crate::diagnostic::{Diagnostic, code};
use crate::document::Document;
use crate::layout::{self, Layout};
use crate::letter::circular::Own;
use crate::pdf;
use crate::pipeline::render::{Rendered, at_midnight};

/// Something that keeps the letter of a row from being right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// The declared column whose cell it comes from, where that is known.
    pub place: Option<usize>,
    /// What is wrong.
    pub finding: Diagnostic,
}

/// Renders the letter of a row; its bytes depend on the job, the row and the number alone.
///
/// # Errors
/// What keeps the letter from being right.
pub fn render(job: &Job<'_>, row: &Row, number: Option<u32>) -> Result<Rendered, Vec<Misfit>> {
    let (document, layout) = lay_out(job, row, number)?;
    let metadata = pdf::Metadata::of(&document, at_midnight(Some(job.circular.date())));
    let bytes = pdf::export(&layout, job.means.fonts, &metadata).map_err(|error| {
        let finding = Diagnostic::error(code::EXPORT, format!("Không tạo được PDF: {error}"));
        vec![Misfit { place: None, finding }]
    })?;
    Ok(Rendered { bytes, pages: layout.pages.len() })
}

/// The pages of a row's letter.
///
/// # Errors
/// What keeps the letter from being right.
pub(super) fn lay_out(job: &Job<'_>, row: &Row, number: Option<u32>) -> Result<(Document, Layout), Vec<Misfit>> {
    let document = job.means.forms.document_of(&job.form, &view(job, row, number));
    let document = document.map_err(|finding| vec![Misfit { place: None, finding }])?;
    let layout = layout::lay_out(&document, job.means.style, job.means.fonts)
        .map_err(|faults| faults.iter().map(|fault| misfit(job, row, fault)).collect::<Vec<_>>())?;
    Ok((document, layout))
}

fn misfit(job: &Job<'_>, row: &Row, fault: &layout::Fault) -> Misfit {
    let finding = Diagnostic { message: fault.to_string(), ..fault.diagnostic("") };
    let words = fault.text().trim_end_matches('…').trim();
    let holds = |place: &usize| !words.is_empty() && row.cell(*place).contains(words);
    Misfit { place: (0..job.declaration.columns.len()).find(holds), finding }
}

/// What the form of a row's letter may print.
#[must_use]
pub fn view(job: &Job<'_>, row: &Row, number: Option<u32>) -> serde_json::Value {
    job.circular.view(own(job, row, number))
}

fn own(job: &Job<'_>, row: &Row, number: Option<u32>) -> Own {
    let declaration = job.declaration;
    let cell = |place: usize| row.cell(place);
    let optional = |place: Option<usize>| place.map(cell).filter(|text| !text.is_empty()).map(str::to_owned);
    Own {
        columns: declaration.values(cell),
        title: declaration.title(cell),
        subject: declaration.subject(cell),
        name: cell(declaration.recipient.name).to_owned(),
        honorific: optional(declaration.recipient.honorific),
        address: optional(declaration.recipient.address),
        case_code: case_code(declaration, row).map(str::to_owned),
        number,
    }
}

/// File name of a row's letter, legal on every system: `000017-nguyen-thi-huong.pdf`.
pub(super) fn name_of(job: &Job<'_>, row: &Row) -> String {
    file_name(row.number, row.cell(job.declaration.recipient.name))
}
