//! Which of our fields answers to which of Wireshark's.

use std::collections::BTreeSet;
use std::process::Command;

use wire::protocols::{ALL, Decoder};

use crate::readers::{Read, plain};
use crate::{building, databases, industrial, link, management, medical, records, redundancy, services, web, windows};

/// A field of ours, the fields of Wireshark that hold the same values, and how to read those.
pub struct Pairing {
    pub protocol: &'static str,
    pub field: &'static str,
    /// Wireshark's names.
    pub theirs: Vec<String>,
    /// Only frames with one of these layers: several protocols share the names of their fields.
    pub layers: &'static [&'static str],
    /// From the columns of a frame (one for each name) to values that compare.
    pub read: Read,
    /// Whether every value of theirs is to be among ours as well. Not where we keep a part on purpose.
    pub whole: bool,
    /// Further fields of ours that hold values of theirs: those are not missing.
    pub also: &'static [&'static str],
    /// The only values of ours that this pairing is about, where it is not about all.
    pub only: &'static [(u64, &'static str)],
    /// Between the items of ours, where it is a list in one text.
    pub list: Option<char>,
}

impl Pairing {
    /// One field and the names that Wireshark has for it, separated by blanks.
    pub fn new(protocol: &'static str, field: &'static str, theirs: &str) -> Self {
        let theirs = theirs.split_whitespace().map(str::to_owned).collect();
        Self {
            protocol,
            field,
            theirs,
            layers: layers(protocol),
            read: plain(),
            whole: true,
            also: &[],
            only: &[],
            list: None,
        }
    }

    pub fn reading(self, read: Read) -> Self {
        Self { read, ..self }
    }

    /// Ours is a part of theirs.
    pub fn part(self) -> Self {
        Self { whole: false, ..self }
    }

    pub fn also(self, also: &'static [&'static str]) -> Self {
        Self { also, ..self }
    }

    pub fn only_kinds_of(self, only: &'static [(u64, &'static str)]) -> Self {
        Self { only, ..self }
    }

    pub fn listed(self, separator: char) -> Self {
        Self { list: Some(separator), ..self }
    }
}

/// Every pairing: those that the decoders name themselves, and those that need reading.
pub fn all() -> Vec<Pairing> {
    let special: Vec<Pairing> =
        [link::all(), records::all(), medical::all(), windows::all(), management::all(), building::all(), web::all()]
            .into_iter()
            .chain([redundancy::all(), industrial::all(), services::all(), databases::all()])
            .flatten()
            .collect();
    let mut pairings = Vec::new();
    for decoder in ALL {
        let protocol = decoder.name();
        for field in decoder.fields() {
            let is_special = special.iter().any(|pairing| (pairing.protocol, pairing.field) == (protocol, field.name));
            if let Some(theirs) = field.wireshark.filter(|_| !is_special) {
                let shared = decoder.fields().iter().filter(|other| other.wireshark == Some(theirs)).count() > 1;
                let pairing = Pairing::new(protocol, field.name, theirs);
                // Several of ours share the name: each is a part of what it holds.
                pairings.push(if shared { pairing.part() } else { pairing });
            }
        }
    }
    pairings.extend(special.into_iter().filter(|pairing| ALL.iter().any(|d| d.name() == pairing.protocol)));
    let known = known_fields();
    // Another version of Wireshark may lack a name; a single unknown one makes it refuse them all.
    pairings.retain(|pairing| pairing.theirs.iter().all(|name| known.contains(name)));
    pairings
}

/// The names that the installed Wireshark knows.
fn known_fields() -> BTreeSet<String> {
    let output = Command::new("tshark").args(["-G", "fields"]).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let name = |line: &str| line.split('\t').nth(2).map(str::to_owned);
    text.lines().filter(|line| line.starts_with('F')).filter_map(name).chain(["text".to_owned()]).collect()
}

/// Wireshark's names of the layers that a protocol is.
fn layers(protocol: &str) -> &'static [&'static str] {
    match protocol {
        "arp" => &["arp"],
        "bacnet" => &["bvlc", "bacnet", "bacapp"],
        "cdp" => &["cdp"],
        "coap" => &["coap"],
        "dhcp" => &["dhcp"],
        "dhcpv6" => &["dhcpv6"],
        "dicom" => &["dicom"],
        "dns" => &["dns"],
        "enip" => &["enip", "cip"],
        "ftp" => &["ftp"],
        "hl7" => &["hl7"],
        "hsrp" => &["hsrp"],
        "http" => &["http"],
        "igmp" => &["igmp"],
        "kerberos" => &["kerberos"],
        "ldap" => &["ldap", "cldap"],
        "lldp" => &["lldp"],
        "llmnr" => &["llmnr"],
        "lpd" => &["lpd"],
        "mdns" => &["mdns"],
        "modbus" => &["mbtcp", "modbus"],
        "mqtt" => &["mqtt"],
        "nbns" => &["nbns"],
        "ndp" => &["icmpv6"],
        "nfs" => &["rpc"],
        "ntp" => &["ntp"],
        "opcua" => &["opcua"],
        "pn_dcp" => &["pn_dcp"],
        "pgsql" => &["pgsql"],
        "portmap" => &["rpc"],
        "quic" => &["quic"],
        "radius" => &["radius"],
        "rdp" => &["rdp", "t124"],
        "s7comm" => &["s7comm"],
        "rtsp" => &["rtsp"],
        "sip" => &["sip"],
        "smb" => &["smb", "smb2", "nbss"],
        "smtp" => &["smtp"],
        "snmp" => &["snmp"],
        "ssdp" => &["ssdp"],
        "ssh" => &["ssh"],
        "stp" => &["stp"],
        "stun" => &["stun"],
        "syslog" => &["syslog"],
        "tds" => &["tds"],
        "telnet" => &["telnet"],
        "tls" => &["tls"],
        "vnc" => &["vnc"],
        "vrrp" => &["vrrp"],
        "wsd" => &["xml"],
        _ => &[],
    }
}

/// Our fields that Wireshark has under no name, for each protocol.
pub fn without_counterpart(pairings: &[Pairing]) -> Vec<(&'static str, Vec<&'static str>)> {
    let is_paired =
        |protocol, field| pairings.iter().any(|pairing| (pairing.protocol, pairing.field) == (protocol, field));
    let of = |decoder: &&dyn Decoder| {
        let names = decoder.fields().iter().map(|field| field.name);
        let protocol = decoder.name();
        (protocol, names.filter(|field| !is_paired(protocol, *field)).collect::<Vec<&str>>())
    };
    ALL.iter().map(of).filter(|(_, fields)| !fields.is_empty()).collect()
}
