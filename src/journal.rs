//! Append-only text journals, each line chained by hash to the one before.
//!
//! A line is one JSON object: `{"stt":2,"truoc":"<SHA-256 of line 1>","luc":"<time>","muc":{…}}`. The head (number of lines,
//! SHA-256 of the last) lies beside it in `<file>.dau` and is synced after each line; both are mirrored into a second folder.
//! What a power cut can leave behind is mended and said; anything else is an error that names the line, never mended.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, FixedOffset, TimeDelta};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::diagnostic::{Diagnostic, Span, code};
use crate::fs;

mod chain;
mod lock;
mod since;

pub use lock::{Acquired, Holder, Lock};
pub use since::{Mark, head_before, since};

use chain::{Chain, Mirror, Tail};

/// Why a journal could not be opened or written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The system refused.
    #[error(transparent)]
    Io(#[from] fs::Error),
    /// The journal is damaged; the findings name the lines.
    #[error("sổ {} không còn nguyên vẹn: {}", path.display(), first(findings))]
    Broken {
        /// The journal.
        path: PathBuf,
        /// What is wrong, line by line.
        findings: Vec<Diagnostic>,
    },
    /// An earlier write failed half way; the journal must be opened anew before it is written again.
    #[error("lần ghi trước vào sổ {} chưa xong; cần mở lại sổ trước khi ghi tiếp", .0.display())]
    Unfinished(PathBuf),
    /// An entry has no JSON form.
    #[error("không ghi được mục vào sổ: {0}")]
    Encode(#[from] serde_json::Error),
}

fn first(findings: &[Diagnostic]) -> String {
    let rest = match findings.len() {
        0 | 1 => String::new(),
        n => format!(" (và {} lỗi khác)", n - 1),
    };
    findings.first().map(|f| f.message.clone()).unwrap_or_default() + &rest
}

/// One entry as it stands in the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry<E> {
    /// Number of the line, from 1.
    pub sequence: u64,
    /// When it was written, as the writer said.
    pub time: DateTime<FixedOffset>,
    /// What it says.
    pub fact: E,
}

/// Number of lines of a journal and SHA-256 of the last: what a signed closing of the book states.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// Number of lines.
    #[serde(rename = "so_dong")]
    pub count: u64,
    /// SHA-256 of the last line without its line break; 64 zeros for an empty journal.
    #[serde(rename = "bam")]
    pub hash: String,
}

impl Head {
    fn empty() -> Self {
        Self { count: 0, hash: chain::GENESIS.to_owned() }
    }
}

#[derive(Serialize)]
struct LineOut<'a, E> {
    stt: u64,
    truoc: &'a str,
    luc: DateTime<FixedOffset>,
    muc: &'a E,
}

/// A journal of entries `E`, open for appending. The caller holds the lock.
#[derive(Debug)]
pub struct Journal<E> {
    path: PathBuf,
    mirror: Option<PathBuf>,
    head: Head,
    entries: Vec<Entry<E>>,
    unfinished: bool,
    mirror_trouble: Option<Diagnostic>,
}

impl<E: Serialize + DeserializeOwned> Journal<E> {
    /// Opens the journal at `path`, which need not exist yet, and brings the copy in the folder `mirror` up to date.
    ///
    /// A torn last line is set aside, a head one line behind is caught up; the findings returned (warnings) say so. A second
    /// copy that cannot be written is a warning too.
    ///
    /// # Errors
    /// [`Error::Broken`] when a line was changed, removed or cut off, or the second copy says something else; nothing is
    /// touched then. [`Error::Io`] when the system refuses.
    pub fn open(path: &Path, mirror: Option<&Path>) -> Result<(Self, Vec<Diagnostic>), Error> {
        let chain = Chain::read(path)?;
        let mut findings = chain.findings();
        let entries = chain.entries::<E>(&mut findings);
        let second = mirror.map(|folder| mirror_path(path, folder));
        let standing = second.as_deref().map_or(Mirror::Current, |second| chain.compare(second, &mut findings));
        if findings.iter().any(Diagnostic::is_error) {
            return Err(Error::Broken { path: path.to_owned(), findings });
        }
        if let Tail::Torn { at } = chain.tail {
            set_aside(path, &chain.bytes[at..])?;
            truncate(path, at as u64)?;
        }
        let head = chain.computed_head();
        if chain.head.as_ref() != Some(&head) && head.count > 0 {
            write_head(path, &head)?;
        }
        let mut journal =
            Self { path: path.to_owned(), mirror: second, head, entries, unfinished: false, mirror_trouble: None };
        match standing {
            Mirror::Current => {}
            Mirror::Behind => journal.copy_to_mirror(&chain.bytes[..chain.complete()]),
            // Lines appended to it now would leave a gap.
            Mirror::Unreachable(trouble) => journal.mirror_trouble = Some(trouble),
        }
        findings.extend(journal.mirror_trouble.clone());
        Ok((journal, findings))
    }

    /// Appends one entry and syncs it (the commit), then the head, then the second copy.
    ///
    /// That the second copy could not be written is no error: see [`Journal::mirror_trouble`].
    ///
    /// # Errors
    /// When the system refuses; whether the line was written shows when the journal is opened anew.
    pub fn append(&mut self, time: DateTime<FixedOffset>, fact: E) -> Result<&Entry<E>, Error> {
        if self.unfinished {
            return Err(Error::Unfinished(self.path.clone()));
        }
        let sequence = self.head.count + 1;
        let line = serde_json::to_string(&LineOut { stt: sequence, truoc: &self.head.hash, luc: time, muc: &fact })?;
        self.unfinished = true;
        fs::append_line(&self.path, &line)?;
        self.head = Head { count: sequence, hash: fs::sha256(line.as_bytes()) };
        write_head(&self.path, &self.head)?;
        self.unfinished = false;
        self.append_to_mirror(&line);
        self.entries.push(Entry { sequence, time, fact });
        Ok(&self.entries[self.entries.len() - 1])
    }

    /// All entries, oldest first.
    #[must_use]
    pub fn entries(&self) -> &[Entry<E>] {
        &self.entries
    }

    /// Number of lines and hash of the last.
    #[must_use]
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// The journal's file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Why the second copy is behind, if it is; the next opening catches it up.
    #[must_use]
    pub fn mirror_trouble(&self) -> Option<&Diagnostic> {
        self.mirror_trouble.as_ref()
    }

    fn append_to_mirror(&mut self, line: &str) {
        if self.mirror_trouble.is_some() {
            return;
        }
        if let Some(second) = &self.mirror {
            let done = fs::append_line(second, line).and_then(|()| write_head(second, &self.head));
            self.trouble(done);
        }
    }

    fn copy_to_mirror(&mut self, bytes: &[u8]) {
        if let Some(second) = &self.mirror {
            let done = fs::write(second, bytes).and_then(|()| write_head(second, &self.head));
            self.trouble(done);
        }
    }

    fn trouble(&mut self, done: fs::Result<()>) {
        let second = self.mirror.as_deref().unwrap_or(&self.path);
        self.mirror_trouble = done.err().map(|error| cannot_mirror(second, &error));
        let mut told = TROUBLES.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(trouble) = self.mirror_trouble.as_ref().filter(|trouble| !told.contains(trouble)) {
            told.push(trouble.clone());
        }
    }
}

/// Second copies that could not be written. A journal is written far below whoever can tell, and the next opening brings the
/// copy up to date without a word.
static TROUBLES: Mutex<Vec<Diagnostic>> = Mutex::new(Vec::new());

/// What kept second copies from being written in this process since this was last asked.
#[must_use]
pub fn take_troubles() -> Vec<Diagnostic> {
    std::mem::take(&mut *TROUBLES.lock().unwrap_or_else(PoisonError::into_inner))
}

/// What can be read of a journal, and everything that is wrong with it; changes nothing.
///
/// # Errors
/// When the system refuses to read it.
pub fn verify<E: DeserializeOwned>(
    path: &Path,
    mirror: Option<&Path>,
) -> Result<(Vec<Entry<E>>, Vec<Diagnostic>), Error> {
    let chain = Chain::read(path)?;
    let mut findings = chain.findings();
    let entries = chain.entries::<E>(&mut findings);
    findings.extend(backwards(path, &entries));
    if let Some(folder) = mirror {
        let second = mirror_path(path, folder);
        match chain.compare(&second, &mut findings) {
            Mirror::Current => {}
            Mirror::Behind => findings.push(
                Diagnostic::warning(code::JOURNAL_MIRROR, "bản thứ hai của sổ còn thiếu dòng so với bản chính")
                    .in_file(second.display().to_string())
                    .hint("Chạy hoso build: bản thứ hai sẽ được bổ sung."),
            ),
            Mirror::Unreachable(trouble) => findings.push(trouble),
        }
    }
    Ok((entries, findings))
}

/// Entries dated more than a day before the one they follow. A clock is put right by minutes; a day is another day than it was.
fn backwards<E>(path: &Path, entries: &[Entry<E>]) -> Vec<Diagnostic> {
    let pairs = entries.windows(2).filter(|pair| pair[1].time + TimeDelta::days(1) < pair[0].time);
    let finding = |pair: &[Entry<E>]| {
        let at = |entry: &Entry<E>| entry.time.format("%H:%M ngày %d/%m/%Y").to_string();
        let (before, after) = (&pair[0], &pair[1]);
        let message = format!(
            "dòng {} ghi lúc {}, sớm hơn dòng {} đứng trước nó ({}) quá một ngày",
            after.sequence,
            at(after),
            before.sequence,
            at(before)
        );
        let mut finding = Diagnostic::warning(code::JOURNAL_BACKWARDS, message)
            .in_file(path.display().to_string())
            .hint("Xem đồng hồ của máy khi ấy có đúng không, và ai đã chạy lệnh với ngày giả định (--today); ghi lại điều tìm được.");
        finding.span = Some(Span { line: usize::try_from(after.sequence).unwrap_or(usize::MAX), column: 1, length: 0 });
        finding
    };
    pairs.map(finding).collect()
}

/// Where the head of a journal lies.
#[must_use]
pub fn head_path(path: &Path) -> PathBuf {
    beside(path, ".dau")
}

/// Where the second copy of a journal lies in the folder `mirror`.
#[must_use]
pub fn mirror_path(path: &Path, mirror: &Path) -> PathBuf {
    mirror.join(path.file_name().unwrap_or_default())
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(ending);
    path.with_file_name(name)
}

fn write_head(path: &Path, head: &Head) -> fs::Result<()> {
    let text = format!("{{\"so_dong\":{},\"bam\":\"{}\"}}\n", head.count, head.hash);
    fs::write(&head_path(path), text.as_bytes())
}

fn cannot_mirror(second: &Path, error: &fs::Error) -> Diagnostic {
    Diagnostic::warning(code::JOURNAL_MIRROR, format!("chưa ghi được bản thứ hai của sổ: {error}"))
        .in_file(second.display().to_string())
        .hint("Sổ chính vẫn đầy đủ. Kiểm tra thư mục lưu trữ; lần chạy sau bản thứ hai sẽ được bổ sung.")
}

/// Keeps the torn bytes in `<file>.rach-<n>`; the same bytes are kept once, so a kill in between leaves no second copy.
fn set_aside(path: &Path, torn: &[u8]) -> fs::Result<PathBuf> {
    let mut number = 1;
    loop {
        let aside = beside(path, &format!(".rach-{number}"));
        match std::fs::read(&aside) {
            Ok(old) if old != torn => number += 1,
            Ok(_) => return Ok(aside),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                fs::write(&aside, torn)?;
                return Ok(aside);
            }
            other => fs::context(other.map(|_| ()), "đọc", &aside)?,
        }
    }
}

fn truncate(path: &Path, length: u64) -> fs::Result<()> {
    let file = fs::context(OpenOptions::new().write(true).open(path), "mở", path)?;
    fs::attempt("cắt dòng ghi dở của", path, || file.set_len(length).and_then(|()| file.sync_all()))?;
    fs::step("journal: torn line cut");
    Ok(())
}

#[cfg(test)]
mod tests;
