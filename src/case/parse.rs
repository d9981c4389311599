//! The bytes of a case file → the case, or everything that is wrong with it at once.

use super::check::{Checked, canonical, check};
use super::gaps::Gaps;
pub use super::places::Places;
use super::schema::Described;
use super::value::Value;
use super::{Case, CaseCode};
use crate::diagnostic::{Diagnostic, Span, code};
use crate::yaml;
use crate::yaml::tree::{self, Content, Entry, FaultKind, MAX_BYTES, Node};

/// What a case file yields.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// The case, when nothing is wrong with the file.
    pub case: Option<Case>,
    /// What can be read of it in spite of its faults.
    pub rest: Option<Rest>,
    /// The code, when it can be read even though other things are wrong.
    pub code_hint: Option<CaseCode>,
    /// What is wrong.
    pub findings: Vec<Diagnostic>,
    /// Where each field stands.
    pub places: Places,
}

/// A case without what has a fault: good for looking for further faults, and for nothing else.
#[derive(Debug, Clone)]
pub struct Rest {
    /// The facts that can be read. Its code is a stand-in where the file has none.
    pub case: Case,
    /// What was left out.
    pub gaps: Gaps,
}

/// Reads a case file; `file` is how findings name it.
#[must_use]
pub fn parse(bytes: &[u8], file: &str) -> Parsed {
    let Source { text, tree, findings } = source(bytes, file);
    let Some(tree) = tree else {
        let code_hint = text.lines().find_map(code_in_line);
        return Parsed { case: None, rest: None, code_hint, findings, places: Places::unread(file, &text) };
    };
    let places = Places::of(file, &text, &tree);
    let code_hint = tree.get(CODE).and_then(Node::text).and_then(|code| CaseCode::parse(code).ok());
    let Checked { mut findings, gaps } = check(&tree, Case::shape(), file, &text);
    if !findings.is_empty() {
        let rest = gaps.and_then(|gaps| Some(Rest { case: read_rest(&tree, &gaps)?, gaps }));
        return Parsed { case: None, rest, code_hint, findings, places };
    }
    let read = yaml::read::<Case>(&canonical(&tree, &Gaps::default())).map_err(|error| {
        findings.push(
            Diagnostic::error(code::READERS_DISAGREE, format!("Chương trình không đọc được tệp ({error})."))
                .hint("Đây là lỗi của chương trình; gửi tệp này cho người quản trị.")
                .in_file(file),
        );
    });
    Parsed { case: read.ok(), rest: None, code_hint, findings, places }
}

const CODE: &str = "ma_ho_so";

/// The facts of a faulty tree that lie outside its gaps.
fn read_rest(tree: &Node, gaps: &Gaps) -> Option<Case> {
    let Content::Map(entries) = &tree.content else { return None };
    if !gaps.at(CODE) {
        return yaml::read(&canonical(tree, gaps)).ok();
    }
    // A case cannot be without a code, and nothing else depends on which it is.
    let style = tree::Style::Plain;
    let text = CaseCode::new(1, 1).to_string();
    let stand_in = Node { span: tree.span, content: Content::Scalar { text, style } };
    let others = entries.iter().filter(|entry| entry.key != CODE).cloned();
    let code = Entry { key: CODE.to_owned(), key_span: tree.span, value: stand_in };
    let tree = Node { span: tree.span, content: Content::Map(others.chain([code]).collect()) };
    let mut known = gaps.clone();
    known.restore(CODE);
    yaml::read(&canonical(&tree, &known)).ok()
}

fn code_in_line(line: &str) -> Option<CaseCode> {
    let value = line.strip_prefix("ma_ho_so:")?;
    CaseCode::parse(value.split('#').next()?.trim().trim_matches(['"', '\''])).ok()
}

/// A file as text and tree; without a tree, `findings` says why.
pub(crate) struct Source {
    pub(crate) text: String,
    pub(crate) tree: Option<Node>,
    pub(crate) findings: Vec<Diagnostic>,
}

/// Bytes → text (UTF-8, or UTF-16 with its mark; line ends as `\n`) → tree.
pub(crate) fn source(bytes: &[u8], file: &str) -> Source {
    let failed = |text: String, finding: Diagnostic| Source { text, tree: None, findings: vec![finding.in_file(file)] };
    if bytes.len() > MAX_BYTES {
        let finding = Diagnostic::error(
            code::FILE_TOO_LARGE,
            format!("Tệp lớn quá 1 MB ({} MB).", bytes.len().div_ceil(1 << 20)),
        )
        .hint("Tệp này chỉ chứa chữ; tài liệu để thành tệp riêng trong thư mục dinh-kem.");
        return failed(String::new(), finding);
    }
    let text = match decode(bytes) {
        Ok(text) => text,
        Err(refused) => return failed(refused.0, refused.1),
    };
    match tree::parse(&text) {
        Ok(Some(tree)) => Source { text, tree: Some(tree), findings: Vec::new() },
        Ok(None) => failed(
            text,
            Diagnostic::error(code::NO_CASE, "Tệp chưa có nội dung.")
                .hint("Chép từ một hồ sơ mẫu, hoặc xóa tệp này nếu không dùng."),
        ),
        Err(fault) => {
            let code = match fault.kind {
                FaultKind::Syntax => code::SYNTAX,
                FaultKind::Forbidden => code::FORBIDDEN_YAML,
            };
            let finding = Diagnostic::error(code, fault.message).hint(fault.hint).at(fault.span, &text);
            failed(text, finding)
        }
    }
}

const SAVE_AS_UTF8: &str =
    "Mở tệp bằng Notepad, chọn File → Save As, ở ô Encoding chọn UTF-8 rồi lưu; nếu chữ đã hỏng thì gõ lại chỗ đó.";

fn decode(bytes: &[u8]) -> Result<String, Box<(String, Diagnostic)>> {
    let utf16 = |unit: fn([u8; 2]) -> u16| {
        let units = bytes[2..].chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
        let text: Result<String, _> = char::decode_utf16(units).collect();
        text.ok().filter(|_| bytes.len().is_multiple_of(2))
    };
    let text = match bytes {
        [0xFF, 0xFE, ..] => utf16(u16::from_le_bytes),
        [0xFE, 0xFF, ..] => utf16(u16::from_be_bytes),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => Some(text.to_owned()),
            Err(error) => return Err(Box::new(not_utf8(bytes, error.valid_up_to()))),
        },
    };
    let Some(text) = text else {
        let finding = Diagnostic::error(code::NOT_UTF8, "Tệp lưu theo mã UTF-16 nhưng bị hỏng.").hint(SAVE_AS_UTF8);
        return Err(Box::new((String::new(), finding)));
    };
    let text = text.strip_prefix('\u{feff}').map_or(text.clone(), str::to_owned);
    Ok(text.replace("\r\n", "\n").replace('\r', "\n"))
}

fn not_utf8(bytes: &[u8], good: usize) -> (String, Diagnostic) {
    let head = String::from_utf8_lossy(&bytes[..good]).into_owned();
    let last = head.rsplit('\n').next().unwrap_or_default();
    let column = last.trim_start_matches('\u{feff}').chars().count() + 1;
    let span = Span { line: head.matches('\n').count() + 1, column, length: 1 };
    let text = String::from_utf8_lossy(bytes).trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let finding = Diagnostic::error(code::NOT_UTF8, "Tệp không phải chữ mã UTF-8; từ chỗ này không đọc được.")
        .hint(SAVE_AS_UTF8)
        .at(span, &text);
    (text, finding)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const EXAMPLE: &str = include_str!("../../tests/data/KN-2026-0042.yaml");

    /// Line, code, message and hint of each finding.
    fn told(text: &str) -> Vec<String> {
        let parsed = parse(text.as_bytes(), "KN-2026-0001.yaml");
        assert_eq!(parsed.case.is_none(), !parsed.findings.is_empty(), "a case or findings");
        parsed
            .findings
            .iter()
            .map(|f| {
                let at = f.span.map_or_else(|| "-".to_owned(), |s| format!("{}:{}+{}", s.line, s.column, s.length));
                format!("{at} {} {} | {}", f.code, f.message, f.hint.as_deref().unwrap_or_default())
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
                "3:9+12 HS010 “doanh nghiep” không phải là loại người khiếu nại. | Ý bạn là “doanh_nghiep”? Ghi một trong \
                 các từ: doanh_nghiep (doanh nghiệp), to_chuc (tổ chức), ca_nhan (cá nhân).",
                "4:8+1 HS012 “~” không phải là nội dung. | Chưa có thì để trống sau dấu hai chấm, hoặc xóa cả dòng.",
                "5:15+8 HS009 “01098765” không phải mã số thuế. | Mã số thuế có 10 chữ số, 10 chữ số-3 chữ số, hoặc 12 chữ số.",
                "7:3+9 HS006 Trong mục “tiep_nhan” không có khóa “ngay_denn”. | Ý bạn là “ngay_den”?",
                "8:18+10 HS009 Không có ngày 31/02/2026 trong lịch. | Xem lại ngày và tháng; ghi ngày trước, tháng sau: 20/11/2026.",
                "9:12+6 HS008 “yeu_cau” phải là danh sách. | Viết mỗi ý một dòng, thụt vào hai dấu cách: “- Làm rõ”.",
            ]
        );
    }

    #[test]
    fn usual_syntax_mistakes_are_explained() {
        let cases = [
            ("ma_ho_so: KN-2026-0001\ntiep_nhan:\n\tgio: 09:40\n", "3:1+1 HS003 Dòng này thụt vào bằng phím Tab"),
            (
                "ma_ho_so: KN-2026-0001\ntiep_nhan:\n  gio:09:40\n  so_den: 1\n",
                "3:6+1 HS003 Sau “gio:” thiếu dấu cách.",
            ),
            ("ma_ho_so:KN-2026-0001\ntiep_nhan:\n  gio: 09:40\n", "1:9+1 HS003 Sau “ma_ho_so:” thiếu dấu cách."),
            (
                "ma_ho_so: KN-2026-0001\ntiep_nhan:\n  tom_tat: Lỗi: không ký được\n",
                "3:15+1 HS003 Trong giá trị có dấu hai chấm",
            ),
            (
                "ma_ho_so: KN-2026-0001\ntiep_nhan:\n  tom_tat: \"Không ký được\n  so_den: 5\n",
                "3:12+14 HS003 Dấu ngoặc kép mở ở đây không được đóng lại.",
            ),
            (
                "ma_ho_so: KN-2026-0001\ntiep_nhan:\n  tom_tat: \"Lỗi 5\" hiện ra\n  so_den: 5\n",
                "3:12+15 HS003 Giá trị bắt đầu bằng dấu ngoặc kép",
            ),
            (
                "ma_ho_so: KN-2026-0001\ntiep_nhan:\n  gio: 09:40\n    so_den: 5\n",
                "4:11+0 HS003 Dòng này thụt vào không khớp",
            ),
            (
                "ma_ho_so: KN-2026-0001\ntiep_nhan:\n  gio: 09:40\n so_den: 5\n",
                "4:2+0 HS003 Dòng này thụt vào không khớp",
            ),
            (
                "ma_ho_so: KN-2026-0001\ntiep_nhan:\n  tom_tat: [Gấp] token hỏng\n  so_den: 5\n",
                "3:12+1 HS003 Giá trị bắt đầu bằng dấu “[”",
            ),
            (
                "ma_ho_so: KN-2026-0001\ntiep_nhan:\n  tom_tat: {Gấp\n  so_den: 5\n",
                "3:12+1 HS003 Giá trị bắt đầu bằng dấu “{”",
            ),
            ("ma_ho_so: KN-2026-0001\ntiep_nhan:\n  tom_tat: @ABC\n", "3:12+1 HS003 Giá trị bắt đầu bằng dấu “@”"),
            ("ma_ho_so: KN-2026-0001\ntiep_nhan:\n  tom_tat: %ABC\n", "3:12+1 HS003 Giá trị bắt đầu bằng dấu “%”"),
            ("ma_ho_so: KN-2026-0001\ntiep_nhan:\n  tom_tat: *ABC\n", "3:12+1 HS003 Giá trị bắt đầu bằng dấu “*”"),
            ("ma_ho_so: KN-2026-0001\ntiep_nhan:\n  tom_tat: &a ABC\n", "3:12+1 HS004 Giá trị bắt đầu bằng dấu “&”"),
            ("ma_ho_so: KN-2026-0001\ntiep_nhan:\n  tom_tat: !Gấp ABC\n", "3:12+1 HS003 Giá trị bắt đầu bằng dấu “!”"),
            (
                "ma_ho_so: KN-2026-0001\ntiep_nhan:\n  gio: 09:40\nso den 5\n",
                "4:1+8 HS003 Dòng này không phải là một khóa",
            ),
            ("ma_ho_so: KN-2026-0001\n---\nma_ho_so: KN-2026-0002\n", "2:1+3 HS004 Tệp có hơn một phần"),
        ];
        let mut wrong = Vec::new();
        for (text, start) in cases {
            let told = told(text);
            if told.len() != 1 || !told[0].starts_with(start) {
                wrong.push(format!("{text}\nwanted: {start}\ngot:    {told:#?}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
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
            told(
                "ma_ho_so: KN-2026-0001\ntiep_nhan:\n  ngay_den: null\n  yeu_cau:\n    - Một\n    -\n  so_den: \"\"\n"
            ),
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
                "6:3+9 HS006 Trong mục “tiep_nhan” không có khóa “phan_loai”. | Khóa này ở ngoài cùng, sát lề trái: bớt \
                 dấu cách ở đầu dòng cho ngang với các khóa cùng mục.",
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
            [("có", super::super::Flag::Yes), ("Không", super::super::Flag::No), ("\"co\"", super::super::Flag::Yes)]
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
        let parsed = parse(b"ma_ho_so: KN-2026-0001\r\ntiep_nhan:\r\n  tom_tat: M\xCAt\r\n", "x");
        assert_eq!(parsed.findings.len(), 1);
        assert_eq!(parsed.findings[0].code, code::NOT_UTF8);
        assert_eq!(parsed.findings[0].span, Some(Span { line: 3, column: 13, length: 1 }));
        assert_eq!(parsed.code_hint.unwrap().as_str(), "KN-2026-0001");
    }

    #[test]
    fn hostile_files_are_answered_at_once() {
        let started = std::time::Instant::now();
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
            assert_eq!(parsed.findings[0].code, wanted, "{}", parsed.findings[0].message);
        }
        assert!(started.elapsed().as_secs() < 15, "{:?}", started.elapsed());
    }

    #[test]
    fn places_fall_back_to_what_exists() {
        let parsed = parse(EXAMPLE.as_bytes(), "x.yaml");
        let line = |path: &str| {
            parsed.places.span(path).map(|span| EXAMPLE.lines().nth(span.line - 1).unwrap().trim().to_owned())
        };
        assert_eq!(line("giai_quyet[0].tra_loi.gui[0].gio").unwrap(), "gio: 15:05");
        assert_eq!(line("giai_quyet[0].tra_loi").unwrap(), "tra_loi:                       # bước 8");
        assert_eq!(line("giai_quyet[1].tra_loi.ngay").unwrap(), "- lan: 2");
        assert_eq!(line("luu_ho_so.ngay"), line(""));
        let finding =
            parsed.places.finding(code::DATE_ORDER, crate::diagnostic::Severity::Error, "tiep_nhan.gio", "a", "b");
        assert_eq!(finding.excerpt.as_deref(), Some("  gio: 09:40"));
        assert_eq!(finding.span, Some(Span { line: 21, column: 8, length: 5 }));
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
}
