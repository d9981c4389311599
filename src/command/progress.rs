//! How far long work is: a bar on a terminal, a plain line every few seconds elsewhere. Sole user of `indicatif`.

use std::io::{IsTerminal, Write};
use std::sync::Mutex;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

/// Between two plain lines.
const PAUSE: Duration = Duration::from_secs(3);
const BAR: &str = "{wide_bar} {words}";

/// The progress of a command on standard error.
pub(super) struct Progress {
    bar: ProgressBar,
    unit: &'static str,
    plain: bool,
    said: Mutex<Duration>,
}

impl Progress {
    /// Counts things called `unit`. Nothing shows before [`Self::start`]; with `silent` nothing at all.
    pub(super) fn new(unit: &'static str, silent: bool) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        if terminal && !silent {
            let style = ProgressStyle::with_template(BAR).unwrap_or_else(|_| ProgressStyle::default_bar());
            bar.set_style(style.with_key("words", move |state: &ProgressState, out: &mut dyn std::fmt::Write| {
                let all = state.len().unwrap_or_default();
                let _ = out.write_str(&words(unit, state.pos(), all, state.per_sec(), state.eta()));
            }));
            bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        Self { bar, unit, plain: !terminal && !silent, said: Mutex::new(Duration::ZERO) }
    }

    /// So many are to be done.
    pub(super) fn start(&self, all: usize) {
        self.bar.set_length(all as u64);
        self.bar.reset();
    }

    /// `more` are done.
    pub(super) fn add(&self, more: usize) {
        self.bar.inc(more as u64);
        let Ok(mut said) = self.said.lock() else { return };
        if self.plain && self.bar.elapsed() >= *said + PAUSE {
            *said = self.bar.elapsed();
            let all = self.bar.length().unwrap_or_default();
            let words = words(self.unit, self.bar.position(), all, self.bar.per_sec(), self.bar.eta());
            let _ = writeln!(std::io::stderr().lock(), "{words}");
        }
    }

    /// All is done.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }

    /// Seconds since the start.
    pub(super) fn seconds(&self) -> f64 {
        (self.bar.elapsed().as_secs_f64() * 1000.0).round() / 1000.0
    }
}

/// How many are done, how fast they come, how long the rest takes.
fn words(unit: &str, done: u64, all: u64, rate: f64, left: Duration) -> String {
    let left = match (left.as_secs() / 60, left.as_secs() % 60) {
        (0, seconds) => format!("{seconds} giây"),
        (minutes, seconds) => format!("{minutes} phút {seconds} giây"),
    };
    format!("{done}/{all} {unit}, {rate:.0} {unit}/giây, còn khoảng {left}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_told_in_vietnamese() {
        let said = |left| words("văn bản", 3584, 40_000, 1904.08, Duration::from_secs(left));
        assert_eq!(said(19), "3584/40000 văn bản, 1904 văn bản/giây, còn khoảng 19 giây");
        assert_eq!(said(61), "3584/40000 văn bản, 1904 văn bản/giây, còn khoảng 1 phút 1 giây");
    }
}
