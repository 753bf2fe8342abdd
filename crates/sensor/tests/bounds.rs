//! Floods of connections that wait: memory is bounded over all of them, and what was cut is counted.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]

use std::net::Ipv4Addr;

use model::observation::FrameRef;
use model::{Observation, Timestamp};
use sensor::capture::CapturedFrame;
use sensor::{Counters, Observer, Sensor};
use wire::packet::LinkType;

const SYN: u8 = 2;
const ACK: u8 = 16;

struct Nobody;

impl Observer for Nobody {
    fn observe(&mut self, _observation: Observation<'_>) {}
}

/// A TCP segment (RFC 9293 §3.1) in an IPv4 packet (RFC 791 §3.1) in an Ethernet frame.
fn segment(client: u32, ports: (u16, u16), sequence: u32, flags: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![0, 9, 0xfb, 0, 0, 2, 0, 9, 0xfb, 0, 0, 1, 8, 0];
    let length = u16::try_from(40 + payload.len()).unwrap().to_be_bytes();
    frame.extend([0x45, 0, length[0], length[1], 0, 1, 0, 0, 64, 6, 0, 0]);
    frame.extend(Ipv4Addr::from(client).octets());
    frame.extend([10, 0, 0, 2]);
    frame.extend(ports.0.to_be_bytes());
    frame.extend(ports.1.to_be_bytes());
    frame.extend(sequence.to_be_bytes());
    frame.extend([0, 0, 0, 0, 0x50, flags, 0x20, 0, 0, 0, 0, 0]);
    frame.extend(payload);
    frame
}

fn counted(frames: impl Iterator<Item = Vec<u8>>) -> Counters {
    let mut sensor = Sensor::default();
    for (number, bytes) in (1..).zip(frames) {
        let wire_length = bytes.len() as u64;
        let link = Some(LinkType::Ethernet);
        let captured = CapturedFrame { time: Timestamp(0), link, bytes: &bytes, wire_length };
        sensor.frame(&captured, FrameRef { capture: 0, number }, &mut Nobody);
    }
    sensor.finish(&mut Nobody);
    sensor.counters()
}

#[test]
fn segments_behind_holes_are_bounded_over_all_connections() {
    let connection = |client: u32| {
        let late = (1..=20_u32).map(move |index| segment(client, (4_000, 104), 1 + index * 2_000, ACK, &[0; 1_400]));
        std::iter::once(segment(client, (4_000, 104), 0, SYN, &[])).chain(late)
    };
    let few = counted((0..100).flat_map(|client| connection(0x0a10_0000 + client)));
    assert_eq!((few.cut_by_waiting_limit, few.connections), (0, 100));
    let many = counted((0..2_000).flat_map(|client| connection(0x0a10_0000 + client)));
    assert!(many.cut_by_waiting_limit > 0);
    assert_eq!(many.cut_by_segment_limit, 0);
}

#[test]
fn openings_that_nobody_recognises_yet_are_bounded_over_all_connections() {
    let mut line = b"GET /".to_vec();
    line.resize(1_300, b'a');
    let connection = |client: u32| {
        [segment(client, (4_000, 80), 0, SYN, &[]), segment(client, (4_000, 80), 1, ACK, &line)].into_iter()
    };
    let few = counted((0..1_000).flat_map(|client| connection(0x0a10_0000 + client)));
    assert_eq!((few.cut_by_buffer_limit, few.connections), (0, 1_000));
    let many = counted((0..60_000).flat_map(|client| connection(0x0a10_0000 + client)));
    assert!(many.cut_by_buffer_limit > 0);
    // All were looked at: the first ones are still waited for.
    assert!(many.cut_by_buffer_limit < 20_000);
}
