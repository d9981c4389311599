//! Events and scans → settled paths. Sole user of `notify`.
//!
//! Events are hints: they only end a wait early. What is to be done, the next scan of the folder decides.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant, SystemTime};

use notify::{RecommendedWatcher, RecursiveMode, Watcher};

use crate::pipeline::scan;

/// Why a wait ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wake {
    /// Something may have changed.
    Hint,
    /// The time was up.
    Time,
    /// The program is to end.
    Stop,
}

/// Why stopping by signal could not be arranged.
#[derive(Debug, thiserror::Error)]
#[error("không nhận được tín hiệu dừng: {0}")]
pub struct Error(#[from] ctrlc::Error);

/// The watched folder: only the folder itself is listened to, nothing below it.
#[derive(Debug)]
pub struct Folder {
    dir: PathBuf,
    sender: Sender<Wake>,
    wakes: Receiver<Wake>,
    watcher: Option<RecommendedWatcher>,
    /// Whether an event may concern what is watched.
    is_hint: fn(&notify::Event) -> bool,
}

impl Folder {
    /// Listens to `dir`, and for Ctrl-C and SIGTERM. Where the system cannot tell of changes, scans alone must do.
    ///
    /// # Errors
    /// When signals cannot be received.
    pub fn open(dir: &Path) -> Result<Self, Error> {
        Self::listening(dir, is_hint)
    }

    /// As [`Folder::open`], for a folder of forms: any change of a file is a hint.
    ///
    /// # Errors
    /// When signals cannot be received.
    pub fn open_forms(dir: &Path) -> Result<Self, Error> {
        Self::listening(dir, |event| !event.kind.is_access())
    }

    fn listening(dir: &Path, is_hint: fn(&notify::Event) -> bool) -> Result<Self, Error> {
        let (sender, wakes) = channel();
        let stop = sender.clone();
        ctrlc::set_handler(move || {
            let _ = stop.send(Wake::Stop);
        })?;
        let mut folder = Self { dir: dir.to_owned(), sender, wakes, watcher: None, is_hint };
        folder.listen();
        Ok(folder)
    }

    /// Whether the system tells of changes.
    #[must_use]
    pub fn listens(&self) -> bool {
        self.watcher.is_some()
    }

    /// Listens anew where that broke off, as when the folder was away.
    pub fn listen(&mut self) {
        if self.watcher.is_some() && self.dir.is_dir() {
            return;
        }
        let (sender, is_hint) = (self.sender.clone(), self.is_hint);
        let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            if event.as_ref().map_or(true, is_hint) {
                let _ = sender.send(Wake::Hint);
            }
        });
        self.watcher = watcher.ok().and_then(|mut watcher| {
            watcher.watch(&self.dir, RecursiveMode::NonRecursive).ok()?;
            Some(watcher)
        });
    }

    /// Waits for a hint or a signal, at most `longest`; further hints that came meanwhile are taken along.
    #[must_use]
    pub fn wait(&self, longest: Duration) -> Wake {
        let first = match self.wakes.recv_timeout(longest) {
            Ok(wake) => wake,
            Err(RecvTimeoutError::Timeout) => return Wake::Time,
            Err(RecvTimeoutError::Disconnected) => return Wake::Stop,
        };
        if first == Wake::Stop || self.wakes.try_iter().any(|wake| wake == Wake::Stop) {
            Wake::Stop
        } else {
            Wake::Hint
        }
    }
}

/// Whether an event may concern a case file; our own notes, drafts and half-written files do not count.
fn is_hint(event: &notify::Event) -> bool {
    let case_file = |path: &PathBuf| path.file_name().is_some_and(|name| scan::is_case_file(&name.to_string_lossy()));
    !event.kind.is_access() && (event.need_rescan() || event.paths.is_empty() || event.paths.iter().any(case_file))
}

/// Which case files have lain still long enough to be read.
#[derive(Debug, Default)]
pub struct Settling {
    seen: BTreeMap<PathBuf, (u64, Option<SystemTime>, Instant)>,
}

impl Settling {
    /// Looks at the case files in `dir`: those whose size or time changed less than `still` before `now` are not settled.
    pub fn look(&mut self, dir: &Path, still: Duration, now: Instant) -> BTreeSet<PathBuf> {
        let mut seen = BTreeMap::new();
        for path in scan::case_files(dir) {
            let meta = std::fs::symlink_metadata(&path).ok();
            let state = (meta.as_ref().map_or(0, std::fs::Metadata::len), meta.and_then(|meta| meta.modified().ok()));
            let since = match self.seen.get(&path) {
                Some((size, time, since)) if (*size, *time) == state => *since,
                _ => now,
            };
            seen.insert(path, (state.0, state.1, since));
        }
        self.seen = seen;
        let moving = self.seen.iter().filter(|(_, (_, _, since))| now.saturating_duration_since(*since) < still);
        moving.map(|(path, _)| path.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_settled_once_size_and_time_stay() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("KN-2026-0001.yaml");
        std::fs::write(&path, "ma_ho_so").unwrap();
        let (still, start) = (Duration::from_secs(1), Instant::now());
        let mut settling = Settling::default();
        assert_eq!(settling.look(dir.path(), still, start).len(), 1, "first look");
        std::fs::write(&path, "ma_ho_so: KN-2026-0001").unwrap();
        assert_eq!(settling.look(dir.path(), still, start + still).len(), 1, "it grew");
        assert!(settling.look(dir.path(), still, start + 2 * still).is_empty(), "it lay still");
    }

    #[test]
    fn own_output_is_no_hint() {
        let event = |name: &str| {
            notify::Event::new(notify::EventKind::Modify(notify::event::ModifyKind::Any)).add_path(name.into())
        };
        assert!(is_hint(&event("ho-so/KN-2026-0001.yaml")));
        assert!(!is_hint(&event("ho-so/KN-2026-0001.loi.txt")));
        assert!(!is_hint(&event("ho-so/.KN-2026-0001.loi.txt.hoso-tmp")));
        assert!(!is_hint(&event("ho-so/KN-2026-0001")));
    }
}
