//! Ventilators and anaesthesia machines with an address of their own: Dräger's speak SDC and shout to their link,
//! Mindray's anaesthesia machines report by HL7 themselves (IHE PCD-01). Others are behind something (`msync`,
//! `bedside_device`).

use super::{Kind, Routine, of_thousand, tcp};
use crate::device::{Device, Truth};
use crate::draw::Draw;
use crate::frames::{LINUX, Moment, Tape};
use crate::hospital::Around;
use crate::place::{self, Zone};
use crate::rhythm::Rhythm;
use crate::talk::hl7::Message;
use crate::talk::mllp::{Ends, Line};
use crate::talk::pcd::{self, Report};
use crate::talk::sdc::{self, Medical};
use crate::talk::tls::{Client, Tunnel, Visit};

/// Where interface engines of this kind listen for ventilators and anaesthesia machines.
pub(super) const ENGINE: u16 = 6_662;
const REPORT_S: u64 = 300;
const EVENT_S: u64 = 300;
/// A device says hello when it is switched on, and again after its network was away.
const HELLO_S: u64 = 28_800;

/// Maker, first half of the address, family, model, software.
type Product = (&'static str, [u8; 3], &'static str, &'static str, &'static str);

/// Shares are equal.
const VENTILATORS: [Product; 3] = [
    ("Dräger", [0x00, 0x30, 0xe6], "Evita", "Evita V800", "2.01.5"),
    ("Dräger", [0xf0, 0xe5, 0xc3], "Babylog", "Babylog VN800", "2.01.5"),
    ("Dräger", [0xf0, 0xe5, 0xc3], "Evita", "Evita V600", "2.00.1"),
];
const ANESTHESIA: [Product; 3] = [
    ("Dräger", [0x00, 0x30, 0xe6], "Perseus", "Perseus A500", "2.03.0"),
    ("Dräger", [0xf0, 0xe5, 0xc3], "Atlan", "Atlan A350", "1.04.2"),
    ("Mindray", [0x00, 0x0f, 0x14], "A series", "A7", "05.14.00"),
];
const TOLD_BY_SDC: &[&str] = &["category", "vendor", "model", "serial"];
const TOLD_BY_HL7: &[&str] = &["category", "vendor", "model", "serial"];

/// Ventilators.
pub struct Ventilator;

/// Anaesthesia machines.
pub struct AnesthesiaMachine;

impl Kind for Ventilator {
    fn name(&self) -> &'static str {
        "ventilator"
    }

    fn count(&self, devices: usize) -> usize {
        of_thousand(devices, 14)
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        make(draw, number, "ventilator", &VENTILATORS)
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        speak(me, around, draw)
    }
}

impl Kind for AnesthesiaMachine {
    fn name(&self) -> &'static str {
        "anesthesia_machine"
    }

    fn count(&self, devices: usize) -> usize {
        of_thousand(devices, 8)
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        make(draw, number, "anesthesia_machine", &ANESTHESIA)
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        speak(me, around, draw)
    }
}

impl Device {
    /// Whether it speaks SDC: Dräger's do.
    pub(super) fn is_sdc(&self) -> bool {
        self.truth.vendor == "Dräger"
    }
}

fn make(draw: &mut Draw, number: usize, category: &'static str, products: &[Product]) -> Device {
    let spot = place::bedside(draw, number);
    let product = draw.index(products.len());
    let (vendor, prefix, family, model, software) = products.get(product).copied().unwrap_or_default();
    let told = if vendor == "Dräger" { TOLD_BY_SDC } else { TOLD_BY_HL7 };
    let serial = match vendor {
        "Dräger" => format!("ASK{}-{}", draw.letters(1), draw.digits(4)),
        _ => format!("CB-{}", draw.digits(8)),
    };
    let mut device = Device::new(format!("resp-{}", draw.digits(4)), draw.mac(prefix), LINUX, Zone::Clinical)
        .is(category, vendor, told)
        .named(family, model, software)
        .serial(serial)
        .at(spot)
        .on_time();
    if vendor != "Dräger" {
        device = device.does(&["hl7_sender"]).shows(&["cleartext_medical"]);
    }
    device.product = product;
    device
}

fn speak(me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
    if me.is_sdc() {
        return medical(me, around, draw);
    }
    let Some(engine) = around.one("interface_engine", me) else { return Vec::new() };
    // It names itself as the sender and as the equipment by the same identifier, made from its address.
    let [a, b, c, d, e, f] = me.station.mac;
    let identifier = format!("{a:02X}{b:02X}{c:02X}FFFE{d:02X}{e:02X}{f:02X}^EUI-64");
    let ends = Ends {
        from: me.station,
        to: engine.station,
        port: ENGINE,
        sender: format!("MINDRAY_A_SERIES^{identifier}|MINDRAY"),
        receiver: "MIRTH|IT".to_owned(),
    };
    let (equipment, truth) = (format!("{}^MINDRAY^{identifier}", me.truth.serial), me.truth.clone());
    let mut line = Line::new(ends);
    let reports = Routine::new(Rhythm::every(REPORT_S, draw), move |tape: &mut Tape, at: Moment, _| {
        line.send(tape, at, [breathing(&truth, &equipment)]);
    });
    vec![reports.over(tcp(me, engine, ENGINE, "hl7").doing(&["ORU^R01"]))]
}

/// It says hello, and tells the alarm server what changed: events go from the device to whoever subscribed (WS-Eventing).
fn medical(me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
    let medical = Medical::of(me);
    let mut routines = vec![Routine::new(Rhythm::every(HELLO_S, draw), move |tape: &mut Tape, at: Moment, _| {
        medical.join(tape, at);
    })];
    if let Some(server) = around.one("alarm_server", me) {
        let (from, to) = (me.station, server.station);
        let mut tunnel = Tunnel::default();
        let events = Routine::new(Rhythm::every(EVENT_S, draw), move |tape: &mut Tape, at: Moment, _| {
            let certificate = sdc::subscriber();
            let visit = Visit {
                client: Client::Plain,
                name: "",
                port: sdc::EVENTS,
                certificate: Some(&certificate),
                length: 120,
            };
            tunnel.visit(tape, at, &from, &to, &visit);
        });
        routines.push(events.over(tcp(me, server, sdc::EVENTS, "tls")));
    }
    routines
}

/// What a ventilator or an anaesthesia machine measures.
pub(super) fn breathing(truth: &Truth, equipment: &str) -> Message {
    let (system, device) = match truth.category {
        "ventilator" => ("70001^MDC_DEV_SYS_PT_VENT_MDS", "70002^MDC_DEV_SYS_PT_VENT_VMD"),
        _ => ("70029^MDC_DEV_SYS_ANESTH_MDS", "70030^MDC_DEV_SYS_ANESTH_VMD"),
    };
    let texts = [
        ("531970^MDC_ID_MODEL_MANUFACTURER", truth.vendor),
        ("531969^MDC_ID_MODEL_NUMBER", truth.model),
        ("531972^MDC_ID_PROD_SPEC_SERIAL", truth.serial.as_str()),
    ];
    let numbers = [
        ("151586^MDC_VENT_RESP_RATE", "264928^MDC_DIM_RESP_PER_MIN"),
        ("151793^MDC_PRESS_AWAY_INSP_PEAK", "266048^MDC_DIM_CM_H2O"),
        ("151868^MDC_VOL_AWAY_TIDAL", "263762^MDC_DIM_MILLI_L"),
        ("152196^MDC_CONC_AWAY_O2_INSP", "262688^MDC_DIM_PERCENT"),
    ];
    let report = Report { system, device, equipment, is_repeated: false, texts: &texts, numbers: &numbers };
    pcd::observation(1, "1^DEVICE|1^DEVICE|182777000^monitoring of patient^SCT", &report)
}
