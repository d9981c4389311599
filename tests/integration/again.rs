//! `letter verify --rerender` for letters of a batch: made again from the row, form, style and settings the batch keeps.

use serde_json::Value;

use crate::desk::{Desk, Run, hoso};
use crate::numbered::{FORM, JOB, desk, issue, seal, table};

const ZIP: &str = "archive/2026/LOAT-2026-0001.zip";

fn folder() -> String {
    format!(".hoso/loat/{JOB}")
}

/// The letters of the batch while it is not sealed, in the order of the rows.
fn letters(desk: &Desk) -> Vec<String> {
    let names = desk.names(&folder()).into_iter().filter(|name| name.ends_with(".pdf"));
    names.map(|name| format!("{}/{name}", folder())).collect()
}

#[track_caller]
fn again(desk: &Desk, file: &str, more: &[&str], code: i32) -> Value {
    let args = [&["--json", "letter", "verify", file, "--rerender"], more].concat();
    desk.run(&args).expect(code).json()
}

#[track_caller]
fn result(told: &Value) -> (&str, &str) {
    let text = |value: &'_ Value| value.as_str().map(str::to_owned);
    let (Some(_), Some(_)) = (text(&told["verdict"]), text(&told["rerender"]["result"])) else { panic!("{told}") };
    (told["verdict"].as_str().unwrap(), told["rerender"]["result"].as_str().unwrap())
}

#[test]
fn the_same_bytes_before_and_after_sealing() {
    let desk = desk(5, Some(2));
    issue(&desk, &[]).expect(0);
    let pending = letters(&desk);
    assert_eq!(pending.len(), 5);
    for file in &pending {
        let told = again(&desk, file, &[], 0);
        assert_eq!(result(&told), ("original", "same"), "{told}");
        assert_eq!(told["letter"]["in_force"], false, "not sealed yet");
    }
    let copies: Vec<Vec<u8>> = pending.iter().map(|file| desk.read(file)).collect();
    seal(&desk).expect(0);
    assert!(letters(&desk).is_empty());
    let alone = crate::desk::scratch();
    std::fs::copy(desk.path(ZIP), alone.path().join("loat.zip")).unwrap();
    for copy in &copies {
        desk.write("xem.pdf", copy);
        let told = again(&desk, "xem.pdf", &[], 0);
        assert_eq!(result(&told), ("original", "same"), "{told}");
        assert_eq!(told["letter"]["in_force"], true);
        // The dossier by itself, with no workspace; the letter of a case as well.
        std::fs::write(alone.path().join("xem.pdf"), copy).unwrap();
        let args = ["--json", "letter", "verify", "xem.pdf", "--rerender", "--dossier", "loat.zip"];
        let told = Run::of(hoso(alone.path()).args(args)).expect(0).json();
        assert_eq!(result(&told), ("original", "same"), "{told}");
    }
    let said = desk.run(&["letter", "verify", "xem.pdf", "--rerender"]).expect(0).out;
    assert!(said.contains("Lập lại từ bản chụp căn cứ: giống bản đã ban hành từng byte."), "{said}");
}

#[test]
fn rows_passed_over_shift_no_letter() {
    let desk = desk(5, None);
    let bad = table(5, None).replacen("Lê Quang Khải", "", 1);
    assert_ne!(bad, table(5, None));
    desk.write("bang.csv", bad.as_bytes());
    issue(&desk, &["--skip-bad"]).expect(1);
    let made = letters(&desk);
    assert_eq!(made.len(), 4);
    for file in &made {
        assert_eq!(result(&again(&desk, file, &[], 0)), ("original", "same"), "{file}");
    }
}

#[test]
fn another_signer_and_day_than_the_default() {
    let desk = desk(2, None);
    issue(&desk, &["--signer", "do-minh-tuan", "--date", "18/11/2026"]).expect(0);
    seal(&desk).expect(0);
    desk.run(&["archive", "extract", JOB, "--to", "ra"]).expect(0);
    for name in desk.names("ra/data/van-ban") {
        let told = again(&desk, &format!("ra/data/van-ban/{name}"), &[], 0);
        assert_eq!(result(&told), ("original", "same"), "{told}");
    }
}

#[test]
fn a_changed_letter_and_changed_grounds() {
    let desk = desk(3, None);
    issue(&desk, &[]).expect(0);
    let file = letters(&desk)[0].clone();
    // A changed letter: the original can still be made again.
    let mut flipped = desk.read(&file);
    flipped[5000] ^= 1;
    desk.write("xem.pdf", &flipped);
    let told = again(&desk, "xem.pdf", &[], 1);
    assert_eq!(result(&told), ("altered", "same"), "{told}");

    // The form is not the one it was made with: other bytes, told as such.
    let form = format!("{}/bieu-mau/{FORM}.xml", folder());
    let text = desk.read(&form);
    let other = String::from_utf8(text.clone()).unwrap().replacen("<p>", "<p>Kính báo. ", 1);
    desk.write(&form, other.as_bytes());
    assert_eq!(result(&again(&desk, &file, &[], 1)), ("original", "different"));
    desk.write(&form, &text);
    assert_eq!(result(&again(&desk, &file, &[], 0)), ("original", "same"));

    // The table is not the one the card names.
    let data = format!("{}/du-lieu.csv", folder());
    let rows = desk.read(&data);
    desk.write(&data, &rows[..rows.len() - 40]);
    let told = again(&desk, &file, &[], 0);
    assert_eq!(result(&told), ("original", "impossible"), "{told}");
    assert!(told["rerender"]["reason"].as_str().unwrap().contains("bảng dữ liệu"), "{told}");
    desk.write(&data, &rows);

    // A changed letter of a sealed batch: its original comes from the dossier.
    seal(&desk).expect(0);
    let told = again(&desk, "xem.pdf", &[], 1);
    assert_eq!(result(&told), ("altered", "same"), "{told}");
    assert_eq!(told["letter"]["case"], JOB);
}

#[test]
fn another_program_version() {
    let desk = desk(2, None);
    issue(&desk, &[]).expect(0);
    let file = letters(&desk)[1].clone();
    // As if an earlier version had made the batch: its card says so.
    let card = format!("{}/loat.json", folder());
    let this = format!("\"program\": \"{}\"", env!("CARGO_PKG_VERSION"));
    let text = String::from_utf8(desk.read(&card)).unwrap();
    assert!(text.contains(&this), "{text}");
    desk.write(&card, text.replace(&this, "\"program\": \"0.0.9\"").as_bytes());
    let copy = desk.read(&file);
    for sealed in [false, true] {
        if sealed {
            seal(&desk).expect(0);
        }
        desk.write("xem.pdf", &copy);
        let told = again(&desk, "xem.pdf", &[], 0);
        assert_eq!(result(&told), ("original", "other_program"), "{told}");
        assert_eq!(told["rerender"]["made_by"], "0.0.9");
        let said = desk.run(&["letter", "verify", "xem.pdf", "--rerender"]).expect(0).out;
        assert!(said.contains("Không lập lại để so: văn bản do phiên bản 0.0.9 lập"), "{said}");
    }
}

/// What is known of a case's files cannot be read for once. Taken for empty, and kept so, it would make our drafts nobody's.
#[cfg(unix)]
#[test]
fn a_render_state_the_disk_does_not_give_is_not_taken_for_an_empty_one() {
    let desk = Desk::new();
    let code = "KN-2026-0101";
    desk.save(code, &crate::samples::slip(code, 4, "", ""));
    desk.build().expect(0);
    let (draft, state) = (
        format!("ho-so/{code}/du-thao/{}", desk.names(&format!("ho-so/{code}/du-thao"))[0]),
        format!(".hoso/trang-thai/{code}.json"),
    );
    let (old, kept) = (desk.read(&draft), desk.read(&state));
    // Not even root reads through a link to itself.
    desk.remove(&state);
    std::os::unix::fs::symlink(desk.path(&state), desk.path(&state)).unwrap();
    desk.save(code, &crate::samples::slip(code, 5, "", ""));
    let run = desk.build();
    assert!(run.out.contains("đang chờ"), "{}", run.out);
    assert_eq!(desk.read(&draft), old, "nothing of the case is touched");
    desk.remove(&state);
    desk.write(&state, &kept);
    desk.build().expect(0);
    assert_ne!(desk.read(&draft), old, "and then all is done");
}
