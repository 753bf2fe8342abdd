//! One message: jobs with their answers, and what the system functions carry (user data).

use model::{Message, Messages, Weakness};

use super::super::{DecodeError, Probe};
use super::{
    DATA_HEADER_BYTES, ERROR_CLASS, ERROR_CODE, FUNCTION, FUNCTION_GROUP, PACKET_HEADER_BYTES, PROTOCOL, ROSCTR,
    SUBFUNCTION, status_list,
};
use crate::reader::{Reader, Truncated};

/// Kinds of message (ROSCTR, remote operating service control).
const JOB: u8 = 1;
const ACKNOWLEDGEMENT: u8 = 2;
const ANSWER: u8 = 3;
const USER_DATA: u8 = 7;

const WRITE_VARIABLE: u8 = 0x05;
/// Groups of system functions, and functions of them.
const CPU: u8 = 4;
const TIME: u8 = 7;
const READ_STATUS_LIST: u8 = 1;
const SET_CLOCK: u8 = 2;
/// What a value was given with, or taken.
const SUCCESS: u8 = 0xff;

/// Protocol, kind, reserved, reference, and the lengths of parameters and data; answers add an error.
struct Header {
    kind: u8,
    parameters: usize,
    data: usize,
    error: Option<[u8; 2]>,
}

impl Header {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let [protocol, kind] = reader.array("Protocol Id, ROSCTR")?;
        if protocol != PROTOCOL || !matches!(kind, JOB | ACKNOWLEDGEMENT | ANSWER | USER_DATA) {
            return Err(DecodeError::Malformed { field: "ROSCTR", rule: "is 1, 2, 3 or 7" });
        }
        reader.skip(4, "reserved, PDU reference")?;
        let parameters = usize::from(reader.u16("Parameter length")?);
        let data = usize::from(reader.u16("Data length")?);
        let error = match kind {
            ACKNOWLEDGEMENT | ANSWER => Some(reader.array("Error class, Error code")?),
            _ => None,
        };
        Ok(Self { kind, parameters, data, error })
    }
}

/// Whether the lengths inside a packet of so many bytes fill it.
pub(super) fn probe(packet: &[u8], total: usize) -> Probe {
    let inner = packet.get(PACKET_HEADER_BYTES.saturating_add(DATA_HEADER_BYTES)..).unwrap_or_default();
    let mut reader = Reader::new(inner);
    match Header::read(&mut reader) {
        Ok(header) => {
            let read = packet.len().saturating_sub(reader.len());
            let fits = read.saturating_add(header.parameters).saturating_add(header.data) == total;
            if fits { Probe::Yes } else { Probe::No }
        }
        Err(DecodeError::Truncated(_)) if packet.len() < total => Probe::More,
        Err(_) => Probe::No,
    }
}

pub(super) fn decode(bytes: &[u8], messages: &mut Messages) -> Result<(), DecodeError> {
    let mut reader = Reader::new(bytes);
    let header = Header::read(&mut reader)?;
    let parameters = reader.part(header.parameters, "Parameter")?;
    let data = reader.part(header.data, "Data")?;
    match header.kind {
        USER_DATA => Ok(user_data(parameters, data, messages)?),
        _ => {
            job(&header, parameters, data, messages);
            Ok(())
        }
    }
}

/// A job, or what came of it.
fn job(header: &Header, mut parameters: Reader<'_>, data: Reader<'_>, messages: &mut Messages) {
    let message = messages.begin("s7comm", if header.kind == JOB { "request" } else { "response" });
    message.number(&ROSCTR, header.kind);
    // An acknowledgement may come without parameters.
    let function = parameters.u8("Function").ok();
    if let Some(function) = function {
        message.number(&FUNCTION, function).operated(operation(function));
    }
    if let Some([class, code]) = header.error {
        message.number(&ERROR_CLASS, class).number(&ERROR_CODE, code);
        let is_done = match function {
            // Each value is answered by itself.
            Some(WRITE_VARIABLE) => data.rest().contains(&SUCCESS),
            Some(function) => is_control(function),
            None => false,
        };
        if class == 0 && is_done {
            message.weak(Weakness::UnauthenticatedControl);
        }
    }
}

/// Functions that load a program, start or stop.
const fn is_control(function: u8) -> bool {
    matches!(function, 0x1a..=0x1c | 0x28 | 0x29)
}

/// The functions' names.
const fn operation(function: u8) -> &'static str {
    match function {
        0x00 => "cpu_services",
        0x04 => "read_variable",
        WRITE_VARIABLE => "write_variable",
        0x1a => "request_download",
        0x1b => "download_block",
        0x1c => "download_ended",
        0x1d => "start_upload",
        0x1e => "upload",
        0x1f => "end_upload",
        0x28 => "plc_control",
        0x29 => "plc_stop",
        0xf0 => "setup_communication",
        _ => "other",
    }
}

/// A system function: its group and number, then what it gives.
fn user_data(mut parameters: Reader<'_>, data: Reader<'_>, messages: &mut Messages) -> Result<(), Truncated> {
    parameters.skip(4, "Parameter head, Parameter length")?;
    parameters.skip(1, "Method")?;
    let kind_and_group = parameters.u8("Type, Function group")?;
    let subfunction = parameters.u8("Subfunction")?;
    let (kind, group) = (kind_and_group >> 4, kind_and_group & 0x0f);
    let name = match kind {
        4 => "request",
        8 => "response",
        _ => "indication",
    };
    let message = messages.begin("s7comm", name);
    message.number(&ROSCTR, USER_DATA).number(&FUNCTION_GROUP, group).number(&SUBFUNCTION, subfunction);
    message.operated(system_function(group, subfunction));
    if name == "response" {
        let _ = answered(group, subfunction, parameters, data, message);
    }
    Ok(())
}

/// What a system function gives: a code, and where it was done, the data.
fn answered(
    group: u8,
    subfunction: u8,
    mut parameters: Reader<'_>,
    mut data: Reader<'_>,
    message: &mut Message,
) -> Result<(), Truncated> {
    parameters.skip(3, "Sequence number, Data unit reference number, Last data unit")?;
    let error = parameters.u16("Error code")?;
    let returned = data.u8("Return code")?;
    if error == 0 && (group, subfunction) == (TIME, SET_CLOCK) {
        message.weak(Weakness::UnauthenticatedControl);
    }
    if returned == SUCCESS && (group, subfunction) == (CPU, READ_STATUS_LIST) {
        data.skip(1, "Transport size")?;
        let length = usize::from(data.u16("Length")?);
        status_list::tell(data.part(length, "Data")?, message)?;
    }
    Ok(())
}

const fn system_function(group: u8, subfunction: u8) -> &'static str {
    match (group, subfunction) {
        (0, _) => "mode_transition",
        (1, _) => "programmer_commands",
        (2, _) => "cyclic_data",
        (3, _) => "block_functions",
        (CPU, READ_STATUS_LIST) => "read_szl",
        (CPU, _) => "cpu_functions",
        (5, _) => "security",
        (6, _) => "send_receive",
        (TIME, 1 | 3) => "read_clock",
        (TIME, SET_CLOCK | 4) => "set_clock",
        _ => "other",
    }
}
