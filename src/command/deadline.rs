//! `hoso deadline`: a term in working days, counted day by day.

use chrono::NaiveDate;

use super::{Context, Error, Outcome};
use crate::calendar::{Calendar, Swaps};
use crate::cli::{Deadline, SwapChoice};
use crate::workspace::{SETTINGS, Workspace};

pub(super) fn run(context: &Context, args: &Deadline) -> Result<Outcome, Error> {
    let count = calendar(context, args)?.count(args.from, args.days).map_err(|error| {
        Error::Plain(format!("Không tính được thời hạn: {error}."), "Xem lại ngày và số ngày.".to_owned())
    })?;
    if context.global.json {
        context.json(&count)?;
        return Ok(Outcome::Fine);
    }
    let show = |date: NaiveDate| date.format("%d/%m/%Y").to_string();
    let end = context.bold(&show(count.end));
    let mut lines = vec![format!("{} ngày làm việc kể từ {}: hết ngày {end}.", count.days, show(count.from))];
    let counted = count.counted.iter().zip(1..).map(|(day, n)| (*day, format!("ngày thứ {n}")));
    let skipped = count.skipped.iter().map(|skipped| (skipped.date, format!("không tính: {}", skipped.reason)));
    let mut days: Vec<(NaiveDate, String)> = counted.chain(skipped).collect();
    days.sort();
    lines.extend(days.into_iter().map(|(day, what)| format!("  {} {what}", show(day))));
    lines.extend(count.remarks.iter().map(|remark| format!("Lưu ý: {remark}.")));
    context.say(&lines.join("\n"))?;
    Ok(Outcome::Fine)
}

/// The workspace's calendar where there is one, the built-in one elsewhere.
fn calendar(context: &Context, args: &Deadline) -> Result<Calendar, Error> {
    let chosen = args.swaps.map(|choice| match choice {
        SwapChoice::Follow => Swaps::Follow,
        SwapChoice::Ignore => Swaps::Ignore,
    });
    let directory = context.directory();
    if directory.join(SETTINGS).is_file() {
        Ok(Workspace::calendar_of(&directory, chosen)?)
    } else {
        Ok(Calendar::builtin(chosen.unwrap_or_default()))
    }
}
