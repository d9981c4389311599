//! What is handed out of the archive is what was archived, or it is said that it is not.

use hoso::dossier::{self, Contents, Dossier, Source};

use crate::desk::Desk;
use crate::samples::{REJECTED, REJECTED_ZIP as ZIP, closed, sample};
use crate::serve::Served;

pub(crate) const LETTER: &str = "van-ban/2026-09-10_01-TB-ECA_thong-bao-tu-choi.pdf";

/// What a dossier is written from, read back from its zip.
fn contents(desk: &Desk) -> Contents {
    let mut dossier = Dossier::open(&desk.path(ZIP)).unwrap();
    let mut contents = Contents::new(REJECTED, 1);
    let own = ["External-Identifier", "Hoso-Dossier-Version", "Bag-Software-Agent", "Payload-Oxum"];
    contents.info = dossier.info().unwrap().into_iter().filter(|(label, _)| !own.contains(&label.as_str())).collect();
    for item in dossier.entries().to_vec() {
        if let Some(path) = item.name.strip_prefix("data/") {
            contents.add(path, Source::Bytes(dossier.read(&item.name, 1 << 24).unwrap()));
        }
    }
    contents
}

/// Another letter in the dossier, everything around it made to match: the zip proves itself.
pub(crate) fn forge(desk: &Desk) {
    let mut forged = contents(desk);
    let mut again = Contents::new(REJECTED, 1);
    again.info = std::mem::take(&mut forged.info);
    for (path, source) in forged.files() {
        let changed = Source::Bytes(b"%PDF-1.7 another letter".to_vec());
        again.add(path, if path == LETTER { changed } else { source.clone() });
    }
    dossier::write(&desk.path(ZIP), &again).unwrap();
    assert!(dossier::verify(&desk.path(ZIP)).unwrap().is_empty(), "nothing in the file betrays it");
}

fn log(desk: &Desk) -> String {
    String::from_utf8(desk.read(".hoso/truy-cap.jsonl")).unwrap()
}

#[test]
fn a_forged_dossier_is_shown_as_such_and_handed_out_only_as_such() {
    let desk = closed();
    assert!(desk.run(&["archive", "show", REJECTED]).expect(0).out.contains("đúng như sổ lưu trữ ghi"));
    forge(&desk);
    let (found, _) = hoso::fs::sha256_file(&desk.path(ZIP)).unwrap();

    let shown = desk.run(&["archive", "show", REJECTED]).expect(1);
    assert!(shown.out.contains("KHÔNG PHẢI BẢN ĐÃ LƯU") && shown.out.contains(&found), "{}", shown.out);
    assert!(shown.err.contains("HS406") && shown.err.contains("repair --from"), "{}", shown.err);
    let shown = desk.run(&["--json", "archive", "show", REJECTED]).expect(1).json();
    assert_eq!(shown["findings"][0]["code"], "HS406");

    for args in [
        &["archive", "extract", REJECTED, "--to", "ra"][..],
        &["archive", "extract", REJECTED, LETTER, "--to", "ra"],
        &["archive", "export", REJECTED, "--format", "xml", "--to", "ra"],
        &["archive", "export", REJECTED, "--format", "pdf", "--to", "ra"],
        &["archive", "export", REJECTED, "--format", "aip", "--to", "ra"],
    ] {
        let run = desk.run(args).expect(1);
        for said in ["HS406", REJECTED, "không phải", "archive verify", "repair --from", "--unproved"] {
            assert!(run.err.contains(said), "{args:?}: {}", run.err);
        }
        assert!(!desk.exists("ra"), "{args:?}");
    }
    assert!(!log(&desk).contains("ra ra"), "{}", log(&desk));

    let run = desk.run(&["archive", "extract", REJECTED, "--to", "ra", "--unproved"]).expect(0);
    assert!(run.err.contains("HS406"), "{}", run.err);
    assert!(desk.exists(&format!("ra/data/{LETTER}")));
    desk.run(&["archive", "export", REJECTED, "--to", "ra.xml", "--unproved"]).expect(0);
    let log = log(&desk);
    let last: Vec<&str> = log.lines().rev().take(2).collect();
    assert!(last.iter().all(|line| line.contains("KHÔNG phải bản đã lưu")), "{last:?}");
}

#[test]
fn a_forged_dossier_comes_not_back_as_the_case() {
    let desk = closed();
    forge(&desk);
    let args = ["archive", "reopen", REJECTED, "--reason", "khách gửi thêm giấy tờ", "--by", "Đỗ Minh Tuấn"];
    let run = desk.run(&args).expect(1);
    assert!(run.err.contains("HS406"), "{}", run.err);
    assert_eq!(desk.run(&["--json", "archive", "show", REJECTED]).expect(1).json()["state"], "da_luu");
    assert!(!desk.exists("ho-so/KN-2026-0027.yaml"));
    // By a file with news: told beside it, and the dossier stays closed.
    let again = sample(REJECTED).replace("  ngay: 22/09/2026", "  ngay: 20/10/2026");
    desk.save(REJECTED, &format!("{again}\nbo_sung:\n  - ngay: 19/10/2026\n    noi_dung: Phiếu gửi hoàn hợp đồng\n"));
    let run = desk.build().expect(1);
    assert_eq!(run.of_code("HS406").len(), 1, "{}", run.out);
    assert_eq!(desk.run(&["--json", "archive", "show", REJECTED]).expect(1).json()["state"], "da_luu");
}

#[test]
fn the_officers_page_does_not_hand_out_a_forged_dossier() {
    let desk = closed();
    let served = Served::on(&desk);
    let page = format!("/ho-so/{REJECTED}");
    assert!(served.get(&page).expect(200).text().contains("đúng như sổ lưu trữ ghi"));
    forge(&desk);
    let shown = served.get(&page).expect(200).text();
    assert!(shown.contains("KHÔNG PHẢI BẢN ĐÃ LƯU") && shown.contains("role=\"alert\""), "{shown}");
    assert!(!shown.contains("/zip\"") && !shown.contains("/tep/"), "no way to its files: {shown}");
    for path in ["1/zip", "1/tep/0", "1/tep/5?tai=1"] {
        let refused = served.get(&format!("{page}/{path}")).expect(409).text();
        for said in [REJECTED, "không phải hồ sơ", "archive verify", "repair --from"] {
            assert!(refused.contains(said), "{path}: {refused}");
        }
    }
    assert!(!log(&desk).contains("tải"), "{}", log(&desk));
}

/// What is left of a dossier can be saved: whole entries come out, damaged ones are named.
#[test]
fn what_is_left_of_a_damaged_dossier_is_rescued() {
    let desk = closed();
    let mut bytes = desk.read(ZIP);
    let mut dossier = Dossier::open(&desk.path(ZIP)).unwrap();
    let letter = dossier.read(&format!("data/{LETTER}"), 1 << 24).unwrap();
    let at = bytes.windows(letter.len()).position(|part| part == letter).unwrap();
    bytes[at + 9] ^= 1;
    desk.write(ZIP, &bytes);
    desk.run(&["archive", "extract", REJECTED, "--to", "ra"]).expect(1);
    let run = desk.run(&["--json", "archive", "extract", REJECTED, "--to", "ra", "--unproved"]).expect(0).json();
    assert_eq!(run["findings"][0]["code"], "HS406");
    assert!(run["findings"][1]["message"].as_str().unwrap().contains(LETTER), "{run}");
    assert!(!desk.exists(&format!("ra/data/{LETTER}")) && desk.exists("ra/data/KN-2026-0027.yaml"));
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link_or_into_the_archive() {
    let desk = closed();
    let before = desk.tree();
    let outside = crate::desk::scratch();
    let place = |name: &str| outside.path().join(name).display().to_string();
    std::fs::create_dir_all(place("bi-mat")).unwrap();
    std::fs::create_dir_all(place("ra")).unwrap();
    std::os::unix::fs::symlink(place("bi-mat"), place("ra/van-ban")).unwrap();
    for more in [&[][..], &["--overwrite"]] {
        let run = desk.run(&[&["archive", "extract", REJECTED, LETTER, "--to", &place("ra")], more].concat()).expect(1);
        assert!(run.err.contains("liên kết"), "{}", run.err);
    }
    assert_eq!(std::fs::read_dir(place("bi-mat")).unwrap().count(), 0);
    std::os::unix::fs::symlink(desk.path("archive"), place("kho")).unwrap();
    let through = place("kho/2026/x");
    for to in
        ["archive/2026/KN-2026-0028.zip", "archive/a/x", &through, ".hoso/x", "ho-so/../archive/x", "la/../archive/x"]
    {
        for format in ["xml", "pdf", "aip"] {
            let run = desk.run(&["archive", "export", REJECTED, "--format", format, "--to", to]).expect(1);
            assert!(run.err.contains("Không ghi vào"), "{to}: {}", run.err);
        }
        desk.run(&["archive", "extract", REJECTED, "--to", to]).expect(1);
        desk.run(&["archive", "extract", REJECTED, LETTER, "--to", to]).expect(1);
    }
    assert_eq!(desk.tree(), before);
    desk.run(&["archive", "extract", REJECTED, LETTER, "--to", &place("khac")]).expect(0);
}
