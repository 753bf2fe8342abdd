//! What is true of a hospital, as `truth.json` tells it.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

use serde::Serialize;

use crate::course::Event;
use crate::device::{self, Device};
use crate::hospital::{Around, Hospital};
use crate::kinds::{self, Peer};
use crate::talk::ndp;

/// Counts up when a field changes its meaning.
pub const FORMAT: u32 = 1;

/// What stands where real traffic carries patients, staff or secrets begins so; protocol and field follow.
pub const CANARY: &str = "CANARY";

/// The truth about a hospital.
#[derive(Debug, Serialize)]
pub struct Truth {
    /// [`FORMAT`].
    pub format: u32,
    /// What it was made of.
    pub seed: u64,
    /// First moment, in microseconds since 1970.
    pub start: u64,
    /// Days.
    pub days: u32,
    /// [`CANARY`].
    pub canary: &'static str,
    /// Its networks.
    pub networks: Vec<Network>,
    /// Its devices.
    pub devices: Vec<DeviceTruth>,
    /// Who speaks to whom, attacks left out.
    pub flows: Vec<Flow>,
    /// What goes wrong.
    pub attacks: Vec<Attack>,
    /// What changes, in order of time.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<ChangeTruth>,
}

/// What changes.
#[derive(Debug, Serialize)]
pub struct ChangeTruth {
    /// Its name.
    pub name: &'static str,
    /// First moment, in microseconds since 1970.
    pub start: u64,
    /// Last moment; the first where it is so from then on.
    pub end: u64,
    /// Numbers of the devices to which it happens.
    pub devices: Vec<usize>,
    /// Numbers in pairs: who is gone, and who took that place.
    pub replaced: Vec<(usize, usize)>,
    /// Who takes part outside.
    pub outside: Vec<Ipv4Addr>,
}

/// What goes wrong.
#[derive(Debug, Serialize)]
pub struct Attack {
    /// Its name.
    pub name: &'static str,
    /// Techniques of MITRE ATT&CK.
    pub techniques: &'static [&'static str],
    /// The number of the device that does it, or to which it happens.
    pub by: usize,
    /// First moment, in microseconds since 1970.
    pub start: u64,
    /// Last moment.
    pub end: u64,
    /// Who speaks to whom for it.
    pub flows: Vec<Flow>,
    /// Devices that are silent from the first moment on.
    pub silences: Vec<usize>,
}

/// A network.
#[derive(Debug, Serialize)]
pub struct Network {
    /// What it is for.
    pub zone: &'static str,
    /// Which site it is at; 0 is the main one.
    pub site: usize,
    /// Its tag.
    pub vlan: u16,
    /// Its addresses, as in `10.32.0.0/22`.
    pub range: String,
}

/// The truth about one device.
#[derive(Debug, Serialize)]
pub struct DeviceTruth {
    /// Its number, as flows name it.
    pub number: usize,
    /// Its name in the network, or what people call it.
    pub name: String,
    /// Its hardware address, if that is seen.
    pub mac: Option<String>,
    /// Its addresses, in the end.
    pub addresses: Vec<IpAddr>,
    /// The number of the device through which alone it is known.
    pub behind: Option<usize>,
    /// The tag of its network.
    pub vlan: u16,
    /// Building, floor, unit and bed, as in `1/3/ICU-07`.
    pub place: String,
    /// Which site it is at.
    pub site: usize,
    /// From when to when what was so of it, where something changed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<Phase>,
    /// The number of the device whose place it took.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub follows: Option<usize>,
    /// What is so.
    pub is: Attributes,
    /// Which of it the traffic tells.
    pub told: Vec<&'static str>,
    /// What it does for others.
    pub roles: Vec<&'static str>,
    /// Weaknesses that its traffic shows.
    pub weaknesses: Vec<&'static str>,
}

/// What was so of a device for a time.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Phase {
    /// First moment, in microseconds since 1970.
    pub from: u64,
    /// The moment after the last.
    pub until: u64,
    /// Its addresses.
    pub addresses: Vec<IpAddr>,
    /// The tag of its network.
    pub vlan: u16,
    /// Building, floor, unit and bed.
    pub place: String,
    /// Version of the software.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub software: &'static str,
}

/// What is so; what is left out is not known of it.
#[derive(Debug, Serialize)]
pub struct Attributes {
    /// Identifier of the category.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub category: &'static str,
    /// The maker's name.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub vendor: &'static str,
    /// The family of products.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub family: &'static str,
    /// The model.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub model: &'static str,
    /// Serial number.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub serial: String,
    /// The label that the hospital put on it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub asset_tag: String,
    /// Version of the software.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub software: &'static str,
}

/// Who speaks to whom, and what is done.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Flow {
    /// The number of the device that begins.
    pub from: usize,
    /// The number of the device that answers, unless it is outside.
    pub to: Option<usize>,
    /// Who answers outside.
    pub outside: Option<Ipv4Addr>,
    /// Number of the protocol above IP.
    pub ip_protocol: u8,
    /// The answering port.
    pub port: u16,
    /// The application's name, as Wireshark has it.
    pub application: &'static str,
    /// What is done.
    pub operations: Vec<&'static str>,
}

impl Truth {
    /// The truth about a hospital.
    pub fn of(hospital: &Hospital) -> Self {
        let plan = &hospital.plan;
        let around = hospital.around();
        let routines = hospital.routines();
        let attacks = hospital.acts().into_iter().map(|(attack, act)| Attack {
            name: attack.name(),
            techniques: attack.techniques(),
            by: act.by,
            start: act.start.0,
            end: act.end.0,
            flows: sorted(act.routines.iter().flat_map(|routine| &routine.flows)),
            silences: act.silences,
        });
        Self {
            format: FORMAT,
            seed: plan.seed,
            start: plan.span.start.0,
            days: plan.span.days,
            canary: CANARY,
            networks: around.networks().iter().map(Network::of).collect(),
            devices: devices(hospital),
            flows: sorted(routines.iter().flat_map(|said| &said.routine.flows)),
            attacks: attacks.collect(),
            changes: hospital.course().events.iter().map(ChangeTruth::of).collect(),
        }
    }
}

/// All devices that ever were, with what was so of each from when to when.
fn devices(hospital: &Hospital) -> Vec<DeviceTruth> {
    let (course, span) = (hospital.course(), hospital.span());
    let mut history: BTreeMap<usize, Vec<Phase>> = BTreeMap::new();
    let ends = course.stages().skip(1).map(|next| next.from().0).chain([span.end().0]);
    for (around, until) in course.stages().zip(ends) {
        for device in around.present() {
            let phase = Phase::of(device, around, until);
            let phases = history.entry(device.number).or_default();
            match phases.last_mut() {
                Some(last) if last.is_as(&phase) => last.until = until,
                _ => phases.push(phase),
            }
        }
    }
    let follows: BTreeMap<usize, usize> =
        course.events.iter().flat_map(|event| event.replaced.iter().map(|(old, new)| (*new, *old))).collect();
    let of = |device: &Device| {
        let phases = history.remove(&device.number).unwrap_or_default();
        let always = |phase: &Phase| (phase.from, phase.until) == (span.start.0, span.end().0);
        let phases = if phases.iter().all(always) { Vec::new() } else { phases };
        let follows = follows.get(&device.number).copied();
        DeviceTruth { history: phases, follows, ..DeviceTruth::of(device, hospital.around()) }
    };
    hospital.around().devices().iter().map(of).collect()
}

/// The addresses that a device has.
fn addresses(device: &Device, around: &Around) -> Vec<IpAddr> {
    if device.behind.is_some() {
        return Vec::new();
    }
    let mut addresses = vec![IpAddr::V4(device.station.ip)];
    if around.speaks_ipv6(device) {
        addresses.extend(ndp::addresses(&device.station).map(IpAddr::V6));
    }
    addresses
}

fn place(device: &Device) -> String {
    let spot = &device.spot;
    format!("{}/{}/{}", spot.building, spot.floor, spot.label())
}

impl Phase {
    fn of(device: &Device, around: &Around, until: u64) -> Self {
        Self {
            from: around.from().0,
            until,
            addresses: addresses(device, around),
            vlan: device.station.link.vlan,
            place: place(device),
            software: device.truth.software,
        }
    }

    /// Whether nothing changed since.
    fn is_as(&self, later: &Self) -> bool {
        (&self.addresses, self.vlan, &self.place, self.software)
            == (&later.addresses, later.vlan, &later.place, later.software)
    }
}

impl ChangeTruth {
    fn of(event: &Event) -> Self {
        let Event { name, start, end, devices, replaced, outside } = event.clone();
        Self { name, start: start.0, end: end.0, devices, replaced, outside }
    }
}

/// Each once, in order.
fn sorted<'f>(flows: impl Iterator<Item = &'f kinds::Flow>) -> Vec<Flow> {
    let mut flows: Vec<Flow> = flows.map(Flow::of).collect();
    flows.sort_unstable();
    flows.dedup();
    flows
}

impl Network {
    fn of(network: &crate::place::Network) -> Self {
        let link = &network.link;
        let first = u32::from(link.router_ip) & u32::from(link.mask());
        Self {
            zone: network.zone.name(),
            site: network.site,
            vlan: link.vlan,
            range: format!("{}/{}", Ipv4Addr::from(first), link.prefix),
        }
    }
}

impl DeviceTruth {
    fn of(device: &Device, around: &Around) -> Self {
        let device::Truth { category, vendor, family, model, serial, asset_tag, software, told, roles, weaknesses } =
            device.truth.clone();
        let has_address = device.behind.is_none();
        Self {
            number: device.number,
            name: device.name.clone(),
            mac: has_address.then(|| device.mac_text()),
            addresses: addresses(device, around),
            behind: device.behind,
            vlan: device.station.link.vlan,
            place: place(device),
            site: device.site,
            history: Vec::new(),
            follows: None,
            is: Attributes { category, vendor, family, model, serial, asset_tag, software },
            told: told.to_vec(),
            roles: roles.into_iter().collect(),
            weaknesses: weaknesses.into_iter().collect(),
        }
    }
}

impl Flow {
    fn of(flow: &kinds::Flow) -> Self {
        let (to, outside) = match flow.to {
            Peer::Device(number) => (Some(number), None),
            Peer::Outside(ip) => (None, Some(ip)),
        };
        Self {
            from: flow.from,
            to,
            outside,
            ip_protocol: flow.protocol,
            port: flow.port,
            application: flow.application,
            operations: flow.operations.to_vec(),
        }
    }
}
