//! Reading on in a journal from where it was read to before.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use chrono::{DateTime, FixedOffset};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::chain::{Chain, Read1, read_line};
use super::{Entry, Error, Head};
use crate::fs;

/// How far a journal was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// The head there.
    pub head: Head,
    /// Bytes before the next line.
    pub at: u64,
}

/// The entries behind `mark`, and the mark behind them; all of them where there is no mark, or where the journal does not go on
/// from it. Says which by the flag: `true` when the entries go on from the mark. A line that is being written is left for the
/// next time. Proves nothing of what lies before the mark.
///
/// # Errors
/// When the system refuses to read it, or a line is not what a journal holds.
pub fn since<E: DeserializeOwned>(path: &Path, mark: Option<&Mark>) -> Result<(Vec<Entry<E>>, Mark, bool), Error> {
    let genesis = Mark { head: Head::empty(), at: 0 };
    for start in mark.into_iter().chain([&genesis]) {
        if let Some((entries, now)) = behind(path, start)? {
            return Ok((entries, now, mark == Some(start)));
        }
    }
    // It can be followed from nowhere: what is wrong is told by name.
    let findings = Chain::read(path)?.findings();
    Err(Error::Broken { path: path.to_owned(), findings })
}

/// The head as it was before the first entry at or after `time`: what closing minutes state of a moment that is over.
///
/// # Errors
/// When the system refuses to read it, or a line before that is not what a journal holds.
pub fn head_before(path: &Path, time: DateTime<FixedOffset>) -> Result<Head, Error> {
    let mut head = Head::empty();
    for line in fs::read_if_there(path)?.unwrap_or_default().split_inclusive(|byte| *byte == b'\n') {
        let Some(line) = line.strip_suffix(b"\n") else { break };
        match read_line::<serde_json::Value>(line) {
            Some(Read1 { entry, .. }) if entry.time >= time => break,
            Some(Read1 { before, entry }) if before == head.hash && entry.sequence == head.count + 1 => {
                head = Head { count: entry.sequence, hash: fs::sha256(line) };
            }
            _ => return Err(Error::Broken { path: path.to_owned(), findings: Chain::read(path)?.findings() }),
        }
    }
    Ok(head)
}

/// What lies behind `mark`; `None` when the journal does not go on from there.
fn behind<E: DeserializeOwned>(path: &Path, mark: &Mark) -> fs::Result<Option<(Vec<Entry<E>>, Mark)>> {
    let mut now = mark.clone();
    let mut file = match File::open(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Ok((mark.at == 0).then(|| (Vec::new(), now)));
        }
        other => fs::context(other, "mở", path)?,
    };
    let mut line = Vec::new();
    // The line break of the last line read: a journal that was cut short and went on is noticed.
    if let Some(before) = mark.at.checked_sub(1) {
        let read = file.seek(SeekFrom::Start(before)).and_then(|_| (&mut file).take(1).read_to_end(&mut line));
        fs::context(read, "đọc", path)?;
        if line != b"\n" {
            return Ok(None);
        }
    }
    let (mut lines, mut entries) = (BufReader::new(file), Vec::new());
    loop {
        line.clear();
        fs::context(lines.read_until(b'\n', &mut line), "đọc", path)?;
        let length = line.len() as u64;
        // The end, or a line that is being written.
        if line.pop() != Some(b'\n') {
            return Ok(Some((entries, now)));
        }
        match read_line(&line) {
            Some(Read1 { before, entry }) if before == now.head.hash && entry.sequence == now.head.count + 1 => {
                now.head = Head { count: entry.sequence, hash: fs::sha256(&line) };
                entries.push(entry);
            }
            _ => return Ok(None),
        }
        now.at += length;
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::super::Journal;
    use super::*;

    fn write(path: &Path, facts: &[&str]) {
        let (mut journal, _) = Journal::<String>::open(path, None).unwrap();
        let time = DateTime::parse_from_rfc3339("2026-11-20T08:00:00+07:00").unwrap();
        for fact in facts {
            journal.append(time, (*fact).to_owned()).unwrap();
        }
    }

    fn read(path: &Path, mark: Option<&Mark>) -> (Vec<String>, Mark, bool) {
        let (entries, mark, goes_on) = since::<String>(path, mark).unwrap();
        (entries.into_iter().map(|entry| entry.fact).collect(), mark, goes_on)
    }

    #[test]
    fn only_what_is_new_is_read() {
        let dir = TempDir::new().unwrap();
        let path = dir.path().join("so.jsonl");
        let (none, start, _) = read(&path, None);
        assert_eq!((none.len(), start.head.count), (0, 0));
        write(&path, &["một", "hai"]);
        let (first, mark, goes_on) = read(&path, Some(&start));
        assert_eq!((first, goes_on), (vec!["một".to_owned(), "hai".to_owned()], true));
        assert_eq!(read(&path, Some(&mark)), (vec![], mark.clone(), true));
        write(&path, &["ba"]);
        let (more, end, goes_on) = read(&path, Some(&mark));
        assert_eq!((more, goes_on), (vec!["ba".to_owned()], true));
        assert_eq!(read(&path, None).1, end, "read at once, the same place");
    }

    #[test]
    fn a_journal_that_does_not_go_on_from_the_mark_is_read_whole() {
        let dir = TempDir::new().unwrap();
        let (path, other) = (dir.path().join("so.jsonl"), dir.path().join("khac.jsonl"));
        write(&path, &["một", "hai"]);
        let (_, mark, _) = read(&path, None);
        write(&other, &["một", "khác", "ba"]);
        let (all, _, goes_on) = read(&other, Some(&mark));
        assert_eq!((all.len(), goes_on), (3, false));
        let shorter = dir.path().join("ngan.jsonl");
        write(&shorter, &["một"]);
        assert!(!read(&shorter, Some(&mark)).2);
    }

    #[test]
    fn the_head_of_a_moment_that_is_over() {
        let dir = TempDir::new().unwrap();
        let path = dir.path().join("so.jsonl");
        let time = |day: u32| DateTime::parse_from_rfc3339(&format!("2026-11-{day:02}T08:00:00+07:00")).unwrap();
        assert_eq!(head_before(&path, time(1)).unwrap(), Head::empty());
        let (mut journal, _) = Journal::<String>::open(&path, None).unwrap();
        let mut heads = vec![Head::empty()];
        for day in 1..=3 {
            journal.append(time(day), format!("{day}")).unwrap();
            heads.push(journal.head().clone());
        }
        for (day, head) in (1..).zip(&heads) {
            assert_eq!(head_before(&path, time(day)).unwrap(), *head, "before day {day}");
        }
        // Changed afterwards, it states nothing.
        let text = std::fs::read_to_string(&path).unwrap().replacen("\"1\"", "\"9\"", 1);
        std::fs::write(&path, text).unwrap();
        assert!(head_before(&path, time(4)).is_err());
    }

    #[test]
    fn a_line_that_is_being_written_waits() {
        let dir = TempDir::new().unwrap();
        let path = dir.path().join("so.jsonl");
        write(&path, &["một"]);
        let (_, mark, _) = read(&path, None);
        let whole = std::fs::read(&path).unwrap();
        std::fs::write(&path, [whole.as_slice(), b"{\"stt\":2,\"truoc\":\""].concat()).unwrap();
        assert_eq!(read(&path, Some(&mark)), (vec![], mark.clone(), true));
    }
}
