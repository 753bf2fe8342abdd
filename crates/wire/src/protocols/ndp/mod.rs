//! Neighbour discovery of IPv6 (RFC 4861) with name servers in router advertisements (RFC 8106).
//!
//! Ties IPv6 addresses to hardware addresses and finds routers. Left out: all other ICMPv6, secure neighbour discovery,
//! link layers other than Ethernet. The checksum is not verified: the pseudo header is not part of the payload.

use std::fmt::Write as _;
use std::net::{IpAddr, Ipv6Addr};

use model::{Field, MacAddr, Message, Messages, Subject};

use super::{Carrier, DecodeError, Decoder, Input, Opening, Probe, Session, Stateless};
use crate::line::Line;
use crate::reader::{Reader, Truncated};

static TARGET: Field = Field::device("target")
    .wireshark("icmpv6.nd.ns.target_address icmpv6.nd.na.target_address icmpv6.nd.rd.target_address");
static SOURCE_MAC: Field = Field::device("source_mac").wireshark("icmpv6.opt.src_linkaddr");
static TARGET_MAC: Field = Field::device("target_mac").wireshark("icmpv6.opt.target_linkaddr");
static ROUTER: Field = Field::device("router").wireshark("icmpv6.nd.na.flag.r");
static PREFIX: Field = Field::device("prefix").wireshark("icmpv6.opt.prefix");
static MTU: Field = Field::device("mtu").wireshark("icmpv6.opt.mtu");
static DNS_SERVER: Field = Field::device("dns_server").wireshark("icmpv6.opt.rdnss");

static FIELDS: &[&Field] = &[&TARGET, &SOURCE_MAC, &TARGET_MAC, &ROUTER, &PREFIX, &MTU, &DNS_SERVER];

/// The most options of one message that are read.
const OPTIONS_MAX: usize = 32;
/// The most name servers of one option that are kept.
const DNS_SERVERS_MAX: usize = 8;

/// The protocol's entry in the list.
pub static DECODER: Ndp = Ndp;

/// Neighbour discovery.
pub struct Ndp;

impl Decoder for Ndp {
    fn name(&self) -> &'static str {
        "ndp"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::IpProtocol(58)]
    }

    fn fields(&self) -> &'static [&'static Field] {
        FIELDS
    }

    fn probe(&self, _opening: &Opening<'_>) -> Probe {
        Probe::No
    }

    fn session(&self, _carrier: Carrier) -> Box<dyn Session> {
        Box::new(Stateless(decode))
    }
}

/// What stands before the options (RFC 4861 §4.1 to §4.5).
enum Body {
    RouterSolicitation,
    RouterAdvertisement,
    NeighborSolicitation { target: Ipv6Addr },
    NeighborAdvertisement { target: Ipv6Addr, router: bool },
    Redirect { target: Ipv6Addr },
}

impl Body {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let kind = reader.u8("Type")?;
        if !matches!(kind, 133..=137) {
            return Err(DecodeError::Malformed {
                field: "Type",
                rule: "only neighbour discovery (133 to 137) is read",
            });
        }
        if reader.u8("Code")? != 0 {
            return Err(DecodeError::Malformed { field: "Code", rule: "is 0 in neighbour discovery" });
        }
        reader.skip(2, "Checksum")?;
        let [flags, ..] = reader.array::<4>("flags, reserved")?;
        Ok(match kind {
            133 => Self::RouterSolicitation,
            134 => {
                reader.skip(8, "Reachable Time, Retrans Timer")?;
                Self::RouterAdvertisement
            }
            135 => Self::NeighborSolicitation { target: address(reader, "Target Address")? },
            136 => {
                Self::NeighborAdvertisement { target: address(reader, "Target Address")?, router: flags & 0x80 != 0 }
            }
            _ => {
                let target = address(reader, "Target Address")?;
                reader.skip(16, "Destination Address")?;
                Self::Redirect { target }
            }
        })
    }

    const fn kind(&self) -> &'static str {
        match self {
            Self::RouterSolicitation => "router_solicitation",
            Self::RouterAdvertisement => "router_advertisement",
            Self::NeighborSolicitation { .. } => "neighbor_solicitation",
            Self::NeighborAdvertisement { .. } => "neighbor_advertisement",
            Self::Redirect { .. } => "redirect",
        }
    }
}

fn address(reader: &mut Reader<'_>, field: &'static str) -> Result<Ipv6Addr, Truncated> {
    reader.array::<16>(field).map(Ipv6Addr::from)
}

/// One option (RFC 4861 §4.6): its type and what follows type and length.
fn option<'a>(reader: &mut Reader<'a>) -> Result<(u8, Reader<'a>), DecodeError> {
    let kind = reader.u8("option Type")?;
    let length = usize::from(reader.u8("option Length")?).saturating_mul(8);
    let Some(rest) = length.checked_sub(2) else {
        return Err(DecodeError::Malformed { field: "option Length", rule: "is at least 1" });
    };
    Ok((kind, reader.part(rest, "option")?))
}

fn decode(input: &Input<'_>, messages: &mut Messages) -> Result<(), DecodeError> {
    let mut reader = Reader::new(input.bytes);
    let body = Body::read(&mut reader)?;

    // Every option is checked before the message stands: one without length voids the packet (RFC 4861 §4.6).
    let (mut source_mac, mut target_mac) = (None, None);
    let mut options = reader;
    for _ in 0..OPTIONS_MAX {
        if options.is_empty() {
            break;
        }
        match option(&mut options)? {
            (1, mut value) if value.len() == 6 => source_mac = Some(MacAddr(value.array("Link-Layer Address")?)),
            (2, mut value) if value.len() == 6 => target_mac = Some(MacAddr(value.array("Link-Layer Address")?)),
            _ => {}
        }
    }

    let message = messages.begin("ndp", body.kind());
    // A redirect's target is a third station, everything else describes its sender.
    let own_mac = match body {
        Body::NeighborAdvertisement { .. } => target_mac,
        _ => source_mac,
    };
    if let Some(mac) = own_mac.filter(|mac| mac.is_station()) {
        message.about(Subject::Hardware(mac));
    }
    match body {
        Body::NeighborSolicitation { target } | Body::Redirect { target } => {
            message.ip(&TARGET, target);
        }
        Body::NeighborAdvertisement { target, router } => {
            message.ip(&TARGET, target).flag(&ROUTER, router);
            if let Some(mac) = target_mac {
                message.bound(mac, target, None);
            }
        }
        Body::RouterAdvertisement => {
            message.flag(&ROUTER, true);
        }
        Body::RouterSolicitation => {}
    }
    // During duplicate address detection the sender is unspecified and binds nothing (RFC 4862 §5.4.2).
    if let (Some(mac), Some(ip)) = (source_mac, input.sender().ip) {
        message.bound(mac, ip, None);
    }
    if let Some(mac) = source_mac {
        message.mac(&SOURCE_MAC, mac);
    }
    if let Some(mac) = target_mac {
        message.mac(&TARGET_MAC, mac);
    }
    let mut options = reader;
    for _ in 0..OPTIONS_MAX {
        let Ok((kind, value)) = option(&mut options) else { break };
        // An option that is too short for its type is passed over; the packet stands without it.
        let _ = network(kind, value, message);
    }
    Ok(())
}

/// The options that describe the network: prefix (RFC 4861 §4.6.2), MTU (§4.6.4), name servers (RFC 8106 §5.1).
fn network(kind: u8, mut value: Reader<'_>, message: &mut Message) -> Result<(), Truncated> {
    match kind {
        3 => {
            let length = value.u8("Prefix Length")?;
            value.skip(13, "flags, lifetimes, reserved")?;
            let prefix = address(&mut value, "Prefix")?;
            let mut line = Line::new();
            if write!(line, "{prefix}/{length}").is_ok() {
                message.bytes(&PREFIX, line.as_bytes());
            }
        }
        5 => {
            value.skip(2, "Reserved")?;
            message.number(&MTU, value.u32("MTU")?);
        }
        25 => {
            value.skip(6, "Reserved, Lifetime")?;
            for _ in 0..DNS_SERVERS_MAX.min(value.len() / 16) {
                message.ip(&DNS_SERVER, IpAddr::V6(address(&mut value, "Addresses of IPv6 Recursive DNS Servers")?));
            }
        }
        _ => {}
    }
    Ok(())
}
