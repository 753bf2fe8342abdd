//! Captures cut short, with damaged bytes, with frames cut, lost, doubled and out of order: the complete path from file to
//! inventory must neither panic nor give more than its input can justify. Needs captures beside the checkout.
//!
//! `CORDON_BAD_INPUT=all` tries every prefix and more seeds (build with `--release`); otherwise a bounded number of bytes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Instant;

use analysis::Analysis;
use cordon::knowledge::Known;
use model::message::TEXT_BYTES_MAX;
use model::observation::FrameRef;
use model::{Observation, Timestamp, Value};
use sensor::capture::{CaptureFile, CapturedFrame};
use sensor::{Observer, Sensor};
use wire::packet::LinkType;
use xtask::reference;

/// Rows of the inventory that frames can justify: one frame names at most so many devices and flows.
const ROWS_PER_FRAME_MAX: usize = 64;
/// Rows that stand whatever is read.
const ROWS_FREE: usize = 256;
/// Fields that frames can justify: a stream's messages come from all of its frames.
const FIELDS_PER_FRAME_MAX: usize = 4_096;
const FIELDS_FREE: usize = 4_096;
/// Captures whose prefixes are tried.
const PREFIXED: usize = 20;
/// Largest capture of which copies are damaged.
const DAMAGED_BYTES_MAX: u64 = 20_000;
/// The same where only the frames are damaged and the file is not.
const DAMAGED_FRAMES_BYTES_MAX: u64 = 200_000;
/// One byte in so many is damaged.
const DAMAGED_ONE_IN: u64 = 50;

static KNOWN: LazyLock<Known> = LazyLock::new(|| cordon::knowledge::load(&[], None).unwrap());

fn exhaustive() -> bool {
    std::env::var_os("CORDON_BAD_INPUT").is_some_and(|value| value == "all")
}

/// Every capture beside the checkout, smallest first.
fn captures() -> Vec<PathBuf> {
    let mut captures = reference::data().map(|folder| reference::captures(&folder).unwrap()).unwrap_or_default();
    captures.sort_by_cached_key(|path| size(path));
    captures
}

fn size(path: &Path) -> u64 {
    path.metadata().unwrap().len()
}

/// The same numbers on every run (Marsaglia, "Xorshift RNGs", 2003).
struct Random(u64);

impl Random {
    fn draw(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.draw() % u64::try_from(limit.max(1)).unwrap()).unwrap()
    }

    fn damage(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            if self.draw().is_multiple_of(DAMAGED_ONE_IN) {
                *byte = self.draw().to_le_bytes()[0];
            }
        }
    }
}

fn random(path: &Path, seed: u64) -> Random {
    let named = path.file_name().unwrap().as_encoded_bytes();
    let mixed = named.iter().fold(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15), |sum, byte| {
        (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    Random(mixed | 1)
}

/// Folds everything, and reads every field as the file of events would.
struct Reader<'k> {
    analysis: Analysis<'k>,
    fields: usize,
}

impl Observer for Reader<'_> {
    fn observe(&mut self, observation: Observation<'_>) {
        self.analysis.observe(&observation);
        if let Observation::Message { message, .. } = &observation {
            for (field, value) in message.fields() {
                if let Value::Text(text) = value {
                    assert!(
                        text.len() <= TEXT_BYTES_MAX,
                        "{}.{}: {} bytes",
                        message.protocol(),
                        field.name,
                        text.len()
                    );
                }
                self.fields += 1;
            }
        }
    }
}

/// Frames that were read once, to be damaged in memory.
struct Frame {
    time: Timestamp,
    link: Option<LinkType>,
    bytes: Vec<u8>,
    wire_length: u64,
}

fn frames(path: &Path) -> Vec<Frame> {
    let Ok(mut file) = CaptureFile::open(path) else { return Vec::new() };
    let mut frames = Vec::new();
    while let Some(CapturedFrame { time, link, bytes, wire_length }) = file.next_frame() {
        frames.push(Frame { time, link, bytes: bytes.to_vec(), wire_length });
    }
    frames
}

/// Frames to inventory; gives how many frames there were.
fn read(mut next: impl FnMut(&mut dyn FnMut(&CapturedFrame<'_>)) -> bool) -> usize {
    let analysis = Analysis::new(&KNOWN.knowledge, &KNOWN.prefixes);
    let mut reader = Reader { analysis, fields: 0 };
    let mut sensor = Sensor::default();
    let mut number = 0_u64;
    while next(&mut |frame| {
        number += 1;
        sensor.frame(frame, FrameRef { capture: 0, number }, &mut reader);
    }) {}
    sensor.finish(&mut reader);
    let frames = usize::try_from(number).unwrap();
    assert!(
        reader.fields <= FIELDS_FREE + frames * FIELDS_PER_FRAME_MAX,
        "{frames} frames give {} fields",
        reader.fields
    );
    let inventory = reader.analysis.conclude(&["bad.pcap".into()]);
    let allowed = ROWS_FREE + frames * ROWS_PER_FRAME_MAX;
    let rows = inventory.devices.len() + inventory.flows.len() + inventory.weaknesses.len();
    assert!(rows <= allowed, "{frames} frames give {rows} rows");
    for device in &inventory.devices {
        serde_json::to_string(device).unwrap();
    }
    frames
}

fn read_file(path: &Path) -> usize {
    let Ok(mut file) = CaptureFile::open(path) else { return 0 };
    let frames = read(|take| file.next_frame().map(|frame| take(&frame)).is_some());
    file.finish().unwrap();
    frames
}

fn read_frames(frames: &[Frame]) -> usize {
    let mut left = frames.iter();
    read(|take| {
        left.next()
            .map(|Frame { time, link, bytes, wire_length }| {
                take(&CapturedFrame { time: *time, link: *link, bytes, wire_length: *wire_length });
            })
            .is_some()
    })
}

/// What was tried; the first failures are named with what makes them again.
#[derive(Default)]
struct Tried {
    runs: AtomicUsize,
    frames: AtomicUsize,
    bytes: AtomicU64,
    failures: Mutex<Vec<String>>,
}

impl Tried {
    fn run(&self, what: &str, bytes: u64, work: impl FnOnce() -> usize) {
        self.runs.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        match catch_unwind(AssertUnwindSafe(work)) {
            Ok(frames) => {
                self.frames.fetch_add(frames, Ordering::Relaxed);
            }
            Err(cause) => {
                let said = cause.downcast_ref::<String>().cloned();
                let said = said.or_else(|| cause.downcast_ref::<&str>().map(|text| (*text).to_owned()));
                self.failures.lock().unwrap().push(format!("{what}: {}", said.unwrap_or_default()));
            }
        }
    }

    fn judge(self, title: &str, begun: Instant) {
        let failures = self.failures.into_inner().unwrap();
        eprintln!(
            "{title}: {} runs, {} frames, {:.1} MB, {} failures, {:.1} s",
            self.runs.into_inner(),
            self.frames.into_inner(),
            self.bytes.into_inner() as f64 / 1e6,
            failures.len(),
            begun.elapsed().as_secs_f64()
        );
        assert!(
            failures.is_empty(),
            "{title}: {} failures:\n{}",
            failures.len(),
            failures[..failures.len().min(20)].join("\n")
        );
    }
}

/// Does the work for every capture, on all cores.
fn each(title: &str, captures: &[PathBuf], work: impl Fn(&Path, &Tried, &Path) + Sync) {
    let (next, tried, begun) = (AtomicUsize::new(0), Tried::default(), Instant::now());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, std::num::NonZero::get) {
            scope.spawn(|| {
                let scratch = tempfile::tempdir().unwrap();
                while let Some(path) = captures.get(next.fetch_add(1, Ordering::Relaxed)) {
                    work(path, &tried, &scratch.path().join("bad.pcap"));
                }
            });
        }
    });
    tried.judge(title, begun);
}

#[test]
fn every_capture_as_it_is() {
    let all = captures();
    each("as they are", &all, |path, tried, _| {
        tried.run(&path.display().to_string(), size(path), || read_file(path));
    });
}

#[test]
fn captures_that_end_anywhere() {
    let all: Vec<PathBuf> = captures().into_iter().filter(|path| (600..12_000).contains(&size(path))).collect();
    let step = (all.len() / PREFIXED).max(1);
    let chosen: Vec<PathBuf> = all.into_iter().step_by(step).take(PREFIXED).collect();
    each("prefixes", &chosen, |path, tried, scratch| {
        let whole = std::fs::read(path).unwrap();
        let step = if exhaustive() { 1 } else { (whole.len() / 60).max(1) | 1 };
        for length in (0..whole.len()).step_by(step) {
            std::fs::write(scratch, &whole[..length]).unwrap();
            let what = format!("{}, first {length} bytes", path.display());
            tried.run(&what, u64::try_from(length).unwrap(), || read_file(scratch));
        }
    });
}

/// Every capture below a size; the usual run takes one in a few of them.
fn small() -> Vec<PathBuf> {
    let step = if exhaustive() { 1 } else { 4 };
    captures().into_iter().filter(|path| size(path) <= DAMAGED_BYTES_MAX).step_by(step).collect()
}

const fn seeds(is_exhaustive: bool) -> std::ops::Range<u64> {
    if is_exhaustive { 1..9 } else { 1..3 }
}

#[test]
fn files_with_damaged_bytes() {
    each("damaged files", &small(), |path, tried, scratch| {
        for seed in seeds(exhaustive()) {
            let mut bytes = std::fs::read(path).unwrap();
            random(path, seed).damage(&mut bytes);
            std::fs::write(scratch, &bytes).unwrap();
            let what = format!("{}, damaged file, seed {seed}", path.display());
            tried.run(&what, size(path), || read_file(scratch));
        }
    });
}

/// Frames as they were captured, but for one byte in fifty: of every capture, the largest only where everything is tried.
#[test]
fn frames_with_damaged_bytes() {
    let limit = if exhaustive() { u64::MAX } else { DAMAGED_FRAMES_BYTES_MAX };
    let chosen: Vec<PathBuf> = captures().into_iter().filter(|path| size(path) <= limit).collect();
    each("damaged frames", &chosen, |path, tried, _| {
        let whole = frames(path);
        for seed in if exhaustive() { 1..5 } else { 1..2 } {
            let mut random = random(path, seed);
            let damaged: Vec<Frame> = whole
                .iter()
                .map(|Frame { time, link, bytes, wire_length }| {
                    let mut bytes = bytes.clone();
                    random.damage(&mut bytes);
                    Frame { time: *time, link: *link, bytes, wire_length: *wire_length }
                })
                .collect();
            let what = format!("{}, damaged frames, seed {seed}", path.display());
            tried.run(&what, size(path), || read_frames(&damaged));
        }
    });
}

#[test]
fn frames_cut_lost_doubled_and_out_of_order() {
    each("mixed-up frames", &small(), |path, tried, _| {
        let whole = frames(path);
        for seed in seeds(exhaustive()) {
            let mut random = random(path, seed ^ 0xff);
            let mut mixed: Vec<Frame> = Vec::new();
            for Frame { time, link, bytes, wire_length } in &whole {
                let copies = [1, 1, 1, 1, 1, 0, 2, 3][random.below(8)];
                for _ in 0..copies {
                    let kept = if random.below(3) == 0 { random.below(bytes.len() + 1) } else { bytes.len() };
                    // Clocks that jump, and lengths that are not true.
                    let time = if random.below(20) == 0 { Timestamp(random.draw().cast_signed()) } else { *time };
                    let wire_length = if random.below(20) == 0 { random.draw() } else { *wire_length };
                    mixed.push(Frame { time, link: *link, bytes: bytes[..kept].to_vec(), wire_length });
                }
            }
            for _ in 0..mixed.len() / 4 {
                let (one, other) = (random.below(mixed.len()), random.below(mixed.len()));
                mixed.swap(one, other);
            }
            let what = format!("{}, mixed-up frames, seed {seed}", path.display());
            tried.run(&what, size(path), || read_frames(&mixed));
        }
    });
}
