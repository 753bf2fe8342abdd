//! TCP (RFC 9293), UDP (RFC 768), ICMP (RFC 792, RFC 4443) and SCTP (RFC 9260) headers.

use super::network::IpPacket;
use crate::reader::{Reader, Truncated};

/// IP protocol number of ICMP.
pub const ICMP: u8 = 1;
/// IP protocol number of TCP.
pub const TCP: u8 = 6;
/// IP protocol number of UDP.
pub const UDP: u8 = 17;
/// IP protocol number of ICMP for IPv6.
pub const ICMP6: u8 = 58;
/// IP protocol number of SCTP.
pub const SCTP: u8 = 132;

/// A TCP segment.
#[derive(Clone, Copy, Debug)]
pub struct Tcp<'a> {
    /// Source port.
    pub source: u16,
    /// Destination port.
    pub destination: u16,
    /// Sequence number of the first byte.
    pub sequence: u32,
    /// Next sequence number expected from the other side.
    pub acknowledgement: u32,
    /// The eight flag bits, [`Tcp::SYN`] and so on.
    pub flags: u8,
    /// What was captured of the payload.
    pub payload: &'a [u8],
    /// How long the payload was on the wire.
    pub payload_length: usize,
}

impl Tcp<'_> {
    /// No more data from the sender.
    pub const FIN: u8 = 0x01;
    /// Synchronise sequence numbers.
    pub const SYN: u8 = 0x02;
    /// Reset the connection.
    pub const RST: u8 = 0x04;
    /// The acknowledgement number counts.
    pub const ACK: u8 = 0x10;

    /// Whether any of the flags is set.
    pub const fn has(&self, flags: u8) -> bool {
        self.flags & flags != 0
    }
}

/// A transport header and its payload.
#[derive(Clone, Copy, Debug)]
pub enum Transport<'a> {
    /// A TCP segment.
    Tcp(Tcp<'a>),
    /// A UDP datagram.
    Udp {
        /// Source port.
        source: u16,
        /// Destination port.
        destination: u16,
        /// What was captured of the payload.
        payload: &'a [u8],
    },
    /// An ICMP message of either version, header included in the payload.
    Icmp {
        /// Type.
        kind: u8,
        /// Code.
        code: u8,
        /// The message from its type on.
        payload: &'a [u8],
    },
    /// An SCTP packet.
    Sctp {
        /// Source port.
        source: u16,
        /// Destination port.
        destination: u16,
    },
    /// Another protocol.
    Other,
}

/// Reads the transport header of a whole packet.
pub fn read<'a>(packet: &IpPacket<'a>) -> Result<Transport<'a>, Truncated> {
    let mut reader = Reader::new(packet.payload);
    match packet.protocol {
        TCP => tcp(&mut reader, packet.payload_length),
        UDP => {
            let (source, destination) = (reader.u16("source port")?, reader.u16("destination port")?);
            let length = usize::from(reader.u16("length")?);
            reader.skip(2, "checksum")?;
            // Zero stands for a jumbogram or an offloaded datagram.
            let length = if length == 0 { reader.len() } else { length.saturating_sub(8) };
            Ok(Transport::Udp { source, destination, payload: reader.take_up_to(length) })
        }
        ICMP | ICMP6 => {
            let (kind, code) = (reader.u8("type")?, reader.u8("code")?);
            Ok(Transport::Icmp { kind, code, payload: packet.payload })
        }
        SCTP => {
            let (source, destination) = (reader.u16("source port")?, reader.u16("destination port")?);
            Ok(Transport::Sctp { source, destination })
        }
        _ => Ok(Transport::Other),
    }
}

fn tcp<'a>(reader: &mut Reader<'a>, length: usize) -> Result<Transport<'a>, Truncated> {
    let (source, destination) = (reader.u16("source port")?, reader.u16("destination port")?);
    let sequence = reader.u32("sequence number")?;
    let acknowledgement = reader.u32("acknowledgement number")?;
    let header_length = usize::from(reader.u8("data offset")? >> 4).saturating_mul(4);
    let flags = reader.u8("flags")?;
    reader.skip(6, "window, checksum, urgent pointer")?;
    let options = header_length.checked_sub(20).ok_or(Truncated {
        field: "data offset",
        needed: 20,
        available: header_length,
    })?;
    reader.skip(options, "options")?;
    Ok(Transport::Tcp(Tcp {
        source,
        destination,
        sequence,
        acknowledgement,
        flags,
        payload: reader.rest(),
        payload_length: length.saturating_sub(header_length),
    }))
}
