//! `hoso archive extract`.

use std::path::PathBuf;

use serde::Serialize;

use super::open;
use crate::archive::{Publication, access};
use crate::cli::ArchiveExtract;
use crate::command::{Context, Error, Outcome};
use crate::dossier::Dossier;

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
    let version =
        |publication: &&Publication| args.revision.is_none_or(|revision| publication.meta.version == revision);
    let Some(publication) = archive.versions(code).rev().find(version) else {
        return Err(Error::Plain(
            format!(
                "Kho lưu trữ không có hồ sơ {code}{}.",
                args.revision.map(|r| format!(" phiên bản {r}")).unwrap_or_default()
            ),
            "Xem các hồ sơ đã lưu bằng “hoso archive list”.".to_owned(),
        ));
    };
    let directory = args.to.clone().unwrap_or_else(|| PathBuf::from(code));
    let file = archive.file(publication);
    let opened = Dossier::open(&file).and_then(|mut dossier| dossier.extract(&directory));
    let files = opened.map_err(|error| Error::Plain(format!("{error}."), String::new()))?;
    access::record(
        &workspace.access_log(),
        workspace.clock.now(),
        access::Access::Retrieval,
        code,
        &directory.display().to_string(),
    )?;
    if context.global.json {
        context.json(&Extracted { directory, files })?;
    } else {
        context.say(&format!("Đã lấy {files} tệp của hồ sơ {code} ra {}.", directory.display()))?;
    }
    Ok(Outcome::Fine)
}
