//! `hoso archive export`.

use std::path::PathBuf;

use serde::Serialize;

use super::{held, judged, note_retrieval, open, outside};
use crate::cli::{ArchiveExport, ExportFormat};
use crate::command::{Context, Error, Outcome, warn};
use crate::diagnostic::Diagnostic;
use crate::dossier;
use crate::export::{Exported, package, whole, xml};
use crate::fs;

/// JSON of `hoso archive export`.
#[derive(Serialize)]
struct Done {
    file: PathBuf,
    documents: usize,
    findings: Vec<Diagnostic>,
}

pub(super) fn run(context: &Context, args: &ArchiveExport) -> Result<Outcome, Error> {
    let workspace = context.workspace()?;
    let archive = open(&workspace)?;
    let code = args.code.as_str();
    let held = held(&workspace, &archive, code, args.revision)?;
    let findings = judged(&workspace, &held, args.unproved)?;
    let (ending, what) = match args.format {
        ExportFormat::Xml => (".xml", "XML"),
        ExportFormat::Pdf => (".pdf", "PDF"),
        ExportFormat::Package => ("-aip", "gói lưu trữ"),
    };
    let file = args.to.clone().unwrap_or_else(|| PathBuf::from(format!("{code}{ending}")));
    outside(&workspace, &file)?;
    if args.format != ExportFormat::Package && file.exists() {
        return Err(Error::Plain(format!("Tệp {} đã có.", file.display()), "Chọn tên khác bằng --to.".to_owned()));
    }
    let done = held.open().map_err(whole::Error::from).and_then(|mut dossier| {
        let exported = Exported::read(&mut dossier, &held.publication.meta)?;
        match args.format {
            ExportFormat::Pdf => {
                let bytes = whole::write(&workspace, &exported, &mut dossier)?;
                fs::write(&file, &bytes).map_err(dossier::Error::from)?;
            }
            ExportFormat::Xml => {
                let bytes = fs::context(xml::write(&exported), "ghi", &file).map_err(dossier::Error::from)?;
                fs::write(&file, &bytes).map_err(dossier::Error::from)?;
            }
            ExportFormat::Package => {
                package::write(&exported, &mut dossier, &file, workspace.clock.now())?;
            }
        }
        Ok(exported)
    });
    let exported = done.map_err(|error| {
        let hint = match &error {
            whole::Error::Dossier(dossier::Error::NotEmpty(_)) => "Chọn tên khác bằng --to.",
            whole::Error::Dossier(dossier::Error::Damaged { .. }) => {
                "Chạy “hoso archive verify” để xem chỗ hỏng, rồi “hoso archive repair” với bản sao lưu."
            }
            _ => "",
        };
        Error::Plain(crate::letter::wording::capitalised(&format!("{error}.")), hint.to_owned())
    })?;
    note_retrieval(&workspace, &held, &format!("xuất {what} ra {}", file.display()), args.by.as_deref())?;
    let documents = exported.documents.len();
    if context.global.json {
        context.json(&Done { file, documents, findings })?;
    } else {
        warn(findings);
        context.say(&format!("Đã xuất hồ sơ {code} ({documents} văn bản) ra {}.", file.display()))?;
    }
    Ok(Outcome::Fine)
}
