//! One look at the watched folder: what is not as the memory has it.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rayon::prelude::*;

use super::{Entry, Memory, Names, digest, print};
use crate::diagnostic::{Diagnostic, code};
use crate::fs::Stamp;
use crate::pipeline::{Failure, in_pool};
use crate::workspace::{self, CaseFolder, Workspace};

/// A case file changed so many seconds ago is one that somebody works on.
const OF_LATE: i64 = 24 * 3600;

/// How far a look goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Everything.
    Whole {
        /// How far into the folders of cases.
        depth: Depth,
    },
    /// These files, and whatever was to be looked at again by now.
    Some(BTreeSet<OsString>),
}

/// How far a look goes into the folders of cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// Only at the case files.
    Files,
    /// At the times of the folders, the watched one among them, and into those whose times moved; with many cases in turn.
    Folders,
    /// At every file in them.
    Contents,
}

/// A file that is not as the memory has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::pipeline) struct Seen {
    pub(in crate::pipeline) name: String,
    pub(in crate::pipeline) path: PathBuf,
    /// Its stamp; nothing where the system gives none.
    pub(in crate::pipeline) stamp: Option<Stamp>,
    /// The file itself is as it was: nobody is writing it.
    pub(in crate::pipeline) still: bool,
    /// It was never still for so long that it is read as it is.
    pub(in crate::pipeline) restless: bool,
}

/// What a look found.
#[derive(Debug, Default)]
pub struct Sight {
    pub(in crate::pipeline) moved: Vec<Seen>,
    pub(in crate::pipeline) gone: Vec<String>,
    /// Files that are being written or moved: known to be there, left alone.
    pub(in crate::pipeline) unsettled: BTreeSet<String>,
    /// Everything was looked at.
    pub(in crate::pipeline) whole: bool,
    /// Files came or went.
    pub(in crate::pipeline) names_moved: bool,
}

impl Sight {
    /// Whether there is nothing to work on.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.moved.is_empty() && self.gone.is_empty()
    }

    /// Whether no file is left out because it is being written.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.unsettled.is_empty()
    }
}

/// What a look compares with, beside the memory.
pub(in crate::pipeline) struct Against<'a> {
    pub(in crate::pipeline) workspace: &'a Workspace,
    /// Print of what the journals know of a case; nothing when they have not moved.
    pub(in crate::pipeline) journals: Option<&'a (dyn Fn(&str) -> u64 + Sync)>,
    /// Whether something that failed is due to be tried again.
    pub(in crate::pipeline) due: &'a (dyn Fn(&str) -> bool + Sync),
}

/// What became of one name.
enum Verdict {
    Same,
    /// Its bytes are as they were, and its stamp may be trusted from now on.
    Proved,
    /// The same, and from now on the folders themselves tell of it.
    Told(print::Tops),
    Moved(Seen),
    Absent,
}

impl Memory {
    /// Looks.
    ///
    /// # Errors
    /// When the folder cannot be listed, or is empty where there were cases: nothing is concluded from it then.
    pub(in crate::pipeline) fn look(&mut self, against: &Against, scope: &Scope) -> Result<Sight, Failure> {
        let workspace = against.workspace;
        let now = workspace::machine_time();
        let (names, depth) = match scope {
            Scope::Whole { depth } => {
                if *depth != Depth::Folders || !self.names.hold(workspace) {
                    self.list(workspace, now)?;
                }
                (self.turn(against, *depth), *depth)
            }
            Scope::Some(names) => (self.due(names, against), Depth::Files),
        };
        let this = &*self;
        let judge = |name: OsString| {
            let path = workspace.cases().join(&name);
            let name = name.to_string_lossy().into_owned();
            let verdict = this.judge(against, &name, path, depth, now);
            (name, verdict)
        };
        let judged: Vec<(String, Verdict)> = in_pool(workspace, || names.into_par_iter().map(judge).collect());

        let mut sight = Sight { whole: matches!(scope, Scope::Whole { .. }), ..Sight::default() };
        let mut absent = BTreeSet::new();
        for (name, verdict) in judged {
            match verdict {
                Verdict::Absent => drop(absent.insert(name)),
                Verdict::Same => {}
                Verdict::Told(tops) => {
                    if let Some(entry) = self.entries.get_mut(&name) {
                        entry.tops = Some(tops);
                    }
                }
                Verdict::Proved => {
                    if let Some(entry) = self.entries.get_mut(&name) {
                        entry.fresh = false;
                        self.unwritten.insert(name);
                    }
                }
                Verdict::Moved(seen) => {
                    sight.names_moved |= !self.entries.contains_key(&name);
                    sight.moved.push(seen);
                }
            }
        }
        let there = |name: &str| !absent.contains(name) && (!sight.whole || self.names.has_file(name));
        sight.gone = if sight.whole {
            self.entries.keys().filter(|name| !there(name)).cloned().collect()
        } else {
            absent.iter().filter(|name| self.entries.contains_key(*name)).cloned().collect()
        };
        if !sight.whole && !sight.gone.is_empty() {
            // A share that went away takes its files along: that is no removal.
            self.list(workspace, now)?;
        }
        sight.names_moved |= !sight.gone.is_empty();
        if sight.names_moved {
            let known: BTreeSet<String> =
                sight.moved.iter().map(|seen| seen.name.clone()).chain(sight.gone.iter().cloned()).collect();
            let odd = self.entries.iter().filter(|(name, entry)| entry.odd && !known.contains(*name));
            sight.moved.extend(odd.map(|(name, entry)| Seen {
                name: name.clone(),
                path: workspace.cases().join(name),
                stamp: Some(entry.stamp),
                still: true,
                restless: false,
            }));
        }
        sight.moved.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(sight)
    }

    /// The case files to look at when all are meant. Where only folders' times are asked for, of many cases only some at a time,
    /// one after the other: those that are new, due, or were changed of late at every look.
    fn turn(&mut self, against: &Against, depth: Depth) -> Vec<OsString> {
        let files = self.names.files();
        if depth != Depth::Folders || files.len() <= self.at_once {
            return files.to_vec();
        }
        let begin = self.next.min(files.len());
        let end = (begin + self.at_once).min(files.len());
        self.next = if end == files.len() { 0 } else { end };
        let mut names: BTreeSet<OsString> = files[begin..end].iter().cloned().collect();
        let known = |name: &OsString| self.entries.get(name.to_string_lossy().as_ref());
        let of_late = |entry: &Entry| workspace::age(entry.stamp.time()) < OF_LATE;
        names.extend(files.iter().filter(|name| known(name).is_none_or(of_late)).cloned());
        self.due(&names, against)
    }

    /// Lists the folder, and makes sure that it is the folder.
    fn list(&mut self, workspace: &Workspace, now: SystemTime) -> Result<(), Failure> {
        self.names = Names::default();
        let names = Names::read(workspace, now).map_err(|error| {
            Failure::Findings(vec![no_folder(workspace, &format!(": {}", crate::fs::reason(&error.source)))])
        })?;
        if !names.show_the_folder() && self.knew_cases(workspace) {
            return Err(Failure::Findings(vec![emptied(workspace)]));
        }
        self.names = names;
        Ok(())
    }

    /// The names as they are now, after a look at some of them; as they were where they cannot be had.
    pub(in crate::pipeline) fn list_again(&mut self, workspace: &Workspace) {
        if let Ok(names) = Names::read(workspace, workspace::machine_time()) {
            self.names = names;
        }
    }

    fn knew_cases(&self, workspace: &Workspace) -> bool {
        let states = || std::fs::read_dir(workspace.render_states()).is_ok_and(|mut states| states.next().is_some());
        !self.entries.is_empty() || (self.blank && states())
    }

    /// The names asked for, and those that are due by now.
    fn due(&self, names: &BTreeSet<OsString>, against: &Against) -> Vec<OsString> {
        let quiet = i64::try_from(against.workspace.settings.quiet_seconds).unwrap_or(i64::MAX);
        let due = self.entries.iter().filter(|(name, entry)| {
            entry.stale
                || entry.held
                || (entry.quiet && workspace::age(entry.stamp.time()) >= quiet)
                || (entry.again && (against.due)(name))
                || against.journals.is_some_and(|print| print(super::stem(name)) != entry.journals)
        });
        let due = due.map(|(name, _)| OsString::from(name));
        due.chain(names.iter().cloned()).collect::<BTreeSet<_>>().into_iter().collect()
    }

    fn judge(&self, against: &Against, name: &str, path: PathBuf, depth: Depth, now: SystemTime) -> Verdict {
        let workspace = against.workspace;
        let moved = |stamp: Option<Stamp>, still: bool| {
            Verdict::Moved(Seen { name: name.to_owned(), path: path.clone(), stamp, still, restless: false })
        };
        let stamp = match std::fs::symlink_metadata(&path) {
            Ok(meta) => Stamp::of(&meta),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Verdict::Absent,
            Err(_) if self.entries.get(name).is_some_and(|entry| entry.again) && !(against.due)(name) => {
                return Verdict::Same;
            }
            Err(_) => return moved(None, true),
        };
        let Some(entry) = self.entries.get(name) else { return moved(Some(stamp), false) };
        if stamp != entry.stamp {
            return moved(Some(stamp), false);
        }
        let quiet = i64::try_from(workspace.settings.quiet_seconds).unwrap_or(i64::MAX);
        let again = entry.stale
            || entry.held
            || (entry.quiet && workspace::age(stamp.time()) >= quiet)
            || (entry.again && (against.due)(name))
            || against.journals.is_some_and(|print| print(super::stem(name)) != entry.journals);
        let folder = if again { None } else { folder_as_known(workspace, entry, name, &path, depth, now) };
        let Some(tops) = folder else { return moved(Some(stamp), true) };
        if entry.fresh && entry.digest != 0 {
            return match std::fs::read(&path) {
                Ok(bytes) if digest(&bytes) == entry.digest && stamp.is_fresh(now) => Verdict::Same,
                Ok(bytes) if digest(&bytes) == entry.digest => Verdict::Proved,
                _ => moved(Some(stamp), true),
            };
        }
        tops.map_or(Verdict::Same, Verdict::Told)
    }
}

/// Whether a case's folder is as the memory has it, as far as this look goes: nothing where it is not, else what may stand for it
/// at the next look, where that is new.
#[allow(clippy::option_option, reason = "not as known; known, nothing new to keep; known, to be kept")]
fn folder_as_known(
    workspace: &Workspace,
    entry: &Entry,
    name: &str,
    path: &Path,
    depth: Depth,
    now: SystemTime,
) -> Option<Option<print::Tops>> {
    let (folder, stem) = (CaseFolder { root: path.with_extension("") }, super::stem(name));
    match depth {
        Depth::Files => return Some(None),
        Depth::Folders if entry.tops.is_some_and(|tops| tops.hold(workspace, &folder, stem)) => return Some(None),
        Depth::Folders | Depth::Contents => {}
    }
    let tops = print::Tops::take(workspace, &folder, stem, now);
    let same = entry.theirs == print::theirs(&folder) && entry.ours == print::ours(workspace, &folder, stem);
    same.then_some(tops)
}

/// The finding about a watched folder that is not there.
pub(in crate::pipeline) fn no_folder(workspace: &Workspace, why: &str) -> Diagnostic {
    let message = format!("Không thấy thư mục hồ sơ {}{why}.", workspace.show(workspace.cases()));
    Diagnostic::error(code::NO_FOLDER, message)
        .hint("Kiểm tra ổ mạng đã nối chưa. Chưa có gì bị xóa; thư mục trở lại thì chương trình làm tiếp.")
}

fn emptied(workspace: &Workspace) -> Diagnostic {
    let message =
        format!("Thư mục hồ sơ {} trống trơn, trong khi trước đó có hồ sơ.", workspace.show(workspace.cases()));
    Diagnostic::error(code::FOLDER_EMPTIED, message).hint(
        "Kiểm tra ổ mạng đã nối chưa. Chưa có gì bị xóa hay đóng; các tệp trở lại thì chương trình làm tiếp. Nếu đúng là đã chuyển hết hồ sơ đi, để lại trong thư mục một tệp tên bang-theo-doi.html.",
    )
}
