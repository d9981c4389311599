//! What the archive's journal says, dossier by dossier and disposal by disposal.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset};

use super::disposal::Disposal;
use super::{Doom, Fact, Hold, Intent, Keep, Publication, Reopening};

/// Where a dossier stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Never published.
    Never,
    /// Published in this version.
    Closed(u32),
    /// Opened again after this version.
    Reopened(u32),
    /// Destroyed, or being destroyed; it had so many versions.
    Destroyed(u32),
}

/// All versions of one dossier.
#[derive(Debug, Clone, Default)]
pub(super) struct History {
    pub(super) versions: Vec<(DateTime<FixedOffset>, Publication)>,
    pub(super) reopened: Option<(DateTime<FixedOffset>, Reopening)>,
    pub(super) intent: Option<(DateTime<FixedOffset>, Intent)>,
    /// Holds in force, by name.
    pub(super) holds: BTreeMap<String, (DateTime<FixedOffset>, Hold)>,
    /// By which disposal its destruction began.
    pub(super) destroyed: Option<(DateTime<FixedOffset>, Doom)>,
}

impl History {
    pub(super) fn state(&self) -> State {
        match (self.versions.last(), &self.reopened, &self.destroyed) {
            (None, ..) => State::Never,
            (Some((_, latest)), _, Some(_)) => State::Destroyed(latest.meta.version),
            (Some((_, latest)), None, None) => State::Closed(latest.meta.version),
            (Some((_, latest)), Some(_), None) => State::Reopened(latest.meta.version),
        }
    }

    /// As long as the version that is kept longest.
    pub(super) fn keep(&self) -> Option<Keep> {
        self.versions.iter().map(|(_, one)| one.meta.keep_until.map_or(Keep::Permanent, Keep::Until)).max()
    }

    pub(super) fn next_version(&self) -> Option<u32> {
        match self.state() {
            State::Never => Some(1),
            State::Closed(_) | State::Destroyed(_) => None,
            State::Reopened(version) => version.checked_add(1),
        }
    }
}

/// The journal, read.
#[derive(Debug, Clone, Default)]
pub(super) struct Ledger {
    /// By case code.
    pub(super) histories: BTreeMap<String, History>,
    /// By number.
    pub(super) disposals: BTreeMap<String, Disposal>,
}

impl Ledger {
    pub(super) fn state(&self, code: &str) -> State {
        self.histories.get(code).map_or(State::Never, History::state)
    }

    pub(super) fn next_version(&self, code: &str) -> Option<u32> {
        self.histories.get(code).map_or(Some(1), History::next_version)
    }

    /// The dossier, unless it is destroyed.
    pub(super) fn kept(&self, code: &str) -> Option<&History> {
        self.histories.get(code).filter(|history| history.destroyed.is_none())
    }

    /// Takes the next entry in. Whether it may follow those before was asked when it was written.
    pub(super) fn insert(&mut self, time: DateTime<FixedOffset>, fact: &Fact) {
        let histories = &mut self.histories;
        match fact {
            Fact::Intended(intent) => of(histories, &intent.code).intent = Some((time, intent.clone())),
            Fact::Abandoned(abandoned) => of(histories, &abandoned.code).intent = None,
            Fact::Published(publication) => {
                let history = of(histories, &publication.meta.code);
                history.versions.push((time, publication.as_ref().clone()));
                history.reopened = None;
                history.intent = None;
            }
            Fact::Held(hold) => {
                of(histories, &hold.code).holds.insert(hold.name.clone(), (time, hold.clone()));
            }
            Fact::Released(hold) => {
                of(histories, &hold.code).holds.remove(&hold.name);
            }
            Fact::Reopened(reopening) => of(histories, &reopening.code).reopened = Some((time, reopening.clone())),
            Fact::Doomed(doom) => {
                of(histories, &doom.code).destroyed = Some((time, doom.clone()));
                if let Some(disposal) = self.disposals.get_mut(&doom.id) {
                    disposal.begun = Some(doom.code.clone());
                }
            }
            Fact::Proposed(proposal) => {
                self.disposals.insert(proposal.id.clone(), Disposal::new(time, proposal.as_ref().clone()));
            }
            Fact::Approved(decision) => {
                if let Some(disposal) = self.disposals.get_mut(&decision.id) {
                    disposal.approved = Some((time, decision.clone()));
                }
            }
            Fact::Refused(decision) => {
                if let Some(disposal) = self.disposals.get_mut(&decision.id) {
                    disposal.refused = Some((time, decision.clone()));
                }
            }
            Fact::Destroyed(destruction) => {
                if let Some(disposal) = self.disposals.get_mut(&destruction.id) {
                    disposal.begun = None;
                    disposal.destroyed.push((time, destruction.clone()));
                }
            }
            Fact::CarriedOut(completion) => {
                if let Some(disposal) = self.disposals.get_mut(&completion.id) {
                    disposal.carried_out = Some((time, completion.clone()));
                }
            }
        }
    }
}

fn of<'a>(histories: &'a mut BTreeMap<String, History>, code: &str) -> &'a mut History {
    histories.entry(code.to_owned()).or_default()
}
