//! `hoso check`: findings, nothing written.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::presence::{self, Presence};
use super::{Context, Error, Outcome};
use crate::case::CaseCode;
use crate::case::value::Value;
use crate::cli::Check;
use crate::diagnostic::{Diagnostic, code};
use crate::pipeline::read::{self, Read};
use crate::pipeline::{close, scan, unfit};
use crate::workspace::Workspace;

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
    context.warn_of_unused_forms(&workspace);
    let mut findings = Vec::new();
    let mut paths = Vec::new();
    if args.paths.is_empty() {
        presence::folder(&workspace)?;
        paths = scan::case_files(workspace.cases());
    }
    for path in &args.paths {
        match files(&workspace, path) {
            Ok(found) => paths.extend(found),
            Err(finding) => findings.push(*finding),
        }
    }
    let mut reads: Vec<Read> = paths
        .iter()
        .map(|path| {
            context.detail(1, || format!("Soát {}", path.display()));
            read::read(&workspace, path)
        })
        .collect();
    // A journal that cannot be read is told below.
    let _ = close::foresee(&workspace, reads.iter_mut().filter_map(Read::case));
    for mut read in reads {
        findings.extend(read.case().map(|reading| unfit::in_case(&workspace, reading)).unwrap_or_default());
        findings.extend(read.into_findings());
    }
    if args.paths.is_empty() {
        match Presence::of(&workspace) {
            Ok(presence) => findings.extend(presence.findings(&workspace)),
            Err(Error::Findings(damage)) => findings.extend(damage),
            Err(other) => return Err(other),
        }
    }
    let errors = findings.iter().filter(|finding| finding.is_error()).count();
    let warnings = findings.len() - errors;
    let least = if findings.iter().any(|finding| finding.unread_from.is_some()) { "ít nhất " } else { "" };
    if context.global.json {
        context.json(&Checked { files: paths.len(), errors, warnings, findings })?;
    } else {
        if !findings.is_empty() {
            context.say(&context.draw(&findings))?;
        }
        context.say(&match (errors, warnings) {
            (0, 0) => format!("{} tệp, không có lỗi.", paths.len()),
            _ => format!("{} tệp: {least}{errors} lỗi, {warnings} cảnh báo.", paths.len()),
        })?;
    }
    Ok(Outcome::of(errors > 0))
}

/// The case files a path stands for; a folder named like a case file is itself a fault to report.
fn files(workspace: &Workspace, path: &Path) -> Result<Vec<PathBuf>, Box<Diagnostic>> {
    let shown = workspace.show(path);
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let refuse = |code, message: String, hint: String| {
        Err(Box::new(Diagnostic::error(code, message).in_file(&shown).hint(hint)))
    };
    if path.symlink_metadata().is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound) {
        return refuse(code::UNREADABLE, "Không có tệp này.".to_owned(), "Xem lại tên tệp và thư mục.".to_owned());
    }
    if path.is_dir() && !scan::is_case_file(&name) {
        let found = scan::case_files(path);
        if !found.is_empty() || same(path, workspace.cases()) {
            return Ok(found);
        }
        let hint = match CaseCode::parse(&name) {
            Ok(code) => {
                let file = path.with_file_name(format!("{code}.yaml"));
                format!("Tệp hồ sơ nằm cạnh thư mục này: {}.", workspace.show(&file))
            }
            Err(_) => format!("Tệp hồ sơ nằm trong thư mục {}.", workspace.show(workspace.cases())),
        };
        return refuse(code::UNREADABLE, "Thư mục này không có tệp hồ sơ nào.".to_owned(), hint);
    }
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    if !matches!(ending.as_deref(), Some("yaml" | "yml")) {
        return refuse(
            code::NAME_DIFFERS,
            "Đây không phải tệp hồ sơ: tệp hồ sơ có đuôi .yaml.".to_owned(),
            format!("Chỉ tệp hồ sơ trong thư mục {}.", workspace.show(workspace.cases())),
        );
    }
    Ok(vec![path.to_owned()])
}

fn same(one: &Path, other: &Path) -> bool {
    one.canonicalize().ok().is_some_and(|one| other.canonicalize().is_ok_and(|other| one == other))
}
