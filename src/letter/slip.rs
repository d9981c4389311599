//! Phiếu tiếp nhận (step 5).

use super::letterhead::{Desk, Heading};
use super::view::{Paper, view};
use super::{Prepared, wording};
use crate::case::Channel;
use crate::procedure::TermKind;

view! { /// The complainant's own facts.
ComplainantView {
    name: String = "ten", "Tên người khiếu nại", "Công ty TNHH Thương mại Dịch vụ Minh Phát";
    tax_code: Option<String> = "ma_so_thue", "Mã số thuế", "0199456716";
    citizen_id: Option<String> = "so_can_cuoc", "Số căn cước", "001195000431";
    representative: Option<String> = "nguoi_dai_dien", "Người đại diện theo pháp luật, chức vụ", "Bà Nguyễn Thị Hường, Giám đốc";
    attorney: Option<String> = "nguoi_duoc_uy_quyen", "Người được ủy quyền và giấy ủy quyền", "Ông Đỗ Minh Tuấn (Giấy ủy quyền số 05/2026/GUQ ngày 10/10/2026)";
    contact: Option<String> = "nguoi_lien_he", "Người liên hệ, chức vụ, điện thoại", "Ông Đỗ Minh Tuấn, Kế toán trưởng, điện thoại 0912 345 678";
    address: Option<String> = "dia_chi", "Địa chỉ", "Số 41 phố Quan Nhân, phường Thanh Xuân, thành phố Hà Nội";
    phone: Option<String> = "dien_thoai", "Điện thoại", "0912 345 678";
    email: Option<String> = "email", "Email", "huong.nt@minhphat.example";
}}

view! { /// Receipt slip.
SlipView {
    complainant: ComplainantView = "nguoi_khieu_nai", "Người khiếu nại";
    hour: Option<String> = "gio_tiep_nhan", "Giờ tiếp nhận", "09 giờ 15 phút";
    arrived: String = "ngay_den", "Ngày khiếu nại đến", "13/10/2026";
    channel: String = "hinh_thuc", "Hình thức khiếu nại", "bằng văn bản gửi qua bưu điện";
    in_person: bool = "giao_truc_tiep", "Khách hàng có mặt: phiếu lập hai bản, có ký nhận";
    paper: Option<String> = "van_ban_khieu_nai", "Văn bản của người khiếu nại", "Công văn số 15/CV-MP ngày 12/10/2026";
    incoming: Option<String> = "so_den", "Số đến", "127";
    receiver: Option<String> = "nguoi_tiep_nhan", "Người tiếp nhận", "Bà Vũ Thị Mai";
    service: Option<String> = "dich_vu", "Dịch vụ bị khiếu nại", "Chứng thư chữ ký số doanh nghiệp, gói 3 năm";
    serial: Option<String> = "serial_chung_thu", "Số serial chứng thư chữ ký số", "5401 0000 0000 0a3f";
    summary: String = "tom_tat", "Tóm tắt khiếu nại", "chứng thư chữ ký số bị thu hồi khi chưa hết hạn";
    requests: Vec<String> = "yeu_cau", "Các yêu cầu", "cấp lại chứng thư chữ ký số và không thu thêm phí|bồi thường thiệt hại do không nộp được tờ khai thuế đúng hạn|xin lỗi bằng văn bản";
    papers: Vec<Paper> = "tai_lieu", "Tài liệu đã nhận";
    not_taken_up: Vec<String> = "noi_dung_khong_tiep_nhan", "Phần nội dung không tiếp nhận, kèm lý do", "Lỗi của phần mềm kế toán không do Trung tâm cung cấp.";
    appointed: String = "ngay_hen", "Ngày hẹn trả lời", "10/11/2026";
    days: Option<String> = "so_ngay_lam_viec", "Số ngày làm việc; trống khi hẹn sớm hơn thời hạn", "20";
    notes: Vec<String> = "ghi_chu", "Ghi chú trên phiếu", "Bản chính hợp đồng đã trả lại cho người nộp.";
}}

/// The complainant's facts on the day of the letter.
pub(super) fn complainant(desk: &Desk<'_>) -> ComplainantView {
    let reader = &desk.reader;
    let text = |field: &str| reader.text(&format!("nguoi_khieu_nai.{field}"));
    ComplainantView {
        name: desk.complainant(),
        tax_code: text("ma_so_thue"),
        citizen_id: text("so_can_cuoc"),
        representative: desk.representative(),
        attorney: attorney(desk),
        contact: contact(desk),
        address: desk.address(),
        phone: reader.text(&desk.party("dien_thoai")),
        email: reader.text(&desk.party("email")),
    }
}

fn attorney(desk: &Desk<'_>) -> Option<String> {
    let reader = &desk.reader;
    let field = |name: &str| format!("nguoi_khieu_nai.nguoi_duoc_uy_quyen.{name}");
    let name = reader.text(&field("ho_ten"))?;
    let person = wording::person(reader.text(&field("xung_ho")).as_deref(), &name);
    let number = reader.text(&field("so_giay_uy_quyen")).map(|number| format!(" số {number}")).unwrap_or_default();
    let date = reader.short_date(&field("ngay_uy_quyen")).map(|date| format!(" ngày {date}")).unwrap_or_default();
    Some(if number.is_empty() && date.is_empty() {
        person
    } else {
        format!("{person} (Giấy ủy quyền{number}{date})")
    })
}

fn contact(desk: &Desk<'_>) -> Option<String> {
    let path = "nguoi_khieu_nai.nguoi_lien_he";
    let person = desk.person_with_office(path)?;
    Some(match desk.reader.text(&format!("{path}.dien_thoai")) {
        Some(phone) => format!("{person}, điện thoại {phone}"),
        None => person,
    })
}

pub(super) fn prepare(desk: Desk<'_>) -> Prepared {
    let reader = &desk.reader;
    let own_date = desk.own("ngay_hen");
    let brought_forward = reader.short_date(&own_date);
    let term = desk.promised();
    let (appointed, days) = match (brought_forward, term) {
        (Some(date), _) => (date, None),
        (None, Some(term)) => {
            // The form says from the day of the slip, which holds of the first answer only.
            let days = (term.kind == TermKind::Answer).then(|| wording::count(term.days as usize));
            (wording::short_date(term.due), days)
        }
        (None, None) => (reader.lack(&own_date), Some(wording::count(desk.default_days() as usize))),
    };
    let own = SlipView {
        complainant: complainant(&desk),
        hour: reader.hour("tiep_nhan.gio"),
        arrived: reader.need_date("tiep_nhan.ngay_den"),
        channel: desk.channel_or_lack(),
        in_person: reader.peek::<Channel>("tiep_nhan.hinh_thuc") == Some(Channel::InPerson),
        paper: desk.complaint_paper(),
        incoming: reader.text("tiep_nhan.so_den"),
        receiver: reader.text("tiep_nhan.nguoi_tiep_nhan"),
        service: reader.text("tiep_nhan.dich_vu"),
        serial: reader.text("tiep_nhan.serial_chung_thu"),
        summary: wording::sentence(&reader.need("tiep_nhan.tom_tat")),
        requests: reader.need_texts("tiep_nhan.yeu_cau").iter().map(|text| wording::clause(text)).collect(),
        papers: desk.papers("tiep_nhan.tai_lieu"),
        not_taken_up: reader
            .texts("xem_xet_tiep_nhan.noi_dung_khong_tiep_nhan")
            .iter()
            .map(|text| wording::sentence(text))
            .collect(),
        appointed,
        days,
        notes: reader.paragraphs(&desk.own("ghi_chu")),
    };
    let heading = Heading {
        title: format!("Phiếu tiếp nhận xử lý khiếu nại, hồ sơ {}", desk.code()),
        subject: format!("Xử lý khiếu nại của {}", desk.complainant()),
        addressee: desk.addressee(),
        address: None,
        recipients: vec!["Như trên".to_owned()],
        email: None,
    };
    desk.finish(heading, &own)
}
