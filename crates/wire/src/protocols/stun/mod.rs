//! Session Traversal Utilities for NAT (RFC 8489) with its use for relays (TURN, RFC 8656), by UDP and by TCP.
//!
//! Tells what is asked for and what comes of it, which software answers, in which realm, and the address that a station has
//! outside. Left out: user names, keys, peers and the data that relays carry.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use model::{Field, Form, Messages};

use super::{Carrier, DecodeError, Decoder, Input, Opening, Probe, Session, Stateless, Step};
use crate::reader::Reader;

/// Type, length, cookie and transaction (RFC 8489 §5).
const HEADER_BYTES: usize = 20;
const MAGIC_COOKIE: u32 = 0x2112_a442;
/// So many attributes are looked at.
const ATTRIBUTES_MAX: usize = 32;

/// Attributes (RFC 8489 §18.3).
const MAPPED_ADDRESS: u16 = 0x0001;
const ERROR_CODE_ATTRIBUTE: u16 = 0x0009;
const REALM_ATTRIBUTE: u16 = 0x0014;
const XOR_MAPPED_ADDRESS: u16 = 0x0020;
const SOFTWARE_ATTRIBUTE: u16 = 0x8022;

static SOFTWARE: Field = Field::device("software").wireshark("stun.att.software");
static REALM: Field = Field::site("realm").wireshark("stun.att.realm");
static MAPPED_IP: Field = Field::site("mapped_ip")
    .form(Form::Fixed)
    .wireshark("stun.att.ipv4 stun.att.ipv4-xord stun.att.ipv6 stun.att.ipv6-xord");
static ERROR_CODE: Field = Field::device("error_code");

static FIELDS: &[&Field] = &[&SOFTWARE, &REALM, &MAPPED_IP, &ERROR_CODE];

/// The protocol's entry in the list.
pub static DECODER: Stun = Stun;

/// Session Traversal Utilities for NAT.
pub struct Stun;

impl Decoder for Stun {
    fn name(&self) -> &'static str {
        "stun"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::Datagram(&[3_478]), Carrier::Stream(&[3_478])]
    }

    fn fields(&self) -> &'static [&'static Field] {
        FIELDS
    }

    fn probe(&self, opening: &Opening<'_>) -> Probe {
        let Some(bytes) = opening.first() else { return Probe::No };
        match Header::read(bytes) {
            // Of a stream the attributes may be to come.
            Ok(_) => Probe::Yes,
            Err(DecodeError::Truncated(_)) if matches!(bytes, [0 | 1, ..]) && may_begin(bytes) => Probe::More,
            Err(_) => Probe::No,
        }
    }

    fn session(&self, carrier: Carrier) -> Box<dyn Session> {
        match carrier {
            Carrier::Stream(_) => Box::new(Connection),
            _ => Box::new(Stateless(|input, messages| {
                let header = Header::read(input.bytes)?;
                tell(&header, input.bytes, messages)
            })),
        }
    }
}

/// Whether a header that is not whole yet holds the cookie, as far as it goes.
fn may_begin(bytes: &[u8]) -> bool {
    let cookie = MAGIC_COOKIE.to_be_bytes();
    bytes.get(4..).is_none_or(|rest| cookie.starts_with(rest.get(..4).unwrap_or(rest)))
}

struct Header {
    method: u16,
    class: u16,
    length: usize,
}

impl Header {
    /// The first two bits are zero, the length counts whole words, and the cookie is one in four billion.
    fn read(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        let kind = reader.u16("message type")?;
        let length = usize::from(reader.u16("message length")?);
        if kind & 0xc000 != 0 || !length.is_multiple_of(4) || reader.u32("magic cookie")? != MAGIC_COOKIE {
            return Err(DecodeError::Malformed { field: "header", rule: "begins with 00 and holds the cookie" });
        }
        reader.skip(12, "transaction ID")?;
        // Bits of class and method are interleaved (RFC 8489 §5, figure 3).
        let class = (kind >> 7 & 2) | (kind >> 4 & 1);
        let method = (kind & 0x000f) | (kind >> 1 & 0x0070) | (kind >> 2 & 0x0f80);
        Ok(Self { method, class, length })
    }
}

/// RFC 8489 §18.2, RFC 8656 §17.
const fn method(number: u16) -> &'static str {
    match number {
        0x001 => "binding",
        0x003 => "allocate",
        0x004 => "refresh",
        0x006 => "send",
        0x007 => "data",
        0x008 => "create_permission",
        0x009 => "channel_bind",
        0x00a => "connect",
        0x00b => "connection_bind",
        0x00c => "connection_attempt",
        _ => "other",
    }
}

fn tell(header: &Header, bytes: &[u8], messages: &mut Messages) -> Result<(), DecodeError> {
    let mut reader = Reader::new(bytes);
    let transaction: [u8; 16] = {
        reader.skip(4, "type and length")?;
        reader.array("cookie and transaction ID")?
    };
    let mut attributes = reader.part(header.length, "attributes")?;
    let kind = match header.class {
        0 => "request",
        1 => "indication",
        2 => "success",
        _ => "error",
    };
    let message = messages.begin("stun", kind);
    message.operated(method(header.method));
    let mut is_mapped = false;
    for _ in 0..ATTRIBUTES_MAX {
        let (Ok(kind), Ok(length)) = (attributes.u16("type"), attributes.u16("length")) else { break };
        let Ok(value) = attributes.take(usize::from(length), "value") else { break };
        attributes.take_up_to(usize::from(length).wrapping_neg() & 3);
        match kind {
            SOFTWARE_ATTRIBUTE => {
                message.bytes(&SOFTWARE, value);
            }
            REALM_ATTRIBUTE => {
                message.bytes(&REALM, value);
            }
            MAPPED_ADDRESS | XOR_MAPPED_ADDRESS if !is_mapped => {
                let mask = if kind == XOR_MAPPED_ADDRESS { transaction } else { [0; 16] };
                if let Some(ip) = address(value, mask) {
                    is_mapped = true;
                    message.ip(&MAPPED_IP, ip);
                }
            }
            ERROR_CODE_ATTRIBUTE => {
                if let [_, _, class @ 3..=6, number @ 0..=99, ..] = value {
                    message.number(&ERROR_CODE, u16::from(*class).saturating_mul(100).saturating_add((*number).into()));
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// An address, masked with the cookie and the transaction (RFC 8489 §14.1, §14.2).
fn address(value: &[u8], mask: [u8; 16]) -> Option<IpAddr> {
    match value {
        [_, 1, _, _, ip @ ..] => {
            let ip: [u8; 4] = ip.try_into().ok()?;
            let [a, b, c, d, ..] = mask;
            Some(Ipv4Addr::from(u32::from_be_bytes(ip) ^ u32::from_be_bytes([a, b, c, d])).into())
        }
        [_, 2, _, _, ip @ ..] => {
            let ip: [u8; 16] = ip.try_into().ok()?;
            Some(Ipv6Addr::from(u128::from_be_bytes(ip) ^ u128::from_be_bytes(mask)).into())
        }
        _ => None,
    }
}

/// Messages and the data of relays in one stream (RFC 8656 §12.4).
struct Connection;

impl Session for Connection {
    fn push(&mut self, input: &Input<'_>, messages: &mut Messages) -> Step {
        let bytes = input.bytes;
        match bytes {
            [0x40..=0x4f, _, high, low, ..] => {
                let length = usize::from(u16::from_be_bytes([*high, *low]));
                let whole = length.saturating_add(length.wrapping_neg() & 3).saturating_add(4);
                match whole.checked_sub(bytes.len()) {
                    None | Some(0) => Step::Read(whole),
                    Some(left) => Step::Skip(left as u64),
                }
            }
            [0x40..=0x4f, ..] => Step::Wait(4),
            _ => match Header::read(bytes) {
                Err(DecodeError::Truncated(_)) => Step::Wait(HEADER_BYTES),
                Err(DecodeError::Malformed { .. }) => Step::Done,
                Ok(header) => {
                    let whole = header.length.saturating_add(HEADER_BYTES);
                    let Some(message) = bytes.get(..whole) else { return Step::Wait(whole) };
                    let _ = tell(&header, message, messages);
                    Step::Read(whole)
                }
            },
        }
    }
}
