//! How far a batch is: a bar on a terminal, a plain line every few seconds elsewhere. Sole user of `indicatif`.

use std::io::{IsTerminal, Write};
use std::sync::Mutex;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Between two plain lines.
const PAUSE: Duration = Duration::from_secs(3);
const BAR: &str = "{bar:30} {human_pos}/{human_len} văn bản, {per_sec}, còn {eta}";

/// The progress of a batch on standard error.
pub(super) struct Progress {
    bar: ProgressBar,
    plain: bool,
    said: Mutex<Duration>,
}

impl Progress {
    /// Nothing shows before [`Self::start`]; with `silent` nothing at all.
    pub(super) fn new(silent: bool) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        if terminal && !silent {
            bar.set_style(ProgressStyle::with_template(BAR).unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        Self { bar, plain: !terminal && !silent, said: Mutex::new(Duration::ZERO) }
    }

    /// `letters` are to be made.
    pub(super) fn start(&self, letters: usize) {
        self.bar.set_length(letters as u64);
        self.bar.reset();
    }

    /// `more` letters are there.
    pub(super) fn add(&self, more: usize) {
        self.bar.inc(more as u64);
        let Ok(mut said) = self.said.lock() else { return };
        if self.plain && self.bar.elapsed() >= *said + PAUSE {
            *said = self.bar.elapsed();
            let _ = writeln!(
                std::io::stderr().lock(),
                "{}/{} văn bản, {:.0} văn bản/giây, còn khoảng {} giây",
                self.bar.position(),
                self.bar.length().unwrap_or_default(),
                self.bar.per_sec(),
                self.bar.eta().as_secs()
            );
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
