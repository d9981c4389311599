//! Proof of an old letter: what a PDF is, judged by the register, the originals and the dossiers of closed cases.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use crate::archive::Archive;
use crate::batch::job;
use crate::case::CaseCode;
use crate::case::value::Value;
use crate::dossier::{self, Dossier};
use crate::fs;
use crate::pdf::compare::{self, claims};
use crate::pdf::increment::{self, Signature};
use crate::pipeline::snapshot::Snapshot;
use crate::pipeline::{Failure, close};
use crate::register::verify::batch::RESULTS;
use crate::register::{self, Block, Record, Register, job_number, originals, parse_results};
use crate::workspace::Workspace;

pub mod again;

/// Fewer bytes alike say nothing: letters of ours begin with the same font.
const SHARED: usize = 1024;
/// Largest file of a dossier that is read into memory, in bytes.
const LARGEST: u64 = 256 << 20;

/// An issued letter, as register or dossier know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Letter {
    /// Number and symbol.
    pub number: String,
    /// Year of the register.
    pub year: i32,
    /// Case code.
    pub case: String,
    /// Letter id.
    pub letter: String,
    /// Date of the letter.
    pub date: Option<NaiveDate>,
    /// Kind of document and subject, where known.
    pub subject: String,
    /// Who signed, where known.
    pub signer: String,
    /// Whether the number stands.
    pub in_force: bool,
    /// How, when and why it was withdrawn.
    pub withdrawn: Option<String>,
    /// SHA-256 of the issued PDF.
    pub sha256: String,
    /// Its size in bytes.
    pub size: u64,
    /// Where this is known from: `register` or the path of a dossier.
    pub source: String,
    #[serde(skip)]
    snapshot: String,
    #[serde(skip)]
    file: String,
    #[serde(skip)]
    dossier: Option<PathBuf>,
}

/// What a file turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Byte for byte the issued letter.
    Original,
    /// The issued letter with digital signatures added and nothing else.
    Signed,
    /// An issued letter that was changed.
    Altered,
    /// Nothing that is known here.
    Unknown,
}

/// A verdict with what it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Proof {
    /// What the file is.
    pub verdict: Verdict,
    /// The letter it is, or was made from.
    pub letter: Option<Letter>,
    /// Signatures added.
    pub signatures: Vec<Signature>,
    /// In what it differs, or why nothing is known; Vietnamese.
    pub differences: Vec<String>,
}

/// The letters known here.
#[derive(Debug)]
pub struct Letters<'a> {
    letters: Vec<Letter>,
    workspace: Option<&'a Workspace>,
    /// Dossiers by case code, latest first.
    dossiers: BTreeMap<String, Vec<PathBuf>>,
}

impl<'a> Letters<'a> {
    /// Those of the register, with the dossiers of the archive to fall back on.
    ///
    /// # Errors
    /// When a journal cannot be read.
    pub fn of_workspace(workspace: &'a Workspace) -> Result<Self, Failure> {
        let _lock = workspace.lock()?;
        let register = Register::open(&workspace.register(), Some(&workspace.mirror()))?.0;
        let archive: Archive = close::open_archive(workspace)?;
        let mut dossiers: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
        for (_, publication) in archive.list() {
            dossiers.entry(publication.meta.code.clone()).or_default().insert(0, archive.file(publication));
        }
        let mut letters: Vec<Letter> = register.records().iter().map(of_record).collect();
        for block in register.blocks() {
            let alone =
                job::results(workspace, block).into_iter().filter(|made| made.case.is_none() || block.sealed.is_none());
            letters.extend(alone.map(|made| of_batch(&block.record(&made), &made.file, block)));
        }
        Ok(Self { letters, workspace: Some(workspace), dossiers })
    }

    /// Those of one dossier, without any workspace.
    ///
    /// # Errors
    /// When it is damaged or cannot be read.
    pub fn of_dossier(path: &Path) -> Result<Self, dossier::Error> {
        let findings = dossier::verify(path)?;
        if !findings.is_empty() {
            return Err(dossier::Error::Damaged { path: path.to_owned(), findings });
        }
        Ok(Self { letters: in_dossier(path)?, workspace: None, dossiers: BTreeMap::new() })
    }

    /// Says what `bytes` are.
    #[must_use]
    pub fn prove(&self, bytes: &[u8]) -> Proof {
        if let Some(proof) = self.identify(&self.letters, bytes) {
            return proof;
        }
        // A letter the register lost, or never had, may lie in a dossier.
        let code = code_in(claims(bytes).title.as_deref().unwrap_or_default());
        let wanted = self.dossiers.iter().filter(|(own, _)| code.as_ref().is_none_or(|code| code == *own));
        let archived: Vec<Letter> =
            wanted.flat_map(|(_, paths)| paths).filter_map(|path| in_dossier(path).ok()).flatten().collect();
        if let Some(proof) = self.identify(&archived, bytes) {
            return proof;
        }
        let found = self.resembling(&self.letters, bytes).or_else(|| self.resembling(&archived, bytes));
        if let Some((letter, original)) = found {
            return Proof::altered(letter, differences(&original, bytes));
        }
        let why = match bytes {
            [] => "tệp rỗng",
            _ if !bytes[..bytes.len().min(1024)].windows(5).any(|window| window == b"%PDF-") => "tệp không phải PDF",
            _ => "không có văn bản đã ban hành nào trùng hoặc giống tệp này",
        };
        Proof { verdict: Verdict::Unknown, letter: None, signatures: Vec::new(), differences: vec![why.to_owned()] }
    }

    /// The letter that `bytes` are or begin with.
    fn identify(&self, letters: &[Letter], bytes: &[u8]) -> Option<Proof> {
        let by_digest: HashMap<&str, &Letter> = letters.iter().map(|letter| (letter.sha256.as_str(), letter)).collect();
        let whole = fs::sha256(bytes);
        if let Some(letter) = by_digest.get(whole.as_str()) {
            let letter = Some((*letter).clone());
            return Some(Proof { verdict: Verdict::Original, letter, signatures: Vec::new(), differences: Vec::new() });
        }
        let sizes: BTreeSet<usize> = letters.iter().filter_map(|letter| usize::try_from(letter.size).ok()).collect();
        let sizes: Vec<usize> = sizes.into_iter().filter(|size| *size > 0 && *size < bytes.len()).collect();
        let (size, digest) = fs::sha256_of_beginnings(bytes, &sizes)
            .into_iter()
            .rev()
            .find(|(_, digest)| by_digest.contains_key(digest.as_str()))?;
        let letter = (*by_digest.get(digest.as_str())?).clone();
        Some(match increment::signatures(&bytes[..size], bytes) {
            Ok(signatures) => {
                Proof { verdict: Verdict::Signed, letter: Some(letter), signatures, differences: Vec::new() }
            }
            Err(faults) => {
                let mut said: Vec<String> = faults.iter().map(ToString::to_string).collect();
                said.insert(
                    0,
                    format!("{size} byte đầu đúng là bản đã ban hành, nhưng phần thêm vào sau không chỉ là chữ ký số"),
                );
                Proof::altered(letter, said)
            }
        })
    }

    /// The letter that `bytes` were made from, by identifier, title or a long common beginning.
    fn resembling(&self, letters: &[Letter], bytes: &[u8]) -> Option<(Letter, Vec<u8>)> {
        let said = claims(bytes);
        let code = code_in(said.title.as_deref().unwrap_or_default());
        let of_case: Vec<&Letter> =
            letters.iter().filter(|letter| code.as_ref().is_some_and(|code| *code == letter.case)).collect();
        let pool = if of_case.is_empty() { letters.iter().collect() } else { of_case };
        let mut best: Option<(usize, &Letter, Vec<u8>)> = None;
        for letter in pool {
            let Some(original) = self.original(letter) else { continue };
            let own = claims(&original);
            let common = original.iter().zip(bytes).take_while(|(a, b)| a == b).count();
            let weight = if said.id.is_some() && said.id == own.id {
                usize::MAX
            } else if said.title.is_some() && code.is_some() && said.title == own.title {
                usize::MAX / 2 + common
            } else if common >= SHARED
                && common * 2 >= bytes.len()
                && said.title.as_ref().is_none_or(|title| own.title.as_ref() == Some(title))
            {
                common
            } else {
                continue;
            };
            if best.as_ref().is_none_or(|(most, ..)| weight > *most) {
                best = Some((weight, letter, original));
            }
        }
        best.map(|(_, letter, original)| (letter.clone(), original))
    }

    /// The issued PDF, proved by its digest: from the store, or from a dossier.
    #[must_use]
    pub fn original(&self, letter: &Letter) -> Option<Vec<u8>> {
        let stored = self.workspace.and_then(|w| originals::load(&w.originals(), &letter.sha256, "pdf").ok());
        let right = |bytes: &[u8]| fs::sha256(bytes) == letter.sha256;
        let waiting = self.workspace.and_then(|w| fs::read(&w.job_folder(&letter.case).join(&letter.file)).ok());
        stored.or_else(|| waiting.filter(|bytes| right(bytes))).or_else(|| self.archived(letter, right, &letter.file))
    }

    /// Reads a file of one of the case's dossiers whose name ends in `name`.
    fn archived(&self, letter: &Letter, right: impl Fn(&[u8]) -> bool, name: &str) -> Option<Vec<u8>> {
        let paths = letter.dossier.iter().chain(self.dossiers.get(&letter.case).into_iter().flatten());
        paths.filter_map(|path| read_from(path, name)).find(|bytes| right(bytes))
    }

    /// The snapshot of a letter and the texts it names, by digest.
    fn snapshot(&self, letter: &Letter) -> Option<(Snapshot, BTreeMap<String, String>)> {
        let text = |sha256: &str, ending: &str, name: &str| {
            let stored = self.workspace.and_then(|w| originals::load(&w.snapshots(), sha256, ending).ok());
            let right = |bytes: &[u8]| sha256.is_empty() || fs::sha256(bytes) == sha256;
            stored.or_else(|| self.archived(letter, right, name))
        };
        let stem = letter.file.trim_end_matches(".pdf");
        let snapshot: Snapshot =
            serde_json::from_slice(&text(&letter.snapshot, "json", &format!("ban-chup/{stem}.json"))?).ok()?;
        let mut texts = BTreeMap::new();
        for kept in snapshot.forms.iter().chain([&snapshot.style]) {
            let bytes = text(&kept.sha256, "txt", &format!("ban-chup/{}.txt", kept.sha256))?;
            texts.insert(kept.sha256.clone(), String::from_utf8(bytes).ok()?);
        }
        Some((snapshot, texts))
    }
}

impl Proof {
    fn altered(letter: Letter, differences: Vec<String>) -> Self {
        Self { verdict: Verdict::Altered, letter: Some(letter), signatures: Vec::new(), differences }
    }
}

/// In what `bytes` differ from the letter they were made from.
fn differences(original: &[u8], bytes: &[u8]) -> Vec<String> {
    if original.starts_with(bytes) {
        return vec![format!("tệp bị cắt ngắn: còn {} byte trong {} byte của bản gốc", bytes.len(), original.len())];
    }
    let first = original.iter().zip(bytes).take_while(|(a, b)| a == b).count() + 1;
    let mut said = if original.len() == bytes.len() {
        let count = original.iter().zip(bytes).filter(|(a, b)| a != b).count();
        vec![format!("{count} byte khác bản gốc, chỗ đầu tiên là byte thứ {first}")]
    } else {
        vec![format!("dài {} byte, bản gốc {} byte; khác từ byte thứ {first}", bytes.len(), original.len())]
    };
    said.extend(compare::differences(original, bytes));
    said
}

fn of_record(record: &Record) -> Letter {
    let issued = &record.issued;
    let withdrawn = record.void.as_ref().map(|(time, void)| {
        let how = match void.withdrawal {
            register::Withdrawal::Voided => "hủy số",
            register::Withdrawal::Replaced => "thay thế",
            register::Withdrawal::Corrected => "đính chính",
        };
        let day = void.date.unwrap_or_else(|| time.date_naive());
        format!("{how} ngày {}: {}", day.format("%d/%m/%Y"), void.reason.trim_end_matches('.'))
    });
    Letter {
        number: issued.symbol.clone(),
        year: issued.year,
        case: issued.case.clone(),
        letter: issued.letter.clone(),
        date: Some(issued.date),
        subject: format!("{}: {}", issued.kind, issued.subject),
        signer: issued.signer.clone(),
        in_force: withdrawn.is_none(),
        withdrawn,
        sha256: issued.pdf_sha256.clone(),
        size: issued.pdf_size,
        source: "register".to_owned(),
        snapshot: issued.snapshot_sha256.clone(),
        file: issued.file.clone(),
        dossier: None,
    }
}

/// A letter of a batch that stands in no case.
fn of_batch(record: &Record, file: &str, block: &Block) -> Letter {
    let pending = block.sealed.is_none().then(|| "loạt chưa niêm phong, văn bản chưa ban hành".to_owned());
    let letter = of_record(record);
    Letter {
        case: block.reserved.job.clone(),
        letter: letter.letter.trim_start_matches('/').to_owned(),
        in_force: letter.in_force && pending.is_none(),
        withdrawn: pending.or(letter.withdrawn),
        file: file.to_owned(),
        ..letter
    }
}

/// The letters of a batch's dossier, from its result list and its events.
fn in_batch(dossier: &mut Dossier, job: &str, path: &Path) -> Option<Vec<Letter>> {
    let bytes = dossier.read(&format!("data/{RESULTS}"), 256 << 20).ok()?;
    let list = dossier.read("data/muc-luc.csv", 256 << 20).ok()?;
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
        })
    });
    Some(letters.collect())
}

/// The case code in a title.
fn code_in(title: &str) -> Option<String> {
    let words = title.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    words.filter_map(|word| CaseCode::parse(word).ok()).map(|code| code.to_string()).next()
}

fn read_from(path: &Path, name: &str) -> Option<Vec<u8>> {
    let mut dossier = Dossier::open(path).ok()?;
    let full = dossier.entries().iter().find(|item| item.name.ends_with(&format!("/{name}")))?.name.clone();
    dossier.read(&full, LARGEST).ok()
}

/// The issued letters of a dossier: every PDF that has a snapshot beside it.
fn in_dossier(path: &Path) -> Result<Vec<Letter>, dossier::Error> {
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
