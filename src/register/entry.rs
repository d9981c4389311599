//! What the register's journal says.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::fs;

/// A letter as issued.
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
    /// Subject (trích yếu).
    #[serde(rename = "trich_yeu")]
    pub subject: String,
    /// To whom it goes.
    #[serde(rename = "noi_nhan")]
    pub addressee: String,
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
}

impl Issued {
    /// Whether `bytes` are the issued letter with a digital signature added behind it, as an increment of the PDF.
    #[must_use]
    pub fn is_signed(&self, bytes: &[u8]) -> bool {
        let size = usize::try_from(self.pdf_size).unwrap_or(usize::MAX);
        bytes.len() > size
            && fs::sha256(&bytes[..size]) == self.pdf_sha256
            && bytes[size..].windows(10).any(|window| window == b"/ByteRange")
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
    /// Why.
    #[serde(rename = "ly_do")]
    pub reason: String,
    /// Who decided.
    #[serde(rename = "nguoi_thuc_hien")]
    pub by: String,
    /// The day of the withdrawal as the case file states it; the day of the entry where it does not.
    #[serde(rename = "ngay", default, skip_serializing_if = "Option::is_none")]
    pub date: Option<NaiveDate>,
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
}
