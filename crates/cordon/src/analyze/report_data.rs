//! What `report.html` shows, as JSON: the rows of the other files, and the words that people read.

use std::collections::BTreeMap;

use analysis::inventory::{Device, Flow, Inventory, WeaknessRow};
use analysis::knowledge::{Family, Knowledge};
use model::Weakness;
use serde::Serialize;

use super::manifest::Manifest;
use crate::failure::Failure;

/// Devices in the page: a browser must still be quick.
const DEVICES_MAX: usize = 5_000;
/// Flows in the page.
const FLOWS_MAX: usize = 20_000;

#[derive(Serialize)]
struct Data<'a> {
    manifest: &'a Manifest,
    labels: Labels<'a>,
    devices: &'a [Device],
    flows: &'a [Flow],
    weaknesses: &'a [WeaknessRow],
    cut: Cut,
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

/// The data block of the page.
pub fn json(inventory: &Inventory, manifest: &Manifest, knowledge: &Knowledge) -> Result<String, Failure> {
    let devices = inventory.devices.get(..DEVICES_MAX).unwrap_or(&inventory.devices);
    let flows = inventory.flows.get(..FLOWS_MAX).unwrap_or(&inventory.flows);
    let data = Data {
        manifest,
        labels: labels(knowledge),
        devices,
        flows,
        weaknesses: &inventory.weaknesses,
        cut: Cut {
            devices: inventory.devices.len().saturating_sub(devices.len()),
            flows: inventory.flows.len().saturating_sub(flows.len()),
        },
    };
    serde_json::to_string(&data).map_err(|error| Failure::Failed(error.to_string()))
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
