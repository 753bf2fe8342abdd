//! Names that attack whoever reads them, sent through every protocol that carries names.
//!
//! `strings.json` is the one list; the interface's test in a browser reads it too. Each string is sent by a host of its own
//! in each protocol, in the fields that become names and attributes, cut to what the protocol has room for.

use std::net::Ipv4Addr;

#[path = "../labelled/capture.rs"]
#[allow(dead_code)]
mod capture;
mod messages;

use capture::{Capture, Host, Said};
use serde_json::Value;

const STRINGS: &str = include_str!("strings.json");
/// Every protocol, by the name that it has everywhere.
pub const PROTOCOLS: [&str; 6] = ["dhcp", "snmp", "dicom", "http", "mdns", "lldp"];
/// Hosts of one /24: neither the network nor the broadcast address.
const HOSTS: usize = 250;
/// Networks of each protocol.
const NETWORKS: usize = 2;
/// Whom all hosts talk with.
const OTHER: Host = Host { mac: [0, 0x50, 0x56, 0xff, 0, 1], ip: Ipv4Addr::new(10, 66, 255, 1) };
const EVERYBODY: Host = Host { mac: [1, 0, 0x5e, 0, 0, 0xfb], ip: Ipv4Addr::new(224, 0, 0, 251) };
const LLDP_GROUP: [u8; 6] = [1, 0x80, 0xc2, 0, 0, 0x0e];

/// A host that has sent a string.
#[derive(Clone, Debug)]
pub struct Sender {
    pub protocol: &'static str,
    pub string: Vec<u8>,
    pub mac: String,
}

impl Sender {
    /// The longest part of the string that says something by itself: what is left of it anywhere is known by that.
    pub fn part(&self) -> Option<String> {
        let text = String::from_utf8_lossy(&self.string);
        let parts = text.split(|letter: char| !matches!(letter, '!'..='~'));
        let longest = parts.max_by_key(|part| part.len())?;
        // Of what is cut the beginning is left.
        let part: String = longest.chars().take(10).collect();
        (part.len() >= 3).then_some(part)
    }
}

/// All strings, as they are put on the wire.
pub fn strings() -> Vec<Vec<u8>> {
    let groups: Value = serde_json::from_str(STRINGS).unwrap();
    groups.as_object().unwrap().values().flat_map(|group| group.as_array().unwrap()).map(bytes).collect()
}

fn bytes(entry: &Value) -> Vec<u8> {
    if let Some(text) = entry.as_str() {
        return text.as_bytes().to_vec();
    }
    if let Some(hex) = entry["bytes"].as_str() {
        return hex.split(' ').map(|byte| u8::from_str_radix(byte, 16).unwrap()).collect();
    }
    let times = usize::try_from(entry["times"].as_u64().unwrap()).unwrap();
    entry["repeat"].as_str().unwrap().repeat(times).into_bytes()
}

/// Every string through every protocol: the capture, and who sent what.
pub fn attack() -> (Vec<u8>, Vec<Sender>) {
    let (mut capture, mut senders) = (Capture::new(), Vec::new());
    let strings = strings();
    assert!(strings.len() <= HOSTS * NETWORKS);
    for (place, protocol) in PROTOCOLS.into_iter().enumerate() {
        for (number, string) in strings.iter().enumerate() {
            let host = host(place, number);
            send(&mut capture, protocol, host, string);
            let mac = host.mac.map(|byte| format!("{byte:02x}")).join(":");
            senders.push(Sender { protocol, string: string.clone(), mac });
        }
    }
    (capture.bytes().to_vec(), senders)
}

/// The host that sends that string in that protocol.
fn host(protocol: usize, number: usize) -> Host {
    let byte = |number: usize| u8::try_from(number).unwrap();
    let (network, place) = (byte(protocol * NETWORKS + number / HOSTS), byte(number % HOSTS + 1));
    Host { mac: [0, 0x50, 0x56, 1, network, place], ip: Ipv4Addr::new(10, 66, network, place) }
}

fn send(capture: &mut Capture, protocol: &str, host: Host, string: &[u8]) {
    match protocol {
        "dhcp" => capture.udp(host, OTHER, (68, 67), &messages::dhcp(host.mac, host.ip, string)),
        "snmp" => capture.udp(host, OTHER, (161, 40_161), &messages::snmp(string)),
        "dicom" => {
            let [asked, accepted] = messages::dicom(string);
            capture.tcp(host, OTHER, 104, &[Said::Client(asked), Said::Server(accepted)]);
        }
        "http" => {
            // It is asked, and it asks.
            let [asked, answered] = messages::http(string);
            capture.tcp(OTHER, host, 80, &[Said::Client(messages::plain_request()), Said::Server(answered)]);
            capture.tcp(host, OTHER, 80, &[Said::Client(asked), Said::Server(messages::plain_answer())]);
        }
        "mdns" => capture.udp(host, EVERYBODY, (5353, 5353), &messages::mdns(host.ip, string)),
        _ => {
            capture.frame(host.mac, LLDP_GROUP, 0x88cc, &messages::lldp(host.mac, host.ip, string));
            // It has an address as well: lists are filtered by it.
            capture.frame(host.mac, [0xff; 6], 0x0806, &messages::announced(host.mac, host.ip));
        }
    }
}
