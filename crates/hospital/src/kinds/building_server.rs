//! The building's server: it reads and sets heating, air and gas supply, and looks after doors and batteries.

use super::{Kind, Routine};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::WINDOWS;
use crate::hospital::Around;
use crate::place::{Spot, Zone};

/// The building's server.
pub struct BuildingServer;

impl Kind for BuildingServer {
    fn name(&self) -> &'static str {
        "building_server"
    }

    fn count(&self, _: usize) -> usize {
        1
    }

    fn make(&self, draw: &mut Draw, _: usize) -> Device {
        Device::new("bms1", draw.mac([0x00, 0x14, 0x38]), WINDOWS, Zone::Building)
            .is("server", "Hewlett Packard Enterprise", &["vendor"])
            .does(&["building_management"])
            .at(Spot { building: 1, floor: 0, unit: "TEC", bed: 1 })
            .on_time()
    }

    fn speak(&self, _: &Device, _: &Around, _: &mut Draw) -> Vec<Routine> {
        Vec::new()
    }
}
