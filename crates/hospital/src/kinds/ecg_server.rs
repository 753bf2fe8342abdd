//! The hospital's ECG system (GE MUSE): tells ECG carts what to record (DICOM worklist), keeps what they send, gets orders
//! from the interface engine and tells it results.

use super::{Kind, Routine, tcp};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::WINDOWS;
use crate::hospital::Around;
use crate::place::{Spot, Zone};
use crate::rhythm::{CLINIC, Rhythm};
use crate::talk::dicom::Entity;
use crate::talk::hl7::{self, Message};
use crate::talk::mllp::{Ends, Line};

/// Where it listens for DICOM.
pub(super) const DICOM: u16 = 104;
const ORDERS: u16 = 5_100;
const RESULTS: u16 = 6_666;
/// It has GE's root and a toolkit's version name.
pub(super) const ENTITY: Entity<'static> =
    Entity { title: "MUSEDCM", implementation: "1.2.840.113619.6.329", version: "MergeCOM3_442" };

/// The ECG system.
pub struct EcgServer;

impl Kind for EcgServer {
    fn name(&self) -> &'static str {
        "ecg_server"
    }

    fn count(&self, _: usize) -> usize {
        1
    }

    fn make(&self, draw: &mut Draw, _: usize) -> Device {
        Device::new("muse1", draw.mac([0x00, 0x50, 0x56]), WINDOWS, Zone::Servers)
            .is("cardiac_data_system", "GE HealthCare", &["category", "vendor", "family"])
            .named("MUSE", "", "")
            .does(&["hl7_receiver", "hl7_sender", "pacs", "worklist"])
            .shows(&["cleartext_medical"])
            .at(Spot { building: 1, floor: 0, unit: "IT", bed: 13 })
            .on_time()
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        let Some(engine) = around.one("interface_engine", me) else { return Vec::new() };
        let (system, hub) = ("MUSE|GEHC".to_owned(), "MIRTH|IT".to_owned());
        let there =
            Ends { from: engine.station, to: me.station, port: ORDERS, sender: hub.clone(), receiver: system.clone() };
        let back = Ends { from: me.station, to: engine.station, port: RESULTS, sender: system, receiver: hub };
        let times = u64::try_from(around.all("ecg_device").count()).unwrap_or(0).saturating_mul(12);
        let (mut orders, mut results) = (Line::new(there), Line::new(back));
        vec![
            Routine::new(Rhythm::daily(times, CLINIC, draw), move |tape, at, turn| {
                orders.send(tape, at, [hl7::order(u32::try_from(turn).unwrap_or(0))]);
            })
            .over(tcp(engine, me, ORDERS, "hl7").doing(&["ORM^O01"])),
            Routine::new(Rhythm::daily(times, CLINIC, draw), move |tape, at, turn| {
                results.send(tape, at, [reading(turn)]);
            })
            .over(tcp(me, engine, RESULTS, "hl7").doing(&["ORU^R01"])),
        ]
    }
}

/// What was read out of an ECG.
fn reading(number: u64) -> Message {
    let segments = vec![
        format!("PID|1||CANARYMUSEPID3-{number:04}^^^HOSP^MR||CANARYMUSEPID5^PATIENT||19700101|F\r"),
        format!("OBR|1|CANARYMUSEOBR2-ORDER-{number}||93000^EKG 12 LEAD^MUSE\r"),
        "OBX|1|NM|8601-7^VENTRICULAR RATE^LN||CANARYMUSEOBX5 71|BPM|||||F\r".to_owned(),
        "OBX|2|NM|8625-6^P-R INTERVAL^LN||CANARYMUSEOBX5 160|ms|||||F\r".to_owned(),
        "OBX|3|TX|18844-1^IMPRESSION^LN||CANARYMUSEOBX5 sinus rhythm||||||F\r".to_owned(),
    ];
    Message { kind: "ORU^R01", version: "2.4", rest: "", segments }
}
