//! The sample cases of `examples/` on 20/11/2026, counted by hand from the table in `examples/README.md`.

use proptest::prelude::*;

use super::*;
use crate::calendar::Swaps;
use crate::settings::Settings;

fn on(text: &str) -> NaiveDate {
    NaiveDate::parse_from_str(text, "%d/%m/%Y").unwrap()
}

fn settings() -> Settings {
    crate::yaml::read("don_vi: []\nnguoi_ky: []\n").unwrap()
}

fn samples() -> Vec<Case> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("KN-")));
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "yaml"));
    paths.sort();
    paths.iter().map(|path| crate::yaml::read(&std::fs::read_to_string(path).unwrap()).unwrap()).collect()
}

fn report(cases: &[Case], period: Period, today: &str) -> Report {
    let (calendar, settings, today) = (Calendar::builtin(Swaps::Follow), settings(), on(today));
    let entries: Vec<Entry<'_>> = cases
        .iter()
        .map(|case| Entry {
            case,
            spells: crate::procedure::spells(case, &calendar, &settings, today),
            assessment: crate::procedure::assess(case, &calendar, &settings, today),
        })
        .collect();
    Report::new(&entries, &[], period, &calendar, today)
}

fn named<'r>(groups: &'r [Group], name: &str) -> &'r Counts {
    &groups.iter().find(|group| group.name == name).unwrap_or_else(|| panic!("{name} in {groups:?}")).counts
}

#[test]
fn the_samples_by_month_quarter_and_year() {
    let cases = samples();
    assert_eq!(cases.len(), 16);
    let counts = |period| report(&cases, period, "20/11/2026").counts;
    let november = Counts {
        open_at_start: 5,
        received: 7,
        taken_up_again: 0,
        answered: 1,
        refused: 0,
        withdrawn: 1,
        open_at_end: 10,
    };
    assert_eq!(counts(Period::month(on("01/11/2026"))), november);
    assert_eq!(counts(Period::quarter(2026, 4)), Counts { open_at_start: 2, received: 11, answered: 2, ..november });
    let year = Counts { open_at_start: 0, received: 16, answered: 4, refused: 1, ..november };
    assert_eq!(counts(Period::year(2026)), year);
    assert_eq!(counts(Period::year(2025)), Counts::default());
}

#[test]
fn the_samples_of_november_in_detail() {
    let report = report(&samples(), Period::month(on("01/11/2026")), "20/11/2026");
    let received = |name| named(&report.by_channel, name).received;
    assert_eq!(
        [received("văn bản"), received("thư điện tử"), received("điện thoại"), received("trực tiếp tại Trung tâm")],
        [2, 3, 1, 1]
    );
    assert_eq!(named(&report.by_group, "gia han").received, 1);
    // 0050 to 0054 are not classified yet.
    assert_eq!(named(&report.by_group, "chưa phân loại"), &Counts { received: 5, open_at_end: 5, ..Counts::default() });
    assert_eq!(report.by_group.last().unwrap().name, "chưa phân loại");
    assert_eq!(named(&report.by_kind, "tổ chức").received, 2);
    // 0045 on 12/11, 0047 on 16/11 (replaced on 18/11: the same answer); the record of 0050.
    assert_eq!(report.answers, Answers { at_once: 1, first: 2, further: 0 });
    let further: Vec<(&str, u32, bool)> =
        report.further.iter().map(|step| (step.code.as_str(), step.round, step.taken_up_again)).collect();
    assert_eq!(further, [("KN-2026-0042", 2, false), ("KN-2026-0050", 2, false)]);
    let late = report.late.iter().find(|late| late.code == "KN-2026-0040" && late.term == "gửi văn bản trả lời");
    let late = late.unwrap_or_else(|| panic!("{:?}", report.late));
    // 12, 13, 16–20/11.
    assert_eq!((late.due, late.met, late.days), (on("11/11/2026"), None, 7));
    assert!(late.reason.as_ref().is_some_and(|reason| reason.contains("báo kết quả ngày")), "{late:?}");
    let codes: Vec<&str> = report.remedies.iter().map(|remedy| remedy.code.as_str()).collect();
    assert!(codes.contains(&"KN-2026-0045") && !codes.contains(&"KN-2026-0042"), "{codes:?}");
    assert!(report.undated.is_empty());
    let weeks: Vec<&str> = report.course.iter().map(|part| part.name.as_str()).collect();
    assert_eq!(weeks, ["01/11–07/11", "08/11–14/11", "15/11–20/11"]);
}

/// What is dated after a period changes nothing in its report.
#[test]
fn the_report_of_a_past_month_stays() {
    let cases = samples();
    let october = Period::month(on("01/10/2026"));
    let (then, now) = (report(&cases, october, "31/10/2026"), report(&cases, october, "20/11/2026"));
    assert_eq!((then.counts, &then.by_channel, then.answers), (now.counts, &now.by_channel, now.answers));
}

/// A case that was taken up again counts once more; one without any day is named.
#[test]
fn taken_up_again_and_undated() {
    let mut cases = samples();
    let again = "ma_ho_so: KN-2026-0091\ntiep_nhan: {ngay_den: 01/10/2026, hinh_thuc: email}\n\
        rut_khieu_nai: {ngay: 05/10/2026, tai_lieu: [{ten: Đơn rút}]}\nkhieu_nai_lai: [{ngay: 20/10/2026, noi_dung: Khiếu nại lại}]\n";
    cases = vec![
        crate::yaml::read(again).unwrap(),
        crate::yaml::read("ma_ho_so: KN-2026-0092\n").unwrap(),
        cases.remove(0),
    ];
    let found = report(&cases, Period::month(on("01/10/2026")), "20/11/2026");
    let expected = Counts { received: 1, taken_up_again: 1, withdrawn: 1, open_at_end: 1, ..Counts::default() };
    assert_eq!(found.counts, expected);
    assert_eq!(found.undated, ["KN-2026-0092"]);
    assert_eq!(found.further.len(), 1);
    assert!(found.further[0].taken_up_again);
}

fn balanced(counts: &Counts) -> bool {
    counts.open_at_start + counts.came() == counts.ended() + counts.open_at_end
}

fn a_day() -> impl Strategy<Value = NaiveDate> {
    (0..900u64).prop_map(|days| on("01/01/2025") + chrono::Days::new(days))
}

fn a_spell() -> impl Strategy<Value = Spell> {
    let end = prop_oneof![
        Just(End::Agreed),
        Just(End::Rejected),
        Just(End::SettledAtOnce),
        Just(End::Withdrawn),
        Just(End::NoReaction)
    ];
    (proptest::option::of(a_day()), proptest::option::of((end, a_day()))).prop_map(|(from, end)| Spell { from, end })
}

proptest! {
    /// Whatever days are written in the files: open at the start, and what came, less what ended, is open at the end; and what is open
    /// at the end of a part is open at the start of the next.
    #[test]
    fn the_books_balance(
        desk in proptest::collection::vec(proptest::collection::vec(a_spell(), 1..4), 0..12),
        one in a_day(),
        other in a_day(),
    ) {
        let cases = samples();
        let (calendar, settings) = (Calendar::builtin(Swaps::Follow), settings());
        let period = Period::between(one.min(other), one.max(other));
        let today = on("31/12/2027");
        let entries: Vec<Entry<'_>> = desk
            .into_iter()
            .zip(cases.iter().cycle())
            .map(|(spells, case)| Entry { case, spells, assessment: crate::procedure::assess(case, &calendar, &settings, today) })
            .collect();
        let report = Report::new(&entries, &[], period, &calendar, today);
        prop_assert!(balanced(&report.counts), "{:?}", report.counts);
        for groups in [&report.by_channel, &report.by_group, &report.by_kind] {
            let sum = |of: fn(&Counts) -> u32| groups.iter().map(|group| of(&group.counts)).sum::<u32>();
            prop_assert!(groups.iter().all(|group| balanced(&group.counts)));
            prop_assert_eq!(sum(Counts::came), report.counts.came());
            prop_assert_eq!(sum(Counts::ended), report.counts.ended());
            prop_assert_eq!(sum(|counts| counts.open_at_end), report.counts.open_at_end);
        }
        for pair in report.course.windows(2) {
            prop_assert_eq!(pair[0].counts.open_at_end, pair[1].counts.open_at_start);
        }
        let sum = |of: fn(&Counts) -> u32| report.course.iter().map(|part| of(&part.counts)).sum::<u32>();
        prop_assert_eq!(sum(Counts::came), report.counts.came());
        prop_assert_eq!(sum(Counts::ended), report.counts.ended());
    }
}
