//! Device integration (Capsule): a server that collects what terminals at the beds read off the serial lines of
//! ventilators, anaesthesia machines and dialysis machines, and reports each by HL7. Those devices have no address.

use super::ventilator::breathing;
use super::{Kind, Routine, of_thousand, tcp};
use crate::bytes::noise32;
use crate::device::{Device, Truth};
use crate::draw::Draw;
use crate::frames::{EMBEDDED, WINDOWS};
use crate::hospital::Around;
use crate::place::{self, Zone};
use crate::rhythm::Rhythm;
use crate::talk::hl7::Message;
use crate::talk::mllp::{Ends, Line};
use crate::talk::pcd::{self, Report};

const ENGINE: u16 = 2_575;
const REPORT_S: u64 = 600;
const ROUNDS: u64 = 36;

/// Device integration servers.
pub struct DeviceGateway;

/// What hangs on serial lines.
pub struct BedsideDevice;

/// Category, maker, family, model.
const MODELS: [(&str, &str, &str, &str); 6] = [
    ("ventilator", "Hamilton Medical", "HAMILTON", "HAMILTON-C6"),
    ("ventilator", "Hamilton Medical", "HAMILTON", "HAMILTON-C1"),
    ("ventilator", "Löwenstein Medical", "elisa", "elisa 800"),
    ("anesthesia_machine", "GE HealthCare", "Aisys", "Aisys CS2"),
    ("dialysis_machine", "Fresenius Medical Care", "multiFiltrate", "multiFiltrate PRO"),
    ("defibrillator", "Stryker", "LIFEPAK", "LIFEPAK 20e"),
];

impl Kind for DeviceGateway {
    fn name(&self) -> &'static str {
        "device_gateway"
    }

    fn count(&self, devices: usize) -> usize {
        of_thousand(devices, 2)
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        let name = format!("mdi{}", number.saturating_add(1));
        Device::new(name, draw.mac([0x00, 0x50, 0x56]), WINDOWS, Zone::Servers)
            .is("medical_gateway", "Capsule Technologies", &["category", "vendor"])
            .named("Medical Device Information Platform", "", "")
            .does(&["hl7_sender", "medical_gateway"])
            .shows(&["cleartext_medical"])
            .on_time()
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        let Some(engine) = around.one("interface_engine", me) else { return Vec::new() };
        let ends = Ends {
            from: me.station,
            to: engine.station,
            port: ENGINE,
            sender: "DATACAPTOR|CAPSULE".to_owned(),
            receiver: "MIRTH|IT".to_owned(),
        };
        let devices: Vec<_> = around.behind(me).map(|device| device.truth.clone()).collect();
        let mut line = Line::new(ends);
        let reports = Routine::new(Rhythm::every(REPORT_S, draw), move |tape, at, turn| {
            let messages = (1_u64..).zip(&devices).filter(|(number, _)| {
                // What is not at a patient is not connected.
                turn == 0 || noise32(number << 32 | turn.div_euclid(ROUNDS)) & 1 == 0
            });
            line.send(tape, at, messages.map(|(_, truth)| say(truth)));
        });
        vec![reports.over(tcp(me, engine, ENGINE, "hl7").doing(&["ORU^R01"]))]
    }
}

impl Kind for BedsideDevice {
    fn name(&self) -> &'static str {
        "bedside_device"
    }

    fn count(&self, devices: usize) -> usize {
        of_thousand(devices, 24)
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        let spot = place::bedside(draw, number);
        let (category, vendor, family, model) = draw.pick(&MODELS).copied().unwrap_or_default();
        let serial = draw.digits(7);
        Device::new(format!("{model} {serial}"), [0; 6], EMBEDDED, Zone::Clinical)
            .is(category, vendor, &["category", "vendor", "model", "serial"])
            .named(family, model, "")
            .serial(serial)
            .at(spot)
    }

    fn behind(&self) -> Option<&'static str> {
        Some("device_gateway")
    }

    fn speak(&self, _: &Device, _: &Around, _: &mut Draw) -> Vec<Routine> {
        Vec::new()
    }
}

fn say(truth: &Truth) -> Message {
    let (system, device, number) = match truth.category {
        "dialysis_machine" => (
            "70085^MDC_DEV_HDIALY_MACHINE_MDS",
            "70086^MDC_DEV_HDIALY_MACHINE_VMD",
            ("158540^MDC_HDIALY_BLD_PUMP_BLOOD_FLOW_RATE", "265234^MDC_DIM_MILLI_L_PER_MIN"),
        ),
        "defibrillator" => (
            "0^MDCX_DEV_DEFIB_MDS",
            "0^MDCX_DEV_DEFIB_VMD",
            ("147842^MDC_ECG_HEART_RATE", "264864^MDC_DIM_BEAT_PER_MIN"),
        ),
        _ => return breathing(truth, &truth.serial),
    };
    let texts = [
        ("531970^MDC_ID_MODEL_MANUFACTURER", truth.vendor),
        ("531969^MDC_ID_MODEL_NUMBER", truth.model),
        ("531972^MDC_ID_PROD_SPEC_SERIAL", truth.serial.as_str()),
    ];
    let numbers = [number];
    let report =
        Report { system, device, equipment: &truth.serial, is_repeated: false, texts: &texts, numbers: &numbers };
    pcd::observation(1, "1^DEVICE|1^DEVICE|182777000^monitoring of patient^SCT", &report)
}
