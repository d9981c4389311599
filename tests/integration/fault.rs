//! The disk refuses each operation that changes it, once or from there on: the program says so in Vietnamese and ends with 0
//! or 1, and what lies there after an undisturbed run is what it would have left at once, to the byte.

use crate::scenario::{Scenario, each_scenario};

/// Set, this environment variable makes every refusal come at every operation, once and for good, instead of one of the eight.
const EVERY_FAULT: &str = "HOSO_TEST_EVERY_FAULT";

/// What the disk says, and how the program passes it on.
const KINDS: [(&str, &str); 4] = [
    ("enospc", "ổ đĩa hết chỗ"),
    ("eio", "ổ đĩa hoặc đường mạng bị lỗi đọc ghi"),
    ("eacces", "không có quyền truy cập"),
    ("erofs", "ổ đĩa chỉ cho đọc"),
];

fn check(scenario: &Scenario) {
    let (expected, operations) = scenario.undisturbed("HOSO_FAIL_LOG");
    let every = std::env::var_os(EVERY_FAULT).is_some();
    let (mut runs, mut found) = (0, Vec::new());
    for (index, operation) in operations.iter().enumerate() {
        for (turn, (kind, words)) in KINDS.iter().enumerate() {
            for (lasting, sign) in [(false, ""), (true, "+")] {
                let due = (index % 4, index / 4 % 2) == (turn, usize::from(lasting));
                if !every && !due {
                    continue;
                }
                let desk = scenario.start.copy();
                let run = scenario.run(&desk, &[("HOSO_FAIL_AT", format!("{}{sign}:{kind}", index + 1))]);
                let how = format!("{kind}{sign} at {operation}");
                let said = run.out.contains(words) || run.err.contains(words);
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

each_scenario!(check);
