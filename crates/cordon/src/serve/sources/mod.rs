//! Where observations come from: cards that are listened to, captures that are imported, a synthetic hospital.

mod card;
mod hospital;
mod import;
mod journal;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard};
use std::time::{Duration, Instant};

use model::Timestamp;
use serde::{Deserialize, Serialize};
use store::StoreError;

pub use card::listen;
pub use hospital::{Synthetic, play};
pub use import::{FOLDER, Import, Imports};
pub use journal::{Journal, entry, opened};

use super::hearing::{self, Deafness, Span};
use super::keeper::{Keeper, Kept};
use super::view::{Loss, SourceRow};
use crate::clock;

const KIND: &str = "source";
const MINUTE: i64 = 60_000_000_000;
/// What a card counted is kept so often: after a kill it is known until when it was heard.
const KEEP_EVERY: Duration = Duration::from_secs(60);
/// Shorter gaps are those between two tellings.
const GAP_MIN: i64 = 5_000_000_000;
/// Minutes of frames and losses that are remembered.
const MINUTES: usize = 60;

/// What a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// A network card.
    Card,
    /// A capture.
    File,
    /// A synthetic hospital that goes on: nothing of it is real.
    Hospital,
}

impl SourceKind {
    /// Whether it goes on with the clock, so that what it does not tell of was not heard.
    const fn goes_on(self) -> bool {
        matches!(self, Self::Card | Self::Hospital)
    }
}

/// What a source does now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Waits for its turn.
    #[default]
    Waiting,
    /// A card is heard.
    Listening,
    /// A capture is read.
    Reading,
    /// A capture was read.
    Done,
    /// It ended, or never began.
    Failed,
    /// A card is open, and nothing comes.
    Silent,
    /// A person gave it up: nothing more is read of it.
    Cancelled,
}

/// A source, as it is kept: frames name it by its number for ever.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Record {
    number: u32,
    name: String,
    kind: SourceKind,
    begun: String,
    #[serde(default)]
    status: Status,
    #[serde(default)]
    figures: Figures,
}

/// What was counted of a source.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Figures {
    /// Frames that came.
    pub frames: u64,
    /// Bytes of a file that were read.
    pub bytes: u64,
    /// Frames that were lost.
    pub lost: u64,
    /// When the newest frame was captured.
    pub newest: Option<i64>,
    /// Decoder counters by name.
    pub counters: BTreeMap<String, u64>,
    /// What has to be known, in words.
    pub note: Option<String>,
    /// When a card could not hear.
    #[serde(default)]
    pub deafness: Deafness,
}

/// All sources.
pub struct Sources {
    keeper: Keeper,
    /// When what cards counted was kept last.
    kept: Mutex<BTreeMap<u32, Instant>>,
    records: RwLock<Vec<Record>>,
    loss: RwLock<Vec<Loss>>,
    /// The first number of this run: cards of earlier runs are not heard any more.
    first: u32,
}

impl Sources {
    /// Those that the store knows.
    pub fn load(keeper: Keeper) -> Result<Self, StoreError> {
        let mut records: Vec<Record> = keeper.load::<Record>(KIND)?.into_values().collect();
        records.sort_by_key(|record| record.number);
        let first = records.last().map_or(0, |record| record.number.saturating_add(1));
        Ok(Self { keeper, kept: Mutex::default(), records: RwLock::new(records), loss: RwLock::default(), first })
    }

    /// Adds a source and gives its number, which frames name it by.
    pub fn begin(&self, name: &str, kind: SourceKind) -> Result<u32, StoreError> {
        let mut records = self.records.write().unwrap_or_else(PoisonError::into_inner);
        let number = records.last().map_or(0, |record| record.number.saturating_add(1));
        let record = Record {
            number,
            name: name.to_owned(),
            kind,
            begun: clock::now().to_string(),
            status: Status::Waiting,
            figures: Figures::default(),
        };
        records.push(record.clone());
        drop(records);
        let kept = self.keeper.keep_quietly(&[Kept::put(KIND, &key(number), &record)]);
        if kept.is_err() {
            let mut records = self.records.write().unwrap_or_else(PoisonError::into_inner);
            records.retain(|record| record.number != number);
        }
        kept.map(|()| number)
    }

    /// Notes what a source does now, and what was counted.
    pub fn tell(&self, number: u32, status: Status, work: impl FnOnce(&mut Figures)) {
        let mut records = self.records.write().unwrap_or_else(PoisonError::into_inner);
        let Some(record) = records.iter_mut().find(|record| record.number == number) else { return };
        let (frames, lost) = (record.figures.frames, record.figures.lost);
        record.status = status;
        work(&mut record.figures);
        let (more, more_lost) =
            (record.figures.frames.saturating_sub(frames), record.figures.lost.saturating_sub(lost));
        if !record.kind.goes_on() {
            return;
        }
        self.minute(more, more_lost);
        record.figures.deafness.tell(clock::now().0, more, more_lost);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let due = kept.get(&number).is_none_or(|kept| kept.elapsed() >= KEEP_EVERY);
        if !due {
            return;
        }
        kept.insert(number, Instant::now());
        let record = record.clone();
        drop((records, kept));
        // What cannot be kept now is kept a minute later; what matters is in the journal.
        let _ = self.keeper.keep_quietly(&[Kept::put(KIND, &key(number), &record)]);
    }

    /// When no card could hear, since the first was listened to.
    pub fn deaf(&self) -> Vec<Span> {
        let records = self.read();
        let now = clock::now().0;
        let sessions = records.iter().filter(|record| record.kind.goes_on()).map(|record| {
            let begun = Timestamp::read(&record.begun).map_or(now, |begun| begun.0);
            ((begun, record.figures.newest.unwrap_or(begun)), &record.figures.deafness)
        });
        // Who is listened to was heard of a moment ago.
        let mut gaps = hearing::deaf(sessions, now);
        gaps.retain(|(from, to)| to.saturating_sub(*from) > GAP_MIN);
        gaps
    }

    /// How many frames came of a source.
    pub fn frames(&self, number: u32) -> u64 {
        self.read().iter().find(|record| record.number == number).map_or(0, |record| record.figures.frames)
    }

    /// What the decoder counted of a source so far.
    pub fn count(&self, number: u32, counters: BTreeMap<String, u64>) {
        let mut records = self.records.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(record) = records.iter_mut().find(|record| record.number == number) {
            record.figures.counters = counters;
        }
    }

    /// Keeps what was counted of a source: it has ended.
    pub fn keep(&self, number: u32) -> Result<(), StoreError> {
        let record = self.read().iter().find(|record| record.number == number).cloned();
        let Some(record) = record else { return Ok(()) };
        self.keeper.keep_quietly(&[Kept::put(KIND, &key(number), &record)])
    }

    fn minute(&self, frames: u64, lost: u64) {
        let now = clock::now().0;
        let begin = Timestamp(now.div_euclid(MINUTE).saturating_mul(MINUTE));
        let mut minutes = self.loss.write().unwrap_or_else(PoisonError::into_inner);
        match minutes.last_mut() {
            Some(last) if last.time == begin => {
                last.frames = last.frames.saturating_add(frames);
                last.lost = last.lost.saturating_add(lost);
            }
            _ => {
                minutes.push(Loss { time: begin, frames, lost });
                let over = minutes.len().saturating_sub(MINUTES);
                minutes.drain(..over);
            }
        }
    }

    /// The names of all sources, by number.
    pub fn names(&self) -> Vec<Arc<str>> {
        let records = self.read();
        let most = records.last().map_or(0, |record| (record.number as usize).saturating_add(1));
        let mut names: Vec<Arc<str>> = vec![Arc::default(); most];
        for record in records.iter() {
            if let Some(name) = names.get_mut(record.number as usize) {
                let since = record.begun.get(..19).unwrap_or_default();
                *name = match record.kind {
                    SourceKind::File => record.name.as_str().into(),
                    SourceKind::Card | SourceKind::Hospital => format!("{} since {since}Z", record.name).into(),
                };
            }
        }
        names
    }

    /// Whether what is known comes from a synthetic hospital.
    pub fn is_synthetic(&self) -> bool {
        self.read().iter().any(|record| record.kind == SourceKind::Hospital)
    }

    /// Whether anything is known that does not come from a synthetic hospital.
    pub fn is_real(&self) -> bool {
        self.read().iter().any(|record| record.kind != SourceKind::Hospital)
    }

    /// The sources as people see them: every capture, and the cards of this run.
    pub fn rows(&self) -> Vec<SourceRow> {
        let records = self.read();
        let shown = records.iter().filter(|record| record.kind == SourceKind::File || record.number >= self.first);
        shown.map(row).collect()
    }

    /// The counters of all sources together.
    pub fn counters(&self) -> BTreeMap<String, u64> {
        let mut sum: BTreeMap<String, u64> = BTreeMap::new();
        for record in self.read().iter() {
            for (name, count) in &record.figures.counters {
                let known = sum.entry(name.clone()).or_default();
                *known = known.saturating_add(*count);
            }
        }
        sum
    }

    /// Frames and losses of the last hour.
    pub fn loss(&self) -> Vec<Loss> {
        self.loss.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn read(&self) -> RwLockReadGuard<'_, Vec<Record>> {
        self.records.read().unwrap_or_else(PoisonError::into_inner)
    }
}

fn key(number: u32) -> String {
    format!("{number:010}")
}

fn row(record: &Record) -> SourceRow {
    let Figures { frames, bytes, lost, newest, note, .. } = &record.figures;
    let all = frames.saturating_add(*lost);
    SourceRow {
        name: record.name.clone(),
        kind: record.kind,
        state: record.status,
        frames: *frames,
        bytes: *bytes,
        lost: *lost,
        lost_share: if all == 0 { 0.0 } else { *lost as f64 / all as f64 },
        first: Timestamp::read(&record.begun),
        newest: newest.map(Timestamp),
        note: note.clone(),
    }
}
