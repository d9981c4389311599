//! The sample case in its second round.

use super::*;
use crate::procedure::{Actor, Lateness, Stage, explain};

const EXAMPLE: &str = include_str!("../../../tests/data/KN-2026-0042.yaml");

fn example(today: &str) -> Assessment {
    let case = crate::yaml::read::<Case>(EXAMPLE).expect("example");
    assess(&case, &Calendar::builtin(Swaps::Follow), &settings(), on(today))
}

#[test]
fn terms_of_both_rounds() {
    let found = example("10/11/2026");
    let rows: Vec<(TermKind, u32, NaiveDate, Option<NaiveDate>)> =
        found.terms.iter().map(|term| (term.kind, term.round, term.due, term.met)).collect();
    // October 2026 has no day off but weekends; 24/11/2026 is one.
    let expected = vec![
        (TermKind::ScopeDecision, 0, on("14/10/2026"), Some(on("13/10/2026"))),
        (TermKind::ReceiptSlip, 0, on("19/10/2026"), Some(on("13/10/2026"))),
        (TermKind::Transfer, 1, on("15/10/2026"), Some(on("14/10/2026"))),
        (TermKind::Findings, 1, on("28/10/2026"), Some(on("21/10/2026"))),
        (TermKind::Answer, 1, on("10/11/2026"), Some(on("30/10/2026"))),
        (TermKind::NoReaction, 1, on("20/11/2026"), Some(on("06/11/2026"))),
        (TermKind::Transfer, 2, on("10/11/2026"), None),
        (TermKind::Findings, 2, on("23/11/2026"), None),
        (TermKind::ReAnswer, 2, on("07/12/2026"), None),
    ];
    assert_eq!(rows, expected);
}

#[test]
fn stands_before_the_second_transfer() {
    let found = example("10/11/2026");
    assert_eq!((found.stage, found.step, found.round, found.end), (Stage::Transfer, 10, 2, None));
    assert_eq!(paths(&found), ["giai_quyet[1].chuyen_bo_phan[0].ban_hanh"]);
    assert_eq!(found.actions[0].who, Actor::Intake);
    assert_eq!((found.actions[0].due, found.actions[0].late), (Some(on("10/11/2026")), false));
    assert_eq!((found.changes_on, found.late()), (Some(on("11/11/2026")), Lateness::OnTime));

    let found = example("11/11/2026");
    assert!(found.actions[0].late);
    // The unit has not been asked, so its findings (23/11) are nobody's delay: the answer is next.
    assert_eq!((found.changes_on, found.late()), (Some(on("08/12/2026")), Lateness::LateNow));
}

#[test]
fn letters_in_order() {
    let found = example("10/11/2026");
    let rows: Vec<(String, &str, bool, bool)> =
        found.letters.iter().map(|row| (row.id.stem(), row.path.as_str(), row.present, row.issue)).collect();
    let expected = [
        ("phieu-tiep-nhan", "phieu_tiep_nhan", true, true),
        ("phieu-chuyen-lan-1-phong-ky-thuat", "giai_quyet[0].chuyen_bo_phan[0]", true, true),
        ("phieu-ket-qua-xac-minh-lan-1-phong-ky-thuat", "giai_quyet[0].chuyen_bo_phan[0].ket_qua", true, false),
        ("van-ban-tra-loi-lan-1", "giai_quyet[0].tra_loi", true, true),
        ("phieu-chuyen-lan-2-phong-phap-che", "giai_quyet[1].chuyen_bo_phan[0]", true, false),
        ("phieu-ket-qua-xac-minh-lan-2-phong-phap-che", "giai_quyet[1].chuyen_bo_phan[0]", true, false),
    ];
    assert_eq!(rows, expected.map(|(stem, path, present, issue)| (stem.to_owned(), path, present, issue)));
}

#[test]
fn explained_day_by_day() {
    let found = example("10/11/2026");
    let rows = explain(&found, &Calendar::builtin(Swaps::Follow));
    let answer = rows.iter().find(|row| row.kind == TermKind::Answer).expect("answer");
    assert_eq!(answer.source, "bước 8");
    // 14/10 to 10/11 are 28 days, of them 20 working days.
    assert_eq!(answer.days.len(), 28);
    assert_eq!(answer.days.iter().filter_map(|day| day.counted).collect::<Vec<_>>(), (1..=20).collect::<Vec<_>>());
    assert_eq!((answer.days[3].date, answer.days[3].counted), (on("17/10/2026"), None));
    assert!(answer.days[3].reason.is_some());
    let again = rows.iter().find(|row| row.kind == TermKind::ReAnswer).expect("answer again");
    let holiday = again.days.iter().find(|day| day.date == on("24/11/2026")).expect("24/11");
    assert!(holiday.counted.is_none() && holiday.reason.is_some());
    assert_eq!(again.source, "theo cấu hình");
}
