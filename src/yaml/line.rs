//! A line of a file taken apart, by what it looks like. Columns count from 0, in characters.

/// Key, and what stands after its colon.
pub(super) struct KeyLine<'a> {
    pub(super) key: &'a str,
    /// After the colon, untrimmed.
    pub(super) rest: &'a str,
    /// Where the key begins.
    pub(super) key_column: usize,
    /// Where `rest` begins.
    pub(super) column: usize,
}

/// Reads `  - key: rest`; the key is a word without spaces.
pub(super) fn key_line(line: &str) -> Option<KeyLine<'_>> {
    let body = line.trim_start_matches([' ', '\t', '-']);
    let (key, rest) = body.split_once(':')?;
    let word = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || c == '_');
    let column = line.chars().count() - rest.chars().count();
    let key_column = column - 1 - key.chars().count();
    (word && !key.starts_with("http")).then_some(KeyLine { key, rest, key_column, column })
}

/// The value of a line: after the key's colon, or after the dash of a list item. With its column.
pub(super) fn value_of(line: &str) -> Option<(&str, usize)> {
    let item = line.trim_start().starts_with("- ");
    // "- Lỗi: không ký được" is a sentence, not a key.
    let own = |key: &str| key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    let rest = match key_line(line).filter(|found| !item || own(found.key)) {
        Some(found) if found.rest.is_empty() || found.rest.starts_with([' ', '\t']) => found.rest,
        _ => line.trim_start().strip_prefix("- ")?,
    };
    let value = rest.trim_start();
    (!value.is_empty() && !value.starts_with('#')).then(|| (value, line.chars().count() - value.chars().count()))
}

/// The value without a comment behind it and without spaces at its end.
pub(super) fn without_comment(value: &str) -> &str {
    value.find(" #").map_or(value, |at| &value[..at]).trim_end()
}

/// How many spaces a line begins with.
pub(super) fn indent(line: &str) -> usize {
    line.chars().take_while(|c| *c == ' ').count()
}

/// Whether a key is written as keys of ours are.
pub(super) fn own(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// Whether the line begins a key of ours or an item.
pub(super) fn begins(line: &str) -> bool {
    let body = line.trim_start();
    body.starts_with("- ") || key_line(body).is_some_and(|found| own(found.key) && !found.rest.starts_with("//"))
}

/// Nothing, or a comment.
pub(super) fn is_blank(line: &str) -> bool {
    line.trim().is_empty() || line.trim_start().starts_with('#')
}

/// Whether the lines below are a text begun by `|` or `>`.
pub(super) fn opens_text(line: &str) -> bool {
    value_of(line).is_some_and(|(value, _)| {
        let sign = without_comment(value);
        sign.starts_with(['|', '>']) && sign.len() <= 3
    })
}

/// A space that is none of the keyboard's.
pub(super) fn is_strange(c: char) -> bool {
    matches!(c, '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{3000}')
}

/// How a value stands in quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quoting {
    /// It does not begin with a quote, or the quotes fit.
    Fine,
    /// Not closed on this line.
    Open(char),
    /// Closed, and something follows.
    Trailing,
}

/// Looks at the quotes of a value.
pub(super) fn quoting(value: &str) -> Quoting {
    let Some(mark) = value.chars().next().filter(|c| matches!(c, '"' | '\'')) else { return Quoting::Fine };
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
                Quoting::Fine
            } else {
                Quoting::Trailing
            };
        }
    }
    Quoting::Open(mark)
}

/// A value in quotes, so that all of it is text.
pub(super) fn quoted(value: &str) -> String {
    if value.contains('"') || value.contains('\\') {
        format!("'{}'", value.replace('\'', "''"))
    } else {
        format!("\"{value}\"")
    }
}

/// A text as messages show it: not longer than it takes to recognise it.
pub(super) fn shorten(text: &str) -> String {
    let text = text.trim();
    if text.chars().count() <= 60 { text.to_owned() } else { text.chars().take(57).collect::<String>() + "…" }
}

/// `line` with the characters from `column` on, `length` of them, replaced.
pub(super) fn spliced(line: &str, column: usize, length: usize, by: &str) -> String {
    let before: String = line.chars().take(column).collect();
    let after: String = line.chars().skip(column + length).collect();
    before + by + &after
}
