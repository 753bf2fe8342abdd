//! The building: BACnet/IP (ASHRAE 135 annex J) for heating and air, Modbus/TCP for the gas supply.

use crate::bytes::{Bytes, length16, noise32};
use crate::frames::{Moment, Station, Tape};
use crate::tcp::Talk;

const BACNET: u16 = 47_808;
const MODBUS: u16 = 502;
const UNICAST: u8 = 0x0a;
const BROADCAST: u8 = 0x0b;

/// A controller as it says of itself.
pub struct Controller<'a> {
    /// Instance number of its device object, below 65536 here.
    pub instance: u16,
    /// ASHRAE's number of the maker.
    pub vendor: u8,
    /// Vendor name, model name, firmware revision, application software: properties 121, 70, 44, 12.
    pub texts: [&'a str; 4],
}

/// The server looks for controllers, reads what this one is, reads temperatures until `end`, and sets one value.
pub fn bacnet(
    tape: &mut Tape,
    at: Moment,
    end: Moment,
    server: &Station,
    station: &Station,
    controller: &Controller<'_>,
) {
    let [high, low] = controller.instance.to_be_bytes();
    let device = [0x02, 0x00, high, low];
    let who_is = Bytes::new().raw([0x01, 0x20, 0xff, 0xff, 0x00, 0xff, 0x10, 0x08]);
    let i_am = Bytes::new().raw([0x01, 0x20, 0xff, 0xff, 0x00, 0xff, 0x10, 0x00, 0xc4]).raw(device);
    let i_am = i_am.raw([0x22, 0x05, 0xc4, 0x91, 0x03, 0x21, controller.vendor]);
    tape.udp_to_group(at, (server, BACNET), (server.broadcast(), BACNET), frame(BROADCAST, &who_is).as_ref());
    tape.udp_to_group(
        at.after_ms(14),
        (station, BACNET),
        (station.broadcast(), BACNET),
        frame(BROADCAST, &i_am).as_ref(),
    );

    let properties = [121_u8, 70, 44, 12];
    let wanted = properties.iter().fold(Bytes::new(), |all, property| all.raw([0x09, *property]));
    let question = Bytes::new().raw([0x02, 0x75, 1, 0x0e, 0x0c]).raw(device).u8(0x1e).raw(wanted).u8(0x1f);
    let values = properties.iter().zip(controller.texts).fold(Bytes::new(), |all, (property, text)| {
        let value = Bytes::new().u8(0).text(text);
        all.raw([0x29, *property, 0x4e, 0x75]).counted8(value).u8(0x4f)
    });
    let answer = Bytes::new().raw([0x30, 1, 0x0e, 0x0c]).raw(device).u8(0x1e).raw(values).u8(0x1f);
    let mut at = at.after_s(2);
    let mut ask = |at: Moment, question: &Bytes, answer: &Bytes| {
        let question = Bytes::new().raw([0x01, 0x04]).raw(question);
        let answer = Bytes::new().raw([0x01, 0x00]).raw(answer);
        tape.udp(at, (server, BACNET), (station, BACNET), frame(UNICAST, &question).as_ref());
        tape.udp(at.after_ms(11), (station, BACNET), (server, BACNET), frame(UNICAST, &answer).as_ref());
    };
    ask(at, &question, &answer);
    let mut invoke = 1_u8;
    while at < end {
        at = at.after_s(60);
        invoke = invoke.wrapping_add(1);
        // ReadProperty of analogue input 1, present value.
        let object = Bytes::new().raw([0x0c, 0, 0, 0, 1, 0x19, 0x55]);
        let value = 20.0_f32 + f32::from(u8::try_from(noise32(at.0) >> 29).unwrap_or(0)) / 4.0;
        let answer =
            Bytes::new().raw([0x30, invoke, 0x0c]).raw(&object).raw([0x3e, 0x44]).raw(value.to_be_bytes()).u8(0x3f);
        ask(at, &Bytes::new().raw([0x02, 0x75, invoke, 0x0c]).raw(object), &answer);
    }
    // WriteProperty of analogue value 5: 21 degrees, priority 8. No password is asked for.
    let write = Bytes::new().raw([0x02, 0x75, invoke, 0x0f, 0x0c, 0, 0x80, 0, 5, 0x19, 0x55, 0x3e, 0x44]);
    let write = write.raw(21.0_f32.to_be_bytes()).raw([0x3f, 0x49, 8]);
    ask(at.after_s(5), &write, &Bytes::new().raw([0x20, invoke, 0x0f]));
}

/// BACnet virtual link: type, function, length of all.
fn frame(function: u8, body: &Bytes) -> Bytes {
    Bytes::new().raw([0x81, function]).u16(length16(body.as_ref()).saturating_add(4)).raw(body)
}

/// The server asks a programmable controller what it is, reads its registers until `end`, and writes one.
pub fn modbus(tape: &mut Tape, at: Moment, end: Moment, server: &Station, station: &Station, texts: [&str; 3]) {
    let objects = (0_u8..).zip(texts).fold(Bytes::new(), |all, (id, text)| all.u8(id).counted8(text));
    let mut talk = Talk::open(tape, at, server, station, MODBUS);
    let mut number = 1_u16;
    talk.say(unit(number, &[0x2b, 0x0e, 1, 0]));
    talk.answer(unit(number, Bytes::new().raw([0x2b, 0x0e, 1, 1, 0, 0, 3]).raw(objects).as_ref()));
    let mut now = at;
    while now < end {
        now = now.after_s(60);
        number = number.wrapping_add(1);
        talk.wait_until(now).say(unit(number, &[3, 0, 100, 0, 4]));
        let [a, b, c, d] = noise32(now.0).to_be_bytes();
        talk.wait_ms(6).answer(unit(number, &[3, 8, 0, a, 0, b, 0, c, 0, d]));
    }
    talk.say(unit(number, &[6, 0, 110, 0, 42])).answer(unit(number, &[6, 0, 110, 0, 42]));
    talk.close();
}

/// Transaction, protocol 0, length, unit 1.
fn unit(number: u16, body: &[u8]) -> Bytes {
    Bytes::new().u16(number).u16(0).counted16(Bytes::new().u8(1).raw(body))
}
