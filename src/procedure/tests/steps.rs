//! The table of the source, state by state.

use super::*;
use crate::procedure::{Actor, End, Lateness, Stage};

#[test]
fn steps_1_and_2_ask_for_what_is_missing() {
    let found = at("", "12/10/2026");
    assert_eq!((found.stage, found.step, found.round), (Stage::Intake, 2, 0));
    let expected = [
        "tiep_nhan.ngay_den",
        "tiep_nhan.hinh_thuc",
        "nguoi_khieu_nai.ten",
        "nguoi_khieu_nai.loai",
        "tiep_nhan.tom_tat",
        "tiep_nhan.yeu_cau",
        "xem_xet_tiep_nhan",
    ];
    assert_eq!(paths(&found), expected);
    assert_eq!((found.terms.len(), found.changes_on), (0, None));
}

#[test]
fn step_3_decision_within_two_days() {
    let found = at(ARRIVED, "14/10/2026");
    assert_eq!((found.stage, found.step), (Stage::ScopeDecision, 3));
    assert_eq!(paths(&found), ["xem_xet_tiep_nhan"]);
    assert_eq!((found.actions[0].due, found.actions[0].late), (Some(on("14/10/2026")), false));
    assert!(found.terms[0].by_setting);
    assert_eq!(found.changes_on, Some(on("15/10/2026")));
    let found = at(ARRIVED, "15/10/2026");
    assert!(found.actions[0].late && found.terms[0].is_late_now());
    assert_eq!(found.changes_on, None);
}

#[test]
fn step_3_half_a_decision() {
    let found = at(&format!("{ARRIVED}xem_xet_tiep_nhan: {{ngay: 13/10/2026, thuoc_pham_vi: co}}"), "13/10/2026");
    assert_eq!((found.stage, paths(&found)), (Stage::ScopeDecision, vec!["xem_xet_tiep_nhan.xu_ly_ngay_duoc"]));
}

fn rejected(letter: &str) -> String {
    format!(
        "{ARRIVED}xem_xet_tiep_nhan: {{ngay: 13/10/2026, thuoc_pham_vi: khong, ly_do_tu_choi: [Dịch vụ khác]}}\n{letter}"
    )
}

#[test]
fn step_3_rejection_draft_issue_send_end() {
    let found = at(&rejected(""), "13/10/2026");
    assert_eq!((found.stage, found.step), (Stage::Rejection, 3));
    assert_eq!(paths(&found), ["tu_choi"]);
    assert_eq!(found.letters.len(), 1);
    assert!(!found.letters[0].present && !found.letters[0].issue);
    // 13, 14, 15, 16, 19 October.
    assert_eq!(found.letters[0].due, Some(on("19/10/2026")));

    assert_eq!(paths(&at(&rejected("tu_choi: {}"), "13/10/2026")), ["tu_choi.ngay"]);
    assert_eq!(paths(&at(&rejected("tu_choi: {ngay: 14/10/2026}"), "13/10/2026")), ["tu_choi.ban_hanh"]);
    let signing = at(&rejected("tu_choi: {ngay: 14/10/2026, trinh_ky: co}"), "13/10/2026");
    assert_eq!((paths(&signing), &signing.actions[0].who), (vec!["tu_choi.ban_hanh"], &Actor::Signer));
    let undated = at(&rejected("tu_choi: {trinh_ky: co}"), "13/10/2026");
    assert!(undated.actions[0].what.contains("tu_choi.ngay"));
    assert_eq!(paths(&at(&rejected("tu_choi: {ngay: 14/10/2026, ban_hanh: co}"), "13/10/2026")), ["tu_choi.gui"]);

    let sent = "tu_choi: {ngay: 14/10/2026, ban_hanh: co, gui: [{ngay: 20/10/2026, cach: buu_dien}]}";
    let found = at(&rejected(sent), "21/10/2026");
    assert_eq!(
        (found.stage, found.step, found.end, found.ended),
        (Stage::Ended, 3, Some(End::Rejected), Some(on("20/10/2026")))
    );
    assert_eq!((paths(&found), found.late()), (vec!["luu_ho_so"], Lateness::WasLate));
    assert!(found.remarks.iter().any(|remark| remark.contains("tu_choi.ban_ky")));
    assert!(found.remarks.iter().any(|remark| remark.contains("mục tu_choi.gui thứ 1, mục bang_chung")));
    assert_eq!(found.changes_on, None);
}

#[test]
fn consumer_law_warns_above_seven_days() {
    let law = |sent: &str| {
        let letter = format!("tu_choi: {{ngay: 14/10/2026, ban_hanh: co, gui: [{{ngay: {sent}, cach: buu_dien}}]}}");
        let found = at(&rejected(&letter), "30/10/2026");
        found.terms[1].remarks.iter().any(|remark| remark.contains("Điều 57"))
    };
    // The seventh working day after Monday 12/10 is Wednesday 21/10.
    assert!(!law("21/10/2026"));
    assert!(law("22/10/2026"));
    let unsent = |today| at(&rejected(""), today).terms[1].remarks.len();
    assert_eq!((unsent("21/10/2026"), unsent("22/10/2026")), (0, 1));
}

#[test]
fn step_4_record_for_a_complainant_who_is_present() {
    let base = ARRIVED.replace("email", "truc_tiep");
    let base = format!("{base}xem_xet_tiep_nhan: {{ngay: 12/10/2026, thuoc_pham_vi: co, xu_ly_ngay_duoc: co}}\n");
    let with = |agrees: &str, today: &str| {
        at(&format!("{base}xu_ly_ngay: {{bien_ban: {{ngay: 12/10/2026, ban_hanh: co{agrees}}}}}"), today)
    };
    let found = at(&base, "12/10/2026");
    assert_eq!((found.stage, found.step, paths(&found)), (Stage::SettleAtOnce, 4, vec!["xu_ly_ngay.bien_ban"]));

    let agreed = with(", dong_y: co", "12/10/2026");
    assert_eq!((agreed.end, agreed.ended), (Some(End::Agreed), Some(on("12/10/2026"))));
    assert_eq!(agreed.term(TermKind::AnswerAtOnce, 0).and_then(|term| term.met), Some(on("12/10/2026")));

    // Disagreement in the record alone: step 10 wants it in writing. 15 working days: 13/10 to 02/11.
    for said in [", dong_y: khong", ""] {
        let waiting = with(said, "02/11/2026");
        assert_eq!((waiting.stage, waiting.end), (Stage::AwaitingReaction, None));
        assert_eq!((paths(&waiting), waiting.changes_on), (vec!["xu_ly_ngay.phan_hoi"], Some(on("03/11/2026"))));
        let over = with(said, "03/11/2026");
        assert_eq!((over.end, over.ended), (Some(End::SettledAtOnce), Some(on("02/11/2026"))));
    }
}

fn at_once(rest: &str) -> String {
    format!(
        "{ARRIVED}xem_xet_tiep_nhan: {{ngay: 12/10/2026, thuoc_pham_vi: co, xu_ly_ngay_duoc: co}}
xu_ly_ngay:
  tra_loi: {{ngay: 14/10/2026, ban_hanh: co, gui: [{{ngay: 14/10/2026, cach: email, ngay_nhan: 14/10/2026}}]}}
{rest}"
    )
}

#[test]
fn step_4_answer_by_letter_or_email_in_five_days() {
    let base = format!("{ARRIVED}xem_xet_tiep_nhan: {{ngay: 12/10/2026, thuoc_pham_vi: co, xu_ly_ngay_duoc: co}}\n");
    let found = at(&base, "12/10/2026");
    assert_eq!((paths(&found), found.letters[0].id.round), (vec!["xu_ly_ngay.tra_loi"], 0));
    let term = found.term(TermKind::AnswerAtOnce, 0).expect("term");
    assert_eq!((term.due, term.by_setting), (on("19/10/2026"), false));
    assert!(term.remarks.iter().any(|remark| remark.contains("mốc tính theo cấu hình")));
    // Silence, 15 working days from 14/10: 15, 16 (2), 19–23 (7), 26–30 (12), 2, 3, 4/11.
    assert_eq!(at(&at_once(""), "04/11/2026").stage, Stage::AwaitingReaction);
    let over = at(&at_once(""), "05/11/2026");
    assert_eq!((over.end, over.ended), (Some(End::SettledAtOnce), Some(on("04/11/2026"))));
}

#[test]
fn step_10_follows_a_settlement_at_once_too() {
    let found = at(&at_once("  phan_hoi: {ngay: 20/10/2026, dong_y: khong, so_van_ban: 1/CV}\n"), "20/10/2026");
    assert_eq!((found.stage, found.step, found.round), (Stage::Transfer, 10, 2));
    assert_eq!(paths(&found)[0], "giai_quyet[0].chuyen_bo_phan");
    // 20 working days from 20/10: 21–23 (3), 26–30 (8), 2–6/11 (13), 9–13 (18), 16, 17.
    assert_eq!(due(&found, TermKind::ReAnswer), on("17/11/2026"));
    assert_eq!(found.letters.last().map(|letter| (letter.id.round, letter.present)), Some((2, false)));
    assert!(found.letters.iter().any(|letter| letter.path == "xu_ly_ngay.tra_loi" && letter.id.round == 0));
}

#[test]
fn step_5_slip() {
    let found = at(&format!("{ARRIVED}{TAKEN_UP}"), "13/10/2026");
    assert_eq!((found.stage, found.step, paths(&found)), (Stage::ReceiptSlip, 5, vec!["phieu_tiep_nhan"]));
    let draft = at(&format!("{ARRIVED}{TAKEN_UP}phieu_tiep_nhan: {{ngay: 13/10/2026}}"), "13/10/2026");
    assert_eq!(paths(&draft), ["phieu_tiep_nhan.ban_hanh"]);
    // The draft already names the appointed day: 20 working days from 13/10.
    assert_eq!(due(&draft, TermKind::Answer), on("10/11/2026"));
    let unsent = at(&format!("{ARRIVED}{TAKEN_UP}phieu_tiep_nhan: {{ngay: 13/10/2026, ban_hanh: co}}"), "13/10/2026");
    assert_eq!(unsent.stage, Stage::ReceiptSlip);
    // Step 6 may begin meanwhile, and is due earlier: 2 working days from 13/10, where the slip has 5 from 12/10.
    assert_eq!(paths(&unsent), ["giai_quyet[0].chuyen_bo_phan", "phan_loai", "phieu_tiep_nhan.gui"]);
}

#[test]
fn appointed_day_brings_the_answer_forward_only() {
    let with = |day: &str| {
        at(
            &taken_up("")
                .replace("ngay: 13/10/2026, ban_hanh", &format!("ngay: 13/10/2026, ngay_hen: {day}, ban_hanh")),
            "14/10/2026",
        )
    };
    assert_eq!(due(&with("30/10/2026"), TermKind::Answer), on("30/10/2026"));
    let later = with("30/11/2026");
    assert_eq!(due(&later, TermKind::Answer), on("10/11/2026"));
    assert!(later.terms.last().is_some_and(|term| !term.remarks.is_empty()));
}

#[test]
fn a_late_slip_is_alarmed_while_the_round_goes_on() {
    let yaml = taken_up("giai_quyet: [{chuyen_bo_phan: [{bo_phan: Kỹ thuật, ngay: 14/10/2026, ban_hanh: co}]}]")
        .replace(", gui: [{ngay: 13/10/2026, cach: email}]", "");
    let found = at(&yaml, "20/10/2026");
    assert_eq!((found.stage, found.step), (Stage::Investigation, 7));
    // The late slip leads, then the paper that goes to the unit, then what the unit has to do.
    let asked =
        ["phieu_tiep_nhan.gui", "giai_quyet[0].chuyen_bo_phan[0].gui", "giai_quyet[0].chuyen_bo_phan[0].ket_qua"];
    assert_eq!(paths(&found), asked);
    assert!(found.actions[0].late && !found.actions[2].late);
    assert!(found.term(TermKind::ReceiptSlip, 0).is_some_and(|term| term.is_late_now()));
}

#[test]
fn step_6_transfer_within_two_days_of_the_slip() {
    let found = at(&taken_up(""), "13/10/2026");
    assert_eq!((found.stage, found.step, found.round), (Stage::Transfer, 6, 1));
    assert_eq!((paths(&found), found.actions[0].due), (vec!["giai_quyet[0].chuyen_bo_phan"], Some(on("15/10/2026"))));
    // Handed on as paper with a day of its own: the sending counts.
    let sent =
        "giai_quyet: [{chuyen_bo_phan: [{bo_phan: A, ngay: 14/10/2026, ban_hanh: co, gui: [{ngay: 16/10/2026}]}]}]";
    let term = at(&taken_up(sent), "16/10/2026").term(TermKind::Transfer, 1).cloned().expect("term");
    assert_eq!((term.met, term.late), (Some(on("16/10/2026")), true));
}

#[test]
fn step_7_each_unit_by_itself() {
    let found = at(
        &taken_up(
            "giai_quyet:
- chuyen_bo_phan:
  - {bo_phan: Phòng Kỹ thuật, ngay: 14/10/2026, ban_hanh: co}
  - {bo_phan: Phòng Pháp chế, ngay: 15/10/2026, ban_hanh: co, han_tra_loi: 20/10/2026}
  - {bo_phan: Phòng Kỹ thuật, ngay: 15/10/2026}
",
        ),
        "15/10/2026",
    );
    assert_eq!((found.stage, found.step), (Stage::Investigation, 7));
    let expected = [
        "giai_quyet[0].chuyen_bo_phan[2].ban_hanh",
        "giai_quyet[0].chuyen_bo_phan[1].gui",
        "giai_quyet[0].chuyen_bo_phan[1].ket_qua",
        "giai_quyet[0].chuyen_bo_phan[0].gui",
        "giai_quyet[0].chuyen_bo_phan[0].ket_qua",
    ];
    assert_eq!(paths(&found), expected);
    assert_eq!(found.actions[2].who, Actor::Unit("Phòng Pháp chế".to_owned()));
    assert_eq!((found.actions[2].due, found.actions[4].due), (Some(on("20/10/2026")), Some(on("28/10/2026"))));
    let units: Vec<_> = found.letters.iter().filter_map(|letter| letter.id.unit.as_deref()).collect();
    let (first, second, third) = ("Phòng Kỹ thuật", "Phòng Pháp chế", "Phòng Kỹ thuật (2)");
    assert_eq!(units, [first, first, second, second, third, third]);
}

#[test]
fn findings_are_due_five_days_before_the_answer() {
    // Transferred late, on 28/10: ten days would end on 11/11; five before 10/11 is 03/11.
    let found =
        at(&taken_up("giai_quyet: [{chuyen_bo_phan: [{bo_phan: A, ngay: 28/10/2026, ban_hanh: co}]}]"), "28/10/2026");
    assert_eq!(due(&found, TermKind::Findings), on("03/11/2026"));
    // On 05/11 even that has gone by: the next working day.
    let found =
        at(&taken_up("giai_quyet: [{chuyen_bo_phan: [{bo_phan: A, ngay: 05/11/2026, ban_hanh: co}]}]"), "05/11/2026");
    assert_eq!(due(&found, TermKind::Findings), on("06/11/2026"));
}

#[test]
fn one_silent_unit_does_not_block() {
    let with = |decision: &str| {
        at(
            &taken_up(&format!(
                "giai_quyet:
- chuyen_bo_phan:
  - {{bo_phan: A, ngay: 14/10/2026, ban_hanh: co, ket_qua: {{ngay: 20/10/2026}}}}
  - {{bo_phan: B, ngay: 14/10/2026, ban_hanh: co}}
{decision}"
            )),
            "29/10/2026",
        )
    };
    let waiting = with("");
    assert_eq!((waiting.stage, waiting.late()), (Stage::Investigation, Lateness::LateNow));
    assert!(waiting.actions[0].what.contains("khong_cho_ket_qua"));
    assert_eq!(waiting.changes_on, Some(on("11/11/2026")));
    let half = with("  khong_cho_ket_qua: {ly_do: Quá hạn}\n");
    assert_eq!(half.stage, Stage::Investigation);
    assert!(paths(&half).contains(&"giai_quyet[0].khong_cho_ket_qua.nguoi_quyet_dinh"));
    let on_with_it = with("  khong_cho_ket_qua: {ly_do: Quá hạn, nguoi_quyet_dinh: Giám đốc}\n");
    assert_eq!((on_with_it.stage, on_with_it.step), (Stage::Answer, 8));
    assert_eq!((paths(&on_with_it), on_with_it.late()), (vec!["giai_quyet[0].tra_loi"], Lateness::OnTime));
}

#[test]
fn step_8_answer() {
    let base =
        "giai_quyet:\n- chuyen_bo_phan: [{bo_phan: A, ngay: 14/10/2026, ban_hanh: co, ket_qua: {ngay: 20/10/2026}}]\n";
    let with = |answer: &str, today: &str| at(&taken_up(&format!("{base}{answer}")), today);
    let found = with("", "10/11/2026");
    assert_eq!((found.stage, found.step, found.round), (Stage::Answer, 8, 1));
    assert_eq!((paths(&found), found.changes_on), (vec!["giai_quyet[0].tra_loi"], Some(on("11/11/2026"))));
    assert_eq!(found.letters.last().map(|letter| (letter.present, letter.due)), Some((false, Some(on("10/11/2026")))));
    assert!(with("", "11/11/2026").actions[0].late);
    // Issued in time, sent a day too late: sending counts.
    let sent = "  tra_loi: {ngay: 09/11/2026, ban_hanh: co, gui: [{ngay: 11/11/2026, cach: buu_dien}]}\n";
    let found = with(sent, "12/11/2026");
    assert_eq!((found.stage, found.step, found.late()), (Stage::AwaitingReaction, 9, Lateness::WasLate));
}

#[test]
fn a_slip_after_an_objection_to_step_4_promises_the_answer_given_again() {
    // 20 working days from Monday 19/10/2026: Monday 16/11/2026.
    let settled = "xem_xet_tiep_nhan: {ngay: 13/10/2026, thuoc_pham_vi: co, xu_ly_ngay_duoc: co}
xu_ly_ngay:
  tra_loi: {ngay: 14/10/2026, ban_hanh: co, gui: [{ngay: 14/10/2026, cach: email, ngay_nhan: 14/10/2026}]}
  phan_hoi: {ngay: 19/10/2026, dong_y: khong, so_van_ban: 1/KN}
";
    let slip = |appointed: &str| {
        at(&format!("{ARRIVED}{settled}phieu_tiep_nhan: {{ngay: 20/10/2026, ban_hanh: co{appointed}}}\n"), "20/10/2026")
    };
    let promised = |found: &Assessment| found.promised().map(|term| (term.kind, term.due));
    assert_eq!(promised(&slip("")), Some((TermKind::ReAnswer, on("16/11/2026"))));
    let earlier = slip(", ngay_hen: 10/11/2026");
    assert_eq!(promised(&earlier), Some((TermKind::ReAnswer, on("10/11/2026"))), "an earlier promise binds");
}
