//! Web Services Dynamic Discovery (OASIS WS-Discovery 1.1 and its 2005 draft), as printers, cameras (ONVIF) and medical
//! devices of the SDC family (IEEE 11073-20702 MDPWS, 11073-20701) use it, and the device metadata of DPWS 1.1.
//!
//! Discovery comes as SOAP over UDP; the metadata comes in HTTP, whose decoder calls [`metadata`]. Endpoints, types,
//! addresses and the device's own description are read. Scopes are read by an allow-list of their prefixes
//! (`scopes.rs` says which and why): a scope may name a patient. Left out: SOAP headers, and everything in a body that
//! is neither discovery nor a device's description – of an SDC device's state (MDIB) only `MetaData` is read.

use std::net::IpAddr;

use model::{Field, Form, Messages};

use super::{Carrier, DecodeError, Decoder, Input, Opening, Probe, Session, Stateless};

mod names;
mod scopes;
mod soap;

/// The longest document that is read, in bytes; what lies behind is not looked at.
const DOCUMENT_BYTES_MAX: usize = 64 * 1_024;
/// How much of a datagram is searched for the names that tell WS-Discovery from other XML, in bytes.
const PROBE_BYTES_MAX: usize = 2_048;

static ENDPOINT: Field = Field::device("endpoint").form(Form::Serial);
static TYPES: Field = Field::device("types");
static SCOPES: Field = Field::device("scopes");
static LOCATION: Field = Field::site("location").form(Form::Label);
static XADDRS: Field = Field::device("xaddrs");
static MANUFACTURER: Field = Field::device("manufacturer");
static MODEL_NAME: Field = Field::device("model_name");
static MODEL_NUMBER: Field = Field::device("model_number");
static FRIENDLY_NAME: Field = Field::site("friendly_name").form(Form::Label);
static FIRMWARE_VERSION: Field = Field::device("firmware_version");
static SERIAL_NUMBER: Field = Field::device("serial_number").form(Form::Serial);

static FIELDS: &[&Field] = &[
    &ENDPOINT,
    &TYPES,
    &SCOPES,
    &LOCATION,
    &XADDRS,
    &MANUFACTURER,
    &MODEL_NAME,
    &MODEL_NUMBER,
    &FRIENDLY_NAME,
    &FIRMWARE_VERSION,
    &SERIAL_NUMBER,
];

/// The protocol's entry in the list.
pub static DECODER: Wsd = Wsd;

/// WS-Discovery.
pub struct Wsd;

impl Decoder for Wsd {
    fn name(&self) -> &'static str {
        "wsd"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::Datagram(&[3_702])]
    }

    fn fields(&self) -> &'static [&'static Field] {
        FIELDS
    }

    fn probe(&self, opening: &Opening<'_>) -> Probe {
        let Some(bytes) = opening.first() else { return Probe::No };
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
        let start = bytes.get(..PROBE_BYTES_MAX).unwrap_or(bytes);
        let is_ours = start.starts_with(b"<")
            && contains(start, b"Envelope")
            && (contains(start, b"/discovery") || contains(start, b"/devprof") || contains(start, b"/ns/dpws/"));
        if is_ours { Probe::Yes } else { Probe::No }
    }

    fn session(&self, _carrier: Carrier) -> Box<dyn Session> {
        Box::new(Stateless(decode))
    }
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

fn decode(input: &Input<'_>, messages: &mut Messages) -> Result<(), DecodeError> {
    if read(input.bytes, input.sender().ip, messages) {
        Ok(())
    } else {
        Err(DecodeError::Malformed { field: "Envelope/Body", rule: "one of the discovery messages, whole" })
    }
}

/// Reads a SOAP envelope that came by another way than UDP: the body of an HTTP message of type
/// `application/soap+xml`. Begins a `metadata` message for a device's description (DPWS 1.1 §5, `GetMetadata`
/// response) or `MetaData` of an SDC device, and those of discovery for a directed probe's answer. Returns whether
/// there was any.
pub fn metadata(xml: &[u8], messages: &mut Messages) -> bool {
    read(xml, None, messages)
}

fn read(document: &[u8], sender: Option<IpAddr>, messages: &mut Messages) -> bool {
    soap::Envelope::new(document.get(..DOCUMENT_BYTES_MAX).unwrap_or(document), sender).read(messages)
}
