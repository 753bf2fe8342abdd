//! Long headers (RFC 8999 §5.1, RFC 9000 §17.2) and variable-length integers (RFC 9000 §16).

use super::versions::{self, Version};
use crate::protocols::DecodeError;
use crate::reader::{Reader, Truncated};

/// The longest connection identifier (RFC 9000 §17.2).
const CONNECTION_ID_BYTES_MAX: u8 = 20;
/// The shortest that a client may begin with (RFC 9000 §7.2).
const FIRST_CONNECTION_ID_BYTES_MIN: usize = 8;
/// The shortest protected part: a packet number of four bytes, or less of it and payload, and the tag (RFC 9001 §5.4.2).
const PROTECTED_BYTES_MIN: usize = 20;
/// A Retry's integrity tag (RFC 9001 §5.8).
const RETRY_TAG_BYTES: usize = 16;

/// A packet with a long header.
pub(super) enum Packet<'a> {
    /// The versions that a server has (RFC 8999 §6).
    VersionNegotiation(&'a [u8]),
    /// Keys follow from the connection identifier.
    Initial {
        version: &'static Version,
        destination: &'a [u8],
        /// The header up to the packet number, which is still protected.
        header: &'a [u8],
        /// Packet number, payload and tag.
        protected: &'a [u8],
    },
    /// The client has to begin again, to that connection identifier.
    Retry { version: &'static Version },
    /// 0-RTT or Handshake.
    Other { version: &'static Version },
}

/// Reads the packet at the front of a datagram; others may follow it.
pub(super) fn read<'a>(datagram: &mut Reader<'a>) -> Result<Packet<'a>, DecodeError> {
    let whole = datagram.rest();
    let first = datagram.u8("first byte")?;
    if first & 0x80 == 0 {
        return Err(malformed("first byte", "a long header"));
    }
    let number = datagram.u32("Version")?;
    let destination = connection_id(datagram)?;
    connection_id(datagram)?;
    if number == 0 {
        let versions = datagram.take_up_to(usize::MAX);
        let is_list = !versions.is_empty() && versions.len().is_multiple_of(4);
        let is_known = version_numbers(versions).any(|number| versions::of(number).is_some());
        return match is_list && is_known {
            true => Ok(Packet::VersionNegotiation(versions)),
            false => Err(malformed("Supported Version", "a list of versions that exist")),
        };
    }
    let reserved = versions::reserved(number).filter(|_| whole.len() >= DATAGRAM_BYTES_MIN);
    let version = versions::of(number).or(reserved).ok_or(malformed("Version", "a version that exists"))?;
    if first & 0x40 == 0 {
        return Err(malformed("Fixed Bit", "set"));
    }
    match kind(first, number) {
        Kind::Retry => {
            let token = datagram.take_up_to(usize::MAX);
            if token.len() <= RETRY_TAG_BYTES {
                return Err(malformed("Retry Token", "not empty"));
            }
            Ok(Packet::Retry { version })
        }
        kind => {
            if let Kind::Initial = kind {
                let token = variable(datagram)?;
                datagram.skip(token, "Token")?;
            }
            let length = variable(datagram)?;
            let header = whole.get(..whole.len().saturating_sub(datagram.len())).unwrap_or_default();
            let protected = datagram.take(length, "Packet Payload")?;
            if protected.len() < PROTECTED_BYTES_MIN {
                return Err(malformed("Length", "room for packet number and tag"));
            }
            Ok(match kind {
                Kind::Initial => Packet::Initial { version, destination, header, protected },
                Kind::Retry | Kind::Other => Packet::Other { version },
            })
        }
    }
}

/// Whether a datagram begins with a long header whose lengths all fit; the first of a client has a long identifier.
pub(super) fn is_long(datagram: &[u8]) -> bool {
    match read(&mut Reader::new(datagram)) {
        Ok(Packet::Initial { destination, .. }) => {
            destination.len() >= FIRST_CONNECTION_ID_BYTES_MIN || datagram.len() >= DATAGRAM_BYTES_MIN
        }
        Ok(_) => true,
        Err(_) => false,
    }
}

/// How long datagrams with Initial packets are, so that the way is wide enough (RFC 9000 §14.1).
const DATAGRAM_BYTES_MIN: usize = 1_200;

/// The numbers of a version negotiation.
pub(super) fn version_numbers(list: &[u8]) -> impl Iterator<Item = u32> {
    let (numbers, _) = list.as_chunks::<4>();
    numbers.iter().map(|number| u32::from_be_bytes(*number))
}

enum Kind {
    Initial,
    Retry,
    Other,
}

/// RFC 9000 §17.2, RFC 9369 §3.2.
const fn kind(first: u8, version: u32) -> Kind {
    match (first >> 4 & 3, version) {
        (1, versions::TWO) => Kind::Initial,
        (0, versions::TWO) => Kind::Retry,
        (_, versions::TWO) => Kind::Other,
        (0, _) => Kind::Initial,
        (3, _) => Kind::Retry,
        _ => Kind::Other,
    }
}

fn connection_id<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], DecodeError> {
    match reader.u8("Connection ID Length")? {
        length @ 0..=CONNECTION_ID_BYTES_MAX => Ok(reader.take(usize::from(length), "Connection ID")?),
        _ => Err(malformed("Connection ID Length", "at most 20")),
    }
}

/// A variable-length integer: the first two bits say how long it is. One beyond what fits in memory is none.
pub(super) fn variable(reader: &mut Reader<'_>) -> Result<usize, Truncated> {
    let first = reader.peek().unwrap_or_default();
    let number = match first >> 6 {
        0 => u64::from(reader.u8("variable-length integer")?),
        1 => u64::from(reader.u16("variable-length integer")? & 0x3fff),
        2 => u64::from(reader.u32("variable-length integer")? & 0x3fff_ffff),
        _ => reader.u64("variable-length integer")? & 0x3fff_ffff_ffff_ffff,
    };
    Ok(usize::try_from(number).unwrap_or(usize::MAX))
}

const fn malformed(field: &'static str, rule: &'static str) -> DecodeError {
    DecodeError::Malformed { field, rule }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of RFC 9000 appendix A.1.
    #[test]
    fn integers_say_how_long_they_are() {
        for (bytes, number) in [
            (&[0xc2, 0x19, 0x7c, 0x5e, 0xff, 0x14, 0xe8, 0x8c][..], 151_288_809_941_952_652),
            (&[0x9d, 0x7f, 0x3e, 0x7d], 494_878_333),
            (&[0x7b, 0xbd], 15_293),
            (&[0x25], 37),
            (&[0x40, 0x25], 37),
        ] {
            let mut reader = Reader::new(bytes);
            assert_eq!(variable(&mut reader), Ok(number));
            assert!(reader.is_empty());
        }
        assert!(variable(&mut Reader::new(&[])).is_err() && variable(&mut Reader::new(&[0x40])).is_err());
    }
}
