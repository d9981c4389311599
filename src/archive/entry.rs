//! What the archive's journal says.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What the caller knows of a dossier to be published. No personal data: this outlives the dossier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Meta {
    /// Case code.
    #[serde(rename = "ma_ho_so")]
    pub code: String,
    /// Version, from 1.
    #[serde(rename = "phien_ban")]
    pub version: u32,
    /// How the case ended.
    #[serde(rename = "ket_thuc")]
    pub end: String,
    /// Date of closing.
    #[serde(rename = "ngay_luu")]
    pub closed: NaiveDate,
    /// Date of the first document.
    #[serde(rename = "tu_ngay")]
    pub from: NaiveDate,
    /// Date of the last document.
    #[serde(rename = "den_ngay")]
    pub to: NaiveDate,
    /// Period of retention in words, e.g. "15 năm".
    #[serde(rename = "thoi_han")]
    pub retention: String,
    /// Last day of retention; `None` when it is kept for ever.
    #[serde(rename = "luu_den", default)]
    pub keep_until: Option<NaiveDate>,
    /// Number of letters.
    #[serde(rename = "so_van_ban")]
    pub letters: u32,
    /// Pages of all letters.
    #[serde(rename = "so_trang")]
    pub pages: u32,
}

/// A published dossier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publication {
    /// What the caller told.
    #[serde(rename = "ho_so")]
    pub meta: Meta,
    /// Place in the archive folder, parts separated by `/`.
    #[serde(rename = "tep")]
    pub path: String,
    /// SHA-256 of the whole zip.
    #[serde(rename = "bam")]
    pub sha256: String,
    /// Its size in bytes.
    #[serde(rename = "co")]
    pub size: u64,
}

/// A dossier opened again; the zip stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reopening {
    /// Case code.
    #[serde(rename = "ma_ho_so")]
    pub code: String,
    /// The version that was the latest.
    #[serde(rename = "phien_ban")]
    pub version: u32,
    /// Why.
    #[serde(rename = "ly_do")]
    pub reason: String,
    /// Who decided.
    #[serde(rename = "nguoi_thuc_hien")]
    pub by: String,
}

/// A closing that was begun; the dossier is not published yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Intent {
    /// Case code.
    #[serde(rename = "ma_ho_so")]
    pub code: String,
    /// The version to be made.
    #[serde(rename = "phien_ban")]
    pub version: u32,
    /// SHA-256 of the case file that is being closed.
    #[serde(rename = "bam_tep_ho_so")]
    pub case_sha256: String,
}

/// A closing that was given up; the case lies where it lay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Abandoned {
    /// Case code.
    #[serde(rename = "ma_ho_so")]
    pub code: String,
    /// The version that was not made.
    #[serde(rename = "phien_ban")]
    pub version: u32,
}

/// A reason to keep a dossier beyond its time, or its end. Covers all versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hold {
    /// Case code.
    #[serde(rename = "ma_ho_so")]
    pub code: String,
    /// What it is called, e.g. "vụ án 12/2031". No names of persons: this outlives the dossier.
    #[serde(rename = "ten")]
    pub name: String,
    /// Why it is set, or released.
    #[serde(rename = "ly_do")]
    pub reason: String,
    /// Who decided.
    #[serde(rename = "nguoi_thuc_hien")]
    pub by: String,
}

/// One entry of the archive's journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "loai")]
pub enum Fact {
    /// A closing was begun.
    #[serde(rename = "bat_dau_luu")]
    Intended(Intent),
    /// A closing was given up.
    #[serde(rename = "bo_luu")]
    Abandoned(Abandoned),
    /// A dossier was published.
    #[serde(rename = "dang")]
    Published(Box<Publication>),
    /// A dossier was opened again.
    #[serde(rename = "mo_lai")]
    Reopened(Reopening),
    /// A hold was set.
    #[serde(rename = "tam_dung_huy")]
    Held(Hold),
    /// A hold was released.
    #[serde(rename = "bo_tam_dung_huy")]
    Released(Hold),
}
