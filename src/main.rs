//! The thin binary: parse arguments, dispatch, turn an error into an exit code.

use std::io::Write;
use std::process::ExitCode;

use clap::error::ErrorKind;
use hoso::cli::{self, usage};
use hoso::command;

/// A letter is thousands of small pieces of memory; with the system's allocator they are a fifth of its time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The command line was wrong.
const USAGE: u8 = 2;
/// The program failed.
const INTERNAL: u8 = 70;

fn main() -> ExitCode {
    let cli = match cli::parse() {
        Ok(cli) => cli,
        Err(error) if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) => {
            let _ = error.print();
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            let json = usage::asks_for_json(std::env::args_os());
            let said = usage::explain(&error, json);
            let _ = if json { writeln!(std::io::stdout(), "{said}") } else { writeln!(std::io::stderr(), "{said}") };
            return ExitCode::from(USAGE);
        }
    };
    match std::panic::catch_unwind(|| command::run(cli)) {
        Ok(code) => code,
        Err(_) => {
            let _ = writeln!(
                std::io::stderr(),
                "Chương trình gặp lỗi của chính nó. Dữ liệu đã ghi không mất. Xin báo lại dòng lỗi bên trên cho người phát triển."
            );
            ExitCode::from(INTERNAL)
        }
    }
}
