//! The risk of one device: why, what would change it, and what advisories say of it.

use analysis::advisories::Tier;
use analysis::risks::explain::{Explanation, Step};
use analysis::risks::factors::Part;
use analysis::risks::ssvc::{Disagreement, Opinion};
use analysis::risks::what_if::Edit;
use analysis::risks::{Exposure, Reach, Scale, Score, Subject};
use model::cvss::Vector;
use serde::Serialize;

use super::Picture;
use super::decisions::DecisionRow;
use super::overview::{Rank, Spread};
use crate::clock;
use crate::risk::{Matched, words};
use crate::serve::app::App;

/// Changes that are offered, the most helpful ones.
const OPTIONS_MAX: usize = 16;

/// The numbers that a score is made of, 0 to 1.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Parts {
    /// How likely an attack succeeds that reaches the device.
    pub susceptibility: f64,
    /// How likely an attacker reaches it.
    pub exposure: f64,
    /// What verified controls on it leave.
    pub host: f64,
    /// How likely it is taken over. It orders devices; it is no frequency.
    pub likelihood: f64,
    /// Harm to patients first, care and records added to it.
    pub impact: f64,
    /// Likelihood times impact.
    pub expected_harm: f64,
}

/// One cause of a score.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Cause {
    /// `susceptibility`, `exposure`, `host`, `incident` or `impact`.
    #[schema(value_type = String)]
    pub part: Part,
    /// What it is, by identifier.
    pub name: String,
    /// What people read.
    pub label: String,
    /// What it was told from.
    pub from: String,
    /// Its probability; of controls what is left behind them.
    pub value: f64,
    /// Its share of the part, 0 to 1.
    pub share: f64,
    /// Whether nobody looked: such devices often have it.
    pub is_guess: bool,
    /// The numbers whose product it is, for vulnerabilities.
    pub terms: Vec<Term>,
}

/// A number that a probability is a product of.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Term {
    /// Which.
    #[schema(value_type = String)]
    pub name: &'static str,
    /// 0 to 1.
    pub value: f64,
}

/// One step from the worst case to the score.
#[derive(Serialize, utoipa::ToSchema)]
pub struct ScoreStep {
    /// A part of the formula, or a control.
    pub what: String,
    /// What people read.
    pub label: String,
    /// The score after it.
    pub score: f64,
}

/// Something that helps.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Remedy {
    /// As in `vendor_fix` or `mitigation`.
    pub kind: String,
    /// In the advisory's words.
    pub text: String,
}

/// How severe a vulnerability is.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Severity {
    /// As in `3.1`.
    pub version: String,
    /// The base score, 0 to 10, recomputed from the vector.
    pub score: f64,
    /// The vector.
    pub vector: String,
}

/// That a vulnerability is used in attacks (CISA's catalogue).
#[derive(Serialize, utoipa::ToSchema)]
pub struct Exploited {
    /// When it was added.
    #[schema(value_type = String)]
    pub added: model::Timestamp,
    /// Whether ransomware is known to use it.
    pub by_ransomware: bool,
}

/// What an advisory says of a device.
#[derive(Serialize, utoipa::ToSchema)]
pub struct RiskFinding {
    /// The vulnerability.
    pub cve: String,
    /// The advisory.
    pub advisory: String,
    /// Its title.
    pub title: String,
    /// Where to read it.
    pub url: Option<String>,
    /// `affected`, `not_affected` or `undetermined`.
    #[schema(value_type = String)]
    pub verdict: &'static str,
    /// How sure the product is the device: `decided`, `likely` or `possible`.
    #[schema(value_type = String)]
    pub tier: &'static str,
    /// The statement, as it is written.
    pub statement: String,
    /// What would have to be known.
    pub asks: Vec<String>,
    /// How severe it is, if anybody says.
    pub cvss: Option<Severity>,
    /// How likely it is used within 30 days, 0 to 1 (FIRST's EPSS).
    pub epss: Option<f64>,
    /// Whether it is used.
    pub exploited: Option<Exploited>,
    /// What helps.
    pub remedies: Vec<Remedy>,
    /// What was decided about it.
    pub decision: Option<DecisionRow>,
    /// Its share of what an attack can use, 0 to 1.
    pub share: f64,
}

/// A change that could be made.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Choice {
    /// Its name, for `do` of what if.
    pub id: String,
    /// What to do, in words.
    pub label: String,
    /// The work, in person-days.
    pub person_days: f64,
    /// What it does to the score beside what is chosen already; less is better.
    pub delta: f64,
}

/// What SSVC says beside the score.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Ssvc {
    /// `Track`, `Track*`, `Attend` or `Act` (CISA's table for coordinators).
    pub action: String,
    /// Until when by BOD 26-04, if it speaks.
    pub timeline: Option<String>,
    /// Where it and the band differ, in words.
    pub differs: Option<String>,
}

/// The risk of one device.
#[derive(Serialize, utoipa::ToSchema)]
pub struct DeviceRisk {
    /// The device.
    pub device: String,
    /// What it is called.
    pub name: String,
    /// Its kind, by identifier.
    pub category: Option<String>,
    /// The newest moment that anything was seen.
    #[schema(value_type = Option<String>)]
    pub as_of: Option<model::Timestamp>,
    /// How risky it is.
    pub spread: Spread,
    /// Its rank.
    pub rank: Rank,
    /// What would bring it into the band below, in words.
    pub becomes: Option<String>,
    /// The numbers that the score is made of.
    pub parts: Parts,
    /// Why.
    pub causes: Vec<Cause>,
    /// From the worst case to the score.
    pub steps: Vec<ScoreStep>,
    /// What advisories say, the surest first.
    pub findings: Vec<RiskFinding>,
    /// What could be done, the most helpful first.
    pub options: Vec<Choice>,
    /// What SSVC says.
    pub ssvc: Ssvc,
    /// What was decided.
    pub decisions: Vec<DecisionRow>,
    /// The same as `cordon why DEVICE risk` prints it.
    pub text: String,
    /// Whether it tells its model: else no advisory can be held against it.
    pub is_named: bool,
    /// The version of the model's numbers.
    pub tables: String,
}

/// The risk of one device if it were changed.
#[derive(Serialize, utoipa::ToSchema)]
pub struct WhatIf {
    /// How risky it is then.
    pub spread: Spread,
    /// Its rank then.
    pub rank: Rank,
    /// The numbers then.
    pub parts: Parts,
    /// What the chosen changes do, one after the other.
    pub steps: Vec<ScoreStep>,
    /// What else could be done.
    pub options: Vec<Choice>,
    /// The work for what is chosen, in person-days.
    pub person_days: f64,
    /// The score of the hospital before.
    pub hospital_before: f64,
    /// And after.
    pub hospital_after: f64,
}

impl From<&Score> for Parts {
    fn from(score: &Score) -> Self {
        let Score { susceptibility, exposure, host, likelihood, impact, expected_harm, .. } = *score;
        Self { susceptibility, exposure, host, likelihood, impact, expected_harm }
    }
}

impl Picture {
    /// The risk of a device; `None` if it was not reckoned.
    pub fn device(&self, id: &str, app: &App) -> Option<DeviceRisk> {
        let place = self.reckoning.place(id)?;
        let (device, assessed, score) = self.reckoning.device(place)?;
        let explanation = self.reckoning.explanation(place)?;
        let decisions = app.decisions.rows(Some(id), &app.view(), app.known, clock::now());
        let causes: Vec<Cause> = explanation
            .causes
            .iter()
            .map(|cause| Cause {
                part: cause.part,
                name: cause.name.clone(),
                label: self.reckoning.label(cause).to_owned(),
                from: cause.from.clone(),
                value: cause.value,
                share: cause.share,
                is_guess: self.reckoning.is_guess(place, cause),
                terms: cause.terms.iter().map(|(name, value)| Term { name, value: *value }).collect(),
            })
            .collect();
        let findings = assessed.matched.iter().map(|one| {
            let share = causes.iter().find(|cause| cause.name == one.cve).map_or(0.0, |cause| cause.share);
            let decision = decisions.iter().find(|row| row.decision.about == one.cve).cloned();
            RiskFinding { share, decision, ..self.finding(one) }
        });
        Some(DeviceRisk {
            device: device.id.clone(),
            name: device.name.clone(),
            category: device.attribute("category").map(str::to_owned),
            as_of: self.as_of,
            spread: self.spread(place)?,
            rank: self.rank(place)?,
            becomes: self.reckoning.becomes(place),
            parts: Parts::from(score),
            findings: findings.collect(),
            steps: explanation.steps.iter().map(score_step).collect(),
            options: self.choices(&assessed.subject, &[]),
            ssvc: self.ssvc(&assessed.subject, &explanation),
            text: crate::risk::why(&self.reckoning, place).unwrap_or_default(),
            is_named: device.model().is_some(),
            tables: explanation.tables,
            causes,
            decisions,
        })
    }

    /// What an advisory says, without what is of one device alone.
    pub fn finding(&self, one: &Matched) -> RiskFinding {
        RiskFinding {
            cve: one.cve.clone(),
            advisory: one.advisory.clone(),
            title: one.title.clone(),
            url: one.url.clone(),
            verdict: words::verdict(&one.verdict),
            tier: tier(one.tier),
            statement: one.statement.clone(),
            asks: words::asked(&one.verdict),
            cvss: one.vector.as_deref().and_then(severity),
            epss: self.outside.predictions.get(&one.cve).map(|prediction| prediction.probability),
            exploited: self.exploited(&one.cve),
            remedies: one
                .remedies
                .iter()
                .map(|(kind, text)| Remedy { kind: kind_name(kind), text: text.clone() })
                .collect(),
            decision: None,
            share: 0.0,
        }
    }

    /// Whether a vulnerability is used in attacks.
    pub fn exploited(&self, cve: &str) -> Option<Exploited> {
        let entry = self.outside.exploited.get(cve)?;
        Some(Exploited { added: entry.added, by_ransomware: entry.by_ransomware })
    }

    fn ssvc(&self, subject: &Subject, explanation: &Explanation) -> Ssvc {
        let opinion = Opinion::of(subject, explanation.band, &self.reckoning.model.tables);
        let word = |value: serde_json::Value| value.as_str().map(str::to_owned);
        let differs = match opinion.disagreement {
            Some(Disagreement::SsvcMoreUrgent) => {
                Some("SSVC is more urgent: it looks at no control, no path and no doubt about the match.")
            }
            Some(Disagreement::ScoreMoreUrgent) => {
                Some("The score is more urgent: SSVC looks at single vulnerabilities, at no weakness and no detection.")
            }
            None => None,
        };
        Ssvc {
            action: serde_json::to_value(opinion.action).ok().and_then(word).unwrap_or_default(),
            timeline: opinion.timeline.and_then(|timeline| serde_json::to_value(timeline).ok()).and_then(word),
            differs: differs.map(str::to_owned),
        }
    }

    /// The risk of a device if these changes were made; `None` if it was not reckoned, an error for what cannot be done.
    pub fn what_if(&self, id: &str, wanted: &[&str]) -> Option<Result<WhatIf, String>> {
        let place = self.reckoning.place(id)?;
        let (_, assessed, score) = self.reckoning.device(place)?;
        let tables = &self.reckoning.model.tables;
        let all = Edit::all(&assessed.subject);
        let mut chosen = Vec::new();
        for wanted in wanted {
            match all.iter().find(|edit| name(**edit, &assessed.subject) == *wanted) {
                Some(edit) => chosen.push(*edit),
                None => return Some(Err(format!("`{wanted}` cannot be done on this device, or is done already."))),
            }
        }
        let (mut subject, mut steps) = (assessed.subject.clone(), Vec::new());
        for edit in &chosen {
            edit.apply(&mut subject);
            let score = Score::of(&subject, tables).display();
            let label = label(*edit, &assessed.subject, self);
            steps.push(ScoreStep { what: name(*edit, &assessed.subject), label, score });
        }
        let then = Score::of(&subject, tables);
        let standing = self.reckoning.standing_if(place, &subject)?;
        let band = then.band(tables);
        Some(Ok(WhatIf {
            spread: Spread { score: then.display(), low: standing.score.low, high: standing.score.high, band },
            rank: Rank { low: standing.rank.low, high: standing.rank.high, of: self.reckoning.order.len() },
            parts: Parts::from(&then),
            steps,
            options: self.choices(&assessed.subject, &chosen),
            person_days: chosen.iter().map(|edit| edit.person_days(tables)).sum(),
            hospital_before: self.reckoning.hospital_if(place, score.expected_harm),
            hospital_after: self.reckoning.hospital_if(place, then.expected_harm),
        }))
    }

    /// What could be done, the most helpful first; what is chosen stays among it.
    fn choices(&self, subject: &Subject, chosen: &[Edit]) -> Vec<Choice> {
        let tables = &self.reckoning.model.tables;
        let score = |edits: &[Edit]| {
            let mut subject = subject.clone();
            edits.iter().for_each(|edit| edit.apply(&mut subject));
            Score::of(&subject, tables).display()
        };
        let now = score(chosen);
        let mut choices: Vec<(bool, Choice)> = Edit::all(subject)
            .into_iter()
            .map(|edit| {
                let is_chosen = chosen.contains(&edit);
                let delta = if is_chosen {
                    let others: Vec<Edit> = chosen.iter().copied().filter(|other| *other != edit).collect();
                    now - score(&others)
                } else {
                    let more: Vec<Edit> = chosen.iter().copied().chain([edit]).collect();
                    score(&more) - now
                };
                let (id, label) = (name(edit, subject), label(edit, subject, self));
                (is_chosen, Choice { id, label, person_days: edit.person_days(tables), delta })
            })
            .collect();
        choices.retain(|(is_chosen, choice)| *is_chosen || choice.delta < -DELTA_MIN);
        choices.sort_by(|(one_chosen, one), (other_chosen, other)| {
            other_chosen.cmp(one_chosen).then(one.delta.total_cmp(&other.delta))
        });
        choices.truncate(OPTIONS_MAX.max(chosen.len()));
        // In an order that does not change when something is chosen.
        choices.sort_by(|(_, one), (_, other)| one.id.cmp(&other.id));
        choices.into_iter().map(|(_, choice)| choice).collect()
    }
}

/// What changes a score by less is no change that people see.
const DELTA_MIN: f64 = 0.05;

/// The name of a change: the same after feeds and devices changed.
fn name(edit: Edit, subject: &Subject) -> String {
    match edit {
        Edit::Update => "update".to_owned(),
        Edit::Mend(at) => format!("mend.{}", subject.weaknesses.get(at).map_or("", |weakness| &weakness.name)),
        Edit::VirtualPatch(at) => format!("patch.{}", subject.findings.get(at).map_or("", |finding| &finding.cve)),
        Edit::Segment(path, reach) => format!("segment.{path}.{}", reach.name()),
        Edit::PathControl(path, control) => format!("path.{path}.{}", control.name()),
        Edit::HostControl(control) => format!("host.{}", control.name()),
    }
}

/// What to do, as a person would be told.
fn label(edit: Edit, subject: &Subject, picture: &Picture) -> String {
    let path_name = |at: usize| match &subject.exposure {
        Exposure::Paths { home, more } => {
            std::iter::once(home).chain(more).nth(at).map_or_else(String::new, |path| path.name.to_string())
        }
        Exposure::Graph { .. } => "its ways".to_owned(),
    };
    match edit {
        Edit::Update => "Install the maker’s update".to_owned(),
        Edit::Mend(at) => {
            let name = subject.weaknesses.get(at).map_or("a weakness", |weakness| &*weakness.name);
            format!("Mend: {}", picture.reckoning.model.tables.label(name).unwrap_or(name))
        }
        Edit::VirtualPatch(at) => {
            let cve = subject.findings.get(at).map_or("a vulnerability", |finding| &*finding.cve);
            format!("Block attacks through {cve} before it")
        }
        Edit::Segment(at, Reach::MicroSegment) => format!("A segment of its own: {}", path_name(at)),
        Edit::Segment(at, _) => format!("An access list: {}", path_name(at)),
        Edit::PathControl(at, control) => format!("{}: {}", sentence(control.name()), path_name(at)),
        Edit::HostControl(control) => format!("{} on it", sentence(control.name())),
    }
}

fn sentence(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn score_step(step: &Step) -> ScoreStep {
    let label = match step.what.as_str() {
        "susceptibility" => "broken into",
        "exposure" => "reached",
        "impact" => "harm",
        "incident" => "detections",
        other => other,
    };
    ScoreStep { what: step.what.clone(), label: label.replace('_', " "), score: step.score }
}

/// How severe a vector is.
pub fn severity(vector: &str) -> Option<Severity> {
    let read = Vector::read(vector)?;
    Some(Severity { version: read.version().name().to_owned(), score: read.base_score(), vector: vector.to_owned() })
}

/// As files name it.
pub fn tier(tier: Tier) -> &'static str {
    match tier {
        Tier::Decided => "decided",
        Tier::Likely => "likely",
        Tier::Possible => "possible",
    }
}

/// As files name it.
pub fn kind_name(kind: &model::advisory::RemedyKind) -> String {
    let value = serde_json::to_value(kind).ok();
    value.and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}
