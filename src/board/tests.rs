use chrono::{DateTime, NaiveDate};

use super::digest::Digest;
use super::{Board, Desk, Move, Polls, Row, Signs, Urgency, Watcher, html, ics};
use crate::calendar::{Calendar, Swaps};
use crate::diagnostic::{Diagnostic, code};
use crate::pipeline::{CaseReport, LetterReport, LetterState};
use crate::procedure::{Action, Actor, Assessment, Stage, Term, TermKind};

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn action(what: &str, who: Actor, due: Option<&str>, today: NaiveDate) -> Action {
    let due = due.map(date);
    Action {
        what: what.to_owned(),
        who,
        due,
        late: due.is_some_and(|due| due < today),
        path: "phieu_tiep_nhan".to_owned(),
    }
}

fn term(due: &str, warn_by: &str, met: Option<&str>) -> Term {
    Term {
        kind: TermKind::Answer,
        label: "gửi văn bản trả lời".to_owned(),
        round: 1,
        unit: None,
        from: date("2026-10-13"),
        from_label: "ngày viết phiếu tiếp nhận".to_owned(),
        days: 20,
        due: date(due),
        warn_by: date(warn_by),
        by_setting: false,
        met: met.map(date),
        waived: false,
        late: false,
        remarks: Vec::new(),
    }
}

fn case(code: &str, who: &str, actions: Vec<Action>) -> CaseReport {
    CaseReport {
        code: code.to_owned(),
        file: format!("ho-so/{code}.yaml"),
        complainant: Some(who.to_owned()),
        summary: None,
        findings: Vec::new(),
        assessment: Some(Assessment {
            stage: Stage::Answer,
            step: 8,
            round: 1,
            end: None,
            ended: None,
            letters: Vec::new(),
            terms: Vec::new(),
            actions,
            remarks: Vec::new(),
            changes_on: None,
        }),
        letters: Vec::new(),
        waiting: Vec::new(),
        held_up: Vec::new(),
        folder: None,
        note: None,
        next_steps: None,
        closed: None,
    }
}

fn board_of(today: NaiveDate, cases: Vec<CaseReport>) -> Board {
    let open = cases.iter().filter(|case| case.closed.is_none());
    // As rows are kept between passes.
    let kept: Vec<String> = open.map(|case| serde_json::to_string(&Row::of(case, "ho-so")).unwrap()).collect();
    let rows = kept.iter().map(|row| serde_json::from_str(row).unwrap()).collect();
    let desk = Desk { issuer: "Trung tâm E-CA".to_owned(), rows, closed: 4, ..Desk::default() };
    Board::new(desk, &Calendar::builtin(Swaps::Follow), today)
}

fn signs(changed: &str, watcher: Option<Watcher>) -> Signs {
    Signs { changed: DateTime::parse_from_rfc3339(changed).unwrap(), watcher }
}

/// Friday 20/11/2026; 24/11 is a day off, so the third working day after it is Thursday 26/11.
fn friday() -> NaiveDate {
    date("2026-11-20")
}

#[test]
fn cases_stand_by_urgency_then_date() {
    let (today, ours) = (friday(), Actor::Intake);
    let unit = || Actor::Unit("Phòng Kỹ thuật".to_owned());
    let mut faulty = case("KN-2026-0006", "Sáu", vec![action("Ghi", ours.clone(), None, today)]);
    faulty.findings = vec![Diagnostic::error(code::BAD_VALUE, "Không phải ngày.")];
    let mut signed = case("KN-2026-0008", "Tám", vec![action("Ghi", ours.clone(), None, today)]);
    signed.held_up = vec!["phiếu tiếp nhận: chờ bản đã ký (ban_ky) rồi mới cấp số".to_owned()];
    let mut closed = case("KN-2026-0010", "Mười", Vec::new());
    closed.closed = Some("archive/2026/KN-2026-0010.zip".to_owned());
    let board = board_of(
        today,
        vec![
            case("KN-2026-0001", "Một", vec![action("Lưu", ours.clone(), None, today)]),
            case("KN-2026-0002", "Hai", vec![action("Gửi", ours.clone(), Some("2026-11-26"), today)]),
            case("KN-2026-0003", "Ba", vec![action("Gửi", ours.clone(), Some("2026-11-27"), today)]),
            case("KN-2026-0004", "Bốn", vec![action("Xác minh", unit(), Some("2026-11-19"), today)]),
            case("KN-2026-0005", "Năm", vec![action("Chờ phản hồi", Actor::Complainant, Some("2026-11-23"), today)]),
            faulty,
            case("KN-2026-0007", "Bảy", vec![action("Xác minh", unit(), Some("2026-12-01"), today)]),
            signed,
            case("KN-2026-0009", "Chín", vec![action("Gửi", ours, Some("2026-11-20"), today)]),
            closed,
        ],
    );
    let order: Vec<(&str, Urgency)> = board.rows.iter().map(|row| (row.code.as_str(), row.urgency)).collect();
    assert_eq!(
        order,
        [
            ("KN-2026-0004", Urgency::Late),
            ("KN-2026-0009", Urgency::Soon),
            ("KN-2026-0002", Urgency::Soon),
            ("KN-2026-0006", Urgency::Faulty),
            ("KN-2026-0005", Urgency::Waiting),
            ("KN-2026-0007", Urgency::Waiting),
            ("KN-2026-0008", Urgency::Waiting),
            ("KN-2026-0003", Urgency::Open),
            ("KN-2026-0001", Urgency::Open),
        ]
    );
    let counts = board.counts;
    assert_eq!(
        [counts.open, counts.late, counts.soon, counts.faulty, counts.waiting, counts.rest, counts.closed],
        [9, 1, 2, 1, 3, 2, 4]
    );
    let left: Vec<String> = board.rows[..3].iter().map(|row| row.tasks[0].left_text()).collect();
    assert_eq!(left, ["quá hạn 1 ngày làm việc", "hết hôm nay", "còn 3 ngày làm việc"]);
}

#[test]
fn past_due_over_a_weekend_is_late_without_a_working_day() {
    let saturday = date("2026-11-21");
    let late = case("KN-2026-0001", "Một", vec![action("Gửi", Actor::Intake, Some("2026-11-20"), saturday)]);
    let board = board_of(saturday, vec![late]);
    assert_eq!(board.rows[0].urgency, Urgency::Late);
    assert_eq!(board.rows[0].tasks[0].left_text(), "đã quá hạn");
}

#[test]
fn tasks_stand_in_the_order_of_the_note_and_the_nearest_date_beside_them() {
    let today = friday();
    let actions = vec![
        action("Phân loại.", Actor::Intake, None, today),
        action("Xác minh.", Actor::Unit("Phòng Pháp chế".to_owned()), Some("2026-12-01"), today),
    ];
    let board = board_of(today, vec![case("KN-2026-0001", "Một", actions)]);
    let page = html::page(&board, &signs("2026-11-20T08:00:00+07:00", None));
    assert!(page.contains("<td data-cot=\"Người làm\">Bộ phận tiếp nhận và xử lý khiếu nại</td>"), "{page}");
    let listed = "Phân loại<ul><li>Xác minh (Phòng Pháp chế; hạn 01/12/2026, còn 6 ngày làm việc)</li></ul>";
    assert!(page.contains(listed), "{page}");
    assert!(page.contains("<time datetime=\"2026-12-01\">"), "{page}");
}

#[test]
fn nothing_in_a_name_becomes_markup_or_leads_outside() {
    let today = friday();
    let name = "<script>alert(1)</script> & \"Công ty\"";
    let mut bad = case("x\"><img src=y>", name, vec![action(name, Actor::Unit(name.to_owned()), None, today)]);
    bad.file = "ho-so/x\"><img src=y>.yaml".to_owned();
    bad.summary = Some(name.to_owned());
    bad.findings = vec![Diagnostic::error(code::BAD_VALUE, name)];
    bad.folder = Some("ho-so/http:/a".to_owned());
    let page = html::page(&board_of(today, vec![bad]), &signs("2026-11-20T08:00:00+07:00", None));
    assert_eq!(page.matches("<script").count(), 1, "its own");
    assert!(!page.contains("<img") && !page.contains("alert(1)</script>"));
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;Công ty&quot;"));
    assert!(page.contains("href=\"./x%22%3E%3Cimg%20src%3Dy%3E.yaml\"") && page.contains("href=\"./http%3A/a/\""));
    for outside in ["http:", "https:", "//", "url(", "@import", "src=\""] {
        let body = &page[page.find("<body>").unwrap()..page.rfind("<script>").unwrap()];
        let style = &page[page.find("<style>").unwrap()..page.find("</style>").unwrap()];
        assert!(!body.contains(outside) && !style.contains(outside), "{outside}");
    }
}

#[test]
fn letters_notes_and_folder_are_linked_but_withdrawn_letters_not() {
    let mut case = case("KN-2026-0042", "Minh Phát", Vec::new());
    let letter = |state, number: Option<&str>, file: &str| LetterReport {
        letter: "phieu-tiep-nhan".to_owned(),
        kind: "phiếu tiếp nhận".to_owned(),
        state,
        number: number.map(str::to_owned),
        file: format!("ho-so/KN-2026-0042/{file}"),
    };
    case.letters = vec![
        letter(LetterState::Issued, Some("03/PTN-ECA"), "van-ban/2026-10-13_03-PTN-ECA_phieu-tiep-nhan.pdf"),
        letter(LetterState::Withdrawn, Some("02/PTN-ECA"), "van-ban/da-thay/cu.pdf"),
        letter(LetterState::Draft, None, "du-thao/phieu-tiep-nhan.du-thao.pdf"),
    ];
    case.folder = Some("ho-so/KN-2026-0042".to_owned());
    case.note = Some("ho-so/KN-2026-0042.loi.txt".to_owned());
    case.next_steps = Some("ho-so/KN-2026-0042.buoc-tiep.txt".to_owned());
    case.findings = vec![Diagnostic::warning(code::CHECK_DIGIT, "Mã số thuế có thể sai.")];
    let page = html::page(&board_of(friday(), vec![case]), &signs("2026-11-20T08:00:00+07:00", None));
    for link in [
        "<a href=\"./KN-2026-0042.yaml\">KN-2026-0042</a>",
        "<a class=\"warning\" href=\"./KN-2026-0042.loi.txt\">1 cảnh báo</a>",
        "<a href=\"./KN-2026-0042.buoc-tiep.txt\">Bước tiếp theo</a>",
        "<a href=\"./KN-2026-0042/\">Thư mục</a>",
        "<a href=\"./KN-2026-0042/van-ban/2026-10-13_03-PTN-ECA_phieu-tiep-nhan.pdf\">Phiếu tiếp nhận (số 03/PTN-ECA)</a>",
        "<a href=\"./KN-2026-0042/du-thao/phieu-tiep-nhan.du-thao.pdf\">Phiếu tiếp nhận (dự thảo)</a>",
    ] {
        assert!(page.contains(link), "{link}");
    }
    assert!(!page.contains("da-thay"));
}

#[test]
fn times_stand_in_one_line_that_can_be_exchanged() {
    let board = board_of(friday(), vec![case("KN-2026-0001", "<p id=\"song\"", Vec::new())]);
    let first = signs("2026-11-20T08:00:00+07:00", None);
    let at = |text: &str| DateTime::parse_from_rfc3339(text).unwrap();
    let watcher = Watcher {
        since: at("2026-11-20T07:00:00+07:00"),
        seen: at("2026-11-20T08:05:00+07:00"),
        within: 300,
        ended: None,
        polls: None,
    };
    let polls = Some(Polls { volume: Some("SMB".to_owned()), seconds: 30 });
    let polling = signs("2026-11-20T08:01:00+07:00", Some(Watcher { polls, ..watcher.clone() }));
    assert!(polling.watcher_text().ends_with("; ổ SMB không báo thay đổi từ máy khác: quét mỗi 30 giây)."));
    let second = signs("2026-11-20T08:01:00+07:00", Some(watcher));
    let page = html::page(&board, &first);
    assert_ne!(page, html::page(&board, &second));
    assert_eq!(html::without_signs(&page), html::without_signs(&html::page(&board, &second)));
    assert_eq!(html::with_signs(&page, &second), html::page(&board, &second));
    assert_eq!(html::without_signs(&page).lines().count() + 1, page.lines().count());
    assert!(html::page(&board, &second).contains(
        "data-doi=\"2026-11-20T08:01:00+07:00\" data-song=\"2026-11-20T08:05:00+07:00\" data-trong=\"300\">Cập nhật lúc 08:01 \
         ngày 20/11/2026. Chương trình theo dõi đang chạy, báo lần cuối lúc 08:05 ngày 20/11/2026"
    ));
}

#[test]
fn a_desk_without_cases_has_a_page() {
    let page = html::page(&board_of(friday(), Vec::new()), &signs("2026-11-20T08:00:00+07:00", None));
    assert!(
        page.contains("Không có hồ sơ nào đang mở.") && page.contains("4 hồ sơ đã lưu") && !page.contains("<table")
    );
}

#[test]
fn more_cases_than_a_browser_shows_are_counted() {
    let case = |n: usize| case(&format!("KN-2026-{n:05}"), "A", vec![action("Gửi", Actor::Intake, None, friday())]);
    let board = board_of(friday(), (0..html::LISTED + 7).map(case).collect());
    let page = html::page(&board, &signs("2026-11-20T08:00:00+07:00", None));
    assert_eq!(page.matches("<th scope=\"row\"").count(), html::LISTED);
    assert!(page.contains("Còn 7 hồ sơ ít gấp hơn không liệt kê ở đây"));
}

#[test]
fn running_terms_become_whole_days_with_names_that_stay() {
    let today = friday();
    let mut case = case("KN-2026-0042", "Công ty A, B; C", vec![action("Gửi trả lời", Actor::Intake, None, today)]);
    case.assessment.as_mut().unwrap().terms = vec![
        term("2026-12-31", "2026-12-30", None),
        Term { round: 2, ..term("2026-11-30", "2026-11-30", Some("2026-11-19")) },
        Term { round: 3, waived: true, ..term("2026-11-30", "2026-11-30", None) },
    ];
    let stamp = DateTime::parse_from_rfc3339("2026-11-20T08:00:00+07:00").unwrap();
    let text = ics::calendar(&board_of(today, vec![case.clone()]), stamp);
    let unfolded = text.replace("\r\n ", "");
    let of = |name: &str| -> Vec<&str> {
        unfolded.split("\r\n").filter_map(|line| line.strip_prefix(name)?.strip_prefix(':')).collect()
    };
    assert_eq!(of("DTSTART;VALUE=DATE"), ["20261231"]);
    assert_eq!(of("DTEND;VALUE=DATE"), ["20270101"]);
    assert_eq!(of("DTSTAMP"), ["20261120T010000Z"]);
    assert_eq!(of("SUMMARY"), ["Hạn KN-2026-0042: gửi văn bản trả lời – Công ty A\\, B\\; C"]);
    assert!(of("DESCRIPTION")[0].contains("Nên xong trước hết ngày 30/12/2026"));
    assert!(of("UID")[0].starts_with("KN-2026-0042.tra-loi.1@") && of("UID")[0].is_ascii());
    assert!(!text.replace("\r\n", "").contains(['\r', '\n']));

    case.assessment.as_mut().unwrap().terms[0].due = date("2027-01-04");
    let later = ics::calendar(&board_of(today, vec![case]), stamp).replace("\r\n ", "");
    assert!(later.contains(of("UID")[0]) && later.contains("DTSTART;VALUE=DATE:20270104"));
}

#[test]
fn the_summary_tells_new_delay_from_old() {
    let today = friday();
    let ours = |what: &str, due: &str| action(what, Actor::Intake, Some(due), today);
    let mut wrong = case("KN-2026-0005", "<b>Năm</b>", vec![action("Ghi", Actor::Intake, None, today)]);
    wrong.findings = vec![Diagnostic::error(code::BAD_VALUE, "Không phải ngày.")];
    let mut board = board_of(
        today,
        vec![
            case("KN-2026-0001", "Một", vec![ours("Gửi", "2026-11-19")]),
            case("KN-2026-0002", "Hai", vec![ours("Gửi", "2026-11-18"), ours("Ghi", "2026-11-20")]),
            case("KN-2026-0003", "Ba", vec![ours("Gửi", "2026-11-26")]),
            case(
                "KN-2026-0004",
                "Bốn",
                vec![action("Xác minh", Actor::Unit("Phòng A".to_owned()), Some("2026-12-15"), today)],
            ),
            wrong,
            case("KN-2026-0006", "Sáu", vec![ours("Gửi", "2026-11-27")]),
        ],
    );
    board.moves = vec![Move {
        code: "KN-2026-0003".to_owned(),
        term: "tra-loi.1".to_owned(),
        label: "gửi văn bản trả lời".to_owned(),
        from: date("2026-11-25"),
        to: date("2026-11-26"),
        noticed: today,
    }];
    let digest = Digest::new(&board, date("2026-11-19"));
    let codes = |kind: &str| -> Vec<&str> {
        let section = digest.sections.iter().find(|section| section.kind == kind);
        section.map(|s| s.items.iter().filter_map(|item| item.code.as_deref()).collect()).unwrap_or_default()
    };
    assert_eq!(codes("newly_late"), ["KN-2026-0001"]);
    assert_eq!(codes("still_late"), ["KN-2026-0002"]);
    assert_eq!(codes("today"), ["KN-2026-0002"]);
    assert_eq!(codes("soon"), ["KN-2026-0003"]);
    assert_eq!(codes("faulty"), ["KN-2026-0005"]);
    assert_eq!(codes("waiting"), ["KN-2026-0004"]);
    assert_eq!(codes("moved"), ["KN-2026-0003"]);
    assert_eq!(
        digest.subject(),
        "Khiếu nại ngày 20/11/2026: 1 việc mới trễ hạn, 1 việc còn trễ hạn, 1 việc đến hạn hôm nay, 1 việc sắp đến hạn, 1 hồ sơ có lỗi"
    );
    let text = digest.text();
    assert!(
        text.contains("* KN-2026-0004 – Bốn\n  Xác minh (Phòng A) — hạn 15/12/2026, còn 16 ngày làm việc\n"),
        "{text}"
    );
    assert!(text.contains("* KN-2026-0003\n  gửi văn bản trả lời: từ 25/11/2026 sang 26/11/2026\n"), "{text}");
    let page = digest.html();
    assert!(page.contains("&lt;b&gt;Năm&lt;/b&gt;") && !page.contains("<b>Năm"));
    assert!(!page.contains("http") && !page.contains("src="));
}

#[test]
fn a_quiet_morning_says_so() {
    let digest = Digest::new(&board_of(friday(), Vec::new()), date("2026-11-19"));
    assert_eq!(digest.subject(), "Khiếu nại ngày 20/11/2026: không có việc gấp");
    assert!(digest.sections.is_empty() && digest.text().contains("0 hồ sơ đang mở."));
}
