//! Routers that makers of devices put into hospitals for their remote service: a small Cisco that keeps a tunnel open and
//! comes to a server by SSH through it.

use super::habits::{Site, outside};
use super::{Kind, Routine, tcp};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::NETWORK;
use crate::hospital::Around;
use crate::place::{Spot, Zone};
use crate::rhythm::{OFFICE, Rhythm};
use crate::talk::{Host, neighbours, ssh};

const SOFTWARE: &str =
    "Cisco IOS Software, C800 Software (C800-UNIVERSALK9-M), Version 15.6(3)M5, RELEASE SOFTWARE (fc1)";
const SERVICE: u8 = 75;

/// Routers of makers.
pub struct VendorRemote;

impl Kind for VendorRemote {
    fn name(&self) -> &'static str {
        "vendor_remote"
    }

    fn count(&self, devices: usize) -> usize {
        devices.div_ceil(2_000)
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        Device::new(
            format!("srs-rt{}", number.saturating_add(1)),
            draw.mac([0xf8, 0xa5, 0xc5]),
            NETWORK,
            Zone::Management,
        )
        .is("router", "Cisco", &["category", "vendor", "model"])
        .named("", "C881-K9", "15.6(3)M5")
        .does(&["router"])
        .at(Spot { building: 1, floor: 0, unit: "RAD", bed: 1 })
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        let (name, station) = (me.name.clone(), me.station);
        let mut routines = vec![Routine::new(Rhythm::every(60, draw), move |tape, at, _| {
            // Capabilities: router alone.
            neighbours::cdp(tape, at, &Host { station, name: &name }, "FastEthernet4", "Cisco C881-K9", SOFTWARE, 0x01);
        })];
        let site = Site::outside(around.outside(SERVICE), "tunnel.maker.example", 2_000);
        let flow = outside(me, site.station.ip, site.port, "tls");
        let alive = Routine::new(Rhythm::every(1_200, draw), move |tape, at, _| site.visited(tape, at, &station, None));
        routines.push(alive.over(flow));
        if let Some(server) = around.one("linux_server", me) {
            let to = server.station;
            let service = Routine::new(Rhythm::daily(2, OFFICE, draw), move |tape, at, _| {
                ssh::session(tape, at, (&station, "PuTTY_Release_0.78"), (&to, "OpenSSH_9.2p1 Debian-2+deb12u3"));
            });
            routines.push(service.over(tcp(me, server, 22, "ssh")));
        }
        routines
    }
}
