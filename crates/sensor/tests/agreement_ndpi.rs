//! Application labels beside those that nDPI's own tests expect, flow by flow, for the protocols that both know.
//!
//! `agreement/ndpi.tsv` explains each label that differs; `AGREEMENT_CAPTURE=part-of-a-name` narrows the comparison.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::Path;

use wire::protocols::ALL;
use xtask::scoreboard::{self, Rightness};

#[path = "agreement/captures.rs"]
#[allow(dead_code)]
mod captures;
#[path = "agreement/ndpi.rs"]
mod ndpi;
#[path = "agreement/ours.rs"]
#[allow(dead_code)]
mod ours;

use captures::{Captures, in_parallel};
use ndpi::{Flow, between};

/// A flow as nDPI's expectation has it.
#[derive(Debug)]
struct Expected {
    flow: Flow,
    /// The protocol that carries the others, as in `TLS` of `TLS.Amazon`.
    label: String,
    /// Whether the payload said so, rather than a port, an address or an earlier flow.
    by_payload: bool,
    /// nDPI found it inside a tunnel (`GTP:91/TLS`).
    tunnelled: bool,
}

/// What nDPI calls our protocols. One name can stand for several of ours.
static NAMES: &[(&str, &[&str])] = &[
    ("BACnet", &["bacnet"]),
    ("CLDAP", &["ldap"]),
    ("COAP", &["coap"]),
    ("DHCP", &["dhcp"]),
    ("DHCPV6", &["dhcpv6"]),
    ("DICOM", &["dicom"]),
    ("DNS", &["dns"]),
    ("EthernetIP", &["enip"]),
    ("FTP_CONTROL", &["ftp"]),
    ("HL7", &["hl7"]),
    ("HSRP", &["hsrp"]),
    ("HTTP", &["http"]),
    ("HTTP_Connect", &["http"]),
    ("HTTP_Proxy", &["http"]),
    ("IMAPS", &["tls"]),
    ("Kerberos", &["kerberos"]),
    ("LDAP", &["ldap"]),
    ("LLMNR", &["llmnr"]),
    ("MDNS", &["mdns"]),
    ("MQTT", &["mqtt"]),
    ("Modbus", &["modbus"]),
    ("MsSQL-TDS", &["tds"]),
    ("NFS", &["nfs", "portmap"]),
    ("NTP", &["ntp"]),
    ("NetBIOS", &["nbns", "smb"]),
    ("POPS", &["tls"]),
    ("OPC-UA", &["opcua"]),
    ("PostgreSQL", &["pgsql"]),
    ("QUIC", &["quic"]),
    ("RDP", &["rdp"]),
    ("Radius", &["radius"]),
    ("S7Comm", &["s7comm"]),
    ("RTSP", &["rtsp"]),
    ("SIP", &["sip"]),
    ("SMBv1", &["smb"]),
    ("SMBv23", &["smb"]),
    ("SMTP", &["smtp"]),
    ("SMTPS", &["tls", "smtp"]),
    ("SNMP", &["snmp"]),
    ("SSDP", &["ssdp"]),
    ("SSH", &["ssh"]),
    ("STUN", &["stun"]),
    ("Syslog", &["syslog"]),
    ("TLS", &["tls"]),
    ("Telnet", &["telnet"]),
    ("VNC", &["vnc"]),
    ("WSD", &["wsd"]),
];

/// What nDPI calls services that speak one of our protocols: it tells more, but nothing else.
static SERVICES: &[(&str, &str)] = &[
    ("AVASTSecureDNS", "dns"),
    ("DNScrypt", "dns"),
    ("FTPS", "ftp"),
    // They begin in a way of their own, and go on in TLS.
    ("MySQL", "tls"),
    ("NoMachine", "tls"),
    ("SOAP", "http"),
];

/// One line each: nDPI's label (`*` for all), ours (`-` for none, `unseen` where we see no flow, `*` for all), part of the capture's name (`*` for
/// all), the reason.
static EXPLAINED: &str = include_str!("agreement/ndpi.tsv");

/// Of the flows that either labels by the payload with a protocol that both know, in hundredths; captures that were
/// damaged on purpose aside.
const SHARE_MIN: usize = 96;
/// What stands for our label where we have no such flow.
const UNSEEN: &str = "(unseen)";
/// How nDPI names captures that it damaged byte by byte.
const DAMAGED: &str = "fuzz-";

#[test]
fn labels_equal_ndpis() {
    let Some(captures) = Captures::find() else { return };
    let only = std::env::var("AGREEMENT_CAPTURE").unwrap_or_default();
    let with_expectation = captures.paths.iter().filter_map(|path| {
        let name = captures.name(path);
        let expectation = expectation(path).filter(|_| name.contains(&only))?;
        Some((path, name, expectation))
    });
    let all: Vec<_> = with_expectation.collect();
    let outcomes = in_parallel(&all, |(path, name, expectation)| compare(path, name, expectation));
    let mut report = Report::default();
    outcomes.into_iter().for_each(|outcome| report.add(outcome));
    report.print();
    eprintln!("{} captures with an expectation", all.len());
    if only.is_empty() {
        report.check();
    }
}

fn expectation(path: &Path) -> Option<Vec<Expected>> {
    Some(ndpi::expectation(path)?.lines().filter_map(expected).collect())
}

/// A line such as `1 TCP 10.0.0.1:1234 <-> 10.0.0.2:443 [proto: 91.178/TLS.Amazon][…][Confidence: DPI]…`.
fn expected(line: &str) -> Option<Expected> {
    let flow = ndpi::flow(line)?;
    let (number, label) = between(line, "[proto: ", "]")?.split_once('/')?;
    let confidence = between(line, "[Confidence: ", "]")?;
    let label = label.split('.').next()?.to_owned();
    let by_payload = confidence.starts_with("DPI") && !confidence.contains("cache");
    Some(Expected { flow, label, by_payload, tunnelled: number.contains(':') })
}

/// A flow's labels: nDPI's, and ours.
type Labels = (String, &'static str);

#[derive(Default)]
struct Outcome {
    capture: String,
    /// How many flows got these labels.
    agreeing: BTreeMap<&'static str, usize>,
    /// Ours is another, or none; with an example.
    differing: BTreeMap<Labels, (usize, Flow)>,
    /// nDPI went by a port, an address or an earlier flow where we say nothing.
    guessed: usize,
    /// Flows inside tunnels that we do not unwrap.
    tunnelled: usize,
    /// Further flows that nDPI sees and we do not.
    unseen: BTreeMap<String, usize>,
}

fn compare(path: &Path, name: &str, expectation: &[Expected]) -> Outcome {
    let mut outcome = Outcome { capture: name.to_owned(), ..Outcome::default() };
    let mut labels: BTreeMap<Flow, BTreeSet<&'static str>> = BTreeMap::new();
    for connection in ours::read(path).connections {
        let (from, to) = (&connection.initiator, &connection.responder);
        let (Some(a), Some(b)) = (from.ip.zip(from.port), to.ip.zip(to.port)) else { continue };
        let (a, b) = (SocketAddr::from(a), SocketAddr::from(b));
        let known = labels.entry((a.min(b), a.max(b), connection.ip_protocol)).or_default();
        known.extend(Some(connection.application).filter(|label| !label.is_empty()));
    }
    for Expected { flow, label, by_payload, tunnelled } in expectation {
        let wanted = NAMES.iter().find(|(name, _)| name == label).map_or(&[][..], |(_, ours)| ours);
        let both_know = wanted.iter().any(|name| ALL.iter().any(|decoder| decoder.name() == *name));
        let Some(ours) = labels.get(flow) else {
            outcome.tunnelled += usize::from(both_know && *tunnelled);
            if both_know && !tunnelled && explain(label, UNSEEN, name).is_none() {
                *outcome.unseen.entry(label.clone()).or_default() += 1;
            }
            continue;
        };
        if let Some(agreed) = wanted.iter().find(|name| ours.contains(*name)) {
            *outcome.agreeing.entry(agreed).or_default() += 1;
        } else if let Some((_, agreed)) = SERVICES.iter().find(|(name, agreed)| name == label && ours.contains(agreed))
        {
            *outcome.agreeing.entry(agreed).or_default() += 1;
        } else if ours.is_empty() && !both_know {
            // Neither a protocol of ours nor taken for one.
        } else if ours.is_empty() && !by_payload {
            outcome.guessed += 1;
        } else {
            let ours = ours.first().copied().unwrap_or("-");
            outcome.differing.entry((label.clone(), ours)).or_insert((0, *flow)).0 += 1;
        }
    }
    outcome
}

#[derive(Default)]
struct Report {
    agreeing: BTreeMap<&'static str, usize>,
    differing: BTreeMap<Labels, usize>,
    reasons: BTreeMap<&'static str, usize>,
    open: Vec<String>,
    guessed: usize,
    tunnelled: usize,
    damaged: usize,
    unseen: BTreeMap<String, usize>,
}

impl Report {
    fn add(&mut self, outcome: Outcome) {
        for (label, count) in outcome.agreeing {
            *self.agreeing.entry(label).or_default() += count;
        }
        for ((theirs, ours), (count, flow)) in outcome.differing {
            match explain(&theirs, ours, &outcome.capture) {
                Some(reason) => *self.reasons.entry(reason).or_default() += count,
                None => self.open.push(format!("{} x{count}: nDPI {theirs}, ours {ours}: {flow:?}", outcome.capture)),
            }
            if outcome.capture.contains(DAMAGED) {
                self.damaged += count;
            } else {
                *self.differing.entry((theirs, ours)).or_default() += count;
            }
        }
        for (label, count) in outcome.unseen {
            if let Some(reason) = explain(&label, "unseen", &outcome.capture) {
                *self.reasons.entry(reason).or_default() += count;
                continue;
            }
            *self.unseen.entry(format!("{label} in {}", outcome.capture)).or_default() += count;
        }
        self.guessed += outcome.guessed;
        self.tunnelled += outcome.tunnelled;
    }

    fn print(&self) {
        eprintln!("{:12} {:>7}", "ours", "flows");
        for (label, count) in &self.agreeing {
            eprintln!("{label:12} {count:7}");
        }
        eprintln!("\n{:20} {:12} {:>7}", "nDPI", "ours", "flows");
        for ((theirs, ours), count) in &self.differing {
            eprintln!("{theirs:20} {ours:12} {count:7}");
        }
        eprintln!("\nexplained differences:");
        for (reason, count) in &self.reasons {
            eprintln!("{count:7} {reason}");
        }
        eprintln!("{:7} nDPI goes by a port, an address or an earlier flow; we say nothing", self.guessed);
        eprintln!("{:7} flows inside tunnels that are not unwrapped (GTP, CAPWAP)", self.tunnelled);
        for (what, count) in &self.unseen {
            eprintln!("{count:7} flows that we do not see: {what}");
        }
        for line in &self.open {
            eprintln!("UNEXPLAINED {line}");
        }
    }

    fn check(&self) {
        let agreeing: usize = self.agreeing.values().sum();
        let compared = agreeing + self.differing.values().sum::<usize>();
        eprintln!("{agreeing} of {compared} flows agree");
        let found = Rightness { of: compared, right: agreeing, ..Rightness::default() };
        scoreboard::record("nDPI", "application of a flow", found);
        assert!(agreeing > 0 && agreeing * 100 >= compared * SHARE_MIN, "{agreeing} of {compared}");
        assert!(self.unseen.is_empty(), "flows that we do not see: {:#?}", self.unseen);
        assert!(self.open.is_empty(), "explain in agreement/ndpi.tsv: {:#?}", self.open);
    }
}

fn explain(theirs: &str, ours: &str, capture: &str) -> Option<&'static str> {
    let lines = EXPLAINED.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.split('\t').collect::<Vec<&str>>()).find_map(|columns| {
        let [of, as_ours, part, reason] = columns[..] else { panic!("four columns: {columns:?}") };
        let fits = (of == "*" || of == theirs)
            && (as_ours == "*" || as_ours == ours)
            && (part == "*" || capture.contains(part));
        fits.then_some(reason)
    })
}
