//! A dossier's file as it is looked into or handed out: which one it is, and whether it is what was archived.
//!
//! A zip in the product's own layout with manifests that match proves nothing: whoever changed a letter can have written those as
//! well. What was archived, the journal's digest says.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use super::{Error, Listing, Meta, Publication, Result, join};
use crate::diagnostic::{Diagnostic, code};
use crate::dossier::{self, CODE_FIELD, Dossier, VERSION_FIELD};
use crate::fs;

/// Largest list of documents read, in bytes.
const LARGEST: u64 = 64 << 20;

/// What the journal says of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It is the one that was archived, to the bit.
    Archived,
    /// It is another one; its own SHA-256.
    Altered(String),
    /// Nothing: somebody laid it there.
    Unregistered,
}

/// A dossier's file with what it is.
#[derive(Debug, Clone)]
pub struct Held {
    /// What the journal says; of a file it does not know, what the file says of itself.
    pub publication: Publication,
    /// Where it lies.
    pub file: PathBuf,
    /// What it is.
    pub standing: Standing,
}

impl Held {
    /// The file of a publication, read and compared with the journal.
    ///
    /// # Errors
    /// When it is missing or cannot be read.
    pub fn of(listing: &Listing, publication: &Publication) -> fs::Result<Self> {
        Self::at(listing.file(publication), publication.clone())
    }

    /// The file of a publication, which lies at `file`.
    ///
    /// # Errors
    /// When it is missing or cannot be read.
    pub fn at(file: PathBuf, publication: Publication) -> fs::Result<Self> {
        let (sha256, _) = fs::sha256_file(&file)?;
        let standing = if sha256 == publication.sha256 { Standing::Archived } else { Standing::Altered(sha256) };
        Ok(Self { publication, file, standing })
    }

    /// A file at `path` below the archive's folder `dir` which the journal does not know, and which is to be the dossier `code`.
    ///
    /// # Errors
    /// When it is missing, another dossier or none, or cannot be read.
    pub fn unregistered(dir: &Path, path: &str, code: &str) -> Result<Self> {
        let file = join(dir, path);
        let (sha256, size) = fs::sha256_file(&file)?;
        let meta = told(&mut Dossier::open(&file)?)?;
        if meta.code != code {
            return Err(Error::Mistaken { path: file, code: code.to_owned(), version: meta.version });
        }
        let publication = Publication { meta, path: path.to_owned(), sha256, size };
        Ok(Self { publication, file, standing: Standing::Unregistered })
    }

    /// Opens it. Of a file that is not the archived one, what can still be read is read: see [`Dossier::salvage`].
    ///
    /// # Errors
    /// When nothing of it can be read.
    pub fn open(&self) -> dossier::Result<Dossier> {
        match (Dossier::open(&self.file), &self.standing) {
            (Err(error @ dossier::Error::Damaged { .. }), Standing::Altered(_)) => {
                Dossier::salvage(&self.file).map_err(|_| error)
            }
            (opened, _) => opened,
        }
    }

    /// Whether the file is another one than was archived: it is not handed out as if it were.
    #[must_use]
    pub fn is_altered(&self) -> bool {
        matches!(self.standing, Standing::Altered(_))
    }

    /// What is to be told of the file, which messages call `place`; nothing where it is what was archived.
    #[must_use]
    pub fn finding(&self, place: &str) -> Option<Diagnostic> {
        let Meta { code, version, .. } = &self.publication.meta;
        match &self.standing {
            Standing::Archived => None,
            Standing::Altered(found) => {
                let message = format!(
                    "tệp này không phải hồ sơ {code} phiên bản {version} đã lưu: mã băm SHA-256 của tệp là {found}, sổ lưu trữ ghi {}",
                    self.publication.sha256
                );
                let hint = format!(
                    "Chạy “hoso archive verify {code}” để xem khác ở đâu, rồi “hoso archive repair --from BẢN_SAO {code}” để lấy lại bản đã lưu."
                );
                Some(Diagnostic::error(code::DOSSIER_DIGEST, message).in_file(place).hint(hint))
            }
            Standing::Unregistered => {
                let message = format!("hồ sơ {code} không có trong sổ lưu trữ, không chứng minh được");
                let hint = "Tệp do ai đó chép vào kho. Nếu hồ sơ từng được lưu ở đây, khôi phục cả sổ lưu trữ từ bản sao lưu; nếu không, chuyển tệp ra ngoài kho.";
                Some(Diagnostic::warning(code::DOSSIER_UNKNOWN, message).in_file(place).hint(hint))
            }
        }
    }

    /// What the access log adds where the file is not the archived one.
    #[must_use]
    pub fn remark(&self) -> &'static str {
        match self.standing {
            Standing::Archived => "",
            Standing::Altered(_) => " (tệp KHÔNG phải bản đã lưu)",
            Standing::Unregistered => " (tệp không có trong sổ lưu trữ)",
        }
    }
}

/// What a dossier says of itself, as far as it does.
fn told(dossier: &mut Dossier) -> dossier::Result<Meta> {
    let info = dossier.info()?;
    let field = |label: &str| info.iter().find(|(own, _)| own == label).map_or("", |(_, value)| value.as_str());
    let is_letter = |name: &str| name.strip_prefix("data/van-ban/").is_some_and(|name| name.ends_with(".pdf"));
    let letters = dossier.entries().iter().filter(|item| is_letter(&item.name)).count();
    let list = match dossier.read("data/muc-luc.csv", LARGEST) {
        Err(dossier::Error::NoSuchEntry(_)) => Vec::new(),
        read => read?,
    };
    let mut reader = csv::Reader::from_reader(list.as_slice());
    let headings = reader.headers().cloned().unwrap_or_default();
    let rows: Vec<csv::StringRecord> = reader.records().filter_map(std::result::Result::ok).collect();
    let column = |name: &str| {
        let place = headings.iter().position(|heading| heading == name);
        rows.iter().filter_map(move |row| row.get(place?)).map(str::to_owned).collect::<Vec<String>>()
    };
    let closed: NaiveDate = field("Bagging-Date").parse().unwrap_or_default();
    let dates: Vec<NaiveDate> = column("Ngày").iter().filter_map(|day| day.parse().ok()).collect();
    let pages: u32 = column("Số trang").iter().filter_map(|pages| pages.parse::<u32>().ok()).sum();
    Ok(Meta {
        stretches: Vec::new(),
        code: field(CODE_FIELD).to_owned(),
        version: field(VERSION_FIELD).parse().unwrap_or(1),
        end: field("Hoso-End").to_owned(),
        closed,
        from: dates.iter().min().copied().unwrap_or(closed),
        to: dates.iter().max().copied().unwrap_or(closed),
        retention: field("Hoso-Retention").to_owned(),
        keep_until: None,
        letters: u32::try_from(letters).unwrap_or(u32::MAX),
        pages,
    })
}
