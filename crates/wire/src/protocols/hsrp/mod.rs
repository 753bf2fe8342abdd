//! Cisco's Hot Standby Router Protocol, version 1 (RFC 2281) and version 2 (Cisco, "First Hop Redundancy Protocols
//! Configuration Guide"; there is no open standard): which routers share an address, and who answers for it now.
//!
//! Left out: timers, the secret of plain-text authentication, which is compared with the default (RFC 2281 §5.1) and never
//! told, the digests of MD5, and the lists of interfaces that version 2 and ICMP redirects announce.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use model::{Field, Form, MacAddr, Message, Messages, Weakness};

use super::{Carrier, DecodeError, Decoder, Input, Opening, Probe, Session, Stateless};
use crate::reader::{Reader, Truncated};

static VERSION: Field = Field::device("version");
static STATE: Field = Field::device("state").form(Form::Fixed).wireshark("hsrp.state hsrp2.state");
static GROUP: Field = Field::device("group").wireshark("hsrp.group hsrp2.group");
static PRIORITY: Field = Field::device("priority").wireshark("hsrp.priority hsrp2.priority");
static VIRTUAL_ADDRESS: Field =
    Field::device("virtual_address").wireshark("hsrp.virt_ip hsrp2.virt_ip hsrp2.virt_ip_v6");
static ROUTER_MAC: Field = Field::device("router_mac").wireshark("hsrp2.identifier");
static AUTHENTICATION: Field = Field::device("authentication").form(Form::Fixed);

static FIELDS: &[&Field] = &[&VERSION, &STATE, &GROUP, &PRIORITY, &VIRTUAL_ADDRESS, &ROUTER_MAC, &AUTHENTICATION];

/// The authentication data that is used unless another is set (RFC 2281 §5.1).
const DEFAULT_AUTHENTICATION: &[u8] = b"cisco\0\0\0";
/// How long a packet of version 1 is without what may follow it.
const VERSION_1_BYTES: usize = 20;
/// Type and length of version 2's first element, the state of a group.
const GROUP_STATE: [u8; 2] = [1, 40];
/// Elements of one packet that are read.
const ELEMENTS_MAX: usize = 8;

/// The protocol's entry in the list.
pub static DECODER: Hsrp = Hsrp;

/// Hot Standby Router Protocol.
pub struct Hsrp;

impl Decoder for Hsrp {
    fn name(&self) -> &'static str {
        "hsrp"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::Datagram(&[1_985, 2_029])]
    }

    fn fields(&self) -> &'static [&'static Field] {
        FIELDS
    }

    /// Routers speak from the port to the port.
    fn probe(&self, opening: &Opening<'_>) -> Probe {
        let bytes = if opening.hinted { opening.first() } else { None };
        let is_hsrp = match bytes {
            Some([0, code @ 0..=2, state, hello, hold, _, _, 0, rest @ ..]) => {
                let has_timers = *code != 0 || (*hello > 0 && hello <= hold);
                state_1(*state).is_some() && has_timers && rest.len() >= VERSION_1_BYTES.saturating_sub(8)
            }
            Some([element, length, 2, 0..=2, state, 4 | 6, rest @ ..]) => {
                [*element, *length] == GROUP_STATE && state_2(*state).is_some() && rest.len() >= 36
            }
            _ => false,
        };
        if is_hsrp { Probe::Yes } else { Probe::No }
    }

    fn session(&self, _carrier: Carrier) -> Box<dyn Session> {
        Box::new(Stateless(decode))
    }
}

/// What a packet says, whichever its version.
struct Packet {
    version: u8,
    kind: &'static str,
    state: &'static str,
    group: u16,
    priority: u64,
    address: IpAddr,
    router: Option<MacAddr>,
    authentication: Option<&'static str>,
}

fn decode(input: &Input<'_>, messages: &mut Messages) -> Result<(), DecodeError> {
    let mut reader = Reader::new(input.bytes);
    let packet = match input.bytes {
        [0, ..] => version_1(&mut reader)?,
        [element, length, 2, ..] if [*element, *length] == GROUP_STATE => version_2(&mut reader)?,
        _ => return Err(DecodeError::Malformed { field: "Version", rule: "is 0, or an element of version 2" }),
    };
    let message = messages.begin("hsrp", packet.kind);
    message.number(&VERSION, packet.version).str(&STATE, packet.state);
    message.number(&GROUP, packet.group).number(&PRIORITY, packet.priority);
    if !packet.address.is_unspecified() {
        message.ip(&VIRTUAL_ADDRESS, packet.address);
    }
    if let Some(mac) = packet.router {
        message.mac(&ROUTER_MAC, mac);
    }
    authenticated(packet.authentication, reader, message);
    // Only the active router answers for the address (RFC 2281 §5.3), until it resigns.
    let answers = packet.state == "active" && packet.kind != "resign";
    if let Some(mac) = input.sender().mac.filter(|_| answers) {
        message.bound(mac, packet.address, None);
    }
    Ok(())
}

/// RFC 2281 §5.1.
fn version_1(reader: &mut Reader<'_>) -> Result<Packet, DecodeError> {
    let [_version, code, state, _hello, _hold, priority, group, _reserved] = reader.array("Version … Reserved")?;
    let authentication = text(&reader.array("Authentication Data")?);
    Ok(Packet {
        version: 1,
        kind: kind(code)?,
        state: state_1(state).ok_or(DecodeError::Malformed { field: "State", rule: "is one of six" })?,
        group: group.into(),
        priority: priority.into(),
        address: Ipv4Addr::from(reader.array("Virtual IP Address")?).into(),
        router: None,
        authentication,
    })
}

fn version_2(reader: &mut Reader<'_>) -> Result<Packet, DecodeError> {
    let [_element, _length, _version, code, state, ip_version] = reader.array("Type … IP Version")?;
    let group = reader.u16("Group")?;
    let router = MacAddr(reader.array("Identifier")?);
    let priority = reader.u32("Priority")?;
    reader.skip(8, "Hello Time, Hold Time")?;
    let address: [u8; 16] = reader.array("Virtual IP Address")?;
    let [a, b, c, d, ..] = address;
    Ok(Packet {
        version: 2,
        kind: kind(code)?,
        state: state_2(state).ok_or(DecodeError::Malformed { field: "State", rule: "is one of seven" })?,
        group,
        priority: priority.into(),
        address: if ip_version == 6 { Ipv6Addr::from(address).into() } else { Ipv4Addr::from([a, b, c, d]).into() },
        router: Some(router),
        authentication: None,
    })
}

const fn kind(code: u8) -> Result<&'static str, DecodeError> {
    match code {
        0 => Ok("hello"),
        1 => Ok("coup"),
        2 => Ok("resign"),
        _ => Err(DecodeError::Malformed { field: "Op Code", rule: "is 0 to 2" }),
    }
}

/// The states of version 1 (RFC 2281 §5.1).
const fn state_1(number: u8) -> Option<&'static str> {
    match number {
        0 => Some("initial"),
        1 => Some("learn"),
        2 => Some("listen"),
        4 => Some("speak"),
        8 => Some("standby"),
        16 => Some("active"),
        _ => None,
    }
}

/// The states of version 2, which count from nought without gaps.
const fn state_2(number: u8) -> Option<&'static str> {
    match number {
        0 => Some("disabled"),
        1 => Some("initial"),
        2 => Some("learn"),
        3 => Some("listen"),
        4 => Some("speak"),
        5 => Some("standby"),
        6 => Some("active"),
        _ => None,
    }
}

/// What eight bytes of plain text are; nothing where MD5 takes their place.
fn text(secret: &[u8; 8]) -> Option<&'static str> {
    match &secret[..] {
        [0, ..] => None,
        DEFAULT_AUTHENTICATION => Some("default_text"),
        _ => Some("text"),
    }
}

/// Says how the packet is authenticated: in its header, or by one of the elements that follow.
fn authenticated(header: Option<&'static str>, mut rest: Reader<'_>, message: &mut Message) {
    let mut found = header;
    for _ in 0..ELEMENTS_MAX {
        match element(&mut rest) {
            Ok((3, mut value)) => found = value.array("Authentication Data").ok().and_then(|data| text(&data)),
            Ok((4, _)) => found = Some("md5"),
            Ok(_) => {}
            Err(_) => break,
        }
    }
    message.str(&AUTHENTICATION, found.unwrap_or("none"));
    match found {
        Some("default_text") => message.weak(Weakness::DefaultCredentials).weak(Weakness::CleartextCredentials),
        Some("text") => message.weak(Weakness::CleartextCredentials),
        _ => message,
    };
}

/// Type, length and value, behind the header: 3 is plain text, 4 MD5.
fn element<'a>(reader: &mut Reader<'a>) -> Result<(u8, Reader<'a>), Truncated> {
    let kind = reader.u8("Type")?;
    let length = usize::from(reader.u8("Length")?);
    Ok((kind, reader.part(length, "Value")?))
}
