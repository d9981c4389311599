//! What can be read of the archive: by whoever holds it open, and by a reader beside who only follows its journal.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate};

use super::ledger::{Ledger, State};
use super::{Fact, Intent, Publication, Reopening, Result, join};
use crate::dossier::Dossier;
use crate::journal::{self, Mark};

/// The archive as its journal tells.
#[derive(Debug, Clone)]
pub struct Listing {
    pub(super) dir: PathBuf,
    pub(super) ledger: Ledger,
    /// How far the journal was followed.
    pub(super) mark: Option<Mark>,
}

impl Listing {
    /// Nothing yet of the archive in the folder `dir`: see [`Listing::follow`].
    #[must_use]
    pub fn new(dir: &Path) -> Self {
        Self { dir: dir.to_owned(), ledger: Ledger::default(), mark: None }
    }

    /// Takes in what was written to the journal since this was last asked; without lock, without writing. Proves nothing.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn follow(&mut self, journal: &Path) -> Result<()> {
        let (entries, mark, goes_on) = journal::since::<Fact>(journal, self.mark.as_ref())?;
        if !goes_on {
            self.ledger = Ledger::default();
        }
        for entry in &entries {
            self.ledger.insert(entry.time, &entry.fact);
        }
        self.mark = Some(mark);
        Ok(())
    }

    /// Where a dossier stands.
    #[must_use]
    pub fn state(&self, code: &str) -> State {
        self.ledger.state(code)
    }

    /// The version the next closing makes; `None` while the dossier is closed.
    #[must_use]
    pub fn next_version(&self, code: &str) -> Option<u32> {
        self.ledger.next_version(code)
    }

    /// The latest version.
    #[must_use]
    pub fn latest(&self, code: &str) -> Option<&Publication> {
        self.versions(code).next_back()
    }

    /// Every dossier there ever was, in the order of codes.
    pub fn states(&self) -> impl Iterator<Item = (&str, State)> {
        self.ledger.histories.iter().map(|(code, history)| (code.as_str(), history.state()))
    }

    /// How many dossiers are closed, not opened again, not destroyed.
    #[must_use]
    pub fn closed(&self) -> usize {
        self.states().filter(|(_, state)| matches!(state, State::Closed(_))).count()
    }

    /// Dossiers that are opened again, with the version that was.
    pub fn reopened(&self) -> impl Iterator<Item = (&str, u32)> {
        let version = |state| if let State::Reopened(version) = state { Some(version) } else { None };
        self.states().filter_map(move |(code, state)| Some((code, version(state)?)))
    }

    /// All versions, oldest first; none of a dossier that is destroyed.
    pub fn versions(&self, code: &str) -> impl DoubleEndedIterator<Item = &Publication> {
        self.ledger.kept(code).into_iter().flat_map(|history| &history.versions).map(|(_, publication)| publication)
    }

    /// Why and by whom the dossier was opened again, while it is.
    #[must_use]
    pub fn reopening(&self, code: &str) -> Option<&Reopening> {
        self.ledger.histories.get(code)?.reopened.as_ref().map(|(_, reopening)| reopening)
    }

    /// The numbers of all versions of a dossier with the time of each publication, oldest first; none of one that is destroyed.
    #[must_use]
    pub fn dated(&self, code: &str) -> Vec<(u32, DateTime<FixedOffset>)> {
        let versions = self.ledger.kept(code).into_iter().flat_map(|history| &history.versions);
        versions.map(|(time, publication)| (publication.meta.version, *time)).collect()
    }

    /// Every version of every dossier with the time of its publication, by code; without those that are destroyed.
    pub fn list(&self) -> impl Iterator<Item = (DateTime<FixedOffset>, &Publication)> {
        let kept = self.ledger.histories.values().filter(|history| history.destroyed.is_none());
        kept.flat_map(|history| &history.versions).map(|(time, publication)| (*time, publication))
    }

    /// The file of a publication.
    #[must_use]
    pub fn file(&self, publication: &Publication) -> PathBuf {
        join(&self.dir, &publication.path)
    }

    /// The fields of a dossier's `bag-info.txt`: title, complainant and the like, as the writer gave them.
    ///
    /// # Errors
    /// When the dossier is missing or damaged.
    pub fn info(&self, publication: &Publication) -> Result<Vec<(String, String)>> {
        Ok(Dossier::open(&self.file(publication))?.info()?)
    }

    /// The title of a dossier; empty where it states none.
    ///
    /// # Errors
    /// When the dossier is missing or damaged.
    pub fn title(&self, publication: &Publication) -> Result<String> {
        let info = self.info(publication)?;
        Ok(info
            .into_iter()
            .find(|(label, _)| label == "External-Description")
            .map(|(_, value)| value)
            .unwrap_or_default())
    }

    /// The closing that was begun and neither published nor given up, with its time.
    #[must_use]
    pub fn intent(&self, code: &str) -> Option<(DateTime<FixedOffset>, &Intent)> {
        self.ledger.histories.get(code)?.intent.as_ref().map(|(time, intent)| (*time, intent))
    }

    /// Where a version is published: with the first one, that one in the folder of the year, from number 1000 on in one of
    /// those below it for every thousand. So no folder grows beyond what is listed in a moment.
    pub(super) fn place(&self, code: &str, version: u32, closed: NaiveDate) -> String {
        let first = self.versions(code).next().and_then(|first| first.path.rsplit_once('/'));
        let folder = first.map_or_else(
            || match code.rsplit_once('-').and_then(|(_, number)| number.parse::<u32>().ok()) {
                Some(number @ 1000..) => format!("{}/{}", closed.year(), number / 1000 * 1000),
                _ => closed.year().to_string(),
            },
            |(folder, _)| folder.to_owned(),
        );
        if version <= 1 { format!("{folder}/{code}.zip") } else { format!("{folder}/{code}-v{version}.zip") }
    }
}
