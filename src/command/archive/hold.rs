//! `hoso archive hold …`.

use chrono::{DateTime, FixedOffset};
use serde::Serialize;

use super::nameless::nameless;
use super::open;
use crate::archive::{self, Hold};
use crate::cli::{HoldCommand, HoldList, HoldSet};
use crate::command::{Context, Error, Outcome};
use crate::letter::wording::capitalised;
use crate::pipeline::{Failure, close};

/// A hold, as JSON.
#[derive(Serialize)]
struct Row<'a> {
    code: &'a str,
    name: &'a str,
    reason: &'a str,
    by: &'a str,
    since: String,
}

pub(super) fn run(context: &Context, command: &HoldCommand) -> Result<Outcome, Error> {
    match command {
        HoldCommand::List(args) => list(context, args),
        HoldCommand::Set(args) => change(context, args, true),
        HoldCommand::Release(args) => change(context, args, false),
    }
}

fn list(context: &Context, args: &HoldList) -> Result<Outcome, Error> {
    let workspace = context.workspace()?;
    let archive = open(&workspace)?;
    if let Some(code) = &args.code {
        super::publication(&archive, code, None)?;
    }
    let wanted = |hold: &Hold| args.code.as_ref().is_none_or(|code| hold.code == *code);
    let holds: Vec<(DateTime<FixedOffset>, &Hold)> = archive.all_holds().filter(|(_, hold)| wanted(hold)).collect();
    if context.global.json {
        let row = |(time, hold): &(DateTime<FixedOffset>, &Hold)| (time.to_rfc3339(), (*hold).clone());
        let rows: Vec<_> = holds.iter().map(row).collect();
        let rows: Vec<Row> = rows
            .iter()
            .map(|(since, Hold { code, name, reason, by })| Row { code, name, reason, by, since: since.clone() })
            .collect();
        context.json(&rows)?;
        return Ok(Outcome::Fine);
    }
    if holds.is_empty() {
        context.say("Không có lệnh tạm dừng hủy nào đang có hiệu lực.")?;
        return Ok(Outcome::Fine);
    }
    let lines: Vec<String> = holds
        .iter()
        .map(|(time, hold)| {
            format!(
                "{}  “{}”\n  Lý do: {}\n  {}, {}",
                context.bold(&hold.code),
                hold.name,
                hold.reason,
                hold.by,
                time.format("%H:%M ngày %d/%m/%Y")
            )
        })
        .collect();
    context.say(&lines.join("\n"))?;
    Ok(Outcome::Fine)
}

fn change(context: &Context, args: &HoldSet, set: bool) -> Result<Outcome, Error> {
    let workspace = context.workspace()?;
    workspace.today_is_today()?;
    let _lock = workspace.lock()?;
    let mut archive = close::open_archive(&workspace)?;
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let hold = Hold {
        code: args.code.clone(),
        name: one_line(&args.name),
        reason: one_line(&args.reason),
        by: one_line(&args.by),
    };
    let Hold { code, name, reason, .. } = hold.clone();
    let texts = [("tên lệnh tạm dừng hủy", name.as_str()), ("lý do", reason.as_str())];
    // A name that was set before can only be released by that name.
    nameless(&workspace, &archive, &[&code], if set { &texts } else { &texts[1..] })?;
    let now = workspace.clock.now();
    let done = if set { archive.hold(hold, now) } else { archive.release(hold, now) };
    done.map_err(|error| match error {
        archive::Error::NoSuchCode(_) => Error::Plain(
            capitalised(&format!("{error}.")),
            "Xem các hồ sơ đã lưu bằng “hoso archive list”, tìm bằng “hoso archive find”.".to_owned(),
        ),
        archive::Error::Held { .. } => Error::Plain(
            capitalised(&format!("{error}.")),
            "Mỗi lệnh tạm dừng hủy một tên: đặt tên khác nếu là việc khác.".to_owned(),
        ),
        archive::Error::NotHeld { .. } => Error::Plain(
            capitalised(&format!("{error}.")),
            format!("Xem các lệnh đang có bằng “hoso archive hold list {code}”."),
        ),
        error => Failure::from(error).into(),
    })?;
    let left: Vec<&str> = archive.holds(&code).map(|(_, hold)| hold.name.as_str()).collect();
    if context.global.json {
        context.json(&serde_json::json!({ "code": code, "name": name, "set": set, "holds": left }))?;
        return Ok(Outcome::Fine);
    }
    context.say(&match (set, left.len()) {
        (true, _) => {
            format!("Đã đặt lệnh tạm dừng hủy “{name}” cho hồ sơ {code}. Hồ sơ không bị hủy cho đến khi bỏ hết các lệnh tạm dừng hủy.")
        }
        (false, 0) => format!("Đã bỏ lệnh tạm dừng hủy “{name}” của hồ sơ {code}; không còn lệnh tạm dừng hủy nào."),
        (false, _) => format!("Đã bỏ lệnh tạm dừng hủy “{name}” của hồ sơ {code}; còn: {}.", left.join(", ")),
    })?;
    Ok(Outcome::Fine)
}
