//! The hospital information system: admissions to whoever needs to know, through the interface engine.

use super::{Kind, Routine, tcp};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::LINUX;
use crate::hospital::Around;
use crate::place::{Spot, Zone};
use crate::rhythm::{CLINIC, Rhythm};
use crate::talk::Host;
use crate::talk::hl7::{self, MLLP, Party, exchange};

const APPLICATIONS: [&str; 3] = ["ORBIS", "MEDICO", "CLINICOM"];

/// The hospital information system.
pub struct HospitalSystem;

impl Kind for HospitalSystem {
    fn name(&self) -> &'static str {
        "hospital_system"
    }

    fn count(&self, _: usize) -> usize {
        1
    }

    fn make(&self, draw: &mut Draw, _: usize) -> Device {
        let mut device = Device::new("his1", draw.mac([0x64, 0xb9, 0x4e]), LINUX, Zone::Servers)
            .is("hospital_system", "Dell", &["category"])
            .does(&["hl7_receiver", "hl7_sender"])
            .shows(&["cleartext_medical"])
            .at(Spot { building: 1, floor: 0, unit: "IT", bed: 3 })
            .on_time();
        device.product = draw.index(APPLICATIONS.len());
        device
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        let Some(engine) = around.one("interface_engine", me) else { return Vec::new() };
        let application = APPLICATIONS.get(me.product).copied().unwrap_or_default();
        let (name, station, engine_name, engine_station) =
            (me.name.clone(), me.station, engine.name.clone(), engine.station);
        let times = u64::try_from(around.devices().len()).unwrap_or(0).div_euclid(4).max(20);
        let admissions = Routine::new(Rhythm::daily(times, CLINIC, draw), move |tape, at, number| {
            let from = Party { host: Host { station, name: &name }, application, facility: "HOSP" };
            let host = Host { station: engine_station, name: &engine_name };
            let to = Party { host, application: "MIRTH", facility: "IT" };
            let number = u32::try_from(number).unwrap_or(0);
            exchange(tape, &from, &to, MLLP, &[(at, hl7::admission(number))]);
        });
        vec![admissions.over(tcp(me, engine, MLLP, "hl7").doing(&["ADT^A01"]))]
    }
}
