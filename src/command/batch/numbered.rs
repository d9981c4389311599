//! `hoso batch seal`, `abandon`, `list`: batches that have numbers.

use serde::Serialize;

use super::super::{Context, Error, Outcome};
use crate::batch::job;
use crate::cli::{BatchAbandon, BatchSeal};
use crate::register::Block;

/// JSON of `hoso batch seal`.
#[derive(Serialize)]
struct Sealed<'a> {
    job: &'a str,
    letters: usize,
    dossier: String,
    cases: Vec<String>,
}

pub(super) fn seal(context: &Context, args: &BatchSeal) -> Result<Outcome, Error> {
    let workspace = context.workspace()?;
    let archived = job::seal(&workspace, &args.job)?;
    let told = Sealed {
        job: &args.job,
        letters: archived.letters,
        dossier: archived.dossier,
        cases: archived.cases.into_iter().collect(),
    };
    if context.global.json {
        context.json(&told)?;
        return Ok(Outcome::Fine);
    }
    let mut text = format!("Đã niêm phong loạt {}: {} văn bản. Hồ sơ lưu: {}.", told.job, told.letters, told.dossier);
    text.push_str(&format!("\nLấy văn bản ra để gửi: hoso archive extract {}", told.job));
    if !told.cases.is_empty() {
        text.push_str(&format!("\nVăn bản thuộc hồ sơ {} sẽ được chép vào hồ sơ ở lượt tới.", told.cases.join(", ")));
    }
    context.say(&text)?;
    Ok(Outcome::Fine)
}

/// JSON of `hoso batch abandon`.
#[derive(Serialize)]
struct Abandoned<'a> {
    job: &'a str,
    ranges: Vec<(u32, u32)>,
}

pub(super) fn abandon(context: &Context, args: &BatchAbandon) -> Result<Outcome, Error> {
    let workspace = context.workspace()?;
    let ranges = job::abandon(&workspace, &args.job, &args.reason, &args.by)?;
    if context.global.json {
        context.json(&Abandoned { job: &args.job, ranges })?;
        return Ok(Outcome::Fine);
    }
    let count: u32 = ranges.iter().map(|(first, last)| last - first + 1).sum();
    context.say(&format!(
        "Đã bỏ {count} số của loạt {}: {}. Các số này vẫn nằm trong sổ và không cấp lại.",
        args.job,
        shown(&ranges)
    ))?;
    Ok(Outcome::Fine)
}

fn shown(ranges: &[(u32, u32)]) -> String {
    let one = |(first, last): &(u32, u32)| if first == last { first.to_string() } else { format!("{first}–{last}") };
    ranges.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// A batch in the JSON of `hoso batch list`.
#[derive(Serialize)]
struct Row<'a> {
    job: &'a str,
    form: &'a str,
    date: chrono::NaiveDate,
    first: u32,
    last: u32,
    made: usize,
    dropped: u32,
    state: &'static str,
}

pub(super) fn list(context: &Context) -> Result<Outcome, Error> {
    let workspace = context.workspace()?;
    let blocks = job::blocks(&workspace)?;
    let row = |block: &Block| (job::results(&workspace, block).len(), block.dropped_count());
    let rows: Vec<Row<'_>> = blocks
        .iter()
        .map(|block| {
            let (made, dropped) = row(block);
            let reserved = &block.reserved;
            let state = match (block.sealed.is_some(), block.is_done()) {
                (true, _) => "sealed",
                (_, true) => "abandoned",
                _ => "pending",
            };
            Row {
                job: &reserved.job,
                form: &reserved.form,
                date: reserved.date,
                first: reserved.first,
                last: reserved.last(),
                made,
                dropped,
                state,
            }
        })
        .collect();
    if context.global.json {
        context.json(&rows)?;
        return Ok(Outcome::Fine);
    }
    if rows.is_empty() {
        context.say("Chưa có loạt nào có số.")?;
        return Ok(Outcome::Fine);
    }
    let lines = rows.iter().map(|row| {
        let state = match row.state {
            "sealed" => "đã niêm phong",
            "abandoned" => "đã bỏ",
            _ => "chưa niêm phong",
        };
        format!(
            "{} — {state}\n  Mẫu {}, ngày {}, số {} đến {}; {} văn bản, bỏ {} số",
            context.bold(row.job),
            row.form,
            row.date.format("%d/%m/%Y"),
            row.first,
            row.last,
            row.made,
            row.dropped
        )
    });
    context.say(&lines.collect::<Vec<_>>().join("\n\n"))?;
    Ok(Outcome::Fine)
}
