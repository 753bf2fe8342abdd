//! The options (RFC 2132) that are read, and where they stand.

use std::net::Ipv4Addr;

use model::{Field, Form, MacAddr, Message};

use crate::line::Line;
use crate::protocols::DecodeError;
use crate::protocols::dns::name::Name;
use crate::reader::{Reader, Truncated};

/// May hold a host name or any other text of the client's choice (RFC 2132 §9.14).
pub(super) static CLIENT_IDENTIFIER: Field = Field::site("client_identifier").wireshark("dhcp.client_id");
pub(super) static REQUESTED_IP: Field = Field::device("requested_ip").wireshark("dhcp.option.requested_ip_address");
pub(super) static SERVER_IDENTIFIER: Field = Field::device("server_identifier").wireshark("dhcp.option.dhcp_server_id");
pub(super) static HOSTNAME: Field = Field::site("hostname").form(Form::Label).wireshark("dhcp.option.hostname");
pub(super) static DOMAIN: Field = Field::site("domain").wireshark("dhcp.option.domain_name");
pub(super) static FQDN: Field = Field::site("fqdn").wireshark("dhcp.fqdn.name");
pub(super) static VENDOR_CLASS: Field = Field::device("vendor_class").wireshark("dhcp.option.vendor_class_id");
pub(super) static VENDOR_ENTERPRISE: Field =
    Field::device("vendor_enterprise").wireshark("dhcp.option.vi_class.enterprise dhcp.option.vi.enterprise");
pub(super) static ENTERPRISE_CLASS: Field = Field::device("enterprise_class").wireshark("dhcp.option.vi_class.data");
pub(super) static USER_CLASS: Field = Field::device("user_class").wireshark("dhcp.option.user_class.text");
pub(super) static PARAMETER_LIST: Field =
    Field::device("parameter_list").form(Form::Fixed).wireshark("dhcp.option.request_list_item");
pub(super) static OPTION_ORDER: Field = Field::device("option_order").form(Form::Fixed).wireshark("dhcp.option.type");
pub(super) static MAX_SIZE: Field = Field::device("max_size").wireshark("dhcp.option.dhcp_max_message_size");
pub(super) static LEASE_SECONDS: Field = Field::device("lease_seconds").wireshark("dhcp.option.ip_address_lease_time");
pub(super) static ROUTER: Field = Field::device("router").wireshark("dhcp.option.router");
pub(super) static DNS_SERVER: Field = Field::device("dns_server").wireshark("dhcp.option.domain_name_server");
pub(super) static NTP_SERVER: Field = Field::device("ntp_server").wireshark("dhcp.option.ntp_server");
pub(super) static VENDOR_OPTIONS: Field = Field::device("vendor_options");
pub(super) static ARCHITECTURE: Field =
    Field::device("architecture").wireshark("dhcp.option.client_system_architecture");
pub(super) static CIRCUIT_ID: Field =
    Field::site("circuit_id").wireshark("dhcp.option.agent_information_option.agent_circuit_id");
pub(super) static REMOTE_ID: Field =
    Field::site("remote_id").wireshark("dhcp.option.agent_information_option.agent_remote_id");
pub(super) static MUD_URL: Field = Field::device("mud_url").form(Form::Token).wireshark("dhcp.option.mudurl");

/// The most options of one message that are read.
const OPTIONS_MAX: u16 = 256;
/// The most addresses of one option that are kept.
const ADDRESSES_MAX: usize = 8;
/// How much of the vendor options is kept, in bytes.
const VENDOR_OPTIONS_BYTES_MAX: usize = 32;

/// Walks the options in the order of the wire; those in `file` and `sname` follow if option 52 says that they hold some
/// (RFC 2132 §9.3). Pads and ends are left out, and a broken option ends the area that it stands in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Options<'a> {
    area: Reader<'a>,
    file: &'a [u8],
    server_name: &'a [u8],
    overload: u8,
    left: u16,
}

impl<'a> Options<'a> {
    pub(super) const fn new(options: &'a [u8], file: &'a [u8], server_name: &'a [u8]) -> Self {
        Self { area: Reader::new(options), file, server_name, overload: 0, left: OPTIONS_MAX }
    }

    fn next_in_area(&mut self) -> Option<(u8, &'a [u8])> {
        loop {
            match self.area.u8("option code").ok()? {
                0 => {}
                255 => return None,
                code => {
                    let length = usize::from(self.area.u8("option length").ok()?);
                    let value = self.area.take(length, "option value").ok()?;
                    if let (52, [overload @ 1..=3]) = (code, value) {
                        self.overload = *overload;
                    }
                    return Some((code, value));
                }
            }
        }
    }
}

impl<'a> Iterator for Options<'a> {
    type Item = (u8, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        loop {
            if let Some(option) = self.next_in_area() {
                return Some(option);
            }
            let next_area = if self.overload & 1 != 0 {
                &mut self.file
            } else if self.overload & 2 != 0 {
                &mut self.server_name
            } else {
                return None;
            };
            self.area = Reader::new(std::mem::take(next_area));
            self.overload &= if self.overload & 1 != 0 { 2 } else { 0 };
        }
    }
}

/// Adds what the option says. What describes a client is told of its own messages only.
pub(super) fn tell(code: u8, value: &[u8], from_client: bool, message: &mut Message) -> Result<(), DecodeError> {
    let mut reader = Reader::new(value);
    match code {
        3 => addresses(reader, &ROUTER, message)?,
        6 => addresses(reader, &DNS_SERVER, message)?,
        42 => addresses(reader, &NTP_SERVER, message)?,
        15 => {
            message.bytes(&DOMAIN, value);
        }
        50 => {
            message.ip(&REQUESTED_IP, Ipv4Addr::from(reader.array("Requested IP Address")?));
        }
        51 => {
            message.number(&LEASE_SECONDS, reader.u32("IP Address Lease Time")?);
        }
        54 => {
            message.ip(&SERVER_IDENTIFIER, Ipv4Addr::from(reader.array("Server Identifier")?));
        }
        57 => {
            message.number(&MAX_SIZE, reader.u16("Maximum DHCP Message Size")?);
        }
        82 => relay_agent(reader, message)?,
        _ if from_client => tell_client(code, value, message)?,
        _ => {}
    }
    Ok(())
}

fn tell_client(code: u8, value: &[u8], message: &mut Message) -> Result<(), DecodeError> {
    let mut reader = Reader::new(value);
    match code {
        12 => {
            message.bytes(&HOSTNAME, value);
        }
        43 => {
            message.hex(&VENDOR_OPTIONS, reader.take_up_to(VENDOR_OPTIONS_BYTES_MAX));
        }
        55 => {
            let mut list = Line::new();
            for code in value {
                list.item(*code);
            }
            message.bytes(&PARAMETER_LIST, list.as_bytes());
        }
        60 => {
            message.bytes(&VENDOR_CLASS, value);
        }
        61 => match value {
            // A hardware address behind its type (§9.14), or bytes that mean something to the client alone.
            [1, a, b, c, d, e, f] => {
                message.mac(&CLIENT_IDENTIFIER, MacAddr([*a, *b, *c, *d, *e, *f]));
            }
            _ => {
                message.hex(&CLIENT_IDENTIFIER, value);
            }
        },
        77 => user_class(value, message),
        81 => full_name(value, message)?,
        93 => {
            message.number(&ARCHITECTURE, reader.u16("Client System Architecture Type")?);
        }
        124 => {
            message.number(&VENDOR_ENTERPRISE, reader.u32("enterprise-number")?);
            let length = usize::from(reader.u8("data-len")?);
            message.bytes(&ENTERPRISE_CLASS, reader.take(length, "vendor-class-data")?);
        }
        125 => {
            message.number(&VENDOR_ENTERPRISE, reader.u32("enterprise-number")?);
        }
        161 => {
            message.bytes(&MUD_URL, value);
        }
        _ => {}
    }
    Ok(())
}

fn addresses(mut reader: Reader<'_>, field: &'static Field, message: &mut Message) -> Result<(), Truncated> {
    for _ in 0..ADDRESSES_MAX.min(reader.len() / 4) {
        message.ip(field, Ipv4Addr::from(reader.array("address")?));
    }
    Ok(())
}

/// The switch port that a client is behind: agent circuit and remote identifier (RFC 3046 §3.1, §3.2).
fn relay_agent(mut reader: Reader<'_>, message: &mut Message) -> Result<(), Truncated> {
    while !reader.is_empty() {
        let code = reader.u8("suboption code")?;
        let length = usize::from(reader.u8("suboption length")?);
        let value = reader.take(length, "suboption value")?;
        match code {
            1 => message.hex(&CIRCUIT_ID, value),
            2 => message.hex(&REMOTE_ID, value),
            _ => message,
        };
    }
    Ok(())
}

/// User classes (RFC 3004 §4), each behind its length. Many clients send one class bare.
fn user_class(value: &[u8], message: &mut Message) {
    let instance = |reader: &mut Reader<'_>| -> Option<usize> {
        let length = usize::from(reader.u8("UC_Len").ok().filter(|length| *length > 0)?);
        reader.skip(length, "User_Class_Data").ok().map(|()| length)
    };
    let mut check = Reader::new(value);
    while instance(&mut check).is_some() {}
    if !check.is_empty() {
        message.bytes(&USER_CLASS, value);
        return;
    }
    let mut reader = Reader::new(value);
    while let Ok(length) = reader.u8("UC_Len") {
        message.bytes(&USER_CLASS, reader.take_up_to(usize::from(length)));
    }
}

/// The client's full name (RFC 4702 §2): in the format of DNS if the E bit is set, else plain text.
fn full_name(value: &[u8], message: &mut Message) -> Result<(), DecodeError> {
    let mut reader = Reader::new(value);
    let flags = reader.u8("Flags")?;
    reader.skip(2, "RCODE1, RCODE2")?;
    if flags & 0x04 == 0 {
        message.bytes(&FQDN, reader.rest());
        return Ok(());
    }
    // A partial name ends without the root (§2.3.1): the root is added where it is missing.
    let mut whole = Line::new();
    whole.extend(reader.rest());
    whole.extend(&[0]);
    let mut name = Name::new();
    name.read(whole.as_bytes(), 0)?;
    message.bytes(&FQDN, name.as_bytes());
    Ok(())
}
