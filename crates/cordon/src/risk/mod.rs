//! `cordon risk`: the risk of each device, what makes it, and what would have to be known.

mod assess;
mod decision;
mod inventory;
mod reckoning;
mod why;
pub mod words;

use analysis::advisories::Makers;
use analysis::knowledge::Notation;
use analysis::risks::criticality::Criticality;
use analysis::risks::ssvc::Opinion;
use analysis::risks::{Band, Tables};
use serde_json::{Value, json};

use crate::arguments::{Format, Risk};
use crate::failure::Failure;
use crate::feeds::Shelf;
use crate::folder;
use crate::knowledge::{self, Known};
use crate::terminal::{Column, Terminal, table};
use crate::words::{count, printable};

pub use assess::{Assessed, Assessor, Matched, Seen, network};
pub use decision::{Decided, DecisionKind};
pub use inventory::{Inventory, Spoken};
pub use reckoning::{Open, Reckoning, SEED};
pub use why::text as why;

/// What helps where nothing can be printed.
const PRINTING: &str = "print to a terminal, or to a disk with free space";
/// Devices in the table where nobody asks for all.
const SHOWN: usize = 25;
/// Causes named in a row of the table.
const CAUSES_SHOWN: usize = 2;
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
    let reckoning = of_folder(&known, &model, &folder, &data)?;
    let text = match arguments.format {
        Format::Json => {
            let rows: Vec<Value> = reckoning.order.iter().filter_map(|place| told(&reckoning, *place)).collect();
            format!("{}\n", serde_json::to_string_pretty(&rows).map_err(|error| Failure::Failed(error.to_string()))?)
        }
        Format::Table => page(&reckoning, &known, arguments.all),
    };
    crate::print(&text, PRINTING)
}

/// The risk of the devices in a folder of results, by the feeds in a data folder.
pub fn of_folder<'k>(
    known: &Known,
    model: &'k Model,
    folder: &std::path::Path,
    data: &std::path::Path,
) -> Result<Reckoning<'k>, Failure> {
    let inventory = inventory::read(folder)?;
    let outside = Shelf::open(data)?.outside()?;
    let assessor = Assessor::new(known, &model.tables, &model.criticality, &outside, makers()?);
    Ok(Reckoning::new(&assessor, model, inventory, &[]))
}

/// The device at a place with everything that made its score, for files.
pub fn told(reckoning: &Reckoning<'_>, place: usize) -> Option<Value> {
    let (device, assessed, _) = reckoning.device(place)?;
    let (explanation, standing) = (reckoning.explanation(place)?, reckoning.standing(place));
    let findings = assessed.matched.iter().map(|one| {
        let remedies = one.remedies.iter().map(|(kind, text)| json!({ "kind": kind, "text": text }));
        json!({
            "cve": one.cve,
            "advisory": one.advisory,
            "title": one.title,
            "url": one.url,
            "verdict": words::verdict(&one.verdict),
            "asks": words::asked(&one.verdict),
            "tier": format!("{:?}", one.tier).to_lowercase(),
            "statement": one.statement,
            "vector": one.vector,
            "remedies": remedies.collect::<Vec<_>>(),
        })
    });
    let parts_lists = assessed.told.parts.iter().map(|list| {
        json!({ "of": list.of, "parts": list.parts.len(), "is_of_version": list.is_of_version, "source": list.source })
    });
    Some(json!({
        "device": device.id,
        "name": device.name,
        "score": explanation.score,
        "band": explanation.band,
        "interval": standing.map(|standing| standing.score),
        "rank": standing.map(|standing| standing.rank),
        "parts": explanation.parts,
        "causes": explanation.causes,
        "steps": explanation.steps,
        "ssvc": Opinion::of(&assessed.subject, explanation.band, &reckoning.model.tables),
        "becomes": reckoning.becomes(place),
        "findings": findings.collect::<Vec<_>>(),
        "notices": assessed.told.notices,
        "permissions": assessed.told.permissions,
        "classified": assessed.told.classified,
        "parts_lists": parts_lists.collect::<Vec<_>>(),
        "tables": explanation.tables,
    }))
}

fn page(reckoning: &Reckoning<'_>, known: &Known, all: bool) -> String {
    let devices = reckoning.order.len();
    let shown = if all { devices } else { SHOWN.min(devices) };
    let kind = |id: Option<&str>| {
        let category = id.and_then(|id| known.knowledge.categories().get(id));
        category.map_or("unknown", |category| category.label.as_str()).to_owned()
    };
    let cells = reckoning.order.iter().take(shown).filter_map(|place| {
        let (device, assessed, score) = reckoning.device(*place)?;
        let interval = reckoning.standing(*place).map(|standing| standing.score);
        let open = |wanted: &str| assessed.matched.iter().filter(|one| words::verdict(&one.verdict) == wanted).count();
        // Without a model no advisory can be about it: that is not the same as none.
        let count = |wanted| device.model().map_or("–".to_owned(), |_| open(wanted).to_string());
        Some(vec![
            printable(&device.name),
            kind(device.attribute("category")),
            format!("{:.0}", score.display()),
            interval.map_or(String::new(), |interval| format!("{:.0}–{:.0}", interval.low, interval.high)),
            score.band(&reckoning.model.tables).name().to_owned(),
            count("affected"),
            count("undetermined"),
            reckoning.first_causes(*place, CAUSES_SHOWN).join(", "),
            device.id.clone(),
        ])
    });
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
    let cells: Vec<Vec<String>> = cells.collect();
    let bands = reckoning.bands();
    let of = |band: Band| bands.get(&band).copied().unwrap_or(0);
    let mut text = format!(
        "{}: {} critical, {} high, {} medium, {} low",
        count(devices as u64, "device", "devices"),
        of(Band::Critical),
        of(Band::High),
        of(Band::Medium),
        of(Band::Low)
    );
    if let Some(hospital) = reckoning.hospital() {
        let interval = hospital.interval;
        text += &format!("; all together {:.0} ({:.0}–{:.0})", hospital.score, interval.low, interval.high);
    }
    text += "\n\n";
    text += &table(Terminal::of_output(), &columns, &cells, Some(4));
    if shown < devices {
        text += &format!("… and {} more: add --all\n", devices.saturating_sub(shown));
    }
    let nameless = reckoning.inventory.devices.iter().filter(|device| device.model().is_none()).count();
    let is_informed = !reckoning.advisories.is_empty();
    if nameless > 0 && is_informed {
        let devices = count(nameless as u64, "device tells", "devices tell");
        text += &format!("\n{devices} no model: no advisory can be held against them (–).\n");
    }
    text += &worth_asking(reckoning);
    if !is_informed {
        text += "\nNo advisories are known, so no vulnerabilities: take some with `cordon feeds import FILE…`.\n";
    }
    text += "\nWhy: cordon risk --format json; likelihoods order devices, they are no frequencies.\n";
    text
}

/// The questions that settle most findings, and on how many devices of which model.
fn worth_asking(reckoning: &Reckoning<'_>) -> String {
    let questions = reckoning.questions();
    if questions.is_empty() {
        return String::new();
    }
    let mut text = "\nAnswers that would settle most:\n".to_owned();
    for open in questions.into_iter().take(QUESTIONS_SHOWN) {
        text += &format!(
            "  {}: {} of {}, for {}\n",
            printable(&open.model),
            open.asks,
            count(open.devices.len() as u64, "device", "devices"),
            count(open.findings as u64, "finding", "findings")
        );
    }
    text
}
