//! What organisations add to an announcement (IEEE 802.1AB §8.6): IEEE 802.1 (annex D), IEEE 802.3 (annex E),
//! TIA (LLDP-MED, ANSI/TIA-1057 §10) and IANA (RFC 8520 §11).

use model::{Field, Form, Message};

use crate::reader::{Reader, Truncated};

pub(super) static VLAN: Field = Field::device("vlan").wireshark("lldp.ieee.802_1.port_vlan.id");
pub(super) static VLAN_NAME: Field = Field::site("vlan_name").form(Form::Label).wireshark("lldp.ieee.802_1.vlan.name");
pub(super) static MAU_TYPE: Field = Field::device("mau_type").wireshark("lldp.ieee.802_3.pmd_mau_type");
pub(super) static POWER_CLASS: Field = Field::device("power_class");
pub(super) static MAX_FRAME_SIZE: Field = Field::device("max_frame_size").wireshark("lldp.ieee.802_3.max_frame_size");
pub(super) static DEVICE_CLASS: Field = Field::device("med_device_class").wireshark("lldp.media.subtype.class");
pub(super) static HARDWARE: Field = Field::device("med_hardware").wireshark("lldp.media.hardware");
pub(super) static FIRMWARE: Field = Field::device("med_firmware").wireshark("lldp.media.firmware");
pub(super) static SOFTWARE: Field = Field::device("med_software").wireshark("lldp.media.software");
pub(super) static SERIAL: Field = Field::device("med_serial").form(Form::Serial).wireshark("lldp.media.sn");
pub(super) static MANUFACTURER: Field = Field::device("med_manufacturer").wireshark("lldp.media.manufacturer");
pub(super) static MODEL: Field = Field::device("med_model").wireshark("lldp.media.model");
pub(super) static ASSET: Field = Field::site("med_asset").form(Form::Label).wireshark("lldp.media.asset");
pub(super) static BUILDING: Field = Field::site("med_building").form(Form::Label).wireshark("lldp.media.civic.value");
pub(super) static FLOOR: Field = Field::site("med_floor").form(Form::Label).wireshark("lldp.media.civic.value");
pub(super) static ROOM: Field = Field::site("med_room").form(Form::Label).wireshark("lldp.media.civic.value");
pub(super) static MUD_URL: Field = Field::device("mud_url").form(Form::Token).wireshark("lldp.iana.mudurl");

const IEEE_802_1: [u8; 3] = [0x00, 0x80, 0xc2];
const IEEE_802_3: [u8; 3] = [0x00, 0x12, 0x0f];
const TIA: [u8; 3] = [0x00, 0x12, 0xbb];
const IANA: [u8; 3] = [0x00, 0x00, 0x5e];

/// The most elements of a postal address that are read.
const CIVIC_ELEMENTS_MAX: usize = 32;

pub(super) fn tell(
    organization: [u8; 3],
    subtype: u8,
    mut inner: Reader<'_>,
    message: &mut Message,
) -> Result<(), Truncated> {
    match (organization, subtype) {
        (IEEE_802_1, 1) => {
            message.number(&VLAN, inner.u16("port VLAN identifier")?);
        }
        (IEEE_802_1, 3) => {
            inner.skip(2, "VLAN identifier")?;
            let length = usize::from(inner.u8("VLAN name length")?);
            message.bytes(&VLAN_NAME, inner.take(length, "VLAN name")?);
        }
        (IEEE_802_3, 1) => {
            inner.skip(3, "auto-negotiation")?;
            message.number(&MAU_TYPE, inner.u16("operational MAU type")?);
        }
        (IEEE_802_3, 2) => {
            inner.skip(2, "MDI power support, PSE power pair")?;
            // Counted from one on the wire, from zero in IEEE 802.3 and on data sheets.
            let class = inner.u8("power class")?;
            if let Some(class) = class.checked_sub(1) {
                message.number(&POWER_CLASS, class);
            }
        }
        (IEEE_802_3, 4) => {
            message.number(&MAX_FRAME_SIZE, inner.u16("maximum frame size")?);
        }
        (TIA, 1) => {
            inner.skip(2, "LLDP-MED capabilities")?;
            message.number(&DEVICE_CLASS, inner.u8("LLDP-MED device type")?);
        }
        (TIA, 3) => location(inner, message)?,
        (TIA, 5..=11) => {
            let field = match subtype {
                5 => &HARDWARE,
                6 => &FIRMWARE,
                7 => &SOFTWARE,
                8 => &SERIAL,
                9 => &MANUFACTURER,
                10 => &MODEL,
                _ => &ASSET,
            };
            message.bytes(field, inner.rest());
        }
        (IANA, 1) => {
            message.bytes(&MUD_URL, inner.rest());
        }
        _ => {}
    }
    Ok(())
}

/// The location identification (ANSI/TIA-1057 §10.2.4): of a postal address (format 2), the elements of RFC 4776 §3.4
/// that lead to the device: building (25), floor (27), room (28).
fn location(mut inner: Reader<'_>, message: &mut Message) -> Result<(), Truncated> {
    if inner.u8("location data format")? != 2 {
        return Ok(());
    }
    let length = usize::from(inner.u8("LCI length")?);
    let mut address = inner.part(length, "civic location")?;
    address.skip(3, "what, country code")?;
    for _ in 0..CIVIC_ELEMENTS_MAX {
        if address.is_empty() {
            break;
        }
        let kind = address.u8("CA type")?;
        let length = usize::from(address.u8("CA length")?);
        let text = address.take(length, "CA value")?;
        let field = match kind {
            25 => &BUILDING,
            27 => &FLOOR,
            28 => &ROOM,
            _ => continue,
        };
        message.bytes(field, text);
    }
    Ok(())
}
