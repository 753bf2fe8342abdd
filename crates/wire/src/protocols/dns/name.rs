//! Domain names as they stand in messages (RFC 1035 §3.1, §4.1.4).

use crate::line::Line;
use crate::protocols::DecodeError;

/// The longest name, in bytes of text: 255 on the wire less the first length and the root.
const NAME_BYTES_MAX: usize = 253;
/// The most compression pointers of one name. Each must point before the last, so that no name goes in circles.
const POINTERS_MAX: u8 = 128;

const CUT: DecodeError = DecodeError::Malformed { field: "domain name", rule: "ends within the message" };

/// A domain name as text: labels joined by dots, in the letters of the wire. The root is empty.
#[derive(Clone, Debug, Default)]
pub(in crate::protocols) struct Name {
    text: Line,
}

impl Name {
    pub(in crate::protocols) const fn new() -> Self {
        Self { text: Line::new() }
    }

    pub(in crate::protocols) fn as_bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    /// Reads the name at that position of the message; returns the position after it.
    pub(in crate::protocols) fn read(&mut self, message: &[u8], start: usize) -> Result<usize, DecodeError> {
        self.text.clear();
        let mut position = start;
        let mut bound = start;
        let mut next = None;
        let mut pointers = 0_u8;
        loop {
            let length = *message.get(position).ok_or(CUT)?;
            let after = position.saturating_add(1);
            match length {
                0 => return Ok(next.unwrap_or(after)),
                1..=63 => {
                    let end = after.saturating_add(usize::from(length));
                    self.label(message.get(after..end).ok_or(CUT)?)?;
                    position = end;
                }
                0xc0.. => {
                    let low = *message.get(after).ok_or(CUT)?;
                    next.get_or_insert(after.saturating_add(1));
                    let target = usize::from(u16::from_be_bytes([length & 0x3f, low]));
                    pointers = pointers.saturating_add(1);
                    if target >= bound || pointers > POINTERS_MAX {
                        return Err(DecodeError::Malformed { field: "domain name", rule: "points backwards only" });
                    }
                    bound = target;
                    position = target;
                }
                _ => return Err(DecodeError::Malformed { field: "label", rule: "is at most 63 bytes long" }),
            }
        }
    }

    fn label(&mut self, label: &[u8]) -> Result<(), DecodeError> {
        let dot: &[u8] = if self.text.is_empty() { b"" } else { b"." };
        let length = self.as_bytes().len().saturating_add(dot.len()).saturating_add(label.len());
        if length > NAME_BYTES_MAX || !self.text.extend(dot) || !self.text.extend(label) {
            return Err(DecodeError::Malformed { field: "domain name", rule: "is at most 255 bytes long" });
        }
        Ok(())
    }
}

/// Passes over the name at that position without reading what a pointer points to; returns the position after it.
pub(in crate::protocols) fn skip(message: &[u8], start: usize) -> Result<usize, DecodeError> {
    let mut position = start;
    loop {
        let length = *message.get(position).ok_or(CUT)?;
        let after = position.saturating_add(1);
        match length {
            0 => return Ok(after),
            1..=63 => position = after.saturating_add(usize::from(length)),
            0xc0.. => return Ok(after.saturating_add(1)),
            _ => return Err(DecodeError::Malformed { field: "label", rule: "is at most 63 bytes long" }),
        }
        if position.saturating_sub(start) > NAME_BYTES_MAX.saturating_add(1) {
            return Err(DecodeError::Malformed { field: "domain name", rule: "is at most 255 bytes long" });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(message: &[u8], start: usize) -> Result<(String, usize), DecodeError> {
        let mut name = Name::new();
        let next = name.read(message, start)?;
        Ok((String::from_utf8(name.as_bytes().to_vec()).unwrap(), next))
    }

    #[test]
    fn pointers_lead_backwards_and_end() {
        let message = b"\x05local\0\x04host\xc0\x00\xc0\x07rest";
        assert_eq!(read(message, 0), Ok(("local".to_owned(), 7)));
        assert_eq!(read(message, 7), Ok(("host.local".to_owned(), 14)));
        assert_eq!(read(message, 14), Ok(("host.local".to_owned(), 16)));
        assert_eq!(skip(message, 14), Ok(16));
    }

    #[test]
    fn circles_forward_pointers_and_endless_names_are_refused() {
        assert!(read(b"\xc0\x00", 0).is_err());
        assert!(read(b"\x01a\xc0\x00", 0).is_err());
        assert!(read(b"\xc0\x02\x01a\0", 0).is_err());
        assert!(read(b"\x05loc", 0).is_err());
        assert!(read(b"\x40a\0", 0).is_err());
        let long = b"\x3f0123456789012345678901234567890123456789012345678901234567890123".repeat(5);
        assert!(read(&long, 0).is_err());
        assert!(skip(&long, 0).is_err());
    }
}
