//! The rows of the output files: devices with their attributes and evidence, flows, weaknesses.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

use model::{MacAddr, Timestamp, Weakness};
use serde::{Serialize, Serializer};

/// Everything the analysis concludes.
#[derive(Debug)]
pub struct Inventory {
    /// Devices in order of identifier.
    pub devices: Vec<Device>,
    /// Flows in order of their ends and service.
    pub flows: Vec<Flow>,
    /// Weaknesses in order of device and kind.
    pub weaknesses: Vec<WeaknessRow>,
    /// Whom each entity turned out to be.
    pub owners: Owners,
    /// Ranges of public addresses that were found in use on a link, and so are inside.
    pub inside: Vec<String>,
    /// What a limit turned away, by name.
    pub counters: BTreeMap<&'static str, u64>,
}

/// Takes what is concluded, piece by piece: first every flow, then every device, both in order.
pub trait Taker {
    /// Takes a flow.
    fn flow(&mut self, flow: Flow);
    /// Takes a device.
    fn device(&mut self, device: Device);
}

/// What is concluded besides devices and flows.
#[derive(Debug, Default)]
pub struct Conclusion {
    /// Weaknesses in order of device and kind.
    pub weaknesses: Vec<WeaknessRow>,
    /// Whom each entity turned out to be.
    pub owners: Owners,
    /// Ranges of public addresses that were found in use on a link, and so are inside.
    pub inside: Vec<String>,
    /// What a limit turned away, by name.
    pub counters: BTreeMap<&'static str, u64>,
}

/// Whom each entity turned out to be.
#[derive(Debug, Default)]
pub struct Owners {
    of_entity: Vec<u32>,
    names: Vec<Arc<str>>,
}

impl Owners {
    /// From numbers by entity and names by number.
    pub(crate) fn new((of_entity, names): (Vec<u32>, Vec<Arc<str>>)) -> Self {
        Self { of_entity, names }
    }

    /// Every name, by the number that flows name their ends by.
    pub fn names(&self) -> &[Arc<str>] {
        &self.names
    }

    /// The name of an owner, by its number.
    pub fn shared(&self, number: u32) -> Arc<str> {
        self.names.get(number as usize).map_or_else(Arc::default, Arc::clone)
    }

    /// The identifier of a device, `external:198.51.100.7`, `group:224.0.0.251` or `silent:10.0.0.9`.
    pub fn name(&self, entity: crate::EntityId) -> &str {
        let number = self.of_entity.get(entity.index());
        number.and_then(|number| self.names.get(*number as usize)).map_or("", |name| name)
    }
}

/// A line of `devices.jsonl`.
#[derive(Debug, Serialize)]
pub struct Device {
    /// `mac-0009fb1a2b3c`, `ip-10.1.2.3`, or `<parent>~<identity>`.
    pub id: String,
    /// What to call it in one line.
    pub name: String,
    /// Whether it forwards for others.
    pub gateway: bool,
    /// The device that it is known through.
    pub behind: Option<String>,
    /// Hardware addresses and the addresses behind them.
    pub interfaces: Vec<Interface>,
    /// By attribute.
    pub attributes: BTreeMap<String, Attribute>,
    /// What it does for others.
    pub roles: Vec<Role>,
    /// Claims that cannot hold together.
    pub conflicts: Vec<Conflict>,
    /// First seen.
    pub first: Option<Timestamp>,
    /// Last seen.
    pub last: Option<Timestamp>,
    /// Bytes it sent in connections, link headers included.
    pub bytes_sent: u64,
    /// Bytes it received.
    pub bytes_received: u64,
    /// Devices and outside addresses it talks with.
    pub peers: usize,
    /// Pieces of evidence that a limit turned away, each time.
    #[serde(skip_serializing_if = "is_zero")]
    pub evidence_turned_away: u64,
}

// The signature is serde's.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// A hardware address and the addresses behind it; without hardware address if it is behind a router.
#[derive(Debug, Serialize)]
pub struct Interface {
    /// Hardware address.
    pub mac: Option<MacAddr>,
    /// Whether the hardware address was made up locally (randomised or virtual).
    pub local: bool,
    /// Who the hardware address was assigned to (IEEE list).
    pub organisation: Option<String>,
    /// VLAN identifiers it was seen in.
    pub vlans: Vec<u16>,
    /// Addresses with the time they were seen.
    pub addresses: Vec<Address>,
}

/// An address of an interface.
#[derive(Debug, Serialize)]
pub struct Address {
    /// The address.
    pub ip: IpAddr,
    /// First seen.
    pub first: Timestamp,
    /// Last seen.
    pub last: Timestamp,
    /// Whether ARP, NDP or DHCP tied it to the hardware address.
    pub bound: bool,
}

/// What is known of one attribute.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Attribute {
    /// At most one value is true.
    One(One),
    /// Several values may hold.
    Many {
        /// The values that are at least tentative.
        values: Vec<One>,
    },
}

/// A value with what speaks for it.
#[derive(Debug, Serialize)]
pub struct One {
    /// The value; `None` if nothing reached `tentative`.
    pub value: Option<String>,
    /// Its probability.
    pub confidence: f64,
    /// `confirmed`, `probable`, `tentative` or `unknown`.
    pub state: &'static str,
    /// Log-odds before any evidence, in decibans.
    pub prior_db: f64,
    /// Prior and evidence together, in decibans.
    pub score_db: f64,
    /// Probability that no value named here is true.
    pub unknown: f64,
    /// Other values that something speaks for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rivals: Vec<Rival>,
    /// What speaks for the value, or against it, strongest first.
    pub evidence: Vec<Evidence>,
}

/// A value that was not chosen.
#[derive(Debug, Serialize)]
pub struct Rival {
    /// The value.
    pub value: String,
    /// Its probability.
    pub confidence: f64,
    /// Prior and evidence together, in decibans.
    pub score_db: f64,
    /// What speaks for it.
    pub evidence: Vec<Evidence>,
}

/// One rule that spoke.
#[derive(Clone, Debug, Serialize)]
pub struct Evidence {
    /// Identifier of the rule.
    pub rule: Arc<str>,
    /// Family: families add up, rules within one are damped.
    pub family: &'static str,
    /// Weight by itself, in decibans.
    pub weight_db: f64,
    /// What it added after damping and cap, in decibans.
    pub counted_db: f64,
    /// The field that decided.
    pub field: Arc<str>,
    /// What it said.
    pub value: Arc<str>,
    /// Further fields that the rule read.
    #[serde(skip_serializing_if = "Also::is_empty")]
    pub also: Also,
    /// Capture of the first occasion.
    pub capture: Arc<str>,
    /// Frame of the first occasion, as Wireshark counts.
    pub frame: u64,
    /// Occasions.
    pub count: u64,
    /// First occasion.
    pub first: Timestamp,
    /// Last occasion.
    pub last: Timestamp,
    /// Where the rule was learnt.
    pub source: Arc<str>,
}

/// Fields and what they said; written as a list of `{field, value}`.
#[derive(Clone, Debug)]
pub struct Also(pub Arc<[(Arc<str>, Arc<str>)]>);

impl Also {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Also {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Said<'a> {
            field: &'a str,
            value: &'a str,
        }
        serializer.collect_seq(self.0.iter().map(|(field, value)| Said { field, value }))
    }
}

/// What a device does for others.
#[derive(Debug, Serialize)]
pub struct Role {
    /// As in `dns_server`.
    pub role: String,
    /// The rule that told.
    pub rule: String,
    /// The field that decided, and what it said.
    pub field: String,
    /// Capture of the first occasion.
    pub capture: Arc<str>,
    /// Frame of the first occasion.
    pub frame: u64,
    /// Occasions.
    pub count: u64,
}

/// Claims that cannot hold together.
#[derive(Debug, Serialize)]
pub struct Conflict {
    /// The attribute, or `address`.
    pub attribute: String,
    /// In words.
    pub text: String,
    /// The claims.
    pub values: Vec<String>,
}

/// A line of `flows.jsonl`.
#[derive(Debug, Serialize)]
pub struct Flow {
    /// Device that opens the connections, or `external:…`.
    pub from: Arc<str>,
    /// Device that is asked, or `external:…`, `group:…`, `silent:…`.
    pub to: Arc<str>,
    /// The numbers of both among the owners.
    #[serde(skip)]
    pub ends: (u32, u32),
    /// What is asked.
    pub service: Service,
    /// Application protocol, if recognised.
    pub application: Option<&'static str>,
    /// How often each operation was seen.
    pub operations: BTreeMap<Arc<str>, u64>,
    /// Connections.
    pub connections: u64,
    /// Connections that were answered.
    pub answered: u64,
    /// Bytes towards the responder.
    pub bytes_sent: u64,
    /// Bytes back.
    pub bytes_received: u64,
    /// First packet.
    pub first: Timestamp,
    /// Last packet.
    pub last: Timestamp,
    /// Days with traffic (UTC), as in `2026-11-22`.
    pub days: Vec<Day>,
    /// Hours of the week with traffic (UTC): 0 is Monday 00:00 to 00:59.
    pub hours_of_week: HoursOfWeek,
    /// `east_west`, `external`, `group` or `silent`.
    pub scope: &'static str,
    /// The first connection's capture.
    pub capture: Arc<str>,
    /// The first connection's frame.
    pub frame: u64,
}

/// A day of the calendar in UTC, counted from 1970-01-01; in files as in `2026-11-22`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub i64);

impl Serialize for Day {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let start = Timestamp(self.0.saturating_mul(86_400).saturating_mul(1_000_000_000)).text();
        serializer.serialize_str(start.get(..10).and_then(|day| std::str::from_utf8(day).ok()).unwrap_or_default())
    }
}

/// Hours of the week, one bit each (see [`Timestamp::hour_of_week`]); in files a list of their numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HoursOfWeek(pub [u64; 3]);

impl HoursOfWeek {
    /// The hours in order.
    pub fn iter(self) -> impl Iterator<Item = u8> {
        let has = move |hour: &u8| self.0.get(usize::from(hour >> 6)).is_some_and(|word| word >> (hour & 63) & 1 == 1);
        (0..168_u8).filter(has)
    }
}

impl Serialize for HoursOfWeek {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

/// What a flow asks for.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Service {
    /// IP protocol number.
    pub ip_protocol: u8,
    /// The responder's port.
    pub port: Option<u16>,
}

/// A line of `weaknesses.jsonl`.
#[derive(Debug, Serialize)]
pub struct WeaknessRow {
    /// Who showed it.
    pub device: Arc<str>,
    /// Which.
    pub kind: Weakness,
    /// Over which protocol.
    pub protocol: &'static str,
    /// Towards whom first.
    pub peer: Option<Arc<str>>,
    /// How often.
    pub count: u64,
    /// First time.
    pub first: Timestamp,
    /// Last time.
    pub last: Timestamp,
    /// Capture of the first time.
    pub capture: Arc<str>,
    /// Frame of the first time.
    pub frame: u64,
}
