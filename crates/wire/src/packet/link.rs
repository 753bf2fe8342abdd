//! Link layers: Ethernet (IEEE 802.3 with 802.1Q, 802.1ad, LLC and SNAP), Linux cooked capture, raw IP, BSD loopback.
//!
//! Left out: radio frames (802.11, 802.15.4), PPP framing, USB. Their frames are counted by the sensor.

use model::MacAddr;

use crate::reader::{Reader, Truncated};

/// How a capture's frames begin (<https://www.tcpdump.org/linktypes.html>).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkType {
    /// LINKTYPE_ETHERNET.
    Ethernet,
    /// LINKTYPE_LINUX_SLL, "any" device of Linux.
    LinuxCooked,
    /// LINKTYPE_LINUX_SLL2.
    LinuxCooked2,
    /// LINKTYPE_RAW, LINKTYPE_IPV4, LINKTYPE_IPV6: no link header.
    RawIp,
    /// LINKTYPE_NULL: address family in the byte order of the capturing machine.
    Null,
    /// LINKTYPE_LOOP: address family in network byte order.
    Loop,
}

impl LinkType {
    /// The link type of that number in a capture file; `None` if its frames are not read.
    pub const fn from_number(number: u32) -> Option<Self> {
        match number {
            0 => Some(Self::Null),
            1 => Some(Self::Ethernet),
            12 | 14 | 101 | 228 | 229 => Some(Self::RawIp),
            108 => Some(Self::Loop),
            113 => Some(Self::LinuxCooked),
            276 => Some(Self::LinuxCooked2),
            _ => None,
        }
    }
}

/// A frame's addresses and what it carries.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// The station that sent the frame onto this link.
    pub source: Option<MacAddr>,
    /// The station or group it goes to.
    pub destination: Option<MacAddr>,
    /// VLAN identifier of the innermost tag.
    pub vlan: Option<u16>,
    /// What is inside.
    pub payload: LinkPayload<'a>,
}

/// What a frame carries.
#[derive(Clone, Copy, Debug)]
pub enum LinkPayload<'a> {
    /// A protocol of that EtherType.
    EtherType(u16, &'a [u8]),
    /// An IEEE 802.2 SNAP frame of an organisation's own protocol.
    Snap([u8; 3], u16, &'a [u8]),
    /// Unnumbered information between IEEE 802.2 service access points of this number (spanning tree).
    Llc(u8, &'a [u8]),
    /// Anything else.
    Other(&'a [u8]),
}

/// EtherType of IPv4.
pub const IPV4: u16 = 0x0800;
/// EtherType of IPv6.
pub const IPV6: u16 = 0x86dd;
/// EtherType of Cisco's metadata header.
const CISCO_METADATA: u16 = 0x8909;
/// Control field of unnumbered information (IEEE 802.2 §5.4).
const UNNUMBERED_INFORMATION: u8 = 0x03;
/// Tags deeper than this are not followed.
const TAGS_MAX: usize = 4;
/// The lowest value that is an EtherType and not a length (IEEE 802.3 §3.2.6).
const ETHERTYPE_MIN: u16 = 0x0600;

/// Reads a frame's link header.
pub fn read(link: LinkType, bytes: &[u8]) -> Result<Frame<'_>, Truncated> {
    match link {
        LinkType::Ethernet => ethernet(bytes),
        LinkType::LinuxCooked => linux_cooked(bytes),
        LinkType::LinuxCooked2 => linux_cooked2(bytes),
        LinkType::RawIp => raw_ip(bytes),
        LinkType::Null | LinkType::Loop => loopback(bytes),
    }
}

fn ethernet(bytes: &[u8]) -> Result<Frame<'_>, Truncated> {
    let mut reader = Reader::new(bytes);
    let destination = MacAddr(reader.array("destination address")?);
    let source = MacAddr(reader.array("source address")?);
    let (vlan, payload) = tagged(&mut reader)?;
    Ok(Frame { source: Some(source), destination: Some(destination), vlan, payload })
}

/// EtherType or length after the addresses, through VLAN tags (IEEE 802.1Q §9), Cisco's metadata header, which carries
/// the security group of TrustSec in words of four bytes, MPLS labels (RFC 3032) and PPPoE sessions (RFC 2516).
fn tagged<'a>(reader: &mut Reader<'a>) -> Result<(Option<u16>, LinkPayload<'a>), Truncated> {
    let mut vlan = None;
    let mut ethertype = reader.u16("EtherType")?;
    for _ in 0..TAGS_MAX {
        match ethertype {
            0x8100 | 0x88a8 | 0x9100 | 0x9200 => vlan = Some(reader.u16("tag control information")? & 0x0fff),
            CISCO_METADATA => {
                let [_version, words] = reader.array("metadata version and length")?;
                reader.skip(usize::from(words).saturating_mul(4), "metadata options")?;
            }
            _ => break,
        }
        ethertype = reader.u16("EtherType")?;
    }
    let payload = match ethertype {
        0x8847 | 0x8848 => multi_protocol_label(reader)?,
        0x8864 => point_to_point(reader)?,
        ETHERTYPE_MIN.. => LinkPayload::EtherType(ethertype, reader.rest()),
        // Bytes beyond the length are padding.
        length => llc(reader.take_up_to(usize::from(length))),
    };
    Ok((vlan, payload))
}

fn multi_protocol_label<'a>(reader: &mut Reader<'a>) -> Result<LinkPayload<'a>, Truncated> {
    const LABELS_MAX: usize = 8;
    for _ in 0..LABELS_MAX {
        if reader.u32("MPLS label")? & 0x100 != 0 {
            break;
        }
    }
    // The label stack does not say what it carries; an IP version does.
    Ok(by_ip_version(reader.rest()))
}

fn point_to_point<'a>(reader: &mut Reader<'a>) -> Result<LinkPayload<'a>, Truncated> {
    reader.skip(6, "PPPoE header")?;
    Ok(match reader.u16("PPP protocol")? {
        0x0021 => LinkPayload::EtherType(IPV4, reader.rest()),
        0x0057 => LinkPayload::EtherType(IPV6, reader.rest()),
        _ => LinkPayload::Other(reader.rest()),
    })
}

fn llc(bytes: &[u8]) -> LinkPayload<'_> {
    let mut reader = Reader::new(bytes);
    let snap = |reader: &mut Reader<'_>| -> Result<([u8; 3], u16), Truncated> {
        if reader.array("DSAP, SSAP, control")? != [0xaa, 0xaa, UNNUMBERED_INFORMATION] {
            return Err(Truncated { field: "SNAP", needed: 0, available: 0 });
        }
        Ok((reader.array("organisation")?, reader.u16("protocol")?))
    };
    match snap(&mut reader) {
        // RFC 1042: organisation zero carries EtherTypes.
        Ok(([0, 0, 0], ethertype)) => LinkPayload::EtherType(ethertype, reader.rest()),
        Ok((organisation, protocol)) => LinkPayload::Snap(organisation, protocol, reader.rest()),
        Err(_) => match bytes {
            [destination, source, UNNUMBERED_INFORMATION, rest @ ..] if destination == source => {
                LinkPayload::Llc(*destination, rest)
            }
            _ => LinkPayload::Other(bytes),
        },
    }
}

/// <https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL.html>
fn linux_cooked(bytes: &[u8]) -> Result<Frame<'_>, Truncated> {
    let mut reader = Reader::new(bytes);
    reader.skip(4, "packet type, ARPHRD type")?;
    let length = reader.u16("address length")?;
    let address: [u8; 8] = reader.array("address")?;
    let source = cooked_address(u32::from(length), address);
    let (vlan, payload) = tagged(&mut reader)?;
    Ok(Frame { source, destination: None, vlan, payload })
}

/// <https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL2.html>
fn linux_cooked2(bytes: &[u8]) -> Result<Frame<'_>, Truncated> {
    let mut reader = Reader::new(bytes);
    let ethertype = reader.u16("protocol type")?;
    reader.skip(9, "reserved, interface, ARPHRD type, packet type")?;
    let length = reader.u8("address length")?;
    let address: [u8; 8] = reader.array("address")?;
    let source = cooked_address(u32::from(length), address);
    let (vlan, payload) = match ethertype {
        0x8100 | 0x88a8 => {
            let vlan = reader.u16("tag control information")? & 0x0fff;
            let (inner, payload) = tagged(&mut reader)?;
            (inner.or(Some(vlan)), payload)
        }
        ETHERTYPE_MIN.. => (None, LinkPayload::EtherType(ethertype, reader.rest())),
        _ => (None, llc(reader.rest())),
    };
    Ok(Frame { source, destination: None, vlan, payload })
}

fn cooked_address(length: u32, address: [u8; 8]) -> Option<MacAddr> {
    let [a, b, c, d, e, f, _, _] = address;
    let mac = MacAddr([a, b, c, d, e, f]);
    (length == 6 && mac != MacAddr::ZERO).then_some(mac)
}

fn raw_ip(bytes: &[u8]) -> Result<Frame<'_>, Truncated> {
    Ok(Frame { source: None, destination: None, vlan: None, payload: by_ip_version(bytes) })
}

/// The family's number differs between systems and byte orders, the version inside does not.
fn loopback(bytes: &[u8]) -> Result<Frame<'_>, Truncated> {
    let mut reader = Reader::new(bytes);
    reader.skip(4, "address family")?;
    raw_ip(reader.rest())
}

fn by_ip_version(bytes: &[u8]) -> LinkPayload<'_> {
    match bytes.first().map(|byte| byte >> 4) {
        Some(4) => LinkPayload::EtherType(IPV4, bytes),
        Some(6) => LinkPayload::EtherType(IPV6, bytes),
        _ => LinkPayload::Other(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stacked_tags_give_the_inner_vlan() {
        let mut bytes = vec![1, 0, 0x5e, 0, 0, 1, 0, 9, 0xfb, 1, 2, 3, 0x88, 0xa8, 0, 100, 0x81, 0, 0x20, 42, 8, 0];
        bytes.extend([0x45, 0]);
        let frame = read(LinkType::Ethernet, &bytes).unwrap();
        assert_eq!(frame.vlan, Some(42));
        assert!(matches!(frame.payload, LinkPayload::EtherType(IPV4, [0x45, 0])));
    }

    #[test]
    fn the_metadata_of_trustsec_is_passed_over() {
        let mut bytes = vec![2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x81, 0, 0, 7, 0x89, 0x09, 1, 1, 0, 1, 0, 2, 8, 0];
        bytes.extend([0x45, 0]);
        let frame = read(LinkType::Ethernet, &bytes).unwrap();
        assert_eq!(frame.vlan, Some(7));
        assert!(matches!(frame.payload, LinkPayload::EtherType(IPV4, [0x45, 0])));
    }

    #[test]
    fn a_length_field_means_llc_and_its_padding_goes() {
        let mut bytes = vec![1, 0, 0x0c, 0xcc, 0xcc, 0xcc, 0, 9, 0xfb, 1, 2, 3, 0, 10];
        bytes.extend([0xaa, 0xaa, 3, 0, 0, 0x0c, 0x20, 0, 2, 180, 99, 99]);
        let frame = read(LinkType::Ethernet, &bytes).unwrap();
        assert!(matches!(frame.payload, LinkPayload::Snap([0, 0, 0x0c], 0x2000, [2, 180])));
    }

    #[test]
    fn unnumbered_information_tells_its_access_point() {
        let frame =
            |llc: [u8; 3]| [&[1, 0x80, 0xc2, 0, 0, 0, 0, 9, 0xfb, 1, 2, 3, 0, 4][..], &llc, &[7, 0, 0]].concat();
        let payload = |llc| format!("{:?}", read(LinkType::Ethernet, &frame(llc)).unwrap().payload);
        assert_eq!(payload([0x42, 0x42, 3]), "Llc(66, [7])");
        assert_eq!(payload([0x42, 0x43, 3]), "Other([66, 67, 3, 7])");
    }

    #[test]
    fn no_prefix_panics() {
        let bytes: Vec<u8> = (0..64).collect();
        for link in [LinkType::Ethernet, LinkType::LinuxCooked, LinkType::LinuxCooked2, LinkType::RawIp, LinkType::Null]
        {
            for length in 0..bytes.len() {
                let _ = read(link, &bytes[..length]);
            }
        }
    }
}
