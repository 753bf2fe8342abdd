//! Address Resolution Protocol (RFC 826) with address conflict detection (RFC 5227).
//!
//! Ties IPv4 addresses to hardware addresses. Left out: hardware types other than Ethernet, reverse and inverse ARP.

use std::net::Ipv4Addr;

use model::{Field, MacAddr, Messages, Subject};

use super::{Carrier, DecodeError, Decoder, Input, Opening, Probe, Session, Stateless};
use crate::reader::Reader;

static SENDER_MAC: Field = Field::device("sender_mac").wireshark("arp.src.hw_mac");
static SENDER_IP: Field = Field::device("sender_ip").wireshark("arp.src.proto_ipv4");
static TARGET_MAC: Field = Field::device("target_mac").wireshark("arp.dst.hw_mac");
static TARGET_IP: Field = Field::device("target_ip").wireshark("arp.dst.proto_ipv4");

static FIELDS: &[&Field] = &[&SENDER_MAC, &SENDER_IP, &TARGET_MAC, &TARGET_IP];

/// The protocol's entry in the list.
pub static DECODER: Arp = Arp;

/// Address Resolution Protocol.
pub struct Arp;

impl Decoder for Arp {
    fn name(&self) -> &'static str {
        "arp"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::EtherType(0x0806)]
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

/// The packet format of RFC 826, for Ethernet (1) and IPv4 (0x0800).
fn decode(input: &Input<'_>, messages: &mut Messages) -> Result<(), DecodeError> {
    let mut reader = Reader::new(input.bytes);
    if reader.array("ar$hrd, ar$pro, ar$hln, ar$pln")? != [0, 1, 8, 0, 6, 4] {
        return Err(DecodeError::Malformed { field: "ar$hrd, ar$pro", rule: "only Ethernet with IPv4 is read" });
    }
    let kind = match reader.u16("ar$op")? {
        1 => "request",
        2 => "reply",
        _ => return Err(DecodeError::Malformed { field: "ar$op", rule: "only request (1) and reply (2) are read" }),
    };
    let sender_mac = MacAddr(reader.array("ar$sha")?);
    let sender_ip = Ipv4Addr::from(reader.array("ar$spa")?);
    let target_mac = MacAddr(reader.array("ar$tha")?);
    let target_ip = Ipv4Addr::from(reader.array("ar$tpa")?);

    let message = messages.begin("arp", kind);
    message.about(Subject::Hardware(sender_mac));
    message.mac(&SENDER_MAC, sender_mac).ip(&SENDER_IP, sender_ip);
    message.mac(&TARGET_MAC, target_mac).ip(&TARGET_IP, target_ip);
    // A probe (RFC 5227 §1.1) asks with an unspecified sender address and binds nothing.
    message.bound(sender_mac, sender_ip, None);
    Ok(())
}
