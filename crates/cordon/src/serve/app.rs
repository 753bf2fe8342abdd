//! Everything that the platform holds, for all who answer.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard};

use analysis::inventory::Conclusion;
use serde::{Deserialize, Serialize};
use store::{Sqlite, StoreError};

use super::access::{People, Sessions, Throttle};
use super::corrections::{Correction, Corrections};
use super::drills::Drills;
use super::events::Events;
use super::hearing::Hearing;
use super::keeper::{Keeper, Kept};
use super::random;
use super::risk::{Decisions, Risk, Trend};
use super::sources::{Imports, Journal, Sources};
use super::stop::Stop;
use super::twin::Changes;
use super::view::{Coverage, StoreState, Taken, View};
use crate::failure::Failure;
use crate::knowledge::Known;

const SETTINGS: &str = "settings";
const HOUR: u64 = 3_600 * 1_000_000_000;

/// How Cordon works here.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The name of the hospital or site.
    #[schema(max_length = 60)]
    pub site: String,
    /// After so many hours without a sign a device counts as silent.
    #[schema(minimum = 1, maximum = 8_760)]
    pub silent_after_hours: u32,
    /// For so many days it is remembered what went on.
    #[serde(default = "retention_days")]
    pub retention_days: u32,
}

fn retention_days() -> u32 {
    400
}

impl Default for Settings {
    fn default() -> Self {
        Self { site: String::new(), silent_after_hours: 24, retention_days: retention_days() }
    }
}

/// Everything that the platform holds.
pub struct App {
    /// What is known before the first packet.
    pub known: &'static Known,
    /// What is kept.
    pub keeper: Keeper,
    /// Who may sign in.
    pub people: People,
    /// Who is signed in.
    pub sessions: Sessions,
    /// Slows down guessing.
    pub throttle: Throttle,
    /// Where observations come from.
    pub sources: Sources,
    /// Attacks on a synthetic hospital.
    pub drills: Drills,
    /// Captures that are imported.
    pub imports: Imports,
    /// The way into the journal.
    pub journal: Journal,
    /// What became different.
    pub changes: Changes,
    /// How risky everything is.
    pub risk: Risk,
    /// How that went.
    pub trend: Trend,
    /// What people decided about it.
    pub decisions: Decisions,
    /// What pages are told.
    pub events: Events,
    /// The end of everything.
    pub stop: Arc<Stop>,
    /// The folder where data is kept.
    pub folder: PathBuf,
    /// The fingerprint of the certificate.
    pub fingerprint: String,
    view: RwLock<Arc<View>>,
    corrections: RwLock<Corrections>,
    saying: Mutex<()>,
    settings: RwLock<Settings>,
    first_secret: Mutex<Option<[u8; 32]>>,
    said: AtomicBool,
    broken: AtomicU64,
    notes: Mutex<Vec<String>>,
    failed: AtomicBool,
}

impl App {
    /// Opens the store in a folder and loads what it knows.
    pub fn open(known: &'static Known, folder: PathBuf, fingerprint: String) -> Result<Self, Failure> {
        let failed = |error: StoreError| Failure::Failed(error.to_string());
        let keeper = Keeper::new(Box::new(Sqlite::open(&folder).map_err(failed)?));
        let stop = Arc::new(Stop::default());
        let corrections = Corrections::load(&keeper).map_err(failed)?;
        let settings: Settings = keeper.load(SETTINGS).map_err(failed)?.into_values().next().unwrap_or_default();
        let nothing = Taken::new(known, &corrections);
        let empty = View::new(0, nothing, Conclusion::default(), known, &corrections, &Hearing::default());
        Ok(Self {
            people: People::load(keeper.clone()).map_err(|error| Failure::Failed(error.to_string()))?,
            sources: Sources::load(keeper.clone()).map_err(failed)?,
            drills: Drills::load(keeper.clone()).map_err(failed)?,
            imports: Imports::load(keeper.clone(), &folder).map_err(failed)?,
            changes: Changes::load(keeper.clone()).map_err(failed)?,
            risk: Risk::default(),
            trend: Trend::load(keeper.clone()).map_err(failed)?,
            decisions: Decisions::load(keeper.clone()).map_err(failed)?,
            journal: Journal::new(keeper.clone(), Arc::clone(&stop)),
            view: RwLock::new(Arc::new(empty)),
            corrections: RwLock::new(corrections),
            saying: Mutex::default(),
            settings: RwLock::new(settings),
            sessions: Sessions::default(),
            throttle: Throttle::default(),
            events: Events::default(),
            first_secret: Mutex::new(None),
            said: AtomicBool::new(false),
            broken: AtomicU64::new(0),
            notes: Mutex::default(),
            failed: AtomicBool::new(false),
            stop,
            known,
            keeper,
            folder,
            fingerprint,
        })
    }

    /// What is shown now.
    pub fn view(&self) -> Arc<View> {
        Arc::clone(&self.view.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Shows another view; gives the one before.
    pub fn show(&self, view: Arc<View>) -> Arc<View> {
        std::mem::replace(&mut *self.view.write().unwrap_or_else(PoisonError::into_inner), view)
    }

    /// What people said.
    pub fn corrections(&self) -> RwLockReadGuard<'_, Corrections> {
        self.corrections.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps what a person said. `None` if there is too much already. Nobody who reads waits for the store.
    pub fn say(&self, correction: Correction) -> Result<Option<()>, StoreError> {
        let _saying = self.saying.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.corrections().has_room(&correction) {
            return Ok(None);
        }
        let (replaced, moved) = {
            let (view, corrections) = (self.view(), self.corrections());
            let said = view.said_of(&correction.device, &corrections, self.known);
            let said = said.into_iter().map(|row| row.correction);
            let replaced: Vec<Arc<Correction>> =
                said.filter(|old| old.attribute == correction.attribute && old.device != correction.device).collect();
            let moved = view.moved(&correction, &replaced, &corrections);
            (replaced, moved)
        };
        correction.keep(&replaced, &moved, &self.keeper)?;
        let mut corrections = self.corrections.write().unwrap_or_else(PoisonError::into_inner);
        replaced.iter().for_each(|old| corrections.remove(old));
        moved.into_iter().chain([correction]).for_each(|each| corrections.put(each));
        Ok(Some(()))
    }

    /// Takes back what was said. `None` if nothing was.
    pub fn take_back(&self, device: &str, attribute: &str, by: &str) -> Result<Option<Arc<Correction>>, StoreError> {
        let _saying = self.saying.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(correction) = self.corrections().get(device, attribute).cloned() else { return Ok(None) };
        correction.take_back(&self.keeper, by)?;
        self.corrections.write().unwrap_or_else(PoisonError::into_inner).remove(&correction);
        Ok(Some(correction))
    }

    /// A person said something: the view has to be made anew.
    pub fn was_said(&self) {
        self.said.store(true, Ordering::Release);
        self.stop.wake();
    }

    /// Whether anything was said since this was asked last.
    pub fn take_said(&self) -> bool {
        self.said.swap(false, Ordering::AcqRel)
    }

    /// A part of it failed: all of it is to end.
    pub fn fail(&self) {
        self.failed.store(true, Ordering::Release);
        self.stop.set();
    }

    /// Whether a part of it failed.
    pub fn has_failed(&self) -> bool {
        self.failed.load(Ordering::Acquire)
    }

    /// Something that whoever runs Cordon has to know until the next start.
    pub fn note(&self, text: String) {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner).push(text);
    }

    /// An entry of the journal could not be read.
    pub fn count_broken(&self) {
        self.broken.fetch_add(1, Ordering::Relaxed);
    }

    /// Entries of the journal that could not be read.
    pub fn broken(&self) -> u64 {
        self.broken.load(Ordering::Relaxed)
    }

    /// How Cordon works here.
    pub fn settings(&self) -> Settings {
        self.settings.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Changes how Cordon works here.
    pub fn change_settings(&self, settings: Settings, by: &str) -> Result<(), StoreError> {
        let text = format!("set the site to “{}” and silence to {} h", settings.site, settings.silent_after_hours);
        self.keeper.keep(&[Kept::put(SETTINGS, "all", &settings)], by, &text)?;
        *self.settings.write().unwrap_or_else(PoisonError::into_inner) = settings;
        Ok(())
    }

    /// After how many nanoseconds without a sign a device counts as silent.
    pub fn silent_after(&self) -> u64 {
        u64::from(self.settings().silent_after_hours).saturating_mul(HOUR)
    }

    /// When what is not heard is silent, and when nobody could hear.
    pub fn hearing(&self) -> Hearing {
        Hearing { silent_after: self.silent_after(), deaf: self.sources.deaf(), now: crate::clock::now().0 }
    }

    /// Makes the secret with which the first administrator signs in; `None` once there are people.
    pub fn first_secret(&self) -> Result<Option<String>, Failure> {
        if !self.people.is_empty() {
            return Ok(None);
        }
        let secret = random::secret()?;
        *self.first_secret.lock().unwrap_or_else(PoisonError::into_inner) = Some(random::digest(&secret));
        Ok(Some(secret))
    }

    /// Whether this is that secret.
    pub fn is_first_secret(&self, secret: &str) -> bool {
        let kept = *self.first_secret.lock().unwrap_or_else(PoisonError::into_inner);
        kept == Some(random::digest(secret.trim()))
    }

    /// Whether nobody has signed in yet.
    pub fn is_new(&self) -> bool {
        self.people.is_empty()
    }

    /// How far the picture can be believed.
    pub fn coverage(&self) -> Coverage {
        let bytes = std::fs::read_dir(&self.folder).map_or(0, |entries| {
            let sizes = entries.filter_map(|entry| entry.ok()?.metadata().ok()).map(|metadata| metadata.len());
            sizes.fold(0, u64::saturating_add)
        });
        let store = StoreState { bytes, ..self.journal.state() };
        let (view, sources) = (self.view(), &self.sources);
        let mut counters = sources.counters();
        if self.broken() > 0 {
            counters.insert("cut_broken_batches".to_owned(), self.broken());
        }
        let notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let coverage = view.coverage(self.known, sources.rows(), &counters, store, sources.loss(), &self.hearing());
        Coverage { notes, behind: self.journal.behind(), ..coverage }
    }
}
