//! A real network card, as far as one fits into a test: a veth pair in a network namespace of its own. What is sent must be
//! what was handed over and what was dropped, to one frame. Needs root.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use std::process::Command;
use std::time::Duration;

use sensor::live::{Accounting, Card, CardError, Options};
use xtask::cable::{Cable, ip};

const PATIENCE: Duration = Duration::from_millis(200);

fn send_numbered(cable: &Cable, count: u64) {
    for number in 0..count {
        cable.send(&frame(number));
    }
}

/// An Ethernet frame of a protocol for experiments (IEEE 802 §9.2.3) with a number inside.
fn frame(number: u64) -> Vec<u8> {
    let mut bytes = vec![2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0xb5];
    bytes.extend(number.to_be_bytes());
    bytes.resize(200, 0);
    bytes
}

fn numbers(card: &mut Card) -> Vec<u64> {
    let mut numbers = Vec::new();
    loop {
        let mut take = |frame: &sensor::capture::CapturedFrame<'_>| {
            numbers.push(u64::from_be_bytes(frame.bytes[14..22].try_into().unwrap()));
        };
        if card.frames(PATIENCE, &mut take).unwrap() == 0 {
            return numbers;
        }
    }
}

#[test]
fn every_frame_is_handed_over_in_order() {
    Cable::with(|cable| {
        let mut card = Card::open("hears", &Options::default()).unwrap();
        send_numbered(cable, 10_000);
        assert_eq!(numbers(&mut card), (0..10_000).collect::<Vec<_>>());
        let all = Accounting { passed: 10_000, handed_over: 10_000, dropped: 0, times_full: 0 };
        assert_eq!(card.accounting().unwrap(), all);
        assert_eq!(card.accounting().unwrap(), all, "the kernel's counters begin anew when they are read, ours do not");
    });
}

#[test]
fn what_does_not_fit_is_counted_to_one_frame() {
    Cable::with(|cable| {
        let options = Options { block_bytes: 1 << 14, blocks: 4, shared_as: None };
        let mut card = Card::open("hears", &options).unwrap();
        let mut sent = 0;
        // Read in between, while the ring is full and while it is not.
        for count in [50_u64, 5_000, 100, 20_000] {
            send_numbered(cable, count);
            sent += count;
            let _ = numbers(&mut card);
            let told = card.accounting().unwrap();
            assert_eq!(told.passed, sent);
            assert_eq!(told.handed_over + told.dropped, sent, "{told:?}");
        }
        let told = card.accounting().unwrap();
        assert!(told.dropped > 20_000 && told.handed_over >= 150 && told.times_full > 0, "{told:?}");
    });
}

#[test]
fn tags_and_lengths_are_those_of_the_wire() {
    Cable::with(|cable| {
        let mut card = Card::open("hears", &Options::default()).unwrap();
        let mut tagged = vec![2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x81, 0x00, 0x20, 0x07, 0x88, 0xb5];
        tagged.resize(100, 7);
        let long = vec![9; 1_400];
        cable.send(&tagged);
        cable.send(&long);
        let mut seen = Vec::new();
        while card.frames(PATIENCE, &mut |frame| seen.push((frame.bytes.to_vec(), frame.wire_length))).unwrap() > 0 {}
        assert_eq!(seen, [(tagged, 100), (long, 1_400)]);
    });
}

#[test]
fn nothing_is_ever_sent() {
    Cable::with(|cable| {
        let mut card = Card::open("hears", &Options::default()).unwrap();
        send_numbered(cable, 1_000);
        let _ = numbers(&mut card);
        let told = Command::new("ip").args(["-s", "-o", "link", "show", "hears"]).output().unwrap();
        let told = String::from_utf8(told.stdout).unwrap();
        let sent = told.split("TX:").nth(1).unwrap().split('\\').nth(1).unwrap();
        let sent: Vec<u64> = sent.split_whitespace().map(|number| number.parse().unwrap()).collect();
        assert_eq!(sent[..2], [0, 0], "bytes and packets: {told}");
    });
}

#[test]
fn two_readers_share_the_frames_and_no_connection_is_torn() {
    Cable::with(|cable| {
        let options = Options { shared_as: Some(7), ..Options::default() };
        let mut cards = [(); 2].map(|()| Card::open("hears", &options).unwrap());
        // Both directions of a hundred UDP conversations.
        for _ in 0..20 {
            for port in 0..100 {
                cable.send(&datagram([10, 0, 0, 1], 40_000 + port, [10, 0, 0, 2], 104));
                cable.send(&datagram([10, 0, 0, 2], 104, [10, 0, 0, 1], 40_000 + port));
            }
        }
        let ports: Vec<Vec<u16>> = cards
            .iter_mut()
            .map(|card| {
                let mut ports = Vec::new();
                let mut take = |frame: &sensor::capture::CapturedFrame<'_>| {
                    let port = |at: usize| u16::from_be_bytes([frame.bytes[at], frame.bytes[at + 1]]);
                    ports.push(port(34).max(port(36)));
                };
                while card.frames(PATIENCE, &mut take).unwrap() > 0 {}
                ports
            })
            .collect();
        assert_eq!(ports[0].len() + ports[1].len(), 4_000);
        assert!(ports.iter().all(|ports| !ports.is_empty()), "one reader got nothing");
        assert!(ports[0].iter().all(|port| !ports[1].contains(port)), "a conversation went to both readers");
    });
}

/// An empty UDP datagram over IPv4 in Ethernet.
fn datagram(from: [u8; 4], from_port: u16, to: [u8; 4], to_port: u16) -> Vec<u8> {
    let mut bytes = vec![2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x08, 0x00];
    bytes.extend([0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0]);
    bytes.extend(from);
    bytes.extend(to);
    bytes.extend(from_port.to_be_bytes());
    bytes.extend(to_port.to_be_bytes());
    bytes.extend([0, 8, 0, 0]);
    bytes.resize(60, 0);
    bytes
}

#[test]
fn a_card_that_goes_down_is_an_error_and_is_heard_again() {
    Cable::with(|cable| {
        let mut card = Card::open("hears", &Options::default()).unwrap();
        ip(&["link", "set", "hears", "down"]).unwrap();
        let failed = (0..5).find_map(|_| card.frames(PATIENCE, &mut |_| {}).err());
        assert!(failed.is_some(), "the card is down and nobody says so");
        ip(&["link", "set", "hears", "up"]).unwrap();
        ip(&["link", "set", "sends", "up"]).unwrap();
        std::thread::sleep(PATIENCE);
        send_numbered(cable, 10);
        assert_eq!(numbers(&mut card).len(), 10);
    });
}

#[test]
fn a_card_that_is_not_there_is_named() {
    let error = Card::open("no-such-card", &Options::default()).map(|_| ()).unwrap_err();
    assert!(matches!(error, CardError::Missing { .. }), "{error}");
    assert_eq!(error.to_string(), "no-such-card: there is no such network card; `ip link` lists them");
}
