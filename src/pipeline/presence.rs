//! Cases the register knows and the folder no longer shows: deleted, or under another code.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};

use super::memory;
use super::pass::Work;
use super::read;
use super::state::RenderState;
use crate::case::value::Value;
use crate::case::{CaseCode, parse};
use crate::diagnostic::{Diagnostic, Severity, code};
use crate::register::Register;
use crate::workspace::Workspace;

/// The other cases of the folder, those this pass does not work on.
pub(super) struct Others<'a> {
    /// Every code in the folder, whether this pass works on it or not.
    pub(super) present: &'a BTreeSet<String>,
    /// Codes of those with issued letters, by the print of what tells them from others.
    pub(super) issued: &'a BTreeMap<u64, String>,
    /// Names of all case files.
    pub(super) files: &'a [OsString],
}

/// Codes that files under other names say they are: their case is there, only its file is not called as it should be.
#[must_use]
pub fn claimed<'a>(workspace: &Workspace, files: impl Iterator<Item = &'a OsStr>) -> BTreeSet<String> {
    let odd = files.filter(|name| CaseCode::parse(memory::stem(&name.to_string_lossy())).is_err());
    odd.filter_map(|name| {
        let raw = read::raw(&workspace.cases().join(name)).ok()?;
        Some(parse::parse(&raw.bytes, "").code_hint?.to_string())
    })
    .collect()
}

/// How the file of a case comes back.
#[must_use]
pub fn back(code: &str) -> String {
    format!(
        "Đưa tệp trở lại từ thùng rác hoặc bản sao lưu, hoặc nhờ người quản trị lấy bản cuối bằng “hoso history restore {code}” (“hoso history {code}” cho xem các bản). Nếu hồ sơ bị đổi mã thì ghi lại mã cũ. Các văn bản đã ban hành vẫn còn trong sổ và bản gốc."
    )
}

/// Findings about cases with issued letters whose file is gone, and about files that look like such a case under another
/// code.
pub(super) fn examine(
    workspace: &Workspace,
    register: &Register,
    closed: &dyn Fn(&str) -> bool,
    work: &mut [Work],
    others: &Others,
) -> Vec<Diagnostic> {
    let mut gone: Vec<(String, usize, BTreeSet<String>)> = register
        .cases()
        .filter(|(code, _)| !others.present.contains(*code) && !closed(code))
        .map(|(code, count)| (code.to_owned(), count, RenderState::peek(workspace, code).marks))
        .collect();
    gone.sort();
    if !gone.is_empty() {
        let claimed = claimed(workspace, others.files.iter().map(OsString::as_os_str));
        gone.retain(|(code, ..)| !claimed.contains(code));
    }
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
                Diagnostic::error(
                    code::CASE_GONE,
                    format!("Không thấy tệp hồ sơ {code}, đã có {count} văn bản ban hành."),
                )
                .in_file(workspace.show(&workspace.cases().join(format!("{code}.yaml"))))
                .hint(back(code)),
            );
        }
    }
    copies_of_others(register, work, others.issued);
    findings
}

/// Whether nothing was issued under this code and no earlier pass took it for a case of its own.
fn is_new(work: &Work, register: &Register) -> bool {
    work.state.marks.is_empty() && register.of_case(work.reading.code.as_str()).next().is_none()
}

/// A new file that says the same as a case with issued letters is a copy of it, not a second case.
fn copies_of_others(register: &Register, work: &mut [Work], others: &BTreeMap<u64, String>) {
    let mut issued = others.clone();
    let of_this_pass = work.iter().filter(|w| register.of_case(w.reading.code.as_str()).next().is_some());
    issued.extend(of_this_pass.map(|w| (memory::print_of_marks(&w.reading.marks()), w.reading.code.to_string())));
    for work in work.iter_mut().filter(|w| !w.held && is_new(w, register)) {
        let print = memory::print_of_marks(&work.reading.marks());
        let same = issued.get(&print).filter(|code| print != 0 && **code != *work.reading.code.as_str());
        if let Some(code) = same {
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
