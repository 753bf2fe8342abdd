//! Any bytes as a conversation with one decoder: what the fuzz targets do, and how a golden message becomes a seed for them.
//!
//! The first byte says how many bytes of a stream are given at a time (sixteen times as many of a datagram), the second how
//! to read the rest: as one piece ([`TAKING_TURNS`]), or [`IN_PIECES`].

use model::Messages;

use super::{Carrier, Context, Decoder, Direction, Input, Opening, named};
use crate::conversation::Stream;

/// What is given at a time comes from either side in turn; the port is hinted at.
const TAKING_TURNS: u8 = 0x01;
/// Pieces follow, each behind two bytes: its length in the lower bits, and [`BACK`] and [`AFTER_A_GAP`].
const IN_PIECES: u8 = 0x02;
/// The piece comes from the responder.
const BACK: u16 = 0x8000;
/// Bytes are missing before the piece.
const AFTER_A_GAP: u16 = 0x4000;
/// The longest piece, in bytes.
const PIECE_BYTES_MAX: u16 = 0x3fff;

/// What is said at once, and whether something is missing before it.
type Piece<'a> = (Direction, bool, &'a [u8]);

/// Feeds arbitrary bytes to one decoder, cut where the bytes themselves say.
pub fn exercise(name: &str, data: &[u8]) {
    let Some(decoder) = named(name) else { return };
    let [cut, how, data @ ..] = data else { return };
    let step = usize::from(*cut).max(1);
    for carrier in decoder.carriers() {
        let is_stream = matches!(carrier, Carrier::Stream(_) | Carrier::Body(_));
        let step = if is_stream { step } else { step.saturating_mul(16) };
        let said = if how & IN_PIECES == 0 {
            let turns = how & TAKING_TURNS != 0;
            data.chunks(step)
                .enumerate()
                .map(|(index, bytes)| (toward(turns && index & 1 == 1), false, bytes))
                .collect()
        } else {
            chunks(data, step)
        };
        let initiator = said.first().map_or(&[][..], |(.., bytes)| bytes);
        let _ = decoder.probe(&Opening { initiator, responder: &[], hinted: how & TAKING_TURNS != 0 });
        converse(decoder, *carrier, &said);
    }
}

/// The bytes with which [`exercise`] says these pieces, as in a golden message.
pub fn seed(pieces: &[(Direction, Vec<u8>)]) -> Vec<u8> {
    let mut seed = vec![u8::MAX, IN_PIECES];
    for (direction, bytes) in pieces {
        for bytes in bytes.chunks(usize::from(PIECE_BYTES_MAX)) {
            let length = u16::try_from(bytes.len()).unwrap_or(PIECE_BYTES_MAX);
            let back = if *direction == Direction::ToInitiator { BACK } else { 0 };
            seed.extend((length | back).to_be_bytes());
            seed.extend_from_slice(bytes);
        }
    }
    seed
}

/// What [`exercise`] says of these bytes, uncut: the reverse of [`seed`].
pub fn pieces(data: &[u8]) -> Vec<(Direction, Vec<u8>)> {
    let said = match data {
        [_, how, data @ ..] if how & IN_PIECES != 0 => chunks(data, usize::from(PIECE_BYTES_MAX)),
        [_, _, data @ ..] => vec![(Direction::ToResponder, false, data)],
        _ => Vec::new(),
    };
    said.into_iter().map(|(direction, _, bytes)| (direction, bytes.to_vec())).collect()
}

const fn toward(back: bool) -> Direction {
    if back { Direction::ToInitiator } else { Direction::ToResponder }
}

fn chunks(mut data: &[u8], step: usize) -> Vec<Piece<'_>> {
    let mut said = Vec::new();
    while let [high, low, rest @ ..] = data {
        let head = u16::from_be_bytes([*high, *low]);
        let (bytes, rest) = rest.split_at_checked(usize::from(head & PIECE_BYTES_MAX)).unwrap_or((rest, &[]));
        for (index, bytes) in bytes.chunks(step).enumerate() {
            said.push((toward(head & BACK != 0), head & AFTER_A_GAP != 0 && index == 0, bytes));
        }
        data = rest;
    }
    said
}

fn converse(decoder: &'static dyn Decoder, carrier: Carrier, said: &[Piece<'_>]) {
    let (mut messages, context) = (Messages::new(), Context::default());
    let mut stream = Stream::speaking(decoder);
    let mut session = decoder.session(carrier);
    for (direction, is_after_a_gap, bytes) in said {
        let input = Input { bytes, direction: *direction, context: &context };
        if let Carrier::Stream(_) | Carrier::Body(_) = carrier {
            if *is_after_a_gap {
                stream.gap(*direction, u64::from(AFTER_A_GAP));
            }
            stream.feed(&input, &mut messages);
        } else {
            session.push(&input, &mut messages);
        }
        messages.clear();
    }
}
