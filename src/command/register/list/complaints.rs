//! The rows of the complaint register: every complaint there was, in the book of the day it came.

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use crate::case::Case;
use crate::letter::book;
use crate::pipeline::unread::{Belongs, Unread, belongs};
use crate::register::Period;
use crate::workspace::Workspace;

/// A row of the complaint register (step 2).
#[derive(Default, Serialize)]
pub(super) struct Complaint {
    pub(super) ma_ho_so: String,
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

pub(super) const HEADINGS: [&str; 12] = [
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

/// The rows of a period.
pub(super) struct Rows {
    pub(super) rows: Vec<Complaint>,
    /// Cases that may belong here, and nobody knows.
    pub(super) perhaps: Vec<String>,
    /// What the book says below them.
    pub(super) notes: Vec<String>,
}

impl Rows {
    pub(super) fn new(workspace: &Workspace, cases: &[Case], unread: &[Unread], period: Option<Period>) -> Self {
        let read = cases.iter().map(|case| {
            let row = complaint(workspace, case);
            (row.ngay_den.or(row.ngay_ghi_nhan), None, row)
        });
        let known = unread.iter().map(|case| (case.arrived(), case.no_later, bare(case)));
        let (mut rows, mut perhaps) = (Vec::new(), Vec::new());
        for (day, no_later, row) in read.chain(known) {
            match belongs(period, day, no_later, &row.ma_ho_so) {
                Belongs::Here => rows.push(row),
                Belongs::Perhaps => perhaps.push(row.ma_ho_so),
                Belongs::Elsewhere => {}
            }
        }
        rows.sort_by(|a, b| a.ma_ho_so.cmp(&b.ma_ho_so));
        perhaps.sort();
        let note = period.filter(|_| !perhaps.is_empty()).map(|period| {
            let (first, last) = (period.first.year(), period.last.year());
            let years = if first == last { format!("năm {first}") } else { format!("các năm {first} đến {last}") };
            format!(
                "Ngoài các khiếu nại đã ghi, còn {} khiếu nại không rõ ngày đến, có thể thuộc kỳ này, ghi trong sổ cả năm ({years}): {}.",
                crate::letter::wording::count(perhaps.len()),
                perhaps.join(", ")
            )
        });
        Self { rows, perhaps, notes: note.into_iter().collect() }
    }
}

impl Complaint {
    pub(super) fn printable(&self) -> book::Complaint {
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

/// What is known of a case that is not read.
fn bare(case: &Unread) -> Complaint {
    let last = case.stretches.last();
    Complaint {
        ma_ho_so: case.code.clone(),
        ngay_den: case.arrived(),
        tinh_trang: case.state(),
        ket_thuc: last.map(|last| last.end.text().to_owned()).unwrap_or_default(),
        ngay_ket_thuc: last.map(|last| last.ended),
        ..Complaint::default()
    }
}
