//! An issued letter as it is known.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::Serialize;

use crate::register::{self, Block, Made, Record, words};

/// A letter's place in its batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// Batch.
    pub(super) job: String,
    /// Row of its table.
    pub(super) row: u32,
    /// Number.
    pub(super) number: u32,
}

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
    pub(super) snapshot: String,
    /// Digest of why it was withdrawn.
    #[serde(skip)]
    pub(super) reason: String,
    #[serde(skip)]
    pub(super) file: String,
    #[serde(skip)]
    pub(super) dossier: Option<PathBuf>,
    /// Which letter of which batch, where it can be made again from the batch's own files.
    #[serde(skip)]
    pub(super) batch: Option<Place>,
}

impl Letter {
    /// Says what is said in words of a letter of the register: subject, why it was withdrawn.
    pub(super) fn tell(&mut self, snapshots: &Path) {
        if self.source != "register" {
            return;
        }
        if self.batch.is_none()
            && let Some(subject) = words::subject(snapshots, &self.snapshot)
        {
            self.subject = format!("{}: {subject}", self.subject);
        }
        if let Some(withdrawn) = &mut self.withdrawn
            && let Some(reason) = words::reason(snapshots, &self.reason)
        {
            withdrawn.push_str(&format!(": {}", reason.trim_end_matches('.')));
        }
    }
}

/// What is said of it in words is told when it is found: [`Letter::tell`].
pub(super) fn of_record(record: &Record) -> Letter {
    let issued = &record.issued;
    let withdrawn = record.void.as_ref().map(|(time, void)| {
        let how = match void.withdrawal {
            register::Withdrawal::Voided => "hủy số",
            register::Withdrawal::Replaced => "thay thế",
            register::Withdrawal::Corrected => "đính chính",
        };
        let day = void.date.unwrap_or_else(|| time.date_naive());
        format!("{how} ngày {}", day.format("%d/%m/%Y"))
    });
    Letter {
        number: issued.symbol.clone(),
        year: issued.year,
        case: issued.case.clone(),
        letter: issued.letter.clone(),
        date: Some(issued.date),
        subject: issued.kind.clone(),
        signer: issued.signer.clone(),
        in_force: withdrawn.is_none(),
        withdrawn,
        sha256: issued.pdf_sha256.clone(),
        size: issued.pdf_size,
        source: "register".to_owned(),
        snapshot: issued.snapshot_sha256.clone(),
        reason: record.void.as_ref().map(|(_, void)| void.reason_sha256.clone()).unwrap_or_default(),
        file: issued.file.clone(),
        dossier: None,
        batch: None,
    }
}

/// A letter of a batch that stands in no case.
pub(super) fn of_batch(made: &Made, block: &Block) -> Letter {
    let subject = format!("{}: {}", block.reserved.kind, made.subject);
    let pending = block.sealed.is_none().then(|| "loạt chưa niêm phong, văn bản chưa ban hành".to_owned());
    let letter = of_record(&block.record(made));
    let job = block.reserved.job.clone();
    Letter {
        case: job.clone(),
        letter: letter.letter.trim_start_matches('/').to_owned(),
        in_force: letter.in_force && pending.is_none(),
        withdrawn: pending.or(letter.withdrawn),
        file: made.file.clone(),
        subject,
        batch: Some(Place { job, row: made.row, number: made.number }),
        ..letter
    }
}
