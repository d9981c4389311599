//! The watcher comes to what a fresh pass would leave, whatever happens in the folder. Nothing here waits for a time to pass,
//! only for something to hold.

#![cfg(unix)]

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::desk::{Desk, Run, Tree, without_board};
use crate::samples::{ISSUE, slip};
use crate::watch::{Watcher, until};

const CODE: &str = "KN-2026-0101";
const OTHER: &str = "KN-2026-0102";
/// Only events and what is waited for end a wait: no scan comes within a test.
const EVENTS: [&str; 4] = ["--interval", "3600", "--settle", "50"];
/// Only scans find anything.
const SCANS: [&str; 5] = ["--interval", "1", "--settle", "50", "--poll"];

fn draft(code: &str) -> String {
    format!("ho-so/{code}/du-thao/phieu-tiep-nhan.du-thao.pdf")
}

/// A desk with a watcher that has made its first pass and lives on events alone.
fn started(codes: &[&str]) -> (Desk, Watcher) {
    started_with(codes, &EVENTS)
}

fn started_with(codes: &[&str], args: &[&str]) -> (Desk, Watcher) {
    let desk = Desk::new();
    for code in codes {
        desk.save(code, &slip(code, 4, "", ""));
    }
    let watcher = Watcher::start_as(&desk, args);
    until("the first pass", || {
        codes.iter().all(|code| desk.exists(&draft(code))) && desk.exists("ho-so/bang-theo-doi.html")
    });
    (desk, watcher)
}

fn board(desk: &Desk) -> String {
    std::fs::read_to_string(desk.path("ho-so/bang-theo-doi.html")).unwrap_or_default()
}

fn log(desk: &Desk) -> String {
    std::fs::read_to_string(desk.path("watch.log")).unwrap_or_default()
}

/// What staff and program left in the watched folder.
fn folder(desk: &Desk) -> Tree {
    let tree = without_board(desk.tree());
    tree.into_iter().filter(|(name, _)| name.starts_with("ho-so/") && !name.contains("_moi")).collect()
}

/// Ends the watcher, and says in what the folder differs from one that a fresh pass over the same files leaves.
fn end(desk: &Desk, watcher: Watcher) {
    assert_eq!(watcher.stop("-TERM"), Some(0));
    let before = desk.tree();
    let report = desk.build().json();
    let left: Vec<&str> = report["changes"].as_array().unwrap().iter().map(|c| c["path"].as_str().unwrap()).collect();
    assert!(left.is_empty(), "left undone: {left:?}");
    let keep = |mut tree: Tree| {
        tree.remove("ho-so/bang-theo-doi.html");
        tree
    };
    assert!(keep(before) == keep(desk.tree()));
}

#[test]
fn saved_in_place_by_rename_and_by_removal_first() {
    let (desk, watcher) = started(&[CODE]);
    let mut last = desk.read(&draft(CODE));
    let saves: [fn(&Desk, &str); 3] = [
        |desk, text| desk.save(CODE, text),
        |desk, text| {
            desk.write("ho-so/.KN-2026-0101.yaml.swp", text.as_bytes());
            std::fs::rename(desk.path("ho-so/.KN-2026-0101.yaml.swp"), desk.path("ho-so/KN-2026-0101.yaml")).unwrap();
        },
        |desk, text| {
            std::fs::rename(desk.path("ho-so/KN-2026-0101.yaml"), desk.path("ho-so/KN-2026-0101.yaml~")).unwrap();
            desk.save(CODE, text);
            desk.remove("ho-so/KN-2026-0101.yaml~");
        },
    ];
    for (day, save) in (5..).zip(saves) {
        save(&desk, &slip(CODE, day, "", ""));
        until("another draft", || desk.exists(&draft(CODE)) && desk.read(&draft(CODE)) != last);
        last = desk.read(&draft(CODE));
    }
    end(&desk, watcher);
}

#[test]
fn renamed_moved_out_and_in_removed_and_made_again() {
    let (desk, watcher) = started(&[CODE]);
    let (file, other) = (desk.path("ho-so/KN-2026-0101.yaml"), desk.path("ho-so/KN-2026-0102.yaml"));
    // Renamed to another code without a change of what it says: told, at the new name only.
    std::fs::rename(&file, &other).unwrap();
    until("a note at the new name", || desk.exists("ho-so/KN-2026-0102.loi.txt"));
    until("nothing at the old name", || !desk.exists("ho-so/KN-2026-0101.buoc-tiep.txt"));
    std::fs::rename(&other, &file).unwrap();
    until("all right again", || {
        desk.exists("ho-so/KN-2026-0101.buoc-tiep.txt") && !desk.exists("ho-so/KN-2026-0102.loi.txt")
    });
    // Moved out and in, with the time it had.
    std::fs::rename(&file, desk.path("KN-2026-0101.yaml")).unwrap();
    until("its notes are gone", || !desk.exists("ho-so/KN-2026-0101.buoc-tiep.txt"));
    until("it is off the board", || !board(&desk).contains("data-ma=\"KN-2026-0101\""));
    std::fs::rename(desk.path("KN-2026-0101.yaml"), &file).unwrap();
    until("it is back", || {
        desk.exists("ho-so/KN-2026-0101.buoc-tiep.txt") && board(&desk).contains("data-ma=\"KN-2026-0101\"")
    });
    // Removed and made again.
    let last = desk.read(&draft(CODE));
    std::fs::remove_file(&file).unwrap();
    until("its notes are gone again", || !desk.exists("ho-so/KN-2026-0101.buoc-tiep.txt"));
    desk.save(CODE, &slip(CODE, 6, "", ""));
    until("a new draft", || desk.read(&draft(CODE)) != last);
    end(&desk, watcher);
}

#[test]
fn a_doubled_hint_does_nothing() {
    let (desk, watcher) = started(&[CODE, OTHER]);
    let writes = |desk: &Desk| -> Vec<(String, std::time::SystemTime)> {
        let names = folder(desk).into_keys().filter(|name| !name.ends_with('/') && !name.ends_with(".yaml"));
        names
            .map(|name| (std::fs::metadata(desk.path(&name)).unwrap().modified().unwrap(), name))
            .map(|(t, n)| (n, t))
            .collect()
    };
    until("the first pass is told", || log(&desk).contains(&draft(CODE)) && log(&desk).contains(&draft(OTHER)));
    let (before, said) = (writes(&desk), log(&desk));
    for _ in 0..20 {
        // Whole at each moment: half a file would be another one.
        desk.write("ho-so/.luu.tmp", slip(CODE, 4, "", "").as_bytes());
        std::fs::rename(desk.path("ho-so/.luu.tmp"), desk.path("ho-so/KN-2026-0101.yaml")).unwrap();
    }
    // Something that is done after it shows that the hints were taken.
    desk.save("KN-2026-0103", &slip("KN-2026-0103", 4, "", ""));
    until("the third case", || desk.exists(&draft("KN-2026-0103")) && desk.exists("ho-so/KN-2026-0103.buoc-tiep.txt"));
    let after: Vec<_> = writes(&desk).into_iter().filter(|(name, _)| !name.contains("0103")).collect();
    assert_eq!(before, after, "nothing was written");
    until("the third case is told", || log(&desk).contains(&draft("KN-2026-0103")));
    assert!(!log(&desk)[said.len()..].contains(CODE), "nothing was said");
    end(&desk, watcher);
}

#[test]
fn what_no_event_told_a_scan_finds() {
    let (desk, watcher) = started_with(&[CODE], &SCANS);
    desk.save(OTHER, &slip(OTHER, 4, "", ""));
    until("a new case", || desk.exists(&draft(OTHER)));
    // Nobody listens below `ho-so/`.
    let named = slip(CODE, 4, "", "")
        .replace("\ntiep_nhan:\n", "\ntiep_nhan:\n  tai_lieu:\n    - tep: anh.jpg\n      ten: Ảnh\n");
    desk.save(CODE, &named);
    until("the missing file is told", || desk.exists("ho-so/KN-2026-0101.loi.txt"));
    desk.write("ho-so/KN-2026-0101/dinh-kem/anh.jpg", b"x");
    until("it is found", || !desk.exists("ho-so/KN-2026-0101.loi.txt"));
    desk.remove("ho-so/KN-2026-0101/dinh-kem/anh.jpg");
    until("it is missed", || desk.exists("ho-so/KN-2026-0101.loi.txt"));
    desk.write("ho-so/KN-2026-0101/dinh-kem/anh.jpg", b"x");
    until("it is found again", || !desk.exists("ho-so/KN-2026-0101.loi.txt"));
    // Drafts and notes that somebody damaged.
    let draft_bytes = desk.read(&draft(CODE));
    desk.write(&draft(CODE), b"x");
    desk.remove("ho-so/KN-2026-0101.buoc-tiep.txt");
    until("both are as they were", || {
        desk.read(&draft(CODE)) == draft_bytes && desk.exists("ho-so/KN-2026-0101.buoc-tiep.txt")
    });
    desk.remove("ho-so/KN-2026-0102.yaml");
    until("a case that is gone", || !desk.exists("ho-so/KN-2026-0102.buoc-tiep.txt"));
    end(&desk, watcher);
}

#[test]
fn lost_events_are_made_good() {
    let (desk, watcher) = started(&[CODE]);
    // Stopped, it reads no events, and the queue of the kernel runs over.
    watcher.signal("-STOP");
    let longest: usize = std::fs::read_to_string("/proc/sys/fs/inotify/max_queued_events")
        .ok()
        .and_then(|n| n.trim().parse().ok())
        .unwrap_or(0);
    if longest > 100_000 {
        return;
    }
    let other = desk.path("ho-so/ghi-chu.txt");
    for _ in 0..longest / 3 + 1_000 {
        std::fs::write(&other, "x").unwrap();
        std::fs::remove_file(&other).unwrap();
    }
    desk.save(OTHER, &slip(OTHER, 4, "", ""));
    desk.save(CODE, &slip(CODE, 5, "", ""));
    let before = desk.read(&draft(CODE));
    watcher.signal("-CONT");
    until("both were seen", || desk.exists(&draft(OTHER)) && desk.read(&draft(CODE)) != before);
    end(&desk, watcher);
}

#[test]
fn a_watcher_that_starts_again_reads_what_moved() {
    let (desk, watcher) = started(&[CODE, OTHER]);
    assert_eq!(watcher.stop("-KILL"), None);
    assert!(desk.exists(".hoso/da-xem"));
    let stamp = |name: &str| std::fs::metadata(desk.path(name)).unwrap().modified().unwrap();
    let before = stamp(&draft(OTHER));
    desk.save(CODE, &slip(CODE, 5, "", ""));
    let last = desk.read(&draft(CODE));
    // In JSON a pass lists the cases it looked at.
    let mut command = desk.command(&["--json", "watch", "--interval", "3600", "--settle", "50"]);
    std::fs::write(desk.path("watch.log"), "").unwrap();
    let watcher = Watcher::spawn(&desk, &mut command);
    until("the changed case", || desk.read(&draft(CODE)) != last);
    until("it is told", || log(&desk).contains(CODE));
    assert!(!log(&desk).contains(OTHER), "the other one was not read: {}", log(&desk));
    assert_eq!(before, stamp(&draft(OTHER)));
    // Without its memory everything is read, and nothing is written.
    assert_eq!(watcher.stop("-TERM"), Some(0));
    desk.remove(".hoso/da-xem");
    let tree = folder(&desk);
    let watcher = Watcher::start_as(&desk, &EVENTS);
    until("the memory is made anew", || desk.exists(".hoso/da-xem"));
    assert!(tree == folder(&desk));
    end(&desk, watcher);
}

#[test]
fn notes_made_before_a_kill_are_known_at_the_next_start() {
    let (desk, watcher) = started(&[CODE]);
    assert_eq!(watcher.stop("-TERM"), Some(0));
    let memory = desk.read(".hoso/da-xem");
    desk.save(OTHER, &slip(OTHER, 4, "", ""));
    desk.build();
    assert!(desk.exists("ho-so/KN-2026-0102.buoc-tiep.txt"));
    // As after a kill between a case's notes and its place in the memory.
    desk.write(".hoso/da-xem", &memory);
    desk.remove("ho-so/KN-2026-0102.yaml");
    let watcher = Watcher::start_as(&desk, &EVENTS);
    until("its note is gone", || !desk.exists("ho-so/KN-2026-0102.buoc-tiep.txt"));
    end(&desk, watcher);
}

#[test]
fn settings_and_forms_that_change_reach_every_case() {
    let (desk, watcher) = started_with(&[CODE, OTHER], &["--interval", "1", "--settle", "50"]);
    let before = [desk.read(&draft(CODE)), desk.read(&draft(OTHER))];
    let settings = String::from_utf8(desk.read("hoso.yaml")).unwrap();
    let changed = settings.replace("024 3754 5222", "024 3754 9999");
    assert_ne!(settings, changed);
    desk.write("hoso.yaml", changed.as_bytes());
    until("both drafts", || desk.read(&draft(CODE)) != before[0] && desk.read(&draft(OTHER)) != before[1]);
    end(&desk, watcher);
}

#[test]
fn a_file_that_never_lies_still_is_told_and_stops_nobody() {
    let (desk, watcher) = started_with(&[CODE], &["--interval", "3600", "--settle", "400"]);
    /// Ends the writer, also where the test fails.
    struct Over<'a>(&'a AtomicBool);
    impl Drop for Over<'_> {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Relaxed);
        }
    }
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let writing = Over(&over);
        scope.spawn(|| {
            // None after the day of the test: such a letter would never be issued.
            for day in (4..=20).cycle() {
                if over.load(Ordering::Relaxed) {
                    break;
                }
                // Whole at each moment, as a program that saves all the time does it.
                desk.write("ho-so/.luu.tmp", slip(OTHER, day, ISSUE, "").as_bytes());
                std::fs::rename(desk.path("ho-so/.luu.tmp"), desk.path("ho-so/KN-2026-0102.yaml")).unwrap();
                std::thread::sleep(Duration::from_millis(20));
            }
        });
        let last = desk.read(&draft(CODE));
        desk.save(CODE, &slip(CODE, 5, "", ""));
        until("the other case goes on", || desk.read(&draft(CODE)) != last);
        until("it is told at the file", || desk.exists("ho-so/KN-2026-0102.loi.txt"));
        until("and on the board", || board(&desk).contains("data-ma=\"KN-2026-0102\""));
        let note = String::from_utf8(desk.read("ho-so/KN-2026-0102.loi.txt")).unwrap();
        assert!(note.contains("HS032") && desk.numbers().is_empty(), "{note}");
        drop(writing);
    });
    until("once it is still, it is as any other", || {
        desk.numbers().len() == 1 && !desk.exists("ho-so/KN-2026-0102.loi.txt")
    });
    end(&desk, watcher);
}

#[test]
fn a_share_that_goes_away_takes_no_case_along() {
    let (desk, watcher) = started_with(&[CODE, OTHER], &["--interval", "1", "--settle", "50"]);
    let before = folder(&desk);
    let away = |desk: &Desk| {
        std::fs::rename(desk.path("ho-so"), desk.path("away")).unwrap();
    };
    let back = |desk: &Desk| {
        std::fs::remove_dir(desk.path("ho-so")).ok();
        std::fs::rename(desk.path("away"), desk.path("ho-so")).unwrap();
    };
    // First the folder is not there, then an empty one stands in its place, as where a share was mounted.
    away(&desk);
    until("it is told", || log(&desk).contains("HS512"));
    std::fs::create_dir(desk.path("ho-so")).unwrap();
    until("that is told, too", || log(&desk).contains("HS513"));
    let refused = Run::of(&mut desk.command(&["--json", "build"])).expect(1);
    assert!(refused.out.contains("HS513"), "{}", refused.out);
    assert_eq!(desk.names("ho-so"), Vec::<String>::new(), "nothing is written into it");
    back(&desk);
    desk.save("KN-2026-0103", &slip("KN-2026-0103", 4, "", ""));
    until("work goes on", || desk.exists(&draft("KN-2026-0103")));
    let after: Tree = folder(&desk).into_iter().filter(|(name, _)| !name.contains("0103")).collect();
    assert!(before == after, "nothing was lost");
    // Its events are heard again.
    let last = desk.read(&draft(CODE));
    desk.save(CODE, &slip(CODE, 7, "", ""));
    until("a save after the return", || desk.read(&draft(CODE)) != last);
    end(&desk, watcher);
}

#[test]
fn one_case_moved_out_of_a_folder_is_no_share_that_went_away() {
    let (desk, watcher) = started(&[CODE]);
    desk.remove("ho-so/KN-2026-0101.yaml");
    until("it is gone", || !desk.exists("ho-so/KN-2026-0101.buoc-tiep.txt"));
    assert!(!log(&desk).contains("HS513"));
    end(&desk, watcher);
}

#[test]
fn on_a_share_it_polls_and_says_so() {
    let desk = Desk::new();
    let folder = std::fs::canonicalize(desk.path("ho-so")).unwrap();
    let mut command = desk.command(&["watch", "--interval", "1", "--settle", "50"]);
    let real = desk.root().to_str().unwrap().to_owned();
    command.env("HOSO_VOLUME", format!("{}=NFS", folder.display()));
    command.args(["-C", &real]);
    let watcher = Watcher::spawn(&desk, &mut command);
    until("the first line", || log(&desk).contains("ổ NFS không báo thay đổi từ máy khác: quét mỗi 1 giây"));
    desk.save(CODE, &slip(CODE, 4, "", ""));
    until("a draft", || desk.exists(&draft(CODE)));
    let polls = "ổ NFS không báo thay đổi từ máy khác: quét mỗi 1 giây";
    let said = desk.run(&["status"]).out;
    assert!(said.contains("đang chạy") && said.contains(polls), "{said}");
    until("the board", || board(&desk).contains(polls));
    assert_eq!(watcher.stop("-TERM"), Some(0));
    // State on such a volume is refused, with the setting that moves it.
    let mut refused = desk.command(&["-C", &real, "--json", "build"]);
    refused.env("HOSO_VOLUME", format!("{real}=SMB"));
    let run = Run::of(&mut refused).expect(1);
    assert!(run.out.contains("HS514") && run.out.contains("trang_thai"), "{}", run.out);
}

#[test]
fn a_file_the_system_does_not_give_waits_and_is_tried_again() {
    let (desk, watcher) = started(&[CODE, OTHER]);
    // Not even root reads through a loop of links on the way; the file's place is taken while it is away.
    let row = |desk: &Desk| board(desk).contains("data-ma=\"KN-2026-0101\"");
    assert!(row(&desk));
    std::fs::rename(desk.path("ho-so/KN-2026-0101.yaml"), desk.path("KN-2026-0101.yaml")).unwrap();
    std::fs::create_dir(desk.path("ho-so/KN-2026-0101.yaml")).unwrap();
    until("it is told", || desk.exists("ho-so/KN-2026-0101.loi.txt"));
    std::fs::remove_dir(desk.path("ho-so/KN-2026-0101.yaml")).unwrap();
    std::fs::rename(desk.path("KN-2026-0101.yaml"), desk.path("ho-so/KN-2026-0101.yaml")).unwrap();
    until("it is read again", || !desk.exists("ho-so/KN-2026-0101.loi.txt") && row(&desk));
    end(&desk, watcher);
}
