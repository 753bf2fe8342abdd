//! Somebody plugs something in where the monitors are.

use super::{Act, Attack, after_start, every_ms, moment};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::LINUX;
use crate::hospital::Around;
use crate::kinds::{Routine, udp};
use crate::place::Zone;
use crate::rhythm::{Rhythm, Span};
use crate::talk::names;

/// An unknown device on a life-critical network.
pub struct UnknownDevice;

impl Attack for UnknownDevice {
    fn name(&self) -> &'static str {
        "unknown_device"
    }

    fn techniques(&self) -> &'static [&'static str] {
        &["T0864", "T1200"]
    }

    fn brings(&self, draw: &mut Draw) -> Option<Device> {
        // A single-board computer.
        let device = Device::new("raspberrypi", draw.mac([0xb8, 0x27, 0xeb]), LINUX, Zone::Clinical);
        Some(device.is("computer", "Raspberry Pi", &[]))
    }

    fn act(&self, around: &Around, span: Span, draw: &mut Draw) -> Option<Act> {
        let by = around.all(self.name()).next()?;
        let server = around.all("domain_controller").next()?;
        let (me, to) = (by.station, server.station);
        let start = moment(span, draw);
        let rhythm = Rhythm::At(after_start(span, every_ms(45_000, start, 80)));
        let asks = Routine::new(rhythm, move |tape, at, turn| {
            if turn == 0 {
                tape.arp_claim(at, &me);
            }
            names::lookup(tape, at.after_s(3), &me, &to, "raspbian.raspberrypi.example", None);
        });
        let routines = vec![asks.over(udp(by, server, 53, "dns"))];
        Some(Act { by: by.number, start, end: start.after_s(3_600), routines, silences: Vec::new() })
    }
}
