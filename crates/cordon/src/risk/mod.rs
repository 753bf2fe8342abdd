//! `cordon risk`: the risk of each device, what makes it, and what would have to be known.

mod assess;
mod inventory;

use std::collections::BTreeMap;

use analysis::advisories::{Makers, Question, Verdict};
use analysis::knowledge::Notation;
use analysis::risks::criticality::Criticality;
use analysis::risks::explain::Explanation;
use analysis::risks::factors::Part;
use analysis::risks::ssvc::Opinion;
use analysis::risks::{Band, DRAWS, Draws, Fleet, Presence, Standing, Tables, what_if};
use serde_json::{Value, json};

use crate::arguments::{Format, Risk};
use crate::failure::Failure;
use crate::feeds::Shelf;
use crate::folder;
use crate::knowledge::{self, Known};
use crate::terminal::{Column, Terminal, table};
use crate::words::{count, printable};

pub use assess::{Assessed, Assessor, Matched, Seen, network};
pub use inventory::{Inventory, read};

/// What helps where nothing can be printed.
const PRINTING: &str = "print to a terminal, or to a disk with free space";
/// What is not known is drawn the same way each time: the same devices and feeds give the same figures.
pub(crate) const SEED: u64 = 1;
/// Devices in the table where nobody asks for all.
const SHOWN: usize = 25;
/// Questions below the table.
const QUESTIONS_SHOWN: usize = 5;

/// The numbers of the model, as they are built in.
pub struct Model {
    /// The numbers.
    pub tables: Tables,
    /// What each kind of device is for.
    pub criticality: Criticality,
}

impl Model {
    /// Reads the built-in numbers.
    pub fn load(known: &Known) -> Result<Self, Failure> {
        let categories = known.knowledge.categories();
        let failed = |error: analysis::knowledge::KnowledgeError| Failure::Failed(error.to_string());
        let tables = Tables::load(knowledge::built_in("risk.toml"), Notation::Json, categories).map_err(failed)?;
        let criticality = Criticality::load(knowledge::built_in("criticality.toml"), Notation::Json, categories);
        Ok(Self { tables, criticality: criticality.map_err(failed)? })
    }
}

/// The makers that advisories name, as they are built in.
pub fn makers() -> Result<Makers, Failure> {
    Makers::read(knowledge::built_in("makers.toml"), Notation::Json).map_err(Failure::Failed)
}

/// Runs the command.
pub fn run(arguments: &Risk) -> Result<(), Failure> {
    let folder = folder::results(arguments.flows.as_deref(), arguments.data.as_deref())?;
    let data = folder::data(arguments.data.as_deref())?;
    let known = knowledge::load(&[], None)?;
    let model = Model::load(&known)?;
    let Inventory { devices, .. } = inventory::read(&folder)?;
    let outside = Shelf::open(&data)?.outside()?;
    let assessor = Assessor::new(&known, &model.tables, &model.criticality, &outside, makers()?);
    let assessed = assessor.assess(&devices);
    let subjects: Vec<_> = assessed.iter().map(|one| one.subject.clone()).collect();
    let fleet = Fleet::new(&subjects, &model.tables, &Draws::new(&model.tables, SEED, DRAWS));
    let mut rows: Vec<Row<'_>> = devices
        .iter()
        .zip(&assessed)
        .enumerate()
        .map(|(place, (device, assessed))| Row {
            device,
            assessed,
            explanation: Explanation::of(&assessed.subject, &model.tables),
            standing: fleet.standing(place),
        })
        .collect();
    rows.sort_by(|one, other| {
        let harm = other.explanation.parts.expected_harm.total_cmp(&one.explanation.parts.expected_harm);
        harm.then_with(|| one.device.id.cmp(&other.device.id))
    });
    let text = match arguments.format {
        Format::Json => {
            let rows: Vec<Value> = rows.iter().map(|row| row.json(&model)).collect();
            format!("{}\n", serde_json::to_string_pretty(&rows).map_err(|error| Failure::Failed(error.to_string()))?)
        }
        Format::Table => page(&rows, &model, &known, arguments.all, outside.advisories.len()),
    };
    crate::print(&text, PRINTING)
}

/// A device and its risk.
struct Row<'a> {
    device: &'a Seen,
    assessed: &'a Assessed,
    explanation: Explanation,
    standing: Option<Standing>,
}

impl Row<'_> {
    fn json(&self, model: &Model) -> Value {
        let findings = self.assessed.matched.iter().map(|one| {
            json!({
                "cve": one.cve,
                "advisory": one.advisory,
                "title": one.title,
                "url": one.url,
                "verdict": word(&one.verdict),
                "asks": asked(&one.verdict),
                "tier": format!("{:?}", one.tier).to_lowercase(),
                "statement": one.statement,
                "vector": one.vector,
                "remedies": one.remedies.iter().map(|(kind, text)| json!({ "kind": kind, "text": text })).collect::<Vec<_>>(),
            })
        });
        let opinion = Opinion::of(&self.assessed.subject, self.explanation.band, &model.tables);
        let change = next_band(self.explanation.band)
            .and_then(|wanted| what_if::becomes(&self.assessed.subject, &model.tables, wanted))
            .map(|change| change.sentence(&self.assessed.subject, &model.tables));
        json!({
            "device": self.device.id,
            "name": self.device.name,
            "score": self.explanation.score,
            "band": self.explanation.band,
            "interval": self.standing.map(|standing| standing.score),
            "rank": self.standing.map(|standing| standing.rank),
            "parts": self.explanation.parts,
            "causes": self.explanation.causes,
            "steps": self.explanation.steps,
            "ssvc": opinion,
            "becomes": change,
            "findings": findings.collect::<Vec<_>>(),
            "tables": self.explanation.tables,
        })
    }

    /// What weighs most in what can be used, in words.
    fn first_cause(&self, model: &Model) -> String {
        let causes =
            self.explanation.causes.iter().filter(|cause| cause.part == Part::Susceptibility && cause.share > 0.0);
        let mut causes: Vec<_> = causes.collect();
        causes.sort_by(|one, other| other.share.total_cmp(&one.share));
        let weaknesses = &self.assessed.subject.weaknesses;
        let label = |name: &str| {
            let label = model.tables.label(name).unwrap_or(name);
            let weakness = weaknesses.iter().find(|weakness| *weakness.name == *name);
            // Nobody looked: such devices often have it.
            let is_guess = weakness.is_some_and(|weakness| matches!(weakness.presence, Presence::Unknown(_)));
            if is_guess { format!("perhaps {label}") } else { label.to_owned() }
        };
        let named: Vec<String> = causes.iter().take(2).map(|cause| label(&cause.name)).collect();
        named.join(", ")
    }
}

/// The band below.
fn next_band(band: Band) -> Option<Band> {
    match band {
        Band::Critical => Some(Band::High),
        Band::High => Some(Band::Medium),
        Band::Medium => Some(Band::Low),
        Band::Low => None,
    }
}

fn word(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Affected => "affected",
        Verdict::NotAffected => "not_affected",
        Verdict::Undetermined(_) => "undetermined",
    }
}

fn asked(verdict: &Verdict) -> Vec<String> {
    match verdict {
        Verdict::Undetermined(questions) => questions.iter().map(question).collect(),
        _ => Vec::new(),
    }
}

/// What to find out, in words.
fn question(question: &Question) -> String {
    match question {
        Question::Model => "which model it is".to_owned(),
        Question::Version => "its software version".to_owned(),
        Question::Catalogue => "the maker's catalogue number".to_owned(),
        Question::Serial => "its serial number".to_owned(),
        Question::Made => "when it was made or shipped".to_owned(),
        Question::System => "its operating system".to_owned(),
        Question::Module(name) => format!("the version of its {name}"),
        Question::Statement(text) => format!("whether this holds: {text}"),
    }
}

fn page(rows: &[Row<'_>], model: &Model, known: &Known, all: bool, advisories: usize) -> String {
    let shown = if all { rows.len() } else { SHOWN.min(rows.len()) };
    let kind = |row: &Row<'_>| {
        let id = row.device.attributes.get("category").map_or("", String::as_str);
        known.knowledge.categories().get(id).map_or("unknown", |category| category.label.as_str()).to_owned()
    };
    // Without a model no advisory can be about it: that is not the same as none.
    let is_named = |row: &Row<'_>| ["model", "family"].iter().any(|name| row.device.attributes.contains_key(*name));
    let cells: Vec<Vec<String>> = rows
        .iter()
        .take(shown)
        .map(|row| {
            let interval = row
                .standing
                .map_or(String::new(), |standing| format!("{:.0}–{:.0}", standing.score.low, standing.score.high));
            let open = |wanted: &str| row.assessed.matched.iter().filter(|one| word(&one.verdict) == wanted).count();
            vec![
                printable(&row.device.name),
                kind(row),
                format!("{:.0}", row.explanation.score),
                interval,
                row.explanation.band.name().to_owned(),
                if is_named(row) { format!("{}", open("affected")) } else { "–".to_owned() },
                if is_named(row) { format!("{}", open("undetermined")) } else { "–".to_owned() },
                row.first_cause(model),
                row.device.id.clone(),
            ]
        })
        .collect();
    let columns = [
        Column::text("Device", 14, 34, 0),
        Column::text("What it is", 10, 24, 5),
        Column::number("Risk", 0),
        Column::number("10–90 %", 3),
        Column::text("Band", 8, 8, 0),
        Column::number("CVEs", 1),
        Column::number("Asks", 2),
        Column::text("Because of", 16, 60, 4),
        Column::text("Identifier", 12, 40, 6),
    ];
    let mut bands: BTreeMap<Band, usize> = BTreeMap::new();
    for row in rows {
        let band = bands.entry(row.explanation.band).or_default();
        *band = band.saturating_add(1);
    }
    let of = |band: Band| bands.get(&band).copied().unwrap_or(0);
    let mut text = format!(
        "{}: {} critical, {} high, {} medium, {} low\n\n",
        count(rows.len() as u64, "device", "devices"),
        of(Band::Critical),
        of(Band::High),
        of(Band::Medium),
        of(Band::Low)
    );
    text += &table(Terminal::of_output(), &columns, &cells, Some(4));
    if shown < rows.len() {
        text += &format!("… and {} more: add --all\n", rows.len().saturating_sub(shown));
    }
    let nameless = rows.iter().filter(|row| !is_named(row)).count();
    if nameless > 0 && advisories > 0 {
        let devices = count(nameless as u64, "device tells", "devices tell");
        text += &format!("\n{devices} no model: no advisory can be held against them (–).\n");
    }
    text += &worth_asking(rows);
    if advisories == 0 {
        text += "\nNo advisories are known, so no vulnerabilities: take some with `cordon feeds import FILE…`.\n";
    }
    text += "\nWhy: cordon risk --format json; likelihoods order devices, they are no frequencies.\n";
    text
}

/// The questions that settle most findings, and on how many devices of which model.
fn worth_asking(rows: &[Row<'_>]) -> String {
    let mut asked: BTreeMap<(String, String), (usize, usize)> = BTreeMap::new();
    for row in rows {
        let model = row.device.attributes.get("model").or_else(|| row.device.attributes.get("family"));
        let model = model.map_or_else(|| row.device.name.clone(), Clone::clone);
        for (asks, findings) in &row.assessed.questions {
            let (devices, all) = asked.entry((question(asks), model.clone())).or_default();
            *devices = devices.saturating_add(1);
            *all = all.saturating_add(*findings);
        }
    }
    let mut asked: Vec<_> = asked.into_iter().collect();
    asked.sort_by(|(_, (_, one)), (_, (_, other))| other.cmp(one));
    if asked.is_empty() {
        return String::new();
    }
    let mut text = "\nAnswers that would settle most:\n".to_owned();
    for ((question, model), (devices, findings)) in asked.into_iter().take(QUESTIONS_SHOWN) {
        text += &format!(
            "  {}: {} of {}, for {}\n",
            printable(&model),
            question,
            count(devices as u64, "device", "devices"),
            count(findings as u64, "finding", "findings")
        );
    }
    text
}
