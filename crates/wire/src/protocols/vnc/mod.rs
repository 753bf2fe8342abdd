//! Remote Framebuffer Protocol of VNC (RFC 6143; versions 3.3, 3.7 and 3.8), up to where the picture begins: version,
//! how clients may sign in, and the desktop's name where it has the form of a host's.
//!
//! Left out: challenges and answers, what other security types go on with, and the picture, keys and clipboard.

use model::{Field, Form, Messages, Weakness};

use super::{Carrier, Decoder, Direction, Input, Opening, Probe, Session, Step};
use crate::reader::Reader;

static PROTOCOL_VERSION: Field =
    Field::device("protocol_version").form(Form::Token).wireshark("vnc.server_proto_ver vnc.client_proto_ver");
static SECURITY_TYPE: Field = Field::device("security_type").form(Form::Fixed);
static RESULT: Field = Field::device("result").wireshark("vnc.auth_result");
static DESKTOP_NAME: Field = Field::site("desktop_name").wireshark("vnc.desktop_name");

static FIELDS: &[&Field] = &[&PROTOCOL_VERSION, &SECURITY_TYPE, &RESULT, &DESKTOP_NAME];

/// `RFB xxx.yyy\n` (RFC 6143 §7.1.1).
const VERSION_BYTES: usize = 12;
/// Challenge and response of VNC authentication (RFC 6143 §7.2.2).
const CHALLENGE_BYTES: usize = 16;
/// Size, pixel format and length of the name (RFC 6143 §7.3.2).
const SERVER_INIT_BYTES: usize = 24;
/// The longest name that is waited for.
const NAME_BYTES_MAX: usize = 4_096;
/// Security types (RFC 6143 §7.2).
const NONE: u8 = 1;
const VNC_AUTHENTICATION: u8 = 2;

/// The protocol's entry in the list.
pub static DECODER: Vnc = Vnc;

/// Remote Framebuffer.
pub struct Vnc;

impl Decoder for Vnc {
    fn name(&self) -> &'static str {
        "vnc"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::Stream(&[5_900, 5_901, 5_902, 5_903])]
    }

    fn fields(&self) -> &'static [&'static Field] {
        FIELDS
    }

    /// The server speaks first.
    fn probe(&self, opening: &Opening<'_>) -> Probe {
        let Some(bytes) = (if opening.responder.is_empty() { opening.first() } else { Some(opening.responder) }) else {
            return Probe::More;
        };
        match version(bytes) {
            Some(_) => Probe::Yes,
            None if bytes.len() < VERSION_BYTES && b"RFB ".starts_with(bytes.get(..4).unwrap_or(bytes)) => Probe::More,
            None => Probe::No,
        }
    }

    fn session(&self, _carrier: Carrier) -> Box<dyn Session> {
        Box::<Connection>::default()
    }
}

/// `003.008` and its minor number.
fn version(bytes: &[u8]) -> Option<(&[u8], u16)> {
    let line = bytes.get(..VERSION_BYTES)?;
    let version = line.strip_prefix(b"RFB ")?.strip_suffix(b"\n")?;
    let is_version = version.iter().enumerate().all(|(at, byte)| match at {
        3 => *byte == b'.',
        _ => byte.is_ascii_digit(),
    });
    let minor = version.get(4..).and_then(|digits| std::str::from_utf8(digits).ok()?.parse().ok());
    minor.filter(|_| is_version).map(|minor| (version, minor))
}

/// What one side says next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Expected {
    #[default]
    Version,
    Security,
    /// Whatever the client's choice leads to.
    Chosen,
    Challenge,
    Result,
    Initialisation,
    Nothing,
}

#[derive(Default)]
struct Connection {
    server: Expected,
    client: Expected,
    /// Minor version and security type, as the client chose them.
    minor: Option<u16>,
    chosen: Option<u8>,
}

impl Session for Connection {
    fn push(&mut self, input: &Input<'_>, messages: &mut Messages) -> Step {
        let is_server = input.direction == Direction::ToInitiator;
        let step = match is_server {
            true => self.server(input.bytes, messages),
            false => self.client(input.bytes, messages),
        };
        if step != Step::Done {
            return step;
        }
        let (side, other) = match is_server {
            true => (&mut self.server, self.client),
            false => (&mut self.client, self.server),
        };
        *side = Expected::Nothing;
        // The other side may still have something to say.
        if other == Expected::Nothing { Step::Done } else { Step::Skip(u64::MAX) }
    }
}

impl Connection {
    fn client(&mut self, bytes: &[u8], messages: &mut Messages) -> Step {
        match (self.client, bytes) {
            (Expected::Version, _) if bytes.len() < VERSION_BYTES => Step::Wait(VERSION_BYTES),
            (Expected::Version, _) => {
                let Some((text, minor)) = version(bytes) else { return Step::Done };
                messages.begin("vnc", "version").bytes(&PROTOCOL_VERSION, text);
                self.minor = Some(minor);
                // In version 3.3 the server alone decides (RFC 6143 appendix A).
                self.client = if minor < 7 { Expected::Nothing } else { Expected::Security };
                Step::Read(VERSION_BYTES)
            }
            (Expected::Security, [chosen, ..]) => {
                messages.begin("vnc", "security_choice").str(&SECURITY_TYPE, name(*chosen));
                self.chosen = Some(*chosen);
                Step::Done
            }
            _ => Step::Done,
        }
    }

    fn server(&mut self, bytes: &[u8], messages: &mut Messages) -> Step {
        match self.server {
            Expected::Version if bytes.len() < VERSION_BYTES => Step::Wait(VERSION_BYTES),
            Expected::Version => {
                let Some((text, _)) = version(bytes) else { return Step::Done };
                messages.begin("vnc", "version").bytes(&PROTOCOL_VERSION, text);
                self.server = Expected::Security;
                Step::Read(VERSION_BYTES)
            }
            Expected::Security => self.security(bytes, messages),
            Expected::Chosen => self.chosen(bytes, messages),
            Expected::Challenge if bytes.len() < CHALLENGE_BYTES => Step::Wait(CHALLENGE_BYTES),
            Expected::Challenge => {
                self.server = Expected::Result;
                Step::Read(CHALLENGE_BYTES)
            }
            Expected::Result => self.result(bytes, messages),
            Expected::Initialisation => initialisation(bytes, messages),
            Expected::Nothing => Step::Done,
        }
    }

    /// The security types that the server offers (RFC 6143 §7.1.2), or the one that it decides for (appendix A).
    fn security(&mut self, bytes: &[u8], messages: &mut Messages) -> Step {
        let (types, read) = match (self.minor, bytes) {
            // Without the client's version, nobody knows what stands here.
            (None, _) => return Step::Done,
            (Some(..7), [0, 0, 0, decided, ..]) => {
                self.chosen = Some(*decided);
                (std::slice::from_ref(decided), 4)
            }
            (Some(..7), _) if bytes.len() < 4 => return Step::Wait(4),
            (Some(7..), [count, types @ ..]) => {
                let count = usize::from(*count);
                let Some(types) = types.get(..count) else { return Step::Wait(count.saturating_add(1)) };
                (types, count.saturating_add(1))
            }
            _ => return Step::Done,
        };
        // None at all: the connection failed, and a reason in free text follows.
        if types.is_empty() || types == [0] {
            return Step::Done;
        }
        let message = messages.begin("vnc", "security_types");
        for kind in types {
            message.str(&SECURITY_TYPE, name(*kind));
        }
        if types.contains(&NONE) {
            message.weak(Weakness::AnonymousAccess);
        }
        if types.iter().all(|kind| matches!(*kind, NONE | VNC_AUTHENTICATION)) {
            message.weak(Weakness::CleartextManagement);
        }
        self.server = Expected::Chosen;
        Step::Read(read)
    }

    /// RFC 6143 §7.2: without authentication, only version 3.8 says that it succeeded.
    fn chosen(&mut self, bytes: &[u8], messages: &mut Messages) -> Step {
        self.server = match (self.chosen, self.minor) {
            (Some(NONE), Some(8..)) => Expected::Result,
            (Some(NONE), _) => Expected::Initialisation,
            (Some(VNC_AUTHENTICATION), _) => Expected::Challenge,
            _ => return Step::Done,
        };
        self.server(bytes, messages)
    }

    /// RFC 6143 §7.1.3.
    fn result(&mut self, bytes: &[u8], messages: &mut Messages) -> Step {
        let Ok(result) = Reader::new(bytes).u32("SecurityResult") else { return Step::Wait(4) };
        if result > 2 {
            return Step::Done;
        }
        messages.begin("vnc", "result").number(&RESULT, result);
        self.server = Expected::Initialisation;
        if result == 0 { Step::Read(4) } else { Step::Done }
    }
}

/// RFC 6143 §7.3.2.
fn initialisation(bytes: &[u8], messages: &mut Messages) -> Step {
    let Some(length) = bytes.get(SERVER_INIT_BYTES.saturating_sub(4)..SERVER_INIT_BYTES) else {
        return Step::Wait(SERVER_INIT_BYTES);
    };
    let length =
        length.iter().fold(0_usize, |length, byte| length.saturating_mul(256).saturating_add(usize::from(*byte)));
    if length > NAME_BYTES_MAX {
        return Step::Done;
    }
    let total = SERVER_INIT_BYTES.saturating_add(length);
    let Some(name) = bytes.get(SERVER_INIT_BYTES..total) else { return Step::Wait(total) };
    messages.begin("vnc", "server_init").bytes(&DESKTOP_NAME, name);
    Step::Done
}

/// The security types' names (RFC 6143 §8.1.2 and the registry of IANA).
const fn name(kind: u8) -> &'static str {
    match kind {
        0 => "invalid",
        NONE => "none",
        VNC_AUTHENTICATION => "vnc_authentication",
        5..=6 | 9..=13 | 129..=130 | 133 => "realvnc",
        16 => "tight",
        17 => "ultra",
        18 => "tls",
        19 => "vencrypt",
        20 => "sasl",
        21 => "md5",
        22 => "xvp",
        30..=36 => "apple",
        _ => "other",
    }
}
