//! What `report.html` shows, as JSON: the rows of the other files, and the words that people read.

use std::collections::BTreeMap;

use analysis::knowledge::{Family, Knowledge};
use model::Weakness;
use serde::Serialize;

use super::manifest::Manifest;
use crate::failure::Failure;
use crate::report;

/// Devices in the page: a browser must still be quick.
pub const DEVICES_MAX: usize = 5_000;
/// Flows in the page.
pub const FLOWS_MAX: usize = 20_000;

/// Rows as JSON, with commas between them.
pub struct Rows {
    /// The rows.
    pub json: String,
    /// How many more there are.
    pub left_out: usize,
}

/// What the page shows of the result.
pub struct Shown {
    /// Lines of `devices.jsonl`.
    pub devices: Rows,
    /// Lines of `flows.jsonl`.
    pub flows: Rows,
    /// Lines of `weaknesses.jsonl`.
    pub weaknesses: Rows,
}

/// How many rows the page leaves out; the files hold them all.
#[derive(Serialize)]
struct Cut {
    devices: usize,
    flows: usize,
}

#[derive(Serialize)]
struct Labels<'a> {
    categories: BTreeMap<&'a str, Category<'a>>,
    attributes: BTreeMap<&'a str, &'a str>,
    weaknesses: BTreeMap<&'a str, &'a str>,
    roles: BTreeMap<&'a str, &'a str>,
    families: BTreeMap<&'a str, &'a str>,
}

#[derive(Serialize)]
struct Category<'a> {
    label: &'a str,
    parent: Option<&'a str>,
    medical: bool,
}

/// Hands out the data block of the page, piece by piece.
pub fn write(
    shown: &Shown,
    manifest: &Manifest,
    knowledge: &Knowledge,
    out: &mut dyn FnMut(&str) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let Shown { devices, flows, weaknesses } = shown;
    let text = |value: serde_json::Result<String>| value.map_err(|error| Failure::Failed(error.to_string()));
    let cut = text(serde_json::to_string(&Cut { devices: devices.left_out, flows: flows.left_out }))?;
    let (manifest, labels) = (text(serde_json::to_string(manifest))?, text(serde_json::to_string(&labels(knowledge)))?);
    let pieces = [
        "{\"manifest\":",
        &manifest,
        ",\"labels\":",
        &labels,
        ",\"cut\":",
        &cut,
        ",\"devices\":[",
        &devices.json,
        "],\"flows\":[",
        &flows.json,
        "],\"weaknesses\":[",
        &weaknesses.json,
        "]}",
    ];
    report::write(pieces, out)
}

fn labels(knowledge: &Knowledge) -> Labels<'_> {
    let category = |category: &'_ analysis::knowledge::Category| category.medical;
    Labels {
        categories: knowledge
            .categories()
            .iter()
            .map(|each| {
                let parent = each.parent.as_deref();
                (each.id.as_str(), Category { label: &each.label, parent, medical: category(each) })
            })
            .collect(),
        attributes: knowledge.attributes().iter().map(|each| (each.id.as_str(), each.label.as_str())).collect(),
        weaknesses: Weakness::ALL.iter().map(|each| (each.name(), each.title())).collect(),
        roles: knowledge.roles().iter().map(|each| (each.id.as_str(), each.label.as_str())).collect(),
        families: Family::ALL.iter().map(|each| (each.name(), each.title())).collect(),
    }
}
