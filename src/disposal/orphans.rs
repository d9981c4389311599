//! Originals and snapshots nothing names: a letter was made and stored, and the program was killed before its number was entered.
//! It was never issued, no dossier holds it, and it may name persons.

use std::collections::HashSet;
use std::path::Path;

use crate::batch::job;
use crate::fs;
use crate::journal::Lock;
use crate::pipeline::{Failure, scan};
use crate::register::verify::batch::so_far;
use crate::register::{Record, Register};
use crate::workspace::Workspace;

/// The stores while nobody stores anything: whoever issues waits for the lock of transactions, and no batch is being made.
#[derive(Debug)]
pub(super) struct Stores {
    _batches: Vec<Lock>,
}

impl Stores {
    /// Bars batches; the caller holds the lock of transactions. A batch stores a letter before its line says so, and without that
    /// lock, so its own is asked for, without waiting: whoever has it may be waiting for ours.
    ///
    /// # Errors
    /// When a batch is being made.
    pub(super) fn bar(workspace: &Workspace, register: &Register) -> Result<Self, Failure> {
        let open = register.blocks().iter().filter(|block| !block.is_done());
        let batches = open.map(|block| job::alone(workspace, &block.reserved.job)).collect::<Result<_, _>>()?;
        Ok(Self { _batches: batches })
    }

    /// Removes what neither the register nor a batch names. Texts of forms and styles stay: they name nobody.
    ///
    /// # Errors
    /// When the system refuses.
    pub(super) fn sweep(&self, workspace: &Workspace, register: &Register) -> fs::Result<()> {
        let (mut originals, mut snapshots) = (HashSet::new(), HashSet::new());
        for Record { issued, void, .. } in register.records() {
            originals.insert(issued.pdf_sha256.clone());
            snapshots.insert(issued.snapshot_sha256.clone());
            snapshots.extend(void.iter().map(|(_, void)| void.reason_sha256.clone()));
        }
        for block in register.blocks() {
            snapshots.extend(block.voids.iter().map(|(_, void)| void.reason_sha256.clone()));
            if block.sealed.is_none() {
                let folder = workspace.job_folder(&block.reserved.job);
                readable(&folder)?;
                for made in so_far(&folder) {
                    originals.insert(made.sha256);
                    snapshots.extend(made.snapshot);
                }
            }
        }
        for (dir, ending, named) in
            [(workspace.originals(), ".pdf", originals), (workspace.snapshots(), ".json", snapshots)]
        {
            if !dir.is_dir() {
                continue;
            }
            for name in scan::list_names(&dir)? {
                let name = name.to_string_lossy();
                let is_orphan = name.strip_suffix(ending).is_some_and(|digest| !named.contains(digest));
                if is_orphan || fs::is_aside(&name) {
                    fs::remove_file(&dir.join(&*name))?;
                }
            }
        }
        Ok(())
    }
}

/// Proves that the result lists of a batch can be read: a list that cannot would name nothing.
fn readable(folder: &Path) -> fs::Result<()> {
    if folder.is_dir() {
        for name in scan::list_names(folder)? {
            if Path::new(&name).extension().is_some_and(|ending| ending == "jsonl") {
                fs::read(&folder.join(name))?;
            }
        }
    }
    Ok(())
}
