//! Connections that are told while they go on add up to what is told when they end; and nothing else is told differently.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::collections::BTreeMap;

use model::observation::{ConnectionState, FrameRef, Part};
use model::{Connection, Observation, Timestamp};
use sensor::capture::CaptureFile;
use sensor::{Observer, ROUND_NANOSECONDS, Sensor};

const MINUTE: i64 = 60_000_000_000;

/// What was told of each connection: packets and bytes both ways, the last packet, and in how many parts.
type Sums = BTreeMap<u64, ([u64; 4], Timestamp, u64)>;

#[derive(Default)]
struct Heard {
    sums: Sums,
    parts: Vec<Part>,
    others: u64,
}

impl Observer for Heard {
    fn observe(&mut self, observation: Observation<'_>) {
        let Observation::Connection(Connection { id, end, sent, received, part, .. }) = observation else {
            self.others += 1;
            return;
        };
        let (sum, last, parts) = self.sums.entry(*id).or_insert(([0; 4], Timestamp(0), 0));
        for (sum, more) in sum.iter_mut().zip([sent.packets, sent.bytes, received.packets, received.bytes]) {
            *sum += more;
        }
        *last = (*last).max(*end);
        *parts += 1;
        assert_eq!(part.begins(), *parts == 1, "{observation:?}");
        self.parts.push(*part);
    }
}

fn heard(every: Option<i64>) -> Heard {
    let capture = hospital::ward::capture();
    let mut file = CaptureFile::of(Box::new(std::io::Cursor::new(capture.clone())), capture.len() as u64).unwrap();
    let (mut sensor, mut heard) = (Sensor::default(), Heard::default());
    let (mut number, mut told) = (0, Timestamp(0));
    while let Some(frame) = file.next_frame() {
        number += 1;
        sensor.frame(&frame, FrameRef { capture: 0, number }, &mut heard);
        if every.is_some_and(|every| frame.time.0 - told.0 >= every) {
            sensor.tell_open(frame.time, &mut heard);
            told = frame.time;
        }
    }
    sensor.finish(&mut heard);
    heard
}

#[test]
fn the_parts_of_all_connections_are_the_whole() {
    let whole = heard(None);
    assert!(whole.parts.iter().all(|part| *part == Part::Whole), "a file is told in whole connections");
    for every in [1, 5 * MINUTE, 60 * MINUTE] {
        let parts = heard(Some(every));
        assert_eq!(parts.others, whole.others, "every {every} ns");
        let sums =
            |heard: &Heard| -> Vec<_> { heard.sums.iter().map(|(id, (sum, end, _))| (*id, *sum, *end)).collect() };
        // A connection that is recognised while it is open would be told as a new one: not in this capture.
        assert_eq!(sums(&parts), sums(&whole), "every {every} ns");
    }
    let often = heard(Some(1));
    assert!(often.parts.contains(&Part::First), "a connection was open for five minutes");
    assert!(often.parts.iter().any(|part| matches!(part, Part::Further { .. } | Part::Last { .. })));
}

/// When connections were told of which nothing more came.
#[derive(Default)]
struct Clock {
    now: Timestamp,
    /// How long after the last packet, of those that were closed and of those that nobody answered.
    closed: Vec<u64>,
    unanswered: Vec<u64>,
}

impl Observer for Clock {
    fn observe(&mut self, observation: Observation<'_>) {
        let Observation::Connection(connection) = observation else { return };
        if !connection.part.begins() {
            return;
        }
        let late = self.now.since(connection.end);
        match connection.state {
            ConnectionState::Closed | ConnectionState::Reset | ConnectionState::Rejected => self.closed.push(late),
            ConnectionState::Attempted | ConnectionState::OneWay => self.unanswered.push(late),
            _ => {}
        }
    }
}

#[test]
fn what_is_over_is_told_soon() {
    let capture = hospital::ward::capture();
    let mut file = CaptureFile::of(Box::new(std::io::Cursor::new(capture.clone())), capture.len() as u64).unwrap();
    let (mut sensor, mut clock, mut number) = (Sensor::default(), Clock::default(), 0);
    let mut last = Timestamp(0);
    while let Some(frame) = file.next_frame() {
        number += 1;
        if last == Timestamp(0) {
            clock.now = frame.time;
        }
        while clock.now.0 + ROUND_NANOSECONDS as i64 <= frame.time.0 {
            clock.now.0 += ROUND_NANOSECONDS as i64;
            sensor.tell_open(clock.now, &mut clock);
        }
        last = frame.time;
        sensor.frame(&frame, FrameRef { capture: 0, number }, &mut clock);
    }
    let seconds = |late: &[u64]| late.iter().max().unwrap() / 1_000_000_000;
    assert!(
        clock.closed.len() >= 10 && clock.unanswered.len() >= 10,
        "{} {}",
        clock.closed.len(),
        clock.unanswered.len()
    );
    assert!(seconds(&clock.closed) <= 75, "closed: {} s", seconds(&clock.closed));
    assert!(seconds(&clock.unanswered) <= 45, "unanswered: {} s", seconds(&clock.unanswered));
}
