//! Cases the register knows and the folder no longer shows: deleted, or under another code.

use std::collections::{BTreeMap, BTreeSet};

use super::state::RenderState;
use super::{Failure, Work, close};
use crate::diagnostic::{Diagnostic, Severity, code};
use crate::register::Register;
use crate::workspace::Workspace;

/// Findings about cases with issued letters whose file is gone, and about files that look like such a case under another code.
pub(super) fn examine(
    workspace: &Workspace,
    register: &Register,
    work: &mut [Work],
    faulty: &[(String, String, Vec<Diagnostic>)],
    moving: &BTreeSet<String>,
) -> Result<Vec<Diagnostic>, Failure> {
    let closed = close::closed_codes(workspace)?;
    let present: BTreeSet<&str> =
        work.iter().map(|w| w.reading.code.as_str()).chain(faulty.iter().map(|(stem, ..)| stem.as_str())).collect();
    let issued: BTreeMap<&str, usize> = register.records().iter().fold(BTreeMap::new(), |mut counts, record| {
        *counts.entry(record.issued.case.as_str()).or_default() += 1;
        counts
    });
    let gone: Vec<(&str, usize)> = issued
        .into_iter()
        .filter(|(code, _)| !present.contains(code) && !closed.contains(*code) && !moving.contains(*code))
        .collect();
    let gone: Vec<(String, usize, String)> = gone
        .into_iter()
        .map(|(code, count)| (code.to_owned(), count, RenderState::load(workspace, code).fingerprint))
        .collect();
    let mut findings = Vec::new();
    for (code, count, fingerprint) in gone {
        let renamed = work.iter_mut().find(|w| {
            !fingerprint.is_empty() && w.reading.fingerprint() == fingerprint && w.state.fingerprint.is_empty()
        });
        if let Some(work) = renamed {
            work.held = true;
            work.extra.push(work.reading.places.finding(
                code::CODE_CHANGED,
                Severity::Error,
                "ma_ho_so",
                format!("Hồ sơ này trước mang mã {code} và đã có {count} văn bản ban hành theo mã ấy."),
                format!(
                    "Ghi lại ma_ho_so: {code} và đổi tên tệp thành {code}.yaml. Mã hồ sơ không đổi sau khi đã ban hành."
                ),
            ));
        } else {
            findings.push(
                Diagnostic::error(code::CASE_GONE, format!("Không thấy tệp hồ sơ {code}, đã có {count} văn bản ban hành."))
                    .in_file(workspace.show(&workspace.cases().join(format!("{code}.yaml"))))
                    .hint("Đưa tệp trở lại từ thùng rác hoặc bản sao lưu. Các văn bản đã ban hành vẫn còn trong sổ và bản gốc."),
            );
        }
    }
    Ok(findings)
}
