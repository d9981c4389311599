//! A dossier in the forms other offices ask for. Sole user of `quick-xml`.
//!
//! Made from the dossier's zip alone, so what is exported is what was archived.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::Value;

use crate::archive::Meta;
use crate::dossier::{self, Dossier};

mod markup;
pub mod package;
pub mod whole;
pub mod xml;

/// Largest list read, in bytes.
const LARGEST: u64 = 64 << 20;
const LANGUAGE: &str = "Tiếng Việt";
/// Dossiers of complaints hold personal data: they are shown on request.
const RIGHTS: &str = "Hạn chế";

/// A document of a dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Number and symbol, e.g. "05/PTN-ECA".
    pub symbol: String,
    /// Its date.
    pub date: Option<NaiveDate>,
    /// Kind and subject.
    pub subject: String,
    /// Who wrote it.
    pub author: String,
    /// Its pages.
    pub pages: Option<u32>,
    /// Original, copy, electronic.
    pub remark: String,
    /// The file below `data/` with its SHA-256, where it is a file.
    pub file: Option<(String, String)>,
    /// Who signed it: office and name; for letters of ours.
    pub signer: Option<(String, String)>,
    /// Whom it went to; for letters of ours.
    pub addressee: Option<String>,
}

/// What an export says of a dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// What the archive's journal says of the version.
    pub meta: Meta,
    /// Title.
    pub title: String,
    /// The body that made the dossier.
    pub creator: String,
    /// The documents in the order of time; those without a date last.
    pub documents: Vec<Document>,
}

impl Exported {
    /// Reads what is exported of an open dossier.
    ///
    /// # Errors
    /// When an entry is damaged.
    pub fn read(dossier: &mut Dossier, meta: &Meta) -> dossier::Result<Self> {
        let info = dossier.info()?;
        let field = |label: &str| info.iter().find(|(l, _)| l == label).map(|(_, value)| value.clone());
        let creator = field("Internal-Sender-Identifier").or_else(|| field("Source-Organization"));
        let digests = dossier.digests()?;
        let letters = letters(dossier)?;
        let list = dossier.read("data/muc-luc.csv", LARGEST)?;
        let mut reader = csv::Reader::from_reader(list.as_slice());
        let headings = reader.headers().cloned().unwrap_or_default();
        let mut documents: Vec<Document> = reader
            .records()
            .filter_map(Result::ok)
            .map(|row| {
                let cell = |name: &str| {
                    let place = headings.iter().position(|heading| heading == name);
                    place.and_then(|place| row.get(place)).unwrap_or_default().to_owned()
                };
                let file = cell("Tệp");
                let letter = letters.get(stem(&file));
                let full = format!("data/{file}");
                Document {
                    symbol: cell("Số, ký hiệu"),
                    date: cell("Ngày").parse().ok(),
                    subject: cell("Tên loại, trích yếu"),
                    author: cell("Tác giả"),
                    pages: cell("Số trang").parse().ok(),
                    remark: cell("Ghi chú"),
                    file: digests.get(&full).map(|digest| (file.clone(), digest.clone())),
                    signer: letter.map(|(signer, _)| signer.clone()),
                    addressee: letter.map(|(_, addressee)| addressee.clone()).filter(|text| !text.is_empty()),
                }
            })
            .collect();
        documents.sort_by_key(|document| document.date.unwrap_or(NaiveDate::MAX));
        let title = field("External-Description").unwrap_or_default();
        Ok(Self { meta: meta.clone(), title, creator: creator.unwrap_or_default(), documents })
    }
}

/// Name of a file without folder and ending.
fn stem(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or_default();
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

type Letter = ((String, String), String);

/// Signer and addressee of each letter of ours, by the stem of its file, from the snapshots.
fn letters(dossier: &mut Dossier) -> dossier::Result<BTreeMap<String, Letter>> {
    let names: Vec<String> = dossier.entries().iter().map(|item| item.name.clone()).collect();
    let mut letters = BTreeMap::new();
    for name in names.iter().filter(|name| name.starts_with("data/ban-chup/") && name.ends_with(".json")) {
        let Ok(snapshot) = serde_json::from_slice::<Value>(&dossier.read(name, LARGEST)?) else { continue };
        let view = &snapshot["view"];
        let text = |key: &str| view[key].as_str().unwrap_or_default().to_owned();
        let offices: Vec<&str> =
            view["chuc_vu_ky"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        letters.insert(stem(name).to_owned(), ((offices.join(" "), text("nguoi_ky")), text("kinh_gui")));
    }
    Ok(letters)
}
