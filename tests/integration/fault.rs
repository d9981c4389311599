//! The disk refuses each operation that changes it, once or from there on: the program says so in Vietnamese and ends with 0
//! or 1, and what lies there after an undisturbed run is what it would have left at once, to the byte.

use crate::desk::{Desk, Run, scratch};
use crate::samples::slip;
use crate::scenario::{Scenario, each_scenario};

/// Set, this environment variable makes every refusal come at every operation, once and for good, instead of one of the ten.
const EVERY_FAULT: &str = "HOSO_TEST_EVERY_FAULT";

const CODE: &str = "KN-2026-0101";

/// What the disk says, and how the program passes it on.
const KINDS: [(&str, &[&str]); 5] = [
    ("enospc", &["ổ đĩa hết chỗ"]),
    ("eio", &["ổ đĩa hoặc đường mạng bị lỗi đọc ghi"]),
    ("eacces", &["không có quyền truy cập"]),
    ("erofs", &["ổ đĩa chỉ cho đọc"]),
    // As shares of Windows say of a file that somebody has open.
    ("ebusy", &["tệp đang được chương trình khác dùng", OPEN]),
];

/// What is said of a file of ours that waits until somebody closes it.
const OPEN: &str = "đang có người mở tệp này, sẽ ghi lại khi tệp được đóng";

fn check(scenario: &Scenario) {
    let (expected, operations) = scenario.undisturbed("HOSO_FAIL_LOG");
    let every = std::env::var_os(EVERY_FAULT).is_some();
    let (mut runs, mut found) = (0, Vec::new());
    for (index, operation) in operations.iter().enumerate() {
        for (turn, (kind, words)) in KINDS.iter().enumerate() {
            for (lasting, sign) in [(false, ""), (true, "+")] {
                let count = KINDS.len();
                let due = (index % count, index / count % 2) == (turn, usize::from(lasting));
                if !every && !due {
                    continue;
                }
                let desk = scenario.start.copy();
                let run = scenario.run(&desk, &[("HOSO_FAIL_AT", format!("{}{sign}:{kind}", index + 1))]);
                let how = format!("{kind}{sign} at {operation}");
                let said = words.iter().any(|words| run.out.contains(words) || run.err.contains(words));
                if !matches!(run.code(), Some(0 | 1)) || !said {
                    found.push(format!(
                        "{}, {how}: ended with {:?}\n{}{}",
                        scenario.name,
                        run.code(),
                        run.out,
                        run.err
                    ));
                }
                runs += 1;
                found.extend(scenario.compare(&desk, &expected, every, &how));
            }
        }
    }
    println!("scenario                  operations   runs   differences");
    println!("{:<30} {:>5}  {runs:>5}   {:>11}", scenario.name, operations.len(), found.len());
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_letter_somebody_has_open_waits_and_is_written_when_it_is_closed() {
    let start = || {
        let desk = Desk::new();
        desk.save(CODE, &slip(CODE, 4, "", ""));
        desk.build().expect(0);
        desk.save(CODE, &slip(CODE, 5, "", ""));
        desk
    };
    let (undisturbed, log) = (start(), scratch());
    let log = log.path().join("log");
    Run::of(undisturbed.command(&["--json", "build"]).env("HOSO_FAIL_LOG", &log)).expect(0);
    let operations = std::fs::read_to_string(log).unwrap();
    let draft = format!("ho-so/{CODE}/du-thao/phieu-tiep-nhan.du-thao.pdf");
    let replacing = operations
        .lines()
        .position(|line| line.contains("du-thao") && line.contains("phieu-tiep-nhan.du-thao.pdf"))
        .unwrap()
        + 1;

    let desk = start();
    let old = desk.read(&draft);
    let busy = format!("{replacing}:ebusy");
    let run = Run::of(desk.command(&["--json", "build"]).env("HOSO_FAIL_AT", &busy)).expect(0);
    let waiting = run.json()["cases"][0]["waiting"].to_string();
    assert!(waiting.contains(OPEN) && waiting.contains("du-thao"), "{}", run.out);
    assert!(desk.read(&draft) == old, "the old letter stays");
    desk.build().expect(0);
    assert!(desk.read(&draft) == undisturbed.read(&draft) && desk.read(&draft) != old);
}

each_scenario!(check);
