//! Where devices are: sites with buildings, floors and care units, and the networks that they are on.

use std::net::Ipv4Addr;

use crate::draw::Draw;
use crate::frames::{Link, Mac};

/// What a network is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Zone {
    /// At the beds.
    Clinical,
    /// Radiology.
    Imaging,
    /// The laboratory.
    Laboratory,
    /// Desks.
    Office,
    /// Telephones.
    Voice,
    /// Heating, air, gas, doors, cameras.
    Building,
    /// Visitors.
    Guests,
    /// The computer room.
    Servers,
    /// Switches, access points and what watches over them.
    Management,
}

/// Every zone, in order of their numbers.
pub const ZONES: [Zone; 9] = [
    Zone::Clinical,
    Zone::Imaging,
    Zone::Laboratory,
    Zone::Office,
    Zone::Voice,
    Zone::Building,
    Zone::Guests,
    Zone::Servers,
    Zone::Management,
];

impl Zone {
    /// As it is written.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Clinical => "clinical",
            Self::Imaging => "imaging",
            Self::Laboratory => "laboratory",
            Self::Office => "office",
            Self::Voice => "voice",
            Self::Building => "building",
            Self::Guests => "guests",
            Self::Servers => "servers",
            Self::Management => "management",
        }
    }

    /// Who asks is recorded, not who serves.
    const fn rank(self) -> u8 {
        match self {
            Self::Servers => 1,
            Self::Management => 2,
            _ => 3,
        }
    }
}

/// Care units with the zone of their devices' networks.
pub const UNITS: [&str; 12] = ["ICU", "NICU", "ED", "OR", "CATH", "W1", "W2", "W3", "W4", "W5", "ONC", "OPD"];

/// Where a device stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spot {
    /// Number of the building, from 1 on.
    pub building: u64,
    /// Its floor.
    pub floor: u64,
    /// Care unit or department.
    pub unit: &'static str,
    /// Number of the bed or room there, from 1 on.
    pub bed: u64,
}

impl Spot {
    /// As staff write it, as in `ICU-07`.
    pub fn label(&self) -> String {
        format!("{}-{:02}", self.unit, self.bed)
    }
}

/// A network with its addresses.
#[derive(Clone, Debug)]
pub struct Network {
    /// What it is for.
    pub zone: Zone,
    /// Which site it is at.
    pub site: usize,
    /// Its tag and router.
    pub link: Link,
    first: u32,
    taken: u32,
}

/// Addresses of a network that devices can have: a /22 less its first sixteen and its last.
const SEATS: u32 = 1_000;
const FIRST_SEAT: u32 = 16;
const PREFIX: u8 = 22;
/// 10.32.0.0
const FIRST_ADDRESS: u32 = 0x0a20_0000;

/// The most sites that there are addresses and tags for.
pub const SITES_MAX: usize = 4;
/// Between the first addresses of two sites: 10.32.0.0, 10.64.0.0 and so on.
const SITE_ADDRESSES: u32 = 0x0020_0000;
/// Between the first tags of two sites.
const SITE_TAGS: u16 = 1_000;

/// All networks of a hospital.
#[derive(Clone, Debug)]
pub struct Networks {
    /// One for each site.
    routers: Vec<Mac>,
    list: Vec<Network>,
}

impl Networks {
    /// None yet; those of each site are to have its router.
    pub const fn new(routers: Vec<Mac>) -> Self {
        Self { routers, list: Vec::new() }
    }

    /// All that there are.
    pub fn all(&self) -> &[Network] {
        &self.list
    }

    /// A free address on a network of a zone at a site; another network is made where all are full.
    pub fn seat(&mut self, zone: Zone, site: usize) -> (Link, Ipv4Addr) {
        let is_free = |network: &Network| (network.zone, network.site) == (zone, site) && network.taken < SEATS;
        let free = self.list.iter().position(is_free);
        let index = free.unwrap_or_else(|| self.open(zone, site));
        let Some(network) = self.list.get_mut(index) else { return (self.outside(), Ipv4Addr::UNSPECIFIED) };
        network.taken = network.taken.saturating_add(1);
        let host = network.taken.saturating_add(FIRST_SEAT);
        (network.link, Ipv4Addr::from(network.first.saturating_add(host)))
    }

    fn open(&mut self, zone: Zone, site: usize) -> usize {
        let number = u32::try_from(self.list.iter().filter(|network| network.site == site).count()).unwrap_or(0);
        let away = u32::try_from(site).unwrap_or(0).saturating_mul(SITE_ADDRESSES);
        let first = FIRST_ADDRESS.saturating_add(away).saturating_add(number << (32_u8.saturating_sub(PREFIX)));
        let tags = u16::try_from(site).unwrap_or(0).saturating_mul(SITE_TAGS).saturating_add(110);
        let vlan = u16::try_from(number).unwrap_or(0).saturating_mul(10).saturating_add(tags);
        let router_ip = Ipv4Addr::from(first.saturating_add(1));
        let link = Link { vlan, router: self.router(site), router_ip, prefix: PREFIX, rank: zone.rank() };
        self.list.push(Network { zone, site, link, first, taken: 0 });
        self.list.len().saturating_sub(1)
    }

    fn router(&self, site: usize) -> Mac {
        self.routers.get(site).copied().unwrap_or_default()
    }

    /// What is not recorded itself: the Internet.
    pub fn outside(&self) -> Link {
        Link { vlan: 0, router: self.router(0), router_ip: Ipv4Addr::UNSPECIFIED, prefix: 0, rank: 0 }
    }
}

/// A spot in a care unit.
pub fn bedside(draw: &mut Draw, number: usize) -> Spot {
    let unit = UNITS.get(number.rem_euclid(UNITS.len())).copied().unwrap_or_default();
    let bed = u64::try_from(number.div_euclid(UNITS.len())).unwrap_or(0).saturating_add(1);
    Spot { building: draw.below(3).saturating_add(1), floor: draw.below(8), unit, bed }
}
