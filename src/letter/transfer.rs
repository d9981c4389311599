//! Phiếu chuyển (step 6) and phiếu kết quả xác minh (step 7).

use super::letterhead::{Desk, Heading};
use super::view::{Paper, view};
use super::{LetterId, LetterKind, Prepared, wording};
use crate::case::{Case, Flag, Severity};
use crate::procedure::TermKind;

view! { /// Transfer slip.
TransferView {
    unit: String = "bo_phan", "Bộ phận xác minh", "Phòng Kỹ thuật";
    unit_address: String = "quy_phong", "Cách gọi bộ phận: Quý Phòng, Quý Đơn vị", "Quý Phòng";
    complainant: String = "nguoi_khieu_nai", "Người khiếu nại", "Công ty TNHH Thương mại Dịch vụ Minh Phát";
    arrived: String = "ngay_den", "Ngày khiếu nại đến", "13/10/2026";
    slip: Option<String> = "phieu_tiep_nhan", "Phiếu tiếp nhận số …, ngày …", "Phiếu tiếp nhận số 03/PTN-ECA ngày 13/10/2026";
    service: Option<String> = "dich_vu", "Dịch vụ bị khiếu nại", "Chứng thư chữ ký số doanh nghiệp, gói 3 năm";
    serial: Option<String> = "serial_chung_thu", "Số serial chứng thư", "5401 0000 0000 0a3f";
    severity: Option<String> = "muc_do", "Mức độ, khi từ nghiêm trọng trở lên", "nghiêm trọng";
    summary: String = "tom_tat", "Tóm tắt khiếu nại, để viết sau chữ “về việc”", "chứng thư chữ ký số bị thu hồi khi chưa hết hạn";
    content: Vec<String> = "noi_dung", "Nội dung khiếu nại, mỗi đoạn một mục", "Từ sáng 12/10/2026 kế toán không ký được tờ khai thuế.|Công ty không gửi yêu cầu thu hồi nào.";
    again: bool = "lan_sau", "Xác minh lại";
    objection: Vec<String> = "noi_dung_y_kien", "Nội dung khách hàng không đồng ý, mỗi đoạn một mục", "Công ty chưa được bồi thường tiền phạt chậm nộp tờ khai.|Trung tâm chưa nêu ai chịu trách nhiệm về việc lập nhầm lệnh thu hồi.";
    questions: Vec<String> = "cau_hoi", "Các câu hỏi", "Ai lập lệnh thu hồi, theo yêu cầu nào?|Lệnh có được người thứ hai duyệt không?|Có chứng thư nào khác bị thu hồi nhầm không?";
    papers: Vec<String> = "tai_lieu", "Tài liệu gửi kèm", "Hợp đồng cung cấp dịch vụ chứng thực chữ ký số|Ảnh chụp màn hình thông báo lỗi";
    asked_for: String = "han_tra_loi", "Ngày đề nghị có kết quả", "23/10/2026";
}}

view! { /// A question and the unit's answer.
QuestionView {
    number: String = "thu_tu", "Số thứ tự", "1";
    question: String = "cau_hoi", "Câu hỏi", "Ai lập lệnh thu hồi, theo yêu cầu nào?|Lệnh có được người thứ hai duyệt không?|Có chứng thư nào khác bị thu hồi nhầm không?";
    answer: Vec<String> = "tra_loi", "Trả lời; trống thì in dòng để ghi tay", "Nhân viên trực ca lập lệnh, không có yêu cầu của khách hàng.";
}}

view! { /// Findings report, a form to fill.
FindingsView {
    unit: String = "bo_phan", "Bộ phận xác minh", "Phòng Kỹ thuật";
    unit_upper: String = "bo_phan_hoa", "Bộ phận xác minh, chữ hoa", "PHÒNG KỸ THUẬT";
    place_day: String = "dia_danh_ngay_phieu", "Địa danh và ngày; trống thì để chỗ ghi tay", "Hà Nội, ngày 23 tháng 10 năm 2026";
    transfer: Option<String> = "phieu_chuyen", "Phiếu chuyển số …, ngày …", "Phiếu chuyển số 02/PC-ECA ngày 14/10/2026";
    complainant: String = "nguoi_khieu_nai", "Người khiếu nại", "Công ty TNHH Thương mại Dịch vụ Minh Phát";
    summary: Option<String> = "tom_tat", "Tóm tắt khiếu nại, để viết sau chữ “về việc”", "chứng thư chữ ký số bị thu hồi khi chưa hết hạn";
    service: Option<String> = "dich_vu", "Dịch vụ bị khiếu nại", "Chứng thư chữ ký số doanh nghiệp, gói 3 năm";
    serial: Option<String> = "serial_chung_thu", "Số serial chứng thư", "5401 0000 0000 0a3f";
    done: Vec<String> = "viec_da_lam", "Việc đã làm, nguồn thông tin", "Đối chiếu nhật ký thu hồi với hộp thư yêu cầu từ ngày 05/10/2026 đến ngày 12/10/2026.";
    questions: Vec<QuestionView> = "hoi_dap", "Câu hỏi và trả lời";
    result: Vec<String> = "ket_qua", "Kết quả xác minh", "Lệnh thu hồi do Trung tâm lập nhầm, không có yêu cầu của khách hàng.";
    cause: Vec<String> = "nguyen_nhan", "Nguyên nhân, trách nhiệm", "Nhân viên chọn nhầm số serial ở dòng liền kề; quy trình chưa buộc người thứ hai duyệt.";
    proposal: Vec<String> = "de_xuat", "Đề xuất", "Cấp lại chứng thư miễn phí và gửi văn bản xin lỗi khách hàng.";
    papers: Vec<Paper> = "tai_lieu", "Tài liệu kèm theo";
    investigator: Option<String> = "nguoi_xac_minh", "Người xác minh", "Phan Văn Khôi";
    head: Option<String> = "truong_bo_phan", "Trưởng bộ phận", "Tạ Thị Bích Liên";
}}

/// "Quý Phòng", from the settings or from the unit's own name.
fn unit_address(desk: &Desk<'_>, unit: &str) -> String {
    let set = desk.settings.units.iter().find(|known| known.name.as_str() == unit).and_then(|u| u.address.as_ref());
    if let Some(address) = set {
        return wording::plain(address.as_str());
    }
    match unit.split_whitespace().next() {
        Some(word @ ("Phòng" | "Ban" | "Tổ" | "Chi" | "Trung" | "Đại")) => match word {
            "Chi" => "Quý Chi nhánh".to_owned(),
            "Trung" => "Quý Trung tâm".to_owned(),
            "Đại" => "Quý Đại lý".to_owned(),
            word => format!("Quý {word}"),
        },
        _ => "Quý Đơn vị".to_owned(),
    }
}

pub(super) fn prepare(desk: Desk<'_>, case: &Case) -> Prepared {
    let reader = &desk.reader;
    let unit = reader.need(&desk.own("bo_phan"));
    let due_path = desk.own("han_tra_loi");
    let asked_for = reader
        .short_date(&due_path)
        .or_else(|| {
            desk.term(TermKind::Findings, Some(desk.id.round), desk.id.unit.as_deref())
                .map(|term| wording::short_date(term.due))
        })
        .unwrap_or_else(|| reader.lack(&due_path));
    let index = desk.round_index.unwrap_or(0);
    let objection = objection_path(case, index);
    let severity: Option<Severity> = reader.peek("phan_loai.muc_do");
    let own = TransferView {
        unit_address: unit_address(&desk, &unit),
        complainant: desk.complainant(),
        arrived: reader.need_date("tiep_nhan.ngay_den"),
        slip: desk
            .other(&LetterId::of(LetterKind::ReceiptSlip))
            .map(|slip| format!("Phiếu tiếp nhận số {} ngày {}", slip.number_text, wording::short_date(slip.date))),
        service: reader.text("tiep_nhan.dich_vu"),
        serial: reader.text("tiep_nhan.serial_chung_thu"),
        severity: severity.filter(|severity| *severity != Severity::Normal).map(|severity| {
            reader.text("phan_loai.muc_do");
            severity.text().to_owned()
        }),
        summary: desk.summary(),
        content: reader.paragraphs("tiep_nhan.noi_dung").iter().map(|text| wording::sentence(text)).collect(),
        again: objection.is_some(),
        objection: objection
            .map(|path| reader.paragraphs(&path).iter().map(|text| wording::sentence(text)).collect())
            .unwrap_or_default(),
        questions: reader.need_texts(&desk.own("noi_dung_xac_minh")),
        papers: reader.texts(&desk.own("tai_lieu_gui_kem")).iter().map(|text| wording::clause(text)).collect(),
        asked_for,
        unit,
    };
    let heading = Heading {
        title: format!("Phiếu chuyển xác minh khiếu nại, hồ sơ {}", desk.code()),
        subject: format!("Xác minh khiếu nại của {}", desk.complainant()),
        addressee: own.unit.clone(),
        address: None,
        recipients: vec!["Như trên".to_owned()],
        email: None,
    };
    desk.finish(heading, &own)
}

/// Where the words stand that made this round necessary, when it is not the first look at the complaint.
fn objection_path(case: &Case, index: usize) -> Option<String> {
    if index > 0 {
        let objected = case.rounds[index - 1].reaction.as_ref().is_some_and(|r| r.agrees == Some(Flag::No));
        return objected.then(|| format!("giai_quyet[{}].phan_hoi.noi_dung", index - 1));
    }
    let objected = case.settled.as_ref().and_then(|s| s.reaction.as_ref()).is_some_and(|r| r.agrees == Some(Flag::No));
    if objected {
        return Some("xu_ly_ngay.phan_hoi.noi_dung".to_owned());
    }
    (!case.reopenings.is_empty() && (case.rejection.is_some() || case.settled.is_some()))
        .then(|| "khieu_nai_lai[0].noi_dung".to_owned())
}

pub(super) fn prepare_findings(desk: Desk<'_>) -> Prepared {
    let reader = &desk.reader;
    let unit = reader.need(&desk.own("bo_phan"));
    let found = desk.own("ket_qua");
    let paragraphs = |field: &str| -> Vec<String> {
        reader.paragraphs(&format!("{found}.{field}")).iter().map(|text| wording::sentence(text)).collect()
    };
    let place = wording::plain(desk.issuer.place.as_str());
    let transfer = LetterId { kind: LetterKind::Transfer, ..desk.id.clone() };
    let own = FindingsView {
        unit_upper: unit.to_uppercase(),
        place_day: match desk.date {
            Some(date) => format!("{place}, {}", wording::long_date(date)),
            None => format!("{place}, ngày …… tháng …… năm ………"),
        },
        transfer: desk
            .other(&transfer)
            .map(|slip| format!("Phiếu chuyển số {} ngày {}", slip.number_text, wording::short_date(slip.date))),
        complainant: desk.complainant(),
        summary: reader.text("tiep_nhan.tom_tat").map(|text| wording::continued(&text)),
        service: reader.text("tiep_nhan.dich_vu"),
        serial: reader.text("tiep_nhan.serial_chung_thu"),
        done: paragraphs("viec_da_lam"),
        questions: questions(&desk, &found),
        result: paragraphs("ket_qua_xac_minh"),
        cause: paragraphs("nguyen_nhan"),
        proposal: paragraphs("de_xuat"),
        papers: desk.papers(&format!("{found}.tai_lieu")),
        investigator: reader.text(&format!("{found}.nguoi_xac_minh")),
        head: reader.text(&format!("{found}.truong_bo_phan")),
        unit,
    };
    let heading = Heading {
        title: format!("Phiếu kết quả xác minh, hồ sơ {}", desk.code()),
        subject: format!("Khiếu nại của {}", desk.complainant()),
        addressee: wording::plain(desk.issuer.centre.as_str()),
        address: None,
        recipients: Vec::new(),
        email: None,
    };
    let signer = own.head.clone().or_else(|| own.investigator.clone()).unwrap_or_default();
    let mut prepared = desk.finish(heading, &own);
    prepared.signer_name = signer;
    prepared
}

/// The questions of the transfer, each with the unit's answer where it has one.
fn questions(desk: &Desk<'_>, found: &str) -> Vec<QuestionView> {
    let reader = &desk.reader;
    let answers = reader.entries(&format!("{found}.tung_cau_hoi"));
    reader
        .texts(&desk.own("noi_dung_xac_minh"))
        .into_iter()
        .enumerate()
        .map(|(index, question)| {
            let answer = answers.iter().enumerate().find(|(place, entry)| {
                let number = reader.peek::<crate::case::Numeral>(&format!("{entry}.cau_hoi"));
                number.map_or(*place, |number| number.0 as usize - 1) == index
            });
            let answer = answer.map(|(_, entry)| reader.paragraphs(&format!("{entry}.tra_loi"))).unwrap_or_default();
            QuestionView {
                number: (index + 1).to_string(),
                question,
                answer: answer.iter().map(|text| wording::sentence(text)).collect(),
            }
        })
        .collect()
}
