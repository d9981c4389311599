//! How long dossiers are kept: terms over all versions, and holds.

use chrono::{DateTime, FixedOffset, NaiveDate};

use super::ledger::History;
use super::{Archive, Error, Fact, Hold, Listing, Publication, Result, State};

/// How long a dossier is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Keep {
    /// To the end of this day.
    Until(NaiveDate),
    /// For ever.
    Permanent,
}

/// A dossier whose time is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due<'a> {
    /// Its latest version.
    pub latest: &'a Publication,
    /// How many versions there are.
    pub versions: usize,
    /// Last day of retention.
    pub kept_until: NaiveDate,
    /// Holds that keep it all the same, with the time each was set.
    pub holds: Vec<(DateTime<FixedOffset>, &'a Hold)>,
}

impl Listing {
    /// How long a dossier is kept: as long as the version that is kept longest. `None` when there is no such dossier.
    #[must_use]
    pub fn keep(&self, code: &str) -> Option<Keep> {
        self.ledger.kept(code)?.keep()
    }

    /// Closed dossiers whose retention ended before `day`, by that end and code, held ones as well. One that was opened again
    /// is not over.
    #[must_use]
    pub fn due(&self, day: NaiveDate) -> Vec<Due<'_>> {
        let over = |history: &'_ History| match (history.state(), history.keep()) {
            (State::Closed(_), Some(Keep::Until(kept_until))) if kept_until < day => Some(kept_until),
            _ => None,
        };
        let histories = self.ledger.histories.values();
        let mut due: Vec<Due> = histories
            .filter_map(|history| {
                let (kept_until, (_, latest)) = (over(history)?, history.versions.last()?);
                let holds = history.holds.values().map(|(time, hold)| (*time, hold)).collect();
                Some(Due { latest, versions: history.versions.len(), kept_until, holds })
            })
            .collect();
        // By code they come already; of a year's dossiers most end on one day.
        due.sort_by_key(|due| due.kept_until);
        due
    }

    /// The holds on a dossier, by name, with the time each was set.
    pub fn holds(&self, code: &str) -> impl Iterator<Item = (DateTime<FixedOffset>, &Hold)> {
        self.ledger
            .histories
            .get(code)
            .into_iter()
            .flat_map(|history| history.holds.values())
            .map(|(time, hold)| (*time, hold))
    }

    /// Every hold in force, by code and name.
    pub fn all_holds(&self) -> impl Iterator<Item = (DateTime<FixedOffset>, &Hold)> {
        self.ledger.histories.values().flat_map(|history| history.holds.values()).map(|(time, hold)| (*time, hold))
    }
}

impl Archive {
    /// Sets a hold: all versions of the dossier are kept until every hold on it is released.
    ///
    /// # Errors
    /// When there is no such dossier, a hold of that name lies on it, or the journal cannot be written.
    pub fn hold(&mut self, hold: Hold, time: DateTime<FixedOffset>) -> Result<()> {
        match self.ledger.histories.get(&hold.code) {
            None => Err(Error::NoSuchCode(hold.code)),
            Some(history) if history.versions.is_empty() || history.destroyed.is_some() => {
                Err(Error::NoSuchCode(hold.code))
            }
            Some(history) if history.holds.contains_key(&hold.name) => {
                Err(Error::Held { code: hold.code, name: hold.name })
            }
            Some(_) => self.append(time, Fact::Held(hold)),
        }
    }

    /// Releases a hold; the others on the dossier stay.
    ///
    /// # Errors
    /// When no hold of that name lies on the dossier, or the journal cannot be written.
    pub fn release(&mut self, hold: Hold, time: DateTime<FixedOffset>) -> Result<()> {
        if !self.ledger.histories.get(&hold.code).is_some_and(|history| history.holds.contains_key(&hold.name)) {
            return Err(Error::NotHeld { code: hold.code, name: hold.name });
        }
        self.append(time, Fact::Released(hold))
    }
}
