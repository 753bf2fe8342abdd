//! Frames from a network card, as they pass: Linux only, through the kernel's packet ring.
//!
//! The card is only listened to. Nothing here can send: the socket is bound for receiving and never written to.

mod block;
mod ring;

use std::time::Duration;

use wire::packet::LinkType;

use crate::capture::CapturedFrame;
use block::Block;
use ring::Ring;

/// How much memory a card's ring takes, and who shares its frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Bytes of one block: a power of two, at least a memory page. A block is handed over when it is full, or after
    /// [`BLOCK_PATIENCE_MILLISECONDS`].
    pub block_bytes: usize,
    /// How many blocks; all of them together are what may wait while nobody reads.
    pub blocks: usize,
    /// Cards opened with one number share the frames, both directions of a connection in one place; `None`: all are
    /// handed over here.
    pub shared_as: Option<u16>,
}

/// After so long a block is handed over though it is not full.
pub const BLOCK_PATIENCE_MILLISECONDS: u32 = 50;

impl Default for Options {
    /// 64 MiB: half a second of a card that receives a gigabit a second.
    fn default() -> Self {
        Self { block_bytes: 1 << 20, blocks: 64, shared_as: None }
    }
}

/// Why a card cannot be listened to.
#[derive(Debug, thiserror::Error)]
pub enum CardError {
    /// There is no card of that name.
    #[error("{name}: there is no such network card; `ip link` lists them")]
    Missing {
        /// The name.
        name: String,
    },
    /// The process may not.
    #[error("{name}: listening on a network card needs root or CAP_NET_RAW")]
    Forbidden {
        /// The name.
        name: String,
    },
    /// Its frames begin with something else than Ethernet's addresses.
    #[error("{name}: is no Ethernet card (hardware type {hardware})")]
    NotEthernet {
        /// The name.
        name: String,
        /// As in `/usr/include/linux/if_arp.h`.
        hardware: u16,
    },
    /// The operating system refused.
    #[error("{name}: {source}")]
    Io {
        /// The name.
        name: String,
        /// What the system said.
        source: std::io::Error,
    },
}

/// What happened to every frame that passed the card since it was opened: `passed` = `handed_over` + `dropped` + what
/// still waits in the ring.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Accounting {
    /// Frames that the kernel saw for us.
    pub passed: u64,
    /// Frames that were handed over.
    pub handed_over: u64,
    /// Frames that found the ring full.
    pub dropped: u64,
    /// How often the ring was full.
    pub times_full: u64,
}

/// A card that is listened to.
pub struct Card {
    name: String,
    ring: Ring,
    accounting: Accounting,
    /// A frame with its VLAN tag put back.
    tagged: Vec<u8>,
}

impl Card {
    /// Begins to listen: from here on every frame is counted.
    pub fn open(name: &str, options: &Options) -> Result<Self, CardError> {
        let ring = Ring::open(name, options)?;
        Ok(Self { name: name.to_owned(), ring, accounting: Accounting::default(), tagged: Vec::new() })
    }

    /// The card's name, as in `eth0`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Hands over the frames of the next block; waits for one, at most so long. Gives how many there were: none if the
    /// time went by.
    ///
    /// # Errors
    ///
    /// The card went down or away. It may be asked again: a card that comes back is heard again.
    pub fn frames(&mut self, patience: Duration, take: &mut dyn FnMut(&CapturedFrame<'_>)) -> std::io::Result<u64> {
        let Some(bytes) = self.ring.block(patience)? else { return Ok(0) };
        let mut count = 0_u64;
        for frame in Block::new(bytes) {
            count = count.saturating_add(1);
            let bytes = match frame.tag {
                Some(tag) => put_back(&mut self.tagged, frame.bytes, tag),
                None => frame.bytes,
            };
            // The tag was on the wire, but the kernel does not count it.
            let wire_length = frame.wire_length.saturating_add(if frame.tag.is_some() { TAG_BYTES } else { 0 });
            let link = Some(LinkType::Ethernet);
            take(&CapturedFrame { time: frame.time, link, bytes, wire_length });
        }
        self.ring.release();
        self.accounting.handed_over = self.accounting.handed_over.saturating_add(count);
        Ok(count)
    }

    /// What happened to the frames so far.
    pub fn accounting(&mut self) -> std::io::Result<Accounting> {
        // The kernel counts from zero after each look, and counts among the packets those that it dropped.
        let since = self.ring.statistics()?;
        let Accounting { passed, dropped, times_full, .. } = &mut self.accounting;
        *passed = passed.saturating_add(since.packets.into());
        *dropped = dropped.saturating_add(since.drops.into());
        *times_full = times_full.saturating_add(since.freezes.into());
        Ok(self.accounting)
    }
}

/// A VLAN tag that the kernel took off: tag protocol identifier and control information.
type Tag = (u16, u16);
const TAG_BYTES: u64 = 4;
const ADDRESSES_BYTES: usize = 12;

/// The frame as it was on the wire (IEEE 802.1Q §9): the tag stands behind both addresses.
fn put_back<'a>(scratch: &'a mut Vec<u8>, bytes: &[u8], (protocol, control): Tag) -> &'a [u8] {
    let (addresses, rest) = bytes.split_at(bytes.len().min(ADDRESSES_BYTES));
    scratch.clear();
    scratch.extend_from_slice(addresses);
    scratch.extend_from_slice(&protocol.to_be_bytes());
    scratch.extend_from_slice(&control.to_be_bytes());
    scratch.extend_from_slice(rest);
    scratch
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_put_back_where_it_stood() {
        let mut scratch = Vec::new();
        let frame: Vec<u8> = (0..16).collect();
        let whole = put_back(&mut scratch, &frame, (0x8100, 0x2007));
        assert_eq!(whole, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0x81, 0, 0x20, 7, 12, 13, 14, 15]);
        assert_eq!(put_back(&mut scratch, &[1, 2], (0x8100, 7)), [1, 2, 0x81, 0, 0, 7]);
    }
}
