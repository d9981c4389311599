//! `hoso digest`: the morning summary, for any mailer.

use std::io::Write;

use super::overview::Overview;
use super::presence::{self, Presence};
use super::{Context, Error, Outcome};
use crate::board::digest::Digest;
use crate::cli;
use crate::letter::email::{self, Notice};

pub(super) fn run(context: &Context, args: &cli::Digest) -> Result<Outcome, Error> {
    let workspace = context.workspace()?;
    presence::folder(&workspace)?;
    let overview = Overview::of(&workspace, &Presence::of(&workspace)?)?;
    let today = workspace.clock.today();
    let since = args.since.unwrap_or_else(|| workspace.calendar.subtract_working_days(today, 1));
    let digest = Digest::new(&overview.board, since);
    if context.global.json {
        context.json(&digest)?;
    } else if !args.eml.is_empty() {
        let from = workspace.settings.issuer(today).and_then(|issuer| issuer.email.as_ref());
        let mail = email::notice(&Notice {
            to: &args.eml,
            from_name: &digest.issuer,
            from_address: from.map(|address| address.as_str()),
            subject: &digest.subject(),
            text: &digest.text(),
            html: &digest.html(),
            date: workspace.clock.now(),
        });
        std::io::stdout().lock().write_all(&mail)?;
    } else if args.html {
        context.say(&digest.html())?;
    } else {
        context.say(&digest.text())?;
    }
    Ok(Outcome::Fine)
}
