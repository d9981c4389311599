//! Cases the register knows and the folder no longer shows: deleted, or under another code.

use std::collections::{BTreeMap, BTreeSet};

use super::state::RenderState;
use super::{Failure, Work, close};
use crate::diagnostic::{Diagnostic, Severity, code};
use crate::register::Register;
use crate::workspace::Workspace;

/// Findings about cases with issued letters whose file is gone, and about files that look like such a case under another
/// code; and how many cases are closed.
pub(super) fn examine(
    workspace: &Workspace,
    register: &Register,
    work: &mut [Work],
    faulty: &[(String, String, Vec<Diagnostic>)],
    moving: &BTreeSet<String>,
) -> Result<(Vec<Diagnostic>, usize), Failure> {
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
    let gone: Vec<(String, usize, BTreeSet<String>)> = gone
        .into_iter()
        .map(|(code, count)| (code.to_owned(), count, RenderState::load(workspace, code).marks))
        .collect();
    let mut findings = Vec::new();
    for (code, count, marks) in &gone {
        let suspects = work.iter_mut().filter(|w| is_new(w, register) && !w.reading.marks().is_disjoint(marks));
        let mut renamed = false;
        for work in suspects {
            renamed = true;
            hold(
                work,
                format!("Hồ sơ này trước mang mã {code} và đã có {count} văn bản ban hành theo mã ấy."),
                format!(
                    "Ghi lại ma_ho_so: {code} và đổi tên tệp thành {code}.yaml. Mã hồ sơ không đổi sau khi đã ban hành."
                ),
            );
        }
        if !renamed {
            findings.push(
                Diagnostic::error(code::CASE_GONE, format!("Không thấy tệp hồ sơ {code}, đã có {count} văn bản ban hành."))
                    .in_file(workspace.show(&workspace.cases().join(format!("{code}.yaml"))))
                    .hint("Đưa tệp trở lại từ thùng rác hoặc bản sao lưu. Các văn bản đã ban hành vẫn còn trong sổ và bản gốc."),
            );
        }
    }
    copies_of_others(register, work);
    Ok((findings, closed.len()))
}

/// Whether nothing was issued under this code and no earlier pass took it for a case of its own.
fn is_new(work: &Work, register: &Register) -> bool {
    work.state.marks.is_empty() && register.of_case(work.reading.code.as_str()).next().is_none()
}

/// A new file that says the same as a case with issued letters is a copy of it, not a second case.
fn copies_of_others(register: &Register, work: &mut [Work]) {
    let issued: Vec<(String, BTreeSet<String>)> = work
        .iter()
        .filter(|w| register.of_case(w.reading.code.as_str()).next().is_some())
        .map(|w| (w.reading.code.to_string(), w.reading.marks()))
        .collect();
    for work in work.iter_mut().filter(|w| !w.held && is_new(w, register)) {
        let marks = work.reading.marks();
        let same = issued.iter().find(|(_, others)| marks.len() == 3 && marks == *others);
        if let Some((code, _)) = same {
            hold(
                work,
                format!("Hồ sơ này giống hồ sơ {code}: cùng người khiếu nại, ngày đến, nội dung và chứng thư."),
                format!(
                    "Nếu là bản chép của {code} thì xóa tệp này. Nếu là khiếu nại khác thì ghi đúng ngày đến và nội dung của nó."
                ),
            );
        }
    }
}

fn hold(work: &mut Work, message: String, hint: String) {
    work.held = true;
    work.extra.push(work.reading.places.finding(code::CODE_CHANGED, Severity::Error, "ma_ho_so", message, hint));
}
