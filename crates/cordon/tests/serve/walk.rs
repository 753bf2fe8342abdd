//! The way of a new user: sign in, bring a capture, find a device, ask why, correct it, take it back, export; and it is all
//! there after the platform was started again.

use std::collections::BTreeMap;
use std::process::Stdio;

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::client::{Client, start};

/// What `cordon analyze` writes of the same capture.
fn analyzed(capture: &[u8]) -> Vec<Value> {
    let folder = tempfile::tempdir().unwrap();
    let (path, out) = (folder.path().join("ward.pcapng"), folder.path().join("out"));
    std::fs::write(&path, capture).unwrap();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_cordon"));
    command.arg("analyze").arg(&path).arg("--out").arg(&out).stdout(Stdio::null());
    assert!(command.status().unwrap().success());
    let lines = std::fs::read_to_string(out.join("devices.jsonl")).unwrap();
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn from_a_capture_to_a_corrected_device() {
    let capture = hospital::ward::capture();
    let folder = tempfile::tempdir().unwrap();
    let platform = start(folder.path());
    let mut ada = Client::first(&platform);
    let import = ada.bring("ward.pcapng", capture.clone());
    assert_eq!((&import["state"], &import["note"]), (&json!("done"), &Value::Null));

    // Everything that the offline analysis says, word for word.
    let expected = analyzed(&capture);
    ada.until("/api/v1/devices?limit=1", |list| list["total"] == expected.len());
    let mut exported = Vec::new();
    for _ in 0..100 {
        exported = ada.get("/api/v1/devices/export?format=json").json().as_array().unwrap().clone();
        if exported == expected {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    assert_eq!(exported.len(), expected.len());
    for (exported, expected) in exported.iter().zip(&expected) {
        assert_eq!(exported, expected);
    }

    let found = ada.get("/api/v1/devices?q=kind:ct_scanner").json();
    assert_eq!(found["total"], 1, "{found}");
    let id = found["items"][0]["id"].as_str().unwrap().to_owned();
    let why = ada.get(&format!("/api/v1/devices/{id}/why/category")).json();
    assert!(why["text"].as_str().unwrap().contains("agree.images_and_worklist"), "{why}");

    // A person knows better.
    let place = format!("/api/v1/devices/{id}/corrections/model");
    let said = ada.ask("PUT", &place, Some(json!({"value": "SOMATOM Force", "reason": "Label on the gantry"})));
    assert_eq!(said.status, StatusCode::OK, "{}", said.text());
    assert!(said.json()["rule"].as_str().unwrap().contains("SOMATOM Force"));
    let is_said = |device: &Value| device["row"]["model"]["state"] == "confirmed";
    let device = ada.until(&format!("/api/v1/devices/{id}"), is_said);
    assert_eq!(device["row"]["model"]["label"], "SOMATOM Force");
    assert_eq!(device["corrections"][0]["by"], "ada");

    // It survives learning anew and a restart.
    drop(ada);
    platform.stop();
    let platform = start(folder.path());
    assert_eq!(platform.first_secret().unwrap(), None, "somebody is known already");
    let mut ada = Client::new(&platform);
    let signed = ada.ask("POST", "/api/v1/session", Some(json!({"name": "Ada", "password": crate::client::PASSWORD})));
    assert_eq!(signed.status, StatusCode::OK, "{}", signed.text());
    ada.until("/api/v1/devices?limit=1", |list| list["total"] == expected.len());
    let device = ada.until(&format!("/api/v1/devices/{id}"), is_said);
    assert_eq!(device["row"]["model"]["label"], "SOMATOM Force");

    // And can be taken back.
    assert_eq!(ada.ask("DELETE", &place, None).status, StatusCode::NO_CONTENT);
    let device = ada.until(&format!("/api/v1/devices/{id}"), |device| !is_said(device));
    assert_eq!(device["row"]["model"]["label"], "SOMATOM Definition AS+");
    assert_eq!(ada.ask("DELETE", &place, None).status, StatusCode::NOT_FOUND);

    let audit = ada.get("/api/v1/audit").json();
    let told: Vec<&str> =
        audit["items"].as_array().unwrap().iter().map(|line| line["text"].as_str().unwrap()).collect();
    for expected in ["took back", "said that the model", "imported ward.pcapng", "signed in", "let ada in", "exported"]
    {
        assert!(told.iter().any(|line| line.contains(expected)), "{expected}: {told:#?}");
    }
    platform.stop();
}

#[test]
fn a_proposed_rule_is_a_rule() {
    use analysis::knowledge::{Knowledge, Notation};
    let folder = tempfile::tempdir().unwrap();
    let platform = start(folder.path());
    let mut ada = Client::first(&platform);
    ada.bring("ward.pcapng", hospital::ward::capture());
    let list = ada.until("/api/v1/devices?limit=200", |list| list["total"].as_u64() > Some(40));
    let files: Vec<(String, String)> = ["vendors", "categories", "attributes", "weights", "roles", "corroborations"]
        .iter()
        .map(|name| {
            let path = format!("{}/../../knowledge/{name}.toml", env!("CARGO_MANIFEST_DIR"));
            (format!("{name}.toml"), std::fs::read_to_string(path).unwrap())
        })
        .collect();
    let mut proposed = 0;
    for row in list["items"].as_array().unwrap() {
        let path = format!("/api/v1/devices/{}/corrections/model", row["id"].as_str().unwrap());
        let said = json!({"value": "Weird \"Model\" \\ 7", "reason": "it says so: \u{3b1} 'quoted'"});
        let Some(rule) = ada.ask("PUT", &path, Some(said)).json()["rule"].as_str().map(str::to_owned) else { continue };
        let rule_file = ("fingerprints/site.toml".to_owned(), rule.clone());
        let texts = files.iter().chain(std::iter::once(&rule_file));
        let known = Knowledge::load(texts.map(|(name, text)| (name.as_str(), text.as_str())), Notation::Toml);
        let known = known.unwrap_or_else(|error| panic!("{error}\n{rule}"));
        assert_eq!(known.check().iter().map(ToString::to_string).collect::<Vec<_>>(), Vec::<String>::new(), "{rule}");
        proposed += 1;
    }
    assert!(proposed > 20, "{proposed} rules were proposed");
    platform.stop();
}

#[test]
fn what_is_no_capture_is_refused_and_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let platform = start(folder.path());
    let mut ada = Client::first(&platform);
    let import = ada.bring("notes.txt", b"Dear diary".to_vec());
    assert_eq!(import["state"], "failed");
    assert!(import["note"].as_str().unwrap().contains("capture"), "{import}");
    // What was cut off is read up to there, and says so.
    let mut cut = hospital::ward::capture();
    cut.truncate(cut.len() / 2);
    let import = ada.bring("cut.pcapng", cut);
    assert_eq!(import["state"], "done");
    assert!(import["note"].as_str().is_some_and(|note| !note.is_empty()), "{import}");
    assert!(std::fs::read_dir(folder.path().join("imports")).unwrap().next().is_none(), "captures lie there still");
    platform.stop();
}

/// The administrator of a platform that was started before.
pub fn signed_in(platform: &cordon::serve::Platform) -> Client {
    let mut ada = Client::new(platform);
    let body = json!({"name": "ada", "password": crate::client::PASSWORD});
    assert_eq!(ada.ask("POST", "/api/v1/session", Some(body)).status, StatusCode::OK);
    ada
}

/// Hour, both ends, IP protocol, port and application of what went on.
type Ends = (String, String, String, u64, String, String);

/// What went on by the hour, as the offline analysis says of each connection.
fn by_hour(capture: &std::path::Path, out: &std::path::Path) -> BTreeMap<Ends, [u64; 3]> {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_cordon"));
    command.arg("analyze").arg(capture).arg("--out").arg(out).stdout(Stdio::null());
    assert!(command.status().unwrap().success());
    let mut sums: BTreeMap<Ends, [u64; 3]> = BTreeMap::new();
    for line in std::fs::read_to_string(out.join("connections.jsonl")).unwrap().lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
        let hour = format!("{}:00:00.000000Z", &text("end")[..13]);
        let port = row["responder"]["port"].as_u64().map(|port| port.to_string()).unwrap_or_default();
        let ends = (
            hour,
            text("initiator_device"),
            text("responder_device"),
            row["ip_protocol"].as_u64().unwrap(),
            port,
            text("application"),
        );
        let more = [1, row["sent"]["bytes"].as_u64().unwrap(), row["received"]["bytes"].as_u64().unwrap()];
        for (sum, more) in sums.entry(ends).or_default().iter_mut().zip(more) {
            *sum += more;
        }
    }
    sums
}

/// The same, as the platform exports it.
fn exported(client: &mut Client) -> BTreeMap<Ends, [u64; 3]> {
    let text = client.get("/api/v1/flows/export?days=30").text();
    let rows = text.lines().skip(1).map(|line| {
        let cells: Vec<&str> = line.split(',').map(|cell| cell.trim_matches('"')).collect();
        let [time, hours, from, to, protocol, port, application, sums @ ..] = cells.as_slice() else {
            panic!("{line}")
        };
        assert_eq!(*hours, "1", "{line}");
        let own = |text: &str| text.to_owned();
        let ends = (own(time), own(from), own(to), protocol.parse().unwrap(), own(port), own(application));
        (ends, [0, 1, 2].map(|place| sums[place].parse().unwrap()))
    });
    rows.collect()
}

#[test]
fn the_history_is_what_the_connections_say() {
    let folder = tempfile::tempdir().unwrap();
    let (path, data) = (folder.path().join("ward.pcapng"), folder.path().join("data"));
    let capture = hospital::ward::capture();
    std::fs::write(&path, &capture).unwrap();
    let expected = by_hour(&path, &folder.path().join("out"));
    assert!(expected.len() > 100, "{}", expected.len());
    // The same hours once more are added to, not put in place of what is there.
    for times in 1..=2 {
        let platform = start(&data);
        let mut ada = if times == 1 { Client::first(&platform) } else { signed_in(&platform) };
        ada.bring(&format!("ward{times}.pcapng"), capture.clone());
        drop(ada);
        // What was folded is kept when it stops.
        platform.stop();
        let platform = start(&data);
        let mut ada = signed_in(&platform);
        ada.until("/api/v1/devices?limit=1", |list| list["total"].as_u64() >= Some(44));
        let found = exported(&mut ada);
        let times_over: BTreeMap<Ends, [u64; 3]> =
            expected.iter().map(|(ends, sums)| (ends.clone(), sums.map(|sum| sum * times))).collect();
        for (ends, sums) in &times_over {
            assert_eq!(found.get(ends), Some(sums), "{ends:?}");
        }
        assert_eq!(found.len(), times_over.len());
        let history = ada.get("/api/v1/devices/mac-884b390a0070/history").json();
        let told: u64 =
            history["items"].as_array().unwrap().iter().map(|row| row["connections"].as_u64().unwrap()).sum();
        let own = |ends: &&Ends| ends.1 == "mac-884b390a0070" || ends.2 == "mac-884b390a0070";
        let all: u64 = times_over.iter().filter(|(ends, _)| own(ends)).map(|(_, sums)| sums[0]).sum();
        assert_eq!((told, told > 0), (all, true), "{history}");
        drop(ada);
        platform.stop();
    }
}

/// Whatever says how many there are leads to as many.
#[test]
fn every_figure_opens_a_list_of_as_many() {
    let folder = tempfile::tempdir().unwrap();
    let platform = start(folder.path());
    let mut ada = Client::first(&platform);
    ada.bring("ward.pcapng", hospital::ward::capture());
    let mut opened = 0;
    let mut same = |client: &mut Client, what: &str, filter: &str, count: u64| {
        let encoded: String = filter.bytes().map(|byte| format!("%{byte:02x}")).collect();
        let list = client.get(&format!("/api/v1/devices?limit=1&q={encoded}")).json();
        assert_eq!((&list["total"], &list["problem"]), (&json!(count), &Value::Null), "{what}: {filter}");
        opened += 1;
    };
    let overview = ada.get("/api/v1/overview").json();
    for kind in overview["kinds"].as_array().unwrap() {
        same(&mut ada, "overview", kind["filter"].as_str().unwrap(), kind["count"].as_u64().unwrap());
    }
    for group in ["zone", "kind", "subnet", "place"] {
        let map = ada.get(&format!("/api/v1/map?group={group}")).json();
        for group in map["groups"].as_array().unwrap() {
            let count = group["devices"].as_array().unwrap().len() as u64;
            same(&mut ada, "map", group["filter"].as_str().unwrap(), count);
        }
    }
    let facets = ada.get("/api/v1/devices?limit=1").json()["facets"].clone();
    for facet in facets.as_array().unwrap() {
        for value in facet["values"].as_array().unwrap() {
            let filter = format!("{}:\"{}\"", facet["id"].as_str().unwrap(), value["value"].as_str().unwrap());
            same(&mut ada, "facet", &filter, value["count"].as_u64().unwrap());
        }
    }
    assert!(opened > 100, "{opened}");
    drop(ada);
    platform.stop();
}

#[test]
fn an_import_can_be_given_up() {
    let folder = tempfile::tempdir().unwrap();
    let platform = start(folder.path());
    let mut ada = Client::first(&platform);
    // Enough to read for a while: the ward over and over, without its head.
    let ward = hospital::ward::capture();
    let mut long = ward.clone();
    while long.len() < 64 << 20 {
        long.extend_from_slice(&ward);
    }
    let bring = |client: &mut Client, name: &str, bytes: Vec<u8>| {
        let request = axum::http::Request::builder().method("POST").uri(format!("/api/v1/imports?name={name}"));
        let answer = client.send(request.body(axum::body::Body::from(bytes)).unwrap());
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text());
        format!("/api/v1/imports/{}", answer.json()["id"].as_str().unwrap())
    };
    let (long, waiting) = (bring(&mut ada, "long.pcapng", long), bring(&mut ada, "waiting.pcapng", ward));
    ada.until(&long, |import| import["frames"].as_u64() > Some(0));
    // First the one that waits: nothing of it is in, and its file is gone at once.
    assert_eq!(ada.ask("DELETE", &waiting, None).status, StatusCode::NO_CONTENT);
    let told = ada.get(&waiting).json();
    assert_eq!((&told["state"], &told["frames"]), (&json!("cancelled"), &json!(0)), "{told}");
    assert_eq!(std::fs::read_dir(folder.path().join("imports")).unwrap().count(), 1);
    assert_eq!(ada.ask("DELETE", &long, None).status, StatusCode::NO_CONTENT);
    let told = ada.until(&long, |import| import["ended"].is_string());
    assert_eq!(told["state"], "cancelled", "{told}");
    assert!(told["read"].as_u64() < told["bytes"].as_u64(), "{told}");
    // What is over is over, and the next is read.
    assert_eq!(ada.ask("DELETE", &long, None).status, StatusCode::CONFLICT);
    assert_eq!(ada.ask("DELETE", "/api/v1/imports/99999999", None).status, StatusCode::NOT_FOUND);
    assert_eq!(ada.bring("ward.pcapng", hospital::ward::capture())["state"], "done");
    assert!(std::fs::read_dir(folder.path().join("imports")).unwrap().next().is_none(), "captures lie there still");
    drop(ada);
    platform.stop();
}
