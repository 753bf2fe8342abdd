//! BACnet/IP (ASHRAE 135 annex J): a building's server finds its controllers, reads what they are and measure, and sets.

use crate::bytes::{Bytes, length16, noise32};
use crate::frames::{Moment, Station, Tape};

/// Port of BACnet/IP.
pub const PORT: u16 = 47_808;
const UNICAST: u8 = 0x0a;
const BROADCAST: u8 = 0x0b;

/// A controller as it says of itself.
pub struct Controller<'a> {
    /// As it shows.
    pub station: Station,
    /// Instance number of its device object.
    pub instance: u16,
    /// ASHRAE's number of the maker.
    pub vendor: u16,
    /// Vendor name, model name, firmware revision, application software: properties 121, 70, 44, 12.
    pub texts: [&'a str; 4],
}

/// The server looks for this one controller by its number (§16.10), which answers everybody.
pub fn find(tape: &mut Tape, at: Moment, server: &Station, controller: &Controller<'_>) {
    let station = &controller.station;
    let [high, low] = controller.instance.to_be_bytes();
    let who_is = Bytes::new().raw([0x01, 0x20, 0xff, 0xff, 0x00, 0xff, 0x10, 0x08, 0x0a, high, low, 0x1a, high, low]);
    let i_am = Bytes::new().raw([0x01, 0x20, 0xff, 0xff, 0x00, 0xff, 0x10, 0x00, 0xc4]).raw(controller.object());
    // Longest message 1476, no segments, the maker's number.
    let i_am = i_am.raw([0x22, 0x05, 0xc4, 0x91, 0x03, 0x22]).u16(controller.vendor);
    tape.udp_to_group(at, (server, PORT), (server.broadcast(), PORT), frame(BROADCAST, &who_is).as_ref());
    tape.udp_to_group(at.after_ms(14), (station, PORT), (station.broadcast(), PORT), frame(BROADCAST, &i_am).as_ref());
}

/// The server reads what the controller is (ReadPropertyMultiple, §15.7).
pub fn describe(tape: &mut Tape, at: Moment, server: &Station, controller: &Controller<'_>) {
    let properties = [121_u8, 70, 44, 12];
    let object = controller.object();
    let wanted = properties.iter().fold(Bytes::new(), |all, property| all.raw([0x09, *property]));
    let question = Bytes::new().raw([0x02, 0x75, 1, 0x0e, 0x0c]).raw(object).u8(0x1e).raw(wanted).u8(0x1f);
    let values = properties.iter().zip(controller.texts).fold(Bytes::new(), |all, (property, text)| {
        let value = Bytes::new().u8(0).text(text);
        all.raw([0x29, *property, 0x4e, 0x75]).counted8(value).u8(0x4f)
    });
    let answer = Bytes::new().raw([0x30, 1, 0x0e, 0x0c]).raw(object).u8(0x1e).raw(values).u8(0x1f);
    ask(tape, at, server, controller, &question, &answer);
}

/// The server reads one measured value (ReadProperty of an analogue input's present value, §15.5).
pub fn read(tape: &mut Tape, at: Moment, server: &Station, controller: &Controller<'_>, input: u8) {
    let invoke = input.wrapping_add(2);
    let object = Bytes::new().raw([0x0c, 0, 0, 0, input, 0x19, 0x55]);
    let value = 20.0_f32 + f32::from(u8::try_from(noise32(at.0) >> 29).unwrap_or(0)) / 4.0;
    let answer =
        Bytes::new().raw([0x30, invoke, 0x0c]).raw(&object).raw([0x3e, 0x44]).raw(value.to_be_bytes()).u8(0x3f);
    ask(tape, at, server, controller, &Bytes::new().raw([0x02, 0x75, invoke, 0x0c]).raw(object), &answer);
}

/// The server sets a value (WriteProperty of analogue value 5, priority 8, §15.9). No password is asked for.
pub fn write(tape: &mut Tape, at: Moment, server: &Station, controller: &Controller<'_>) {
    let write = Bytes::new().raw([0x02, 0x75, 90, 0x0f, 0x0c, 0, 0x80, 0, 5, 0x19, 0x55, 0x3e, 0x44]);
    let write = write.raw(21.0_f32.to_be_bytes()).raw([0x3f, 0x49, 8]);
    ask(tape, at, server, controller, &write, &Bytes::new().raw([0x20, 90, 0x0f]));
}

impl Controller<'_> {
    /// Object type 8, device.
    const fn object(&self) -> [u8; 4] {
        let [high, low] = self.instance.to_be_bytes();
        [0x02, 0x00, high, low]
    }
}

fn ask(tape: &mut Tape, at: Moment, server: &Station, controller: &Controller<'_>, question: &Bytes, answer: &Bytes) {
    let question = Bytes::new().raw([0x01, 0x04]).raw(question);
    let answer = Bytes::new().raw([0x01, 0x00]).raw(answer);
    tape.udp(at, (server, PORT), (&controller.station, PORT), frame(UNICAST, &question).as_ref());
    tape.udp(at.after_ms(11), (&controller.station, PORT), (server, PORT), frame(UNICAST, &answer).as_ref());
}

/// BACnet virtual link: type, function, length of all.
fn frame(function: u8, body: &Bytes) -> Bytes {
    Bytes::new().raw([0x81, function]).u16(length16(body.as_ref()).saturating_add(4)).raw(body)
}
