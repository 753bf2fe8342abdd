//! Analysers of the laboratory and at the point of care: each maker's own way to say to the host who measured what.

use crate::device::Device;
use crate::draw::Draw;
use crate::frames::{Stack, Station};
use crate::hospital::Around;
use crate::kinds::modality::by_share;
use crate::kinds::{Kind, Routine, of_thousand, tcp};
use crate::place::{self, Spot, Zone};
use crate::rhythm::{Day, Rhythm};
use crate::talk::Host;
use crate::talk::analyser::{self, Dialect, Dialler, Line};
use crate::talk::hl7::{Message, Party, exchange};

/// What a header tells at most.
pub const ALL: &[&str] = &["category", "vendor", "model", "serial", "software"];
/// All but a version.
pub const NO_SOFTWARE: &[&str] = &["category", "vendor", "model", "serial"];
/// What it is and by whom.
pub const KIND_AND_MAKER: &[&str] = &["category", "vendor"];
/// And which.
pub const AND_MODEL: &[&str] = &["category", "vendor", "model"];

/// The usual way: delimiters of the standard, a time, a frame for each record.
pub const USUAL: Dialect = Dialect {
    delimiters: ['|', '\\', '^', '&'],
    id: "",
    password: "",
    sender: "",
    receiver: "|",
    processing: "P",
    version: "1",
    dated: true,
    record_frames: true,
    queries: false,
    tests: &[],
};

/// A serial device server listens here (Moxa's and Lantronix' manuals: 4001, 10001).
const WIRED_PORT: u16 = 4_001;
/// The host has a port for each analyser.
const FIRST_PORT: u16 = 15_000;

/// How results go to the host.
pub enum Wire {
    /// ASTM.
    Astm(Dialect),
    /// HL7 over MLLP: application and facility, OBX-18 with `$` for the serial number, coding system, tests.
    Hl7([&'static str; 2], &'static str, &'static str, &'static [&'static str]),
    /// HL7 as Mindray's analysers send it: MSH-3 is the maker, MSH-4 the model; no equipment is named.
    Mindray(&'static str, &'static [&'static str]),
}

/// A maker's analyser.
pub struct Product {
    /// Of a hundred of its kind so many are this one.
    pub share: u64,
    /// The maker as Cordon spells it, the family, the model.
    pub names: [&'static str; 3],
    /// Version of its software.
    pub software: &'static str,
    /// What of this the traffic tells.
    pub told: &'static [&'static str],
    /// First half of its hardware address: often that of whoever made the computer or the serial device server.
    pub prefix: [u8; 3],
    /// Its system.
    pub stack: Stack,
    /// What its serial numbers begin with, and how many digits follow.
    pub serial: (&'static str, usize),
    /// Its name in the network; `#` stands for its number.
    pub host: &'static str,
    /// Who dials.
    pub dialler: Dialler,
    /// How results go to the host.
    pub wire: Wire,
}

/// A kind of analyser.
pub struct Analyser {
    /// Its name, which is its category too.
    pub name: &'static str,
    /// So many of a thousand devices.
    pub share: usize,
    /// Samples on a working day.
    pub samples: u64,
    /// When.
    pub day: Day,
    /// Where they stand; at the beds if that is a clinical network.
    pub zone: Zone,
    /// Who makes them.
    pub products: &'static [Product],
}

impl Kind for Analyser {
    fn name(&self) -> &'static str {
        self.name
    }

    fn count(&self, devices: usize) -> usize {
        of_thousand(devices, self.share)
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        let index = by_share(draw, self.products, |product| product.share);
        let bed = u64::try_from(number).unwrap_or(0).saturating_add(1);
        let spot = match self.zone {
            Zone::Clinical => place::bedside(draw, number),
            _ => Spot { building: 2, floor: 0, unit: "LAB", bed },
        };
        let Some(product) = self.products.get(index) else {
            return Device::new("", [0; 6], crate::frames::LINUX, self.zone);
        };
        let [vendor, family, model] = product.names;
        let (start, digits) = product.serial;
        let name = product.host.replace('#', &bed.to_string());
        let mut device = Device::new(name, draw.mac(product.prefix), product.stack, self.zone)
            .is(self.name, vendor, product.told)
            .named(family, model, product.software)
            .serial(format!("{start}{}", draw.digits(digits)))
            .shows(&["cleartext_medical"])
            .at(spot);
        if !matches!(product.wire, Wire::Astm(_)) {
            device = device.does(&["hl7_sender"]);
        }
        device.product = index;
        device
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        let (Some(host), Some(product)) = (around.one("laboratory_system", me), self.products.get(me.product)) else {
            return Vec::new();
        };
        let own_port = FIRST_PORT.saturating_add(u16::try_from(me.number).unwrap_or(0));
        let rhythm = Rhythm::daily(self.samples, self.day, draw);
        let first = draw.below(9_000);
        match &product.wire {
            Wire::Astm(dialect) => {
                let ends = [me.station, host.station];
                let (from, to, port) = match product.dialler {
                    Dialler::Analyser => (me, host, own_port),
                    Dialler::Host => (host, me, WIRED_PORT),
                };
                let samples = by_astm(rhythm, ends, port, (product.dialler, dialect), &me.truth.serial, first);
                vec![samples.over(tcp(from, to, port, "astm"))]
            }
            Wire::Hl7(party, equipment, coding, tests) => {
                let equipment = equipment.replace('$', &me.truth.serial);
                let message = move |number| analyser::measured(&equipment, coding, tests, number);
                let samples = by_hl7(rhythm, [me, host], own_port, *party, first, message);
                vec![samples.over(tcp(me, host, own_port, "hl7").doing(&["OUL^R22"]))]
            }
            Wire::Mindray(model, tests) => {
                let message = move |number| mindray(model, tests, number);
                let samples = by_hl7(rhythm, [me, host], own_port, ["Mindray", model], first, message);
                vec![samples.over(tcp(me, host, own_port, "hl7").doing(&["ORU^R01"]))]
            }
        }
    }
}

/// Samples one after the other on a line that stays open.
fn by_astm(
    rhythm: Rhythm,
    [analyser, host]: [Station; 2],
    port: u16,
    (dialler, dialect): (Dialler, &'static Dialect),
    serial: &str,
    first: u64,
) -> Routine {
    let serial = serial.to_owned();
    let mut open = None;
    // One sample at a time, each taking some time.
    let mut free = crate::frames::Moment(0);
    Routine::new(rhythm, move |tape, at, turn| {
        let at = at.max(free);
        free = at.after_s(30);
        let mut line = Line::open(tape, at, dialler, [&analyser, &host], port, open.take());
        line.sample(dialect, &serial, first.saturating_add(turn));
        open = Some(line.leave());
    })
}

/// Samples, each on a connection of its own.
fn by_hl7(
    rhythm: Rhythm,
    [me, host]: [&Device; 2],
    port: u16,
    [application, facility]: [&'static str; 2],
    first: u64,
    message: impl Fn(u64) -> Message + 'static,
) -> Routine {
    let (name, station, host_name, host_station) = (me.name.clone(), me.station, host.name.clone(), host.station);
    Routine::new(rhythm, move |tape, at, turn| {
        let from = Party { host: Host { station, name: &name }, application, facility };
        let to = Host { station: host_station, name: &host_name };
        let to = Party { host: to, application: "LIS", facility: "" };
        exchange(tape, &from, &to, port, &[(at, message(first.saturating_add(turn)))]);
    })
}

/// Mindray BS series, host interface manual: version 2.3.1, codes of the hospital's own.
fn mindray(model: &str, tests: &[&str], number: u64) -> Message {
    let mut segments = vec![
        format!("PID|1|CANARYMRPID2-{number}|||CANARYMRPID5^PATIENT||19700101|F\r"),
        format!("OBR|1|CANARYMROBR2-{number}|{number}|Mindray^{model}||||||||||||serum\r"),
    ];
    for (row, test) in (1_u32..).zip(tests) {
        segments.push(format!(
            "OBX|{row}|NM|{row}|{test}|CANARYMROBX5 4.{row}|mmol/L|-|N|||F||CANARYMROBX13 4.{row}|||CANARYMROBX16-1\r"
        ));
    }
    Message { kind: "ORU^R01", version: "2.3.1", rest: "||||0||ASCII|||", segments }
}
