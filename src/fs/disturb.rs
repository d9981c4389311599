//! What tests do to the program at each durable step: kill it behind one, or let the disk refuse one. Release builds contain
//! neither.

use std::io;
#[cfg(debug_assertions)]
use std::io::Write;
use std::path::Path;

/// Marks a durable step. In a debug build the environment variable `HOSO_KILL_AT=n` aborts the process at the n-th step,
/// as a power cut would; `HOSO_KILL_LOG=file` appends the name of each step instead of only counting.
pub fn step(name: &str) {
    #[cfg(debug_assertions)]
    {
        use std::sync::atomic::{AtomicUsize, Ordering};
        static STEPS: AtomicUsize = AtomicUsize::new(0);
        let count = STEPS.fetch_add(1, Ordering::SeqCst) + 1;
        log("HOSO_KILL_LOG", count, name);
        if std::env::var("HOSO_KILL_AT").is_ok_and(|at| at.parse() == Ok(count)) {
            std::process::abort();
        }
    }
    #[cfg(not(debug_assertions))]
    let _ = name;
}

/// Asked before each operation that changes the disk. In a debug build `HOSO_FAIL_AT=n:KIND` refuses the n-th, `n+:KIND` that
/// and all after it; kinds are `enospc`, `eio`, `eacces`, `erofs`, `ebusy`, with the numbers Linux gives them. `HOSO_FAIL_LOG=file`
/// appends the name of each.
///
/// # Errors
/// The refusal.
pub(crate) fn ask(action: &str, path: &Path) -> io::Result<()> {
    #[cfg(debug_assertions)]
    {
        use std::sync::atomic::{AtomicUsize, Ordering};
        static ASKED: AtomicUsize = AtomicUsize::new(0);
        let count = ASKED.fetch_add(1, Ordering::SeqCst) + 1;
        log("HOSO_FAIL_LOG", count, &format!("{action} {}", path.display()));
        if let Some(number) = std::env::var("HOSO_FAIL_AT").ok().and_then(|at| refused(&at, count)) {
            return Err(io::Error::from_raw_os_error(number));
        }
    }
    #[cfg(not(debug_assertions))]
    let _ = (action, path);
    Ok(())
}

/// Asked before a folder of a case is listed. In a debug build `HOSO_FAIL_LISTING=END` refuses those whose path ends so.
///
/// # Errors
/// The refusal.
pub(crate) fn ask_listing(dir: &Path) -> super::Result<()> {
    #[cfg(debug_assertions)]
    if std::env::var_os("HOSO_FAIL_LISTING").is_some_and(|end| dir.ends_with(end)) {
        return super::context(Err(io::Error::from_raw_os_error(5)), "đọc thư mục", dir);
    }
    #[cfg(not(debug_assertions))]
    let _ = dir;
    Ok(())
}

/// The system's number of the refusal due at the `count`-th operation.
#[cfg(debug_assertions)]
fn refused(at: &str, count: usize) -> Option<i32> {
    let (when, kind) = at.split_once(':')?;
    let due = match when.strip_suffix('+') {
        Some(from) => from.parse::<usize>().is_ok_and(|from| count >= from),
        None => when.parse() == Ok(count),
    };
    let number = match kind {
        "enospc" => 28,
        "eio" => 5,
        "eacces" => 13,
        "erofs" => 30,
        "ebusy" => 16,
        _ => return None,
    };
    due.then_some(number)
}

#[cfg(debug_assertions)]
fn log(variable: &str, count: usize, name: &str) {
    if let Some(log) = std::env::var_os(variable)
        && let Ok(mut file) = std::fs::OpenOptions::new().create(true).append(true).open(log)
    {
        let _ = writeln!(file, "{count}\t{name}");
    }
}
