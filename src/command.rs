//! One verb a file: resolve arguments, call the library, print.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde::Serialize;

use crate::catalogue;
use crate::cli::{Cli, Command, FormCommand, Global, LetterCommand, RegisterCommand};
use crate::diagnostic::{Diagnostic, draw};
use crate::fs;
use crate::letter::wording::capitalised;
use crate::pipeline::Failure;
use crate::workspace::{self, Clock, Folders, SETTINGS, Workspace};

mod archive;
mod batch;
mod build;
mod check;
mod deadline;
mod demo;
mod digest;
mod explain;
mod explain_code;
mod form;
mod generate;
mod history;
mod init;
mod letter;
mod new;
mod overview;
mod paper;
mod presence;
mod progress;
mod register;
mod schema;
mod serve;
mod sheet;
mod status;
mod watch;

/// How a command ended, short of failing itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing wrong (lateness and warnings are fine).
    Fine,
    /// Errors were found in the data.
    Faulty,
    /// The question has no answer.
    Undecided,
}

impl Outcome {
    fn of(has_errors: bool) -> Self {
        if has_errors { Self::Faulty } else { Self::Fine }
    }
}

/// Why a command could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Findings to be shown as they are.
    #[error("có lỗi trong dữ liệu")]
    Findings(Vec<Diagnostic>),
    /// A sentence for the person at the terminal, and what to do.
    #[error("{0}")]
    Plain(String, String),
    /// The reader of our output went away.
    #[error("không in được kết quả")]
    Output(#[from] std::io::Error),
}

impl From<workspace::Error> for Error {
    fn from(error: workspace::Error) -> Self {
        match error {
            workspace::Error::Faulty(findings) => Self::Findings(findings),
            workspace::Error::NotAWorkspace(_) => {
                Self::Plain(format!("{error}."), "Chạy “hoso init” để tạo, hoặc chỉ thư mục bằng -C.".to_owned())
            }
            workspace::Error::MadeUpDay => Self::Plain(
                capitalised(&format!("{error}.")),
                "Chạy lại không có --today, theo đồng hồ của máy. Chỉ thư mục làm việc dùng thử mới ghi “thu_nghiem: co” vào hoso.yaml.".to_owned(),
            ),
            other => Self::Plain(format!("{other}."), String::new()),
        }
    }
}

impl From<fs::Error> for Error {
    fn from(error: fs::Error) -> Self {
        Self::Plain(capitalised(&format!("{error}.")), String::new())
    }
}

impl From<catalogue::Error> for Error {
    fn from(error: catalogue::Error) -> Self {
        match error {
            catalogue::Error::Io(error) => error.into(),
            catalogue::Error::Journal(error) => Failure::from(crate::archive::Error::from(error)).into(),
            catalogue::Error::Index(_) | catalogue::Error::Broken => Self::Plain(
                capitalised(&format!("{error}.")),
                "Nếu có lệnh khác đang tra cứu, chờ xong rồi thử lại; nếu vẫn lỗi, chạy “hoso archive reindex”."
                    .to_owned(),
            ),
        }
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        Self::Findings(failure.findings("hoso"))
    }
}

/// What every command gets: the common options, resolved.
#[derive(Debug)]
pub struct Context {
    /// Common options as typed.
    pub global: Global,
    /// The clock chosen.
    pub clock: Clock,
    color: bool,
}

impl Context {
    fn new(global: Global) -> Result<Self, Error> {
        let clock = Clock::new(global.today)?;
        let color = std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty()) && std::io::stdout().is_terminal();
        Ok(Self { global, clock, color })
    }

    fn jobs(&self) -> usize {
        self.global.jobs.map_or_else(|| std::thread::available_parallelism().map_or(1, usize::from), usize::from)
    }

    /// The folder commands work in: `-C`, else the nearest one upwards that holds the settings.
    fn directory(&self) -> PathBuf {
        let given = self.global.directory.clone().unwrap_or_else(|| PathBuf::from("."));
        if self.global.directory.is_some() || given.join(SETTINGS).is_file() {
            return given;
        }
        let up = std::env::current_dir().ok();
        up.iter().flat_map(|dir| dir.ancestors()).find(|dir| dir.join(SETTINGS).is_file()).map_or(given, Path::to_owned)
    }

    /// Only where everything lies: for what looks something up.
    fn folders(&self) -> Result<Folders, Error> {
        let folders = Folders::open(&self.directory())?;
        self.detail(1, || format!("Thư mục làm việc: {}.", folders.root().display()));
        Ok(folders)
    }

    fn workspace(&self) -> Result<Workspace, Error> {
        let workspace = Workspace::open(&self.directory(), self.clock, self.jobs())?;
        self.detail(1, || {
            let now = workspace.clock.now().format("%H:%M ngày %d/%m/%Y");
            format!(
                "Thư mục làm việc: {}; bây giờ là {now}; {} việc cùng lúc.",
                workspace.root().display(),
                workspace.jobs
            )
        });
        Ok(workspace)
    }

    /// Prints a detail on standard error when asked for with `-v` (level 1) or `-vv` (level 2).
    fn detail(&self, level: u8, text: impl FnOnce() -> String) {
        if self.global.verbose >= level {
            let _ = writeln!(std::io::stderr().lock(), "{}", text());
        }
    }

    /// Says on standard error which files among the forms are passed over, and where the style departs from the decree.
    fn warn_of_unused_forms(&self, workspace: &Workspace) {
        let departures = workspace.style.departures(&workspace.style_text);
        for finding in workspace.forms.unused().iter().chain(&departures) {
            let _ = writeln!(std::io::stderr().lock(), "{}", draw::draw(finding, false));
        }
    }

    /// Prints lines for a person.
    fn say(&self, text: &str) -> Result<(), Error> {
        Ok(writeln!(std::io::stdout().lock(), "{}", text.trim_end())?)
    }

    /// Prints the one JSON value of a command.
    fn json(&self, value: &impl Serialize) -> Result<(), Error> {
        let text = serde_json::to_string_pretty(value).map_err(std::io::Error::from)?;
        Ok(writeln!(std::io::stdout().lock(), "{text}")?)
    }

    /// Prints one JSON value on one line, where a command prints several.
    fn json_line(&self, value: &impl Serialize) -> Result<(), Error> {
        let text = serde_json::to_string(value).map_err(std::io::Error::from)?;
        Ok(writeln!(std::io::stdout().lock(), "{text}")?)
    }

    /// Findings drawn for a person.
    fn draw(&self, findings: &[Diagnostic]) -> String {
        findings.iter().map(|finding| draw::draw(finding, self.color)).collect::<Vec<_>>().join("\n")
    }

    fn bold(&self, text: &str) -> String {
        if self.color { format!("\u{1b}[1m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    fn red(&self, text: &str) -> String {
        if self.color { format!("\u{1b}[31m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// Says on standard error what somebody should look at, whatever is printed.
fn warn(findings: impl IntoIterator<Item = Diagnostic>) {
    for finding in findings {
        let _ = writeln!(std::io::stderr().lock(), "{}", draw::draw(&finding, false));
    }
}

/// Runs a command line to its exit code: 0 fine, 1 errors found or bad input.
#[must_use]
pub fn run(cli: Cli) -> ExitCode {
    let json = cli.global.json;
    let result = Context::new(cli.global).and_then(|context| dispatch(&context, cli.command));
    for trouble in crate::journal::take_troubles() {
        let _ = writeln!(std::io::stderr().lock(), "{}", draw::draw(&trouble, false));
    }
    match result {
        Ok(Outcome::Fine) => ExitCode::SUCCESS,
        Ok(Outcome::Faulty) => ExitCode::FAILURE,
        Ok(Outcome::Undecided) => ExitCode::from(2),
        Err(Error::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            report(&error, json);
            ExitCode::FAILURE
        }
    }
}

fn dispatch(context: &Context, command: Command) -> Result<Outcome, Error> {
    match command {
        Command::Init(args) => init::run(context, &args),
        Command::New(args) => new::run(context, &args),
        Command::Check(args) => check::run(context, &args),
        Command::Build(_) => build::run(context),
        Command::Watch(args) => watch::run(context, &args),
        Command::Serve(args) => serve::run(context, &args),
        Command::Status(args) => status::run(context, &args),
        Command::Digest(args) => digest::run(context, &args),
        Command::Deadline(args) => deadline::run(context, &args),
        Command::Explain(args) => explain::run(context, &args),
        Command::ExplainCode(args) => explain_code::run(context, &args),
        Command::Schema(_) => schema::run(context),
        Command::History(args) => history::run(context, &args),
        Command::Register { command: RegisterCommand::List(args) } => register::list::run(context, &args),
        Command::Register { command: RegisterCommand::Verify(_) } => register::verify(context),
        Command::Register { command: RegisterCommand::Void(args) } => register::void(context, &args),
        Command::Register { command: RegisterCommand::Report(args) } => register::report::run(context, &args),
        Command::Register { command: RegisterCommand::Minutes(args) } => register::minutes::run(context, &args),
        Command::Letter { command: LetterCommand::Verify(args) } => letter::verify(context, &args),
        Command::Letter { command: LetterCommand::Redact(args) } => letter::redact::run(context, &args),
        Command::Archive { command } => archive::run(context, &command),
        Command::Form { command: FormCommand::Check(_) } => form::check(context),
        Command::Form { command: FormCommand::Preview(args) } => form::preview(context, &args),
        Command::Batch(args) => batch::run(context, &args),
        Command::Demo(args) => demo::run(context, &args),
        Command::Completions(args) => generate::completions(context, &args),
        Command::Man(args) => generate::man(context, &args),
    }
}

/// Prints why a command failed; with `--json` as `{"error", "hint", "findings"}` on standard output.
fn report(error: &Error, json: bool) {
    #[derive(Serialize)]
    struct Report<'a> {
        error: String,
        #[serde(skip_serializing_if = "str::is_empty")]
        hint: &'a str,
        findings: &'a [Diagnostic],
    }
    let (hint, findings) = match error {
        Error::Findings(findings) => ("", findings.as_slice()),
        Error::Plain(_, hint) => (hint.as_str(), [].as_slice()),
        Error::Output(_) => ("", [].as_slice()),
    };
    if json {
        let report = Report { error: error.to_string(), hint, findings };
        let _ = writeln!(std::io::stdout(), "{}", serde_json::to_string_pretty(&report).unwrap_or_default());
        return;
    }
    let mut stderr = std::io::stderr().lock();
    if findings.is_empty() {
        let _ = writeln!(stderr, "{error}");
        if !hint.is_empty() {
            let _ = writeln!(stderr, "Cách sửa: {hint}");
        }
    }
    for finding in findings {
        let _ = writeln!(stderr, "{}", draw::draw(finding, false));
    }
}
