//! The books an inspector asks for, as papers: outgoing documents, complaints, transfers.

use chrono::NaiveDate;

use super::papers::fitted;
use super::view::{Viewed, view};
use super::{LetterId, LetterKind, Mode, Prepared, Shape, wording};
use crate::register::Period;

view! { /// A row of the book of outgoing documents (Decree 30/2020, App. IV).
LetterRow {
    number: Vec<String> = "so_ky_hieu", "Số, ký hiệu văn bản; mỗi dòng một mục", "05/TB-ECA";
    date: String = "ngay_van_ban", "Ngày tháng văn bản", "13/10/2026";
    subject: Vec<String> = "ten_loai_trich_yeu", "Tên loại và trích yếu nội dung; mỗi dòng một mục", "Thông báo từ chối: Khiếu nại của Công ty TNHH Minh Phát không thuộc phạm vi giải quyết";
    signer: Vec<String> = "nguoi_ky", "Người ký; mỗi dòng một mục", "Phạm Văn Lộc";
    to: Vec<String> = "noi_nhan_van_ban", "Nơi nhận văn bản; mỗi dòng một mục", "Công ty TNHH Minh Phát";
    kept_by: Vec<String> = "noi_luu", "Đơn vị, người nhận bản lưu; mỗi dòng một mục", "Văn thư";
    copies: String = "so_luong_ban", "Số lượng bản; trống khi không rõ", "2";
    sent: Option<String> = "ngay_chuyen", "Ngày chuyển", "14/10/2026";
    signed_for: Vec<String> = "ky_nhan", "Ký nhận; mỗi dòng một mục", "nhận ngày 15/10/2026";
    remark: Vec<String> = "ghi_chu", "Ghi chú; mỗi dòng một mục", "Hồ sơ KN-2026-0042";
}}

view! { /// A row of the complaint register.
ComplaintRow {
    number: String = "thu_tu", "Số thứ tự", "1";
    code: Vec<String> = "ma_ho_so", "Mã hồ sơ; mỗi dòng một mục", "KN-2026-0042";
    days: Vec<String> = "ngay_den_ghi_so", "Ngày đến, ngày ghi sổ; mỗi ngày một mục", "12/10/2026|13/10/2026";
    incoming: Vec<String> = "so_den", "Số đến; mỗi dòng một mục", "118";
    channel: Vec<String> = "hinh_thuc", "Hình thức khiếu nại; mỗi dòng một mục", "thư điện tử";
    complainant: Vec<String> = "nguoi_khieu_nai", "Người khiếu nại; mỗi dòng một mục", "Công ty TNHH Thương mại Dịch vụ Minh Phát";
    summary: Vec<String> = "tom_tat", "Tóm tắt nội dung; mỗi dòng một mục", "Chứng thư chữ ký số bị thu hồi khi chưa hết hạn";
    receiver: Vec<String> = "nguoi_tiep_nhan", "Người tiếp nhận; mỗi dòng một mục", "Trần Đức Ân";
    state: Vec<String> = "tinh_trang", "Tình trạng; mỗi dòng một mục", "chờ kết quả xác minh (bước 7)";
    end: Vec<String> = "ket_thuc", "Kết thúc thế nào, ngày nào; mỗi dòng một mục", "khách hàng đồng ý,|20/11/2026";
}}

view! { /// A row of the book of transfers.
TransferRow {
    number: String = "thu_tu", "Số thứ tự", "1";
    code: Vec<String> = "ma_ho_so", "Mã hồ sơ; mỗi dòng một mục", "KN-2026-0042";
    round: String = "lan", "Lần giải quyết", "1";
    unit: Vec<String> = "bo_phan", "Bộ phận; mỗi dòng một mục", "Phòng Kỹ thuật";
    symbol: Vec<String> = "so_ky_hieu", "Số, ký hiệu phiếu chuyển; mỗi dòng một mục", "03/PC-ECA";
    sent: Option<String> = "ngay_chuyen", "Ngày chuyển", "14/10/2026";
    questions: Vec<String> = "noi_dung", "Nội dung xác minh; mỗi dòng một mục", "Ai đã ra lệnh thu hồi, từ tài khoản nào? Có văn bản yêu cầu của khách hàng không?";
    due: Option<String> = "han", "Hạn trả lời", "21/10/2026";
    found: Option<String> = "ngay_co_ket_qua", "Ngày có kết quả", "21/10/2026";
}}

/// Declares the view of a book: what all have, and its rows.
macro_rules! book {
    ($name:ident of $row:ident, $title:literal) => {
        view! { /// A book.
        $name {
            title: String = "tieu_de", "Tên văn bản, dùng làm tiêu đề tệp", $title;
            company: String = "ten_cong_ty_hoa", "Tên công ty, chữ hoa", "CÔNG TY TNHH PHÁT TRIỂN CÔNG NGHỆ THÁI SƠN";
            centre: String = "ten_trung_tam_hoa", "Tên trung tâm, chữ hoa", "TRUNG TÂM CHỨNG THỰC CHỮ KÝ SỐ CÔNG CỘNG E-CA";
            author: String = "ten_trung_tam", "Tên trung tâm", "Trung tâm chứng thực chữ ký số công cộng E-CA";
            name: String = "ten_so_hoa", "Tên sổ, chữ hoa", $title;
            period: String = "ky", "Kỳ của sổ", "Tháng 11 năm 2026";
            rows: Vec<$row> = "muc", "Các mục của sổ";
            count: String = "so_muc", "Số mục", "12";
            notes: Vec<String> = "luu_y", "Các điều cần biết về sổ, in dưới bảng", "Ngoài các khiếu nại đã ghi, còn 01 khiếu nại không rõ ngày đến, có thể thuộc kỳ này, ghi trong sổ cả năm (năm 2026): KN-2026-0021.";
            place_date: String = "dia_danh_ngay", "Địa danh và ngày lập", "Hà Nội, ngày 01 tháng 12 năm 2026";
            by: Option<String> = "nguoi_lap", "Người lập sổ", "Vũ Thị Mai";
        }}

        impl $name {
            fn of(sheet: &Sheet, kind: LetterKind, rows: Vec<$row>, notes: Vec<String>) -> Prepared {
                let name = kind.text();
                let title = format!("{}, {}", wording::capitalised(name), sheet.period_text());
                let view = Self {
                    title: title.clone(),
                    company: wording::plain(&sheet.company).to_uppercase(),
                    centre: wording::plain(&sheet.centre).to_uppercase(),
                    author: wording::plain(&sheet.centre),
                    name: name.to_uppercase(),
                    period: wording::capitalised(&sheet.period_text()),
                    count: wording::count(rows.len()),
                    rows,
                    notes: notes.iter().map(|note| wording::plain(note)).collect(),
                    place_date: format!("{}, {}", wording::plain(&sheet.place), wording::long_date(sheet.date)),
                    by: sheet.by.as_deref().map(wording::plain),
                };
                sheet.prepared(kind, title, serde_json::to_value(view).unwrap_or_default())
            }
        }
    };
}

book!(LettersView of LetterRow, "SỔ ĐĂNG KÝ VĂN BẢN ĐI");
book!(ComplaintsView of ComplaintRow, "SỔ TIẾP NHẬN KHIẾU NẠI");
book!(TransfersView of TransferRow, "SỔ CHUYỂN BỘ PHẬN");

/// What every paper made of the books says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Company.
    pub company: String,
    /// Centre.
    pub centre: String,
    /// Place it is made at.
    pub place: String,
    /// The days it is of; none for all there are.
    pub period: Option<Period>,
    /// Day it is made.
    pub date: NaiveDate,
    /// Who makes it.
    pub by: Option<String>,
}

impl Sheet {
    /// The period in words.
    #[must_use]
    pub fn period_text(&self) -> String {
        match self.period {
            Some(period) => period.text(),
            None => format!("từ khi mở sổ đến {}", wording::long_date(self.date)),
        }
    }

    pub(super) fn prepared(&self, kind: LetterKind, title: String, view: serde_json::Value) -> Prepared {
        Prepared {
            id: LetterId::of(kind),
            mode: Mode::ForSignature,
            view,
            facts: std::collections::BTreeMap::new(),
            missing: Vec::new(),
            subject: title.clone(),
            title,
            addressee: String::new(),
            signer_name: self.by.clone().unwrap_or_default(),
            date: Some(self.date),
            number_text: None,
            email: None,
        }
    }
}

/// A complaint as its book has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Complaint {
    /// Case code.
    pub code: String,
    /// Day of arrival, and day of entry.
    pub days: [Option<NaiveDate>; 2],
    /// Number it arrived under.
    pub incoming: String,
    /// How it came.
    pub channel: String,
    /// Who complains.
    pub complainant: String,
    /// What about.
    pub summary: String,
    /// Who took it in.
    pub receiver: String,
    /// Step and state.
    pub state: String,
    /// How it ended.
    pub end: String,
    /// When it ended.
    pub ended: Option<NaiveDate>,
}

/// A transfer as its book has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// Case code.
    pub code: String,
    /// Round.
    pub round: u32,
    /// Unit.
    pub unit: String,
    /// Number and symbol of the letter.
    pub symbol: String,
    /// Day it was passed on.
    pub sent: Option<NaiveDate>,
    /// What was asked.
    pub questions: String,
    /// Until when.
    pub due: Option<NaiveDate>,
    /// When the unit answered.
    pub found: Option<NaiveDate>,
}

/// Room for one word in the columns of the books, in points: together with the padding no more than a page lying on its side has, so
/// that a book can always be printed.
mod room {
    pub(super) const CODE: u32 = 84;
    pub(super) const SYMBOL: u32 = 66;
    pub(super) const WIDE: u32 = 78;
    pub(super) const DATE: u32 = 58;
    pub(super) const NARROW: u32 = 48;
}

/// The book of outgoing documents as a paper.
#[must_use]
pub fn letters(sheet: &Sheet, rows: &[crate::register::Row]) -> Prepared {
    let row = |row: &crate::register::Row| LetterRow {
        number: fitted(&row.so_ky_hieu, room::SYMBOL),
        date: wording::short_date(row.ngay_van_ban),
        subject: fitted(&row.ten_loai_trich_yeu, room::WIDE),
        signer: fitted(&row.nguoi_ky, room::NARROW),
        to: fitted(&row.noi_nhan, room::WIDE),
        kept_by: fitted(&row.noi_luu, room::NARROW),
        copies: if row.so_luong_ban == 0 { String::new() } else { row.so_luong_ban.to_string() },
        sent: row.ngay_chuyen.map(wording::short_date),
        signed_for: fitted(&row.ky_nhan, room::DATE),
        remark: fitted(&row.ghi_chu, room::CODE),
    };
    LettersView::of(sheet, LetterKind::LetterBook, rows.iter().map(row).collect(), Vec::new())
}

/// The complaint register as a paper, with what is to be said below it.
#[must_use]
pub fn complaints(sheet: &Sheet, rows: &[Complaint], notes: Vec<String>) -> Prepared {
    let row = |(index, row): (usize, &Complaint)| {
        let end = row.ended.map_or_else(|| row.end.clone(), |day| format!("{}, {}", row.end, wording::short_date(day)));
        ComplaintRow {
            number: (index + 1).to_string(),
            code: fitted(&row.code, room::CODE),
            days: row.days.iter().flatten().map(|day| wording::short_date(*day)).collect(),
            incoming: fitted(&row.incoming, room::NARROW),
            channel: fitted(&row.channel, room::NARROW),
            complainant: fitted(&row.complainant, room::WIDE),
            summary: fitted(&row.summary, room::WIDE),
            receiver: fitted(&row.receiver, room::NARROW),
            state: fitted(&row.state, room::DATE),
            end: fitted(&end, room::DATE),
        }
    };
    ComplaintsView::of(sheet, LetterKind::ComplaintBook, rows.iter().enumerate().map(row).collect(), notes)
}

/// The book of transfers as a paper.
#[must_use]
pub fn transfers(sheet: &Sheet, rows: &[Transfer]) -> Prepared {
    let row = |(index, row): (usize, &Transfer)| TransferRow {
        number: (index + 1).to_string(),
        code: fitted(&row.code, room::CODE),
        round: row.round.to_string(),
        unit: fitted(&row.unit, room::WIDE),
        symbol: fitted(&row.symbol, room::SYMBOL),
        sent: row.sent.map(wording::short_date),
        questions: fitted(&row.questions, room::WIDE),
        due: row.due.map(wording::short_date),
        found: row.found.map(wording::short_date),
    };
    TransfersView::of(sheet, LetterKind::TransferBook, rows.iter().enumerate().map(row).collect(), Vec::new())
}

pub(super) fn shape(kind: LetterKind) -> Shape {
    match kind {
        LetterKind::ComplaintBook => ComplaintsView::shape(""),
        LetterKind::TransferBook => TransfersView::shape(""),
        _ => LettersView::shape(""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::parse;
    use crate::font::FontSet;
    use crate::form::FormSet;
    use crate::layout::{Layout, Style, lay_out};
    use crate::register::Row;

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, month, day).unwrap()
    }

    fn sheet() -> Sheet {
        Sheet {
            company: "Công ty TNHH Phát triển công nghệ Thái Sơn".to_owned(),
            centre: "Trung tâm E-CA".to_owned(),
            place: "Hà Nội".to_owned(),
            period: Some(Period::month(day(11, 1))),
            date: day(12, 1),
            by: Some("Vũ Thị Mai".to_owned()),
        }
    }

    fn laid(paper: &Prepared) -> Layout {
        let markup = FormSet::builtin().fill(paper).unwrap();
        lay_out(&parse(&markup).unwrap(), &Style::builtin(), &FontSet::builtin()).unwrap()
    }

    fn row(number: u32) -> Row {
        Row {
            so_ky_hieu: format!("{number:02}/TB-ECA"),
            ngay_van_ban: day(11, 13),
            ten_loai_trich_yeu: "Thông báo từ chối: khiếu nại <b>không</b> thuộc phạm vi & giới hạn".to_owned(),
            nguoi_ky: "Phạm Văn Lộc".to_owned(),
            noi_nhan: "Công ty TNHH Minh Phát".to_owned(),
            noi_luu: "VT".to_owned(),
            so_luong_ban: 2,
            ngay_chuyen: None,
            ky_nhan: String::new(),
            ghi_chu: "Hồ sơ KN-2026-0042".to_owned(),
        }
    }

    /// The ten columns of Decree 30/2020, App. IV, in order, under their numbers.
    #[test]
    fn the_book_of_outgoing_documents_has_the_columns_of_the_decree() {
        let pages = laid(&letters(&sheet(), &[row(5)])).page_texts();
        let text = pages[0].replace('\n', " ");
        let mut at = 0;
        for heading in [
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
            "(1)",
            "(10)",
            "05/TB-ECA",
            "<b>không</b>",
            "Sổ in trong kỳ này gồm 01 mục.",
            "Hà Nội, ngày 01 tháng 12 năm 2026",
            "NGƯỜI LẬP SỔ",
            "Vũ Thị Mai",
            "THỦ TRƯỞNG ĐƠN VỊ",
        ] {
            let found =
                text[at..].find(heading).unwrap_or_else(|| panic!("{heading} is missing or comes too early: {text}"));
            at += found;
        }
    }

    #[test]
    fn an_empty_book_says_so() {
        for paper in [letters(&sheet(), &[]), complaints(&sheet(), &[], Vec::new()), transfers(&sheet(), &[])] {
            let layout = laid(&paper);
            assert_eq!(layout.pages.len(), 1);
            let text = layout.page_texts().concat();
            assert!(text.contains("Trong kỳ này không có") && text.contains("Tháng 11 năm 2026"), "{text}");
        }
    }

    /// A word as long as one can be must not keep a book from being printed.
    #[test]
    fn long_words_fit_into_every_column() {
        let long = "W".repeat(200);
        let of_all = Row {
            so_ky_hieu: long.clone(),
            ten_loai_trich_yeu: long.clone(),
            nguoi_ky: long.clone(),
            noi_nhan: long.clone(),
            noi_luu: long.clone(),
            ky_nhan: long.clone(),
            ghi_chu: long.clone(),
            ..row(1)
        };
        laid(&letters(&sheet(), &[of_all]));
        let complaint = Complaint {
            code: long.clone(),
            days: [Some(day(11, 1)), Some(day(11, 2))],
            incoming: long.clone(),
            channel: long.clone(),
            complainant: long.clone(),
            summary: long.clone(),
            receiver: long.clone(),
            state: long.clone(),
            end: long.clone(),
            ended: Some(day(11, 3)),
        };
        laid(&complaints(&sheet(), &[complaint], vec![long.clone()]));
        let transfer = Transfer {
            code: long.clone(),
            round: 4_000_000_000,
            unit: long.clone(),
            symbol: long.clone(),
            sent: Some(day(11, 1)),
            questions: long,
            due: Some(day(11, 2)),
            found: Some(day(11, 3)),
        };
        laid(&transfers(&sheet(), &[transfer]));
    }
}
