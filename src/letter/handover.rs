//! Mục lục hồ sơ nộp lưu: the dossiers of a year, as they are handed over to the archive.

use chrono::NaiveDate;

use super::papers::fitted;
use super::view::{Viewed, view};
use super::{LetterKind, Prepared, Shape, wording};

view! { /// A row of the list of dossiers.
HandoverRow {
    number: String = "thu_tu", "Số thứ tự", "1";
    code: Vec<String> = "ma_ho_so", "Mã hồ sơ; mỗi dòng một mục", "KN-2026-0042";
    title: Vec<String> = "tieu_de_ho_so", "Tiêu đề hồ sơ; mỗi dòng một mục", "Hồ sơ giải quyết khiếu nại của Công ty TNHH Thương mại Dịch vụ Minh Phát về việc chứng thư chữ ký số bị thu hồi khi chưa hết hạn";
    from: String = "tu_ngay", "Ngày của tài liệu đầu tiên", "13/10/2026";
    to: String = "den_ngay", "Ngày của tài liệu cuối cùng", "30/11/2026";
    retention: Vec<String> = "thoi_han_bao_quan", "Thời hạn bảo quản; mỗi dòng một mục", "15 năm";
    pages: String = "so_trang", "Số trang", "25";
    remark: Vec<String> = "ghi_chu", "Ghi chú; mỗi dòng một mục", "Phiên bản 2";
}}

view! { /// List of dossiers handed over (Decree 30/2020, App. V: mục lục hồ sơ).
HandoverView {
    title: String = "tieu_de", "Tên văn bản, dùng làm tiêu đề tệp", "Mục lục hồ sơ nộp lưu năm 2026";
    company: String = "ten_cong_ty_hoa", "Tên công ty, chữ hoa", "CÔNG TY TNHH PHÁT TRIỂN CÔNG NGHỆ THÁI SƠN";
    centre: String = "ten_trung_tam_hoa", "Tên trung tâm, chữ hoa", "TRUNG TÂM CHỨNG THỰC CHỮ KÝ SỐ CÔNG CỘNG E-CA";
    author: String = "ten_trung_tam", "Tên trung tâm", "Trung tâm chứng thực chữ ký số công cộng E-CA";
    year: String = "nam", "Năm kết thúc của các hồ sơ", "2026";
    rows: Vec<HandoverRow> = "ho_so", "Các hồ sơ";
    dossiers: String = "so_ho_so", "Số hồ sơ", "12";
    pages: String = "tong_so_trang", "Tổng số trang", "310";
    place_date: String = "dia_danh_ngay", "Địa danh và ngày lập", "Hà Nội, ngày 05 tháng 01 năm 2027";
    by: Option<String> = "nguoi_lap", "Người lập mục lục", "Vũ Thị Mai";
}}

/// A dossier in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dossier {
    /// Its code.
    pub code: String,
    /// Its title.
    pub title: String,
    /// Day of the first document.
    pub from: NaiveDate,
    /// Day of the last document.
    pub to: NaiveDate,
    /// Retention in words.
    pub retention: String,
    /// Pages.
    pub pages: u32,
    /// What else is to be said of it.
    pub remark: String,
}

/// The list of the dossiers of a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handover {
    /// Company.
    pub company: String,
    /// Centre.
    pub centre: String,
    /// Place the list is made at, e.g. "Hà Nội".
    pub place: String,
    /// The year.
    pub year: i32,
    /// Day the list is made.
    pub date: NaiveDate,
    /// Who makes it.
    pub by: Option<String>,
}

/// The list as a paper.
#[must_use]
pub fn prepare(handover: &Handover, dossiers: &[Dossier]) -> Prepared {
    let title = format!("Mục lục hồ sơ nộp lưu năm {}", handover.year);
    let row = |(index, dossier): (usize, &Dossier)| HandoverRow {
        number: (index + 1).to_string(),
        code: fitted(&dossier.code, 82),
        title: fitted(&dossier.title, 120),
        from: wording::short_date(dossier.from),
        to: wording::short_date(dossier.to),
        retention: fitted(&dossier.retention, 48),
        pages: dossier.pages.to_string(),
        remark: fitted(&dossier.remark, 40),
    };
    let pages: u64 = dossiers.iter().map(|dossier| u64::from(dossier.pages)).sum();
    let view = HandoverView {
        title: title.clone(),
        company: wording::plain(&handover.company).to_uppercase(),
        centre: wording::plain(&handover.centre).to_uppercase(),
        author: wording::plain(&handover.centre),
        year: handover.year.to_string(),
        rows: dossiers.iter().enumerate().map(row).collect(),
        dossiers: wording::count(dossiers.len()),
        pages: wording::count(usize::try_from(pages).unwrap_or(usize::MAX)),
        place_date: format!("{}, {}", wording::plain(&handover.place), wording::long_date(handover.date)),
        by: handover.by.as_deref().map(wording::plain),
    };
    let by = handover.by.as_deref().unwrap_or_default();
    Prepared::paper(LetterKind::HandoverList, title, &view, by, Some(handover.date))
}

pub(super) fn shape() -> Shape {
    HandoverView::shape("")
}
