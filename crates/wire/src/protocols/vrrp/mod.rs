//! Virtual Router Redundancy Protocol, versions 2 and 3 (RFC 3768, RFC 9568): which stations share which addresses, and who
//! answers for them now.
//!
//! Left out: timers, and the secret of version 2's plain-text authentication (RFC 2338 §5.3.6), which is noticed and never
//! read. The checksum is not verified: that of version 3 covers a pseudo header. CARP, which borrowed the protocol number,
//! has another length and is not read.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use model::{Field, Form, Messages, Weakness};

use super::{Carrier, DecodeError, Decoder, Input, Opening, Probe, Session, Stateless};
use crate::reader::{Reader, Truncated};

static VERSION: Field = Field::device("version").wireshark("vrrp.version");
static VIRTUAL_ROUTER: Field = Field::device("virtual_router").wireshark("vrrp.virt_rtr_id");
static PRIORITY: Field = Field::device("priority").wireshark("vrrp.prio");
static VIRTUAL_ADDRESS: Field = Field::device("virtual_address").wireshark("vrrp.ip_addr vrrp.ipv6_addr");
static AUTHENTICATION: Field = Field::device("authentication").form(Form::Fixed).wireshark("vrrp.auth_type");

static FIELDS: &[&Field] = &[&VERSION, &VIRTUAL_ROUTER, &PRIORITY, &VIRTUAL_ADDRESS, &AUTHENTICATION];

/// The authentication data that ends an advertisement of version 2 (RFC 3768 §5.3.10).
const AUTHENTICATION_BYTES: usize = 8;

/// The protocol's entry in the list.
pub static DECODER: Vrrp = Vrrp;

/// Virtual Router Redundancy Protocol.
pub struct Vrrp;

impl Decoder for Vrrp {
    fn name(&self) -> &'static str {
        "vrrp"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::IpProtocol(112)]
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

/// An advertisement (RFC 3768 §5.1, RFC 9568 §5.1).
fn decode(input: &Input<'_>, messages: &mut Messages) -> Result<(), DecodeError> {
    let mut reader = Reader::new(input.bytes);
    let version = match reader.u8("Version, Type")? {
        0x21 => 2_u8,
        0x31 => 3,
        _ => {
            return Err(DecodeError::Malformed { field: "Version, Type", rule: "is an advertisement, version 2 or 3" });
        }
    };
    let virtual_router = reader.u8("Virtual Rtr ID")?;
    let priority = reader.u8("Priority")?;
    let count = usize::from(reader.u8("Count IP Addrs")?);
    let authentication = reader.u8("Auth Type")?;
    reader.skip(3, "Adver Int, Checksum")?;
    let is_ipv6 = version == 3 && input.sender().ip.is_some_and(|ip| ip.is_ipv6());
    let behind = if version == 2 { AUTHENTICATION_BYTES } else { 0 };
    let width: usize = if is_ipv6 { 16 } else { 4 };
    if count == 0 || reader.len() != width.saturating_mul(count).saturating_add(behind) {
        return Err(DecodeError::Malformed { field: "Count IP Addrs", rule: "fills the packet with the addresses" });
    }
    let message = messages.begin("vrrp", "advertisement");
    message.number(&VERSION, version).number(&VIRTUAL_ROUTER, virtual_router).number(&PRIORITY, priority);
    for _ in 0..count {
        let address = address(&mut reader, is_ipv6)?;
        message.ip(&VIRTUAL_ADDRESS, address);
        // Who gives up (priority 0, RFC 9568 §5.2.4) holds them no longer.
        if let Some(mac) = input.sender().mac.filter(|_| priority > 0) {
            message.bound(mac, address, None);
        }
    }
    if version == 2 {
        let name = match authentication {
            0 => "none",
            1 => "simple_text",
            2 => "ip_authentication_header",
            _ => "other",
        };
        message.str(&AUTHENTICATION, name);
        if authentication == 1 {
            message.weak(Weakness::CleartextCredentials);
        }
    }
    Ok(())
}

fn address(reader: &mut Reader<'_>, is_ipv6: bool) -> Result<IpAddr, Truncated> {
    Ok(match is_ipv6 {
        true => Ipv6Addr::from(reader.array::<16>("IPvX Address")?).into(),
        false => Ipv4Addr::from(reader.array::<4>("IPvX Address")?).into(),
    })
}
