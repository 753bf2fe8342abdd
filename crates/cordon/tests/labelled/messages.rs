//! What the files of the reference data say on the wire: the framing that belongs to each kind of message.

use serde_json::Value;

use super::capture::Said;

const START_OF_TEXT: u8 = 0x02;
const END_OF_TEXT: u8 = 0x03;
const END_OF_TRANSMISSION: u8 = 0x04;
const ENQUIRY: u8 = 0x05;
const ACKNOWLEDGE: u8 = 0x06;

/// HL7 v2 in MLLP blocks, if the file does not hold them yet; segments end with a carriage return.
pub fn hl7(file: &[u8]) -> Vec<Said> {
    if file.first() == Some(&0x0b) {
        return vec![Said::Client(file.to_vec())];
    }
    let text = String::from_utf8_lossy(file);
    let segments: Vec<&str> = text.split(['\r', '\n']).filter(|segment| !segment.is_empty()).collect();
    vec![Said::Client(format!("\x0b{}\r\x1c\r", segments.join("\r")).into_bytes())]
}

/// ASTM records in frames (CLSI LIS1-A §6.3), each acknowledged; a file that holds frames keeps them.
pub fn astm(file: &[u8]) -> Vec<Said> {
    let frames: Vec<Vec<u8>> = if file.first() == Some(&START_OF_TEXT) {
        let starts: Vec<usize> =
            file.iter().enumerate().filter(|(_, byte)| **byte == START_OF_TEXT).map(|(at, _)| at).collect();
        let ends = starts.iter().skip(1).copied().chain([file.len()]);
        starts.iter().zip(ends).map(|(start, end)| file[*start..end].to_vec()).collect()
    } else {
        let records = file.split(|byte| matches!(byte, b'\r' | b'\n')).filter(|record| !record.is_empty());
        records.enumerate().map(|(index, record)| frame(index, record)).collect()
    };
    let mut said = vec![Said::Client(vec![ENQUIRY]), Said::Server(vec![ACKNOWLEDGE])];
    for frame in frames {
        said.push(Said::Client(frame));
        said.push(Said::Server(vec![ACKNOWLEDGE]));
    }
    said.push(Said::Client(vec![END_OF_TRANSMISSION]));
    said
}

fn frame(index: usize, record: &[u8]) -> Vec<u8> {
    let number = b'0' + u8::try_from((index + 1) % 8).unwrap();
    let mut inner = vec![number];
    inner.extend(record);
    inner.extend([b'\r', END_OF_TEXT]);
    let sum = inner.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
    let mut frame = vec![START_OF_TEXT];
    frame.extend(inner);
    frame.extend(format!("{sum:02X}\r\n").into_bytes());
    frame
}

/// POCT1-A: the document as it stands.
pub fn poct1a(file: &[u8]) -> Vec<Said> {
    vec![Said::Client(file.to_vec())]
}

const WORKLIST: &str = "1.2.840.10008.5.1.4.31";
const STORE_REQUEST: u16 = 0x0001;
const STORE_RESPONSE: u16 = 0x8001;
const FIND_REQUEST: u16 = 0x0020;
const FIND_RESPONSE: u16 = 0x8020;
const NO_DATA_SET: u16 = 0x0101;
const VERIFICATION: &str = "1.2.840.10008.1.1";
const IMPLICIT_LITTLE_ENDIAN: &str = "1.2.840.10008.1.2";

/// The storage class of a modality (DICOM PS3.4 §B.5).
fn storage_class(modality: &str) -> &'static str {
    match modality {
        "CT" => "1.2.840.10008.5.1.4.1.1.2",
        "MR" => "1.2.840.10008.5.1.4.1.1.4",
        "US" => "1.2.840.10008.5.1.4.1.1.6.1",
        "CR" => "1.2.840.10008.5.1.4.1.1.1",
        "MG" => "1.2.840.10008.5.1.4.1.1.1.2",
        "NM" => "1.2.840.10008.5.1.4.1.1.20",
        "PT" => "1.2.840.10008.5.1.4.1.1.128",
        "ECG" => "1.2.840.10008.5.1.4.1.1.9.1.1",
        "RTIMAGE" => "1.2.840.10008.5.1.4.1.1.481.1",
        "RTSTRUCT" => "1.2.840.10008.5.1.4.1.1.481.3",
        "SEG" => "1.2.840.10008.5.1.4.1.1.66.4",
        "SR" => "1.2.840.10008.5.1.4.1.1.88.33",
        _ => "1.2.840.10008.5.1.4.1.1.7",
    }
}

/// The association that a system with this header opens, and with `store` the image that it sends.
///
/// `implementation` replaces the header's own, as when an archive sends on what it was given.
pub fn dicom(header: &Value, store: bool, implementation: Option<(&str, &str, &str)>) -> Vec<Said> {
    let text = |name: &str| header[name].as_str().unwrap_or_default();
    let (class_uid, version, title) =
        implementation.unwrap_or((text("impl_class_uid"), text("impl_version"), text("source_ae")));
    let title = if title.chars().any(|letter| letter.is_ascii_alphanumeric()) { title } else { "STORESCU" };
    let class = storage_class(text("modality"));
    let mut said = vec![
        Said::Client(associate(1, title, class, (class_uid, version))),
        Said::Server(associate(2, title, class, ("1.2.276.0.7230010.3.0.3.6.7", "OFFIS_DCMTK_367"))),
    ];
    if store {
        said.push(Said::Client(data(0x03, &command(STORE_REQUEST, class))));
        said.push(Said::Client(data(0x02, &equipment(header, class))));
        said.push(Said::Server(data(0x03, &command(STORE_RESPONSE, class))));
    }
    said.extend(released());
    said
}

/// The association in which a system with this header asks which patients are to be examined (DICOM PS3.4 §K).
pub fn worklist(header: &Value) -> Vec<Said> {
    let text = |name: &str| header[name].as_str().unwrap_or_default();
    let implementation = (text("impl_class_uid"), text("impl_version"));
    let mut said = vec![
        Said::Client(associate(1, "WORKLIST_USER", WORKLIST, implementation)),
        Said::Server(associate(2, "WORKLIST_USER", WORKLIST, ("1.2.276.0.7230010.3.0.3.6.7", "OFFIS_DCMTK_367"))),
        Said::Client(data(0x03, &command(FIND_REQUEST, WORKLIST))),
        Said::Client(data(0x02, &element(8, 0x0060, b"", 0))),
        Said::Server(data(0x03, &command(FIND_RESPONSE, WORKLIST))),
    ];
    said.extend(released());
    said
}

fn released() -> [Said; 2] {
    [Said::Client(pdu(5, &[0; 4])), Said::Server(pdu(6, &[0; 4]))]
}

fn pdu(kind: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![kind, 0];
    bytes.extend(u32::try_from(body.len()).unwrap().to_be_bytes());
    bytes.extend(body);
    bytes
}

fn item(kind: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![kind, 0];
    bytes.extend(u16::try_from(body.len()).unwrap().to_be_bytes());
    bytes.extend(body);
    bytes
}

/// A-ASSOCIATE-RQ (1) or -AC (2) (DICOM PS3.8 §9.3.2 and §9.3.3).
fn associate(kind: u8, title: &str, class: &str, implementation: (&str, &str)) -> Vec<u8> {
    let mut body = vec![0, 1, 0, 0];
    body.extend(format!("{:<16}{title:<16.16}", "ARCHIVE").into_bytes());
    body.extend([0; 32]);
    body.extend(item(0x10, b"1.2.840.10008.3.1.1.1"));
    for (index, class) in (0_u8..).zip([class, VERIFICATION]) {
        let mut context = vec![index * 2 + 1, 0, 0, 0];
        if kind == 1 {
            context.extend(item(0x30, class.as_bytes()));
        }
        context.extend(item(0x40, IMPLICIT_LITTLE_ENDIAN.as_bytes()));
        body.extend(item(if kind == 1 { 0x20 } else { 0x21 }, &context));
    }
    let mut user = item(0x51, &16_384_u32.to_be_bytes());
    user.extend(item(0x52, implementation.0.as_bytes()));
    if !implementation.1.is_empty() {
        user.extend(item(0x55, implementation.1.as_bytes()));
    }
    body.extend(item(0x50, &user));
    pdu(kind, &body)
}

/// P-DATA-TF with one value (DICOM PS3.8 §9.3.5).
fn data(control: u8, value: &[u8]) -> Vec<u8> {
    let mut body = u32::try_from(value.len() + 2).unwrap().to_be_bytes().to_vec();
    body.extend([1, control]);
    body.extend(value);
    pdu(4, &body)
}

/// An element in implicit VR little endian (DICOM PS3.5 §7.1.3), padded to an even length.
fn element(group: u16, number: u16, value: &[u8], pad: u8) -> Vec<u8> {
    let mut padded = value.to_vec();
    if padded.len() % 2 == 1 {
        padded.push(pad);
    }
    let mut bytes = group.to_le_bytes().to_vec();
    bytes.extend(number.to_le_bytes());
    bytes.extend(u32::try_from(padded.len()).unwrap().to_le_bytes());
    bytes.extend(padded);
    bytes
}

/// A command with its response flag and whether a data set follows (DICOM PS3.7 §9.3.1 and §9.3.2).
fn command(field: u16, class: &str) -> Vec<u8> {
    let is_response = field & 0x8000 != 0;
    let mut rest = element(0, 0x0002, class.as_bytes(), 0);
    rest.extend(element(0, 0x0100, &field.to_le_bytes(), 0));
    let message_id = if is_response { 0x0120 } else { 0x0110 };
    rest.extend(element(0, message_id, &1_u16.to_le_bytes(), 0));
    if !is_response {
        rest.extend(element(0, 0x0700, &0_u16.to_le_bytes(), 0));
    }
    let data_set: u16 = if is_response { NO_DATA_SET } else { 1 };
    rest.extend(element(0, 0x0800, &data_set.to_le_bytes(), 0));
    if is_response {
        rest.extend(element(0, 0x0900, &0_u16.to_le_bytes(), 0));
    }
    if field == STORE_REQUEST || field == STORE_RESPONSE {
        rest.extend(element(0, 0x1000, b"1.2.3.4.5", 0));
    }
    let mut bytes = element(0, 0, &u32::try_from(rest.len()).unwrap().to_le_bytes(), 0);
    bytes.extend(rest);
    bytes
}

fn equipment(header: &Value, class: &str) -> Vec<u8> {
    let mut bytes = element(8, 0x0016, class.as_bytes(), 0);
    bytes.extend(element(8, 0x0018, b"1.2.3.4.5", 0));
    let fields = [
        (8, 0x0060, "modality"),
        (8, 0x0070, "manufacturer"),
        (8, 0x1010, "station"),
        (8, 0x1090, "model"),
        (0x18, 0x1020, "software"),
    ];
    for (group, number, name) in fields {
        if let Some(value) = header[name].as_str() {
            bytes.extend(element(group, number, value.as_bytes(), b' '));
        }
    }
    bytes.extend(element(0x28, 0x0010, &512_u16.to_le_bytes(), 0));
    bytes
}
