//! The rows of the book of transfers: every transfer the cases tell of, and every number the register gave for one.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Serialize;

use crate::case::{Case, LetterBlock};
use crate::letter::{LetterId, LetterKind, book};
use crate::pipeline::issue;
use crate::pipeline::unread::Unread;
use crate::register::{Record, Register, Words};
use crate::workspace::Workspace;

/// A row of the book of transfers (step 6).
#[derive(Serialize)]
pub(super) struct Transferred {
    pub(super) ma_ho_so: String,
    lan: u32,
    bo_phan: String,
    so_ky_hieu: String,
    pub(super) ngay_chuyen: Option<NaiveDate>,
    noi_dung: String,
    han: Option<NaiveDate>,
    ngay_co_ket_qua: Option<NaiveDate>,
}

pub(super) const HEADINGS: [&str; 8] =
    ["Mã hồ sơ", "Lần", "Bộ phận", "Số, ký hiệu", "Ngày chuyển", "Nội dung xác minh", "Hạn trả lời", "Ngày có kết quả"];

/// All transfers, by case and round.
pub(super) fn rows(workspace: &Workspace, register: &Register, cases: &[Case], unread: &[Unread]) -> Vec<Transferred> {
    let mut told = BTreeSet::new();
    let mut rows: Vec<Transferred> = Vec::new();
    for case in cases {
        rows.extend(transfers(workspace, register, case, &mut told));
    }
    let unread: BTreeMap<&str, &Unread> = unread.iter().map(|case| (case.code.as_str(), case)).collect();
    let snapshots = workspace.snapshots();
    for record in register.records() {
        let Some(round) = round(record).filter(|_| !told.contains(&number(record))) else { continue };
        let case = unread.get(record.issued.case.as_str());
        let words = match case.filter(|case| case.is_destroyed()) {
            Some(_) => Words::default(),
            None => Words::load(&snapshots, record),
        };
        let state = case.map(|case| case.state());
        let gone = || state.clone().unwrap_or_default();
        let withdrawn = record.withdrawn(&words.reason);
        rows.push(Transferred {
            ma_ho_so: record.issued.case.clone(),
            lan: round,
            bo_phan: if words.addressee.is_empty() { gone() } else { words.addressee },
            so_ky_hieu: record.issued.symbol.clone(),
            ngay_chuyen: Some(record.issued.date),
            noi_dung: match (withdrawn, state) {
                (None, None) => "hồ sơ không còn ghi lần chuyển này".to_owned(),
                (withdrawn, state) => withdrawn.into_iter().chain(state).collect::<Vec<_>>().join("; "),
            },
            han: None,
            ngay_co_ket_qua: None,
        });
    }
    rows.sort_by(|a, b| (&a.ma_ho_so, a.lan).cmp(&(&b.ma_ho_so, b.lan)));
    rows
}

fn number(record: &Record) -> (&str, i32, u32) {
    (&record.issued.register, record.issued.year, record.issued.number)
}

/// The round of a letter, if it is a transfer: its id in the register says so when the case is gone.
fn round(record: &Record) -> Option<u32> {
    let stem = record.issued.letter.strip_prefix(&record.issued.case)?.strip_prefix('/')?;
    let rest = stem.strip_prefix(LetterKind::Transfer.stem())?.strip_prefix("-lan-")?;
    rest.split('-').next()?.parse().ok()
}

impl Transferred {
    pub(super) fn printable(&self) -> book::Transfer {
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

fn transfers<'r>(
    workspace: &Workspace,
    register: &'r Register,
    case: &Case,
    told: &mut BTreeSet<(&'r str, i32, u32)>,
) -> Vec<Transferred> {
    let assessment = crate::procedure::assess(case, &workspace.calendar, &workspace.settings, workspace.clock.today());
    let mut rows = Vec::new();
    for (index, round) in case.rounds.iter().enumerate() {
        for transfer in &round.transfers {
            let lan = case.round_number(index);
            let unit = transfer.unit.as_ref().map(ToString::to_string).unwrap_or_default();
            let id = LetterId { kind: LetterKind::Transfer, round: lan, unit: Some(unit.clone()) };
            let record = register.current(&issue::register_id(case.code.as_str(), &id));
            let findings = assessment.terms.iter().find(|term| {
                term.kind == crate::procedure::TermKind::Findings
                    && term.round == lan
                    && term.unit.as_ref() == Some(&unit)
            });
            told.extend(record.map(number));
            rows.push(Transferred {
                ma_ho_so: case.code.to_string(),
                lan,
                bo_phan: unit,
                so_ky_hieu: record.map(|record| record.issued.symbol.clone()).unwrap_or_default(),
                ngay_chuyen: transfer.date().map(|date| date.0).or(record.map(|record| record.issued.date)),
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
