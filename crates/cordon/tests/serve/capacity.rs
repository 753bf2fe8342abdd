//! Packets at 0.1, 1 and 5 times what the platform can take: each is looked into or counted as lost, to one frame.
//!
//! What it can take is made small, so that five times as much comes on any machine: the process that decodes is stopped four
//! fifths of the time. How much it takes then is measured while its ring is full.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;
use xtask::cable::Cable;

use crate::client::{Client, start};
use crate::live::{frames, sensor};

/// The decoder runs for so long …
const RUNS: Duration = Duration::from_millis(8);
/// … of each such time.
const CYCLE: Duration = Duration::from_millis(40);
/// Frames are made so long, so that the ring is full soon: what follows a packet in a frame is padding.
const FRAME_BYTES: usize = 1_400;
/// More such frames than the ring of 64 MiB has room for.
const RING_FRAMES: u64 = 50_000;
/// How long it is measured, and how long frames are sent at each rate.
const MEASURED: Duration = Duration::from_secs(3);
const SENT_MIN: Duration = Duration::from_secs(2);
const SENT_MAX: Duration = Duration::from_secs(30);

/// The process that decodes for the platform of this thread: the one in its network.
fn decoder() -> Pid {
    let network = |place: &str| std::fs::read_link(format!("/proc/{place}/ns/net")).ok();
    let own = network("thread-self");
    let processes = std::fs::read_dir("/proc").unwrap().map(|entry| entry.unwrap().file_name());
    let mut processes = processes.filter_map(|name| name.to_str()?.parse::<i32>().ok());
    let is_it = |process: &i32| {
        let command = std::fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default();
        command.windows(12).any(|word| word == b"sense-decode") && network(&process.to_string()) == own
    };
    Pid::from_raw(processes.find(is_it).unwrap())
}

/// Lets a process run a fifth of the time while work is done.
fn slowed<T>(process: Pid, work: impl FnOnce() -> T) -> T {
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                kill(process, Signal::SIGCONT).unwrap();
                std::thread::sleep(RUNS);
                kill(process, Signal::SIGSTOP).unwrap();
                std::thread::sleep(CYCLE - RUNS);
            }
            kill(process, Signal::SIGCONT).unwrap();
        });
        let given = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
        // Whatever happened: a process that stays stopped never ends.
        done.store(true, Ordering::Relaxed);
        given.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// Frames in turn, and how many were sent.
struct Sender<'a> {
    cable: &'a Cable,
    frames: std::iter::Cycle<std::slice::Iter<'a, Vec<u8>>>,
    sent: u64,
}

impl Sender<'_> {
    fn send(&mut self, count: u64) {
        for _ in 0..count {
            self.cable.send(self.frames.next().unwrap());
        }
        self.sent += count;
    }

    /// Sends so many frames a second; gives how many a second it were.
    fn send_at(&mut self, rate: f64, lasting: Duration) -> f64 {
        let (begun, mut count) = (Instant::now(), 0);
        while begun.elapsed() < lasting {
            let due = (begun.elapsed().as_secs_f64() * rate) as u64;
            self.send(due - count);
            count = due;
            std::thread::sleep(Duration::from_millis(1));
        }
        count as f64 / begun.elapsed().as_secs_f64()
    }
}

fn figures(coverage: &Value) -> (u64, u64) {
    let figure = |name: &str| sensor(coverage)[name].as_u64().unwrap_or(0);
    (figure("frames"), figure("lost"))
}

/// Waits until all is accounted for, and a little more: nothing is counted twice. Gives what was looked into, and lost.
fn settled(ada: &mut Client, sent: u64) -> (u64, u64) {
    let all = |coverage: &Value| {
        let (frames, lost) = figures(coverage);
        frames + lost
    };
    ada.until("/api/v1/coverage", |coverage| all(coverage) >= sent);
    std::thread::sleep(Duration::from_millis(500));
    let coverage = ada.get("/api/v1/coverage").json();
    assert_eq!(all(&coverage), sent, "sent, and accounted for: {}", sensor(&coverage));
    figures(&coverage)
}

#[test]
fn every_frame_is_accounted_for_at_any_rate() {
    let mut frames = frames();
    frames.iter_mut().for_each(|frame| frame.resize(frame.len().max(FRAME_BYTES), 0));
    Cable::with(|cable| {
        let folder = tempfile::tempdir().unwrap();
        let mut platform = start(folder.path());
        let mut ada = Client::first(&platform);
        platform.listen("hears".to_owned()).unwrap();
        ada.until("/api/v1/coverage", |coverage| sensor(coverage)["state"] == "listening");
        let decoder = decoder();
        let mut sender = Sender { cable, frames: frames.iter().cycle(), sent: 0 };

        let capacity = slowed(decoder, || {
            sender.send(RING_FRAMES);
            let (before, begun) = (figures(&ada.get("/api/v1/coverage").json()).0, Instant::now());
            sender.send_at(RING_FRAMES as f64, MEASURED);
            let taken = figures(&ada.get("/api/v1/coverage").json()).0 - before;
            taken as f64 / begun.elapsed().as_secs_f64()
        });
        let (mut looked_into, mut lost) = settled(&mut ada, sender.sent);
        assert!(capacity > 0.0 && lost > 0, "the ring was not full: {lost} lost");
        println!("capacity: {capacity:.0} frames a second, with a decoder that runs {RUNS:?} of {CYCLE:?}");

        // Long enough that what is too much at five times the capacity fills the ring twice.
        let lasting = Duration::from_secs_f64(2.0 * RING_FRAMES as f64 / (4.0 * capacity)).clamp(SENT_MIN, SENT_MAX);
        for times in [0.1, 1.0, 5.0] {
            let sent_before = sender.sent;
            let rate = slowed(decoder, || sender.send_at(times * capacity, lasting));
            let (frames, dropped) = settled(&mut ada, sender.sent);
            let (sent, more, more_lost) = (sender.sent - sent_before, frames - looked_into, dropped - lost);
            println!("{times} times: {sent} sent ({rate:.0} a second) = {more} looked into + {more_lost} lost");
            assert_eq!(sent, more + more_lost);
            assert!(times > 0.5 || more_lost == 0, "a tenth of the capacity, and {more_lost} were lost");
            assert!(times < 2.0 || more_lost > 0, "five times the capacity, and nothing was lost: {rate:.0} a second");
            (looked_into, lost) = (frames, dropped);
        }
        platform.stop();
    });
}
