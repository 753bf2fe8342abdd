//! What the platform shows: made by each conclusion, never changed, swapped in whole.

mod coverage;
mod detail;
mod filter;
mod former;
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

use super::corrections::{Corrections, Placed};
use super::hearing::Hearing;
use crate::knowledge::Known;

/// Clocks of sensors may be ahead of ours by so many nanoseconds: a day.
const AHEAD: i64 = 86_400_000_000_000;

/// Everything that is known at one moment.
pub struct View {
    /// Counts the conclusions.
    pub version: u64,
    /// What is known, in full.
    pub inventory: Inventory,
    /// The devices in rows, in the order of the inventory: by identifier.
    pub rows: Vec<DeviceRow>,
    places: HashMap<String, usize>,
    /// Whom everything that people said is of.
    said: Placed,
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
        let knowledge = &known.knowledge;
        let places: HashMap<String, usize> =
            inventory.devices.iter().enumerate().map(|(place, device)| (device.id.clone(), place)).collect();
        let said = Placed::new(corrections, &inventory, &places, knowledge.attributes());
        said.apply(&mut inventory, known);
        let devices = &inventory.devices;
        let rows = devices.iter().enumerate();
        let mut rows: Vec<DeviceRow> =
            rows.map(|(place, device)| DeviceRow::new(device, knowledge, said.has(place))).collect();
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
        // What was stamped by a clock that is ahead would make everything else old.
        let is_past = |last: &Timestamp| hearing.now == 0 || last.0 <= hearing.now.saturating_add(AHEAD);
        let newest = devices.iter().filter_map(|device| device.last).filter(is_past).max();
        for row in &mut rows {
            row.silence = hearing.silence(newest, row.last);
        }
        Self {
            version,
            inventory,
            rows,
            places,
            said,
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
