//! The board's files in the watched folder: written when what they say has changed, and a sign of life of the watcher.

use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::{Deserialize, Serialize};

use super::counted;
use super::memory::Shown;
use super::pass::Work;
use super::report::{Change, Report};
use super::standing::Standing;
use super::told::{self, Told};
use super::{Failure, twin};
use crate::board::{Board, Desk, Move, Polls, Row, Signs, Watcher, html, ics};
use crate::diagnostic::Diagnostic;
use crate::fs;
use crate::workspace::Workspace;

/// Seconds between two signs of life.
const BEAT: u64 = 300;

/// What is kept about the board's files. A cache: without it they are written once more.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct State {
    /// When what the page says last changed.
    page: Option<DateTime<FixedOffset>>,
    /// When what the calendar file says last changed.
    calendar: Option<DateTime<FixedOffset>>,
    /// The watcher.
    watcher: Option<Watcher>,
    /// Terms that moved with the calendar.
    moves: Vec<Move>,
}

impl State {
    fn load(workspace: &Workspace) -> Self {
        let bytes = fs::read(&workspace.board_state()).ok();
        bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
    }

    fn save(&self, workspace: &Workspace) -> fs::Result<()> {
        let bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        fs::write_if_changed(&workspace.board_state(), &bytes).map(|_| ())
    }
}

/// Name of the office on a day.
fn issuer(workspace: &Workspace) -> String {
    let issuer = workspace.settings.issuer(workspace.clock.today());
    issuer.map(|issuer| issuer.centre.to_string()).unwrap_or_default()
}

/// Open cases of a pass as rows.
#[must_use]
pub fn rows(workspace: &Workspace, report: &Report) -> Vec<Row> {
    let folder = workspace.show(workspace.cases());
    let open = report.cases.iter().filter(|case| case.closed.is_none() && !case.is_twin());
    open.map(|case| Row::of(case, &folder)).collect()
}

/// Findings about files that are copies of a case's file: shown beside the cases, not among them.
pub fn twins(report: &Report) -> impl Iterator<Item = &Diagnostic> {
    report.cases.iter().filter(|case| case.is_twin()).flat_map(|case| case.findings.iter().filter(|f| twin::is_twin(f)))
}

/// The board of a desk with these open cases; findings and number of closed cases are those of the report.
#[must_use]
pub fn board(workspace: &Workspace, rows: Vec<Row>, report: &Report) -> Board {
    let moves = State::load(workspace).moves;
    let lasting = report.findings.iter().chain(twins(report)).filter(|finding| !finding.is_passing());
    let findings = lasting.cloned().collect();
    let desk = Desk { issuer: issuer(workspace), rows, closed: report.closed, moves, findings };
    Board::new(desk, &workspace.calendar, report.today)
}

/// Times that stand beside the board.
#[must_use]
pub fn signs(workspace: &Workspace) -> Signs {
    let state = State::load(workspace);
    Signs { changed: state.page.unwrap_or_else(|| workspace.clock.now()), watcher: state.watcher }
}

/// Terms that moved with the calendar since they were last counted. They are kept before the new count of any case is, so
/// that none is lost when the pass is cut short.
pub(super) fn recount(workspace: &Workspace, work: &mut [Work]) -> fs::Result<Vec<Move>> {
    let today = workspace.clock.today();
    let mut moved: Vec<Move> = Vec::new();
    for work in work {
        let code = work.reading.code.as_str();
        let counted = &mut work.state.counted;
        moved.extend(counted::recount(counted, code, &work.reading.assessment, &workspace.calendar, today));
    }
    if moved.is_empty() {
        return Ok(moved);
    }
    let mut state = State::load(workspace);
    for new in &moved {
        let known = state.moves.iter().position(|old| (&old.code, &old.term) == (&new.code, &new.term));
        let from = known.map_or(new.from, |place| state.moves.remove(place).from);
        if from != new.to {
            state.moves.push(Move { from, ..new.clone() });
        }
    }
    state.moves.sort_by(|a, b| (&a.code, &a.term).cmp(&(&b.code, &b.term)));
    state.save(workspace)?;
    Ok(moved)
}

/// Takes out of what is kept about the board what it says of these cases.
///
/// # Errors
/// When the system refuses.
pub fn forget(workspace: &Workspace, codes: &[String]) -> fs::Result<()> {
    if !workspace.board_state().exists() {
        return Ok(());
    }
    let mut state = State::load(workspace);
    state.moves.retain(|moved| !codes.contains(&moved.code));
    state.save(workspace)
}

/// Brings page and calendar file up to date with all that is remembered, where they tell something else.
pub fn update(workspace: &Workspace, standing: &mut Standing, report: &mut Report) {
    let page = workspace.board_page();
    if let Err(error) = write(workspace, standing, report.today, &mut report.changes) {
        report.findings.extend(Failure::from(error).findings(&workspace.show(&page)));
    }
}

/// Size and time of the board's files.
fn files(workspace: &Workspace) -> [(u64, i64); 2] {
    [workspace.board_page(), workspace.board_calendar()].map(|path| {
        let stamp = std::fs::symlink_metadata(path).map(|meta| fs::Stamp::of(&meta)).unwrap_or_default();
        (stamp.size, stamp.modified)
    })
}

/// A number that stands for all the board is made from, moved terms aside, which are counted when they are noticed.
fn print(workspace: &Workspace, standing: &Standing, today: NaiveDate) -> u64 {
    use std::hash::{DefaultHasher, Hasher};
    let mut hasher = DefaultHasher::new();
    for (_, entry) in standing.memory.iter() {
        hasher.write_usize(entry.told.len());
        hasher.write(&entry.told);
    }
    let rest = format!("{today}{}{:?}{}", standing.about.closed, standing.about.findings, workspace.digest());
    hasher.write(rest.as_bytes());
    hasher.finish()
}

fn write(
    workspace: &Workspace,
    standing: &mut Standing,
    today: NaiveDate,
    changes: &mut Vec<Change>,
) -> fs::Result<()> {
    let now = workspace.clock.now();
    let print = print(workspace, standing, today);
    let same = |shown: &Shown| shown.print == print && shown.files == files(workspace);
    if standing.memory.header.board.as_ref().is_some_and(same) {
        standing.board_behind = false;
        return Ok(());
    }
    let mut state = State::load(workspace);
    let told = standing.memory.iter().filter_map(|(_, entry)| Told::read(&entry.told));
    let (mut rows, mut findings) = (Vec::new(), standing.about.findings.clone());
    for told in told {
        match told {
            Told::Row(row) => rows.push(*row),
            Told::Twin(twins) => findings.extend(twins.into_iter().map(told::Finding::diagnostic)),
        }
    }
    let desk = Desk {
        issuer: issuer(workspace),
        rows,
        closed: standing.about.closed,
        moves: std::mem::take(&mut state.moves),
        findings,
    };
    let board = Board::new(desk, &workspace.calendar, today);
    state.moves.clone_from(&board.moves);

    let path = workspace.board_page();
    let old = std::fs::read_to_string(&path).unwrap_or_default();
    let mut signs = Signs { changed: state.page.unwrap_or(now), watcher: state.watcher.clone() };
    let mut text = html::page(&board, &signs);
    let told = (html::without_signs(&old) != html::without_signs(&text)).then_some("cập nhật bảng theo dõi");
    if told.is_some() {
        signs.changed = now;
        text = html::with_signs(&text, &signs);
    }
    state.page = Some(signs.changed);
    let page = (old != text).then_some((path, text, told));

    let path = workspace.board_calendar();
    let old = std::fs::read_to_string(&path).unwrap_or_default();
    let mut stamp = state.calendar.unwrap_or(now);
    let mut text = ics::calendar(&board, stamp);
    if old != text {
        stamp = now;
        text = ics::calendar(&board, stamp);
    }
    state.calendar = Some(stamp);
    let calendar = (old != text).then_some((path, text, Some("cập nhật lịch các hạn")));

    // Times first: with them a pass that comes after a kill writes the same bytes.
    state.save(workspace)?;
    for (path, text, told) in page.into_iter().chain(calendar) {
        fs::write(&path, text.as_bytes())?;
        changes.extend(told.map(|what| Change::new(workspace.show(&path), what.to_owned())));
    }
    standing.board_behind = false;
    standing.memory.header.board = Some(Shown { print, files: files(workspace) });
    standing.save(workspace)
}

/// A run of the watcher, as it tells of itself.
#[derive(Debug, Clone)]
pub struct Life {
    /// When it began.
    pub since: DateTime<FixedOffset>,
    /// It looks again after so many seconds at the latest.
    pub interval: u64,
    /// How it scans, where it does not listen.
    pub polls: Option<Polls>,
}

/// Notes that the watcher begins, goes on, or (`over`) ends, and shows it on the page when the last sign is old.
///
/// # Errors
/// When the system refuses.
pub fn sign(workspace: &Workspace, standing: &mut Standing, life: &Life, over: bool) -> fs::Result<()> {
    let now = workspace.clock.now();
    let Life { since, interval, polls } = life;
    let within = (*interval).max(BEAT);
    let due = |watcher: &Watcher| {
        let silent = now.signed_duration_since(watcher.seen).num_seconds();
        silent < 0 || silent >= i64::try_from(BEAT).unwrap_or(i64::MAX)
    };
    let _pass = workspace.pass_lock()?;
    let mut state = State::load(workspace);
    let same = |watcher: &Watcher| {
        watcher.since == *since && watcher.within == within && watcher.ended.is_none() && watcher.polls == *polls
    };
    if !over && state.watcher.as_ref().is_some_and(|watcher| same(watcher) && !due(watcher)) {
        return Ok(());
    }
    state.watcher =
        Some(Watcher { since: *since, seen: now, within, ended: over.then_some(now), polls: polls.clone() });
    state.save(workspace)?;
    let path = workspace.board_page();
    let (Ok(old), Some(changed)) = (std::fs::read_to_string(&path), state.page) else { return Ok(()) };
    let text = html::with_signs(&old, &Signs { changed, watcher: state.watcher });
    if old == text {
        return Ok(());
    }
    let before = files(workspace);
    fs::write(&path, text.as_bytes())?;
    // What we exchanged ourselves is no reason to write the board again.
    if let Some(shown) = standing.memory.header.board.as_mut().filter(|shown| shown.files == before) {
        shown.files = files(workspace);
    }
    standing.save(workspace)
}
