//! Case files that are gone before any letter was issued. They may have been deleted on purpose: so a week long it is told, with
//! the way back, and then no more.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, FixedOffset, TimeDelta};
use serde::{Deserialize, Serialize};

use super::close;
use crate::archive::Archive;
use crate::case::CaseCode;
use crate::case::value::Value;
use crate::diagnostic::{Diagnostic, code};
use crate::fs;
use crate::history::History;
use crate::register::Register;
use crate::workspace::Workspace;

/// How many days it is told.
const DAYS: i64 = 7;

/// A case whose file is no longer there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Gone {
    since: DateTime<FixedOffset>,
    /// What tells it from others, to know it under another code.
    marks: BTreeSet<String>,
}

/// By code.
type Lost = BTreeMap<String, Gone>;

/// What else a pass knows.
pub(super) struct Around<'a> {
    /// Every code in the folder.
    pub(super) present: &'a BTreeSet<String>,
    /// Marks of the cases this pass saw for the first time.
    pub(super) new: &'a [BTreeSet<String>],
    pub(super) register: &'a Register,
    pub(super) archive: &'a Archive,
}

/// Takes in those that went now, lets go those that are back, go on under another code, or were told of for long enough. A
/// warning for each of the others.
///
/// # Errors
/// When the system refuses.
pub(super) fn examine(
    workspace: &Workspace,
    newly: Vec<(String, BTreeSet<String>)>,
    around: &Around,
) -> fs::Result<Vec<Diagnostic>> {
    let path = workspace.lost();
    let before: Lost =
        fs::read_if_there(&path)?.and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default();
    if before.is_empty() && newly.is_empty() {
        return Ok(Vec::new());
    }
    let now = workspace.clock.now();
    let mut lost = before.clone();
    for (code, marks) in newly {
        lost.entry(code).or_insert(Gone { since: now, marks });
    }
    lost.retain(|code, gone| {
        let recent = now.signed_duration_since(gone.since) < TimeDelta::days(DAYS);
        let elsewhere = around.present.contains(code)
            || close::is_closed(around.archive.state(code))
            || around.archive.intent(code).is_some()
            || around.register.of_case(code).next().is_some()
            || around.new.iter().any(|marks| !marks.is_empty() && *marks == gone.marks);
        recent && !elsewhere && CaseCode::parse(code).is_ok()
    });
    if lost != before {
        fs::write(&path, &serde_json::to_vec(&lost).unwrap_or_default())?;
    }
    Ok(lost.iter().filter_map(|(code, gone)| tell(workspace, code, gone)).collect())
}

fn tell(workspace: &Workspace, code: &str, gone: &Gone) -> Option<Diagnostic> {
    let history = History::open(workspace, code, None).ok()?;
    let last = history.versions().last()?;
    let message = format!(
        "Tệp hồ sơ {code} không còn trong thư mục từ {}; hồ sơ chưa có văn bản ban hành.",
        gone.since.format("%H:%M ngày %d/%m/%Y")
    );
    Some(
        Diagnostic::warning(code::CASE_LOST, message)
            .in_file(workspace.show(&workspace.cases().join(format!("{code}.yaml"))))
            .hint(format!(
                "Nếu xóa nhầm: lấy lại từ thùng rác, hoặc nhờ người quản trị chạy “hoso history restore {code} {}” rồi đổi tên tệp lấy ra thành {code}.yaml. Nếu bỏ có chủ ý thì không phải làm gì: {DAYS} ngày sau lời nhắc này tự hết.",
                last.number
            )),
    )
}
