//! What the rules say of a message, read once: the same words in another mouth say the same.
//!
//! Most messages repeat what was said before, by the same station or by another one of its make. A message's content is
//! what the rules read of it and nothing else; it is compared in full, never by a checksum alone.

use std::net::IpAddr;
use std::sync::Arc;

use hashbrown::HashMap;
use model::{Message, Value};

use crate::evidence::Piece;
use crate::knowledge::{Knowledge, OPERATION, RoleMatch};

/// Contents remembered; further ones are read afresh each time, which costs time and changes nothing.
const READINGS_MAX: usize = 65_536;
/// The longest content remembered, in bytes.
const CONTENT_BYTES_MAX: usize = 768;

/// What one content says.
pub(crate) struct Reading<'k> {
    /// Tells remembered readings apart; `None` if this one was not remembered.
    pub(crate) number: Option<u32>,
    /// Claims about the message's subject.
    pub(crate) claims: Vec<Piece<'k>>,
    /// Roles that it shows.
    pub(crate) roles: Vec<RoleMatch<'k, 'k>>,
}

/// The readings so far.
pub(crate) struct Readings<'k> {
    knowledge: &'k Knowledge,
    kinds: HashMap<[Place; 2], Option<Kind<'k>>>,
    known: HashMap<Box<[u8]>, Arc<Reading<'k>>>,
    content: Vec<u8>,
}

/// Where a text of the program lies, and its length: found without reading it. The same text in two places is two
/// entries, which costs a little memory.
type Place = (usize, usize);

fn place(text: &'static str) -> Place {
    (text.as_ptr() as usize, text.len())
}

/// What is read of messages of one kind.
struct Kind<'k> {
    number: u32,
    names: std::collections::BTreeSet<&'k str>,
    /// The fields met so far by where they lie, and whether they are read.
    fields: Vec<(usize, bool)>,
    reads_operation: bool,
}

impl<'k> Readings<'k> {
    pub(crate) fn new(knowledge: &'k Knowledge) -> Self {
        Self { knowledge, kinds: HashMap::new(), known: HashMap::new(), content: Vec::new() }
    }

    /// What the message says; `None` if no rule reads messages of its kind.
    pub(crate) fn read(&mut self, message: &Message) -> Option<Arc<Reading<'k>>> {
        let Self { knowledge, kinds, known, content } = self;
        let count = u32::try_from(kinds.len()).unwrap_or(u32::MAX);
        let kind = kinds.entry([place(message.protocol()), place(message.kind())]).or_insert_with(|| {
            let names = knowledge.fields_read(message.protocol(), message.kind())?;
            let reads_operation = names.contains(OPERATION);
            Some(Kind { number: count, names, fields: Vec::new(), reads_operation })
        });
        kind.as_mut()?.content(message, content);
        if let Some(reading) = known.get(content.as_slice()) {
            return Some(Arc::clone(reading));
        }
        let is_kept = known.len() < READINGS_MAX && content.len() <= CONTENT_BYTES_MAX;
        let reading = Arc::new(Reading {
            number: u32::try_from(known.len()).ok().filter(|_| is_kept),
            claims: knowledge.matches(message).iter().map(|found| Piece::claimed(found, message.protocol())).collect(),
            roles: knowledge.roles_of(message).into_iter().map(RoleMatch::into_owned).collect(),
        });
        if is_kept {
            known.insert(content.as_slice().into(), Arc::clone(&reading));
        }
        Some(reading)
    }
}

impl Kind<'_> {
    /// Writes down what the rules read of the message, so that different contents give different bytes.
    fn content(&mut self, message: &Message, content: &mut Vec<u8>) {
        content.clear();
        content.extend_from_slice(&self.number.to_le_bytes());
        let mut next = 0_usize;
        for (field, value) in message.fields() {
            let address = std::ptr::from_ref(field) as usize;
            let is_it = |(other, _): &(usize, bool)| *other == address;
            // Messages of one kind have their fields in one order.
            let known = match self.fields.get(next) {
                Some(field) if is_it(field) => Some(next),
                _ => self.fields.iter().position(is_it),
            };
            let at = known.unwrap_or_else(|| {
                self.fields.push((address, self.names.contains(field.name)));
                self.fields.len().saturating_sub(1)
            });
            next = at.saturating_add(1);
            if self.fields.get(at).is_some_and(|(_, is_read)| *is_read) {
                content.extend_from_slice(&(at as u32).to_le_bytes());
                put(value, content);
            }
        }
        if self.reads_operation {
            put(Value::Text(message.operation().unwrap_or_default()), content);
        }
    }
}

/// A tag, then bytes of a length that the tag or what follows it tells.
fn put(value: Value<'_>, content: &mut Vec<u8>) {
    match value {
        Value::Text(text) => {
            content.push(0);
            content.extend_from_slice(&(text.len() as u32).to_le_bytes());
            content.extend_from_slice(text.as_bytes());
        }
        Value::Number(number) => {
            content.push(1);
            content.extend_from_slice(&number.to_le_bytes());
        }
        Value::Flag(flag) => content.extend_from_slice(&[2, u8::from(flag)]),
        Value::Mac(mac) => {
            content.push(3);
            content.extend_from_slice(&mac.0);
        }
        Value::Ip(IpAddr::V4(ip)) => {
            content.push(4);
            content.extend_from_slice(&ip.octets());
        }
        Value::Ip(IpAddr::V6(ip)) => {
            content.push(6);
            content.extend_from_slice(&ip.octets());
        }
    }
}
