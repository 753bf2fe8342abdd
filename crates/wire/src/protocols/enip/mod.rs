//! EtherNet/IP with the Common Industrial Protocol (ODVA, The CIP Networks Library, volume 1 "Common Industrial Protocol" and
//! volume 2 "EtherNet/IP Adaptation of CIP"): who asks controllers for what, and what devices say of themselves.
//!
//! Left out: values of tags and attributes other than those of the Identity object, names of tags, what a Multiple Service
//! Packet holds, implicit messages (UDP 2222), and CIP Security (which is TLS).

use model::{Field, Form, Message, Messages};

use super::{Carrier, DecodeError, Decoder, Input, Opening, Probe, Session, Step};
use crate::reader::{Reader, Truncated};

mod cip;
mod identity;

use cip::Requests;

static COMMAND: Field = Field::device("command").wireshark("enip.command");
static STATUS: Field = Field::device("status").wireshark("enip.status");
static SERVICE: Field = Field::device("service").wireshark("cip.sc");
static CLASS: Field = Field::device("class").wireshark("cip.class");
static INSTANCE: Field = Field::device("instance");
static ATTRIBUTE: Field = Field::device("attribute").wireshark("cip.attribute");
static GENERAL_STATUS: Field = Field::device("general_status").wireshark("cip.genstat");
static VENDOR_ID: Field = Field::device("vendor_id").wireshark("enip.lir.vendor cip.id.vendor_id");
static DEVICE_TYPE: Field = Field::device("device_type").wireshark("enip.lir.devtype cip.id.device_type");
static PRODUCT_CODE: Field = Field::device("product_code").wireshark("enip.lir.prodcode cip.id.product_code");
static REVISION: Field = Field::device("revision").form(Form::Fixed);
static SERIAL_NUMBER: Field =
    Field::device("serial_number").form(Form::Fixed).wireshark("enip.lir.serial cip.id.serial_number");
static PRODUCT_NAME: Field = Field::device("product_name").wireshark("enip.lir.name cip.id.product_name");
static ADDRESS: Field = Field::device("address").wireshark("enip.sinaddr");

static FIELDS: &[&Field] = &[
    &COMMAND,
    &STATUS,
    &SERVICE,
    &CLASS,
    &INSTANCE,
    &ATTRIBUTE,
    &GENERAL_STATUS,
    &VENDOR_ID,
    &DEVICE_TYPE,
    &PRODUCT_CODE,
    &REVISION,
    &SERIAL_NUMBER,
    &PRODUCT_NAME,
    &ADDRESS,
];

/// The encapsulation header (volume 2 §2-3.1).
const HEADER_BYTES: usize = 24;
/// Items of one message that are read.
const ITEMS_MAX: u16 = 8;

const LIST_SERVICES: u16 = 0x04;
const LIST_IDENTITY: u16 = 0x63;
const LIST_INTERFACES: u16 = 0x64;
const REGISTER_SESSION: u16 = 0x65;
const UNREGISTER_SESSION: u16 = 0x66;
const SEND_RR_DATA: u16 = 0x6f;
const SEND_UNIT_DATA: u16 = 0x70;

/// The protocol's entry in the list.
pub static DECODER: Enip = Enip;

/// EtherNet/IP.
pub struct Enip;

impl Decoder for Enip {
    fn name(&self) -> &'static str {
        "enip"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::Stream(&[44_818]), Carrier::Datagram(&[44_818])]
    }

    fn fields(&self) -> &'static [&'static Field] {
        FIELDS
    }

    fn probe(&self, opening: &Opening<'_>) -> Probe {
        match [opening.initiator, opening.responder].map(|bytes| probe(bytes, opening.hinted)) {
            [Probe::No, _] | [_, Probe::No] => Probe::No,
            [Probe::Yes, _] | [_, Probe::Yes] => Probe::Yes,
            [Probe::More, Probe::More] => Probe::More,
        }
    }

    fn session(&self, carrier: Carrier) -> Box<dyn Session> {
        Box::new(Connection { is_stream: matches!(carrier, Carrier::Stream(_)), ..Connection::default() })
    }
}

/// Command, length, status and options must fit each other; a header alone, which is mostly noughts, suffices on the port only.
fn probe(bytes: &[u8], hinted: bool) -> Probe {
    match bytes {
        [] | [0x04 | 0x63..=0x66 | 0x6f | 0x70] => return Probe::More,
        [0x04 | 0x63..=0x66 | 0x6f | 0x70, 0, ..] => {}
        _ => return Probe::No,
    }
    let Ok(header) = Header::read(&mut Reader::new(bytes)) else { return Probe::More };
    let has_length = match header.command {
        REGISTER_SESSION => header.length == 4,
        UNREGISTER_SESSION => header.length == 0,
        SEND_RR_DATA | SEND_UNIT_DATA => header.length >= 8,
        // Asked with nothing, answered with items.
        _ => header.length == 0 || header.length >= 2,
    };
    if !has_length || header.options != 0 || !matches!(header.status, 0..=3 | 0x64 | 0x65 | 0x69 | 0x6a) {
        return Probe::No;
    }
    let body = bytes.get(HEADER_BYTES..).unwrap_or_default();
    let fits = match (header.command, body) {
        // Interface handle 0 is CIP (volume 2 §2-4.7).
        (SEND_RR_DATA | SEND_UNIT_DATA, [0, 0, 0, 0, _, _, 1..=4, 0, ..]) => true,
        // Protocol version 1, no options (volume 2 §2-4.4).
        (REGISTER_SESSION, [1, 0, 0, 0, ..]) => true,
        (LIST_SERVICES | LIST_IDENTITY | LIST_INTERFACES, [0..=4, 0, ..]) => header.length > 0,
        (LIST_SERVICES | LIST_IDENTITY | LIST_INTERFACES | UNREGISTER_SESSION, []) => hinted && header.length == 0,
        (_, body) if body.len() < header.length.min(8) => return Probe::More,
        _ => false,
    };
    if fits { Probe::Yes } else { Probe::No }
}

/// What stands before every message, lowest byte first.
struct Header {
    command: u16,
    length: usize,
    status: u32,
    context: u64,
    options: u32,
}

impl Header {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Truncated> {
        Ok(Self {
            command: reader.u16_le("Command")?,
            length: usize::from(reader.u16_le("Length")?),
            status: {
                reader.skip(4, "Session handle")?;
                reader.u32_le("Status")?
            },
            context: reader.u64_le("Sender Context")?,
            options: reader.u32_le("Options")?,
        })
    }
}

#[derive(Default)]
struct Connection {
    is_stream: bool,
    requests: Requests,
    /// For each direction: bytes were missing or made no sense, the next message is looked for.
    lost: [bool; 2],
}

impl Session for Connection {
    fn push(&mut self, input: &Input<'_>, messages: &mut Messages) -> Step {
        let bytes = input.bytes;
        let lost = self.lost(input);
        if *lost && probe(bytes, true) != Probe::Yes {
            return Step::Read(bytes.len());
        }
        *lost = false;
        let mut reader = Reader::new(bytes);
        let Ok(header) = Header::read(&mut reader) else { return Step::Wait(HEADER_BYTES) };
        if name_of(header.command).is_none() {
            *lost = true;
            return Step::Read(bytes.len());
        }
        let total = HEADER_BYTES.saturating_add(header.length);
        let Ok(body) = reader.part(header.length, "Command specific data") else {
            return if self.is_stream { Step::Wait(total) } else { Step::Read(bytes.len()) };
        };
        // A message that cannot be read is not begun, or tells what it held so far.
        let _ = self.message(&header, body, messages);
        Step::Read(total)
    }

    fn gap(&mut self, direction: super::Direction) -> bool {
        let [to_responder, to_initiator] = &mut self.lost;
        match direction {
            super::Direction::ToResponder => *to_responder = true,
            super::Direction::ToInitiator => *to_initiator = true,
        }
        true
    }
}

/// The commands' names (volume 2 §2-3.2).
const fn name_of(command: u16) -> Option<&'static str> {
    Some(match command {
        0x00 => "nop",
        LIST_SERVICES => "list_services",
        LIST_IDENTITY => "list_identity",
        LIST_INTERFACES => "list_interfaces",
        REGISTER_SESSION => "register_session",
        UNREGISTER_SESSION => "unregister_session",
        SEND_RR_DATA => "send_rr_data",
        SEND_UNIT_DATA => "send_unit_data",
        0x72 => "indicate_status",
        0x73 => "cancel",
        _ => return None,
    })
}

impl Connection {
    fn lost(&mut self, input: &Input<'_>) -> &mut bool {
        let [to_responder, to_initiator] = &mut self.lost;
        match input.direction {
            super::Direction::ToResponder => to_responder,
            super::Direction::ToInitiator => to_initiator,
        }
    }

    fn message(&mut self, header: &Header, body: Reader<'_>, messages: &mut Messages) -> Result<(), DecodeError> {
        match header.command {
            LIST_IDENTITY if !body.is_empty() => identity(header, body, messages),
            SEND_RR_DATA | SEND_UNIT_DATA if header.status == 0 => self.data(header, body, messages),
            0x00 | SEND_RR_DATA | SEND_UNIT_DATA => Ok(()),
            command => {
                begin(header, "command", messages).operated(name_of(command).unwrap_or_default());
                Ok(())
            }
        }
    }

    /// Data for CIP (volume 2 §2-4.7 and §2-4.8): an address item and a data item.
    fn data(&mut self, header: &Header, mut body: Reader<'_>, messages: &mut Messages) -> Result<(), DecodeError> {
        body.skip(6, "Interface handle, Timeout")?;
        for _ in 0..body.u16_le("Item Count")?.min(ITEMS_MAX) {
            let (kind, mut item) = item(&mut body)?;
            match kind {
                // The two ends of a connection number it differently: the sequence alone ties answers to requests.
                0x00b1 => {
                    let sequence = u64::from(item.u16_le("Sequence Count")?);
                    cip::message(&mut self.requests, sequence, item, messages)?;
                }
                0x00b2 => cip::message(&mut self.requests, header.context, item, messages)?,
                _ => {}
            }
        }
        Ok(())
    }
}

/// The answer to List Identity (volume 2 §2-4.2).
fn identity(header: &Header, mut body: Reader<'_>, messages: &mut Messages) -> Result<(), DecodeError> {
    for _ in 0..body.u16_le("Item Count")?.min(ITEMS_MAX) {
        let (kind, mut item) = item(&mut body)?;
        if kind != 0x000c {
            continue;
        }
        item.skip(6, "Encapsulation Protocol Version, sin_family, sin_port")?;
        let address = std::net::Ipv4Addr::from(item.array("sin_addr")?);
        item.skip(8, "sin_zero")?;
        let object = identity::Identity::read(&mut item)?;
        let message = begin(header, "identity", messages).operated("list_identity");
        object.tell(message);
        if !address.is_unspecified() {
            message.ip(&ADDRESS, address);
        }
    }
    Ok(())
}

fn begin<'m>(header: &Header, kind: &'static str, messages: &'m mut Messages) -> &'m mut Message {
    messages.begin("enip", kind).number(&COMMAND, header.command).number(&STATUS, header.status)
}

/// One item of the common packet format (volume 2 §2-6).
fn item<'a>(reader: &mut Reader<'a>) -> Result<(u16, Reader<'a>), Truncated> {
    let kind = reader.u16_le("Item Type ID")?;
    let length = usize::from(reader.u16_le("Item Length")?);
    Ok((kind, reader.part(length, "Item Data")?))
}
