//! Names that attack whoever reads them: nothing in a spreadsheet is a formula, nothing obeys in a terminal, and everything is
//! still there to be seen.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use axum::http::header;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;

use crate::attack::{PROTOCOLS, Sender, attack, strings};
use crate::checks::{obeyed, spreadsheet, texts};
use crate::client::{Answer, Client, start};

/// Of each protocol at least so many of the strings must have come as far as the answers; the others hold nothing that could be
/// recognised, or what may be a person's name and goes no further than the decoder.
const ARRIVED_MIN: usize = 150;
/// A file whose name attacks as well.
const FILE: &[u8] = b"=1+1 <img src=x onerror=pwned=1> \x1b]0;owned\x07\x1b[2J \xe2\x80\xaegnp \xff.pcap";

/// Asks for something that is there, and looks at how it is answered.
fn asked(client: &mut Client, path: &str) -> Answer {
    let answer = client.get(path);
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    for (name, value) in &answer.headers {
        let value = value.to_str().unwrap_or_else(|_| panic!("{path}: {name}"));
        for bad in ["pwned", "evil", "script", "calc"] {
            assert!(!value.contains(bad) && !name.as_str().contains(bad), "{path}: {name}: {value}");
        }
    }
    assert!(answer.headers.get(header::SET_COOKIE).is_none(), "{path}");
    answer
}

/// An answer in JSON, no text of which hides, turns or moves anything.
fn json(client: &mut Client, path: &str) -> Value {
    let answer = asked(client, path).json();
    for text in texts(&answer) {
        assert_eq!(obeyed(text), None, "{path}: {text:?}");
    }
    answer
}

/// A file for spreadsheets: its rows.
fn csv(client: &mut Client, path: &str) -> Vec<Vec<String>> {
    let answer = asked(client, path);
    assert_eq!(answer.headers[header::CONTENT_TYPE], "text/csv; charset=utf-8");
    let text = String::from_utf8(answer.bytes).unwrap();
    let (formulas, rows) = spreadsheet(&text);
    assert!(formulas.is_empty(), "{path}: {} formulas: {formulas:?}", formulas.len());
    for row in &rows {
        assert_eq!(row.len(), rows[0].len(), "{row:?}");
        for cell in row {
            assert!(obeyed(cell).is_none() && !cell.contains('\n'), "{path}: {cell:?}");
        }
    }
    rows
}

/// What is said of each device, by its hardware address.
fn inventory(client: &mut Client, count: usize) -> HashMap<String, (String, Value)> {
    let mut all = HashMap::new();
    for from in (0..count).step_by(500) {
        let page = json(client, &format!("/api/v1/devices?from={from}&limit=500"));
        for row in page["items"].as_array().unwrap() {
            let id = row["id"].as_str().unwrap().to_owned();
            let detail = json(client, &format!("/api/v1/devices/{id}"));
            if let Some(mac) = row["mac"].as_str() {
                all.insert(mac.to_owned(), (id, detail));
            }
        }
    }
    all
}

/// How many strings of each protocol came as far as what is said of their senders.
fn arrived<'a>(
    senders: &'a [Sender],
    says: impl Fn(&Sender, &str) -> bool,
) -> BTreeMap<&'static str, BTreeSet<&'a [u8]>> {
    let mut arrived: BTreeMap<_, BTreeSet<&[u8]>> = BTreeMap::new();
    for sender in senders {
        if sender.part().is_some_and(|part| says(sender, &part)) {
            arrived.entry(sender.protocol).or_default().insert(&sender.string);
        }
    }
    for protocol in PROTOCOLS {
        let count = arrived.get(protocol).map_or(0, BTreeSet::len);
        println!("{protocol}: {count} of {} hostile strings arrived", strings().len());
        assert!(count >= ARRIVED_MIN, "{protocol}: only {count}");
    }
    arrived
}

#[test]
fn names_attack_nobody() {
    assert!(strings().iter().collect::<BTreeSet<_>>().len() >= 200);
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let (capture, senders) = attack();
    let platform = start(&data);
    let mut ada = Client::first(&platform);
    ada.bring("%3Cimg%20src=x%20onerror=pwned=1%3E%22%20=1+1.pcap", capture.clone());
    ada.until("/api/v1/devices?limit=1", |list| list["total"].as_u64() >= Some(senders.len() as u64));
    let total = usize::try_from(ada.get("/api/v1/devices?limit=1").json()["total"].as_u64().unwrap()).unwrap();
    let devices = inventory(&mut ada, total);
    let mut asked_why = 0;
    for (id, detail) in devices.values() {
        for attribute in detail["attributes"].as_array().unwrap() {
            // What nothing was said of has nothing to say why.
            if attribute["values"].as_array().unwrap().iter().any(|one| !one["evidence"].as_array().unwrap().is_empty())
            {
                json(&mut ada, &format!("/api/v1/devices/{id}/why/{}", attribute["id"].as_str().unwrap()));
                asked_why += 1;
            }
        }
    }
    println!("{} devices, {asked_why} attributes", devices.len());
    arrived(&senders, |sender, part| {
        let (_, detail) = &devices[&sender.mac];
        texts(&detail["attributes"]).iter().any(|text| text.contains(part))
    });

    assert!(csv(&mut ada, "/api/v1/devices/export").len() > senders.len());
    assert!(csv(&mut ada, "/api/v1/flows/export?days=4000").len() > senders.len());
    let hostile_file = folder.path().join(OsStr::from_bytes(FILE));
    let (head, rest) = capture.split_at(24);
    // Another capture, that whoever started Cordon named.
    std::fs::write(&hostile_file, [head, &rest[..rest.len() / 2]].concat()).unwrap();
    platform.import(&hostile_file).unwrap();
    ada.until("/api/v1/imports", |list| {
        list["items"].as_array().unwrap().len() == 2 && list["items"][0]["state"] != "waiting"
    });
    for path in
        ["words", "overview", "questions", "map", "coverage", "imports", "corrections", "settings", "people", "views"]
    {
        json(&mut ada, &format!("/api/v1/{path}"));
    }
    for path in ["changes?limit=1000", "audit?limit=1000", "devices/export?format=json", "map?focus=unknown"] {
        json(&mut ada, &format!("/api/v1/{path}"));
    }
    let metrics = asked(&mut ada, "/metrics").text();
    for bad in ["script", "owned", "evil", "calc"] {
        assert!(!metrics.contains(bad), "{metrics}");
    }
    assert_eq!(obeyed(&metrics), None);
    platform.stop();
    the_log_is_plain(&data, &hostile_file);
}

/// Starts the program on the same folder, with a capture that is in already: it says so by its name.
fn the_log_is_plain(data: &Path, file: &Path) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cordon"));
    command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(data).arg("--capture").arg(file);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut out = std::io::BufReader::new(child.stdout.take().unwrap());
    let mut greeting = String::new();
    while !greeting.contains("Cordon runs at") {
        assert!(std::io::BufRead::read_line(&mut out, &mut greeting).unwrap() > 0, "{greeting}");
    }
    kill(Pid::from_raw(child.id().cast_signed()), Signal::SIGTERM).unwrap();
    std::io::Read::read_to_string(&mut out, &mut greeting).unwrap();
    let ended = child.wait_with_output().unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    assert!(said.contains("owned") && said.contains("is in already"), "{said:?}");
    for text in [greeting, said] {
        assert_eq!(obeyed(&text), None, "{text:?}");
    }
}

/// The program as it is called in a terminal.
fn cordon(arguments: &[&OsStr]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cordon")).args(arguments).output().unwrap()
}

/// What was printed, on both ways out: text that moves nothing.
fn plain(output: Output) -> String {
    let mut all = String::new();
    for bytes in [output.stdout, output.stderr] {
        // A terminal that knows no UTF-8 obeys single bytes too.
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(obeyed(&text), None, "{text:?}");
        all.push_str(&text);
    }
    all
}

fn analysed(folder: &Path) -> (PathBuf, PathBuf, Vec<Sender>) {
    let (capture, senders) = attack();
    let file = folder.join(OsStr::from_bytes(FILE));
    std::fs::write(&file, capture).unwrap();
    let results = folder.join("results");
    let said = plain(cordon(&["analyze".as_ref(), file.as_ref(), "--out".as_ref(), results.as_ref()]));
    assert!(said.contains("devices"), "{said}");
    (file, results, senders)
}

#[test]
fn names_command_no_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let (_, results, senders) = analysed(folder.path());
    let devices = std::fs::read_to_string(results.join("devices.jsonl")).unwrap();
    let mut ids = HashMap::new();
    for line in devices.lines() {
        let device: Value = serde_json::from_str(line).unwrap();
        assert!(texts(&device).iter().all(|text| obeyed(text).is_none()), "{line}");
        if let Some(mac) = device["interfaces"][0]["mac"].as_str() {
            ids.insert(mac.to_owned(), device["id"].as_str().unwrap().to_owned());
        }
    }
    let why = |sender: &Sender| {
        let id = &ids[&sender.mac];
        plain(cordon(&["why".as_ref(), "--flows".as_ref(), results.as_ref(), id.as_ref()]))
    };
    // Each is a process of its own.
    let chunk = senders.len().div_ceil(4);
    let said: HashMap<&str, String> = std::thread::scope(|scope| {
        let parts: Vec<_> = senders.chunks(chunk).collect();
        let running: Vec<_> = parts
            .into_iter()
            .map(|part| scope.spawn(move || part.iter().map(|one| (one.mac.as_str(), why(one))).collect::<Vec<_>>()))
            .collect();
        running.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    arrived(&senders, |sender, part| {
        // Values are told in quotes, with what quotes need.
        let quoted = format!("{part:?}");
        said[sender.mac.as_str()].contains(part) || said[sender.mac.as_str()].contains(quoted.trim_matches('"'))
    });
}
