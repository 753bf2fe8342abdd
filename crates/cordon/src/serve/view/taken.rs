//! What a view is made of, taken piece by piece while it is concluded: nothing is held twice.

use std::collections::BTreeMap;

use analysis::inventory::{Device, Flow, Taker};
use analysis::packed::{PackedDevices, PackedFlows};

use super::DeviceRow;
use crate::knowledge::Known;
use crate::serve::corrections::{Corrections, Wanted};

/// Everything that was taken.
pub struct Taken<'a> {
    known: &'a Known,
    wanted: Wanted<'a>,
    /// The devices, in order of identifier.
    pub devices: PackedDevices,
    /// Their rows.
    pub rows: Vec<DeviceRow>,
    /// The flows.
    pub flows: PackedFlows,
    /// The ends of each flow, by their numbers among the owners.
    pub ends: Vec<(u32, u32)>,
    /// Devices that something that was said may be of, by place.
    pub kept: BTreeMap<usize, Device>,
}

impl<'a> Taken<'a> {
    /// Nothing yet.
    pub fn new(known: &'a Known, corrections: &'a Corrections) -> Self {
        Self {
            known,
            wanted: Wanted::new(corrections),
            devices: PackedDevices::default(),
            rows: Vec::new(),
            flows: PackedFlows::default(),
            ends: Vec::new(),
            kept: BTreeMap::new(),
        }
    }
}

impl Taker for Taken<'_> {
    fn flow(&mut self, flow: Flow) {
        self.ends.push(flow.ends);
        self.flows.push(&flow);
    }

    fn device(&mut self, device: Device) {
        let knowledge = &self.known.knowledge;
        self.rows.push(DeviceRow::new(&device, knowledge, false));
        self.devices.push(&device);
        if self.wanted.has(&device, knowledge.attributes()) {
            self.kept.insert(self.rows.len().saturating_sub(1), device);
        }
    }
}
