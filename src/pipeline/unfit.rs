//! What keeps letters from being made, told once for each value of the case file, with the letters concerned.

use crate::diagnostic::{Diagnostic, Severity, Span, code};
use crate::font::FontSet;
use crate::layout::Fault;
use crate::letter::{self, Known, LetterId, Mode, Prepared};
use crate::pipeline::read::Reading;
use crate::workspace::{self, Workspace};

/// Longest part of a value that is repeated in a message, in characters.
const SHOWN: usize = 60;

/// Something that keeps one letter from being right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfit {
    /// The letter, as a clerk calls it.
    letter: String,
    /// Where in the letter.
    block: Option<String>,
    /// The finding, without the letter's name.
    finding: Diagnostic,
}

impl Unfit {
    /// `finding` about the letter `id`.
    #[must_use]
    pub fn new(id: &LetterId, finding: Diagnostic) -> Self {
        Self { letter: name(id), block: None, finding }
    }
}

/// Each thing once, naming its letters, in the order in which they come.
#[must_use]
pub fn findings(all: Vec<Unfit>) -> Vec<Diagnostic> {
    let mut told: Vec<(Diagnostic, Vec<String>)> = Vec::new();
    for Unfit { letter, block, finding } in all {
        let letter = block.map_or_else(|| letter.clone(), |block| format!("{letter} ({block})"));
        match told.iter_mut().find(|(known, _)| *known == finding) {
            Some((_, letters)) if letters.contains(&letter) => {}
            Some((_, letters)) => letters.push(letter),
            None => told.push((finding, vec![letter])),
        }
    }
    let named = |(finding, letters): (Diagnostic, Vec<String>)| {
        let message = format!("{}: {}", letters.join(", "), finding.message);
        Diagnostic { message, ..finding }
    };
    told.into_iter().map(named).collect()
}

/// Values a letter takes from the case file that hold letters no face has.
#[must_use]
pub fn in_values(fonts: &FontSet, prepared: &Prepared, reading: &Reading) -> Vec<Unfit> {
    let wrong = prepared.facts.iter().filter_map(|(path, value)| {
        let letters = fonts.missing(value);
        let fault = Fault::MissingGlyph { letters, text: shown(value) };
        matches!(&fault, Fault::MissingGlyph { letters, .. } if !letters.is_empty()).then_some((path, fault))
    });
    wrong.map(|(path, fault)| Unfit::new(&prepared.id, at(reading, path, &fault, fault.to_string()))).collect()
}

/// The same for all letters a case has the facts for.
#[must_use]
pub fn in_case(workspace: &Workspace, reading: &Reading) -> Vec<Diagnostic> {
    let (today, known) = (workspace.clock.today(), Known::default());
    let prepare = |id: &LetterId| {
        let Reading { case, assessment, .. } = reading;
        letter::prepare(case, assessment, &workspace.settings, &known, id, Mode::Draft, today).ok()
    };
    let present = reading.assessment.letters.iter().filter(|due| due.present);
    let prepared = present.filter_map(|due| prepare(&due.id));
    findings(prepared.flat_map(|prepared| in_values(&workspace.fonts, &prepared, reading)).collect())
}

/// A fault of layout, at the value it comes from: of the case file, else of the settings.
#[must_use]
pub fn in_layout(workspace: &Workspace, fault: &Fault, prepared: &Prepared, reading: Option<&Reading>) -> Unfit {
    let block = match fault {
        Fault::TooWide { block, .. } => Some(block.clone()),
        _ => None,
    };
    let in_case = reading.and_then(|reading| Some((reading, value_of(fault, prepared)?)));
    let finding = match (in_case, in_settings(workspace, fault)) {
        (Some((reading, (path, value))), _) => at(reading, path, fault, said_of(value, fault)),
        (None, Some(span)) => {
            plain(fault, fault.to_string()).in_file(workspace::SETTINGS).at(span, &workspace.settings_text)
        }
        (None, None) => match reading {
            Some(reading) => plain(fault, fault.to_string()).in_file(&reading.file),
            None => plain(fault, fault.to_string()),
        },
    };
    Unfit { letter: name(&prepared.id), block: block.filter(|_| finding.span.is_some()), finding }
}

/// The sentence about a value; a word that does not fit is told as the case file has it, the same for all letters.
fn said_of(value: &str, fault: &Fault) -> String {
    let (Fault::TooWide { .. }, Some(words)) = (fault, needle(fault)) else { return fault.to_string() };
    let written = value.split_whitespace().find(|word| folded(word).contains(&words)).unwrap_or(&words);
    format!("Từ “{}” dài hơn bề rộng dành cho nó.", written.trim_matches(is_mark))
}

fn plain(fault: &Fault, message: String) -> Diagnostic {
    Diagnostic { message, ..fault.diagnostic("") }
}

fn at(reading: &Reading, path: &str, fault: &Fault, message: String) -> Diagnostic {
    let finding = plain(fault, message);
    let placed = reading.places.finding(finding.code, Severity::Error, path, finding.message, String::new());
    Diagnostic { hint: finding.hint, ..placed }
}

/// Path and value the words of a fault come from: one that holds them and, of several, one they stand among in the letter.
fn value_of<'a>(fault: &Fault, prepared: &'a Prepared) -> Option<(&'a str, &'a str)> {
    let words = needle(fault)?;
    let among = match fault {
        Fault::TooWide { text, .. } => folded(text.trim_end_matches('…')),
        _ => String::new(),
    };
    let holding: Vec<(&String, String)> = prepared
        .facts
        .iter()
        .map(|(path, value)| (path, folded(value)))
        .filter(|(_, value)| value.contains(&words))
        .collect();
    let close =
        holding.iter().find(|(_, value)| !among.is_empty() && (value.contains(&among) || among.contains(value)));
    let (path, _) = close.or(holding.first())?;
    prepared.facts.get_key_value(*path).map(|(path, value)| (path.as_str(), value.as_str()))
}

fn in_settings(workspace: &Workspace, fault: &Fault) -> Option<Span> {
    if matches!(fault, Fault::UnknownStyle { .. }) {
        return None;
    }
    let words = needle(fault)?;
    let (line, text) = workspace.settings_text.lines().enumerate().find(|(_, line)| folded(line).contains(&words))?;
    Some(Span { line: line + 1, column: 1 + text.chars().take_while(|c| c.is_whitespace()).count(), length: 0 })
}

/// The words of a fault as they stand in a value: without what the form puts around them.
fn needle(fault: &Fault) -> Option<String> {
    let words = folded(fault.text().trim_end_matches('…'));
    let bare = words.trim_matches(is_mark);
    Some(if bare.is_empty() { words } else { bare.to_owned() }).filter(|words| !words.is_empty())
}

fn is_mark(letter: char) -> bool {
    letter.is_ascii_punctuation() || matches!(letter, '“' | '”')
}

/// Case and white space do not tell words apart.
fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn shown(value: &str) -> String {
    let mut shown: String = value.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(SHOWN + 1).collect();
    if shown.chars().count() > SHOWN {
        shown.pop();
        shown.push('…');
    }
    shown
}

/// What a clerk calls a letter, told from others of its kind in the same case.
fn name(id: &LetterId) -> String {
    let mut name = id.kind.text().to_owned();
    if id.round > 0 {
        name.push_str(&format!(" lần {}", id.round));
    }
    if let Some(unit) = &id.unit {
        name.push_str(&format!(" ({unit})"));
    }
    name
}

/// A letter that could not be made into a PDF although its pages are right.
pub(super) fn export(id: &LetterId, error: &crate::pdf::Error) -> Unfit {
    Unfit::new(id, Diagnostic::error(code::EXPORT, format!("Không tạo được PDF: {error}")))
}
