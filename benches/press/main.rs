//! A press without a disk, for the scripts in `benches/`. Usage:
//!
//! ```text
//! press rows COUNT [SEED]        a table of made-up customers for the form thong-bao-su-co, as CSV
//! press words WORKSPACE TABLE    the letters of a table as words with their structure, JSON Lines: what the peers are given
//! press serve WORKSPACE TABLE    loads all, then for each line "FROM COUNT [DIR]" makes these letters on this one thread and
//!                                answers "SECONDS BYTES"; into DIR as files, when one is named
//! press dossiers WORKSPACE COUNT adds so many closed cases of made-up customers to the archive, spread over ten years
//! press find WORKSPACE COUNT SEARCHES   searches an archive of COUNT such cases and says how long that takes
//! ```

use std::io::{BufRead, Write};
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use chrono::NaiveDate;
use hoso::batch::{self, Checked, Job, table};
use hoso::document;
use hoso::letter::Mode;
use hoso::workspace::{Clock, Workspace};

mod dossiers;
mod rows;
mod words;

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Result<T> = std::result::Result<T, String>;

const FORM: &str = "thong-bao-su-co";

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 20).unwrap_or_default()
}

fn said(error: impl std::fmt::Debug) -> String {
    format!("{error:#?}")
}

fn print(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(said)
}

/// What `work` makes of the rows of a table, all of which must be right.
fn with_rows<T>(root: &str, file: &str, work: impl FnOnce(&Workspace, &Job<'_>, &Checked) -> Result<T>) -> Result<T> {
    let workspace = Workspace::open(Path::new(root), Clock::on(day()), 1).map_err(said)?;
    let job =
        Job::new(&workspace, FORM, None, day(), Mode::Issue { number: 1 }).ok_or("no such form")?.map_err(said)?;
    let (table, _) = table::read(Path::new(file)).map_err(said)?;
    let checked = job.check(table);
    if checked.has_errors() || checked.rows.is_empty() {
        return Err(said(&checked.problems));
    }
    work(&workspace, &job, &checked)
}

fn words(root: &str, file: &str) -> Result<()> {
    with_rows(root, file, |workspace, job, checked| {
        let mut text = String::new();
        for (number, row) in (1..).zip(&checked.rows) {
            let view = batch::render::view(job, row, Some(number));
            let markup = workspace.forms.fill_with(&format!("{FORM}.xml"), &view).map_err(said)?;
            text += &format!("{}\n", words::of(&document::parse(&markup).map_err(said)?)?);
        }
        print(&text)
    })
}

fn serve(root: &str, file: &str) -> Result<()> {
    with_rows(root, file, |_, job, checked| {
        print("ready\n")?;
        for line in std::io::stdin().lock().lines() {
            let line = line.map_err(said)?;
            let mut asked = line.split_whitespace();
            let mut number = || asked.next().and_then(|word| word.parse::<usize>().ok());
            let (from, count) = number().zip(number()).ok_or_else(|| format!("not FROM COUNT [DIR]: {line}"))?;
            let rows = checked.rows.get(from..from + count).ok_or_else(|| format!("not so many rows: {line}"))?;
            let (mut bytes, mut kept) = (0, Vec::new());
            let started = Instant::now();
            for (place, row) in (from..).zip(rows) {
                let letter = batch::render(job, row, u32::try_from(place + 1).ok()).map_err(said)?;
                if letter.pages != 1 {
                    return Err(format!("row {}: {} pages", row.number, letter.pages));
                }
                bytes += letter.bytes.len();
                kept.push(letter.bytes);
            }
            let seconds = started.elapsed().as_secs_f64();
            if let Some(dir) = asked.next() {
                for (place, bytes) in (from..).zip(&kept) {
                    std::fs::write(Path::new(dir).join(format!("{place}.pdf")), bytes).map_err(said)?;
                }
            }
            print(&format!("{seconds} {bytes}\n"))?;
        }
        Ok(())
    })
}

fn dossiers(root: &str, work: impl FnOnce(&Workspace, &Job<'_>) -> Result<()>) -> Result<()> {
    let jobs = std::thread::available_parallelism().map_or(1, usize::from);
    let workspace = Workspace::open(Path::new(root), Clock::on(day()), jobs).map_err(said)?;
    let mode = Mode::Issue { number: 1 };
    let job = Job::new(&workspace, FORM, None, day(), mode).ok_or("no such form")?.map_err(said)?;
    work(&workspace, &job)
}

fn run(args: &[&str]) -> Result<()> {
    let number = |text: &str| text.parse::<u64>().map_err(|_| format!("not a number: {text}"));
    match args {
        ["rows", count] => print(&rows::table(1, 0, number(count)?)),
        ["rows", count, seed] => print(&rows::table(number(seed)?, 0, number(count)?)),
        ["words", root, file] => words(root, file),
        ["serve", root, file] => serve(root, file),
        ["dossiers", root, count] => {
            let count = usize::try_from(number(count)?).map_err(said)?;
            dossiers(root, |workspace, job| dossiers::publish(workspace, job, count))
        }
        ["find", root, count, searches] => {
            let size = |text: &str| number(text).and_then(|n| usize::try_from(n).map_err(said));
            let (count, searches) = (size(count)?, size(searches)?);
            dossiers(root, |workspace, job| print(&dossiers::find(workspace, job, count, searches)?))
        }
        _ => Err(
            "usage: press rows COUNT [SEED] | words WORKSPACE TABLE | serve WORKSPACE TABLE | dossiers WORKSPACE COUNT | \
             find WORKSPACE COUNT SEARCHES"
                .to_owned(),
        ),
    }
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match run(&args.iter().map(String::as_str).collect::<Vec<_>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("press: {fault}");
            ExitCode::FAILURE
        }
    }
}
