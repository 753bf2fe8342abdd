//! Kerberos version 5 (RFC 4120), between stations and the key distribution centre, by UDP and by TCP (§7.2).
//!
//! Tells which realm and which service a ticket is asked for, with which kinds of encryption, and why one is refused. The
//! client's name is a person's and is left out, unless it is a computer's account (it ends in `$`, [MS-SAMR] §3.1.1.8.1).
//! Left out: tickets, pre-authentication, times, the text of errors, and what clients and services say to each other.

use model::{Field, Form, Message, Messages, Weakness};

use super::{Carrier, DecodeError, Decoder, Input, Opening, Probe, Session, Stateless, Step};
use crate::ber;
use crate::reader::Reader;

mod principal;

use principal::Principal;

/// The longest message: tickets of Windows take 48 KB at most ([MS-KILE] §3.1.1.2, MaxTokenSize), and come with others.
const MESSAGE_BYTES_MAX: usize = 96 * 1_024;
/// So many kinds of encryption of one list are told; thirty are registered.
const ENCRYPTION_TYPES_MAX: usize = 32;
/// So many addresses of a client are looked at.
const ADDRESSES_MAX: usize = 16;

/// Tags of messages (RFC 4120 §5.10): application, constructed.
const APPLICATION: u8 = 0x60;
const AS_REQ: u8 = 10;
const AS_REP: u8 = 11;
const TGS_REQ: u8 = 12;
const TGS_REP: u8 = 13;
const KRB_ERROR: u8 = 30;
/// Ticket (RFC 4120 §5.3).
const TICKET: u8 = 0x61;
/// The only version of the protocol in use (RFC 4120 §5.4.1, pvno).
const VERSION: i64 = 5;
/// A NetBIOS name in the place of an address (RFC 4120 §7.5.3).
const NETBIOS: i64 = 20;

static REALM: Field = Field::site("realm").wireshark("kerberos.realm kerberos.crealm");
static SERVICE: Field = Field::device("service").form(Form::Fixed).wireshark("kerberos.SNameString");
static SERVICE_HOST: Field = Field::site("service_host").wireshark("kerberos.SNameString");
static CLIENT_COMPUTER: Field = Field::site("client_computer").wireshark("kerberos.CNameString");
static NETBIOS_NAME: Field = Field::site("netbios_name").wireshark("kerberos.addr_nb");
static ENCRYPTION_TYPE: Field = Field::device("encryption_type").wireshark("kerberos.ENCTYPE");
static TICKET_ENCRYPTION_TYPE: Field = Field::device("ticket_encryption_type").wireshark("kerberos.etype");
static REPLY_ENCRYPTION_TYPE: Field = Field::device("reply_encryption_type").wireshark("kerberos.etype");
static ERROR_CODE: Field = Field::device("error_code").wireshark("kerberos.error_code");

static FIELDS: &[&Field] = &[
    &REALM,
    &SERVICE,
    &SERVICE_HOST,
    &CLIENT_COMPUTER,
    &NETBIOS_NAME,
    &ENCRYPTION_TYPE,
    &TICKET_ENCRYPTION_TYPE,
    &REPLY_ENCRYPTION_TYPE,
    &ERROR_CODE,
];

/// The protocol's entry in the list.
pub static DECODER: Kerberos = Kerberos;

/// Kerberos version 5.
pub struct Kerberos;

impl Decoder for Kerberos {
    fn name(&self) -> &'static str {
        "kerberos"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::Datagram(&[88]), Carrier::Stream(&[88])]
    }

    fn fields(&self) -> &'static [&'static Field] {
        FIELDS
    }

    fn probe(&self, opening: &Opening<'_>) -> Probe {
        match opening.first() {
            // A datagram begins with the message's tag, a stream with its length, of which the first byte is 0.
            Some(bytes @ [0, ..]) => probe_stream(bytes),
            Some(bytes) if Envelope::read(bytes).is_ok() => Probe::Yes,
            _ => Probe::No,
        }
    }

    fn session(&self, carrier: Carrier) -> Box<dyn Session> {
        match carrier {
            Carrier::Stream(_) => Box::new(Connection),
            _ => Box::new(Stateless(|input, messages| tell(input.bytes, messages))),
        }
    }
}

/// The length of four bytes, and behind it the message's tag, length, version and number, as far as they are there.
fn probe_stream(bytes: &[u8]) -> Probe {
    let mut reader = Reader::new(bytes);
    let Ok(length) = reader.u32("length") else { return Probe::More };
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    if !(16..=MESSAGE_BYTES_MAX).contains(&length) {
        return Probe::No;
    }
    match begins(reader.rest(), length) {
        Ok(true) => Probe::Yes,
        Ok(false) => Probe::No,
        Err(DecodeError::Truncated(_)) => Probe::More,
        Err(DecodeError::Malformed { .. }) => Probe::No,
    }
}

/// Whether a message of that length begins so: three nested lengths that fit, the version, and the number that the tag has.
fn begins(bytes: &[u8], length: usize) -> Result<bool, DecodeError> {
    let mut reader = Reader::new(bytes);
    let left = |reader: &Reader<'_>| length.checked_add(reader.len())?.checked_sub(bytes.len());
    let (tag, inner) = ber::header(&mut reader, "message")?;
    let number = tag.wrapping_sub(APPLICATION);
    if !matches!(number, AS_REQ | AS_REP | TGS_REQ | TGS_REP | KRB_ERROR) || left(&reader) != Some(inner) {
        return Ok(false);
    }
    let (tag, inner) = ber::header(&mut reader, "SEQUENCE")?;
    if tag != ber::SEQUENCE || left(&reader) != Some(inner) {
        return Ok(false);
    }
    read_numbers(&mut reader, number).map(|()| true)
}

/// `pvno` and `msg-type`, which stand first in every message; in requests their tags begin at one (RFC 4120 §5.4.1).
fn read_numbers(reader: &mut Reader<'_>, number: u8) -> Result<(), DecodeError> {
    let first = if matches!(number, AS_REQ | TGS_REQ) { 0xa1 } else { 0xa0_u8 };
    let version = ber::tagged(reader, first, "pvno")?;
    let kind = ber::tagged(reader, first.saturating_add(1), "msg-type")?;
    if ber::integer(&mut Reader::new(version), "pvno")? != VERSION
        || ber::integer(&mut Reader::new(kind), "msg-type")? != i64::from(number)
    {
        return Err(DecodeError::Malformed { field: "pvno, msg-type", rule: "are 5 and the number of the tag" });
    }
    Ok(())
}

/// A message's number and what stands behind it.
struct Envelope<'a> {
    number: u8,
    body: Reader<'a>,
}

impl<'a> Envelope<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        if !begins(bytes, bytes.len())? {
            return Err(DecodeError::Malformed { field: "message", rule: "has one of five tags and fills the bytes" });
        }
        let mut reader = Reader::new(bytes);
        let (tag, inner) = ber::element(&mut reader, "message")?;
        let mut body = ber::sequence(&mut Reader::new(inner), "SEQUENCE")?;
        let number = tag.wrapping_sub(APPLICATION);
        read_numbers(&mut body, number)?;
        Ok(Self { number, body })
    }
}

/// Messages behind their length (RFC 4120 §7.2.2).
struct Connection;

impl Session for Connection {
    fn push(&mut self, input: &Input<'_>, messages: &mut Messages) -> Step {
        let mut reader = Reader::new(input.bytes);
        let Ok(length) = reader.u32("length") else { return Step::Wait(4) };
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        if !(1..=MESSAGE_BYTES_MAX).contains(&length) {
            return Step::Done;
        }
        let whole = length.saturating_add(4);
        let Ok(message) = reader.take(length, "message") else { return Step::Wait(whole) };
        // A message that cannot be read is not begun, and the next one stands behind it all the same.
        let _ = tell(message, messages);
        Step::Read(whole)
    }
}

fn tell(bytes: &[u8], messages: &mut Messages) -> Result<(), DecodeError> {
    let Envelope { number, body } = Envelope::read(bytes)?;
    match number {
        AS_REQ => request(Request::read(body)?, "as_request", "AS-REQ", messages),
        TGS_REQ => request(Request::read(body)?, "tgs_request", "TGS-REQ", messages),
        AS_REP => reply(&Reply::read(body)?, "as_reply", messages),
        TGS_REP => reply(&Reply::read(body)?, "tgs_reply", messages),
        _ => error(&Refusal::read(body)?, messages),
    }
    Ok(())
}

/// KDC-REQ-BODY (RFC 4120 §5.4.1).
#[derive(Default)]
struct Request<'a> {
    realm: &'a [u8],
    client: Principal<'a>,
    service: Principal<'a>,
    encryption_types: Reader<'a>,
    addresses: Reader<'a>,
}

impl<'a> Request<'a> {
    fn read(mut outer: Reader<'a>) -> Result<Self, DecodeError> {
        let mut request = Self::default();
        let mut is_whole = false;
        while !outer.is_empty() {
            let (0xa4, body) = ber::element(&mut outer, "KDC-REQ")? else { continue };
            is_whole = true;
            let mut body = ber::sequence(&mut Reader::new(body), "req-body")?;
            while !body.is_empty() {
                let (tag, content) = ber::element(&mut body, "KDC-REQ-BODY")?;
                let content = Reader::new(content);
                match tag {
                    0xa1 => request.client = Principal::read(content)?,
                    0xa2 => request.realm = string(content)?,
                    0xa3 => request.service = Principal::read(content)?,
                    0xa8 => request.encryption_types = ber::sequence(&mut { content }, "etype")?,
                    0xa9 => request.addresses = ber::sequence(&mut { content }, "addresses")?,
                    _ => {}
                }
            }
        }
        if is_whole { Ok(request) } else { Err(DecodeError::Malformed { field: "req-body", rule: "is there" }) }
    }
}

fn request(request: Request<'_>, kind: &'static str, operation: &str, messages: &mut Messages) {
    let message = messages.begin("kerberos", kind);
    message.operated(operation).bytes(&REALM, request.realm);
    request.service.tell_service(message);
    if let Some(computer) = request.client.computer() {
        message.bytes(&CLIENT_COMPUTER, computer);
    }
    let mut types = request.encryption_types;
    let (mut is_any_weak, mut is_any_strong) = (false, false);
    for _ in 0..ENCRYPTION_TYPES_MAX {
        let Ok(number) = ber::integer(&mut types, "etype") else { break };
        is_any_weak |= is_weak(number);
        is_any_strong |= number > 0 && !is_weak(number);
        tell_type(number, &ENCRYPTION_TYPE, message);
    }
    if is_any_weak && !is_any_strong {
        message.weak(Weakness::WeakCipher);
    }
    let mut addresses = request.addresses;
    for _ in 0..ADDRESSES_MAX {
        let Ok(name) = netbios_name(&mut addresses) else { break };
        // Padded with blanks to 15 bytes; the sixteenth is the kind of service (RFC 1001 §5.2).
        message.bytes(&NETBIOS_NAME, name.get(..15).unwrap_or_default().trim_ascii_end());
    }
}

/// One HostAddress (RFC 4120 §5.2.5), empty unless it is a NetBIOS name.
fn netbios_name<'a>(addresses: &mut Reader<'a>) -> Result<&'a [u8], DecodeError> {
    let mut address = ber::sequence(addresses, "HostAddress")?;
    let kind = ber::tagged(&mut address, 0xa0, "addr-type")?;
    let name = ber::tagged(&mut address, 0xa1, "address")?;
    let name = ber::tagged(&mut Reader::new(name), ber::OCTET_STRING, "address")?;
    Ok(if ber::integer(&mut Reader::new(kind), "addr-type")? == NETBIOS { name } else { &[] })
}

/// KDC-REP (RFC 4120 §5.4.2).
#[derive(Default)]
struct Reply<'a> {
    realm: &'a [u8],
    service: Principal<'a>,
    ticket_type: Option<i64>,
    reply_type: Option<i64>,
}

impl<'a> Reply<'a> {
    fn read(mut outer: Reader<'a>) -> Result<Self, DecodeError> {
        let mut reply = Self::default();
        while !outer.is_empty() {
            let (tag, content) = ber::element(&mut outer, "KDC-REP")?;
            match tag {
                0xa3 => reply.realm = string(Reader::new(content))?,
                0xa5 => {
                    let ticket = ber::tagged(&mut Reader::new(content), TICKET, "ticket")?;
                    let mut ticket = ber::sequence(&mut Reader::new(ticket), "ticket")?;
                    while !ticket.is_empty() {
                        let (tag, content) = ber::element(&mut ticket, "Ticket")?;
                        match tag {
                            0xa2 => reply.service = Principal::read(Reader::new(content))?,
                            0xa3 => reply.ticket_type = Some(encryption_type(content)?),
                            _ => {}
                        }
                    }
                }
                0xa6 => reply.reply_type = Some(encryption_type(content)?),
                _ => {}
            }
        }
        Ok(reply)
    }
}

/// The kind of encryption of EncryptedData (RFC 4120 §5.2.9).
fn encryption_type(content: &[u8]) -> Result<i64, DecodeError> {
    let mut data = ber::sequence(&mut Reader::new(content), "EncryptedData")?;
    ber::integer(&mut Reader::new(ber::tagged(&mut data, 0xa0, "etype")?), "etype")
}

fn reply(reply: &Reply<'_>, kind: &'static str, messages: &mut Messages) {
    let message = messages.begin("kerberos", kind);
    message.bytes(&REALM, reply.realm);
    reply.service.tell_service(message);
    for (number, field) in [(reply.ticket_type, &TICKET_ENCRYPTION_TYPE), (reply.reply_type, &REPLY_ENCRYPTION_TYPE)] {
        let Some(number) = number else { continue };
        tell_type(number, field, message);
        if is_weak(number) {
            message.weak(Weakness::WeakCipher);
        }
    }
}

/// KRB-ERROR (RFC 4120 §5.9.1).
#[derive(Default)]
struct Refusal<'a> {
    code: Option<u64>,
    realm: &'a [u8],
    service: Principal<'a>,
}

impl<'a> Refusal<'a> {
    fn read(mut outer: Reader<'a>) -> Result<Self, DecodeError> {
        let mut refusal = Self::default();
        while !outer.is_empty() {
            let (tag, content) = ber::element(&mut outer, "KRB-ERROR")?;
            let content = Reader::new(content);
            match tag {
                0xa6 => refusal.code = u64::try_from(ber::integer(&mut { content }, "error-code")?).ok(),
                0xa9 => refusal.realm = string(content)?,
                0xaa => refusal.service = Principal::read(content)?,
                _ => {}
            }
        }
        Ok(refusal)
    }
}

fn error(refusal: &Refusal<'_>, messages: &mut Messages) {
    let message = messages.begin("kerberos", "error");
    if let Some(code) = refusal.code {
        message.number(&ERROR_CODE, code);
    }
    message.bytes(&REALM, refusal.realm);
    refusal.service.tell_service(message);
}

/// Numbers below zero are private to implementations (RFC 3961 §8) and are not told.
fn tell_type(number: i64, field: &'static Field, message: &mut Message) {
    if let Ok(number) = u64::try_from(number) {
        message.number(field, number);
    }
}

/// DES (RFC 6649), triple DES and RC4 (RFC 8429), by their numbers in IANA's registry.
const fn is_weak(encryption_type: i64) -> bool {
    matches!(encryption_type, 1..=3 | 5 | 7 | 16 | 23 | 24)
}

/// The content of a KerberosString (RFC 4120 §5.2.1). Windows writes UTF-8.
fn string(mut reader: Reader<'_>) -> Result<&[u8], DecodeError> {
    match ber::element(&mut reader, "KerberosString")? {
        (0x1b, text) => Ok(text),
        _ => Err(DecodeError::Malformed { field: "KerberosString", rule: "is a GeneralString" }),
    }
}
