//! Our fields and connections beside the logs that the tests of Zeek and of its packages for buildings and plants expect, for
//! the protocols that both decode.
//!
//! A row's values are looked for in what was said on its connection (of DHCP: about its client); each of ours is used once.
//! `agreement/zeek.tsv` explains each value that differs; `AGREEMENT_CAPTURE=part-of-a-name` narrows the comparison.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use std::collections::BTreeMap;
use std::net::SocketAddr;

use model::Connection;
use model::observation::Side;

#[path = "agreement/captures.rs"]
#[allow(dead_code)]
mod captures;
#[path = "agreement/logs.rs"]
mod logs;
#[path = "agreement/oracle.rs"]
mod oracle;
#[path = "agreement/said.rs"]
#[allow(dead_code)]
mod said;
#[path = "agreement/zeek.rs"]
mod zeek;

use logs::{Column, From, Kind};
use oracle::{Compared, Explained, Outcome, Report};
use said::{Heard, Said};
use zeek::{Baseline, Log, Row};

/// Where the tests lie among the reference data.
const FOLDER: &str = "pcap-zeek/zeek+zeek";
/// Where those of packages for buildings and plants lie.
const PACKAGES: &str = "pcap-ics";
/// Of all values, in hundredths.
const SHARE_MIN: usize = 97;
/// Of ours, so many are shown where none is theirs.
const SHOWN: usize = 6;

#[test]
fn fields_equal_zeeks() {
    let Some(folder) = xtask::reference::data() else { return };
    let only = std::env::var("AGREEMENT_CAPTURE").unwrap_or_default();
    let mut baselines = zeek::all(&folder.join(FOLDER));
    baselines.extend(zeek::of_packages(&folder.join(PACKAGES)));
    assert!(!baselines.is_empty(), "{FOLDER}: no tests there");
    baselines.retain(|baseline| baseline.name.contains(&only));
    let mut report = Report::new("Zeek baselines", Explained::new(include_str!("agreement/zeek.tsv")));
    for outcome in captures::in_parallel(&baselines, compare) {
        report.add(outcome);
    }
    report.print();
    if only.is_empty() {
        report.check(SHARE_MIN);
    }
}

fn compare(baseline: &Baseline) -> Outcome {
    let mut outcome = Outcome::default();
    let kinds = logs::all();
    let is_compared = |log: &&Log| log.kind == "conn" || kinds.iter().any(|kind| kind.name == log.kind);
    for log in baseline.logs.iter().filter(|log| !is_compared(log)) {
        for _ in &log.rows {
            outcome.leave_out(&format!("rows of {}.log, which is not compared", log.kind));
        }
    }
    if !baseline.logs.iter().any(|log| is_compared(&log)) {
        return outcome;
    }
    let mut heard = Heard::default();
    for part in baseline.traces.iter().map(|trace| said::hear(trace)) {
        heard.said.extend(part.said);
        heard.connections.extend(part.connections);
    }
    for log in &baseline.logs {
        if log.kind == "conn" {
            connections(baseline, log, &heard, &mut outcome);
        } else if let Some(kind) = kinds.iter().find(|kind| kind.name == log.kind) {
            Comparison::new(baseline, kind, &heard, &mut outcome).run(log);
        }
    }
    outcome
}

/// Both ends of a row's connection: who began, and who was asked.
fn ends(row: &Row) -> Option<(SocketAddr, SocketAddr)> {
    let end = |ip: &str, port: &str| Some(SocketAddr::new(row.get(ip)?.parse().ok()?, row.get(port)?.parse().ok()?));
    Some((end("id.orig_h", "id.orig_p")?, end("id.resp_h", "id.resp_p")?))
}

struct Comparison<'a> {
    baseline: &'a Baseline,
    kind: &'a Kind,
    heard: &'a Heard,
    /// What was said on each connection, and of each DHCP client.
    about: BTreeMap<String, Vec<&'a Said>>,
    /// Our values that are left, of each column and connection.
    used: BTreeMap<(usize, String), Vec<String>>,
    outcome: &'a mut Outcome,
}

impl<'a> Comparison<'a> {
    fn new(baseline: &'a Baseline, kind: &'a Kind, heard: &'a Heard, outcome: &'a mut Outcome) -> Self {
        let mut about: BTreeMap<String, Vec<&Said>> = BTreeMap::new();
        for said in heard.said.iter().filter(|said| kind.protocols.contains(&said.protocol)) {
            let key = match kind.name {
                "dhcp" => said.values("client_mac").next().cloned(),
                _ => said.ends().map(|ends| format!("{ends:?}")),
            };
            about.entry(key.unwrap_or_default()).or_default().push(said);
        }
        Self { baseline, kind, heard, about, used: BTreeMap::new(), outcome }
    }

    fn run(mut self, log: &Log) {
        for row in &log.rows {
            for name in self.kind.withheld.iter().filter(|name| row.contains_key(**name)) {
                self.outcome.leave_out(&format!("{}.{name}: withheld on purpose", self.kind.name));
            }
            let client = row.get("mac").filter(|_| self.kind.name == "dhcp");
            match (client, ends(row)) {
                (Some(mac), _) => self.row(row, mac, None),
                (None, Some((originator, responder))) => {
                    let both = (originator.min(responder), originator.max(responder));
                    self.row(row, &format!("{both:?}"), Some(originator));
                }
                (None, None) => self.outcome.leave_out(&format!("rows of {}.log that name no connection", log.kind)),
            }
        }
    }

    fn row(&mut self, row: &Row, about: &str, originator: Option<SocketAddr>) {
        let said = self.about.get(about).cloned().unwrap_or_default();
        if said.is_empty() && self.is_elsewhere(row) {
            return;
        }
        for (index, column) in self.kind.columns.iter().enumerate() {
            let Some(cell) = row.get(column.name) else { continue };
            if !column.when.iter().all(|(name, value)| row.get(*name).is_some_and(|cell| cell == value)) {
                continue;
            }
            let pool = self.used.entry((index, about.to_owned())).or_insert_with(|| values(&said, column, originator));
            let mut left = pool.clone();
            for theirs in (column.theirs)(cell) {
                let ours = match left.iter().position(|value| *value == theirs) {
                    Some(place) => vec![left.remove(place)],
                    None => left.iter().take(SHOWN).cloned().collect(),
                };
                self.outcome.compared.push(Compared {
                    what: self.kind.name.to_owned(),
                    place: self.baseline.name.clone(),
                    key: format!("{}.{}", self.kind.name, column.name),
                    theirs,
                    ours,
                });
            }
            *self.used.get_mut(&(index, about.to_owned())).unwrap() = left;
        }
    }

    /// What is carried by something that we do not look into: counted, and not compared.
    fn is_elsewhere(&mut self, row: &Row) -> bool {
        let Some((originator, responder)) = ends(row) else { return false };
        let both = Some((originator.min(responder), originator.max(responder)));
        let connection = self.heard.connections.iter().find(|it| said::ends(&it.initiator, &it.responder) == both);
        let why = match (self.kind.name, connection.map(|connection| connection.ip_protocol)) {
            (_, None) if self.heard.connections.is_empty() => "rows about a trace of a link that is not read (PPP)",
            ("ssl", Some(17)) => "ssl: over DTLS, which is not decoded",
            ("ntlm", _) => "ntlm: inside DCE/RPC or LDAP, which are not decoded",
            _ => return false,
        };
        self.outcome.leave_out(why);
        true
    }
}

/// All that we have in the place of a column.
fn values(said: &[&Said], column: &Column, originator: Option<SocketAddr>) -> Vec<String> {
    let is_meant = |said: &&&Said| {
        let sender = said.sender.ip.zip(said.sender.port).map(SocketAddr::from);
        (column.kinds.is_empty() || column.kinds.contains(&said.kind))
            && match column.from {
                From::Any => true,
                From::Originator => sender == originator,
                From::Responder => sender != originator,
            }
    };
    let mut found = Vec::new();
    for said in said.iter().filter(is_meant) {
        for field in column.fields {
            match *field {
                logs::KIND => found.push(said.kind.to_owned()),
                logs::SENDER => found.extend(said.sender.ip.map(|ip| ip.to_string())),
                logs::OPERATION => found.extend(said.operation.clone()),
                field => found.extend(said.values(field).flat_map(|value| (column.ours)(value))),
            }
        }
    }
    if column.is_count { vec![found.len().to_string()] } else { found }
}

/// Packets of each side by both ends and the protocol below, over all rows: where one connection ends and the next begins
/// between the same ports, is a matter of timeouts.
#[derive(Default)]
struct Flow<'a> {
    /// Who began, by the first row.
    originator: Option<SocketAddr>,
    packets: BTreeMap<SocketAddr, u64>,
    services: Vec<&'a str>,
}

/// Holds `conn.log` against our connections: who began, packets of each side, the protocol.
fn connections(baseline: &Baseline, log: &Log, heard: &Heard, outcome: &mut Outcome) {
    let mut flows: BTreeMap<(said::Ends, u8), Flow<'_>> = BTreeMap::new();
    for row in &log.rows {
        let Some((originator, responder)) = ends(row) else {
            outcome.leave_out("rows of conn.log that name no connection");
            continue;
        };
        let ip_protocol = match row.get("proto").map(String::as_str) {
            Some("tcp") => 6,
            Some("udp") => 17,
            _ => {
                outcome.leave_out("rows of conn.log about neither TCP nor UDP");
                continue;
            }
        };
        let both = (originator.min(responder), originator.max(responder));
        let flow = flows.entry((both, ip_protocol)).or_default();
        flow.originator.get_or_insert(originator);
        for (end, name) in [(originator, "orig_pkts"), (responder, "resp_pkts")] {
            if let Some(count) = row.get(name).and_then(|count| count.parse::<u64>().ok()) {
                *flow.packets.entry(end).or_default() += count;
            }
        }
        let services = row.get("service").map(String::as_str).unwrap_or_default().split(',');
        flow.services.extend(services.filter_map(|name| logs::service(name, ip_protocol == 6)));
    }
    for ((both, ip_protocol), flow) in flows {
        let is_it =
            |it: &&Connection| it.ip_protocol == ip_protocol && said::ends(&it.initiator, &it.responder) == Some(both);
        let ours: Vec<&Connection> = heard.connections.iter().filter(is_it).collect();
        compare_flow(baseline, &flow, &ours, outcome);
    }
}

fn compare_flow(baseline: &Baseline, flow: &Flow<'_>, ours: &[&Connection], outcome: &mut Outcome) {
    let mut push = |key: &str, theirs: String, ours: Vec<String>| {
        let (what, place) = ("conn".to_owned(), baseline.name.clone());
        outcome.compared.push(Compared { what, place, key: format!("conn.{key}"), theirs, ours });
    };
    let end = |side: &Side| side.ip.zip(side.port).map(SocketAddr::from);
    let first = ours.iter().min_by_key(|it| it.id).and_then(|it| end(&it.initiator));
    if let Some(originator) = flow.originator {
        push("originator", originator.to_string(), first.iter().map(SocketAddr::to_string).collect());
    }
    for (who, count) in &flow.packets {
        let sent = |it: &&Connection| if end(&it.initiator) == Some(*who) { it.sent } else { it.received };
        let sum: u64 = ours.iter().map(|it| sent(it).packets).sum();
        push("packets", count.to_string(), vec![sum.to_string()]);
    }
    // Of several protocols of one connection we name one.
    let named = flow.services.iter().find(|name| ours.iter().any(|it| it.application == **name));
    if let Some(service) = named.or(flow.services.first()) {
        push("service", (*service).to_owned(), ours.iter().map(|it| it.application.to_owned()).collect());
    }
}
