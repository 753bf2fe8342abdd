//! IPv6 beside IPv4 (RFC 8200): a host makes addresses of its own (RFC 4862), tells multicast listeners' reports (RFC 3810),
//! finds its router and is found (RFC 4861), announces its name to the link, and asks for names by IPv6.

use std::net::Ipv6Addr;

use crate::bytes::{Bytes, length16, noise};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::{APPLE, LINUX, Mac, Moment, Station, Sum, Tape};
use crate::hospital::Around;
use crate::kinds::{Routine, udp};
use crate::rhythm::Rhythm;
use crate::talk::names;

const IPV6: u16 = 0x86dd;
const ICMP: u8 = 58;
const UDP: u8 = 17;
const HOP_BY_HOP: u8 = 0;
const ROUTER_SOLICITATION: u8 = 133;
const ROUTER_ADVERTISEMENT: u8 = 134;
const NEIGHBOUR_SOLICITATION: u8 = 135;
const NEIGHBOUR_ADVERTISEMENT: u8 = 136;
const LISTENERS: u8 = 143;
const MDNS: u16 = 5_353;
const DNS: u16 = 53;

const ALL_NODES: Ipv6Addr = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 1);
const ALL_ROUTERS: Ipv6Addr = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 2);
const REPORTS: Ipv6Addr = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 0x16);
const NAMES: Ipv6Addr = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 0xfb);

/// How often a host looks whether its router is still there.
const LOOK_S: u64 = 1_800;
const ANNOUNCE_S: u64 = 7_200;
const ASK_S: u64 = 3_600;

/// A station's address on its link, and the one that others reach it by (a unique local one, RFC 4193).
pub fn addresses(station: &Station) -> [Ipv6Addr; 2] {
    let link_local = [0xfe, 0x80, 0, 0, 0, 0, 0, 0];
    let [a, b] = station.link.vlan.to_be_bytes();
    [link_local, [0xfd, 0x3c, 0xa1, 0x0e, 0x77, 0xd0, a, b]].map(|prefix| of(prefix, interface(station)))
}

fn of(prefix: [u8; 8], [a, b, c, d, e, f, g, h]: [u8; 8]) -> Ipv6Addr {
    let [i, j, k, l, m, n, o, p] = prefix;
    Ipv6Addr::from([i, j, k, l, m, n, o, p, a, b, c, d, e, f, g, h])
}

/// The second half of its addresses: of the hardware address (RFC 4291 appendix A) as small systems make it, or
/// a number that tells nothing (RFC 7217).
fn interface(station: &Station) -> [u8; 8] {
    let [a, b, c, d, e, f] = station.mac;
    if station.stack == LINUX {
        return [a ^ 2, b, c, 0xff, 0xfe, d, e, f];
    }
    let hidden = noise(u64::from_be_bytes([0, 0x76, a, b, c, d, e, f]), 8);
    <[u8; 8]>::try_from(hidden.as_slice()).unwrap_or_default()
}

/// The router as it is seen on a link.
fn router(station: &Station) -> (Mac, Ipv6Addr) {
    let [a, b, c, d, e, f] = station.link.router;
    (station.link.router, of([0xfe, 0x80, 0, 0, 0, 0, 0, 0], [a ^ 2, b, c, 0xff, 0xfe, d, e, f]))
}

/// What a device says by IPv6.
pub fn routines(me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
    let station = me.station;
    let [own, global] = addresses(&station);
    let mut routines = vec![
        Routine::new(Rhythm::once(60, draw), move |tape, at, _| joins(tape, at, &station)),
        Routine::new(Rhythm::every(LOOK_S, draw), move |tape, at, _| looks(tape, at, &station)),
    ];
    if station.stack == APPLE || station.stack == LINUX && me.lease.is_some() {
        let name = me.name.clone();
        routines.push(Routine::new(Rhythm::every(ANNOUNCE_S, draw), move |tape, at, _| {
            let message = names::name_by_ipv6(&name, &[own, global]);
            datagram(tape, at, &station, (own, MDNS), (group_mac(NAMES), NAMES, MDNS), 255, &message);
        }));
    }
    // Where the computer room is a guest is not told.
    let controller =
        around.all("domain_controller").next().filter(|_| !me.comes_and_goes && me.kind != "domain_controller");
    if let (Some(controller), Some(services)) = (controller, around.services()) {
        let (server, name) = (controller.station, format!("wpad.{}", services.domain));
        let [_, to] = addresses(&server);
        let asks = Routine::new(Rhythm::every(ASK_S, draw), move |tape, at, _| {
            let (question, answer) = names::unknown_by_ipv6(&name, at);
            let port = tape.port(&station);
            // Each hop takes one off (RFC 8200 §3); a packet is recorded on the asking side.
            let is_beside = station.link == server.link;
            let (mac, hops) = if is_beside { (server.mac, 0) } else { (station.link.router, 1) };
            let limit = station.stack.hop_limit;
            datagram(tape, at, &station, (global, port), (mac, to, DNS), limit, &question);
            let back = Station { mac, link: station.link, ..server };
            let limit = server.stack.hop_limit.saturating_sub(hops);
            datagram(tape, at.after_us(700), &back, (to, DNS), (station.mac, global, port), limit, &answer);
        });
        routines.push(asks.over(udp(me, controller, DNS, "dns")));
    }
    routines
}

/// A host joins: it asks whether its addresses are free, reports to whom it listens, and asks for its router.
fn joins(tape: &mut Tape, at: Moment, station: &Station) {
    let [own, global] = addresses(station);
    let (router_mac, router_ip) = router(station);
    is_free(tape, at, station, own);
    let record = |group: Ipv6Addr| Bytes::new().raw([4, 0, 0, 0]).raw(group.octets());
    let report = Bytes::new().raw([0, 0, 0, 2]).raw(record(listening(own))).raw(record(NAMES));
    message(tape, at.after_ms(20), station, own, (group_mac(REPORTS), REPORTS), (LISTENERS, &report));
    let asks = Bytes::new().zeros(4).raw([1, 1]).raw(station.mac);
    message(tape, at.after_ms(900), station, own, (group_mac(ALL_ROUTERS), ALL_ROUTERS), (ROUTER_SOLICITATION, &asks));
    let prefix = Bytes::new().raw([3, 4, 64, 0xc0]).u32(2_592_000).u32(604_800).zeros(4);
    let [a, b, c, d, e, f, g, h, ..] = global.octets();
    let tells = Bytes::new().raw([64, 0]).u16(1_800).zeros(8).raw([1, 1]).raw(router_mac);
    let tells = tells.raw(prefix).raw([a, b, c, d, e, f, g, h]).zeros(8);
    let there = Station { mac: router_mac, ..*station };
    let to = (group_mac(ALL_NODES), ALL_NODES);
    message(tape, at.after_ms(940), &there, router_ip, to, (ROUTER_ADVERTISEMENT, &tells));
    is_free(tape, at.after_s(1), station, global);
    looks(tape, at.after_s(2), station);
}

/// Asks whether anybody has an address (RFC 4862 §5.4.2); nobody has.
fn is_free(tape: &mut Tape, at: Moment, station: &Station, address: Ipv6Addr) {
    let group = listening(address);
    let asks = Bytes::new().zeros(4).raw(address.octets());
    message(tape, at, station, Ipv6Addr::UNSPECIFIED, (group_mac(group), group), (NEIGHBOUR_SOLICITATION, &asks));
}

/// A host asks for its router's hardware address, and the router for its.
fn looks(tape: &mut Tape, at: Moment, station: &Station) {
    let [own, global] = addresses(station);
    let (router_mac, router_ip) = router(station);
    let there = Station { mac: router_mac, ..*station };
    asked(tape, at, (station, own), (&there, router_ip), 0xe0);
    asked(tape, at.after_ms(400), (&there, router_ip), (station, global), 0x60);
}

fn asked(tape: &mut Tape, at: Moment, from: (&Station, Ipv6Addr), to: (&Station, Ipv6Addr), flags: u8) {
    let group = listening(to.1);
    let asks = Bytes::new().zeros(4).raw(to.1.octets()).raw([1, 1]).raw(from.0.mac);
    message(tape, at, from.0, from.1, (group_mac(group), group), (NEIGHBOUR_SOLICITATION, &asks));
    let tells = Bytes::new().u8(flags).zeros(3).raw(to.1.octets()).raw([2, 1]).raw(to.0.mac);
    message(tape, at.after_us(300), to.0, to.1, (from.0.mac, from.1), (NEIGHBOUR_ADVERTISEMENT, &tells));
}

/// The group of whoever has an address (RFC 4291 §2.7.1).
fn listening(address: Ipv6Addr) -> Ipv6Addr {
    let [.., a, b, c] = address.octets();
    Ipv6Addr::from([0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, a, b, c])
}

/// RFC 2464 §7.
fn group_mac(group: Ipv6Addr) -> Mac {
    let [.., a, b, c, d] = group.octets();
    [0x33, 0x33, a, b, c, d]
}

/// An ICMPv6 message (RFC 4443 §2.1); reports of listeners go behind a router alert (RFC 3810 §5).
fn message(
    tape: &mut Tape,
    at: Moment,
    from: &Station,
    source: Ipv6Addr,
    (mac, to): (Mac, Ipv6Addr),
    (kind, body): (u8, &Bytes),
) {
    let length = length16(body.as_ref()).saturating_add(4);
    let sum = pseudo(source, to, ICMP, length).and(&[kind, 0, 0, 0]).and(body.as_ref()).end();
    let message = Bytes::new().raw([kind, 0]).u16(sum).raw(body);
    let (next, hop_limit, message) = match kind {
        LISTENERS => (HOP_BY_HOP, 1, Bytes::new().raw([ICMP, 0, 5, 2, 0, 0, 1, 0]).raw(message)),
        _ => (ICMP, 255, message),
    };
    packet(tape, at, from, source, (mac, to), [next, hop_limit], &message);
}

/// A UDP datagram.
fn datagram(
    tape: &mut Tape,
    at: Moment,
    from: &Station,
    (source, port): (Ipv6Addr, u16),
    (mac, to, to_port): (Mac, Ipv6Addr, u16),
    hop_limit: u8,
    payload: &Bytes,
) {
    let length = length16(payload.as_ref()).saturating_add(8);
    let head = Bytes::new().u16(port).u16(to_port).u16(length);
    let sum = match pseudo(source, to, UDP, length).and(head.as_ref()).and(&[0, 0]).and(payload.as_ref()).end() {
        0 => 0xffff,
        sum => sum,
    };
    packet(tape, at, from, source, (mac, to), [UDP, hop_limit], &head.u16(sum).raw(payload));
}

/// What checksums cover besides (RFC 8200 §8.1).
fn pseudo(from: Ipv6Addr, to: Ipv6Addr, next: u8, length: u16) -> Sum {
    let [a, b] = length.to_be_bytes();
    Sum::default().and(&from.octets()).and(&to.octets()).and(&[0, 0, a, b, 0, 0, 0, next])
}

fn packet(
    tape: &mut Tape,
    at: Moment,
    from: &Station,
    source: Ipv6Addr,
    (mac, to): (Mac, Ipv6Addr),
    next_and_limit: [u8; 2],
    payload: &Bytes,
) {
    let packet = Bytes::new().u32(0x6000_0000).u16(length16(payload.as_ref())).raw(next_and_limit);
    let packet = packet.raw(source.octets()).raw(to.octets()).raw(payload);
    tape.frame(at, from, mac, IPV6, packet.as_ref());
}
