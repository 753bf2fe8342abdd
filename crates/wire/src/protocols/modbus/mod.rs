//! Modbus over TCP (MODBUS Application Protocol V1.1b3, MODBUS Messaging on TCP/IP V1.0b): who reads and who writes
//! what kind of data, and what a device says of itself (function 43/14).
//!
//! Left out: addresses and values of registers and coils.

use model::{Field, Form, Messages, Weakness};

use super::{Carrier, Decoder, Direction, Input, Opening, Probe, Session, Step};
use crate::reader::{Reader, Truncated};

mod shape;

static UNIT: Field = Field::device("unit").wireshark("mbtcp.unit_id");
static FUNCTION: Field = Field::device("function").wireshark("modbus.func_code");
static EXCEPTION: Field = Field::device("exception").wireshark("modbus.exception_code");
static VENDOR_NAME: Field = Field::device("vendor_name").wireshark("modbus.object_str_value");
static PRODUCT_CODE: Field = Field::device("product_code").wireshark("modbus.object_str_value");
static REVISION: Field = Field::device("revision").wireshark("modbus.object_str_value");
static VENDOR_URL: Field = Field::device("vendor_url").form(Form::Token).wireshark("modbus.object_str_value");
static PRODUCT_NAME: Field = Field::device("product_name").wireshark("modbus.object_str_value");
static MODEL_NAME: Field = Field::device("model_name").wireshark("modbus.object_str_value");

static FIELDS: &[&Field] =
    &[&UNIT, &FUNCTION, &EXCEPTION, &VENDOR_NAME, &PRODUCT_CODE, &REVISION, &VENDOR_URL, &PRODUCT_NAME, &MODEL_NAME];

/// The protocol's entry in the list.
pub static DECODER: Modbus = Modbus;

/// Modbus over TCP.
pub struct Modbus;

impl Decoder for Modbus {
    fn name(&self) -> &'static str {
        "modbus"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::Stream(&[502])]
    }

    fn fields(&self) -> &'static [&'static Field] {
        FIELDS
    }

    fn probe(&self, opening: &Opening<'_>) -> Probe {
        let sides = [opening.initiator, opening.responder];
        let probe = |bytes| match shape::probe(bytes, opening.hinted) {
            // On its own port a frame is enough: who tries out functions asks for some that do not exist.
            Probe::No if opening.hinted => shape::framed(bytes),
            verdict => verdict,
        };
        match sides.map(probe) {
            [Probe::No, _] | [_, Probe::No] => Probe::No,
            [Probe::Yes, _] | [_, Probe::Yes] if opening.hinted => Probe::Yes,
            // Away from the port, the answer must fit the question as well.
            [Probe::Yes, Probe::Yes] if shape::answers(opening.responder, opening.initiator) => Probe::Yes,
            [Probe::Yes, Probe::Yes] => Probe::No,
            [Probe::Yes | Probe::More, Probe::More] | [Probe::More, Probe::Yes] => Probe::More,
        }
    }

    fn session(&self, _carrier: Carrier) -> Box<dyn Session> {
        Box::new(Connection::default())
    }
}

/// Transaction, protocol and length before the unit (MODBUS Messaging on TCP/IP §3.1.3).
const HEADER_BYTES: usize = 6;
/// Set in the function code of an answer that refuses (MODBUS Application Protocol §4.1).
const REFUSED: u8 = 0x80;
/// Encapsulated interface transport, and its type for device identification (§6.19 and §6.21).
const ENCAPSULATED: u8 = 43;
const DEVICE_IDENTIFICATION: u8 = 14;

#[derive(Default)]
struct Connection {
    /// For each direction: bytes were missing or made no sense, the next message is looked for.
    lost: [bool; 2],
}

impl Session for Connection {
    fn push(&mut self, input: &Input<'_>, messages: &mut Messages) -> Step {
        let bytes = input.bytes;
        let lost = self.lost(input.direction);
        if *lost && shape::probe(bytes, true) != Probe::Yes {
            return Step::Read(bytes.len());
        }
        *lost = false;
        let Some(length) = shape::length(bytes) else { return Step::Wait(HEADER_BYTES) };
        if !shape::LENGTHS_READ.contains(&length) || shape::protocol(bytes) != Some(0) {
            *lost = true;
            return Step::Read(bytes.len());
        }
        let total = HEADER_BYTES.saturating_add(length);
        let Some(unit) = bytes.get(HEADER_BYTES..total) else { return Step::Wait(total) };
        // The length holds a unit and a function: this cannot fail.
        let _ = decode(unit, input.direction, messages);
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

/// A unit identifier and a protocol data unit (MODBUS Application Protocol §4.1).
fn decode(bytes: &[u8], direction: Direction, messages: &mut Messages) -> Result<(), Truncated> {
    let mut reader = Reader::new(bytes);
    let unit = reader.u8("Unit Identifier")?;
    let code = reader.u8("Function code")?;
    let function = code & !REFUSED;
    let response = direction == Direction::ToInitiator;

    let message = messages.begin("modbus", if response { "response" } else { "request" });
    message.number(&UNIT, unit).number(&FUNCTION, function).operated(operation(function));
    if code & REFUSED != 0 {
        message.number(&EXCEPTION, reader.u8("Exception code")?);
    } else if response && is_write(function) {
        message.weak(Weakness::UnauthenticatedControl);
    } else if response && function == ENCAPSULATED {
        // An identification that is cut short tells what it held so far.
        let _ = identification(reader, message);
    }
    Ok(())
}

/// Read Device Identification, the answer (§6.21): numbered objects, of which the basic and regular ones are told.
fn identification(mut reader: Reader<'_>, message: &mut model::Message) -> Result<(), Truncated> {
    if reader.u8("MEI Type")? != DEVICE_IDENTIFICATION {
        return Ok(());
    }
    reader.skip(4, "Read Device ID code … Next Object ID")?;
    let count = reader.u8("Number of Objects")?;
    for _ in 0..count {
        let object = reader.u8("Object ID")?;
        let length = usize::from(reader.u8("Object length")?);
        let value = reader.take(length, "Object Value")?;
        let field = match object {
            0 => &VENDOR_NAME,
            1 => &PRODUCT_CODE,
            2 => &REVISION,
            3 => &VENDOR_URL,
            4 => &PRODUCT_NAME,
            5 => &MODEL_NAME,
            _ => continue,
        };
        message.bytes(field, value);
    }
    Ok(())
}

/// The functions that change what a device does or holds (MODBUS Application Protocol §6).
const fn is_write(function: u8) -> bool {
    matches!(function, 5 | 6 | 15 | 16 | 21 | 22 | 23)
}

/// The functions' names (MODBUS Application Protocol §5.1).
const fn operation(function: u8) -> &'static str {
    match function {
        1 => "read_coils",
        2 => "read_discrete_inputs",
        3 => "read_holding_registers",
        4 => "read_input_registers",
        5 => "write_single_coil",
        6 => "write_single_register",
        7 => "read_exception_status",
        8 => "diagnostics",
        11 => "get_comm_event_counter",
        12 => "get_comm_event_log",
        15 => "write_multiple_coils",
        16 => "write_multiple_registers",
        17 => "report_server_id",
        20 => "read_file_record",
        21 => "write_file_record",
        22 => "mask_write_register",
        23 => "read_write_multiple_registers",
        24 => "read_fifo_queue",
        ENCAPSULATED => "encapsulated_interface_transport",
        _ => "other",
    }
}
