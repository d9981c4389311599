//! Proof of an old letter: what a PDF is, judged by the register, the originals and the dossiers of closed cases.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::archive::Archive;
use crate::batch::job;
use crate::case::CaseCode;
use crate::case::value::Value;
use crate::fs;
use crate::pdf::compare::{self, claims};
use crate::pdf::increment::{self, Signature};
use crate::pipeline::{Failure, close};
use crate::register::Register;
use crate::workspace::Workspace;

pub mod again;
mod dossier;
mod letter;
pub mod redact;
mod source;

pub use letter::Letter;

/// Fewer bytes alike say nothing: letters of ours begin with the same font.
const SHARED: usize = 1024;

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
    shelf: dossier::Shelf,
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
        let mut letters: Vec<Letter> = register.records().iter().map(letter::of_record).collect();
        for block in register.blocks() {
            let alone =
                job::results(workspace, block).into_iter().filter(|made| made.case.is_none() || block.sealed.is_none());
            letters.extend(alone.map(|made| letter::of_batch(&made, block)));
        }
        Ok(Self { letters, workspace: Some(workspace), dossiers, shelf: dossier::Shelf::default() })
    }

    /// Those of one dossier, without any workspace.
    ///
    /// # Errors
    /// When it is damaged or cannot be read.
    pub fn of_dossier(path: &Path) -> Result<Self, crate::dossier::Error> {
        let findings = crate::dossier::verify(path)?;
        if !findings.is_empty() {
            return Err(crate::dossier::Error::Damaged { path: path.to_owned(), findings });
        }
        let letters = dossier::in_dossier(path)?;
        Ok(Self { letters, workspace: None, dossiers: BTreeMap::new(), shelf: dossier::Shelf::default() })
    }

    /// Says what `bytes` are.
    #[must_use]
    pub fn prove(&self, bytes: &[u8]) -> Proof {
        let mut proof = self.judge(bytes);
        if let (Some(letter), Some(workspace)) = (&mut proof.letter, self.workspace) {
            letter.tell(&workspace.snapshots());
        }
        proof
    }

    fn judge(&self, bytes: &[u8]) -> Proof {
        if let Some(proof) = self.identify(&self.letters, bytes) {
            return proof;
        }
        // A letter the register lost, or never had, may lie in a dossier.
        let code = code_in(claims(bytes).title.as_deref().unwrap_or_default());
        let wanted = self.dossiers.iter().filter(|(own, _)| code.as_ref().is_none_or(|code| code == *own));
        let archived: Vec<Letter> =
            wanted.flat_map(|(_, paths)| paths).filter_map(|path| dossier::in_dossier(path).ok()).flatten().collect();
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

/// The case code in a title.
fn code_in(title: &str) -> Option<String> {
    let words = title.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    words.filter_map(|word| CaseCode::parse(word).ok()).map(|code| code.to_string()).next()
}
