//! Addresses that several hold at once: by claim, by use, or by poisoning the neighbours of whoever uses them.

use super::tests::{FRAME, LEASE, Net, ON_LINK, ip, mac, minute, vlan};
use super::*;
use crate::stations::Claim;

impl Net {
    /// Sends with an address, directly, and is answered.
    fn uses(&mut self, station: u8, address: &str, at: Option<u16>, time: i64) {
        let (station, address) = (mac(station), ip(address));
        let sighted = self.stations.sighted(Some(station), Some(address), false, at, minute(time), FRAME);
        let entity = sighted.unwrap();
        self.stations.uses(entity, station, address, at, minute(time));
        self.stations.conversed(entity);
    }
}

#[test]
fn two_that_use_one_address_in_turns_are_a_conflict() {
    for claims in [false, true] {
        let mut net = Net::default();
        for station in [1, 2] {
            if claims {
                net.bound(station, "10.0.0.5", ON_LINK, minute(0));
            }
        }
        for time in 0..30 {
            net.uses(1, "10.0.0.5", None, 2 * time);
            net.uses(2, "10.0.0.5", None, 2 * time + 1);
        }
        assert_eq!(net.conflict("10.0.0.5"), [mac(1), mac(2)]);
        assert_eq!((net.own(1), net.own(2)), (1, 1));
    }
}

#[test]
fn use_that_moves_for_good_is_no_conflict() {
    let mut net = Net::default();
    for time in 0..60 {
        net.uses(if time < 30 { 1 } else { 2 }, "10.0.0.5", None, time);
    }
    net.bound(2, "10.0.0.5", ON_LINK, minute(30));
    assert!(net.conflict("10.0.0.5").is_empty());
    assert_eq!(net.owner(None, Some("10.0.0.5")), "mac-0009fb000002");
}

#[test]
fn use_that_a_lease_hands_back_is_no_conflict() {
    let mut net = Net::default();
    for (station, time) in [(1, 0), (2, 20), (1, 40)] {
        net.bound(station, "10.0.0.5", LEASE, minute(time));
        net.uses(station, "10.0.0.5", None, time);
        net.uses(station, "10.0.0.5", None, time + 5);
    }
    assert!(net.conflict("10.0.0.5").is_empty());
}

#[test]
fn use_on_two_vlans_is_no_conflict() {
    let mut net = Net::default();
    for time in 0..9 {
        net.uses(1, "192.168.0.5", Some(10), time);
        net.uses(2, "192.168.0.5", Some(20), time);
    }
    net.bound(1, "192.168.0.5", vlan(10), minute(0));
    assert!(net.conflict("192.168.0.5").is_empty());
}

#[test]
fn packets_with_a_made_up_source_dispute_nothing() {
    let mut net = Net::default();
    for time in 0..9 {
        net.uses(1, "10.0.0.5", None, time);
        net.stations.sighted(Some(mac(2)), Some(ip("10.0.0.5")), false, None, minute(time), FRAME);
    }
    assert!(net.conflict("10.0.0.5").is_empty());
}

#[test]
fn claims_on_what_another_uses_meanwhile_take_nothing() {
    let mut net = Net::default();
    net.bound(1, "10.0.0.5", ON_LINK, minute(0));
    for time in 0..9 {
        net.bound(2, "10.0.0.5", ON_LINK, minute(time));
        net.uses(1, "10.0.0.5", None, time);
        // Passed on, with the claimant's own hardware address.
        net.stations.sighted(Some(mac(2)), Some(ip("10.0.0.5")), false, None, minute(time), FRAME);
    }
    assert_eq!(net.conflict("10.0.0.5"), [mac(1), mac(2)]);
    for (station, owner) in [(None, 1), (Some(1), 1), (Some(2), 2)] {
        assert_eq!(net.owner(station, Some("10.0.0.5")), format!("mac-0009fb00000{owner}"));
    }
    // One may be a mistake in a configuration; who does it twice does not hold what others use.
    assert_eq!((net.own(1), net.own(2)), (1, 1));
    for time in 0..9 {
        net.bound(2, "10.0.0.6", ON_LINK, minute(time));
        net.uses(3, "10.0.0.6", None, time);
    }
    assert_eq!((net.own(1), net.own(2)), (1, 0));
    assert_eq!(net.owner(Some(2), Some("10.0.0.5")), "mac-0009fb000001");
    assert_eq!(net.resolved().interfaces[&mac(2)].disputed, [ip("10.0.0.5"), ip("10.0.0.6")].into());
}

/// Eight stations that say their address once; somebody tells them that the router is here and the router that they are.
fn poisoned() -> Net {
    let mut net = Net::default();
    for last in 10..18 {
        net.bound(last, &format!("10.0.0.{last}"), ON_LINK, minute(0));
    }
    net.bound(2, "10.0.0.1", ON_LINK, minute(0));
    for time in 1..10 {
        net.bound(66, "10.0.0.1", ON_LINK, minute(time));
        for last in 10..18 {
            let address = format!("10.0.0.{last}");
            net.bound(66, &address, ON_LINK, minute(time));
            net.uses(last, &address, None, time);
            net.converses(66, ip("10.20.0.9"), true);
        }
    }
    net
}

#[test]
fn whoever_poisons_its_neighbours_is_no_gateway_and_holds_nothing() {
    let mut net = poisoned();
    assert!(!net.is_gateway(66));
    assert_eq!(net.own(66), 0);
    assert_eq!(net.resolved().interfaces[&mac(66)].disputed.len(), 9);
    for last in 10..18 {
        assert_eq!(net.conflict(&format!("10.0.0.{last}")), [mac(last), mac(66)]);
        assert_eq!(net.owner(Some(66), Some(&format!("10.0.0.{last}"))), format!("mac-0009fb0000{last:02x}"));
    }
    // The router said its address only once, before.
    assert_eq!(net.conflict("10.0.0.1"), [mac(2), mac(66)]);
    assert_eq!(net.owner(None, Some("10.0.0.1")), "mac-0009fb000002");
    assert_eq!(net.owner(Some(66), Some("10.20.0.9")), "ip-10.20.0.9");
    // Its own word is another matter: a router may answer for everybody on its link.
    net.routers.insert(mac(66));
    assert!(net.is_gateway(66));
}

#[test]
fn a_router_whose_hop_limits_look_fresh_disputes_nothing() {
    let mut net = Net::default();
    net.bound(2, "10.0.0.1", ON_LINK, minute(0));
    net.converses(2, ip("10.7.0.9"), true);
    for time in 0..9 {
        // Switches begin with 255: one router later that still looks like a beginning.
        net.uses(1, "10.0.0.5", None, time);
        net.uses(2, "10.0.0.5", None, time);
    }
    assert!(net.conflict("10.0.0.5").is_empty());
    assert!(net.is_gateway(2));
}

#[test]
fn a_bridge_disputes_nothing() {
    // It shows its own hardware address; a message tells the device's.
    let mut net = Net::default();
    for time in 0..9 {
        net.bound(1, "10.0.0.5", Claim { vouched: true, ..ON_LINK }, minute(time));
        net.uses(2, "10.0.0.5", None, time);
    }
    assert!(net.conflict("10.0.0.5").is_empty());
    // Captured on both sides of it.
    let mut net = Net::default();
    for time in 0..9 {
        for last in 5..9 {
            net.uses(last, &format!("10.0.0.{last}"), None, time);
            net.uses(20, &format!("10.0.0.{last}"), None, time);
        }
    }
    assert!(net.resolved().conflicts.is_empty());
    let mut net = Net::default();
    for time in 0..9 {
        for last in 5..7 {
            net.bound(last, &format!("fe80::{last}"), ON_LINK, minute(time));
            net.uses(20, &format!("fe80::{last}"), None, time);
        }
    }
    assert!(net.resolved().conflicts.is_empty());
}

#[test]
fn another_card_that_nobody_addresses_disputes_nothing() {
    let mut net = Net::default();
    for time in 0..9 {
        net.bound(1, "10.0.0.1", ON_LINK, minute(time));
        net.converses(2, ip("10.0.0.1"), false);
    }
    assert!(net.conflict("10.0.0.1").is_empty());
}

#[test]
fn routers_that_share_a_hardware_address_dispute_nothing() {
    let shared = MacAddr([0, 0, 0x5e, 0, 1, 7]);
    let mut net = Net::default();
    for time in 0..9 {
        net.stations.bound(shared, ip("10.0.0.1"), ON_LINK, minute(time), FRAME);
        net.uses(2, "10.0.0.1", None, time);
    }
    assert!(net.resolved().conflicts.is_empty());
}

const SHARED: MacAddr = MacAddr([0, 0, 0x5e, 0, 1, 7]);

/// A router sends from the shared hardware address with its own address, and answers for that which is shared.
fn takes_over(net: &mut Net, own: &str, time: i64) {
    net.stations.sighted(Some(SHARED), Some(ip(own)), false, None, minute(time), FRAME);
    let entity = net.stations.station(Some(SHARED), Some(ip(own))).unwrap();
    net.stations.uses(entity, SHARED, ip(own), None, minute(time));
    net.stations.bound(SHARED, ip("10.0.0.1"), ON_LINK, minute(time), FRAME);
}

fn owner_of(net: &mut Net, address: Option<&str>) -> String {
    let entity = net.stations.station(Some(SHARED), address.map(ip)).unwrap();
    net.resolved().owners[entity.index()].id()
}

#[test]
fn what_routers_share_is_the_latest_ones_and_merges_none() {
    let mut net = Net::default();
    net.bound(2, "10.0.0.2", ON_LINK, minute(0));
    net.bound(3, "10.0.0.3", ON_LINK, minute(0));
    takes_over(&mut net, "10.0.0.2", 1);
    assert_eq!(net.owner(None, Some("10.0.0.1")), "mac-0009fb000002");
    takes_over(&mut net, "10.0.0.3", 9);
    assert_eq!(owner_of(&mut net, Some("10.0.0.2")), "mac-0009fb000002");
    assert_eq!(owner_of(&mut net, Some("10.0.0.3")), "mac-0009fb000003");
    assert_eq!(owner_of(&mut net, None), "mac-0009fb000003");
    for station in [None, Some(2)] {
        assert_eq!(net.owner(station, Some("10.0.0.1")), "mac-0009fb000003");
    }
}

#[test]
fn routers_without_a_hardware_address_of_their_own_are_keyed_by_address() {
    let mut net = Net::default();
    net.stations.bound(SHARED, ip("10.0.0.1"), ON_LINK, minute(0), FRAME);
    assert_eq!(
        (owner_of(&mut net, None), owner_of(&mut net, Some("10.0.0.1"))),
        ("ip-10.0.0.1".into(), "ip-10.0.0.1".into())
    );
    takes_over(&mut net, "10.0.0.2", 1);
    takes_over(&mut net, "10.0.0.3", 2);
    assert_eq!(owner_of(&mut net, Some("10.0.0.2")), "ip-10.0.0.2");
    assert_eq!(owner_of(&mut net, Some("10.0.0.1")), "ip-10.0.0.3");
}

/// Nobody takes a station's address by claiming it from an address that routers share.
#[test]
fn a_shared_hardware_address_takes_nothing_from_who_uses_it() {
    let mut net = Net::default();
    net.bound(5, "10.0.0.5", ON_LINK, minute(0));
    takes_over(&mut net, "10.0.0.2", 1);
    net.stations.bound(SHARED, ip("10.0.0.5"), ON_LINK, minute(20), FRAME);
    assert_eq!(net.owner(None, Some("10.0.0.5")), "mac-0009fb000005");
    assert_eq!(net.owner(Some(5), Some("10.0.0.5")), "mac-0009fb000005");
}
