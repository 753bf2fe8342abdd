//! Attacks on the synthetic hospital that runs: what can be started, what goes on, what there was.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use hospital::attacks::Attack;
use model::Timestamp;
use serde::{Deserialize, Serialize};
use store::StoreError;

use super::keeper::{Keeper, Kept};

const KIND: &str = "drill";
/// Attacks that go on at the same time.
const RUNNING_MAX: usize = 8;
/// Attacks that are remembered.
const RUNS_MAX: usize = 200;
/// Whoever plays the hospital looks ten times a second whether anybody wants something.
const PATIENCE: Duration = Duration::from_secs(10);
const WISHES: usize = 4;

/// What has become of an attack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// It goes on.
    Running,
    /// It was played to its end.
    Ended,
    /// The hospital stopped before its end.
    CutOff,
}

/// An attack that was started.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Run {
    /// Its number.
    pub id: u64,
    /// Which attack.
    pub attack: String,
    /// Who started it.
    pub by: String,
    /// When its first frame is stamped, RFC 3339.
    pub began: String,
    /// When its last frame is stamped; nothing if it goes on until the hospital stops. RFC 3339.
    pub ends: Option<String>,
    /// What has become of it.
    pub state: RunState,
    /// Who takes part.
    pub devices: Vec<Part>,
}

/// A device that takes part in an attack.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Part {
    /// What it is called in the hospital; nothing of somebody outside.
    pub name: String,
    /// Its address.
    pub address: String,
    /// Its hardware address.
    pub mac: Option<String>,
    /// Whether it acts, or it happens to it alone; the others are those that it turns to.
    pub acts: bool,
}

/// The hospital that is played.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Playing {
    /// What it follows from.
    pub seed: u64,
    /// Its devices.
    pub devices: usize,
    /// How many of its hours pass in one.
    pub speed: u32,
    /// Whether its first hours are still being played.
    pub filling: bool,
    /// The attacks for which it has what they take.
    pub possible: Vec<String>,
}

/// Somebody wants an attack.
pub struct Wish {
    /// Which.
    pub attack: &'static dyn Attack,
    /// Who.
    pub by: String,
    /// Who waits for it.
    pub answer: SyncSender<Result<Run, Refused>>,
}

/// Why no attack was started.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// Nothing is played.
    #[error("No synthetic hospital runs here: attacks are never started in a real one. Start Cordon with --hospital.")]
    NoHospital,
    /// Its first hours are not over.
    #[error("The first hours of the hospital are still being played: try again in a moment.")]
    Filling,
    /// It lacks devices.
    #[error("This hospital lacks the devices that the attack takes.")]
    Lacks,
    /// Enough goes on.
    #[error("{RUNNING_MAX} attacks go on already: wait until one has ended.")]
    Many,
    /// Whoever plays it does not answer.
    #[error("The hospital does not answer: try again in a moment.")]
    Busy,
    /// It cannot be written down.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Attacks on the synthetic hospital that runs.
pub struct Drills {
    keeper: Keeper,
    runs: RwLock<Vec<Run>>,
    stage: RwLock<Option<(Playing, SyncSender<Wish>)>>,
}

impl Drills {
    /// Those that the store knows; what went on when Cordon stopped was cut off.
    pub fn load(keeper: Keeper) -> Result<Self, StoreError> {
        let mut runs: Vec<Run> = keeper.load(KIND)?.into_values().collect();
        runs.sort_by_key(|run| run.id);
        let drills = Self { keeper, runs: RwLock::new(runs), stage: RwLock::default() };
        drills.become_of(|_| Some(RunState::CutOff))?;
        Ok(drills)
    }

    /// A hospital is played from now on; gives what people want of it.
    pub fn open(&self, playing: Playing) -> Receiver<Wish> {
        let (wishes, wanted) = sync_channel(WISHES);
        *self.stage() = Some((playing, wishes));
        wanted
    }

    /// Its first hours are over.
    pub fn filled(&self) {
        if let Some((playing, _)) = &mut *self.stage() {
            playing.filling = false;
        }
    }

    /// It is played no more.
    pub fn close(&self) {
        *self.stage() = None;
        // Where it cannot be kept, the next start says the same.
        let _ = self.become_of(|_| Some(RunState::CutOff));
    }

    /// The time of the hospital has come that far.
    pub fn come_to(&self, now: i64) -> Result<(), StoreError> {
        let is_over = |run: &Run| run.ends.as_deref().and_then(Timestamp::read).is_some_and(|ends| ends.0 <= now);
        self.become_of(|run| is_over(run).then_some(RunState::Ended))
    }

    /// The hospital that is played.
    pub fn playing(&self) -> Option<Playing> {
        self.stage.read().unwrap_or_else(PoisonError::into_inner).as_ref().map(|(playing, _)| playing.clone())
    }

    /// Every attack that was started, the newest first.
    pub fn runs(&self) -> Vec<Run> {
        self.read().iter().rev().cloned().collect()
    }

    /// Asks for an attack, and waits until it begins.
    pub fn start(&self, attack: &'static dyn Attack, by: &str) -> Result<Run, Refused> {
        let stage = self.stage.read().unwrap_or_else(PoisonError::into_inner).clone();
        let (playing, wishes) = stage.ok_or(Refused::NoHospital)?;
        if playing.filling {
            return Err(Refused::Filling);
        }
        let (answer, answered) = sync_channel(1);
        wishes.try_send(Wish { attack, by: by.to_owned(), answer }).map_err(|_| Refused::Busy)?;
        answered.recv_timeout(PATIENCE).unwrap_or(Err(Refused::Busy))
    }

    /// Writes down that an attack begins: who started it stands in the log before anything is done. Gives it its number.
    pub fn begin(&self, mut run: Run) -> Result<Run, Refused> {
        let mut runs = self.runs.write().unwrap_or_else(PoisonError::into_inner);
        if runs.iter().filter(|run| run.state == RunState::Running).count() >= RUNNING_MAX {
            return Err(Refused::Many);
        }
        run.id = runs.last().map_or(1, |last| last.id.saturating_add(1));
        let mut changes = vec![Kept::put(KIND, &key(run.id), &run)];
        let over = runs.len().saturating_add(1).saturating_sub(RUNS_MAX);
        changes.extend(runs.iter().take(over).map(|old| Kept::remove(KIND, &key(old.id))));
        let text = format!("started the attack {} in the synthetic hospital", run.attack);
        self.keeper.keep(&changes, &run.by, &text)?;
        let over = over.min(runs.len());
        runs.drain(..over);
        runs.push(run.clone());
        Ok(run)
    }

    /// What has become of those that go on.
    fn become_of(&self, state: impl Fn(&Run) -> Option<RunState>) -> Result<(), StoreError> {
        let of = |run: &Run| Some(run).filter(|run| run.state == RunState::Running).and_then(&state);
        if self.read().iter().all(|run| of(run).is_none()) {
            return Ok(());
        }
        let mut runs = self.runs.write().unwrap_or_else(PoisonError::into_inner);
        let mut changes = Vec::new();
        for run in runs.iter_mut() {
            if let Some(state) = of(run) {
                run.state = state;
                changes.push(Kept::put(KIND, &key(run.id), run));
            }
        }
        self.keeper.keep_quietly(&changes)
    }

    fn read(&self) -> RwLockReadGuard<'_, Vec<Run>> {
        self.runs.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn stage(&self) -> RwLockWriteGuard<'_, Option<(Playing, SyncSender<Wish>)>> {
        self.stage.write().unwrap_or_else(PoisonError::into_inner)
    }
}

fn key(id: u64) -> String {
    format!("{id:020}")
}
