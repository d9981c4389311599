//! The end of a pass for one file: notes, report, and what is remembered.

use super::work::{Work, never_still};
use crate::diagnostic::{Diagnostic, code};
use crate::pipeline::glance::Spot;
use crate::pipeline::memory::{self, Entry, Memory, print};
use crate::pipeline::report::{self, CaseReport, Change};
use crate::pipeline::state::RenderState;
use crate::pipeline::told::Told;
use crate::pipeline::{Failure, note, steps, tidy};
use crate::register::Register;
use crate::workspace::{CaseFolder, Workspace};

/// Codes of what may pass by itself: looked at again after a while.
const PASSING: [code::Code; 7] = [
    code::DISK,
    code::STATE,
    code::UNREADABLE,
    code::ORIGINAL_LOST,
    code::NUMBER_REFUSED,
    code::CHANGED_WHILE_CLOSING,
    code::CLOSING_PUT_OFF,
];

/// Codes of what depends on which other files there are.
const ODD: [code::Code; 3] = [code::CONFLICT_COPY, code::TWO_FILES, code::NAME_DIFFERS];

/// A file that is no case.
pub(super) struct Faulty {
    pub(super) spot: Spot,
    pub(super) stem: String,
    pub(super) file: String,
    pub(super) findings: Vec<Diagnostic>,
}

/// What is remembered of a file after its notes were written.
fn entry(workspace: &Workspace, spot: &Spot, case: &CaseReport, journals: u64) -> Entry {
    let folder = CaseFolder { root: workspace.cases().join(&spot.name).with_extension("") };
    let has = |codes: &[code::Code]| case.findings.iter().any(|finding| codes.contains(&finding.code));
    // One that never lay still is to be read again once it does, though it be just what was read.
    let (stamp, digest) = if spot.restless { Default::default() } else { (spot.stamp, spot.digest) };
    Entry {
        stamp,
        fresh: spot.fresh,
        digest,
        theirs: spot.theirs,
        ours: print::ours(workspace, &folder, memory::stem(&spot.name)),
        journals,
        again: has(&PASSING),
        odd: has(&ODD),
        changes_on: memory::days(case.assessment.as_ref().and_then(|assessment| assessment.changes_on)),
        told: Told::of(case, &workspace.show(workspace.cases())).bytes(),
        ..Entry::default()
    }
}

/// Writes the notes of a case; gives its report and what is remembered, nothing of one that was closed.
pub(super) fn finish(
    workspace: &Workspace,
    register: &Register,
    mut work: Work,
    journals: u64,
    changes: &mut Vec<Change>,
) -> (CaseReport, Option<Entry>) {
    let letters = {
        let crate::pipeline::read::Reading { code, assessment, .. } = work.reading.as_ref();
        report::letters(workspace, register, code, assessment, &work.state, work.closed.as_deref())
    };
    let mut findings = std::mem::take(&mut work.reading.findings);
    findings.append(&mut work.extra);
    tidy(&mut findings);
    if work.closed.is_none() {
        let Work { reading, state, changes, .. } = &mut work;
        let noted = note::update(workspace, reading.code.as_str(), &findings, state, changes)
            .and_then(|()| steps::update(workspace, reading, &findings, register, state, changes))
            .and_then(|()| state.settle(workspace, reading.code.as_str()));
        if let Err(error) = noted {
            work.fail(workspace, error.into());
            findings.append(&mut work.extra);
        }
    }
    changes.append(&mut work.changes);
    let Work { spot, reading, state, waiting, held_up, closed, quiet, again, held, .. } = work;
    let marks = if held { 0 } else { memory::print_of_marks(&reading.marks()) };
    let numbered = register.of_case(reading.code.as_str()).next().is_some();
    let case =
        CaseReport { findings, letters, waiting, held_up, closed, ..CaseReport::of(workspace, *reading, &state) };
    let known = case.closed.is_none().then(|| {
        let entry = entry(workspace, &spot, &case, journals);
        Entry { quiet: quiet.is_some() && !spot.restless, again: again || entry.again, held, marks, numbered, ..entry }
    });
    (case, known)
}

/// The same for a file that is no case.
pub(super) fn finish_faulty(
    workspace: &Workspace,
    faulty: Faulty,
    journals: u64,
    changes: &mut Vec<Change>,
) -> (CaseReport, Entry) {
    let Faulty { spot, stem, file, mut findings } = faulty;
    if spot.restless {
        findings.push(never_still(&file));
    }
    tidy(&mut findings);
    // Where it is not known now which files are ours, none of them is touched.
    let loaded = RenderState::load(workspace, &stem);
    let (mut waiting, mut busy) = (Vec::new(), loaded.is_err());
    let (mut state, noted) = match loaded {
        Ok(state) => (state, Ok(())),
        Err(error) => (RenderState::default(), Err(error)),
    };
    let noted = noted.and_then(|()| {
        note::update(workspace, &stem, &findings, &mut state, changes)?;
        steps::update_faulty(workspace, &stem, &findings, &mut state, changes)?;
        state.settle(workspace, &stem)
    });
    match noted {
        Err(error) if error.is_busy() => {
            busy = true;
            waiting.push(format!(
                "{}: đang có người mở tệp này, sẽ ghi lại khi tệp được đóng",
                workspace.show(&error.path)
            ));
        }
        noted => findings.extend(noted.err().into_iter().flat_map(|error| Failure::from(error).findings(&file))),
    }
    let report = CaseReport::faulty(workspace, stem, file, findings, &state);
    let case = CaseReport { held_up: waiting.clone(), waiting, ..report };
    let entry = entry(workspace, &spot, &case, journals);
    (case, Entry { again: busy || entry.again, ..entry })
}

/// A file the system does not give now: what is known of it stays on the board, and says that it waits.
pub(super) fn refuse(workspace: &Workspace, known: &Memory, spot: Spot, finding: Diagnostic) -> (CaseReport, Entry) {
    let path = workspace.cases().join(&spot.name);
    let (stem, file) = (memory::stem(&spot.name).to_owned(), workspace.show(&path));
    let waiting = format!("tệp hồ sơ: {} Chương trình đang chờ để đọc lại.", finding.message);
    let before = known.get(&spot.name);
    let row = before.and_then(|entry| Told::read(&entry.told)).and_then(Told::row);
    // Of a case that was read before more is known than that it cannot be read now.
    let finding = match &row {
        Some(_) => Diagnostic { severity: crate::diagnostic::Severity::Warning, ..finding },
        None => finding,
    };
    let state = RenderState::peek(workspace, &stem);
    let report = CaseReport::faulty(workspace, stem, file.clone(), vec![finding.in_file(file)], &state);
    let case = CaseReport { waiting: vec![waiting.clone()], held_up: vec![waiting.clone()], ..report };
    let mut now = Entry {
        stamp: spot.stamp,
        again: true,
        ..before.cloned().unwrap_or_else(|| entry(workspace, &spot, &case, 0))
    };
    // Whatever its bytes are, they were not read.
    now.digest = 0;
    now.fresh = false;
    if let Some(mut row) = row {
        if !row.waiting.contains(&waiting) {
            row.waiting.push(waiting);
        }
        now.told = Told::Row(row).bytes();
    }
    (case, now)
}
