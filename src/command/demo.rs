//! `hoso demo`: the shipped sample cases through the whole pipeline, as of a fixed day.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;
use include_dir::{Dir, DirEntry, include_dir};
use serde::Serialize;

use super::{Context, Error, Outcome, status};
use crate::cli::Demo;
use crate::pipeline::{self, LetterReport, LetterState, Report};
use crate::workspace::{Clock, SETTINGS, Workspace};
use crate::{archive, fs};

static SAMPLES: Dir = include_dir!("$CARGO_MANIFEST_DIR/examples");

/// Samples as they were before an issued letter of theirs was replaced.
const EARLIER: &str = "ban-truoc";
/// Says that the folder is ours, and whether the samples were laid out to the end.
const LAID_OUT: &str = ".hoso/mau-da-bay";
/// What it says while they are being laid out.
const UNFINISHED: &str = "chưa xong\n";

/// The day the demo is always run for, whatever the calendar on the wall says.
fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 20).unwrap_or_default()
}

/// JSON of `hoso demo`.
#[derive(Serialize)]
struct Shown<'a> {
    directory: &'a Path,
    report: &'a Report,
    archive: Vec<String>,
}

pub(super) fn run(context: &Context, args: &Demo) -> Result<Outcome, Error> {
    let root =
        &context.global.directory.as_ref().map_or_else(|| args.directory.clone(), |dir| dir.join(&args.directory));
    let laid_out = root.join(LAID_OUT);
    let state = std::fs::read_to_string(&laid_out).ok();
    let fresh = state.as_ref().is_none_or(|state| state == UNFINISHED);
    if state.as_ref().is_some_and(|state| state == UNFINISHED) {
        // Cut short before: what is there was made by us alone, from the samples.
        fs::remove_dir(root)?;
    } else if fresh && root.exists() && std::fs::read_dir(root).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Error::Plain(
            format!("Thư mục {} đã có dữ liệu khác.", root.display()),
            "Chọn thư mục khác: hoso demo THƯ_MỤC.".to_owned(),
        ));
    }
    if fresh {
        lay_out(root)?;
    }
    let mut workspace = Workspace::open(root, Clock::on(day()), context.jobs())?;
    if fresh {
        pipeline::build(&workspace)?;
        for file in SAMPLES.get_dir(EARLIER).into_iter().flat_map(Dir::files) {
            let name = file.path().file_name().unwrap_or_default();
            let now = SAMPLES.get_file(name).map(include_dir::File::contents).unwrap_or_default();
            fs::write(&workspace.cases().join(name), now)?;
        }
        fs::write(&laid_out, format!("{}\n", env!("CARGO_PKG_VERSION")).as_bytes())?;
        workspace = Workspace::open(root, Clock::on(day()), context.jobs())?;
    }
    let report = pipeline::build(&workspace)?;
    let archive = pipeline::close::open_archive(&workspace)?;
    let dossiers: Vec<(String, archive::Publication)> = archive
        .list()
        .map(|(_, publication)| (archive.file(publication).display().to_string(), publication.clone()))
        .collect();
    if context.global.json {
        let archive = dossiers.into_iter().map(|(path, _)| path).collect();
        context.json(&Shown { directory: root, report: &report, archive })?;
    } else {
        print(context, &workspace, &report, &dossiers, fresh)?;
    }
    Ok(Outcome::of(report.has_errors()))
}

/// Settings, calendar, rules and all samples; a sample that was replaced since comes first as it was before.
fn lay_out(root: &Path) -> Result<(), Error> {
    fs::write(&root.join(LAID_OUT), UNFINISHED.as_bytes())?;
    let settings = SAMPLES.get_file(SETTINGS).map(include_dir::File::contents).unwrap_or_default();
    fs::write(&root.join(SETTINGS), settings)?;
    Workspace::create(root)?;
    let mut files = BTreeMap::new();
    gather(&SAMPLES, &mut files);
    for (path, bytes) in &files {
        let own = path.starts_with("KN-").then_some(path.as_str());
        let earlier = path.strip_prefix(&format!("{EARLIER}/"));
        if let Some(path) = own.filter(|path| !files.contains_key(&format!("{EARLIER}/{path}"))).or(earlier) {
            let target = path.split('/').fold(root.join("ho-so"), |dir, part| dir.join(part));
            fs::write(&target, bytes)?;
        }
    }
    Ok(())
}

fn gather<'a>(dir: &'a Dir, files: &mut BTreeMap<String, &'a [u8]>) {
    for entry in dir.entries() {
        match entry {
            DirEntry::Dir(dir) => gather(dir, files),
            DirEntry::File(file) => {
                files.insert(file.path().to_string_lossy().replace('\\', "/"), file.contents());
            }
        }
    }
}

fn print(
    context: &Context,
    workspace: &Workspace,
    report: &Report,
    dossiers: &[(String, archive::Publication)],
    fresh: bool,
) -> Result<(), Error> {
    let root = workspace.root().display();
    let mut lines =
        vec![context.bold(&format!("Chạy thử với các hồ sơ mẫu, coi hôm nay là {}", report.today.format("%d/%m/%Y")))];
    if !fresh && report.changes.is_empty() {
        lines.push(format!("Không có gì thay đổi từ lần chạy trước; không ghi tệp nào trong {root}/."));
    }
    lines.push(String::new());
    lines.push(context.bold("Văn bản theo hồ sơ"));
    for case in &report.cases {
        let who = case.complainant.as_deref().unwrap_or("(chưa ghi người khiếu nại)");
        lines.push(format!("  {} {who}", context.bold(&case.code)));
        lines.extend(case.letters.iter().map(|letter| format!("    {}", line(letter))));
        if case.letters.is_empty() {
            lines.push("    (chưa có văn bản)".to_owned());
        }
    }
    lines.push(String::new());
    lines.push(context.bold(&format!("Hồ sơ đã lưu: {}", dossiers.len())));
    let register = super::register::open(workspace)?;
    for (path, publication) in dossiers {
        let meta = &publication.meta;
        let numbers: Vec<&str> = register.of_case(&meta.code).map(|record| record.issued.symbol.as_str()).collect();
        lines.push(format!("  {path} — {}", meta.end));
        lines.push(format!(
            "    văn bản: {}; tất cả {} trang; bảo quản: {}",
            numbers.join(", "),
            meta.pages,
            meta.retention
        ));
    }
    lines.push(String::new());
    lines.push(context.bold("Việc tới hạn"));
    let rows = pipeline::desk::rows(workspace, report);
    for row in &pipeline::desk::board(workspace, rows, report).rows {
        lines.extend(row.tasks.iter().map(|task| format!("  {} {}", row.code, status::sentence(context, task))));
    }
    let findings: Vec<_> =
        report.findings.iter().chain(report.cases.iter().flat_map(|case| &case.findings)).cloned().collect();
    if !findings.is_empty() {
        lines.push(String::new());
        lines.push(context.draw(&findings));
    }
    lines.push(String::new());
    lines.push(format!("Xem: {root}/ho-so/ (hồ sơ và văn bản PDF; mở bang-theo-doi.html bằng trình duyệt), {root}/archive/ (hồ sơ đã lưu). Thử: hoso -C {root} --today 2026-11-20 status"));
    context.say(&lines.join("\n"))
}

fn line(letter: &LetterReport) -> String {
    let state = match letter.state {
        LetterState::Draft => "dự thảo",
        LetterState::ForSignature => "bản trình ký",
        LetterState::Issued => "đã ban hành",
        LetterState::Withdrawn => "đã thay thế hoặc hủy số",
    };
    let number = letter.number.as_ref().map(|number| format!(" số {number}")).unwrap_or_default();
    format!("{}{number}, {state}: {}", letter.kind, letter.file)
}
