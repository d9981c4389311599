//! What lies in the archive's folder, compared with what the index knows.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::SystemTime;

use super::store::{Seen, Store};
use super::{Result, is_dossier};
use crate::fs::{self, Stamp};

/// What differs.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Difference {
    /// Zips that are new or another file than before.
    pub(super) new: Vec<Seen>,
    /// Zips that are gone.
    pub(super) gone: Vec<String>,
    /// Folders listed now.
    pub(super) listed: Vec<Seen>,
    /// Folders that are gone.
    pub(super) folders_gone: Vec<String>,
}

struct Walk<'a> {
    store: &'a Store,
    root: &'a Path,
    now: SystemTime,
    known: BTreeMap<String, Seen>,
    met: BTreeSet<String>,
    found: Difference,
}

/// Compares. A folder whose stamp stayed is not listed again, unless `all`: a file written over in its place is found then.
pub(super) fn compare(store: &Store, root: &Path, now: SystemTime, all: bool) -> Result<Difference> {
    let known = if all { Vec::new() } else { store.folders()? };
    let known: BTreeMap<String, Seen> = known.into_iter().map(|folder| (folder.path.clone(), folder)).collect();
    let every = store.folders()?;
    let mut walk = Walk { store, root, now, known, met: BTreeSet::new(), found: Difference::default() };
    walk.visit("", "")?;
    let Walk { met, mut found, .. } = walk;
    for folder in every.into_iter().filter(|folder| !met.contains(&folder.path)) {
        found.gone.extend(store.seen_in(&folder.path)?.into_iter().map(|seen| seen.path));
        found.folders_gone.push(folder.path);
    }
    // Not in the order the file system happens to list: of dossiers closed on one day, the last taken up comes first.
    found.new.sort_by(|a, b| b.path.cmp(&a.path));
    Ok(found)
}

impl Walk<'_> {
    fn visit(&mut self, path: &str, above: &str) -> Result<()> {
        let place = join(self.root, path);
        let stamp = match std::fs::metadata(&place) {
            // An archive that nothing was ever put into.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && path.is_empty() => return Ok(()),
            other => Stamp::of(&fs::context(other, "đọc thư mục", &place)?),
        };
        self.met.insert(path.to_owned());
        let stamp = text(stamp, self.now);
        if !stamp.is_empty() && self.known.get(path).is_some_and(|known| known.stamp == stamp) {
            for seen in self.store.doubtful_in(path)? {
                // Written over in its place, which its folder does not show.
                if let Ok(meta) = std::fs::metadata(join(self.root, &seen.path)) {
                    self.take(Seen { stamp: text(Stamp::of(&meta), self.now), ..seen.clone() }, Some(&seen));
                }
            }
            let below = self.known.values().filter(|folder| folder.folder == path && folder.path != path);
            for folder in below.map(|folder| folder.path.clone()).collect::<Vec<_>>() {
                self.visit(&folder, path)?;
            }
            return Ok(());
        }
        let mut before: BTreeMap<String, Seen> =
            self.store.seen_in(path)?.into_iter().map(|seen| (seen.path.clone(), seen)).collect();
        let listing = fs::context(std::fs::read_dir(&place), "đọc thư mục", &place)?;
        for entry in listing {
            let entry = fs::context(entry, "đọc thư mục", &place)?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            let kind = fs::context(entry.file_type(), "đọc", &entry.path())?;
            let below = if path.is_empty() { name.clone() } else { format!("{path}/{name}") };
            if kind.is_dir() {
                self.visit(&below, path)?;
            } else if kind.is_file() && is_dossier(&name) {
                // Gone between listing and looking: the next comparison sees the folder changed.
                let Ok(meta) = entry.metadata() else { continue };
                let seen = Seen { path: below, folder: path.to_owned(), stamp: text(Stamp::of(&meta), self.now) };
                let was = before.remove(&seen.path);
                self.take(seen, was.as_ref());
            }
        }
        self.found.gone.extend(before.into_keys());
        self.found.listed.push(Seen { path: path.to_owned(), folder: above.to_owned(), stamp });
        Ok(())
    }

    fn take(&mut self, seen: Seen, was: Option<&Seen>) {
        if seen.stamp.is_empty() || was != Some(&seen) {
            self.found.new.push(seen);
        }
    }
}

/// Of these zips, those that are another file now than when they were taken up, and those that are gone. One whose stamp tells nothing yet
/// was read in the comparison just before.
pub(super) fn changed<'a>(
    store: &Store,
    root: &Path,
    paths: impl Iterator<Item = &'a str>,
    now: SystemTime,
) -> Result<Difference> {
    let mut found = Difference::default();
    for path in paths {
        let Some(seen) = store.seen(path)?.filter(|seen| !seen.stamp.is_empty()) else { continue };
        match std::fs::metadata(join(root, path)) {
            Ok(meta) => {
                let stamp = text(Stamp::of(&meta), now);
                if stamp != seen.stamp {
                    found.new.push(Seen { stamp, ..seen });
                }
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => found.gone.push(seen.path),
            // A share that does not answer now proves nothing against it.
            Err(_) => {}
        }
    }
    Ok(found)
}

fn text(stamp: Stamp, now: SystemTime) -> String {
    if stamp.is_fresh(now) {
        return String::new();
    }
    format!("{} {} {} {}", stamp.size, stamp.modified, stamp.changed, stamp.id)
}

/// A place below the archive's folder.
pub(super) fn join(root: &Path, path: &str) -> std::path::PathBuf {
    path.split('/').filter(|part| !part.is_empty()).fold(root.to_owned(), |dir, part| dir.join(part))
}
