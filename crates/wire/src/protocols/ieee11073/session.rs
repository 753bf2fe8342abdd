//! One connection: APDUs, each a choice, a length and what it holds (20601 annex A.7).

use model::Messages;

use super::association::{self, PROTOCOL};
use super::data::{self, DATA_BYTES, Data};
use crate::protocols::{Input, Probe, Session, Step};
use crate::reader::Reader;

/// The longest APDU that is read whole; measurements stored for weeks are longer, and passed over.
const APDU_BYTES_MAX: usize = 8 * 1_024;
const HEADER_BYTES: usize = 4;

const ASSOCIATION_REQUEST: u16 = 0xe200;
const ASSOCIATION_RESPONSE: u16 = 0xe300;
const PRESENTATION: u16 = 0xe700;

/// Whether a side's first bytes are an APDU: its head alone is little proof, what it holds has to fit.
pub(super) fn probe(bytes: &[u8]) -> Probe {
    let [0xe2 | 0xe7, rest @ ..] = bytes else { return Probe::No };
    if rest.first().is_some_and(|second| *second != 0) {
        return Probe::No;
    }
    let mut reader = Reader::new(bytes);
    let (Ok(choice), Ok(length)) = (reader.u16("choice"), reader.u16("length")) else { return Probe::More };
    let body = reader.rest();
    let (needed, fits) = match choice {
        // Version 1 of associating, protocols that fill the rest, the first of them 20601.
        ASSOCIATION_REQUEST => (
            10,
            matches!(body, [0x80, 0, 0, 0, 0, 1..=16, high, low, first, second, ..]
            if usize::from(u16::from_be_bytes([*high, *low])).checked_add(8) == Some(usize::from(length))
                && u16::from_be_bytes([*first, *second]) == PROTOCOL),
        ),
        _ => (DATA_BYTES, data::is_data(body, usize::from(length))),
    };
    match (fits, body.len() < needed) {
        (true, _) => Probe::Yes,
        (false, true) => Probe::More,
        (false, false) => Probe::No,
    }
}

/// One connection.
#[derive(Default)]
pub(super) struct Connection {
    /// That measurements cross was told.
    told: bool,
}

impl Session for Connection {
    fn push(&mut self, input: &Input<'_>, messages: &mut Messages) -> Step {
        let mut reader = Reader::new(input.bytes);
        let head = reader.u16("choice").and_then(|choice| Ok((choice, usize::from(reader.u16("length")?))));
        let Ok((choice, length)) = head else { return Step::Wait(HEADER_BYTES) };
        if !matches!(choice, ASSOCIATION_REQUEST..=PRESENTATION) || choice & 0xff != 0 {
            return Step::Done;
        }
        let whole = length.saturating_add(HEADER_BYTES);
        // Releases and aborts say nothing.
        let is_read = matches!(choice, ASSOCIATION_REQUEST | ASSOCIATION_RESPONSE | PRESENTATION);
        if !is_read || whole > APDU_BYTES_MAX {
            return match whole.checked_sub(input.bytes.len()) {
                None | Some(0) => Step::Read(whole),
                Some(missing) => Step::Skip(missing as u64),
            };
        }
        let Ok(body) = reader.take(length, "APDU") else { return Step::Wait(whole) };
        // What breaks a rule tells nothing, and the next APDU begins where this one says.
        let _ = match choice {
            ASSOCIATION_REQUEST => association::request(body, messages),
            ASSOCIATION_RESPONSE => association::response(body, messages),
            _ => data::read(body, messages).map(|data| {
                if data == Data::Measurements && !std::mem::replace(&mut self.told, true) {
                    data::tell_measurements(messages);
                }
            }),
        };
        Step::Read(whole)
    }
}
