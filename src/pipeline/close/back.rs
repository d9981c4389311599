//! Coming back: a file of a closed case that appears again, and a dossier opened again on purpose.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::{archived_case, keep, open_archive};
use crate::archive::{Archive, Held, State};
use crate::case::value::Value;
use crate::case::{Case, CaseCode, parse};
use crate::diagnostic::{Diagnostic, Severity, code};
use crate::fs;
use crate::history;
use crate::pipeline::memory::Names;
use crate::pipeline::scan;
use crate::pipeline::shelf::Shelf;
use crate::pipeline::state::RenderState;
use crate::pipeline::{Change, Failure};
use crate::workspace::Workspace;

/// What was found of closed cases in the watched folder.
#[derive(Debug, Default)]
pub struct Returned {
    /// Findings about files that were set aside, told once.
    pub findings: Vec<Diagnostic>,
    /// Files that are not to be processed, with the reason, by code.
    pub barred: BTreeMap<String, Vec<Diagnostic>>,
}

/// Parts of a dossier that are made anew at each closing.
const DERIVED: [&str; 6] = ["ban-chup/", "quy-dinh/", "cau-hinh/", "su-kien.jsonl", "bia-ho-so.pdf", "muc-luc."];

/// Looks at those of `files` that belong to closed cases: unchanged ones are set aside, new facts open the dossier again,
/// anything else is a finding. Then puts back what cases opened again lack.
///
/// # Errors
/// When the archive's journal cannot be read or the system refuses.
pub fn take_back(
    workspace: &Workspace,
    shelf: &mut Shelf,
    files: &[PathBuf],
    changes: &mut Vec<Change>,
) -> Result<Returned, Failure> {
    let _lock = workspace.lock()?;
    let done = look_at(workspace, shelf.archive(workspace)?, files, changes);
    if done.is_ok() {
        shelf.wrote_archive(workspace)
    } else {
        shelf.drop_archive()
    }
    done
}

fn look_at(
    workspace: &Workspace,
    archive: &mut Archive,
    files: &[PathBuf],
    changes: &mut Vec<Change>,
) -> Result<Returned, Failure> {
    let mut returned = Returned::default();
    for path in files {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let Some(stem) = name.strip_suffix(".yaml") else { continue };
        let Ok(code) = CaseCode::parse(stem) else { continue };
        match archive.state(stem) {
            State::Closed(_) => come_back(workspace, archive, &code, path, &mut returned, changes)?,
            State::Destroyed(_) => {
                returned.barred.insert(code.to_string(), vec![destroyed(archive, stem, &workspace.show(path))]);
            }
            State::Never | State::Reopened(_) => {}
        }
    }
    let reopened: Vec<(CaseCode, u32)> =
        archive.reopened().filter_map(|(code, version)| Some((CaseCode::parse(code).ok()?, version))).collect();
    for (code, version) in reopened {
        restore(workspace, archive, &code, version, changes)?;
    }
    Ok(returned)
}

/// A file carries the code of a dossier that is destroyed: it becomes no case again.
#[must_use]
pub fn destroyed(archive: &Archive, code: &str, file: &str) -> Diagnostic {
    let how =
        archive.tombstone(code).map(|(time, doom, _)| format!(" ngày {} theo {}", time.format("%d/%m/%Y"), doom.id));
    let message = format!("Hồ sơ {code} đã hủy{}; mã này không dùng lại.", how.unwrap_or_default());
    Diagnostic::error(code::CODE_DESTROYED, message).in_file(file).hint(
        "Nếu là khiếu nại mới: đổi tên tệp và ma_ho_so sang mã mới. Nếu là bản sao cũ của hồ sơ đã hủy: xóa tệp này.",
    )
}

/// Warnings about folders of closed cases that have files in them again.
pub(in crate::pipeline) fn folders_back(workspace: &Workspace, names: &Names, archive: &Archive) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for name in names.folders() {
        let (folder, name) = (workspace.cases().join(name.as_str()), name.as_str());
        let closed = matches!(archive.state(name), State::Closed(_)) && archive.intent(name).is_none();
        let there = closed && folder.symlink_metadata().is_ok_and(|meta| meta.is_dir());
        let files = if there { scan::attachments(&folder).unwrap_or_default() } else { Vec::new() };
        if let Some(first) = files.first() {
            findings.push(
                Diagnostic::warning(
                    code::CAME_BACK_CHANGED,
                    format!("Thư mục của hồ sơ đã lưu {name} có {} tệp mới, như “{}”; các tệp này chưa nằm trong hồ sơ lưu.", files.len(), first.name),
                )
                .in_file(workspace.show(&folder))
                .hint("Muốn đưa vào hồ sơ: mở lại bằng “hoso archive reopen”, ghi bo_sung. Nếu để nhầm chỗ thì chuyển tệp đi."),
            );
        }
    }
    findings
}

fn come_back(
    workspace: &Workspace,
    archive: &mut Archive,
    code: &CaseCode,
    path: &std::path::Path,
    returned: &mut Returned,
    changes: &mut Vec<Change>,
) -> Result<(), Failure> {
    let file = workspace.show(path);
    let Ok(bytes) = std::fs::read(path) else { return Ok(()) };
    let archived = archived_case(archive, code.as_str());
    if archived.as_ref() == Some(&bytes) {
        let kept = keep(workspace, code, path, &format!("{code}.yaml"), changes)?;
        returned.findings.push(
            Diagnostic::warning(code::CAME_BACK_SAME, format!("Tệp của hồ sơ đã lưu {code} xuất hiện lại, giống hệt bản đã lưu."))
                .in_file(workspace.show(&kept))
                .hint("Đã chuyển tệp vào _da-luu. Muốn mở lại hồ sơ, dùng “hoso archive reopen”, hoặc ghi thêm khieu_nai_lai hay bo_sung rồi đưa tệp trở lại."),
        );
        return Ok(());
    }
    let parsed = parse::parse(&bytes, &file);
    let Some(case) = parsed.case else {
        returned.barred.insert(code.to_string(), parsed.findings);
        return Ok(());
    };
    let before = archived.and_then(|bytes| parse::parse(&bytes, &file).case);
    if before.is_some_and(|before| has_new_facts(&before, &case)) {
        if let Err(Failure::Findings(findings)) = proved(workspace, archive, code) {
            returned.barred.insert(code.to_string(), findings);
            return Ok(());
        }
        let reason = "tệp hồ sơ được đưa lại với dữ kiện mới";
        archive.reopen(code.as_str(), reason, "", workspace.clock.now())?;
        fs::step("reopen: journalled");
        changes.push(Change::new(file, format!("mở lại hồ sơ đã lưu {code}")));
    } else {
        let finding = parsed.places.finding(
            code::CAME_BACK_CHANGED,
            Severity::Error,
            "ma_ho_so",
            format!("Hồ sơ {code} đã lưu; tệp này khác bản đã lưu nhưng không có khiếu nại lại hay tài liệu bổ sung."),
            "Muốn mở lại hồ sơ: ghi thêm một mục khieu_nai_lai hoặc bo_sung. Nếu không, chuyển tệp này đi nơi khác."
                .to_owned(),
        );
        returned.barred.insert(code.to_string(), vec![finding]);
    }
    Ok(())
}

/// Whether `now` tells of a new complaint or late papers beyond what `before` told.
fn has_new_facts(before: &Case, now: &Case) -> bool {
    now.reopenings.len() > before.reopenings.len() || now.supplements.len() > before.supplements.len()
}

/// Opens a dossier again and puts case file and folder back.
///
/// # Errors
/// When there is no such dossier, or the system refuses.
pub fn reopen(
    workspace: &Workspace,
    code: &CaseCode,
    reason: &str,
    by: &str,
    changes: &mut Vec<Change>,
) -> Result<bool, Failure> {
    let _pass = workspace.pass_lock()?;
    let _lock = workspace.lock()?;
    let mut archive = open_archive(workspace)?;
    if matches!(archive.state(code.as_str()), State::Closed(_)) {
        proved(workspace, &archive, code)?;
    }
    let newly = archive.reopen(code.as_str(), reason, by, workspace.clock.now())?;
    fs::step("reopen: journalled");
    if let State::Reopened(version) = archive.state(code.as_str()) {
        if !workspace.case_file(code).exists() {
            // Asked for again because the file is gone: it is put back once more.
            let mut state = RenderState::load(workspace, code.as_str())?;
            state.restored = 0;
            state.save(workspace, code.as_str())?;
        }
        restore(workspace, &archive, code, version, changes)?;
    }
    Ok(newly)
}

/// The file of the latest version, where it is the one that was archived: nothing of another one comes back as the case.
fn proved(workspace: &Workspace, archive: &Archive, code: &CaseCode) -> Result<Option<Held>, Failure> {
    let Some(publication) = archive.latest(code.as_str()) else { return Ok(None) };
    let held = Held::of(archive, publication)?;
    match held.finding(&workspace.show(&held.file)) {
        Some(finding) => Err(Failure::Findings(vec![finding])),
        None => Ok(Some(held)),
    }
}

/// Puts back what a reopened case needs from its dossier, once; files that are there already stay.
fn restore(
    workspace: &Workspace,
    archive: &Archive,
    code: &CaseCode,
    version: u32,
    changes: &mut Vec<Change>,
) -> Result<(), Failure> {
    let mut state = RenderState::load(workspace, code.as_str())?;
    if state.restored >= version {
        return Ok(());
    }
    let Some(held) = proved(workspace, archive, code)? else { return Ok(()) };
    let mut dossier = held.open()?;
    let root = workspace.folder(code).root;
    let names: Vec<String> =
        dossier.entries().iter().filter_map(|item| item.name.strip_prefix("data/").map(str::to_owned)).collect();
    let case_name = format!("{code}.yaml");
    let own = |name: &str| DERIVED.iter().any(|derived| name.starts_with(derived)) || history::bag::is_part(name);
    for name in names.iter().filter(|name| !own(name) && **name != case_name) {
        let target = name.split('/').fold(root.clone(), |dir, part| dir.join(part));
        if !target.exists() {
            let bytes = dossier.read(&format!("data/{name}"), u64::MAX)?;
            fs::write(&target, &bytes)?;
            changes.push(Change::new(workspace.show(&target), "lấy lại từ hồ sơ đã lưu".to_owned()));
        }
    }
    history::bag::bring_back(workspace, code.as_str(), &mut dossier)?;
    let target = workspace.case_file(code);
    if !target.exists() {
        fs::write(&target, &dossier.read(&format!("data/{case_name}"), scan::MAX_FILE)?)?;
        fs::step("reopen: file back");
        changes.push(Change::new(workspace.show(&target), "lấy lại từ hồ sơ đã lưu".to_owned()));
    }
    state.restored = version;
    state.save(workspace, code.as_str())?;
    Ok(())
}
