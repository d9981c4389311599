//! The letters of a case: which there are, their state, and the view a form is filled with.

use serde::{Deserialize, Serialize};

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
}

impl LetterKind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::ReceiptSlip,
        Self::Rejection,
        Self::HandlingRecord,
        Self::Answer,
        Self::Transfer,
        Self::FindingsReport,
        Self::Cover,
        Self::DocumentList,
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
        }
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
