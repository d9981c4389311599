//! Markup that is no XML: what is wrong, in Vietnamese, and where it is to be mended.

use roxmltree::TextPos;

use super::Error;
use crate::diagnostic::Span;

/// The fault in words. An element that is not closed is told where it begins, for there it is to be looked for.
pub(super) fn malformed(markup: &str, error: &roxmltree::Error) -> Error {
    use roxmltree::Error as Xml;
    let at = |place: TextPos| Span { line: place.row as usize, column: place.col as usize, length: 0 };
    match error {
        Xml::UnexpectedCloseTag(..)
        | Xml::UnclosedRootNode
        | Xml::UnexpectedEndOfStream
        | Xml::InvalidName(_)
        | Xml::InvalidChar(..)
        | Xml::InvalidChar2(..)
        | Xml::InvalidAttributeValue(_) => {
            if let Some(error) = unclosed(markup) {
                return error;
            }
        }
        _ => {}
    }
    let message = match error {
        Xml::UnknownEntityReference(name, _) => {
            format!("Ký hiệu “&{name};” không dùng được; chữ & viết là “&amp;”.")
        }
        Xml::MalformedEntityReference(_) => "Chữ & trong biểu mẫu viết là “&amp;”.".to_owned(),
        Xml::DuplicatedAttribute(name, _) => format!("Thuộc tính “{name}” ghi hai lần."),
        Xml::InvalidAttributeValue(_) => "Giá trị của thuộc tính không được có dấu “<”.".to_owned(),
        Xml::InvalidName(_) => "Sau dấu “<” phải là tên phần tử; chữ < viết là “&lt;”.".to_owned(),
        Xml::NoRootNode => "Không có phần tử nào; cả văn bản phải nằm trong <van-ban>.".to_owned(),
        other => format!("Sai cú pháp XML ({other})."),
    };
    Error { message, span: at(error.pos()) }
}

/// An open element: its name and where it begins.
struct Open<'a> {
    name: &'a str,
    span: Span,
}

/// The element that lacks its closing tag: the innermost one open where another is closed, or at the end.
fn unclosed(markup: &str) -> Option<Error> {
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut rest = markup;
    let lacks = |open: &Open<'_>, before: &str| Error {
        message: format!("Phần tử <{0}> mở ở đây mà không có </{0}> trước {before}.", open.name),
        span: open.span,
    };
    while let Some(start) = rest.find('<') {
        rest = &rest[start..];
        let span = span_at(markup, markup.len() - rest.len());
        let skip_to = |end: &str| rest.find(end).map(|at| at + end.len());
        let length = if rest.starts_with("<!--") {
            skip_to("-->")
        } else if rest.starts_with("<?") {
            skip_to("?>")
        } else {
            tag_length(rest)
        };
        let Some(length) = length else {
            return Some(Error {
                message: "Thẻ bắt đầu ở đây mà không có dấu “>” kết thúc.".to_owned(), span
            });
        };
        let tag = &rest[..length];
        let name = |text: &'static str| {
            let inside = tag.trim_start_matches(text);
            let end = inside.find(|letter: char| letter.is_whitespace() || matches!(letter, '/' | '>'));
            &inside[..end.unwrap_or(inside.len())]
        };
        if tag.starts_with("</") {
            let closed = name("</");
            match open.iter().rposition(|element| element.name == closed) {
                Some(last) if last + 1 == open.len() => {
                    open.pop();
                }
                Some(_) => return open.last().map(|element| lacks(element, &format!("</{closed}>"))),
                None => {
                    let inside =
                        open.last().map(|element| format!(" (đang mở là <{}>)", element.name)).unwrap_or_default();
                    let message = format!("Thẻ đóng </{closed}> không có thẻ mở{inside}.");
                    return Some(Error { message, span: Span { length: tag.chars().count(), ..span } });
                }
            }
        } else if !tag.starts_with("<!") && !tag.starts_with("<?") && !tag.ends_with("/>") {
            open.push(Open { name: name("<"), span: Span { length: name("<").chars().count() + 1, ..span } });
        }
        rest = &rest[length..];
    }
    open.last().map(|element| lacks(element, "khi hết văn bản"))
}

/// Length of a tag; quotation marks may hide a `>`. `None` when it does not end, or another begins in it.
fn tag_length(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, letter) in text.char_indices().skip(1) {
        match (quote, letter) {
            (None, '>') => return Some(at + 1),
            (None, '<') => return None,
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), _) if open == letter => quote = None,
            _ => {}
        }
    }
    None
}

fn span_at(text: &str, byte: usize) -> Span {
    let before = &text[..byte];
    let line = before.rfind('\n').map_or(0, |end| end + 1);
    Span { line: before.matches('\n').count() + 1, column: before[line..].chars().count() + 1, length: 0 }
}
