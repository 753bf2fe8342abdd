//! POCT1-A2 (CLSI): point-of-care devices talk XML with their data manager.
//!
//! Only the hello message (HEL.R01) is read, where a device says what it is: elements of its DEV and DSC parts, by an
//! allow-list. Every other message – observations, patients, operators, orders – is passed over: bytes are scanned for
//! the next hello and never kept.

use model::{Field, Form, Message, Messages, Weakness};

use super::{Carrier, Decoder, Direction, Input, Opening, Probe, Session, Step};
use crate::xml::{Node, Xml};

/// The longest hello that is read, in bytes (real ones take one or two thousand).
const HELLO_BYTES_MAX: usize = 16 * 1_024;
/// How many topics of one hello are told.
const TOPICS_MAX: usize = 32;

const HELLO: &[u8] = b"<HEL.R0";
const HELLO_END: &[u8] = b"</HEL.R0";

static VENDOR_ID: Field = Field::device("vendor_id");
static MODEL_ID: Field = Field::device("model_id");
static SERIAL: Field = Field::device("serial").form(Form::Serial);
static DEVICE_ID: Field = Field::device("device_id").form(Form::Serial);
static MANUFACTURER: Field = Field::device("manufacturer");
static DEVICE_NAME: Field = Field::site("device_name").form(Form::Label);
static LOCATION: Field = Field::site("location").form(Form::Designator);
static HARDWARE_VERSION: Field = Field::device("hardware_version");
static SOFTWARE_VERSION: Field = Field::device("software_version");
static INTERFACE_VERSION: Field = Field::device("interface_version");
static CONNECTION_PROFILE: Field = Field::device("connection_profile").form(Form::Token);
static TOPIC: Field = Field::device("topic").form(Form::Token);

static FIELDS: &[&Field] = &[
    &VENDOR_ID,
    &MODEL_ID,
    &SERIAL,
    &DEVICE_ID,
    &MANUFACTURER,
    &DEVICE_NAME,
    &LOCATION,
    &HARDWARE_VERSION,
    &SOFTWARE_VERSION,
    &INTERFACE_VERSION,
    &CONNECTION_PROFILE,
    &TOPIC,
];

/// The elements whose value (attribute `V`) is read. Those of the location are some makers' own.
static ELEMENTS: &[(&[u8], &Field)] = &[
    (b"HDR.version_id", &INTERFACE_VERSION),
    (b"DEV.device_id", &DEVICE_ID),
    (b"DEV.vendor_id", &VENDOR_ID),
    (b"DEV.model_id", &MODEL_ID),
    (b"DEV.serial_id", &SERIAL),
    (b"DEV.manufacturer_name", &MANUFACTURER),
    (b"DEV.device_name", &DEVICE_NAME),
    (b"DEV.facility", &LOCATION),
    (b"DEV.location", &LOCATION),
    (b"DEV.hw_version", &HARDWARE_VERSION),
    (b"DEV.sw_version", &SOFTWARE_VERSION),
    (b"DSC.connection_profile_cd", &CONNECTION_PROFILE),
    (b"DSC.topics_supported_cd", &TOPIC),
];

/// The protocol's entry in the list.
pub static DECODER: Poct1a = Poct1a;

/// POCT1-A.
pub struct Poct1a;

impl Decoder for Poct1a {
    fn name(&self) -> &'static str {
        "poct1a"
    }

    /// No port is registered: each data manager chooses its own.
    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::Stream(&[])]
    }

    fn fields(&self) -> &'static [&'static Field] {
        FIELDS
    }

    fn probe(&self, opening: &Opening<'_>) -> Probe {
        match (root(opening.initiator), root(opening.responder)) {
            (Probe::No, _) | (_, Probe::No) => Probe::No,
            (Probe::Yes, _) | (_, Probe::Yes) => Probe::Yes,
            (Probe::More, Probe::More) => Probe::More,
        }
    }

    fn session(&self, _carrier: Carrier) -> Box<dyn Session> {
        Box::new(Conversation::default())
    }
}

/// Whether a document's root is named like a message of POCT1-A, as in `<OBS.R01>`.
fn root(bytes: &[u8]) -> Probe {
    let mut rest = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    loop {
        rest = rest.trim_ascii_start();
        rest = match rest {
            [b'<', b'?' | b'!', ..] => match rest.iter().position(|byte| *byte == b'>') {
                Some(end) => rest.get(end.saturating_add(1)..).unwrap_or_default(),
                None => return Probe::More,
            },
            _ => break,
        };
    }
    match rest {
        [b'<', a, b, c, b'.', b'R', b'0', b'0'..=b'9', ..] if [a, b, c].iter().all(|c| c.is_ascii_uppercase()) => {
            Probe::Yes
        }
        short => {
            let fits = b"<AAA.R00".iter().zip(short).all(|(wanted, got)| match wanted {
                b'A' => got.is_ascii_uppercase(),
                wanted => wanted == got,
            });
            if fits && short.len() < 8 { Probe::More } else { Probe::No }
        }
    }
}

/// Both directions of a connection. Only the device says hello, but either side may be the device.
#[derive(Default)]
struct Conversation {
    /// How much of the hello at hand was searched for its end, in each direction.
    searched: [usize; 2],
}

impl Conversation {
    fn searched(&mut self, direction: Direction) -> &mut usize {
        let [to_responder, to_initiator] = &mut self.searched;
        match direction {
            Direction::ToResponder => to_responder,
            Direction::ToInitiator => to_initiator,
        }
    }
}

impl Session for Conversation {
    fn push(&mut self, input: &Input<'_>, messages: &mut Messages) -> Step {
        let bytes = input.bytes;
        let searched = self.searched(input.direction);
        let start = next_hello(bytes);
        if start > 0 {
            return Step::Read(start);
        }
        if bytes.len() < HELLO.len() {
            return Step::Wait(HELLO.len());
        }
        let unsearched = bytes.get(*searched..).unwrap_or_default();
        match hello_length(unsearched) {
            Some(length) => {
                let length = searched.saturating_add(length);
                *searched = 0;
                hello(bytes.get(..length).unwrap_or_default(), messages);
                Step::Read(length)
            }
            None if bytes.len() >= HELLO_BYTES_MAX => {
                *searched = 0;
                Step::Read(HELLO.len())
            }
            None => {
                // The end tag may have begun: look at its first bytes again.
                *searched = bytes.len().saturating_sub(HELLO_END.len().saturating_add(END_NAME_MAX));
                Step::Wait(bytes.len().saturating_add(1))
            }
        }
    }

    fn gap(&mut self, direction: Direction) -> bool {
        *self.searched(direction) = 0;
        true
    }
}

/// How many bytes the rest of an end tag may take after `</HEL.R0`: a digit, blanks, `>`.
const END_NAME_MAX: usize = 8;

/// How many bytes come before the next hello, or before what may be the beginning of one.
fn next_hello(bytes: &[u8]) -> usize {
    let mut passed = 0_usize;
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| *byte == b'<') {
        passed = passed.saturating_add(at);
        rest = rest.get(at..).unwrap_or_default();
        if rest.starts_with(HELLO) || HELLO.starts_with(rest) {
            return passed;
        }
        passed = passed.saturating_add(1);
        rest = rest.get(1..).unwrap_or_default();
    }
    bytes.len()
}

/// How long the hello is, its end tag included, if that is there.
fn hello_length(bytes: &[u8]) -> Option<usize> {
    let mut passed = 0_usize;
    let mut rest = bytes;
    loop {
        let at = rest.iter().position(|byte| *byte == b'<')?;
        passed = passed.saturating_add(at);
        rest = rest.get(at..)?;
        if let Some(name) = rest.strip_prefix(HELLO_END) {
            let end = name.iter().take(END_NAME_MAX).position(|byte| *byte == b'>');
            if let Some(end) = end {
                return Some(passed.saturating_add(HELLO_END.len()).saturating_add(end).saturating_add(1));
            }
        }
        passed = passed.saturating_add(1);
        rest = rest.get(1..)?;
    }
}

/// Tells what a device says of itself (POCT1-A2 Device Messaging Layer, HEL.R01).
fn hello(document: &[u8], messages: &mut Messages) {
    let message = messages.begin("poct1a", "hello");
    message.weak(Weakness::CleartextMedical);
    let mut xml = Xml::new(document);
    let mut depth = 0_usize;
    let mut topics = 0_usize;
    // Whether the innermost open element is DEV.device_id: its text, where there is one, is facility^location.
    let mut in_device_id = false;
    while let Some(node) = xml.read() {
        match node {
            Node::Open(tag) => {
                depth = depth.saturating_add(1);
                in_device_id = tag.name() == b"DEV.device_id";
                let Some((_, field)) = ELEMENTS.iter().find(|(name, _)| *name == tag.name()) else { continue };
                if std::ptr::eq(*field, &TOPIC) {
                    topics = topics.saturating_add(1);
                    if topics > TOPICS_MAX {
                        continue;
                    }
                }
                if let Some(value) = tag.attribute(b"V") {
                    tell(message, field, &value);
                }
            }
            Node::Close => {
                depth = depth.saturating_sub(1);
                if std::mem::take(&mut in_device_id) {
                    message.bytes(&LOCATION, xml.text());
                }
                if depth == 0 {
                    return;
                }
            }
        }
    }
    // Not well-formed up to its end.
    messages.discard_last();
}

/// Adds a value. The serial number, or else the device id, tells apart the meters that one docking station speaks for.
fn tell(message: &mut Message, field: &'static Field, value: &[u8]) {
    message.bytes(field, value);
    let is_serial = std::ptr::eq(field, &SERIAL);
    if is_serial || (std::ptr::eq(field, &DEVICE_ID) && message.identity().is_none()) {
        message.self_or_behind(&String::from_utf8_lossy(value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_root_is_recognised_after_its_prolog() {
        let cases: &[(&[u8], Probe)] = &[
            (b"<HEL.R01>", Probe::Yes),
            (b"\xef\xbb\xbf <?xml version='1.0'?>\r\n<!DOCTYPE HEL.R01>\n<HEL.R01 x='1'>", Probe::Yes),
            (b"<OBS.R02>", Probe::Yes),
            (b"", Probe::More),
            (b"<?xml ver", Probe::More),
            (b"<HEL.R", Probe::More),
            (b"<html>", Probe::No),
            (b"<?xml version='1.0'?><Envelope>", Probe::No),
            (b"GET / HTTP/1.1", Probe::No),
        ];
        for (bytes, expected) in cases {
            assert_eq!(root(bytes), *expected, "{}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn a_hello_without_an_end_is_given_up() {
        let mut conversation = Conversation::default();
        let context = super::super::Context::default();
        let bytes = [HELLO, &[b'x'; HELLO_BYTES_MAX]].concat();
        let mut messages = Messages::new();
        let input = Input { bytes: &bytes, direction: Direction::ToResponder, context: &context };
        assert_eq!(conversation.push(&input, &mut messages), Step::Read(HELLO.len()));
        assert!(messages.is_empty());
    }
}
