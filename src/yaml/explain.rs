//! The usual mistakes of people who write YAML by hand, told in Vietnamese instead of the parser's words.

use super::tree::{Fault, FaultKind};
use crate::diagnostic::Span;

const QUOTE_IT: &str = "Đặt cả giá trị trong dấu ngoặc kép";

/// A line taken apart: key, and what stands after its colon.
struct KeyLine<'a> {
    key: &'a str,
    /// After the colon, untrimmed.
    rest: &'a str,
    /// Column (from 0, in characters) at which `rest` begins.
    column: usize,
}

/// Reads `  - key: rest`; the key is a word without spaces.
fn key_line(line: &str) -> Option<KeyLine<'_>> {
    let body = line.trim_start_matches([' ', '\t', '-']);
    let (key, rest) = body.split_once(':')?;
    let word = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || c == '_');
    let column = line.chars().count() - rest.chars().count();
    (word && !key.starts_with("http")).then_some(KeyLine { key, rest, column })
}

/// The value of a line: after the key's colon, or after the dash of a list item. With its column from 0.
fn value_of(line: &str) -> Option<(&str, usize)> {
    let rest = match key_line(line) {
        Some(found) if found.rest.is_empty() || found.rest.starts_with([' ', '\t']) => found.rest,
        _ => line.trim_start().strip_prefix("- ")?,
    };
    let value = rest.trim_start();
    (!value.is_empty() && !value.starts_with('#')).then(|| (value, line.chars().count() - value.chars().count()))
}

enum Quote {
    Fine,
    Open,
    Trailing,
}

fn quote_state(value: &str) -> Quote {
    let Some(mark) = value.chars().next().filter(|c| matches!(c, '"' | '\'')) else { return Quote::Fine };
    let mut rest = value.char_indices().skip(1).peekable();
    while let Some((at, c)) = rest.next() {
        if mark == '"' && c == '\\' {
            rest.next();
        } else if c == mark {
            if mark == '\'' && rest.peek().is_some_and(|(_, next)| *next == '\'') {
                rest.next();
                continue;
            }
            let after = value[at + 1..].trim_start();
            return if after.is_empty() || after.starts_with(['#', ',', ']', '}', ':']) {
                Quote::Fine
            } else {
                Quote::Trailing
            };
        }
    }
    Quote::Open
}

fn fault(line: usize, column: usize, length: usize, message: impl Into<String>, hint: impl Into<String>) -> Fault {
    Fault {
        kind: FaultKind::Syntax,
        span: Span { line, column: column + 1, length },
        message: message.into(),
        hint: hint.into(),
    }
}

/// Where an anchor, alias or tag was met: the sign and what to do about it.
pub(super) fn sigil(lines: &[&str], span: Span) -> Fault {
    let line = lines.get(span.line - 1).copied().unwrap_or_default();
    let found = value_of(line).filter(|(value, _)| value.starts_with(['*', '&', '!']));
    let (column, sign) = match found.and_then(|(value, column)| value.chars().next().map(|sign| (column, sign))) {
        Some(found) => found,
        None => (span.column - 1, line.chars().nth(span.column - 1).filter(|c| "*&!".contains(*c)).unwrap_or('&')),
    };
    Fault {
        kind: FaultKind::Forbidden,
        ..starts_with_sign(span.line, column, sign, found.map_or("", |(value, _)| value))
    }
}

fn starts_with_sign(line: usize, column: usize, sign: char, value: &str) -> Fault {
    fault(
        line,
        column,
        1,
        format!("Giá trị bắt đầu bằng dấu “{sign}”, dấu này có nghĩa riêng trong tệp YAML."),
        if value.is_empty() || value.contains('"') {
            format!("{QUOTE_IT}, ví dụ \"{sign}…\".")
        } else {
            format!("{QUOTE_IT}: \"{}\".", shorten(value))
        },
    )
}

/// Lists and blocks nested deeper than any file needs.
pub(super) fn too_deep(span: Span) -> Fault {
    Fault {
        kind: FaultKind::Forbidden,
        span,
        message: "Các mục lồng vào nhau quá sâu.".to_owned(),
        hint: "Xem lại cách thụt dòng và các dấu [ ] { }; tệp này không cần lồng sâu như vậy.".to_owned(),
    }
}

fn shorten(value: &str) -> String {
    let value = value.trim();
    if value.chars().count() <= 60 { value.to_owned() } else { value.chars().take(57).collect::<String>() + "…" }
}

/// Explains a syntax fault the parser met at `line` (from 1) and `column` (from 0), in its words `info`.
pub(super) fn syntax(lines: &[&str], line: usize, column: usize, info: &str) -> Fault {
    let last = lines.len();
    let line = line.clamp(1, last.max(1));
    // The parser often stops only at the next key, so the lines before count as well.
    let near: Vec<usize> = (1..=line).rev().filter(|n| !lines[n - 1].trim().is_empty()).take(3).collect();
    let at = |n: usize| lines[n - 1];

    if info.contains("recursion limit") {
        return too_deep(Span { line, column: column + 1, length: 0 });
    }
    for n in near.iter().copied().chain((line < last).then_some(line + 1)) {
        let indent: String = at(n).chars().take_while(|c| c.is_whitespace()).collect();
        if let Some(tab) = indent.chars().position(|c| c == '\t') {
            return fault(
                n,
                tab,
                1,
                "Dòng này thụt vào bằng phím Tab; tệp YAML chỉ nhận dấu cách.",
                "Xóa Tab và gõ dấu cách: mỗi bậc hai dấu cách.",
            );
        }
    }
    if let Some(found) = open_quote(lines, line, info) {
        return found;
    }
    for n in near.iter().copied().take(2) {
        let Some((value, column)) = value_of(at(n)) else { continue };
        let Some(sign) = value.chars().next() else { continue };
        if "*&!%@`".contains(sign) || (matches!(sign, '|' | '>') && value.len() > 3 && info.contains("block scalar")) {
            return starts_with_sign(n, column, sign, value);
        }
    }
    if let Some(found) = open_bracket(lines, line, info) {
        return found;
    }
    for n in near.iter().copied() {
        if let Some(found) = key_line(at(n))
            && found.rest.starts_with(|c: char| !c.is_whitespace())
        {
            return fault(
                n,
                found.column - 1,
                1,
                format!("Sau “{}:” thiếu dấu cách.", found.key),
                format!("Thêm một dấu cách sau dấu hai chấm: “{}: {}”.", found.key, shorten(found.rest)),
            );
        }
    }
    for n in near.iter().copied().take(2) {
        if let Some((value, start)) = value_of(at(n))
            && !value.starts_with(['"', '\'', '|', '>', '[', '{'])
            && let Some(colon) =
                value.find(": ").or_else(|| value.trim_end().ends_with(':').then(|| value.trim_end().len() - 1))
            && (key_line(at(n)).is_some() || n < line)
        {
            let column = start + value[..colon].chars().count();
            let key = key_line(at(n)).map_or("-".to_owned(), |k| format!("{}:", k.key));
            return fault(
                n,
                column,
                1,
                "Trong giá trị có dấu hai chấm nên chương trình tưởng là một khóa nữa.",
                format!("{QUOTE_IT}: {key} \"{}\".", shorten(&value.replace('"', "”"))),
            );
        }
    }
    for pair in near.windows(2) {
        let (text, before) = (at(pair[0]), at(pair[1]));
        let indent = |line: &str| line.chars().take_while(|c| *c == ' ').count();
        let continues = indent(text) > indent(before);
        if !continues && !text.contains(':') && !text.trim_start().starts_with(['-', '#', ']', '}']) {
            return fault(
                pair[0],
                indent(text),
                text.trim().chars().count(),
                "Dòng này không phải là một khóa: không có dấu hai chấm.",
                "Viết “khóa: giá trị”; nếu là phần tiếp của câu trên, thụt vào sâu hơn dòng trên, hoặc dùng “|” sau khóa.",
            );
        }
    }
    if ["indent", "did not find expected key", "expected '-'", "not allowed in this context", "simple key"]
        .iter()
        .any(|words| info.contains(words))
    {
        return fault(
            line,
            column,
            0,
            "Dòng này thụt vào không khớp với các dòng cùng mục.",
            "Các khóa cùng một mục phải thụt vào bằng nhau, mục con thụt thêm hai dấu cách; mỗi mục của danh sách bắt đầu bằng “- ”.",
        );
    }
    fault(
        line,
        column,
        0,
        format!("Không đọc được tệp từ chỗ này ({info})."),
        "Xem lại dòng này và dòng ngay trên: dấu hai chấm, dấu ngoặc, cách thụt dòng.",
    )
}

fn open_quote(lines: &[&str], line: usize, info: &str) -> Option<Fault> {
    let about_quotes = info.contains("quoted") || info.contains("did not find expected") || info.contains("simple key");
    let candidates = about_quotes.then(|| lines.iter().take(line).enumerate()).into_iter().flatten();
    for (index, text) in candidates {
        let Some((value, column)) = value_of(text) else { continue };
        let length = value.trim_end().chars().count();
        match quote_state(value) {
            Quote::Fine => {}
            Quote::Open => {
                return Some(fault(
                    index + 1,
                    column,
                    length,
                    "Dấu ngoặc kép mở ở đây không được đóng lại.",
                    "Thêm dấu ngoặc cùng loại ở cuối giá trị, hoặc bỏ dấu ở đầu.",
                ));
            }
            Quote::Trailing => {
                return Some(fault(
                    index + 1,
                    column,
                    length,
                    "Giá trị bắt đầu bằng dấu ngoặc kép nhưng sau dấu đóng còn chữ.",
                    format!(
                        "Đặt cả giá trị trong dấu ngoặc đơn: '{}', hoặc dùng “ ” thay cho dấu ngoặc kép thẳng.",
                        shorten(&value.replace('\'', "’"))
                    ),
                ));
            }
        }
    }
    None
}

fn open_bracket(lines: &[&str], line: usize, info: &str) -> Option<Fault> {
    if !(info.contains("flow") || info.contains("bracket") || info.contains("expected") || info.contains("recursion")) {
        return None;
    }
    lines.iter().take(line).enumerate().rev().find_map(|(index, text)| {
        let (value, column) = value_of(text)?;
        let (sign, close) = match value.chars().next()? {
            '[' => ('[', ']'),
            '{' => ('{', '}'),
            _ => return None,
        };
        (!value.trim_end().ends_with(close)).then(|| starts_with_sign(index + 1, column, sign, value))
    })
}
