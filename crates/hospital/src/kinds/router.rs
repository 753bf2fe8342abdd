//! The router between all networks of a site, a Cisco: every device on a network reaches the others through it.

use super::{Kind, Routine};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::NETWORK;
use crate::hospital::Around;
use crate::place::{Spot, Zone};
use crate::rhythm::Rhythm;
use crate::talk::neighbours::{capability, cdp, lldp};

const SOFTWARE: &str = "Cisco IOS Software [Gibraltar], Catalyst L3 Switch Software (CAT9K_IOSXE), Version 16.12.4, \
    RELEASE SOFTWARE (fc5)";

/// The router between all networks.
pub struct Router;

impl Kind for Router {
    fn name(&self) -> &'static str {
        "router"
    }

    fn count(&self, _: usize) -> usize {
        1
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        // The first is in the middle; each of the others leads to a site.
        let name = if number == 0 { "rt-core-1".to_owned() } else { format!("rt-site-{number}") };
        let building = u64::try_from(number).unwrap_or(0).saturating_add(1);
        Device::new(name, draw.mac([0x00, 0x01, 0x43]), NETWORK, Zone::Management)
            .is("network_device", "Cisco", &["category", "vendor"])
            .does(&["dhcp_relay", "dhcp_server", "router"])
            .at(Spot { building, floor: 0, unit: "IT", bed: 1 })
    }

    fn speak(&self, me: &Device, _: &Around, draw: &mut Draw) -> Vec<Routine> {
        let (name, station) = (me.name.clone(), me.station);
        vec![Routine::new(Rhythm::every(60, draw), move |tape, at, _| {
            let host = crate::talk::Host { station, name: &name };
            lldp(tape, at, &host, "Te1/1/1", SOFTWARE, capability::ROUTER | capability::BRIDGE, None);
            cdp(tape, at.after_ms(300), &host, "TenGigabitEthernet1/1/1", "cisco C9500-40X", SOFTWARE, 0x29);
        })]
    }
}
