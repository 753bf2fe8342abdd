//! At the beds: monitors and their central station, ventilator and anaesthesia machine, pumps.

use super::{BEGIN, END, at, every};
use crate::frames::Tape;
use crate::talk::discovery::{self, Announcement, Model, hello, metadata, probe};
use crate::talk::intellivue::{self, Monitor};
use crate::talk::tls::{self, Certificate, Client, Visit};
use crate::ward::devices::{ALARM_SERVER, ANAESTHESIA, CENTRAL, Device, MONITORS, VENTILATOR};

/// Where SDC devices answer (IANA sdc); their encrypted service stands beside it.
const PLAIN: u16 = 6464;
const ENCRYPTED: u16 = 6465;
/// Scopes; a patient and a member of staff are among the first, and may not come out.
const BED: &str = "sdc.mds.pkp:1.2.840.10004.20701.1.1 sdc.ctxt.pat:/urn%3Aoid%3A1.2.3/CANARY-4711 \
    sdc.ctxt.opr:/staff/CANARY sdc.ctxt.loc:/sdc.ctxt.loc.detail/CANARY?bed=1&amp;poc=W3&amp;fac=Ward%20Example";
const ROOM: &str = "sdc.mds.pkp:1.2.840.10004.20701.1.1 \
    sdc.ctxt.loc:/sdc.ctxt.loc.detail/CANARY?rm=Induction&amp;poc=W3&amp;fac=Ward%20Example";

/// Plays it.
pub fn play(tape: &mut Tape) {
    monitors(tape);
    sdc(tape);
}

fn monitors(tape: &mut Tape) {
    let [first, second, third] = MONITORS;
    let monitors = [
        Monitor {
            station: first.station(),
            serial: first.truth.serial.unwrap_or_default(),
            model: "865240",
            bed: "W3 Bed 1",
            software: "L.30.01",
        },
        Monitor {
            station: second.station(),
            serial: second.truth.serial.unwrap_or_default(),
            model: "865240",
            bed: "W3 Bed 2",
            software: "L.30.01",
        },
        Monitor {
            station: third.station(),
            serial: third.truth.serial.unwrap_or_default(),
            model: "866062",
            bed: "W3 Bed 3",
            software: "M.00.03",
        },
    ];
    for (index, monitor) in (0_u64..).zip(&monitors) {
        let start = at(6, 40, index.saturating_mul(11));
        for at in every(20, BEGIN.after_s(index.saturating_add(8)), start) {
            intellivue::indicate(tape, at, monitor);
        }
        intellivue::export(tape, start, END, 30, &CENTRAL.station(), monitor);
    }
}

fn sdc(tape: &mut Tape) {
    let devices = [(VENTILATOR, BED, "Evita V800", "Bed 1"), (ANAESTHESIA, ROOM, "Perseus A500", "Induction")];
    let certificate = Certificate {
        subject: ["DE", "Drägerwerk AG & Co. KGaA", "sdc-device"],
        issuer: ["DE", "Ward Example", "Ward Example Device CA"],
        names: &[],
        validity: ["250101000000Z", "300101000000Z"],
        key_bytes: 256,
        is_sha_1: false,
    };
    let server = ALARM_SERVER.station();
    for (index, (device, scopes, name, friendly)) in (0_u64..).zip(devices) {
        let second = index.saturating_mul(21);
        let what = announcement(&device, scopes);
        let station = device.station();
        hello(tape, at(6, 35, second), &station, &what);
        for hour in [7, 9, 11] {
            probe(tape, at(hour, 15, second), &server, "mdpws:MedicalDevice", &[(&station, &what)]);
        }
        let serial = device.truth.serial.unwrap_or_default();
        let model = Model { manufacturer: "Dräger", name, friendly, firmware: "2.01.5", serial };
        metadata(tape, at(7, 16, second), &server, &station, PLAIN, what.endpoint, &model);
        for at in every(600, at(7, 20, second), END) {
            let visit = Visit {
                client: Client::Plain,
                name: "",
                port: ENCRYPTED,
                certificate: Some(&certificate),
                length: 1_100,
            };
            tls::visit(tape, at, &server, &station, &visit);
        }
    }
}

fn announcement<'a>(device: &Device, scopes: &'a str) -> Announcement<'a> {
    let [.., last] = device.mac;
    let endpoint = u64::from(last);
    Announcement {
        endpoint,
        types: "dpws:Device mdpws:MedicalDevice",
        scopes,
        address: format!("https://{}:{ENCRYPTED}/{}", device.ip, discovery::uuid(endpoint)),
        is_standard: true,
    }
}
