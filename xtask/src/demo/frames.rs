//! Ethernet, ARP, IPv4 and UDP frames with right checksums, put on a tape in any order and read off it in order of time.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use super::bytes::{Bytes, length16, noise32};

/// A hardware address.
pub type Mac = [u8; 6];

const BROADCAST: Mac = [0xff; 6];
const IPV4: u16 = 0x0800;
const ARP: u16 = 0x0806;
const UDP: u8 = 17;
/// Ethernet's shortest frame without its checksum.
const FRAME_BYTES_MIN: usize = 60;
/// How long a neighbour's hardware address is remembered.
const NEIGHBOUR_US: u64 = 20 * 60 * 1_000_000;
/// A router takes off one hop each.
const HOPS_TO_SERVERS: u8 = 1;

/// A moment of the recorded morning, in microseconds since 1970.
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

/// A sender or receiver as it shows at the point of capture.
#[derive(Clone, Copy, Debug)]
pub struct Station {
    /// The hardware address next to the point of capture: its own, or the router's in front of it.
    pub mac: Mac,
    /// Its network address.
    pub ip: Ipv4Addr,
    /// How its network stack shows itself.
    pub stack: Stack,
    /// Routers on the way to the point of capture.
    pub hops: u8,
    /// Who answers for it on the link: itself or the router.
    pub link: Ipv4Addr,
}

impl Station {
    /// The same station when it stands behind a router.
    pub const fn behind(self, router: &Self) -> Self {
        Self { mac: router.mac, link: router.ip, hops: HOPS_TO_SERVERS, ..self }
    }

    /// The same station with another address.
    pub const fn with_address(self, ip: Ipv4Addr) -> Self {
        Self { ip, link: ip, ..self }
    }

    /// How long its packets take from here and back, in microseconds.
    pub const fn delay_us(&self) -> u64 {
        match self.hops {
            0 => 180,
            HOPS_TO_SERVERS => 420,
            _ => 11_500,
        }
    }
}

/// Frames with their times.
#[derive(Default)]
pub struct Tape {
    frames: Vec<(Moment, Vec<u8>)>,
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
    pub fn frames(mut self) -> Vec<(u64, Vec<u8>)> {
        // Stable: what was put at the same time stays in order.
        self.frames.sort_by_key(|(time, _)| *time);
        self.frames.into_iter().map(|(time, frame)| (time.0, frame)).collect()
    }

    /// An Ethernet II frame.
    pub fn frame(&mut self, at: Moment, destination: Mac, source: Mac, ethertype: u16, payload: &[u8]) {
        self.put(at, Bytes::new().raw(destination).raw(source).u16(ethertype).raw(payload));
    }

    /// An IEEE 802.3 frame, whose type field is a length.
    pub fn frame_802_3(&mut self, at: Moment, destination: Mac, source: Mac, payload: &[u8]) {
        self.put(at, Bytes::new().raw(destination).raw(source).counted16(payload));
    }

    fn put(&mut self, at: Moment, frame: Bytes) {
        let missing = FRAME_BYTES_MIN.saturating_sub(frame.len());
        self.frames.push((at, frame.zeros(missing).as_ref().to_vec()));
    }

    /// Asks who has an address (RFC 826).
    pub fn arp_request(&mut self, at: Moment, from: &Station, target: Ipv4Addr) {
        let question = arp(1).raw(from.mac).raw(from.link.octets()).zeros(6).raw(target.octets());
        self.frame(at, BROADCAST, from.mac, ARP, question.as_ref());
    }

    /// Asks whether an address is free before using it (RFC 5227 §2.1), then announces it (§2.3).
    pub fn arp_claim(&mut self, at: Moment, from: &Station) {
        let probe = arp(1).raw(from.mac).zeros(4).zeros(6).raw(from.ip.octets());
        self.frame(at, BROADCAST, from.mac, ARP, probe.as_ref());
        self.arp_request(at.after_s(2), from, from.ip);
    }

    /// Answers that an address is one's own.
    pub fn arp_reply(&mut self, at: Moment, from: &Station, to: &Station) {
        let answer = arp(2).raw(from.mac).raw(from.link.octets()).raw(to.mac).raw(to.link.octets());
        self.frame(at, to.mac, from.mac, ARP, answer.as_ref());
    }

    /// Lets two stations learn each other's hardware address if they do not know it (any longer).
    fn meet(&mut self, at: Moment, from: &Station, to: &Station) {
        if from.mac == to.mac {
            return;
        }
        let known = self.neighbours.get(&(from.link, to.link)).or_else(|| self.neighbours.get(&(to.link, from.link)));
        if known.is_some_and(|known| known.0.abs_diff(at.0) < NEIGHBOUR_US) {
            return;
        }
        self.arp_request(at.before_us(600), from, to.link);
        self.arp_reply(at.before_us(300), to, from);
        self.neighbours.insert((from.link, to.link), at);
    }

    /// An IPv4 packet from one station to another.
    pub fn ip(&mut self, at: Moment, from: &Station, to: &Station, protocol: u8, payload: &[u8]) {
        self.meet(at, from, to);
        self.packet(at, from, (to.mac, to.ip), from.stack.hop_limit.saturating_sub(from.hops), protocol, payload);
    }

    /// An IPv4 packet (RFC 791 §3.1).
    fn packet(
        &mut self,
        at: Moment,
        from: &Station,
        (mac, ip): (Mac, Ipv4Addr),
        hop_limit: u8,
        protocol: u8,
        payload: &[u8],
    ) {
        self.packets = self.packets.saturating_add(1);
        let [_, _, a, b] = noise32(self.packets).to_be_bytes();
        let total = length16(payload).saturating_add(20);
        let start = Bytes::new().raw([0x45, 0]).u16(total).raw([a, b, 0x40, 0, hop_limit, protocol]);
        let addresses = Bytes::new().raw(from.ip.octets()).raw(ip.octets());
        let sum = checksum(start.clone().raw(&addresses).as_ref());
        let packet = start.u16(sum).raw(addresses).raw(payload);
        self.frame(at, mac, from.mac, IPV4, packet.as_ref());
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
        self.packet(at, from.0, (mac, to.0), hop_limit, UDP, &datagram);
    }

    /// A port for the next connection that a station opens.
    pub fn port(&mut self, station: &Station) -> u16 {
        let port = self.next_port.entry(station.ip).or_insert(station.stack.first_port);
        *port = port.saturating_add(1);
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
