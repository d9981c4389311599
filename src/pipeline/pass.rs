//! One pass: from what a look found to letters, notes and what is remembered.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hasher};
use std::path::PathBuf;

use rayon::prelude::*;

use super::glance::{Glance, Spot, glance};
use super::lost::{self, Around};
use super::memory::{self, Against, Depth, Entry, Scope, Sight};
use super::presence::Others;
use super::report::Report;
use super::standing::Standing;
use super::state::RenderState;
use super::{Failure, blank, close, desk, in_pool, note, presence, stray};
use crate::archive::{Archive, State};
use crate::register::Register;
use crate::workspace::Workspace;

mod ending;
mod work;

use ending::{Faulty, finish, finish_faulty, refuse};
pub(super) use work::Work;
use work::{close_one, issue_all, letters};

/// One pass over what `scope` reaches. `sift` takes out of what moved what is still being written.
///
/// # Errors
/// When the folder or a journal cannot be used at all; what concerns single cases is in the report.
pub fn pass(
    workspace: &Workspace,
    standing: &mut Standing,
    scope: &Scope,
    sift: &mut dyn FnMut(Sight) -> Sight,
) -> Result<Report, Failure> {
    let mut changes = Vec::new();
    let mut findings = Vec::new();
    if !workspace.cases().is_dir() {
        return Err(Failure::Findings(vec![memory::no_folder(workspace, "")]));
    }
    // Drafts, notes and render states are written outside the transactions: two passes at once would trip over each other.
    let _pass = workspace.pass_lock()?;
    standing.memory.begin(workspace);
    let everything = !standing.begun || standing.memory.is_stale();
    let (first, whole) = (!standing.begun, Scope::Whole { depth: Depth::Contents });
    let scope = if everything { &whole } else { scope };
    findings.extend(close::recover(workspace, &mut changes)?);
    let before = changes.len();
    let (sight, mut heads) = look(workspace, standing, scope)?;
    let mut sight = sift(sight);
    let files: Vec<PathBuf> = sight.moved.iter().map(|seen| seen.path.clone()).collect();
    let mut returned = close::take_back(workspace, &mut standing.shelf, &files, &mut changes)?;
    findings.append(&mut returned.findings);
    if changes.len() > before {
        let (again, later) = look(workspace, standing, &whole)?;
        (sight, heads) = (sift(again), later);
    }

    if sight.names_moved && !sight.whole {
        standing.memory.list_again(workspace);
    }
    let mut unsettled = std::mem::take(&mut sight.unsettled);
    let (mut work, mut faulty, mut cases, mut touched) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut refused = Vec::new();
    let (known, moved) = (&standing.memory, std::mem::take(&mut sight.moved));
    let glances: Vec<Glance> =
        in_pool(workspace, || moved.into_par_iter().map(|seen| glance(workspace, known, seen)).collect());
    for glance in glances {
        match glance {
            Glance::Same(spot) => touched.push(spot),
            Glance::Away(name) => drop(unsettled.insert(name)),
            Glance::Refused(spot, finding) => refused.push((spot, finding)),
            Glance::Faulty { spot, stem, file, findings } => faulty.push(Faulty { spot, stem, file, findings }),
            Glance::Case(spot, reading) => match returned.barred.remove(reading.code.as_str()) {
                Some(findings) => {
                    faulty.push(Faulty { spot, stem: reading.code.to_string(), file: reading.file, findings })
                }
                None => match RenderState::load(workspace, reading.code.as_str()) {
                    Ok(state) => work.push(Work::new(state, spot, reading)),
                    // Where it is not known now which files are ours, the case waits.
                    Err(error) => {
                        let finding = Failure::from(error).findings(&reading.file).into_iter().next();
                        refused.extend(finding.map(|finding| (spot, finding)));
                    }
                },
            },
        }
    }
    for (spot, finding) in refused {
        let name = spot.name.clone();
        let (case, entry) = refuse(workspace, &standing.memory, spot, finding);
        cases.push(case);
        standing.keep(&name, Some(entry));
    }
    touched.into_iter().for_each(|spot| touch(standing, &spot));

    close::mark_reopened(workspace, work.iter_mut().map(|work: &mut Work| work.reading.as_mut()))?;
    let gone: Vec<String> = sight.gone.iter().map(|name| memory::stem(name).to_owned()).collect();
    let mut present: BTreeSet<String> = standing.memory.iter().map(|(name, _)| memory::stem(name).to_owned()).collect();
    present.retain(|stem| !gone.contains(stem));
    present.extend(unsettled.iter().map(|name| memory::stem(name).to_owned()));
    present.extend(work.iter().map(|work| work.reading.code.to_string()));
    present.extend(faulty.iter().map(|faulty| faulty.stem.clone()));
    {
        let (register, archive) = standing.shelf.journals(workspace)?;
        let closed = |code: &str| close::is_closed(archive.state(code));
        let issued = standing.memory.iter().filter(|(_, entry)| entry.numbered && entry.marks != 0);
        let issued = issued.map(|(name, entry)| (entry.marks, memory::stem(name).to_owned())).collect();
        let files = standing.memory.names.files();
        let others = Others { present: &present, issued: &issued, files };
        findings.extend(presence::examine(workspace, register, &closed, &mut work, &others));
    }
    let new = work.iter().filter(|work| work.state.marks.is_empty());
    let marks: Vec<BTreeSet<String>> = new.map(|work| work.reading.marks()).collect();
    let moved = desk::recount(workspace, &mut work)?;
    issue_all(workspace, &mut standing.shelf, &mut work)?;

    let (register, _) = standing.shelf.journals(workspace)?;
    in_pool(workspace, || work.par_iter_mut().for_each(|work| letters(workspace, register, work)));
    work.iter_mut().for_each(|work| close_one(workspace, work));
    let (register, archive) = standing.shelf.journals(workspace)?;
    let mut kept: Vec<(String, Option<Entry>)> = Vec::new();
    for work in work {
        let name = work.spot.name.clone();
        let journals = journals(register, archive, memory::stem(&name));
        let (case, entry) = finish(workspace, register, work, journals, &mut changes);
        if case.closed.is_some() {
            present.remove(&case.code);
        }
        kept.push((name, entry));
        cases.push(case);
    }
    for faulty in faulty {
        let name = faulty.spot.name.clone();
        let journals = journals(register, archive, memory::stem(&name));
        let (case, entry) = finish_faulty(workspace, faulty, journals, &mut changes);
        kept.push((name, Some(entry)));
        cases.push(case);
    }
    cases.sort_by(|a, b| a.code.cmp(&b.code));
    let around = Around { present: &present, new: &marks, register, archive };
    let lost = note::forget(workspace, &present, (!first).then_some(gone.as_slice()), &mut changes)
        .and_then(|forgotten| lost::examine(workspace, forgotten, &around));
    match lost {
        Ok(lost) => findings.extend(lost),
        Err(error) => findings.extend(Failure::from(error).findings("ho-so")),
    }
    if sight.whole || sight.names_moved || !changes.is_empty() {
        standing.blanks = blank::update(workspace, &standing.memory.names, register, &mut changes);
    }
    if sight.whole {
        standing.folders = close::folders_back(workspace, &standing.memory.names, archive);
        standing.folders.extend(stray::examine(workspace, &standing.memory.names));
    }
    let closed = archive.closed();
    let gone = sight.gone.into_iter().map(|name| (name, None));
    kept.into_iter().chain(gone).for_each(|(name, entry)| standing.keep(&name, entry));
    findings.extend(standing.shelf.register_notes());
    for trouble in crate::journal::take_troubles() {
        if !findings.contains(&trouble) {
            findings.push(trouble);
        }
    }
    findings.extend(standing.folders.iter().chain(&standing.blanks).cloned());
    // Only now: cut short, the next pass compares all cases with the journals once more.
    standing.memory.compared(heads, &unsettled);
    standing.begun = true;
    let report = Report {
        today: workspace.clock.today(),
        cases,
        findings,
        changes,
        moved,
        open: standing.memory.open(),
        closed,
        changes_on: standing.memory.changes_on(),
        quiet_over_in: standing.memory.quiet_over_in(workspace.settings.quiet_seconds),
    };
    standing.tell(&report, &unsettled);
    standing.save(workspace)?;
    Ok(report)
}

/// Remembers the new stamp of a file whose bytes are those that are known.
fn touch(standing: &mut Standing, spot: &Spot) {
    if let Some(entry) = standing.memory.get(&spot.name).cloned() {
        standing.memory.put(&spot.name, Entry { stamp: spot.stamp, fresh: spot.fresh, ..entry });
    }
}

/// Opens the journals, compares what they know of the cases with what is remembered where they moved, and looks at the folder.
fn look(workspace: &Workspace, standing: &mut Standing, scope: &Scope) -> Result<(Sight, [String; 2]), Failure> {
    let Standing { memory, shelf, retries, .. } = standing;
    let (register, archive) = shelf.journals(workspace)?;
    let heads = [register.head().hash.clone(), archive.head().hash.clone()];
    let print = |stem: &str| journals(register, archive, stem);
    let due = |name: &str| retries.is_due(name);
    let against = Against { workspace, journals: memory.differs(&heads).then_some(&print), due: &due };
    Ok((memory.look(&against, scope)?, heads))
}

/// A number that stands for what the journals know of a case.
fn journals(register: &Register, archive: &Archive, stem: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    for record in register.of_case(stem) {
        hasher.write(record.issued.symbol.as_bytes());
        hasher.write(record.issued.pdf_sha256.as_bytes());
        hasher.write_u8(u8::from(record.void.is_some()));
    }
    let (kind, version) = match archive.state(stem) {
        State::Never => (0, 0),
        State::Closed(version) => (1, version),
        State::Reopened(version) => (2, version),
        State::Destroyed(version) => (3, version),
    };
    hasher.write_u8(kind);
    hasher.write_u32(version);
    hasher.finish()
}
