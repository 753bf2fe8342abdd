//! GE monitoring: monitors at the beds, a central station that is the clock of their network, and the CARESCAPE Gateway
//! that reports the larger monitors by HL7. The small B40 and B20 report themselves (GE 2062665-001, HL7 reference).
//! Either way OBX-18 names a monitor by an identifier that is made from its hardware address.

use super::{Kind, Routine, of_thousand, tcp};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::{EMBEDDED, LINUX, Stack, WINDOWS};
use crate::hospital::Around;
use crate::place::{self, Spot, Zone};
use crate::rhythm::Rhythm;
use crate::talk::carescape;
use crate::talk::hl7::Message;
use crate::talk::mllp::{Ends, Line};
use crate::talk::pcd::{self, Report};

/// GE's monitors.
pub struct GeMonitor;

/// GE's central stations.
pub struct GeCentral;

/// The gateway of the monitoring network.
pub struct GeGateway;

/// First half of the address, family, model, as OBX-18 has it, network stack, whether it reports itself.
type Model = ([u8; 3], &'static str, &'static str, &'static str, Stack, bool);

const MODELS: [Model; 4] = [
    ([0x08, 0x00, 0x19], "CARESCAPE", "B650", "B650_GE", LINUX, false),
    ([0x08, 0x00, 0x19], "CARESCAPE", "B450", "B450_GE", LINUX, false),
    ([0x08, 0x00, 0x19], "CARESCAPE", "B40", "B40_GE", EMBEDDED, true),
    ([0x00, 0x00, 0xa1], "Dash", "Dash 4000", "MONITOR", EMBEDDED, false),
];
const ENGINE: u16 = 6_664;
const REPORT_S: u64 = 300;
/// Monitors of the network tell of themselves more often than this; here are fewer, to keep the days small.
const ANNOUNCE_S: u64 = 60;
const TOLD: &[&str] = &["category", "vendor", "family", "model"];
/// What OBX-18 has for a Dash is not public: the name here tells less.
const TOLD_OF_DASH: &[&str] = &["category"];

impl Kind for GeMonitor {
    fn name(&self) -> &'static str {
        "ge_monitor"
    }

    fn count(&self, devices: usize) -> usize {
        of_thousand(devices, 30)
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        let spot = place::bedside(draw, number);
        let product = draw.index(MODELS.len());
        let (prefix, family, model, _, stack, is_sender) =
            MODELS.get(product).copied().unwrap_or(([0; 3], "", "", "", EMBEDDED, false));
        let mut device = Device::new(format!("ge-{}", spot.label()), draw.mac(prefix), stack, Zone::Clinical)
            .is("patient_monitor", "GE HealthCare", if family == "Dash" { TOLD_OF_DASH } else { TOLD })
            .named(family, model, "")
            .serial(format!("SK{}", draw.digits(9)))
            .at(spot);
        if is_sender {
            device = device.does(&["hl7_sender"]).shows(&["cleartext_medical"]);
        }
        device.product = product;
        device
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        let (station, unit, bed) = (me.station, me.spot.unit, format!("{:02}", me.spot.bed));
        let Some((.., true)) = MODELS.get(me.product) else {
            return vec![Routine::new(Rhythm::every(ANNOUNCE_S, draw), move |tape, at, _| {
                carescape::announce(tape, at, &station, unit, &bed);
            })];
        };
        let Some(engine) = around.one("interface_engine", me) else { return Vec::new() };
        let ends = Ends {
            from: station,
            to: engine.station,
            port: ENGINE,
            sender: format!("VSP^{}^EUI-64|GE Healthcare", identifier(me)),
            receiver: "MIRTH|IT".to_owned(),
        };
        let patient = u32::try_from(me.number).unwrap_or(0);
        let monitor = equipment(me);
        let mut line = Line::new(ends);
        let reports = Routine::new(Rhythm::every(REPORT_S, draw), move |tape, at, _| {
            line.send(tape, at, [vital_signs(patient, "VSP", &monitor)]);
        });
        vec![reports.over(tcp(me, engine, ENGINE, "hl7").doing(&["ORU^R01"]))]
    }
}

impl Kind for GeCentral {
    fn name(&self) -> &'static str {
        "ge_central"
    }

    fn count(&self, devices: usize) -> usize {
        of_thousand(devices, 3)
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        let spot = place::bedside(draw, number);
        Device::new(format!("CIC{}", draw.digits(4)), draw.mac([0x3c, 0x52, 0x82]), WINDOWS, Zone::Clinical)
            .is("central_station", "GE HealthCare", &[])
            .named("CARESCAPE", "Central Station", "")
            .at(spot)
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        let (station, unit, name) = (me.station, me.spot.unit, me.name.clone());
        let mut routines = vec![Routine::new(Rhythm::every(ANNOUNCE_S, draw), move |tape, at, _| {
            carescape::announce(tape, at, &station, unit, &name);
        })];
        let is_master = around.all("ge_central").next().is_some_and(|first| first.number == me.number);
        if is_master {
            let name = me.name.clone();
            routines.push(Routine::new(Rhythm::every(86_400, draw), move |tape, at, _| {
                carescape::tell_time(tape, at, &station, unit, &name);
            }));
        }
        routines
    }
}

impl Kind for GeGateway {
    fn name(&self) -> &'static str {
        "ge_gateway"
    }

    fn count(&self, devices: usize) -> usize {
        of_thousand(devices, 1)
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        Device::new(format!("csgw{}", number.saturating_add(1)), draw.mac([0x94, 0x18, 0x82]), WINDOWS, Zone::Clinical)
            .is("medical_gateway", "GE HealthCare", &["category", "vendor", "family"])
            .named("CARESCAPE Gateway", "", "")
            .does(&["hl7_sender", "medical_gateway"])
            .shows(&["cleartext_medical"])
            .at(Spot { building: 1, floor: 0, unit: "IT", bed: 11 })
            .on_time()
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        let Some(engine) = around.one("interface_engine", me) else { return Vec::new() };
        let ends = Ends {
            from: me.station,
            to: engine.station,
            port: ENGINE,
            sender: "CSGATEWAY|GE Healthcare".to_owned(),
            receiver: "MIRTH|IT".to_owned(),
        };
        let reports_itself = |device: &&Device| matches!(MODELS.get(device.product), Some((.., true)));
        let monitors: Vec<(u32, String)> = around
            .all("ge_monitor")
            .filter(|device| !reports_itself(device))
            .filter(|device| around.one("ge_gateway", device).is_some_and(|gateway| gateway.number == me.number))
            .map(|device| (u32::try_from(device.number).unwrap_or(0), equipment(device)))
            .collect();
        let mut line = Line::new(ends);
        let reports = Routine::new(Rhythm::every(REPORT_S, draw), move |tape, at, _| {
            line.send(tape, at, monitors.iter().map(|(patient, it)| vital_signs(*patient, "CSGATEWAY", it)));
        });
        vec![reports.over(tcp(me, engine, ENGINE, "hl7").doing(&["ORU^R01"]))]
    }
}

/// The EUI-64 of its hardware address.
fn identifier(device: &Device) -> String {
    let [a, b, c, d, e, f] = device.station.mac;
    format!("{a:02X}{b:02X}{c:02X}FFFE{d:02X}{e:02X}{f:02X}")
}

/// OBX-18, as in `080019FFFE0000A1^B40_GE`.
fn equipment(device: &Device) -> String {
    let name = MODELS.get(device.product).map_or("", |(_, _, _, name, ..)| *name);
    format!("{}^{name}", identifier(device))
}

fn vital_signs(patient: u32, sender: &str, equipment: &str) -> Message {
    let report = Report {
        system: "69965^MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS",
        device: "69798^MDC_DEV_ECG_VMD",
        equipment,
        is_repeated: true,
        texts: &[],
        numbers: &VITAL_SIGNS,
    };
    pcd::observation(
        patient,
        &format!("{patient}^{sender}|{patient}^{sender}|182777000^monitoring of patient^SCT"),
        &report,
    )
}

/// What monitors measure.
pub(super) const VITAL_SIGNS: [(&str, &str); 5] = [
    ("147842^MDC_ECG_HEART_RATE", "264864^MDC_DIM_BEAT_PER_MIN"),
    ("150456^MDC_PULS_OXIM_SAT_O2", "262688^MDC_DIM_PERCENT"),
    ("151562^MDC_RESP_RATE", "264928^MDC_DIM_RESP_PER_MIN"),
    ("150301^MDC_PRESS_CUFF_SYS", "266016^MDC_DIM_MMHG"),
    ("150302^MDC_PRESS_CUFF_DIA", "266016^MDC_DIM_MMHG"),
];
