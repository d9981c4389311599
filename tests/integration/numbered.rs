//! Batches with numbers: reserved in one entry, made by any number of processes, sealed into a dossier, or given up.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::desk::{Desk, Run, Tree, differences};
use crate::samples::{ISSUE, slip};

pub(crate) const FORM: &str = "thong-bao-su-co";
pub(crate) const JOB: &str = "LOAT-2026-0001";
pub(crate) const CASE: &str = "KN-2026-0101";

/// The sample table's header and its first `rows` rows, with a column of case codes that names `CASE` in the row `of_case`.
pub(crate) fn table(rows: usize, of_case: Option<usize>) -> String {
    let mut lines = crate::batch::sample();
    lines.truncate(rows + 1);
    for (index, line) in lines.iter_mut().enumerate().skip(1) {
        // The last column is that of the case codes.
        *line.last_mut().unwrap() = if Some(index) == of_case { CASE.to_owned() } else { String::new() };
    }
    String::from_utf8(crate::batch::csv_of(&lines, b',')).unwrap()
}

pub(crate) fn desk(rows: usize, of_case: Option<usize>) -> Desk {
    let desk = Desk::new();
    desk.save(CASE, &slip(CASE, 4, "", ""));
    desk.build().expect(0);
    desk.write("bang.csv", table(rows, of_case).as_bytes());
    desk
}

pub(crate) fn issue(desk: &Desk, more: &[&str]) -> Run {
    desk.run(&[&["--json", "batch", FORM, "bang.csv", "--issue"], more].concat())
}

pub(crate) fn seal(desk: &Desk) -> Run {
    desk.run(&["--json", "batch", "seal", JOB])
}

pub(crate) fn facts(desk: &Desk) -> Vec<Value> {
    let journal = String::from_utf8(desk.read(".hoso/so-dang-ky.jsonl")).unwrap();
    journal.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["muc"].clone()).collect()
}

#[test]
fn from_rows_to_a_dossier() {
    let desk = desk(5, Some(2));
    let made = issue(&desk, &[]).expect(0).json();
    assert_eq!((&made["job"], &made["letters"]), (&Value::from(JOB), &Value::from(5)), "{made}");
    let reserved = &facts(&desk)[0];
    assert_eq!(
        (&reserved["loai"], &reserved["tu_so"], &reserved["so_luong"]),
        (&"du_tru".into(), &1.into(), &5.into())
    );
    assert_eq!(facts(&desk).len(), 1, "one entry for all numbers");

    // Pending: told by the proof, listed as one line, counted by what comes next.
    let proof = desk.run(&["--json", "register", "verify"]).expect(0);
    assert_eq!(proof.of_code("HS350").len(), 1, "{}", proof.out);
    let rows = desk.run(&["--json", "register", "list"]).expect(0).json();
    assert_eq!(rows.as_array().unwrap().len(), 1, "{rows}");
    assert!(rows[0]["ghi_chu"].as_str().unwrap().contains("chưa niêm phong"), "{rows}");

    // The same again makes nothing new.
    let before = desk.tree();
    let again = issue(&desk, &[]).expect(0).json();
    assert_eq!((&again["job"], &again["kept"]), (&Value::from(JOB), &Value::from(5)));
    assert_eq!(differences(&before, &desk.tree()), Vec::<String>::new());

    let sealed = seal(&desk).expect(0).json();
    assert_eq!((&sealed["letters"], &sealed["cases"][0]), (&Value::from(5), &Value::from(CASE)), "{sealed}");
    let proof = desk.run(&["--json", "register", "verify"]).expect(0);
    assert_eq!(proof.findings().iter().filter(|f| f.code != "HS322").count(), 0, "{}", proof.out);
    desk.run(&["archive", "verify"]).expect(0);
    desk.run(&["archive", "verify", JOB]).expect(0);
    let listed = desk.run(&["--json", "archive", "list"]).expect(0).json();
    assert_eq!(
        (&listed[0]["ho_so"]["ma_ho_so"], &listed[0]["ho_so"]["so_van_ban"]),
        (&JOB.into(), &5.into()),
        "{listed}"
    );
    assert_eq!(desk.names(&format!(".hoso/loat/{JOB}")), ["ket-qua.jsonl"]);

    // The book has each letter, in every form, and the case has its own.
    let rows = desk.run(&["--json", "register", "list"]).expect(0).json();
    let numbers: Vec<&str> = rows.as_array().unwrap().iter().map(|row| row["so_ky_hieu"].as_str().unwrap()).collect();
    assert_eq!(numbers.len(), 5, "{numbers:?}");
    assert_eq!(numbers.iter().collect::<BTreeSet<_>>().len(), 5);
    assert!(numbers[0].starts_with("01/") && numbers[4].starts_with("05/"), "{numbers:?}");
    desk.run(&["register", "list"]).expect(0);
    assert_eq!(desk.run(&["register", "list", "--csv"]).expect(0).out.lines().count(), 6);
    desk.build().expect(0);
    let copies = desk.names(&format!("ho-so/{CASE}/van-ban"));
    assert!(copies.len() == 1 && copies[0].contains("_02-"), "{copies:?}");
    desk.run(&["register", "verify"]).expect(0);
    let before = desk.tree();
    desk.build().expect(0);
    assert_eq!(differences(&before, &desk.tree()), Vec::<String>::new());
    let proof = desk
        .run(&["--json", "letter", "verify", &format!("ho-so/{CASE}/van-ban/{}", copies[0]), "--rerender"])
        .expect(0)
        .json();
    assert_eq!((&proof["verdict"], &proof["rerender"]["result"]), (&"original".into(), &"same".into()), "{proof}");

    // Each letter is known, from the dossier alone too.
    desk.run(&["archive", "extract", JOB, "--to", "ra"]).expect(0);
    let names = desk.names("ra/data/van-ban");
    assert_eq!(names.len(), 5);
    for name in &names {
        let file = format!("ra/data/van-ban/{name}");
        for more in [&[][..], &["--dossier", &format!("archive/2026/{JOB}.zip")]] {
            let told = desk.run(&[&["--json", "letter", "verify", &file], more].concat()).expect(0).json();
            assert_eq!(told["verdict"], "original", "{told}");
        }
    }
    // A letter of a batch is withdrawn like any other.
    let number = numbers[4];
    desk.run(&["register", "void", number, "--year", "2026", "--reason", "gửi nhầm", "--by", "Đỗ Minh Tuấn"]).expect(0);
    desk.run(&["register", "void", number, "--year", "2026", "--reason", "gửi nhầm", "--by", "Đỗ Minh Tuấn"]).expect(1);
    desk.run(&["register", "verify"]).expect(0);
    let rows = desk.run(&["--json", "register", "list"]).expect(0).json();
    assert_eq!(rows[4]["ghi_chu"], format!("Hủy số ngày 20/11/2026: gửi nhầm. Loạt {JOB}"));
    let last = format!("ra/data/van-ban/{}", names[4]);
    let told = desk.run(&["--json", "letter", "verify", &last]).expect(0).json();
    assert_eq!((&told["verdict"], &told["letter"]["in_force"]), (&"original".into(), &false.into()), "{told}");
    // The same data is not issued twice.
    issue(&desk, &[]).expect(1);
    assert_eq!(facts(&desk).len(), 3);
}

#[test]
fn single_letters_and_batches_share_the_numbers() {
    let desk = Desk::with_settings(|text| text.replace("so_dang_ky: phieu-tiep-nhan", "so_dang_ky: thong-bao"));
    desk.save(CASE, &slip(CASE, 4, ISSUE, ""));
    desk.build().expect(0);
    desk.write("bang.csv", table(3, None).as_bytes());
    issue(&desk, &["--date", "20/11/2026"]).expect(0);
    desk.save("KN-2026-0102", &slip("KN-2026-0102", 20, ISSUE, ""));
    desk.build().expect(0);
    let issued: Vec<Value> = facts(&desk).into_iter().filter(|fact| fact["loai"] == "cap_so").collect();
    let block = facts(&desk).into_iter().find(|fact| fact["loai"] == "du_tru").unwrap();
    assert_eq!((&issued[0]["so_dang_ky"], &issued[0]["so"]), (&"thong-bao".into(), &1.into()));
    assert_eq!(block["tu_so"], 2);
    assert_eq!(issued[1]["so"], 5);
    desk.run(&["register", "verify"]).expect(0);
    seal(&desk).expect(0);
    desk.run(&["register", "verify"]).expect(0);
}

#[test]
fn sixteen_shards_make_the_whole() {
    let whole = desk(20, Some(3));
    issue(&whole, &[]).expect(0);
    seal(&whole).expect(0);

    let parts = desk(20, Some(3));
    let start = |shard: usize| {
        let part = format!("{shard}/16");
        let mut command =
            parts.command(&["--json", "--jobs", "1", "batch", FORM, "bang.csv", "--issue", "--shard", &part]);
        command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap()
    };
    // Four at a time, the last first.
    let order: Vec<usize> = (1..=16).rev().collect();
    for four in order.chunks(4) {
        let running: Vec<_> = four.iter().map(|shard| start(*shard)).collect();
        for mut shard in running {
            assert!(shard.wait().unwrap().success());
        }
    }
    assert_eq!(facts(&parts).len(), 1, "one reservation for all shards");
    seal(&parts).expect(0);
    let zip = format!("archive/2026/{JOB}.zip");
    let left = differences(&whole.tree(), &parts.tree());
    assert!(whole.read(&zip) == parts.read(&zip), "{left:?}");
}

#[test]
fn numbers_given_up_are_explained() {
    let desk = desk(6, None);
    issue(&desk, &["--shard", "1/2"]).expect(0);
    seal(&desk).expect(1);
    let given_up =
        desk.run(&["--json", "batch", "abandon", JOB, "--reason", "sự cố chỉ ở miền Bắc", "--by", "Đỗ Minh Tuấn"]);
    assert_eq!(given_up.expect(0).json()["ranges"], serde_json::json!([[4, 6]]));
    issue(&desk, &["--shard", "2/2"]).expect(1);
    seal(&desk).expect(0);
    desk.run(&["register", "verify"]).expect(0);
    let rows = desk.run(&["--json", "register", "list"]).expect(0).json();
    assert_eq!(rows.as_array().unwrap().len(), 4, "{rows}");
    assert!(rows[3]["ghi_chu"].as_str().unwrap().contains("sự cố chỉ ở miền Bắc"), "{rows}");
    let jobs = desk.run(&["--json", "batch", "list"]).expect(0).json();
    assert_eq!((&jobs[0]["state"], &jobs[0]["made"], &jobs[0]["dropped"]), (&"sealed".into(), &3.into(), &3.into()));
    desk.run(&["batch", "list"]).expect(0);
    // A batch given up whole, then a new one: no gap.
    desk.write("bang.csv", table(4, None).as_bytes());
    let second = "LOAT-2026-0002";
    let mut killed = desk.command(&["batch", FORM, "bang.csv", "--issue"]);
    killed.env("HOSO_KILL_AT", "4");
    assert_eq!(Run::of(&mut killed).code(), None);
    desk.run(&["batch", "abandon", second, "--reason", "nhầm bảng", "--by", "Đỗ Minh Tuấn"]).expect(0);
    desk.run(&["register", "verify"]).expect(0);
    let block = issue(&desk, &[]).expect(0).json();
    assert_eq!(block["job"], "LOAT-2026-0003");
    assert_eq!(facts(&desk).last().unwrap()["tu_so"], 11);
}

#[test]
fn rows_of_closed_and_unknown_cases_are_refused() {
    let desk = desk(3, Some(2));
    desk.write("bang.csv", table(3, Some(2)).replace(CASE, "KN-2026-0999").as_bytes());
    let run = issue(&desk, &[]).expect(1);
    assert!(run.out.contains("HS352") && run.out.contains("KN-2026-0999"), "{}", run.out);
    assert!(!desk.exists(".hoso/so-dang-ky.jsonl") || facts(&desk).is_empty());
}

#[test]
fn tampering_with_a_batch_is_found() {
    let desk = desk(3, None);
    issue(&desk, &[]).expect(0);
    let folder = format!(".hoso/loat/{JOB}");
    let name = desk.names(&folder).into_iter().find(|name| name.ends_with(".pdf")).unwrap();
    let letter = desk.read(&format!("{folder}/{name}"));
    desk.write(&format!("{folder}/{name}"), &letter[1..]);
    assert_eq!(desk.run(&["--json", "register", "verify"]).expect(1).of_code("HS351").len(), 1);
    seal(&desk).expect(1);
    // Made again from the data, the same to the byte.
    issue(&desk, &[]).expect(0);
    assert_eq!(desk.read(&format!("{folder}/{name}")), letter);
    seal(&desk).expect(0);
    let list = format!("{folder}/ket-qua.jsonl");
    let text = String::from_utf8(desk.read(&list)).unwrap();
    desk.write(&list, text.replacen("\"number\":2", "\"number\":3", 1).as_bytes());
    assert_eq!(desk.run(&["--json", "register", "verify"]).expect(1).of_code("HS351").len(), 1);
    desk.write(&list, text.as_bytes());
    desk.run(&["register", "verify"]).expect(0);
    let zip = format!("archive/2026/{JOB}.zip");
    let bytes = desk.read(&zip);
    desk.remove(&zip);
    assert_eq!(desk.run(&["--json", "register", "verify"]).expect(1).of_code("HS351").len(), 1);
    desk.write(&zip, &bytes);
    desk.run(&["register", "verify"]).expect(0);
}

/// Runs `args` on copies of `start`, killed at each step, then `rest`; every end equals that of an undisturbed run.
pub(crate) fn killed_at_each_step(start: &Desk, args: &[&str], rest: &[&[&str]]) {
    let end = |desk: &Desk| -> Tree {
        for args in std::iter::once(&args).chain(rest) {
            desk.run(args).expect(0);
        }
        desk.run(&["register", "verify"]).expect(0);
        desk.run(&["archive", "verify"]).expect(0);
        let mut tree = desk.tree();
        // The log of looks says how often somebody looked.
        tree.retain(|name, _| !name.contains("truy-cap"));
        tree
    };
    let undisturbed = start.copy();
    let log = crate::desk::scratch();
    let counting = undisturbed.copy();
    Run::of(counting.command(args).env("HOSO_KILL_LOG", log.path().join("log"))).expect(0);
    let steps = std::fs::read_to_string(log.path().join("log")).unwrap().lines().count();
    assert!(steps > 3, "only {steps} steps");
    let expected = end(&undisturbed);
    for at in 1..=steps {
        let desk = start.copy();
        let killed = Run::of(desk.command(args).env("HOSO_KILL_AT", at.to_string()));
        assert_eq!(killed.code(), None, "step {at} of {steps} was not reached: {}", killed.err);
        let found = differences(&expected, &end(&desk));
        assert!(found.is_empty(), "killed at {at} of {steps}: {found:?}");
    }
}

#[test]
fn killed_while_letters_are_made() {
    let desk = desk(3, Some(2));
    let args = ["--jobs", "1", "batch", FORM, "bang.csv", "--issue"];
    killed_at_each_step(&desk, &args, &[&["batch", "seal", JOB], &["build"]]);
}

#[test]
fn killed_while_sealing() {
    let desk = desk(3, Some(2));
    issue(&desk, &[]).expect(0);
    killed_at_each_step(&desk, &["batch", "seal", JOB], &[&["build"]]);
}

#[test]
fn python_accepts_the_dossier() {
    let desk = desk(3, None);
    issue(&desk, &[]).expect(0);
    seal(&desk).expect(0);
    let check = "import sys,zipfile;z=zipfile.ZipFile(sys.argv[1]);assert z.testzip() is None;print(len(z.namelist()))";
    let zip = desk.path(&format!("archive/2026/{JOB}.zip"));
    let Ok(output) = std::process::Command::new("python3").args(["-c", check]).arg(zip).output() else { return };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
