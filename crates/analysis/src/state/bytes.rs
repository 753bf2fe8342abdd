//! Numbers, texts, times and addresses, one behind the other.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use hashbrown::HashMap;
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
    /// Seven bits a byte, the lowest first, the eighth says that more follows (LEB128).
    pub(crate) fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.out.push((number & 0x7f) as u8 | 0x80);
            number >>= 7;
        }
        self.out.push(number as u8);
    }

    pub(crate) fn byte(&mut self, byte: u8) {
        self.out.push(byte);
    }

    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
    }

    /// Small numbers of either sign become small numbers.
    pub(crate) fn difference(&mut self, difference: i64) {
        self.number(((difference << 1) ^ (difference >> 63)) as u64);
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
        self.count(text.len());
        self.raw(text.as_bytes());
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
        match ip {
            IpAddr::V4(ip) => {
                self.byte(4);
                self.raw(&ip.octets());
            }
            IpAddr::V6(ip) => {
                self.byte(6);
                self.raw(&ip.octets());
            }
        }
    }

    /// A number that may be missing.
    pub(crate) fn maybe(&mut self, number: Option<u16>) {
        self.number(number.map_or(0, |number| u64::from(number).saturating_add(1)));
    }
}

/// Reads what a [`Writer`] wrote, and nothing else.
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
    time: i64,
    texts: Vec<Arc<str>>,
    /// How many entities there are: none is named that is not.
    pub(crate) entities: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, time: 0, texts: Vec::new(), entities: 0 }
    }

    /// Bytes that are left.
    pub(super) fn left(&self) -> usize {
        self.rest.len()
    }

    pub(crate) fn take(&mut self, count: usize) -> Result<&'a [u8], Damage> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(Damage::Short)?;
        self.rest = rest;
        Ok(taken)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], Damage> {
        self.take(N)?.try_into().map_err(|_| Damage::Short)
    }

    pub(crate) fn byte(&mut self) -> Result<u8, Damage> {
        let (byte, rest) = self.rest.split_first().ok_or(Damage::Short)?;
        self.rest = rest;
        Ok(*byte)
    }

    pub(crate) fn number(&mut self) -> Result<u64, Damage> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(Damage::Number)
    }

    /// A number that must fit.
    pub(crate) fn small<T: TryFrom<u64>>(&mut self) -> Result<T, Damage> {
        T::try_from(self.number()?).map_err(|_| Damage::Number)
    }

    pub(crate) fn difference(&mut self) -> Result<i64, Damage> {
        let number = self.number()?;
        Ok((number >> 1) as i64 ^ ((number & 1) as i64).wrapping_neg())
    }

    /// How many follow, each of at least one byte.
    pub(crate) fn count(&mut self, most: usize) -> Result<usize, Damage> {
        let count: usize = self.small()?;
        match count {
            _ if count > most => Err(Damage::Many),
            _ if count > self.rest.len() => Err(Damage::Short),
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
        let length: usize = self.small()?;
        std::str::from_utf8(self.take(length)?).map_err(|_| Damage::Text)
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

    pub(crate) fn mac(&mut self) -> Result<MacAddr, Damage> {
        self.array().map(MacAddr)
    }

    pub(crate) fn ip(&mut self) -> Result<IpAddr, Damage> {
        match self.byte()? {
            4 => Ok(Ipv4Addr::from(self.array::<4>()?).into()),
            6 => Ok(Ipv6Addr::from(self.array::<16>()?).into()),
            _ => Err(Damage::Number),
        }
    }

    pub(crate) fn maybe(&mut self) -> Result<Option<u16>, Damage> {
        self.number()?.checked_sub(1).map(|number| u16::try_from(number).map_err(|_| Damage::Number)).transpose()
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
    fn numbers_come_back() {
        for number in [0, 1, 127, 128, 300, u64::from(u32::MAX), u64::MAX] {
            let mut out = Writer::default();
            out.number(number);
            assert_eq!(Reader::new(&out.out).number(), Ok(number));
        }
        for difference in [0, 1, -1, 63, -64, i64::MAX, i64::MIN] {
            let mut out = Writer::default();
            out.time(Timestamp(7));
            out.time(Timestamp(difference));
            let mut reader = Reader::new(&out.out);
            assert_eq!((reader.time(), reader.time()), (Ok(Timestamp(7)), Ok(Timestamp(difference))));
        }
        assert_eq!(Reader::new(&[0xff; 11]).number(), Err(Damage::Number));
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
