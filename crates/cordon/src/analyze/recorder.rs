//! Hands observations to the analysis, and writes down what must not be kept in memory: connections and events.

use super::connection_row;
use super::events::Events;
use super::spool::Spool;
use crate::failure::Failure;
use crate::folder::{NewFile, NewFolder};
use analysis::inventory::{Inventory, Owners};
use analysis::{Analysis, EntityId};
use model::observation::Side;
use model::{Connection, Observation};
use sensor::{Observer, community_id};

/// The sensor's observer.
pub struct Recorder<'k> {
    analysis: Analysis<'k>,
    /// Connections in the making: whom their ends belong to is known at the end only.
    spool: Spool,
    captures: Vec<String>,
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
            spool: Spool::begin(results)?,
            captures: captures.to_vec(),
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
        // Taking a large state apart piece by piece would only cost time: what is left to do needs little memory.
        std::mem::forget(analysis);
        let mut rows = Rows::begin(results, captures, &inventory.owners)?;
        spool.read_back(&mut |connection, ends| rows.add(connection, ends))?;
        rows.out.finish()?;
        Ok(inventory)
    }
}

/// `connections.jsonl` in the making.
struct Rows<'a> {
    out: NewFile,
    owners: &'a Owners,
    /// Names of the captures as JSON.
    captures: Vec<String>,
    line: Vec<u8>,
}

impl<'a> Rows<'a> {
    fn begin(results: &NewFolder, captures: &[String], owners: &'a Owners) -> Result<Self, Failure> {
        let captures = captures.iter().map(|name| serde_json::Value::from(name.as_str()).to_string()).collect();
        Ok(Self { out: results.create("connections.jsonl")?, owners, captures, line: Vec::new() })
    }

    fn add(&mut self, connection: &Connection, ends: [Option<EntityId>; 2]) -> Result<(), Failure> {
        let capture = self.captures.get(connection.first_frame.capture as usize).map_or("\"\"", String::as_str);
        let community_id = community_id(&connection.initiator, &connection.responder, connection.ip_protocol);
        self.line.clear();
        connection_row::begin(&mut self.line, connection, &community_id, capture);
        let [initiator, responder] = ends.map(|entity| entity.map_or("", |entity| self.owners.name(entity)));
        connection_row::end(&mut self.line, initiator, responder);
        self.out.write(&self.line)
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
            Observation::Connection(connection) => {
                let ends = [&connection.initiator, &connection.responder].map(|side| self.analysis.entity(side));
                self.spool.add(&observation, ends)
            }
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
