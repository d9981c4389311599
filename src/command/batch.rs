//! `hoso batch`: one form, many recipients.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::Serialize;

use super::progress::Progress;
use super::{Context, Error, Outcome};
use crate::batch::merge::{self, Volume};
use crate::batch::{Checked, Job, Output, Problem, Tally, job as numbers, output, table};
use crate::cli::{Batch, BatchCommand};
use crate::diagnostic::Diagnostic;
use crate::letter::Mode;
use crate::workspace::Workspace;

mod numbered;

/// Problems shown to a person; all of them stand in the JSON and in the table of rows passed over.
const MOST_SHOWN: usize = 50;

/// JSON of `hoso batch`.
#[derive(Serialize)]
struct Summary<'a> {
    form: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    job: Option<&'a str>,
    rows: usize,
    bad_rows: usize,
    letters: usize,
    kept: usize,
    pages: u64,
    bytes: u64,
    seconds: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    out: Option<&'a Path>,
    #[serde(skip_serializing_if = "Option::is_none")]
    results: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bad_rows_file: Option<String>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    merged: &'a [Volume],
    problems: &'a [Problem],
}

pub(super) fn run(context: &Context, args: &Batch) -> Result<Outcome, Error> {
    match &args.command {
        Some(BatchCommand::Seal(args)) => return numbered::seal(context, args),
        Some(BatchCommand::Abandon(args)) => return numbered::abandon(context, args),
        Some(BatchCommand::List(_)) => return numbered::list(context),
        None => {}
    }
    let workspace = context.workspace()?;
    context.warn_of_unused_forms(&workspace);
    match rayon::ThreadPoolBuilder::new().num_threads(workspace.jobs).build() {
        Ok(pool) => pool.install(|| work(context, args, &workspace)),
        Err(_) => work(context, args, &workspace),
    }
}

fn work(context: &Context, args: &Batch, workspace: &Workspace) -> Result<Outcome, Error> {
    let form = args.form.as_deref().unwrap_or_default().trim_end_matches(".xml");
    let file = args.data.as_deref().unwrap_or(Path::new(""));
    let output = args.out.as_deref().map(|dir| Output::new(dir, args.shard));
    if let Some(dir) = &args.out {
        outside(workspace, dir)?;
    }
    if let Some(file) = &args.merge {
        outside(workspace, file)?;
    }
    let data = file.display().to_string();
    let (table, digest) = table::read(file).map_err(|error| match error {
        table::Error::Fs(error) => Error::from(error),
        table::Error::Unreadable(problem) => Error::Findings(vec![problem.diagnostic(&data, crate::batch::Unit::Line)]),
    })?;
    let reserved = if args.issue { numbers::pending(workspace, form, &digest)? } else { None };
    let date = match &reserved {
        Some(reserved) => args.date.unwrap_or(reserved.date),
        None => dated(context, args, output.as_ref())?,
    };
    let mode = match (args.issue, args.for_signature) {
        (true, _) => Mode::Issue { number: reserved.as_ref().map_or(0, |reserved| reserved.first) },
        (_, true) => Mode::ForSignature,
        _ => Mode::Draft,
    };
    let job = match Job::new(workspace, form, args.signer.as_deref(), date, mode) {
        None => return Err(no_such_form(workspace, form)),
        Some(Err(refused)) => {
            let finding = Diagnostic::error(crate::diagnostic::code::BATCH_SETTINGS, refused.to_string());
            return Err(Error::Findings(vec![finding.hint("Xem lại hoso.yaml, hoặc chọn người ký bằng --signer.")]));
        }
        Some(Ok(job)) => job,
    };
    let mut checked = job.check(table);
    if args.issue && reserved.is_none() {
        numbers::check_cases(workspace, &job, &mut checked)?;
    }
    let right = checked.columns_right && (args.skip_bad || !checked.has_errors());
    let ticket = match args.issue && right && !args.check {
        true => Some(numbers::reserve(workspace, &job, &checked, file, &digest)?),
        false => None,
    };
    let writes = match &ticket {
        Some(ticket) => Some(Output::new(&ticket.dir, args.shard).numbered(ticket.numbers(workspace)?)),
        None => output.filter(|_| right),
    };
    let folder = ticket.as_ref().map(|ticket| ticket.dir.as_path()).or(args.out.as_deref());
    let progress = Progress::new("văn bản", context.global.json);
    let mut summary = Run { made: Tally::default(), bad_rows_file: None, merged: Vec::new() };
    if let Some(output) = &writes {
        output.lay(&job.card(&checked, &digest, workspace.digest()))?;
        summary.bad_rows_file = output.list_bad_rows(&checked.problems)?;
        progress.start(args.shard.range(checked.rows.len()).len());
        summary.made = output.make(&job, &checked, &|more| progress.add(more))?;
        progress.finish();
        checked.problems.append(&mut summary.made.problems);
        if let Some(file) = &args.merge {
            summary.merged = merge::merge(&job, &checked, output, file, args.volume as usize)?;
        }
    }
    let bad_rows = checked.total - checked.rows.len();
    let report = Summary {
        form,
        rows: checked.total,
        bad_rows,
        letters: summary.made.letters,
        kept: summary.made.kept,
        pages: summary.made.pages,
        bytes: summary.made.bytes,
        seconds: progress.seconds(),
        job: ticket.as_ref().map(|ticket| ticket.reserved.job.as_str()),
        out: writes.as_ref().and(folder),
        results: writes.as_ref().map(|_| args.shard.results()),
        bad_rows_file: summary.bad_rows_file,
        merged: &summary.merged,
        problems: &checked.problems,
    };
    if context.global.json {
        context.json(&report)?;
    } else {
        tell(context, &report, &checked, &data, args)?;
    }
    Ok(Outcome::of(checked.has_errors()))
}

/// What a run of the output gave.
struct Run {
    made: Tally,
    bad_rows_file: Option<String>,
    merged: Vec<Volume>,
}

/// The date of the letters: as asked for, else that of the batch which lies there already, else today.
fn dated(context: &Context, args: &Batch, output: Option<&Output<'_>>) -> Result<NaiveDate, Error> {
    if let Some(date) = args.date {
        return Ok(date);
    }
    let card = output.map(Output::card).transpose()?.flatten();
    Ok(card.map_or_else(|| context.clock.today(), |card| card.date))
}

/// Refuses folders of the workspace in which each file means something.
fn outside(workspace: &Workspace, dir: &Path) -> Result<(), Error> {
    let whole = |path: &Path| -> PathBuf {
        let mut known = path.to_owned();
        let mut rest = PathBuf::new();
        // The folder itself may not be there yet.
        while let Err(_) | Ok(false) = known.try_exists() {
            let Some(name) = known.file_name().map(PathBuf::from) else { break };
            rest = if rest.as_os_str().is_empty() { name } else { name.join(rest) };
            known.pop();
        }
        let known = if known.as_os_str().is_empty() { PathBuf::from(".") } else { known };
        known.canonicalize().unwrap_or(known).join(rest)
    };
    let wanted = whole(dir);
    let taken = [workspace.cases(), workspace.archive(), workspace.state(), &workspace.root().join("forms")];
    match taken.into_iter().find(|folder| wanted.starts_with(whole(folder))) {
        None => Ok(()),
        Some(folder) => Err(Error::Plain(
            format!("Không ghi văn bản hàng loạt vào {}.", workspace.show(folder)),
            "Chọn một thư mục riêng cho --out.".to_owned(),
        )),
    }
}

fn no_such_form(workspace: &Workspace, form: &str) -> Error {
    let known: Vec<&str> = workspace.forms.batch_names().collect();
    let hint = if workspace.forms.text(&format!("{form}.xml")).is_empty() {
        format!("Các mẫu làm hàng loạt được: {}.", known.join(", "))
    } else {
        format!(
            "Mẫu này chưa có tệp khai báo cột forms/{form}.cot.yaml. Các mẫu làm hàng loạt được: {}.",
            known.join(", ")
        )
    };
    Error::Plain(format!("Không có mẫu hàng loạt “{form}”."), hint)
}

fn tell(context: &Context, report: &Summary<'_>, checked: &Checked, data: &str, args: &Batch) -> Result<(), Error> {
    let mut lines = Vec::new();
    if !checked.problems.is_empty() {
        let shown: Vec<Diagnostic> =
            checked.problems.iter().take(MOST_SHOWN).map(|problem| problem.diagnostic(data, checked.unit)).collect();
        lines.push(context.draw(&shown));
        if checked.problems.len() > MOST_SHOWN {
            lines.push(format!("… và {} điều nữa; xem đủ bằng --json.\n", checked.problems.len() - MOST_SHOWN));
        }
    }
    let errors = checked.problems.iter().filter(|problem| problem.is_error()).count();
    let warnings = checked.problems.len() - errors;
    lines.push(if checked.columns_right {
        format!("{} dòng, {} dòng có lỗi; {errors} lỗi, {warnings} cảnh báo.", report.rows, report.bad_rows)
    } else {
        format!("{} dòng, chưa soát được vì tên cột chưa đúng; {errors} lỗi.", report.rows)
    });
    match (&report.out, args.out.is_some() || args.issue) {
        (Some(out), _) => {
            let kept =
                if report.kept > 0 { format!(" ({} đã có từ trước)", report.kept) } else { String::new() };
            lines.push(format!("Đã có {} văn bản{kept} trong {}.", report.letters, out.display()));
            lines.push(format!("Kết quả từng dòng: {}.", report.results.as_deref().unwrap_or_default()));
            if let Some(job) = report.job {
                lines.push(format!("Loạt {job}: khi mọi phần đã xong, niêm phong bằng “hoso batch seal {job}”."));
            }
            for volume in report.merged {
                let Volume { file, letters, pages, .. } = volume;
                lines.push(format!("Tập in {}: {letters} văn bản, {pages} trang.", file.display()));
            }
            if let Some(file) = &report.bad_rows_file {
                lines.push(format!("Các dòng bỏ qua: {file}."));
            }
        }
        (None, true) if errors > 0 => {
            lines.push("Chưa ghi gì. Sửa bảng rồi chạy lại, hoặc thêm --skip-bad để làm các dòng đúng.".to_owned());
        }
        _ => lines.push("Chỉ soát, không ghi gì.".to_owned()),
    }
    context.say(&lines.join("\n"))
}

impl From<output::Error> for Error {
    fn from(error: output::Error) -> Self {
        match error {
            output::Error::Fs(error) => error.into(),
            output::Error::Finding(finding) => Self::Findings(vec![*finding]),
        }
    }
}
