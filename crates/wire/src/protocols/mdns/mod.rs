//! Multicast DNS (RFC 6762) with service discovery (RFC 6763): which services a station offers, and what it says of
//! its make and model.
//!
//! A query's known answers are left out: they tell what others have said. Left out as well: NSEC, EDNS options, and
//! every TXT key that [`text`] does not list.

use model::{Field, Form, Message, Messages, Value};

use super::dns::message::{Entries, HINFO, Header, PTR, Record, SRV, TXT, begins_well};
use super::dns::name::Name;
use super::{Carrier, DecodeError, Decoder, Input, Opening, Probe, Session, Step};

mod text;

static QUERY_NAME: Field = Field::site("query_name").form(Form::Label).wireshark("dns.qry.name");
static QUERY_TYPE: Field = Field::device("query_type").form(Form::Fixed).wireshark("dns.qry.type");
static SERVICE_TYPE: Field = Field::device("service_type").form(Form::Token).wireshark("dns.ptr.domain_name");
static INSTANCE: Field = Field::site("instance").form(Form::Label).wireshark("dns.ptr.domain_name");
static HOST: Field = Field::site("host").form(Form::Label).wireshark("dns.resp.name dns.srv.target");
static ANSWER_IP: Field = Field::device("answer_ip").wireshark("dns.a dns.aaaa");
static TEXT: Field = Field::device("txt").form(Form::Fixed).wireshark("dns.txt");
static AE_TITLE: Field = Field::site("ae_title");
static CPU: Field = Field::device("cpu").wireshark("dns.hinfo.cpu");
static OS: Field = Field::device("os").wireshark("dns.hinfo.os");

static FIELDS: &[&Field] =
    &[&QUERY_NAME, &QUERY_TYPE, &SERVICE_TYPE, &INSTANCE, &HOST, &ANSWER_IP, &TEXT, &AE_TITLE, &CPU, &OS];

/// The most questions of one message that are read.
const QUESTIONS_MAX: u16 = 32;
/// The most records of one message that are read.
const RECORDS_MAX: usize = 96;
/// The most strings of one TXT record that are read.
const STRINGS_MAX: usize = 48;

/// The protocol's entry in the list.
pub static DECODER: Mdns = Mdns;

/// Multicast DNS.
pub struct Mdns;

impl Decoder for Mdns {
    fn name(&self) -> &'static str {
        "mdns"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::Datagram(&[5353])]
    }

    fn fields(&self) -> &'static [&'static Field] {
        FIELDS
    }

    /// Only the port tells it from DNS. Opcode and response code are zero (§18.3, §18.11).
    fn probe(&self, opening: &Opening<'_>) -> Probe {
        let Some(bytes) = opening.first().filter(|_| opening.hinted) else { return Probe::No };
        let is_clean = Header::read(bytes).is_ok_and(|header| header.opcode() == 0 && header.response_code() == 0);
        if is_clean && begins_well(bytes, true) { Probe::Yes } else { Probe::No }
    }

    fn session(&self, _carrier: Carrier) -> Box<dyn Session> {
        Box::new(OverDatagram)
    }
}

struct OverDatagram;

impl Session for OverDatagram {
    fn push(&mut self, input: &Input<'_>, messages: &mut Messages) -> Step {
        let _ = decode(input.bytes, messages);
        Step::Read(input.bytes.len().max(1))
    }
}

fn decode(bytes: &[u8], messages: &mut Messages) -> Result<(), DecodeError> {
    let header = Header::read(bytes)?;
    // Messages with another opcode or response code are ignored by everyone (RFC 6762 §18.3, §18.11).
    if header.opcode() != 0 || header.response_code() != 0 || !header.fits(bytes.len()) {
        return Err(DecodeError::Malformed { field: "header", rule: "opcode and response code are 0, entries fit" });
    }
    let mut entries = Entries::new(bytes);
    let mut name = Name::new();
    if !begins_well(bytes, true) {
        return Err(DecodeError::Malformed { field: "first entry", rule: "is a question or a record" });
    }
    let message = messages.begin("mdns", if header.is_response() { "response" } else { "query" });
    // What breaks off leaves what stood before it.
    let _ = tell(header, &mut entries, &mut name, message);
    Ok(())
}

fn tell(header: Header, entries: &mut Entries<'_>, name: &mut Name, message: &mut Message) -> Result<(), DecodeError> {
    for _ in 0..header.questions.min(QUESTIONS_MAX) {
        if header.is_response() {
            // The question of someone else, repeated for a simple resolver (RFC 6762 §6.7).
            entries.skip_name()?;
            entries.question()?;
        } else {
            entries.name(name)?;
            let question = entries.question()?;
            message.bytes(&QUERY_NAME, name.as_bytes()).number(&QUERY_TYPE, question.kind);
        }
    }
    if header.questions > QUESTIONS_MAX {
        return Ok(());
    }
    let (answers, authorities, additionals) =
        (usize::from(header.answers), usize::from(header.authorities), usize::from(header.additionals));
    if header.is_response() {
        let records = answers.saturating_add(authorities).saturating_add(additionals);
        tell_records(records, entries, name, message)
    } else {
        // A query brings known answers, said by others, and, while probing, the names that the sender is about to
        // claim, as authorities (RFC 6762 §8.2).
        for _ in 0..answers.min(RECORDS_MAX) {
            entries.skip_name()?;
            entries.record()?;
        }
        if answers > RECORDS_MAX { Ok(()) } else { tell_records(authorities, entries, name, message) }
    }
}

fn tell_records(
    count: usize,
    entries: &mut Entries<'_>,
    name: &mut Name,
    message: &mut Message,
) -> Result<(), DecodeError> {
    let mut target = Name::new();
    for _ in 0..count.min(RECORDS_MAX) {
        entries.name(name)?;
        let record = entries.record()?;
        tell_record(name, &record, &mut target, message)?;
    }
    Ok(())
}

fn tell_record(owner: &Name, record: &Record<'_>, target: &mut Name, message: &mut Message) -> Result<(), DecodeError> {
    match record.kind {
        PTR => {
            record.name(0, target)?;
            if ends_in(owner.as_bytes(), b"arpa") {
                once(message, &HOST, target.as_bytes());
            } else {
                // Either an instance of a service, or (asked for all services) the service itself.
                tell_service(target.as_bytes(), message);
            }
        }
        SRV => {
            tell_service(owner.as_bytes(), message);
            record.name(6, target)?;
            once(message, &HOST, target.as_bytes());
        }
        TXT => {
            tell_service(owner.as_bytes(), message);
            for string in record.strings().take(STRINGS_MAX) {
                text::tell(string, &TEXT, &AE_TITLE, message);
            }
        }
        HINFO => {
            once(message, &HOST, owner.as_bytes());
            let mut strings = record.strings();
            for field in [&CPU, &OS] {
                if let Some(string) = strings.next() {
                    message.bytes(field, string);
                }
            }
        }
        _ => {
            if let Some(ip) = record.address() {
                once(message, &HOST, owner.as_bytes());
                message.ip(&ANSWER_IP, ip);
            }
        }
    }
    Ok(())
}

fn tell_service(name: &[u8], message: &mut Message) {
    if let Some((instance, service)) = split_service(name) {
        once(message, &SERVICE_TYPE, service);
        if let Some(instance) = instance {
            once(message, &INSTANCE, instance);
        }
    }
}

/// Splits `Bed 7._http._tcp.local` into the instance and the service (`_http._tcp`); RFC 6763 §4.1.
///
/// The instance is whatever stands before, dots included. A subtype (`_printer._sub._http._tcp.local`, §7.1) is none.
fn split_service(name: &[u8]) -> Option<(Option<&[u8]>, &[u8])> {
    let mut end = name.len();
    // From the right: domain labels, then the transport, then the service.
    loop {
        let start = label_start(name, end);
        let label = name.get(start..end)?;
        let before = start.checked_sub(1)?;
        if label.eq_ignore_ascii_case(b"_tcp") || label.eq_ignore_ascii_case(b"_udp") {
            let service_start = label_start(name, before);
            let service = name.get(service_start..end)?;
            if service.first() != Some(&b'_') {
                return None;
            }
            let instance = service_start.checked_sub(1).and_then(|dot| name.get(..dot));
            let instance = instance.filter(|instance| !ends_in(instance, b"_sub"));
            // `_services._dns-sd._udp` (§9) asks for all services and is none.
            return if service.eq_ignore_ascii_case(b"_dns-sd._udp") { None } else { Some((instance, service)) };
        }
        end = before;
    }
}

/// Where the label that ends at `end` begins.
fn label_start(name: &[u8], end: usize) -> usize {
    let before = name.get(..end).unwrap_or_default();
    before.iter().rposition(|byte| *byte == b'.').map_or(0, |dot| dot.saturating_add(1))
}

/// Whether the name's last label is that one.
fn ends_in(name: &[u8], label: &[u8]) -> bool {
    name.get(label_start(name, name.len())..).is_some_and(|last| last.eq_ignore_ascii_case(label))
}

/// Adds a value that the message does not hold yet: the records of one service repeat its names.
fn once(message: &mut Message, field: &'static Field, bytes: &[u8]) {
    let is_known = message.fields().any(|(known, value)| {
        std::ptr::eq(known, field) && matches!(value, Value::Text(text) if text.as_bytes() == bytes)
    });
    // No name holds one; a record read a byte too far does, as what follows may be the strings of a TXT record.
    if !is_known && !bytes.contains(&b'=') {
        message.bytes(field, bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::split_service;

    fn split(name: &str) -> Option<(Option<&str>, &str)> {
        let (instance, service) = split_service(name.as_bytes())?;
        Some((instance.map(|instance| std::str::from_utf8(instance).unwrap()), std::str::from_utf8(service).unwrap()))
    }

    #[test]
    fn a_service_name_falls_into_instance_and_type() {
        assert_eq!(split("_http._tcp.local"), Some((None, "_http._tcp")));
        assert_eq!(split("Ward 3.1 printer._ipp._tcp.local"), Some((Some("Ward 3.1 printer"), "_ipp._tcp")));
        assert_eq!(split("_universal._sub._ipp._tcp.local"), Some((None, "_ipp._tcp")));
        assert_eq!(split("_services._dns-sd._udp.local"), None);
        assert_eq!(split("host.local"), None);
        assert_eq!(split("_tcp"), None);
        assert_eq!(split("x._tcp.local"), None);
        assert_eq!(split(""), None);
    }
}
