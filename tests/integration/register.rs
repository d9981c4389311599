//! `register verify` names what was done to the register and to what hangs on it.

use crate::desk::{Desk, Run};
use crate::samples::{ISSUE, lay_evidence, sample, slip};

fn desk() -> Desk {
    let desk = Desk::new();
    for (code, day) in [("KN-2026-0101", 4), ("KN-2026-0102", 5), ("KN-2026-0103", 6)] {
        desk.save(code, &slip(code, day, ISSUE, ""));
    }
    desk.build().expect(0);
    desk.run(&["register", "verify"]).expect(0);
    desk
}

const JOURNAL: &str = ".hoso/so-dang-ky.jsonl";

fn lines(desk: &Desk) -> Vec<String> {
    String::from_utf8(desk.read(JOURNAL)).unwrap().lines().map(str::to_owned).collect()
}

fn put(desk: &Desk, lines: &[String]) {
    desk.write(JOURNAL, (lines.join("\n") + "\n").as_bytes());
}

/// Verifies and expects findings with these codes among others; nothing may be written by it.
fn verify(desk: &Desk, codes: &[&str]) -> Run {
    let before = desk.tree();
    let run = desk.run(&["--json", "register", "verify"]).expect(1);
    for code in codes {
        assert!(!run.of_code(code).is_empty(), "{code}: {}", run.out);
    }
    assert!(before == desk.tree(), "a proof writes nothing");
    run
}

#[test]
fn an_edited_line() {
    let desk = desk();
    let mut rows = lines(&desk);
    rows[1] = rows[1].replace("Phạm Văn Lộc", "Phạm Văn Lực");
    put(&desk, &rows);
    let run = verify(&desk, &["HS301"]);
    assert!(run.of_code("HS301").iter().any(|f| f.line == 2), "{}", run.out);
    // Nothing is issued over a damaged register, and nothing is repaired in silence.
    desk.save("KN-2026-0104", &slip("KN-2026-0104", 7, ISSUE, ""));
    let before = desk.read(JOURNAL);
    desk.build().expect(1);
    assert_eq!(desk.read(JOURNAL), before);
}

#[test]
fn a_removed_line() {
    let desk = desk();
    let mut rows = lines(&desk);
    rows.remove(1);
    put(&desk, &rows);
    let run = verify(&desk, &["HS302"]);
    assert!(run.of_code("HS302").iter().any(|f| f.line == 2), "{}", run.out);
}

#[test]
fn a_line_cut_off() {
    let desk = desk();
    let mut rows = lines(&desk);
    rows.pop();
    put(&desk, &rows);
    let run = verify(&desk, &["HS303"]);
    assert!(run.of_code("HS303").iter().any(|f| f.line == 3), "{}", run.out);
}

#[test]
fn originals_copies_and_snapshots() {
    let desk = desk();
    let original = desk.names(".hoso/goc").remove(0);
    let path = format!(".hoso/goc/{original}");
    let bytes = desk.read(&path);
    desk.remove(&path);
    verify(&desk, &["HS320"]);
    desk.write(&path, &[&bytes[..bytes.len() - 1], b"x"].concat());
    verify(&desk, &["HS320"]);
    desk.write(&path, &bytes);
    desk.run(&["register", "verify"]).expect(0);

    let letter = "ho-so/KN-2026-0102/van-ban/2026-11-05_02-PTN-ECA_phieu-tiep-nhan.pdf";
    let bytes = desk.read(letter);
    desk.write(letter, &[&bytes[..], b"x"].concat());
    let run = verify(&desk, &["HS322"]);
    assert!(run.of_code("HS322")[0].message.contains("02/PTN-ECA"), "{}", run.out);
    desk.write(letter, &bytes);

    let snapshot = desk.names(".hoso/ban-chup").into_iter().find(|name| name.ends_with(".json")).unwrap();
    let path = format!(".hoso/ban-chup/{snapshot}");
    let text = String::from_utf8(desk.read(&path)).unwrap();
    desk.write(&path, text.replacen("Nguyễn Thị Hường", "Nguyễn Thị Hương", 1).as_bytes());
    verify(&desk, &["HS321"]);
}

#[test]
fn lists_say_the_same_in_every_form() {
    let desk = desk();
    let json = desk.run(&["--json", "register", "list"]).expect(0).json();
    assert_eq!(json.as_array().unwrap().len(), 3);
    let csv = desk.run(&["register", "list", "--csv"]).expect(0).out;
    assert_eq!(csv.lines().count(), 4, "{csv}");
    let text = desk.run(&["register", "list"]).expect(0).out;
    for number in ["01/PTN-ECA", "02/PTN-ECA", "03/PTN-ECA"] {
        assert!(csv.contains(number) && text.contains(number), "{number}");
    }
    for book in ["tiep-nhan", "chuyen-bo-phan"] {
        desk.run(&["--json", "register", "list", "--book", book]).expect(0).json();
    }
    let complaints =
        desk.run(&["--json", "register", "list", "--book", "tiep-nhan", "--year", "2025"]).expect(0).json();
    assert_eq!(complaints.as_array().unwrap().len(), 0);
}

/// Three slips of 4, 5 and 6 November.
#[test]
fn a_book_of_a_period_is_printed_to_be_signed() {
    let desk = desk();
    let count = |args: &[&str]| {
        let run = desk.run(&[&["--json", "register", "list"], args].concat()).expect(0);
        run.json().as_array().map(Vec::len)
    };
    assert_eq!(count(&["--month", "11/2026"]), Some(3));
    assert_eq!(count(&["--month", "2026-10"]), Some(0));
    assert_eq!(count(&["--quarter", "IV/2026"]), Some(3));
    assert_eq!(count(&["--quarter", "3/2026"]), Some(0));
    assert_eq!(count(&["--from", "05/11/2026", "--to", "06/11/2026"]), Some(2));
    assert_eq!(count(&["--from", "06/11/2026", "--to", "05/11/2026"]), Some(2));
    assert_eq!(count(&["--book", "tiep-nhan", "--month", "11/2026"]), Some(3));
    assert_eq!(count(&["--book", "tiep-nhan", "--month", "10/2026"]), Some(0));
    for wrong in [
        &["--month", "11/2026", "--year", "2026"][..],
        &["--from", "05/11/2026"],
        &["--quarter", "5/2026"],
        &["--by", "Vũ Thị Mai"],
        &["--pdf", "so.txt"],
    ] {
        desk.run(&[&["register", "list"], wrong].concat()).expect(2);
    }
    for book in ["van-ban-di", "tiep-nhan", "chuyen-bo-phan"] {
        let file = format!("{book}.pdf");
        let args = ["register", "list", "--book", book, "--month", "11/2026", "--by", "Vũ Thị Mai", "--pdf", &file];
        let said = desk.run(&args).expect(0).out;
        let rows = if book == "chuyen-bo-phan" { "(0 mục, " } else { "(3 mục, " };
        assert!(said.contains(rows), "{said}");
        let bytes = desk.read(&file);
        assert!(bytes.starts_with(b"%PDF"));
        desk.run(&args).expect(1);
        assert!(desk.read(&file) == bytes, "a book that may be signed is not written over");
        desk.remove(&file);
        desk.run(&args).expect(0);
        assert!(desk.read(&file) == bytes, "the same books give the same bytes");
    }
}

/// Three complaints of 2 November, with slips of 4, 5 and 6 November; none of them answered.
#[test]
fn the_report_of_a_period() {
    let desk = desk();
    let report = |args: &[&str]| desk.run(&[&["--json", "register", "report"], args].concat()).expect(0).json();
    let month = report(&["--month", "11/2026"]);
    let counts = serde_json::json!({"open_at_start": 0, "received": 3, "taken_up_again": 0, "answered": 0, "refused": 0, "withdrawn": 0, "open_at_end": 3});
    assert_eq!(month["counts"], counts);
    let later = report(&["--from", "05/11/2026", "--to", "06/11/2026"]);
    assert_eq!((&later["counts"]["open_at_start"], &later["counts"]["received"]), (&3.into(), &0.into()));
    assert_eq!(later["letters"], serde_json::json!([{"kind": "phiếu tiếp nhận", "issued": 2, "withdrawn": 0}]));
    let csv = desk.run(&["register", "report", "--quarter", "IV/2026", "--csv"]).expect(0).out;
    assert!(csv.contains("chung,tất cả,0,3,0,0,0,0,3"), "{csv}");
    let pdf = ["register", "report", "--year", "2026", "--pdf", "bao-cao.pdf", "--by", "Vũ Thị Mai"];
    desk.run(&pdf).expect(0);
    let bytes = desk.read("bao-cao.pdf");
    assert!(bytes.starts_with(b"%PDF"));
    desk.run(&pdf).expect(1);
    desk.remove("bao-cao.pdf");
    desk.run(&pdf).expect(0);
    assert!(desk.read("bao-cao.pdf") == bytes, "the same facts give the same bytes");
    // A file that cannot be read is not passed over in silence.
    desk.save("KN-2026-0102", "ma_ho_so: KN-2026-0102\nla: [");
    let broken = report(&["--month", "11/2026"]);
    assert_eq!((&broken["counts"]["received"], &broken["left_out"]), (&2.into(), &serde_json::json!(["KN-2026-0102"])));
    desk.run(&["register", "report", "--year", "2999"]).expect(1);
    for wrong in [&[][..], &["--month", "11/2026", "--year", "2026"], &["--to", "06/11/2026"]] {
        desk.run(&[&["register", "report"], wrong].concat()).expect(2);
    }
}

#[test]
fn the_book_of_letters_is_in_the_order_of_their_days_whatever_the_series() {
    let desk = Desk::new();
    for code in ["KN-2026-0027", "KN-2026-0051"] {
        desk.save(code, &sample(code));
        lay_evidence(&desk, code);
    }
    desk.build().expect(0);
    let rows = desk.run(&["register", "list", "--json"]).expect(0).json();
    let told = |key: &str| -> Vec<String> {
        let rows = rows.as_array().or_else(|| rows["rows"].as_array()).unwrap();
        rows.iter().map(|row| row[key].as_str().unwrap().to_owned()).collect()
    };
    let (numbers, days) = (told("so_ky_hieu"), told("ngay_van_ban"));
    // The rejection of September before the slip of November, though its series comes later in the alphabet.
    assert_eq!(numbers, ["01/TB-ECA", "01/PTN-ECA"], "{rows}");
    assert!(days.is_sorted(), "{days:?}");
}
