//! Tunnels: IP in IP (RFC 2003, RFC 4213), GRE (RFC 2784, RFC 2890), ERSPAN (draft-foschiano-erspan), VXLAN (RFC 7348)
//! and its generic extension (draft-ietf-nvo3-vxlan-gpe), Geneve (RFC 8926).

use super::link::{IPV4, IPV6, LinkType};
use super::network::IpPacket;
use super::transport::Transport;
use crate::reader::{Reader, Truncated};

/// What comes out of a tunnel.
#[derive(Clone, Copy, Debug)]
pub enum Inside<'a> {
    /// A frame with a link header.
    Frame(LinkType, &'a [u8]),
    /// A packet of that EtherType.
    Packet(u16, &'a [u8]),
}

/// What an IP packet's payload tunnels, by its protocol number.
pub fn in_ip<'a>(packet: &IpPacket<'a>) -> Option<Inside<'a>> {
    match packet.protocol {
        4 => Some(Inside::Packet(IPV4, packet.payload)),
        41 => Some(Inside::Packet(IPV6, packet.payload)),
        47 => generic_routing(packet.payload).ok().flatten(),
        _ => None,
    }
}

/// What a UDP datagram tunnels.
pub fn in_udp<'a>(transport: &Transport<'a>) -> Option<Inside<'a>> {
    let Transport::Udp { destination, payload, .. } = transport else { return None };
    match destination {
        4_789 | 8_472 => virtual_lan(payload).ok().flatten(),
        4_790 => virtual_lan_generic(payload).ok().flatten(),
        6_081 => geneve(payload).ok().flatten(),
        _ => None,
    }
}

fn generic_routing(bytes: &[u8]) -> Result<Option<Inside<'_>>, Truncated> {
    let mut reader = Reader::new(bytes);
    let flags = reader.u16("flags, version")?;
    let protocol = reader.u16("protocol type")?;
    if flags & 0x0007 != 0 {
        return Ok(None); // version 1 carries PPP (RFC 2637), which is not read
    }
    let (checksum, key, sequence) = (flags & 0x8000 != 0, flags & 0x2000 != 0, flags & 0x1000 != 0);
    for (present, field) in [(checksum, "checksum"), (key, "key"), (sequence, "sequence number")] {
        if present {
            reader.skip(4, field)?;
        }
    }
    Ok(match protocol {
        IPV4 | IPV6 => Some(Inside::Packet(protocol, reader.rest())),
        0x6558 => Some(Inside::Frame(LinkType::Ethernet, reader.rest())),
        0x88be => {
            // Type I has no header of its own and no sequence number; type II has eight bytes.
            if sequence {
                reader.skip(8, "ERSPAN type II header")?;
            }
            Some(Inside::Frame(LinkType::Ethernet, reader.rest()))
        }
        0x22eb => {
            let header: [u8; 12] = reader.array("ERSPAN type III header")?;
            if header.last().is_some_and(|last| last & 1 == 1) {
                reader.skip(8, "platform specific subheader")?;
            }
            Some(Inside::Frame(LinkType::Ethernet, reader.rest()))
        }
        _ => None,
    })
}

fn virtual_lan(bytes: &[u8]) -> Result<Option<Inside<'_>>, Truncated> {
    let mut reader = Reader::new(bytes);
    let flags = reader.u8("flags")?;
    reader.skip(7, "reserved, VNI")?;
    Ok((flags & 0x08 != 0).then_some(Inside::Frame(LinkType::Ethernet, reader.rest())))
}

fn virtual_lan_generic(bytes: &[u8]) -> Result<Option<Inside<'_>>, Truncated> {
    let mut reader = Reader::new(bytes);
    let flags = reader.u8("flags")?;
    reader.skip(2, "reserved")?;
    let next = reader.u8("next protocol")?;
    reader.skip(4, "VNI, reserved")?;
    // Without the flag of its presence, the next protocol is Ethernet as in plain VXLAN.
    Ok(match (flags & 0x08 != 0, if flags & 0x04 == 0 { 3 } else { next }) {
        (true, 1) => Some(Inside::Packet(IPV4, reader.rest())),
        (true, 2) => Some(Inside::Packet(IPV6, reader.rest())),
        (true, 3) => Some(Inside::Frame(LinkType::Ethernet, reader.rest())),
        _ => None,
    })
}

fn geneve(bytes: &[u8]) -> Result<Option<Inside<'_>>, Truncated> {
    let mut reader = Reader::new(bytes);
    let version_length = reader.u8("version, option length")?;
    reader.skip(1, "flags")?;
    let protocol = reader.u16("protocol type")?;
    reader.skip(4, "VNI, reserved")?;
    reader.skip(usize::from(version_length & 0x3f).saturating_mul(4), "options")?;
    Ok(match (version_length >> 6, protocol) {
        (0, 0x6558) => Some(Inside::Frame(LinkType::Ethernet, reader.rest())),
        (0, IPV4 | IPV6) => Some(Inside::Packet(protocol, reader.rest())),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(protocol: u8, payload: &[u8]) -> IpPacket<'_> {
        let source = std::net::IpAddr::from([10, 0, 0, 1]);
        let (hop_limit, fragment, payload_length) = (64, None, payload.len());
        IpPacket { source, destination: source, protocol, hop_limit, fragment, payload, payload_length }
    }

    #[test]
    fn erspan_headers_are_as_long_as_their_type_says() {
        let mut second = vec![0x10, 0, 0x88, 0xbe, 0, 0, 0, 1];
        second.extend([0; 8]);
        second.push(0xee);
        assert!(matches!(in_ip(&packet(47, &second)), Some(Inside::Frame(LinkType::Ethernet, [0xee]))));
        let mut third = vec![0x10, 0, 0x22, 0xeb, 0, 0, 0, 1];
        third.extend([0; 11]);
        third.push(1);
        third.extend([0; 8]);
        third.push(0xee);
        assert!(matches!(in_ip(&packet(47, &third)), Some(Inside::Frame(LinkType::Ethernet, [0xee]))));
    }

    #[test]
    fn cut_tunnel_headers_are_no_tunnel() {
        for length in 0..24 {
            let bytes = vec![0xff; length];
            let _ = in_ip(&packet(47, &bytes));
            let _ = in_udp(&Transport::Udp { source: 1, destination: 6_081, payload: &bytes });
        }
    }
}
