//! Cisco Discovery Protocol, versions 1 and 2: how switches, access points, telephones and cameras announce themselves.
//!
//! There is no open standard; the layout is that of Cisco's published frame format ("CDP frame format", LAN Switching
//! documentation). Left out: VTP, PoE negotiation, cluster and EnergyWise values. The checksum is not verified.

use std::net::{Ipv4Addr, Ipv6Addr};

use model::{Field, Form, Message, Messages};

use super::{Carrier, DecodeError, Decoder, Input, Opening, Probe, Session, Stateless};
use crate::line::Line;
use crate::reader::{Reader, Truncated};

static DEVICE_ID: Field = Field::site("device_id").form(Form::Label).wireshark("cdp.deviceid");
static SYSTEM_NAME: Field = Field::site("system_name").form(Form::Label).wireshark("cdp.system_name");
static ADDRESS: Field = Field::device("address").wireshark("cdp.nrgyz.ip_address cdp.nrgyz.ipv6_address");
static PORT_ID: Field = Field::device("port_id").wireshark("cdp.portid");
static CAPABILITY: Field = Field::device("capability").form(Form::Fixed).wireshark("cdp.capabilities");
static SOFTWARE_VERSION: Field = Field::device("software_version").wireshark("cdp.software_version");
static PLATFORM: Field = Field::device("platform").wireshark("cdp.platform");
static NATIVE_VLAN: Field = Field::device("native_vlan").wireshark("cdp.native_vlan");
static LOCATION: Field = Field::site("location").form(Form::Label).wireshark("cdp.location");

static FIELDS: &[&Field] =
    &[&DEVICE_ID, &SYSTEM_NAME, &ADDRESS, &PORT_ID, &CAPABILITY, &SOFTWARE_VERSION, &PLATFORM, &NATIVE_VLAN, &LOCATION];

/// The most values of one announcement that are read.
const VALUES_MAX: usize = 64;
/// The most addresses of one value that are kept.
const ADDRESSES_MAX: u32 = 16;

/// What the bits of the capabilities value mean, lowest first.
static CAPABILITIES: &[&str] = &[
    "router",
    "transparent_bridge",
    "source_route_bridge",
    "switch",
    "host",
    "igmp",
    "repeater",
    "telephone",
    "remotely_managed",
    "camera",
    "two_port_mac_relay",
];

/// The protocol's entry in the list.
pub static DECODER: Cdp = Cdp;

/// Cisco Discovery Protocol.
pub struct Cdp;

impl Decoder for Cdp {
    fn name(&self) -> &'static str {
        "cdp"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::Snap([0, 0, 0x0c], 0x2000)]
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

fn decode(input: &Input<'_>, messages: &mut Messages) -> Result<(), DecodeError> {
    let mut reader = Reader::new(input.bytes);
    if !matches!(reader.u8("version")?, 1 | 2) {
        return Err(DecodeError::Malformed { field: "version", rule: "is 1 or 2" });
    }
    reader.skip(3, "time to live, checksum")?;
    // One readable value makes an announcement; one that breaks off later leaves what stood before it.
    let mut next = value(&mut reader)?;
    let message = messages.begin("cdp", "announcement");
    for _ in 0..VALUES_MAX {
        let (kind, inner) = next;
        let _ = tell(kind, inner, message);
        match value(&mut reader) {
            Ok(following) => next = following,
            Err(_) => break,
        }
    }
    Ok(())
}

/// One value: type, length (with type and length themselves), content.
fn value<'a>(reader: &mut Reader<'a>) -> Result<(u16, Reader<'a>), DecodeError> {
    let kind = reader.u16("type")?;
    let length = usize::from(reader.u16("length")?);
    let Some(rest) = length.checked_sub(4) else {
        return Err(DecodeError::Malformed { field: "length", rule: "is at least 4" });
    };
    Ok((kind, reader.part(rest, "value")?))
}

fn tell(kind: u16, mut inner: Reader<'_>, message: &mut Message) -> Result<(), Truncated> {
    match kind {
        0x01 => {
            message.bytes(&DEVICE_ID, inner.rest());
        }
        // Addresses of the device, and (0x16) those it is managed at.
        0x02 | 0x16 => addresses(&mut inner, message)?,
        0x03 => {
            message.bytes(&PORT_ID, inner.rest());
        }
        0x04 => {
            let bits = inner.u32("capabilities")?;
            for (bit, name) in CAPABILITIES.iter().enumerate() {
                if bits.checked_shr(bit as u32).unwrap_or(0) & 1 == 1 {
                    message.str(&CAPABILITY, name);
                }
            }
        }
        0x05 => {
            message.bytes(&SOFTWARE_VERSION, Line::folded(inner.rest()).as_bytes());
        }
        0x06 => {
            message.bytes(&PLATFORM, inner.rest());
        }
        0x0a => {
            message.number(&NATIVE_VLAN, inner.u16("native VLAN")?);
        }
        0x14 => {
            message.bytes(&SYSTEM_NAME, inner.rest());
        }
        0x17 => {
            inner.skip(1, "kind of location")?;
            message.bytes(&LOCATION, inner.rest());
        }
        _ => {}
    }
    Ok(())
}

/// A list of addresses, each with its protocol: IPv4 is NLPID 0xCC, IPv6 is LLC/SNAP with its EtherType.
fn addresses(inner: &mut Reader<'_>, message: &mut Message) -> Result<(), Truncated> {
    let count = inner.u32("number of addresses")?;
    for _ in 0..count.min(ADDRESSES_MAX) {
        let kind = inner.u8("protocol type")?;
        let length = usize::from(inner.u8("protocol length")?);
        let protocol = inner.take(length, "protocol")?;
        let length = usize::from(inner.u16("address length")?);
        let mut address = inner.part(length, "address")?;
        match (kind, protocol, length) {
            (1, [0xcc], 4) => {
                message.ip(&ADDRESS, Ipv4Addr::from(address.array("address")?));
            }
            (2, [0xaa, 0xaa, 0x03, 0, 0, 0, 0x86, 0xdd], 16) => {
                message.ip(&ADDRESS, Ipv6Addr::from(address.array::<16>("address")?));
            }
            _ => {}
        }
    }
    Ok(())
}
