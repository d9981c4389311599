//! `hoso archive export`.

use std::path::PathBuf;

use serde::Serialize;

use super::{note_retrieval, open, publication};
use crate::cli::{ArchiveExport, ExportFormat};
use crate::command::{Context, Error, Outcome};
use crate::dossier::Dossier;
use crate::export::{Exported, xml};
use crate::fs;

/// JSON of `hoso archive export`.
#[derive(Serialize)]
struct Done {
    file: PathBuf,
    documents: usize,
}

pub(super) fn run(context: &Context, args: &ArchiveExport) -> Result<Outcome, Error> {
    let workspace = context.workspace()?;
    let archive = open(&workspace)?;
    let code = args.code.as_str();
    let publication = publication(&archive, code, args.revision)?;
    let ExportFormat::Xml = args.format;
    let file = args.to.clone().unwrap_or_else(|| PathBuf::from(format!("{code}.xml")));
    if file.exists() {
        return Err(Error::Plain(format!("Tệp {} đã có.", file.display()), "Chọn tên khác bằng --to.".to_owned()));
    }
    let exported = Dossier::open(&archive.file(publication))
        .and_then(|mut dossier| Exported::read(&mut dossier, &publication.meta))
        .map_err(|error| {
            Error::Plain(
                crate::letter::wording::capitalised(&format!("{error}.")),
                "Chạy “hoso archive verify” để xem chỗ hỏng, rồi “hoso archive repair” với bản sao lưu.".to_owned(),
            )
        })?;
    let bytes = xml::write(&exported)?;
    fs::write(&file, &bytes)?;
    note_retrieval(&workspace, publication, &format!("xuất XML ra {}", file.display()), args.by.as_deref())?;
    let documents = exported.documents.len();
    if context.global.json {
        context.json(&Done { file, documents })?;
    } else {
        context.say(&format!("Đã xuất hồ sơ {code} ({documents} văn bản) ra {}.", file.display()))?;
    }
    Ok(Outcome::Fine)
}
