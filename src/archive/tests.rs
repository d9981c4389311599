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
        verify(&self.archive(), &self.journal(), Some(&self.archive()), only).unwrap()
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
    let room = Room::new();
    let log = room.dir.path().join("truy-cap.log");
    access::record(&log, now(), access::Access::Fixity, "KN-1", "không lỗi").unwrap();
    access::record(&log, now(), access::Access::Retrieval, "KN-1", "giải nén\nvào /tmp").unwrap();
    assert_eq!(
        std::fs::read_to_string(&log).unwrap(),
        "2027-01-04T08:30:00+07:00\tkiem_tra\tKN-1\tkhông lỗi\n\
         2027-01-04T08:30:00+07:00\tkhai_thac\tKN-1\tgiải nén vào /tmp\n"
    );
}
