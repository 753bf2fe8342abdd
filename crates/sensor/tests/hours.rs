//! A connection that lasts for hours says in which of them it was active.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use hospital::capture::pcapng;
use hospital::frames::{Moment, Tape};
use hospital::ward::devices::{CLOCK, MONITORS};
use model::observation::FrameRef;
use model::{Connection, Observation};
use sensor::capture::CaptureFile;
use sensor::transcript::{self, Batch};
use sensor::{Observer, Sensor};

const HOUR_US: u64 = 3_600_000_000;

/// Every connection, as told and as told again from a batch of bytes.
#[derive(Default)]
struct Heard {
    batch: Batch,
    told: Vec<Connection>,
}

impl Observer for Heard {
    fn observe(&mut self, observation: Observation<'_>) {
        self.batch.add(&observation);
        if let Observation::Connection(connection) = observation {
            self.told.push(connection.clone());
        }
    }
}

#[test]
fn the_hours_that_had_packets_are_told_and_no_others() {
    let first = 500_000_u64;
    let mut tape = Tape::new();
    // Every ten minutes, but not from the fourth hour to the sixth.
    for turn in (0..60_u64).filter(|turn| !(18..36).contains(turn)) {
        let at = Moment(first * HOUR_US + turn * 600_000_000 + 1_000_000);
        tape.udp(at, (&MONITORS[0].station(), 123), (&CLOCK.station(), 123), &[0x23; 48]);
    }
    let capture = pcapng("", "", &tape.frames());
    let mut file = CaptureFile::of(Box::new(std::io::Cursor::new(capture.clone())), capture.len() as u64).unwrap();
    let (mut sensor, mut heard) = (Sensor::default(), Heard::default());
    let mut number = 0;
    while let Some(frame) = file.next_frame() {
        number += 1;
        sensor.frame(&frame, FrameRef { capture: 0, number }, &mut heard);
    }
    sensor.finish(&mut heard);
    let of = |connections: &[Connection]| -> Vec<u64> {
        let connections = connections.iter().filter(|connection| connection.ip_protocol == 17);
        let hours = connections.flat_map(|it| [it.start.hour(), it.end.hour()].into_iter().chain(it.hours.clone()));
        let hours: std::collections::BTreeSet<u64> = hours.map(|hour| u64::from(hour) - first).collect();
        hours.into_iter().collect()
    };
    assert_eq!(of(&heard.told), [0, 1, 2, 6, 7, 8, 9]);
    let mut again = Heard::default();
    transcript::read(heard.batch.bytes(), &mut again).unwrap();
    assert_eq!(again.told, heard.told);
}
