//! Somebody tells a bed's monitor and its router that the other's address is at his own hardware address.

use super::{Act, Attack, after_start, every_ms, moment};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::{LINUX, Station};
use crate::hospital::Around;
use crate::kinds::Routine;
use crate::place::Zone;
use crate::rhythm::{Rhythm, Span};

/// How often the lie is repeated.
const REPEAT_MS: u64 = 2_000;
const TIMES: u64 = 300;

/// ARP spoofing between a monitor and its router.
pub struct ArpSpoof;

impl Attack for ArpSpoof {
    fn name(&self) -> &'static str {
        "arp_spoof"
    }

    fn techniques(&self) -> &'static [&'static str] {
        &["T0830", "T1557.002"]
    }

    fn brings(&self, draw: &mut Draw) -> Option<Device> {
        Some(Device::new("intruder-arp", draw.mac([0x00, 0x0e, 0xc6]), LINUX, Zone::Clinical).is("computer", "", &[]))
    }

    fn act(&self, around: &Around, span: Span, draw: &mut Draw) -> Option<Act> {
        let by = around.all(self.name()).next()?;
        let victims: Vec<&Device> =
            around.all("patient_monitor").filter(|monitor| monitor.station.link == by.station.link).collect();
        let victim = draw.pick(&victims)?.station;
        let me = by.station;
        let start = moment(span, draw);
        let rhythm = Rhythm::At(after_start(span, every_ms(REPEAT_MS, start, TIMES)));
        let lie = Routine::new(rhythm, move |tape, at, _| {
            let router = Station { mac: victim.link.router, ip: victim.link.router_ip, ..victim };
            tape.arp_answer(at, &me.with_address(router.ip), &victim);
            tape.arp_answer(at.after_ms(3), &me.with_address(victim.ip), &router);
        });
        let end = start.after_ms(REPEAT_MS.saturating_mul(TIMES));
        Some(Act { by: by.number, start, end, routines: vec![lie], silences: Vec::new() })
    }
}
