//! A tree held against a [`Shape`]: every fault at once, and the text a clean tree is deserialised from.

use serde_json::Value as Json;

use super::gaps::Gaps;
use super::prose::{self, Remark};
use super::schema::{Field, Shape};
use super::value::Text;
use crate::diagnostic::{Code, Diagnostic, Span, code};
use crate::yaml::tree::{Content, Entry, Node, Style};

/// Most findings listed for one file.
const MAX_FINDINGS: usize = 100;

/// What a tree is against a shape.
#[derive(Debug)]
pub struct Checked {
    /// Every fault, in the order of the file; none when all of it can be read.
    pub findings: Vec<Diagnostic>,
    /// What must be left out so that the rest can be read; nothing when there are too many faults to know.
    pub gaps: Option<Gaps>,
}

/// Holds `tree` against `shape`.
#[must_use]
pub fn check(tree: &Node, shape: Shape, file: &str, source: &str) -> Checked {
    let mut checker = Checker {
        root: shape,
        file,
        source,
        lines: source.lines().collect(),
        findings: Vec::new(),
        gaps: Gaps::default(),
        blocks: Vec::new(),
        full: false,
    };
    checker.node(tree, shape, tree.span, "", "");
    checker.findings.sort_by_key(|finding| finding.span);
    if checker.full {
        checker.findings.push(
            Diagnostic::error(code::TOO_MANY, format!("Còn nữa: chỉ liệt kê {MAX_FINDINGS} lỗi đầu."))
                .hint("Sửa các lỗi trên rồi lưu lại để xem tiếp.")
                .in_file(file),
        );
    }
    Checked { findings: checker.findings, gaps: (!checker.full).then_some(checker.gaps) }
}

/// The tree as text for the deserialiser: gaps, and keys and last list items with nothing in them, left out, values in
/// quotes.
///
/// Whole numbers stay without quotes, so that they can be read as text or as numbers.
#[must_use]
pub fn canonical(tree: &Node, gaps: &Gaps) -> String {
    let mut out = String::new();
    write_node(tree, "", gaps, &mut out);
    out
}

fn below(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn has_content(node: &Node) -> bool {
    match &node.content {
        Content::Scalar { .. } => !node.is_empty(),
        Content::List(items) => items.iter().any(has_content),
        Content::Map(entries) => entries.iter().any(|entry| has_content(&entry.value)),
    }
}

fn write_node(node: &Node, path: &str, gaps: &Gaps, out: &mut String) {
    match &node.content {
        Content::Scalar { text, .. } => {
            let number = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
            if number {
                out.push_str(text);
            } else {
                out.push_str(&Json::from(text.as_str()).to_string());
            }
        }
        Content::List(items) => {
            out.push('[');
            // Only the last ones may go: the others keep their places for findings.
            let filled = items.iter().rposition(has_content).map_or(0, |last| last + 1);
            for (index, item) in items.iter().take(filled).enumerate() {
                if index > 0 {
                    out.push_str(",\n");
                }
                let path = format!("{path}[{index}]");
                // Only blocks are dropped from a list one by one; an empty one keeps the place.
                if gaps.at(&path) {
                    out.push_str("{}");
                } else {
                    write_node(item, &path, gaps, out);
                }
            }
            out.push(']');
        }
        Content::Map(entries) => {
            out.push('{');
            let kept = |entry: &&Entry| has_content(&entry.value) && !gaps.at(&below(path, &entry.key));
            for (index, entry) in entries.iter().filter(kept).enumerate() {
                if index > 0 {
                    out.push_str(",\n");
                }
                out.push_str(&Json::from(entry.key.as_str()).to_string());
                out.push_str(": ");
                write_node(&entry.value, &below(path, &entry.key), gaps, out);
            }
            out.push('}');
        }
    }
}

struct Checker<'a> {
    root: Shape,
    file: &'a str,
    source: &'a str,
    lines: Vec<&'a str>,
    findings: Vec<Diagnostic>,
    gaps: Gaps,
    /// Blocks around the place being checked: the key that opened each, and its fields.
    blocks: Vec<(String, &'static [Field])>,
    full: bool,
}

impl Checker<'_> {
    fn report(&mut self, code: Code, span: Span, message: impl Into<String>, hint: impl Into<String>) {
        self.suggest(code, span, message, hint, None);
    }

    fn suggest(
        &mut self,
        code: Code,
        span: Span,
        message: impl Into<String>,
        hint: impl Into<String>,
        meant: impl IntoIterator<Item = String>,
    ) {
        if self.findings.len() >= MAX_FINDINGS {
            self.full = true;
            return;
        }
        let finding = Diagnostic::error(code, message).hint(hint).suggest(meant).in_file(self.file);
        self.findings.push(finding.at(span, self.source));
    }

    /// Checks what stands at `path`; a fault here drops it, and one of a value in a list the whole list, whose count is
    /// then unknown.
    fn node(&mut self, node: &Node, shape: Shape, key_span: Span, key: &str, path: &str) {
        if self.full || node.is_empty() {
            return;
        }
        if let Content::Scalar { text, style: Style::Plain } = &node.content
            && matches!(text.as_str(), "null" | "Null" | "NULL" | "~")
        {
            self.report(
                code::NULL_VALUE,
                node.span,
                format!("“{text}” không phải là nội dung."),
                "Chưa có thì để trống sau dấu hai chấm, hoặc xóa cả dòng.",
            );
            self.gaps.drop(path);
            return;
        }
        match (&node.content, shape) {
            (Content::Scalar { text, style }, Shape::Scalar { check, label, .. }) => {
                let wrong = if text.is_ascii() { Vec::new() } else { prose::wrong_letters(node, &self.lines) };
                if !wrong.is_empty() {
                    for Remark { code, span, message, hint, meant } in wrong {
                        self.suggest(code, span, message, hint, meant);
                    }
                    self.gaps.drop(path);
                } else if let Err(fault) = check(text) {
                    let meant = prose::likely(text, label, check);
                    self.suggest(code::BAD_VALUE, node.span, fault.message, fault.hint, meant);
                    self.gaps.drop(path);
                } else if label == Text::LABEL
                    && let Some(Remark { code, span, message, hint, meant }) =
                        prose::look(text, *style, node, &self.lines, |key| known(self.root, key, 0))
                {
                    self.suggest(code, span, message, hint, meant);
                    self.gaps.drop(path);
                }
            }
            (Content::Scalar { text, .. }, Shape::Choice { label, words }) => {
                if !words.iter().any(|(word, _)| word == text) {
                    self.choice(text, node.span, label, words);
                    self.gaps.drop(path);
                }
            }
            // A list of which only the first dash is there waits to be filled in, as blank files have it.
            (Content::List(items), Shape::List(item_shape))
                if matches!(items.as_slice(), [only] if only.is_empty())
                    && !matches!(item_shape(), Shape::Block(_)) => {}
            (Content::List(items), Shape::List(item_shape)) => {
                let blocks = matches!(item_shape(), Shape::Block(_));
                for (index, item) in items.iter().enumerate() {
                    let path = if blocks { format!("{path}[{index}]") } else { path.to_owned() };
                    if item.is_empty() {
                        self.gaps.drop(&path);
                        self.report(
                            code::EMPTY_ITEM,
                            item.span,
                            "Mục này của danh sách để trống.",
                            "Ghi nội dung sau dấu gạch, hoặc xóa dòng này.",
                        );
                    } else {
                        self.node(item, item_shape(), item.span, key, &path);
                    }
                }
            }
            (Content::Map(entries), Shape::Block(fields)) => self.block(entries, fields, key_span, key, path),
            (Content::Map(entries), Shape::Scalar { .. })
                if (node.span.line == key_span.line
                    || !entries.iter().any(|entry| known(self.root, &entry.key, 0)))
                    && prose::sentence(node, &self.lines).is_some() =>
            {
                let Some((span, text)) = prose::sentence(node, &self.lines) else { return };
                let meant = if text.contains('"') { format!("'{text}'") } else { format!("\"{text}\"") };
                self.suggest(
                    code::COLON_IN_VALUE,
                    span,
                    "Trong giá trị có dấu hai chấm nên chương trình tưởng là một khóa nữa.",
                    "Đặt cả giá trị trong dấu ngoặc kép.",
                    Some(meant),
                );
                self.gaps.drop(path);
            }
            (content, shape) => {
                let Wrong { code, message, hint, meant } = wrong_kind(content, shape, key);
                let span = if matches!(content, Content::Scalar { .. }) { node.span } else { key_span };
                self.suggest(code, span, message, hint, meant.filter(|_| node.last_line == node.span.line));
                self.gaps.drop(path);
            }
        }
    }

    fn choice(&mut self, text: &str, span: Span, label: &str, words: &[(&str, &str)]) {
        let list: Vec<String> = words.iter().map(|(word, meaning)| format!("{word} ({meaning})")).collect();
        let folded = fold(text);
        let nearest = words
            .iter()
            .map(|(word, meaning)| {
                let score = strsim::normalized_damerau_levenshtein(&folded, word)
                    .max(strsim::normalized_damerau_levenshtein(&folded, &fold(meaning)));
                (score, *word)
            })
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .filter(|(score, _)| *score >= 0.6);
        self.suggest(
            code::BAD_CHOICE,
            span,
            format!("“{}” không phải là {label}.", shorten(text)),
            format!("Ghi một trong các từ: {}.", list.join(", ")),
            nearest.map(|(_, word)| word.to_owned()),
        );
    }

    fn block(&mut self, entries: &[Entry], fields: &'static [Field], key_span: Span, key: &str, path: &str) {
        self.blocks.push((key.to_owned(), fields));
        for (index, entry) in entries.iter().enumerate() {
            if self.full {
                break;
            }
            let plain = entry.key.trim();
            if plain != entry.key {
                self.report(
                    code::LOOKALIKE,
                    entry.key_span,
                    "Ở tên khóa này có dấu cách lạ, thường do dán từ Word, Zalo hoặc trang web.",
                    "Xóa dấu ấy (trong trích đoạn hiện là ␣) và gõ lại bằng bàn phím.",
                );
                self.gaps.drop(below(path, plain));
                self.gaps.stray(plain);
            }
            let Some(field) = fields.iter().find(|field| field.key == plain) else {
                let (hint, meant) = self.unknown_hint(entry, fields);
                self.suggest(
                    code::UNKNOWN_KEY,
                    entry.key_span,
                    match key {
                        "" => format!("Không có khóa “{}”.", shorten(&entry.key)),
                        _ => format!("Trong mục “{key}” không có khóa “{}”.", shorten(&entry.key)),
                    },
                    hint,
                    meant,
                );
                self.unknown(entry, entries, fields, path);
                continue;
            };
            if let Some(first) = entries[..index].iter().find(|other| other.key == entry.key) {
                self.report(
                    code::DUPLICATE_KEY,
                    entry.key_span,
                    format!("Khóa “{}” đã có ở dòng {}.", entry.key, first.key_span.line),
                    "Giữ một dòng đúng, xóa dòng kia; nhiều mục cùng loại thì ghi thành danh sách “- ”.",
                );
                self.gaps.drop(below(path, &entry.key));
                self.gaps.stray(&entry.key);
            }
            self.node(&entry.value, (field.shape)(), entry.key_span, field.key, &below(path, field.key));
        }
        for field in fields.iter().filter(|field| field.required) {
            if !entries.iter().any(|entry| entry.key == field.key && has_content(&entry.value)) {
                self.report(
                    code::MISSING_KEY,
                    entries.iter().find(|entry| entry.key == field.key).map_or(key_span, |entry| entry.key_span),
                    match key {
                        "" => format!("Thiếu “{}” ({}).", field.key, lower_first(field.label)),
                        _ => format!("Mục “{key}” thiếu “{}” ({}).", field.key, lower_first(field.label)),
                    },
                    format!("Thêm dòng “{}: {}”.", field.key, example((field.shape)())),
                );
                self.gaps.drop(below(path, field.key));
            }
        }
        self.blocks.pop();
    }

    /// An unknown key may be any of those that are not there yet, or belong elsewhere.
    fn unknown(&mut self, entry: &Entry, entries: &[Entry], fields: &[Field], path: &str) {
        self.gaps.drop(below(path, &entry.key));
        self.gaps.stray(&entry.key);
        let written = |field: &&Field| entries.iter().any(|entry| entry.key == field.key && has_content(&entry.value));
        for field in fields.iter().filter(|field| !written(field)) {
            self.gaps.drop(below(path, field.key));
        }
    }

    fn unknown_hint(&self, entry: &Entry, fields: &[Field]) -> (String, Vec<String>) {
        let folded = fold(&entry.key);
        let mut near: Vec<(f64, &str)> = fields
            .iter()
            .map(|field| {
                let prefix = field.key.strip_prefix(folded.as_str()).is_some_and(|rest| rest.starts_with('_'));
                let score = strsim::normalized_damerau_levenshtein(&folded, field.key);
                (if prefix { score.max(0.8) } else { score }, field.key)
            })
            .filter(|(score, _)| *score >= 0.65)
            .collect();
        near.sort_by(|a, b| b.0.total_cmp(&a.0));
        let outer = self.blocks.iter().rev().skip(1).find(|(_, fields)| fields.iter().any(|f| f.key == entry.key));
        if let Some((name, _)) = outer {
            let place = if name.is_empty() {
                "ở ngoài cùng, sát lề trái".to_owned()
            } else {
                format!("thuộc mục “{name}”")
            };
            let hint = format!("Khóa này {place}: bớt dấu cách ở đầu dòng cho ngang với các khóa cùng mục.");
            return (hint, Vec::new());
        }
        if !near.is_empty() {
            let meant = near.iter().take(3).map(|(_, key)| (*key).to_owned()).collect();
            return ("Sửa lại tên khóa; nếu là ghi chú riêng thì đặt dấu # ở đầu dòng.".to_owned(), meant);
        }
        let mut elsewhere = Vec::new();
        find_key(self.root, &entry.key, "", 0, &mut elsewhere);
        if !elsewhere.is_empty() {
            let list: Vec<String> = elsewhere.iter().take(3).map(|path| format!("“{path}”")).collect();
            return (format!("Khóa này thuộc mục {}: chuyển dòng này về đó.", list.join(" hoặc ")), Vec::new());
        }
        let keys: Vec<&str> = fields.iter().map(|field| field.key).take(12).collect();
        let more = if fields.len() > keys.len() { ", …" } else { "" };
        let hint = format!("Ở đây ghi được: {}{more}. Muốn ghi chú thì đặt dấu # ở đầu dòng.", keys.join(", "));
        (hint, Vec::new())
    }
}

/// Paths of the blocks in which `key` exists.
fn find_key(shape: Shape, key: &str, path: &str, depth: usize, found: &mut Vec<String>) {
    match shape {
        Shape::List(item) => find_key(item(), key, path, depth, found),
        Shape::Block(fields) if depth < 8 => {
            for field in fields {
                if field.key == key && !path.is_empty() {
                    found.push(path.to_owned());
                }
                let dot = if path.is_empty() { "" } else { "." };
                find_key((field.shape)(), key, &format!("{path}{dot}{}", field.key), depth + 1, found);
            }
        }
        _ => {}
    }
}

/// Whether `key` exists anywhere in the shape.
fn known(shape: Shape, key: &str, depth: usize) -> bool {
    match shape {
        Shape::List(item) => known(item(), key, depth),
        Shape::Block(fields) if depth < 8 => {
            fields.iter().any(|field| field.key == key || known((field.shape)(), key, depth + 1))
        }
        _ => false,
    }
}

/// What is wrong with a thing of another kind than belongs there.
struct Wrong {
    code: Code,
    message: String,
    hint: String,
    meant: Option<String>,
}

fn wrong_kind(content: &Content, shape: Shape, key: &str) -> Wrong {
    let name = if key.is_empty() { "Tệp".to_owned() } else { format!("“{key}”") };
    let other =
        |message: String, hint: &str| Wrong { code: code::WRONG_KIND, message, hint: hint.to_owned(), meant: None };
    match (content, shape) {
        (Content::Scalar { text, style: Style::Plain }, Shape::List(_)) if text.starts_with(prose::DASHES) => {
            let rest = text.trim_start_matches(prose::DASHES).trim();
            let message = match text.chars().next() {
                Some('-') => "Sau dấu gạch đầu dòng thiếu dấu cách.".to_owned(),
                mark => format!("Đầu mỗi ý là dấu “{}”, không phải dấu gạch nối “-”.", mark.unwrap_or('–')),
            };
            Wrong {
                code: code::DASH,
                message,
                hint: "Mỗi ý một dòng: dấu gạch nối “-”, một dấu cách, rồi nội dung.".to_owned(),
                meant: Some(format!("- {rest}")),
            }
        }
        (Content::Scalar { text, .. }, Shape::List(item)) => Wrong {
            meant: None,
            ..other(
                format!("{name} phải là danh sách."),
                &match item() {
                    Shape::Block(_) => {
                        "Viết mỗi mục bắt đầu bằng “- ” trên dòng riêng, thụt vào hai dấu cách.".to_owned()
                    }
                    _ => format!("Viết mỗi ý một dòng, thụt vào hai dấu cách: “- {}”.", shorten(text)),
                },
            )
        },
        (Content::Scalar { text, .. }, Shape::Block(fields)) => {
            let glued = text
                .split_once(':')
                .filter(|(word, rest)| !rest.starts_with(' ') && fields.iter().any(|field| field.key == *word));
            match glued {
                Some((word, rest)) => Wrong {
                    code: code::NO_SPACE,
                    message: format!("Sau “{word}:” thiếu dấu cách."),
                    hint: "Thêm một dấu cách sau dấu hai chấm.".to_owned(),
                    meant: Some(format!("{word}: {rest}")),
                },
                None => other(
                    format!("{name} là một mục gồm nhiều khóa, không phải một giá trị."),
                    &format!(
                        "Xuống dòng, thụt vào hai dấu cách, rồi ghi từng khóa, ví dụ “{}: …”.",
                        fields.first().map_or("khoa", |field| field.key)
                    ),
                ),
            }
        }
        (Content::List(_), Shape::Block(_)) => {
            other(format!("{name} không phải là danh sách."), "Bỏ dấu gạch “- ” ở đầu dòng; mục này chỉ có một.")
        }
        (Content::Map(_), Shape::List(_)) => Wrong {
            code: code::DASH,
            ..other(
                format!("{name} phải là danh sách: thiếu dấu gạch “- ” ở đầu mỗi mục."),
                "Đặt “- ” trước khóa đầu của mỗi mục, các khóa sau thụt vào ngang với nó.",
            )
        },
        (Content::List(_), _) => other(
            format!("{name} chỉ nhận một giá trị, không phải danh sách."),
            "Ghi giá trị ngay sau dấu hai chấm; nếu câu bắt đầu bằng dấu [ thì đặt cả câu trong dấu ngoặc kép.",
        ),
        (Content::Map(_), _) => other(
            format!("{name} chỉ nhận một giá trị, không phải một mục gồm nhiều khóa."),
            "Nếu trong câu có dấu hai chấm hoặc dấu { }, đặt cả câu trong dấu ngoặc kép.",
        ),
        (Content::Scalar { .. }, _) => other(format!("{name} sai kiểu."), "Xem lại giá trị này."),
    }
}

/// An example of what may stand at a place.
pub(crate) fn example(shape: Shape) -> String {
    match shape {
        Shape::Scalar { example, .. } => example.to_owned(),
        Shape::Choice { words, .. } => words.first().map_or_else(String::new, |(word, _)| (*word).to_owned()),
        Shape::List(_) | Shape::Block(_) => "…".to_owned(),
    }
}

pub(crate) fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

fn shorten(text: &str) -> String {
    let text = text.replace('\n', " ");
    if text.chars().count() <= 60 { text } else { text.chars().take(57).collect::<String>() + "…" }
}

/// Without accents, lower case, words joined by `_`: how a key or a word would be written.
fn fold(text: &str) -> String {
    crate::letter::slug(text).replace('-', "_")
}
