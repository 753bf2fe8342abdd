//! Flows, kept small.

use std::sync::Arc;

use model::Timestamp;
use model::bytes::{Cursor, Malformed, put_difference, put_maybe, put_number};

use super::writing::{Pieces, Table, list, put_list, put_time, time};
use crate::inventory::{Day, Flow, HoursOfWeek, Owners, Service};

/// From so many hours on all bits are written.
const HOURS_MAX: u32 = 24;
/// That they are.
const ALL_BITS: u8 = 0xff;

/// Flows in order of their ends and service.
#[derive(Debug, Default)]
pub struct PackedFlows {
    pieces: Pieces,
    texts: Table<Arc<str>>,
    /// Applications and scopes.
    words: Table<&'static str>,
    base: Timestamp,
}

/// What is asked of many flows at once; the same as in [`Flow`], the ends by their numbers among the owners.
#[derive(Clone, Copy, Debug)]
pub struct FlowBrief {
    /// Who opens the connections, and who is asked.
    pub ends: (u32, u32),
    /// IP protocol number.
    pub ip_protocol: u8,
    /// The responder's port.
    pub port: Option<u16>,
    /// Application protocol, if recognised.
    pub application: Option<&'static str>,
    /// `east_west`, `external`, `group` or `silent`.
    pub scope: &'static str,
    /// Connections.
    pub connections: u64,
    /// Connections that were answered.
    pub answered: u64,
    /// Bytes towards the responder.
    pub bytes_sent: u64,
    /// Bytes back.
    pub bytes_received: u64,
    /// Hours of the week with traffic.
    pub hours_of_week: HoursOfWeek,
}

impl PackedFlows {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.pieces.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds a flow.
    pub fn push(&mut self, flow: &Flow) {
        if self.is_empty() {
            self.base = flow.first;
        }
        let Self { pieces, texts, words, base } = self;
        pieces.push(|out| {
            put_number(out, flow.ends.0.into());
            put_number(out, flow.ends.1.into());
            out.push(flow.service.ip_protocol);
            put_maybe(out, flow.service.port.map(u64::from));
            words.put(out, &flow.application.unwrap_or_default());
            words.put(out, &flow.scope);
            put_number(out, flow.connections);
            put_number(out, flow.answered);
            put_number(out, flow.bytes_sent);
            put_number(out, flow.bytes_received);
            put_hours(out, flow.hours_of_week);
            // What is asked of single flows only.
            put_time(out, flow.first, *base);
            put_time(out, flow.last, flow.first);
            let mut before = 0;
            put_list(out, &flow.days, |out, Day(day)| {
                put_difference(out, day.wrapping_sub(before));
                before = *day;
            });
            texts.put(out, &flow.capture);
            put_number(out, flow.frame);
            put_number(out, flow.operations.len() as u64);
            for (operation, count) in &flow.operations {
                texts.put(out, operation);
                put_number(out, *count);
            }
        });
    }

    /// No more will be added.
    pub fn shrink(&mut self) {
        self.pieces.shrink();
    }

    /// A flow by its place. `owners` are those of the same conclusion.
    pub fn get(&self, place: usize, owners: &Owners) -> Option<Flow> {
        let mut cursor = self.pieces.get(place)?;
        self.read(&mut cursor, owners).ok()
    }

    /// What is asked of many, by place.
    pub fn brief(&self, place: usize) -> Option<FlowBrief> {
        self.read_brief(&mut self.pieces.get(place)?).ok()
    }

    /// What is asked of many, of all in order.
    pub fn briefs(&self) -> impl Iterator<Item = FlowBrief> {
        (0..self.len()).filter_map(|place| self.brief(place))
    }

    fn read_brief(&self, cursor: &mut Cursor<'_>) -> Result<FlowBrief, Malformed> {
        Ok(FlowBrief {
            ends: (cursor.small()?, cursor.small()?),
            ip_protocol: cursor.byte()?,
            port: cursor.maybe()?,
            application: Some(self.words.get(cursor)?).filter(|word| !word.is_empty()),
            scope: self.words.get(cursor)?,
            connections: cursor.number()?,
            answered: cursor.number()?,
            bytes_sent: cursor.number()?,
            bytes_received: cursor.number()?,
            hours_of_week: hours(cursor)?,
        })
    }

    fn read(&self, cursor: &mut Cursor<'_>, owners: &Owners) -> Result<Flow, Malformed> {
        let brief = self.read_brief(cursor)?;
        let first = time(cursor, self.base)?;
        let last = time(cursor, first)?;
        let mut before = 0_i64;
        let days = list(cursor, |cursor| {
            before = before.wrapping_add(cursor.difference()?);
            Ok(Day(before))
        })?;
        let (capture, frame) = (self.texts.get(cursor)?, cursor.number()?);
        let operations = list(cursor, |cursor| Ok((self.texts.get(cursor)?, cursor.number()?)))?;
        Ok(Flow {
            from: owners.shared(brief.ends.0),
            to: owners.shared(brief.ends.1),
            ends: brief.ends,
            service: Service { ip_protocol: brief.ip_protocol, port: brief.port },
            application: brief.application,
            operations: operations.into_iter().collect(),
            connections: brief.connections,
            answered: brief.answered,
            bytes_sent: brief.bytes_sent,
            bytes_received: brief.bytes_received,
            first,
            last,
            days,
            hours_of_week: brief.hours_of_week,
            scope: brief.scope,
            capture,
            frame,
        })
    }
}

/// Few hours are written as their numbers.
fn put_hours(out: &mut Vec<u8>, hours: HoursOfWeek) {
    let count: u32 = hours.0.iter().map(|word| word.count_ones()).sum();
    if count < HOURS_MAX {
        out.push(count as u8);
        out.extend(hours.iter());
    } else {
        out.push(ALL_BITS);
        out.extend(hours.0.iter().flat_map(|word| word.to_le_bytes()));
    }
}

fn hours(cursor: &mut Cursor<'_>) -> Result<HoursOfWeek, Malformed> {
    let mut words = [0_u64; 3];
    match cursor.byte()? {
        ALL_BITS => {
            for word in &mut words {
                *word = u64::from_le_bytes(cursor.array()?);
            }
        }
        count => {
            for hour in cursor.take(count.into())? {
                if let Some(word) = words.get_mut(usize::from(hour >> 6)) {
                    *word |= 1 << (hour & 63);
                }
            }
        }
    }
    Ok(HoursOfWeek(words))
}
