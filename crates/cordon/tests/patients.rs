//! Patients are never in our data: five hundred made-up ones are sent in every place that can hold a patient, and looked for in
//! everything that Cordon writes, answers and keeps in memory. Built with the feature `leak`, which tells one field of them on
//! purpose, the same tests hold that this is found out wherever it shows.
//!
//! `CORDON_PATIENTS=all` sends each of them in each place in every way of writing and delivering, which takes long.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

#[path = "advisory/mod.rs"]
mod advisory;
#[path = "labelled/capture.rs"]
#[allow(dead_code)]
mod capture;
#[path = "serve/client.rs"]
#[allow(dead_code)]
mod client;
#[path = "../../wire/src/protocols/golden.rs"]
#[allow(dead_code)]
mod golden;
#[path = "patients/identity.rs"]
mod identity;
#[path = "patients/search.rs"]
mod search;
#[path = "patients/traffic.rs"]
mod traffic;

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::FileExt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use advisory::advisory;
use axum::body::Body;
use axum::http::Request;
use client::{Client, start};
use identity::{OF_TEXT, PATIENTS, Patient, patients};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use search::{Found, Search};
use serde_json::Value;
use traffic::{Traffic, Ways};
// Where the goldens' reader looks for them.
use wire::protocols::{Carrier, Direction};
use xtask::cable::Cable;

/// A cable takes no longer frame.
const FRAME_BYTES_MAX: usize = 1_514;
/// So many of the patients are looked for in the memory of processes, and sent over a cable.
const FEW: usize = 65;

fn ways(otherwise: Ways) -> Ways {
    if std::env::var_os("CORDON_PATIENTS").is_some() { Ways::All } else { otherwise }
}

const PROGRAM: &str = env!("CARGO_BIN_EXE_cordon");

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { all.extend(files(&path)) } else { all.push(path) }
    }
    all.sort();
    all
}

/// Looks into every file below a folder; gives their names.
fn look_into(folder: &Path, search: &Search, found: &mut Found) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for path in files(folder) {
        // What is rewritten meanwhile may be gone.
        let Ok(bytes) = std::fs::read(&path) else { continue };
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        search.look(&name, &bytes, found);
        names.insert(name);
    }
    names
}

/// Analyses a capture, and looks into all that is written and printed.
fn analysed(capture: &Path, folder: &Path, search: &Search) -> Found {
    let mut found = Found::default();
    let results = folder.join("results");
    let mut command = Command::new(PROGRAM);
    command.arg("analyze").arg(capture).args(["--events", "--all", "--out"]).arg(&results);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    search.look("standard output", &output.stdout, &mut found);
    search.look("standard error", &output.stderr, &mut found);
    let names = look_into(&results, search, &mut found);
    assert!(names.contains("events.jsonl") && names.contains("report.html"), "{names:?}");
    let devices = std::fs::read_to_string(results.join("devices.jsonl")).unwrap();
    let known = cordon::knowledge::load(&[], None).unwrap();
    for line in devices.lines() {
        let device: Value = serde_json::from_str(line).unwrap();
        search.look("why", cordon::why::of_device(&device, &known).as_bytes(), &mut found);
    }
    found
}

#[test]
fn no_file_holds_a_patient() {
    let folder = tempfile::tempdir().unwrap();
    let patients = patients();
    let traffic = Traffic::new(&patients, ways(Ways::AlsoWhole));
    println!("{} messages in {} places, written in {} ways", traffic.messages, traffic.places, OF_TEXT.len());
    assert!(traffic.places >= 60 && traffic.messages >= traffic.places * PATIENTS);
    let capture = folder.path().join("patients.pcap");
    traffic.capture.write(&capture);
    let search = Search::new(&patients);
    let mut sent = Found::default();
    search.look("capture", traffic.capture.bytes(), &mut sent);
    assert_eq!(sent.whom.len(), PATIENTS, "the search finds each of them where they are");
    let found = analysed(&capture, folder.path(), &search);
    found.is_as_it_should_be(&["events.jsonl", "devices.jsonl", "report.html", "why"]);
    assert!(!cfg!(feature = "leak") || found.whom.len() == PATIENTS, "{} of {PATIENTS} found", found.whom.len());
}

/// Asks for everything that there is to ask for.
fn asked(client: &mut Client, search: &Search, found: &mut Found) {
    let description: Value = serde_json::from_str(include_str!("../../../docs/openapi.json")).unwrap();
    let paths = description["paths"].as_object().unwrap();
    let all = paths.iter().filter(|(_, path)| path.get("get").is_some()).map(|(path, _)| path.as_str());
    // Drills are of the synthetic hospital.
    let mut left: BTreeSet<&str> = all.filter(|path| *path != "/api/v1/drills").collect();
    let mut ask = |client: &mut Client, route: &'static str, path: &str| {
        let answer = client.get(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        search.look(route, &answer.bytes, found);
        for value in answer.headers.values() {
            search.look(route, value.as_bytes(), found);
        }
        left.remove(route);
        answer
    };
    for route in [
        "/metrics",
        "/api/v1/corrections",
        "/api/v1/coverage",
        "/api/v1/events",
        "/api/v1/first",
        "/api/v1/imports",
        "/api/v1/overview",
        "/api/v1/people",
        "/api/v1/questions",
        "/api/v1/session",
        "/api/v1/settings",
        "/api/v1/views",
        "/api/v1/words",
        "/api/v1/map",
        "/api/v1/devices/export",
    ] {
        ask(client, route, route);
    }
    ask(client, "/api/v1/map", "/api/v1/map?group=place");
    ask(client, "/api/v1/devices/export", "/api/v1/devices/export?format=json");
    ask(client, "/api/v1/flows/export", "/api/v1/flows/export?days=4000");
    ask(client, "/api/v1/audit", "/api/v1/audit?limit=1000");
    ask(client, "/api/v1/changes", "/api/v1/changes?limit=1000");
    let imports = client.get("/api/v1/imports").json();
    let import = imports["items"][0]["id"].as_str();
    // Who heard a card only has none.
    let path = import.map_or_else(|| "/api/v1/imports".to_owned(), |id| format!("/api/v1/imports/{id}"));
    ask(client, "/api/v1/imports/{id}", &path);
    let known = advisory("Philips", "IntelliVue", "vers:all/*").into_bytes();
    let request = Request::builder().method("POST").uri("/api/v1/feeds?name=advisory.json");
    assert_eq!(client.send(request.body(Body::from(known)).unwrap()).status, 200);
    // What a card heard last comes in late.
    let settled = |_| {
        let total = client.get("/api/v1/devices?limit=1").json()["total"].as_u64().unwrap();
        let risk = client.until("/api/v1/risk", |risk| risk["advisories"] == 1 && risk["first"].is_array());
        std::thread::sleep(std::time::Duration::from_millis(200));
        (risk["devices"] == total).then_some(total)
    };
    let total = (0..300).find_map(settled).expect("risk follows what is seen");
    assert!(total > 100, "{total}");
    for route in [
        "/api/v1/risk",
        "/api/v1/risk/decisions",
        "/api/v1/plan",
        "/api/v1/plan/export",
        "/api/v1/advisories",
        "/api/v1/feeds",
    ] {
        ask(client, route, route);
    }
    for by in ["kind", "model", "unit", "network"] {
        ask(client, "/api/v1/risk/groups", &format!("/api/v1/risk/groups?by={by}"));
    }
    ask(client, "/api/v1/advisories/{id}", "/api/v1/advisories/EXAMPLE-2026-1");
    for from in (0..total).step_by(500) {
        let page = ask(client, "/api/v1/devices", &format!("/api/v1/devices?from={from}&limit=500")).json();
        for row in page["items"].as_array().unwrap() {
            let id = row["id"].as_str().unwrap();
            let detail = ask(client, "/api/v1/devices/{id}", &format!("/api/v1/devices/{id}")).json();
            let risk = format!("/api/v1/devices/{id}/risk");
            // Who came just now is reckoned in a moment.
            client.until(&risk, |risk| risk["device"] == id);
            ask(client, "/api/v1/devices/{id}/risk", &risk);
            ask(client, "/api/v1/devices/{id}/risk/what-if", &format!("{risk}/what-if"));
            ask(client, "/api/v1/devices/{id}/risk/path", &format!("{risk}/path"));
            ask(client, "/api/v1/devices/{id}/history", &format!("/api/v1/devices/{id}/history?days=90"));
            for attribute in detail["attributes"].as_array().unwrap() {
                if attribute["values"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .any(|one| !one["evidence"].as_array().unwrap().is_empty())
                {
                    let path = format!("/api/v1/devices/{id}/why/{}", attribute["id"].as_str().unwrap());
                    ask(client, "/api/v1/devices/{id}/why/{attribute}", &path);
                }
            }
        }
    }
    assert!(left.is_empty(), "nobody asked for {left:?}");
}

#[test]
fn no_answer_and_no_record_holds_a_patient() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let patients = patients();
    let search = Search::new(&patients);
    let traffic = Traffic::new(&patients, ways(Ways::One));
    let platform = start(&data);
    let mut ada = Client::first(&platform);
    let import = ada.bring("ward.pcap", traffic.capture.bytes().to_vec());
    assert_eq!(import["state"], "done", "{import}");
    let mut found = Found::default();
    // With the journal beside the database, and with what its free pages hold.
    let names = look_into(&data, &search, &mut found);
    assert!(names.iter().any(|name| name.ends_with("-wal")), "{names:?}");
    asked(&mut ada, &search, &mut found);
    drop(ada);
    platform.stop();
    look_into(&data, &search, &mut found);
    found.is_as_it_should_be(&["cordon.db", "/api/v1/devices/{id}", "/api/v1/devices/export"]);
}

#[test]
fn no_card_that_is_heard_brings_a_patient() {
    let patients: Vec<Patient> = patients().into_iter().take(FEW).collect();
    let search = Search::new(&patients);
    let traffic = Traffic::new(&patients, Ways::One);
    let mut frames = frames(traffic.capture.bytes());
    frames.retain(|frame| frame.len() <= FRAME_BYTES_MAX);
    Cable::with(|cable| {
        let folder = tempfile::tempdir().unwrap();
        let mut platform = start(folder.path());
        let mut ada = Client::first(&platform);
        platform.listen("hears".to_owned()).unwrap();
        let sensor = |coverage: &Value| {
            let sensors = coverage["sensors"].as_array().unwrap();
            sensors.iter().find(|sensor| sensor["kind"] == "card").cloned().unwrap_or_default()
        };
        ada.until("/api/v1/coverage", |coverage| sensor(coverage)["state"] == "listening");
        for (number, frame) in frames.iter().enumerate() {
            cable.send(frame);
            // Not faster than an unoptimised decoder hears.
            if number % 200 == 0 {
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
        }
        let counted = |sensor: &Value| sensor["frames"].as_u64().unwrap_or(0) + sensor["lost"].as_u64().unwrap_or(0);
        let coverage = ada.until("/api/v1/coverage", |coverage| counted(&sensor(coverage)) >= frames.len() as u64);
        let heard = sensor(&coverage);
        assert!(heard["frames"].as_u64().unwrap() * 10 > frames.len() as u64 * 9, "{heard}");
        ada.until("/api/v1/devices?limit=1", |list| list["total"].as_u64() >= Some(100));
        let mut found = Found::default();
        asked(&mut ada, &search, &mut found);
        look_into(folder.path(), &search, &mut found);
        drop(ada);
        platform.stop();
        look_into(folder.path(), &search, &mut found);
        found.is_as_it_should_be(&["cordon.db", "/api/v1/devices/{id}"]);
    });
}

/// The frames of a capture in pcap.
fn frames(capture: &[u8]) -> Vec<&[u8]> {
    let mut rest = &capture[24..];
    let mut frames = Vec::new();
    while let Some(length) = rest.get(8..12) {
        let end = 16 + u32::from_le_bytes(length.try_into().unwrap()) as usize;
        frames.push(&rest[16..end]);
        rest = &rest[end..];
    }
    frames
}

/// A platform in a process of its own that reads a capture.
struct Process {
    child: Child,
    data: PathBuf,
}

impl Process {
    fn start(capture: &Path, data: &Path) -> Self {
        let mut command = Command::new(PROGRAM);
        command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(data).arg("--capture").arg(capture);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut greeting = String::new();
        while !greeting.contains("Cordon runs at") {
            assert!(out.read_line(&mut greeting).unwrap() > 0, "{greeting}: {:?}", child.wait_with_output());
        }
        child.stdout = Some(out.into_inner());
        Self { child, data: data.to_owned() }
    }

    /// Waits until it has read the capture: what decodes it is gone by then.
    fn has_read(&mut self) {
        let begun = std::time::Instant::now();
        let mut seen = false;
        loop {
            let decodes = !children(self.child.id()).is_empty();
            if seen && !decodes {
                break;
            }
            seen |= decodes;
            assert!(begun.elapsed().as_secs() < 120, "still reading: {seen}");
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        // What came is folded and shown.
        std::thread::sleep(std::time::Duration::from_secs(3));
    }

    /// Looks into its memory, as a core file holds it, and at what it says until it ends.
    fn look(mut self, search: &Search, found: &mut Found) {
        look_into_memory(self.child.id(), search, found);
        kill(Pid::from_raw(self.child.id().cast_signed()), Signal::SIGTERM).unwrap();
        let mut said = Vec::new();
        self.child.stdout.take().unwrap().read_to_end(&mut said).unwrap();
        self.child.stderr.take().unwrap().read_to_end(&mut said).unwrap();
        self.child.wait().unwrap();
        search.look("what the process said", &said, found);
        look_into(&self.data, search, found);
    }
}

/// Processes that a process started.
fn children(process: u32) -> Vec<u32> {
    let tasks = std::fs::read_dir(format!("/proc/{process}/task")).unwrap();
    let children = tasks.filter_map(|task| std::fs::read_to_string(task.unwrap().path().join("children")).ok());
    children.flat_map(|list| list.split_whitespace().map(|one| one.parse().unwrap()).collect::<Vec<u32>>()).collect()
}

fn look_into_memory(process: u32, search: &Search, found: &mut Found) {
    let memory = std::fs::File::open(format!("/proc/{process}/mem")).unwrap();
    let maps = std::fs::read_to_string(format!("/proc/{process}/maps")).unwrap();
    let mut looked_at = 0;
    for line in maps.lines().filter(|line| line.split(' ').nth(1).is_some_and(|rights| rights.starts_with("rw"))) {
        let (from, to) = line.split(' ').next().unwrap().split_once('-').unwrap();
        let [from, to] = [from, to].map(|digits| u64::from_str_radix(digits, 16).unwrap());
        let mut bytes = vec![0; usize::try_from(to - from).unwrap()];
        if memory.read_exact_at(&mut bytes, from).is_ok() {
            looked_at += bytes.len();
            search.look("memory", &bytes, found);
        }
    }
    assert!(looked_at > 1_000_000, "{looked_at} bytes of memory");
}

#[test]
fn no_memory_holds_a_patient() {
    let patients: Vec<Patient> = patients().into_iter().take(FEW).collect();
    let search = Search::new(&patients);
    let folder = tempfile::tempdir().unwrap();
    let capture = folder.path().join("patients.pcap");
    Traffic::new(&patients, Ways::One).capture.write(&capture);
    let mut process = Process::start(&capture, &folder.path().join("data"));
    process.has_read();
    let mut found = Found::default();
    process.look(&search, &mut found);
    found.is_as_it_should_be(&["memory", "cordon.db"]);
}

/// Lets a process that may write core files crash; gives whether it wrote one.
fn leaves_a_core(command: &mut Command, folder: &Path, ready: impl FnOnce(&mut Child)) -> bool {
    use nix::sys::resource::{Resource, getrlimit, setrlimit};
    let (before, most) = getrlimit(Resource::RLIMIT_CORE).unwrap();
    setrlimit(Resource::RLIMIT_CORE, most, most).unwrap();
    let mut child =
        command.current_dir(folder).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    setrlimit(Resource::RLIMIT_CORE, before, most).unwrap();
    ready(&mut child);
    kill(Pid::from_raw(child.id().cast_signed()), Signal::SIGABRT).unwrap();
    child.wait().unwrap().core_dumped()
}

#[test]
fn no_crash_leaves_a_core_file() {
    let folder = tempfile::tempdir().unwrap();
    let sleeps = leaves_a_core(Command::new("sleep").arg("60"), folder.path(), |_| {
        std::thread::sleep(std::time::Duration::from_millis(200));
    });
    if !sleeps {
        xtask::reference::skipped("no process leaves a core file on this machine: Cordon's was not tried");
        return;
    }
    let mut serve = Command::new(PROGRAM);
    serve.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(folder.path().join("data"));
    let cordon = leaves_a_core(&mut serve, folder.path(), |child| {
        let mut greeting = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        while !greeting.contains("Cordon runs at") {
            assert!(out.read_line(&mut greeting).unwrap() > 0, "{greeting}");
        }
    });
    assert!(!cordon, "a core file in {:?}", files(folder.path()));
}
