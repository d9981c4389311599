//! One row → one letter. The only call from batches to the document, its layout and the PDF.

use super::check::case_code;
use super::table::Row;
use super::{Job, file_name};
use crate::diagnostic::{Diagnostic, code};
use crate::document::{self, Document};
use crate::layout::{self, Layout};
use crate::letter::circular::Own;
use crate::pdf;
use crate::pipeline::render::{Rendered, at_midnight};

/// Renders the letter of a row; its bytes depend on the job, the row and the number alone.
///
/// # Errors
/// What keeps the letter from being right.
pub fn render(job: &Job<'_>, row: &Row, number: Option<u32>) -> Result<Rendered, Vec<Diagnostic>> {
    let (document, layout) = lay_out(job, row, number)?;
    let metadata = pdf::Metadata::of(&document, at_midnight(Some(job.circular.date())));
    let bytes = pdf::export(&layout, &job.workspace.fonts, &metadata).map_err(|error| {
        vec![Diagnostic::error(code::EXPORT, format!("Không tạo được PDF {}: {error}", job.declaration.kind))]
    })?;
    Ok(Rendered { bytes, pages: layout.pages.len() })
}

/// The pages of a row's letter.
///
/// # Errors
/// What keeps the letter from being right.
pub(super) fn lay_out(job: &Job<'_>, row: &Row, number: Option<u32>) -> Result<(Document, Layout), Vec<Diagnostic>> {
    let markup = job.workspace.forms.fill_with(&job.form, &view(job, row, number));
    let markup = markup.map_err(|fault| vec![fault])?;
    let document = document::parse(&markup).map_err(|error| {
        let message = format!("Biểu mẫu {} cho ra nội dung sai cú pháp: {error}", job.declaration.kind);
        vec![Diagnostic::error(code::MARKUP, message).in_file(format!("forms/{}", job.form))]
    })?;
    let layout = layout::lay_out(&document, &job.workspace.style, &job.workspace.fonts)
        .map_err(|faults| faults.iter().map(|fault| fault.diagnostic(&job.declaration.kind)).collect::<Vec<_>>())?;
    Ok((document, layout))
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
