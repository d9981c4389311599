//! `hoso archive list`.

use serde::Serialize;

use super::show::{Verified, checked};
use super::{open, title};
use crate::archive::access::{Check, Checks};
use crate::archive::{self, Publication};
use crate::command::{Context, Error, Outcome};

/// One dossier in the JSON of `hoso archive list`.
#[derive(Serialize)]
struct Row<'a> {
    #[serde(flatten)]
    publication: &'a Publication,
    title: String,
    state: &'static str,
    last_verified: Option<Verified>,
}

pub(super) fn run(context: &Context) -> Result<Outcome, Error> {
    let workspace = context.workspace()?;
    let archive = open(&workspace)?;
    let state = |publication: &Publication| match archive.state(&publication.meta.code) {
        archive::State::Reopened(version) if version == publication.meta.version => "mo_lai",
        _ => "da_luu",
    };
    let checks = Checks::read(&workspace.access_log())?;
    let last: Vec<Option<Check>> = archive
        .list()
        .map(|(time, publication)| checks.last(&publication.meta.code, publication.meta.version, time))
        .collect();
    let rows: Vec<Row> = archive
        .list()
        .zip(&last)
        .map(|((_, publication), last)| Row {
            publication,
            title: title(&workspace, &archive, publication),
            state: state(publication),
            last_verified: last.as_ref().map(Verified::of),
        })
        .collect();
    if context.global.json {
        context.json(&rows)?;
        return Ok(Outcome::Fine);
    }
    if rows.is_empty() {
        context.say("Kho lưu trữ chưa có hồ sơ nào.")?;
        return Ok(Outcome::Fine);
    }
    let lines: Vec<String> = rows
        .iter()
        .zip(&last)
        .map(|(row, last)| {
            let meta = &row.publication.meta;
            let reopened = if row.state == "mo_lai" { " — đang mở lại" } else { "" };
            format!(
                "{} (phiên bản {}){reopened}\n  {}\n  Kết thúc: {}; lưu ngày {}; bảo quản: {}; {} văn bản, {} trang\n  {}\n  {}",
                context.bold(&meta.code),
                meta.version,
                row.title,
                meta.end,
                meta.closed.format("%d/%m/%Y"),
                meta.retention,
                meta.letters,
                meta.pages,
                checked(last.as_ref()),
                workspace.show(&archive.file(row.publication))
            )
        })
        .collect();
    context.say(&lines.join("\n\n"))?;
    Ok(Outcome::Fine)
}
