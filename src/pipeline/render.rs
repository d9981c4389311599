//! One letter: facts → view → markup → pages → bytes.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, TimeZone};

use crate::layout;
use crate::letter::Prepared;
use crate::pdf;
use crate::pipeline::read::Reading;
use crate::pipeline::unfit::{self, Unfit};
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
pub fn render(workspace: &Workspace, prepared: &Prepared, reading: Option<&Reading>) -> Result<Rendered, Vec<Unfit>> {
    let fonts = &workspace.fonts;
    let wrong = reading.map(|reading| unfit::in_values(fonts, prepared, reading)).unwrap_or_default();
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let document = workspace.forms.document(prepared).map_err(|fault| vec![Unfit::new(&prepared.id, fault)])?;
    let layout = layout::lay_out(&document, &workspace.style, fonts).map_err(|faults| {
        faults.iter().map(|fault| unfit::in_layout(workspace, fault, prepared, reading)).collect::<Vec<_>>()
    })?;
    let metadata = pdf::Metadata::of(&document, at_midnight(prepared.date));
    let bytes = pdf::export(&layout, fonts, &metadata).map_err(|error| vec![unfit::export(&prepared.id, &error)])?;
    Ok(Rendered { bytes, pages: layout.pages.len() })
}

/// Midnight of a letter's date in the office's zone; letters without a date take a fixed one, so that drafts stay the same.
pub(crate) fn at_midnight(date: Option<NaiveDate>) -> DateTime<FixedOffset> {
    let date = date.or_else(|| NaiveDate::from_ymd_opt(2020, 1, 1)).unwrap_or_default();
    workspace::zone().from_local_datetime(&date.and_time(NaiveTime::MIN)).single().unwrap_or_default()
}
