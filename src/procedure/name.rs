//! What stages, ends and terms are called on a screen.

use super::{Actor, End, Stage, Term, TermKind};
use crate::letter::slug;

impl Stage {
    /// What a clerk calls it.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Intake => "tiếp nhận",
            Self::ScopeDecision => "xem xét tiếp nhận",
            Self::Rejection => "từ chối tiếp nhận",
            Self::SettleAtOnce => "xử lý ngay",
            Self::ReceiptSlip => "viết và gửi phiếu tiếp nhận",
            Self::Transfer => "phân loại, chuyển bộ phận",
            Self::Investigation => "bộ phận xác minh",
            Self::Answer => "trả lời khách hàng",
            Self::AwaitingReaction => "chờ phản hồi của khách hàng",
            Self::Ended => "đã kết thúc, chờ lưu hồ sơ",
            Self::Closing => "lưu hồ sơ",
        }
    }

    /// The step of the source, 1–10; `further` when the round follows an objection or a complaint taken up again.
    #[must_use]
    pub fn step(self, further: bool) -> u8 {
        match self {
            Self::Intake => 2,
            Self::ScopeDecision | Self::Rejection => 3,
            Self::SettleAtOnce => 4,
            Self::ReceiptSlip => 5,
            Self::Transfer | Self::Investigation | Self::Answer if further => 10,
            Self::Transfer => 6,
            Self::Investigation => 7,
            Self::Answer => 8,
            Self::AwaitingReaction | Self::Ended | Self::Closing => 9,
        }
    }
}

impl End {
    /// What a clerk calls it.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Agreed => "khách hàng đồng ý",
            Self::Rejected => "từ chối tiếp nhận",
            Self::SettledAtOnce => "xử lý ngay, khách hàng không có ý kiến khác",
            Self::Withdrawn => "khách hàng rút khiếu nại",
            Self::NoReaction => "khách hàng không phản hồi trong thời hạn",
        }
    }
}

impl TermKind {
    /// What a clerk calls it.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::ScopeDecision => "xem xét tiếp nhận",
            Self::Rejection => "gửi thông báo từ chối",
            Self::AnswerAtOnce => "trả lời ngay",
            Self::ReceiptSlip => "gửi phiếu tiếp nhận",
            Self::Transfer => "chuyển bộ phận xác minh",
            Self::Findings => "bộ phận báo kết quả xác minh",
            Self::Answer => "gửi văn bản trả lời",
            Self::ReAnswer => "gửi văn bản trả lời lại",
            Self::NoReaction => "chờ phản hồi của khách hàng",
        }
    }

    /// A word for it that never changes, in names that programs keep.
    #[must_use]
    pub fn stem(self) -> &'static str {
        match self {
            Self::ScopeDecision => "xem-xet",
            Self::Rejection => "tu-choi",
            Self::AnswerAtOnce => "tra-loi-ngay",
            Self::ReceiptSlip => "phieu-tiep-nhan",
            Self::Transfer => "chuyen-bo-phan",
            Self::Findings => "ket-qua",
            Self::Answer => "tra-loi",
            Self::ReAnswer => "tra-loi-lai",
            Self::NoReaction => "phan-hoi",
        }
    }

    /// The step of the source it belongs to.
    #[must_use]
    pub fn step(self) -> u8 {
        match self {
            Self::ScopeDecision | Self::Rejection => 3,
            Self::AnswerAtOnce => 4,
            Self::ReceiptSlip => 5,
            Self::Transfer => 6,
            Self::Findings => 7,
            Self::Answer => 8,
            Self::NoReaction => 9,
            Self::ReAnswer => 10,
        }
    }

    /// Where the rule stands: the step that states it, or the settings.
    #[must_use]
    pub fn source(self) -> &'static str {
        match self {
            Self::AnswerAtOnce => "bước 4; mốc tính theo cấu hình",
            Self::Answer => "bước 8",
            _ => "theo cấu hình",
        }
    }
}

impl Term {
    /// Which term of its case this is, the same on every day: kind, round, unit.
    #[must_use]
    pub fn key(&self) -> String {
        let unit = self.unit.as_ref().map(|unit| format!(".{}", slug(unit))).unwrap_or_default();
        format!("{}.{}{unit}", self.kind.stem(), self.round)
    }
}

impl Actor {
    /// What a clerk calls it.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Intake => "Bộ phận tiếp nhận và xử lý khiếu nại",
            Self::Signer => "Người ký",
            Self::Unit(name) => name,
            Self::Complainant => "Khách hàng",
            Self::Program => "Chương trình",
        }
    }
}
