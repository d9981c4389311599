//! Values that are right as they are read and still not what was written: cut off by a comment, run together with the next line,
//! typed in an old code page; and values that are nearly right.

use super::Date;
use super::value::{Fault, Flag, Time};
use crate::diagnostic::{Code, Span, code};
use crate::encoding::{garbled, mistyped};
use crate::yaml::tree::{Node, Style};

/// What clerks put in front of a list item.
pub(super) const DASHES: &[char] = &['-', '–', '—', '•', '−'];

/// Something to say about a value.
pub(super) struct Remark {
    pub(super) code: Code,
    pub(super) span: Span,
    pub(super) message: String,
    pub(super) hint: String,
    pub(super) meant: Option<String>,
}

/// Looks at free text where it stands in the file; `is_key` says whether a word is a key.
pub(super) fn look(
    text: &str,
    style: Style,
    node: &Node,
    lines: &[&str],
    is_key: impl Fn(&str) -> bool,
) -> Option<Remark> {
    let plain = style == Style::Plain;
    let cut = if plain { cut_off(text, node, lines) } else { None };
    cut.or_else(|| plain.then(|| run_together(node, lines, is_key)).flatten()).or_else(|| old_letters(text, node))
}

/// `Phòng #3`: what follows ` #` is no part of the value. A comment of ours has a space behind its sign.
fn cut_off(text: &str, node: &Node, lines: &[&str]) -> Option<Remark> {
    let line = lines.get(node.span.line - 1).filter(|_| node.last_line == node.span.line)?;
    let column = node.span.column - 1;
    let rest: String = line.chars().skip(column + node.span.length).collect();
    let glued = rest.trim_start().strip_prefix('#')?.starts_with(|c: char| c.is_alphanumeric());
    let whole: String = line.trim_end().chars().skip(column).collect();
    glued.then(|| Remark {
        code: code::CUT_BY_COMMENT,
        span: Span { length: whole.chars().count(), ..node.span },
        message: format!("Chữ sau dấu # là ghi chú, nên giá trị này chỉ được đọc là “{}”.", super::value::shown(text)),
        hint:
            "Nếu dấu # thuộc nội dung, đặt cả giá trị trong dấu ngoặc kép; nếu là ghi chú, thêm một dấu cách sau dấu #."
                .to_owned(),
        meant: Some(if whole.contains('"') {
            format!("'{}'", whole.replace('\'', "''"))
        } else {
            format!("\"{whole}\"")
        }),
    })
}

/// A sentence with a colon in it that was read as a key: the sentence as it stands, with its length.
pub(super) fn sentence(node: &Node, lines: &[&str]) -> Option<(Span, String)> {
    let line = lines.get(node.span.line - 1).filter(|_| node.last_line == node.span.line)?;
    let text: String = line.chars().skip(node.span.column - 1).collect();
    let text = text.find(" #").map_or(text.as_str(), |at| &text[..at]).trim_end();
    let length = text.chars().count();
    (!text.starts_with(['{', '[', '"', '\''])).then(|| (Span { length, ..node.span }, text.to_owned()))
}

/// A line that looks like an item or a key of its own but is read as the end of the value above.
fn run_together(node: &Node, lines: &[&str], is_key: impl Fn(&str) -> bool) -> Option<Remark> {
    (node.span.line + 1..=node.last_line).find_map(|n| {
        let line = lines.get(n - 1)?;
        let body = line.trim();
        let column = line.chars().take_while(|c| c.is_whitespace()).count();
        let span = Span { line: n, column: column + 1, length: body.chars().count() };
        let above = node.span.line;
        let message = format!("Dòng này đang được đọc liền với dòng {above}, như một phần của câu ở đó.");
        if let Some(item) = body.strip_prefix(DASHES).filter(|item| item.starts_with(|c: char| c.is_alphabetic() || c == ' ')) {
            return Some(Remark {
                code: code::DASH,
                span,
                message,
                hint: "Nếu là một mục của danh sách, bắt đầu bằng “- ” và thụt vào ngang với mục trước; nếu là phần tiếp của câu, viết liền trên một dòng."
                    .to_owned(),
                meant: Some(format!("- {}", item.trim())),
            });
        }
        let (key, rest) = body.split_once(':')?;
        is_key(key).then(|| Remark {
            code: code::NO_SPACE,
            span,
            message,
            hint: "Sau dấu hai chấm phải có một dấu cách, và dòng phải thụt vào ngang với các khóa cùng mục.".to_owned(),
            meant: Some(format!("{key}: {}", rest.trim())),
        })
    })
}

/// Lines that were saved in the wrong encoding, each as it stands in the file.
pub(super) fn wrong_letters(node: &Node, lines: &[&str]) -> Vec<Remark> {
    let remark = |n: usize| {
        let line = lines.get(n - 1)?;
        let skip = if n == node.span.line { node.span.column - 1 } else { 0 };
        let value: String = line.chars().skip(skip).collect();
        let body = value.trim_matches([' ', '"', '\'']);
        let meant = garbled(body)?;
        let word = |text: &str| {
            let differ = text.split(' ').zip(meant.split(' ')).find(|(shown, meant)| shown != meant);
            differ.map(|(shown, meant)| (shown.to_owned(), meant.to_owned()))
        };
        let (shown, word) = word(body)?;
        let column = line.chars().count() - value.trim_start_matches([' ', '"', '\'']).chars().count();
        Some(Remark {
            code: code::MISTYPED_CHARSET,
            span: Span { line: n, column: column + 1, length: body.chars().count() },
            message: format!("Chữ ở đây đã bị lưu sai bảng mã: “{shown}” vốn là “{word}”."),
            hint: "Gõ lại chữ cho đúng, rồi lưu với mã hóa UTF-8 (Notepad: ô Mã hóa khi Lưu thành…); nếu cả tệp đều vậy thì lấy lại bản trước."
                .to_owned(),
            meant: Some(meant),
        })
    };
    (node.span.line..=node.last_line.max(node.span.line)).filter_map(remark).collect()
}

fn old_letters(text: &str, node: &Node) -> Option<Remark> {
    let (charset, meant) = mistyped(text)?;
    let single = node.last_line == node.span.line;
    Some(Remark {
        code: code::MISTYPED_CHARSET,
        span: node.span,
        message: format!("Chữ ở đây gõ theo bảng mã {}, không phải Unicode.", charset.name()),
        hint: "Chọn bảng mã Unicode trong UniKey rồi gõ lại; hoặc chép chữ, bấm Ctrl+Shift+F6 của UniKey để chuyển mã."
            .to_owned(),
        meant: single.then_some(meant),
    })
}

/// What a value with a fault may have been meant to be: dates with other signs between, hours with a dot, a letter O for a zero.
pub(super) fn likely(text: &str, label: &str, check: fn(&str) -> Result<(), Fault>) -> Option<String> {
    let text = text.trim();
    let mut tries = Vec::new();
    if label == Date::LABEL {
        let date = text.split_whitespace().next().unwrap_or_default().replace(['-', '.', '\\'], "/");
        let parts: Vec<&str> = date.split('/').collect();
        match parts.as_slice() {
            [y, m, d] if y.len() == 4 => tries.push(format!("{d}/{m}/{y}")),
            [d, m, y] if y.len() == 2 => tries.push(format!("{d}/{m}/20{y}")),
            _ => {}
        }
        tries.push(date);
    } else if label == Time::LABEL {
        tries.push(text.replace(['.', ' ', 'g', 'H'], ":").trim_end_matches(':').to_owned());
        tries.push(text.chars().take_while(|c| c.is_ascii_digit() || *c == 'h' || *c == ':').collect());
    } else if label == Flag::LABEL {
        let flag = match text.to_lowercase().as_str() {
            "true" | "yes" | "y" | "x" | "rồi" | "đúng" | "1" | "ok" => "co",
            "false" | "no" | "n" | "chưa" | "chua" | "0" => "khong",
            _ => return None,
        };
        tries.push(flag.to_owned());
    } else {
        tries.push(text.replace(['O', 'o'], "0"));
        tries.push(text.split_whitespace().collect());
    }
    tries.into_iter().find(|meant| meant != text && check(meant).is_ok())
}
