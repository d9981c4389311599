//! `hoso archive …`: dossiers of closed cases.

use std::path::PathBuf;

use serde::Serialize;

use super::{Context, Error, Outcome, register};
use crate::archive::{self, Archive, Publication, access};
use crate::cli::{ArchiveExtract, ArchiveReopen, ArchiveVerify};
use crate::dossier::Dossier;
use crate::pipeline::{Change, Failure, close};
use crate::workspace::Workspace;

fn open(workspace: &Workspace) -> Result<Archive, Error> {
    let _lock = workspace.lock()?;
    Ok(close::open_archive(workspace)?)
}

/// One dossier in the JSON of `hoso archive list`.
#[derive(Serialize)]
struct Row<'a> {
    #[serde(flatten)]
    publication: &'a Publication,
    title: String,
    state: &'static str,
}

pub(super) fn list(context: &Context) -> Result<Outcome, Error> {
    let workspace = context.workspace()?;
    let archive = open(&workspace)?;
    let title = |publication: &Publication| {
        let info = archive.info(publication).unwrap_or_default();
        info.into_iter().find(|(label, _)| label == "External-Description").map(|(_, value)| value).unwrap_or_default()
    };
    let state = |publication: &Publication| match archive.state(&publication.meta.code) {
        archive::State::Reopened(version) if version == publication.meta.version => "mo_lai",
        _ => "da_luu",
    };
    let rows: Vec<Row> = archive
        .list()
        .map(|(_, publication)| Row { publication, title: title(publication), state: state(publication) })
        .collect();
    if context.global.json {
        context.json(&rows)?;
        return Ok(Outcome::Fine);
    }
    if rows.is_empty() {
        context.say("Kho lưu trữ chưa có hồ sơ nào.")?;
        return Ok(Outcome::Fine);
    }
    let lines: Vec<String> = rows
        .iter()
        .map(|row| {
            let meta = &row.publication.meta;
            let reopened = if row.state == "mo_lai" { " — đang mở lại" } else { "" };
            format!(
                "{} (phiên bản {}){reopened}\n  {}\n  Kết thúc: {}; lưu ngày {}; bảo quản: {}; {} văn bản, {} trang\n  {}",
                context.bold(&meta.code),
                meta.version,
                row.title,
                meta.end,
                meta.closed.format("%d/%m/%Y"),
                meta.retention,
                meta.letters,
                meta.pages,
                workspace.show(&archive.file(row.publication))
            )
        })
        .collect();
    context.say(&lines.join("\n\n"))?;
    Ok(Outcome::Fine)
}

pub(super) fn verify(context: &Context, args: &ArchiveVerify) -> Result<Outcome, Error> {
    let workspace = context.workspace()?;
    let code = args.code.as_deref();
    let findings = archive::verify(workspace.archive(), &workspace.archive_journal(), Some(&workspace.mirror()), code)
        .map_err(Failure::from)?;
    let remark = if findings.iter().any(crate::diagnostic::Diagnostic::is_error) { "không khớp" } else { "khớp" };
    access::record(
        &workspace.access_log(),
        workspace.clock.now(),
        access::Access::Fixity,
        code.unwrap_or("*"),
        remark,
    )?;
    register::report(
        context,
        findings,
        "Hồ sơ đã lưu nguyên vẹn: từng tệp, từng danh mục và mã băm trong nhật ký đều khớp.",
    )
}

/// JSON of `hoso archive extract`.
#[derive(Serialize)]
struct Extracted {
    directory: PathBuf,
    files: usize,
}

pub(super) fn extract(context: &Context, args: &ArchiveExtract) -> Result<Outcome, Error> {
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

/// JSON of `hoso archive reopen`.
#[derive(Serialize)]
struct Reopened {
    code: String,
    newly: bool,
    changes: Vec<Change>,
}

pub(super) fn reopen(context: &Context, args: &ArchiveReopen) -> Result<Outcome, Error> {
    let workspace = context.workspace()?;
    if !close::is_known(&workspace, args.code.as_str())? {
        return Err(Error::Plain(
            format!("Kho lưu trữ không có hồ sơ {}.", args.code),
            "Xem các hồ sơ đã lưu bằng “hoso archive list”.".to_owned(),
        ));
    }
    let mut changes = Vec::new();
    let newly = close::reopen(&workspace, &args.code, &args.reason, &args.by, &mut changes)?;
    if context.global.json {
        context.json(&Reopened { code: args.code.to_string(), newly, changes })?;
        return Ok(Outcome::Fine);
    }
    let file = workspace.show(&workspace.case_file(&args.code));
    context.say(&if newly {
        format!(
            "Đã mở lại hồ sơ {}. Tệp {file} đã trở lại thư mục hồ sơ; bản lưu cũ giữ nguyên.\nGhi thêm khieu_nai_lai (khiếu nại lại) hoặc bo_sung (tài liệu bổ sung); khi xong, ghi luu_ho_so với ngày mới.",
            args.code
        )
    } else {
        format!("Hồ sơ {} đang mở rồi: {file}", args.code)
    })?;
    Ok(Outcome::Fine)
}
