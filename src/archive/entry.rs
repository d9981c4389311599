//! What the archive's journal says.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::procedure::End;

/// A stretch of time a complaint was open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stretch {
    /// The day it came, or was taken up again.
    #[serde(rename = "tu_ngay")]
    pub from: NaiveDate,
    /// The day it ended.
    #[serde(rename = "den_ngay")]
    pub ended: NaiveDate,
    /// How it ended.
    #[serde(rename = "ket_thuc", with = "EndWord")]
    pub end: End,
}

/// Words of the journal for [`End`].
#[derive(Serialize, Deserialize)]
#[serde(remote = "End")]
enum EndWord {
    #[serde(rename = "dong_y")]
    Agreed,
    #[serde(rename = "tu_choi")]
    Rejected,
    #[serde(rename = "xu_ly_ngay")]
    SettledAtOnce,
    #[serde(rename = "rut")]
    Withdrawn,
    #[serde(rename = "khong_phan_hoi")]
    NoReaction,
}

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
    /// When the complaint was open: what books and reports count when the dossier is gone. Empty where it is not known, and in
    /// entries of older programs.
    #[serde(rename = "cac_dot", default, skip_serializing_if = "Vec::is_empty")]
    pub stretches: Vec<Stretch>,
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

/// A version of a dossier by its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lot {
    /// Version, from 1.
    #[serde(rename = "phien_ban")]
    pub version: u32,
    /// Place in the archive folder.
    #[serde(rename = "tep")]
    pub path: String,
    /// SHA-256 of the whole zip.
    #[serde(rename = "bam")]
    pub sha256: String,
    /// Its size in bytes.
    #[serde(rename = "co")]
    pub size: u64,
}

/// A dossier that is proposed for disposal, as it then lay in the archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Case code.
    #[serde(rename = "ma_ho_so")]
    pub code: String,
    /// Last day of its retention.
    #[serde(rename = "luu_den")]
    pub kept_until: NaiveDate,
    /// All its versions.
    #[serde(rename = "cac_phien_ban")]
    pub lots: Vec<Lot>,
}

/// A list of dossiers whose time is over, laid before a second person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proposal {
    /// Number of the disposal, e.g. `HUY-2042-0001`.
    #[serde(rename = "so")]
    pub id: String,
    /// The day on which the retention of each was over.
    #[serde(rename = "tinh_den")]
    pub as_of: NaiveDate,
    /// The dossiers, by end of retention and code.
    #[serde(rename = "ho_so")]
    pub items: Vec<Item>,
    /// Who proposes.
    #[serde(rename = "nguoi_thuc_hien")]
    pub by: String,
}

/// What was decided on a proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// Number of the disposal.
    #[serde(rename = "so")]
    pub id: String,
    /// Why; empty where it is approved.
    #[serde(rename = "ly_do", default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Who decided.
    #[serde(rename = "nguoi_thuc_hien")]
    pub by: String,
}

/// The destruction of one dossier begins: from here on it is not stopped, only finished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Doom {
    /// Number of the disposal.
    #[serde(rename = "so")]
    pub id: String,
    /// Case code.
    #[serde(rename = "ma_ho_so")]
    pub code: String,
}

/// A dossier is destroyed with everything that was kept of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Destruction {
    /// Number of the disposal.
    #[serde(rename = "so")]
    pub id: String,
    /// Case code.
    #[serde(rename = "ma_ho_so")]
    pub code: String,
    /// Letters whose originals and snapshots are destroyed.
    #[serde(rename = "so_van_ban")]
    pub letters: u32,
}

/// A dossier of a proposal that was not destroyed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Left {
    /// Case code.
    #[serde(rename = "ma_ho_so")]
    pub code: String,
    /// Why not.
    #[serde(rename = "ly_do")]
    pub reason: String,
}

/// A disposal is carried out; what it left needs another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Completion {
    /// Number of the disposal.
    #[serde(rename = "so")]
    pub id: String,
    /// Who carried it out.
    #[serde(rename = "nguoi_thuc_hien")]
    pub by: String,
    /// What was left.
    #[serde(rename = "con_lai", default, skip_serializing_if = "Vec::is_empty")]
    pub left: Vec<Left>,
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
    /// Dossiers were proposed for disposal.
    #[serde(rename = "de_nghi_huy")]
    Proposed(Box<Proposal>),
    /// A disposal was approved by a second person.
    #[serde(rename = "phe_duyet_huy")]
    Approved(Decision),
    /// A disposal was refused or taken back.
    #[serde(rename = "khong_huy")]
    Refused(Decision),
    /// The destruction of a dossier begins.
    #[serde(rename = "bat_dau_huy")]
    Doomed(Doom),
    /// A dossier is destroyed.
    #[serde(rename = "da_huy")]
    Destroyed(Destruction),
    /// A disposal is carried out.
    #[serde(rename = "xong_huy")]
    CarriedOut(Completion),
}
