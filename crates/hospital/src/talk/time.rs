//! NTP (RFC 5905): clients set their clocks.

use crate::bytes::{Bytes, noise32};
use crate::frames::{Moment, Station, Tape, delay_us};

const PORT: u16 = 123;
/// From 1900 to 1970, in seconds.
const ERA: u64 = 2_208_988_800;

/// A server as it says of itself.
pub struct Clock {
    /// How far from a reference clock.
    pub stratum: u8,
    /// The reference clock's four letters, or its address.
    pub reference: [u8; 4],
}

/// A client asks, the server answers.
pub fn ask(tape: &mut Tape, at: Moment, client: &Station, server: &Station, clock: &Clock) {
    let sent = timestamp(at);
    let asked = Bytes::new().raw([0x23, 0, 6, 0xec]).zeros(36).raw(sent);
    let back = at.after_us(delay_us(client, server));
    let answer = Bytes::new().raw([0x24, clock.stratum, 6, 0xe9]).u32(0x10).u32(0x40).raw(clock.reference);
    let answer = answer.raw(timestamp(back.before_us(7_000_000))).raw(sent).raw(timestamp(back)).raw(timestamp(back));
    tape.udp(at, (client, PORT), (server, PORT), asked.as_ref());
    tape.udp(back.after_us(150), (server, PORT), (client, PORT), answer.as_ref());
}

/// Seconds since 1900 and their fraction.
fn timestamp(at: Moment) -> [u8; 8] {
    let seconds = u32::try_from(at.0.div_euclid(1_000_000).saturating_add(ERA)).unwrap_or(0);
    let time = Bytes::new().u32(seconds).u32(noise32(at.0));
    time.as_ref().try_into().unwrap_or([0; 8])
}
