//! S7 communication of Siemens controllers (SIMATIC S7-300 and S7-400) over ISO transport on TCP (RFC 1006, ISO 8073): who
//! reads, writes, loads programs, starts and stops, and what a controller says of itself.
//!
//! Siemens publishes no specification of the messages; the system status lists are those of "System Software for S7-300/400,
//! System and Standard Functions", chapter 34. Left out: addresses and values of variables, programs, and the successor of
//! the S7-1200 and S7-1500 (protocol 0x72).

use model::{Field, Form, Messages};

use super::{Carrier, Decoder, Direction, Input, Opening, Probe, Session, Step};

mod message;
mod status_list;

static ROSCTR: Field = Field::device("rosctr").wireshark("s7comm.header.rosctr");
static FUNCTION: Field = Field::device("function").wireshark("s7comm.param.func");
static FUNCTION_GROUP: Field = Field::device("function_group").wireshark("s7comm.param.userdata.funcgroup");
static SUBFUNCTION: Field = Field::device("subfunction").wireshark("s7comm.param.userdata.subfunc");
static ERROR_CLASS: Field = Field::device("error_class").wireshark("s7comm.header.errcls");
static ERROR_CODE: Field = Field::device("error_code").wireshark("s7comm.header.errcod");
static STATUS_LIST: Field = Field::device("status_list").wireshark("s7comm.data.userdata.szl_id");
static ORDER_NUMBER: Field = Field::device("order_number").wireshark("s7comm.szl.xy11.0001.anz");
static FIRMWARE: Field = Field::device("firmware").form(Form::Fixed);
static SYSTEM_NAME: Field = Field::site("system_name").form(Form::Label).wireshark("s7comm.szl.001c.0001.name");
static MODULE_NAME: Field = Field::site("module_name").form(Form::Label).wireshark("s7comm.szl.001c.0002.name");
static PLANT: Field = Field::site("plant").form(Form::Label).wireshark("s7comm.szl.001c.0003.tag");
static SERIAL_NUMBER: Field =
    Field::device("serial_number").form(Form::Serial).wireshark("s7comm.szl.001c.0005.serialn");
static MODULE_TYPE: Field = Field::device("module_type").wireshark("s7comm.szl.001c.0007.cputypname");
static LOCATION: Field = Field::site("location").form(Form::Label).wireshark("s7comm.szl.001c.000b.loc_id");

static FIELDS: &[&Field] = &[
    &ROSCTR,
    &FUNCTION,
    &FUNCTION_GROUP,
    &SUBFUNCTION,
    &ERROR_CLASS,
    &ERROR_CODE,
    &STATUS_LIST,
    &ORDER_NUMBER,
    &FIRMWARE,
    &SYSTEM_NAME,
    &MODULE_NAME,
    &PLANT,
    &SERIAL_NUMBER,
    &MODULE_TYPE,
    &LOCATION,
];

/// Version, reserved and length before each packet (RFC 1006 §6).
const PACKET_HEADER_BYTES: usize = 4;
/// Length, type and number of a data unit before the message (ISO 8073 §13.7, class 0).
const DATA_HEADER_BYTES: usize = 3;
/// Types of the transport's units (ISO 8073 §13).
const CONNECTION_REQUEST: u8 = 0xe0;
const CONNECTION_CONFIRM: u8 = 0xd0;
const DATA: u8 = 0xf0;
/// Set in a data unit that ends a message.
const END: u8 = 0x80;
/// The first byte of every message.
const PROTOCOL: u8 = 0x32;

/// The protocol's entry in the list.
pub static DECODER: S7comm = S7comm;

/// S7 communication.
pub struct S7comm;

impl Decoder for S7comm {
    fn name(&self) -> &'static str {
        "s7comm"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::Stream(&[102])]
    }

    fn fields(&self) -> &'static [&'static Field] {
        FIELDS
    }

    fn probe(&self, opening: &Opening<'_>) -> Probe {
        match [probe(opening.initiator), probe(opening.responder)] {
            [Probe::No, _] | [_, Probe::No] => Probe::No,
            [Probe::Yes, _] | [_, Probe::Yes] => Probe::Yes,
            [Probe::More, Probe::More] => Probe::More,
        }
    }

    fn session(&self, _carrier: Carrier) -> Box<dyn Session> {
        Box::new(Connection::default())
    }
}

/// A connection may be asked for and confirmed first; it is this protocol once a message whose lengths fit follows.
fn probe(mut bytes: &[u8]) -> Probe {
    loop {
        match bytes {
            [] | [3] | [3, 0] | [3, 0, _] => return Probe::More,
            [3, 0, ..] => {}
            _ => return Probe::No,
        }
        let total = length(bytes).unwrap_or(0);
        match bytes.get(PACKET_HEADER_BYTES..) {
            // The parameters begin behind references and class: size and access points (ISO 8073 §13.3.4).
            Some([_, CONNECTION_REQUEST | CONNECTION_CONFIRM, _, _, _, _, _, 0xc0..=0xc2, ..]) if total > 11 => {}
            Some([2, DATA, END, PROTOCOL, ..]) => return message::probe(bytes, total),
            Some(rest)
                if rest.len() < 8 && matches!(rest, [] | [_] | [_, 0xd0 | 0xe0, ..] | [2, 0xf0] | [2, 0xf0, 0x80]) =>
            {
                return Probe::More;
            }
            _ => return Probe::No,
        }
        let Some(rest) = bytes.get(total..) else { return Probe::More };
        bytes = rest;
    }
}

/// The whole packet's length (RFC 1006 §6).
fn length(bytes: &[u8]) -> Option<usize> {
    bytes.get(2..4).and_then(|bytes| bytes.first_chunk()).map(|bytes| usize::from(u16::from_be_bytes(*bytes)))
}

#[derive(Default)]
struct Connection {
    /// For each direction: bytes were missing or made no sense, the next message is looked for.
    lost: [bool; 2],
}

impl Session for Connection {
    fn push(&mut self, input: &Input<'_>, messages: &mut Messages) -> Step {
        let bytes = input.bytes;
        let lost = self.lost(input.direction);
        if *lost && probe(bytes) != Probe::Yes {
            return Step::Read(bytes.len());
        }
        *lost = false;
        let Some(total) = length(bytes) else { return Step::Wait(PACKET_HEADER_BYTES) };
        if !matches!(bytes, [3, 0, ..]) || total < PACKET_HEADER_BYTES.saturating_add(DATA_HEADER_BYTES) {
            *lost = true;
            return Step::Read(bytes.len());
        }
        let Some(packet) = bytes.get(PACKET_HEADER_BYTES..total) else { return Step::Wait(total) };
        // A message in several data units is not put together: those that matter are short.
        if let [2, DATA, END, message @ ..] = packet {
            let _ = message::decode(message, messages);
        }
        Step::Read(total)
    }

    fn gap(&mut self, direction: Direction) -> bool {
        *self.lost(direction) = true;
        true
    }
}

impl Connection {
    fn lost(&mut self, direction: Direction) -> &mut bool {
        let [to_responder, to_initiator] = &mut self.lost;
        match direction {
            Direction::ToResponder => to_responder,
            Direction::ToInitiator => to_initiator,
        }
    }
}
