//! Reading on after a fault: the line is taken as it was meant, so that all mistakes of a file are told in one round.

mod change;

use std::collections::BTreeMap;

use change::Changes;

use super::line::begins;
use super::outcome::Outcome;
pub use super::outcome::{Judge, Misfit};
use super::tree::{Fault, FaultKind, Node, Stop, scan, scan_on};
use super::{explain, white};

/// Longest text in which more than the first fault is looked for, in bytes.
const MAX_BYTES: usize = 128 << 10;
/// Most faults looked for in one text.
const MAX_FAULTS: usize = 30;
/// Most suspicions tried for one fault.
const MAX_TRIES: usize = 160;
/// Most suspicions tried together with each of as many others.
const MAX_PAIRED: usize = 40;
/// Lines above and below those suspected that are read to try suspicions.
const MARGIN: usize = 30;
/// Most bytes read to try suspicions, for all faults of a text together.
const MAX_READ: usize = 8 << 20;

/// How a line, or a few below each other, were probably meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mend {
    line: usize,
    /// From that line on.
    text: Vec<String>,
    /// Whether the structure around stays what it was; where not, other places of the file may belong elsewhere.
    sure: bool,
}

impl Mend {
    pub(super) fn sure(line: usize, text: String) -> Self {
        Self { line, text: vec![text], sure: true }
    }

    pub(super) fn guess(line: usize, text: String) -> Self {
        Self { line, text: vec![text], sure: false }
    }

    /// Neighbouring lines that stay what they are, a text.
    pub(super) fn lines(line: usize, text: Vec<String>) -> Self {
        Self { line, text, sure: true }
    }

    fn last(&self) -> usize {
        self.line + self.text.len().saturating_sub(1)
    }

    fn apply(&self, text: &str) -> String {
        let at = |n: usize| n.checked_sub(self.line).and_then(|at| self.text.get(at));
        let lines = text.split('\n').enumerate();
        let lines: Vec<&str> = lines.map(|(index, line)| at(index + 1).map_or(line, String::as_str)).collect();
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
    /// Where a fault could not be read past.
    pub unread: Option<Unread>,
}

/// The end of what could be read.
#[derive(Debug)]
pub struct Unread {
    /// The first line that was not read.
    pub line: usize,
    /// What stands before it.
    pub before: Option<Node>,
}

/// Reads `text` as [`super::tree::parse`] does, and past every fault whose line can be guessed. `judge` says what does not fit of
/// a tree: of several ways in which a line may have been meant, that is believed which leaves least. Without a judge it is the first.
#[must_use]
pub fn read(text: &str, judge: Option<&dyn Judge>) -> Mended {
    let mut mended = Mended { tree: None, faults: Vec::new(), guessed: Vec::new(), unread: None };
    let mut trial = Trial::new(judge);
    let mut now = text.to_owned();
    let mut runs = Vec::new();
    let white = white::find(text).filter(|_| !Outcome::of(text, judge).is_fit());
    if let Some(white) = white {
        mended.faults = white.faults;
        now = trial.least(&white::widths(&white.text, &white.runs)).map_or(white.text, |(text, _)| text);
        runs = white.runs;
        trial.guessed.extend(runs.iter().filter(|run| run.is_single()).flat_map(white::Run::numbers));
    }
    if let Some(judge) = judge
        && !Outcome::of(&now, Some(judge)).is_fit()
    {
        for fault in explain::glued_keys(&now, judge) {
            let span = Changes::between(text, &now).place(fault.span);
            now = fault.mend.as_ref().map_or_else(|| now.clone(), |mend| mend.apply(&now));
            mended.faults.push(Fault { mend: None, span, ..fault });
        }
    }
    let told = mended.faults.len();
    let mut edits: BTreeMap<usize, usize> = BTreeMap::new();
    let mut retried: BTreeMap<usize, usize> = BTreeMap::new();
    loop {
        let more = mended.faults.len() - told + 1 < MAX_FAULTS && text.len() <= MAX_BYTES;
        let (tree, stop) = scan_on(&now);
        let again = if more { trial.again(&now, &runs, &mut retried, (tree.as_ref(), stop.as_ref())) } else { None };
        let (found, stopped) = match (tree, stop) {
            (None, None) => break,
            (Some(tree), None) => (more.then(|| trial.misplaced(&now, &tree)).flatten(), Err(tree)),
            (tree, Some(stop)) => {
                let line = stop.line();
                (Some(trial.first_fault(&now, stop)), Ok((line, tree)))
            }
        };
        // Tabs that stand for other depths are no further mistake.
        if let Some(again) = again {
            let other = found.as_ref().and_then(|(_, outcome)| outcome.as_ref());
            if other.is_none_or(|other| again.outcome.beside(other) <= other.beside(&again.outcome)) {
                now = again.text;
                trial.guessed.extend(again.lines);
                continue;
            }
        }
        let Some((mut fault, _)) = found else {
            mended.tree = stopped.err();
            break;
        };
        let mend = fault.mend.take();
        let times = mend.as_ref().map(|mend| edits.entry(mend.line).and_modify(|times| *times += 1).or_insert(1));
        let again = times.is_some_and(|times| *times > 3);
        let stopped = match stopped {
            Err(tree) if again => {
                mended.tree = Some(tree);
                break;
            }
            Err(_) => None,
            Ok(stopped) => Some(stopped),
        };
        fault.span = Changes::between(text, &now).place(fault.span);
        // Where a line has no place in a case file, nobody can tell where it belongs.
        let (kind, line) = (fault.kind, fault.span.line);
        mended.faults.push(fault);
        let Some(mend) = mend.filter(|_| more && !again) else {
            mended.unread = stopped.map(|(stop, before)| Unread { line: line.min(stop), before });
            break;
        };
        if !mend.sure {
            trial.guessed.push(mend.line);
        }
        if kind == FaultKind::Forbidden {
            trial.hopeless.push(mend.line);
        }
        now = mend.apply(&now);
    }
    let changes = Changes::between(text, &now);
    for tree in mended.tree.iter_mut().chain(mended.unread.iter_mut().filter_map(|unread| unread.before.as_mut())) {
        changes.back(tree);
    }
    mended.guessed = trial.guessed;
    mended.faults.sort_by_key(|fault| fault.span);
    mended
}

/// What is wrong where reading stopped, told with nothing known of what belongs where.
pub(super) fn first_fault(text: &str, stop: Stop) -> Fault {
    let white = white::find(text).and_then(|white| white.faults.into_iter().next());
    match white.filter(|fault| fault.span.line <= stop.line()) {
        Some(fault) => fault,
        None => Trial::new(None).first_fault(text, stop).0,
    }
}

/// A text with the tabs of a run read otherwise.
struct Again {
    text: String,
    outcome: Outcome,
    lines: Vec<usize>,
}

/// Tries suspicions.
struct Trial<'a> {
    judge: Option<&'a dyn Judge>,
    /// How many bytes may still be read.
    left: usize,
    /// Lines that were guessed at: a second guess would only take back the first.
    guessed: Vec<usize>,
    /// Lines that do not fit, and no guess helps.
    hopeless: Vec<usize>,
}

impl<'a> Trial<'a> {
    fn new(judge: Option<&'a dyn Judge>) -> Self {
        Self { judge, left: MAX_READ, guessed: Vec::new(), hopeless: Vec::new() }
    }

    /// What comes of a text; none when enough was read.
    fn outcome(&mut self, text: &str) -> Option<Outcome> {
        self.left = self.left.checked_sub(text.len())?;
        Some(Outcome::of(text, self.judge))
    }

    /// Of these texts the one in which least is wrong; of equal ones the first.
    fn least(&mut self, texts: &[String]) -> Option<(String, Outcome)> {
        let mut best: Option<(&String, Outcome)> = None;
        for text in texts {
            let Some(outcome) = self.outcome(text) else { break };
            if best.as_ref().is_none_or(|(_, best)| outcome.beside(best) < best.beside(&outcome)) {
                best = Some((text, outcome));
            }
        }
        best.map(|(text, outcome)| (text.clone(), outcome))
    }

    /// The text with the tabs of a run read otherwise, where trouble is near them and becomes less by that.
    fn again(
        &mut self,
        text: &str,
        runs: &[white::Run],
        retried: &mut BTreeMap<usize, usize>,
        (tree, stop): (Option<&Node>, Option<&Stop>),
    ) -> Option<Again> {
        let judge = self.judge.filter(|_| !runs.is_empty())?;
        let mut trouble: Vec<usize> = stop.map(Stop::line).into_iter().collect();
        if let Some(tree) = tree {
            let misfits = judge.misfits(tree, text);
            trouble
                .extend(misfits.iter().filter(|misfit| misfit.of_place).flat_map(|misfit| misfit.first..=misfit.last));
        }
        for run in runs {
            let near = run.first.saturating_sub(1)..=run.last + 2;
            let tried = retried.entry(run.first).or_default();
            if *tried >= 4 || !trouble.iter().any(|line| near.contains(line)) {
                continue;
            }
            *tried += 1;
            let mut texts = vec![text.to_owned()];
            texts.extend(run.readings(text));
            if let Some((better, outcome)) = self.least(&texts).filter(|(better, _)| better != text) {
                return Some(Again { text: better, outcome, lines: run.numbers().collect() });
            }
        }
        None
    }

    /// What is wrong where reading stopped: the suspicion that lets the text be read past it and leaves least that is wrong. Its
    /// mend is kept only then.
    fn first_fault(&mut self, text: &str, stop: Stop) -> (Fault, Option<Outcome>) {
        let (suspects, last) = match &stop {
            Stop::Refused(fault) => (vec![fault.clone()], Fault { mend: None, ..fault.clone() }),
            Stop::Parser { line, column, info } => {
                let lines: Vec<&str> = text.split('\n').collect();
                (
                    explain::suspects(&lines, *line, *column, info, self.judge),
                    explain::unexplained(*line, *column, info),
                )
            }
        };
        if text.len() > MAX_BYTES {
            return (Fault { mend: None, ..suspects.into_iter().next().unwrap_or(last) }, None);
        }
        // A guess must lead past the stop itself: else it says no more than the stop does.
        let passes = |outcome: &Outcome, fault: &Fault, mend: &Mend| {
            let vague = !mend.sure && matches!(fault.kind, FaultKind::Indent | FaultKind::Dash);
            let from = if vague { mend.last().max(stop.line()) } else { mend.last() };
            outcome.stop.as_ref().is_none_or(|next| next.line() > from && *next != stop)
        };
        let single = self.best(text, &suspects, passes);
        // Two mistakes beside each other: neither mend alone leads past the stop, or only to the next line.
        let short = |outcome: &Outcome| outcome.stop.as_ref().is_some_and(|next| next.line() <= stop.line() + 2);
        let doubtful = single.as_ref().is_none_or(|(_, outcome)| outcome.guessed > 0 && short(outcome));
        let pair = if doubtful { self.pair(text, &suspects, &stop) } else { None };
        let found = match (single, pair) {
            (Some((fault, one)), Some((_, two))) if two.beside(&one) >= one.beside(&two) => Some((fault, one)),
            (single, pair) => pair.or(single),
        };
        if let Some((fault, outcome)) = found {
            return (fault.clone(), Some(outcome));
        }
        // No suspicion lets the text be read on; a plain one is still worth telling, a guess at the depth is not.
        let plain = suspects.into_iter().find(|fault| fault.mend.as_ref().is_none_or(|mend| mend.sure));
        (Fault { mend: None, ..plain.unwrap_or(last) }, None)
    }

    /// Of two suspicions that together lead past the stop and leave least that is wrong, the first.
    fn pair<'f>(&mut self, text: &str, suspects: &'f [Fault], stop: &Stop) -> Option<(&'f Fault, Outcome)> {
        let mut best: Option<(&Fault, Outcome)> = None;
        let text = &around(text, suspects);
        for fault in suspects.iter().take(MAX_PAIRED) {
            let Some(mend) = fault.mend.as_ref().filter(|mend| self.may(mend)) else { continue };
            let once = mend.apply(text);
            let Some(left) = self.left.checked_sub(text.len()) else { break };
            self.left = left;
            let Err(Stop::Parser { line, column, info }) = scan(&once) else { continue };
            // Where it stops earlier than before, the mend made it worse.
            if line < stop.line() {
                continue;
            }
            let lines: Vec<&str> = once.split('\n').collect();
            let others = explain::suspects(&lines, line, column, &info, self.judge);
            for other in others.iter().take(MAX_PAIRED).filter_map(|other| other.mend.as_ref()) {
                if !self.may(other) || other.line == mend.line {
                    continue;
                }
                let twice = other.apply(&once);
                let Some(mut outcome) = self.outcome(&twice) else { return best };
                outcome.guessed = usize::from(!mend.sure) + usize::from(!other.sure);
                let from = stop.line().max(mend.last()).max(other.last());
                let passes = outcome.stop.as_ref().is_none_or(|next| next.line() > from);
                let swallows = |mend: &Mend| !mend.sure && outcome.swallows(mend.line, &mend.text[0]);
                if !passes || swallows(mend) || swallows(other) {
                    continue;
                }
                if best.as_ref().is_none_or(|(_, best)| outcome.beside(best) < best.beside(&outcome)) {
                    best = Some((fault, outcome));
                }
            }
        }
        best
    }

    /// Whether the line may still be guessed at.
    fn may(&self, mend: &Mend) -> bool {
        mend.sure || !(self.guessed.contains(&mend.line) || self.hopeless.contains(&mend.line))
    }

    /// A line of a text that can be read, but means what cannot be: at another depth, or with a dash, less would be wrong.
    fn misplaced(&mut self, text: &str, tree: &Node) -> Option<(Fault, Option<Outcome>)> {
        let misfits = self.judge?.misfits(tree, text);
        if misfits.iter().all(|misfit| !misfit.of_place) {
            return None;
        }
        let lines: Vec<&str> = text.split('\n').collect();
        for misfit in misfits.iter().filter(|misfit| misfit.of_place) {
            if self.hopeless.contains(&misfit.first) {
                continue;
            }
            let suspects = explain::misplaced(&lines, misfit.first, self.judge);
            let before = Outcome::of(&around(text, &suspects), self.judge).unfit.len();
            let better = |outcome: &Outcome, _: &Fault, mend: &Mend| {
                outcome.stop.is_none() && outcome.unfit.len() < before && !outcome.unfit.contains(&mend.line)
            };
            if let Some((fault, outcome)) = self.best(text, &suspects, better) {
                let mut fault = fault.clone();
                if let Some(otherwise) = misfit.otherwise.as_ref().filter(|_| fault.span.line == misfit.first) {
                    fault.hint = format!("{} {otherwise}", fault.hint);
                }
                return Some((fault, Some(outcome)));
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
        let text = &around(text, suspects);
        let mut tried: Vec<&Mend> = Vec::new();
        let mends = suspects.iter().take(MAX_TRIES).filter_map(|fault| Some((fault, fault.mend.as_ref()?)));
        for (fault, mend) in mends {
            if !self.may(mend) || tried.contains(&mend) {
                continue;
            }
            tried.push(mend);
            let Some(mut outcome) = self.outcome(&mend.apply(text)) else { break };
            outcome.guessed = usize::from(!mend.sure);
            if !good(&outcome, fault, mend) || (!mend.sure && outcome.swallows(mend.line, &mend.text[0])) {
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

/// `text` with its lines far from those suspected blank, but for those that opened the blocks around: it reads the same there, and in a
/// fraction of the time.
fn around(text: &str, suspects: &[Fault]) -> String {
    let mends = || suspects.iter().take(MAX_TRIES).filter_map(|fault| fault.mend.as_ref());
    let lines: Vec<&str> = text.split('\n').collect();
    let (Some(first), Some(last)) = (mends().map(|mend| mend.line).min(), mends().map(Mend::last).max()) else {
        return text.to_owned();
    };
    let (first, last) = (first.saturating_sub(MARGIN).max(1), (last + MARGIN).min(lines.len()));
    if last - first + 2 * MARGIN > lines.len() {
        return text.to_owned();
    }
    // It must not begin within a text.
    let plain = white::is_structure(&lines);
    let from = (1..=first).rev().find(|n| plain[n - 1] && begins(lines[n - 1])).unwrap_or(1);
    let openers = explain::depth::openers(from, &lines);
    let short = |line: &str| line.starts_with(|c: char| c.is_ascii_lowercase()) && !line.trim_end().ends_with(':');
    let kept = |n: usize| (from..=last).contains(&n) || openers.contains(&n) || plain[n - 1] && short(lines[n - 1]);
    let lines = lines.iter().enumerate().map(|(index, line)| if kept(index + 1) { *line } else { "" });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests;
