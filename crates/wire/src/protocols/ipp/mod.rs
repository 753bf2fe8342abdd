//! Internet Printing Protocol (RFC 8010, RFC 8011) in the bodies of HTTP messages: what a printer says of itself, and what is
//! asked of it.
//!
//! Left out: jobs, their names and documents, who prints, addresses, and what people call a printer or say of its place.

use model::{Field, Form, Message, Messages};

use super::{Carrier, Decoder, Opening, Probe, Session, http};
use crate::reader::{Reader, Truncated};

static VERSION: Field = Field::device("version").form(Form::Fixed).wireshark("ipp.version");
static OPERATION: Field = Field::device("operation").form(Form::Fixed);
static STATUS: Field = Field::device("status").wireshark("ipp.status_code");
static MAKE_AND_MODEL: Field = Field::device("make_and_model");
static MANUFACTURER: Field = Field::device("manufacturer");
static MODEL: Field = Field::device("model");
static SERIAL: Field = Field::device("serial").form(Form::Serial);
static FIRMWARE: Field = Field::device("firmware_version");
static UUID: Field = Field::device("uuid").form(Form::Serial);

static FIELDS: &[&Field] =
    &[&VERSION, &OPERATION, &STATUS, &MAKE_AND_MODEL, &MANUFACTURER, &MODEL, &SERIAL, &FIRMWARE, &UUID];

/// The kind of bodies (RFC 8010 §3.1).
pub(in crate::protocols) const MEDIA_TYPE: &str = "application/ipp";
/// Delimiter tags (RFC 8010 §3.5.1); values have higher ones.
const END_OF_ATTRIBUTES: u8 = 0x03;
const PRINTER_ATTRIBUTES: u8 = 0x04;
const DELIMITER_MAX: u8 = 0x0f;
/// What is told of a printer, and where it is defined: RFC 8011 §5.4.9, PWG 5107.2 §3.1, PWG 5110.1 §7, PWG 5100.13 §5.6.
static WANTED: [&[u8]; 4] =
    [b"printer-make-and-model", b"printer-device-id", b"printer-firmware-string-version", b"printer-uuid"];
/// Operations (RFC 8011 §5.4.15).
static OPERATIONS: &[(u16, &str)] = &[
    (0x02, "print_job"),
    (0x03, "print_uri"),
    (0x04, "validate_job"),
    (0x05, "create_job"),
    (0x06, "send_document"),
    (0x08, "cancel_job"),
    (0x09, "get_job_attributes"),
    (0x0a, "get_jobs"),
    (0x0b, "get_printer_attributes"),
    (0x10, "pause_printer"),
    (0x11, "resume_printer"),
    (0x12, "purge_jobs"),
];

/// The protocol's entry in the list.
pub static DECODER: Ipp = Ipp;

/// Internet Printing Protocol.
pub struct Ipp;

impl Decoder for Ipp {
    fn name(&self) -> &'static str {
        "ipp"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::Body(MEDIA_TYPE)]
    }

    fn fields(&self) -> &'static [&'static Field] {
        FIELDS
    }

    fn probe(&self, _opening: &Opening<'_>) -> Probe {
        Probe::No
    }

    fn session(&self, carrier: Carrier) -> Box<dyn Session> {
        http::DECODER.session(carrier)
    }
}

/// Tells what the attributes at the beginning of a body say. `None` if they are not whole yet.
pub(in crate::protocols) fn tell(body: &[u8], is_request: bool, messages: &mut Messages) -> Option<()> {
    let mut reader = Reader::new(body);
    let (major, minor) = (reader.u8("version").ok()?, reader.u8("version").ok()?);
    let code = reader.u16("operation or status").ok()?;
    reader.u32("request").ok()?;
    let version = VERSIONS.iter().find(|(numbers, _)| *numbers == (major, minor));
    let Some((_, version)) = version else { return Some(()) };
    let values = attributes(&mut reader).ok()?;
    let message = messages.begin("ipp", if is_request { "request" } else { "response" });
    message.str(&VERSION, version);
    if is_request {
        let operation = OPERATIONS.iter().find(|(number, _)| *number == code).map_or("other", |(_, name)| name);
        message.str(&OPERATION, operation).operated(operation);
    } else {
        message.number(&STATUS, code);
        printer(&values, message);
    }
    Some(())
}

/// Versions that there are (RFC 8011 §4.1.8, PWG 5100.12 §9), and what they are called.
static VERSIONS: &[((u8, u8), &str)] =
    &[((1, 0), "1.0"), ((1, 1), "1.1"), ((2, 0), "2.0"), ((2, 1), "2.1"), ((2, 2), "2.2")];

/// The first value of each of [`WANTED`] among the printer's attributes; nothing before all attributes are there.
fn attributes<'a>(reader: &mut Reader<'a>) -> Result<[&'a [u8]; WANTED.len()], Truncated> {
    let mut values: [&[u8]; WANTED.len()] = Default::default();
    let mut group = 0;
    loop {
        let tag = reader.u8("tag")?;
        if tag == END_OF_ATTRIBUTES {
            return Ok(values);
        }
        if tag <= DELIMITER_MAX {
            group = tag;
            continue;
        }
        let length = reader.u16("name length")?;
        let name = reader.take(usize::from(length), "name")?;
        let length = reader.u16("value length")?;
        let value = reader.take(usize::from(length), "value")?;
        // Further values of an attribute have no name (RFC 8010 §3.1.5).
        let wanted = WANTED.iter().position(|wanted| group == PRINTER_ATTRIBUTES && *wanted == name);
        if let Some(place) = wanted.and_then(|wanted| values.get_mut(wanted)).filter(|place| place.is_empty()) {
            *place = value;
        }
    }
}

fn printer(values: &[&[u8]; WANTED.len()], message: &mut Message) {
    let [make_and_model, device_id, firmware, uuid] = values;
    message.bytes(&MAKE_AND_MODEL, make_and_model);
    // Keys and values as in IEEE 1284 §7.6.
    for pair in device_id.split(|byte| *byte == b';') {
        let Some(colon) = pair.iter().position(|byte| *byte == b':') else { continue };
        let (key, value) = pair.split_at(colon);
        let field = match key.trim_ascii() {
            b"MFG" | b"MANUFACTURER" => &MANUFACTURER,
            b"MDL" | b"MODEL" => &MODEL,
            b"SN" | b"SERN" | b"SERIALNUMBER" => &SERIAL,
            _ => continue,
        };
        message.bytes(field, value.get(1..).unwrap_or_default());
    }
    message.bytes(&FIRMWARE, firmware);
    message.bytes(&UUID, uuid.strip_prefix(b"urn:uuid:").unwrap_or(uuid));
}
