//! `hoso register list`: the books, of all time or of a period, to read, to reckon with, to sign.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use super::open;
use crate::batch::job;
use crate::case::value::Value;
use crate::case::{Case, CaseCode, LetterBlock};
use crate::cli::{Book, RegisterList};
use crate::command::{Context, Error, Outcome, paper, sheet};
use crate::letter::book;
use crate::letter::{LetterKind, Prepared};
use crate::pipeline::{self, close, issue};
use crate::register::{self, Block, Delivery, Made, Period, Record, Register, Words};
use crate::workspace::Workspace;

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

const COMPLAINTS: [&str; 12] = [
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

const TRANSFERS: [&str; 8] =
    ["Mã hồ sơ", "Lần", "Bộ phận", "Số, ký hiệu", "Ngày chuyển", "Nội dung xác minh", "Hạn trả lời", "Ngày có kết quả"];

pub(in crate::command) fn run(context: &Context, args: &RegisterList) -> Result<Outcome, Error> {
    let workspace = context.workspace()?;
    paper::free(args.pdf.as_deref())?;
    let register = open(&workspace)?;
    let cases = close::all_cases(&workspace)?;
    let period = args.period.period();
    let within = |date: Option<NaiveDate>| period.is_none_or(|period| date.is_some_and(|date| period.holds(date)));
    let sheet = || paper::sheet(&workspace, period, args.by.as_deref());
    let printed = args.pdf.is_some();
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
            let mut rows = register.rows(words, |record| delivery(&cases, record), results);
            rows.retain(|row| within(Some(row.ngay_van_ban)));
            let paper = if printed { Some(book::letters(&sheet()?, &rows)) } else { None };
            tell(context, &workspace, args, &register::HEADINGS, &rows, paper.as_ref())?;
        }
        Book::Complaints => {
            let mut rows: Vec<Complaint> =
                cases.iter().map(|case| complaint(&workspace, case)).filter(|row| within(row.ngay_den)).collect();
            let year_of = |code: &str| CaseCode::parse(code).ok().map(|code| code.parts().0);
            let touches = |period: Period, year: i32| (period.first.year()..=period.last.year()).contains(&year);
            let mut unread = unread(&workspace, &register, &cases)?;
            unread.retain(|row| {
                period.is_none_or(|period| year_of(&row.ma_ho_so).is_none_or(|year| touches(period, year)))
            });
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
            let printable = || rows.iter().map(Complaint::printable).collect::<Vec<_>>();
            let paper = if printed { Some(book::complaints(&sheet()?, &printable())) } else { None };
            tell(context, &workspace, args, &COMPLAINTS, &rows, paper.as_ref())?;
        }
        Book::Transfers => {
            let rows = cases.iter().flat_map(|case| transfers(&workspace, &register, case));
            let rows: Vec<Transferred> = rows.filter(|row| within(row.ngay_chuyen)).collect();
            let printable = || rows.iter().map(Transferred::printable).collect::<Vec<_>>();
            let paper = if printed { Some(book::transfers(&sheet()?, &printable())) } else { None };
            tell(context, &workspace, args, &TRANSFERS, &rows, paper.as_ref())?;
        }
    }
    Ok(Outcome::Fine)
}

impl Complaint {
    fn printable(&self) -> book::Complaint {
        let state = match self.buoc {
            Some(step) => format!("{} (bước {step})", self.tinh_trang),
            None => self.tinh_trang.clone(),
        };
        book::Complaint {
            code: self.ma_ho_so.clone(),
            days: [self.ngay_den, self.ngay_ghi_nhan],
            incoming: self.so_den.clone(),
            channel: self.hinh_thuc.clone(),
            complainant: self.nguoi_khieu_nai.clone(),
            summary: self.tom_tat.clone(),
            receiver: self.nguoi_tiep_nhan.clone(),
            state,
            end: self.ket_thuc.clone(),
            ended: self.ngay_ket_thuc,
        }
    }
}

impl Transferred {
    fn printable(&self) -> book::Transfer {
        book::Transfer {
            code: self.ma_ho_so.clone(),
            round: self.lan,
            unit: self.bo_phan.clone(),
            symbol: self.so_ky_hieu.clone(),
            sent: self.ngay_chuyen,
            questions: self.noi_dung.clone(),
            due: self.han,
            found: self.ngay_co_ket_qua,
        }
    }
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
pub(super) fn destroyed(workspace: &Workspace) -> Result<BTreeMap<String, String>, Error> {
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
    let present = pipeline::open_codes(workspace);
    let closed = close::closed_codes(workspace)?;
    let gone = destroyed(workspace)?;
    let state = |code: &String| match (gone.get(code), present.contains(code), closed.contains(code)) {
        (Some(disposal), ..) => format!("đã hủy theo {disposal}"),
        (_, true, _) => "tệp có lỗi, chưa đọc được".to_owned(),
        (_, false, true) => "không đọc được hồ sơ lưu".to_owned(),
        (_, false, false) => "không thấy tệp hồ sơ".to_owned(),
    };
    let codes = unread_codes(workspace, register, cases)?;
    Ok(codes
        .into_iter()
        .map(|code| Complaint { tinh_trang: state(&code), ma_ho_so: code, ..Complaint::default() })
        .collect())
}

/// Codes of cases that are known and cannot be read.
pub(super) fn unread_codes(workspace: &Workspace, register: &Register, cases: &[Case]) -> Result<Vec<String>, Error> {
    let read: BTreeSet<&str> = cases.iter().map(|case| case.code.as_str()).collect();
    let mut closed = close::closed_codes(workspace)?;
    closed.retain(|code| CaseCode::parse(code).is_ok());
    let known = register.records().iter().map(|record| record.issued.case.clone());
    let codes: BTreeSet<String> = known.chain(pipeline::open_codes(workspace)).chain(closed).collect();
    Ok(codes.into_iter().filter(|code| !read.contains(code.as_str())).collect())
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
                noi_dung: in_a_row(&transfer.questions),
                han: transfer.asked_for.map(|date| date.0).or(findings.map(|term| term.due)),
                ngay_co_ket_qua: transfer.findings.as_ref().and_then(|findings| findings.date).map(|date| date.0),
            });
        }
    }
    rows
}

/// The questions one after the other, parted where they have no mark of their own at the end.
fn in_a_row(questions: &[crate::case::Text]) -> String {
    let mut all = String::new();
    for question in questions.iter().map(ToString::to_string) {
        if !all.is_empty() {
            all.push_str(if all.ends_with(['?', '.', '!', ';']) { " " } else { "; " });
        }
        all.push_str(question.trim_end());
    }
    all
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
