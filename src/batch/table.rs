//! A table of recipients as text, from CSV, XLSX, YAML or JSON Lines. Every cell is text; nothing is guessed about it here.

use std::path::Path;

use super::problem::{Problem, Unit};
use crate::diagnostic::code;
use crate::fs;

mod delimited;
mod list;
mod number;
mod row;
#[cfg(test)]
mod tests;
mod workbook;

pub use row::Row;
pub(super) use row::{Draft, Packing};

/// Most columns of a table.
const MOST_COLUMNS: usize = 200;
/// Most rows of a table.
const MOST_ROWS: usize = 1_000_000;

/// A table as it stands in its file.
#[derive(Debug)]
pub struct Table {
    /// What its rows are called.
    pub unit: Unit,
    /// Row of the header; 1 where the columns have no row of their own.
    pub header: u32,
    /// Headers as written.
    pub columns: Vec<String>,
    /// Rows that hold anything.
    pub rows: Vec<Row>,
    /// What could not be read.
    pub problems: Vec<Problem>,
    /// Rows while the table is read.
    packing: Packing,
}

impl Table {
    fn new(unit: Unit) -> Self {
        Self {
            unit,
            header: 1,
            columns: Vec::new(),
            rows: Vec::new(),
            problems: Vec::new(),
            packing: Packing::default(),
        }
    }

    /// Takes a row unless it is blank; the first of a sheet is its header.
    fn take(&mut self, row: &Draft) {
        if row.is_empty() {
            return;
        }
        self.packing.push(row);
        if self.unit == Unit::SheetRow && self.columns.is_empty() {
            let header = std::mem::take(&mut self.packing).finish().remove(0);
            self.header = header.number;
            self.columns = (0..header.len()).map(|place| one_line(header.cell(place))).collect();
            while self.columns.last().is_some_and(String::is_empty) {
                self.columns.pop();
            }
        }
    }

    /// Place of a column in a table without header row; new ones are added.
    fn column(&mut self, name: &str) -> usize {
        let name = one_line(name);
        self.columns.iter().position(|known| *known == name).unwrap_or_else(|| {
            self.columns.push(name);
            self.columns.len() - 1
        })
    }

    fn checked(mut self) -> Result<Self, Problem> {
        self.rows = std::mem::take(&mut self.packing).finish();
        let refuse = |message: String, hint: &str| Err(unreadable(self.header, message, hint));
        if self.columns.is_empty() && self.problems.is_empty() {
            return refuse(
                "Bảng không có dòng nào.".to_owned(),
                "Dòng đầu là tên các cột, mỗi dòng sau là một văn bản.",
            );
        }
        if self.rows.is_empty() && self.problems.is_empty() {
            return refuse(
                "Bảng chỉ có dòng tên cột, chưa có dòng dữ liệu nào.".to_owned(),
                "Ghi mỗi văn bản một dòng, ngay dưới dòng tên cột.",
            );
        }
        if self.columns.len() > MOST_COLUMNS {
            return refuse(format!("Bảng có quá {MOST_COLUMNS} cột."), "Xem lại tệp; với CSV, xem lại dấu phân cách.");
        }
        if self.rows.len() > MOST_ROWS {
            return refuse(format!("Bảng có quá {MOST_ROWS} dòng."), "Chia bảng thành nhiều tệp.");
        }
        Ok(self)
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn unreadable(row: u32, message: impl Into<String>, hint: impl Into<String>) -> Problem {
    Problem::error(row, code::DATA_UNREADABLE, message, hint)
}

/// Reads the table in a file by the ending of its name. Gives the SHA-256 of the file as well.
///
/// # Errors
/// What keeps it from being read at all; the file system's refusal.
pub fn read(path: &Path) -> Result<(Table, String), Error> {
    let bytes = fs::read(path)?;
    let digest = fs::sha256(&bytes);
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    Ok((parse(bytes, &ending)?, digest))
}

/// Reads the table in `bytes`, a file with this ending (lower case, without dot).
///
/// # Errors
/// What keeps it from being read at all.
#[allow(clippy::result_large_err, reason = "once for a whole table")]
pub fn parse(bytes: Vec<u8>, ending: &str) -> Result<Table, Problem> {
    let table = match ending {
        "csv" => delimited::read(text(&bytes)?),
        "xlsx" | "xlsm" => workbook::read(bytes),
        "yaml" | "yml" => list::yaml(text(&bytes)?),
        "jsonl" | "ndjson" => list::json_lines(text(&bytes)?),
        _ => Err(unreadable(
            1,
            format!("Không đọc được bảng từ tệp đuôi “.{ending}”."),
            "Dùng tệp .csv, .xlsx, .yaml hoặc .jsonl. Trong Excel: Lưu thành… (Save As), chọn Excel Workbook (.xlsx).",
        )),
    };
    table?.checked()
}

/// Why a table cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file system refused.
    #[error(transparent)]
    Fs(#[from] fs::Error),
    /// The file is not what it claims to be.
    #[error("{}", .0.message)]
    Unreadable(Problem),
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self::Unreadable(problem)
    }
}

/// The text of a file in UTF-8, with or without byte-order mark.
fn text(bytes: &[u8]) -> Result<&str, Problem> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let row = 1 + bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count();
        Problem::error(
            u32::try_from(row).unwrap_or(u32::MAX),
            code::NOT_UTF8,
            "Tệp không phải văn bản UTF-8, chữ Việt sẽ sai.",
            "Trong Excel: Lưu thành… (Save As), chọn CSV UTF-8 (Comma delimited), hoặc dùng thẳng tệp .xlsx.",
        )
    })
}
