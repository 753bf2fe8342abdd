//! Where observations come from: cards that are listened to, captures that are imported.

mod card;
mod import;
mod journal;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use model::Timestamp;
use serde::{Deserialize, Serialize};
use store::StoreError;

pub use card::listen;
pub use import::{Import, Imports};
pub use journal::{Journal, entry, opened};

use super::clock;
use super::keeper::{Keeper, Kept};
use super::view::{Loss, SourceRow};

const KIND: &str = "source";
const MINUTE: i64 = 60_000_000_000;
/// What a card counted is kept so often: after a kill it is known until when it was heard.
const KEEP_EVERY: i64 = MINUTE;
/// A minute in which one frame in so many was lost is one in which the card was blind.
const LOSSY: u64 = 100;
/// Lossy times remembered of one card; the oldest are joined.
const LOSSY_MAX: usize = 1_000;
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
    /// Minutes in which a card lost so much that what it did not hear says nothing: their beginnings and ends, in order.
    #[serde(default)]
    pub lossy: Vec<(i64, i64)>,
}

/// A time in which a card heard nothing, or too little.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Blind {
    /// The card.
    pub card: String,
    /// From when.
    #[schema(value_type = String)]
    pub from: Timestamp,
    /// Until when.
    #[schema(value_type = String)]
    pub to: Timestamp,
}

/// The minute of that moment is a lossy one.
fn blinded(lossy: &mut Vec<(i64, i64)>, now: i64) {
    let begin = now.div_euclid(MINUTE).saturating_mul(MINUTE);
    let end = begin.saturating_add(MINUTE);
    match lossy.last_mut() {
        Some((_, to)) if *to >= begin => *to = end,
        _ => lossy.push((begin, end)),
    }
    if lossy.len() > LOSSY_MAX
        && let Some([(first, _), (_, second)]) = lossy.first_chunk().copied()
    {
        lossy.splice(..2, [(first, second)]);
    }
}

/// All sources.
pub struct Sources {
    keeper: Keeper,
    /// When what cards counted was kept last.
    kept: AtomicI64,
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
        let kept = AtomicI64::new(clock::now().0);
        Ok(Self { keeper, kept, records: RwLock::new(records), loss: RwLock::default(), first })
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
        self.keeper.keep_quietly(&[Kept::put(KIND, &key(number), &record)])?;
        records.push(record);
        Ok(number)
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
        if record.kind != SourceKind::Card {
            return;
        }
        self.minute(more, more_lost);
        let now = clock::now().0;
        if more_lost > 0 && more_lost.saturating_mul(LOSSY) >= more {
            blinded(&mut record.figures.lossy, now);
        }
        if now.saturating_sub(self.kept.load(Ordering::Relaxed)) >= KEEP_EVERY {
            self.kept.store(now, Ordering::Relaxed);
            // What cannot be kept now is kept a minute later; what matters is in the journal.
            let _ = self.keeper.keep_quietly(&[Kept::put(KIND, &key(number), record)]);
        }
    }

    /// When no card, of those that were ever listened to, could hear: between its sessions, and while it lost much.
    pub fn blind(&self) -> Vec<Blind> {
        let records = self.read();
        let cards = records.iter().filter(|record| record.kind == SourceKind::Card);
        let mut by_name: BTreeMap<&str, Vec<&Record>> = BTreeMap::new();
        for record in cards {
            by_name.entry(&record.name).or_default().push(record);
        }
        let now = clock::now().0;
        let mut blind = Vec::new();
        for (card, sessions) in by_name {
            let span = |record: &Record| {
                let begun = clock::nanoseconds(&record.begun).unwrap_or(now);
                (begun, record.figures.newest.unwrap_or(begun))
            };
            let begins = sessions.iter().skip(1).map(|next| span(next).0);
            for (session, next) in sessions.iter().zip(begins.chain([now])) {
                let is_on = session.number >= self.first
                    && matches!(session.status, Status::Listening | Status::Silent | Status::Waiting);
                let is_last = next == now;
                if !(is_last && is_on) {
                    blind.push((card, span(session).1, next));
                }
                blind.extend(session.figures.lossy.iter().map(|(from, to)| (card, *from, *to)));
            }
        }
        let told = |(card, from, to): (&str, i64, i64)| Blind {
            card: card.to_owned(),
            from: Timestamp(from),
            to: Timestamp(to),
        };
        let mut blind: Vec<Blind> = blind.into_iter().filter(|(_, from, to)| from < to).map(told).collect();
        blind.sort_by_key(|blind| blind.from);
        blind
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
                    SourceKind::Card => format!("{} since {since}Z", record.name).into(),
                };
            }
        }
        names
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
        first: clock::nanoseconds(&record.begun).map(Timestamp),
        newest: newest.map(Timestamp),
        note: note.clone(),
    }
}
