//! Case files that went, were called otherwise, or lie where they are not read: told, kept, and no code given twice.

use crate::desk::{Desk, Run};
use crate::samples::{ISSUE, slip};

fn remove(desk: &Desk, name: &str) {
    std::fs::remove_file(desk.path(name)).unwrap();
}

fn rename(desk: &Desk, from: &str, to: &str) {
    std::fs::rename(desk.path(from), desk.path(to)).unwrap();
}

#[test]
fn a_code_that_was_used_is_never_given_again() {
    let desk = Desk::new();
    for code in ["KN-2026-0001", "KN-2026-0002"] {
        desk.save(code, &slip(code, 4, "", ""));
    }
    desk.build().expect(0);
    assert_eq!(desk.names("ho-so/_moi"), ["KN-2026-0003.yaml"]);
    // The clerk works on it at home.
    rename(&desk, "ho-so/KN-2026-0002.yaml", "nha.yaml");
    desk.build().expect(0);
    assert_eq!(desk.run(&["--json", "new"]).expect(0).json()["code"], "KN-2026-0003");
    remove(&desk, "ho-so/KN-2026-0003.yaml");
    remove(&desk, "ho-so/_moi/KN-2026-0004.yaml");
    std::fs::remove_dir_all(desk.path("ho-so/KN-2026-0003")).unwrap();
    desk.build().expect(0);
    assert_eq!(desk.names("ho-so/_moi"), ["KN-2026-0003.yaml"], "never read, so never used; 0002 was");
    rename(&desk, "nha.yaml", "ho-so/KN-2026-0002.yaml");
    assert_eq!(desk.build().expect(0).findings(), []);
}

#[test]
fn a_case_file_that_went_before_any_letter_is_told_of_for_a_week() {
    let desk = Desk::new();
    desk.save("KN-2026-0001", &slip("KN-2026-0001", 4, "", ""));
    desk.build().expect(0);
    let text = desk.read("ho-so/KN-2026-0001.yaml");
    remove(&desk, "ho-so/KN-2026-0001.yaml");
    for _ in 0..2 {
        let run = desk.build().expect(0);
        let told = run.of_code("HS343");
        assert_eq!(told.len(), 1, "{}", run.out);
        assert!(run.out.contains("hoso history restore KN-2026-0001 1"), "{}", run.out);
    }
    let board = String::from_utf8(desk.read("ho-so/bang-theo-doi.html")).unwrap();
    assert!(board.contains("KN-2026-0001 không còn trong thư mục"), "on the board, too");
    // Under another code it goes on: nothing is lost.
    let other = String::from_utf8(text.clone()).unwrap().replace("KN-2026-0001", "KN-2026-0005");
    desk.write("ho-so/KN-2026-0005.yaml", other.as_bytes());
    assert_eq!(desk.build().expect(0).of_code("HS343").len(), 0);
    remove(&desk, "ho-so/KN-2026-0005.yaml");
    assert_eq!(desk.build().expect(0).of_code("HS343").len(), 1);
    let later = Run::of(&mut desk.command_on("2026-12-20", &["--json", "build"])).expect(0);
    assert_eq!(later.of_code("HS343").len(), 0, "{}", later.out);
}

#[test]
fn files_that_are_meant_as_cases_and_not_read_are_told_of() {
    let desk = Desk::new();
    desk.build().expect(0);
    let text = slip("KN-2026-0071", 4, "", "");
    for name in ["KN-2026-0071.yaml.txt", "KN-2026-0008.txt", "KN-2026-0073", "Hồ sơ của Lan/KN-2026-0070.yaml"] {
        let path = desk.path(&format!("ho-so/{name}"));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, &text).unwrap();
    }
    // A folder of a case, and notes of ours, are none.
    std::fs::create_dir_all(desk.path("ho-so/KN-2026-0009/dinh-kem")).unwrap();
    let run = desk.build().expect(0);
    let mut files: Vec<String> = run.of_code("HS344").into_iter().map(|finding| finding.file).collect();
    files.sort();
    assert_eq!(
        files,
        [
            "ho-so/Hồ sơ của Lan/KN-2026-0070.yaml",
            "ho-so/KN-2026-0008.txt",
            "ho-so/KN-2026-0071.yaml.txt",
            "ho-so/KN-2026-0073"
        ]
    );
    rename(&desk, "ho-so/KN-2026-0071.yaml.txt", "ho-so/KN-2026-0071.yaml");
    assert_eq!(desk.build().expect(0).of_code("HS344").len(), 3);
}

#[test]
fn a_case_under_a_wrong_name_is_not_called_gone() {
    let desk = Desk::new();
    desk.save("KN-2026-0044", &slip("KN-2026-0044", 4, ISSUE, ""));
    let issued = desk.build().expect(0);
    assert!(desk.exists("ho-so/KN-2026-0044/van-ban"), "{}", issued.out);
    for (name, right) in [("kn-2026-0044.yaml", "KN-2026-0044.yaml"), ("Minh Phát.yaml", "KN-2026-0044.yaml")] {
        rename(&desk, "ho-so/KN-2026-0044.yaml", &format!("ho-so/{name}"));
        let run = desk.build().expect(1);
        assert_eq!(run.of_code("HS338").len(), 0, "{}", run.out);
        assert_eq!(run.of_code("HS017").len(), 1, "{}", run.out);
        assert!(run.out.contains(&format!("Đổi tên tệp thành {right}")), "{}", run.out);
        let status = desk.run(&["--json", "status"]).expect(0);
        assert!(!status.out.contains("HS338"), "{}", status.out);
        rename(&desk, &format!("ho-so/{name}"), "ho-so/KN-2026-0044.yaml");
    }
    rename(&desk, "ho-so/KN-2026-0044.yaml", "ho-so/kn-2026-0044.YAML");
    let run = desk.build().expect(1);
    assert!(run.out.contains("Đổi tên tệp thành KN-2026-0044.yaml"), "{}", run.out);
}

#[test]
fn what_is_written_into_copies_is_kept_and_another_complaint_is_told_as_such() {
    let desk = Desk::new();
    desk.save("KN-2026-0002", &slip("KN-2026-0002", 4, "", ""));
    desk.build().expect(0);
    let own = String::from_utf8(desk.read("ho-so/KN-2026-0002.yaml")).unwrap();
    let name = own.lines().find(|line| line.starts_with("  ten:")).unwrap();
    desk.write("ho-so/KN-2026-0002 (1).yaml", own.as_bytes());
    let copy = desk.build().expect(1);
    assert!(copy.out.contains("chép những gì còn thiếu vào KN-2026-0002.yaml, rồi xóa bản sao này"), "{}", copy.out);
    desk.write("ho-so/KN-2026-0002 (2).yaml", own.replace(name, "  ten: Trần Văn Khác").as_bytes());
    let run = desk.build().expect(1);
    assert!(run.out.contains("người khiếu nại khác (Trần Văn Khác)"), "{}", run.out);
    let kept = desk.run(&["--json", "history", "KN-2026-0002 (2)"]).expect(0).json();
    assert_eq!(kept["versions"].as_array().unwrap().len(), 1, "{kept}");
}
