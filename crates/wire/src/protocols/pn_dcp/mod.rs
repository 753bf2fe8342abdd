//! PROFINET Discovery and Basic Configuration Protocol (IEC 61158-6-10 §4.3): what controllers, inputs and outputs, drives and
//! panels are called, who made them, which address they have, and who gives them another.
//!
//! Left out: cyclic data, which share the EtherType, and the options of DHCP, TSN and makers.

use std::net::Ipv4Addr;

use model::{Field, Form, Message, Messages, Weakness};

use super::{Carrier, DecodeError, Decoder, Input, Opening, Probe, Session, Stateless};
use crate::reader::{Reader, Truncated};

static NAME_OF_STATION: Field = Field::site("name_of_station").wireshark("pn_dcp.suboption_device_nameofstation");
static TYPE_OF_STATION: Field = Field::device("type_of_station").wireshark("pn_dcp.suboption_device_devicevendorvalue");
static VENDOR_ID: Field = Field::device("vendor_id").wireshark("pn_dcp.suboption_vendor_id");
static DEVICE_ID: Field = Field::device("device_id").wireshark("pn_dcp.suboption_device_id");
static ROLE: Field = Field::device("role").form(Form::Fixed).wireshark("pn_dcp.suboption_device_role");
static IP: Field = Field::device("ip").wireshark("pn_dcp.suboption_ip_ip");
static SUBNET_MASK: Field = Field::device("subnet_mask").wireshark("pn_dcp.suboption_ip_subnetmask");
static GATEWAY: Field = Field::device("gateway").wireshark("pn_dcp.suboption_ip_standard_gateway");
static BLOCK_ERROR: Field = Field::device("block_error").wireshark("pn_dcp.block_error");

static FIELDS: &[&Field] =
    &[&NAME_OF_STATION, &TYPE_OF_STATION, &VENDOR_ID, &DEVICE_ID, &ROLE, &IP, &SUBNET_MASK, &GATEWAY, &BLOCK_ERROR];

/// Frames of this protocol, by the identifier that all PROFINET frames begin with (IEC 61158-6-10 §4.2.2).
const FRAMES: std::ops::RangeInclusive<u16> = 0xfefc..=0xfeff;
/// Blocks of one message that are read.
const BLOCKS_MAX: usize = 32;
/// What the bits of the role mean, lowest first.
static ROLES: &[&str] = &["io_device", "io_controller", "io_multidevice", "io_supervisor"];

const GET: u8 = 3;
const SET: u8 = 4;
const IDENTIFY: u8 = 5;
const HELLO: u8 = 6;
const REQUEST: u8 = 0;
/// Options and suboptions (IEC 61158-6-10 §4.3.1.4).
const IP_PARAMETER: [u8; 2] = [1, 2];
const IP_SUITE: [u8; 2] = [1, 3];
const CONTROL_RESPONSE: [u8; 2] = [5, 4];

/// The protocol's entry in the list.
pub static DECODER: PnDcp = PnDcp;

/// PROFINET Discovery and Basic Configuration Protocol.
pub struct PnDcp;

impl Decoder for PnDcp {
    fn name(&self) -> &'static str {
        "pn_dcp"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::EtherType(0x8892)]
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
    if !FRAMES.contains(&reader.u16("FrameID")?) {
        return Err(DecodeError::Malformed { field: "FrameID", rule: "is one of this protocol" });
    }
    let [service, kind] = reader.array("ServiceID, ServiceType")?;
    reader.skip(6, "Xid, ResponseDelay")?;
    let length = usize::from(reader.u16("DCPDataLength")?);
    let mut data = reader.part(length, "DCPData")?;
    let name = match (service, kind) {
        (IDENTIFY, REQUEST) => "identify",
        (IDENTIFY, _) => "identity",
        (GET, REQUEST) => "get",
        (GET, _) => "get_response",
        (SET, REQUEST) => "set",
        (SET, _) => "set_response",
        (HELLO, _) => "hello",
        _ => return Err(DecodeError::Malformed { field: "ServiceID", rule: "is 3 to 6" }),
    };
    let message = messages.begin("pn_dcp", name);
    if name == "get" {
        return Ok(());
    }
    // Behind the length stands in answers how the value came about, in orders how long it shall hold.
    let prefix = if name == "identify" { 0 } else { 2 };
    // A block that breaks off leaves what stood before it.
    for _ in 0..BLOCKS_MAX {
        let Ok((option, value)) = block(&mut data) else { break };
        if option == CONTROL_RESPONSE {
            let _ = answered(value, message);
            continue;
        }
        let mut value = value;
        if value.skip(prefix, "BlockInfo or BlockQualifier").is_ok() {
            let _ = tell(option, value, message);
        }
        if matches!(name, "set") && message.operation().is_none() {
            message.operated(order(option));
        }
    }
    // What a station says of its own address ties the two.
    if matches!(name, "identity" | "hello" | "get_response")
        && let (Some(mac), Some(ip)) = (input.sender().mac, message.field(IP.name).and_then(model::Value::ip))
    {
        message.bound(mac, ip, None);
    }
    Ok(())
}

/// Option and suboption, and the value, which is padded to an even length (IEC 61158-6-10 §4.3.1.3).
fn block<'a>(reader: &mut Reader<'a>) -> Result<([u8; 2], Reader<'a>), Truncated> {
    let option = reader.array("Option, Suboption")?;
    let length = usize::from(reader.u16("DCPBlockLength")?);
    let value = reader.part(length, "block")?;
    reader.take_up_to(length % 2);
    Ok((option, value))
}

fn tell(option: [u8; 2], mut value: Reader<'_>, message: &mut Message) -> Result<(), Truncated> {
    match option {
        IP_PARAMETER | IP_SUITE => {
            for field in [&IP, &SUBNET_MASK, &GATEWAY] {
                let address = Ipv4Addr::from(value.array("IP parameter")?);
                if !address.is_unspecified() {
                    message.ip(field, address);
                }
            }
        }
        [2, 1] => {
            message.bytes(&TYPE_OF_STATION, value.rest());
        }
        [2, 2] => {
            message.bytes(&NAME_OF_STATION, value.rest());
        }
        [2, 3] => {
            message.number(&VENDOR_ID, value.u16("VendorID")?).number(&DEVICE_ID, value.u16("DeviceID")?);
        }
        [2, 4] => {
            let bits = value.u8("DeviceRoleDetails")?;
            for (bit, name) in ROLES.iter().enumerate() {
                if bits.checked_shr(bit as u32).unwrap_or(0) & 1 == 1 {
                    message.str(&ROLE, name);
                }
            }
        }
        _ => {}
    }
    Ok(())
}

/// What became of one order: which option, and an error if it was not taken (IEC 61158-6-10 §4.3.1.4.12). Whoever is on the
/// link may give it.
fn answered(mut value: Reader<'_>, message: &mut Message) -> Result<(), Truncated> {
    let option = value.array("Option, Suboption")?;
    let error = value.u8("BlockError")?;
    message.number(&BLOCK_ERROR, error);
    if error == 0 && order(option) != "other" {
        message.operated(order(option)).weak(Weakness::UnauthenticatedControl);
    }
    Ok(())
}

/// What is ordered by an option.
const fn order(option: [u8; 2]) -> &'static str {
    match option {
        IP_PARAMETER | IP_SUITE => "set_ip",
        [2, 2] => "set_name",
        [5, 3] => "signal",
        [5, 5] => "factory_reset",
        [5, 6] => "reset_to_factory",
        _ => "other",
    }
}
