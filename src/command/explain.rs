//! `hoso explain`: every term of a case, day by day.

use super::{Context, Error, Outcome};
use crate::case::CaseCode;
use crate::cli::Explain;
use crate::letter::wording;
use crate::pipeline::close;
use crate::pipeline::read::{self, Read};
use crate::procedure::{self, Explained};
use crate::workspace::Workspace;

pub(super) fn run(context: &Context, args: &Explain) -> Result<Outcome, Error> {
    let workspace = context.workspace()?;
    let path = workspace.case_file(&args.code);
    if !path.exists() {
        return Err(no_case(&workspace, &args.code)?);
    }
    let reading = match read::read(&workspace, &path) {
        Read::Case(reading) => reading,
        Read::Faulty { findings, .. } => return Err(Error::Findings(findings)),
    };
    let explained = procedure::explain(&reading.assessment, &workspace.calendar);
    if context.global.json {
        context.json(&explained)?;
        return Ok(Outcome::Fine);
    }
    let mut lines = vec![context.bold(&format!("{}: {}", args.code, reading.assessment.stage.text()))];
    if explained.is_empty() {
        lines.push("Chưa có thời hạn nào: tệp chưa ghi ngày khiếu nại đến.".to_owned());
    }
    lines.extend(explained.iter().map(|term| text(context, term)));
    context.say(&lines.join("\n"))?;
    Ok(Outcome::Fine)
}

/// What to say of a code that has no case file: closed, or unknown.
pub(super) fn no_case(workspace: &Workspace, code: &CaseCode) -> Result<Error, Error> {
    if close::closed_codes(workspace)?.contains(code.as_str()) {
        return Ok(Error::Plain(
            format!("Hồ sơ {code} đã kết thúc và đã lưu."),
            format!(
                "Xem các tệp: “hoso archive extract {code}”. Mở lại: “hoso archive reopen {code} --reason … --by …”."
            ),
        ));
    }
    Ok(Error::Plain(
        format!("Không có tệp hồ sơ {}.", workspace.show(&workspace.case_file(code))),
        "Xem các hồ sơ đang mở bằng “hoso status”, hồ sơ đã lưu bằng “hoso archive list”.".to_owned(),
    ))
}

/// A term as a clerk reads it: from when, how long, until when, then day by day.
fn text(context: &Context, term: &Explained) -> String {
    let show = |date: chrono::NaiveDate| date.format("%d/%m/%Y").to_string();
    let round = if term.round > 0 { format!(", lần {}", term.round) } else { String::new() };
    let state = match term.met {
        Some(met) if term.late => context.red(&format!("đã làm ngày {}, trễ hạn", show(met))),
        Some(met) => format!("đã làm ngày {}", show(met)),
        None if term.late => context.red("chưa làm, đã quá hạn"),
        None => "chưa làm".to_owned(),
    };
    let mut lines = vec![
        String::new(),
        context.bold(&format!("{}{round}", wording::capitalised(&term.label))),
        format!("  {} ngày làm việc kể từ {} ({}), {}", term.length, show(term.from), term.from_label, term.source),
        format!("  Hạn: {} — {state}", show(term.due)),
    ];
    for day in &term.days {
        let reason = day.reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
        lines.push(match day.counted {
            Some(place) => format!("    {} ngày thứ {place}{reason}", show(day.date)),
            None => format!("    {} không tính{reason}", show(day.date)),
        });
    }
    lines.extend(term.remarks.iter().map(|remark| format!("  Lưu ý: {remark}")));
    lines.join("\n")
}
