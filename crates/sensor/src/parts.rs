//! Connections that stay open: monitors and interfaces stay connected for weeks, and are told as they go on.

use hashbrown::HashMap;
use model::observation::{ConnectionState, Part, Traffic};
use model::{Connection, Observation, Timestamp};

use crate::flow::{Flow, Inspection};
use crate::{Observer, Sensor};

/// Open connections are to be looked through so often: fifteen seconds.
pub const ROUND_NANOSECONDS: u64 = 15_000_000_000;
/// A connection that is open for so long is told before it ends: half a minute.
const FIRST_NANOSECONDS: u64 = 30_000_000_000;
/// One whose protocol nobody knows yet is told later, and what came since is told again after so long: five minutes.
const FURTHER_NANOSECONDS: u64 = 300_000_000_000;

/// What was told of connections that are still open, by their numbers.
#[derive(Default)]
pub(crate) struct Parts {
    told: HashMap<u64, Told>,
}

struct Told {
    at: Timestamp,
    sent: Traffic,
    received: Traffic,
    application: &'static str,
}

impl Parts {
    /// Whether a connection is to be told now.
    fn is_due(&self, flow: &Flow, now: Timestamp) -> bool {
        let Some(told) = self.told.get(&flow.connection.id) else {
            // What is told before it is known what it is would stay told so.
            let may_be_named = flow.connection.application.is_empty()
                && matches!(flow.inspection, Inspection::Stream(..))
                && flow.state() != ConnectionState::Attempted;
            let old_enough = if may_be_named { FURTHER_NANOSECONDS } else { FIRST_NANOSECONDS };
            return now.since(flow.connection.start) >= old_enough;
        };
        now.since(told.at) >= FURTHER_NANOSECONDS
    }

    /// What came of a connection since it was told last; nothing if nothing did. `connection` is what came of it in all.
    fn next(&mut self, connection: &Connection, at: Timestamp) -> Option<Connection> {
        let Connection { sent, received, application, .. } = *connection;
        let now = Told { at, sent, received, application };
        let before = self.told.insert(connection.id, now);
        // What was told of it when nobody knew what it is stays told: with its name it is told as new.
        match before.filter(|before| before.application == connection.application) {
            None => Some(Connection { part: Part::First, ..connection.clone() }),
            Some(before) => {
                let next = since(connection, &before, |answered| Part::Further { answered });
                (next.sent.packets > 0 || next.received.packets > 0).then_some(next)
            }
        }
    }

    /// The last part of a connection that ended; all of it if nothing was told.
    pub(crate) fn last(&mut self, connection: Connection) -> Connection {
        // From a file nothing is ever told in parts.
        if self.told.is_empty() {
            return connection;
        }
        match self.told.remove(&connection.id).filter(|before| before.application == connection.application) {
            None => connection,
            Some(before) => since(&connection, &before, |answered| Part::Last { answered }),
        }
    }
}

fn since(connection: &Connection, before: &Told, part: impl Fn(bool) -> Part) -> Connection {
    Connection {
        sent: less(connection.sent, before.sent),
        received: less(connection.received, before.received),
        part: part(before.received.packets > 0),
        // Each part ends within minutes of the one before.
        hours: Vec::new(),
        ..connection.clone()
    }
}

fn less(all: Traffic, before: Traffic) -> Traffic {
    Traffic { packets: all.packets.saturating_sub(before.packets), bytes: all.bytes.saturating_sub(before.bytes) }
}

impl Sensor {
    /// Tells what came of connections that are open for long since they were told last, and ends those that are idle for too
    /// long. For whoever listens for weeks, every [`ROUND_NANOSECONDS`].
    pub fn tell_open(&mut self, now: Timestamp, observer: &mut dyn Observer) {
        for slot in self.flows.slots() {
            let Some(flow) = self.flows.get(slot) else { continue };
            if flow.is_idle(now) {
                self.end(slot, observer);
                continue;
            }
            if !self.parts.is_due(flow, now) {
                continue;
            }
            flow.connection.state = flow.state();
            if let Some(part) = self.parts.next(&flow.connection, now) {
                observer.observe(Observation::Connection(&part));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::observation::FrameRef;

    fn connection(sent: u64, received: u64, application: &'static str) -> Connection {
        let traffic = |packets: u64| Traffic { packets, bytes: packets.saturating_mul(100) };
        let begun = crate::flow::connection(7, Timestamp(0), FrameRef { capture: 0, number: 1 }, 6, None);
        Connection { sent: traffic(sent), received: traffic(received), application, ..begun }
    }

    fn told(part: &Connection) -> (u64, u64, Part) {
        (part.sent.packets, part.received.bytes, part.part)
    }

    #[test]
    fn the_parts_of_a_connection_are_the_whole() {
        let mut parts = Parts::default();
        assert_eq!(told(&parts.next(&connection(3, 0, "hl7"), Timestamp(0)).unwrap()), (3, 0, Part::First));
        assert_eq!(parts.next(&connection(3, 0, "hl7"), Timestamp(0)), None, "nothing came");
        let further = parts.next(&connection(5, 1, "hl7"), Timestamp(0)).unwrap();
        assert_eq!(told(&further), (2, 100, Part::Further { answered: false }));
        assert!(further.is_answered());
        let last = parts.last(connection(5, 4, "hl7"));
        assert_eq!(told(&last), (0, 300, Part::Last { answered: true }));
        assert!(parts.told.is_empty(), "what ended is not remembered");
        assert_eq!(told(&parts.last(connection(1, 1, ""))), (1, 100, Part::Whole));
    }

    #[test]
    fn what_is_recognised_late_is_told_as_new() {
        let mut parts = Parts::default();
        parts.next(&connection(3, 3, ""), Timestamp(0));
        assert_eq!(told(&parts.next(&connection(4, 4, "hl7"), Timestamp(0)).unwrap()), (4, 400, Part::First));
        assert_eq!(told(&parts.last(connection(5, 5, "hl7"))), (1, 100, Part::Last { answered: true }));
    }
}
