//! What a pass did and found, as data for the terminal, for JSON and for whoever runs passes.

use std::path::PathBuf;

use chrono::NaiveDate;
use serde::Serialize;

use super::read::Reading;
use super::state::RenderState;
use super::twin;
use crate::board::Move;
use crate::case::CaseCode;
use crate::diagnostic::Diagnostic;
use crate::procedure::Assessment;
use crate::register::Register;
use crate::workspace::Workspace;

/// A file that a pass wrote, moved or removed, and what it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Change {
    /// The file, or the number concerned.
    pub path: String,
    /// What happened, in Vietnamese.
    pub what: String,
}

impl Change {
    pub(crate) fn new(path: String, what: String) -> Self {
        Self { path, what }
    }
}

/// State of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterState {
    /// Draft.
    Draft,
    /// Clean copy for signature.
    ForSignature,
    /// Issued.
    Issued,
    /// Number withdrawn.
    Withdrawn,
}

/// One letter of a case as it lies in the folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LetterReport {
    /// Which letter, e.g. `phieu-tiep-nhan`.
    pub letter: String,
    /// What a clerk calls it.
    pub kind: String,
    /// State.
    pub state: LetterState,
    /// Number and symbol, once issued.
    pub number: Option<String>,
    /// File; below its zip when it lies in a dossier.
    pub file: String,
}

/// What a pass says of one case.
#[derive(Debug, Clone, Serialize)]
pub struct CaseReport {
    /// Case code, or the name of a file that is no case.
    pub code: String,
    /// The file.
    pub file: String,
    /// Who complains.
    pub complainant: Option<String>,
    /// About what.
    pub summary: Option<String>,
    /// Findings.
    pub findings: Vec<Diagnostic>,
    /// Where it stands.
    pub assessment: Option<Assessment>,
    /// Its letters.
    pub letters: Vec<LetterReport>,
    /// What waits without being wrong.
    pub waiting: Vec<String>,
    /// The same without the seconds left, which are others at each look.
    #[serde(skip)]
    pub held_up: Vec<String>,
    /// The folder beside the file, if there is one.
    pub folder: Option<String>,
    /// The note about what is wrong, if there is one.
    pub note: Option<String>,
    /// The note about what to do next, if there is one.
    pub next_steps: Option<String>,
    /// The dossier, when the case was closed in this pass.
    pub closed: Option<String>,
}

impl CaseReport {
    /// Whether the file is not the one of its case but a copy, or claims another's code: no case, only findings.
    #[must_use]
    pub fn is_twin(&self) -> bool {
        self.assessment.is_none() && self.findings.iter().any(twin::is_twin)
    }

    /// What the facts alone say of a case.
    pub(super) fn of(workspace: &Workspace, reading: Reading, state: &RenderState) -> Self {
        let Reading { code, file, case, assessment, findings, .. } = reading;
        Self {
            complainant: case.complainant.and_then(|c| c.name).map(|name| name.to_string()),
            summary: case.intake.and_then(|i| i.summary).map(|summary| summary.to_string()),
            assessment: Some(assessment),
            ..Self::faulty(workspace, code.to_string(), file, findings, state)
        }
    }

    /// A file that is no case.
    pub(super) fn faulty(
        workspace: &Workspace,
        stem: String,
        file: String,
        findings: Vec<Diagnostic>,
        state: &RenderState,
    ) -> Self {
        let folder = workspace.cases().join(&stem);
        Self {
            folder: folder.is_dir().then(|| workspace.show(&folder)),
            note: state.note.is_some().then(|| workspace.show(&workspace.note(&stem))),
            next_steps: state.steps.is_some().then(|| workspace.show(&workspace.next_steps(&stem))),
            code: stem,
            file,
            complainant: None,
            summary: None,
            findings,
            assessment: None,
            letters: Vec::new(),
            waiting: Vec::new(),
            held_up: Vec::new(),
            closed: None,
        }
    }
}

/// What a pass did and found.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// The day it was made for.
    pub today: NaiveDate,
    /// Cases that were looked at, by code: all that moved since the last pass.
    pub cases: Vec<CaseReport>,
    /// Findings that belong to no single case file.
    pub findings: Vec<Diagnostic>,
    /// Files written, moved or removed.
    pub changes: Vec<Change>,
    /// Terms found moved with the calendar.
    pub moved: Vec<Move>,
    /// How many cases lie in the folder, looked at in this pass or not.
    pub open: usize,
    /// How many cases are closed.
    pub closed: usize,
    /// The next day on which something changes by itself.
    pub changes_on: Option<NaiveDate>,
    /// Seconds until a letter's quiet time is over.
    pub quiet_over_in: Option<u64>,
}

impl Report {
    /// Of a desk without anything.
    #[must_use]
    pub fn empty(today: NaiveDate) -> Self {
        Self {
            today,
            cases: Vec::new(),
            findings: Vec::new(),
            changes: Vec::new(),
            moved: Vec::new(),
            open: 0,
            closed: 0,
            changes_on: None,
            quiet_over_in: None,
        }
    }

    /// Whether any finding is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.cases.iter().flat_map(|case| &case.findings).chain(&self.findings).any(Diagnostic::is_error)
    }
}

/// The letters of a case: numbers of the register, then drafts. Those of a case just closed lie in its dossier.
pub(super) fn letters(
    workspace: &Workspace,
    register: &Register,
    code: &CaseCode,
    assessment: &Assessment,
    state: &RenderState,
    dossier: Option<&str>,
) -> Vec<LetterReport> {
    let folder = workspace.folder(code);
    let shown = |path: PathBuf| match (dossier, path.strip_prefix(&folder.root)) {
        (Some(dossier), Ok(inside)) => format!("{dossier}/data/{}", inside.to_string_lossy().replace('\\', "/")),
        _ => workspace.show(&path),
    };
    let mut letters: Vec<LetterReport> = register
        .of_case(code.as_str())
        .map(|record| {
            let void = record.void.is_some();
            let dir = if void { folder.withdrawn() } else { folder.letters() };
            LetterReport {
                letter: record.issued.letter.rsplit('/').next().unwrap_or_default().to_owned(),
                kind: record.issued.kind.clone(),
                state: if void { LetterState::Withdrawn } else { LetterState::Issued },
                number: Some(record.issued.symbol.clone()),
                file: shown(dir.join(&record.issued.file)),
            }
        })
        .collect();
    for name in state.drafts.keys().filter(|_| dossier.is_none()) {
        let stem = name.trim_end_matches(".pdf").trim_end_matches(".du-thao").trim_end_matches(".trinh-ky");
        let due = assessment.letters.iter().find(|due| due.id.stem() == stem);
        letters.push(LetterReport {
            letter: stem.to_owned(),
            kind: due.map_or(stem, |due| due.id.kind.text()).to_owned(),
            state: if name.ends_with(".trinh-ky.pdf") { LetterState::ForSignature } else { LetterState::Draft },
            number: None,
            file: workspace.show(&folder.drafts().join(name)),
        });
    }
    letters
}
