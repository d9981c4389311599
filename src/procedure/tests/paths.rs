//! Reactions, ends, closing, and coming back.

use super::*;
use crate::procedure::{End, Lateness, Stage};

#[test]
fn the_day_of_receipt_starts_the_silence() {
    let unknown = answered("").replace("cach: truc_tiep", "cach: buu_dien");
    let found = at(&unknown, "01/06/2027");
    assert_eq!(found.stage, Stage::AwaitingReaction);
    assert_eq!(paths(&found), ["giai_quyet[0].tra_loi.gui[0].ngay_nhan", "giai_quyet[0].phan_hoi"]);
    assert_eq!((found.changes_on, found.late()), (None, Lateness::OnTime));
    // Received Tuesday 03/11: 4–6 (3), 9–13 (8), 16–20 (13), 23, 25/11; 24/11 is a day off.
    let known = answered("").replace("cach: truc_tiep", "cach: buu_dien, ngay_nhan: 03/11/2026");
    assert_eq!((at(&known, "25/11/2026").end, at(&known, "25/11/2026").changes_on), (None, Some(on("26/11/2026"))));
    let over = at(&known, "26/11/2026");
    assert_eq!((over.end, over.ended, over.changes_on), (Some(End::NoReaction), Some(on("25/11/2026")), None));
}

#[test]
fn step_9_agreed_then_closed() {
    let agreed = answered("  phan_hoi: {ngay: 06/11/2026, dong_y: co}\n");
    let found = at(&agreed, "06/11/2026");
    assert_eq!((found.stage, found.step), (Stage::Ended, 9));
    assert_eq!((found.end, found.ended, found.changes_on), (Some(End::Agreed), Some(on("06/11/2026")), None));
    assert_eq!(paths(&found), ["luu_ho_so"]);
    assert_eq!(paths(&at(&format!("{agreed}luu_ho_so: {{nguoi_luu: An}}"), "06/11/2026")), ["luu_ho_so.ngay"]);
    let closing = at(&format!("{agreed}luu_ho_so: {{ngay: 06/11/2026}}"), "06/11/2026");
    assert_eq!((closing.stage, closing.actions.len()), (Stage::Closing, 0));
    assert!(closing.remarks.iter().any(|remark| remark.contains("ghi vào lần 1, mục tra_loi.ban_ky")));
    // Handed over: no proof of sending asked for.
    assert!(!closing.remarks.iter().any(|remark| remark.contains("mục tra_loi.gui thứ 1")));
}

#[test]
fn a_promise_not_recorded_as_done_is_remarked_at_the_end() {
    let promised = answered("  phan_hoi: {ngay: 06/11/2026, dong_y: co}\n").replace(
        "tra_loi: {",
        "tra_loi: {bien_phap: [{noi_dung: Cấp lại token, ngay_xong: 02/11/2026}, {noi_dung: Hoàn phí}], ",
    );
    let found = at(&promised, "06/11/2026");
    let open: Vec<_> = found.remarks.iter().filter(|remark| remark.contains("bien_phap")).collect();
    assert!(open.len() == 1 && open[0].contains("lần 1, mục tra_loi.bien_phap thứ 2, mục ngay_xong"), "{open:?}");
}

#[test]
fn a_reaction_lacking_its_day_or_word_is_asked_for() {
    for (reaction, path) in
        [("{dong_y: co}", "giai_quyet[0].phan_hoi.ngay"), ("{ngay: 06/11/2026}", "giai_quyet[0].phan_hoi.dong_y")]
    {
        let found = at(&answered(&format!("  phan_hoi: {reaction}\n")), "01/06/2027");
        assert_eq!((found.stage, paths(&found)[0]), (Stage::AwaitingReaction, path));
    }
    let found = at(&answered("  phan_hoi: {dong_y: khong}\n"), "06/11/2026");
    assert_eq!((found.stage, found.round, paths(&found)[0]), (Stage::Transfer, 2, "giai_quyet[0].phan_hoi.ngay"));
}

#[test]
fn step_10_an_objection_after_the_silence_still_opens_a_round() {
    let found = at(&answered("  phan_hoi: {ngay: 14/12/2026, dong_y: khong}\n"), "15/12/2026");
    assert_eq!((found.stage, found.step, found.round, found.end), (Stage::Transfer, 10, 2, None));
    // 20 working days from Monday 14/12: 15–18 (4), 21–25 (9), 28–31 (13), 4–8/1 (18), 11, 12; 01/01/2027 is a day off.
    assert_eq!(due(&found, TermKind::ReAnswer), on("12/01/2027"));
    // The objection is not in writing yet.
    assert!(found.remarks.iter().any(|remark| remark.contains("phan_hoi.so_van_ban")));
}

#[test]
fn further_rounds_take_their_number_from_the_file() {
    let objection = "  phan_hoi: {ngay: 06/11/2026, dong_y: khong}\n";
    let found = at(&answered(&format!("{objection}- lan: 5\n")), "06/11/2026");
    assert_eq!((found.round, found.letters.last().map(|letter| letter.id.round)), (5, Some(5)));
}

#[test]
fn closing_a_case_that_has_not_ended_says_what_is_missing() {
    let found = at(&taken_up("luu_ho_so: {ngay: 14/10/2026}"), "14/10/2026");
    assert_eq!((found.stage, paths(&found)[0]), (Stage::Transfer, "giai_quyet[0].chuyen_bo_phan"));
    assert!(found.actions[0].what.starts_with("Chưa lưu hồ sơ được"));
}

#[test]
fn withdrawn_with_the_paper() {
    let whole = "rut_khieu_nai: {ngay: 20/10/2026, tai_lieu: [{tep: don-rut.pdf}]}\n";
    let found = at(&taken_up(whole), "20/12/2026");
    assert_eq!((found.stage, found.end, found.ended), (Stage::Ended, Some(End::Withdrawn), Some(on("20/10/2026"))));
    // Nothing is awaited any longer.
    assert_eq!((found.late(), found.changes_on), (Lateness::OnTime, None));
    let paperless = at(&taken_up("rut_khieu_nai: {ngay: 20/10/2026}"), "20/10/2026");
    assert_eq!((paperless.stage, paths(&paperless)[0]), (Stage::Transfer, "rut_khieu_nai.tai_lieu"));
    // Withdrawn before anything was decided.
    assert_eq!(at(&format!("{ARRIVED}{whole}"), "20/10/2026").end, Some(End::Withdrawn));
}

#[test]
fn taken_up_again_after_a_closing() {
    let closed = answered("  phan_hoi: {ngay: 06/11/2026, dong_y: co}\nluu_ho_so: {ngay: 06/11/2026}\n");
    let again = format!("{closed}khieu_nai_lai: [{{ngay: 09/11/2026, noi_dung: Vẫn lỗi}}]\n");
    let found = at(&again, "09/11/2026");
    assert_eq!((found.stage, found.step, found.round, found.end), (Stage::Transfer, 10, 2, None));
    // 20 working days from 09/11: 10–13 (4), 16–20 (9), 23, 25–27 (13), 30/11–4/12 (18), 7, 8.
    assert_eq!(due(&found, TermKind::ReAnswer), on("08/12/2026"));
    // The old closing belongs to the earlier version: it is not what is wrong.
    assert!(!found.actions[0].what.starts_with("Chưa lưu"));
    let round = "- lan: 2
  tra_loi: {ngay: 20/11/2026, ban_hanh: co, gui: [{ngay: 20/11/2026, cach: truc_tiep}]}
  phan_hoi: {ngay: 23/11/2026, dong_y: co}
luu_ho_so";
    let ended = again.replace("luu_ho_so", round);
    let found = at(&ended, "25/11/2026");
    assert_eq!((found.stage, found.round, found.ended), (Stage::Ended, 2, Some(on("23/11/2026"))));
    assert_eq!(paths(&found), ["luu_ho_so.ngay"]);
    let closing = ended.replace("luu_ho_so: {ngay: 06/11/2026}", "luu_ho_so: {ngay: 25/11/2026}");
    assert_eq!(at(&closing, "25/11/2026").stage, Stage::Closing);
}

#[test]
fn a_rejected_or_withdrawn_case_can_come_back() {
    let rejected = format!(
        "{ARRIVED}xem_xet_tiep_nhan: {{ngay: 13/10/2026, thuoc_pham_vi: khong, ly_do_tu_choi: [x]}}
tu_choi: {{ngay: 14/10/2026, ban_hanh: co, gui: [{{ngay: 14/10/2026, cach: email}}]}}
khieu_nai_lai: [{{ngay: 20/10/2026}}]\n"
    );
    let found = at(&rejected, "20/10/2026");
    assert_eq!((found.stage, found.round, paths(&found)[0]), (Stage::Transfer, 2, "giai_quyet[0].chuyen_bo_phan"));
    let back = "rut_khieu_nai: {ngay: 20/10/2026, tai_lieu: [{tep: d.pdf}]}\nkhieu_nai_lai: [{ngay: 20/10/2026}]\n";
    let found = at(&taken_up(back), "20/10/2026");
    assert_eq!((found.stage, found.round, found.end), (Stage::Transfer, 1, None));
}

#[test]
fn what_the_earlier_pass_left_undone_is_no_longer_awaited() {
    // Withdrawn before the slip was sent (due 19/10), taken up again the day after.
    let back = "rut_khieu_nai: {ngay: 20/10/2026, tai_lieu: [{tep: d.pdf}]}\nkhieu_nai_lai: [{ngay: 21/10/2026}]\n";
    let found = at(&format!("{ARRIVED}{TAKEN_UP}{back}"), "22/10/2026");
    assert!(found.term(TermKind::ReceiptSlip, 0).is_some_and(|term| term.waived && !term.late));
    assert_eq!((found.stage, found.late()), (Stage::Transfer, Lateness::OnTime));
}

#[test]
fn late_papers_make_a_supplement_without_a_round() {
    let closed = answered("  phan_hoi: {ngay: 06/11/2026, dong_y: co}\nluu_ho_so: {ngay: 06/11/2026}\n");
    let more = format!("{closed}bo_sung: [{{ngay: 12/11/2026}}]\n");
    let found = at(&more, "12/11/2026");
    assert_eq!((found.stage, found.end, found.round), (Stage::Ended, Some(End::Agreed), 1));
    assert_eq!(paths(&found), ["luu_ho_so.ngay"]);
    let again = more.replace("luu_ho_so: {ngay: 06/11/2026}", "luu_ho_so: {ngay: 12/11/2026}");
    assert_eq!(at(&again, "12/11/2026").stage, Stage::Closing);
    assert_eq!(paths(&at(&format!("{closed}bo_sung: [{{noi_dung: x}}]\n"), "12/11/2026")), ["bo_sung[0].ngay"]);
}

#[test]
fn a_replaced_letter_is_issued_again_and_sent_again() {
    let replaced = answered("").replace(
        "cach: truc_tiep}]}",
        "cach: truc_tiep}], thay_the: [{so: 3, ngay: 02/11/2026, hinh_thuc: thay_the, ly_do: Sai tên}]}",
    );
    let found = at(&replaced, "02/11/2026");
    assert_eq!((found.stage, paths(&found)), (Stage::Answer, vec!["giai_quyet[0].tra_loi.gui"]));
    // The term was met by the first sending.
    assert_eq!(found.term(TermKind::Answer, 1).and_then(|term| term.met), Some(on("30/10/2026")));
    let sent =
        replaced.replace("cach: truc_tiep}], thay", "cach: truc_tiep}, {ngay: 03/11/2026, cach: truc_tiep}], thay");
    assert_eq!(due(&at(&sent, "03/11/2026"), TermKind::NoReaction), on("25/11/2026"));
}

#[test]
fn swaps_differ_warn_by_the_earlier_day() {
    let yaml = format!("{}{TAKEN_UP}", ARRIVED.replace("12/10/2026", "30/12/2025"));
    // Five days from 30/12/2025: 08/01/2026 following swaps (02/01 off), 07/01 ignoring them.
    let found = at(&yaml, "07/01/2026");
    let term = found.term(TermKind::ReceiptSlip, 0).expect("slip");
    assert_eq!((term.due, term.warn_by), (on("08/01/2026"), on("07/01/2026")));
    assert!(term.remarks.iter().any(|remark| remark.contains("07/01/2026") && remark.contains("08/01/2026")));
    assert_eq!((found.actions[0].due, found.actions[0].late), (Some(on("07/01/2026")), false));
    let next = at(&yaml, "08/01/2026");
    assert!(next.actions[0].late && !next.term(TermKind::ReceiptSlip, 0).is_some_and(|term| term.late));
    let ignoring = assess(&case(&yaml), &Calendar::builtin(Swaps::Ignore), &settings(), on("07/01/2026"));
    assert_eq!(due(&ignoring, TermKind::ReceiptSlip), on("07/01/2026"));
}

#[test]
fn a_year_without_notice_is_remarked() {
    let found = at(&ARRIVED.replace("2026", "2029"), "12/10/2029");
    assert!(found.terms[0].remarks.iter().any(|remark| remark.contains("2029 chưa có thông báo")));
}

#[test]
fn issuing_waits_for_the_signed_copy_or_the_typed_number_when_the_settings_say_so() {
    let yaml = format!("{ARRIVED}{TAKEN_UP}phieu_tiep_nhan: {{ngay: 13/10/2026, ban_hanh: co}}");
    let path = |yaml: &str, settings: &Settings| {
        let found = assess(&case(yaml), &Calendar::builtin(Swaps::Follow), settings, on("13/10/2026"));
        let own = found.actions.iter().find(|action| action.path.starts_with("phieu_tiep_nhan"));
        own.map(|action| action.path.clone()).expect("an action for the slip")
    };
    let mut after = settings();
    after.numbering.time = crate::settings::NumberingTime::AfterSigning;
    assert_eq!(path(&yaml, &after), "phieu_tiep_nhan.ban_ky");
    assert_eq!(
        path(&yaml.replace("ban_hanh: co", "ban_hanh: co, ban_ky: {tep: a.pdf}"), &after),
        "phieu_tiep_nhan.gui"
    );
    let mut typed = settings();
    typed.numbering.by = crate::settings::NumberingBy::Clerk;
    assert_eq!(path(&yaml, &typed), "phieu_tiep_nhan.so");
    assert_eq!(path(&yaml.replace("ban_hanh: co", "ban_hanh: co, so: 7"), &typed), "phieu_tiep_nhan.gui");
}
