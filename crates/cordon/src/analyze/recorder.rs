//! Hands observations to the analysis, and writes down what must not be kept in memory: connections and events.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};

use super::connection_row;
use super::events::Events;
use crate::failure::Failure;
use crate::folder::{NewFile, NewFolder};
use analysis::inventory::Inventory;
use analysis::{Analysis, EntityId};
use model::observation::Side;
use model::{Connection, Observation};
use sensor::{Observer, community_id};

/// Connections in the making: whom their ends belong to is known at the end only.
const SPOOL: &str = "connections.part";

/// The sensor's observer.
pub struct Recorder<'k> {
    analysis: Analysis<'k>,
    spool: NewFile,
    line: Vec<u8>,
    captures: Vec<String>,
    captures_json: Vec<String>,
    events: Option<Events>,
    failure: Option<Failure>,
}

impl<'k> Recorder<'k> {
    /// Begins the files that grow while captures are read.
    pub fn begin(
        analysis: Analysis<'k>,
        captures: &[String],
        results: &NewFolder,
        events: bool,
    ) -> Result<Self, Failure> {
        Ok(Self {
            analysis,
            spool: results.create(SPOOL)?,
            line: Vec::new(),
            captures: captures.to_vec(),
            captures_json: captures.iter().map(|name| serde_json::Value::from(name.as_str()).to_string()).collect(),
            events: events.then(|| results.create("events.jsonl").map(Events::new)).transpose()?,
            failure: None,
        })
    }

    /// The first failure of a write, which an observer cannot return.
    pub fn check(&mut self) -> Result<(), Failure> {
        self.failure.take().map_or(Ok(()), Err)
    }

    /// Concludes, and writes the connections with the devices at their ends.
    pub fn finish(mut self, results: &NewFolder, captures: &[String]) -> Result<Inventory, Failure> {
        self.check()?;
        let Self { mut analysis, spool, events, .. } = self;
        if let Some(events) = events {
            events.finish()?;
        }
        let names: Vec<std::sync::Arc<str>> = captures.iter().map(|name| name.as_str().into()).collect();
        analysis.forget_readings();
        let inventory = analysis.conclude(&names);
        drop(analysis);
        let path = spool.finish()?;
        let reading = |error: std::io::Error| Failure::Failed(format!("{}: cannot read back: {error}", path.display()));
        let mut spool = BufReader::with_capacity(1 << 16, File::open(&path).map_err(reading)?);
        let mut out = results.create("connections.jsonl")?;
        let mut row = Vec::new();
        while let Some(head) = Head::read(&mut spool).map_err(reading)? {
            row.resize(head.length as usize, 0);
            spool.read_exact(&mut row).map_err(reading)?;
            let name = |entity: Option<EntityId>| entity.map_or("", |entity| inventory.owners.name(entity));
            connection_row::end(&mut row, name(head.initiator), name(head.responder));
            out.write(&row)?;
        }
        out.finish()?;
        std::fs::remove_file(&path).map_err(reading)?;
        Ok(inventory)
    }

    fn connection(&mut self, connection: &Connection) -> Result<(), Failure> {
        let initiator = self.analysis.entity(&connection.initiator);
        let responder = self.analysis.entity(&connection.responder);
        let capture = self.captures_json.get(connection.first_frame.capture as usize).map_or("\"\"", String::as_str);
        let community_id = community_id(&connection.initiator, &connection.responder, connection.ip_protocol);
        self.line.clear();
        connection_row::begin(&mut self.line, connection, &community_id, capture);
        let length = u32::try_from(self.line.len()).unwrap_or(u32::MAX);
        self.spool.write(&Head { initiator, responder, length }.bytes())?;
        self.spool.write(&self.line)
    }
}

/// What stands before each row of the spool.
struct Head {
    initiator: Option<EntityId>,
    responder: Option<EntityId>,
    length: u32,
}

impl Head {
    const BYTES: usize = 12;

    fn bytes(&self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        let entity = |entity: Option<EntityId>| entity.map_or(u32::MAX, EntityId::number);
        let words = [entity(self.initiator), entity(self.responder), self.length];
        for (place, word) in bytes.chunks_exact_mut(4).zip(words) {
            place.copy_from_slice(&word.to_le_bytes());
        }
        bytes
    }

    /// The next head; `None` at the end.
    fn read(spool: &mut impl BufRead) -> std::io::Result<Option<Self>> {
        if spool.fill_buf()?.is_empty() {
            return Ok(None);
        }
        let mut word = || {
            let mut bytes = [0; 4];
            spool.read_exact(&mut bytes)?;
            Ok::<u32, std::io::Error>(u32::from_le_bytes(bytes))
        };
        let entity = |number: u32| (number != u32::MAX).then(|| EntityId::numbered(number));
        let (initiator, responder, length) = (entity(word()?), entity(word()?), word()?);
        Ok(Some(Self { initiator, responder, length }))
    }
}

/// Community ID v1 of a connection between two sides; empty for what is not IP.
pub(super) fn community_id(one: &Side, other: &Side, ip_protocol: u8) -> String {
    match (one.ip, other.ip) {
        (Some(from), Some(to)) => community_id::of(from, to, ip_protocol, one.port.zip(other.port)),
        _ => String::new(),
    }
}

impl Observer for Recorder<'_> {
    fn observe(&mut self, observation: Observation<'_>) {
        self.analysis.observe(&observation);
        let written = match &observation {
            Observation::Connection(connection) => self.connection(connection),
            Observation::Message { .. } => match &mut self.events {
                Some(events) => events.message(&observation, &self.captures),
                None => Ok(()),
            },
            Observation::Sighting { .. } => Ok(()),
        };
        if let (Err(failure), None) = (written, &self.failure) {
            self.failure = Some(failure);
        }
    }
}
