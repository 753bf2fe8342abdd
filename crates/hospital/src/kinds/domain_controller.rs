//! The Windows domain controller: addresses, names, sign-ins, files.

use super::{Kind, Routine};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::WINDOWS;
use crate::hospital::Around;
use crate::place::{Spot, Zone};

const MAKERS: [(&str, [u8; 3]); 3] =
    [("Dell", [0x8c, 0xec, 0x4b]), ("HP", [0x04, 0x0e, 0x3c]), ("Lenovo", [0x80, 0x96, 0x21])];

/// The Windows domain controller.
pub struct DomainController;

impl Kind for DomainController {
    fn name(&self) -> &'static str {
        "domain_controller"
    }

    fn count(&self, _: usize) -> usize {
        1
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        let (vendor, prefix) = draw.pick(&MAKERS).copied().unwrap_or_default();
        Device::new(format!("DC{}", number.saturating_add(1)), draw.mac(prefix), WINDOWS, Zone::Servers)
            .is("server", vendor, &[])
            .does(&["dhcp_server", "directory", "dns_server", "file_server"])
            .at(Spot { building: 1, floor: 0, unit: "IT", bed: 1 })
            .on_time()
    }

    fn speak(&self, _: &Device, _: &Around, _: &mut Draw) -> Vec<Routine> {
        Vec::new()
    }
}
