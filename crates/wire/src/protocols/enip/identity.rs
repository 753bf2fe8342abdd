//! The Identity object (The CIP Networks Library, volume 1 §5A-2): what a device says of itself.

use std::fmt::Write as _;

use model::Message;

use super::{DEVICE_TYPE, PRODUCT_CODE, PRODUCT_NAME, REVISION, SERIAL_NUMBER, VENDOR_ID};
use crate::line::Line;
use crate::reader::{Reader, Truncated};

/// Attributes 1 to 7 of an instance, as List Identity and Get_Attributes_All give them.
pub(super) struct Identity<'a> {
    vendor: u16,
    device_type: u16,
    product_code: u16,
    revision: [u8; 2],
    pub(super) serial: u32,
    name: &'a [u8],
}

impl<'a> Identity<'a> {
    pub(super) fn read(reader: &mut Reader<'a>) -> Result<Self, Truncated> {
        Ok(Self {
            vendor: reader.u16_le("Vendor ID")?,
            device_type: reader.u16_le("Device Type")?,
            product_code: reader.u16_le("Product Code")?,
            revision: reader.array("Revision")?,
            serial: {
                reader.skip(2, "Status")?;
                reader.u32_le("Serial Number")?
            },
            name: short_string(reader)?,
        })
    }

    pub(super) fn tell(&self, message: &mut Message) {
        message.number(&VENDOR_ID, self.vendor).number(&DEVICE_TYPE, self.device_type);
        message.number(&PRODUCT_CODE, self.product_code);
        revision(self.revision, message);
        message.hex(&SERIAL_NUMBER, &self.serial.to_be_bytes()).bytes(&PRODUCT_NAME, self.name);
    }
}

/// One attribute by its number; `None` for one that is not told or whose length is unknown.
pub(super) fn attribute(number: u16, reader: &mut Reader<'_>, message: &mut Message) -> Result<Option<()>, Truncated> {
    match number {
        1 => message.number(&VENDOR_ID, reader.u16_le("Vendor ID")?),
        2 => message.number(&DEVICE_TYPE, reader.u16_le("Device Type")?),
        3 => message.number(&PRODUCT_CODE, reader.u16_le("Product Code")?),
        4 => {
            revision(reader.array("Revision")?, message);
            message
        }
        5 => {
            reader.skip(2, "Status")?;
            message
        }
        6 => message.hex(&SERIAL_NUMBER, &reader.u32_le("Serial Number")?.to_be_bytes()),
        7 => message.bytes(&PRODUCT_NAME, short_string(reader)?),
        _ => return Ok(None),
    };
    Ok(Some(()))
}

/// Major and minor, as in `20.11`.
fn revision([major, minor]: [u8; 2], message: &mut Message) {
    let mut line = Line::new();
    if write!(line, "{major}.{minor}").is_ok() {
        message.bytes(&REVISION, line.as_bytes());
    }
}

/// SHORT_STRING (volume 1 appendix C-5.2): a byte that counts the characters.
fn short_string<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], Truncated> {
    let length = usize::from(reader.u8("Product Name length")?);
    reader.take(length, "Product Name")
}
