//! The handshake's bytes in CRYPTO frames (RFC 9000 §19.6): in any order, over several packets.

use std::collections::BTreeMap;

use super::packet::variable;
use crate::reader::{Reader, Truncated};

/// How much of one side's handshake is kept, in bytes; what lies beyond is not read.
const BYTES_MAX: usize = 16 * 1_024;
/// In how many pieces at most.
const PIECES_MAX: usize = 128;

/// One side's handshake, as far as it came.
#[derive(Default)]
pub(super) struct Crypto {
    /// By offset.
    pieces: BTreeMap<usize, Vec<u8>>,
    held: usize,
}

impl Crypto {
    /// Takes the CRYPTO frames of a packet's payload, up to the first frame that Initial packets cannot hold (RFC 9000 §12.4).
    pub(super) fn take(&mut self, payload: &[u8]) -> Result<(), Truncated> {
        let mut reader = Reader::new(payload);
        while let Some(kind) = reader.peek() {
            reader.skip(1, "Frame Type")?;
            match kind {
                PADDING | PING => {}
                ACK | ACK_WITH_COUNTS => skip_acknowledgement(&mut reader, kind)?,
                CRYPTO => {
                    let offset = variable(&mut reader)?;
                    let length = variable(&mut reader)?;
                    self.put(offset, reader.take(length, "Crypto Data")?);
                }
                _ => break,
            }
        }
        Ok(())
    }

    fn put(&mut self, offset: usize, bytes: &[u8]) {
        let ends = offset.saturating_add(bytes.len());
        let held = self.held.saturating_add(bytes.len());
        // A piece that comes again is longer, or nothing new.
        let is_known = self.pieces.get(&offset).is_some_and(|piece| piece.len() >= bytes.len());
        if bytes.is_empty() || is_known || ends > BYTES_MAX || held > BYTES_MAX || self.pieces.len() >= PIECES_MAX {
            return;
        }
        let replaced = self.pieces.insert(offset, bytes.to_vec());
        self.held = held.saturating_sub(replaced.map_or(0, |piece| piece.len()));
    }

    /// What came without a gap from the beginning.
    pub(super) fn beginning(&self) -> Vec<u8> {
        let mut whole = Vec::new();
        for (offset, piece) in &self.pieces {
            let Some(known) = whole.len().checked_sub(*offset) else { break };
            whole.extend_from_slice(piece.get(known..).unwrap_or_default());
        }
        whole
    }
}

const PADDING: u8 = 0x00;
const PING: u8 = 0x01;
const ACK: u8 = 0x02;
const ACK_WITH_COUNTS: u8 = 0x03;
const CRYPTO: u8 = 0x06;

/// RFC 9000 §19.3, after the type.
fn skip_acknowledgement(reader: &mut Reader<'_>, kind: u8) -> Result<(), Truncated> {
    variable(reader)?; // Largest Acknowledged
    variable(reader)?; // ACK Delay
    let ranges = variable(reader)?;
    variable(reader)?; // First ACK Range
    // Each takes two bytes at least: a count that lies ends with the payload.
    for _ in 0..ranges {
        variable(reader)?;
        variable(reader)?;
    }
    if kind == ACK_WITH_COUNTS {
        for _ in 0..3 {
            variable(reader)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_come_together_in_any_order() {
        let mut crypto = Crypto::default();
        // CRYPTO frames of three bytes at 3 and at 6, between PING, PADDING and an ACK with one range.
        crypto.take(&[1, 6, 3, 3, b'd', b'e', b'f', 0, 2, 4, 0, 1, 0, 0, 1, 6, 6, 2, b'g', b'h']).unwrap();
        assert_eq!(crypto.beginning(), b"");
        crypto.take(&[6, 0, 5, b'a', b'b', b'c', b'd', b'e']).unwrap();
        assert_eq!(crypto.beginning(), b"abcdefgh");
        // The same again, shorter and longer, changes nothing that was read.
        crypto.take(&[6, 3, 1, b'd', 6, 6, 3, b'g', b'h', b'i']).unwrap();
        assert_eq!(crypto.beginning(), b"abcdefghi");
        assert!(crypto.take(&[6, 0, 9, b'x']).is_err());
    }

    #[test]
    fn what_is_held_is_bounded() {
        let mut crypto = Crypto::default();
        for offset in 0..2_000_u16 {
            let [high, low] = offset.to_be_bytes();
            crypto.put(usize::from(offset) * 2, &[high, low]);
        }
        assert_eq!(crypto.pieces.len(), PIECES_MAX);
        let mut crypto = Crypto::default();
        crypto.put(BYTES_MAX - 1, b"ab");
        crypto.put(usize::MAX, b"a");
        assert_eq!((crypto.pieces.len(), crypto.held), (0, 0));
        crypto.put(0, &vec![0; BYTES_MAX]);
        crypto.put(1, b"a");
        assert_eq!((crypto.pieces.len(), crypto.held), (1, BYTES_MAX));
    }
}
