//! The desk at a glance: page and calendar file in the watched folder, `status`, the morning summary.

use std::process::Stdio;
use std::time::{Duration, Instant, SystemTime};

use serde_json::Value;

use crate::desk::{Desk, Run, hoso};
use crate::samples::{ISSUE, slip};

const CODE: &str = "KN-2026-0101";
const PAGE: &str = "ho-so/bang-theo-doi.html";
const CALENDAR: &str = "ho-so/han-xu-ly.ics";

fn page(desk: &Desk) -> String {
    String::from_utf8(desk.read(PAGE)).unwrap()
}

/// Lines of the calendar file, unfolded.
fn calendar(desk: &Desk) -> Vec<String> {
    let text = String::from_utf8(desk.read(CALENDAR)).unwrap().replace("\r\n ", "");
    text.split("\r\n").map(str::to_owned).collect()
}

fn written(desk: &Desk) -> [SystemTime; 2] {
    [PAGE, CALENDAR].map(|name| std::fs::metadata(desk.path(name)).unwrap().modified().unwrap())
}

/// A case without anything but a name and the day it came.
fn intake(code: &str, name: &str, arrived: &str) -> String {
    format!(
        "ma_ho_so: {code}\nnguoi_khieu_nai:\n  loai: ca_nhan\n  ten: {name}\ntiep_nhan:\n  ngay_den: {arrived}\n  hinh_thuc: email\n"
    )
}

/// The built-in notice of 2026 with one more day off; the answer of a slip of 04/11/2026 is then due on 04/12, not 03/12.
fn notice(more: &str) -> String {
    let data = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/calendar/data/2026.yaml");
    std::fs::read_to_string(data).unwrap().replace("ngay_nghi:\n", &format!("ngay_nghi:\n{more}"))
}

#[test]
fn the_same_desk_is_written_once() {
    let desk = Desk::new();
    desk.save(CODE, &slip(CODE, 4, ISSUE, ""));
    let first = desk.build().expect(0).json();
    let paths: Vec<&str> = first["changes"].as_array().unwrap().iter().map(|c| c["path"].as_str().unwrap()).collect();
    assert!(paths.contains(&PAGE) && paths.contains(&CALENDAR), "{paths:?}");
    let (before, times) = (desk.tree(), written(&desk));
    // Later on the same day nothing is different.
    let mut later = hoso(desk.root());
    later.args(["--json", "build"]).env("SOURCE_DATE_EPOCH", "1795158000"); // 14:00
    assert_eq!(Run::of(&mut later).expect(0).json()["changes"], Value::Array(Vec::new()));
    assert!(before == desk.tree() && times == written(&desk));
    // On the next day the page is another, the terms are the same.
    Run::of(&mut desk.command_on("2026-11-21", &["build"])).expect(0);
    assert!(page(&desk).contains("Thứ Bảy, ngày 21/11/2026"));
    assert!(before[CALENDAR] == desk.read(CALENDAR) && before[PAGE] != desk.read(PAGE));
}

#[test]
fn what_somebody_did_to_the_files_is_undone() {
    let desk = Desk::new();
    desk.save(CODE, &slip(CODE, 4, "", ""));
    desk.build().expect(0);
    let before = desk.tree();
    desk.write(PAGE, b"<h1>x</h1>");
    desk.remove(CALENDAR);
    desk.build().expect(0);
    assert!(before == desk.tree());
    desk.remove(".hoso/bang-theo-doi.json");
    desk.build().expect(0);
    assert!(before == desk.tree());
}

#[test]
fn a_file_that_cannot_be_written_stops_nothing() {
    let desk = Desk::new();
    std::fs::create_dir_all(desk.path(&format!("{PAGE}/x"))).unwrap();
    desk.save(CODE, &slip(CODE, 4, ISSUE, ""));
    let run = desk.build().expect(1);
    let found: Vec<String> = run.findings().into_iter().map(|finding| finding.file).collect();
    assert_eq!(found, [PAGE]);
    assert_eq!(desk.numbers().len(), 1, "the letter is issued all the same");
}

#[test]
fn page_status_and_calendar_tell_the_same() {
    let desk = Desk::new();
    let evil = "<script>alert(1)</script> & \"Công ty\"";
    desk.save("KN-2026-0101", &slip("KN-2026-0101", 4, "", ""));
    desk.save("KN-2026-0102", &intake("KN-2026-0102", &format!("'{evil}'"), "19/11/2026"));
    desk.save("KN-2026-0103", "ma_ho_so: KN-2026-0103\nsai: 1\n");
    desk.save("KN-2026-0104", "ma_ho_so: KN-2026-0104\n");
    desk.build().expect(1);
    let status = desk.run(&["--json", "status"]).expect(0).json();
    let rows: Vec<(&str, &str)> = status["cases"]
        .as_array()
        .unwrap()
        .iter()
        .map(|case| (case["code"].as_str().unwrap(), case["urgency"].as_str().unwrap()))
        .collect();
    // The slip was due on 09/11 (five days from 02/11); the decision on 0102 is due on 23/11 (two days from 19/11).
    assert_eq!(
        rows,
        [("KN-2026-0101", "late"), ("KN-2026-0102", "soon"), ("KN-2026-0103", "faulty"), ("KN-2026-0104", "open")]
    );
    assert_eq!(status["cases"][0]["tasks"][0]["due"], "2026-11-09");
    assert_eq!(status["counts"]["late"], 1);
    let text = page(&desk);
    let places: Vec<usize> = rows.iter().map(|(code, _)| text.find(&format!("data-ma=\"{code}\"")).unwrap()).collect();
    assert!(places.is_sorted());
    assert!(text.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;Công ty&quot;") && !text.contains(evil));
    assert!(
        text.contains("<a class=\"fault\" href=\"./KN-2026-0103.loi.txt\">1 lỗi</a>")
            && desk.exists("ho-so/KN-2026-0103.loi.txt")
    );
    assert!(text.contains("<b>1</b> Trễ hạn") && text.contains("4 hồ sơ đang mở; 0 hồ sơ đã lưu."));
    let draft = "KN-2026-0101/du-thao/phieu-tiep-nhan.du-thao.pdf";
    assert!(text.contains(&format!("href=\"./{draft}\"")) && desk.exists(&format!("ho-so/{draft}")));
    let lines = calendar(&desk);
    assert!(
        lines.contains(&"SUMMARY:Hạn KN-2026-0101: gửi văn bản trả lời – Nguyễn Thị Hường".to_owned()),
        "{lines:?}"
    );
    assert!(lines.contains(&"DTSTART;VALUE=DATE:20261203".to_owned()), "{lines:?}");
    assert!(lines.contains(&format!("SUMMARY:Hạn KN-2026-0102: xem xét tiếp nhận – {evil}")), "{lines:?}");

    let said = desk.run(&["status"]).expect(0).out;
    let headings = ["TRỄ HẠN (1)", "ĐẾN HẠN TRONG 3 NGÀY LÀM VIỆC (1)", "CÓ LỖI (1)", "CÒN LẠI (1)"];
    let places: Vec<usize> = headings.iter().map(|heading| said.find(heading).unwrap()).collect();
    assert!(places.is_sorted(), "{said}");
    assert!(said.contains("hạn 23/11/2026, còn 1 ngày làm việc") && said.contains("Chương trình theo dõi không chạy."));
    assert!(said.ends_with("4 hồ sơ đang mở: 1 trễ hạn, 1 có lỗi; 0 hồ sơ đã lưu.\n"), "{said}");
}

#[test]
fn a_changed_calendar_tells_which_dates_moved() {
    let desk = Desk::new();
    let other = "KN-2026-0102";
    desk.save(CODE, &slip(CODE, 4, "", ""));
    desk.save(other, &intake(other, "Trần Văn Nam", "20/11/2026"));
    assert_eq!(desk.build().expect(0).json()["moved"], Value::Array(Vec::new()));

    // 20/11 + 2 working days: 23 and 25 (24 is a day off).
    desk.write("lich/2026.yaml", notice("  - ngay: 2026-11-25\n    ly_do: nghỉ thêm\n").as_bytes());
    let run = desk.run(&["build"]).expect(0);
    let moved = "  KN-2026-0101: gửi văn bản trả lời, từ 03/12/2026 sang 04/12/2026\n  \
                 KN-2026-0102: xem xét tiếp nhận, từ 25/11/2026 sang 26/11/2026\n";
    assert!(run.out.contains(&format!("Lịch nghỉ đã đổi, các hạn sau dời ngày:\n{moved}")), "{}", run.out);
    assert!(calendar(&desk).contains(&"DTSTART;VALUE=DATE:20261204".to_owned()));
    let again = desk.build().expect(0).json();
    assert!(again["moved"].as_array().unwrap().is_empty() && again["changes"].as_array().unwrap().is_empty());

    // It is shown for three more working days (23, 26, 27), to whoever looks.
    let shown = |day: &str| {
        Run::of(&mut desk.command_on(day, &["build"])).expect(0);
        let status = Run::of(&mut desk.command_on(day, &["--json", "status"])).expect(0).json();
        let count = status["moved"].as_array().unwrap().len();
        assert_eq!(page(&desk).matches("<b>KN-2026-010").count(), count);
        (count, status["moved"][0]["from"].clone(), status["moved"][0]["to"].clone())
    };
    assert_eq!(shown("2026-11-20"), (2, "2026-12-03".into(), "2026-12-04".into()));
    assert!(page(&desk).contains("<b>KN-2026-0101</b>: gửi văn bản trả lời, từ 03/12/2026"), "{}", page(&desk));
    assert!(desk.run(&["digest"]).expect(0).out.contains("gửi văn bản trả lời: từ 03/12/2026 sang 04/12/2026"));

    // One more day: from where it was at first. Back again: no news.
    desk.write("lich/rieng.yaml", "ngay_nghi:\n  - ngay: 26/11/2026\n    ly_do: nghỉ của công ty\n".as_bytes());
    desk.build().expect(0);
    assert_eq!(shown("2026-11-20"), (2, "2026-12-03".into(), "2026-12-07".into()));
    desk.remove("lich/rieng.yaml");
    desk.remove("lich/2026.yaml");
    assert_eq!(desk.build().expect(0).json()["moved"].as_array().unwrap().len(), 2, "back to where they were");
    assert_eq!(shown("2026-11-20").0, 0);

    desk.write("lich/2026.yaml", notice("  - ngay: 2026-11-25\n    ly_do: nghỉ thêm\n").as_bytes());
    desk.build().expect(0);
    assert_eq!(shown("2026-11-27").0, 2);
    assert_eq!(shown("2026-11-30").0, 0);
}

#[test]
fn a_changed_fact_is_no_move_of_the_calendar() {
    let desk = Desk::new();
    desk.save(CODE, &slip(CODE, 4, "", ""));
    desk.build().expect(0);
    desk.save(CODE, &slip(CODE, 5, "", ""));
    desk.write("lich/rieng.yaml", "ngay_nghi:\n  - ngay: 31/12/2026\n    ly_do: nghỉ của công ty\n".as_bytes());
    let report = desk.build().expect(0).json();
    assert_eq!(report["moved"], Value::Array(Vec::new()), "{report}");
    assert!(calendar(&desk).contains(&"DTSTART;VALUE=DATE:20261204".to_owned()), "20 days from 05/11");
}

#[test]
fn the_morning_summary() {
    let desk = Desk::with_settings(|text| text);
    let empty = desk.run(&["digest"]).expect(0);
    assert!(empty.out.contains("Khiếu nại ngày 20/11/2026: không có việc gấp") && !desk.exists(PAGE), "{}", empty.out);

    desk.save("KN-2026-0101", &slip("KN-2026-0101", 4, "", ""));
    // The decisions are due on 19/11 and 20/11.
    desk.save("KN-2026-0102", &intake("KN-2026-0102", "Trần Văn <Nam>", "17/11/2026"));
    desk.save("KN-2026-0103", &intake("KN-2026-0103", "Lê Thị Hòa", "18/11/2026"));
    desk.save("KN-2026-0104", "ma_ho_so: KN-2026-0104\nsai: 1\n");
    let before = desk.tree();
    let json = desk.run(&["--json", "digest"]).expect(0).json();
    let of = |kind: &str| -> Vec<&str> {
        let sections = json["sections"].as_array().unwrap().iter().filter(|section| section["kind"] == kind);
        sections.flat_map(|s| s["items"].as_array().unwrap()).map(|item| item["code"].as_str().unwrap()).collect()
    };
    assert_eq!(json["since"], "2026-11-19");
    assert_eq!(of("newly_late"), ["KN-2026-0102"]);
    assert_eq!(of("still_late"), ["KN-2026-0101"]);
    assert_eq!(of("today"), ["KN-2026-0103"]);
    assert_eq!(of("faulty"), ["KN-2026-0104"]);
    let earlier = desk.run(&["--json", "digest", "--since", "01/11/2026"]).expect(0).json();
    assert_eq!(earlier["sections"][0]["items"].as_array().unwrap().len(), 2, "{earlier}");

    let html = desk.run(&["digest", "--html"]).expect(0).out;
    assert!(html.starts_with("<!DOCTYPE html>") && html.contains("Trần Văn &lt;Nam&gt;"), "{html}");
    let mail = desk.run(&["digest", "--eml", "to-truong@eca.example", "an@eca.example"]).expect(0).out;
    assert!(
        mail.contains("To: <to-truong@eca.example>, \r\n\t<an@eca.example>") || mail.contains("an@eca.example"),
        "{mail}"
    );
    assert!(mail.contains("multipart/alternative") && mail.contains("Auto-Submitted: auto-generated"), "{mail}");
    assert!(before == desk.tree(), "it only looks");
    desk.run(&["digest", "--html", "--json"]).expect(2);
    desk.run(&["digest", "--eml", "không-phải"]).expect(2);
}

#[cfg(unix)]
#[test]
fn the_watcher_gives_signs_of_life_and_of_its_end() {
    let desk = Desk::new();
    desk.save(CODE, &slip(CODE, 4, "", ""));
    desk.build().expect(0);
    assert!(page(&desk).contains("Không có chương trình theo dõi"));
    let changed = |text: &str| text.split("data-doi=\"").nth(1).unwrap()[..25].to_owned();
    let first = changed(&page(&desk));
    let mut watcher = desk.command(&["watch", "--interval", "1", "--settle", "100"]);
    let mut child = watcher.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let until = |what: &str, holds: &dyn Fn() -> bool| {
        let start = Instant::now();
        while !holds() {
            assert!(start.elapsed() < Duration::from_secs(30), "waited in vain: {what}");
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    until("a sign of life", &|| page(&desk).contains("Chương trình theo dõi đang chạy"));
    assert_eq!(changed(&page(&desk)), first, "what the page says is not newer by that");
    let running = |desk: &Desk| desk.run(&["--json", "status"]).expect(0).json()["watcher"]["running"].clone();
    assert_eq!(running(&desk), true);
    let times = written(&desk);
    std::thread::sleep(Duration::from_millis(2500));
    assert!(times == written(&desk), "not with every pass");
    let sent = std::process::Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(sent.success() && child.wait().unwrap().success());
    assert!(
        page(&desk).contains("Chương trình theo dõi đã dừng lúc 08:00 ngày 20/11/2026")
            && page(&desk).contains("data-dung=")
    );
    assert_eq!(running(&desk), false);
}
