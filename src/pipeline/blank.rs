//! The next blank case file in `_moi/`: moved up into the watched folder its code is taken, and the next one appears.
//!
//! A blank that nobody wrote into is ours to replace. One that somebody did is theirs: its code counts as taken, it is never
//! written over, and a note beside it says where it belongs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::Datelike;

use super::memory::Names;
use super::read;
use super::report::Change;
use super::twin;
use super::{Failure, close};
use crate::case::value::Value;
use crate::case::{CaseCode, template};
use crate::diagnostic::{Diagnostic, code, note};
use crate::fs;
use crate::history;
use crate::register::Register;
use crate::workspace::{self, Workspace, editor};

/// A blank file in the folder of blanks.
struct Blank {
    path: PathBuf,
    code: CaseCode,
    bytes: Vec<u8>,
}

/// Digests of the files we wrote into the folder of blanks, by name.
type Written = BTreeMap<String, String>;

/// Lays the next blank, replaces one that is out of date, tells of those that were written into. What the disk refuses is a
/// warning: cases go on without blanks.
pub(super) fn update(
    workspace: &Workspace,
    names: &Names,
    register: &Register,
    changes: &mut Vec<Change>,
) -> Vec<Diagnostic> {
    lay(workspace, names, register, changes).unwrap_or_else(|failure| {
        let warning = |finding: Diagnostic| Diagnostic { severity: crate::diagnostic::Severity::Warning, ..finding };
        failure.findings(&workspace.show(&workspace.blanks())).into_iter().map(warning).collect()
    })
}

/// As [`update`], for a command that has taken a code. Gives the blank that was laid.
///
/// # Errors
/// When the register cannot be read.
pub fn renew(workspace: &Workspace) -> Result<Option<PathBuf>, Failure> {
    let (register, _) = super::open_register(workspace)?;
    let mut changes = Vec::new();
    let names = Names::read(workspace, workspace::machine_time()).unwrap_or_default();
    update(workspace, &names, &register, &mut changes);
    let blanks: Vec<Blank> = blanks(workspace);
    let laid = blanks
        .into_iter()
        .map(|blank| blank.path)
        .find(|path| changes.iter().any(|change| change.path == workspace.show(path)));
    Ok(laid)
}

fn lay(
    workspace: &Workspace,
    names: &Names,
    register: &Register,
    changes: &mut Vec<Change>,
) -> Result<Vec<Diagnostic>, Failure> {
    for path in editor::refresh(workspace.cases(), &workspace.blanks())? {
        changes.push(Change::new(workspace.show(&path), "lược đồ cho trình soạn thảo".to_owned()));
    }
    let mut written = load(workspace);
    let before = written.clone();
    let year = workspace.clock.today().year();
    let (blanks, edited): (Vec<Blank>, Vec<Blank>) =
        blanks(workspace).into_iter().partition(|blank| is_untouched(blank, &written));

    let last = last_seen(names, register, edited.iter().map(|blank| &blank.code), year);
    let current = |blank: &&Blank| blank.bytes == bytes(&blank.code);
    let is_ready = |blank: &&Blank| number(&blank.code, year).is_some_and(|number| number > last);
    let standing = blanks.iter().filter(current).filter(is_ready).map(|blank| blank.code.clone());
    // Archive and history need not be asked while a blank stands that came after all they hold.
    let next = match standing.min_by_key(CaseCode::parts) {
        Some(code) => code,
        None => CaseCode::new(year, last.max(last_kept(workspace, year)?) + 1),
    };

    for blank in blanks.iter().filter(|blank| blank.code != next) {
        fs::remove_file(&blank.path)?;
        written.remove(&name_of(&blank.path));
        changes.push(Change::new(workspace.show(&blank.path), "bỏ tệp trống cũ".to_owned()));
    }
    let path = workspace.blank(&next);
    let text = bytes(&next);
    // Known as ours before it lies there: a file of ours that is not known would count as somebody's.
    written.insert(name_of(&path), fs::sha256(&text));
    let mut findings = Vec::new();
    for blank in &edited {
        findings.push(tell(workspace, blank, names.has(&blank.code), &mut written, changes)?);
    }
    forget_notes(workspace, &edited, &mut written, changes)?;
    written.retain(|name, _| *name == name_of(&path) || workspace.blanks().join(name).exists());
    if written != before {
        save(workspace, &written)?;
    }
    if fs::write_if_changed(&path, &text)? {
        changes.push(Change::new(workspace.show(&path), "tệp hồ sơ trống, chờ dùng".to_owned()));
    }
    Ok(findings)
}

/// The next free case code of a year: one above the highest in the folder, the register, the archive and the history.
///
/// # Errors
/// When a journal cannot be read.
pub fn next_code(workspace: &Workspace, year: i32) -> Result<CaseCode, Failure> {
    let (register, _) = super::open_register(workspace)?;
    let names = Names::read(workspace, workspace::machine_time()).unwrap_or_default();
    let last = last_seen(&names, &register, edited_codes(workspace).iter(), year);
    Ok(CaseCode::new(year, last.max(last_kept(workspace, year)?) + 1))
}

/// The highest number of a year in the folder, the register and among blanks that somebody wrote into; 0 where there is none.
fn last_seen<'a>(names: &Names, register: &Register, edited: impl Iterator<Item = &'a CaseCode>, year: i32) -> u32 {
    let mark = format!("-{year}-");
    let registered = register.cases().filter(|(case, _)| case.contains(&mark));
    let registered = registered.filter_map(|(case, _)| number(&CaseCode::parse(case).ok()?, year));
    registered.chain(edited.filter_map(|code| number(code, year))).max().unwrap_or(0).max(names.last(year))
}

/// The same among closed and destroyed dossiers and the versions kept of case files.
fn last_kept(workspace: &Workspace, year: i32) -> Result<u32, Failure> {
    let closed = close::closed_codes(workspace)?;
    let closed = closed.iter().filter_map(|code| number(&CaseCode::parse(code).ok()?, year));
    let kept = history::codes(workspace);
    Ok(closed.chain(kept.iter().filter_map(|code| number(code, year))).max().unwrap_or(0))
}

/// The number of a code of that year.
fn number(code: &CaseCode, year: i32) -> Option<u32> {
    let (of, number) = code.parts();
    (of == year).then_some(number)
}

/// The bytes of an untouched blank of this version.
fn bytes(code: &CaseCode) -> Vec<u8> {
    template::bytes(&template::blank(code))
}

fn is_untouched(blank: &Blank, written: &Written) -> bool {
    let known = written.get(&name_of(&blank.path)).is_some_and(|digest| *digest == fs::sha256(&blank.bytes));
    known || blank.bytes == bytes(&blank.code)
}

/// Codes of blanks that somebody wrote into: nobody else may get them.
fn edited_codes(workspace: &Workspace) -> Vec<CaseCode> {
    let written = load(workspace);
    let edited = blanks(workspace).into_iter().filter(|blank| !is_untouched(blank, &written));
    edited.map(|blank| blank.code).collect()
}

fn blanks(workspace: &Workspace) -> Vec<Blank> {
    let entries = std::fs::read_dir(workspace.blanks()).into_iter().flatten().filter_map(Result::ok);
    let mut blanks: Vec<Blank> = entries
        .filter_map(|entry| {
            let path = entry.path();
            let code = code_of(&path, "yaml")?;
            // One that cannot be read now may have been written into: its code is kept free.
            let bytes = fs::read_if_there(&path).unwrap_or_else(|_| Some(Vec::new()))?;
            Some(Blank { path, code, bytes })
        })
        .collect();
    blanks.sort_by_key(|blank| blank.code.parts());
    blanks
}

fn code_of(path: &Path, ending: &str) -> Option<CaseCode> {
    let name = path.file_name()?.to_string_lossy().into_owned();
    CaseCode::parse(name.strip_suffix(&format!(".{ending}"))?).ok()
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Tells that a blank was written into where it lies.
fn tell(
    workspace: &Workspace,
    blank: &Blank,
    taken: bool,
    written: &mut Written,
    changes: &mut Vec<Change>,
) -> Result<Diagnostic, Failure> {
    let code = &blank.code;
    // Somebody's words, wherever they lie.
    if let Ok(raw) = read::raw(&blank.path) {
        history::keep(workspace, &format!("{code} (_moi)"), &raw.bytes, &raw.origin)?;
    }
    let hint = if taken {
        match twin::other_complainant(&blank.path, &workspace.case_file(code)) {
            Some(name) => format!(
                "Mã {code} đã dùng cho khiếu nại của người khác; tệp này ghi {name}. Chép nội dung sang tệp trống mới trong _moi (giữ nguyên ma_ho_so của tệp mới), chuyển tệp ấy lên ho-so, rồi xóa tệp này."
            ),
            None => format!("Trong thư mục ho-so đã có {code}.yaml: chép những gì còn cần sang đó, rồi xóa tệp này."),
        }
    } else {
        format!("Chuyển (cắt, dán) {code}.yaml từ thư mục _moi lên thư mục ho-so; nội dung đã ghi vẫn giữ nguyên.")
    };
    let message = "Tệp đã được ghi nhưng còn nằm trong thư mục _moi, nên chưa được coi là hồ sơ.";
    let finding = Diagnostic::warning(code::BLANK_NOT_MOVED, message).hint(hint).in_file(workspace.show(&blank.path));
    let path = workspace.blanks().join(format!("{code}.loi.txt"));
    let bytes = super::note::bytes(&note(&format!("{code}.yaml"), std::slice::from_ref(&finding)));
    if fs::write_if_changed(&path, &bytes)? {
        changes.push(Change::new(workspace.show(&path), "ghi chú".to_owned()));
    }
    written.insert(name_of(&path), fs::sha256(&bytes));
    Ok(finding)
}

/// Takes away notes of ours whose blank was moved up.
fn forget_notes(
    workspace: &Workspace,
    edited: &[Blank],
    written: &mut Written,
    changes: &mut Vec<Change>,
) -> Result<(), Failure> {
    let notes: Vec<String> = written.keys().filter(|name| name.ends_with(".loi.txt")).cloned().collect();
    for name in notes {
        let path = workspace.blanks().join(&name);
        if code_of(&path, "loi.txt").is_some_and(|code| edited.iter().any(|blank| blank.code == code)) {
            continue;
        }
        let digest = written.remove(&name);
        if std::fs::read(&path).is_ok_and(|bytes| Some(fs::sha256(&bytes)) == digest) {
            fs::remove_file(&path)?;
            changes.push(Change::new(workspace.show(&path), "bỏ ghi chú".to_owned()));
        }
    }
    Ok(())
}

fn load(workspace: &Workspace) -> Written {
    let bytes = std::fs::read(workspace.blanks_written()).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
}

fn save(workspace: &Workspace, written: &Written) -> fs::Result<()> {
    let bytes = serde_json::to_vec_pretty(written).unwrap_or_default();
    workspace.still_there()?;
    fs::write_if_changed(&workspace.blanks_written(), &bytes).map(|_| ())
}
