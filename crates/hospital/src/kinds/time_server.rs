//! The hospital's clock, by radio.

use super::{Kind, Routine};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::LINUX;
use crate::hospital::Around;
use crate::place::{Spot, Zone};

/// The hospital's clock.
pub struct TimeServer;

impl Kind for TimeServer {
    fn name(&self) -> &'static str {
        "time_server"
    }

    fn count(&self, _: usize) -> usize {
        1
    }

    fn make(&self, draw: &mut Draw, _: usize) -> Device {
        Device::new("clock1", draw.mac([0xec, 0x46, 0x70]), LINUX, Zone::Servers)
            .is("time_server", "Meinberg", &["category"])
            .does(&["ntp_server"])
            .at(Spot { building: 1, floor: 0, unit: "IT", bed: 2 })
    }

    fn speak(&self, _: &Device, _: &Around, _: &mut Draw) -> Vec<Routine> {
        Vec::new()
    }
}
