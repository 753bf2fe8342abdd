//! Observations through bytes and back: nothing is lost, nothing is added, and bytes that nobody wrote break nothing.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use std::io::Write;
use std::path::Path;

use model::Observation;
use model::observation::FrameRef;
use sensor::capture::CaptureFile;
use sensor::transcript::{Batch, read};
use sensor::{Observer, Sensor};

/// Everything that can be asked of an observation.
fn told(observation: &Observation<'_>) -> String {
    match observation {
        Observation::Message { time, frame, connection, ip_protocol, sender, receiver, vlan, message } => {
            let fields: Vec<_> = message.fields().map(|(field, value)| (field.name, value)).collect();
            let around = (time, frame, connection, ip_protocol, sender, receiver, vlan);
            let head = (message.protocol(), message.kind(), message.subject(), message.from_responder());
            let rest = (message.operation(), message.identity(), message.bindings(), message.weaknesses());
            format!("{around:?} {head:?} {rest:?} {fields:?}")
        }
        other => format!("{other:?}"),
    }
}

#[derive(Default)]
struct Told(Vec<String>);

impl Observer for Told {
    fn observe(&mut self, observation: Observation<'_>) {
        self.0.push(told(&observation));
    }
}

/// Hears the sensor, and writes batches of so many.
struct Both {
    told: Told,
    batch: Batch,
    batches: Vec<Vec<u8>>,
    size: usize,
}

impl Observer for Both {
    fn observe(&mut self, observation: Observation<'_>) {
        self.batch.add(&observation);
        self.told.observe(observation);
        if self.batch.count() >= self.size {
            self.batches.push(self.batch.bytes().to_vec());
            self.batch.clear();
        }
    }
}

/// What the sensor told of a capture, and the batches that it makes; `None` if the file is no capture.
fn heard(path: &Path, size: usize) -> Option<(Vec<String>, Vec<Vec<u8>>)> {
    let mut capture = CaptureFile::open(path).ok()?;
    let mut sensor = Sensor::default();
    let mut both = Both { told: Told::default(), batch: Batch::default(), batches: Vec::new(), size };
    let mut number = 0;
    while let Some(frame) = capture.next_frame() {
        number += 1;
        sensor.frame(&frame, FrameRef { capture: 0, number }, &mut both);
    }
    sensor.finish(&mut both);
    both.batches.push(both.batch.bytes().to_vec());
    Some((both.told.0, both.batches))
}

fn come_back(path: &Path, size: usize) -> usize {
    let Some((told, batches)) = heard(path, size) else { return 0 };
    let mut again = Told::default();
    for batch in &batches {
        read(batch, &mut again).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
    for (before, after) in told.iter().zip(&again.0) {
        assert_eq!(before, after, "{}", path.display());
    }
    assert_eq!(told.len(), again.0.len());
    told.len()
}

fn ward() -> tempfile::NamedTempFile {
    let mut file = tempfile::Builder::new().suffix(".pcapng").tempfile().unwrap();
    file.write_all(&hospital::ward::capture()).unwrap();
    file
}

#[test]
fn a_ward_comes_back() {
    let ward = ward();
    for size in [1, 7, 500, usize::MAX] {
        assert!(come_back(ward.path(), size) > 5_000);
    }
}

#[test]
fn other_peoples_captures_come_back() {
    let Some(data) = xtask::reference::data() else { return };
    let all = xtask::reference::captures(&data).unwrap();
    let observations: usize = all.iter().map(|path| come_back(path, 64)).sum();
    assert!(observations > 100_000, "{observations}");
    println!("{observations} observations came back");
}

#[test]
fn batches_are_small() {
    let (told, batches) = heard(ward().path(), 1_000).unwrap();
    let bytes: usize = batches.iter().map(Vec::len).sum();
    assert!(bytes < told.len() * 120, "{bytes} bytes for {} observations", told.len());
}

#[test]
fn no_batch_that_nobody_wrote_breaks_anything() {
    let (_, batches) = heard(ward().path(), 8).unwrap();
    // Batches from all over the capture; each cut everywhere, and each byte damaged.
    for batch in batches.iter().step_by(batches.len() / 12) {
        for length in 0..batch.len() {
            let _ = read(&batch[..length], &mut Told::default());
        }
        for at in 0..batch.len() {
            for damage in [0xff, 0x80, 0x01] {
                let mut bytes = batch.clone();
                bytes[at] ^= damage;
                let mut heard = Told::default();
                let _ = read(&bytes, &mut heard);
                assert!(heard.0.len() <= bytes.len());
            }
        }
    }
    assert!(read(&[], &mut Told::default()).is_err());
    assert!(read(&[99, 1, 2, 3], &mut Told::default()).is_err());
}
