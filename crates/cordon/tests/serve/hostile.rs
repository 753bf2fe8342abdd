//! Names that attack whoever reads them: nothing in a spreadsheet is a formula, nothing obeys in a terminal, and everything is
//! still there to be seen.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use axum::http::header;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::{Value, json};

use crate::attack::{PROTOCOLS, Sender, attack, strings};
use crate::checks::{obeyed, spreadsheet, texts};
use crate::client::{Answer, Client, PASSWORD, start};

/// Of each protocol at least so many of the strings must have come as far as the answers; the others hold nothing that could be
/// recognised, or what may be a person's name and goes no further than the decoder.
const ARRIVED_MIN: usize = 150;
/// So many devices, and strings, the program is started for.
const STARTED: usize = 12;
/// A file whose name attacks as well.
const FILE: &[u8] = b"=1+1 <img src=x onerror=pwned=1> \x1b]0;owned\x07\x1b[2J \xe2\x80\xaegnp \xff.pcap";

/// Asks for something that is there, and looks at how it is answered.
fn asked(client: &mut Client, path: &str) -> Answer {
    let answer = client.get(path);
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    for (name, value) in &answer.headers {
        let value = value.to_str().unwrap_or_else(|_| panic!("{path}: {name}"));
        for bad in ["pwned", "evil", "<script", "calc"] {
            assert!(!value.contains(bad) && !name.as_str().contains(bad), "{path}: {name}: {value}");
        }
    }
    assert!(answer.headers.get(header::SET_COOKIE).is_none(), "{path}");
    answer
}

/// An answer in JSON, no text of which hides, turns or moves anything.
fn told(client: &mut Client, path: &str) -> Value {
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
fn inventory(client: &mut Client, count: usize) -> BTreeMap<String, (String, Value)> {
    let mut all = BTreeMap::new();
    for from in (0..count).step_by(500) {
        let page = told(client, &format!("/api/v1/devices?from={from}&limit=500"));
        for row in page["items"].as_array().unwrap() {
            let id = row["id"].as_str().unwrap().to_owned();
            let detail = told(client, &format!("/api/v1/devices/{id}"));
            if let Some(mac) = row["mac"].as_str() {
                all.insert(mac.to_owned(), (id, detail));
            }
        }
    }
    all
}

/// Counts the strings of each protocol that came as far as what is said of their senders.
fn arrived(senders: &[Sender], says: impl Fn(&Sender, &str) -> bool) {
    for protocol in PROTOCOLS {
        let own = senders.iter().filter(|sender| sender.protocol == protocol);
        let came = own.filter(|sender| sender.part().is_some_and(|part| says(sender, &part)));
        let count = came.map(|sender| &sender.string).collect::<BTreeSet<_>>().len();
        println!("{protocol}: {count} of {} hostile strings arrived", strings().len());
        assert!(count >= ARRIVED_MIN, "{protocol}: only {count}");
    }
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
                told(&mut ada, &format!("/api/v1/devices/{id}/why/{}", attribute["id"].as_str().unwrap()));
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
        told(&mut ada, &format!("/api/v1/{path}"));
    }
    for path in ["changes?limit=1000", "audit?limit=1000", "devices/export?format=json", "map?group=place"] {
        told(&mut ada, &format!("/api/v1/{path}"));
    }
    let metrics = asked(&mut ada, "/metrics").text();
    // Of all names only those of files are there.
    assert!(
        metrics.contains("onerror=pwned=1") && !metrics.contains("evil.example") && !metrics.contains("calc"),
        "{metrics}"
    );
    for line in metrics.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        assert!(is_sample(line), "{line}");
    }
    assert_eq!(obeyed(&metrics), None);
    drop(ada);
    platform.stop();
    // What went on when is summed up where the state is kept.
    let platform = start(&data);
    let mut ada = Client::new(&platform);
    let signed = ada.ask("POST", "/api/v1/session", Some(json!({"name": "ada", "password": PASSWORD})));
    assert_eq!(signed.status, 200, "{}", signed.text());
    // LLDP is no conversation.
    assert!(csv(&mut ada, "/api/v1/flows/export?days=4000").len() > 5 * strings().len());
    drop(ada);
    platform.stop();
    the_log_is_plain(&data, &hostile_file);
}

/// A line of Prometheus' format: a name, labels whose quotes are escaped, a number.
fn is_sample(line: &str) -> bool {
    let Some((head, number)) = line.rsplit_once(' ') else { return false };
    let (name, labels) = head.split_once('{').unwrap_or((head, "}"));
    let unescaped = labels.replace("\\\\", "").replace("\\\"", "");
    name.starts_with("cordon_")
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && number.parse::<f64>().is_ok()
        && unescaped.strip_suffix('}').is_some_and(|labels| labels.is_empty() || labels.matches('"').count() == 2)
}

/// Starts the program on the same folder, with a capture that is in already: it says so by its name.
fn the_log_is_plain(data: &Path, file: &Path) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cordon"));
    command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(data).arg("--capture").arg(file);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut out = std::io::BufReader::new(child.stdout.take().unwrap());
    let mut greeting = String::new();
    while !greeting.contains("Cordon runs at") {
        let read = std::io::BufRead::read_line(&mut out, &mut greeting).unwrap();
        assert!(read > 0, "{greeting}: {:?}", child.wait_with_output());
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

/// What Wireshark makes of the capture: a frame of each protocol for each string, and none that it cannot read.
#[test]
fn the_names_are_sent_as_the_protocols_say() {
    let folder = tempfile::tempdir().unwrap();
    let (capture, _) = attack();
    let file = folder.path().join("names.pcap");
    std::fs::write(&file, capture).unwrap();
    let frames = |filter: &str| {
        let mut command = Command::new("tshark");
        command
            .args(["-n", "-Y", filter, "-T", "fields", "-e", "frame.number", "-e", "frame.protocols", "-r"])
            .arg(&file);
        let told = command.stderr(Stdio::null()).output().ok().filter(|told| told.status.success())?;
        Some(String::from_utf8_lossy(&told.stdout).lines().map(str::to_owned).collect::<Vec<_>>())
    };
    let Some(malformed) = frames("_ws.malformed") else {
        xtask::reference::skipped("no tshark on this machine: the hostile capture was not held against it");
        return;
    };
    // A string that begins another answer makes one that ends too early, as it would on the wire.
    assert!(malformed.len() <= 1 && malformed.iter().all(|frame| frame.contains(":http")), "{malformed:?}");
    for filter in [
        "dhcp.option.hostname && dhcp.option.vendor_class_id && dhcp.fqdn.name",
        "snmp.name == 1.3.6.1.2.1.1.5.0 && snmp.name == 1.3.6.1.2.1.1.6.0",
        "dicom.pdu.type == 1 && dicom.userinfo.version",
        "dicom.pdu.type == 2 && dicom.userinfo.version",
        "http.request && http.user_agent",
        "http.response && http.server",
        "mdns && dns.ptr.domain_name && dns.srv.target && dns.txt && dns.a",
        "lldp.tlv.system.name && lldp.tlv.system.desc && lldp.port.desc && lldp.media.model",
    ] {
        assert_eq!(frames(filter).unwrap().len(), strings().len(), "{filter}");
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
    let known = cordon::knowledge::load(&[], None).unwrap();
    let mut said = BTreeMap::new();
    for line in std::fs::read_to_string(results.join("devices.jsonl")).unwrap().lines() {
        let device: Value = serde_json::from_str(line).unwrap();
        assert!(texts(&device).iter().all(|text| obeyed(text).is_none()), "{line}");
        // What `cordon why` prints; starting it for each device takes too long.
        let why = cordon::why::of_device(&device, &known);
        assert_eq!(obeyed(&why), None, "{why:?}");
        if let Some(mac) = device["interfaces"][0]["mac"].as_str() {
            said.insert(mac.to_owned(), (device["id"].as_str().unwrap().to_owned(), why));
        }
    }
    arrived(&senders, |sender, part| {
        // Values are told in quotes, with what quotes need.
        let quoted = format!("{part:?}");
        let (_, why) = &said[&sender.mac];
        why.contains(part) || why.contains(quoted.trim_matches('"'))
    });
    let why = |asked: &OsStr| plain(cordon(&["why".as_ref(), "--flows".as_ref(), results.as_ref(), asked]));
    for sender in senders.iter().step_by(senders.len() / STARTED) {
        let (id, in_process) = &said[&sender.mac];
        let printed = why(id.as_ref());
        assert!(in_process.lines().all(|line| printed.contains(line)), "{printed}\n{in_process}");
    }
    // Whoever asks for such a name is answered with it.
    for string in strings().iter().filter(|string| !string.contains(&0)).step_by(strings().len() / STARTED) {
        why(OsStr::from_bytes(&[b"x", &string[..]].concat()));
    }
}
