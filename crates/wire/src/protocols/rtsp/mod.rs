//! Real Time Streaming Protocol 1.0 (RFC 2326): recorders and viewers watch cameras.
//!
//! Tells what both sides call themselves, what is asked for and what comes of it, the realm of a challenge, and the kinds of
//! media. Left out: addresses of streams, sessions, and the media that are interleaved (§10.12).

use model::{Field, Form, Message, Messages, Weakness};

use super::http::authorization;
use super::{Carrier, DecodeError, Decoder, Direction, Input, Opening, Probe, Session, Step};
use crate::head::{self, headers, is};
use crate::line_search::LineSearch;

static METHOD: Field = Field::device("method").form(Form::Fixed).wireshark("rtsp.method");
static STATUS: Field = Field::device("status").wireshark("rtsp.status");
static USER_AGENT: Field = Field::device("user_agent");
static SERVER: Field = Field::device("server");
static REALM: Field = Field::device("realm").form(Form::Heading);
static AUTHORIZATION_SCHEME: Field = Field::device("authorization_scheme").form(Form::Fixed);
static MEDIA: Field = Field::device("media").form(Form::Fixed).wireshark("sdp.media.media");

static FIELDS: &[&Field] = &[&METHOD, &STATUS, &USER_AGENT, &SERVER, &REALM, &AUTHORIZATION_SCHEME, &MEDIA];

/// RFC 2326 §10, RFC 7826 §13. What is not listed is not taken for RTSP.
static METHODS: &[&str] = &[
    "OPTIONS",
    "DESCRIBE",
    "ANNOUNCE",
    "SETUP",
    "PLAY",
    "PAUSE",
    "TEARDOWN",
    "GET_PARAMETER",
    "SET_PARAMETER",
    "REDIRECT",
    "RECORD",
    "PLAY_NOTIFY",
];
static VERSIONS: &[&[u8]] = &[b"RTSP/1.0", b"RTSP/2.0"];
/// The longest first line that is waited for.
const LINE_BYTES_MAX: usize = 1_200;
/// What begins a piece of media between messages (RFC 2326 §10.12).
const INTERLEAVED: u8 = b'$';

/// The protocol's entry in the list.
pub static DECODER: Rtsp = Rtsp;

/// Real Time Streaming Protocol.
pub struct Rtsp;

impl Decoder for Rtsp {
    fn name(&self) -> &'static str {
        "rtsp"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::Stream(&[554, 8_554])]
    }

    fn fields(&self) -> &'static [&'static Field] {
        FIELDS
    }

    fn probe(&self, opening: &Opening<'_>) -> Probe {
        let Some(bytes @ [b'A'..=b'Z', ..]) = opening.first() else { return Probe::No };
        let begins_well = VERSIONS
            .iter()
            .copied()
            .chain(METHODS.iter().map(|method| method.as_bytes()))
            .any(|word| word.starts_with(bytes) || bytes.strip_prefix(word).is_some_and(is_blank));
        match head::start_line(bytes) {
            _ if !begins_well => Probe::No,
            Some((line, _)) if Start::read(line).is_some() => Probe::Yes,
            None if bytes.len() < LINE_BYTES_MAX => Probe::More,
            _ => Probe::No,
        }
    }

    fn session(&self, _carrier: Carrier) -> Box<dyn Session> {
        Box::<Connection>::default()
    }
}

/// An address, or the line of another message where part of the stream is missing.
fn holds_address(value: &[u8]) -> bool {
    let holds = |part: &[u8]| value.windows(part.len()).any(|window| window.eq_ignore_ascii_case(part));
    holds(b"rtsp:") || VERSIONS.iter().any(|version| holds(version))
}

fn is_blank(rest: &[u8]) -> bool {
    matches!(rest, [] | [b' ', ..])
}

/// A message's first line.
#[derive(Clone, Copy)]
enum Start {
    Request(&'static str),
    Response(u16),
}

impl Start {
    fn read(line: &[u8]) -> Option<Self> {
        let is_versioned = |line: &[u8]| VERSIONS.iter().any(|version| line.ends_with(version));
        if let Some(status) = VERSIONS.iter().find_map(|version| head::status(line, version)) {
            return Some(Self::Response(status));
        }
        let method = METHODS
            .iter()
            .find(|method| line.strip_prefix(method.as_bytes()).is_some_and(|rest| rest.first() == Some(&b' ')))?;
        is_versioned(line).then_some(Self::Request(method))
    }
}

/// One connection.
#[derive(Default)]
struct Connection {
    to_responder: LineSearch,
    to_initiator: LineSearch,
    /// The last credentials that crossed readably are ones that everyone knows.
    is_default: bool,
}

impl Session for Connection {
    fn push(&mut self, input: &Input<'_>, messages: &mut Messages) -> Step {
        match input.bytes {
            [INTERLEAVED, _, high, low, ..] => {
                let whole = usize::from(u16::from_be_bytes([*high, *low])).saturating_add(4);
                return match whole.checked_sub(input.bytes.len()) {
                    None | Some(0) => Step::Read(whole),
                    Some(left) => Step::Skip(left as u64),
                };
            }
            [INTERLEAVED, ..] => return Step::Wait(4),
            [b'\r' | b'\n', ..] => return Step::Read(1),
            _ => {}
        }
        let lines = match input.direction {
            Direction::ToResponder => &mut self.to_responder,
            Direction::ToInitiator => &mut self.to_initiator,
        };
        match head::next(lines, input.bytes) {
            Ok((head, body, step)) => self.tell(head, body, messages).map_or(Step::Done, |()| step),
            Err(step) => step,
        }
    }
}

impl Connection {
    fn tell(&mut self, head: &[u8], body: &[u8], messages: &mut Messages) -> Result<(), DecodeError> {
        let unknown = DecodeError::Malformed { field: "start line", rule: "a request or a response" };
        let (line, lines) = head::start_line(head).ok_or(unknown)?;
        let start = Start::read(line).ok_or(unknown)?;
        let message = match start {
            Start::Request(method) => messages.begin("rtsp", "request").str(&METHOD, method).operated(method),
            Start::Response(status) => {
                let message = messages.begin("rtsp", "response").number(&STATUS, status);
                if self.is_default && (200..300).contains(&status) {
                    message.weak(Weakness::DefaultCredentials);
                }
                message
            }
        };
        let mut is_description = false;
        self.is_default = false;
        // Addresses of streams are told nowhere.
        let plain = |value| if holds_address(value) { &[][..] } else { value };
        for (name, value) in headers(lines) {
            if is(name, "User-Agent") {
                message.bytes(&USER_AGENT, plain(value));
            } else if is(name, "Server") {
                message.bytes(&SERVER, plain(value));
            } else if is(name, "Authorization") {
                self.authorize(value, message);
            } else if is(name, "WWW-Authenticate") {
                message.bytes(&REALM, authorization::realm(value).unwrap_or_default());
            } else if is(name, "Content-Type") {
                is_description = value.to_ascii_lowercase().starts_with(b"application/sdp");
            }
        }
        for kind in head::media(body).filter(|_| is_description) {
            message.str(&MEDIA, kind);
        }
        Ok(())
    }

    /// Credentials are looked at and forgotten.
    fn authorize(&mut self, value: &[u8], message: &mut Message) {
        let scheme = authorization::scheme(value);
        message.str(&AUTHORIZATION_SCHEME, scheme);
        if authorization::is_readable(scheme) {
            message.weak(Weakness::CleartextCredentials);
            self.is_default = authorization::basic(value).is_default;
        }
    }
}
