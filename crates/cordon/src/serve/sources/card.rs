//! A card that is listened to for ever: whatever ends is begun again.

use std::path::Path;
use std::time::{Duration, Instant};

use super::{SourceKind, Status};
use crate::say;
use crate::sense::{Sense, Told};
use crate::serve::app::App;
use crate::serve::clock;
use crate::words::printable;

/// How long to wait before a card is opened again; doubled each time it fails, up to the last.
const AGAIN: Duration = Duration::from_secs(1);
const AGAIN_MAX: Duration = Duration::from_secs(60);
/// What is in the pipe when Cordon stops is kept within this time.
const DRAIN_MAX: Duration = Duration::from_secs(5);
/// Said to be silent after so many tellings without a frame, of which there are five a second.
const SILENT_TELLINGS: u32 = 300;

/// Listens until the platform is stopped.
pub fn listen(app: &App, program: &Path, card: &str) {
    let mut wait = AGAIN;
    let mut number = None;
    loop {
        let before = Instant::now();
        let problem = match begun(app, card, number) {
            Ok(session) => {
                let problem = hear(app, program, card, session);
                // A session in which nothing was heard goes on: a card that is missing for weeks is one, not thousands.
                number = Some(session).filter(|session| app.sources.frames(*session) == 0);
                problem
            }
            Err(problem) => problem,
        };
        if app.stop.is_set() {
            return;
        }
        say(&format!("cordon: {card}: {problem}; listening again in {} s", wait.as_secs()));
        wait = if before.elapsed() > AGAIN_MAX { AGAIN } else { wait.saturating_mul(2).min(AGAIN_MAX) };
        if app.stop.wait(wait) {
            return;
        }
    }
}

fn begun(app: &App, card: &str, number: Option<u32>) -> Result<u32, String> {
    number.map_or_else(|| app.sources.begin(card, SourceKind::Card), Ok).map_err(|error| error.to_string())
}

/// Listens until something fails, which is told, or the platform is stopped.
fn hear(app: &App, program: &Path, card: &str, number: u32) -> String {
    let problem = match Sense::begin(program, card) {
        Ok(mut sense) => {
            let problem = told(app, number, &mut sense);
            if app.stop.is_set() {
                drain(app, number, &mut sense);
            }
            problem
        }
        Err(error) => error.to_string(),
    };
    // What a child says may be what a packet had it say.
    let problem = printable(problem.strip_prefix("cordon: ").unwrap_or(&problem));
    if !app.stop.is_set() {
        app.sources.tell(number, Status::Failed, |figures| figures.note = Some(problem.clone()));
    }
    let _ = app.sources.keep(number);
    problem
}

fn told(app: &App, number: u32, sense: &mut Sense) -> String {
    let (mut quiet, mut last) = (0_u32, 0_u64);
    loop {
        match sense.hear() {
            Ok(Some(Told::Batch(batch))) => {
                if let Err(error) = app.journal.append(number, &batch) {
                    return error.to_string();
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
                    figures.note = None;
                });
            }
            Ok(Some(Told::Reading(reading))) => app.sources.count(number, reading.counters),
            Ok(None) => return sense.complaint().unwrap_or_else(|| "the decoder ended".to_owned()),
            Err(error) => return sense.complaint().unwrap_or_else(|| error.to_string()),
        }
        if app.stop.is_set() {
            return String::new();
        }
    }
}

/// The card is let go; what it has handed over, and what is open, is told still.
fn drain(app: &App, number: u32, sense: &mut Sense) {
    let begun = Instant::now();
    if sense.stop().is_err() {
        return;
    }
    while begun.elapsed() < DRAIN_MAX {
        match sense.hear() {
            Ok(Some(Told::Batch(batch))) => {
                // Where it cannot be kept now, nothing waits for room any more.
                if app.journal.append_once(number, &batch).is_err() {
                    return;
                }
            }
            Ok(Some(Told::Accounting(_) | Told::Reading(_))) => {}
            Ok(None) | Err(_) => return,
        }
    }
}
