//! Names in the watched folder, as it was last listed.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::time::SystemTime;

use crate::case::CaseCode;
use crate::case::value::Value;
use crate::fs::{self, Stamp};
use crate::pipeline::scan;
use crate::workspace::Workspace;

/// What the folder's names tell. With ten thousand cases there are some forty thousand of them, so they are gone through once.
#[derive(Debug, Default)]
pub(in crate::pipeline) struct Names {
    /// The folder's stamp before it was listed; nothing where a name that came since might not show in it.
    stamp: Option<Stamp>,
    /// Names of case files, sorted.
    files: Vec<OsString>,
    /// Codes that stand alone as a name, as those of cases' folders do.
    folders: Vec<CaseCode>,
    /// Codes with which names begin, by year and number.
    codes: BTreeSet<(i32, u32)>,
    /// Some name is one that only we give.
    ours: bool,
    /// Files that by their names are meant as those of cases, and are not read: below the folder, with forward slashes.
    strays: Vec<(String, CaseCode)>,
}

impl Names {
    /// Lists the folder.
    ///
    /// # Errors
    /// When the system refuses.
    pub(in crate::pipeline) fn read(workspace: &Workspace, now: SystemTime) -> fs::Result<Self> {
        let stamp = stamp(workspace).filter(|stamp| !stamp.is_fresh(now));
        let own = [
            workspace.board_page(),
            workspace.board_calendar(),
            workspace.blanks(),
            workspace.closing(),
            workspace.set_aside(),
        ];
        let own: BTreeSet<OsString> = own.iter().filter_map(|path| Some(path.file_name()?.to_owned())).collect();
        let mut names = Self { stamp, ..Self::default() };
        for (name, is_dir) in scan::list_kinds(workspace.cases())? {
            let text = name.to_string_lossy();
            names.ours |= text.starts_with("KN-") || own.contains(&name);
            let is_case_file = scan::is_case_file(&text);
            match begins_with(&text) {
                Some(code) => {
                    names.codes.insert(code.parts());
                    if text == code.as_str() && is_dir {
                        names.folders.push(code);
                    } else if !is_dir && !is_case_file && !scan::is_junk(&text) && !is_note(&text) {
                        names.strays.push((text.into_owned(), code));
                    }
                }
                None if is_dir && !scan::is_leftover(&text) && !text.starts_with(['_', '.']) => {
                    names.strays.extend(misplaced(workspace, &text));
                }
                None => {}
            }
            if is_case_file {
                names.files.push(name);
            }
        }
        Ok(names)
    }

    /// Files meant as case files that are not read, by their names below the folder.
    pub(in crate::pipeline) fn strays(&self) -> &[(String, CaseCode)] {
        &self.strays
    }

    /// Whether the folder's own stamp says that no name came, went or changed since.
    pub(in crate::pipeline) fn hold(&self, workspace: &Workspace) -> bool {
        self.stamp.is_some() && self.stamp == stamp(workspace)
    }

    pub(in crate::pipeline) fn files(&self) -> &[OsString] {
        &self.files
    }

    pub(in crate::pipeline) fn has_file(&self, name: &str) -> bool {
        self.files.binary_search_by(|file| file.as_os_str().cmp(std::ffi::OsStr::new(name))).is_ok()
    }

    pub(in crate::pipeline) fn folders(&self) -> &[CaseCode] {
        &self.folders
    }

    pub(in crate::pipeline) fn has(&self, code: &CaseCode) -> bool {
        self.codes.contains(&code.parts())
    }

    /// The highest number of a year; 0 where there is none.
    pub(in crate::pipeline) fn last(&self, year: i32) -> u32 {
        self.codes.range((year, 0)..=(year, u32::MAX)).next_back().map_or(0, |(_, number)| *number)
    }

    /// Whether the names show that this is the watched folder: case files, the board, the blanks, folders and notes of cases.
    pub(in crate::pipeline) fn show_the_folder(&self) -> bool {
        self.ours || !self.files.is_empty()
    }
}

fn begins_with(name: &str) -> Option<CaseCode> {
    CaseCode::parse(name.split('.').next().unwrap_or_default()).ok()
}

/// Whether a name with a code is that of a note of ours, or of a version laid beside its file.
fn is_note(name: &str) -> bool {
    name.ends_with(".loi.txt") || name.ends_with(".buoc-tiep.txt") || name.contains(".ban-")
}

/// Case files in a folder of staff's own.
fn misplaced(workspace: &Workspace, folder: &str) -> Vec<(String, CaseCode)> {
    let names = scan::list_names(&workspace.cases().join(folder)).unwrap_or_default();
    let case = |name: OsString| {
        let name = name.to_string_lossy();
        Some((format!("{folder}/{name}"), begins_with(&name).filter(|_| scan::is_case_file(&name))?))
    };
    names.into_iter().filter_map(case).collect()
}

fn stamp(workspace: &Workspace) -> Option<Stamp> {
    std::fs::metadata(workspace.cases()).ok().map(|meta| Stamp::of(&meta))
}
