//! What is to be done next in a case, in the words of a note, with the YAML to paste for it.
//!
//! [`steps`] goes from the actions of an assessment to [`Step`]s: what, who, by when, and what to put where in the case file. What
//! is known is filled in; what is not is left empty with its explanation, so that a pasted block says nothing that is not so.

mod block;
mod fill;
mod note;
mod spot;

use chrono::NaiveDate;

use crate::case::evidence::Folder;
use crate::case::{Case, LetterBlock};
use crate::letter::Missing;
use crate::procedure::{Action, Actor, Assessment};
use crate::settings::Settings;
use crate::yaml::tree::Node;
use block::Value;
pub use note::{Head, faulty, note};
use spot::Spot;

/// Something to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What, one sentence.
    pub what: String,
    /// Who.
    pub who: String,
    /// By when.
    pub due: Option<NaiveDate>,
    /// Past due.
    pub late: bool,
    /// What must be there before, one sentence each.
    pub before: Vec<String>,
    /// Lines of the file on which something is to be written or changed.
    pub at: Vec<usize>,
    /// Folders of the case that files are to be laid into.
    pub folders: Vec<Folder>,
    /// What to put into the case file.
    pub paste: Option<Paste>,
}

/// Lines to put into the case file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paste {
    /// Where.
    pub place: Place,
    /// The lines, indented as they must stand.
    pub lines: Vec<String>,
}

/// A place in a file; lines count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Right behind this line.
    After(usize),
    /// Instead of this line.
    Instead(usize),
}

impl Paste {
    /// The file with the lines in their place.
    #[must_use]
    pub fn apply(&self, text: &str) -> String {
        let mut lines: Vec<&str> = text.lines().collect();
        let own = self.lines.iter().map(String::as_str);
        let (from, to) = match self.place {
            Place::After(line) => (line, line),
            Place::Instead(line) => (line - 1, line),
        };
        let end = lines.len();
        lines.splice(from.min(end)..to.min(end), own);
        lines.join("\n") + "\n"
    }
}

/// A case as it stands in its file, and what its letters still lack.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The facts.
    pub case: &'a Case,
    /// Where it stands.
    pub assessment: &'a Assessment,
    /// Settings: units, signers.
    pub settings: &'a Settings,
    /// The text of the file, line ends as `\n`.
    pub text: &'a str,
    /// The same as a tree.
    pub tree: &'a Node,
    /// What each letter must have before it is issued and has not: where its block stands, and what.
    pub missing: &'a [(String, Vec<Missing>)],
}

/// The next steps of a case, the main one first.
#[must_use]
pub fn steps(subject: &Subject<'_>) -> Vec<Step> {
    let mut steps: Vec<(Step, Option<&str>)> = Vec::new();
    for action in &subject.assessment.actions {
        let (step, single) = step(subject, action);
        // Facts of one block that are asked for one by one are written together.
        let block = single.then(|| action.path.rsplit_once('.').map_or("", |(block, _)| block));
        match steps.iter_mut().find(|(other, own)| block.is_some() && *own == block && joinable(other, &step)) {
            Some((other, _)) => join(other, step),
            None => steps.push((step, block)),
        }
    }
    steps.into_iter().map(|(step, _)| step).collect()
}

/// The step of an action, and whether it asks for one fact only.
fn step(subject: &Subject<'_>, action: &Action) -> (Step, bool) {
    let before = before(subject, action);
    let mut step = Step {
        what: action.what.clone(),
        who: action.who.text().to_owned(),
        due: action.due,
        late: action.late,
        before: Vec::new(),
        at: Vec::new(),
        folders: Vec::new(),
        paste: None,
    };
    // Nothing is to be written.
    if action.who == Actor::Program {
        return (step, false);
    }
    let segments = spot::segments(&action.path).unwrap_or_default();
    let value = fill::value(subject, &action.path, before.is_empty());
    let single = value == Value::Open;
    step.before = before;
    match spot::find(subject.tree, subject.text, &segments) {
        // The key is there and waits for its value.
        Some(Spot { place: Place::Instead(line), .. }) if single => step.at.push(line),
        Some(spot) => {
            step.paste = Some(Paste { place: spot.place, lines: block::lines(&spot, &value, subject.case) });
        }
        None => step.at.extend(spot::line(subject.tree, &segments)),
    }
    step.folders = folders(action, step.paste.as_ref());
    (step, single)
}

/// Folders for the files that are named at the action's place.
fn folders(action: &Action, paste: Option<&Paste>) -> Vec<Folder> {
    let last = action.path.rsplit('.').next().unwrap_or_default();
    let lines = paste.map(|paste| paste.lines.as_slice()).unwrap_or_default();
    let names = |key: &str| lines.iter().any(|line| line.trim_start_matches([' ', '-']).starts_with(key));
    match last {
        "ban_ky" => vec![Folder::Signed],
        "luu_ho_so" => vec![Folder::Attachments, Folder::Signed],
        _ if names("tep:") || names("bang_chung:") => vec![Folder::Attachments],
        _ => Vec::new(),
    }
}

fn joinable(one: &Step, other: &Step) -> bool {
    let place =
        |step: &Step| step.paste.as_ref().map(|paste| (paste.place, paste.lines.first().map(|line| depth(line))));
    one.who == other.who && place(one) == place(other)
}

fn join(one: &mut Step, other: Step) {
    if let (Some(own), Some(more)) = (&mut one.paste, other.paste) {
        // The keys around the fact are there already.
        let shared = own.lines.iter().zip(&more.lines).take_while(|(a, b)| a == b).count();
        own.lines.extend(more.lines.into_iter().skip(shared));
    }
    one.what = format!("{} {}", one.what, other.what);
    one.due = [one.due, other.due].into_iter().flatten().min();
    one.late |= other.late;
    one.before.extend(other.before);
    one.at.extend(other.at);
    one.folders.extend(other.folders);
}

fn depth(line: &str) -> usize {
    line.chars().take_while(|c| *c == ' ').count()
}

/// What keeps a letter from being issued or signed, where the action is to do that.
fn before(subject: &Subject<'_>, action: &Action) -> Vec<String> {
    let Some((letter, "ban_hanh" | "ngay")) = action.path.rsplit_once('.') else { return Vec::new() };
    if letter_at(subject, letter).is_none() {
        return Vec::new();
    }
    let requests = fill::open_requests(subject.case, letter);
    let missing = subject.missing.iter().filter(|(path, _)| path == letter).flat_map(|(_, missing)| missing);
    // Requests are told all together.
    let told = |missing: &&Missing| {
        missing.path != action.path && (requests.is_empty() || !missing.path.contains(".tung_yeu_cau"))
    };
    let mut sentences: Vec<String> = Vec::new();
    for missing in missing.filter(told) {
        let place = crate::procedure::in_words(subject.case, &missing.path);
        let sentence = format!("Còn thiếu {} (ghi vào {place}).", missing.label);
        if !sentences.contains(&sentence) {
            sentences.push(sentence);
        }
    }
    sentences.extend(requests);
    sentences
}

/// The letter block at `path`, whatever its kind.
fn letter_at<'a>(subject: &Subject<'a>, path: &str) -> Option<&'a dyn LetterBlock> {
    let due = subject.assessment.letters.iter().find(|due| due.path == path)?;
    subject.case.letter(&due.id)
}

#[cfg(test)]
mod tests;
