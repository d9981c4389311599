//! Tables written as lists: YAML and JSON Lines. Their columns are the keys, in the order they are first met.

use serde_json::Value;

use super::super::problem::Unit;
use super::{Draft, Problem, Table, unreadable};
use crate::diagnostic::code;
use crate::yaml::tree::{self, Content, Node};

/// Cells of one row by place of their column.
#[derive(Default)]
struct Cells(Vec<Option<String>>);

impl Cells {
    /// Whether the place was free.
    fn put(&mut self, place: usize, text: String) -> bool {
        if self.0.len() <= place {
            self.0.resize(place + 1, None);
        }
        self.0[place].replace(text).is_none()
    }

    fn row(&self, number: u32) -> Draft {
        let mut row = Draft::new(number);
        self.0.iter().for_each(|cell| row.push(cell.as_deref().unwrap_or_default()));
        row
    }
}

fn number(place: usize) -> u32 {
    u32::try_from(place + 1).unwrap_or(u32::MAX)
}

/// Reads a YAML list of blocks.
pub(super) fn yaml(text: &str) -> Result<Table, Problem> {
    let text = text.replace("\r\n", "\n");
    let root = tree::parse(&text).map_err(|fault| {
        let line = fault.span.line;
        unreadable(number(line.saturating_sub(1)), format!("Dòng {line} của tệp: {}", fault.message), fault.hint)
    })?;
    let mut table = Table::new(Unit::Item);
    let items = match root.map(|node| node.content) {
        None => return Ok(table),
        Some(Content::List(items)) => items,
        Some(_) => {
            return Err(unreadable(1, "Tệp YAML phải là một danh sách.", "Mỗi văn bản một mục, bắt đầu bằng “- ”."));
        }
    };
    for (place, item) in items.into_iter().enumerate() {
        yaml_row(&mut table, number(place), item);
    }
    Ok(table)
}

fn yaml_row(table: &mut Table, number: u32, item: Node) {
    let Content::Map(entries) = item.content else {
        let hint = "Mỗi mục gồm các dòng tên_cột: giá trị.";
        return table.problems.push(unreadable(number, "Mục này không phải một khối tên cột và giá trị.", hint));
    };
    let mut cells = Cells::default();
    for entry in entries {
        let place = table.column(&entry.key);
        match entry.value.content {
            Content::Scalar { text, .. } => put(table, &mut cells, number, place, text),
            _ => not_plain(table, number, place),
        }
    }
    table.take(&cells.row(number));
}

/// Reads JSON objects, one a line.
pub(super) fn json_lines(text: &str) -> Result<Table, Problem> {
    let mut table = Table::new(Unit::Line);
    for (place, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        match serde_json::from_str(line) {
            Ok(Value::Object(object)) => {
                let mut cells = Cells::default();
                for (key, value) in object {
                    let at = table.column(&key);
                    match value {
                        Value::String(text) => put(&mut table, &mut cells, number(place), at, text),
                        Value::Number(written) => {
                            put(&mut table, &mut cells, number(place), at, written.to_string().replace('.', ","));
                        }
                        Value::Bool(yes) => {
                            put(&mut table, &mut cells, number(place), at, if yes { "co" } else { "khong" }.to_owned());
                        }
                        Value::Null => put(&mut table, &mut cells, number(place), at, "null".to_owned()),
                        Value::Array(_) | Value::Object(_) => not_plain(&mut table, number(place), at),
                    }
                }
                table.take(&cells.row(number(place)));
            }
            Ok(_) => {
                let hint = "Mỗi dòng là một đối tượng: {\"ten_cot\": \"giá trị\"}.";
                table.problems.push(unreadable(number(place), "Dòng này không phải đối tượng JSON.", hint));
            }
            Err(error) => {
                let message = format!("Dòng này sai cú pháp JSON ở cột {}.", error.column());
                table.problems.push(unreadable(number(place), message, "Mỗi dòng là một đối tượng JSON trọn vẹn."));
            }
        }
    }
    Ok(table)
}

fn put(table: &mut Table, cells: &mut Cells, row: u32, place: usize, text: String) {
    if !cells.put(place, text) {
        let message = format!("Cột “{}” ghi hai lần.", table.columns[place]);
        table.problems.push(Problem::error(row, code::DATA_COLUMN_TWICE, message, "Bỏ một."));
    }
}

fn not_plain(table: &mut Table, row: u32, place: usize) {
    let message = "Ô này là danh sách hoặc khối, không phải một giá trị.";
    let problem = Problem::error(row, code::DATA_CELL_VALUE, message, "Ghi nội dung thành một đoạn chữ.");
    table.problems.push(problem.in_column(&table.columns[place], table.unit, place));
}
