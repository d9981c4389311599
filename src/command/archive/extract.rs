//! `hoso archive extract`.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{held, judged, note_retrieval, open, outside};
use crate::cli::ArchiveExtract;
use crate::command::{Context, Error, Outcome, warn};
use crate::diagnostic::{Diagnostic, code};
use crate::dossier::{self, Dossier};

/// JSON of `hoso archive extract`.
#[derive(Serialize)]
struct Extracted {
    directory: PathBuf,
    files: usize,
    findings: Vec<Diagnostic>,
}

pub(super) fn run(context: &Context, args: &ArchiveExtract) -> Result<Outcome, Error> {
    let workspace = context.workspace()?;
    let archive = open(&workspace)?;
    let held = held(&workspace, &archive, &args.code, args.revision)?;
    let mut findings = judged(&workspace, &held, args.unproved)?;
    let directory = args.to.clone().unwrap_or_else(|| PathBuf::from(&args.code));
    outside(&workspace, &directory)?;
    let done = held.open().and_then(|mut dossier| match (args.entries.is_empty(), held.is_altered()) {
        (true, true) => dossier.rescue(&directory),
        (true, false) => dossier.extract(&directory).map(|files| (files, Vec::new())),
        (false, _) => some(&mut dossier, args, &directory).map(|files| (files, Vec::new())),
    });
    let (files, lost) = done.map_err(|error| {
        let hint = match &error {
            dossier::Error::Exists(_) => "Chọn thư mục khác bằng --to, hoặc thêm --overwrite để ghi đè.",
            dossier::Error::Link(_) => "Chọn thư mục khác bằng --to, hoặc gỡ liên kết ấy.",
            dossier::Error::NoSuchEntry(_) => "Xem tên các tệp bằng “hoso archive show”.",
            dossier::Error::Damaged { .. } => "Chạy “hoso archive verify”, rồi “hoso archive repair” với bản sao lưu.",
            _ => "",
        };
        Error::Plain(crate::letter::wording::capitalised(&format!("{error}.")), hint.to_owned())
    })?;
    let what = if args.entries.is_empty() { String::new() } else { format!("{}: ", args.entries.join(", ")) };
    note_retrieval(&workspace, &held, &format!("{what}ra {}", directory.display()), args.by.as_deref())?;
    findings.extend(lost.iter().map(|name| {
        let message = format!("mục \"{name}\" bị hỏng, không lấy ra được");
        Diagnostic::error(code::DOSSIER_ENTRY_DAMAGED, message).in_file(workspace.show(&held.file))
    }));
    if context.global.json {
        context.json(&Extracted { directory, files, findings })?;
    } else {
        warn(findings);
        context.say(&format!("Đã lấy {files} tệp của hồ sơ {} ra {}.", args.code, directory.display()))?;
    }
    Ok(Outcome::Fine)
}

/// Takes out the entries named; all are looked for before one is written.
fn some(dossier: &mut Dossier, args: &ArchiveExtract, directory: &Path) -> dossier::Result<usize> {
    let names: Vec<String> = args.entries.iter().map(|name| dossier.find(name)).collect::<dossier::Result<_>>()?;
    for name in &names {
        dossier.extract_entry(name, directory, args.overwrite)?;
    }
    Ok(names.len())
}
