//! `hoso init`: a new workspace.

use std::path::PathBuf;

use serde::Serialize;

use super::{Context, Error, Outcome};
use crate::cli::Init;
use crate::pipeline;
use crate::workspace::Workspace;

/// JSON of `hoso init`.
#[derive(Serialize)]
struct Made {
    directory: PathBuf,
    made: Vec<PathBuf>,
}

pub(super) fn run(context: &Context, args: &Init) -> Result<Outcome, Error> {
    let given = args.directory.clone().or_else(|| context.global.directory.clone());
    let directory = given.unwrap_or_else(|| PathBuf::from("."));
    let mut made = Workspace::create(&directory)?;
    // The first blank file; with settings that cannot be read yet, the first pass lays it.
    if let Ok(workspace) = Workspace::open(&directory, context.clock, 1) {
        let _pass = workspace.pass_lock()?;
        made.extend(pipeline::blank::renew(&workspace)?);
    }
    if context.global.json {
        context.json(&Made { directory, made })?;
        return Ok(Outcome::Fine);
    }
    if made.is_empty() {
        context.say(&format!("{} đã là thư mục làm việc; không ghi gì thêm.", directory.display()))?;
    } else {
        let files: Vec<String> = made.iter().map(|path| format!("  {}", path.display())).collect();
        context.say(&format!(
            "Đã tạo thư mục làm việc {}:\n{}\n\nViệc tiếp theo: sửa hoso.yaml (tên đơn vị, địa chỉ, người ký), rồi chạy “hoso watch” \
             trên máy chủ. Tệp hồ sơ trống nằm sẵn trong ho-so/_moi: chuyển lên ho-so là dùng.",
            directory.display(),
            files.join("\n")
        ))?;
    }
    Ok(Outcome::Fine)
}
