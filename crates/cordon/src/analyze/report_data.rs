//! What `report.html` shows, as JSON: the rows of the other files, and the words that people read.

use std::collections::BTreeMap;

use analysis::knowledge::{Family, Knowledge};
use model::Weakness;
use serde::Serialize;

use super::manifest::Manifest;
use crate::failure::Failure;
use crate::folder::{NewFile, NewFolder, REPORT};
use crate::report;

/// Devices in the page: a browser must still be quick.
pub const DEVICES_MAX: usize = 5_000;
/// Flows in the page.
pub const FLOWS_MAX: usize = 20_000;

/// How many rows the page leaves out; the files hold them all.
#[derive(Serialize)]
pub struct Cut {
    /// Devices.
    pub devices: usize,
    /// Flows.
    pub flows: usize,
}

/// The page in the making. Rows are written as they are put into words, and never held all at once.
pub struct Page {
    file: NewFile,
    escaped: String,
    has_row: bool,
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

impl Page {
    /// Begins the page, up to its rows.
    pub fn begin(results: &NewFolder, manifest: &Manifest, knowledge: &Knowledge, cut: &Cut) -> Result<Self, Failure> {
        let mut page = Self { file: results.create(REPORT)?, escaped: String::new(), has_row: false };
        page.file.write(report::head().as_bytes())?;
        let text = |value: serde_json::Result<String>| value.map_err(|error| Failure::Failed(error.to_string()));
        page.json("{\"manifest\":")?;
        page.json(&text(serde_json::to_string(manifest))?)?;
        page.json(",\"labels\":")?;
        page.json(&text(serde_json::to_string(&labels(knowledge)))?)?;
        page.json(",\"cut\":")?;
        page.json(&text(serde_json::to_string(cut))?)?;
        Ok(page)
    }

    /// Begins a list of rows.
    pub fn list(&mut self, name: &str) -> Result<(), Failure> {
        self.has_row = false;
        self.json(&format!(",\"{name}\":["))
    }

    /// Adds a row to the list.
    pub fn row(&mut self, row: &str) -> Result<(), Failure> {
        if self.has_row {
            self.json(",")?;
        }
        self.has_row = true;
        self.json(row)
    }

    /// Ends the list.
    pub fn end_list(&mut self) -> Result<(), Failure> {
        self.json("]")
    }

    /// Ends the page.
    pub fn finish(mut self) -> Result<(), Failure> {
        self.json("}")?;
        self.file.write(report::tail().as_bytes())?;
        self.file.finish().map(|_| ())
    }

    fn json(&mut self, json: &str) -> Result<(), Failure> {
        self.escaped.clear();
        report::escape_json(json, &mut |text| self.escaped.push_str(text));
        self.file.write(self.escaped.as_bytes())
    }
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
