//! `hoso archive …`: dossiers of closed cases, one verb a file.

use super::{Context, Error, Outcome};
use crate::archive::Archive;
use crate::cli::ArchiveCommand;
use crate::pipeline::close;
use crate::workspace::Workspace;

mod extract;
mod find;
mod list;
mod reopen;
mod verify;

pub(super) fn run(context: &Context, command: &ArchiveCommand) -> Result<Outcome, Error> {
    match command {
        ArchiveCommand::Find(args) => find::run(context, args),
        ArchiveCommand::Reindex(_) => find::reindex(context),
        ArchiveCommand::List(_) => list::run(context),
        ArchiveCommand::Verify(args) => verify::run(context, args),
        ArchiveCommand::Extract(args) => extract::run(context, args),
        ArchiveCommand::Reopen(args) => reopen::run(context, args),
    }
}

fn open(workspace: &Workspace) -> Result<Archive, Error> {
    let _lock = workspace.lock()?;
    Ok(close::open_archive(workspace)?)
}
