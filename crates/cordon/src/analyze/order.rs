//! Which devices are looked at first: those that serve patients, those with weaknesses, those that are known.

use std::collections::{BTreeMap, BTreeSet};

use analysis::inventory::{Device, Flow, Inventory};
use analysis::knowledge::Knowledge;

use crate::words::{is_medical, what};

/// Weaknesses of each device that has any.
pub fn weaknesses(inventory: &Inventory) -> BTreeMap<&str, usize> {
    let mut weak: BTreeMap<&str, usize> = BTreeMap::new();
    for weakness in &inventory.weaknesses {
        let known = weak.entry(&weakness.device).or_default();
        *known = known.saturating_add(1);
    }
    weak
}

/// Places in the list of devices, the most useful first.
pub fn places(inventory: &Inventory, knowledge: &Knowledge) -> Vec<usize> {
    let weak = weaknesses(inventory);
    let key = |device: &Device| {
        let kind = what(device, knowledge).map(|(label, _)| label);
        let weaknesses = weak.get(device.id.as_str()).copied().unwrap_or(0);
        let rank = (!is_medical(device, knowledge), std::cmp::Reverse(weaknesses), kind.is_none());
        (rank, kind, device.name.clone(), device.id.clone())
    };
    let mut places: Vec<usize> = (0..inventory.devices.len()).collect();
    places.sort_by_cached_key(|place| inventory.devices.get(*place).map(key));
    places
}

/// The first `most` of these places, to be asked in the order of the list.
pub fn chosen(places: Vec<usize>, most: usize) -> BTreeSet<usize> {
    places.into_iter().take(most).collect()
}

/// Places in the list of flows: those of devices in the order given, so that what is shown of a device is whole.
pub fn flows(inventory: &Inventory, devices: &[usize]) -> Vec<usize> {
    let known = devices.iter().enumerate();
    let ranks: BTreeMap<&str, usize> =
        known.filter_map(|(rank, place)| Some((inventory.devices.get(*place)?.id.as_str(), rank))).collect();
    let rank = |flow: &Flow| {
        let of = |id: &str| ranks.get(id).copied().unwrap_or(usize::MAX);
        of(&flow.from).min(of(&flow.to))
    };
    let mut places: Vec<usize> = (0..inventory.flows.len()).collect();
    places.sort_by_cached_key(|place| (inventory.flows.get(*place).map_or(usize::MAX, rank), *place));
    places
}

#[cfg(test)]
mod tests {
    use analysis::inventory::{Attribute, One, WeaknessRow};
    use model::{Timestamp, Weakness};

    use super::*;

    fn device(id: &str, category: Option<&str>) -> Device {
        let one = One {
            value: category.map(str::to_owned),
            confidence: 0.9,
            state: "probable",
            prior_db: 0.0,
            score_db: 0.0,
            unknown: 0.0,
            rivals: Vec::new(),
            evidence: Vec::new(),
        };
        Device {
            id: id.to_owned(),
            name: id.to_owned(),
            gateway: false,
            behind: None,
            interfaces: Vec::new(),
            attributes: [("category".to_owned(), Attribute::One(one))].into(),
            roles: Vec::new(),
            conflicts: Vec::new(),
            first: None,
            last: None,
            bytes_sent: 0,
            bytes_received: 0,
            peers: 0,
            evidence_turned_away: 0,
        }
    }

    fn weakness(device: &str) -> WeaknessRow {
        WeaknessRow {
            device: device.to_owned(),
            kind: Weakness::ObsoleteTls,
            protocol: "tls",
            peer: None,
            count: 1,
            first: Timestamp(0),
            last: Timestamp(0),
            capture: String::new(),
            frame: 1,
        }
    }

    #[test]
    fn what_serves_patients_and_what_is_weak_comes_first() {
        let known = crate::knowledge::load(&[], None).unwrap();
        let devices = [
            ("a", None),
            ("b", Some("printer")),
            ("c", Some("infusion_pump")),
            ("d", Some("printer")),
            ("e", Some("infusion_pump")),
            ("f", None),
        ];
        let inventory = Inventory {
            devices: devices.map(|(id, category)| device(id, category)).into(),
            flows: Vec::new(),
            weaknesses: ["d", "e", "f", "f"].map(weakness).into(),
            owners: Vec::new(),
            counters: BTreeMap::new(),
        };
        let places = places(&inventory, &known.knowledge);
        let ids: Vec<&str> = places.iter().map(|place| inventory.devices[*place].id.as_str()).collect();
        assert_eq!(ids, ["e", "c", "f", "d", "b", "a"]);
        assert_eq!(chosen(places, 2), [2, 4].into());
    }
}
