//! A view as risk sees it.

use std::collections::BTreeMap;

use analysis::inventory::{Attribute, Device};

use super::View;
use crate::risk::{Inventory, Seen, Spoken};

impl View {
    /// The devices and who speaks to whom, as far as risk depends on it. Devices keep their places.
    pub fn inventory(&self) -> Inventory {
        let places = 0..self.rows.len();
        let mut devices: Vec<Seen> = places.filter_map(|place| self.devices.get(place)).map(seen).collect();
        for weakness in &self.conclusion.weaknesses {
            let Some(device) = self.place(&weakness.device).and_then(|place| devices.get_mut(place)) else { continue };
            let from = format!("{} of {}, frame {}", weakness.protocol, weakness.capture, weakness.frame);
            device.weaknesses.entry(weakness.kind.name().to_owned()).or_insert(from);
        }
        let mut inventory = Inventory { devices, links: BTreeMap::new() };
        for flow in self.flows.briefs().filter(|flow| flow.answered > 0) {
            let end = |owner: u32| (self.name_of_end(owner), self.place_of_end(owner));
            let is_external = flow.scope == "external";
            let spoken = Spoken { application: flow.application, port: flow.port, is_external };
            inventory.spoke(end(flow.ends.0), end(flow.ends.1), &spoken);
        }
        inventory
    }
}

fn seen(device: Device) -> Seen {
    let stated = device.attributes.iter().filter_map(|(name, attribute)| {
        let one = match attribute {
            Attribute::One(one) => one,
            Attribute::Many { values } => values.first()?,
        };
        Some((name.clone(), one.value.clone()?))
    });
    Seen {
        attributes: stated.collect(),
        addresses: device.interfaces.iter().flat_map(|each| &each.addresses).map(|address| address.ip).collect(),
        id: device.id,
        name: device.name,
        ..Seen::default()
    }
}
