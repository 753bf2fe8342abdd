//! The building: its server reads and sets heating, air and gas supply, and looks after the battery.

use super::{END, at};
use crate::frames::Tape;
use crate::talk::building::{Controller, bacnet, modbus};
use crate::talk::tls::{self, Certificate, Client, Visit};
use crate::ward::devices::{BUILDING_SERVER, CLIMATE, PLC, UPS};

/// Plays it.
pub fn play(tape: &mut Tape) {
    let server = BUILDING_SERVER.station();
    let controller = Controller {
        instance: 3_080,
        vendor: 5,
        texts: ["Johnson Controls", "MS-FEC2611-0", "6.2.0.1081", "Ward 3 air 1.4"],
    };
    bacnet(tape, at(6, 46, 0), END.before_us(60_000_000), &server, &CLIMATE.station(), &controller);
    let texts = ["Schneider Electric", "BMX P34 2020", "v2.70"];
    modbus(tape, at(6, 47, 0), END.before_us(60_000_000), &server, &PLC.station(), texts);
    let certificate = Certificate {
        subject: ["US", "American Power Conversion", "ups-3"],
        issuer: ["US", "American Power Conversion", "ups-3"],
        names: &[],
        validity: ["150101000000Z", "350101000000Z"],
        key_bytes: 128,
        is_sha_1: true,
    };
    for hour in [7, 9, 11] {
        let visit = Visit { client: Client::Old, name: "", port: 443, certificate: Some(&certificate), length: 3_000 };
        tls::visit(tape, at(hour, 50, 0), &server, &UPS.station(), &visit);
    }
}
