//! Numbers, texts, times and addresses, one behind the other.

use std::net::IpAddr;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use hashbrown::HashMap;
use model::bytes::{Cursor, Malformed, put_difference, put_ip, put_maybe, put_number, put_text};
use model::observation::FrameRef;
use model::{MacAddr, Timestamp};

use super::Damage;
use crate::stations::EntityId;

/// Writes; what repeats is written once, and then by its number.
#[derive(Default)]
pub(crate) struct Writer<'a> {
    pub(super) out: Vec<u8>,
    /// Times are written as the difference to the one before.
    time: i64,
    texts: HashMap<&'a str, u64>,
    /// Claims of rules by where they lie, and their weight.
    pub(crate) claims: HashMap<(usize, usize, u32), u64>,
}

impl<'a> Writer<'a> {
    pub(crate) fn number(&mut self, number: u64) {
        put_number(&mut self.out, number);
    }

    pub(crate) fn byte(&mut self, byte: u8) {
        self.out.push(byte);
    }

    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
    }

    pub(crate) fn difference(&mut self, difference: i64) {
        put_difference(&mut self.out, difference);
    }

    /// How many follow.
    pub(crate) fn count(&mut self, count: usize) {
        self.number(count as u64);
    }

    pub(crate) fn time(&mut self, time: Timestamp) {
        self.difference(time.0.wrapping_sub(self.time));
        self.time = time.0;
    }

    pub(crate) fn frame(&mut self, frame: FrameRef) {
        self.number(u64::from(frame.capture));
        self.number(frame.number);
    }

    pub(crate) fn entity(&mut self, entity: EntityId) {
        self.number(u64::from(entity.number()));
    }

    /// A text that stands once.
    pub(crate) fn single_text(&mut self, text: &str) {
        put_text(&mut self.out, text);
    }

    /// A text that may stand elsewhere as well.
    pub(crate) fn text(&mut self, text: &'a str) {
        let next = self.texts.len() as u64;
        let number = *self.texts.entry(text).or_insert(next);
        self.number(number);
        if number == next {
            self.single_text(text);
        }
    }

    pub(crate) fn mac(&mut self, mac: MacAddr) {
        self.raw(&mac.0);
    }

    pub(crate) fn ip(&mut self, ip: IpAddr) {
        put_ip(&mut self.out, ip);
    }

    /// A number that may be missing.
    pub(crate) fn maybe(&mut self, number: Option<u16>) {
        put_maybe(&mut self.out, number.map(u64::from));
    }
}

/// Reads what a [`Writer`] wrote, and nothing else.
pub(crate) struct Reader<'a> {
    cursor: Cursor<'a>,
    time: i64,
    texts: Vec<Arc<str>>,
    /// How many entities there are: none is named that is not.
    pub(crate) entities: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { cursor: Cursor(bytes), time: 0, texts: Vec::new(), entities: 0 }
    }

    /// Bytes that are left.
    pub(super) fn left(&self) -> usize {
        self.cursor.0.len()
    }

    /// How many follow, each of at least one byte.
    pub(crate) fn count(&mut self, most: usize) -> Result<usize, Damage> {
        let count: usize = self.small()?;
        match count {
            _ if count > most => Err(Damage::Many),
            _ if count > self.cursor.0.len() => Err(Damage::Short),
            _ => Ok(count),
        }
    }

    pub(crate) fn time(&mut self) -> Result<Timestamp, Damage> {
        self.time = self.time.wrapping_add(self.difference()?);
        Ok(Timestamp(self.time))
    }

    pub(crate) fn frame(&mut self) -> Result<FrameRef, Damage> {
        Ok(FrameRef { capture: self.small()?, number: self.number()? })
    }

    pub(crate) fn entity(&mut self) -> Result<EntityId, Damage> {
        let number: u32 = self.small()?;
        if number as usize >= self.entities {
            return Err(Damage::Reference);
        }
        Ok(EntityId::numbered(number))
    }

    pub(crate) fn single_text(&mut self) -> Result<&'a str, Damage> {
        Ok(self.cursor.text(usize::MAX)?)
    }

    pub(crate) fn text(&mut self) -> Result<Arc<str>, Damage> {
        let number: usize = self.small()?;
        if let Some(text) = self.texts.get(number) {
            return Ok(Arc::clone(text));
        }
        if number != self.texts.len() {
            return Err(Damage::Reference);
        }
        let text: Arc<str> = self.single_text()?.into();
        self.texts.push(Arc::clone(&text));
        Ok(text)
    }
}

/// Whatever a cursor reads, this reads.
impl<'a> Deref for Reader<'a> {
    type Target = Cursor<'a>;

    fn deref(&self) -> &Cursor<'a> {
        &self.cursor
    }
}

impl DerefMut for Reader<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.cursor
    }
}

impl From<Malformed> for Damage {
    fn from(malformed: Malformed) -> Self {
        match malformed {
            Malformed::Short => Self::Short,
            Malformed::Number => Self::Number,
            Malformed::Long => Self::Many,
            Malformed::Text => Self::Text,
            Malformed::Unknown => Self::Reference,
        }
    }
}

/// Room for as many as were announced, but no more than what is left can hold.
pub(crate) fn room<T>(count: usize, reader: &Reader<'_>, bytes_min: usize) -> Vec<T> {
    Vec::with_capacity(count.min(reader.left().checked_div(bytes_min).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_come_back() {
        for time in [0, 1, -1, 63, -64, i64::MAX, i64::MIN].map(Timestamp) {
            let mut out = Writer::default();
            out.time(Timestamp(7));
            out.time(time);
            let mut reader = Reader::new(&out.out);
            assert_eq!((reader.time(), reader.time()), (Ok(Timestamp(7)), Ok(time)));
        }
    }

    #[test]
    fn a_text_that_repeats_is_written_once() {
        let mut out = Writer::default();
        for text in ["pump", "", "pump", "", "pump"] {
            out.text(text);
        }
        assert_eq!(out.out.len(), 5 + 5 + 1);
        let mut reader = Reader::new(&out.out);
        let back: Vec<Arc<str>> = std::iter::from_fn(|| reader.text().ok()).collect();
        assert_eq!(back.iter().map(AsRef::as_ref).collect::<Vec<_>>(), ["pump", "", "pump", "", "pump"]);
        assert!(Arc::ptr_eq(&back[0], &back[4]));
    }
}
