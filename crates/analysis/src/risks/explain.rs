//! Why a score is what it is: the share of each cause, and the way from 100 down to the score. Both are exact: `-ln(1 - S)` is a sum
//! over causes, and so is the logarithm of `S · R · host · I`.

use super::factors::{self, Part, vulnerability};
use super::score::{Band, Numbers, Score, displayed};
use super::subject::Subject;
use super::tables::Tables;

/// What is certain counts as this probability where shares are told: its logarithm is finite.
const CERTAIN: f64 = 1.0 - 1e-12;

/// A score and everything that made it.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Explanation {
    /// The parts of the formula.
    pub parts: Score,
    /// The score, 0 to 100.
    pub score: f64,
    /// Its band.
    pub band: Band,
    /// Every cause, in the order of the factors.
    pub causes: Vec<Told>,
    /// From 100 to the score.
    pub steps: Vec<Step>,
    /// The version of the tables.
    pub tables: String,
}

/// One cause.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Told {
    /// The factor that told it.
    pub factor: &'static str,
    /// The part of the formula that it speaks for.
    pub part: Part,
    /// What it is: a vulnerability, a weakness, a path.
    pub name: String,
    /// What it was told from.
    pub from: String,
    /// Its probability, or for controls on the device what is left behind them.
    pub value: f64,
    /// Its share of the part, 0 to 1; the shares of a part add up to 1 where it has any effect.
    pub share: f64,
    /// The numbers whose product it is, by the names of their scales; for vulnerabilities.
    pub terms: Vec<(&'static str, f64)>,
}

/// One step of the way from 100 to the score.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Step {
    /// A part of the formula, or a control on the device.
    pub what: String,
    /// What the expected harm is multiplied by; `None` where nothing was left to multiply.
    pub factor: Option<f64>,
    /// The score after it.
    pub score: f64,
}

impl Explanation {
    /// Explains the score of the device.
    pub fn of(subject: &Subject, tables: &Tables) -> Self {
        let parts = Score::of(subject, tables);
        let mut causes = causes(subject, tables);
        for part in [Part::Susceptibility, Part::Exposure, Part::Host, Part::Incident, Part::Impact] {
            let sum: f64 = causes.iter().filter(|cause| cause.part == part).map(weight).sum();
            for cause in causes.iter_mut().filter(|cause| cause.part == part && sum > 0.0) {
                cause.share = weight(cause) / sum;
            }
        }
        let steps = steps(&parts, &causes);
        let (score, band) = (parts.display(), parts.band(tables));
        Self { parts, score, band, causes, steps, tables: tables.version.clone() }
    }
}

impl Told {
    /// What it contributes, in one line.
    pub fn text(&self, tables: &Tables) -> String {
        let name = tables.label(&self.name).unwrap_or(&self.name);
        let part = match self.part {
            Part::Susceptibility => "of what an attack can use",
            Part::Exposure => "of how it is reached",
            Part::Host => "of what controls on it hold back",
            Part::Incident => "of its being taken over",
            Part::Impact => "of the harm",
        };
        let changing = self.terms.iter().filter(|(_, term)| *term < 1.0);
        let terms: Vec<String> = changing.map(|(name, term)| format!("{} {term:.2}", name.replace('_', " "))).collect();
        let terms = if terms.is_empty() { String::new() } else { format!(": {}", terms.join(" · ")) };
        format!("{name}: {:.0} % {part}, {:.3}{terms} ({})", 100.0 * self.share, self.value, self.from)
    }
}

fn causes(subject: &Subject, tables: &Tables) -> Vec<Told> {
    let numbers = Numbers::expected(tables);
    let mut told = Vec::new();
    for factor in factors::ALL {
        factor.causes(subject, &numbers, &mut |cause| {
            let (name, from) = (cause.name.to_owned(), cause.from.to_owned());
            let (factor, part) = (factor.id(), factor.part());
            told.push(Told { factor, part, name, from, value: cause.value, share: 0.0, terms: Vec::new() });
        });
    }
    let vulnerabilities = told.iter_mut().filter(|told| told.factor == factors::VULNERABILITY);
    for (told, finding) in vulnerabilities.zip(&subject.findings) {
        told.terms = vulnerability::terms(finding, &numbers).to_vec();
    }
    told
}

/// What adds up within a part.
fn weight(cause: &Told) -> f64 {
    match cause.part {
        Part::Host => -cause.value.max(1.0 - CERTAIN).ln(),
        Part::Susceptibility | Part::Exposure | Part::Incident | Part::Impact => -(1.0 - cause.value.min(CERTAIN)).ln(),
    }
}

fn steps(parts: &Score, causes: &[Told]) -> Vec<Step> {
    let mut harm = 1.0;
    let mut steps = Vec::new();
    let mut step = |what: &str, after: f64| {
        let factor = (harm > 0.0).then(|| after / harm);
        harm = after;
        steps.push(Step { what: what.to_owned(), factor, score: displayed(after) });
    };
    step("susceptibility", parts.susceptibility);
    step("exposure", parts.susceptibility * parts.exposure);
    let mut left = 1.0;
    for control in causes.iter().filter(|cause| cause.part == Part::Host) {
        left *= control.value;
        step(&control.name, parts.susceptibility * parts.exposure * left);
    }
    if parts.incident > 0.0 {
        step("incident", parts.likelihood);
    }
    step("impact", parts.expected_harm);
    steps
}
