//! Where in a case file a fact belongs that is not there yet.

use super::Place;
use crate::yaml::tree::{Content, Entry, Node};

/// One step of a path: `giai_quyet[0]` is a key and a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Segment {
    Key(String),
    Item(usize),
}

/// Where to write, at which depth, and what of the path is still to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) place: Place,
    /// Spaces before the first line.
    pub(super) indent: usize,
    /// Keys and list items down to the value, outermost first; none when an item is added to a list that is there.
    pub(super) rest: Vec<Segment>,
    /// Path of the block that holds the first of `rest`.
    pub(super) within: String,
}

/// `giai_quyet[0].tra_loi` as steps.
pub(super) fn segments(path: &str) -> Option<Vec<Segment>> {
    let mut steps = Vec::new();
    for part in path.split('.') {
        let (key, places) = part.split_once('[').unwrap_or((part, ""));
        steps.push(Segment::Key(key.to_owned()));
        for place in places.split('[').filter(|place| !place.is_empty()) {
            steps.push(Segment::Item(place.trim_end_matches(']').parse().ok()?));
        }
    }
    Some(steps)
}

/// The place for what `steps` leads to; none where it is written already as one value, or the file is written in a way that lines
/// cannot be added to (`{…}`, `[…]`).
pub(super) fn find(root: &Node, text: &str, steps: &[Segment]) -> Option<Spot> {
    let lines: Vec<&str> = text.lines().collect();
    let mut node = root;
    let mut within = String::new();
    for (at, step) in steps.iter().enumerate() {
        let rest = steps[at..].to_vec();
        match (step, &node.content) {
            (Segment::Key(key), Content::Map(entries)) => {
                let first = entries.first()?;
                if is_flow(node, &lines) {
                    return None;
                }
                let indent = first.key_span.column - 1;
                match entries.iter().find(|entry| entry.key == *key) {
                    // Nothing but its key is there.
                    Some(entry) if entry.value.is_empty() => {
                        return Some(Spot { place: Place::Instead(entry.key_span.line), indent, rest, within });
                    }
                    // A list of which only the first dash is there.
                    Some(Entry { value: Node { content: Content::List(items), .. }, .. }) if matches!(items.as_slice(), [only] if only.is_empty()) =>
                    {
                        let line = items.first()?.span.line;
                        return Some(Spot { place: Place::Instead(line), indent, rest, within });
                    }
                    Some(entry) => node = &entry.value,
                    None => {
                        let place = behind(node, indent, key, &lines);
                        return Some(Spot { place, indent, rest, within });
                    }
                }
                if !within.is_empty() {
                    within.push('.');
                }
                within.push_str(key);
            }
            (Segment::Item(place), Content::List(items)) if *place < items.len() => {
                node = &items[*place];
                within.push_str(&format!("[{place}]"));
            }
            (Segment::Item(place), Content::List(items)) if *place == items.len() => {
                return item(node, &lines, rest, within);
            }
            _ => return None,
        }
    }
    // All of it is there: a list takes one more.
    match &node.content {
        Content::List(_) => item(node, &lines, Vec::new(), within),
        _ => None,
    }
}

/// The line of what `steps` leads to, or of the nearest thing around it that is there.
pub(super) fn line(root: &Node, steps: &[Segment]) -> Option<usize> {
    let mut node = root;
    let mut line = None;
    for step in steps {
        match (step, &node.content) {
            (Segment::Key(key), Content::Map(entries)) => {
                let Some(entry) = entries.iter().find(|entry| entry.key == *key) else { break };
                line = Some(entry.key_span.line);
                node = &entry.value;
            }
            (Segment::Item(place), Content::List(items)) => {
                let Some(item) = items.get(*place) else { break };
                line = Some(item.span.line);
                node = item;
            }
            _ => break,
        }
    }
    line
}

/// One more item at the end of a list.
fn item(list: &Node, lines: &[&str], rest: Vec<Segment>, within: String) -> Option<Spot> {
    let Content::List(items) = &list.content else { return None };
    let first = items.first()?;
    let before: String = lines.get(first.span.line - 1)?.chars().take(first.span.column - 1).collect();
    let dash = before.rfind('-').map(|at| before[..at].chars().count())?;
    (!is_flow(list, lines)).then(|| Spot {
        place: Place::After(trailing(list.last_line, dash, lines)),
        indent: dash,
        rest: if rest.is_empty() { vec![Segment::Item(items.len())] } else { rest },
        within,
    })
}

fn is_flow(node: &Node, lines: &[&str]) -> bool {
    let at = lines.get(node.span.line - 1).and_then(|line| line.chars().nth(node.span.column - 1));
    matches!(at, Some('{' | '['))
}

/// Behind the block `node`; a block of the whole file goes before the commented sample of itself, where there is one.
fn behind(node: &Node, indent: usize, key: &str, lines: &[&str]) -> Place {
    if indent == 0 {
        let sample = format!("# {key}:");
        let found = lines.iter().position(|line| line.starts_with(&sample));
        if let Some(at) = found.filter(|at| *at > 0) {
            return Place::After(at);
        }
        return Place::After(lines.len());
    }
    Place::After(trailing(node.last_line, indent, lines))
}

/// The last line of a block with the comments at its end.
fn trailing(last: usize, indent: usize, lines: &[&str]) -> usize {
    let own = |line: &&&str| {
        let body = line.trim_start();
        body.starts_with('#') && line.len() - body.len() >= indent.max(1)
    };
    last + lines.iter().skip(last).take_while(own).count()
}
