//! Messages between systems: admissions, orders, results, vital signs, pumps; the laboratory's devices.

use super::{END, at, every};
use crate::frames::{Moment, Tape};
use crate::talk::hl7::{self, Message, Party, exchange};
use crate::talk::laboratory;
use crate::ward::devices::{
    ANALYSER, CENTRAL, ENGINE, HOSPITAL, LABORATORY, METER_BASE, METER_SERIALS, PUMP_GATEWAY, PUMP_SERIALS,
};

const MLLP: u16 = 2575;
const ENGINE_PUMPS: u16 = 6661;
const LABORATORY_ASTM: u16 = 15_200;
const LABORATORY_POCT: u16 = 4_001;

const INTEGRATION: Party<'_> = Party { host: ENGINE.host(), application: "MIRTH", facility: "IT" };
const ADMISSIONS: Party<'_> = Party { host: HOSPITAL.host(), application: "ORBIS", facility: "WARDEX" };
const RESULTS: Party<'_> = Party { host: LABORATORY.host(), application: "LIS", facility: "LAB" };
const VITAL_SIGNS: Party<'_> = Party { host: CENTRAL.host(), application: "PIIC iX", facility: "WARD3" };

/// The gateway as a sender: it names itself by its own universal identifier.
const PUMPS: Party<'_> =
    Party { host: PUMP_GATEWAY.host(), application: "PAT_DEVICE_BBRAUN^0012211839000000^EUI-64", facility: "WARD3" };

/// Plays it.
pub fn play(tape: &mut Tape) {
    let pumps = |number| hl7::pumps(number, PUMP_SERIALS);
    let series = |every_s: u64, first: Moment, message: &dyn Fn(u32) -> Message| -> Vec<(Moment, Message)> {
        (1_u32..).zip(every(every_s, first, END)).map(|(number, at)| (at, message(number))).collect()
    };
    exchange(tape, &ADMISSIONS, &INTEGRATION, MLLP, &series(660, at(6, 45, 0), &hl7::admission));
    exchange(tape, &INTEGRATION, &RESULTS, MLLP, &series(660, at(6, 45, 2), &hl7::order));
    exchange(tape, &RESULTS, &INTEGRATION, MLLP, &series(780, at(7, 10, 0), &hl7::result));
    exchange(tape, &INTEGRATION, &ADMISSIONS, MLLP, &series(780, at(7, 10, 2), &hl7::result));
    exchange(tape, &VITAL_SIGNS, &INTEGRATION, MLLP, &series(300, at(6, 50, 0), &hl7::vital_signs));
    exchange(tape, &PUMPS, &INTEGRATION, ENGINE_PUMPS, &series(120, at(6, 41, 0), &pumps));

    let sender = format!("XP-100^00-13^^^^{}^BS310061", ANALYSER.truth.serial.unwrap_or_default());
    for (sample, at) in (1_u32..).zip(every(780, at(7, 8, 0), END)) {
        laboratory::astm(tape, at, &ANALYSER.station(), &LABORATORY.station(), LABORATORY_ASTM, &sender, sample);
    }
    for (at, serial) in every(1_500, at(7, 0, 30), END).zip(METER_SERIALS.iter().cycle()) {
        laboratory::poct1a(tape, at, &METER_BASE.station(), &LABORATORY.station(), LABORATORY_POCT, serial);
    }
}
