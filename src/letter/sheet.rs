//! Tờ dẫn: stands in the one PDF of a dossier where a paper stands that goes along as a file, or lies on paper only.

use chrono::NaiveDate;

use super::papers::fitted;
use super::view::{Viewed, view};
use super::{LetterKind, Prepared, Shape, wording};

view! { /// A file that goes along.
FileView {
    name: Vec<String> = "ten_tep", "Tên tệp; mỗi dòng một mục", "dinh-kem/don-khieu-nai.pdf";
    size: String = "kich_thuoc", "Kích thước, byte", "11.636";
    sha256: Vec<String> = "ma_bam", "Mã băm SHA-256; mỗi dòng một mục", "3f859e1d1cb7170da29d05bceb03d604|09c452d9b23bc9770bd5a4fa8e18ae16";
}}

view! { /// Sheet in place of a paper.
SheetView {
    title: String = "tieu_de", "Tên văn bản, dùng làm tiêu đề tệp", "Tờ dẫn: Đơn khiếu nại";
    author: String = "ten_trung_tam", "Tên trung tâm", "Trung tâm chứng thực chữ ký số công cộng E-CA";
    code: String = "ma_ho_so", "Mã hồ sơ", "KN-2026-0042";
    symbol: Option<String> = "so_ky_hieu", "Số, ký hiệu của tài liệu", "31/CV-HĐ";
    date: Option<String> = "ngay", "Ngày của tài liệu", "10/08/2026";
    subject: Vec<String> = "ten_tai_lieu", "Tên tài liệu; mỗi dòng một mục", "Công văn khiếu nại";
    by: Option<String> = "tac_gia", "Người hoặc nơi lập tài liệu", "Công ty TNHH Thương mại Dịch vụ Minh Phát";
    remark: Option<String> = "ghi_chu", "Ghi chú", "bản chính";
    files: Vec<FileView> = "tep", "Các tệp kèm trong PDF này; không có thì tài liệu chỉ có bản giấy";
}}

/// A file that goes along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enclosed {
    /// Its name below `data/`.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// Its SHA-256.
    pub sha256: String,
}

/// What a sheet stands for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sheet {
    /// The body that made the dossier.
    pub centre: String,
    /// Code of the dossier.
    pub code: String,
    /// Number and symbol.
    pub symbol: String,
    /// Date of the paper.
    pub date: Option<NaiveDate>,
    /// What it is.
    pub subject: String,
    /// Who made it.
    pub author: String,
    /// Original, copy, electronic.
    pub remark: String,
    /// Its files.
    pub files: Vec<Enclosed>,
}

/// The sheet as a paper of that day.
#[must_use]
pub fn prepare(sheet: &Sheet, day: NaiveDate) -> Prepared {
    let title = format!("Tờ dẫn: {}", sheet.subject);
    let some = |text: &str| (!text.is_empty()).then(|| fitted(text, 300).join(" "));
    let file = |file: &Enclosed| FileView {
        name: fitted(&file.name, 170),
        size: wording::thousands(file.size),
        sha256: fitted(&file.sha256, 150),
    };
    let view = SheetView {
        title: title.clone(),
        author: wording::plain(&sheet.centre),
        code: sheet.code.clone(),
        symbol: some(&sheet.symbol),
        date: sheet.date.map(wording::short_date),
        subject: fitted(&sheet.subject, 420),
        by: some(&sheet.author),
        remark: some(&sheet.remark),
        files: sheet.files.iter().map(file).collect(),
    };
    Prepared::paper(LetterKind::EnclosureSheet, title, &view, "", Some(day))
}

pub(super) fn shape() -> Shape {
    SheetView::shape("")
}
