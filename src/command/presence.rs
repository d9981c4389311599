//! What of the cases the books know lies in the watched folder, looked at without changing anything.

use std::collections::{BTreeMap, BTreeSet};

use super::{Error, register};
use crate::diagnostic::{Diagnostic, code};
use crate::pipeline::{self, close, scan};
use crate::workspace::Workspace;

/// Whether the watched folder is there at all; the same finding as that of a pass.
///
/// # Errors
/// The finding.
pub(super) fn folder(workspace: &Workspace) -> Result<(), Error> {
    if workspace.cases().is_dir() {
        return Ok(());
    }
    Err(Error::Findings(vec![
        Diagnostic::error(code::NO_FOLDER, format!("Không thấy thư mục hồ sơ {}.", workspace.show(workspace.cases())))
            .hint("Kiểm tra ổ mạng đã nối chưa. Chưa có gì bị xóa; thư mục trở lại thì chương trình làm tiếp."),
    ]))
}

/// Cases of the books against the files in the folder.
#[derive(Default)]
pub(super) struct Presence {
    /// Codes with issued letters whose file is gone, with how many letters.
    pub(super) gone: BTreeMap<String, usize>,
    /// Codes of closed cases whose file lies in the folder again.
    pub(super) returned: BTreeSet<String>,
    /// Codes of dossiers that are destroyed and whose file lies there again, as findings.
    destroyed: Vec<Diagnostic>,
    /// How many cases are closed.
    pub(super) closed: usize,
}

impl Presence {
    /// Looks.
    ///
    /// # Errors
    /// When a journal cannot be read.
    pub(super) fn of(workspace: &Workspace) -> Result<Self, Error> {
        // Without books there is nothing to compare, and opening one takes a lock, which is a file.
        if !workspace.register().exists() && !workspace.archive_journal().exists() {
            return Ok(Self::default());
        }
        let present = pipeline::open_codes(workspace);
        let archive = {
            let _lock = workspace.lock()?;
            close::open_archive(workspace)?
        };
        let is_closed = |code: &str| close::is_closed(archive.state(code));
        let mut gone = BTreeMap::new();
        for record in register::open(workspace)?.records() {
            let code = &record.issued.case;
            // One whose closing was cut short lies aside; the next pass goes on with it.
            if !present.contains(code) && !is_closed(code) && archive.intent(code).is_none() {
                *gone.entry(code.clone()).or_default() += 1;
            }
        }
        if !gone.is_empty() {
            let files = scan::case_files(workspace.cases());
            let claimed = pipeline::presence::claimed(workspace, files.iter().filter_map(|path| path.file_name()));
            gone.retain(|code, _| !claimed.contains(code));
        }
        let (destroyed, returned): (BTreeSet<String>, _) =
            present.into_iter().filter(|code| is_closed(code)).partition(|code| archive.tombstone(code).is_some());
        let file = |code: &String| workspace.show(&workspace.cases().join(format!("{code}.yaml")));
        let destroyed = destroyed.iter().map(|code| close::destroyed(&archive, code, &file(code))).collect();
        Ok(Self { gone, returned, destroyed, closed: archive.closed() })
    }

    /// As findings, by code.
    pub(super) fn findings(&self, workspace: &Workspace) -> Vec<Diagnostic> {
        let file = |code: &String| workspace.show(&workspace.cases().join(format!("{code}.yaml")));
        let gone = self.gone.iter().map(|(code, count)| {
            Diagnostic::error(code::CASE_GONE, format!("Không thấy tệp hồ sơ {code}, đã có {count} văn bản ban hành."))
                .in_file(file(code))
                .hint(pipeline::presence::back(code))
        });
        let returned = self.returned.iter().map(|code| {
            Diagnostic::warning(code::CAME_BACK_SAME, format!("Hồ sơ {code} đã lưu, tệp xuất hiện lại."))
                .in_file(file(code))
                .hint("Tệp giống bản đã lưu thì lượt sau tự chuyển vào _da-luu. Muốn mở lại hồ sơ, dùng “hoso archive reopen”, hoặc ghi thêm khieu_nai_lai hay bo_sung.")
        });
        gone.chain(returned).chain(self.destroyed.iter().cloned()).collect()
    }
}
