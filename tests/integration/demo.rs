//! What a stranger sees: the demo, the help, exit codes.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::SystemTime;

use crate::desk::{Desk, Run, hoso, scratch, tree_of};

/// Every file below `dir` with its bytes and the time it was last written.
fn listing(dir: &Path) -> BTreeMap<String, (Vec<u8>, SystemTime)> {
    let tree = tree_of(dir);
    let time = |name: &str| std::fs::metadata(dir.join(name)).unwrap().modified().unwrap();
    tree.into_iter().map(|(name, bytes)| (name.clone(), (bytes, time(&name)))).collect()
}

#[test]
fn a_second_demo_changes_no_file_and_says_so() {
    let dir = scratch();
    let mut command = hoso(dir.path());
    let first = Run::of(command.arg("demo").env_remove("HOME")).expect(0);
    for kind in [
        "phiếu tiếp nhận",
        "văn bản trả lời",
        "biên bản",
        "phiếu chuyển",
        "archive/2026/KN-2026-0021.zip",
        "20/11/2026",
    ] {
        assert!(first.out.contains(kind), "{kind}: {}", first.out);
    }
    let before = listing(&dir.path().join("demo"));
    let second = Run::of(hoso(dir.path()).arg("demo")).expect(0);
    assert!(second.out.contains("Không có gì thay đổi"), "{}", second.out);
    assert!(before == listing(&dir.path().join("demo")));
    let json = Run::of(hoso(dir.path()).args(["--json", "demo"])).expect(0).json();
    assert!(json["report"]["changes"].as_array().unwrap().is_empty() && json["archive"].as_array().unwrap().len() >= 3);

    // The other way to name the folder.
    let outside = scratch();
    let again = Run::of(hoso(outside.path()).arg("-C").arg(dir.path()).arg("demo")).expect(0);
    assert!(again.out.contains("Không có gì thay đổi") && tree_of(outside.path()).is_empty(), "{}", again.out);

    let demo = dir.path().join("demo");
    for args in [["register", "verify"], ["archive", "verify"]] {
        Run::of(hoso(&demo).args(["--today", "2026-11-20"]).args(args)).expect(0);
    }
    let status = Run::of(hoso(&demo).args(["--today", "2026-11-20", "status", "--late"])).expect(0);
    assert!(status.out.contains("KN-2026-0040") && status.out.contains("TRỄ HẠN"), "{}", status.out);
}

/// Whether Windows and SMB take this name of a file or folder, and old programs too.
fn is_legal(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().to_uppercase();
    let numbered = ["COM", "LPT"].iter().any(|device| {
        stem.strip_prefix(device).is_some_and(|number| number.len() == 1 && number.bytes().all(|b| b.is_ascii_digit()))
    });
    name.len() < 120
        && name.bytes().all(|b| b.is_ascii_graphic() && !b"<>:\"/\\|?*".contains(&b))
        && !name.ends_with('.')
        && !numbered
        && !["CON", "PRN", "AUX", "NUL"].contains(&stem.as_str())
}

#[test]
fn every_name_the_program_makes_is_legal_on_windows() {
    assert!(is_legal("2026-11-20_05-TB-ECA_x.pdf") && !is_legal("con.pdf") && !is_legal("a?.txt") && !is_legal("ảnh"));
    let dir = scratch();
    Run::of(hoso(dir.path()).arg("demo")).expect(0);
    let demo = dir.path().join("demo");
    Run::of(hoso(&demo).args(["--today", "2026-11-20", "history", "restore", "KN-2026-0042", "1"])).expect(0);
    // What staff name themselves.
    let theirs = ["dinh-kem/", "da-ky/", "quy-dinh/"];
    let made: Vec<String> =
        tree_of(&demo).into_keys().filter(|name| !theirs.iter().any(|folder| name.contains(folder))).collect();
    assert!(made.len() > 100, "{}", made.len());
    for name in &made {
        assert!(name.split('/').filter(|part| !part.is_empty()).all(is_legal), "{name}");
    }
}

#[test]
fn a_demo_cut_short_begins_again_and_takes_nothing_of_others() {
    let dir = scratch();
    let whole = Run::of(hoso(dir.path()).args(["demo", "whole"])).expect(0);
    assert!(!whole.out.is_empty());
    for at in [1, 2, 40, 300, 700] {
        let name = format!("cut-{at}");
        let killed = Run::of(hoso(dir.path()).args(["--jobs", "1", "demo", &name]).env("HOSO_KILL_AT", at.to_string()));
        assert_eq!(killed.code(), None, "{at}");
        if at > 1 {
            Run::of(hoso(dir.path()).args(["demo", &name])).expect(0);
            assert!(tree_of(&dir.path().join("whole")) == tree_of(&dir.path().join(&name)), "{at}");
        }
    }

    let desk = Desk::new();
    desk.save("KN-2026-0101", &crate::samples::slip("KN-2026-0101", 4, "", ""));
    let before = desk.tree();
    Run::of(hoso(desk.root()).args(["demo", "."])).expect(1);
    assert!(before == desk.tree(), "a workspace is not a demo");
    let other = scratch();
    std::fs::write(other.path().join("letter.txt"), "mine").unwrap();
    Run::of(hoso(other.path()).args(["demo", "."])).expect(1);
    assert_eq!(tree_of(other.path()).len(), 1);
}

#[test]
fn deadline_works_anywhere() {
    let dir = scratch();
    let deadline = |more: &[&str]| {
        let args = ["deadline", "--from", "2025-12-30", "--days", "5", "--json"];
        Run::of(hoso(dir.path()).args(args).args(more)).expect(0).json()
    };
    for more in [&[][..], &["--swaps", "follow"]] {
        let follow = deadline(more);
        let keys: Vec<&String> = follow.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["from", "days", "end", "counted", "skipped"]);
        assert_eq!(
            (&follow["from"], &follow["days"], &follow["end"]),
            (&"2025-12-30".into(), &5.into(), &"2026-01-08".into())
        );
        let counted = ["2025-12-31", "2026-01-05", "2026-01-06", "2026-01-07", "2026-01-08"];
        assert_eq!(follow["counted"], serde_json::json!(counted));
        let skipped: Vec<&str> =
            follow["skipped"].as_array().unwrap().iter().map(|s| s["date"].as_str().unwrap()).collect();
        assert_eq!(skipped, ["2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04"]);
        assert!(follow["skipped"].as_array().unwrap().iter().all(|s| !s["reason"].as_str().unwrap().is_empty()));
    }
    assert_eq!(deadline(&["--swaps", "ignore"])["end"], "2026-01-07");
}

#[test]
fn exit_codes() {
    let dir = scratch();
    let code = |args: &[&str]| Run::of(hoso(dir.path()).args(args)).code();
    assert_eq!(code(&["--version"]), Some(0));
    assert_eq!(code(&["build"]), Some(1), "no workspace");
    assert_eq!(code(&["deadline", "--from", "31/11/2026", "--days", "5"]), Some(2));
    for args in [
        &[][..],
        &["bay"],
        &["build", "--nhanh"],
        &["deadline"],
        &["explain"],
        &["deadline", "--from", "2026-11-20", "--days", "x"],
        &["register"],
    ] {
        let run = Run::of(hoso(dir.path()).args(args)).expect(2);
        assert!(run.out.is_empty() && vietnamese(&run.err), "{args:?}: {}{}", run.out, run.err);
    }
    let epoch = Run::of(hoso(Desk::new().root()).arg("status").env("SOURCE_DATE_EPOCH", "hôm nay")).expect(1);
    assert!(epoch.err.contains("SOURCE_DATE_EPOCH"), "{}", epoch.err);
}

/// Whether nothing in a text is left over from the English of the argument parser.
fn vietnamese(text: &str) -> bool {
    let english = [
        "Usage",
        "Options",
        "Arguments",
        "Commands",
        "Print help",
        "error:",
        "For more information",
        "[default",
        "possible values",
        "required",
        "unexpected",
        "tip:",
    ];
    !text.is_empty() && english.iter().all(|word| !text.contains(word))
}

#[test]
fn help_is_vietnamese() {
    let dir = scratch();
    let verbs: [&[&str]; 56] = [
        &[],
        &["init"],
        &["new"],
        &["check"],
        &["build"],
        &["watch"],
        &["serve"],
        &["status"],
        &["digest"],
        &["deadline"],
        &["explain"],
        &["explain-code"],
        &["schema"],
        &["history"],
        &["history", "restore"],
        &["register"],
        &["register", "list"],
        &["register", "verify"],
        &["register", "void"],
        &["register", "minutes"],
        &["register", "report"],
        &["letter"],
        &["letter", "verify"],
        &["letter", "redact"],
        &["batch", "seal"],
        &["batch", "abandon"],
        &["batch", "list"],
        &["archive"],
        &["archive", "list"],
        &["archive", "find"],
        &["archive", "reindex"],
        &["archive", "show"],
        &["archive", "repair"],
        &["archive", "export"],
        &["archive", "due"],
        &["archive", "hold"],
        &["archive", "hold", "list"],
        &["archive", "hold", "set"],
        &["archive", "hold", "release"],
        &["archive", "dispose"],
        &["archive", "dispose", "list"],
        &["archive", "dispose", "propose"],
        &["archive", "dispose", "approve"],
        &["archive", "dispose", "refuse"],
        &["archive", "dispose", "carry-out"],
        &["archive", "dispose", "certificate"],
        &["archive", "verify"],
        &["archive", "extract"],
        &["archive", "reopen"],
        &["form"],
        &["form", "check"],
        &["form", "preview"],
        &["batch"],
        &["demo"],
        &["completions"],
        &["man"],
    ];
    for verb in verbs {
        let run = Run::of(hoso(dir.path()).args(verb).arg("--help")).expect(0);
        assert!(vietnamese(&run.out), "{verb:?}: {}", run.out);
        assert!(run.out.contains("Cách dùng: hoso"), "{verb:?}: {}", run.out);
        assert!(run.out.contains("-C, --directory <THƯ_MỤC>"), "{verb:?}: {}", run.out);
        insta::with_settings!({ snapshot_path => "snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(format!("help-{}", if verb.is_empty() { "hoso".to_owned() } else { verb.join("-") }), run.out);
        });
    }
    for shell in ["bash", "zsh", "fish", "powershell"] {
        assert!(Run::of(hoso(dir.path()).args(["completions", shell])).expect(0).out.len() > 1000, "{shell}");
    }
    Run::of(hoso(dir.path()).args(["man", "man1"])).expect(0);
    assert!(dir.path().join("man1/hoso-archive-verify.1").exists());
}

#[test]
fn no_color_and_no_terminal_mean_no_escapes() {
    let desk = Desk::new();
    desk.save("KN-2026-0101", "ma_ho_so: KN-2026-0101\nsai: 1\n");
    for args in [&["check"][..], &["status"], &["build"]] {
        let run = Run::of(desk.command(args).env("NO_COLOR", "1"));
        assert!(!run.out.contains('\u{1b}') && !run.err.contains('\u{1b}'), "{}", run.out);
    }
}

#[test]
fn the_clock_can_be_set_from_outside() {
    let desk = Desk::new();
    // 17:30 on 19/11/2026 UTC is half past midnight on the 20th in Hanoi.
    let status = |epoch: &str, args: &[&str]| {
        let run =
            Run::of(hoso(desk.root()).args(args).args(["--json", "status"]).env("SOURCE_DATE_EPOCH", epoch)).expect(0);
        run.json()["today"].as_str().unwrap().to_owned()
    };
    assert_eq!(status("1795109400", &[]), "2026-11-20");
    assert_eq!(status("1795109400", &["--today", "01/02/2026"]), "2026-02-01", "--today comes first");
}

#[test]
fn new_files_have_consecutive_codes_and_are_right() {
    let dir = scratch();
    Run::of(hoso(dir.path()).args(["init", "ban"])).expect(0);
    let desk = dir.path().join("ban");
    let made = listing(&desk);
    assert!(Run::of(hoso(dir.path()).args(["init", "ban"])).expect(0).out.contains("không ghi gì thêm"));
    assert!(made == listing(&desk), "what is there stays");
    let new = |args: &[&str]| Run::of(hoso(&desk).args(["--today", "2026-11-20", "--json", "new"]).args(args));
    assert_eq!(new(&[]).expect(0).json()["code"], "KN-2026-0001");
    assert_eq!(new(&[]).expect(0).json()["code"], "KN-2026-0002");
    assert_eq!(new(&["--code", "KN-2026-0100"]).expect(0).json()["code"], "KN-2026-0100");
    assert_eq!(new(&[]).expect(0).json()["code"], "KN-2026-0101");
    new(&["--code", "KN-2026-0100"]).expect(1);
    let checked = Run::of(hoso(&desk).args(["--today", "2026-11-20", "--json", "check"])).expect(0).json();
    assert_eq!(
        (&checked["files"], &checked["errors"], &checked["warnings"]),
        (&4.into(), &0.into(), &0.into()),
        "{checked}"
    );
    // From a folder below, and from outside with -C.
    Run::of(hoso(&desk.join("ho-so")).args(["--today", "2026-11-20", "build"])).expect(0);
    Run::of(hoso(dir.path()).args(["-C", "ban", "--today", "2026-11-20", "build"])).expect(0);
}

#[test]
fn several_clerks_at_once_get_several_codes() {
    let desk = Desk::new();
    let clerks: Vec<_> =
        (0..4).map(|_| desk.command(&["new"]).stdout(std::process::Stdio::null()).spawn().unwrap()).collect();
    for mut clerk in clerks {
        assert!(clerk.wait().unwrap().success());
    }
    let files: Vec<String> = desk.names("ho-so").into_iter().filter(|name| name.ends_with(".yaml")).collect();
    assert_eq!(files, ["KN-2026-0001.yaml", "KN-2026-0002.yaml", "KN-2026-0003.yaml", "KN-2026-0004.yaml"]);
}
