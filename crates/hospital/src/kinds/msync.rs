//! Getinge ventilators behind MSync: a small box at each ventilator's serial port that reports it by HL7 (IHE PCD-01).
//! The box has an address, the ventilator has none.

use super::ventilator::{ENGINE, breathing};
use super::{Kind, Routine, of_thousand, tcp};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::{EMBEDDED, LINUX};
use crate::hospital::Around;
use crate::place::{self, Zone};
use crate::rhythm::Rhythm;
use crate::talk::mllp::{Ends, Line};

const REPORT_S: u64 = 300;
const MODELS: [&str; 3] = ["Servo-u", "Servo-n", "Servo-air"];

/// The boxes.
pub struct MSync;

/// The ventilators.
pub struct Servo;

/// There is a box for each ventilator.
fn count(devices: usize) -> usize {
    of_thousand(devices, 6)
}

impl Kind for MSync {
    fn name(&self) -> &'static str {
        "msync"
    }

    fn count(&self, devices: usize) -> usize {
        count(devices)
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        let spot = place::bedside(draw, number);
        Device::new(format!("msync-{}", draw.digits(5)), draw.mac([0x00, 0x25, 0x41]), LINUX, Zone::Clinical)
            .is("medical_gateway", "Getinge", &["category"])
            .named("", "MSync", "")
            .does(&["hl7_sender", "medical_gateway"])
            .shows(&["cleartext_medical"])
            .at(spot)
            .on_time()
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        let (Some(engine), Some(servo)) = (around.one("interface_engine", me), around.behind(me).next()) else {
            return Vec::new();
        };
        let ends = Ends {
            from: me.station,
            to: engine.station,
            port: ENGINE,
            sender: "MSYNC|MAQUET".to_owned(),
            receiver: "MIRTH|IT".to_owned(),
        };
        let truth = servo.truth.clone();
        let mut line = Line::new(ends);
        let reports = Routine::new(Rhythm::every(REPORT_S, draw), move |tape, at, _| {
            line.send(tape, at, [breathing(&truth, &truth.serial)]);
        });
        vec![reports.over(tcp(me, engine, ENGINE, "hl7").doing(&["ORU^R01"]))]
    }
}

impl Kind for Servo {
    fn name(&self) -> &'static str {
        "servo"
    }

    fn count(&self, devices: usize) -> usize {
        count(devices)
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        let spot = place::bedside(draw, number);
        let model = draw.pick(&MODELS).copied().unwrap_or_default();
        let serial = draw.digits(5);
        Device::new(format!("{model} {serial}"), [0; 6], EMBEDDED, Zone::Clinical)
            .is("ventilator", "Getinge", &["category", "vendor", "model", "serial"])
            .named("Servo", model, "")
            .serial(serial)
            .at(spot)
    }

    fn behind(&self) -> Option<&'static str> {
        Some("msync")
    }

    fn speak(&self, _: &Device, _: &Around, _: &mut Draw) -> Vec<Routine> {
        Vec::new()
    }
}
