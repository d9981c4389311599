//! What the books say in words of a letter: subject, addressee, why it was withdrawn.
//!
//! These may name persons, and a journal can forget nothing. So they lie beside it, in the snapshot the letter was made from and
//! in files of reasons, under digests the journal holds: what is destroyed with a dossier is gone, what was altered shows.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{Made, Record, originals};
use crate::fs;

/// What is said in words of a letter; empty where it is not known any more.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    /// Subject (trích yếu).
    pub subject: String,
    /// To whom it goes.
    pub addressee: String,
    /// Why it was withdrawn, if it was.
    pub reason: String,
    /// Number of the disposal by which letter and words were destroyed.
    pub destroyed: Option<String>,
}

/// What a snapshot says of its letter in words.
#[derive(Debug, Default, Deserialize)]
struct OfSnapshot {
    #[serde(default)]
    subject: String,
    #[serde(default)]
    addressee: String,
}

/// Why a number was withdrawn, as it is kept.
#[derive(Debug, Serialize, Deserialize)]
struct Reason {
    #[serde(rename = "van_ban")]
    letter: String,
    #[serde(rename = "ly_do")]
    reason: String,
}

impl Words {
    /// The words of a letter of a case, from the folder of snapshots.
    #[must_use]
    pub fn load(snapshots: &Path, record: &Record) -> Self {
        let told: OfSnapshot = read(snapshots, &record.issued.snapshot_sha256).unwrap_or_default();
        let reason = Self::reason(snapshots, record);
        Self { reason, subject: told.subject, addressee: told.addressee, destroyed: None }
    }

    /// The words of a letter of a batch, from its line in the result list.
    #[must_use]
    pub fn of_made(snapshots: &Path, record: &Record, made: &Made) -> Self {
        let reason = Self::reason(snapshots, record);
        Self { reason, subject: made.subject.clone(), addressee: made.addressee.clone(), destroyed: None }
    }

    fn reason(snapshots: &Path, record: &Record) -> String {
        record.void.as_ref().and_then(|(_, void)| reason(snapshots, &void.reason_sha256)).unwrap_or_default()
    }
}

/// Keeps why the number of a letter is withdrawn, and returns the digest for the journal.
///
/// # Errors
/// When the system refuses.
pub fn keep_reason(snapshots: &Path, letter: &str, reason: &str) -> fs::Result<String> {
    let reason = Reason { letter: letter.to_owned(), reason: reason.to_owned() };
    originals::store(snapshots, &serde_json::to_vec_pretty(&reason).unwrap_or_default(), "json")
}

/// Why a number was withdrawn, by the digest the journal has; nothing where that was not said, or is not known any more.
#[must_use]
pub fn reason(snapshots: &Path, sha256: &str) -> Option<String> {
    let kept: Reason = read(snapshots, sha256)?;
    (!kept.reason.is_empty()).then_some(kept.reason)
}

/// The subject of a letter, by the digest of its snapshot.
#[must_use]
pub fn subject(snapshots: &Path, sha256: &str) -> Option<String> {
    let told: OfSnapshot = read(snapshots, sha256)?;
    (!told.subject.is_empty()).then_some(told.subject)
}

fn read<T: serde::de::DeserializeOwned>(dir: &Path, sha256: &str) -> Option<T> {
    serde_json::from_slice(&originals::load(dir, sha256, "json").ok()?).ok()
}
