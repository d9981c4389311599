//! A number that stands for what lies in a case's folder: names, sizes, times, ids. Nothing is read.
//!
//! [`theirs`] and [`ours`] list every folder; [`Tops`] only looks at the folders themselves, whose times move when a name in them
//! comes, goes or is replaced. What is changed in place it does not see.

use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::fs::Stamp;
use crate::pipeline::scan;
use crate::workspace::{CaseFolder, Workspace};

/// What staff put into a case's folder: evidence, signed copies, anything beside our own two folders. To be taken before the
/// case is read, so that what is laid down meanwhile is not taken as seen.
pub(in crate::pipeline) fn theirs(folder: &CaseFolder) -> u64 {
    let mut hasher = DefaultHasher::new();
    let own = [folder.drafts(), folder.letters()];
    if folder.root.is_symlink() {
        hasher.write_u8(1);
    } else {
        walk(&folder.root, &own, &mut hasher);
    }
    for place in &own {
        hasher.write_u8(u8::from(place.is_symlink()));
    }
    hasher.finish()
}

/// What we wrote for a case: drafts, letters, the notes beside its file; and whether it has a folder at all.
pub(in crate::pipeline) fn ours(workspace: &Workspace, folder: &CaseFolder, stem: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    let there = folder.root.is_dir();
    hasher.write_u8(u8::from(there));
    if there && !folder.root.is_symlink() {
        for place in [folder.drafts(), folder.letters()] {
            if !place.is_symlink() {
                walk(&place, &[], &mut hasher);
            }
        }
    }
    for note in [workspace.note(stem), workspace.next_steps(stem)] {
        match std::fs::symlink_metadata(&note) {
            Ok(meta) => enter(&mut hasher, b"", Some(&meta)),
            Err(_) => hasher.write_u8(0),
        }
    }
    hasher.finish()
}

/// The folders of a case and the notes beside its file, as a look found them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::pipeline) struct Tops {
    /// Which of them are there, a bit each.
    there: u8,
    /// Their stamps.
    print: u64,
}

impl Tops {
    /// Takes them; nothing where they cannot stand for what lies in the folder: there are folders of other names, or one changed
    /// so short a while ago that a further change might not show.
    pub(in crate::pipeline) fn take(
        workspace: &Workspace,
        folder: &CaseFolder,
        stem: &str,
        now: SystemTime,
    ) -> Option<Self> {
        let (mut there, mut hasher, mut known) = (0, DefaultHasher::new(), 0);
        for (bit, place) in places(workspace, folder, stem).iter().enumerate() {
            let Ok(meta) = std::fs::symlink_metadata(place) else { continue };
            if meta.is_dir() {
                known += usize::from(bit > 0);
                if Stamp::of(&meta).is_fresh(now) {
                    return None;
                }
            }
            there |= 1 << bit;
            enter(&mut hasher, b"", Some(&meta));
        }
        let taken = Self { there, print: hasher.finish() };
        (there & 1 == 0 || folders(&folder.root) == known).then_some(taken)
    }

    /// Whether they are as they were. A folder that came makes the time of the one it lies in move.
    pub(in crate::pipeline) fn hold(self, workspace: &Workspace, folder: &CaseFolder, stem: &str) -> bool {
        let mut hasher = DefaultHasher::new();
        for (bit, place) in places(workspace, folder, stem).iter().enumerate() {
            // The case's own folder may come; whether it did is told by nothing else.
            if bit > 0 && self.there & (1 << bit) == 0 {
                continue;
            }
            match (std::fs::symlink_metadata(place), self.there & (1 << bit) != 0) {
                (Ok(meta), true) => enter(&mut hasher, b"", Some(&meta)),
                (Err(error), false) if error.kind() == std::io::ErrorKind::NotFound => {}
                _ => return false,
            }
        }
        hasher.finish() == self.print
    }
}

fn places(workspace: &Workspace, folder: &CaseFolder, stem: &str) -> [PathBuf; 8] {
    [
        folder.root.clone(),
        folder.evidence(),
        folder.signed(),
        folder.drafts(),
        folder.letters(),
        folder.withdrawn(),
        workspace.note(stem),
        workspace.next_steps(stem),
    ]
}

/// How many folders lie below `dir`; more than any case has where that cannot be told.
fn folders(dir: &Path) -> usize {
    let below = walkdir::WalkDir::new(dir).min_depth(1).into_iter();
    below.map(|entry| entry.map_or(usize::from(u8::MAX), |entry| usize::from(entry.file_type().is_dir()))).sum()
}

/// Every file below `dir` in the order of names, folders in `but` left out; links as such, never followed.
fn walk(dir: &Path, but: &[std::path::PathBuf], hasher: &mut DefaultHasher) {
    let Ok(names) = scan::list_names(dir) else {
        // A folder that is not there is like one with nothing in it; one that cannot be listed is not.
        if dir.is_dir() {
            hasher.write_u8(1);
        }
        return;
    };
    for name in names {
        let path = dir.join(&name);
        if scan::is_leftover(&name.to_string_lossy()) || but.contains(&path) {
            continue;
        }
        let meta = std::fs::symlink_metadata(&path).ok();
        if meta.as_ref().is_some_and(std::fs::Metadata::is_dir) {
            hasher.write_u8(2);
            hasher.write(name.as_encoded_bytes());
            walk(&path, &[], hasher);
            hasher.write_u8(3);
        } else {
            enter(hasher, name.as_encoded_bytes(), meta.as_ref());
        }
    }
}

fn enter(hasher: &mut DefaultHasher, name: &[u8], meta: Option<&std::fs::Metadata>) {
    hasher.write_u8(4);
    hasher.write_usize(name.len());
    hasher.write(name);
    let stamp = meta.map(Stamp::of).unwrap_or_default();
    hasher.write_u64(stamp.size);
    hasher.write_i64(stamp.modified);
    hasher.write_i64(stamp.changed);
    hasher.write_u64(stamp.id);
    hasher.write_u8(meta.map_or(0, |meta| if meta.is_symlink() { 1 } else { 2 }));
}
