use super::*;
use crate::history::compare::{Fate, compare};
use crate::workspace::Clock;

const NAME: &str = "KN-2026-0001";

fn workspace(root: &Path) -> Workspace {
    Workspace::create(root).unwrap();
    let day = chrono::NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
    Workspace::open(root, Clock::on(day), 1).unwrap()
}

fn kept(workspace: &Workspace, text: &str) -> bool {
    keep(workspace, NAME, text.as_bytes(), &Origin::default()).unwrap()
}

fn objects(workspace: &Workspace) -> usize {
    let names = std::fs::read_dir(workspace.history(NAME)).unwrap().map(|entry| entry.unwrap().file_name());
    names.filter(|name| name.to_string_lossy().ends_with(".gz")).count()
}

#[test]
fn there_and_back_are_three_versions_of_two_objects() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    assert!(kept(&workspace, "A") && kept(&workspace, "B") && kept(&workspace, "A"));
    assert!(!kept(&workspace, "A"), "the same as the last");
    let mut history = History::open(&workspace, NAME, None).unwrap();
    let versions = history.versions().to_vec();
    let told: Vec<_> = versions.iter().map(|version| (version.number, version.file.as_str(), version.size)).collect();
    assert_eq!(told, [(1, "ban-1.yaml", 1), (2, "ban-2.yaml", 1), (3, "ban-1.yaml", 1)]);
    let contents: Vec<_> = versions.iter().map(|version| history.content(version).unwrap()).collect();
    assert_eq!(contents, [b"A", b"B", b"A"]);
    assert_eq!(objects(&workspace), 2);
    // SHA-256 of "B" by sha256sum.
    assert_eq!(versions[1].sha256, "df7e70e5021544f4834bbee64a9e3789febc4be81470df629cad6ddb03320a5c");
}

#[test]
fn a_torn_line_is_cut_and_its_version_kept_again() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    kept(&workspace, "A");
    let list = list::path(&workspace.history(NAME));
    let whole = std::fs::read(&list).unwrap();
    kept(&workspace, "B");
    let both = std::fs::read(&list).unwrap();
    for torn in whole.len() + 1..both.len() {
        std::fs::write(&list, &both[..torn]).unwrap();
        assert_eq!(History::open(&workspace, NAME, None).unwrap().versions().len(), 1, "cut at {torn}");
        assert!(kept(&workspace, "B"), "cut at {torn}");
        assert_eq!(std::fs::read(&list).unwrap(), both, "cut at {torn}");
    }
}

#[test]
fn a_line_that_cannot_be_read_keeps_its_number() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    kept(&workspace, "A");
    let list = list::path(&workspace.history(NAME));
    let mut bytes = std::fs::read(&list).unwrap();
    bytes.extend(b"{\"ban\":2,\xff}\n");
    std::fs::write(&list, bytes).unwrap();
    assert!(kept(&workspace, "C"));
    let history = History::open(&workspace, NAME, None).unwrap();
    assert_eq!(history.versions().iter().map(|version| version.number).collect::<Vec<_>>(), [1, 3]);
    assert_eq!(history.unreadable(), 1);
}

#[test]
fn a_lost_or_changed_object_is_told_and_written_again() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    kept(&workspace, "A");
    kept(&workspace, "B");
    let version = History::open(&workspace, NAME, None).unwrap().version(1).unwrap();
    let object = object::path(&workspace.history(NAME), &version.sha256);
    for damage in [b"no gzip".to_vec(), object::pack(b"other"), object::pack(b"A")[..8].to_vec()] {
        std::fs::write(&object, damage).unwrap();
        let mut history = History::open(&workspace, NAME, None).unwrap();
        assert!(matches!(history.content(&version), Err(Error::Lost(1))));
    }
    kept(&workspace, "A");
    assert_eq!(History::open(&workspace, NAME, None).unwrap().content(&version).unwrap(), b"A");
    std::fs::remove_file(&object).unwrap();
    assert!(!kept(&workspace, "A"), "no new version");
    assert_eq!(History::open(&workspace, NAME, None).unwrap().content(&version).unwrap(), b"A");
}

#[test]
fn an_object_that_swells_is_no_version() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.gz");
    let zeros = vec![0; usize::try_from(MAX_FILE).unwrap() + 2];
    std::fs::write(&path, object::pack(&zeros)).unwrap();
    assert_eq!(object::load(&path, &fs::sha256(&zeros)).unwrap(), None);
}

#[test]
fn a_copy_never_takes_the_place_of_something() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    let (path, newly) = lay_copy(&workspace, NAME, 3, b"old").unwrap();
    assert_eq!((name(&path).as_str(), newly), ("KN-2026-0001.ban-3.txt", true));
    assert!(!crate::pipeline::scan::is_case_file(&name(&path)));
    assert_eq!(lay_copy(&workspace, NAME, 3, b"old").unwrap(), (path.clone(), false));
    std::fs::write(&path, "a note of the clerk's").unwrap();
    let (other, newly) = lay_copy(&workspace, NAME, 3, b"old").unwrap();
    assert_eq!((name(&other).as_str(), newly), ("KN-2026-0001.ban-3 (2).txt", true));
    assert_eq!(std::fs::read(&path).unwrap(), b"a note of the clerk's");
}

#[test]
fn versions_saved_behind_the_closed_one_are_not_of_its_dossier() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    ["A", "B", "C"].iter().for_each(|text| assert!(kept(&workspace, text)));
    let names = |part: &bag::Part| part.files.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    let part = bag::gather(&workspace, NAME, &fs::sha256(b"B")).unwrap();
    assert_eq!(names(&part), ["lich-su/ban-1.yaml", "lich-su/ban-2.yaml", "lich-su/danh-sach.jsonl"]);
    let whole = bag::gather(&workspace, NAME, &fs::sha256(b"C")).unwrap();
    assert_eq!(names(&whole).len(), 4);
    let digests = |part: &bag::Part| part.files.iter().map(|(_, bytes)| fs::sha256(bytes)).collect();
    bag::clear(&workspace, NAME, &digests(&part)).unwrap();
    assert_eq!(objects(&workspace), 3, "C is nowhere else");
    bag::clear(&workspace, NAME, &digests(&whole)).unwrap();
    assert!(!workspace.history(NAME).exists());
}

#[test]
fn a_list_behind_that_of_a_dossier_is_numbered_on() {
    let version = |number: u32, text: &str| Version {
        number,
        saved: Clock::on(chrono::NaiveDate::default()).now(),
        kept: Clock::on(chrono::NaiveDate::default()).now(),
        size: 1,
        sha256: fs::sha256(text.as_bytes()),
        owner: None,
        file: format!("ban-{number}.yaml"),
    };
    let list = |versions: &[Version]| {
        List::parse(versions.iter().map(|version| list::line(version) + "\n").collect::<String>().into_bytes())
    };
    let archived = [version(1, "A"), version(2, "B")];
    let told = |versions: Vec<Version>| -> Vec<(u32, String)> {
        versions.into_iter().map(|version| (version.number, version.file)).collect()
    };
    let joined = |later: &[Version]| told(list::joined(list(&archived), list(later)));
    let before = [(1, "ban-1.yaml".to_owned()), (2, "ban-2.yaml".to_owned())];
    assert_eq!(joined(&[]), before);
    // The archived file came back, then a new one, then the first of all.
    let later = [version(1, "B"), version(2, "C"), version(3, "A")];
    let on = [before.as_slice(), &[(3, "ban-3.yaml".to_owned()), (4, "ban-1.yaml".to_owned())]].concat();
    assert_eq!(joined(&later), on);
    let whole = [&archived[..], &[version(3, "C")]].concat();
    assert_eq!(joined(&whole), told(whole.clone()), "nothing twice");
}

#[test]
fn what_differs_is_told_by_line() {
    let old = "a\nb\nc\nd\ne\nf\ng\nh\n";
    let new = "a\nb\nC\nd\ne\nf\ng\nh\ni\n";
    let told: Vec<String> = compare(old, new)
        .iter()
        .map(|group| {
            let sign = |fate| match fate {
                Fate::Same => ' ',
                Fate::Removed => '-',
                Fate::Added => '+',
            };
            group.iter().map(|line| format!("{}{}{} ", sign(line.fate), line.number, line.text)).collect()
        })
        .collect();
    assert_eq!(told, [" 1a  2b -3c +3C  4d  5e ", " 7g  8h +9i "]);
    assert!(compare(old, old).is_empty());
    assert_eq!(compare("", "x")[0], [compare::Line { fate: Fate::Added, number: 1, text: "x".to_owned() }]);
}

#[test]
fn versions_that_are_no_unicode_are_shown_all_the_same() {
    assert_eq!(compare::text(b"\xef\xbb\xbfma: 1\r\nb: 2\r\n"), "ma: 1\nb: 2\n");
    assert!(compare::text(b"ten: \xcb\xb5\n").starts_with("ten: "));
}

#[test]
fn only_own_names_are_parts_of_a_history() {
    for name in ["lich-su/danh-sach.jsonl", "lich-su/ban-1.yaml", "lich-su/ban-20.yaml"] {
        assert!(bag::is_part(name), "{name}");
    }
    for name in ["lich-su/anh.jpg", "lich-su/ban-x.yaml", "lich-su2/ban-1.yaml", "dinh-kem/lich-su/ban-1.yaml"] {
        assert!(!bag::is_part(name), "{name}");
    }
}
