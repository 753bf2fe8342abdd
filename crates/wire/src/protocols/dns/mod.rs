//! Domain Name System (RFC 1035) over UDP and TCP: who asks for which name, and which addresses the answer gives.
//!
//! The format is shared with multicast DNS, LLMNR and the NetBIOS name service: [`message`] and [`name`] read it.
//! Left out: records other than addresses and names, DNSSEC, EDNS options, notifications.

use model::{Field, Form, Message, Messages};

use super::{Carrier, DecodeError, Decoder, Input, Opening, Probe, Session, Step};
use crate::reader::Reader;
use message::{CNAME, Entries, Header, NS, PTR, Record, SRV, begins_well, is_class, is_whole};
use name::Name;

pub(super) mod message;
pub(super) mod name;

static QUERY_NAME: Field = Field::site("query_name").wireshark("dns.qry.name");
static QUERY_TYPE: Field = Field::device("query_type").form(Form::Fixed).wireshark("dns.qry.type");
static RESPONSE_CODE: Field = Field::device("response_code").wireshark("dns.flags.rcode");
static ANSWER_IP: Field = Field::device("answer_ip").wireshark("dns.a dns.aaaa");
static ANSWER_NAME: Field = Field::site("answer_name").wireshark("dns.cname dns.ptr.domain_name dns.ns dns.srv.target");

/// The fields of DNS, and of LLMNR as well.
pub(super) static FIELDS: &[&Field] = &[&QUERY_NAME, &QUERY_TYPE, &RESPONSE_CODE, &ANSWER_IP, &ANSWER_NAME];

/// The most questions of one message that are read.
const QUESTIONS_MAX: u16 = 8;
/// The most answers of one message that are read.
const ANSWERS_MAX: u16 = 32;
/// The shortest question over TCP: header, root, type, class.
const STREAM_MESSAGE_BYTES_MIN: usize = 17;
/// The longest first message over TCP that is recognised on a port that is not DNS's: it is kept until it is whole.
const UNHINTED_BYTES_MAX: usize = 512;

/// The protocol's entry in the list.
pub static DECODER: Dns = Dns;

/// Domain Name System.
pub struct Dns;

impl Decoder for Dns {
    fn name(&self) -> &'static str {
        "dns"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::Datagram(&[53]), Carrier::Stream(&[53])]
    }

    fn fields(&self) -> &'static [&'static Field] {
        FIELDS
    }

    /// The opening does not say whether UDP or TCP carries it. The two-byte length that comes first over TCP shifts
    /// everything behind it, so that one is not mistaken for the other.
    fn probe(&self, opening: &Opening<'_>) -> Probe {
        let Some(bytes) = opening.first() else { return Probe::No };
        match probe_stream(bytes, opening.hinted) {
            Probe::Yes => Probe::Yes,
            _ if is_message(bytes, opening.hinted) => Probe::Yes,
            verdict => verdict,
        }
    }

    fn session(&self, carrier: Carrier) -> Box<dyn Session> {
        // Neither holds state, so that neither takes memory: every query opens a flow of its own.
        match carrier {
            Carrier::Stream(_) => Box::new(OverStream),
            _ => Box::new(OverDatagram),
        }
    }
}

/// Whether a whole message is DNS: by its beginning if a port says so, else only if all of it makes sense.
fn is_message(message: &[u8], hinted: bool) -> bool {
    if !hinted {
        return is_whole(message);
    }
    // Query, notify (RFC 1996) or update (RFC 2136).
    Header::read(message).is_ok_and(|header| matches!(header.opcode(), 0 | 4 | 5)) && begins_well(message, false)
}

/// A length of two bytes comes first (RFC 1035 §4.2.2).
fn probe_stream(bytes: &[u8], hinted: bool) -> Probe {
    let mut reader = Reader::new(bytes);
    let Ok(length) = reader.u16("length").map(usize::from) else { return Probe::More };
    if length < STREAM_MESSAGE_BYTES_MIN || (!hinted && length > UNHINTED_BYTES_MAX) {
        return Probe::No;
    }
    if let Ok(message) = reader.take(length, "message") {
        return if is_message(message, hinted) { Probe::Yes } else { Probe::No };
    }
    let Ok(header) = Header::read(reader.rest()) else { return Probe::More };
    let is_plausible = header.questions == 1 && header.opcode() == 0 && header.fits(length);
    if !is_plausible {
        return Probe::No;
    }
    // A whole question is enough on a hinted port: the answer behind it may be longer than what is kept of an opening.
    let mut entries = Entries::new(reader.rest());
    let question = entries.skip_name().and_then(|()| entries.question());
    if hinted && question.is_ok_and(|question| is_class(question.class, false)) { Probe::Yes } else { Probe::More }
}

/// DNS over UDP.
struct OverDatagram;

impl Session for OverDatagram {
    fn push(&mut self, input: &Input<'_>, messages: &mut Messages) -> Step {
        let _ = decode("dns", input.bytes, messages);
        Step::Read(input.bytes.len().max(1))
    }
}

/// DNS over TCP.
struct OverStream;

impl Session for OverStream {
    fn push(&mut self, input: &Input<'_>, messages: &mut Messages) -> Step {
        let mut reader = Reader::new(input.bytes);
        let Ok(length) = reader.u16("length").map(usize::from) else { return Step::Wait(2) };
        let total = length.saturating_add(2);
        let Ok(message) = reader.take(length, "message") else { return Step::Wait(total) };
        if Header::read(message).is_ok_and(|header| header.fits(length)) {
            let _ = decode("dns", message, messages);
            Step::Read(total)
        } else {
            Step::Done
        }
    }
}

/// Reads one message of DNS or of a protocol with the same meaning.
pub(super) fn decode(protocol: &'static str, bytes: &[u8], messages: &mut Messages) -> Result<(), DecodeError> {
    let header = Header::read(bytes)?;
    if !header.fits(bytes.len()) {
        return Err(DecodeError::Malformed { field: "counts", rule: "the entries fit into the message" });
    }
    let kind = match (header.opcode(), header.is_response()) {
        (0, false) => "query",
        (0, true) => "response",
        // RFC 1996: one name server tells another that a zone changed.
        (4, false) => "notify",
        (4, true) => "notify_response",
        (5, false) => "update",
        (5, true) => "update_response",
        _ => return Err(DecodeError::Malformed { field: "OPCODE", rule: "query, notify or update" }),
    };
    let mut entries = Entries::new(bytes);
    let mut name = Name::new();
    if header.questions == 0 && !header.is_response() {
        return Err(DecodeError::Malformed { field: "QDCOUNT", rule: "a query asks something" });
    }
    // The first question must be readable; what breaks off later (a truncated answer) leaves what stood before it.
    let mut question = None;
    if header.questions > 0 {
        entries.name(&mut name)?;
        question = Some(entries.question()?);
    }
    let message = messages.begin(protocol, kind);
    if let Some(question) = question {
        message.bytes(&QUERY_NAME, name.as_bytes()).number(&QUERY_TYPE, question.kind);
    }
    if header.is_response() {
        message.number(&RESPONSE_CODE, header.response_code());
    }
    tell_rest(header, entries, &mut name, message)
}

fn tell_rest(
    header: Header,
    mut entries: Entries<'_>,
    name: &mut Name,
    message: &mut Message,
) -> Result<(), DecodeError> {
    for _ in 1..header.questions.min(QUESTIONS_MAX) {
        entries.name(name)?;
        let question = entries.question()?;
        message.bytes(&QUERY_NAME, name.as_bytes()).number(&QUERY_TYPE, question.kind);
    }
    if header.questions > QUESTIONS_MAX {
        return Ok(());
    }
    if header.is_response() {
        for _ in 0..header.answers.min(ANSWERS_MAX) {
            entries.skip_name()?;
            tell_answer(&entries.record()?, name, message)?;
        }
    } else if header.opcode() == 5 {
        // An update (RFC 2136 §2): past the prerequisites stand the records to add, of class Internet.
        for _ in 0..header.answers.min(ANSWERS_MAX) {
            entries.skip_name()?;
            entries.record()?;
        }
        for _ in 0..header.authorities.min(ANSWERS_MAX) {
            entries.name(name)?;
            let record = entries.record()?;
            if let Some(ip) = record.address().filter(|_| record.class == 1) {
                message.bytes(&ANSWER_NAME, name.as_bytes()).ip(&ANSWER_IP, ip);
            }
        }
    }
    Ok(())
}

fn tell_answer(record: &Record<'_>, name: &mut Name, message: &mut Message) -> Result<(), DecodeError> {
    match record.kind {
        CNAME | PTR | NS => {
            record.name(0, name)?;
            message.bytes(&ANSWER_NAME, name.as_bytes());
        }
        SRV => {
            record.name(6, name)?;
            message.bytes(&ANSWER_NAME, name.as_bytes());
        }
        _ => {
            if let Some(ip) = record.address() {
                message.ip(&ANSWER_IP, ip);
            }
        }
    }
    Ok(())
}
