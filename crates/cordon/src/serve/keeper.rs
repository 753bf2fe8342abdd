//! Records of the store as values, and the log of what people did.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use store::{Change, Sequence, Store, StoreError};

use crate::clock;

/// The log of what people did.
const AUDIT: &str = "audit";

/// The store, for all who keep something. One writes at a time.
#[derive(Clone)]
pub struct Keeper(Arc<Mutex<Box<dyn Store>>>);

/// A line of the log of what people did.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AuditLine {
    /// When, RFC 3339.
    pub time: String,
    /// Who.
    pub by: String,
    /// What.
    pub text: String,
}

/// A change of one record, as bytes.
pub struct Raw {
    kind: &'static str,
    name: String,
    bytes: Option<Vec<u8>>,
}

impl Raw {
    /// Keeps bytes.
    pub fn put(kind: &'static str, name: &str, bytes: Vec<u8>) -> Self {
        Self { kind, name: name.to_owned(), bytes: Some(bytes) }
    }

    /// Lets go of a record.
    pub fn remove(kind: &'static str, name: &str) -> Self {
        Self { kind, name: name.to_owned(), bytes: None }
    }

    /// As the store takes it.
    pub fn as_change(&self) -> Change<'_> {
        match &self.bytes {
            Some(bytes) => Change::Put { kind: self.kind, name: &self.name, bytes },
            None => Change::Remove { kind: self.kind, name: &self.name },
        }
    }
}

/// A change of one record.
pub struct Kept(Raw);

impl Kept {
    /// Keeps a value.
    pub fn put(kind: &'static str, name: &str, value: &impl Serialize) -> Self {
        // What Cordon keeps are its own structures of texts and numbers: they always have a JSON form.
        Self(Raw::put(kind, name, serde_json::to_vec(value).unwrap_or_default()))
    }

    /// Lets go of a value.
    pub fn remove(kind: &'static str, name: &str) -> Self {
        Self(Raw::remove(kind, name))
    }
}

/// What was kept cannot be read.
fn unreadable(detail: &str) -> StoreError {
    StoreError::Damaged { place: "the store".into(), detail: detail.to_owned() }
}

impl Keeper {
    /// Keeps things in this store.
    pub fn new(store: Box<dyn Store>) -> Self {
        Self(Arc::new(Mutex::new(store)))
    }

    /// The store, for this moment.
    pub fn store(&self) -> MutexGuard<'_, Box<dyn Store>> {
        // Every change is one transaction: a panic in between leaves nothing half-done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes changes, and says in the log who did what: all of it or nothing.
    pub fn keep(&self, changes: &[Kept], by: &str, text: &str) -> Result<(), StoreError> {
        let line = AuditLine { time: clock::now().to_string(), by: by.to_owned(), text: text.to_owned() };
        let line = serde_json::to_vec(&line).unwrap_or_default();
        let mut all: Vec<Change<'_>> = changes.iter().map(|change| change.0.as_change()).collect();
        all.push(Change::Note { log: AUDIT, bytes: &line });
        self.store().change(&all)
    }

    /// Makes changes that nobody decided.
    pub fn keep_quietly(&self, changes: &[Kept]) -> Result<(), StoreError> {
        let all: Vec<Change<'_>> = changes.iter().map(|change| change.0.as_change()).collect();
        self.store().change(&all)
    }

    /// All values of a kind, by name.
    pub fn load<T: DeserializeOwned>(&self, kind: &str) -> Result<BTreeMap<String, T>, StoreError> {
        let records = self.store().records(kind)?;
        let read = |(name, bytes): (String, Vec<u8>)| match serde_json::from_slice(&bytes) {
            Ok(value) => Ok((name, value)),
            // To take it for nothing would be to lose it at the next change.
            Err(error) => Err(unreadable(&format!("{kind} {name}: {error}"))),
        };
        records.into_iter().map(read).collect()
    }

    /// A record as bytes.
    pub fn record(&self, kind: &str, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.store().record(kind, name)
    }

    /// The names of the records of a kind.
    pub fn names(&self, kind: &str) -> Result<Vec<String>, StoreError> {
        self.store().names(kind)
    }

    /// Adds lines to a log, of which so many of the newest stay.
    pub fn note(&self, log: &'static str, lines: &[impl Serialize], keep: u64) -> Result<(), StoreError> {
        let lines: Vec<Vec<u8>> = lines.iter().map(|line| serde_json::to_vec(line).unwrap_or_default()).collect();
        let mut notes: Vec<Change<'_>> = lines.iter().map(|bytes| Change::Note { log, bytes }).collect();
        notes.push(Change::Trim { log, keep });
        self.store().change(&notes)
    }

    /// Lines of a log before a place, the newest first, with their places.
    pub fn lines<T: DeserializeOwned>(
        &self,
        log: &str,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<(u64, T)>, StoreError> {
        let before = Sequence(before.unwrap_or(u64::MAX));
        let lines = self.store().notes(log, before, limit)?;
        Ok(lines
            .into_iter()
            .filter_map(|line| Some((line.sequence.0, serde_json::from_slice(&line.bytes).ok()?)))
            .collect())
    }

    /// What people did before a place, the newest first.
    pub fn audit(&self, before: Option<u64>, limit: usize) -> Result<Vec<(u64, AuditLine)>, StoreError> {
        self.lines(AUDIT, before, limit)
    }
}
