//! What the platform shows: made by each conclusion, never changed, swapped in whole.

mod coverage;
mod detail;
mod filter;
mod list;
mod map;
mod overview;
mod questions;
mod row;
mod unseen;

use std::sync::OnceLock;

use analysis::inventory::{Device, Inventory};
use hashbrown::HashMap;
use model::Timestamp;

pub use coverage::{Coverage, Loss, SourceRow, StoreState};
pub use detail::{DeviceDetail, Why};
pub use filter::Filter;
pub use list::{DeviceList, Sort, cell, export_csv};
pub use map::{Group, MapData};
pub use overview::Overview;
pub use questions::Question;
pub use row::{Claim, DeviceRow, asserted, label};

use super::corrections::Corrections;
use super::sources::Blind;
use crate::knowledge::Known;

/// When what is not heard is silent, and when nobody could hear.
#[derive(Clone, Debug, Default)]
pub struct Hearing {
    /// After so many nanoseconds without a sign a device is silent.
    pub silent_after: u64,
    /// Times in which a card could not hear.
    pub blind: Vec<Blind>,
}

impl Hearing {
    /// Whether a device that was last seen then is silent now: time in which nobody could hear does not count.
    fn silence(&self, newest: Option<Timestamp>, last: Option<Timestamp>) -> &'static str {
        let (Some(newest), Some(last)) = (newest, last) else { return "heard" };
        let unseen = newest.since(last);
        if unseen <= self.silent_after {
            return "heard";
        }
        let (mut deaf, mut upto) = (0_u64, last);
        for Blind { from, to, .. } in &self.blind {
            let (from, to) = ((*from).max(upto), (*to).min(newest));
            if from < to {
                (deaf, upto) = (deaf.saturating_add(to.since(from)), to);
            }
        }
        if unseen.saturating_sub(deaf) > self.silent_after { "silent" } else { "blind" }
    }
}

/// Everything that is known at one moment.
pub struct View {
    /// Counts the conclusions.
    pub version: u64,
    /// What is known, in full.
    pub inventory: Inventory,
    /// The devices in rows, in the order of the inventory: by identifier.
    pub rows: Vec<DeviceRow>,
    places: HashMap<String, usize>,
    /// Flows of each device, by place.
    flows: Vec<Vec<u32>>,
    /// Weaknesses of each device, by place.
    weaknesses: Vec<Vec<u32>>,
    /// What is known through each device, by place.
    fronts: HashMap<String, Vec<u32>>,
    /// The newest moment that anything was seen.
    pub newest: Option<Timestamp>,
    ranks: list::Ranks,
    questions: OnceLock<Vec<Question>>,
    directions: OnceLock<coverage::Directions>,
    unseen: OnceLock<Option<unseen::Unseen>>,
    /// The map of everything, as JSON, by what it is grouped by.
    maps: [OnceLock<String>; Group::ALL.len()],
}

impl View {
    /// Takes over what was concluded.
    pub fn new(
        version: u64,
        mut inventory: Inventory,
        known: &Known,
        corrections: &Corrections,
        hearing: &Hearing,
    ) -> Self {
        corrections.apply(&mut inventory, known);
        let knowledge = &known.knowledge;
        let devices = &inventory.devices;
        let mut rows: Vec<DeviceRow> =
            devices.iter().map(|device| DeviceRow::new(device, knowledge, corrections.has(&device.id))).collect();
        let places: HashMap<String, usize> =
            devices.iter().enumerate().map(|(place, device)| (device.id.clone(), place)).collect();
        let mut flows = vec![Vec::new(); devices.len()];
        for (number, flow) in (0_u32..).zip(&inventory.flows) {
            let mut ends = [places.get(&*flow.from), places.get(&*flow.to)];
            if ends.first() == ends.last() {
                ends = [ends.first().copied().flatten(), None];
            }
            for place in ends.into_iter().flatten() {
                if let Some(list) = flows.get_mut(*place) {
                    list.push(number);
                }
            }
        }
        let mut weaknesses = vec![Vec::new(); devices.len()];
        for (number, weakness) in (0_u32..).zip(&inventory.weaknesses) {
            let Some(place) = places.get(&*weakness.device) else { continue };
            if let (Some(list), Some(row)) = (weaknesses.get_mut(*place), rows.get_mut(*place)) {
                list.push(number);
                row.weaknesses = row.weaknesses.saturating_add(1);
                row.weak.push(weakness.kind.name());
            }
        }
        let mut fronts: HashMap<String, Vec<u32>> = HashMap::new();
        for (number, device) in (0_u32..).zip(devices) {
            if let Some(parent) = &device.behind {
                fronts.entry(parent.clone()).or_default().push(number);
            }
        }
        let newest = devices.iter().filter_map(|device| device.last).max();
        for row in &mut rows {
            row.silence = hearing.silence(newest, row.last);
        }
        Self {
            version,
            inventory,
            rows,
            places,
            flows,
            weaknesses,
            fronts,
            newest,
            ranks: list::Ranks::default(),
            questions: OnceLock::new(),
            directions: OnceLock::new(),
            unseen: OnceLock::new(),
            maps: Default::default(),
        }
    }

    /// The place of a device, by its identifier.
    pub fn place(&self, id: &str) -> Option<usize> {
        self.places.get(id).copied()
    }

    /// The row of a device.
    pub fn row(&self, id: &str) -> Option<&DeviceRow> {
        self.rows.get(self.place(id)?)
    }

    /// A device in full.
    pub fn device(&self, id: &str) -> Option<&Device> {
        self.inventory.devices.get(self.place(id)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000_000_000;

    #[test]
    fn time_in_which_nobody_could_hear_does_not_count() {
        let blind =
            |from: i64, to: i64| Blind { card: "eth0".into(), from: Timestamp(from * HOUR), to: Timestamp(to * HOUR) };
        let hearing = |blind: Vec<Blind>| Hearing { silent_after: u64::try_from(10 * HOUR).unwrap(), blind };
        let at = |hour: i64| Some(Timestamp(hour * HOUR));
        assert_eq!(hearing(vec![]).silence(at(100), at(90)), "heard");
        assert_eq!(hearing(vec![]).silence(at(100), at(89)), "silent");
        assert_eq!(hearing(vec![blind(91, 95)]).silence(at(100), at(89)), "blind");
        assert_eq!(
            hearing(vec![blind(91, 95)]).silence(at(105), at(89)),
            "silent",
            "it was heard for long enough since"
        );
        assert_eq!(hearing(vec![blind(0, 80)]).silence(at(100), at(89)), "silent", "that was before");
        // Two cards at once: no hour counts twice.
        assert_eq!(hearing(vec![blind(91, 95), blind(92, 95)]).silence(at(104), at(89)), "silent");
        assert_eq!(hearing(vec![]).silence(at(100), None), "heard");
    }
}
