//! `hoso init`: a new workspace.

use std::path::PathBuf;

use serde::Serialize;

use super::{Context, Error, Outcome};
use crate::cli::Init;
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
    let made = Workspace::create(&directory)?;
    if context.global.json {
        context.json(&Made { directory, made })?;
        return Ok(Outcome::Fine);
    }
    if made.is_empty() {
        context.say(&format!("{} đã là thư mục làm việc; không ghi gì thêm.", directory.display()))?;
    } else {
        let files: Vec<String> = made.iter().map(|path| format!("  {}", path.display())).collect();
        context.say(&format!(
            "Đã tạo thư mục làm việc {}:\n{}\n\nViệc tiếp theo: sửa hoso.yaml (tên đơn vị, địa chỉ, người ký), rồi chạy “hoso new” \
             để có tệp hồ sơ đầu tiên.",
            directory.display(),
            files.join("\n")
        ))?;
    }
    Ok(Outcome::Fine)
}
