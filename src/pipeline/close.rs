//! Closing a case: intent → aside → dossier → publish → prove → journal → delete. A kill between any two of these loses
//! nothing; the next pass goes on where the last one stopped.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::archive::{Archive, Intent, State};
use crate::case::value::Value;
use crate::case::{Case, CaseCode, parse};
use crate::diagnostic::{Diagnostic, code};
use crate::dossier::{self, Dossier};
use crate::fs;
use crate::history::{self, Origin};
use crate::pipeline::read::{Read, Reading};
use crate::pipeline::scan;
use crate::pipeline::state::RenderState;
use crate::pipeline::{Change, Failure};
use crate::procedure::{self, Stage};
use crate::register::Register;
use crate::workspace::{CaseFolder, Workspace};

mod back;
mod bar;
mod contents;
mod documents;
mod failure;

pub(super) use back::folders_back;
pub use back::{destroyed, reopen, take_back};
pub use bar::{bar, foresee, mark_reopened};

/// Opens the archive. The caller holds the lock.
pub(crate) fn open_archive(workspace: &Workspace) -> Result<Archive, Failure> {
    Ok(Archive::open(workspace.archive(), &workspace.archive_journal(), Some(&workspace.mirror()))?.0)
}

/// Codes that have a dossier which is not opened again, or had one that is destroyed: no open case carries them.
///
/// # Errors
/// When the archive's journal cannot be read.
pub fn closed_codes(workspace: &Workspace) -> Result<BTreeSet<String>, Failure> {
    let _lock = workspace.lock()?;
    Ok(closed_in(&open_archive(workspace)?))
}

/// Whether no open case carries a code whose dossier is in this state.
#[must_use]
pub fn is_closed(state: State) -> bool {
    matches!(state, State::Closed(_) | State::Destroyed(_))
}

/// The same of an archive that is open.
fn closed_in(archive: &Archive) -> BTreeSet<String> {
    archive.states().filter(|(_, state)| is_closed(*state)).map(|(code, _)| code.to_owned()).collect()
}

/// Whether the archive has a dossier of this code.
///
/// # Errors
/// When the archive's journal cannot be read.
pub fn is_known(workspace: &Workspace, code: &str) -> Result<bool, Failure> {
    let _lock = workspace.lock()?;
    Ok(open_archive(workspace)?.state(code) != State::Never)
}

/// Every case, open or closed, by code: what the books are made from. Files that are no cases are left out.
///
/// # Errors
/// When the archive's journal cannot be read.
pub fn all_cases(workspace: &Workspace) -> Result<Vec<Case>, Failure> {
    let mut cases = BTreeMap::new();
    let closed = closed_codes(workspace)?;
    let archive = {
        let _lock = workspace.lock()?;
        open_archive(workspace)?
    };
    for code in closed {
        let case = archived_case(&archive, &code).and_then(|bytes| parse::parse(&bytes, &code).case);
        cases.extend(case.map(|case| (code, case)));
    }
    for read in crate::pipeline::read_all(workspace) {
        if let Read::Case(reading) = read {
            cases.entry(reading.code.to_string()).or_insert(reading.case);
        }
    }
    Ok(cases.into_values().collect())
}

/// Whether the case has ended and its file says that it closes.
#[must_use]
pub fn is_due(reading: &Reading) -> bool {
    reading.assessment.stage == Stage::Closing
}

/// What came of a closing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Closed {
    /// The dossier, as messages name it, and what kept the case from being cleared away behind it; the next pass clears the rest.
    Dossier(String, Vec<Diagnostic>),
    /// Not to be closed now after all.
    No,
}

/// Closes a case whose file has lain still for the quiet time.
///
/// # Errors
/// Findings when something keeps the case from being closed; it then lies where it lay.
pub fn close(workspace: &Workspace, reading: &Reading, changes: &mut Vec<Change>) -> Result<Closed, Failure> {
    let bars = bar::bars(workspace, reading);
    if !bars.is_empty() {
        return Err(Failure::Findings(bars.into_iter().map(|bar| bar.finding).collect()));
    }
    let _lock = workspace.lock()?;
    let code = reading.code.as_str();
    let path = workspace.case_file(&reading.code);
    // Somebody may have saved since the file was read: then the next pass decides.
    if fs::read_if_there(&path)?.as_ref() != Some(&reading.bytes) {
        return Ok(Closed::No);
    }
    let mut archive = open_archive(workspace)?;
    let Some(version) = archive.next_version(code) else { return Ok(Closed::No) };
    let digest = fs::sha256(&reading.bytes);
    archive.intend(Intent { code: code.to_owned(), version, case_sha256: digest }, workspace.clock.now())?;
    fs::step("close: intended");
    set_aside(workspace, &reading.code)?;
    finish(workspace, &mut archive, &reading.code, changes)
}

/// Moves file and folder of a case out of the way, where nobody edits them.
fn set_aside(workspace: &Workspace, code: &CaseCode) -> Result<(), Failure> {
    let closing = workspace.closing();
    fs::create_dir(&closing)?;
    let (file, folder) = (workspace.case_file(code), workspace.folder(code).root);
    let (aside_file, aside_folder) = aside(workspace, code);
    if !aside_file.exists() && file.exists() {
        fs::rename(&file, &aside_file)?;
        fs::step("close: file aside");
    }
    if !aside_folder.root.exists() && folder.exists() {
        fs::rename(&folder, &aside_folder.root)?;
        fs::step("close: folder aside");
    }
    Ok(())
}

fn aside(workspace: &Workspace, code: &CaseCode) -> (PathBuf, CaseFolder) {
    let closing = workspace.closing();
    (closing.join(format!("{code}.yaml")), CaseFolder { root: closing.join(code.as_str()) })
}

/// From a case that lies aside to its dossier in the archive.
fn finish(
    workspace: &Workspace,
    archive: &mut Archive,
    code: &CaseCode,
    changes: &mut Vec<Change>,
) -> Result<Closed, Failure> {
    let Some((time, intent)) = archive.intent(code.as_str()).map(|(time, intent)| (time, intent.clone())) else {
        return Ok(Closed::No);
    };
    let (file, folder) = aside(workspace, code);
    let bytes = fs::read(&file)?;
    let shown = workspace.show(&workspace.case_file(code));
    if fs::sha256(&bytes) != intent.case_sha256 {
        // Saved between reading and moving: put back, and let the next pass look at it as it is now.
        archive.abandon(code.as_str(), intent.version, workspace.clock.now())?;
        put_back(workspace, code, changes)?;
        return Err(Failure::Findings(vec![
            Diagnostic::warning(
                code::CHANGED_WHILE_CLOSING,
                "Tệp hồ sơ được lưu đúng lúc đang đóng hồ sơ; đã dừng lại, hồ sơ còn nguyên.",
            )
            .in_file(shown)
            .hint("Không cần làm gì: lượt sau chương trình xét lại tệp này."),
        ]));
    }
    let parsed = parse::parse(&bytes, &shown);
    let Some(case) = parsed.case else {
        archive.abandon(code.as_str(), intent.version, workspace.clock.now())?;
        put_back(workspace, code, changes)?;
        return Err(Failure::Findings(parsed.findings));
    };
    let register = Register::open(&workspace.register(), Some(&workspace.mirror()))?.0;
    let assessment = procedure::assess(&case, &workspace.calendar, &workspace.settings, time.date_naive());
    let subject = contents::Subject {
        case: &case,
        assessment: &assessment,
        bytes: &bytes,
        folder: &folder,
        register: &register,
        snapshots: &workspace.snapshots(),
    };
    let versions = history::bag::gather(workspace, code.as_str(), &intent.case_sha256);
    let made = versions.map_err(Failure::from).and_then(|versions| {
        let lost = versions.lost.clone();
        Ok((contents::gather(workspace, &subject, versions, intent.version, time)?, lost))
    });
    let ((contents, meta), lost) = match made {
        Ok(made) => made,
        Err(failure) => return Err(stop(workspace, archive, code, intent.version, failure, changes)),
    };
    let staged = archive.staging(&meta)?;
    if let Some(parent) = staged.parent() {
        fs::create_dir(parent)?;
    }
    // A share that went away shows an empty folder: a dossier gathered from it would lack the papers.
    let written = dossier::write(&staged, &contents).and_then(|_| Ok(workspace.still_there()?));
    if let Err(error) = written {
        fs::remove_file(&staged)?;
        return Err(stop(workspace, archive, code, intent.version, error.into(), changes));
    }
    fs::step("close: dossier staged");
    let publication = archive.publish(&staged, meta, time)?;
    fs::step("close: published");
    let place = archive.file(&publication);
    changes
        .push(Change::new(workspace.show(&place), format!("lưu hồ sơ {code}, phiên bản {}", publication.meta.version)));
    let lost = lost.into_iter().map(|number| format!("bản {number} của tệp hồ sơ đã hỏng, không có trong hồ sơ lưu"));
    changes.extend(lost.map(|what| Change::new(workspace.show(&workspace.history(code.as_str())), what)));
    let cleared = clear(workspace, archive, code, changes);
    let left = cleared.err().map(|failure| failure.findings(&shown)).unwrap_or_default();
    Ok(Closed::Dossier(workspace.show(&place), left))
}

/// Puts a case back that cannot be closed now, and says why. What the disk refused may go well in the next pass, under the same
/// intent; anything else must be mended first.
fn stop(
    workspace: &Workspace,
    archive: &mut Archive,
    code: &CaseCode,
    version: u32,
    why: Failure,
    changes: &mut Vec<Change>,
) -> Failure {
    let given_up = match why {
        Failure::Fs(_) => Ok(()),
        _ => archive.abandon(code.as_str(), version, workspace.clock.now()).map_err(Failure::from),
    };
    given_up.and_then(|()| put_back(workspace, code, changes)).err().unwrap_or(why)
}

fn put_back(workspace: &Workspace, code: &CaseCode, changes: &mut Vec<Change>) -> Result<(), Failure> {
    let (file, folder) = aside(workspace, code);
    let (home_file, home_folder) = (workspace.case_file(code), workspace.folder(code).root);
    if folder.root.exists() && !home_folder.exists() {
        fs::rename(&folder.root, &home_folder)?;
    }
    // Somebody made the folder or saved the file anew meanwhile: theirs stays, ours joins it or is kept beside.
    for attachment in scan::everything(&folder.root)? {
        let relative = attachment.path.strip_prefix(&folder.root).unwrap_or(&attachment.path);
        let home = home_folder.join(relative);
        if home.symlink_metadata().is_ok() {
            keep(workspace, code, &attachment.path, &attachment.name, changes)?;
        } else {
            home.parent().map(fs::create_dir).transpose()?;
            fs::rename(&attachment.path, &home)?;
        }
    }
    fs::remove_dir(&folder.root)?;
    if file.exists() && home_file.symlink_metadata().is_ok() {
        keep_version(workspace, code, &file)?;
        keep(workspace, code, &file, &format!("{code}.yaml"), changes)?;
    } else if file.exists() {
        fs::rename(&file, &home_file)?;
    }
    Ok(())
}

/// Removes what lies aside, each file only when the dossier holds exactly its bytes; anything else is kept.
fn clear(workspace: &Workspace, archive: &Archive, code: &CaseCode, changes: &mut Vec<Change>) -> Result<(), Failure> {
    let Some(publication) = archive.latest(code.as_str()) else { return Ok(()) };
    let kept = Dossier::open(&archive.file(publication))?.payload_digests()?;
    let state = RenderState::load(workspace, code.as_str())?;
    let (file, folder) = aside(workspace, code);
    let drafts = state.own_digests();
    for attachment in scan::everything(&folder.root)? {
        if attachment.is_link {
            continue;
        }
        let (digest, _) = fs::sha256_file(&attachment.path)?;
        let draft = attachment.name.starts_with("du-thao/") && drafts.contains(digest.as_str());
        if !draft && !kept.contains(&digest) && !scan::is_leftover(last(&attachment.name)) {
            keep(workspace, code, &attachment.path, &attachment.name, changes)?;
        }
    }
    if folder.root.exists() {
        fs::remove_dir(&folder.root)?;
        fs::step("close: folder removed");
    }
    let note = workspace.note(code.as_str());
    if state.is_own(state.note.as_deref(), &note)? {
        fs::remove_file(&note)?;
    }
    let steps = workspace.next_steps(code.as_str());
    if super::steps::is_own(&state, &steps)? {
        fs::remove_file(&steps)?;
    }
    history::bag::clear(workspace, code.as_str(), &kept)?;
    RenderState::default().save(workspace, code.as_str())?;
    // The file goes last: while it lies aside, a run after a kill knows that there is something left to clear.
    if let Some(bytes) = fs::read_if_there(&file)? {
        if kept.contains(&fs::sha256(&bytes)) {
            fs::remove_file(&file)?;
            fs::step("close: file removed");
        } else {
            keep_version(workspace, code, &file)?;
            keep(workspace, code, &file, &format!("{code}.yaml"), changes)?;
        }
    }
    if std::fs::read_dir(workspace.closing()).is_ok_and(|mut entries| entries.next().is_none()) {
        fs::remove_dir(&workspace.closing())?;
    }
    Ok(())
}

fn last(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// Keeps what lies aside as a version of the case file, which no pass will read.
fn keep_version(workspace: &Workspace, code: &CaseCode, file: &Path) -> Result<(), Failure> {
    let meta = fs::context(file.metadata(), "đọc", file)?;
    history::keep(workspace, code.as_str(), &fs::read(file)?, &Origin::of(&meta))?;
    Ok(())
}

/// Moves a file nobody may lose into the folder of things set aside, under a free name.
fn keep(
    workspace: &Workspace,
    code: &CaseCode,
    path: &Path,
    name: &str,
    changes: &mut Vec<Change>,
) -> Result<PathBuf, Failure> {
    let flat = name.replace('/', "_");
    let flat = if flat.starts_with(code.as_str()) { flat } else { format!("{code}_{flat}") };
    let (stem, ending) = flat.rsplit_once('.').unwrap_or((&flat, "tep"));
    let dir = workspace.set_aside();
    fs::create_dir(&dir)?;
    let names = std::iter::once(flat.clone()).chain((2..).map(|n| format!("{stem} ({n}).{ending}")));
    let free = names.map(|name| dir.join(name)).find(|path| !path.exists()).unwrap_or_else(|| dir.join(&flat));
    fs::rename(path, &free)?;
    changes.push(Change::new(workspace.show(&free), "giữ riêng, không mất".to_owned()));
    Ok(free)
}

/// The case file as the latest dossier holds it.
fn archived_case(archive: &Archive, code: &str) -> Option<Vec<u8>> {
    let publication = archive.latest(code)?;
    Dossier::open(&archive.file(publication)).ok()?.read(&format!("data/{code}.yaml"), scan::MAX_FILE).ok()
}

/// Finishes closings that were cut short.
///
/// # Errors
/// When the archive's journal cannot be read or the system refuses.
pub fn recover(workspace: &Workspace, changes: &mut Vec<Change>) -> Result<Vec<Diagnostic>, Failure> {
    let closing = workspace.closing();
    if !closing.is_dir() {
        return Ok(Vec::new());
    }
    let _lock = workspace.lock()?;
    let mut archive = open_archive(workspace)?;
    let names = walkdir::WalkDir::new(&closing)
        .min_depth(1)
        .max_depth(1)
        .sort_by_file_name()
        .into_iter()
        .filter_map(Result::ok);
    let codes: BTreeSet<String> =
        names.map(|entry| entry.file_name().to_string_lossy().trim_end_matches(".yaml").to_owned()).collect();
    let mut findings = Vec::new();
    for name in codes {
        let Ok(code) = CaseCode::parse(&name) else { continue };
        let done = if archive.intent(&name).is_some() {
            set_aside(workspace, &code).and_then(|()| finish(workspace, &mut archive, &code, changes)).map(|closed| {
                if let Closed::Dossier(_, left) = closed {
                    findings.extend(left);
                }
            })
        } else if matches!(archive.state(&name), State::Closed(_)) {
            clear(workspace, &archive, &code, changes)
        } else {
            put_back(workspace, &code, changes)
        };
        findings.extend(done.err().into_iter().flat_map(|failure| failure.findings(&format!("{name}.yaml"))));
    }
    if std::fs::read_dir(&closing).is_ok_and(|mut entries| entries.next().is_none()) {
        fs::remove_dir(&closing)?;
    }
    Ok(findings)
}
