//! One complaint and all that belongs to it: the facts staff record in a case file.
//!
//! Nothing here is a status: where a case stands is derived by [`crate::procedure`]. Almost every field may be absent,
//! because a fact that is not there yet is the next action and not a fault. Keys in the file are Vietnamese without
//! accents; the glossary maps them.

pub mod check;
pub mod evidence;
pub mod gaps;
pub mod honorific;
pub mod json_schema;
pub mod letters;
pub mod meaning;
mod misfit;
pub mod parse;
pub mod places;
mod prose;
pub mod schema;
pub mod template;
pub mod value;

use serde::{Deserialize, Serialize};

pub use gaps::Gaps;
pub use honorific::Honorific;
pub use meaning::examine;
pub use parse::{Parsed, parse};
pub use places::Places;
use schema::{Described, Field, Shape};
pub use value::{CaseCode, CitizenId, Date, Email, Flag, Numeral, Path, Phone, Serial, TaxCode, Text, Time};

/// Declares a block of the case file: the struct, how it is read, and its shape for the checker, from one list.
macro_rules! block {
    ($(#[$meta:meta])* $name:ident { $($field:ident : $ty:ty = $key:literal, $label:literal;)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $(#[doc = $label] #[serde(rename = $key, default, skip_serializing_if = "schema::Absent::is_absent")] pub $field: $ty,)*
        }
        impl Described for $name {
            fn shape() -> Shape {
                const FIELDS: &[Field] = &[$(Field { key: $key, label: $label, shape: <$ty as Described>::shape, required: false },)*];
                Shape::Block(FIELDS)
            }
        }
    };
}

/// Declares a block that stands for a letter: its own fields, then those every letter has.
macro_rules! letter_block {
    ($(#[$meta:meta])* $name:ident { $($own:tt)* }) => {
        block! {
            $(#[$meta])*
            $name {
                date: Option<Date> = "ngay", "Ngày ghi trên văn bản";
                $($own)*
                signer: Option<Text> = "nguoi_ky", "Mã người ký trong hoso.yaml";
                recipients: Vec<Text> = "noi_nhan", "Nơi nhận khác, ngoài các nơi mặc định";
                for_signature: Option<Flag> = "trinh_ky", "Đưa trình ký: bản sạch, số và ngày để trống";
                issue: Option<Flag> = "ban_hanh", "Ban hành: cấp số, từ đây văn bản không đổi nữa";
                number: Option<Numeral> = "so", "Số do văn thư ghi (khi hoso.yaml để văn thư cấp số)";
                sends: Vec<Send> = "gui", "Các lần gửi văn bản này";
                signed_copy: Option<SignedCopy> = "ban_ky", "Bản đã ký, để trong thư mục da-ky";
                replacements: Vec<Replacement> = "thay_the", "Thay thế, đính chính hoặc hủy số văn bản đã ban hành";
            }
        }
        impl LetterBlock for $name {
            fn date(&self) -> Option<Date> { self.date }
            fn signer(&self) -> Option<&Text> { self.signer.as_ref() }
            fn recipients(&self) -> &[Text] { &self.recipients }
            fn for_signature(&self) -> bool { self.for_signature == Some(Flag::Yes) }
            fn issue(&self) -> bool { self.issue == Some(Flag::Yes) }
            fn number(&self) -> Option<Numeral> { self.number }
            fn sends(&self) -> &[Send] { &self.sends }
            fn signed_copy(&self) -> Option<&SignedCopy> { self.signed_copy.as_ref() }
            fn replacements(&self) -> &[Replacement] { &self.replacements }
        }
    };
}

/// What every letter block has, whatever the letter.
pub trait LetterBlock {
    /// Date written on the letter.
    fn date(&self) -> Option<Date>;
    /// Signer's id in the settings.
    fn signer(&self) -> Option<&Text>;
    /// Recipients beside the default ones.
    fn recipients(&self) -> &[Text];
    /// Whether the clean copy for signature is wanted.
    fn for_signature(&self) -> bool;
    /// Whether staff say that it is to be issued.
    fn issue(&self) -> bool;
    /// Number typed by the registry clerk.
    fn number(&self) -> Option<Numeral>;
    /// Each sending; a term is met by sending.
    fn sends(&self) -> &[Send];
    /// The signed copy, in `da-ky/`.
    fn signed_copy(&self) -> Option<&SignedCopy>;
    /// Issued numbers that were withdrawn; each permits one new issue.
    fn replacements(&self) -> &[Replacement];
}

/// A value chosen from a fixed list of words.
macro_rules! choice {
    ($(#[$meta:meta])* $name:ident $label:literal { $($(#[$vmeta:meta])* $variant:ident = $word:literal, $text:literal;)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $(#[doc = $text] #[serde(rename = $word)] $variant,)* }
        impl $name {
            /// All of them, in the order of the list.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];
            /// The word in the case file.
            #[must_use]
            pub fn word(self) -> &'static str { match self { $(Self::$variant => $word,)* } }
            /// What a letter or a message calls it.
            #[must_use]
            pub fn text(self) -> &'static str { match self { $(Self::$variant => $text,)* } }
        }
        impl Described for $name {
            fn shape() -> Shape { Shape::Choice { label: $label, words: &[$(($word, $text),)*] } }
        }
    };
}

choice! { /// Kind of complainant (step 1).
Kind "loại người khiếu nại" {
    Enterprise = "doanh_nghiep", "doanh nghiệp";
    Organisation = "to_chuc", "tổ chức";
    Individual = "ca_nhan", "cá nhân";
}}
choice! { /// How the complaint came (step 1).
Channel "hình thức khiếu nại" {
    Letter = "van_ban", "văn bản";
    Email = "email", "thư điện tử";
    Phone = "dien_thoai", "điện thoại";
    InPerson = "truc_tiep", "trực tiếp tại Trung tâm";
}}
choice! { /// How a letter went out.
Way "cách gửi" {
    HandedOver = "truc_tiep", "giao trực tiếp";
    Post = "buu_dien", "bưu điện";
    Email = "email", "thư điện tử";
}}
choice! { /// Outcome of one request (steps 4, 8, 10).
Outcome "kết quả giải quyết yêu cầu" {
    Accepted = "chap_nhan", "chấp nhận";
    InPart = "mot_phan", "chấp nhận một phần";
    Refused = "khong_chap_nhan", "không chấp nhận";
}}
choice! { /// Severity (step 6).
Severity "mức độ" {
    Normal = "binh_thuong", "bình thường";
    Serious = "nghiem_trong", "nghiêm trọng";
    Critical = "dac_biet_nghiem_trong", "đặc biệt nghiêm trọng";
}}
choice! { /// What happens to a withdrawn number: an unsent one is voided, a sent one replaced or corrected.
Withdrawal "hình thức thay thế" {
    Void = "huy_so", "hủy số";
    Replace = "thay_the", "thay thế";
    Correct = "dinh_chinh", "đính chính";
}}
choice! { /// What a paper is.
Copy "loại bản" {
    Original = "ban_chinh", "bản chính";
    Copy = "ban_sao", "bản sao";
    Electronic = "dien_tu", "bản điện tử";
}}
choice! { /// How long the dossier is kept.
Retention "thời hạn bảo quản" {
    Standard = "thuong", "theo thời hạn thường";
    Permanent = "vinh_vien", "vĩnh viễn";
}}
choice! { /// What an answer of a later round does to the earlier one (step 10).
Stance "so với lần trả lời trước" {
    Upheld = "giu_nguyen", "giữ nguyên";
    Changed = "dieu_chinh", "điều chỉnh";
}}

block! { /// A person who acts for the complainant.
Person {
    honorific: Option<Honorific> = "xung_ho", "Cách xưng hô";
    name: Option<Text> = "ho_ten", "Họ và tên";
    office: Option<Text> = "chuc_vu", "Chức vụ";
    citizen_id: Option<CitizenId> = "so_can_cuoc", "Số căn cước (12 chữ số)";
    phone: Option<Phone> = "dien_thoai", "Điện thoại";
    email: Option<Email> = "email", "Email";
}}
block! { /// A person with a power of attorney.
Attorney {
    honorific: Option<Honorific> = "xung_ho", "Cách xưng hô";
    name: Option<Text> = "ho_ten", "Họ và tên";
    citizen_id: Option<CitizenId> = "so_can_cuoc", "Số căn cước (12 chữ số)";
    phone: Option<Phone> = "dien_thoai", "Điện thoại";
    number: Option<Text> = "so_giay_uy_quyen", "Số giấy ủy quyền";
    date: Option<Date> = "ngay_uy_quyen", "Ngày giấy ủy quyền";
    file: Option<Path> = "tep", "Tệp giấy ủy quyền trong dinh-kem";
}}
block! { /// The complainant (step 1).
Complainant {
    kind: Option<Kind> = "loai", "Doanh nghiệp, tổ chức hay cá nhân";
    honorific: Option<Honorific> = "xung_ho", "Cách xưng hô (khi là cá nhân)";
    name: Option<Text> = "ten", "Tên người khiếu nại";
    tax_code: Option<TaxCode> = "ma_so_thue", "Mã số thuế";
    citizen_id: Option<CitizenId> = "so_can_cuoc", "Số căn cước (khi là cá nhân)";
    representative: Option<Person> = "nguoi_dai_dien", "Người đại diện theo pháp luật";
    attorney: Option<Attorney> = "nguoi_duoc_uy_quyen", "Người được ủy quyền khiếu nại";
    contact: Option<Person> = "nguoi_lien_he", "Người liên hệ";
    address: Option<Text> = "dia_chi", "Địa chỉ";
    phone: Option<Phone> = "dien_thoai", "Điện thoại";
    email: Option<Email> = "email", "Email";
}}
block! { /// A dated change of what is known of the complainant: letters dated before it keep the old value.
Change {
    date: Option<Date> = "ngay", "Từ ngày";
    name: Option<Text> = "ten", "Tên mới";
    representative: Option<Person> = "nguoi_dai_dien", "Người đại diện mới";
    address: Option<Text> = "dia_chi", "Địa chỉ mới";
    phone: Option<Phone> = "dien_thoai", "Điện thoại mới";
    email: Option<Email> = "email", "Email mới";
    note: Option<Text> = "ghi_chu", "Ghi chú";
}}
block! { /// A piece of evidence: a file in `dinh-kem/` of the case's folder, or a paper only described.
Evidence {
    file: Option<Path> = "tep", "Tên tệp trong thư mục dinh-kem của hồ sơ";
    title: Option<Text> = "ten", "Tên tài liệu";
    number: Option<Text> = "so_ky_hieu", "Số, ký hiệu";
    date: Option<Date> = "ngay", "Ngày của tài liệu";
    pages: Option<Numeral> = "so_trang", "Số trang";
    copy: Option<Copy> = "loai_ban", "Bản chính, bản sao hay bản điện tử";
}}
block! { /// Intake (steps 1–2).
Intake {
    arrived: Option<Date> = "ngay_den", "Ngày khiếu nại đến Trung tâm";
    entered: Option<Date> = "ngay_ghi_nhan", "Ngày ghi vào sổ tiếp nhận";
    hour: Option<Time> = "gio", "Giờ tiếp nhận";
    channel: Option<Channel> = "hinh_thuc", "Hình thức khiếu nại";
    incoming_number: Option<Text> = "so_den", "Số đến";
    sender_number: Option<Text> = "so_van_ban", "Số, ký hiệu văn bản của người khiếu nại";
    sender_date: Option<Date> = "ngay_van_ban", "Ngày văn bản của người khiếu nại";
    caller: Option<Phone> = "so_goi_den", "Số điện thoại gọi đến (khi khiếu nại qua điện thoại)";
    recording: Option<Path> = "tep_ghi_am", "Tệp ghi âm cuộc gọi";
    read_back: Option<Flag> = "da_doc_lai", "Đã đọc lại nội dung cho người gọi nghe";
    receiver: Option<Text> = "nguoi_tiep_nhan", "Người tiếp nhận";
    service: Option<Text> = "dich_vu", "Dịch vụ bị khiếu nại";
    serial: Option<Serial> = "serial_chung_thu", "Số serial chứng thư chữ ký số";
    summary: Option<Text> = "tom_tat", "Tóm tắt khiếu nại, một câu";
    content: Option<Text> = "noi_dung", "Nội dung khiếu nại";
    requests: Vec<Text> = "yeu_cau", "Các yêu cầu, mỗi dòng một yêu cầu";
    evidence: Vec<Evidence> = "tai_lieu", "Tài liệu kèm theo";
}}
block! { /// Scope decision (step 3).
ScopeDecision {
    date: Option<Date> = "ngay", "Ngày xem xét";
    decided_by: Option<Text> = "nguoi_quyet_dinh", "Người quyết định";
    in_scope: Option<Flag> = "thuoc_pham_vi", "Có thuộc phạm vi dịch vụ của Trung tâm không";
    reasons: Vec<Text> = "ly_do_tu_choi", "Lý do từ chối (khi không thuộc phạm vi)";
    settle_at_once: Option<Flag> = "xu_ly_ngay_duoc", "Xử lý được ngay không";
    not_taken_up: Vec<Text> = "noi_dung_khong_tiep_nhan", "Phần nội dung không tiếp nhận, kèm lý do";
}}
block! { /// One sending of a letter. A term is met by sending.
Send {
    date: Option<Date> = "ngay", "Ngày gửi";
    hour: Option<Time> = "gio", "Giờ gửi";
    way: Option<Way> = "cach", "Cách gửi";
    to: Option<Text> = "nguoi_nhan", "Người nhận";
    tracking: Option<Text> = "so_van_don", "Số vận đơn bưu gửi";
    received: Option<Date> = "ngay_nhan", "Ngày người nhận nhận được";
    proof: Option<Path> = "bang_chung", "Tệp chứng minh đã gửi hoặc đã nhận, trong dinh-kem";
}}
block! { /// The signed copy of a letter, in `da-ky/`.
SignedCopy {
    file: Option<Path> = "tep", "Tên tệp trong thư mục da-ky của hồ sơ";
    date: Option<Date> = "ngay", "Ngày ký";
}}
block! { /// An issued number that is withdrawn, and why.
Replacement {
    number: Option<Numeral> = "so", "Số văn bản bị thay";
    date: Option<Date> = "ngay", "Ngày thay";
    kind: Option<Withdrawal> = "hinh_thuc", "Hủy số, thay thế hay đính chính";
    reason: Option<Text> = "ly_do", "Lý do";
}}
letter_block! { /// Rejection letter (step 3).
Rejection {
    clause: Option<Text> = "dieu_khoan", "Điều khoản của quy trình làm căn cứ từ chối";
    turn_to: Option<Text> = "co_quan_giai_quyet", "Nơi khách hàng có thể liên hệ để được giải quyết";
    returned: Vec<Evidence> = "tai_lieu_tra_lai", "Tài liệu trả lại";
}}
letter_block! { /// Receipt slip (step 5). Without `ngay_hen` the appointed date is computed.
ReceiptSlip {
    appointed: Option<Date> = "ngay_hen", "Ngày hẹn trả lời (chỉ ghi khi hẹn sớm hơn thời hạn)";
    note: Option<Text> = "ghi_chu", "Ghi chú trên phiếu";
}}
block! { /// Who attended a meeting.
Attendee {
    honorific: Option<Honorific> = "xung_ho", "Cách xưng hô";
    name: Option<Text> = "ho_ten", "Họ và tên";
    office: Option<Text> = "chuc_vu", "Chức vụ";
    paper: Option<Text> = "giay_to", "Giấy tờ xuất trình (căn cước, giấy ủy quyền)";
}}
block! { /// Outcome of one request.
RequestOutcome {
    request: Option<Numeral> = "yeu_cau", "Số thứ tự của yêu cầu";
    outcome: Option<Outcome> = "ket_qua", "Chấp nhận, chấp nhận một phần hay không chấp nhận";
    text: Option<Text> = "noi_dung", "Nội dung giải quyết, lý do";
}}
block! { /// Something to be done, by whom and when.
Measure {
    text: Option<Text> = "noi_dung", "Việc sẽ làm";
    by: Option<Text> = "nguoi_thuc_hien", "Người hoặc bộ phận thực hiện";
    due: Option<Date> = "thoi_han", "Thời hạn";
    done: Option<Date> = "ngay_xong", "Ngày đã làm xong";
}}
block! { /// Refusal to sign the record, with a witness.
RefusalToSign {
    reason: Option<Text> = "ly_do", "Lý do không ký";
    witness: Option<Text> = "nguoi_lam_chung", "Người làm chứng";
}}
letter_block! { /// Handling record (step 4, complainant present).
HandlingRecord {
    began: Option<Time> = "gio_bat_dau", "Giờ bắt đầu";
    ended: Option<Time> = "gio_ket_thuc", "Giờ kết thúc";
    place: Option<Text> = "dia_diem", "Địa điểm";
    complainant_side: Vec<Attendee> = "ben_khieu_nai", "Những người bên khiếu nại";
    centre_side: Vec<Attendee> = "ben_trung_tam", "Những người bên Trung tâm";
    complainant_statement: Option<Text> = "y_kien_khach_hang", "Ý kiến của khách hàng";
    centre_statement: Option<Text> = "y_kien_trung_tam", "Ý kiến của Trung tâm";
    outcomes: Vec<RequestOutcome> = "tung_yeu_cau", "Kết quả từng yêu cầu";
    measures: Vec<Measure> = "viec_con_lai", "Việc còn phải làm";
    agrees: Option<Flag> = "dong_y", "Khách hàng có đồng ý không";
    disagreement: Option<Text> = "ly_do_khong_dong_y", "Nội dung không đồng ý";
    refusal: Option<RefusalToSign> = "khong_ky", "Khách hàng không ký biên bản";
    keeper: Option<Text> = "nguoi_lap", "Người lập biên bản";
}}
letter_block! { /// Answer (steps 4, 8, 10).
Answer {
    by_email: Option<Flag> = "qua_email", "Trả lời qua email (tạo kèm thư điện tử để gửi)";
    conclusion: Option<Text> = "ket_luan", "Kết luận kiểm tra, xác minh";
    outcomes: Vec<RequestOutcome> = "tung_yeu_cau", "Kết quả từng yêu cầu";
    measures: Vec<Measure> = "bien_phap", "Biện pháp và thời hạn thực hiện";
    apology: Option<Flag> = "xin_loi", "Lỗi thuộc Trung tâm: có lời xin lỗi";
    stance: Option<Stance> = "so_voi_lan_truoc", "Giữ nguyên hay điều chỉnh nội dung trả lời lần trước";
}}
block! { /// What the complainant says to an answer or a record (steps 9–10).
Reaction {
    date: Option<Date> = "ngay", "Ngày nhận ý kiến của khách hàng";
    agrees: Option<Flag> = "dong_y", "Khách hàng có đồng ý không";
    text: Option<Text> = "noi_dung", "Nội dung ý kiến";
    number: Option<Text> = "so_van_ban", "Số, ký hiệu văn bản của khách hàng";
    evidence: Vec<Evidence> = "tai_lieu", "Văn bản của khách hàng và tài liệu kèm theo";
}}
block! { /// Settled at once (step 4): either a record of a meeting or an answer.
SettledAtOnce {
    record: Option<HandlingRecord> = "bien_ban", "Biên bản xử lý (khách hàng đến trực tiếp)";
    answer: Option<Answer> = "tra_loi", "Văn bản trả lời (hình thức khác)";
    reaction: Option<Reaction> = "phan_hoi", "Phản hồi của khách hàng";
}}
block! { /// Classification (step 6).
Classification {
    date: Option<Date> = "ngay", "Ngày phân loại";
    group: Option<Text> = "nhom", "Nhóm khiếu nại";
    severity: Option<Severity> = "muc_do", "Mức độ";
}}
block! { /// Answer of a unit to one numbered question (step 7).
QuestionAnswer {
    question: Option<Numeral> = "cau_hoi", "Số thứ tự câu hỏi";
    text: Option<Text> = "tra_loi", "Trả lời";
}}
block! { /// What a unit found (step 7). The unit's own paper: no register number of ours.
Findings {
    date: Option<Date> = "ngay", "Ngày báo kết quả";
    investigator: Option<Text> = "nguoi_xac_minh", "Người xác minh";
    head: Option<Text> = "truong_bo_phan", "Trưởng bộ phận";
    done: Option<Text> = "viec_da_lam", "Việc đã làm, nguồn thông tin";
    answers: Vec<QuestionAnswer> = "tung_cau_hoi", "Trả lời từng câu hỏi";
    result: Option<Text> = "ket_qua_xac_minh", "Kết quả xác minh";
    cause: Option<Text> = "nguyen_nhan", "Nguyên nhân, trách nhiệm";
    proposal: Option<Text> = "de_xuat", "Đề xuất";
    evidence: Vec<Evidence> = "tai_lieu", "Tài liệu";
}}
letter_block! { /// Transfer to a unit (step 6), with its findings (step 7).
Transfer {
    unit: Option<Text> = "bo_phan", "Bộ phận xác minh";
    questions: Vec<Text> = "noi_dung_xac_minh", "Các câu hỏi cần xác minh";
    asked_for: Option<Date> = "han_tra_loi", "Ngày đề nghị có kết quả (không ghi thì tính theo thời hạn)";
    papers: Vec<Text> = "tai_lieu_gui_kem", "Tài liệu gửi kèm";
    findings: Option<Findings> = "ket_qua", "Kết quả xác minh";
}}
block! { /// Decision to answer without waiting for a silent unit.
NotWaiting {
    date: Option<Date> = "ngay", "Ngày quyết định";
    reason: Option<Text> = "ly_do", "Lý do không chờ";
    decided_by: Option<Text> = "nguoi_quyet_dinh", "Người quyết định";
}}
block! { /// One pass through steps 6–8 (a round, lần).
Round {
    number: Option<Numeral> = "lan", "Lần giải quyết";
    transfers: Vec<Transfer> = "chuyen_bo_phan", "Chuyển bộ phận xác minh";
    not_waiting: Option<NotWaiting> = "khong_cho_ket_qua", "Không chờ kết quả của bộ phận chưa trả lời";
    answer: Option<Answer> = "tra_loi", "Văn bản trả lời";
    reaction: Option<Reaction> = "phan_hoi", "Phản hồi của khách hàng";
}}
block! { /// Withdrawal of the complaint, with the paper (an end beyond the source).
WithdrawnComplaint {
    date: Option<Date> = "ngay", "Ngày rút khiếu nại";
    reason: Option<Text> = "ly_do", "Lý do";
    evidence: Vec<Evidence> = "tai_lieu", "Văn bản rút khiếu nại";
}}
block! { /// Closing (step 9).
Closing {
    date: Option<Date> = "ngay", "Ngày lưu hồ sơ";
    by: Option<Text> = "nguoi_luu", "Người lưu";
    paper_place: Option<Text> = "noi_luu_ban_giay", "Nơi lưu bản giấy";
    retention: Option<Retention> = "thoi_han_bao_quan", "Thời hạn bảo quản (không ghi thì theo mức độ)";
}}
block! { /// A complaint taken up again after its end: opens the next round.
Reopening {
    date: Option<Date> = "ngay", "Ngày nhận lại khiếu nại";
    text: Option<Text> = "noi_dung", "Nội dung khiếu nại lại";
    number: Option<Text> = "so_van_ban", "Số, ký hiệu văn bản của khách hàng";
    evidence: Vec<Evidence> = "tai_lieu", "Tài liệu kèm theo";
}}
block! { /// Late papers for a closed case: a supplement without a round.
Supplement {
    date: Option<Date> = "ngay", "Ngày nhận tài liệu";
    text: Option<Text> = "noi_dung", "Nội dung bổ sung";
    evidence: Vec<Evidence> = "tai_lieu", "Tài liệu bổ sung";
}}

/// Declares [`Case`]: the code is required, every other block may be absent.
macro_rules! case {
    ($($field:ident : $ty:ty = $key:literal, $label:literal;)*) => {
        /// A whole case file.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct Case {
            /// Case code; the file is named after it.
            #[serde(rename = "ma_ho_so")]
            pub code: CaseCode,
            $(#[doc = $label] #[serde(rename = $key, default, skip_serializing_if = "schema::Absent::is_absent")] pub $field: $ty,)*
        }
        impl Described for Case {
            fn shape() -> Shape {
                const FIELDS: &[Field] = &[
                    Field { key: "ma_ho_so", label: "Mã hồ sơ", shape: <CaseCode as Described>::shape, required: true },
                    $(Field { key: $key, label: $label, shape: <$ty as Described>::shape, required: false },)*
                ];
                Shape::Block(FIELDS)
            }
        }
    };
}

case! {
    complainant: Option<Complainant> = "nguoi_khieu_nai", "Người khiếu nại (bước 1)";
    changes: Vec<Change> = "thay_doi", "Thay đổi thông tin người khiếu nại, theo ngày";
    intake: Option<Intake> = "tiep_nhan", "Tiếp nhận (bước 1–2)";
    scope: Option<ScopeDecision> = "xem_xet_tiep_nhan", "Xem xét tiếp nhận (bước 3)";
    rejection: Option<Rejection> = "tu_choi", "Thông báo từ chối (bước 3)";
    settled: Option<SettledAtOnce> = "xu_ly_ngay", "Xử lý ngay (bước 4)";
    slip: Option<ReceiptSlip> = "phieu_tiep_nhan", "Phiếu tiếp nhận (bước 5)";
    classification: Option<Classification> = "phan_loai", "Phân loại (bước 6)";
    rounds: Vec<Round> = "giai_quyet", "Các lần giải quyết (bước 6–10)";
    withdrawn: Option<WithdrawnComplaint> = "rut_khieu_nai", "Khách hàng rút khiếu nại";
    closing: Option<Closing> = "luu_ho_so", "Lưu hồ sơ (bước 9)";
    reopenings: Vec<Reopening> = "khieu_nai_lai", "Khiếu nại lại sau khi đã kết thúc";
    supplements: Vec<Supplement> = "bo_sung", "Tài liệu bổ sung sau khi đã lưu";
}
