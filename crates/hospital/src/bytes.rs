//! Puts bytes together, piece by piece.

/// Bytes in the making; numbers stand in the order of the network unless the name says `little`.
#[derive(Clone, Debug, Default)]
pub struct Bytes(Vec<u8>);

impl Bytes {
    /// Nothing yet.
    pub fn new() -> Self {
        // Most of what is put together is short: room for it at once.
        Self(Vec::with_capacity(64))
    }

    /// Nothing yet, with room for so many bytes.
    pub fn with_room(length: usize) -> Self {
        Self(Vec::with_capacity(length))
    }

    /// Bytes as they are.
    pub fn raw(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.0.extend_from_slice(bytes.as_ref());
        self
    }

    /// Text in its own encoding, nothing around it.
    pub fn text(self, text: &str) -> Self {
        self.raw(text)
    }

    /// One byte.
    pub fn u8(self, value: u8) -> Self {
        self.raw([value])
    }

    /// Two bytes, the higher first.
    pub fn u16(self, value: u16) -> Self {
        self.raw(value.to_be_bytes())
    }

    /// Four bytes, the highest first.
    pub fn u32(self, value: u32) -> Self {
        self.raw(value.to_be_bytes())
    }

    /// Two bytes, the lower first.
    pub fn little16(self, value: u16) -> Self {
        self.raw(value.to_le_bytes())
    }

    /// Four bytes, the lowest first.
    pub fn little32(self, value: u32) -> Self {
        self.raw(value.to_le_bytes())
    }

    /// Eight bytes, the lowest first.
    pub fn little64(self, value: u64) -> Self {
        self.raw(value.to_le_bytes())
    }

    /// So many zeros.
    pub fn zeros(mut self, count: usize) -> Self {
        self.0.resize(self.0.len().saturating_add(count), 0);
        self
    }

    /// Text in a field of fixed width, cut or filled up.
    pub fn fixed(mut self, text: &str, width: usize, filler: u8) -> Self {
        let end = self.0.len().saturating_add(width);
        self.0.extend(text.bytes().take(width));
        self.0.resize(end, filler);
        self
    }

    /// UTF-16, the lower byte first, as Windows writes it.
    pub fn wide(mut self, text: &str) -> Self {
        self.0.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        self
    }

    /// UTF-16, the higher byte first.
    pub fn wide_big(mut self, text: &str) -> Self {
        self.0.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
        self
    }

    /// A one-byte length and what it counts.
    pub fn counted8(self, bytes: impl AsRef<[u8]>) -> Self {
        self.u8(u8::try_from(bytes.as_ref().len()).unwrap_or(u8::MAX)).raw(bytes)
    }

    /// A two-byte length and what it counts.
    pub fn counted16(self, bytes: impl AsRef<[u8]>) -> Self {
        self.u16(length16(bytes.as_ref())).raw(bytes)
    }

    /// A three-byte length and what it counts.
    pub fn counted24(self, bytes: impl AsRef<[u8]>) -> Self {
        let [_, a, b, c] = length32(bytes.as_ref()).to_be_bytes();
        self.raw([a, b, c]).raw(bytes)
    }

    /// A four-byte length and what it counts.
    pub fn counted32(self, bytes: impl AsRef<[u8]>) -> Self {
        self.u32(length32(bytes.as_ref())).raw(bytes)
    }

    /// How many bytes there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// A length that fits two bytes.
pub fn length16(bytes: &[u8]) -> u16 {
    u16::try_from(bytes.len()).unwrap_or(u16::MAX)
}

/// A length that fits four bytes.
pub fn length32(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).unwrap_or(u32::MAX)
}

/// Bytes that look random (keys, encrypted content) and are the same in every run (the generator is `SplitMix64`).
pub fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed;
    let mut bytes = Vec::with_capacity(length.saturating_add(8));
    while bytes.len() < length {
        state = state.wrapping_add(STEP);
        bytes.extend_from_slice(&word(state).to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}

/// A number that looks random: the first four bytes of [`noise`].
pub fn noise32(seed: u64) -> u32 {
    let [a, b, c, d, ..] = word(seed.wrapping_add(STEP)).to_le_bytes();
    u32::from_be_bytes([a, b, c, d])
}

const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

const fn word(state: u64) -> u64 {
    let word = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}
