//! `events.jsonl`: one line for each decoded message, with its allow-listed fields.

use model::observation::Side;
use model::{Message, Observation, Timestamp, Value, Weakness};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::recorder::community_id;
use crate::failure::Failure;
use crate::folder::NewFile;

/// The file of events.
pub struct Events {
    file: NewFile,
    /// Community ID of the connection whose messages come now.
    recent: Option<(u64, String)>,
}

#[derive(Serialize)]
struct Row<'a> {
    time: Timestamp,
    capture: &'a str,
    frame: u64,
    community_id: Option<&'a str>,
    protocol: &'static str,
    kind: &'static str,
    sender: Side,
    receiver: Side,
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<&'a str>,
    fields: Fields<'a>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    weaknesses: &'a [Weakness],
}

impl Events {
    /// Writes to the file.
    pub fn new(file: NewFile) -> Self {
        Self { file, recent: None }
    }

    /// Writes down a message; other observations are passed over.
    pub fn message(&mut self, observation: &Observation<'_>, captures: &[String]) -> Result<(), Failure> {
        let Observation::Message { time, frame, connection, ip_protocol, sender, receiver, message, .. } = observation
        else {
            return Ok(());
        };
        if let Some(id) = connection
            && self.recent.as_ref().is_none_or(|(recent, _)| recent != id)
        {
            self.recent = Some((*id, community_id(sender, receiver, *ip_protocol)));
        }
        let known = connection.and(self.recent.as_ref()).map(|(_, text)| text.as_str());
        self.file.line(&Row {
            time: *time,
            capture: captures.get(frame.capture as usize).map_or("", String::as_str),
            frame: frame.number,
            community_id: known,
            protocol: message.protocol(),
            kind: message.kind(),
            sender: *sender,
            receiver: *receiver,
            operation: message.operation(),
            fields: Fields(message),
            weaknesses: message.weaknesses(),
        })
    }

    /// Everything is on the disk.
    pub fn finish(self) -> Result<(), Failure> {
        self.file.finish().map(|_| ())
    }
}

/// Fields by name: a value, or the list of them if it repeats.
struct Fields<'a>(&'a Message);

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let all: Vec<_> = self.0.fields().map(|(field, value)| (field.name, value)).collect();
        let mut map = serializer.serialize_map(None)?;
        for (place, (name, value)) in all.iter().enumerate() {
            if all.iter().take(place).any(|(other, _)| other == name) {
                continue;
            }
            let values: Vec<Json<'_>> =
                all.iter().skip(place).filter(|(other, _)| other == name).map(|(_, value)| Json(*value)).collect();
            if values.len() > 1 {
                map.serialize_entry(name, &values)?;
            } else {
                map.serialize_entry(name, &Json(*value))?;
            }
        }
        map.end()
    }
}

struct Json<'a>(Value<'a>);

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Text(text) => serializer.serialize_str(text),
            Value::Number(number) => serializer.serialize_u64(number),
            Value::Flag(flag) => serializer.serialize_bool(flag),
            Value::Mac(mac) => serializer.collect_str(&mac),
            Value::Ip(ip) => serializer.collect_str(&ip),
        }
    }
}
