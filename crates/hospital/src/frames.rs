//! Ethernet, ARP, IPv4 and UDP frames with right checksums, put on a tape in any order and read off it in order of time.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use crate::bytes::{Bytes, length16, noise32};

/// A hardware address.
pub type Mac = [u8; 6];

const BROADCAST: Mac = [0xff; 6];
const IPV4: u16 = 0x0800;
const ARP: u16 = 0x0806;
const VLAN: u16 = 0x8100;
const UDP: u8 = 17;
/// Ethernet's shortest frame without its checksum.
const FRAME_BYTES_MIN: usize = 60;
/// How long a neighbour's hardware address is remembered.
const NEIGHBOUR_US: u64 = 20 * 60 * 1_000_000;
/// A router takes off one hop each.
const HOPS_TO_SERVERS: u8 = 1;

/// A moment, in microseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub u64);

impl Moment {
    /// So many microseconds later.
    pub const fn after_us(self, us: u64) -> Self {
        Self(self.0.saturating_add(us))
    }

    /// So many milliseconds later.
    pub const fn after_ms(self, ms: u64) -> Self {
        self.after_us(ms.saturating_mul(1_000))
    }

    /// So many seconds later.
    pub const fn after_s(self, s: u64) -> Self {
        self.after_ms(s.saturating_mul(1_000))
    }

    /// So many microseconds earlier.
    pub const fn before_us(self, us: u64) -> Self {
        Self(self.0.saturating_sub(us))
    }
}

/// How an operating system's network stack shows itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stack {
    /// The hop limit that packets start with.
    pub hop_limit: u8,
    /// The window of the first segment.
    pub window: u16,
    /// Window scale and selective acknowledgement are offered.
    pub modern: bool,
    /// Timestamps are offered (RFC 7323).
    pub timestamps: bool,
    /// The first port for connections that it opens itself.
    pub first_port: u16,
}

/// Microsoft Windows of the last decade.
pub const WINDOWS: Stack =
    Stack { hop_limit: 128, window: 64_240, modern: true, timestamps: false, first_port: 49_680 };
/// Linux.
pub const LINUX: Stack = Stack { hop_limit: 64, window: 64_240, modern: true, timestamps: true, first_port: 36_100 };
/// iOS and macOS.
pub const APPLE: Stack = Stack { hop_limit: 64, window: 65_535, modern: true, timestamps: true, first_port: 52_010 };
/// Small real-time systems.
pub const EMBEDDED: Stack = Stack { hop_limit: 64, window: 5_840, modern: false, timestamps: false, first_port: 1_030 };
/// Switches, printers and others that start at the highest hop limit.
pub const NETWORK: Stack =
    Stack { hop_limit: 255, window: 4_128, modern: false, timestamps: false, first_port: 11_000 };

/// A link: a virtual LAN with the router that leads away from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its number as frames are tagged with it (IEEE 802.1Q); 0 where they are not.
    pub vlan: u16,
    /// The router's hardware address on it.
    pub router: Mac,
    /// The router's address on it.
    pub router_ip: Ipv4Addr,
    /// How many bits its addresses have in common.
    pub prefix: u8,
    /// Of two links that a packet crosses the higher one is recorded; 0 is never.
    pub rank: u8,
}

impl Link {
    /// The address that reaches everybody on the link of an address.
    pub fn broadcast(&self, ip: Ipv4Addr) -> Ipv4Addr {
        Ipv4Addr::from(u32::from(ip) | u32::MAX.checked_shr(self.prefix.into()).unwrap_or(0))
    }

    /// The mask of its addresses.
    pub fn mask(&self) -> Ipv4Addr {
        Ipv4Addr::from(!u32::MAX.checked_shr(self.prefix.into()).unwrap_or(0))
    }
}

/// A sender or receiver.
#[derive(Clone, Copy, Debug)]
pub struct Station {
    /// Its hardware address.
    pub mac: Mac,
    /// Its network address.
    pub ip: Ipv4Addr,
    /// How its network stack shows itself.
    pub stack: Stack,
    /// Where it is.
    pub link: Link,
    /// Routers between it and whoever is on another link.
    pub hops: u8,
}

impl Station {
    /// The same station with another address.
    pub const fn with_address(self, ip: Ipv4Addr) -> Self {
        Self { ip, ..self }
    }

    /// The address that reaches everybody on its link.
    pub fn broadcast(&self) -> Ipv4Addr {
        self.link.broadcast(self.ip)
    }

    fn is_beside(&self, other: &Self) -> bool {
        self.link == other.link && self.link.rank > 0
    }

    /// How it looks on a link: itself where it is on it, else the router.
    fn on(&self, link: &Link) -> Neighbour {
        let (mac, ip) =
            if self.link == *link && link.rank > 0 { (self.mac, self.ip) } else { (link.router, link.router_ip) };
        Neighbour { mac, ip, vlan: link.vlan }
    }
}

/// The link on which a packet between two is recorded.
fn recorded<'s>(from: &'s Station, to: &'s Station) -> &'s Link {
    if (from.link.rank, from.link.vlan) >= (to.link.rank, to.link.vlan) { &from.link } else { &to.link }
}

/// How long a packet takes between the two, in microseconds.
pub fn delay_us(from: &Station, to: &Station) -> u64 {
    let hops = if from.is_beside(to) { 0 } else { from.hops.max(to.hops) };
    match hops {
        0 => 180,
        HOPS_TO_SERVERS => 420,
        _ => 11_500,
    }
}

/// Somebody as seen on a link.
#[derive(Clone, Copy)]
struct Neighbour {
    mac: Mac,
    ip: Ipv4Addr,
    vlan: u16,
}

/// Frames with their times, put in any order and taken in order of time.
#[derive(Default)]
pub struct Tape {
    /// By time; what was put at the same time stays in order.
    frames: BTreeMap<(Moment, u64), Vec<u8>>,
    put: u64,
    packets: u64,
    next_port: BTreeMap<Ipv4Addr, u16>,
    neighbours: BTreeMap<(Ipv4Addr, Ipv4Addr), Moment>,
}

impl Tape {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// All frames in order of time.
    pub fn frames(self) -> Vec<(u64, Vec<u8>)> {
        self.frames.into_iter().map(|((time, _), frame)| (time.0, frame)).collect()
    }

    /// Takes the first frame that is older than a moment.
    pub fn take_before(&mut self, end: Moment) -> Option<(Moment, Vec<u8>)> {
        let first = self.frames.first_entry().filter(|first| first.key().0 < end)?;
        let ((time, _), frame) = first.remove_entry();
        Some((time, frame))
    }

    /// An Ethernet II frame from a station, or from whoever else is on its link.
    pub fn frame(&mut self, at: Moment, from: &Station, destination: Mac, ethertype: u16, payload: &[u8]) {
        self.tagged(at, from.link.vlan, destination, from.mac, &Bytes::new().u16(ethertype).raw(payload));
    }

    /// An IEEE 802.3 frame, whose type field is a length.
    pub fn frame_802_3(&mut self, at: Moment, from: &Station, destination: Mac, payload: &[u8]) {
        self.tagged(at, from.link.vlan, destination, from.mac, &Bytes::new().counted16(payload));
    }

    /// Type or length and payload, behind a tag (IEEE 802.1Q §9.6) where the link has one.
    fn tagged(&mut self, at: Moment, vlan: u16, destination: Mac, source: Mac, rest: &Bytes) {
        let frame = Bytes::new().raw(destination).raw(source);
        let frame = if vlan == 0 { frame } else { frame.u16(VLAN).u16(vlan) }.raw(rest);
        let missing = FRAME_BYTES_MIN.saturating_sub(frame.len());
        self.put = self.put.saturating_add(1);
        self.frames.insert((at, self.put), frame.zeros(missing).as_ref().to_vec());
    }

    /// Asks who has an address (RFC 826).
    pub fn arp_request(&mut self, at: Moment, from: &Station, target: Ipv4Addr) {
        self.ask(at, Neighbour { mac: from.mac, ip: from.ip, vlan: from.link.vlan }, target);
    }

    /// Asks whether an address is free before using it (RFC 5227 §2.1), then announces it (§2.3).
    pub fn arp_claim(&mut self, at: Moment, from: &Station) {
        let probe = arp(1).raw(from.mac).zeros(4).zeros(6).raw(from.ip.octets());
        self.frame(at, from, BROADCAST, ARP, probe.as_ref());
        self.arp_request(at.after_s(2), from, from.ip);
    }

    fn ask(&mut self, at: Moment, from: Neighbour, target: Ipv4Addr) {
        let question = arp(1).raw(from.mac).raw(from.ip.octets()).zeros(6).raw(target.octets());
        self.tagged(at, from.vlan, BROADCAST, from.mac, &Bytes::new().u16(ARP).raw(question));
    }

    /// Answers that an address is one's own.
    fn answer(&mut self, at: Moment, from: Neighbour, to: Neighbour) {
        let answer = arp(2).raw(from.mac).raw(from.ip.octets()).raw(to.mac).raw(to.ip.octets());
        self.tagged(at, from.vlan, to.mac, from.mac, &Bytes::new().u16(ARP).raw(answer));
    }

    /// Lets two stations learn each other's hardware address if they do not know it (any longer).
    fn meet(&mut self, at: Moment, from: Neighbour, to: Neighbour) {
        if from.mac == to.mac {
            return;
        }
        let known = self.neighbours.get(&(from.ip, to.ip)).or_else(|| self.neighbours.get(&(to.ip, from.ip)));
        if known.is_some_and(|known| known.0.abs_diff(at.0) < NEIGHBOUR_US) {
            return;
        }
        self.ask(at.before_us(600), from, to.ip);
        self.answer(at.before_us(300), to, from);
        self.neighbours.insert((from.ip, to.ip), at);
    }

    /// An IPv4 packet from one station to another.
    pub fn ip(&mut self, at: Moment, from: &Station, to: &Station, protocol: u8, payload: &[u8]) {
        let link = *recorded(from, to);
        let (sender, receiver) = (from.on(&link), to.on(&link));
        self.meet(at, sender, receiver);
        let passed = if from.link == link && link.rank > 0 { 0 } else { from.hops };
        let hop_limit = from.stack.hop_limit.saturating_sub(passed);
        self.packet(at, (sender, from.ip), (receiver.mac, to.ip), hop_limit, protocol, payload);
    }

    /// An IPv4 packet (RFC 791 §3.1).
    fn packet(
        &mut self,
        at: Moment,
        (sender, from): (Neighbour, Ipv4Addr),
        (mac, to): (Mac, Ipv4Addr),
        hop_limit: u8,
        protocol: u8,
        payload: &[u8],
    ) {
        self.packets = self.packets.saturating_add(1);
        let [_, _, a, b] = noise32(self.packets).to_be_bytes();
        let total = length16(payload).saturating_add(20);
        let start = Bytes::new().raw([0x45, 0]).u16(total).raw([a, b, 0x40, 0, hop_limit, protocol]);
        let addresses = Bytes::new().raw(from.octets()).raw(to.octets());
        let sum = checksum(start.clone().raw(&addresses).as_ref());
        let packet = Bytes::new().u16(IPV4).raw(start).u16(sum).raw(addresses).raw(payload);
        self.tagged(at, sender.vlan, mac, sender.mac, &packet);
    }

    /// A UDP datagram (RFC 768) from one station to another.
    pub fn udp(&mut self, at: Moment, from: (&Station, u16), to: (&Station, u16), payload: &[u8]) {
        let datagram = datagram((from.0.ip, from.1), (to.0.ip, to.1), payload);
        self.ip(at, from.0, to.0, UDP, &datagram);
    }

    /// A UDP datagram to a multicast or broadcast address.
    pub fn udp_to_group(&mut self, at: Moment, from: (&Station, u16), to: (Ipv4Addr, u16), payload: &[u8]) {
        let [_, b, c, d] = to.0.octets();
        // RFC 1112 §6.4: the low 23 bits of the group.
        let mac = if to.0.is_multicast() { [1, 0, 0x5e, b & 0x7f, c, d] } else { BROADCAST };
        let hop_limit = match to.0.octets() {
            [224, 0, 0, 251] => 255,
            _ if to.0.is_multicast() => 1,
            _ => from.0.stack.hop_limit,
        };
        let datagram = datagram((from.0.ip, from.1), to, payload);
        let sender = Neighbour { mac: from.0.mac, ip: from.0.ip, vlan: from.0.link.vlan };
        self.packet(at, (sender, from.0.ip), (mac, to.0), hop_limit, UDP, &datagram);
    }

    /// A port for the next connection that a station opens.
    pub fn port(&mut self, station: &Station) -> u16 {
        let port = self.next_port.entry(station.ip).or_insert(station.stack.first_port);
        *port = port.checked_add(1).unwrap_or(station.stack.first_port);
        *port
    }
}

fn arp(operation: u16) -> Bytes {
    Bytes::new().u16(1).u16(IPV4).raw([6, 4]).u16(operation)
}

fn datagram(from: (Ipv4Addr, u16), to: (Ipv4Addr, u16), payload: &[u8]) -> Vec<u8> {
    let length = length16(payload).saturating_add(8);
    let start = Bytes::new().u16(from.1).u16(to.1).u16(length);
    // RFC 768: a sum of zero is written as all ones.
    let sum = match checksum(pseudo_header(from.0, to.0, UDP, length).raw(&start).raw(payload).as_ref()) {
        0 => u16::MAX,
        sum => sum,
    };
    start.u16(sum).raw(payload).as_ref().to_vec()
}

/// What transport checksums cover besides the segment (RFC 9293 §3.1).
pub fn pseudo_header(from: Ipv4Addr, to: Ipv4Addr, protocol: u8, length: u16) -> Bytes {
    Bytes::new().raw(from.octets()).raw(to.octets()).u8(0).u8(protocol).u16(length)
}

/// The Internet checksum (RFC 1071).
pub fn checksum(bytes: &[u8]) -> u16 {
    let sum = bytes.chunks(2).fold(0_u32, |sum, pair| {
        let word = match pair {
            [a, b] => u16::from_be_bytes([*a, *b]),
            [a] => u16::from_be_bytes([*a, 0]),
            _ => 0,
        };
        sum.wrapping_add(u32::from(word))
    });
    let folded = (sum & 0xffff).wrapping_add(sum >> 16);
    let folded = (folded & 0xffff).wrapping_add(folded >> 16);
    !u16::try_from(folded).unwrap_or(u16::MAX)
}
