//! A whole dossier as one PDF in the order of time (Decree 30/2020, App. VI): cover, list, each document with a bookmark.
//!
//! Letters of ours come as their pages. What others made cannot be vouched for as PDF/A, so it goes along as a file, with a sheet in its
//! place; so do signed copies, proofs of delivery, the case file and its events.

use std::collections::BTreeSet;

use chrono::{NaiveTime, TimeZone as _};

use super::{Document, Exported};
use crate::dossier::{self, Dossier, Item};
use crate::letter::sheet::{self, Enclosed as Listed, Sheet};
use crate::pdf::{self, Metadata, bundle};
use crate::pipeline::{render, unfit};
use crate::workspace::{self, Workspace};

/// Largest file that goes along, in bytes: all of it is held in memory.
const LARGEST: u64 = 512 << 20;
const LANGUAGE: &str = "vi";
/// Folders of a dossier whose files go along, beside those the list names.
const ALONG: [&str; 3] = ["data/dinh-kem/", "data/da-ky/", "data/van-ban/"];

/// Why a dossier did not become one PDF.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The dossier is damaged.
    #[error(transparent)]
    Dossier(#[from] dossier::Error),
    /// A sheet could not be laid out.
    #[error("{}", .0.first().map(|finding| finding.message.as_str()).unwrap_or_default())]
    Sheet(Vec<crate::diagnostic::Diagnostic>),
    /// Pages could not be joined.
    #[error(transparent)]
    Pdf(#[from] pdf::Error),
}

/// A file that goes along.
struct Along {
    name: String,
    description: String,
    bytes: Vec<u8>,
}

/// The PDF.
///
/// # Errors
/// See [`Error`].
pub fn write(workspace: &Workspace, exported: &Exported, dossier: &mut Dossier) -> Result<Vec<u8>, Error> {
    let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
    let mut along: Vec<Along> = Vec::new();
    let names: BTreeSet<String> = dossier.entries().iter().map(|item| item.name.clone()).collect();
    for (name, title) in [("data/bia-ho-so.pdf", "Bìa hồ sơ"), ("data/muc-luc.pdf", "Mục lục văn bản")] {
        if names.contains(name) {
            parts.push((title.to_owned(), dossier.read(name, LARGEST)?));
        }
    }
    let mut told: BTreeSet<String> = BTreeSet::new();
    for document in &exported.documents {
        let title = bookmark(document);
        match &document.file {
            Some((file, _)) if file.starts_with("van-ban/") && file.ends_with(".pdf") => {
                told.insert(format!("data/{file}"));
                parts.push((title, dossier.read(&format!("data/{file}"), LARGEST)?));
            }
            file => {
                let mut files = Vec::new();
                if let Some((file, sha256)) = file {
                    let full = format!("data/{file}");
                    let bytes = dossier.read(&full, LARGEST)?;
                    files.push(Listed { name: flat(file), size: bytes.len() as u64, sha256: sha256.clone() });
                    if told.insert(full) {
                        along.push(Along { name: flat(file), description: title.clone(), bytes });
                    }
                }
                parts.push((title, sheet_of(workspace, exported, document, files)?));
            }
        }
    }
    rest(workspace, exported, dossier, &told, &mut parts, &mut along)?;
    let at = exported.meta.closed.and_time(NaiveTime::MIN);
    let created = workspace::zone().from_local_datetime(&at).single().unwrap_or_else(|| workspace.clock.now());
    let metadata = Metadata {
        title: format!("Hồ sơ {}", exported.meta.code),
        author: exported.creator.clone(),
        subject: exported.title.clone(),
        created,
        producer: pdf::PRODUCER.to_owned(),
    };
    let parts: Vec<bundle::Part> = parts.iter().map(|(title, pdf)| bundle::Part { title, pdf }).collect();
    let along: Vec<bundle::Enclosed> = along
        .iter()
        .map(|file| bundle::Enclosed {
            name: &file.name,
            kind: super::package::mime(&file.name),
            description: &file.description,
            bytes: &file.bytes,
        })
        .collect();
    Ok(bundle::bundle(&parts, &along, &metadata, LANGUAGE)?)
}

/// Readers that save what goes along make no folders.
fn flat(name: &str) -> String {
    name.replace('/', "_")
}

fn bookmark(document: &Document) -> String {
    let date = document.date.map(|date| format!("{} – ", date.format("%d/%m/%Y"))).unwrap_or_default();
    let symbol = if document.symbol.is_empty() { String::new() } else { format!(" ({})", document.symbol) };
    format!("{date}{}{symbol}", document.subject)
}

/// What the list does not name: signed copies, proofs, mails, the case file and its events; one sheet names them all.
fn rest(
    workspace: &Workspace,
    exported: &Exported,
    dossier: &mut Dossier,
    told: &BTreeSet<String>,
    parts: &mut Vec<(String, Vec<u8>)>,
    along: &mut Vec<Along>,
) -> Result<(), Error> {
    let code = &exported.meta.code;
    let own = [format!("data/{code}.yaml"), "data/su-kien.jsonl".to_owned(), "data/muc-luc.csv".to_owned()];
    let wanted = |item: &&Item| {
        !told.contains(&item.name)
            && (own.contains(&item.name) || ALONG.iter().any(|folder| item.name.starts_with(folder)))
    };
    let names: Vec<String> = dossier.entries().iter().filter(wanted).map(|item| item.name.clone()).collect();
    if names.is_empty() {
        return Ok(());
    }
    let mut files = Vec::new();
    for full in names {
        let bytes = dossier.read(&full, LARGEST)?;
        let name = full.strip_prefix("data/").unwrap_or(&full).to_owned();
        files.push(Listed { name: flat(&name), size: bytes.len() as u64, sha256: crate::fs::sha256(&bytes) });
        along.push(Along { description: format!("Hồ sơ {code}: {name}"), name: flat(&name), bytes });
    }
    let title = "Các tệp khác của hồ sơ".to_owned();
    let sheet = Sheet {
        centre: exported.creator.clone(),
        code: code.clone(),
        subject: title.clone(),
        files,
        ..Sheet::default()
    };
    parts.push((title, rendered(workspace, exported, &sheet)?));
    Ok(())
}

fn sheet_of(
    workspace: &Workspace,
    exported: &Exported,
    document: &Document,
    files: Vec<Listed>,
) -> Result<Vec<u8>, Error> {
    let sheet = Sheet {
        centre: exported.creator.clone(),
        code: exported.meta.code.clone(),
        symbol: document.symbol.clone(),
        date: document.date,
        subject: if document.subject.is_empty() { "Tài liệu".to_owned() } else { document.subject.clone() },
        author: document.author.clone(),
        remark: document.remark.clone(),
        files,
    };
    rendered(workspace, exported, &sheet)
}

fn rendered(workspace: &Workspace, exported: &Exported, sheet: &Sheet) -> Result<Vec<u8>, Error> {
    let made = render::render(workspace, &sheet::prepare(sheet, exported.meta.closed), None);
    Ok(made.map_err(|found| Error::Sheet(unfit::findings(found)))?.bytes)
}
