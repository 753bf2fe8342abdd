//! Who is who, from frames to files: made-up addresses, the same address on two VLANs, forged claims, public addresses
//! inside, devices that others name by their hardware address, and that every device that a row names has a row.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use serde_json::Value;

#[path = "identity/capture.rs"]
mod capture;

use capture::{Capture, Host, host, routed};

fn analyzed(made: &Capture, further: &[&str]) -> Results {
    let folder = tempfile::tempdir().unwrap();
    let (capture, out) = (folder.path().join("capture.pcap"), folder.path().join("results"));
    std::fs::write(&capture, &made.bytes).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_cordon"));
    let output = command.arg("analyze").arg(&capture).arg("--out").arg(&out).args(further).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let results = Results::read(&out);
    results.every_device_named_has_a_row();
    results
}

struct Results {
    devices: BTreeMap<String, Value>,
    flows: Vec<Value>,
    weaknesses: Vec<Value>,
    connections: Vec<Value>,
    manifest: Value,
}

impl Results {
    fn read(folder: &Path) -> Self {
        let rows = |name: &str| -> Vec<Value> {
            let text = std::fs::read_to_string(folder.join(name)).unwrap();
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
        };
        Self {
            devices: rows("devices.jsonl").into_iter().map(|row| (text(&row, "id").to_owned(), row)).collect(),
            flows: rows("flows.jsonl"),
            weaknesses: rows("weaknesses.jsonl"),
            connections: rows("connections.jsonl"),
            manifest: serde_json::from_str(&std::fs::read_to_string(folder.join("manifest.json")).unwrap()).unwrap(),
        }
    }

    fn ids(&self) -> BTreeSet<&str> {
        self.devices.keys().map(String::as_str).collect()
    }

    fn every_device_named_has_a_row(&self) {
        let behind = self.devices.values().map(|row| text(row, "behind"));
        let ends = self.flows.iter().flat_map(|row| [text(row, "from"), text(row, "to")]);
        let weak = self.weaknesses.iter().flat_map(|row| [text(row, "device"), text(row, "peer")]);
        let sides =
            self.connections.iter().flat_map(|row| ["initiator_device", "responder_device"].map(|end| text(row, end)));
        for id in behind.chain(ends).chain(weak).chain(sides) {
            let is_device = id.starts_with("mac-") || id.starts_with("ip-");
            assert!(!is_device || self.devices.contains_key(id), "{id} has no row");
        }
    }

    fn conflicts(&self, id: &str) -> Vec<&str> {
        self.devices[id]["conflicts"].as_array().unwrap().iter().map(|conflict| text(conflict, "text")).collect()
    }

    fn is_gateway(&self, id: &str) -> bool {
        self.devices[id]["gateway"] == true
    }
}

fn text<'a>(row: &'a Value, name: &str) -> &'a str {
    row[name].as_str().unwrap_or_default()
}

const SERVER: Host = host(9, [10, 0, 0, 9]);

#[test]
fn one_pair_of_addresses_and_ports_on_two_vlans_is_four_devices() {
    let mut capture = Capture::new();
    for (vlan, macs) in [(10, [1, 91]), (20, [3, 93])] {
        capture.vlan = Some(vlan);
        let [device, server] = [host(macs[0], [10, 0, 0, 5]), host(macs[1], [10, 0, 0, 90])];
        for _ in 0..5 {
            // Both ports are 9999.
            capture.datagram(device, server, 9_999);
            capture.datagram(server, device, 9_999);
        }
    }
    let results = analyzed(&capture, &[]);
    let macs = ["mac-0009fb000001", "mac-0009fb000003", "mac-0009fb00005b", "mac-0009fb00005d"];
    assert_eq!(results.ids(), macs.into());
    assert_eq!((results.connections.len(), results.flows.len()), (2, 2));
    assert!(macs.iter().all(|id| results.conflicts(id).is_empty()));
}

#[test]
fn who_takes_over_a_connection_has_a_row() {
    let mut capture = Capture::new();
    for number in 0..30 {
        capture.datagram(host(if number < 10 { 7 } else { 66 }, [10, 0, 0, 5]), SERVER, 4_000);
    }
    let results = analyzed(&capture, &[]);
    assert_eq!(results.ids(), ["mac-0009fb000007", "mac-0009fb000042"].into());
    assert_eq!(results.connections.len(), 1);
}

#[test]
fn two_that_talk_with_one_address_are_a_conflict() {
    for claim in [false, true] {
        let mut capture = Capture::new();
        let both = [host(7, [10, 0, 0, 5]), host(66, [10, 0, 0, 5])];
        both.iter().filter(|_| claim).for_each(|one| capture.claims(*one, None));
        for minute in 0..60 {
            capture.tells(SERVER, both[usize::from(minute % 2 == 0)], (4_000 + minute, 8_080), b"x");
            capture.wait(60);
        }
        let results = analyzed(&capture, &[]);
        for id in ["mac-0009fb000007", "mac-0009fb000042"] {
            let text = "10.0.0.5 is claimed or used by 2 hardware addresses at the same time";
            assert_eq!(results.conflicts(id), [text]);
        }
    }
}

#[test]
fn who_answers_from_another_card_is_no_conflict() {
    let mut capture = Capture::new();
    let (claimed, sending) = (host(7, [10, 0, 0, 5]), host(66, [10, 0, 0, 5]));
    for port in 4_000..4_020 {
        capture.claims(claimed, None);
        // What goes to one hardware address is answered from the other.
        capture.datagram(SERVER, claimed, port);
        let payload = [&[0x27, 0x0f][..], &port.to_be_bytes(), &[0, 13, 0, 0], b"hello"].concat();
        capture.packet(sending, SERVER, 17, &payload);
        capture.wait(30);
    }
    let results = analyzed(&capture, &[]);
    assert!(results.devices.keys().all(|id| results.conflicts(id).is_empty()));
}

#[test]
fn a_connection_that_lasts_shows_who_holds_its_address() {
    let mut capture = Capture::new();
    let (victim, forger) = (host(7, [10, 0, 0, 5]), host(66, [10, 0, 0, 5]));
    for _ in 0..20 {
        capture.datagram(victim, SERVER, 4_000);
        capture.datagram(SERVER, victim, 9_999);
        capture.datagram(victim, SERVER, 9_999);
        capture.wait(120);
        capture.claims(forger, None);
    }
    let results = analyzed(&capture, &[]);
    for id in ["mac-0009fb000007", "mac-0009fb000042"] {
        assert_eq!(results.conflicts(id).len(), 1);
    }
}

#[test]
fn whoever_poisons_its_neighbours_is_no_gateway() {
    let mut capture = Capture::new();
    let victims: Vec<Host> = (10..18).map(|last| host(last, [10, 0, 0, last])).collect();
    let router = host(2, [10, 0, 0, 1]);
    victims.iter().for_each(|victim| capture.claims(*victim, None));
    capture.claims(router, None);
    for round in 0..10 {
        for victim in &victims {
            capture.claims(Host { mac: 66, ..router }, None);
            capture.claims(Host { mac: 66, ..*victim }, None);
        }
        for victim in &victims {
            let port = 4_000 + 100 * round + u16::from(victim.mac);
            capture.tells(*victim, routed(66, [10, 20, 0, 9]), (port, 8_080), b"x");
        }
        capture.wait(2);
    }
    let results = analyzed(&capture, &[]);
    assert!(!results.is_gateway("mac-0009fb000042"));
    assert_eq!(results.conflicts("mac-0009fb000042").len(), 9);
    for victim in victims.iter().chain([&router]) {
        assert_eq!(results.conflicts(&format!("mac-0009fb0000{:02x}", victim.mac)).len(), 1);
    }
    assert!(results.ids().contains("ip-10.20.0.9"));
}

#[test]
fn devices_whose_identities_are_nearly_alike_have_rows_of_their_own() {
    let mut capture = Capture::new();
    for (port, device) in (4_000..).zip(["pump-1", "pump--1", "pump---1"]) {
        capture.tells(host(1, [10, 0, 0, 5]), SERVER, (port, 2_575), &message(device));
    }
    let results = analyzed(&capture, &[]);
    assert_eq!(results.devices.values().filter(|row| row["behind"] == "mac-0009fb000001").count(), 3);
}

/// HL7 v2.6 that names the device behind an observation (OBX-18).
fn message(device: &str) -> Vec<u8> {
    let text = "MSH|^~\\&|APP|F|R|F|2023||ORU^R01|1|P|2.6\rOBX|1|NM|1^a|1|1||||||F|||||||";
    format!("\x0b{text}{device}^^0009FB0000000001^EUI-64\r\x1c\r").into_bytes()
}

#[test]
fn who_makes_up_addresses_is_one_device() {
    let mut capture = Capture::new();
    let sender = host(1, [10, 0, 0, 5]);
    capture.claims(sender, None);
    for number in 0..50 {
        capture.datagram(host(1, [10, 5, 0, number]), SERVER, 4_000 + u16::from(number));
    }
    let results = analyzed(&capture, &[]);
    assert_eq!(results.ids(), ["mac-0009fb000001"].into());
    assert!(!results.is_gateway("mac-0009fb000001"));
    assert_eq!(results.conflicts("mac-0009fb000001"), ["00:09:fb:00:00:01 sends with 50 made-up source addresses"]);
    assert_eq!(results.flows.len(), 1);
    assert_eq!(results.manifest["counters"]["made_up_addresses"], 50);
}

#[test]
fn a_server_of_many_addresses_is_no_gateway() {
    let mut capture = Capture::new();
    let addresses: Vec<Host> = (20..32).map(|last| host(1, [10, 0, 0, last])).collect();
    for _ in 0..2 {
        addresses.iter().for_each(|address| capture.claims(*address, None));
    }
    for (port, address) in (4_000..).zip(&addresses) {
        capture.tells(SERVER, *address, (port, 8_080), b"x");
    }
    let results = analyzed(&capture, &[]);
    assert_eq!(results.ids(), ["mac-0009fb000001", "mac-0009fb000009"].into());
    assert!(!results.is_gateway("mac-0009fb000001"));
    let interfaces = results.devices["mac-0009fb000001"]["interfaces"].as_array().unwrap();
    assert_eq!(interfaces[0]["addresses"].as_array().unwrap().len(), 12);
}

#[test]
fn one_address_on_two_vlans_is_no_conflict_and_on_one_it_is() {
    let claims = |vlans: [u8; 2]| {
        let mut capture = Capture::new();
        for _ in 0..3 {
            capture.claims(host(1, [192, 168, 0, 5]), Some(vlans[0]));
            capture.claims(host(2, [192, 168, 0, 5]), Some(vlans[1]));
        }
        let results = analyzed(&capture, &[]);
        ["mac-0009fb000001", "mac-0009fb000002"].map(|id| results.conflicts(id).len())
    };
    assert_eq!(claims([10, 20]), [0, 0]);
    assert_eq!(claims([10, 10]), [1, 1]);
}

#[test]
fn a_forged_announcement_takes_nothing_from_behind_a_router() {
    let mut capture = Capture::new();
    let victim = routed(2, [10, 7, 0, 9]);
    capture.claims(host(5, victim.ip), None);
    capture.claims(host(2, [10, 0, 0, 1]), None);
    for port in 4_000..4_005 {
        capture.tells(victim, SERVER, (port, 8_080), b"x");
    }
    let results = analyzed(&capture, &[]);
    assert!(results.is_gateway("mac-0009fb000002"));
    assert!(results.flows.iter().all(|flow| text(flow, "from") == "ip-10.7.0.9"));
    assert_eq!(results.conflicts("ip-10.7.0.9").len(), 1);
}

#[test]
fn public_addresses_are_devices_where_they_are_inside() {
    let mut capture = Capture::new();
    let (router, server) = (host(2, [198, 51, 100, 1]), host(1, [198, 51, 100, 9]));
    let scanner = routed(2, [203, 0, 113, 7]);
    capture.claims(router, None);
    capture.claims(server, None);
    let request = b"GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Basic dTpw\r\n\r\n";
    capture.tells(scanner, server, (4_000, 80), request);
    capture.tells(server, scanner, (4_001, 80), request);
    let results = analyzed(&capture, &[]);
    assert_eq!(results.ids(), ["mac-0009fb000001", "mac-0009fb000002"].into());
    assert!(results.weaknesses.iter().any(|row| text(row, "device") == "external:203.0.113.7"));
    assert_eq!(results.manifest["inside"]["found"], serde_json::json!(["198.51.100.0/24"]));
    let results = analyzed(&capture, &["--inside", "203.0.113.0/24", "--inside", "2001:db8::/32"]);
    assert!(results.ids().contains("ip-203.0.113.7"));
    assert!(results.flows.iter().all(|flow| flow["scope"] == "east_west"));
    assert_eq!(results.manifest["inside"]["named"], serde_json::json!(["203.0.113.0/24", "2001:db8::/32"]));
}

#[test]
fn who_speaks_for_devices_from_outside_has_a_row() {
    let mut capture = Capture::new();
    let server = host(1, [10, 0, 0, 9]);
    capture.claims(server, None);
    for (last, port, device) in [(1, 4_000, "PUMP1"), (2, 4_001, "PUMPA"), (2, 4_002, "PUMPB")] {
        capture.tells(routed(2, [203, 0, 113, last]), server, (port, 2_575), &message(device));
    }
    let results = analyzed(&capture, &[]);
    assert_eq!(results.devices.values().filter(|row| row["behind"] == "ip-203.0.113.2").count(), 2);
    assert!(results.ids().contains("ip-203.0.113.2"));
    assert!(results.flows.iter().all(|flow| flow["scope"] == "external"));
}

/// The EUI-64 of a hardware address here.
fn identifier(last: u8) -> String {
    format!("0009FBFFFE0000{last:02X}")
}

/// A monitor's vital signs (IHE PCD-01) by a sender of that name, of equipment of that name.
fn vital_signs(sender: &str, equipment: &str) -> Vec<u8> {
    let rows = [(147_842, "MDC_ECG_HEART_RATE"), (150_456, "MDC_PULS_OXIM_SAT_O2"), (151_562, "MDC_RESP_RATE")];
    let mut text = format!(
        "\x0bMSH|^~\\&|{sender}|SITE|ENGINE|IT|20260102||ORU^R01^ORU_R01|1|P|2.6\rOBR|1|||1^X\r\
         OBX|1||69965^MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS^MDC|1.0.0.0|||||||X|||||||{equipment}\r"
    );
    for (row, (code, name)) in (2..).zip(rows) {
        text.push_str(&format!("OBX|{row}|NM|{code}^{name}^MDC|1.1.1.{row}|1||||||R|||||||{equipment}\r"));
    }
    (text + "\x1c\r").into_bytes()
}

fn said<'a>(results: &'a Results, id: &str, attribute: &str) -> Option<&'a str> {
    results.devices[id]["attributes"][attribute]["value"].as_str()
}

fn roles(results: &Results, id: &str) -> BTreeSet<String> {
    let roles = results.devices[id]["roles"].as_array().unwrap();
    roles.iter().map(|role| text(role, "role").to_owned()).collect()
}

const MONITOR: Host = host(0x21, [10, 0, 0, 0x21]);
const GATEWAY: Host = host(0x30, [10, 0, 0, 0x30]);

/// A monitor that shows nothing of itself, and what others say.
fn with_silent_monitor(told: &[(Host, Vec<u8>)]) -> Results {
    let mut capture = Capture::new();
    for station in [MONITOR, GATEWAY, SERVER] {
        capture.claims(station, None);
    }
    capture.datagram(MONITOR, SERVER, 7_000);
    for (port, (by, message)) in (4_000..).zip(told) {
        capture.tells(*by, SERVER, (port, 6_661), message);
    }
    analyzed(&capture, &[])
}

#[test]
fn a_monitor_that_a_gateway_names_by_its_card_is_the_one_on_the_link() {
    // No maker is named; the card alone tells that.
    let report = vital_signs("GATEWAY", &format!("{}^MONITOR", identifier(0x21)));
    let results = with_silent_monitor(&[(GATEWAY, report)]);
    assert!(results.devices.values().all(|row| row["behind"].is_null()), "{:?}", results.ids());
    assert_eq!(said(&results, "mac-0009fb000021", "category"), Some("patient_monitor"));
    let category = &results.devices["mac-0009fb000021"]["attributes"]["category"];
    assert_eq!(text(category, "state"), "tentative", "whoever speaks may name any address");
    let is_by = |also: &Value| text(also, "field") == "reported_by" && text(also, "value") == "mac-0009fb000030";
    let by = |piece: &Value| piece["also"].as_array().is_some_and(|also| also.iter().any(is_by));
    assert!(category["evidence"].as_array().unwrap().iter().any(by), "by whom it was reported");
    assert!(results.conflicts("mac-0009fb000021").is_empty());
    assert!(roles(&results, "mac-0009fb000030").contains("medical_gateway"));
    assert_ne!(said(&results, "mac-0009fb000030", "category"), Some("patient_monitor"));
}

#[test]
fn a_monitor_that_names_its_own_card_is_no_gateway() {
    let own = identifier(0x21);
    for equipment in [format!("{own}^MONITOR"), format!("SN-1234^MAKER^{own}^EUI-64")] {
        let results = with_silent_monitor(&[(MONITOR, vital_signs(&format!("VSP^{own}^EUI-64"), &equipment))]);
        assert!(results.devices.values().all(|row| row["behind"].is_null()), "{:?}", results.ids());
        assert_eq!(said(&results, "mac-0009fb000021", "category"), Some("patient_monitor"));
        assert_eq!(text(&results.devices["mac-0009fb000021"]["attributes"]["category"], "state"), "probable");
        assert_eq!(roles(&results, "mac-0009fb000021"), ["hl7_sender".to_owned()].into());
    }
}

#[test]
fn whoever_names_anothers_card_neither_becomes_that_device_nor_renames_it_silently() {
    let victim = identifier(0x21);
    for sender in ["GATEWAY".to_owned(), format!("VSP^{victim}^EUI-64")] {
        let forged = vital_signs(&sender, &format!("{victim}^B650_GE"));
        let results = with_silent_monitor(&[(GATEWAY, forged)]);
        // The card is Philips's: of what is reported nothing is stated but that it contradicts.
        for attribute in ["model", "family"] {
            assert_eq!(said(&results, "mac-0009fb000021", attribute), None, "{attribute}");
        }
        assert_ne!(said(&results, "mac-0009fb000021", "vendor"), Some("GE HealthCare"));
        assert_eq!(results.conflicts("mac-0009fb000021").len(), 1, "{:?}", results.conflicts("mac-0009fb000021"));
        assert_eq!(said(&results, "mac-0009fb000030", "model"), None);
        assert_ne!(said(&results, "mac-0009fb000030", "category"), Some("patient_monitor"));
        assert!(results.devices.values().all(|row| row["behind"].is_null()), "{:?}", results.ids());
    }
}

#[test]
fn what_a_device_says_of_itself_stands_against_reports() {
    let own = identifier(0x21);
    let itself = vital_signs(&format!("VSP^{own}^EUI-64"), &format!("{own}^MONITOR"));
    let forged = String::from_utf8(vital_signs("GATEWAY", &format!("{own}^MONITOR"))).unwrap();
    let forged = forged.replace("MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS", "MDC_DEV_PUMP_INFUS_LVP_MDS");
    let results = with_silent_monitor(&[(MONITOR, itself), (GATEWAY, forged.into_bytes())]);
    assert_eq!(said(&results, "mac-0009fb000021", "category"), Some("patient_monitor"));
    assert_eq!(results.conflicts("mac-0009fb000021").len(), 1);
}

#[test]
fn a_card_that_nobody_saw_stays_behind_whoever_names_it() {
    let results = with_silent_monitor(&[(GATEWAY, vital_signs("GATEWAY", &format!("{}^MONITOR", identifier(0x77))))]);
    assert_eq!(results.devices.values().filter(|row| row["behind"] == "mac-0009fb000030").count(), 1);
    assert!(!results.ids().contains("mac-0009fb000077"));
}
