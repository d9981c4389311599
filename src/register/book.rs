//! The rows of the book of outgoing documents (sổ đăng ký văn bản đi), the ten columns of Decree 30/2020, Appendix IV.

use chrono::NaiveDate;
use serde::Serialize;

use super::{Record, Reserved, Withdrawal, Words};
use crate::letter::wording;

/// The headings of the ten columns, in order.
pub const HEADINGS: [&str; 10] = [
    "Số, ký hiệu văn bản",
    "Ngày tháng văn bản",
    "Tên loại và trích yếu nội dung văn bản",
    "Người ký",
    "Nơi nhận văn bản",
    "Đơn vị, người nhận bản lưu",
    "Số lượng bản",
    "Ngày chuyển",
    "Ký nhận",
    "Ghi chú",
];

/// What the register does not know and the case does: how a letter went out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Delivery {
    /// Day it was sent.
    pub sent: Option<NaiveDate>,
    /// Who signed for it.
    pub signed_for: String,
}

/// One row; serialised in the order of the columns, for CSV and JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// (1) Number and symbol.
    pub so_ky_hieu: String,
    /// (2) Date of the document.
    pub ngay_van_ban: NaiveDate,
    /// (3) Kind and subject.
    pub ten_loai_trich_yeu: String,
    /// (4) Who signed.
    pub nguoi_ky: String,
    /// (5) Addressee.
    pub noi_nhan: String,
    /// (6) Unit or person that keeps the file copy.
    pub noi_luu: String,
    /// (7) Number of copies.
    pub so_luong_ban: u32,
    /// (8) Day it was sent.
    pub ngay_chuyen: Option<NaiveDate>,
    /// (9) Signed for.
    pub ky_nhan: String,
    /// (10) Remark: withdrawn, how, when and why; case code.
    pub ghi_chu: String,
}

impl Record {
    /// How and when the number was withdrawn, and why as far as that is known.
    #[must_use]
    pub fn withdrawn(&self, reason: &str) -> Option<String> {
        let (time, void) = self.void.as_ref()?;
        let how = match void.withdrawal {
            Withdrawal::Voided => "Hủy số",
            Withdrawal::Replaced => "Đã được thay thế",
            Withdrawal::Corrected => "Đã được đính chính",
        };
        let day = void.date.unwrap_or_else(|| time.date_naive());
        let why = reason.trim_end_matches('.');
        let why = if why.is_empty() { String::new() } else { format!(": {why}") };
        Some(format!("{how} ngày {}{why}", day.format("%d/%m/%Y")))
    }
}

impl Row {
    /// The row of a record.
    #[must_use]
    pub fn new(record: &Record, words: &Words, delivery: Delivery) -> Self {
        let issued = &record.issued;
        let withdrawn = record.withdrawn(&words.reason).map(|withdrawn| format!("{withdrawn}. "));
        let kind = wording::capitalised(&issued.kind);
        let gone = words.destroyed.as_ref().map(|disposal| format!(", đã hủy theo {disposal}")).unwrap_or_default();
        Self {
            so_ky_hieu: issued.symbol.clone(),
            ngay_van_ban: issued.date,
            ten_loai_trich_yeu: if words.subject.is_empty() { kind } else { format!("{kind}: {}", words.subject) },
            nguoi_ky: issued.signer.clone(),
            noi_nhan: words.addressee.clone(),
            noi_luu: issued.kept_by.clone(),
            so_luong_ban: issued.copies,
            ngay_chuyen: delivery.sent,
            ky_nhan: delivery.signed_for,
            ghi_chu: format!("{}Hồ sơ {}{gone}", withdrawn.unwrap_or_default(), issued.case),
        }
    }
}

impl Row {
    /// The row of a letter of a finished batch.
    pub(super) fn of_batch(record: &Record, words: &Words, job: &str) -> Self {
        let row = Self::new(record, words, Delivery::default());
        // Said of a case where it belongs to one.
        let before = row.ghi_chu.strip_suffix(&format!("Hồ sơ {}", record.issued.case)).unwrap_or_default().to_owned();
        Self { ghi_chu: format!("{before}Loạt {job}"), ..row }
    }

    /// One row for several numbers of a batch.
    pub(super) fn of_range(reserved: &Reserved, (first, last): (u32, u32), remark: String) -> Self {
        let number = |number| wording::letter_number(number, &reserved.symbol);
        Self {
            so_ky_hieu: if first == last {
                number(first)
            } else {
                format!("{} đến {}", number(first), number(last))
            },
            ngay_van_ban: reserved.date,
            ten_loai_trich_yeu: wording::capitalised(&reserved.kind),
            nguoi_ky: reserved.signer.clone(),
            noi_nhan: String::new(),
            noi_luu: reserved.kept_by.clone(),
            so_luong_ban: 0,
            ngay_chuyen: None,
            ky_nhan: String::new(),
            ghi_chu: remark,
        }
    }
}
