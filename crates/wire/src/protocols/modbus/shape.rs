//! Whether bytes have the shape of a message: the header holds little, so the function's own lengths must fit.

use super::super::Probe;
use super::{ENCAPSULATED, HEADER_BYTES, REFUSED};

/// What the header's length can be: unit and function at least, unit and 253 bytes at most.
pub(super) const LENGTHS: std::ops::RangeInclusive<usize> = 2..=254;
/// Once a connection is recognised, longer ones are read too: makers' own functions go beyond (Unity programming, 90).
pub(super) const LENGTHS_READ: std::ops::RangeInclusive<usize> = 2..=1_024;
/// Bytes of the protocol data unit that are looked at.
const SHAPE_BYTES_MAX: usize = 10;

/// The protocol identifier: zero.
pub(super) fn protocol(bytes: &[u8]) -> Option<u16> {
    bytes.get(2..4).and_then(|bytes| bytes.first_chunk()).map(|bytes| u16::from_be_bytes(*bytes))
}

/// How many bytes follow the header.
pub(super) fn length(bytes: &[u8]) -> Option<usize> {
    bytes.get(4..6).and_then(|bytes| bytes.first_chunk()).map(|bytes| usize::from(u16::from_be_bytes(*bytes)))
}

/// Whether an answer has the transaction, the unit and the function of a request.
pub(super) fn answers(answer: &[u8], request: &[u8]) -> bool {
    let key = |bytes: &[u8]| match *bytes {
        [a, b, _, _, _, _, unit, function, ..] => Some((a, b, unit, function & !REFUSED)),
        _ => None,
    };
    key(answer).is_some() && key(answer) == key(request)
}

/// Whether bytes begin a request or an answer.
pub(super) fn probe(bytes: &[u8], hinted: bool) -> Probe {
    if bytes.iter().skip(2).take(3).any(|byte| *byte != 0) {
        return Probe::No;
    }
    let Some(length) = length(bytes) else { return Probe::More };
    if !LENGTHS.contains(&length) {
        return Probe::No;
    }
    let unit = bytes.get(HEADER_BYTES.saturating_add(1)..).unwrap_or_default();
    // The unit identifier is not part of it.
    let length = length.saturating_sub(1);
    if unit.len() < length.min(SHAPE_BYTES_MAX) {
        return Probe::More;
    }
    let Some(function) = unit.first().copied() else { return Probe::More };
    let fits = match function {
        0 => false,
        code if code & REFUSED != 0 => length == 2 && matches!(unit, [_, 1..=11, ..]),
        _ => shapes(function, unit, length).unwrap_or(hinted),
    };
    if fits { Probe::Yes } else { Probe::No }
}

/// Whether bytes begin with a whole message as far as the header alone says.
pub(super) fn framed(bytes: &[u8]) -> Probe {
    if bytes.iter().skip(2).take(3).any(|byte| *byte != 0) {
        return Probe::No;
    }
    match length(bytes) {
        Some(length) if !LENGTHS.contains(&length) => Probe::No,
        Some(length) if bytes.len() >= HEADER_BYTES.saturating_add(length) => Probe::Yes,
        _ => Probe::More,
    }
}

/// Whether the length is one that a request or an answer of that function has; `None` for a function whose form is
/// not public (MODBUS Application Protocol §6).
fn shapes(function: u8, unit: &[u8], length: usize) -> Option<bool> {
    // A length that is the value of the byte at an index, and what stands before it.
    let counted = |index: usize| {
        let count = unit.get(index).copied().map_or(usize::MAX, usize::from);
        count.saturating_add(index).saturating_add(1) == length
    };
    Some(match function {
        1..=4 => length == 5 || counted(1),
        5 | 6 => length == 5,
        7 => length <= 2,
        8 => length >= 3 && !length.is_multiple_of(2),
        11 => length == 1 || length == 5,
        12 | 17 => length == 1 || counted(1),
        15 | 16 => length == 5 || counted(5),
        20 | 21 => counted(1),
        22 => length == 7,
        23 => counted(9) || counted(1),
        24 => length == 3 || length >= 5,
        ENCAPSULATED => matches!(unit, [_, 13 | 14, ..]) && length >= 3,
        _ => return None,
    })
}
