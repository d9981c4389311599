//! The access log: who looked at what, plain lines, for fixity checks and retrievals.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use chrono::{DateTime, FixedOffset};

use crate::fs;

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// A dossier was checked.
    Fixity,
    /// A dossier was unpacked or handed out.
    Retrieval,
    /// A dossier was restored from a second copy.
    Repair,
    /// The archive was searched, or a list of it looked at.
    Search,
}

impl Access {
    fn word(self) -> &'static str {
        match self {
            Self::Fixity => "kiem_tra",
            Self::Retrieval => "khai_thac",
            Self::Repair => "khoi_phuc",
            Self::Search => "tra_cuu",
        }
    }
}

/// One line of the log.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    /// When.
    pub time: DateTime<FixedOffset>,
    /// What.
    pub what: Access,
    /// Which dossier: see [`name`]; [`ALL`] for the whole archive.
    pub dossier: &'a str,
    /// How it came out, or where to.
    pub remark: &'a str,
    /// Who: as given, else the account.
    pub by: &'a str,
}

/// Stands for every dossier of the archive.
pub const ALL: &str = "*";
/// Outcome of a fixity check without a finding.
pub const SOUND: &str = "nguyên vẹn";
/// Outcome of a fixity check with findings.
pub const DAMAGED: &str = "không khớp";

/// What the log calls a version of a dossier.
#[must_use]
pub fn name(code: &str, version: u32) -> String {
    if version > 1 { format!("{code} v{version}") } else { code.to_owned() }
}

/// Stands between the dossiers a search found.
const BETWEEN: &str = ", ";
/// Stands at their end where there were more than those that were shown.
const MORE: &str = "…";

/// What the log calls the dossiers a search showed; `all` when there were no others.
#[must_use]
pub fn found(codes: &[&str], all: bool) -> String {
    codes.iter().copied().chain((!all).then_some(MORE)).collect::<Vec<_>>().join(BETWEEN)
}

/// Who works here, where nobody was named: the account of the system.
#[must_use]
pub fn account() -> String {
    let names = ["USER", "LOGNAME", "USERNAME"];
    names.iter().filter_map(|name| std::env::var(name).ok()).find(|name| !name.trim().is_empty()).unwrap_or_default()
}

/// Appends lines: time, kind, dossier, remark, person, separated by tabs.
///
/// # Errors
/// When the system refuses.
pub fn record<'a>(log: &Path, lines: impl IntoIterator<Item = Line<'a>>) -> fs::Result<()> {
    let plain = |text: &str| text.replace(char::is_control, " ");
    let mut text = String::new();
    for Line { time, what, dossier, remark, by } in lines {
        let (dossier, remark, by) = (plain(dossier), plain(remark), plain(by));
        text.push_str(&format!("{}\t{}\t{dossier}\t{remark}\t{by}\n", time.to_rfc3339(), what.word()));
    }
    fs::append(log, text.as_bytes())
}

/// Takes out of the lines on these dossiers what may name persons: the remarks on retrievals, and the words of searches that found
/// one of them, or may have: who looks for a name that is found nowhere types it all the same.
///
/// # Errors
/// When the system refuses.
pub fn forget(log: &Path, codes: &[String]) -> fs::Result<()> {
    let Some(bytes) = fs::read_if_there(log)? else { return Ok(()) };
    let text = String::from_utf8_lossy(&bytes);
    let line = |line: &str| {
        let mut parts: Vec<&str> = line.split('\t').collect();
        let own = |dossier: &str| codes.iter().any(|code| dossier.split(' ').next() == Some(code));
        let names_one = match parts[..] {
            [_, "kiem_tra", ..] => false,
            [_, "tra_cuu", found, ..] => found.split(BETWEEN).any(|one| one.is_empty() || one == MORE || own(one)),
            [_, _, dossier, ..] => own(dossier),
            _ => false,
        };
        if names_one && parts.len() > 4 {
            parts[3] = "";
        }
        parts.join("\t") + "\n"
    };
    let kept: String = text.lines().map(line).collect();
    fs::write_if_changed(log, kept.as_bytes()).map(|_| ())
}

/// A fixity check of a dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// When.
    pub time: DateTime<FixedOffset>,
    /// Whether it was as it should be.
    pub sound: bool,
    /// Who checked.
    pub by: String,
}

/// When each dossier was last checked.
#[derive(Debug, Clone, Default)]
pub struct Checks {
    /// The last check of the whole archive.
    whole: Option<Check>,
    /// The last check that names a dossier.
    each: BTreeMap<String, Check>,
    /// How far the log was read: behind a whole line.
    at: u64,
    /// What stood just before: another log, or one that was written anew, is told by it.
    before: Vec<u8>,
}

/// Bytes before the place the log was read to that must still be there.
const GUARD: usize = 256;

impl Checks {
    /// Reads the log; lines of other kinds, and such as nobody can read, are passed over.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn read(log: &Path) -> fs::Result<Self> {
        let mut checks = Self::default();
        checks.follow(log)?;
        Ok(checks)
    }

    /// Takes in what was written to the log since this was last asked; all of it, where the log was written anew.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn follow(&mut self, log: &Path) -> fs::Result<()> {
        let mut file = match File::open(log) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                *self = Self::default();
                return Ok(());
            }
            other => fs::context(other, "mở", log)?,
        };
        if !fs::context(self.goes_on(&mut file), "đọc", log)? {
            *self = Self::default();
        }
        fs::context(file.seek(SeekFrom::Start(self.at)), "đọc", log)?;
        let mut reader = BufReader::with_capacity(1 << 16, file);
        let mut line = Vec::new();
        loop {
            line.clear();
            fs::context(reader.read_until(b'\n', &mut line), "đọc", log)?;
            if line.last() != Some(&b'\n') {
                return Ok(());
            }
            self.at += line.len() as u64;
            self.before.extend_from_slice(&line);
            self.before.drain(..self.before.len().saturating_sub(GUARD));
            self.take(&String::from_utf8_lossy(&line));
        }
    }

    /// Whether what was read of the log is still there.
    fn goes_on(&self, file: &mut File) -> std::io::Result<bool> {
        let mut found = Vec::new();
        file.seek(SeekFrom::Start(self.at - self.before.len() as u64))?;
        file.take(self.before.len() as u64).read_to_end(&mut found)?;
        Ok(found == self.before)
    }

    fn take(&mut self, line: &str) {
        let mut parts = line.trim_end_matches(['\n', '\r']).split('\t');
        let (Some(time), Some("kiem_tra"), Some(dossier)) = (parts.next(), parts.next(), parts.next()) else { return };
        let Ok(time) = DateTime::parse_from_rfc3339(time) else { return };
        // "khớp" is how checks were noted before they named a person.
        let sound = matches!(parts.next(), Some(SOUND | "khớp"));
        let check = Check { time, sound, by: parts.next().unwrap_or_default().to_owned() };
        if dossier == ALL {
            self.whole = Some(check);
        } else {
            self.each.insert(dossier.to_owned(), check);
        }
    }

    /// The last check of the whole archive.
    #[must_use]
    pub fn last_whole(&self) -> Option<&Check> {
        self.whole.as_ref()
    }

    /// The last check of a version that was published at this time. A check of the whole archive names only what is not sound.
    #[must_use]
    pub fn last(&self, code: &str, version: u32, published: DateTime<FixedOffset>) -> Option<Check> {
        let own = self.each.get(&name(code, version));
        let whole = self.whole.as_ref().filter(|check| check.time >= published);
        match (own, whole) {
            (Some(own), Some(whole)) if own.time >= whole.time => Some(own.clone()),
            (_, Some(whole)) => Some(Check { sound: true, ..whole.clone() }),
            (own, None) => own.cloned(),
        }
    }
}
