//! The plan: what to do first under a budget.

use analysis::risks::plan::PlanStep as Ranked;
use data_encoding::HEXLOWER;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::Picture;
use crate::plan::{Groundwork, Proposal, Ranked as Ranking};
use crate::serve::app::App;

/// Devices that are named of one action.
const DEVICES_MAX: usize = 50;
/// Refused actions that are told.
const REFUSED_MAX: usize = 20;
/// Bytes of the digest that names an action.
const NAME_BYTES: usize = 6;

/// A device that an action concerns.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Concerned {
    /// Its identifier.
    pub id: String,
    /// What it is called.
    pub name: String,
}

/// One step of the plan.
#[derive(Serialize, utoipa::ToSchema)]
pub struct PlanStep {
    /// The same action has the same name in each plan.
    pub id: String,
    /// From 1.
    pub rank: usize,
    /// What to do, in words.
    pub action: String,
    /// `segment`, `patch`, `configure` or `virtual_patch`.
    #[schema(value_type = String)]
    pub kind: &'static str,
    /// Who usually does it.
    #[schema(value_type = String)]
    pub who: &'static str,
    /// Why, with the source's own words where there are any.
    pub why: String,
    /// Devices that it concerns, the first ones.
    pub devices: Vec<Concerned>,
    /// All of them.
    pub device_count: usize,
    /// The work, in person-days.
    pub person_days: f64,
    /// The work up to here.
    pub person_days_in_all: f64,
    /// Hours in which devices stand still.
    pub downtime_hours: f64,
    /// Share of the harm that is left before it, 0 to 1.
    pub before: f64,
    /// Share of the harm that is left after it.
    pub left: f64,
    /// Whether it lies beyond the budget.
    pub is_beyond: bool,
}

/// An action that care forbids.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Refused {
    /// What it would have been.
    pub action: String,
    /// Why not.
    pub why: String,
}

/// What to do first under a budget.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Plan {
    /// `reckoning` until the first figures are there, then `ready`.
    #[schema(value_type = String)]
    pub state: &'static str,
    /// The newest moment that anything was seen.
    #[schema(value_type = Option<String>)]
    pub as_of: Option<model::Timestamp>,
    /// The budget, in person-days.
    pub days: f64,
    /// Hours in which devices may stand still in all, if limited.
    pub downtime: Option<f64>,
    /// The steps, the first thing first; then some that lie beyond the budget.
    pub steps: Vec<PlanStep>,
    /// What must not be done.
    pub refused: Vec<Refused>,
    /// What to know before one relies on it.
    pub notes: Vec<String>,
}

/// Steps of a ranking, for people.
pub fn steps(picture: &Picture, app: &App, ranking: &Ranking) -> Vec<PlanStep> {
    let Ok(groundwork) = picture.groundwork(app) else { return Vec::new() };
    let all = ranking.steps.iter().map(|step| (step, false)).chain(ranking.beyond.iter().map(|step| (step, true)));
    let mut before = 1.0;
    let told = all.enumerate().filter_map(|(number, (step, is_beyond))| {
        let told = told(picture, groundwork, step, number.saturating_add(1), before, is_beyond);
        before = step.residual;
        told
    });
    told.collect()
}

fn told(
    picture: &Picture,
    groundwork: &Groundwork,
    step: &Ranked,
    rank: usize,
    before: f64,
    is_beyond: bool,
) -> Option<PlanStep> {
    let Proposal { action, kind, who, why, devices } = groundwork.proposals.get(step.action)?;
    let concerned = devices.iter().take(DEVICES_MAX).filter_map(|place| {
        let (device, ..) = picture.reckoning.device(*place)?;
        Some(Concerned { id: device.id.clone(), name: device.name.clone() })
    });
    let digest = Sha256::digest(format!("{kind}\n{}", action.name));
    Some(PlanStep {
        id: HEXLOWER.encode(digest.get(..NAME_BYTES)?),
        rank,
        action: action.name.clone(),
        kind,
        who,
        why: why.clone(),
        devices: concerned.collect(),
        device_count: devices.len(),
        person_days: action.person_days,
        person_days_in_all: step.person_days,
        downtime_hours: action.downtime_hours,
        before,
        left: step.residual,
        is_beyond,
    })
}

impl Plan {
    /// Before anything was reckoned.
    pub fn none(days: f64, downtime: Option<f64>) -> Self {
        let (steps, refused, notes) = (Vec::new(), Vec::new(), Vec::new());
        Self { state: "reckoning", as_of: None, days, downtime, steps, refused, notes }
    }

    /// The plan under a budget; where the graph of attack paths is too large, why there is none.
    pub fn new(picture: &Picture, app: &App, days: f64, downtime: Option<f64>) -> Result<Self, String> {
        let (groundwork, ranking) = (picture.groundwork(app)?, picture.ranked(app, days, downtime)?);
        let refused = ranking.refused.iter().take(REFUSED_MAX).filter_map(|(place, refusal)| {
            let action = groundwork.proposals.get(*place)?.action.name.clone();
            Some(Refused { action, why: refusal.to_string() })
        });
        let notes = [
            "What nobody said about firewalls is taken as open: whoever is in a network reaches all in it.",
            "A segment counts here as if it were verified; what it would stop has to be replayed before it is enforced.",
            "Person-days are estimates by kind of work, and the same for all hospitals.",
        ];
        Ok(Self {
            state: "ready",
            as_of: picture.as_of,
            days,
            downtime,
            steps: steps(picture, app, &ranking),
            refused: refused.collect(),
            notes: notes.map(str::to_owned).to_vec(),
        })
    }
}
