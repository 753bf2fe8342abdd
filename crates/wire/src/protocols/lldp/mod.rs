//! Link Layer Discovery Protocol (IEEE 802.1AB) with its extensions of IEEE 802.1 and 802.3, for media endpoints
//! (LLDP-MED, ANSI/TIA-1057) and for manufacturer usage descriptions (RFC 8520 §11).
//!
//! Left out: extensions of single vendors, coordinates and emergency numbers, power negotiation beyond the class.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use model::{Field, Form, MacAddr, Message, Messages};

use super::{Carrier, DecodeError, Decoder, Input, Opening, Probe, Session, Stateless};
use crate::line::Line;
use crate::reader::{Reader, Truncated};

mod organization;

static CHASSIS_ID: Field =
    Field::device("chassis_id").wireshark("lldp.chassis.id lldp.chassis.id.ip4 lldp.chassis.id.ip6");
static CHASSIS_MAC: Field = Field::device("chassis_mac").wireshark("lldp.chassis.id.mac");
static PORT_ID: Field =
    Field::device("port_id").wireshark("lldp.port.id lldp.port.id.mac lldp.port.id.ip4 lldp.port.id.ip6");
static PORT_DESCRIPTION: Field = Field::site("port_description").form(Form::Label).wireshark("lldp.port.desc");
static SYSTEM_NAME: Field = Field::site("system_name").form(Form::Label).wireshark("lldp.tlv.system.name");
static SYSTEM_DESCRIPTION: Field = Field::device("system_description").wireshark("lldp.tlv.system.desc");
static CAPABILITY: Field = Field::device("capability").form(Form::Fixed).wireshark("lldp.tlv.enable_system_cap");
static MANAGEMENT_ADDRESS: Field = Field::device("management_address").wireshark("lldp.mgn.addr.ip4 lldp.mgn.addr.ip6");
static TTL: Field = Field::device("ttl").wireshark("lldp.time_to_live");

static FIELDS: &[&Field] = &[
    &CHASSIS_ID,
    &CHASSIS_MAC,
    &PORT_ID,
    &TTL,
    &PORT_DESCRIPTION,
    &SYSTEM_NAME,
    &SYSTEM_DESCRIPTION,
    &CAPABILITY,
    &MANAGEMENT_ADDRESS,
    &organization::VLAN,
    &organization::VLAN_NAME,
    &organization::MAU_TYPE,
    &organization::POWER_CLASS,
    &organization::MAX_FRAME_SIZE,
    &organization::DEVICE_CLASS,
    &organization::HARDWARE,
    &organization::FIRMWARE,
    &organization::SOFTWARE,
    &organization::SERIAL,
    &organization::MANUFACTURER,
    &organization::MODEL,
    &organization::ASSET,
    &organization::BUILDING,
    &organization::FLOOR,
    &organization::ROOM,
    &organization::MUD_URL,
];

/// The most values of one announcement that are read.
const VALUES_MAX: usize = 96;

/// What the bits of the system capabilities mean, lowest first (IEEE 802.1AB-2016 table 8-4).
static CAPABILITIES: &[&str] = &[
    "other",
    "repeater",
    "bridge",
    "wlan_access_point",
    "router",
    "telephone",
    "docsis_cable_device",
    "station_only",
    "c_vlan",
    "s_vlan",
    "two_port_mac_relay",
];

/// The protocol's entry in the list.
pub static DECODER: Lldp = Lldp;

/// Link Layer Discovery Protocol.
pub struct Lldp;

impl Decoder for Lldp {
    fn name(&self) -> &'static str {
        "lldp"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::EtherType(0x88cc)]
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

/// Chassis, port and time to live come first, in that order (§8.2); then anything until the end mark.
fn decode(input: &Input<'_>, messages: &mut Messages) -> Result<(), DecodeError> {
    let mut reader = Reader::new(input.bytes);
    let (mut chassis, mut port, mut ttl) = (value(&mut reader)?, value(&mut reader)?, value(&mut reader)?);
    if (chassis.0, port.0, ttl.0) != (1, 2, 3) {
        return Err(DecodeError::Malformed { field: "TLV type", rule: "the first three are 1, 2 and 3" });
    }
    let chassis_subtype = chassis.1.u8("chassis ID subtype")?;
    let port_subtype = port.1.u8("port ID subtype")?;
    let ttl = ttl.1.u16("time to live")?;

    let message = messages.begin("lldp", "announcement");
    identifier(chassis_subtype, Kind::Chassis, chassis.1, message);
    identifier(port_subtype, Kind::Port, port.1, message);
    message.number(&TTL, ttl);
    for _ in 0..VALUES_MAX {
        // A value that breaks off leaves what stood before it.
        let Ok((kind, inner)) = value(&mut reader) else { break };
        if kind == 0 {
            break;
        }
        let _ = tell(kind, inner, message);
    }
    Ok(())
}

/// One value (§8.4): seven bits of type, nine bits of length.
fn value<'a>(reader: &mut Reader<'a>) -> Result<(u16, Reader<'a>), Truncated> {
    let head = reader.u16("TLV header")?;
    Ok((head >> 9, reader.part(usize::from(head & 0x1ff), "TLV information string")?))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Chassis,
    Port,
}

/// An identifier of the chassis (§8.5.2) or the port (§8.5.3): a hardware address, a network address, or text.
fn identifier(subtype: u8, kind: Kind, mut inner: Reader<'_>, message: &mut Message) {
    let (text, mac, is_mac, is_network) = match kind {
        Kind::Chassis => (&CHASSIS_ID, &CHASSIS_MAC, subtype == 4, subtype == 5),
        Kind::Port => (&PORT_ID, &PORT_ID, subtype == 3, subtype == 4),
    };
    if is_mac {
        if let Ok(address) = inner.array("MAC address") {
            message.mac(mac, MacAddr(address));
        }
    } else if is_network {
        let family = inner.u8("address family").unwrap_or(0);
        if let Some(ip) = network_address(family, inner) {
            message.ip(text, ip);
        }
    } else {
        message.bytes(text, inner.rest());
    }
}

/// An address of that IANA address family number, if it is IPv4 (1) or IPv6 (2).
fn network_address(family: u8, mut inner: Reader<'_>) -> Option<IpAddr> {
    match (family, inner.len()) {
        (1, 4) => inner.array::<4>("IPv4 address").ok().map(|address| Ipv4Addr::from(address).into()),
        (2, 16) => inner.array::<16>("IPv6 address").ok().map(|address| Ipv6Addr::from(address).into()),
        _ => None,
    }
}

fn tell(kind: u16, mut inner: Reader<'_>, message: &mut Message) -> Result<(), Truncated> {
    match kind {
        4 => {
            message.bytes(&PORT_DESCRIPTION, inner.rest());
        }
        5 => {
            message.bytes(&SYSTEM_NAME, inner.rest());
        }
        6 => {
            message.bytes(&SYSTEM_DESCRIPTION, Line::folded(inner.rest()).as_bytes());
        }
        7 => {
            inner.skip(2, "system capabilities")?;
            let enabled = inner.u16("enabled capabilities")?;
            for (bit, name) in CAPABILITIES.iter().enumerate() {
                if enabled.checked_shr(bit as u32).unwrap_or(0) & 1 == 1 {
                    message.str(&CAPABILITY, name);
                }
            }
        }
        8 => {
            let length = usize::from(inner.u8("management address string length")?);
            let mut address = inner.part(length, "management address")?;
            let family = address.u8("management address subtype")?;
            if let Some(ip) = network_address(family, address) {
                message.ip(&MANAGEMENT_ADDRESS, ip);
            }
        }
        127 => {
            let organization = inner.array::<3>("organizationally unique identifier")?;
            let subtype = inner.u8("subtype")?;
            organization::tell(organization, subtype, inner, message)?;
        }
        _ => {}
    }
    Ok(())
}
