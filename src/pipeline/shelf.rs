//! The journals between two passes: read anew only when their files are no longer the ones that were read.

use std::path::Path;

use super::Failure;
use crate::archive::Archive;
use crate::diagnostic::Diagnostic;
use crate::fs::Stamp;
use crate::journal;
use crate::register::Register;
use crate::workspace::Workspace;

/// A journal as it was read, with the stamps its files had: journal and head, and the second copy of both.
#[derive(Debug)]
struct Kept<T> {
    value: T,
    stamps: [Stamp; 4],
    notes: Vec<Diagnostic>,
}

/// The register and the archive, once they were opened.
#[derive(Debug, Default)]
pub struct Shelf {
    register: Option<Kept<Register>>,
    archive: Option<Kept<Archive>>,
}

fn stamps(path: &Path, mirror: &Path) -> [Stamp; 4] {
    let second = journal::mirror_path(path, mirror);
    [path.to_owned(), journal::head_path(path), second.clone(), journal::head_path(&second)]
        .map(|file| std::fs::symlink_metadata(file).map(|meta| Stamp::of(&meta)).unwrap_or_default())
}

fn of_register(workspace: &Workspace) -> [Stamp; 4] {
    stamps(&workspace.register(), &workspace.mirror())
}

fn of_archive(workspace: &Workspace) -> [Stamp; 4] {
    stamps(&workspace.archive_journal(), &workspace.mirror())
}

impl Shelf {
    /// The register as it is now. The caller holds the lock.
    ///
    /// # Errors
    /// When its journal is damaged or cannot be read.
    pub fn register(&mut self, workspace: &Workspace) -> Result<&mut Register, Failure> {
        if self.register.as_ref().is_some_and(|kept| kept.stamps != of_register(workspace)) {
            self.register = None;
        }
        let kept = match self.register.take() {
            Some(kept) => kept,
            None => {
                let (value, notes) = Register::open(&workspace.register(), Some(&workspace.mirror()))?;
                // Opening mends what a power cut left.
                Kept { value, stamps: of_register(workspace), notes }
            }
        };
        Ok(&mut self.register.insert(kept).value)
    }

    /// Both as they are now.
    ///
    /// # Errors
    /// When a journal is damaged or cannot be read.
    pub fn journals(&mut self, workspace: &Workspace) -> Result<(&Register, &Archive), Failure> {
        let _lock = workspace.lock()?;
        self.archive(workspace)?;
        self.register(workspace)?;
        match (&self.register, &self.archive) {
            (Some(register), Some(archive)) => Ok((&register.value, &archive.value)),
            _ => Err(Failure::State("sổ chưa mở được".to_owned())),
        }
    }

    /// What opening the register had to say; what was mended is told once.
    pub fn register_notes(&mut self) -> Vec<Diagnostic> {
        let Some(kept) = &mut self.register else { return Vec::new() };
        let told = kept.notes.clone();
        kept.notes.retain(|note| !note.is_passing());
        told
    }

    /// After an entry was made under the lock: what is kept is what lies there.
    pub fn wrote_register(&mut self, workspace: &Workspace) {
        if let Some(kept) = &mut self.register {
            kept.stamps = of_register(workspace);
        }
    }

    /// After a failure the journal may hold more than is known here.
    pub fn drop_register(&mut self) {
        self.register = None;
    }

    /// The archive as it is now. The caller holds the lock.
    ///
    /// # Errors
    /// When its journal is damaged or cannot be read.
    pub fn archive(&mut self, workspace: &Workspace) -> Result<&mut Archive, Failure> {
        if self.archive.as_ref().is_some_and(|kept| kept.stamps != of_archive(workspace)) {
            self.archive = None;
        }
        let kept = match self.archive.take() {
            Some(kept) => kept,
            None => {
                let value = super::close::open_archive(workspace)?;
                Kept { value, stamps: of_archive(workspace), notes: Vec::new() }
            }
        };
        Ok(&mut self.archive.insert(kept).value)
    }

    /// As [`Shelf::drop_register`], for the archive.
    pub fn drop_archive(&mut self) {
        self.archive = None;
    }

    /// As [`Shelf::wrote_register`], for the archive.
    pub fn wrote_archive(&mut self, workspace: &Workspace) {
        if let Some(kept) = &mut self.archive {
            kept.stamps = of_archive(workspace);
        }
    }
}
