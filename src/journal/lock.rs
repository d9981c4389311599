//! The locks: one held for each transaction, one that bars a second watcher and says who holds it.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

use crate::fs;

/// An exclusive lock on a file, released when dropped or when the process ends.
#[derive(Debug)]
pub struct Lock {
    _file: File,
    note: Option<PathBuf>,
}

/// Who holds a lock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Process id.
    pub pid: u32,
    /// Name of the machine.
    pub host: String,
    /// Since when.
    pub since: DateTime<FixedOffset>,
}

impl Holder {
    /// This process on this machine.
    #[must_use]
    pub fn this_process(since: DateTime<FixedOffset>) -> Self {
        let host = std::fs::read_to_string("/proc/sys/kernel/hostname")
            .ok()
            .or_else(|| std::env::var("COMPUTERNAME").ok())
            .or_else(|| std::env::var("HOSTNAME").ok())
            .map(|name| name.trim().to_owned())
            .unwrap_or_default();
        Self { pid: std::process::id(), host, since }
    }
}

impl std::fmt::Display for Holder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let since = self.since.format("%H:%M ngày %d/%m/%Y");
        write!(f, "tiến trình {} trên máy {}, từ {since}", self.pid, self.host)
    }
}

/// What came of trying a lock.
#[derive(Debug)]
pub enum Acquired {
    /// It is ours.
    Yes(Lock),
    /// Another holds it; who, where that can be read.
    HeldBy(Option<Holder>),
}

fn open(path: &Path) -> fs::Result<File> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir(folder)?;
    }
    fs::attempt("mở", path, || OpenOptions::new().create(true).read(true).write(true).truncate(false).open(path))
}

impl Lock {
    /// Waits until the lock at `path` is free and takes it; the file is created when missing.
    ///
    /// # Errors
    /// When the system refuses, or knows no locks on this file system.
    pub fn acquire(path: &Path) -> fs::Result<Self> {
        let file = open(path)?;
        fs::context(file.lock(), "khóa", path)?;
        Ok(Self { _file: file, note: None })
    }

    /// Takes the lock at `path` together with whoever else shares it, unless somebody has it alone.
    ///
    /// # Errors
    /// When the system refuses, or knows no locks on this file system.
    pub fn share(path: &Path) -> fs::Result<Option<Self>> {
        let file = open(path)?;
        Self::tried(file.try_lock_shared(), file, path)
    }

    /// Takes the lock at `path` alone, unless somebody has or shares it.
    ///
    /// # Errors
    /// When the system refuses, or knows no locks on this file system.
    pub fn alone(path: &Path) -> fs::Result<Option<Self>> {
        let file = open(path)?;
        Self::tried(file.try_lock(), file, path)
    }

    fn tried(result: Result<(), TryLockError>, file: File, path: &Path) -> fs::Result<Option<Self>> {
        match result {
            Ok(()) => Ok(Some(Self { _file: file, note: None })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(source)) => Err(fs::Error { action: "khóa", path: path.to_owned(), source }),
        }
    }

    /// Whether somebody has the lock at `path`. Nothing is written; a lock nobody ever took has no file.
    ///
    /// # Errors
    /// When the system refuses, or knows no locks on this file system.
    pub fn is_held(path: &Path) -> fs::Result<bool> {
        if !path.exists() {
            return Ok(false);
        }
        let file = fs::context(File::open(path), "mở", path)?;
        Ok(Self::tried(file.try_lock_shared(), file, path)?.is_none())
    }

    /// Takes the lock at `path` if it is free and notes `holder` in `<file>.giu`; otherwise says who has it.
    ///
    /// # Errors
    /// When the system refuses, or knows no locks on this file system.
    pub fn try_acquire(path: &Path, holder: &Holder) -> fs::Result<Acquired> {
        let file = open(path)?;
        // Beside the lock, not in it: Windows lets nobody read a locked file.
        let note = super::beside(path, ".giu");
        match patiently(&file) {
            Ok(()) => {
                let text = serde_json::to_string(holder).unwrap_or_default();
                fs::context(std::fs::write(&note, text + "\n"), "ghi", &note)?;
                Ok(Acquired::Yes(Self { _file: file, note: Some(note) }))
            }
            Err(TryLockError::WouldBlock) => {
                let holder = std::fs::read(&note).ok().and_then(|text| serde_json::from_slice(&text).ok());
                Ok(Acquired::HeldBy(holder))
            }
            Err(TryLockError::Error(source)) => Err(fs::Error { action: "khóa", path: path.to_owned(), source }),
        }
    }
}

/// A moment's grace: somebody may only be asking whether the lock is held.
fn patiently(file: &File) -> Result<(), TryLockError> {
    for _ in 0..5 {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => std::thread::sleep(std::time::Duration::from_millis(20)),
            other => return other,
        }
    }
    file.try_lock()
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Still locked here, so nobody else's note can be taken away.
        if let Some(note) = &self.note {
            let _ = std::fs::remove_file(note);
        }
    }
}
