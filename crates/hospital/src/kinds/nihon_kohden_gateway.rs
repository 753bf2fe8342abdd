//! Nihon Kohden's HL7 gateway (QP-99x): it reports by bed, and names no monitor. The monitors are on a network of their
//! own, which nobody records.

use super::{Kind, Routine, of_thousand, tcp};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::WINDOWS;
use crate::hospital::Around;
use crate::place::{Spot, Zone};
use crate::rhythm::Rhythm;
use crate::talk::hl7::Message;
use crate::talk::mllp::{Ends, Line};

const ENGINE: u16 = 6_671;
const REPORT_S: u64 = 300;
const BEDS: u32 = 8;

/// The gateway.
pub struct NihonKohdenGateway;

impl Kind for NihonKohdenGateway {
    fn name(&self) -> &'static str {
        "nihon_kohden_gateway"
    }

    fn count(&self, devices: usize) -> usize {
        of_thousand(devices, 1)
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        let name = format!("nkgw{}", number.saturating_add(1));
        Device::new(name, draw.mac([0xec, 0x2a, 0x72]), WINDOWS, Zone::Clinical)
            .is("medical_gateway", "Nihon Kohden", &["category", "vendor"])
            .does(&["hl7_sender"])
            .shows(&["cleartext_medical"])
            .at(Spot { building: 1, floor: 0, unit: "IT", bed: 15 })
            .on_time()
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        let Some(engine) = around.one("interface_engine", me) else { return Vec::new() };
        let ends = Ends {
            from: me.station,
            to: engine.station,
            port: ENGINE,
            sender: "NIHON KOHDEN|NIHON KOHDEN".to_owned(),
            receiver: "CLIENT APP|CLIENT FACILITY".to_owned(),
        };
        let mut line = Line::new(ends);
        let reports = Routine::new(Rhythm::every(REPORT_S, draw), move |tape, at, _| {
            line.send(tape, at, (1..=BEDS).map(vital_signs));
        });
        vec![reports.over(tcp(me, engine, ENGINE, "hl7").doing(&["ORU^R01"]))]
    }
}

fn vital_signs(bed: u32) -> Message {
    let values = [("001000", "VITAL HR", "/min"), ("002000", "VITAL SpO2", "%"), ("003000", "VITAL RR", "/min")];
    let mut segments = vec![
        format!("PID|||CANARYNKPID3-{bed:04}||CANARYNKPID5^PATIENT\r"),
        format!("PV1||I|CANARYNKPV13-WARD^^CANARYNKPV13-BED{bed}\r"),
        "OBR|1|||VITAL|||20261102000000\r".to_owned(),
    ];
    segments.extend((1_u32..).zip(values).map(|(row, (code, name, unit))| {
        format!("OBX|{row}|NM|{code}^{name}^NKC|1|CANARYNKOBX5 {row}7|{unit}|||||F\r")
    }));
    Message { kind: "ORU^R01^ORU_R01", version: "2.4", rest: "|||NE|AL||ASCII", segments }
}
