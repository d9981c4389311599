use std::collections::BTreeSet;
use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn refused(name: &str, text: &str) -> Vec<Diagnostic> {
    Calendar::load(&[(name.to_owned(), text.to_owned())], Swaps::Follow).unwrap_err()
}

fn place(finding: &Diagnostic) -> (&str, usize, usize) {
    let span = finding.span.unwrap();
    (finding.code.0, span.line, span.column)
}

/// Weekdays off of a year, and weekly days off worked.
fn exceptions(calendar: &Calendar, year: i32) -> (Vec<String>, Vec<String>) {
    let days = NaiveDate::from_ymd_opt(year, 1, 1).unwrap().iter_days().take_while(|day| day.year() == year);
    let (mut off, mut worked) = (Vec::new(), Vec::new());
    for day in days {
        let weekend = day.weekday().num_days_from_monday() >= 5;
        match (weekend, calendar.is_working(day)) {
            (false, false) => off.push(day.format("%-d/%-m").to_string()),
            (true, true) => worked.push(day.format("%-d/%-m").to_string()),
            _ => {}
        }
    }
    (off, worked)
}

#[test]
fn builtin_data_has_no_findings() {
    let calendar = Calendar::builtin(Swaps::Follow);
    assert_eq!(calendar.warnings(), &[]);
    assert!(BUILTIN_YEARS.eq(calendar.layers.notices.keys().copied()));
    assert!(!calendar.layers.statute.holidays.is_empty());
}

#[test]
fn vectors_hold_for_both_attitudes() {
    let text = include_str!("../../tests/data/working-days.csv");
    let (follow, ignore) = (Calendar::builtin(Swaps::Follow), Calendar::builtin(Swaps::Ignore));
    let mut rows = 0;
    for line in text.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let (from, days) = (date(fields[0]), fields[1].parse().unwrap());
        let want = (date(fields[2]), date(fields[3]));
        assert_eq!(follow.count(from, days).unwrap().end, want.0, "{line}");
        assert_eq!(ignore.count(from, days).unwrap().end, want.1, "{line}");
        assert_eq!(follow.both(from, days), want, "{line}");
        assert_eq!(ignore.both(from, days), want, "{line}");
        rows += 1;
    }
    assert_eq!(rows, 222);
}

#[test]
fn years_have_the_days_off_of_their_notices() {
    type Row = (i32, &'static [&'static str], &'static [&'static str], &'static [&'static str]);
    let table: [Row; 4] = [
        (
            2024,
            &["1/1", "8/2", "9/2", "12/2", "13/2", "14/2", "18/4", "29/4", "30/4", "1/5", "2/9", "3/9"],
            &["4/5"],
            &["29/4"],
        ),
        (
            2025,
            &["1/1", "27/1", "28/1", "29/1", "30/1", "31/1", "7/4", "30/4", "1/5", "2/5", "1/9", "2/9"],
            &["26/4"],
            &["2/5"],
        ),
        (
            2026,
            &[
                "1/1", "2/1", "16/2", "17/2", "18/2", "19/2", "20/2", "27/4", "30/4", "1/5", "31/8", "1/9", "2/9",
                "24/11",
            ],
            &["10/1", "22/8"],
            &["2/1", "31/8"],
        ),
        (2027, &["1/1", "4/2", "5/2", "8/2", "9/2", "10/2", "16/4", "30/4", "3/5", "2/9", "3/9", "24/11"], &[], &[]),
    ];
    let (follow, ignore) = (Calendar::builtin(Swaps::Follow), Calendar::builtin(Swaps::Ignore));
    for (year, off, worked, swapped) in table {
        let (got_off, got_worked) = exceptions(&follow, year);
        assert_eq!(
            (got_off, got_worked),
            (off.iter().map(|d| d.to_string()).collect(), worked.iter().map(|d| d.to_string()).collect())
        );
        let (got_off, got_worked) = exceptions(&ignore, year);
        let binding: Vec<String> = off.iter().filter(|day| !swapped.contains(day)).map(|d| d.to_string()).collect();
        assert_eq!((got_off, got_worked), (binding, Vec::new()));
    }
}

#[test]
fn the_count_over_new_year_2026_is_explained() {
    let count = Calendar::builtin(Swaps::Follow).count(date("2025-12-30"), 5).unwrap();
    assert_eq!(
        serde_json::to_string(&count).unwrap(),
        concat!(
            r#"{"from":"2025-12-30","days":5,"end":"2026-01-08","#,
            r#""counted":["2025-12-31","2026-01-05","2026-01-06","2026-01-07","2026-01-08"],"#,
            r#""skipped":[{"date":"2026-01-01","reason":"Tết Dương lịch"},"#,
            r#"{"date":"2026-01-02","reason":"nghỉ hoán đổi cho thứ Bảy 10/01/2026"},"#,
            r#"{"date":"2026-01-03","reason":"thứ Bảy"},{"date":"2026-01-04","reason":"Chủ nhật"}]}"#
        )
    );
    assert_eq!(Calendar::builtin(Swaps::Ignore).count(date("2025-12-30"), 5).unwrap().end, date("2026-01-07"));
}

#[test]
fn a_worked_saturday_says_for_which_day() {
    let day = Calendar::builtin(Swaps::Follow).day(date("2026-01-10"));
    assert_eq!(day, Day { working: true, reason: Some("làm bù cho thứ Sáu 02/01/2026".to_owned()) });
    let day = Calendar::builtin(Swaps::Ignore).day(date("2026-01-10"));
    assert_eq!(day, Day { working: false, reason: Some("thứ Bảy".to_owned()) });
    let day = Calendar::builtin(Swaps::Follow).day(date("2026-11-23"));
    assert_eq!(day, Day { working: true, reason: None });
}

#[test]
fn no_days_moves_off_a_day_off_and_nothing_else() {
    let calendar = Calendar::builtin(Swaps::Follow);
    let count = calendar.count(date("2026-02-14"), 0).unwrap();
    assert_eq!((count.end, count.counted.len(), count.skipped.len()), (date("2026-02-23"), 0, 9));
    let count = calendar.count(date("2026-02-13"), 0).unwrap();
    assert_eq!((count.end, count.skipped.len()), (date("2026-02-13"), 0));
}

/// Hand-computed with a wall calendar: 1/1 is a Saturday; Tết 26/1 a Wednesday, so 25–29/1 with the Saturday made up on
/// 31/1; 10/3 lunar 4/4; 30/4 a Sunday before 1/5, made up on 2/5; 2/9 a Saturday, so 1/9 beside it and 4/9 for it.
#[test]
fn a_year_without_notice_follows_the_law_and_says_so() {
    let calendar = Calendar::builtin(Swaps::Follow);
    let (off, worked) = exceptions(&calendar, 2028);
    assert_eq!(off, ["3/1", "25/1", "26/1", "27/1", "28/1", "31/1", "4/4", "1/5", "2/5", "1/9", "4/9", "24/11"]);
    assert!(worked.is_empty());
    assert_eq!(calendar.day(date("2028-05-02")).reason.unwrap(), "nghỉ bù Ngày Chiến thắng (30/04/2028)");
    assert!(!calendar.has_notice(2028) && calendar.has_notice(2027));
    let count = calendar.add_working_days(date("2027-12-30"), 5);
    assert_eq!(count.remarks, ["lịch nghỉ năm 2028 chưa có thông báo"]);
    assert!(calendar.add_working_days(date("2027-12-30"), 1).remarks.is_empty());
}

/// The day beside 2/9 as really announced: 2021 3/9, 2022 1/9, 2023 1/9 (and 4/9 for the Saturday), 2024 3/9, 2025 1/9,
/// 2026 1/9, 2027 3/9.
#[test]
fn the_day_beside_national_day_agrees_with_the_notices() {
    let statute = Calendar::builtin(Swaps::Follow).layers.statute;
    let want = [
        (2020, vec!["2/9"]),
        (2021, vec!["2/9", "3/9"]),
        (2022, vec!["1/9", "2/9"]),
        (2023, vec!["1/9", "2/9", "4/9"]),
        (2024, vec!["2/9", "3/9"]),
        (2025, vec!["1/9", "2/9"]),
        (2026, vec!["1/9", "2/9"]),
        (2027, vec!["2/9", "3/9"]),
    ];
    for (year, days) in want {
        let off = statute.holidays(year).off;
        let got: Vec<String> = off
            .keys()
            .filter(|day| matches!(day.month(), 8 | 9))
            .map(|day| day.format("%-d/%-m").to_string())
            .collect();
        assert_eq!(got, days, "{year}");
    }
}

#[test]
fn the_statute_knows_when_a_holiday_begins() {
    let statute = Calendar::builtin(Swaps::Follow).layers.statute;
    assert!(!statute.holidays(2025).off.contains_key(&date("2025-11-24")));
    assert!(statute.holidays(2026).off.contains_key(&date("2026-11-24")));
}

/// Tết and 10/3 lunar 2024–2030 as given by the crate `amlich-core`. The whole table was compared once with that crate (the
/// same algorithm) and with the Python package `holidays` (a table of its own; 10/3 from 2007, when it became a holiday).
#[test]
fn the_lunar_table_agrees_with_known_dates() {
    let statute = Calendar::builtin(Swaps::Follow).layers.statute;
    let known = [
        (2024, "2024-02-10", "2024-04-18"),
        (2025, "2025-01-29", "2025-04-07"),
        (2026, "2026-02-17", "2026-04-26"),
        (2027, "2027-02-06", "2027-04-16"),
        (2028, "2028-01-26", "2028-04-04"),
        (2029, "2029-02-13", "2029-04-23"),
        (2030, "2030-02-02", "2030-04-12"),
    ];
    for (year, tet, kings) in known {
        assert_eq!((statute.lunar[&year]["tet"], statute.lunar[&year]["gio_to"]), (date(tet), date(kings)));
    }
    assert!((2000..=2100).eq(statute.lunar.keys().copied()));
    for row in statute.lunar.values() {
        // Two lunar months of 29 or 30 days and nine days lie between, or three months where one is leap.
        let gap = (row["gio_to"] - row["tet"]).num_days();
        assert!([67, 68, 69, 97, 98, 99].contains(&gap), "{gap}");
    }
}

#[test]
fn outside_the_lunar_table_the_count_says_what_it_lacks() {
    let count = Calendar::builtin(Swaps::Follow).count(date("2150-06-01"), 3).unwrap();
    assert_eq!(
        count.remarks,
        [
            "lịch nghỉ năm 2150 chưa có thông báo",
            "chưa có ngày âm lịch năm 2150, chưa tính: Tết Nguyên đán, Giỗ Tổ Hùng Vương"
        ]
    );
    assert!(!Calendar::builtin(Swaps::Follow).is_working(date("2150-04-30")));
}

#[test]
fn the_ends_of_time_are_errors_not_panics() {
    let calendar = Calendar::builtin(Swaps::Follow);
    assert_eq!(calendar.count(date("2026-01-01"), 10_001), Err(OutOfRange::TooManyDays(10_001)));
    assert_eq!(calendar.count(date("2026-01-01"), 10_000).unwrap().counted.len(), 10_000);
    assert_eq!(calendar.count(date("9999-12-30"), 5), Err(OutOfRange::Date));
    let count = calendar.add_working_days(date("9999-12-30"), 5);
    assert_eq!(count.end, date("9999-12-31"));
    assert!(count.remarks.iter().any(|remark| remark.contains("không tính được đủ 5 ngày")));
    assert!(calendar.add_working_days(date("2026-01-01"), u32::MAX).remarks.last().unwrap().contains("4294967295"));
    assert_eq!(calendar.count(date("0001-01-01"), 5).unwrap().from, date("0001-01-01"));
    for edge in [NaiveDate::MIN, NaiveDate::MAX, date("0001-01-01")] {
        assert!(calendar.count(edge, 0).is_ok() == (edge.year() == 1));
        let _ = calendar.day(edge);
        let _ = calendar.add_working_days(edge, 3);
        let _ = calendar.next_working(edge);
        let _ = calendar.both(edge, 3);
        let _ = calendar.subtract_working_days(edge, 3);
    }
    assert_eq!(calendar.subtract_working_days(date("0001-01-02"), 50), date("0001-01-02"));
}

#[test]
fn years_take_the_builtin_notice_unless_a_file_stands_for_them() {
    let text = "nam: 2026\nngay_nghi:\n  - ngay: 01/01/2026\n    ly_do: Tết Dương lịch\n";
    let calendar = Calendar::load(&[("lich/2026.yaml".to_owned(), text.to_owned())], Swaps::Follow).unwrap();
    assert!(calendar.is_working(date("2026-01-02")), "the file replaces the whole year, swaps included");
    assert!(!calendar.is_working(date("2025-05-02")));
    let missing: Vec<&str> = calendar.warnings().iter().map(|finding| finding.code.0).collect();
    // Tết, 30/4, 1/5, 2/9, 24/11; 26/4 is a Sunday.
    assert_eq!(missing, ["HS557"; 5]);
    assert!(calendar.warnings()[0].message.contains("17/02/2026"));
    assert_eq!(place(&calendar.warnings()[0]), ("HS557", 2, 1));
}

#[test]
fn templates_give_the_calendar_they_were_made_from() {
    let builtin = Calendar::builtin(Swaps::Follow);
    let mut files: Vec<(String, String)> = BUILTIN_YEARS.map(|year| (format!("{year}.yaml"), template(year))).collect();
    files.push((OWN_FILE.to_owned(), own_template().to_owned()));
    files.push(("2028.yaml".to_owned(), template(2028)));
    let calendar = Calendar::load(&files, Swaps::Follow).unwrap();
    assert_eq!(calendar.warnings(), &[]);
    for day in date("2023-12-01").iter_days().take_while(|day| day.year() < 2030) {
        assert_eq!(calendar.day(day), builtin.day(day));
    }
    assert!(!calendar.has_notice(2028));
    assert_eq!(calendar.count(date("2028-06-01"), 1).unwrap().remarks, ["lịch nghỉ năm 2028 chưa có thông báo"]);
}

#[test]
fn the_own_template_reads_once_its_comments_are_opened() {
    let lines = own_template().lines().skip(3);
    let text: String = lines.map(|line| line.strip_prefix("# ").unwrap_or(line)).collect::<Vec<_>>().join("\n");
    let text = text.replace("Công ty nghỉ thêm:", "").replace("Công ty vẫn làm việc, dù là ngày nghỉ:", "");
    let calendar = Calendar::builtin(Swaps::Ignore).with_files(&[(OWN_FILE, &text)]).unwrap();
    assert_eq!(calendar.day(date("2027-02-12")).reason.unwrap(), "nghỉ thêm sau Tết");
    assert!(calendar.is_working(date("2026-12-26")));
}

#[test]
fn own_choice_wins_over_notice_and_swap() {
    let own = "ngay_nghi:\n  - ngay: 2026-01-10\n    ly_do: công ty đóng cửa\nngay_lam_viec:\n  - ngay: 2026-01-02\n    ly_do: công ty làm việc\n";
    let calendar = Calendar::builtin(Swaps::Follow).with_files(&[("rieng.yaml", own)]).unwrap();
    assert_eq!(calendar.day(date("2026-01-10")), Day { working: false, reason: Some("công ty đóng cửa".to_owned()) });
    assert!(calendar.is_working(date("2026-01-02")));
}

#[test]
fn a_statute_file_replaces_the_law() {
    let law = "nghi_hang_tuan: [chu_nhat]\nnghi_bu: khong\nngay_le:\n  - ten: Lễ\n    moc: \"03/07\"\n";
    let calendar = Calendar::builtin(Swaps::Ignore).with_files(&[("luat.yaml", law)]).unwrap();
    assert!(calendar.is_working(date("2028-01-01")));
    assert_eq!(calendar.day(date("2028-07-03")).reason.unwrap(), "Lễ");
    assert!(calendar.is_working(date("2026-01-17")));
}

#[test]
fn a_day_made_up_across_new_year_is_found() {
    let law = "nghi_hang_tuan: [thu_bay, chu_nhat]\nnghi_bu: co\nngay_le:\n  - ten: Cuối năm\n    moc: \"31/12\"\n";
    let calendar = Calendar::builtin(Swaps::Follow).with_files(&[("luat.yaml", law)]).unwrap();
    // 31/12/2033 is a Saturday.
    assert_eq!(calendar.day(date("2034-01-02")).reason.unwrap(), "nghỉ bù Cuối năm (31/12/2033)");
}

#[test]
fn faults_say_file_line_and_column() {
    let found = refused("lich/2026.yaml", "nam: 2026\nngay_nghi:\n  - ngay: 2026-02-30\n    ly_do: x\n");
    assert_eq!((found[0].code.0, found[0].span.unwrap().line), ("HS550", 3));
    assert_eq!(found[0].file.as_deref(), Some("lich/2026.yaml"));
    assert!(found[0].message.contains("“2026-02-30” không phải là một ngày có thật"), "{}", found[0].message);

    let found = refused("2026.yaml", "# nam: 2025\nnam: 2025\n");
    assert_eq!(place(&found[0]), ("HS552", 2, 1));

    let found = refused("2026.yaml", "nam: 2026\nngaynghi: []\n");
    assert!(found[0].message.contains("không có mục nào tên “ngaynghi”"), "{}", found[0].message);
    assert!(found[0].message.contains("nam, tam_tinh, ngay_nghi, hoan_doi"), "{}", found[0].message);

    let found = refused("2026.yaml", "ngay_nghi: []\n");
    assert!(found[0].message.contains("thiếu mục “nam”"), "{}", found[0].message);

    let twice =
        "nam: 2026\nngay_nghi:\n  - ngay: 2026-04-30 # lần 1\n    ly_do: a\n  - ngay: 2026-04-30\n    ly_do: b\n";
    assert_eq!(place(&refused("2026.yaml", twice)[0]), ("HS554", 5, 11));

    let text = "nam: 2026\nngay_nghi:\n  - tu: 2026-05-03\n    den: 2026-05-01\n    ly_do: a\n  - tu: 2026-05-03\n    ly_do: b\n  - ngay: 01/01/2027\n    ly_do: c\nhoan_doi:\n  - nghi: 2026-01-03\n    lam_bu: 2026-01-12\n";
    let found = refused("2026.yaml", text);
    let places: Vec<_> = found.iter().filter(|finding| finding.is_error()).map(place).collect();
    assert_eq!(places, [("HS553", 3, 9), ("HS553", 3, 9), ("HS552", 8, 11), ("HS555", 11, 11), ("HS555", 12, 13)]);

    let own = "ngay_nghi:\n  - ngay: 2026-12-24\n    ly_do: a\nngay_lam_viec:\n  - ngay: 24/12/2026\n    ly_do: b\n";
    assert_eq!(place(&refused("rieng.yaml", own)[0]), ("HS554", 5, 11));

    for text in ["", "# chỉ ghi chú\n", "- a\n", "nam: [\n", "nam: &a [*a]\n", "\u{0}", "nam: 99999999999\n"] {
        assert_eq!(refused("2026.yaml", text)[0].code.0, "HS550", "{text:?}");
    }

    let law = "nghi_hang_tuan: [thu_hai, thu_ba, thu_tu, thu_nam, thu_sau, thu_bay, chu_nhat]\nnghi_bu: co\nngay_le:\n  - ten: Lễ\n    moc: tett\n";
    let places: Vec<_> = refused("luat.yaml", law).iter().map(|finding| finding.code.0).collect();
    assert_eq!(places, ["HS556", "HS556"]);

    let files = [("2026.yaml".to_owned(), template(2026)), ("2026.yml".to_owned(), template(2026))];
    assert_eq!(Calendar::load(&files, Swaps::Follow).unwrap_err()[0].code.0, "HS558");
}

#[test]
fn stray_files_do_not_stop_the_calendar() {
    let files = [("lich/2026 (1).yaml", "nam: 2026\n"), ("lich/Thumbs.db", "?"), ("lich/~2026.yaml", "?")];
    let calendar = Calendar::builtin(Swaps::Follow).with_files(&files).unwrap();
    let [finding] = calendar.warnings() else { panic!("{:?}", calendar.warnings()) };
    assert_eq!((finding.code.0, finding.file.as_deref()), ("HS551", Some("lich/2026 (1).yaml")));
    assert_eq!(calendar.digest(), Calendar::builtin(Swaps::Follow).digest());
}

#[test]
fn faults_of_all_files_come_together() {
    let files = [("2025.yaml".to_owned(), "nam: 1\n".to_owned()), ("rieng.yaml".to_owned(), "x: 1".to_owned())];
    let found = Calendar::load(&files, Swaps::Follow).unwrap_err();
    let codes: BTreeSet<&str> = found.iter().map(|finding| finding.code.0).collect();
    assert_eq!(codes, BTreeSet::from(["HS550", "HS552"]));
}

#[test]
fn the_digest_changes_with_the_content_only() {
    let plain = Calendar::builtin(Swaps::Follow).digest();
    assert_eq!(plain, Calendar::builtin(Swaps::Follow).digest());
    assert_ne!(plain, Calendar::builtin(Swaps::Ignore).digest());
    let commented = format!("# ghi chú\n{}", template(2026));
    let with = |text: &str| Calendar::builtin(Swaps::Follow).with_files(&[("2026.yaml", text)]).unwrap().digest();
    assert_eq!(plain, with(&commented));
    assert_ne!(plain, with(&template(2026).replace("2026-01-10", "2026-01-17")));
}

#[test]
fn attitudes_are_read_from_command_line_and_settings() {
    assert_eq!("ignore".parse(), Ok(Swaps::Ignore));
    assert_eq!("theo".parse(), Ok(Swaps::Follow));
    assert!("khác".parse::<Swaps>().is_err());
    assert_eq!(crate::yaml::read::<Swaps>("khong_theo").unwrap(), Swaps::Ignore);
    assert_eq!(serde_json::to_string(&Swaps::Follow).unwrap(), r#""theo""#);
}

/// The days off of the notices over again, as the naive loop's own data.
fn naive_is_working(day: NaiveDate, follow: bool) -> bool {
    const OFF: &str = "2024-01-01 2024-02-08 2024-02-09 2024-02-12 2024-02-13 2024-02-14 2024-04-18 2024-04-30 2024-05-01 \
        2024-09-02 2024-09-03 2025-01-01 2025-01-27 2025-01-28 2025-01-29 2025-01-30 2025-01-31 2025-04-07 2025-04-30 \
        2025-05-01 2025-09-01 2025-09-02 2026-01-01 2026-02-16 2026-02-17 2026-02-18 2026-02-19 2026-02-20 2026-04-27 \
        2026-04-30 2026-05-01 2026-09-01 2026-09-02 2026-11-24 2027-01-01 2027-02-04 2027-02-05 2027-02-08 2027-02-09 \
        2027-02-10 2027-04-16 2027-04-30 2027-05-03 2027-09-02 2027-09-03 2027-11-24";
    const SWAPPED_OFF: &str = "2024-04-29 2025-05-02 2026-01-02 2026-08-31";
    const SWAPPED_ON: &str = "2024-05-04 2025-04-26 2026-01-10 2026-08-22";
    let text = day.to_string();
    if follow && SWAPPED_ON.contains(&text) {
        return true;
    }
    let off = OFF.contains(&text) || (follow && SWAPPED_OFF.contains(&text));
    !off && day.weekday().num_days_from_monday() < 5
}

static FOLLOWING: LazyLock<Calendar> = LazyLock::new(|| Calendar::builtin(Swaps::Follow));
static IGNORING: LazyLock<Calendar> = LazyLock::new(|| Calendar::builtin(Swaps::Ignore));

fn any_day(from: &str, to: &str) -> impl Strategy<Value = NaiveDate> + use<> {
    let (first, last) = (date(from), date(to));
    (0..=(last - first).num_days()).prop_map(move |offset| first + chrono::TimeDelta::days(offset))
}

proptest! {
    #[test]
    fn counting_agrees_with_a_naive_loop(from in any_day("2024-01-01", "2027-06-30"), days in 0u32..100, follow: bool) {
        let calendar = if follow { &*FOLLOWING } else { &*IGNORING };
        let mut day = from;
        let (mut counted, mut skipped) = (Vec::new(), Vec::new());
        if days == 0 {
            while !naive_is_working(day, follow) {
                skipped.push(day);
                day += chrono::TimeDelta::days(1);
            }
        }
        while counted.len() < days as usize {
            day += chrono::TimeDelta::days(1);
            if naive_is_working(day, follow) { counted.push(day) } else { skipped.push(day) }
        }
        let count = calendar.count(from, days).unwrap();
        prop_assert_eq!(count.end, day);
        prop_assert_eq!(&count.counted, &counted);
        prop_assert_eq!(count.skipped.iter().map(|day| day.date).collect::<Vec<_>>(), skipped);
        prop_assert!(count.skipped.iter().all(|day| !day.reason.is_empty()));
        prop_assert!(count.remarks.is_empty());
        prop_assert_eq!(&calendar.add_working_days(from, days), &count);
    }

    #[test]
    fn counting_back_and_between_are_inverse(from in any_day("1990-01-01", "2110-12-31"), days in 1u32..60) {
        let calendar = &*FOLLOWING;
        let end = calendar.count(from, days).unwrap().end;
        prop_assert!(calendar.is_working(end));
        prop_assert_eq!(calendar.working_days_between(from, end), i64::from(days));
        prop_assert_eq!(calendar.working_days_between(end, from), -i64::from(days));
        let start = calendar.subtract_working_days(end, days);
        prop_assert!(start <= from && calendar.is_working(start));
        prop_assert_eq!(calendar.count(start, days).unwrap().end, end);
        prop_assert_eq!(calendar.subtract_working_days(from, 0) <= from, true);
        prop_assert_eq!(calendar.next_working(from), calendar.count(from, 0).unwrap().end);
    }

    #[test]
    fn any_text_is_a_calendar_or_a_finding(text in "(nam: 2026\n)?(ngay_nghi:\n)?([a-z0-9 :/#\n\u{fe0f}ệ-]|  - ngay: ){0,60}") {
        for name in ["2026.yaml", "rieng.yaml", "luat.yaml"] {
            if let Err(found) = FOLLOWING.clone().with_files(&[(name, &text)]) {
                prop_assert!(found.iter().any(Diagnostic::is_error));
            }
        }
    }
}
