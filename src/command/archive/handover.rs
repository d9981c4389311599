//! `hoso archive list --handover`: the list of the dossiers of a year.

use chrono::Datelike;
use serde::Serialize;

use super::{open, title};
use crate::archive::{Archive, State};
use crate::cli::ArchiveList;
use crate::command::{Context, Error, Outcome, paper, sheet};
use crate::letter::handover::{self, Dossier, Handover};
use crate::workspace::Workspace;

/// JSON of `hoso archive list --handover`.
#[derive(Serialize)]
struct Listed {
    year: i32,
    dossiers: Vec<Row>,
    file: Option<String>,
}

#[derive(Serialize)]
struct Row {
    code: String,
    title: String,
    from: chrono::NaiveDate,
    to: chrono::NaiveDate,
    retention: String,
    pages: u32,
    remark: String,
}

const HEADINGS: [&str; 8] = [
    "Số TT",
    "Mã hồ sơ",
    "Tiêu đề hồ sơ",
    "Tài liệu từ ngày",
    "Tài liệu đến ngày",
    "Thời hạn bảo quản",
    "Số trang",
    "Ghi chú",
];

pub(super) fn run(context: &Context, args: &ArchiveList, year: i32) -> Result<Outcome, Error> {
    let workspace = context.workspace()?;
    paper::free(args.pdf.as_deref())?;
    let archive = open(&workspace)?;
    let dossiers = dossiers(&workspace, &archive, year);
    let mut file = None;
    if let Some(path) = &args.pdf {
        let today = workspace.clock.today();
        let issuer = paper::issuer(&workspace, today)?;
        let list = Handover {
            company: issuer.company.to_string(),
            centre: issuer.centre.to_string(),
            place: issuer.place.to_string(),
            year,
            date: today,
            by: args.by.clone(),
        };
        let pages = paper::write(&workspace, path, &handover::prepare(&list, &dossiers))?;
        file = Some((path.display().to_string(), pages));
    }
    if context.global.json {
        let row = |one: Dossier| {
            let Dossier { code, title, from, to, retention, pages, remark } = one;
            Row { code, title, from, to, retention, pages, remark }
        };
        context.json(&Listed {
            year,
            dossiers: dossiers.into_iter().map(row).collect(),
            file: file.map(|(path, _)| path),
        })?;
        return Ok(Outcome::Fine);
    }
    if args.csv {
        csv(&dossiers)?;
        return Ok(Outcome::Fine);
    }
    let day = |day: chrono::NaiveDate| day.format("%d/%m/%Y").to_string();
    let lines: Vec<String> = dossiers
        .iter()
        .enumerate()
        .map(|(place, one)| {
            let remark = if one.remark.is_empty() { String::new() } else { format!("; {}", one.remark.to_lowercase()) };
            format!(
                "{:>4}. {}  {}\n      Tài liệu từ {} đến {}; bảo quản {}; {} trang{remark}",
                place + 1,
                context.bold(&one.code),
                one.title,
                day(one.from),
                day(one.to),
                one.retention.to_lowercase(),
                one.pages
            )
        })
        .collect();
    let total: u64 = dossiers.iter().map(|one| u64::from(one.pages)).sum();
    let mut text = lines.join("\n");
    text.push_str(&format!("\n\nHồ sơ lưu năm {year}: {} hồ sơ, {total} trang.", dossiers.len()));
    if let Some((path, pages)) = file {
        text.push_str(&format!("\nĐã ghi mục lục ({pages} trang): {path}"));
    }
    context.say(text.trim_start())?;
    Ok(Outcome::Fine)
}

/// The closed dossiers whose latest version was put into the archive that year, by code.
fn dossiers(workspace: &Workspace, archive: &Archive, year: i32) -> Vec<Dossier> {
    let mut codes: Vec<&str> = archive.list().map(|(_, one)| one.meta.code.as_str()).collect();
    codes.dedup();
    let closed = codes.into_iter().filter(|code| matches!(archive.state(code), State::Closed(_)));
    let latest = closed.filter_map(|code| archive.latest(code)).filter(|one| one.meta.closed.year() == year);
    latest
        .map(|one| {
            let meta = &one.meta;
            Dossier {
                code: meta.code.clone(),
                title: title(workspace, archive, one),
                from: meta.from,
                to: meta.to,
                retention: meta.retention.clone(),
                pages: meta.pages,
                remark: if meta.version > 1 { format!("Phiên bản {}", meta.version) } else { String::new() },
            }
        })
        .collect()
}

fn csv(dossiers: &[Dossier]) -> Result<(), Error> {
    let cells = |(place, one): (usize, &Dossier)| {
        vec![
            (place + 1).to_string(),
            one.code.clone(),
            one.title.clone(),
            sheet::day(one.from),
            sheet::day(one.to),
            one.retention.clone(),
            one.pages.to_string(),
            one.remark.clone(),
        ]
    };
    sheet::csv(&HEADINGS, dossiers.iter().enumerate().map(cells))
}
