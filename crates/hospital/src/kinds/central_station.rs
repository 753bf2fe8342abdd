//! Central stations, one for each few care units: they poll the monitors and pass vital signs on.

use super::{Kind, Routine, of_thousand, tcp};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::WINDOWS;
use crate::hospital::Around;
use crate::place::{self, Zone};
use crate::rhythm::Rhythm;
use crate::talk::Host;
use crate::talk::hl7::{self, MLLP, Party, exchange};

/// Central stations.
pub struct CentralStation;

impl Kind for CentralStation {
    fn name(&self) -> &'static str {
        "central_station"
    }

    fn count(&self, devices: usize) -> usize {
        of_thousand(devices, 6)
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        let spot = place::bedside(draw, number);
        Device::new(
            format!("piic-{}", spot.unit.to_ascii_lowercase()),
            draw.mac([0x3c, 0x52, 0x82]),
            WINDOWS,
            Zone::Clinical,
        )
        .is("central_station", "Philips", &["category", "vendor"])
        .named("PIIC iX", "", "")
        .does(&["hl7_sender", "monitoring_client"])
        .shows(&["cleartext_medical"])
        .at(spot)
        .on_time()
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        let Some(engine) = around.one("interface_engine", me) else { return Vec::new() };
        let (name, station, engine_name, engine_station) =
            (me.name.clone(), me.station, engine.name.clone(), engine.station);
        let vital_signs = Routine::new(Rhythm::every(300, draw), move |tape, at, number| {
            let from = Party { host: Host { station, name: &name }, application: "PIIC iX", facility: "WARD" };
            let host = Host { station: engine_station, name: &engine_name };
            let to = Party { host, application: "MIRTH", facility: "IT" };
            let number = u32::try_from(number).unwrap_or(0);
            exchange(tape, &from, &to, MLLP, &[(at, hl7::vital_signs(number))]);
        });
        vec![vital_signs.over(tcp(me, engine, MLLP, "hl7").doing(&["ORU^R01"]))]
    }
}
