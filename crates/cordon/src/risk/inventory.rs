//! Devices as `cordon analyze` wrote them, and what of them their risk depends on.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use serde_json::Value;

use super::assess::Seen;
use crate::failure::{Failure, said};
use crate::folder::{DEVICES, FLOWS, WEAKNESSES};

/// States of an attribute below which its value is not asserted.
const UNKNOWN: &str = "unknown";

/// Ports of a device that are kept.
const SERVICES_MAX: usize = 256;

/// Devices, and who of them was seen to speak to whom.
#[derive(Debug, Default)]
pub struct Inventory {
    /// Devices, in the order of the file.
    pub devices: Vec<Seen>,
    /// Who was answered by whom: places of both among the devices, with the application.
    pub links: BTreeMap<(usize, usize), String>,
}

/// Reads a folder of results.
pub fn read(folder: &Path) -> Result<Inventory, Failure> {
    let mut devices = Vec::new();
    let mut places = BTreeMap::new();
    rows(folder, DEVICES, &mut |row| {
        let device = seen(row);
        places.insert(device.id.clone(), devices.len());
        devices.push(device);
    })?;
    rows(folder, WEAKNESSES, &mut |row| {
        let Some(device) = places.get(text(row, "device")).and_then(|place| devices.get_mut(*place)) else { return };
        let from = format!("{} of {}, frame {}", text(row, "protocol"), text(row, "capture"), row["frame"]);
        device.weaknesses.entry(text(row, "kind").to_owned()).or_insert(from);
    })?;
    let mut inventory = Inventory { devices, links: BTreeMap::new() };
    rows(folder, FLOWS, &mut |row| {
        if row["answered"].as_u64() == Some(0) {
            return;
        }
        let port = row.pointer("/service/port").and_then(Value::as_u64).and_then(|port| port.try_into().ok());
        let spoken =
            Spoken { application: row["application"].as_str(), port, is_external: text(row, "scope") == "external" };
        let (from, to) = (text(row, "from"), text(row, "to"));
        inventory.spoke((from, places.get(from).copied()), (to, places.get(to).copied()), &spoken);
    })?;
    Ok(inventory)
}

/// What two ends spoke of.
pub struct Spoken<'a> {
    /// The application, if it was recognised.
    pub application: Option<&'a str>,
    /// The port of the service, if it has one.
    pub port: Option<u16>,
    /// Whether one end lies beyond the hospital.
    pub is_external: bool,
}

impl Inventory {
    /// Somebody spoke to somebody and was answered; each end with its place, if it is a device.
    pub fn spoke(&mut self, from: (&str, Option<usize>), to: (&str, Option<usize>), spoken: &Spoken<'_>) {
        if let (Some(from), Some(to)) = (from.1, to.1) {
            let application = spoken.application.unwrap_or_default();
            self.links.entry((from, to)).or_insert_with(|| application.to_owned());
        }
        if let (Some(place), Some(port)) = (to.1, spoken.port) {
            self.answered(place, port, from.0, spoken.application);
        }
        if !spoken.is_external {
            return;
        }
        let service = match (spoken.application, spoken.port) {
            (Some(application), _) => application.to_owned(),
            (None, Some(port)) => format!("port {port}"),
            (None, None) => "a protocol without ports".to_owned(),
        };
        if let Some(device) = from.1.and_then(|place| self.devices.get_mut(place)) {
            device.outwards.get_or_insert_with(|| format!("{service} to {}", to.0.trim_start_matches("external:")));
        } else if let Some(device) = to.1.and_then(|place| self.devices.get_mut(place)) {
            device.inwards.get_or_insert_with(|| format!("{service} from {}", from.0.trim_start_matches("external:")));
        }
    }
}

impl Inventory {
    /// A device spoke on a port. Refusals are answers too: only what was recognised shows that something is there.
    fn answered(&mut self, place: usize, port: u16, whom: &str, application: Option<&str>) {
        let device = self.devices.get_mut(place).filter(|device| device.services.len() < SERVICES_MAX);
        let (Some(device), Some(what)) = (device, application) else { return };
        device.services.entry(port).or_insert_with(|| format!("{what} to {}", whom.trim_start_matches("external:")));
    }
}

fn seen(row: &Value) -> Seen {
    let attributes = row["attributes"].as_object().into_iter().flatten();
    let stated = attributes.filter_map(|(name, attribute)| {
        let one = match attribute["values"].as_array() {
            Some(values) => values.first()?,
            None => attribute,
        };
        let value = one["value"].as_str().filter(|_| one["state"] != UNKNOWN)?;
        Some((name.clone(), value.to_owned()))
    });
    let interfaces = row["interfaces"].as_array().into_iter().flatten();
    let addresses = interfaces.flat_map(|interface| interface["addresses"].as_array().into_iter().flatten());
    Seen {
        id: text(row, "id").to_owned(),
        name: text(row, "name").to_owned(),
        attributes: stated.collect::<BTreeMap<_, _>>(),
        addresses: addresses.filter_map(|address| text(address, "ip").parse().ok()).collect(),
        ..Seen::default()
    }
}

fn text<'a>(row: &'a Value, member: &str) -> &'a str {
    row[member].as_str().unwrap_or_default()
}

/// Every row of a file; none where there is no such file.
fn rows(folder: &Path, name: &str, take: &mut dyn FnMut(&Value)) -> Result<(), Failure> {
    let path = folder.join(name);
    let file = match File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && name != DEVICES => return Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(Failure::Wrong(format!(
                "{}: no results there: run `cordon analyze CAPTURE --out {}` first, or name their folder with --flows",
                path.display(),
                folder.display()
            )));
        }
        Err(error) => return Err(Failure::reading(&path, &error)),
    };
    for (number, line) in BufReader::new(file).lines().enumerate() {
        let line = line.map_err(|error| Failure::reading(&path, &error))?;
        let row = serde_json::from_str(&line).map_err(|error| {
            let place = format!("{} line {}", path.display(), number.saturating_add(1));
            Failure::Failed(format!("{place}: {}: analyse the capture anew", said(&error.into())))
        })?;
        take(&row);
    }
    Ok(())
}
