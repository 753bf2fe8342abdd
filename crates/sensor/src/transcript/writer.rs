//! Observations to bytes.

use std::net::IpAddr;

use hashbrown::HashMap;
use model::bytes::{put_difference, put_ip, put_number, put_text};
use model::observation::{ConnectionState, FrameRef, Part, Side};
use model::{Connection, MacAddr, Message, Observation, Subject, Timestamp, Value, Weakness};
use wire::protocols;

use super::{About, FORMAT, HOURS_BIT, Kind, PART_SHIFT, Shape, WORDS_MAX};

/// Observations, one behind the other.
#[derive(Debug)]
pub struct Batch {
    bytes: Vec<u8>,
    count: usize,
    words: HashMap<&'static str, u64>,
    time: Timestamp,
}

impl Default for Batch {
    fn default() -> Self {
        Self { bytes: vec![FORMAT], count: 0, words: HashMap::new(), time: Timestamp(0) }
    }
}

impl Batch {
    /// Adds an observation.
    pub fn add(&mut self, observation: &Observation<'_>) {
        self.count = self.count.saturating_add(1);
        match observation {
            Observation::Sighting { time, frame, mac, ip, routed, addressed, vlan } => {
                self.kind(Kind::Sighting);
                self.moment(*time, *frame);
                self.side(&Side { mac: *mac, ip: *ip, port: None });
                self.bytes.push(u8::from(*routed) | u8::from(*addressed) << 1);
                self.vlan(*vlan);
            }
            Observation::Message { time, frame, connection, ip_protocol, sender, receiver, vlan, message } => {
                self.kind(Kind::Message);
                self.moment(*time, *frame);
                put_number(&mut self.bytes, connection.map_or(0, |id| id.saturating_add(1)));
                self.bytes.push(*ip_protocol);
                self.side(sender);
                self.side(receiver);
                self.vlan(*vlan);
                self.message(message);
            }
            Observation::Connection(connection) => {
                self.kind(Kind::Connection);
                self.connection(connection);
            }
        }
    }

    /// How many observations.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The batch so far.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Begins the next batch.
    pub fn clear(&mut self) {
        self.bytes.truncate(1);
        self.count = 0;
        self.words.clear();
        self.time = Timestamp(0);
    }

    fn kind(&mut self, kind: Kind) {
        self.bytes.push(kind as u8);
    }

    fn moment(&mut self, time: Timestamp, frame: FrameRef) {
        self.time(time);
        put_number(&mut self.bytes, frame.capture.into());
        put_number(&mut self.bytes, frame.number);
    }

    fn time(&mut self, time: Timestamp) {
        put_difference(&mut self.bytes, time.0.wrapping_sub(self.time.0));
        self.time = time;
    }

    fn vlan(&mut self, vlan: Option<u16>) {
        put_number(&mut self.bytes, vlan.map_or(0, |vlan| u64::from(vlan).saturating_add(1)));
    }

    fn side(&mut self, side: &Side) {
        let Side { mac, ip, port } = *side;
        let there = |is_there: bool, bit: u8| u8::from(is_there) << bit;
        self.bytes.push(there(mac.is_some(), 0) | there(ip.is_some(), 1) | there(port.is_some(), 2));
        self.mac(mac);
        self.ip(ip);
        if let Some(port) = port {
            self.bytes.extend_from_slice(&port.to_be_bytes());
        }
    }

    fn mac(&mut self, mac: Option<MacAddr>) {
        self.bytes.extend(mac.iter().flat_map(|mac| mac.0));
    }

    fn ip(&mut self, ip: Option<IpAddr>) {
        if let Some(ip) = ip {
            put_ip(&mut self.bytes, ip);
        }
    }

    /// A word of the program: its number, or the number of all known so far and then the word.
    fn word(&mut self, word: &'static str) {
        if let Some(number) = self.words.get(word) {
            return put_number(&mut self.bytes, *number);
        }
        let number = self.words.len() as u64;
        put_number(&mut self.bytes, number);
        put_text(&mut self.bytes, word);
        if self.words.len() < WORDS_MAX {
            self.words.insert(word, number);
        }
    }

    fn message(&mut self, message: &Message) {
        self.word(message.protocol());
        self.word(message.kind());
        self.bytes.push(u8::from(message.from_responder()));
        self.subject(message.subject());
        for text in [message.operation(), message.identity()] {
            put_text(&mut self.bytes, text.unwrap_or_default());
        }
        let declared = protocols::named(message.protocol()).map(|decoder| decoder.fields()).unwrap_or_default();
        let place = |name: &str| declared.iter().position(|field| field.name == name);
        let fields: Vec<(usize, Value<'_>)> =
            message.fields().filter_map(|(field, value)| Some((place(field.name)?, value))).collect();
        put_number(&mut self.bytes, fields.len() as u64);
        for (place, value) in fields {
            put_number(&mut self.bytes, place as u64);
            self.value(value);
        }
        put_number(&mut self.bytes, message.bindings().len() as u64);
        for binding in message.bindings() {
            self.mac(Some(binding.mac));
            self.ip(Some(binding.ip));
            put_number(
                &mut self.bytes,
                binding.lease_seconds.map_or(0, |seconds| u64::from(seconds).saturating_add(1)),
            );
        }
        put_number(&mut self.bytes, message.weaknesses().len() as u64);
        for weakness in message.weaknesses() {
            let place = Weakness::ALL.iter().position(|known| known == weakness).unwrap_or_default();
            put_number(&mut self.bytes, place as u64);
        }
    }

    fn subject(&mut self, subject: Subject) {
        let (about, mac, ip) = match subject {
            Subject::Sender => (About::Sender, None, None),
            Subject::Receiver => (About::Receiver, None, None),
            Subject::Hardware(mac) => (About::Hardware, Some(mac), None),
            Subject::Address(ip) => (About::Address, None, Some(ip)),
            Subject::Behind => (About::Behind, None, None),
            Subject::SelfOrBehind => (About::SelfOrBehind, None, None),
        };
        self.bytes.push(about as u8);
        self.mac(mac);
        self.ip(ip);
    }

    fn value(&mut self, value: Value<'_>) {
        let shape = match value {
            Value::Text(_) => Shape::Text,
            Value::Number(_) => Shape::Number,
            Value::Flag(false) => Shape::No,
            Value::Flag(true) => Shape::Yes,
            Value::Mac(_) => Shape::Mac,
            Value::Ip(_) => Shape::Ip,
        };
        self.bytes.push(shape as u8);
        match value {
            Value::Text(text) => put_text(&mut self.bytes, text),
            Value::Number(number) => put_number(&mut self.bytes, number),
            Value::Flag(_) => {}
            Value::Mac(mac) => self.mac(Some(mac)),
            Value::Ip(ip) => self.ip(Some(ip)),
        }
    }

    fn connection(&mut self, connection: &Connection) {
        let Connection { id, start, end, first_frame, initiator, responder, ip_protocol, vlan, .. } = connection;
        self.moment(*start, *first_frame);
        self.time(*end);
        put_number(&mut self.bytes, *id);
        self.side(initiator);
        self.side(responder);
        self.bytes.push(*ip_protocol);
        self.vlan(*vlan);
        for traffic in [&connection.sent, &connection.received] {
            put_number(&mut self.bytes, traffic.packets);
            put_number(&mut self.bytes, traffic.bytes);
        }
        let state = ConnectionState::ALL.iter().position(|known| *known == connection.state).unwrap_or_default();
        // A whole connection is written as it was before there were parts.
        let part = Part::ALL.iter().position(|known| *known == connection.part).unwrap_or_default();
        let hours = if connection.hours.is_empty() { 0 } else { HOURS_BIT };
        put_number(&mut self.bytes, (state | part << PART_SHIFT | hours) as u64);
        if hours != 0 {
            put_number(&mut self.bytes, connection.hours.len() as u64);
            for hour in &connection.hours {
                put_number(&mut self.bytes, u64::from(*hour));
            }
        }
        self.word(connection.application);
        self.bytes.push(u8::from(connection.oriented));
    }
}
