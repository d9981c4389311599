//! How long each step from a row to its letter takes, and a few steps of the desk. Usage: `cargo bench [-- FILTER]`
//!
//! Every letter timed has a row of its own, as in a batch: what one letter leaves behind for the next may only help as it
//! would there.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{Days, NaiveDate};
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use hoso::batch::{self, Checked, Job, Row, table};
use hoso::calendar::{Calendar, Swaps};
use hoso::case;
use hoso::document::{self, Document};
use hoso::layout::{self, Layout};
use hoso::letter::Mode;
use hoso::pdf::{self, Metadata};
use hoso::procedure;
use hoso::settings::Settings;
use hoso::workspace::{Clock, Workspace};

#[path = "press/rows.rs"]
mod rows;

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const FORM: &str = "thong-bao-su-co";
/// Rows of the table; more than all benches together take in a usual run.
const ROWS: u64 = 30_000;
/// Letters of a merged file.
const MERGED: usize = 100;

fn main() {
    divan::main();
}

/// What a batch has before its first letter.
struct Desk {
    workspace: &'static Workspace,
    job: Job<'static>,
    checked: Checked,
    /// The next row nobody has taken.
    next: AtomicUsize,
}

static DESK: LazyLock<Desk> = LazyLock::new(|| {
    let dir = tempfile::tempdir().expect("a folder");
    Workspace::create(dir.path()).expect("a workspace");
    std::fs::write(dir.path().join("hoso.yaml"), include_str!("../examples/hoso.yaml")).expect("settings");
    let workspace = Workspace::open(dir.path(), Clock::on(day()), 1).expect("a workspace");
    let workspace: &'static Workspace = Box::leak(Box::new(workspace));
    let job = Job::new(workspace, FORM, None, day(), Mode::Issue { number: 1 }).expect("a form").expect("settings");
    let file = dir.path().join("rows.csv");
    std::fs::write(&file, rows::table(1, 0, ROWS)).expect("a table");
    let (table, _) = table::read(&file).expect("a table");
    let checked = job.check(table);
    assert!(!checked.has_errors(), "{:?}", checked.problems);
    Desk { workspace, job, checked, next: AtomicUsize::new(0) }
});

impl Desk {
    fn row(&self) -> (&Row, Option<u32>) {
        let place = self.next.fetch_add(1, Ordering::Relaxed) % self.checked.rows.len();
        (&self.checked.rows[place], u32::try_from(place + 1).ok())
    }

    fn view(&self) -> serde_json::Value {
        let (row, number) = self.row();
        batch::render::view(&self.job, row, number)
    }

    fn fill(&self, view: &serde_json::Value) -> String {
        self.workspace.forms.fill_with("thong-bao-su-co.xml", view).expect("a filled form")
    }

    fn document(&self) -> Document {
        document::parse(&self.fill(&self.view())).expect("a document")
    }

    fn lay_out(&self, document: &Document) -> Layout {
        layout::lay_out(document, &self.workspace.style, &self.workspace.fonts).expect("pages")
    }
}

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 20).expect("a day")
}

fn metadata(document: &Document) -> Metadata {
    Metadata::of(document, Clock::on(day()).now())
}

#[divan::bench_group(max_time = 1, sample_count = 400)]
mod letter {
    use super::*;

    /// Row → values → filled form.
    #[divan::bench]
    fn a_fill(bencher: Bencher) {
        let desk = &*DESK;
        bencher
            .counter(ItemsCount::new(1_u32))
            .with_inputs(|| desk.row())
            .bench_values(|(row, number)| desk.fill(&batch::render::view(&desk.job, row, number)));
    }

    /// Filled form → document.
    #[divan::bench]
    fn b_parse(bencher: Bencher) {
        let desk = &*DESK;
        bencher
            .counter(ItemsCount::new(1_u32))
            .with_inputs(|| desk.fill(&desk.view()))
            .bench_refs(|markup| document::parse(markup));
    }

    /// Document → pages.
    #[divan::bench]
    fn c_lay_out(bencher: Bencher) {
        let desk = &*DESK;
        bencher
            .counter(ItemsCount::new(1_u32))
            .with_inputs(|| desk.document())
            .bench_refs(|document| desk.lay_out(document));
    }

    /// Pages → bytes.
    #[divan::bench]
    fn d_export(bencher: Bencher) {
        let desk = &*DESK;
        let inputs = || {
            let document = desk.document();
            (desk.lay_out(&document), metadata(&document))
        };
        bencher
            .counter(ItemsCount::new(1_u32))
            .with_inputs(inputs)
            .bench_refs(|(layout, metadata)| pdf::export(layout, &desk.workspace.fonts, metadata));
    }

    /// Row → bytes: all of the above, as a batch does it.
    #[divan::bench]
    fn whole(bencher: Bencher) {
        let desk = &*DESK;
        bencher
            .counter(ItemsCount::new(1_u32))
            .with_inputs(|| desk.row())
            .bench_values(|(row, number)| batch::render(&desk.job, row, number));
    }
}

/// Pages of many letters → one file.
#[divan::bench(max_time = 2, sample_count = 20)]
fn merge(bencher: Bencher) {
    let desk = &*DESK;
    let inputs = || -> Vec<(Document, Layout)> {
        let one = |_| {
            let document = desk.document();
            let layout = desk.lay_out(&document);
            (document, layout)
        };
        (0..MERGED).map(one).collect()
    };
    bencher.counter(ItemsCount::new(MERGED)).with_inputs(inputs).bench_refs(|letters| {
        let letters: Vec<pdf::Letter<'_>> =
            letters.iter().map(|(document, layout)| pdf::Letter { layout, title: &document.title }).collect();
        let metadata = Metadata { title: "Tập in".to_owned(), ..metadata(&Document::default()) };
        pdf::merge(&letters, &desk.workspace.fonts, &metadata)
    });
}

/// Rows of a table → checked rows; 1,000 at a time.
#[divan::bench(max_time = 1, sample_count = 20)]
fn check_rows(bencher: Bencher) {
    let desk = &*DESK;
    let dir = tempfile::tempdir().expect("a folder");
    let file = dir.path().join("rows.csv");
    let from = AtomicUsize::new(0);
    let inputs = || {
        let from = from.fetch_add(1_000, Ordering::Relaxed) as u64;
        std::fs::write(&file, rows::table(2, from, 1_000)).expect("a table");
        table::read(&file).expect("a table").0
    };
    bencher.counter(ItemsCount::new(1_000_u32)).with_inputs(inputs).bench_values(|table| desk.job.check(table));
}

/// A case in its second round, under names of its own.
fn case_text(place: usize) -> String {
    include_str!("../examples/KN-2026-0042.yaml").replace("Minh Phát", &format!("Minh Phát {place}"))
}

static SEEN: AtomicUsize = AtomicUsize::new(0);

#[divan::bench_group(max_time = 1, sample_count = 200)]
mod desk {
    use super::*;

    /// Case file → facts.
    #[divan::bench]
    fn parse_case(bencher: Bencher) {
        bencher
            .counter(ItemsCount::new(1_u32))
            .with_inputs(|| case_text(SEEN.fetch_add(1, Ordering::Relaxed)))
            .bench_refs(|text| case::parse(text.as_bytes(), "KN-2026-0042.yaml"));
    }

    /// Facts → stage, letters due, terms; each on another day.
    #[divan::bench]
    fn assess(bencher: Bencher) {
        let settings = Settings::parse(include_str!("../examples/hoso.yaml"), "hoso.yaml").expect("settings");
        let calendar = Calendar::builtin(Swaps::Follow);
        let inputs = || {
            let place = SEEN.fetch_add(1, Ordering::Relaxed);
            let case = case::parse(case_text(place).as_bytes(), "KN-2026-0042.yaml").case.expect("a case");
            (case, day() + Days::new(place as u64 % 365))
        };
        bencher
            .counter(ItemsCount::new(1_u32))
            .with_inputs(inputs)
            .bench_refs(|(case, today)| procedure::assess(case, &calendar, &settings, *today));
    }

    /// A day and a number of working days → the last day, with every day in between explained.
    #[divan::bench(args = [5, 30, 250])]
    fn deadline(bencher: Bencher, days: u32) {
        let calendar = Calendar::builtin(Swaps::Follow);
        let from = || day() + Days::new(SEEN.fetch_add(1, Ordering::Relaxed) as u64 % 365);
        bencher
            .counter(ItemsCount::new(1_u32))
            .with_inputs(from)
            .bench_values(|from| calendar.add_working_days(black_box(from), days));
    }
}
