//! The delimiters that a message declares in its header (HL7 v2.5 §2.5.4), and what a message looks like at its start.

use crate::protocols::Probe;

/// Start block (MLLP: `<SB>`, vertical tab).
pub(super) const START_BLOCK: u8 = 0x0b;
/// End block (MLLP: `<EB>`, file separator).
pub(super) const END_BLOCK: u8 = 0x1c;

/// The byte order mark that some senders put in front of a message in UTF-8.
pub(super) const BYTE_ORDER_MARK: &[u8; 3] = b"\xef\xbb\xbf";

/// The fewest encoding characters that are believed: a very old sender may leave out the last.
const ENCODING_CHARACTERS_MIN: usize = 3;
/// Component, repetition, escape, subcomponent and, since version 2.7, truncation.
const ENCODING_CHARACTERS_MAX: usize = 5;

/// What separates the parts of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Delimiters {
    pub(super) field: u8,
    pub(super) component: u8,
    pub(super) repetition: u8,
    pub(super) subcomponent: u8,
}

impl Default for Delimiters {
    fn default() -> Self {
        Self { field: b'|', component: b'^', repetition: b'~', subcomponent: b'&' }
    }
}

impl Delimiters {
    /// Reads the field separator and the encoding characters from behind the segment's name; also how many bytes they
    /// take, the separator behind them included. `Ok(None)` while there are too few bytes to tell.
    pub(super) fn read(bytes: &[u8]) -> Result<Option<(Self, usize)>, Implausible> {
        let (field, rest) = match bytes.split_first() {
            None => return Ok(None),
            Some((field, rest)) => (*field, rest),
        };
        if !is_delimiter(field) {
            return Err(Implausible);
        }
        let length = rest.iter().take(ENCODING_CHARACTERS_MAX.saturating_add(1)).position(|byte| *byte == field);
        let encoding = rest.get(..length.unwrap_or(rest.len())).unwrap_or_default();
        let distinct = encoding
            .iter()
            .enumerate()
            .all(|(index, byte)| !encoding.iter().skip(index.saturating_add(1)).any(|other| other == byte));
        if !distinct || !encoding.iter().all(|byte| is_delimiter(*byte)) || encoding.len() > ENCODING_CHARACTERS_MAX {
            return Err(Implausible);
        }
        match (encoding, length) {
            (_, None) => Ok(None),
            ([component, repetition, _escape, rest @ ..], Some(length)) if length >= ENCODING_CHARACTERS_MIN => {
                let subcomponent = rest.first().copied().unwrap_or(b'&');
                let delimiters = Self { field, component: *component, repetition: *repetition, subcomponent };
                Ok(Some((delimiters, length.saturating_add(2))))
            }
            _ => Err(Implausible),
        }
    }
}

/// The bytes declare no delimiters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Implausible;

const fn is_delimiter(byte: u8) -> bool {
    byte.is_ascii_punctuation()
}

/// Whether bytes begin a message: a start block with a message, file or batch header, or such a header alone with all
/// four encoding characters.
pub(super) fn begins(bytes: &[u8]) -> Probe {
    let (header, framed) = match bytes {
        [] => return Probe::No,
        [START_BLOCK, rest @ ..] => (rest.strip_prefix(BYTE_ORDER_MARK).unwrap_or(rest).trim_ascii_start(), true),
        _ => (bytes, false),
    };
    if framed && BYTE_ORDER_MARK.starts_with(header) {
        return Probe::More;
    }
    let Some((name, rest)) = header.split_at_checked(3) else {
        let may_be = [b"MSH", b"FHS", b"BHS"].iter().any(|name| name.starts_with(header));
        return if may_be { Probe::More } else { Probe::No };
    };
    if !matches!(name, b"MSH" | b"FHS" | b"BHS") {
        return Probe::No;
    }
    match Delimiters::read(rest) {
        Ok(None) => Probe::More,
        // The separator in front and the one behind, and four between them.
        Ok(Some((_, length))) if framed || length >= 6 => Probe::Yes,
        Ok(Some(_)) | Err(Implausible) => Probe::No,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters_are_read_as_declared() {
        let usual = Delimiters::default();
        assert_eq!(Delimiters::read(b"|^~\\&|A|B"), Ok(Some((usual, 6))));
        assert_eq!(Delimiters::read(b"|^~\\&#|A"), Ok(Some((usual, 7))));
        let other = Delimiters { field: b'|', component: b'@', repetition: b'^', subcomponent: b'&' };
        assert_eq!(Delimiters::read(b"|@^\\&|A"), Ok(Some((other, 6))));
        assert_eq!(Delimiters::read(b"|^~"), Ok(None));
    }

    #[test]
    fn what_declares_none_is_refused() {
        for bytes in [&b"A^~\\&A"[..], b"|^^\\&|", b"|ab\\&|", b"||", b"|^~|", b"|^~\\&#!|", b"\r^~\\&|"] {
            assert_eq!(Delimiters::read(bytes), Err(Implausible), "{bytes:?}");
        }
    }

    #[test]
    fn openings() {
        assert_eq!(begins(b"\x0bMSH|^~\\&|"), Probe::Yes);
        assert_eq!(begins(b"\x0b\r\nMSH|^~\\&|"), Probe::Yes);
        assert_eq!(begins(b"MSH|^~\\&|"), Probe::Yes);
        assert_eq!(begins(b"\x0bFHS|^~\\&|"), Probe::Yes);
        assert_eq!(begins(b"\x0bMS"), Probe::More);
        assert_eq!(begins(b"\x0b\xef\xbb"), Probe::More);
        assert_eq!(begins(b"\x0b\xef\xbb\xbfMSH|^~\\&|"), Probe::Yes);
        assert_eq!(begins(b"MSH|^~\\|A"), Probe::No);
        assert_eq!(begins(b"MSG|^~\\&|"), Probe::No);
        assert_eq!(begins(b"\x0bPID|1"), Probe::No);
    }
}
