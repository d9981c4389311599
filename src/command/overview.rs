//! The desk as it stands now, for `status`, `digest` and `demo`: looked at, nothing written.

use super::Error;
use super::presence::Presence;
use crate::board::{Board, Signs};
use crate::journal::Lock;
use crate::pipeline::{self, Report, desk};
use crate::workspace::Workspace;

/// The desk, and what it was made from.
pub(super) struct Overview {
    /// The board.
    pub(super) board: Board,
    /// What a pass would find.
    pub(super) report: Report,
    /// Times shown beside the board.
    pub(super) signs: Signs,
    /// Whether a watcher runs on this workspace now.
    pub(super) watched: bool,
}

impl Overview {
    /// Looks at all cases but those a closed case left behind: what their files say is not on the desk until they are
    /// opened again.
    ///
    /// # Errors
    /// When a journal cannot be read.
    pub(super) fn of(workspace: &Workspace, presence: &Presence) -> Result<Self, Error> {
        let mut report = pipeline::survey(workspace)?;
        report.cases.retain(|case| !presence.returned.contains(&case.code));
        report.findings = presence.findings(workspace);
        report.closed = presence.closed;
        let watched = Lock::is_held(&workspace.watcher_lock())?;
        Ok(Self {
            board: desk::board(workspace, desk::rows(workspace, &report), &report),
            signs: desk::signs(workspace),
            watched,
            report,
        })
    }

    /// Since when the watcher runs, or when it was last heard of.
    pub(super) fn watcher_text(&self) -> String {
        let at = |at: chrono::DateTime<chrono::FixedOffset>| at.format("%H:%M ngày %d/%m/%Y").to_string();
        match &self.signs.watcher {
            Some(watcher) if self.watched => {
                let polls = watcher.polls.as_ref().map(|polls| format!(" ({})", polls.text())).unwrap_or_default();
                format!("Chương trình theo dõi đang chạy, từ {}{polls}.", at(watcher.since))
            }
            None if self.watched => "Chương trình theo dõi đang chạy.".to_owned(),
            Some(watcher) => format!(
                "Chương trình theo dõi không chạy; lần cuối thấy lúc {}.",
                at(watcher.ended.unwrap_or(watcher.seen))
            ),
            None => "Chương trình theo dõi không chạy.".to_owned(),
        }
    }
}
