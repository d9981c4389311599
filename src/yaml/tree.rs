//! A YAML text as a tree in which every key and value knows its place. Sole user of `saphyr-parser`.
//!
//! Only what a clerk needs is allowed: one document of blocks, lists and values. Anchors, aliases, tags and further
//! documents are refused, so that a file can neither grow when read nor mean something other than what it shows.

use saphyr_parser::{Event, Parser, ScalarStyle, Span as ScanSpan};

use super::mend::Mend;
use super::{explain, mend, white};
use crate::diagnostic::Span;

/// Largest file read, in bytes.
pub const MAX_BYTES: usize = 1 << 20;
/// Deepest nesting of lists and blocks.
pub const MAX_DEPTH: usize = 24;

/// How a value was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Without quotes.
    Plain,
    /// In single or double quotes.
    Quoted,
    /// As a block after `|` or `>`.
    Block,
}

/// A value, list or block, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Where it stands; for lists and blocks, where they begin (length 0).
    pub span: Span,
    /// The last line with something of it.
    pub last_line: usize,
    /// What it is.
    pub content: Content,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// One value, its text as written (leading zeros kept), quotes and escapes resolved.
    Scalar {
        /// The text.
        text: String,
        /// How it was written.
        style: Style,
    },
    /// A list.
    List(Vec<Node>),
    /// A block of keys, in the order of the file, duplicates included.
    Map(Vec<Entry>),
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key stands.
    pub key_span: Span,
    /// Its value.
    pub value: Node,
}

impl Node {
    /// Whether nothing was written: a plain scalar without text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!(&self.content, Content::Scalar { text, style: Style::Plain } if text.is_empty())
    }

    /// The text of a scalar.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// The first value under `key`, when this is a block.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        match &self.content {
            Content::Map(entries) => entries.iter().find(|entry| entry.key == key).map(|entry| &entry.value),
            _ => None,
        }
    }
}

/// What kind of mistake a fault is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// Not YAML, and none of the usual mistakes.
    Syntax,
    /// YAML, but of a kind that is not allowed here (anchors, aliases, tags, several documents, nesting).
    Forbidden,
    /// A tab where only spaces may stand.
    Tab,
    /// No space after the colon of a key.
    Colon,
    /// Quotes that are not closed, or closed too early.
    Quote,
    /// A line indented otherwise than those it belongs to.
    Indent,
    /// The dash of a list item is missing, stands on the line of the key, or has no space after it.
    Dash,
    /// A colon inside a value without quotes.
    ColonInValue,
    /// A value without quotes that begins with a sign YAML keeps for itself.
    Sign,
    /// A line that is no key.
    NoKey,
    /// A character that looks like a space, colon or dash and is none.
    Lookalike,
}

/// Why a text is no tree: the first fault, in Vietnamese.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What kind.
    pub kind: FaultKind,
    /// Where.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: String,
    /// What may have been meant in place of what is marked.
    pub suggestion: Option<String>,
    /// How the line would read, where that is known well enough to read on.
    pub(super) mend: Option<Mend>,
}

enum Frame {
    List { span: Span, items: Vec<Node> },
    Map { span: Span, entries: Vec<Entry>, key: Option<(String, Span)> },
}

impl Frame {
    /// What it holds by now; a key that still waits for its value has none.
    fn close(self) -> Node {
        match self {
            Self::List { span, items } => {
                let last_line = items.iter().map(|item| item.last_line).max().unwrap_or(span.line);
                Node { span, last_line, content: Content::List(items) }
            }
            Self::Map { span, mut entries, key } => {
                entries.extend(key.map(|(key, key_span)| {
                    let content = Content::Scalar { text: String::new(), style: Style::Plain };
                    Entry { key, key_span, value: Node { span: key_span, last_line: key_span.line, content } }
                }));
                let last_line = entries.iter().map(|entry| entry.value.last_line).max().unwrap_or(span.line);
                Node { span, last_line, content: Content::Map(entries) }
            }
        }
    }
}

/// Reads `text` (lines ended by `\n`, no byte-order mark, at most [`MAX_BYTES`]); `None` when there is nothing in it.
///
/// # Errors
/// The first fault, with its place.
pub fn parse(text: &str) -> Result<Option<Node>, Fault> {
    scan(text).map_err(|stop| mend::first_fault(text, stop))
}

/// Where the parser stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stop {
    /// It could not read on: line from 1, column from 0, its own words.
    Parser { line: usize, column: usize, info: String },
    /// It could, but such a thing is not allowed.
    Refused(Fault),
}

impl Stop {
    pub(super) fn line(&self) -> usize {
        self.place().0
    }

    /// Line and column.
    pub(super) fn place(&self) -> (usize, usize) {
        match self {
            Self::Parser { line, column, .. } => (*line, *column),
            Self::Refused(fault) => (fault.span.line, fault.span.column - 1),
        }
    }
}

/// As [`parse`], without looking for what was meant.
pub(super) fn scan(text: &str) -> Result<Option<Node>, Stop> {
    let (tree, stop) = scan_on(text);
    stop.map_or(Ok(tree), Err)
}

/// As [`scan`]; where it stops, with what was read till then.
pub(super) fn scan_on(text: &str) -> (Option<Node>, Option<Stop>) {
    let mut stack: Vec<Frame> = Vec::new();
    let mut root: Option<Node> = None;
    let parted = white::parted(text);
    let stop = events(parted.as_deref().unwrap_or(text), &mut stack, &mut root).err();
    while let Some(frame) = stack.pop() {
        let node = frame.close();
        match stack.last_mut() {
            None => root = Some(node),
            Some(Frame::List { items, .. }) => items.push(node),
            Some(Frame::Map { entries, key, .. }) => {
                entries.extend(key.take().map(|(key, key_span)| Entry { key, key_span, value: node }));
            }
        }
    }
    (root.filter(|node| !node.is_empty()), stop)
}

fn events(text: &str, stack: &mut Vec<Frame>, root: &mut Option<Node>) -> Result<(), Stop> {
    let lines: Vec<&str> = text.split('\n').collect();
    let forbidden = |span: Span, message: &str, hint: &str| {
        Stop::Refused(explain::fault(FaultKind::Forbidden, span, message, hint))
    };
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let (event, at) = match event {
            Ok(event) => event,
            Err(error) => {
                let (line, column) = (error.marker().line().clamp(1, lines.len()), error.marker().col());
                return Err(Stop::Parser { line, column, info: error.info().to_owned() });
            }
        };
        let span = span_in(&lines, at);
        let last_line = last_line(&lines, at);
        let anchored = match &event {
            Event::Alias(_) => true,
            Event::Scalar(_, _, anchor, tag) => *anchor > 0 || tag.is_some(),
            Event::SequenceStart(anchor, tag) | Event::MappingStart(anchor, tag) => *anchor > 0 || tag.is_some(),
            _ => false,
        };
        if anchored {
            return Err(Stop::Refused(explain::sigil(&lines, span)));
        }
        let done = match event {
            Event::DocumentStart(_) if root.is_some() => {
                return Err(forbidden(
                    span,
                    "Tệp có hơn một phần, ngăn bằng dòng “---”.",
                    "Mỗi tệp chỉ ghi một hồ sơ: bỏ dòng “---” và phần thừa.",
                ));
            }
            Event::Scalar(value, style, ..) => {
                let style = match style {
                    ScalarStyle::Plain => Style::Plain,
                    ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => Style::Quoted,
                    ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
                };
                Some(Node { span, last_line, content: Content::Scalar { text: value.into_owned(), style } })
            }
            Event::SequenceStart(..) | Event::MappingStart(..) if stack.len() >= MAX_DEPTH => {
                return Err(Stop::Refused(explain::too_deep(span)));
            }
            Event::SequenceStart(..) => {
                stack.push(Frame::List { span, items: Vec::new() });
                None
            }
            Event::MappingStart(..) => {
                stack.push(Frame::Map { span, entries: Vec::new(), key: None });
                None
            }
            Event::SequenceEnd | Event::MappingEnd => stack.pop().map(Frame::close),
            _ => None,
        };
        let Some(node) = done else { continue };
        match stack.last_mut() {
            None => *root = Some(node),
            Some(Frame::List { items, .. }) => items.push(node),
            Some(Frame::Map { entries, key, .. }) => match key.take() {
                Some((name, key_span)) => entries.push(Entry { key: name, key_span, value: node }),
                None => match node.content {
                    Content::Scalar { text, .. } => *key = Some((text, node.span)),
                    _ => {
                        return Err(forbidden(
                            node.span,
                            "Trước dấu hai chấm phải là một khóa, không phải danh sách hay mục con.",
                            "Nếu đây là nội dung, đặt cả câu trong dấu ngoặc kép.",
                        ));
                    }
                },
            },
        }
    }
    Ok(())
}

/// The last line with text of what the parser spans: its end may lie behind empty lines and comments.
fn last_line(lines: &[&str], at: ScanSpan) -> usize {
    let first = at.start.line().max(1);
    let end = if at.end.col() == 0 { at.end.line().saturating_sub(1) } else { at.end.line() };
    let blank = |line: &usize| lines.get(line - 1).is_none_or(|text| text.trim().is_empty());
    (first..=end.min(lines.len())).rev().find(|line| !blank(line)).unwrap_or(first)
}

/// The parser's span as ours: on one line, not past its end.
fn span_in(lines: &[&str], at: ScanSpan) -> Span {
    let (line, column) = (at.start.line().max(1), at.start.col() + 1);
    let width = lines.get(line - 1).map_or(0, |text| text.trim_end().chars().count());
    let end = if at.end.line() == at.start.line() { at.end.col().min(width) } else { width };
    Span { line, column, length: end.saturating_sub(at.start.col()) }
}
