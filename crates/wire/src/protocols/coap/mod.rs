//! Constrained Application Protocol (RFC 7252) by UDP: sensors, lamps and meters answer as small servers of the web do.
//!
//! Tells the method or the code of an answer, the format of what is carried, and the path where it is one that
//! specifications name. Left out: all other paths, hosts, queries, and what is carried.

use model::{Field, Form, Messages};

use super::{Carrier, DecodeError, Decoder, Input, Opening, Probe, Session, Stateless};
use crate::reader::Reader;

/// So many options of a message are read.
const OPTIONS_MAX: usize = 32;
/// So many parts of a path are compared.
const PARTS_MAX: usize = 3;
/// Options (RFC 7252 §12.2).
const URI_PATH: u32 = 11;
const CONTENT_FORMAT: u32 = 12;

static TYPE: Field = Field::device("type").form(Form::Fixed);
static CODE: Field = Field::device("code").form(Form::Fixed).wireshark("coap.code");
static PATH: Field = Field::device("path").form(Form::Fixed).wireshark("coap.opt.uri_path_recon");
static FORMAT: Field = Field::device("content_format").form(Form::Fixed).wireshark("coap.opt.ctype");

static FIELDS: &[&Field] = &[&TYPE, &CODE, &PATH, &FORMAT];

/// Paths of specifications: discovery (RFC 6690), resource directory (RFC 9176), enrolment (RFC 9148, RFC 8995), groups
/// (RFC 7390), broadcast of joining (RFC 9031), devices of OCF (ISO/IEC 30118-1 §10), lamps of IKEA, and Thread's commissioning
/// and diagnostics (Thread 1.1 §8 and §10).
static PATHS: &[[&str; PARTS_MAX]] = &[
    [".well-known", "core", ""],
    [".well-known", "est", ""],
    [".well-known", "brski", ""],
    [".well-known", "edhoc", ""],
    ["rd", "", ""],
    ["rd-lookup", "", ""],
    ["bs", "", ""],
    ["oic", "res", ""],
    ["oic", "d", ""],
    ["oic", "p", ""],
    ["oic", "sec", "doxm"],
    ["15001", "", ""],
    ["15011", "9063", ""],
    ["c", "la", ""],
    ["c", "lp", ""],
    ["d", "dg", ""],
    ["d", "dq", ""],
];

/// The protocol's entry in the list.
pub static DECODER: Coap = Coap;

/// Constrained Application Protocol.
pub struct Coap;

impl Decoder for Coap {
    fn name(&self) -> &'static str {
        "coap"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::Datagram(&[5_683])]
    }

    fn fields(&self) -> &'static [&'static Field] {
        FIELDS
    }

    fn probe(&self, opening: &Opening<'_>) -> Probe {
        // The first byte turns away most of what is not: version 1, and a token of eight bytes at most.
        let Some(bytes @ [0x40..=0x78, ..]) = opening.first() else { return Probe::No };
        match Packet::read(bytes) {
            // An empty message is four bytes that much can be; away from the port, a known path tells.
            Ok(packet) if packet.known_path().is_some() || opening.hinted && !packet.is_empty() => Probe::Yes,
            _ => Probe::No,
        }
    }

    fn session(&self, _carrier: Carrier) -> Box<dyn Session> {
        Box::new(Stateless(decode))
    }
}

/// Header and options (RFC 7252 §3).
struct Packet<'a> {
    kind: u8,
    code: u8,
    path: [&'a [u8]; PARTS_MAX],
    parts: usize,
    format: Option<u32>,
}

impl<'a> Packet<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        let first = reader.u8("Ver, T, TKL")?;
        let code = reader.u8("Code")?;
        reader.skip(2, "Message ID")?;
        let token = usize::from(first & 0x0f);
        let is_known = match (code >> 5, code & 0x1f) {
            (0, 0) => token == 0 && reader.is_empty(),
            (0, 1..=7) | (2, 1..=5 | 31) | (4, _) | (5, 0..=8) => true,
            _ => false,
        };
        if first >> 6 != 1 || token > 8 || !is_known {
            return Err(DecodeError::Malformed { field: "header", rule: "version 1, a short token, a known code" });
        }
        reader.skip(token, "Token")?;
        let mut packet = Self { kind: first >> 4 & 3, code, path: Default::default(), parts: 0, format: None };
        let mut number = 0_u32;
        for _ in 0..OPTIONS_MAX {
            let Some(head) = reader.peek() else { return Ok(packet) };
            reader.skip(1, "option")?;
            if head == 0xff {
                // The marker stands before something (RFC 7252 §3).
                return if reader.is_empty() { Err(UNFIT) } else { Ok(packet) };
            }
            number = number.saturating_add(extended(head >> 4, &mut reader)?);
            let length = extended(head & 0x0f, &mut reader)?;
            let value = reader.take(usize::try_from(length).unwrap_or(usize::MAX), "option")?;
            match number {
                URI_PATH => {
                    if let Some(place) = packet.path.get_mut(packet.parts) {
                        *place = value;
                    }
                    packet.parts = packet.parts.saturating_add(1);
                }
                CONTENT_FORMAT if value.len() <= 2 => {
                    packet.format = Some(value.iter().fold(0, |sum, byte| sum << 8 | u32::from(*byte)));
                }
                _ => {}
            }
        }
        Err(UNFIT)
    }

    const fn is_empty(&self) -> bool {
        self.code == 0
    }

    fn known_path(&self) -> Option<&'static [&'static str; PARTS_MAX]> {
        let is_it = |known: &&[&str; PARTS_MAX]| {
            let parts = known.iter().take_while(|part| !part.is_empty()).count();
            self.parts == parts && known.iter().zip(&self.path).all(|(known, part)| known.as_bytes() == *part)
        };
        PATHS.iter().find(is_it)
    }
}

const UNFIT: DecodeError = DecodeError::Malformed { field: "options", rule: "fill the datagram up to what is carried" };

/// A number of four bits, or of one or two bytes more (RFC 7252 §3.1).
fn extended(nibble: u8, reader: &mut Reader<'_>) -> Result<u32, DecodeError> {
    Ok(match nibble {
        13 => u32::from(reader.u8("option")?).saturating_add(13),
        14 => u32::from(reader.u16("option")?).saturating_add(269),
        15 => return Err(UNFIT),
        short => u32::from(short),
    })
}

fn decode(input: &Input<'_>, messages: &mut Messages) -> Result<(), DecodeError> {
    let packet = Packet::read(input.bytes)?;
    let is_request = matches!(packet.code, 1..=7);
    let kind = match packet.code {
        0 => "empty",
        _ if is_request => "request",
        _ => "response",
    };
    let message = messages.begin("coap", kind);
    let types = ["confirmable", "non_confirmable", "acknowledgement", "reset"];
    message.str(&TYPE, types.get(usize::from(packet.kind)).unwrap_or(&""));
    message.number(&CODE, packet.code);
    if is_request {
        // RFC 7252 §12.1.1, RFC 8132 §4.
        let methods = ["GET", "POST", "PUT", "DELETE", "FETCH", "PATCH", "iPATCH"];
        message.operated(methods.get(usize::from(packet.code.saturating_sub(1))).unwrap_or(&""));
        if let Some(path) = packet.known_path() {
            let mut text = crate::stack_text::StackText::new();
            for part in path.iter().take_while(|part| !part.is_empty()) {
                text.push('/').push_str(part);
            }
            message.str(&PATH, text.as_str());
        }
    }
    if let Some(format) = packet.format {
        message.number(&FORMAT, format);
    }
    Ok(())
}
