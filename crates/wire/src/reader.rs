//! One reader owns the offsets: every access is checked, none can panic.

/// The bytes end before the value does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: needs {needed} bytes, {available} left")]
pub struct Truncated {
    /// What was being read.
    pub field: &'static str,
    /// How many bytes it takes.
    pub needed: usize,
    /// How many were left.
    pub available: usize,
}

/// Reads values from the front of a slice. Numbers are in network byte order unless the name says `_le`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Starts at the first byte.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// The bytes that were not read yet.
    pub const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// How many bytes were not read yet.
    pub const fn len(&self) -> usize {
        self.rest.len()
    }

    /// Whether all bytes were read.
    pub const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// Reads exactly `N` bytes.
    pub fn array<const N: usize>(&mut self, field: &'static str) -> Result<[u8; N], Truncated> {
        let available = self.rest.len();
        let (head, rest) = self.rest.split_first_chunk().ok_or(Truncated { field, needed: N, available })?;
        self.rest = rest;
        Ok(*head)
    }

    /// Reads `length` bytes without copying them.
    pub fn take(&mut self, length: usize, field: &'static str) -> Result<&'a [u8], Truncated> {
        let available = self.rest.len();
        let (head, rest) = self.rest.split_at_checked(length).ok_or(Truncated { field, needed: length, available })?;
        self.rest = rest;
        Ok(head)
    }

    /// Reads `length` bytes as a reader of their own.
    pub fn part(&mut self, length: usize, field: &'static str) -> Result<Reader<'a>, Truncated> {
        self.take(length, field).map(Reader::new)
    }

    /// Reads `length` bytes, or all that are left if there are fewer.
    pub fn take_up_to(&mut self, length: usize) -> &'a [u8] {
        let (head, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, &[]));
        self.rest = rest;
        head
    }

    /// Passes over `length` bytes.
    pub fn skip(&mut self, length: usize, field: &'static str) -> Result<(), Truncated> {
        self.take(length, field).map(|_| ())
    }

    /// The next byte, without reading it.
    pub fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// Reads one byte.
    pub fn u8(&mut self, field: &'static str) -> Result<u8, Truncated> {
        self.array::<1>(field).map(|[byte]| byte)
    }

    /// Reads two bytes.
    pub fn u16(&mut self, field: &'static str) -> Result<u16, Truncated> {
        self.array(field).map(u16::from_be_bytes)
    }

    /// Reads three bytes.
    pub fn u24(&mut self, field: &'static str) -> Result<u32, Truncated> {
        self.array(field).map(|[a, b, c]| u32::from_be_bytes([0, a, b, c]))
    }

    /// Reads four bytes.
    pub fn u32(&mut self, field: &'static str) -> Result<u32, Truncated> {
        self.array(field).map(u32::from_be_bytes)
    }

    /// Reads eight bytes.
    pub fn u64(&mut self, field: &'static str) -> Result<u64, Truncated> {
        self.array(field).map(u64::from_be_bytes)
    }

    /// Reads two bytes, lowest first.
    pub fn u16_le(&mut self, field: &'static str) -> Result<u16, Truncated> {
        self.array(field).map(u16::from_le_bytes)
    }

    /// Reads four bytes, lowest first.
    pub fn u32_le(&mut self, field: &'static str) -> Result<u32, Truncated> {
        self.array(field).map(u32::from_le_bytes)
    }

    /// Reads eight bytes, lowest first.
    pub fn u64_le(&mut self, field: &'static str) -> Result<u64, Truncated> {
        self.array(field).map(u64::from_le_bytes)
    }
}
