//! One letter: facts → view → markup → pages → bytes.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, TimeZone};

use crate::diagnostic::{Diagnostic, Severity, code};
use crate::layout;
use crate::letter::Prepared;
use crate::pdf;
use crate::pipeline::read::Reading;
use crate::workspace::{self, Workspace};

/// A rendered letter.
#[derive(Debug)]
pub struct Rendered {
    /// PDF bytes.
    pub bytes: Vec<u8>,
    /// Pages.
    pub pages: usize,
}

/// Renders a prepared letter. The creation date in the PDF is the letter's own, so that the same facts give the same bytes.
///
/// # Errors
/// What keeps the letter from being right, each with its line in the case file where that is known.
pub fn render(
    workspace: &Workspace,
    prepared: &Prepared,
    reading: Option<&Reading>,
) -> Result<Rendered, Vec<Diagnostic>> {
    let document = workspace.forms.document(prepared).map_err(|fault| vec![fault])?;
    let layout = layout::lay_out(&document, &workspace.style, &workspace.fonts)
        .map_err(|faults| faults.iter().map(|fault| locate(fault, prepared, reading)).collect::<Vec<_>>())?;
    let metadata = pdf::Metadata::of(&document, at_midnight(prepared.date));
    let bytes = pdf::export(&layout, &workspace.fonts, &metadata).map_err(|error| {
        vec![Diagnostic::error(code::EXPORT, format!("Không tạo được PDF {}: {error}", prepared.id.kind.text()))]
    })?;
    Ok(Rendered { bytes, pages: layout.pages.len() })
}

/// Midnight of a letter's date in the office's zone; letters without a date take a fixed one, so that drafts stay the same.
pub(crate) fn at_midnight(date: Option<NaiveDate>) -> DateTime<FixedOffset> {
    let date = date.or_else(|| NaiveDate::from_ymd_opt(2020, 1, 1)).unwrap_or_default();
    workspace::zone().from_local_datetime(&date.and_time(NaiveTime::MIN)).single().unwrap_or_default()
}

/// Turns a fault of layout into a finding at the line of the fact it came from.
fn locate(fault: &layout::Fault, prepared: &Prepared, reading: Option<&Reading>) -> Diagnostic {
    let finding = fault.diagnostic(prepared.id.kind.text());
    let offending = fault.text().trim();
    let source = reading.filter(|_| !offending.is_empty()).and_then(|reading| {
        let path = prepared.facts.iter().find(|(_, value)| value.contains(offending)).map(|(path, _)| path)?;
        Some((reading, path))
    });
    match source {
        Some((reading, path)) => {
            let at =
                reading.places.finding(finding.code, Severity::Error, path, finding.message.clone(), String::new());
            Diagnostic { hint: finding.hint, ..at }
        }
        None => match reading {
            Some(reading) => finding.in_file(&reading.file),
            None => finding,
        },
    }
}
