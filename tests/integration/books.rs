//! Books, reports and lists leave out no dossier, whatever became of it: destroyed, missing, damaged, or closed by an older program.

use serde_json::{Value, json};

use crate::desk::{Desk, Run};
use crate::samples::{REJECTED, lay_evidence, sample};

/// Came on 12/08/2026, two transfers of 17/08, agreed to on 15/09.
const AGREED: &str = "KN-2026-0021";
const ZIP: &str = "archive/2026/KN-2026-0021.zip";
const LATER: &str = "2042-01-05";

/// Two closed dossiers and an open case.
fn desk() -> Desk {
    let desk = Desk::new();
    for code in [AGREED, REJECTED, "KN-2026-0036"] {
        lay_evidence(&desk, code);
        desk.save(code, &sample(code));
    }
    desk.build().expect(0);
    desk.build().expect(0);
    assert!(desk.exists(ZIP) && desk.exists("archive/2026/KN-2026-0027.zip"));
    desk
}

fn later(desk: &Desk, args: &[&str]) -> Run {
    Run::of(&mut desk.command_on(LATER, args))
}

fn destroy(desk: &Desk) {
    let id = "HUY-2042-0001";
    for step in [
        &["propose", "--by", "Vũ Thị Mai"][..],
        &["approve", id, "--by", "Phạm Văn Lộc"],
        &["carry-out", id, "--by", "Đỗ Minh Tuấn"],
    ] {
        later(desk, &[&["archive", "dispose"], step].concat()).expect(0);
    }
    assert!(!desk.exists(ZIP));
}

fn book(desk: &Desk, args: &[&str]) -> (Vec<Value>, String) {
    let run = later(desk, &[&["--json", "register", "list", "--book"], args].concat()).expect(0);
    (run.json().as_array().unwrap().clone(), run.err)
}

fn row<'r>(rows: &'r [Value], key: &str, value: &str) -> Vec<&'r Value> {
    rows.iter().filter(|row| row[key] == value).collect()
}

#[test]
fn every_number_given_for_a_transfer_stands_in_its_book() {
    let desk = desk();
    let whole = book(&desk, &["chuyen-bo-phan", "--year", "2026"]);
    assert_eq!((whole.0.len(), whole.1.as_str()), (3, ""));
    let zip = desk.read(ZIP);
    desk.remove(ZIP);
    let (rows, said) = book(&desk, &["chuyen-bo-phan", "--year", "2026", "--pdf", "so.pdf"]);
    assert_eq!(rows.len(), 3, "{rows:?}");
    assert!(said.contains("HS415") && said.contains(AGREED) && said.contains(ZIP), "{said}");
    for (number, unit) in [("01/PC-ECA", "Phòng Kinh doanh"), ("02/PC-ECA", "Phòng Kỹ thuật")] {
        let row = row(&rows, "so_ky_hieu", number)[0];
        assert_eq!((&row["bo_phan"], &row["noi_dung"]), (&json!(unit), &json!("không đọc được hồ sơ lưu")), "{row}");
        assert_eq!((&row["ngay_chuyen"], &row["lan"]), (&json!("2026-08-17"), &json!(1)), "{row}");
    }
    assert!(desk.read("so.pdf").starts_with(b"%PDF-"));
    // The other book says as well that it does not know when these letters went out.
    let (letters, said) = book(&desk, &["van-ban-di", "--month", "8/2026"]);
    assert!(said.contains("HS415"), "{said}");
    assert!(letters.iter().all(|row| row["ky_nhan"] == "không đọc được hồ sơ lưu"), "{letters:?}");
    // A month without a letter of it is complete.
    assert_eq!(book(&desk, &["chuyen-bo-phan", "--month", "10/2026"]).1, "");

    desk.write(ZIP, &zip);
    destroy(&desk);
    let (rows, said) = book(&desk, &["chuyen-bo-phan", "--year", "2026"]);
    assert_eq!((rows.len(), said.as_str()), (3, ""), "what was destroyed as it should be needs nobody's care");
    let row = row(&rows, "so_ky_hieu", "01/PC-ECA")[0];
    let gone = json!("hồ sơ đã hủy theo HUY-2042-0001");
    assert_eq!((&row["bo_phan"], &row["noi_dung"]), (&gone, &gone), "{row}");
}

/// The entry of an older program: without the stretches, the chain made anew.
fn as_of_an_older_program(desk: &Desk) {
    let journal = ".hoso/luu-tru.jsonl";
    let text = String::from_utf8(desk.read(journal)).unwrap();
    let (mut before, mut lines) = ("0".repeat(64), String::new());
    for line in text.lines() {
        let own = line.split("\"truoc\":\"").nth(1).unwrap()[..64].to_owned();
        let mut line = line.replacen(&own, &before, 1);
        if let Some(at) = line.find(",\"cac_dot\":[") {
            let end = at + line[at..].find(']').unwrap();
            line.replace_range(at..=end, "");
        }
        before = hoso::fs::sha256(line.as_bytes());
        lines.push_str(&format!("{line}\n"));
    }
    assert!(lines.len() < text.len(), "{text}");
    let head = format!("{{\"so_dong\":{},\"bam\":\"{before}\"}}\n", text.lines().count());
    for (name, bytes) in [("", &lines), (".dau", &head)] {
        desk.write(&format!("{journal}{name}"), bytes.as_bytes());
        let copy = format!("archive/nhat-ky/luu-tru.jsonl{name}");
        if desk.exists(&copy) {
            desk.write(&copy, bytes.as_bytes());
        }
    }
}

#[test]
fn a_dossier_whose_day_nobody_knows_stands_once_in_the_year() {
    let desk = desk();
    as_of_an_older_program(&desk);
    later(&desk, &["archive", "verify"]).expect(0);
    destroy(&desk);
    for period in [&["--month", "8/2026"][..], &["--quarter", "1/2026"]] {
        let (rows, said) = book(&desk, &[&["tiep-nhan", "--pdf", "so.pdf"], period].concat());
        assert_eq!(row(&rows, "ma_ho_so", AGREED).len(), 0, "{rows:?}");
        assert!(said.contains("còn 02 khiếu nại không rõ ngày đến") && said.contains(AGREED), "{said}");
        desk.remove("so.pdf");
    }
    for (year, count) in [("2025", 0), ("2026", 1), ("2027", 0)] {
        let (rows, said) = book(&desk, &["tiep-nhan", "--year", year]);
        assert_eq!((row(&rows, "ma_ho_so", AGREED).len(), said.as_str()), (count, ""), "{year}");
    }
    let report = later(&desk, &["--json", "register", "report", "--year", "2026"]).expect(0).json();
    assert_eq!((&report["counts"]["received"], &report["left_out"]), (&json!(1), &json!([AGREED, REJECTED])));
    let text = later(&desk, &["register", "report", "--year", "2026"]).expect(0).out;
    assert!(text.contains("không ghi ngày đến, nên không tính: KN-2026-0021, KN-2026-0027."), "{text}");
}

#[test]
fn a_report_counts_what_was_destroyed() {
    let desk = desk();
    let report = || later(&desk, &["--json", "register", "report", "--year", "2026"]).expect(0).json();
    let before = report();
    assert_eq!((&before["counts"]["received"], &before["destroyed"]), (&json!(3), &json!([])));
    let zip = desk.read(ZIP);
    desk.remove(ZIP);
    let missing = later(&desk, &["--json", "register", "report", "--year", "2026"]).expect(0);
    assert!(missing.err.contains("HS415") && missing.err.contains(AGREED), "{}", missing.err);
    let missing = missing.json();
    assert_eq!((&missing["counts"], &missing["unreadable"]), (&before["counts"], &json!([AGREED])));
    desk.write(ZIP, &zip);
    destroy(&desk);
    let after = report();
    assert_eq!(after["counts"], before["counts"]);
    assert_eq!((&after["destroyed"], &after["left_out"]), (&json!([AGREED, REJECTED]), &json!([])));
    for groups in ["by_channel", "by_group", "by_kind"] {
        let groups = after[groups].as_array().unwrap();
        let received: u64 = groups.iter().filter_map(|group| group["received"].as_u64()).sum();
        assert_eq!((received, &groups.last().unwrap()["name"]), (3, &json!("hồ sơ đã hủy")));
    }
    let text = later(&desk, &["register", "report", "--year", "2026", "--pdf", "bao-cao.pdf"]).expect(0).out;
    assert!(text.contains("Hồ sơ đã hủy khi hết thời hạn bảo quản; "), "{text}");
    // A period they were not open in says nothing of them.
    let november = later(&desk, &["--json", "register", "report", "--month", "11/2026"]).expect(0).json();
    assert_eq!(november["destroyed"], json!([]));
}

#[test]
fn a_list_of_dossiers_says_whose_title_it_could_not_read() {
    let desk = desk();
    desk.remove(ZIP);
    let list = ["--json", "archive", "list", "--handover", "2026", "--pdf", "muc-luc.pdf"];
    for args in [&list[..], &["--json", "archive", "list"], &["--json", "archive", "due"]] {
        let run = later(&desk, args).expect(0);
        assert!(run.err.contains("HS415") && run.err.contains(ZIP), "{args:?}: {}", run.err);
        assert!(run.out.contains("(không đọc được hồ sơ lưu)"), "{args:?}: {}", run.out);
    }
}
