//! A watcher and a batch with numbers at the same time: neither stops the other, and every number is given once.

#![cfg(unix)]

use std::process::{Child, Stdio};

use crate::desk::Desk;
use crate::numbered::{CASE, FORM, JOB, facts, seal, table};
use crate::samples::{ISSUE, slip};
use crate::watch::{Watcher, until};

fn code(index: usize) -> String {
    format!("KN-2026-02{index:02}")
}

fn issued_cases(desk: &Desk) -> usize {
    if !desk.exists(".hoso/so-dang-ky.jsonl") {
        return 0;
    }
    // The last line may be half written while we look.
    let journal = String::from_utf8_lossy(&desk.read(".hoso/so-dang-ky.jsonl")).into_owned();
    journal.matches("\"loai\":\"cap_so\"").count()
}

fn start(desk: &Desk, data: &str) -> Child {
    let mut command = desk.command(&["--json", "--jobs", "1", "batch", FORM, data, "--issue"]);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

#[test]
fn a_watcher_beside_two_batches() {
    // One register for slips and notices, so that they compete for its numbers.
    let desk = Desk::with_settings(|text| text.replace("so_dang_ky: phieu-tiep-nhan", "so_dang_ky: thong-bao"));
    desk.save(CASE, &slip(CASE, 4, "", ""));
    desk.write("bang.csv", table(12, Some(3)).as_bytes());
    desk.write("khac.csv", table(7, None).as_bytes());
    let mut watcher = Watcher::start(&desk);
    until("the first pass", || desk.exists(&format!("ho-so/{CASE}/du-thao/phieu-tiep-nhan.du-thao.pdf")));

    let save = |index: usize| desk.save(&code(index), &slip(&code(index), 4, ISSUE, ""));
    save(0);
    let mut first = start(&desk, "bang.csv");
    for index in 1..4 {
        save(index);
    }
    until("letters of cases while a batch is made", || issued_cases(&desk) >= 1);
    let mut second = start(&desk, "khac.csv");
    for index in 4..8 {
        save(index);
    }
    assert!(first.wait().unwrap().success(), "the watcher stops no batch");
    assert!(second.wait().unwrap().success(), "nor do two batches stop each other");
    until("all cases issued", || issued_cases(&desk) == 8);
    assert!(watcher.child.try_wait().unwrap().is_none(), "the watcher goes on");

    // Sealed while it runs: the letter of a case comes into its folder with a later pass.
    seal(&desk).expect(0);
    until("the letter of the case", || !desk.names(&format!("ho-so/{CASE}/van-ban")).is_empty());
    assert_eq!(watcher.stop("-TERM"), Some(0));

    let mut numbers: Vec<u64> = Vec::new();
    for fact in facts(&desk) {
        match fact["loai"].as_str().unwrap() {
            "cap_so" => numbers.push(fact["so"].as_u64().unwrap()),
            "du_tru" => {
                let first = fact["tu_so"].as_u64().unwrap();
                numbers.extend(first..first + fact["so_luong"].as_u64().unwrap());
            }
            _ => {}
        }
    }
    assert_eq!(numbers, (1..=12 + 7 + 8).collect::<Vec<_>>(), "in the order of the journal, no gap, no twin");
    assert_eq!(facts(&desk).iter().filter(|fact| fact["loat"] == JOB && fact["loai"] == "niem_phong").count(), 1);
    desk.run(&["batch", "seal", "LOAT-2026-0002"]).expect(0);
    desk.run(&["build"]).expect(0);
    desk.run(&["register", "verify"]).expect(0);
}
