//! Which devices are looked at first: those that serve patients, those with weaknesses, those that are known.

use std::cmp::Reverse;

use analysis::inventory::{Device, Flow, Inventory};
use analysis::knowledge::Knowledge;
use hashbrown::HashMap;

use crate::words::{is_medical, what};

/// The devices in that order.
pub struct Order<'a> {
    /// What is put in order.
    pub inventory: &'a Inventory,
    /// Weaknesses of each device that has any.
    weaknesses: HashMap<&'a str, usize>,
    /// Places in the list of devices.
    places: Vec<usize>,
}

impl<'a> Order<'a> {
    /// Puts the devices in order.
    pub fn new(inventory: &'a Inventory, knowledge: &'a Knowledge) -> Self {
        let mut weak: HashMap<&str, usize> = HashMap::new();
        for weakness in &inventory.weaknesses {
            let known = weak.entry(&weakness.device).or_default();
            *known = known.saturating_add(1);
        }
        let key = |(place, device): (usize, &'a Device)| {
            let kind = what(device, knowledge).map(|(label, _)| label);
            let weaknesses = weak.get(device.id.as_str()).copied().unwrap_or(0);
            let rank = (!is_medical(device, knowledge), Reverse(weaknesses), kind.is_none());
            (rank, kind, device.name.as_str(), place)
        };
        let mut keys: Vec<_> = inventory.devices.iter().enumerate().map(key).collect();
        keys.sort_unstable();
        Self { inventory, weaknesses: weak, places: keys.into_iter().map(|(.., place)| place).collect() }
    }

    /// How many weaknesses the device has, if any.
    pub fn weaknesses(&self, device: &Device) -> Option<usize> {
        self.weaknesses.get(device.id.as_str()).copied()
    }

    /// The devices, first those that matter most.
    pub fn devices(&self) -> impl Iterator<Item = &'a Device> {
        self.places.iter().filter_map(|place| self.inventory.devices.get(*place))
    }

    /// Which devices are among the first `most`, by place in their list; `None` if all are.
    pub fn first_devices(&self, most: usize) -> Option<Vec<bool>> {
        chosen(&self.places, most)
    }

    /// Which flows to show if no more than `most` can be, by place in their list: those of the first devices, so that what
    /// is shown of a device is whole. `None` if all can.
    pub fn flows_of_first(&self, most: usize) -> Option<Vec<bool>> {
        let flows = &self.inventory.flows;
        if flows.len() <= most {
            return None;
        }
        let ranks: HashMap<&str, usize> =
            self.devices().enumerate().map(|(rank, device)| (device.id.as_str(), rank)).collect();
        let of = |id: &str| ranks.get(id).copied().unwrap_or(usize::MAX);
        let ranked = |(place, flow): (usize, &Flow)| (of(&flow.from).min(of(&flow.to)), place);
        let mut places: Vec<(usize, usize)> = flows.iter().enumerate().map(ranked).collect();
        places.sort_unstable();
        let places: Vec<usize> = places.into_iter().map(|(_, place)| place).collect();
        chosen(&places, most)
    }
}

/// Which of the places are among the first `most`; `None` if all are.
fn chosen(places: &[usize], most: usize) -> Option<Vec<bool>> {
    if places.len() <= most {
        return None;
    }
    let mut is_chosen = vec![false; places.len()];
    for place in places.iter().take(most) {
        if let Some(is_chosen) = is_chosen.get_mut(*place) {
            *is_chosen = true;
        }
    }
    Some(is_chosen)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use analysis::inventory::{Attribute, One, Owners, WeaknessRow};
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
            device: device.into(),
            kind: Weakness::ObsoleteTls,
            protocol: "tls",
            peer: None,
            count: 1,
            first: Timestamp(0),
            last: Timestamp(0),
            capture: "".into(),
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
            inside: Vec::new(),
            owners: Owners::default(),
            counters: BTreeMap::new(),
        };
        let order = Order::new(&inventory, &known.knowledge);
        let ids: Vec<&str> = order.devices().map(|device| device.id.as_str()).collect();
        assert_eq!(ids, ["e", "c", "f", "d", "b", "a"]);
        assert_eq!(order.first_devices(2), Some(vec![false, false, true, false, true, false]));
        assert_eq!(order.first_devices(6), None);
    }
}
