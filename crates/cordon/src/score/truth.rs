//! The truth as `truth.json` tells it, and which device of an analysis is which.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use crate::failure::Failure;

/// The truth about a hospital.
#[derive(Debug, Deserialize)]
pub struct Truth {
    format: u32,
    /// Its devices.
    pub devices: Vec<Device>,
    /// Who speaks to whom.
    pub flows: Vec<Flow>,
}

/// The truth about one device.
#[derive(Debug, Deserialize)]
pub struct Device {
    /// As flows name it.
    pub number: usize,
    /// What people call it.
    pub name: String,
    /// Its hardware address, if that is seen.
    pub mac: Option<String>,
    /// Its addresses.
    pub addresses: Vec<String>,
    /// The device through which alone it is known.
    pub behind: Option<usize>,
    /// What is so, by attribute.
    pub is: BTreeMap<String, String>,
    /// The attributes that the traffic tells.
    pub told: Vec<String>,
    /// What it does for others.
    pub roles: Vec<String>,
    /// Weaknesses that its traffic shows.
    pub weaknesses: Vec<String>,
}

/// Who speaks to whom.
#[derive(Debug, Deserialize)]
pub struct Flow {
    /// The number of the device that begins.
    pub from: usize,
    /// The number of the device that answers, unless it is outside.
    pub to: Option<usize>,
    /// Who answers outside.
    pub outside: Option<String>,
    /// Number of the protocol above IP.
    pub ip_protocol: u8,
    /// The answering port.
    pub port: u16,
    /// The application's name.
    pub application: String,
    /// What is done.
    pub operations: Vec<String>,
}

impl Truth {
    /// Reads it.
    pub fn read(path: &Path) -> Result<Self, Failure> {
        let text = fs::read_to_string(path).map_err(|error| Failure::reading(path, &error))?;
        let wrong = |what: String| {
            Failure::Wrong(format!("{}: {what}; expected truth.json as `cordon hospital` writes it", path.display()))
        };
        let truth: Self = serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
        if truth.format != hospital::truth::FORMAT {
            return Err(wrong(format!("its format is {}", truth.format)));
        }
        Ok(truth)
    }
}

/// The devices of an analysis, found by what tells them apart.
pub struct Seen {
    rows: BTreeMap<String, Value>,
    by_mac: BTreeMap<String, String>,
    by_address: BTreeMap<String, String>,
    /// By the device that it is known through, an attribute that identifies it, and the value of that.
    by_identity: BTreeMap<(String, &'static str, String), String>,
}

/// The attributes that tell one device behind another from the next.
const IDENTIFYING: [&str; 2] = ["serial", "asset_tag"];

impl Seen {
    /// Devices, one row each.
    pub fn new(list: Vec<Value>) -> Self {
        let mut seen = Self {
            rows: BTreeMap::new(),
            by_mac: BTreeMap::new(),
            by_address: BTreeMap::new(),
            by_identity: BTreeMap::new(),
        };
        for row in list {
            let id = text(&row, "id").to_owned();
            for interface in row.get("interfaces").and_then(Value::as_array).into_iter().flatten() {
                if let Some(mac) = interface.get("mac").and_then(Value::as_str) {
                    seen.by_mac.insert(mac.to_owned(), id.clone());
                }
                for address in interface.get("addresses").and_then(Value::as_array).into_iter().flatten() {
                    seen.by_address.insert(text(address, "ip").to_owned(), id.clone());
                }
            }
            if let Some(behind) = row.get("behind").and_then(Value::as_str) {
                for attribute in IDENTIFYING {
                    if let Some((value, _)) = asserted(&row, attribute) {
                        seen.by_identity.insert((behind.to_owned(), attribute, value.to_owned()), id.clone());
                    }
                }
            }
            seen.rows.insert(id, row);
        }
        seen
    }

    /// All rows by identifier.
    pub const fn rows(&self) -> &BTreeMap<String, Value> {
        &self.rows
    }

    /// By the number of the true device, the identifier of the one that was seen. Whoever is found by its hardware address
    /// is found so even where another has its address.
    pub fn matched(&self, truth: &Truth) -> BTreeMap<usize, String> {
        let mut found = BTreeMap::new();
        let (children, others): (Vec<&Device>, Vec<&Device>) =
            truth.devices.iter().partition(|device| device.behind.is_some());
        for device in others {
            let by_mac = device.mac.as_ref().and_then(|mac| self.by_mac.get(mac));
            let by_address = || device.addresses.iter().find_map(|address| self.by_address.get(address));
            if let Some(id) = by_mac.or_else(by_address) {
                found.insert(device.number, id.clone());
            }
        }
        for child in children {
            let parent = child.behind.and_then(|parent| found.get(&parent)).cloned().unwrap_or_default();
            let by = |attribute: &'static str| {
                let value = child.is.get(attribute)?;
                self.by_identity.get(&(parent.clone(), attribute, value.clone()))
            };
            if let Some(id) = IDENTIFYING.into_iter().find_map(by) {
                found.insert(child.number, id.clone());
            }
        }
        found
    }
}

/// The value of an attribute and its confidence, if one is asserted.
pub fn asserted<'r>(row: &'r Value, attribute: &str) -> Option<(&'r str, f64)> {
    let attribute = row.get("attributes")?.get(attribute)?;
    if attribute.get("state").and_then(Value::as_str) == Some("unknown") {
        return None;
    }
    let confidence = attribute.get("confidence").and_then(Value::as_f64).unwrap_or_default();
    Some((attribute.get("value")?.as_str()?, confidence))
}

/// A field that is a text.
pub fn text<'r>(row: &'r Value, name: &str) -> &'r str {
    row.get(name).and_then(Value::as_str).unwrap_or_default()
}
