//! `hoso register minutes`: where the books stand at the end of a month, to be signed.

use chrono::{Datelike, Days, Months, NaiveDate, NaiveTime, TimeZone};
use serde::Serialize;

use crate::archive;
use crate::cli::RegisterMinutes;
use crate::command::{Context, Error, Outcome, paper};
use crate::diagnostic::Diagnostic;
use crate::journal;
use crate::letter::minutes::{self, Chain, Minutes};
use crate::letter::wording;
use crate::pipeline::Failure;
use crate::register::{Fact, Standing, standings};
use crate::workspace;

/// JSON of `hoso register minutes`.
#[derive(Serialize)]
struct Stated {
    month: String,
    until: String,
    registers: Vec<Register>,
    journals: Vec<Journal>,
    archived: usize,
    file: Option<String>,
}

#[derive(Serialize)]
struct Register {
    register: String,
    title: String,
    year: i32,
    first: Option<u32>,
    last_in_month: Option<u32>,
    count: u32,
    withdrawn: u32,
    last: u32,
}

#[derive(Serialize)]
struct Journal {
    name: String,
    lines: u64,
    sha256: String,
}

pub(in crate::command) fn run(context: &Context, args: &RegisterMinutes) -> Result<Outcome, Error> {
    let workspace = context.workspace()?;
    let now = workspace.clock.now();
    let month = args.month;
    let next = month.checked_add_months(Months::new(1)).unwrap_or(month);
    let midnight =
        |day: NaiveDate| workspace::zone().from_local_datetime(&day.and_time(NaiveTime::MIN)).single().unwrap_or(now);
    let (from, end) = (midnight(month), midnight(next));
    if from > now {
        return Err(Error::Plain(
            format!("{} chưa đến.", wording::capitalised(&month.format("tháng %m/%Y").to_string())),
            "Chốt sổ của tháng đã qua, hoặc của tháng này tính đến bây giờ.".to_owned(),
        ));
    }
    paper::free(args.pdf.as_deref())?;
    // What is entered this very second counts.
    let until = end.min(now + chrono::TimeDelta::seconds(1));
    let (register, archive) = (workspace.register(), workspace.archive_journal());
    let (books, chains, archived) = {
        let _lock = workspace.lock()?;
        let sound = |findings: Vec<Diagnostic>| {
            if findings.iter().any(Diagnostic::is_error) { Err(Error::Findings(findings)) } else { Ok(()) }
        };
        let (entries, findings) =
            journal::verify::<Fact>(&register, None).map_err(|e| Failure::from(archive::Error::from(e)))?;
        sound(findings)?;
        let (kept, findings) =
            journal::verify::<archive::Fact>(&archive, None).map_err(|e| Failure::from(archive::Error::from(e)))?;
        sound(findings)?;
        let head = |path, name: &str| -> Result<Chain, Error> {
            let head = journal::head_before(path, until).map_err(|e| Failure::from(archive::Error::from(e)))?;
            Ok((name.to_owned(), head.count, head.hash))
        };
        let chains = vec![head(&register, "Sổ đăng ký văn bản")?, head(&archive, "Sổ lưu trữ")?];
        let within = kept.iter().filter(|entry| entry.time >= from && entry.time < until);
        let archived = within.filter(|entry| matches!(entry.fact, archive::Fact::Published(_))).count();
        let numbering = workspace.settings.numbering.series.iter();
        let kept: Vec<String> = numbering.map(|series| series.register.to_string()).collect();
        (standings(&entries, &kept, from, until), chains, archived)
    };
    let until_words = if end <= now {
        format!("hết {}", wording::long_date(next - Days::new(1)))
    } else {
        format!("{} {}", now.format("%H giờ %M phút"), wording::long_date(now.date_naive()))
    };
    let mut file = None;
    if let Some(path) = &args.pdf {
        let issuer = paper::issuer(&workspace, now.date_naive())?;
        let stated = Minutes {
            company: issuer.company.to_string(),
            centre: issuer.centre.to_string(),
            place: issuer.place.to_string(),
            month,
            until: until_words.clone(),
            books: books.clone(),
            chains: chains.clone(),
            archived,
            date: now.date_naive(),
            by: args.by.clone(),
        };
        paper::write(&workspace, path, &minutes::prepare(&stated))?;
        file = Some(path.display().to_string());
    }
    if context.global.json {
        let register = |book: &Standing| Register {
            register: book.register.clone(),
            title: book.title().to_owned(),
            year: book.year,
            first: book.given.map(|(first, _)| first),
            last_in_month: book.given.map(|(_, last)| last),
            count: book.count,
            withdrawn: book.withdrawn,
            last: book.last,
        };
        context.json(&Stated {
            month: format!("{}-{:02}", month.year(), month.month()),
            until: until.to_rfc3339(),
            registers: books.iter().map(register).collect(),
            journals: chains.into_iter().map(|(name, lines, sha256)| Journal { name, lines, sha256 }).collect(),
            archived,
            file,
        })?;
        return Ok(Outcome::Fine);
    }
    let mut lines = vec![format!("Chốt sổ {}, tính đến {until_words}", month.format("tháng %m/%Y")), String::new()];
    for book in &books {
        let given = match book.given {
            Some((first, last)) if first == last => format!("cấp số {first}"),
            Some((first, last)) => format!("cấp số {first} đến {last} ({} số)", book.count),
            None if book.is_idle() => "không phát sinh trong tháng".to_owned(),
            None => "không cấp số nào".to_owned(),
        };
        let withdrawn = if book.withdrawn == 0 { String::new() } else { format!("; rút {} số", book.withdrawn) };
        lines.push(format!(
            "  Sổ {} năm {}: {given}{withdrawn}; số cuối: {}",
            book.title(),
            book.year,
            book.last_text()
        ));
    }
    for (name, count, hash) in &chains {
        lines.push(format!("  {name}: {count} dòng, mã băm dòng cuối {hash}"));
    }
    lines.push(format!("  Hồ sơ đưa vào lưu trữ: {archived}"));
    if let Some(file) = file {
        lines.push(format!("\nĐã ghi biên bản để ký: {file}"));
    }
    context.say(&lines.join("\n"))?;
    Ok(Outcome::Fine)
}
