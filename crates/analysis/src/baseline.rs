//! What normally flows: one flow key for each pair of entities and service, with operations and the hours they happen.

mod state;

use std::collections::BTreeMap;
use std::sync::Arc;

use hashbrown::HashMap;
use model::observation::ConnectionState;
use model::{Connection, Timestamp};

use crate::stations::{EntityId, Room};

/// Flow keys kept; connections of further ones are counted only.
pub const FLOW_KEYS_MAX: usize = 1_000_000;
/// Flow keys among them of initiators that hold conversations: made-up ones use up the others only.
const FLOW_KEYS_KEPT: usize = 250_000;
/// Flow keys of one initiator; further ports that it asks for are told together.
const KEYS_OF_STATION_MAX: u32 = 16_384;
/// Flow keys of one initiator that nobody answered and no decoder recognised; further ones are told together, so that a
/// scan of ports leaves room for everybody else's traffic.
const UNANSWERED_OF_STATION_MAX: u32 = 1_024;
/// Operations told apart in one flow.
pub const OPERATIONS_MAX: usize = 64;
/// Operations told apart in all flows.
const OPERATION_NAMES_MAX: usize = 65_536;
/// Days told apart in one flow; later ones replace none.
pub const DAYS_MAX: usize = 400;

/// What tells a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FlowKey {
    /// Who opens the connections.
    pub from: EntityId,
    /// Who is asked.
    pub to: EntityId,
    /// IP protocol number.
    pub ip_protocol: u8,
    /// The responder's port; `None` for protocols without ports, and for ports that are told together.
    pub port: Option<u16>,
    /// The application protocol, or empty.
    pub application: &'static str,
}

/// What was seen of a flow.
#[derive(Clone, Debug)]
pub struct Flow {
    /// How often each operation was seen.
    pub operations: Operations,
    /// Connections.
    pub connections: u64,
    /// Connections that were answered.
    pub answered: u64,
    /// Bytes towards the responder.
    pub bytes_sent: u64,
    /// Bytes back.
    pub bytes_received: u64,
    /// First packet.
    pub first: Timestamp,
    /// Last packet.
    pub last: Timestamp,
    /// Days with traffic, since 1970, in order.
    pub days: Vec<i64>,
    /// Hours of the week with traffic (see [`Timestamp::hour_of_week`]), one bit each.
    pub hours: [u64; 3],
    /// The first connection's frame.
    pub frame: model::observation::FrameRef,
    /// Operations and days that did not fit.
    pub turned_away: u64,
}

impl Flow {
    fn note_time(&mut self, time: Timestamp) {
        self.note_day(time.day());
        let hour = time.hour_of_week();
        if let Some(word) = self.hours.get_mut(usize::from(hour >> 6)) {
            *word |= 1 << (hour & 63);
        }
    }

    fn note_day(&mut self, day: i64) {
        if let Err(place) = self.days.binary_search(&day) {
            if self.days.len() < DAYS_MAX {
                self.days.insert(place, day);
            } else {
                self.turned_away = self.turned_away.saturating_add(1);
            }
        }
    }

    /// Takes over another flow: both ends turned out to be the same devices.
    pub fn absorb(&mut self, other: &Self) {
        self.turned_away = self.turned_away.saturating_add(other.turned_away);
        self.operations.absorb(&other.operations);
        self.connections = self.connections.saturating_add(other.connections);
        self.answered = self.answered.saturating_add(other.answered);
        self.bytes_sent = self.bytes_sent.saturating_add(other.bytes_sent);
        self.bytes_received = self.bytes_received.saturating_add(other.bytes_received);
        if other.first < self.first {
            self.first = other.first;
            self.frame = other.frame;
        }
        self.last = self.last.max(other.last);
        for day in &other.days {
            self.note_day(*day);
        }
        for (word, more) in self.hours.iter_mut().zip(other.hours) {
            *word |= more;
        }
    }
}

/// How often each operation was seen.
#[derive(Clone, Debug, Default)]
pub struct Operations {
    counts: Vec<(OperationId, u64)>,
    /// Occasions of operations that did not fit.
    pub turned_away: u64,
}

/// An operation's number in [`OperationNames`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OperationId(u32);

impl Operations {
    fn add(&mut self, operation: OperationId, more: u64) {
        if let Some((_, count)) = self.counts.iter_mut().find(|(known, _)| *known == operation) {
            *count = count.saturating_add(more);
        } else if self.counts.len() < OPERATIONS_MAX {
            self.counts.push((operation, more));
        } else {
            self.turned_away = self.turned_away.saturating_add(more);
        }
    }

    fn absorb(&mut self, other: &Self) {
        for (operation, count) in &other.counts {
            self.add(*operation, *count);
        }
        self.turned_away = self.turned_away.saturating_add(other.turned_away);
    }

    /// Which there are, in order of their numbers.
    pub fn ids(&self) -> Vec<OperationId> {
        let mut ids: Vec<OperationId> = self.counts.iter().map(|(operation, _)| *operation).collect();
        ids.sort_unstable();
        ids
    }

    /// By name.
    pub fn by_name(&self, names: &OperationNames) -> BTreeMap<Arc<str>, u64> {
        let named = |(OperationId(number), count): &(OperationId, u64)| {
            Some((Arc::clone(names.names.get(*number as usize)?), *count))
        };
        self.counts.iter().filter_map(named).collect()
    }
}

/// The names of operations: there are few, and each is met very often.
#[derive(Default)]
pub struct OperationNames {
    numbers: HashMap<Arc<str>, OperationId>,
    names: Vec<Arc<str>>,
}

impl OperationNames {
    fn find(&self, name: &str) -> Option<OperationId> {
        self.numbers.get(name).copied()
    }

    fn number(&mut self, name: &str) -> Option<OperationId> {
        if let Some(known) = self.find(name) {
            return Some(known);
        }
        let number = u32::try_from(self.names.len()).ok().filter(|_| self.names.len() < OPERATION_NAMES_MAX)?;
        let name: Arc<str> = name.into();
        self.names.push(Arc::clone(&name));
        self.numbers.insert(name, OperationId(number));
        Some(OperationId(number))
    }

    /// As in `C-STORE`.
    pub fn name(&self, OperationId(number): OperationId) -> &str {
        self.names.get(number as usize).map_or("", |name| name)
    }
}

/// Flows so far, and the operations of connections that are still open.
#[derive(Default)]
pub struct Baseline {
    places: HashMap<FlowKey, u32>,
    flows: Vec<(FlowKey, Flow)>,
    open: HashMap<u64, Operations>,
    /// The names of the flows' operations.
    pub names: OperationNames,
    /// How many flow keys each initiator has, and how many of them were unanswered.
    keys_of: HashMap<EntityId, (u32, u32)>,
    /// Connections whose flow key did not fit.
    pub turned_away: u64,
    /// Connections whose port is told together with others.
    pub folded: u64,
}

impl Baseline {
    /// An operation was seen on a connection that has not ended yet.
    pub fn operated(&mut self, connection: u64, operation: &str) {
        let operations = self.open.entry(connection).or_default();
        // A connection that invents operations must not use up the names of all.
        let is_full = operations.counts.len() >= OPERATIONS_MAX;
        match if is_full { self.names.find(operation) } else { self.names.number(operation) } {
            Some(number) => operations.add(number, 1),
            None => operations.turned_away = operations.turned_away.saturating_add(1),
        }
    }

    /// A connection ended, or went on; the room is the initiator's.
    pub fn ended(&mut self, (from, room): (EntityId, Room), to: EntityId, connection: &Connection) {
        let operations = self.open.remove(&connection.id).unwrap_or_default();
        // ICMP messages carry no ports: their type tells more than a flow needs.
        let port = connection.responder.port.filter(|_| matches!(connection.ip_protocol, 6 | 17 | 132));
        let (ip_protocol, application) = (connection.ip_protocol, connection.application);
        let Some(flow) = self.flow(FlowKey { from, to, ip_protocol, port, application }, room, connection) else {
            self.turned_away = self.turned_away.saturating_add(1);
            return;
        };
        flow.operations.absorb(&operations);
        let part = connection.part;
        flow.connections = flow.connections.saturating_add(u64::from(part.begins()));
        let is_news = connection.is_answered() && !part.was_answered();
        flow.answered = flow.answered.saturating_add(u64::from(is_news));
        flow.bytes_sent = flow.bytes_sent.saturating_add(connection.sent.bytes);
        flow.bytes_received = flow.bytes_received.saturating_add(connection.received.bytes);
        // Connections end in another order than they begin.
        if (connection.start, connection.first_frame) < (flow.first, flow.frame) {
            (flow.first, flow.frame) = (connection.start, connection.first_frame);
        }
        flow.last = flow.last.max(connection.end);
        flow.note_time(connection.start);
        for hour in &connection.hours {
            flow.note_time(Timestamp::of_hour(*hour));
        }
        flow.note_time(connection.end);
    }

    /// A connection ended whose ends found no place.
    pub fn forget(&mut self, connection: &Connection) {
        self.open.remove(&connection.id);
        self.turned_away = self.turned_away.saturating_add(1);
    }

    fn flow(&mut self, key: FlowKey, room: Room, first: &Connection) -> Option<&mut Flow> {
        let place = match self.places.get(&key).copied() {
            Some(place) => place as usize,
            None if key.port.is_some() && self.is_crowded(&key, first) => {
                self.folded = self.folded.saturating_add(1);
                return self.flow(FlowKey { port: None, ..key }, room, first);
            }
            None if !room.has_place(self.flows.len(), FLOW_KEYS_MAX, FLOW_KEYS_KEPT) => return None,
            None => {
                let flow = Flow {
                    operations: Operations::default(),
                    connections: 0,
                    answered: 0,
                    bytes_sent: 0,
                    bytes_received: 0,
                    first: first.start,
                    last: first.end,
                    days: Vec::new(),
                    hours: [0; 3],
                    frame: first.first_frame,
                    turned_away: 0,
                };
                let place = self.flows.len();
                self.places.insert(key, u32::try_from(place).ok()?);
                self.flows.push((key, flow));
                place
            }
        };
        self.flows.get_mut(place).map(|(_, flow)| flow)
    }

    /// Whether the initiator has more flow keys than are told apart; counts the key if not.
    fn is_crowded(&mut self, key: &FlowKey, first: &Connection) -> bool {
        let is_refused = matches!(first.state, ConnectionState::Attempted | ConnectionState::Rejected);
        let is_unanswered = key.application.is_empty() && (!first.is_answered() || is_refused);
        let (all, unanswered) = self.keys_of.entry(key.from).or_default();
        if *all >= KEYS_OF_STATION_MAX || is_unanswered && *unanswered >= UNANSWERED_OF_STATION_MAX {
            return true;
        }
        *all = all.saturating_add(1);
        *unanswered = unanswered.saturating_add(u32::from(is_unanswered));
        false
    }

    /// Connections that are open will not end: whoever counted them is gone, and their numbers will be given again.
    pub fn forget_open(&mut self) {
        self.open.clear();
    }

    /// All flows, in the order in which their first connections ended.
    pub fn flows(&self) -> &[(FlowKey, Flow)] {
        &self.flows
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Side;
    use model::observation::{FrameRef, Part, Traffic};

    fn connection(id: u64, port: u16, state: ConnectionState, received: u64) -> Connection {
        Connection {
            hours: Vec::new(),
            id,
            start: Timestamp(0),
            end: Timestamp(0),
            first_frame: FrameRef { capture: 0, number: id },
            initiator: Side::default(),
            responder: Side { port: Some(port), ..Side::default() },
            ip_protocol: 6,
            vlan: None,
            sent: Traffic { packets: 1, bytes: 60 },
            received: Traffic { packets: received, bytes: 60 },
            part: Part::Whole,
            state,
            application: "",
            oriented: true,
        }
    }

    #[test]
    fn a_scan_of_ports_is_told_together_and_leaves_room_for_others() {
        let (scanner, pump, server) = (EntityId::numbered(0), EntityId::numbered(1), EntityId::numbered(2));
        let mut baseline = Baseline::default();
        for port in 1..=60_000 {
            baseline.ended(
                (scanner, Room::Common),
                server,
                &connection(port.into(), port, ConnectionState::Rejected, 1),
            );
        }
        baseline.ended((pump, Room::Common), server, &connection(60_001, 2575, ConnectionState::Closed, 5));
        let folded = baseline.folded;
        let flows = baseline.flows();
        assert_eq!(flows.len() as u32, UNANSWERED_OF_STATION_MAX + 2);
        assert_eq!(folded, 60_000 - u64::from(UNANSWERED_OF_STATION_MAX));
        let together = flows.iter().find(|(key, _)| key.from == scanner && key.port.is_none());
        assert_eq!(together.map(|(_, flow)| flow.connections), Some(folded));
        assert!(flows.iter().any(|(key, _)| key.from == pump && key.port == Some(2575)));
    }

    #[test]
    fn answered_ports_are_told_apart_far_longer() {
        let (one, other) = (EntityId::numbered(0), EntityId::numbered(1));
        let mut baseline = Baseline::default();
        for port in 1..=60_000 {
            baseline.ended((one, Room::Common), other, &connection(port.into(), port, ConnectionState::Closed, 5));
        }
        assert_eq!(baseline.flows().len() as u32, KEYS_OF_STATION_MAX + 1);
    }

    #[test]
    fn invented_operations_do_not_use_up_the_names_of_others() {
        let (one, other) = (EntityId::numbered(0), EntityId::numbered(1));
        let mut baseline = Baseline::default();
        for number in 0..70_000 {
            baseline.operated(1, &format!("invented {number}"));
        }
        baseline.operated(2, "ORU^R01");
        baseline.ended((one, Room::Common), other, &connection(2, 2575, ConnectionState::Closed, 5));
        let operations = baseline.flows()[0].1.operations.by_name(&baseline.names);
        assert_eq!(
            operations.into_iter().map(|(name, count)| (name.to_string(), count)).collect::<Vec<_>>(),
            [("ORU^R01".to_owned(), 1)]
        );
    }
}
