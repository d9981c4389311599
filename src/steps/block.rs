//! The lines to paste: keys as deep as they stand, values where they are known, explanations where they are not.

use super::spot::{Segment, Spot};
use crate::case::Case;
use crate::case::schema::{Described, Field, Shape};
use crate::case::template;

/// What is to be written at the end of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// Not known; the explanation of its key stands beside it.
    Open,
    /// Known.
    Known(String),
    /// As `Open`, with a remark in place of the explanation.
    Remark(String),
    /// A block.
    Block(Vec<(&'static str, Value)>),
    /// A list of blocks, each with a remark before it.
    List(Vec<(Option<String>, Value)>),
    /// Keys beside each other, in place of the one asked for.
    Beside(Vec<(String, Value)>),
    /// A line that is only a comment, in place of a key.
    Later(String),
}

/// Column of the explanations.
const COMMENT: usize = 34;

/// The lines of `value` in its place.
pub(super) fn lines(spot: &Spot, value: &Value, case: &Case) -> Vec<String> {
    let mut out = Vec::new();
    let mut indent = spot.indent;
    let mut path = spot.within.clone();
    let mut lead = String::new();
    let (last, above) = match spot.rest.split_last() {
        Some((last, above)) => (Some(last), above),
        None => (None, &[][..]),
    };
    for segment in above {
        match segment {
            Segment::Key(key) => {
                path = below(&path, key);
                out.push(format!("{}{lead}{key}:", " ".repeat(indent)));
                indent += lead.len() + 2;
                lead.clear();
            }
            Segment::Item(place) if path == "giai_quyet" => {
                // The number of a round belongs to it from the start.
                path.push_str(&format!("[{place}]"));
                out.push(format!("{}- lan: {}", " ".repeat(indent), case.round_number(*place)));
                indent += 2;
            }
            Segment::Item(place) => {
                path.push_str(&format!("[{place}]"));
                lead.push_str("- ");
            }
        }
    }
    match last {
        Some(Segment::Key(key)) => write(key, value, &path, indent, &lead, &mut out),
        Some(Segment::Item(place)) => {
            path.push_str(&format!("[{place}]"));
            body(value, &path, indent, "- ", &mut out);
        }
        None => {}
    }
    out
}

fn below(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// A key with its value.
fn write(key: &str, value: &Value, path: &str, indent: usize, lead: &str, out: &mut Vec<String>) {
    let pad = format!("{}{lead}", " ".repeat(indent));
    let path = below(path, key);
    let inner = indent + lead.len() + 2;
    match value {
        Value::Known(text) => out.push(format!("{pad}{key}: {}", scalar(text))),
        Value::Open => {
            out.push(remarked(&format!("{pad}{key}:"), &explanation(&path)));
            let listed = field(&path).filter(|field| match (field.shape)() {
                Shape::List(item) => !matches!(item(), Shape::Block(_)),
                _ => false,
            });
            out.extend(listed.map(|field| template::first_dash(&field, inner)));
        }
        Value::Remark(remark) => out.push(remarked(&format!("{pad}{key}:"), remark)),
        Value::Block(_) | Value::List(_) => {
            out.push(format!("{pad}{key}:"));
            body(value, &path, inner, "", out);
        }
        Value::Beside(fields) => {
            let around = path.rsplit_once('.').map_or("", |(around, _)| around);
            fields.iter().for_each(|(key, value)| write(key, value, around, indent, lead, out));
        }
        Value::Later(text) => out.push(format!("{pad}# {text}")),
    }
}

/// What stands below a key, or a list item.
fn body(value: &Value, path: &str, indent: usize, lead: &str, out: &mut Vec<String>) {
    match value {
        Value::Block(fields) => {
            for (at, (key, value)) in fields.iter().enumerate() {
                if at == 0 {
                    write(key, value, path, indent, lead, out);
                } else {
                    write(key, value, path, indent + lead.len(), "", out);
                }
            }
        }
        Value::List(items) => {
            for (at, (remark, item)) in items.iter().enumerate() {
                if let Some(remark) = remark {
                    out.push(format!("{}# {remark}", " ".repeat(indent)));
                }
                body(item, &format!("{path}[{at}]"), indent, "- ", out);
            }
        }
        Value::Known(text) => out.push(format!("{}{lead}{}", " ".repeat(indent), scalar(text))),
        // A list of texts begins with the question what they are.
        Value::Open | Value::Remark(_) | Value::Later(_) | Value::Beside(_) => {}
    }
}

fn remarked(line: &str, remark: &str) -> String {
    format!("{line:<COMMENT$} # {remark}")
}

/// A value in quotes where YAML would take it otherwise.
fn scalar(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let special = text.starts_with(|c: char| "-?:,[]{}#&*!|>'\"%@`~ ".contains(c));
    let inside = text.contains(": ") || text.contains(" #") || text.ends_with(':');
    let other = matches!(text.to_lowercase().as_str(), "" | "null" | "true" | "false" | "yes" | "no" | "on" | "off");
    if !(special || inside || other) {
        return text;
    }
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// What a clerk reads beside the empty key at `path`.
fn explanation(path: &str) -> String {
    let Some(field) = field(path) else { return String::new() };
    match (field.shape)() {
        Shape::Choice { words, .. } => words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(" | "),
        _ => format!("{}{}", field.label, template::words(&field)),
    }
}

/// The field of the shape at `path`.
fn field(path: &str) -> Option<Field> {
    let mut shape = Case::shape();
    let mut found = None;
    for key in path.split('.').map(|step| step.split('[').next().unwrap_or(step)) {
        while let Shape::List(item) = shape {
            shape = item();
        }
        let Shape::Block(fields) = shape else { return None };
        let field = fields.iter().find(|field| field.key == key)?;
        shape = (field.shape)();
        found = Some(*field);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_quoted_only_where_they_must_be() {
        for (text, written) in [
            ("Phòng Kỹ thuật", "Phòng Kỹ thuật"),
            ("20/11/2026", "20/11/2026"),
            ("Lỗi: không ký", "\"Lỗi: không ký\""),
            ("Phòng #3", "\"Phòng #3\""),
            ("@minhphat", "\"@minhphat\""),
            ("Công ty \"A\"", "Công ty \"A\""),
            ("\"A\"", "\"\\\"A\\\"\""),
            ("một\nhai", "một hai"),
            ("no", "\"no\""),
        ] {
            assert_eq!(scalar(text), written);
        }
    }
}
