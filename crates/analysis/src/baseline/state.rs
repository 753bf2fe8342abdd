//! Flows as bytes and back.

use std::sync::Arc;

use super::{
    Baseline, DAYS_MAX, FLOW_KEYS_MAX, Flow, FlowKey, OPERATION_NAMES_MAX, OPERATIONS_MAX, OperationId, OperationNames,
    Operations,
};
use crate::state::{Damage, Reader, Writer, room};
use crate::stations::ENTITIES_MAX;

/// Bytes of the hours of a week, one bit each.
const HOURS_BYTES: usize = 21;

impl Baseline {
    pub(crate) fn save<'a>(&'a self, out: &mut Writer<'a>) {
        out.count(self.names.names.len());
        for name in &self.names.names {
            out.single_text(name);
        }
        out.count(self.flows.len());
        for (key, flow) in &self.flows {
            let FlowKey { from, to, ip_protocol, port, application } = key;
            out.entity(*from);
            out.entity(*to);
            out.byte(*ip_protocol);
            out.maybe(*port);
            out.text(application);
            flow.save(out);
        }
        let mut open: Vec<(&u64, &Operations)> = self.open.iter().collect();
        open.sort_unstable_by_key(|(connection, _)| **connection);
        out.count(open.len());
        for (connection, operations) in open {
            out.number(*connection);
            operations.save(out);
        }
        let mut keys_of: Vec<_> = self.keys_of.iter().collect();
        keys_of.sort_unstable();
        out.count(keys_of.len());
        for (entity, (all, unanswered)) in keys_of {
            out.entity(*entity);
            out.number(u64::from(*all));
            out.number(u64::from(*unanswered));
        }
        out.number(self.turned_away);
        out.number(self.folded);
    }

    /// Gives also how many flows were forgotten: those of an application that `protocol` does not know.
    pub(crate) fn restore(
        reader: &mut Reader<'_>,
        protocol: &impl Fn(&str) -> Option<&'static str>,
    ) -> Result<(Self, u64), Damage> {
        let mut baseline = Self { names: OperationNames::restore(reader)?, ..Self::default() };
        let mut forgotten = 0_u64;
        let names = baseline.names.names.len();
        let count = reader.count(FLOW_KEYS_MAX)?;
        baseline.flows = room(count, reader, 32);
        baseline.places.reserve(baseline.flows.capacity());
        for _ in 0..count {
            let (from, to) = (reader.entity()?, reader.entity()?);
            let (ip_protocol, port, application) = (reader.byte()?, reader.maybe()?, reader.text()?);
            let flow = Flow::restore(reader, names)?;
            let Some(application) = application_named(&application, protocol) else {
                forgotten = forgotten.saturating_add(1);
                continue;
            };
            let key = FlowKey { from, to, ip_protocol, port, application };
            let place = u32::try_from(baseline.flows.len()).map_err(|_| Damage::Many)?;
            if baseline.places.insert(key, place).is_some() {
                return Err(Damage::Twice);
            }
            baseline.flows.push((key, flow));
        }
        for _ in 0..reader.count(usize::MAX)? {
            let connection = reader.number()?;
            baseline.open.insert(connection, Operations::restore(reader, names)?);
        }
        for _ in 0..reader.count(ENTITIES_MAX)? {
            let entity = reader.entity()?;
            baseline.keys_of.insert(entity, (reader.small()?, reader.small()?));
        }
        baseline.turned_away = reader.number()?;
        baseline.folded = reader.number()?;
        Ok((baseline, forgotten))
    }
}

fn application_named(name: &str, protocol: &impl Fn(&str) -> Option<&'static str>) -> Option<&'static str> {
    if name.is_empty() { Some("") } else { protocol(name) }
}

impl OperationNames {
    fn restore(reader: &mut Reader<'_>) -> Result<Self, Damage> {
        let mut names = Self::default();
        for number in 0..reader.count(OPERATION_NAMES_MAX)? {
            let name: Arc<str> = reader.single_text()?.into();
            let number = OperationId(u32::try_from(number).map_err(|_| Damage::Many)?);
            if names.numbers.insert(Arc::clone(&name), number).is_some() {
                return Err(Damage::Twice);
            }
            names.names.push(name);
        }
        Ok(names)
    }
}

impl Operations {
    fn save(&self, out: &mut Writer<'_>) {
        out.count(self.counts.len());
        for (OperationId(number), count) in &self.counts {
            out.number(u64::from(*number));
            out.number(*count);
        }
        out.number(self.turned_away);
    }

    fn restore(reader: &mut Reader<'_>, names: usize) -> Result<Self, Damage> {
        let count = reader.count(OPERATIONS_MAX)?;
        let mut counts = Vec::with_capacity(count);
        for _ in 0..count {
            let number: u32 = reader.small()?;
            if number as usize >= names {
                return Err(Damage::Reference);
            }
            counts.push((OperationId(number), reader.number()?));
        }
        Ok(Self { counts, turned_away: reader.number()? })
    }
}

impl Flow {
    fn save(&self, out: &mut Writer<'_>) {
        self.operations.save(out);
        for number in [self.connections, self.answered, self.bytes_sent, self.bytes_received, self.turned_away] {
            out.number(number);
        }
        out.time(self.first);
        out.time(self.last);
        out.frame(self.frame);
        out.count(self.days.len());
        let mut before = 0_i64;
        for day in &self.days {
            out.difference(day.wrapping_sub(before));
            before = *day;
        }
        // Most flows are busy in few hours: first which bytes hold any, then those.
        let hours: Vec<u8> = self.hours.iter().flat_map(|word| word.to_le_bytes()).take(HOURS_BYTES).collect();
        let held = hours.iter().zip(0_u32..).filter(|(byte, _)| **byte != 0);
        out.number(held.fold(0, |held, (_, at)| held | 1_u64 << at));
        for byte in hours.into_iter().filter(|byte| *byte != 0) {
            out.byte(byte);
        }
    }

    fn restore(reader: &mut Reader<'_>, names: usize) -> Result<Self, Damage> {
        let operations = Operations::restore(reader, names)?;
        let mut number = || reader.number();
        let (connections, answered) = (number()?, number()?);
        let (bytes_sent, bytes_received, turned_away) = (number()?, number()?, number()?);
        let (first, last, frame) = (reader.time()?, reader.time()?, reader.frame()?);
        let count = reader.count(DAYS_MAX)?;
        let mut days: Vec<i64> = Vec::with_capacity(count);
        for _ in 0..count {
            let day = days.last().copied().unwrap_or(0).wrapping_add(reader.difference()?);
            if days.last().is_some_and(|last| *last >= day) {
                return Err(Damage::Order);
            }
            days.push(day);
        }
        let held = reader.number()?;
        if held >> HOURS_BYTES != 0 {
            return Err(Damage::Number);
        }
        let mut hours = [0_u8; 24];
        for (byte, _) in hours.iter_mut().zip(0_u32..).filter(|(_, at)| held >> at & 1 == 1) {
            *byte = reader.byte()?;
        }
        let mut words = [0_u64; 3];
        for (word, bytes) in words.iter_mut().zip(hours.as_chunks().0) {
            *word = u64::from_le_bytes(*bytes);
        }
        Ok(Self {
            operations,
            connections,
            answered,
            bytes_sent,
            bytes_received,
            first,
            last,
            days,
            hours: words,
            frame,
            turned_away,
        })
    }
}
