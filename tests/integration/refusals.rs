//! What the commands refuse, and what they say of cases they cannot show.

use crate::desk::Desk;
use crate::samples::{ISSUE, REJECTED, closed, lay_evidence, rejected_open, sample, settings, slip};

const CODE: &str = "KN-2026-0101";
const WHY: [&str; 4] = ["--reason", "in nhầm", "--by", "Đỗ Minh Tuấn"];

fn void<'a>(number: &'a str, why: &[&'a str]) -> Vec<&'a str> {
    [&["register", "void", number, "--year", "2026"], why].concat()
}

#[test]
fn a_number_is_not_withdrawn_without_reason_or_name() {
    let desk = Desk::new();
    desk.save(CODE, &slip(CODE, 4, ISSUE, ""));
    desk.build().expect(0);
    let before = desk.tree();
    for why in [["--reason", "", "--by", "Đỗ Minh Tuấn"], ["--reason", "in nhầm", "--by", " \t"]] {
        let run = desk.run(&void("01/PTN-ECA", &why)).expect(2);
        assert!(run.err.contains("không được để trống"), "{}", run.err);
        desk.run(&[&["archive", "reopen", CODE], &why[..]].concat()).expect(2);
    }
    assert!(before == desk.tree());
    let run = desk.run(&void("01/PTN-ECA", &WHY)).expect(0);
    assert!(run.out.contains("01/PTN-ECA") && !run.out.contains("phieu-tiep-nhan"), "{}", run.out);
    let run = desk.run(&void("01/PTN-ECA", &WHY)).expect(1);
    assert!(run.err.contains("01/PTN-ECA") && !run.err.contains("phieu-tiep-nhan"), "{}", run.err);
}

#[test]
fn a_letter_of_a_closed_case_is_not_withdrawn() {
    let desk = closed();
    let run = desk.run(&void("01/TB-ECA", &WHY)).expect(1);
    assert!(run.err.contains("hoso archive reopen KN-2026-0027"), "{}", run.err);
    desk.run(&[&["archive", "reopen", REJECTED], &WHY[..]].concat()).expect(0);
    desk.run(&void("01/TB-ECA", &WHY)).expect(0);
}

#[test]
fn a_number_printed_on_two_letters_is_not_withdrawn() {
    let desk = Desk::with_settings(|text| text.replace("ky_hieu: PTN-ECA", "ky_hieu: TB-ECA"));
    assert!(settings().contains("ky_hieu: TB-ECA"));
    let shared = String::from_utf8(desk.read("hoso.yaml")).unwrap();
    // Two registers never share a symbol at one time; over the years one may take over the other's.
    desk.write(
        "hoso.yaml",
        shared.replacen("ky_hieu: TB-ECA", "ky_hieu: CU-ECA", 2).replacen("CU-ECA", "TB-ECA", 1).as_bytes(),
    );
    desk.save(CODE, &slip(CODE, 4, ISSUE, ""));
    desk.build().expect(0);
    desk.write("hoso.yaml", shared.replacen("ky_hieu: TB-ECA", "ky_hieu: MOI-ECA", 1).as_bytes());
    lay_evidence(&desk, REJECTED);
    desk.save(REJECTED, &rejected_open());
    desk.build().expect(0);
    let run = desk.run(&void("01/TB-ECA", &WHY)).expect(1);
    assert!(run.err.contains(CODE) && run.err.contains(REJECTED), "{}", run.err);
    assert_eq!(desk.numbers().len(), 2);
}

#[test]
fn the_book_of_complaints_leaves_out_no_case() {
    let desk = Desk::new();
    for (code, day) in [("KN-2026-0101", 4), ("KN-2026-0102", 5), ("KN-2026-0103", 6)] {
        desk.save(code, &slip(code, day, ISSUE, ""));
    }
    desk.build().expect(0);
    desk.write("ho-so/KN-2026-0102.yaml", b"ma_ho_so: [");
    desk.remove("ho-so/KN-2026-0103.yaml");
    let run = desk.run(&["--json", "register", "list", "--book", "tiep-nhan"]).expect(0);
    let rows = run.json();
    let row = |at: usize| (rows[at]["ma_ho_so"].as_str().unwrap(), rows[at]["tinh_trang"].as_str().unwrap());
    assert_eq!(row(0).0, "KN-2026-0101");
    assert_eq!(row(1), ("KN-2026-0102", "tệp có lỗi, chưa đọc được"));
    assert_eq!(row(2), ("KN-2026-0103", "không thấy tệp hồ sơ"));
    assert_eq!(run.err.matches("HS415").count(), 2, "{}", run.err);
    assert!(run.err.contains("KN-2026-0102") && run.err.contains("KN-2026-0103"), "{}", run.err);
    let other = desk.run(&["--json", "register", "list", "--book", "tiep-nhan", "--year", "2025"]).expect(0);
    assert_eq!(other.json(), serde_json::json!([]));
}

#[test]
fn a_missing_folder_and_missing_files_are_told_without_a_pass() {
    let desk = Desk::new();
    desk.save(CODE, &slip(CODE, 4, ISSUE, ""));
    desk.build().expect(0);
    desk.remove("ho-so/KN-2026-0101.yaml");
    let before = desk.tree();
    assert_eq!(desk.run(&["--json", "check"]).expect(1).of_code("HS338").len(), 1);
    assert_eq!(desk.run(&["--json", "status"]).expect(0).of_code("HS338").len(), 1);
    assert!(desk.run(&["status"]).expect(0).out.contains("HS338"));
    assert!(before == desk.tree());
    std::fs::rename(desk.path("ho-so"), desk.path("away")).unwrap();
    for command in ["status", "check"] {
        assert_eq!(desk.run(&["--json", command]).expect(1).of_code("HS512").len(), 1);
    }
}

#[test]
fn a_closed_case_is_told_as_closed() {
    let desk = closed();
    let run = desk.run(&["explain", REJECTED]).expect(1);
    assert!(run.err.contains("archive extract") && run.err.contains("archive reopen"), "{}", run.err);
    desk.save(REJECTED, &sample(REJECTED));
    let before = desk.tree();
    for command in ["status", "check"] {
        let run = desk.run(&[command]).expect(0);
        assert!(run.out.contains("đã lưu, tệp xuất hiện lại"), "{}", run.out);
    }
    assert!(before == desk.tree());
}

#[test]
fn what_is_no_case_file_is_called_so() {
    let desk = Desk::new();
    desk.save(CODE, &slip(CODE, 4, "", ""));
    desk.build().expect(0);
    desk.write("README.md", b"x");
    let said = |name: &str| {
        let run = desk.run(&["--json", "check", name]).expect(1);
        let found = run.findings().remove(0);
        format!("{} {}", found.message, found.hint)
    };
    assert!(said("nope.yaml").contains("Không có tệp này"));
    assert!(!said("README.md").contains("README.yaml"));
    let folder = said("ho-so/KN-2026-0101");
    assert!(folder.contains("không có tệp hồ sơ") && folder.contains("ho-so/KN-2026-0101.yaml"), "{folder}");
    desk.run(&["check", "ho-so"]).expect(0);
}

#[test]
fn a_wrong_command_line_is_told_as_json_too() {
    let desk = Desk::new();
    let run = desk.run(&["--json", "biuld"]).expect(2);
    let value = run.json();
    assert!(value["error"].as_str().unwrap().contains("biuld") && value["hint"].is_string(), "{}", run.out);
    assert!(run.err.is_empty(), "{}", run.err);
}

#[test]
fn a_form_with_a_mistyped_name_is_told() {
    let desk = Desk::new();
    desk.write("forms/phieu-chuyn.xml", b"<letter/>");
    for command in ["build", "check"] {
        let run = desk.run(&["--json", command]).expect(0);
        assert!(run.err.contains("phieu-chuyn.xml") && run.err.contains("phieu-chuyen.xml"), "{}", run.err);
        run.json();
    }
}
