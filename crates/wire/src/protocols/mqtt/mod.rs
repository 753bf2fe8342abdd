//! MQTT 3.1, 3.1.1 and 5.0 (OASIS) over TCP: devices tell a broker what they measure.
//!
//! Tells how a client signs in and what the broker says to it, and whose topics are used, where they begin as those of a known
//! system do. Left out: topics, what is published, user names and passwords, and all properties.

use model::{Field, Form, Messages, Weakness};

use super::{Carrier, DecodeError, Decoder, Direction, Input, Opening, Probe, Session, Step};
use crate::credentials;
use crate::reader::{Reader, Truncated};

static PROTOCOL_LEVEL: Field = Field::device("protocol_level").wireshark("mqtt.ver");
static CLIENT_ID: Field = Field::site("client_id").form(Form::Serial).wireshark("mqtt.clientid");
static KEEP_ALIVE_SECONDS: Field = Field::device("keep_alive_seconds").wireshark("mqtt.kalive");
static RETURN_CODE: Field = Field::device("return_code").wireshark("mqtt.conack.val");
static TOPIC_ROOT: Field = Field::device("topic_root").form(Form::Fixed);

static FIELDS: &[&Field] = &[&PROTOCOL_LEVEL, &CLIENT_ID, &KEEP_ALIVE_SECONDS, &RETURN_CODE, &TOPIC_ROOT];

/// What topics of known systems begin with, from the makers' manuals; the rest of a topic, and others, are not told.
static ROOTS: &[&str] = &[
    "$SYS",
    "$aws",
    "$iothub",
    "cmnd",
    "esphome",
    "frigate",
    "homeassistant",
    "homie",
    "rtl_433",
    "shellies",
    "spBv1.0",
    "stat",
    "tele",
    "tasmota",
    "valetudo",
    "wled",
    "zigbee2mqtt",
    "zwave",
];

/// The longest packet that is read; of longer ones the kind alone.
const PACKET_BYTES_MAX: usize = 64 * 1_024;
/// The longest topic that is waited for.
const TOPIC_BYTES_MAX: usize = 1_024;

/// Kinds of control packet (MQTT 3.1.1 §2.2.1).
const CONNECT: u8 = 1;
const CONNACK: u8 = 2;
const PUBLISH: u8 = 3;
const SUBSCRIBE: u8 = 8;
/// Flags of CONNECT (§3.1.2.3).
const USER_NAME: u8 = 0x80;
const PASSWORD: u8 = 0x40;
const WILL: u8 = 0x04;

/// The protocol's entry in the list.
pub static DECODER: Mqtt = Mqtt;

/// MQTT.
pub struct Mqtt;

impl Decoder for Mqtt {
    fn name(&self) -> &'static str {
        "mqtt"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::Stream(&[1_883])]
    }

    fn fields(&self) -> &'static [&'static Field] {
        FIELDS
    }

    fn probe(&self, opening: &Opening<'_>) -> Probe {
        let [first, rest @ ..] = opening.initiator else { return Probe::No };
        if *first != CONNECT << 4 {
            return Probe::No;
        }
        // The name with its length, and the level, stand behind one to four bytes of length.
        let length = rest.iter().take(4).take_while(|byte| **byte & 0x80 != 0).count().saturating_add(1);
        let Some(rest) = rest.get(length..).filter(|_| length <= 4) else {
            return if rest.len() < 4 { Probe::More } else { Probe::No };
        };
        for (name, levels) in NAMES {
            match rest.strip_prefix(*name) {
                Some([level, ..]) if levels.contains(level) => return Probe::Yes,
                Some([_, ..]) => return Probe::No,
                Some([]) => return Probe::More,
                None if name.starts_with(rest) => return Probe::More,
                None => {}
            }
        }
        Probe::No
    }

    fn session(&self, _carrier: Carrier) -> Box<dyn Session> {
        Box::<Connection>::default()
    }
}

/// What a connection begins with: the protocol's name and its levels (§3.1.2.1; MQTT 3.1 has another name). A bridge sets
/// the highest bit.
static NAMES: &[(&[u8], &[u8])] = &[(b"\0\x04MQTT", &[4, 5, 0x84]), (b"\0\x06MQIsdp", &[3, 0x83])];

/// One connection.
#[derive(Default)]
struct Connection {
    /// How the client signed in, until the broker answers.
    signed_in: Option<SignIn>,
}

#[derive(Clone, Copy)]
enum SignIn {
    WithoutName,
    Default,
    Other,
}

impl Session for Connection {
    fn push(&mut self, input: &Input<'_>, messages: &mut Messages) -> Step {
        let mut reader = Reader::new(input.bytes);
        let Ok(first) = reader.u8("packet type") else { return Step::Wait(1) };
        let length = match remaining_length(&mut reader) {
            Ok(length) => length,
            Err(DecodeError::Truncated(_)) => return Step::Wait(input.bytes.len().saturating_add(1)),
            Err(DecodeError::Malformed { .. }) => return Step::Done,
        };
        let head = input.bytes.len().saturating_sub(reader.len());
        let whole = head.saturating_add(length);
        let kind = first >> 4;
        let go_on = match whole.checked_sub(input.bytes.len()) {
            None | Some(0) => Step::Read(whole),
            Some(left) => Step::Skip(left as u64),
        };
        if kind == PUBLISH {
            // What is published is passed over, however long it is.
            let topic = string(&mut Reader::new(reader.rest().get(..length).unwrap_or(reader.rest())));
            return match topic {
                Ok(topic) => {
                    tell_topic(topic, "publish", messages);
                    go_on
                }
                Err(_) if reader.len() < length.min(TOPIC_BYTES_MAX) => {
                    Step::Wait(head.saturating_add(length.min(TOPIC_BYTES_MAX)))
                }
                Err(_) => go_on,
            };
        }
        let is_of_interest = matches!(kind, CONNECT | CONNACK | SUBSCRIBE) && whole <= PACKET_BYTES_MAX;
        let Ok(body) = reader.part(length, "packet") else {
            return if is_of_interest { Step::Wait(whole) } else { go_on };
        };
        // A packet that cannot be read is not begun, and the next one stands behind it all the same.
        let _ = match (kind, input.direction) {
            (CONNECT, Direction::ToResponder) => self.connect(body, messages),
            (CONNACK, Direction::ToInitiator) => self.connected(body, messages),
            (SUBSCRIBE, Direction::ToResponder) => {
                messages.begin("mqtt", "subscribe").operated("subscribe");
                Ok(())
            }
            _ => Ok(()),
        };
        Step::Read(whole)
    }
}

impl Connection {
    /// CONNECT (MQTT 3.1.1 §3.1, MQTT 5.0 §3.1).
    fn connect(&mut self, mut body: Reader<'_>, messages: &mut Messages) -> Result<(), DecodeError> {
        string(&mut body)?;
        let level = body.u8("protocol level")? & 0x7f;
        let flags = body.u8("connect flags")?;
        let keep_alive = body.u16("keep alive")?;
        let skip_properties = |body: &mut Reader<'_>| match level {
            5 => remaining_length(body).and_then(|length| Ok(body.skip(length, "properties")?)),
            _ => Ok(()),
        };
        skip_properties(&mut body)?;
        let client = string(&mut body)?;
        if flags & WILL != 0 {
            skip_properties(&mut body)?;
            string(&mut body)?;
            string(&mut body)?;
        }
        let user = if flags & USER_NAME == 0 { &[][..] } else { string(&mut body)? };
        let password = if flags & PASSWORD == 0 { &[][..] } else { string(&mut body)? };
        self.signed_in = Some(match flags & (USER_NAME | PASSWORD) {
            0 => SignIn::WithoutName,
            _ if credentials::is_default(user, password) => SignIn::Default,
            _ => SignIn::Other,
        });
        let message = messages.begin("mqtt", "connect");
        message.operated("connect").number(&PROTOCOL_LEVEL, level);
        message.number(&KEEP_ALIVE_SECONDS, keep_alive).bytes(&CLIENT_ID, client);
        if !password.is_empty() {
            message.weak(Weakness::CleartextCredentials);
        }
        Ok(())
    }

    /// CONNACK (§3.2).
    fn connected(&mut self, mut body: Reader<'_>, messages: &mut Messages) -> Result<(), DecodeError> {
        body.skip(1, "acknowledge flags")?;
        let code = body.u8("return code")?;
        let message = messages.begin("mqtt", "connack");
        message.number(&RETURN_CODE, code);
        match self.signed_in.take() {
            Some(SignIn::WithoutName) if code == 0 => message.weak(Weakness::AnonymousAccess),
            Some(SignIn::Default) if code == 0 => message.weak(Weakness::DefaultCredentials),
            _ => message,
        };
        Ok(())
    }
}

fn tell_topic(topic: &[u8], kind: &'static str, messages: &mut Messages) {
    let message = messages.begin("mqtt", kind);
    message.operated(kind);
    let first = topic.split(|byte| *byte == b'/').next().unwrap_or_default();
    if let Some(root) = ROOTS.iter().find(|root| root.as_bytes() == first) {
        message.str(&TOPIC_ROOT, root);
    }
}

/// Seven bits a byte, the lowest first, four bytes at most (§2.2.3).
fn remaining_length(reader: &mut Reader<'_>) -> Result<usize, DecodeError> {
    let mut length = 0_usize;
    for shift in [0, 7, 14, 21] {
        let byte = reader.u8("remaining length")?;
        length |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok(length);
        }
    }
    Err(DecodeError::Malformed { field: "remaining length", rule: "has four bytes at most" })
}

/// Bytes behind their length (§1.5.3).
fn string<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], Truncated> {
    let length = reader.u16("length")?;
    reader.take(usize::from(length), "string")
}
