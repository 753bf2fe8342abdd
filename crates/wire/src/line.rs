//! Short text that grows on the stack, so that names and lists are put together without touching the heap.

use std::fmt::{self, Write};

use model::message::TEXT_BYTES_MAX;

/// At most [`TEXT_BYTES_MAX`] bytes: as much as a field keeps.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    bytes: [u8; TEXT_BYTES_MAX],
    length: usize,
    /// Something did not fit. Lists stay closed from then on, so that what is kept is a true beginning.
    full: bool,
}

impl Default for Line {
    fn default() -> Self {
        Self::new()
    }
}

impl Line {
    /// An empty line.
    pub const fn new() -> Self {
        Self { bytes: [0; TEXT_BYTES_MAX], length: 0, full: false }
    }

    /// The text on one line: each run of line ends and tabs becomes one blank. What does not fit is cut.
    pub fn folded(bytes: &[u8]) -> Self {
        let mut line = Self::new();
        let mut in_break = false;
        for byte in bytes {
            let is_break = matches!(byte, b'\r' | b'\n' | b'\t');
            if is_break && in_break {
                continue;
            }
            in_break = is_break;
            if !line.extend(&[if is_break { b' ' } else { *byte }]) {
                break;
            }
        }
        line
    }

    /// Empties the line.
    pub const fn clear(&mut self) {
        self.length = 0;
        self.full = false;
    }

    /// The text so far.
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }

    /// Whether there is no text yet.
    pub const fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Adds bytes, all of them or none. Returns whether they fitted.
    pub fn extend(&mut self, bytes: &[u8]) -> bool {
        let end = self.length.saturating_add(bytes.len());
        let Some(room) = self.bytes.get_mut(self.length..end) else {
            self.full = true;
            return false;
        };
        room.copy_from_slice(bytes);
        self.length = end;
        true
    }

    /// Adds a number to a list such as `1,3,6`; once one did not fit, the list is closed.
    pub fn item(&mut self, number: impl Into<u32>) {
        if self.full {
            return;
        }
        // By hand: the formatting machinery costs more than the rest of a short message.
        let mut room = [b','; 11];
        let mut number: u32 = number.into();
        let mut taken: usize = 0;
        for digit in room.iter_mut().rev() {
            *digit = b'0'.saturating_add((number % 10) as u8);
            taken = taken.saturating_add(1);
            number /= 10;
            if number == 0 {
                break;
            }
        }
        // The comma before the first digit is still there; the first item goes without.
        let separator = usize::from(self.length > 0);
        let start = room.len().saturating_sub(taken).saturating_sub(separator);
        let _ = self.extend(room.get(start..).unwrap_or_default());
    }
}

impl Write for Line {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.extend(text.as_bytes()) { Ok(()) } else { Err(fmt::Error) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_keeps_whole_numbers_only() {
        let mut list = Line::new();
        for number in 0..1_000_u32 {
            list.item(number);
        }
        let mut largest = Line::new();
        largest.item(u32::MAX);
        largest.item(0_u8);
        assert_eq!(largest.as_bytes(), b"4294967295,0");
        let text = std::str::from_utf8(list.as_bytes()).unwrap();
        assert!(text.starts_with("0,1,2,"));
        assert!(text.len() <= TEXT_BYTES_MAX);
        let numbers: Vec<u32> = text.split(',').map(|number| number.parse().unwrap()).collect();
        assert_eq!(numbers, (0..numbers.len() as u32).collect::<Vec<_>>());
    }

    #[test]
    fn folding_leaves_one_line() {
        assert_eq!(Line::folded(b"Release 1\r\n\tBuilt today").as_bytes(), b"Release 1 Built today");
        assert_eq!(Line::folded(&[b'x'; 1_000]).as_bytes().len(), TEXT_BYTES_MAX);
    }
}
