//! The laboratory information system: the host of all analysers and of the meters at the beds; orders come from the
//! interface engine, results go to it.

use super::{Kind, Routine, tcp};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::WINDOWS;
use crate::hospital::Around;
use crate::place::{Spot, Zone};
use crate::rhythm::{CLINIC, Rhythm};
use crate::talk::Host;
use crate::talk::hl7::{self, MLLP, Party, exchange};

/// As messages name it; nothing in them says who wrote it.
const APPLICATIONS: [&str; 3] = ["SWISSLAB", "MOLIS", "LIS"];

/// The laboratory information system.
pub struct LaboratorySystem;

impl Kind for LaboratorySystem {
    fn name(&self) -> &'static str {
        "laboratory_system"
    }

    fn count(&self, _: usize) -> usize {
        1
    }

    fn make(&self, draw: &mut Draw, _: usize) -> Device {
        let mut device = Device::new("lis1", draw.mac([0x00, 0x50, 0x56]), WINDOWS, Zone::Servers)
            .is("laboratory_system", "", &["category"])
            .does(&["hl7_receiver", "hl7_sender", "lab_host"])
            .shows(&["cleartext_medical"])
            .at(Spot { building: 1, floor: 0, unit: "IT", bed: 8 })
            .on_time();
        device.product = draw.index(APPLICATIONS.len());
        device
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        let Some(engine) = around.one("interface_engine", me) else { return Vec::new() };
        let application = APPLICATIONS.get(me.product).copied().unwrap_or_default();
        let names = (me.name.clone(), engine.name.clone());
        let (station, engine_station) = (me.station, engine.station);
        let times = u64::try_from(around.devices().len()).unwrap_or(0).div_euclid(4).clamp(40, 1_500);
        let (mine, theirs) = names.clone();
        let results = Routine::new(Rhythm::daily(times, CLINIC, draw), move |tape, at, number| {
            let from = Party { host: Host { station, name: &mine }, application, facility: "LAB" };
            let host = Host { station: engine_station, name: &theirs };
            let to = Party { host, application: "MIRTH", facility: "IT" };
            let number = u32::try_from(number).unwrap_or(0);
            exchange(tape, &from, &to, MLLP, &[(at, hl7::result(number))]);
        });
        let (mine, theirs) = names;
        let orders = Routine::new(Rhythm::daily(times, CLINIC, draw), move |tape, at, number| {
            let host = Host { station: engine_station, name: &theirs };
            let from = Party { host, application: "MIRTH", facility: "IT" };
            let to = Party { host: Host { station, name: &mine }, application, facility: "LAB" };
            let number = u32::try_from(number).unwrap_or(0);
            exchange(tape, &from, &to, MLLP, &[(at, hl7::order(number))]);
        });
        vec![
            results.over(tcp(me, engine, MLLP, "hl7").doing(&["ORU^R01"])),
            orders.over(tcp(engine, me, MLLP, "hl7").doing(&["ORM^O01"])),
        ]
    }
}
