//! Tables for a spreadsheet.

use std::io::Write;

use chrono::{DateTime, FixedOffset, NaiveDate};

use super::Error;

/// Prints a table as CSV.
pub(super) fn csv(headings: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> Result<(), Error> {
    let mut output = std::io::stdout().lock();
    // Excel takes a CSV for UTF-8 only when it begins with a byte-order mark.
    output.write_all("\u{feff}".as_bytes())?;
    let mut writer = csv::Writer::from_writer(output);
    writer.write_record(headings).map_err(std::io::Error::from)?;
    for row in rows {
        writer.write_record(&row).map_err(std::io::Error::from)?;
    }
    Ok(writer.flush()?)
}

/// A day as spreadsheets here read it.
pub(super) fn day(day: NaiveDate) -> String {
    day.format("%d/%m/%Y").to_string()
}

/// A moment, likewise.
pub(super) fn moment(moment: DateTime<FixedOffset>) -> String {
    moment.format("%d/%m/%Y %H:%M").to_string()
}
