//! The pcap file format (draft-ietf-opsawg-pcap), both byte orders, micro- and nanoseconds, and the "modified" format
//! of A. Kuznetzov.

use model::Timestamp;

use super::input::Input;
use super::{Damage, FRAME_BYTES_MAX, Record};

const FILE_HEADER_BYTES: usize = 24;

/// The file header.
pub struct Header {
    big_endian: bool,
    nanoseconds: bool,
    record_header_bytes: usize,
    link: u32,
}

impl Header {
    /// Reads the file header; `None` if this is no pcap file.
    pub fn read(input: &mut Input) -> Option<Self> {
        let header = input.peek(FILE_HEADER_BYTES).ok()?;
        let magic: [u8; 4] = *header.first_chunk()?;
        let (big_endian, magic) = match u32::from_le_bytes(magic) {
            known @ (0xa1b2_c3d4 | 0xa1b2_3c4d | 0xa1b2_cd34) => (false, known),
            swapped => (true, swapped.swap_bytes()),
        };
        let (nanoseconds, record_header_bytes) = match magic {
            0xa1b2_c3d4 => (false, 16),
            0xa1b2_3c4d => (true, 16),
            0xa1b2_cd34 => (false, 24),
            _ => return None,
        };
        let word: [u8; 4] = *header.get(20..)?.first_chunk()?;
        let network = if big_endian { u32::from_be_bytes(word) } else { u32::from_le_bytes(word) };
        input.take(FILE_HEADER_BYTES);
        // The upper bits tell the length of frame check sequences.
        let link = network & 0xffff;
        Some(Self { big_endian, nanoseconds, record_header_bytes, link })
    }

    pub(super) fn record(&self, input: &mut Input) -> Result<Record, Damage> {
        if input.is_at_end()? {
            return Ok(Record::End);
        }
        let [seconds, fraction, captured, original] = self.words(input.peek(self.record_header_bytes)?);
        let captured = captured as usize;
        if captured > FRAME_BYTES_MAX {
            return Err(Damage::Broken(format!(
                "a frame claims {captured} captured bytes, more than {FRAME_BYTES_MAX}"
            )));
        }
        let length = self.record_header_bytes.saturating_add(captured);
        input.peek(length)?;
        let unit = if self.nanoseconds { 1 } else { 1_000 };
        let nanoseconds =
            i64::from(seconds).saturating_mul(1_000_000_000).saturating_add(i64::from(fraction).saturating_mul(unit));
        Ok(Record::Frame {
            time: Timestamp(nanoseconds),
            link: self.link,
            start: self.record_header_bytes,
            captured,
            wire_length: u64::from(original),
            length,
        })
    }

    fn words(&self, header: &[u8]) -> [u32; 4] {
        let word = |from: usize| {
            let bytes = header.get(from..).and_then(<[u8]>::first_chunk).copied().unwrap_or_default();
            if self.big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) }
        };
        [word(0), word(4), word(8), word(12)]
    }
}
