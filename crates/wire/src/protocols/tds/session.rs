//! One connection, up to the answer to the sign-in ([MS-TDS] §2.2.3.1 for the header of packets).

use model::Messages;

use super::{login, prelogin};
use crate::conversation::{Interest, Stream};
use crate::protocols::{Direction, Input, Probe, Session, Step, tls};
use crate::reader::Reader;

const HEADER_BYTES: usize = 8;
/// The largest packet that can be agreed on ([MS-TDS] §2.2.6.4, PacketSize).
const PACKET_BYTES_MAX: usize = 32_767;

const SQL_BATCH: u8 = 1;
const RPC: u8 = 3;
const TABULAR_RESULT: u8 = 4;
const TRANSACTION_MANAGER: u8 = 14;
const LOGIN7: u8 = 16;
const SSPI: u8 = 17;
const PRELOGIN: u8 = 18;

/// End of message, with what else may stand beside it.
const STATUS_MAX: u8 = 0x1f;

/// What every request of version 7.2 and later begins with: all headers take 22 bytes, the one of transactions 18 of them
/// ([MS-TDS] §2.2.5.3).
const ALL_HEADERS: [u8; 10] = [22, 0, 0, 0, 18, 0, 0, 0, 2, 0];

/// Whether a client's first bytes are a packet of one of its messages: header and message both have to fit.
pub(super) fn probe(bytes: &[u8]) -> Probe {
    let [kind @ (SQL_BATCH | RPC | TRANSACTION_MANAGER | LOGIN7 | PRELOGIN), rest @ ..] = bytes else {
        return Probe::No;
    };
    let [status, high, low, _, _, _, window, message @ ..] = rest else {
        return if rest.first().is_none_or(|status| *status <= 1) { Probe::More } else { Probe::No };
    };
    let length = usize::from(u16::from_be_bytes([*high, *low]));
    if *status > STATUS_MAX || *window != 0 || !(HEADER_BYTES..=PACKET_BYTES_MAX).contains(&length) {
        return Probe::No;
    }
    let needed = match *kind {
        PRELOGIN => 5,
        LOGIN7 => 8,
        _ => ALL_HEADERS.len(),
    };
    let fits = match *kind {
        _ if message.len() < needed => return Probe::More,
        PRELOGIN => prelogin::is_prelogin(message),
        LOGIN7 => is_login(message, *status, length),
        _ => message.starts_with(&ALL_HEADERS),
    };
    if fits { Probe::Yes } else { Probe::No }
}

/// The length inside is that outside, and the version exists.
fn is_login(message: &[u8], status: u8, outside: usize) -> bool {
    let mut reader = Reader::new(message);
    let (Ok(length), Ok(version)) = (reader.u32_le("Length"), reader.u32_le("TDSVersion")) else { return false };
    let fits = if status & 1 == 1 {
        (length as usize).checked_add(HEADER_BYTES) == Some(outside)
    } else {
        length as usize >= outside.saturating_sub(HEADER_BYTES)
    };
    fits && login::version_name(version).is_some()
}

/// One connection.
#[derive(Default)]
pub(super) struct Connection {
    stage: Stage,
    /// TLS inside PRELOGIN packets.
    tls: Option<Box<Stream>>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Stage {
    #[default]
    Start,
    /// A PRELOGIN was sent; its answer comes as a result.
    Prelogin,
    /// A sign-in crossed readable.
    Login,
}

impl Session for Connection {
    fn push(&mut self, input: &Input<'_>, messages: &mut Messages) -> Step {
        let mut reader = Reader::new(input.bytes);
        let Ok([kind, status, high, low, _, _, _, _]) = reader.array::<HEADER_BYTES>("header") else {
            return Step::Wait(HEADER_BYTES);
        };
        let length = usize::from(u16::from_be_bytes([high, low]));
        // Once TLS is agreed, its records take the packets' place.
        if status > STATUS_MAX || !(HEADER_BYTES..=PACKET_BYTES_MAX).contains(&length) {
            return Step::Done;
        }
        let Ok(payload) = reader.take(length.saturating_sub(HEADER_BYTES), "data") else { return Step::Wait(length) };
        match (kind, input.direction) {
            (PRELOGIN, _) if is_tls(payload) || self.tls.is_some() => self.tls(payload, input, messages),
            (PRELOGIN, Direction::ToResponder) => {
                self.stage = Stage::Prelogin;
                let _ = prelogin::tell(payload, false, messages);
            }
            (TABULAR_RESULT, Direction::ToInitiator)
                if self.stage == Stage::Prelogin && prelogin::is_prelogin(payload) =>
            {
                let _ = prelogin::tell(payload, true, messages);
            }
            (LOGIN7, Direction::ToResponder) => {
                self.stage = Stage::Login;
                let _ = login::tell(payload, messages);
            }
            (TABULAR_RESULT, Direction::ToInitiator) if self.stage == Stage::Login => {
                let _ = login::tell_answer(payload, messages);
                return Step::Done;
            }
            (SSPI, Direction::ToResponder) | (TABULAR_RESULT, Direction::ToInitiator) => {}
            // Queries are not read.
            _ => return Step::Done,
        }
        Step::Read(length)
    }
}

impl Connection {
    fn tls(&mut self, payload: &[u8], input: &Input<'_>, messages: &mut Messages) {
        let stream = self.tls.get_or_insert_with(|| Box::new(Stream::speaking(&tls::DECODER)));
        if stream.interest() == Interest::More {
            stream.feed(&Input { bytes: payload, ..*input }, messages);
        }
    }
}

fn is_tls(payload: &[u8]) -> bool {
    matches!(payload, [tls::HANDSHAKE, 3, 0..=4, ..])
}
