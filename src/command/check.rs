//! `hoso check`: findings, nothing written.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{Context, Error, Outcome};
use crate::cli::Check;
use crate::diagnostic::Diagnostic;
use crate::pipeline::read::{self, Read};
use crate::pipeline::scan;

/// JSON of `hoso check`.
#[derive(Serialize)]
struct Checked {
    files: usize,
    errors: usize,
    warnings: usize,
    findings: Vec<Diagnostic>,
}

pub(super) fn run(context: &Context, args: &Check) -> Result<Outcome, Error> {
    let workspace = context.workspace()?;
    let paths = if args.paths.is_empty() {
        scan::case_files(workspace.cases())
    } else {
        args.paths.iter().flat_map(|path| files(path)).collect()
    };
    let mut findings = Vec::new();
    for path in &paths {
        context.detail(1, || format!("Soát {}", path.display()));
        match read::read(&workspace, path) {
            Read::Case(reading) => findings.extend(reading.findings),
            Read::Faulty { findings: found, .. } => findings.extend(found),
        }
    }
    let errors = findings.iter().filter(|finding| finding.is_error()).count();
    let warnings = findings.len() - errors;
    if context.global.json {
        context.json(&Checked { files: paths.len(), errors, warnings, findings })?;
    } else {
        if !findings.is_empty() {
            context.say(&context.draw(&findings))?;
        }
        context.say(&match (errors, warnings) {
            (0, 0) => format!("{} tệp, không có lỗi.", paths.len()),
            _ => format!("{} tệp: {errors} lỗi, {warnings} cảnh báo.", paths.len()),
        })?;
    }
    Ok(Outcome::of(errors > 0))
}

/// The case files a folder stands for; a folder named like a case file is itself a fault to report.
fn files(path: &Path) -> Vec<PathBuf> {
    let named_like_a_case = path.file_name().is_some_and(|name| scan::is_case_file(&name.to_string_lossy()));
    if path.is_dir() && !named_like_a_case { scan::case_files(path) } else { vec![path.to_owned()] }
}
