//! What a batch form asks for: its columns, title, subject, register, and whom its letters go to (`<form>.cot.yaml`).

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::case::Flag;
use crate::case::value::{Fault, Value as _};
use crate::diagnostic::{Diagnostic, Span, code};
use crate::letter::{Field, Shape, circular, slug, wording};
use crate::yaml::tree::{self, Content, Node};

pub(super) use kind::{ColumnKind, with_marks};
use pattern::Pattern;

mod kind;
mod pattern;
#[cfg(test)]
mod tests;

/// Ending of the file beside a form that declares it a batch form.
pub const ENDING: &str = ".cot.yaml";
/// The column every batch form has: the case a letter belongs to as well.
pub const CASE_CODE: &str = "ma_ho_so";
/// Most columns a form may declare, [`CASE_CODE`] included.
pub const MOST_COLUMNS: usize = 100;
/// Longest value of a column that names no length, in characters.
const LONGEST: usize = 500;
/// Longest value any column may allow, in characters.
const LONGEST_EVER: usize = 20_000;

/// A declared column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Name in the form, e.g. `ma_so_thue`.
    pub name: String,
    /// What people call it, e.g. "Mã số thuế".
    pub label: String,
    /// What may stand in it.
    pub(super) kind: ColumnKind,
    /// Whether each row must have it.
    pub required: bool,
    /// Longest value, in characters.
    pub longest: usize,
}

/// Which columns say whom a letter goes to, by their place among the columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recipient {
    /// Name of the person or body.
    pub name: usize,
    /// Ông or Bà.
    pub honorific: Option<usize>,
    /// Address.
    pub address: Option<usize>,
}

/// A batch form's declaration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declaration {
    /// What a clerk calls such a letter, e.g. "thông báo sự cố dịch vụ".
    pub kind: String,
    /// Register its numbers come from.
    pub register: String,
    /// The columns, [`CASE_CODE`] last.
    pub columns: Vec<Column>,
    /// Whom its letters go to.
    pub recipient: Recipient,
    /// Columns that tell two rows apart, by place; none: rows are not compared.
    pub key: Vec<usize>,
    title: Pattern,
    subject: Pattern,
}

impl Declaration {
    /// Reads the declaration `text` of the file called `file`.
    ///
    /// # Errors
    /// Every fault, with its line.
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<Diagnostic>> {
        let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        let root = match tree::parse(&text) {
            Ok(Some(root)) => root,
            Ok(None) => return Err(vec![Diagnostic::error(code::DECLARATION, "Tệp khai báo cột rỗng.").in_file(file)]),
            Err(fault) => {
                let found = Diagnostic::error(code::DECLARATION, fault.message).hint(fault.hint).in_file(file);
                return Err(vec![found.at(fault.span, &text)]);
            }
        };
        let mut reader = Reader { file, text: &text, faults: Vec::new() };
        let declaration = reader.declaration(&root);
        match declaration {
            Some(declaration) if reader.faults.is_empty() => Ok(declaration),
            _ => {
                reader.faults.sort_by_key(|fault| fault.span);
                Err(reader.faults)
            }
        }
    }

    /// Place of the column of this name.
    #[must_use]
    pub fn place(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// Shape of what the form may print.
    #[must_use]
    pub fn shape(&self) -> Shape {
        let field = |column: &Column| Field {
            name: column.name.clone().into(),
            label: "",
            shape: column.kind.shape(column.required),
        };
        circular::shape(self.columns.iter().map(field).collect())
    }

    /// The values of a row as the form gets them; `cells` stand in the order of the columns, normalised.
    pub(super) fn values<'a>(&self, cells: impl Fn(usize) -> &'a str) -> Map<String, Value> {
        let value = |(place, column): (usize, &Column)| (column.name.clone(), column.kind.value(cells(place)));
        self.columns.iter().enumerate().filter(|(_, column)| column.name != CASE_CODE).map(value).collect()
    }

    /// Title of a row's letter.
    pub(super) fn title<'a>(&'a self, cells: impl Fn(usize) -> &'a str) -> String {
        self.title.fill(cells)
    }

    /// Trích yếu of a row's letter.
    pub(super) fn subject<'a>(&'a self, cells: impl Fn(usize) -> &'a str) -> String {
        self.subject.fill(cells)
    }
}

/// Reads a declaration and gathers its faults.
struct Reader<'a> {
    file: &'a str,
    text: &'a str,
    faults: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn fault(&mut self, span: Span, message: impl Into<String>, hint: impl Into<String>) {
        let fault = Diagnostic::error(code::DECLARATION, message).hint(hint).in_file(self.file);
        self.faults.push(fault.at(span, self.text));
    }

    /// Refuses keys other than `known`, and keys written twice.
    fn keys(&mut self, node: &Node, known: &[&str]) {
        let Content::Map(entries) = &node.content else {
            return self.fault(
                node.span,
                "Chỗ này phải là các mục có tên.",
                format!("Các mục dùng được: {}.", known.join(", ")),
            );
        };
        let mut seen = BTreeSet::new();
        for entry in entries {
            if !known.contains(&entry.key.as_str()) {
                let nearest = nearest(&entry.key, known.iter().copied());
                let hint = nearest.map_or_else(
                    || format!("Các mục dùng được: {}.", known.join(", ")),
                    |near| format!("Có phải là “{near}” không?"),
                );
                self.fault(entry.key_span, format!("Không có mục “{}” ở đây.", entry.key), hint);
            } else if !seen.insert(entry.key.as_str()) {
                self.fault(entry.key_span, format!("Mục “{}” ghi hai lần.", entry.key), "Bỏ một.");
            }
        }
    }

    /// The text under `key`; absent when nothing is written.
    fn text(&mut self, node: &Node, key: &str) -> Option<(String, Span)> {
        let value = node.get(key).filter(|value| !value.is_empty())?;
        match value.text() {
            Some(text) => Some((wording::plain(text.trim()), value.span)),
            None => {
                self.fault(
                    value.span,
                    format!("Mục “{key}” phải là một giá trị."),
                    "Ghi nội dung ngay sau dấu hai chấm.",
                );
                None
            }
        }
    }

    fn needed(&mut self, node: &Node, key: &str) -> Option<(String, Span)> {
        let found = self.text(node, key);
        if found.is_none() && node.get(key).is_none_or(Node::is_empty) {
            self.fault(node.span, format!("Thiếu mục “{key}”."), format!("Thêm dòng {key}: …"));
        }
        found
    }

    fn items<'n>(&mut self, node: &'n Node, key: &str) -> &'n [Node] {
        match node.get(key).filter(|value| !value.is_empty()).map(|value| (&value.content, value.span)) {
            Some((Content::List(items), _)) => items,
            Some((_, span)) => {
                self.fault(
                    span,
                    format!("Mục “{key}” phải là danh sách."),
                    "Ghi mỗi mục một dòng, bắt đầu bằng dấu gạch ngang.",
                );
                &[]
            }
            None => &[],
        }
    }

    fn declaration(&mut self, root: &Node) -> Option<Declaration> {
        self.keys(root, &["ten", "tieu_de", "trich_yeu", "so_dang_ky", "nguoi_nhan", "khoa", "cot"]);
        let columns = self.columns(root);
        let place = |name: &str| columns.iter().position(|column| column.name == name);
        let kind = self.needed(root, "ten");
        let register = self.needed(root, "so_dang_ky");
        let title = self.pattern(root, "tieu_de", &columns);
        let subject = self.pattern(root, "trich_yeu", &columns);
        let recipient = self.recipient(root, &columns);
        let mut key = Vec::new();
        for item in self.items(root, "khoa") {
            match item.text().and_then(place) {
                Some(found) => key.push(found),
                None => self.no_such_column(item.span, item.text().unwrap_or_default(), &columns),
            }
        }
        Some(Declaration {
            kind: kind?.0,
            register: register?.0,
            title: title?,
            subject: subject?,
            recipient: recipient?,
            key,
            columns,
        })
    }

    fn no_such_column(&mut self, span: Span, name: &str, columns: &[Column]) {
        let near = nearest(name, columns.iter().map(|column| column.name.as_str()));
        let hint =
            near.map_or_else(|| "Khai cột này ở mục cot.".to_owned(), |near| format!("Có phải là “{near}” không?"));
        self.fault(span, format!("Không có cột “{name}”."), hint);
    }

    fn pattern(&mut self, root: &Node, key: &str, columns: &[Column]) -> Option<Pattern> {
        let (text, span) = self.needed(root, key)?;
        let pattern = Pattern::parse(&text, |name| columns.iter().position(|column| column.name == name));
        match pattern {
            Ok(pattern) => {
                let optional = pattern.places().find(|place| !columns[*place].required);
                if let Some(column) = optional.map(|place| &columns[place].name) {
                    let message = format!("Cột “{column}” dùng ở mục “{key}” có thể trống.");
                    self.fault(span, message, "Khai cột này bat_buoc: co, hoặc bỏ nó khỏi mục này.");
                }
                Some(pattern)
            }
            Err(pattern::Fault::NoColumn(name)) => {
                self.no_such_column(span, &name, columns);
                None
            }
            Err(pattern::Fault::Open) => {
                self.fault(span, "Dấu { không có dấu } đi cùng.", "Ghi tên cột giữa hai dấu: {ten_cot}.");
                None
            }
        }
    }

    fn recipient(&mut self, root: &Node, columns: &[Column]) -> Option<Recipient> {
        let Some(node) = root.get("nguoi_nhan") else {
            self.fault(root.span, "Thiếu mục “nguoi_nhan”.", "Thêm mục nguoi_nhan với ten: là cột ghi tên người nhận.");
            return None;
        };
        self.keys(node, &["ten", "xung_ho", "dia_chi"]);
        let name = self.needed(node, "ten");
        let honorific = self.text(node, "xung_ho");
        let address = self.text(node, "dia_chi");
        let mut place = |found: Option<(String, Span)>| {
            let (name, span) = found?;
            let place = columns.iter().position(|column| column.name == name);
            if place.is_none() {
                self.no_such_column(span, &name, columns);
            }
            place
        };
        let (name_place, honorific, address) = (place(name.clone()), place(honorific), place(address));
        if let (Some(place), Some((_, span))) = (name_place, name)
            && !columns[place].required
        {
            self.fault(span, "Cột ghi tên người nhận phải là cột bắt buộc.", "Khai cột này bat_buoc: co.");
        }
        Some(Recipient { name: name_place?, honorific, address })
    }

    fn columns(&mut self, root: &Node) -> Vec<Column> {
        let taken: BTreeSet<String> = circular::shape(Vec::new()).names().into_iter().map(|(name, _)| name).collect();
        let mut columns: Vec<Column> = Vec::new();
        let items = self.items(root, "cot");
        if items.is_empty() {
            self.fault(root.span, "Chưa khai cột nào.", "Khai mỗi cột một dòng ở mục cot.");
        }
        for item in items {
            let Some((column, span)) = self.column(item) else { continue };
            if column.name == CASE_CODE || taken.contains(&column.name) {
                let message = format!("Tên cột “{}” đã dùng cho phần chung của văn bản.", column.name);
                self.fault(span, message, "Đặt tên khác, ví dụ thêm _khach_hang; cột ma_ho_so thì không cần khai.");
            } else if columns.iter().any(|other| same(&other.name, &column.name) || same(&other.label, &column.label)) {
                self.fault(span, format!("Cột “{}” khai hai lần.", column.name), "Bỏ một, hoặc đổi tên và nhãn.");
            } else {
                columns.push(column);
            }
        }
        if columns.len() >= MOST_COLUMNS {
            self.fault(root.span, format!("Khai quá {} cột.", MOST_COLUMNS - 1), "Gộp hoặc bỏ bớt cột.");
        }
        columns.push(Column {
            name: CASE_CODE.to_owned(),
            label: "Mã hồ sơ".to_owned(),
            kind: ColumnKind::CaseCode,
            required: false,
            longest: LONGEST,
        });
        columns
    }

    fn column(&mut self, node: &Node) -> Option<(Column, Span)> {
        self.keys(node, &["ten", "nhan", "loai", "bat_buoc", "dai_nhat"]);
        let (name, span) = self.needed(node, "ten")?;
        let label = self.text(node, "nhan").map_or_else(|| name.clone(), |(label, _)| label);
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if !name.starts_with(|c: char| c.is_ascii_lowercase()) || !name.chars().all(plain) {
            self.fault(
                span,
                format!("“{name}” không làm tên cột được."),
                "Dùng chữ thường không dấu, chữ số và dấu gạch dưới.",
            );
        }
        let kind = match self.text(node, "loai") {
            None => ColumnKind::Text,
            Some((word, span)) => ColumnKind::named(&word).unwrap_or_else(|| {
                self.fault(
                    span,
                    format!("Không có loại cột “{word}”."),
                    format!("Các loại: {}.", ColumnKind::WORDS.join(", ")),
                );
                ColumnKind::Text
            }),
        };
        let required = self.text(node, "bat_buoc").is_some_and(|(word, span)| match Flag::parse(&word) {
            Ok(flag) => flag == Flag::Yes,
            Err(Fault { message, hint }) => {
                self.fault(span, message, hint);
                true
            }
        });
        let longest = self.text(node, "dai_nhat").map_or(LONGEST, |(word, span)| match word.parse() {
            Ok(longest @ 1..=LONGEST_EVER) => longest,
            _ => {
                self.fault(
                    span,
                    format!("“{word}” không phải độ dài."),
                    format!("Ghi số ký tự, từ 1 đến {LONGEST_EVER}."),
                );
                LONGEST
            }
        });
        Some((Column { name, label, kind, required, longest }, span))
    }
}

/// Whether two column names are the same to a person: case, accents and marks aside.
pub(super) fn same(one: &str, other: &str) -> bool {
    slug(one) == slug(other)
}

/// The known name most like `wanted`, if any is like it at all.
pub(super) fn nearest<'a>(wanted: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let folded = slug(wanted);
    let distance = |name: &str| strsim::damerau_levenshtein(&slug(name), &folded);
    let (distance, name) = known.map(|name| (distance(name), name)).min()?;
    (distance <= 1 + folded.chars().count() / 4).then_some(name)
}
