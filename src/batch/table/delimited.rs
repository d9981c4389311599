//! CSV as Excel saves it: commas or semicolons, quotes, cells of several lines.

use super::super::problem::Unit;
use super::{Draft, Problem, Table, unreadable};

/// Reads CSV text without byte-order mark. Blank lines count as rows, as they do in the sheet.
pub(super) fn read(text: &str) -> Result<Table, Problem> {
    let delimiter = delimiter(text).ok_or_else(|| {
        let hint = "Trong Excel: Lưu thành… (Save As), chọn CSV UTF-8 (Comma delimited), hoặc dùng thẳng tệp .xlsx.";
        unreadable(1, "Các cột cách nhau bằng dấu Tab; bảng CSV dùng dấu phẩy hoặc chấm phẩy.", hint)
    })?;
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let mut table = Table::new(Unit::SheetRow);
    let mut record = csv::StringRecord::new();
    let (mut number, mut from) = (0_u32, 0_usize);
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                return Err(unreadable(number + 1, format!("Không đọc được dòng này ({error})."), "Xem lại tệp CSV."));
            }
        }
        let to = usize::try_from(reader.position().byte()).unwrap_or(text.len()).min(text.len());
        number += 1 + blank_lines(text, from, to);
        if is_torn(&text[from..to], delimiter) {
            return Err(unreadable(
                number,
                "Dấu ngoặc kép mở ở dòng này không được đóng đúng chỗ.",
                "Thêm dấu \" ở cuối ô; dấu \" là nội dung của ô thì gõ hai lần liền nhau.",
            ));
        }
        from = to;
        let mut row = Draft::new(number);
        record.iter().for_each(|cell| row.push(cell));
        table.take(&row);
    }
    Ok(table)
}

/// Semicolon where the header holds more of them than commas, outside quotes; none where it holds tabs only.
fn delimiter(text: &str) -> Option<u8> {
    let (mut quoted, mut commas, mut semicolons, mut tabs) = (false, 0, 0, 0);
    for byte in text.trim_start().bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            b',' if !quoted => commas += 1,
            b';' if !quoted => semicolons += 1,
            b'\t' if !quoted => tabs += 1,
            _ => {}
        }
    }
    match (commas, semicolons) {
        (0, 0) if tabs > 0 => None,
        _ if semicolons > commas => Some(b';'),
        _ => Some(b','),
    }
}

/// Blank lines before the record that ends at `to`; the reader passes over them, a sheet does not.
fn blank_lines(text: &str, from: usize, to: usize) -> u32 {
    let mut rest = &text[from..to];
    if text[..from].ends_with('\r') {
        rest = rest.strip_prefix('\n').unwrap_or(rest);
    }
    let mut blank = 0;
    while let Some(after) = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix(['\n', '\r'])) {
        rest = after;
        blank += 1;
    }
    blank
}

/// Whether a quote of the record stays open, or closes in the middle of a cell: then cells are not what was meant.
fn is_torn(raw: &str, delimiter: u8) -> bool {
    let bytes = raw.trim_start_matches(['\r', '\n']).as_bytes();
    let ends = |at: usize| bytes.get(at).is_none_or(|byte| *byte == delimiter || matches!(byte, b'\r' | b'\n'));
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'"' {
            at += 1;
            loop {
                match (bytes.get(at), bytes.get(at + 1)) {
                    (None, _) => return true,
                    (Some(b'"'), Some(b'"')) => at += 2,
                    (Some(b'"'), _) => break,
                    _ => at += 1,
                }
            }
            at += 1;
            if !ends(at) {
                return true;
            }
        }
        while !ends(at) {
            at += 1;
        }
        at += 1;
    }
    false
}
