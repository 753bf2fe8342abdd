//! The table of open connections: a slab of flows and an index, bounded, ended by time or number.

use std::hash::BuildHasher;
use std::net::IpAddr;

use hashbrown::{DefaultHashBuilder, HashTable};
use model::observation::{ConnectionState, FrameRef, Part, Traffic};
use model::{Connection, MacAddr, Side, Timestamp};
use wire::conversation::{Datagrams, Stream};
use wire::packet::transport::TCP;
use wire::packet::{IpPacket, Tcp, Transport};
use wire::protocols::Direction;

use crate::reassembly::Lane;

/// Connections open at the same time.
pub const FLOWS_MAX: usize = 262_144;
/// A TCP connection ends after so long without a packet: monitors and interfaces stay connected over night.
const TCP_IDLE_NANOSECONDS: u64 = 24 * 3_600_000_000_000;
/// A TCP connection that was closed ends after so long without a packet, as most systems hold it (RFC 9293 §3.6.1 asks for
/// four minutes). What comes later all the same is a connection of its own.
const CLOSED_IDLE_NANOSECONDS: u64 = 60_000_000_000;
/// Any other flow ends after so long without a packet.
const OTHER_IDLE_NANOSECONDS: u64 = 3_600_000_000_000;

/// Flows with the same ends on different links that are told apart; further ones are added to the oldest of them. All of
/// them lie at one place of the index: more would make every look-up slow.
pub const TWINS_MAX: usize = 32;
/// Senders in one direction of a flow that are told to the observer: a router that fails over, or whoever takes its place.
const SENDERS_MAX: u8 = 16;

/// A packet that was seen before and after so many routers or fewer is one packet.
const COPY_HOPS_MAX: u8 = 8;
/// Links beside the first that a flow is known to be on.
const OTHER_PATHS_MAX: usize = 2;
const HOUR_NANOSECONDS: u64 = 3_600_000_000_000;
/// Hours noted of one connection: a year of them and more.
pub const HOURS_MAX: usize = 10_000;
/// Who still sends in a flow is told again after so long: five minutes.
const RENEWAL_NANOSECONDS: u64 = 300_000_000_000;

/// What tells a flow: both ends in a fixed order and the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// Ports of low and high end, protocol number, IP version.
    rest: u64,
    /// The lower halves of both addresses: all there is of IPv4.
    low: u64,
    high: u64,
    low_prefix: u64,
    high_prefix: u64,
}

impl Key {
    /// The key of a packet, and whether its source is the low end.
    pub fn new(source: IpAddr, destination: IpAddr, ports: (u16, u16), ip_protocol: u8) -> (Self, bool) {
        let (source_bits, version) = bits(source);
        let (destination_bits, _) = bits(destination);
        let source_is_low = (source_bits, ports.0) <= (destination_bits, ports.1);
        let (low, high, low_port, high_port) = if source_is_low {
            (source_bits, destination_bits, ports.0, ports.1)
        } else {
            (destination_bits, source_bits, ports.1, ports.0)
        };
        let rest = u64::from(low_port) << 32 | u64::from(high_port) << 16 | u64::from(ip_protocol) << 8 | version;
        let key = Self {
            rest,
            low: low as u64,
            high: high as u64,
            low_prefix: (low >> 64) as u64,
            high_prefix: (high >> 64) as u64,
        };
        (key, source_is_low)
    }
}

fn bits(address: IpAddr) -> (u128, u64) {
    match address {
        IpAddr::V4(address) => (u128::from(u32::from(address)), 4),
        IpAddr::V6(address) => (u128::from(address), 6),
    }
}

/// The link that a packet was seen on: overlapping address plans put other devices behind the same addresses there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Path {
    vlan: Option<u16>,
    /// The station on the side of the key's low end.
    low: Option<MacAddr>,
    high: Option<MacAddr>,
    /// Whether the packet came from the key's low end, and its hop limit.
    source_is_low: bool,
    hop_limit: u8,
}

impl Path {
    pub fn new(
        vlan: Option<u16>,
        (source, destination): (Option<MacAddr>, Option<MacAddr>),
        source_is_low: bool,
        packet: &IpPacket<'_>,
    ) -> Self {
        let destination = destination.filter(|mac| mac.is_station());
        let (low, high) = if source_is_low { (source, destination) } else { (destination, source) };
        Self { vlan, low, high, source_is_low, hop_limit: packet.hop_limit }
    }

    /// The hardware address of one end.
    pub const fn station(&self, is_low: bool) -> Option<MacAddr> {
        if is_low { self.low } else { self.high }
    }

    /// Whether a packet on another link may belong to the same connection.
    ///
    /// A VLAN alone does not tell: mirror ports tag one direction and not the other, and a capture on both sides of a
    /// router shows each packet twice. So it does unless other stations send and receive it there, as many routers away
    /// from its sender. A station that is the sender here and the receiver there is the router between the two links.
    /// Between a tagged and an untagged link one station in its place is enough: a mirrored host sends to a router's
    /// shared hardware address and hears from its own. Between two tags both have to be in their place: a router has
    /// one hardware address in all VLANs.
    fn continues(&self, other: &Self) -> bool {
        let is_same = |one: Option<MacAddr>, two: Option<MacAddr>| one.is_some() && one == two;
        let differs = |one: Option<MacAddr>, two: Option<MacAddr>| one.is_some() && two.is_some() && one != two;
        let (low_differs, high_differs) = (differs(self.low, other.low), differs(self.high, other.high));
        let is_other_pair = if self.vlan.is_none() || other.vlan.is_none() {
            low_differs && !is_same(self.high, other.high) || high_differs && !is_same(self.low, other.low)
        } else {
            low_differs || high_differs
        };
        let hops = self.hop_limit.abs_diff(other.hop_limit);
        let is_copy = self.source_is_low == other.source_is_low && (1..=COPY_HOPS_MAX).contains(&hops);
        !is_other_pair || is_copy || is_same(self.low, other.high) || is_same(self.high, other.low)
    }
}

/// A hardware address, and the VLAN that it sends in.
type Sender = (Option<MacAddr>, Option<u16>);

/// Who sends in one direction of a flow. The latest two are remembered: copies from both sides of a router take turns.
#[derive(Clone, Copy, Debug)]
pub struct Senders {
    latest: [Option<Sender>; 2],
    told: u8,
    told_last: Timestamp,
}

impl Default for Senders {
    fn default() -> Self {
        Self { latest: [None; 2], told: 0, told_last: Timestamp(0) }
    }
}

impl Senders {
    /// Whether anybody was told to the observer.
    pub const fn is_known(&self) -> bool {
        self.told > 0
    }

    /// Whether a packet's sender is to be told to the observer; then it is taken as told.
    pub fn is_news(&mut self, mac: Option<MacAddr>, vlan: Option<u16>, time: Timestamp) -> bool {
        let sender = Some((mac, vlan));
        let [last, earlier] = self.latest;
        if last == sender || earlier == sender {
            let is_due = time.since(self.told_last) >= RENEWAL_NANOSECONDS;
            if is_due {
                self.told_last = time;
            }
            return is_due;
        }
        if self.is_known() && (mac.is_none() || self.told >= SENDERS_MAX) {
            return false;
        }
        self.latest = [sender, last];
        self.told = self.told.saturating_add(1);
        self.told_last = time;
        true
    }
}

/// What is still looked at in a connection.
pub enum Inspection {
    /// A TCP stream: both directions put in order, and its decoder.
    Stream(Box<Stream>, Box<[Lane; 2]>),
    /// UDP datagrams and their decoder.
    Datagrams(Box<Datagrams>),
    /// Nothing more: only counters.
    None,
}

/// An open connection.
pub struct Flow {
    pub key: Key,
    /// Whether the initiator is the key's low end.
    pub initiator_is_low: bool,
    pub connection: Connection,
    /// The latest packet's frame.
    pub last_frame: FrameRef,
    pub inspection: Inspection,
    pub tcp: TcpSeen,
    /// The link of its first packet.
    pub path: Path,
    /// Other links that it was seen on.
    pub other_paths: [Option<Path>; OTHER_PATHS_MAX],
    /// Who sends to the responder, and to the initiator.
    pub senders: [Senders; 2],
    /// Memory for bytes that wait, as it was last added up.
    pub held: Held,
}

/// Memory for bytes that wait.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// For earlier segments.
    pub waiting: usize,
    /// For more bytes of a message, or of an opening that no decoder has recognised yet.
    pub unread: usize,
}

impl Held {
    /// The sum of all flows, after one of them went from `before` to `now`.
    pub fn change(&mut self, before: Self, now: Self) {
        self.waiting = self.waiting.saturating_sub(before.waiting).saturating_add(now.waiting);
        self.unread = self.unread.saturating_sub(before.unread).saturating_add(now.unread);
    }
}

/// What was seen of a TCP connection's life.
#[derive(Clone, Copy, Debug, Default)]
pub struct TcpSeen {
    pub syn: bool,
    pub syn_ack: bool,
    pub fin: [bool; 2],
    pub reset_by: Option<Direction>,
    /// Sequence number of the SYN that opened it.
    pub initial: Option<u32>,
}

impl Flow {
    /// Memory for bytes that wait, as it is now.
    pub fn holds(&self) -> Held {
        match &self.inspection {
            Inspection::Stream(stream, lanes) => {
                let [to_responder, to_initiator] = &**lanes;
                Held { waiting: to_responder.held().saturating_add(to_initiator.held()), unread: stream.held() }
            }
            Inspection::Datagrams(_) | Inspection::None => Held::default(),
        }
    }

    pub fn direction(&self, source_is_low: bool) -> Direction {
        if source_is_low == self.initiator_is_low { Direction::ToResponder } else { Direction::ToInitiator }
    }

    pub fn traffic(&mut self, direction: Direction) -> &mut Traffic {
        match direction {
            Direction::ToResponder => &mut self.connection.sent,
            Direction::ToInitiator => &mut self.connection.received,
        }
    }

    pub fn senders(&mut self, direction: Direction) -> &mut Senders {
        let [to_responder, to_initiator] = &mut self.senders;
        match direction {
            Direction::ToResponder => to_responder,
            Direction::ToInitiator => to_initiator,
        }
    }

    /// Notes the link of a packet.
    pub fn note_path(&mut self, path: &Path) {
        if !self.is_on(path.vlan)
            && let Some(place) = self.other_paths.iter_mut().find(|known| known.is_none())
        {
            *place = Some(*path);
        }
    }

    fn is_on(&self, vlan: Option<u16>) -> bool {
        self.path.vlan == vlan || self.other_paths.iter().flatten().any(|path| path.vlan == vlan)
    }

    /// Whether a packet on a link that it was not seen on yet belongs to it. The opening of a TCP connection says so
    /// itself. What answers on another link comes through routers that nothing here shows; where a client chose its port
    /// that is likelier than two connections with the same ports.
    fn carries(&self, path: &Path, transport: &Transport<'_>) -> bool {
        if let (Transport::Tcp(tcp), Some(initial)) = (transport, self.tcp.initial)
            && tcp.has(Tcp::SYN)
        {
            let begins = if tcp.has(Tcp::ACK) { tcp.acknowledgement.wrapping_sub(1) } else { tcp.sequence };
            return begins == initial;
        }
        let Connection { sent, received, .. } = &self.connection;
        let same_way = match self.direction(path.source_is_low) {
            Direction::ToResponder => sent,
            Direction::ToInitiator => received,
        };
        let is_answer = same_way.packets == 0 && self.connection.initiator.port != self.connection.responder.port;
        is_answer || self.path.continues(path) || self.other_paths.iter().flatten().any(|known| known.continues(path))
    }

    /// Notes when a packet came. Tells whether there was no room to note its hour.
    pub fn note_time(&mut self, time: Timestamp) -> bool {
        let Connection { start, end, hours, .. } = &mut self.connection;
        // Whoever is done within an hour was active when it began and when it ended.
        let is_other_hour = time.since(*start) >= HOUR_NANOSECONDS && time.hour() > end.hour();
        let has_room = hours.len() < HOURS_MAX;
        if is_other_hour && has_room {
            hours.push(time.hour());
        }
        *end = (*end).max(time);
        is_other_hour && !has_room
    }

    pub fn side(&mut self, direction: Direction) -> &mut Side {
        match direction {
            Direction::ToResponder => &mut self.connection.initiator,
            Direction::ToInitiator => &mut self.connection.responder,
        }
    }

    /// The state that the packets so far add up to.
    pub fn state(&self) -> ConnectionState {
        let both = self.connection.sent.packets > 0 && self.connection.received.packets > 0;
        if self.connection.ip_protocol != TCP {
            return if both { ConnectionState::Answered } else { ConnectionState::OneWay };
        }
        let TcpSeen { syn, syn_ack, fin, reset_by, .. } = self.tcp;
        let closed = fin == [true, true];
        match (syn || syn_ack, syn_ack, reset_by) {
            (false, _, _) if both => ConnectionState::Midstream,
            (false, _, _) => ConnectionState::OneWay,
            (true, false, Some(Direction::ToInitiator)) => ConnectionState::Rejected,
            (true, false, _) if both => ConnectionState::Midstream,
            (true, false, _) => ConnectionState::Attempted,
            (true, true, _) if closed => ConnectionState::Closed,
            (true, true, Some(_)) => ConnectionState::Reset,
            (true, true, None) => ConnectionState::Established,
        }
    }

    /// Whether its last packet is so long ago that the next one begins another connection.
    pub fn is_idle(&self, now: Timestamp) -> bool {
        now.since(self.connection.end) > self.idle_limit()
    }

    fn idle_limit(&self) -> u64 {
        let is_closed = self.tcp.fin == [true, true] || self.tcp.reset_by.is_some();
        match self.connection.ip_protocol {
            TCP if is_closed => CLOSED_IDLE_NANOSECONDS,
            TCP => TCP_IDLE_NANOSECONDS,
            _ => OTHER_IDLE_NANOSECONDS,
        }
    }
}

/// Where a flow lies in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot(usize);

/// The open connections.
pub struct FlowTable {
    index: HashTable<u32>,
    hasher: DefaultHashBuilder,
    slots: Slots,
    free: Vec<usize>,
    cursor: usize,
}

impl Default for FlowTable {
    fn default() -> Self {
        Self {
            index: HashTable::new(),
            // Seeded at random: nobody outside can choose keys that collide. The table is never iterated in hash order.
            hasher: DefaultHashBuilder::default(),
            slots: Slots::default(),
            free: Vec::new(),
            cursor: 0,
        }
    }
}

impl FlowTable {
    /// The flow that a packet belongs to. The link is no part of the hash: one look-up finds the flow whatever links its
    /// packets were seen on. No two flows with the same ends are on one VLAN, so it does not matter which is met first.
    pub fn find(&self, key: &Key, path: &Path, transport: &Transport<'_>) -> Option<Slot> {
        let hash = hash(&self.hasher, key);
        let (mut twins, mut oldest, mut carrier): (usize, Option<u32>, Option<u32>) = (0, None, None);
        let is_it = |slot: &u32| {
            let Some(flow) = self.slots.get(*slot as usize).filter(|flow| flow.key == *key) else { return false };
            if flow.is_on(path.vlan) {
                return true;
            }
            // The lowest place: the index has them in no order.
            let lowest = |known: Option<u32>| Some(known.map_or(*slot, |known| known.min(*slot)));
            twins = twins.saturating_add(1);
            oldest = lowest(oldest);
            if flow.carries(path, transport) {
                carrier = lowest(carrier);
            }
            false
        };
        let exact = self.index.find(hash, is_it).copied();
        let found = exact.or(carrier).or(oldest.filter(|_| twins >= TWINS_MAX));
        found.map(|slot| Slot(slot as usize))
    }

    pub fn get(&mut self, slot: Slot) -> Option<&mut Flow> {
        self.slots.place(slot.0)?.as_mut()
    }

    pub fn insert(&mut self, flow: Flow) -> Slot {
        let key = flow.key;
        let slot = self.free.pop().unwrap_or_else(|| self.slots.add());
        if let Some(place) = self.slots.place(slot) {
            *place = Some(flow);
        }
        let Self { index, hasher, slots, .. } = self;
        let known = |slot: &u32| slots.get(*slot as usize).map_or(0, |flow| hash(hasher, &flow.key));
        // Far below 2^32: see [`FLOWS_MAX`].
        index.insert_unique(hash(hasher, &key), slot as u32, known);
        Slot(slot)
    }

    pub fn remove(&mut self, slot: Slot) -> Option<Flow> {
        let flow = self.slots.place(slot.0)?.take()?;
        if let Ok(entry) = self.index.find_entry(hash(&self.hasher, &flow.key), |other| *other as usize == slot.0) {
            entry.remove();
        }
        self.free.push(slot.0);
        Some(flow)
    }

    /// How many connections are open.
    pub fn len(&self) -> usize {
        self.slots.length.saturating_sub(self.free.len())
    }

    /// Looks at one flow, a different one each time; gives it if it has been idle for too long.
    pub fn next_idle(&mut self, now: Timestamp) -> Option<Slot> {
        let slot = self.cursor;
        self.cursor = if slot.saturating_add(1) >= self.slots.length { 0 } else { slot.saturating_add(1) };
        let flow = self.slots.get(slot)?;
        flow.is_idle(now).then_some(Slot(slot))
    }

    /// Among a few flows, the one that has been idle longest.
    pub fn most_idle(&mut self) -> Option<Slot> {
        const SAMPLE: usize = 64;
        let mut oldest: Option<(Timestamp, usize)> = None;
        for _ in 0..SAMPLE {
            let slot = self.cursor;
            self.cursor = if slot.saturating_add(1) >= self.slots.length { 0 } else { slot.saturating_add(1) };
            if let Some(flow) = self.slots.get(slot)
                && oldest.is_none_or(|(end, _)| flow.connection.end < end)
            {
                oldest = Some((flow.connection.end, slot));
            }
        }
        oldest.map(|(_, slot)| Slot(slot))
    }

    /// Every slot, in order.
    pub fn slots(&self) -> impl Iterator<Item = Slot> + use<> {
        (0..self.slots.length).map(Slot)
    }
}

/// Flows in blocks: a table that grows moves none of them.
#[derive(Default)]
struct Slots {
    blocks: Vec<Vec<Option<Flow>>>,
    length: usize,
}

/// Flows in one block; a power of two. A block is small enough for the allocator's common memory: what comes after the
/// flows finds its place there.
const BLOCK_FLOWS: usize = 256;

impl Slots {
    fn get(&self, slot: usize) -> Option<&Flow> {
        self.blocks.get(slot / BLOCK_FLOWS)?.get(slot % BLOCK_FLOWS)?.as_ref()
    }

    fn place(&mut self, slot: usize) -> Option<&mut Option<Flow>> {
        self.blocks.get_mut(slot / BLOCK_FLOWS)?.get_mut(slot % BLOCK_FLOWS)
    }

    /// Adds an empty slot.
    fn add(&mut self) -> usize {
        let slot = self.length;
        if slot.is_multiple_of(BLOCK_FLOWS) {
            self.blocks.push(Vec::with_capacity(BLOCK_FLOWS));
        }
        if let Some(block) = self.blocks.last_mut() {
            block.push(None);
            self.length = slot.saturating_add(1);
        }
        slot
    }
}

fn hash(hasher: &DefaultHashBuilder, key: &Key) -> u64 {
    hasher.hash_one(key)
}

/// A connection that begins with a packet.
pub fn connection(id: u64, time: Timestamp, frame: FrameRef, ip_protocol: u8, vlan: Option<u16>) -> Connection {
    Connection {
        id,
        start: time,
        end: time,
        hours: Vec::new(),
        first_frame: frame,
        initiator: Side::default(),
        responder: Side::default(),
        ip_protocol,
        vlan,
        sent: Traffic::default(),
        received: Traffic::default(),
        part: Part::Whole,
        state: ConnectionState::OneWay,
        application: "",
        oriented: false,
    }
}
