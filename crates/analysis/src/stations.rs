//! Who appears in traffic: stations (a hardware address with an address behind it) and devices known only through one.
//!
//! Facts are kept by the pair of hardware address and IP address as they stood in the frame. Which pairs are one device
//! is decided at the end, when all bindings are known: one device stays one device through a new DHCP address, and a
//! router is not mistaken for the devices behind it.

use std::net::IpAddr;

use hashbrown::HashMap;
use model::observation::FrameRef;
use model::{MacAddr, Side, Timestamp};

/// Stations and children known at the same time; further ones are counted only.
pub const ENTITIES_MAX: usize = 400_000;
/// Devices known through one station.
pub const CHILDREN_MAX: u32 = 4_096;

/// A station or a device behind one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntityId(u32);

impl EntityId {
    /// Its place in tables.
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// Its number, to write it down.
    pub const fn number(self) -> u32 {
        self.0
    }

    /// The entity whose number was written down.
    pub const fn numbered(number: u32) -> Self {
        Self(number)
    }
}

/// What an entity is told by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntityKey {
    /// A hardware address, an IP address, or both as one frame showed them.
    Station(Option<MacAddr>, Option<IpAddr>),
    /// A device known through a station by what identifies it.
    Behind(EntityId, String),
    /// The station itself if it names one identity only, else a device behind it.
    SelfOrBehind(EntityId, String),
}

/// How an address was seen behind a hardware address.
#[derive(Clone, Debug)]
pub struct Seen {
    /// First time.
    pub first: Timestamp,
    /// Last time.
    pub last: Timestamp,
    /// Where first.
    pub frame: FrameRef,
    /// Connections whose hop limit shows a router in between.
    pub routed: u32,
    /// Connections whose hop limit shows none.
    pub direct: u32,
    /// First and last time that ARP, NDP or DHCP tied the two together.
    pub bound: Option<(Timestamp, Timestamp)>,
    /// VLAN identifiers.
    pub vlans: Vec<u16>,
}

/// A hardware address and an address behind it; one of them may be unknown.
pub type Ends = (Option<MacAddr>, Option<IpAddr>);

/// All entities and what was seen of their addresses.
#[derive(Default)]
pub struct Stations {
    by_ends: HashMap<PackedEnds, EntityId>,
    by_identity: HashMap<EntityKey, EntityId>,
    keys: Vec<EntityKey>,
    children: HashMap<EntityId, u32>,
    /// By entity.
    seen: Vec<Option<Seen>>,
    /// Entities that did not fit.
    pub turned_away: u64,
}

/// [`Ends`] in two words that are quick to hash and compare.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct PackedEnds(u64, u128);

impl PackedEnds {
    fn new(mac: Option<MacAddr>, ip: Option<IpAddr>) -> Self {
        let (version, ip) = match ip {
            None => (0, 0),
            Some(IpAddr::V4(ip)) => (4, u128::from(u32::from(ip))),
            Some(IpAddr::V6(ip)) => (6, u128::from(ip)),
        };
        // 48 bits of hardware address, above them whether there is one and the version of the other.
        let mac = mac.map_or(0, |mac| mac.as_u64() | 1 << 48);
        Self(mac | version << 52, ip)
    }
}

impl Stations {
    /// The entity of one end of a frame; `None` if the table is full or the end has no address.
    pub fn of_side(&mut self, side: &Side) -> Option<EntityId> {
        self.station(side.mac.filter(|mac| mac.is_station()), side.ip.filter(|ip| !ip.is_unspecified()))
    }

    /// The entity of a pair of addresses.
    pub fn station(&mut self, mac: Option<MacAddr>, ip: Option<IpAddr>) -> Option<EntityId> {
        if mac.is_none() && ip.is_none() {
            return None;
        }
        let ends = PackedEnds::new(mac, ip);
        if let Some(known) = self.by_ends.get(&ends) {
            return Some(*known);
        }
        let id = self.add(EntityKey::Station(mac, ip))?;
        self.by_ends.insert(ends, id);
        Some(id)
    }

    /// A device behind a station.
    pub fn behind(&mut self, station: EntityId, identity: &str, maybe_itself: bool) -> Option<EntityId> {
        let key = match maybe_itself {
            true => EntityKey::SelfOrBehind(station, identity.to_owned()),
            false => EntityKey::Behind(station, identity.to_owned()),
        };
        if let Some(known) = self.by_identity.get(&key) {
            return Some(*known);
        }
        let children = self.children.entry(station).or_insert(0);
        if *children >= CHILDREN_MAX {
            self.turned_away = self.turned_away.saturating_add(1);
            return None;
        }
        *children = children.saturating_add(1);
        let id = self.add(key.clone())?;
        self.by_identity.insert(key, id);
        Some(id)
    }

    fn add(&mut self, key: EntityKey) -> Option<EntityId> {
        let id = u32::try_from(self.keys.len()).ok().filter(|_| self.keys.len() < ENTITIES_MAX);
        let Some(id) = id.map(EntityId) else {
            self.turned_away = self.turned_away.saturating_add(1);
            return None;
        };
        self.keys.push(key);
        Some(id)
    }

    /// Notes an address in use behind a hardware address.
    pub fn sighted(
        &mut self,
        mac: Option<MacAddr>,
        ip: Option<IpAddr>,
        routed: bool,
        vlan: Option<u16>,
        time: Timestamp,
        frame: FrameRef,
    ) {
        let Some(seen) = self.seen_entry(mac, ip, time, frame) else { return };
        match routed {
            true => seen.routed = seen.routed.saturating_add(1),
            false => seen.direct = seen.direct.saturating_add(1),
        }
        if let Some(vlan) = vlan
            && let Err(place) = seen.vlans.binary_search(&vlan)
            && seen.vlans.len() < 64
        {
            seen.vlans.insert(place, vlan);
        }
    }

    /// Notes that a protocol tied an address to a hardware address.
    pub fn bound(&mut self, mac: MacAddr, ip: IpAddr, time: Timestamp, frame: FrameRef) {
        let Some(seen) = self.seen_entry(Some(mac), Some(ip), time, frame) else { return };
        let (first, last) = seen.bound.unwrap_or((time, time));
        seen.bound = Some((first.min(time), last.max(time)));
    }

    fn seen_entry(
        &mut self,
        mac: Option<MacAddr>,
        ip: Option<IpAddr>,
        time: Timestamp,
        frame: FrameRef,
    ) -> Option<&mut Seen> {
        let place = self.station(mac, ip)?.index();
        if self.seen.len() <= place {
            self.seen.resize_with(place.saturating_add(1), || None);
        }
        let seen = self.seen.get_mut(place)?.get_or_insert_with(|| Seen {
            first: time,
            last: time,
            frame,
            routed: 0,
            direct: 0,
            bound: None,
            vlans: Vec::new(),
        });
        seen.first = seen.first.min(time);
        seen.last = seen.last.max(time);
        Some(seen)
    }

    /// Every entity, in the order it appeared.
    pub fn entities(&self) -> impl Iterator<Item = (EntityId, &EntityKey)> {
        self.keys.iter().enumerate().map(|(index, key)| (EntityId(u32::try_from(index).unwrap_or(u32::MAX)), key))
    }

    /// How many entities there are.
    pub fn count(&self) -> usize {
        self.keys.len()
    }

    /// What was seen of each hardware address and the addresses behind it, in their order; of addresses alone where the
    /// link has no hardware addresses.
    pub fn seen(&self) -> Vec<(Ends, &Seen)> {
        let ends = |key: &EntityKey| match key {
            EntityKey::Station(mac, ip) => Some((*mac, *ip)),
            EntityKey::Behind(..) | EntityKey::SelfOrBehind(..) => None,
        };
        let all = self.keys.iter().zip(&self.seen);
        let mut seen: Vec<_> = all.filter_map(|(key, seen)| Some((ends(key)?, seen.as_ref()?))).collect();
        seen.sort_unstable_by_key(|(ends, _)| *ends);
        seen
    }

    /// What was seen of an entity's address.
    pub fn seen_of(&self, entity: EntityId) -> Option<&Seen> {
        self.seen.get(entity.index())?.as_ref()
    }
}
