//! `hoso archive …`: dossiers of closed cases, one verb a file.

use std::path::{Component, Path, PathBuf};

use super::{Context, Error, Outcome, warn};
use crate::archive::access::{self, Access, Line};
use crate::archive::{Archive, Held, Publication, State};
use crate::catalogue::Catalogue;
use crate::cli::ArchiveCommand;
use crate::diagnostic::{Diagnostic, code};
use crate::letter::wording::capitalised;
use crate::pipeline::close;
use crate::workspace::Workspace;

mod dispose;
mod due;
mod export;
mod extract;
mod find;
mod handover;
mod hold;
mod list;
mod nameless;
mod reopen;
mod repair;
mod show;
mod verify;

pub(super) fn run(context: &Context, command: &ArchiveCommand) -> Result<Outcome, Error> {
    match command {
        ArchiveCommand::Find(args) => find::run(context, args),
        ArchiveCommand::Reindex(_) => find::reindex(context),
        ArchiveCommand::List(args) => match args.handover {
            Some(year) => handover::run(context, args, year),
            None => list::run(context),
        },
        ArchiveCommand::Export(args) => export::run(context, args),
        ArchiveCommand::Due(args) => due::run(context, args),
        ArchiveCommand::Dispose { command } => dispose::run(context, command),
        ArchiveCommand::Hold { command } => hold::run(context, command),
        ArchiveCommand::Show(args) => show::run(context, args),
        ArchiveCommand::Repair(args) => repair::run(context, args),
        ArchiveCommand::Verify(args) => verify::run(context, args),
        ArchiveCommand::Extract(args) => extract::run(context, args),
        ArchiveCommand::Reopen(args) => reopen::run(context, args),
    }
}

/// What a list has for the title of a dossier that cannot be read.
const NO_TITLE: &str = "(không đọc được hồ sơ lưu)";

/// The title of a dossier. That it cannot be read is said in its place and on standard error.
fn title(workspace: &Workspace, archive: &Archive, publication: &Publication) -> String {
    archive.title(publication).unwrap_or_else(|error| {
        let message = format!("Không đọc được hồ sơ lưu {}: {error}. Danh sách không có tiêu đề của nó.", publication.meta.code);
        let hint = "Chạy “hoso archive verify” để xem chỗ hỏng, lấy lại tệp bằng “hoso archive repair --from BẢN_SAO”, rồi lập lại.";
        let finding = Diagnostic::warning(code::KNOWN_BY_CODE_ALONE, message).hint(hint);
        warn([finding.in_file(workspace.show(&archive.file(publication)))]);
        NO_TITLE.to_owned()
    })
}

/// A version of a dossier, or the sentence that there is none.
fn publication<'a>(archive: &'a Archive, code: &str, revision: Option<u32>) -> Result<&'a Publication, Error> {
    let wanted = |one: &&Publication| revision.is_none_or(|revision| one.meta.version == revision);
    archive.versions(code).rev().find(wanted).ok_or_else(|| {
        if let Some((time, doom, _)) = archive.tombstone(code) {
            return Error::Plain(
                format!("Hồ sơ {code} đã hủy ngày {} theo {}.", time.format("%d/%m/%Y"), doom.id),
                format!("Xem đợt hủy và mã băm bằng “hoso archive dispose certificate {}”.", doom.id),
            );
        }
        let version = revision.map(|revision| format!(" phiên bản {revision}")).unwrap_or_default();
        Error::Plain(
            format!("Kho lưu trữ không có hồ sơ {code}{version}."),
            "Xem các hồ sơ đã lưu bằng “hoso archive list”, tìm bằng “hoso archive find”.".to_owned(),
        )
    })
}

/// The file of a version of a dossier, compared with the journal; of one the journal does not know at all, what lies in the archive.
fn held(workspace: &Workspace, archive: &Archive, code: &str, revision: Option<u32>) -> Result<Held, Error> {
    if archive.state(code) == State::Never {
        let path = Catalogue::ask(workspace, &|_, _| {}, |catalogue| catalogue.unregistered(code, revision))?.0;
        if let Some(path) = path {
            return Held::unregistered(workspace.archive(), &path, code).map_err(|error| unreadable(&error));
        }
    }
    Held::of(archive, publication(archive, code, revision)?).map_err(|error| unreadable(&error))
}

/// What is wrong with the file a dossier is to be handed out from, to be told beside it; an error where it is not the archived one and
/// nobody said that it is wanted all the same.
fn judged(workspace: &Workspace, held: &Held, is_unproved_wanted: bool) -> Result<Vec<Diagnostic>, Error> {
    let Some(mut finding) = held.finding(&workspace.show(&held.file)) else { return Ok(Vec::new()) };
    if held.is_altered() && !is_unproved_wanted {
        let hint = finding.hint.take().unwrap_or_default();
        let rescue = "Chỉ khi phải cứu những gì còn lại: thêm --unproved; thứ lấy ra khi ấy không chứng minh được.";
        return Err(Error::Findings(vec![finding.hint(format!("{hint} {rescue}"))]));
    }
    Ok(vec![finding])
}

/// Refuses to write what was taken out into the archive itself, or among the program's own files.
fn outside(workspace: &Workspace, target: &Path) -> Result<(), Error> {
    let target = resolved(target);
    match [workspace.archive(), workspace.state()].into_iter().find(|own| target.starts_with(resolved(own))) {
        None => Ok(()),
        Some(own) => Err(Error::Plain(
            format!("Không ghi vào {}: thư mục ấy chỉ do hoso ghi.", workspace.show(own)),
            "Chọn một nơi khác bằng --to.".to_owned(),
        )),
    }
}

/// Where a path leads, links followed, also where its last parts are not there yet.
fn resolved(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                out.pop();
            }
            part => {
                out.push(part);
                out = out.canonicalize().unwrap_or(out);
            }
        }
    }
    out
}

/// Why a dossier's file cannot be read.
fn unreadable(error: &dyn std::fmt::Display) -> Error {
    Error::Plain(
        capitalised(&format!("{error}.")),
        "Chạy “hoso archive verify” để xem chỗ hỏng, rồi “hoso archive repair” với bản sao lưu.".to_owned(),
    )
}

/// Notes in the access log that somebody looked at a dossier or took of it.
fn note_retrieval(workspace: &Workspace, of: &Held, remark: &str, by: Option<&str>) -> Result<(), Error> {
    let meta = &of.publication.meta;
    let (dossier, account) = (access::name(&meta.code, meta.version), access::account());
    let (by, remark) = (by.unwrap_or(&account), format!("{remark}{}", of.remark()));
    let line = Line { time: workspace.clock.now(), what: Access::Retrieval, dossier: &dossier, remark: &remark, by };
    Ok(access::record(&workspace.access_log(), [line])?)
}

fn open(workspace: &Workspace) -> Result<Archive, Error> {
    let _lock = workspace.lock()?;
    Ok(close::open_archive(workspace)?)
}
