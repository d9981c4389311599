//! The index as it lies on the disk.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::path::Path;

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::record::Record;
use super::{Error, Result, fold, ledger, order};
use crate::fs;
use crate::journal;

/// Of another version: made anew.
const VERSION: i64 = 3;
/// Identifiers within one day; the day stands above them, so that the order of identifiers is that of days.
pub(super) const A_DAY: i64 = 1 << 24;

/// `seen`: every zip and what came of it: a dossier, the code of a destroyed one, or why it cannot be read. `dossier`: one row a version, kept small, as searches read many. `passage`: its text,
/// packed, for snippets. `words`: what is searched, without texts of its own.
const SCHEMA: &str = "
CREATE TABLE folder (path TEXT PRIMARY KEY, above TEXT NOT NULL, stamp TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE seen (path TEXT PRIMARY KEY, folder TEXT NOT NULL, stamp TEXT NOT NULL, dossier INTEGER, fault TEXT,
    destroyed TEXT) WITHOUT ROWID;
CREATE INDEX seen_folder ON seen (folder);
CREATE INDEX seen_doubtful ON seen (folder) WHERE fault IS NOT NULL OR stamp = '';
CREATE INDEX seen_destroyed ON seen (path) WHERE destroyed IS NOT NULL;
CREATE TABLE dossier (id INTEGER PRIMARY KEY, code TEXT NOT NULL, version INTEGER NOT NULL, is_batch INTEGER NOT NULL,
    title TEXT NOT NULL, complainant TEXT NOT NULL, names TEXT NOT NULL, name_key BLOB NOT NULL, letters TEXT NOT NULL, end TEXT NOT NULL,
    end_folded TEXT NOT NULL, channel TEXT, units TEXT NOT NULL, units_folded TEXT NOT NULL, retention TEXT NOT NULL,
    retention_folded TEXT NOT NULL, received TEXT, closed TEXT NOT NULL, path TEXT NOT NULL,
    standing INTEGER NOT NULL);
CREATE TABLE passage (id INTEGER PRIMARY KEY, text BLOB NOT NULL);
CREATE INDEX dossier_code ON dossier (code);
CREATE INDEX dossier_astray ON dossier (path) WHERE standing = 2;
CREATE TABLE published (path TEXT PRIMARY KEY, code TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX published_code ON published (code);
CREATE TABLE reopened (code TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE tombstone (code TEXT PRIMARY KEY, disposal TEXT NOT NULL, at TEXT NOT NULL, letters TEXT NOT NULL)
    WITHOUT ROWID;
CREATE TABLE held (code TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (code, name)) WITHOUT ROWID;
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5(names, codes, body, exact_names, exact_body, content='', contentless_delete=1,
    tokenize=\"unicode61 remove_diacritics 0\");
";

/// A file or folder as the folder above shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seen {
    /// Below the archive's folder, parts separated by `/`; the archive's folder itself is "".
    pub(super) path: String,
    /// The folder it lies in, likewise.
    pub(super) folder: String,
    /// Its [`crate::fs::Stamp`]; empty where another change could hide behind the same.
    pub(super) stamp: String,
}

/// The open index.
pub(super) struct Store {
    pub(super) connection: Connection,
}

/// How the index was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// As it was left.
    Sound,
    /// There was none.
    Missing,
    /// It could not be read, or another version of the program made it.
    Broken,
}

impl Store {
    /// Opens the index at `path`; one that is missing or of another version is begun anew.
    pub(super) fn open(path: &Path) -> Result<(Self, Found)> {
        let was_there = path.exists();
        match Self::connect(path) {
            Ok(store) => match store.version() {
                Ok(VERSION) => return Ok((store, Found::Sound)),
                Ok(0) if !was_there => return store.begin().map(|store| (store, Found::Missing)),
                Ok(_) => {}
                Err(error) if !error.is_damage() => return Err(error),
                Err(_) => {}
            },
            Err(error) if !error.is_damage() => return Err(error),
            Err(_) => {}
        }
        Self::remove(path)?;
        Ok((Self::connect(path)?.begin()?, Found::Broken))
    }

    /// Removes the index with its side files.
    pub(super) fn remove(path: &Path) -> Result<()> {
        for ending in ["", "-wal", "-shm", "-journal"] {
            let mut name = path.file_name().unwrap_or_default().to_owned();
            name.push(ending);
            fs::remove_file(&path.with_file_name(name))?;
        }
        Ok(())
    }

    fn connect(path: &Path) -> Result<Self> {
        let connection = Connection::open(path)?;
        connection.busy_timeout(std::time::Duration::from_secs(30))?;
        // Deleted rows are written over: what was disposed of may not be read out of free pages.
        connection.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON; PRAGMA cache_size = -32768;
             PRAGMA temp_store = MEMORY;",
        )?;
        Ok(Self { connection })
    }

    /// For searching: pages are read where they lie. Not while the index is made, when all of it would count as memory used.
    pub(super) fn for_reading(&self) -> Result<()> {
        Ok(self.connection.execute_batch("PRAGMA mmap_size = 1073741824;")?)
    }

    fn version(&self) -> Result<i64> {
        Ok(self.connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
    }

    fn begin(self) -> Result<Self> {
        self.connection.execute_batch(&format!("BEGIN; {SCHEMA} PRAGMA user_version = {VERSION}; COMMIT;"))?;
        Ok(self)
    }

    /// Folders as they were when last listed.
    pub(super) fn folders(&self) -> Result<Vec<Seen>> {
        self.list("SELECT path, above, stamp FROM folder", [])
    }

    /// The zips known in a folder.
    pub(super) fn seen_in(&self, folder: &str) -> Result<Vec<Seen>> {
        self.list("SELECT path, folder, stamp FROM seen WHERE folder = ?1", [folder])
    }

    /// The zips in a folder that must be looked at again though the folder did not change.
    pub(super) fn doubtful_in(&self, folder: &str) -> Result<Vec<Seen>> {
        let sql = "SELECT path, folder, stamp FROM seen INDEXED BY seen_doubtful WHERE folder = ?1 AND (fault IS NOT NULL OR stamp = '')";
        self.list(sql, [folder])
    }

    fn list(&self, sql: &str, of: impl rusqlite::Params) -> Result<Vec<Seen>> {
        let mut statement = self.connection.prepare(sql)?;
        let rows =
            statement.query_map(of, |row| Ok(Seen { path: row.get(0)?, folder: row.get(1)?, stamp: row.get(2)? }))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Zips that could not be read, with the reason.
    pub(super) fn faults(&self) -> Result<Vec<(String, String)>> {
        let mut statement = self.connection.prepare(
            "SELECT path, fault FROM seen INDEXED BY seen_doubtful WHERE (fault IS NOT NULL OR stamp = '') AND fault IS NOT NULL ORDER BY path",
        )?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    pub(super) fn is_empty(&self) -> Result<bool> {
        Ok(self.connection.query_row("SELECT NOT EXISTS (SELECT 1 FROM dossier)", [], |row| row.get(0))?)
    }

    /// Number of dossiers.
    pub(super) fn count(&self) -> Result<u64> {
        let count: i64 = self.connection.query_row("SELECT count(*) FROM dossier", [], |row| row.get(0))?;
        Ok(u64::try_from(count).unwrap_or_default())
    }

    /// How far the archive's journal was read.
    pub(super) fn mark(&self) -> Result<Option<journal::Mark>> {
        let text: Option<String> = self
            .connection
            .query_row("SELECT value FROM fact WHERE name = 'journal'", [], |row| row.get(0))
            .optional()?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// When all zips were last compared with what is known of them, in seconds since 1970.
    pub(super) fn compared(&self) -> Result<Option<i64>> {
        let sql = "SELECT value FROM fact WHERE name = 'compared'";
        let text: Option<String> = self.connection.query_row(sql, [], |row| row.get(0)).optional()?;
        Ok(text.and_then(|text| text.parse().ok()))
    }

    /// The stamp of a zip as it was when it was taken up.
    pub(super) fn seen(&self, path: &str) -> Result<Option<Seen>> {
        let sql = "SELECT path, folder, stamp FROM seen WHERE path = ?1";
        Ok(self.list(sql, [path])?.pop())
    }
}

impl Store {
    /// Whether the file is whole: what is taken out of a damaged one may still stand elsewhere in it.
    pub(super) fn prove(&self) -> Result<()> {
        let said: String = self.connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        if said != "ok" {
            return Err(Error::Broken);
        }
        self.connection.execute("INSERT INTO words (words) VALUES ('integrity-check')", [])?;
        Ok(())
    }

    /// Takes out every version of these cases, and everything that is left of them in the file.
    pub(super) fn forget_codes(&mut self, codes: &[String]) -> Result<()> {
        let work = self.connection.transaction()?;
        for code in codes {
            ledger::empty(&work, code)?;
            work.execute("DELETE FROM reopened WHERE code = ?1", [code])?;
            work.execute("DELETE FROM held WHERE code = ?1", [code])?;
        }
        work.commit()?;
        // Words of deleted rows stay in the lists of words until these are written anew, and in the log until it is emptied.
        self.connection.execute("INSERT INTO words (words) VALUES ('optimize')", [])?;
        self.connection.execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE);")?;
        Ok(())
    }
}

/// Notes that a folder was listed, so that it need not be while its stamp stays.
pub(super) fn note_folder(work: &Transaction, folder: &Seen) -> Result<()> {
    let sql = "INSERT OR REPLACE INTO folder (path, above, stamp) VALUES (?1, ?2, ?3)";
    work.execute(sql, params![folder.path, folder.folder, folder.stamp])?;
    Ok(())
}

pub(super) fn forget_folder(work: &Transaction, path: &str) -> Result<()> {
    work.execute("DELETE FROM folder WHERE path = ?1", [path])?;
    Ok(())
}

pub(super) fn note_mark(work: &Transaction, mark: &journal::Mark) -> Result<()> {
    let text = serde_json::to_string(mark).unwrap_or_default();
    work.execute("INSERT OR REPLACE INTO fact (name, value) VALUES ('journal', ?1)", [text])?;
    Ok(())
}

pub(super) fn note_compared(work: &Transaction, seconds: i64) -> Result<()> {
    work.execute("INSERT OR REPLACE INTO fact (name, value) VALUES ('compared', ?1)", [seconds.to_string()])?;
    Ok(())
}

/// Takes a zip up: its dossier, or why it could not be read. Of one that is destroyed nothing is taken up but that it is there.
pub(super) fn insert(work: &Transaction, seen: &Seen, record: &std::result::Result<Record, String>) -> Result<()> {
    let before: Option<Option<i64>> =
        work.query_row("SELECT dossier FROM seen WHERE path = ?1", [&seen.path], |row| row.get(0)).optional()?;
    forget(work, &seen.path)?;
    let (dossier, fault, destroyed) = match record {
        Ok(record) => match ledger::standing(work, &seen.path, &record.code)? {
            Some(standing) => (Some(insert_record(work, &seen.path, before.flatten(), standing, record)?), None, None),
            None => (None, None, Some(&record.code)),
        },
        Err(fault) => (None, Some(fault), None),
    };
    work.execute(
        "INSERT INTO seen (path, folder, stamp, dossier, fault, destroyed) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![seen.path, seen.folder, seen.stamp, dossier, fault, destroyed],
    )?;
    Ok(())
}

/// Writes the row of a dossier. One that is read again keeps its number, and with it its place among those closed on its day.
fn insert_record(work: &Transaction, path: &str, before: Option<i64>, standing: i64, record: &Record) -> Result<i64> {
    let (from, to) = (record.day() * A_DAY, (record.day() + 1) * A_DAY);
    let last: Option<i64> =
        work.query_row("SELECT max(id) FROM dossier WHERE id >= ?1 AND id < ?2", [from, to], |row| row.get(0))?;
    let id = before.filter(|id| (from..to).contains(id)).unwrap_or_else(|| last.map_or(from, |last| last + 1));
    let units = record.units.join("\n");
    work.prepare(
        "INSERT INTO dossier VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20)",
    )?
    .execute(params![
        id,
        record.code,
        record.version,
        record.is_batch,
        record.title,
        record.complainant,
        // A batch has thousands, and its list shows nobody.
        if record.is_batch { String::new() } else { record.names.join("\n") },
        order::key(if record.complainant.is_empty() { &record.title } else { &record.complainant }, record.is_person),
        record.letters.join("\n"),
        record.end,
        fold::folded_text(&record.end),
        record.channel.map(crate::case::Channel::word),
        units,
        fold::folded_text(&units),
        record.retention,
        fold::folded_text(&record.retention),
        record.received.map(|day| day.to_string()),
        record.closed.to_string(),
        path,
        standing,
    ])?;
    work.execute("INSERT INTO passage (id, text) VALUES (?1, ?2)", params![id, pack(&record.text)])?;
    let names = record.names.join("\n");
    let exact_names = fold::exact_text(&names);
    work.prepare("INSERT INTO words (rowid, names, codes, body, exact_names, exact_body) VALUES (?1,?2,?3,?4,?5,?6)")?
        .execute(params![
            id,
            fold::folded_text(&names),
            codes(&record.codes, &record.text),
            fold::folded_text(&record.text),
            exact_names,
            fold::exact_text(&record.text)
        ])?;
    Ok(id)
}

/// A word nobody types: it keeps one code from running into the next.
const APART: char = '\u{e010}';

/// Codes as they are written and without what parts them; those in the text without only, as they stand there already.
fn codes(codes: &[String], text: &str) -> String {
    let mut out = String::new();
    for code in codes {
        let written = fold::folded_text(code);
        let squeezed = fold::digits(code).unwrap_or_else(|| fold::squeezed(code));
        for form in [written.as_str(), written.trim_start_matches('0'), squeezed.as_str()] {
            if !form.is_empty() && !out.ends_with(&format!(" {form} {APART}")) {
                out.push_str(&format!(" {form} {APART}"));
            }
        }
    }
    let chunks = text.split(|c: char| c.is_whitespace() || ",;()“”\"".contains(c));
    let within: BTreeSet<String> = chunks.filter(|chunk| fold::is_code(chunk)).map(fold::squeezed).collect();
    within.iter().for_each(|code| out.push_str(&format!(" {code}")));
    out
}

/// Takes a zip out of the index.
pub(super) fn forget(work: &Transaction, path: &str) -> Result<()> {
    let dossier: Option<Option<i64>> =
        work.query_row("SELECT dossier FROM seen WHERE path = ?1", [path], |row| row.get(0)).optional()?;
    if let Some(Some(id)) = dossier {
        delete(work, id)?;
    }
    work.execute("DELETE FROM seen WHERE path = ?1", [path])?;
    Ok(())
}

/// Takes a dossier out, not its file.
pub(super) fn delete(work: &Transaction, id: i64) -> Result<()> {
    work.execute("DELETE FROM words WHERE rowid = ?1", [id])?;
    work.execute("DELETE FROM dossier WHERE id = ?1", [id])?;
    work.execute("DELETE FROM passage WHERE id = ?1", [id])?;
    Ok(())
}

/// Texts are a third of the index when packed, and two thirds when not.
fn pack(text: &str) -> Vec<u8> {
    let mut packer = DeflateEncoder::new(Vec::new(), Compression::new(6));
    // Writing to memory does not fail.
    let _ = packer.write_all(text.as_bytes());
    packer.finish().unwrap_or_default()
}

pub(super) fn unpack(packed: &[u8]) -> String {
    let mut text = String::new();
    let _ = DeflateDecoder::new(packed).read_to_string(&mut text);
    text
}
