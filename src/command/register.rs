//! `hoso register …`: the books.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use super::{Context, Error, Outcome};
use crate::archive;
use crate::batch::job;
use crate::case::value::Value;
use crate::case::{Case, CaseCode, LetterBlock};
use crate::cli::{Book, RegisterList, RegisterVoid};
use crate::diagnostic::Diagnostic;
use crate::letter::{LetterKind, wording};
use crate::pipeline::{self, Failure, close, issue};
use crate::register::{self, Block, Delivery, Made, Record, Register, Void, Withdrawal, Words};
use crate::workspace::Workspace;

pub(super) mod minutes;

/// A row of the complaint register (step 2).
#[derive(Default, Serialize)]
struct Complaint {
    ma_ho_so: String,
    ngay_den: Option<NaiveDate>,
    ngay_ghi_nhan: Option<NaiveDate>,
    so_den: String,
    hinh_thuc: String,
    nguoi_khieu_nai: String,
    tom_tat: String,
    nguoi_tiep_nhan: String,
    buoc: Option<u8>,
    tinh_trang: String,
    ket_thuc: String,
    ngay_ket_thuc: Option<NaiveDate>,
}

/// A row of the book of transfers (step 6).
#[derive(Serialize)]
struct Transferred {
    ma_ho_so: String,
    lan: u32,
    bo_phan: String,
    so_ky_hieu: String,
    ngay_chuyen: Option<NaiveDate>,
    noi_dung: String,
    han: Option<NaiveDate>,
    ngay_co_ket_qua: Option<NaiveDate>,
}

pub(super) fn list(context: &Context, args: &RegisterList) -> Result<Outcome, Error> {
    let workspace = context.workspace()?;
    let register = open(&workspace)?;
    let cases = close::all_cases(&workspace)?;
    let in_year = |date: Option<NaiveDate>| args.year.is_none_or(|year| date.is_some_and(|date| date.year() == year));
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
            let rows = register.rows(words, |record| delivery(&cases, record), results);
            let rows: Vec<_> = rows.into_iter().filter(|row| in_year(Some(row.ngay_van_ban))).collect();
            table(context, args, &register::HEADINGS, &rows)?;
        }
        Book::Complaints => {
            let mut rows: Vec<Complaint> =
                cases.iter().map(|case| complaint(&workspace, case)).filter(|row| in_year(row.ngay_den)).collect();
            let year_of = |code: &str| CaseCode::parse(code).ok().map(|code| code.parts().0);
            let unread: Vec<Complaint> = unread(&workspace, &register, &cases)?
                .into_iter()
                .filter(|row| args.year.is_none_or(|year| year_of(&row.ma_ho_so).is_none_or(|own| own == year)))
                .collect();
            let gone = destroyed(&workspace)?;
            let lost = unread.iter().filter(|row| !gone.contains_key(&row.ma_ho_so)).count();
            if lost > 0 {
                let _ = writeln!(
                    std::io::stderr().lock(),
                    "{lost} hồ sơ chưa đọc được hoặc không thấy tệp, trong sổ chỉ ghi mã. Xem chỗ sai bằng “hoso check”."
                );
            }
            rows.extend(unread);
            rows.sort_by(|a, b| a.ma_ho_so.cmp(&b.ma_ho_so));
            let headings = [
                "Mã hồ sơ",
                "Ngày đến",
                "Ngày ghi nhận",
                "Số đến",
                "Hình thức",
                "Người khiếu nại",
                "Tóm tắt",
                "Người tiếp nhận",
                "Bước",
                "Tình trạng",
                "Kết thúc",
                "Ngày kết thúc",
            ];
            table(context, args, &headings, &rows)?;
        }
        Book::Transfers => {
            let rows = cases.iter().flat_map(|case| transfers(&workspace, &register, case));
            let rows: Vec<Transferred> = rows.filter(|row| in_year(row.ngay_chuyen)).collect();
            let headings = [
                "Mã hồ sơ",
                "Lần",
                "Bộ phận",
                "Số, ký hiệu",
                "Ngày chuyển",
                "Nội dung xác minh",
                "Hạn trả lời",
                "Ngày có kết quả",
            ];
            table(context, args, &headings, &rows)?;
        }
    }
    Ok(Outcome::Fine)
}

pub(super) fn open(workspace: &Workspace) -> Result<Register, Error> {
    let _lock = workspace.lock()?;
    let (register, _) = Register::open(&workspace.register(), Some(&workspace.mirror())).map_err(Failure::from)?;
    Ok(register)
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

fn complaint(workspace: &Workspace, case: &Case) -> Complaint {
    let assessment = crate::procedure::assess(case, &workspace.calendar, &workspace.settings, workspace.clock.today());
    let intake = case.intake.clone().unwrap_or_default();
    let text = |value: Option<crate::case::Text>| value.map(|text| text.to_string()).unwrap_or_default();
    Complaint {
        ma_ho_so: case.code.to_string(),
        ngay_den: intake.arrived.map(|date| date.0),
        ngay_ghi_nhan: intake.entered.map(|date| date.0),
        so_den: text(intake.incoming_number),
        hinh_thuc: intake.channel.map(|channel| channel.text().to_owned()).unwrap_or_default(),
        nguoi_khieu_nai: text(case.complainant.clone().and_then(|complainant| complainant.name)),
        tom_tat: text(intake.summary),
        nguoi_tiep_nhan: text(intake.receiver),
        buoc: Some(assessment.step),
        tinh_trang: assessment.stage.text().to_owned(),
        ket_thuc: assessment.end.map(|end| end.text().to_owned()).unwrap_or_default(),
        ngay_ket_thuc: assessment.ended,
    }
}

/// Rows with nothing but the code for cases that are known and cannot be read, so that the book leaves out none.
fn unread(workspace: &Workspace, register: &Register, cases: &[Case]) -> Result<Vec<Complaint>, Error> {
    let read: BTreeSet<&str> = cases.iter().map(|case| case.code.as_str()).collect();
    let present = pipeline::open_codes(workspace);
    let mut closed = close::closed_codes(workspace)?;
    closed.retain(|code| CaseCode::parse(code).is_ok());
    let gone = destroyed(workspace)?;
    let known = register.records().iter().map(|record| record.issued.case.clone());
    let codes: BTreeSet<String> = known.chain(present.iter().cloned()).chain(closed.iter().cloned()).collect();
    let state = |code: &String| match (gone.get(code), present.contains(code), closed.contains(code)) {
        (Some(disposal), ..) => format!("đã hủy theo {disposal}"),
        (_, true, _) => "tệp có lỗi, chưa đọc được".to_owned(),
        (_, false, true) => "không đọc được hồ sơ lưu".to_owned(),
        (_, false, false) => "không thấy tệp hồ sơ".to_owned(),
    };
    let unread = codes.into_iter().filter(|code| !read.contains(code.as_str()));
    Ok(unread.map(|code| Complaint { tinh_trang: state(&code), ma_ho_so: code, ..Complaint::default() }).collect())
}

fn transfers(workspace: &Workspace, register: &Register, case: &Case) -> Vec<Transferred> {
    let assessment = crate::procedure::assess(case, &workspace.calendar, &workspace.settings, workspace.clock.today());
    let mut rows = Vec::new();
    for (index, round) in case.rounds.iter().enumerate() {
        for transfer in &round.transfers {
            let lan = case.round_number(index);
            let unit = transfer.unit.as_ref().map(ToString::to_string).unwrap_or_default();
            let id = crate::letter::LetterId { kind: LetterKind::Transfer, round: lan, unit: Some(unit.clone()) };
            let record = register.current(&issue::register_id(case.code.as_str(), &id));
            let findings = assessment.terms.iter().find(|term| {
                term.kind == crate::procedure::TermKind::Findings
                    && term.round == lan
                    && term.unit.as_ref() == Some(&unit)
            });
            rows.push(Transferred {
                ma_ho_so: case.code.to_string(),
                lan,
                bo_phan: unit,
                so_ky_hieu: record.map(|record| record.issued.symbol.clone()).unwrap_or_default(),
                ngay_chuyen: transfer.date().map(|date| date.0),
                noi_dung: transfer.questions.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
                han: transfer.asked_for.map(|date| date.0).or(findings.map(|term| term.due)),
                ngay_co_ket_qua: transfer.findings.as_ref().and_then(|findings| findings.date).map(|date| date.0),
            });
        }
    }
    rows
}

/// Prints rows as JSON, CSV or a table for the terminal.
fn table<R: Serialize>(context: &Context, args: &RegisterList, headings: &[&str], rows: &[R]) -> Result<(), Error> {
    if context.global.json {
        return context.json(&rows);
    }
    let cells = cells(rows)?;
    if args.csv {
        let mut output = std::io::stdout().lock();
        // Excel takes a CSV for UTF-8 only when it begins with a byte-order mark.
        output.write_all("\u{feff}".as_bytes())?;
        let mut writer = csv::Writer::from_writer(output);
        let lines = std::iter::once(headings.iter().map(ToString::to_string).collect()).chain(cells);
        for line in lines {
            writer.write_record(&line).map_err(std::io::Error::from)?;
        }
        return Ok(writer.flush()?);
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
