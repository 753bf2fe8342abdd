//! Ethernet, ARP, IPv4 and UDP frames with right checksums, put on a tape in any order and read off it in order of time.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::net::Ipv4Addr;

use crate::bytes::{Bytes, length16, noise32};
pub use crate::station::*;

const BROADCAST: Mac = [0xff; 6];
const IPV4: u16 = 0x0800;
const ARP: u16 = 0x0806;
const VLAN: u16 = 0x8100;
const UDP: u8 = 17;
/// Ethernet's shortest frame without its checksum.
const FRAME_BYTES_MIN: usize = 60;
/// How long a neighbour's hardware address is remembered.
const NEIGHBOUR_US: u64 = 20 * 60 * 1_000_000;

/// Somebody as seen on a link.
#[derive(Clone, Copy)]
struct Neighbour {
    mac: Mac,
    ip: Ipv4Addr,
    vlan: u16,
}

impl Neighbour {
    /// How a station looks on a link: itself where it is on it, else the router.
    fn on(station: &Station, link: &Link) -> Self {
        let is_here = station.link == *link && link.rank > 0;
        let (mac, ip) = if is_here { (station.mac, station.ip) } else { (link.router, link.router_ip) };
        Self { mac, ip, vlan: link.vlan }
    }
}

/// Who asks whom: both addresses, the protocol above IP, the port that is asked.
pub type Ends = (Ipv4Addr, Ipv4Addr, u8, u16);

/// Frames with their times, put in any order and taken in order of time.
#[derive(Default)]
pub struct Tape {
    /// By time; what was put at the same time stays in order.
    frames: BinaryHeap<Reverse<(Moment, u64, Vec<u8>)>>,
    order: u64,
    packets: u64,
    noted: Option<BTreeSet<Ends>>,
    next_port: BTreeMap<Ipv4Addr, u16>,
    neighbours: BTreeMap<(Ipv4Addr, Ipv4Addr), Moment>,
}

impl Tape {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// Tells who asked whom since this was asked last; from the first time on that is noted.
    pub(crate) fn noted(&mut self) -> BTreeSet<Ends> {
        self.noted.replace(BTreeSet::new()).unwrap_or_default()
    }

    pub(crate) fn note(&mut self, ends: Ends) {
        if let Some(noted) = &mut self.noted {
            noted.insert(ends);
        }
    }

    /// All frames in order of time.
    pub fn frames(self) -> Vec<(u64, Vec<u8>)> {
        let mut frames: Vec<_> = self.frames.into_iter().map(|Reverse(frame)| frame).collect();
        frames.sort_unstable_by_key(|(time, order, _)| (*time, *order));
        frames.into_iter().map(|(time, _, frame)| (time.0, frame)).collect()
    }

    /// Takes the first frame that is older than a moment.
    pub fn take_before(&mut self, end: Moment) -> Option<(Moment, Vec<u8>)> {
        self.frames.peek().filter(|Reverse((time, ..))| *time < end)?;
        self.frames.pop().map(|Reverse((time, _, frame))| (time, frame))
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
        let frame = begun(vlan, destination, source, rest.len());
        self.put(at, frame, &[rest.as_ref()]);
    }

    fn put(&mut self, at: Moment, mut frame: Vec<u8>, rest: &[&[u8]]) {
        for part in rest {
            frame.extend_from_slice(part);
        }
        frame.resize(frame.len().max(FRAME_BYTES_MIN), 0);
        self.order = self.order.saturating_add(1);
        self.frames.push(Reverse((at, self.order, frame)));
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

    /// Answers unasked that an address is one's own.
    pub fn arp_answer(&mut self, at: Moment, from: &Station, to: &Station) {
        let of = |station: &Station| Neighbour { mac: station.mac, ip: station.ip, vlan: station.link.vlan };
        self.answer(at, of(from), of(to));
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
        self.ip_of(at, from, to, protocol, &[payload]);
    }

    /// An IPv4 packet of several parts.
    pub(crate) fn ip_of(&mut self, at: Moment, from: &Station, to: &Station, protocol: u8, parts: &[&[u8]]) {
        let link = *recorded(from, to);
        let (sender, receiver) = (Neighbour::on(from, &link), Neighbour::on(to, &link));
        self.meet(at, sender, receiver);
        let passed = if from.link == link && link.rank > 0 { 0 } else { from.hops };
        let hop_limit = from.stack.hop_limit.saturating_sub(passed);
        self.packet(at, (sender, from.ip), (receiver.mac, to.ip), [hop_limit, protocol], parts);
    }

    /// An IPv4 packet (RFC 791 §3.1).
    fn packet(
        &mut self,
        at: Moment,
        (sender, from): (Neighbour, Ipv4Addr),
        (mac, to): (Mac, Ipv4Addr),
        [hop_limit, protocol]: [u8; 2],
        parts: &[&[u8]],
    ) {
        self.packets = self.packets.saturating_add(1);
        let [_, _, a, b] = noise32(self.packets).to_be_bytes();
        let length = parts.iter().fold(20, |length: usize, part| length.saturating_add(part.len()));
        let [c, d] = u16::try_from(length).unwrap_or(u16::MAX).to_be_bytes();
        let start = [0x45, 0, c, d, a, b, 0x40, 0, hop_limit, protocol];
        let sum = Sum::default().and(&start).and(&from.octets()).and(&to.octets()).end().to_be_bytes();
        let frame = begun(sender.vlan, mac, sender.mac, length);
        let header: [&[u8]; 5] = [&IPV4.to_be_bytes(), &start, &sum, &from.octets(), &to.octets()];
        let frame = header.iter().fold(frame, |mut frame, part| {
            frame.extend_from_slice(part);
            frame
        });
        self.put(at, frame, parts);
    }

    /// A UDP datagram (RFC 768) from one station to another.
    pub fn udp(&mut self, at: Moment, from: (&Station, u16), to: (&Station, u16), payload: &[u8]) {
        self.note((from.0.ip, to.0.ip, UDP, to.1));
        let header = udp_header((from.0.ip, from.1), (to.0.ip, to.1), payload);
        self.ip_of(at, from.0, to.0, UDP, &[&header, payload]);
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
        self.note((from.0.ip, to.0, UDP, to.1));
        let header = udp_header((from.0.ip, from.1), to, payload);
        let sender = Neighbour { mac: from.0.mac, ip: from.0.ip, vlan: from.0.link.vlan };
        self.packet(at, (sender, from.0.ip), (mac, to.0), [hop_limit, UDP], &[&header, payload]);
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

/// A frame's addresses and tag, with room for so many bytes behind them.
fn begun(vlan: u16, destination: Mac, source: Mac, length: usize) -> Vec<u8> {
    let mut frame = Vec::with_capacity(length.saturating_add(18).max(FRAME_BYTES_MIN));
    frame.extend_from_slice(&destination);
    frame.extend_from_slice(&source);
    if vlan != 0 {
        frame.extend_from_slice(&VLAN.to_be_bytes());
        frame.extend_from_slice(&vlan.to_be_bytes());
    }
    frame
}

fn udp_header(from: (Ipv4Addr, u16), to: (Ipv4Addr, u16), payload: &[u8]) -> [u8; 8] {
    let length = length16(payload).saturating_add(8);
    let [a, b] = from.1.to_be_bytes();
    let [c, d] = to.1.to_be_bytes();
    let [e, f] = length.to_be_bytes();
    // RFC 768: a sum of zero is written as all ones.
    let [g, h] = match Sum::over(from.0, to.0, UDP, length).and(&[a, b, c, d, e, f]).and(payload).end() {
        0 => [0xff, 0xff],
        sum => sum.to_be_bytes(),
    };
    [a, b, c, d, e, f, g, h]
}

/// The Internet checksum (RFC 1071) in the making.
#[derive(Clone, Copy, Default)]
pub struct Sum(u64);

impl Sum {
    /// Begins with what transport checksums cover besides the segment (RFC 9293 §3.1).
    pub fn over(from: Ipv4Addr, to: Ipv4Addr, protocol: u8, length: u16) -> Self {
        Self::default().and(&from.octets()).and(&to.octets()).and(&[0, protocol]).and(&length.to_be_bytes())
    }

    /// Adds bytes; all but the last ones added must be even in number.
    #[must_use]
    pub fn and(self, bytes: &[u8]) -> Self {
        let (words, rest) = bytes.as_chunks::<4>();
        // 2^32 words fit: sums of 32-bit words are congruent to those of 16-bit words (RFC 1071 §2).
        let sum = words.iter().fold(self.0, |sum, word| sum.wrapping_add(u32::from_be_bytes(*word).into()));
        let last = match rest {
            [a, b, c] => u32::from_be_bytes([*a, *b, *c, 0]),
            [a, b] => u32::from_be_bytes([*a, *b, 0, 0]),
            [a] => u32::from_be_bytes([*a, 0, 0, 0]),
            _ => 0,
        };
        Self(sum.wrapping_add(last.into()))
    }

    /// The checksum.
    pub fn end(self) -> u16 {
        let folded = (self.0 & 0xffff_ffff).wrapping_add(self.0 >> 32);
        let folded = (folded & 0xffff).wrapping_add(folded >> 16);
        let folded = (folded & 0xffff).wrapping_add(folded >> 16);
        let folded = (folded & 0xffff).wrapping_add(folded >> 16);
        !u16::try_from(folded).unwrap_or(u16::MAX)
    }
}

/// The Internet checksum of some bytes.
pub fn checksum(bytes: &[u8]) -> u16 {
    Sum::default().and(bytes).end()
}
