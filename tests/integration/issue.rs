//! Promises 2–4: draft freely, issue once, issued means frozen, numbers without gaps and twins.

use std::time::Duration;

use crate::desk::{Desk, Run, without_board};
use crate::samples::{ISSUE, slip};
use crate::signing::Update;

const CODE: &str = "KN-2026-0101";
const OTHER: &str = "KN-2026-0102";

fn letter(code: &str, day: u32, number: u32) -> String {
    format!("ho-so/{code}/van-ban/2026-11-{day:02}_{number:02}-PTN-ECA_phieu-tiep-nhan.pdf")
}

fn draft(code: &str) -> String {
    format!("ho-so/{code}/du-thao/phieu-tiep-nhan.du-thao.pdf")
}

fn replaces(number: u32, day: u32) -> String {
    format!(
        "  thay_the:\n    - so: {number}\n      ngay: {day:02}/11/2026\n      hinh_thuc: thay_the\n      ly_do: Ghi sai địa chỉ\n"
    )
}

/// Text of a PDF, where the system has `pdftotext`.
fn text_of(desk: &Desk, name: &str) -> Option<String> {
    let output = std::process::Command::new("pdftotext").arg("-layout").arg(desk.path(name)).arg("-").output().ok()?;
    Some(String::from_utf8(output.stdout).unwrap())
}

#[test]
fn a_file_saved_a_moment_ago_waits() {
    let desk = Desk::with_settings(|text| text.replace("cho_yen_giay: 0 ", "cho_yen_giay: 60 "));
    desk.save(CODE, &slip(CODE, 4, ISSUE, ""));
    let report = desk.build().expect(0).json();
    let waiting = report["cases"][0]["waiting"][0].as_str().unwrap();
    assert!(waiting.contains("phiếu tiếp nhận") && waiting.contains("giây"), "{waiting}");
    assert!((1..=60).contains(&report["quiet_over_in"].as_u64().unwrap()), "{report}");
    assert!(!desk.exists(&letter(CODE, 4, 1)));
    assert!(desk.exists(&draft(CODE)), "a draft is there meanwhile");

    desk.save_aged(CODE, &slip(CODE, 4, ISSUE, ""), Duration::from_secs(61));
    desk.build().expect(0);
    assert!(desk.exists(&letter(CODE, 4, 1)));
    assert!(!desk.exists(&draft(CODE)), "the draft goes when the letter is issued");
}

#[test]
fn numbers_follow_the_dates_of_the_letters_over_all_cases() {
    let desk = Desk::new();
    for (code, day) in [("KN-2026-0101", 6), ("KN-2026-0102", 4), ("KN-2026-0103", 5)] {
        desk.save(code, &slip(code, day, ISSUE, ""));
    }
    desk.build().expect(0);
    assert_eq!(
        desk.numbers(),
        [
            "01/PTN-ECA 2026-11-04 KN-2026-0102/phieu-tiep-nhan",
            "02/PTN-ECA 2026-11-05 KN-2026-0103/phieu-tiep-nhan",
            "03/PTN-ECA 2026-11-06 KN-2026-0101/phieu-tiep-nhan",
        ]
    );
    // Later, a letter dated before the last number: it gets the next number, and somebody is told.
    desk.save("KN-2026-0104", &slip("KN-2026-0104", 5, ISSUE, ""));
    let late = desk.build().expect(0);
    assert_eq!(late.of_code("HS312").len(), 1, "{}", late.out);
    assert_eq!(desk.numbers()[3], "04/PTN-ECA 2026-11-05 KN-2026-0104/phieu-tiep-nhan");
    desk.run(&["register", "verify"]).expect(0);
}

#[test]
fn one_faulty_case_neither_takes_a_number_nor_stops_others() {
    let desk = Desk::new();
    desk.save(CODE, &slip(CODE, 4, ISSUE, "").replace("5401 0000 0000 07c2", "khong phai serial !!"));
    desk.save(OTHER, &slip(OTHER, 5, ISSUE, ""));
    desk.build().expect(1);
    assert_eq!(desk.numbers(), ["01/PTN-ECA 2026-11-05 KN-2026-0102/phieu-tiep-nhan"]);
    assert!(desk.exists(&format!("ho-so/{CODE}.loi.txt")));
    desk.save(CODE, &slip(CODE, 6, ISSUE, ""));
    desk.build().expect(0);
    assert!(!desk.exists(&format!("ho-so/{CODE}.loi.txt")), "the note goes when the file is right");
    assert_eq!(desk.numbers().len(), 2);
}

#[test]
fn a_changed_fact_is_told_with_its_line_and_changes_no_letter() {
    let desk = Desk::new();
    let text = slip(CODE, 4, ISSUE, "");
    desk.save(CODE, &text);
    desk.build().expect(0);
    let before = desk.read(&letter(CODE, 4, 1));

    let changed = text.replace("Nguyễn Thị Hường", "Nguyễn Thị Hương");
    desk.save(CODE, &changed);
    let run = desk.build().expect(0);
    let found = run.of_code("HS334");
    let line = changed.lines().position(|line| line.contains("ten:")).unwrap() as u64 + 1;
    assert_eq!(found.iter().map(|f| f.line).collect::<Vec<_>>(), [line], "{}", run.out);
    assert_eq!(found[0].severity, "warning");
    assert!(found[0].message.contains("Hường") && found[0].message.contains("Hương"), "{}", found[0].message);
    assert_eq!(desk.read(&letter(CODE, 4, 1)), before);
    assert_eq!(desk.numbers().len(), 1);

    desk.save(CODE, &text);
    assert!(desk.build().expect(0).findings().is_empty());
}

#[test]
fn new_settings_calendars_and_later_facts_are_no_change() {
    let desk = Desk::new();
    let text = slip(CODE, 4, ISSUE, "");
    desk.save(CODE, &text);
    desk.build().expect(0);
    let before = desk.read(&letter(CODE, 4, 1));
    let settings = String::from_utf8(desk.read("hoso.yaml")).unwrap();
    let settings = settings.replace("phường Nghĩa Đô", "phường Cầu Giấy").replace("  tra_loi: 20 ", "  tra_loi: 15 ");
    desk.write("hoso.yaml", settings.as_bytes());
    // A dated change of address after the letter's date.
    let moved = "\nthay_doi:\n  - ngay: 10/11/2026\n    dia_chi: Số 1 phố Huế, phường Hai Bà Trưng, thành phố Hà Nội\n";
    desk.save(CODE, &format!("{text}{moved}"));
    let run = desk.build().expect(0);
    assert_eq!(run.of_code("HS334"), [], "{}", run.out);
    assert_eq!(desk.read(&letter(CODE, 4, 1)), before);
}

#[test]
fn a_wrong_letter_is_replaced_by_one_that_says_so() {
    let desk = Desk::new();
    desk.save(CODE, &slip(CODE, 4, ISSUE, ""));
    desk.build().expect(0);
    let first = desk.read(&letter(CODE, 4, 1));
    desk.save(CODE, &slip(CODE, 6, &format!("{ISSUE}{}", replaces(1, 6)), ""));
    desk.build().expect(0);
    assert_eq!(
        desk.numbers(),
        [
            "01/PTN-ECA 2026-11-04 KN-2026-0101/phieu-tiep-nhan",
            "rút 1",
            "02/PTN-ECA 2026-11-06 KN-2026-0101/phieu-tiep-nhan"
        ]
    );
    assert!(!desk.exists(&letter(CODE, 4, 1)));
    assert_eq!(desk.read(&letter(CODE, 4, 1).replace("van-ban/", "van-ban/da-thay/")), first);
    let second = letter(CODE, 6, 2);
    assert!(desk.exists(&second));
    if let Some(text) = text_of(&desk, &second) {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains("thay thế"), "{text}");
        assert!(text.contains("01/PTN-ECA"), "{text}");
    }
    // Once replaced, the same words permit no third.
    let tree = desk.tree();
    desk.build().expect(0);
    assert!(tree == desk.tree());
    desk.run(&["register", "verify"]).expect(0);
}

#[test]
fn a_replacement_of_a_number_the_letter_never_had_is_refused() {
    let desk = Desk::new();
    desk.save(CODE, &slip(CODE, 4, ISSUE, ""));
    desk.build().expect(0);
    desk.save(CODE, &slip(CODE, 4, &format!("{ISSUE}{}", replaces(7, 6)), ""));
    let run = desk.build().expect(1);
    assert_eq!(run.of_code("HS332").len(), 1, "{}", run.out);
    assert_eq!(desk.numbers().len(), 1);
}

#[test]
fn a_damaged_copy_is_restored_and_a_signed_one_left_alone() {
    let desk = Desk::new();
    desk.save(CODE, &slip(CODE, 4, ISSUE, ""));
    desk.build().expect(0);
    let name = letter(CODE, 4, 1);
    let original = desk.read(&name);

    desk.write(&name, b"%PDF-1.7 damaged");
    desk.build().expect(0);
    assert_eq!(desk.read(&name), original, "damaged");
    desk.remove(&name);
    desk.build().expect(0);
    assert_eq!(desk.read(&name), original, "removed");

    let signed = Update::signature(&original, "ChuKy1", "300 100 500 160", "").append(&original);
    desk.write(&name, &signed);
    let run = desk.build().expect(0);
    assert_eq!(run.json()["changes"].as_array().unwrap().len(), 0, "{}", run.out);
    assert_eq!(desk.read(&name), signed, "signed");
    let verified = desk.run(&["register", "verify"]).expect(0);
    assert!(verified.out.contains("nguyên vẹn") || verified.out.contains("chữ ký số"), "{}", verified.out);

    // Something appended that is no signature is damage.
    desk.write(&name, &[original.as_slice(), b"\nrubbish"].concat());
    desk.build().expect(0);
    assert_eq!(desk.read(&name), original, "appended");
}

#[test]
fn numbering_after_signing_waits_for_the_signed_copy() {
    let desk = Desk::with_settings(|text| text.replace("thoi_diem: truoc_khi_ky ", "thoi_diem: sau_khi_ky "));
    desk.save(CODE, &slip(CODE, 4, ISSUE, ""));
    let report = desk.build().expect(0).json();
    assert!(report["cases"][0]["waiting"][0].as_str().unwrap().contains("ban_ky"), "{report}");
    assert!(desk.numbers().is_empty());
    desk.write(&format!("ho-so/{CODE}/da-ky/phieu-da-ky.pdf"), b"%PDF-1.4 scan");
    desk.save(CODE, &slip(CODE, 4, &format!("{ISSUE}  ban_ky:\n    tep: phieu-da-ky.pdf\n    ngay: 04/11/2026\n"), ""));
    desk.build().expect(0);
    assert_eq!(desk.numbers().len(), 1);
}

#[test]
fn the_registry_clerk_types_numbers_and_no_twin_passes() {
    let desk = Desk::with_settings(|text| text.replace("nguoi_cap: chuong_trinh ", "nguoi_cap: van_thu "));
    desk.save(CODE, &slip(CODE, 4, ISSUE, ""));
    let report = desk.build().expect(0).json();
    assert!(report["cases"][0]["waiting"][0].as_str().unwrap().contains("văn thư"), "{report}");
    desk.save(CODE, &slip(CODE, 4, &format!("{ISSUE}  so: 17\n"), ""));
    desk.build().expect(0);
    assert!(desk.exists(&letter(CODE, 4, 17)));

    desk.save(OTHER, &slip(OTHER, 5, &format!("{ISSUE}  so: 17\n"), ""));
    let run = desk.build().expect(1);
    let found = run.of_code("HS339");
    assert_eq!(found.len(), 1, "{}", run.out);
    assert!(found[0].file.contains(OTHER) && found[0].line > 0 && found[0].message.contains(CODE), "{found:?}");
    assert_eq!(desk.numbers().len(), 1);

    desk.save(OTHER, &slip(OTHER, 5, &format!("{ISSUE}  so: 9\n"), ""));
    desk.build().expect(0);
    assert!(desk.exists(&letter(OTHER, 5, 9)));
    desk.run(&["register", "verify"]).expect(0);
}

#[test]
fn numbers_start_where_the_paper_book_ended() {
    let start = "      ky_hieu: PTN-ECA\n      bat_dau:\n        - nam: 2026\n          so: 58\n";
    let desk = Desk::with_settings(|text| text.replacen("      ky_hieu: PTN-ECA\n", start, 1));
    for (code, day) in [(CODE, 4), (OTHER, 5)] {
        desk.save(code, &slip(code, day, ISSUE, ""));
    }
    desk.build().expect(0);
    assert!(desk.exists(&letter(CODE, 4, 58)) && desk.exists(&letter(OTHER, 5, 59)), "{:?}", desk.numbers());
    desk.run(&["register", "verify"]).expect(0);
}

#[test]
fn a_number_voided_by_command_comes_back_only_by_a_fact() {
    let desk = Desk::new();
    desk.save(CODE, &slip(CODE, 4, ISSUE, ""));
    desk.build().expect(0);
    let void = ["register", "void", "01/PTN-ECA", "--year", "2026", "--reason", "in nhầm", "--by", "Đỗ Minh Tuấn"];
    desk.run(&void).expect(0);
    desk.run(&void).expect(1);
    let run = desk.build().expect(0);
    assert_eq!(run.of_code("HS331").len(), 1, "{}", run.out);
    assert_eq!(desk.numbers().len(), 2, "no new number");
    assert!(desk.exists(&letter(CODE, 4, 1).replace("van-ban/", "van-ban/da-thay/")));

    desk.save(CODE, &slip(CODE, 6, &format!("{ISSUE}{}", replaces(1, 6)), ""));
    desk.build().expect(0);
    assert!(desk.exists(&letter(CODE, 6, 2)), "{:?}", desk.numbers());
    let listed = desk.run(&["--json", "register", "list"]).expect(0).json();
    assert_eq!(listed.as_array().unwrap().len(), 2, "{listed}");
}

#[test]
fn a_deleted_file_of_a_case_with_letters_is_told_and_nothing_happens() {
    let desk = Desk::new();
    desk.save(CODE, &slip(CODE, 4, ISSUE, ""));
    desk.save(OTHER, &slip(OTHER, 5, "", "").replace("Nguyễn Thị Hường", "Trần Văn Bình"));
    desk.build().expect(0);
    desk.remove(&format!("ho-so/{CODE}.yaml"));
    // What is to be done next in it is no longer said.
    let next = [format!("ho-so/{CODE}.buoc-tiep.txt"), format!(".hoso/trang-thai/{CODE}.json")];
    let others = || desk.tree().into_iter().filter(|(name, _)| !next.contains(name)).collect::<crate::desk::Tree>();
    let before = others();
    let run = desk.build().expect(1);
    assert_eq!(run.of_code("HS338").len(), 1, "{}", run.out);
    assert!(without_board(before) == without_board(others()));
    assert!(!desk.exists(&next[0]));
    desk.save(CODE, &slip(CODE, 4, ISSUE, ""));
    desk.build().expect(0);
    assert_eq!(desk.numbers().len(), 1);
}

#[test]
fn a_code_changed_after_issue_is_told_and_makes_no_new_case() {
    let desk = Desk::new();
    desk.save(CODE, &slip(CODE, 4, ISSUE, ""));
    desk.build().expect(0);
    desk.remove(&format!("ho-so/{CODE}.yaml"));
    desk.save(OTHER, &slip(OTHER, 4, ISSUE, ""));
    let run = desk.build().expect(1);
    let found = run.of_code("HS337");
    assert_eq!((found.len(), found[0].line), (1, 1), "{}", run.out);
    assert!(found[0].hint.contains(CODE), "{}", found[0].hint);
    assert_eq!(desk.numbers().len(), 1);
    let again = desk.build().expect(1);
    assert_eq!(again.of_code("HS337").len(), 1, "it stays: {}", again.out);
    assert_eq!(desk.numbers().len(), 1);
}

#[test]
fn a_file_name_other_than_the_code_is_told() {
    let desk = Desk::new();
    desk.save("Hồ sơ bà Hường", &slip(CODE, 4, ISSUE, ""));
    let run = desk.build().expect(1);
    let found = run.of_code("HS017");
    assert_eq!((found.len(), found[0].line), (1, 1), "{}", run.out);
    assert!(desk.numbers().is_empty());
}

#[test]
fn two_programs_at_once_give_no_twins() {
    let desk = Desk::new();
    let codes: Vec<String> = (1..=6).map(|n| format!("KN-2026-01{n:02}")).collect();
    for (code, day) in codes.iter().zip(4..) {
        desk.save(code, &slip(code, day, ISSUE, ""));
    }
    let runs: Vec<_> = (0..3)
        .map(|_| desk.command(&["--json", "build"]).stdout(std::process::Stdio::piped()).spawn().unwrap())
        .collect();
    for run in runs {
        let output = run.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
    }
    let mut given: Vec<String> = desk.numbers().iter().map(|row| row[..2].to_owned()).collect();
    given.sort();
    assert_eq!(given, ["01", "02", "03", "04", "05", "06"]);
    desk.build().expect(0);
    desk.run(&["register", "verify"]).expect(0);
    let leftover: Vec<String> =
        desk.tree().into_keys().filter(|name| name.contains("hoso-tmp") || name.contains("rach")).collect();
    assert_eq!(leftover, Vec::<String>::new());
}

#[test]
fn the_same_input_twice_writes_nothing() {
    let desk = Desk::new();
    desk.save(CODE, &slip(CODE, 4, ISSUE, ""));
    desk.save(OTHER, &slip(OTHER, 4, "", ""));
    desk.build().expect(0);
    let log = desk.path("steps");
    Run::of(desk.command(&["build"]).env("HOSO_KILL_LOG", &log)).expect(0);
    assert!(!log.exists(), "{}", std::fs::read_to_string(&log).unwrap());
}
