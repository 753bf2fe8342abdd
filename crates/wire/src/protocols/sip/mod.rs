//! Session Initiation Protocol (RFC 3261) by UDP and TCP, with the kinds of media of a session's description (RFC 8866).
//!
//! Tells what a telephone or a server calls itself, where it registers, what it asks for and what comes of it. Left out: who
//! calls whom (numbers, names and every user part of an address), identifiers of calls, addresses of media, and messages
//! (RFC 3428).

use model::{Field, Form, MacAddr, Message, Messages};

use super::{Carrier, DecodeError, Decoder, Direction, Input, Opening, Probe, Session, Stateless, Step};
use crate::head::{self, headers, is};
use crate::line_search::LineSearch;

static METHOD: Field = Field::device("method").form(Form::Fixed).wireshark("sip.CSeq.method");
static STATUS: Field = Field::device("status").wireshark("sip.Status-Code");
static USER_AGENT: Field = Field::device("user_agent").wireshark("sip.User-Agent");
static SERVER: Field = Field::device("server").wireshark("sip.Server");
static REGISTRAR: Field = Field::site("registrar").wireshark("sip.r-uri.host");
static INSTANCE_MAC: Field = Field::device("instance_mac");
static MEDIA: Field = Field::device("media").form(Form::Fixed).wireshark("sdp.media.media");

static FIELDS: &[&Field] = &[&METHOD, &STATUS, &USER_AGENT, &SERVER, &REGISTRAR, &INSTANCE_MAC, &MEDIA];

/// IANA's registry of methods. What is not listed is not taken for SIP.
static METHODS: &[&str] = &[
    "INVITE",
    "ACK",
    "BYE",
    "CANCEL",
    "REGISTER",
    "OPTIONS",
    "SUBSCRIBE",
    "NOTIFY",
    "INFO",
    "MESSAGE",
    "UPDATE",
    "REFER",
    "PRACK",
    "PUBLISH",
];
/// Schemes of the address that is asked (RFC 3261 §19.1, RFC 3966).
static SCHEMES: &[&[u8]] = &[b"sip:", b"sips:", b"tel:"];
const VERSION: &[u8] = b"SIP/2.0";
/// The longest first line that is waited for.
const LINE_BYTES_MAX: usize = 1_200;

/// The protocol's entry in the list.
pub static DECODER: Sip = Sip;

/// Session Initiation Protocol.
pub struct Sip;

impl Decoder for Sip {
    fn name(&self) -> &'static str {
        "sip"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::Datagram(&[5_060]), Carrier::Stream(&[5_060])]
    }

    fn fields(&self) -> &'static [&'static Field] {
        FIELDS
    }

    fn probe(&self, opening: &Opening<'_>) -> Probe {
        let Some(bytes) = opening.first() else { return Probe::No };
        // Empty lines may stand before a message (RFC 3261 §7.5).
        let empty = bytes.iter().take(4).take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let bytes = bytes.get(empty..).unwrap_or_default();
        if bytes.is_empty() {
            return if opening.hinted { Probe::More } else { Probe::No };
        }
        if !bytes.first().is_some_and(u8::is_ascii_uppercase) {
            return Probe::No;
        }
        if VERSION.starts_with(bytes) {
            return Probe::More;
        }
        if bytes.starts_with(VERSION) || asked(bytes).is_some() {
            return match head::start_line(bytes) {
                Some((line, _)) if Start::read(line).is_some() => Probe::Yes,
                Some(_) => Probe::No,
                None if bytes.len() < LINE_BYTES_MAX => Probe::More,
                None => Probe::No,
            };
        }
        // A method that is not whole yet.
        let is_begun = |method: &&str| bytes.len() < 14 && may_begin(method.as_bytes(), bytes);
        if METHODS.iter().any(is_begun) { Probe::More } else { Probe::No }
    }

    fn session(&self, carrier: Carrier) -> Box<dyn Session> {
        match carrier {
            Carrier::Stream(_) => Box::<Connection>::default(),
            _ => Box::new(Stateless(datagram)),
        }
    }
}

/// Whether `bytes` may go on to be a method, a blank and a scheme.
fn may_begin(method: &[u8], bytes: &[u8]) -> bool {
    match bytes.strip_prefix(method) {
        None => method.starts_with(bytes),
        Some([b' ', rest @ ..]) => SCHEMES.iter().any(|scheme| scheme.starts_with(rest)),
        Some(rest) => rest.is_empty(),
    }
}

/// The method of a request and the address that is asked, up to the line's end or further.
fn asked(bytes: &[u8]) -> Option<(&'static str, &[u8])> {
    METHODS.iter().find_map(|method| {
        let target = bytes.strip_prefix(method.as_bytes())?.strip_prefix(b" ")?;
        let scheme = SCHEMES
            .iter()
            .find(|scheme| target.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)))?;
        Some((*method, target.get(scheme.len()..)?))
    })
}

/// A message's first line.
enum Start<'a> {
    /// What is asked, and the address without its scheme.
    Request(&'static str, &'a [u8]),
    Response(u16),
}

impl<'a> Start<'a> {
    fn read(line: &'a [u8]) -> Option<Self> {
        if let Some(status) = head::status(line, VERSION) {
            return Some(Self::Response(status));
        }
        let (method, target) = asked(line)?;
        Some(Self::Request(method, target.strip_suffix(VERSION)?.strip_suffix(b" ")?))
    }
}

fn datagram(input: &Input<'_>, messages: &mut Messages) -> Result<(), DecodeError> {
    let bytes = input.bytes.trim_ascii_start();
    let end = LineSearch::default().empty_line(bytes).unwrap_or(bytes.len());
    let (head, body) = bytes.split_at_checked(end).unwrap_or((bytes, &[]));
    tell(head, body, messages)
}

/// One connection; bodies end where their length says (RFC 3261 §18.3).
#[derive(Default)]
struct Connection {
    to_responder: LineSearch,
    to_initiator: LineSearch,
}

impl Session for Connection {
    fn push(&mut self, input: &Input<'_>, messages: &mut Messages) -> Step {
        // Empty lines keep a connection open (RFC 5626 §4.4.1).
        let empty = input.bytes.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        if empty > 0 {
            return Step::Read(empty);
        }
        let lines = match input.direction {
            Direction::ToResponder => &mut self.to_responder,
            Direction::ToInitiator => &mut self.to_initiator,
        };
        match head::next(lines, input.bytes) {
            Ok((head, body, step)) => tell(head, body, messages).map_or(Step::Done, |()| step),
            Err(step) => step,
        }
    }
}

fn tell(head: &[u8], body: &[u8], messages: &mut Messages) -> Result<(), DecodeError> {
    let unknown = DecodeError::Malformed { field: "start line", rule: "a request or a response" };
    let (line, lines) = head::start_line(head).ok_or(unknown)?;
    let start = Start::read(line).ok_or(unknown)?;
    let sequence = headers(lines).find(|(name, _)| is(name, "CSeq")).map(|(_, value)| value);
    let method = sequence.and_then(|value| {
        let word = value.rsplit(|byte| byte.is_ascii_whitespace()).next()?;
        METHODS.iter().copied().find(|known| known.as_bytes() == word)
    });
    let kind = if matches!(start, Start::Request(..)) { "request" } else { "response" };
    let message = messages.begin("sip", kind);
    // Whoever forwards a request adds itself (RFC 3261 §16.6): then the words are another's.
    let mut is_own = true;
    match start {
        Start::Request(method, target) => {
            message.str(&METHOD, method).operated(method);
            if method == "REGISTER" {
                message.bytes(&REGISTRAR, host(target));
            }
            let ways = headers(lines).filter(|(name, _)| is(name, "Via") || is(name, "v"));
            is_own = ways.map(|(_, value)| value.split(|byte| *byte == b',').count()).sum::<usize>() <= 1;
        }
        Start::Response(status) => {
            message.number(&STATUS, status);
            if let Some(method) = method {
                message.str(&METHOD, method).operated(method);
            }
        }
    }
    let mut is_description = false;
    for (name, value) in headers(lines) {
        if is(name, "User-Agent") && is_own {
            message.bytes(&USER_AGENT, value);
            tell_mac(value.split(u8::is_ascii_whitespace).find_map(mac_of_word), message);
        } else if is(name, "Server") && is_own {
            message.bytes(&SERVER, value);
        } else if (is(name, "Contact") || is(name, "m")) && kind == "request" && is_own {
            tell_mac(mac_of_instance(value), message);
        } else if is(name, "Content-Type") || is(name, "c") {
            is_description = value.to_ascii_lowercase().starts_with(b"application/sdp");
        }
    }
    for kind in head::media(body).filter(|_| is_description) {
        message.str(&MEDIA, kind);
    }
    Ok(())
}

fn tell_mac(mac: Option<MacAddr>, message: &mut Message) {
    if let Some(mac) = mac.filter(|mac| mac.is_station() && message.field(INSTANCE_MAC.name).is_none()) {
        message.mac(&INSTANCE_MAC, mac);
    }
}

/// The host of an address (RFC 3261 §19.1.1), without user part, port and parameters.
fn host(target: &[u8]) -> &[u8] {
    let target = target.split(|byte| matches!(byte, b';' | b'?' | b'>')).next().unwrap_or_default();
    let target = target.rsplit(|byte| *byte == b'@').next().unwrap_or_default();
    match target {
        [b'[', literal @ ..] => literal.split(|byte| *byte == b']').next().unwrap_or_default(),
        _ => target.split(|byte| *byte == b':').next().unwrap_or_default(),
    }
}

/// A hardware address written as one word, as many telephones do. One letter at least: digits alone are somebody's number.
fn mac_of_word(word: &[u8]) -> Option<MacAddr> {
    let digits: Vec<u8> = match word.len() {
        12 => word.to_vec(),
        17 => word.iter().copied().filter(|byte| !matches!(byte, b':' | b'-')).collect(),
        _ => return None,
    };
    let is_telling = digits.len() == 12 && digits.iter().any(u8::is_ascii_alphabetic);
    if is_telling { mac_of_digits(&digits) } else { None }
}

/// The hardware address in `+sip.instance` (RFC 5626 §4.1): the node of a UUID that is made of one (RFC 9562 §5.1), or that
/// has little else in it, as telephones write it.
fn mac_of_instance(contact: &[u8]) -> Option<MacAddr> {
    const START: &[u8] = b"urn:uuid:";
    let at = contact.windows(START.len()).position(|window| window.eq_ignore_ascii_case(START))?;
    let uuid = contact.get(at.checked_add(START.len())?..)?.get(..36)?;
    let is_of_node = uuid.get(14) == Some(&b'1') || uuid.starts_with(b"00000000-0000-0000-");
    match uuid.split_at_checked(24)? {
        (before, node) if is_of_node && before.ends_with(b"-") => mac_of_digits(node),
        _ => None,
    }
}

fn mac_of_digits(digits: &[u8]) -> Option<MacAddr> {
    let text = std::str::from_utf8(digits).ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    let number = u64::from_str_radix(text, 16).ok()?;
    let [_, _, mac @ ..] = number.to_be_bytes();
    (digits.len() == 12).then_some(MacAddr(mac))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hardware_address_is_none_of_somebodys_numbers() {
        let mac = Some(MacAddr([0x00, 0x15, 0x65, 0xaa, 0xbb, 0x01]));
        assert_eq!(mac_of_word(b"001565aabb01"), mac);
        assert_eq!(mac_of_word(b"00:15:65:AA:BB:01"), mac);
        for word in ["491701234567", "001565aabb0", "001565aabbzz", "+4917012345678ab"] {
            assert_eq!(mac_of_word(word.as_bytes()), None, "{word}");
        }
        let contact = |uuid: &str| format!("<sip:canary@10.0.0.9>;+sip.instance=\"<urn:uuid:{uuid}>\"");
        for uuid in ["00000000-0000-1000-8000-001565aabb01", "00000000-0000-0000-0000-001565aabb01"] {
            assert_eq!(mac_of_instance(contact(uuid).as_bytes()), mac, "{uuid}");
        }
        assert_eq!(mac_of_instance(contact("f81d4fae-7dec-41d0-a765-001565aabb01").as_bytes()), None);
    }

    #[test]
    fn of_an_address_the_host_alone_is_told() {
        for (target, wanted) in [
            ("canary@example.org:5060;transport=udp", "example.org"),
            ("example.org", "example.org"),
            ("[2001:db8::1]:5060", "2001:db8::1"),
            ("canary:secret@10.0.0.1?subject=canary", "10.0.0.1"),
        ] {
            assert_eq!(host(target.as_bytes()), wanted.as_bytes());
        }
    }
}
