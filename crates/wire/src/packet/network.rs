//! IPv4 (RFC 791) and IPv6 (RFC 8200) with extension headers.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::reader::{Reader, Truncated};

/// Extension headers beyond this many are not followed.
const EXTENSIONS_MAX: usize = 16;

/// A packet's header and what it carries.
#[derive(Clone, Copy, Debug)]
pub struct IpPacket<'a> {
    /// Source address.
    pub source: IpAddr,
    /// Destination address.
    pub destination: IpAddr,
    /// Protocol number of the payload (IANA), extension headers passed.
    pub protocol: u8,
    /// Time to live, or hop limit.
    pub hop_limit: u8,
    /// Set if this is a piece of a packet.
    pub fragment: Option<Fragment>,
    /// What was captured of the payload.
    pub payload: &'a [u8],
    /// How long the payload was on the wire; more than was captured if the capture cut it.
    pub payload_length: usize,
}

/// Where a piece belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fragment {
    /// Identification, common to all pieces.
    pub identification: u32,
    /// First byte's place in the whole payload.
    pub offset: u32,
    /// Whether pieces follow.
    pub more: bool,
}

/// Reads an IPv4 header (RFC 791 §3.1).
pub fn ipv4(bytes: &[u8]) -> Result<IpPacket<'_>, Truncated> {
    let mut reader = Reader::new(bytes);
    let version_length = reader.u8("version, IHL")?;
    let header_length = usize::from(version_length & 0x0f).saturating_mul(4);
    if version_length >> 4 != 4 || header_length < 20 {
        return Err(Truncated { field: "version, IHL", needed: 20, available: header_length });
    }
    reader.skip(1, "type of service")?;
    let total_length = usize::from(reader.u16("total length")?);
    let identification = reader.u16("identification")?;
    let flags_offset = reader.u16("flags, fragment offset")?;
    let hop_limit = reader.u8("time to live")?;
    let protocol = reader.u8("protocol")?;
    reader.skip(2, "header checksum")?;
    let source = Ipv4Addr::from(reader.array("source address")?);
    let destination = Ipv4Addr::from(reader.array("destination address")?);
    reader.skip(header_length.saturating_sub(20), "options")?;

    let more = flags_offset & 0x2000 != 0;
    let offset = u32::from(flags_offset & 0x1fff).saturating_mul(8);
    // Zero means that the network card splits the packet later (segmentation offload): take what is there.
    let payload_length = if total_length == 0 { reader.len() } else { total_length.saturating_sub(header_length) };
    let packet = IpPacket {
        source: source.into(),
        destination: destination.into(),
        protocol,
        hop_limit,
        fragment: (more || offset != 0).then_some(Fragment { identification: identification.into(), offset, more }),
        payload: reader.take_up_to(payload_length),
        payload_length,
    };
    if packet.fragment.is_none() && protocol == AUTHENTICATION { extensions(packet) } else { Ok(packet) }
}

/// Reads an IPv6 header and its extension headers (RFC 8200 §3 and §4).
pub fn ipv6(bytes: &[u8]) -> Result<IpPacket<'_>, Truncated> {
    let mut reader = Reader::new(bytes);
    let version = reader.u32("version, traffic class, flow label")? >> 28;
    if version != 6 {
        return Err(Truncated { field: "version", needed: 6, available: 0 });
    }
    let stated_length = usize::from(reader.u16("payload length")?);
    let protocol = reader.u8("next header")?;
    let hop_limit = reader.u8("hop limit")?;
    let source = Ipv6Addr::from(reader.array("source address")?);
    let destination = Ipv6Addr::from(reader.array("destination address")?);
    let payload_length = if stated_length == 0 { reader.len() } else { stated_length };
    extensions(IpPacket {
        source: source.into(),
        destination: destination.into(),
        protocol,
        hop_limit,
        fragment: None,
        payload: reader.take_up_to(payload_length),
        payload_length,
    })
}

const HOP_BY_HOP: u8 = 0;
const ROUTING: u8 = 43;
const FRAGMENT: u8 = 44;
const AUTHENTICATION: u8 = 51;
const DESTINATION_OPTIONS: u8 = 60;
const MOBILITY: u8 = 135;
const HOST_IDENTITY: u8 = 139;
const SHIM6: u8 = 140;

/// Passes extension headers up to the transport header, or to the first piece's place.
fn extensions(mut packet: IpPacket<'_>) -> Result<IpPacket<'_>, Truncated> {
    for _ in 0..EXTENSIONS_MAX {
        let mut reader = Reader::new(packet.payload);
        let next;
        let before = reader.len();
        match packet.protocol {
            HOP_BY_HOP | ROUTING | DESTINATION_OPTIONS | MOBILITY | HOST_IDENTITY | SHIM6 => {
                next = reader.u8("next header")?;
                // In units of eight bytes beyond the first eight, two of which are read.
                let length = usize::from(reader.u8("header length")?).saturating_mul(8).saturating_add(6);
                reader.skip(length, "extension header")?;
            }
            AUTHENTICATION => {
                next = reader.u8("next header")?;
                // In units of four bytes minus two (RFC 4302 §2.2).
                let length = usize::from(reader.u8("payload length")?).saturating_mul(4).saturating_add(6);
                reader.skip(length, "authentication header")?;
            }
            FRAGMENT => {
                next = reader.u8("next header")?;
                reader.skip(1, "reserved")?;
                let offset_flags = reader.u16("fragment offset, flags")?;
                let identification = reader.u32("identification")?;
                let (offset, more) = (u32::from(offset_flags & 0xfff8), offset_flags & 1 != 0);
                // An atomic fragment (RFC 6946) is whole.
                if offset != 0 || more {
                    packet.fragment = Some(Fragment { identification, offset, more });
                }
            }
            _ => return Ok(packet),
        }
        packet.payload_length = packet.payload_length.saturating_sub(before.saturating_sub(reader.len()));
        packet.payload = reader.rest();
        packet.protocol = next;
        if packet.fragment.is_some() {
            break;
        }
    }
    Ok(packet)
}

/// Goes on with a packet put together again: its extension headers after the fragment header.
pub fn reassembled<'a>(packet: &IpPacket<'_>, payload: &'a [u8]) -> Result<IpPacket<'a>, Truncated> {
    extensions(IpPacket {
        source: packet.source,
        destination: packet.destination,
        protocol: packet.protocol,
        hop_limit: packet.hop_limit,
        fragment: None,
        payload,
        payload_length: payload.len(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extension_headers_are_passed() {
        let mut bytes = vec![0x60, 0, 0, 0, 0, 24, 0, 64];
        bytes.extend([0xfe; 32]);
        bytes.extend([60, 0, 1, 4, 0, 0, 0, 0]); // hop by hop, next: destination options
        bytes.extend([17, 0, 1, 4, 0, 0, 0, 0]); // destination options, next: UDP
        bytes.extend([0, 53, 0, 53, 0, 8, 0, 0]);
        let packet = ipv6(&bytes).unwrap();
        assert_eq!((packet.protocol, packet.payload_length, packet.payload.len()), (17, 8, 8));
    }

    #[test]
    fn padding_behind_the_total_length_goes() {
        let mut bytes = vec![0x45, 0, 0, 22, 0, 1, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2];
        bytes.extend([1, 2, 0, 0, 0, 0]);
        let packet = ipv4(&bytes).unwrap();
        assert_eq!(packet.payload, [1, 2]);
    }

    #[test]
    fn no_prefix_panics() {
        let bytes: Vec<u8> = std::iter::once(0x60).chain(0..120).collect();
        for length in 0..bytes.len() {
            let _ = (ipv4(&bytes[..length]), ipv6(&bytes[..length]));
        }
    }
}
