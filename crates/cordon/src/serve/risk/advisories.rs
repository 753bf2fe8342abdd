//! Advisories, and which devices they are about.

use std::collections::{BTreeMap, BTreeSet};

use model::advisory::Advisory;
use serde::{Deserialize, Serialize};

use super::Picture;
use super::device::{Exploited, Remedy, Severity, kind_name, severity, tier};
use crate::risk::words;

/// Advisories in a list.
const ADVISORIES_MAX: usize = 2_000;
/// Findings told of one advisory.
const FINDINGS_MAX: usize = 1_000;

/// Which advisories.
#[derive(Clone, Copy, Default, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Wanted {
    /// Those about a device that is here, certainly or perhaps.
    #[default]
    Here,
    /// Those by which a device is affected.
    Affected,
    /// Those of which nobody can say.
    Undetermined,
    /// Those whose products are here and not affected.
    NotAffected,
    /// All that are known.
    All,
}

/// An advisory in one row.
#[derive(Clone, Serialize, utoipa::ToSchema)]
pub struct AdvisoryRow {
    /// Its identifier.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Where to read it.
    pub url: Option<String>,
    /// Who says it.
    pub publisher: String,
    /// When it came out.
    #[schema(value_type = String)]
    pub released: model::Timestamp,
    /// When it was changed last.
    #[schema(value_type = String)]
    pub updated: model::Timestamp,
    /// Vulnerabilities that it names.
    pub vulnerabilities: usize,
    /// Those of them that are used in attacks.
    pub exploited: usize,
    /// Devices that it says are affected.
    pub affected: usize,
    /// Devices of which nobody can say.
    pub undetermined: usize,
    /// Devices that it says are not affected.
    pub not_affected: usize,
    /// The highest CVSS base score, 0 to 10.
    pub worst: Option<f64>,
}

/// Advisories.
#[derive(Serialize, utoipa::ToSchema)]
pub struct AdvisoryList {
    /// Those that fit, in rows; the most devices first.
    pub items: Vec<AdvisoryRow>,
    /// Those that fit.
    pub total: usize,
    /// All that are known.
    pub known: usize,
}

/// What an advisory says of a device.
#[derive(Serialize, utoipa::ToSchema)]
pub struct AdvisoryFinding {
    /// The device.
    pub device: String,
    /// What it is called.
    pub name: String,
    /// The vulnerability.
    pub cve: String,
    /// `affected`, `not_affected` or `undetermined`.
    #[schema(value_type = String)]
    pub verdict: &'static str,
    /// How sure the product is the device.
    #[schema(value_type = String)]
    pub tier: &'static str,
    /// The statement, as it is written.
    pub statement: String,
    /// What would have to be known.
    pub asks: Vec<String>,
}

/// A vulnerability that an advisory names.
#[derive(Serialize, utoipa::ToSchema)]
pub struct AdvisoryVulnerability {
    /// Its number.
    pub cve: String,
    /// What it is called.
    pub title: Option<String>,
    /// How severe it is.
    pub cvss: Option<Severity>,
    /// How likely it is used within 30 days, 0 to 1.
    pub epss: Option<f64>,
    /// Whether it is used.
    pub exploited: Option<Exploited>,
}

/// An advisory in full.
#[derive(Serialize, utoipa::ToSchema)]
pub struct AdvisoryDetail {
    /// In one row.
    #[serde(flatten)]
    pub row: AdvisoryRow,
    /// The vulnerabilities.
    pub cves: Vec<AdvisoryVulnerability>,
    /// What helps, each text once.
    pub remedies: Vec<Remedy>,
    /// What it says of devices that are here.
    pub findings: Vec<AdvisoryFinding>,
    /// All of those.
    pub findings_total: usize,
    /// The statements on products, as they are written.
    pub statements: Vec<String>,
}

/// Places of the devices that an advisory is about, by verdict.
#[derive(Default)]
struct About {
    affected: BTreeSet<usize>,
    undetermined: BTreeSet<usize>,
    not_affected: BTreeSet<usize>,
}

impl Picture {
    fn about(&self) -> BTreeMap<&str, About> {
        let mut about: BTreeMap<&str, About> = BTreeMap::new();
        for (place, one) in self.reckoning.assessed.iter().enumerate() {
            for matched in &one.matched {
                let of = about.entry(&matched.advisory).or_default();
                match words::verdict(&matched.verdict) {
                    "affected" => of.affected.insert(place),
                    "undetermined" => of.undetermined.insert(place),
                    _ => of.not_affected.insert(place),
                };
            }
        }
        about
    }

    /// The advisories that fit.
    pub fn advisories(&self, wanted: Wanted, text: &str) -> AdvisoryList {
        let about = self.about();
        let nothing = About::default();
        let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
        let mut rows = Vec::new();
        for advisory in self.reckoning.advisories.iter() {
            let of = about.get(advisory.id.as_str()).unwrap_or(&nothing);
            let fits = match wanted {
                Wanted::Here => !(of.affected.is_empty() && of.undetermined.is_empty()),
                Wanted::Affected => !of.affected.is_empty(),
                Wanted::Undetermined => !of.undetermined.is_empty(),
                Wanted::NotAffected => !of.not_affected.is_empty(),
                Wanted::All => true,
            };
            if fits && words.iter().all(|word| says(advisory, word)) {
                rows.push(self.advisory_row(advisory, of));
            }
        }
        rows.sort_by(|one, other| {
            let weight = |row: &AdvisoryRow| (row.affected, row.undetermined, row.exploited);
            weight(other).cmp(&weight(one)).then(other.updated.cmp(&one.updated)).then(one.id.cmp(&other.id))
        });
        let total = rows.len();
        rows.truncate(ADVISORIES_MAX);
        AdvisoryList { items: rows, total, known: self.reckoning.advisories.len() }
    }

    fn advisory_row(&self, advisory: &Advisory, of: &About) -> AdvisoryRow {
        let cves = || advisory.vulnerabilities.iter().filter_map(|one| one.cve.as_deref());
        let scores = advisory.vulnerabilities.iter().flat_map(|one| &one.scores);
        let scores = scores.filter_map(|score| Some(severity(&score.vector)?.score));
        AdvisoryRow {
            id: advisory.id.clone(),
            title: advisory.title.clone(),
            url: advisory.url.clone(),
            publisher: advisory.publisher.name.clone(),
            released: advisory.initial_release,
            updated: advisory.current_release,
            vulnerabilities: advisory.vulnerabilities.len(),
            exploited: cves().filter(|cve| self.outside.exploited.contains_key(*cve)).count(),
            affected: of.affected.len(),
            undetermined: of.undetermined.len(),
            not_affected: of.not_affected.len(),
            worst: scores.reduce(f64::max),
        }
    }

    /// An advisory in full; `None` if it is not known.
    pub fn advisory(&self, id: &str) -> Option<AdvisoryDetail> {
        let advisory = self.reckoning.advisories.iter().find(|advisory| advisory.id == id)?;
        let about = self.about();
        let row = self.advisory_row(advisory, about.get(id).unwrap_or(&About::default()));
        let mut findings = Vec::new();
        let mut findings_total = 0_usize;
        for place in &self.reckoning.order {
            let Some((device, assessed, _)) = self.reckoning.device(*place) else { continue };
            for one in assessed.matched.iter().filter(|one| one.advisory == id) {
                findings_total = findings_total.saturating_add(1);
                if findings.len() < FINDINGS_MAX {
                    findings.push(AdvisoryFinding {
                        device: device.id.clone(),
                        name: device.name.clone(),
                        cve: one.cve.clone(),
                        verdict: words::verdict(&one.verdict),
                        tier: tier(one.tier),
                        statement: one.statement.clone(),
                        asks: words::asked(&one.verdict),
                    });
                }
            }
        }
        let cves = advisory.vulnerabilities.iter().map(|one| {
            let cve = one.cve.clone().unwrap_or_default();
            AdvisoryVulnerability {
                title: one.title.clone(),
                cvss: one.scores.last().and_then(|score| severity(&score.vector)),
                epss: self.outside.predictions.get(&cve).map(|prediction| prediction.probability),
                exploited: self.exploited(&cve),
                cve,
            }
        });
        let mut told = BTreeSet::new();
        let remedies = advisory.vulnerabilities.iter().flat_map(|one| &one.remedies);
        let remedies = remedies.filter(|remedy| told.insert(&remedy.text));
        let remedies = remedies.map(|remedy| Remedy { kind: kind_name(&remedy.kind), text: remedy.text.clone() });
        let remedies = remedies.collect();
        let statements = advisory.statements.iter().map(|statement| statement.text.clone()).collect();
        Some(AdvisoryDetail { row, cves: cves.collect(), remedies, findings, findings_total, statements })
    }
}

fn says(advisory: &Advisory, word: &str) -> bool {
    let has = |text: &str| text.to_lowercase().contains(word);
    has(&advisory.id)
        || has(&advisory.title)
        || advisory.vulnerabilities.iter().any(|one| one.cve.as_deref().is_some_and(has))
        || advisory.statements.iter().any(|one| has(&one.product) || one.vendor.as_deref().is_some_and(has))
}
