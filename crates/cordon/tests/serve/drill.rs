//! The synthetic hospital that goes on: it fills the inventory, is kept apart from what is real, is not played twice, and what is
//! started in it is seen.

use std::collections::BTreeSet;
use std::path::Path;

use axum::http::StatusCode;
use cordon::serve::{Platform, Role, Synthetic};
use serde_json::{Value, json};

use crate::access::somebody;
use crate::client::{Client, start};

const HOSPITAL: Synthetic = Synthetic { seed: 7, devices: 60, speed: 60 };

fn played(folder: &Path, synthetic: Synthetic) -> Platform {
    let mut platform = start(folder);
    platform.play(synthetic).unwrap();
    platform
}

/// Waits until its first hours are played and shown.
fn filled(ada: &mut Client) {
    ada.until("/api/v1/drills", |drills| drills["hospital"]["filling"] == false);
    ada.until("/api/v1/devices?limit=1", |list| list["total"].as_u64() >= Some(40));
}

fn begin(ada: &mut Client, attack: &str) -> Value {
    let answer = ada.ask("POST", "/api/v1/drills", Some(json!({"attack": attack})));
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{attack}: {}", answer.text());
    answer.json()
}

#[test]
fn a_hospital_fills_the_inventory_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let platform = played(folder.path(), HOSPITAL);
    let mut ada = Client::first(&platform);
    filled(&mut ada);
    let session = ada.get("/api/v1/session").json();
    assert_eq!(session["synthetic"], true);
    assert_eq!(ada.get("/api/v1/first").json()["synthetic"], true);
    let coverage = ada.get("/api/v1/coverage").json();
    let [sensor] = coverage["sensors"].as_array().unwrap().as_slice() else { panic!("{coverage}") };
    assert_eq!(sensor["kind"], "hospital");
    assert_eq!(sensor["lost"], 0);
    assert!(sensor["note"].as_str().unwrap().starts_with("Nothing of this is real"), "{sensor}");
    // An hour passes in a minute: more comes, and it is not stamped ahead of the clock.
    let before = sensor["frames"].as_u64().unwrap();
    let coverage = ada.until("/api/v1/coverage", |coverage| {
        coverage["sensors"][0]["frames"].as_u64() > Some(before + 100) && coverage["behind"] == 0
    });
    assert_eq!(coverage["frames"]["skipped"], json!([]), "everything that is made can be read");
    let overview = ada.get("/api/v1/overview").json();
    assert!(overview["newest_packet"].as_str().unwrap() <= clock().as_str(), "{overview}");
    platform.stop();
}

#[test]
fn somebody_comes_who_was_not_there_before() {
    let folder = tempfile::tempdir().unwrap();
    // Four hours pass in a minute: somebody comes in each four hours, but not in each hour.
    let platform = played(folder.path(), Synthetic { speed: 240, ..HOSPITAL });
    let mut ada = Client::first(&platform);
    filled(&mut ada);
    let begun = clock();
    ada.until("/api/v1/devices?sort=-first&limit=1", |list| {
        list["items"][0]["first"].as_str().is_some_and(|first| first > begun.as_str())
    });
    platform.stop();
}

/// The clock, as times are written.
fn clock() -> String {
    #[allow(clippy::disallowed_methods, reason = "nothing is to be stamped after it")]
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    model::Timestamp(i64::try_from(now.as_nanos()).unwrap()).to_string()
}

#[test]
fn an_attack_that_is_started_shows_who_acts_and_what_flows() {
    let folder = tempfile::tempdir().unwrap();
    let platform = played(folder.path(), HOSPITAL);
    let mut ada = Client::first(&platform);
    filled(&mut ada);
    let drills = ada.get("/api/v1/drills").json();
    assert_eq!(drills["attacks"].as_array().unwrap().len(), 20);
    let possible = drills["hospital"]["possible"].as_array().unwrap();
    assert!(possible.len() >= 15, "{possible:?}");

    // A device that nobody knew.
    let run = begin(&mut ada, "unknown_device");
    assert_eq!(run["by"], "ada");
    assert_eq!(run["state"], "running");
    let intruder = run["devices"][0].clone();
    assert_eq!(intruder["acts"], true);
    let address = intruder["address"].as_str().unwrap().to_owned();
    ada.until(&format!("/api/v1/devices?q=address:{address}"), |list| list["total"] == 1);
    ada.until("/api/v1/changes", |changes| {
        let mut items = changes["items"].as_array().unwrap().iter();
        items.any(|change| change["kind"] == "new" && change["time"].as_str() >= run["began"].as_str())
    });

    // A known device that does what it never did.
    let run = begin(&mut ada, "find_sweep");
    let parts: BTreeSet<String> =
        run["devices"].as_array().unwrap().iter().map(|part| part["address"].as_str().unwrap().to_owned()).collect();
    assert_eq!(parts.len(), 2, "{run}");
    let by = run["devices"][0]["address"].as_str().unwrap();
    let list = ada.until(&format!("/api/v1/devices?q=address:{by}"), |list| list["total"] == 1);
    let id = list["items"][0]["id"].as_str().unwrap().to_owned();
    let drills = ada.until("/api/v1/drills", |drills| drills["runs"][0]["state"] == "ended");
    let ended = &drills["runs"][0];
    assert_eq!(ended["attack"], "find_sweep");
    assert!(ended["ends"].as_str().unwrap() > ended["began"].as_str().unwrap());

    // Who started what stands in the log.
    let audit = ada.get("/api/v1/audit").json();
    let lines: Vec<&str> =
        audit["items"].as_array().unwrap().iter().map(|line| line["text"].as_str().unwrap()).collect();
    assert!(lines.contains(&"started the attack find_sweep in the synthetic hospital"), "{lines:?}");

    // What there is none of, and what does not fit.
    for body in [json!({"attack": "no such attack"}), json!({}), json!({"attack": "scan", "target": "10.0.0.1"})] {
        let answer = ada.ask("POST", "/api/v1/drills", Some(body));
        assert!(answer.status.is_client_error(), "{}", answer.text());
    }
    // Seven more beside the one that is running is too many.
    for _ in 0..7 {
        begin(&mut ada, "beacon");
    }
    let refused = ada.ask("POST", "/api/v1/drills", Some(json!({"attack": "beacon"})));
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "{}", refused.text());
    drop(ada);
    platform.stop();

    // What went on then was cut off, and says so.
    let platform = start(folder.path());
    let mut ada = crate::access::signed_in(&platform, "ada");
    let drills = ada.get("/api/v1/drills").json();
    assert_eq!(drills["hospital"], Value::Null);
    let state = |attack: &str| {
        let runs = drills["runs"].as_array().unwrap();
        runs.iter().find(|run| run["attack"] == attack).unwrap()["state"].as_str().unwrap().to_owned()
    };
    // A connection is told when it is five minutes old, and all are at the end.
    ada.until(&format!("/api/v1/devices/{id}"), |device| {
        let mut flows = device["flows"].as_array().into_iter().flatten();
        flows.any(|flow| flow["application"] == "dicom" && flow["operations"]["C-FIND"].as_u64() >= Some(10))
    });
    assert_eq!([state("find_sweep"), state("beacon"), state("unknown_device")], ["ended", "cut_off", "cut_off"]);
    platform.stop();
}

#[test]
fn a_restart_plays_nothing_twice_and_nothing_real_is_mixed_in() {
    let folder = tempfile::tempdir().unwrap();
    let slow = Synthetic { speed: 1, ..HOSPITAL };
    let sum = |ada: &mut Client| {
        let list = ada.get("/api/v1/devices?limit=1000").json();
        let devices = list["total"].as_u64().unwrap();
        let id = list["items"].as_array().unwrap().iter().find(|row| row["kind"]["value"] == "patient_monitor");
        let id = id.unwrap_or_else(|| panic!("{list}"))["id"].as_str().unwrap().to_owned();
        let device = ada.get(&format!("/api/v1/devices/{id}")).json();
        let flows = device["flows"].as_array().unwrap();
        assert!(!flows.is_empty(), "{device}");
        (devices, flows.iter().map(|flow| flow["bytes_sent"].as_u64().unwrap()).sum::<u64>())
    };
    let platform = played(folder.path(), slow);
    let mut ada = Client::first(&platform);
    filled(&mut ada);
    ada.until("/api/v1/coverage", |coverage| coverage["behind"] == 0);
    let frames = ada.get("/api/v1/coverage").json()["sensors"][0]["frames"].as_u64().unwrap();
    let (devices, bytes) = sum(&mut ada);
    drop(ada);
    platform.stop();

    let platform = played(folder.path(), slow);
    let mut ada = crate::access::signed_in(&platform, "ada");
    filled(&mut ada);
    ada.until("/api/v1/coverage", |coverage| coverage["sensors"][0]["frames"].as_u64() > Some(10));
    ada.until("/api/v1/coverage", |coverage| coverage["behind"] == 0);
    let again = ada.get("/api/v1/coverage").json()["sensors"][0]["frames"].as_u64().unwrap();
    assert!(again < frames / 4, "{again} frames after the restart, {frames} before");
    let (more_devices, more_bytes) = sum(&mut ada);
    assert!(more_devices >= devices && more_devices < devices + devices / 4, "{devices}, then {more_devices}");
    assert!(more_bytes >= bytes && more_bytes < bytes + bytes / 4, "{bytes}, then {more_bytes}");
    drop(ada);
    platform.stop();

    // Another hospital is another folder, and so is anything real.
    let mut platform = start(folder.path());
    let mut ada = crate::access::signed_in(&platform, "ada");
    let refused = ada.ask("POST", "/api/v1/imports?name=ward.pcapng", None);
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text());
    drop(ada);
    let refused = platform.play(Synthetic { seed: 8, ..slow }).unwrap_err().said();
    assert!(refused.contains("the synthetic hospital of seed 7 with 60 devices"), "{refused}");
    platform.stop();
    let folder = tempfile::tempdir().unwrap();
    let mut platform = start(folder.path());
    let mut ada = Client::first(&platform);
    ada.bring("ward.pcapng", hospital::ward::capture());
    let refused = platform.play(slow).unwrap_err().said();
    assert!(refused.contains("kept apart"), "{refused}");
    // In what is real no attack is ever started, and only administrators are asked at all.
    let answer = ada.ask("POST", "/api/v1/drills", Some(json!({"attack": "scan"})));
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.text().contains("No synthetic hospital runs here"), "{}", answer.text());
    assert_eq!(ada.get("/api/v1/session").json()["synthetic"], false);
    let mut officer = somebody(&mut ada, &platform, Role::SecurityOfficer);
    for answer in
        [officer.get("/api/v1/drills"), officer.ask("POST", "/api/v1/drills", Some(json!({"attack": "scan"})))]
    {
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert!(answer.text().contains("These may: Administrator."), "{}", answer.text());
    }
    platform.stop();
}
