//! Connections on disk until all devices are known: too many to be held, and few bytes each.

use std::io::{BufRead, BufReader, Read};

use analysis::EntityId;
use model::{Connection, Observation};
use sensor::Observer;
use sensor::transcript::{self, Batch};

use crate::failure::Failure;
use crate::folder::{NewFile, NewFolder};

const NAME: &str = "connections.part";
/// Connections that are written at once.
const BATCH_CONNECTIONS: usize = 512;

/// Takes a connection, and the entities at its ends as they were known when it ended.
pub type Take<'a> = dyn FnMut(&Connection, [Option<EntityId>; 2]) -> Result<(), Failure> + 'a;

/// The file, and what was not written to it yet.
pub struct Spool {
    file: NewFile,
    batch: Batch,
    /// The entities at both ends of each connection of the batch.
    ends: Vec<[Option<EntityId>; 2]>,
}

impl Spool {
    /// Nothing on disk yet.
    pub fn begin(results: &NewFolder) -> Result<Self, Failure> {
        Ok(Self { file: results.create(NAME)?, batch: Batch::default(), ends: Vec::new() })
    }

    /// Adds an observation of a connection.
    pub fn add(&mut self, connection: &Observation<'_>, ends: [Option<EntityId>; 2]) -> Result<(), Failure> {
        self.batch.add(connection);
        self.ends.push(ends);
        if self.ends.len() < BATCH_CONNECTIONS { Ok(()) } else { self.write() }
    }

    /// Gives all connections in the order in which they were added; nothing is left on disk.
    pub fn read_back(mut self, take: &mut Take<'_>) -> Result<(), Failure> {
        self.write()?;
        let (path, file) = self.file.read_back()?;
        let reading =
            |error: &dyn std::error::Error| Failure::Failed(format!("{}: cannot read back: {error}", path.display()));
        let mut file = BufReader::with_capacity(1 << 16, file);
        let mut batch = Vec::new();
        while !file.fill_buf().map_err(|error| reading(&error))?.is_empty() {
            let ends = read_batch(&mut file, &mut batch).map_err(|error| reading(&error))?;
            let mut rows = Taking { take, ends: ends.into_iter(), done: Ok(()) };
            transcript::read(&batch, &mut rows).map_err(|error| reading(&error))?;
            rows.done?;
        }
        std::fs::remove_file(&path).map_err(|error| reading(&error))
    }

    /// The number of connections, the length of the batch, the ends, the batch.
    fn write(&mut self) -> Result<(), Failure> {
        for length in [self.ends.len(), self.batch.bytes().len()] {
            self.file.write(&u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes())?;
        }
        for entity in self.ends.iter().flatten() {
            self.file.write(&entity.map_or(u32::MAX, EntityId::number).to_le_bytes())?;
        }
        self.file.write(self.batch.bytes())?;
        self.batch.clear();
        self.ends.clear();
        Ok(())
    }
}

/// Reads what [`Spool::write`] wrote: the ends, and the batch into a buffer.
fn read_batch(file: &mut impl Read, batch: &mut Vec<u8>) -> std::io::Result<Vec<[Option<EntityId>; 2]>> {
    let mut word = || {
        let mut bytes = [0; 4];
        file.read_exact(&mut bytes)?;
        Ok::<u32, std::io::Error>(u32::from_le_bytes(bytes))
    };
    let (count, length) = (word()?, word()?);
    let mut ends = Vec::with_capacity(BATCH_CONNECTIONS);
    for _ in 0..count {
        ends.push([word()?, word()?].map(|number| (number != u32::MAX).then(|| EntityId::numbered(number))));
    }
    batch.resize(length as usize, 0);
    file.read_exact(batch)?;
    Ok(ends)
}

/// Hands each connection of a batch on, with its ends.
struct Taking<'a, 'b> {
    take: &'a mut Take<'b>,
    ends: std::vec::IntoIter<[Option<EntityId>; 2]>,
    /// The first failure, which an observer cannot return.
    done: Result<(), Failure>,
}

impl Observer for Taking<'_, '_> {
    fn observe(&mut self, observation: Observation<'_>) {
        if let (Observation::Connection(connection), Some(ends), Ok(())) = (observation, self.ends.next(), &self.done) {
            self.done = (self.take)(connection, ends);
        }
    }
}
