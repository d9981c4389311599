//! What lies where no journal accounts for it: letters that were stored and never issued, copies laid by people.

use std::io::Write;

use crate::desk::{Desk, Run, scratch};
use crate::dispose::{ID, approved, holding, kept_with, later};
use crate::numbered;
use crate::samples::{REJECTED, lay_evidence, rejected_open};

/// The step of `build` that has this name in the log of steps, counted from 1.
fn step(desk: &Desk, name: &str) -> usize {
    let (copy, log) = (desk.copy(), scratch());
    let file = log.path().join("log");
    Run::of(copy.command(&["--jobs", "1", "build"]).env("HOSO_KILL_LOG", &file));
    let steps = std::fs::read_to_string(file).unwrap();
    let at = steps.lines().position(|line| line.ends_with(&format!("\t{name}")));
    at.unwrap_or_else(|| panic!("{name}: {steps}")) + 1
}

/// A letter is stored and the program killed before its number is entered; the clerk mends the name, and another letter is issued.
#[test]
fn a_letter_that_was_stored_and_never_issued_goes_with_the_next_disposal() {
    let typo = "Lương Thị Kim Oánh";
    let desk = Desk::new();
    lay_evidence(&desk, REJECTED);
    desk.save(REJECTED, &rejected_open().replace("Lương Thị Kim Oanh", typo));
    let at = step(&desk, "issue: original stored");
    let killed = Run::of(desk.command(&["--jobs", "1", "build"]).env("HOSO_KILL_AT", at.to_string()));
    assert_eq!(killed.code(), None, "{}", killed.out);
    assert_eq!((desk.names(".hoso/goc").len(), desk.numbers().len()), (1, 0));
    let snapshots = |desk: &Desk| holding(desk, &[typo]).into_iter().filter(|name| name.contains("ban-chup")).count();
    assert_eq!(snapshots(&desk), 1);
    let orphan = desk.names(".hoso/goc")[0].clone();

    let desk = kept_with(desk);
    assert!(desk.exists(&format!(".hoso/goc/{orphan}")) && snapshots(&desk) == 1);
    // Originals of another letter, which is still kept, are none of these.
    let other = "KN-2026-0101";
    desk.save(other, &crate::samples::slip(other, 4, crate::samples::ISSUE, ""));
    desk.build().expect(0);
    later(&desk, &["archive", "dispose", "propose", "--by", "Vũ Thị Mai"]).expect(0);
    later(&desk, &["archive", "dispose", "approve", ID, "--by", "Phạm Văn Lộc"]).expect(0);
    later(&desk, &["archive", "dispose", "carry-out", ID, "--by", "Đỗ Minh Tuấn"]).expect(0);
    assert!(!desk.exists(&format!(".hoso/goc/{orphan}")), "{:?}", desk.names(".hoso/goc"));
    assert_eq!(desk.names(".hoso/goc").len(), 1);
    assert_eq!(holding(&desk, &["Lương Thị Kim"]), Vec::<String>::new());
    later(&desk, &["register", "verify"]).expect(0);
}

/// A batch that is made but not sealed is in no entry yet: its letters of cases stay, and nobody sweeps while it is being made.
#[test]
fn letters_of_an_unfinished_batch_are_no_orphans() {
    let desk = kept_with(numbered::desk(3, Some(2)));
    let before = desk.names(".hoso/goc");
    numbered::issue(&desk, &[]).expect(0);
    let of_batch: Vec<String> = desk.names(".hoso/goc").into_iter().filter(|name| !before.contains(name)).collect();
    assert_eq!(of_batch.len(), 1);
    later(&desk, &["archive", "dispose", "propose", "--by", "Vũ Thị Mai"]).expect(0);
    later(&desk, &["archive", "dispose", "approve", ID, "--by", "Phạm Văn Lộc"]).expect(0);
    let journal = desk.read(".hoso/luu-tru.jsonl");
    let carry_out = ["archive", "dispose", "carry-out", ID, "--by", "Đỗ Minh Tuấn"];
    {
        let shard = std::fs::File::open(desk.path(&format!(".hoso/loat/{}.khoa", numbered::JOB))).unwrap();
        shard.lock_shared().unwrap();
        let busy = later(&desk, &carry_out).expect(1);
        assert!(busy.err.contains("đang được làm"), "{}", busy.err);
        assert_eq!(desk.read(".hoso/luu-tru.jsonl"), journal);
    }
    later(&desk, &carry_out).expect(0);
    assert_eq!(desk.names(".hoso/goc"), of_batch);
    numbered::seal(&desk).expect(0);
    desk.run(&["register", "verify"]).expect(0);
}

/// Copies of the dossier in the archive and of its case file among the others: the disposal leaves it, and names them to the person
/// at the machine, not in the journal. A copy that is the dossier byte for byte goes with it.
#[test]
fn copies_laid_by_people_stop_the_disposal_unless_they_are_the_dossier() {
    let desk = approved();
    let zip = desk.read("archive/2026/KN-2026-0027.zip");
    let case = rejected_open();
    let inside = desk.path("lay-ra");
    Run::of(&mut desk.command(&["archive", "extract", REJECTED, "--to", inside.to_str().unwrap()])).expect(0);
    let info = std::fs::read(inside.join("bag-info.txt")).unwrap();
    std::fs::remove_dir_all(&inside).unwrap();
    let packed = foreign_zip(&[("ho so cu/bag-info.txt", &info), ("ho so cu/don.pdf", b"%PDF-")]);
    let laid: [(&str, &[u8]); 8] = [
        ("archive/2027/luu lai.zip", &packed),
        ("archive/Ban sao KN-2026-0027.pdf", b"%PDF-"),
        ("archive/cu/kn-2026-0027/don.pdf", b"%PDF-"),
        ("archive/hong.zip", b"PK\x03\x04 hong"),
        ("ho-so/Copy of KN-2026-0027.yaml", case.as_bytes()),
        ("ho-so/_moi/x.yaml", case.as_bytes()),
        ("ho-so/ghi chu Kim Oanh.txt", case.as_bytes()),
        ("ho-so/KN-2026-0101/dinh-kem/cu.yaml", case.as_bytes()),
    ];
    for (name, bytes) in laid {
        let desk = desk.copy();
        desk.write(name, bytes);
        let run = later(&desk, &["--json", "archive", "dispose", "carry-out", ID, "--by", "Đỗ Minh Tuấn"]);
        assert_eq!(run.code(), Some(1), "{name}: {}\n{}", run.out, run.err);
        let left = &run.json()["left"][0];
        assert_eq!((&left["code"], &left["files"]), (&REJECTED.into(), &serde_json::json!([name])));
        assert!(desk.exists(name) && desk.read("archive/2026/KN-2026-0027.zip") == zip, "{name}");
        let journal = String::from_utf8(desk.read(".hoso/luu-tru.jsonl")).unwrap();
        assert!(journal.contains("có 1 tệp có thể là bản sao") && !journal.contains("Kim Oanh"), "{name}: {journal}");
    }
    // Not in the way: other codes, another case's evidence that is called so.
    let others: [(&str, &[u8]); 3] = [
        ("archive/KN-2026-00271.zip.txt", b"x"),
        ("ho-so/KN-2026-0101/dinh-kem/KN-2026-0027.pdf", b"%PDF-"),
        ("archive/ghi chu.txt", b"x"),
    ];
    let same = ["archive/KN-2026-0027.zip", "archive/2030/luu.zip"];
    for (name, bytes) in others {
        desk.write(name, bytes);
    }
    for name in same {
        desk.write(name, &zip);
    }
    let run = later(&desk, &["archive", "dispose", "carry-out", ID, "--by", "Đỗ Minh Tuấn"]).expect(0);
    assert!(run.out.contains("Đã hủy 1 hồ sơ"), "{}", run.out);
    assert!(!same.iter().any(|name| desk.exists(name)) && others.iter().all(|(name, _)| desk.exists(name)));
}

/// What a pass kept of a copy under another name, which was taken away since.
#[test]
fn the_history_of_a_copy_goes_too() {
    let desk = Desk::new();
    lay_evidence(&desk, REJECTED);
    desk.save(REJECTED, &rejected_open());
    desk.build().expect(0);
    desk.write("ho-so/ban nhap.yaml", rejected_open().as_bytes());
    desk.build().expect(1);
    desk.remove("ho-so/ban nhap.yaml");
    assert!(desk.exists(".hoso/lich-su/ban nhap/danh-sach.jsonl"));
    let desk = kept_with(desk);
    later(&desk, &["archive", "dispose", "propose", "--by", "Vũ Thị Mai"]).expect(0);
    later(&desk, &["archive", "dispose", "approve", ID, "--by", "Phạm Văn Lộc"]).expect(0);
    later(&desk, &["archive", "dispose", "carry-out", ID, "--by", "Đỗ Minh Tuấn"]).expect(0);
    assert_eq!(desk.names(".hoso/lich-su"), Vec::<String>::new());
}

/// A zip as other programs pack one.
fn foreign_zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}
