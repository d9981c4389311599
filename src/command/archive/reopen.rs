//! `hoso archive reopen`.

use serde::Serialize;

use super::nameless::nameless;
use crate::cli::ArchiveReopen;
use crate::command::{Context, Error, Outcome};
use crate::pipeline::{Change, close};

/// JSON of `hoso archive reopen`.
#[derive(Serialize)]
struct Reopened {
    code: String,
    newly: bool,
    changes: Vec<Change>,
}

pub(super) fn run(context: &Context, args: &ArchiveReopen) -> Result<Outcome, Error> {
    let workspace = context.workspace()?;
    if !close::is_known(&workspace, args.code.as_str())? {
        return Err(Error::Plain(
            format!("Kho lưu trữ không có hồ sơ {}.", args.code),
            "Xem các hồ sơ đã lưu bằng “hoso archive list”.".to_owned(),
        ));
    }
    let archive = super::open(&workspace)?;
    nameless(&workspace, &archive, &[args.code.as_str()], &[("lý do", &args.reason)])?;
    let mut changes = Vec::new();
    let newly = close::reopen(&workspace, &args.code, &args.reason, &args.by, &mut changes)?;
    if context.global.json {
        context.json(&Reopened { code: args.code.to_string(), newly, changes })?;
        return Ok(Outcome::Fine);
    }
    let file = workspace.show(&workspace.case_file(&args.code));
    context.say(&if newly {
        format!(
            "Đã mở lại hồ sơ {}. Tệp {file} đã trở lại thư mục hồ sơ; bản lưu cũ giữ nguyên.\nGhi thêm khieu_nai_lai (khiếu nại lại) hoặc bo_sung (tài liệu bổ sung); khi xong, ghi luu_ho_so với ngày mới.",
            args.code
        )
    } else {
        format!("Hồ sơ {} đang mở rồi: {file}", args.code)
    })?;
    Ok(Outcome::Fine)
}
