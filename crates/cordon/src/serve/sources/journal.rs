//! What is observed is kept before it is folded: the journal of the store, fed by every source.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use store::{Sequence, StoreError};

use crate::serve::keeper::Keeper;
use crate::serve::stop::Stop;
use crate::serve::view::StoreState;

/// How long to wait before a failed write is tried again.
const AGAIN: Duration = Duration::from_millis(500);
/// The format of an entry.
const FORMAT: u8 = 1;

/// The way into the journal.
pub struct Journal {
    keeper: Keeper,
    state: Mutex<StoreState>,
    stop: Arc<Stop>,
    /// The place of the last entry.
    last: AtomicU64,
    /// The place of the last entry that is in what is shown.
    shown: AtomicU64,
}

impl Journal {
    /// The journal of this store.
    pub fn new(keeper: Keeper, stop: Arc<Stop>) -> Self {
        let state = Mutex::new(StoreState { state: "ok", text: String::new(), bytes: 0 });
        Self { keeper, state, stop, last: AtomicU64::new(0), shown: AtomicU64::new(0) }
    }

    /// Keeps a batch of a source. While the disk is full or failing it is tried again and again, and said so: the source
    /// waits, what a card then drops is counted.
    pub fn append(&self, source: u32, batch: &[u8]) -> Result<(), StoreError> {
        self.append_while(source, batch, &|| true)
    }

    /// The same, but not tried again once it is not wanted any more.
    pub fn append_while(&self, source: u32, batch: &[u8], is_wanted: &dyn Fn() -> bool) -> Result<(), StoreError> {
        let entry = entry(source, batch);
        loop {
            match self.keeper.store().append(&[&entry]) {
                Ok(last) => {
                    self.last.fetch_max(last.0, Ordering::Release);
                    self.say("ok", String::new());
                    self.stop.wake();
                    return Ok(());
                }
                Err(error) if error.is_passing() => {
                    self.say(state(&error), error.to_string());
                    // What could not be kept was not acknowledged.
                    if self.stop.wait(AGAIN) || !is_wanted() {
                        return Err(error);
                    }
                }
                Err(error) => {
                    self.say("failing", error.to_string());
                    return Err(error);
                }
            }
        }
    }

    /// Keeps a batch of a source, if it can be kept now.
    pub fn append_once(&self, source: u32, batch: &[u8]) -> Result<(), StoreError> {
        self.keeper.store().append(&[&entry(source, batch)]).map(|_| ())
    }

    /// The last entry of the runs before.
    pub fn ends_at(&self, last: Sequence) {
        self.last.fetch_max(last.0, Ordering::Release);
    }

    /// Everything up to this entry is in what is shown.
    pub fn is_shown(&self, upto: Sequence) {
        self.shown.store(upto.0, Ordering::Release);
    }

    /// Entries that are kept and not shown yet.
    pub fn behind(&self) -> u64 {
        self.last.load(Ordering::Acquire).saturating_sub(self.shown.load(Ordering::Acquire))
    }

    /// Something was kept: whatever was wrong is over.
    pub fn succeeded(&self) {
        self.say("ok", String::new());
    }

    /// Notes that something else could not be kept.
    pub fn failed(&self, error: &StoreError) {
        self.say(state(error), error.to_string());
    }

    /// Whether what is acknowledged can be kept.
    pub fn state(&self) -> StoreState {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn say(&self, state: &'static str, text: String) {
        let mut known = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        (known.state, known.text) = (state, text);
    }
}

fn state(error: &StoreError) -> &'static str {
    if matches!(error, StoreError::Full { .. }) { "full" } else { "failing" }
}

/// An entry of the journal: whose batch it is, and the batch.
pub fn entry(source: u32, batch: &[u8]) -> Vec<u8> {
    let mut entry = vec![FORMAT];
    entry.extend(source.to_le_bytes());
    entry.extend(batch);
    entry
}

/// Whose batch an entry is, and the batch.
pub fn opened(entry: &[u8]) -> Option<(u32, &[u8])> {
    let rest = entry.strip_prefix(&[FORMAT])?;
    let (source, batch) = rest.split_first_chunk()?;
    Some((u32::from_le_bytes(*source), batch))
}
