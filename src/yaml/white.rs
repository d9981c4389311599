//! White space that is not what it looks like: tabs for indentation, and spaces pasted from elsewhere. It is found before the parser is
//! asked, which stops at the first of them.

use super::explain::{self, depth::places};
use super::line::{Quoting, begins, is_blank, is_strange, key_line, opens_text, own, quoting, value_of};
use super::tree::{Fault, FaultKind};
use crate::diagnostic::Span;

/// Columns a tab may stand for, the likeliest first.
const WIDTHS: [usize; 3] = [2, 4, 8];
/// Farthest line on which quotes may be closed.
const MAX_QUOTED: usize = 40;

/// Neighbouring lines that are indented by tabs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) first: usize,
    pub(super) last: usize,
    /// The lines of it that have tabs, as they stand in the file.
    lines: Vec<(usize, String)>,
}

/// What was found.
pub(super) struct White {
    /// The text with spaces in place of it.
    pub(super) text: String,
    pub(super) faults: Vec<Fault>,
    pub(super) runs: Vec<Run>,
}

/// Finds it, and reads each tab as two columns; none where there is none.
pub(super) fn find(text: &str) -> Option<White> {
    let suspicious = |line: &str| {
        let lead = lead(line);
        lead.chars().any(|c| c == '\t' || is_strange(c)) || gap(line).is_some()
    };
    if !text.split('\n').any(suspicious) {
        return None;
    }
    let lines: Vec<&str> = text.split('\n').collect();
    let texts = texts(&lines);
    let mut white = White { text: String::new(), faults: Vec::new(), runs: Vec::new() };
    let mut now: Vec<String> = Vec::with_capacity(lines.len());
    let mut open: Option<Run> = None;
    for (index, line) in lines.iter().enumerate() {
        let n = index + 1;
        if texts[index] == Kind::Content {
            now.push((*line).to_owned());
            white.runs.extend(open.take());
            continue;
        }
        if is_blank(line) {
            now.push(spaced(line, 2));
            continue;
        }
        let head = lead(line);
        if head.contains('\t') {
            let run = open.get_or_insert_with(|| Run { first: n, last: n, lines: Vec::new() });
            run.last = n;
            run.lines.push((n, (*line).to_owned()));
        } else {
            white.runs.extend(open.take());
        }
        // In a sentence that goes on they do no harm.
        if texts[index] == Kind::Structure && head.contains(is_strange) && begins(line) {
            let length = head.chars().count();
            white.faults.push(strange(n, 0, length, "Đầu dòng này có dấu cách lạ".to_owned()));
        }
        let mut line = spaced(line, 2);
        if texts[index] == Kind::Structure
            && let Some((column, length, after)) = gap(&line)
        {
            white.faults.push(strange(n, column, length, format!("Sau “{after}” có dấu cách lạ")));
            let chars = line.chars().enumerate();
            line = chars.map(|(at, c)| if (column..column + length).contains(&at) { ' ' } else { c }).collect();
        }
        now.push(line);
    }
    white.runs.extend(open);
    white.faults.extend(white.runs.iter().map(Run::fault));
    white.faults.sort_by_key(|fault| fault.span);
    white.text = now.join("\n");
    Some(white)
}

/// `text` with spaces for tabs between a key and its value, which YAML allows and the parser refuses. No column moves.
pub(super) fn parted(text: &str) -> Option<String> {
    if !text.contains(":\t") && !text.contains("-\t") {
        return None;
    }
    let lines: Vec<&str> = text.split('\n').collect();
    let part = |(line, kind): (&&str, Kind)| {
        let head = lead(line).len();
        let dash = line[head..].strip_prefix('-').map_or(head, |_| head + 1);
        let colon = key_line(line).filter(|found| own(found.key)).map_or(dash, |found| line.len() - found.rest.len());
        let Some((before, after)) = line.split_at_checked(colon).filter(|_| kind == Kind::Structure) else {
            return (*line).to_owned();
        };
        // Only the gaps behind the dash and behind the colon.
        let body = after.trim_start_matches([' ', '\t']);
        let gap = " ".repeat(after.chars().count() - body.chars().count());
        let before = match before.get(head..).and_then(|rest| rest.strip_prefix('-')) {
            Some(rest) if rest.starts_with('\t') => {
                let key = rest.trim_start_matches([' ', '\t']);
                format!("{}-{}{key}", &before[..head], " ".repeat(rest.len() - key.len()))
            }
            _ => before.to_owned(),
        };
        before + &gap + body
    };
    Some(lines.iter().zip(texts(&lines)).map(part).collect::<Vec<_>>().join("\n"))
}

impl Run {
    fn fault(&self) -> Fault {
        let (n, line) = &self.lines[0];
        let head: Vec<char> = lead(line).chars().collect();
        let column = head.iter().position(|c| *c == '\t').unwrap_or_default();
        let span = Span { line: *n, column: column + 1, length: head.len() - column };
        let message = match self.lines.len() {
            1 => "Dòng này thụt vào bằng phím Tab; tệp hồ sơ chỉ nhận dấu cách.".to_owned(),
            _ => format!(
                "Từ dòng {} đến dòng {} thụt vào bằng phím Tab; tệp hồ sơ chỉ nhận dấu cách.",
                self.first, self.last
            ),
        };
        let hint = match self.lines.len() {
            1 => "Xóa Tab và gõ dấu cách: mỗi bậc hai dấu cách.",
            _ => "Ở mỗi dòng ấy xóa Tab và gõ dấu cách: mỗi bậc hai dấu cách.",
        };
        explain::fault(FaultKind::Tab, span, message, hint)
    }

    /// Whether it is one line, whose depth says nothing about another's.
    pub(super) fn is_single(&self) -> bool {
        self.lines.len() == 1
    }

    /// The lines of it.
    pub(super) fn numbers(&self) -> impl Iterator<Item = usize> {
        self.lines.iter().map(|(n, _)| *n)
    }

    /// `text` in which this run is read in each way it may have been meant.
    pub(super) fn readings(&self, text: &str) -> Vec<String> {
        let lines: Vec<&str> = text.split('\n').collect();
        let Some((first, _)) = self.lines.first() else { return Vec::new() };
        let mut found: Vec<Vec<usize>> = WIDTHS.iter().map(|width| self.depths(*width)).collect();
        // One tab may also stand for whatever brings the lines level with those around them.
        for place in places(*first, &lines) {
            for width in &WIDTHS[..2] {
                let depths = self.depths(*width);
                let from = depths.first().copied().unwrap_or_default();
                found.push(depths.iter().map(|depth| (place.depth + depth).saturating_sub(from)).collect());
            }
        }
        let mut texts: Vec<String> = Vec::new();
        for depths in found {
            let reading = self.at(&lines, &depths);
            if !texts.contains(&reading) {
                texts.push(reading);
            }
        }
        texts
    }

    /// `text` in which each tab has as many columns.
    pub(super) fn reading(&self, text: &str, width: usize) -> String {
        self.at(&text.split('\n').collect::<Vec<_>>(), &self.depths(width))
    }

    fn depths(&self, width: usize) -> Vec<usize> {
        let depth = |(_, line): &(usize, String)| lead(line).chars().map(|c| if c == '\t' { width } else { 1 }).sum();
        self.lines.iter().map(depth).collect()
    }

    fn at(&self, lines: &[&str], depths: &[usize]) -> String {
        let mut now: Vec<std::borrow::Cow<'_, str>> = lines.iter().map(|line| (*line).into()).collect();
        for ((n, _), depth) in self.lines.iter().zip(depths) {
            now[n - 1] = (" ".repeat(*depth) + lines[n - 1].trim_start_matches(' ')).into();
        }
        now.join("\n")
    }
}

/// `text` with the tabs of all runs as wide as each width, the likeliest first.
pub(super) fn widths(text: &str, runs: &[Run]) -> Vec<String> {
    WIDTHS.iter().map(|width| runs.iter().fold(text.to_owned(), |text, run| run.reading(&text, *width))).collect()
}

fn strange(n: usize, column: usize, length: usize, what: String) -> Fault {
    explain::fault(
        FaultKind::Lookalike,
        Span { line: n, column: column + 1, length },
        what + ", thường do dán từ Word, Zalo hoặc trang web.",
        "Xóa dấu ấy (trong trích đoạn hiện là ␣) và gõ lại dấu cách bằng bàn phím.",
    )
}

/// The white space a line begins with.
fn lead(line: &str) -> &str {
    &line[..line.len() - line.trim_start().len()]
}

fn spaced(line: &str, width: usize) -> String {
    let head = lead(line);
    let lead: String = head.chars().map(|c| if c == '\t' { " ".repeat(width) } else { " ".to_owned() }).collect();
    lead + &line[head.len()..]
}

/// The gap behind a key's colon or an item's dash in which strange spaces stand: column, length, and what stands before it.
fn gap(line: &str) -> Option<(usize, usize, &str)> {
    let body = line.trim_start();
    let mut at = line.chars().count() - body.chars().count();
    let find = |at: usize, rest: &str| {
        let length = rest.chars().take_while(|c| c.is_whitespace()).count();
        rest.chars().take(length).any(is_strange).then_some((at, length))
    };
    let mut item = body;
    if let Some(rest) = body.strip_prefix('-') {
        if let Some((at, length)) = find(at + 1, rest) {
            return Some((at, length, "-"));
        }
        item = rest.trim_start();
        at += body.chars().count() - item.chars().count();
    }
    let key = &item[..item.find(|c: char| !(c.is_alphanumeric() || c == '_'))?];
    let rest = item[key.len()..].strip_prefix(':').filter(|_| !key.is_empty())?;
    let (at, length) = find(at + key.chars().count() + 1, rest)?;
    Some((at, length, &item[..=key.len()]))
}

/// Of each line, whether it is no part of a text in quotes or a block.
pub(super) fn is_structure(lines: &[&str]) -> Vec<bool> {
    texts(lines).into_iter().map(|kind| kind == Kind::Structure).collect()
}

/// What a line is part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A key, an item, or a sentence without quotes that goes on.
    Structure,
    /// A text in a block, where it would be indented.
    Text,
    /// A text, its white space included.
    Content,
}

/// What each line is part of; a tab counts two columns.
fn texts(lines: &[&str]) -> Vec<Kind> {
    let mut kinds = vec![Kind::Structure; lines.len()];
    let depth = |line: &str| lead(line).chars().map(|c| if c == '\t' { 2 } else { 1 }).sum::<usize>();
    let mut at = 0;
    while at < lines.len() {
        let line = lines[at];
        let from = at;
        at += 1;
        if is_blank(line) {
            continue;
        }
        if opens_text(line) {
            let item = usize::from(line.trim_start().starts_with("- ") && key_line(line).is_some()) * 2;
            let outer = depth(line) + item;
            let mut spaces = None;
            while at < lines.len() && (lines[at].trim().is_empty() || depth(lines[at]) > outer) {
                let own = lines[at].chars().take_while(|c| *c == ' ').count();
                let inside = own > outer && own >= *spaces.get_or_insert(own);
                kinds[at] = if inside || lines[at].trim().is_empty() { Kind::Content } else { Kind::Text };
                at += 1;
            }
        } else if let Some((value, _)) = value_of(line)
            && let Quoting::Open(mark) = quoting(value)
        {
            // Where the quotes are closed only behind other keys, they were left open.
            let rest = lines[at..].iter().take(MAX_QUOTED);
            let quoted = rest.clone().take_while(|line| !begins(line) && !line.contains(mark)).count();
            if rest.clone().nth(quoted).is_some_and(|line| !begins(line) && line.contains(mark)) {
                kinds[from + 1..=from + 1 + quoted].fill(Kind::Content);
                at += quoted + 1;
            }
        }
    }
    kinds
}
