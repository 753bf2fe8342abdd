//! A device and the truth about it.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use crate::frames::{Link, Mac, Stack, Station};
use crate::place::{Spot, Zone};
use crate::talk::{Host, dhcp};

/// A device and the truth about it.
#[derive(Clone, Debug)]
pub struct Device {
    /// Its number among all.
    pub number: usize,
    /// The number of the first device that had its place: whom it speaks to, and when, follows from that.
    pub seat: usize,
    /// Which of the hospital's sites it is at; 0 is the main one.
    pub site: usize,
    /// The kind that made it (`kinds::ALL`).
    pub kind: &'static str,
    /// Which of its kind's products it is.
    pub product: usize,
    /// Its name in the network, or what people call it.
    pub name: String,
    /// Where it sends from; all zeros for a device without an address of its own.
    pub station: Station,
    /// What its network is for.
    pub zone: Zone,
    /// Where it stands.
    pub spot: Spot,
    /// How it asks for an address; `None` if that was set by hand.
    pub lease: Option<dhcp::Client>,
    /// Whether it asks the hospital's clock for the time.
    pub asks_time: bool,
    /// It is not always there: its kind says when it asks for an address.
    pub comes_and_goes: bool,
    /// The number of the device through which alone it is known.
    pub behind: Option<usize>,
    /// What is true of it.
    pub truth: Truth,
}

/// What is true of a device, and which of it the traffic tells.
#[derive(Clone, Debug, Default)]
pub struct Truth {
    /// Identifier of the category.
    pub category: &'static str,
    /// The maker's name.
    pub vendor: &'static str,
    /// The family of products.
    pub family: &'static str,
    /// The model.
    pub model: &'static str,
    /// Serial number.
    pub serial: String,
    /// The label that the hospital put on it.
    pub asset_tag: String,
    /// Version of its software.
    pub software: &'static str,
    /// What of this the traffic tells: the names of these fields.
    pub told: &'static [&'static str],
    /// What it does for others.
    pub roles: BTreeSet<&'static str>,
    /// Weaknesses that it shows.
    pub weaknesses: BTreeSet<&'static str>,
}

impl Device {
    /// A device that has no address yet.
    pub fn new(name: impl Into<String>, mac: Mac, stack: Stack, zone: Zone) -> Self {
        let link = Link { vlan: 0, router: [0; 6], router_ip: Ipv4Addr::UNSPECIFIED, prefix: 0, rank: 0 };
        let station = Station { mac, ip: Ipv4Addr::UNSPECIFIED, stack, link, hops: 1 };
        Self {
            number: 0,
            seat: 0,
            site: 0,
            kind: "",
            product: 0,
            name: name.into(),
            station,
            zone,
            spot: Spot::default(),
            lease: None,
            asks_time: false,
            comes_and_goes: false,
            behind: None,
            truth: Truth::default(),
        }
    }

    /// What it is, by whom, and what of that the traffic tells.
    pub fn is(mut self, category: &'static str, vendor: &'static str, told: &'static [&'static str]) -> Self {
        self.truth = Truth { category, vendor, told, ..self.truth };
        self
    }

    /// Family, model and software; what is empty is not known.
    pub fn named(mut self, family: &'static str, model: &'static str, software: &'static str) -> Self {
        self.truth = Truth { family, model, software, ..self.truth };
        self
    }

    /// Its serial number.
    pub fn serial(mut self, serial: impl Into<String>) -> Self {
        self.truth.serial = serial.into();
        self
    }

    /// The label that the hospital put on it.
    pub fn labelled(mut self, asset_tag: impl Into<String>) -> Self {
        self.truth.asset_tag = asset_tag.into();
        self
    }

    /// Where it stands.
    pub fn at(mut self, spot: Spot) -> Self {
        self.spot = spot;
        self
    }

    /// What it does for others.
    pub fn does(mut self, roles: &[&'static str]) -> Self {
        self.truth.roles.extend(roles);
        self
    }

    /// Weaknesses that its traffic shows.
    pub fn shows(mut self, weaknesses: &[&'static str]) -> Self {
        self.truth.weaknesses.extend(weaknesses);
        self
    }

    /// How it asks for an address.
    pub const fn leases(mut self, client: dhcp::Client) -> Self {
        self.lease = Some(client);
        self
    }

    /// It is not always there.
    pub const fn visiting(mut self) -> Self {
        self.comes_and_goes = true;
        self
    }

    /// It asks the hospital's clock.
    pub const fn on_time(mut self) -> Self {
        self.asks_time = true;
        self
    }

    /// How it says who it is.
    pub fn host(&self) -> Host<'_> {
        Host { station: self.station, name: &self.name }
    }

    /// Its hardware address as text.
    pub fn mac_text(&self) -> String {
        self.station.mac.map(|byte| format!("{byte:02x}")).join(":")
    }
}
