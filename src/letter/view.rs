//! What forms may print: for each letter one declared view, with the Vietnamese names forms use.
//!
//! Declaring a view also gives its shape, and from that samples with everything filled in and with nothing, so that a form
//! can be tried, and a name that does not exist found, when it is loaded and not when a letter is due.

use serde::Serialize;
use serde_json::Value;

use super::shape::Shape;

/// Things a view is made of.
pub(crate) trait Viewed {
    /// What they hold; texts are like `example`.
    fn shape(example: &'static str) -> Shape;
}

impl Viewed for String {
    fn shape(example: &'static str) -> Shape {
        Shape::Text(example)
    }
}

impl Viewed for bool {
    fn shape(_: &'static str) -> Shape {
        Shape::Flag
    }
}

impl<T: Viewed> Viewed for Option<T> {
    fn shape(example: &'static str) -> Shape {
        Shape::Maybe(Box::new(T::shape(example)))
    }
}

impl<T: Viewed> Viewed for Vec<T> {
    fn shape(example: &'static str) -> Shape {
        Shape::List(Box::new(T::shape(example)))
    }
}

/// Declares a view: fields, the names forms use for them, what they mean, and for texts an example (several between bars
/// for a list).
macro_rules! view {
    ($(#[$meta:meta])* $name:ident { $($field:ident : $ty:ty = $key:literal, $label:literal $(, $example:literal)?;)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Default, PartialEq, ::serde::Serialize)]
        pub(crate) struct $name { $(#[doc = $label] #[serde(rename = $key)] pub(crate) $field: $ty,)* }
        impl $crate::letter::view::Viewed for $name {
            fn shape(_: &'static str) -> $crate::letter::shape::Shape {
                $crate::letter::shape::Shape::Block(vec![$($crate::letter::shape::Field {
                    name: ::std::borrow::Cow::Borrowed($key),
                    label: $label,
                    shape: <$ty as $crate::letter::view::Viewed>::shape(concat!($($example)?)),
                },)*])
            }
        }
    };
}
pub(super) use view;

view! { /// What every letter shows: header, addressee, signer, foot.
Letterhead {
    case_code: String = "ma_ho_so", "Mã hồ sơ", "KN-2026-0042";
    draft: bool = "du_thao", "Đang là dự thảo";
    company: String = "ten_cong_ty", "Tên công ty", "Công ty TNHH Phát triển công nghệ Thái Sơn";
    company_upper: String = "ten_cong_ty_hoa", "Tên công ty, chữ hoa", "CÔNG TY TNHH PHÁT TRIỂN CÔNG NGHỆ THÁI SƠN";
    centre: String = "ten_trung_tam", "Tên trung tâm", "Trung tâm chứng thực chữ ký số công cộng E-CA";
    centre_upper: String = "ten_trung_tam_hoa", "Tên trung tâm, chữ hoa", "TRUNG TÂM CHỨNG THỰC CHỮ KÝ SỐ CÔNG CỘNG E-CA";
    service: String = "ten_dich_vu", "Tên dịch vụ của trung tâm, viết trong câu", "dịch vụ chữ ký số E-CA";
    number: String = "so_ky_hieu", "Số, ký hiệu; số để trống khi chưa cấp", "08/ECA-CSKH";
    place_date: String = "dia_danh_ngay", "Địa danh và ngày, ví dụ: Hà Nội, ngày 05 tháng 3 năm 2026", "Hà Nội, ngày 05 tháng 11 năm 2026";
    title: String = "tieu_de", "Tên văn bản, dùng làm tiêu đề tệp", "Văn bản mẫu, hồ sơ KN-2026-0042";
    subject: String = "trich_yeu", "Trích yếu, để in", "Xử lý khiếu nại của Công ty TNHH Thương mại Dịch vụ Minh Phát";
    plain_subject: String = "chu_de", "Trích yếu không định dạng, dùng làm chủ đề tệp", "Xử lý khiếu nại của Công ty TNHH Thương mại Dịch vụ Minh Phát";
    replaces: Option<String> = "thay_the", "Câu nói văn bản này thay thế hoặc đính chính văn bản nào", "Văn bản này thay thế Văn bản số 07/ECA-CSKH ngày 02/11/2026.";
    bases: Vec<String> = "can_cu", "Các căn cứ", "Luật Giao dịch điện tử ngày 22/6/2023|Quy trình giải quyết khiếu nại của Trung tâm";
    you: String = "quy_khach", "Cách gọi người nhận: Quý Công ty, Quý Đơn vị, Ông, Bà", "Quý Công ty";
    you_first: String = "quy_khach_dau_cau", "Như trên, ở đầu câu", "Quý Công ty";
    addressee: String = "kinh_gui", "Nơi nhận ở dòng Kính gửi", "Bà Nguyễn Thị Hường, Giám đốc Công ty TNHH Thương mại Dịch vụ Minh Phát";
    addressee_address: Option<String> = "kinh_gui_dia_chi", "Địa chỉ của nơi nhận", "Số 41 phố Quan Nhân, phường Thanh Xuân, thành phố Hà Nội";
    recipients: Vec<String> = "noi_nhan", "Nơi nhận cuối văn bản, đã có dấu ; và .", "Như trên;|Phòng Kỹ thuật (để biết);|Lưu: VT, CSKH.";
    offices: Vec<String> = "chuc_vu_ky", "Quyền hạn, chức vụ người ký, mỗi dòng một mục", "KT. GIÁM ĐỐC|PHÓ GIÁM ĐỐC";
    authority_note: Option<String> = "giay_uy_quyen_ky", "Giấy ủy quyền của người ký (khi ký TUQ.)", "(Giấy ủy quyền số 12/GUQ-ECA ngày 02/01/2026)";
    signer: String = "nguoi_ky", "Họ tên người ký", "Trần Quốc Bảo";
    signer_person: String = "nguoi_ky_xung_ho", "Họ tên người ký, có Ông hoặc Bà", "Ông Trần Quốc Bảo";
    issuer_address: String = "dia_chi", "Địa chỉ trung tâm", "11 Đặng Thùy Trâm, Phường Cổ Nhuế 1, Quận Bắc Từ Liêm, TP. Hà Nội";
    issuer_phone: String = "dien_thoai", "Điện thoại trung tâm", "024 3754 5222";
    issuer_email: Option<String> = "email", "Email trung tâm", "cskh@eca.example";
    issuer_website: Option<String> = "website", "Trang web", "www.thaison.vn";
}}

view! { /// A paper: name, number, date, pages, kind of copy.
Paper {
    title: String = "ten", "Tên tài liệu", "Hợp đồng cung cấp dịch vụ chứng thực chữ ký số|Ảnh chụp màn hình thông báo lỗi|Giấy chứng nhận đăng ký doanh nghiệp";
    number: Option<String> = "so_ky_hieu", "Số, ký hiệu", "08/ECA-CSKH";
    date: Option<String> = "ngay", "Ngày", "12/10/2026";
    pages: Option<String> = "so_trang", "Số trang", "03";
    copy: Option<String> = "loai_ban", "Bản chính, bản sao hay bản điện tử", "bản sao";
    line: String = "mo_ta", "Tất cả trên một dòng", "Hợp đồng cung cấp dịch vụ chứng thực chữ ký số, 03 trang, bản sao|Ảnh chụp màn hình thông báo lỗi, bản điện tử|Giấy chứng nhận đăng ký doanh nghiệp, 01 trang, bản sao";
}}

view! { /// Outcome of one request.
RequestView {
    number: String = "thu_tu", "Số thứ tự của yêu cầu", "1";
    request: Option<String> = "yeu_cau", "Yêu cầu của khách hàng", "cấp lại chứng thư chữ ký số và không thu thêm phí|bồi thường thiệt hại do không nộp được tờ khai thuế đúng hạn|xin lỗi bằng văn bản";
    outcome: String = "ket_qua", "Kết quả: Chấp nhận, Chấp nhận một phần, Không chấp nhận", "Chấp nhận|Chấp nhận một phần|Không chấp nhận";
    texts: Vec<String> = "noi_dung", "Nội dung giải quyết, lý do; mỗi đoạn một mục", "Trung tâm đã cấp lại chứng thư chữ ký số ngày 28/10/2026, Quý Công ty không phải trả phí.|Nhật ký hệ thống cho thấy lệnh thu hồi được lập nhầm cho chứng thư của Quý Công ty.";
}}

view! { /// Something to be done.
MeasureView {
    text: String = "noi_dung", "Việc sẽ làm", "cấp lại chứng thư chữ ký số";
    by: Option<String> = "nguoi_thuc_hien", "Ai làm", "Phòng Kỹ thuật";
    due: Option<String> = "thoi_han", "Thời hạn", "15/11/2026";
    done: Option<String> = "ngay_xong", "Ngày đã làm xong", "12/11/2026";
    line: String = "mo_ta", "Tất cả trong một câu", "Phòng Kỹ thuật cấp lại chứng thư chữ ký số trước ngày 15/11/2026.|Trung tâm gửi văn bản xin lỗi đến Quý Công ty trước ngày 20/11/2026.";
}}

/// Letterhead and a letter's own view as one object.
pub(super) fn merged(letterhead: &Letterhead, own: &impl Serialize) -> Value {
    let mut all = serde_json::to_value(letterhead).unwrap_or_default();
    if let (Value::Object(all), Ok(Value::Object(own))) = (&mut all, serde_json::to_value(own)) {
        all.extend(own);
    }
    all
}

/// Shape of a letter: letterhead and own view.
pub(super) fn merged_shape<T: Viewed>() -> Shape {
    match (Letterhead::shape(""), T::shape("")) {
        (Shape::Block(mut all), Shape::Block(own)) => {
            all.retain(|field| own.iter().all(|other| other.name != field.name));
            all.extend(own);
            Shape::Block(all)
        }
        (all, _) => all,
    }
}
