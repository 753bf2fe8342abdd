//! A card that is listened to for ever: whatever ends is begun again.

use std::path::Path;
use std::time::Duration;

use super::{SourceKind, Status};
use crate::say;
use crate::sense::{Sense, Told};
use crate::serve::app::App;
use crate::serve::clock;

/// How long to wait before a card is opened again; doubled each time it fails, up to the last.
const AGAIN: Duration = Duration::from_secs(1);
const AGAIN_MAX: Duration = Duration::from_secs(60);
/// Said to be silent after so many tellings without a frame, of which there are five a second.
const SILENT_TELLINGS: u32 = 300;

/// Listens until the platform is stopped.
pub fn listen(app: &App, program: &Path, card: &str) {
    let mut wait = AGAIN;
    loop {
        let before = std::time::Instant::now();
        let problem = hear(app, program, card);
        if app.stop.is_set() {
            return;
        }
        let problem = problem.unwrap_or_else(|| "the decoder ended".to_owned());
        say(&format!("cordon: {card}: {problem}; listening again in {} s", wait.as_secs()));
        wait = if before.elapsed() > AGAIN_MAX { AGAIN } else { wait.saturating_mul(2).min(AGAIN_MAX) };
        if app.stop.wait(wait) {
            return;
        }
    }
}

/// Listens until something fails; says what.
fn hear(app: &App, program: &Path, card: &str) -> Option<String> {
    let number = match app.sources.begin(card, SourceKind::Card) {
        Ok(number) => number,
        Err(error) => return Some(error.to_string()),
    };
    let failed = |problem: String| {
        app.sources.tell(number, Status::Failed, |figures| figures.note = Some(problem.clone()));
        let _ = app.sources.keep(number);
        Some(problem)
    };
    let mut sense = match Sense::begin(program, card) {
        Ok(sense) => sense,
        Err(error) => return failed(error.to_string()),
    };
    let (mut quiet, mut last) = (0_u32, 0_u64);
    loop {
        match sense.hear() {
            Ok(Some(Told::Batch(batch))) => {
                if let Err(error) = app.journal.append(number, &batch) {
                    return failed(error.to_string());
                }
            }
            Ok(Some(Told::Accounting(accounting))) => {
                quiet = if accounting.passed == last { quiet.saturating_add(1) } else { 0 };
                last = accounting.passed;
                let status = if quiet > SILENT_TELLINGS { Status::Silent } else { Status::Listening };
                app.sources.tell(number, status, |figures| {
                    (figures.frames, figures.lost) = (accounting.handed_over, accounting.dropped);
                    // It was listened to until now, whether or not anything came.
                    figures.newest = Some(clock::now().0);
                });
            }
            Ok(Some(Told::Reading(_))) => {}
            Ok(None) => return failed(sense.complaint().unwrap_or_else(|| "the decoder ended".to_owned())),
            Err(error) => {
                return failed(sense.complaint().unwrap_or_else(|| error.to_string()));
            }
        }
        if app.stop.is_set() {
            let _ = app.sources.keep(number);
            return None;
        }
    }
}
