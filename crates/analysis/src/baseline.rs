//! What normally flows: one flow key for each pair of entities and service, with operations and the hours they happen.

use std::collections::{BTreeMap, BTreeSet};

use hashbrown::HashMap;
use model::{Connection, Timestamp};

use crate::stations::EntityId;

/// Flow keys kept; connections of further ones are counted only.
pub const FLOW_KEYS_MAX: usize = 200_000;
/// Operations told apart in one flow.
pub const OPERATIONS_MAX: usize = 64;
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
    /// The responder's port; `None` for protocols without ports.
    pub port: Option<u16>,
    /// The application protocol, or empty.
    pub application: &'static str,
}

/// What was seen of a flow.
#[derive(Clone, Debug)]
pub struct Flow {
    /// How often each operation was seen.
    pub operations: BTreeMap<String, u64>,
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
    /// Days with traffic, since 1970.
    pub days: BTreeSet<i64>,
    /// Hours of the week with traffic (see [`Timestamp::hour_of_week`]), one bit each.
    pub hours: [u64; 3],
    /// The first connection's frame.
    pub frame: model::observation::FrameRef,
    /// Operations and days that did not fit.
    pub turned_away: u64,
}

impl Flow {
    /// Hours of the week with traffic, in order.
    pub fn hours_of_week(&self) -> Vec<u8> {
        (0..168_u8).filter(|hour| self.hour_bit(*hour).is_some_and(|(word, bit)| word & bit != 0)).collect()
    }

    fn hour_bit(&self, hour: u8) -> Option<(u64, u64)> {
        let word = self.hours.get(usize::from(hour >> 6))?;
        Some((*word, 1 << (hour & 63)))
    }

    fn note_time(&mut self, time: Timestamp) {
        self.note_day(time.day());
        let hour = time.hour_of_week();
        if let Some(word) = self.hours.get_mut(usize::from(hour >> 6)) {
            *word |= 1 << (hour & 63);
        }
    }

    fn note_day(&mut self, day: i64) {
        if self.days.len() < DAYS_MAX {
            self.days.insert(day);
        } else if !self.days.contains(&day) {
            self.turned_away = self.turned_away.saturating_add(1);
        }
    }

    /// Takes over another flow: both ends turned out to be the same devices.
    pub fn absorb(&mut self, other: &Self) {
        self.turned_away = self.turned_away.saturating_add(other.turned_away);
        for (operation, count) in &other.operations {
            self.turned_away = self.turned_away.saturating_add(add_operation(&mut self.operations, operation, *count));
        }
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

/// Adds occasions of an operation; gives how many found no place.
fn add_operation(operations: &mut BTreeMap<String, u64>, operation: &str, count: u64) -> u64 {
    if let Some(known) = operations.get_mut(operation) {
        *known = known.saturating_add(count);
    } else if operations.len() < OPERATIONS_MAX {
        operations.insert(operation.to_owned(), count);
    } else {
        return count;
    }
    0
}

/// Flows so far, and the operations of connections that are still open.
#[derive(Default)]
pub struct Baseline {
    flows: HashMap<FlowKey, Flow>,
    /// Operations of each open connection, and how many found no place.
    open: HashMap<u64, (BTreeMap<String, u64>, u64)>,
    /// Connections whose flow key did not fit.
    pub turned_away: u64,
}

impl Baseline {
    /// An operation was seen on a connection that has not ended yet.
    pub fn operated(&mut self, connection: u64, operation: &str) {
        let (operations, turned_away) = self.open.entry(connection).or_default();
        *turned_away = turned_away.saturating_add(add_operation(operations, operation, 1));
    }

    /// A connection ended.
    pub fn ended(&mut self, from: EntityId, to: EntityId, connection: &Connection) {
        let (operations, turned_away) = self.open.remove(&connection.id).unwrap_or_default();
        // ICMP messages carry no ports: their type tells more than a flow needs.
        let port = connection.responder.port.filter(|_| matches!(connection.ip_protocol, 6 | 17 | 132));
        let (ip_protocol, application) = (connection.ip_protocol, connection.application);
        let key = FlowKey { from, to, ip_protocol, port, application };
        if self.flows.len() >= FLOW_KEYS_MAX && !self.flows.contains_key(&key) {
            self.turned_away = self.turned_away.saturating_add(1);
            return;
        }
        let flow = self.flows.entry(key).or_insert_with(|| Flow {
            operations: BTreeMap::new(),
            connections: 0,
            answered: 0,
            bytes_sent: 0,
            bytes_received: 0,
            first: connection.start,
            last: connection.end,
            days: BTreeSet::new(),
            hours: [0; 3],
            frame: connection.first_frame,
            turned_away: 0,
        });
        flow.turned_away = flow.turned_away.saturating_add(turned_away);
        for (operation, count) in operations {
            flow.turned_away = flow.turned_away.saturating_add(add_operation(&mut flow.operations, &operation, count));
        }
        flow.connections = flow.connections.saturating_add(1);
        flow.answered = flow.answered.saturating_add(u64::from(connection.received.packets > 0));
        flow.bytes_sent = flow.bytes_sent.saturating_add(connection.sent.bytes);
        flow.bytes_received = flow.bytes_received.saturating_add(connection.received.bytes);
        flow.first = flow.first.min(connection.start);
        flow.last = flow.last.max(connection.end);
        flow.note_time(connection.start);
        flow.note_time(connection.end);
    }

    /// A connection ended whose ends found no place.
    pub fn forget(&mut self, connection: &Connection) {
        self.open.remove(&connection.id);
        self.turned_away = self.turned_away.saturating_add(1);
    }

    /// All flows, in order of key; none is left.
    pub fn take(&mut self) -> Vec<(FlowKey, Flow)> {
        let mut flows: Vec<(FlowKey, Flow)> = std::mem::take(&mut self.flows).into_iter().collect();
        flows.sort_unstable_by_key(|(key, _)| *key);
        flows
    }
}
