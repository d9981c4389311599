//! `hoso status`: where each case stands and what is due.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::Serialize;

use super::presence::{self, Presence};
use super::{Context, Error, Outcome};
use crate::cli::Status;
use crate::diagnostic::Diagnostic;
use crate::pipeline;
use crate::pipeline::read::Read;
use crate::procedure::{Action, Actor, Assessment};
use crate::workspace::Workspace;

/// One case in the JSON of `hoso status`.
#[derive(Serialize)]
pub(super) struct Row {
    pub(super) code: String,
    file: String,
    complainant: Option<String>,
    summary: Option<String>,
    stage: String,
    step: Option<u8>,
    errors: usize,
    warnings: usize,
    pub(super) late: bool,
    pub(super) assessment: Option<Assessment>,
}

/// JSON of `hoso status`.
#[derive(Serialize)]
struct Desk {
    today: NaiveDate,
    cases: Vec<Row>,
    closed: usize,
    findings: Vec<Diagnostic>,
}

pub(super) fn run(context: &Context, args: &Status) -> Result<Outcome, Error> {
    let workspace = context.workspace()?;
    presence::folder(&workspace)?;
    let mut presence = Presence::of(&workspace)?;
    let asked = |code: &str| args.code.as_ref().is_none_or(|asked| asked.as_str() == code);
    presence.gone.retain(|code, _| asked(code));
    let mut rows = rows(&workspace);
    // What a closed case's file says is not on the desk until the case is opened again.
    rows.retain(|row| asked(&row.code) && (!args.late || row.late) && !presence.returned.contains(&row.code));
    presence.returned.retain(|code| asked(code));
    let known = rows.iter().any(|row| asked(&row.code)) || !presence.gone.is_empty() || !presence.returned.is_empty();
    if let (Some(code), false, false) = (&args.code, known, args.late) {
        return Err(super::explain::no_case(&workspace, code)?);
    }
    let findings = presence.findings(&workspace);
    let closed = presence.closed;
    if context.global.json {
        context.json(&Desk { today: workspace.clock.today(), cases: rows, closed, findings })?;
    } else {
        context.say(&table(context, &workspace, &rows, closed, &findings))?;
    }
    Ok(Outcome::Fine)
}

/// All cases in the folder, the most urgent first: late, with errors, by the nearest date due.
pub(super) fn rows(workspace: &Workspace) -> Vec<Row> {
    let mut reads = pipeline::read_all(workspace, &BTreeSet::new());
    let cases = reads.iter_mut().filter_map(Read::case);
    // What the archive's journal cannot tell now, `build` and `archive verify` say.
    let _ = pipeline::close::foresee(workspace, cases);
    let mut rows: Vec<Row> = reads.into_iter().map(row).collect();
    rows.sort_by_key(|row| (!row.late, row.errors == 0, due(row).unwrap_or(NaiveDate::MAX), row.code.clone()));
    rows
}

fn row(read: Read) -> Row {
    match read {
        Read::Faulty { stem, file, findings } => {
            let errors = findings.iter().filter(|finding| finding.is_error()).count();
            let stage = "Tệp có lỗi, chưa đọc được".to_owned();
            let warnings = findings.len() - errors;
            Row {
                code: stem,
                file,
                complainant: None,
                summary: None,
                stage,
                step: None,
                errors,
                warnings,
                late: false,
                assessment: None,
            }
        }
        Read::Case(reading) => {
            let errors = reading.findings.iter().filter(|finding| finding.is_error()).count();
            let assessment = reading.assessment;
            Row {
                code: reading.code.to_string(),
                file: reading.file,
                complainant: reading.case.complainant.and_then(|c| c.name).map(|name| name.to_string()),
                summary: reading.case.intake.and_then(|i| i.summary).map(|summary| summary.to_string()),
                stage: assessment.stage.text().to_owned(),
                step: Some(assessment.step),
                errors,
                warnings: reading.findings.len() - errors,
                late: assessment.actions.iter().any(|action| action.late),
                assessment: Some(assessment),
            }
        }
    }
}

fn due(row: &Row) -> Option<NaiveDate> {
    row.assessment.as_ref()?.actions.iter().filter_map(|action| action.due).min()
}

fn table(context: &Context, workspace: &Workspace, rows: &[Row], closed: usize, findings: &[Diagnostic]) -> String {
    let mut lines = vec![context.bold(&format!("Ngày {}", workspace.clock.today().format("%d/%m/%Y")))];
    for row in rows {
        let step = row.step.map(|step| format!("bước {step} · ")).unwrap_or_default();
        let mark = if row.late { format!("{} ", context.red("TRỄ HẠN")) } else { String::new() };
        let who = row.complainant.as_deref().unwrap_or("(chưa ghi người khiếu nại)");
        lines.push(String::new());
        lines.push(format!("{mark}{} {who}", context.bold(&row.code)));
        if let Some(summary) = &row.summary {
            lines.push(format!("  {summary}"));
        }
        lines.push(format!("  {step}{}", row.stage));
        for action in row.assessment.iter().flat_map(|assessment| &assessment.actions) {
            lines.push(format!("  → {}", sentence(context, action)));
        }
        for remark in row.assessment.iter().flat_map(|assessment| &assessment.remarks) {
            lines.push(format!("  • {remark}"));
        }
        if row.errors + row.warnings > 0 {
            lines.push(format!("  {} lỗi, {} cảnh báo (xem “hoso check {}”)", row.errors, row.warnings, row.file));
        }
    }
    lines.push(String::new());
    if !findings.is_empty() {
        lines.push(context.draw(findings));
    }
    let late = rows.iter().filter(|row| row.late).count();
    let faulty = rows.iter().filter(|row| row.errors > 0).count();
    lines.push(format!("{} hồ sơ đang mở: {late} trễ hạn, {faulty} có lỗi; {closed} hồ sơ đã lưu.", rows.len()));
    lines.join("\n")
}

/// An action as one line: what, who, by when.
pub(super) fn sentence(context: &Context, action: &Action) -> String {
    let who = match &action.who {
        Actor::Intake => "bộ phận tiếp nhận",
        Actor::Signer => "người ký",
        Actor::Unit(unit) => unit,
        Actor::Complainant => "khách hàng",
    };
    let due = match action.due {
        Some(due) if action.late => context.red(&format!(" — hạn {}, đã quá hạn", due.format("%d/%m/%Y"))),
        Some(due) => format!(" — hạn {}", due.format("%d/%m/%Y")),
        None => String::new(),
    };
    format!("{} ({who}){due}", action.what.trim_end_matches('.'))
}
