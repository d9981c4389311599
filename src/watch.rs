//! Events of the file system → names that may have changed; signals. Sole user of `notify`.
//!
//! Events are hints: they only end a wait early and say where to look first. What is to be done, the state of the folder decides.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use notify::{RecommendedWatcher, RecursiveMode, Watcher};

use crate::fs::{self, Volume};
use crate::pipeline::scan;

/// More names than this are not worth looking at one by one.
const MANY: usize = 4_096;

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

/// What events told of since they were last asked for.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Hints {
    /// Names in the watched folder.
    pub names: BTreeSet<OsString>,
    /// Events were lost, or tell of no name: only a scan says what changed.
    pub rescan: bool,
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
    hints: Arc<Mutex<Hints>>,
    watcher: Option<RecommendedWatcher>,
    /// The folder that is listened to, to be told from another one under its name.
    identity: Option<(u64, u64)>,
    volume: Volume,
    /// Never listened to, whatever the volume.
    deaf: bool,
    /// Whether an event may concern what is watched.
    is_hint: fn(&notify::Event) -> bool,
}

/// Calls `stop` at Ctrl-C and SIGTERM.
///
/// # Errors
/// When signals cannot be received.
pub fn on_stop(stop: impl Fn() + Send + 'static) -> Result<(), Error> {
    Ok(ctrlc::set_handler(stop)?)
}

impl Folder {
    /// Listens to `dir`, and for Ctrl-C and SIGTERM. Where the system cannot tell of changes (a share, FUSE), or where `poll` says
    /// so, scans alone must do.
    ///
    /// # Errors
    /// When signals cannot be received.
    pub fn open(dir: &Path, poll: bool) -> Result<Self, Error> {
        Self::listening(dir, poll, is_hint)
    }

    /// As [`Folder::open`], for a folder of forms: any change of a file is a hint.
    ///
    /// # Errors
    /// When signals cannot be received.
    pub fn open_forms(dir: &Path) -> Result<Self, Error> {
        Self::listening(dir, false, |event| !event.kind.is_access())
    }

    fn listening(dir: &Path, deaf: bool, is_hint: fn(&notify::Event) -> bool) -> Result<Self, Error> {
        let (sender, wakes) = channel();
        let stop = sender.clone();
        ctrlc::set_handler(move || {
            let _ = stop.send(Wake::Stop);
        })?;
        let mut folder = Self {
            dir: dir.to_owned(),
            sender,
            wakes,
            hints: Arc::default(),
            watcher: None,
            identity: None,
            volume: Volume::Local,
            deaf,
            is_hint,
        };
        folder.listen();
        Ok(folder)
    }

    /// Whether the system tells of changes.
    #[must_use]
    pub fn listens(&self) -> bool {
        self.watcher.is_some()
    }

    /// The volume the folder lies on.
    #[must_use]
    pub fn volume(&self) -> Volume {
        self.volume
    }

    /// Listens anew where another folder has come under the name, as when a share was mounted; then whatever happened before is
    /// not known.
    pub fn listen(&mut self) {
        let identity = fs::identity(&self.dir);
        if identity == self.identity && (self.watcher.is_some() || self.deaf || !self.volume.tells_of_changes()) {
            return;
        }
        self.identity = identity;
        self.volume = Volume::of(&self.dir);
        self.watcher = None;
        self.gather(|hints| hints.rescan = true);
        if self.deaf || !self.volume.tells_of_changes() {
            return;
        }
        let (sender, hints, is_hint, dir) =
            (self.sender.clone(), Arc::clone(&self.hints), self.is_hint, self.dir.clone());
        let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            if note(&hints, event, is_hint, &dir) {
                let _ = sender.send(Wake::Hint);
            }
        });
        self.watcher = watcher.ok().and_then(|mut watcher| {
            watcher.watch(&self.dir, RecursiveMode::NonRecursive).ok()?;
            Some(watcher)
        });
    }

    /// What events told of since this was last asked.
    #[must_use]
    pub fn hints(&self) -> Hints {
        let mut taken = Hints::default();
        self.gather(|hints| taken = std::mem::take(hints));
        taken
    }

    fn gather(&self, with: impl FnOnce(&mut Hints)) {
        with(&mut self.hints.lock().unwrap_or_else(PoisonError::into_inner));
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
    // The end of writing is an access to `notify`.
    let closed = matches!(
        event.kind,
        notify::EventKind::Access(notify::event::AccessKind::Close(notify::event::AccessMode::Write))
    );
    (closed || !event.kind.is_access())
        && (event.need_rescan() || event.paths.is_empty() || event.paths.iter().any(case_file))
}

/// Notes what an event tells of; says whether that is anything.
fn note(
    hints: &Mutex<Hints>,
    event: notify::Result<notify::Event>,
    is_hint: fn(&notify::Event) -> bool,
    dir: &Path,
) -> bool {
    let mut hints = hints.lock().unwrap_or_else(PoisonError::into_inner);
    match event {
        Ok(event) if event.need_rescan() || event.paths.iter().any(|path| path == dir) && !event.kind.is_access() => {
            hints.rescan = true;
        }
        Ok(event) if is_hint(&event) => {
            hints.rescan |= event.paths.is_empty();
            hints.names.extend(event.paths.iter().filter_map(|path| path.file_name()).map(OsString::from));
            if hints.names.len() > MANY {
                hints.rescan = true;
            }
        }
        Ok(_) => return false,
        Err(_) => hints.rescan = true,
    }
    if hints.rescan {
        hints.names.clear();
    }
    true
}

#[cfg(test)]
mod tests {
    use notify::event::{AccessKind, AccessMode, EventKind, Flag, ModifyKind};

    use super::*;

    fn event(name: &str) -> notify::Event {
        notify::Event::new(EventKind::Modify(ModifyKind::Any)).add_path(name.into())
    }

    #[test]
    fn own_output_is_no_hint() {
        assert!(is_hint(&event("ho-so/KN-2026-0001.yaml")));
        assert!(!is_hint(&event("ho-so/KN-2026-0001.loi.txt")));
        assert!(!is_hint(&event("ho-so/.KN-2026-0001.loi.txt.hoso-tmp")));
        assert!(!is_hint(&event("ho-so/KN-2026-0001")));
        let access = |kind| notify::Event::new(EventKind::Access(kind)).add_path("ho-so/KN-2026-0001.yaml".into());
        assert!(is_hint(&access(AccessKind::Close(AccessMode::Write))), "the end of a save");
        assert!(!is_hint(&access(AccessKind::Close(AccessMode::Read))), "our own reading");
    }

    #[test]
    fn lost_events_ask_for_a_scan_and_names_are_kept_once() {
        let (hints, dir) = (Mutex::new(Hints::default()), Path::new("ho-so"));
        let names = |hints: &Mutex<Hints>| hints.lock().unwrap().names.len();
        assert!(note(&hints, Ok(event("ho-so/KN-2026-0001.yaml")), is_hint, dir));
        assert!(note(&hints, Ok(event("ho-so/KN-2026-0001.yaml")), is_hint, dir));
        assert!(!note(&hints, Ok(event("ho-so/KN-2026-0001.loi.txt")), is_hint, dir));
        assert!(names(&hints) == 1 && !hints.lock().unwrap().rescan);
        let lost = notify::Event::new(EventKind::Other).set_flag(Flag::Rescan);
        assert!(note(&hints, Ok(lost), is_hint, dir));
        assert!(names(&hints) == 0 && hints.lock().unwrap().rescan);

        for trouble in [Ok(event("ho-so")), Err(notify::Error::generic("x"))] {
            let hints = Mutex::new(Hints::default());
            assert!(note(&hints, trouble, is_hint, dir) && hints.lock().unwrap().rescan);
        }
        let many = Mutex::new(Hints::default());
        for n in 0..=MANY {
            assert!(note(&many, Ok(event(&format!("ho-so/KN-2026-{n:04}.yaml"))), is_hint, dir));
        }
        assert!(names(&many) == 0 && many.lock().unwrap().rescan);
    }
}
