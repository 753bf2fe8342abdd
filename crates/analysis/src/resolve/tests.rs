//! Whose is what: each rule by itself.

use model::observation::FrameRef;
use model::{Side, Timestamp};

use super::*;
use crate::stations::{ADDRESSES_MAX, Claim, Room, SPANS_MAX};

pub(super) const FRAME: FrameRef = FrameRef { capture: 0, number: 1 };
pub(super) const ON_LINK: Claim = Claim { vlan: None, leased: false, vouched: false };
pub(super) const LEASE: Claim = Claim { vlan: None, leased: true, vouched: true };

pub(super) fn mac(last: u8) -> MacAddr {
    MacAddr([0, 9, 0xfb, 0, 0, last])
}

pub(super) fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

pub(super) const fn minute(number: i64) -> Timestamp {
    Timestamp(number.saturating_mul(60_000_000_000))
}

pub(super) fn vlan(vlan: u16) -> Claim {
    Claim { vlan: Some(vlan), ..ON_LINK }
}

/// What is seen, written shortly.
#[derive(Default)]
pub(super) struct Net {
    pub(super) stations: Stations,
    pub(super) routers: BTreeSet<MacAddr>,
    relays: BTreeSet<EntityId>,
    speaking: BTreeSet<EntityId>,
    inside: Vec<Network>,
}

impl Net {
    pub(super) fn bound(&mut self, station: u8, address: &str, claim: Claim, time: Timestamp) {
        self.stations.bound(mac(station), ip(address), claim, time, FRAME);
    }

    fn sends(&mut self, station: u8, address: IpAddr, routed: bool) {
        self.stations.sighted(Some(mac(station)), Some(address), routed, None, minute(1), FRAME);
    }

    pub(super) fn converses(&mut self, station: u8, address: IpAddr, routed: bool) {
        self.sends(station, address, routed);
        let entity = self.stations.station(Some(mac(station)), Some(address)).unwrap();
        self.stations.conversed(entity);
    }

    pub(super) fn resolved(&self) -> Resolution {
        let speaks = |entity| self.speaking.contains(&entity);
        let Self { stations, routers, relays, inside, .. } = self;
        resolve(stations, &Grounds { routers, relays, speaks: &speaks, inside })
    }

    fn of(&self, entity: EntityId) -> String {
        self.resolved().owners[entity.index()].id()
    }

    pub(super) fn owner(&mut self, station: Option<u8>, address: Option<&str>) -> String {
        let entity = self.stations.station(station.map(mac), address.map(ip)).unwrap();
        self.of(entity)
    }

    pub(super) fn is_gateway(&self, station: u8) -> bool {
        self.resolved().interfaces[&mac(station)].is_gateway
    }

    pub(super) fn own(&self, station: u8) -> usize {
        self.resolved().interfaces[&mac(station)].own.len()
    }

    pub(super) fn conflict(&self, address: &str) -> Vec<MacAddr> {
        self.resolved().conflicts.get(&ip(address)).into_iter().flatten().copied().collect()
    }
}

#[test]
fn a_device_stays_one_through_a_new_address() {
    let mut net = Net::default();
    net.bound(1, "10.0.0.5", ON_LINK, minute(1));
    net.bound(1, "10.0.0.77", ON_LINK, minute(9));
    for address in ["10.0.0.5", "10.0.0.77"] {
        assert_eq!(net.owner(None, Some(address)), "mac-0009fb000001");
    }
}

#[test]
fn an_address_that_moves_belongs_to_each_holder_in_turn() {
    let mut net = Net::default();
    net.bound(1, "10.0.0.5", ON_LINK, minute(1));
    net.bound(2, "10.0.0.5", ON_LINK, minute(9));
    assert_eq!(net.owner(Some(1), Some("10.0.0.5")), "mac-0009fb000001");
    assert_eq!(net.owner(Some(2), Some("10.0.0.5")), "mac-0009fb000002");
    assert_eq!(net.owner(None, Some("10.0.0.5")), "mac-0009fb000002");
    assert!(net.resolved().conflicts.is_empty());
}

#[test]
fn packets_that_carry_anothers_address_do_not_take_it() {
    let mut net = Net::default();
    net.bound(1, "10.0.0.5", ON_LINK, minute(0));
    net.sends(2, ip("10.0.0.5"), false);
    assert_eq!(net.owner(None, Some("10.0.0.5")), "mac-0009fb000001");
}

#[test]
fn two_claims_at_once_are_a_conflict() {
    let mut net = Net::default();
    for (station, time) in [(1, 1), (2, 3), (1, 5)] {
        net.bound(station, "10.0.0.5", ON_LINK, minute(time));
    }
    assert_eq!(net.conflict("10.0.0.5"), [mac(1), mac(2)]);
    // Captures of the same hour read one after the other.
    let mut net = Net::default();
    for (station, time) in [(1, 1), (1, 60), (2, 2), (2, 59)] {
        net.bound(station, "10.0.0.5", ON_LINK, minute(time));
    }
    assert_eq!(net.conflict("10.0.0.5"), [mac(1), mac(2)]);
}

#[test]
fn an_address_that_comes_back_is_no_conflict() {
    let mut net = Net::default();
    for (station, day) in [(1, 0), (2, 3), (1, 6), (2, 9)] {
        net.bound(station, "10.0.0.5", ON_LINK, minute(day * 1_440));
        net.bound(station, "10.0.0.5", ON_LINK, minute(day * 1_440 + 60));
    }
    assert!(net.conflict("10.0.0.5").is_empty());
    // However soon, if it was handed over.
    let mut net = Net::default();
    for (station, time) in [(1, 1), (2, 3), (1, 5)] {
        net.bound(station, "10.0.0.5", LEASE, minute(time));
        net.bound(station, "10.0.0.5", ON_LINK, minute(time));
    }
    assert!(net.conflict("10.0.0.5").is_empty());
}

#[test]
fn the_same_address_on_two_vlans_is_two() {
    let mut net = Net::default();
    for time in 1..5 {
        net.bound(1, "192.168.0.5", vlan(10), minute(time));
        net.bound(2, "192.168.0.5", vlan(20), minute(time));
    }
    assert!(net.conflict("192.168.0.5").is_empty());
    net.bound(3, "192.168.0.5", vlan(20), minute(5));
    net.bound(2, "192.168.0.5", vlan(20), minute(6));
    assert_eq!(net.conflict("192.168.0.5"), [mac(2), mac(3)]);
}

#[test]
fn stretches_are_bounded_and_counted() {
    let mut net = Net::default();
    for day in 0..100 {
        net.bound(u8::try_from(day % 2).unwrap(), "10.0.0.5", ON_LINK, minute(day * 1_440));
    }
    assert!(net.stations.seen().iter().all(|(_, seen)| seen.bound.len() == SPANS_MAX));
    assert_eq!(net.stations.spans_turned_away, 100 - 2 * SPANS_MAX as u64);
    assert!(net.conflict("10.0.0.5").is_empty());
}

#[test]
fn a_router_is_not_what_it_forwards() {
    let mut net = Net::default();
    net.bound(1, "10.0.0.1", ON_LINK, minute(1));
    for last in 1..100_u8 {
        net.sends(1, IpAddr::from([10, 7, 0, last]), true);
    }
    net.sends(1, ip("198.51.100.7"), true);
    // Some systems start with a hop limit that looks like another's at its start.
    net.sends(1, ip("10.8.0.1"), false);
    assert_eq!(net.owner(Some(1), Some("10.0.0.1")), "mac-0009fb000001");
    assert_eq!(net.owner(Some(1), Some("10.7.0.9")), "ip-10.7.0.9");
    assert_eq!(net.owner(Some(1), Some("10.8.0.1")), "ip-10.8.0.1");
    assert_eq!(net.owner(Some(1), Some("198.51.100.7")), "external:198.51.100.7");
    assert!(net.is_gateway(1));
}

#[test]
fn a_router_may_say_so() {
    let mut net = Net::default();
    net.sends(1, ip("fe80::1"), false);
    assert!(!net.is_gateway(1));
    net.routers.insert(mac(1));
    assert!(net.is_gateway(1));
}

#[test]
fn made_up_addresses_make_no_gateway_and_no_devices() {
    for routed in [false, true] {
        let mut net = Net::default();
        net.bound(1, "10.0.0.5", ON_LINK, minute(1));
        net.converses(1, ip("10.0.0.5"), false);
        for last in 0..50_u8 {
            net.sends(1, IpAddr::from([10, 5, 0, last]), routed);
        }
        // Random hop limits do not help: whoever forwards shows conversations.
        assert!(!net.is_gateway(1));
        assert_eq!(net.own(1), 1);
        if !routed {
            assert_eq!(net.owner(Some(1), Some("10.5.0.7")), "mac-0009fb000001");
            assert_eq!(net.owner(None, Some("10.5.0.7")), "silent:10.5.0.7");
            assert_eq!(net.resolved().interfaces[&mac(1)].made_up.len(), 50);
        }
    }
}

#[test]
fn whoever_answers_is_not_made_up() {
    let mut net = Net::default();
    for last in 0..50_u8 {
        net.sends(1, IpAddr::from([10, 5, 0, last]), false);
    }
    net.converses(1, ip("10.5.0.7"), false);
    let told = net.stations.station(Some(mac(1)), Some(ip("10.5.0.8"))).unwrap();
    net.speaking.insert(told);
    assert_eq!(net.owner(Some(1), Some("10.5.0.9")), "mac-0009fb000001");
    assert_eq!(net.resolved().interfaces[&mac(1)].made_up.len(), 48);
    assert_eq!(net.own(1), 2);
}

#[test]
fn made_up_addresses_are_bounded() {
    let mut net = Net::default();
    for number in 0..ADDRESSES_MAX + 1_000 {
        net.sends(1, IpAddr::from(std::net::Ipv4Addr::from(0x0a05_0000 + number)), false);
    }
    let side = Side { mac: Some(mac(1)), ip: Some(ip("10.200.0.1")), port: None };
    let further = net.stations.of_side(&side, Room::Common).unwrap();
    assert_eq!(Some(further), net.stations.station(Some(mac(1)), None));
    assert_eq!(net.stations.addresses_turned_away, 1_000);
    assert!(net.resolved().interfaces[&mac(1)].is_crowded);
    // Who is seen behind a router is told apart all the same.
    net.sends(1, ip("10.201.0.1"), true);
    assert_ne!(net.stations.of_side(&Side { ip: Some(ip("10.201.0.1")), ..side }, Room::Common), Some(further));
}

#[test]
fn claims_of_one_station_are_bounded() {
    let mut net = Net::default();
    for number in 0..ADDRESSES_MAX + 1_000 {
        let address = IpAddr::from(std::net::Ipv4Addr::from(0x0a05_0000 + number));
        net.stations.bound(mac(1), address, ON_LINK, minute(1), FRAME);
        net.stations.bound(mac(1), address, ON_LINK, minute(2), FRAME);
    }
    assert_eq!(net.stations.seen().len(), ADDRESSES_MAX as usize);
    assert_eq!(net.stations.addresses_turned_away, 2_000);
}

#[test]
fn a_server_of_many_addresses_is_one_device() {
    let mut net = Net::default();
    for round in 0..2 {
        for last in 20..40_u8 {
            net.bound(1, &format!("10.0.0.{last}"), ON_LINK, minute(round));
            net.converses(1, IpAddr::from([10, 0, 0, last]), false);
        }
    }
    assert!(!net.is_gateway(1));
    assert_eq!(net.own(1), 20);
    assert_eq!(net.owner(None, Some("10.0.0.33")), "mac-0009fb000001");
}

#[test]
fn a_router_that_answers_for_others_does_not_own_them() {
    let mut net = Net::default();
    for round in 0..2 {
        for last in 20..40_u8 {
            net.bound(1, &format!("10.0.0.{last}"), ON_LINK, minute(round));
        }
    }
    net.converses(1, ip("10.0.0.20"), false);
    for last in 21..40_u8 {
        net.converses(1, IpAddr::from([10, 0, 0, last]), true);
    }
    assert!(net.is_gateway(1));
    assert_eq!(net.own(1), 1);
    assert_eq!(net.owner(Some(1), Some("10.0.0.21")), "ip-10.0.0.21");
}

#[test]
fn whoever_claims_the_addresses_of_its_neighbours_gets_none_of_them() {
    let mut net = Net::default();
    net.bound(9, "10.0.0.9", ON_LINK, minute(0));
    for round in 0..2 {
        for last in 40..46_u8 {
            let address = format!("10.0.0.{last}");
            net.bound(last, &address, ON_LINK, minute(round));
            net.bound(9, &address, ON_LINK, Timestamp(minute(round).0.saturating_add(i64::from(last))));
            net.converses(last, ip(&address), false);
        }
    }
    assert!(!net.is_gateway(9));
    assert_eq!(net.own(9), 1);
    assert_eq!(net.owner(None, Some("10.0.0.42")), "mac-0009fb00002a");
    assert_eq!(net.conflict("10.0.0.42"), [mac(9), mac(42)]);
}

#[test]
fn hosts_behind_a_bridge_are_told_apart() {
    let mut net = Net::default();
    for last in 1..40_u8 {
        net.converses(1, IpAddr::from([10, 0, 0, last]), false);
    }
    assert!(!net.is_gateway(1));
    assert_eq!(net.owner(Some(1), Some("10.0.0.7")), "ip-10.0.0.7");
    assert_eq!(net.owner(Some(1), None), "mac-0009fb000001");
}

#[test]
fn a_few_addresses_are_the_hosts_own_but_not_those_of_the_internet() {
    let mut net = Net::default();
    net.bound(1, "10.0.0.1", ON_LINK, minute(1));
    net.converses(1, ip("10.0.0.2"), false);
    net.converses(1, ip("198.51.100.7"), false);
    assert_eq!(net.owner(Some(1), Some("10.0.0.2")), "mac-0009fb000001");
    assert_eq!(net.owner(Some(1), Some("198.51.100.7")), "external:198.51.100.7");
    let mut net = Net::default();
    net.converses(1, ip("198.51.100.7"), false);
    assert_eq!(net.owner(Some(1), Some("198.51.100.7")), "mac-0009fb000001");
}

/// A host behind a router, and somebody on the link who claims its address.
fn claimed(claim: Claim) -> Net {
    let mut net = Net::default();
    net.bound(2, "10.0.0.1", ON_LINK, minute(1));
    for _ in 0..5 {
        net.converses(2, ip("10.7.0.9"), true);
    }
    net.bound(5, "10.7.0.9", claim, minute(1));
    net
}

#[test]
fn one_announcement_does_not_take_an_address_from_behind_a_router() {
    let mut net = claimed(ON_LINK);
    for station in [None, Some(2), Some(5)] {
        assert_eq!(net.owner(station, Some("10.7.0.9")), "ip-10.7.0.9");
    }
    assert_eq!(net.conflict("10.7.0.9"), [mac(2), mac(5)]);
}

#[test]
fn a_lease_and_use_on_the_link_tie_an_address_seen_behind_a_router() {
    // A lease names the hardware address of whoever is behind the router.
    let mut net = claimed(LEASE);
    assert_eq!(net.owner(Some(2), Some("10.7.0.9")), "mac-0009fb000005");
    assert!(net.conflict("10.7.0.9").is_empty());
    // Captures on both sides of the router.
    let mut net = claimed(ON_LINK);
    net.converses(5, ip("10.7.0.9"), false);
    assert_eq!(net.owner(Some(2), Some("10.7.0.9")), "mac-0009fb000005");
    // Its own link is another VLAN than the one that it is routed to.
    let mut net = claimed(vlan(20));
    assert_eq!(net.owner(Some(2), Some("10.7.0.9")), "mac-0009fb000005");
    // It says so again and again, or it moved.
    for times in [vec![1, 30], vec![600]] {
        let mut net = Net::default();
        for _ in 0..5 {
            net.converses(2, ip("10.7.0.9"), true);
        }
        times.into_iter().for_each(|time| net.bound(5, "10.7.0.9", ON_LINK, minute(time)));
        assert_eq!(net.owner(None, Some("10.7.0.9")), "mac-0009fb000005");
    }
}

#[test]
fn a_randomised_address_keys_no_device() {
    let mut net = Net::default();
    let random = MacAddr([0xda, 1, 2, 3, 4, 5]);
    net.stations.bound(random, ip("10.0.0.8"), ON_LINK, minute(1), FRAME);
    net.stations.sighted(Some(random), None, false, None, minute(1), FRAME);
    let mut owner = |mac, address: Option<&str>| {
        let entity = net.stations.station(Some(mac), address.map(ip)).unwrap();
        net.of(entity)
    };
    assert_eq!(owner(random, Some("10.0.0.8")), "ip-10.0.0.8");
    assert_eq!(owner(random, None), "ip-10.0.0.8");
    assert_eq!(owner(MacAddr([0xda, 9, 9, 9, 9, 9]), None), "nobody");
}

#[test]
fn one_identity_is_the_station_itself_and_two_are_behind_it() {
    let mut net = Net::default();
    let station = net.stations.station(Some(mac(1)), Some(ip("10.0.0.5"))).unwrap();
    net.sends(1, ip("10.0.0.5"), false);
    let first = net.stations.behind(station, "SN-1", true).unwrap();
    assert_eq!(net.of(first), "mac-0009fb000001");
    net.stations.behind(station, "SN-2", true).unwrap();
    assert!(net.of(first).starts_with("mac-0009fb000001~sn-1-"));
}

#[test]
fn identities_that_differ_in_dashes_have_names_of_their_own() {
    let mut net = Net::default();
    let station = net.stations.station(Some(mac(1)), None).unwrap();
    let name = |identity: &str, net: &mut Net| {
        let child = net.stations.behind(station, identity, false).unwrap();
        net.of(child)
    };
    assert_eq!(name("pump-1", &mut net), "mac-0009fb000001~pump-1");
    let names: BTreeSet<String> = ["pump-1", "pump--1", "pump---1", "pump-1-", "-pump-1"]
        .iter()
        .map(|identity| name(identity, &mut net))
        .collect();
    assert_eq!(names.len(), 5);
}

#[test]
fn what_names_no_identity_is_the_senders_unless_it_speaks_for_several() {
    let mut net = Net::default();
    let station = net.stations.station(Some(mac(1)), None).unwrap();
    let nameless = net.stations.behind(station, "", true).unwrap();
    let first = net.stations.behind(station, "CT-1", true).unwrap();
    assert_eq!(net.of(nameless), "mac-0009fb000001");
    assert_eq!(net.of(first), "mac-0009fb000001");
    net.stations.behind(station, "MR-2", true).unwrap();
    assert_eq!(net.of(nameless), "nobody");
    assert_ne!(net.of(first), "mac-0009fb000001");
}

#[test]
fn one_identity_of_a_relay_is_behind_it() {
    let mut net = Net::default();
    let station = net.stations.station(Some(mac(1)), None).unwrap();
    let only = net.stations.behind(station, "SN-1", true).unwrap();
    net.relays.insert(station);
    assert!(net.of(only).starts_with("mac-0009fb000001~sn-1-"));
    assert_eq!(net.of(station), "mac-0009fb000001");
}

#[test]
fn a_parent_is_a_device_wherever_its_address_is() {
    let mut net = Net::default();
    for address in ["198.51.100.7", "10.9.0.1"] {
        let station = net.stations.station(None, Some(ip(address))).unwrap();
        let child = net.stations.behind(station, "pump-1", false).unwrap();
        assert_eq!(net.of(child), format!("ip-{address}~pump-1"));
        assert_eq!(net.of(station), format!("ip-{address}"));
    }
    assert_eq!(net.resolved().devices_outside, [ip("198.51.100.7")].into());
}

#[test]
fn whoever_speaks_once_is_not_silent() {
    let mut net = Net::default();
    net.bound(2, "10.0.0.1", ON_LINK, minute(1));
    assert_eq!(net.owner(None, Some("10.7.0.9")), "silent:10.7.0.9");
    net.sends(2, ip("10.7.0.9"), true);
    assert_eq!(net.owner(None, Some("10.7.0.9")), "ip-10.7.0.9");
}

#[test]
fn public_addresses_are_inside_where_the_user_or_the_link_says_so() {
    let mut net = Net::default();
    net.bound(2, "198.51.100.1", ON_LINK, minute(1));
    net.converses(2, ip("203.0.113.5"), true);
    net.converses(2, ip("198.51.100.200"), true);
    assert_eq!(net.owner(Some(2), Some("198.51.100.200")), "external:198.51.100.200");
    net.bound(1, "198.51.100.9", ON_LINK, minute(1));
    assert_eq!(net.owner(Some(2), Some("198.51.100.200")), "ip-198.51.100.200");
    assert_eq!(net.resolved().inside.iter().map(Network::to_string).collect::<Vec<_>>(), ["198.51.100.0/24"]);
    assert_eq!(net.owner(Some(2), Some("203.0.113.5")), "external:203.0.113.5");
    net.inside = vec!["203.0.113.0/24".parse().unwrap()];
    assert_eq!(net.owner(Some(2), Some("203.0.113.5")), "ip-203.0.113.5");
    assert_eq!(net.owner(None, Some("203.0.113.6")), "silent:203.0.113.6");
}

#[test]
fn an_identity_that_is_a_hardware_address_is_whoever_has_it() {
    let mut net = Net::default();
    net.bound(1, "10.0.0.5", ON_LINK, minute(1));
    net.bound(2, "10.0.0.6", ON_LINK, minute(1));
    let station = net.stations.station(Some(mac(1)), Some(ip("10.0.0.5"))).unwrap();
    let named = |identity: &str, maybe_itself: bool, net: &mut Net| {
        let child = net.stations.behind(station, identity, maybe_itself).unwrap();
        (net.of(child), net.resolved().reported.contains(&child))
    };
    for maybe_itself in [false, true] {
        let mut named = |identity: &str| named(identity, maybe_itself, &mut net);
        assert_eq!(named("0009FBFFFE000001"), ("mac-0009fb000001".to_owned(), false), "its own card");
        assert_eq!(named("0009FBFFFE000002"), ("mac-0009fb000002".to_owned(), true), "another's card");
        assert_eq!(named("00-09-fb-00-00-02"), ("mac-0009fb000002".to_owned(), true), "another notation");
    }
    let (unseen, is_report) = named("0009FBFFFE000077", false, &mut net);
    assert!(unseen.starts_with("mac-0009fb000001~0009fbfffe000077") && !is_report, "{unseen}");
    // Its own card and those of others are no identities that would make it speak for several.
    let (alone, _) = named("SN-1", true, &mut net);
    assert_eq!(alone, "mac-0009fb000001");
}
