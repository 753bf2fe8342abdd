//! What devices and flows have in common: pieces of bytes that do not move, and texts that repeat.

use std::hash::Hash;
use std::sync::Arc;

use hashbrown::HashMap;
use model::bytes::{Cursor, Malformed, put_difference, put_number};
use model::{Timestamp, bytes};

/// Bytes are kept in pieces of this size, so that nothing large is ever copied.
const PIECE_BYTES: usize = 1 << 20;
/// Decimals of what is rounded: numbers that have no more of them are kept as whole numbers.
const DECIMALS: f64 = 10_000.0;
/// Larger ones would not be exact any more.
const WHOLE_MAX: f64 = 9e15;

/// Entries one behind the other, found by their number.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    pieces: Vec<Vec<u8>>,
    /// The piece of each entry, and where in it the entry begins.
    places: Vec<(u32, u32)>,
}

impl Pieces {
    /// How many entries there are.
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// Adds an entry that `write` writes.
    pub(super) fn push(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        let place = self.written(write);
        self.places.push(place);
    }

    /// Another entry in the place of one. What was there is let go with the whole.
    pub(super) fn replace(&mut self, number: usize, write: impl FnOnce(&mut Vec<u8>)) {
        let written = self.written(write);
        if let Some(place) = self.places.get_mut(number) {
            *place = written;
        }
    }

    fn written(&mut self, write: impl FnOnce(&mut Vec<u8>)) -> (u32, u32) {
        if self.pieces.last().is_none_or(|piece| piece.len() >= PIECE_BYTES) {
            // Room for the last entry, that begins before the end.
            self.pieces.push(Vec::with_capacity(PIECE_BYTES.saturating_add(PIECE_BYTES / 64)));
        }
        let piece = self.pieces.len().saturating_sub(1) as u32;
        let Some(bytes) = self.pieces.last_mut() else { return (piece, 0) };
        let begin = bytes.len() as u32;
        write(bytes);
        (piece, begin)
    }

    /// An entry, and whatever stands behind it.
    pub(super) fn get(&self, number: usize) -> Option<Cursor<'_>> {
        let (piece, begin) = *self.places.get(number)?;
        self.pieces.get(piece as usize)?.get(begin as usize..).map(Cursor)
    }

    /// Gives back what was kept for more.
    pub(super) fn shrink(&mut self) {
        self.places.shrink_to_fit();
        if let Some(last) = self.pieces.last_mut() {
            last.shrink_to_fit();
        }
    }
}

/// Things that repeat, each kept once.
#[derive(Debug)]
pub(super) struct Table<T> {
    all: Vec<T>,
    numbers: HashMap<T, u64>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { all: Vec::new(), numbers: HashMap::new() }
    }
}

impl<T: Clone + Eq + Hash> Table<T> {
    /// Writes a thing as its number.
    pub(super) fn put(&mut self, out: &mut Vec<u8>, thing: &T) {
        let next = self.all.len() as u64;
        let number = *self.numbers.entry_ref(thing).or_insert_with(|| {
            self.all.push(thing.clone());
            next
        });
        put_number(out, number);
    }

    /// Reads a thing.
    pub(super) fn get(&self, cursor: &mut Cursor<'_>) -> Result<T, Malformed> {
        self.all.get(cursor.small::<usize>()?).cloned().ok_or(Malformed::Unknown)
    }
}

impl Table<Arc<str>> {
    /// Writes a text as its number.
    pub(super) fn put_text(&mut self, out: &mut Vec<u8>, text: &str) {
        let number = match self.numbers.get(text) {
            Some(number) => *number,
            None => {
                let (number, text): (u64, Arc<str>) = (self.all.len() as u64, text.into());
                self.all.push(Arc::clone(&text));
                self.numbers.insert(text, number);
                number
            }
        };
        put_number(out, number);
    }
}

/// A time as the difference to another.
pub(super) fn put_time(out: &mut Vec<u8>, time: Timestamp, base: Timestamp) {
    put_difference(out, time.0.wrapping_sub(base.0));
}

/// Reads a time.
pub(super) fn time(cursor: &mut Cursor<'_>, base: Timestamp) -> Result<Timestamp, Malformed> {
    Ok(Timestamp(base.0.wrapping_add(cursor.difference()?)))
}

/// A number with a fraction; one of at most four decimals takes few bytes.
pub(super) fn put_decimal(out: &mut Vec<u8>, number: f64) {
    let rounded = (number * DECIMALS).round();
    let whole = if rounded.abs() < WHOLE_MAX { rounded as i64 } else { 0 };
    // All bits: zero has a sign.
    if (whole as f64 / DECIMALS).to_bits() == number.to_bits() {
        // Zero says that all bits follow.
        put_number(out, (((whole << 1) ^ (whole >> 63)) as u64).saturating_add(1));
    } else {
        put_number(out, 0);
        out.extend_from_slice(&number.to_bits().to_le_bytes());
    }
}

/// Reads a number with a fraction.
pub(super) fn decimal(cursor: &mut Cursor<'_>) -> Result<f64, Malformed> {
    match cursor.number()?.checked_sub(1) {
        Some(number) => {
            let whole = (number >> 1) as i64 ^ ((number & 1) as i64).wrapping_neg();
            Ok(whole as f64 / DECIMALS)
        }
        None => Ok(f64::from_bits(u64::from_le_bytes(cursor.array()?))),
    }
}

/// A text that may be missing.
pub(super) fn put_maybe_text(out: &mut Vec<u8>, text: Option<&str>) {
    out.push(u8::from(text.is_some()));
    if let Some(text) = text {
        bytes::put_text(out, text);
    }
}

/// Reads a text that may be missing.
pub(super) fn maybe_text(cursor: &mut Cursor<'_>) -> Result<Option<String>, Malformed> {
    Ok(if cursor.byte()? == 0 { None } else { Some(text(cursor)?.to_owned()) })
}

/// Reads a text.
pub(super) fn text<'a>(cursor: &mut Cursor<'a>) -> Result<&'a str, Malformed> {
    cursor.text(usize::MAX)
}

/// Reads as many as were counted.
pub(super) fn list<'a, T>(
    cursor: &mut Cursor<'a>,
    mut one: impl FnMut(&mut Cursor<'a>) -> Result<T, Malformed>,
) -> Result<Vec<T>, Malformed> {
    let count: usize = cursor.small()?;
    // Each takes a byte at least: no count makes room for more than there are bytes.
    let mut all = Vec::with_capacity(count.min(cursor.0.len()));
    for _ in 0..count {
        all.push(one(cursor)?);
    }
    Ok(all)
}

/// Writes how many there are, and each.
pub(super) fn put_list<T>(out: &mut Vec<u8>, all: &[T], mut one: impl FnMut(&mut Vec<u8>, &T)) {
    put_number(out, all.len() as u64);
    for each in all {
        one(out, each);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_with_fractions_come_back_to_the_last_bit() {
        for number in [0.0, -0.0, 0.1, 0.9755, -12.3456, 24.0, 1.0 / 3.0, 1e300, f64::MIN_POSITIVE, f64::INFINITY] {
            let mut out = Vec::new();
            put_decimal(&mut out, number);
            assert_eq!(decimal(&mut Cursor(&out)).unwrap().to_bits(), number.to_bits(), "{number}");
        }
        let mut out = Vec::new();
        put_decimal(&mut out, 0.9755);
        assert_eq!(out.len(), 3);
    }

    #[test]
    fn entries_are_found_and_replaced() {
        let mut pieces = Pieces::default();
        for number in 0..3_000_u64 {
            pieces.push(|out| {
                put_number(out, number);
                out.extend_from_slice(&[7; 1_000]);
            });
        }
        pieces.replace(17, |out| put_number(out, 99));
        let read = |number: usize| pieces.get(number).unwrap().number().unwrap();
        assert_eq!((read(0), read(17), read(2_999), pieces.len()), (0, 99, 2_999, 3_000));
        assert!(pieces.get(3_000).is_none());
    }
}
