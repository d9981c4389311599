use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::*;
use crate::calendar::{Calendar, Swaps};
use crate::case::{Gaps, Places, examine, parse};
use crate::diagnostic::Diagnostic;
use crate::letter::{self, Known, Mode};
use crate::procedure::Stage;
use crate::yaml::tree;

struct Desk {
    calendar: Calendar,
    settings: Settings,
    today: NaiveDate,
}

struct Read {
    case: Case,
    places: Places,
    assessment: Assessment,
    errors: Vec<Diagnostic>,
}

impl Desk {
    fn open() -> Self {
        let settings = Settings::parse(include_str!("../../examples/hoso.yaml"), "hoso.yaml").unwrap();
        let today = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
        Self { calendar: Calendar::builtin(Swaps::Follow), settings, today }
    }

    /// The case in a text, if it can be read, and what is wrong with it.
    fn read(&self, text: &str) -> Result<Read, Vec<Diagnostic>> {
        let parsed = parse(text.as_bytes(), "x.yaml");
        let Some(case) = parsed.case else { return Err(parsed.findings) };
        let assessment = crate::procedure::assess(&case, &self.calendar, &self.settings, self.today);
        let findings = examine(&case, &Gaps::default(), &parsed.places, self.today, &self.settings, &assessment);
        let errors = findings.into_iter().filter(Diagnostic::is_error).collect();
        Ok(Read { case, places: parsed.places, assessment, errors })
    }

    fn steps(&self, text: &str, read: &Read) -> Vec<Step> {
        let tree = tree::parse(text).unwrap().unwrap();
        let open = read.assessment.letters.iter().filter(|due| due.present && !due.issue);
        let missing: Vec<(String, Vec<Missing>)> = open
            .filter_map(|due| {
                let mode = Mode::Issue { number: 1 };
                let known = Known::default();
                let prepared =
                    letter::prepare(&read.case, &read.assessment, &self.settings, &known, &due.id, mode, self.today);
                Some((due.path.clone(), prepared.ok()?.missing))
            })
            .collect();
        steps(&Subject {
            case: &read.case,
            assessment: &read.assessment,
            settings: &self.settings,
            text,
            tree: &tree,
            missing: &missing,
        })
    }
}

fn samples() -> Vec<(String, String)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut samples: Vec<(String, String)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("KN-")))
        .filter(|path| path.is_file())
        .map(|path| (path.file_stem().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(path).unwrap()))
        .collect();
    samples.sort();
    samples
}

#[test]
fn what_is_pasted_at_any_stage_of_any_sample_gives_a_file_without_errors() {
    let desk = Desk::open();
    let (mut stages, mut pasted, mut told) = (BTreeSet::new(), 0, 0);
    let code = crate::case::CaseCode::new(2026, 7);
    let blank = ("blank".to_owned(), crate::case::template::blank(&code));
    for (name, text) in samples().into_iter().chain([blank]) {
        let lines: Vec<&str> = text.lines().collect();
        for end in 1..=lines.len() {
            let text = lines[..end].join("\n") + "\n";
            let Ok(read) = desk.read(&text) else { continue };
            if !read.errors.is_empty() {
                continue;
            }
            let steps = desk.steps(&text, &read);
            assert_eq!(steps.is_empty(), read.assessment.stage == Stage::Closing, "{name}, {end} lines");
            stages.insert(read.assessment.stage);
            for step in steps {
                told += 1;
                assert!(step.at.iter().all(|line| (1..=end).contains(line)), "{name}, {end} lines: {step:#?}");
                let Some(paste) = &step.paste else { continue };
                pasted += 1;
                let after = paste.apply(&text);
                let now = match desk.read(&after) {
                    Ok(now) => now,
                    Err(findings) => panic!("{name}, {end} lines: {findings:#?}\n{step:#?}\n{after}"),
                };
                assert_eq!(now.errors, [], "{name}, {end} lines: {step:#?}\n{after}");
                // Every key of the block stands where the checker looks for it.
                assert_ne!(now.places, read.places, "{name}, {end} lines: {step:#?}");
            }
        }
    }
    assert_eq!(stages.len(), 11, "every stage: {stages:?}");
    assert!(pasted > 1000 && told > pasted, "{pasted} of {told}");
}

/// The step of a sample as it is on the day of the samples whose sentence has `what` in it.
fn step_of(code: &str, what: &str) -> (Step, String) {
    let desk = Desk::open();
    let (_, text) = samples().into_iter().find(|(name, _)| name == code).unwrap();
    let read = desk.read(&text).unwrap();
    let steps = desk.steps(&text, &read);
    let found = steps.iter().find(|step| step.what.contains(what));
    (found.unwrap_or_else(|| panic!("{what}: {steps:#?}")).clone(), text)
}

#[test]
fn what_is_known_is_filled_in() {
    // 0053: complete intake, nothing decided.
    let (step, _) = step_of("KN-2026-0053", "Xem xét");
    assert_eq!(step.due, NaiveDate::from_ymd_opt(2026, 11, 20));
    let lines = step.paste.unwrap().lines;
    assert_eq!(lines[0], "xem_xet_tiep_nhan:");
    assert!(lines[1].starts_with("  ngay:  ") && lines[1].contains("# Ngày xem xét"), "{lines:#?}");
    assert!(lines[3].starts_with("  thuoc_pham_vi:") && lines[3].ends_with("co | khong"), "{lines:#?}");

    // 0051: the slip is out; units of the settings are offered, the round has its number.
    let (step, _) = step_of("KN-2026-0051", "Chuyển khiếu nại");
    let lines = step.paste.unwrap().lines;
    assert_eq!(&lines[..3], ["giai_quyet:", "  - lan: 1", "    chuyen_bo_phan:"]);
    assert!(
        lines[3].starts_with("      - bo_phan:") && lines[3].contains("Phòng Kỹ thuật | Phòng Pháp chế"),
        "{lines:#?}"
    );
    assert_eq!(lines[5], "        nguoi_ky: pham-van-loc");

    // 0050: an objection to the record opens round 2.
    let (step, text) = step_of("KN-2026-0050", "Chuyển khiếu nại");
    let lines = step.paste.unwrap().lines;
    assert!(!text.contains("giai_quyet:"));
    assert_eq!(&lines[..2], ["giai_quyet:", "  - lan: 2"]);

    // 0042, round 2: one question was asked, so one is to be answered.
    let (step, _) = step_of("KN-2026-0042", "Xác minh");
    assert_eq!(step.who, "Phòng Pháp chế");
    let lines = step.paste.unwrap().lines;
    assert_eq!(lines[0], "        ket_qua:");
    assert!(lines.contains(&"            - cau_hoi: 1".to_owned()), "{lines:#?}");

    // 0040: the answer, with a row for each request, told by its words.
    let (step, text) = step_of("KN-2026-0040", "Soạn văn bản trả lời");
    assert!(step.late);
    let lines = step.paste.unwrap().lines;
    let first = text.lines().skip_while(|line| !line.contains("yeu_cau:")).nth(1).unwrap().trim();
    assert!(lines.iter().any(|line| line.trim() == format!("# {}", first.trim_start_matches("- "))), "{lines:#?}");
    assert!(lines.iter().any(|line| line.trim() == "- yeu_cau: 1"), "{lines:#?}");
}

#[test]
fn a_letter_that_lacks_something_is_not_issued_by_pasting() {
    // 0052: one request has no outcome yet.
    let (step, _) = step_of("KN-2026-0052", "ban_hanh");
    assert!(step.before.iter().any(|sentence| sentence.contains("yêu cầu số")), "{step:#?}");
    // The same once it has its date.
    let desk = Desk::open();
    let (_, text) = samples().into_iter().find(|(name, _)| name == "KN-2026-0052").unwrap();
    let text = text.replace("  tra_loi:\n", "  tra_loi:\n    ngay: 20/11/2026\n");
    let read = desk.read(&text).unwrap();
    let steps = desk.steps(&text, &read);
    let step = steps.into_iter().find(|step| step.what.contains("ban_hanh")).unwrap();
    assert!(step.before.iter().any(|sentence| sentence.contains("yêu cầu số")), "{step:#?}");
    let after = step.paste.unwrap().apply(&text);
    assert!(!after.lines().any(|line| line.trim() == "ban_hanh: co"), "{after}");
}

#[test]
fn files_that_lines_cannot_be_added_to_get_no_block() {
    let desk = Desk::open();
    let text = "ma_ho_so: KN-2026-0001\ntiep_nhan: {ngay_den: 19/11/2026}\n";
    let read = desk.read(text).unwrap();
    let steps = desk.steps(text, &read);
    let intake: Vec<&Step> = steps.iter().filter(|step| step.what.contains("tiep_nhan.")).collect();
    assert!(!intake.is_empty() && intake.iter().all(|step| step.paste.is_none()), "{steps:#?}");
}

#[test]
fn the_note_of_a_case() {
    let desk = Desk::open();
    let text = "ma_ho_so: KN-2026-0001\nnguoi_khieu_nai:\n  loai: ca_nhan\n  ten: Nguyễn Thị Hường\ntiep_nhan:\n  ngay_den: 19/11/2026\n  hinh_thuc: email\n  tom_tat: Token báo lỗi khi ký\n";
    let read = desk.read(text).unwrap();
    let head = Head {
        code: "KN-2026-0001",
        complainant: Some("Nguyễn Thị Hường"),
        summary: Some("Token báo lỗi khi ký"),
        stage: "bước 1, tiếp nhận",
        errors: 0,
        remarks: &[],
        absent: &[],
    };
    // Two working days from Thursday 19/11/2026: Friday, Monday 23/11.
    assert_eq!(
        note(&head, &desk.steps(text, &read), text),
        "\
KN-2026-0001: VIỆC TIẾP THEO

   Khách hàng  Nguyễn Thị Hường
   Về việc     Token báo lỗi khi ký
   Đang ở      bước 1, tiếp nhận


1. Ghi từng yêu cầu của người khiếu nại, mỗi dòng một yêu cầu vào tiep_nhan.yeu_cau.

   Người làm   Bộ phận tiếp nhận và xử lý khiếu nại

   Dán vào KN-2026-0001.yaml, ngay dưới dòng 8:
     8 |   tom_tat: Token báo lỗi khi ký
----------------------------------------------------------------------------------------
  yeu_cau:                         # Các yêu cầu, mỗi dòng một yêu cầu; mỗi mục một dòng “- ”
    -                              # ví dụ: Làm rõ nguyên nhân thu hồi chứng thư
----------------------------------------------------------------------------------------


2. Xem xét khiếu nại có thuộc phạm vi dịch vụ chữ ký số E-CA không và ghi vào mục
   xem_xet_tiep_nhan (ngay, thuoc_pham_vi, xu_ly_ngay_duoc).

   Người làm   Bộ phận tiếp nhận và xử lý khiếu nại
   Hạn         23/11/2026

   Dán vào cuối tệp KN-2026-0001.yaml, trên một dòng mới:
----------------------------------------------------------------------------------------
xem_xet_tiep_nhan:
  ngay:                            # Ngày xem xét (ví dụ: 20/11/2026)
  nguoi_quyet_dinh:                # Người quyết định
  thuoc_pham_vi:                   # Có thuộc phạm vi dịch vụ của Trung tâm không: co | khong
  xu_ly_ngay_duoc:                 # Xử lý được ngay không: co | khong
----------------------------------------------------------------------------------------


Chép đoạn nằm giữa hai đường kẻ, dán đúng chỗ, điền những chỗ còn trống (chưa biết thì cứ để
trống), rồi lưu. Dán xong một đoạn, lưu lại rồi hãy mở tệp này xem tiếp.

Tệp này do chương trình viết lại mỗi khi hồ sơ thay đổi; đừng ghi vào đây.
"
    );
}

#[test]
fn a_folder_that_is_not_there_is_to_be_made_where_files_go_into_it() {
    let (step, text) = step_of("KN-2026-0051", "Gửi phiếu tiếp nhận");
    let said = |absent: &[Folder]| {
        let head = Head {
            code: "KN-2026-0051",
            complainant: None,
            summary: None,
            stage: "x",
            errors: 0,
            remarks: &[],
            absent,
        };
        note(&head, std::slice::from_ref(&step), &text)
    };
    let asked = "   Thư mục     Tạo thư mục KN-2026-0051/dinh-kem cạnh tệp hồ sơ (chưa có) để bỏ tài liệu,";
    assert!(said(&[Folder::Attachments, Folder::Signed]).contains(asked), "{}", said(&[Folder::Attachments]));
    assert!(!said(&[Folder::Signed]).contains("Tạo thư mục"));
    // Nothing is filed with a decision.
    let (decide, _) = step_of("KN-2026-0053", "Xem xét");
    assert!(decide.folders.is_empty());
}
