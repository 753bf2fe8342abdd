//! The card that is listened to sends nothing; where this machine sends on it all the same, that is said.

use std::time::{Duration, Instant};

use sensor::live::{Card, Options};
use xtask::cable::Cable;

use crate::client::{Client, start};
use crate::live::{frames, sensor, transmitted};

/// Asks for a longer time than a check has, in minutes.
const MINUTES: &str = "CORDON_QUIET_MINUTES";
const SHORT: Duration = Duration::from_secs(3);
/// Frames between two pauses of a millisecond.
const BURST: usize = 2;

#[test]
fn the_card_sends_nothing() {
    let minutes = std::env::var(MINUTES).ok().map(|minutes| minutes.parse::<u64>().unwrap());
    let lasting = minutes.map_or(SHORT, |minutes| Duration::from_secs(minutes * 60));
    let frames = frames();
    Cable::with(|cable| {
        // Whoever is at the other end of the cable: hears what is put on it there as well as what comes.
        let mut other_end = Card::open("sends", &Options { block_bytes: 1 << 16, blocks: 4, shared_as: None }).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let mut platform = start(folder.path());
        let mut ada = Client::first(&platform);
        platform.listen("hears".to_owned()).unwrap();
        ada.until("/api/v1/coverage", |coverage| sensor(coverage)["state"] == "listening");
        let (begun, mut sent) = (Instant::now(), 0_u64);
        let mut next = frames.iter().cycle();
        while begun.elapsed() < lasting {
            for frame in next.by_ref().take(BURST) {
                cable.send(frame);
                sent += 1;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        let counted = |told: &serde_json::Value| told["frames"].as_u64().unwrap() + told["lost"].as_u64().unwrap();
        let coverage = ada.until("/api/v1/coverage", |coverage| counted(sensor(coverage)) >= sent);
        // It was heard all the time, and it is known of.
        assert_eq!(counted(sensor(&coverage)), sent, "{coverage}");
        assert!(ada.get("/api/v1/devices?limit=1").json()["total"].as_u64() >= Some(40));
        let passed = other_end.accounting().unwrap().passed;
        println!("{:.0?}: {sent} frames heard, {} sent by the card", begun.elapsed(), transmitted("hears"));
        assert_eq!((passed, transmitted("hears")), (sent, 0));
        assert_eq!(sensor(&coverage)["note"], serde_json::Value::Null);
        platform.stop();
        assert_eq!((other_end.accounting().unwrap().passed, transmitted("hears")), (sent, 0), "nor when it is let go");
    });
}

#[test]
fn who_else_sends_is_told() {
    Cable::with(|cable| {
        let folder = tempfile::tempdir().unwrap();
        let mut platform = start(folder.path());
        let mut ada = Client::first(&platform);
        platform.listen("hears".to_owned()).unwrap();
        ada.until("/api/v1/coverage", |coverage| sensor(coverage)["state"] == "listening");
        for _ in 0..3 {
            cable.send_back(&[0xff; 60]);
        }
        let told = |sensor: &serde_json::Value| sensor["note"].as_str().unwrap_or_default().contains("sent 3 frames");
        ada.until("/api/v1/coverage", |coverage| told(sensor(coverage)));
        platform.stop();
    });
}
