//! Between `ban_hanh: co` and the letter: note, board and findings say that the program is waited for.

use std::time::Duration;

use crate::desk::{Desk, Run};
use crate::samples::{ISSUE, slip};

const CODE: &str = "KN-2026-0101";

fn waiting() -> Desk {
    Desk::with_settings(|text| text.replace("cho_yen_giay: 0 ", "cho_yen_giay: 60 "))
}

fn note(desk: &Desk) -> String {
    words(desk, "buoc-tiep")
}

/// The words of a note of the case, on one line.
fn words(desk: &Desk, note: &str) -> String {
    let bytes = desk.read(&format!("ho-so/{CODE}.{note}.txt"));
    String::from_utf8(bytes).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn board(desk: &Desk) -> String {
    String::from_utf8(desk.read("ho-so/bang-theo-doi.html")).unwrap()
}

fn first(run: &Run) -> String {
    run.json()["cases"][0]["assessment"]["actions"][0]["what"].as_str().unwrap().to_owned()
}

#[test]
fn a_letter_that_is_still_to_come_is_waited_for_before_it_is_sent() {
    let desk = waiting();
    desk.save(CODE, &slip(CODE, 4, ISSUE, ""));
    let run = desk.build().expect(0);
    let note_now = note(&desk);
    assert!(note_now.contains("1. Chờ chương trình ban hành phiếu tiếp nhận (khoảng một phút sau lần lưu cuối); tệp PDF hiện trong van-ban."), "{note_now}");
    assert!(!note_now.contains("Gửi phiếu") && !note_now.contains("Chuyển khiếu nại"), "{note_now}");
    assert!(first(&run).starts_with("Chờ chương trình ban hành"), "{}", run.out);
    assert!(board(&desk).contains("Chờ chương trình ban hành phiếu tiếp nhận"));
    assert!(desk.run(&["status"]).expect(0).out.contains("Chờ chương trình ban hành phiếu tiếp nhận"));
    assert!(run.findings().is_empty(), "{}", run.out);

    desk.save_aged(CODE, &slip(CODE, 4, ISSUE, ""), Duration::from_secs(61));
    desk.build().expect(0);
    let note_now = note(&desk);
    assert!(note_now.contains("Gửi phiếu tiếp nhận") && !note_now.contains("Chờ chương trình"), "{note_now}");
}

#[test]
fn what_is_recorded_of_a_letter_not_issued_yet_is_told_and_does_not_count() {
    let desk = waiting();
    let more = "  gui:\n    - ngay: 04/11/2026\n      cach: buu_dien\n";
    let closing = "\nluu_ho_so:\n  ngay: 05/11/2026\n";
    let text = format!("{}{closing}", slip(CODE, 4, ISSUE, more));
    desk.save(CODE, &text);
    let run = desk.build().expect(0);
    let lines: Vec<u64> = run.of_code("HS341").iter().map(|found| found.line).collect();
    let line = |what: &str| text.lines().position(|line| line.contains(what)).unwrap() as u64 + 1;
    assert_eq!(lines, [line("- ngay: 04/11"), line("luu_ho_so")], "{}", run.out);
    assert!(run.of_code("HS341").iter().all(|found| found.severity == "warning"));
    let note_now = note(&desk);
    assert!(note_now.contains("Chờ chương trình ban hành phiếu tiếp nhận"), "{note_now}");
    let told = words(&desk, "loi");
    assert!(told.contains("chưa có tệp PDF trong van-ban"), "{told}");

    // Recorded afterwards of what has long happened: it holds nothing up.
    desk.save_aged(CODE, &text, Duration::from_secs(61));
    let run = desk.build().expect(0);
    assert_eq!(run.of_code("HS341"), [], "{}", run.out);
    assert_eq!(desk.numbers().len(), 1);
}

#[test]
fn a_letter_that_is_being_replaced_is_not_to_be_sent() {
    let desk = waiting();
    desk.save_aged(CODE, &slip(CODE, 4, ISSUE, ""), Duration::from_secs(61));
    desk.build().expect(0);
    for kind in ["huy_so", "thay_the"] {
        let replaced = format!(
            "  thay_the:\n    - so: 1\n      ngay: 05/11/2026\n      hinh_thuc: {kind}\n      ly_do: Ghi sai tên\n"
        );
        let text = slip(CODE, 4, ISSUE, &replaced).replace("Nguyễn Thị Hường", "Nguyễn Thị Hương");
        desk.save(CODE, &text);
        let run = desk.build().expect(0);
        assert_eq!(run.of_code("HS334"), [], "{}", run.out);
        let found = run.of_code("HS342");
        assert_eq!(found.len(), 1, "{}", run.out);
        assert!(found[0].hint.contains("Đừng gửi bản số 01/PTN-ECA"), "{found:?}");
        let note_now = note(&desk);
        assert!(
            note_now.contains("1. Chờ chương trình rút phiếu tiếp nhận số 01/PTN-ECA và ban hành bản thay"),
            "{note_now}"
        );
        assert!(note_now.contains("Đừng gửi bản số 01/PTN-ECA"), "{note_now}");
        assert!(!note_now.contains("Gửi phiếu"), "{note_now}");
    }
}
