//! Journals of register and archive, and lists of versions: as bytes, and as facts rightly chained. What was opened once opens
//! again and says the same.

#![no_main]

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use hoso::archive::Archive;
use hoso::history::{self, History, Origin};
use hoso::journal;
use hoso::register::{Fact, Register};
use hoso::workspace::{Clock, Workspace};
use hoso::{archive, fs};
use libfuzzer_sys::fuzz_target;

static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
    let memory = Path::new("/dev/shm");
    let base = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
    let folder = base.join(format!("hoso-fuzz-journal-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder in memory");
    folder
});

static WORKSPACE: LazyLock<Workspace> = LazyLock::new(|| {
    let root = FOLDER.join("w");
    Workspace::create(&root).expect("a workspace");
    let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 20).expect("a day");
    Workspace::open(&root, Clock::on(today), 1).expect("a workspace")
});

fuzz_target!(|bytes: &[u8]| {
    let Some((mode, bytes)) = bytes.split_first() else { return };
    match mode % 3 {
        0 => {
            let mut parts = bytes.splitn(2, |byte| *byte == 0);
            let journal = parts.next().unwrap_or_default().to_vec();
            open(&journal, parts.next().map(<[u8]>::to_vec));
        }
        1 => {
            let (journal, head) = chained(bytes);
            open(&journal, Some(head));
        }
        _ => versions(bytes),
    }
});

/// Each line is taken as a fact.
fn chained(bytes: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let (mut journal, mut before, mut count) = (Vec::new(), "0".repeat(64), 0);
    for fact in bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        count += 1;
        let head = format!("{{\"stt\":{count},\"truoc\":\"{before}\",\"luc\":\"2026-11-20T08:00:00+07:00\",\"muc\":");
        let line = [head.as_bytes(), fact, b"}"].concat();
        before = fs::sha256(&line);
        journal.extend(line);
        journal.push(b'\n');
    }
    (journal, format!("{{\"so_dong\":{count},\"bam\":\"{before}\"}}\n").into_bytes())
}

fn open(journal: &[u8], head: Option<Vec<u8>>) {
    let path = FOLDER.join("so.jsonl");
    let mirror = FOLDER.join("guong");
    let lay = || {
        let _ = std::fs::remove_dir_all(&mirror);
        std::fs::write(&path, journal).expect("written");
        match &head {
            Some(head) => std::fs::write(journal::head_path(&path), head).expect("written"),
            None => drop(std::fs::remove_file(journal::head_path(&path))),
        }
    };
    lay();
    let _ = journal::verify::<Fact>(&path, Some(&mirror));
    if let Ok((register, _)) = Register::open(&path, Some(&mirror)) {
        let before = format!("{:?}", register.records());
        let _ = (register.blocks().len(), register.next_number("phieu-tiep-nhan", 2026, 1));
        let (again, findings) = Register::open(&path, Some(&mirror)).expect("it was opened before");
        assert_eq!(before, format!("{:?}", again.records()));
        assert!(findings.is_empty(), "mended, and not mended: {findings:?}");
    }
    lay();
    if let Ok((archive, _)) = Archive::open(&FOLDER, &path, Some(&mirror)) {
        let codes: Vec<String> = archive.list().map(|(_, one)| one.meta.code.clone()).collect();
        for code in codes {
            let _ =
                (archive.state(&code), archive.next_version(&code), archive.latest(&code).map(|one| archive.file(one)));
        }
        let _ = (archive.due(chrono::NaiveDate::MAX).len(), archive.disposals().count(), archive.tombstones().count());
        let places = archive::Places { dir: &FOLDER, journal: &path, mirror: Some(&mirror), register: None };
        let _ = archive::verify(&places, &archive::Scope::default(), &|_, _| {});
    }
    for number in 1..4 {
        let _ = std::fs::remove_file(FOLDER.join(format!("so.jsonl.rach-{number}")));
    }
}

/// A list of versions, then one more kept behind it.
fn versions(bytes: &[u8]) {
    let (workspace, name) = (&*WORKSPACE, "KN-2026-0001");
    let folder = workspace.history(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("danh-sach.jsonl"), bytes).expect("written");
    let before = History::open(workspace, name, None).expect("readable").versions().to_vec();
    history::keep(workspace, name, b"ma_ho_so: KN-2026-0001\n", &Origin::default()).expect("kept");
    let mut after = History::open(workspace, name, None).expect("readable");
    assert!(after.versions().starts_with(&before), "a version is gone");
    let last = after.versions().last().cloned().expect("one was kept");
    assert_eq!(after.content(&last).expect("its bytes"), b"ma_ho_so: KN-2026-0001\n");
    assert!(before.is_empty() || before.iter().all(|one| one.number < last.number) || last == before[before.len() - 1]);
}
