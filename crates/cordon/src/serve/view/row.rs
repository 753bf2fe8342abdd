//! A device in one row: what lists, filters and facets are made of.

use std::net::IpAddr;

use analysis::inventory::{Attribute, Device, One};
use analysis::knowledge::Knowledge;
use analysis::risks::Band;
use model::Timestamp;
use serde::Serialize;

pub use crate::risk::network as subnet;
use crate::words::is_medical;

/// What is said of one attribute, and how sure that is.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Claim {
    /// The value; for kinds their identifier. Nothing if it is unknown.
    pub value: Option<String>,
    /// What people read.
    pub label: String,
    /// `confirmed`, `probable`, `tentative` or `unknown`.
    #[schema(value_type = String)]
    pub state: &'static str,
    /// Probability, 0 to 1.
    pub confidence: f64,
}

/// How risky a device is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct RowRisk {
    /// The score, 0 to 100.
    pub score: f64,
    /// Its band.
    #[schema(value_type = String)]
    pub band: Band,
}

/// A device in one row.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct DeviceRow {
    /// Stays the same.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What it is.
    pub kind: Claim,
    /// Who made it.
    pub vendor: Claim,
    /// The product family.
    pub family: Claim,
    /// The model.
    pub model: Claim,
    /// The software version.
    pub software: Claim,
    /// Whether it serves patients, as far as is asserted.
    pub medical: bool,
    /// Whether it forwards for others.
    pub gateway: bool,
    /// The device that it is known through.
    pub behind: Option<String>,
    /// The address that people know it by.
    pub address: Option<String>,
    /// How many addresses it has.
    pub addresses: usize,
    /// Its first hardware address.
    pub mac: Option<String>,
    /// The range of addresses that it lies in (/24 or /64: masks are not known).
    pub subnet: Option<String>,
    /// VLANs it was seen in.
    pub vlans: Vec<u16>,
    /// Care unit or place, as far as is known.
    pub place: Option<String>,
    /// How it calls itself in the network.
    pub hostname: Option<String>,
    /// What it does for others, by identifier.
    pub roles: Vec<String>,
    /// How risky it is; nothing until that is reckoned.
    pub risk: Option<RowRisk>,
    /// How many weaknesses it showed.
    pub weaknesses: usize,
    /// Devices and outside addresses that it talks with.
    pub peers: usize,
    /// Claims that cannot hold together.
    pub conflicts: usize,
    /// Whether a person said something of it.
    pub corrected: bool,
    /// `heard`; `silent` if it was not seen for long; `blind` if it was not seen for long and a sensor could not hear then.
    #[schema(value_type = String)]
    pub silence: &'static str,
    /// First seen.
    #[schema(value_type = Option<String>)]
    pub first: Option<Timestamp>,
    /// Last seen.
    #[schema(value_type = Option<String>)]
    pub last: Option<Timestamp>,
    /// Bytes sent and received.
    pub bytes: u64,
    /// What a search looks through: names and addresses in small letters.
    #[serde(skip)]
    pub words: String,
    /// All addresses.
    #[serde(skip)]
    pub ips: Vec<IpAddr>,
    /// The ranges of all addresses.
    #[serde(skip)]
    pub subnets: Vec<String>,
    /// The kind and what it is a kind of.
    #[serde(skip)]
    pub kinds: Vec<String>,
    /// Kinds of its weaknesses.
    #[serde(skip)]
    pub weak: Vec<&'static str>,
}

/// The attributes whose values a search looks through.
const SEARCHED: [&str; 11] = [
    "vendor",
    "family",
    "model",
    "serial",
    "hostname",
    "display_name",
    "ae_title",
    "hl7_application",
    "asset_tag",
    "location",
    "os",
];

impl DeviceRow {
    /// The row of a device. Its weaknesses are added by whoever knows them.
    pub fn new(device: &Device, knowledge: &Knowledge, corrected: bool) -> Self {
        let claim = |attribute: &str| claim(device, attribute, knowledge);
        let kind = claim("category");
        let interfaces = &device.interfaces;
        let mut ips: Vec<IpAddr> = interfaces.iter().flat_map(|each| &each.addresses).map(|each| each.ip).collect();
        // IPv4 first, then addresses that more than the link knows.
        let is_local = |ip: &IpAddr| matches!(ip, IpAddr::V6(ip) if ip.is_unicast_link_local());
        ips.sort_by_key(|ip| (ip.is_ipv6(), is_local(ip)));
        let mut subnets: Vec<String> = ips.iter().map(subnet).collect();
        subnets.sort_unstable();
        subnets.dedup();
        let mac = interfaces.iter().find_map(|each| each.mac).map(|mac| mac.to_string());
        let mut vlans: Vec<u16> = interfaces.iter().flat_map(|each| each.vlans.iter().copied()).collect();
        vlans.sort_unstable();
        vlans.dedup();
        let kinds = kind.value.iter().flat_map(|id| knowledge.categories().ancestry(id)).map(|kind| kind.id.clone());
        let mut words = format!("{}\n{}\n{}", device.name, device.id, kind.label);
        let searched = SEARCHED.iter().flat_map(|attribute| values(device, attribute)).map(str::to_owned);
        let addresses = ips.iter().map(ToString::to_string).chain(mac.clone());
        for word in searched.chain(addresses) {
            words.push('\n');
            words.push_str(&word);
        }
        Self {
            id: device.id.clone(),
            name: device.name.clone(),
            vendor: claim("vendor"),
            family: claim("family"),
            model: claim("model"),
            software: claim("software"),
            medical: is_medical(device, knowledge),
            gateway: device.gateway,
            behind: device.behind.clone(),
            address: ips.first().map(ToString::to_string),
            addresses: ips.len(),
            subnet: ips.iter().find(|ip| !is_local(ip)).map(subnet),
            mac,
            vlans,
            place: values(device, "location").next().map(str::to_owned),
            hostname: values(device, "hostname").next().map(str::to_owned),
            roles: device.roles.iter().map(|role| role.role.clone()).collect(),
            risk: None,
            weaknesses: 0,
            peers: device.peers,
            conflicts: device.conflicts.len(),
            corrected,
            silence: "heard",
            first: device.first,
            last: device.last,
            bytes: device.bytes_sent.saturating_add(device.bytes_received),
            words: words.to_lowercase(),
            kinds: kinds.collect(),
            kind,
            ips,
            subnets,
            weak: Vec::new(),
        }
    }
}

/// The asserted values of an attribute.
pub fn values<'a>(device: &'a Device, attribute: &str) -> impl Iterator<Item = &'a str> {
    let values: &[One] = match device.attributes.get(attribute) {
        Some(Attribute::One(one)) => std::slice::from_ref(one),
        Some(Attribute::Many { values }) => values,
        None => &[],
    };
    values.iter().filter_map(|one| one.value.as_deref())
}

fn claim(device: &Device, attribute: &str, knowledge: &Knowledge) -> Claim {
    let one = match device.attributes.get(attribute) {
        Some(Attribute::One(one)) => Some(one),
        Some(Attribute::Many { values }) => values.first(),
        None => None,
    };
    match one.and_then(|one| Some((one, one.value.as_deref()?))) {
        Some((one, value)) => Claim {
            value: Some(value.to_owned()),
            label: label(attribute, value, knowledge),
            state: one.state,
            confidence: one.confidence,
        },
        None => Claim { value: None, label: String::new(), state: "unknown", confidence: 0.0 },
    }
}

/// What people read of a value: kinds have words of their own.
pub fn label(attribute: &str, value: &str, knowledge: &Knowledge) -> String {
    let kind = (attribute == "category").then(|| knowledge.categories().get(value)).flatten();
    kind.map_or_else(|| value.to_owned(), |kind| kind.label.clone())
}

/// The first asserted value of an attribute.
pub fn asserted(device: &Device, attribute: &str) -> Option<String> {
    values(device, attribute).next().map(str::to_owned)
}
