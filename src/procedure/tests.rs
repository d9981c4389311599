//! Tests. Dates are computed by hand from the table of working days, not from our own output.

mod example;
mod paths;
mod random;
mod steps;

use chrono::NaiveDate;

use super::{Assessment, TermKind, assess};
use crate::calendar::{Calendar, Swaps};
use crate::case::Case;
use crate::settings::Settings;

fn settings() -> Settings {
    crate::yaml::read("don_vi: []\nnguoi_ky: []\n").expect("settings")
}

/// A day written `12/10/2026`.
fn on(text: &str) -> NaiveDate {
    NaiveDate::parse_from_str(text, "%d/%m/%Y").expect("date")
}

fn case(yaml: &str) -> Case {
    crate::yaml::read(&format!("ma_ho_so: KN-2026-0001\n{yaml}")).unwrap_or_else(|error| panic!("{error}\n{yaml}"))
}

fn at(yaml: &str, today: &str) -> Assessment {
    assess(&case(yaml), &Calendar::builtin(Swaps::Follow), &settings(), on(today))
}

fn due(assessment: &Assessment, kind: TermKind) -> NaiveDate {
    assessment.terms.iter().rev().find(|term| term.kind == kind).unwrap_or_else(|| panic!("no {kind:?}")).due
}

fn paths(assessment: &Assessment) -> Vec<&str> {
    assessment.actions.iter().map(|action| action.path.as_str()).collect()
}

/// Steps 1–2 done on Monday 12/10/2026.
const ARRIVED: &str = "
nguoi_khieu_nai: {loai: ca_nhan, ten: Nguyễn Thị Hường}
tiep_nhan: {ngay_den: 12/10/2026, hinh_thuc: email, tom_tat: Thu hồi nhầm, yeu_cau: [Làm rõ]}
";
/// Step 3: taken up, not to be settled at once.
const TAKEN_UP: &str = "xem_xet_tiep_nhan: {ngay: 13/10/2026, thuoc_pham_vi: co, xu_ly_ngay_duoc: khong}\n";
/// Step 5, sent the day it was written.
const SLIP: &str = "phieu_tiep_nhan: {ngay: 13/10/2026, ban_hanh: co, gui: [{ngay: 13/10/2026, cach: email}]}\nphan_loai: {nhom: x, muc_do: binh_thuong}\n";

/// Intake, decision, slip, and `more`.
fn taken_up(more: &str) -> String {
    format!("{ARRIVED}{TAKEN_UP}{SLIP}{more}")
}

/// As [`taken_up`], with one round whose answer was sent and received on Friday 30/10/2026; `more` continues the round.
fn answered(more: &str) -> String {
    taken_up(&format!(
        "giai_quyet:
- chuyen_bo_phan: [{{bo_phan: Phòng Kỹ thuật, ngay: 14/10/2026, ban_hanh: co, ket_qua: {{ngay: 21/10/2026}}}}]
  tra_loi: {{ngay: 30/10/2026, ban_hanh: co, gui: [{{ngay: 30/10/2026, cach: truc_tiep}}]}}
{more}"
    ))
}
