//! The radiology information system: it keeps the list of what machines are to do, hears what they did, gets orders from
//! the interface engine and gives it reports.

use super::{Kind, Routine, tcp};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::WINDOWS;
use crate::hospital::Around;
use crate::place::{Spot, Zone};
use crate::rhythm::{CLINIC, Rhythm};
use crate::talk::Host;
use crate::talk::dicom::Entity;
use crate::talk::hl7::{self, MLLP, Message, Party, exchange};

/// Application as HL7 messages name it; title, implementation class UID and version name, port.
///
/// PACS Broker tells its own arc (Mitra, now Agfa); the others are written with DCMTK and dcm4che and tell the library's.
type Product = (&'static str, [&'static str; 3], u16);
const PRODUCTS: [Product; 3] = [
    ("MEDAVIS", ["RISWL", "1.2.276.0.7230010.3.0.3.6.6", "OFFIS_DCMTK_366"], 104),
    ("CENTRICITY_RIS", ["WORKLIST", "1.2.40.0.13.1.3", "dcm4che-5.29.0"], 3_320),
    ("BROKER", ["MITRA_BROKER", "1.2.124.113532.3320", "BROKER992.0"], 3_320),
];

/// The radiology information system.
pub struct WorklistServer;

/// How it answers associations, and where.
pub fn entity(server: &Device) -> (Entity<'static>, u16) {
    let (_, [title, implementation, version], port) = PRODUCTS.get(server.product).copied().unwrap_or_default();
    (Entity { title, implementation, version }, port)
}

impl Kind for WorklistServer {
    fn name(&self) -> &'static str {
        "worklist_server"
    }

    fn count(&self, _: usize) -> usize {
        1
    }

    fn make(&self, draw: &mut Draw, _: usize) -> Device {
        let product = draw.index(PRODUCTS.len());
        let vendor = if product == 2 { "Agfa HealthCare" } else { "" };
        let told: &[&str] = if product == 2 { &["category", "vendor"] } else { &["category"] };
        let mut device = Device::new("ris1", draw.mac([0x00, 0x50, 0x56]), WINDOWS, Zone::Servers)
            .is("worklist_server", vendor, told)
            .does(&["hl7_receiver", "hl7_sender", "worklist"])
            .shows(&["cleartext_medical"])
            .at(Spot { building: 1, floor: 0, unit: "IT", bed: 7 })
            .on_time();
        device.product = product;
        device
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        let Some(engine) = around.one("interface_engine", me) else { return Vec::new() };
        let (application, ..) = PRODUCTS.get(me.product).copied().unwrap_or_default();
        let (name, station) = (me.name.clone(), me.station);
        let (engine_name, engine_station) = (engine.name.clone(), engine.station);
        let times = u64::try_from(around.devices().len()).unwrap_or(0).div_euclid(10).clamp(20, 400);
        let mine = (name.clone(), engine_name.clone());
        let reports = Routine::new(Rhythm::daily(times, CLINIC, draw), move |tape, at, number| {
            let from = Party { host: Host { station, name: &mine.0 }, application, facility: "RAD" };
            let host = Host { station: engine_station, name: &mine.1 };
            let to = Party { host, application: "MIRTH", facility: "IT" };
            exchange(tape, &from, &to, MLLP, &[(at, report(number))]);
        });
        let orders = Routine::new(Rhythm::daily(times, CLINIC, draw), move |tape, at, number| {
            let from = Host { station: engine_station, name: &engine_name };
            let from = Party { host: from, application: "MIRTH", facility: "IT" };
            let to = Party { host: Host { station, name: &name }, application, facility: "RAD" };
            let number = u32::try_from(number).unwrap_or(0);
            exchange(tape, &from, &to, MLLP, &[(at, hl7::order(number))]);
        });
        vec![
            reports.over(tcp(me, engine, MLLP, "hl7").doing(&["ORU^R01"])),
            orders.over(tcp(engine, me, MLLP, "hl7").doing(&["ORM^O01"])),
        ]
    }
}

/// What a radiologist wrote.
fn report(number: u64) -> Message {
    Message {
        kind: "ORU^R01",
        version: "2.3.1",
        rest: "",
        segments: vec![
            format!("PID|1||CANARYRISPID3-{number}^^^HOSP||CANARYRISPID5^PATIENT||19700101|F\r"),
            format!(
                "OBR|1|CANARYRISOBR2-{number}|CANARYRISOBR3-{number}|CTABD^CANARYRISOBR4 STUDY|||||||||||||||||||||CT|F\r"
            ),
            "OBX|1|TX|CTABD&GDT^CANARYRISOBX3 STUDY||CANARYRISOBX5 findings||||||F\r".to_owned(),
        ],
    }
}
