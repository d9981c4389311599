//! The papers of a disposal: the list of dossiers proposed, for the second person's signature, and the certificate of what was destroyed.

use chrono::{DateTime, FixedOffset, NaiveDate};

use super::papers::fitted;
use super::view::{Viewed, view};
use super::{LetterId, LetterKind, Mode, Prepared, Shape, wording};

view! { /// A dossier in the list.
ProposedView {
    number: String = "thu_tu", "Số thứ tự", "1";
    code: Vec<String> = "ma_ho_so", "Mã hồ sơ; mỗi dòng một mục", "KN-2026-0042";
    title: Vec<String> = "tieu_de_ho_so", "Tiêu đề hồ sơ; mỗi dòng một mục", "Hồ sơ giải quyết khiếu nại của Công ty TNHH Thương mại Dịch vụ Minh Phát về việc chứng thư chữ ký số bị thu hồi khi chưa hết hạn";
    from: String = "tu_ngay", "Ngày của tài liệu đầu tiên", "13/10/2026";
    to: String = "den_ngay", "Ngày của tài liệu cuối cùng", "30/11/2026";
    kept_until: String = "luu_den", "Ngày cuối của thời hạn bảo quản", "31/12/2041";
    versions: String = "so_phien_ban", "Số phiên bản", "1";
    pages: String = "so_trang", "Số trang", "25";
}}

view! { /// List of dossiers proposed for disposal (danh mục hồ sơ hết thời hạn bảo quản).
ListView {
    title: String = "tieu_de", "Tên văn bản, dùng làm tiêu đề tệp", "Danh mục hồ sơ đề nghị hủy HUY-2042-0001";
    company: String = "ten_cong_ty_hoa", "Tên công ty, chữ hoa", "CÔNG TY TNHH PHÁT TRIỂN CÔNG NGHỆ THÁI SƠN";
    centre: String = "ten_trung_tam_hoa", "Tên trung tâm, chữ hoa", "TRUNG TÂM CHỨNG THỰC CHỮ KÝ SỐ CÔNG CỘNG E-CA";
    author: String = "ten_trung_tam", "Tên trung tâm", "Trung tâm chứng thực chữ ký số công cộng E-CA";
    id: String = "so_dot_huy", "Số của đợt hủy", "HUY-2042-0001";
    as_of: String = "tinh_den", "Ngày tính hết thời hạn", "05/01/2042";
    rows: Vec<ProposedView> = "ho_so", "Các hồ sơ đề nghị hủy";
    dossiers: String = "so_ho_so", "Số hồ sơ", "12";
    place_date: String = "dia_danh_ngay", "Địa danh và ngày đề nghị", "Hà Nội, ngày 05 tháng 01 năm 2042";
    by: String = "nguoi_de_nghi", "Người đề nghị", "Vũ Thị Mai";
}}

view! { /// A version that was destroyed.
DestroyedView {
    number: String = "thu_tu", "Số thứ tự", "1";
    code: Vec<String> = "ma_ho_so", "Mã hồ sơ; mỗi dòng một mục", "KN-2026-0042";
    version: String = "phien_ban", "Phiên bản", "1";
    sha256: Vec<String> = "ma_bam", "Mã băm SHA-256 của tệp hồ sơ; mỗi dòng một mục", "3f859e1d1cb7170da29d05bceb03d604|09c452d9b23bc9770bd5a4fa8e18ae16";
    size: String = "kich_thuoc", "Kích thước, byte", "184.320";
    time: String = "luc_huy", "Thời điểm hủy", "09:12 ngày 12/01/2042";
}}

view! { /// A dossier that was left.
LeftView {
    code: Vec<String> = "ma_ho_so", "Mã hồ sơ; mỗi dòng một mục", "KN-2026-0043";
    reason: Vec<String> = "ly_do", "Lý do chưa hủy; mỗi dòng một mục", "đang tạm dừng hủy (vụ án 12/2041)";
}}

view! { /// Certificate of disposal (biên bản hủy hồ sơ hết thời hạn bảo quản). No names of persons complained for: it outlives the dossiers.
CertificateView {
    title: String = "tieu_de", "Tên văn bản, dùng làm tiêu đề tệp", "Biên bản hủy hồ sơ HUY-2042-0001";
    company: String = "ten_cong_ty_hoa", "Tên công ty, chữ hoa", "CÔNG TY TNHH PHÁT TRIỂN CÔNG NGHỆ THÁI SƠN";
    centre: String = "ten_trung_tam_hoa", "Tên trung tâm, chữ hoa", "TRUNG TÂM CHỨNG THỰC CHỮ KÝ SỐ CÔNG CỘNG E-CA";
    author: String = "ten_trung_tam", "Tên trung tâm", "Trung tâm chứng thực chữ ký số công cộng E-CA";
    id: String = "so_dot_huy", "Số của đợt hủy", "HUY-2042-0001";
    proposed_by: String = "nguoi_de_nghi", "Người đề nghị", "Vũ Thị Mai";
    proposed: String = "ngay_de_nghi", "Ngày đề nghị", "05/01/2042";
    approved_by: String = "nguoi_phe_duyet", "Người phê duyệt", "Phạm Văn Lộc";
    approved: String = "ngay_phe_duyet", "Ngày phê duyệt", "10/01/2042";
    by: String = "nguoi_thuc_hien", "Người thực hiện", "Đỗ Minh Tuấn";
    done: String = "ngay_thuc_hien", "Ngày thực hiện", "12/01/2042";
    rows: Vec<DestroyedView> = "ho_so", "Các phiên bản hồ sơ đã hủy";
    dossiers: String = "so_ho_so", "Số hồ sơ đã hủy", "12";
    left: Vec<LeftView> = "con_lai", "Hồ sơ trong đề nghị mà chưa hủy";
    place_date: String = "dia_danh_ngay", "Địa danh và ngày lập biên bản", "Hà Nội, ngày 12 tháng 01 năm 2042";
}}

/// Who issues the papers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Office {
    /// Company.
    pub company: String,
    /// Centre.
    pub centre: String,
    /// Place the papers are made at, e.g. "Hà Nội".
    pub place: String,
}

/// A dossier in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    /// Its code.
    pub code: String,
    /// Its title.
    pub title: String,
    /// Day of the first document.
    pub from: NaiveDate,
    /// Day of the last document.
    pub to: NaiveDate,
    /// Last day of its retention.
    pub kept_until: NaiveDate,
    /// Versions.
    pub versions: usize,
    /// Pages of the latest.
    pub pages: u32,
}

/// A step of a disposal: day and person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// When.
    pub time: DateTime<FixedOffset>,
    /// Who.
    pub by: String,
}

/// A version that was destroyed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destroyed {
    /// Code of its dossier.
    pub code: String,
    /// Version.
    pub version: u32,
    /// SHA-256 of its zip.
    pub sha256: String,
    /// Size of its zip in bytes.
    pub size: u64,
    /// When.
    pub time: DateTime<FixedOffset>,
}

/// What the certificate states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Number of the disposal.
    pub id: String,
    /// The proposal.
    pub proposed: Step,
    /// The approval.
    pub approved: Step,
    /// The carrying out.
    pub done: Step,
    /// Versions destroyed, in that order.
    pub destroyed: Vec<Destroyed>,
    /// Dossiers destroyed.
    pub dossiers: usize,
    /// Dossiers that were left, with the reason.
    pub left: Vec<(String, String)>,
}

/// The list as a paper, proposed by somebody at some time.
#[must_use]
pub fn list(office: &Office, id: &str, as_of: NaiveDate, proposed: &Step, dossiers: &[Proposed]) -> Prepared {
    let title = format!("Danh mục hồ sơ đề nghị hủy {id}");
    let row = |(index, one): (usize, &Proposed)| ProposedView {
        number: (index + 1).to_string(),
        code: fitted(&one.code, 78),
        title: fitted(&one.title, 120),
        from: wording::short_date(one.from),
        to: wording::short_date(one.to),
        kept_until: wording::short_date(one.kept_until),
        versions: one.versions.to_string(),
        pages: one.pages.to_string(),
    };
    let date = proposed.time.date_naive();
    let view = ListView {
        title: title.clone(),
        company: wording::plain(&office.company).to_uppercase(),
        centre: wording::plain(&office.centre).to_uppercase(),
        author: wording::plain(&office.centre),
        id: id.to_owned(),
        as_of: wording::short_date(as_of),
        rows: dossiers.iter().enumerate().map(row).collect(),
        dossiers: wording::count(dossiers.len()),
        place_date: format!("{}, {}", wording::plain(&office.place), wording::long_date(date)),
        by: wording::plain(&proposed.by),
    };
    paper(LetterKind::DisposalList, title, &proposed.by, date, serde_json::to_value(view).unwrap_or_default())
}

/// The certificate as a paper.
#[must_use]
pub fn certificate(office: &Office, told: &Certificate) -> Prepared {
    let title = if told.destroyed.is_empty() {
        format!("Biên bản giữ lại hồ sơ của đợt hủy {}", told.id)
    } else {
        format!("Biên bản hủy hồ sơ {}", told.id)
    };
    let row = |(index, one): (usize, &Destroyed)| DestroyedView {
        number: (index + 1).to_string(),
        code: fitted(&one.code, 78),
        version: one.version.to_string(),
        sha256: fitted(&one.sha256, 160),
        size: wording::thousands(one.size),
        time: one.time.format("%H:%M ngày %d/%m/%Y").to_string(),
    };
    let left = |(code, reason): &(String, String)| LeftView { code: fitted(code, 110), reason: fitted(reason, 300) };
    let (day, date) = (|step: &Step| wording::short_date(step.time.date_naive()), told.done.time.date_naive());
    let view = CertificateView {
        title: title.clone(),
        company: wording::plain(&office.company).to_uppercase(),
        centre: wording::plain(&office.centre).to_uppercase(),
        author: wording::plain(&office.centre),
        id: told.id.clone(),
        proposed_by: wording::plain(&told.proposed.by),
        proposed: day(&told.proposed),
        approved_by: wording::plain(&told.approved.by),
        approved: day(&told.approved),
        by: wording::plain(&told.done.by),
        done: day(&told.done),
        rows: told.destroyed.iter().enumerate().map(row).collect(),
        dossiers: wording::count(told.dossiers),
        left: told.left.iter().map(left).collect(),
        place_date: format!("{}, {}", wording::plain(&office.place), wording::long_date(date)),
    };
    paper(LetterKind::DisposalCertificate, title, &told.done.by, date, serde_json::to_value(view).unwrap_or_default())
}

fn paper(kind: LetterKind, title: String, by: &str, date: NaiveDate, view: serde_json::Value) -> Prepared {
    Prepared {
        id: LetterId::of(kind),
        mode: Mode::ForSignature,
        view,
        facts: std::collections::BTreeMap::new(),
        missing: Vec::new(),
        subject: title.clone(),
        title,
        addressee: String::new(),
        signer_name: by.to_owned(),
        date: Some(date),
        number_text: None,
        email: None,
    }
}

pub(super) fn list_shape() -> Shape {
    ListView::shape("")
}

pub(super) fn certificate_shape() -> Shape {
    CertificateView::shape("")
}
