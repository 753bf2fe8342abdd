//! What is true of a hospital, as `truth.json` tells it.

use std::net::Ipv4Addr;

use serde::Serialize;

use crate::device::{self, Device};
use crate::hospital::Hospital;
use crate::kinds::{self, Peer};

/// Counts up when a field changes its meaning.
pub const FORMAT: u32 = 1;

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
    /// Its networks.
    pub networks: Vec<Network>,
    /// Its devices.
    pub devices: Vec<DeviceTruth>,
    /// Who speaks to whom, attacks left out.
    pub flows: Vec<Flow>,
    /// What goes wrong.
    pub attacks: Vec<Attack>,
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
    /// Its addresses.
    pub addresses: Vec<Ipv4Addr>,
    /// The number of the device through which alone it is known.
    pub behind: Option<usize>,
    /// The tag of its network.
    pub vlan: u16,
    /// Building, floor, unit and bed, as in `1/3/ICU-07`.
    pub place: String,
    /// What is so.
    pub is: Attributes,
    /// Which of it the traffic tells.
    pub told: Vec<&'static str>,
    /// What it does for others.
    pub roles: Vec<&'static str>,
    /// Weaknesses that its traffic shows.
    pub weaknesses: Vec<&'static str>,
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
            networks: around.networks().iter().map(Network::of).collect(),
            devices: around.devices().iter().map(DeviceTruth::of).collect(),
            flows: sorted(routines.iter().flat_map(|(_, routine)| &routine.flows)),
            attacks: attacks.collect(),
        }
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
        Self { zone: network.zone.name(), vlan: link.vlan, range: format!("{}/{}", Ipv4Addr::from(first), link.prefix) }
    }
}

impl DeviceTruth {
    fn of(device: &Device) -> Self {
        let device::Truth { category, vendor, family, model, serial, asset_tag, software, told, roles, weaknesses } =
            device.truth.clone();
        let has_address = device.behind.is_none();
        let spot = &device.spot;
        Self {
            number: device.number,
            name: device.name.clone(),
            mac: has_address.then(|| device.mac_text()),
            addresses: has_address.then_some(device.station.ip).into_iter().collect(),
            behind: device.behind,
            vlan: device.station.link.vlan,
            place: format!("{}/{}/{}", spot.building, spot.floor, spot.label()),
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
