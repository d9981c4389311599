//! What the commands refuse, and what they say of cases they cannot show.

use crate::desk::Desk;
use crate::samples::{ISSUE, REJECTED, lay_evidence, rejected_open, sample, settings, slip};

const CODE: &str = "KN-2026-0101";
const WHY: [&str; 4] = ["--reason", "in nhầm", "--by", "Đỗ Minh Tuấn"];

fn void<'a>(number: &'a str, why: &[&'a str]) -> Vec<&'a str> {
    [&["register", "void", number, "--year", "2026"], why].concat()
}

/// The rejected case in the archive.
fn closed() -> Desk {
    let desk = Desk::new();
    lay_evidence(&desk, REJECTED);
    desk.save(REJECTED, &rejected_open());
    desk.build().expect(0);
    desk.save(REJECTED, &sample(REJECTED));
    desk.build().expect(0);
    desk
}

#[test]
fn a_number_is_not_withdrawn_without_reason_or_name() {
    let desk = Desk::new();
    desk.save(CODE, &slip(CODE, 4, ISSUE, ""));
    desk.build().expect(0);
    let before = desk.tree();
    for why in [["--reason", "", "--by", "Đỗ Minh Tuấn"], ["--reason", "in nhầm", "--by", " \t"]] {
        let run = desk.run(&void("01/PTN-ECA", &why)).expect(2);
        assert!(run.err.contains("không được để trống"), "{}", run.err);
        desk.run(&[&["archive", "reopen", CODE], &why[..]].concat()).expect(2);
    }
    assert!(before == desk.tree());
    let run = desk.run(&void("01/PTN-ECA", &WHY)).expect(0);
    assert!(run.out.contains("01/PTN-ECA") && !run.out.contains("phieu-tiep-nhan"), "{}", run.out);
    let run = desk.run(&void("01/PTN-ECA", &WHY)).expect(1);
    assert!(run.err.contains("01/PTN-ECA") && !run.err.contains("phieu-tiep-nhan"), "{}", run.err);
}

#[test]
fn a_letter_of_a_closed_case_is_not_withdrawn() {
    let desk = closed();
    let run = desk.run(&void("01/TB-ECA", &WHY)).expect(1);
    assert!(run.err.contains("hoso archive reopen KN-2026-0027"), "{}", run.err);
    desk.run(&[&["archive", "reopen", REJECTED], &WHY[..]].concat()).expect(0);
    desk.run(&void("01/TB-ECA", &WHY)).expect(0);
}

#[test]
fn a_number_printed_on_two_letters_is_not_withdrawn() {
    let desk = Desk::with_settings(|text| text.replace("ky_hieu: PTN-ECA", "ky_hieu: TB-ECA"));
    assert!(settings().contains("ky_hieu: TB-ECA"));
    desk.save(CODE, &slip(CODE, 4, ISSUE, ""));
    lay_evidence(&desk, REJECTED);
    desk.save(REJECTED, &rejected_open());
    desk.build().expect(0);
    let run = desk.run(&void("01/TB-ECA", &WHY)).expect(1);
    assert!(run.err.contains(CODE) && run.err.contains(REJECTED), "{}", run.err);
    assert_eq!(desk.numbers().len(), 2);
}
