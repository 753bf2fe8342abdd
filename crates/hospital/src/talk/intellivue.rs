//! Philips IntelliVue Data Export (Data Export Interface Programming Guide, chapters 5 and 6): monitors announce
//! themselves, the central station associates with each and polls it.

use crate::bytes::{Bytes, noise32};
use crate::frames::{Moment, Station, Tape};

const INDICATION_PORT: u16 = 24_005;
const EXPORT_PORT: u16 = 24_105;

const SYSTEM: u16 = 33;
const NUMERICS: u16 = 6;
const PATIENT: u16 = 42;
const POLL: u16 = 0x0c16;
const POLL_EXTENDED: u16 = 0xf13b;
const INVOKE: u16 = 1;
const RESULT: u16 = 2;
const EVENT: u16 = 0;
const CONFIRMED_EVENT: u16 = 1;
const CONFIRMED_ACTION: u16 = 7;
/// How the session data of a request to associate and of its answer begin.
const CONNECT: [u8; 15] = [0x05, 0x08, 0x13, 0x01, 0x00, 0x16, 0x01, 0x02, 0x80, 0x00, 0x14, 0x02, 0x00, 0x02, 0xc1];

/// What a monitor says of itself.
pub struct Monitor<'a> {
    /// Its addresses.
    pub station: Station,
    /// Serial number.
    pub serial: &'a str,
    /// Product number, as in `865240`.
    pub model: &'a str,
    /// Where it stands.
    pub bed: &'a str,
    /// Software revision, eight characters.
    pub software: &'a str,
}

/// The monitor tells everybody that it is there.
pub fn indicate(tape: &mut Tape, at: Moment, monitor: &Monitor<'_>) {
    let station = monitor.station;
    let network = Bytes::new().raw(station.mac).raw(station.ip.octets()).raw(station.link.mask().octets());
    let protocols = Bytes::new().u16(1).counted16(Bytes::new().u16(1).u16(1).u16(EXPORT_PORT).u16(0));
    let attributes = list(&[
        (0x0986, Bytes::new().u32(0x0001_114d)),
        (0xf100, network),
        (0xf101, protocols),
        (0x092d, production(monitor)),
        (0x0928, model(monitor)),
    ]);
    let body = Bytes::new().raw([0, 35, 0, 0, 0, 0]).u32(0x6800).u16(0x0d17).counted16(attributes);
    let message = Bytes::new().raw([0, 0, 1, 0]).raw(operation(INVOKE, EVENT, &body));
    tape.udp_to_group(at, (&station, INDICATION_PORT), (station.broadcast(), INDICATION_PORT), message.as_ref());
}

/// The central station associates with a monitor, learns what it is, and polls it until `end`.
pub fn export(tape: &mut Tape, at: Moment, end: Moment, every_s: u64, central: &Station, monitor: &Monitor<'_>) {
    let mut exchange = Exchange::associate(tape, at, central, monitor);
    while exchange.at < end {
        exchange.at = exchange.at.after_s(every_s);
        exchange.poll_numerics();
    }
    exchange.release();
}

/// The central station associates with a monitor and learns what it is; tells the port from which it goes on polling.
pub fn associate(tape: &mut Tape, at: Moment, central: &Station, monitor: &Monitor<'_>) -> u16 {
    Exchange::associate(tape, at, central, monitor).client.1
}

/// One more poll of what the patient's sensors measure.
pub fn poll(tape: &mut Tape, at: Moment, central: (&Station, u16), monitor: &Monitor<'_>) {
    let mut exchange = Exchange { tape, client: central, monitor: (&monitor.station, EXPORT_PORT), at };
    exchange.poll_numerics();
}

struct Exchange<'t> {
    tape: &'t mut Tape,
    client: (&'t Station, u16),
    monitor: (&'t Station, u16),
    at: Moment,
}

impl<'t> Exchange<'t> {
    fn associate(tape: &'t mut Tape, at: Moment, central: &'t Station, monitor: &'t Monitor<'_>) -> Self {
        let station = &monitor.station;
        let port = tape.port(central);
        let mut exchange = Self { tape, client: (central, port), monitor: (station, EXPORT_PORT), at };
        exchange.ask(session(0x0d, &CONNECT, 272));
        exchange.answer(session(0x0e, &CONNECT, 96));
        let attributes = list(&[
            (0x0984, Bytes::new().counted16(station.mac)),
            (0x0986, Bytes::new().u32(0x0001_114d)),
            (0x0928, model(monitor)),
            (0x091e, label(monitor.bed)),
        ]);
        let head = Bytes::new().raw([0, 33, 0, 0, 0, 0]).u32(0x6800).u16(0x0d06);
        let event = head.clone().counted16(Bytes::new().raw([0, 33, 0, 0, 0, 0]).raw(attributes));
        exchange.answer(data(INVOKE, CONFIRMED_EVENT, &event));
        exchange.ask(data(RESULT, CONFIRMED_EVENT, &head.u16(0)));
        exchange.poll(
            SYSTEM,
            &[(0x0984, Bytes::new().counted16(station.mac)), (0x0928, model(monitor)), (0x092d, production(monitor))],
        );
        exchange.poll(PATIENT, &patient());
        exchange
    }

    fn release(&mut self) {
        self.ask(session(
            0x09,
            &[0xc1, 0x16, 0x61, 0x80, 0x30, 0x80, 0x02, 0x01, 0x01, 0xa0, 0x80, 0x62, 0x80, 0x80],
            10,
        ));
        self.answer(session(
            0x0a,
            &[0xc1, 0x16, 0x61, 0x80, 0x30, 0x80, 0x02, 0x01, 0x01, 0xa0, 0x80, 0x63, 0x80, 0x80],
            10,
        ));
    }

    fn ask(&mut self, message: Bytes) {
        self.tape.udp(self.at, self.client, self.monitor, message.as_ref());
        self.at = self.at.after_ms(3);
    }

    fn answer(&mut self, message: Bytes) {
        self.tape.udp(self.at, self.monitor, self.client, message.as_ref());
        self.at = self.at.after_ms(3);
    }

    /// A single poll of one object.
    fn poll(&mut self, object: u16, attributes: &[(u16, Bytes)]) {
        let kind = Bytes::new().u16(1).u16(object).u16(0);
        let question = action(POLL, &Bytes::new().u16(1).raw(&kind), true);
        self.ask(data(INVOKE, CONFIRMED_ACTION, &question));
        let stamps = Bytes::new().u32(0x7000).raw([0xff; 8]);
        let answer = Bytes::new().u16(1).raw(stamps).raw(kind).raw(observed(0, list(attributes)));
        self.answer(data(RESULT, CONFIRMED_ACTION, &action(POLL, &answer, false)));
    }

    /// What the patient's sensors measure.
    fn poll_numerics(&mut self) {
        let kind = Bytes::new().u16(1).u16(NUMERICS).u16(0);
        let question = Bytes::new().u16(2).raw(&kind).raw(list(&[(0xf13e, Bytes::new().u32(0x0007_5300))]));
        self.ask(data(INVOKE, CONFIRMED_ACTION, &action(POLL_EXTENDED, &question, true)));
        let [_, a, b, c] = noise32(self.at.0).to_be_bytes();
        let value = |physio: u16, unit: u16, value: u8| {
            (0x0950, Bytes::new().u16(physio).u16(0).u16(unit).raw([0, 0, 0, value & 0x7f]))
        };
        let values = list(&[value(0x4182, 0x0aa0, a), value(0x4bb8, 0x0220, b), value(0x5000, 0x0ae0, c)]);
        let stamps = Bytes::new().u16(3).u32(0x7000).raw([0xff; 8]);
        let answer = Bytes::new().u16(2).raw(stamps).raw(kind).raw(observed(7, values));
        self.answer(data(RESULT, CONFIRMED_ACTION, &action(POLL_EXTENDED, &answer, false)));
    }
}

/// Session, presentation and association control in one, as their header and so much session data.
fn session(kind: u8, header: &[u8], length: usize) -> Bytes {
    let body = Bytes::new().raw(header).zeros(length);
    match u8::try_from(body.len()) {
        Ok(0..=254) => Bytes::new().u8(kind).counted8(body),
        _ => Bytes::new().u8(kind).u8(0xff).counted16(body),
    }
}

fn data(role: u16, command: u16, body: &Bytes) -> Bytes {
    Bytes::new().raw([0xe1, 0, 0, 2]).raw(operation(role, command, body))
}

fn operation(role: u16, command: u16, body: &Bytes) -> Bytes {
    Bytes::new().u16(role).counted16(Bytes::new().u16(7).u16(command).counted16(body))
}

fn action(kind: u16, body: &Bytes, is_question: bool) -> Bytes {
    let scope = if is_question { 4 } else { 0 };
    Bytes::new().raw([0, 33, 0, 0, 0, 0]).zeros(scope).u16(kind).counted16(body)
}

/// One context with one object and its attributes.
fn observed(handle: u16, attributes: Bytes) -> Bytes {
    let object = Bytes::new().u16(handle).raw(attributes);
    Bytes::new().u16(1).counted16(Bytes::new().u16(0).u16(1).counted16(object))
}

/// A list of attributes: how many, how long, each with identifier and length.
fn list(attributes: &[(u16, Bytes)]) -> Bytes {
    let all = attributes.iter().fold(Bytes::new(), |all, (id, value)| all.u16(*id).counted16(value));
    Bytes::new().u16(u16::try_from(attributes.len()).unwrap_or(0)).counted16(all)
}

/// Manufacturer and product number, each an even number of characters.
fn model(monitor: &Monitor<'_>) -> Bytes {
    Bytes::new().counted16(Bytes::new().text("Philips\0")).counted16(Bytes::new().fixed(monitor.model, 8, 0))
}

/// Serial number, part number, software revision.
fn production(monitor: &Monitor<'_>) -> Bytes {
    let part = |kind: u16, text: Bytes| Bytes::new().u16(kind).u16(8).counted16(text);
    let parts = Bytes::new()
        .raw(part(1, Bytes::new().text(monitor.serial)))
        .raw(part(2, Bytes::new().fixed(monitor.model, 8, 0)))
        .raw(part(4, Bytes::new().fixed(monitor.software, 8, b' ')));
    Bytes::new().u16(3).counted16(parts)
}

/// Sixteen characters and a zero, in UTF-16.
fn label(text: &str) -> Bytes {
    let text = Bytes::new().wide_big(text);
    let missing = 34_usize.saturating_sub(text.len());
    Bytes::new().counted16(text.zeros(missing))
}

/// Who lies there: must never come out.
fn patient() -> [(u16, Bytes); 3] {
    let name = |text: &str| Bytes::new().counted16(Bytes::new().wide_big(text).u16(0));
    [
        (0x095c, name("CANARYIVFAMILY-1")),
        (0x095d, name("CANARYIVGIVEN-1")),
        (0x095a, Bytes::new().counted16(Bytes::new().text("CANARYIVPATIENT-4711\0"))),
    ]
}
