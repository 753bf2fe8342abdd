//! What our own reading of a capture says, message by message: who told whom, and what.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;

use model::observation::{FrameRef, Side};
use model::{Connection, Observation, Value};
use sensor::capture::CaptureFile;
use sensor::{Observer, Sensor};

/// One message.
#[derive(Clone, Debug)]
pub struct Said {
    pub protocol: &'static str,
    pub kind: &'static str,
    pub operation: Option<String>,
    pub frame: u64,
    pub ip_protocol: u8,
    pub connection: Option<u64>,
    pub sender: Side,
    pub receiver: Side,
    pub fields: Vec<(&'static str, String)>,
}

impl Said {
    /// The values of a field.
    pub fn values<'a>(&'a self, field: &'a str) -> impl Iterator<Item = &'a String> {
        self.fields.iter().filter(move |(name, _)| *name == field).map(|(_, value)| value)
    }

    /// Both ends in a fixed order.
    pub fn ends(&self) -> Option<Ends> {
        ends(&self.sender, &self.receiver)
    }
}

/// Both ends of a connection in a fixed order.
pub type Ends = (SocketAddr, SocketAddr);

/// Both ends in a fixed order, if they have addresses and ports.
pub fn ends(one: &Side, other: &Side) -> Option<Ends> {
    let one = SocketAddr::from((one.ip?, one.port?));
    let other = SocketAddr::from((other.ip?, other.port?));
    Some((one.min(other), one.max(other)))
}

/// A capture as we read it.
#[derive(Default)]
pub struct Heard {
    pub said: Vec<Said>,
    pub connections: Vec<Connection>,
}

impl Heard {
    /// The connections by their identifier.
    pub fn by_id(&self) -> BTreeMap<u64, &Connection> {
        self.connections.iter().map(|connection| (connection.id, connection)).collect()
    }
}

impl Observer for Heard {
    fn observe(&mut self, observation: Observation<'_>) {
        match observation {
            Observation::Message { frame, ip_protocol, connection, sender, receiver, message, .. } => {
                self.said.push(Said {
                    protocol: message.protocol(),
                    kind: message.kind(),
                    operation: message.operation().map(str::to_owned),
                    frame: frame.number,
                    ip_protocol,
                    connection,
                    sender,
                    receiver,
                    fields: message.fields().map(|(field, value)| (field.name, written(value))).collect(),
                });
            }
            Observation::Connection(connection) => self.connections.push(connection.clone()),
            Observation::Sighting { .. } => {}
        }
    }
}

fn written(value: Value<'_>) -> String {
    match value {
        Value::Text(text) => text.to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Flag(flag) => flag.to_string(),
        Value::Mac(mac) => mac.to_string(),
        Value::Ip(ip) => ip.to_string(),
    }
}

/// Reads a capture; nothing if it is none.
pub fn hear(path: &Path) -> Heard {
    let mut heard = Heard::default();
    let Ok(mut file) = CaptureFile::open(path) else { return heard };
    let (mut sensor, mut number) = (Sensor::default(), 0);
    while let Some(frame) = file.next_frame() {
        number += 1;
        sensor.frame(&frame, FrameRef { capture: 0, number }, &mut heard);
    }
    sensor.finish(&mut heard);
    heard
}
