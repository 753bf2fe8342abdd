//! The twin of the network: the journal folded, concluded from time to time, written down now and then.

mod changes;
mod history;

use std::sync::Arc;
use std::time::{Duration, Instant};

use analysis::{Analysis, Network, StateError};
use model::Observation;
use sensor::{Observer, transcript};
use store::{Sequence, State};

pub use changes::{Change, ChangeKind, Changes};
use history::History;
pub use history::{Ends, Sum, told};

use super::app::App;
use super::events::Event;
use super::keeper::Raw;
use super::sources::opened;
use super::view::{Taken, View};
use crate::clock;
use crate::failure::Failure;
use crate::knowledge::Known;
use crate::say;

/// Entries of the journal that are read at once.
const ENTRIES: usize = 64;
/// At most so often is anything concluded.
const CONCLUDE_EVERY: Duration = Duration::from_millis(1_000);
/// Concluding takes at most this share of the time: one part in so many.
const CONCLUDE_SHARE: u32 = 5;
/// How often what was folded is written down.
const SAVE_EVERY: Duration = Duration::from_secs(5 * 60);
/// Or after so many entries, and not again before this time has passed.
const SAVE_ENTRIES: u64 = 50_000;
const SAVE_AGAIN: Duration = Duration::from_secs(30);
/// The shortest wait for more.
const WAIT_MIN: Duration = Duration::from_millis(10);

/// Folds and concludes.
pub struct Twin {
    app: Arc<App>,
    analysis: Analysis<'static>,
    history: History,
    /// The last entry that was folded.
    upto: Sequence,
    /// The last entry that is in the state that is kept.
    kept: Sequence,
    /// The last entry of the run before: whoever wrote up to there is gone.
    before: Option<Sequence>,
    version: u64,
    /// Something was folded, or said by people, since the last conclusion.
    is_dirty: bool,
    concluded: Instant,
    cost: Duration,
    saved: Instant,
    begun: Instant,
    is_first: bool,
    /// What was learnt before could not be read: what is there is to be replaced.
    is_anew: bool,
}

/// Gives observations the number of their source.
struct Fold<'a> {
    analysis: &'a mut Analysis<'static>,
    history: &'a mut History,
    source: u32,
}

/// Connections of one source are told from those of others by the upper half of their numbers.
const SOURCE_SHIFT: u32 = 40;

impl Fold<'_> {
    fn connection(&self, id: u64) -> u64 {
        // A decoder that was taken over may name any number: never one of another source.
        let own = id & 1_u64.checked_shl(SOURCE_SHIFT).unwrap_or_default().saturating_sub(1);
        own | u64::from(self.source).checked_shl(SOURCE_SHIFT).unwrap_or_default()
    }
}

impl Observer for Fold<'_> {
    fn observe(&mut self, mut observation: Observation<'_>) {
        match &mut observation {
            Observation::Sighting { frame, .. } => frame.capture = self.source,
            Observation::Message { frame, connection, .. } => {
                frame.capture = self.source;
                *connection = connection.map(|id| self.connection(id));
            }
            Observation::Connection(connection) => {
                let mut own = connection.clone();
                own.first_frame.capture = self.source;
                own.id = self.connection(own.id);
                self.analysis.observe(&Observation::Connection(&own));
                self.history.ended(&own, self.analysis);
                return;
            }
        }
        self.analysis.observe(&observation);
    }
}

/// What another version of Cordon learnt, or what was damaged, cannot be gone on from: a copy of everything is put beside it,
/// and it is learnt anew. What people said and what went on by the hour is not touched by that.
fn anew(app: &App, known: &'static Known, error: &StateError) -> Result<Analysis<'static>, Failure> {
    let day = clock::now().to_string();
    let name = format!("before-{}.db", day.get(..19).unwrap_or_default().replace(':', ""));
    let copy = app.folder.join(name);
    let copied = app.keeper.store().back_up(&copy);
    copied.map_err(|problem| Failure::Failed(format!("{error}; and no copy of it could be made: {problem}")))?;
    let text = format!("{error}; it is learnt anew, and {} holds all of it", copy.display());
    say(&format!("cordon: {text}"));
    app.note(text);
    // Captures that were in are not any more.
    app.imports.forget();
    Ok(Analysis::new(&known.knowledge, &known.prefixes))
}

impl Twin {
    /// Goes on from what was written down.
    pub fn load(app: Arc<App>, known: &'static Known, inside: &[Network]) -> Result<Self, Failure> {
        let state = app.keeper.store().state().map_err(|error| Failure::Failed(error.to_string()))?;
        let mut is_anew = false;
        let (analysis, upto) = match state {
            None => (Analysis::new(&known.knowledge, &known.prefixes), Sequence::default()),
            Some(State { upto, bytes }) => {
                let protocol = |name: &str| match name {
                    "" => Some(""),
                    name => wire::protocols::named(name).map(|decoder| decoder.name()),
                };
                let restored = Analysis::restore(&known.knowledge, &known.prefixes, protocol, &bytes);
                is_anew = restored.is_err();
                (restored.or_else(|error| anew(&app, known, &error))?, upto)
            }
        };
        let before = app.keeper.store().append(&[]).map_err(|error| Failure::Failed(error.to_string()))?;
        app.journal.ends_at(before);
        let now = Instant::now();
        Ok(Self {
            app,
            before: Some(before),
            analysis: analysis.with_inside(inside),
            history: History::default(),
            upto,
            kept: upto,
            version: 0,
            is_dirty: true,
            concluded: now,
            cost: Duration::ZERO,
            saved: now,
            begun: now,
            is_first: true,
            is_anew,
        })
    }

    /// Folds what comes until the platform is stopped; then writes down what was folded.
    pub fn run(mut self) {
        let mut seen = 0;
        loop {
            let folded = match self.fold() {
                Ok(folded) => folded,
                Err(error) => {
                    self.app.journal.failed(&error);
                    say(&format!("cordon: {error}"));
                    self.app.stop.wait(CONCLUDE_EVERY);
                    false
                }
            };
            self.is_dirty |= self.app.take_said();
            let due = CONCLUDE_EVERY.max(self.cost.saturating_mul(CONCLUDE_SHARE));
            // What is read at the start is concluded once, at its end.
            let is_due = if self.is_first { !folded } else { self.concluded.elapsed() >= due };
            if self.is_dirty && is_due {
                self.conclude();
            }
            let entries = self.upto.0.saturating_sub(self.kept.0);
            let many = entries >= SAVE_ENTRIES && self.saved.elapsed() >= SAVE_AGAIN;
            // What is learnt anew takes the place of what could not be read at once, and where that fails, not at every turn.
            let anew = self.is_anew && (self.saved == self.begun || self.saved.elapsed() >= SAVE_AGAIN);
            if anew || many || (entries > 0 && self.saved.elapsed() >= SAVE_EVERY) {
                self.save();
            }
            if self.app.stop.is_set() {
                self.save();
                return;
            }
            if !folded {
                // Something that came waits for its conclusion no longer than it has to.
                let wait = if self.is_dirty { due.saturating_sub(self.concluded.elapsed()) } else { CONCLUDE_EVERY };
                seen = self.app.stop.wait_for_work(seen, wait.max(WAIT_MIN));
            }
        }
    }

    /// Folds the next entries; says whether there were any.
    fn fold(&mut self) -> Result<bool, store::StoreError> {
        let entries = self.app.keeper.store().journal(self.upto, ENTRIES)?;
        for entry in &entries {
            if self.before.is_some_and(|before| entry.sequence > before) {
                // Connections that were open then will not end: their numbers are nobody's any more.
                self.analysis.forget_open();
                self.before = None;
            }
            let (analysis, history) = (&mut self.analysis, &mut self.history);
            let read = opened(&entry.bytes)
                .map(|(source, batch)| transcript::read(batch, &mut Fold { analysis, history, source }));
            if !matches!(read, Some(Ok(()))) {
                self.app.count_broken();
            }
            self.upto = entry.sequence;
        }
        self.is_dirty |= !entries.is_empty();
        Ok(!entries.is_empty())
    }

    fn conclude(&mut self) {
        let begun = Instant::now();
        let names = self.app.sources.names();
        let (corrections, hearing) = (self.app.corrections().clone(), self.app.hearing());
        let mut taken = Taken::new(self.app.known, &corrections);
        let mut conclusion = self.analysis.conclude_into(&names, &mut taken);
        conclusion.counters.insert("history_turned_away", self.history.turned_away);
        self.version = self.version.saturating_add(1);
        let mut view = View::new(self.version, taken, conclusion, self.app.known, &corrections, &hearing);
        view.mark(&self.app.risk.marks());
        let view = Arc::new(view);
        view.warm(&self.app.view());
        view.questions(self.app.known);
        let before = self.app.show(Arc::clone(&view));
        self.app.journal.is_shown(self.upto);
        if !self.is_first {
            let changes = changes::between(&before, &view);
            match self.app.changes.add(changes) {
                Ok(added) => added.into_iter().for_each(|change| self.app.events.tell(Event::Change(Box::new(change)))),
                Err(error) => self.app.journal.failed(&error),
            }
        }
        self.app.events.tell(Event::View { version: self.version, as_of: view.newest });
        (self.is_first, self.is_dirty) = (false, false);
        (self.cost, self.concluded) = (begun.elapsed(), Instant::now());
    }

    /// Writes down what was folded, and lets go of the journal up to there.
    fn save(&mut self) {
        self.saved = Instant::now();
        if self.upto == self.kept && !self.is_anew {
            return;
        }
        // Whom everything belongs to is said by the newest conclusion.
        if self.is_dirty {
            self.conclude();
        }
        match self.keep() {
            Ok(()) => {
                self.kept = self.upto;
                self.is_anew = false;
                self.history.kept();
                self.app.journal.succeeded();
            }
            // The journal has it all still: it will be tried again.
            Err(error) => self.app.journal.failed(&error),
        }
    }

    fn keep(&self) -> Result<(), store::StoreError> {
        let Self { app, history, .. } = self;
        let view = app.view();
        let days = app.settings().retention_days;
        let changes = history.changes(&app.keeper, &view.conclusion.owners, view.newest, days)?;
        let changes: Vec<store::Change<'_>> = changes.iter().map(Raw::as_change).collect();
        let state = State { upto: self.upto, bytes: self.analysis.save() };
        app.keeper.store().keep_state(&state, &changes)
    }
}
