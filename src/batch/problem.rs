//! What is wrong with a table, told with row and column as a person sees them.

use serde::Serialize;

use crate::diagnostic::{Code, Diagnostic, Severity};

/// What the rows of a table are called where a person looks at them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Rows of a sheet; columns have letters.
    SheetRow,
    /// Lines of a text file.
    Line,
    /// Items of a list.
    Item,
}

/// Something wrong with a table, a row or a cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Row, as numbered in the sheet (its header is row 1), in the file (line) or in the list (item).
    pub row: u32,
    /// Header of the column, where one cell or column is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// Name of the cell in a sheet, e.g. `C7`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
    /// Code.
    pub code: Code,
    /// Error or warning.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// What to do.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub hint: String,
}

impl Problem {
    /// An error of a row.
    pub(super) fn error(row: u32, code: Code, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            row,
            column: None,
            cell: None,
            code,
            severity: Severity::Error,
            message: message.into(),
            hint: hint.into(),
        }
    }

    /// The same as a warning.
    pub(super) fn warning(self) -> Self {
        Self { severity: Severity::Warning, ..self }
    }

    /// In this column: its header and, in a sheet, its place from 0.
    pub(super) fn in_column(self, header: &str, unit: Unit, place: usize) -> Self {
        let cell = (unit == Unit::SheetRow).then(|| format!("{}{}", letters(place), self.row));
        Self { column: Some(header.to_owned()), cell, ..self }
    }

    /// Whether it is an error.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// The problem as a finding about `file`.
    #[must_use]
    pub fn diagnostic(&self, file: &str, unit: Unit) -> Diagnostic {
        let mut place = match unit {
            Unit::SheetRow | Unit::Line => format!("Dòng {}", self.row),
            Unit::Item => format!("Mục {}", self.row),
        };
        if let Some(column) = &self.column {
            place.push_str(&format!(", cột “{column}”"));
        }
        if let Some(cell) = &self.cell {
            place.push_str(&format!(" (ô {cell})"));
        }
        let finding = Diagnostic::error(self.code, format!("{place}: {}", self.message)).in_file(file);
        let finding = if self.hint.is_empty() { finding } else { finding.hint(&self.hint) };
        Diagnostic { severity: self.severity, ..finding }
    }
}

/// Letters of a column in a sheet: 0 is A, 25 is Z, 26 is AA.
fn letters(place: usize) -> String {
    let (mut rest, mut name) = (place + 1, Vec::new());
    while rest > 0 {
        name.push(char::from(b'A' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    name.iter().rev().collect()
}

/// Rows passed over as CSV that Excel opens as it is.
pub(super) fn bad_rows(problems: &[&Problem]) -> String {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    // Writing into memory does not fail.
    let _ = writer.write_record(["dong", "cot", "o", "ma", "van_de", "cach_sua"]);
    for problem in problems {
        let _ = writer.write_record([
            problem.row.to_string().as_str(),
            problem.column.as_deref().unwrap_or_default(),
            problem.cell.as_deref().unwrap_or_default(),
            problem.code.0,
            problem.message.as_str(),
            problem.hint.as_str(),
        ]);
    }
    let bytes = writer.into_inner().unwrap_or_default();
    format!("\u{feff}{}", String::from_utf8_lossy(&bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_the_letters_of_a_sheet() {
        for (place, name) in [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(letters(place), name);
        }
    }
}
