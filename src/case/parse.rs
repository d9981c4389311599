//! The bytes of a case file → the case, or everything that is wrong with it at once.

use super::check::{Checked, canonical, check};
use super::gaps::Gaps;
use super::meaning::of_values;
use super::misfit::misfits;
pub use super::places::Places;
use super::schema::{Described, Shape};
use super::value::Value;
use super::{Case, CaseCode};
use crate::diagnostic::{Code, Diagnostic, code};
use crate::yaml::mend::{self, Mended};
use crate::yaml::tree::{self, Content, Entry, FaultKind, MAX_BYTES, Node};
use crate::{encoding, yaml};

/// What a case file yields.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// The case, when nothing is wrong with the file.
    pub case: Option<Case>,
    /// What can be read of it in spite of its faults.
    pub rest: Option<Rest>,
    /// What is remarkable about single values, where not even the rest can be read.
    pub remarks: Vec<Diagnostic>,
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
    let Source { text, tree, findings: faults, guessed } = source(bytes, file, Case::shape());
    let Some(tree) = tree else {
        let code_hint = text.lines().find_map(code_in_line);
        let places = Places::unread(file, &text);
        return Parsed { case: None, rest: None, remarks: Vec::new(), code_hint, findings: faults, places };
    };
    let places = Places::of(file, &text, &tree);
    let code_hint = tree.get(CODE).and_then(Node::text).and_then(|code| CaseCode::parse(code).ok());
    let Checked { mut findings, gaps } = check(&tree, Case::shape(), file, &text);
    // Where a line belongs had to be guessed: that it does not belong there may only follow from the guess.
    let follows = |finding: &Diagnostic| {
        let structure = [code::UNKNOWN_KEY, code::WRONG_KIND, code::DUPLICATE_KEY].contains(&finding.code);
        structure && finding.span.is_some_and(|span| guessed.contains(&span.line))
    };
    findings.retain(|finding| !follows(finding));
    findings.extend(faults);
    findings.sort_by_key(|finding| (finding.span.is_none(), finding.span));
    if !findings.is_empty() {
        let known = gaps.filter(|_| guessed.is_empty());
        let rest = known.and_then(|gaps| Some(Rest { case: read_rest(&tree, &gaps)?, gaps }));
        let remarks = if rest.is_none() { of_values(&tree, &places) } else { Vec::new() };
        return Parsed { case: None, rest, remarks, code_hint, findings, places };
    }
    let read = yaml::read::<Case>(&canonical(&tree, &Gaps::default())).map_err(|error| {
        findings.push(
            Diagnostic::error(code::READERS_DISAGREE, format!("Chương trình không đọc được tệp ({error})."))
                .hint("Đây là lỗi của chương trình; gửi tệp này cho người quản trị.")
                .in_file(file),
        );
    });
    Parsed { case: read.ok(), rest: None, remarks: Vec::new(), code_hint, findings, places }
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
    let stand_in = Node { span: tree.span, last_line: tree.span.line, content: Content::Scalar { text, style } };
    let others = entries.iter().filter(|entry| entry.key != CODE).cloned();
    let code = Entry { key: CODE.to_owned(), key_span: tree.span, value: stand_in };
    let tree =
        Node { span: tree.span, last_line: tree.last_line, content: Content::Map(others.chain([code]).collect()) };
    let mut known = gaps.clone();
    known.restore(CODE);
    yaml::read(&canonical(&tree, &known)).ok()
}

fn code_in_line(line: &str) -> Option<CaseCode> {
    let value = line.strip_prefix("ma_ho_so:")?;
    CaseCode::parse(value.split('#').next()?.trim().trim_matches(['"', '\''])).ok()
}

/// A file as text and tree. `findings` are the faults met on the way; without a tree they end it.
pub(crate) struct Source {
    pub(crate) text: String,
    pub(crate) tree: Option<Node>,
    pub(crate) findings: Vec<Diagnostic>,
    /// Lines of which it had to be guessed where they belong.
    pub(crate) guessed: Vec<usize>,
}

/// Bytes → text (UTF-8, or UTF-16 with its mark; line ends as `\n`) → tree, past syntax faults where it can be known how
/// a line was meant; `shape` tells what belongs where.
pub(crate) fn source(bytes: &[u8], file: &str, shape: Shape) -> Source {
    let failed = |text: String, finding: Diagnostic| Source {
        text,
        tree: None,
        findings: vec![finding.in_file(file)],
        guessed: Vec::new(),
    };
    if bytes.len() > MAX_BYTES {
        let finding = Diagnostic::error(
            code::FILE_TOO_LARGE,
            format!("Tệp lớn quá 1 MB ({} MB).", bytes.len().div_ceil(1 << 20)),
        )
        .hint("Tệp này chỉ chứa chữ; tài liệu để thành tệp riêng trong thư mục dinh-kem.");
        return failed(String::new(), finding);
    }
    let text = match encoding::decode(bytes) {
        Ok(text) => text,
        Err(refused) => {
            let finding = Diagnostic::error(code::NOT_UTF8, refused.message).hint(refused.hint);
            let finding = match refused.span {
                Some(span) => finding.at(span, &refused.text),
                None => finding,
            };
            return failed(refused.text, finding);
        }
    };
    let Mended { tree, faults, guessed } = mend::read(&text, Some(&|tree, text| misfits(tree, shape, text)));
    let findings: Vec<Diagnostic> = faults
        .into_iter()
        .map(|fault| {
            let finding = Diagnostic::error(code_of(fault.kind), fault.message).hint(fault.hint).in_file(file);
            finding.suggest(fault.suggestion).at(fault.span, &text)
        })
        .collect();
    if tree.is_none() && findings.is_empty() {
        let empty = Diagnostic::error(code::NO_CASE, "Tệp chưa có nội dung.")
            .hint("Lấy tệp mới trong thư mục _moi, hoặc xóa tệp này nếu không dùng.");
        return failed(text, empty);
    }
    Source { text, tree, findings, guessed }
}

fn code_of(kind: FaultKind) -> Code {
    match kind {
        FaultKind::Syntax => code::SYNTAX,
        FaultKind::Forbidden => code::FORBIDDEN_YAML,
        FaultKind::Tab => code::TAB,
        FaultKind::Colon => code::NO_SPACE,
        FaultKind::Quote => code::QUOTES,
        FaultKind::Indent => code::INDENTATION,
        FaultKind::Dash => code::DASH,
        FaultKind::ColonInValue => code::COLON_IN_VALUE,
        FaultKind::Sign => code::LEADING_SIGN,
        FaultKind::NoKey => code::NO_KEY,
        FaultKind::Lookalike => code::LOOKALIKE,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::diagnostic::Span;

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
            ("\u{a0}\u{a0}gio: 09:40\n", "3:1+5 HS028 Đầu dòng này có dấu cách lạ"),
            ("  gio:\u{a0}09:40\n  so_den: 5\n", "3:6+2 HS028 Sau “gio:” có dấu cách lạ"),
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
        assert_eq!(
            codes,
            ["3:1+1 HS020", "4:3+20 HS021", "5:3+9 HS006", "7:13+10 HS009", "8:12+13 HS025", "9:14+7 HS010"]
        );
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
            assert_eq!(parsed.findings[0].code, wanted, "{:?}", parsed.findings[0]);
        }
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
