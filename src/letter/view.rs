//! What forms may print: for each letter one declared view, with the Vietnamese names forms use.
//!
//! Declaring a view also gives a sample with everything filled in, so that a form can be tried, and a name that does not
//! exist found, when it is loaded and not when a letter is due.

use serde::Serialize;
use serde_json::Value;

/// Things a view is made of.
pub(crate) trait Viewed {
    /// A value with everything in it.
    fn sample() -> Value;
    /// Names below this one and what they mean; empty for plain values.
    fn names() -> Vec<(String, &'static str)> {
        Vec::new()
    }
}

impl Viewed for String {
    fn sample() -> Value {
        Value::String("mẫu".to_owned())
    }
}

impl Viewed for bool {
    fn sample() -> Value {
        Value::Bool(true)
    }
}

impl<T: Viewed> Viewed for Option<T> {
    fn sample() -> Value {
        T::sample()
    }
    fn names() -> Vec<(String, &'static str)> {
        T::names()
    }
}

impl<T: Viewed> Viewed for Vec<T> {
    fn sample() -> Value {
        Value::Array(vec![T::sample(), T::sample()])
    }
    fn names() -> Vec<(String, &'static str)> {
        T::names()
    }
}

/// Declares a view: fields, the names forms use for them, and what they mean.
macro_rules! view {
    ($(#[$meta:meta])* $name:ident { $($field:ident : $ty:ty = $key:literal, $label:literal;)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Default, PartialEq, ::serde::Serialize)]
        pub(crate) struct $name { $(#[doc = $label] #[serde(rename = $key)] pub(crate) $field: $ty,)* }
        impl $crate::letter::view::Viewed for $name {
            fn sample() -> ::serde_json::Value {
                let mut map = ::serde_json::Map::new();
                $(map.insert($key.to_owned(), <$ty as $crate::letter::view::Viewed>::sample());)*
                ::serde_json::Value::Object(map)
            }
            fn names() -> Vec<(String, &'static str)> {
                let mut names = Vec::new();
                $(
                    names.push(($key.to_owned(), $label));
                    for (below, label) in <$ty as $crate::letter::view::Viewed>::names() {
                        names.push((format!("{}.{below}", $key), label));
                    }
                )*
                names
            }
        }
    };
}
pub(super) use view;

view! { /// What every letter shows: header, addressee, signer, foot.
Letterhead {
    case_code: String = "ma_ho_so", "Mã hồ sơ";
    draft: bool = "du_thao", "Đang là dự thảo";
    company: String = "ten_cong_ty", "Tên công ty";
    company_upper: String = "ten_cong_ty_hoa", "Tên công ty, chữ hoa";
    centre: String = "ten_trung_tam", "Tên trung tâm";
    centre_upper: String = "ten_trung_tam_hoa", "Tên trung tâm, chữ hoa";
    number: String = "so_ky_hieu", "Số, ký hiệu; số để trống khi chưa cấp";
    place_date: String = "dia_danh_ngay", "Địa danh và ngày, ví dụ: Hà Nội, ngày 05 tháng 3 năm 2026";
    title: String = "tieu_de", "Tên văn bản, dùng làm tiêu đề tệp";
    subject: String = "trich_yeu", "Trích yếu, để in";
    plain_subject: String = "chu_de", "Trích yếu không định dạng, dùng làm chủ đề tệp";
    replaces: Option<String> = "thay_the", "Câu nói văn bản này thay thế hoặc đính chính văn bản nào";
    bases: Vec<String> = "can_cu", "Các căn cứ";
    you: String = "quy_khach", "Cách gọi người nhận: Quý Công ty, Quý Đơn vị, Ông, Bà";
    you_first: String = "quy_khach_dau_cau", "Như trên, ở đầu câu";
    addressee: String = "kinh_gui", "Nơi nhận ở dòng Kính gửi";
    addressee_address: Option<String> = "kinh_gui_dia_chi", "Địa chỉ của nơi nhận";
    recipients: Vec<String> = "noi_nhan", "Nơi nhận cuối văn bản, đã có dấu ; và .";
    offices: Vec<String> = "chuc_vu_ky", "Quyền hạn, chức vụ người ký, mỗi dòng một mục";
    authority_note: Option<String> = "giay_uy_quyen_ky", "Giấy ủy quyền của người ký (khi ký TUQ.)";
    signer: String = "nguoi_ky", "Họ tên người ký";
    signer_person: String = "nguoi_ky_xung_ho", "Họ tên người ký, có Ông hoặc Bà";
    issuer_address: String = "dia_chi", "Địa chỉ trung tâm";
    issuer_phone: String = "dien_thoai", "Điện thoại trung tâm";
    issuer_email: Option<String> = "email", "Email trung tâm";
    issuer_website: Option<String> = "website", "Trang web";
}}

view! { /// A paper: name, number, date, pages, kind of copy.
Paper {
    title: String = "ten", "Tên tài liệu";
    number: Option<String> = "so_ky_hieu", "Số, ký hiệu";
    date: Option<String> = "ngay", "Ngày";
    pages: Option<String> = "so_trang", "Số trang";
    copy: Option<String> = "loai_ban", "Bản chính, bản sao hay bản điện tử";
    line: String = "mo_ta", "Tất cả trên một dòng";
}}

view! { /// Outcome of one request.
RequestView {
    number: String = "thu_tu", "Số thứ tự của yêu cầu";
    request: Option<String> = "yeu_cau", "Yêu cầu của khách hàng";
    outcome: String = "ket_qua", "Kết quả: Chấp nhận, Chấp nhận một phần, Không chấp nhận";
    texts: Vec<String> = "noi_dung", "Nội dung giải quyết, lý do; mỗi đoạn một mục";
}}

view! { /// Something to be done.
MeasureView {
    text: String = "noi_dung", "Việc sẽ làm";
    by: Option<String> = "nguoi_thuc_hien", "Ai làm";
    due: Option<String> = "thoi_han", "Thời hạn";
    done: Option<String> = "ngay_xong", "Ngày đã làm xong";
    line: String = "mo_ta", "Tất cả trong một câu";
}}

/// Letterhead and a letter's own view as one object.
pub(super) fn merged(letterhead: &Letterhead, own: &impl Serialize) -> Value {
    let mut all = serde_json::to_value(letterhead).unwrap_or_default();
    if let (Value::Object(all), Ok(Value::Object(own))) = (&mut all, serde_json::to_value(own)) {
        all.extend(own);
    }
    all
}

/// Sample of a letter: letterhead and own view, everything filled in.
pub(super) fn merged_sample<T: Viewed>() -> Value {
    let mut all = Letterhead::sample();
    if let (Value::Object(all), Value::Object(own)) = (&mut all, T::sample()) {
        all.extend(own);
    }
    all
}

/// Names of a letter: letterhead and own view.
pub(super) fn merged_names<T: Viewed>() -> Vec<(String, &'static str)> {
    let mut names = Letterhead::names();
    names.extend(T::names());
    names
}
