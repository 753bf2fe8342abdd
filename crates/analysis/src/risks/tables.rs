//! `knowledge/risk.toml`: every number of the model, with its source.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::scales::{
    AttackComplexity, AttackVector, Exploitation, HostControl, Location, MatchTier, PLACES, PathControl,
    PrivilegesRequired, Reach, Scale, Severity, UserInteraction, Vex, VulnerabilityControl,
};
use super::subject::{Presence, Share, WeaknessSeen};
use crate::knowledge::{Categories, KnowledgeError, Notation};

const FILE: &str = "risk.toml";
/// Weaknesses that the file may name.
pub const WEAKNESSES_MAX: usize = 1_000;
/// Observations that a belief about a weakness is worth where the file does not say: few.
const WEAKNESS_STRENGTH: f64 = 12.0;

/// What is believed of one number: a Beta distribution by its mean and by how many observations it is worth.
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prior {
    /// The mean, which scores use.
    pub value: f64,
    /// The sum of the two parameters of the Beta distribution.
    pub strength: f64,
}

/// Every number that a score is reckoned with.
#[derive(Clone, Debug)]
pub struct Tables {
    /// The version of the file.
    pub version: String,
    /// Months that a prediction is compounded over.
    pub(super) months: f64,
    /// The most that a prediction counts for.
    pub(super) prediction_cap: f64,
    /// What the loss of care adds to the impact at most.
    pub(super) mission: f64,
    /// What the loss of records adds to the impact at most.
    pub(super) records: f64,
    records_full: f64,
    /// From which score on a device is in a band.
    pub(super) bands: Bands,
    /// What SSVC's well-being impact is told from.
    pub(super) well_being: WellBeing,
    /// What one change costs.
    pub(super) effort: EffortDefaults,
    priors: Vec<Prior>,
    sources: BTreeMap<&'static str, String>,
    weaknesses: Vec<WeaknessKind>,
    shares: Vec<ShareOfCategory>,
}

/// One weakness of the file.
#[derive(Clone, Debug)]
pub struct WeaknessKind {
    /// Its name, as decoders and documents say it.
    pub id: Arc<str>,
    /// What people read.
    pub label: String,
    /// Where its number is from.
    pub source: String,
}

#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct ShareOfCategory {
    category: String,
    weakness: String,
    share: f64,
    source: String,
}

#[derive(Clone, Copy, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Bands {
    pub(super) critical: f64,
    pub(super) high: f64,
    pub(super) medium: f64,
}

#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWellBeing {
    mission_high: f64,
    medium_from: String,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct WellBeing {
    pub(super) mission_high: f64,
    pub(super) medium_from: Severity,
}

/// Person-days of one change of one device.
#[derive(Clone, Copy, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EffortDefaults {
    pub(super) update: f64,
    pub(super) mend: f64,
    pub(super) virtual_patch: f64,
    pub(super) segment: f64,
    pub(super) path_control: f64,
    pub(super) host_control: f64,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    version: String,
    exploit_prediction: RawPrediction,
    scale: BTreeMap<String, RawScale>,
    impact: RawImpact,
    bands: Bands,
    well_being: RawWellBeing,
    effort: EffortDefaults,
    weakness: Vec<RawWeakness>,
    prior: Vec<ShareOfCategory>,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPrediction {
    months: f64,
    cap: f64,
    unknown: Prior,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawScale {
    source: String,
    strength: f64,
    values: BTreeMap<String, f64>,
    unknown: Option<Prior>,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawImpact {
    mission: f64,
    records: f64,
    records_full: f64,
    records_unknown: Prior,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWeakness {
    id: String,
    label: String,
    value: f64,
    strength: Option<f64>,
    source: String,
}

/// Where the number for a prediction that nobody made stands: after the scales.
pub(super) const PREDICTION_UNKNOWN: usize = PLACES;
/// Where the number for records that nobody counted stands.
pub(super) const RECORDS_UNKNOWN: usize = PLACES + 1;
/// Where the numbers of the weaknesses begin.
const WEAKNESSES: usize = PLACES + 2;

impl Tables {
    /// Reads the text of `knowledge/risk.toml`.
    pub fn load(text: &str, notation: Notation, categories: &Categories) -> Result<Self, KnowledgeError> {
        let mut raw: RawFile = notation.read(FILE, text)?;
        let (mut priors, mut sources) = (Vec::new(), BTreeMap::new());
        let mut reading = Reading { scales: &mut raw.scale, priors: &mut priors, sources: &mut sources };
        reading.scale::<Exploitation>()?;
        reading.scale::<AttackVector>()?;
        reading.scale::<PrivilegesRequired>()?;
        reading.scale::<UserInteraction>()?;
        reading.scale::<AttackComplexity>()?;
        reading.scale::<MatchTier>()?;
        reading.scale::<Vex>()?;
        reading.scale::<Reach>()?;
        reading.scale::<VulnerabilityControl>()?;
        reading.scale::<PathControl>()?;
        reading.scale::<HostControl>()?;
        reading.scale::<Severity>()?;
        reading.scale::<Location>()?;
        if let Some(name) = raw.scale.keys().next() {
            return Err(KnowledgeError::entry(FILE, name, "is no scale", "remove it or correct its name"));
        }
        priors.push(checked("exploit_prediction.unknown", raw.exploit_prediction.unknown)?);
        priors.push(checked("impact.records_unknown", raw.impact.records_unknown)?);
        let weaknesses = weaknesses(raw.weakness, &mut priors)?;
        for share in &raw.prior {
            let known = share.category.is_empty() || categories.get(&share.category).is_some();
            let named = weaknesses.iter().any(|weakness| *weakness.id == *share.weakness);
            if !known || !named || Share::new(share.share).is_none() || share.source.is_empty() {
                let entry = format!("prior of `{}` for `{}`", share.weakness, share.category);
                let problem = "names no category, no weakness, no source, or a share outside 0 to 1";
                return Err(KnowledgeError::entry(FILE, &entry, problem, "correct it"));
            }
        }
        let shares = [raw.exploit_prediction.cap, raw.impact.mission, raw.impact.records, raw.well_being.mission_high];
        let bands = raw.bands;
        let ordered = bands.critical > bands.high && bands.high > bands.medium && bands.medium > 0.0;
        let counts = raw.exploit_prediction.months >= 1.0 && raw.impact.records_full >= 10.0;
        if shares.iter().any(|share| Share::new(*share).is_none()) || !ordered || !counts {
            let problem = "a number of exploit_prediction, impact, bands or well_being is out of its range";
            return Err(KnowledgeError::entry(FILE, "risk", problem, "correct it"));
        }
        let medium_from = Severity::ALL.iter().find(|step| step.name() == raw.well_being.medium_from).copied();
        let medium_from = medium_from.ok_or_else(|| {
            KnowledgeError::entry(FILE, "well_being", "medium_from is no severity", "use a step of the scale")
        })?;
        Ok(Self {
            version: raw.version,
            months: raw.exploit_prediction.months,
            prediction_cap: raw.exploit_prediction.cap,
            mission: raw.impact.mission,
            records: raw.impact.records,
            records_full: raw.impact.records_full,
            bands,
            well_being: WellBeing { mission_high: raw.well_being.mission_high, medium_from },
            effort: raw.effort,
            priors,
            sources,
            weaknesses,
            shares: raw.prior,
        })
    }

    /// Every number, in the order of their places.
    pub(super) fn priors(&self) -> &[Prior] {
        &self.priors
    }

    /// The places whose numbers rise and fall together: the steps of a scale; everything else on its own.
    pub(super) fn streams(&self) -> Vec<std::ops::Range<usize>> {
        let scales = [
            steps::<Exploitation>(),
            steps::<AttackVector>(),
            steps::<PrivilegesRequired>(),
            steps::<UserInteraction>(),
            steps::<AttackComplexity>(),
            steps::<MatchTier>(),
            steps::<Vex>(),
            steps::<Reach>(),
            steps::<VulnerabilityControl>(),
            steps::<PathControl>(),
            steps::<HostControl>(),
            steps::<Severity>(),
            steps::<Location>(),
        ];
        let alone = scales.iter().map(|scale| scale.end).chain(PLACES..self.priors.len());
        scales.iter().cloned().chain(alone.map(|place| place..place.saturating_add(1))).collect()
    }

    /// Where the numbers of a scale are from.
    pub fn source<S: Scale>(&self) -> &str {
        self.sources.get(S::NAME).map_or("", String::as_str)
    }

    /// The weaknesses that have a number.
    pub fn weaknesses(&self) -> &[WeaknessKind] {
        &self.weaknesses
    }

    /// The weakness of that name, seen on a device; `None` if the file has no such weakness.
    pub fn seen(&self, name: &str, from: &str) -> Option<WeaknessSeen> {
        self.weakness(name, Presence::Seen, from)
    }

    /// The weakness of that name on a device of that category where nobody could look; `None` if the file names no such weakness
    /// or does not say how often it is there.
    pub fn unseen(&self, name: &str, category: Option<&str>, categories: &Categories) -> Option<WeaknessSeen> {
        let kinds = category.into_iter().flat_map(|id| categories.ancestry(id)).map(|kind| kind.id.as_str());
        let share = kinds
            .chain([""])
            .find_map(|kind| self.shares.iter().find(|share| share.weakness == name && share.category == kind))?;
        self.weakness(name, Presence::Unknown(Share::new(share.share)?), &share.source)
    }

    fn weakness(&self, name: &str, presence: Presence, from: &str) -> Option<WeaknessSeen> {
        let at = self.weaknesses.iter().position(|weakness| *weakness.id == *name)?;
        let kind = self.weaknesses.get(at)?;
        let place = WEAKNESSES.saturating_add(at);
        Some(WeaknessSeen { name: kind.id.clone(), place, presence, from: from.into() })
    }

    /// What people read of the weakness of that name.
    pub fn label(&self, name: &str) -> Option<&str> {
        self.weaknesses.iter().find(|weakness| *weakness.id == *name).map(|weakness| weakness.label.as_str())
    }

    /// What so many records count for, from 0 to 1: their logarithm.
    pub(super) fn records_reached(&self, records: u64) -> f64 {
        ((records as f64 + 1.0).log10() / self.records_full.log10()).clamp(0.0, 1.0)
    }
}

fn steps<S: Scale>() -> std::ops::Range<usize> {
    S::BASE..S::UNKNOWN
}

struct Reading<'a> {
    scales: &'a mut BTreeMap<String, RawScale>,
    priors: &'a mut Vec<Prior>,
    sources: &'a mut BTreeMap<&'static str, String>,
}

impl Reading<'_> {
    fn scale<S: Scale>(&mut self) -> Result<(), KnowledgeError> {
        let wrong = |problem: String| KnowledgeError::entry(FILE, S::NAME, problem, "correct the scale");
        let raw = self.scales.remove(S::NAME).ok_or_else(|| wrong("is missing".into()))?;
        for step in S::ALL {
            let value = *raw.values.get(step.name()).ok_or_else(|| wrong(format!("`{}` is missing", step.name())))?;
            self.priors.push(checked(S::NAME, Prior { value, strength: raw.strength })?);
        }
        if raw.values.len() != S::ALL.len() || raw.source.is_empty() {
            return Err(wrong("names a step that there is not, or no source".into()));
        }
        if raw.unknown.is_some() != S::MAY_BE_UNKNOWN {
            return Err(wrong("needs `unknown` where a step may be unknown, and only there".into()));
        }
        self.priors.push(checked(S::NAME, raw.unknown.unwrap_or(Prior { value: 1.0, strength: 1.0 }))?);
        self.sources.insert(S::NAME, raw.source);
        Ok(())
    }
}

fn checked(entry: &str, prior: Prior) -> Result<Prior, KnowledgeError> {
    if Share::new(prior.value).is_none() || !prior.strength.is_finite() || prior.strength <= 0.0 {
        let problem = "a value lies outside 0 to 1, or its strength is not above 0";
        return Err(KnowledgeError::entry(FILE, entry, problem, "correct the number"));
    }
    Ok(prior)
}

fn weaknesses(raw: Vec<RawWeakness>, priors: &mut Vec<Prior>) -> Result<Vec<WeaknessKind>, KnowledgeError> {
    let mut kinds: Vec<WeaknessKind> = Vec::new();
    for weakness in raw {
        let RawWeakness { id, label, value, strength, source } = weakness;
        let twice = kinds.iter().any(|kind| *kind.id == *id);
        if twice || kinds.len() >= WEAKNESSES_MAX || label.is_empty() || source.is_empty() {
            let problem = "stands twice, is one too many, or has no label or source";
            return Err(KnowledgeError::entry(FILE, &id, problem, "correct the weakness"));
        }
        priors.push(checked(&id, Prior { value, strength: strength.unwrap_or(WEAKNESS_STRENGTH) })?);
        kinds.push(WeaknessKind { id: id.into(), label, source });
    }
    Ok(kinds)
}
