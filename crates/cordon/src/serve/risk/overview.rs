//! Risk at a glance: one number, how it went, the devices and the actions that matter, and groups of devices.

use std::collections::BTreeMap;

use analysis::risks::ssvc::{Disagreement, Opinion};
use analysis::risks::{Band, Rollup};
use serde::{Deserialize, Serialize};

use super::Picture;
use super::plan::{PlanStep, steps};
use super::trend::TrendPoint;
use crate::knowledge::Known;
use crate::risk::network;
use crate::serve::app::App;

/// Rows of each short list.
const SHORT: usize = 5;
/// Causes of a row.
const CAUSES: usize = 2;
/// Groups that are told.
const GROUPS_MAX: usize = 500;

/// A score, and how sure it is.
#[derive(Clone, Copy, Debug, Serialize, utoipa::ToSchema)]
pub struct Spread {
    /// 0 to 100.
    pub score: f64,
    /// One draw in ten lies below.
    pub low: f64,
    /// One draw in ten lies above.
    pub high: f64,
    /// The band of the score.
    #[schema(value_type = String)]
    pub band: Band,
}

/// The ranks that a device may have, 1 being the greatest risk.
#[derive(Clone, Copy, Debug, Serialize, utoipa::ToSchema)]
pub struct Rank {
    /// One draw in ten lies below.
    pub low: f64,
    /// One draw in ten lies above.
    pub high: f64,
    /// Devices that are ranked.
    pub of: usize,
}

/// A device and its risk in one row.
#[derive(Serialize, utoipa::ToSchema)]
pub struct RiskRow {
    /// The device.
    pub device: String,
    /// What it is called.
    pub name: String,
    /// Its kind, by identifier.
    pub category: Option<String>,
    /// Care unit or place, else the network.
    pub place: Option<String>,
    /// How risky it is.
    pub spread: Spread,
    /// Its rank.
    pub rank: Rank,
    /// What weighs most, in words.
    pub because: Vec<String>,
    /// Vulnerabilities that it has.
    pub affected: usize,
    /// Vulnerabilities of which nobody can say.
    pub undetermined: usize,
    /// Whether it tells its model: else no advisory can be held against it.
    pub is_named: bool,
    /// What would bring it into the band below, in words.
    pub becomes: Option<String>,
}

/// A question whose answer would settle findings.
#[derive(Serialize, utoipa::ToSchema)]
pub struct RiskQuestion {
    /// What to find out.
    pub asks: String,
    /// Of which model.
    pub model: String,
    /// On how many devices.
    pub devices: usize,
    /// How many findings wait for it.
    pub findings: usize,
    /// One of the devices.
    pub example: String,
}

/// How many devices there are in each band.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Bands {
    /// Critical.
    pub critical: usize,
    /// High.
    pub high: usize,
    /// Medium.
    pub medium: usize,
    /// Low.
    pub low: usize,
}

/// Where SSVC and the band differ.
#[derive(Default, Serialize, utoipa::ToSchema)]
pub struct Differences {
    /// Devices of which SSVC asks for more.
    pub more: usize,
    /// Devices of which it asks for less.
    pub less: usize,
}

/// Risk at a glance.
#[derive(Serialize, utoipa::ToSchema)]
pub struct RiskOverview {
    /// `reckoning` until the first figures are there, then `ready`.
    #[schema(value_type = String)]
    pub state: &'static str,
    /// The newest moment that anything was seen.
    #[schema(value_type = Option<String>)]
    pub as_of: Option<model::Timestamp>,
    /// Devices that were reckoned.
    pub devices: usize,
    /// All of them together.
    pub hospital: Option<Spread>,
    /// How many there are in each band.
    pub bands: Bands,
    /// How the number went, the oldest first.
    pub trend: Vec<TrendPoint>,
    /// The devices with the greatest risk.
    pub most: Vec<RiskRow>,
    /// What to do first; nothing until it is ranked.
    pub first: Option<Vec<PlanStep>>,
    /// The answers that would settle most.
    pub questions: Vec<RiskQuestion>,
    /// Where SSVC and the bands differ.
    pub ssvc: Differences,
    /// The version of the model's numbers.
    pub tables: String,
    /// Advisories that are known.
    pub advisories: usize,
    /// How long the reckoning took, in milliseconds.
    pub took_ms: u64,
}

/// What devices are grouped by.
#[derive(Clone, Copy, Default, Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GroupBy {
    /// What they are.
    #[default]
    Kind,
    /// Maker and model.
    Model,
    /// Care unit or place.
    Unit,
    /// The network that they stand in.
    Network,
}

/// A group of devices.
#[derive(Serialize, utoipa::ToSchema)]
pub struct RiskGroup {
    /// Its identifier.
    pub name: String,
    /// What people read.
    pub label: String,
    /// Devices in it.
    pub devices: usize,
    /// All of them together.
    pub spread: Spread,
    /// Its share of all harm that is to be expected, 0 to 1.
    pub share: f64,
    /// The filter that lists its devices, if there is one.
    pub filter: Option<String>,
}

/// Devices in groups.
#[derive(Serialize, utoipa::ToSchema)]
pub struct RiskGroups {
    /// The groups, the most harm first.
    pub items: Vec<RiskGroup>,
    /// Groups that are not told.
    pub more: usize,
}

impl Picture {
    /// The device at a place in one row.
    pub fn row(&self, place: usize) -> Option<RiskRow> {
        let (device, assessed, _) = self.reckoning.device(place)?;
        let open = |wanted: &str| {
            assessed.matched.iter().filter(|one| crate::risk::words::verdict(&one.verdict) == wanted).count()
        };
        let home = || device.addresses.first().map(network);
        Some(RiskRow {
            device: device.id.clone(),
            name: device.name.clone(),
            category: device.attribute("category").map(str::to_owned),
            place: device.attribute("location").map(str::to_owned).or_else(home),
            spread: self.spread(place)?,
            rank: self.rank(place)?,
            because: self.reckoning.first_causes(place, CAUSES),
            affected: open("affected"),
            undetermined: open("undetermined"),
            is_named: device.model().is_some(),
            becomes: self.reckoning.becomes(place),
        })
    }

    /// How risky the device at a place is, and how sure that is.
    pub fn spread(&self, place: usize) -> Option<Spread> {
        let (_, _, score) = self.reckoning.device(place)?;
        let interval = self.reckoning.standing(place)?.score;
        let band = self.reckoning.band(place)?;
        Some(Spread { score: score.display(), low: interval.low, high: interval.high, band })
    }

    /// The ranks that the device at a place may have.
    pub fn rank(&self, place: usize) -> Option<Rank> {
        let rank = self.reckoning.standing(place)?.rank;
        Some(Rank { low: rank.low, high: rank.high, of: self.reckoning.order.len() })
    }

    /// A group of devices.
    pub fn together(&self, rollup: &Rollup) -> Spread {
        let band = Band::of(rollup.score, &self.reckoning.model.tables);
        Spread { score: rollup.score, low: rollup.interval.low, high: rollup.interval.high, band }
    }

    fn differences(&self) -> Differences {
        let mut differences = Differences::default();
        for (place, one) in self.reckoning.assessed.iter().enumerate() {
            let Some(band) = self.reckoning.band(place) else { continue };
            match Opinion::of(&one.subject, band, &self.reckoning.model.tables).disagreement {
                Some(Disagreement::SsvcMoreUrgent) => differences.more = differences.more.saturating_add(1),
                // Without a vulnerability it has nothing to say.
                Some(Disagreement::ScoreMoreUrgent) if !one.subject.findings.is_empty() => {
                    differences.less = differences.less.saturating_add(1);
                }
                _ => {}
            }
        }
        differences
    }

    /// Risk at a glance.
    pub fn overview(&self, app: &App) -> RiskOverview {
        let reckoning = &self.reckoning;
        let bands = reckoning.bands();
        let of = |band: Band| bands.get(&band).copied().unwrap_or(0);
        let questions = reckoning.questions().into_iter().take(SHORT).map(|open| RiskQuestion {
            devices: open.devices.len(),
            example: open
                .devices
                .first()
                .and_then(|place| reckoning.device(*place))
                .map_or_else(String::new, |(device, ..)| device.id.clone()),
            asks: open.asks,
            model: open.model,
            findings: open.findings,
        });
        RiskOverview {
            state: "ready",
            as_of: self.as_of,
            devices: reckoning.order.len(),
            hospital: reckoning.hospital().map(|all| self.together(&all)),
            bands: Bands {
                critical: of(Band::Critical),
                high: of(Band::High),
                medium: of(Band::Medium),
                low: of(Band::Low),
            },
            trend: app.trend.points(),
            most: reckoning.order.iter().take(SHORT).filter_map(|place| self.row(*place)).collect(),
            first: self.warmed().map(|ranked| {
                let all = steps(self, app, &ranked);
                all.into_iter().filter(|step| !step.is_beyond).take(SHORT).collect()
            }),
            questions: questions.collect(),
            ssvc: self.differences(),
            tables: reckoning.model.tables.version.clone(),
            advisories: reckoning.advisories.len(),
            took_ms: u64::try_from(self.took.as_millis()).unwrap_or(u64::MAX),
        }
    }

    /// Devices in groups, the most harm first.
    pub fn groups(&self, by: GroupBy, known: &Known) -> RiskGroups {
        let devices = &self.reckoning.inventory.devices;
        let group = |place: usize| {
            let device = devices.get(place)?;
            match by {
                GroupBy::Kind => device.attribute("category").map(str::to_owned),
                GroupBy::Model => {
                    let vendor = device.attribute("vendor").map(|vendor| format!("{vendor} ")).unwrap_or_default();
                    device.model().map(|model| format!("{vendor}{model}"))
                }
                GroupBy::Unit => device.attribute("location").map(str::to_owned),
                GroupBy::Network => device.addresses.first().map(network),
            }
        };
        let groups: BTreeMap<Option<String>, Rollup> = self.reckoning.rolled_up(|place| Some(group(place)));
        let all: f64 = groups.values().map(|rollup| rollup.harm).sum();
        let mut groups: Vec<(Option<String>, Rollup)> = groups.into_iter().collect();
        groups.sort_by(|one, other| other.1.harm.total_cmp(&one.1.harm));
        let more = groups.len().saturating_sub(GROUPS_MAX);
        let items = groups.into_iter().take(GROUPS_MAX).map(|(name, rollup)| RiskGroup {
            label: label(by, name.as_deref(), known),
            filter: filter(by, name.as_deref()),
            name: name.unwrap_or_default(),
            devices: rollup.devices,
            spread: self.together(&rollup),
            share: if all > 0.0 { rollup.harm / all } else { 0.0 },
        });
        RiskGroups { items: items.collect(), more }
    }
}

impl RiskOverview {
    /// Before anything was reckoned.
    pub fn none(app: &App) -> Self {
        Self {
            state: "reckoning",
            as_of: None,
            devices: 0,
            hospital: None,
            bands: Bands { critical: 0, high: 0, medium: 0, low: 0 },
            trend: app.trend.points(),
            most: Vec::new(),
            first: None,
            questions: Vec::new(),
            ssvc: Differences::default(),
            tables: String::new(),
            advisories: 0,
            took_ms: 0,
        }
    }
}

fn label(by: GroupBy, name: Option<&str>, known: &Known) -> String {
    match (by, name) {
        (GroupBy::Kind, None) => "Unknown kind".to_owned(),
        (GroupBy::Model, None) => "Model not known".to_owned(),
        (GroupBy::Unit, None) => "Place not known".to_owned(),
        (GroupBy::Network, None) => "No address".to_owned(),
        (GroupBy::Kind, Some(kind)) => crate::serve::view::label("category", kind, &known.knowledge),
        (_, Some(name)) => name.to_owned(),
    }
}

fn filter(by: GroupBy, name: Option<&str>) -> Option<String> {
    let quoted = |name: &str| name.replace('"', "");
    match (by, name) {
        (GroupBy::Kind, name) => Some(format!("kind:{}", name.unwrap_or("unknown"))),
        (GroupBy::Unit, None) => Some("place:unknown".to_owned()),
        (GroupBy::Unit, Some(name)) => Some(format!("place:\"{}\"", quoted(name))),
        (GroupBy::Network, Some(name)) => Some(format!("subnet:{name}")),
        (GroupBy::Model, Some(name)) => Some(format!("\"{}\"", quoted(name))),
        (GroupBy::Model | GroupBy::Network, None) => None,
    }
}
