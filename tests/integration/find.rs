//! Finding dossiers: what is found, in which order, and an index that is never trusted more than the zips.

use std::path::Path;

use hoso::catalogue::Catalogue;
use hoso::dossier::{self, Contents, Source};
use hoso::workspace::{Clock, Workspace};
use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

use crate::desk::{Desk, Run, TODAY};
use crate::numbered;
use crate::samples::{REJECTED, rejected_open, sample};

/// A dossier laid into the archive by hand, as from a restored copy.
pub(crate) fn lay(desk: &Desk, code: &str, name: &str, more: &str) {
    lay_at(&desk.path(&format!("archive/2026/{code}.zip")), code, name, more);
}

fn lay_at(path: &Path, code: &str, name: &str, more: &str) {
    let text = format!("ma_ho_so: {code}\nnguoi_khieu_nai:\n  loai: ca_nhan\n  xung_ho: Bà\n  ten: {name}\n{more}");
    let mut contents = Contents::new(code, 1);
    contents.info.push(("External-Description".into(), format!("Hồ sơ giải quyết khiếu nại của Bà {name}")));
    contents.info.push(("Bagging-Date".into(), "2026-10-05".into()));
    contents.add(&format!("{code}.yaml"), Source::Bytes(text.into_bytes()));
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    dossier::write(path, &contents).unwrap();
}

pub(crate) fn find(desk: &Desk, args: &[&str]) -> Value {
    desk.run(&[&["--json", "archive", "find"], args].concat()).expect(0).json()
}

/// The codes found, in order.
pub(crate) fn codes(desk: &Desk, args: &[&str]) -> Vec<String> {
    let found = find(desk, args);
    found["hits"].as_array().unwrap().iter().map(|hit| hit["code"].as_str().unwrap().to_owned()).collect()
}

/// Four women and a company.
pub(crate) fn archive() -> Desk {
    let desk = Desk::new();
    lay(&desk, "KN-2026-0001", "Nguyễn Thị Hường", "");
    lay(&desk, "KN-2026-0002", "Nguyễn Thị Hương", "luu_ho_so:\n  ngay: 20/10/2026\n");
    lay(&desk, "KN-2026-0003", "Trần Thị Hoà", "  dien_thoai: 0912 345 678\n  so_can_cuoc: \"001085012345\"\n");
    lay(
        &desk,
        "KN-2026-0004",
        "Đặng Thu Thủy",
        "tiep_nhan:\n  ngay_den: 02/09/2026\n  hinh_thuc: email\n  serial_chung_thu: 5404FFFEB7033FB316D672201B8B5A2C\n  noi_dung: Chị Nguyễn Thu Hường bán hàng nói phí gia hạn là 1.200.000 đồng\n",
    );
    desk
}

#[test]
fn a_name_is_found_with_accents_or_without_and_the_exact_one_first() {
    let desk = archive();
    for query in [&["nguyen", "thi", "huong"][..], &["NGUYỄN THỊ HƯỜNG"], &["nguyễn thị hường"], &["huong nguyen thi"]]
    {
        let found = codes(&desk, query);
        assert!(found.contains(&"KN-2026-0001".to_owned()) && found.contains(&"KN-2026-0002".to_owned()), "{query:?}");
    }
    assert_eq!(codes(&desk, &["NGUYỄN THỊ HƯỜNG"]), ["KN-2026-0001", "KN-2026-0002"]);
    assert_eq!(codes(&desk, &["Nguyễn Thị Hương"]), ["KN-2026-0002", "KN-2026-0001"]);
    // Without accents neither is nearer, so the later one stands first.
    assert_eq!(codes(&desk, &["nguyen thi huong"]), ["KN-2026-0002", "KN-2026-0001"]);
    let decomposed: String = "Nguyễn Thị Hường".nfd().collect();
    assert_eq!(codes(&desk, &[&decomposed]), ["KN-2026-0001", "KN-2026-0002"]);
    // The text counts as well, behind the names.
    assert_eq!(codes(&desk, &["nguyễn hường"]), ["KN-2026-0001", "KN-2026-0004", "KN-2026-0002"]);
}

/// Of many, the index itself is asked for the nearest; it must come to the same order.
#[test]
fn the_order_is_the_same_among_many() {
    let desk = archive();
    for n in 0..60 {
        lay(&desk, &format!("KN-2025-{n:04}"), "Nguyễn Thị Hưởng", "");
        lay(&desk, &format!("KN-2024-{n:04}"), "Hường Thị Nguyên", "");
    }
    assert_eq!(find(&desk, &["nguyễn thị hường"])["total"], 122);
    assert_eq!(
        codes(&desk, &["nguyễn thị hường"])[..2],
        ["KN-2026-0001", "KN-2026-0002"],
        "the exact one, then the name, the latest first"
    );
    let found = codes(&desk, &["nguyen thi huong", "--limit", "200"]);
    assert!(found[..62].iter().all(|code| !code.starts_with("KN-2024")), "the words as a name first: {found:?}");
    assert_eq!(codes(&desk, &["nguyễn hường"])[..2], ["KN-2026-0001", "KN-2026-0004"]);
}

#[test]
fn tones_in_either_place_and_letters_with_strokes() {
    let desk = archive();
    for query in ["hoà", "hòa", "HOÀ", "hoa"] {
        assert_eq!(codes(&desk, &[query]), ["KN-2026-0003"], "{query}");
    }
    for query in ["thuỷ", "thủy", "dang thu thuy", "Đặng", "dang"] {
        assert_eq!(codes(&desk, &[query]), ["KN-2026-0004"], "{query}");
    }
}

#[test]
fn numbers_codes_phrases_and_beginnings() {
    let desk = archive();
    for query in ["0912345678", "0912 345 678", "0912.345.678", "+84912345678", "001085012345"] {
        assert_eq!(codes(&desk, &[query]), ["KN-2026-0003"], "{query}");
    }
    for query in [
        "KN-2026-0004",
        "kn20260004",
        "kn 2026 0004",
        "5404fffeb7033fb316d672201b8b5a2c",
        "5404 FFFE B703 3FB3 16D6 7220 1B8B 5A2C",
        "5404fffeb703 3fb316d672201b8b5a2c",
        "54:04:ff:fe:b7:03:3f:b3 16:d6:72:20:1b:8b:5a:2c thu",
        "“phí gia hạn”",
        "thu*",
        "1.200.000",
    ] {
        assert_eq!(codes(&desk, &[query]), ["KN-2026-0004"], "{query}");
    }
    for nothing in ["“gia hạn phí”", "không có ai", "***", "\"\"", "0912345679"] {
        assert_eq!(codes(&desk, &[nothing]), [""; 0], "{nothing}");
    }
    let hit = &find(&desk, &["phi gia han"])["hits"][0];
    assert_eq!(hit["snippet"], "Chị Nguyễn Thu Hường bán hàng nói phí gia hạn là 1.200.000 đồng");
}

#[test]
fn filters_and_orders() {
    let desk = archive();
    let all = |args: &[&str]| codes(&desk, &[&["thi"], args].concat());
    assert_eq!(all(&["--sort", "ten"]), ["KN-2026-0003", "KN-2026-0002", "KN-2026-0001"], "Hoà, Hương, Hường");
    assert_eq!(all(&["--sort", "ngay", "--limit", "1"]), ["KN-2026-0002"], "closed last");
    assert_eq!(find(&desk, &["thi", "--limit", "1"])["total"], 3);
    assert_eq!(all(&["--from", "06/10/2026"]), ["KN-2026-0002"]);
    assert_eq!(all(&["--to", "2026-10-05", "--from", "2026-10-05"]).len(), 2);
    assert_eq!(codes(&desk, &["--channel", "email"]), ["KN-2026-0004"]);
    assert_eq!(codes(&desk, &["--received-from", "02/09/2026", "--received-to", "02/09/2026"]), ["KN-2026-0004"]);
    assert_eq!(codes(&desk, &["--received-to", "01/09/2026"]), [""; 0]);
    assert_eq!(codes(&desk, &["--state", "da-luu"]).len(), 4);
    assert_eq!(codes(&desk, &["--state", "mo-lai"]), [""; 0]);
    for wrong in [&["--channel", "fax"][..], &["--from", "hôm qua"], &["--sort", "x"], &[], &["--limit", "0", "a"]] {
        desk.run(&[&["archive", "find"], wrong].concat()).expect(2);
    }
}

/// A real case and a real batch: what letters say, their numbers, how it ended, where it stands.
#[test]
fn letters_ends_and_states_are_found() {
    let desk = Desk::new();
    crate::samples::lay_evidence(&desk, REJECTED);
    desk.save(REJECTED, &rejected_open());
    desk.build().expect(0);
    desk.save(REJECTED, &sample(REJECTED));
    desk.build().expect(0);
    for args in
        [&["01/TB-ECA"][..], &["1/tb-eca"], &["1tbeca"], &["--end", "tu choi"], &["--class", "15 nam"], &["kim oanh"]]
    {
        assert_eq!(codes(&desk, args), [REJECTED], "{args:?}");
    }
    assert_eq!(codes(&desk, &["02/TB-ECA"]), [""; 0]);
    assert_eq!(find(&desk, &["oanh"])["hits"][0]["letters"], serde_json::json!(["01/TB-ECA"]));
    assert_eq!(codes(&desk, &["Thái Sơn"]), [""; 0], "the office is in every letter");
    // What only the letter says, not the case file.
    assert_eq!(
        codes(&desk, &["“Độc lập - Tự do - Hạnh phúc”"]),
        [""; 0],
        "a form's own words are no words of the letter"
    );
    let args = ["archive", "reopen", REJECTED, "--reason", "khách gửi thêm giấy tờ", "--by", "Đỗ Minh Tuấn"];
    desk.run(&args).expect(0);
    assert_eq!(codes(&desk, &["--state", "mo-lai"]), [REJECTED]);
    let text = sample(REJECTED).replace("  ngay: 22/09/2026", "  ngay: 20/10/2026");
    desk.save(REJECTED, &format!("{text}\nbo_sung:\n  - ngay: 19/10/2026\n    noi_dung: Phiếu gửi hoàn hợp đồng\n"));
    desk.build().expect(0);
    assert_eq!(codes(&desk, &["--state", "mo-lai"]), [""; 0]);
    let found = find(&desk, &["kim oanh"]);
    assert_eq!(
        (found["total"].as_u64(), &found["hits"][0]["version"]),
        (Some(1), &serde_json::json!(2)),
        "one dossier, latest version"
    );
}

#[test]
fn letters_of_a_batch_are_found_in_its_dossier() {
    let desk = numbered::desk(5, None);
    numbered::issue(&desk, &[]).expect(0);
    numbered::seal(&desk).expect(0);
    let rows = numbered::table(5, None);
    let third = rows.lines().nth(3).unwrap().split(',').next().unwrap().to_owned();
    let hit = &find(&desk, &[&third])["hits"][0];
    assert_eq!((hit["code"].as_str(), hit["letters"].as_array().unwrap().len()), (Some(numbered::JOB), 5), "{third}");
}

/// The index must say the same however it came about.
#[test]
fn an_index_that_is_lost_broken_or_old_is_made_anew() {
    let desk = archive();
    let expected = find(&desk, &["thi"]);
    let same = |what: &str, said: &str| {
        let run = desk.run(&["archive", "find", "thi"]).expect(0);
        assert!(run.err.contains(said), "{what}: {}", run.err);
        assert_eq!(find(&desk, &["thi"]), expected, "{what}");
    };
    same("as it is", "");
    std::fs::remove_file(desk.path(".hoso/tra-cuu.sqlite")).unwrap();
    same("removed", "Chưa có chỉ mục");
    desk.write(
        ".hoso/tra-cuu.sqlite",
        b"no index at all, but long enough to be read as the head of one: 0123456789012345678901234567890",
    );
    same("no index", "bị hỏng");
    let sound = desk.read(".hoso/tra-cuu.sqlite");
    for at in [sound.len() / 4, sound.len() / 2, sound.len() - 4096] {
        let mut bytes = sound.clone();
        bytes[at..at + 4096].fill(0xA5);
        desk.write(".hoso/tra-cuu.sqlite", &bytes);
        desk.run(&["archive", "find", "thi"]).expect(0);
        desk.run(&["archive", "reindex"]).expect(0);
        assert_eq!(find(&desk, &["thi"]), expected, "page at {at} written over");
    }
    desk.write(".hoso/tra-cuu.sqlite", &sound[..sound.len() / 2]);
    same("cut short", "bị hỏng");
    desk.write(".hoso/tra-cuu.sqlite", b"");
    same("emptied", "bị hỏng");
    let reindexed = desk.run(&["--json", "archive", "reindex"]).expect(0).json();
    assert_eq!(reindexed["dossiers"], 4);
    same("made on demand", "");
}

#[test]
fn what_is_put_into_the_archive_or_taken_away_by_hand_is_noticed() {
    let desk = archive();
    assert_eq!(codes(&desk, &["thi"]).len(), 3);
    lay(&desk, "KN-2025-0009", "Phạm Thị Nhài", "");
    assert_eq!(codes(&desk, &["nhai"]), ["KN-2025-0009"]);
    std::fs::create_dir_all(desk.path("archive/2025")).unwrap();
    std::fs::rename(desk.path("archive/2026/KN-2025-0009.zip"), desk.path("archive/2025/KN-2025-0009.zip")).unwrap();
    assert_eq!(find(&desk, &["nhai"])["hits"][0]["file"], "archive/2025/KN-2025-0009.zip");
    // Another dossier under the same name, by renaming, as a restore does.
    lay_at(&desk.path("moi.zip"), "KN-2025-0009", "Phạm Thị Sen", "");
    std::fs::rename(desk.path("moi.zip"), desk.path("archive/2025/KN-2025-0009.zip")).unwrap();
    assert_eq!((codes(&desk, &["sen"]).len(), codes(&desk, &["nhai"]).len()), (1, 0));
    std::fs::remove_dir_all(desk.path("archive/2025")).unwrap();
    assert_eq!(codes(&desk, &["sen"]), [""; 0]);
    // What is set aside or being written is no dossier.
    std::fs::copy(desk.path("archive/2026/KN-2026-0001.zip"), desk.path("archive/2026/KN-2026-0001.zip.chua-dang-1"))
        .unwrap();
    std::fs::copy(desk.path("archive/2026/KN-2026-0001.zip"), desk.path("archive/2026/.KN-2026-0001.zip.hoso-tmp"))
        .unwrap();
    assert_eq!(find(&desk, &["hường"])["total"], 3);
}

#[test]
fn a_dossier_that_cannot_be_read_is_told_until_it_can() {
    let desk = archive();
    let sound = desk.read("archive/2026/KN-2026-0003.zip");
    desk.write("archive/2026/KN-2026-0003.zip", &sound[..sound.len() / 2]);
    let run = desk.run(&["--json", "archive", "find", "thi"]).expect(0);
    let told = run.of_code("HS411");
    assert_eq!((told.len(), told[0].file.as_str()), (1, "archive/2026/KN-2026-0003.zip"));
    assert_eq!(run.json()["total"], 2, "the others are found");
    let run = desk.run(&["archive", "find", "thi"]).expect(0);
    assert!(run.err.contains("HS411") && run.err.contains("KN-2026-0003.zip"), "{}", run.err);
    desk.run(&["archive", "reindex"]).expect(1);
    desk.write("archive/2026/KN-2026-0003.zip", &sound);
    assert_eq!(desk.run(&["--json", "archive", "find", "hoà"]).expect(0).json()["total"], 1);
}

/// Only the folders are loaded for it: forms, style and faces take longer than the search.
#[test]
fn looking_something_up_needs_no_forms() {
    let desk = archive();
    desk.write("forms/phieu-tiep-nhan.xml", b"<van-ban>");
    desk.build().expect(1);
    assert_eq!(codes(&desk, &["hường"]).len(), 3);
    desk.run(&["archive", "reindex"]).expect(0);
}

#[test]
fn several_may_search_while_the_index_is_made() {
    let desk = archive();
    let runs: Vec<Run> = std::thread::scope(|scope| {
        let search = || desk.run(&["--json", "archive", "find", "thi"]);
        let threads: Vec<_> = (0..6).map(|_| scope.spawn(search)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    for run in runs {
        assert_eq!(run.expect(0).json()["total"], 3);
    }
}

#[test]
fn the_list_for_a_spreadsheet_and_words_in_an_old_code_page() {
    let desk = archive();
    let run = desk.run(&["archive", "find", "thủy", "--csv"]).expect(0);
    assert!(run.out.starts_with("\u{feff}Mã hồ sơ,"), "{}", run.out);
    let mut reader = csv::Reader::from_reader(run.out.as_bytes());
    assert_eq!(reader.headers().unwrap().get(2), Some("Người khiếu nại"));
    let row = reader.records().next().unwrap().unwrap();
    assert_eq!((row.get(0), row.get(2), row.get(8)), (Some("KN-2026-0004"), Some("Đặng Thu Thủy"), Some("02/09/2026")));
    let run = desk.run(&["archive", "find", "C«ng ty"]).expect(1);
    assert!(run.err.contains("TCVN3") && run.err.contains("Công ty"), "{}", run.err);
}

/// For disposal: nothing of the name may be left in the index's file.
#[test]
fn what_is_forgotten_is_gone_from_the_file() {
    let desk = archive();
    assert_eq!(codes(&desk, &["Hoà"]), ["KN-2026-0003"]);
    let held = |word: &str| {
        let names = desk.names(".hoso").into_iter().filter(|name| name.starts_with("tra-cuu"));
        let mut files = names.map(|name| desk.read(&format!(".hoso/{name}")));
        files.any(|bytes| bytes.windows(word.len()).any(|window| window == word.as_bytes()))
    };
    // Words with the same beginning are kept as what they end with.
    assert!(held("345678") && held("Trần Thị Hoà") && held("Đặng Thu Thủy"));
    let today = TODAY.parse().unwrap();
    std::fs::remove_file(desk.path("archive/2026/KN-2026-0003.zip")).unwrap();
    let workspace = Workspace::open(desk.root(), Clock::on(today), 1).unwrap();
    Catalogue::forget(&workspace, &["KN-2026-0003".to_owned()]).unwrap();
    for word in ["345678", "Trần Thị Hoà", "Trần", "001085012345"] {
        assert!(!held(word), "{word}");
    }
    assert!(held("Đặng Thu Thủy"));
    assert_eq!(codes(&desk, &["Hoà"]), [""; 0]);
    assert_eq!(codes(&desk, &["thuy"]), ["KN-2026-0004"]);
}
