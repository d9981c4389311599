use chrono::NaiveDate;

use super::*;
use crate::calendar::{Calendar, Swaps};
use crate::form::FormSet;

pub(crate) fn settings() -> Settings {
    crate::yaml::read(include_str!("fixtures/settings.yaml")).unwrap()
}

pub(crate) fn case(text: &str) -> Case {
    crate::yaml::read(text).unwrap()
}

pub(crate) fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

/// The letter as the program would make it on 30/11/2026.
fn try_make(case: &Case, known: &Known, id: &LetterId, mode: Mode) -> Result<Prepared, Unavailable> {
    let (settings, today) = (settings(), day(2026, 11, 30));
    let assessment = crate::procedure::assess(case, &Calendar::builtin(Swaps::Follow), &settings, today);
    prepare(case, &assessment, &settings, known, id, mode, today)
}

pub(crate) fn id(kind: LetterKind, round: u32, unit: Option<&str>) -> LetterId {
    LetterId { kind, round, unit: unit.map(str::to_owned) }
}

fn issued(number: &str, date: NaiveDate) -> IssuedLetter {
    IssuedLetter { number_text: number.to_owned(), date }
}

fn known() -> Known {
    let mut known = Known::default();
    known.issued.insert(LetterId::of(LetterKind::ReceiptSlip), issued("05/PTN-ECA", day(2026, 10, 13)));
    known.issued.insert(id(LetterKind::Answer, 1, None), issued("12/ECA-CSKH", day(2026, 10, 30)));
    known.issued.insert(id(LetterKind::Transfer, 1, Some("Phòng Kỹ thuật")), issued("07/PC-ECA", day(2026, 10, 14)));
    known
}

const FULL: &str = include_str!("fixtures/full.yaml");
const REJECTED: &str = include_str!("fixtures/rejected.yaml");
const COUNTER: &str = include_str!("fixtures/counter.yaml");
const AGAIN: &str = include_str!("fixtures/again.yaml");

pub(crate) fn make(text: &str, id: &LetterId, mode: Mode) -> Prepared {
    try_make(&case(text), &known(), id, mode).unwrap()
}

/// The words of a filled form, elements taken out, one space between words.
fn words(letter: &Prepared) -> String {
    let markup = FormSet::builtin().fill(letter).unwrap_or_else(|fault| panic!("{fault:#?}"));
    let tree = roxmltree::Document::parse(&markup).unwrap_or_else(|error| panic!("{error}\n{markup}"));
    assert_eq!(tree.root_element().tag_name().name(), "van-ban");
    let mut words = String::new();
    for node in tree.descendants() {
        if node.is_text() {
            words.push_str(node.text().unwrap());
        } else if node.is_element() {
            for attribute in node.attributes().filter(|a| a.name() == "label") {
                words.push_str(attribute.value());
            }
            if !matches!(node.tag_name().name(), "b" | "i" | "missing" | "blank") {
                words.push(' ');
            }
            if node.tag_name().name() == "missing" {
                words.push('‹');
            }
        }
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What no letter may show.
fn is_clean(words: &str) {
    for bad in ["null", "None", "[object", "  ", " ,", " .", ",,", "..", ",.", ":.", "()", " ;", "{{", "{%", "\u{FDD0}"]
    {
        assert!(!words.contains(bad), "“{bad}” in: {words}");
    }
}

fn all_letters() -> Vec<(&'static str, LetterId)> {
    vec![
        (FULL, LetterId::of(LetterKind::ReceiptSlip)),
        (COUNTER, LetterId::of(LetterKind::HandlingRecord)),
        (REJECTED, LetterId::of(LetterKind::Rejection)),
        (AGAIN, id(LetterKind::Answer, 1, None)),
        (AGAIN, id(LetterKind::Answer, 2, None)),
        (AGAIN, id(LetterKind::Transfer, 1, Some("Phòng Kỹ thuật"))),
        (AGAIN, id(LetterKind::Transfer, 2, Some("Phòng Pháp chế"))),
        (AGAIN, id(LetterKind::FindingsReport, 1, Some("Phòng Kỹ thuật"))),
        (AGAIN, id(LetterKind::FindingsReport, 1, Some("Đại lý Hà Đông"))),
        (AGAIN_AT_ONCE, LetterId::of(LetterKind::Answer)),
        (REOPENED, id(LetterKind::Answer, 2, None)),
    ]
}

const AGAIN_AT_ONCE: &str = "
ma_ho_so: KN-2026-0011
nguoi_khieu_nai: {loai: ca_nhan, xung_ho: Bà, ten: Phạm Thị Mai}
tiep_nhan: {ngay_den: 03/02/2026, hinh_thuc: dien_thoai, tom_tat: Bị tính phí gia hạn hai lần, yeu_cau: [Hoàn lại phí]}
xu_ly_ngay:
  tra_loi:
    ngay: 04/02/2026
    tung_yeu_cau: [{ket_qua: chap_nhan, noi_dung: Đã hoàn phí ngày 04/02/2026}]
";

const REOPENED: &str = "
ma_ho_so: KN-2026-0012
nguoi_khieu_nai: {loai: doanh_nghiep, ten: Doanh nghiệp tư nhân Hòa Bình}
tiep_nhan: {ngay_den: 03/02/2026, hinh_thuc: truc_tiep, tom_tat: E-CA từ chối gia hạn, yeu_cau: [Gia hạn]}
xem_xet_tiep_nhan: {ngay: 04/02/2026, thuoc_pham_vi: khong, ly_do_tu_choi: [Hết hạn hợp đồng]}
tu_choi: {ngay: 05/02/2026, ban_hanh: co, gui: [{ngay: 05/02/2026, cach: buu_dien}]}
khieu_nai_lai: [{ngay: 02/03/2026, so_van_ban: 03/HB, noi_dung: Xin gửi thêm hợp đồng để xem xét lại}]
giai_quyet:
  - tra_loi: {ngay: 10/03/2026, ket_luan: Hợp đồng có hiệu lực, tung_yeu_cau: [{ket_qua: chap_nhan, noi_dung: Đã gia hạn}]}
";

fn known_all() -> Known {
    let mut known = known();
    known.issued.insert(LetterId::of(LetterKind::Rejection), issued("01/TB-ECA", day(2026, 2, 5)));
    known
}

#[test]
fn every_letter_fills_in_every_mode() {
    for (text, id) in all_letters() {
        for mode in [Mode::Draft, Mode::ForSignature, Mode::Issue { number: 7 }] {
            let case = case(text);
            let letter = try_make(&case, &known_all(), &id, mode).unwrap();
            let words = words(&letter);
            is_clean(&words);
            assert_eq!(letter.missing, [], "{id:?}");
            assert!(!words.contains('‹'), "{words}");
            assert!(words.contains(case.code.as_str()), "{words}");
            assert_eq!(letter.number_text.is_some(), matches!(mode, Mode::Issue { .. }) && id.kind.is_registered());
            let watermark = FormSet::builtin().fill(&letter).unwrap().contains("watermark=\"DỰ THẢO\"");
            assert_eq!(watermark, mode == Mode::Draft && id.kind != LetterKind::FindingsReport, "{id:?}");
            if mode == Mode::Draft && id.kind.is_registered() {
                let markup = FormSet::builtin().fill(&letter).unwrap();
                assert!(markup.contains("Số: <blank w=\"3\"/>/"), "{markup}");
            }
        }
    }
}

#[test]
fn facts_are_the_values_in_the_file() {
    for (text, id) in all_letters() {
        let letter = make(text, &id, Mode::Draft);
        assert_eq!(changed_facts(&case(text), &letter.facts), [], "{id:?}");
        assert!(letter.facts.contains_key("ma_ho_so"));
        assert!(letter.facts.contains_key("nguoi_khieu_nai.ten"));
    }
}

#[test]
fn receipt_slip() {
    let letter = make(FULL, &LetterId::of(LetterKind::ReceiptSlip), Mode::Issue { number: 5 });
    let words = words(&letter);
    for part in [
        "Số: 05/PTN-ECA",
        "Hà Nội, ngày 13 tháng 10 năm 2026",
        "PHIẾU TIẾP NHẬN",
        "Kính gửi: Bà Nguyễn Thị Hường, Giám đốc Công ty TNHH Thương mại Dịch vụ Minh Phát",
        "đã tiếp nhận khiếu nại của Quý Công ty qua thư điện tử lúc 09 giờ 40 phút ngày 12/10/2026",
        "Khôi phục dịch vụ;",
        "Bồi hoàn phí cấp lại.",
        "Đơn khiếu nại số 05/CV-MP",
        "chậm nhất ngày 10/11/2026 (20 ngày làm việc kể từ ngày viết phiếu này).",
        "xin nêu mã hồ sơ KN-2026-0042 và liên hệ",
        "KT. GIÁM ĐỐC PHÓ GIÁM ĐỐC Phạm Văn Lộc",
        "Như trên; Lưu: VT, CSKH.",
        "Địa chỉ: 11 Đặng Thùy Trâm",
    ] {
        assert!(words.contains(part), "{part} not in {words}");
    }
    assert!(!words.contains("02 bản"), "the slip was not handed over: {words}");
    assert_eq!(letter.number_text.as_deref(), Some("05/PTN-ECA"));
    assert_eq!(letter.facts["phieu_tiep_nhan.ngay"], "13/10/2026");
    assert_eq!(letter.facts["tiep_nhan.yeu_cau[2]"], "Bồi hoàn phí cấp lại");
    assert!(!letter.facts.keys().any(|path| path.starts_with("giai_quyet") || path.contains(".gui")));
}

#[test]
fn an_earlier_appointment_is_printed_without_the_term() {
    let text = FULL.replace("phieu_tiep_nhan:", "phieu_tiep_nhan:\n  ngay_hen: 03/11/2026");
    let words = words(&make(&text, &LetterId::of(LetterKind::ReceiptSlip), Mode::Draft));
    assert!(words.contains("chậm nhất ngày 03/11/2026."), "{words}");
    assert!(!words.contains("ngày làm việc kể từ"), "{words}");
}

#[test]
fn a_slip_of_a_later_pass_promises_the_answer_given_again() {
    // 20 working days from Monday 12/10/2026, the day it came again: Monday 09/11/2026.
    let again = format!(
        "{}  ban_hanh: co\n  gui:\n    - ngay: 05/03/2026\nkhieu_nai_lai:\n  - ngay: 12/10/2026\nphieu_tiep_nhan:\n  ngay: 13/10/2026\n  nguoi_ky: do-thu-ha\n  ban_hanh: co\n",
        REJECTED
    );
    let letter = make(&again, &LetterId::of(LetterKind::ReceiptSlip), Mode::Issue { number: 7 });
    let missing: Vec<&str> = letter.missing.iter().map(|lack| lack.path.as_str()).collect();
    assert!(!missing.contains(&"phieu_tiep_nhan.ngay_hen"), "{missing:?}");
    let words = words(&letter);
    assert!(words.contains("chậm nhất ngày 09/11/2026."), "{words}");
    assert!(!words.contains("ngày làm việc kể từ"), "{words}");
}

#[test]
fn a_slip_handed_over_is_made_in_two_copies_and_signed_for() {
    let text = format!("{}\nphieu_tiep_nhan: {{ngay: 06/01/2026}}\n", COUNTER.split("xu_ly_ngay:").next().unwrap());
    let words = words(&make(&text, &LetterId::of(LetterKind::ReceiptSlip), Mode::Draft));
    assert!(words.contains("lập thành 02 bản, Quý Đơn vị giữ 01 bản, Trung tâm giữ 01 bản./."), "{words}");
    assert!(words.contains("Người nhận (ký, ghi rõ họ tên):"), "{words}");
    assert!(words.contains("Bà Trần Thị Bích (Giấy ủy quyền số 07/GUQ ngày 04/01/2026)"), "{words}");
    assert!(words.contains("Hà Nội, ngày 06 tháng 01 năm 2026"), "{words}");
    assert!(words.contains("Không có tài liệu kèm theo."), "{words}");
}

#[test]
fn rejection() {
    let letter = make(REJECTED, &LetterId::of(LetterKind::Rejection), Mode::Issue { number: 12 });
    let words = words(&letter);
    for part in [
        "Số: 12/TB-ECA",
        "Hà Nội, ngày 05 tháng 3 năm 2026",
        "Kính gửi: Ông Lê Văn A",
        "(Địa chỉ: 9 phố Bạch Mai, Hà Nội)",
        "Căn cứ Quy trình khiếu nại chữ ký số E-CA.",
        "nhận được khiếu nại của Ông bằng văn bản (Văn bản số 01/ĐKN ngày 28/02/2026) về việc hóa đơn điện tử của nhà cung cấp khác bị lỗi. Mã hồ sơ",
        "theo Bước 3 Quy trình khiếu nại chữ ký số E-CA, Trung tâm không tiếp nhận",
        "không thuộc phạm vi dịch vụ chữ ký số E-CA vì:",
        "phần mềm hóa đơn điện tử do nhà cung cấp khác vận hành; chữ ký số E-CA trên hóa đơn vẫn hợp lệ.",
        "Ông có thể liên hệ: Công ty cổ phần Hóa đơn Việt, điện thoại 1900 0000.",
        "Hóa đơn số 00012 ngày 27/02/2026 (1 trang, bản sao).",
        "TUQ. GIÁM ĐỐC TRƯỞNG PHÒNG CHĂM SÓC KHÁCH HÀNG (Giấy ủy quyền số 12/UQ-TS ngày 02/01/2026) Đỗ Thu Hà",
        "Như trên; Phòng Pháp chế (để biết); Lưu: VT, CSKH.",
    ] {
        assert!(words.contains(part), "{part} not in {words}");
    }
    assert_eq!(letter.facts["thay_doi[0].dia_chi"], "9 phố Bạch Mai, Hà Nội");
    assert!(!letter.facts.contains_key("nguoi_khieu_nai.dia_chi") && !letter.facts.contains_key("thay_doi[1].dia_chi"));
}

#[test]
fn a_later_address_does_not_touch_an_issued_letter() {
    let letter = make(REJECTED, &LetterId::of(LetterKind::Rejection), Mode::Issue { number: 12 });
    let moved =
        REJECTED.replace("tiep_nhan:\n  ngay_den", "  - ngay: 01/05/2026\n    dia_chi: Mới\ntiep_nhan:\n  ngay_den");
    assert_eq!(changed_facts(&case(&moved), &letter.facts), []);
    let corrected = REJECTED.replace("9 phố Bạch Mai", "19 phố Bạch Mai");
    let changed = changed_facts(&case(&corrected), &letter.facts);
    assert_eq!(changed.len(), 1);
    assert_eq!(changed[0].0, "thay_doi[0].dia_chi");
}

#[test]
fn issuer_and_authority_are_those_of_the_letters_day() {
    let text = REJECTED.replace("ngay: 05/03/2026", "ngay: 05/03/2025");
    let letter = make(&text, &LetterId::of(LetterKind::Rejection), Mode::Draft);
    assert!(words(&letter).contains("Địa chỉ: Số 1 phố Cũ, Hà Nội"));
    assert_eq!(letter.missing.len(), 1, "her power of attorney begins in 2026");
    assert_eq!(letter.missing[0].path, "tu_choi.nguoi_ky");
    assert_eq!(letter.missing[0].label, "thẩm quyền ký của Đỗ Thu Hà vào ngày 05/03/2025");
}

#[test]
fn handling_record() {
    let letter = make(COUNTER, &LetterId::of(LetterKind::HandlingRecord), Mode::Issue { number: 3 });
    let words = words(&letter);
    for part in [
        "Số: 03/BB-ECA",
        "Thời gian bắt đầu: 09 giờ 10 phút, ngày 05 tháng 01 năm 2026.",
        "Địa điểm: Trụ sở Trung tâm.",
        "Bà Trần Thị Bích, Chánh văn phòng (Giấy ủy quyền số 07/GUQ ngày 04/01/2026).",
        "Hội Doanh nghiệp trẻ quận Hà Đông khiếu nại về việc USB token không nhận trên máy tính mới; dịch vụ: Chữ ký số (USB token).",
        "Người khiếu nại trình bày: Token không nhận từ ngày 03/01/2026.",
        "Đại diện Trung tâm trả lời: Lỗi do phiên bản phần mềm cũ.",
        "1 Cài đặt lại phần mềm Chấp nhận Đã cài đặt lại và ký thử thành công.",
        "2 Giảm phí gia hạn Không chấp nhận Phí gia hạn theo bảng giá đã công bố.",
        "Gửi tài liệu hướng dẫn qua email (Phòng Kỹ thuật thực hiện), chậm nhất ngày 07/01/2026.",
        "6. Ý kiến của người khiếu nại",
        "Người khiếu nại không đồng ý với kết quả giải quyết nêu trên: Đề nghị xem lại phí gia hạn.",
        "không ký biên bản với lý do: chờ ý kiến lãnh đạo. Việc này có sự chứng kiến của Ông Đỗ Văn Kha.",
        "lập thành 02 bản có giá trị như nhau, mỗi bên giữ 01 bản.",
        "Biên bản kết thúc vào 10 giờ 30 phút, ngày 05 tháng 01 năm 2026./.",
        "NGƯỜI LÀM CHỨNG (Ký, ghi rõ họ tên) Đỗ Văn Kha ĐẠI DIỆN TRUNG TÂM (Ký, ghi rõ họ tên) Trần Đức Ân NGƯỜI LẬP BIÊN BẢN (Ký, ghi rõ họ tên) Vũ Minh Châu",
    ] {
        assert!(words.contains(part), "{part} not in {words}");
    }
    assert!(!words.contains("Hà Nội, ngày"), "a record has no line of place and date: {words}");
    assert_eq!(letter.signer_name, "Trần Đức Ân");
}

#[test]
fn a_record_agreed_and_signed() {
    let text = COUNTER.replace("dong_y: khong", "dong_y: co");
    let (before, after) = text.split_once("    ly_do_khong_dong_y").unwrap();
    let text = format!("{before}{}", &after[after.find("    nguoi_lap").unwrap()..]);
    let words = words(&make(&text, &LetterId::of(LetterKind::HandlingRecord), Mode::Draft));
    assert!(words.contains("Người khiếu nại đồng ý với kết quả giải quyết nêu trên. Biên bản đã được"), "{words}");
    assert!(words.contains("NGƯỜI KHIẾU NẠI (Ký, ghi rõ họ tên) Trần Thị Bích ĐẠI DIỆN"), "{words}");
    assert!(!words.contains("chứng kiến"), "{words}");
}

#[test]
fn answer_of_the_first_round() {
    let letter = make(AGAIN, &id(LetterKind::Answer, 1, None), Mode::Issue { number: 12 });
    let words = words(&letter);
    for part in [
        "Số: 12/ECA-CSKH V/v trả lời khiếu nại của Công ty TNHH Thương mại Dịch vụ Minh Phát",
        "về việc chứng thư chữ ký số bị thu hồi khi chưa hết hạn và đã tiếp nhận xử lý theo Phiếu tiếp nhận số 05/PTN-ECA ngày 13/10/2026. Mã hồ sơ: KN-2026-0042.",
        "Căn cứ kết quả xác minh của Phòng Kỹ thuật, Trung tâm trả lời như sau:",
        "Việc thu hồi là do đại lý thao tác nhầm thuê bao. Lỗi thuộc về Trung tâm.",
        "Làm rõ nguyên nhân thu hồi: chấp nhận. Nguyên nhân đã nêu trên.",
        "Bồi hoàn phí cấp lại: chấp nhận một phần. Việc cấp lại không thu phí.",
        "Cấp lại chứng thư, đã hoàn thành ngày 24/10/2026.",
        "Rà soát quyền của đại lý (Phòng Kỹ thuật thực hiện), chậm nhất ngày 30/11/2026.",
        "thành thật xin lỗi Quý Công ty",
        "gửi ý kiến bằng văn bản, nêu rõ nội dung không đồng ý; Trung tâm sẽ xác minh lại và trả lời.",
        "Trân trọng./.",
    ] {
        assert!(words.contains(part), "{part} not in {words}");
    }
    assert!(!words.contains("hòa giải") && !words.contains("(lần"), "{words}");
    assert!(!words.contains("Lệnh thu hồi phát sinh"), "the unit's words are not the answer's: {words}");
    let email = letter.email.unwrap();
    assert_eq!(email.address, "huong.nt@minhphat.example");
    assert_eq!(email.from_address.as_deref(), Some("cskh@eca.example"));
    assert!(!letter.facts.contains_key("giai_quyet[0].phan_hoi.noi_dung"));
}

#[test]
fn answer_of_the_second_round() {
    let words = words(&make(AGAIN, &id(LetterKind::Answer, 2, None), Mode::Issue { number: 20 }));
    for part in [
        "V/v trả lời khiếu nại của Công ty TNHH Thương mại Dịch vụ Minh Phát (lần 2)",
        "Trung tâm đã trả lời tại Văn bản số 12/ECA-CSKH ngày 30/10/2026. Ngày 06/11/2026, Trung tâm nhận được Văn bản số 09/CV-MP của Quý Công ty không đồng ý với nội dung trả lời: đề nghị bồi hoàn chi phí phát sinh do nộp chậm tờ khai.",
        "Căn cứ kết quả xác minh lại của Phòng Pháp chế, Trung tâm điều chỉnh nội dung trả lời tại Văn bản số 12/ECA-CSKH ngày 30/10/2026 như sau:",
        "Chấp nhận một phần. Hỗ trợ 50% chi phí phát sinh.",
        "Việc trả lời này không hạn chế quyền yêu cầu hòa giải, trọng tài hoặc khởi kiện của Quý Công ty.",
    ] {
        assert!(words.contains(part), "{part} not in {words}");
    }
}

#[test]
fn answer_at_once() {
    let words = words(&make(AGAIN_AT_ONCE, &LetterId::of(LetterKind::Answer), Mode::Draft));
    for part in [
        "Hà Nội, ngày 04 tháng 02 năm 2026",
        "Kính gửi: Bà Phạm Thị Mai",
        "nhận được khiếu nại của Bà qua điện thoại về việc bị tính phí gia hạn hai lần. Mã hồ sơ: KN-2026-0011.",
        "Sau khi kiểm tra, Trung tâm trả lời như sau: Trả lời yêu cầu Hoàn lại phí: chấp nhận. Đã hoàn phí ngày 04/02/2026.",
    ] {
        assert!(words.contains(part), "{part} not in {words}");
    }
    assert!(!words.contains("xác minh của"), "{words}");
}

#[test]
fn a_request_without_an_outcome_is_missing_in_a_first_answer() {
    let text =
        AGAIN.replace("        - yeu_cau: 2\n          ket_qua: chap_nhan\n          noi_dung: Đã khôi phục\n", "");
    let letter = make(&text, &id(LetterKind::Answer, 1, None), Mode::Draft);
    assert_eq!(letter.missing.len(), 1, "{:?}", letter.missing);
    assert_eq!(letter.missing[0].path, "giai_quyet[0].tra_loi.tung_yeu_cau");
    assert_eq!(letter.missing[0].label, "kết quả của yêu cầu 2");
    assert!(words(&letter).contains("Khôi phục dịch vụ: ‹thiếu kết quả của yêu cầu 2."), "{}", words(&letter));
}

#[test]
fn answer_after_a_rejection() {
    let letter = try_make(&case(REOPENED), &known_all(), &id(LetterKind::Answer, 2, None), Mode::Draft).unwrap();
    assert_eq!(letter.missing, []);
    let words = words(&letter);
    for part in [
        "khiếu nại của Quý Doanh nghiệp trực tiếp tại Trung tâm về việc E-CA từ chối gia hạn.",
        "Trung tâm đã có Thông báo số 01/TB-ECA ngày 05/02/2026. Ngày 02/03/2026, Trung tâm nhận được Văn bản số 03/HB của Quý Doanh nghiệp đề nghị xem xét lại: xin gửi thêm hợp đồng để xem xét lại.",
        "Sau khi xem xét lại, Trung tâm trả lời như sau:",
        "Gia hạn: chấp nhận. Đã gia hạn.",
    ] {
        assert!(words.contains(part), "{part} not in {words}");
    }
}

#[test]
fn transfer_and_findings() {
    let letter = make(AGAIN, &id(LetterKind::Transfer, 1, Some("Phòng Kỹ thuật")), Mode::Issue { number: 7 });
    let text = words(&letter);
    for part in [
        "Số: 07/PC-ECA",
        "Kính gửi: Phòng Kỹ thuật",
        "khiếu nại của Công ty TNHH Thương mại Dịch vụ Minh Phát về việc chứng thư chữ ký số bị thu hồi khi chưa hết hạn. Mã hồ sơ: KN-2026-0042; Phiếu tiếp nhận số 05/PTN-ECA ngày 13/10/2026; mức độ: nghiêm trọng.",
        "Ai đã ra lệnh thu hồi, từ tài khoản nào?",
        "Tài liệu gửi kèm: Đơn khiếu nại.",
        "Đề nghị Quý Phòng xác minh và gửi kết quả theo mẫu Phiếu kết quả xác minh chậm nhất ngày 28/10/2026./.",
    ] {
        assert!(text.contains(part), "{part} not in {text}");
    }
    let text = words(&make(AGAIN, &id(LetterKind::Transfer, 1, Some("Đại lý Hà Đông")), Mode::Draft));
    assert!(text.contains("Đề nghị Quý Đại lý xác minh") && text.contains("chậm nhất ngày 28/10/2026"), "{text}");
    let text = words(&make(AGAIN, &id(LetterKind::Transfer, 2, Some("Phòng Pháp chế")), Mode::Draft));
    assert!(text.contains("chậm nhất ngày 20/11/2026"), "{text}");
    assert!(text.contains("Đề nghị bồi hoàn chi phí phát sinh do nộp chậm tờ khai."), "{text}");
    assert!(text.contains("Nội dung cần xác minh lại"), "{text}");

    let report = make(AGAIN, &id(LetterKind::FindingsReport, 1, Some("Phòng Kỹ thuật")), Mode::Draft);
    let text = words(&report);
    for part in [
        "TRUNG TÂM CHỨNG THỰC CHỮ KÝ SỐ CÔNG CỘNG E-CA PHÒNG KỸ THUẬT",
        "Hà Nội, ngày 21 tháng 10 năm 2026",
        "Theo Phiếu chuyển số 07/PC-ECA ngày 14/10/2026",
        "Câu 1. Ai đã ra lệnh thu hồi, từ tài khoản nào? Trả lời: Câu 2. Có văn bản yêu cầu của khách hàng không? Không có.",
        "Kết quả chung: Lệnh thu hồi phát sinh từ tài khoản đại lý.",
        "NGƯỜI XÁC MINH (Ký, ghi rõ họ tên) Lê Quốc Dũng TRƯỞNG BỘ PHẬN (Ký, ghi rõ họ tên)",
    ] {
        assert!(text.contains(part), "{part} not in {text}");
    }
    assert!(!text.contains("Số:"), "{text}");
    assert_eq!(report.number_text, None);
}

#[test]
fn what_is_missing_is_listed_and_shown() {
    let expected: [(&str, LetterId, &[&str]); 5] = [
        (
            "phieu_tiep_nhan: {trinh_ky: khong}",
            LetterId::of(LetterKind::ReceiptSlip),
            &[
                "nguoi_khieu_nai.loai",
                "nguoi_khieu_nai.ten",
                "phieu_tiep_nhan.ngay",
                "phieu_tiep_nhan.ngay_hen",
                "tiep_nhan.hinh_thuc",
                "tiep_nhan.ngay_den",
                "tiep_nhan.tom_tat",
                "tiep_nhan.yeu_cau",
            ],
        ),
        (
            "tu_choi: {nguoi_ky: nobody}",
            LetterId::of(LetterKind::Rejection),
            &[
                "nguoi_khieu_nai.loai",
                "nguoi_khieu_nai.ten",
                "tiep_nhan.hinh_thuc",
                "tiep_nhan.ngay_den",
                "tiep_nhan.tom_tat",
                "tu_choi.ngay",
                "tu_choi.nguoi_ky",
                "xem_xet_tiep_nhan.ly_do_tu_choi",
            ],
        ),
        (
            "xu_ly_ngay: {bien_ban: {trinh_ky: khong}}",
            LetterId::of(LetterKind::HandlingRecord),
            &[
                "nguoi_khieu_nai.loai",
                "nguoi_khieu_nai.ten",
                "tiep_nhan.tom_tat",
                "xu_ly_ngay.bien_ban.ben_khieu_nai",
                "xu_ly_ngay.bien_ban.ben_trung_tam",
                "xu_ly_ngay.bien_ban.dia_diem",
                "xu_ly_ngay.bien_ban.dong_y",
                "xu_ly_ngay.bien_ban.gio_bat_dau",
                "xu_ly_ngay.bien_ban.gio_ket_thuc",
                "xu_ly_ngay.bien_ban.ngay",
                "xu_ly_ngay.bien_ban.nguoi_lap",
                "xu_ly_ngay.bien_ban.tung_yeu_cau",
                "xu_ly_ngay.bien_ban.y_kien_trung_tam",
            ],
        ),
        (
            "giai_quyet: [{lan: 1, tra_loi: {ngay: 01/02/2026}}, {lan: 2, tra_loi: {qua_email: co}}]",
            id(LetterKind::Answer, 2, None),
            &[
                "giai_quyet[0].phan_hoi.ngay",
                "giai_quyet[0].phan_hoi.noi_dung",
                "giai_quyet[1].tra_loi.ket_luan",
                "giai_quyet[1].tra_loi.ngay",
                "giai_quyet[1].tra_loi.so_voi_lan_truoc",
                "nguoi_khieu_nai.email",
                "nguoi_khieu_nai.loai",
                "nguoi_khieu_nai.ten",
                "tiep_nhan.ngay_den",
                "tiep_nhan.tom_tat",
            ],
        ),
        (
            "giai_quyet: [{chuyen_bo_phan: [{bo_phan: Kho}]}]",
            id(LetterKind::Transfer, 1, Some("Kho")),
            &[
                "giai_quyet[0].chuyen_bo_phan[0].han_tra_loi",
                "giai_quyet[0].chuyen_bo_phan[0].ngay",
                "giai_quyet[0].chuyen_bo_phan[0].noi_dung_xac_minh",
                "nguoi_khieu_nai.loai",
                "nguoi_khieu_nai.ten",
                "tiep_nhan.ngay_den",
                "tiep_nhan.tom_tat",
            ],
        ),
    ];
    for (text, id, paths) in expected {
        let case = case(&format!("ma_ho_so: KN-2026-0001\n{text}\n"));
        let make = |mode| try_make(&case, &known(), &id, mode).unwrap();
        let letter = make(Mode::Draft);
        let mut found: Vec<&str> = letter.missing.iter().map(|missing| missing.path.as_str()).collect();
        found.sort_unstable();
        assert_eq!(found, paths, "{id:?}");
        let words = words(&letter);
        is_clean(&words.replace('‹', ""));
        for missing in &letter.missing {
            let shown = words.contains(&format!("thiếu {}", missing.label));
            assert!(
                shown || missing.path.ends_with(".loai") || missing.path.ends_with(".email"),
                "{missing:?} {words}"
            );
        }
        assert!(!make(Mode::Issue { number: 1 }).missing.is_empty());
    }
}

#[test]
fn for_signature_leaves_number_and_day_blank() {
    let letter = make(FULL, &LetterId::of(LetterKind::ReceiptSlip), Mode::ForSignature);
    let markup = FormSet::builtin().fill(&letter).unwrap();
    assert!(markup.contains("Số: <blank w=\"3\"/>/PTN-ECA"), "{markup}");
    assert!(markup.contains("Hà Nội, ngày <blank w=\"3\"/> tháng 10 năm 2026"), "{markup}");
    assert!(!markup.contains("watermark"));
}

#[test]
fn a_successor_names_what_it_replaces_unless_that_was_never_sent() {
    let slip = LetterId::of(LetterKind::ReceiptSlip);
    let say = |withdrawal| {
        let mut known = known();
        known.withdrawn.insert(slip.clone(), (issued("04/PTN-ECA", day(2026, 10, 12)), withdrawal));
        words(&try_make(&case(FULL), &known, &slip, Mode::Draft).unwrap())
    };
    assert!(say(Withdrawal::Replace).contains("Văn bản này thay thế văn bản số 04/PTN-ECA ngày 12/10/2026."));
    assert!(say(Withdrawal::Correct).contains("đính chính và thay thế văn bản số 04/PTN-ECA"));
    assert!(!say(Withdrawal::Void).contains("04/PTN-ECA"));
}

#[test]
fn a_letter_without_a_block_is_unavailable() {
    let case = case("ma_ho_so: KN-2026-0001\n");
    for kind in LetterKind::ALL {
        let id = LetterId { kind, round: u32::from(kind == LetterKind::Transfer), unit: None };
        assert!(try_make(&case, &known(), &id, Mode::Draft).is_err(), "{kind:?}");
    }
}

#[test]
fn data_never_becomes_markup() {
    let hostile = "<b>Cty</b> & \"Con\" {{ ma_ho_so }} {% if %} \u{FDD0}x\u{FDD1}\u{FDD2}";
    let text = AGAIN
        .replace("Công ty TNHH Thương mại Dịch vụ Minh Phát", &serde_json::to_string(hostile).unwrap())
        .replace("Chứng thư chữ ký số bị thu hồi khi chưa hết hạn", "'A < B & \"C\"'");
    for id in [id(LetterKind::Answer, 1, None), id(LetterKind::Transfer, 2, Some("Phòng Pháp chế"))] {
        let letter = make(&text, &id, Mode::Issue { number: 1 });
        let words = words(&letter);
        assert!(words.contains("<b>Cty</b> & \"Con\" {{ ma_ho_so }} {% if %} x"), "{words}");
        assert!(words.contains("A < B & \"C\""), "{words}");
        assert!(!FormSet::builtin().fill(&letter).unwrap().contains("<missing>"));
    }
}

#[test]
fn cover_and_list() {
    let settings = settings();
    let issuer = settings.issuer(day(2026, 11, 30)).unwrap();
    let mut facts = papers::CoverFacts::of(issuer, &case(FULL));
    facts.from = Some(day(2026, 10, 12));
    facts.to = Some(day(2026, 12, 1));
    facts.end = "Khách hàng đồng ý với kết quả trả lời".to_owned();
    facts.documents = 9;
    facts.pages = 23;
    facts.retention = "15 năm".to_owned();
    facts.paper_place = Some("Kho B, giá 3".to_owned());
    facts.version = 2;
    facts.closed_by = Some("Trần Đức Ân".to_owned());
    facts.closed = Some(day(2026, 12, 2));
    let text = words(&papers::prepare_cover(&facts));
    for part in [
        "Hồ sơ giải quyết khiếu nại của Công ty TNHH Thương mại Dịch vụ Minh Phát về việc chứng thư chữ ký số bị thu hồi khi chưa hết hạn",
        "Từ ngày 12/10/2026 đến ngày 01/12/2026",
        "Gồm 09 văn bản, 23 trang",
        "Thời hạn bảo quản 15 năm",
        "Nơi lưu bản giấy Kho B, giá 3",
        "Phiên bản hồ sơ lưu trữ 2",
    ] {
        assert!(text.contains(part), "{part} not in {text}");
    }
    is_clean(&text);
    let row = papers::ListRow {
        symbol: Some("05/PTN-ECA".to_owned()),
        date: Some(day(2026, 10, 13)),
        subject: "Phiếu tiếp nhận".to_owned(),
        author: "Trung tâm E-CA".to_owned(),
        page: Some("1-2".to_owned()),
        remark: Some("Bản điện tử".to_owned()),
    };
    let bare = papers::ListRow { subject: "Ảnh".to_owned(), ..papers::ListRow::default() };
    let text = words(&papers::prepare_list(&facts, &[row, bare]));
    assert!(text.contains("1 05/PTN-ECA 13/10/2026 Phiếu tiếp nhận Trung tâm E-CA 1-2 Bản điện tử 2 Ảnh"), "{text}");
    assert!(text.contains("Hồ sơ này gồm 02 văn bản, 23 trang."), "{text}");
    is_clean(&text);
}

/// Leaves and branches of a case file, in order; those whose turn `keep` says no to are dropped.
fn pruned(value: &serde_json::Value, keep: &mut impl FnMut() -> bool) -> Option<serde_json::Value> {
    use serde_json::Value;
    match value {
        Value::Object(map) => {
            let left: serde_json::Map<String, Value> = map
                .iter()
                .filter_map(|(key, value)| {
                    let stays = key == "ma_ho_so" || key == "bo_phan" || keep();
                    Some((key.clone(), if stays { pruned(value, keep)? } else { return None }))
                })
                .collect();
            (!left.is_empty()).then_some(Value::Object(left))
        }
        Value::Array(items) => {
            let left: Vec<Value> = items.iter().filter_map(|item| pruned(item, keep)).collect();
            (!left.is_empty()).then_some(Value::Array(left))
        }
        leaf => Some(leaf.clone()),
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(12))]
    /// Whatever a file still lacks, every letter it has a block for fills, reads cleanly, and shows what is missing.
    #[test]
    fn half_filled_files_read_well(seed in proptest::collection::vec(0_u8..100, 64), share in 50_u8..97) {
        for text in [FULL, REJECTED, COUNTER, AGAIN, AGAIN_AT_ONCE, REOPENED] {
            let whole = serde_json::to_value(case(text)).unwrap();
            let mut turn = 0;
            let mut keep = || { turn += 1; seed[turn * 7 % 64] < share };
            let case: Case = serde_json::from_value(pruned(&whole, &mut keep).unwrap()).unwrap();
            let assessment =
                crate::procedure::assess(&case, &Calendar::builtin(Swaps::Follow), &settings(), day(2026, 11, 30));
            for due in assessment.letters.iter().filter(|due| due.present) {
                let letter = try_make(&case, &known(), &due.id, Mode::Draft).unwrap();
                let words = words(&letter);
                is_clean(&words.replace('‹', ""));
                proptest::prop_assert!(!words.contains("ngày ,") && !words.contains("số ,"), "{}", words);
                proptest::prop_assert_eq!(changed_facts(&case, &letter.facts), []);
                let hidden = |path: &str| path.ends_with(".loai") || path.ends_with(".email");
                for missing in letter.missing.iter().filter(|missing| !hidden(&missing.path)) {
                    let label = missing.label.to_lowercase();
                    proptest::prop_assert!(words.to_lowercase().contains(&label), "{:?} {}", missing, words);
                }
            }
        }
    }
}

#[test]
fn units_without_a_name_and_units_asked_twice() {
    let text = "
ma_ho_so: KN-2026-0013
nguoi_khieu_nai: {loai: ca_nhan, ten: Lê Văn A}
tiep_nhan: {ngay_den: 12/10/2026, tom_tat: Mất token}
xem_xet_tiep_nhan: {ngay: 13/10/2026, thuoc_pham_vi: co, xu_ly_ngay_duoc: khong}
phieu_tiep_nhan: {ngay: 13/10/2026}
giai_quyet:
  - chuyen_bo_phan:
      - {ngay: 14/10/2026, noi_dung_xac_minh: [Một?]}
      - {bo_phan: Kho, ngay: 14/10/2026, noi_dung_xac_minh: [Hai?]}
      - {bo_phan: Kho, ngay: 15/10/2026, noi_dung_xac_minh: [Ba?]}
";
    let transfer = |unit| make(text, &id(LetterKind::Transfer, 1, Some(unit)), Mode::Draft);
    let nameless = transfer("bộ phận 1");
    assert!(words(&nameless).contains("Một?"));
    assert_eq!(nameless.missing.len(), 1, "{:?}", nameless.missing);
    assert_eq!(nameless.missing[0].path, "giai_quyet[0].chuyen_bo_phan[0].bo_phan");
    let (first, second) = (words(&transfer("Kho")), words(&transfer("Kho (2)")));
    assert!(first.contains("Hai?") && second.contains("Ba?") && second.contains("Kính gửi: Kho Ngày"), "{second}");
    assert!(first.contains("chậm nhất ngày 28/10/2026") && second.contains("chậm nhất ngày 29/10/2026"), "{second}");
}

#[test]
fn nothing_of_another_office_stands_in_a_letter_or_a_note() {
    let renamed = |text: &str| text.replace("E-CA", "Minh Long").replace("ECA", "ML").replace("eca", "ml");
    let mut settings: Settings = crate::yaml::read(&renamed(include_str!("fixtures/settings.yaml"))).unwrap();
    for series in &mut settings.numbering.series {
        series.symbol = crate::case::value::Value::parse(&renamed(series.symbol.as_str())).unwrap();
    }
    let calendar = Calendar::builtin(Swaps::Follow);
    let (today, forms) = (day(2026, 11, 30), FormSet::builtin());
    let partly = FULL.replace(
        "  ngay: 13/10/2026\n  thuoc_pham_vi: co ",
        "  ngay: 13/10/2026\n  noi_dung_khong_tiep_nhan:\n    - Lỗi phần mềm kế toán của bên khác\n  thuoc_pham_vi: co ",
    );
    let mut said = 0;
    for text in [&partly, REJECTED, COUNTER, AGAIN] {
        let case = case(&renamed(text));
        let assessment = crate::procedure::assess(&case, &calendar, &settings, today);
        for due in assessment.letters.iter().filter(|due| due.present) {
            let mode = Mode::Issue { number: 1 };
            let known = Known::default();
            let letter = prepare(&case, &assessment, &settings, &known, &due.id, mode, today).unwrap();
            let markup = forms.fill(&letter).unwrap();
            assert!(!markup.contains("E-CA") && !markup.contains("ECA"), "{}: {markup}", due.path);
            said += markup.matches("phạm vi dịch vụ chữ ký số Minh Long").count();
        }
    }
    assert_eq!(said, 2, "the rejection and the slip name the service");

    let new = case("ma_ho_so: KN-2026-0001\n");
    let actions = crate::procedure::assess(&new, &calendar, &settings, today).actions;
    assert!(actions.iter().any(|action| action.what.contains("phạm vi dịch vụ chữ ký số Minh Long")), "{actions:#?}");
    let code = crate::case::CaseCode::new(2026, 1);
    for text in [crate::case::template::blank(&code), crate::case::json_schema::text()] {
        assert!(!text.contains("E-CA"), "{text}");
    }
}
