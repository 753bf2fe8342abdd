//! Captures and messages whose devices are known: nothing that is probable may contradict a label, and what could be said
//! when this was last measured has to be said still. The data lies beside the repository and is never part of it; without
//! it the tests say so and check nothing.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that meets the unexpected stops there"
)]

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;
use serde_json::Value;

#[path = "labelled/capture.rs"]
mod capture;
#[path = "labelled/messages.rs"]
mod messages;
#[path = "labelled/truth.rs"]
mod truth;

use capture::{Capture, Host, Said};
use truth::{Judge, Table, Truth};
use xtask::reference;

/// What `cordon analyze` writes of the devices in these captures. The command is run as such, for it prints.
fn analyzed(captures: &[PathBuf]) -> Vec<Value> {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("results");
    let mut command = Command::new(env!("CARGO_BIN_EXE_cordon"));
    command.arg("analyze").args(captures).arg("--out").arg(&out).stdout(Stdio::null());
    assert!(command.status().unwrap().success(), "{captures:?}");
    let lines = std::fs::read_to_string(out.join("devices.jsonl")).unwrap();
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The files of a folder with one of these endings, in order of name; a file stands for itself.
fn files(path: &Path, endings: &[&str]) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_path_buf()];
    }
    let entries = std::fs::read_dir(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|ending| endings.iter().any(|known| ending == *known)));
    files.sort();
    assert!(!files.is_empty(), "{}", path.display());
    files
}

fn name(path: &Path) -> String {
    path.file_stem().unwrap().to_string_lossy().into_owned()
}

fn captures(title: &str, table: &str, each: bool) {
    let Some(data) = reference::data() else { return };
    let table: Table = toml::from_str(table).unwrap();
    let mut judge = Judge::new();
    for case in &table.case {
        let path = data.join(&case.data);
        let files = files(&path, &["pcap"]);
        let runs: Vec<&[PathBuf]> = if each { files.chunks(1).collect() } else { vec![&files] };
        for run in runs {
            let devices = analyzed(run);
            for truth in &case.device {
                let at = truth.at.as_deref().unwrap();
                let name = if each { format!("{} {}", name(&path), name(&run[0])) } else { name(&path) };
                judge.device(&format!("{name} {}", &at[at.len() - 5..]), &devices, at, truth, None);
            }
        }
    }
    if each {
        // The rows of whole folders are printed by their own test; of single captures only what is wrong is of interest.
        judge.rows.clear();
        judge.conclude(title, &table.floor_single);
    } else {
        judge.conclude(title, &table.floor);
    }
}

#[test]
fn consumer_devices() {
    captures("consumer devices", include_str!("labelled/consumer.toml"), false);
}

#[test]
fn consumer_devices_by_single_captures() {
    captures("consumer devices, each capture alone", include_str!("labelled/consumer.toml"), true);
}

#[test]
fn medical_captures() {
    captures("medical captures", include_str!("labelled/medical.toml"), false);
}

/// A message and what is known of its sender and of whatever is behind the sender.
struct Sent {
    name: String,
    said: Vec<Said>,
    /// None: a datagram to a multicast group.
    port: Option<u16>,
    /// A conversation besides, in which it asks for its worklist.
    asks: Vec<Said>,
    sender: Truth,
    behind: Option<Truth>,
}

const WORKLIST_PORT: u16 = 11_113;

impl Sent {
    fn play(&self, capture: &mut Capture, client: Host, server: Host) {
        match (self.port, &self.said[..]) {
            (None, [Said::Client(bytes)]) => {
                let group = Host { mac: [1, 0, 0x5e, 0x7f, 0xff, 0xfa], ip: Ipv4Addr::new(239, 255, 255, 250) };
                capture.udp(client, group, (3702, 3702), bytes);
            }
            (port, said) => capture.tcp(client, server, port.unwrap(), said),
        }
        if !self.asks.is_empty() {
            capture.tcp(client, server, WORKLIST_PORT, &self.asks);
        }
    }
}

fn device_messages(data: &Path, table: &Table) -> Vec<Sent> {
    let mut sent = Vec::new();
    for case in &table.case {
        for path in files(&data.join(&case.data), &["hl7"]) {
            let bytes = std::fs::read(&path).unwrap();
            let (said, port) = if case.data.contains("astm") {
                (messages::astm(&bytes), Some(4_001))
            } else if case.data.contains("poct1a") {
                (messages::poct1a(&bytes), Some(3_001))
            } else if case.data.contains("sdc") {
                (vec![Said::Client(bytes)], None)
            } else {
                (messages::hl7(&bytes), Some(6_661))
            };
            let of = |behind| case.device.iter().find(|truth| truth.behind == behind).cloned();
            let (sender, behind) = (of(false).unwrap(), of(true));
            sent.push(Sent { name: name(&path), said, port, asks: Vec::new(), sender, behind });
        }
    }
    sent
}

/// Messages that stand in the table itself.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MadeUp {
    floor: BTreeMap<String, usize>,
    message: Vec<MadeUpMessage>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MadeUpMessage {
    name: String,
    protocol: String,
    /// Its segments or records.
    said: Vec<String>,
    device: Truth,
    behind: Option<Truth>,
}

impl From<MadeUpMessage> for Sent {
    fn from(message: MadeUpMessage) -> Self {
        let MadeUpMessage { name, protocol, said, device: sender, behind } = message;
        let bytes = said.join("\r").into_bytes();
        let (said, port) = match protocol.as_str() {
            "astm" => (messages::astm(&bytes), Some(4_001)),
            "poct1a" => (messages::poct1a(&bytes), Some(3_001)),
            "sdc" => (vec![Said::Client(bytes)], None),
            "hl7" => (messages::hl7(&bytes), Some(6_661)),
            other => panic!("{name}: no protocol {other}"),
        };
        Self { name, said, port, asks: Vec::new(), sender, behind }
    }
}

#[test]
fn made_up_messages_of_other_devices() {
    let table: MadeUp = toml::from_str(include_str!("labelled/made_up.toml")).unwrap();
    let sent: Vec<Sent> = table.message.into_iter().map(Sent::from).collect();
    senders("made-up messages", &sent, Place::Own, &table.floor);
    senders("made-up messages, foreign cards", &sent, Place::Foreign, &BTreeMap::new());
    senders("made-up messages, routed", &sent, Place::Routed, &BTreeMap::new());
}

/// The truth tables of DICOM headers.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Images {
    implementation: BTreeMap<String, Vec<String>>,
    manufacturer: BTreeMap<String, Vec<String>>,
    modality: BTreeMap<String, Vec<String>>,
    model: BTreeMap<String, Vec<String>>,
    floor: BTreeMap<String, usize>,
    /// The same where each asks for its worklist too.
    #[serde(default)]
    floor_worklist: BTreeMap<String, usize>,
}

fn headers(data: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(data.join("dicom-meta/dicom_device_labels.jsonl")).unwrap();
    let mut headers: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let key = |header: &Value| {
        ["manufacturer", "model", "modality", "impl_class_uid", "impl_version", "source_ae"]
            .map(|field| header[field].as_str().unwrap_or_default().to_owned())
    };
    headers.retain(|header| header["impl_class_uid"].is_string());
    headers.sort_by_key(key);
    headers.dedup_by_key(|header| key(header));
    headers
}

fn image_messages(data: &Path, tables: &Images, store: bool) -> Vec<Sent> {
    let sent = headers(data).into_iter().map(|header| {
        let text = |field: &str| header[field].as_str().unwrap_or_default();
        let written = tables.implementation.iter().find(|(uid, _)| text("impl_class_uid").starts_with(uid.as_str()));
        let mut vendor = written.map(|(_, vendors)| vendors.clone()).unwrap_or_default();
        let mut category = tables.model.get(text("model")).or_else(|| tables.modality.get(text("modality"))).cloned();
        let mut model = Vec::new();
        if store {
            vendor.extend(tables.manufacturer.get(text("manufacturer")).cloned().unwrap_or_default());
            model.extend(header["model"].as_str().map(str::to_owned));
            // GE's mammography systems write the version of their application behind the model (conformance statements).
            model.extend(text("model").split_once(" VERSION ADS_").map(|(model, _)| model.to_owned()));
        }
        category.get_or_insert_default().push("medical_system+".to_owned());
        let sender =
            Truth { vendor: Some(vendor), category, model: Some(model), serial: Some(Vec::new()), ..Truth::default() };
        let name = format!("{} {}", text("model"), text("impl_version"));
        let said = messages::dicom(&header, store, None);
        Sent { name, said, port: Some(11_112), asks: Vec::new(), sender, behind: None }
    });
    sent.collect()
}

/// Prefixes of makers of which none made any of the devices: a notebook, a printer, a firewall, a virtual machine.
const FOREIGN: [[u8; 3]; 4] = [[0xf0, 0x18, 0x98], [0x00, 0x80, 0x77], [0x00, 0x1b, 0x17], [0x00, 0x50, 0x56]];

/// Where the senders stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Each with a local hardware address: nothing is known but what it says.
    Own,
    /// Each with the hardware address of another maker.
    Foreign,
    /// All behind one router, whose hardware address all frames carry.
    Routed,
}

fn senders(title: &str, sent: &[Sent], place: Place, floor: &BTreeMap<String, usize>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("messages.pcap");
    let mut capture = Capture::new();
    let server = Host { mac: [2, 0, 0, 0xff, 0, 1], ip: Ipv4Addr::new(10, 20, 255, 1) };
    let hosts: Vec<Host> = (0_u8..u8::MAX)
        .map(|index| {
            let [a, b, c] = FOREIGN[usize::from(index) % FOREIGN.len()];
            match place {
                Place::Own => Host { mac: [2, 0, 0, 1, 0, index], ip: Ipv4Addr::new(10, 20, 0, index + 1) },
                Place::Foreign => Host { mac: [a, b, c, 1, 0, index], ip: Ipv4Addr::new(10, 20, 0, index + 1) },
                Place::Routed => Host { mac: [0x00, 0x00, 0x0c, 1, 2, 3], ip: Ipv4Addr::new(10, 30, index, 11) },
            }
        })
        .collect();
    for (sent, host) in sent.iter().zip(&hosts) {
        // A multicast datagram does not cross a router.
        if sent.port.is_some() || place != Place::Routed {
            sent.play(&mut capture, *host, server);
        }
    }
    capture.write(&path);
    let devices = analyzed(&[path]);
    let mut judge = Judge::new();
    for (sent, host) in sent.iter().zip(&hosts) {
        let mut truth = sent.sender.clone();
        if place == Place::Foreign && sent.sender.vendor.as_ref().is_none_or(Vec::is_empty) {
            // Nothing but the hardware address says who made it: the maker of the network card is as good as any.
            truth.vendor = None;
        }
        judge.device(&sent.name, &devices, &host.ip.to_string(), &truth, sent.behind.as_ref());
    }
    let system = Truth {
        category: Some(vec!["medical_system+".into(), "computer+".into()]),
        vendor: Some(Vec::new()),
        model: Some(Vec::new()),
        serial: Some(Vec::new()),
        ..Truth::default()
    };
    judge.device("the server", &devices, &server.ip.to_string(), &system, None);
    if place == Place::Routed {
        let router =
            Truth { category: Some(vec!["network_device+".into()]), vendor: Some(vec!["Cisco".into()]), ..system };
        judge.device("the router", &devices, "00:00:0c:01:02:03", &router, Some(&Truth::default()));
    }
    judge.conclude(title, floor);
}

#[test]
fn messages_of_devices() {
    let Some(data) = reference::data() else { return };
    let table: Table = toml::from_str(include_str!("labelled/messages.toml")).unwrap();
    senders("messages", &device_messages(&data, &table), Place::Own, &table.floor);
}

#[test]
fn messages_of_devices_with_foreign_cards() {
    let Some(data) = reference::data() else { return };
    let table: Table = toml::from_str(include_str!("labelled/messages.toml")).unwrap();
    senders("messages, foreign cards", &device_messages(&data, &table), Place::Foreign, &BTreeMap::new());
}

#[test]
fn messages_of_devices_behind_a_router() {
    let Some(data) = reference::data() else { return };
    let table: Table = toml::from_str(include_str!("labelled/messages.toml")).unwrap();
    senders("messages, routed", &device_messages(&data, &table), Place::Routed, &BTreeMap::new());
}

#[test]
fn associations_of_imaging_systems() {
    let Some(data) = reference::data() else { return };
    let tables: Images = toml::from_str(include_str!("labelled/images.toml")).unwrap();
    senders("associations", &image_messages(&data, &tables, false), Place::Own, &BTreeMap::new());
}

#[test]
fn images_of_imaging_systems() {
    let Some(data) = reference::data() else { return };
    let tables: Images = toml::from_str(include_str!("labelled/images.toml")).unwrap();
    let sent = image_messages(&data, &tables, true);
    senders("images", &sent, Place::Own, &tables.floor);
    senders("images, foreign cards", &sent, Place::Foreign, &BTreeMap::new());
    senders("images, routed", &sent, Place::Routed, &BTreeMap::new());
}

/// The images of each system that examines, and besides, on a connection of its own, a question for its worklist.
fn with_worklist(data: &Path, tables: &Images) -> Vec<Sent> {
    let mut sent = image_messages(data, tables, true);
    for (sent, header) in sent.iter_mut().zip(headers(data)) {
        if header["modality"].as_str().is_some_and(|modality| tables.modality.contains_key(modality)) {
            sent.asks = messages::worklist(&header);
        }
    }
    sent.retain(|sent| !sent.asks.is_empty());
    sent
}

#[test]
fn images_of_systems_that_ask_for_their_worklist() {
    let Some(data) = reference::data() else { return };
    let tables: Images = toml::from_str(include_str!("labelled/images.toml")).unwrap();
    let sent = with_worklist(&data, &tables);
    senders("images and worklist", &sent, Place::Own, &tables.floor_worklist);
    senders("images and worklist, foreign cards", &sent, Place::Foreign, &BTreeMap::new());
    senders("images and worklist, routed", &sent, Place::Routed, &BTreeMap::new());
}

/// Routers that correct what they pass on ask for the worklist as scanners do, but the images come from elsewhere.
#[test]
fn routers_that_ask_for_a_worklist_are_not_the_scanners_whose_images_they_pass_on() {
    let Some(data) = reference::data() else { return };
    let tables: Images = toml::from_str(include_str!("labelled/images.toml")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("routers.pcap");
    let mut capture = Capture::new();
    let host = |kind: u8, index: usize| {
        let index = u8::try_from(index + 1).unwrap();
        Host { mac: [2, 0, 0, kind, 0, index], ip: Ipv4Addr::new(10, 20, kind, index) }
    };
    let server = Host { mac: [2, 0, 0, 0xff, 0, 1], ip: Ipv4Addr::new(10, 20, 255, 1) };
    let sent = with_worklist(&data, &tables);
    for (index, sent) in sent.iter().enumerate() {
        let (scanner, router) = (host(1, index), host(2, index));
        capture.tcp(scanner, router, 11_112, &sent.said);
        sent.play(&mut capture, router, server);
    }
    capture.write(&path);
    let devices = analyzed(&[path]);
    let category = Some(vec!["medical_system+".to_owned(), "computer+".to_owned(), "medical_gateway".to_owned()]);
    let none = Some(Vec::new());
    let truth = Truth { category, model: none.clone(), serial: none, ..Truth::default() };
    let mut judge = Judge::new();
    for (index, sent) in sent.iter().enumerate() {
        judge.device(&format!("router of {}", sent.name), &devices, &host(2, index).ip.to_string(), &truth, None);
    }
    judge.conclude("routers that ask for a worklist", &BTreeMap::new());
}

/// What sends on the messages of others is none of the devices that wrote them: pairs of neighbours of different makers,
/// and one that sends on everything.
fn relayed(title: &str, sent: &[Sent]) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("relayed.pcap");
    let server = Host { mac: [2, 0, 0, 0xff, 0, 1], ip: Ipv4Addr::new(10, 20, 255, 1) };
    let relay = |index: usize| {
        let index = u8::try_from(index + 1).unwrap();
        Host { mac: [2, 0, 0, 2, 0, index], ip: Ipv4Addr::new(10, 20, 1, index) }
    };
    let all: Vec<&Sent> = sent.iter().collect();
    let pairs = sent.windows(2).filter(|pair| pair[0].sender.vendor != pair[1].sender.vendor);
    let mut groups: Vec<Vec<&Sent>> = pairs.map(|pair| pair.iter().collect()).collect();
    groups.push(all);
    let mut capture = Capture::new();
    for (index, group) in groups.iter().enumerate() {
        for sent in group {
            sent.play(&mut capture, relay(index), server);
        }
    }
    capture.write(&path);
    let devices = analyzed(&[path]);
    let truth = Truth {
        category: Some(vec!["medical_system+".into(), "computer+".into(), "medical_gateway".into()]),
        vendor: Some(Vec::new()),
        family: Some(Vec::new()),
        model: Some(Vec::new()),
        serial: Some(Vec::new()),
        ..Truth::default()
    };
    let mut judge = Judge::new();
    for (index, group) in groups.iter().enumerate() {
        let names: Vec<&str> = group.iter().take(2).map(|sent| sent.name.as_str()).collect();
        let name = format!("relay of {} {}", group.len(), names.join(" + "));
        judge.device(&name, &devices, &relay(index).ip.to_string(), &truth, Some(&Truth::default()));
    }
    judge.conclude(title, &BTreeMap::new());
}

#[test]
fn relays_are_not_the_devices_whose_messages_they_send_on() {
    let Some(data) = reference::data() else { return };
    let table: Table = toml::from_str(include_str!("labelled/messages.toml")).unwrap();
    let mut sent = device_messages(&data, &table);
    sent.retain(|sent| sent.port.is_some() && sent.sender.vendor.is_some());
    // Who sends on one message that names its maker and one that does not looks like the maker's device.
    sent.retain(|sent| !matches!(sent.name.as_str(), "hl7_comen_nc5_query" | "spotchem_el"));
    relayed("relays of messages", &sent);
}

#[test]
fn archives_are_not_the_devices_whose_images_they_send_on() {
    let Some(data) = reference::data() else { return };
    let tables: Images = toml::from_str(include_str!("labelled/images.toml")).unwrap();
    let mut sent = image_messages(&data, &tables, true);
    // Whatever the images say, one system sends them, with one implementation and one title.
    for (sent, header) in sent.iter_mut().zip(headers(&data)) {
        let archive = ("1.2.276.0.7230010.3.0.3.6.7", "OFFIS_DCMTK_367", "ARCHIVE1");
        sent.said = messages::dicom(&header, true, Some(archive));
    }
    relayed("relays of images", &sent);
}

/// The archive and the workstation of a scanner's maker send its images with that maker's software, and routers keep titles.
#[test]
fn software_and_title_of_a_scanner_do_not_make_one() {
    let Some(data) = reference::data() else { return };
    let software = |manufacturer: &str| match manufacturer.to_lowercase() {
        maker if maker.contains("philips") => Some(("1.3.46.670589.30.36.0", "PMS_ISP_9")),
        maker if maker.starts_with('g') => Some(("1.2.840.113619.6.283.4.679.905", "CENTRICITY_5")),
        maker if maker.contains("siemens") => Some(("1.3.12.2.1107.5.8.2", "SYNGO_VIA")),
        maker if maker.contains("toshiba") => Some(("1.2.392.200036.9116.2.1.1", "VITREA")),
        _ => None,
    };
    let passed_on = |header: Value| {
        let (class_uid, version) = software(header["manufacturer"].as_str()?)?;
        let title = format!("{}_FORWARD1", header["modality"].as_str().unwrap_or_default());
        let said = messages::dicom(&header, true, Some((class_uid, version, &title)));
        let category = Some(vec!["medical_system+".to_owned(), "computer+".to_owned(), "medical_gateway".to_owned()]);
        let sender = Truth { category, model: Some(Vec::new()), serial: Some(Vec::new()), ..Truth::default() };
        let name = format!("{} {version}", header["model"].as_str().unwrap_or_default());
        Some(Sent { name, said, port: Some(11_112), asks: Vec::new(), sender, behind: None })
    };
    let sent: Vec<Sent> = headers(&data).into_iter().filter_map(passed_on).collect();
    assert!(sent.len() >= 20, "{} images", sent.len());
    senders("images passed on by their maker's software", &sent, Place::Foreign, &BTreeMap::new());
}
