//! The same ends on several links: when they are one connection and when two, and who is told to send.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]

use std::collections::BTreeSet;

use model::observation::FrameRef;
use model::{Connection, MacAddr, Observation, Timestamp};
use sensor::capture::CapturedFrame;
use sensor::{Observer, Sensor};
use wire::packet::LinkType;

#[derive(Default)]
struct Seen {
    connections: Vec<Connection>,
    sightings: Vec<(u8, Option<u16>)>,
}

impl Observer for Seen {
    fn observe(&mut self, observation: Observation<'_>) {
        match observation {
            Observation::Connection(connection) => self.connections.push(connection.clone()),
            Observation::Sighting { mac: Some(MacAddr([.., last])), vlan, .. } => self.sightings.push((last, vlan)),
            _ => {}
        }
    }
}

/// Of the packets from 10.0.0.5: protocol, port, hop limit and TCP flags.
type Kind = (u8, u16, u8, u8);

const UDP: Kind = (17, 47_808, 64, 0);
const TCP: Kind = (6, 47_808, 64, ACK);
const ACK: u8 = 16;
const SYN: u8 = 2;

/// Hardware addresses, to and from; VLAN; whether it goes from 10.0.0.5 to 10.0.0.90, or back.
type Packet = ((u8, u8), Option<u16>, bool);

/// A datagram (RFC 768), or a TCP segment without payload (RFC 9293 §3.1), to or from port 47808.
fn frame((protocol, port, hop_limit, flags): Kind, ((to, from), vlan, there): Packet) -> Vec<u8> {
    let mut frame = vec![0, 9, 0xfb, 0, 0, to, 0, 9, 0xfb, 0, 0, from];
    if let Some(vlan) = vlan {
        frame.extend([0x81, 0]);
        frame.extend(vlan.to_be_bytes());
    }
    let (ends, rest): ([[u8; 4]; 2], &[u8]) = (
        if there { [[10, 0, 0, 5], [10, 0, 0, 90]] } else { [[10, 0, 0, 90], [10, 0, 0, 5]] },
        if protocol == 17 {
            &[0, 12, 0, 0, 1, 2, 3, 4]
        } else {
            &[0, 0, 0, from, 0, 0, 0, 1, 0x50, flags, 1, 0, 0, 0, 0, 0]
        },
    );
    let length = u8::try_from(24 + rest.len()).unwrap();
    frame.extend([8, 0, 0x45, 0, 0, length, 0, 1, 0x40, 0, hop_limit, protocol, 0, 0]);
    frame.extend(ends.concat());
    let ports = if there { [port, 47_808] } else { [47_808, port] };
    frame.extend(ports.iter().flat_map(|port| port.to_be_bytes()));
    frame.extend(rest);
    frame
}

fn seen(kind: Kind, packets: impl IntoIterator<Item = Packet>) -> Seen {
    seen_of(packets.into_iter().map(|packet| (kind, packet)))
}

fn seen_of(packets: impl IntoIterator<Item = (Kind, Packet)>) -> Seen {
    let (mut sensor, mut seen) = (Sensor::default(), Seen::default());
    for (number, (kind, packet)) in (1..).zip(packets) {
        let bytes = frame(kind, packet);
        let wire_length = bytes.len() as u64;
        let captured = CapturedFrame { time: Timestamp(0), link: Some(LinkType::Ethernet), bytes: &bytes, wire_length };
        sensor.frame(&captured, FrameRef { capture: 0, number }, &mut seen);
    }
    sensor.finish(&mut seen);
    seen
}

/// Packets of the connections, there and back, in order of their number.
fn counts(kind: Kind, packets: &[Packet]) -> Vec<(u64, u64)> {
    let mut connections = seen(kind, packets.iter().copied().cycle().take(packets.len() * 5)).connections;
    connections.sort_by_key(|connection| connection.id);
    let from_low = |connection: &Connection| {
        let (sent, received) = (connection.sent.packets, connection.received.packets);
        if connection.initiator.ip.unwrap().to_string() == "10.0.0.5" { (sent, received) } else { (received, sent) }
    };
    connections.iter().map(from_low).collect()
}

#[test]
fn the_same_addresses_on_two_vlans_are_two_connections() {
    let packets =
        [((90, 1), Some(10), true), ((91, 2), Some(20), true), ((1, 90), Some(10), false), ((2, 91), Some(20), false)];
    for kind in [UDP, TCP] {
        assert_eq!(counts(kind, &packets), [(5, 5), (5, 5)]);
    }
    // Even if a router stands at one end of both, with one hardware address.
    let routed = packets.map(|((to, from), vlan, there)| ((to.min(90), from.min(90)), vlan, there));
    assert_eq!(counts(UDP, &routed), [(5, 5), (5, 5)]);
    // An untagged link beside a tagged one.
    let native = packets.map(|(macs, vlan, there)| (macs, vlan.filter(|vlan| *vlan != 10), there));
    assert_eq!(counts(UDP, &native), [(5, 5), (5, 5)]);
    assert_eq!(seen(UDP, packets).sightings, [(1, Some(10)), (2, Some(20)), (90, Some(10)), (91, Some(20))]);
}

#[test]
fn what_differs_in_the_tag_only_is_one_connection() {
    for vlan in [None, Some(20)] {
        assert_eq!(counts(UDP, &[((90, 1), Some(10), true), ((1, 90), vlan, false)]), [(5, 5)]);
    }
    // A priority tag is none.
    assert_eq!(seen(UDP, [((90, 1), Some(0), true)]).connections.first().unwrap().vlan, None);
    // To a router's shared hardware address, and back from its own.
    assert_eq!(counts(UDP, &[((90, 1), Some(10), true), ((1, 92), None, false)]), [(5, 5)]);
}

#[test]
fn copies_from_both_sides_of_a_router_are_one_connection() {
    let packets = [
        ((92, 1), Some(10), true),
        ((90, 92), Some(20), true),
        ((92, 90), Some(20), false),
        ((1, 92), Some(10), false),
    ];
    assert_eq!(counts(UDP, &packets), [(10, 10)]);
    // Each direction on one side only.
    assert_eq!(counts(UDP, &[((92, 1), Some(10), true), ((92, 90), Some(20), false)]), [(5, 5)]);
    // The same, with two hardware addresses of the router, where the client chose its port.
    for kind in [(17, 4_000, 64, 0), (6, 4_000, 64, ACK)] {
        assert_eq!(counts(kind, &[((92, 1), Some(10), true), ((93, 90), Some(20), false)]), [(5, 5)]);
    }
    // Copies that share no hardware address: the hop limit shows the router.
    let far: Kind = (17, 47_808, 63, 0);
    let copies = [(UDP, ((92, 1), Some(10), true)), (far, ((90, 93), Some(20), true))];
    assert_eq!(seen_of(copies).connections.len(), 1);
}

#[test]
fn the_opening_of_a_tcp_connection_tells_which_it_is() {
    let opening: Kind = (6, 4_000, 64, SYN);
    // The sequence number is the sender's last byte: a copy has the same, another connection has not.
    let copies = [((90, 1), Some(10), true), ((90, 1), Some(20), true)];
    assert_eq!(seen(opening, copies).connections.len(), 1);
    let two = [((90, 1), Some(10), true), ((90, 2), Some(20), true)];
    assert_eq!(seen(opening, two).connections.len(), 2);
}

#[test]
fn twins_beyond_the_limit_are_added_to_the_oldest() {
    let packets = (1..=100_u16).map(|vlan| ((200, u8::try_from(vlan).unwrap()), Some(vlan), true));
    let connections = seen(UDP, packets.clone().chain(packets)).connections;
    assert_eq!(connections.len(), 32);
    assert_eq!(connections.iter().map(|connection| connection.sent.packets).sum::<u64>(), 200);
    assert_eq!(connections.iter().filter(|connection| connection.sent.packets == 2).count(), 31);
}

#[test]
fn who_takes_over_a_connection_is_told() {
    let took_over = (0..20).map(|number| ((90, if number < 10 { 1 } else { 66 }), None, true));
    let seen_one = seen(UDP, took_over);
    assert_eq!(seen_one.sightings, [(1, None), (66, None)]);
    assert_eq!(seen_one.connections.len(), 1);
    assert_eq!(seen_one.connections.first().unwrap().initiator.mac, Some(MacAddr([0, 9, 0xfb, 0, 0, 1])));
    // Who takes turns is told once, and many are told up to a limit.
    assert_eq!(seen(UDP, (0..20).map(|number| ((90, number % 2), None, true))).sightings.len(), 2);
    let many = seen(UDP, (0..200).map(|number| ((201, number), None, true))).sightings;
    assert_eq!(many.iter().collect::<BTreeSet<_>>().len(), 16);
}
