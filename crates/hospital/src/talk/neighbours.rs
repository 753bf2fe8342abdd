//! What devices tell their neighbour on the wire: LLDP (IEEE 802.1AB) with LLDP-MED (ANSI/TIA-1057), and CDP.

use std::net::Ipv4Addr;

use super::Host;
use crate::bytes::{Bytes, length16};
use crate::frames::{Mac, Moment, Tape, checksum};

const LLDP: u16 = 0x88cc;
const NEAREST_BRIDGE: Mac = [0x01, 0x80, 0xc2, 0x00, 0x00, 0x0e];
const CISCO: Mac = [0x01, 0x00, 0x0c, 0xcc, 0xcc, 0xcc];

/// Bits of the capabilities (IEEE 802.1AB §8.5.8).
pub mod capability {
    /// Forwards frames.
    pub const BRIDGE: u16 = 0x04;
    /// Serves radio stations.
    pub const ACCESS_POINT: u16 = 0x08;
    /// Forwards packets.
    pub const ROUTER: u16 = 0x10;
    /// Is a telephone.
    pub const TELEPHONE: u16 = 0x20;
}

/// What an endpoint tells of its inventory (ANSI/TIA-1057 §10.2.6).
pub struct Inventory<'a> {
    /// Hardware, firmware and software revision, serial number, manufacturer, model: subtypes 5 to 10.
    pub texts: [&'a str; 6],
}

/// Announces a device by LLDP.
pub fn lldp(
    tape: &mut Tape,
    at: Moment,
    device: &Host<'_>,
    port: &str,
    description: &str,
    capabilities: u16,
    inventory: Option<&Inventory<'_>>,
) {
    let management = Bytes::new().u8(5).u8(1).raw(device.station.ip.octets()).u8(2).u32(1).u8(0);
    let mut message = Bytes::new()
        .raw(value(1, Bytes::new().u8(4).raw(device.station.mac)))
        .raw(value(2, Bytes::new().u8(5).text(port)))
        .raw(value(3, Bytes::new().u16(120)))
        .raw(value(5, Bytes::new().text(device.name)))
        .raw(value(6, Bytes::new().text(description)))
        .raw(value(7, Bytes::new().u16(capabilities).u16(capabilities)))
        .raw(value(8, management));
    if let Some(Inventory { texts }) = inventory {
        let media = |subtype: u8| Bytes::new().raw([0x00, 0x12, 0xbb, subtype]);
        message = message.raw(value(127, media(1).u16(0x003f).u8(3)));
        for (subtype, text) in (5_u8..).zip(texts) {
            message = message.raw(value(127, media(subtype).text(text)));
        }
    } else {
        // IEEE 802.1: the port's own VLAN.
        message = message.raw(value(127, Bytes::new().raw([0x00, 0x80, 0xc2, 1]).u16(30)));
    }
    tape.frame(at, &device.station, NEAREST_BRIDGE, LLDP, message.u16(0).as_ref());
}

/// Seven bits of type, nine bits of length.
fn value(kind: u16, bytes: Bytes) -> Bytes {
    Bytes::new().u16(kind << 9 | length16(bytes.as_ref())).raw(bytes)
}

/// Announces a Cisco device by CDP, version 2.
pub fn cdp(
    tape: &mut Tape,
    at: Moment,
    device: &Host<'_>,
    port: &str,
    platform: &str,
    software: &str,
    capabilities: u32,
) {
    let address = |ip: Ipv4Addr| Bytes::new().u32(1).raw([1, 1, 0xcc]).counted16(ip.octets());
    let values = Bytes::new()
        .raw(field(1, Bytes::new().text(device.name)))
        .raw(field(2, address(device.station.ip)))
        .raw(field(3, Bytes::new().text(port)))
        .raw(field(4, Bytes::new().u32(capabilities)))
        .raw(field(5, Bytes::new().text(software)))
        .raw(field(6, Bytes::new().text(platform)))
        .raw(field(0x0a, Bytes::new().u16(30)));
    // The sum is the Internet's for an even length only; the duplex mode, five bytes long, makes it even.
    let values = if values.len() & 1 == 1 { values.raw(field(0x0b, Bytes::new().u8(1))) } else { values };
    let sum = checksum(Bytes::new().raw([2, 180]).u16(0).raw(&values).as_ref());
    let snap = Bytes::new().raw([0xaa, 0xaa, 0x03, 0x00, 0x00, 0x0c]).u16(0x2000);
    tape.frame_802_3(at, &device.station, CISCO, snap.raw([2, 180]).u16(sum).raw(values).as_ref());
}

fn field(kind: u16, bytes: Bytes) -> Bytes {
    Bytes::new().u16(kind).u16(length16(bytes.as_ref()).saturating_add(4)).raw(bytes)
}
