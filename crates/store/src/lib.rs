//! Keeps what was acknowledged.
//!
//! A [`Store`] holds a journal of observations, the state that was folded from it, and records of what people decided. What [`append`](Store::append),
//! [`keep_state`](Store::keep_state) or [`change`](Store::change) has returned for survives a kill at any moment; it was given to the disk to keep, which
//! no test has cut the power of yet. [`contract`] says what every store has to do; [`Sqlite`] is the one that needs nothing
//! but a folder.

#![forbid(unsafe_code)]

pub mod contract;
mod sqlite;

use std::path::{Path, PathBuf};

pub use sqlite::{DATABASE, Sqlite};

/// The place of an entry in the journal. The first is 1; places are never used twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sequence(pub u64);

/// One entry of the journal: whatever the writer put in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its place.
    pub sequence: Sequence,
    /// What was kept.
    pub bytes: Vec<u8>,
}

/// What was folded from the journal up to one entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// The last entry that it contains; all after it are to be folded again.
    pub upto: Sequence,
    /// The state, as its owner writes it.
    pub bytes: Vec<u8>,
}

/// A change of the records: what people decide, and what has to be known besides the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change<'a> {
    /// Keeps a record in place of the one of that kind and name, if there is one.
    Put {
        /// What sort of record.
        kind: &'a str,
        /// Which one.
        name: &'a str,
        /// What it holds, as its owner writes it.
        bytes: &'a [u8],
    },
    /// Lets go of a record; none is fine.
    Remove {
        /// What sort of record.
        kind: &'a str,
        /// Which one.
        name: &'a str,
    },
    /// Adds a line to a log. Lines are never changed.
    Note {
        /// Which log.
        log: &'a str,
        /// The line.
        bytes: &'a [u8],
    },
    /// Lets go of the oldest lines of a log, so that this many stay.
    Trim {
        /// Which log.
        log: &'a str,
        /// How many stay.
        keep: u64,
    },
}

/// Why something could not be kept or found.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No room. Nothing of what was to be kept is there; what was kept before is. It may be tried again.
    #[error("{}: the disk is full: free space, nothing else has to be done", place.display())]
    Full {
        /// The folder.
        place: PathBuf,
    },
    /// The disk failed at this moment. What was kept before is there; what was to be kept may be there or not: the place of
    /// the last entry says. It may be tried again.
    #[error("{}: {detail}: what was acknowledged is kept, it will be tried again", place.display())]
    Unavailable {
        /// The folder.
        place: PathBuf,
        /// What the system said.
        detail: String,
    },
    /// It cannot be done, now or later. Nothing was changed.
    #[error("{}: {detail}", place.display())]
    Refused {
        /// The folder, or the file that was named.
        place: PathBuf,
        /// Why, and what helps.
        detail: String,
    },
    /// Another process has it open.
    #[error("{}: another Cordon keeps its data here: stop it, or name another folder", place.display())]
    InUse {
        /// The folder.
        place: PathBuf,
    },
    /// A newer Cordon wrote it.
    #[error("{}: was written by a newer Cordon (format {found}, this one knows {known}): start that one, or restore a backup", place.display())]
    Newer {
        /// The folder.
        place: PathBuf,
        /// The format found.
        found: u32,
        /// The newest format that this build knows.
        known: u32,
    },
    /// What lies there is not what was kept.
    #[error("{}: is damaged ({detail}): restore a backup", place.display())]
    Damaged {
        /// The folder.
        place: PathBuf,
        /// What was found.
        detail: String,
    },
}

impl StoreError {
    /// Whether trying again may help without anybody restarting anything.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Full { .. } | Self::Unavailable { .. })
    }
}

/// Where observations and what is folded from them are kept. One writer.
pub trait Store: Send {
    /// Adds entries to the journal, all or none, and gives the place of the last one; durable when it returns. Adding
    /// nothing gives the place of the last entry so far.
    fn append(&mut self, entries: &[&[u8]]) -> Result<Sequence, StoreError>;

    /// The entries after a place, in order, at most so many.
    fn journal(&mut self, after: Sequence, limit: usize) -> Result<Vec<Entry>, StoreError>;

    /// Keeps the state in place of the one before, lets go of the entries that it contains, and makes the changes that were
    /// folded from them, all or none; durable when it returns.
    /// A state that ends before the one that is kept, or after the last entry, is refused: entries would be lost.
    fn keep_state(&mut self, state: &State, changes: &[Change<'_>]) -> Result<(), StoreError>;

    /// The state that was kept last.
    fn state(&mut self) -> Result<Option<State>, StoreError>;

    /// Makes these changes of the records, all or none; durable when it returns.
    fn change(&mut self, changes: &[Change<'_>]) -> Result<(), StoreError>;

    /// The records of a kind, by their names in order.
    fn records(&mut self, kind: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError>;

    /// A record; nothing if there is none of that kind and name.
    fn record(&mut self, kind: &str, name: &str) -> Result<Option<Vec<u8>>, StoreError>;

    /// The names of the records of a kind, in order.
    fn names(&mut self, kind: &str) -> Result<Vec<String>, StoreError>;

    /// The lines of a log before a place, the newest first, at most so many.
    fn notes(&mut self, log: &str, before: Sequence, limit: usize) -> Result<Vec<Entry>, StoreError>;

    /// Whether everything that lies there hangs together; reads all of it. Changed bytes inside an entry are not noticed.
    fn check(&mut self) -> Result<(), StoreError>;

    /// Writes a copy of everything, as it is at one moment, to a file that is not there yet. Whole, or not there.
    fn back_up(&mut self, to: &Path) -> Result<(), StoreError>;
}
