//! Reading on after a fault: the line is taken as it was meant, so that all mistakes of a file are told in one round.

use std::collections::BTreeMap;

use super::explain;
use super::tree::{Content, Fault, Node, Stop, scan};
use crate::diagnostic::Span;

/// Longest text in which more than the first fault is looked for, in bytes.
const MAX_BYTES: usize = 128 << 10;
/// Most faults looked for in one text.
const MAX_FAULTS: usize = 30;
/// Most suspicions tried for one fault.
const MAX_TRIES: usize = 12;

/// How a line was probably meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mend {
    line: usize,
    text: String,
    /// Whether the structure around stays what it was; where not, other places of the file may belong elsewhere.
    sure: bool,
}

impl Mend {
    pub(super) fn sure(line: usize, text: String) -> Self {
        Self { line, text, sure: true }
    }

    pub(super) fn guess(line: usize, text: String) -> Self {
        Self { line, text, sure: false }
    }

    fn apply(&self, text: &str) -> String {
        let lines = text.split('\n').enumerate();
        let lines: Vec<&str> = lines.map(|(at, line)| if at + 1 == self.line { &self.text } else { line }).collect();
        lines.join("\n")
    }
}

/// A text read in spite of its syntax faults.
#[derive(Debug)]
pub struct Mended {
    /// The tree, its places as in the text given; none when a fault could not be read past, or there is nothing in it.
    pub tree: Option<Node>,
    /// Every syntax fault met, in the order of the text.
    pub faults: Vec<Fault>,
    /// Lines whose depth had to be guessed.
    pub guessed: Vec<usize>,
}

/// Reads `text` as [`super::tree::parse`] does, and past every fault whose line can be guessed.
#[must_use]
pub fn read(text: &str) -> Mended {
    let mut now = text.to_owned();
    let mut mended = Mended { tree: None, faults: Vec::new(), guessed: Vec::new() };
    let mut edits: BTreeMap<usize, usize> = BTreeMap::new();
    loop {
        let stop = match scan(&now) {
            Ok(tree) => {
                if let Some(mut tree) = tree {
                    Changes::between(text, &now).back(&mut tree);
                    mended.tree = Some(tree);
                }
                break;
            }
            Err(stop) => stop,
        };
        let mut fault = first_fault(&now, stop);
        let mend = fault.mend.take();
        fault.span = Changes::between(text, &now).place(fault.span);
        mended.faults.push(fault);
        let Some(mend) = mend.filter(|_| mended.faults.len() < MAX_FAULTS && text.len() <= MAX_BYTES) else { break };
        let times = edits.entry(mend.line).or_default();
        *times += 1;
        if *times > 3 {
            break;
        }
        if !mend.sure {
            mended.guessed.push(mend.line);
        }
        now = mend.apply(&now);
    }
    mended.faults.sort_by_key(|fault| fault.span);
    mended
}

/// What is wrong where reading stopped: the first suspicion that lets the text be read past it. Its mend is kept only then.
pub(super) fn first_fault(text: &str, stop: Stop) -> Fault {
    let (suspects, last) = match &stop {
        Stop::Refused(fault) => (vec![fault.clone()], Fault { mend: None, ..fault.clone() }),
        Stop::Parser { line, column, info } => {
            let lines: Vec<&str> = text.split('\n').collect();
            (explain::suspects(&lines, *line, *column, info), explain::unexplained(*line, *column, info))
        }
    };
    if text.len() > MAX_BYTES {
        return Fault { mend: None, ..suspects.into_iter().next().unwrap_or(last) };
    }
    let holds = |fault: &&Fault| {
        let Some(mend) = &fault.mend else { return false };
        match scan(&mend.apply(text)) {
            Ok(_) => true,
            Err(next) => next.line() > mend.line && next != stop,
        }
    };
    if let Some(fault) = suspects.iter().take(MAX_TRIES).find(holds) {
        return fault.clone();
    }
    // No suspicion lets the text be read on; a plain one is still worth telling, a guess at the depth is not.
    let plain = suspects.into_iter().find(|fault| fault.mend.as_ref().is_none_or(|mend| mend.sure));
    Fault { mend: None, ..plain.unwrap_or(last) }
}

/// Lines of the mended text that differ from the text as it stands: each with what it was and what it is now.
struct Changes(BTreeMap<usize, (Vec<char>, Vec<char>)>);

impl Changes {
    fn between(text: &str, now: &str) -> Self {
        let pairs = text.split('\n').zip(now.split('\n')).enumerate();
        let changed = pairs.filter(|(_, (old, new))| old != new);
        Self(changed.map(|(at, (old, new))| (at + 1, (old.chars().collect(), new.chars().collect()))).collect())
    }

    /// The tree of the mended text with places of the text as it stands.
    fn back(&self, node: &mut Node) {
        node.span = self.place(node.span);
        match &mut node.content {
            Content::List(items) => items.iter_mut().for_each(|item| self.back(item)),
            Content::Map(entries) => {
                for entry in entries {
                    entry.key_span = self.place(entry.key_span);
                    self.back(&mut entry.value);
                }
            }
            Content::Scalar { .. } => {}
        }
    }

    /// A span of the mended text in the text as it stands: what lies behind the change of its line moves with it.
    fn place(&self, span: Span) -> Span {
        let Some((old, new)) = self.0.get(&span.line) else { return span };
        let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
        let rest = old.len().min(new.len()) - head;
        let tail = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
        let column = |column: usize| {
            if column <= head {
                column
            } else if column + tail >= new.len() {
                (old.len() + column).saturating_sub(new.len())
            } else {
                column.min(old.len() - tail).max(head)
            }
        };
        let (start, end) = (column(span.column - 1), column(span.column - 1 + span.length));
        Span { line: span.line, column: start + 1, length: end.saturating_sub(start) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tree::FaultKind::{self, *};
    use super::*;

    /// Line, kind and suggestion of each fault; whether the rest could be read.
    fn told(text: &str) -> (Vec<(usize, FaultKind, String)>, bool) {
        let mended = read(text);
        let told = |fault: &Fault| (fault.span.line, fault.kind, fault.suggestion.clone().unwrap_or_default());
        (mended.faults.iter().map(told).collect(), mended.tree.is_some())
    }

    #[test]
    fn all_usual_mistakes_of_a_text_are_told_at_once() {
        let text = "\
ma_ho_so: KN-2026-0001
tiep_nhan:
\tgio: 09:40
  so_den:118
  tom_tat: Lỗi: không ký được
  dich_vu: \"USB token
  so_van_ban: @05/CV
   nguoi_tiep_nhan: Trần Đức Ân
  yeu_cau:
    - Làm rõ
    Khôi phục
    -Hoàn phí
  noi_dung: \"Gấp\" lắm
";
        let (faults, whole) = told(text);
        let kinds: Vec<(usize, FaultKind)> = faults.iter().map(|(line, kind, _)| (*line, *kind)).collect();
        assert_eq!(
            kinds,
            [
                (3, Tab),
                (4, Colon),
                (5, ColonInValue),
                (6, Quote),
                (7, Sign),
                (8, Indent),
                (11, Dash),
                (12, Dash),
                (13, Quote)
            ]
        );
        assert!(whole);
        let meant: Vec<&str> = faults.iter().map(|(.., meant)| meant.as_str()).collect();
        assert_eq!(
            meant,
            [
                "",
                "so_den: 118",
                "\"Lỗi: không ký được\"",
                "\"USB token\"",
                "\"@05/CV\"",
                "",
                "- Khôi phục",
                "- Hoàn phí",
                "'\"Gấp\" lắm'"
            ]
        );
    }

    #[test]
    fn places_are_those_of_the_file() {
        let text = "a:\n  gio:31/02/2026\n  b: x\n";
        let mended = read(text);
        let tree = mended.tree.unwrap();
        let value = tree.get("a").and_then(|block| block.get("gio")).unwrap();
        assert_eq!(value.span, Span { line: 2, column: 7, length: 10 });
        assert_eq!(
            tree.get("a").and_then(|block| block.get("b")).unwrap().span,
            Span { line: 3, column: 6, length: 1 }
        );
    }

    #[test]
    fn what_cannot_be_guessed_ends_the_reading() {
        let (faults, whole) = told("a: 1\n---\nb:2\n");
        assert_eq!((faults.len(), whole), (1, false));
        assert_eq!(faults[0].1, Forbidden);
        assert_eq!(told("a: 1\nb: 2\n"), (Vec::new(), true));
        assert_eq!(told(""), (Vec::new(), false));
    }

    #[test]
    fn the_number_of_faults_is_limited() {
        let (faults, whole) = told(&"a: b: c\n".repeat(200));
        assert!((1..=MAX_FAULTS).contains(&faults.len()), "{}", faults.len());
        assert!(!whole);
    }
}
