//! Which stations are one device.
//!
//! A device is keyed by its universally administered hardware address. A router is not the hundred devices behind it:
//! addresses that it forwards are devices of their own, keyed by address. A randomised hardware address keys nothing:
//! its device is keyed by address too. A device known only through another one is keyed by both.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use model::MacAddr;

use crate::stations::{Ends, EntityId, EntityKey, Seen, Stations};

/// So many IPv4 addresses behind one hardware address, none of them tied to it, make it a router.
const FORWARDED_MIN: usize = 3;
/// So many addresses tied to one hardware address at once make it answer for others (proxy ARP).
const ANSWERED_FOR_MIN: usize = 6;

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

/// Letters, digits and dashes of an identity; a checksum tells apart what that leaves alike.
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
            is_lossy |= character != '-';
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

/// One hardware address and the addresses behind it.
#[derive(Debug, Default)]
pub struct Interface {
    /// Whether it forwards for others.
    pub is_gateway: bool,
    /// Its own addresses.
    pub own: BTreeSet<IpAddr>,
}

/// The outcome for all entities.
#[derive(Debug, Default)]
pub struct Resolution {
    /// By entity, in order of [`EntityId`].
    pub owners: Vec<Owner>,
    /// By hardware address.
    pub interfaces: BTreeMap<MacAddr, Interface>,
    /// Addresses that two hardware addresses claimed at the same time.
    pub conflicts: BTreeMap<IpAddr, Vec<MacAddr>>,
}

/// Decides. `routers` are hardware addresses that say so themselves; `speaks` tells whether anything is known about an
/// entity beyond its having been spoken to.
pub fn resolve(stations: &Stations, routers: &BTreeSet<MacAddr>, speaks: &dyn Fn(EntityId) -> bool) -> Resolution {
    let seen = stations.seen();
    let interfaces = interfaces(&seen, routers);
    let holders = holders(&seen, &interfaces);
    let mut owners: Vec<Owner> = Vec::with_capacity(stations.count());
    for (entity, key) in stations.entities() {
        owners.push(match key {
            EntityKey::Station(mac, ip) => station(*mac, *ip, &interfaces, &holders, speaks(entity)),
            // Children come after their station: settled below, when all stations are.
            EntityKey::Behind(..) | EntityKey::SelfOrBehind(..) => Owner::Nobody,
        });
    }
    settle_children(stations, &mut owners);
    Resolution { owners, interfaces, conflicts: conflicts(&seen) }
}

fn interfaces(all: &[(Ends, &Seen)], routers: &BTreeSet<MacAddr>) -> BTreeMap<MacAddr, Interface> {
    let mut by_mac: BTreeMap<MacAddr, Vec<(IpAddr, &Seen)>> = BTreeMap::new();
    for ((mac, ip), seen) in all {
        let Some(mac) = mac else { continue };
        let addresses = by_mac.entry(*mac).or_default();
        addresses.extend(ip.map(|ip| (ip, *seen)));
    }
    by_mac.into_iter().map(|(mac, addresses)| (mac, interface(&addresses, routers.contains(&mac)))).collect()
}

fn interface(addresses: &[(IpAddr, &Seen)], says_router: bool) -> Interface {
    let is_routed = |seen: &Seen| seen.routed > seen.direct;
    let bound: Vec<IpAddr> = addresses.iter().filter(|(_, seen)| seen.bound.is_some()).map(|(ip, _)| *ip).collect();
    let bound_at_once = most_at_once(addresses);
    let free = || addresses.iter().filter(|(_, seen)| seen.bound.is_none());
    let free_v4 = free().filter(|(ip, _)| ip.is_ipv4()).count();
    let free_routed = free().filter(|(_, seen)| is_routed(seen)).count();
    let has_own = bound.iter().any(IpAddr::is_ipv4) || free().any(|(_, seen)| !is_routed(seen));
    let is_gateway = says_router
        || free_v4 >= FORWARDED_MIN
        || bound_at_once >= ANSWERED_FOR_MIN
        || (free_routed > 0 && (has_own || free_v4 > 0));
    let own = addresses
        .iter()
        .filter(|(ip, seen)| {
            if bound_at_once >= ANSWERED_FOR_MIN {
                return is_link_local(*ip);
            }
            seen.bound.is_some() || (!is_gateway && !is_routed(seen)) || is_link_local(*ip)
        })
        .map(|(ip, _)| *ip)
        .collect();
    Interface { is_gateway, own }
}

/// How many IPv4 addresses were tied to one hardware address at the same time.
fn most_at_once(addresses: &[(IpAddr, &Seen)]) -> usize {
    let spans: Vec<_> = addresses.iter().filter(|(ip, _)| ip.is_ipv4()).filter_map(|(_, seen)| seen.bound).collect();
    // Bounded: a station with hundreds of addresses answers for others without counting on.
    let considered = spans.iter().take(64);
    considered
        .map(|(start, _)| spans.iter().take(64).filter(|(first, last)| first <= start && start <= last).count())
        .max()
        .unwrap_or(0)
}

/// For each address the hardware addresses that own it, the latest last.
fn holders(all: &[(Ends, &Seen)], interfaces: &BTreeMap<MacAddr, Interface>) -> BTreeMap<IpAddr, Vec<MacAddr>> {
    let mut holders: BTreeMap<IpAddr, Vec<(model::Timestamp, MacAddr)>> = BTreeMap::new();
    for ((mac, ip), seen) in all {
        if let (Some(mac), Some(ip)) = (mac, ip)
            && interfaces.get(mac).is_some_and(|interface| interface.own.contains(ip))
        {
            let last = seen.bound.map_or(seen.first, |(_, last)| last);
            holders.entry(*ip).or_default().push((last, *mac));
        }
    }
    let in_order = |mut claims: Vec<(model::Timestamp, MacAddr)>| {
        claims.sort();
        claims.into_iter().map(|(_, mac)| mac).collect()
    };
    holders.into_iter().map(|(ip, claims)| (ip, in_order(claims))).collect()
}

fn station(
    mac: Option<MacAddr>,
    ip: Option<IpAddr>,
    interfaces: &BTreeMap<MacAddr, Interface>,
    holders: &BTreeMap<IpAddr, Vec<MacAddr>>,
    speaks: bool,
) -> Owner {
    let interface = mac.and_then(|mac| interfaces.get(&mac).map(|interface| (mac, interface)));
    match (interface, ip) {
        (Some((mac, interface)), None) => of_mac(mac, interface),
        (Some((mac, interface)), Some(ip)) if interface.own.contains(&ip) => match of_mac(mac, interface) {
            Owner::Nobody => Owner::Device(DeviceKey::Ip(ip)),
            owner => owner,
        },
        (_, Some(ip)) => of_address(ip, interfaces, holders, mac.is_some() || speaks),
        (None, None) => match mac {
            Some(mac) if !mac.is_local() => Owner::Device(DeviceKey::Mac(mac)),
            _ => Owner::Nobody,
        },
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

fn of_address(
    ip: IpAddr,
    interfaces: &BTreeMap<MacAddr, Interface>,
    holders: &BTreeMap<IpAddr, Vec<MacAddr>>,
    speaks: bool,
) -> Owner {
    if is_group(ip) {
        return Owner::Group(ip);
    }
    if let Some(mac) = holders.get(&ip).and_then(|macs| macs.last())
        && let Some(interface) = interfaces.get(mac)
    {
        return match of_mac(*mac, interface) {
            Owner::Nobody => Owner::Device(DeviceKey::Ip(ip)),
            owner => owner,
        };
    }
    match (is_public(ip), speaks) {
        (true, _) => Owner::External(ip),
        (false, true) => Owner::Device(DeviceKey::Ip(ip)),
        (false, false) if is_directed_broadcast(ip) => Owner::Group(ip),
        (false, false) => Owner::Silent(ip),
    }
}

/// Children take their station's device; one that names a single identity is that device itself. What was said without
/// any identity is the station's as well, unless it speaks for several: then nobody can tell whose it is.
fn settle_children(stations: &Stations, owners: &mut [Owner]) {
    let parent = |owners: &[Owner], station: &EntityId| match owners.get(station.index()) {
        Some(Owner::Device(key)) => Some(key.clone()),
        Some(Owner::External(ip) | Owner::Silent(ip)) => Some(DeviceKey::Ip(*ip)),
        _ => None,
    };
    let mut identities: BTreeMap<DeviceKey, BTreeSet<&str>> = BTreeMap::new();
    for (_, key) in stations.entities() {
        if let EntityKey::SelfOrBehind(station, identity) = key
            && !identity.is_empty()
            && let Some(parent) = parent(owners, station)
        {
            identities.entry(parent).or_default().insert(identity);
        }
    }
    for (entity, key) in stations.entities() {
        let (EntityKey::Behind(station, identity) | EntityKey::SelfOrBehind(station, identity)) = key else { continue };
        let Some(parent) = parent(owners, station) else { continue };
        let several = identities.get(&parent).is_some_and(|identities| identities.len() > 1);
        let device = match key {
            EntityKey::SelfOrBehind(..) if !several => parent,
            _ if identity.is_empty() => continue,
            _ => DeviceKey::Behind(Box::new(parent), identity.clone()),
        };
        if let Some(owner) = owners.get_mut(entity.index()) {
            *owner = Owner::Device(device);
        }
    }
}

/// Addresses tied to two hardware addresses in overlapping times.
fn conflicts(all: &[(Ends, &Seen)]) -> BTreeMap<IpAddr, Vec<MacAddr>> {
    let mut claims: BTreeMap<IpAddr, Vec<(model::Timestamp, model::Timestamp, MacAddr)>> = BTreeMap::new();
    for ((mac, ip), seen) in all {
        if let (Some(mac), Some(ip), Some((first, last))) = (mac, ip, seen.bound) {
            claims.entry(*ip).or_default().push((first, last, *mac));
        }
    }
    claims.retain(|_, claims| {
        claims.sort();
        let mut latest = None;
        claims.iter().any(|(first, last, _)| {
            let overlaps = latest.is_some_and(|latest| *first <= latest);
            latest = latest.max(Some(*last));
            overlaps
        })
    });
    claims.into_iter().map(|(ip, claims)| (ip, claims.into_iter().map(|(_, _, mac)| mac).collect())).collect()
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

/// Addresses of the Internet (RFC 6890 turned around).
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            let shared = matches!(ip.octets(), [100, 64..=127, ..]);
            !(ip.is_private()
                || ip.is_loopback()
                || ip.is_link_local()
                || ip.is_unspecified()
                || ip.is_multicast()
                || ip.is_broadcast()
                || shared)
        }
        IpAddr::V6(ip) => {
            !(ip.is_unique_local()
                || ip.is_loopback()
                || ip.is_unicast_link_local()
                || ip.is_unspecified()
                || ip.is_multicast())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Timestamp;
    use model::observation::FrameRef;

    const FRAME: FrameRef = FrameRef { capture: 0, number: 1 };

    fn mac(last: u8) -> MacAddr {
        MacAddr([0, 9, 0xfb, 0, 0, last])
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn owner(stations: &mut Stations, mac: Option<MacAddr>, ip: Option<IpAddr>) -> String {
        let entity = stations.station(mac, ip).unwrap();
        resolve(stations, &BTreeSet::new(), &|_| false).owners[entity.index()].id()
    }

    #[test]
    fn a_device_stays_one_through_a_new_address() {
        let mut stations = Stations::default();
        stations.bound(mac(1), ip("10.0.0.5"), Timestamp(1), FRAME);
        stations.bound(mac(1), ip("10.0.0.77"), Timestamp(9), FRAME);
        for address in ["10.0.0.5", "10.0.0.77"] {
            assert_eq!(owner(&mut stations, None, Some(ip(address))), "mac-0009fb000001");
        }
    }

    #[test]
    fn an_address_that_moves_belongs_to_each_holder_in_turn() {
        let mut stations = Stations::default();
        stations.bound(mac(1), ip("10.0.0.5"), Timestamp(1), FRAME);
        stations.bound(mac(2), ip("10.0.0.5"), Timestamp(9), FRAME);
        assert_eq!(owner(&mut stations, Some(mac(1)), Some(ip("10.0.0.5"))), "mac-0009fb000001");
        assert_eq!(owner(&mut stations, Some(mac(2)), Some(ip("10.0.0.5"))), "mac-0009fb000002");
        assert_eq!(owner(&mut stations, None, Some(ip("10.0.0.5"))), "mac-0009fb000002");
        assert!(resolve(&stations, &BTreeSet::new(), &|_| false).conflicts.is_empty());
    }

    #[test]
    fn two_claims_at_once_are_a_conflict() {
        let mut stations = Stations::default();
        for (station, time) in [(1, 1), (2, 5), (1, 9)] {
            stations.bound(mac(station), ip("10.0.0.5"), Timestamp(time), FRAME);
        }
        let conflicts = resolve(&stations, &BTreeSet::new(), &|_| false).conflicts;
        assert_eq!(conflicts[&ip("10.0.0.5")], [mac(1), mac(2)]);
    }

    #[test]
    fn what_names_no_identity_is_the_senders_unless_it_speaks_for_several() {
        let mut stations = Stations::default();
        let station = stations.station(Some(mac(1)), None).unwrap();
        let nameless = stations.behind(station, "", true).unwrap();
        let first = stations.behind(station, "CT-1", true).unwrap();
        let id = |stations: &Stations, entity: EntityId| {
            resolve(stations, &BTreeSet::new(), &|_| false).owners[entity.index()].clone()
        };
        assert_eq!(id(&stations, nameless).id(), "mac-0009fb000001");
        assert_eq!(id(&stations, first).id(), "mac-0009fb000001");
        stations.behind(station, "MR-2", true).unwrap();
        assert_eq!(id(&stations, nameless), Owner::Nobody);
        assert_ne!(id(&stations, first).id(), "mac-0009fb000001");
    }

    #[test]
    fn a_router_is_not_what_it_forwards() {
        let mut stations = Stations::default();
        stations.bound(mac(1), ip("10.0.0.1"), Timestamp(1), FRAME);
        for last in 1..100_u8 {
            stations.sighted(Some(mac(1)), Some(IpAddr::from([10, 7, 0, last])), true, None, Timestamp(2), FRAME);
        }
        stations.sighted(Some(mac(1)), Some(ip("198.51.100.7")), true, None, Timestamp(2), FRAME);
        assert_eq!(owner(&mut stations, Some(mac(1)), Some(ip("10.0.0.1"))), "mac-0009fb000001");
        assert_eq!(owner(&mut stations, Some(mac(1)), Some(ip("10.7.0.9"))), "ip-10.7.0.9");
        assert_eq!(owner(&mut stations, Some(mac(1)), Some(ip("198.51.100.7"))), "external:198.51.100.7");
        assert!(resolve(&stations, &BTreeSet::new(), &|_| false).interfaces[&mac(1)].is_gateway);
    }

    #[test]
    fn a_randomised_address_keys_no_device() {
        let mut stations = Stations::default();
        let random = MacAddr([0xda, 1, 2, 3, 4, 5]);
        stations.bound(random, ip("10.0.0.8"), Timestamp(1), FRAME);
        stations.sighted(Some(random), None, false, None, Timestamp(1), FRAME);
        assert_eq!(owner(&mut stations, Some(random), Some(ip("10.0.0.8"))), "ip-10.0.0.8");
        assert_eq!(owner(&mut stations, Some(random), None), "ip-10.0.0.8");
        assert_eq!(owner(&mut stations, Some(MacAddr([0xda, 9, 9, 9, 9, 9])), None), "nobody");
    }

    #[test]
    fn one_identity_is_the_station_itself_and_two_are_behind_it() {
        let mut stations = Stations::default();
        let station = stations.station(Some(mac(1)), Some(ip("10.0.0.5"))).unwrap();
        stations.sighted(Some(mac(1)), Some(ip("10.0.0.5")), false, None, Timestamp(1), FRAME);
        let first = stations.behind(station, "SN-1", true).unwrap();
        let resolved = resolve(&stations, &BTreeSet::new(), &|_| false);
        assert_eq!(resolved.owners[first.index()].id(), "mac-0009fb000001");
        stations.behind(station, "SN-2", true).unwrap();
        let resolved = resolve(&stations, &BTreeSet::new(), &|_| false);
        assert!(resolved.owners[first.index()].id().starts_with("mac-0009fb000001~sn-1-"));
    }
}
