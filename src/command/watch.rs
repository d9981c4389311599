//! `hoso watch`: build, then keep going.

use std::time::{Duration, Instant};

use super::{Context, Error, Outcome, build};
use crate::cli::Watch;
use crate::journal::{Acquired, Holder, Lock};
use crate::pipeline::{self, Report, desk};
use crate::watch::{Folder, Settling, Wake};
use crate::workspace::Clock;

pub(super) fn run(context: &Context, args: &Watch) -> Result<Outcome, Error> {
    let first = context.workspace()?;
    let holder = Holder::this_process(first.clock.now());
    let _lock = match Lock::try_acquire(&first.watcher_lock(), &holder)? {
        Acquired::Yes(lock) => lock,
        Acquired::HeldBy(other) => return Err(taken(other)),
    };
    let mut folder =
        Folder::open(first.cases()).map_err(|error| Error::Plain(format!("{error}."), "Thử chạy lại.".to_owned()))?;
    if !context.global.json {
        let how = if folder.listens() { "nghe thay đổi và quét lại" } else { "quét lại" };
        context.say(&format!(
            "Theo dõi {} ({how} mỗi {} giây). Dừng bằng Ctrl-C.",
            first.cases().display(),
            args.interval
        ))?;
    }
    let since = first.clock.now();
    drop(first);
    let (interval, still) = (Duration::from_secs(args.interval), Duration::from_millis(args.settle));
    let mut settling = Settling::default();
    let mut last = String::new();
    loop {
        folder.listen();
        let mut longest = interval;
        // Opened anew each time: settings, calendar and forms may have changed, and so may the day.
        match context.workspace() {
            Ok(workspace) => {
                // Only to be shown; what keeps it from being written, the pass says too.
                let _ = desk::sign(&workspace, since, args.interval, false);
                let moving = settling.look(workspace.cases(), still, Instant::now());
                if !moving.is_empty() {
                    longest = longest.min(still);
                }
                match pipeline::build(&workspace, &moving) {
                    Ok(report) => {
                        longest = longest.min(sooner(&report, workspace.clock, interval));
                        print(context, &report, moving.is_empty(), &mut last)?;
                    }
                    Err(failure) => complain(context, &Error::from(failure), &mut last)?,
                }
            }
            Err(error) => complain(context, &error, &mut last)?,
        }
        if folder.wait(longest) == Wake::Stop {
            if let Ok(workspace) = context.workspace() {
                let _ = desk::sign(&workspace, since, args.interval, true);
            }
            if !context.global.json {
                context.say("Đã dừng theo dõi.")?;
            }
            return Ok(Outcome::Fine);
        }
    }
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

/// When to look again before the interval is over: at the end of a quiet time, and at midnight when the new day changes something.
fn sooner(report: &Report, clock: Clock, interval: Duration) -> Duration {
    let quiet = report.quiet_over_in.map_or(interval, Duration::from_secs);
    let now = clock.now();
    let midnight = report
        .changes_on
        .filter(|_| matches!(clock, Clock::System))
        .and_then(|day| day.and_hms_opt(0, 0, 0)?.and_local_timezone(now.timezone()).single())
        .and_then(|at| (at - now).to_std().ok());
    quiet.min(midnight.unwrap_or(interval)).max(Duration::from_millis(100))
}

/// Prints a pass when it says something new; one that left out files still being written only tells what it did, since
/// what it says of the others may be over in a moment.
fn print(context: &Context, report: &Report, complete: bool, last: &mut String) -> Result<(), Error> {
    if !complete && report.changes.is_empty() {
        return Ok(());
    }
    let said = format!(
        "{:?}{:?}",
        report.findings,
        report.cases.iter().map(|case| (&case.findings, &case.waiting)).collect::<Vec<_>>()
    );
    if report.changes.is_empty() && said == *last {
        return Ok(());
    }
    *last = said;
    if context.global.json { context.json_line(report) } else { build::print(context, report) }
}

/// Says once what keeps a pass from being made.
fn complain(context: &Context, error: &Error, last: &mut String) -> Result<(), Error> {
    let said = format!("{error:?}");
    if said != *last {
        *last = said;
        super::report(error, context.global.json);
    }
    Ok(())
}
