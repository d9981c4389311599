use proptest::prelude::*;

use super::*;
use crate::diagnostic::Span;

const EXAMPLE: &str = include_str!("../../../tests/data/KN-2026-0042.yaml");

/// Line, code, message and hint of each finding.
fn told(text: &str) -> Vec<String> {
    let parsed = parse(text.as_bytes(), "KN-2026-0001.yaml");
    assert_eq!(parsed.case.is_none(), !parsed.findings.is_empty(), "a case or findings");
    parsed
        .findings
        .iter()
        .map(|f| {
            let at = f.span.map_or_else(|| "-".to_owned(), |s| format!("{}:{}+{}", s.line, s.column, s.length));
            let meant =
                if f.suggestions.is_empty() { String::new() } else { format!(" ? {}", f.suggestions.join(", ")) };
            format!("{at} {} {} | {}{meant}", f.code, f.message, f.hint.as_deref().unwrap_or_default())
        })
        .collect()
}

fn case(text: &str) -> Case {
    let parsed = parse(text.as_bytes(), "x.yaml");
    assert_eq!(parsed.findings, [], "no findings");
    parsed.case.unwrap()
}

#[test]
fn both_readings_of_the_example_are_equal() {
    let ours = case(EXAMPLE);
    assert_eq!(yaml::read::<Case>(EXAMPLE).unwrap(), ours);
    assert_eq!(ours.complainant.unwrap().tax_code.unwrap().as_str(), "0109876543");
    assert_eq!(ours.rounds.len(), 2);
    assert_eq!(ours.rounds[0].transfers[0].findings.as_ref().unwrap().date.unwrap().to_string(), "21/10/2026");
    assert_eq!(ours.intake.unwrap().incoming_number.unwrap().as_str(), "118");
}

#[test]
fn five_mistakes_are_five_findings() {
    let text = "\
ma_ho_so: KN-2026-0001
nguoi_khieu_nai:
  loai: doanh nghiep
  ten: ~
  ma_so_thue: 01098765
tiep_nhan:
  ngay_denn: 12/10/2026
  ngay_ghi_nhan: 31/02/2026
  yeu_cau: Làm rõ
";
    assert_eq!(
        told(text),
        [
            "3:9+12 HS010 “doanh nghiep” không phải là loại người khiếu nại. | Ghi một trong các từ: doanh_nghiep \
             (doanh nghiệp), to_chuc (tổ chức), ca_nhan (cá nhân). ? doanh_nghiep",
            "4:8+1 HS012 “~” không phải là nội dung. | Chưa có thì để trống sau dấu hai chấm, hoặc xóa cả dòng.",
            "5:15+8 HS009 “01098765” không phải mã số thuế. | Mã số thuế có 10 chữ số, 10 chữ số-3 chữ số, hoặc 12 chữ số.",
            "7:3+9 HS006 Trong mục “tiep_nhan” không có khóa “ngay_denn”. | Sửa lại tên khóa; nếu là ghi chú riêng thì đặt \
             dấu # ở đầu dòng. ? ngay_den",
            "8:18+10 HS009 Không có ngày 31/02/2026 trong lịch. | Xem lại ngày và tháng; ghi ngày trước, tháng sau: 20/11/2026.",
            "9:12+6 HS008 “yeu_cau” phải là danh sách. | Viết mỗi ý một dòng, thụt vào hai dấu cách: “- Làm rõ”.",
        ]
    );
}

#[test]
fn a_single_value_is_judged_beside_faults_that_hide_the_rest() {
    // The depth of line 7 has to be guessed, so nothing is concluded from the file as a whole.
    let text = "\
ma_ho_so: KN-2026-0001
nguoi_khieu_nai:
  ma_so_thue: 0101300843
tiep_nhan:
  tai_lieu:
    - tep: a.pdf
     ten: Đơn
";
    let parsed = parse(text.as_bytes(), "x.yaml");
    assert!(parsed.case.is_none() && parsed.rest.is_none() && !parsed.findings.is_empty());
    let told: Vec<_> = parsed.remarks.iter().map(|f| (f.code.0, f.span.map(|span| span.line))).collect();
    assert_eq!(told, [("HS112", Some(3))]);
    let right = text.replace("0101300843", "0101300842");
    assert!(parse(right.as_bytes(), "x.yaml").remarks.is_empty());
}

#[test]
fn usual_syntax_mistakes_are_explained() {
    const HEAD: &str = "ma_ho_so: KN-2026-0001\ntiep_nhan:\n";
    let cases = [
        ("\tgio: 09:40\n", "3:1+1 HS020 Dòng này thụt vào bằng phím Tab"),
        ("  gio: 09:40\n  \tso_den: 5\n", "4:3+1 HS020 Dòng này thụt vào bằng phím Tab"),
        ("  gio:09:40\n  so_den: 1\n", "3:3+9 HS021 Sau “gio:” thiếu dấu cách."),
        ("  gio:09:40\n", "3:3+9 HS021 Sau “gio:” thiếu dấu cách."),
        ("  tom_tat: Lỗi ký\n    so_den:118\n", "4:5+10 HS021 Dòng này đang được đọc liền với dòng 3"),
        ("  tom_tat: Lỗi: không ký được\n", "3:12+18 HS025 Trong giá trị có dấu hai chấm"),
        ("  yeu_cau:\n    - Lỗi: không ký: được\n", "4:7+19 HS025 Trong giá trị có dấu hai chấm"),
        ("  yeu_cau:\n    - Lỗi: không ký được # gấp\n", "4:7+18 HS025 Trong giá trị có dấu hai chấm"),
        ("  tom_tat: \"Không ký được\n  so_den: 5\n", "3:12+14 HS022 Dấu ngoặc kép mở ở đây không được đóng lại."),
        ("  tom_tat: 'Không ký được\n  so_den: 5\n", "3:12+14 HS022 Dấu ngoặc kép mở ở đây không được đóng lại."),
        ("  tom_tat: \"Lỗi 5\" hiện ra\n  so_den: 5\n", "3:12+15 HS022 Giá trị bắt đầu bằng dấu ngoặc kép"),
        ("  tom_tat: \"C:\\khoa\"\n  so_den: 5\n", "3:12+9 HS022 Trong ngoặc kép, dấu \\ có nghĩa riêng"),
        ("  gio: 09:40\n    so_den: 5\n", "4:1+4 HS023 Dòng này thụt vào 4 dấu cách, không khớp"),
        ("  gio: 09:40\n so_den: 5\n", "4:1+1 HS023 Dòng này thụt vào 1 dấu cách, không khớp"),
        ("  tai_lieu:\n    - tep: a.pdf\n     ten: Đơn\n", "5:1+5 HS023 Dòng này thụt vào 5 dấu cách, không khớp"),
        ("  tom_tat: [Gấp] token hỏng\n  so_den: 5\n", "3:12+16 HS026 Giá trị bắt đầu bằng dấu “[”"),
        ("  tom_tat: {Gấp\n  so_den: 5\n", "3:12+4 HS026 Giá trị bắt đầu bằng dấu “{”"),
        ("  tom_tat: @ABC\n", "3:12+4 HS026 Giá trị bắt đầu bằng dấu “@”"),
        ("  tom_tat: %ABC\n", "3:12+4 HS026 Giá trị bắt đầu bằng dấu “%”"),
        ("  tom_tat: `ABC\n", "3:12+4 HS026 Giá trị bắt đầu bằng dấu “`”"),
        ("  tom_tat: *ABC\n", "3:12+4 HS004 Giá trị bắt đầu bằng dấu “*”"),
        ("  tom_tat: &a ABC\n", "3:12+6 HS004 Giá trị bắt đầu bằng dấu “&”"),
        ("  tom_tat: !Gấp ABC\n", "3:12+8 HS004 Giá trị bắt đầu bằng dấu “!”"),
        ("  gio: 09:40\nso den 5\n", "4:1+8 HS027 Dòng này không phải là một khóa"),
        ("  yeu_cau:\n    - Một\n    Hai\n", "5:5+3 HS024 Dòng này thiếu dấu gạch"),
        ("  yeu_cau:\n    - Một\n    -Hai\n", "5:5+4 HS024 Sau dấu gạch đầu dòng thiếu dấu cách."),
        ("  yeu_cau:\n    -Một\n", "4:5+4 HS024 Sau dấu gạch đầu dòng thiếu dấu cách."),
        ("  yeu_cau:\n    – Một\n", "4:5+5 HS024 Đầu mỗi ý là dấu “–”, không phải dấu gạch nối “-”."),
        (
            "  yeu_cau:\n    - Một\n      - Hai\n",
            "5:1+6 HS023 Dòng này thụt vào 6 dấu cách, không khớp với các dòng cùng mục. | Sửa đầu dòng thành 4",
        ),
        ("  yeu_cau: - Một\n", "3:12+5 HS024 Mục đầu của danh sách ghi cùng dòng với khóa."),
        ("  tai_lieu:\n    tep: a.pdf\n", "4:5+10 HS024 Dòng này thiếu dấu gạch “- ” ở đầu mục của danh sách."),
        ("  tai_lieu:\n    - tep: a.pdf\n    tep: b.pdf\n", "5:5+10 HS024 Dòng này thiếu dấu gạch"),
        ("  gio： 09:40\n  so_den: 5\n", "3:6+2 HS028 Sau “gio” là dấu hai chấm rộng"),
        ("\u{a0}\u{a0}gio: 09:40\n", "3:1+2 HS028 Đầu dòng này có dấu cách lạ"),
        ("  gio:\u{a0}09:40\n  so_den: 5\n", "3:7+1 HS028 Sau “gio:” có dấu cách lạ"),
        ("  tom_tat: Lỗi #5 khi ký\n", "3:12+13 HS018 Chữ sau dấu # là ghi chú"),
        ("  tom_tat: C«ng ty Ph¸t\n", "3:12+12 HS019 Chữ ở đây gõ theo bảng mã TCVN3 (ABC)"),
        ("---\nma_ho_so: KN-2026-0002\n", "3:1+3 HS004 Tệp có hơn một phần"),
    ];
    let mut wrong = Vec::new();
    for (text, start) in cases {
        let told = told(&format!("{HEAD}{text}"));
        assert!(!told.iter().any(|told| told.contains("did not") || told.contains("not allowed")), "{told:?}");
        if told.len() != 1 || !told[0].starts_with(start) {
            wrong.push(format!("{text}\nwanted: {start}\ngot:    {told:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn comments_and_long_sentences_are_no_mistakes() {
    let read = case(
        "ma_ho_so: KN-2026-0001\ntiep_nhan:\n  hinh_thuc: email # nhận lúc #3\n  gio: 9h #sáng\n  tom_tat: Lỗi # ghi chú: gọi lại\n  dich_vu: Chữ ký số\n    cá nhân\n  noi_dung: |\n    Lỗi #5: không ký.\n    - Một\n    so_den:5\n",
    );
    let intake = read.intake.unwrap();
    assert_eq!(intake.summary.unwrap().as_str(), "Lỗi");
    assert_eq!(intake.service.unwrap().as_str(), "Chữ ký số cá nhân");
    assert_eq!(intake.content.unwrap().as_str(), "Lỗi #5: không ký.\n- Một\nso_den:5");
}

#[test]
fn a_file_with_many_mistakes_is_told_in_one_round() {
    let text = "ma_ho_so: KN-2026-0001\nnguoi_khieu_nai:\n\tloai: ca_nhan\n  ten:Nguyễn Thị Hường\n  dien_thoi: 0912345678\ntiep_nhan:\n  ngay_den: 31/02/2026\n  tom_tat: Lỗi: không ký\n  hinh_thuc: van ban\n";
    let codes: Vec<String> =
        told(text).iter().map(|told| told.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(codes, ["3:1+1 HS020", "4:3+20 HS021", "5:3+9 HS006", "7:13+10 HS009", "8:12+13 HS025", "9:14+7 HS010"]);
}

#[test]
fn values_that_are_nearly_right_come_with_a_suggestion() {
    for (line, meant) in [
        ("ngay_den: 20-11-2026", "20/11/2026"),
        ("ngay_den: 20.11.2026", "20/11/2026"),
        ("ngay_den: 20/11/26", "20/11/2026"),
        ("ngay_den: 2026/11/20", "20/11/2026"),
        ("gio: 9.40", "9:40"),
        ("gio: 9h40 sáng", "9h40"),
        ("so_goi_den: O912345678", "0912345678"),
        ("da_doc_lai: true", "co"),
        ("da_doc_lai: chưa", "khong"),
    ] {
        let told = told(&format!("ma_ho_so: KN-2026-0001\ntiep_nhan:\n  {line}\n"));
        assert!(told.len() == 1 && told[0].ends_with(&format!(" ? {meant}")), "{line}: {told:?}");
    }
}

#[test]
fn nothing_after_a_colon_is_not_there_yet() {
    let read = case(
        "ma_ho_so: KN-2026-0001\ntiep_nhan:\n  ngay_den:\n  yeu_cau:\n  so_den: 5\nphieu_tiep_nhan:\n  ngay:\ngiai_quyet:\n",
    );
    let intake = read.intake.unwrap();
    assert_eq!((intake.arrived, intake.requests.len()), (None, 0));
    assert_eq!(intake.incoming_number.unwrap().as_str(), "5");
    assert_eq!((read.slip, read.rounds.len()), (None, 0));
    assert_eq!(
        told("ma_ho_so: KN-2026-0001\ntiep_nhan:\n  ngay_den: null\n  yeu_cau:\n    - Một\n    -\n  so_den: \"\"\n"),
        [
            "3:13+4 HS012 “null” không phải là nội dung. | Chưa có thì để trống sau dấu hai chấm, hoặc xóa cả dòng.",
            "6:6+0 HS011 Mục này của danh sách để trống. | Ghi nội dung sau dấu gạch, hoặc xóa dòng này.",
            "7:11+2 HS009 Giá trị để trống. | Ghi nội dung, hoặc xóa cả dòng này nếu chưa có.",
        ]
    );
}

#[test]
fn keys_in_the_wrong_place_are_sent_where_they_belong() {
    assert_eq!(
        told(
            "ma_ho_so: KN-2026-0001\ntiep_nhan:\n  thuoc_pham_vi: co\n  gio: 9h\n  gio: 10h\n  phan_loai:\n    nhom: a\n"
        ),
        [
            "3:3+13 HS006 Trong mục “tiep_nhan” không có khóa “thuoc_pham_vi”. | Khóa này thuộc mục \
             “xem_xet_tiep_nhan”: chuyển dòng này về đó.",
            "5:3+3 HS007 Khóa “gio” đã có ở dòng 4. | Giữ một dòng đúng, xóa dòng kia; nhiều mục cùng loại thì ghi \
             thành danh sách “- ”.",
            "6:1+2 HS023 Dòng này thụt vào 2 dấu cách, không khớp với các dòng cùng mục. | Sửa đầu dòng thành 0 dấu cách \
             (sát lề trái). Mục con thụt vào hai dấu cách so với mục cha.",
        ]
    );
    assert_eq!(
        told("tiep_nhan:\n  gio: 9h\n"),
        ["1:1+0 HS013 Thiếu “ma_ho_so” (mã hồ sơ). | Thêm dòng “ma_ho_so: KN-2026-0042”."]
    );
}

#[test]
fn flags_are_words_of_ours() {
    for word in ["true", "yes", "false", "no", "x"] {
        let told = told(&format!("ma_ho_so: KN-2026-0001\nxem_xet_tiep_nhan:\n  thuoc_pham_vi: {word}\n"));
        assert_eq!(told.len(), 1);
        assert!(told[0].starts_with("3:18") && told[0].contains("HS009") && told[0].contains("co"), "{told:?}");
    }
    for (word, flag) in
        [("có", crate::case::Flag::Yes), ("Không", crate::case::Flag::No), ("\"co\"", crate::case::Flag::Yes)]
    {
        let read = case(&format!("ma_ho_so: KN-2026-0001\nxem_xet_tiep_nhan:\n  thuoc_pham_vi: {word}\n"));
        assert_eq!(read.scope.unwrap().in_scope, Some(flag));
    }
}

#[test]
fn encodings() {
    let text = "ma_ho_so: KN-2026-0001\r\ntiep_nhan:\r\n  tom_tat: Mất tiền\r\n";
    let wanted = case(text);
    assert_eq!(wanted.intake.as_ref().unwrap().summary.as_ref().unwrap().as_str(), "Mất tiền");
    assert_eq!(case(&format!("\u{feff}{text}")), wanted);
    let le: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let be: Vec<u8> = [0xFE, 0xFF].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect();
    assert_eq!(parse(&le, "x").case.as_ref(), Some(&wanted));
    assert_eq!(parse(&be, "x").case.as_ref(), Some(&wanted));
    let parsed = parse(b"ma_ho_so: KN-2026-0001\r\ntiep_nhan:\r\n  tom_tat: M\x81t\r\n", "x");
    assert_eq!(parsed.findings.len(), 1);
    assert_eq!(parsed.findings[0].code, code::NOT_UTF8);
    assert_eq!(parsed.findings[0].span, Some(Span { line: 3, column: 13, length: 1 }));
    assert_eq!(parsed.code_hint.unwrap().as_str(), "KN-2026-0001");
}

#[test]
fn hostile_files_are_answered_at_once() {
    let bomb = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b]\n";
    let inputs: [(Vec<u8>, crate::diagnostic::Code); 9] = [
        (bomb.into(), code::FORBIDDEN_YAML),
        ("[".repeat(100_000).into(), code::FORBIDDEN_YAML),
        ("{a: ".repeat(100_000).into(), code::FORBIDDEN_YAML),
        ("- ".repeat(100_000).into(), code::FORBIDDEN_YAML),
        (vec![b'a'; 50 << 20], code::FILE_TOO_LARGE),
        ("-\n".repeat(300_000).into(), code::WRONG_KIND),
        ("k:\n".repeat(300_000).into(), code::UNKNOWN_KEY),
        (vec![0; 1000], code::SYNTAX),
        (Vec::new(), code::NO_CASE),
    ];
    for (bytes, wanted) in inputs {
        let parsed = parse(&bytes, "x.yaml");
        assert!(parsed.case.is_none());
        assert!((1..=101).contains(&parsed.findings.len()), "{}", parsed.findings.len());
        let codes: Vec<_> = parsed.findings.iter().map(|finding| finding.code).collect();
        assert!(codes.contains(&wanted), "{wanted}: {codes:?}");
    }
}

#[test]
fn places_fall_back_to_what_exists() {
    let parsed = parse(EXAMPLE.as_bytes(), "x.yaml");
    let line =
        |path: &str| parsed.places.span(path).map(|span| EXAMPLE.lines().nth(span.line - 1).unwrap().trim().to_owned());
    assert_eq!(line("giai_quyet[0].tra_loi.gui[0].gio").unwrap(), "gio: 15:05");
    assert_eq!(line("giai_quyet[0].tra_loi").unwrap(), "tra_loi:                       # bước 8");
    assert_eq!(line("giai_quyet[1].tra_loi.ngay").unwrap(), "- lan: 2");
    assert_eq!(line("luu_ho_so.ngay"), line(""));
    let finding =
        parsed.places.finding(code::DATE_ORDER, crate::diagnostic::Severity::Error, "tiep_nhan.gio", "a", "b");
    assert_eq!(finding.excerpt.as_deref(), Some("  gio: 09:40"));
    assert_eq!(finding.span, Some(Span { line: 21, column: 8, length: 5 }));
}

/// Line, code and end of the hint or message of each finding.
fn codes(text: &str) -> Vec<String> {
    let parsed = parse(format!("ma_ho_so: KN-2026-0001\n{text}").as_bytes(), "x.yaml");
    let code = |f: &Diagnostic| format!("{} {}", f.span.map_or(0, |span| span.line), f.code);
    parsed.findings.iter().map(code).collect()
}

#[test]
fn tabs_are_told_wherever_they_are_and_the_rest_is_read() {
    for (text, wanted) in [
        ("nguoi_khieu_nai:\n\tten: A\n\tdia_chi: B\n", vec!["3 HS020"]),
        ("tiep_nhan:\n  yeu_cau:\n\t- a\n\t- b\n  hinh_thuc: emial\n", vec!["4 HS020", "6 HS010"]),
        ("tiep_nhan:\n  yeu_cau:\n\t\t- a\n\t\t- b\n  hinh_thuc: emial\n", vec!["4 HS020", "6 HS010"]),
        ("tiep_nhan:\n    yeu_cau:\n\t- a\n\t- b\n    hinh_thuc: emial\n", vec!["4 HS020", "6 HS010"]),
        ("tiep_nhan:\n        gio: 09:40\n\tso_den: 5\n        hinh_thuc: emial\n", vec!["4 HS020", "5 HS010"]),
        ("xem_xet_tiep_nhan:\n\tngay: 13/10/2026\n\tthuoc_pham_vi: co\n", vec!["3 HS020"]),
        ("tiep_nhan:\n  tom_tat: \"abc\n\thinh_thuc: emial\n", vec!["3 HS022", "4 HS020", "4 HS010"]),
        (
            "tiep_nhan:\n  hinh_thuc: email\n\tgio: 09:40\n\tso_den: 5\n  ngay_den: 31/02/2026\n",
            vec!["4 HS020", "6 HS009"],
        ),
        ("tiep_nhan:\n  gio: 09:40\n\t# ghi\n\tso_den: 5\n\n\thinh_thuc: emial\n", vec!["5 HS020", "7 HS010"]),
        ("tiep_nhan:\n\tnoi_dung: |\n\t\tLỗi: ký\n\t\tso_den:5\n\thinh_thuc: emial\n", vec!["3 HS020", "6 HS010"]),
    ] {
        assert_eq!(codes(text), wanted, "{text}");
    }
    let told = told("ma_ho_so: KN-2026-0001\nnguoi_khieu_nai:\n\tten: A\n\tdia_chi: B\n");
    assert!(told[0].starts_with("3:1+1 HS020 Từ dòng 3 đến dòng 4 thụt vào bằng phím Tab"), "{told:?}");
    // Where YAML allows them they are no mistake, and a text keeps them.
    let read = case(
        "ma_ho_so: KN-2026-0001\ntiep_nhan:\n  ngay_den:\t20/11/2026\n  noi_dung: |\n    a:\tb\n    \tc\n  yeu_cau:\n    -\tx\n",
    );
    let intake = read.intake.unwrap();
    assert_eq!(intake.arrived.unwrap().to_string(), "20/11/2026");
    assert_eq!(intake.content.unwrap().as_str(), "a:\tb\n\tc");
    assert_eq!(intake.requests[0].as_str(), "x");
}

#[test]
fn mistakes_beside_each_other_are_all_told() {
    for (text, wanted) in [
        ("nguoi_khieu_nai:\n  ten: A\n  dia_chi:So 12\n\tdien_thoai: 0912345678\n", vec!["4 HS021", "5 HS020"]),
        (
            "nguoi_khieu_nai:\n  ten: \"A\n  dia_chi:So 12\n\tdien_thoai: 0912345678\n   email: a@b.vn\ntiep_nhan:\n  \
             ngay_den: 31/02/2026\n  hinh_thuc: emial\n  tom_tatt: x\n",
            vec!["3 HS022", "4 HS021", "5 HS020", "6 HS023", "8 HS009", "9 HS010", "10 HS006"],
        ),
        ("tiep_nhan:\n  gio:09:40\n   so_den: 5\n  hinh_thuc: emial\n", vec!["3 HS021", "4 HS023", "5 HS010"]),
        ("tiep_nhan:\n  gio:09:40\n  tom_tat: Lỗi: ký\n  hinh_thuc: emial\n", vec!["3 HS021", "4 HS025", "5 HS010"]),
    ] {
        assert_eq!(codes(text), wanted, "{text}");
    }
}

#[test]
fn what_stands_above_an_unreadable_line_is_told_and_that_reading_ended() {
    let text = "ma_ho_so: KN-2026-0001\ntiep_nhan:\n  ngay_den: 31/02/2026\n  gio: 09:40\n---\n  hinh_thuc: emial\n";
    let parsed = parse(text.as_bytes(), "x.yaml");
    let told: Vec<_> = parsed.findings.iter().map(|f| (f.code, f.span.map(|s| s.line), f.unread_from)).collect();
    assert_eq!(told, [(code::BAD_VALUE, Some(3), None), (code::FORBIDDEN_YAML, Some(5), Some(5))]);
    let note = crate::diagnostic::note("x.yaml", &parsed.findings);
    assert!(note.starts_with("x.yaml: ít nhất 2 lỗi phải sửa\n"), "{note}");
    let unread = "Chưa đọc được từ dòng 5 trở đi; sửa xong có thể còn lỗi khác.";
    assert_eq!(note.matches(unread).count(), 2, "{note}");
    assert!(crate::diagnostic::draw(&parsed.findings[1], false).contains(unread));
    assert!(serde_json::to_string(&parsed.findings[1]).unwrap().contains("\"unread_from\":5"));
}

#[test]
fn keys_without_their_colon_and_texts_out_of_their_place() {
    for (text, wanted) in [
        (
            "tiep_nhan:\n  ngay_den 20/11/2026\n  hinh_thuc: emial\n",
            vec!["3:3+19 HS027 Thiếu dấu hai chấm sau “ngay_den”. ? ngay_den: 20/11/2026", "4:14+5 HS010"],
        ),
        (
            "tiep_nhan:\n  ngay_dem 20/11/2026\n  hinh_thuc: email\n",
            vec!["3:3+19 HS027 Thiếu dấu hai chấm sau “ngay_dem”. Khóa ấy tên là “ngay_den”. ? ngay_den: 20/11/2026"],
        ),
        (
            "nguoi_khieu_nai:\n  ten = A\n  dia_chi: B\n",
            vec!["3:3+7 HS027 Sau “ten” là dấu “=”, phải là dấu hai chấm. ? ten: A"],
        ),
        (
            "tiep_nhan\n  ngay_den: 20/11/2026\n  hinh_thuc: email\n",
            vec!["2:1+9 HS027 Thiếu dấu hai chấm sau “tiep_nhan”. ? tiep_nhan:"],
        ),
        (
            "tiep_nhan:\n  hinh_thuc: email\n  ngay_den 20/11/2026\nphan_loai:\n  nhom: khac\n",
            vec!["4:3+19 HS027 Thiếu dấu hai chấm sau “ngay_den”. ? ngay_den: 20/11/2026"],
        ),
        (
            "tiep_nhan:\n  noi_dung: |\n  Khách mất token.\n  Xin cấp lại: gấp.\n  hinh_thuc: emial\n",
            vec!["4:1+2 HS023 Từ dòng 4 đến dòng 5 là đoạn chữ của “noi_dung: |” ở dòng 3", "6:14+5 HS010"],
        ),
        (
            "tiep_nhan:\n  noi_dung: |\nKhách mất token.\n  hinh_thuc: emial\n",
            vec!["4:1+0 HS023 Dòng này là đoạn chữ của “noi_dung: |” ở dòng 3", "5:14+5 HS010"],
        ),
        (
            "tiep_nhan:\n  noi_dung: Khách báo.\n    Ngày 20: không ký được\n  hinh_thuc: emial\n",
            vec!["4:5+22 HS025 Câu của “noi_dung” ở dòng 3 viết tiếp xuống đây", "5:14+5 HS010"],
        ),
    ] {
        let told = told(&format!("ma_ho_so: KN-2026-0001\n{text}"));
        assert_eq!(told.len(), wanted.len(), "{text}\n{told:#?}");
        for (told, wanted) in told.iter().zip(wanted) {
            let (start, end) = wanted.split_once(" ? ").unwrap_or((wanted, ""));
            assert!(told.starts_with(start) && told.ends_with(end), "{text}\n{told}");
        }
    }
    let told = told("ma_ho_so: KN-2026-0001\ntiep_nhan:\n  noi_dung: |\n  Khách mất token.\n");
    assert!(
        told[0].ends_with("Thụt mỗi dòng của đoạn chữ vào 4 dấu cách, tức hơn “noi_dung” hai dấu cách."),
        "{told:?}"
    );
}

#[test]
fn letters_saved_in_the_wrong_encoding_are_told_line_by_line() {
    let text = "nguoi_khieu_nai:\n  ten: CÃ´ng ty TNHH\n  dia_chi: \"PhÃ\u{b9}ng HÆ°ng\"\ntiep_nhan:\n  noi_dung: |\n    Máº¥t tiá»\u{81}n\n    a\n    \
                KhÃ´ng\n";
    assert_eq!(codes(text), ["3 HS019", "4 HS019", "7 HS019", "9 HS019"]);
    let told = told(&format!("ma_ho_so: KN-2026-0001\n{text}"));
    let start = "3:8+13 HS019 Chữ ở đây đã bị lưu sai bảng mã: “CÃ´ng” vốn là “Công”.";
    assert!(told[0].starts_with(start) && told[0].ends_with(" ? Công ty TNHH"), "{told:?}");
    assert!(told[2].ends_with(" ? Mất tiền"), "{told:?}");
}

#[test]
fn strange_spaces_hide_nothing() {
    assert_eq!(
        codes("tiep_nhan:\n\u{a0}\u{a0}hinh_thuc:\u{a0}emial\n  gio:\u{a0}25:00\n"),
        ["3 HS028", "3 HS028", "3 HS010", "4 HS028", "4 HS009"]
    );
    let parsed = parse("ma_ho_so: KN-2026-0001\ntiep_nhan:\n\u{a0}\u{a0}gio: 09:40\n".as_bytes(), "x.yaml");
    assert_eq!(parsed.findings.len(), 1);
    assert!(parsed.findings[0].suggestions.is_empty());
    assert!(crate::diagnostic::draw(&parsed.findings[0], false).contains("  3 | ␣␣gio: 09:40\n    | ^^\n"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let parsed = parse(&bytes, "x.yaml");
        prop_assert_eq!(parsed.case.is_none(), !parsed.findings.is_empty());
    }

    #[test]
    fn text_like_yaml_never_panics(text in "([ -~ơđ\n\t]|: |- |\n  |ma_ho_so: |\"|'|\\[|\\{|\\||\\? ){0,60}") {
        let parsed = parse(text.as_bytes(), "x.yaml");
        prop_assert_eq!(parsed.case.is_none(), !parsed.findings.is_empty());
    }

    #[test]
    fn a_damaged_example_never_panics(at in 0usize..4000, junk in "[:\\-\\[\\]{}\"'\t\n #&*!|>%@x]{1,4}", cut in 0usize..30) {
        let mut chars: Vec<char> = EXAMPLE.chars().collect();
        let at = at.min(chars.len());
        let end = (at + cut).min(chars.len());
        chars.splice(at..end, junk.chars());
        let text: String = chars.into_iter().collect();
        let parsed = parse(text.as_bytes(), "x.yaml");
        prop_assert_eq!(parsed.case.is_none(), !parsed.findings.is_empty());
        for finding in &parsed.findings {
            prop_assert_ne!(finding.code, code::READERS_DISAGREE);
            if let Some(span) = finding.span {
                prop_assert!(span.line >= 1 && span.line <= text.lines().count() + 1, "{:?}", span);
            }
        }
    }
}
