//! File Transfer Protocol, the control connection (RFC 959; RFC 2228, 2389, 2428, 3659 for later commands).
//!
//! Commands are told by their verb, replies by their code; of texts, only the greeting and what `SYST` answers.
//! Arguments (file names, user names, passwords) are never kept. After `AUTH TLS` was granted (RFC 4217 §4) the `tls`
//! decoder reads on. Left out: data connections, and everything after another `AUTH` was granted.

use model::{Field, Messages, Weakness};

use super::{Carrier, Decoder, Direction, Input, Opening, Probe, Session, Step, named};
use crate::credentials::{self, Typed};
use crate::line_search::LineSearch;

/// The longest line that is read; servers take half of it.
const LINE_BYTES_MAX: usize = 4 * 1_024;
/// How many lines of a greeting are told.
const BANNER_LINES_MAX: usize = 8;
/// How much of a greeting is held until its last line.
const GREETING_BYTES_MAX: usize = 4 * 1_024;

static BANNER: Field = Field::device("banner").wireshark("ftp.response.arg");
static STATUS: Field = Field::device("status").wireshark("ftp.response.code");
static SYSTEM: Field = Field::device("system").wireshark("ftp.response.arg");
static ANONYMOUS: Field = Field::device("anonymous");

static FIELDS: &[&Field] = &[&BANNER, &STATUS, &SYSTEM, &ANONYMOUS];

/// What asks for TLS: RFC 4217 §4, and what was said for it before.
static MECHANISMS: &[&[u8]] = &[b"TLS", b"TLS-C", b"SSL", b"TLS-P"];

/// The verbs of commands. Others are passed over: what stands in their place may be anything.
static VERBS: &[&str] = &[
    "ABOR", "ACCT", "ADAT", "ALLO", "APPE", "AUTH", "CCC", "CDUP", "CLNT", "CWD", "DELE", "EPRT", "EPSV", "FEAT",
    "HELP", "HOST", "LANG", "LIST", "MDTM", "MFMT", "MKD", "MLSD", "MLST", "MODE", "NLST", "NOOP", "OPTS", "PASS",
    "PASV", "PBSZ", "PORT", "PROT", "PWD", "QUIT", "REIN", "REST", "RETR", "RMD", "RNFR", "RNTO", "SITE", "SIZE",
    "SMNT", "STAT", "STOR", "STOU", "STRU", "SYST", "TYPE", "USER", "XCUP", "XCWD", "XMKD", "XPWD", "XRMD",
];

/// The protocol's entry in the list.
pub static DECODER: Ftp = Ftp;

/// File Transfer Protocol.
pub struct Ftp;

impl Decoder for Ftp {
    fn name(&self) -> &'static str {
        "ftp"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::Stream(&[21, 2_121])]
    }

    fn fields(&self) -> &'static [&'static Field] {
        FIELDS
    }

    fn probe(&self, opening: &Opening<'_>) -> Probe {
        probe(opening)
    }

    fn session(&self, _carrier: Carrier) -> Box<dyn Session> {
        Box::new(Connection::new())
    }
}

/// The greeting alone is also that of a mail server (RFC 5321 §4.2): its words, the port, or what the client says
/// tell them apart.
fn probe(opening: &Opening<'_>) -> Probe {
    let (client, mut server) = (opening.initiator, opening.responder);
    // A server that is not ready yet says so first (RFC 959 §5.4).
    while server.starts_with(b"120") {
        let Some(end) = server.iter().position(|byte| *byte == b'\n') else { return Probe::More };
        server = server.get(end.saturating_add(1)..).unwrap_or_default();
        if server.is_empty() {
            return Probe::More;
        }
    }
    let code = match reply_code(server) {
        Ok(code) => Some(code),
        Err(Probe::More) if server.is_empty() => None,
        Err(probe) => return probe,
    };
    let verb = match (command_verb(client), code) {
        (Ok(verb), _) => Some(verb),
        (Err(Probe::More), _) => None,
        (Err(_), _) => return Probe::No,
    };
    match (verb, code) {
        (Some(verb), Some(code)) if answers(verb, code) => Probe::Yes,
        (Some(_), Some(_)) => Probe::No,
        (None, Some(220)) if client.is_empty() => probe_greeting(server, opening.hinted),
        // `USER` begins mail retrieval and chat too: the reply tells.
        (Some(_), None) | (None, _) if !client.is_empty() => Probe::More,
        _ => Probe::No,
    }
}

fn probe_greeting(server: &[u8], hinted: bool) -> Probe {
    let Some(end) = server.iter().position(|byte| *byte == b'\n') else { return Probe::More };
    let line = server.get(..end).unwrap_or_default();
    let holds = |word: &[u8]| line.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word));
    if holds(b"SMTP") {
        Probe::No
    } else if hinted || holds(b"FTP") {
        Probe::Yes
    } else {
        Probe::More
    }
}

/// The three digits of a reply's first line. `More` if there may be some, `No` if there are none.
fn reply_code(bytes: &[u8]) -> Result<u16, Probe> {
    match bytes {
        [a @ b'1'..=b'6', b @ b'0'..=b'9', c @ b'0'..=b'9', b' ' | b'-' | b'\r' | b'\n', ..] => {
            let digit = |byte: &u8| u16::from(byte.saturating_sub(b'0'));
            Ok(digit(a).saturating_mul(100).saturating_add(digit(b).saturating_mul(10)).saturating_add(digit(c)))
        }
        [] | [b'1'..=b'6'] | [b'1'..=b'6', b'0'..=b'9'] | [b'1'..=b'6', b'0'..=b'9', b'0'..=b'9'] => Err(Probe::More),
        _ => Err(Probe::No),
    }
}

/// The verb of the first command. `More` if there may be one, `No` if there is none.
fn command_verb(bytes: &[u8]) -> Result<&'static str, Probe> {
    let length = bytes.iter().take(5).take_while(|byte| byte.is_ascii_alphabetic()).count();
    let (word, rest) = bytes.split_at_checked(length).unwrap_or((bytes, &[]));
    match rest.first() {
        None if length <= 4 => Err(Probe::More),
        Some(b' ' | b'\r' | b'\n') => verb_of(word).ok_or(Probe::No),
        _ => Err(Probe::No),
    }
}

fn verb_of(word: &[u8]) -> Option<&'static str> {
    VERBS.iter().copied().find(|verb| verb.as_bytes().eq_ignore_ascii_case(word))
}

/// Whether a reply is one that only FTP gives to that command; the first reply may still be the greeting.
fn answers(verb: &str, code: u16) -> bool {
    match code {
        220 => matches!(verb, "USER" | "AUTH" | "FEAT" | "SYST" | "OPTS" | "HOST" | "CLNT" | "PASS"),
        227 => verb == "PASV",
        229 => verb == "EPSV",
        211 => verb == "FEAT",
        215 => verb == "SYST",
        230 | 232 | 331 | 332 | 530 => matches!(verb, "USER" | "PASS"),
        234 | 334 => verb == "AUTH",
        125 | 150 => matches!(verb, "LIST" | "NLST" | "MLSD" | "RETR" | "STOR" | "STOU" | "APPE"),
        200 => matches!(verb, "PORT" | "EPRT" | "TYPE" | "PBSZ" | "PROT"),
        250 => matches!(verb, "CWD" | "DELE" | "RNTO" | "RMD"),
        257 => matches!(verb, "PWD" | "MKD" | "XPWD"),
        350 => matches!(verb, "REST" | "RNFR"),
        213 => matches!(verb, "SIZE" | "MDTM" | "STAT"),
        _ => false,
    }
}

/// What the client asked for last, as far as it matters for the reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    Other,
    User,
    Pass,
    Auth,
    /// `AUTH TLS`
    Tls,
}

/// One control connection.
struct Connection {
    commands: LineSearch,
    replies: LineSearch,
    /// The lines of the greeting, until its last one came.
    greeting: Vec<u8>,
    greeted: bool,
    /// Inside a reply of several lines with this code (RFC 959 §4.2).
    inside: Option<u16>,
    asked: Asked,
    user: Typed,
    anonymous: bool,
    is_default: bool,
    no_password: bool,
    /// A password crossed readably.
    exposed: bool,
    /// Reads on once the connection is encrypted.
    tls: Option<Box<dyn Session>>,
}

impl Connection {
    fn new() -> Self {
        Self {
            commands: LineSearch::default(),
            replies: LineSearch::default(),
            greeting: Vec::new(),
            greeted: false,
            inside: None,
            asked: Asked::Other,
            user: Typed::new(),
            anonymous: false,
            is_default: false,
            no_password: false,
            exposed: false,
            tls: None,
        }
    }

    fn command(&mut self, line: &[u8], messages: &mut Messages) {
        // Telnet's interrupt and synch may stand before ABOR (RFC 959 §4.1.3).
        let start = line.iter().position(u8::is_ascii_graphic).unwrap_or(0);
        let line = line.get(start..).unwrap_or_default();
        let end = line.iter().position(|byte| *byte == b' ').unwrap_or(line.len());
        let (word, argument) = line.split_at_checked(end).unwrap_or((line, &[]));
        let argument = argument.trim_ascii();
        let Some(verb) = verb_of(word) else { return };
        let message = messages.begin("ftp", "command");
        message.operated(verb);
        self.asked = match verb {
            "USER" => {
                self.anonymous = credentials::is_anonymous(argument);
                self.user.set(argument);
                self.is_default = false;
                self.no_password = true;
                Asked::User
            }
            "PASS" => {
                self.no_password = argument.is_empty();
                self.is_default =
                    self.user.known().is_some_and(|user| credentials::is_default(user, argument)) && !self.anonymous;
                self.user.erase();
                if !self.anonymous && !argument.is_empty() {
                    message.weak(Weakness::CleartextCredentials).weak(Weakness::CleartextManagement);
                    self.exposed = true;
                }
                Asked::Pass
            }
            "AUTH" if MECHANISMS.iter().any(|known| known.eq_ignore_ascii_case(argument)) => Asked::Tls,
            "AUTH" => Asked::Auth,
            _ => Asked::Other,
        };
    }

    /// One line of a reply. `Done` if encryption follows.
    fn reply(&mut self, line: &[u8], messages: &mut Messages) -> Step {
        let code = reply_code_of_line(line);
        let last = match (self.inside, code) {
            (None, Some((code, false))) => {
                self.inside = Some(code);
                false
            }
            (None, Some((_, true))) => true,
            (Some(inside), Some((code, true))) => inside == code,
            (Some(_), _) => false,
            // Not a reply: the capture began inside one, or the server does not keep to the rules.
            (None, None) => return Step::Read(1),
        };
        if !self.greeted && self.greeting.len().saturating_add(line.len()) < GREETING_BYTES_MAX {
            self.greeting.extend_from_slice(line);
            self.greeting.push(b'\n');
        }
        if !last {
            return Step::Read(1);
        }
        let code = self.inside.take().or(code.map(|(code, _)| code)).unwrap_or(0);
        // 120 announces the greeting.
        let is_first = !std::mem::replace(&mut self.greeted, code != 120);
        let is_greeting = is_first && code == 220;
        let message = messages.begin("ftp", if is_greeting { "greeting" } else { "reply" });
        message.number(&STATUS, code);
        let greeting = std::mem::take(&mut self.greeting);
        if is_greeting {
            let lines = greeting.split(|byte| *byte == b'\n').map(text_of_line).filter(|text| !text.is_empty());
            for text in lines.take(BANNER_LINES_MAX) {
                message.bytes(&BANNER, text);
            }
        }
        if code == 215 {
            message.bytes(&SYSTEM, system_of_line(line));
        }
        let asked = std::mem::replace(&mut self.asked, Asked::Other);
        // The server asks for a password that crosses readably, or took one.
        let asks = asked == Asked::User && code == 331 && !self.anonymous;
        if asks || (asked == Asked::Pass && code == 230 && self.exposed) {
            message.weak(Weakness::CleartextCredentials);
        }
        match (asked, code) {
            (Asked::Tls, 234) => {
                self.tls = named("tls").map(|tls| tls.session(Carrier::Stream(&[])));
                return if self.tls.is_some() { Step::Read(1) } else { Step::Done };
            }
            (Asked::Tls, 334) => return Step::Done,
            (Asked::Auth, 234 | 334) => return Step::Done,
            // 331 asks for the password first; 230 lets in.
            (Asked::User | Asked::Pass, 230) => self.login(messages),
            _ => {}
        }
        Step::Read(1)
    }

    fn login(&mut self, messages: &mut Messages) {
        let message = messages.begin("ftp", "login");
        message.flag(&ANONYMOUS, self.anonymous).weak(Weakness::CleartextManagement);
        if self.anonymous || self.no_password {
            message.weak(Weakness::AnonymousAccess);
        }
        if self.is_default {
            message.weak(Weakness::DefaultCredentials);
        }
        self.user.erase();
    }
}

/// The code of a line, and whether the reply ends with it.
fn reply_code_of_line(line: &[u8]) -> Option<(u16, bool)> {
    let code = match line {
        [a, b, c] => reply_code(&[*a, *b, *c, b' ']),
        _ => reply_code(line),
    };
    Some((code.ok()?, line.get(3) != Some(&b'-')))
}

/// What stands behind the code, if there is one.
fn text_of_line(line: &[u8]) -> &[u8] {
    let text = if reply_code_of_line(line).is_some() { line.get(4..).unwrap_or_default() } else { line };
    text.trim_ascii()
}

/// What `SYST` answers (RFC 959 §5.4): begins with a name from IANA's "Operating System Names". Where another reply
/// begins inside, part of the stream is missing, and what follows answers something else.
fn system_of_line(line: &[u8]) -> &[u8] {
    let text = text_of_line(line);
    let is_name = text.first().is_some_and(u8::is_ascii_alphabetic);
    let holds_reply = text.windows(4).any(|window| matches!(reply_code(window), Ok(100..)));
    if is_name && !holds_reply { text } else { &[] }
}

impl Session for Connection {
    fn push(&mut self, input: &Input<'_>, messages: &mut Messages) -> Step {
        if let Some(tls) = &mut self.tls {
            return tls.push(input, messages);
        }
        let lines = match input.direction {
            Direction::ToResponder => &mut self.commands,
            Direction::ToInitiator => &mut self.replies,
        };
        let Some((line, length)) = lines.next(input.bytes) else {
            let too_long = input.bytes.len() > LINE_BYTES_MAX;
            return if too_long { Step::Done } else { Step::Wait(input.bytes.len().saturating_add(1)) };
        };
        let step = match input.direction {
            Direction::ToResponder => {
                self.command(line, messages);
                Step::Read(length)
            }
            Direction::ToInitiator => self.reply(line, messages),
        };
        if step == Step::Done { Step::Done } else { Step::Read(length) }
    }

    fn gap(&mut self, direction: Direction) -> bool {
        if let Some(tls) = &mut self.tls {
            return tls.gap(direction);
        }
        // What is left of a line is hardly ever a verb or a code.
        match direction {
            Direction::ToResponder => self.commands.restart(),
            Direction::ToInitiator => {
                self.replies.restart();
                self.inside = None;
            }
        }
        // A reply may belong to a command that is lost, or the other way round.
        self.asked = Asked::Other;
        true
    }
}
