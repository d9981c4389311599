//! Bìa hồ sơ and mục lục hồ sơ: made at closing, from what the dossier holds.

use chrono::NaiveDate;

use super::view::{Viewed, view};
use super::{LetterKind, Prepared, wording};
use crate::case::{Case, Kind};
use crate::settings::Issuer;

view! { /// Cover of a dossier.
CoverView {
    title: String = "tieu_de", "Tên văn bản, dùng làm tiêu đề tệp", "Văn bản mẫu, hồ sơ KN-2026-0042";
    company: String = "ten_cong_ty_hoa", "Tên công ty, chữ hoa", "CÔNG TY TNHH PHÁT TRIỂN CÔNG NGHỆ THÁI SƠN";
    centre: String = "ten_trung_tam_hoa", "Tên trung tâm, chữ hoa", "TRUNG TÂM CHỨNG THỰC CHỮ KÝ SỐ CÔNG CỘNG E-CA";
    author: String = "ten_trung_tam", "Tên trung tâm", "Trung tâm chứng thực chữ ký số công cộng E-CA";
    code: String = "ma_ho_so", "Mã hồ sơ", "KN-2026-0042";
    dossier: String = "tieu_de_ho_so", "Hồ sơ giải quyết khiếu nại của … về việc …", "Hồ sơ giải quyết khiếu nại của Công ty TNHH Thương mại Dịch vụ Minh Phát về việc chứng thư chữ ký số bị thu hồi khi chưa hết hạn";
    from: Option<String> = "tu_ngay", "Ngày bắt đầu", "13/10/2026";
    to: Option<String> = "den_ngay", "Ngày kết thúc", "30/11/2026";
    end: String = "ket_thuc", "Hồ sơ kết thúc thế nào", "Khách hàng đồng ý với kết quả trả lời";
    documents: String = "so_van_ban", "Số văn bản", "07";
    pages: String = "so_trang", "Số trang", "25";
    retention: String = "thoi_han_bao_quan", "Thời hạn bảo quản", "15 năm";
    paper_place: Option<String> = "noi_luu_ban_giay", "Nơi lưu bản giấy", "Kho lưu trữ tầng 2, giá 4, hộp 17";
    version: String = "phien_ban", "Phiên bản của hồ sơ lưu trữ", "1";
}}

view! { /// A row of the list of documents.
RowView {
    number: String = "thu_tu", "Số thứ tự", "1";
    symbol: Vec<String> = "so_ky_hieu", "Số, ký hiệu; mỗi dòng một mục", "03/PTN-ECA";
    date: String = "ngay", "Ngày văn bản", "13/10/2026";
    subject: Vec<String> = "trich_yeu", "Tên loại và trích yếu; mỗi dòng một mục", "Phiếu tiếp nhận xử lý khiếu nại";
    author: Vec<String> = "tac_gia", "Tác giả; mỗi dòng một mục", "Trung tâm E-CA";
    page: Vec<String> = "trang", "Trang; mỗi dòng một mục", "1-3";
    remark: Vec<String> = "ghi_chu", "Ghi chú: bản chính, bản sao, điện tử; mỗi dòng một mục", "Bản chính";
}}

view! { /// List of documents in a dossier.
ListView {
    title: String = "tieu_de", "Tên văn bản, dùng làm tiêu đề tệp", "Văn bản mẫu, hồ sơ KN-2026-0042";
    company: String = "ten_cong_ty_hoa", "Tên công ty, chữ hoa", "CÔNG TY TNHH PHÁT TRIỂN CÔNG NGHỆ THÁI SƠN";
    centre: String = "ten_trung_tam_hoa", "Tên trung tâm, chữ hoa", "TRUNG TÂM CHỨNG THỰC CHỮ KÝ SỐ CÔNG CỘNG E-CA";
    author: String = "ten_trung_tam", "Tên trung tâm", "Trung tâm chứng thực chữ ký số công cộng E-CA";
    code: String = "ma_ho_so", "Mã hồ sơ", "KN-2026-0042";
    dossier: String = "tieu_de_ho_so", "Hồ sơ giải quyết khiếu nại của … về việc …", "Hồ sơ giải quyết khiếu nại của Công ty TNHH Thương mại Dịch vụ Minh Phát về việc chứng thư chữ ký số bị thu hồi khi chưa hết hạn";
    rows: Vec<RowView> = "van_ban", "Các văn bản";
    documents: String = "so_van_ban", "Số văn bản", "07";
    pages: String = "so_trang", "Số trang", "25";
    closed: Option<String> = "ngay_luu", "Ngày lưu hồ sơ, viết đầy đủ", "ngày 30 tháng 11 năm 2026";
    closed_by: Option<String> = "nguoi_luu", "Người lưu hồ sơ", "Vũ Thị Mai";
}}

/// What the cover and the list say of a dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoverFacts {
    /// Company.
    pub company: String,
    /// Centre.
    pub centre: String,
    /// Case code.
    pub code: String,
    /// Title, from [`dossier_title`].
    pub title: String,
    /// Day of the first document.
    pub from: Option<NaiveDate>,
    /// Day of the last document.
    pub to: Option<NaiveDate>,
    /// How it ended, e.g. "Khách hàng đồng ý với kết quả trả lời".
    pub end: String,
    /// Documents in it.
    pub documents: usize,
    /// Pages in it.
    pub pages: usize,
    /// Retention, e.g. "15 năm" or "Vĩnh viễn".
    pub retention: String,
    /// Where the paper originals are.
    pub paper_place: Option<String>,
    /// Version of the dossier, from 1.
    pub version: u32,
    /// Day it is closed.
    pub closed: Option<NaiveDate>,
    /// Who closes it.
    pub closed_by: Option<String>,
}

/// One document of a dossier (Decree 30/2020, App. V: mục lục văn bản).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListRow {
    /// Number and symbol.
    pub symbol: Option<String>,
    /// Date of the document.
    pub date: Option<NaiveDate>,
    /// Kind and subject.
    pub subject: String,
    /// Who wrote it.
    pub author: String,
    /// Page it begins on, or pages it covers, e.g. "3-5".
    pub page: Option<String>,
    /// Original, copy, electronic.
    pub remark: Option<String>,
}

/// "Hồ sơ giải quyết khiếu nại của … về việc …"; without what the case file does not say.
#[must_use]
pub fn dossier_title(case: &Case) -> String {
    let mut title = "Hồ sơ giải quyết khiếu nại".to_owned();
    if let Some(complainant) = &case.complainant
        && let Some(name) = &complainant.name
    {
        let honorific = complainant.honorific.as_ref().filter(|_| complainant.kind == Some(Kind::Individual));
        let person = wording::person(honorific.map(|h| h.as_str()), name.as_str());
        title.push_str(&format!(" của {}", wording::plain(&person)));
    }
    if let Some(summary) = case.intake.as_ref().and_then(|intake| intake.summary.as_ref()) {
        let summary = summary.as_str().split_whitespace().collect::<Vec<_>>().join(" ");
        title.push_str(&format!(" về việc {}", wording::plain(&wording::continued(&summary))));
    }
    title
}

impl CoverFacts {
    /// Company and centre of `issuer`; the rest empty.
    #[must_use]
    pub fn of(issuer: &Issuer, case: &Case) -> Self {
        Self {
            company: issuer.company.to_string(),
            centre: issuer.centre.to_string(),
            code: case.code.to_string(),
            title: dossier_title(case),
            from: None,
            to: None,
            end: String::new(),
            documents: 0,
            pages: 0,
            retention: String::new(),
            paper_place: None,
            version: 1,
            closed: None,
            closed_by: None,
        }
    }

    fn prepared(&self, kind: LetterKind, title: String, view: &impl serde::Serialize) -> Prepared {
        let by = self.closed_by.as_deref().unwrap_or_default();
        Prepared { subject: self.title.clone(), ..Prepared::paper(kind, title, view, by, self.closed) }
    }
}

/// Width of a letter in a cell (12 pt), in points, rather more than less.
fn width(letter: char) -> u32 {
    match letter {
        'M' | 'W' | '@' | '…' => 12,
        'm' | 'w' => 10,
        c if c.is_uppercase() => 9,
        '.' | ',' | '/' | '-' | ':' | ';' | '(' | ')' | 'i' | 'l' | 't' | 'f' | 'j' => 4,
        _ => 6,
    }
}

/// `text` in lines none of whose words is wider than `room` points: a long file name or number must not keep a dossier
/// from being closed. Words are parted after a sign where there is one.
pub(super) fn fitted(text: &str, room: u32) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in wording::plain(text).split_whitespace() {
        if lines.last().is_some_and(|line| !line.is_empty())
            && let Some(line) = lines.last_mut()
        {
            line.push(' ');
        }
        let mut rest: Vec<char> = word.chars().collect();
        loop {
            let mut used = 0;
            let fits = rest.iter().take_while(|letter| {
                used += width(**letter);
                used <= room
            });
            let fits = fits.count().max(1);
            let all = fits >= rest.len();
            let sign = rest[..fits.min(rest.len())].iter().rposition(|letter| "/-._".contains(*letter));
            let cut = if all { rest.len() } else { sign.map_or(fits, |sign| sign + 1) };
            if let Some(line) = lines.last_mut() {
                line.extend(rest.drain(..cut));
            }
            if rest.is_empty() {
                break;
            }
            lines.push(String::new());
        }
    }
    lines
}

/// The cover of a dossier.
#[must_use]
pub fn prepare_cover(facts: &CoverFacts) -> Prepared {
    let title = format!("Bìa hồ sơ {}", facts.code);
    let view = CoverView {
        title: title.clone(),
        company: wording::plain(&facts.company).to_uppercase(),
        centre: wording::plain(&facts.centre).to_uppercase(),
        author: wording::plain(&facts.centre),
        code: facts.code.clone(),
        dossier: wording::plain(&facts.title),
        from: facts.from.map(wording::short_date),
        to: facts.to.map(wording::short_date),
        end: wording::capitalised(&wording::plain(&facts.end)),
        documents: wording::count(facts.documents),
        pages: wording::count(facts.pages),
        retention: wording::plain(&facts.retention),
        paper_place: facts.paper_place.as_deref().map(wording::plain),
        version: facts.version.to_string(),
    };
    facts.prepared(LetterKind::Cover, title, &view)
}

/// The list of documents of a dossier.
#[must_use]
pub fn prepare_list(facts: &CoverFacts, rows: &[ListRow]) -> Prepared {
    let title = format!("Mục lục văn bản, hồ sơ {}", facts.code);
    let view = ListView {
        title: title.clone(),
        company: wording::plain(&facts.company).to_uppercase(),
        centre: wording::plain(&facts.centre).to_uppercase(),
        author: wording::plain(&facts.centre),
        code: facts.code.clone(),
        dossier: wording::plain(&facts.title),
        rows: rows
            .iter()
            .enumerate()
            .map(|(index, row)| RowView {
                number: (index + 1).to_string(),
                symbol: fitted(row.symbol.as_deref().unwrap_or_default(), 86),
                date: row.date.map(wording::short_date).unwrap_or_default(),
                subject: fitted(&row.subject, 104),
                author: fitted(&row.author, 54),
                page: fitted(row.page.as_deref().unwrap_or_default(), 34),
                remark: fitted(&wording::capitalised(row.remark.as_deref().unwrap_or_default()), 36),
            })
            .collect(),
        documents: wording::count(rows.len()),
        pages: wording::count(facts.pages),
        closed: facts.closed.map(wording::long_date),
        closed_by: facts.closed_by.as_deref().map(wording::plain),
    };
    facts.prepared(LetterKind::DocumentList, title, &view)
}

/// What the forms may print.
pub(super) fn shape(kind: LetterKind) -> super::Shape {
    if kind == LetterKind::Cover { CoverView::shape("") } else { ListView::shape("") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn widest(lines: &[String]) -> u32 {
        let words = lines.iter().flat_map(|line| line.split(' '));
        words.map(|word| word.chars().map(width).sum()).max().unwrap_or_default()
    }

    #[test]
    fn long_words_are_parted_after_a_sign() {
        assert_eq!(fitted("05/PTN-ECA", 86), ["05/PTN-ECA"]);
        assert_eq!(fitted("1234/2026/CV-MPTMDV", 86), ["1234/2026/CV-", "MPTMDV"]);
        assert_eq!(fitted("Tệp nhat-ky-thu-hoi-chung-thu.pdf", 104), ["Tệp nhat-ky-thu-hoi-", "chung-thu.pdf"]);
        assert_eq!(fitted("", 86), [""]);
        assert_eq!(fitted("một hai ba bốn năm sáu bảy tám", 40), ["một hai ba bốn năm sáu bảy tám"]);
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_lost_and_nothing_too_wide(text in "[A-Za-zđạ/. -]{0,60}", room in 34_u32..110) {
            let lines = fitted(&text, room);
            let bare = |text: &str| text.split_whitespace().collect::<String>();
            proptest::prop_assert_eq!(bare(&lines.concat()), bare(&text));
            proptest::prop_assert!(widest(&lines) <= room);
        }
    }
}
