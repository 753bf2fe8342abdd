//! Telephone servers: one of Cisco's and one Asterisk.

use super::habits::computer_room;
use super::{Kind, Routine};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::LINUX;
use crate::hospital::Around;
use crate::place::Zone;

/// How they call themselves: the first serves Cisco's telephones.
pub const AGENTS: [&str; 2] = ["Cisco-CUCM12.5", "Asterisk PBX 18.9-cert5"];

/// Telephone servers.
pub struct TelephoneServer;

impl Kind for TelephoneServer {
    fn name(&self) -> &'static str {
        "telephone_server"
    }

    fn count(&self, _: usize) -> usize {
        AGENTS.len()
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        let name = if number == 0 { "cucm1" } else { "pbx1" };
        let bed = u64::try_from(number).unwrap_or(0).saturating_add(10);
        Device::new(name, draw.mac([0x00, 0x50, 0x56]), LINUX, Zone::Servers)
            .does(&["telephone_server"])
            .is("virtual_machine", "", &[])
            .at(computer_room(bed))
            .on_time()
    }

    fn speak(&self, _: &Device, _: &Around, _: &mut Draw) -> Vec<Routine> {
        Vec::new()
    }
}
