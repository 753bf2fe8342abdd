//! One block of the ring: a header, then frames, each with a header of its own (`linux/if_packet.h`, TPACKET_V3).
//!
//! The kernel writes it; it is read like any other input all the same.

use model::Timestamp;

use super::Tag;

/// Where the number of packets and the place of the first one stand: behind version, private offset and block status.
const PACKETS_AT: usize = 12;
const FIRST_AT: usize = 16;
/// Fields of `tpacket3_hdr`.
const SECONDS_AT: usize = 4;
const NANOSECONDS_AT: usize = 8;
const CAPTURED_AT: usize = 12;
const LENGTH_AT: usize = 16;
const STATUS_AT: usize = 20;
const FRAME_AT: usize = 24;
const CONTROL_AT: usize = 32;
const PROTOCOL_AT: usize = 36;
/// Bits of the status.
const HAS_TAG: u32 = 1 << 4;
const HAS_TAG_PROTOCOL: u32 = 1 << 6;
/// What a tag's protocol is if the kernel does not say (IEEE 802.1Q).
const CUSTOMER_TAG: u16 = 0x8100;

/// A frame in the ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RingFrame<'a> {
    pub(super) time: Timestamp,
    pub(super) bytes: &'a [u8],
    pub(super) wire_length: u64,
    pub(super) tag: Option<Tag>,
}

/// The frames of a block.
pub(super) struct Block<'a> {
    bytes: &'a [u8],
    left: u32,
    next: usize,
}

impl<'a> Block<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        let left = word(bytes, PACKETS_AT).unwrap_or(0);
        let next = word(bytes, FIRST_AT).unwrap_or(0) as usize;
        Self { bytes, left, next }
    }
}

impl<'a> Iterator for Block<'a> {
    type Item = RingFrame<'a>;

    fn next(&mut self) -> Option<RingFrame<'a>> {
        self.left = self.left.checked_sub(1)?;
        let frame = self.bytes.get(self.next..)?;
        let status = word(frame, STATUS_AT)?;
        let start = usize::from(half(frame, FRAME_AT)?);
        let captured = word(frame, CAPTURED_AT)? as usize;
        let bytes = frame.get(start..start.checked_add(captured)?)?;
        let seconds = i64::from(word(frame, SECONDS_AT)?);
        let time = seconds.saturating_mul(1_000_000_000).saturating_add(word(frame, NANOSECONDS_AT)?.into());
        let tag = if status & HAS_TAG == 0 {
            None
        } else {
            let protocol = if status & HAS_TAG_PROTOCOL == 0 { CUSTOMER_TAG } else { half(frame, PROTOCOL_AT)? };
            Some((protocol, (word(frame, CONTROL_AT)? & 0xffff) as u16))
        };
        let wire_length = u64::from(word(frame, LENGTH_AT)?);
        // Zero behind the last one.
        self.next = self.next.checked_add(word(frame, 0)? as usize)?;
        Some(RingFrame { time: Timestamp(time), bytes, wire_length, tag })
    }
}

/// In the machine's own byte order, as the kernel wrote it.
fn word(bytes: &[u8], at: usize) -> Option<u32> {
    let end = at.checked_add(4)?;
    Some(u32::from_ne_bytes(bytes.get(at..end)?.try_into().ok()?))
}

fn half(bytes: &[u8], at: usize) -> Option<u16> {
    let end = at.checked_add(2)?;
    Some(u16::from_ne_bytes(bytes.get(at..end)?.try_into().ok()?))
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, reason = "places in a block that the test makes itself")]
mod tests {
    use super::*;

    /// A block with two frames, the second tagged.
    fn block() -> Vec<u8> {
        let mut bytes = vec![0; 256];
        let mut put = |at: usize, value: &[u8]| bytes[at..at + value.len()].copy_from_slice(value);
        put(PACKETS_AT, &2_u32.to_ne_bytes());
        put(FIRST_AT, &48_u32.to_ne_bytes());
        for (start, next, status, frame) in [(48, 96_u32, 1_u32, &b"first"[..]), (144, 0, 1 | HAS_TAG, b"second")] {
            put(start, &next.to_ne_bytes());
            put(start + SECONDS_AT, &7_u32.to_ne_bytes());
            put(start + NANOSECONDS_AT, &5_u32.to_ne_bytes());
            put(start + CAPTURED_AT, &u32::try_from(frame.len()).unwrap().to_ne_bytes());
            put(start + LENGTH_AT, &60_u32.to_ne_bytes());
            put(start + STATUS_AT, &status.to_ne_bytes());
            put(start + FRAME_AT, &66_u16.to_ne_bytes());
            put(start + CONTROL_AT, &42_u32.to_ne_bytes());
            put(start + 66, frame);
        }
        bytes
    }

    #[test]
    fn frames_come_in_order_with_their_tags() {
        let bytes = block();
        let frames: Vec<RingFrame<'_>> = Block::new(&bytes).collect();
        let [first, second] = frames[..] else { panic!("{frames:?}") };
        assert_eq!((first.bytes, first.wire_length, first.tag), (&b"first"[..], 60, None));
        assert_eq!(first.time, Timestamp(7_000_000_005));
        assert_eq!((second.bytes, second.tag), (&b"second"[..], Some((CUSTOMER_TAG, 42))));
    }

    #[test]
    fn no_block_panics_or_reads_on() {
        let whole = block();
        for length in 0..whole.len() {
            assert!(Block::new(&whole[..length]).count() <= 2);
        }
        for at in 0..whole.len() {
            for damage in [0xff, 0x80, 0x01] {
                let mut bytes = whole.clone();
                bytes[at] ^= damage;
                // At most as many as the header says; each lies inside.
                let _ = Block::new(&bytes).take(1_000).count();
            }
        }
    }
}
