//! The synthetic hospital from its seed to a score: what Cordon finds out of what the traffic tells, and that nothing of what
//! stands for patients comes out.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use xtask::scoreboard::{self, Rightness};

/// Seeds that are looked at while Cordon is made; how it does on others is measured on demand.
const SEEDS: [&str; 2] = ["1", "2"];
const DEVICES: &str = "150";

fn cordon(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cordon")).args(arguments).output().unwrap()
}

fn done(arguments: &[&str]) -> String {
    let output = cordon(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn path(folder: &Path, name: &str) -> String {
    folder.join(name).to_str().unwrap().to_owned()
}

fn rows(folder: &str, name: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(Path::new(folder).join(name)).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// How many of a share are meant.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
fn part(share: &Value, of: usize) -> usize {
    (share.as_f64().unwrap() * of as f64).round() as usize
}

#[test]
fn most_of_what_the_traffic_tells_is_found_out() {
    for seed in SEEDS {
        let place = tempfile::tempdir().unwrap();
        let [hospital, results] = ["hospital", "results"].map(|name| path(place.path(), name));
        done(&["hospital", "--seed", seed, "--devices", DEVICES, "--out", &hospital]);
        let printed = done(&["analyze", &format!("{hospital}/capture.pcapng"), "--out", &results, "--events", "--all"]);
        let truth: Value = serde_json::from_slice(&std::fs::read(format!("{hospital}/truth.json")).unwrap()).unwrap();
        let mark = truth["canary"].as_str().unwrap();
        let mut outputs = BTreeMap::from([("what is printed".to_owned(), printed.into_bytes())]);
        for file in std::fs::read_dir(&results).unwrap().flatten() {
            outputs.insert(file.file_name().to_string_lossy().into_owned(), std::fs::read(file.path()).unwrap());
        }
        assert!(mark.len() > 4 && ["devices.jsonl", "report.html"].iter().all(|name| outputs.contains_key(*name)));
        for (name, bytes) in outputs {
            let text = String::from_utf8_lossy(&bytes).to_uppercase();
            let found = text.find(mark).map(|place| text[place..].chars().take(40).collect::<String>());
            assert_eq!(found, None, "seed {seed}: a canary is in {name}");
        }
        let truth = format!("{hospital}/truth.json");
        let scores: Value =
            serde_json::from_str(&done(&["score", "--truth", &truth, &results, "--format", "json"])).unwrap();
        let set = format!("synthetic hospital, seed {seed}");
        for (attribute, figures) in scores["attributes"].as_object().unwrap() {
            let of = usize::try_from(figures["n"].as_u64().unwrap()).unwrap();
            let found = Rightness {
                of,
                right: part(&figures["accuracy"], of),
                right_confident: None,
                wrong: Some(part(&figures["wrong"], of)),
                wrong_confident: Some(part(&figures["wrong_confident"], of)),
                calibration_error: figures["calibration_error"].as_f64(),
            };
            scoreboard::record(&set, attribute, found);
            assert!(figures["wrong_confident"].as_f64().unwrap() <= 0.02, "{set}: {attribute} {figures}");
        }
        for what in ["devices", "roles", "weaknesses", "flows", "operations"] {
            let of = usize::try_from(scores[what]["n"].as_u64().unwrap()).unwrap();
            scoreboard::record(
                &set,
                what,
                Rightness { of, right: part(&scores[what]["recall"], of), ..Rightness::default() },
            );
        }
    }
}

#[test]
fn weeks_are_counted_as_packets_would_be() {
    let place = tempfile::tempdir().unwrap();
    let [hospital, results, counted] = ["hospital", "results", "counted"].map(|name| path(place.path(), name));
    let plan = ["hospital", "--seed", "4", "--devices", "20"];
    done(&[&plan[..], &["--out", &hospital]].concat());
    done(&["analyze", &format!("{hospital}/capture.pcapng"), "--out", &results]);
    done(&[&plan[..], &["--flows", "--out", &counted]].concat());
    let read = |name: &str| std::fs::read(Path::new(name).join("truth.json")).unwrap();
    assert!(read(&hospital) == read(&counted), "the truth is the same");
    let by_key = |folder: &str| -> BTreeMap<String, Value> {
        let key = |row: &Value| format!("{} {} {} {}", row["from"], row["to"], row["service"], row["application"]);
        rows(folder, "flows.jsonl").into_iter().map(|row| (key(&row), row)).collect()
    };
    let (played, counted) = (by_key(&results), by_key(&counted));
    let both: Vec<(&Value, &Value)> = played.iter().filter_map(|(key, row)| Some((row, counted.get(key)?))).collect();
    assert!(both.len() * 100 >= played.len() * 95, "{} of {} flows", both.len(), played.len());
    let near = |one: &Value, other: &Value, name: &str| {
        let (one, other) = (one[name].as_f64().unwrap(), other[name].as_f64().unwrap());
        (one - other).abs() <= one.max(other) * 0.2 + 2_000.0
    };
    let alike = both.iter().filter(|(played, counted)| {
        near(played, counted, "bytes_sent")
            && near(played, counted, "bytes_received")
            && played["days"] == counted["days"]
    });
    let alike = alike.count();
    assert!(alike * 100 >= both.len() * 90, "{alike} of {} flows are alike", both.len());
}

#[test]
fn what_cannot_be_written_is_said() {
    let place = tempfile::tempdir().unwrap();
    std::fs::write(place.path().join("thesis.odt"), "x").unwrap();
    let folder = place.path().to_str().unwrap();
    let refused = |arguments: &[&str], expected: &str| {
        let output = cordon(arguments);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(expected), "{said}");
    };
    refused(&["hospital", "--seed", "1", "--out", folder], "thesis.odt");
    // Somebody's own capture is not a former hospital.
    let own = path(place.path(), "own");
    std::fs::create_dir(&own).unwrap();
    std::fs::write(Path::new(&own).join("capture.pcapng"), "x").unwrap();
    refused(&["hospital", "--seed", "1", "--devices", "20", "--out", &own], "capture.pcapng");
    assert_eq!(std::fs::read_to_string(Path::new(&own).join("capture.pcapng")).unwrap(), "x");
    refused(
        &["hospital", "--seed", "1", "--attack", "flood", "--out", &path(place.path(), "new")],
        "no such attack; there are: all, arp_spoof",
    );
    refused(&["hospital", "--seed", "1", "--devices", "3", "--out", &path(place.path(), "new")], "20..=100000");
    refused(&["score", "--truth", &path(place.path(), "thesis.odt"), folder], "expected truth.json");
    assert!(!place.path().join("new").exists());
}
