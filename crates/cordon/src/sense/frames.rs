//! Frames that this process makes itself, on their way into the process that decodes.

use std::io::{self, Write};
use std::process::ChildStdin;

use model::Timestamp;
use sensor::capture::CapturedFrame;
use sensor::live::Accounting;
use wire::packet::LinkType;

use super::pipe;

/// What is written at once.
const BLOCK_BYTES: usize = 1 << 16;

/// The way of frames into the decoder, which ends what it tells when this is dropped.
pub struct Frames {
    out: ChildStdin,
    bytes: Vec<u8>,
    count: u64,
}

impl Frames {
    pub(super) const fn new(out: ChildStdin) -> Self {
        Self { out, bytes: Vec::new(), count: 0 }
    }

    /// Hands on an Ethernet frame. Waits while the decoder has more than it can read.
    ///
    /// # Errors
    ///
    /// The decoder has ended.
    pub fn put(&mut self, time: Timestamp, bytes: &[u8]) -> io::Result<()> {
        let wire_length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        pipe::put_frame(&mut self.bytes, &CapturedFrame { time, link: Some(LinkType::Ethernet), bytes, wire_length });
        self.count = self.count.saturating_add(1);
        if self.bytes.len() >= BLOCK_BYTES { self.flush() } else { Ok(()) }
    }

    /// Says how many there were, as a card does: whoever hears the decoder waits for it. None is ever lost.
    ///
    /// # Errors
    ///
    /// The decoder has ended.
    pub fn tell(&mut self) -> io::Result<()> {
        let count = self.count;
        pipe::put_accounting(
            &mut self.bytes,
            Accounting { passed: count, handed_over: count, dropped: 0, times_full: 0 },
        );
        self.flush()
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.write_all(&self.bytes)?;
        self.bytes.clear();
        self.out.flush()
    }
}
