//! The letters a dossier tells of.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use chrono::{Datelike, NaiveDate};

use super::letter::{Letter, Place};
use crate::dossier::{self, Dossier};
use crate::fs;
use crate::pipeline::snapshot::Snapshot;
use crate::register::verify::batch::RESULTS;
use crate::register::{job_number, parse_results};

/// Largest file of a dossier that is read into memory, in bytes.
pub(super) const LARGEST: u64 = 256 << 20;

/// Reads the file whose name ends in `name`.
pub(super) fn read_from(path: &Path, name: &str) -> Option<Vec<u8>> {
    let mut dossier = Dossier::open(path).ok()?;
    let full = dossier.entries().iter().find(|item| item.name.ends_with(&format!("/{name}")))?.name.clone();
    dossier.read(&full, LARGEST).ok()
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
            file: made.file,
            dossier: Some(path.to_owned()),
            batch: Some(Place { job: job.to_owned(), row: made.row, number: made.number }),
        })
    });
    Some(letters.collect())
}
