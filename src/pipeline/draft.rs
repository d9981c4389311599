//! Drafts and copies for signature: rendered when their input changed, removed when the letter is issued.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, Severity, code};
use crate::fs;
use crate::letter::{self, LetterKind, Mode};
use crate::pipeline::issue::{known, register_id};
use crate::pipeline::read::Reading;
use crate::pipeline::render;
use crate::pipeline::scan;
use crate::pipeline::state::{Made, RenderState};
use crate::pipeline::unfit::Unfit;
use crate::pipeline::{Change, Failure};
use crate::register::Register;
use crate::workspace::Workspace;

/// Brings the drafts of a case up to date. Returns findings on letters that lack something; what keeps others from being made is
/// added to `unfit`.
///
/// # Errors
/// When the system refuses.
pub fn update(
    workspace: &Workspace,
    reading: &Reading,
    register: &Register,
    state: &mut RenderState,
    unfit: &mut Vec<Unfit>,
    changes: &mut Vec<Change>,
) -> Result<Vec<Diagnostic>, Failure> {
    let folder = workspace.folder(&reading.code).drafts();
    let known = known(register, &reading.case, &reading.assessment);
    let surroundings = workspace.digest();
    let mut wanted: BTreeMap<String, Option<Made>> = BTreeMap::new();
    let mut findings = Vec::new();
    for due in &reading.assessment.letters {
        let issued = register.current(&register_id(reading.code.as_str(), &due.id)).is_some();
        if !due.present || issued {
            continue;
        }
        let for_signature = reading.case.letter(&due.id).is_some_and(|block| block.for_signature());
        let mode = if for_signature { Mode::ForSignature } else { Mode::Draft };
        let today = workspace.clock.today();
        let prepared =
            letter::prepare(&reading.case, &reading.assessment, &workspace.settings, &known, &due.id, mode, today);
        let Ok(prepared) = prepared else { continue };
        if for_signature && !prepared.missing.is_empty() {
            findings.extend(prepared.missing.iter().map(|missing| {
                reading.places.finding(
                    code::MISSING_AT_ISSUE,
                    Severity::Error,
                    &missing.path,
                    format!("Chưa làm được bản trình ký của {}: thiếu {}.", due.id.kind.text(), missing.label),
                    format!("Ghi thêm {}, rồi lưu tệp.", missing.path.rsplit('.').next().unwrap_or(&missing.path)),
                )
            }));
            continue;
        }
        let name = match (for_signature, due.id.kind) {
            (true, _) => format!("{}.trinh-ky.pdf", due.id.stem()),
            (false, LetterKind::FindingsReport) => format!("{}.pdf", due.id.stem()),
            (false, _) => format!("{}.du-thao.pdf", due.id.stem()),
        };
        let input = fs::sha256(format!("{surroundings}\0{mode:?}\0{}", prepared.view).as_bytes());
        let path = folder.join(&name);
        let kept = state.drafts.get(&name).filter(|made| made.input == input);
        if let Some(made) = kept
            && std::fs::read(&path).is_ok_and(|bytes| fs::sha256(&bytes) == made.output)
        {
            wanted.insert(name, Some(made.clone()));
            continue;
        }
        match render::render(workspace, &prepared, Some(reading)) {
            Ok(rendered) => {
                let output = fs::sha256(&rendered.bytes);
                state.announce(workspace, reading.code.as_str(), &rendered.bytes)?;
                if fs::write_if_changed(&path, &rendered.bytes)? {
                    let what = if for_signature { "bản trình ký" } else { "dự thảo" };
                    changes.push(Change::new(workspace.show(&path), format!("{what} {}", due.id.kind.text())));
                }
                wanted.insert(name, Some(Made { input, output }));
            }
            Err(faults) => {
                unfit.extend(faults);
                wanted.insert(name, None);
            }
        }
    }
    // Where files were announced and the state never came to know of them, any file may be one of them.
    let there = if state.announced.is_empty() { Vec::new() } else { scan::everything(&folder)? };
    let names =
        state.drafts.keys().cloned().chain(there.into_iter().filter(|file| !file.is_link).map(|file| file.name));
    let stale: BTreeSet<String> = names.filter(|name| wanted.get(name).is_none_or(Option::is_none)).collect();
    for name in stale {
        let path = folder.join(&name);
        if state.is_own(state.drafts.get(&name).map(|made| made.output.as_str()), &path)? {
            fs::remove_file(&path)?;
            changes.push(Change::new(workspace.show(&path), "bỏ dự thảo cũ".to_owned()));
        }
    }
    state.drafts = wanted.into_iter().filter_map(|(name, made)| made.map(|made| (name, made))).collect();
    if folder.is_dir() && std::fs::read_dir(&folder).is_ok_and(|mut entries| entries.next().is_none()) {
        fs::remove_dir(&folder)?;
    }
    Ok(findings)
}
