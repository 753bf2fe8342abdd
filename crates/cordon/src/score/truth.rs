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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A station with a hardware address, and a device behind it that only has what tells it from others.
    fn device(number: usize, behind: Option<usize>, is: &[(&str, &str)]) -> Device {
        Device {
            number,
            name: format!("device {number}"),
            mac: behind.is_none().then(|| "00:12:21:00:00:01".to_owned()),
            addresses: Vec::new(),
            behind,
            is: is.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            told: Vec::new(),
            roles: Vec::new(),
            weaknesses: Vec::new(),
        }
    }

    #[test]
    fn a_device_behind_another_is_found_by_any_attribute_that_identifies_it() {
        let child = |id: &str, attribute: &str, value: &str| {
            let said = json!({ "state": "probable", "value": value, "confidence": 0.96 });
            json!({ "id": id, "behind": "gateway", "interfaces": [], "attributes": { attribute: said } })
        };
        let gateway = json!({ "id": "gateway", "interfaces": [{ "mac": "00:12:21:00:00:01" }], "attributes": {} });
        let rows = [gateway, child("first", "serial", "SN-1"), child("second", "asset_tag", "P00042")];
        let truth = Truth {
            format: hospital::truth::FORMAT,
            devices: vec![
                device(0, None, &[]),
                device(1, Some(0), &[("serial", "SN-1")]),
                device(2, Some(0), &[("asset_tag", "P00042")]),
                device(3, Some(0), &[("serial", "P00042")]),
            ],
            flows: Vec::new(),
        };
        let found = Seen::new(rows.to_vec()).matched(&truth);
        assert_eq!(found.into_values().collect::<Vec<_>>(), ["gateway", "first", "second"]);
    }
}
