//! Numbers, texts and addresses as bytes, one behind the other: how Cordon hands things from process to process and keeps them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::MacAddr;

/// Why bytes are not what they should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// They end in the middle of something.
    Short,
    /// A number is larger than it may be.
    Number,
    /// A text is longer than it may be.
    Long,
    /// A text is no UTF-8.
    Text,
    /// A number stands for something that is not there.
    Unknown,
}

/// Seven bits a byte, the lowest first, the eighth says that more follows (LEB128).
pub fn put_number(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Small numbers of either sign become small numbers.
pub fn put_difference(out: &mut Vec<u8>, difference: i64) {
    put_number(out, ((difference << 1) ^ (difference >> 63)) as u64);
}

/// A number that may be missing.
pub fn put_maybe(out: &mut Vec<u8>, number: Option<u64>) {
    put_number(out, number.map_or(0, |number| number.saturating_add(1)));
}

/// A text behind its length.
pub fn put_text(out: &mut Vec<u8>, text: &str) {
    put_number(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

/// An address behind its version.
pub fn put_ip(out: &mut Vec<u8>, ip: IpAddr) {
    match ip {
        IpAddr::V4(ip) => {
            out.push(4);
            out.extend_from_slice(&ip.octets());
        }
        IpAddr::V6(ip) => {
            out.push(6);
            out.extend_from_slice(&ip.octets());
        }
    }
}

/// What is left to read. The bytes may be any: nothing is believed.
#[derive(Clone, Copy, Debug)]
pub struct Cursor<'a>(pub &'a [u8]);

impl<'a> Cursor<'a> {
    /// Whether everything was read.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// So many bytes.
    pub fn take(&mut self, count: usize) -> Result<&'a [u8], Malformed> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(Malformed::Short)?;
        self.0 = rest;
        Ok(taken)
    }

    /// So many bytes.
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        self.take(N)?.try_into().map_err(|_| Malformed::Short)
    }

    /// One byte.
    pub fn byte(&mut self) -> Result<u8, Malformed> {
        let (byte, rest) = self.0.split_first().ok_or(Malformed::Short)?;
        self.0 = rest;
        Ok(*byte)
    }

    /// As [`put_number`] wrote it.
    pub fn number(&mut self) -> Result<u64, Malformed> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(Malformed::Number)
    }

    /// A number that must fit.
    pub fn small<T: TryFrom<u64>>(&mut self) -> Result<T, Malformed> {
        T::try_from(self.number()?).map_err(|_| Malformed::Number)
    }

    /// As [`put_difference`] wrote it.
    pub fn difference(&mut self) -> Result<i64, Malformed> {
        let number = self.number()?;
        Ok((number >> 1) as i64 ^ ((number & 1) as i64).wrapping_neg())
    }

    /// As [`put_maybe`] wrote it.
    pub fn maybe<T: TryFrom<u64>>(&mut self) -> Result<Option<T>, Malformed> {
        let number = self.number()?.checked_sub(1);
        number.map(|number| T::try_from(number).map_err(|_| Malformed::Number)).transpose()
    }

    /// As [`put_text`] wrote it.
    pub fn text(&mut self, bytes_max: usize) -> Result<&'a str, Malformed> {
        let length: usize = self.small()?;
        if length > bytes_max {
            return Err(Malformed::Long);
        }
        std::str::from_utf8(self.take(length)?).map_err(|_| Malformed::Text)
    }

    /// A hardware address.
    pub fn mac(&mut self) -> Result<MacAddr, Malformed> {
        self.array().map(MacAddr)
    }

    /// As [`put_ip`] wrote it.
    pub fn ip(&mut self) -> Result<IpAddr, Malformed> {
        match self.byte()? {
            4 => Ok(Ipv4Addr::from(self.array::<4>()?).into()),
            6 => Ok(Ipv6Addr::from(self.array::<16>()?).into()),
            _ => Err(Malformed::Unknown),
        }
    }

    /// One of a list, by its place.
    pub fn one_of<T: Copy>(&mut self, all: &[T]) -> Result<T, Malformed> {
        all.get(self.small::<usize>()?).copied().ok_or(Malformed::Unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back() {
        for number in [0, 1, 127, 128, 300, u64::from(u32::MAX), u64::MAX] {
            let mut out = Vec::new();
            put_number(&mut out, number);
            assert_eq!(Cursor(&out).number(), Ok(number));
        }
        for difference in [0, 1, -1, 63, -64, i64::MAX, i64::MIN] {
            let mut out = Vec::new();
            put_difference(&mut out, difference);
            assert_eq!(Cursor(&out).difference(), Ok(difference));
        }
        for maybe in [None, Some(0), Some(65_535)] {
            let mut out = Vec::new();
            put_maybe(&mut out, maybe);
            assert_eq!(Cursor(&out).maybe(), Ok(maybe));
        }
        assert_eq!(Cursor(&[0xff; 11]).number(), Err(Malformed::Number));
        assert_eq!(Cursor(&[0x80]).number(), Err(Malformed::Short));
    }

    #[test]
    fn nothing_is_believed() {
        assert_eq!(Cursor(&[3, b'a', b'b']).text(10), Err(Malformed::Short));
        assert_eq!(Cursor(&[3, b'a', b'b', b'c']).text(2), Err(Malformed::Long));
        assert_eq!(Cursor(&[1, 0xff]).text(10), Err(Malformed::Text));
        assert_eq!(Cursor(&[5, 1, 2, 3, 4]).ip(), Err(Malformed::Unknown));
        assert_eq!(Cursor(&[2]).one_of(&[7, 8]), Err(Malformed::Unknown));
    }
}
