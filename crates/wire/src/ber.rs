//! The basic encoding rules (ITU-T X.690), as far as SNMP (RFC 3417 §8), LDAP (RFC 4511 §5.1) and Kerberos (RFC 4120 §5)
//! use them: definite lengths, one-byte tags.

use crate::protocols::DecodeError;
use crate::reader::Reader;
use crate::stack_text::StackText;

pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(crate) const SEQUENCE: u8 = 0x30;

/// The most sub-identifiers of an object identifier (RFC 2578 §3.5).
const SUB_IDENTIFIERS_MAX: usize = 128;

/// The next element's tag, and the length of its content in bytes.
pub(crate) fn header(reader: &mut Reader<'_>, field: &'static str) -> Result<(u8, usize), DecodeError> {
    let tag = reader.u8(field)?;
    let length = match reader.u8(field)? {
        short @ 0..=0x7f => u32::from(short),
        0x81 => u32::from(reader.u8(field)?),
        0x82 => u32::from(reader.u16(field)?),
        0x83 => reader.u24(field)?,
        0x84 => reader.u32(field)?,
        _ => return Err(DecodeError::Malformed { field, rule: "has a definite length of four bytes at most" }),
    };
    Ok((tag, usize::try_from(length).unwrap_or(usize::MAX)))
}

/// The next element's tag and content.
pub(crate) fn element<'a>(reader: &mut Reader<'a>, field: &'static str) -> Result<(u8, &'a [u8]), DecodeError> {
    let (tag, length) = header(reader, field)?;
    Ok((tag, reader.take(length, field)?))
}

/// The content of the next element, which must have that tag.
pub(crate) fn tagged<'a>(reader: &mut Reader<'a>, tag: u8, field: &'static str) -> Result<&'a [u8], DecodeError> {
    match element(reader, field)? {
        (found, content) if found == tag => Ok(content),
        _ => Err(DecodeError::Malformed { field, rule: "has its type's tag" }),
    }
}

/// The next element, a sequence.
pub(crate) fn sequence<'a>(reader: &mut Reader<'a>, field: &'static str) -> Result<Reader<'a>, DecodeError> {
    tagged(reader, SEQUENCE, field).map(Reader::new)
}

/// The next element, an integer of four bytes at most.
pub(crate) fn integer(reader: &mut Reader<'_>, field: &'static str) -> Result<i64, DecodeError> {
    let content = tagged(reader, INTEGER, field)?;
    // Unsigned values of 32 bits take a leading zero.
    if !(1..=5).contains(&content.len()) {
        return Err(DecodeError::Malformed { field, rule: "is an integer of 32 bits" });
    }
    let sign = if content.first().is_some_and(|byte| byte & 0x80 != 0) { -1 } else { 0 };
    Ok(content.iter().fold(sign, |value: i64, byte| value << 8 | i64::from(*byte)))
}

/// An object identifier's content as text, `1.3.6.1`; `None` if a sub-identifier is longer than 32 bits or cut.
pub(crate) fn object_identifier(content: &[u8]) -> Option<StackText> {
    let mut text = StackText::new();
    let mut value = 0_u64;
    let mut count = 0_usize;
    let mut whole = false;
    for byte in content {
        value = value << 7 | u64::from(byte & 0x7f);
        if value > u64::from(u32::MAX) {
            return None;
        }
        whole = byte & 0x80 == 0;
        if !whole {
            continue;
        }
        if count == 0 {
            // The first two arcs share a sub-identifier (X.690 §8.19.4).
            let root = (value / 40).min(2);
            text.push_number(root).push('.').push_number(value.saturating_sub(root.saturating_mul(40)));
        } else {
            text.push('.').push_number(value);
        }
        count = count.saturating_add(1);
        value = 0;
    }
    (whole && count <= SUB_IDENTIFIERS_MAX).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn object_identifiers_read_as_people_write_them() {
        let text = |content: &[u8]| object_identifier(content).map(|text| text.as_str().to_owned());
        assert_eq!(text(&[0x2b, 6, 1, 4, 1, 0x84, 0x80, 0]).as_deref(), Some("1.3.6.1.4.1.65536"));
        assert_eq!(text(&[0x88, 0x37]).as_deref(), Some("2.999"));
        assert_eq!(text(&[0x2b, 0x86]), None);
        assert_eq!(text(&[0x2b, 0xff, 0xff, 0xff, 0xff, 0x7f]), None);
        assert_eq!(text(&[]), None);
    }

    #[test]
    fn integers_are_signed() {
        let read = |bytes: &[u8]| integer(&mut Reader::new(bytes), "test").ok();
        assert_eq!(read(&[2, 1, 0xff]), Some(-1));
        assert_eq!(read(&[2, 5, 0, 0xff, 0xff, 0xff, 0xff]), Some(i64::from(u32::MAX)));
        assert_eq!(read(&[2, 0]), None);
        assert_eq!(read(&[2, 0x80, 1]), None);
    }
}
