//! Dialysis machines, which tell their maker-independent data system what they do (a protocol that is not public), and
//! that system, which tells the interface engine.

use super::{Kind, Routine, of_thousand, tcp};
use crate::bytes::{Bytes, noise};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::{EMBEDDED, WINDOWS};
use crate::hospital::Around;
use crate::place::{self, Spot, Zone};
use crate::rhythm::{CLINIC, Rhythm};
use crate::talk::hl7;
use crate::talk::mllp::{Ends, Line};
use crate::tcp::Talk;

/// Where the data system listens for machines.
const MACHINES: u16 = 3_001;
const ENGINE: u16 = 6_670;
const CONTACT_S: u64 = 300;

/// First half of the address, maker, family, model.
const MODELS: [([u8; 3], &str, &str, &str); 4] = [
    ([0xb0, 0x4c, 0x05], "Fresenius Medical Care", "", "6008 CAREsystem"),
    ([0xb0, 0x4c, 0x05], "Fresenius Medical Care", "", "5008S"),
    ([0xcc, 0x7b, 0x61], "Nikkiso", "", "DBB-EXA"),
    ([0x00, 0x17, 0xb9], "Baxter", "", "AK 98"),
];

/// Dialysis machines.
pub struct DialysisMachine;

/// The data system.
pub struct DialysisServer;

impl Kind for DialysisServer {
    fn name(&self) -> &'static str {
        "dialysis_server"
    }

    fn count(&self, _: usize) -> usize {
        1
    }

    fn make(&self, draw: &mut Draw, _: usize) -> Device {
        Device::new("tds1", draw.mac([0x00, 0x50, 0x56]), WINDOWS, Zone::Servers)
            .is("medical_system", "Fresenius Medical Care", &["vendor"])
            .named("Therapy Monitor", "", "")
            .does(&["hl7_sender"])
            .shows(&["cleartext_medical"])
            .at(Spot { building: 1, floor: 0, unit: "IT", bed: 14 })
            .on_time()
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        let Some(engine) = around.one("interface_engine", me) else { return Vec::new() };
        let ends = Ends {
            from: me.station,
            to: engine.station,
            port: ENGINE,
            sender: "Therapy Monitor|DIALYSIS".to_owned(),
            receiver: "MIRTH|IT".to_owned(),
        };
        let mut line = Line::new(ends);
        let results = Routine::new(Rhythm::daily(60, CLINIC, draw), move |tape, at, turn| {
            line.send(tape, at, [hl7::result(u32::try_from(turn).unwrap_or(0))]);
        });
        vec![results.over(tcp(me, engine, ENGINE, "hl7").doing(&["ORU^R01"]))]
    }
}

impl Kind for DialysisMachine {
    fn name(&self) -> &'static str {
        "dialysis_machine"
    }

    fn count(&self, devices: usize) -> usize {
        of_thousand(devices, 10)
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        let spot = place::bedside(draw, number);
        let (prefix, vendor, family, model) = draw.pick(&MODELS).copied().unwrap_or_default();
        Device::new(format!("hd{:02}", number.saturating_add(1)), draw.mac(prefix), EMBEDDED, Zone::Clinical)
            .is("dialysis_machine", vendor, &[])
            .named(family, model, "")
            .serial(draw.letters(1) + &draw.digits(7))
            .at(spot)
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        let Some(server) = around.one("dialysis_server", me) else { return Vec::new() };
        let (station, to) = (me.station, server.station);
        let mut open = None;
        let contacts = Routine::new(Rhythm::every(CONTACT_S, draw), move |tape, at, _| {
            let mut talk = match open.take() {
                Some(open) => Talk::go_on(tape, at, open),
                None => Talk::open(tape, at, &station, &to, MACHINES),
            };
            let seed = at.0 ^ u64::from(u32::from(station.ip));
            talk.say(Bytes::new().counted16(noise(seed, 310)));
            talk.wait_ms(30).answer(Bytes::new().counted16(noise(!seed, 12)));
            open = Some(talk.leave());
        });
        vec![contacts.over(tcp(me, server, MACHINES, ""))]
    }
}
