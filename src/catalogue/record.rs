//! What a dossier is found by, read from its zip alone.

use std::collections::HashSet;
use std::path::Path;

use chrono::{Datelike, NaiveDate};
use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

use crate::batch::job::DATA;
use crate::batch::table;
use crate::case::{self, Case, Channel, Complainant, Kind};
use crate::dossier::{self, CODE_FIELD, Dossier, VERSION_FIELD};
use crate::pipeline::snapshot::Snapshot;
use crate::register::verify::batch::{LETTERS, RESULTS};

/// What every letter says of the office itself: nobody finds a dossier by it, and it would fill the index.
const THE_OFFICE: [&str; 14] = [
    "ten_cong_ty",
    "ten_cong_ty_hoa",
    "ten_trung_tam",
    "ten_trung_tam_hoa",
    "can_cu",
    "quy_khach",
    "quy_khach_dau_cau",
    "noi_nhan",
    "chuc_vu_ky",
    "giay_uy_quyen_ky",
    "dia_chi",
    "dien_thoai",
    "email",
    "website",
];

/// Largest entry read for the index, in bytes.
const LARGEST: u64 = 64 << 20;

/// What one version of a dossier is found by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) code: String,
    pub(super) version: u32,
    /// Letters of one batch, and not of a case.
    pub(super) is_batch: bool,
    pub(super) title: String,
    /// Whom the list names: the complainant; nobody for a batch.
    pub(super) complainant: String,
    pub(super) is_person: bool,
    /// Everybody the dossier is about, the complainant first.
    pub(super) names: Vec<String>,
    /// Case code, phones, tax codes, serials, ids, addresses for mail, numbers of papers.
    pub(super) codes: Vec<String>,
    /// Numbers of letters issued, in order.
    pub(super) letters: Vec<String>,
    pub(super) end: String,
    pub(super) channel: Option<Channel>,
    /// Units that investigated.
    pub(super) units: Vec<String>,
    pub(super) retention: String,
    pub(super) received: Option<NaiveDate>,
    pub(super) closed: NaiveDate,
    /// What case file, letters and tables say, a line each, no line twice.
    pub(super) text: String,
}

/// Texts in order, each once.
#[derive(Default)]
struct Lines {
    seen: HashSet<String>,
    text: String,
}

impl Lines {
    fn push(&mut self, text: &str) {
        let text: String = text.split_whitespace().collect::<Vec<_>>().join(" ").nfc().collect();
        if text.chars().nth(1).is_some() && !self.seen.contains(&text) {
            self.text.push_str(&text);
            self.text.push('\n');
            self.seen.insert(text);
        }
    }

    fn push_all(&mut self, value: &Value) {
        match value {
            Value::String(text) => text.lines().for_each(|line| self.push(line)),
            Value::Array(items) => items.iter().for_each(|item| self.push_all(item)),
            Value::Object(fields) => fields.values().for_each(|field| self.push_all(field)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

/// Reads the dossier at `path`.
///
/// # Errors
/// When it is no dossier, is damaged where it is read, or the system refuses.
pub(super) fn read(path: &Path) -> dossier::Result<Record> {
    let mut dossier = Dossier::open(path)?;
    let info = dossier.info()?;
    let field = |label: &str| {
        let value = info.iter().find(|(l, _)| l == label).map(|(_, value)| value.nfc().collect::<String>());
        value.unwrap_or_default()
    };
    let code = field(CODE_FIELD);
    let bagged: Option<NaiveDate> = field("Bagging-Date").parse().ok();
    let mut record = Record {
        version: field(VERSION_FIELD).parse().unwrap_or(1),
        is_batch: dossier.entries().iter().any(|item| item.name == format!("data/{RESULTS}")),
        title: field("External-Description"),
        complainant: String::new(),
        is_person: false,
        names: Vec::new(),
        codes: vec![code.clone()],
        letters: Vec::new(),
        end: field("Hoso-End"),
        channel: None,
        units: Vec::new(),
        retention: field("Hoso-Retention"),
        received: None,
        closed: bagged.unwrap_or_default(),
        text: String::new(),
        code,
    };
    let mut lines = Lines::default();
    lines.push(&record.title);
    if record.is_batch {
        batch(&mut record, &mut dossier, &mut lines)?;
    } else {
        of_case(&mut record, &mut dossier, &mut lines)?;
    }
    record.text = lines.text;
    let mut seen = HashSet::new();
    record.names.retain(|name| seen.insert(name.clone()));
    record.codes.retain(|code| !code.is_empty() && seen.insert(code.clone()));
    Ok(record)
}

fn of_case(record: &mut Record, dossier: &mut Dossier, lines: &mut Lines) -> dossier::Result<()> {
    let file = format!("data/{}.yaml", record.code);
    let bytes = dossier.read(&file, LARGEST)?;
    let parsed = case::parse(&bytes, &file);
    match parsed.case.or(parsed.rest.map(|rest| rest.case)) {
        Some(case) => {
            facts(record, &case);
            lines.push_all(&serde_json::to_value(&case).unwrap_or_default());
        }
        // Of another time's keys: its words are found all the same.
        None => String::from_utf8_lossy(&bytes).lines().for_each(|line| lines.push(line)),
    }
    let snapshots: Vec<String> = dossier.entries().iter().map(|item| item.name.clone()).collect();
    let is_snapshot = |name: &&String| name.starts_with("data/ban-chup/") && name.ends_with(".json");
    for name in snapshots.iter().filter(is_snapshot) {
        let Ok(snapshot) = serde_json::from_slice::<Snapshot>(&dossier.read(name, LARGEST)?) else { continue };
        record.codes.push(snapshot.number.clone());
        record.letters.push(snapshot.number);
        let values = snapshot.view.as_object().into_iter().flatten();
        values.filter(|(name, _)| !THE_OFFICE.contains(&name.as_str())).for_each(|(_, value)| lines.push_all(value));
    }
    Ok(())
}

fn facts(record: &mut Record, case: &Case) {
    let text = |text: &Option<case::Text>| text.as_ref().map(|text| one_line(text.as_str()));
    if let Some(one) = &case.complainant {
        record.complainant = text(&one.name).unwrap_or_default();
        record.is_person = one.kind == Some(Kind::Individual);
        complainant(record, one);
    }
    for change in &case.changes {
        record.names.extend(text(&change.name));
        record.names.extend(change.representative.as_ref().and_then(|person| text(&person.name)));
        record.codes.extend(change.phone.as_ref().map(ToString::to_string));
        record.codes.extend(change.email.as_ref().map(ToString::to_string));
    }
    if let Some(intake) = &case.intake {
        record.received = intake.arrived.map(|date| date.0);
        record.channel = intake.channel;
        record.codes.extend(intake.serial.as_ref().map(ToString::to_string));
        record.codes.extend(intake.caller.as_ref().map(ToString::to_string));
        record.codes.extend(text(&intake.incoming_number));
        record.codes.extend(text(&intake.sender_number));
    }
    let units = case.rounds.iter().flat_map(|round| &round.transfers).filter_map(|transfer| text(&transfer.unit));
    for unit in units {
        if !record.units.contains(&unit) {
            record.units.push(unit);
        }
    }
    if let Some(date) = case.closing.as_ref().and_then(|closing| closing.date) {
        record.closed = date.0;
    }
}

fn complainant(record: &mut Record, one: &Complainant) {
    let text = |text: &Option<case::Text>| text.as_ref().map(|text| one_line(text.as_str()));
    record.names.extend(text(&one.name));
    for person in [&one.representative, &one.contact].into_iter().flatten() {
        record.names.extend(text(&person.name));
        record.codes.extend(person.citizen_id.as_ref().map(ToString::to_string));
        record.codes.extend(person.phone.as_ref().map(ToString::to_string));
        record.codes.extend(person.email.as_ref().map(ToString::to_string));
    }
    if let Some(attorney) = &one.attorney {
        record.names.extend(text(&attorney.name));
        record.codes.extend(attorney.citizen_id.as_ref().map(ToString::to_string));
        record.codes.extend(attorney.phone.as_ref().map(ToString::to_string));
    }
    record.codes.extend(one.tax_code.as_ref().map(ToString::to_string));
    record.codes.extend(one.citizen_id.as_ref().map(ToString::to_string));
    record.codes.extend(one.phone.as_ref().map(ToString::to_string));
    record.codes.extend(one.email.as_ref().map(ToString::to_string));
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").nfc().collect()
}

/// Columns of a batch's list of documents, by their headers.
const NUMBER: &str = "Số, ký hiệu";
const ADDRESSEE: &str = "Nơi nhận";

fn batch(record: &mut Record, dossier: &mut Dossier, lines: &mut Lines) -> dossier::Result<()> {
    let list = dossier.read("data/muc-luc.csv", LARGEST)?;
    let mut reader = csv::Reader::from_reader(list.as_slice());
    let headers = reader.headers().cloned().unwrap_or_default();
    let column = |name: &str| headers.iter().position(|header| header == name);
    let (number, addressee) = (column(NUMBER), column(ADDRESSEE));
    for row in reader.records().filter_map(Result::ok) {
        let cell = |place: Option<usize>| place.and_then(|place| row.get(place)).map(one_line);
        record.letters.extend(cell(number));
        record.codes.extend(cell(number));
        record.names.extend(cell(addressee));
        let cells: Vec<&str> = row.iter().filter(|cell| !cell.starts_with(LETTERS)).collect();
        lines.push(&cells.join(" · "));
    }
    let names: Vec<String> = dossier.entries().iter().map(|item| item.name.clone()).collect();
    let Some(name) = names.iter().find(|name| name.starts_with(&format!("data/{DATA}"))) else { return Ok(()) };
    let bytes = dossier.read(name, LARGEST)?;
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default();
    if let Ok(table) = table::parse(bytes, &ending) {
        for row in &table.rows {
            let cells: Vec<&str> =
                (0..table.columns.len()).map(|place| row.cell(place)).filter(|c| !c.is_empty()).collect();
            record.codes.extend(cells.iter().filter(|cell| is_code(cell)).map(|cell| one_line(cell)));
            lines.push(&cells.join(" · "));
        }
    }
    Ok(())
}

/// Phone numbers, tax codes, serials: long, and mostly digits.
fn is_code(cell: &str) -> bool {
    let digits = cell.bytes().filter(u8::is_ascii_digit).count();
    digits >= 6 && cell.is_ascii() && digits * 2 >= cell.len()
}

impl Record {
    /// Days since the beginning of the calendar to the day it was closed.
    pub(super) fn day(&self) -> i64 {
        self.closed.num_days_from_ce().into()
    }
}
