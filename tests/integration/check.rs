//! What is wrong with files is told, all at once and with lines; nothing that lies in the folder stops the others.

use crate::desk::{Desk, Run, hoso};
use crate::samples::{ISSUE, slip};

const GOOD: &str = "KN-2026-0101";

fn with_good() -> Desk {
    let desk = Desk::new();
    desk.save(GOOD, &slip(GOOD, 4, ISSUE, ""));
    desk
}

#[test]
fn five_mistakes_are_five_findings_with_their_lines() {
    let desk = Desk::new();
    let text = slip("KN-2026-0102", 4, ISSUE, "")
        .replace("loai: ca_nhan", "loai: nguoi_dan")
        .replace("dien_thoai: 0916", "dien_thoi: 0916")
        .replace("ngay_den: 02/11/2026", "ngay_den: 31/11/2026")
        .replace("so_can_cuoc: \"001178000327\"", "so_can_cuoc: 12345")
        .replace("thuoc_pham_vi: co", "thuoc_pham_vi: ~");
    desk.save("KN-2026-0102", &text);
    let line = |part: &str| text.lines().position(|line| line.contains(part)).unwrap() as u64 + 1;
    let mut expected =
        [line("nguoi_dan"), line("dien_thoi:"), line("31/11/2026"), line("12345"), line("thuoc_pham_vi: ~")];
    expected.sort_unstable();

    let before = desk.tree();
    let run = desk.run(&["--json", "check"]).expect(1);
    let mut found: Vec<u64> = run.findings().iter().map(|finding| finding.line).collect();
    found.sort_unstable();
    assert_eq!(found, expected, "{}", run.out);
    assert_eq!(run.json()["errors"], 5);
    assert!(before == desk.tree(), "check writes nothing");

    let drawn = desk.run(&["check"]).expect(1).out;
    for line in expected {
        assert!(drawn.contains(&line.to_string()), "line {line}: {drawn}");
    }
    desk.build().expect(1);
    let note = String::from_utf8(desk.read("ho-so/KN-2026-0102.loi.txt")).unwrap();
    assert!(note.starts_with('\u{feff}') && note.contains("\r\n"), "for Notepad");
    for line in expected {
        assert!(note.contains(&format!("{line}")), "line {line}: {note}");
    }
}

#[test]
fn faults_of_all_kinds_are_told_in_one_round() {
    let desk = Desk::new();
    let facts = "
xu_ly_ngay:
  bien_ban:
    dia_diem: Quầy số 1

giai_quyet:
  - lan: 2
    phan_hoi:
      dong_y: co
";
    let text = slip("KN-2026-0102", 4, ISSUE, facts)
        .replace("loai: ca_nhan", "loai: nguoi_dan")
        .replace("dien_thoai: 0916", "dien_thoi: 0916")
        .replace("ngay: 03/11/2026", "ngay: 01/11/2026");
    desk.save("KN-2026-0103", &text);
    let line = |part: &str| text.lines().position(|line| line.starts_with(part)).unwrap() as u64 + 1;
    let expected = [
        ("HS006", line("  dien_thoi:")),
        ("HS010", line("  loai: nguoi_dan")),
        ("HS017", line("ma_ho_so:")),
        ("HS101", line("  ngay: 01/11/2026")),
        ("HS103", line("xu_ly_ngay:")),
        ("HS104", line("    phan_hoi:")),
    ];
    for command in ["check", "build"] {
        let run = desk.run(&["--json", command]).expect(1);
        let mut found: Vec<_> = run.findings().into_iter().map(|finding| (finding.code, finding.line)).collect();
        found.sort();
        assert_eq!(found, expected.map(|(code, line)| (code.to_owned(), line)), "{command}: {}", run.out);
    }
    assert_eq!(desk.numbers().len(), 0);
}

#[test]
fn what_only_follows_from_a_fault_is_not_told() {
    let desk = Desk::new();
    // Whether the slip was issued cannot be read, so nothing is said about its having been sent.
    let sent = ISSUE.replace("ban_hanh: co", "ban_han: co") + "  gui:\n    - ngay: 05/11/2026\n      cach: buu_dien\n";
    desk.save("KN-2026-0104", &slip("KN-2026-0104", 4, &sent, ""));
    let run = desk.run(&["--json", "check"]).expect(1);
    let found: Vec<_> = run.findings().into_iter().map(|finding| finding.code).collect();
    assert_eq!(found, ["HS006"], "{}", run.out);
}

/// One odd file beside a good case: a message, exit code 1, the good case built.
#[track_caller]
fn odd(name: &str, code: &str, make: impl FnOnce(&Desk, &str)) -> Run {
    let desk = with_good();
    let path = format!("ho-so/{name}");
    make(&desk, &path);
    let run = desk.build().expect(1);
    assert_eq!(run.of_code(code).len(), 1, "{}", run.out);
    assert!(run.of_code(code)[0].file.contains(name), "{}", run.out);
    assert!(!run.err.contains("panicked"), "{}", run.err);
    assert_eq!(desk.numbers().len(), 1, "the good case goes on");
    let checked = desk.run(&["--json", "check"]).expect(1);
    assert_eq!(checked.of_code(code).len(), 1, "{}", checked.out);
    desk.run(&["check"]).expect(1);
    desk.run(&["--json", "status"]).expect(0).json();
    run
}

#[test]
fn garbage() {
    let noise: Vec<u8> = (0..4096u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    odd("KN-2026-0102.yaml", "HS002", |desk, path| desk.write(path, &noise));
}

#[test]
fn a_file_of_fifty_megabytes() {
    odd("KN-2026-0102.yaml", "HS001", |desk, path| {
        let file = std::fs::File::create(desk.path(path)).unwrap();
        file.set_len(50 << 20).unwrap();
    });
}

#[test]
fn an_alias_bomb() {
    let mut bomb = "ma_ho_so: KN-2026-0102\na0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..10 {
        let before = format!("*a{}, ", level - 1).repeat(9);
        bomb += &format!("a{level}: &a{level} [{}]\n", before.trim_end_matches(", "));
    }
    let desk = with_good();
    desk.save("KN-2026-0102", &bomb);
    let run = desk.build().expect(1);
    assert!(run.findings().iter().any(|f| f.code == "HS004" && f.line == 2), "{}", run.out);
    assert_eq!(desk.numbers().len(), 1);
}

#[test]
fn a_deep_nest() {
    let desk = with_good();
    desk.save(
        "KN-2026-0102",
        &format!("ma_ho_so: KN-2026-0102\ntiep_nhan: {}{}\n", "[".repeat(50_000), "]".repeat(50_000)),
    );
    let run = desk.build().expect(1);
    assert!(run.findings().iter().any(|f| f.file.contains("0102") && f.severity == "error"), "{}", run.out);
    assert_eq!(desk.numbers().len(), 1);
}

#[test]
fn a_folder_named_like_a_case_file() {
    odd("x.yaml", "HS016", |desk, path| std::fs::create_dir(desk.path(path)).unwrap());
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere() {
    odd("KN-2026-0102.yaml", "HS016", |desk, path| {
        std::os::unix::fs::symlink("/nowhere/at/all", desk.path(path)).unwrap();
    });
}

#[cfg(unix)]
#[test]
fn a_pipe_does_not_hang() {
    odd("KN-2026-0102.yaml", "HS016", |desk, path| {
        let made = std::process::Command::new("mkfifo").arg(desk.path(path)).status().unwrap();
        assert!(made.success());
    });
}

#[cfg(unix)]
#[test]
fn a_file_nobody_may_read() {
    use std::os::unix::fs::PermissionsExt;
    let desk = with_good();
    desk.save("KN-2026-0102", &slip("KN-2026-0102", 5, "", ""));
    let path = desk.path("ho-so/KN-2026-0102.yaml");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).unwrap();
    if std::fs::read(&path).is_ok() {
        return; // The superuser may read anything.
    }
    let run = desk.build().expect(1);
    assert_eq!(run.of_code("HS016").len(), 1, "{}", run.out);
    assert_eq!(desk.numbers().len(), 1);
}

#[test]
fn an_empty_file_and_one_that_says_nothing() {
    for text in ["", "# chỉ có ghi chú\n", "chào\n"] {
        let desk = with_good();
        desk.save("KN-2026-0102", text);
        let run = desk.build().expect(1);
        assert!(run.findings().iter().any(|f| f.file.contains("0102") && f.severity == "error"), "{text}: {}", run.out);
        assert_eq!(desk.numbers().len(), 1);
    }
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_are_fine() {
    let desk = Desk::new();
    desk.save(GOOD, &format!("\u{feff}{}", slip(GOOD, 4, ISSUE, "").replace('\n', "\r\n")));
    let run = desk.build().expect(0);
    assert_eq!(run.findings(), [], "{}", run.out);
    assert_eq!(desk.numbers().len(), 1);
}

#[test]
fn every_command_speaks_json() {
    let desk = with_good();
    desk.build().expect(0);
    for args in [
        &["check"][..],
        &["build"],
        &["status"],
        &["explain", GOOD],
        &["deadline", "--from", "2026-11-02", "--days", "5"],
        &["register", "list"],
        &["register", "list", "--book", "tiep-nhan"],
        &["register", "list", "--book", "chuyen-bo-phan"],
        &["register", "verify"],
        &["archive", "list"],
        &["archive", "verify"],
        &["archive", "find", "ai"],
        &["archive", "reindex"],
        &["new"],
    ] {
        desk.run(&[&["--json"], args].concat()).expect(0).json();
    }
    for args in [
        &["explain", "KN-2026-0999"][..],
        &["archive", "extract", "KN-2026-0999"],
        &["archive", "verify", "KN-2026-0999"],
    ] {
        desk.run(&[&["--json"], args].concat()).expect(1).json();
    }
    let nowhere = crate::desk::scratch();
    let run = Run::of(hoso(nowhere.path()).args(["--json", "build"])).expect(1);
    assert!(run.json()["error"].as_str().unwrap().contains("hoso.yaml"), "{}", run.out);
}

#[test]
fn faults_of_the_settings_name_their_lines() {
    let desk = Desk::with_settings(|text| {
        text.replace("  xem_xet: 2 ", "  xem_xet: hai ").replace("cho_yen_giay: 0", "cho_yen: 0")
    });
    let run = desk.run(&["--json", "check"]).expect(1);
    let settings = crate::samples::settings();
    let line = |part: &str| settings.lines().position(|line| line.contains(part)).unwrap() as u64 + 1;
    let mut found: Vec<u64> = run.findings().iter().map(|finding| finding.line).collect();
    found.sort_unstable();
    assert_eq!(found, [line("  xem_xet: 2"), line("cho_yen_giay")], "{}", run.out);
}

#[test]
fn a_folder_that_is_away_is_told_and_nothing_is_removed() {
    let desk = with_good();
    desk.build().expect(0);
    std::fs::rename(desk.path("ho-so"), desk.path("away")).unwrap();
    let before = desk.tree();
    let run = desk.build().expect(1);
    assert_eq!(run.of_code("HS512").len(), 1, "{}", run.out);
    assert!(before == desk.tree());
    std::fs::rename(desk.path("away"), desk.path("ho-so")).unwrap();
    assert!(desk.build().expect(0).json()["changes"].as_array().unwrap().is_empty());
}
