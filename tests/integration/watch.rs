//! The watcher over a real folder. Every wait ends.

#![cfg(unix)]

use std::process::{Child, Command};
use std::time::{Duration, Instant};

use crate::desk::{Desk, Run};
use crate::samples::{ISSUE, slip};

const CODE: &str = "KN-2026-0101";
const DRAFT: &str = "ho-so/KN-2026-0101/du-thao/phieu-tiep-nhan.du-thao.pdf";
const LONGEST: Duration = Duration::from_secs(30);

/// A running watcher, ended with the test.
pub(crate) struct Watcher {
    pub(crate) child: Child,
}

impl Watcher {
    pub(crate) fn start(desk: &Desk) -> Self {
        Self::start_with(desk, "1")
    }

    fn start_with(desk: &Desk, interval: &str) -> Self {
        Self::start_as(desk, &["--interval", interval, "--settle", "100"])
    }

    /// With these arguments; what it says goes to `watch.log`.
    pub(crate) fn start_as(desk: &Desk, args: &[&str]) -> Self {
        Self::spawn(desk, &mut desk.command(&[&["watch"], args].concat()))
    }

    pub(crate) fn spawn(desk: &Desk, command: &mut Command) -> Self {
        let log = std::fs::File::options().create(true).append(true).open(desk.path("watch.log")).unwrap();
        let child = command.stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap();
        let watcher = Self { child };
        until("the watcher holds its lock", || desk.exists(".hoso/khoa-theo-doi.giu"));
        watcher
    }

    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([name, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// Ends it as an operator does; returns its exit code.
    pub(crate) fn stop(mut self, signal: &str) -> Option<i32> {
        self.signal(signal);
        let start = Instant::now();
        while start.elapsed() < LONGEST {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("still running after {signal}");
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits until something holds.
#[track_caller]
pub(crate) fn until(what: &str, holds: impl Fn() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < LONGEST, "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_saved_file_becomes_a_draft_and_a_signal_ends_it() {
    let desk = Desk::new();
    let watcher = Watcher::start(&desk);
    desk.save(CODE, &slip(CODE, 4, "", ""));
    until("draft", || desk.exists(DRAFT));

    // By rename, as many editors save.
    let first = desk.read(DRAFT);
    desk.write("ho-so/.KN-2026-0101.yaml.swp", slip(CODE, 5, "", "").as_bytes());
    std::fs::rename(desk.path("ho-so/.KN-2026-0101.yaml.swp"), desk.path("ho-so/KN-2026-0101.yaml")).unwrap();
    until("another draft", || desk.exists(DRAFT) && desk.read(DRAFT) != first);

    desk.save(CODE, &slip(CODE, 5, ISSUE, ""));
    until("issued", || desk.numbers().len() == 1 && !desk.exists(DRAFT));
    assert_eq!(watcher.stop("-TERM"), Some(0));
    assert!(!desk.exists(".hoso/khoa-theo-doi.giu"), "the lock is given back");
}

#[test]
fn hints_come_long_before_the_next_scan() {
    let desk = Desk::new();
    let watcher = Watcher::start_with(&desk, "3600");
    // Let the first pass go by.
    std::thread::sleep(Duration::from_millis(500));
    desk.save(CODE, &slip(CODE, 4, "", ""));
    until("draft", || desk.exists(DRAFT));
    assert_eq!(watcher.stop("-INT"), Some(0));
}

#[test]
fn a_file_still_being_written_is_not_read() {
    let desk = Desk::new();
    let watcher = Watcher::start(&desk);
    let text = slip(CODE, 4, ISSUE, "");
    // Cut inside a word: read now, it would be a fault.
    let half = text.find("xu_ly_ngay_duoc").unwrap() + 5;
    for end in (0..8).map(|n| half - 8 + n) {
        desk.save(CODE, &text[..end]);
        std::thread::sleep(Duration::from_millis(30));
    }
    desk.save(CODE, &text);
    until("issued", || desk.numbers().len() == 1);
    assert!(!desk.exists("ho-so/KN-2026-0101.loi.txt"));
    assert_eq!(watcher.stop("-TERM"), Some(0));
}

#[test]
fn a_second_watcher_is_refused_and_told_who_holds_it() {
    let desk = Desk::new();
    let watcher = Watcher::start(&desk);
    let second = Run::of(&mut desk.command(&["watch", "--interval", "1"])).expect(1);
    assert!(second.err.contains(&watcher.child.id().to_string()), "{}", second.err);
    // Other commands go on beside it.
    desk.save(CODE, &slip(CODE, 4, ISSUE, ""));
    desk.build().expect(0);
    desk.run(&["new"]).expect(0);
    desk.run(&["register", "list"]).expect(0);
    assert_eq!(watcher.stop("-TERM"), Some(0));
    assert_eq!(Watcher::start(&desk).stop("-TERM"), Some(0), "free again");
}

#[test]
fn a_killed_watcher_leaves_no_lock() {
    let desk = Desk::new();
    let watcher = Watcher::start(&desk);
    assert_eq!(watcher.stop("-KILL"), None);
    let after = Watcher::start(&desk);
    desk.save(CODE, &slip(CODE, 4, "", ""));
    until("draft", || desk.exists(DRAFT));
    assert_eq!(after.stop("-TERM"), Some(0));
}

#[test]
fn a_folder_that_goes_away_and_comes_back() {
    let desk = Desk::new();
    desk.save(CODE, &slip(CODE, 4, ISSUE, ""));
    desk.save("KN-2026-0102", &slip("KN-2026-0102", 5, "", ""));
    desk.build().expect(0);
    let watcher = Watcher::start(&desk);
    let before = desk.tree();
    let below = |tree: crate::desk::Tree, dir: &str| -> Vec<(String, Vec<u8>)> {
        let of = |(name, bytes): (String, Vec<u8>)| Some((name.strip_prefix(dir)?.to_owned(), bytes));
        tree.into_iter().filter_map(of).collect()
    };
    std::fs::rename(desk.path("ho-so"), desk.path("away")).unwrap();
    std::thread::sleep(Duration::from_millis(1500));
    assert!(!desk.exists("ho-so"), "it is not made anew");
    assert!(below(desk.tree(), "away/") == below(before, "ho-so/"), "nothing is touched");
    std::fs::rename(desk.path("away"), desk.path("ho-so")).unwrap();
    desk.save("KN-2026-0103", &slip("KN-2026-0103", 6, ISSUE, ""));
    until("it goes on", || desk.numbers().len() == 2);
    assert!(desk.exists("ho-so/KN-2026-0102.yaml"));
    assert_eq!(watcher.stop("-TERM"), Some(0));
}
