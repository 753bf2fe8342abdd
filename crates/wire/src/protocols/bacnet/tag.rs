//! Tagged values (ANSI/ASHRAE 135 clause 20.2): what services are made of.

use super::super::DecodeError;
use crate::reader::Reader;
use crate::stack_text::StackText;

/// Application tags (clause 20.2.1.4).
pub(super) const UNSIGNED: u8 = 2;
pub(super) const CHARACTER_STRING: u8 = 7;
pub(super) const ENUMERATED: u8 = 9;
pub(super) const OBJECT_IDENTIFIER: u8 = 12;
const BOOLEAN: u8 = 1;

/// Constructed values are nested so deeply at most.
const DEPTH_MAX: u8 = 32;

/// One tag, with its content if it has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag<'a> {
    /// A value whose type the tag number is.
    Application(u8, &'a [u8]),
    /// A value whose type the service defines.
    Context(u8, &'a [u8]),
    /// The beginning of a constructed value.
    Opening(u8),
    /// Its end.
    Closing(u8),
}

/// The next tag (clause 20.2.1).
pub(super) fn next<'a>(reader: &mut Reader<'a>, field: &'static str) -> Result<Tag<'a>, DecodeError> {
    let first = reader.u8(field)?;
    let number = match first >> 4 {
        15 => reader.u8(field)?,
        number => number,
    };
    let context = first & 0x08 != 0;
    let length = match (context, first & 0x07) {
        (true, 6) => return Ok(Tag::Opening(number)),
        (true, 7) => return Ok(Tag::Closing(number)),
        (false, 6 | 7) => {
            return Err(DecodeError::Malformed { field, rule: "only context tags open and close" });
        }
        // An application-tagged boolean has its value in place of a length (clause 20.2.3).
        (false, _) if number == BOOLEAN => 0,
        (_, 5) => match reader.u8(field)? {
            254 => u32::from(reader.u16(field)?),
            255 => reader.u32(field)?,
            length => u32::from(length),
        },
        (_, length) => u32::from(length),
    };
    let content = reader.take(usize::try_from(length).unwrap_or(usize::MAX), field)?;
    Ok(if context { Tag::Context(number, content) } else { Tag::Application(number, content) })
}

/// The content of the next tag, which must be that context tag.
pub(super) fn context<'a>(reader: &mut Reader<'a>, number: u8, field: &'static str) -> Result<&'a [u8], DecodeError> {
    match next(reader, field)? {
        Tag::Context(found, content) if found == number => Ok(content),
        _ => Err(DecodeError::Malformed { field, rule: "has its context tag" }),
    }
}

/// The content of the next tag if it is that context tag; otherwise nothing is read.
pub(super) fn optional<'a>(reader: &mut Reader<'a>, number: u8, field: &'static str) -> Option<&'a [u8]> {
    let mut ahead = *reader;
    let content = context(&mut ahead, number, field).ok()?;
    *reader = ahead;
    Some(content)
}

/// The content of the next tag, which must be that application tag.
pub(super) fn application<'a>(
    reader: &mut Reader<'a>,
    number: u8,
    field: &'static str,
) -> Result<&'a [u8], DecodeError> {
    match next(reader, field)? {
        Tag::Application(found, content) if found == number => Ok(content),
        _ => Err(DecodeError::Malformed { field, rule: "has its application tag" }),
    }
}

/// Passes over the next tag, which must open that constructed value.
pub(super) fn open(reader: &mut Reader<'_>, number: u8, field: &'static str) -> Result<(), DecodeError> {
    match next(reader, field)? {
        Tag::Opening(found) if found == number => Ok(()),
        _ => Err(DecodeError::Malformed { field, rule: "has its opening tag" }),
    }
}

/// Passes over everything up to the end of the constructed value that is open.
pub(super) fn close(reader: &mut Reader<'_>, field: &'static str) -> Result<(), DecodeError> {
    let mut depth = 1_u8;
    while depth > 0 {
        match next(reader, field)? {
            Tag::Opening(_) if depth >= DEPTH_MAX => {
                return Err(DecodeError::Malformed { field, rule: "is nested 32 deep at most" });
            }
            Tag::Opening(_) => depth = depth.saturating_add(1),
            Tag::Closing(_) => depth = depth.saturating_sub(1),
            Tag::Application(..) | Tag::Context(..) => {}
        }
    }
    Ok(())
}

/// An unsigned or enumerated value of four bytes at most (clause 20.2.4 and 20.2.11).
pub(super) fn unsigned(content: &[u8]) -> Option<u32> {
    let fits = (1..=4).contains(&content.len());
    fits.then(|| content.iter().fold(0, |value: u32, byte| value << 8 | u32::from(*byte)))
}

/// An object identifier (clause 20.2.14): ten bits of type, twenty-two of instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Object {
    pub(super) kind: u16,
    pub(super) instance: u32,
}

impl Object {
    /// The object type of the device itself (clause 21, BACnetObjectType).
    const DEVICE: u16 = 8;
    /// The highest instance stands for whatever device is asked (clause 12.11.1).
    const ANY_INSTANCE: u32 = 0x3f_ffff;

    pub(super) fn read(content: &[u8]) -> Option<Self> {
        let bits = u32::from_be_bytes(content.try_into().ok()?);
        Some(Self { kind: (bits >> 22) as u16, instance: bits & Self::ANY_INSTANCE })
    }

    /// Whether it is the object that stands for the whole device.
    pub(super) const fn is_device(self) -> bool {
        self.kind == Self::DEVICE
    }

    /// The device's number, if it is a device's object and names one.
    pub(super) fn device_instance(self) -> Option<u32> {
        (self.is_device() && self.instance != Self::ANY_INSTANCE).then_some(self.instance)
    }
}

/// A character string (clause 20.2.9): UTF-8, UCS-4, UCS-2 or ISO 8859-1. The double-byte sets are left out.
pub(super) fn text(content: &[u8]) -> Option<StackText> {
    let (set, bytes) = content.split_first()?;
    let mut text = StackText::new();
    match set {
        0 => {
            for chunk in bytes.utf8_chunks() {
                for character in chunk.valid().chars() {
                    text.push(character);
                }
                if !chunk.invalid().is_empty() {
                    text.push(char::REPLACEMENT_CHARACTER);
                }
            }
        }
        3 => {
            for unit in bytes.chunks_exact(4) {
                let code = unit.first_chunk().map_or(0, |unit| u32::from_be_bytes(*unit));
                text.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
        }
        4 => text = StackText::from_utf16_be(bytes),
        5 => text = StackText::from_latin1(bytes),
        _ => return None,
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_have_short_and_extended_numbers_and_lengths() {
        let read = |bytes: &'static [u8]| next(&mut Reader::new(bytes), "test").ok();
        assert_eq!(read(&[0x21, 7]), Some(Tag::Application(2, &[7])));
        assert_eq!(read(&[0x11, 7]), Some(Tag::Application(1, &[])));
        assert_eq!(read(&[0x1a, 1, 2]), Some(Tag::Context(1, &[1, 2])));
        assert_eq!(read(&[0xf9, 200, 9]), Some(Tag::Context(200, &[9])));
        assert_eq!(read(&[0x75, 5, 0, b'a', b'b', b'c', b'd']), Some(Tag::Application(7, b"\0abcd")));
        assert_eq!(read(&[0x75, 254, 0, 1, 9]), Some(Tag::Application(7, &[9])));
        assert_eq!(read(&[0x3e]), Some(Tag::Opening(3)));
        assert_eq!(read(&[0x3f]), Some(Tag::Closing(3)));
        assert_eq!(read(&[0x26]), None);
        assert_eq!(read(&[0x75, 255, 255, 255, 255, 255]), None);
    }

    #[test]
    fn a_constructed_value_ends_where_its_own_tag_closes() {
        let mut reader = Reader::new(&[0x2e, 0x21, 1, 0x2f, 0x21, 2, 0x3f, 0x99]);
        assert!(close(&mut reader, "test").is_ok());
        assert_eq!(reader.rest(), [0x99]);
        assert!(close(&mut Reader::new(&[0x3e; 100]), "test").is_err());
    }

    #[test]
    fn texts_come_in_several_character_sets() {
        let read = |bytes: &[u8]| text(bytes).map(|text| text.as_str().to_owned());
        assert_eq!(read(b"\x00AHU\xff1").as_deref(), Some("AHU\u{fffd}1"));
        assert_eq!(read(b"\x03\0\0\0A\0\0\0\xe9").as_deref(), Some("Aé"));
        assert_eq!(read(b"\x04\0A\0\xe9").as_deref(), Some("Aé"));
        assert_eq!(read(b"\x05A\xe9").as_deref(), Some("Aé"));
        assert_eq!(read(b"\x01\0\0A"), None);
        assert_eq!(read(b""), None);
    }

    #[test]
    fn the_wildcard_instance_names_no_device() {
        let object = Object::read(&[0x02, 0x00, 0x04, 0xd2]).unwrap();
        assert_eq!(object.device_instance(), Some(1_234));
        assert_eq!(Object::read(&[0x02, 0x3f, 0xff, 0xff]).unwrap().device_instance(), None);
        assert_eq!(Object::read(&[0x00, 0x00, 0x00, 0x01]).unwrap().device_instance(), None);
        assert_eq!(Object::read(&[0, 0, 1]), None);
    }
}
