use std::collections::BTreeMap;

use tempfile::TempDir;

use super::*;
use crate::diagnostic::{Code, code};
use crate::dossier::{Contents, Source};

struct Room {
    dir: TempDir,
}

fn now() -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339("2027-01-04T08:30:00+07:00").unwrap()
}

fn meta(code: &str, version: u32, closed: &str) -> Meta {
    Meta {
        code: code.into(),
        version,
        end: "đồng ý".into(),
        closed: closed.parse().unwrap(),
        from: "2026-10-01".parse().unwrap(),
        to: closed.parse().unwrap(),
        retention: "15 năm".into(),
        keep_until: "2041-12-31".parse().ok(),
        letters: 2,
        pages: 3,
        stretches: Vec::new(),
    }
}

impl Room {
    fn new() -> Self {
        Self { dir: TempDir::new().unwrap() }
    }

    fn journal(&self) -> PathBuf {
        self.dir.path().join("luu-tru.jsonl")
    }

    fn archive(&self) -> PathBuf {
        self.dir.path().join("archive")
    }

    fn open(&self) -> Archive {
        let (archive, findings) = Archive::open(&self.archive(), &self.journal(), Some(&self.archive())).unwrap();
        assert_eq!(findings, []);
        archive
    }

    fn verify(&self, only: Option<&str>) -> Vec<Diagnostic> {
        self.report(&Scope { codes: only.map(str::to_owned).into_iter().collect(), ..Scope::default() }).findings()
    }

    fn report(&self, scope: &Scope) -> Report {
        let (dir, journal) = (self.archive(), self.journal());
        let places = Places { dir: &dir, journal: &journal, mirror: Some(&dir), register: None };
        verify(&places, scope, &|_, _| {}).unwrap()
    }

    fn codes(&self) -> Vec<Code> {
        self.verify(None).iter().map(|finding| finding.code).collect()
    }

    fn stage(&self, archive: &Archive, meta: &Meta, text: &str) -> PathBuf {
        let mut contents = Contents::new(meta.code.clone(), meta.version);
        contents.info.push(("External-Description".into(), "Hồ sơ giải quyết khiếu nại".into()));
        contents.add(&format!("{}.yaml", meta.code), Source::Bytes(text.as_bytes().to_vec()));
        let staged = archive.staging(meta).unwrap();
        dossier::write(&staged, &contents).unwrap();
        staged
    }

    fn publish(&self, archive: &mut Archive, meta: Meta) -> Result<Publication> {
        let staged = self.stage(archive, &meta, "noi_dung: x\n");
        archive.publish(&staged, meta, now())
    }

    /// Every file below the room with its bytes, but for leftovers and the journal's head.
    fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        fn walk(dir: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
            for entry in std::fs::read_dir(dir).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    walk(&path, files);
                } else {
                    files.insert(path.clone(), std::fs::read(&path).unwrap());
                }
            }
        }
        let mut files = BTreeMap::new();
        walk(self.dir.path(), &mut files);
        files.into_iter().map(|(path, bytes)| (path.strip_prefix(self.dir.path()).unwrap().to_owned(), bytes)).collect()
    }
}

#[test]
fn versions_lie_in_the_year_of_the_first_closing() {
    let room = Room::new();
    let mut archive = room.open();
    assert_eq!((archive.state("KN-1"), archive.next_version("KN-1")), (State::Never, Some(1)));
    assert_eq!(room.publish(&mut archive, meta("KN-1", 1, "2026-12-31")).unwrap().path, "2026/KN-1.zip");
    assert_eq!((archive.state("KN-1"), archive.next_version("KN-1")), (State::Closed(1), None));
    let early = room.publish(&mut archive, meta("KN-1", 2, "2027-02-01"));
    assert!(matches!(early, Err(Error::WrongVersion { state: State::Closed(1), .. })));
    assert!(archive.reopen("KN-1", "khiếu nại lại", "Lê Thị Thu", now()).unwrap());
    assert!(!archive.reopen("KN-1", "khiếu nại lại", "Lê Thị Thu", now()).unwrap());
    assert_eq!(archive.state("KN-1"), State::Reopened(1));
    assert!(matches!(archive.reopen("KN-9", "", "", now()), Err(Error::NoSuchCode(_))));
    let second = room.publish(&mut archive, meta("KN-1", 2, "2027-02-01")).unwrap();
    assert_eq!(second.path, "2026/KN-1-v2.zip");

    let archive = room.open();
    assert_eq!(archive.state("KN-1"), State::Closed(2));
    assert_eq!(archive.latest("KN-1"), Some(&second));
    assert_eq!(archive.list().map(|(_, p)| p.meta.version).collect::<Vec<_>>(), [1, 2]);
    let info = archive.info(&second).unwrap();
    assert!(info.contains(&("External-Description".into(), "Hồ sơ giải quyết khiếu nại".into())));
    assert_eq!(room.verify(None), []);
    assert_eq!(room.verify(Some("KN-1")), []);
}

/// A run is stopped after each of its steps: nothing staged, staged, moved, moved and staged again, journaled, all done and
/// staged again. The next run must end where an undisturbed one does.
#[test]
fn from_a_thousand_on_each_thousand_has_its_folder() {
    let room = Room::new();
    let mut archive = room.open();
    let path = |archive: &mut Archive, code: &str, version| {
        room.publish(archive, meta(code, version, "2026-12-31")).unwrap().path
    };
    assert_eq!(path(&mut archive, "KN-2026-0999", 1), "2026/KN-2026-0999.zip");
    assert_eq!(path(&mut archive, "KN-2026-1000", 1), "2026/1000/KN-2026-1000.zip");
    assert_eq!(path(&mut archive, "KN-2026-12345", 1), "2026/12000/KN-2026-12345.zip");
    archive.reopen("KN-2026-1000", "khiếu nại lại", "", now()).unwrap();
    assert_eq!(path(&mut archive, "KN-2026-1000", 2), "2026/1000/KN-2026-1000-v2.zip", "beside the first");
    assert_eq!(room.codes(), []);
}

#[test]
fn publishing_again_after_a_kill_ends_the_same() {
    let undisturbed = Room::new();
    let expected = undisturbed.publish(&mut undisturbed.open(), meta("KN-1", 1, "2026-12-31")).unwrap();
    for state in 0..5 {
        let room = Room::new();
        let mut archive = room.open();
        let meta = meta("KN-1", 1, "2026-12-31");
        let staged = room.stage(&archive, &meta, "noi_dung: x\n");
        let target = room.archive().join("2026/KN-1.zip");
        match state {
            0 => {}
            1 => std::fs::rename(&staged, &target).unwrap(),
            2 => drop(std::fs::copy(&staged, &target).unwrap()),
            3 => drop(archive.publish(&staged, meta.clone(), now()).unwrap()),
            _ => {
                archive.publish(&staged, meta.clone(), now()).unwrap();
                room.stage(&archive, &meta, "noi_dung: x\n");
            }
        }
        let mut archive = room.open();
        assert_eq!(archive.publish(&staged, meta, now()).unwrap(), expected, "state {state}");
        assert_eq!(room.files(), undisturbed.files(), "state {state}");
        assert_eq!(room.verify(None), []);
    }
}

#[test]
fn a_different_file_is_never_overwritten() {
    let room = Room::new();
    let mut archive = room.open();
    let meta = meta("KN-1", 1, "2026-12-31");
    let staged = room.stage(&archive, &meta, "noi_dung: x\n");
    let target = room.archive().join("2026/KN-1.zip");
    std::fs::write(&target, "khac").unwrap();
    assert!(matches!(archive.publish(&staged, meta.clone(), now()), Err(Error::Occupied(_))));
    assert_eq!(std::fs::read(&target).unwrap(), b"khac");
    std::fs::remove_file(&staged).unwrap();
    // Nothing staged: what lies there must prove itself before it is taken.
    let refused = archive.publish(&staged, meta.clone(), now());
    assert!(matches!(refused, Err(Error::Dossier(dossier::Error::Damaged { .. }))));
    std::fs::remove_file(&target).unwrap();
    assert!(matches!(archive.publish(&staged, meta.clone(), now()), Err(Error::NothingStaged(_))));
    assert_eq!(archive.state("KN-1"), State::Never);

    // Published: other contents under the same version are refused.
    let staged = room.stage(&archive, &meta, "noi_dung: x\n");
    archive.publish(&staged, meta.clone(), now()).unwrap();
    let staged = room.stage(&archive, &meta, "noi_dung: y\n");
    assert!(matches!(archive.publish(&staged, meta, now()), Err(Error::WrongVersion { .. })));
}

#[test]
fn what_an_unfinished_run_of_another_version_left_is_set_aside_not_lost() {
    let room = Room::new();
    let mut archive = room.open();
    let meta = meta("KN-1", 1, "2026-12-31");
    let (staged, target) = (room.stage(&archive, &meta, "cũ\n"), room.archive().join("2026/KN-1.zip"));
    let old = std::fs::read(&staged).unwrap();
    std::fs::rename(&staged, &target).unwrap();
    let staged = room.stage(&archive, &meta, "mới\n");
    archive.publish(&staged, meta, now()).unwrap();
    assert_eq!(std::fs::read(room.archive().join("2026/KN-1.zip.chua-dang-1")).unwrap(), old);
    let findings = room.verify(None);
    assert!(findings.len() == 1 && !findings[0].is_error() && findings[0].code == code::DOSSIER_UNKNOWN);
}

/// The disk gives back something else than was written: nothing is entered, and the place is free again.
#[test]
fn a_damaged_staged_dossier_is_not_published() {
    let room = Room::new();
    let mut archive = room.open();
    let meta = meta("KN-1", 1, "2026-12-31");
    let staged = room.stage(&archive, &meta, "noi_dung: x\n");
    let mut bytes = std::fs::read(&staged).unwrap();
    let name = b"data/KN-1.yaml";
    let at = bytes.windows(name.len()).position(|part| part == name).unwrap() + name.len();
    bytes[at] ^= 1;
    std::fs::write(&staged, &bytes).unwrap();
    assert!(matches!(archive.publish(&staged, meta.clone(), now()), Err(Error::NotProved(_))));
    assert!(!room.archive().join("2026/KN-1.zip").exists());
    let staged = room.stage(&archive, &meta, "noi_dung: x\n");
    archive.publish(&staged, meta, now()).unwrap();
    assert_eq!(room.verify(None), []);
}

#[test]
fn a_dossier_of_another_case_is_not_taken_for_this_one() {
    let room = Room::new();
    let mut archive = room.open();
    let (mine, other) = (meta("KN-1", 1, "2026-12-31"), meta("KN-2", 1, "2026-12-31"));
    let staged = room.stage(&archive, &other, "noi_dung: x\n");
    assert!(matches!(archive.publish(&staged, mine, now()), Err(Error::Mistaken { .. })));
    assert!(staged.exists() && !room.archive().join("2026/KN-1.zip").exists());
    for code in ["KN-1-v2", "../KN", "a/b", ".KN", "", "KN:1"] {
        assert!(matches!(archive.staging(&meta(code, 1, "2026-12-31")), Err(Error::Code(_))), "{code}");
    }
}

#[test]
fn verify_names_what_is_missing_changed_replaced_or_unknown() {
    let room = Room::new();
    let mut archive = room.open();
    for code in ["KN-1", "KN-2"] {
        room.publish(&mut archive, meta(code, 1, "2026-12-31")).unwrap();
    }
    let file = room.archive().join("2026/KN-1.zip");
    let good = std::fs::read(&file).unwrap();

    std::fs::remove_file(&file).unwrap();
    assert_eq!(room.codes(), [code::DOSSIER_MISSING]);
    assert_eq!(room.verify(Some("KN-2")), []);

    let mut bytes = good.clone();
    let at = bytes.windows(14).position(|part| part == b"data/KN-1.yaml").unwrap() + 14;
    bytes[at] ^= 4;
    std::fs::write(&file, &bytes).unwrap();
    let findings = room.verify(Some("KN-1"));
    assert_eq!(findings[0].code, code::DOSSIER_DIGEST);
    assert!(findings.iter().all(|f| f.file.as_deref() == file.to_str()), "{findings:?}");
    assert!(findings.iter().any(|f| f.message.contains("mục \"data/KN-1.yaml\" bị hỏng")), "{findings:?}");

    // A whole dossier, but not the one published.
    let replaced = room.stage(&archive, &meta("KN-1", 1, "2026-12-31"), "noi_dung: y\n");
    std::fs::rename(replaced, &file).unwrap();
    assert_eq!(room.codes(), [code::DOSSIER_DIGEST]);

    std::fs::write(&file, &good).unwrap();
    std::fs::write(room.archive().join("2026/la.ZIP"), "x").unwrap();
    assert_eq!(room.codes(), [code::DOSSIER_UNKNOWN]);
    std::fs::remove_file(room.archive().join("2026/la.ZIP")).unwrap();
    assert_eq!(room.verify(None), []);
    assert_eq!(room.verify(Some("KN-3"))[0].code, code::ARCHIVE_NO_SUCH_CODE);

    // A journal rewritten with a whole chain, but against the order of things.
    let (mut journal, _) = Journal::open(&room.journal(), Some(&room.archive())).unwrap();
    let again = archive.latest("KN-1").unwrap().clone();
    journal.append(now(), Fact::Published(Box::new(again))).unwrap();
    assert_eq!(room.codes(), [code::ARCHIVE_CONTRADICTION]);
}

#[test]
fn the_journal_outlives_the_dossier_and_names_nobody() {
    let room = Room::new();
    let mut archive = room.open();
    room.publish(&mut archive, meta("KN-1", 1, "2026-12-31")).unwrap();
    let line = std::fs::read_to_string(room.journal()).unwrap();
    let line: serde_json::Value = serde_json::from_str(line.trim_end()).unwrap();
    let keys: Vec<_> = line["muc"]["ho_so"].as_object().unwrap().keys().cloned().collect();
    let expected = "ma_ho_so phien_ban ket_thuc ngay_luu tu_ngay den_ngay thoi_han luu_den so_van_ban so_trang";
    assert_eq!(keys.join(" "), expected);
}

#[test]
fn the_access_log_is_one_plain_line_an_event() {
    use access::{Access, Line};
    let room = Room::new();
    let log = room.dir.path().join("truy-cap.log");
    let line = |what, dossier, remark, by| Line { time: now(), what, dossier, remark, by };
    let name = access::name("KN-1", 2);
    access::record(&log, [line(Access::Fixity, "KN-1", access::SOUND, "thu")]).unwrap();
    access::record(&log, [line(Access::Retrieval, &name, "ra\nvào /tmp", ""), line(Access::Repair, "*", "x", "y")])
        .unwrap();
    assert_eq!(
        std::fs::read_to_string(&log).unwrap(),
        "2027-01-04T08:30:00+07:00\tkiem_tra\tKN-1\tnguyên vẹn\tthu\n\
         2027-01-04T08:30:00+07:00\tkhai_thac\tKN-1 v2\tra vào /tmp\t\n\
         2027-01-04T08:30:00+07:00\tkhoi_phuc\t*\tx\ty\n"
    );
}

/// The log as it grows: what each dossier's last check was.
#[test]
fn the_last_check_of_a_dossier_is_its_own_or_that_of_the_whole_archive() {
    let room = Room::new();
    let log = room.dir.path().join("truy-cap.log");
    let at = |day: u32| now() + chrono::Days::new(day.into());
    let last = |code, published| {
        access::Checks::read(&log).unwrap().last(code, 1, published).map(|check| (check.time, check.sound, check.by))
    };
    assert_eq!(last("KN-1", now()), None, "no log yet");
    let note = |text: String| fs::append(&log, text.as_bytes()).unwrap();
    // As it was noted before persons were.
    note(format!("{}\tkiem_tra\tKN-1\tkhớp\n", at(1).to_rfc3339()));
    assert_eq!(last("KN-1", now()), Some((at(1), true, String::new())));
    note(format!("{}\tkiem_tra\t*\tkhông khớp\tthu\n{0}\tkiem_tra\tKN-2\tkhông khớp\tthu\n", at(2).to_rfc3339()));
    note("rác\n\tkiem_tra\n2027\tkiem_tra\tKN-1\tkhông khớp\n".to_owned());
    assert_eq!(last("KN-1", now()), Some((at(2), true, "thu".into())), "the check of all found nothing here");
    assert_eq!(last("KN-2", now()), Some((at(2), false, "thu".into())));
    assert_eq!(last("KN-3", at(3)), None, "published since");
    note(format!("{}\tkiem_tra\tKN-2\tnguyên vẹn\tan\n", at(4).to_rfc3339()));
    assert_eq!(last("KN-2", now()), Some((at(4), true, "an".into())));
}

#[test]
fn a_sample_takes_what_was_checked_longest_ago() {
    let room = Room::new();
    let mut archive = room.open();
    for n in 1..=9 {
        room.publish(&mut archive, meta(&format!("KN-{n}"), 1, "2026-12-31")).unwrap();
    }
    let log = room.dir.path().join("truy-cap.log");
    let mut seen: Vec<String> = Vec::new();
    for day in 1..=3 {
        let checks = access::Checks::read(&log).unwrap();
        let report = room.report(&Scope { sample: Some((33.0, checks)), ..Scope::default() });
        assert_eq!((report.dossiers.len(), report.known), (3, 9), "a third, rounded up");
        let time = now() + chrono::Days::new(day);
        let what = access::Access::Fixity;
        let lines = report.dossiers.iter().map(|one| access::Line {
            time,
            what,
            dossier: &one.code,
            remark: access::SOUND,
            by: "",
        });
        access::record(&log, lines).unwrap();
        seen.extend(report.dossiers.iter().map(|one| one.code.clone()));
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 9, "three samples of a third see all: {seen:?}");
}

/// A byte anywhere, also where nothing but the journal's digest looks.
#[test]
fn two_hundred_flipped_bytes_are_found_two_hundred_times() {
    let room = Room::new();
    let mut archive = room.open();
    room.publish(&mut archive, meta("KN-1", 1, "2026-12-31")).unwrap();
    let file = room.archive().join("2026/KN-1.zip");
    let good = std::fs::read(&file).unwrap();
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    for _ in 0..200 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let (at, bit) = (usize::try_from(state >> 8).unwrap() % good.len(), state % 8);
        let mut bytes = good.clone();
        bytes[at] ^= 1 << bit;
        std::fs::write(&file, &bytes).unwrap();
        let found = room.codes();
        assert!(found.contains(&code::DOSSIER_DIGEST) && found.len() > 1, "offset {at} bit {bit}: {found:?}");
    }
}

/// Somebody who knows how a dossier is made: every digest in it is right again. Only the journal knows better.
#[test]
fn a_dossier_forged_with_all_its_manifests_is_betrayed_by_the_journal() {
    let room = Room::new();
    let mut archive = room.open();
    room.publish(&mut archive, meta("KN-1", 1, "2026-12-31")).unwrap();
    let forged = room.stage(&archive, &meta("KN-1", 1, "2026-12-31"), "noi_dung: khác\n");
    let file = room.archive().join("2026/KN-1.zip");
    std::fs::rename(forged, &file).unwrap();
    assert_eq!(dossier::verify(&file).unwrap(), []);
    let findings = room.verify(None);
    assert_eq!(findings.iter().map(|finding| finding.code).collect::<Vec<_>>(), [code::DOSSIER_DIGEST]);
    assert!(findings[0].message.contains("thay bằng tệp khác"), "{}", findings[0].message);
    let scope = Scope { full: true, ..Scope::default() };
    assert_eq!(room.report(&scope).findings(), findings);
}

fn hold(code: &str, name: &str) -> Hold {
    Hold { code: code.into(), name: name.into(), reason: "tòa yêu cầu".into(), by: "Lê Thị Thu".into() }
}

#[test]
fn holds_lie_side_by_side_and_each_is_released_by_itself() {
    let room = Room::new();
    let mut archive = room.open();
    room.publish(&mut archive, meta("KN-1", 1, "2026-12-31")).unwrap();
    assert!(matches!(archive.hold(hold("KN-9", "x"), now()), Err(Error::NoSuchCode(_))));
    archive.hold(hold("KN-1", "vụ án 12"), now()).unwrap();
    archive.hold(hold("KN-1", "thanh tra"), now()).unwrap();
    assert!(matches!(archive.hold(hold("KN-1", "vụ án 12"), now()), Err(Error::Held { .. })));
    assert!(matches!(archive.release(hold("KN-1", "khác"), now()), Err(Error::NotHeld { .. })));
    archive.release(hold("KN-1", "vụ án 12"), now()).unwrap();
    let archive = room.open();
    assert_eq!(archive.holds("KN-1").map(|(_, hold)| hold.name.as_str()).collect::<Vec<_>>(), ["thanh tra"]);
    assert_eq!(room.verify(None), []);
    // A journal that says what cannot be.
    let (mut journal, _) = Journal::open(&room.journal(), Some(&room.archive())).unwrap();
    journal.append(now(), Fact::Released(hold("KN-1", "vụ án 12"))).unwrap();
    journal.append(now(), Fact::Held(hold("KN-7", "x"))).unwrap();
    assert_eq!(room.codes(), [code::ARCHIVE_CONTRADICTION; 2]);
}

/// The period counts from the latest end, whichever version is kept longest; what is open, or for ever, is never due.
#[test]
fn what_is_due_is_told_by_the_version_kept_longest() {
    let room = Room::new();
    let mut archive = room.open();
    let kept = |code: &str, version, until: Option<&str>| Meta {
        keep_until: until.map(|day| day.parse().unwrap()),
        ..meta(code, version, "2026-12-31")
    };
    for (code, until) in
        [("KN-1", Some("2041-12-31")), ("KN-2", None), ("KN-3", Some("2040-12-31")), ("KN-4", Some("2030-12-31"))]
    {
        room.publish(&mut archive, kept(code, 1, until)).unwrap();
    }
    for code in ["KN-3", "KN-4"] {
        archive.reopen(code, "x", "y", now()).unwrap();
    }
    room.publish(&mut archive, kept("KN-3", 2, Some("2042-12-31"))).unwrap();
    archive.hold(hold("KN-3", "vụ án 12"), now()).unwrap();
    let due = |day: &str| -> Vec<(String, usize)> {
        let list = archive.due(day.parse().unwrap());
        list.iter().map(|due| (due.latest.meta.code.clone(), due.holds.len())).collect()
    };
    assert_eq!(due("2041-12-31"), [], "its last day is not over");
    assert_eq!(due("2042-01-01"), [("KN-1".to_owned(), 0)]);
    assert_eq!(due("2099-01-01"), [("KN-1".to_owned(), 0), ("KN-3".to_owned(), 1)]);
    assert_eq!((archive.keep("KN-2"), archive.keep("KN-9")), (Some(Keep::Permanent), None));
    assert_eq!(archive.keep("KN-3"), Some(Keep::Until("2042-12-31".parse().unwrap())));
}

mod repairing {
    use super::*;

    /// An archive of three dossiers and its second copy.
    fn twice() -> (Room, PathBuf) {
        let room = Room::new();
        let mut archive = room.open();
        for code in ["KN-1", "KN-2", "KN-3"] {
            room.publish(&mut archive, meta(code, 1, "2026-12-31")).unwrap();
        }
        let copy = room.dir.path().join("ban-sao");
        std::fs::create_dir_all(copy.join("2026")).unwrap();
        for code in ["KN-1", "KN-2", "KN-3"] {
            let below = format!("2026/{code}.zip");
            std::fs::copy(room.archive().join(&below), copy.join(&below)).unwrap();
        }
        (room, copy)
    }

    fn run(room: &Room, copy: &Path, codes: &[&str]) -> (Vec<Repaired>, Vec<Diagnostic>, usize) {
        let codes: Vec<String> = codes.iter().map(|code| (*code).to_owned()).collect();
        repair(&room.open(), copy, &codes, &|_, _| {}).unwrap()
    }

    /// Flips a bit of the byte behind this text.
    fn damage(file: &Path, behind: &[u8]) {
        let mut bytes = std::fs::read(file).unwrap();
        let at = bytes.windows(behind.len()).position(|part| part == behind).unwrap() + behind.len();
        bytes[at] ^= 8;
        std::fs::write(file, bytes).unwrap();
    }

    #[test]
    fn whole_files_come_from_the_copy_and_damaged_ones_are_set_aside() {
        let (room, copy) = twice();
        let before = room.files();
        let (one, two) = (room.archive().join("2026/KN-1.zip"), room.archive().join("2026/KN-2.zip"));
        std::fs::remove_file(&one).unwrap();
        std::fs::write(&two, b"not a zip at all").unwrap();
        let (repaired, findings, checked) = run(&room, &copy, &["KN-2"]);
        assert_eq!((repaired.len(), findings.len(), checked), (1, 0, 1), "only the one asked for");
        let (repaired, findings, checked) = run(&room, &copy, &[]);
        assert_eq!((repaired.len(), findings.len(), checked), (1, 0, 3));
        assert_eq!((repaired[0].code.as_str(), &repaired[0].set_aside), ("KN-1", &None));
        assert_eq!(std::fs::read(room.archive().join("2026/KN-2.zip.hong-1")).unwrap(), b"not a zip at all");
        let mut after = room.files();
        after.remove(Path::new("archive/2026/KN-2.zip.hong-1")).unwrap();
        assert_eq!(after, before);
        let told = room.verify(None);
        assert!(told.len() == 1 && !told[0].is_error(), "the file set aside is told: {told:?}");
        assert_eq!(run(&room, &copy, &[]).0, [], "nothing more to do");
    }

    #[test]
    fn two_damaged_copies_make_a_whole_one_entry_by_entry() {
        let (room, copy) = twice();
        let good = std::fs::read(room.archive().join("2026/KN-1.zip")).unwrap();
        let (here, there) = (room.archive().join("2026/KN-1.zip"), copy.join("2026/KN-1.zip"));
        damage(&here, b"data/KN-1.yaml");
        damage(&there, b"BagIt-Version: 1");
        let (repaired, findings, _) = run(&room, &copy, &["KN-1"]);
        assert_eq!(findings, []);
        assert_eq!(repaired[0].source, crate::archive::Source::Entries(vec!["data/KN-1.yaml".to_owned()]));
        assert_eq!(std::fs::read(&here).unwrap(), good);

        // The end cut off here, the directory there.
        std::fs::write(&here, &good[..good.len() - 30]).unwrap();
        std::fs::write(&there, &good[..good.len() - 400]).unwrap();
        let (repaired, findings, _) = run(&room, &copy, &["KN-1"]);
        assert_eq!((repaired.len(), findings.len()), (1, 0), "{findings:?}");
        assert_eq!(std::fs::read(&here).unwrap(), good);
    }

    #[test]
    fn what_cannot_be_restored_stays_as_it_is() {
        let (room, copy) = twice();
        let (here, there) = (room.archive().join("2026/KN-1.zip"), copy.join("2026/KN-1.zip"));
        damage(&here, b"data/KN-1.yaml");
        damage(&there, b"data/KN-1.yaml");
        std::fs::remove_file(room.archive().join("2026/KN-2.zip")).unwrap();
        std::fs::remove_file(copy.join("2026/KN-2.zip")).unwrap();
        // A dossier of the same code, whole in itself, but another.
        let forged = room.stage(&room.open(), &meta("KN-3", 1, "2026-12-31"), "noi_dung: khác\n");
        std::fs::rename(forged, copy.join("2026/KN-3.zip")).unwrap();
        std::fs::remove_file(room.archive().join("2026/KN-3.zip")).unwrap();
        let before = room.files();
        let (repaired, findings, _) = run(&room, &copy, &[]);
        assert_eq!((repaired.len(), findings.len()), (0, 3), "{findings:?}");
        assert!(findings.iter().all(|finding| finding.code == code::DOSSIER_NOT_RESTORED));
        assert_eq!(room.files(), before);
    }
}

/// The page follows the log; who reads it whole finds the same, however it was written.
#[test]
fn checks_are_followed_line_by_line() {
    let room = Room::new();
    let log = room.dir.path().join("truy-cap.log");
    let mut followed = access::Checks::default();
    followed.follow(&log).unwrap();
    let published = now() - chrono::TimeDelta::days(1);
    let told = |checks: &access::Checks| ["KN-1", "KN-2"].map(|code| checks.last(code, 1, published));
    let mut same = |what: &str| {
        followed.follow(&log).unwrap();
        assert_eq!(told(&followed), told(&access::Checks::read(&log).unwrap()), "{what}");
        told(&followed).map(|check| check.is_some_and(|check| check.sound))
    };
    let note = |dossier: &str, remark: &str| {
        let line = access::Line { time: now(), what: access::Access::Fixity, dossier, remark, by: "thu" };
        access::record(&log, [line]).unwrap();
    };
    note("KN-1", access::SOUND);
    assert_eq!(same("one line"), [true, false]);
    note("KN-2", access::SOUND);
    assert_eq!(same("another"), [true, true]);
    let text = std::fs::read_to_string(&log).unwrap();
    std::fs::write(&log, format!("{text}{}\tkiem_tra\tKN-1\tkhông k", now().to_rfc3339())).unwrap();
    assert_eq!(same("a line half written"), [true, true]);
    std::fs::write(&log, format!("{text}{}\tkiem_tra\tKN-1\tkhông khớp\tthu\n", now().to_rfc3339())).unwrap();
    assert_eq!(same("and finished"), [false, true]);
    std::fs::write(&log, text.replace("KN-2", "KN-3").repeat(20)).unwrap();
    assert_eq!(same("written anew, longer"), [true, false]);
    std::fs::remove_file(&log).unwrap();
    assert_eq!(same("gone"), [false, false]);
}

/// The words of a search go with the dossiers it found, or may have found.
#[test]
fn words_of_searches_are_forgotten_with_a_dossier() {
    let room = Room::new();
    let log = room.dir.path().join("truy-cap.log");
    for (found, remark) in [
        (access::found(&["KN-1", "KN-2"], true), "tìm “Oanh”"),
        (access::found(&["KN-2"], true), "tìm “Hường”"),
        (access::found(&["KN-2"], false), "tìm “Kim”"),
        (access::found(&[], true), "tìm “Oanhh”"),
        (access::ALL.to_owned(), "xem “Hết thời hạn”"),
    ] {
        let line = access::Line { time: now(), what: access::Access::Search, dossier: &found, remark, by: "thu" };
        access::record(&log, [line]).unwrap();
    }
    access::forget(&log, &["KN-1".to_owned()]).unwrap();
    let text = std::fs::read_to_string(&log).unwrap();
    let left: Vec<(&str, &str)> =
        text.lines().map(|line| line.split('\t').collect::<Vec<_>>()).map(|p| (p[2], p[3])).collect();
    assert_eq!(
        left,
        [("KN-1, KN-2", ""), ("KN-2", "tìm “Hường”"), ("KN-2, …", ""), ("", ""), ("*", "xem “Hết thời hạn”")]
    );
}
