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
        for name in scan::list_names(workspace.cases())? {
            let text = name.to_string_lossy();
            names.ours |= text.starts_with("KN-") || own.contains(&name);
            let begin = text.split('.').next().unwrap_or_default();
            if let Ok(code) = CaseCode::parse(begin) {
                names.codes.insert(code.parts());
                if begin == text {
                    names.folders.push(code);
                }
            }
            if scan::is_case_file(&text) {
                names.files.push(name);
            }
        }
        Ok(names)
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

fn stamp(workspace: &Workspace) -> Option<Stamp> {
    std::fs::metadata(workspace.cases()).ok().map(|meta| Stamp::of(&meta))
}
