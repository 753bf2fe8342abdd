//! A window that slides over a file: hashed as it lies on disk, unpacked if it is compressed, never held whole.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::{Arc, Mutex};

use sha2::{Digest, Sha256};

/// How much is read at once: what is read, hashed and taken apart stays in the processor's cache meanwhile.
const WINDOW_BYTES: usize = 64 * 1_024;
/// The largest stretch that may be asked for; longer ones are passed over piecewise.
pub const WINDOW_BYTES_MAX: usize = 16 * 1_024 * 1_024;

/// Why bytes are not to be had.
#[derive(Debug)]
pub enum ReadError {
    /// The file ends before.
    End { wanted: usize, available: usize },
    /// The operating system or the decompressor gave up.
    Io(io::Error),
}

/// The file, unpacked, with a window on it.
pub struct Input {
    source: Box<dyn Read + Send>,
    raw: Arc<Mutex<Raw>>,
    compression: &'static str,
    window: Vec<u8>,
    start: usize,
    end: usize,
    offset: u64,
    size: u64,
}

/// The file on disk: every byte that is read goes into the checksum.
struct Raw {
    file: Box<dyn Read + Send>,
    hash: Sha256,
    position: u64,
}

impl Raw {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.file.read(buffer) {
                Ok(count) => {
                    self.hash.update(buffer.get(..count).unwrap_or_default());
                    self.position = self.position.saturating_add(count as u64);
                    return Ok(count);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

/// A handle that the decompressor owns.
struct Shared(Arc<Mutex<Raw>>);

impl Read for Shared {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        lock(&self.0).read(buffer)
    }
}

fn lock(raw: &Mutex<Raw>) -> std::sync::MutexGuard<'_, Raw> {
    // Only this module locks, and never across a panic that leaves the value half-changed.
    raw.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Zstandard frames one after the other.
struct Zstandard {
    decoder: Option<ruzstd::decoding::StreamingDecoder<io::BufReader<Chained>, ruzstd::decoding::FrameDecoder>>,
}

/// The four bytes read to recognise the format, then the rest.
type Chained = io::Chain<io::Cursor<Vec<u8>>, Shared>;

impl Zstandard {
    fn new(source: Chained) -> io::Result<Self> {
        let buffered = io::BufReader::with_capacity(WINDOW_BYTES, source);
        let decoder = ruzstd::decoding::StreamingDecoder::new(buffered).map_err(io::Error::other)?;
        Ok(Self { decoder: Some(decoder) })
    }
}

impl Read for Zstandard {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(decoder) = &mut self.decoder {
            let count = decoder.read(buffer)?;
            if count > 0 {
                return Ok(count);
            }
            let Some(ended) = self.decoder.take() else { break };
            let mut rest = ended.into_inner();
            if io::BufRead::fill_buf(&mut rest)?.is_empty() {
                break;
            }
            self.decoder = Some(ruzstd::decoding::StreamingDecoder::new(rest).map_err(io::Error::other)?);
        }
        Ok(0)
    }
}

impl Input {
    /// Opens a file and finds out whether it is compressed.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        if metadata.is_dir() {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "is a folder; name the capture files in it"));
        }
        Self::of(Box::new(file), metadata.len())
    }

    /// Reads what comes, of this size as far as is known, and finds out whether it is compressed.
    pub fn of(file: Box<dyn Read + Send>, size: u64) -> io::Result<Self> {
        let raw = Arc::new(Mutex::new(Raw { file, hash: Sha256::new(), position: 0 }));
        let mut magic = Vec::new();
        Shared(Arc::clone(&raw)).take(4).read_to_end(&mut magic)?;
        let kind = match magic.as_slice() {
            [0x1f, 0x8b, ..] => "+gzip",
            [0x28, 0xb5, 0x2f, 0xfd] => "+zstd",
            _ => "",
        };
        let chained = io::Cursor::new(magic).chain(Shared(Arc::clone(&raw)));
        let source: Box<dyn Read + Send> = match kind {
            "+gzip" => Box::new(flate2::read::MultiGzDecoder::new(chained)),
            "+zstd" => Box::new(Zstandard::new(chained)?),
            _ => Box::new(chained),
        };
        Ok(Self { source, raw, compression: kind, window: Vec::new(), start: 0, end: 0, offset: 0, size })
    }

    pub const fn size(&self) -> u64 {
        self.size
    }

    pub fn raw_position(&self) -> u64 {
        lock(&self.raw).position
    }

    /// Where the window begins in the unpacked file.
    pub const fn offset(&self) -> u64 {
        self.offset
    }

    pub const fn is_compressed(&self) -> bool {
        !self.compression.is_empty()
    }

    pub const fn compression(&self) -> &'static str {
        self.compression
    }

    /// The next `count` bytes, without passing them.
    pub fn peek(&mut self, count: usize) -> Result<&[u8], ReadError> {
        if self.end.saturating_sub(self.start) < count {
            self.fill(count)?;
        }
        Ok(self.window.get(self.start..self.start.saturating_add(count)).unwrap_or_default())
    }

    /// Whether the file ends here.
    pub fn is_at_end(&mut self) -> Result<bool, ReadError> {
        match self.peek(1) {
            Ok(_) => Ok(false),
            Err(ReadError::End { .. }) => Ok(true),
            Err(error) => Err(error),
        }
    }

    fn fill(&mut self, count: usize) -> Result<(), ReadError> {
        let capacity = count.clamp(WINDOW_BYTES, WINDOW_BYTES_MAX);
        self.window.copy_within(self.start..self.end, 0);
        self.end = self.end.saturating_sub(self.start);
        self.start = 0;
        if self.window.len() < capacity {
            self.window.resize(capacity, 0);
        }
        while self.end < count {
            let free = self.window.get_mut(self.end..).unwrap_or_default();
            if free.is_empty() {
                return Err(ReadError::End { wanted: count, available: self.end });
            }
            match self.source.read(free) {
                Ok(0) => return Err(ReadError::End { wanted: count, available: self.end }),
                Ok(read) => self.end = self.end.saturating_add(read),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(ReadError::Io(error)),
            }
        }
        Ok(())
    }

    /// Passes `count` bytes that were peeked at, and gives them.
    pub fn take(&mut self, count: usize) -> &[u8] {
        let from = self.start;
        self.start = self.start.saturating_add(count).min(self.end);
        self.offset = self.offset.saturating_add(self.start.saturating_sub(from) as u64);
        self.window.get(from..self.start).unwrap_or_default()
    }

    /// Passes over `count` bytes, however many.
    pub fn skip(&mut self, mut count: u64) -> Result<(), ReadError> {
        while count > 0 {
            let step = usize::try_from(count).unwrap_or(usize::MAX).min(WINDOW_BYTES);
            self.peek(step)?;
            self.take(step);
            count = count.saturating_sub(step as u64);
        }
        Ok(())
    }

    /// Hashes what was not read and gives the checksum (hexadecimal) and the size on disk.
    pub fn finish(self) -> io::Result<(String, u64)> {
        let mut buffer = vec![0; WINDOW_BYTES];
        let mut raw = lock(&self.raw);
        while raw.read(&mut buffer)? > 0 {}
        let digest = std::mem::take(&mut raw.hash).finalize();
        Ok((data_encoding::HEXLOWER.encode(&digest), raw.position))
    }
}
