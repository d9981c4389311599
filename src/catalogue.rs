//! The archive's index: dossiers found by half a name, a number, a word. Sole user of `rusqlite`.
//!
//! Derived from the zips and the archive's journal, and never the truth: lost, broken or out of date, it is made again
//! ([`Catalogue::open`], [`Catalogue::refresh`]). What is searched for and what is searched through is folded by the same
//! functions (`fold`): once without accents, which decides what is found, and once with them, which decides what comes first.

use std::path::{Path, PathBuf};

use chrono::{DateTime, FixedOffset};
use rayon::prelude::*;

use crate::archive::Fact;
use crate::fs;
use crate::journal;
use crate::workspace::{self, Workspace};

mod fold;
mod folder;
mod order;
mod query;
mod record;
mod search;
mod snippet;
mod store;

pub use search::{Filter, Found as Hits, Hit, Sort, State};
pub use snippet::Snippet;
pub use store::Found;
use store::Store;

/// Zips read at once, before what they say is written: so many fit into memory.
const AT_ONCE: usize = 256;
/// From so many new dossiers on, the index is put in order afterwards.
const MANY: usize = 1000;

/// Why the index could not be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The system refused.
    #[error(transparent)]
    Io(#[from] fs::Error),
    /// The archive's journal cannot be read.
    #[error(transparent)]
    Journal(#[from] journal::Error),
    /// SQLite refused.
    #[error("chỉ mục tra cứu: {0}")]
    Index(#[from] rusqlite::Error),
}

/// Result with [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

/// What a refresh did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Refreshed {
    /// Why all was read anew, if it was.
    pub rebuilt: Option<Found>,
    /// Zips taken up.
    pub added: usize,
    /// Zips that were in the index and are gone.
    pub removed: usize,
    /// Zips that could not be read, with the reason.
    pub unread: Vec<(String, String)>,
}

/// What is left of a dossier that is destroyed: no name, no title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tombstone {
    /// Case code.
    pub code: String,
    /// Number of the disposal.
    pub disposal: String,
    /// When.
    pub at: DateTime<FixedOffset>,
}

/// How far a refresh is: called with the number of zips read since the last call, and the number to be read in all.
pub type Progress<'a> = &'a (dyn Fn(usize, usize) + Sync);

/// Where the index and what it is made of lie.
#[derive(Debug, Clone)]
struct Places {
    index: PathBuf,
    archive: PathBuf,
    journal: PathBuf,
}

/// The index, open.
pub struct Catalogue {
    store: Store,
    places: Places,
    found: Found,
}

impl std::fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Catalogue").field("places", &self.places).finish_non_exhaustive()
    }
}

/// Whether a file of this name is a dossier that counts: not one set aside, not one that is being written.
fn is_dossier(name: &str) -> bool {
    let lower = name.to_lowercase();
    lower.ends_with(".zip") && !name.starts_with('.')
}

impl Catalogue {
    /// Opens the index and brings it up to date with the archive; makes it where there is none or it is broken.
    ///
    /// # Errors
    /// When the system refuses, or the journal cannot be read. A dossier that cannot be read is no error but told.
    pub fn open(workspace: &Workspace, progress: Progress) -> Result<(Self, Refreshed)> {
        let _lock = workspace.catalogue_lock()?;
        Self::current(workspace, false, progress)
    }

    /// Makes the index anew from the zips and the journal alone.
    ///
    /// # Errors
    /// As [`Catalogue::open`].
    pub fn rebuild(workspace: &Workspace, progress: Progress) -> Result<(Self, Refreshed)> {
        let _lock = workspace.catalogue_lock()?;
        Store::remove(&workspace.catalogue())?;
        Self::current(workspace, false, progress)
    }

    /// Takes everything of these cases out of the index, so that nothing of them can be read from its file.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn forget(workspace: &Workspace, codes: &[String]) -> Result<()> {
        let _lock = workspace.catalogue_lock()?;
        if !workspace.catalogue().exists() {
            return Ok(());
        }
        let (mut store, _) = Store::open(&workspace.catalogue())?;
        store.forget_codes(codes)
    }

    fn current(workspace: &Workspace, all: bool, progress: Progress) -> Result<(Self, Refreshed)> {
        let places = Places {
            index: workspace.catalogue(),
            archive: workspace.archive().to_owned(),
            journal: workspace.archive_journal(),
        };
        if let Some(folder) = places.index.parent() {
            fs::create_dir(folder)?;
        }
        let (store, found) = Store::open(&places.index)?;
        let mut catalogue = Self { store, places, found };
        match catalogue.refresh(all, progress) {
            Err(error) if error.is_damage() => {
                catalogue = catalogue.anew()?;
                let refreshed = catalogue.refresh(all, progress)?;
                Ok((catalogue, refreshed))
            }
            other => other.map(|refreshed| (catalogue, refreshed)),
        }
    }

    /// The index begun anew, because it is broken.
    fn anew(self) -> Result<Self> {
        let Self { store, places, .. } = self;
        drop(store);
        Store::remove(&places.index)?;
        let (store, _) = Store::open(&places.index)?;
        Ok(Self { store, places, found: Found::Broken })
    }

    fn refresh(&mut self, all: bool, progress: Progress) -> Result<Refreshed> {
        let rebuilt = (self.found != Found::Sound).then_some(self.found);
        let difference = folder::compare(&self.store, &self.places.archive, workspace::machine_time(), all)?;
        let root = &self.places.archive;
        let total = difference.new.len();
        for chunk in difference.new.chunks(AT_ONCE) {
            let read = |seen: &store::Seen| {
                let record = record::read(&folder::join(root, &seen.path)).map_err(|error| error.to_string());
                progress(1, total);
                record
            };
            let records: Vec<_> = chunk.par_iter().map(read).collect();
            let work = self.store.connection.transaction()?;
            for (seen, record) in chunk.iter().zip(&records) {
                store::insert(&work, seen, record)?;
            }
            work.commit()?;
        }
        let mark = self.store.mark()?;
        let (entries, now, goes_on) = journal::since::<Fact>(&self.places.journal, mark.as_ref())?;
        let changed =
            !(difference.listed.is_empty() && difference.gone.is_empty() && difference.folders_gone.is_empty());
        if changed || mark.as_ref() != Some(&now) {
            // Last: a kill before it only makes the next refresh look again.
            let work = self.store.connection.transaction()?;
            for path in &difference.gone {
                store::forget(&work, path)?;
            }
            for path in &difference.folders_gone {
                store::forget_folder(&work, path)?;
            }
            for folder in &difference.listed {
                store::note_folder(&work, folder)?;
            }
            if !goes_on {
                work.execute("DELETE FROM reopened", [])?;
                work.execute("DELETE FROM held", [])?;
                work.execute("DELETE FROM tombstone", [])?;
            }
            for entry in &entries {
                match &entry.fact {
                    Fact::Reopened(reopening) => store::note_reopened(&work, &reopening.code, true)?,
                    Fact::Published(publication) => store::note_reopened(&work, &publication.meta.code, false)?,
                    Fact::Held(hold) => store::note_held(&work, &hold.code, &hold.name, true)?,
                    Fact::Released(hold) => store::note_held(&work, &hold.code, &hold.name, false)?,
                    Fact::Doomed(doom) => {
                        let (code, disposal) = (doom.code.clone(), doom.id.clone());
                        store::note_destroyed(&work, &Tombstone { code, disposal, at: entry.time })?;
                    }
                    Fact::Intended(_)
                    | Fact::Abandoned(_)
                    | Fact::Proposed(_)
                    | Fact::Approved(_)
                    | Fact::Refused(_)
                    | Fact::Destroyed(_)
                    | Fact::CarriedOut(_) => {}
                }
            }
            store::note_mark(&work, &now)?;
            work.commit()?;
        }
        if total >= MANY {
            self.store.connection.execute("INSERT INTO words (words) VALUES ('optimize')", [])?;
        }
        Ok(Refreshed { rebuilt, added: total, removed: difference.gone.len(), unread: self.store.faults()? })
    }

    /// Searches: see [`Filter`]. `text` is what somebody typed; blank: all that pass the filter.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn search(&self, text: &str, filter: &Filter, sort: Sort, limit: usize) -> Result<Hits> {
        self.store.for_reading()?;
        search::search(&self.store, text, filter, sort, limit)
    }

    /// Dossiers that are destroyed and whose code, or the number of the disposal, is what somebody typed; blank: all.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn tombstones(&self, text: &str) -> Result<Vec<Tombstone>> {
        let mut stones = self.store.tombstones()?;
        let typed: Vec<String> =
            text.split_whitespace().chain([text]).map(fold::squeezed).filter(|word| !word.is_empty()).collect();
        let asked =
            |stone: &Tombstone| [&stone.code, &stone.disposal].iter().any(|name| typed.contains(&fold::squeezed(name)));
        if !typed.is_empty() {
            stones.retain(asked);
        }
        Ok(stones)
    }

    /// Dossiers in the index, every version by itself.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn count(&self) -> Result<u64> {
        self.store.count()
    }

    /// Whether there is no dossier in it.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn is_empty(&self) -> Result<bool> {
        self.store.is_empty()
    }

    /// Where the index lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.places.index
    }
}
