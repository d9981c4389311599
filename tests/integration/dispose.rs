//! Disposal: in steps, by two people, stopped by a hold, and nothing of a person is left anywhere.

use crate::desk::{Desk, Run};
use crate::numbered;
use crate::samples::{REJECTED, lay_evidence, rejected_open, sample};

/// The day of the disposal: what was closed in 2026 is kept to the end of 2041.
pub(crate) const LATER: &str = "2042-01-05";
pub(crate) const ID: &str = "HUY-2042-0001";

/// What the case file says of its complainant, and a person the reason for a replacement names.
pub(crate) const PERSONAL: [&str; 6] =
    ["Lương Thị Kim Oanh", "001178000327", "Nhà thuốc Tâm An", "0916 000 327", "7a10 22f4 0001 93be", "Kim Oanh"];

/// A dossier with two versions, a replaced letter, a history, a file that came back, an index and a log.
fn kept() -> Desk {
    kept_with(Desk::new())
}

/// The same in a workspace that is there already.
pub(crate) fn kept_with(desk: Desk) -> Desk {
    lay_evidence(&desk, REJECTED);
    desk.save(REJECTED, &rejected_open());
    desk.build().expect(0);
    let replaced = rejected_open().replace(
        "  ban_hanh: co\n",
        "  ban_hanh: co\n  thay_the:\n    - so: 1\n      ngay: 10/09/2026\n      hinh_thuc: thay_the\n      ly_do: Ghi sai tên bà Kim Oanh\n",
    );
    desk.save(REJECTED, &replaced);
    desk.build().expect(0);
    let closing = sample(REJECTED);
    let closing = format!("{replaced}{}", &closing[closing.find("luu_ho_so:").unwrap()..]);
    desk.save(REJECTED, &closing);
    desk.build().expect(0);
    assert!(desk.exists("archive/2026/KN-2026-0027.zip"));
    // The same file comes back, then one with news: a second version.
    desk.save(REJECTED, &closing);
    desk.build().expect(0);
    assert_eq!(desk.names("ho-so/_da-luu").len(), 1);
    let again = closing.replace("  ngay: 22/09/2026", "  ngay: 20/10/2026");
    desk.save(REJECTED, &format!("{again}\nbo_sung:\n  - ngay: 19/10/2026\n    noi_dung: Phiếu gửi hoàn hợp đồng\n"));
    desk.build().expect(0);
    assert!(desk.exists("archive/2026/KN-2026-0027-v2.zip"));
    desk.run(&["archive", "find", "Oanh"]).expect(0);
    let paper = "dinh-kem/don-khieu-nai.pdf";
    desk.run(&["archive", "extract", REJECTED, paper, "--to", "../ra Kim Oanh"]).expect(0);
    std::fs::remove_dir_all(desk.path("../ra Kim Oanh")).unwrap();
    desk
}

/// Approved and not carried out, for the tests of disturbance.
pub(crate) fn approved() -> Desk {
    let desk = kept();
    later(&desk, &["archive", "dispose", "propose", "--by", "Vũ Thị Mai"]).expect(0);
    later(&desk, &["archive", "dispose", "approve", ID, "--by", "Phạm Văn Lộc"]).expect(0);
    desk
}

pub(crate) fn later(desk: &Desk, args: &[&str]) -> Run {
    Run::of(&mut desk.command_on(LATER, args))
}

/// Files that hold one of the words, by name, as bytes or in a packed entry.
pub(crate) fn holding(desk: &Desk, words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (name, bytes) in desk.tree() {
        if ["lich/", "forms/", "hoso.yaml", "quy-dinh/"].iter().any(|own| name.starts_with(own)) {
            continue;
        }
        let text = String::from_utf8_lossy(&bytes);
        if words.iter().any(|word| text.contains(word) || name.contains(word)) {
            found.push(name);
        }
    }
    found
}

#[test]
fn nothing_of_a_person_is_left_anywhere() {
    let desk = approved();
    // Plain files that name her, so that their absence says something; packed ones are asked for by name below.
    let before = holding(&desk, &PERSONAL);
    for part in [".hoso/tra-cuu.sqlite", ".hoso/ban-chup/", ".hoso/truy-cap.jsonl", "ho-so/_da-luu/"] {
        assert!(before.iter().any(|name| name.starts_with(part)), "{part}: {before:?}");
    }
    assert!(!before.iter().any(|name| name.ends_with(".jsonl") && !name.contains("truy-cap")), "{before:?}");
    let run = later(&desk, &["archive", "dispose", "carry-out", ID, "--by", "Đỗ Minh Tuấn"]).expect(0);
    assert!(run.out.contains("Đã hủy 1 hồ sơ"), "{}", run.out);
    assert_eq!(holding(&desk, &PERSONAL), Vec::<String>::new());
    let packed: Vec<String> = desk
        .tree()
        .into_keys()
        .filter(|name| {
            [".pdf", ".gz", ".zip", ".eml"].iter().any(|ending| name.ends_with(ending)) && !name.starts_with("forms/")
        })
        .collect();
    assert_eq!(packed, Vec::<String>::new());
    assert!(!desk.tree().keys().any(|name| name.starts_with("ho-so/") && name.contains("0027")));

    // What is left proves itself and is found by its code alone.
    later(&desk, &["register", "verify"]).expect(0);
    later(&desk, &["archive", "verify"]).expect(0);
    let found = later(&desk, &["--json", "archive", "find", "kn 2026 0027"]).expect(0).json();
    assert_eq!((&found["total"], &found["destroyed"][0]["code"]), (&0.into(), &REJECTED.into()));
    assert_eq!(
        later(&desk, &["--json", "archive", "find", "Kim Oanh"]).expect(0).json()["destroyed"],
        serde_json::json!([])
    );
    let all = later(&desk, &["--json", "archive", "find", "--state", "da-huy"]).expect(0).json();
    assert_eq!(all["destroyed"][0]["disposal"], ID);
    let shown = later(&desk, &["archive", "show", REJECTED]).expect(1);
    assert!(shown.err.contains("đã hủy ngày 05/01/2042 theo HUY-2042-0001"), "{}", shown.err);
    let book = later(&desk, &["--json", "register", "list"]).expect(0).json();
    assert_eq!(book.as_array().unwrap().len(), 2);
    for row in book.as_array().unwrap() {
        assert_eq!((&row["noi_nhan"], &row["ten_loai_trich_yeu"]), (&"".into(), &"Thông báo từ chối".into()));
        assert!(row["ghi_chu"].as_str().unwrap().ends_with("Hồ sơ KN-2026-0027, đã hủy theo HUY-2042-0001"), "{row}");
    }
    // Neither the code nor a number is ever used again.
    desk.save(REJECTED, &rejected_open());
    let report = desk.build().expect(1);
    assert_eq!(report.of_code("HS435").len(), 1, "{}", report.out);
    later(&desk, &["archive", "hold", "set", REJECTED, "--name", "a", "--reason", "b", "--by", "c"]).expect(1);
    later(&desk, &["archive", "reopen", REJECTED, "--reason", "b", "--by", "c"]).expect(1);
}

#[test]
fn no_step_is_skipped_and_a_hold_in_between_stops_it() {
    let desk = kept();
    let dispose = |args: &[&str]| later(&desk, &[&["archive", "dispose"], args].concat());
    // Nothing is over yet, and a day ahead is refused.
    desk.run(&["archive", "dispose", "propose", "--by", "Vũ Thị Mai"]).expect(1);
    let ahead = desk.run(&["archive", "dispose", "propose", "--as-of", "2042-01-05", "--by", "Vũ Thị Mai"]).expect(1);
    assert!(ahead.err.contains("chưa đến"), "{}", ahead.err);
    dispose(&["propose", "--by", "Vũ Thị Mai", "--pdf", "danh-muc.pdf"]).expect(0);
    assert!(desk.read("danh-muc.pdf").starts_with(b"%PDF-"));
    desk.remove("danh-muc.pdf");
    // In another proposal it may not stand as well.
    assert!(dispose(&["propose", REJECTED, "--by", "Vũ Thị Mai"]).expect(1).err.contains(ID));
    let zip = desk.read("archive/2026/KN-2026-0027.zip");
    let early = dispose(&["carry-out", ID, "--by", "Đỗ Minh Tuấn"]).expect(1);
    assert!(early.err.contains("chờ phê duyệt"), "{}", early.err);
    // The proposer under another spelling is still the proposer.
    assert!(dispose(&["approve", ID, "--by", "vu thi  MAI"]).expect(1).err.contains("phải là người khác"));
    dispose(&["certificate", ID]).expect(1);
    dispose(&["approve", ID, "--by", "Phạm Văn Lộc"]).expect(0);
    dispose(&["approve", ID, "--by", "Phạm Văn Lộc"]).expect(1);
    let why = ["--name", "vụ án 12/2041", "--reason", "Tòa án yêu cầu", "--by", "Lê Thị Thu"];
    later(&desk, &[&["archive", "hold", "set", REJECTED], &why[..]].concat()).expect(0);
    let stopped = dispose(&["carry-out", ID, "--by", "Đỗ Minh Tuấn"]).expect(1);
    assert!(stopped.out.contains("KN-2026-0027: đang tạm dừng hủy (vụ án 12/2041)"), "{}", stopped.out);
    assert_eq!(desk.read("archive/2026/KN-2026-0027.zip"), zip);
    let certificate = dispose(&["--json", "certificate", ID]).expect(0).json();
    assert_eq!((&certificate["state"], &certificate["left"][0]["code"]), (&"giu_lai".into(), &REJECTED.into()));
    assert!(stopped.out.contains("không hủy hồ sơ nào") && !stopped.out.contains("Đã hủy"), "{}", stopped.out);
    dispose(&["certificate", ID, "--pdf", "giu-lai.pdf"]).expect(0);
    let paper = crate::letter::words_of(&desk.read("giu-lai.pdf"));
    assert!(
        paper.contains("BIÊN BẢN GIỮ LẠI HỒ SƠ ĐÃ ĐỀ NGHỊ HỦY") && !paper.contains("đã thực hiện việc hủy"),
        "{paper}"
    );
    desk.remove("giu-lai.pdf");
    assert_eq!(certificate["dossiers"][0]["destroyed"], serde_json::Value::Null);
    // Carried out is carried out: what was left needs a proposal of its own.
    dispose(&["carry-out", ID, "--by", "Đỗ Minh Tuấn"]).expect(1);
    dispose(&["propose", REJECTED, "--by", "Vũ Thị Mai"]).expect(1);
    later(&desk, &[&["archive", "hold", "release", REJECTED], &why[..]].concat()).expect(0);
    let second = "HUY-2042-0002";
    assert_eq!(dispose(&["--json", "propose", "--by", "Vũ Thị Mai"]).expect(0).json()["id"], second);
    dispose(&["refuse", second, "--reason", "xem lại danh mục", "--by", "Phạm Văn Lộc"]).expect(0);
    dispose(&["approve", second, "--by", "Phạm Văn Lộc"]).expect(1);
    let third = "HUY-2042-0003";
    dispose(&["propose", "--by", "Vũ Thị Mai"]).expect(0);
    dispose(&["approve", third, "--by", "Phạm Văn Lộc"]).expect(0);
    // Somebody at work on a file that carries the code.
    desk.write("ho-so/KN-2026-0027/dinh-kem/moi.txt", b"moi");
    assert!(dispose(&["carry-out", third, "--by", "Đỗ Minh Tuấn"]).expect(1).out.contains("còn tệp đang dùng"));
    std::fs::remove_dir_all(desk.path("ho-so/KN-2026-0027")).unwrap();
    let fourth = "HUY-2042-0004";
    dispose(&["propose", "--by", "Vũ Thị Mai"]).expect(0);
    dispose(&["approve", fourth, "--by", "Phạm Văn Lộc"]).expect(0);
    dispose(&["carry-out", fourth, "--by", "Đỗ Minh Tuấn"]).expect(0);
    let digest = hoso::fs::sha256(&zip);
    let csv = dispose(&["certificate", fourth, "--csv"]).expect(0).out;
    assert!(csv.starts_with("\u{feff}Số TT,"), "{csv}");
    assert!(csv.contains(&format!("1,KN-2026-0027,1,{digest},{},05/01/2042 08:00", zip.len())), "{csv}");
    dispose(&["certificate", fourth, "--pdf", "bien-ban.pdf"]).expect(0);
    let made = desk.read("bien-ban.pdf");
    desk.remove("bien-ban.pdf");
    dispose(&["certificate", fourth, "--pdf", "bien-ban.pdf"]).expect(0);
    assert_eq!(desk.read("bien-ban.pdf"), made);
    assert_eq!(dispose(&["--json", "list"]).expect(0).json().as_array().unwrap().len(), 4);
    later(&desk, &["archive", "verify"]).expect(0);
    dispose(&["approve", "HUY-2042-0009", "--by", "x"]).expect(1);
}

/// A batch's dossier holds letters of a case: it goes first, and without it the case stays.
#[test]
fn letters_in_a_batch_keep_their_case_until_the_batch_goes() {
    let desk = numbered::desk(2, Some(2));
    numbered::issue(&desk, &[]).expect(0);
    numbered::seal(&desk).expect(0);
    desk.build();
    assert!(desk.exists(&format!("archive/2026/{}.zip", numbered::JOB)));
    let journal = String::from_utf8(desk.read(".hoso/so-dang-ky.jsonl")).unwrap();
    assert!(journal.contains("niem_phong") && !journal.contains("addressee"), "{journal}");
    later(&desk, &["archive", "dispose", "propose", numbered::JOB, "--by", "Vũ Thị Mai"]).expect(0);
    later(&desk, &["archive", "dispose", "approve", ID, "--by", "Phạm Văn Lộc"]).expect(0);
    later(&desk, &["archive", "dispose", "carry-out", ID, "--by", "Đỗ Minh Tuấn"]).expect(0);
    assert_eq!(desk.names(".hoso/loat"), Vec::<String>::new());
    later(&desk, &["register", "verify"]).expect(0);
    let book = later(&desk, &["register", "list"]).expect(0).out;
    assert!(book.contains("danh sách văn bản không còn"), "{book}");
}

/// A workspace that is no trial: nothing is destroyed, held or let go for a made-up day.
#[test]
fn a_made_up_day_destroys_nothing_where_work_is_done() {
    let desk = approved();
    let settings = String::from_utf8(desk.read("hoso.yaml")).unwrap();
    let for_work = settings.lines().filter(|line| !line.starts_with("thu_nghiem")).collect::<Vec<_>>().join("\n");
    desk.write("hoso.yaml", for_work.as_bytes());
    let journal = desk.read(".hoso/luu-tru.jsonl");
    let hold = ["--name", "vụ án 12/2041", "--reason", "Tòa án yêu cầu", "--by", "Lê Thị Thu"];
    for args in [
        vec!["archive", "dispose", "propose", "--by", "Vũ Thị Mai"],
        vec!["archive", "dispose", "approve", ID, "--by", "Đỗ Minh Tuấn"],
        vec!["archive", "dispose", "refuse", ID, "--reason", "xem lại", "--by", "Đỗ Minh Tuấn"],
        vec!["archive", "dispose", "carry-out", ID, "--by", "Đỗ Minh Tuấn"],
        [&["archive", "hold", "set", REJECTED], &hold[..]].concat(),
        [&["archive", "hold", "release", REJECTED], &hold[..]].concat(),
    ] {
        let refused = later(&desk, &args).expect(1);
        assert!(refused.err.contains("ngày giả định") && refused.err.contains("thu_nghiem: co"), "{}", refused.err);
        let by_variable = Run::of(crate::desk::hoso(desk.root()).args(&args).env("SOURCE_DATE_EPOCH", "2272492800"));
        assert_eq!(by_variable.code(), Some(1), "{args:?}: {}", by_variable.out);
    }
    assert_eq!(desk.read(".hoso/luu-tru.jsonl"), journal);
    // By the machine's clock it goes on, and what was dated 2042 before is told.
    Run::of(crate::desk::hoso(desk.root()).args(["archive", "hold", "set", REJECTED]).args(hold)).expect(0);
    let told = Run::of(crate::desk::hoso(desk.root()).args(["--json", "archive", "verify"])).expect(0);
    let backwards = told.of_code("HS308");
    assert_eq!(backwards.len(), 1, "{}", told.out);
    assert_eq!(
        (backwards[0].severity.as_str(), backwards[0].line),
        ("warning", journal.iter().filter(|b| **b == b'\n').count() as u64 + 1)
    );
}

/// What is said in the journal is said for ever.
#[test]
fn words_kept_for_ever_name_nobody() {
    let desk = kept();
    later(&desk, &["archive", "dispose", "propose", "--by", "Vũ Thị Mai"]).expect(0);
    let journal = desk.read(".hoso/luu-tru.jsonl");
    for words in [
        "chị Oanh đề nghị",
        "LƯƠNG THỊ KIM OANH khởi kiện",
        "vụ của bà Kim-Oanh",
        "căn cước 001178-000327",
        "gọi 0916/000.327",
        "đã báo qua x@y.example",
        "gọi 0905 111 222",
    ] {
        for args in [
            vec!["archive", "hold", "set", REJECTED, "--name", "vụ án 1", "--by", "Thu", "--reason", words],
            vec!["archive", "hold", "set", REJECTED, "--reason", "vụ án 1", "--by", "Thu", "--name", words],
            vec!["archive", "reopen", REJECTED, "--by", "Thu", "--reason", words],
            vec!["archive", "dispose", "refuse", ID, "--by", "Thu", "--reason", words],
        ] {
            let refused = later(&desk, &args).expect(1);
            assert!(refused.err.contains("mãi mãi"), "{args:?}: {}", refused.err);
        }
    }
    assert_eq!(desk.read(".hoso/luu-tru.jsonl"), journal);
    let words = "theo văn bản 12/TA ngày 05/11/2041, vụ án 12/2041";
    later(&desk, &["archive", "hold", "set", REJECTED, "--name", "vụ án 12/2041", "--by", "Thu", "--reason", words])
        .expect(0);
    later(&desk, &["archive", "dispose", "refuse", ID, "--by", "Thu", "--reason", words]).expect(0);
    later(&desk, &["archive", "reopen", REJECTED, "--by", "Thu", "--reason", words]).expect(0);
}
