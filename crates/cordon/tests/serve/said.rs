//! What people say of a device is said of that device: not of whoever gets its address, and not lost when it is known by another
//! identifier.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::client::{Client, start};

#[path = "../identity/capture.rs"]
#[allow(dead_code)]
mod capture;

use capture::{Capture, Host, host, routed};

const MANAGER: Host = host(2, [10, 1, 0, 2]);
const ROUTER: u8 = 1;
const PUMP: [u8; 4] = [10, 9, 0, 5];
const DAY: u64 = 86_400;

/// A type, its length and what it holds (ITU-T X.690 §8.1).
fn held(kind: u8, parts: &[&[u8]]) -> Vec<u8> {
    let inside = parts.concat();
    [&[kind, u8::try_from(inside.len()).unwrap()], inside.as_slice()].concat()
}

/// sysName (RFC 3418 §2).
const NAME: &[u8] = &[0x2b, 6, 1, 2, 1, 1, 5, 0];
/// entPhysicalSerialNum of the first part (RFC 6933).
const SERIAL: &[u8] = &[0x2b, 6, 1, 2, 1, 47, 1, 1, 1, 1, 11, 1];

/// The answer to who asks for an object (RFC 3416 §3).
fn answer(object: &[u8], text: &str) -> Vec<u8> {
    let bindings = held(0x30, &[&held(0x30, &[&held(6, &[object]), &held(4, &[text.as_bytes()])])]);
    let number = |number: u8| held(2, &[&[number]]);
    let response = held(0xa2, &[&number(7), &number(0), &number(0), &bindings]);
    held(0x30, &[&number(1), &held(4, &[b"public"]), &response])
}

/// A network in which a router brings a subnet: after so many days.
fn network(days: u64) -> Capture {
    let mut capture = Capture::new();
    capture.wait(days * DAY);
    capture.claims(host(ROUTER, [10, 1, 0, 1]), None);
    capture.claims(MANAGER, None);
    for last in 20..30 {
        capture.tells(MANAGER, routed(ROUTER, [10, 9, 0, last]), (41_000 + u16::from(last), 9_000), b"hello");
    }
    capture
}

/// The manager asks and is told a name; then the two talk.
fn calls_itself(capture: &mut Capture, device: Host, name: &str) {
    capture.says(device, MANAGER, (161, 50_000), &answer(NAME, name));
    capture.tells(MANAGER, device, (42_000, 9_000), b"hello");
}

/// A platform in which a person said what the pump behind the router is.
fn told(folder: &std::path::Path) -> (cordon::serve::Platform, Client) {
    let platform = start(folder);
    let mut ada = Client::first(&platform);
    let mut capture = network(0);
    calls_itself(&mut capture, routed(ROUTER, PUMP), "PUMP17");
    ada.bring("first.pcap", capture.bytes);
    let device = ada.get("/api/v1/devices/ip-10.9.0.5").json();
    assert_eq!(device["row"]["hostname"], "PUMP17", "{device}");
    say(&mut ada, "ip-10.9.0.5");
    ada.until("/api/v1/devices/ip-10.9.0.5", is_pump);
    (platform, ada)
}

fn say(client: &mut Client, id: &str) {
    let said = json!({"value": "infusion_pump", "reason": "I stood before it"});
    let answer = client.ask("PUT", &format!("/api/v1/devices/{id}/corrections/category"), Some(said));
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
}

fn is_pump(device: &Value) -> bool {
    device["row"]["kind"]["state"] == "confirmed" && device["row"]["kind"]["value"] == "infusion_pump"
}

#[test]
fn another_host_at_the_address_is_a_question() {
    let folder = tempfile::tempdir().unwrap();
    let (platform, mut ada) = told(folder.path());
    // It is switched on again, and still the same.
    let mut capture = network(1);
    calls_itself(&mut capture, routed(ROUTER, PUMP), "PUMP17");
    ada.bring("same.pcap", capture.bytes);
    assert!(is_pump(&ada.get("/api/v1/devices/ip-10.9.0.5").json()));

    // Somebody else gets the address, and the pump another.
    let mut capture = network(3);
    calls_itself(&mut capture, routed(ROUTER, PUMP), "RECEPTION-PC");
    calls_itself(&mut capture, routed(ROUTER, [10, 9, 0, 77]), "PUMP17");
    ada.bring("other.pcap", capture.bytes);
    let device = ada.get("/api/v1/devices/ip-10.9.0.5").json();
    assert!(!is_pump(&device), "{device}");
    assert_eq!(device["row"]["corrected"], false);
    let said = &device["corrections"][0];
    assert_eq!(said["applies_to"], Value::Null);
    let doubt = said["doubt"].as_str().unwrap();
    assert!(doubt.contains("PUMP17") && doubt.contains("RECEPTION-PC"), "{doubt}");
    let questions = ada.get("/api/v1/questions").json();
    let all = questions["items"].as_array().unwrap();
    let question = all.iter().find(|question| question["id"] == "doubt:ip-10.9.0.5:category");
    let question = question.unwrap_or_else(|| panic!("{questions}"));
    assert!(question["detail"].as_str().unwrap().contains("heard from PUMP17 (10.9.0.77)"), "{question}");
    assert_eq!(question["answers"][0]["value"], "infusion_pump");

    // A person looked: it is a pump with another name. That holds, also after a restart.
    say(&mut ada, "ip-10.9.0.5");
    ada.until("/api/v1/devices/ip-10.9.0.5", is_pump);
    drop(ada);
    platform.stop();
    let platform = start(folder.path());
    let mut ada = crate::walk::signed_in(&platform);
    let device = ada.until("/api/v1/devices/ip-10.9.0.5", is_pump);
    assert_eq!(device["corrections"][0]["doubt"], Value::Null);
    drop(ada);
    platform.stop();
}

#[test]
fn a_serial_number_is_followed_to_another_address() {
    let folder = tempfile::tempdir().unwrap();
    let platform = start(folder.path());
    let mut ada = Client::first(&platform);
    let mut capture = network(0);
    capture.says(routed(ROUTER, PUMP), MANAGER, (161, 50_000), &answer(SERIAL, "SN-4711-A"));
    ada.bring("first.pcap", capture.bytes);
    say(&mut ada, "ip-10.9.0.5");
    ada.until("/api/v1/devices/ip-10.9.0.5", is_pump);

    let mut capture = network(2);
    capture.says(routed(ROUTER, PUMP), MANAGER, (161, 50_000), &answer(SERIAL, "SN-0815-B"));
    capture.says(routed(ROUTER, [10, 9, 0, 88]), MANAGER, (161, 50_000), &answer(SERIAL, "SN-4711-A"));
    ada.bring("moved.pcap", capture.bytes);
    let moved = ada.until("/api/v1/devices/ip-10.9.0.88", is_pump);
    assert_eq!(moved["corrections"][0]["device"], "ip-10.9.0.5", "{moved}");
    let left = ada.get("/api/v1/devices/ip-10.9.0.5").json();
    assert!(!is_pump(&left), "{left}");
    // Whoever looks at the old address learns where it went.
    assert_eq!(left["corrections"][0]["applies_to"], "ip-10.9.0.88", "{left}");

    // A third that says the same number: nobody knows which of the two it is.
    let mut capture = network(3);
    capture.says(routed(ROUTER, [10, 9, 0, 99]), MANAGER, (161, 50_000), &answer(SERIAL, "SN-4711-A"));
    ada.bring("twice.pcap", capture.bytes);
    let left = ada.until("/api/v1/devices/ip-10.9.0.5", |device| device["corrections"][0]["doubt"].is_string());
    assert_eq!(left["corrections"][0]["applies_to"], Value::Null, "{left}");
    assert!(!is_pump(&ada.get("/api/v1/devices/ip-10.9.0.88").json()));
    drop(ada);
    platform.stop();
}

#[test]
fn a_device_whose_card_is_seen_keeps_what_was_said_of_its_address() {
    let folder = tempfile::tempdir().unwrap();
    let (platform, mut ada) = told(folder.path());
    let connections = |client: &mut Client, id: &str| -> u64 {
        let history = client.get(&format!("/api/v1/devices/{id}/history?days=30")).json();
        history["items"].as_array().unwrap().iter().map(|row| row["connections"].as_u64().unwrap()).sum()
    };
    // What went on is written down when the platform stops.
    drop(ada);
    platform.stop();
    let platform = start(folder.path());
    ada = crate::walk::signed_in(&platform);
    ada.until("/api/v1/devices/ip-10.9.0.5", is_pump);
    let before = connections(&mut ada, "ip-10.9.0.5");
    assert!(before > 0);

    // A sensor on its own link: it is known by its card now.
    let mut capture = network(1);
    let near = host(0x17, PUMP);
    capture.claims(near, None);
    calls_itself(&mut capture, near, "PUMP17");
    ada.bring("near.pcap", capture.bytes);
    let id = "mac-0009fb000017";
    let device = ada.until(&format!("/api/v1/devices/{id}"), is_pump);
    assert_eq!(ada.get("/api/v1/devices/ip-10.9.0.5").status, StatusCode::NOT_FOUND);
    assert_eq!(device["corrections"][0]["applies_to"], id, "{device}");
    assert_eq!(connections(&mut ada, id), before);
    let is_told = |device: &Value| {
        let mut changes = device["changes"].as_array().unwrap().iter();
        changes.any(|change| change["text"].as_str().unwrap().contains("was ip-10.9.0.5"))
    };
    ada.until(&format!("/api/v1/devices/{id}"), is_told);

    // Whoever takes an address over is to be noticed: it is asked until somebody confirms it.
    let is_asked = |questions: &Value| {
        let mut all = questions["items"].as_array().unwrap().iter();
        all.any(|question| question["id"] == "followed:ip-10.9.0.5:category" && question["device"] == id)
    };
    assert!(is_asked(&ada.get("/api/v1/questions").json()));

    // What is said now takes the place of what was said then, and taking it back leaves nothing.
    say(&mut ada, id);
    ada.until("/api/v1/questions", |questions| !is_asked(questions));
    let list = ada.get("/api/v1/corrections").json();
    assert_eq!(list["items"].as_array().unwrap().len(), 1, "{list}");
    let place = format!("/api/v1/devices/{id}/corrections/category");
    assert_eq!(ada.ask("DELETE", &place, None).status, StatusCode::NO_CONTENT);
    ada.until(&format!("/api/v1/devices/{id}"), |device| !is_pump(device));
    drop(ada);
    platform.stop();
}

#[test]
fn two_that_change_places_keep_what_was_said_of_each() {
    let folder = tempfile::tempdir().unwrap();
    let platform = start(folder.path());
    let mut ada = Client::first(&platform);
    let (here, there) = (PUMP, [10, 9, 0, 9]);
    let bring = |client: &mut Client, name: &str, days: u64, serials: [&str; 2]| {
        let mut capture = network(days);
        for (ip, serial) in [here, there].into_iter().zip(serials) {
            capture.says(routed(ROUTER, ip), MANAGER, (161, 50_000), &answer(SERIAL, serial));
        }
        client.bring(name, capture.bytes);
    };
    bring(&mut ada, "first.pcap", 0, ["SN-4711-A", "SN-0815-B"]);
    let state = |client: &mut Client, id: &str, value: &str, reason: &str| {
        let said = json!({"value": value, "reason": reason});
        let answer = client.ask("PUT", &format!("/api/v1/devices/{id}/corrections/category"), Some(said));
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    };
    let is = |value: &'static str| {
        move |device: &Value| device["row"]["kind"]["state"] == "confirmed" && device["row"]["kind"]["value"] == value
    };
    state(&mut ada, "ip-10.9.0.5", "infusion_pump", "A");
    state(&mut ada, "ip-10.9.0.9", "patient_monitor", "B");
    ada.until("/api/v1/devices/ip-10.9.0.9", is("patient_monitor"));
    bring(&mut ada, "swapped.pcap", 2, ["SN-0815-B", "SN-4711-A"]);
    ada.until("/api/v1/devices/ip-10.9.0.9", is("infusion_pump"));
    let left = ada.until("/api/v1/devices/ip-10.9.0.5", is("patient_monitor"));
    // What was said of whoever was here, and what is said of whoever is.
    assert_eq!(left["corrections"].as_array().unwrap().len(), 2, "{left}");

    // What is said of one leaves what was said of the other, also where both are said before anything is concluded anew.
    state(&mut ada, "ip-10.9.0.5", "ventilator", "C");
    let reasons = |client: &mut Client| {
        let list = client.get("/api/v1/corrections").json();
        let of = |row: &Value| format!("{} {}", row["device"].as_str().unwrap(), row["reason"].as_str().unwrap());
        let mut all: Vec<String> = list["items"].as_array().unwrap().iter().map(of).collect();
        all.sort();
        all
    };
    assert_eq!(reasons(&mut ada), ["ip-10.9.0.5 C", "ip-10.9.0.9 A"]);
    state(&mut ada, "ip-10.9.0.9", "defibrillator", "D");
    assert_eq!(reasons(&mut ada), ["ip-10.9.0.5 C", "ip-10.9.0.9 D"]);
    ada.until("/api/v1/devices/ip-10.9.0.5", is("ventilator"));
    ada.until("/api/v1/devices/ip-10.9.0.9", is("defibrillator"));
    drop(ada);
    platform.stop();
    let platform = start(folder.path());
    let mut ada = crate::walk::signed_in(&platform);
    assert_eq!(reasons(&mut ada), ["ip-10.9.0.5 C", "ip-10.9.0.9 D"]);

    // A place with a quotation mark can be chosen like any other.
    let said = json!({"value": "Room \"4\"", "reason": "I stood there"});
    let answer = ada.ask("PUT", "/api/v1/devices/ip-10.9.0.9/corrections/location", Some(said));
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    ada.until("/api/v1/devices?q=place:%22room%204%22", |list| list["total"] == 1);
    drop(ada);
    platform.stop();
}
