//! Biên bản xử lý (step 4, complainant present; Decree 30/2020, Mẫu 1.9).

use super::letterhead::{Desk, Heading};
use super::view::{MeasureView, RequestView, view};
use super::{Prepared, wording};

view! { /// Handling record.
RecordView {
    began: String = "gio_bat_dau", "Giờ bắt đầu", "08 giờ 30 phút";
    ended: String = "gio_ket_thuc", "Giờ kết thúc", "10 giờ 15 phút";
    date: String = "ngay", "Ngày lập, viết đầy đủ", "ngày 13 tháng 10 năm 2026";
    place: String = "dia_diem", "Địa điểm", "Phòng tiếp khách, 11 Đặng Thùy Trâm, Hà Nội";
    complainant: String = "nguoi_khieu_nai", "Người khiếu nại", "Công ty TNHH Thương mại Dịch vụ Minh Phát";
    complainant_side: Vec<String> = "ben_khieu_nai", "Những người bên khiếu nại, chức vụ, giấy tờ", "Bà Nguyễn Thị Hường, Giám đốc (Căn cước số 001195000431)|Ông Đỗ Minh Tuấn, Kế toán trưởng";
    centre_side: Vec<String> = "ben_trung_tam", "Những người bên Trung tâm, chức vụ", "Ông Lê Quốc Dũng, Trưởng phòng Chăm sóc khách hàng|Bà Vũ Thị Mai, nhân viên tiếp nhận";
    service: Option<String> = "dich_vu", "Dịch vụ bị khiếu nại", "Chứng thư chữ ký số doanh nghiệp, gói 3 năm";
    serial: Option<String> = "serial_chung_thu", "Số serial chứng thư", "5401 0000 0000 0a3f";
    summary: String = "tom_tat", "Tóm tắt khiếu nại, để viết sau chữ “về việc”", "chứng thư chữ ký số bị thu hồi khi chưa hết hạn";
    requests: Vec<String> = "yeu_cau", "Các yêu cầu", "cấp lại chứng thư chữ ký số và không thu thêm phí|bồi thường thiệt hại do không nộp được tờ khai thuế đúng hạn|xin lỗi bằng văn bản";
    complainant_statement: Vec<String> = "y_kien_khach_hang", "Ý kiến của khách hàng, mỗi đoạn một mục", "Từ sáng 12/10/2026 kế toán không ký được tờ khai thuế.|Công ty không gửi yêu cầu thu hồi nào.";
    centre_statement: Vec<String> = "y_kien_trung_tam", "Ý kiến của Trung tâm, mỗi đoạn một mục", "Trung tâm đã kiểm tra nhật ký và xác nhận lệnh thu hồi bị lập nhầm.";
    outcomes: Vec<RequestView> = "tung_yeu_cau", "Kết quả từng yêu cầu";
    measures: Vec<MeasureView> = "viec_con_lai", "Việc còn phải làm";
    agrees: bool = "dong_y", "Khách hàng đồng ý";
    agreement: String = "y_kien_ve_ket_qua", "Câu nói khách hàng đồng ý hay không", "Người khiếu nại đồng ý với kết quả giải quyết nêu trên.";
    disagreement: Vec<String> = "noi_dung_khong_dong_y", "Nội dung không đồng ý, mỗi đoạn một mục", "Mức bồi thường chưa tính tiền phạt chậm nộp tờ khai.";
    refused: bool = "khong_ky", "Khách hàng không ký biên bản";
    refusal_reason: Option<String> = "ly_do_khong_ky", "Lý do không ký", "không đồng ý với kết luận";
    witness: Option<String> = "nguoi_lam_chung", "Người làm chứng", "Ông Lâm Quang Phúc, bảo vệ tòa nhà";
    witness_signer: Option<String> = "nguoi_ky_lam_chung", "Họ tên người làm chứng, để in dưới chỗ ký", "Lâm Quang Phúc";
    complainant_signer: String = "nguoi_ky_khieu_nai", "Người ký bên khiếu nại", "Nguyễn Thị Hường";
    centre_signer: String = "nguoi_ky_trung_tam", "Người ký bên Trung tâm", "Lê Quốc Dũng";
    keeper: String = "nguoi_lap", "Người lập biên bản", "Vũ Thị Mai";
}}

pub(super) fn prepare(desk: Desk<'_>) -> Prepared {
    let reader = &desk.reader;
    let hour = |field: &str| {
        let path = desk.own(field);
        reader.hour(&path).unwrap_or_else(|| reader.lack(&path))
    };
    let refused = reader.has(&desk.own("khong_ky"));
    let witness = refused.then(|| reader.need(&desk.own("khong_ky.nguoi_lam_chung")));
    let reason = if refused { reader.text(&desk.own("khong_ky.ly_do")) } else { None };
    let (agrees, agreement, disagreement) = reaction(&desk, refused);
    let own = RecordView {
        began: hour("gio_bat_dau"),
        ended: hour("gio_ket_thuc"),
        date: desk.date.map_or_else(|| reader.lack(&desk.own("ngay")), wording::long_date),
        place: wording::clause(&reader.need(&desk.own("dia_diem"))),
        complainant: desk.complainant(),
        complainant_side: side(&desk, "ben_khieu_nai"),
        centre_side: side(&desk, "ben_trung_tam"),
        service: reader.text("tiep_nhan.dich_vu"),
        serial: reader.text("tiep_nhan.serial_chung_thu"),
        summary: desk.summary(),
        requests: reader.texts("tiep_nhan.yeu_cau").iter().map(|text| wording::clause(text)).collect(),
        complainant_statement: sentences(reader.paragraphs(&desk.own("y_kien_khach_hang"))),
        centre_statement: sentences(reader.need_paragraphs(&desk.own("y_kien_trung_tam"))),
        outcomes: desk.outcomes(&desk.own("tung_yeu_cau"), true),
        measures: desk.measures(&desk.own("viec_con_lai")),
        agrees,
        agreement,
        disagreement,
        refused,
        refusal_reason: reason.map(|reason| wording::continued(&reason)),
        witness_signer: witness.as_deref().map(|witness| wording::bare_name(witness).to_owned()),
        witness,
        complainant_signer: first_name(&desk, "ben_khieu_nai"),
        centre_signer: first_name(&desk, "ben_trung_tam"),
        keeper: reader.need(&desk.own("nguoi_lap")),
    };
    let mut heading = Heading {
        title: format!("Biên bản xử lý khiếu nại, hồ sơ {}", desk.code()),
        subject: format!("Xử lý khiếu nại của {}", desk.complainant()),
        addressee: desk.addressee(),
        address: None,
        recipients: vec!["Người khiếu nại".to_owned()],
        email: None,
    };
    if refused {
        heading.recipients = vec!["Người khiếu nại (01 bản, gửi theo địa chỉ liên hệ)".to_owned()];
    }
    let signer = own.centre_signer.clone();
    let mut prepared = desk.finish(heading, &own);
    prepared.signer_name = wording::spelled(&signer);
    prepared
}

/// Whether the complainant agrees, the sentence that says so, and what they do not agree with.
fn reaction(desk: &Desk<'_>, refused: bool) -> (bool, String, Vec<String>) {
    let reader = &desk.reader;
    let path = desk.own("dong_y");
    match reader.flag(&path) {
        Some(true) => (true, "Người khiếu nại đồng ý với kết quả giải quyết nêu trên.".to_owned(), Vec::new()),
        Some(false) => (
            false,
            "Người khiếu nại không đồng ý với kết quả giải quyết nêu trên:".to_owned(),
            sentences(reader.need_paragraphs(&desk.own("ly_do_khong_dong_y"))),
        ),
        None if refused => {
            (false, "Người khiếu nại không cho ý kiến về kết quả giải quyết nêu trên.".to_owned(), Vec::new())
        }
        None => (false, reader.lack(&path), Vec::new()),
    }
}

fn sentences(paragraphs: Vec<String>) -> Vec<String> {
    paragraphs.iter().map(|text| wording::sentence(text)).collect()
}

/// Those who attended for one side: "Bà Nguyễn Thị Hường, Giám đốc (Căn cước số …)".
fn side(desk: &Desk<'_>, field: &str) -> Vec<String> {
    let path = desk.own(field);
    let entries = desk.reader.entries(&path);
    if entries.is_empty() {
        return vec![desk.reader.lack(&path)];
    }
    entries
        .iter()
        .map(|entry| {
            let person = desk.person_with_office(entry).unwrap_or_else(|| desk.reader.lack(&format!("{entry}.ho_ten")));
            match desk.reader.text(&format!("{entry}.giay_to")) {
                Some(paper) => format!("{person} ({})", wording::clause(&paper)),
                None => person,
            }
        })
        .collect()
}

fn first_name(desk: &Desk<'_>, field: &str) -> String {
    let list = desk.own(field);
    let path = format!("{list}[0].ho_ten");
    let absent = if desk.reader.len(&list) == 0 { &list } else { &path };
    desk.reader.text(&path).unwrap_or_else(|| desk.reader.lack(absent))
}
