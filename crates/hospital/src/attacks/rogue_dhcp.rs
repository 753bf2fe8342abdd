//! Somebody answers who asks for an address, and names himself as the way out.

use super::{Act, Attack, after_start, every_ms, moment};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::LINUX;
use crate::hospital::Around;
use crate::kinds::Routine;
use crate::place::Zone;
use crate::rhythm::{Rhythm, Span};
use crate::talk::{Host, Services, dhcp};

/// A second DHCP server.
pub struct RogueDhcp;

impl Attack for RogueDhcp {
    fn name(&self) -> &'static str {
        "rogue_dhcp"
    }

    fn techniques(&self) -> &'static [&'static str] {
        &["T0830", "T1557.003"]
    }

    fn brings(&self, draw: &mut Draw) -> Option<Device> {
        Some(Device::new("intruder-dhcp", draw.mac([0x00, 0x0e, 0xc6]), LINUX, Zone::Office).is("computer", "", &[]))
    }

    fn act(&self, around: &Around, span: Span, draw: &mut Draw) -> Option<Act> {
        let by = around.all(self.name()).next()?;
        let clients: Vec<&Device> = around
            .devices()
            .iter()
            .filter(|device| device.lease.is_some() && device.station.link == by.station.link)
            .collect();
        let client = draw.pick(&clients).copied()?.clone();
        let services = Services { addresses: by.station, names: by.station, ..around.services()? };
        let start = moment(span, draw);
        let rhythm = Rhythm::At(after_start(span, every_ms(90_000, start, 5)));
        let offers = Routine::new(rhythm, move |tape, at, _| {
            let host = Host { station: client.station, name: &client.name };
            if let Some(lease) = client.lease {
                dhcp::lease(tape, at, &services, &host, client.station.ip, &lease);
            }
        });
        let end = start.after_s(6 * 90);
        Some(Act { by: by.number, start, end, routines: vec![offers], silences: Vec::new() })
    }
}
