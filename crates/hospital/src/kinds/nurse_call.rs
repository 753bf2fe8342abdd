//! The nurse call system (Rauland Responder 5): learns of admissions from the interface engine, and of alarms from the
//! alarm server. It says who it is in what it acknowledges, and nowhere else.

use super::{Kind, Routine, tcp};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::WINDOWS;
use crate::hospital::Around;
use crate::place::{Spot, Zone};
use crate::rhythm::{CLINIC, Rhythm};
use crate::talk::hl7;
use crate::talk::mllp::{Ends, Line};

const ADMISSIONS: u16 = 8_001;

/// The nurse call system.
pub struct NurseCall;

impl Kind for NurseCall {
    fn name(&self) -> &'static str {
        "nurse_call"
    }

    fn count(&self, _: usize) -> usize {
        1
    }

    fn make(&self, draw: &mut Draw, _: usize) -> Device {
        Device::new("nursecall1", draw.mac([0x00, 0x90, 0x5e]), WINDOWS, Zone::Servers)
            .is("nurse_call", "Rauland", &["category", "vendor"])
            .named("Responder", "", "")
            .does(&["hl7_receiver"])
            .shows(&["cleartext_medical"])
            .at(Spot { building: 1, floor: 0, unit: "IT", bed: 9 })
            .on_time()
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        let Some(engine) = around.one("interface_engine", me) else { return Vec::new() };
        let ends = Ends {
            from: engine.station,
            to: me.station,
            port: ADMISSIONS,
            sender: "MIRTH|IT".to_owned(),
            receiver: "RESPONDER 5|RAULAND".to_owned(),
        };
        let mut line = Line::new(ends);
        let times = u64::try_from(around.devices().len()).unwrap_or(0).div_euclid(4).max(20);
        let admissions = Routine::new(Rhythm::daily(times, CLINIC, draw), move |tape, at, turn| {
            line.send(tape, at, [hl7::admission(u32::try_from(turn).unwrap_or(0))]);
        });
        vec![admissions.over(tcp(engine, me, ADMISSIONS, "hl7").doing(&["ADT^A01"]))]
    }
}
