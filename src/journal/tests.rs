use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::diagnostic::Code;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Note {
    chu: String,
}

fn at(minute: u32) -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339(&format!("2026-11-20T09:{minute:02}:00+07:00")).unwrap()
}

fn note(text: &str) -> Note {
    Note { chu: text.to_owned() }
}

/// A journal of five lines with its mirror.
fn five() -> (TempDir, PathBuf, PathBuf) {
    let dir = TempDir::new().unwrap();
    let (path, mirror) = (dir.path().join("so.jsonl"), dir.path().join("luu"));
    let (mut journal, findings) = Journal::open(&path, Some(&mirror)).unwrap();
    assert_eq!(findings, []);
    for (minute, text) in ["một", "hai", "ba", "bốn", "năm"].into_iter().enumerate() {
        journal.append(at(u32::try_from(minute).unwrap()), note(text)).unwrap();
    }
    (dir, path, mirror)
}

fn lines(path: &Path) -> Vec<String> {
    std::fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect()
}

fn put(path: &Path, lines: &[String]) {
    std::fs::write(path, lines.iter().map(|line| format!("{line}\n")).collect::<String>()).unwrap();
}

/// Code and line of each error; opening must refuse exactly when there is one, and change nothing.
fn errors(path: &Path, mirror: Option<&Path>) -> Vec<(Code, usize)> {
    let (_, findings) = verify::<Note>(path, mirror).unwrap();
    let errors: Vec<_> = findings.iter().filter(|f| f.is_error()).collect();
    if !errors.is_empty() {
        let before = std::fs::read(path).ok();
        assert!(matches!(Journal::<Note>::open(path, mirror), Err(Error::Broken { .. })), "{findings:?}");
        assert_eq!(std::fs::read(path).ok(), before, "a damaged journal must not be touched");
    }
    errors.into_iter().map(|f| (f.code, f.span.map_or(0, |span| span.line))).collect()
}

#[test]
fn lines_are_plain_json_chained_by_sha256() {
    let (_dir, path, mirror) = five();
    let lines = lines(&path);
    let zeros = "0".repeat(64);
    assert_eq!(
        lines[0],
        format!(r#"{{"stt":1,"truoc":"{zeros}","luc":"2026-11-20T09:00:00+07:00","muc":{{"chu":"một"}}}}"#)
    );
    assert_eq!(
        lines[1],
        format!(
            r#"{{"stt":2,"truoc":"{}","luc":"2026-11-20T09:01:00+07:00","muc":{{"chu":"hai"}}}}"#,
            fs::sha256(lines[0].as_bytes())
        )
    );
    let head = std::fs::read_to_string(head_path(&path)).unwrap();
    assert_eq!(head, format!("{{\"so_dong\":5,\"bam\":\"{}\"}}\n", fs::sha256(lines[4].as_bytes())));
    assert_eq!(std::fs::read(mirror.join("so.jsonl")).unwrap(), std::fs::read(&path).unwrap());
    assert_eq!(std::fs::read_to_string(mirror.join("so.jsonl.dau")).unwrap(), head);
}

#[test]
fn what_was_written_is_read_again() {
    let (_dir, path, mirror) = five();
    let (mut journal, findings) = Journal::open(&path, Some(&mirror)).unwrap();
    assert_eq!(findings, []);
    journal.append(at(9), note("sáu")).unwrap();
    let (journal, findings) = Journal::<Note>::open(&path, Some(&mirror)).unwrap();
    assert_eq!(findings, []);
    let texts: Vec<_> = journal.entries().iter().map(|e| (e.sequence, e.fact.chu.as_str())).collect();
    assert_eq!(texts, [(1, "một"), (2, "hai"), (3, "ba"), (4, "bốn"), (5, "năm"), (6, "sáu")]);
    assert_eq!(journal.entries()[5].time, at(9));
}

#[test]
fn an_edited_line_is_named() {
    for edited in 0..5 {
        let (_dir, path, _) = five();
        let mut all = lines(&path);
        all[edited] = all[edited].replace("\"chu\":\"", "\"chu\":\"x");
        put(&path, &all);
        assert_eq!(errors(&path, None), [(code::JOURNAL_LINE_CHANGED, edited + 1)]);
        all[edited] = "rác".to_owned();
        put(&path, &all);
        assert_eq!(errors(&path, None), [(code::JOURNAL_LINE_CHANGED, edited + 1)]);
    }
}

#[test]
fn a_removed_line_is_named() {
    for removed in 0..5 {
        let (_dir, path, _) = five();
        let mut all = lines(&path);
        all.remove(removed);
        put(&path, &all);
        let code = if removed == 4 { code::JOURNAL_CUT } else { code::JOURNAL_LINES_REMOVED };
        assert_eq!(errors(&path, None), [(code, removed + 1)]);
    }
}

#[test]
fn two_lines_changed_and_one_removed_are_three_findings() {
    let (_dir, path, _) = five();
    let mut all = lines(&path);
    all[0] = all[0].replace("một", "không");
    all[4] = all[4].replace("năm", "lăm");
    all.remove(2);
    put(&path, &all);
    assert_eq!(
        errors(&path, None),
        [(code::JOURNAL_LINE_CHANGED, 1), (code::JOURNAL_LINES_REMOVED, 3), (code::JOURNAL_LINE_CHANGED, 4)]
    );
}

#[test]
fn a_cut_anywhere_is_found_and_names_the_first_line_lost() {
    let (_dir, path, _) = five();
    let whole = std::fs::read(&path).unwrap();
    for length in 0..whole.len() {
        std::fs::write(&path, &whole[..length]).unwrap();
        let left = whole[..length].iter().filter(|byte| **byte == b'\n').count();
        assert_eq!(errors(&path, None), [(code::JOURNAL_CUT, left + 1)], "cut to {length} bytes");
    }
    std::fs::remove_file(&path).unwrap();
    assert_eq!(errors(&path, None), [(code::JOURNAL_CUT, 1)]);
}

#[test]
fn swapped_and_foreign_lines_are_errors() {
    let (_dir, path, _) = five();
    let good = lines(&path);
    let mut all = good.clone();
    all.swap(1, 2);
    put(&path, &all);
    assert!(!errors(&path, None).is_empty());
    let mut all = good.clone();
    all.insert(2, good[1].clone());
    put(&path, &all);
    assert!(!errors(&path, None).is_empty());
    let mut all = good.clone();
    all.push(good[4].replace("\"stt\":5", "\"stt\":6"));
    put(&path, &all);
    assert_eq!(errors(&path, None), [(code::JOURNAL_LINE_STRAY, 6)]);
}

#[test]
fn a_torn_last_line_is_set_aside_and_reported() {
    let (_dir, path, mirror) = five();
    let whole = std::fs::read(&path).unwrap();
    let zeros = vec![0; 40];
    for (n, torn) in [&b"{\"stt\":6,\"truoc\":\"ab"[..], &zeros, b"\0\0\0\n"].into_iter().enumerate() {
        std::fs::write(&path, [&whole, torn].concat()).unwrap();
        assert_eq!(errors(&path, Some(&mirror)), []);
        let (_, findings) = Journal::<Note>::open(&path, Some(&mirror)).unwrap();
        assert_eq!(findings.iter().map(|f| f.code).collect::<Vec<_>>(), [code::JOURNAL_TORN]);
        assert_eq!(std::fs::read(&path).unwrap(), whole);
        assert_eq!(std::fs::read(beside(&path, &format!(".rach-{}", n + 1))).unwrap(), torn);
        let (mut journal, findings) = Journal::<Note>::open(&path, Some(&mirror)).unwrap();
        assert_eq!(findings, []);
        if n == 2 {
            journal.append(at(20), note("sáu")).unwrap();
            assert_eq!(errors(&path, Some(&mirror)), []);
        }
    }
}

#[test]
fn a_kill_after_any_step_of_an_append_is_made_good() {
    // The states between the steps: line, head, mirrored line, mirrored head.
    for steps in 0..=4 {
        let (dir, path, mirror) = five();
        let after = TempDir::new().unwrap();
        for file in ["so.jsonl", "so.jsonl.dau", "luu/so.jsonl", "luu/so.jsonl.dau"] {
            fs::write(&after.path().join(file), &std::fs::read(dir.path().join(file)).unwrap()).unwrap();
        }
        let path_after = after.path().join("so.jsonl");
        Journal::open(&path_after, Some(&after.path().join("luu"))).unwrap().0.append(at(6), note("sáu")).unwrap();
        for file in ["so.jsonl", "so.jsonl.dau", "luu/so.jsonl", "luu/so.jsonl.dau"].iter().take(steps) {
            std::fs::copy(after.path().join(file), dir.path().join(file)).unwrap();
        }
        let (mut journal, findings) = Journal::open(&path, Some(&mirror)).unwrap();
        assert!(findings.iter().all(|f| f.code == code::JOURNAL_HEAD), "{findings:?}");
        if steps == 0 {
            journal.append(at(6), note("sáu")).unwrap();
        }
        for file in ["so.jsonl", "so.jsonl.dau", "luu/so.jsonl", "luu/so.jsonl.dau"] {
            let (got, expected) = (std::fs::read(dir.path().join(file)), std::fs::read(after.path().join(file)));
            assert_eq!(got.unwrap(), expected.unwrap(), "{file} after {steps} steps");
        }
    }
}

#[test]
fn times_that_run_backwards_by_more_than_a_day_are_told() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("so.jsonl");
    let mut journal = Journal::open(&path, None).unwrap().0;
    let day = TimeDelta::days(1);
    // A clock put right, a day to the second, a day and a second, then on from there.
    for time in [at(9), at(5), at(5) - day, at(5) - day - day - TimeDelta::seconds(1), at(5) - day] {
        journal.append(time, note("một")).unwrap();
    }
    let (_, findings) = verify::<Note>(&path, None).unwrap();
    let told: Vec<_> = findings.iter().map(|f| (f.code, f.is_error(), f.span.map_or(0, |span| span.line))).collect();
    assert_eq!(told, [(code::JOURNAL_BACKWARDS, false, 4)]);
    assert_eq!(Journal::<Note>::open(&path, None).unwrap().1, []);
}

#[test]
fn a_missing_head_is_an_error_unless_the_first_append_was_cut_short() {
    let (_dir, path, _) = five();
    std::fs::remove_file(head_path(&path)).unwrap();
    assert_eq!(errors(&path, None), [(code::JOURNAL_HEAD, 0)]);
    std::fs::write(head_path(&path), "{}").unwrap();
    assert_eq!(errors(&path, None), [(code::JOURNAL_HEAD, 0)]);
    std::fs::remove_file(head_path(&path)).unwrap();
    put(&path, &lines(&path)[..1]);
    let (journal, findings) = Journal::<Note>::open(&path, None).unwrap();
    assert_eq!((journal.entries().len(), findings.len()), (1, 1));
    assert_eq!(errors(&path, None), []);
}

#[test]
fn a_journal_rewritten_with_a_valid_chain_is_betrayed_by_its_mirror() {
    let (_dir, path, mirror) = five();
    std::fs::remove_file(&path).unwrap();
    std::fs::remove_file(head_path(&path)).unwrap();
    // Lost altogether: a new journal must not start at 1 while the mirror knows five lines.
    assert_eq!(errors(&path, Some(&mirror)), [(code::JOURNAL_CUT, 1)]);
    let (mut journal, _) = Journal::open(&path, None).unwrap();
    for (minute, text) in ["một", "hai", "BA", "bốn", "năm"].into_iter().enumerate() {
        journal.append(at(u32::try_from(minute).unwrap()), note(text)).unwrap();
    }
    assert_eq!(errors(&path, None), []);
    assert_eq!(errors(&path, Some(&mirror)), [(code::JOURNAL_MIRROR, 3)]);
}

#[test]
fn a_mirror_left_behind_is_caught_up_and_an_unwritable_one_is_only_a_warning() {
    let (dir, path, mirror) = five();
    put(&mirror.join("so.jsonl"), &lines(&path)[..2]);
    std::fs::remove_file(mirror.join("so.jsonl.dau")).unwrap();
    Journal::<Note>::open(&path, Some(&mirror)).unwrap();
    assert_eq!(lines(&mirror.join("so.jsonl")), lines(&path));
    assert_eq!(errors(&path, Some(&mirror)), []);

    let blocked = dir.path().join("tep");
    std::fs::write(&blocked, "").unwrap();
    let (mut journal, findings) = Journal::open(&path, Some(&blocked)).unwrap();
    assert_eq!(findings.iter().map(|f| (f.code, f.severity)).collect::<Vec<_>>().len(), 1);
    journal.append(at(7), note("sáu")).unwrap();
    assert!(journal.mirror_trouble().is_some());
    std::fs::remove_file(&blocked).unwrap();
    Journal::<Note>::open(&path, Some(&blocked)).unwrap();
    assert_eq!(lines(&blocked.join("so.jsonl")).len(), 6);
}

#[test]
fn the_second_taker_of_a_lock_is_told_who_holds_it() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("khoa");
    let holder = Holder { pid: 4711, host: "may-chu".into(), since: at(5) };
    let Acquired::Yes(lock) = Lock::try_acquire(&path, &holder).unwrap() else { panic!("free lock not given") };
    let other = Holder::this_process(at(6));
    assert!(matches!(Lock::try_acquire(&path, &other).unwrap(), Acquired::HeldBy(Some(h)) if h == holder));
    drop(lock);
    assert!(matches!(Lock::try_acquire(&path, &other).unwrap(), Acquired::Yes(_)));
    assert_eq!(holder.to_string(), "tiến trình 4711 trên máy may-chu, từ 09:05 ngày 20/11/2026");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    /// Whatever single byte is changed, opening refuses; and the journal never panics on garbage.
    #[test]
    fn any_changed_byte_is_found(offset in 0usize..10_000, bit in 0u8..8) {
        let (_dir, path, _) = five();
        let mut bytes = std::fs::read(&path).unwrap();
        let offset = offset % bytes.len();
        bytes[offset] ^= 1 << bit;
        std::fs::write(&path, &bytes).unwrap();
        prop_assert!(!errors(&path, None).is_empty());
    }
}
