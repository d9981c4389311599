//! The note beside a case file: what is wrong with it, in plain words; gone when it is right.

use std::collections::BTreeSet;

use super::report::Change;
use super::state::RenderState;
use super::steps;
use crate::diagnostic::{Diagnostic, note};
use crate::fs;
use crate::workspace::Workspace;

/// Writes or removes the note beside a case file.
pub(super) fn update(
    workspace: &Workspace,
    case: &str,
    findings: &[Diagnostic],
    state: &mut RenderState,
    changes: &mut Vec<Change>,
) -> fs::Result<()> {
    let path = workspace.note(case);
    // Told once, when the number is given: there is nothing to mend in the file.
    let findings: Vec<Diagnostic> = findings.iter().filter(|finding| !finding.is_passing()).cloned().collect();
    if findings.is_empty() {
        if state.is_own(state.note.as_deref(), &path)? {
            fs::remove_file(&path)?;
            changes.push(Change::new(workspace.show(&path), "hết lỗi, bỏ ghi chú".to_owned()));
        }
        state.note = None;
        return Ok(());
    }
    let named = findings.iter().find_map(|finding| finding.file.as_deref()?.rsplit('/').next());
    let text = note(named.filter(|name| name.starts_with(case)).unwrap_or(case), &findings);
    let bytes = bytes(&text);
    state.announce(workspace, case, &bytes)?;
    if fs::write_if_changed(&path, &bytes)? {
        changes.push(Change::new(workspace.show(&path), "ghi chú lỗi".to_owned()));
    }
    state.note = Some(fs::sha256(&bytes));
    Ok(())
}

/// A note as Notepad shows it on every Windows: UTF-8 with its mark, CRLF.
pub(super) fn bytes(text: &str) -> Vec<u8> {
    format!("\u{feff}{}", text.replace('\n', "\r\n")).into_bytes()
}

/// Removes notes of our own whose case file is gone: those of `gone`, or of every case there ever was a note of.
pub(super) fn forget(
    workspace: &Workspace,
    present: &BTreeSet<String>,
    gone: Option<&[String]>,
    changes: &mut Vec<Change>,
) -> fs::Result<Vec<(String, BTreeSet<String>)>> {
    let ever = || -> Vec<String> {
        let states = walkdir::WalkDir::new(workspace.render_states()).min_depth(1).max_depth(1).sort_by_file_name();
        let states = states.into_iter().filter_map(Result::ok);
        states.filter_map(|state| Some(state.path().file_stem()?.to_string_lossy().into_owned())).collect()
    };
    let stems = gone.map_or_else(ever, <[String]>::to_vec);
    let mut forgotten = Vec::new();
    for code in stems.iter().filter(|code| !present.contains(*code)) {
        let mut state = RenderState::load(workspace, code)?;
        if state.note.is_some() || state.steps.is_some() || !state.announced.is_empty() {
            update(workspace, code, &[], &mut state, changes)?;
            steps::forget(workspace, code, &mut state, changes)?;
            state.note = None;
            state.settle(workspace, code)?;
            forgotten.push((code.clone(), state.marks));
        }
    }
    Ok(forgotten)
}
