//! The letters a dossier tells of.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use chrono::{Datelike, NaiveDate};

use super::letter::{Letter, Place};
use crate::dossier::{self, Dossier};
use crate::fs;
use crate::pipeline::snapshot::Snapshot;
use crate::register::verify::batch::RESULTS;
use crate::register::{job_number, parse_results};

/// Largest file of a dossier that is read into memory, in bytes.
pub(super) const LARGEST: u64 = 256 << 20;

/// The dossier read last, kept open: thousands of letters of a batch lie in one, and opening it proves all of it.
#[derive(Debug, Default)]
pub(super) struct Shelf(RefCell<Option<Opened>>);

#[derive(Debug)]
struct Opened {
    path: PathBuf,
    dossier: Dossier,
    /// Full names of the entries by their last part, in order.
    names: HashMap<String, Vec<String>>,
}

impl Opened {
    fn new(path: &Path) -> Option<Self> {
        let dossier = Dossier::open(path).ok()?;
        let mut names: HashMap<String, Vec<String>> = HashMap::new();
        for item in dossier.entries() {
            let last = item.name.rsplit('/').next().unwrap_or_default();
            names.entry(last.to_owned()).or_default().push(item.name.clone());
        }
        Some(Self { path: path.to_owned(), dossier, names })
    }
}

impl Shelf {
    /// Reads the first file whose name ends in `name`.
    pub(super) fn read(&self, path: &Path, name: &str) -> Option<Vec<u8>> {
        let mut last = self.0.borrow_mut();
        if last.as_ref().is_none_or(|opened| opened.path != path) {
            *last = Opened::new(path);
        }
        let Opened { dossier, names, .. } = last.as_mut()?;
        let ending = format!("/{name}");
        let full = names.get(name.rsplit('/').next()?)?.iter().find(|full| full.ends_with(&ending))?;
        dossier.read(full, LARGEST).ok()
    }
}

/// The issued letters of a dossier: every PDF that has a snapshot beside it.
pub(super) fn in_dossier(path: &Path) -> Result<Vec<Letter>, dossier::Error> {
    let mut dossier = Dossier::open(path)?;
    let digests = dossier.digests()?;
    let info = dossier.info()?;
    let code =
        info.into_iter().find(|(label, _)| label == dossier::CODE_FIELD).map(|(_, code)| code).unwrap_or_default();
    if let Some(letters) = job_number(&code).and_then(|_| in_batch(&mut dossier, &code, path)) {
        return Ok(letters);
    }
    let withdrawals = withdrawals(&mut dossier);
    let files: Vec<(String, u64)> = dossier
        .entries()
        .iter()
        .filter(|item| item.name.starts_with("data/van-ban/") && item.name.ends_with(".pdf"))
        .map(|item| (item.name.clone(), item.size))
        .collect();
    let mut letters = Vec::new();
    for (name, size) in files {
        let file = name.rsplit('/').next().unwrap_or_default().to_owned();
        let snapshot = format!("data/ban-chup/{}.json", file.trim_end_matches(".pdf"));
        let (Ok(bytes), Some(sha256)) = (dossier.read(&snapshot, 64 << 20), digests.get(&name)) else { continue };
        let Ok(made) = serde_json::from_slice::<Snapshot>(&bytes) else { continue };
        let date = made.date.or_else(|| NaiveDate::parse_from_str(file.get(..10)?, "%Y-%m-%d").ok());
        let in_force = !name.contains("/da-thay/");
        let withdrawn = withdrawals.get(&file).cloned();
        letters.push(Letter {
            number: made.number,
            year: date.map(|date| date.year()).unwrap_or_default(),
            case: code.clone(),
            letter: made.letter,
            date,
            subject: made.view.get("title").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned(),
            signer: String::new(),
            in_force,
            withdrawn: (!in_force).then(|| withdrawn.unwrap_or_else(|| "đã rút".to_owned())),
            sha256: sha256.clone(),
            size,
            source: path.display().to_string(),
            snapshot: fs::sha256(&bytes),
            reason: String::new(),
            file,
            dossier: Some(path.to_owned()),
            batch: None,
        });
    }
    Ok(letters)
}

/// Why and when numbers were withdrawn, by file, from the events of the case.
fn withdrawals(dossier: &mut Dossier) -> BTreeMap<String, String> {
    let bytes = dossier.read("data/su-kien.jsonl", 64 << 20).unwrap_or_default();
    let events =
        bytes.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice::<serde_json::Value>(line).ok());
    let text = |event: &serde_json::Value, key: &str| event[key].as_str().unwrap_or_default().to_owned();
    events
        .filter(|event| event["eventType"] == "withdrawal" && event["linkingObjectIdentifier"].is_string())
        .map(|event| {
            let day = text(&event, "eventDateTime").get(..10).unwrap_or_default().to_owned();
            (text(&event, "linkingObjectIdentifier"), format!("{} (ngày {day})", text(&event, "eventDetail")))
        })
        .collect()
}

/// The letters of a batch's dossier, from its result list and its events.
fn in_batch(dossier: &mut Dossier, job: &str, path: &Path) -> Option<Vec<Letter>> {
    let bytes = dossier.read(&format!("data/{RESULTS}"), LARGEST).ok()?;
    let list = dossier.read("data/muc-luc.csv", LARGEST).ok()?;
    let mut rows = csv::Reader::from_reader(list.as_slice());
    // Number and date as printed, kind and subject: by file.
    let told: HashMap<String, (String, Option<NaiveDate>, String)> = rows
        .records()
        .filter_map(Result::ok)
        .filter_map(|row| {
            let cell = |at: usize| row.get(at).unwrap_or_default().to_owned();
            let file = cell(7).rsplit('/').next()?.to_owned();
            Some((file, (cell(1), cell(2).parse().ok(), cell(3))))
        })
        .collect();
    let letters = parse_results(&bytes)?.into_iter().filter_map(|made| {
        let (number, date, subject) = told.get(&made.file)?.clone();
        Some(Letter {
            number,
            year: date.map(|date| date.year()).unwrap_or_default(),
            case: made.case.clone().unwrap_or_else(|| job.to_owned()),
            letter: format!("{job}/{:06}", made.row),
            date,
            subject,
            signer: String::new(),
            in_force: true,
            withdrawn: None,
            sha256: made.sha256,
            size: made.size,
            source: path.display().to_string(),
            snapshot: made.snapshot.unwrap_or_default(),
            reason: String::new(),
            file: made.file,
            dossier: Some(path.to_owned()),
            batch: Some(Place { job: job.to_owned(), row: made.row, number: made.number }),
        })
    });
    Some(letters.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dossier::{Contents, Source, write};

    #[test]
    fn files_are_found_by_the_end_of_their_names_in_any_dossier() {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        for (file, words) in [("a.zip", "một"), ("b.zip", "hai")] {
            let mut contents = Contents::new("KN-2026-0042", 1);
            contents.add("van-ban/1.pdf", Source::Bytes(words.into()));
            contents.add("van-ban/da-thay/1.pdf", Source::Bytes("bản bị thay".into()));
            contents.add("ban-chup/1.json", Source::Bytes("{}".into()));
            write(&path(file), &contents).unwrap();
        }
        let shelf = Shelf::default();
        let read =
            |file: &str, name: &str| shelf.read(&path(file), name).map(|bytes| String::from_utf8(bytes).unwrap());
        assert_eq!(read("a.zip", "van-ban/1.pdf").as_deref(), Some("một"));
        assert_eq!(read("b.zip", "van-ban/1.pdf").as_deref(), Some("hai"));
        assert_eq!(read("a.zip", "ban-chup/1.json").as_deref(), Some("{}"));
        assert_eq!(read("a.zip", "da-thay/1.pdf").as_deref(), Some("bản bị thay"));
        assert_eq!(read("a.zip", "1.json").as_deref(), Some("{}"));
        assert_eq!(read("a.zip", "ban/1.pdf"), None, "a part of a folder's name");
        assert_eq!(read("c.zip", "1.pdf"), None);
        assert_eq!(read("a.zip", "van-ban/1.pdf").as_deref(), Some("một"));
    }

    #[cfg(unix)]
    #[test]
    fn a_dossier_is_opened_once_for_all_that_is_read_from_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.zip");
        let mut contents = Contents::new("KN-2026-0042", 1);
        contents.add("van-ban/1.pdf", Source::Bytes("một".into()));
        contents.add("van-ban/2.pdf", Source::Bytes("hai".into()));
        write(&path, &contents).unwrap();
        let shelf = Shelf::default();
        assert!(shelf.read(&path, "1.pdf").is_some());
        // An open file outlives its name.
        std::fs::remove_file(&path).unwrap();
        assert_eq!(shelf.read(&path, "2.pdf").as_deref(), Some("hai".as_bytes()));
        assert_eq!(Shelf::default().read(&path, "2.pdf"), None);
    }
}
