//! `hoso register list`: the books, of all time or of a period, to read, to reckon with, to sign.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use chrono::NaiveDate;
use serde::Serialize;

use super::open;
use crate::batch::job;
use crate::case::Case;
use crate::cli::{Book, RegisterList};
use crate::command::{Context, Error, Outcome, paper, sheet, warn};
use crate::letter::{Prepared, book};
use crate::pipeline::unread::{self, Unread};
use crate::pipeline::{close, issue};
use crate::register::{self, Block, Delivery, Made, Record, Words};
use crate::workspace::Workspace;

mod complaints;
mod transfers;

pub(in crate::command) fn run(context: &Context, args: &RegisterList) -> Result<Outcome, Error> {
    let workspace = context.workspace()?;
    paper::free(args.pdf.as_deref())?;
    let register = open(&workspace)?;
    let cases = close::all_cases(&workspace)?;
    let period = args.period.period();
    let within = |date: Option<NaiveDate>| period.is_none_or(|period| date.is_some_and(|date| period.holds(date)));
    let sheet = || paper::sheet(&workspace, period, args.by.as_deref());
    let printed = args.pdf.is_some();
    let unread = unread::unread(&workspace, &register, &cases)?;
    // Told before the rows, which a pipe may cut off.
    let warn_of = |shown: &BTreeSet<&str>| {
        warn(unread.iter().filter(|case| shown.contains(case.code.as_str())).filter_map(Unread::finding));
    };
    match args.book {
        Book::Letters => {
            let results = |block: &Block| job::results(&workspace, block);
            let snapshots = workspace.snapshots();
            let gone = destroyed(&workspace)?;
            let words = |record: &Record, made: Option<&Made>| match (made, gone.get(&record.issued.case)) {
                (_, Some(disposal)) => Words { destroyed: Some(disposal.clone()), ..Words::default() },
                (Some(made), None) => Words::of_made(&snapshots, record, made),
                (None, None) => Words::load(&snapshots, record),
            };
            let unknown: BTreeMap<&str, &Unread> =
                unread.iter().filter(|case| !case.is_destroyed()).map(|case| (case.code.as_str(), case)).collect();
            let sent = |record: &Record| match unknown.get(record.issued.case.as_str()) {
                Some(case) => Delivery { sent: None, signed_for: case.state() },
                None => delivery(&cases, record),
            };
            let mut rows = register.rows(words, sent, results);
            rows.retain(|row| within(Some(row.ngay_van_ban)));
            let shown = register.records().iter().filter(|record| within(Some(record.issued.date)));
            warn_of(&shown.map(|record| record.issued.case.as_str()).collect());
            // One book for all series: by day; the series and their numbers keep their order within one.
            rows.sort_by_key(|row| row.ngay_van_ban);
            let paper = if printed { Some(book::letters(&sheet()?, &rows)) } else { None };
            tell(context, &workspace, args, &register::HEADINGS, &rows, paper.as_ref())?;
        }
        Book::Complaints => {
            let complaints::Rows { rows, perhaps, notes } = complaints::Rows::new(&workspace, &cases, &unread, period);
            let shown = rows.iter().map(|row| &row.ma_ho_so).chain(&perhaps);
            warn_of(&shown.map(String::as_str).collect());
            for note in &notes {
                let _ = writeln!(std::io::stderr().lock(), "{note}");
            }
            let printable = || rows.iter().map(complaints::Complaint::printable).collect::<Vec<_>>();
            let paper = if printed { Some(book::complaints(&sheet()?, &printable(), notes)) } else { None };
            tell(context, &workspace, args, &complaints::HEADINGS, &rows, paper.as_ref())?;
        }
        Book::Transfers => {
            let mut rows = transfers::rows(&workspace, &register, &cases, &unread);
            rows.retain(|row| within(row.ngay_chuyen));
            warn_of(&rows.iter().map(|row| row.ma_ho_so.as_str()).collect());
            let printable = || rows.iter().map(transfers::Transferred::printable).collect::<Vec<_>>();
            let paper = if printed { Some(book::transfers(&sheet()?, &printable())) } else { None };
            tell(context, &workspace, args, &transfers::HEADINGS, &rows, paper.as_ref())?;
        }
    }
    Ok(Outcome::Fine)
}

/// Writes the paper, where there is one, and prints the rows, unless the paper was all that was asked for.
fn tell<R: Serialize>(
    context: &Context,
    workspace: &Workspace,
    args: &RegisterList,
    headings: &[&str],
    rows: &[R],
    paper: Option<&Prepared>,
) -> Result<(), Error> {
    let Some((path, paper)) = args.pdf.as_deref().zip(paper) else { return table(context, args, headings, rows) };
    let pages = paper::write(workspace, path, paper)?;
    if context.global.json || args.csv {
        return table(context, args, headings, rows);
    }
    context.say(&format!("Đã ghi sổ ({} mục, {pages} trang): {}", rows.len(), path.display()))
}

/// Cases and batches that were destroyed when their time was over, and by which disposal.
fn destroyed(workspace: &Workspace) -> Result<BTreeMap<String, String>, Error> {
    let _lock = workspace.lock()?;
    let archive = close::open_archive(workspace)?;
    let of = |code: &str| Some((code.to_owned(), archive.tombstone(code)?.1.id.clone()));
    Ok(archive.tombstones().filter_map(of).collect())
}

/// How a letter went out, as the case file tells.
fn delivery(cases: &[Case], record: &Record) -> Delivery {
    let case = cases.iter().find(|case| case.code.as_str() == record.issued.case);
    let letters = case.map(Case::letters).unwrap_or_default();
    let letter =
        letters.iter().find(|letter| issue::register_id(&record.issued.case, &letter.id) == record.issued.letter);
    // What went out before a replacement was the letter replaced; from its day on, the successor.
    let replaced = |number: u32| {
        let facts = letter.map(|letter| letter.block.replacements()).unwrap_or_default();
        facts
            .iter()
            .find(|fact| fact.number.is_some_and(|n| n.0 == number))
            .and_then(|fact| fact.date)
            .map(|date| date.0)
    };
    let issued = &record.issued;
    let last = letter.and_then(|letter| {
        letter
            .block
            .replacements()
            .iter()
            .filter(|fact| fact.number.is_some_and(|n| n.0 != issued.number))
            .filter_map(|f| f.date)
            .max()
    });
    let from = last.map_or(issued.date, |date| date.0.max(issued.date));
    let until = record.void.as_ref().map(|(time, _)| replaced(issued.number).unwrap_or_else(|| time.date_naive()));
    let from = if record.void.is_some() { issued.date } else { from };
    let sends = letter.map(|letter| letter.block.sends()).unwrap_or_default();
    let sent =
        sends.iter().find(|send| send.date.is_some_and(|day| day.0 >= from && until.is_none_or(|until| day.0 < until)));
    sent.map_or_else(Delivery::default, |send| Delivery {
        sent: send.date.map(|date| date.0),
        signed_for: send.received.map(|date| format!("nhận ngày {date}")).unwrap_or_default(),
    })
}

/// Prints rows as JSON, CSV or a table for the terminal.
fn table<R: Serialize>(context: &Context, args: &RegisterList, headings: &[&str], rows: &[R]) -> Result<(), Error> {
    if context.global.json {
        return context.json(&rows);
    }
    let cells = cells(rows)?;
    if args.csv {
        return sheet::csv(headings, cells);
    }
    if cells.is_empty() {
        return context.say("Sổ chưa có mục nào.");
    }
    let lines: Vec<String> = cells
        .iter()
        .map(|row| {
            let mut shown = row.iter().zip(headings).filter(|(cell, _)| !cell.is_empty());
            let first = shown.next().map(|(cell, _)| context.bold(cell)).unwrap_or_default();
            let rest: Vec<String> = shown.map(|(cell, heading)| format!("  {heading}: {cell}")).collect();
            format!("{first}\n{}", rest.join("\n"))
        })
        .collect();
    context.say(&lines.join("\n\n"))
}

/// The cells of each row in the order of its fields, dates as in the books.
fn cells<R: Serialize>(rows: &[R]) -> Result<Vec<Vec<String>>, Error> {
    let mut cells = Vec::new();
    for row in rows {
        let value = serde_json::to_value(row).map_err(std::io::Error::from)?;
        let fields = value.as_object().into_iter().flatten();
        cells.push(
            fields
                .map(|(_, field)| match field {
                    serde_json::Value::Null => String::new(),
                    serde_json::Value::String(text) => NaiveDate::parse_from_str(text, "%Y-%m-%d")
                        .map_or_else(|_| text.clone(), |date| date.format("%d/%m/%Y").to_string()),
                    other => other.to_string(),
                })
                .collect(),
        );
    }
    Ok(cells)
}
