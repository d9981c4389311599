//! `hoso completions` and `hoso man`: made from the command line's own description.

use std::path::PathBuf;

use serde::Serialize;

use super::{Context, Error, Outcome};
use crate::cli::{self, Completions, Man};
use crate::fs;

pub(super) fn completions(context: &Context, args: &Completions) -> Result<Outcome, Error> {
    // Straight into a pipe that somebody closed it would panic.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut cli::command(), "hoso", &mut script);
    context.say(String::from_utf8_lossy(&script).trim_end())?;
    Ok(Outcome::Fine)
}

/// JSON of `hoso man`.
#[derive(Serialize)]
struct Made {
    made: Vec<PathBuf>,
}

pub(super) fn man(context: &Context, args: &Man) -> Result<Outcome, Error> {
    let mut made = Vec::new();
    pages(&cli::command(), "hoso", args, &mut made)?;
    if context.global.json {
        context.json(&Made { made })?;
    } else {
        context.say(&format!("Đã ghi {} trang vào {}.", made.len(), args.directory.display()))?;
    }
    Ok(Outcome::Fine)
}

fn pages(command: &clap::Command, name: &str, args: &Man, made: &mut Vec<PathBuf>) -> Result<(), Error> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).title(name).render(&mut page)?;
    let path = args.directory.join(format!("{name}.1"));
    fs::write_if_changed(&path, &page)?;
    made.push(path);
    for verb in command.get_subcommands() {
        pages(verb, &format!("{name}-{}", verb.get_name()), args, made)?;
    }
    Ok(())
}
