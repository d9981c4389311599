//! `hoso archive verify`.

use std::sync::Once;
use std::time::Instant;

use serde::Serialize;

use crate::archive::access::{self, ALL, Access, Checks, DAMAGED, Line, SOUND};
use crate::archive::{self, Checked, Places, Report, Scope};
use crate::cli::ArchiveVerify;
use crate::command::progress::Progress;
use crate::command::{Context, Error, Outcome};
use crate::diagnostic::Diagnostic;
use crate::pipeline::Failure;
use crate::register;
use crate::workspace::Workspace;

/// JSON of `hoso archive verify`.
#[derive(Serialize)]
struct Verified<'a> {
    intact: bool,
    checked: usize,
    known: usize,
    bytes: u64,
    seconds: f64,
    sample: Option<f64>,
    by: &'a str,
    dossiers: Vec<Row<'a>>,
    findings: Vec<Diagnostic>,
}

/// A dossier that was checked.
#[derive(Serialize)]
struct Row<'a> {
    code: &'a str,
    version: u32,
    file: String,
    sound: bool,
}

pub(super) fn run(context: &Context, args: &ArchiveVerify) -> Result<Outcome, Error> {
    let workspace = context.workspace()?;
    let (journal, mirror) = (workspace.archive_journal(), workspace.mirror());
    let vouched = register::vouched(&workspace.register(), Some(&mirror)).map_err(Failure::from)?;
    let places =
        Places { dir: workspace.archive(), journal: &journal, mirror: Some(&mirror), register: Some(&vouched) };
    let sample = args.sample.map(|percent| Checks::read(&workspace.access_log()).map(|checks| (percent, checks)));
    let scope = Scope { codes: args.codes.clone(), sample: sample.transpose()?, full: args.full };
    let progress = Progress::new("hồ sơ", context.global.json);
    let (once, since) = (Once::new(), Instant::now());
    let report = archive::verify(&places, &scope, &|more, all| {
        once.call_once(|| progress.start(all));
        progress.add(more);
    });
    progress.finish();
    let report = report.map_err(Failure::from)?;
    let seconds = (since.elapsed().as_secs_f64() * 1000.0).round() / 1000.0;
    let account = access::account();
    let by = args.by.as_deref().unwrap_or(&account);
    note(&workspace, &scope, &report, by)?;
    let findings = report.findings();
    let intact = !findings.iter().any(Diagnostic::is_error);
    if context.global.json {
        let row = |one: &'_ Checked| (one.code.clone(), one.version, one.path.clone(), one.is_sound());
        let rows: Vec<_> = report.dossiers.iter().map(row).collect();
        let dossiers = rows
            .iter()
            .map(|(code, version, path, sound)| Row {
                code,
                version: *version,
                file: workspace.show(&workspace.archive().join(path)),
                sound: *sound,
            })
            .collect();
        let (checked, known, bytes) = (report.dossiers.len(), report.known, report.bytes);
        context.json(&Verified {
            intact,
            checked,
            known,
            bytes,
            seconds,
            sample: args.sample,
            by,
            dossiers,
            findings,
        })?;
        return Ok(Outcome::of(!intact));
    }
    if !findings.is_empty() {
        context.say(&context.draw(&findings))?;
    }
    // Of a code nobody knows there is nothing to sum up.
    if !report.dossiers.is_empty() || intact {
        context.say(&summary(&report, intact, &findings))?;
    }
    Ok(Outcome::of(!intact))
}

fn summary(report: &Report, intact: bool, findings: &[Diagnostic]) -> String {
    let checked = if report.dossiers.len() == report.known {
        format!("{} hồ sơ", report.known)
    } else {
        format!("{}/{} hồ sơ", report.dossiers.len(), report.known)
    };
    if intact {
        return format!("Đã kiểm tra {checked}: nguyên vẹn, khớp nhật ký lưu trữ và sổ đăng ký văn bản.");
    }
    let errors = findings.iter().filter(|finding| finding.is_error()).count();
    let bad = report.dossiers.iter().filter(|one| !one.is_sound()).count();
    format!("Đã kiểm tra {checked}: {errors} chỗ không khớp, ở {bad} hồ sơ.")
}

/// Enters the checks in the access log: of the whole archive as one line, and one for each dossier that is not sound; else one for
/// each dossier.
fn note(workspace: &Workspace, scope: &Scope, report: &Report, by: &str) -> Result<(), Error> {
    let whole = scope.codes.is_empty() && scope.sample.is_none();
    let time = workspace.clock.now();
    let line =
        |dossier, sound| Line { time, what: Access::Fixity, dossier, remark: if sound { SOUND } else { DAMAGED }, by };
    let named: Vec<(String, bool)> = report
        .dossiers
        .iter()
        .filter(|one| !whole || !one.is_sound())
        .map(|one| (access::name(&one.code, one.version), one.is_sound()))
        .collect();
    let all_sound = !report.findings().iter().any(Diagnostic::is_error);
    let first = whole.then(|| line(ALL, all_sound));
    let lines = first.into_iter().chain(named.iter().map(|(name, sound)| line(name, *sound)));
    Ok(access::record(&workspace.access_log(), lines)?)
}
