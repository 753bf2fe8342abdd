//! Simple Mail Transfer Protocol (RFC 5321) with its extensions for encryption (RFC 3207) and authentication (RFC 4954).
//!
//! Tells how both sides call themselves, what the server offers, which commands are given and how they end. Left out: every
//! address, every mail, the texts of answers but for the greeting, and credentials. After STARTTLS was granted the `tls`
//! decoder reads on.

use model::{Field, Form, Messages, Weakness};

use super::{Carrier, Decoder, Direction, Input, Opening, Probe, Session, Step, named};
use crate::line_search::LineSearch;

/// The longest line that is read (RFC 5321 §4.5.3.1.6 has 1,000; a ticket in AUTH takes 12 KB, RFC 4954 §4).
const LINE_BYTES_MAX: usize = 16 * 1_024;

static BANNER: Field = Field::site("banner").form(Form::Product);
static SERVER_NAME: Field = Field::site("server_name");
static CLIENT_NAME: Field = Field::site("client_name");
static EXTENSION: Field = Field::device("extension").form(Form::Fixed);
static AUTHENTICATION: Field = Field::device("authentication").form(Form::Fixed);
static STATUS: Field = Field::device("status").wireshark("smtp.response.code");

static FIELDS: &[&Field] = &[&BANNER, &SERVER_NAME, &CLIENT_NAME, &EXTENSION, &AUTHENTICATION, &STATUS];

/// Commands. Others are passed over: what stands in their place may be anything.
static VERBS: &[&str] = &[
    "EHLO",
    "HELO",
    "MAIL",
    "RCPT",
    "DATA",
    "BDAT",
    "RSET",
    "VRFY",
    "EXPN",
    "HELP",
    "NOOP",
    "QUIT",
    "STARTTLS",
    "AUTH",
    "ETRN",
    "TURN",
    "XCLIENT",
    "XFORWARD",
    "X-EXPS",
    "X-ANONYMOUSTLS",
];
/// What a server may offer, by IANA's registry of service extensions, and words of Exchange ([MS-SMTPNTLM], [MS-OXSMTP]).
static EXTENSIONS: &[&str] = &[
    "8BITMIME",
    "AUTH",
    "BINARYMIME",
    "CHUNKING",
    "DELIVERBY",
    "DSN",
    "ENHANCEDSTATUSCODES",
    "ETRN",
    "EXPN",
    "HELP",
    "LIMITS",
    "MT-PRIORITY",
    "PIPELINING",
    "REQUIRETLS",
    "SIZE",
    "SMTPUTF8",
    "STARTTLS",
    "VRFY",
    "X-ANONYMOUSTLS",
    "X-EXPS",
    "X-LINK2STATE",
    "X-MESSAGE-CONTEXT",
    "XCLIENT",
    "XEXCH50",
    "XFORWARD",
    "XRDST",
    "XSHADOW",
];
/// IANA's registry of SASL mechanisms, those that mail uses. Others are `other`.
static MECHANISMS: &[&str] = &[
    "CRAM-MD5",
    "DIGEST-MD5",
    "EXTERNAL",
    "GSSAPI",
    "LOGIN",
    "NTLM",
    "OAUTHBEARER",
    "PLAIN",
    "SCRAM-SHA-1",
    "SCRAM-SHA-256",
    "XOAUTH2",
];
/// Those that carry the password, or what stands for it, itself.
static READABLE: &[&str] = &["LOGIN", "PLAIN", "XOAUTH2", "OAUTHBEARER"];

/// The protocol's entry in the list.
pub static DECODER: Smtp = Smtp;

/// Simple Mail Transfer Protocol.
pub struct Smtp;

impl Decoder for Smtp {
    fn name(&self) -> &'static str {
        "smtp"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::Stream(&[25, 587])]
    }

    fn fields(&self) -> &'static [&'static Field] {
        FIELDS
    }

    fn probe(&self, opening: &Opening<'_>) -> Probe {
        let (client, server) = (opening.initiator, opening.responder);
        let greets = match server {
            [b'2', b'2', b'0', b' ' | b'-', ..] => true,
            [] | [b'2'] | [b'2', b'2'] | [b'2', b'2', b'0'] => false,
            _ => return Probe::No,
        };
        let says_hello = client
            .get(..5)
            .is_some_and(|start| start.eq_ignore_ascii_case(b"EHLO ") || start.eq_ignore_ascii_case(b"HELO "));
        let line = server.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let says_mail = line.windows(4).any(|window| window.eq_ignore_ascii_case(b"SMTP"));
        match (greets, says_hello) {
            (true, true) => Probe::Yes,
            (true, false) if client.is_empty() && says_mail => Probe::Yes,
            (true, false) if client.is_empty() => Probe::More,
            (false, true) => Probe::More,
            // A client that speaks first is not polite, but may go on to be one.
            (false, false) if client.len() < 5 => {
                let is_begun = |word: &[u8]| word.get(..client.len()).is_some_and(|s| s.eq_ignore_ascii_case(client));
                if is_begun(b"EHLO ") || is_begun(b"HELO ") { Probe::More } else { Probe::No }
            }
            (true, false) if client.len() < 5 => Probe::More,
            _ => Probe::No,
        }
    }

    fn session(&self, _carrier: Carrier) -> Box<dyn Session> {
        Box::<Connection>::default()
    }
}

/// What the client said last, as far as it matters for the answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Asked {
    #[default]
    Other,
    Hello,
    Encryption,
    /// The lines to come are credentials.
    Authentication,
}

/// Whether a mail is handed over, up to a line that is a dot. It begins with the command: the answer to that may be seen late.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Mail {
    #[default]
    None,
    Announced,
    Begun,
}

/// One connection.
#[derive(Default)]
struct Connection {
    commands: LineSearch,
    answers: LineSearch,
    asked: Asked,
    greeted: bool,
    mail: Mail,
    /// Inside an answer of several lines, of which the first was told.
    inside: bool,
    offer: Offer,
    /// The mechanism asked for carries the password itself.
    is_readable: bool,
    /// Reads on once the connection is encrypted.
    tls: Option<Box<dyn Session>>,
}

impl Session for Connection {
    fn push(&mut self, input: &Input<'_>, messages: &mut Messages) -> Step {
        if let Some(tls) = &mut self.tls {
            return tls.push(input, messages);
        }
        let lines = match input.direction {
            Direction::ToResponder => &mut self.commands,
            Direction::ToInitiator => &mut self.answers,
        };
        let Some((line, length)) = lines.next(input.bytes) else {
            let is_too_long = input.bytes.len() > LINE_BYTES_MAX;
            return if is_too_long { Step::Done } else { Step::Wait(input.bytes.len().saturating_add(1)) };
        };
        match input.direction {
            Direction::ToResponder => self.command(line, length, input.bytes, messages),
            Direction::ToInitiator => {
                self.answer(line, messages);
                Step::Read(length)
            }
        }
    }

    fn gap(&mut self, direction: Direction) -> bool {
        match &mut self.tls {
            Some(tls) => tls.gap(direction),
            // Whether a mail is being handed over is not known any more.
            None => false,
        }
    }
}

impl Connection {
    fn command(&mut self, line: &[u8], length: usize, bytes: &[u8], messages: &mut Messages) -> Step {
        if self.mail != Mail::None {
            self.mail = if line == b"." { Mail::None } else { Mail::Begun };
            return Step::Read(length);
        }
        if self.asked == Asked::Authentication {
            return Step::Read(length);
        }
        let end = line.iter().position(|byte| *byte == b' ').unwrap_or(line.len());
        let (word, argument) = line.split_at_checked(end).unwrap_or((line, &[]));
        let argument = argument.trim_ascii();
        let Some(verb) = VERBS.iter().find(|verb| verb.as_bytes().eq_ignore_ascii_case(word)) else {
            return Step::Read(length);
        };
        let message = messages.begin("smtp", "command");
        message.operated(verb);
        self.asked = match *verb {
            "EHLO" | "HELO" => {
                // An address in place of a name is told by the connection itself.
                message.bytes(&CLIENT_NAME, if argument.starts_with(b"[") { &[] } else { argument });
                Asked::Hello
            }
            "DATA" => {
                self.mail = Mail::Announced;
                Asked::Other
            }
            "STARTTLS" | "X-ANONYMOUSTLS" => Asked::Encryption,
            "AUTH" => {
                let mut words = argument.split(|byte| *byte == b' ');
                let place = words.next().and_then(|mechanism| position(MECHANISMS, mechanism));
                let known = place.and_then(|place| MECHANISMS.get(place)).unwrap_or(&"other");
                message.str(&AUTHENTICATION, known);
                self.is_readable = READABLE.contains(known);
                // Credentials may come with the command (RFC 4954 §4), else once the server asks for them.
                if self.is_readable && words.next().is_some() {
                    message.weak(Weakness::CleartextCredentials);
                }
                Asked::Authentication
            }
            "BDAT" => {
                // A piece of a mail of so many bytes (RFC 3030 §2).
                let digits = argument.split(|byte| *byte == b' ').next().unwrap_or_default();
                let size = std::str::from_utf8(digits).ok().and_then(|digits| digits.parse::<u32>().ok());
                self.asked = Asked::Other;
                let whole = length.saturating_add(size.unwrap_or(0) as usize);
                return match whole.checked_sub(bytes.len()) {
                    None | Some(0) => Step::Read(whole),
                    Some(left) => Step::Skip(left as u64),
                };
            }
            _ => Asked::Other,
        };
        Step::Read(length)
    }

    fn answer(&mut self, line: &[u8], messages: &mut Messages) {
        let Some((code, is_last)) = code(line) else { return };
        let text = line.get(4..).unwrap_or_default().trim_ascii();
        let is_first = !std::mem::replace(&mut self.inside, !is_last);
        let is_greeting = !self.greeted;
        self.greeted |= is_last;
        let asked = self.asked;
        if is_last {
            self.asked = match (asked, code) {
                // More is asked for.
                (Asked::Authentication, 334) => Asked::Authentication,
                (_, 400..) if self.mail == Mail::Announced => {
                    self.mail = Mail::None;
                    Asked::Other
                }
                // Of several commands at once (RFC 2920) another than DATA was refused.
                (_, 354) if self.mail == Mail::None => {
                    self.mail = Mail::Announced;
                    Asked::Other
                }
                (Asked::Encryption, 220) => {
                    self.tls = named("tls").map(|tls| tls.session(Carrier::Stream(&[])));
                    Asked::Other
                }
                _ => Asked::Other,
            };
        }
        if is_first {
            let message = messages.begin("smtp", if is_greeting { "greeting" } else { "answer" });
            message.number(&STATUS, code);
            if asked == Asked::Authentication && code == 334 && self.is_readable {
                message.weak(Weakness::CleartextCredentials);
            }
            if is_greeting && code == 220 && !holds_answer(text) {
                let host = text.split(|byte| *byte == b' ').next().unwrap_or_default();
                message.bytes(&SERVER_NAME, host).bytes(&BANNER, text);
            }
        } else if asked == Asked::Hello && code == 250 {
            self.offer.add(text);
        }
        if is_last {
            std::mem::take(&mut self.offer).tell(messages);
        }
    }
}

/// What a server offers, as bits over the lists.
#[derive(Default)]
struct Offer {
    extensions: u32,
    mechanisms: u32,
}

impl Offer {
    fn add(&mut self, line: &[u8]) {
        let mut words = line.split(|byte| matches!(byte, b' ' | b'='));
        let bit = |list: &[&str], word| position(list, word).and_then(|place| 1_u32.checked_shl(place as u32));
        let extension = words.next().and_then(|word| bit(EXTENSIONS, word)).unwrap_or(0);
        self.extensions |= extension;
        if line.get(..4).is_some_and(|word| word.eq_ignore_ascii_case(b"AUTH")) {
            self.mechanisms =
                words.filter_map(|word| bit(MECHANISMS, word)).fold(self.mechanisms, |all, bit| all | bit);
        }
    }

    fn tell(&self, messages: &mut Messages) {
        if self.extensions == 0 {
            return;
        }
        let message = messages.begin("smtp", "offer");
        for (list, bits, field) in
            [(EXTENSIONS, self.extensions, &EXTENSION), (MECHANISMS, self.mechanisms, &AUTHENTICATION)]
        {
            for (place, word) in list.iter().enumerate() {
                if bits.checked_shr(place as u32).unwrap_or(0) & 1 == 1 {
                    message.str(field, word);
                }
            }
        }
    }
}

fn position(list: &[&str], word: &[u8]) -> Option<usize> {
    list.iter().position(|known| known.as_bytes().eq_ignore_ascii_case(word))
}

/// Whether another answer begins inside: then part of the stream is missing, and what follows is no greeting.
fn holds_answer(text: &[u8]) -> bool {
    let is_usual = |window: &[u8]| matches!(code(window), Some((220 | 221 | 235 | 250 | 334 | 354, _)));
    text.windows(4).any(is_usual)
}

/// The code of a line, and whether the answer ends with it (RFC 5321 §4.2.1).
fn code(line: &[u8]) -> Option<(u16, bool)> {
    let [a @ b'2'..=b'5', b @ b'0'..=b'9', c @ b'0'..=b'9', rest @ ..] = line else { return None };
    let digit = |byte: &u8| u16::from(byte.saturating_sub(b'0'));
    let number = digit(a).saturating_mul(100).saturating_add(digit(b).saturating_mul(10)).saturating_add(digit(c));
    match rest {
        [] | [b' ', ..] => Some((number, true)),
        [b'-', ..] => Some((number, false)),
        _ => None,
    }
}
