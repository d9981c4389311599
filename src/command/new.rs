//! `hoso new`: the next case file, commented.

use chrono::Datelike;
use serde::Serialize;

use super::{Context, Error, Outcome};
use crate::case::template;
use crate::cli::New;
use crate::{fs, pipeline};

/// JSON of `hoso new`.
#[derive(Serialize)]
struct Made {
    code: String,
    file: String,
}

pub(super) fn run(context: &Context, args: &New) -> Result<Outcome, Error> {
    let workspace = context.workspace()?;
    let today = workspace.clock.today();
    // Two clerks at once get two codes.
    let _pass = workspace.pass_lock()?;
    let code = match &args.code {
        Some(code) => code.clone(),
        None => pipeline::next_code(&workspace, today.year())?,
    };
    let path = workspace.case_file(&code);
    if path.exists() || pipeline::close::closed_codes(&workspace)?.contains(code.as_str()) {
        return Err(Error::Plain(
            format!("Mã hồ sơ {code} đã dùng."),
            "Bỏ --code để lấy mã kế tiếp, hoặc dùng “hoso archive reopen” nếu muốn mở lại hồ sơ đã lưu.".to_owned(),
        ));
    }
    fs::create_dir(&workspace.folder(&code).evidence())?;
    fs::write(&path, &template::bytes(&template::new_case(&code, today)))?;
    // A blank of this code must not be moved over it.
    pipeline::blank::renew(&workspace)?;
    if context.global.json {
        context.json(&Made { code: code.to_string(), file: workspace.show(&path) })?;
    } else {
        let evidence = workspace.folder(&code).evidence();
        context.say(&format!("Đã tạo {}\nTài liệu kèm theo để vào thư mục {}", path.display(), evidence.display()))?;
    }
    Ok(Outcome::Fine)
}
