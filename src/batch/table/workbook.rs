//! XLSX: the first visible sheet, each cell as the sheet shows it. Sole user of `calamine`.

use std::io::Cursor;

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx, XlsxError};

use super::super::problem::Unit;
use super::number::{Shown, shown};
use super::{Draft, Problem, Table, unreadable};
use crate::diagnostic::code;

/// Reads the first visible sheet of a workbook.
pub(super) fn read(bytes: Vec<u8>) -> Result<Table, Problem> {
    let refuse = |error: XlsxError| {
        let hint = "Mở tệp bằng Excel rồi lưu lại thành .xlsx; tệp đặt mật khẩu thì bỏ mật khẩu.";
        unreadable(1, format!("Không đọc được tệp Excel ({error})."), hint)
    };
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(refuse)?;
    let shown = |sheet: &&calamine::Sheet| sheet.visible == SheetVisible::Visible && sheet.typ == SheetType::WorkSheet;
    let sheet = workbook.sheets_metadata().iter().find(shown).map(|sheet| sheet.name.clone());
    let Some(sheet) = sheet else {
        return Err(unreadable(1, "Tệp Excel không có trang tính nào hiện ra.", "Đặt bảng ở trang tính đầu tiên."));
    };
    let mut cells = workbook.worksheet_cells_reader(&sheet).map_err(refuse)?;
    let mut table = Table::new(Unit::SheetRow);
    let mut row = Draft::new(0);
    let mut blank = Vec::new();
    while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(refuse)? {
        let (line, column) = cell.get_position();
        if line + 1 != row.number {
            table.take(&std::mem::replace(&mut row, Draft::new(line + 1)));
        }
        let column = column as usize;
        if column >= super::MOST_COLUMNS && !matches!(cell.get_value(), DataRef::Empty) {
            return Err(unreadable(line + 1, "Dòng này có quá nhiều cột.", "Xóa các ô thừa bên phải bảng."));
        }
        while row.len() < column {
            row.push("");
        }
        if matches!(cell.get_value(), DataRef::Empty) && !table.columns.is_empty() {
            blank.push((line, column as u32));
        }
        if row.len() == column {
            let format = cells.styles().get(style).and_then(|style| style.number_format.as_ref());
            put(&mut row, cell.get_value(), format.map_or("", |format| format.format_code.as_ref()));
        }
    }
    table.take(&row);
    drop(cells);
    if !blank.is_empty() {
        // A formula that was never worked out looks like a blank cell.
        let formulas = workbook.worksheet_formula(&sheet).map_err(refuse)?;
        blank.retain(|place| formulas.get_value(*place).is_some_and(|formula| !formula.is_empty()));
    }
    for (line, column) in blank {
        let message = "Ô này là công thức chưa có kết quả.";
        let hint = "Mở tệp bằng Excel rồi lưu lại, hoặc gõ thẳng nội dung vào ô.";
        let problem = Problem::error(line + 1, code::DATA_CELL_TEXT, message, hint);
        let header = table.columns.get(column as usize).map_or("", String::as_str);
        table.problems.push(problem.in_column(header, table.unit, column as usize));
    }
    Ok(table)
}

fn put(row: &mut Draft, value: &DataRef<'_>, format: &str) {
    match value {
        DataRef::Empty => row.push(""),
        DataRef::String(text) => row.push(text),
        DataRef::SharedString(text) => row.push(text),
        DataRef::Int(whole) => put_number(row, *whole as f64, format),
        DataRef::Float(number) => put_number(row, *number, format),
        DataRef::Bool(yes) => row.push(if *yes { "co" } else { "khong" }),
        DataRef::DateTime(moment) => row.push(&written(moment)),
        DataRef::DateTimeIso(text) => row.push(text.strip_suffix("T00:00:00").unwrap_or(text)),
        DataRef::DurationIso(text) => row.push(text),
        DataRef::Error(error) => row.push(&error.to_string()),
    }
}

/// A number filled up with zeros (number format `0000000000`) is a code.
fn put_number(row: &mut Draft, number: f64, format: &str) {
    let Shown { text, filled } = shown(number, format);
    if filled { row.push(&text) } else { row.push_number(&text) }
}

/// A day as dd/mm/yyyy, a time as hh:mm, or both.
fn written(moment: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, ..) = moment.to_ymd_hms_milli();
    let time = format!("{hour:02}:{minute:02}");
    if moment.is_duration() || moment.as_f64() < 1.0 {
        return time;
    }
    let date = format!("{day:02}/{month:02}/{year:04}");
    if moment.as_f64().fract() == 0.0 { date } else { format!("{date} {time}") }
}
