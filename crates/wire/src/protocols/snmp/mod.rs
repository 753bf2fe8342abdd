//! Simple Network Management Protocol versions 1 (RFC 1157), 2c (RFC 1901, RFC 3416) and 3 (RFC 3412, RFC 3414).
//!
//! Tells which objects are asked for, and what an agent says of the device in the system group, the entity, host and
//! printer MIBs, and its engine identifier. Left out: the community, the user name and the values of all other objects.

use model::{Field, Form, MacAddr, Messages, Subject, Weakness};

use super::{Carrier, DecodeError, Decoder, Input, Opening, Probe, Session, Stateless};
use crate::ber;
use crate::reader::Reader;

mod objects;
mod version3;

static VERSION: Field = Field::device("version").wireshark("snmp.version snmp.msgVersion");
static OID: Field = Field::device("oid").form(Form::Fixed).wireshark("snmp.name");
static TRAP_ENTERPRISE: Field = Field::device("trap_enterprise").form(Form::Fixed).wireshark("snmp.enterprise");
static TRAP_OID: Field = Field::device("trap_oid").form(Form::Fixed).wireshark("snmp.value.oid");
static ENGINE_ID: Field = Field::device("engine_id").wireshark("snmp.msgAuthoritativeEngineID");
static ENGINE_ENTERPRISE: Field = Field::device("engine_enterprise").wireshark("snmp.engineid.enterprise");
static ENGINE_MAC: Field = Field::device("engine_mac").wireshark("snmp.engineid.mac");
static SECURITY_LEVEL: Field = Field::device("security_level").form(Form::Fixed);
static SYS_DESCRIPTION: Field = Field::device("sys_description");
static SYS_OBJECT_ID: Field = Field::device("sys_object_id").form(Form::Fixed).wireshark("snmp.value.oid");
static SYS_NAME: Field = Field::site("sys_name").form(Form::Label);
static SYS_LOCATION: Field = Field::site("sys_location").form(Form::Label);
static ENTITY_DESCRIPTION: Field = Field::device("entity_description");
static ENTITY_FIRMWARE: Field = Field::device("entity_firmware");
static ENTITY_SOFTWARE: Field = Field::device("entity_software");
static ENTITY_SERIAL: Field = Field::device("entity_serial").form(Form::Serial);
static ENTITY_MANUFACTURER: Field = Field::device("entity_manufacturer");
static ENTITY_MODEL: Field = Field::device("entity_model");
static HOST_RESOURCES_DEVICE: Field = Field::device("host_resources_device").form(Form::Product);
static PRINTER_SERIAL: Field = Field::device("printer_serial").form(Form::Serial);

static FIELDS: &[&Field] = &[
    &VERSION,
    &OID,
    &TRAP_ENTERPRISE,
    &TRAP_OID,
    &ENGINE_ID,
    &ENGINE_ENTERPRISE,
    &ENGINE_MAC,
    &SECURITY_LEVEL,
    &SYS_DESCRIPTION,
    &SYS_OBJECT_ID,
    &SYS_NAME,
    &SYS_LOCATION,
    &ENTITY_DESCRIPTION,
    &ENTITY_FIRMWARE,
    &ENTITY_SOFTWARE,
    &ENTITY_SERIAL,
    &ENTITY_MANUFACTURER,
    &ENTITY_MODEL,
    &HOST_RESOURCES_DEVICE,
    &PRINTER_SERIAL,
];

/// The protocol's entry in the list.
pub static DECODER: Snmp = Snmp;

/// Simple Network Management Protocol.
pub struct Snmp;

impl Decoder for Snmp {
    fn name(&self) -> &'static str {
        "snmp"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::Datagram(&[161, 162])]
    }

    fn fields(&self) -> &'static [&'static Field] {
        FIELDS
    }

    fn probe(&self, opening: &Opening<'_>) -> Probe {
        // Nested lengths that fit the datagram are telling wherever they are seen.
        match opening.first().map(Packet::read) {
            Some(Ok(_)) => Probe::Yes,
            _ => Probe::No,
        }
    }

    fn session(&self, _carrier: Carrier) -> Box<dyn Session> {
        Box::new(Stateless(decode))
    }
}

/// What a packet holds, without its user and without more of its community than whether it is a default.
struct Packet<'a> {
    version: &'static str,
    default_community: bool,
    security: Option<version3::Security<'a>>,
    /// `None` if it is encrypted.
    unit: Option<Unit<'a>>,
}

/// A protocol data unit: its kind, and what is in it.
#[derive(Clone, Copy)]
struct Unit<'a> {
    kind: Kind,
    body: Reader<'a>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Get,
    GetNext,
    Response,
    Set,
    TrapVersion1,
    GetBulk,
    Inform,
    Trap,
    Report,
}

impl Kind {
    /// The context tags of RFC 1157 §4.1 and RFC 3416 §3.
    const fn of(tag: u8) -> Option<Self> {
        Some(match tag {
            0xa0 => Self::Get,
            0xa1 => Self::GetNext,
            0xa2 => Self::Response,
            0xa3 => Self::Set,
            0xa4 => Self::TrapVersion1,
            0xa5 => Self::GetBulk,
            0xa6 => Self::Inform,
            0xa7 => Self::Trap,
            0xa8 => Self::Report,
            _ => return None,
        })
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::GetNext => "get_next",
            Self::Response => "response",
            Self::Set => "set",
            Self::TrapVersion1 | Self::Trap => "trap",
            Self::GetBulk => "get_bulk",
            Self::Inform => "inform",
            Self::Report => "report",
        }
    }

    /// Whether the values are the sender's own; in a set they are what the receiver shall become.
    const fn tells_values(self) -> bool {
        matches!(self, Self::Response | Self::TrapVersion1 | Self::Inform | Self::Trap | Self::Report)
    }
}

impl<'a> Packet<'a> {
    /// Reads down to the protocol data unit. The outermost sequence fills the datagram.
    fn read(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        let mut message = ber::sequence(&mut reader, "Message")?;
        if !reader.is_empty() {
            return Err(DecodeError::Malformed { field: "Message", rule: "fills the datagram" });
        }
        let version = match ber::integer(&mut message, "version")? {
            0 => "1",
            1 => "2c",
            3 => return version3::read(message),
            _ => return Err(DecodeError::Malformed { field: "version", rule: "is 0, 1 or 3" }),
        };
        let community = ber::tagged(&mut message, ber::OCTET_STRING, "community")?;
        let default_community = matches!(community, b"public" | b"private");
        let unit = Unit::read(&mut message)?;
        Ok(Self { version, default_community, security: None, unit: Some(unit) })
    }
}

impl<'a> Unit<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, DecodeError> {
        let (tag, body) = ber::element(reader, "PDU")?;
        let kind = Kind::of(tag).ok_or(DecodeError::Malformed { field: "PDU", rule: "has one of nine tags" })?;
        Ok(Self { kind, body: Reader::new(body) })
    }
}

fn decode(input: &Input<'_>, messages: &mut Messages) -> Result<(), DecodeError> {
    let packet = Packet::read(input.bytes)?;
    let kind = packet.unit.as_ref().map_or("encrypted", |unit| unit.kind.name());
    let message = messages.begin("snmp", kind);
    message.str(&VERSION, packet.version);
    if let Some(security) = &packet.security {
        describe_security(security, message);
    }
    let Some(Unit { kind, body }) = packet.unit else { return Ok(()) };
    message.operated(kind.name());
    // What an agent says, and the name it answers to, can be read by anyone on the way. Only an answer shows that the
    // name opens something: a notification's is no more than a label.
    if kind.tells_values() && packet.security.is_none() {
        message.weak(Weakness::SnmpCleartext);
        if kind == Kind::Response && packet.default_community {
            message.weak(Weakness::SnmpDefaultCommunity);
        }
    }
    objects::describe(kind, body, message)
}

/// The engine identifier names the authoritative engine (RFC 3412 §7.1, RFC 3414 §1.5.1): the receiver's if an answer
/// is asked for, else the sender's.
fn describe_security(security: &version3::Security<'_>, message: &mut model::Message) {
    message.str(&SECURITY_LEVEL, security.level);
    if security.engine.is_empty() {
        return;
    }
    if security.reportable {
        message.about(Subject::Receiver);
    }
    message.hex(&ENGINE_ID, security.engine);
    // SnmpEngineID (RFC 3411 §5): the maker's number, then what kind of identifier follows.
    if let Some((enterprise, rest)) = security.engine.split_first_chunk::<4>() {
        message.number(&ENGINE_ENTERPRISE, u32::from_be_bytes(*enterprise) & 0x7fff_ffff);
        let is_new_form = enterprise.first().is_some_and(|byte| byte & 0x80 != 0);
        if let (true, [3, mac @ ..]) = (is_new_form, rest)
            && let Ok(mac) = <[u8; 6]>::try_from(mac)
        {
            message.mac(&ENGINE_MAC, MacAddr(mac));
        }
    }
}
