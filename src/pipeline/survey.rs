//! What a pass would find, looked at without writing anything.

use super::read::Read;
use super::report::{self, CaseReport, Report};
use super::state::RenderState;
use super::{Failure, ahead, close, open_register, plan, read_all, tidy};
use crate::register::Register;
use crate::workspace::Workspace;

/// Reads every case and says where it stands. Findings about cases that are gone and the number of closed ones are left to
/// the caller; what only the making of a letter shows is not found here.
///
/// # Errors
/// When the register cannot be read.
pub fn survey(workspace: &Workspace) -> Result<Report, Failure> {
    let mut reads = read_all(workspace);
    // What the archive's journal cannot tell now, `build` and `archive verify` say.
    let _ = close::foresee(workspace, reads.iter_mut().filter_map(Read::case));
    // Without a register there is nothing to protect, and the lock is a file.
    let register = if workspace.register().exists() {
        open_register(workspace)?.0
    } else {
        Register::open(&workspace.register(), None)?.0
    };
    let mut cases: Vec<CaseReport> = reads.into_iter().map(|read| case(workspace, &register, read)).collect();
    cases.sort_by(|a, b| a.code.cmp(&b.code));
    let changes_on = cases.iter().filter_map(|case| case.assessment.as_ref()?.changes_on).min();
    Ok(Report { cases, changes_on, ..Report::empty(workspace.clock.today()) })
}

fn case(workspace: &Workspace, register: &Register, read: Read) -> CaseReport {
    let mut reading = match read {
        Read::Faulty { stem, file, findings } => {
            let state = RenderState::peek(workspace, &stem);
            return CaseReport::faulty(workspace, stem, file, findings, &state);
        }
        Read::Case(reading) => reading,
    };
    let (_, waiting, mut more) = plan::plan(workspace, &reading, register);
    more.extend(ahead::look(workspace, register, &mut reading));
    let state = RenderState::peek(workspace, reading.code.as_str());
    let letters = report::letters(workspace, register, &reading.code, &reading.assessment, &state, None);
    let mut case = CaseReport::of(workspace, *reading, &state);
    case.findings.extend(more);
    tidy(&mut case.findings);
    case.letters = letters;
    case.waiting = waiting.iter().map(|(id, wait)| wait.text(id)).collect();
    case.held_up = waiting.iter().map(|(id, wait)| wait.reason(id)).collect();
    case
}
