//! A pass over what moved leaves what a pass over everything leaves.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::diagnostic::code;
use crate::pipeline::{self, Depth, Report, Scope, Standing, desk};
use crate::register::{self, Register, Void, Withdrawal};
use crate::workspace::Clock;

/// Something that happens in the folder between two passes.
#[derive(Debug, Clone)]
enum Edit {
    /// A case file is saved: in place, or aside and renamed.
    Save {
        case: u8,
        day: u8,
        issue: bool,
        faulty: bool,
        aside: bool,
    },
    /// Saved again with the same bytes.
    Touch {
        case: u8,
    },
    Remove {
        case: u8,
    },
    /// Renamed to the file of another case.
    Rename {
        case: u8,
        to: u8,
    },
    /// A copy under a name that tools give, or with an ending of its own.
    Copy {
        case: u8,
        name: u8,
    },
    RemoveCopy {
        case: u8,
        name: u8,
    },
    /// Evidence comes, goes, or gets another name.
    Evidence {
        case: u8,
        present: bool,
    },
    /// Somebody damages or removes what we wrote.
    Tamper {
        case: u8,
        which: u8,
        remove: bool,
    },
    /// A number is withdrawn by somebody else.
    Void {
        number: u8,
    },
    Settings {
        terms: u8,
    },
    NextDay,
    /// The rejected sample comes, ends, or comes back after it was closed.
    Ending {
        closing: bool,
        note: u8,
    },
    /// The watcher starts anew, with its memory or without it.
    Restart {
        forget: bool,
    },
    Junk {
        name: u8,
    },
}

fn edits() -> impl Strategy<Value = Edit> {
    let case = 1..6u8;
    prop_oneof![
        6 => (case.clone(), 4..7u8, any::<bool>(), prop::bool::weighted(0.2), any::<bool>())
            .prop_map(|(case, day, issue, faulty, aside)| Edit::Save { case, day, issue, faulty, aside }),
        1 => case.clone().prop_map(|case| Edit::Touch { case }),
        2 => case.clone().prop_map(|case| Edit::Remove { case }),
        2 => (case.clone(), case.clone()).prop_map(|(case, to)| Edit::Rename { case, to }),
        2 => (case.clone(), 0..4u8).prop_map(|(case, name)| Edit::Copy { case, name }),
        1 => (case.clone(), 0..4u8).prop_map(|(case, name)| Edit::RemoveCopy { case, name }),
        2 => (case.clone(), any::<bool>()).prop_map(|(case, present)| Edit::Evidence { case, present }),
        2 => (case, 0..6u8, any::<bool>()).prop_map(|(case, which, remove)| Edit::Tamper { case, which, remove }),
        1 => (1..4u8).prop_map(|number| Edit::Void { number }),
        1 => (0..2u8).prop_map(|terms| Edit::Settings { terms }),
        1 => Just(Edit::NextDay),
        2 => (any::<bool>(), 0..3u8).prop_map(|(closing, note)| Edit::Ending { closing, note }),
        1 => any::<bool>().prop_map(|forget| Edit::Restart { forget }),
        1 => (0..4u8).prop_map(|name| Edit::Junk { name }),
    ]
}

const REJECTED: &str = include_str!("../../../examples/KN-2026-0027.yaml");
const SETTINGS: &str = include_str!("../../../examples/hoso.yaml");

fn code_of(case: u8) -> String {
    format!("KN-2026-{:04}", 100 + u32::from(case))
}

fn copy_name(case: u8, name: u8) -> String {
    let code = code_of(case);
    match name {
        0 => format!("{code} (1).yaml"),
        1 => format!("{code}.sync-conflict-20261120-101500-ABCDEFG.yaml"),
        2 => format!("{code}.yml"),
        _ => format!("ban chep {case}.yaml"),
    }
}

fn text(case: u8, day: u8, issue: bool, faulty: bool) -> String {
    let (code, issue) = (code_of(case), if issue { "  ban_hanh: co\n" } else { "" });
    let serial = if faulty { "khong phai so" } else { "5401 0000 0000 07c2" };
    format!(
        "ma_ho_so: {code}\nnguoi_khieu_nai:\n  loai: ca_nhan\n  xung_ho: Bà\n  ten: Nguyễn Thị Hường\n  \
         so_can_cuoc: \"001178000327\"\n  dia_chi: Số 12 phố Trần Thái Tông, Hà Nội\n  dien_thoai: 0916 000 327\n\
         tiep_nhan:\n  ngay_den: 02/11/2026\n  hinh_thuc: van_ban\n  nguoi_tiep_nhan: Hoàng Thu Trang\n  \
         dich_vu: Chữ ký số cá nhân (USB token)\n  serial_chung_thu: {serial}\n  tom_tat: Không ký được tờ khai\n  \
         noi_dung: Token số {case} báo lỗi khi ký tờ khai thuế.\n  yeu_cau:\n    - Làm rõ nguyên nhân\n  \
         tai_lieu:\n    - tep: anh.jpg\n      ten: Ảnh chụp màn hình\n\
         xem_xet_tiep_nhan:\n  ngay: 03/11/2026\n  nguoi_quyet_dinh: Đỗ Minh Tuấn\n  thuoc_pham_vi: co\n  \
         xu_ly_ngay_duoc: khong\nphieu_tiep_nhan:\n  ngay: {day:02}/11/2026\n  nguoi_ky: pham-van-loc\n{issue}"
    )
}

/// A workspace on its own folder.
struct Place {
    dir: tempfile::TempDir,
    workspace: Workspace,
    day: u32,
}

impl Place {
    fn new() -> Self {
        let memory = Path::new("/dev/shm");
        let dir = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap();
        std::fs::write(dir.path().join("hoso.yaml"), SETTINGS).unwrap();
        for name in ["ho-so", "archive", ".hoso"] {
            std::fs::create_dir_all(dir.path().join(name)).unwrap();
        }
        let workspace = Self::open(dir.path(), 20);
        Self { dir, workspace, day: 20 }
    }

    fn open(root: &Path, day: u32) -> Workspace {
        let today = NaiveDate::from_ymd_opt(2026, 11, day).unwrap();
        Workspace::open(root, Clock::on(today), 1).unwrap()
    }

    fn cases(&self) -> PathBuf {
        self.dir.path().join("ho-so")
    }

    /// Does it; gives the names that events would tell of, nothing where only a scan finds it.
    fn edit(&mut self, edit: &Edit) -> Option<Vec<String>> {
        let dir = self.cases();
        let file = |case: u8| dir.join(format!("{}.yaml", code_of(case)));
        let named = |path: &Path| vec![path.file_name().unwrap().to_string_lossy().into_owned()];
        match edit {
            Edit::Save { case, day, issue, faulty, aside } => {
                let text = text(*case, *day, *issue, *faulty);
                if *aside {
                    let tmp = dir.join(".luu.tmp");
                    std::fs::write(&tmp, text).unwrap();
                    std::fs::rename(tmp, file(*case)).unwrap();
                } else {
                    std::fs::write(file(*case), text).unwrap();
                }
                Some(named(&file(*case)))
            }
            Edit::Touch { case } => {
                if let Ok(bytes) = std::fs::read(file(*case)) {
                    std::fs::write(file(*case), bytes).unwrap();
                }
                Some(named(&file(*case)))
            }
            Edit::Remove { case } => {
                let _ = std::fs::remove_file(file(*case));
                Some(named(&file(*case)))
            }
            Edit::Rename { case, to } => {
                let _ = std::fs::rename(file(*case), file(*to));
                Some([named(&file(*case)), named(&file(*to))].concat())
            }
            Edit::Copy { case, name } => {
                let copy = dir.join(copy_name(*case, *name));
                if let Ok(bytes) = std::fs::read(file(*case)) {
                    std::fs::write(&copy, bytes).unwrap();
                }
                Some(named(&copy))
            }
            Edit::RemoveCopy { case, name } => {
                let copy = dir.join(copy_name(*case, *name));
                let _ = std::fs::remove_file(&copy);
                Some(named(&copy))
            }
            Edit::Evidence { case, present } => {
                let evidence = dir.join(code_of(*case)).join("dinh-kem");
                if *present {
                    std::fs::create_dir_all(&evidence).unwrap();
                    std::fs::write(evidence.join("anh.jpg"), "x").unwrap();
                } else {
                    let _ = std::fs::rename(evidence.join("anh.jpg"), evidence.join("anh khac.jpg"));
                }
                None
            }
            Edit::Tamper { case, which, remove } => {
                let below = walkdir::WalkDir::new(dir.join(code_of(*case))).sort_by_file_name().into_iter();
                let below = below.filter_map(Result::ok).filter(|entry| entry.file_type().is_file());
                let below =
                    below.filter(|entry| !entry.path().ends_with("dinh-kem/anh.jpg")).map(walkdir::DirEntry::into_path);
                let notes =
                    [".loi.txt", ".buoc-tiep.txt"].map(|ending| dir.join(format!("{}{ending}", code_of(*case))));
                let all: Vec<PathBuf> = below.chain(notes.into_iter().filter(|note| note.exists())).collect();
                if let Some(path) = all.get(usize::from(*which) % all.len().max(1)) {
                    if *remove { std::fs::remove_file(path).unwrap() } else { std::fs::write(path, "hỏng").unwrap() }
                }
                None
            }
            Edit::Void { number } => {
                let mut register =
                    Register::open(&self.workspace.register(), Some(&self.workspace.mirror())).unwrap().0;
                let _ = register.void(
                    self.workspace.clock.now(),
                    Void {
                        register: "phieu-tiep-nhan".to_owned(),
                        year: 2026,
                        number: u32::from(*number),
                        reason_sha256: register::words::keep_reason(&self.workspace.snapshots(), "", "Cấp nhầm")
                            .unwrap(),
                        by: "Lan".to_owned(),
                        date: None,
                        withdrawal: Withdrawal::Voided,
                    },
                );
                Some(Vec::new())
            }
            Edit::Settings { terms } => {
                let text = format!("{SETTINGS}{}", if *terms == 0 { "" } else { "\n# khác\n" });
                std::fs::write(self.dir.path().join("hoso.yaml"), text).unwrap();
                self.workspace = Self::open(self.dir.path(), self.day);
                Some(Vec::new())
            }
            Edit::NextDay => {
                self.day = (self.day + 1).min(30);
                self.workspace = Self::open(self.dir.path(), self.day);
                Some(Vec::new())
            }
            Edit::Ending { closing, note } => {
                let path = dir.join("KN-2026-0027.yaml");
                let text = if *closing { REJECTED } else { &REJECTED[..REJECTED.find("luu_ho_so:").unwrap()] };
                std::fs::write(&path, format!("{text}# {note}\n")).unwrap();
                let evidence = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/KN-2026-0027");
                for entry in walkdir::WalkDir::new(&evidence).into_iter().filter_map(Result::ok) {
                    let to = dir.join("KN-2026-0027").join(entry.path().strip_prefix(&evidence).unwrap());
                    if entry.file_type().is_dir() {
                        std::fs::create_dir_all(to).unwrap();
                    } else {
                        std::fs::copy(entry.path(), to).unwrap();
                    }
                }
                // Its evidence raises no event.
                None
            }
            Edit::Restart { .. } => Some(Vec::new()),
            Edit::Junk { name } => {
                let name = ["~$x.yaml", ".x.yaml.swp", "Thumbs.db", "x.yaml.tmp"][usize::from(*name)];
                std::fs::write(dir.join(name), "x").unwrap();
                Some(Vec::new())
            }
        }
    }

    /// Makes all folders look as if they had last been changed a while ago.
    fn age(&self) {
        let entries = walkdir::WalkDir::new(self.cases()).into_iter().filter_map(Result::ok);
        for folder in entries.filter(|entry| entry.file_type().is_dir()) {
            let time = std::fs::metadata(folder.path()).unwrap().modified().unwrap();
            if time.elapsed().is_ok_and(|age| age < Duration::from_secs(5)) {
                std::fs::File::open(folder.path()).unwrap().set_modified(time - Duration::from_secs(10)).unwrap();
            }
        }
    }

    fn tree(&self) -> BTreeMap<String, Vec<u8>> {
        let entries = walkdir::WalkDir::new(self.dir.path()).into_iter().filter_map(Result::ok);
        let files = entries.filter(|entry| entry.file_type().is_file() && entry.file_name() != "da-xem");
        files
            .map(|entry| {
                let name = entry.path().strip_prefix(self.dir.path()).unwrap().to_string_lossy().into_owned();
                (name, std::fs::read(entry.path()).unwrap())
            })
            .collect()
    }
}

fn findings(report: &Report) -> Vec<String> {
    // The order of what comes from a pass and what is remembered differs.
    let mut told: Vec<String> = report.findings.iter().filter(|f| !f.is_passing()).map(|f| format!("{f:?}")).collect();
    told.sort();
    told
}

/// What a pass over what moved says of its cases, a pass over everything says, too.
fn check_cases(some: &Report, all: &Report) -> Result<(), TestCaseError> {
    for case in &some.cases {
        let other = all.cases.iter().find(|other| other.file == case.file && other.closed == case.closed);
        let shown = |case: &pipeline::CaseReport| serde_json::to_value(case).unwrap();
        prop_assert_eq!(Some(shown(case)), other.map(shown), "{}", case.file);
    }
    Ok(())
}

fn play(edits: &[Edit]) -> Result<(), TestCaseError> {
    let (mut ours, mut full) = (Place::new(), Place::new());
    let mut standing = Standing::resumed(&ours.workspace);
    for (step, edit) in edits.iter().enumerate() {
        let names = ours.edit(edit);
        full.edit(edit);
        if let Edit::Restart { forget } = edit {
            if *forget {
                let _ = std::fs::remove_file(ours.workspace.memory());
            }
            standing = Standing::resumed(&ours.workspace);
        }
        let names = names.map(|names| names.into_iter().map(OsString::from).collect::<BTreeSet<_>>());
        // Only what is changed in place leaves the times of folders as they are.
        let in_place = matches!(edit, Edit::Tamper { remove: false, .. });
        let depth = if in_place { Depth::Contents } else { Depth::Folders };
        ours.age();
        let scope = names.map_or(Scope::Whole { depth }, Scope::Some);
        let some = pipeline::pass(&ours.workspace, &mut standing, &scope, &mut |sight| sight).map(|mut report| {
            desk::update(&ours.workspace, &mut standing, &mut report);
            report
        });
        let all = pipeline::build(&full.workspace);
        match (some, all) {
            (Ok(some), Ok(all)) => {
                check_cases(&some, &all)?;
                prop_assert_eq!(findings(&some), findings(&all), "step {} {:?}", step, edit);
                prop_assert_eq!((some.open, some.closed), (all.open, all.closed), "step {} {:?}", step, edit);
                prop_assert_eq!(&some.changes, &all.changes, "step {} {:?}", step, edit);
            }
            (some, all) => prop_assert_eq!(format!("{:?}", some.err()), format!("{:?}", all.err())),
        }
        let (a, b) = (ours.tree(), full.tree());
        let different: Vec<&String> = a.keys().chain(b.keys()).filter(|name| a.get(*name) != b.get(*name)).collect();
        prop_assert!(different.is_empty(), "step {step} {edit:?}: {different:?}");
    }
    // Nothing moved: nothing is looked at, nothing is written.
    let report =
        pipeline::pass(&ours.workspace, &mut standing, &Scope::Whole { depth: Depth::Contents }, &mut |sight| sight);
    let report = report.map_err(|failure| TestCaseError::fail(format!("{failure:?}")))?;
    prop_assert!(report.changes.is_empty(), "{:?}", report.changes);
    for case in &report.cases {
        let unsure = |finding: &crate::diagnostic::Diagnostic| {
            [code::CODE_CHANGED, code::NUMBER_REFUSED, code::CLOSING_PUT_OFF].contains(&finding.code)
        };
        prop_assert!(case.findings.iter().any(unsure), "looked at for nothing: {case:?}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn what_moved_and_everything_come_to_the_same(edits in prop::collection::vec(edits(), 1..24)) {
        play(&edits)?;
    }
}

#[test]
fn the_times_of_folders_stand_for_what_lies_in_them() {
    let mut place = Place::new();
    place.edit(&Edit::Save { case: 1, day: 4, issue: false, faulty: false, aside: false });
    place.edit(&Edit::Evidence { case: 1, present: true });
    // Until its stamp is to be trusted, the file itself is looked at first.
    std::thread::sleep(Duration::from_millis(150));
    let mut standing = Standing::resumed(&place.workspace);
    let folder = place.cases().join(code_of(1));
    let mut look = |place: &Place, depth| {
        place.age();
        pipeline::pass(&place.workspace, &mut standing, &Scope::Whole { depth }, &mut |sight| sight).unwrap();
        place.age();
        let report =
            pipeline::pass(&place.workspace, &mut standing, &Scope::Whole { depth }, &mut |sight| sight).unwrap();
        assert!(report.cases.is_empty(), "seen once, known from then on");
        standing.memory.get(&format!("{}.yaml", code_of(1))).unwrap().tops.is_some()
    };
    assert!(look(&place, Depth::Folders));
    let draft = folder.join("du-thao/phieu-tiep-nhan.du-thao.pdf");
    let whole = std::fs::read(&draft).unwrap();
    std::fs::remove_file(&draft).unwrap();
    assert!(look(&place, Depth::Folders) && std::fs::read(&draft).unwrap() == whole, "made again");
    std::fs::write(&draft, "hỏng").unwrap();
    assert!(look(&place, Depth::Folders) && std::fs::read(&draft).unwrap() != whole, "changed in place");
    assert!(look(&place, Depth::Contents) && std::fs::read(&draft).unwrap() == whole, "found by a look at contents");
    std::fs::remove_file(place.workspace.next_steps(&code_of(1))).unwrap();
    assert!(look(&place, Depth::Folders) && place.workspace.next_steps(&code_of(1)).exists(), "the note as well");
    std::fs::create_dir(folder.join("dinh-kem/ảnh")).unwrap();
    assert!(!look(&place, Depth::Folders), "what lies in folders of other names does not show");
}

#[test]
fn of_many_cases_a_look_goes_through_some_in_turn() {
    let mut place = Place::new();
    for case in 1..=3 {
        place.edit(&Edit::Save { case, day: 4, issue: false, faulty: false, aside: false });
    }
    std::thread::sleep(Duration::from_millis(150));
    for case in 1..=3 {
        let file = place.cases().join(format!("{}.yaml", code_of(case)));
        let long_ago = crate::workspace::machine_time() - Duration::from_secs(3 * 24 * 3600);
        std::fs::File::options().write(true).open(file).unwrap().set_modified(long_ago).unwrap();
    }
    let mut standing = Standing::resumed(&place.workspace);
    let mut look = |place: &Place, depth| {
        place.age();
        standing.memory.at_once = 1;
        let report =
            pipeline::pass(&place.workspace, &mut standing, &Scope::Whole { depth }, &mut |sight| sight).unwrap();
        report.cases.into_iter().map(|case| case.code).collect::<Vec<_>>()
    };
    look(&place, Depth::Contents);
    // Past the looks at what was written just now.
    for _ in 0..4 {
        look(&place, Depth::Folders);
    }
    for case in 1..=3 {
        place.edit(&Edit::Evidence { case, present: true });
    }
    let mut seen = Vec::new();
    for _ in 0..3 {
        let now = look(&place, Depth::Folders);
        assert!(now.len() <= 1, "one at a time: {now:?}");
        seen.extend(now);
    }
    seen.sort();
    assert_eq!(seen, [code_of(1), code_of(2), code_of(3)], "each in its turn");
    // What came, went or was saved of late is seen at once, whosever turn it is.
    place.edit(&Edit::Save { case: 3, day: 5, issue: false, faulty: false, aside: false });
    std::fs::remove_file(place.cases().join(format!("{}.yaml", code_of(1)))).unwrap();
    place.edit(&Edit::Save { case: 2, day: 5, issue: false, faulty: false, aside: false });
    let now = [look(&place, Depth::Folders), look(&place, Depth::Folders), look(&place, Depth::Folders)].concat();
    assert!(now.contains(&code_of(2)) && now.contains(&code_of(3)), "{now:?}");
    assert!(standing.memory.get(&format!("{}.yaml", code_of(1))).is_none(), "gone");
}

#[test]
fn a_memory_that_is_torn_or_foreign_is_no_memory() {
    let mut place = Place::new();
    place.edit(&Edit::Save { case: 1, day: 4, issue: false, faulty: false, aside: false });
    let mut standing = Standing::resumed(&place.workspace);
    let look = |standing: &mut Standing| {
        pipeline::pass(&place.workspace, standing, &Scope::Whole { depth: Depth::Contents }, &mut |sight| sight)
            .unwrap()
            .cases
            .len()
    };
    assert_eq!(look(&mut standing), 1);
    let path = place.workspace.memory();
    let whole = std::fs::read(&path).unwrap();
    assert_eq!(look(&mut Standing::resumed(&place.workspace)), 0, "known from the file");
    for end in 0..whole.len() {
        std::fs::write(&path, &whole[..end]).unwrap();
        let memory = Memory::load(&place.workspace);
        assert!(memory.length.is_none() || memory.entries.is_empty(), "cut at {end}");
        let mut changed = whole.clone();
        changed[end] ^= 1;
        std::fs::write(&path, &changed).unwrap();
        let memory = Memory::load(&place.workspace);
        assert!(memory.length.is_none() && memory.entries.is_empty(), "changed at {end}");
    }
}
