//! Capture files: pcap and pcapng, plain, gzip or zstd, read as a stream with flat memory.
//!
//! Our own reader rather than a library: a damaged file must give everything up to the damage and a note that names
//! the byte where it lies, and no length field may be trusted with memory or time.

mod input;
mod pcap;
mod pcapng;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use model::Timestamp;
use wire::packet::LinkType;

use input::{Input, ReadError};

/// The largest frame that is believed, as in Wireshark; a larger one is damage.
pub const FRAME_BYTES_MAX: usize = 256 * 1_024;

/// A captured frame.
#[derive(Clone, Copy, Debug)]
pub struct CapturedFrame<'a> {
    /// When it was captured; zero if the file does not say.
    pub time: Timestamp,
    /// How it begins; `None` if Cordon does not read that link type.
    pub link: Option<LinkType>,
    /// What was captured of it.
    pub bytes: &'a [u8],
    /// How long it was on the wire.
    pub wire_length: u64,
}

/// Link types that are noted by themselves, where they are not read.
const LINK_TYPES_NOTED_MAX: usize = 16;

/// Why a file cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The operating system refused.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file is something else.
    #[error("{}: not a capture: expected pcap or pcapng, plain or compressed with gzip or zstd", path.display())]
    NotACapture {
        /// The file.
        path: PathBuf,
    },
}

/// What a capture file was, once it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// SHA-256 of the file as it lies on disk, hexadecimal.
    pub sha256: String,
    /// Size on disk in bytes.
    pub bytes: u64,
    /// `pcap` or `pcapng`, with `+gzip` or `+zstd`.
    pub format: String,
    /// What was damaged, in words.
    pub notes: Vec<String>,
}

/// An open capture file.
pub struct CaptureFile {
    input: Input,
    format: Format,
    notes: Vec<String>,
    damaged: bool,
    /// Frames of link types that are not read, by the number of the link type.
    unread: BTreeMap<u32, u64>,
}

enum Format {
    Pcap(pcap::Header),
    Pcapng(pcapng::Section),
}

/// What reading one record gave.
enum Record {
    /// Frame bytes are the input's next `captured` bytes after `skip`; the record is `length` bytes long.
    Frame {
        time: Timestamp,
        /// As in the file.
        link: u32,
        start: usize,
        captured: usize,
        wire_length: u64,
        length: usize,
    },
    /// Something that is no frame was passed.
    Other,
    End,
}

/// The bytes break the file format.
#[derive(Debug)]
enum Damage {
    Read(ReadError),
    Broken(String),
}

impl From<ReadError> for Damage {
    fn from(error: ReadError) -> Self {
        Self::Read(error)
    }
}

impl CaptureFile {
    /// Opens a capture and reads its header.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        let input = Input::open(path).map_err(|source| OpenError::Io { path: path.to_owned(), source })?;
        Self::begin(input, path)
    }

    /// Reads a capture as it comes, and its header first. `size` is for progress.
    pub fn of(source: Box<dyn std::io::Read + Send>, size: u64) -> Result<Self, OpenError> {
        let path = Path::new("the capture");
        let input = Input::of(source, size).map_err(|source| OpenError::Io { path: path.to_owned(), source })?;
        Self::begin(input, path)
    }

    fn begin(mut input: Input, path: &Path) -> Result<Self, OpenError> {
        let io = |source| OpenError::Io { path: path.to_owned(), source };
        let compressed = input.is_compressed();
        let format = match input.peek(4) {
            Ok([0x0a, 0x0d, 0x0d, 0x0a]) => Some(Format::Pcapng(pcapng::Section::default())),
            Ok(_) => pcap::Header::read(&mut input).map(Format::Pcap),
            Err(ReadError::Io(source)) if !compressed => return Err(io(source)),
            Err(_) => None,
        };
        let Some(mut format) = format else { return Err(OpenError::NotACapture { path: path.to_owned() }) };
        if let Format::Pcapng(section) = &mut format
            && section.check_header(&mut input).is_err()
        {
            return Err(OpenError::NotACapture { path: path.to_owned() });
        }
        Ok(Self { input, format, notes: Vec::new(), damaged: false, unread: BTreeMap::new() })
    }

    /// Size on disk in bytes, for progress.
    pub fn size(&self) -> u64 {
        self.input.size()
    }

    /// How many bytes of the file on disk were read, for progress.
    pub fn position(&self) -> u64 {
        self.input.raw_position()
    }

    /// The next frame; `None` at the end or at the first damage, which [`finish`](Self::finish) describes.
    pub fn next_frame(&mut self) -> Option<CapturedFrame<'_>> {
        if self.damaged {
            return None;
        }
        loop {
            let record = match &mut self.format {
                Format::Pcap(header) => header.record(&mut self.input),
                Format::Pcapng(section) => section.block(&mut self.input),
            };
            match record {
                Ok(Record::Frame { time, link, start, captured, wire_length, length }) => {
                    let block = self.input.take(length);
                    let bytes = block.get(start..start.saturating_add(captured)).unwrap_or_default();
                    let known = LinkType::from_number(link);
                    if known.is_none() && (self.unread.contains_key(&link) || self.unread.len() < LINK_TYPES_NOTED_MAX)
                    {
                        let frames = self.unread.entry(link).or_insert(0);
                        *frames = frames.saturating_add(1);
                    }
                    return Some(CapturedFrame { time, link: known, bytes, wire_length });
                }
                Ok(Record::Other) => {}
                Ok(Record::End) => return None,
                Err(damage) => {
                    self.note(damage);
                    return None;
                }
            }
        }
    }

    fn note(&mut self, damage: Damage) {
        self.damaged = true;
        let place = self.input.offset();
        let unpacked = if self.input.is_compressed() { " of the unpacked capture" } else { "" };
        self.notes.push(match damage {
            Damage::Read(ReadError::End { wanted, available }) => format!(
                "cut short at byte {place}{unpacked}: a record needs {wanted} bytes, {available} are left; \
                 everything before it was read"
            ),
            Damage::Read(ReadError::Io(error)) => {
                format!("unreadable after byte {place}{unpacked}: {error}; everything before it was read")
            }
            Damage::Broken(what) => {
                format!("damaged at byte {place}{unpacked}: {what}; everything before it was read")
            }
        });
    }

    /// Reads what is left of the file for its checksum and tells what it was.
    pub fn finish(mut self) -> Result<Summary, std::io::Error> {
        for (link, frames) in std::mem::take(&mut self.unread) {
            let name = link_name(link).map_or(String::new(), |name| format!(" ({name})"));
            self.notes.push(format!("frames of link type {link}{name} are not read: {frames} were passed over"));
        }
        let name = match self.format {
            Format::Pcap(_) => "pcap",
            Format::Pcapng(_) => "pcapng",
        };
        let format = format!("{name}{}", self.input.compression());
        let (sha256, bytes) = self.input.finish()?;
        Ok(Summary { sha256, bytes, format, notes: self.notes })
    }
}
/// What people call a link type that is not read (tcpdump.org/linktypes).
const fn link_name(link: u32) -> Option<&'static str> {
    Some(match link {
        9 | 50 | 51 => "PPP",
        104 => "Cisco HDLC",
        105 | 119 | 127 | 163 => "IEEE 802.11",
        147..=162 => "private to who captured it",
        187 | 201 | 254 => "Bluetooth",
        195 | 215 | 230 => "IEEE 802.15.4",
        189 | 220 => "USB",
        _ => return None,
    })
}
