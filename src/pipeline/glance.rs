//! One file that moved, looked at: read, or known after all.

use std::path::Path;

use super::Failure;
use super::memory::{self, Memory, Seen, print};
use super::read::{self, Raw, Read, Reading, Refusal};
use crate::diagnostic::Diagnostic;
use crate::fs::Stamp;
use crate::history;
use crate::workspace::{self, CaseFolder, Workspace};

/// How often a file that never lies still is tried in one pass.
const ATTEMPTS: u32 = 5;

/// A file as it was when it was read.
#[derive(Debug, Clone)]
pub(super) struct Spot {
    pub(super) name: String,
    pub(super) stamp: Stamp,
    pub(super) fresh: bool,
    /// 0 where its bytes were not read.
    pub(super) digest: u128,
    pub(super) theirs: u64,
    pub(super) restless: bool,
}

/// What came of it.
pub(super) enum Glance {
    /// Its bytes are those that are known, and nothing else of it moved.
    Same(Spot),
    /// It went away, or was written while it was read.
    Away(String),
    /// The system refused to give its bytes.
    Refused(Spot, Diagnostic),
    /// No case.
    Faulty { spot: Spot, stem: String, file: String, findings: Vec<Diagnostic> },
    /// A case.
    Case(Spot, Box<Reading>),
}

pub(super) fn glance(workspace: &Workspace, memory: &Memory, seen: Seen) -> Glance {
    let Seen { name, path, stamp, still, restless } = seen;
    let folder = CaseFolder { root: path.with_extension("") };
    let stamp = stamp.unwrap_or_default();
    // Before anything is read: what comes later shows as another print or stamp at the next look.
    let theirs = print::theirs(&folder);
    let fresh = stamp.is_fresh(workspace::machine_time());
    let mut spot = Spot { name, stamp, fresh, digest: 0, theirs, restless };
    let read = if let Some(finding) = read::by_name(&path) {
        // It may hold what was written nowhere else.
        let kept = match read::raw(&path) {
            Ok(raw) => history::keep(workspace, memory::stem(&spot.name), &raw.bytes, &raw.origin).err(),
            Err(_) => None,
        };
        let mut read = read::faulty(workspace, &path, finding);
        read.findings_mut().extend(kept.into_iter().flat_map(|e| Failure::from(e).findings(&workspace.show(&path))));
        read
    } else {
        let raw = if restless { between_two_writes(&path, &mut spot) } else { Some(read::raw(&path)) };
        let Some(raw) = raw else { return Glance::Away(spot.name) };
        match raw {
            Ok(raw) => {
                spot.digest = memory::digest(&raw.bytes);
                if !still && is_known(workspace, memory, &spot, &folder) {
                    return Glance::Same(spot);
                }
                // Every settled version of a case file that is worked on passes here. What could not be kept is an error: a case
                // is not closed over an edit that may get lost.
                let kept = history::keep(workspace, memory::stem(&spot.name), &raw.bytes, &raw.origin);
                let mut read = read::of(workspace, &path, raw);
                if let Err(error) = kept {
                    read.findings_mut().extend(Failure::from(error).findings(&workspace.show(&path)));
                }
                read
            }
            Err(Refusal::System(error)) if error.kind() == std::io::ErrorKind::NotFound => {
                return Glance::Away(spot.name);
            }
            Err(refusal @ Refusal::System(_)) => return Glance::Refused(spot, refusal.finding()),
            Err(refusal) => read::faulty(workspace, &path, refusal.finding()),
        }
    };
    match read {
        Read::Case(reading) => Glance::Case(spot, reading),
        Read::Faulty { stem, file, findings } => Glance::Faulty { spot, stem, file, findings },
    }
}

/// The bytes of a file that is written again and again, where it was the same before and after they were read.
fn between_two_writes(path: &Path, spot: &mut Spot) -> Option<Result<Raw, Refusal>> {
    let stamp = || std::fs::symlink_metadata(path).ok().map(|meta| Stamp::of(&meta));
    (0..ATTEMPTS).find_map(|_| {
        let before = stamp()?;
        let raw = read::raw(path);
        spot.stamp = before;
        (stamp() == Some(before)).then_some(raw)
    })
}

/// Whether the file was only touched: the same bytes, and nothing waits for its time.
fn is_known(workspace: &Workspace, memory: &Memory, spot: &Spot, folder: &CaseFolder) -> bool {
    memory.get(&spot.name).is_some_and(|entry| {
        entry.digest == spot.digest
            && entry.theirs == spot.theirs
            && !(entry.stale || entry.quiet || entry.again || entry.odd)
            && entry.ours == print::ours(workspace, folder, memory::stem(&spot.name))
    })
}
