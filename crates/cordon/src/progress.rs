//! How far long work has come.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Work shorter than this shows no progress.
const PROGRESS_AFTER: Duration = Duration::from_secs(1);

/// A bar on a terminal, once the work takes long enough to be worth one.
pub struct Progress {
    bar: ProgressBar,
    begun: Instant,
}

impl Progress {
    /// Work over so many bytes begins.
    pub fn new(bytes: u64) -> Self {
        Self::with(bytes, "{bar:32} {percent:>3} %  {bytes} of {total_bytes}  {bytes_per_sec}  {eta} left")
    }

    /// Work in so many parts begins; `what` they are stands behind the bar.
    pub fn parts(parts: u64, what: &str) -> Self {
        Self::with(parts, &format!("{{bar:32}} {{percent:>3}} %  {what}  {{eta}} left"))
    }

    fn with(length: u64, template: &str) -> Self {
        let bar = ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self { bar, begun: Instant::now() }
    }

    /// So much is done.
    pub fn at(&self, position: u64) {
        if self.bar.is_hidden() && self.begun.elapsed() > PROGRESS_AFTER && std::io::stderr().is_terminal() {
            self.bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(10));
        }
        self.bar.set_position(position);
    }

    /// All is done.
    pub fn end(&self) {
        self.bar.finish_and_clear();
    }
}
