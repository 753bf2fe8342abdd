//! MODBUS Messaging on TCP/IP: a building's server watches a programmable controller on a connection that stays open.

use crate::bytes::{Bytes, noise32};
use crate::frames::{Moment, Station, Tape};
use crate::tcp::{Open, Talk};

/// Port of Modbus.
pub const PORT: u16 = 502;

/// Connects and asks what the controller is (function 43 / 14): maker, product, version, or that it cannot say.
pub fn begin(tape: &mut Tape, at: Moment, server: &Station, station: &Station, texts: Option<[&str; 3]>) -> Open {
    let mut talk = Talk::open(tape, at, server, station, PORT);
    talk.say(unit(1, &[0x2b, 0x0e, 1, 0])).wait_ms(4);
    match texts {
        Some(texts) => {
            let objects = (0_u8..).zip(texts).fold(Bytes::new(), |all, (id, text)| all.u8(id).counted8(text));
            talk.answer(unit(1, Bytes::new().raw([0x2b, 0x0e, 1, 1, 0, 0, 3]).raw(objects).as_ref()))
        }
        // Exception 1: illegal function.
        None => talk.answer(unit(1, &[0xab, 1])),
    };
    talk.leave()
}

/// Reads four registers.
pub fn read(tape: &mut Tape, at: Moment, open: Open, turn: u64) -> Open {
    let number = u16::try_from(turn.rem_euclid(60_000)).unwrap_or(0).saturating_add(2);
    let mut talk = Talk::go_on(tape, at, open);
    let [a, b, c, d] = noise32(at.0).to_be_bytes();
    talk.say(unit(number, &[3, 0, 100, 0, 4])).wait_ms(6).answer(unit(number, &[3, 8, 0, a, 0, b, 0, c, 0, d]));
    talk.leave()
}

/// Sets one register. Nobody asks who does.
pub fn write(tape: &mut Tape, at: Moment, open: Open) -> Open {
    let mut talk = Talk::go_on(tape, at, open);
    talk.say(unit(1, &[6, 0, 110, 0, 42])).wait_ms(6).answer(unit(1, &[6, 0, 110, 0, 42]));
    talk.leave()
}

/// Transaction, protocol 0, length, unit 1.
fn unit(number: u16, body: &[u8]) -> Bytes {
    Bytes::new().u16(number).u16(0).counted16(Bytes::new().u8(1).raw(body))
}
