//! `hoso watch`: build, then keep going.

use std::collections::{BTreeSet, HashMap};
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::{Context, Error, Outcome, build};
use crate::board::Polls;
use crate::cli::Watch;
use crate::journal::{Acquired, Holder, Lock};
use crate::pipeline::desk::Life;
use crate::pipeline::{self, Depth, Failure, Report, Scope, Settling, Sight, Standing, desk};
use crate::watch::{Folder, Wake};
use crate::workspace::{Clock, Sources, Workspace};

/// How long the board may lag behind the letters while more files are on their way: of many cases it takes as long as some letters.
const BOARD: Duration = Duration::from_secs(5);

/// After so long without a hint nothing more seems to be on its way.
const LULL: Duration = Duration::from_secs(1);

/// Where the system does not tell of changes, how often files that somebody works on are looked at: two saves within that time are
/// one to us.
const NEAR: Duration = Duration::from_secs(5);

/// Looking at everything may take one part in so many of the time.
const SHARE: u32 = 20;

/// Where the system tells of changes, how seldom every file of every case's folder is looked at, beside the folders' times.
const CONTENTS: Duration = Duration::from_secs(15 * 60);

pub(super) fn run(context: &Context, args: &Watch) -> Result<Outcome, Error> {
    // Before it is loaded: what changes meanwhile shows at the next look.
    let sources = Sources::of(&context.directory());
    let first = context.workspace()?;
    let holder = Holder::this_process(first.clock.now());
    let _lock = match Lock::try_acquire(&first.watcher_lock(), &holder)? {
        Acquired::Yes(lock) => lock,
        Acquired::HeldBy(other) => return Err(taken(other)),
    };
    let mut folder = Folder::open(first.cases(), args.poll)
        .map_err(|error| Error::Plain(format!("{error}."), "Thử chạy lại.".to_owned()))?;
    if !context.global.json {
        let how = how(&folder, args.interval);
        context.say(&format!("Theo dõi {} ({how}). Dừng bằng Ctrl-C.", first.cases().display()))?;
    }
    let mut office = Office { root: first.root().to_owned(), workspace: first, sources };
    let mut run = Run::new(context, args, &office.workspace);
    loop {
        folder.listen();
        // Settings, calendar and forms may have changed.
        let longest = match office.refresh(context) {
            Ok(()) => {
                // Only to be shown; what keeps it from being written, the pass says too.
                run.life.polls = polls(&folder, args.interval);
                let _ = desk::sign(&office.workspace, &mut run.standing, &run.life, false);
                let hints = folder.hints();
                run.rescan |= hints.rescan;
                run.turn(&office.workspace, hints.names, folder.listens())?
            }
            Err(error) => {
                run.complain(&error)?;
                run.rescan = true;
                run.interval
            }
        };
        if folder.wait(longest) == Wake::Stop {
            run.end(&office)?;
            return Ok(Outcome::Fine);
        }
    }
}

/// How the folder is watched, for the first line.
fn how(folder: &Folder, interval: u64) -> String {
    match polls(folder, interval) {
        None => format!("nghe thay đổi và quét lại mỗi {interval} giây"),
        Some(polls) => polls.text(),
    }
}

/// How it is scanned, where the system does not tell of changes.
fn polls(folder: &Folder, seconds: u64) -> Option<Polls> {
    let volume = folder.volume().name().map(str::to_owned);
    (!folder.listens()).then_some(Polls { volume, seconds })
}

fn taken(other: Option<Holder>) -> Error {
    let who = other.map_or_else(String::new, |holder| {
        format!(" (máy {}, tiến trình {}, từ {})", holder.host, holder.pid, holder.since.format("%H:%M ngày %d/%m/%Y"))
    });
    Error::Plain(
        format!("Đã có một chương trình đang theo dõi thư mục này{who}."),
        "Dừng chương trình kia trước.".to_owned(),
    )
}

/// The workspace, loaded anew when what it is loaded from has changed.
struct Office {
    workspace: Workspace,
    root: PathBuf,
    sources: Sources,
}

impl Office {
    fn refresh(&mut self, context: &Context) -> Result<(), Error> {
        let now = Sources::of(&self.root);
        if !self.sources.holds(&now) {
            self.workspace = context.workspace()?;
            self.sources = now;
        }
        Ok(())
    }
}

/// One run of the watcher.
struct Run<'a> {
    context: &'a Context,
    life: Life,
    interval: Duration,
    still: Duration,
    standing: Standing,
    settling: Settling,
    /// Everything is to be looked at, whatever the time.
    rescan: bool,
    scan_at: Instant,
    /// When to look into the folders of cases again, and when at every file in them.
    deep_at: Instant,
    contents_at: Instant,
    /// Since when the board lags behind.
    board_behind: Option<Instant>,
    /// When something last moved.
    moved_at: Option<Instant>,
    /// How often in a row no pass could be made.
    trouble: u32,
    said: Said,
}

/// What was said last, so that it is said once.
#[derive(Default)]
struct Said {
    trouble: String,
    desk: String,
    cases: HashMap<String, String>,
}

impl<'a> Run<'a> {
    fn new(context: &'a Context, args: &Watch, workspace: &Workspace) -> Self {
        let now = Instant::now();
        Self {
            context,
            life: Life { since: workspace.clock.now(), interval: args.interval, polls: None },
            interval: Duration::from_secs(args.interval),
            still: Duration::from_millis(args.settle),
            standing: Standing::resumed(workspace),
            settling: Settling::default(),
            rescan: true,
            scan_at: now,
            deep_at: now,
            contents_at: now,
            board_behind: None,
            moved_at: None,
            trouble: 0,
            said: Said::default(),
        }
    }

    /// Looks where something may have changed, works on what did, and says how long to wait.
    fn turn(&mut self, workspace: &Workspace, names: BTreeSet<OsString>, listens: bool) -> Result<Duration, Error> {
        let start = Instant::now();
        if !names.is_empty() {
            self.moved_at = Some(start);
        }
        let whole = self.rescan || start >= self.scan_at;
        let mut names: BTreeSet<OsString> =
            names.into_iter().chain(self.settling.names().map(OsString::from)).collect();
        if !listens {
            names.extend(self.standing.worked_on().map(OsString::from));
        }
        let depth = match () {
            () if self.rescan || start >= self.contents_at => Depth::Contents,
            () if start < self.deep_at => Depth::Files,
            () if listens => Depth::Folders,
            () => Depth::Contents,
        };
        let scope = if whole { Scope::Whole { depth } } else { Scope::Some(names) };
        let done = self.pass(workspace, &scope, start);
        let mut longest = match done {
            Ok(told) => {
                if self.trouble > 0 && !self.context.global.json {
                    self.context.say("Trục trặc đã hết; chương trình làm tiếp.")?;
                }
                self.trouble = 0;
                if let Some((report, complete)) = told {
                    self.print(&report, complete)?;
                }
                if whole {
                    self.rescan = false;
                    let took = start.elapsed();
                    self.scan_at = Instant::now() + self.interval;
                    if depth >= Depth::Folders {
                        self.deep_at =
                            Instant::now() + self.interval.max(took * SHARE).saturating_sub(Duration::from_millis(1));
                    }
                    if depth == Depth::Contents {
                        self.contents_at = Instant::now() + CONTENTS.max(took * SHARE);
                    }
                }
                self.interval
            }
            Err(failure) => {
                // Afterwards nothing is known of what happened meanwhile.
                self.rescan = true;
                self.complain(&Error::from(failure))?;
                let wait = Duration::from_secs(1 << self.trouble.min(6));
                self.trouble += 1;
                wait.min(self.interval)
            }
        };
        if self.trouble == 0 {
            longest = longest.min(self.board(workspace)?);
            longest = longest.min(self.scan_at.saturating_duration_since(Instant::now()));
            longest = longest.min(self.settling.next(self.still, Instant::now()).unwrap_or(longest));
            longest = longest.min(self.standing.retry_in().unwrap_or(longest));
            if !listens && self.standing.worked_on().next().is_some() {
                longest = longest.min(NEAR);
            }
            longest = longest.min(self.standing.quiet_over_in(workspace).unwrap_or(longest));
        }
        Ok(longest.min(midnight(workspace.clock).unwrap_or(longest)).max(Duration::from_millis(1)))
    }

    /// A pass where there is something to work on; its report, and whether it left nothing out.
    fn pass(&mut self, workspace: &Workspace, scope: &Scope, now: Instant) -> Result<Option<(Report, bool)>, Failure> {
        if let Scope::Some(names) = scope
            && !self.standing.is_to_begin(workspace)
        {
            let sight = self.standing.peek(workspace, names.clone())?;
            if self.settling.sift(sight, self.still, now).is_empty() {
                return Ok(None);
            }
        }
        let (settling, still, mut complete) = (&mut self.settling, self.still, true);
        let mut sift = |sight: Sight| {
            let sight = settling.sift(sight, still, now);
            complete = sight.is_complete();
            sight
        };
        let mut report = pipeline::pass(workspace, &mut self.standing, scope, &mut sift)?;
        if self.board_waits().is_some_and(|left| left.is_zero()) {
            desk::update(workspace, &mut self.standing, &mut report);
            self.wrote_board();
        }
        Ok(Some((report, complete)))
    }

    /// How long the board may still wait; nothing when it is not behind.
    fn board_waits(&mut self) -> Option<Duration> {
        if !self.standing.board_is_behind() {
            self.board_behind = None;
            return None;
        }
        let since = *self.board_behind.get_or_insert_with(Instant::now);
        let lull = self.moved_at.map_or(Duration::ZERO, |at| LULL.saturating_sub(at.elapsed()));
        Some(lull.min(BOARD.saturating_sub(since.elapsed())))
    }

    /// Writes a board that lagged behind; says how long until it must be.
    fn board(&mut self, workspace: &Workspace) -> Result<Duration, Error> {
        if self.board_waits().is_some_and(|left| left.is_zero()) {
            let mut report = Report { open: self.standing.open(), ..Report::empty(workspace.clock.today()) };
            desk::update(workspace, &mut self.standing, &mut report);
            self.wrote_board();
            if !report.findings.is_empty() {
                self.print(&report, true)?;
            }
        }
        Ok(self.board_waits().unwrap_or(self.interval))
    }

    /// After the board was to be written; where that failed, it is tried again a while later.
    fn wrote_board(&mut self) {
        self.board_behind = None;
        if self.standing.board_is_behind() {
            self.moved_at = Some(Instant::now());
        }
    }

    fn end(mut self, office: &Office) -> Result<(), Error> {
        if self.standing.board_is_behind() {
            desk::update(&office.workspace, &mut self.standing, &mut Report::empty(office.workspace.clock.today()));
        }
        let _ = desk::sign(&office.workspace, &mut self.standing, &self.life, true);
        if self.context.global.json { Ok(()) } else { self.context.say("Đã dừng theo dõi.") }
    }

    /// Prints a pass when it says something new; one that left out files still being written only tells what it did, since
    /// what it says of the others may be over in a moment.
    fn print(&mut self, report: &Report, complete: bool) -> Result<(), Error> {
        let desk = format!("{:?}", report.findings);
        let mut news = desk != self.said.desk;
        for case in &report.cases {
            let silent = case.findings.is_empty() && case.held_up.is_empty();
            let said = format!("{:?}{:?}", case.findings, case.held_up);
            let before = if silent {
                self.said.cases.remove(&case.file)
            } else {
                self.said.cases.insert(case.file.clone(), said.clone())
            };
            news |= before.map_or(!silent, |before| before != said);
        }
        if report.changes.is_empty() && (!complete || !news) {
            return Ok(());
        }
        self.said.desk = desk;
        self.said.trouble.clear();
        if self.context.global.json { self.context.json_line(report) } else { build::print(self.context, report) }
    }

    /// Says once what keeps a pass from being made.
    fn complain(&mut self, error: &Error) -> Result<(), Error> {
        let said = format!("{error:?}");
        if said != self.said.trouble {
            self.said.trouble = said;
            super::report(error, self.context.global.json);
        }
        Ok(())
    }
}

/// How long until the next day begins: terms run out, and everything is read again once.
fn midnight(clock: Clock) -> Option<Duration> {
    let now = clock.now();
    let next = now.date_naive().succ_opt()?.and_hms_opt(0, 0, 0)?.and_local_timezone(now.timezone()).single()?;
    // Of a fixed clock the day never ends.
    if matches!(clock, Clock::System) { (next - now).to_std().ok() } else { None }
}
