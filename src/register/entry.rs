//! What the register's journal says.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Made;
use crate::fs;
use crate::pdf::increment;

/// A letter as issued. What may name persons is not part of it: see [`super::Words`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issued {
    /// Register id.
    #[serde(rename = "so_dang_ky")]
    pub register: String,
    /// Year of the register: that of the letter's date.
    #[serde(rename = "nam")]
    pub year: i32,
    /// The number.
    #[serde(rename = "so")]
    pub number: u32,
    /// Number and symbol as printed, e.g. `05/TB-ECA`.
    #[serde(rename = "so_ky_hieu")]
    pub symbol: String,
    /// Letter id, e.g. `KN-2026-0042/tra-loi-lan-1`.
    #[serde(rename = "van_ban")]
    pub letter: String,
    /// Kind of document, as the register names it.
    #[serde(rename = "ten_loai")]
    pub kind: String,
    /// Case code.
    #[serde(rename = "ma_ho_so")]
    pub case: String,
    /// Date of the letter.
    #[serde(rename = "ngay")]
    pub date: NaiveDate,
    /// Who signs.
    #[serde(rename = "nguoi_ky")]
    pub signer: String,
    /// Who keeps the file copy.
    #[serde(rename = "noi_luu", default, skip_serializing_if = "String::is_empty")]
    pub kept_by: String,
    /// Number of copies made.
    #[serde(rename = "so_ban")]
    pub copies: u32,
    /// SHA-256 of the PDF.
    #[serde(rename = "bam_pdf")]
    pub pdf_sha256: String,
    /// Size of the PDF in bytes.
    #[serde(rename = "co_pdf")]
    pub pdf_size: u64,
    /// Pages of the PDF.
    #[serde(rename = "so_trang")]
    pub pages: u32,
    /// SHA-256 of the snapshot of facts, settings, form and style.
    #[serde(rename = "bam_can_cu")]
    pub snapshot_sha256: String,
    /// Name of the copy in the case's folder of issued letters.
    #[serde(rename = "tep")]
    pub file: String,
    /// The first number the register was set to give at that time; recorded so that the numbering can be proved later.
    #[serde(rename = "so_bat_dau")]
    pub start: u32,
    /// Whether the registry clerk typed the number; then only its uniqueness is checked.
    #[serde(rename = "van_thu_cap")]
    pub typed_by_clerk: bool,
    /// The batch it was made in; such letters stand in the batch's own entries, never in one of this kind.
    #[serde(skip)]
    pub job: Option<String>,
}

impl Issued {
    /// Whether `bytes` begin with the issued letter and go on, with what may be a digital signature: not to be overwritten.
    #[must_use]
    pub fn may_be_signed(&self, bytes: &[u8]) -> bool {
        self.tail(bytes).is_some_and(|tail| tail.windows(10).any(|window| window == b"/ByteRange"))
    }

    /// Whether `bytes` are the issued letter with digital signatures added behind it, and nothing else.
    #[must_use]
    pub fn is_signed(&self, bytes: &[u8]) -> bool {
        self.tail(bytes).is_some_and(|tail| increment::signatures(&bytes[..bytes.len() - tail.len()], bytes).is_ok())
    }

    /// What follows the issued letter.
    fn tail<'a>(&self, bytes: &'a [u8]) -> Option<&'a [u8]> {
        let size = usize::try_from(self.pdf_size).ok()?;
        (bytes.len() > size && fs::sha256(&bytes[..size]) == self.pdf_sha256).then(|| &bytes[size..])
    }
}

/// How an issued letter was withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Withdrawal {
    /// The letter was never sent.
    #[serde(rename = "huy_so")]
    Voided,
    /// A sent letter is replaced by another.
    #[serde(rename = "thay_the")]
    Replaced,
    /// A sent letter is corrected.
    #[serde(rename = "dinh_chinh")]
    Corrected,
}

/// A number taken back; it stays listed and is never given again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Void {
    /// Register id.
    #[serde(rename = "so_dang_ky")]
    pub register: String,
    /// Year of the register.
    #[serde(rename = "nam")]
    pub year: i32,
    /// The number.
    #[serde(rename = "so")]
    pub number: u32,
    /// How it was withdrawn.
    #[serde(rename = "hinh_thuc")]
    pub withdrawal: Withdrawal,
    /// SHA-256 of why (see [`super::words`]).
    #[serde(rename = "bam_ly_do")]
    pub reason_sha256: String,
    /// Who decided.
    #[serde(rename = "nguoi_thuc_hien")]
    pub by: String,
    /// The day of the withdrawal as the case file states it; the day of the entry where it does not.
    #[serde(rename = "ngay", default, skip_serializing_if = "Option::is_none")]
    pub date: Option<NaiveDate>,
}

/// A block of numbers kept for the letters of one batch, in the order of its rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reserved {
    /// Batch, e.g. `LOAT-2026-0001`.
    #[serde(rename = "loat")]
    pub job: String,
    /// Form, without ending.
    #[serde(rename = "mau")]
    pub form: String,
    /// SHA-256 of the data file.
    #[serde(rename = "bam_du_lieu")]
    pub data_sha256: String,
    /// Register id.
    #[serde(rename = "so_dang_ky")]
    pub register: String,
    /// Year of the register: that of the letters' date.
    #[serde(rename = "nam")]
    pub year: i32,
    /// Date of the letters.
    #[serde(rename = "ngay")]
    pub date: NaiveDate,
    /// Symbol after each number.
    #[serde(rename = "ky_hieu")]
    pub symbol: String,
    /// Kind of document, as the register names it.
    #[serde(rename = "ten_loai")]
    pub kind: String,
    /// Who signs.
    #[serde(rename = "nguoi_ky")]
    pub signer: String,
    /// Who keeps the file copies.
    #[serde(rename = "noi_luu")]
    pub kept_by: String,
    /// First number.
    #[serde(rename = "tu_so")]
    pub first: u32,
    /// How many numbers; at least 1.
    #[serde(rename = "so_luong")]
    pub count: u32,
    /// The first number the register was set to give at that time.
    #[serde(rename = "so_bat_dau")]
    pub start: u32,
}

impl Reserved {
    /// The last number.
    #[must_use]
    pub fn last(&self) -> u32 {
        self.first.saturating_add(self.count.saturating_sub(1))
    }

    /// Whether the block holds this number.
    #[must_use]
    pub fn holds(&self, number: u32) -> bool {
        (self.first..=self.last()).contains(&number)
    }
}

/// A batch whose letters are all made: from here on they are issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sealed {
    /// Batch.
    #[serde(rename = "loat")]
    pub job: String,
    /// SHA-256 of the result list.
    #[serde(rename = "bam_ket_qua")]
    pub results_sha256: String,
    /// Letters made.
    #[serde(rename = "so_van_ban")]
    pub made: u32,
    /// SHA-256 of the batch's dossier.
    #[serde(rename = "bam_ho_so")]
    pub dossier_sha256: String,
    /// Letters that belong to a case too; their lines of the result list but for subject and addressee.
    #[serde(rename = "cua_ho_so", default, skip_serializing_if = "Vec::is_empty")]
    pub of_cases: Vec<Made>,
}

/// Numbers of a batch that no letter was made for, and never will be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dropped {
    /// Batch.
    #[serde(rename = "loat")]
    pub job: String,
    /// First and last number of each gap, rising.
    #[serde(rename = "cac_so")]
    pub ranges: Vec<(u32, u32)>,
    /// Why.
    #[serde(rename = "ly_do")]
    pub reason: String,
    /// Who decided.
    #[serde(rename = "nguoi_thuc_hien")]
    pub by: String,
}

/// One entry of the register's journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "loai")]
pub enum Fact {
    /// A number was given and the letter issued.
    #[serde(rename = "cap_so")]
    Issued(Box<Issued>),
    /// A number was withdrawn.
    #[serde(rename = "huy_so")]
    Void(Void),
    /// Numbers were kept for a batch.
    #[serde(rename = "du_tru")]
    Reserved(Box<Reserved>),
    /// A batch was finished and its letters issued.
    #[serde(rename = "niem_phong")]
    Sealed(Box<Sealed>),
    /// Numbers of a batch were given up.
    #[serde(rename = "bo_loat")]
    Dropped(Dropped),
}
