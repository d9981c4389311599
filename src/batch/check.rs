//! The whole table against its declaration, before anything is made from it.

use std::collections::{BTreeSet, HashMap};

use rayon::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::declaration::{CASE_CODE, Column, ColumnKind, Declaration, nearest, same};
use super::problem::{Problem, Unit};
use super::render::Misfit;
use super::table::{Draft, Packing, Row, Table};
use crate::case::TaxCode;
use crate::case::value::{Value as _, shown, unprintable};
use crate::diagnostic::code;
use crate::font::FontSet;
use crate::letter::wording::plain;

/// What the spreadsheet writes into a cell it cannot work out.
const SHEET_ERRORS: [&str; 8] = ["#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#DATA!"];

/// Rows one thread puts in order at a time.
const GROUP: usize = 1024;

/// A checked table.
#[derive(Debug)]
pub struct Checked {
    /// Rows without an error, cells in the order of the declaration, each as it is printed.
    pub rows: Vec<Row>,
    /// Rows of the table, good and bad.
    pub total: usize,
    /// Everything found, by row.
    pub problems: Vec<Problem>,
    /// Whether the columns themselves are right; if not, no row was looked at.
    pub columns_right: bool,
    /// What rows are called.
    pub unit: Unit,
    /// By declared column: its header and its place in the table, where it has one.
    columns: Vec<Option<(String, usize)>>,
}

impl Checked {
    /// Whether anything was found that is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.problems.iter().any(Problem::is_error)
    }

    /// What keeps the letter of a row from being right, as problems of its cells.
    pub(super) fn misfits(&self, row: &Row, misfits: Vec<Misfit>) -> Vec<Problem> {
        let problem = |Misfit { place, finding }| {
            let hint = finding.hint.unwrap_or_default();
            let problem = Problem::error(row.number, code::DATA_ROW_LAYOUT, finding.message, hint);
            match place {
                Some(place) => self.in_column(problem, place),
                None => problem,
            }
        };
        let mut problems: Vec<Problem> = misfits.into_iter().map(problem).collect();
        problems.dedup();
        problems
    }

    /// `problem` in the column that is declared at `place`.
    pub(super) fn in_column(&self, problem: Problem, place: usize) -> Problem {
        match self.columns.get(place).and_then(Option::as_ref) {
            Some((header, place)) => problem.in_column(header, self.unit, *place),
            None => problem,
        }
    }

    /// Takes rows out of the good ones for what was found later.
    pub(super) fn refuse(&mut self, problems: Vec<Problem>) {
        if problems.is_empty() {
            return;
        }
        let bad: BTreeSet<u32> = problems.iter().map(|problem| problem.row).collect();
        self.rows.retain(|row| !bad.contains(&row.number));
        self.problems.extend(problems);
        self.problems.sort_by_key(|problem| problem.row);
    }
}

/// Checks every row of a table.
#[must_use]
pub fn check(declaration: &Declaration, table: Table, fonts: &FontSet) -> Checked {
    let total = table.rows.len();
    let mut problems = table.problems;
    let unread: BTreeSet<u32> = problems.iter().map(|problem| problem.row).collect();
    // What could not be read is told once, not again as a cell with nothing in it.
    let told: BTreeSet<String> = problems.iter().filter_map(|problem| problem.cell.clone()).collect();
    let columns = Columns::of(declaration, &table.columns, table.unit, table.header);
    let columns = match columns {
        Ok(columns) => columns,
        Err(found) => {
            problems.extend(found);
            problems.sort_by_key(|problem| problem.row);
            let columns = Vec::new();
            return Checked { rows: Vec::new(), total, problems, columns_right: false, unit: table.unit, columns };
        }
    };
    let mut rest = table.rows.into_iter();
    let groups: Vec<Vec<Row>> = std::iter::from_fn(|| {
        let group: Vec<Row> = rest.by_ref().take(GROUP).collect();
        (!group.is_empty()).then_some(group)
    })
    .collect();
    // Rows as read go while they are put in order: a large table is never in memory twice.
    let checked: Vec<(Vec<Row>, Vec<Problem>)> =
        groups.into_par_iter().map(|group| columns.group(group, &unread, fonts)).collect();
    let mut rows = Vec::with_capacity(total);
    for (good, found) in checked {
        rows.extend(good);
        problems.extend(found.into_iter().filter(|one| one.cell.as_ref().is_none_or(|cell| !told.contains(cell))));
    }
    problems.extend(doubled(declaration, &rows, table.unit));
    problems.sort_by_key(|problem| problem.row);
    let named = |place: &Option<usize>| place.map(|place| (columns.header(place).to_owned(), place));
    let columns = columns.places.iter().map(named).collect();
    Checked { rows, total, problems, columns_right: true, unit: table.unit, columns }
}

/// Where each declared column stands in the table.
struct Columns<'a> {
    declaration: &'a Declaration,
    headers: &'a [String],
    unit: Unit,
    /// By declared column: place in the table.
    places: Vec<Option<usize>>,
}

impl<'a> Columns<'a> {
    fn of(declaration: &'a Declaration, headers: &'a [String], unit: Unit, row: u32) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut places = vec![None; declaration.columns.len()];
        for (place, header) in headers.iter().enumerate().filter(|(_, header)| !header.is_empty()) {
            let is = |column: &Column| same(&column.name, header) || same(&column.label, header);
            let found = declaration.columns.iter().position(is);
            let problem = match found {
                None => {
                    let near = nearest(header, names(declaration));
                    let hint = near.map_or_else(
                        || format!("Bỏ cột này, hoặc đổi tên. Các cột dùng được: {}.", labels(declaration)),
                        |near| format!("Có phải là “{near}” không?"),
                    );
                    let message = format!("Mẫu này không có cột “{}”.", shown(header));
                    Problem::error(row, code::DATA_UNKNOWN_COLUMN, message, hint)
                }
                Some(column) if places[column].is_some() => {
                    let message = format!("Cột “{}” có hai lần.", declaration.columns[column].label);
                    Problem::error(row, code::DATA_COLUMN_TWICE, message, "Bỏ một.")
                }
                Some(column) => {
                    places[column] = Some(place);
                    continue;
                }
            };
            problems.push(problem.in_column(header, unit, place));
        }
        if places.iter().all(Option::is_none) {
            // What is wrong with each header would only hide that this is no row of headers.
            let seen = shown(&headers.iter().map(String::as_str).collect::<Vec<_>>().join(", "));
            let message = format!("Không ô nào ở đây là tên cột của mẫu này: {seen}.");
            let hint = format!(
                "Dòng đầu của bảng phải là tên các cột: {}. Dòng tiêu đề ở trên thì xóa đi; chữ Việt bị mất thì lưu lại bằng CSV UTF-8.",
                labels(declaration)
            );
            return Err(vec![Problem::error(row, code::DATA_NO_COLUMN, message, hint)]);
        }
        for (column, place) in declaration.columns.iter().zip(&places) {
            if column.required && place.is_none() {
                let message = format!("Bảng thiếu cột “{}”.", column.label);
                let hint = format!("Thêm cột “{}” (hoặc {}).", column.label, column.name);
                problems.push(Problem {
                    column: Some(column.label.clone()),
                    ..Problem::error(row, code::DATA_NO_COLUMN, message, hint)
                });
            }
        }
        if problems.is_empty() { Ok(Self { declaration, headers, unit, places }) } else { Err(problems) }
    }

    fn header(&self, place: usize) -> &str {
        self.headers.get(place).map_or("", String::as_str)
    }

    /// The rows without an error that could be read, in declared order, and what is wrong with any.
    fn group(&self, group: Vec<Row>, unread: &BTreeSet<u32>, fonts: &FontSet) -> (Vec<Row>, Vec<Problem>) {
        let (mut good, mut problems) = (Packing::default(), Vec::new());
        for row in group {
            let (ordered, found) = self.row(&row, fonts);
            if !found.iter().any(Problem::is_error) && !unread.contains(&row.number) {
                good.push(&ordered);
            }
            problems.extend(found);
        }
        (good.finish(), problems)
    }

    /// The row in declared order, and what is wrong with it.
    fn row(&self, row: &Row, fonts: &FontSet) -> (Draft, Vec<Problem>) {
        let mut problems = Vec::new();
        let mut ordered = Draft::new(row.number);
        for (column, place) in self.declaration.columns.iter().zip(&self.places) {
            let Some(place) = *place else {
                ordered.push("");
                continue;
            };
            let seen = Seen { row, place, column, fonts };
            let mut found = Vec::new();
            ordered.push(&seen.read(&mut found).unwrap_or_default());
            problems.extend(found.into_iter().map(|one| one.in_column(self.header(place), self.unit, place)));
        }
        let beyond = |place: &usize| self.header(*place).is_empty() && !row.cell(*place).trim().is_empty();
        if let Some(place) = (0..row.len()).find(beyond) {
            let message = format!("Ô “{}” nằm ngoài các cột có tên.", shown(row.cell(place)));
            let hint = "Với CSV, ô có dấu phân cách bên trong phải đặt giữa hai dấu \"; nếu ô thừa thì xóa đi.";
            let problem = Problem::error(row.number, code::DATA_ROW_WIDE, message, hint);
            problems.push(problem.in_column(self.header(place), self.unit, place));
        }
        (ordered, problems)
    }
}

/// One cell and what its column asks of it.
struct Seen<'a> {
    row: &'a Row,
    place: usize,
    column: &'a Column,
    fonts: &'a FontSet,
}

impl Seen<'_> {
    fn problem(&self, code: crate::diagnostic::Code, message: String, hint: impl Into<String>) -> Problem {
        Problem::error(self.row.number, code, message, hint)
    }

    /// The cell as it is printed; `None` when something is wrong with it.
    fn read(&self, problems: &mut Vec<Problem>) -> Option<String> {
        let text: String = self.row.cell(self.place).replace("\r\n", "\n").trim().nfc().collect();
        if text.is_empty() {
            if self.column.required {
                let hint = "Ghi nội dung vào ô này.";
                problems.push(self.problem(code::DATA_CELL_EMPTY, "Ô bắt buộc mà để trống.".to_owned(), hint));
            }
            return None;
        }
        match self.value(&text) {
            Ok(value) => {
                problems.extend(self.doubt(&value));
                Some(value)
            }
            Err(problem) => {
                problems.push(problem);
                None
            }
        }
    }

    fn value(&self, text: &str) -> Result<String, Problem> {
        if matches!(text, "null" | "~" | "Null" | "NULL") || SHEET_ERRORS.contains(&text) {
            let hint = "Ghi nội dung thật, hoặc để ô trống nếu không có.";
            return Err(self.problem(code::DATA_CELL_TEXT, format!("“{text}” không phải là nội dung."), hint));
        }
        if let Some(bad) = unprintable(text).or_else(|| (plain(text) != text).then_some('\u{FDD0}')) {
            let message = format!("Có ký tự điều khiển không in được (U+{:04X}).", bad as u32);
            return Err(self.problem(
                code::DATA_CELL_TEXT,
                message,
                "Gõ lại ô này bằng tay, không dán từ chương trình khác.",
            ));
        }
        let length = text.chars().count();
        if length > self.column.longest {
            let message = format!("Ô dài {length} ký tự, cột này cho nhiều nhất {}.", self.column.longest);
            return Err(self.problem(code::DATA_CELL_LONG, message, "Rút gọn ô này."));
        }
        if self.row.is_number(self.place) && self.column.kind.is_code() {
            let message = format!("“{}” được lưu là số, các chữ số 0 ở đầu (nếu có) đã mất.", shown(text));
            let hint = "Trong Excel: chọn cột này, Định dạng ô (Format Cells), Văn bản (Text), rồi gõ lại.";
            return Err(self.problem(code::DATA_CELL_NUMBER, message, hint));
        }
        let value = self
            .column
            .kind
            .read(text)
            .map_err(|fault| self.problem(code::DATA_CELL_VALUE, fault.message, self.hint(fault.hint)))?;
        let missing = self.fonts.missing(&value);
        if let Some(letter) = missing.first() {
            let message = format!("Phông chữ không có ký tự “{letter}” (U+{:04X}).", *letter as u32);
            let hint = "Gõ lại ký tự này; nếu đúng là chữ cần in, thêm tệp phông chữ vào forms và phong_chu_them của hoso.yaml.";
            return Err(self.problem(code::DATA_CELL_GLYPH, message, hint));
        }
        Ok(value)
    }

    /// What to do about a value that cannot be read: a day or time without its format is a mere number in a sheet.
    fn hint(&self, hint: String) -> String {
        let format = match self.column.kind {
            ColumnKind::Date => "Ngày (Date)",
            ColumnKind::Time => "Giờ (Time)",
            _ => return hint,
        };
        if self.row.is_number(self.place) {
            format!("Ô này lưu là số. Trong Excel: Định dạng ô (Format Cells), chọn {format}, rồi xem lại.")
        } else {
            hint
        }
    }

    /// A value that is possible and yet seldom right.
    fn doubt(&self, value: &str) -> Option<Problem> {
        let fits =
            self.column.kind != ColumnKind::TaxCode || TaxCode::parse(value).is_ok_and(|code| code.check_digit_fits());
        (!fits).then(|| {
            let message = format!("Số kiểm tra của mã số thuế “{value}” không khớp.");
            self.problem(code::CHECK_DIGIT, message, "Đối chiếu với giấy tờ; nếu đúng thì để nguyên.").warning()
        })
    }
}

fn names(declaration: &Declaration) -> impl Iterator<Item = &str> {
    declaration.columns.iter().flat_map(|column| [column.label.as_str(), column.name.as_str()])
}

fn labels(declaration: &Declaration) -> String {
    declaration.columns.iter().map(|column| column.label.as_str()).collect::<Vec<_>>().join(", ")
}

/// Warnings about rows that are the same in all columns of the key.
fn doubled(declaration: &Declaration, rows: &[Row], unit: Unit) -> Vec<Problem> {
    if declaration.key.is_empty() {
        return Vec::new();
    }
    let mut first: HashMap<String, u32> = HashMap::with_capacity(rows.len());
    let mut problems = Vec::new();
    for row in rows {
        let cells: Vec<&str> = declaration.key.iter().map(|place| row.cell(*place)).collect();
        if cells.iter().all(|cell| cell.is_empty()) {
            continue;
        }
        if let Some(before) = first.get(&cells.join("\u{1f}")) {
            let labels: Vec<&str> =
                declaration.key.iter().map(|place| declaration.columns[*place].label.as_str()).collect();
            let word = if unit == Unit::Item { "mục" } else { "dòng" };
            let message = format!("Giống {word} {before} ở {}: {}.", labels.join(", "), shown(&cells.join(", ")));
            let hint = "Nếu là một người nhận ghi hai lần thì xóa một dòng.";
            problems.push(Problem::error(row.number, code::DATA_ROW_TWICE, message, hint).warning());
        } else {
            first.insert(cells.join("\u{1f}"), row.number);
        }
    }
    problems
}

/// The case a row belongs to as well, if it names one.
pub(super) fn case_code<'a>(declaration: &Declaration, row: &'a Row) -> Option<&'a str> {
    let place = declaration.place(CASE_CODE)?;
    Some(row.cell(place)).filter(|code| !code.is_empty())
}
