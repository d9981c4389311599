//! What earlier passes have seen, so that a pass works on what moved. A cache: thrown away, everything is read again.
//!
//! An entry is made after all that it tells of lies on the disk, so the memory may be behind what is there, never ahead of it.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hasher};
use std::path::Path;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::told::Told;
use crate::fs::{self, Stamp};
use crate::workspace::Workspace;

mod file;
mod look;
mod names;
pub(super) mod print;
#[cfg(test)]
mod tests;

pub(super) use look::{Against, Seen, no_folder};
pub use look::{Depth, Scope, Sight};
pub(super) use names::Names;

/// Records that no longer hold may take as much room as those that do, and so much more, before the file is written anew.
const SLACK: u64 = 1 << 20;

/// Cases whose folders an idle look goes through: of so many it takes a hundredth of a second.
const AT_ONCE: usize = 1_000;

/// What entries were made with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Header {
    /// Digest of program, settings, calendar, forms, style, fonts.
    pub(super) made_with: String,
    /// The day.
    pub(super) day: Option<NaiveDate>,
    /// Hash of the register's last line that entries were compared with.
    pub(super) register: String,
    /// The same of the archive's.
    pub(super) archive: String,
    /// What the board on the share was made from.
    pub(super) board: Option<Shown>,
}

/// The board's files as they were written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Shown {
    /// Stands for all they were made from.
    pub(super) print: u64,
    /// Size and time of the page and of the calendar file.
    pub(super) files: [(u64, i64); 2],
}

/// What is known of one file in the watched folder.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Entry {
    /// Its stamp before it was read.
    pub(super) stamp: Stamp,
    /// The stamp is too fresh to tell by it that nothing changed.
    pub(super) fresh: bool,
    /// Its bytes: the first half of their SHA-256; 0 where they were not read.
    pub(super) digest: u128,
    /// Print of what staff put into the case's folder.
    pub(super) theirs: u64,
    /// Print of what we wrote for the case.
    pub(super) ours: u64,
    /// The folders themselves, taken before a look that found both prints right; not kept on the disk.
    pub(super) tops: Option<print::Tops>,
    /// Print of what the journals know of the case.
    pub(super) journals: u64,
    /// Print of what tells the case from others; 0 where it does not say enough.
    pub(super) marks: u64,
    /// Something waits for the end of the quiet time.
    pub(super) quiet: bool,
    /// Something failed that may pass.
    pub(super) again: bool,
    /// The result depends on which other files there are.
    pub(super) odd: bool,
    /// Kept out of issue as another case's file: which it is, each pass decides anew.
    pub(super) held: bool,
    /// Letters were issued.
    pub(super) numbered: bool,
    /// Made with other settings, or on another day.
    pub(super) stale: bool,
    /// Days from 1 January of year 1 to the day on which the result changes by itself; 0 where it does not.
    pub(super) changes_on: i32,
    /// What the board tells of it.
    pub(super) told: Box<[u8]>,
}

/// All files seen, by name.
#[derive(Debug)]
pub struct Memory {
    pub(super) header: Header,
    entries: BTreeMap<String, Entry>,
    /// Names whose entry the file on the disk does not have yet.
    unwritten: BTreeSet<String>,
    /// The header on the disk.
    written: Header,
    /// Length of the file on the disk, where it can be appended to.
    length: Option<u64>,
    /// Nothing was known when this run began.
    pub(super) blank: bool,
    /// The names in the folder, as the last look over all of them found them.
    pub(super) names: Names,
    /// How many cases a look at the times of folders goes through at once, and with which it goes on.
    pub(super) at_once: usize,
    next: usize,
}

/// What a file is called in notes and on the board: its code, or its whole name where that is none of ours.
pub(super) fn stem(name: &str) -> &str {
    name.strip_suffix(".yaml").unwrap_or(name)
}

/// First half of the SHA-256 of `bytes`.
pub(super) fn digest(bytes: &[u8]) -> u128 {
    u128::from_str_radix(&fs::sha256(bytes)[..32], 16).unwrap_or_default()
}

/// A number that stands for three marks; 0 for fewer.
pub(super) fn print_of_marks(marks: &BTreeSet<String>) -> u64 {
    if marks.len() < 3 {
        return 0;
    }
    let mut hasher = DefaultHasher::new();
    marks.iter().for_each(|mark| hasher.write(mark.as_bytes()));
    hasher.finish() | 1
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            header: Header::default(),
            entries: BTreeMap::new(),
            unwritten: BTreeSet::new(),
            written: Header::default(),
            length: None,
            blank: false,
            names: Names::default(),
            at_once: AT_ONCE,
            next: 0,
        }
    }
}

impl Memory {
    /// A memory that knows nothing and is not kept.
    #[must_use]
    pub fn none() -> Self {
        Self { blank: true, ..Self::default() }
    }

    /// The memory kept by the workspace, or an empty one.
    #[must_use]
    pub fn load(workspace: &Workspace) -> Self {
        let mut memory = Self::default();
        let (header, entries) = (&mut memory.header, &mut memory.entries);
        let end = file::read(&workspace.memory(), |record| match record {
            file::Record::Header(new) => {
                if (&new.made_with, new.day) != (&header.made_with, header.day) {
                    entries.values_mut().for_each(|entry: &mut Entry| entry.stale = true);
                }
                *header = new;
            }
            file::Record::Entry(name, entry) => {
                entries.insert(name, entry);
            }
            file::Record::Gone(name) => {
                entries.remove(&name);
            }
        });
        memory.length = if let file::End::Whole(length) = end { Some(length) } else { None };
        memory.written = memory.header.clone();
        memory.blank = memory.entries.is_empty();
        memory
    }

    /// Says what this pass is made with: entries made with anything else, or on another day, are to be made again.
    pub(super) fn begin(&mut self, workspace: &Workspace) {
        let (made_with, day) = (workspace.digest(), Some(workspace.clock.today()));
        if self.header.made_with != made_with || self.header.day != day {
            self.entries.values_mut().for_each(|entry| entry.stale = true);
            made_with.clone_into(&mut self.header.made_with);
            self.header.day = day;
        }
    }

    /// Whether anything is still to be made again because settings or day changed.
    pub(super) fn is_stale(&self) -> bool {
        self.entries.values().any(|entry| entry.stale)
    }

    /// Whether entries were compared with journals that ended otherwise.
    pub(super) fn differs(&self, [register, archive]: &[String; 2]) -> bool {
        (&self.header.register, &self.header.archive) != (register, archive)
    }

    /// Every entry was compared with journals that end like this; those left alone are compared once more.
    pub(super) fn compared(&mut self, heads: [String; 2], left: &BTreeSet<String>) {
        if self.differs(&heads) {
            self.entries.iter_mut().filter(|(name, _)| left.contains(*name)).for_each(|(_, entry)| entry.stale = true);
        }
        [self.header.register, self.header.archive] = heads;
    }

    pub(super) fn get(&self, name: &str) -> Option<&Entry> {
        self.entries.get(name)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.entries.iter().map(|(name, entry)| (name.as_str(), entry))
    }

    /// How many cases stand on the board.
    #[must_use]
    pub fn open(&self) -> usize {
        self.entries.values().filter(|entry| !entry.told.is_empty() && !Told::is_twin(&entry.told)).count()
    }

    pub(super) fn put(&mut self, name: &str, entry: Entry) {
        let Some(known) = self.entries.get_mut(name) else {
            self.entries.insert(name.to_owned(), entry);
            self.unwritten.insert(name.to_owned());
            return;
        };
        known.tops = None;
        if *known != entry {
            *known = entry;
            self.unwritten.insert(name.to_owned());
        }
    }

    pub(super) fn remove(&mut self, name: &str) -> bool {
        let known = self.entries.remove(name).is_some();
        if known {
            self.unwritten.insert(name.to_owned());
        }
        known
    }

    /// Keeps what has changed since it was last kept.
    ///
    /// # Errors
    /// When the system refuses.
    pub(super) fn save(&mut self, path: &Path) -> fs::Result<()> {
        if self.unwritten.is_empty() && self.header == self.written && self.length.is_some() {
            return Ok(());
        }
        let live: u64 = self.entries.iter().map(|(name, entry)| (name.len() + entry.told.len() + 128) as u64).sum();
        let mut writer = file::Writer::default();
        match self.length.filter(|length| *length < 2 * live + SLACK && path.exists()) {
            Some(length) => {
                if self.header != self.written {
                    writer.header(&self.header);
                }
                for name in &self.unwritten {
                    match self.entries.get(name) {
                        Some(entry) => writer.entry(name, entry),
                        None => writer.gone(name),
                    }
                }
                self.length = None;
                file::append(path, &writer.bytes)?;
                self.length = Some(length + writer.bytes.len() as u64);
            }
            None => {
                writer.begin();
                writer.header(&self.header);
                self.entries.iter().for_each(|(name, entry)| writer.entry(name, entry));
                self.length = None;
                fs::write(path, &writer.bytes)?;
                self.length = Some(writer.bytes.len() as u64);
            }
        }
        self.unwritten.clear();
        self.written = self.header.clone();
        Ok(())
    }

    /// The next day on which the result of a case changes by itself.
    pub(super) fn changes_on(&self) -> Option<NaiveDate> {
        let days = self.entries.values().map(|entry| entry.changes_on).filter(|days| *days != 0).min()?;
        NaiveDate::from_num_days_from_ce_opt(days)
    }

    /// Seconds until the first quiet time is over; 0 for one that is.
    pub(super) fn quiet_over_in(&self, quiet: u64) -> Option<u64> {
        let quiet = i64::try_from(quiet).unwrap_or(i64::MAX);
        let left = |entry: &Entry| quiet.saturating_sub(crate::workspace::age(entry.stamp.time()));
        let left = self.entries.values().filter(|entry| entry.quiet).map(left).min()?;
        Some(u64::try_from(left).unwrap_or(0))
    }
}

/// A day as entries keep it.
pub(super) fn days(date: Option<NaiveDate>) -> i32 {
    date.map_or(0, |date| date.num_days_from_ce())
}
