//! Decoded fields beside Wireshark's, on other people's captures: every field that both know, value by value.
//!
//! By default the smallest captures of each protocol are compared; `AGREEMENT=all` compares every capture there is.
//! `AGREEMENT_CAPTURE=part-of-a-name` and `AGREEMENT_PROTOCOL=name` narrow it and print each difference.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use std::process::Command;

#[path = "agreement/building.rs"]
mod building;
#[path = "agreement/captures.rs"]
mod captures;
#[path = "agreement/compare.rs"]
mod compare;
#[path = "agreement/databases.rs"]
mod databases;
#[path = "agreement/explained.rs"]
mod explained;
#[path = "agreement/industrial.rs"]
mod industrial;
#[path = "agreement/link.rs"]
mod link;
#[path = "agreement/management.rs"]
mod management;
#[path = "agreement/medical.rs"]
mod medical;
#[path = "agreement/normal.rs"]
mod normal;
#[path = "agreement/ours.rs"]
mod ours;
#[path = "agreement/pairings.rs"]
mod pairings;
#[path = "agreement/readers.rs"]
mod readers;
#[path = "agreement/records.rs"]
mod records;
#[path = "agreement/redundancy.rs"]
mod redundancy;
#[path = "agreement/report.rs"]
mod report;
#[path = "agreement/services.rs"]
mod services;
#[path = "agreement/theirs.rs"]
mod theirs;
#[path = "agreement/web.rs"]
mod web;
#[path = "agreement/windows.rs"]
mod windows;

use captures::{Budget, Captures, choose, in_parallel};
use explained::Explanation;
use report::Report;
use wire::protocols::ALL;

/// Wireshark has no dissector for these, and no capture of them is public.
static WITHOUT_DISSECTOR: &[&str] = &["astm", "carescape", "ieee11073", "intellivue", "medibus", "poct1a"];
/// None of the captures holds these.
static WITHOUT_CAPTURE: &[&str] = &["coap", "ipp", "lpd"];

/// The least share of values, in hundredths, that both sides have, whatever is explained.
static SHARES: &[(&str, f64)] = &[
    ("arp", 99.0),
    ("bacnet", 99.0),
    ("cdp", 99.0),
    ("dhcp", 99.0),
    ("dhcpv6", 98.5),
    ("dicom", 99.0),
    ("dns", 99.0),
    ("enip", 99.0),
    ("ftp", 99.0),
    // Fifteen local codes of one capture are withheld for their form.
    ("hl7", 80.0),
    // User agents are told in the grammar of RFC 9110: what stands outside it is left out.
    ("http", 84.5),
    ("hsrp", 99.0),
    ("igmp", 99.0),
    ("kerberos", 99.0),
    ("ldap", 99.0),
    ("lldp", 99.0),
    ("llmnr", 99.0),
    ("mdns", 99.0),
    // Of one capture that was damaged on purpose, other protocols claim what is left of some messages.
    ("modbus", 98.5),
    ("mqtt", 97.0),
    ("nbns", 98.5),
    ("ndp", 99.0),
    ("nfs", 99.0),
    ("ntp", 99.0),
    ("opcua", 95.0),
    ("pn_dcp", 99.0),
    ("pgsql", 99.0),
    ("portmap", 99.0),
    ("quic", 99.0),
    ("radius", 55.5),
    ("rdp", 76.0),
    // Two captures lack packets.
    ("s7comm", 95.0),
    ("rtsp", 99.0),
    ("sip", 99.0),
    ("smb", 93.0),
    ("smtp", 97.5),
    // One capture whose identifiers were damaged on purpose.
    ("snmp", 98.5),
    ("ssdp", 99.0),
    ("ssh", 97.5),
    ("stp", 99.0),
    ("stun", 96.0),
    ("syslog", 84.0),
    ("tds", 99.0),
    ("telnet", 99.0),
    ("tls", 96.0),
    ("vnc", 75.0),
    // Two damaged packets of twenty addresses each.
    ("vrrp", 94.0),
    ("wsd", 99.0),
];

#[test]
fn fields_equal_wiresharks() {
    let Some(captures) = Captures::find() else { return };
    if Command::new("tshark").arg("-v").output().is_err() {
        xtask::reference::skipped("tshark is not installed");
        return;
    }
    let wide = std::env::var("AGREEMENT").is_ok_and(|value| value == "all");
    let budget = match wide {
        true => Budget { captures_per_protocol: usize::MAX, bytes_per_protocol: u64::MAX, step: 1 },
        false => Budget { captures_per_protocol: 12, bytes_per_protocol: 1_000_000, step: 40 },
    };
    let readings = in_parallel(&captures.paths, |path| ours::read(path));
    let held: Vec<_> = readings.iter().map(ours::Reading::protocols).collect();
    let pairings = pairings::all();
    let mut chosen = choose(&captures.paths, &held, budget);
    if let Ok(part) = std::env::var("AGREEMENT_CAPTURE") {
        chosen = (0..captures.paths.len()).collect();
        chosen.retain(|index| captures.name(&captures.paths[*index]).contains(&part));
    }
    if let Ok(protocol) = std::env::var("AGREEMENT_PROTOCOL") {
        chosen.retain(|index| held[*index].contains(protocol.as_str()));
    }
    let outcomes = in_parallel(&chosen, |index| {
        let theirs = theirs::dissect(&captures.paths[*index], &pairings, &readings[*index].decode_as());
        compare::compare(&pairings, &readings[*index], &theirs)
    });
    let (mut report, explanations) = (Report::default(), Explanation::all());
    for (index, outcome) in chosen.iter().zip(&outcomes) {
        report.add(&pairings, &explanations, &captures.name(&captures.paths[*index]), outcome);
    }
    report.print();
    eprintln!("\nfields that Wireshark has under no name:");
    for (protocol, fields) in pairings::without_counterpart(&pairings) {
        eprintln!("{protocol:10} {}", fields.join(", "));
    }
    eprintln!("compared {} of {} captures", chosen.len(), captures.paths.len());
    if std::env::var_os("AGREEMENT_CAPTURE").is_none() && std::env::var_os("AGREEMENT_PROTOCOL").is_none() {
        check(&report);
    }
}

/// Every protocol is compared, agrees as far as is stated, and what is left is explained.
fn check(report: &Report) {
    for decoder in ALL {
        let name = decoder.name();
        if WITHOUT_DISSECTOR.contains(&name) || WITHOUT_CAPTURE.contains(&name) {
            continue;
        }
        let (_, least) =
            SHARES.iter().find(|(protocol, _)| *protocol == name).unwrap_or_else(|| panic!("{name}: no share"));
        let line = report.protocol(name);
        assert!(
            line.agreeing() > 0 && line.percent() >= *least,
            "{name}: {:.2} % of {}",
            line.percent(),
            line.compared()
        );
    }
    // Captures that nobody here has seen may hold differences that nobody has explained yet.
    let (unexplained, compared) = (report.unexplained(), report.compared());
    assert!(unexplained * 1_000 <= compared, "{unexplained} of {compared} values differ without an explanation");
}
