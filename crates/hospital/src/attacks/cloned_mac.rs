//! A computer takes a monitor's hardware address, and behaves like a computer.

use super::{Act, Attack, after_start, every_ms, moment};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::{LINUX, Station};
use crate::hospital::Around;
use crate::kinds::{Flow, Routine, udp};
use crate::rhythm::{Rhythm, Span};
use crate::talk::names;

/// A hardware address that somebody else has.
pub struct ClonedMac;

impl Attack for ClonedMac {
    fn name(&self) -> &'static str {
        "cloned_mac"
    }

    fn techniques(&self) -> &'static [&'static str] {
        &["T0856", "T1036"]
    }

    fn act(&self, around: &Around, span: Span, draw: &mut Draw) -> Option<Act> {
        let monitors: Vec<&Device> = around.all("patient_monitor").collect();
        let victim = draw.pick(&monitors).copied()?;
        let server = around.all("domain_controller").next()?;
        // The same addresses, another system.
        let clone = Station { stack: LINUX, ..victim.station };
        let to = server.station;
        let start = moment(span, draw);
        let rhythm = Rhythm::At(after_start(span, every_ms(30_000, start, 60)));
        let asks = Routine::new(rhythm, move |tape, at, turn| {
            if turn == 0 {
                tape.arp_claim(at, &clone);
            }
            let name = if turn.is_multiple_of(2) { "deb.debian.org" } else { "archive.kali.example" };
            names::lookup(tape, at.after_s(3), &clone, &to, name, None);
        });
        let flow: Flow = udp(victim, server, 53, "dns");
        let end = start.after_s(30 * 60);
        Some(Act { by: victim.number, start, end, routines: vec![asks.over(flow)], silences: Vec::new() })
    }
}
