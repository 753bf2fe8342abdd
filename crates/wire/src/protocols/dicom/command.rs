//! DIMSE command sets (PS3.7 §6.3, §9, §10, annex E): always Implicit VR Little Endian, group 0000 only.

use model::{Messages, Weakness};

use super::equipment::Origin;
use crate::protocols::DecodeError;
use crate::reader::Reader;

/// The data set type that says that none follows (PS3.7 annex E.1, (0000,0800)).
const NO_DATA_SET: u16 = 0x0101;
/// Modality Performed Procedure Step: a modality reports what it does itself (PS3.4 annex F.7).
const PERFORMED_PROCEDURE_STEP: &[u8] = b"1.2.840.10008.3.1.2.3.3";

/// The name of a request (PS3.7 annex E.1, (0000,0100)) as it is used, as a request and as a response.
const fn operation(command_field: u16) -> Option<(&'static str, &'static str, &'static str)> {
    Some(match command_field & 0x7fff {
        0x0001 => ("C-STORE", "C-STORE-RQ", "C-STORE-RSP"),
        0x0010 => ("C-GET", "C-GET-RQ", "C-GET-RSP"),
        0x0020 => ("C-FIND", "C-FIND-RQ", "C-FIND-RSP"),
        0x0021 => ("C-MOVE", "C-MOVE-RQ", "C-MOVE-RSP"),
        0x0030 => ("C-ECHO", "C-ECHO-RQ", "C-ECHO-RSP"),
        0x0100 => ("N-EVENT-REPORT", "N-EVENT-REPORT-RQ", "N-EVENT-REPORT-RSP"),
        0x0110 => ("N-GET", "N-GET-RQ", "N-GET-RSP"),
        0x0120 => ("N-SET", "N-SET-RQ", "N-SET-RSP"),
        0x0130 => ("N-ACTION", "N-ACTION-RQ", "N-ACTION-RSP"),
        0x0140 => ("N-CREATE", "N-CREATE-RQ", "N-CREATE-RSP"),
        0x0150 => ("N-DELETE", "N-DELETE-RQ", "N-DELETE-RSP"),
        0x0fff => ("C-CANCEL", "C-CANCEL-RQ", "C-CANCEL-RSP"),
        _ => return None,
    })
}

/// The elements that are read. Instance identifiers, error comments and attribute lists are not among them.
#[derive(Default)]
struct Command<'a> {
    sop_class: Option<&'a [u8]>,
    command_field: Option<u16>,
    message_id: Option<u16>,
    data_set_type: Option<u16>,
    status: Option<u16>,
    move_destination: Option<&'a [u8]>,
    event_type: Option<u16>,
    action_type: Option<u16>,
}

impl<'a> Command<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        let mut command = Self::default();
        while !reader.is_empty() {
            let group = reader.u16_le("group")?;
            let element = reader.u16_le("element")?;
            let length = reader.u32_le("length")?;
            let value = reader.take(usize::try_from(length).unwrap_or(usize::MAX), "value")?;
            if group != 0 {
                return Err(DecodeError::Malformed { field: "group", rule: "a command set holds group 0000 only" });
            }
            let number = || Reader::new(value).u16_le("value").ok();
            match element {
                // Affected and requested SOP class: a request has one of them.
                0x0002 | 0x0003 => command.sop_class = Some(value),
                0x0100 => command.command_field = number(),
                // Message ID, and message ID being responded to: a request has the first, a response the second.
                0x0110 | 0x0120 => command.message_id = number(),
                0x0600 => command.move_destination = Some(value),
                0x0800 => command.data_set_type = number(),
                0x0900 => command.status = number(),
                0x1002 => command.event_type = number(),
                0x1008 => command.action_type = number(),
                _ => {}
            }
        }
        Ok(command)
    }
}

/// Reads a whole command set and begins its message. `exposed` tells whether it was said before that this side
/// speaks readably; if not, it is said here. Returns whose equipment the data set that follows describes; `None` if none
/// follows or it describes something else (a query, a worklist, a print job).
pub(super) fn decode(bytes: &[u8], exposed: &mut bool, messages: &mut Messages) -> Result<Option<Origin>, DecodeError> {
    const UNKNOWN: DecodeError = DecodeError::Malformed { field: "command field", rule: "one of PS3.7 annex E" };
    let command = Command::read(bytes)?;
    let command_field = command.command_field.ok_or(UNKNOWN)?;
    let (name, request, response) = operation(command_field).ok_or(UNKNOWN)?;
    let is_response = command_field & 0x8000 != 0;

    let message = messages.begin("dicom", "command");
    message.operated(name).str(&super::COMMAND_FIELD, if is_response { response } else { request });
    if !std::mem::replace(exposed, true) {
        message.weak(Weakness::CleartextMedical);
    }
    if let Some(message_id) = command.message_id {
        message.number(&super::MESSAGE_ID, message_id);
    }
    if let Some(sop_class) = command.sop_class {
        message.bytes(&super::SOP_CLASS, sop_class);
    }
    if let (Some(status), true) = (command.status, is_response) {
        message.number(&super::STATUS, status);
    }
    if let Some(move_destination) = command.move_destination {
        message.bytes(&super::MOVE_DESTINATION, move_destination);
    }
    if let Some(event_type) = command.event_type {
        message.number(&super::EVENT_TYPE, event_type);
    }
    if let Some(action_type) = command.action_type {
        message.number(&super::ACTION_TYPE, action_type);
    }

    let sop_class = command.sop_class.unwrap_or_default().trim_ascii_end();
    let sop_class = sop_class.strip_suffix(b"\0").unwrap_or(sop_class);
    let has_data_set = command.data_set_type.is_some_and(|kind| kind != NO_DATA_SET);
    Ok(match name {
        _ if is_response || !has_data_set => None,
        "C-STORE" => Some(Origin::Any),
        "N-CREATE" if sop_class == PERFORMED_PROCEDURE_STEP => Some(Origin::Sender),
        _ => None,
    })
}
