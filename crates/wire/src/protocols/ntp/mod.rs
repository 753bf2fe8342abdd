//! Network Time Protocol versions 1 to 4 (RFC 5905, RFC 1305) with its simple form, control messages (RFC 9327) and
//! the private ones of ntpd.
//!
//! Tells who keeps whose time, and what a server says of itself in a control message. Left out: the timestamps and
//! the authentication.

use std::net::Ipv4Addr;

use model::{Field, Form, Messages};

use super::{Carrier, DecodeError, Decoder, Input, Opening, Probe, Session, Stateless};
use crate::reader::Reader;

static VERSION: Field = Field::device("version").wireshark("ntp.flags.vn");
static STRATUM: Field = Field::device("stratum").wireshark("ntp.stratum");
static POLL: Field = Field::device("poll").wireshark("ntp.ppoll");
static REFERENCE_ID: Field = Field::device("reference_id").form(Form::Token).wireshark("ntp.refid");
static SOFTWARE: Field = Field::device("software");
static PROCESSOR: Field = Field::device("processor");
static SYSTEM: Field = Field::device("system");

static FIELDS: &[&Field] = &[&VERSION, &STRATUM, &POLL, &REFERENCE_ID, &SOFTWARE, &PROCESSOR, &SYSTEM];

/// The protocol's entry in the list.
pub static DECODER: Ntp = Ntp;

/// Network Time Protocol.
pub struct Ntp;

impl Decoder for Ntp {
    fn name(&self) -> &'static str {
        "ntp"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::Datagram(&[123])]
    }

    fn fields(&self) -> &'static [&'static Field] {
        FIELDS
    }

    fn probe(&self, opening: &Opening<'_>) -> Probe {
        let Some(bytes) = opening.first() else { return Probe::No };
        match Header::read(bytes) {
            // Control and private messages have little to check, and a client's no more than a length and a version:
            // away from the port, only a server's whole answer is telling enough.
            Ok(header) if opening.hinted || header.mode == SERVER && is_answer(bytes) => Probe::Yes,
            _ => Probe::No,
        }
    }

    fn session(&self, _carrier: Carrier) -> Box<dyn Session> {
        Box::new(Stateless(decode))
    }
}

/// A time message without extensions (RFC 5905 §7.3).
const TIME_BYTES: usize = 48;
/// Modes (RFC 5905 §7.3, figure 10).
const SYMMETRIC_ACTIVE: u8 = 1;
const SYMMETRIC_PASSIVE: u8 = 2;
const CLIENT: u8 = 3;
const SERVER: u8 = 4;
const BROADCAST: u8 = 5;
const CONTROL: u8 = 6;
const PRIVATE: u8 = 7;
/// Unsynchronised, and the highest stratum (RFC 5905 §7.3, figure 11).
const STRATUM_MAX: u8 = 16;
/// The longest poll exponent (RFC 5905 §7.2).
const POLL_MAX: i8 = 17;
/// What clients write that hide their own clock (draft-ietf-ntp-data-minimization §4).
const PRECISION_HIDDEN: u8 = 32;
/// Seconds since 1900 at the beginning of 2000.
const YEAR_2000: u32 = 3_155_673_600;
/// No server thinks longer.
const ANSWER_SECONDS_MAX: u32 = 2;
/// Extensions (RFC 7822) are multiples of four bytes; the longest key identifier with digest is 4 + 20 bytes.
const EXTENSION_BYTES_MAX: usize = 2_048;
/// Padding, key identifier and digest after the data of a control message.
const AUTHENTICATOR_BYTES_MAX: usize = 128;
/// How many variables of a control message are looked at.
const VARIABLES_MAX: usize = 64;

/// What all messages begin with.
struct Header {
    version: u8,
    mode: u8,
}

impl Header {
    /// Reads the first bytes and holds them against what their mode asks for.
    fn read(bytes: &[u8]) -> Result<Self, DecodeError> {
        let first = Reader::new(bytes).u8("LI, VN, Mode")?;
        let header = Self { version: first >> 3 & 7, mode: first & 7 };
        if !(1..=4).contains(&header.version) {
            return Err(DecodeError::Malformed { field: "VN", rule: "is 1 to 4" });
        }
        let fits = match header.mode {
            SYMMETRIC_ACTIVE..=BROADCAST => is_time(bytes),
            CONTROL => is_control(bytes),
            PRIVATE => is_private(bytes),
            // Mode 0 is reserved; clients of version 1 used it (RFC 1305 appendix A).
            _ => false,
        };
        if fits { Ok(header) } else { Err(DecodeError::Malformed { field: "Mode", rule: "fits the other fields" }) }
    }
}

fn is_time(bytes: &[u8]) -> bool {
    let [first, stratum, poll, precision, ..] = *bytes else { return false };
    let rest = bytes.len().checked_sub(TIME_BYTES);
    // 12 is the key identifier with a digest of version 1 and 2 (RFC 1119 appendix D).
    let length_holds = rest.is_some_and(|rest| rest.is_multiple_of(4) && rest <= EXTENSION_BYTES_MAX);
    // A precision above one second is a clock that cannot be meant, except for clients that tell nothing of themselves.
    let precision_holds = (precision as i8) <= 0 || first & 7 == CLIENT && precision == PRECISION_HIDDEN;
    length_holds && stratum <= STRATUM_MAX && (poll as i8) <= POLL_MAX && precision_holds
}

/// Whether a time message is what a server in order answers: synchronised, with a precision that clocks have, and
/// sent at most a few seconds after it received the question, in this century.
fn is_answer(bytes: &[u8]) -> bool {
    let [_, stratum, poll, precision, .., r0, r1, r2, r3, _, _, _, _, t0, t1, t2, t3, _, _, _, _] = *bytes else {
        return false;
    };
    let received = u32::from_be_bytes([r0, r1, r2, r3]);
    let sent = u32::from_be_bytes([t0, t1, t2, t3]);
    bytes.len() == TIME_BYTES
        && (1..STRATUM_MAX).contains(&stratum)
        && (0..=POLL_MAX).contains(&(poll as i8))
        && (-31..0).contains(&(precision as i8))
        && received >= YEAR_2000
        && sent.checked_sub(received).is_some_and(|seconds| seconds <= ANSWER_SECONDS_MAX)
}

/// RFC 9327 §2: the count says how long the data is, padded to four bytes.
fn is_control(bytes: &[u8]) -> bool {
    let [_, _, _, _, _, _, _, _, _, _, high, low, data @ ..] = bytes else { return false };
    let count = usize::from(u16::from_be_bytes([*high, *low]));
    count <= data.len() && data.len() <= count.saturating_add(AUTHENTICATOR_BYTES_MAX)
}

/// The private messages of ntpd: a header of eight bytes, then items of one size; their count and size have four bits
/// of error code before them.
fn is_private(bytes: &[u8]) -> bool {
    let [_, _, implementation, _, a, b, c, d, data @ ..] = bytes else { return false };
    let count = usize::from(u16::from_be_bytes([*a, *b]) & 0x0fff);
    let size = usize::from(u16::from_be_bytes([*c, *d]) & 0x0fff);
    // Universal, the implementation before version 4, and that since.
    matches!(implementation, 0 | 2 | 3) && count.saturating_mul(size) <= data.len()
}

fn decode(input: &Input<'_>, messages: &mut Messages) -> Result<(), DecodeError> {
    let header = Header::read(input.bytes)?;
    let kind = match header.mode {
        SYMMETRIC_ACTIVE | SYMMETRIC_PASSIVE => "symmetric",
        CLIENT => "client",
        SERVER => "server",
        BROADCAST => "broadcast",
        CONTROL => "control",
        _ => "private",
    };
    let message = messages.begin("ntp", kind);
    message.number(&VERSION, header.version);
    match header.mode {
        PRIVATE => {}
        CONTROL => variables(input.bytes, message),
        _ => {
            let mut reader = Reader::new(input.bytes);
            reader.skip(1, "LI, VN, Mode")?;
            let stratum = reader.u8("Stratum")?;
            message.number(&STRATUM, stratum).number(&POLL, reader.u8("Poll")?);
            reader.skip(9, "Precision, Root Delay, Root Dispersion")?;
            let reference: [u8; 4] = reader.array("Reference ID")?;
            match (stratum, reference) {
                (_, [0, 0, 0, 0]) => {}
                // A kiss code or a kind of clock, in ASCII (RFC 5905 §7.3 and §7.4).
                (0 | 1, code) if code.iter().all(|byte| *byte == 0 || byte.is_ascii_graphic()) => {
                    message.bytes(&REFERENCE_ID, &code);
                }
                (0 | 1, _) => {}
                // The server that it follows; with IPv6, a digest that only looks like an address.
                (_, address) => {
                    message.ip(&REFERENCE_ID, Ipv4Addr::from(address));
                }
            }
        }
    }
    Ok(())
}

/// The system variables in the answer to a read (RFC 9327 §4): `name="value"` with commas between.
fn variables(bytes: &[u8], message: &mut model::Message) {
    let [_, flags, _, _, _, _, _, _, _, _, high, low, data @ ..] = bytes else { return };
    // The response bit, without error; opcode 2 reads variables.
    if flags & 0xdf != 0x82 {
        return;
    }
    let count = usize::from(u16::from_be_bytes([*high, *low]));
    let mut rest = data.get(..count).unwrap_or(data);
    for _ in 0..VARIABLES_MAX {
        let Some(equals) = rest.iter().position(|byte| *byte == b'=') else { break };
        let (name, value) = rest.split_at_checked(equals).unwrap_or((rest, &[]));
        let value = value.get(1..).unwrap_or_default();
        let (value, after) = match value {
            [b'"', quoted @ ..] => split_at(quoted, b'"'),
            plain => split_at(plain, b','),
        };
        let field = match name.trim_ascii() {
            b"version" => Some(&SOFTWARE),
            b"processor" => Some(&PROCESSOR),
            b"system" => Some(&SYSTEM),
            _ => None,
        };
        if let Some(field) = field {
            message.bytes(field, value);
        }
        // What stands before the next name: a comma and blanks.
        let blank = after.iter().take_while(|byte| matches!(byte, b',' | b' ' | b'\r' | b'\n')).count();
        rest = after.get(blank..).unwrap_or_default();
    }
}

/// What stands before the mark, and what after it.
fn split_at(bytes: &[u8], mark: u8) -> (&[u8], &[u8]) {
    let length = bytes.iter().position(|byte| *byte == mark).unwrap_or(bytes.len());
    let (before, after) = bytes.split_at_checked(length).unwrap_or((bytes, &[]));
    (before, after.get(1..).unwrap_or_default())
}
