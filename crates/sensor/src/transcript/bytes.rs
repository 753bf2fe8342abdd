//! Numbers, texts and addresses, one behind the other.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use model::MacAddr;

use super::reader::Broken;

/// Seven bits a byte, the lowest first, the eighth says that more follows (LEB128).
pub(super) fn put_number(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Small numbers of either sign become small numbers.
pub(super) fn put_difference(out: &mut Vec<u8>, difference: i64) {
    put_number(out, ((difference << 1) ^ (difference >> 63)) as u64);
}

pub(super) fn put_text(out: &mut Vec<u8>, text: &str) {
    put_number(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

pub(super) fn put_ip(out: &mut Vec<u8>, ip: IpAddr) {
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

/// What is left of a batch.
pub(super) struct Cursor<'a>(pub(super) &'a [u8]);

impl<'a> Cursor<'a> {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], Broken> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(Broken::Short)?;
        self.0 = rest;
        Ok(taken)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], Broken> {
        self.take(N)?.try_into().map_err(|_| Broken::Short)
    }

    pub(super) fn byte(&mut self) -> Result<u8, Broken> {
        self.array::<1>().map(|[byte]| byte)
    }

    pub(super) fn number(&mut self) -> Result<u64, Broken> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(Broken::Number)
    }

    /// A number that must fit.
    pub(super) fn small<T: TryFrom<u64>>(&mut self) -> Result<T, Broken> {
        T::try_from(self.number()?).map_err(|_| Broken::Number)
    }

    pub(super) fn difference(&mut self) -> Result<i64, Broken> {
        let number = self.number()?;
        Ok((number >> 1) as i64 ^ ((number & 1) as i64).wrapping_neg())
    }

    pub(super) fn text(&mut self, bytes_max: usize) -> Result<&'a str, Broken> {
        let length: usize = self.small()?;
        if length > bytes_max {
            return Err(Broken::Long);
        }
        std::str::from_utf8(self.take(length)?).map_err(|_| Broken::Text)
    }

    pub(super) fn mac(&mut self) -> Result<MacAddr, Broken> {
        self.array().map(MacAddr)
    }

    pub(super) fn ip(&mut self) -> Result<IpAddr, Broken> {
        match self.byte()? {
            4 => Ok(Ipv4Addr::from(self.array::<4>()?).into()),
            6 => Ok(Ipv6Addr::from(self.array::<16>()?).into()),
            _ => Err(Broken::Unknown),
        }
    }

    /// One of a list, by its place.
    pub(super) fn one_of<T: Copy>(&mut self, all: &[T]) -> Result<T, Broken> {
        all.get(self.small::<usize>()?).copied().ok_or(Broken::Unknown)
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
            assert_eq!(Cursor(&out).number().unwrap(), number);
        }
        for difference in [0, 1, -1, 63, -64, i64::MAX, i64::MIN] {
            let mut out = Vec::new();
            put_difference(&mut out, difference);
            assert_eq!(Cursor(&out).difference().unwrap(), difference);
        }
        assert!(matches!(Cursor(&[0xff; 11]).number(), Err(Broken::Number)));
    }
}
