//! QUIC (RFC 9000, RFC 9001; version 2: RFC 9369; the drafts from 23 on), up to where only the two ends can read on: version
//! negotiation, Retry, and the hellos in Initial packets, whose keys follow from what everyone on the way can see (RFC 9001
//! §5.2). The hellos are TLS's: they are told as its messages.
//!
//! Left out: 0-RTT, Handshake and short packets, tokens, connection identifiers, and what Google spoke before the standard
//! (Q043, Q046, Q050, T05x), of which at most the version is told.

use model::{Field, Form};

use super::{Carrier, Decoder, Opening, Probe, Session};

mod crypto;
mod packet;
mod protection;
mod session;
mod versions;

static VERSION: Field = Field::device("version").form(Form::Fixed).wireshark("quic.version");
static SUPPORTED_VERSION: Field =
    Field::device("supported_version").form(Form::Fixed).wireshark("quic.supported_version");

static FIELDS: &[&Field] = &[&VERSION, &SUPPORTED_VERSION];

/// The protocol's entry in the list.
pub static DECODER: Quic = Quic;

/// QUIC.
pub struct Quic;

impl Decoder for Quic {
    fn name(&self) -> &'static str {
        "quic"
    }

    fn carriers(&self) -> &'static [Carrier] {
        // HTTP/3, and DNS (RFC 9250 §4.1.1).
        &[Carrier::Datagram(&[443, 853])]
    }

    fn fields(&self) -> &'static [&'static Field] {
        FIELDS
    }

    fn probe(&self, opening: &Opening<'_>) -> Probe {
        match opening.first() {
            Some(bytes @ [0x80..=0xff, ..]) if packet::is_long(bytes) => Probe::Yes,
            _ => Probe::No,
        }
    }

    fn session(&self, _carrier: Carrier) -> Box<dyn Session> {
        Box::<session::Connection>::default()
    }
}
