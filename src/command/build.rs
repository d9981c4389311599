//! `hoso build`: one pass over the folder.

use super::{Context, Error, Outcome};
use crate::board::Move;
use crate::pipeline::{self, Report};

pub(super) fn run(context: &Context) -> Result<Outcome, Error> {
    let workspace = context.workspace()?;
    context.warn_of_unused_forms(&workspace);
    let report = pipeline::build(&workspace)?;
    print(context, &report)?;
    Ok(Outcome::of(report.has_errors()))
}

/// Prints a pass: what changed, what is wrong, what waits.
pub(super) fn print(context: &Context, report: &Report) -> Result<(), Error> {
    for case in &report.cases {
        context.detail(1, || {
            let stage = case.assessment.as_ref().map_or("chưa đọc được", |assessment| assessment.stage.text());
            format!("{}: {stage}; {} văn bản, {} ghi chú", case.file, case.letters.len(), case.findings.len())
        });
        for letter in &case.letters {
            context.detail(2, || format!("  {}", letter.file));
        }
    }
    if context.global.json {
        return context.json(report);
    }
    let mut lines: Vec<String> =
        report.changes.iter().map(|change| format!("  {} — {}", change.path, change.what)).collect();
    if lines.is_empty() {
        lines.push("Không có gì thay đổi.".to_owned());
    } else {
        lines.insert(0, context.bold("Đã làm:"));
    }
    if !report.moved.is_empty() {
        lines.push(context.bold("Lịch nghỉ đã đổi, các hạn sau dời ngày:"));
        lines.extend(report.moved.iter().map(|of| format!("  {}", moved(of))));
    }
    let of_cases = report.cases.iter().flat_map(|case| &case.findings);
    let findings: Vec<_> = report.findings.iter().chain(of_cases).cloned().collect();
    if !findings.is_empty() {
        lines.push(String::new());
        lines.push(context.draw(&findings));
    }
    let waits = report.cases.iter().flat_map(|case| case.waiting.iter().map(|wait| format!("  {}: {wait}", case.code)));
    let waits: Vec<String> = waits.collect();
    if !waits.is_empty() {
        lines.push(context.bold("Đang chờ:"));
        lines.extend(waits);
    }
    let errors = findings.iter().filter(|finding| finding.is_error()).count();
    lines.push(format!(
        "{} hồ sơ đang mở, {} vừa lưu, {errors} lỗi, {} cảnh báo.",
        report.open,
        report.cases.iter().filter(|case| case.closed.is_some()).count(),
        findings.len() - errors
    ));
    context.say(&lines.join("\n"))
}

/// A term that moved with the calendar, as one line.
pub(super) fn moved(moved: &Move) -> String {
    let day = |date: chrono::NaiveDate| date.format("%d/%m/%Y").to_string();
    format!("{}: {}, từ {} sang {}", moved.code, moved.label, day(moved.from), day(moved.to))
}
