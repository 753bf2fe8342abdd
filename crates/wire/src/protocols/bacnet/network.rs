//! The virtual link layer over IP (ANSI/ASHRAE 135 annex J, annex U for IPv6) and the network layer (clause 6).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::super::DecodeError;
use crate::reader::{Reader, Truncated};
use crate::stack_text::StackText;

/// BVLC types: BACnet over IPv4 (annex J.2) and over IPv6 (annex U.2).
const OVER_IPV4: u8 = 0x81;
const OVER_IPV6: u8 = 0x82;
/// The network layer's version (clause 6.2.1).
const VERSION: u8 = 1;
/// Control bits (clause 6.2.2).
const CONTROL_NETWORK_MESSAGE: u8 = 0x80;
const CONTROL_DESTINATION: u8 = 0x20;
const CONTROL_SOURCE: u8 = 0x08;
const CONTROL_RESERVED: u8 = 0x50;
/// The longest station address: that of IPv6.
const STATION_BYTES_MAX: usize = 18;

/// A station on a network behind a router.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Station<'a> {
    pub(super) network: u16,
    pub(super) address: &'a [u8],
}

impl Station<'_> {
    /// Tells it apart from the others behind the same router, `network 2001 station 0a`.
    pub(super) fn identity(&self) -> StackText {
        let mut text = StackText::new();
        text.push_str("network ").push_number(self.network).push_str(" station ").push_hex(self.address);
        text
    }
}

/// One datagram.
#[derive(Clone, Copy, Debug)]
pub(super) struct Datagram<'a> {
    /// Who sent it, if a broadcast management device passed it on.
    pub(super) origin: Option<IpAddr>,
    /// The station behind the sender, if the sender is a router.
    pub(super) source: Option<Station<'a>>,
    pub(super) content: Content<'a>,
}

/// What a datagram holds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Content<'a> {
    /// A function of the virtual link layer, which is for broadcast management devices.
    Link(&'static str),
    /// A message of the network layer, which is for routers: its type, then its data.
    Network(u8, Reader<'a>),
    /// A message of an application.
    Application(Reader<'a>),
}

/// What follows the link layer's header.
enum Following {
    Nothing(&'static str),
    Unit,
}

/// Whether the length in the header is that of the datagram, which tells this protocol from others. Some stations
/// write a wrong one and are understood all the same, so that reading does not ask for it.
pub(super) fn length_holds(bytes: &[u8]) -> bool {
    matches!(bytes, [_, _, high, low, ..] if usize::from(u16::from_be_bytes([*high, *low])) == bytes.len())
}

/// Reads a datagram down to the application layer.
pub(super) fn read(bytes: &[u8]) -> Result<Datagram<'_>, DecodeError> {
    let mut reader = Reader::new(bytes);
    let kind = reader.u8("BVLC Type")?;
    let function = reader.u8("BVLC Function")?;
    reader.skip(2, "BVLC Length")?;
    let (origin, following) = match kind {
        OVER_IPV4 => link_ipv4(function, &mut reader)?,
        OVER_IPV6 => link_ipv6(function, &mut reader)?,
        _ => return Err(DecodeError::Malformed { field: "BVLC Type", rule: "is 0x81 or 0x82" }),
    };
    match following {
        Following::Nothing(name) => Ok(Datagram { origin, source: None, content: Content::Link(name) }),
        Following::Unit => unit(origin, reader),
    }
}

/// Annex J.2: functions, and where the network layer begins.
fn link_ipv4(function: u8, reader: &mut Reader<'_>) -> Result<(Option<IpAddr>, Following), DecodeError> {
    let nothing = |name| Ok((None, Following::Nothing(name)));
    match function {
        0x00 => nothing("bvlc_result"),
        0x01 => nothing("write_broadcast_distribution_table"),
        0x02 => nothing("read_broadcast_distribution_table"),
        0x03 => nothing("read_broadcast_distribution_table_ack"),
        0x04 => {
            let address: [u8; 4] = reader.array("B/IP Address of Originating Device")?;
            reader.skip(2, "its port")?;
            Ok((Some(Ipv4Addr::from(address).into()), Following::Unit))
        }
        0x05 => nothing("register_foreign_device"),
        0x06 => nothing("read_foreign_device_table"),
        0x07 => nothing("read_foreign_device_table_ack"),
        0x08 => nothing("delete_foreign_device_table_entry"),
        0x09..=0x0b => Ok((None, Following::Unit)),
        _ => Err(DecodeError::Malformed { field: "BVLC Function", rule: "is 0x00 to 0x0b" }),
    }
}

/// Annex U.2: the same with virtual addresses of three bytes.
fn link_ipv6(function: u8, reader: &mut Reader<'_>) -> Result<(Option<IpAddr>, Following), DecodeError> {
    let nothing = |name| Ok((None, Following::Nothing(name)));
    reader.skip(3, "Source-Virtual-Address")?;
    match function {
        0x00 => nothing("bvlc_result"),
        0x01 => {
            reader.skip(3, "Destination-Virtual-Address")?;
            Ok((None, Following::Unit))
        }
        0x02 | 0x0c => Ok((None, Following::Unit)),
        0x03..=0x07 => nothing("address_resolution"),
        0x08 => {
            let address: [u8; 16] = reader.array("Original-Source-B/IPv6-Address")?;
            reader.skip(2, "its port")?;
            Ok((Some(Ipv6Addr::from(address).into()), Following::Unit))
        }
        0x09 => nothing("register_foreign_device"),
        0x0a => nothing("delete_foreign_device_table_entry"),
        _ => Err(DecodeError::Malformed { field: "BVLC Function", rule: "is 0x00 to 0x0c" }),
    }
}

/// The network layer's header (clause 6.2).
fn unit<'a>(origin: Option<IpAddr>, mut reader: Reader<'a>) -> Result<Datagram<'a>, DecodeError> {
    if reader.u8("Version")? != VERSION {
        return Err(DecodeError::Malformed { field: "Version", rule: "is 1" });
    }
    let control = reader.u8("Control")?;
    if control & CONTROL_RESERVED != 0 {
        return Err(DecodeError::Malformed { field: "Control", rule: "has its reserved bits clear" });
    }
    let has_destination = control & CONTROL_DESTINATION != 0;
    if has_destination {
        station(&mut reader)?;
    }
    let source = if control & CONTROL_SOURCE != 0 { Some(station(&mut reader)?) } else { None };
    // A source is one station: network 0 and 65535 and an empty address name none (clause 6.2.2).
    if source.is_some_and(|station| matches!(station.network, 0 | 0xffff) || station.address.is_empty()) {
        return Err(DecodeError::Malformed { field: "SNET, SLEN", rule: "name one station" });
    }
    if source.is_some_and(|station| station.address.len() > STATION_BYTES_MAX) {
        return Err(DecodeError::Malformed { field: "SLEN", rule: "is 18 at most" });
    }
    if has_destination {
        reader.skip(1, "Hop Count")?;
    }
    let content = if control & CONTROL_NETWORK_MESSAGE != 0 {
        Content::Network(reader.u8("Message Type")?, reader)
    } else {
        Content::Application(reader)
    };
    Ok(Datagram { origin, source, content })
}

/// A network number, and an address that the length before it measures; an empty one means all of that network.
fn station<'a>(reader: &mut Reader<'a>) -> Result<Station<'a>, Truncated> {
    let network = reader.u16("DNET, SNET")?;
    let length = reader.u8("DLEN, SLEN")?;
    Ok(Station { network, address: reader.take(usize::from(length), "DADR, SADR")? })
}

/// The network layer's messages (clause 6.2.4), by what routers do with them.
pub(super) const fn message_name(kind: u8) -> Option<&'static str> {
    Some(match kind {
        0x00 => "who_is_router_to_network",
        0x01 => "i_am_router_to_network",
        0x02 => "i_could_be_router_to_network",
        0x03 => "reject_message_to_network",
        0x04 => "router_busy_to_network",
        0x05 => "router_available_to_network",
        0x06 => "initialize_routing_table",
        0x07 => "initialize_routing_table_ack",
        0x08 => "establish_connection_to_network",
        0x09 => "disconnect_connection_to_network",
        0x0a..=0x11 => "network_security",
        0x12 => "what_is_network_number",
        0x13 => "network_number_is",
        0x80..=0xff => "proprietary_network_message",
        _ => return None,
    })
}
