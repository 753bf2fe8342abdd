//! Live: a ward's traffic over a veth pair becomes an inventory, every frame is accounted for, and nothing is sent.

use axum::http::StatusCode;
use sensor::capture::CaptureFile;
use serde_json::Value;
use xtask::cable::Cable;

use crate::client::{Client, start};

/// The frames of the demonstration ward.
pub fn frames() -> Vec<Vec<u8>> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ward.pcapng");
    std::fs::write(&path, hospital::ward::capture()).unwrap();
    let mut capture = CaptureFile::open(&path).unwrap();
    let mut frames = Vec::new();
    while let Some(frame) = capture.next_frame() {
        frames.push(frame.bytes.to_vec());
    }
    frames
}

/// What is said of the card.
pub fn sensor(coverage: &Value) -> &Value {
    coverage["sensors"].as_array().unwrap().iter().find(|sensor| sensor["kind"] == "card").unwrap_or(&Value::Null)
}

#[test]
fn a_ward_that_is_heard_is_an_inventory() {
    let frames = frames();
    Cable::with(|cable| {
        let folder = tempfile::tempdir().unwrap();
        let mut platform = start(folder.path());
        let mut ada = Client::first(&platform);
        platform.listen("hears".to_owned()).unwrap();
        ada.until("/api/v1/coverage", |coverage| sensor(coverage)["state"] == "listening");
        let sent_before = transmitted("hears");
        for frame in &frames {
            cable.send(frame);
        }
        let sent = frames.len() as u64;
        // Other frames on the cable (the kernel's own) count as well: none may be missing.
        let accounted = |coverage: &Value| {
            let sensor = sensor(coverage);
            sensor["frames"].as_u64().unwrap_or(0) + sensor["lost"].as_u64().unwrap_or(0) >= sent
        };
        let coverage = ada.until("/api/v1/coverage", accounted);
        let heard = sensor(&coverage);
        assert_eq!(heard["frames"].as_u64().unwrap() + heard["lost"].as_u64().unwrap(), sent, "{heard}");
        assert_eq!(heard["lost"], 0, "{heard}");
        let list = ada.until("/api/v1/devices?limit=1000", |list| list["total"].as_u64() >= Some(40));
        let kinds: Vec<&str> =
            list["items"].as_array().unwrap().iter().map(|row| row["kind"]["label"].as_str().unwrap()).collect();
        for kind in ["CT scanner", "Ventilator", "Patient monitor", "Infusion pump"] {
            assert!(kinds.contains(&kind), "{kind}: {kinds:?}");
        }
        // A device that was new is an event.
        // It is written down after the list shows it.
        ada.until("/api/v1/changes", |changes| {
            changes["items"].as_array().is_some_and(|items| items.iter().any(|change| change["kind"] == "new"))
        });
        assert_eq!(transmitted("hears"), sent_before, "the card that is listened to sent something");
        // A capture is imported while the card is heard.
        let import = ada.bring("ward.pcapng", hospital::ward::capture());
        assert_eq!(import["state"], "done");
        assert_eq!(ada.get("/metrics").status, StatusCode::OK);
        platform.stop();
    });
}

#[test]
fn a_card_that_is_made_again_is_heard_again() {
    let frames = frames();
    let cards = |coverage: &Value, counted: &str| -> u64 {
        let sensors = coverage["sensors"].as_array().unwrap().iter().filter(|sensor| sensor["kind"] == "card");
        sensors
            .map(|sensor| {
                if counted == "listening" {
                    u64::from(sensor["state"] == counted)
                } else {
                    sensor[counted].as_u64().unwrap_or(0)
                }
            })
            .sum()
    };
    Cable::with(|cable| {
        let folder = tempfile::tempdir().unwrap();
        let mut platform = start(folder.path());
        let mut ada = Client::first(&platform);
        platform.listen("hears".to_owned()).unwrap();
        ada.until("/api/v1/coverage", |coverage| cards(coverage, "listening") == 1);
        frames.iter().take(20).for_each(|frame| cable.send(frame));
        ada.until("/api/v1/coverage", |coverage| cards(coverage, "frames") == 20);
        let cable = cable.again().unwrap();
        ada.until("/api/v1/coverage", |coverage| cards(coverage, "listening") == 0);
        ada.until("/api/v1/coverage", |coverage| cards(coverage, "listening") == 1);
        frames.iter().take(30).for_each(|frame| cable.send(frame));
        ada.until("/api/v1/coverage", |coverage| cards(coverage, "frames") == 50);
        platform.stop();
    });
}

/// Frames that a card sent.
pub fn transmitted(card: &str) -> u64 {
    let statistics = std::fs::read_to_string("/proc/thread-self/net/dev").unwrap();
    let line = statistics.lines().find_map(|line| line.trim().strip_prefix(&format!("{card}:"))).unwrap();
    line.split_whitespace().nth(9).unwrap().parse().unwrap()
}

/// As fast as frames can be sent, to a decoder that nothing slows down: every frame is either looked into or counted as lost.
#[test]
fn a_flood_is_accounted_for_to_one_frame() {
    const FLOOD: usize = 150_000;
    let frames = frames();
    Cable::with(|cable| {
        let folder = tempfile::tempdir().unwrap();
        let mut platform = start(folder.path());
        let mut ada = Client::first(&platform);
        platform.listen("hears".to_owned()).unwrap();
        ada.until("/api/v1/coverage", |coverage| sensor(coverage)["state"] == "listening");
        for frame in frames.iter().cycle().take(FLOOD) {
            cable.send(frame);
        }
        let counted = |sensor: &Value| sensor["frames"].as_u64().unwrap_or(0) + sensor["lost"].as_u64().unwrap_or(0);
        let coverage = ada.until("/api/v1/coverage", |coverage| counted(sensor(coverage)) >= FLOOD as u64);
        // It stays so: nothing is counted twice.
        std::thread::sleep(std::time::Duration::from_millis(500));
        let again = ada.get("/api/v1/coverage").json();
        assert_eq!((counted(sensor(&coverage)), counted(sensor(&again))), (FLOOD as u64, FLOOD as u64), "{again}");
        let lost = sensor(&again)["lost"].as_u64().unwrap();
        println!("{lost} of {FLOOD} frames were lost");
        platform.stop();
    });
}
