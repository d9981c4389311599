//! Biên bản chốt sổ: what the registers stated at the end of a month, to be signed. A chain of hashes proves order; when it was so, the
//! signature proves.

use super::papers::fitted;
use super::view::{Viewed, view};
use super::{LetterId, LetterKind, Mode, Prepared, Shape, wording};
use crate::register::Standing;

view! { /// A register in the minutes.
BookView {
    register: String = "so", "Tên sổ", "Công văn";
    year: String = "nam", "Năm của sổ", "2026";
    given: String = "cac_so", "Các số cấp trong kỳ, hoặc không phát sinh", "12 đến 31";
    count: String = "so_luong", "Số lượng số đã cấp trong kỳ", "20";
    withdrawn: String = "da_rut", "Số lượng số hủy, thay thế, đính chính hoặc bỏ trong kỳ", "1";
    last: String = "so_cuoi", "Số cuối cùng đã cấp trong năm của sổ, hoặc chưa cấp", "31";
}}

view! { /// A journal in the minutes.
ChainView {
    name: String = "ten", "Tên nhật ký", "Sổ đăng ký văn bản";
    lines: String = "so_dong", "Số dòng", "214";
    hash: Vec<String> = "ma_bam", "Mã băm SHA-256 của dòng cuối; mỗi dòng một mục", "3f859e1d1cb7170da29d05bceb03d604|09c452d9b23bc9770bd5a4fa8e18ae16";
}}

view! { /// Closing minutes of the registers.
MinutesView {
    title: String = "tieu_de", "Tên văn bản, dùng làm tiêu đề tệp", "Biên bản chốt sổ tháng 11 năm 2026";
    company: String = "ten_cong_ty_hoa", "Tên công ty, chữ hoa", "CÔNG TY TNHH PHÁT TRIỂN CÔNG NGHỆ THÁI SƠN";
    centre: String = "ten_trung_tam_hoa", "Tên trung tâm, chữ hoa", "TRUNG TÂM CHỨNG THỰC CHỮ KÝ SỐ CÔNG CỘNG E-CA";
    author: String = "ten_trung_tam", "Tên trung tâm", "Trung tâm chứng thực chữ ký số công cộng E-CA";
    period: String = "ky", "Kỳ chốt sổ", "Tháng 11 năm 2026";
    until: String = "tinh_den", "Thời điểm chốt", "hết ngày 30 tháng 11 năm 2026";
    books: Vec<BookView> = "cac_so_dang_ky", "Mọi sổ của năm, kể cả sổ không phát sinh trong kỳ, và sổ năm khác có phát sinh";
    chains: Vec<ChainView> = "cac_nhat_ky", "Các nhật ký và mã băm dòng cuối";
    archived: String = "ho_so_da_luu", "Số hồ sơ đưa vào lưu trữ trong kỳ", "07";
    place_date: String = "dia_danh_ngay", "Địa danh và ngày lập", "Hà Nội, ngày 01 tháng 12 năm 2026";
    by: Option<String> = "nguoi_lap", "Người lập biên bản", "Vũ Thị Mai";
}}

/// A journal: name, number of lines, hash of the last.
pub type Chain = (String, u64, String);

/// What the minutes state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Minutes {
    /// Company.
    pub company: String,
    /// Centre.
    pub centre: String,
    /// Place they are made at.
    pub place: String,
    /// First day of the month.
    pub month: chrono::NaiveDate,
    /// In words: up to when.
    pub until: String,
    /// How the registers stand.
    pub books: Vec<Standing>,
    /// Journals.
    pub chains: Vec<Chain>,
    /// Dossiers put into the archive in the month.
    pub archived: usize,
    /// Day they are made.
    pub date: chrono::NaiveDate,
    /// Who makes them.
    pub by: Option<String>,
}

/// The minutes as a paper.
#[must_use]
pub fn prepare(minutes: &Minutes) -> Prepared {
    let period = minutes.month.format("tháng %m năm %Y").to_string();
    let title = format!("Biên bản chốt sổ {period}");
    let book = |book: &Standing| BookView {
        register: wording::plain(book.title()),
        year: book.year.to_string(),
        given: match book.given {
            Some((first, last)) if first == last => first.to_string(),
            Some((first, last)) => format!("{first} đến {last}"),
            None if book.is_idle() => "không phát sinh trong tháng".to_owned(),
            None => "không".to_owned(),
        },
        count: book.count.to_string(),
        withdrawn: book.withdrawn.to_string(),
        last: book.last_text(),
    };
    let chain = |(name, lines, hash): &Chain| ChainView {
        name: name.clone(),
        lines: lines.to_string(),
        hash: fitted(hash, 200),
    };
    let view = MinutesView {
        title: title.clone(),
        company: wording::plain(&minutes.company).to_uppercase(),
        centre: wording::plain(&minutes.centre).to_uppercase(),
        author: wording::plain(&minutes.centre),
        period: wording::capitalised(&period),
        until: minutes.until.clone(),
        books: minutes.books.iter().map(book).collect(),
        chains: minutes.chains.iter().map(chain).collect(),
        archived: wording::count(minutes.archived),
        place_date: format!("{}, {}", wording::plain(&minutes.place), wording::long_date(minutes.date)),
        by: minutes.by.as_deref().map(wording::plain),
    };
    Prepared {
        id: LetterId::of(LetterKind::RegisterMinutes),
        mode: Mode::ForSignature,
        view: serde_json::to_value(view).unwrap_or_default(),
        facts: std::collections::BTreeMap::new(),
        missing: Vec::new(),
        subject: title.clone(),
        title,
        addressee: String::new(),
        signer_name: minutes.by.clone().unwrap_or_default(),
        date: Some(minutes.date),
        number_text: None,
        email: None,
    }
}

pub(super) fn shape() -> Shape {
    MinutesView::shape("")
}
