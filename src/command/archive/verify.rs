//! `hoso archive verify`.

use crate::archive::{self, access};
use crate::cli::ArchiveVerify;
use crate::command::{Context, Error, Outcome, register};
use crate::pipeline::Failure;

pub(super) fn run(context: &Context, args: &ArchiveVerify) -> Result<Outcome, Error> {
    let workspace = context.workspace()?;
    let code = args.code.as_deref();
    let findings = archive::verify(workspace.archive(), &workspace.archive_journal(), Some(&workspace.mirror()), code)
        .map_err(Failure::from)?;
    let remark = if findings.iter().any(crate::diagnostic::Diagnostic::is_error) { "không khớp" } else { "khớp" };
    access::record(
        &workspace.access_log(),
        workspace.clock.now(),
        access::Access::Fixity,
        code.unwrap_or("*"),
        remark,
    )?;
    register::report(
        context,
        findings,
        "Hồ sơ đã lưu nguyên vẹn: từng tệp, từng danh mục và mã băm trong nhật ký đều khớp.",
    )
}
