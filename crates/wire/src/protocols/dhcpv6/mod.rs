//! Dynamic Host Configuration Protocol for IPv6 (RFC 8415), through relays as well.
//!
//! Left out: prefix delegation, authentication, leasequery, reconfiguration, failover.

use std::net::{IpAddr, Ipv6Addr};

use model::{Field, Form, MacAddr, Message, Messages, Subject};

use super::{Carrier, DecodeError, Decoder, Input, Opening, Probe, Session, Stateless};
use crate::line::Line;
use crate::protocols::dns::name::Name;
use crate::reader::{Reader, Truncated};

static CLIENT_DUID: Field = Field::device("client_duid").wireshark("dhcpv6.duid.bytes");
static CLIENT_MAC: Field =
    Field::device("client_mac").wireshark("dhcpv6.duidllt.link_layer_addr dhcpv6.duidll.link_layer_addr");
static SERVER_DUID: Field = Field::device("server_duid").wireshark("dhcpv6.duid.bytes");
static ADDRESS: Field = Field::device("address").wireshark("dhcpv6.iaaddr.ip");
static VENDOR_ENTERPRISE: Field = Field::device("vendor_enterprise").wireshark("dhcpv6.vendorclass.enterprise");
static VENDOR_CLASS: Field = Field::device("vendor_class").wireshark("dhcpv6.vendorclass.data");
static USER_CLASS: Field = Field::device("user_class").wireshark("dhcpv6.userclass.opaque_data");
static FQDN: Field = Field::site("fqdn").wireshark("dhcpv6.client_domain dhcpv6.tld");
static OPTION_REQUEST: Field =
    Field::device("option_request").form(Form::Fixed).wireshark("dhcpv6.requested_option_code");
static OPTION_ORDER: Field = Field::device("option_order").form(Form::Fixed).wireshark("dhcpv6.option.type");
static DNS_SERVER: Field = Field::device("dns_server").wireshark("dhcpv6.dns_server");
static LINK_ADDRESS: Field = Field::device("link_address").wireshark("dhcpv6.linkaddr");
static PEER_ADDRESS: Field = Field::device("peer_address").wireshark("dhcpv6.peeraddr");
static MUD_URL: Field = Field::device("mud_url").form(Form::Token).wireshark("dhcpv6.mudurl");

static FIELDS: &[&Field] = &[
    &CLIENT_DUID,
    &CLIENT_MAC,
    &SERVER_DUID,
    &ADDRESS,
    &VENDOR_ENTERPRISE,
    &VENDOR_CLASS,
    &USER_CLASS,
    &FQDN,
    &OPTION_REQUEST,
    &OPTION_ORDER,
    &DNS_SERVER,
    &LINK_ADDRESS,
    &PEER_ADDRESS,
    &MUD_URL,
];

/// The most options of one message that are read.
const OPTIONS_MAX: usize = 96;
/// The most addresses, classes or servers of one option that are kept.
const VALUES_MAX: usize = 16;
/// The most relays that a message is followed through (RFC 8415 §7.6, HOP_COUNT_LIMIT).
const RELAYS_MAX: usize = 8;

/// The protocol's entry in the list.
pub static DECODER: Dhcpv6 = Dhcpv6;

/// Dynamic Host Configuration Protocol for IPv6.
pub struct Dhcpv6;

impl Decoder for Dhcpv6 {
    fn name(&self) -> &'static str {
        "dhcpv6"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::Datagram(&[546, 547])]
    }

    fn fields(&self) -> &'static [&'static Field] {
        FIELDS
    }

    /// There is no magic number: the port must say so, and the options must fill the message to its end.
    fn probe(&self, opening: &Opening<'_>) -> Probe {
        let Some(bytes) = opening.first().filter(|_| opening.hinted) else { return Probe::No };
        let mut reader = Reader::new(bytes);
        let head = match reader.u8("msg-type") {
            Ok(1..=11) => reader.skip(3, "transaction-id"),
            Ok(12 | 13) => reader.skip(33, "hop-count, link-address, peer-address"),
            _ => return Probe::No,
        };
        if head.is_err() || reader.is_empty() {
            return Probe::No;
        }
        for _ in 0..OPTIONS_MAX {
            match option(&mut reader) {
                Ok((1..=255, _)) if reader.is_empty() => return Probe::Yes,
                Ok((1..=255, _)) => {}
                _ => return Probe::No,
            }
        }
        Probe::No
    }

    fn session(&self, _carrier: Carrier) -> Box<dyn Session> {
        Box::new(Stateless(decode))
    }
}

/// What the relays that a message came through know of the client.
#[derive(Clone, Copy, Default)]
struct Relayed {
    peer: Option<Ipv6Addr>,
    mac: Option<MacAddr>,
}

/// Each relay wraps the message once more (RFC 8415 §9); each layer gives a message, the client's own comes last.
fn decode(input: &Input<'_>, messages: &mut Messages) -> Result<(), DecodeError> {
    let mut bytes = input.bytes;
    let mut relayed = Relayed::default();
    for _ in 0..RELAYS_MAX {
        let mut reader = Reader::new(bytes);
        let kind = match reader.u8("msg-type")? {
            12 => "relay_forward",
            13 => "relay_reply",
            other => return decode_message(other, reader, relayed, input.receiver().ip, messages),
        };
        reader.skip(1, "hop-count")?;
        let link = address(&mut reader, "link-address")?;
        let peer = address(&mut reader, "peer-address")?;
        relayed.peer = Some(peer);
        let message = messages.begin("dhcpv6", kind);
        message.ip(&LINK_ADDRESS, link).ip(&PEER_ADDRESS, peer);
        let mut inner = None;
        let mut order = Line::new();
        for _ in 0..OPTIONS_MAX {
            let Ok((code, value)) = option(&mut reader) else { break };
            order.item(code);
            match (code, value.rest()) {
                (9, wrapped) => inner = Some(wrapped),
                // The client's hardware address as the first relay saw it (RFC 6939 §4).
                (79, [0, 1, a, b, c, d, e, f]) => {
                    let mac = MacAddr([*a, *b, *c, *d, *e, *f]);
                    message.mac(&CLIENT_MAC, mac);
                    relayed.mac = Some(mac);
                }
                _ => {}
            }
        }
        message.bytes(&OPTION_ORDER, order.as_bytes());
        match inner {
            Some(wrapped) => bytes = wrapped,
            None => return Ok(()),
        }
    }
    Ok(())
}

/// Whether that type of message (RFC 8415 §7.3) comes from a client, and its name.
const fn kind(message_type: u8) -> Option<(bool, &'static str)> {
    match message_type {
        1 => Some((true, "solicit")),
        2 => Some((false, "advertise")),
        3 => Some((true, "request")),
        4 => Some((true, "confirm")),
        5 => Some((true, "renew")),
        6 => Some((true, "rebind")),
        7 => Some((false, "reply")),
        8 => Some((true, "release")),
        9 => Some((true, "decline")),
        11 => Some((true, "information_request")),
        _ => None,
    }
}

fn decode_message(
    message_type: u8,
    mut reader: Reader<'_>,
    relayed: Relayed,
    receiver: Option<IpAddr>,
    messages: &mut Messages,
) -> Result<(), DecodeError> {
    let Some((from_client, kind)) = kind(message_type) else {
        return Err(DecodeError::Malformed { field: "msg-type", rule: "is a client's or its server's" });
    };
    reader.skip(3, "transaction-id")?;
    // The client's identifier may follow the addresses that are bound to it: it is looked for first.
    let client_mac = relayed.mac.or_else(|| {
        let mut options = reader;
        (0..OPTIONS_MAX).map_while(|_| option(&mut options).ok()).find(|(code, _)| *code == 1).and_then(duid_mac)
    });
    let message = messages.begin("dhcpv6", kind);
    if from_client {
        // A client that is heard directly is the sender, whichever of its interfaces its identifier was made from.
        match (client_mac.filter(|mac| mac.is_station()), relayed.peer) {
            (Some(mac), Some(_)) => message.about(Subject::Hardware(mac)),
            (None, Some(peer)) => message.about(Subject::Address(IpAddr::V6(peer))),
            (_, None) => message,
        };
    }
    // An identifier outlives the card that it was made from (§11): the interface that asked is known better by the relay
    // or by its link-local address.
    let asking = relayed.peer.map(IpAddr::V6).or(receiver).and_then(interface_mac);
    let binding = relayed.mac.or(asking).or(client_mac).filter(|_| message_type == 7);
    let mut order = Line::new();
    for _ in 0..OPTIONS_MAX {
        let Ok((code, value)) = option(&mut reader) else { break };
        order.item(code);
        // An option that is too short for its code is passed over.
        let _ = tell(code, value, client_mac, binding, message);
    }
    message.bytes(&OPTION_ORDER, order.as_bytes());
    Ok(())
}

/// One option (RFC 8415 §21.1).
fn option<'a>(reader: &mut Reader<'a>) -> Result<(u16, Reader<'a>), Truncated> {
    let code = reader.u16("option-code")?;
    let length = usize::from(reader.u16("option-len")?);
    Ok((code, reader.part(length, "option-data")?))
}

fn address(reader: &mut Reader<'_>, field: &'static str) -> Result<Ipv6Addr, Truncated> {
    reader.array::<16>(field).map(Ipv6Addr::from)
}

/// The Ethernet address in a DUID-LLT (1, RFC 8415 §11.2) or DUID-LL (3, §11.4).
fn duid_mac((_, value): (u16, Reader<'_>)) -> Option<MacAddr> {
    match value.rest() {
        [0, 1, 0, 1, _, _, _, _, a, b, c, d, e, f] | [0, 3, 0, 1, a, b, c, d, e, f] => {
            Some(MacAddr([*a, *b, *c, *d, *e, *f]))
        }
        _ => None,
    }
}

/// The hardware address that a link-local address was made from (RFC 4291 appendix A), if it was.
fn interface_mac(ip: IpAddr) -> Option<MacAddr> {
    match ip {
        IpAddr::V6(ip) => match ip.octets() {
            [0xfe, 0x80, 0, 0, 0, 0, 0, 0, a, b, c, 0xff, 0xfe, d, e, f] => Some(MacAddr([a ^ 2, b, c, d, e, f])),
            _ => None,
        },
        IpAddr::V4(_) => None,
    }
}

fn tell(
    code: u16,
    mut value: Reader<'_>,
    client_mac: Option<MacAddr>,
    binding: Option<MacAddr>,
    message: &mut Message,
) -> Result<(), DecodeError> {
    match code {
        1 => {
            message.hex(&CLIENT_DUID, value.rest());
            if let Some(mac) = client_mac {
                message.mac(&CLIENT_MAC, mac);
            }
        }
        2 => {
            message.hex(&SERVER_DUID, value.rest());
        }
        // Associations of lasting and of temporary addresses (§21.4, §21.5).
        3 => {
            value.skip(12, "IAID, T1, T2")?;
            associated(value, binding, message)?;
        }
        4 => {
            value.skip(4, "IAID")?;
            associated(value, binding, message)?;
        }
        6 => {
            let mut list = Line::new();
            for _ in 0..value.len() / 2 {
                list.item(value.u16("requested-option-code")?);
            }
            message.bytes(&OPTION_REQUEST, list.as_bytes());
        }
        15 => texts(value, &USER_CLASS, message)?,
        16 => {
            message.number(&VENDOR_ENTERPRISE, value.u32("enterprise-number")?);
            texts(value, &VENDOR_CLASS, message)?;
        }
        23 => {
            for _ in 0..VALUES_MAX.min(value.len() / 16) {
                message.ip(&DNS_SERVER, address(&mut value, "DNS-recursive-name-server")?);
            }
        }
        39 => full_name(value, message)?,
        112 => {
            message.bytes(&MUD_URL, value.rest());
        }
        _ => {}
    }
    Ok(())
}

/// The addresses of an association (§21.6), tied to the client where the server grants them.
fn associated(mut options: Reader<'_>, binding: Option<MacAddr>, message: &mut Message) -> Result<(), Truncated> {
    for _ in 0..VALUES_MAX {
        if options.is_empty() {
            break;
        }
        let (code, mut value) = option(&mut options)?;
        if code != 5 {
            continue;
        }
        let ip = address(&mut value, "IPv6-address")?;
        value.skip(4, "preferred-lifetime")?;
        let valid_seconds = value.u32("valid-lifetime")?;
        message.ip(&ADDRESS, ip);
        if let Some(mac) = binding.filter(|_| valid_seconds > 0) {
            message.bound(mac, ip, Some(valid_seconds));
        }
    }
    Ok(())
}

/// Texts, each behind its length of two bytes (§21.15, §21.16).
fn texts(mut value: Reader<'_>, field: &'static Field, message: &mut Message) -> Result<(), Truncated> {
    for _ in 0..VALUES_MAX {
        if value.is_empty() {
            break;
        }
        let length = usize::from(value.u16("length")?);
        message.bytes(field, value.take(length, "data")?);
    }
    Ok(())
}

/// The client's full name in the format of DNS (RFC 4704 §4); a partial name ends without the root (§4.2).
fn full_name(mut value: Reader<'_>, message: &mut Message) -> Result<(), DecodeError> {
    value.skip(1, "flags")?;
    let mut whole = Line::new();
    whole.extend(value.rest());
    whole.extend(&[0]);
    let mut name = Name::new();
    name.read(whole.as_bytes(), 0)?;
    message.bytes(&FQDN, name.as_bytes());
    Ok(())
}
