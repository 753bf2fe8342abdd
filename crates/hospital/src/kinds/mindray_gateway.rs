//! Mindray's eGateway with the monitors behind it. They are on a network of their own, which nobody records; the gateway
//! reports each by HL7, under the serial number without its dash and an invented domain name of the maker (IHE PCD-01).

use super::ge_monitor::VITAL_SIGNS;
use super::{Kind, Routine, of_thousand, tcp};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::{EMBEDDED, WINDOWS};
use crate::hospital::Around;
use crate::place::{self, Spot, Zone};
use crate::rhythm::Rhythm;
use crate::talk::mllp::{Ends, Line};
use crate::talk::pcd::{self, Report};

const ENGINE: u16 = 6_665;
const REPORT_S: u64 = 300;

/// Category, model, and what the gateway tells of it: the telemetry looks like any other monitor.
const MODELS: [(&str, &str, &[&str]); 4] = [
    ("patient_monitor", "BeneVision N17", &["category", "vendor", "serial"]),
    ("patient_monitor", "BeneVision N12", &["category", "vendor", "serial"]),
    ("patient_monitor", "ePM 12", &["category", "vendor", "serial"]),
    ("telemetry_monitor", "BeneVision TM80", &["vendor", "serial"]),
];

/// The gateway.
pub struct MindrayGateway;

/// The monitors, and what patients carry with them.
pub struct MindrayMonitor;

impl Kind for MindrayGateway {
    fn name(&self) -> &'static str {
        "mindray_gateway"
    }

    fn count(&self, devices: usize) -> usize {
        of_thousand(devices, 1)
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        Device::new(
            format!("egateway{}", number.saturating_add(1)),
            draw.mac([0x14, 0x18, 0x77]),
            WINDOWS,
            Zone::Clinical,
        )
        .is("medical_gateway", "Mindray", &["category", "vendor"])
        .named("eGateway", "", "")
        .does(&["hl7_sender", "medical_gateway"])
        .shows(&["cleartext_medical"])
        .at(Spot { building: 1, floor: 0, unit: "IT", bed: 12 })
        .on_time()
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        let Some(engine) = around.one("interface_engine", me) else { return Vec::new() };
        let [.., d, e, f] = me.station.mac;
        let reporter = format!("MINDRAY_EGATEWAY^00A0370027{d:02X}{e:02X}{f:02X}^EUI-64");
        let ends = Ends {
            from: me.station,
            to: engine.station,
            port: ENGINE,
            sender: format!("{reporter}|MINDRAY"),
            receiver: "MIRTH|IT".to_owned(),
        };
        let monitors: Vec<String> = around
            .behind(me)
            .map(|monitor| format!("{}^SHENZHEN_DEVICE^mindray.com^DNS", monitor.truth.serial))
            .collect();
        let mut line = Line::new(ends);
        let reports = Routine::new(Rhythm::every(REPORT_S, draw), move |tape, at, _| {
            let messages = (1_u32..).zip(&monitors).map(|(patient, equipment)| {
                let order =
                    format!("{patient}^{reporter}|{patient}^{reporter}|69952^MDC_DEV_MON_PT_PHYSIO_MULTI_PARAM^MDC");
                let report =
                    Report { system: "", device: "", equipment, is_repeated: true, texts: &[], numbers: &VITAL_SIGNS };
                pcd::observation(patient, &order, &report)
            });
            line.send(tape, at, messages);
        });
        vec![reports.over(tcp(me, engine, ENGINE, "hl7").doing(&["ORU^R01"]))]
    }
}

impl Kind for MindrayMonitor {
    fn name(&self) -> &'static str {
        "mindray_monitor"
    }

    fn count(&self, devices: usize) -> usize {
        of_thousand(devices, 25)
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        let spot = place::bedside(draw, number);
        let (category, model, told) = draw.pick(&MODELS).copied().unwrap_or_default();
        let serial = format!("FN{}", draw.digits(8));
        Device::new(serial.clone(), [0; 6], EMBEDDED, Zone::Clinical)
            .is(category, "Mindray", told)
            .named("", model, "")
            .serial(serial)
            .at(spot)
    }

    fn behind(&self) -> Option<&'static str> {
        Some("mindray_gateway")
    }

    fn speak(&self, _: &Device, _: &Around, _: &mut Draw) -> Vec<Routine> {
        Vec::new()
    }
}
