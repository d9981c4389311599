//! Reading on after a fault: the line is taken as it was meant, so that all mistakes of a file are told in one round.

use std::collections::BTreeMap;

use super::explain;
use super::outcome::Outcome;
pub use super::outcome::{Judge, Misfit};
use super::tree::{Content, Fault, FaultKind, Node, Stop, scan};
use crate::diagnostic::Span;

/// Longest text in which more than the first fault is looked for, in bytes.
const MAX_BYTES: usize = 128 << 10;
/// Most faults looked for in one text.
const MAX_FAULTS: usize = 30;
/// Most suspicions tried for one fault.
const MAX_TRIES: usize = 160;
/// Most bytes read to try suspicions, for all faults of a text together.
const MAX_READ: usize = 8 << 20;

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

/// Reads `text` as [`super::tree::parse`] does, and past every fault whose line can be guessed. `judge` says what does not fit of
/// a tree: of several ways in which a line may have been meant, that is believed which leaves least. Without a judge it is the first.
#[must_use]
pub fn read(text: &str, judge: Option<&Judge<'_>>) -> Mended {
    let mut now = text.to_owned();
    let mut mended = Mended { tree: None, faults: Vec::new(), guessed: Vec::new() };
    let mut edits: BTreeMap<usize, usize> = BTreeMap::new();
    let mut trial = Trial { judge, left: MAX_READ, guessed: Vec::new(), hopeless: Vec::new() };
    loop {
        let more = mended.faults.len() + 1 < MAX_FAULTS && text.len() <= MAX_BYTES;
        let (mut fault, tree) = match scan(&now) {
            Ok(None) => break,
            Ok(Some(tree)) => match more.then(|| trial.misplaced(&now, &tree)).flatten() {
                Some(fault) => (fault, Some(tree)),
                None => {
                    mended.tree = Some(tree);
                    break;
                }
            },
            Err(stop) => (trial.first_fault(&now, stop), None),
        };
        let mend = fault.mend.take();
        let times = mend.as_ref().map(|mend| edits.entry(mend.line).and_modify(|times| *times += 1).or_insert(1));
        let again = times.is_some_and(|times| *times > 3);
        if again && tree.is_some() {
            mended.tree = tree;
            break;
        }
        fault.span = Changes::between(text, &now).place(fault.span);
        // Where a line has no place in a case file, nobody can tell where it belongs.
        let kind = fault.kind;
        mended.faults.push(fault);
        let Some(mend) = mend.filter(|_| more && !again) else { break };
        if !mend.sure {
            trial.guessed.push(mend.line);
        }
        if kind == FaultKind::Forbidden {
            trial.hopeless.push(mend.line);
        }
        now = mend.apply(&now);
    }
    if let Some(tree) = &mut mended.tree {
        Changes::between(text, &now).back(tree);
    }
    mended.guessed = trial.guessed;
    mended.faults.sort_by_key(|fault| fault.span);
    mended
}

/// What is wrong where reading stopped, told with nothing known of what belongs where.
pub(super) fn first_fault(text: &str, stop: Stop) -> Fault {
    Trial { judge: None, left: MAX_READ, guessed: Vec::new(), hopeless: Vec::new() }.first_fault(text, stop)
}

/// Tries suspicions.
struct Trial<'a> {
    judge: Option<&'a Judge<'a>>,
    /// How many bytes may still be read.
    left: usize,
    /// Lines that were guessed at: a second guess would only take back the first.
    guessed: Vec<usize>,
    /// Lines that do not fit, and no guess helps.
    hopeless: Vec<usize>,
}

impl Trial<'_> {
    /// What is wrong where reading stopped: the suspicion that lets the text be read past it and leaves least that is wrong. Its
    /// mend is kept only then.
    fn first_fault(&mut self, text: &str, stop: Stop) -> Fault {
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
        // A guess must lead past the stop itself: else it says no more than the stop does.
        let passes = |outcome: &Outcome, fault: &Fault, mend: &Mend| {
            let vague = !mend.sure && matches!(fault.kind, FaultKind::Indent | FaultKind::Dash);
            let from = if vague { mend.line.max(stop.line()) } else { mend.line };
            outcome.stop.as_ref().is_none_or(|next| next.line() > from && *next != stop)
        };
        if let Some((fault, _)) = self.best(text, &suspects, passes) {
            return fault.clone();
        }
        // No suspicion lets the text be read on; a plain one is still worth telling, a guess at the depth is not.
        let plain = suspects.into_iter().find(|fault| fault.mend.as_ref().is_none_or(|mend| mend.sure));
        Fault { mend: None, ..plain.unwrap_or(last) }
    }

    /// A line of a text that can be read, but means what cannot be: at another depth, or with a dash, less would be wrong.
    fn misplaced(&mut self, text: &str, tree: &Node) -> Option<Fault> {
        let misfits = self.judge?(tree, text);
        if misfits.iter().all(|misfit| !misfit.of_place) {
            return None;
        }
        let before = Outcome::of(text, self.judge).unfit.len();
        let lines: Vec<&str> = text.split('\n').collect();
        for misfit in misfits.iter().filter(|misfit| misfit.of_place) {
            if self.hopeless.contains(&misfit.first) {
                continue;
            }
            let suspects = explain::misplaced(&lines, misfit.first);
            let better = |outcome: &Outcome, _: &Fault, mend: &Mend| {
                outcome.stop.is_none() && outcome.unfit.len() < before && !outcome.unfit.contains(&mend.line)
            };
            if let Some((fault, _)) = self.best(text, &suspects, better) {
                let mut fault = fault.clone();
                if let Some(otherwise) = misfit.otherwise.as_ref().filter(|_| fault.span.line == misfit.first) {
                    fault.hint = format!("{} {otherwise}", fault.hint);
                }
                return Some(fault);
            }
            self.hopeless.push(misfit.first);
        }
        None
    }

    /// The suspicion after which least is wrong, of those that are `good`; of equal ones the first.
    fn best<'f>(
        &mut self,
        text: &str,
        suspects: &'f [Fault],
        good: impl Fn(&Outcome, &Fault, &Mend) -> bool,
    ) -> Option<(&'f Fault, Outcome)> {
        let mut best: Option<(&Fault, Outcome)> = None;
        let mends = suspects.iter().take(MAX_TRIES).filter_map(|fault| Some((fault, fault.mend.as_ref()?)));
        for (fault, mend) in mends {
            if !mend.sure && (self.guessed.contains(&mend.line) || self.hopeless.contains(&mend.line)) {
                continue;
            }
            let Some(left) = self.left.checked_sub(text.len()) else { break };
            self.left = left;
            let mended = mend.apply(text);
            let mut outcome = Outcome::of(&mended, self.judge);
            outcome.guessed = !mend.sure;
            if !good(&outcome, fault, mend) || (!mend.sure && outcome.swallows(mend.line, &mend.text)) {
                continue;
            }
            if best.as_ref().is_none_or(|(_, best)| outcome.beside(best) < best.beside(&outcome)) {
                let enough = self.judge.is_none() || outcome.is_perfect();
                best = Some((fault, outcome));
                if enough {
                    break;
                }
            }
        }
        best
    }
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
    use super::super::tree::FaultKind::*;
    use super::*;

    /// Line, kind and suggestion of each fault; whether the rest could be read.
    fn told(text: &str) -> (Vec<(usize, FaultKind, String)>, bool) {
        let mended = read(text, None);
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
        let mended = read(text, None);
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
