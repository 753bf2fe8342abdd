//! Text that is put together on the stack: what the wire holds in UTF-16 or in numbers becomes a field without
//! allocation.

use model::message::TEXT_BYTES_MAX;

/// Text of at most [`TEXT_BYTES_MAX`] bytes, as many as a field keeps; what does not fit is dropped.
#[derive(Clone, Copy)]
pub(crate) struct StackText {
    bytes: [u8; TEXT_BYTES_MAX],
    length: usize,
}

impl StackText {
    /// No text.
    pub(crate) const fn new() -> Self {
        Self { bytes: [0; TEXT_BYTES_MAX], length: 0 }
    }

    /// UTF-16, low byte first, up to the first NUL.
    pub(crate) fn from_utf16_le(bytes: &[u8]) -> Self {
        Self::from_utf16(bytes.chunks_exact(2).map(|pair| match pair {
            [low, high] => u16::from_le_bytes([*low, *high]),
            _ => 0,
        }))
    }

    /// UTF-16 (or UCS-2), high byte first, up to the first NUL.
    pub(crate) fn from_utf16_be(bytes: &[u8]) -> Self {
        Self::from_utf16(bytes.chunks_exact(2).map(|pair| match pair {
            [high, low] => u16::from_be_bytes([*high, *low]),
            _ => 0,
        }))
    }

    fn from_utf16(units: impl Iterator<Item = u16>) -> Self {
        let mut text = Self::new();
        // Every unit gives at least one byte: more of them can never fit.
        let units = units.take_while(|unit| *unit != 0).take(TEXT_BYTES_MAX);
        for character in char::decode_utf16(units) {
            text.push(character.unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        text
    }

    /// ISO 8859-1, whose bytes are the first 256 characters of Unicode.
    pub(crate) fn from_latin1(bytes: &[u8]) -> Self {
        let mut text = Self::new();
        for byte in bytes.iter().take(TEXT_BYTES_MAX) {
            text.push(char::from(*byte));
        }
        text
    }

    /// Adds a character.
    pub(crate) fn push(&mut self, character: char) -> &mut Self {
        self.push_str(character.encode_utf8(&mut [0; 4]))
    }

    /// Adds text, whole or not at all.
    pub(crate) fn push_str(&mut self, text: &str) -> &mut Self {
        let end = self.length.saturating_add(text.len());
        if let Some(room) = self.bytes.get_mut(self.length..end) {
            room.copy_from_slice(text.as_bytes());
            self.length = end;
        }
        self
    }

    /// Adds a number in decimal digits.
    pub(crate) fn push_number(&mut self, number: impl Into<u64>) -> &mut Self {
        let mut number = number.into();
        let mut digits = [b'0'; 20];
        let mut used = 0_usize;
        for digit in digits.iter_mut().rev() {
            *digit = b'0'.saturating_add((number % 10) as u8);
            number /= 10;
            used = used.saturating_add(1);
            if number == 0 {
                break;
            }
        }
        let digits = digits.get(digits.len().saturating_sub(used)..).unwrap_or_default();
        self.push_str(std::str::from_utf8(digits).unwrap_or_default())
    }

    /// Adds bytes as lower-case hexadecimal digits.
    pub(crate) fn push_hex(&mut self, bytes: &[u8]) -> &mut Self {
        for byte in bytes {
            for nibble in [byte >> 4, byte & 15] {
                self.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
            }
        }
        self
    }

    /// The text so far.
    pub(crate) fn as_str(&self) -> &str {
        self.bytes.get(..self.length).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_digits_read_as_people_write_them() {
        let mut text = StackText::new();
        text.push_number(0_u32)
            .push('.')
            .push_number(17_763_u32)
            .push('.')
            .push_number(u64::MAX)
            .push_hex(&[0x0a, 0xf0]);
        assert_eq!(text.as_str(), "0.17763.184467440737095516150af0");
    }

    #[test]
    fn utf16_ends_at_a_nul_and_lone_surrogates_are_replaced() {
        assert_eq!(StackText::from_utf16_le(b"W\0S\0\xe9\0\0\0X\0").as_str(), "WSé");
        assert_eq!(StackText::from_utf16_be(b"\0A\xd8\0\0B").as_str(), "A\u{fffd}B");
        assert_eq!(StackText::from_latin1(b"caf\xe9").as_str(), "café");
    }

    #[test]
    fn what_does_not_fit_is_dropped_whole() {
        let mut text = StackText::from_latin1(&[b'x'; 254]);
        text.push('é').push('y');
        assert_eq!(text.as_str().len(), 255);
        assert!(text.as_str().ends_with("xy"));
        assert_eq!(StackText::from_utf16_le(&[b'a'; 4_000]).as_str().len(), 255);
    }
}
