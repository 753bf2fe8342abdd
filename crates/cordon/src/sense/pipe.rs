//! What stands on the pipes: records of a tag, a length and as many bytes.

use std::io::{self, ErrorKind, Read, Write};

use model::Timestamp;
use sensor::capture::{CapturedFrame, FRAME_BYTES_MAX};
use sensor::live::Accounting;
use wire::packet::LinkType;

use super::{Reading, Told};

const FRAME: u8 = b'f';
const BATCH: u8 = b'b';
const ACCOUNTING: u8 = b'a';
const READING: u8 = b'r';
/// The longest batch that is believed.
const BATCH_BYTES_MAX: usize = 16 << 20;
/// The longest telling of how far a file was read that is believed.
const READING_BYTES_MAX: usize = 1 << 16;
/// Before a frame's bytes: its time and its length on the wire.
const FRAME_HEAD: usize = 16;

/// Adds a frame to what is written next.
pub(super) fn put_frame(out: &mut Vec<u8>, frame: &CapturedFrame<'_>) {
    head(out, FRAME, FRAME_HEAD.saturating_add(frame.bytes.len()));
    out.extend_from_slice(&frame.time.0.to_le_bytes());
    out.extend_from_slice(&frame.wire_length.to_le_bytes());
    out.extend_from_slice(frame.bytes);
}

/// Adds the accounting to what is written next.
pub(super) fn put_accounting(out: &mut Vec<u8>, accounting: Accounting) {
    let Accounting { passed, handed_over, dropped, times_full } = accounting;
    let numbers = [passed, handed_over, dropped, times_full];
    head(out, ACCOUNTING, 32);
    out.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
}

/// Writes a batch.
pub(super) fn write_batch(out: &mut impl Write, batch: &[u8]) -> io::Result<()> {
    let mut start = Vec::new();
    head(&mut start, BATCH, batch.len());
    out.write_all(&start)?;
    out.write_all(batch)
}

/// Writes how far a file was read.
pub(super) fn write_reading(out: &mut impl Write, reading: &Reading) -> io::Result<()> {
    let text = serde_json::to_vec(reading).map_err(io::Error::other)?;
    let mut start = Vec::new();
    head(&mut start, READING, text.len());
    out.write_all(&start)?;
    out.write_all(&text)
}

fn head(out: &mut Vec<u8>, tag: u8, length: usize) {
    out.push(tag);
    out.extend_from_slice(&u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes());
}

/// What comes from the card.
pub(super) enum Input<'a> {
    Frame(CapturedFrame<'a>),
    Accounting(Accounting),
}

/// The next record from the card, read into `bytes`; `None` at the end.
pub(super) fn input<'a>(from: &mut impl Read, bytes: &'a mut Vec<u8>) -> io::Result<Option<Input<'a>>> {
    let Some(tag) = record(from, bytes, FRAME_BYTES_MAX.saturating_add(FRAME_HEAD))? else { return Ok(None) };
    match tag {
        FRAME => {
            let (time, rest) = bytes.split_first_chunk().ok_or_else(broken)?;
            let (wire_length, bytes) = rest.split_first_chunk().ok_or_else(broken)?;
            let (time, wire_length) = (Timestamp(i64::from_le_bytes(*time)), u64::from_le_bytes(*wire_length));
            Ok(Some(Input::Frame(CapturedFrame { time, link: Some(LinkType::Ethernet), bytes, wire_length })))
        }
        ACCOUNTING => Ok(Some(Input::Accounting(accounting(bytes)?))),
        _ => Err(broken()),
    }
}

/// The next record from the decoder; `None` at the end.
pub(super) fn read(from: &mut impl Read) -> io::Result<Option<Told>> {
    let mut bytes = Vec::new();
    match record(from, &mut bytes, BATCH_BYTES_MAX)? {
        None => Ok(None),
        Some(BATCH) => Ok(Some(Told::Batch(bytes))),
        Some(ACCOUNTING) => Ok(Some(Told::Accounting(accounting(&bytes)?))),
        Some(READING) if bytes.len() <= READING_BYTES_MAX => {
            serde_json::from_slice(&bytes).map(|reading| Some(Told::Reading(reading))).map_err(|_| broken())
        }
        Some(_) => Err(broken()),
    }
}

fn record(from: &mut impl Read, bytes: &mut Vec<u8>, most: usize) -> io::Result<Option<u8>> {
    let mut tag = [0];
    loop {
        match from.read(&mut tag) {
            Ok(0) => return Ok(None),
            Ok(_) => break,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    let mut length = [0; 4];
    from.read_exact(&mut length)?;
    let length = u32::from_le_bytes(length) as usize;
    if length > most {
        return Err(broken());
    }
    bytes.resize(length, 0);
    from.read_exact(bytes)?;
    let [tag] = tag;
    Ok(Some(tag))
}

fn accounting(bytes: &[u8]) -> io::Result<Accounting> {
    let number =
        |at: usize| bytes.chunks_exact(8).nth(at).and_then(|chunk| chunk.try_into().ok()).map(u64::from_le_bytes);
    let told = || {
        Some(Accounting { passed: number(0)?, handed_over: number(1)?, dropped: number(2)?, times_full: number(3)? })
    };
    told().ok_or_else(broken)
}

fn broken() -> io::Error {
    io::Error::new(ErrorKind::InvalidData, "the pipe between the processes holds what neither wrote")
}
