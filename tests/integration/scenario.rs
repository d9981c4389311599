//! Things that happen to a workspace, and the command that does each: tests disturb the command and compare the end.

use crate::desk::{Desk, Run, TODAY, Tree, differences};
use crate::numbered;
use crate::samples::{ISSUE, REJECTED, lay_evidence, rejected_open, sample, slip};

const CODE: &str = "KN-2026-0101";

/// One thing that happens to a workspace, and the command that does it.
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    pub(crate) start: Desk,
    /// The day of that command.
    day: &'static str,
    /// The command that is disturbed, and run again after that.
    args: Vec<&'static str>,
    /// How it ends when nothing disturbs it.
    ends: i32,
    /// How the second run may end.
    again: &'static [i32],
    /// The commands after it.
    then: Vec<Vec<&'static str>>,
    /// Fewer steps than these would mean that nothing was done.
    pub(crate) least: usize,
}

impl Scenario {
    fn new(name: &'static str, start: Desk, args: &[&'static str]) -> Self {
        let then = if args == ["build"] { Vec::new() } else { vec![vec!["build"]] };
        Self { name, start, day: TODAY, args: args.to_vec(), ends: 0, again: &[0], then, least: 4 }
    }

    /// Runs the command, disturbed as the environment says.
    pub(crate) fn run(&self, desk: &Desk, environment: &[(&str, String)]) -> Run {
        let mut command = desk.command_on(self.day, &[&["--jobs", "1"], self.args.as_slice()].concat());
        Run::of(command.envs(environment.iter().map(|(name, value)| (name, value))))
    }

    /// Runs it to the end and the commands that find unfinished work; with `again` proves that a further pass changes nothing.
    pub(crate) fn finish(&self, desk: &Desk, again: bool) -> Tree {
        let last = self.run(desk, &[]);
        let fine = last.code().is_some_and(|code| self.again.contains(&code));
        assert!(fine, "{}: {}\n{}", self.name, last.out, last.err);
        for args in &self.then {
            desk.run(args).expect(0);
        }
        let tree = desk.tree();
        if again {
            let report = desk.build();
            assert_eq!(report.json()["changes"].as_array().unwrap().len(), 0, "{}: {}", self.name, report.out);
            assert!(differences(&tree, &desk.tree()).is_empty(), "{}: a further run changes something", self.name);
        }
        tree
    }

    /// Where the finished workspace differs from one that was never disturbed.
    pub(crate) fn compare(&self, desk: &Desk, expected: &Tree, again: bool, how: &str) -> Vec<String> {
        let tree = self.finish(desk, again);
        let found = differences(expected, &tree).into_iter();
        found.map(|difference| format!("{}, {how}: {difference}", self.name)).collect()
    }

    /// Runs the command undisturbed over a copy, its steps logged to the file the variable names. Returns the end and the steps.
    pub(crate) fn undisturbed(&self, log_variable: &str) -> (Tree, Vec<String>) {
        let desk = self.start.copy();
        let log = crate::desk::scratch();
        let file = log.path().join("log");
        self.run(&desk, &[(log_variable, file.to_string_lossy().into_owned())]).expect(self.ends);
        let steps: Vec<String> = std::fs::read_to_string(file).unwrap().lines().map(str::to_owned).collect();
        assert!(steps.len() >= self.least, "{}: only {} steps", self.name, steps.len());
        (self.finish(&desk, true), steps)
    }
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

pub(crate) fn first_issue_in_a_new_workspace() -> Scenario {
    let desk = Desk::new();
    desk.save(CODE, &slip(CODE, 4, ISSUE, ""));
    Scenario::new("first issue", desk, &["build"])
}

pub(crate) fn issue_after_a_draft() -> Scenario {
    let desk = issued();
    let other = "KN-2026-0102";
    desk.save(other, &slip(other, 5, "", ""));
    desk.build().expect(0);
    assert!(desk.exists(&format!("ho-so/{other}/du-thao/phieu-tiep-nhan.du-thao.pdf")));
    desk.save(other, &slip(other, 5, ISSUE, ""));
    Scenario::new("issue", desk, &["build"])
}

pub(crate) fn replace() -> Scenario {
    let desk = issued();
    let why = "  thay_the:\n    - so: 1\n      ngay: 06/11/2026\n      hinh_thuc: thay_the\n      ly_do: Ghi sai tên người khiếu nại\n";
    desk.save(CODE, &slip(CODE, 6, &format!("{ISSUE}{why}"), ""));
    Scenario::new("replace", desk, &["build"])
}

pub(crate) fn close() -> Scenario {
    let desk = rejected();
    desk.save(REJECTED, &sample(REJECTED));
    Scenario::new("close", desk, &["build"])
}

/// A version that is the first again: kept a third time, under the object there is.
pub(crate) fn an_edit_is_taken_back() -> Scenario {
    let desk = Desk::new();
    for day in [4, 5, 4] {
        desk.build().expect(0);
        desk.save(CODE, &slip(CODE, day, "", ""));
    }
    Scenario::new("edit, taken back", desk, &["build"])
}

pub(crate) fn a_version_is_laid_beside() -> Scenario {
    let desk = Desk::new();
    for day in [4, 5] {
        desk.save(CODE, &slip(CODE, day, "", ""));
        desk.build().expect(0);
    }
    let args = ["history", "restore", CODE, "1"];
    Scenario { least: 3, ..Scenario::new("history restore", desk, &args) }
}

pub(crate) fn terms_move_with_the_calendar() -> Scenario {
    let desk = issued();
    desk.save("KN-2026-0102", &slip("KN-2026-0102", 5, "", ""));
    desk.build().expect(0);
    desk.write("lich/rieng.yaml", "ngay_nghi:\n  - ngay: 25/11/2026\n    ly_do: nghỉ của công ty\n".as_bytes());
    Scenario::new("calendar changed", desk, &["build"])
}

pub(crate) fn come_back_and_close_again() -> Scenario {
    let desk = closed();
    let text = sample(REJECTED).replace("  ngay: 22/09/2026", "  ngay: 20/10/2026");
    let late = "bo_sung:\n  - ngay: 19/10/2026\n    noi_dung: Phiếu gửi hoàn hợp đồng\n";
    desk.save(REJECTED, &format!("{text}\n{late}"));
    Scenario::new("come back, close again", desk, &["build"])
}

pub(crate) fn reopen_by_command() -> Scenario {
    let desk = closed();
    let args = ["archive", "reopen", REJECTED, "--reason", "khách hàng gửi thêm giấy tờ", "--by", "Đỗ Minh Tuấn"];
    Scenario::new("archive reopen", desk, &args)
}

/// A blank is moved up, as a clerk does: its code is taken, and the next one appears.
pub(crate) fn a_blank_is_moved_up() -> Scenario {
    let desk = Desk::new();
    desk.build().expect(0);
    let blank = desk.names("ho-so/_moi").into_iter().find(|name| name.ends_with(".yaml")).unwrap();
    std::fs::rename(desk.path(&format!("ho-so/_moi/{blank}")), desk.path(&format!("ho-so/{blank}"))).unwrap();
    Scenario::new("blank moved up", desk, &["build"])
}

/// A faulty file is mended: its note goes, its draft and what to do next appear, the board changes.
pub(crate) fn a_fault_is_mended() -> Scenario {
    let desk = issued();
    let other = "KN-2026-0102";
    desk.save(other, "ma_ho_so: KN-2026-0102\ntiep_nhan:\n  ngay_den: 31/11/2026\n");
    desk.build().expect(1);
    assert!(desk.exists(&format!("ho-so/{other}.loi.txt")));
    desk.save(other, &slip(other, 5, "", ""));
    Scenario::new("fault mended", desk, &["build"])
}

/// A file becomes faulty: what could not be read any more is told in its note.
pub(crate) fn a_fault_is_made() -> Scenario {
    let desk = issued();
    desk.save(CODE, &slip(CODE, 4, ISSUE, "khong_co: 1\n"));
    Scenario { ends: 1, again: &[1], ..Scenario::new("fault made", desk, &["build"]) }
}

pub(crate) fn a_number_is_voided() -> Scenario {
    let desk = issued();
    let args = ["register", "void", "01/PTN-ECA", "--year", "2026", "--reason", "gửi nhầm", "--by", "Đỗ Minh Tuấn"];
    let then = vec![vec!["build"]];
    Scenario { again: &[0, 1], then, ..Scenario::new("register void", desk, &args) }
}

/// Numbers are reserved in one entry, then letters made; one of them belongs to a case.
pub(crate) fn numbers_are_reserved_for_a_batch() -> Scenario {
    let desk = numbered::desk(2, Some(2));
    Scenario::new("batch issue", desk, &["batch", numbered::FORM, "bang.csv", "--issue"])
}

pub(crate) fn a_batch_is_sealed() -> Scenario {
    let desk = numbered::desk(2, Some(2));
    numbered::issue(&desk, &[]).expect(0);
    Scenario::new("batch seal", desk, &["batch", "seal", numbered::JOB])
}

/// The letters of the first part are made, the numbers of the second are given up. Given up twice is refused.
pub(crate) fn numbers_of_a_batch_are_given_up() -> Scenario {
    let desk = numbered::desk(2, None);
    numbered::issue(&desk, &["--shard", "1/2"]).expect(0);
    let args = ["batch", "abandon", numbered::JOB, "--reason", "nhầm bảng", "--by", "Đỗ Minh Tuấn"];
    Scenario { again: &[0, 1], ..Scenario::new("batch abandon", desk, &args) }
}

/// Two dossiers are destroyed: one with two versions, a history and papers that came back, one that came of a batch's letters.
pub(crate) fn dossiers_are_destroyed() -> Scenario {
    let desk = crate::dispose::approved();
    let args = ["archive", "dispose", "carry-out", crate::dispose::ID, "--by", "Đỗ Minh Tuấn"];
    Scenario { day: crate::dispose::LATER, again: &[0, 1], ..Scenario::new("dispose", desk, &args) }
}

/// Makes one test of each scenario, by what is given to do with it.
macro_rules! each_scenario {
    ($check:path) => {
        $crate::scenario::each_scenario!($check: first_issue_in_a_new_workspace, issue_after_a_draft, replace, close,
            an_edit_is_taken_back, a_version_is_laid_beside, terms_move_with_the_calendar, come_back_and_close_again,
            reopen_by_command, a_blank_is_moved_up, a_fault_is_mended, a_fault_is_made, a_number_is_voided,
            numbers_are_reserved_for_a_batch, a_batch_is_sealed, numbers_of_a_batch_are_given_up, dossiers_are_destroyed);
    };
    ($check:path: $($name:ident),+) => {
        $(#[test]
        fn $name() {
            $check(&$crate::scenario::$name());
        })+
    };
}
pub(crate) use each_scenario;
