//! Copies of case files and files with the code of another: findings that name both, never a second case.

use crate::desk::Desk;
use crate::samples::{ISSUE, slip};

const CODE: &str = "KN-2026-0101";

/// Names that sync tools, Explorer, Finder and editors give to a copy of the case's file.
const COPIES: [&str; 10] = [
    "KN-2026-0101 (conflicted copy 2026-11-20)",
    "KN-2026-0101 (MAY-LAN's conflicted copy 2026-11-20)",
    "KN-2026-0101.sync-conflict-20261120-101500-ABCDEFG",
    "KN-2026-0101_conflict-20261120-101500",
    "KN-2026-0101 (bản sao bị xung đột của Lan 2026-11-20)",
    "KN-2026-0101 - Copy",
    "KN-2026-0101 - Copy (2)",
    "KN-2026-0101 (1)",
    "KN-2026-0101 copy 2",
    "Bản sao của KN-2026-0101",
];

#[test]
fn a_copy_is_a_finding_that_names_both() {
    for name in COPIES {
        let desk = Desk::new();
        desk.save(CODE, &slip(CODE, 4, ISSUE, ""));
        desk.save(name, &slip(CODE, 5, ISSUE, ""));
        let run = desk.build().expect(1);
        let found = run.of_code("HS030");
        assert_eq!(found.len(), 1, "{name}: {}", run.out);
        assert!(
            found[0].message.contains(name) && found[0].message.contains("KN-2026-0101.yaml"),
            "{}",
            found[0].message
        );
        assert_eq!(desk.numbers().len(), 1, "{name}: one number");
        assert_eq!(
            desk.names("ho-so").iter().filter(|entry| desk.path("ho-so").join(entry).is_dir()).count(),
            2,
            "{name}"
        );
        // The board counts one case and tells of the copy.
        let page = String::from_utf8(desk.read("ho-so/bang-theo-doi.html")).unwrap();
        assert!(page.contains("1 hồ sơ đang mở") && page.contains("HS030"), "{name}");
        let status = desk.run(&["--json", "status"]).expect(0);
        assert_eq!((status.json()["cases"].as_array().unwrap().len(), status.of_code("HS030").len()), (1, 1), "{name}");
        // The same again writes nothing.
        let again = desk.build().expect(1).json();
        assert!(again["changes"].as_array().unwrap().is_empty(), "{name}: {again}");
        // Gone with its note once the copy is gone.
        desk.remove(&format!("ho-so/{name}.yaml"));
        desk.build().expect(0);
        assert!(!desk.names("ho-so").iter().any(|entry| entry.ends_with(".loi.txt")), "{name}");
    }
}

#[test]
fn a_copy_alone_is_told_too() {
    let desk = Desk::new();
    desk.save("KN-2026-0101 (1)", &slip(CODE, 4, ISSUE, ""));
    let run = desk.build().expect(1);
    assert!(run.of_code("HS030")[0].message.contains("không có trong thư mục"), "{}", run.out);
    assert!(desk.numbers().is_empty());
}

#[test]
fn two_files_with_one_code() {
    // By what it says, by its ending, and by its capitals where the file system tells them apart.
    for name in ["KN-2026-0102.yaml", "ho so cua Lan.yaml", "KN-2026-0101.yml", "kn-2026-0101.yaml"] {
        let desk = Desk::new();
        desk.save(CODE, &slip(CODE, 4, ISSUE, ""));
        desk.write(&format!("ho-so/{name}"), slip(CODE, 5, ISSUE, "").as_bytes());
        if desk.names("ho-so").len() == 1 {
            continue;
        }
        let run = desk.build().expect(1);
        let found = run.of_code("HS031");
        assert_eq!(found.len(), 1, "{name}: {}", run.out);
        assert!(
            found[0].message.contains(name) && found[0].message.contains("KN-2026-0101.yaml"),
            "{}",
            found[0].message
        );
        assert_eq!(desk.numbers().len(), 1, "{name}");
        assert!(!desk.exists("ho-so/KN-2026-0101.loi.txt"), "{name}: nothing is wrong with the case's own file");
        let again = desk.build().expect(1).json();
        assert!(again["changes"].as_array().unwrap().is_empty(), "{name}: {again}");
    }
}

#[test]
fn junk_is_no_case() {
    let desk = Desk::new();
    for name in [
        "~$KN-2026-0101.yaml",
        "._KN-2026-0101.yaml",
        ".syncthing.KN-2026-0101.yaml.tmp",
        "~syncthing~KN-2026-0101.yaml.tmp",
        "KN-2026-0101.yaml.tmp",
        ".KN-2026-0101.yaml.swp",
        "#KN-2026-0101.yaml#",
        "KN-2026-0101.yaml~",
        ".DS_Store",
        "Thumbs.db",
        "desktop.ini",
        "@eaDir/KN-2026-0101.yaml",
        ".stfolder/x.yaml",
    ] {
        desk.write(&format!("ho-so/{name}"), b"ma_ho_so: KN-2026-0101\n");
    }
    let report = desk.build().expect(0).json();
    assert!(report["cases"].as_array().unwrap().is_empty(), "{report}");
}

#[test]
fn a_file_named_with_marks_of_its_own_is_evidence_all_the_same() {
    let desk = Desk::new();
    let text = slip(CODE, 4, "", "").replace(
        "\ntiep_nhan:\n",
        "\ntiep_nhan:\n  tai_lieu:\n    - tep: Ảnh chụp.jpg\n      ten: Ảnh chụp màn hình\n",
    );
    // macOS gives accents as letters of their own.
    desk.write(&format!("ho-so/{CODE}/dinh-kem/A\u{309}nh chu\u{323}p.jpg"), b"x");
    desk.save(CODE, &text);
    let run = desk.build().expect(0);
    assert!(run.of_code("HS114").is_empty() && run.of_code("HS115").is_empty(), "{}", run.out);
    // Capitals alone do not make it another file.
    desk.save(CODE, &text.replace("Ảnh chụp.jpg", "ảnh chụp.JPG"));
    let run = desk.build().expect(0);
    assert!(run.of_code("HS114").is_empty() && run.of_code("HS115").is_empty(), "{}", run.out);
    desk.save(CODE, &text.replace("Ảnh chụp.jpg", "ảnh khác.jpg"));
    let run = desk.build().expect(0);
    assert_eq!((run.of_code("HS114").len(), run.of_code("HS115").len()), (1, 1), "{}", run.out);
}
