//! Risk while the platform runs: reckoned anew beside everything else whenever devices, feeds or decisions changed.

mod advisories;
mod decisions;
mod device;
mod overview;
mod plan;
mod trend;
mod ways;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};
use std::time::{Duration, Instant};

use analysis::advisories::Makers;
use hashbrown::HashMap;
use model::Timestamp;

pub use advisories::{AdvisoryDetail, AdvisoryList, Wanted};
pub use decisions::{Decision, DecisionRow, Decisions, OWNER_LETTERS_MAX};
pub use device::{DeviceRisk, WhatIf};
pub use overview::{GroupBy, RiskGroups, RiskOverview};
pub use plan::Plan;
pub use trend::Trend;
pub use ways::AttackPaths;

use super::app::App;
use super::events::Event;
use super::view::RowRisk;
use crate::clock;
use crate::feeds::{Outside, Shelf};
use crate::plan::{Groundwork, Ranked};
use crate::risk::{Assessor, Decided, Model, Reckoning, makers};
use crate::say;

/// How often is looked whether anything changed.
const TURN: Duration = Duration::from_millis(250);
const DAY_NANOSECONDS: i64 = 86_400_000_000_000;
/// Reckoning takes at most this share of the time: one part in so many.
const SHARE: u32 = 5;
/// The budget of the plan that is there before anybody asks, in person-days.
pub const WARM_DAYS: f64 = 12.0;
/// Plans that are remembered of one reckoning.
const PLANS_MAX: usize = 16;

/// The bits of person-days, and of hours in which devices may stand still.
type Budget = (u64, Option<u64>);

/// The risk of everything at one moment.
pub struct Picture {
    /// The view that it was reckoned from.
    pub version: u64,
    /// The newest moment that anything was seen.
    pub as_of: Option<Timestamp>,
    /// What others say.
    pub outside: Arc<Outside>,
    /// The risk of all devices.
    pub reckoning: Reckoning<'static>,
    /// How long it took.
    pub took: Duration,
    groundwork: OnceLock<Result<Groundwork, String>>,
    plans: Mutex<BTreeMap<Budget, Arc<Ranked>>>,
}

impl Picture {
    /// The graph of attack paths and what could be done, made when it is first asked for.
    pub fn groundwork(&self, app: &App) -> Result<&Groundwork, &str> {
        let made =
            self.groundwork.get_or_init(|| Groundwork::new(&self.reckoning, app.known).map_err(|why| why.said()));
        made.as_ref().map_err(String::as_str)
    }

    /// What to do first under a budget; remembered.
    pub fn ranked(&self, app: &App, days: f64, downtime: Option<f64>) -> Result<Arc<Ranked>, &str> {
        let groundwork = self.groundwork(app)?;
        let key = (days.to_bits(), downtime.map(f64::to_bits));
        // Held while it is ranked: who asks the same waits for the same.
        let mut plans = self.plans.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = plans.get(&key) {
            return Ok(Arc::clone(known));
        }
        let ranked = Arc::new(groundwork.ranked(days, downtime));
        if plans.len() >= PLANS_MAX {
            plans.clear();
        }
        plans.insert(key, Arc::clone(&ranked));
        Ok(ranked)
    }

    /// Whether something of that name was found on a device.
    pub fn has(&self, id: &str, about: &str) -> bool {
        let found = self.reckoning.place(id).and_then(|place| self.reckoning.assessed.get(place));
        found.is_some_and(|one| {
            one.matched.iter().any(|matched| matched.cve == about)
                || one.subject.weaknesses.iter().any(|weakness| *weakness.name == *about)
        })
    }

    /// The plan that is there before anybody asks; `None` while it is ranked.
    pub fn warmed(&self) -> Option<Arc<Ranked>> {
        let plans = self.plans.try_lock().ok()?;
        plans.get(&(WARM_DAYS.to_bits(), None)).cloned()
    }

    /// What each device's row says.
    fn marks(&self) -> HashMap<String, RowRisk> {
        let mark = |place: &usize| {
            let (device, _, score) = self.reckoning.device(*place)?;
            let band = self.reckoning.band(*place)?;
            Some((device.id.clone(), RowRisk { score: score.display(), band }))
        };
        self.reckoning.order.iter().filter_map(mark).collect()
    }
}

/// What is reckoned of risk, for all who ask.
#[derive(Default)]
pub struct Risk {
    now: RwLock<Option<Arc<Picture>>>,
    marks: RwLock<Arc<HashMap<String, RowRisk>>>,
}

impl Risk {
    /// The newest reckoning; `None` until the first.
    pub fn now(&self) -> Option<Arc<Picture>> {
        self.now.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What each device's row says, by identifier.
    pub fn marks(&self) -> Arc<HashMap<String, RowRisk>> {
        Arc::clone(&self.marks.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Shows another reckoning; says whether any row is different.
    fn show(&self, picture: Arc<Picture>) -> bool {
        let marks = Arc::new(picture.marks());
        *self.now.write().unwrap_or_else(PoisonError::into_inner) = Some(picture);
        let before =
            std::mem::replace(&mut *self.marks.write().unwrap_or_else(PoisonError::into_inner), Arc::clone(&marks));
        before != marks
    }
}

/// Reckons whenever something changed, until the platform is stopped.
pub fn work(app: &Arc<App>, model: &'static Model) {
    let mut pace = Pace::default();
    while !app.stop.is_set() {
        let (stamp, day) = (Shelf::stamp(&app.folder), day(clock::now()));
        let outside = Arc::new(outside(app));
        let makers = makers().unwrap_or_else(|failure| {
            say(&format!("cordon: the list of makers cannot be read: {}", failure.said()));
            Makers::default()
        });
        // What advisories state is read once, until there are others or the day is another.
        let assessor = Assessor::new(app.known, &model.tables, &model.criticality, &outside, makers);
        while Shelf::stamp(&app.folder) == stamp && day == self::day(clock::now()) {
            follow(app, model, &assessor, &outside, &mut pace);
            if app.stop.wait(TURN) {
                return;
            }
        }
        pace.before = None;
    }
}

/// When it was reckoned last, from what, and how long that took.
#[derive(Default)]
struct Pace {
    before: Option<(u64, Vec<String>)>,
    reckoned: Option<Instant>,
    cost: Duration,
}

fn day(now: Timestamp) -> i64 {
    now.0.div_euclid(DAY_NANOSECONDS)
}

/// Reckons if devices or decisions changed and it is time.
fn follow(app: &App, model: &'static Model, assessor: &Assessor<'_>, outside: &Arc<Outside>, pace: &mut Pace) {
    let (view, now) = (app.view(), clock::now());
    let state = (view.version, app.decisions.in_force(now));
    let is_due = pace.reckoned.is_none_or(|last| last.elapsed() >= pace.cost.saturating_mul(SHARE));
    // What was brought is not kept waiting.
    let is_new = pace.before.is_none();
    if view.version == 0 || pace.before.as_ref() == Some(&state) || !(is_due || is_new) {
        return;
    }
    let begun = Instant::now();
    let decided: Vec<Decided> = app.decisions.decided(&view, app.known, now);
    let reckoning = Reckoning::new(assessor, model, view.inventory(), &decided);
    let picture = Arc::new(Picture {
        version: view.version,
        as_of: view.newest,
        took: begun.elapsed(),
        groundwork: OnceLock::new(),
        plans: Mutex::default(),
        outside: Arc::clone(outside),
        reckoning,
    });
    app.trend.add(&picture, now);
    if app.risk.show(Arc::clone(&picture)) {
        app.was_said();
    }
    app.events.tell(Event::Risk { version: picture.version });
    if let Err(why) = picture.ranked(app, WARM_DAYS, None) {
        say(&format!("cordon: no plan could be made: {why}"));
    }
    *pace = Pace { before: Some(state), reckoned: Some(Instant::now()), cost: begun.elapsed() };
}

/// What others say; nothing, and a word about it, where that cannot be read.
fn outside(app: &App) -> Outside {
    Shelf::open(&app.folder).and_then(|shelf| shelf.outside()).unwrap_or_else(|failure| {
        let text = format!("outside knowledge cannot be read: {}", failure.said());
        say(&format!("cordon: {text}"));
        app.note(text);
        Outside::default()
    })
}
