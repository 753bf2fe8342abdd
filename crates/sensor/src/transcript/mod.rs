//! Observations as bytes: from the process that decodes packets to the one that concludes, and into the journal.
//!
//! A batch stands for itself: its first byte is the format, words that repeat are written once and then by number. What is
//! longer than it may be, or names a protocol or a field that no decoder declares, ends the batch. Whether a text has the
//! form of its field was judged by whoever decoded it and is not judged again.

mod kinds;
mod reader;
mod writer;

pub use reader::{Broken, read};
pub use writer::Batch;

/// The format of a batch. Since 2 connections may have hours; what is of format 1 is read as ever.
const FORMAT: u8 = 2;
/// The first format that is still read.
const FORMAT_FIRST: u8 = 1;
/// The state of a connection stands below these bits, and above them which part of it is told.
const PART_SHIFT: u32 = 4;
/// The part of a connection stands below this bit, which says that a list of hours follows.
const HOURS_BIT: usize = 1 << 7;
/// Different words in one batch.
const WORDS_MAX: usize = 1_024;
/// The longest word, in bytes.
const WORD_BYTES_MAX: usize = 64;

/// What an observation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Sighting,
    Message,
    Connection,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Sighting, Self::Message, Self::Connection];
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Text,
    Number,
    No,
    Yes,
    Mac,
    Ip,
}

impl Shape {
    const ALL: [Self; 6] = [Self::Text, Self::Number, Self::No, Self::Yes, Self::Mac, Self::Ip];
}

/// Whom a message is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum About {
    Sender,
    Receiver,
    Hardware,
    Address,
    Behind,
    SelfOrBehind,
}

impl About {
    const ALL: [Self; 6] =
        [Self::Sender, Self::Receiver, Self::Hardware, Self::Address, Self::Behind, Self::SelfOrBehind];
}
