//! Which stations are one device.
//!
//! A device is keyed by its universally administered hardware address. A router is not the hundred devices behind it:
//! addresses that it forwards are devices of their own, keyed by address. A randomised hardware address keys nothing:
//! its device is keyed by address too. One that routers hand to each other is no device: what is tied to it is the latest
//! router's that sent from it. A device known only through another one is keyed by both. Addresses that a
//! station makes up are no devices: what it sends with them is its own.

mod claims;
#[cfg(test)]
mod dispute_tests;
mod interfaces;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use hashbrown::HashMap;
use model::MacAddr;

use crate::inside::{Inside, Network, is_public};
use crate::stations::{Ends, EntityId, EntityKey, Seen, Stations};
pub use interfaces::Interface;

/// What a device is keyed by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DeviceKey {
    /// A universally administered hardware address.
    Mac(MacAddr),
    /// An address.
    Ip(IpAddr),
    /// What identifies it to the device it is known through.
    Behind(Box<DeviceKey>, String),
}

impl DeviceKey {
    /// The identifier in files: `mac-0009fb1a2b3c`, `ip-10.1.2.3`, `mac-0009fb1a2b3c~pump-17`.
    pub fn id(&self) -> String {
        match self {
            Self::Mac(mac) => format!("mac-{:012x}", mac.as_u64()),
            Self::Ip(ip) => format!("ip-{ip}"),
            Self::Behind(parent, identity) => format!("{}~{}", parent.id(), slug(identity)),
        }
    }
}

/// Letters, digits and dashes of an identity; a checksum tells apart what that leaves alike. Whoever wants to finds two
/// identities with one checksum: names are made unique where all are known.
fn slug(identity: &str) -> String {
    let mut text = String::new();
    let mut is_lossy = false;
    for character in identity.chars() {
        if text.len() >= 40 {
            is_lossy = true;
            break;
        }
        if character.is_ascii_alphanumeric() {
            is_lossy |= character.is_ascii_uppercase();
            text.push(character.to_ascii_lowercase());
        } else {
            // Of dashes side by side one is left: that loses something as well.
            is_lossy |= character != '-' || text.ends_with('-');
            if !text.ends_with('-') {
                text.push('-');
            }
        }
    }
    if is_lossy {
        // FNV-1a, 32 bits: short, and the same in every run.
        let checksum =
            identity.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        return format!("{}-{checksum:08x}", text.trim_matches('-'));
    }
    text
}

/// Whom an entity turned out to be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owner {
    /// A device of the inventory.
    Device(DeviceKey),
    /// An address outside the hospital.
    External(IpAddr),
    /// A multicast or broadcast address.
    Group(IpAddr),
    /// An address that was spoken to and never answered.
    Silent(IpAddr),
    /// Nobody that can be told apart (a randomised hardware address without address).
    Nobody,
}

impl Owner {
    /// The name in files: a device's identifier, `external:198.51.100.7`, `group:224.0.0.251`, `silent:10.0.0.9`.
    pub fn id(&self) -> String {
        match self {
            Self::Device(key) => key.id(),
            Self::External(ip) => format!("external:{ip}"),
            Self::Group(ip) => format!("group:{ip}"),
            Self::Silent(ip) => format!("silent:{ip}"),
            Self::Nobody => "nobody".to_owned(),
        }
    }
}

/// What is known beside the addresses.
pub struct Grounds<'a> {
    /// Hardware addresses that say of themselves that they route.
    pub routers: &'a BTreeSet<MacAddr>,
    /// Stations whose role is to send on what others wrote: an identity that they name is never their own.
    pub relays: &'a BTreeSet<EntityId>,
    /// Whether anything is known about an entity beyond its having been spoken to.
    pub speaks: &'a dyn Fn(EntityId) -> bool,
    /// Ranges of public addresses that are inside.
    pub inside: &'a [Network],
}

impl Grounds<'_> {
    fn is_outside(&self, ip: IpAddr) -> bool {
        is_public(ip) && !self.inside.iter().any(|network| network.contains(ip))
    }
}

/// The outcome for all entities.
#[derive(Debug, Default)]
pub struct Resolution {
    /// By entity, in order of [`EntityId`].
    pub owners: Vec<Owner>,
    /// By hardware address.
    pub interfaces: BTreeMap<MacAddr, Interface>,
    /// Addresses that two hardware addresses held at the same time, by claim or by use, or one against what the traffic
    /// shows.
    pub conflicts: BTreeMap<IpAddr, BTreeSet<MacAddr>>,
    /// Ranges of public addresses that were found in use on a link.
    pub inside: Vec<Network>,
    /// Addresses outside that are devices nevertheless: they spoke as a device, or for one.
    pub devices_outside: BTreeSet<IpAddr>,
    /// Entities that others say something of, and that are devices with a hardware address of their own on the link.
    pub reported: BTreeSet<EntityId>,
}

/// Decides.
pub fn resolve(stations: &Stations, grounds: &Grounds<'_>) -> Resolution {
    let seen = stations.seen();
    let disputes = claims::disputes(&seen);
    let hollow = claims::hollow(&seen);
    let interfaces = interfaces::all(stations, &seen, grounds, &disputes, &hollow);
    let mut inside = Inside::named(grounds.inside);
    inside.find(held(&seen, &interfaces));
    let whose = Whose { holders: holders(&seen, &interfaces, &disputes.idle), interfaces, inside };
    let mut owners: Vec<Owner> = Vec::with_capacity(stations.count());
    for (entity, key) in stations.entities() {
        owners.push(match key {
            EntityKey::Station(mac, ip) => whose.station(*mac, *ip, (grounds.speaks)(entity)),
            // Children come after their station: settled below, when all stations are.
            EntityKey::Behind(..) | EntityKey::SelfOrBehind(..) => Owner::Nobody,
        });
    }
    let (devices_outside, reported) = settle_children(stations, grounds, &whose.interfaces, &mut owners);
    settle_silent(&mut owners);
    let mut conflicts = disputes.conflicts;
    for (ip, macs) in hollow {
        conflicts.entry(ip).or_default().extend(macs);
    }
    let Whose { interfaces, inside, .. } = whose;
    Resolution { owners, interfaces, conflicts, inside: inside.found(), devices_outside, reported }
}

/// Addresses that stations on a link hold for certain: tied to them and used by them, or two of them side by side.
fn held<'a>(
    all: &'a [(Ends, &Seen)],
    interfaces: &'a BTreeMap<MacAddr, Interface>,
) -> impl Iterator<Item = (MacAddr, IpAddr)> + 'a {
    all.iter().filter_map(|((mac, ip), seen)| {
        let (mac, ip) = ((*mac)?, (*ip)?);
        let is_held = !seen.bound.is_empty() && (ip.is_ipv4() || seen.direct > 0);
        (is_held && interfaces.get(&mac)?.own.contains(&ip)).then_some((mac, ip))
    })
}

/// How surely and how late a hardware address held an address.
type HolderRank = (bool, bool, bool, model::Timestamp);

/// For each address the hardware address that owns it, of several the latest. What ties an address to one counts more
/// than packets that merely carry it, and least a claim against whoever uses it.
fn holders(
    all: &[(Ends, &Seen)],
    interfaces: &BTreeMap<MacAddr, Interface>,
    idle: &BTreeSet<(MacAddr, IpAddr)>,
) -> HashMap<IpAddr, (HolderRank, MacAddr)> {
    let mut holders: HashMap<IpAddr, (HolderRank, MacAddr)> = HashMap::new();
    for ((mac, ip), seen) in all {
        if let (Some(mac), Some(ip)) = (mac, ip)
            && interfaces.get(mac).is_some_and(|interface| interface.own.contains(ip))
        {
            let bound = seen.bound.iter().map(|span| span.last).max();
            let is_one_devices = !mac.is_shared_by_routers();
            let is_used = !idle.contains(&(*mac, *ip));
            let rank = (is_one_devices, is_used, bound.is_some(), bound.unwrap_or(seen.first));
            let holder = holders.entry(*ip).or_insert((rank, *mac));
            *holder = (*holder).max((rank, *mac));
        }
    }
    holders
}

/// What tells whose a station is.
struct Whose {
    interfaces: BTreeMap<MacAddr, Interface>,
    holders: HashMap<IpAddr, (HolderRank, MacAddr)>,
    inside: Inside,
}

impl Whose {
    fn station(&self, mac: Option<MacAddr>, ip: Option<IpAddr>, speaks: bool) -> Owner {
        let interface = mac.and_then(|mac| self.interfaces.get(&mac).map(|interface| (mac, interface)));
        match (interface, ip) {
            (Some((mac, interface)), None) if mac.is_shared_by_routers() => self.router(interface),
            (Some((mac, interface)), None) => of_mac(mac, interface),
            (Some((mac, interface)), Some(ip)) if interface.made_up.contains(&ip) => of_mac(mac, interface),
            (Some((mac, interface)), Some(ip)) if interface.own.contains(&ip) && !mac.is_shared_by_routers() => {
                device_of(mac, interface, ip)
            }
            (_, Some(ip)) => self.address(ip, mac.is_some() || speaks),
            (None, None) => match mac {
                Some(mac) if keys_a_device(mac) => Owner::Device(DeviceKey::Mac(mac)),
                _ => Owner::Nobody,
            },
        }
    }

    /// The latest of the routers that share a hardware address: by its own address, or, if it never showed that one, by the
    /// first of those that they share.
    fn router(&self, interface: &Interface) -> Owner {
        match (interface.latest_router, interface.own.first()) {
            (Some(ip), _) => match self.holder(ip) {
                Some((mac, own)) if !mac.is_shared_by_routers() => device_of(mac, own, ip),
                _ => self.unheld(ip, true),
            },
            (None, Some(ip)) => Owner::Device(DeviceKey::Ip(*ip)),
            (None, None) => Owner::Nobody,
        }
    }

    fn holder(&self, ip: IpAddr) -> Option<(MacAddr, &Interface)> {
        let (_, mac) = self.holders.get(&ip)?;
        Some((*mac, self.interfaces.get(mac)?))
    }

    fn address(&self, ip: IpAddr, speaks: bool) -> Owner {
        if is_group(ip) {
            return Owner::Group(ip);
        }
        match self.holder(ip) {
            Some((mac, interface)) if mac.is_shared_by_routers() => self.router(interface),
            Some((mac, interface)) => device_of(mac, interface, ip),
            None => self.unheld(ip, speaks),
        }
    }

    /// An address that no hardware address on the link holds.
    fn unheld(&self, ip: IpAddr, speaks: bool) -> Owner {
        match (self.inside.is_outside(ip), speaks) {
            (true, _) => Owner::External(ip),
            (false, true) => Owner::Device(DeviceKey::Ip(ip)),
            (false, false) if is_directed_broadcast(ip) => Owner::Group(ip),
            (false, false) => Owner::Silent(ip),
        }
    }
}

/// Whether a hardware address is that of one device, and of the same one tomorrow.
const fn keys_a_device(mac: MacAddr) -> bool {
    !mac.is_local() && !mac.is_shared_by_routers()
}

/// The device of an address that a hardware address holds.
fn device_of(mac: MacAddr, interface: &Interface, ip: IpAddr) -> Owner {
    match of_mac(mac, interface) {
        Owner::Nobody => Owner::Device(DeviceKey::Ip(ip)),
        owner => owner,
    }
}

/// A hardware address's own device: by the address itself, or by its first IP address if it was made up.
fn of_mac(mac: MacAddr, interface: &Interface) -> Owner {
    if !mac.is_local() {
        return Owner::Device(DeviceKey::Mac(mac));
    }
    // BTreeSet order: IPv4 before IPv6.
    interface.own.first().map_or(Owner::Nobody, |ip| Owner::Device(DeviceKey::Ip(*ip)))
}

/// Children take their station's device; one that names a single identity is that device itself, unless it is known to
/// send on what others wrote. What was said without any identity is the station's as well, unless it speaks for several:
/// then nobody can tell whose it is.
///
/// An identity that is a hardware address is the device that has it: the station itself if it is its own, and whoever is
/// on the link with it, of whom the station then reports. One that nobody was seen to have tells nothing more.
///
/// A station that speaks as a device or for one is a device, wherever its address is: gives those outside. Gives also
/// which entities are others' reports.
fn settle_children(
    stations: &Stations,
    grounds: &Grounds<'_>,
    interfaces: &BTreeMap<MacAddr, Interface>,
    owners: &mut [Owner],
) -> (BTreeSet<IpAddr>, BTreeSet<EntityId>) {
    let parent = |owners: &[Owner], station: &EntityId| match owners.get(station.index()) {
        Some(Owner::Device(key)) => Some(key.clone()),
        Some(Owner::External(ip) | Owner::Silent(ip)) => Some(DeviceKey::Ip(*ip)),
        _ => None,
    };
    let on_link = |identity: &str| {
        let mac = MacAddr::named_in(identity.as_bytes()).filter(|mac| interfaces.contains_key(mac))?;
        Some(DeviceKey::Mac(mac))
    };
    let relays: BTreeSet<DeviceKey> = grounds.relays.iter().filter_map(|station| parent(owners, station)).collect();
    let mut identities: BTreeMap<DeviceKey, BTreeSet<&str>> = BTreeMap::new();
    for (_, key) in stations.entities() {
        if let EntityKey::SelfOrBehind(station, identity) = key
            && !identity.is_empty()
            && on_link(identity).is_none()
            && let Some(parent) = parent(owners, station)
        {
            identities.entry(parent).or_default().insert(identity);
        }
    }
    let mut parents: BTreeSet<IpAddr> = BTreeSet::new();
    let mut reported: BTreeSet<EntityId> = BTreeSet::new();
    for (entity, key) in stations.entities() {
        let (EntityKey::Behind(station, identity) | EntityKey::SelfOrBehind(station, identity)) = key else { continue };
        let Some(parent) = parent(owners, station) else { continue };
        let several = identities.get(&parent).is_some_and(|identities| identities.len() > 1);
        if let DeviceKey::Ip(ip) = &parent {
            parents.insert(*ip);
        }
        let at_home = on_link(identity);
        if at_home.as_ref().is_some_and(|device| *device != parent) {
            reported.insert(entity);
        }
        let device = match (key, at_home) {
            (_, Some(device)) => device,
            (EntityKey::SelfOrBehind(..), None) if !several && !relays.contains(&parent) => parent,
            _ if identity.is_empty() => continue,
            _ => DeviceKey::Behind(Box::new(parent), identity.clone()),
        };
        if let Some(owner) = owners.get_mut(entity.index()) {
            *owner = Owner::Device(device);
        }
    }
    let mut outside = BTreeSet::new();
    for owner in owners {
        if let Owner::External(ip) = *owner
            && parents.contains(&ip)
        {
            outside.insert(ip);
            *owner = Owner::Device(DeviceKey::Ip(ip));
        }
    }
    (outside, reported)
}

/// Who did not answer once but is known otherwise is not silent.
fn settle_silent(owners: &mut [Owner]) {
    let by_address = |owner: &Owner| match owner {
        Owner::Device(DeviceKey::Ip(ip)) => Some(*ip),
        Owner::Device(DeviceKey::Behind(parent, _)) => match **parent {
            DeviceKey::Ip(ip) => Some(ip),
            DeviceKey::Mac(_) | DeviceKey::Behind(..) => None,
        },
        _ => None,
    };
    let known: BTreeSet<IpAddr> = owners.iter().filter_map(by_address).collect();
    for owner in owners {
        if let Owner::Silent(ip) = *owner
            && known.contains(&ip)
        {
            *owner = Owner::Device(DeviceKey::Ip(ip));
        }
    }
}

/// Multicast, or the limited broadcast.
fn is_group(ip: IpAddr) -> bool {
    ip.is_multicast() || ip == IpAddr::from([255; 4])
}

/// The last address of a /24 that never spoke: the broadcast address of most subnets.
fn is_directed_broadcast(ip: IpAddr) -> bool {
    matches!(ip, IpAddr::V4(ip) if matches!(ip.octets(), [_, _, _, 255]))
}

fn is_link_local(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_unicast_link_local(),
    }
}
