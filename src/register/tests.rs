use proptest::prelude::*;
use tempfile::TempDir;

use super::*;

fn time(text: &str) -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339(text).unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

struct Office {
    dir: TempDir,
    now: DateTime<FixedOffset>,
}

impl Office {
    fn new() -> Self {
        Self { dir: TempDir::new().unwrap(), now: time("2026-03-05T10:00:00+07:00") }
    }

    fn open(&self) -> Register {
        let (register, findings) =
            Register::open(&self.dir.path().join("van-ban.jsonl"), Some(&self.dir.path().join("luu"))).unwrap();
        assert_eq!(findings, []);
        register
    }

    fn verify(&self) -> Vec<Diagnostic> {
        let dir = self.dir.path();
        let (journal, mirror) = (dir.join("van-ban.jsonl"), dir.join("luu"));
        let places = Places {
            journal: &journal,
            mirror: Some(&mirror),
            originals: &dir.join("goc"),
            snapshots: &dir.join("can-cu"),
            jobs: &dir.join("loat"),
        };
        verify(&places, |record| Some(dir.join("van-ban").join(&record.issued.file)), |_| None, |_| false).unwrap()
    }

    fn snapshot(&self, letter: &str) -> String {
        let (subject, addressee) = ("về việc từ chối tiếp nhận khiếu nại", "Bà Nguyễn Thị Hường");
        let snapshot = serde_json::json!({ "letter": letter, "subject": subject, "addressee": addressee });
        originals::store(&self.dir.path().join("can-cu"), snapshot.to_string().as_bytes(), "json").unwrap()
    }

    fn void(&self, number: u32) -> Void {
        let reason = words::keep_reason(&self.dir.path().join("can-cu"), "A/1", "sai tên khách hàng.").unwrap();
        Void {
            register: "chung".into(),
            year: 2026,
            number,
            withdrawal: Withdrawal::Replaced,
            reason_sha256: reason,
            by: "Lê Thị Thu".into(),
            date: None,
        }
    }

    fn words(&self) -> impl Fn(&Record, Option<&Made>) -> Words {
        let snapshots = self.dir.path().join("can-cu");
        move |record, _| Words::load(&snapshots, record)
    }

    fn letter(&self, register: &Register, letter: &str, date: &str) -> Issued {
        let (year, pdf) = (day(date).year(), format!("pdf of {letter}").into_bytes());
        let number = register.next_number("chung", year, 1);
        Issued {
            register: "chung".into(),
            year,
            number,
            symbol: format!("{number:02}/TB-ECA"),
            letter: letter.into(),
            kind: "Thông báo".into(),
            case: letter.split('/').next().unwrap_or_default().into(),
            date: day(date),
            signer: "Trần Văn Minh".into(),
            kept_by: "Văn thư".into(),
            copies: 2,
            pdf_sha256: originals::store(&self.dir.path().join("goc"), &pdf, "pdf").unwrap(),
            pdf_size: pdf.len() as u64,
            pages: 1,
            snapshot_sha256: self.snapshot(letter),
            file: format!("{}.pdf", letter.replace('/', "-")),
            start: 1,
            typed_by_clerk: false,
            job: None,
        }
    }

    fn issue(&self, register: &mut Register, issued: Issued) -> Vec<Diagnostic> {
        let copy = self.dir.path().join("van-ban").join(&issued.file);
        let pdf = originals::load(&self.dir.path().join("goc"), &issued.pdf_sha256, "pdf").unwrap();
        crate::fs::write(&copy, &pdf).unwrap();
        register.issue(self.now, issued).unwrap()
    }
}

#[test]
fn numbers_run_per_register_and_year_and_survive_reopening() {
    let office = Office::new();
    let mut register = office.open();
    for (letter, date) in [("A/1", "2026-03-05"), ("B/1", "2026-03-05"), ("C/1", "2027-01-02")] {
        let letter = office.letter(&register, letter, date);
        office.issue(&mut register, letter);
    }
    let register = office.open();
    assert_eq!(register.next_number("chung", 2026, 1), 3);
    assert_eq!(register.next_number("chung", 2027, 1), 2);
    assert_eq!(register.next_number("rieng", 2026, 1), 1);
    assert_eq!(register.next_number("rieng", 2026, 120), 120);
    assert_eq!(register.next_number("chung", 2026, 2), 3);
    assert_eq!(register.next_number("chung", 2026, 0), 3);
    assert_eq!(register.current("B/1").unwrap().issued.number, 2);
    assert_eq!(office.verify(), []);
}

#[test]
fn a_voided_number_stays_and_the_letter_gets_the_next_one() {
    let office = Office::new();
    let mut register = office.open();
    let first = office.letter(&register, "A/1", "2026-03-05");
    office.issue(&mut register, first.clone());
    let again = Issued { number: 2, ..first.clone() };
    assert!(matches!(register.issue(office.now, again), Err(Error::AlreadyIssued { .. })));
    assert!(matches!(register.void(office.now, office.void(9)), Err(Error::NoSuchNumber { number: 9, .. })));
    register.void(office.now, office.void(1)).unwrap();
    assert!(matches!(register.void(office.now, office.void(1)), Err(Error::AlreadyVoided { number: 1, .. })));
    assert!(register.current("A/1").is_none());
    let second = office.letter(&register, "A/1", "2026-03-06");
    assert_eq!(second.number, 2);
    office.issue(&mut register, second);

    let register = office.open();
    assert_eq!(register.current("A/1").unwrap().issued.number, 2);
    assert_eq!(register.history("A/1").iter().map(|r| r.issued.number).collect::<Vec<_>>(), [1, 2]);
    let rows = register.rows(
        office.words(),
        |_| Delivery { sent: Some(day("2026-03-07")), signed_for: "bưu điện".into() },
        |_| Vec::new(),
    );
    assert_eq!(rows[0].ghi_chu, "Đã được thay thế ngày 05/03/2026: sai tên khách hàng. Hồ sơ A");
    assert_eq!(rows[1].ghi_chu, "Hồ sơ A");
    assert_eq!(rows[1].ten_loai_trich_yeu, "Thông báo: về việc từ chối tiếp nhận khiếu nại");
    let mut csv = csv::Writer::from_writer(Vec::new());
    rows.iter().for_each(|row| csv.serialize(row).unwrap());
    let csv = String::from_utf8(csv.into_inner().unwrap()).unwrap();
    let third = "02/TB-ECA,2026-03-06,Thông báo: về việc từ chối tiếp nhận khiếu nại,Trần Văn Minh,Bà Nguyễn Thị Hường,\
                 Văn thư,2,2026-03-07,bưu điện,Hồ sơ A";
    assert_eq!(csv.lines().nth(2), Some(third));
    assert_eq!(csv.lines().next().unwrap().split(',').count(), HEADINGS.len());
    assert_eq!(office.verify(), []);
}

#[test]
fn a_program_number_must_be_next_and_a_typed_one_only_unique() {
    let office = Office::new();
    let mut register = office.open();
    let first = office.letter(&register, "A/1", "2026-03-05");
    let skipped = Issued { number: 7, ..first.clone() };
    assert!(matches!(register.issue(office.now, skipped.clone()), Err(Error::NotNext { number: 7, next: 1 })));
    office.issue(&mut register, Issued { typed_by_clerk: true, ..skipped });
    let other = office.letter(&register, "B/1", "2026-03-05");
    assert_eq!(other.number, 8);
    let twin = Issued { typed_by_clerk: true, number: 7, ..other.clone() };
    assert!(matches!(register.issue(office.now, twin), Err(Error::NumberTaken { number: 7, .. })));
    let elsewhere = Issued { year: 2025, ..other.clone() };
    assert!(matches!(register.issue(office.now, elsewhere), Err(Error::WrongYear { .. })));
    office.issue(&mut register, other);
    assert_eq!(office.verify(), []);
}

#[test]
fn a_date_before_that_of_the_number_before_is_a_warning() {
    let office = Office::new();
    let mut register = office.open();
    for (letter, date, warnings) in [("A/1", "2026-03-05", 0), ("B/1", "2026-03-04", 1), ("C/1", "2026-03-04", 0)] {
        let letter = office.letter(&register, letter, date);
        let found = office.issue(&mut register, letter);
        assert_eq!(found.len(), warnings, "{date}: {found:?}");
        assert!(found.iter().all(|f| f.code == code::NUMBER_DATE_ORDER && !f.is_error()));
    }
    // A typed number between others is held against both neighbours.
    let ten = Issued { number: 10, typed_by_clerk: true, ..office.letter(&register, "D/1", "2026-03-10") };
    assert_eq!(office.issue(&mut register, ten).len(), 0);
    let nine = Issued { number: 9, typed_by_clerk: true, ..office.letter(&register, "E/1", "2026-03-11") };
    assert_eq!(office.issue(&mut register, nine).len(), 1);
}

#[test]
fn verify_names_damaged_originals_snapshots_and_copies() {
    let office = Office::new();
    let mut register = office.open();
    let issued = office.letter(&register, "A/1", "2026-03-05");
    office.issue(&mut register, issued.clone());
    let dir = office.dir.path();
    let original = originals::path(&dir.join("goc"), &issued.pdf_sha256, "pdf");
    let snapshot = originals::path(&dir.join("can-cu"), &issued.snapshot_sha256, "json");
    let copy = dir.join("van-ban").join(&issued.file);
    let cases = [(original, code::ORIGINAL_DAMAGED), (snapshot, code::SNAPSHOT_DAMAGED), (copy, code::COPY_DAMAGED)];
    for (path, expected) in cases {
        let good = std::fs::read(&path).unwrap();
        for damaged in [None, Some(b"khac".as_slice()), Some([good.as_slice(), b" "].concat().as_slice())] {
            match damaged {
                None => std::fs::remove_file(&path).unwrap(),
                Some(bytes) => std::fs::write(&path, bytes).unwrap(),
            }
            let findings = office.verify();
            assert_eq!(findings.iter().map(|f| f.code).collect::<Vec<_>>(), [expected]);
            assert!(findings[0].message.contains("01/TB-ECA") && findings[0].is_error());
            assert_eq!(findings[0].file.as_deref(), path.to_str());
        }
        std::fs::write(&path, good).unwrap();
    }
    assert_eq!(office.verify(), []);
    std::fs::write(originals::path(&dir.join("goc"), &issued.pdf_sha256, "pdf"), "khac").unwrap();
    let found = originals::load(&dir.join("goc"), &issued.pdf_sha256, "pdf");
    assert!(matches!(found, Err(originals::Error::Changed { .. })));
}

/// A journal forged with a whole chain: what no hash betrays, the numbers do.
#[test]
fn verify_names_gaps_and_twins() {
    let office = Office::new();
    let dir = office.dir.path();
    let register = office.open();
    let letter = |id: &str, number: u32, typed: bool| Issued {
        number,
        symbol: format!("{number:02}/TB-ECA"),
        typed_by_clerk: typed,
        ..office.letter(&register, id, "2026-03-05")
    };
    let entries = [letter("A/1", 1, false), letter("B/1", 4, false), letter("C/1", 4, true), letter("D/1", 9, true)];
    let (mut journal, _) = Journal::open(&dir.join("van-ban.jsonl"), Some(&dir.join("luu"))).unwrap();
    for issued in entries {
        let copy = originals::load(&dir.join("goc"), &issued.pdf_sha256, "pdf").unwrap();
        crate::fs::write(&dir.join("van-ban").join(&issued.file), &copy).unwrap();
        journal.append(office.now, Fact::Issued(Box::new(issued))).unwrap();
    }
    let findings: Vec<_> = office.verify().into_iter().map(|f| (f.code, f.span.unwrap().line, f.message)).collect();
    let gap = "dòng 2: sổ \"chung\" năm 2026 cấp số 4 không liên tục: thiếu các số từ 2 đến 3";
    let twin = "dòng 3: số 4 năm 2026 của sổ \"chung\" đã cấp cho B/1, lại cấp cho C/1";
    assert_eq!(findings, [(code::NUMBER_GAP, 2, gap.to_owned()), (code::NUMBER_TWIN, 3, twin.to_owned())]);
    assert!(Register::open(&dir.join("van-ban.jsonl"), None).is_err());
}

#[test]
fn a_line_removed_from_the_register_is_named_and_nothing_is_issued_on_top() {
    let office = Office::new();
    let mut register = office.open();
    for letter in ["A/1", "B/1", "C/1"] {
        let letter = office.letter(&register, letter, "2026-03-05");
        office.issue(&mut register, letter);
    }
    let path = office.dir.path().join("van-ban.jsonl");
    let text = std::fs::read_to_string(&path).unwrap();
    let without: String = text.lines().enumerate().filter(|(n, _)| *n != 1).map(|(_, l)| format!("{l}\n")).collect();
    std::fs::write(&path, without).unwrap();
    assert!(Register::open(&path, None).is_err());
    let findings = office.verify();
    assert_eq!(findings[0].code, code::JOURNAL_LINES_REMOVED);
    assert_eq!(findings[0].span.unwrap().line, 2);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    /// Whatever mixture of program-given, typed and voided numbers: no twins, and program numbers leave no gap.
    #[test]
    fn no_gaps_and_no_twins(steps in proptest::collection::vec((0u8..4, 1u32..30), 1..25)) {
        let office = Office::new();
        let mut register = office.open();
        let mut given = std::collections::BTreeSet::new();
        for (at, (what, number)) in steps.into_iter().enumerate() {
            let letter = office.letter(&register, &format!("A/{at}"), "2026-03-05");
            match what {
                0 => {
                    let typed = Issued { number, typed_by_clerk: true, ..letter };
                    prop_assert_eq!(register.issue(office.now, typed).is_ok(), given.insert(number));
                }
                1 => {
                    let _ = register.void(office.now, office.void(number));
                }
                _ => {
                    let highest = given.last().copied().unwrap_or(0);
                    prop_assert_eq!(letter.number, highest + 1);
                    given.insert(letter.number);
                    register.issue(office.now, letter).unwrap();
                }
            }
        }
        let reopened = office.open();
        prop_assert_eq!(reopened.records(), register.records());
        let numbers: Vec<_> = register.records().iter().map(|r| r.issued.number).collect();
        prop_assert_eq!(numbers.len(), given.len());
    }
}

fn block(job: &str, first: u32, count: u32) -> Reserved {
    Reserved {
        job: job.into(),
        form: "thong-bao-su-co".into(),
        data_sha256: "0".repeat(64),
        register: "chung".into(),
        year: 2026,
        date: day("2026-03-05"),
        symbol: "TB-ECA".into(),
        kind: "thông báo".into(),
        signer: "Đỗ Minh Tuấn".into(),
        kept_by: "VT".into(),
        first,
        count,
        start: 1,
    }
}

fn sealed(job: &str, made: u32) -> Sealed {
    let (results_sha256, dossier_sha256) = ("1".repeat(64), "2".repeat(64));
    Sealed { job: job.into(), results_sha256, made, dossier_sha256, of_cases: Vec::new() }
}

fn dropped(job: &str, ranges: &[(u32, u32)]) -> Dropped {
    Dropped { job: job.into(), ranges: ranges.to_vec(), reason: "nhầm bảng".into(), by: "Đỗ Minh Tuấn".into() }
}

#[test]
fn a_block_is_made_or_given_up_to_its_last_number() {
    let office = Office::new();
    let mut register = office.open();
    let first = office.letter(&register, "A/1", "2026-03-04");
    office.issue(&mut register, first);
    for wrong in [block("LOAT-2026-0001", 1, 5), block("LOAT-2026-0001", 3, 5)] {
        assert!(matches!(register.reserve(office.now, wrong), Err(Error::NotNext { next: 2, .. })));
    }
    assert!(matches!(register.reserve(office.now, block("LOAT-2026-0001", 2, 0)), Err(Error::Zero)));
    register.reserve(office.now, block("LOAT-2026-0001", 2, 5)).unwrap();
    assert_eq!(register.next_number("chung", 2026, 1), 7);
    assert!(matches!(register.reserve(office.now, block("LOAT-2026-0001", 7, 1)), Err(Error::JobState { .. })));
    let inside = Issued { number: 4, typed_by_clerk: true, ..office.letter(&register, "B/1", "2026-03-06") };
    assert!(matches!(register.issue(office.now, inside), Err(Error::NumberTaken { number: 4, .. })));
    let after = office.letter(&register, "B/1", "2026-03-06");
    assert_eq!(after.number, 7);
    office.issue(&mut register, after);

    let job = "LOAT-2026-0001";
    assert!(matches!(register.seal(office.now, sealed(job, 4)), Err(Error::JobState { .. })), "one number unexplained");
    for wrong in [[(1, 3)], [(6, 7)], [(4, 3)]] {
        assert!(
            matches!(register.drop_numbers(office.now, dropped(job, &wrong)), Err(Error::Range { .. })),
            "{wrong:?}"
        );
    }
    register.drop_numbers(office.now, dropped(job, &[(3, 3), (5, 6)])).unwrap();
    assert!(matches!(register.drop_numbers(office.now, dropped(job, &[(6, 6)])), Err(Error::Range { .. })));
    assert!(matches!(register.seal(office.now, sealed(job, 3)), Err(Error::JobState { .. })));
    register.seal(office.now, sealed(job, 2)).unwrap();
    assert!(matches!(register.seal(office.now, sealed(job, 2)), Err(Error::JobState { .. })));
    assert!(matches!(register.drop_numbers(office.now, dropped(job, &[(2, 2)])), Err(Error::JobState { .. })));
    assert!(matches!(register.seal(office.now, sealed("LOAT-2026-0009", 1)), Err(Error::NoSuchJob(_))));

    let void = |number| Void {
        register: "chung".into(),
        year: 2026,
        number,
        withdrawal: Withdrawal::Voided,
        reason_sha256: words::keep_reason(&office.dir.path().join("can-cu"), "", "gửi nhầm").unwrap(),
        by: "Đỗ Minh Tuấn".into(),
        date: None,
    };
    assert!(matches!(register.void(office.now, void(3)), Err(Error::NoSuchNumber { .. })), "given up, no letter");
    register.void(office.now, void(4)).unwrap();
    assert!(matches!(register.void(office.now, void(4)), Err(Error::AlreadyVoided { .. })));
    drop(register);
    let register = office.open();
    assert_eq!((register.blocks().len(), register.next_number("chung", 2026, 1)), (1, 8));
}

#[test]
fn numbers_of_batches_are_read_from_their_names() {
    assert_eq!(job_number("LOAT-2026-0012"), Some((2026, 12)));
    for other in ["LOAT-2026-12", "KN-2026-0012", "LOAT-2026-0012-v2", "LOAT--0012", "LOAT-2026-00x2"] {
        assert_eq!(job_number(other), None, "{other}");
    }
}
