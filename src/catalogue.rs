//! The archive's index: dossiers found by half a name, a number, a word. Sole user of `rusqlite`.
//!
//! Derived from the zips and the archive's journal, and never the truth: lost, broken or out of date, it is made again
//! ([`Catalogue::open`], [`Catalogue::refresh`]). What is searched for and what is searched through is folded by the same
//! functions (`fold`): once without accents, which decides what is found, and once with them, which decides what comes first.

use std::path::{Path, PathBuf};

use chrono::{DateTime, FixedOffset};
use rayon::prelude::*;

use crate::fs;
use crate::journal::Lock;
use crate::workspace::{self, Folders};

mod error;
mod fold;
mod folder;
mod ledger;
mod order;
mod query;
mod record;
mod search;
mod snippet;
mod store;

pub use error::{Error, Result};
pub use search::{Filter, Found as Hits, Hit, Sort, State};
pub use snippet::Snippet;
pub use store::Found;
use store::Store;

/// Zips read at once, before what they say is written: so many fit into memory.
const AT_ONCE: usize = 256;
/// All zips are compared once in so many seconds: a file written over in its place does not show in its folder.
const A_DAY: i64 = 24 * 3600;
/// So often a search begins again because a file it found has changed.
const ROUNDS: usize = 3;
/// From so many new dossiers on, the index is put in order afterwards.
const MANY: usize = 1000;

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
    /// Zips of dossiers the journal knows in another place.
    pub strays: Vec<Stray>,
    /// Zips of destroyed dossiers that still lie in the archive: path and code.
    pub remains: Vec<(String, String)>,
}

/// A zip of a dossier which the journal knows in another place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stray {
    /// Where it lies, below the archive's folder.
    pub path: String,
    /// Of which case.
    pub code: String,
    /// Where the journal's file, of the latest version, lies.
    pub registered: String,
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
    /// Numbers of its letters, as the register keeps them.
    pub letters: Vec<String>,
}

/// How far a refresh is: called with the number of zips read since the last call, and the number to be read in all.
pub type Progress<'a> = &'a (dyn Fn(usize, usize) + Sync);

/// Where the index and what it is made of lie.
#[derive(Debug, Clone)]
struct Places {
    index: PathBuf,
    archive: PathBuf,
    journal: PathBuf,
    register: PathBuf,
    lock: PathBuf,
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
    /// Opens the index, brings it up to date with the archive, and asks it; makes it where there is none, and anew where it turns out broken,
    /// were it only in what is asked.
    ///
    /// # Errors
    /// When the system refuses, or the journal cannot be read. A dossier that cannot be read is no error but told.
    pub fn ask<T>(
        folders: &Folders,
        progress: Progress,
        ask: impl Fn(&mut Self) -> Result<T>,
    ) -> Result<(T, Refreshed)> {
        let asked = |(mut catalogue, refreshed): (Self, Refreshed)| {
            let answer = ask(&mut catalogue)?;
            // What was asked may have been looked at again.
            Ok((answer, catalogue.told(refreshed)?))
        };
        match Self::open(folders, progress).and_then(&asked) {
            Err(error) if error.is_damage() => {
                let (catalogue, refreshed) = Self::rebuild(folders, progress)?;
                asked((catalogue, Refreshed { rebuilt: Some(Found::Broken), ..refreshed }))
            }
            other => other,
        }
    }

    /// Opens the index and brings it up to date with the archive; makes it where there is none or it is broken.
    ///
    /// # Errors
    /// As [`Catalogue::ask`].
    pub fn open(folders: &Folders, progress: Progress) -> Result<(Self, Refreshed)> {
        let _lock = folders.catalogue_lock()?;
        Self::current(folders, progress)
    }

    /// Makes the index anew from the zips and the journal alone.
    ///
    /// # Errors
    /// As [`Catalogue::ask`].
    pub fn rebuild(folders: &Folders, progress: Progress) -> Result<(Self, Refreshed)> {
        let _lock = folders.catalogue_lock()?;
        Store::remove(&folders.catalogue())?;
        Self::current(folders, progress)
    }

    /// Takes everything of these cases out of the index, so that nothing of them can be read from its file. A broken index is removed: it is
    /// made anew when it is asked for.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn forget(folders: &Folders, codes: &[String]) -> Result<()> {
        let _lock = folders.catalogue_lock()?;
        let path = folders.catalogue();
        if !path.exists() {
            return Ok(());
        }
        let forgotten = Store::open(&path).and_then(|(mut store, _)| {
            store.prove()?;
            store.forget_codes(codes)
        });
        match forgotten {
            Err(error) if error.is_damage() => Store::remove(&path),
            other => other,
        }
    }

    fn current(folders: &Folders, progress: Progress) -> Result<(Self, Refreshed)> {
        let places = Places {
            index: folders.catalogue(),
            archive: folders.archive().to_owned(),
            journal: folders.archive_journal(),
            register: folders.register(),
            lock: folders.catalogue_lock_file(),
        };
        if let Some(folder) = places.index.parent() {
            fs::create_dir(folder)?;
        }
        let (store, found) = Store::open(&places.index)?;
        let mut catalogue = Self { store, places, found };
        match catalogue.refresh(progress) {
            Err(error) if error.is_damage() => {
                catalogue = catalogue.anew()?;
                let refreshed = catalogue.refresh(progress)?;
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

    fn refresh(&mut self, progress: Progress) -> Result<Refreshed> {
        let rebuilt = (self.found != Found::Sound).then_some(self.found);
        let (now, machine) = (workspace::seconds_now(), workspace::machine_time());
        // A clock that was set back is no reason to wait.
        let all = self.store.compared()?.is_none_or(|last| !(last..last + A_DAY).contains(&now));
        let difference = folder::compare(&self.store, &self.places.archive, machine, all)?;
        // Behind the folder: what lies there by now, the journal knows.
        ledger::follow(&mut self.store, &self.places.journal, &self.places.register)?;
        self.take_up(&difference, progress)?;
        if all {
            let work = self.store.connection.transaction()?;
            store::note_compared(&work, now)?;
            work.commit()?;
        }
        if difference.new.len() >= MANY {
            self.store.connection.execute("INSERT INTO words (words) VALUES ('optimize')", [])?;
        }
        let (added, removed) = (difference.new.len(), difference.gone.len());
        self.told(Refreshed { rebuilt, added, removed, ..Refreshed::default() })
    }

    /// Reads what is new and takes out what is gone.
    fn take_up(&mut self, difference: &folder::Difference, progress: Progress) -> Result<()> {
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
        if difference.listed.is_empty() && difference.gone.is_empty() && difference.folders_gone.is_empty() {
            return Ok(());
        }
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
        Ok(work.commit()?)
    }

    /// With what is to be told of the zips as the index knows them now.
    fn told(&self, refreshed: Refreshed) -> Result<Refreshed> {
        let (unread, strays, remains) = (self.store.faults()?, self.store.strays()?, self.store.remains()?);
        Ok(Refreshed { unread, strays, remains, ..refreshed })
    }

    /// Searches: see [`Filter`]. `text` is what somebody typed; blank: all that pass the filter. What was found is looked at: where a file is
    /// another one by now, it is taken up, and the search begins again.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn search(&mut self, text: &str, filter: &Filter, sort: Sort, limit: usize) -> Result<Hits> {
        self.store.for_reading()?;
        for _ in 0..ROUNDS {
            let found = search::search(&self.store, text, filter, sort, limit)?;
            let paths = found.hits.iter().map(|hit| hit.path.as_str());
            let changed = folder::changed(&self.store, &self.places.archive, paths, workspace::machine_time())?;
            if changed == folder::Difference::default() {
                return Ok(found);
            }
            let _lock = Lock::acquire(&self.places.lock)?;
            self.take_up(&changed, &|_, _| {})?;
        }
        search::search(&self.store, text, filter, sort, limit)
    }

    /// Where a dossier lies that the archive's journal does not know, below the archive's folder: of this version, else the latest.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn unregistered(&self, code: &str, version: Option<u32>) -> Result<Option<String>> {
        self.store.unregistered(code, version)
    }

    /// Dossiers that are destroyed and whose code, number of the disposal, or number of a letter is what somebody typed; blank: all.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn tombstones(&self, text: &str) -> Result<Vec<Tombstone>> {
        let mut stones = self.store.tombstones()?;
        let typed: Vec<String> =
            text.split_whitespace().chain([text]).map(fold::squeezed).filter(|word| !word.is_empty()).collect();
        let asked = |stone: &Tombstone| {
            let mut names = [&stone.code, &stone.disposal].into_iter().chain(&stone.letters);
            names.any(|name| typed.contains(&fold::squeezed(name)))
        };
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
