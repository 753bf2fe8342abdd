//! Our fields beside what suricata-verify expects of Suricata's events, for the protocols that both decode and for flows.
//!
//! Each filter of a test names values that one event holds. Of our messages (or connections), the one that fits best is
//! held against it, value by value; where nothing of the filter is left out, so is how many there are.
//! `agreement/suricata.tsv` explains each value that differs; `AGREEMENT_CAPTURE=part-of-a-name` narrows the comparison.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use std::collections::BTreeMap;

use model::Connection;
use model::observation::Side;
use sensor::community_id;
use serde_json::Value;

#[path = "agreement/captures.rs"]
#[allow(dead_code)]
mod captures;
#[path = "agreement/eve.rs"]
mod eve;
#[path = "agreement/oracle.rs"]
mod oracle;
#[path = "agreement/said.rs"]
#[allow(dead_code)]
mod said;
#[path = "agreement/suricata.rs"]
mod suricata;
#[path = "agreement/yaml.rs"]
mod yaml;

use eve::{From, Meaning, Term};
use oracle::{Compared, Explained, Outcome, Report};
use said::{Heard, Said};
use suricata::{Filter, Test};

/// Where the tests lie among the reference data.
const FOLDER: &str = "pcap-suricata-verify/OISF+suricata-verify";
/// Of all values, in hundredths.
const SHARE_MIN: usize = 97;
/// Events whose unit is a message; of the others it is a connection.
const SINGLE: &[&str] = &["arp", "dhcp", "dns", "mdns", "snmp"];
/// Events that can be counted: Suricata writes one for each unit.
const COUNTED: &[&str] = &["arp", "dhcp", "flow", "mdns", "snmp", "ssh", "tls"];

#[test]
fn fields_equal_suricatas() {
    let Some(folder) = xtask::reference::data() else { return };
    let only = std::env::var("AGREEMENT_CAPTURE").unwrap_or_default();
    let mut tests = suricata::all(&folder.join(FOLDER));
    assert!(!tests.is_empty(), "{FOLDER}: no tests there");
    tests.retain(|test| test.name.contains(&only));
    let mut report = Report::new("suricata-verify", Explained::new(include_str!("agreement/suricata.tsv")));
    for outcome in captures::in_parallel(&tests, compare) {
        report.add(outcome);
    }
    report.print();
    if only.is_empty() {
        report.check(SHARE_MIN);
    }
}

fn compare(test: &Test) -> Outcome {
    let mut outcome = Outcome::default();
    let is_ours = |filter: &Filter| protocol(filter).is_some();
    for filter in test.filters.iter().filter(|filter| !is_ours(filter)) {
        let event = if filter.event.is_empty() { "any event" } else { &filter.event };
        outcome.leave_out(&format!("{event}: about nothing that is decoded"));
    }
    if !test.filters.iter().any(is_ours) {
        return outcome;
    }
    let heard = said::hear(&test.capture);
    for filter in &test.filters {
        if let Some(what) = protocol(filter) {
            Comparison { test, filter, what, outcome: &mut outcome }.run(&heard);
        }
    }
    outcome
}

/// What a filter is about, if we decode it: an event of a protocol, a flow, or an alert that quotes a protocol's fields.
fn protocol(filter: &Filter) -> Option<&'static str> {
    let event = filter.event.as_str();
    if let Some(protocol) = eve::PROTOCOLS.iter().find(|protocol| **protocol == event) {
        return Some(protocol);
    }
    let quotes = |protocol: &&&str| filter.wanted.iter().any(|(name, _)| name.starts_with(&format!("{protocol}.")));
    match event {
        "flow" => Some("flow"),
        "alert" => eve::PROTOCOLS.iter().find(quotes).copied(),
        _ => None,
    }
}

/// What can be an event: messages, and the connection that they belong to.
struct Unit<'a> {
    said: Vec<&'a Said>,
    connection: Option<&'a Connection>,
}

impl Unit<'_> {
    fn values(&self, term: &Term, source: Option<&str>) -> Vec<String> {
        if let Some(value) = self.connection.and_then(|connection| of_connection(connection, term.field, source)) {
            return vec![value];
        }
        let is_meant = |said: &&&Said| {
            (term.kinds.is_empty() || term.kinds.contains(&said.kind))
                && match term.from {
                    From::Any => true,
                    From::Client => self.is_from_client(said),
                    From::Server => !self.is_from_client(said),
                }
        };
        let mut found = Vec::new();
        for said in self.said.iter().filter(is_meant) {
            match term.field {
                eve::KIND => found.push(said.kind.to_owned()),
                eve::OPERATION => found.extend(said.operation.clone()),
                field => found.extend(said.values(field).flat_map(|value| (term.read)(value))),
            }
        }
        found
    }

    fn is_from_client(&self, said: &Said) -> bool {
        self.connection.is_some_and(|connection| same(&connection.initiator, &said.sender))
    }

    /// Whether the values that say which event is meant hold.
    fn is_located(&self, filter: &Filter) -> bool {
        let side = |side: &Side, ip: Option<&str>, port: Option<u64>| {
            ip.is_none_or(|ip| side.ip.is_some_and(|it| it.to_string() == ip))
                && port.is_none_or(|port| side.port.is_some_and(|it| u64::from(it) == port))
        };
        let wanted = |name: &str| filter.wanted.iter().find(|(of, _)| of == name).map(|(_, value)| value);
        let (source, source_port) =
            (wanted("src_ip").and_then(Value::as_str), wanted("src_port").and_then(Value::as_u64));
        let (target, target_port) =
            (wanted("dest_ip").and_then(Value::as_str), wanted("dest_port").and_then(Value::as_u64));
        let fits = |from: &Side, to: &Side| side(from, source, source_port) && side(to, target, target_port);
        let vlan = wanted("vlan").map(|tags| tags.as_array().and_then(|tags| tags.last()).and_then(Value::as_u64));
        let proto = wanted("proto").and_then(Value::as_str);
        let number = |name: &str| match name {
            "TCP" => Some(6),
            "UDP" => Some(17),
            "ICMP" => Some(1),
            _ => None,
        };
        match (self.connection, self.said.first()) {
            (Some(connection), _) => {
                (fits(&connection.initiator, &connection.responder)
                    || fits(&connection.responder, &connection.initiator))
                    && vlan.is_none_or(|vlan| connection.vlan.map(u64::from) == vlan)
                    && proto.is_none_or(|proto| number(proto) == Some(connection.ip_protocol))
            }
            (None, Some(said)) => {
                let frame = wanted("pcap_cnt").and_then(Value::as_u64).filter(|_| filter.event != "alert");
                fits(&said.sender, &said.receiver) && frame.is_none_or(|frame| frame == said.frame)
            }
            (None, None) => false,
        }
    }
}

fn same(one: &Side, other: &Side) -> bool {
    (one.ip, one.port) == (other.ip, other.port)
}

/// What a connection itself says; `source` turns it round if it began on the other side.
fn of_connection(connection: &Connection, field: &str, source: Option<&str>) -> Option<String> {
    let initiator = connection.initiator.ip.map(|ip| ip.to_string());
    let is_turned = source.is_some_and(|source| initiator.as_deref() != Some(source));
    let (sent, received) = match is_turned {
        true => (connection.received, connection.sent),
        false => (connection.sent, connection.received),
    };
    Some(match field {
        eve::APPLICATION => connection.application.to_owned(),
        eve::PACKETS_SENT => sent.packets.to_string(),
        eve::PACKETS_RECEIVED => received.packets.to_string(),
        eve::BYTES_SENT => sent.bytes.to_string(),
        eve::BYTES_RECEIVED => received.bytes.to_string(),
        eve::COMMUNITY_ID => {
            let (from, to) = (&connection.initiator, &connection.responder);
            community_id::of(from.ip?, to.ip?, connection.ip_protocol, from.port.zip(to.port))
        }
        _ => return None,
    })
}

struct Comparison<'a> {
    test: &'a Test,
    filter: &'a Filter,
    what: &'static str,
    outcome: &'a mut Outcome,
}

impl Comparison<'_> {
    fn run(mut self, heard: &Heard) {
        let (terms, is_whole) = self.terms();
        let units = units(heard, self.what);
        let units: Vec<&Unit<'_>> = units.iter().filter(|unit| unit.is_located(self.filter)).collect();
        let source = self.filter.wanted.iter().find(|(name, _)| name == "src_ip").and_then(|(_, value)| value.as_str());
        let read =
            |unit: &Unit<'_>| -> Vec<Vec<String>> { terms.iter().map(|(_, term)| unit.values(term, source)).collect() };
        let fitting = |values: &Vec<Vec<String>>| {
            terms.iter().zip(values).filter(|((_, term), ours)| ours.contains(&term.theirs)).count()
        };
        let all: Vec<Vec<Vec<String>>> = units.iter().map(|unit| read(unit)).collect();
        let best = all.iter().rev().max_by_key(|values| fitting(values));
        for (index, (name, term)) in terms.iter().enumerate() {
            let ours = best.map(|values| values[index].clone()).unwrap_or_default();
            self.push(name, term.theirs.clone(), ours);
        }
        if is_whole && COUNTED.contains(&self.what) && self.filter.event == self.what {
            let count = all.iter().filter(|values| fitting(values) == terms.len()).count();
            self.push("(count)", self.filter.count.to_string(), vec![count.to_string()]);
        }
    }

    fn push(&mut self, key: &str, theirs: String, ours: Vec<String>) {
        let (what, place) = (self.what.to_owned(), self.test.name.clone());
        self.outcome.compared.push(Compared { what, place, key: key.to_owned(), theirs, ours });
    }

    /// What is compared, and whether nothing had to be left out.
    fn terms(&mut self) -> (Vec<(String, Term)>, bool) {
        let is_setup = self.filter.wanted.iter().any(|(name, value)| {
            name == "smb.command" && value.as_str().is_some_and(|command| command.contains("SESSION_SETUP"))
        });
        let (mut terms, mut is_whole) = (Vec::new(), true);
        for (name, value) in &self.filter.wanted {
            match eve::meaning(name, value, is_setup) {
                Meaning::Locates => {}
                Meaning::Means(_) if name == "community_id" && self.test.has_seed => {
                    is_whole = false;
                    self.outcome.leave_out("identifiers of flows with a seed, which ours have not");
                }
                Meaning::Means(told) => terms.extend(told.into_iter().map(|term| (name.clone(), term))),
                Meaning::LeftOut(why) => {
                    is_whole = false;
                    self.outcome.leave_out(&why);
                }
            }
        }
        (terms, is_whole)
    }
}

fn units<'a>(heard: &'a Heard, what: &str) -> Vec<Unit<'a>> {
    let connections = heard.by_id();
    if what == "flow" {
        return heard.connections.iter().map(|it| Unit { said: Vec::new(), connection: Some(it) }).collect();
    }
    let is_about = |said: &&Said| match (what, said.protocol) {
        // The hellos are TLS's, whatever carries them.
        ("quic", "tls") => said.ip_protocol == 17,
        ("tls", "tls") => said.ip_protocol == 6,
        (what, protocol) => eve::our_name(what) == protocol,
    };
    let said = heard.said.iter().filter(is_about);
    if SINGLE.contains(&what) {
        return said.map(|said| Unit { said: vec![said], connection: None }).collect();
    }
    let mut of_connections: BTreeMap<u64, Vec<&Said>> = BTreeMap::new();
    for said in said {
        of_connections.entry(said.connection.unwrap_or_default()).or_default().push(said);
    }
    let unit = |(id, said)| Unit { said, connection: connections.get(&id).copied() };
    of_connections.into_iter().map(unit).collect()
}
