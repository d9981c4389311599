//! What an issued letter was made from, frozen at issue.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::fs;
use crate::letter::{EmailTo, email};
use crate::register::originals;
use crate::workspace::Workspace;

/// A text kept beside the snapshots under its digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Name, e.g. `phieu-tiep-nhan.xml`.
    pub name: String,
    /// SHA-256 of the text.
    pub sha256: String,
}

/// The email an answer goes out with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Email {
    /// Sender's name.
    pub from_name: String,
    /// Sender's address, where the settings have one.
    pub from: Option<String>,
    /// Receiver's name.
    pub to_name: String,
    /// Receiver's address.
    pub to: String,
    /// Subject.
    pub subject: String,
    /// Text.
    pub body: String,
}

impl Email {
    /// The message as a file, the letter attached; the same input gives the same bytes.
    #[must_use]
    pub fn compose(&self, file_name: &str, pdf: &[u8], date: DateTime<FixedOffset>) -> Vec<u8> {
        let to = EmailTo {
            name: self.to_name.clone(),
            address: self.to.clone(),
            from_name: self.from_name.clone(),
            from_address: self.from.clone(),
        };
        email::compose(&email::Mail {
            to: &to,
            subject: &self.subject,
            body: &self.body,
            pdf,
            pdf_name: file_name,
            date,
        })
    }
}

/// The facts, derived values, settings, form and style an issued letter was made from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Program version.
    pub program: String,
    /// Letter id, e.g. `KN-2026-0042/phieu-tiep-nhan`.
    pub letter: String,
    /// Number and symbol, e.g. `05/PTN-ECA`.
    pub number: String,
    /// Subject (trích yếu): the book's column.
    #[serde(default)]
    pub subject: String,
    /// To whom it goes: the book's column.
    #[serde(default)]
    pub addressee: String,
    /// Facts of the case file the letter used, by path.
    pub facts: BTreeMap<String, String>,
    /// Everything the form was filled with: facts, derived dates, settings used.
    pub view: serde_json::Value,
    /// The email that goes with it.
    pub email: Option<Email>,
    /// Forms used.
    pub forms: Vec<Kept>,
    /// Style used.
    pub style: Kept,
    /// Digest of the fonts used.
    pub fonts: String,
    /// File name of the form that was filled; not in the earliest snapshots.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
    /// Date of the letter, which its PDF carries; not in the earliest snapshots.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<NaiveDate>,
}

/// Stores `text` under its digest; the same text is stored once.
///
/// # Errors
/// When the system refuses.
pub fn keep(workspace: &Workspace, name: &str, text: &str) -> fs::Result<Kept> {
    let sha256 = originals::store(&workspace.snapshots(), text.as_bytes(), "txt")?;
    Ok(Kept { name: name.to_owned(), sha256 })
}

impl Snapshot {
    /// Stores the snapshot; returns its digest.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn store(&self, workspace: &Workspace) -> fs::Result<String> {
        let bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        originals::store(&workspace.snapshots(), &bytes, "json")
    }

    /// Reads a stored snapshot; nothing when it is missing or was altered.
    #[must_use]
    pub fn load(workspace: &Workspace, sha256: &str) -> Option<Self> {
        let bytes = originals::load(&workspace.snapshots(), sha256, "json").ok()?;
        serde_json::from_slice(&bytes).ok()
    }

    /// Paths whose fact is no longer what the letter used: (path, then, now).
    #[must_use]
    pub fn changed_facts(&self, now: &BTreeMap<String, String>) -> Vec<(String, String, String)> {
        let paths: std::collections::BTreeSet<&String> = self.facts.keys().chain(now.keys()).collect();
        let value = |facts: &BTreeMap<String, String>, path| facts.get(path).cloned().unwrap_or_default();
        paths
            .into_iter()
            .map(|path| (path.clone(), value(&self.facts, path), value(now, path)))
            .filter(|(_, then, now)| then != now)
            .collect()
    }
}
