//! What the platform shows: made by each conclusion, never changed, swapped in whole.

mod coverage;
mod detail;
mod facet;
mod filter;
mod former;
mod inventory;
mod list;
mod map;
mod overview;
mod questions;
mod row;
mod taken;
mod unseen;

use std::sync::OnceLock;

use analysis::inventory::{Conclusion, Device, Flow, WeaknessRow};
use analysis::packed::{PackedDevices, PackedFlows};
use hashbrown::HashMap;
use model::Timestamp;

pub use coverage::{Coverage, Loss, SourceRow, StoreState};
pub use detail::{DeviceDetail, Why};
pub use filter::Filter;
pub use list::{DeviceList, Sort, cell, export_csv};
pub use map::{Group, MapData};
pub use overview::Overview;
pub use questions::Question;
pub use row::{Claim, DeviceRow, RowRisk, asserted, label};
pub use taken::Taken;

use super::corrections::{Corrections, Placed};
use super::hearing::Hearing;
use crate::knowledge::Known;

/// Clocks of sensors may be ahead of ours by so many nanoseconds: a day.
const AHEAD: i64 = 86_400_000_000_000;
/// An end of a flow that is no device.
const NO_PLACE: u32 = u32::MAX;

/// Everything that is known at one moment.
pub struct View {
    /// Counts the conclusions.
    pub version: u64,
    /// The devices in rows, in order of identifier.
    pub rows: Vec<DeviceRow>,
    /// The same in full.
    pub devices: PackedDevices,
    /// Who talks with whom.
    pub flows: PackedFlows,
    /// What else was concluded.
    pub conclusion: Conclusion,
    /// The place of each owner that is a device.
    place_of: Vec<u32>,
    flows_of: FlowsOf,
    /// Whom everything that people said is of.
    said: Placed,
    /// What is known through each device, by place.
    fronts: HashMap<String, Vec<u32>>,
    /// The newest moment that anything was seen.
    pub newest: Option<Timestamp>,
    ranks: list::Ranks,
    columns: OnceLock<facet::Columns>,
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
        taken: Taken<'_>,
        conclusion: Conclusion,
        known: &Known,
        corrections: &Corrections,
        hearing: &Hearing,
    ) -> Self {
        let Taken { mut devices, mut rows, mut flows, ends, mut kept, .. } = taken;
        let said = Placed::new(corrections, &kept, &|id| place_of(&rows, id), known.knowledge.attributes());
        said.apply(&mut kept, known, |place, device| {
            devices.replace(place, device);
            if let Some(row) = rows.get_mut(place) {
                *row = DeviceRow::new(device, &known.knowledge, true);
            }
        });
        devices.shrink();
        flows.shrink();
        rows.shrink_to_fit();
        for weakness in &conclusion.weaknesses {
            let place = place_of(&rows, &weakness.device);
            if let Some(row) = place.and_then(|place| rows.get_mut(place)) {
                row.weaknesses = row.weaknesses.saturating_add(1);
                row.weak.push(weakness.kind.name());
            }
        }
        let mut fronts: HashMap<String, Vec<u32>> = HashMap::new();
        for (number, row) in (0_u32..).zip(&rows) {
            if let Some(parent) = &row.behind {
                fronts.entry_ref(parent).or_default().push(number);
            }
        }
        // What was stamped by a clock that is ahead would make everything else old.
        let is_past = |last: &Timestamp| hearing.now == 0 || last.0 <= hearing.now.saturating_add(AHEAD);
        let newest = rows.iter().filter_map(|row| row.last).filter(is_past).max();
        for row in &mut rows {
            row.silence = hearing.silence(newest, row.last);
        }
        let names = conclusion.owners.names().iter();
        let place_of: Vec<u32> =
            names.map(|name| place_of(&rows, name).map_or(NO_PLACE, |place| place as u32)).collect();
        Self {
            version,
            flows_of: FlowsOf::new(&ends, &place_of, rows.len()),
            place_of,
            devices,
            rows,
            flows,
            conclusion,
            said,
            fronts,
            newest,
            ranks: list::Ranks::default(),
            columns: OnceLock::new(),
            questions: OnceLock::new(),
            directions: OnceLock::new(),
            unseen: OnceLock::new(),
            maps: Default::default(),
        }
    }

    /// Says of each device how risky it is, as far as that is reckoned.
    pub fn mark(&mut self, risks: &HashMap<String, RowRisk>) {
        for row in &mut self.rows {
            row.risk = risks.get(&row.id).copied();
        }
    }

    /// The place of a device, by its identifier.
    pub fn place(&self, id: &str) -> Option<usize> {
        place_of(&self.rows, id)
    }

    /// The row of a device.
    pub fn row(&self, id: &str) -> Option<&DeviceRow> {
        self.rows.get(self.place(id)?)
    }

    /// A device in full.
    pub fn device(&self, id: &str) -> Option<Device> {
        self.devices.get(self.place(id)?)
    }

    /// The place of an end of a flow, if it is a device.
    fn place_of_end(&self, owner: u32) -> Option<usize> {
        self.place_of.get(owner as usize).filter(|place| **place != NO_PLACE).map(|place| *place as usize)
    }

    /// The name of an end of a flow.
    fn name_of_end(&self, owner: u32) -> &str {
        self.conclusion.owners.names().get(owner as usize).map_or("", |name| name)
    }

    fn flow(&self, number: u32) -> Option<Flow> {
        self.flows.get(number as usize, &self.conclusion.owners)
    }

    /// The weaknesses of a device: they are in order of devices.
    fn weaknesses_of(&self, id: &str) -> &[WeaknessRow] {
        let all = &self.conclusion.weaknesses;
        let begin = all.partition_point(|row| *row.device < *id);
        let end = all.partition_point(|row| *row.device <= *id);
        all.get(begin..end).unwrap_or_default()
    }
}

fn place_of(rows: &[DeviceRow], id: &str) -> Option<usize> {
    rows.binary_search_by(|row| row.id.as_str().cmp(id)).ok()
}

/// The flows of each device.
struct FlowsOf {
    /// Where those of each place begin, and where the last end.
    begins: Vec<u32>,
    numbers: Vec<u32>,
}

impl FlowsOf {
    fn new(ends: &[(u32, u32)], place_of: &[u32], devices: usize) -> Self {
        let places = |(from, to): &(u32, u32)| {
            let place = |owner: u32| place_of.get(owner as usize).copied().unwrap_or(NO_PLACE);
            let (from, to) = (place(*from), place(*to));
            // Who talks with itself is told once.
            let to = if from == to { NO_PLACE } else { to };
            [from, to].into_iter().filter(|place| *place != NO_PLACE)
        };
        let mut begins = vec![0_u32; devices.saturating_add(1)];
        for place in ends.iter().flat_map(places) {
            if let Some(count) = begins.get_mut(place as usize) {
                *count = count.saturating_add(1);
            }
        }
        let mut sum = 0_u32;
        for begin in &mut begins {
            sum = sum.saturating_add(std::mem::replace(begin, sum));
        }
        let mut next = begins.clone();
        let mut numbers = vec![0_u32; sum as usize];
        for (number, ends) in (0_u32..).zip(ends) {
            for place in places(ends) {
                let Some(at) = next.get_mut(place as usize) else { continue };
                if let Some(slot) = numbers.get_mut(*at as usize) {
                    *slot = number;
                }
                *at = at.saturating_add(1);
            }
        }
        Self { begins, numbers }
    }

    /// Those of a place, by number.
    fn of(&self, place: usize) -> &[u32] {
        let at = |place: usize| self.begins.get(place).map(|at| *at as usize);
        let range = at(place).zip(at(place.saturating_add(1)));
        range.and_then(|(begin, end)| self.numbers.get(begin..end)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flows_are_found_from_both_ends() {
        // Owners 0 and 2 are the devices at places 1 and 0; owner 1 is none.
        let place_of = [1, NO_PLACE, 0];
        let flows = FlowsOf::new(&[(0, 1), (0, 2), (2, 2), (1, 1), (2, 0)], &place_of, 2);
        assert_eq!((flows.of(0), flows.of(1), flows.of(2)), (&[1, 2, 4][..], &[0, 1, 4][..], &[][..]));
    }
}
