//! `hoso register report`: what was done about complaints in a month, a quarter, a year.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::cli::RegisterReport;
use crate::command::register::open;
use crate::command::{Context, Error, Outcome, paper, sheet, warn};
use crate::letter::report::{self as paper_of_report, Issued};
use crate::letter::wording;
use crate::pipeline::close;
use crate::pipeline::unread::{self, Unread};
use crate::procedure;
use crate::register::{Period, Register};
use crate::report::{Answers, Bare, Counts, Entry, Group, Late, Outcomes, Remedy, Report, Step};

/// JSON of `hoso register report`.
#[derive(Serialize)]
struct Stated<'a> {
    from: chrono::NaiveDate,
    to: chrono::NaiveDate,
    counts: Counts,
    course: &'a [Group],
    by_channel: &'a [Group],
    by_group: &'a [Group],
    by_kind: &'a [Group],
    answers: Answers,
    requests: Outcomes,
    letters: Vec<Kind<'a>>,
    late: &'a [Late],
    further_rounds: &'a [Step],
    remedies: &'a [Remedy],
    left_out: &'a [String],
    destroyed: &'a [String],
    unreadable: &'a [String],
    file: Option<String>,
}

#[derive(Serialize)]
struct Kind<'a> {
    kind: &'a str,
    issued: u32,
    withdrawn: u32,
}

pub(in crate::command) fn run(context: &Context, args: &RegisterReport) -> Result<Outcome, Error> {
    let workspace = context.workspace()?;
    paper::free(args.pdf.as_deref())?;
    let today = workspace.clock.today();
    let Some(period) = args.period.period() else {
        return Err(Error::Plain(
            "Chưa nêu kỳ báo cáo.".to_owned(),
            "Ghi --month, --quarter, --year, hoặc --from với --to.".to_owned(),
        ));
    };
    if period.first > today {
        return Err(Error::Plain(
            format!("{} chưa đến.", wording::capitalised(&period.text())),
            "Báo cáo kỳ đã qua, hoặc kỳ này tính đến hôm nay.".to_owned(),
        ));
    }
    let register = open(&workspace)?;
    let cases = close::all_cases(&workspace)?;
    let mut unread = unread::unread(&workspace, &register, &cases)?;
    unread.retain(|case| case.touches(period));
    let entries: Vec<Entry<'_>> = cases
        .iter()
        .map(|case| Entry {
            case,
            spells: procedure::spells(case, &workspace.calendar, &workspace.settings, today),
            assessment: procedure::assess(case, &workspace.calendar, &workspace.settings, today),
        })
        .collect();
    let bare: Vec<Bare> = unread.iter().map(bare).collect();
    let report = Report::new(&entries, &bare, period, &workspace.calendar, today);
    let letters = issued(&register, report.period);
    let gaps = Gaps::new(&report, &unread);
    warn(unread.iter().filter_map(Unread::finding));
    let mut file = None;
    if let Some(path) = args.pdf.as_deref() {
        let sheet = paper::sheet(&workspace, Some(period), args.by.as_deref())?;
        let pages =
            paper::write(&workspace, path, &paper_of_report::prepare(&sheet, &report, &letters, &gaps.sentences()))?;
        file = Some((path.display().to_string(), pages));
    }
    if context.global.json {
        let kind = |(kind, issued, withdrawn): &'_ Issued| (kind.clone(), *issued, *withdrawn);
        let letters: Vec<Issued> = letters.iter().map(kind).collect();
        context.json(&Stated {
            from: report.period.first,
            to: report.period.last,
            counts: report.counts,
            course: &report.course,
            by_channel: &report.by_channel,
            by_group: &report.by_group,
            by_kind: &report.by_kind,
            answers: report.answers,
            requests: report.outcomes,
            letters: letters
                .iter()
                .map(|(kind, issued, withdrawn)| Kind { kind, issued: *issued, withdrawn: *withdrawn })
                .collect(),
            late: &report.late,
            further_rounds: &report.further,
            remedies: &report.remedies,
            left_out: &gaps.left_out(),
            destroyed: &gaps.destroyed,
            unreadable: &gaps.unreadable,
            file: file.map(|(path, _)| path),
        })?;
        return Ok(Outcome::Fine);
    }
    if args.csv {
        csv(&report)?;
        return Ok(Outcome::Fine);
    }
    context.say(&text(context, period, &report, &gaps, file.as_ref()))?;
    Ok(Outcome::Fine)
}

/// What is counted of a case that cannot be read.
fn bare(case: &Unread) -> Bare {
    Bare {
        stretches: case.stretches.iter().map(|one| (one.from, Some((one.end, one.ended)))).collect(),
        group: if case.is_destroyed() { "hồ sơ đã hủy" } else { "hồ sơ không đọc được" },
    }
}

/// Cases the report knows less of than of others, by what it knows.
struct Gaps {
    /// Destroyed, counted by the archive's journal.
    destroyed: Vec<String>,
    /// Not to be read, counted by the archive's journal.
    unreadable: Vec<String>,
    /// Destroyed, and nobody knows when they came.
    destroyed_uncounted: Vec<String>,
    /// Not to be read, and nobody knows when they came.
    unreadable_uncounted: Vec<String>,
    /// Those that do not say when they came.
    undated: Vec<String>,
}

impl Gaps {
    fn new(report: &Report, unread: &[Unread]) -> Self {
        let codes = |destroyed: bool, counted: bool| {
            let own = unread.iter().filter(|one| one.is_destroyed() == destroyed && one.arrived().is_some() == counted);
            own.map(|one| one.code.clone()).collect()
        };
        Self {
            destroyed: codes(true, true),
            unreadable: codes(false, true),
            destroyed_uncounted: codes(true, false),
            unreadable_uncounted: codes(false, false),
            undated: report.undated.clone(),
        }
    }

    /// Those that are not counted.
    fn left_out(&self) -> Vec<String> {
        let all = [&self.undated, &self.unreadable_uncounted, &self.destroyed_uncounted];
        let mut all: Vec<String> = all.into_iter().flatten().cloned().collect();
        all.sort();
        all
    }

    fn sentences(&self) -> Vec<String> {
        let said = [
            (
                &self.destroyed,
                "Hồ sơ đã hủy khi hết thời hạn bảo quản; số khiếu nại đến, kết thúc và còn tồn tính theo nhật ký lưu trữ, các số liệu khác không còn",
            ),
            (
                &self.unreadable,
                "Hồ sơ lưu không đọc được; số khiếu nại đến, kết thúc và còn tồn tính theo nhật ký lưu trữ, các số liệu khác chưa tính",
            ),
            (
                &self.destroyed_uncounted,
                "Hồ sơ đã hủy khi hết thời hạn bảo quản mà nhật ký lưu trữ không ghi ngày đến, nên không tính",
            ),
            (&self.unreadable_uncounted, "Hồ sơ chưa đọc được, nên chưa tính"),
            (&self.undated, "Hồ sơ chưa ghi ngày đến, nên chưa tính"),
        ];
        let said = said.into_iter().filter(|(codes, _)| !codes.is_empty());
        said.map(|(codes, what)| format!("{what}: {}.", codes.join(", "))).collect()
    }
}

/// Letters by kind whose date lies in the period, of cases and of batches.
fn issued(register: &Register, period: Period) -> Vec<Issued> {
    let mut kinds: BTreeMap<String, (u32, u32)> = BTreeMap::new();
    let mut add = |kind: &str, count: u32, withdrawn: u32| {
        let found = kinds.entry(kind.to_lowercase()).or_default();
        found.0 = found.0.saturating_add(count);
        found.1 = found.1.saturating_add(withdrawn);
    };
    for record in register.records().iter().filter(|record| period.holds(record.issued.date)) {
        // Those of a batch that belong to a case are records as well, and counted with their batch.
        let of_batch = register.blocks().iter().any(|block| {
            let reserved = &block.reserved;
            (&reserved.register, reserved.year) == (&record.issued.register, record.issued.year)
                && (reserved.first..=reserved.last()).contains(&record.issued.number)
        });
        add(&record.issued.kind, u32::from(!of_batch), u32::from(record.void.is_some()));
    }
    for block in register.blocks().iter().filter(|block| period.holds(block.reserved.date)) {
        let given_up = block.dropped_count().saturating_add(u32::try_from(block.voids.len()).unwrap_or(u32::MAX));
        add(&block.reserved.kind, block.reserved.count, given_up);
    }
    kinds.into_iter().map(|(kind, (count, withdrawn))| (kind, count, withdrawn)).collect()
}

const HEADINGS: [&str; 9] =
    ["Cách chia", "Nhóm", "Tồn đầu kỳ", "Tiếp nhận", "Khiếu nại lại", "Đã trả lời", "Từ chối", "Rút", "Tồn cuối kỳ"];

fn csv(report: &Report) -> Result<(), Error> {
    let mut rows = Vec::new();
    let whole = Group { name: "tất cả".to_owned(), counts: report.counts };
    let ways = [
        ("chung", std::slice::from_ref(&whole)),
        ("thời gian", &report.course),
        ("hình thức", &report.by_channel),
        ("nhóm khiếu nại", &report.by_group),
        ("người khiếu nại", &report.by_kind),
    ];
    for (way, groups) in ways {
        for Group { name, counts } in groups {
            let numbers = [
                counts.open_at_start,
                counts.received,
                counts.taken_up_again,
                counts.answered,
                counts.refused,
                counts.withdrawn,
                counts.open_at_end,
            ];
            let cells = [way.to_owned(), name.clone()].into_iter().chain(numbers.map(|number| number.to_string()));
            rows.push(cells.collect());
        }
    }
    sheet::csv(&HEADINGS, rows)
}

fn text(context: &Context, period: Period, report: &Report, gaps: &Gaps, file: Option<&(String, usize)>) -> String {
    let Counts { open_at_start, received, taken_up_again, answered, refused, withdrawn, open_at_end } = report.counts;
    let mut lines = vec![
        context.bold(&format!(
            "Báo cáo {}, tính đến hết ngày {}",
            period.text(),
            report.period.last.format("%d/%m/%Y")
        )),
        String::new(),
        format!("  Còn tồn đầu kỳ: {open_at_start}"),
        format!("  Tiếp nhận: {received}; khiếu nại lại: {taken_up_again}"),
        format!("  Kết thúc: đã trả lời {answered}, từ chối {refused}, rút {withdrawn}"),
        format!("  Còn tồn cuối kỳ: {open_at_end}"),
    ];
    for (title, groups) in [
        ("Theo hình thức", &report.by_channel),
        ("Theo nhóm", &report.by_group),
        ("Theo người khiếu nại", &report.by_kind),
    ] {
        lines.extend([String::new(), context.bold(title)]);
        lines.extend(groups.iter().map(|Group { name, counts }| {
            format!(
                "  {name}: tiếp nhận {}, kết thúc {}, tồn cuối kỳ {}",
                counts.came(),
                counts.ended(),
                counts.open_at_end
            )
        }));
    }
    let Answers { at_once, first, further } = report.answers;
    lines.extend([
        String::new(),
        format!("Trả lời: lần đầu {first}, lần hai trở đi {further}, xử lý ngay {at_once}"),
        format!("Trễ hạn: {} việc; mở lần giải quyết mới: {}", report.late.len(), report.further.len()),
    ]);
    lines.extend(report.late.iter().map(|late| {
        let met = late.met.map_or_else(|| "chưa làm".to_owned(), |day| format!("làm ngày {}", day.format("%d/%m/%Y")));
        format!(
            "  {} {}: hạn {}, {met}, trễ {} ngày làm việc",
            late.code,
            late.term,
            late.due.format("%d/%m/%Y"),
            late.days
        )
    }));
    for sentence in gaps.sentences() {
        lines.extend([String::new(), sentence]);
    }
    if let Some((path, pages)) = file {
        lines.extend([String::new(), format!("Đã ghi báo cáo ({pages} trang): {path}")]);
    }
    lines.join("\n")
}
