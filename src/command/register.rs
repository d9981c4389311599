//! `hoso register …`: the books.

use serde::Serialize;

use super::{Context, Error, Outcome};
use crate::archive;
use crate::batch::job;
use crate::cli::RegisterVoid;
use crate::diagnostic::Diagnostic;
use crate::letter::wording;
use crate::pipeline::{self, Failure, close};
use crate::register::{self, Block, Record, Register, Void, Withdrawal};
use crate::workspace::Workspace;

pub(super) mod list;
pub(super) mod minutes;
pub(super) mod report;

pub(super) fn open(workspace: &Workspace) -> Result<Register, Error> {
    let _lock = workspace.lock()?;
    let (register, _) = Register::open(&workspace.register(), Some(&workspace.mirror())).map_err(Failure::from)?;
    Ok(register)
}

/// JSON of `hoso register verify` and `hoso archive verify`.
#[derive(Serialize)]
pub(super) struct Verified {
    pub(super) intact: bool,
    pub(super) findings: Vec<Diagnostic>,
}

pub(super) fn verify(context: &Context) -> Result<Outcome, Error> {
    let workspace = context.workspace()?;
    let (journal, mirror, originals, snapshots) =
        (workspace.register(), workspace.mirror(), workspace.originals(), workspace.snapshots());
    let jobs = workspace.jobs_folder();
    let places = register::Places {
        journal: &journal,
        mirror: Some(&mirror),
        originals: &originals,
        snapshots: &snapshots,
        jobs: &jobs,
    };
    let archive = {
        let _lock = workspace.lock()?;
        close::open_archive(&workspace)?
    };
    let dossier = |job: &str| archive.latest(job).map(|publication| archive.file(publication));
    let mut open = pipeline::open_codes(&workspace);
    // A file of a closed case may lie there again; its letters are in the dossier.
    let closed = close::closed_codes(&workspace).unwrap_or_default();
    open.retain(|code| !closed.contains(code));
    let copy = |record: &Record| {
        let code = crate::case::value::Value::parse(&record.issued.case)
            .ok()
            .filter(|_| open.contains(&record.issued.case))?;
        let folder = workspace.folder(&code);
        let dir = if record.void.is_some() { folder.withdrawn() } else { folder.letters() };
        Some(dir.join(&record.issued.file))
    };
    let findings =
        register::verify(&places, copy, dossier, |code| archive.tombstone(code).is_some()).map_err(Failure::from)?;
    report(
        context,
        findings,
        "Sổ đăng ký nguyên vẹn: chuỗi băm, số liên tục, bản gốc, bản chụp và bản phát hành đều khớp.",
    )
}

/// Prints findings of a proof, or that all is well.
pub(super) fn report(context: &Context, findings: Vec<Diagnostic>, fine: &str) -> Result<Outcome, Error> {
    let intact = !findings.iter().any(Diagnostic::is_error);
    if context.global.json {
        context.json(&Verified { intact, findings })?;
        return Ok(Outcome::of(!intact));
    }
    if !findings.is_empty() {
        context.say(&context.draw(&findings))?;
    }
    if intact {
        context.say(fine)?;
    } else {
        let errors = findings.iter().filter(|finding| finding.is_error()).count();
        context.say(&format!("{errors} chỗ không khớp."))?;
    }
    Ok(Outcome::of(!intact))
}

/// JSON of `hoso register void`.
#[derive(Serialize)]
struct Voided {
    number: String,
    year: i32,
    letter: String,
}

pub(super) fn void(context: &Context, args: &RegisterVoid) -> Result<Outcome, Error> {
    let workspace = context.workspace()?;
    let _lock = workspace.lock()?;
    let (mut register, _) = Register::open(&workspace.register(), Some(&workspace.mirror())).map_err(Failure::from)?;
    let number = args.number.trim();
    let number = &match number.split_once('/').map(|(digits, symbol)| (digits.parse::<u32>(), symbol)) {
        Some((Ok(digits), symbol)) => wording::letter_number(digits, symbol),
        _ => number.to_owned(),
    };
    let batches: Vec<Record> = register.blocks().iter().flat_map(|block| of_batch(&workspace, block)).collect();
    let found: Vec<&Record> = register
        .records()
        .iter()
        .chain(&batches)
        .filter(|record| record.issued.year == args.year && record.issued.symbol == *number)
        .collect();
    let record = match found.as_slice() {
        [] => {
            return Err(Error::Plain(
                format!("Sổ năm {} không có số {number}.", args.year),
                "Xem các số đã cấp bằng “hoso register list”.".to_owned(),
            ));
        }
        [record] => (*record).clone(),
        several => return Err(ambiguous(number, args.year, several)),
    };
    if let Some((time, _)) = &record.void {
        return Err(Error::Plain(
            format!("Số {number} năm {} đã hủy hoặc thay thế ngày {}.", args.year, time.format("%d/%m/%Y")),
            "Không phải làm gì thêm; xem lý do bằng “hoso register list”.".to_owned(),
        ));
    }
    let case = &record.issued.case;
    if !case.is_empty() && matches!(close::open_archive(&workspace)?.state(case), archive::State::Closed(_)) {
        return Err(Error::Plain(
            format!("Không hủy được số {number}: hồ sơ {case} đã lưu, văn bản này nằm trong hồ sơ lưu."),
            format!("Mở lại hồ sơ trước bằng “hoso archive reopen {case} --reason … --by …”, rồi hủy số."),
        ));
    }
    let void = Void {
        register: record.issued.register,
        year: record.issued.year,
        number: record.issued.number,
        withdrawal: Withdrawal::Voided,
        reason_sha256: register::words::keep_reason(&workspace.snapshots(), &record.issued.letter, &args.reason)?,
        by: args.by.clone(),
        date: None,
    };
    register
        .void(workspace.clock.now(), void)
        .map_err(|error| Error::Plain(format!("Không hủy được số {number}: {error}."), String::new()))?;
    if context.global.json {
        context.json(&Voided { number: number.to_owned(), year: args.year, letter: record.issued.letter })?;
    } else {
        let (place, again) = match &record.issued.job {
            Some(job) => (format!("loạt {job}"), "lập bảng mới cho dòng ấy"),
            None => (format!("hồ sơ {}", record.issued.case), "ghi mục thay_the trong tệp hồ sơ"),
        };
        context.say(&format!(
            "Đã hủy số {number} năm {} ({}, {place}). Số này vẫn nằm trong sổ và không cấp lại. Muốn ban hành lại, {again}.",
            args.year, record.issued.kind
        ))?;
    }
    Ok(Outcome::Fine)
}

/// Letters of a finished batch that belong to no case.
fn of_batch(workspace: &Workspace, block: &Block) -> Vec<Record> {
    let made = if block.sealed.is_some() { job::results(workspace, block) } else { Vec::new() };
    made.iter().filter(|one| one.case.is_none()).map(|one| block.record(one)).collect()
}

/// Two registers gave the same printed number.
fn ambiguous(number: &str, year: i32, found: &[&Record]) -> Error {
    let each: Vec<String> = found
        .iter()
        .map(|record| {
            let issued = &record.issued;
            let (kind, case, date) = (&issued.kind, &issued.case, issued.date.format("%d/%m/%Y"));
            let gone = if record.void.is_some() { ", đã hủy hoặc thay thế" } else { "" };
            format!("{kind} ngày {date} của hồ sơ {case}{gone}")
        })
        .collect();
    Error::Plain(
        format!("Năm {year} có {} văn bản cùng mang số {number}: {}. Chưa hủy số nào.", found.len(), each.join("; ")),
        "Ghi mục thay_the trong tệp hồ sơ của đúng văn bản cần thay; đặt ký hiệu khác nhau cho hai sổ trong hoso.yaml."
            .to_owned(),
    )
}
