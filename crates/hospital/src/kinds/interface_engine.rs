//! The interface engine: what one system says, it passes on to the others.

use super::{Kind, Routine, tcp};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::LINUX;
use crate::hospital::Around;
use crate::place::{Spot, Zone};
use crate::rhythm::{CLINIC, Rhythm};
use crate::talk::Host;
use crate::talk::hl7::{self, MLLP, Party, exchange};

/// The interface engine.
pub struct InterfaceEngine;

impl Kind for InterfaceEngine {
    fn name(&self) -> &'static str {
        "interface_engine"
    }

    fn count(&self, _: usize) -> usize {
        1
    }

    fn make(&self, draw: &mut Draw, _: usize) -> Device {
        Device::new("engine1", draw.mac([0x00, 0x50, 0x56]), LINUX, Zone::Servers)
            .is("interface_engine", "", &["category"])
            .does(&["hl7_receiver", "hl7_sender", "interface_engine"])
            .shows(&["cleartext_medical"])
            .at(Spot { building: 1, floor: 0, unit: "IT", bed: 4 })
            .on_time()
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        let Some(system) = around.one("hospital_system", me) else { return Vec::new() };
        let (name, station, system_name, system_station) =
            (me.name.clone(), me.station, system.name.clone(), system.station);
        let times = u64::try_from(around.devices().len()).unwrap_or(0).div_euclid(3).max(20);
        let results = Routine::new(Rhythm::daily(times, CLINIC, draw), move |tape, at, number| {
            let from = Party { host: Host { station, name: &name }, application: "MIRTH", facility: "IT" };
            let host = Host { station: system_station, name: &system_name };
            let to = Party { host, application: "HIS", facility: "HOSP" };
            let number = u32::try_from(number).unwrap_or(0);
            exchange(tape, &from, &to, MLLP, &[(at, hl7::result(number))]);
        });
        vec![results.over(tcp(me, system, MLLP, "hl7").doing(&["ORU^R01"]))]
    }
}
