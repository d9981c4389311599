//! The archive's index against what lies in the folder and against itself: files written over, strangers, copies, damage.

use std::time::Duration;

use hoso::catalogue::Catalogue;
use hoso::workspace::{Clock, Workspace};

use crate::desk::{Desk, TODAY};
use crate::dispose::{ID, PERSONAL, approved, holding, later};
use crate::find::{archive, codes, find, lay};
use crate::samples::{REJECTED, REJECTED_ZIP as ZIP, closed};
use crate::serve::Served;

const INDEX: &str = ".hoso/tra-cuu.sqlite";

/// A workspace into whose archive somebody laid a dossier of another one.
fn stranger() -> Desk {
    let (desk, bytes) = (Desk::new(), closed().read(ZIP));
    std::fs::create_dir_all(desk.path("archive/2026")).unwrap();
    desk.write(ZIP, &bytes);
    desk
}

/// Old enough that another change shows in the stamp.
fn settle() {
    std::thread::sleep(Duration::from_millis(250));
}

#[test]
fn a_file_written_over_in_its_place_is_taken_up_when_it_is_found() {
    let desk = archive();
    settle();
    assert_eq!(codes(&desk, &["hường"]).len(), 3);
    // As a tool does that writes into the same file: the folder shows nothing.
    lay(&desk, "KN-2026-0001", "Phạm Thị Sen", "");
    settle();
    assert_eq!(codes(&desk, &["“thi huong”"]), ["KN-2026-0002"], "what was found is no longer what it was");
    assert_eq!(codes(&desk, &["sen"]), ["KN-2026-0001"]);
    desk.write("archive/2026/KN-2026-0002.zip", b"no dossier at all");
    settle();
    let run = desk.run(&["--json", "archive", "find", "“thi huong”"]).expect(0);
    assert_eq!((run.json()["total"].clone(), run.of_code("HS411").len()), (0.into(), 1));
}

#[test]
fn once_a_day_all_files_are_compared() {
    let desk = archive();
    settle();
    codes(&desk, &["thi"]);
    lay(&desk, "KN-2026-0001", "Phạm Thị Sen", "");
    settle();
    assert_eq!(codes(&desk, &["sen"]), [""; 0], "nothing that was found has changed");
    let index = rusqlite::Connection::open(desk.path(INDEX)).unwrap();
    let before = |seconds: i64| {
        let sql = "UPDATE fact SET value = CAST(CAST(value AS INTEGER) - ?1 AS TEXT) WHERE name = 'compared'";
        assert_eq!(index.execute(sql, [seconds]).unwrap(), 1);
    };
    before(3600);
    assert_eq!(codes(&desk, &["sen"]), [""; 0]);
    before(24 * 3600);
    assert_eq!(codes(&desk, &["sen"]), ["KN-2026-0001"]);
    // Of a clock that was set back.
    lay(&desk, "KN-2026-0001", "Phạm Thị Lan", "");
    settle();
    before(-7200);
    assert_eq!(codes(&desk, &["lan"]), ["KN-2026-0001"]);
}

/// Bytes of the index changed here and there, from its third page on.
fn spoil(desk: &Desk, sound: &[u8], step: usize) {
    let mut bytes = sound.to_vec();
    bytes.iter_mut().skip(2 * 4096).step_by(step).for_each(|byte| *byte ^= 0xff);
    desk.write(INDEX, &bytes);
}

#[test]
fn damage_of_any_kind_makes_the_index_anew() {
    let desk = archive();
    settle();
    let expected = find(&desk, &["thi"]);
    let sound = desk.read(INDEX);
    for step in [97, 53, 199, 401] {
        spoil(&desk, &sound, step);
        let run = desk.run(&["archive", "find", "thi"]).expect(0);
        for english in ["invalid", "utf", "malformed", "fts5", "database", "error"] {
            assert!(!run.err.to_lowercase().contains(english), "{step}: {}", run.err);
        }
        assert_eq!(find(&desk, &["thi"]), expected, "every {step}th byte");
    }
    spoil(&desk, &sound, 97);
    let served = Served::on(&desk);
    assert!(served.get("/?q=thi").expect(200).text().contains("Tìm thấy 3 hồ sơ"));
}

#[test]
fn a_broken_index_keeps_nothing_from_being_forgotten() {
    let desk = archive();
    settle();
    codes(&desk, &["thi"]);
    let sound = desk.read(INDEX);
    let workspace = Workspace::open(desk.root(), Clock::on(TODAY.parse().unwrap()), 1).unwrap();
    for step in [97, 53, 1009] {
        spoil(&desk, &sound, step);
        Catalogue::forget(&workspace, &["KN-2026-0003".to_owned()]).unwrap();
        assert!(!holding(&desk, &["Trần Thị Hoà", "345678"]).iter().any(|name| name.contains("tra-cuu")), "{step}");
    }

    let desk = approved();
    let sound = desk.read(INDEX);
    spoil(&desk, &sound, 97);
    later(&desk, &["archive", "dispose", "carry-out", ID, "--by", "Đỗ Minh Tuấn"]).expect(0);
    assert_eq!(holding(&desk, &PERSONAL), Vec::<String>::new());
}

#[test]
fn a_dossier_the_journal_does_not_know_is_shown_as_such() {
    let desk = stranger();
    let unknown = "không có trong sổ lưu trữ, không chứng minh được";
    let found = find(&desk, &["oanh"]);
    assert_eq!((&found["hits"][0]["code"], &found["hits"][0]["registered"]), (&REJECTED.into(), &false.into()));
    assert!(desk.run(&["archive", "find", "oanh"]).expect(0).out.contains(unknown));
    assert!(desk.run(&["archive", "find", "oanh", "--csv"]).expect(0).out.contains(unknown));
    let run = desk.run(&["archive", "show", REJECTED]).expect(0);
    assert!(run.err.contains("HS408") && run.err.contains(unknown), "{}", run.err);
    assert!(run.out.contains("KHÔNG CÓ TRONG SỔ LƯU TRỮ"), "{}", run.out);
    let run = desk.run(&["--json", "archive", "extract", REJECTED, "--to", "ra"]).expect(0);
    assert_eq!(run.json()["findings"][0]["code"], "HS408");
    assert!(desk.exists("ra/data/KN-2026-0027.yaml"));
    desk.run(&["archive", "export", REJECTED, "--to", "ra.xml"]).expect(0);
    assert!(String::from_utf8(desk.read("ra.xml")).unwrap().contains("2026-09-10"));
    let log = String::from_utf8(desk.read(".hoso/truy-cap.jsonl")).unwrap();
    assert!(log.lines().all(|line| line.contains("tệp không có trong sổ lưu trữ")), "{log}");
    desk.run(&["archive", "show", REJECTED, "--revision", "2"]).expect(1);

    let served = Served::on(&desk);
    assert!(served.get("/?q=oanh").expect(200).text().contains(unknown));
    assert!(served.get(&format!("/ho-so/{REJECTED}")).expect(200).text().contains(unknown));
    assert_eq!(served.get(&format!("/ho-so/{REJECTED}/1/zip")).expect(200).body, desk.read(ZIP));
    served.get("/ho-so/KN-2026-0099").expect(404);
}

#[test]
fn a_copy_beside_does_not_stand_for_the_file_of_the_journal() {
    let desk = closed();
    std::fs::create_dir_all(desk.path("archive/2027")).unwrap();
    std::fs::copy(desk.path(ZIP), desk.path("archive/2027/ban-sao.zip")).unwrap();
    let run = desk.run(&["--json", "archive", "find", "oanh"]).expect(0);
    let found = run.json();
    assert_eq!((&found["total"], &found["hits"][0]["file"]), (&1.into(), &ZIP.into()));
    assert_eq!(found["hits"][0]["registered"], true);
    let told = run.of_code("HS408");
    assert!(told[0].file == "archive/2027/ban-sao.zip" && told[0].message.contains(ZIP), "{}", run.out);
    // Moved, and not copied: found where it is.
    std::fs::remove_file(desk.path(ZIP)).unwrap();
    let found = find(&desk, &["oanh"]);
    assert_eq!(found["hits"][0]["file"], "archive/2027/ban-sao.zip");
    assert_eq!(found["hits"][0]["registered"], false);
}

#[test]
fn a_copy_of_a_destroyed_dossier_is_told_of_and_not_taken_up() {
    let desk = approved();
    let copy = desk.read("archive/2026/KN-2026-0027-v2.zip");
    later(&desk, &["archive", "dispose", "carry-out", ID, "--by", "Đỗ Minh Tuấn"]).expect(0);
    desk.write("archive/2026/ban-sao.zip", &copy);
    let run = later(&desk, &["--json", "archive", "find", "Kim Oanh"]).expect(0);
    assert_eq!(run.json()["total"], 0, "{}", run.out);
    let told = run.of_code("HS408");
    assert!(told[0].message.contains("đã hủy, còn bản sao ở archive/2026/ban-sao.zip: xóa"), "{}", run.out);
    assert!(!holding(&desk, &PERSONAL).iter().any(|name| name.contains("tra-cuu")));
    let run = later(&desk, &["--json", "archive", "verify"]).expect(1);
    let told = run.of_code("HS408");
    assert!(told[0].message.contains("đã hủy theo HUY-2042-0001"), "{}", run.out);
    // As well from nothing.
    later(&desk, &["archive", "reindex"]).expect(0);
    assert_eq!(later(&desk, &["--json", "archive", "find", "Kim Oanh"]).expect(0).json()["total"], 0);
    // A tombstone is found by the numbers its letters had.
    for number in ["01/TB-ECA", "2/tb-eca"] {
        let found = later(&desk, &["--json", "archive", "find", number]).expect(0).json();
        assert_eq!(found["destroyed"][0]["code"], REJECTED, "{number}: {found}");
    }
    std::fs::remove_file(desk.path("archive/2026/ban-sao.zip")).unwrap();
    assert_eq!(later(&desk, &["--json", "archive", "find", "x"]).expect(0).json()["findings"], serde_json::json!([]));
}
