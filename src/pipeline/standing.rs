//! What lives from one pass to the next.

use std::collections::{BTreeSet, HashMap};
use std::ffi::OsString;
use std::time::{Duration, Instant};

use super::Failure;
use super::memory::{Against, Entry, Memory, Scope, Sight};
use super::report::Report;
use super::shelf::Shelf;
use crate::diagnostic::Diagnostic;
use crate::fs;
use crate::workspace::{self, Workspace};

/// For so many seconds after a save somebody is taken to work on the file.
const WORKED_ON: i64 = 3_600;

/// Longest wait before something that failed is tried again.
const LONGEST: Duration = Duration::from_secs(300);

/// What the board tells beside the cases.
#[derive(Debug, Default)]
pub(super) struct About {
    pub(super) closed: usize,
    pub(super) findings: Vec<Diagnostic>,
}

/// Memory, journals, and what was found where this pass does not look.
#[derive(Debug, Default)]
pub struct Standing {
    pub(super) memory: Memory,
    pub(super) shelf: Shelf,
    pub(super) retries: Retries,
    /// Whether a pass was made.
    pub(super) begun: bool,
    /// Every file there was at the start has been read: a board may be made.
    pub(super) filled: bool,
    /// Findings about folders of closed cases.
    pub(super) folders: Vec<Diagnostic>,
    /// Findings about blanks.
    pub(super) blanks: Vec<Diagnostic>,
    /// What the board tells beside the cases.
    pub(super) about: About,
    /// The board on the share may tell something else.
    pub(super) board_behind: bool,
    /// The memory is kept on the disk.
    kept: bool,
}

impl Standing {
    /// Of a single pass: nothing is known, nothing is kept.
    #[must_use]
    pub fn once() -> Self {
        Self { memory: Memory::none(), ..Self::default() }
    }

    /// Of a run of passes that goes on where the last one ended.
    #[must_use]
    pub fn resumed(workspace: &Workspace) -> Self {
        let memory = Memory::load(workspace);
        Self { filled: !memory.blank, memory, kept: true, ..Self::default() }
    }

    /// Looks at files without taking a lock or working on them: what a pass over `names` would find.
    ///
    /// # Errors
    /// When the folder is away.
    pub fn peek(&mut self, workspace: &Workspace, names: BTreeSet<OsString>) -> Result<Sight, Failure> {
        let Self { memory, retries, .. } = self;
        let due = |name: &str| retries.is_due(name);
        memory.look(&Against { workspace, journals: None, due: &due }, &Scope::Some(names))
    }

    /// Whether everything is to be looked at: nothing was yet, or settings or day are others.
    #[must_use]
    pub fn is_to_begin(&mut self, workspace: &Workspace) -> bool {
        self.memory.begin(workspace);
        !self.begun || self.memory.is_stale()
    }

    /// How long until a quiet time is over.
    #[must_use]
    pub fn quiet_over_in(&self, workspace: &Workspace) -> Option<Duration> {
        let left = self.memory.quiet_over_in(workspace.settings.quiet_seconds)?;
        Some(Duration::from_secs(left).max(Duration::from_millis(100)))
    }

    /// Whether the board is to be written.
    #[must_use]
    pub fn board_is_behind(&self) -> bool {
        self.board_behind && self.filled
    }

    /// How long until something that failed is to be tried again.
    #[must_use]
    pub fn retry_in(&self) -> Option<Duration> {
        self.retries.next()
    }

    /// Names of case files that were saved within the hour: they may be saved again at any moment.
    pub fn worked_on(&self) -> impl Iterator<Item = &str> {
        let recent = |entry: &Entry| (0..WORKED_ON).contains(&workspace::age(entry.stamp.time()));
        self.memory.iter().filter(move |(_, entry)| recent(entry)).map(|(name, _)| name)
    }

    /// How many cases stand on the board.
    #[must_use]
    pub fn open(&self) -> usize {
        self.memory.open()
    }

    /// Remembers what became of a file; nothing of one that is gone.
    pub(super) fn keep(&mut self, name: &str, entry: Option<Entry>) {
        match &entry {
            Some(entry) if entry.again => self.retries.failed(name),
            _ => self.retries.done(name),
        }
        match entry {
            Some(entry) => self.memory.put(name, entry),
            None => drop(self.memory.remove(name)),
        }
    }

    /// Notes what the board must tell after a pass, beside its cases.
    pub(super) fn tell(&mut self, report: &Report, unsettled: &BTreeSet<String>) {
        self.filled |= unsettled.iter().all(|name| self.memory.get(name).is_some());
        let findings = report.findings.iter().filter(|finding| !finding.is_passing()).cloned().collect();
        self.about = About { closed: report.closed, findings };
        self.board_behind = true;
    }

    pub(super) fn save(&mut self, workspace: &Workspace) -> fs::Result<()> {
        if self.kept { self.memory.save(&workspace.memory()) } else { Ok(()) }
    }
}

/// What failed, how often, and when it is to be tried again.
#[derive(Debug, Default)]
pub(super) struct Retries {
    names: HashMap<String, (u32, Instant)>,
}

impl Retries {
    /// Whether the time has come; what is not known here failed in an earlier run.
    pub(super) fn is_due(&self, name: &str) -> bool {
        self.names.get(name).is_none_or(|(_, at)| Instant::now() >= *at)
    }

    pub(super) fn failed(&mut self, name: &str) {
        let tries = self.names.get(name).map_or(0, |(tries, _)| tries + 1);
        let wait = Duration::from_secs(1 << tries.min(9)).min(LONGEST);
        self.names.insert(name.to_owned(), (tries, Instant::now() + wait));
    }

    pub(super) fn done(&mut self, name: &str) {
        self.names.remove(name);
    }

    fn next(&self) -> Option<Duration> {
        self.names.values().map(|(_, at)| at.saturating_duration_since(Instant::now())).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fails_is_tried_less_and_less_often() {
        let mut retries = Retries::default();
        assert!(retries.is_due("a") && retries.next().is_none());
        let waits: Vec<u64> = (0..12)
            .map(|_| {
                retries.failed("a");
                retries.next().unwrap().as_secs_f64().ceil() as u64
            })
            .collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
        assert!(!retries.is_due("a"));
        retries.done("a");
        assert!(retries.is_due("a") && retries.next().is_none());
    }
}
