//! Remote Desktop Protocol (MS-RDPBCGR) up to the point where it is encrypted: what security the client asks for,
//! what the server picks, and, with standard security, the client's name and build.
//!
//! Left out: the cookie and the routing token (a user's name), the client's address, and everything after the first
//! data of the client. With TLS, what follows the negotiation is handed to the `tls` decoder.

use model::{Field, Form, Messages, Weakness};

use super::{Carrier, Decoder, Direction, Input, Opening, Probe, Session, Step, named};

mod client_data;
mod negotiation;

use negotiation::{Confirm, Request};

static REQUESTED_PROTOCOLS: Field =
    Field::device("requested_protocols").form(Form::Fixed).wireshark("rdp.negReq.requestedProtocols");
static SELECTED_PROTOCOL: Field =
    Field::device("selected_protocol").form(Form::Fixed).wireshark("rdp.negReq.selectedProtocol");
static FAILURE_CODE: Field = Field::device("failure_code").form(Form::Fixed).wireshark("rdp.negFailure.failureCode");
static VERSION: Field = Field::device("version").form(Form::Fixed).wireshark("rdp.version.minor");
static KEYBOARD_LAYOUT: Field = Field::device("keyboard_layout").wireshark("rdp.keyboardLayout");
static CLIENT_BUILD: Field = Field::device("client_build").wireshark("rdp.client.build");
static CLIENT_NAME: Field = Field::site("client_name").wireshark("rdp.client.name");

static FIELDS: &[&Field] =
    &[&REQUESTED_PROTOCOLS, &SELECTED_PROTOCOL, &FAILURE_CODE, &VERSION, &KEYBOARD_LAYOUT, &CLIENT_BUILD, &CLIENT_NAME];

/// The protocol's entry in the list.
pub static DECODER: Rdp = Rdp;

/// Remote Desktop Protocol.
pub struct Rdp;

impl Decoder for Rdp {
    fn name(&self) -> &'static str {
        "rdp"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::Stream(&[3389])]
    }

    fn fields(&self) -> &'static [&'static Field] {
        FIELDS
    }

    fn probe(&self, opening: &Opening<'_>) -> Probe {
        negotiation::probe(opening.initiator, opening.hinted)
    }

    fn session(&self, _carrier: Carrier) -> Box<dyn Session> {
        Box::new(Connection { stage: Stage::Request })
    }
}

/// A TPKT packet before encryption is at most this long: the client's first data take a few hundred bytes.
const PACKET_BYTES_MAX: usize = 16 * 1_024;
/// The header of a TPKT packet (RFC 2126 §4.3).
const TPKT_BYTES: usize = 4;
/// The first byte of a TLS record that opens a handshake (RFC 8446 §5.1).
const TLS_HANDSHAKE: u8 = 0x16;

struct Connection {
    stage: Stage,
}

enum Stage {
    /// The client asks first.
    Request,
    /// Standard security: the client's first data are in the clear.
    Standard,
    /// The connection goes on in TLS.
    Tls(Box<dyn Session>),
}

impl Session for Connection {
    fn push(&mut self, input: &Input<'_>, messages: &mut Messages) -> Step {
        if let Stage::Tls(session) = &mut self.stage {
            return session.push(input, messages);
        }
        let total = match input.bytes {
            [3, _, high, low, ..] => usize::from(u16::from_be_bytes([*high, *low])),
            // The server's pick was not captured, and the client already speaks TLS.
            [TLS_HANDSHAKE, ..] => return self.go_on_in_tls(input, messages),
            [3, ..] => return Step::Wait(TPKT_BYTES),
            _ => return Step::Done,
        };
        if !(TPKT_BYTES..=PACKET_BYTES_MAX).contains(&total) {
            return Step::Done;
        }
        let Some(packet) = input.bytes.get(TPKT_BYTES..total) else { return Step::Wait(total) };
        match (&self.stage, input.direction) {
            (Stage::Request, Direction::ToResponder) => request(packet, messages),
            (Stage::Request, Direction::ToInitiator) => {
                let Some(tls) = confirm(packet, messages) else { return Step::Done };
                self.stage = if tls { tls_session() } else { Stage::Standard };
                return if tls && matches!(self.stage, Stage::Standard) { Step::Done } else { Step::Read(total) };
            }
            (Stage::Standard, Direction::ToResponder) => {
                client_data::decode(packet, messages);
                return Step::Done;
            }
            (Stage::Standard, Direction::ToInitiator) | (Stage::Tls(_), _) => {}
        }
        Step::Read(total)
    }

    fn gap(&mut self, direction: Direction) -> bool {
        match &mut self.stage {
            Stage::Tls(session) => session.gap(direction),
            Stage::Request | Stage::Standard => false,
        }
    }
}

impl Connection {
    fn go_on_in_tls(&mut self, input: &Input<'_>, messages: &mut Messages) -> Step {
        self.stage = tls_session();
        match &mut self.stage {
            Stage::Tls(session) => session.push(input, messages),
            Stage::Request | Stage::Standard => Step::Done,
        }
    }
}

/// THE PLACE WHERE TLS BEGINS: the session of the `tls` decoder takes over both directions. Without such a decoder
/// the stage is the standard one, and the caller is done.
fn tls_session() -> Stage {
    named("tls").map_or(Stage::Standard, |tls| Stage::Tls(tls.session(Carrier::Stream(&[]))))
}

fn request(packet: &[u8], messages: &mut Messages) {
    let Ok(Request { protocols }) = negotiation::request(packet) else { return };
    let message = messages.begin("rdp", "connection_request");
    message.str(&REQUESTED_PROTOCOLS, negotiation::protocol_names(protocols).as_str());
    message.operated("connect");
}

/// Returns whether TLS follows; `None` if nothing more is to be read.
fn confirm(packet: &[u8], messages: &mut Messages) -> Option<bool> {
    match negotiation::confirm(packet).ok()? {
        Confirm::Failure(code) => {
            let message = messages.begin("rdp", "connection_confirm");
            message.number(&FAILURE_CODE, code).operated("connect");
            None
        }
        Confirm::Selected(protocol) => {
            let message = messages.begin("rdp", "connection_confirm");
            message.str(&SELECTED_PROTOCOL, negotiation::protocol_names(protocol).as_str()).operated("connect");
            // Standard security, or TLS without network level authentication: whoever connects gets a sign-in screen.
            if protocol == negotiation::STANDARD || protocol == negotiation::TLS {
                message.weak(Weakness::RdpWithoutAuthentication);
            }
            Some(protocol != negotiation::STANDARD)
        }
    }
}
