//! PostgreSQL's frontend/backend protocol 3.0 (PostgreSQL documentation, chapters "Message Flow" and "Message Formats"), up
//! to where queries begin: whether TLS was asked for and granted, what the client calls itself, how it has to sign in, and the
//! server's version. TLS that begins is told as `tls`.
//!
//! Left out: user and database, passwords, parameters but the version, errors, and everything after the sign-in.

use model::{Field, Form, Messages, Weakness};

use super::{Carrier, Decoder, Direction, Input, Opening, Probe, Session, Step, tls};
use crate::conversation::{Interest, Stream};
use crate::program_name;
use crate::reader::Reader;

/// The longest message that is read; the server's own limit for what opens a connection (`MAX_STARTUP_PACKET_LENGTH`).
const MESSAGE_BYTES_MAX: usize = 10_000;
/// How many messages of each sign-in are looked at.
const MESSAGES_MAX: u8 = 64;

const CANCEL_REQUEST: u32 = 80_877_102;
const SSL_REQUEST: u32 = 80_877_103;
const GSS_REQUEST: u32 = 80_877_104;

static PROTOCOL_VERSION: Field = Field::device("protocol_version").form(Form::Fixed);
static APPLICATION: Field = Field::device("application").form(Form::Fixed);
static ENCRYPTION: Field = Field::device("encryption").form(Form::Fixed);
static AUTHENTICATION: Field = Field::device("authentication").form(Form::Fixed).wireshark("pgsql.authtype");
static SERVER_VERSION: Field = Field::device("server_version");

static FIELDS: &[&Field] = &[&PROTOCOL_VERSION, &APPLICATION, &ENCRYPTION, &AUTHENTICATION, &SERVER_VERSION];

/// The protocol's entry in the list.
pub static DECODER: Pgsql = Pgsql;

/// PostgreSQL.
pub struct Pgsql;

impl Decoder for Pgsql {
    fn name(&self) -> &'static str {
        "pgsql"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::Stream(&[5_432])]
    }

    fn fields(&self) -> &'static [&'static Field] {
        FIELDS
    }

    fn probe(&self, opening: &Opening<'_>) -> Probe {
        match opening.initiator {
            [0, 0, _, _, 4, 0xd2, 0x16, code, ..] => match (length_and_code(opening.initiator), code) {
                (Some((8, SSL_REQUEST | GSS_REQUEST)) | Some((16, CANCEL_REQUEST)), _) => Probe::Yes,
                _ => Probe::No,
            },
            [0, 0, _, _, 0, 3, 0, 0..=2, parameters @ ..] => probe_parameters(parameters),
            bytes @ [0, ..] if bytes.len() < 8 && is_beginning(bytes) => Probe::More,
            _ => Probe::No,
        }
    }

    fn session(&self, _carrier: Carrier) -> Box<dyn Session> {
        Box::new(Connection { stage: Stage::Start, messages: 0 })
    }
}

/// Less than a length and a code.
fn is_beginning(bytes: &[u8]) -> bool {
    match bytes {
        [] | [0] | [0, 0] | [0, 0, _] | [0, 0, _, _] => true,
        [0, 0, _, _, rest @ ..] => [4, 0xd2, 0x16].starts_with(rest) || [0, 3, 0].starts_with(rest),
        _ => false,
    }
}

/// The parameters of a start begin with a name that exists ("StartupMessage"; others are settings of the server).
fn probe_parameters(parameters: &[u8]) -> Probe {
    static NAMES: &[&[u8]] = &[
        b"user\0",
        b"database\0",
        b"options\0",
        b"replication\0",
        b"application_name\0",
        b"client_encoding\0",
        b"fallback_application_name\0",
        b"DateStyle\0",
        b"TimeZone\0",
        b"extra_float_digits\0",
    ];
    if NAMES.iter().any(|name| parameters.starts_with(name)) {
        Probe::Yes
    } else if NAMES.iter().any(|name| name.starts_with(parameters)) {
        Probe::More
    } else {
        Probe::No
    }
}

fn length_and_code(bytes: &[u8]) -> Option<(usize, u32)> {
    let mut reader = Reader::new(bytes);
    Some((usize::try_from(reader.u32("length").ok()?).ok()?, reader.u32("code").ok()?))
}

struct Connection {
    stage: Stage,
    messages: u8,
}

enum Stage {
    /// The client opens; each opening but the last is answered with one letter.
    Start,
    /// One letter follows: whether what was asked for (the code) is granted.
    Asked(u32),
    /// Messages with a type and a length, up to the end of the sign-in.
    SignIn {
        /// The password was asked for as it is.
        wants_password: bool,
    },
    Tls(Box<Stream>),
}

impl Session for Connection {
    fn push(&mut self, input: &Input<'_>, messages: &mut Messages) -> Step {
        match &mut self.stage {
            Stage::Tls(stream) => match stream.feed(input, messages) {
                Interest::More => Step::Read(input.bytes.len().max(1)),
                Interest::None | Interest::CutByLimit => Step::Done,
            },
            Stage::Asked(code) if input.direction == Direction::ToInitiator => {
                let (code, answer) = (*code, input.bytes.first().copied().unwrap_or_default());
                self.answered(code, answer, messages)
            }
            Stage::Start | Stage::Asked(_) if input.direction == Direction::ToResponder => {
                self.start(input.bytes, messages)
            }
            Stage::Start | Stage::Asked(_) => Step::Done,
            Stage::SignIn { .. } => self.sign_in(input, messages),
        }
    }
}

impl Connection {
    fn start(&mut self, bytes: &[u8], messages: &mut Messages) -> Step {
        let Some((length, code)) = length_and_code(bytes) else { return Step::Wait(8) };
        if !(8..=MESSAGE_BYTES_MAX).contains(&length) {
            return Step::Done;
        }
        match code {
            SSL_REQUEST | GSS_REQUEST => {
                self.stage = Stage::Asked(code);
                Step::Read(length)
            }
            CANCEL_REQUEST => {
                messages.begin("pgsql", "cancel_request").operated("cancel");
                Step::Done
            }
            // Version 3 and what follows it.
            0x0003_0000..=0x0003_ffff => {
                let Some(parameters) = bytes.get(8..length) else { return Step::Wait(length) };
                tell_start(code, parameters, messages);
                self.stage = Stage::SignIn { wants_password: false };
                Step::Read(length)
            }
            _ => Step::Done,
        }
    }

    fn answered(&mut self, code: u32, answer: u8, messages: &mut Messages) -> Step {
        self.stage = Stage::Start;
        let encryption = match (code, answer) {
            (SSL_REQUEST, b'S') => "tls",
            (GSS_REQUEST, b'G') => "gssapi",
            (_, b'N') => "refused",
            // An error of servers that know neither.
            _ => return Step::Done,
        };
        messages.begin("pgsql", "encryption_response").str(&ENCRYPTION, encryption);
        match encryption {
            "tls" => {
                self.stage = Stage::Tls(Box::new(Stream::speaking(&tls::DECODER)));
                Step::Read(1)
            }
            "gssapi" => Step::Done,
            _ => Step::Read(1),
        }
    }

    fn sign_in(&mut self, input: &Input<'_>, messages: &mut Messages) -> Step {
        let mut reader = Reader::new(input.bytes);
        let header = reader.u8("type").and_then(|kind| Ok((kind, reader.u32("length")? as usize)));
        let Ok((kind, length)) = header else { return Step::Wait(5) };
        self.messages = self.messages.saturating_add(1);
        if !(4..=MESSAGE_BYTES_MAX).contains(&length) || self.messages > MESSAGES_MAX {
            return Step::Done;
        }
        let Ok(body) = reader.take(length.saturating_sub(4), "body") else {
            self.messages = self.messages.saturating_sub(1);
            return Step::Wait(length.saturating_add(1));
        };
        let Stage::SignIn { wants_password } = &mut self.stage else { return Step::Done };
        match (input.direction, kind) {
            (Direction::ToInitiator, b'R') => {
                *wants_password |= tell_authentication(body, messages) == Some(CLEAR_TEXT)
            }
            (Direction::ToInitiator, b'S') => tell_parameter(body, messages),
            (Direction::ToResponder, b'p') if std::mem::take(wants_password) => {
                messages.begin("pgsql", "password").operated("sign_in").weak(Weakness::CleartextCredentials);
            }
            // Ready for queries, or refused.
            (Direction::ToInitiator, b'Z' | b'E') => return Step::Done,
            _ => {}
        }
        Step::Read(length.saturating_add(1))
    }
}

fn tell_start(code: u32, parameters: &[u8], messages: &mut Messages) {
    let message = messages.begin("pgsql", "startup");
    message.operated("connect");
    if code == 0x0003_0000 {
        message.str(&PROTOCOL_VERSION, "3.0");
    } else if code == 0x0003_0002 {
        message.str(&PROTOCOL_VERSION, "3.2");
    }
    let mut texts = parameters.split(|byte| *byte == 0);
    while let (Some(name), Some(value)) = (texts.next(), texts.next()) {
        if name == b"application_name" {
            message.bytes(&APPLICATION, program_name::told(&String::from_utf8_lossy(value)).as_bytes());
        }
    }
}

/// AuthenticationCleartextPassword.
const CLEAR_TEXT: u32 = 3;

/// How the client has to sign in. The connection is not encrypted, or nothing of it could be read.
fn tell_authentication(body: &[u8], messages: &mut Messages) -> Option<u32> {
    let code = Reader::new(body).u32("authentication").ok()?;
    let method = match code {
        // Nothing was asked, or what was asked is answered rightly.
        0 => "ok",
        2 => "kerberos_5",
        CLEAR_TEXT => "cleartext_password",
        5 => "md5",
        6 => "scm",
        7 => "gssapi",
        9 => "sspi",
        10 => "sasl",
        // The middle of an exchange.
        _ => return None,
    };
    messages.begin("pgsql", "authentication").str(&AUTHENTICATION, method).weak(Weakness::CleartextDatabase);
    Some(code)
}

fn tell_parameter(body: &[u8], messages: &mut Messages) {
    let mut texts = body.split(|byte| *byte == 0);
    if let (Some(b"server_version"), Some(value)) = (texts.next(), texts.next()) {
        messages.begin("pgsql", "parameter_status").bytes(&SERVER_VERSION, value);
    }
}
