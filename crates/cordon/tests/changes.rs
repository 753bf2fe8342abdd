//! A hospital that changes, in Cordon's eyes: whoever moves stays one device, whoever is replaced is two, addresses that go from
//! device to device merge nobody, and a poor tap makes nothing wrong be stated.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use serde_json::Value;

fn cordon(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_cordon")).args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{arguments:?}: {said}");
    String::from_utf8(output.stdout).unwrap() + &said
}

/// A hospital, what was seen of it, and how right that is.
struct Seen {
    truth: Value,
    rows: Vec<Value>,
    scores: Value,
}

impl Seen {
    fn of(options: &[&str]) -> Self {
        let place = tempfile::tempdir().unwrap();
        let [hospital, results] = ["hospital", "results"].map(|name| place.path().join(name));
        let [at, seen] = [&hospital, &results].map(|path| path.to_str().unwrap());
        let capture = format!("{at}/capture.pcapng");
        let truth_file = format!("{at}/truth.json");
        cordon(&[&["hospital", "--seed", "1", "--out", at], options].concat());
        let truth: Value = serde_json::from_str(&std::fs::read_to_string(&truth_file).unwrap()).unwrap();
        let printed = cordon(&["analyze", &capture, "--out", seen, "--events", "--all"]);
        hides_patients(truth["canary"].as_str().unwrap(), &results, &printed);
        let scores = cordon(&["score", "--truth", &truth_file, seen, "--format", "json"]);
        let devices = std::fs::read_to_string(results.join("devices.jsonl")).unwrap();
        let rows = devices.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        Self { truth, rows, scores: serde_json::from_str(&scores).unwrap() }
    }

    fn device(&self, number: &Value) -> &Value {
        &self.truth["devices"][usize::try_from(number.as_u64().unwrap()).unwrap()]
    }

    fn changed(&self, name: &str) -> &Value {
        self.truth["changes"].as_array().unwrap().iter().find(|change| change["name"] == name).unwrap()
    }

    fn rows_by_mac(&self) -> BTreeMap<&str, &Value> {
        let of = |row: &'_ Value| row["interfaces"].as_array().unwrap().len();
        let mut rows = BTreeMap::new();
        for row in &self.rows {
            for place in 0..of(row) {
                if let Some(mac) = row["interfaces"][place]["mac"].as_str() {
                    rows.insert(mac, row);
                }
            }
        }
        rows
    }
}

/// Nothing that comes out holds the mark that each canary begins with.
fn hides_patients(mark: &str, results: &Path, printed: &str) {
    let mut count = 0;
    for file in std::fs::read_dir(results).unwrap().flatten() {
        let bytes = std::fs::read(file.path()).unwrap();
        let text = String::from_utf8_lossy(&bytes).to_uppercase();
        let found = text.find(mark).map(|at| text[at..].chars().take(40).collect::<String>());
        assert_eq!(found, None, "{}", file.path().display());
        count += 1;
    }
    assert!(count >= 6 && mark.len() > 4 && !printed.to_uppercase().contains(mark), "{count} files");
}

/// The addresses of a row with when each was seen last.
fn addresses(row: &Value) -> BTreeMap<String, String> {
    let interfaces = row["interfaces"].as_array().unwrap().iter();
    let all = interfaces.flat_map(|interface| interface["addresses"].as_array().unwrap());
    let text = |row: &Value, name: &str| row[name].as_str().unwrap().to_owned();
    all.map(|address| (text(address, "ip"), text(address, "last"))).collect()
}

fn value<'r>(row: &'r Value, attribute: &str) -> Option<&'r str> {
    row["attributes"][attribute]["value"].as_str()
}

#[test]
fn devices_stay_themselves_while_the_hospital_changes() {
    let seen = Seen::of(&["--devices", "60", "--days", "3", "--change", "all"]);
    let rows = seen.rows_by_mac();
    let row = |device: &Value| rows[device["mac"].as_str().unwrap()];
    let moved = seen.changed("moved_device")["devices"].as_array().unwrap();
    for number in moved {
        let device = seen.device(number);
        let history = device["history"].as_array().unwrap();
        let [old, new] = [&history[0], history.last().unwrap()].map(|phase| phase["addresses"][0].as_str().unwrap());
        let found = addresses(row(device));
        assert!(found[old] < found[new], "{}: {found:?}", device["name"]);
    }
    for pair in seen.changed("replaced_device")["replaced"].as_array().unwrap() {
        let [old, new] = [0, 1].map(|place| seen.device(&pair[place]));
        assert_ne!(row(old)["id"], row(new)["id"], "{}", old["name"]);
        for device in [old, new] {
            assert_eq!(value(row(device), "serial"), device["is"]["serial"].as_str(), "{}", device["name"]);
        }
    }
    let pumps = seen.changed("firmware_update")["devices"].as_array().unwrap();
    let told = pumps.iter().map(|number| seen.device(number));
    let told: Vec<&Value> = told.filter(|pump| pump["told"].as_array().unwrap().contains(&"software".into())).collect();
    for pump in &told {
        assert_eq!(value(row(pump), "software"), pump["is"]["software"].as_str(), "the latest: {}", pump["name"]);
    }
    assert!(moved.len() > 1 && !told.is_empty());
    // Whoever makes up an address each day is no device by that address, and nobody else's.
    let devices = seen.truth["devices"].as_array().unwrap();
    let is_guest = |device: &&Value| device["mac"].as_str().is_some_and(|mac| "26ae".contains(&mac[1..2]));
    let (guests, others): (Vec<&Value>, Vec<&Value>) =
        devices.iter().filter(|device| device["mac"].is_string()).partition(is_guest);
    assert!(guests.len() > 10 && others.len() > 60);
    let mut ids: BTreeSet<&str> = BTreeSet::new();
    for device in others {
        assert!(ids.insert(row(device)["id"].as_str().unwrap()), "{} is merged with another", device["name"]);
    }
    for guest in guests {
        let Some(row) = rows.get(guest["mac"].as_str().unwrap()) else { continue };
        let id = row["id"].as_str().unwrap();
        assert!(!ids.contains(id) && !id.starts_with("mac-"), "{} is {id}", guest["name"]);
    }
}

#[test]
fn sites_and_addresses_of_ipv6_are_told_apart() {
    let seen = Seen::of(&["--devices", "60", "--sites", "2", "--ipv6"]);
    let rows = seen.rows_by_mac();
    let mut checked = 0;
    for device in seen.truth["devices"].as_array().unwrap() {
        let list = device["addresses"].as_array().unwrap();
        let Some(row) = device["mac"].as_str().and_then(|mac| rows.get(mac)).filter(|_| list.len() > 1) else {
            continue;
        };
        let found = addresses(row);
        for address in list.iter().map(|address| address.as_str().unwrap()) {
            assert!(found.contains_key(address), "{}: {address} is not among {found:?}", device["name"]);
        }
        checked += 1;
    }
    assert!(checked > 20, "{checked}");
    assert!(seen.scores["devices"]["recall"].as_f64().unwrap() > 0.99, "{}", seen.scores["devices"]);
    let routers = seen.truth["devices"].as_array().unwrap().iter();
    let routers = routers.filter(|device| device["name"].as_str().unwrap().starts_with("rt-"));
    assert_eq!(routers.filter(|router| rows[router["mac"].as_str().unwrap()]["gateway"] == true).count(), 2);
}

#[test]
fn a_poor_tap_makes_nothing_wrong_be_stated() {
    for options in [&["--loss", "10"][..], &["--one-way"]] {
        let seen = Seen::of(&[&["--devices", "60"], options].concat());
        for (attribute, figures) in seen.scores["attributes"].as_object().unwrap() {
            assert!(figures["wrong_confident"].as_f64().unwrap() <= 0.02, "{options:?}: {attribute} {figures}");
        }
        assert!(seen.scores["attributes"]["category"]["accuracy"].as_f64().unwrap() > 0.4, "{options:?}");
    }
}
