//! Which facts a letter must hold before it is signed or issued, and what each is called when it is missing.

use super::LetterKind;

/// Facts of every letter that speaks of the complainant.
const COMPLAINANT: &[(&str, &str)] =
    &[("nguoi_khieu_nai.ten", "tên người khiếu nại"), ("nguoi_khieu_nai.loai", "loại người khiếu nại")];

const RECEIPT_SLIP: &[(&str, &str)] = &[
    ("phieu_tiep_nhan.ngay", "ngày viết phiếu"),
    ("phieu_tiep_nhan.ngay_hen", "ngày hẹn trả lời"),
    ("phieu_tiep_nhan.nguoi_ky", "người ký"),
    ("tiep_nhan.ngay_den", "ngày khiếu nại đến"),
    ("tiep_nhan.hinh_thuc", "hình thức khiếu nại"),
    ("tiep_nhan.tom_tat", "tóm tắt khiếu nại"),
    ("tiep_nhan.yeu_cau", "các yêu cầu của khách hàng"),
];

const REJECTION: &[(&str, &str)] = &[
    ("tu_choi.ngay", "ngày ra thông báo"),
    ("tu_choi.nguoi_ky", "người ký"),
    ("tiep_nhan.ngay_den", "ngày khiếu nại đến"),
    ("tiep_nhan.hinh_thuc", "hình thức khiếu nại"),
    ("tiep_nhan.tom_tat", "tóm tắt khiếu nại"),
    ("xem_xet_tiep_nhan.ly_do_tu_choi", "lý do từ chối"),
];

const HANDLING_RECORD: &[(&str, &str)] = &[
    ("xu_ly_ngay.bien_ban.ngay", "ngày lập biên bản"),
    ("xu_ly_ngay.bien_ban.gio_bat_dau", "giờ bắt đầu"),
    ("xu_ly_ngay.bien_ban.gio_ket_thuc", "giờ kết thúc"),
    ("xu_ly_ngay.bien_ban.dia_diem", "địa điểm"),
    ("xu_ly_ngay.bien_ban.ben_khieu_nai", "người bên khiếu nại"),
    ("xu_ly_ngay.bien_ban.ben_khieu_nai[].ho_ten", "họ tên người bên khiếu nại"),
    ("xu_ly_ngay.bien_ban.ben_trung_tam", "người bên Trung tâm"),
    ("xu_ly_ngay.bien_ban.ben_trung_tam[].ho_ten", "họ tên người bên Trung tâm"),
    ("xu_ly_ngay.bien_ban.y_kien_trung_tam", "ý kiến của Trung tâm"),
    ("xu_ly_ngay.bien_ban.tung_yeu_cau", "kết quả từng yêu cầu"),
    ("xu_ly_ngay.bien_ban.tung_yeu_cau[].ket_qua", "kết quả giải quyết yêu cầu này"),
    ("xu_ly_ngay.bien_ban.tung_yeu_cau[].noi_dung", "nội dung giải quyết yêu cầu này"),
    ("xu_ly_ngay.bien_ban.dong_y", "ý kiến đồng ý hay không của khách hàng"),
    ("xu_ly_ngay.bien_ban.ly_do_khong_dong_y", "nội dung khách hàng không đồng ý"),
    ("xu_ly_ngay.bien_ban.khong_ky.nguoi_lam_chung", "người làm chứng"),
    ("xu_ly_ngay.bien_ban.nguoi_lap", "người lập biên bản"),
    ("tiep_nhan.tom_tat", "tóm tắt khiếu nại"),
];

/// The blocks an answer may stand in have the same fields.
const ANSWER: &[(&str, &str)] = &[
    ("xu_ly_ngay.tra_loi.ngay", "ngày trả lời"),
    ("xu_ly_ngay.tra_loi.nguoi_ky", "người ký"),
    ("xu_ly_ngay.tra_loi.ket_luan", "kết luận kiểm tra"),
    ("xu_ly_ngay.tra_loi.tung_yeu_cau", "kết quả từng yêu cầu"),
    ("xu_ly_ngay.tra_loi.tung_yeu_cau[].ket_qua", "kết quả giải quyết yêu cầu này"),
    ("xu_ly_ngay.tra_loi.tung_yeu_cau[].noi_dung", "nội dung giải quyết yêu cầu này"),
    ("giai_quyet[].tra_loi.ngay", "ngày trả lời"),
    ("giai_quyet[].tra_loi.nguoi_ky", "người ký"),
    ("giai_quyet[].tra_loi.ket_luan", "kết luận xác minh"),
    ("giai_quyet[].tra_loi.tung_yeu_cau", "kết quả từng yêu cầu"),
    ("giai_quyet[].tra_loi.tung_yeu_cau[].ket_qua", "kết quả giải quyết yêu cầu này"),
    ("giai_quyet[].tra_loi.tung_yeu_cau[].noi_dung", "nội dung giải quyết yêu cầu này"),
    ("giai_quyet[].tra_loi.so_voi_lan_truoc", "giữ nguyên hay điều chỉnh nội dung trả lời lần trước"),
    ("giai_quyet[].tra_loi.ban_hanh", "số và ngày của văn bản trả lời lần trước"),
    ("giai_quyet[].phan_hoi.ngay", "ngày nhận ý kiến không đồng ý"),
    ("giai_quyet[].phan_hoi.noi_dung", "nội dung không đồng ý của khách hàng"),
    ("xu_ly_ngay.tra_loi.ban_hanh", "số và ngày của văn bản trả lời lần trước"),
    ("xu_ly_ngay.bien_ban.ban_hanh", "số và ngày của biên bản xử lý"),
    ("xu_ly_ngay.phan_hoi.ngay", "ngày nhận ý kiến không đồng ý"),
    ("xu_ly_ngay.phan_hoi.noi_dung", "nội dung không đồng ý của khách hàng"),
    ("tu_choi.ban_hanh", "số và ngày của thông báo từ chối"),
    ("khieu_nai_lai[].ngay", "ngày nhận lại khiếu nại"),
    ("khieu_nai_lai[].noi_dung", "nội dung khiếu nại lại"),
    ("phieu_tiep_nhan.ban_hanh", "số và ngày của phiếu tiếp nhận"),
    ("tiep_nhan.ngay_den", "ngày khiếu nại đến"),
    ("tiep_nhan.tom_tat", "tóm tắt khiếu nại"),
    ("nguoi_khieu_nai.email", "địa chỉ email của khách hàng"),
];

const TRANSFER: &[(&str, &str)] = &[
    ("giai_quyet[].chuyen_bo_phan[].ngay", "ngày chuyển"),
    ("giai_quyet[].chuyen_bo_phan[].bo_phan", "bộ phận xác minh"),
    ("giai_quyet[].chuyen_bo_phan[].nguoi_ky", "người ký"),
    ("giai_quyet[].chuyen_bo_phan[].noi_dung_xac_minh", "các câu hỏi cần xác minh"),
    ("giai_quyet[].chuyen_bo_phan[].han_tra_loi", "ngày đề nghị có kết quả"),
    ("tiep_nhan.ngay_den", "ngày khiếu nại đến"),
    ("tiep_nhan.tom_tat", "tóm tắt khiếu nại"),
];

/// The unit's own paper: what is not there is filled in by hand.
const FINDINGS: &[(&str, &str)] = &[("giai_quyet[].chuyen_bo_phan[].bo_phan", "bộ phận xác minh")];

/// What a letter of `kind` must hold: paths in the case file (`[]` for any entry of a list) and what is there.
pub fn facts(kind: LetterKind) -> impl Iterator<Item = (&'static str, &'static str)> {
    let own = match kind {
        LetterKind::ReceiptSlip => RECEIPT_SLIP,
        LetterKind::Rejection => REJECTION,
        LetterKind::HandlingRecord => HANDLING_RECORD,
        LetterKind::Answer => ANSWER,
        LetterKind::Transfer => TRANSFER,
        LetterKind::FindingsReport => FINDINGS,
        LetterKind::Cover
        | LetterKind::DocumentList
        | LetterKind::HandoverList
        | LetterKind::RegisterMinutes
        | LetterKind::DisposalList
        | LetterKind::DisposalCertificate
        | LetterKind::EnclosureSheet
        | LetterKind::LetterBook
        | LetterKind::ComplaintBook
        | LetterKind::TransferBook
        | LetterKind::Report => &[],
    };
    COMPLAINANT.iter().chain(own).copied()
}

/// What the fact at `path` is called, if a letter of `kind` must hold it.
pub(super) fn label(kind: LetterKind, path: &str) -> Option<&'static str> {
    let mut general = String::with_capacity(path.len());
    let mut inside = false;
    for c in path.chars() {
        if c == ']' {
            inside = false;
        }
        if !inside {
            general.push(c);
        }
        if c == '[' {
            inside = true;
        }
    }
    facts(kind).find(|(known, _)| *known == general).map(|(_, label)| label)
}
