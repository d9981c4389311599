//! Thông báo từ chối (step 3).

use super::letterhead::{Desk, Heading};
use super::view::{Paper, view};
use super::{Prepared, wording};

view! { /// Rejection letter.
RejectionView {
    arrived: String = "ngay_den", "Ngày khiếu nại đến", "13/10/2026";
    channel: String = "hinh_thuc", "Khiếu nại đến bằng cách nào", "bằng văn bản gửi qua bưu điện";
    paper: Option<String> = "van_ban_khieu_nai", "Văn bản của người khiếu nại", "Công văn số 15/CV-MP ngày 12/10/2026";
    summary: String = "tom_tat", "Tóm tắt khiếu nại, để viết sau chữ “về việc”", "chứng thư chữ ký số bị thu hồi khi chưa hết hạn";
    reasons: Vec<String> = "ly_do", "Lý do từ chối, mỗi điểm một mục, không có dấu cuối", "phần mềm kê khai do đơn vị khác cung cấp|chứng thư không do Trung tâm cấp";
    clause: Option<String> = "dieu_khoan", "Điều khoản của quy trình", "Điều 5 Quy trình giải quyết khiếu nại";
    turn_to: Option<String> = "noi_giai_quyet", "Nơi khách hàng có thể liên hệ", "Cơ quan thuế quản lý trực tiếp, hoặc đơn vị cung cấp phần mềm";
    returned: Vec<Paper> = "tai_lieu_tra_lai", "Tài liệu trả lại";
}}

pub(super) fn prepare(desk: Desk<'_>) -> Prepared {
    let reader = &desk.reader;
    let own = RejectionView {
        arrived: reader.need_date("tiep_nhan.ngay_den"),
        channel: desk.channel_or_lack(),
        paper: desk.complaint_paper(),
        summary: desk.summary(),
        reasons: reader
            .need_texts("xem_xet_tiep_nhan.ly_do_tu_choi")
            .iter()
            .map(|text| wording::continued(text))
            .collect(),
        clause: reader.text(&desk.own("dieu_khoan")).map(|text| wording::clause(&text)),
        turn_to: reader.text(&desk.own("co_quan_giai_quyet")).map(|text| wording::clause(&text)),
        returned: desk.papers(&desk.own("tai_lieu_tra_lai")),
    };
    let heading = Heading {
        title: format!("Thông báo từ chối tiếp nhận khiếu nại, hồ sơ {}", desk.code()),
        subject: format!("Từ chối tiếp nhận khiếu nại của {}", desk.complainant()),
        addressee: desk.addressee(),
        address: desk.address(),
        recipients: vec!["Như trên".to_owned()],
        email: None,
    };
    desk.finish(heading, &own)
}
