//! The program is killed at each durable step, once and twice, and run again: what lies there in the end is what an
//! undisturbed run leaves, to the byte.

use std::fmt::Write as _;

use crate::desk::{Desk, Run, Tree, differences};
use crate::samples::{ISSUE, REJECTED, lay_evidence, rejected_open, sample, slip};

/// Set, this environment variable makes the second kill come at each of the first three steps after every first kill, instead
/// of at one of them, and a further run follow each.
const EVERY_PAIR: &str = "HOSO_TEST_EVERY_PAIR";

const CODE: &str = "KN-2026-0101";

/// One thing that happens to a workspace, and the command that does it.
struct Scenario {
    name: &'static str,
    start: Desk,
    /// The command that is killed; the runs after it are `build`.
    args: Vec<&'static str>,
    /// Fewer steps than these would mean that nothing was done.
    least: usize,
}

/// What came of a scenario.
struct Outcome {
    steps: usize,
    runs: usize,
    differences: Vec<String>,
}

impl Scenario {
    fn new(name: &'static str, start: Desk, args: &[&'static str]) -> Self {
        Self { name, start, args: args.to_vec(), least: 4 }
    }

    /// Runs the command, killed at step `at` where that is given.
    fn run(&self, desk: &Desk, at: Option<usize>) -> Run {
        let mut command = desk.command(&[&["--jobs", "1"], self.args.as_slice()].concat());
        if let Some(at) = at {
            command.env("HOSO_KILL_AT", at.to_string());
        }
        Run::of(&mut command)
    }

    /// Runs it to the end and the pass that finds unfinished work; with `again` proves that a further pass changes nothing.
    fn finish(&self, desk: &Desk, again: bool) -> Tree {
        let last = self.run(desk, None);
        assert_eq!(last.code(), Some(0), "{}: {}\n{}", self.name, last.out, last.err);
        if self.args != ["build"] {
            desk.build().expect(0);
        }
        let tree = desk.tree();
        if again {
            let report = desk.build().expect(0);
            assert_eq!(report.json()["changes"].as_array().unwrap().len(), 0, "{}: {}", self.name, report.out);
            assert!(differences(&tree, &desk.tree()).is_empty(), "{}: a further run changes something", self.name);
        }
        tree
    }

    fn play(&self) -> Outcome {
        let undisturbed = self.start.copy();
        let log = crate::desk::scratch();
        let mut counting = undisturbed.command(&[&["--jobs", "1"], self.args.as_slice()].concat());
        Run::of(counting.env("HOSO_KILL_LOG", log.path().join("log"))).expect(0);
        let steps = std::fs::read_to_string(log.path().join("log")).unwrap().lines().count();
        assert!(steps >= self.least, "{}: only {steps} steps", self.name);
        let expected = self.finish(&undisturbed, true);

        // A further run over the undisturbed state changed nothing, and equal states run alike: it is repeated only at night.
        let every = std::env::var_os(EVERY_PAIR).is_some();
        let (mut runs, mut found) = (0, Vec::new());
        for at in 1..=steps {
            let first = self.start.copy();
            let killed = self.run(&first, Some(at));
            assert_eq!(killed.code(), None, "{}: step {at} was not reached\n{}", self.name, killed.out);
            for then in (1..=3).filter(|then| every || *then == at % 3 + 1) {
                let desk = first.copy();
                // Little may be left to do, so that the second kill is never reached.
                self.run(&desk, Some(then));
                runs += 1;
                found.extend(self.compare(&desk, &expected, every, &format!("killed at {at}, then at {then}")));
            }
            runs += 1;
            found.extend(self.compare(&first, &expected, every, &format!("killed at {at}")));
        }
        Outcome { steps, runs, differences: found }
    }

    fn compare(&self, desk: &Desk, expected: &Tree, again: bool, how: &str) -> Vec<String> {
        let tree = self.finish(desk, again);
        differences(expected, &tree)
            .into_iter()
            .map(|difference| format!("{}, {how}: {difference}", self.name))
            .collect()
    }
}

fn check(scenario: &Scenario) {
    let outcome = scenario.play();
    let mut table = String::new();
    let _ = writeln!(table, "scenario                       steps   runs   differences");
    let _ = writeln!(
        table,
        "{:<30} {:>5}  {:>5}   {:>11}",
        scenario.name,
        outcome.steps,
        outcome.runs,
        outcome.differences.len()
    );
    println!("{table}");
    assert!(outcome.differences.is_empty(), "{}", outcome.differences.join("\n"));
}

/// A workspace with one issued receipt slip.
fn issued() -> Desk {
    let desk = Desk::new();
    desk.save(CODE, &slip(CODE, 4, ISSUE, ""));
    desk.build().expect(0);
    desk
}

/// A workspace with the rejected case issued and not closed, and a paper nobody named.
fn rejected() -> Desk {
    let desk = Desk::new();
    lay_evidence(&desk, REJECTED);
    desk.write(&format!("ho-so/{REJECTED}/dinh-kem/anh-chup.jpg"), b"unnamed");
    desk.save(REJECTED, &rejected_open());
    desk.build().expect(0);
    desk
}

/// The same, closed.
fn closed() -> Desk {
    let desk = rejected();
    desk.save(REJECTED, &sample(REJECTED));
    desk.build().expect(0);
    assert!(desk.exists(&format!("archive/2026/{REJECTED}.zip")));
    desk
}

#[test]
fn first_issue_in_a_new_workspace() {
    let desk = Desk::new();
    desk.save(CODE, &slip(CODE, 4, ISSUE, ""));
    check(&Scenario::new("first issue", desk, &["build"]));
}

#[test]
fn issue_after_a_draft() {
    let desk = issued();
    let other = "KN-2026-0102";
    desk.save(other, &slip(other, 5, "", ""));
    desk.build().expect(0);
    assert!(desk.exists(&format!("ho-so/{other}/du-thao/phieu-tiep-nhan.du-thao.pdf")));
    desk.save(other, &slip(other, 5, ISSUE, ""));
    check(&Scenario::new("issue", desk, &["build"]));
}

#[test]
fn replace() {
    let desk = issued();
    let why = "  thay_the:\n    - so: 1\n      ngay: 06/11/2026\n      hinh_thuc: thay_the\n      ly_do: Ghi sai tên người khiếu nại\n";
    desk.save(CODE, &slip(CODE, 6, &format!("{ISSUE}{why}"), ""));
    check(&Scenario::new("replace", desk, &["build"]));
}

#[test]
fn close() {
    let desk = rejected();
    desk.save(REJECTED, &sample(REJECTED));
    check(&Scenario::new("close", desk, &["build"]));
}

/// A version that is the first again: kept a third time, under the object there is.
#[test]
fn an_edit_is_taken_back() {
    let desk = Desk::new();
    for day in [4, 5, 4] {
        desk.build().expect(0);
        desk.save(CODE, &slip(CODE, day, "", ""));
    }
    check(&Scenario::new("edit, taken back", desk, &["build"]));
}

#[test]
fn a_version_is_laid_beside() {
    let desk = Desk::new();
    for day in [4, 5] {
        desk.save(CODE, &slip(CODE, day, "", ""));
        desk.build().expect(0);
    }
    let args = ["history", "restore", CODE, "1"];
    check(&Scenario { least: 3, ..Scenario::new("history restore", desk, &args) });
}

#[test]
fn terms_move_with_the_calendar() {
    let desk = issued();
    desk.save("KN-2026-0102", &slip("KN-2026-0102", 5, "", ""));
    desk.build().expect(0);
    desk.write("lich/rieng.yaml", "ngay_nghi:\n  - ngay: 25/11/2026\n    ly_do: nghỉ của công ty\n".as_bytes());
    check(&Scenario::new("calendar changed", desk, &["build"]));
}

#[test]
fn come_back_and_close_again() {
    let desk = closed();
    let text = sample(REJECTED).replace("  ngay: 22/09/2026", "  ngay: 20/10/2026");
    let late = "bo_sung:\n  - ngay: 19/10/2026\n    noi_dung: Phiếu gửi hoàn hợp đồng\n";
    desk.save(REJECTED, &format!("{text}\n{late}"));
    check(&Scenario::new("come back, close again", desk, &["build"]));
}

#[test]
fn reopen_by_command() {
    let desk = closed();
    let args = ["archive", "reopen", REJECTED, "--reason", "khách hàng gửi thêm giấy tờ", "--by", "Đỗ Minh Tuấn"];
    check(&Scenario::new("archive reopen", desk, &args));
}
