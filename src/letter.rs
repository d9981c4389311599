//! The letters of a case: which there are, their state, and the view a form is filled with.
//!
//! [`prepare`] turns the facts of a case into a [`Prepared`] letter: all words and numbers a form may print, the facts that
//! were used (an issued letter is compared with these, never with the whole file), and what is still missing.

mod answer;
pub mod book;
pub mod circular;
pub mod disposal;
pub mod email;
pub mod handover;
mod letterhead;
pub mod minutes;
pub mod papers;
mod reader;
mod record;
mod rejection;
pub mod report;
pub mod required;
mod shape;
pub mod sheet;
mod slip;
#[cfg(test)]
pub(crate) mod tests;
mod transfer;
mod view;
pub mod wording;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::case::{Case, Withdrawal};
use crate::procedure::Assessment;
use crate::settings::Settings;
pub use reader::{Missing, changed_facts};
pub use shape::{Field, Shape, Size};

/// State of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Dự thảo: "DỰ THẢO" across the page, no number, what is missing is shown.
    Draft,
    /// Bản trình ký: clean, number and day left blank, nothing may be missing.
    ForSignature,
    /// Ban hành: numbered.
    Issue {
        /// The number it gets.
        number: u32,
    },
}

/// A letter that has its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedLetter {
    /// Number and symbol, e.g. "05/PTN-ECA".
    pub number_text: String,
    /// Date written on it.
    pub date: NaiveDate,
}

/// What the register knows of this case's letters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// Letters in force.
    pub issued: BTreeMap<LetterId, IssuedLetter>,
    /// Letters that were withdrawn and whose successor is yet to be issued (or is the one in force): what the successor
    /// must say. A voided number was never sent, so its successor says nothing.
    pub withdrawn: BTreeMap<LetterId, (IssuedLetter, Withdrawal)>,
}

/// Where a letter by email goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailTo {
    /// Name of the addressee.
    pub name: String,
    /// Address; empty when the case file has none (then it is listed as missing).
    pub address: String,
    /// Name of the sender.
    pub from_name: String,
    /// Address of the sender, where the settings have one.
    pub from_address: Option<String>,
}

/// A letter ready to be put into its form.
#[derive(Debug, Clone, PartialEq)]
pub struct Prepared {
    /// Which letter.
    pub id: LetterId,
    /// In which state.
    pub mode: Mode,
    /// What its form may print.
    pub view: serde_json::Value,
    /// Every value of the case file it used, by path, as it stands in the file.
    pub facts: BTreeMap<String, String>,
    /// What it must hold and does not have yet.
    pub missing: Vec<Missing>,
    /// Title of the document, e.g. "Phiếu tiếp nhận khiếu nại KN-2026-0042".
    pub title: String,
    /// Trích yếu, as in the register.
    pub subject: String,
    /// Whom it goes to.
    pub addressee: String,
    /// Name of the signer.
    pub signer_name: String,
    /// Date written on it.
    pub date: Option<NaiveDate>,
    /// Number and symbol, once issued.
    pub number_text: Option<String>,
    /// Where it goes by email, for answers by email.
    pub email: Option<EmailTo>,
}

impl Prepared {
    /// A paper that is made of the books, not of a case file: nothing of it is missing, and nobody gets it.
    fn paper(kind: LetterKind, title: String, view: &impl serde::Serialize, by: &str, date: Option<NaiveDate>) -> Self {
        Self {
            id: LetterId::of(kind),
            mode: Mode::ForSignature,
            view: serde_json::to_value(view).unwrap_or_default(),
            facts: BTreeMap::new(),
            missing: Vec::new(),
            subject: title.clone(),
            title,
            addressee: String::new(),
            signer_name: by.to_owned(),
            date,
            number_text: None,
            email: None,
        }
    }
}

/// Why a letter cannot be prepared at all, not even as a draft.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unavailable {
    /// The case file has no block for it.
    #[error("Hồ sơ chưa có mục nào cho {0}.")]
    NoBlock(&'static str),
    /// The settings name no issuer.
    #[error("hoso.yaml chưa khai đơn vị ban hành (mục don_vi).")]
    NoIssuer,
    /// The settings give this kind of letter no symbol.
    #[error("hoso.yaml chưa khai ký hiệu cho {0} (mục danh_so.so).")]
    NoSeries(&'static str),
    /// Made from the register and the folder, not from the case file.
    #[error("{0} được lập khi lưu hồ sơ, không lập từ tệp hồ sơ.")]
    NotFromCase(&'static str),
}

/// Makes a letter of a case. With [`Mode::ForSignature`] and [`Mode::Issue`] the caller refuses a letter that has
/// something missing.
///
/// # Errors
/// When there is nothing to make it from.
pub fn prepare(
    case: &Case,
    assessment: &Assessment,
    settings: &Settings,
    known: &Known,
    id: &LetterId,
    mode: Mode,
    today: NaiveDate,
) -> Result<Prepared, Unavailable> {
    let desk = letterhead::Desk::open(case, assessment, settings, known, id, mode, today)?;
    match id.kind {
        LetterKind::ReceiptSlip => Ok(slip::prepare(desk)),
        LetterKind::Rejection => Ok(rejection::prepare(desk)),
        LetterKind::HandlingRecord => Ok(record::prepare(desk)),
        LetterKind::Answer => Ok(answer::prepare(desk, case)),
        LetterKind::Transfer => Ok(transfer::prepare(desk, case)),
        LetterKind::FindingsReport => Ok(transfer::prepare_findings(desk)),
        LetterKind::Cover
        | LetterKind::DocumentList
        | LetterKind::HandoverList
        | LetterKind::RegisterMinutes
        | LetterKind::DisposalList
        | LetterKind::DisposalCertificate
        | LetterKind::EnclosureSheet
        | LetterKind::LetterBook
        | LetterKind::ComplaintBook
        | LetterKind::TransferBook
        | LetterKind::Report => Err(Unavailable::NotFromCase(id.kind.text())),
    }
}

/// What the form of this kind of letter may print.
#[must_use]
pub fn shape(kind: LetterKind) -> Shape {
    match kind {
        LetterKind::ReceiptSlip => view::merged_shape::<slip::SlipView>(),
        LetterKind::Rejection => view::merged_shape::<rejection::RejectionView>(),
        LetterKind::HandlingRecord => view::merged_shape::<record::RecordView>(),
        LetterKind::Answer => view::merged_shape::<answer::AnswerView>(),
        LetterKind::Transfer => view::merged_shape::<transfer::TransferView>(),
        LetterKind::FindingsReport => view::merged_shape::<transfer::FindingsView>(),
        LetterKind::Cover | LetterKind::DocumentList => papers::shape(kind),
        LetterKind::HandoverList => handover::shape(),
        LetterKind::RegisterMinutes => minutes::shape(),
        LetterKind::DisposalList => disposal::list_shape(),
        LetterKind::DisposalCertificate => disposal::certificate_shape(),
        LetterKind::EnclosureSheet => sheet::shape(),
        LetterKind::LetterBook | LetterKind::ComplaintBook | LetterKind::TransferBook => book::shape(kind),
        LetterKind::Report => report::shape(),
    }
}

/// Names the form of this kind of letter may use (`a.b` for what stands below another) and what they mean.
#[must_use]
pub fn variables(kind: LetterKind) -> Vec<(String, &'static str)> {
    shape(kind).names()
}

/// Kinds of letter (and other papers) the program makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum LetterKind {
    /// Phiếu tiếp nhận (step 5).
    #[serde(rename = "phieu_tiep_nhan")]
    ReceiptSlip,
    /// Thông báo từ chối (step 3).
    #[serde(rename = "tu_choi")]
    Rejection,
    /// Biên bản xử lý (step 4).
    #[serde(rename = "bien_ban")]
    HandlingRecord,
    /// Văn bản trả lời (steps 4, 8, 10).
    #[serde(rename = "tra_loi")]
    Answer,
    /// Phiếu chuyển (step 6).
    #[serde(rename = "phieu_chuyen")]
    Transfer,
    /// Phiếu kết quả xác minh (step 7): a form to fill, without a number of ours.
    #[serde(rename = "phieu_ket_qua")]
    FindingsReport,
    /// Bìa hồ sơ (at closing).
    #[serde(rename = "bia")]
    Cover,
    /// Mục lục hồ sơ (at closing).
    #[serde(rename = "muc_luc")]
    DocumentList,
    /// Mục lục hồ sơ nộp lưu (of a year).
    #[serde(rename = "muc_luc_nop_luu")]
    HandoverList,
    /// Biên bản chốt sổ (of a month).
    #[serde(rename = "chot_so")]
    RegisterMinutes,
    /// Danh mục hồ sơ đề nghị hủy (of a disposal).
    #[serde(rename = "danh_muc_huy")]
    DisposalList,
    /// Biên bản hủy hồ sơ (of a disposal).
    #[serde(rename = "bien_ban_huy")]
    DisposalCertificate,
    /// Tờ dẫn (in the one PDF of a dossier).
    #[serde(rename = "to_dan")]
    EnclosureSheet,
    /// Sổ đăng ký văn bản đi (of a period).
    #[serde(rename = "so_van_ban_di")]
    LetterBook,
    /// Sổ tiếp nhận khiếu nại (of a period).
    #[serde(rename = "so_tiep_nhan")]
    ComplaintBook,
    /// Sổ chuyển bộ phận (of a period).
    #[serde(rename = "so_chuyen_bo_phan")]
    TransferBook,
    /// Báo cáo (of a period).
    #[serde(rename = "bao_cao")]
    Report,
}

impl LetterKind {
    /// Every kind.
    pub const ALL: [Self; 17] = [
        Self::ReceiptSlip,
        Self::Rejection,
        Self::HandlingRecord,
        Self::Answer,
        Self::Transfer,
        Self::FindingsReport,
        Self::Cover,
        Self::DocumentList,
        Self::HandoverList,
        Self::RegisterMinutes,
        Self::DisposalList,
        Self::DisposalCertificate,
        Self::EnclosureSheet,
        Self::LetterBook,
        Self::ComplaintBook,
        Self::TransferBook,
        Self::Report,
    ];

    /// The file stem in `du-thao/` and of the form in `forms/`.
    #[must_use]
    pub fn stem(self) -> &'static str {
        match self {
            Self::ReceiptSlip => "phieu-tiep-nhan",
            Self::Rejection => "thong-bao-tu-choi",
            Self::HandlingRecord => "bien-ban-xu-ly",
            Self::Answer => "van-ban-tra-loi",
            Self::Transfer => "phieu-chuyen",
            Self::FindingsReport => "phieu-ket-qua-xac-minh",
            Self::Cover => "bia-ho-so",
            Self::DocumentList => "muc-luc-ho-so",
            Self::HandoverList => "muc-luc-nop-luu",
            Self::RegisterMinutes => "bien-ban-chot-so",
            Self::DisposalList => "danh-muc-huy",
            Self::DisposalCertificate => "bien-ban-huy",
            Self::EnclosureSheet => "to-dan",
            Self::LetterBook => "so-dang-ky-van-ban-di",
            Self::ComplaintBook => "so-tiep-nhan-khieu-nai",
            Self::TransferBook => "so-chuyen-bo-phan",
            Self::Report => "bao-cao-khieu-nai",
        }
    }

    /// What a clerk calls it.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::ReceiptSlip => "phiếu tiếp nhận",
            Self::Rejection => "thông báo từ chối",
            Self::HandlingRecord => "biên bản xử lý",
            Self::Answer => "văn bản trả lời",
            Self::Transfer => "phiếu chuyển",
            Self::FindingsReport => "phiếu kết quả xác minh",
            Self::Cover => "bìa hồ sơ",
            Self::DocumentList => "mục lục hồ sơ",
            Self::HandoverList => "mục lục hồ sơ nộp lưu",
            Self::RegisterMinutes => "biên bản chốt sổ",
            Self::DisposalList => "danh mục hồ sơ đề nghị hủy",
            Self::DisposalCertificate => "biên bản hủy hồ sơ",
            Self::EnclosureSheet => "tờ dẫn tài liệu",
            Self::LetterBook => "sổ đăng ký văn bản đi",
            Self::ComplaintBook => "sổ tiếp nhận khiếu nại",
            Self::TransferBook => "sổ chuyển bộ phận",
            Self::Report => "báo cáo khiếu nại",
        }
    }

    /// Whether it is a paper of archive and registers, made of what they hold and not of a case's facts.
    #[must_use]
    pub fn is_of_archive(self) -> bool {
        !self.is_registered() && self != Self::FindingsReport
    }

    /// Whether it is numbered in a register of ours.
    #[must_use]
    pub fn is_registered(self) -> bool {
        matches!(self, Self::ReceiptSlip | Self::Rejection | Self::HandlingRecord | Self::Answer | Self::Transfer)
    }
}

/// Which letter of a case: kind, round (0 for letters before the first round and for step 4), unit for transfers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LetterId {
    /// Kind.
    pub kind: LetterKind,
    /// Round (lần) it belongs to; 0 outside the rounds.
    pub round: u32,
    /// Name of the unit, for transfers and findings reports.
    pub unit: Option<String>,
}

impl LetterId {
    /// A letter outside the rounds.
    #[must_use]
    pub fn of(kind: LetterKind) -> Self {
        Self { kind, round: 0, unit: None }
    }

    /// The stable name used for files and in the register, e.g. `van-ban-tra-loi-lan-2` or
    /// `phieu-chuyen-lan-1-phong-ky-thuat`. ASCII, lower case.
    #[must_use]
    pub fn stem(&self) -> String {
        let mut stem = self.kind.stem().to_owned();
        if self.round > 0 {
            stem.push_str(&format!("-lan-{}", self.round));
        }
        if let Some(unit) = &self.unit {
            stem.push('-');
            stem.push_str(&slug(unit));
        }
        stem
    }
}

/// `Phòng Kỹ thuật` → `phong-ky-thuat`: accents dropped, đ folded, the rest hyphens; at most 60 characters.
#[must_use]
pub fn slug(text: &str) -> String {
    use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
    let mut out = String::new();
    for c in text.nfd().filter(|c| !is_combining_mark(*c)).map(|c| if matches!(c, 'đ' | 'Đ') { 'd' } else { c }) {
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if !out.ends_with('-') && !out.is_empty() {
            out.push('-');
        }
    }
    out.truncate(60);
    out.trim_end_matches('-').to_owned()
}
