//! The card of a batch: what its letters are made from.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What a batch was made from; kept beside its letters, so that a second run is known to be the same batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// Form, without ending.
    pub form: String,
    /// SHA-256 of the data file.
    pub data: String,
    /// Rows of the table.
    pub rows: usize,
    /// Rows that become letters.
    pub letters: usize,
    /// Date of the letters.
    pub date: NaiveDate,
    /// `draft` or `for_signature`.
    pub state: State,
    /// Who signs, by id.
    pub signer: String,
    /// Program version.
    pub program: String,
    /// Digest of the fonts used.
    pub fonts: String,
    /// Digest of settings, forms, style, fonts and program version.
    pub workspace: String,
}

/// State of the letters of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Drafts.
    Draft,
    /// Copies for signature.
    ForSignature,
    /// Issued letters.
    Issued,
}

impl Card {
    /// In what it differs from another, in Vietnamese.
    pub(super) fn differing(&self, other: &Self) -> Vec<&'static str> {
        [
            (self.form == other.form, "biểu mẫu"),
            (self.data == other.data, "dữ liệu"),
            (self.rows == other.rows && self.letters == other.letters, "số dòng được làm"),
            (self.date == other.date, "ngày văn bản"),
            (self.state == other.state, "tình trạng"),
            (self.signer == other.signer, "người ký"),
            (self.workspace == other.workspace, "cấu hình, biểu mẫu hoặc phiên bản chương trình"),
        ]
        .into_iter()
        .filter(|(same, _)| !same)
        .map(|(_, what)| what)
        .collect()
    }
}
