//! What keeps a case that has ended from being closed, and what then is to be done: the same in a pass, in `check` and in
//! `status`.

use super::{archived_case, is_due, open_archive};
use crate::archive::State;
use crate::case::evidence::{self, Folder, NamedFile};
use crate::diagnostic::{Diagnostic, Severity, code};
use crate::pipeline::Failure;
use crate::pipeline::read::Reading;
use crate::pipeline::scan;
use crate::procedure::{Action, Actor, Stage};
use crate::workspace::Workspace;

/// Something that bars a closing.
pub(super) struct Bar {
    pub(super) finding: Diagnostic,
    /// What opens the way.
    action: Action,
}

/// Everything that bars the closing of a case: evidence that is named and not there, links whose content would not be
/// archived. A missing signed copy or proof of delivery is only a warning (step 9); links among the papers are findings of
/// the reading.
pub(super) fn bars(workspace: &Workspace, reading: &Reading) -> Vec<Bar> {
    let folder = workspace.folder(&reading.code);
    let bar = |path: &str, message: String, hint: &str, what: String| Bar {
        finding: reading.places.finding(
            code::CLOSING_PUT_OFF,
            Severity::Error,
            path,
            format!("Chưa lưu được hồ sơ: {message}."),
            hint,
        ),
        action: Action { what, who: Actor::Intake, due: None, late: false, path: path.to_owned() },
    };
    let late = |file: &NamedFile| file.folder == Folder::Signed || file.path.ends_with("bang_chung");
    let listed =
        scan::attachments(&folder.evidence()).and_then(|papers| Ok((papers, scan::attachments(&folder.root)?)));
    let (present, all) = match listed {
        Ok(listed) => listed,
        Err(error) => {
            let hint = "Kiểm tra ổ đĩa hoặc đường mạng. Chưa có gì bị chuyển đi; chương trình tự làm lại.";
            let what = "Kiểm tra ổ đĩa hoặc đường mạng để lưu được hồ sơ".to_owned();
            return vec![bar("luu_ho_so", error.to_string(), hint, what)];
        }
    };
    let there = |file: &NamedFile| scan::named(&present, &file.name).is_some();
    let lost =
        evidence::named_files(&reading.case).into_iter().filter(|file| !late(file) && !there(file)).map(|file| {
            bar(
                &file.path,
                format!("không thấy tệp “{}” trong thư mục dinh-kem", file.name),
                "Đưa tệp vào thư mục của hồ sơ, hoặc bỏ dòng ghi tên tệp đó.",
                format!("Đưa tệp “{}” vào thư mục dinh-kem để lưu được hồ sơ", file.name),
            )
        });
    let among_papers =
        |name: &str| [Folder::Attachments, Folder::Signed].iter().any(|f| name.split('/').next() == Some(f.name()));
    let links = all.into_iter().filter(|found| found.is_link && !among_papers(&found.name));
    let links = links.map(|link| {
        bar(
            "luu_ho_so",
            format!("“{}” là liên kết, nội dung của nó không nằm trong thư mục hồ sơ", link.name),
            "Xóa liên kết và chép chính tệp đó vào thư mục.",
            format!("Thay liên kết “{}” bằng chính tệp đó để lưu được hồ sơ", link.name),
        )
    });
    lost.chain(links).collect()
}

/// Adds what bars the closing of a case that is due for it, as findings and as next actions. A file that bars it is not
/// told a second time as merely missing.
pub fn bar(workspace: &Workspace, reading: &mut Reading) {
    let bars = bars(workspace, reading);
    if bars.is_empty() {
        return;
    }
    let (findings, actions): (Vec<_>, Vec<_>) = bars.into_iter().map(|bar| (bar.finding, bar.action)).unzip();
    let told = |finding: &Diagnostic| findings.iter().any(|bar| bar.span == finding.span);
    reading.findings.retain(|finding| finding.code != code::MISSING_FILE || !told(finding));
    reading.findings.extend(findings);
    reading.assessment.actions = actions;
}

/// Gives cases that were opened again, and where nothing new is written yet, their next action: they do not close again as
/// they are.
///
/// # Errors
/// When the archive's journal cannot be read.
pub fn mark_reopened<'a>(
    workspace: &Workspace,
    readings: impl Iterator<Item = &'a mut Reading>,
) -> Result<(), Failure> {
    due(workspace, readings).map(|_| ())
}

/// The same as a pass would find when it comes to closing, without a pass: what was opened again is marked, what is due
/// and cannot be closed says why. Closed cases whose file came back are left to the pass.
///
/// # Errors
/// When the archive's journal cannot be read.
pub fn foresee<'a>(workspace: &Workspace, readings: impl Iterator<Item = &'a mut Reading>) -> Result<(), Failure> {
    due(workspace, readings)?.into_iter().for_each(|reading| bar(workspace, reading));
    Ok(())
}

/// Cases that close in the next pass if nothing bars it; those opened again without news are marked on the way.
fn due<'a>(
    workspace: &Workspace,
    readings: impl Iterator<Item = &'a mut Reading>,
) -> Result<Vec<&'a mut Reading>, Failure> {
    let due: Vec<&mut Reading> = readings.filter(|reading| is_due(reading)).collect();
    // Opening the archive takes a lock, which is a file: not where nothing was ever archived.
    if due.is_empty() || !workspace.archive_journal().exists() {
        return Ok(due);
    }
    let _lock = workspace.lock()?;
    let archive = open_archive(workspace)?;
    let mut closing = Vec::new();
    for reading in due {
        let code = reading.code.as_str();
        match archive.state(code) {
            State::Closed(_) | State::Destroyed(_) => {}
            State::Reopened(_) if archived_case(&archive, code).as_ref() == Some(&reading.bytes) => wait(reading),
            _ => closing.push(reading),
        }
    }
    Ok(closing)
}

fn wait(reading: &mut Reading) {
    reading.assessment.stage = Stage::Ended;
    reading.assessment.actions = vec![Action {
        what: "Hồ sơ đã mở lại, chưa có gì mới: ghi khieu_nai_lai hoặc bo_sung; khi xong, ghi luu_ho_so với ngày mới"
            .to_owned(),
        who: Actor::Intake,
        due: None,
        late: false,
        path: "khieu_nai_lai".to_owned(),
    }];
}
