//! What the archive's journal says, in the index: which files it knows, what is opened again, held, destroyed.

use std::collections::BTreeSet;
use std::path::Path;

use rusqlite::{OptionalExtension, Transaction, params};

use super::store::{self, Store};
use super::{Result, Stray, Tombstone};
use crate::archive::Fact;
use crate::journal::{self, Entry};
use crate::register;

/// It is the file the journal names.
pub(super) const REGISTERED: i64 = 0;
/// The journal does not know the dossier at all.
pub(super) const UNKNOWN: i64 = 1;
/// The journal knows the dossier, but in another place.
pub(super) const ASTRAY: i64 = 2;

/// From so many dossiers on, all are judged at once.
const MANY: usize = 1000;

/// Takes in what was written to the journal since.
pub(super) fn follow(store: &mut Store, journal: &Path, register: &Path) -> Result<()> {
    let mark = store.mark()?;
    let (entries, now, goes_on) = journal::since::<Fact>(journal, mark.as_ref())?;
    if mark.as_ref() == Some(&now) {
        return Ok(());
    }
    let stones = stones(&entries, register)?;
    let work = store.connection.transaction()?;
    if !goes_on {
        for table in ["reopened", "held", "tombstone", "published"] {
            work.execute(&format!("DELETE FROM {table}"), [])?;
        }
    }
    let mut codes = BTreeSet::new();
    {
        let mut known = work.prepare("INSERT OR REPLACE INTO published (path, code) VALUES (?1, ?2)")?;
        let mut closed = work.prepare("DELETE FROM reopened WHERE code = ?1")?;
        for entry in &entries {
            if let Fact::Published(publication) = &entry.fact {
                known.execute([&publication.path, &publication.meta.code])?;
                closed.execute([&publication.meta.code])?;
                codes.insert(publication.meta.code.as_str());
            } else {
                note(&work, &entry.fact)?;
            }
        }
    }
    for stone in &stones {
        bury(&work, stone)?;
    }
    if !goes_on {
        // What this journal does not call destroyed is looked into again.
        let forgotten = "destroyed IS NOT NULL AND destroyed NOT IN (SELECT code FROM tombstone)";
        work.execute(&format!("UPDATE seen SET stamp = '' WHERE {forgotten}"), [])?;
    }
    if !goes_on || codes.len() > MANY {
        work.execute(&format!("UPDATE dossier SET standing = {STANDING}"), [])?;
    } else {
        let mut judge = work.prepare(&format!("UPDATE dossier SET standing = {STANDING} WHERE code = ?1"))?;
        for code in codes {
            judge.execute([code])?;
        }
    }
    store::note_mark(&work, &now)?;
    Ok(work.commit()?)
}

/// How a row of `dossier` stands to the journal.
const STANDING: &str =
    "CASE WHEN EXISTS (SELECT 1 FROM published p WHERE p.path = dossier.path AND p.code = dossier.code) THEN 0
    WHEN EXISTS (SELECT 1 FROM published p WHERE p.code = dossier.code) THEN 2 ELSE 1 END";

/// How a zip at `path` that says it is the dossier `code` stands to the journal; `None` where that is destroyed.
pub(super) fn standing(work: &Transaction, path: &str, code: &str) -> Result<Option<i64>> {
    let sql =
        "SELECT (SELECT 1 FROM tombstone WHERE code = ?2), (SELECT max(path = ?1) FROM published WHERE code = ?2)";
    let (is_destroyed, known): (Option<i64>, Option<bool>) =
        work.query_row(sql, params![path, code], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let standing = match known {
        Some(true) => REGISTERED,
        Some(false) => ASTRAY,
        None => UNKNOWN,
    };
    Ok(is_destroyed.is_none().then_some(standing))
}

/// Notes what happened to a dossier that is there.
fn note(work: &Transaction, fact: &Fact) -> Result<()> {
    match fact {
        Fact::Reopened(one) => work.execute("INSERT OR IGNORE INTO reopened (code) VALUES (?1)", [&one.code])?,
        Fact::Held(one) => {
            work.execute("INSERT OR IGNORE INTO held (code, name) VALUES (?1, ?2)", [&one.code, &one.name])?
        }
        Fact::Released(one) => {
            work.execute("DELETE FROM held WHERE code = ?1 AND name = ?2", [&one.code, &one.name])?
        }
        // Which file is known is noted with it, and what is destroyed with its tombstone.
        Fact::Published(_)
        | Fact::Doomed(_)
        | Fact::Intended(_)
        | Fact::Abandoned(_)
        | Fact::Proposed(_)
        | Fact::Approved(_)
        | Fact::Refused(_)
        | Fact::Destroyed(_)
        | Fact::CarriedOut(_) => 0,
    };
    Ok(())
}

/// The dossiers whose destruction began, each with the numbers of its letters: those the register keeps.
fn stones(entries: &[Entry<Fact>], register: &Path) -> Result<Vec<Tombstone>> {
    let mut stones: Vec<Tombstone> = entries
        .iter()
        .filter_map(|entry| {
            let Fact::Doomed(doom) = &entry.fact else { return None };
            let (code, disposal) = (doom.code.clone(), doom.id.clone());
            Some(Tombstone { code, disposal, at: entry.time, letters: Vec::new() })
        })
        .collect();
    if stones.is_empty() {
        return Ok(stones);
    }
    // A register that cannot be read keeps nothing from being found by its code.
    let letters = journal::since::<register::Fact>(register, None).map(|(entries, ..)| entries).unwrap_or_default();
    for entry in letters {
        let register::Fact::Issued(issued) = entry.fact else { continue };
        for stone in &mut stones {
            if stone.code == issued.case || issued.job.as_ref() == Some(&stone.code) {
                stone.letters.push(issued.symbol.clone());
            }
        }
    }
    Ok(stones)
}

/// Notes that a dossier is destroyed: nothing of its content stays in the index, whatever still lies in the folder.
fn bury(work: &Transaction, stone: &Tombstone) -> Result<()> {
    let Tombstone { code, disposal, at, letters } = stone;
    work.execute(
        "INSERT OR REPLACE INTO tombstone (code, disposal, at, letters) VALUES (?1, ?2, ?3, ?4)",
        params![code, disposal, at.to_rfc3339(), letters.join("\n")],
    )?;
    for table in ["held", "reopened", "published"] {
        work.execute(&format!("DELETE FROM {table} WHERE code = ?1"), [code])?;
    }
    empty(work, code)
}

/// Takes the content of a dossier out, and leaves of its files that they are there.
pub(super) fn empty(work: &Transaction, code: &str) -> Result<()> {
    let ids: Vec<i64> = {
        let mut statement = work.prepare("SELECT id FROM dossier WHERE code = ?1")?;
        let rows = statement.query_map([code], |row| row.get(0))?;
        rows.collect::<rusqlite::Result<_>>()?
    };
    for id in ids {
        let path: String = work.query_row("SELECT path FROM dossier WHERE id = ?1", [id], |row| row.get(0))?;
        store::delete(work, id)?;
        work.execute("UPDATE seen SET dossier = NULL, destroyed = ?2 WHERE path = ?1", params![path, code])?;
    }
    Ok(())
}

impl Store {
    /// Zips of destroyed dossiers that still lie in the folder: path and code.
    pub(super) fn remains(&self) -> Result<Vec<(String, String)>> {
        let sql =
            "SELECT path, destroyed FROM seen INDEXED BY seen_destroyed WHERE destroyed IS NOT NULL ORDER BY path";
        let mut statement = self.connection.prepare(sql)?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Zips of dossiers the journal knows in another place.
    pub(super) fn strays(&self) -> Result<Vec<Stray>> {
        let sql = "SELECT d.path, d.code, (SELECT max(p.path) FROM published p WHERE p.code = d.code)
             FROM dossier d INDEXED BY dossier_astray WHERE d.standing = 2 ORDER BY d.path";
        let mut statement = self.connection.prepare(sql)?;
        let rows = statement
            .query_map([], |row| Ok(Stray { path: row.get(0)?, code: row.get(1)?, registered: row.get(2)? }))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Where a dossier lies that the journal does not know: of this version, else the latest.
    pub(super) fn unregistered(&self, code: &str, version: Option<u32>) -> Result<Option<String>> {
        let sql = "SELECT path FROM dossier WHERE code = ?1 AND standing = 1 AND (?2 IS NULL OR version = ?2)
             ORDER BY version DESC, id DESC LIMIT 1";
        Ok(self.connection.query_row(sql, params![code, version], |row| row.get(0)).optional()?)
    }

    /// Dossiers that are destroyed, by code.
    pub(super) fn tombstones(&self) -> Result<Vec<Tombstone>> {
        let mut statement =
            self.connection.prepare("SELECT code, disposal, at, letters FROM tombstone ORDER BY code")?;
        let mut rows = statement.query([])?;
        let mut stones = Vec::new();
        while let Some(row) = rows.next()? {
            let (at, letters): (String, String) = (row.get(2)?, row.get(3)?);
            let Ok(at) = chrono::DateTime::parse_from_rfc3339(&at) else { continue };
            let letters = letters.lines().map(str::to_owned).collect();
            stones.push(Tombstone { code: row.get(0)?, disposal: row.get(1)?, at, letters });
        }
        Ok(stones)
    }
}
