//! System status lists (SIMATIC, "System and Standard Functions" §34.4 and §34.5): module and component identification.

use std::fmt::Write as _;

use model::Message;

use super::{
    FIRMWARE, LOCATION, MODULE_NAME, MODULE_TYPE, ORDER_NUMBER, PLANT, SERIAL_NUMBER, STATUS_LIST, SYSTEM_NAME,
};
use crate::line::Line;
use crate::reader::{Reader, Truncated};

/// The lists that are told, whatever the extract: the low byte is the list's number.
const MODULE_IDENTIFICATION: u16 = 0x11;
const COMPONENT_IDENTIFICATION: u16 = 0x1c;
/// Records of one list that are read.
const RECORDS_MAX: u16 = 32;
/// How long the records of each are.
const MODULE_BYTES: u16 = 28;
const COMPONENT_BYTES: u16 = 34;

pub(super) fn tell(mut data: Reader<'_>, message: &mut Message) -> Result<(), Truncated> {
    let list = data.u16("SZL-ID")?;
    data.skip(2, "SZL-Index")?;
    let length = data.u16("partial list length")?;
    let count = data.u16("partial list count")?;
    let read = match (list & 0xff, length) {
        (MODULE_IDENTIFICATION, MODULE_BYTES) => module,
        (COMPONENT_IDENTIFICATION, COMPONENT_BYTES) => component,
        // Another list, or the middle of one that takes several answers.
        _ => return Ok(()),
    };
    message.number(&STATUS_LIST, list);
    for _ in 0..count.min(RECORDS_MAX) {
        let mut record = data.part(usize::from(length), "record")?;
        let index = record.u16("Index")?;
        read(index, record, message)?;
    }
    Ok(())
}

/// Index 1 is the module, 7 its firmware, whose version stands in place of the module's: a letter and three numbers.
fn module(index: u16, mut record: Reader<'_>, message: &mut Message) -> Result<(), Truncated> {
    let order_number = record.take(20, "MlfB")?;
    record.skip(2, "BGTyp")?;
    let [letter, major, minor, patch] = record.array("Ausbg, Ausbe")?;
    match index {
        1 => {
            message.bytes(&ORDER_NUMBER, order_number);
        }
        7 if letter == b'V' => {
            let mut line = Line::new();
            if write!(line, "V{major}.{minor}.{patch}").is_ok() {
                message.bytes(&FIRMWARE, line.as_bytes());
            }
        }
        _ => {}
    }
    Ok(())
}

/// One text each; the copyright, the memory card and the identifiers of makers are left out.
fn component(index: u16, record: Reader<'_>, message: &mut Message) -> Result<(), Truncated> {
    let text = record.rest();
    let field = match index {
        1 => &SYSTEM_NAME,
        2 => &MODULE_NAME,
        3 => &PLANT,
        5 => &SERIAL_NUMBER,
        7 => &MODULE_TYPE,
        0x0b => &LOCATION,
        _ => return Ok(()),
    };
    // Shorter texts end in a nought; what stands behind it means nothing.
    message.bytes(field, text.split(|byte| *byte == 0).next().unwrap_or_default());
    Ok(())
}
