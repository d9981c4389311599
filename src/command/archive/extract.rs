//! `hoso archive extract`.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{note_retrieval, open, publication};
use crate::cli::ArchiveExtract;
use crate::command::{Context, Error, Outcome};
use crate::dossier::{self, Dossier};

/// JSON of `hoso archive extract`.
#[derive(Serialize)]
struct Extracted {
    directory: PathBuf,
    files: usize,
}

pub(super) fn run(context: &Context, args: &ArchiveExtract) -> Result<Outcome, Error> {
    let workspace = context.workspace()?;
    let archive = open(&workspace)?;
    let code = args.code.as_str();
    let publication = publication(&archive, code, args.revision)?;
    let directory = args.to.clone().unwrap_or_else(|| PathBuf::from(code));
    let file = archive.file(publication);
    let done = Dossier::open(&file).and_then(|mut dossier| {
        if args.entries.is_empty() { dossier.extract(&directory) } else { some(&mut dossier, args, &directory) }
    });
    let files = done.map_err(|error| {
        let hint = match &error {
            dossier::Error::Exists(_) => "Chọn thư mục khác bằng --to, hoặc thêm --overwrite để ghi đè.",
            dossier::Error::NoSuchEntry(_) => "Xem tên các tệp bằng “hoso archive show”.",
            dossier::Error::Damaged { .. } => "Chạy “hoso archive verify”, rồi “hoso archive repair” với bản sao lưu.",
            _ => "",
        };
        Error::Plain(crate::letter::wording::capitalised(&format!("{error}.")), hint.to_owned())
    })?;
    let what = if args.entries.is_empty() { String::new() } else { format!("{}: ", args.entries.join(", ")) };
    note_retrieval(&workspace, publication, &format!("{what}ra {}", directory.display()), args.by.as_deref())?;
    if context.global.json {
        context.json(&Extracted { directory, files })?;
    } else {
        context.say(&format!("Đã lấy {files} tệp của hồ sơ {code} ra {}.", directory.display()))?;
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
