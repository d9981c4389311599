//! Closing, the dossier, its proof, and coming back.

use std::io::Read as _;

use crate::desk::{Desk, LEFT, Run, scratch, tree_of};
use crate::samples::{REJECTED, lay_evidence, rejected_open, sample};

const ZIP: &str = "archive/2026/KN-2026-0027.zip";
const FILE: &str = "ho-so/KN-2026-0027.yaml";

/// The rejected case with its evidence, and papers nobody named.
fn ready() -> Desk {
    let desk = Desk::new();
    lay_evidence(&desk, REJECTED);
    desk.write("quy-dinh/quy-trinh.txt", "Quy trình".as_bytes());
    desk.write(&format!("ho-so/{REJECTED}/dinh-kem/ảnh chụp.jpg"), b"picture");
    desk.write(&format!("ho-so/{REJECTED}/dinh-kem/_nhap.bak"), b"looks like a leftover");
    desk.write(&format!("ho-so/{REJECTED}/ghi-am.mp3"), b"in no folder");
    desk.save(REJECTED, &rejected_open());
    desk.build().expect(0);
    desk
}

fn closed() -> Desk {
    let desk = ready();
    desk.save(REJECTED, &sample(REJECTED));
    let run = desk.build().expect(0);
    assert!(desk.exists(ZIP), "{}", run.out);
    desk
}

/// The case with late papers and a new day of closing.
fn with_supplement() -> String {
    let text = sample(REJECTED).replace("  ngay: 22/09/2026", "  ngay: 20/10/2026");
    format!("{text}\nbo_sung:\n  - ngay: 19/10/2026\n    noi_dung: Phiếu gửi hoàn hợp đồng\n")
}

/// Entries of a zip with their bytes, by name.
fn entries(desk: &Desk, zip: &str) -> std::collections::BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(desk.read(zip))).unwrap();
    (0..archive.len())
        .map(|at| {
            let mut entry = archive.by_index(at).unwrap();
            let name = entry.name().unwrap().into_owned();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            (name, bytes)
        })
        .collect()
}

#[test]
fn a_dossier_holds_everything() {
    let desk = ready();
    let evidence = tree_of(&desk.path(&format!("ho-so/{REJECTED}")));
    let letter = desk.read("ho-so/KN-2026-0027/van-ban/2026-09-10_01-TB-ECA_thong-bao-tu-choi.pdf");
    desk.save(REJECTED, &sample(REJECTED));
    let run = desk.build().expect(0);
    assert!(!run.of_code("HS115").is_empty(), "papers nobody named are told: {}", run.out);
    assert_eq!(run.json()["cases"][0]["closed"], ZIP);

    let entries = entries(&desk, ZIP);
    let data =
        |name: &str| entries.get(&format!("KN-2026-0027/data/{name}")).or_else(|| entries.get(&format!("data/{name}")));
    let has = |name: &str| data(name).unwrap_or_else(|| panic!("{name} not among {:#?}", entries.keys())).clone();
    assert_eq!(has("KN-2026-0027.yaml"), sample(REJECTED).into_bytes());
    assert_eq!(has("van-ban/2026-09-10_01-TB-ECA_thong-bao-tu-choi.pdf"), letter);
    for (name, bytes) in evidence.iter().filter(|(name, _)| !name.ends_with('/') && !name.starts_with("du-thao")) {
        assert_eq!(&has(name), bytes, "{name}");
    }
    assert_eq!(has("cau-hinh/hoso.yaml"), crate::samples::settings().into_bytes());
    assert_eq!(has("quy-dinh/quy-trinh.txt"), "Quy trình".as_bytes());
    assert!(has("bia-ho-so.pdf").starts_with(b"%PDF") && has("muc-luc.pdf").starts_with(b"%PDF"));
    assert!(String::from_utf8(has("muc-luc.csv")).unwrap().contains("01/TB-ECA"));
    for line in String::from_utf8(has("su-kien.jsonl")).unwrap().lines() {
        let event: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(event["eventType"].is_string() && event["eventDateTime"].is_string(), "{line}");
    }
    assert!(entries.keys().any(|name| name.contains("/ban-chup/") && name.ends_with(".json")));
    for name in ["bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt"] {
        assert!(entries.keys().any(|entry| entry.ends_with(name)), "{name}");
    }

    assert!(!desk.exists(FILE) && !desk.exists("ho-so/KN-2026-0027") && !desk.exists("ho-so/.dang-dong"));
    assert_eq!(desk.names("ho-so"), LEFT, "nothing is left but blank files and board, no note either");
    let listed = desk.run(&["--json", "archive", "list"]).expect(0).json();
    assert_eq!(listed.as_array().unwrap().len(), 1);
    let again = desk.build().expect(0).json();
    assert!(again["changes"].as_array().unwrap().is_empty());
    desk.run(&["register", "verify"]).expect(0);
}

/// Papers with the names of the program's own parts, and things that are no files.
#[cfg(unix)]
#[test]
fn papers_named_like_our_own_give_way() {
    let desk = ready();
    let folder = format!("ho-so/{REJECTED}");
    for name in ["muc-luc.csv", "su-kien.jsonl", "KN-2026-0027.yaml", "cau-hinh/hoso.yaml", "a:b?.txt"] {
        desk.write(&format!("{folder}/{name}"), format!("paper {name}").as_bytes());
    }
    let made =
        std::process::Command::new("mkfifo").arg(desk.path(&format!("{folder}/dinh-kem/pipe"))).status().unwrap();
    assert!(made.success());
    desk.save(REJECTED, &sample(REJECTED));
    desk.build().expect(0);
    let entries = entries(&desk, ZIP);
    for name in ["muc-luc.csv", "su-kien.jsonl", "KN-2026-0027.yaml", "cau-hinh/hoso.yaml", "a:b?.txt"] {
        let paper = format!("paper {name}").into_bytes();
        assert!(entries.values().any(|bytes| *bytes == paper), "{name} not among {:#?}", entries.keys());
        let own = entries.iter().find(|(entry, _)| entry.ends_with(&format!("data/{name}")));
        assert!(own.is_none_or(|(_, bytes)| *bytes != paper), "{name} is ours");
    }
    desk.run(&["archive", "verify"]).expect(0);
}

#[test]
fn a_flipped_bit_anywhere_is_found_and_named() {
    let desk = closed();
    desk.run(&["archive", "verify"]).expect(0);
    desk.run(&["archive", "verify", REJECTED]).expect(0);
    let bytes = desk.read(ZIP);
    let last = bytes.len() - 1;
    let pdf = bytes.windows(5).position(|window| window == b"%PDF-").unwrap();
    for at in (0..24).map(|n| last * n / 23).chain([pdf + 2]) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x10;
        desk.write(ZIP, &damaged);
        let run = desk.run(&["--json", "archive", "verify"]).expect(1);
        let found = run.findings();
        assert!(found.iter().all(|f| f.file.contains("KN-2026-0027.zip")), "{at}: {}", run.out);
        if at == pdf + 2 {
            assert!(found.iter().any(|f| f.message.contains(".pdf")), "the entry is named: {}", run.out);
        }
    }
    desk.write(ZIP, &bytes[..bytes.len() / 2]);
    desk.run(&["archive", "verify"]).expect(1);
    desk.remove(ZIP);
    let run = desk.run(&["--json", "archive", "verify", REJECTED]).expect(1);
    assert_eq!(run.of_code("HS407").len(), 1, "{}", run.out);
    desk.write(ZIP, &bytes);
    desk.run(&["archive", "verify"]).expect(0);
    desk.write("archive/2026/KN-2026-0999.zip", &bytes);
    assert_eq!(desk.run(&["--json", "archive", "verify"]).expect(1).of_code("HS408").len(), 1);
}

#[test]
fn the_same_file_put_back_is_set_aside() {
    let desk = closed();
    desk.save(REJECTED, &sample(REJECTED));
    let run = desk.build().expect(0);
    assert_eq!(run.of_code("HS430").len(), 1, "{}", run.out);
    assert!(!desk.exists(FILE));
    assert_eq!(desk.read("ho-so/_da-luu/KN-2026-0027.yaml"), sample(REJECTED).into_bytes());
    // A second time beside the first.
    desk.save(REJECTED, &sample(REJECTED));
    desk.build().expect(0);
    assert_eq!(desk.names("ho-so/_da-luu").len(), 2);
    assert_eq!(desk.names("archive/2026"), ["KN-2026-0027.zip"]);
}

#[test]
fn a_changed_file_put_back_without_new_facts_is_told_and_left() {
    let desk = closed();
    let text = sample(REJECTED).replace("Kim Oanh", "Kim Anh");
    desk.save(REJECTED, &text);
    let run = desk.build().expect(1);
    assert_eq!(run.of_code("HS431").len(), 1, "{}", run.out);
    assert_eq!(desk.read(FILE), text.into_bytes());
    assert_eq!(desk.names("archive/2026"), ["KN-2026-0027.zip"]);
    assert_eq!(desk.numbers().len(), 1);
}

#[test]
fn late_papers_make_a_second_version_beside_the_first() {
    let desk = closed();
    let first = desk.read(ZIP);
    desk.save(REJECTED, &with_supplement());
    desk.write(&format!("ho-so/{REJECTED}/dinh-kem/hoan-hop-dong.pdf"), b"%PDF late");
    desk.build().expect(0);
    assert_eq!(desk.names("archive/2026"), ["KN-2026-0027-v2.zip", "KN-2026-0027.zip"]);
    assert_eq!(desk.read(ZIP), first, "the first stays as it is");
    let second = entries(&desk, "archive/2026/KN-2026-0027-v2.zip");
    for name in entries(&desk, ZIP).keys().filter(|name| name.contains("/dinh-kem/") || name.contains("/van-ban/")) {
        let name = name.replace("KN-2026-0027-v1", "KN-2026-0027-v2");
        assert!(second.contains_key(&name), "{name} not among {:#?}", second.keys());
    }
    assert!(second.keys().any(|name| name.ends_with("dinh-kem/hoan-hop-dong.pdf")));
    assert_eq!(desk.names("ho-so"), LEFT);
    desk.run(&["archive", "verify"]).expect(0);
    assert_eq!(desk.numbers().len(), 1, "nothing is issued again");
}

#[test]
fn a_new_complaint_opens_the_next_round() {
    let desk = closed();
    let first = desk.read(ZIP);
    let text =
        rejected_open() + "\nkhieu_nai_lai:\n  - ngay: 19/10/2026\n    noi_dung: Không đồng ý với việc từ chối\n";
    desk.save(REJECTED, &text);
    let run = desk.build().expect(0);
    let report = run.json();
    let case = &report["cases"][0];
    assert_eq!(case["code"], REJECTED, "{}", run.out);
    assert!(!case["assessment"]["actions"].as_array().unwrap().is_empty(), "{}", run.out);
    assert!(desk.exists(FILE) && desk.exists("ho-so/KN-2026-0027/dinh-kem/ảnh chụp.jpg"), "the folder is back");
    assert_eq!(desk.read(FILE), text.into_bytes());
    assert_eq!(desk.names("archive/2026"), ["KN-2026-0027.zip"]);
    assert_eq!(desk.read(ZIP), first);
    let again = desk.build().expect(0).json();
    assert!(again["changes"].as_array().unwrap().is_empty(), "{again}");
}

#[test]
fn reopened_by_command_and_closed_again() {
    let desk = closed();
    let first = desk.read(ZIP);
    let args = ["archive", "reopen", REJECTED, "--reason", "khách gửi thêm giấy tờ", "--by", "Đỗ Minh Tuấn"];
    desk.run(&args).expect(0);
    assert_eq!(desk.read(FILE), sample(REJECTED).into_bytes());
    let tree = desk.tree();
    desk.run(&args).expect(0);
    desk.build().expect(0);
    assert!(desk.exists(FILE), "it does not close again by itself");
    assert_eq!(desk.names("archive/2026"), ["KN-2026-0027.zip"]);
    assert_eq!(desk.tree().get(FILE), tree.get(FILE));
    desk.save(REJECTED, &with_supplement());
    desk.build().expect(0);
    assert_eq!(desk.names("archive/2026"), ["KN-2026-0027-v2.zip", "KN-2026-0027.zip"]);
    assert_eq!(desk.read(ZIP), first);
    desk.run(&["archive", "verify"]).expect(0);
    desk.run(&["archive", "reopen", "KN-2026-0999", "--reason", "x", "--by", "y"]).expect(1);
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    let desk = ready();
    let outside = scratch();
    std::fs::write(outside.path().join("secret.txt"), "SECRET").unwrap();
    let links =
        [("dinh-kem/lien-ket.txt", outside.path().join("secret.txt")), ("dinh-kem/thu-muc", outside.path().to_owned())];
    for (name, to) in links {
        std::os::unix::fs::symlink(to, desk.path(&format!("ho-so/{REJECTED}/{name}"))).unwrap();
    }
    desk.save(REJECTED, &sample(REJECTED));
    let run = desk.build();
    assert!(!run.of_code("HS116").is_empty(), "{}", run.out);
    if desk.exists(ZIP) {
        assert!(entries(&desk, ZIP).iter().all(|(name, bytes)| !name.contains("secret") && bytes != b"SECRET"));
    }
    assert_eq!(std::fs::read_to_string(outside.path().join("secret.txt")).unwrap(), "SECRET", "nor is it removed");
}

#[test]
fn missing_evidence_puts_closing_off() {
    let desk = ready();
    desk.remove(&format!("ho-so/{REJECTED}/dinh-kem/don-khieu-nai.pdf"));
    desk.save(REJECTED, &sample(REJECTED));
    let at = sample(REJECTED).lines().position(|line| line.contains("tep: don-khieu-nai.pdf")).unwrap() as u64 + 1;
    let before = desk.tree();
    let checked = desk.run(&["--json", "check"]).expect(1);
    let status = desk.run(&["--json", "status"]).expect(0);
    assert!(before == desk.tree(), "neither writes anything");
    let run = desk.build().expect(1);
    for run in [&checked, &run] {
        let told: Vec<_> = run.findings().into_iter().filter(|f| f.message.contains("don-khieu-nai.pdf")).collect();
        assert_eq!(told.len(), 1, "once: {}", run.out);
        assert_eq!((told[0].code.as_str(), told[0].severity.as_str(), told[0].line), ("HS432", "error", at));
    }
    let row = &status.json()["cases"][0];
    assert_eq!(row["errors"], 1, "{row}");
    assert_eq!(
        row["assessment"]["actions"][0]["what"],
        "Đưa tệp “don-khieu-nai.pdf” vào thư mục dinh-kem để lưu được hồ sơ"
    );
    let note = String::from_utf8(desk.read(&format!("ho-so/{REJECTED}.loi.txt"))).unwrap();
    assert_eq!(note.matches("“don-khieu-nai.pdf”").count(), 1, "{note}");
    assert!(!desk.exists("archive/2026") && desk.exists(FILE), "{}", run.out);
    desk.write(&format!("ho-so/{REJECTED}/dinh-kem/don-khieu-nai.pdf"), b"%PDF found again");
    desk.build().expect(0);
    assert!(desk.exists(ZIP) && !desk.exists(FILE));
}

/// Kills the closing at each step, saves the file again in another form, as an editor still open would, and goes on.
#[test]
fn a_file_saved_during_closing_is_not_lost() {
    let start = ready();
    start.save(REJECTED, &sample(REJECTED));
    let log = scratch();
    let whole = start.copy();
    Run::of(whole.command(&["build"]).env("HOSO_KILL_LOG", log.path().join("log"))).expect(0);
    let steps = std::fs::read_to_string(log.path().join("log")).unwrap().lines().count();
    let edited = sample(REJECTED).replace("giá 04", "giá 05");
    for at in 1..=steps {
        let desk = start.copy();
        Run::of(desk.command(&["build"]).env("HOSO_KILL_AT", at.to_string()));
        // Through a handle opened before the file was moved, and under its name.
        let aside = desk.path(&format!("ho-so/.dang-dong/{REJECTED}.yaml"));
        let handle = format!("{}# giữ lại\n", sample(REJECTED));
        if aside.exists() {
            std::fs::write(&aside, &handle).unwrap();
        }
        let through_handle = aside.exists();
        desk.save(REJECTED, &edited);
        desk.write(&format!("ho-so/{REJECTED}/dinh-kem/muon.txt"), b"late paper");
        desk.build();
        desk.build();
        let tree = desk.tree();
        let kept = |wanted: &[u8]| {
            let zips = desk.names("archive/2026").into_iter().filter(|name| name.ends_with(".zip"));
            tree.values().any(|bytes| bytes == wanted)
                || zips
                    .map(|name| entries(&desk, &format!("archive/2026/{name}")))
                    .any(|e| e.values().any(|b| b == wanted))
        };
        assert!(kept(edited.as_bytes()), "killed at {at}: the edit is lost; {:#?}", tree.keys());
        assert!(
            !through_handle || kept(handle.as_bytes()),
            "killed at {at}: the handle's edit is lost; {:#?}",
            tree.keys()
        );
        assert!(!desk.exists("ho-so/.dang-dong"), "killed at {at}: something stays hidden; {:#?}", tree.keys());
        assert!(kept(b"late paper"), "killed at {at}: the late paper is lost; {:#?}", tree.keys());
        assert!(kept(b"picture"), "killed at {at}: evidence is lost; {:#?}", tree.keys());
        desk.run(&["archive", "verify"]).expect(0);
        desk.run(&["register", "verify"]).expect(0);
    }
}

#[test]
fn extract_never_overwrites() {
    let desk = closed();
    let out = scratch();
    let to = out.path().join("ra");
    let to = to.to_str().unwrap();
    desk.run(&["archive", "extract", REJECTED, "--to", to]).expect(0);
    let before = tree_of(out.path());
    assert!(before.keys().any(|name| name.ends_with("bagit.txt")), "{:#?}", before.keys());
    std::fs::write(out.path().join("ra/own.txt"), "mine").unwrap();
    let before = tree_of(out.path());
    desk.run(&["archive", "extract", REJECTED, "--to", to]).expect(1);
    assert!(before == tree_of(out.path()));
}

/// Ready to be closed, with room for what goes wrong in between; the dossier as it comes out undisturbed.
fn due() -> Desk {
    let desk = ready();
    desk.save(REJECTED, &sample(REJECTED));
    desk
}

#[test]
fn a_folder_that_cannot_be_listed_drops_no_paper() {
    let whole = closed().read(ZIP);
    for folder in ["dinh-kem", REJECTED, "quy-dinh"] {
        let desk = due();
        let run = Run::of(desk.command(&["--json", "build"]).env("HOSO_FAIL_LISTING", folder)).expect(1);
        assert!(!desk.exists(ZIP) && desk.exists(FILE), "{folder}: {}", run.out);
        let told = run.findings().into_iter().any(|finding| finding.message.contains("bị lỗi đọc ghi"));
        assert!(told, "{folder}: {}", run.out);
        desk.build().expect(0);
        assert_eq!(desk.read(ZIP), whole, "{folder}");
    }
}

#[test]
#[cfg(unix)]
fn a_disk_that_fills_up_while_the_dossier_is_written_loses_nothing() {
    let whole = closed().read(ZIP);
    let blocks = whole.len() / 512;
    let mut stopped = 0;
    for limit in [blocks / 7, blocks / 3, blocks / 2, blocks - 8, blocks - 2, blocks - 1] {
        let desk = due();
        // Beyond so many blocks of 512 bytes no file grows, whoever writes it.
        let script = format!("trap '' XFSZ; ulimit -f {limit}; exec \"$0\" \"$@\"");
        let direct = desk.command(&["build"]);
        let mut limited = std::process::Command::new("sh");
        limited.current_dir(direct.get_current_dir().unwrap()).args(["-c", &script]).arg(direct.get_program());
        limited.args(direct.get_args());
        let run = Run::of(&mut limited);
        assert!(matches!(run.code(), Some(0 | 1)), "{limit} blocks: {run:?}");
        stopped += usize::from(!desk.exists(ZIP));
        desk.build().expect(0);
        assert_eq!(desk.read(ZIP), whole, "{limit} blocks");
    }
    assert!(stopped >= 3, "{stopped}");
}
