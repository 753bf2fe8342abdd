//! Tag, length, value (X.690): what SNMP, certificates and SPNEGO are written in.

use crate::bytes::{Bytes, length16};

/// SEQUENCE.
pub const SEQUENCE: u8 = 0x30;
/// OCTET STRING.
pub const OCTETS: u8 = 0x04;

/// A value with its tag and length.
pub fn value(tag: u8, bytes: impl AsRef<[u8]>) -> Bytes {
    let bytes = bytes.as_ref();
    let start = Bytes::new().u8(tag);
    let start = match u8::try_from(bytes.len()) {
        Ok(short @ 0..=127) => start.u8(short),
        Ok(long) => start.raw([0x81, long]),
        Err(_) => start.u8(0x82).u16(length16(bytes)),
    };
    start.raw(bytes)
}

/// Several values after one another in one SEQUENCE.
pub fn sequence(values: &[Bytes]) -> Bytes {
    value(SEQUENCE, joined(values))
}

/// Several values after one another.
fn joined(values: &[Bytes]) -> Bytes {
    values.iter().fold(Bytes::new(), |all, value| all.raw(value))
}

/// INTEGER, not negative.
pub fn integer(number: u32) -> Bytes {
    unsigned(0x02, &number.to_be_bytes())
}

/// A number that is not negative, in as few bytes as hold it.
pub fn unsigned(tag: u8, bytes: &[u8]) -> Bytes {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count().min(bytes.len().saturating_sub(1));
    let bytes = bytes.get(zeros..).unwrap_or_default();
    let sign = if bytes.first().is_some_and(|byte| *byte > 0x7f) { 1 } else { 0 };
    value(tag, Bytes::new().zeros(sign).raw(bytes))
}

/// OBJECT IDENTIFIER, as in `1.3.6.1`.
pub fn object(text: &str) -> Bytes {
    let mut numbers = text.split('.').map(|number| number.parse::<u32>().unwrap_or(0));
    let (first, second) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    let start = first.saturating_mul(40).saturating_add(second);
    let bytes = std::iter::once(start).chain(numbers).fold(Bytes::new(), |bytes, number| bytes.raw(base_128(number)));
    value(0x06, bytes)
}

/// Seven bits in a byte, all but the last marked.
fn base_128(number: u32) -> Vec<u8> {
    let groups = [28, 21, 14, 7, 0].map(|shift| u8::try_from(number >> shift & 0x7f).unwrap_or(0));
    let zeros = groups.iter().take_while(|group| **group == 0).count().min(4);
    let mut bytes: Vec<u8> = groups.iter().skip(zeros).map(|group| group | 0x80).collect();
    if let Some(last) = bytes.last_mut() {
        *last &= 0x7f;
    }
    bytes
}
