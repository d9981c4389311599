//! `hoso explain`: every term of a case, day by day.

use super::{Context, Error, Outcome};
use crate::cli::Explain;
use crate::pipeline::read::{self, Read};
use crate::procedure;

pub(super) fn run(context: &Context, args: &Explain) -> Result<Outcome, Error> {
    let workspace = context.workspace()?;
    let path = workspace.case_file(&args.code);
    if !path.exists() {
        return Err(Error::Plain(
            format!("Không có tệp hồ sơ {}.", path.display()),
            "Xem các hồ sơ đang mở bằng “hoso status”, hồ sơ đã lưu bằng “hoso archive list”.".to_owned(),
        ));
    }
    let reading = match read::read(&workspace, &path) {
        Read::Case(reading) => reading,
        Read::Faulty { findings, .. } => return Err(Error::Findings(findings)),
    };
    let explained = procedure::explain(&reading.case, &reading.assessment, &workspace.calendar);
    if context.global.json {
        context.json(&explained)?;
        return Ok(Outcome::Fine);
    }
    let mut lines = vec![context.bold(&format!("{}: {}", args.code, reading.assessment.stage.text()))];
    if explained.is_empty() {
        lines.push("Chưa có thời hạn nào: tệp chưa ghi ngày khiếu nại đến.".to_owned());
    }
    lines.extend(explained.iter().map(|term| format!("\n{term}")));
    context.say(&lines.join("\n"))?;
    Ok(Outcome::Fine)
}
