//! `hoso status`: where each case stands and what is due.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::overview::Overview;
use super::presence::{self, Presence};
use super::{Context, Error, Outcome};
use crate::board::{Counts, Letter, Move, Row, Task, Urgency};
use crate::cli::Status;
use crate::diagnostic::Diagnostic;
use crate::pipeline::{CaseReport, desk};
use crate::procedure::{Actor, Assessment};

/// One case in the JSON of `hoso status`.
#[derive(Serialize)]
struct Shown<'a> {
    code: &'a str,
    file: &'a str,
    complainant: Option<&'a str>,
    summary: Option<&'a str>,
    stage: &'a str,
    step: Option<u8>,
    errors: usize,
    warnings: usize,
    late: bool,
    urgency: Urgency,
    tasks: &'a [Task],
    waiting: &'a [String],
    letters: &'a [Letter],
    assessment: Option<&'a Assessment>,
}

/// The watcher in the JSON of `hoso status`.
#[derive(Serialize)]
struct Watched<'a> {
    running: bool,
    last: Option<&'a crate::board::Watcher>,
}

/// JSON of `hoso status`.
#[derive(Serialize)]
struct Desk<'a> {
    today: NaiveDate,
    counts: Counts,
    cases: Vec<Shown<'a>>,
    closed: usize,
    moved: &'a [Move],
    watcher: Watched<'a>,
    findings: &'a [Diagnostic],
}

pub(super) fn run(context: &Context, args: &Status) -> Result<Outcome, Error> {
    let workspace = context.workspace()?;
    presence::folder(&workspace)?;
    let mut presence = Presence::of(&workspace)?;
    let asked = |code: &str| args.code.as_ref().is_none_or(|asked| asked.as_str() == code);
    presence.gone.retain(|code, _| asked(code));
    let mut overview = Overview::of(&workspace, &presence)?;
    presence.returned.retain(|code| asked(code));
    let board = &mut overview.board;
    board.findings = presence.findings(&workspace);
    board.findings.extend(desk::twins(&overview.report).cloned());
    board.rows.retain(|row| asked(&row.code) && (!args.late || row.late()));
    board.moves.retain(|moved| asked(&moved.code));
    let known = !board.rows.is_empty() || !presence.gone.is_empty() || !presence.returned.is_empty();
    if let (Some(code), false, false) = (&args.code, known, args.late) {
        return Err(super::explain::no_case(&workspace, code)?);
    }
    if context.global.json {
        context.json(&json(&overview))?;
    } else {
        context.say(&table(context, &overview))?;
    }
    Ok(Outcome::Fine)
}

fn json(overview: &Overview) -> Desk<'_> {
    let Overview { board, report, signs, watched } = overview;
    let reports: BTreeMap<&str, &CaseReport> = report.cases.iter().map(|case| (case.file.as_str(), case)).collect();
    let cases = board.rows.iter().map(|row| Shown {
        code: &row.code,
        file: &row.path,
        complainant: row.complainant.as_deref(),
        summary: row.summary.as_deref(),
        stage: &row.stage,
        step: row.step,
        errors: row.errors,
        warnings: row.warnings,
        late: row.late(),
        urgency: row.urgency,
        tasks: &row.tasks,
        waiting: &row.waiting,
        letters: &row.letters,
        assessment: reports.get(row.path.as_str()).and_then(|case| case.assessment.as_ref()),
    });
    Desk {
        today: board.today,
        counts: board.counts,
        cases: cases.collect(),
        closed: board.counts.closed,
        moved: &board.moves,
        watcher: Watched { running: *watched, last: signs.watcher.as_ref() },
        findings: &board.findings,
    }
}

fn table(context: &Context, overview: &Overview) -> String {
    let board = &overview.board;
    let mut lines = vec![context.bold(&format!("Ngày {}", board.today.format("%d/%m/%Y")))];
    for urgency in Urgency::ALL {
        let rows: Vec<&Row> = board.of(urgency).collect();
        if rows.is_empty() {
            continue;
        }
        let title = format!("{} ({})", urgency.text().to_uppercase(), rows.len());
        lines.push(String::new());
        lines.push(if urgency == Urgency::Late { context.red(&title) } else { context.bold(&title) });
        for row in rows {
            lines.push(String::new());
            lines.extend(case(context, row));
        }
    }
    lines.push(String::new());
    if !board.moves.is_empty() {
        lines.push(context.bold("Lịch nghỉ đổi, hạn dời ngày"));
        lines.extend(board.moves.iter().map(|moved| format!("  {}", super::build::moved(moved))));
        lines.push(String::new());
    }
    if !board.findings.is_empty() {
        lines.push(context.draw(&board.findings));
    }
    lines.push(overview.watcher_text());
    let late = board.of(Urgency::Late).count();
    let faulty = board.rows.iter().filter(|row| row.errors > 0).count();
    let (open, closed) = (board.rows.len(), board.counts.closed);
    lines.push(format!("{open} hồ sơ đang mở: {late} trễ hạn, {faulty} có lỗi; {closed} hồ sơ đã lưu."));
    lines.join("\n")
}

fn case(context: &Context, row: &Row) -> Vec<String> {
    let step = row.step.map(|step| format!("bước {step} · ")).unwrap_or_default();
    let who = row.complainant.as_deref().unwrap_or("(chưa ghi người khiếu nại)");
    let mut lines = vec![format!("{} {who}", context.bold(&row.code))];
    lines.extend(row.summary.iter().map(|summary| format!("  {summary}")));
    lines.push(format!("  {step}{}", row.stage));
    lines.extend(row.tasks.iter().map(|task| format!("  → {}", sentence(context, task))));
    lines.extend(row.waiting.iter().map(|wait| format!("  … {wait}")));
    lines.extend(row.remarks.iter().map(|remark| format!("  • {remark}")));
    if row.errors + row.warnings > 0 {
        lines.push(format!("  {} lỗi, {} cảnh báo (xem “hoso check {}”)", row.errors, row.warnings, row.path));
    }
    lines
}

/// Something to be done as one line: what, who, by when.
pub(super) fn sentence(context: &Context, task: &Task) -> String {
    let who = match &task.who {
        Actor::Intake => "bộ phận tiếp nhận",
        Actor::Signer => "người ký",
        Actor::Unit(unit) => unit,
        Actor::Complainant => "khách hàng",
        Actor::Program => "chương trình",
    };
    let due = task.due_text().map(|due| format!(" — {due}")).unwrap_or_default();
    format!("{} ({who}){}", task.what, if task.late { context.red(&due) } else { due })
}
