//! `hoso archive repair`.

use std::sync::Once;

use serde::Serialize;

use super::open;
use crate::archive::access::{self, Access, Line};
use crate::archive::{self, Repaired, Source};
use crate::cli::ArchiveRepair;
use crate::command::progress::Progress;
use crate::command::{Context, Error, Outcome};
use crate::diagnostic::Diagnostic;
use crate::pipeline::Failure;

/// JSON of `hoso archive repair`.
#[derive(Serialize)]
struct Restored<'a> {
    checked: usize,
    repaired: Vec<Row<'a>>,
    findings: &'a [Diagnostic],
}

/// A dossier that was restored.
#[derive(Serialize)]
struct Row<'a> {
    code: &'a str,
    version: u32,
    file: String,
    /// Entries taken from the second copy; `null`: the whole file.
    entries: Option<&'a [String]>,
    set_aside: Option<String>,
}

pub(super) fn run(context: &Context, args: &ArchiveRepair) -> Result<Outcome, Error> {
    let workspace = context.workspace()?;
    if !args.from.is_dir() {
        return Err(Error::Plain(
            format!("Không có thư mục {}.", args.from.display()),
            "Ghi sau --from thư mục bản sao của kho lưu trữ, trong có các thư mục năm như 2026.".to_owned(),
        ));
    }
    // Somebody may save into the archive meanwhile; a file is put into its place at once, and only where it is not sound.
    let archive = open(&workspace)?;
    for code in &args.codes {
        super::publication(&archive, code, None)?;
    }
    let progress = Progress::new("hồ sơ", context.global.json);
    let once = Once::new();
    let done = archive::repair(&archive, &args.from, &args.codes, &|more, all| {
        once.call_once(|| progress.start(all));
        progress.add(more);
    });
    progress.finish();
    let (repaired, findings, checked) = done.map_err(Failure::from)?;
    let account = access::account();
    let by = args.by.as_deref().unwrap_or(&account);
    let named: Vec<(String, String)> =
        repaired.iter().map(|one| (access::name(&one.code, one.version), how(one))).collect();
    let time = workspace.clock.now();
    let lines = named.iter().map(|(dossier, remark)| Line { time, what: Access::Repair, dossier, remark, by });
    access::record(&workspace.access_log(), lines)?;
    let outcome = Outcome::of(!findings.is_empty());
    let place = |path: &str| workspace.show(&workspace.archive().join(path));
    if context.global.json {
        let row = |one: &'_ Repaired| one.set_aside.as_ref().map(|path| workspace.show(path));
        let rows = repaired
            .iter()
            .map(|one| Row {
                code: &one.code,
                version: one.version,
                file: place(&one.path),
                entries: match &one.source {
                    Source::Copy => None,
                    Source::Entries(names) => Some(names),
                },
                set_aside: row(one),
            })
            .collect();
        context.json(&Restored { checked, repaired: rows, findings: &findings })?;
        return Ok(outcome);
    }
    for one in &repaired {
        let aside = one
            .set_aside
            .as_ref()
            .map(|path| format!("\n  Tệp hỏng để riêng ở {}", workspace.show(path)))
            .unwrap_or_default();
        context.say(&format!("{}: {}.{aside}", place(&one.path), how(one)))?;
    }
    if !findings.is_empty() {
        context.say(&context.draw(&findings))?;
    }
    context.say(&match (repaired.len(), findings.len()) {
        (0, 0) => format!("Đã xem {checked} hồ sơ: không hồ sơ nào cần khôi phục."),
        (done, 0) => format!("Đã khôi phục {done} hồ sơ. Chạy “hoso archive verify” để kiểm tra lại."),
        (done, bad) => format!("Đã khôi phục {done} hồ sơ; {bad} hồ sơ chưa khôi phục được."),
    })?;
    Ok(outcome)
}

fn how(one: &Repaired) -> String {
    match &one.source {
        Source::Copy => "lấy nguyên tệp từ bản sao".to_owned(),
        Source::Entries(names) if names.is_empty() => "dựng lại mục lục của tệp zip, mọi mục còn nguyên".to_owned(),
        Source::Entries(names) => format!("ghép từ hai bản, lấy ở bản sao: {}", names.join(", ")),
    }
}
