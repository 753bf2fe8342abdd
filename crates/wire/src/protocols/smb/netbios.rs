//! NetBIOS session service packets (RFC 1002 §4.3): the four bytes before each SMB message, and the calling names.

use model::{Field, Message, Messages};

use super::{CALLED_NAME, CALLING_NAME};
use crate::reader::{Reader, Truncated};

/// A header is so long.
pub(super) const HEADER_BYTES: usize = 4;
/// A session request holds two names of 34 bytes; one with scopes is at most this long.
pub(super) const REQUEST_BYTES_MAX: usize = 512;

/// The suffix of the messenger service, whose names are those of users.
const MESSENGER: u8 = 0x03;

/// What a header announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packet {
    /// A message of that many bytes. Zero is a keep-alive of direct TCP transport.
    Message(u32),
    /// A request for a session, with names of that many bytes.
    Request(usize),
    /// An answer to a request, or a keep-alive: that many bytes follow.
    Control(u32),
    /// No such packet.
    Unknown,
}

/// Reads a header (RFC 1002 §4.3.1; MS-SMB2 §2.1 for the 24-bit length without NetBIOS).
pub(super) fn header(bytes: &[u8]) -> Result<Packet, Truncated> {
    let mut reader = Reader::new(bytes);
    let kind = reader.u8("TYPE")?;
    let length = reader.u24("LENGTH")?;
    Ok(match kind {
        0x00 => Packet::Message(length),
        0x81 => {
            usize::try_from(length).ok().filter(|n| *n <= REQUEST_BYTES_MAX).map_or(Packet::Unknown, Packet::Request)
        }
        0x82..=0x85 => Packet::Control(length),
        _ => Packet::Unknown,
    })
}

/// A session request's called and calling name (RFC 1002 §4.3.2).
pub(super) fn session_request(body: &[u8], messages: &mut Messages) -> Result<(), Truncated> {
    let mut reader = Reader::new(body);
    let called = name(&mut reader)?;
    let calling = name(&mut reader)?;
    let message = messages.begin("smb", "session_request");
    called.tell(&CALLED_NAME, message);
    calling.tell(&CALLING_NAME, message);
    message.operated("session_request");
    Ok(())
}

/// A name: fifteen characters and a suffix (RFC 1001 §14.1).
pub(super) struct Name([u8; 16]);

impl Name {
    /// Tells the characters, unless they are a user's.
    pub(super) fn tell(&self, field: &'static Field, message: &mut Message) {
        if let [characters @ .., suffix] = &self.0
            && *suffix != MESSENGER
        {
            message.bytes(field, characters);
        }
    }
}

/// A name in first-level encoding (RFC 1001 §14.1).
pub(super) fn name(reader: &mut Reader<'_>) -> Result<Name, Truncated> {
    let mut name = [b' '; 16];
    reader.skip(1, "NAME length")?;
    let encoded: [u8; 32] = reader.array("NAME")?;
    for (character, pair) in name.iter_mut().zip(encoded.chunks_exact(2)) {
        if let [high, low] = pair {
            *character = (high.wrapping_sub(b'A') & 15) << 4 | low.wrapping_sub(b'A') & 15;
        }
    }
    // The scope: labels up to an empty one.
    loop {
        match reader.u8("scope")? {
            0 => return Ok(Name(name)),
            length => reader.skip(usize::from(length), "scope")?,
        }
    }
}

/// Whether bytes begin like a name in first-level encoding, as far as they reach.
pub(super) fn is_name(bytes: &[u8]) -> bool {
    let (length, encoded) = bytes.split_first().map_or((32, bytes), |(length, rest)| (*length, rest));
    length == 32 && encoded.iter().take(32).all(|byte| (b'A'..=b'P').contains(byte))
}
