//! `hoso archive due`.

use chrono::NaiveDate;
use serde::Serialize;

use super::{open, title};
use crate::archive::{Archive, Due};
use crate::cli::ArchiveDue;
use crate::command::{Context, Error, Outcome, sheet};
use crate::workspace::Workspace;

/// JSON of `hoso archive due`.
#[derive(Serialize)]
struct Listed<'a> {
    as_of: NaiveDate,
    due: Vec<Row<'a>>,
}

/// A dossier whose time is over.
#[derive(Serialize)]
struct Row<'a> {
    code: &'a str,
    title: String,
    end: &'a str,
    from: NaiveDate,
    to: NaiveDate,
    closed: NaiveDate,
    retention: &'a str,
    kept_until: NaiveDate,
    versions: usize,
    pages: u32,
    holds: Vec<&'a str>,
    file: String,
}

const HEADINGS: [&str; 11] = [
    "STT",
    "Mã hồ sơ",
    "Tiêu đề",
    "Từ ngày",
    "Đến ngày",
    "Ngày lưu",
    "Thời hạn bảo quản",
    "Bảo quản đến hết",
    "Số phiên bản",
    "Số trang",
    "Tạm dừng hủy",
];

pub(super) fn run(context: &Context, args: &ArchiveDue) -> Result<Outcome, Error> {
    let workspace = context.workspace()?;
    let archive = open(&workspace)?;
    let as_of = args.as_of.unwrap_or_else(|| workspace.clock.today());
    let due = archive.due(as_of);
    let rows: Vec<Row> = due.iter().map(|due| row(&workspace, &archive, due)).collect();
    if context.global.json {
        context.json(&Listed { as_of, due: rows })?;
        return Ok(Outcome::Fine);
    }
    if args.csv {
        csv(&rows)?;
        return Ok(Outcome::Fine);
    }
    let day = |day: NaiveDate| day.format("%d/%m/%Y").to_string();
    if rows.is_empty() {
        context.say(&format!("Đến ngày {}, chưa có hồ sơ nào hết thời hạn bảo quản.", day(as_of)))?;
        return Ok(Outcome::Fine);
    }
    let lines: Vec<String> = rows
        .iter()
        .map(|row| {
            let held = if row.holds.is_empty() {
                String::new()
            } else {
                format!("\n  ĐANG TẠM DỪNG HỦY: {}", row.holds.join(", "))
            };
            format!(
                "{}\n  {}\n  Kết thúc: {}; lưu ngày {}; {}, hết ngày {}; {} trang{held}",
                context.bold(row.code),
                row.title,
                row.end,
                day(row.closed),
                row.retention.to_lowercase(),
                day(row.kept_until),
                row.pages,
            )
        })
        .collect();
    let held = rows.iter().filter(|row| !row.holds.is_empty()).count();
    let held = if held == 0 { String::new() } else { format!(", trong đó {held} hồ sơ đang tạm dừng hủy") };
    context.say(&format!(
        "{}\n\nĐến ngày {}: {} hồ sơ hết thời hạn bảo quản{held}.",
        lines.join("\n\n"),
        day(as_of),
        rows.len()
    ))?;
    Ok(Outcome::Fine)
}

fn row<'a>(workspace: &Workspace, archive: &Archive, due: &'a Due<'a>) -> Row<'a> {
    let meta = &due.latest.meta;
    Row {
        code: &meta.code,
        title: title(workspace, archive, due.latest),
        end: &meta.end,
        from: meta.from,
        to: meta.to,
        closed: meta.closed,
        retention: &meta.retention,
        kept_until: due.kept_until,
        versions: due.versions,
        pages: meta.pages,
        holds: due.holds.iter().map(|(_, hold)| hold.name.as_str()).collect(),
        file: workspace.show(&archive.file(due.latest)),
    }
}

fn csv(rows: &[Row]) -> Result<(), Error> {
    let cells = |(place, row): (usize, &Row)| {
        vec![
            (place + 1).to_string(),
            row.code.to_owned(),
            row.title.clone(),
            sheet::day(row.from),
            sheet::day(row.to),
            sheet::day(row.closed),
            row.retention.to_owned(),
            sheet::day(row.kept_until),
            row.versions.to_string(),
            row.pages.to_string(),
            row.holds.join("; "),
        ]
    };
    sheet::csv(&HEADINGS, rows.iter().enumerate().map(cells))
}
