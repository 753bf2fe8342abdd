//! The attributes of the monitor's system object (guide, "System Object Attributes" and "Connect Indication Event").

use std::net::Ipv4Addr;

use model::{MacAddr, Message};

use super::{
    BED_LABEL, BOOT_VERSION, CONFIGURATION_VERSION, DATA_EXPORT_PORT, FIRMWARE_VERSION, HARDWARE_VERSION, IP, MAC,
    MANUFACTURER, MODEL_NUMBER, PART_NUMBER, SERIAL, SOFTWARE_VERSION, SUBNET_MASK, SYSTEM_OID,
};
use crate::protocols::DecodeError;
use crate::reader::{Reader, Truncated};

const NOM_ATTR_ID_BED_LABEL: u16 = 0x091e;
const NOM_ATTR_ID_MODEL: u16 = 0x0928;
const NOM_ATTR_ID_PROD_SPECN: u16 = 0x092d;
const NOM_ATTR_SYS_ID: u16 = 0x0984;
const NOM_ATTR_SYS_TYPE: u16 = 0x0986;
const NOM_ATTR_NET_ADDR_INFO: u16 = 0xf100;
const NOM_ATTR_PCOL_SUPPORT: u16 = 0xf101;

/// The longest bed label that is kept, in characters (the monitor's has 17).
const LABEL_CHARACTERS_MAX: usize = 64;

/// A PollInfoList of the system object: contexts, in each of them objects, in each of them attributes.
pub(super) fn read_polled(reader: &mut Reader<'_>, message: &mut Message) -> Result<(), DecodeError> {
    let mut contexts = list(reader, "PollInfoList")?.1;
    while !contexts.is_empty() {
        contexts.skip(2, "SingleContextPoll.context_id")?;
        let mut objects = list(&mut contexts, "SingleContextPoll.poll_info")?.1;
        while !objects.is_empty() {
            objects.skip(2, "ObservationPoll.obj_handle")?;
            read(&mut objects, message)?;
        }
    }
    Ok(())
}

/// An AttributeList. What is not on the allow-list is passed over unread.
pub(super) fn read(reader: &mut Reader<'_>, message: &mut Message) -> Result<(), DecodeError> {
    let (count, mut attributes) = list(reader, "AttributeList")?;
    for _ in 0..count {
        let id = attributes.u16("AVAType.attribute_id")?;
        let length = attributes.u16("AVAType.length")?;
        let mut value = attributes.part(usize::from(length), "AVAType.attribute_val")?;
        match id {
            NOM_ATTR_SYS_ID => system_id(&mut value, message)?,
            NOM_ATTR_SYS_TYPE => system_type(&mut value, message)?,
            NOM_ATTR_ID_MODEL => {
                message.bytes(&MANUFACTURER, label(&mut value)?);
                message.bytes(&MODEL_NUMBER, label(&mut value)?);
            }
            NOM_ATTR_ID_BED_LABEL => bed_label(&mut value, message)?,
            NOM_ATTR_ID_PROD_SPECN => production(&mut value, message)?,
            NOM_ATTR_NET_ADDR_INFO => network(&mut value, message)?,
            NOM_ATTR_PCOL_SUPPORT => protocols(&mut value, message)?,
            _ => {}
        }
    }
    Ok(())
}

/// The head of every list: how many entries, and the bytes they take.
fn list<'a>(reader: &mut Reader<'a>, field: &'static str) -> Result<(u16, Reader<'a>), Truncated> {
    let count = reader.u16(field)?;
    let length = reader.u16(field)?;
    Ok((count, reader.part(usize::from(length), field)?))
}

/// A VariableLabel: ASCII text up to its first NUL, padded to an even length.
fn label<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], Truncated> {
    let length = reader.u16("VariableLabel.length")?;
    let text = reader.take(usize::from(length), "VariableLabel.value")?;
    if length & 1 == 1 {
        reader.take_up_to(1);
    }
    Ok(text.split(|byte| *byte == 0).next().unwrap_or_default().trim_ascii())
}

/// The system id is the MAC address of the monitor's LAN interface, plain or as an EUI-64.
fn system_id(reader: &mut Reader<'_>, message: &mut Message) -> Result<(), Truncated> {
    let length = reader.u16("SYS_ID.length")?;
    let mac = match length {
        6 => Some(MacAddr(reader.array("SYS_ID.value")?)),
        8 => MacAddr::from_eui64(reader.array("SYS_ID.value")?),
        _ => None,
    };
    if let Some(mac) = mac.filter(|mac| mac.is_station()) {
        message.mac(&MAC, mac);
    }
    Ok(())
}

/// The kind of device as the context-free code of IEEE 11073-10101 (partition × 2¹⁶ + term), which HL7 uses too:
/// 69965 is MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS.
fn system_type(reader: &mut Reader<'_>, message: &mut Message) -> Result<(), Truncated> {
    message.number(&SYSTEM_OID, reader.u32("SYS_TYPE")?);
    Ok(())
}

/// A String: UTF-16 up to its first NUL.
fn bed_label(reader: &mut Reader<'_>, message: &mut Message) -> Result<(), Truncated> {
    let length = reader.u16("String.length")?;
    let units = reader.take(usize::from(length), "String.value")?;
    let units = units.as_chunks::<2>().0.iter().map(|unit| u16::from_be_bytes(*unit)).take_while(|unit| *unit != 0);
    let text: String = char::decode_utf16(units)
        .take(LABEL_CHARACTERS_MAX)
        .map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    message.str(&BED_LABEL, &text);
    Ok(())
}

/// A ProductionSpec: serial and part numbers and revisions, each of one component.
fn production(reader: &mut Reader<'_>, message: &mut Message) -> Result<(), Truncated> {
    let (count, mut entries) = list(reader, "ProductionSpec")?;
    for _ in 0..count {
        let kind = entries.u16("ProdSpecEntry.spec_type")?;
        let component = entries.u16("ProdSpecEntry.component_id")?;
        let text = label(&mut entries)?;
        // Components: 8 the product, 10 its configuration, 18 the boot code, 50 the main board, 58 the application.
        let field = match (kind, component) {
            (1, 0x08) => &SERIAL,
            (2, 0x08) => &PART_NUMBER,
            (3, 0x08 | 0x50) => &HARDWARE_VERSION,
            (4, 0x08 | 0x58) => &SOFTWARE_VERSION,
            (4, 0x10) => &CONFIGURATION_VERSION,
            (4, 0x18) => &BOOT_VERSION,
            (5, _) => &FIRMWARE_VERSION,
            _ => continue,
        };
        // Dashes fill what the monitor does not know.
        if text.iter().any(|byte| *byte != b'-') {
            message.bytes(field, text);
        }
    }
    Ok(())
}

/// An IpAddressInfo.
fn network(reader: &mut Reader<'_>, message: &mut Message) -> Result<(), Truncated> {
    let mac = MacAddr(reader.array("IpAddressInfo.mac_address")?);
    let ip = Ipv4Addr::from(reader.array("IpAddressInfo.ip_address")?);
    let mask = Ipv4Addr::from(reader.array("IpAddressInfo.subnet_mask")?);
    message.mac(&MAC, mac).ip(&IP, ip).ip(&SUBNET_MASK, mask);
    message.bound(mac, ip, None);
    Ok(())
}

/// A ProtoSupport: the UDP port where data export (application protocol 5, transport 1) is offered.
fn protocols(reader: &mut Reader<'_>, message: &mut Message) -> Result<(), Truncated> {
    let (count, mut entries) = list(reader, "ProtoSupport")?;
    for _ in 0..count {
        let application = entries.u16("ProtoSupportEntry.appl_proto")?;
        let transport = entries.u16("ProtoSupportEntry.trans_proto")?;
        let port = entries.u16("ProtoSupportEntry.port_number")?;
        entries.skip(2, "ProtoSupportEntry.options")?;
        if (application, transport) == (5, 1) {
            message.number(&DATA_EXPORT_PORT, port);
        }
    }
    Ok(())
}
