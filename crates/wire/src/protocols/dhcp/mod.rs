//! Dynamic Host Configuration Protocol (RFC 2131, options RFC 2132) and the BOOTP it grew from (RFC 951).
//!
//! What a client asks for, and in which order, tells its operating system apart; what a server grants ties addresses to
//! hardware addresses. What a server repeats of its client (name, class, identifier) is left out of its messages, which
//! describe the server. So are vendor options from servers: some carry passwords. Leasequery (RFC 4388) and forced
//! renewal (RFC 3203) are not read. Options split over several of the same code (RFC 3396) are read as several values.

use std::net::Ipv4Addr;

use model::{Field, MacAddr, Message, Messages, Subject};

use super::{Carrier, DecodeError, Decoder, Input, Opening, Probe, Session, Stateless};
use crate::line::Line;
use crate::reader::Reader;
use options::Options;

mod options;

static CLIENT_MAC: Field = Field::device("client_mac").wireshark("dhcp.hw.mac_addr");
static CLIENT_IP: Field = Field::device("client_ip").wireshark("dhcp.ip.client");
static YOUR_IP: Field = Field::device("your_ip").wireshark("dhcp.ip.your");
static SERVER_IP: Field = Field::device("server_ip").wireshark("dhcp.ip.server");
static RELAY_IP: Field = Field::device("relay_ip").wireshark("dhcp.ip.relay");

static FIELDS: &[&Field] = &[
    &CLIENT_MAC,
    &CLIENT_IP,
    &YOUR_IP,
    &SERVER_IP,
    &RELAY_IP,
    &options::CLIENT_IDENTIFIER,
    &options::REQUESTED_IP,
    &options::SERVER_IDENTIFIER,
    &options::HOSTNAME,
    &options::DOMAIN,
    &options::FQDN,
    &options::VENDOR_CLASS,
    &options::VENDOR_ENTERPRISE,
    &options::ENTERPRISE_CLASS,
    &options::USER_CLASS,
    &options::PARAMETER_LIST,
    &options::OPTION_ORDER,
    &options::MAX_SIZE,
    &options::LEASE_SECONDS,
    &options::ROUTER,
    &options::DNS_SERVER,
    &options::NTP_SERVER,
    &options::VENDOR_OPTIONS,
    &options::ARCHITECTURE,
    &options::CIRCUIT_ID,
    &options::REMOTE_ID,
    &options::MUD_URL,
];

/// What marks the options as those of BOOTP and DHCP (RFC 2131 §3).
const MAGIC_COOKIE: [u8; 4] = [99, 130, 83, 99];
/// Where the cookie stands.
const COOKIE_AT: usize = 236;

/// The protocol's entry in the list.
pub static DECODER: Dhcp = Dhcp;

/// Dynamic Host Configuration Protocol.
pub struct Dhcp;

impl Decoder for Dhcp {
    fn name(&self) -> &'static str {
        "dhcp"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::Datagram(&[67, 68])]
    }

    fn fields(&self) -> &'static [&'static Field] {
        FIELDS
    }

    fn probe(&self, opening: &Opening<'_>) -> Probe {
        let Some(bytes) = opening.first() else { return Probe::No };
        let is_head = matches!(bytes, [1 | 2, _, 0..=16, ..]);
        let has_cookie = bytes.get(COOKIE_AT..).is_some_and(|rest| rest.starts_with(&MAGIC_COOKIE));
        if is_head && has_cookie { Probe::Yes } else { Probe::No }
    }

    fn session(&self, _carrier: Carrier) -> Box<dyn Session> {
        Box::new(Stateless(decode))
    }
}

/// The fixed part (RFC 2131 §2, figure 1).
struct Head<'a> {
    is_request: bool,
    client_mac: Option<MacAddr>,
    client_ip: Ipv4Addr,
    your_ip: Ipv4Addr,
    server_ip: Ipv4Addr,
    relay_ip: Ipv4Addr,
    server_name: &'a [u8],
    file: &'a [u8],
}

impl<'a> Head<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, DecodeError> {
        let [operation, hardware, hardware_length, _hops] = reader.array("op, htype, hlen, hops")?;
        reader.skip(8, "xid, secs, flags")?;
        let mut address = |field| reader.array::<4>(field).map(Ipv4Addr::from);
        let client_ip = address("ciaddr")?;
        let your_ip = address("yiaddr")?;
        let server_ip = address("siaddr")?;
        let relay_ip = address("giaddr")?;
        let [a, b, c, d, e, f, ..] = reader.array::<16>("chaddr")?;
        // Ethernet (1) and IEEE 802 (6) addresses are the same six bytes.
        let client_mac = matches!((hardware, hardware_length), (1 | 6, 6)).then_some(MacAddr([a, b, c, d, e, f]));
        let head = Self {
            is_request: operation == 1,
            client_mac,
            client_ip,
            your_ip,
            server_ip,
            relay_ip,
            server_name: reader.take(64, "sname")?,
            file: reader.take(128, "file")?,
        };
        if !matches!(operation, 1 | 2) || reader.array("magic cookie")? != MAGIC_COOKIE {
            return Err(DecodeError::Malformed { field: "magic cookie", rule: "99.130.83.99" });
        }
        Ok(head)
    }

    fn tell(&self, message: &mut Message) {
        if let Some(mac) = self.client_mac {
            message.mac(&CLIENT_MAC, mac);
        }
        let addresses = [
            (&CLIENT_IP, self.client_ip),
            (&YOUR_IP, self.your_ip),
            (&SERVER_IP, self.server_ip),
            (&RELAY_IP, self.relay_ip),
        ];
        for (field, ip) in addresses {
            if !ip.is_unspecified() {
                message.ip(field, ip);
            }
        }
    }
}

/// The kind of a message, by its type (RFC 2132 §9.6) and whether a client sends it.
const fn kind(message_type: Option<u8>, is_request: bool) -> Option<&'static str> {
    match (message_type, is_request) {
        (Some(1), true) => Some("discover"),
        (Some(2), false) => Some("offer"),
        (Some(3), true) => Some("request"),
        (Some(4), true) => Some("decline"),
        (Some(5), false) => Some("ack"),
        (Some(6), false) => Some("nak"),
        (Some(7), true) => Some("release"),
        (Some(8), true) => Some("inform"),
        (None, true) => Some("bootp_request"),
        (None, false) => Some("bootp_reply"),
        _ => None,
    }
}

fn decode(input: &Input<'_>, messages: &mut Messages) -> Result<(), DecodeError> {
    let mut reader = Reader::new(input.bytes);
    let head = Head::read(&mut reader)?;
    let options = Options::new(reader.rest(), head.file, head.server_name);
    let (mut message_type, mut lease_seconds) = (None, None);
    for (code, value) in options {
        match (code, value) {
            (53, [value, ..]) => message_type = Some(*value),
            (51, [a, b, c, d]) => lease_seconds = Some(u32::from_be_bytes([*a, *b, *c, *d])),
            _ => {}
        }
    }
    let Some(kind) = kind(message_type, head.is_request) else {
        return Err(DecodeError::Malformed { field: "DHCP Message Type", rule: "1 to 8, from the side it belongs to" });
    };

    let message = messages.begin("dhcp", kind);
    head.tell(message);
    let mut order = Line::new();
    for (code, value) in options {
        order.item(code);
        // A value too short for its code is passed over.
        let _ = options::tell(code, value, head.is_request, message);
    }
    message.bytes(&options::OPTION_ORDER, order.as_bytes());

    let Some(mac) = head.client_mac.filter(|mac| mac.is_station()) else { return Ok(()) };
    if head.is_request {
        message.about(Subject::Hardware(mac));
    }
    match kind {
        "ack" | "bootp_reply" => {
            message.bound(mac, head.your_ip, lease_seconds);
        }
        // A client fills in its address only while it can answer under it (RFC 2131 §2, ciaddr).
        "request" | "inform" => {
            message.bound(mac, head.client_ip, None);
        }
        _ => {}
    }
    Ok(())
}
