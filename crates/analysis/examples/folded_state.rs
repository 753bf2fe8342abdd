//! What the folded state of a large hospital costs: `cargo run --release -p analysis --example folded_state -- 10000 10`
//! folds so many devices with so many flows each, concludes, saves and restores, and prints times and sizes.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::arithmetic_side_effects)]

use std::path::Path;
use std::time::Instant;

use analysis::Analysis;
use analysis::knowledge::{Knowledge, Notation};
use analysis::prefixes::Prefixes;
use model::observation::{ConnectionState, FrameRef, Part, Side, Traffic};
use model::{Connection, Field, MacAddr, Messages, Observation, Timestamp};

static HOSTNAME: Field = Field::device("hostname");
static MANUFACTURER: Field = Field::device("manufacturer");
static MODEL: Field = Field::device("model");
static SERIAL: Field = Field::device("serial");
const APPLICATIONS: [&str; 4] = ["hl7", "dicom", "http", ""];
const SECOND: i64 = 1_000_000_000;

fn main() {
    let mut arguments = std::env::args().skip(1).map(|number| number.parse::<u32>().unwrap());
    let (devices, flows) = (arguments.next().unwrap_or(10_000), arguments.next().unwrap_or(10));
    let (knowledge, prefixes) = (knowledge(), Prefixes::default());
    let mut analysis = Analysis::new(&knowledge, &prefixes);
    let (mut observations, begun) = (0_u64, Instant::now());
    for number in 0..devices {
        observations += device(number, flows, &mut analysis);
    }
    report("fold", begun, &format!("{observations} observations"));
    for round in ["conclude", "conclude again"] {
        let begun = Instant::now();
        let inventory = analysis.conclude(&["live".into()]);
        let told = format!("{} devices, {} flows", inventory.devices.len(), inventory.flows.len());
        report(round, begun, &told);
        let turned_away: Vec<_> = inventory.counters.iter().filter(|(_, count)| **count > 0).collect();
        println!("{:16} {turned_away:?}", "");
    }
    let begun = Instant::now();
    let saved = analysis.save();
    report("save", begun, &format!("{} bytes, {} a device", saved.len(), saved.len() / devices.max(1) as usize));
    drop(analysis);
    let begun = Instant::now();
    let protocol = |name: &str| APPLICATIONS.into_iter().chain(["dhcp"]).find(|known| *known == name);
    let again = Analysis::restore(&knowledge, &prefixes, protocol, &saved).unwrap();
    report("restore", begun, "");
    assert!(again.save() == saved, "what was restored is something else");
}

fn report(what: &str, begun: Instant, told: &str) {
    let seconds = begun.elapsed().as_secs_f64();
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let memory = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1_024
    };
    println!("{what:16} {seconds:8.3} s  now {} MiB, peak {} MiB  {told}", memory("VmRSS:"), memory("VmHWM:"));
}

fn knowledge() -> Knowledge {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../knowledge");
    let folders = ["", "fingerprints"].iter().flat_map(|folder| std::fs::read_dir(root.join(folder)).unwrap());
    let paths =
        folders.map(|entry| entry.unwrap().path()).filter(|path| path.extension().is_some_and(|end| end == "toml"));
    let files: Vec<(String, String)> = paths
        .map(|path| {
            (path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned(), std::fs::read_to_string(&path).unwrap())
        })
        .collect();
    Knowledge::load(files.iter().map(|(name, text)| (name.as_str(), text.as_str())), Notation::Toml).unwrap()
}

/// Gives how many observations.
fn device(number: u32, flows: u32, analysis: &mut Analysis<'_>) -> u64 {
    let [_, a, b, c] = number.to_be_bytes();
    let (mac, ip) = (Some(MacAddr([0, 9, 0xfb, a, b, c])), Some([10, a, b, c].into()));
    let own = Side { mac, ip, port: Some(50_000) };
    let time = Timestamp(1_795_334_700 * SECOND + i64::from(number) * SECOND / 16);
    let frame = FrameRef { capture: 0, number: u64::from(number) * 40 + 1 };
    analysis.observe(&Observation::Sighting { time, frame, mac, ip, routed: false, addressed: true, vlan: Some(7) });
    let mut messages = Messages::new();
    messages.begin("dhcp", "request").str(&HOSTNAME, &format!("bed-{number}")).bound(
        mac.unwrap(),
        [10, a, b, c],
        Some(3_600),
    );
    messages
        .begin("hl7", "equipment")
        .str(&MANUFACTURER, "Philips")
        .str(&MODEL, ["MX400", "MX500", "MX700", "MX800"].get(number as usize % 4).unwrap())
        .str(&SERIAL, &format!("DE{number:08}"))
        .operated("ORU^R01");
    for message in messages.iter() {
        let connection = Some(u64::from(number) * u64::from(flows));
        let (sender, receiver) = (own, server(number % 50));
        analysis.observe(&Observation::Message {
            time,
            frame,
            connection,
            ip_protocol: 17,
            sender,
            receiver,
            vlan: Some(7),
            message,
        });
    }
    for flow in 0..flows {
        let connection = Connection {
            hours: Vec::new(),
            id: u64::from(number) * u64::from(flows) + u64::from(flow),
            start: time,
            end: Timestamp(time.0 + 90 * SECOND),
            first_frame: FrameRef { capture: 0, number: frame.number + u64::from(flow) },
            initiator: own,
            responder: server((number + flow) % 50),
            ip_protocol: 6,
            vlan: Some(7),
            sent: Traffic { packets: 20, bytes: 4_000 + u64::from(number % 999) },
            received: Traffic { packets: 18, bytes: 2_000 },
            part: Part::Whole,
            state: ConnectionState::Closed,
            application: APPLICATIONS.into_iter().cycle().nth(flow as usize).unwrap(),
            oriented: true,
        };
        analysis.observe(&Observation::Connection(&connection));
    }
    3 + u64::from(flows)
}

fn server(number: u32) -> Side {
    let low = number.to_be_bytes().last().copied().unwrap_or(0);
    Side { mac: Some(MacAddr([0, 0x50, 0x56, 0, 0, low])), ip: Some([10, 250, 250, low].into()), port: Some(2_575) }
}
