//! The archive folder: publish, list, verify, reopen.
//!
//! A dossier lies at `<year>/<code>.zip`, later versions at `<code>-v2.zip`, `<code>-v3.zip` in the year of the first closing.
//! The journal's entry is the commit of a publication: a zip it does not know is not published. The journal holds no names
//! and no titles, as it outlives the dossiers; those stand in the zips ([`Archive::info`]). What it says of a dossier that is
//! destroyed is its tombstone.

use std::path::{Path, PathBuf};

use chrono::{DateTime, FixedOffset};

use crate::diagnostic::{Diagnostic, code};
use crate::dossier::{self, Dossier};
use crate::fs;
use crate::journal::{self, Entry, Head, Journal};

pub mod access;
mod disposal;
mod entry;
mod held;
mod ledger;
mod listing;
mod officer;
mod repair;
mod retention;
mod verify;

pub use disposal::{Barred, Disposal, Refusal, Stage};
pub use entry::{
    Abandoned, Completion, Decision, Destruction, Doom, Fact, Hold, Intent, Item, Left, Lot, Meta, Proposal,
    Publication, Reopening, Stretch,
};
pub use held::{Held, Standing};
use ledger::Ledger;
pub use ledger::State;
pub use listing::Listing;
pub use repair::{Repaired, Source, repair};
pub use retention::{Due, Keep};
pub use verify::{Checked, Places, Report, Scope, verify};

/// What the name of a dossier set aside, because it was never published, goes on with after `.zip`.
const UNPUBLISHED: &str = ".chua-dang-";

/// Why the archive could not be read or changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The system refused.
    #[error(transparent)]
    Io(#[from] fs::Error),
    /// The journal is damaged or cannot be written.
    #[error(transparent)]
    Journal(#[from] journal::Error),
    /// A dossier cannot be read.
    #[error(transparent)]
    Dossier(#[from] dossier::Error),
    /// The code cannot be the name of a dossier.
    #[error("mã hồ sơ \"{0}\" không dùng được làm tên tệp lưu trữ")]
    Code(String),
    /// Another file lies where the dossier belongs.
    #[error("{} đã có một tệp khác; không ghi đè lên tệp trong kho lưu trữ", .0.display())]
    Occupied(PathBuf),
    /// There is neither a staged dossier nor one in place.
    #[error("không thấy tệp hồ sơ chờ lưu {}", .0.display())]
    NothingStaged(PathBuf),
    /// What lies in place after the move is not what was staged.
    #[error("hồ sơ vừa đưa vào kho không còn nguyên vẹn: {}", first(.0))]
    NotProved(Vec<Diagnostic>),
    /// The dossier says it is another one.
    #[error("tệp {} không phải hồ sơ {code} phiên bản {version}", path.display())]
    Mistaken {
        /// The file.
        path: PathBuf,
        /// Code expected.
        code: String,
        /// Version expected.
        version: u32,
    },
    /// The version is not the next one, or the case was not reopened.
    #[error("hồ sơ {code} {}; không thể lưu phiên bản {version}", describe(*state))]
    WrongVersion {
        /// Case code.
        code: String,
        /// Version offered.
        version: u32,
        /// Where the dossier stands.
        state: State,
    },
    /// A hold of that name lies on the dossier.
    #[error("hồ sơ {code} đang có lệnh tạm dừng hủy tên “{name}”")]
    Held {
        /// Case code.
        code: String,
        /// Name of the hold.
        name: String,
    },
    /// No hold of that name lies on the dossier.
    #[error("hồ sơ {code} không có lệnh tạm dừng hủy nào tên “{name}”")]
    NotHeld {
        /// Case code.
        code: String,
        /// Name asked for.
        name: String,
    },
    /// The disposal does not allow that now.
    #[error("{0}")]
    Disposal(#[from] Refusal),
    /// There is no such dossier.
    #[error("kho lưu trữ không có hồ sơ {0}")]
    NoSuchCode(String),
}

fn first(findings: &[Diagnostic]) -> &str {
    findings.first().map(|finding| finding.message.as_str()).unwrap_or_default()
}

fn describe(state: State) -> String {
    match state {
        State::Never => "chưa lưu lần nào".to_owned(),
        State::Closed(version) => format!("đã lưu phiên bản {version} và chưa mở lại"),
        State::Reopened(version) => format!("đã mở lại từ phiên bản {version}"),
        State::Destroyed(_) => "đã hủy".to_owned(),
    }
}

/// Result with [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

fn check_code(code: &str) -> Result<()> {
    // "X-v2" would lie where the second version of "X" belongs.
    let like_a_version =
        code.rsplit_once("-v").is_some_and(|(_, n)| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    let fine = dossier::check_name(code).is_ok() && !code.contains('/') && !code.starts_with('.') && !like_a_version;
    if fine { Ok(()) } else { Err(Error::Code(code.to_owned())) }
}

/// The archive, open. The caller holds the lock. What can be read of it is [`Listing`]'s.
#[derive(Debug)]
pub struct Archive {
    journal: Journal<Fact>,
    listing: Listing,
}

impl std::ops::Deref for Archive {
    type Target = Listing;

    fn deref(&self) -> &Listing {
        &self.listing
    }
}

impl Archive {
    /// Opens the archive in the folder `dir` with its journal at `journal`, mirrored into `mirror`; the findings returned are
    /// warnings of the journal (see [`Journal::open`]).
    ///
    /// # Errors
    /// When the journal is damaged or cannot be read.
    pub fn open(dir: &Path, journal: &Path, mirror: Option<&Path>) -> Result<(Self, Vec<Diagnostic>)> {
        let (journal, findings) = Journal::open(journal, mirror)?;
        let mut ledger = Ledger::default();
        for Entry { time, fact, .. } in journal.entries() {
            ledger.insert(*time, fact);
        }
        Ok((Self { journal, listing: Listing { dir: dir.to_owned(), ledger, mark: None } }, findings))
    }

    /// Number of lines and hash of the last of the archive's journal.
    #[must_use]
    pub fn head(&self) -> &Head {
        self.journal.head()
    }

    /// Where to write the dossier before publishing it: beside its place, under a name that says it is unfinished.
    ///
    /// # Errors
    /// When the code cannot be a file name.
    pub fn staging(&self, meta: &Meta) -> Result<PathBuf> {
        check_code(&meta.code)?;
        Ok(fs::aside(&join(&self.dir, &self.place(&meta.code, meta.version, meta.closed))))
    }

    /// Moves the dossier at `staged` (see [`Archive::staging`]; same file system) into its place, reads it back from there,
    /// proves it, and enters it in the journal: when this returns, it is published.
    ///
    /// May be called again after a kill at any point, with the dossier staged anew or not at all: what is done is not done
    /// twice.
    ///
    /// # Errors
    /// When another file lies in its place, the version is not the one due, what lies there after the move does not prove
    /// itself, or the system refuses. The journal is untouched then.
    pub fn publish(&mut self, staged: &Path, meta: Meta, time: DateTime<FixedOffset>) -> Result<Publication> {
        check_code(&meta.code)?;
        let known = self.versions(&meta.code).find(|known| known.meta.version == meta.version).cloned();
        let path = known.as_ref().map_or_else(|| self.place(&meta.code, meta.version, meta.closed), |k| k.path.clone());
        if known.is_none() && self.next_version(&meta.code) != Some(meta.version) {
            let state = self.state(&meta.code);
            return Err(Error::WrongVersion { code: meta.code, version: meta.version, state });
        }
        let target = join(&self.dir, &path);
        let placed = digest_if_there(&target)?;
        let offered = digest_if_there(staged)?;
        let due = match (&known, &offered) {
            (Some(known), Some((sha256, _))) if *sha256 != known.sha256 => {
                let state = self.state(&meta.code);
                return Err(Error::WrongVersion { code: meta.code, version: meta.version, state });
            }
            (_, Some(offered)) => offered.clone(),
            (_, None) => placed.clone().ok_or_else(|| Error::NothingStaged(staged.to_owned()))?,
        };
        if known.is_none() {
            identify(if offered.is_some() { staged } else { &target }, &meta)?;
        }
        let moved = match &placed {
            Some(placed) if *placed == due => {
                fs::remove_file(staged)?;
                false
            }
            // An unfinished run of another program version may have left its dossier here: it was never published, but
            // nothing in the archive is overwritten.
            Some(_) if known.is_none() && identify(&target, &meta).is_ok() => {
                fs::rename(&target, &free_name(&target))?;
                fs::rename(staged, &target)?;
                true
            }
            Some(_) => return Err(Error::Occupied(target)),
            None => {
                if let Some(folder) = target.parent() {
                    fs::create_dir(folder)?;
                    fs::sync_dir(&self.dir)?;
                }
                fs::rename(staged, &target)?;
                true
            }
        };
        if let Some(known) = known {
            return Ok(known);
        }
        if let Err(error) = prove(&target, &due) {
            if moved {
                fs::rename(&target, staged)?;
            }
            return Err(error);
        }
        let publication = Publication { meta, path, sha256: due.0, size: due.1 };
        self.append(time, Fact::Published(Box::new(publication.clone())))?;
        Ok(publication)
    }

    /// Enters that a closing begins; the same intent again changes nothing.
    ///
    /// # Errors
    /// When the code cannot be a file name, the version is not the one due, or the journal cannot be written.
    pub fn intend(&mut self, intent: Intent, time: DateTime<FixedOffset>) -> Result<()> {
        check_code(&intent.code)?;
        if self.next_version(&intent.code) != Some(intent.version) {
            let state = self.state(&intent.code);
            return Err(Error::WrongVersion { code: intent.code, version: intent.version, state });
        }
        if self.intent(&intent.code).is_some_and(|(_, known)| *known == intent) {
            return Ok(());
        }
        self.append(time, Fact::Intended(intent))
    }

    /// Enters that a closing was given up.
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub fn abandon(&mut self, code: &str, version: u32, time: DateTime<FixedOffset>) -> Result<()> {
        self.append(time, Fact::Abandoned(Abandoned { code: code.to_owned(), version }))
    }

    /// Opens a closed dossier again, so that a next version may be published. Returns whether that was not done already.
    ///
    /// # Errors
    /// When there is no such dossier or the journal cannot be written.
    pub fn reopen(&mut self, code: &str, reason: &str, by: &str, time: DateTime<FixedOffset>) -> Result<bool> {
        match self.state(code) {
            State::Never | State::Destroyed(_) => Err(Error::NoSuchCode(code.to_owned())),
            State::Reopened(_) => Ok(false),
            State::Closed(version) => {
                let (code, reason, by) = (code.to_owned(), reason.to_owned(), by.to_owned());
                self.append(time, Fact::Reopened(Reopening { code, version, reason, by }))?;
                Ok(true)
            }
        }
    }

    fn append(&mut self, time: DateTime<FixedOffset>, fact: Fact) -> Result<()> {
        let entry = self.journal.append(time, fact)?;
        self.listing.ledger.insert(time, &entry.fact);
        Ok(())
    }
}

/// Whether the dossier says it is this one.
fn identify(file: &Path, meta: &Meta) -> Result<()> {
    let info = Dossier::open(file)?.info()?;
    let says = |label: &str, value: &str| info.iter().any(|(l, v)| l == label && v == value);
    if says(dossier::CODE_FIELD, &meta.code) && says(dossier::VERSION_FIELD, &meta.version.to_string()) {
        return Ok(());
    }
    Err(Error::Mistaken { path: file.to_owned(), code: meta.code.clone(), version: meta.version })
}

/// Reads the dossier back from its place: whole in itself, and what was staged.
fn prove(target: &Path, due: &(String, u64)) -> Result<()> {
    let mut findings = dossier::verify(target)?;
    if findings.is_empty() && fs::sha256_file(target)? != *due {
        let message = "tệp trong kho khác với tệp đã chuẩn bị";
        findings.push(Diagnostic::error(code::DOSSIER_DIGEST, message).in_file(target.display().to_string()));
    }
    if findings.is_empty() { Ok(()) } else { Err(Error::NotProved(findings)) }
}

/// A free name beside `target` for a dossier that was never published.
fn free_name(target: &Path) -> PathBuf {
    let name = target.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let free = (1..).map(|n: u32| target.with_file_name(format!("{name}{UNPUBLISHED}{n}"))).find(|path| !path.exists());
    free.unwrap_or_else(|| target.with_file_name(format!("{name}{UNPUBLISHED}")))
}

fn join(dir: &Path, path: &str) -> PathBuf {
    path.split('/').fold(dir.to_owned(), |dir, part| dir.join(part))
}

fn digest_if_there(path: &Path) -> Result<Option<(String, u64)>> {
    match fs::sha256_file(path) {
        Ok(digest) => Ok(Some(digest)),
        Err(error) if error.source.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests;
