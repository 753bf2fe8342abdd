//! GE's monitoring network (CARESCAPE, formerly Unity): every node tells everybody of itself again and again (RWHAT),
//! and one tells the time. Makers of alarm systems publish where address, place and time stand in these (Vocera
//! CARESCAPE adapter reference: bytes 7–10, 25–37, 61–64); the rest is not public and left zero here.

use crate::bytes::Bytes;
use crate::frames::{Moment, Station, Tape};

const DISCOVERY: u16 = 7_000;
const TIME: u16 = 2_000;
/// From 1900 to 1970, in seconds.
const ERA: u64 = 2_208_988_800;

/// A node tells that it is there: unit and bed of a monitor, or what the station is called.
pub fn announce(tape: &mut Tape, at: Moment, from: &Station, unit: &str, bed: &str) {
    tape.udp_to_group(at, (from, DISCOVERY), (from.broadcast(), DISCOVERY), record(at, from, unit, bed).as_ref());
}

/// The master tells the time.
pub fn tell_time(tape: &mut Tape, at: Moment, from: &Station, unit: &str, name: &str) {
    tape.udp_to_group(at, (from, TIME), (from.broadcast(), TIME), record(at, from, unit, name).as_ref());
}

/// 64 bytes.
fn record(at: Moment, from: &Station, unit: &str, bed: &str) -> Bytes {
    let seconds = u32::try_from(at.0.div_euclid(1_000_000).saturating_add(ERA)).unwrap_or(0);
    let unit: String = unit.chars().take(7).collect();
    let bed: String = bed.chars().take(6).collect();
    let head = Bytes::new().zeros(6).raw(from.ip.octets()).zeros(14).fixed(&format!("{unit}|{bed}"), 14, 0);
    head.zeros(22).u32(seconds)
}
