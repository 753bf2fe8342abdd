//! Telnet (RFC 854, RFC 855): the options that both sides negotiate, what the server says before anyone signs in, and
//! whether somebody signs in.
//!
//! What is typed is compared and forgotten; what the server says after the first prompt, or after the client typed
//! anything, is never kept: it may be anything, a ward list included. The first lines before it are told only where
//! negotiation or a prompt shows that this is the beginning, and of them only words that are listed (`banner.rs`). Left out: parameters of options, and everything after a successful sign-in or the start of
//! encryption.

use model::{Field, Form};

use super::{Carrier, Decoder, Opening, Probe, Session};

mod banner;
mod commands;
mod login;
mod session;

// `banner.rs` builds it from listed words and codes.
static LINE: Field = Field::device("line").form(Form::Fixed).wireshark("telnet.data");
// Hosts name themselves in it, as in `ward3-gw login:`.
static PROMPT: Field = Field::site("prompt").form(Form::Label);
static LOGIN_PROMPT: Field = Field::device("login_prompt");
static PASSWORD_PROMPT: Field = Field::device("password_prompt");
static OPTION: Field = Field::device("option").form(Form::Fixed).wireshark("telnet.cmd telnet.subcmd");
static ACCEPTED: Field = Field::device("accepted");

static FIELDS: &[&Field] = &[&LINE, &PROMPT, &LOGIN_PROMPT, &PASSWORD_PROMPT, &OPTION, &ACCEPTED];

/// How much text must stand on a port of telnet's, where no command does.
const TEXT_BYTES_MIN: usize = 8;

/// The protocol's entry in the list.
pub static DECODER: Telnet = Telnet;

/// Telnet.
pub struct Telnet;

impl Decoder for Telnet {
    fn name(&self) -> &'static str {
        "telnet"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::Stream(&[23, 2_323])]
    }

    fn fields(&self) -> &'static [&'static Field] {
        FIELDS
    }

    fn probe(&self, opening: &Opening<'_>) -> Probe {
        let sides = [opening.initiator, opening.responder].map(|bytes| commands::probe(bytes, opening.hinted));
        match sides {
            [Probe::Yes, _] | [_, Probe::Yes] => Probe::Yes,
            [Probe::More, _] | [_, Probe::More] => Probe::More,
            // Devices without options greet in plain text.
            [Probe::No, Probe::No] if opening.hinted && opening.initiator.is_empty() => greeting(opening.responder),
            [Probe::No, Probe::No] => Probe::No,
        }
    }

    fn session(&self, _carrier: Carrier) -> Box<dyn Session> {
        Box::new(session::Connection::new())
    }
}

/// Whether a server that speaks first greets a person.
fn greeting(bytes: &[u8]) -> Probe {
    static OTHERS: [&[u8]; 7] = [b"SSH-", b"HTTP/", b"RFB ", b"+OK", b"* OK", b"@RSYNCD", b"PJL"];
    let is_text = |byte: &u8| matches!(byte, b'\t' | b'\r' | b'\n' | 0x1b | 0 | 0x07 | b' '..=b'~' | 0x80..=0xfe);
    let is_reply = matches!(bytes, [b'1'..=b'6', b'0'..=b'9', b'0'..=b'9', b' ' | b'-', ..]);
    let is_other = |other: &&[u8]| bytes.starts_with(other);
    if bytes.is_empty() || is_reply || !bytes.iter().all(is_text) || OTHERS.iter().any(is_other) {
        return Probe::No;
    }
    let start = bytes.get(..TEXT_BYTES_MIN).unwrap_or(bytes);
    if start.iter().any(|byte| matches!(byte, 0x80.. | 0)) {
        return Probe::No;
    }
    if bytes.len() < TEXT_BYTES_MIN { Probe::More } else { Probe::Yes }
}
