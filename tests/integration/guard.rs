//! What must not happen: a second number for one letter, a number lost, a file followed out of its folder, a pass that stops.

use crate::desk::Desk;
use crate::samples::{ISSUE, slip};

const CODE: &str = "KN-2026-0101";
const OTHER: &str = "KN-2026-0102";

fn issued() -> Desk {
    let desk = Desk::new();
    desk.save(CODE, &slip(CODE, 4, ISSUE, ""));
    desk.build().expect(0);
    assert_eq!(desk.numbers().len(), 1);
    desk
}

#[test]
fn a_case_under_another_code_is_known_after_an_edit_too() {
    let desk = issued();
    desk.remove(&format!("ho-so/{CODE}.yaml"));
    let edited = slip(OTHER, 4, ISSUE, "").replace("Không ký được tờ khai", "Không nộp được tờ khai");
    desk.save(OTHER, &edited);
    let run = desk.build().expect(1);
    assert_eq!(run.of_code("HS337").len(), 1, "{}", run.out);
    assert_eq!(desk.numbers().len(), 1);
}

#[test]
fn a_copy_of_a_case_is_no_second_case() {
    let desk = issued();
    desk.save(OTHER, &slip(CODE, 4, ISSUE, "").replace(&format!("ma_ho_so: {CODE}"), &format!("ma_ho_so: {OTHER}")));
    let run = desk.build().expect(1);
    assert_eq!(run.of_code("HS337").len(), 1, "{}", run.out);
    assert_eq!(desk.numbers().len(), 1);
}

/// A round with one issued transfer to `unit`.
fn transfer(unit: &str) -> String {
    format!(
        "
giai_quyet:
  - lan: 1
    chuyen_bo_phan:
      - bo_phan: {unit}
        ngay: 05/11/2026
        nguoi_ky: pham-van-loc
        noi_dung_xac_minh:
          - Vì sao không ký được?
        ban_hanh: co
"
    )
}

#[test]
fn another_unit_in_an_issued_transfer_gets_no_second_number() {
    let desk = Desk::new();
    desk.save(CODE, &slip(CODE, 4, ISSUE, &transfer("Phòng Kỹ thuật")));
    desk.build().expect(0);
    assert_eq!(desk.numbers().len(), 2);
    desk.save(CODE, &slip(CODE, 4, ISSUE, &transfer("Phòng Kế toán")));
    let run = desk.build().expect(1);
    let found = run.of_code("HS335");
    assert!(found.iter().any(|f| f.line > 0 && f.message.contains("01/PC-ECA")), "{}", run.out);
    assert_eq!(desk.numbers().len(), 2);
}

#[test]
fn a_number_is_withdrawn_only_when_its_successor_is_ready() {
    let desk = Desk::with_settings(|text| text.replace("nguoi_cap: chuong_trinh ", "nguoi_cap: van_thu "));
    desk.save(CODE, &slip(CODE, 4, &format!("{ISSUE}  so: 7\n"), ""));
    desk.build().expect(0);
    let replacing = "  so: 7\n  thay_the:\n    - so: 7\n      ngay: 05/11/2026\n      ly_do: Sai tên\n";
    desk.save(CODE, &slip(CODE, 4, &format!("{ISSUE}{replacing}"), ""));
    let run = desk.build().expect(1);
    assert_eq!(run.of_code("HS339").len(), 1, "{}", run.out);
    let listed = desk.run(&["register", "list", "--csv"]).expect(0).out;
    assert!(listed.contains("07/PTN-ECA") && !listed.contains("thay thế"), "still in force: {listed}");
}

#[test]
fn issued_and_no_longer_said_so() {
    let desk = issued();
    desk.save(CODE, &slip(CODE, 4, "", ""));
    let run = desk.build().expect(0);
    let found = run.of_code("HS334");
    assert!(found.iter().any(|f| f.message.contains("ban_hanh") && f.message.contains("01/PTN-ECA")), "{}", run.out);
}

#[test]
fn a_typed_number_that_is_not_used_is_told() {
    let desk = Desk::new();
    desk.save(CODE, &slip(CODE, 4, "  so: 44\n", ""));
    let run = desk.build().expect(0);
    assert_eq!(run.of_code("HS340").len(), 1, "{}", run.out);
}

#[test]
fn a_note_that_cannot_be_written_stops_nobody() {
    let desk = Desk::new();
    std::fs::create_dir_all(desk.path(&format!("ho-so/{CODE}.loi.txt"))).unwrap();
    desk.save(CODE, &slip(CODE, 4, "", "").replace("5401 0000", "khong phai"));
    desk.save(OTHER, &slip(OTHER, 5, ISSUE, ""));
    let run = desk.build().expect(1);
    assert_eq!(run.of_code("HS510").len(), 1, "{}", run.out);
    assert_eq!(desk.numbers().len(), 1);
}

#[cfg(unix)]
#[test]
fn a_link_in_place_of_a_folder_is_refused() {
    let desk = issued();
    let elsewhere = desk.path("noi-khac");
    std::fs::create_dir_all(&elsewhere).unwrap();
    std::fs::write(elsewhere.join("rieng.pdf"), b"private").unwrap();
    std::os::unix::fs::symlink(&elsewhere, desk.path(&format!("ho-so/{CODE}/dinh-kem"))).unwrap();
    let run = desk.build().expect(1);
    assert_eq!(run.of_code("HS116").len(), 1, "{}", run.out);
    assert!(elsewhere.join("rieng.pdf").exists());
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a file's time is measured by the system's clock")]
fn a_time_ahead_of_the_clock_is_told_as_it_is() {
    let desk = Desk::with_settings(|text| text.replace("cho_yen_giay: 0", "cho_yen_giay: 60"));
    desk.save(CODE, &slip(CODE, 4, ISSUE, ""));
    let file = std::fs::File::options().write(true).open(desk.path(&format!("ho-so/{CODE}.yaml"))).unwrap();
    file.set_modified(std::time::SystemTime::now() + std::time::Duration::from_secs(3_600)).unwrap();
    let report = desk.build().expect(0).json();
    let left = report["quiet_over_in"].as_u64().unwrap();
    assert!((3_600..=3_660).contains(&left), "{left}");
    assert!(desk.numbers().is_empty());
}
