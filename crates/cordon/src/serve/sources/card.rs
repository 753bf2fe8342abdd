//! A card that is listened to for ever: whatever ends is begun again.

use std::path::Path;
use std::time::{Duration, Instant};

use super::{SourceKind, Status};
use crate::clock;
use crate::say;
use crate::sense::{Sense, Told};
use crate::serve::app::App;
use crate::words::{count, printable};

/// How long to wait before a card is opened again; doubled each time it fails, up to the last.
const AGAIN: Duration = Duration::from_secs(1);
const AGAIN_MAX: Duration = Duration::from_secs(60);
/// What is in the pipe when Cordon stops is kept within this time.
const DRAIN_MAX: Duration = Duration::from_secs(5);
/// Said to be silent after so many tellings without a frame, of which there are five a second.
const SILENT_TELLINGS: u32 = 300;
/// How often it is looked whether somebody sends on the card, and whether it is still there.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// The card that a machine talks to itself with: what is heard on it was sent on it.
const LOOPBACK: &str = "lo";

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
            let problem = told(app, card, number, &mut sense);
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

fn told(app: &App, card: &str, number: u32, sense: &mut Sense) -> String {
    let (mut quiet, mut last) = (0_u32, 0_u64);
    let (opened, mut looked) = (index(card), Instant::now());
    let mut sender = Sender::new(card);
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
                let note = sender.note();
                app.sources.tell(number, status, |figures| {
                    (figures.frames, figures.lost) = (accounting.handed_over, accounting.dropped);
                    // It was listened to until now, whether or not anything came.
                    figures.newest = Some(clock::now().0);
                    figures.note = note;
                });
            }
            Ok(Some(Told::Reading(reading))) => app.sources.count(number, reading.counters),
            Ok(None) => return sense.complaint().unwrap_or_else(|| "the decoder ended".to_owned()),
            Err(error) => return sense.complaint().unwrap_or_else(|| error.to_string()),
        }
        if app.stop.is_set() {
            return String::new();
        }
        // What is open hears nothing any more, and would say nothing of it.
        if looked.elapsed() >= LOOK_EVERY {
            looked = Instant::now();
            if index(card) != opened {
                return "the card was taken away".to_owned();
            }
        }
    }
}

/// The kernel's number of a card: one that is made again has another (netdevice(7), `SIOCGIFINDEX`).
fn index(card: &str) -> Option<u32> {
    nix::net::if_::if_nametoindex(card).ok()
}

/// Who else uses the card: Cordon sends nothing on it, but a card with addresses answers, and the kernel itself asks for routers
/// and joins groups where IPv6 is on.
struct Sender<'a> {
    card: &'a str,
    before: Option<u64>,
    sent: u64,
    looked: Instant,
}

impl<'a> Sender<'a> {
    fn new(card: &'a str) -> Self {
        Self { card, before: sent(card), sent: 0, looked: Instant::now() }
    }

    /// What has to be known of it, if anything was sent since it is listened to.
    fn note(&mut self) -> Option<String> {
        if self.looked.elapsed() >= LOOK_EVERY && self.card != LOOPBACK {
            self.looked = Instant::now();
            let more = sent(self.card).zip(self.before).map_or(0, |(now, before)| now.saturating_sub(before));
            if self.sent == 0 && more > 0 {
                say(&format!("cordon: {}: this machine sends on the card; Cordon never does", self.card));
            }
            self.sent = more;
        }
        let frames = (self.sent > 0).then(|| count(self.sent, "frame", "frames"))?;
        let card = self.card;
        Some(format!(
            "This machine has sent {frames} on this card since it is listened to. Cordon never sends: it was another program, or \
             the kernel, for the card's addresses. Where it should only listen, run: ip addr flush dev {card}; ip link set {card} \
             arp off; sysctl net.ipv6.conf.{card}.disable_ipv6=1"
        ))
    }
}

/// How many frames were sent on a card, as the kernel counts them (proc(5), `net/dev`).
fn sent(card: &str) -> Option<u64> {
    let figures = std::fs::read_to_string("/proc/thread-self/net/dev").ok()?;
    let own = figures.lines().find_map(|line| line.trim_start().strip_prefix(card)?.strip_prefix(':'))?;
    // Eight figures of what came, then the bytes that went, then the frames.
    own.split_whitespace().nth(9)?.parse().ok()
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
