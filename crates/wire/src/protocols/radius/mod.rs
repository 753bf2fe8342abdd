//! Remote Authentication Dial-In User Service: authentication (RFC 2865), accounting (RFC 2866), EAP (RFC 3579) and
//! dynamic authorization (RFC 5176).
//!
//! Ties the station that asks to enter (its hardware address) to the switch or access point it asks at. Left out:
//! user names, passwords, session identifiers and vendors' attributes.

use std::net::Ipv4Addr;

use model::{Field, Form, MacAddr, Messages};

use super::{Carrier, DecodeError, Decoder, Input, Opening, Probe, Session, Stateless};
use crate::reader::Reader;

static CODE: Field = Field::device("code").form(Form::Fixed).wireshark("radius.code");
static NAS_IP: Field = Field::device("nas_ip").wireshark("radius.NAS_IP_Address");
static NAS_IDENTIFIER: Field = Field::site("nas_identifier").form(Form::Label).wireshark("radius.NAS_Identifier");
static NAS_PORT_TYPE: Field = Field::device("nas_port_type").form(Form::Fixed).wireshark("radius.NAS_Port_Type");
static CALLING_MAC: Field = Field::device("calling_mac").wireshark("radius.Calling_Station_Id");
static CALLED_STATION: Field = Field::site("called_station").form(Form::Label).wireshark("radius.Called_Station_Id");
static FRAMED_IP: Field = Field::device("framed_ip").wireshark("radius.Framed-IP-Address");
static SERVICE_TYPE: Field = Field::device("service_type").form(Form::Fixed).wireshark("radius.Service_Type");
static ACCT_STATUS: Field = Field::device("acct_status").form(Form::Fixed).wireshark("radius.Acct_Status_Type");
static EAP_TYPE: Field = Field::device("eap_type").form(Form::Fixed).wireshark("eap.type");

static FIELDS: &[&Field] = &[
    &CODE,
    &NAS_IP,
    &NAS_IDENTIFIER,
    &NAS_PORT_TYPE,
    &CALLING_MAC,
    &CALLED_STATION,
    &FRAMED_IP,
    &SERVICE_TYPE,
    &ACCT_STATUS,
    &EAP_TYPE,
];

/// The protocol's entry in the list.
pub static DECODER: Radius = Radius;

/// Remote Authentication Dial-In User Service.
pub struct Radius;

impl Decoder for Radius {
    fn name(&self) -> &'static str {
        "radius"
    }

    fn carriers(&self) -> &'static [Carrier] {
        // Assigned, as it was before, and dynamic authorization with what Cisco devices take for it.
        &[Carrier::Datagram(&[1812, 1813, 1645, 1646, 3799, 1700])]
    }

    fn fields(&self) -> &'static [&'static Field] {
        FIELDS
    }

    fn probe(&self, opening: &Opening<'_>) -> Probe {
        let Some(bytes) = opening.first() else { return Probe::No };
        // A packet without attributes is twenty bytes of which four are checked: only the port makes that enough.
        match check(bytes) {
            Ok(attributes) if opening.hinted || attributes >= 2 && is_unpadded(bytes) => Probe::Yes,
            _ => Probe::No,
        }
    }

    fn session(&self, _carrier: Carrier) -> Box<dyn Session> {
        Box::new(Stateless(decode))
    }
}

/// The shortest and the longest packet (RFC 2865 §3).
const PACKET_BYTES: std::ops::RangeInclusive<u16> = 20..=4_096;

/// The packet's kind by its code (RFC 2865 §3, RFC 2866 §3, RFC 5176 §2.3, RFC 5997 §2).
const fn kind(code: u8) -> Option<&'static str> {
    Some(match code {
        1 => "access_request",
        2 => "access_accept",
        3 => "access_reject",
        4 => "accounting_request",
        5 => "accounting_response",
        11 => "access_challenge",
        12 => "status_server",
        40 => "disconnect_request",
        41 => "disconnect_ack",
        42 => "disconnect_nak",
        43 => "coa_request",
        44 => "coa_ack",
        45 => "coa_nak",
        _ => return None,
    })
}

/// Whether the packet fills the datagram.
fn is_unpadded(bytes: &[u8]) -> bool {
    matches!(bytes, [_, _, high, low, ..] if usize::from(u16::from_be_bytes([*high, *low])) == bytes.len())
}

/// Reads the header and gives the attributes (RFC 2865 §3).
fn open(bytes: &[u8]) -> Result<(u8, &'static str, Reader<'_>), DecodeError> {
    let mut reader = Reader::new(bytes);
    let code = reader.u8("Code")?;
    let kind = kind(code).ok_or(DecodeError::Malformed { field: "Code", rule: "is one that is assigned" })?;
    reader.skip(1, "Identifier")?;
    let length = reader.u16("Length")?;
    if !PACKET_BYTES.contains(&length) {
        return Err(DecodeError::Malformed { field: "Length", rule: "is 20 to 4096" });
    }
    reader.skip(16, "Authenticator")?;
    // What follows in the datagram is padding.
    let attributes = reader.part(usize::from(length).saturating_sub(20), "Attributes")?;
    Ok((code, kind, attributes))
}

/// The next attribute's type and value (RFC 2865 §5).
fn attribute<'a>(reader: &mut Reader<'a>) -> Result<(u8, &'a [u8]), DecodeError> {
    let kind = reader.u8("Type")?;
    let length = usize::from(reader.u8("Length")?);
    let value = length.checked_sub(2).ok_or(DecodeError::Malformed { field: "Length", rule: "is 2 at least" })?;
    Ok((kind, reader.take(value, "Value")?))
}

/// Walks all attributes: they fill the packet exactly. Returns how many there are.
fn check(bytes: &[u8]) -> Result<usize, DecodeError> {
    let (_, _, mut reader) = open(bytes)?;
    let mut count = 0_usize;
    while !reader.is_empty() {
        attribute(&mut reader)?;
        count = count.saturating_add(1);
    }
    Ok(count)
}

fn decode(input: &Input<'_>, messages: &mut Messages) -> Result<(), DecodeError> {
    check(input.bytes)?;
    let (code, kind, mut reader) = open(input.bytes)?;
    let message = messages.begin("radius", kind);
    message.number(&CODE, code);
    let mut calling = None;
    let mut framed = None;
    let mut eap_seen = false;
    while !reader.is_empty() {
        let (attribute, value) = attribute(&mut reader)?;
        match (attribute, value) {
            (4, &[a, b, c, d]) => message.ip(&NAS_IP, Ipv4Addr::new(a, b, c, d)),
            (6, &[a, b, c, d]) => message.number(&SERVICE_TYPE, u32::from_be_bytes([a, b, c, d])),
            (8, &[a, b, c, d]) => {
                framed = Some(Ipv4Addr::new(a, b, c, d));
                message.ip(&FRAMED_IP, Ipv4Addr::new(a, b, c, d))
            }
            (30, called) => message.bytes(&CALLED_STATION, called),
            (31, station) => match mac(station) {
                Some(mac) => {
                    calling = Some(mac);
                    message.mac(&CALLING_MAC, mac)
                }
                // A telephone number or an address of the outside: not a station of this network.
                None => message,
            },
            (32, identifier) => message.bytes(&NAS_IDENTIFIER, identifier),
            (40, &[a, b, c, d]) => message.number(&ACCT_STATUS, u32::from_be_bytes([a, b, c, d])),
            (61, &[a, b, c, d]) => message.number(&NAS_PORT_TYPE, u32::from_be_bytes([a, b, c, d])),
            // EAP (RFC 3748 §4): only a request (1) and a response (2) have a type. Longer packets go on in further
            // attributes, which begin anywhere.
            (79, eap) => match (std::mem::replace(&mut eap_seen, true), eap) {
                (false, &[1 | 2, _, _, _, kind, ..]) => message.number(&EAP_TYPE, kind),
                _ => message,
            },
            _ => message,
        };
    }
    // 255.255.255.254 and 255.255.255.255 leave the choice to others (RFC 2865 §5.8).
    if let (Some(mac), Some(ip)) = (calling, framed.filter(|ip| !matches!(ip.octets(), [255, 255, 255, 254 | 255]))) {
        message.bound(mac, ip, None);
    }
    message.operated(kind);
    Ok(())
}

/// A hardware address as switches and access points write it (RFC 3580 §3.21): with `-`, `:`, `.` or nothing between
/// the digits.
fn mac(text: &[u8]) -> Option<MacAddr> {
    // Longer text is no address, whatever its digits say.
    if !matches!(text.len(), 12 | 14 | 17) {
        return None;
    }
    std::str::from_utf8(text).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calling_stations_that_are_no_hardware_addresses_are_none() {
        assert_eq!(mac(b"02-00-5E-00-00-01"), Some(MacAddr([2, 0, 0x5e, 0, 0, 1])));
        assert_eq!(mac(b"0200.5e00.0001"), Some(MacAddr([2, 0, 0x5e, 0, 0, 1])));
        for text in ["+43 1 23456789", "192.168.100.11", "CANARY DOE 12", ""] {
            assert_eq!(mac(text.as_bytes()), None, "{text}");
        }
    }
}
