//! B. Braun SpaceStations with SpaceCom, each the network connection of the pumps that are docked to it: every pump is
//! reported to the interface engine by a message of its own, and its alarms to the alarm server.

use super::{Kind, Routine, of_thousand, tcp};
use crate::bytes::noise32;
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::LINUX;
use crate::hospital::Around;
use crate::place::{self, Zone};
use crate::rhythm::{Rhythm, WARD};
use crate::talk::hl7::Message;
use crate::talk::mllp::{Ends, Line};
use crate::talk::pcd::{self, Report};

/// Where interface engines of this kind listen for pumps.
const ENGINE: u16 = 6_661;
/// Where the alarm server listens.
pub(super) const ALARMS: u16 = 4_601;
const REPORT_S: u64 = 600;
/// A pump that is not running keeps silent for so many rounds at a time.
const ROUNDS: u64 = 36;
const MILLILITRES_PER_HOUR: &str = "265266^MDC_DIM_MILLI_L_PER_HR";
const MILLILITRES: &str = "263762^MDC_DIM_MILLI_L";

/// B. Braun SpaceStations with SpaceCom.
pub struct PumpGateway;

/// A pump as the station knows it.
struct Pump {
    label: String,
    model: String,
    system: &'static str,
    device: &'static str,
    id: String,
}

impl Pump {
    fn of(device: &Device) -> Self {
        let [_, _, _, a, b, c] = device.station.mac;
        let (system, part) = match device.truth.category {
            "syringe_pump" => ("70053^MDC_DEV_PUMP_INFUS_SYRINGE_MDS", "70054^MDC_DEV_PUMP_INFUS_SYRINGE_VMD"),
            _ => ("70049^MDC_DEV_PUMP_INFUS_LVP_MDS", "70050^MDC_DEV_PUMP_INFUS_LVP_VMD"),
        };
        Self {
            label: device.truth.asset_tag.clone(),
            model: format!("B Braun {}", device.truth.model),
            system,
            device: part,
            id: crate::talk::discovery::uuid(u64::from(u32::from_be_bytes([0, a, b, c]))),
        }
    }

    fn say(&self, patient: u32, reporter: &str, is_alarm: bool) -> Message {
        let equipment = format!("{}^^0012210000000000^EUI-64", self.label);
        let texts = [
            ("184520^MDC_PUMP_DRUG_LIBRARY_NAME", "LIB_D6"),
            ("67880^MDC_ATTR_ID_MODEL", self.model.as_str()),
            ("67972^MDC_ATTR_SYS_ID", self.id.as_str()),
        ];
        let numbers = [
            ("158014^MDC_FLOW_FLUID_PUMP_CURRENT", MILLILITRES_PER_HOUR),
            ("157872^MDC_VOL_FLUID_TBI_REMAIN", MILLILITRES),
            ("157993^MDC_VOL_FLUID_DELIV_TOTAL", MILLILITRES),
        ];
        let report = Report {
            system: self.system,
            device: self.device,
            equipment: &equipment,
            is_repeated: false,
            texts: &texts,
            numbers: &numbers,
        };
        let order = format!("{patient}^{reporter}|{patient}^{reporter}|999999^CANARYPCDOBR4 medication");
        if is_alarm {
            let event = ("196940^MDC_EVT_PUMP_VOL_INFUS_NEAR_COMP", "Near end of CANARYPCDEVENT infusion");
            return pcd::alarm(patient, &order, &report, event);
        }
        pcd::observation(patient, &order, &report)
    }
}

impl Kind for PumpGateway {
    fn name(&self) -> &'static str {
        "pump_gateway"
    }

    fn count(&self, devices: usize) -> usize {
        of_thousand(devices, 8)
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        let spot = place::bedside(draw, number);
        Device::new(format!("spacecom-{}", spot.label()), draw.mac([0x00, 0x12, 0x21]), LINUX, Zone::Clinical)
            .is("medical_gateway", "B. Braun", &["category", "vendor"])
            .named("Space", "SpaceCom", "")
            .does(&["hl7_sender", "medical_gateway"])
            .shows(&["cleartext_medical"])
            .at(spot)
            .on_time()
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        let pumps = || -> Vec<Pump> { around.behind(me).map(Pump::of).collect() };
        let [a, b, c, d, e, f] = me.station.mac;
        let reporter = format!("PAT_DEVICE_BBRAUN^{a:02X}{b:02X}{c:02X}1839{d:02X}{e:02X}{f:02X}^EUI-64");
        let ends = |to: &Device, port, receiver: &str| Ends {
            from: me.station,
            to: to.station,
            port,
            sender: format!("{reporter}|BBRAUN"),
            receiver: receiver.to_owned(),
        };
        let mut routines = Vec::new();
        if let Some(engine) = around.one("interface_engine", me) {
            let (pumps, reporter) = (pumps(), reporter.clone());
            let mut line = Line::new(ends(engine, ENGINE, "MIRTH|IT"));
            let reports = Routine::new(Rhythm::every(REPORT_S, draw), move |tape, at, turn| {
                // All that are docked are told of first; then those that run.
                let runs = |(patient, _): &(u32, &Pump)| {
                    turn == 0 || noise32(u64::from(*patient) << 32 | turn.div_euclid(ROUNDS)) & 3 != 0
                };
                let running = (1_u32..).zip(&pumps).filter(runs);
                line.send(tape, at, running.map(|(patient, pump)| pump.say(patient, &reporter, false)));
            });
            routines.push(reports.over(tcp(me, engine, ENGINE, "hl7").doing(&["ORU^R01"])));
        }
        if let Some(server) = around.one("alarm_server", me) {
            let pumps = pumps();
            let mut line = Line::new(ends(server, ALARMS, "DIGISTAT|ASCOM"));
            let alarms = Routine::new(Rhythm::daily(40, WARD, draw), move |tape, at, turn| {
                let count = u64::try_from(pumps.len()).unwrap_or(0).max(1);
                let number = u64::from(noise32(turn)).rem_euclid(count);
                let pump = usize::try_from(number).ok().and_then(|number| pumps.get(number));
                let patient = u32::try_from(number).unwrap_or(0).saturating_add(1);
                line.send(tape, at, pump.map(|pump| pump.say(patient, &reporter, true)));
            });
            routines.push(alarms.over(tcp(me, server, ALARMS, "hl7").doing(&["ORU^R40"])));
        }
        routines
    }
}
