//! The note beside a case file that says what to do next; gone when there is nothing more to do.

use std::path::Path;

use super::report::Change;
use super::state::RenderState;
use crate::case::evidence::Folder;
use crate::diagnostic::Diagnostic;
use crate::letter::{self, Missing, Mode};
use crate::pipeline::issue::{known, register_id};
use crate::pipeline::read::Reading;
use crate::procedure::Stage;
use crate::register::Register;
use crate::steps::{self, Head, Subject};
use crate::workspace::Workspace;
use crate::{encoding, fs};

/// Writes the note of a case that could be read.
pub(super) fn update(
    workspace: &Workspace,
    reading: &Reading,
    findings: &[Diagnostic],
    register: &Register,
    state: &mut RenderState,
    changes: &mut Vec<Change>,
) -> fs::Result<()> {
    let code = reading.code.as_str();
    let text = text_of(workspace, reading, findings, register);
    put(workspace, code, text, state, changes)
}

/// Writes the note of a case whose file must be mended first; other files get none.
pub(super) fn update_faulty(
    workspace: &Workspace,
    code: &str,
    findings: &[Diagnostic],
    state: &mut RenderState,
    changes: &mut Vec<Change>,
) -> fs::Result<()> {
    use crate::case::value::Value;
    let errors = findings.iter().filter(|finding| finding.is_error()).count();
    let is_case = crate::case::CaseCode::parse(code).is_ok_and(|own| own.as_str() == code);
    let text = (is_case && errors > 0).then(|| steps::faulty(code, errors));
    put(workspace, code, text, state, changes)
}

/// Takes away the note of a case that is gone, where it is ours.
pub(super) fn forget(
    workspace: &Workspace,
    code: &str,
    state: &mut RenderState,
    changes: &mut Vec<Change>,
) -> fs::Result<()> {
    put(workspace, code, None, state, changes)
}

/// Whether the note at `path` is the one this state knows.
///
/// # Errors
/// When it is there and cannot be read.
pub(super) fn is_own(state: &RenderState, path: &Path) -> fs::Result<bool> {
    state.is_own(state.steps.as_deref(), path)
}

fn put(
    workspace: &Workspace,
    code: &str,
    text: Option<String>,
    state: &mut RenderState,
    changes: &mut Vec<Change>,
) -> fs::Result<()> {
    let path = workspace.next_steps(code);
    let Some(text) = text else {
        if is_own(state, &path)? {
            fs::remove_file(&path)?;
            changes.push(Change::new(workspace.show(&path), "bỏ ghi chú việc tiếp theo".to_owned()));
        }
        state.steps = None;
        return Ok(());
    };
    let bytes = super::note::bytes(&text);
    // A file of that name that somebody else wrote stays.
    let foreign = state.steps.is_none() && !is_own(state, &path)?;
    if foreign && fs::read_if_there(&path)?.is_some_and(|there| there != bytes) {
        return Ok(());
    }
    state.announce(workspace, code, &bytes)?;
    if fs::write_if_changed(&path, &bytes)? {
        changes.push(Change::new(workspace.show(&path), "ghi chú việc tiếp theo".to_owned()));
    }
    state.steps = Some(fs::sha256(&bytes));
    Ok(())
}

fn text_of(workspace: &Workspace, reading: &Reading, findings: &[Diagnostic], register: &Register) -> Option<String> {
    let assessment = &reading.assessment;
    if assessment.stage == Stage::Closing {
        return None;
    }
    let text = encoding::decode(&reading.bytes).ok()?;
    let tree = crate::yaml::tree::parse(&text).ok()??;
    let missing = missing(workspace, reading, register);
    let subject = Subject {
        case: &reading.case,
        assessment,
        settings: &workspace.settings,
        text: &text,
        tree: &tree,
        missing: &missing,
    };
    let complainant = reading.case.complainant.as_ref().and_then(|who| who.name.as_ref());
    let summary = reading.case.intake.as_ref().and_then(|intake| intake.summary.as_ref());
    let stage = format!("bước {}, {}", assessment.step, crate::case::check::lower_first(assessment.stage.text()));
    let folder = workspace.folder(&reading.code);
    let absent: Vec<Folder> = [(Folder::Attachments, folder.evidence()), (Folder::Signed, folder.signed())]
        .into_iter()
        .filter_map(|(kind, place)| (!place.is_dir()).then_some(kind))
        .collect();
    let head = Head {
        code: reading.code.as_str(),
        complainant: complainant.map(|name| name.as_str()),
        summary: summary.map(|summary| summary.as_str()),
        stage: &stage,
        errors: findings.iter().filter(|finding| finding.is_error()).count(),
        remarks: &assessment.remarks,
        absent: &absent,
    };
    Some(steps::note(&head, &steps::steps(&subject), &text))
}

/// What each letter that is not issued yet lacks.
fn missing(workspace: &Workspace, reading: &Reading, register: &Register) -> Vec<(String, Vec<Missing>)> {
    let Reading { case, assessment, .. } = reading;
    let known = known(register, case, assessment);
    let open = assessment.letters.iter().filter(|due| {
        due.present && !due.issue && register.current(&register_id(reading.code.as_str(), &due.id)).is_none()
    });
    let today = workspace.clock.today();
    open.filter_map(|due| {
        let mode = Mode::Issue { number: 1 };
        let prepared = letter::prepare(case, assessment, &workspace.settings, &known, &due.id, mode, today).ok()?;
        Some((due.path.clone(), prepared.missing))
    })
    .collect()
}
